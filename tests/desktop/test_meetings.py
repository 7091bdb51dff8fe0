"""Things clerks meet at, as the board draws them: what one must be able to see, seen."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pygame
import pytest
from meeting_places import MEETING_PLACES, bench, counted_key, ferry, flag, receipts, tags, wall, wreck
from offices import a_dismissal, a_film, a_napping_cat

from game.desktop.board import Board
from game.desktop.fittings import tag_rail
from game.desktop.meetings import PAINTS, waiting_at
from game.desktop.theme import Theme
from game.world import System

PICTURES = Path(__file__).resolve().parent / "pictures"
THEME = Theme(reduced_motion=True)


def moment(system: System, wind: str, scale: float = 1.0, size=(560, 392)) -> tuple[Board, pygame.Surface]:
    board = Board.of(system)
    board.rect = pygame.Rect(0, 0, round(size[0] * scale), round(size[1] * scale))
    film = a_film(system, wind)
    board.show(film, len(film))
    surface = pygame.Surface(board.rect.size)
    board.draw(surface, Theme(scale, reduced_motion=True))
    return board, surface


def place_of(board: Board, name: str) -> pygame.Rect:
    box = board.staging(THEME).plan.channels[name]
    return pygame.Rect(round(box.x), round(box.y), round(box.w), round(box.h))


def count(surface: pygame.Surface, colour: tuple[int, int, int], rect: pygame.Rect | None = None) -> int:
    part = surface.subsurface(rect.clip(surface.get_rect())) if rect else surface
    return pygame.mask.from_threshold(part, colour, (10, 10, 10, 255)).count()


def picture(system: System, wind: str, rect_of: str = "it") -> bytes:
    board, surface = moment(system, wind)
    return pygame.image.tobytes(surface.subsurface(place_of(board, rect_of)), "RGB")


@pytest.mark.parametrize("name", MEETING_PLACES)
@pytest.mark.parametrize(("size", "scale"), [((560, 392), 1.0), ((480, 360), 0.75), ((900, 600), 2.0)])
def test_every_meeting_place_is_drawn_by_its_own_hand(name, size, scale):
    make, wind = MEETING_PLACES[name]
    board, surface = moment(make(), wind, scale, size)
    shape = next(thing.shape for thing in board.cast.things if thing.name == "it")
    assert shape in PAINTS or shape in ("key", "belt")
    assert surface.get_at((surface.get_width() // 2, 4))[:3] == THEME.palette.desk


def test_a_tag_taken_is_a_tag_fewer_on_the_hooks():
    brass = THEME.palette.brass_light
    rails = [count(tag_rail(THEME, 140, 60, 3, free), brass) for free in (0, 1, 2, 3)]
    assert rails == sorted(rails) and len(set(rails)) == 4
    assert picture(tags(), "") != picture(tags(), "ada") != picture(tags(), "ada bob")


def test_who_stands_in_line_is_seen_at_the_hooks():
    film = a_film(tags(), "ada bob")
    assert waiting_at(film.frames[-1], "it") == ("cyd", "dan")
    assert waiting_at(film.frames[0], "it") == ()


def test_a_flag_that_is_up_is_seen_from_afar():
    teal = THEME.palette.teal
    board, down = moment(flag(), "")
    _, up = moment(flag(), "cyd")
    rect = place_of(board, "it")
    rect.height //= 2
    assert count(down, teal, rect) < 30 and count(up, teal, rect) > 300


def test_sleepers_lie_on_the_bench():
    pictures = [picture(bench(), wind) for wind in ("", "ada ada", "ada ada bob bob")]
    assert len(set(pictures)) == 3


def test_a_notified_sleeper_has_a_ticket():
    board, before = moment(bench(), "ada ada cyd")
    _, after = moment(bench(), "ada ada cyd cyd")
    rect = place_of(board, "it")
    rect.height //= 4
    assert count(after, THEME.palette.brass_light, rect) > count(before, THEME.palette.brass_light, rect) + 40


def test_the_ferry_fills_and_a_broken_one_looks_it():
    pictures = [picture(ferry(), wind) for wind in ("", "ada", "ada bob")]
    assert len(set(pictures)) == 3
    assert picture(wreck(), "ada") != picture(wreck(), "ada bob")


def test_a_wall_once_unlinked_is_only_an_outline():
    wood = (119, 92, 55)
    board, linked = moment(wall(), "ada")
    _, unlinked = moment(wall(), "ada ada ada")
    rect = place_of(board, "it")
    ground = linked.get_at((rect.x + 5, rect.bottom - 8))[:3]
    assert all(abs(one - other) < 20 for one, other in zip(ground, wood, strict=True))
    assert unlinked.get_at((rect.x + 5, rect.bottom - 8))[:3] != ground


def test_a_key_held_twice_says_so():
    assert picture(counted_key(), "ada") != picture(counted_key(), "ada ada")


def test_receipts_stand_on_their_spike_and_go():
    def foot(wind: str) -> bytes:
        board, surface = moment(receipts(), wind)
        rect = place_of(board, "it")
        part = pygame.Rect(rect.right - 50, rect.bottom - 8, 50, 26)
        return pygame.image.tobytes(surface.subsurface(part), "RGB")

    opened, closed = foot("ada ada"), foot("ada ada ~it/ada bob bob bob")
    assert opened != closed


def test_the_cat_sits_awake_until_it_has_struck():
    fur = THEME.palette.slate_deep
    _, awake = moment(a_napping_cat(), "")
    board, asleep = moment(a_napping_cat(), "ada cat:ada")
    counter = board.staging(THEME).plan.counter
    assert counter is not None
    perch = pygame.Rect(round(counter.right) - 60, round(counter.y) - 44, 60, 50)
    card = board.staging(THEME).plan.cards["ada"]
    there = pygame.Rect(round(card.x), round(card.y), round(card.w), round(card.h))
    assert count(awake, fur, perch) > 150 and count(asleep, fur, perch) == 0
    assert count(asleep, fur, there) > 150 > count(awake, fur, there)


def test_who_has_ended_carries_the_exit_code():
    board, before = moment(a_dismissal(), "boss boss")
    _, after = moment(a_dismissal(), "boss boss signal:ada signal:bob")
    for clerk in ("ada", "bob"):
        card = board.staging(THEME).plan.cards[clerk]
        tag = pygame.Rect(round(card.right) - 80, round(card.y) - 10, 80, 20)
        red = THEME.palette.post_deep
        assert count(after, red, tag) > count(before, red, tag) + 10


def test_who_is_ended_by_a_signal_leaves_an_empty_chair():
    board, after = moment(a_dismissal(), "boss boss signal:ada signal:bob")
    plan = board.staging(THEME).plan
    faces = []
    for clerk in ("ada", "bob"):
        card = plan.cards[clerk]
        rect = pygame.Rect(round(card.x) + 4, round(card.y) + 4, round(card.w * 0.3), round(card.h * 0.5))
        faces.append(count(after, (243, 217, 190), rect) + count(after, (140, 91, 60), rect))
    assert max(faces) < 20


def sheet() -> pygame.Surface:
    """All meeting places at their telling moments, half as large as on a board."""
    whole = pygame.Surface((4 * 270, 2 * 190))
    for index, (make, wind) in enumerate(MEETING_PLACES.values()):
        _, surface = moment(make(), wind)
        small = pygame.transform.smoothscale(surface, (270, 190))
        whole.blit(small, (270 * (index % 4), 190 * (index // 4)))
    return whole


def test_the_meeting_places_look_as_they_did():
    now, path = sheet(), PICTURES / "meetings-100.png"
    if os.environ.get("RENEW_PICTURES"):
        pygame.image.save(now, str(path))
        return
    kept = pygame.image.load(str(path))
    versions = f"SDL {pygame.get_sdl_version()} SDL_ttf {pygame.font.get_sdl_ttf_version()}"
    # Another version of SDL sets the same letters a little otherwise.
    allowed = 0.001 if (PICTURES / "made_with.txt").read_text().strip() == versions else 0.02
    assert difference(kept, now) <= allowed, "look at it, then RENEW_PICTURES=1"


def difference(one: pygame.Surface, other: pygame.Surface) -> float:
    alike = pygame.mask.from_threshold(one, (0, 0, 0), (28, 28, 28, 255), other.convert(one))
    return 1 - alike.count() / (one.get_width() * one.get_height())


def test_another_meeting_place_is_noticed():
    one, other = sheet(), sheet()
    _, surface = moment(tags(), "")
    other.blit(pygame.transform.smoothscale(surface, (270, 190)), (0, 0))
    assert difference(one, other) > 0.001


def test_who_keeps_the_hatch_is_named_at_the_belts_end():
    board, before = moment(receipts(), "ada ada ~it/ada")
    frame = board.reel.frames[-1]
    held = tuple(
        (name, kind, picture._replace(keepers=(("hatch", "bob"),)) if name == "it" else picture)
        for name, kind, picture in frame.snapshot.channels
    )
    kept = replace(frame, snapshot=frame.snapshot._replace(channels=held))
    board.show_reel(replace(board.reel, frames=(kept,)), 0)
    after = pygame.Surface(before.get_size())
    board.draw(after, THEME)
    rect = place_of(board, "it")
    end = pygame.Rect(rect.right - 60, rect.bottom - 10, 60, 18)
    look = THEME.clerk(1)
    assert count(after, look.fill, end) > count(before, look.fill, end) + 150


@pytest.mark.parametrize(
    ("name", "told"),
    [("tags", "0 of 2 tags on the hook"), ("flag", "rung: the flag is up"), ("ferry", "2 of 3 are here")],
)
def test_tooltips_of_meeting_places_say_what_is_there_in_words(name, told):
    make, wind = MEETING_PLACES[name]
    board, _ = moment(make(), wind)
    tip = board.tip_at(place_of(board, "it").center)
    assert told in tip and "reads" not in tip and "room" not in tip
