"""The board drawn headless: at every size, at every moment, and what its tooltips say."""

from __future__ import annotations

import itertools

import pygame
import pytest
from inks import inks_of
from offices import OFFICES, a_film, a_gong, a_post_office, a_race, a_tube, eight_clerks, two_keys

from game.desktop.board import Board, stress
from game.desktop.theme import Theme
from game.story import Film
from game.world import System

GROUND = (255, 0, 255)


def a_board(system: System, size: tuple[int, int] = (560, 392), scale: float = 1.0) -> Board:
    board = Board.of(system)
    board.rect = pygame.Rect(20, 20, round(size[0] * scale), round(size[1] * scale))
    return board


def drawn(board: Board, theme: Theme) -> pygame.Surface:
    surface = pygame.Surface((board.rect.width + 40, board.rect.height + 40))
    surface.fill(GROUND)
    board.draw(surface, theme)
    return surface


def same(one: pygame.Surface, other: pygame.Surface) -> bool:
    return pygame.image.tobytes(one, "RGB") == pygame.image.tobytes(other, "RGB")


def margin_is_clean(surface: pygame.Surface, rect: pygame.Rect) -> bool:
    clean = surface.copy()
    clean.fill(GROUND, rect)
    bare = pygame.Surface(surface.get_size())
    bare.fill(GROUND)
    return same(clean, bare)


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize(("size", "scale"), [((480, 360), 1.0), ((560, 392), 0.75), ((900, 600), 2.0)])
def test_every_moment_is_drawn_inside_the_board(office, size, scale):
    make, wind = OFFICES[office]
    system = make()
    film, theme = a_film(system, wind, pids=True), Theme(scale)
    board = a_board(system, size, scale)
    for quarter in range(0, len(film) * 4 + 1, 3):
        board.show(film, quarter / 4)
        assert margin_is_clean(drawn(board, theme), board.rect)


def test_things_move_between_two_moments():
    system = a_post_office()
    film, theme, board = a_film(system, "ada ~belt/ada bob"), Theme(), a_board(system)
    pictures = []
    for position in (1.0, 1.3, 1.6, 2.0):
        board.show(film, position)
        pictures.append(drawn(board, theme))
    assert not any(same(one, other) for one, other in itertools.pairwise(pictures))


def test_with_reduced_motion_nothing_is_seen_half_way():
    system = a_post_office()
    film, theme, board = a_film(system, "ada ~belt/ada bob"), Theme(reduced_motion=True), a_board(system)
    board.show(film, 1.0)
    still = drawn(board, theme)
    board.show(film, 1.7)
    assert same(drawn(board, theme), still)


def test_the_same_moment_looks_the_same_however_one_came_there():
    system = a_race()
    film, theme = a_film(system, "ada bob ada bob"), Theme()
    straight, scrubbed = a_board(system), a_board(system)
    for position in (4.0, 0.5, 2.0, 3.9, 3.0):
        scrubbed.show(film, position)
        drawn(scrubbed, theme)
    straight.show(film, 3.0)
    assert same(drawn(straight, theme), drawn(scrubbed, theme))


def test_a_lost_stroke_is_a_red_burst_under_the_board():
    system = a_race()
    theme, board = Theme(), a_board(system)

    def reds(film: Film) -> int:
        board.show(film, 4)
        surface = drawn(board, theme)
        tally = board.staging(theme).plan.channels["tally"]
        below = pygame.Rect(20 + tally.x, 20 + tally.bottom, tally.w, 40).clip(surface.get_rect())
        part = surface.subsurface(below)
        return pygame.mask.from_threshold(part, theme.palette.post, (12, 12, 12, 255)).count()

    assert reds(a_film(system, "ada ada bob bob")) == 0
    assert reds(a_film(system, "ada bob ada bob")) > 150


def test_a_board_before_anybody_moved_needs_no_film():
    board = a_board(a_race())
    assert not same(drawn(board, Theme()), pygame.Surface((600, 432)))


def test_an_empty_place_draws_nothing():
    board = a_board(a_race())
    board.rect = pygame.Rect(0, 0, 3, 3)
    assert margin_is_clean(drawn(board, Theme()), pygame.Rect(0, 0, 0, 0))


def tip(board: Board, theme: Theme, what: str, name: str) -> str:
    plan = board.staging(theme).plan
    box = {"clerk": plan.cards, "channel": plan.channels}[what][name]
    x, y = box.center
    return board.tip_at((board.rect.x + round(x * theme.scale), board.rect.y + round(y * theme.scale)))


def test_a_clerks_tooltip_has_its_number_its_wait_and_what_it_has_in_mind():
    system = a_race()
    board, theme = a_board(system), Theme(2.0)
    board.show(a_film(system, "ada bob ada", pids=True), 3)
    drawn(board, theme)
    assert tip(board, theme, "clerk", "ada").splitlines() == [
        "ada: multiprocessing.Process, pid 4127",
        "gone home (exit code 0)",
    ]
    assert tip(board, theme, "clerk", "bob").splitlines() == [
        "bob: multiprocessing.Process, pid 4128",
        "line 2: next write at tally",
        "has 41 in mind, read from tally; ada has written there since",
    ]


def test_a_channels_tooltip_has_its_class_and_all_it_holds():
    system = a_tube()
    board, theme = a_board(system), Theme()
    board.show(a_film(system, "ada"), 1)
    drawn(board, theme)
    assert tip(board, theme, "channel", "tube").splitlines() == [
        "tube: multiprocessing.connection.Connection",
        "inside: 4",
        "room for 16",
        "a open: ada · b open: bob",
    ]


def test_a_keys_tooltip_says_who_holds_it():
    system = two_keys()
    board, theme = a_board(system), Theme()
    board.show(a_film(system, "ada"), 1)
    drawn(board, theme)
    assert tip(board, theme, "channel", "red") == "red: multiprocessing.Lock\nkey: ada"
    assert tip(board, theme, "channel", "blue") == "blue: multiprocessing.Lock\nthe key hangs on its hook"
    assert "holds the key red" in tip(board, theme, "clerk", "ada")


def test_a_thing_from_a_plugin_says_what_its_kind_says():
    system = a_gong()
    board, theme = a_board(system), Theme()
    board.show(a_film(system, "ada"), 1)
    drawn(board, theme)
    assert tip(board, theme, "channel", "gong").splitlines() == [
        "gong: office.Gong",
        "rung 2 times, by people with a very long story to tell",
    ]
    assert "line 3 raised ZeroDivisionError" in tip(board, theme, "clerk", "ada")


def test_a_tokens_tooltip_has_its_whole_value():
    system = eight_clerks()
    board, theme = a_board(system, (900, 600)), Theme()
    film = a_film(system, "ada")
    board.show(film, 1)
    drawn(board, theme)
    stay = board.staging(theme).stays(film.frames[1])[0]
    found = board.tip_at((board.rect.x + round(stay.at[0]), board.rect.y + round(stay.at[1])))
    assert found == "'a very long letter'\nin ada's out-tray for belt"


def test_where_nothing_is_there_is_no_tooltip():
    board = a_board(a_race())
    drawn(board, Theme())
    assert board.tip_at((0, 0)) == ""
    assert board.tip_at((board.rect.x + 4, board.rect.y + 4)) == ""


def test_the_stress_board_moves_as_many_tokens_as_asked():
    board = stress(8, 200)
    board.rect = pygame.Rect(20, 20, 1280, 720)
    board.show_reel(board.reel, 0.5)
    assert len(board.reel.frames[1].tokens) == 200
    assert margin_is_clean(drawn(board, Theme()), board.rect)


def test_the_cat_lies_on_whoever_never_moves_again():
    system = OFFICES["cat"][0]()
    film, theme = a_film(system, "ada cat:ada"), Theme()
    board = a_board(system)
    fur = theme.palette.slate_deep

    def dark(step: int) -> int:
        board.show(film, step)
        surface = drawn(board, theme)
        card = board.staging(theme).plan.cards["ada"]
        area = surface.subsurface(pygame.Rect(20 + card.x, 20 + card.y, card.w, card.h))
        return pygame.mask.from_threshold(area, fur, (6, 6, 6, 255)).count()

    assert dark(2) > dark(1) + 150


def test_a_deed_too_long_for_a_small_card_is_said_short():
    film, theme = a_film(two_keys(), "ada ada ada ada ada"), Theme()
    board = a_board(two_keys(), (330, 300))
    board.show(film, 5)
    inks = inks_of(lambda: drawn(board, theme))
    assert film.frames[5].label in [ink.words for ink in inks.texts] or not inks.shortened
    assert film.frames[5].caption.removeprefix("ada ") not in inks.shortened


def test_the_camera_glides_to_where_it_is_sent_and_is_there_at_once_with_less_motion():
    system = a_race()
    film = a_film(system, "ada bob")
    for reduced in (False, True):
        theme, board = Theme(reduced_motion=reduced), a_board(system)
        board.show(film, 1)
        far = drawn(board, theme)
        board.zoom(3)
        pictures = [drawn(board, theme)]
        while board.update(0.05):
            pictures.append(drawn(board, theme))
        near = drawn(board, theme)
        assert same(pictures[0], far) is not reduced and not same(near, far)
        assert len(pictures) == (1 if reduced else 5)
        assert all(margin_is_clean(picture, board.rect) for picture in pictures)
        board.fit()
        drawn(board, theme)
        while board.update(0.05):
            drawn(board, theme)
        assert same(drawn(board, theme), far)
