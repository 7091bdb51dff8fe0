"""Shapes and icons, looked at pixel by pixel."""

from __future__ import annotations

import math

import pygame
import pytest

from game.desktop import draw, icons
from game.desktop.theme import CLERK_LOOKS, Theme

PAPER, INK, RED = (246, 238, 223), (42, 43, 51), (191, 59, 43)


def a_page(size: tuple[int, int] = (120, 80)) -> pygame.Surface:
    page = pygame.Surface(size)
    page.fill(PAPER)
    return page


@pytest.mark.parametrize("scale", [0.75, 1.0, 1.3, 2.5])
def test_a_panel_fills_its_rect_and_nothing_outside(scale):
    page, rect = a_page(), pygame.Rect(10, 12, 90, 50)
    draw.panel(page, Theme(scale), rect, RED, radius=8)
    assert page.get_at(rect.center)[:3] == RED
    assert page.get_at(rect.topleft)[:3] == PAPER  # the corner is round
    for x in range(120):
        for y in range(80):
            if not rect.collidepoint(x, y):
                assert page.get_at((x, y))[:3] == PAPER


def test_a_round_edge_is_smooth_and_not_darker_than_both_sides():
    page = a_page()
    draw.panel(page, Theme(), pygame.Rect(10, 10, 60, 60), RED, radius=20)
    shades = {page.get_at((x, y))[:3] for x in range(10, 32) for y in range(10, 32)}
    assert len(shades) > 5
    for shade in shades:
        for channel, paper, red in zip(shade, PAPER, RED, strict=True):
            assert min(paper, red) - 3 <= channel <= max(paper, red) + 3


def test_an_outline_without_filling_leaves_the_middle():
    page, rect = a_page(), pygame.Rect(10, 10, 60, 40)
    draw.panel(page, Theme(), rect, None, outline=RED, width=2, radius=6)
    assert page.get_at(rect.center)[:3] == PAPER
    assert page.get_at((rect.centerx, rect.top))[:3] == RED


def test_a_shadow_falls_around_a_panel_of_any_size():
    for size in ((90, 50), (12, 9), (3, 40)):
        page, rect = a_page(), pygame.Rect((15, 15), size)
        draw.panel(page, Theme(), rect, RED, shadow=4)
        below = page.get_at((rect.centerx, rect.bottom + 1))[:3]
        assert sum(below) < sum(PAPER)


def test_nothing_is_drawn_of_nothing():
    page = a_page()
    for rect in (pygame.Rect(10, 10, 0, 20), pygame.Rect(10, 10, 20, -4)):
        draw.panel(page, Theme(), rect, RED, shadow=3)
        draw.dashed_panel(page, Theme(), rect, None, RED)
        draw.clerk_bar(page, Theme(), rect, CLERK_LOOKS[1])
    draw.line(page, Theme(), [(5, 5)], RED, 4)
    assert page.get_bounding_rect() == a_page().get_bounding_rect()


def test_dashes_cover_a_path_once_and_close_evenly():
    square = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
    pieces = draw.dashes(square, 6, 4, closed=True)
    assert len(pieces) == 40
    assert pieces[0][0] == (0, 0)
    straight = draw.dashes([(0.0, 0.0), (25.0, 0.0)], 6, 4, closed=False)
    assert [(piece[0][0], piece[-1][0]) for piece in straight] == [(0, 6), (10, 16), (20, 25)]


@pytest.mark.parametrize("name", sorted(icons.ICONS))
def test_every_icon_is_drawn_inside_its_square(name):
    for scale in (0.75, 1.0, 2.0):
        made = icons.icon(Theme(scale), name, 24, INK)
        box = made.get_bounding_rect(min_alpha=40)
        assert made.get_width() == made.get_height() == Theme(scale).px(24)
        assert box.width >= made.get_width() * 0.5 or box.height >= made.get_height() * 0.5
        covered = sum(
            made.get_at((x, y)).a for x in range(made.get_width()) for y in range(made.get_height())
        )
        assert 0.04 < covered / 255 / made.get_width() ** 2 < 0.8


def test_no_two_icons_look_the_same():
    seen = {pygame.image.tobytes(icons.icon(Theme(), name, 48, INK), "RGBA") for name in icons.ICONS}
    assert len(seen) == len(icons.ICONS)


def test_patterns_of_clerks_differ_also_in_grey():
    looks = []
    for look in CLERK_LOOKS:
        page = a_page()
        draw.clerk_bar(page, Theme(2.0), pygame.Rect(0, 0, 120, 80), look, radius=0)
        lightest = max(page.get_at((x, 40)).grayscale()[0] for x in range(120))
        looks.append(
            tuple(page.get_at((x, y)).grayscale()[0] >= lightest - 4 for x in range(48) for y in range(48))
        )
    assert len(set(looks)) == len(looks)


def test_a_stamp_is_the_same_every_time_and_tilted():
    one, other = (pygame.image.tobytes(icons.stamp(Theme(), "Refused", RED), "RGBA") for _ in range(2))
    assert one == other
    flat, tilted = icons.stamp(Theme(), "Refused", RED, tilt=0), icons.stamp(Theme(), "Refused", RED)
    assert tilted.get_height() > flat.get_height()


def test_drawing_again_makes_nothing_new():
    theme, page = Theme(), a_page()
    for _ in range(2):
        draw.panel(page, theme, pygame.Rect(10, 10, 60, 40), RED, outline=INK, shadow=4)
        draw.clerk_bar(page, theme, pygame.Rect(10, 10, 60, 10), CLERK_LOOKS[2])
        kept = len(theme.surfaces)
    draw.panel(page, theme, pygame.Rect(30, 20, 60, 40), RED, outline=INK, shadow=4)
    assert len(theme.surfaces) == kept


@pytest.mark.parametrize("words", ["PASSED", "BESTANDEN", "NOT DECIDED AT ALL"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_stamp_is_never_wider_than_it_may_be(words, scale):
    theme = Theme(scale)
    free = icons.stamp(theme, words, theme.palette.teal, size=38)
    tight = icons.stamp(theme, words, theme.palette.teal, size=38, most=150)
    assert tight.get_width() <= 151 * scale
    assert tight.get_width() <= free.get_width()


def test_a_long_line_drawn_again_is_drawn_alike_and_another_one_is_not():
    points = [(10.0 + 6 * step, 60 + 30 * math.sin(step / 3)) for step in range(20)]
    theme = Theme()

    def drawn(look: Theme, line: list[tuple[float, float]], width: float) -> bytes:
        surface = pygame.Surface((160, 120))
        draw.line(surface, look, line, (200, 40, 30), width)
        return pygame.image.tobytes(surface, "RGB")

    once = drawn(theme, points, 4)
    assert drawn(theme, points, 4) == once
    thin, lower = drawn(theme, points, 2), drawn(theme, [(x, y + 1) for x, y in points], 4)
    assert (thin, lower) == (drawn(Theme(), points, 2), drawn(Theme(), [(x, y + 1) for x, y in points], 4))
    assert len({once, thin, lower}) == 3
