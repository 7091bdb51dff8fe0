"""The still picture of a board, drawn piece by piece: to the pixel what drawing all of it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random

import pygame
import pytest
from builders import a_system
from meeting_places import MEETING_PLACES
from offices import OFFICES, a_film
from oracle.golden import shipped_answers
from random_offices import random_system

from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.desktop.layout import arrange, cast_of
from game.desktop.painter import Painter
from game.desktop.staging import Staging, reel_of
from game.desktop.still import Still, pieces
from game.desktop.theme import Theme
from game.story import Film, Frame
from game.world import System, build

Moment = tuple[Frame, Frame | None]
PLACES = {**OFFICES, **MEETING_PLACES}


@pytest.fixture(autouse=True)
def lines_always_drawn_alike(monkeypatch):
    """For a line of two points, pygame-ce 2.5.8 reads the y of a third (`aalines` in draw.c), and what it
    finds there decides over a few pixels: the same line is not always drawn alike."""
    real = pygame.draw.aalines

    def aalines(surface, colour, closed, points):
        if len(points) == 2:
            pygame.draw.aaline(surface, colour, *points)
        else:
            real(surface, colour, closed, points)

    monkeypatch.setattr(pygame.draw, "aalines", aalines)


def a_painter(
    film: Film, size: tuple[int, int], scale: float = 1.0, corner: tuple[int, int] = (0, 0)
) -> Painter:
    """Of a film with so large a board, in lengths of the design."""
    cast = cast_of(film.system)
    staging = Staging(arrange(cast, *size), {thing.name: thing.shape for thing in cast.things})
    nothing = pygame.Surface((1, 1))
    return Painter(nothing, Theme(scale), staging, cast, reel_of(film), corner)


def moments(film: Film) -> Iterator[Moment]:
    """Of a film: every one and every way to the next, some left out now and then; then back to the start."""
    chance = Random(len(film))
    for frame, ahead in pairwise(film.frames):
        if chance.random() < 0.8:
            yield frame, ahead
        if chance.random() < 0.4:
            yield frame, None
    yield film.frames[-1], None
    yield film.frames[0], None


def differences(painter: Painter, size: tuple[int, int], shown: Iterator[Moment]) -> list[int]:
    """The moments whose picture is another than when all of it is drawn, by their numbers."""
    kept, found = Still(size), []
    for frame, ahead in shown:
        kept.show(painter, frame, ahead)
        whole = Still(size)
        whole.show(painter, frame, ahead)
        if kept.surface.get_buffer().raw != whole.surface.get_buffer().raw:
            found.append(frame.number)
    return found


SIZES = [((640, 420), 1.0, (0, 0)), ((400, 236), 1.5, (0, 0)), ((640, 420), 2.0, (-300, -90))]
"""Boards in lengths of the design, how large they are drawn, and where their corner is, in pixels."""


@pytest.mark.parametrize("office", PLACES)
@pytest.mark.parametrize(("size", "scale", "corner"), SIZES)
def test_what_changed_is_drawn_as_if_all_were(office, size, scale, corner):
    make, wind = PLACES[office]
    film = a_film(make(), wind, pids=True)
    seen = round(size[0] * scale) + corner[0], round(size[1] * scale) + corner[1]
    assert differences(a_painter(film, size, scale, corner), seen, moments(film)) == []


@pytest.mark.parametrize("seed", range(8))
def test_so_it_is_in_offices_nobody_thought_of(seed):
    film = blown(random_system(seed), seed)
    assert differences(a_painter(film, (640, 420)), (640, 420), moments(film)) == []


@pytest.mark.parametrize("number", range(0, len(list(shipped_answers())), 3))
def test_so_it_is_in_shipped_levels(number):
    level, _, answer = list(shipped_answers())[number]
    film = blown(build(level, answer), number)
    assert differences(a_painter(film, (700, 460)), (700, 460), moments(film)) == []


@pytest.mark.parametrize("office", PLACES)
@pytest.mark.parametrize(("size", "scale"), [((640, 420), 1.0), ((400, 236), 1.0), ((900, 600), 1.5)])
def test_nothing_is_drawn_beyond_its_box(office, size, scale):
    make, wind = PLACES[office]
    film = a_film(make(), wind, pids=True)
    painter = a_painter(film, size, scale)
    surface = pygame.Surface((round(size[0] * scale), round(size[1] * scale)), pygame.SRCALPHA)
    on, drawn = replace(painter, surface=surface), set()
    for frame, ahead in moments(film):
        for piece in pieces(painter, frame, ahead):
            if (piece.name, repr(piece.look)) not in drawn:
                drawn.add((piece.name, repr(piece.look)))
                surface.fill((0, 0, 0, 0))
                piece.paint(on)
                found = surface.get_bounding_rect()
                assert not found.width or painter.rect(piece.box).contains(found), piece.name


def blown(system: System, seed: int, most: int = 40) -> Film:
    """The film of some wind."""
    chance, world, events = Random(seed), system.start, []
    while len(events) < most and (moves := system.moves(world)):
        move = chance.choice(moves)
        world = move.world
        events.append(move.event)
    return Film(system, system.trace(tuple(events), "model", "stopped"))


def rows_of_two(pairs: int = 8) -> System:
    """So many belts, each with one who puts two letters on it and one who takes them."""
    scripts = {
        "put": "def put(belt):\n    belt.put(1)\n    belt.put(2)\n",
        "get": "def get(belt):\n    belt.get()\n",
    }
    channels = {f"belt{n}": Queue() for n in range(pairs)}
    clerks = {
        f"{does}{n}": {"script": does, "belt": f"belt{n}"} for n in range(pairs) for does in ("put", "get")
    }
    return a_system(scripts, channels, clerks)


def test_after_a_step_only_what_it_touched_is_drawn():
    film = a_film(rows_of_two(), "put0 ~belt0/put0 put0 put1 put2")
    kept, painter = Still((1280, 720)), a_painter(film, (1280, 720))
    kept.show(painter, film.frames[2], film.frames[3])
    everything = kept.painted
    kept.show(painter, film.frames[3], film.frames[4])
    assert 0 < kept.painted < everything / 2
    kept.show(painter, film.frames[3], film.frames[4])
    assert kept.painted == 0


def test_what_lies_upon_what_is_seen_to():
    writes = "def {}(tally):\n    deliver(tally.value)\n    tally.value = 1\n    deliver(tally.value)\n"
    scripts = {name: writes.format(name) for name in ("ada", "bob")}
    waits = ("cyd", "dan", "eve", "fay")
    scripts |= {name: f"def {name}(belt):\n    belt.get()\n" for name in waits}
    gets = {name: {"tally": "tally"} for name in ("ada", "bob")} | {name: {"belt": "belt"} for name in waits}
    film = a_film(a_system(scripts, {"tally": SharedValue(), "belt": Queue()}, gets), "ada bob ada ada ada")
    ghosts = [[ghost.clerk for ghost in frame.ghosts] for frame in film.frames]
    assert ghosts[2] == ["ada", "bob"] and ghosts[5] == ["bob", "ada"]
    kept, painter = Still((1600, 1000)), a_painter(film, (1600, 1000))
    kept.show(painter, film.frames[4], film.frames[5])
    kept.show(painter, film.frames[2], None)
    kept.show(painter, film.frames[5], None)
    assert kept.painted == len(list(pieces(painter, film.frames[5], None)))


@pytest.mark.parametrize(
    "another",
    [
        lambda one, film: replace(one, corner=(-20, 10)),
        lambda one, film: replace(one, theme=Theme(1.25)),
        lambda one, film: replace(one, reel=replace(one.reel, pids={"ada": 77})),
        lambda one, film: replace(one, cast=replace(one.cast, naps=1)),
        lambda one, film: replace(one, staging=a_painter(film, (500, 300)).staging),
    ],
)
def test_everything_is_drawn_again_for_another_view_of_the_office(another):
    make, wind = OFFICES["eight clerks"]
    film = a_film(make(), wind, pids=True)
    frame, ahead = film.frames[2:4]
    kept, painter = Still((640, 420)), a_painter(film, (640, 420))
    kept.show(painter, frame, ahead)
    other = another(painter, film)
    kept.show(other, frame, ahead)
    whole = Still((640, 420))
    whole.show(other, frame, ahead)
    assert kept.painted == whole.painted > 0
    assert kept.surface.get_buffer().raw == whole.surface.get_buffer().raw
