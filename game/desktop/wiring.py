"""A board on which clerks are given things: a way is drawn from a knob to where it should lead.

What may be joined is asked of others, and what comes of it is theirs, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final

import pygame

from game.desktop import draw, icons
from game.desktop.board import Board
from game.desktop.layout import Cast, Key, Plan, Point
from game.desktop.staging import Reel
from game.desktop.theme import Theme
from game.language import say

KNOB: Final = 9.5
"""Half of how wide a knob is, in lengths of the design; it is caught a little beyond."""
_CATCH: Final = 4.0
_SLACK: Final = 6
"""A press that moves less, in pixels, draws no way: it asks for the list."""


class WiringBoard(Board):
    """A board with a knob on whatever may be joined to something.

    joins    for a clerk or a channel, the things it may be joined to; none where it has no knob
    on_join  hears of a clerk and a channel between whom a way was drawn
    on_list  hears of a thing whose knob was pressed, or for which W was: it wants all its ways as a list
    wires    whether knobs are there now: not while a film is shown
    """

    def __init__(self, cast: Cast, reel: Reel) -> None:
        super().__init__(cast, reel)
        self.joins: Callable[[Key], Iterable[Key]] = lambda key: ()
        self.on_join: Callable[[str, str], object] = lambda clerk, channel: None
        self.on_list: Callable[[Key], object] = lambda key: None
        self.wires = True
        self._wire: tuple[Key, str, tuple[int, int]] | None = None

    def like(self, other: Board) -> Board:
        super().like(other)
        if isinstance(other, WiringBoard):
            self.joins, self.on_join, self.on_list = other.joins, other.on_join, other.on_list
            if any(key == other.picked for key in self._keys):
                self.picked = other.picked
        return self

    @property
    def _keys(self) -> list[Key]:
        clerks: list[Key] = [("clerk", name) for name in self.cast.clerks]
        return [*clerks, *(("channel", thing.name) for thing in self.cast.things)]

    # -- knobs --

    def knobs_of(self, key: Key) -> list[tuple[str, Point]]:
        """A thing's knobs: what a way from there gives, "" for whatever fits, and the middle on the board."""
        if not self.wires or self._staging is None or not self.joins(key):
            return []
        spot = self._spot_of(self._staging.plan, key)
        return [("", spot)] if spot is not None else []

    def _knobbed(self) -> Iterable[Key]:
        """The things whose knobs are to be seen now."""
        return self._keys

    def knobs(self) -> dict[Key, list[tuple[str, Point]]]:
        """The knobs to be seen now."""
        return {key: found for key in self._knobbed() if (found := self.knobs_of(key))}

    def _spot_of(self, plan: Plan, key: Key) -> Point | None:
        """Where a thing's knob sits: on its upper right corner; in the middle above a tube, whose ends have
        their names in the corners."""
        box = (plan.cards if key[0] == "clerk" else plan.channels).get(key[1])
        if box is None:
            return None
        tube = any(thing.name == key[1] and thing.shape == "tube" for thing in self.cast.things)
        return (box.center[0], box.y + 2) if tube and key[0] == "channel" else (box.right - 4, box.y + 4)

    def knob_place(self, key: Key, end: str = "") -> tuple[int, int] | None:
        """Where the middle of a knob is in the window, in pixels; None when there is none."""
        found = dict(self.knobs_of(key))
        spot = found.get(end) or next(iter(found.values()), None)
        return self._pixel(spot) if spot is not None else None

    def _pixel(self, spot: Point) -> tuple[int, int]:
        s = self._scale * self.camera.zoom
        corner = self.camera.x * s, self.camera.y * s
        return round(self.rect.x + spot[0] * s - corner[0]), round(self.rect.y + spot[1] * s - corner[1])

    def knob_at(self, point: tuple[int, int]) -> tuple[Key, str] | None:
        """Whose knob is at a point of the window, and what a way from it gives."""
        here = self._here(point)
        for key, knobs in self.knobs().items():
            for end, spot in knobs:
                if math.dist(spot, here) <= KNOB + _CATCH:
                    return key, end
        return None

    def stand(self, name: str, point: tuple[int, int]) -> None:
        """Have a channel stand at a point of the window."""
        self._move_to(("channel", name), self._here(point))

    # -- events --

    def handle(self, event: pygame.event.Event) -> bool:
        if event.type == pygame.MOUSEMOTION and self._wire is not None:
            self.hovered = self.rect.collidepoint(event.pos)
            self._pointer = event.pos
            return True
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._wire is not None:
            return self._let_go(event.pos)
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.rect.collidepoint(event.pos):
            knob = self.knob_at(event.pos)
            if knob is not None:
                self._wire, self._pointer, self.picked = (*knob, event.pos), event.pos, knob[0]
                return True
        if event.type == pygame.MOUSEMOTION and self.rect.collidepoint(event.pos) and self.knob_at(event.pos):
            super().handle(event)
            self.cursor = pygame.SYSTEM_CURSOR_HAND
            return False
        return super().handle(event)

    def _let_go(self, point: tuple[int, int]) -> bool:
        assert self._wire is not None
        (key, end, start), self._wire = self._wire, None
        if abs(point[0] - start[0]) + abs(point[1] - start[1]) < _SLACK:
            self.on_list(key)
        elif (other := self._other(key, point)) is not None:
            clerk, channel = (key, other) if key[0] == "clerk" else (other, key)
            self._join(clerk[1], channel[1], end, point)
        else:
            self._join_nothing(key, point)
        return True

    def _join(self, clerk: str, channel: str, end: str, point: tuple[int, int]) -> None:
        """A way was drawn from the knob of an end, or "", and let go at a point."""
        self.on_join(clerk, channel)

    def _join_nothing(self, key: Key, point: tuple[int, int]) -> None:
        """A way was drawn to where it cannot lead."""

    def _other(self, key: Key, point: tuple[int, int]) -> Key | None:
        """What a way drawn from this thing to a point would join it to."""
        knob = self.knob_at(point)
        other = knob[0] if knob is not None else self.thing_at(point)
        return other if other is not None and other in self.joins(key) else None

    def _key(self, event: pygame.event.Event) -> bool:
        if event.key == pygame.K_w and self.wires and not event.mod & (pygame.KMOD_CTRL | pygame.KMOD_ALT):
            able = [key for key in self._keys if self.knobs_of(key)]
            if self.picked not in able:
                self.picked = next(iter(able), None)
            if self.picked is not None:
                self.on_list(self.picked)
            return True
        return super()._key(event)

    def tip_at(self, point: tuple[int, int]) -> str:
        if self._wire is not None:
            return ""
        if point[0] >= 0 and self.knob_at(point) is not None:
            return say("Drag a way from here, or press for the list  ·  W")
        return super().tip_at(point)

    # -- drawing --

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        super().draw(surface, theme)
        knobs = self.knobs()
        if not knobs or self.rect.width < 60:
            return
        clip = surface.get_clip()
        surface.set_clip(self.rect.clip(clip))
        drawn = theme.drawn
        wire, aim = self._wire, None
        pointed = self.knob_at(self._pointer) if wire is None and self.hovered else None
        if wire is not None:
            aim = self._other(wire[0], self._pointer)
            self._draw_way(surface, drawn, wire[0], wire[1], aim)
        for key, ends in knobs.items():
            for end, spot in ends:
                lit = key == aim or (key, end) in (pointed, wire and wire[:2])
                self._draw_knob(surface, drawn, self._pixel(spot), lit)
        surface.set_clip(clip)

    def _draw_way(self, surface: pygame.Surface, theme: Theme, key: Key, end: str, aim: Key | None) -> None:
        palette = theme.palette
        s = self._scale * self.camera.zoom
        for other in self.joins(key):
            box = self._box(other)
            if box is not None:
                place = pygame.Rect(self._pixel((box.x, box.y)), (round(box.w * s), round(box.h * s)))
                line = palette.teal if other == aim else palette.brass
                draw.panel(
                    surface, theme, place, None, radius=10, outline=line, width=3 if other == aim else 2
                )
        start = self.knob_place(key, end)
        if start is not None:
            spots = [self._pixel(spot) for _, spot in self.knobs_of(aim)] if aim is not None else []
            till = min(spots, key=lambda spot: math.dist(spot, self._pointer), default=self._pointer)
            draw.line(surface, theme, [start, till], palette.ink, 4.5)
            draw.line(surface, theme, [start, till], palette.teal if aim else palette.brass_light, 2.5)

    def _draw_knob(self, surface: pygame.Surface, theme: Theme, at: tuple[int, int], lit: bool) -> None:
        palette = theme.palette
        fill = palette.teal if lit else palette.card
        draw.disc(surface, theme, at, KNOB, fill, outline=palette.teal, width=1.8)
        icons.put_icon(surface, theme, "plus", at, 12, palette.card if lit else palette.teal)
