"""What its clerk can still change lies open in the out-tray, and is sealed before it is carried."""

from __future__ import annotations

import os
from pathlib import Path

import pygame
from builders import a_system
from offices import a_film

from game.channels.queue import Queue
from game.desktop.board import Board
from game.desktop.layout import cast_of
from game.desktop.staging import reel_of, writer_of
from game.desktop.theme import Theme
from game.story import Film, Spot

THEME = Theme(1.0, reduced_motion=True)
SIZE = (680, 330)
KEPT = Path(__file__).resolve().parent / "pictures/wet-100.png"
ADA = "def ada(belt):\n    letter = [1]\n    belt.put(7)\n    belt.put(letter)\n    letter.append(2)\n"
WIND = "ada ada ada ~belt/ada ~belt/ada"


def the_film() -> Film:
    bob = "def bob(belt):\n    deliver(belt.get())\n    deliver(belt.get())\n"
    holders = {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}}
    return a_film(a_system({"ada": ADA, "bob": bob}, {"belt": Queue()}, holders), WIND)


def board_of(film: Film, moment: float) -> tuple[Board, pygame.Surface]:
    board = Board(cast_of(film.system), reel_of(film))
    board.rect = pygame.Rect((0, 0), SIZE)
    board.show(film, moment)
    page = pygame.Surface(SIZE)
    page.fill(THEME.palette.desk)
    board.draw(page, THEME)
    return board, page


def spot(slot: int) -> Spot:
    return Spot("tray", "belt", "ada", slot)


def blue(page: pygame.Surface) -> int:
    return pygame.mask.from_threshold(page, THEME.palette.focus, (30, 30, 30, 255)).count()


def test_only_what_is_not_sealed_is_wet_and_changed_by_who_still_writes():
    film = the_film()
    assert [[writer_of(frame, spot(slot)) for slot in (0, 1)] for frame in film.frames] == [
        [None, None],
        [None, None],
        [None, "ada"],
        [None, ""],
        ["", None],
        [None, None],
    ]
    assert writer_of(film.frames[3], Spot("items", "belt")) is None


def test_a_wet_letter_is_written_in_blue_and_its_tip_says_who_may_change_it():
    film = the_film()
    drawn = [blue(board_of(film, moment)[1]) for moment in (1, 3, 5)]
    assert drawn[0] == drawn[2] == 0 and drawn[1] > 40
    for moment, slot, told in ((2, 1, "yet: what ada changes in it now"), (4, 0, "not sealed yet")):
        board, _ = board_of(film, moment)
        token = next(token for token in film.frames[moment].tokens if token.spot == spot(slot))
        at = board.staging(THEME).stays(film.frames[moment])[token.number].at
        assert told in board.tip_at((round(at[0]), round(at[1])))


def test_wet_letters_look_as_they_did():
    now = pygame.Surface((SIZE[0], SIZE[1] * 3))
    for row, moment in enumerate((2, 4, 5)):
        now.blit(board_of(the_film(), moment)[1], (0, row * SIZE[1]))
    if os.environ.get("RENEW_PICTURES"):
        pygame.image.save(now, str(KEPT))
    kept = pygame.image.load(str(KEPT))
    alike = pygame.mask.from_threshold(now, (0, 0, 0), (28, 28, 28, 255), kept.convert(now))
    assert alike.count() > 0.998 * now.get_width() * now.get_height()
