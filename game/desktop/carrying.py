"""What is taken hold of in a tray and carried to where it should stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final, Generic, TypeVar

import pygame

from game.desktop.widgets import Event, Pressable

Card = TypeVar("Card", bound=Pressable)
SLACK: Final = 6
"""How far, in pixels, the pointer moves before it carries anything."""


class Carrying(Generic[Card]):
    """`handle` comes before the cards' own. `on_drop` hears of a card and where it was let go."""

    def __init__(
        self, cards: Callable[[], Iterable[Card]], on_drop: Callable[[Card, tuple[int, int]], object]
    ) -> None:
        self._cards, self._on_drop = cards, on_drop
        self._held: tuple[Card, tuple[int, int]] | None = None
        self.carried: Card | None = None
        self.pointer = (0, 0)

    def handle(self, event: Event) -> bool:
        """True for what is part of carrying something."""
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            held = next((card for card in self._cards() if card.rect.collidepoint(event.pos)), None)
            self._held = (held, event.pos) if held is not None and held.enabled else None
        elif event.type == pygame.MOUSEMOTION:
            self.pointer = event.pos
            if self.carried is None and self._held is not None and (
                math.dist(event.pos, self._held[1]) > SLACK
            ):  # fmt: skip
                self.carried = self._held[0]
                self.carried.pressed = False
            return self.carried is not None
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            carried, self.carried, self._held = self.carried, None, None
            if carried is None:
                return False
            if carried.rect.collidepoint(event.pos):
                carried.press()  # an unsteady hand
            else:
                self._on_drop(carried, event.pos)
            return True
        return False
