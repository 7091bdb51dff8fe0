"""The timeline: scrubbed, clicked, scrolled, and read."""

from __future__ import annotations

import pygame
import pytest
from hands import down, give, key, point, up, wheel
from offices import OFFICES, a_film, a_post_office, a_race, two_keys

from game.desktop.theme import Theme
from game.desktop.timeline import Timeline
from game.story import Film

GROUND = (255, 0, 255)


def a_timeline(film: Film, position: float = 0.0, size: tuple[int, int] = (900, 130), scale: float = 1.0):
    sought: list[float] = []
    line = Timeline(sought.append)
    line.rect = pygame.Rect(20, 20, round(size[0] * scale), round(size[1] * scale))
    line.show(film, position)
    draw(line, Theme(scale))
    return line, sought


def draw(line: Timeline, theme: Theme | None = None) -> pygame.Surface:
    surface = pygame.Surface((line.rect.width + 40, line.rect.height + 40))
    surface.fill(GROUND)
    line.draw(surface, theme or Theme())
    return surface


def x_of(line: Timeline, position: float) -> int:
    assert line._track is not None
    return round(line._track.x(position))


def y_of(line: Timeline, name: str) -> int:
    assert line._track is not None
    seen = next(one for one in line._track.lanes if one.lane.name == name)
    return line._track.top + seen.top + seen.height // 2


def a_race_line(wind: str = "ada bob ada bob"):
    return a_timeline(a_film(a_race(), wind))


def test_a_click_on_a_step_shows_the_moment_after_it():
    line, sought = a_race_line()
    give(line, down((x_of(line, 1.5), y_of(line, "bob"))))
    assert (sought, line.position) == ([2.0], 2.0)


def test_the_playhead_is_dragged_and_comes_to_rest_on_a_whole_step():
    line, sought = a_race_line()
    give(line, down((x_of(line, 1.0), line.rect.y + 4)), point((x_of(line, 2.6), line.rect.y + 60)))
    assert sought[-1] == pytest.approx(2.6, abs=0.02)
    give(line, point((x_of(line, 99), 0)), up((0, 0)))
    assert sought[-1] == 4.0
    give(line, point((x_of(line, 1), line.rect.y + 60)))
    assert line.position == 4.0


@pytest.mark.parametrize(
    ("start", "stroke", "end"),
    [(2, "left", 1), (2, "right", 3), (2.4, "left", 2), (2.4, "right", 3), (2, "home", 0), (2, "end", 4),
     (4, "right", 4)],
)  # fmt: skip
def test_keys_move_the_playhead(start, stroke, end):
    line, _ = a_timeline(a_film(a_race(), "ada bob ada bob"), start)
    line.focused = True
    give(line, key(stroke))
    assert line.position == end


def test_without_the_focus_keys_are_left_alone():
    line, sought = a_race_line()
    give(line, key("end"))
    assert sought == []


def test_a_short_run_fits_and_a_long_one_is_scrolled():
    line, _ = a_race_line()
    assert x_of(line, 4) < line.rect.right
    film = a_film(a_post_office(40), "ada " * 41 + "~belt/ada bob bob " * 20)
    line, _ = a_timeline(film)
    assert x_of(line, len(film)) > line.rect.right
    before = x_of(line, 0)
    pygame.display.init()  # whether Ctrl is held is asked of the window
    give(line, point((400, 80)), wheel(-3))
    draw(line)
    assert x_of(line, 0) < before


def test_the_playhead_of_a_long_run_stays_in_sight():
    film = a_film(a_post_office(40), "ada " * 41 + "~belt/ada bob bob " * 20)
    line, _ = a_timeline(film)
    for position in (0, 50, 101, 3):
        line.show(film, position)
        draw(line)
        assert line.rect.x < x_of(line, position) < line.rect.right


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize(("size", "scale"), [((480, 90), 1.0), ((1140, 160), 0.75), ((700, 240), 2.0)])
def test_everything_is_drawn_inside(office, size, scale):
    make, wind = OFFICES[office]
    film = a_film(make(), wind)
    line, _ = a_timeline(film, len(film) / 2, size, scale)
    line.no_return = len(film) // 2
    surface = draw(line, Theme(scale))
    surface.fill(GROUND, line.rect.inflate(4, 8))
    bare = pygame.Surface(surface.get_size())
    bare.fill(GROUND)
    assert pygame.image.tobytes(surface, "RGB") == pygame.image.tobytes(bare, "RGB")


def test_tooltips_tell_the_step_the_wait_and_the_reading():
    line, _ = a_race_line()
    assert line.tip_at((x_of(line, 3.5), y_of(line, "bob"))) == (
        "step 4 of 4, line 2: bob chalks 42 on tally, over ada's 42: a stroke is lost; bob goes home"
    )
    assert line.tip_at((x_of(line, 3.2), y_of(line, "tally"))) == "tally reads 42, written by ada in step 3"
    assert line.tip_at((x_of(line, 0.5), y_of(line, "tally"))) == "tally reads 41 from the start"
    assert line.tip_at((x_of(line, 0.5), y_of(line, "bob"))) == ""
    stuck, _ = a_timeline(a_film(two_keys(), "ada bob"))
    assert stuck.tip_at((x_of(stuck, 2.3), y_of(stuck, "ada"))) == "ada waits for blue, which bob holds"


def test_where_the_draught_cuts_in_the_tooltip_says_so():
    line, _ = a_race_line()
    assert "The draught cuts in here" in line.tip_at((x_of(line, 1.5), y_of(line, "bob")))


def test_a_new_film_starts_unscrolled_and_a_grown_one_keeps_its_place():
    system = a_post_office(40)
    film = a_film(system, "ada " * 41 + "~belt/ada bob bob " * 20)
    line, _ = a_timeline(film, 90)
    shifted = x_of(line, 0)
    line.show(film.then(()), 90)
    draw(line)
    assert x_of(line, 0) == shifted
    line.show(a_film(a_race(), "ada"), 0)
    draw(line)
    assert x_of(line, 0) > shifted


def test_many_lanes_in_little_room_are_scrolled_to_the_one_that_moves():
    make, wind = OFFICES["eight clerks"]
    film = a_film(make(), wind)
    line, _ = a_timeline(film, len(film), (900, 90))
    assert line._track is not None
    seen = next(one for one in line._track.lanes if one.lane.name == "hal")
    top = line._track.top + seen.top - line._track.sink
    assert line._track.top <= top and top + seen.height <= line.rect.bottom
