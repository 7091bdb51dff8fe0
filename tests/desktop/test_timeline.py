"""The timeline: scrubbed, clicked, scrolled, and read."""

from __future__ import annotations

from itertools import groupby, pairwise

import pygame
import pytest
from builders import a_system
from hands import down, give, key, point, up, wheel
from offices import OFFICES, a_film, a_post_office, a_race, two_keys

from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.desktop.theme import Theme
from game.desktop.timeline import (
    LEAF,
    NO_WAY_BACK,
    Timeline,
    _Painter,
    short_labels,
    worth_marking,
)
from game.story import Film
from game.world import System

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


def test_while_a_long_film_flies_past_a_page_is_held_for_some_pictures():
    film = a_film(a_post_office(40), "ada " * 41 + "~belt/ada bob bob " * 20)
    line, _ = a_timeline(film)
    line.playing = True
    starts = []
    line.rect.width = 300
    for position in range(0, 19 * 5, 5):  # whole moments, but on the way
        line.show(film, float(position))
        draw(line)
        starts.append(x_of(line, 0))
    _, *pages, _ = (len(list(page)) for _, page in groupby(starts))
    assert len(pages) > 1 and set(pages) == {LEAF}
    line.playing = False
    line.show(film, 0.0)
    draw(line)
    assert line.rect.x < x_of(line, 0) < line.rect.right


def test_a_page_painted_ahead_is_the_page_and_leaves_little_to_paint_when_it_is_turned(monkeypatch):
    # For a line of two points pygame-ce 2.5.8 reads the y of a third: it is not always drawn alike.
    monkeypatch.setattr(pygame.draw, "aalines", lambda *line: pygame.draw.lines(*line))
    painted = []
    step = _Painter.step
    monkeypatch.setattr(_Painter, "step", lambda *one: painted.append(1) or step(*one))
    film = a_film(a_post_office(60), "ada " * 61 + "~belt/ada bob bob " * 40)
    line, _ = a_timeline(film, size=(500, 130))
    line.playing = True
    turned, theme = 0, Theme()
    for number in range(36):
        line.show(film, number * 5.25)
        before, shift = len(painted), x_of(line, 0)
        draw(line, theme)
        now = len(painted) - before
        whole = pygame.Surface(line.rect.size, pygame.SRCALPHA)
        painter = _Painter(whole, theme, film, line._track, line.rect, line.chosen, line.stops)
        before = len(painted)
        list(painter.strokes(None))
        assert line._picture.get_buffer().raw == whole.get_buffer().raw
        if number > LEAF and x_of(line, 0) != shift:
            turned += 1
            steps = line._track.shift / line._track.column
            # A page begins with a whole step, unless it is the last.
            assert steps == pytest.approx(round(steps)) or x_of(line, len(film)) <= line.rect.right
            assert now < (len(painted) - before) / 2
    assert turned > 4


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


def inks_of(line: Timeline, monkeypatch, theme: Theme | None = None):
    """Every text the timeline writes, with its place on the surface it is written on."""
    written: list[tuple[str, pygame.Rect]] = []
    theme = theme or Theme(line._scale)
    made = {}
    text = Theme.text

    def keep(self, words, *rest, **more):
        picture = text(self, words, *rest, **more)
        made[id(picture)] = words, picture
        return picture

    class Paper(pygame.Surface):
        def blit(self, source, dest, *rest, **more):
            place = super().blit(source, dest, *rest, **more)
            if id(source) in made:
                corner = dest.topleft if isinstance(dest, pygame.Rect) else dest
                written.append((made[id(source)][0], source.get_rect(topleft=corner)))
            return place

    monkeypatch.setattr(Theme, "text", keep)
    line._spare = Paper(line.rect.size, pygame.SRCALPHA)
    line._picture_key = ()
    line.draw(Paper((line.rect.width + 40, line.rect.height + 40)), theme)
    return written


@pytest.mark.parametrize("steps", [6, 20, 45, 60])
def test_in_narrow_columns_numbers_keep_apart_and_no_label_is_cut(steps, monkeypatch):
    film = many_steps(steps)
    line, _ = a_timeline(film, len(film), size=(760, 150))
    written = inks_of(line, monkeypatch)
    numbers = sorted(place.x for text, place in written if text.isdecimal() and place.bottom < 24)
    assert numbers
    assert all(b - a >= 20 for a, b in pairwise(numbers))
    assert not [text for text, place in written if "…" in text]


def many_letters(count: int) -> System:
    """Two pairs, each with its belt."""
    scripts, channels, gets = {}, {}, {}
    for giver, taker, belt in (("ada", "bob", "belt"), ("cleo", "dan", "lift")):
        scripts[giver] = f"def {giver}(belt):\n    for one in range({count}):\n        belt.put(one)\n"
        scripts[taker] = f"def {taker}(belt):\n    for one in range({count}):\n        belt.get()\n"
        channels[belt] = Queue()
        gets |= {giver: {"belt": belt}, taker: {"belt": belt}}
    return a_system(scripts, channels, gets)


def many_steps(count: int) -> Film:
    system = many_letters(count)
    world, wind = system.start, []
    while len(wind) < count and (moves := system.moves(world)):
        move = moves[len(wind) % len(moves)]
        wind.append(move.event.gust)
        world = move.world
    return a_film(system, " ".join(wind))


def test_narrow_steps_keep_a_sign_or_only_their_colour():
    put, get = a_film(many_letters(4), "ada ~belt/ada bob").frames[1::2]
    assert short_labels(put) == ("put 0", "→0", "→")
    assert short_labels(get) == ("get 0", "←0", "←")


def test_who_is_begun_and_who_has_ended_are_told_apart_where_there_is_little_room():
    scripts = {
        "boss": "def boss(ada):\n    ada.start()\n    ada.join()\n",
        "ada": "def ada():\n    deliver(1)\n",
    }
    system = a_system(scripts, {}, {"boss": {"ada": "@ada"}, "ada": {}}, later=["ada"])
    film = a_film(system, "boss ada boss")
    assert short_labels(film.frames[1]) == ("start ada", "▶ada", "▶")
    assert short_labels(film.frames[3]) == ("join ada", "✓ada", "✓")


def test_the_point_of_no_return_is_not_marked_where_it_says_nothing():
    film = a_film(a_race(), "ada bob ada bob")
    assert film.frames[4].lost is not None
    assert worth_marking(film, 2)
    assert not worth_marking(film, None)
    assert not worth_marking(film, 4), "the film ends there"
    script = "def {}(tally):\n    tally.value += 1\n"
    names = ("ada", "bob", "cleo")
    trio = a_system(
        {name: script.format(name) for name in names},
        {"tally": SharedValue()},
        {name: {"tally": "tally"} for name in names},
    )
    longer = a_film(trio, "ada bob ada bob cleo")
    assert longer.frames[4].lost is not None
    assert not worth_marking(longer, 4), "the stroke is lost in it"


@pytest.mark.parametrize("position", [0, 1, 2, 2.6, 3, 4])
def test_the_words_at_the_point_of_no_return_keep_clear_of_the_playhead(position, monkeypatch):
    line, _ = a_timeline(a_film(a_race(), "ada bob ada bob"), position)
    line.no_return = 2
    place = next(place for text, place in inks_of(line, monkeypatch) if text == NO_WAY_BACK)
    assert not place.left - 4 < x_of(line, position) < place.right + 4
    assert line.rect.left <= place.left and place.right <= line.rect.right


def test_many_lanes_are_made_low_before_any_is_scrolled_away():
    line, _ = a_timeline(many_steps(20), 0, size=(760, 112))
    assert line._track is not None
    last = line._track.lanes[-1]
    assert last.top + last.height <= 112 - 22


def brass_in(line: Timeline, step: float) -> int:
    """How many pixels of a cut's colour stand in the gap before a step, below the numbers."""
    look = Theme()
    assert line._track is not None
    page, x = draw(line, look), x_of(line, step)
    column = page.subsurface((x - 1, line._track.top, 3, line.rect.bottom - line._track.top))
    return pygame.mask.from_threshold(column, look.palette.brass, (2, 2, 2, 255)).count()


def test_where_one_cut_in_on_another_and_only_there_a_dashed_line_goes_down_all_lanes():
    film = a_film(a_race(), "ada bob ada bob")
    line, _ = a_timeline(film, 4.0)
    cut = [number for number in range(1, 4) if film.frames[number + 1].preempts]
    assert cut and len(cut) < 3
    assert [number for number in range(1, 4) if brass_in(line, number) > 20] == cut
