"""Scripts to be read: in the editor's colours, within their place."""

from __future__ import annotations

import pygame

from game.desktop.listing import inks_of, listing
from game.desktop.theme import Theme


def test_a_listing_is_coloured_and_stays_within_its_place():
    theme, surface = Theme(1.0), pygame.Surface((300, 200))
    rect = pygame.Rect(20, 10, 120, 150)
    high = listing(surface, theme, ["def bob(belt):", "    # takes the letter from the belt"], rect)
    assert high == 2 * theme.line_height("code", "small")
    drawn = pygame.mask.from_threshold(surface, (0, 0, 0), (1, 1, 1))
    drawn.invert()
    (box,) = [drawn.get_bounding_rects()[0].unionall(drawn.get_bounding_rects())]
    assert rect.contains(box) and box.right > rect.right - 20
    inks, top = inks_of(theme.palette), pygame.Rect(20, 10, 27, 20)
    assert pygame.mask.from_threshold(surface.subsurface(top), inks["keyword"], (9, 9, 9)).count()
    assert not pygame.mask.from_threshold(surface, inks["number"], (3, 3, 3)).count()
