"""A board on which clerks are given things: a way is drawn from a knob to where it should lead.

What may be joined is asked of others, and what comes of it is theirs, too.
"""

from __future__ import annotations

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
        self._wire: tuple[Key, tuple[int, int]] | None = None

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

    def knobs(self) -> dict[Key, Point]:
        """Where each knob is, on the board."""
        if not self.wires or self._staging is None:
            return {}
        plan = self._staging.plan
        return {key: spot for key in self._keys if self.joins(key) and (spot := self._spot_of(plan, key))}

    def _spot_of(self, plan: Plan, key: Key) -> Point | None:
        """Where a thing's knob sits: on its upper right corner; in the middle above a tube, whose ends have
        their names in the corners."""
        box = (plan.cards if key[0] == "clerk" else plan.channels).get(key[1])
        if box is None:
            return None
        tube = any(thing.name == key[1] and thing.shape == "tube" for thing in self.cast.things)
        return (box.center[0], box.y + 2) if tube and key[0] == "channel" else (box.right - 4, box.y + 4)

    def knob_place(self, key: Key) -> tuple[int, int] | None:
        """Where the middle of a knob is in the window, in pixels; None when there is none."""
        spot = self.knobs().get(key)
        return self._pixel(spot) if spot is not None else None

    def _pixel(self, spot: Point) -> tuple[int, int]:
        s = self._scale * self.camera.zoom
        corner = self.camera.x * s, self.camera.y * s
        return round(self.rect.x + spot[0] * s - corner[0]), round(self.rect.y + spot[1] * s - corner[1])

    def knob_at(self, point: tuple[int, int]) -> Key | None:
        """Whose knob is at a point of the window."""
        here = self._here(point)
        reach = KNOB + _CATCH
        for key, spot in self.knobs().items():
            if (spot[0] - here[0]) ** 2 + (spot[1] - here[1]) ** 2 <= reach * reach:
                return key
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
            key = self.knob_at(event.pos)
            if key is not None:
                self._wire, self._pointer, self.picked = (key, event.pos), event.pos, key
                return True
        if event.type == pygame.MOUSEMOTION and self.rect.collidepoint(event.pos) and self.knob_at(event.pos):
            super().handle(event)
            self.cursor = pygame.SYSTEM_CURSOR_HAND
            return False
        return super().handle(event)

    def _let_go(self, point: tuple[int, int]) -> bool:
        assert self._wire is not None
        (key, start), self._wire = self._wire, None
        if abs(point[0] - start[0]) + abs(point[1] - start[1]) < _SLACK:
            self.on_list(key)
            return True
        other = self._other(key, point)
        if other is not None:
            clerk, channel = (key, other) if key[0] == "clerk" else (other, key)
            self.on_join(clerk[1], channel[1])
        return True

    def _other(self, key: Key, point: tuple[int, int]) -> Key | None:
        """What a way drawn from this thing to a point would join it to."""
        other = self.knob_at(point) or self.thing_at(point)
        return other if other is not None and other in self.joins(key) else None

    def _key(self, event: pygame.event.Event) -> bool:
        if event.key == pygame.K_w and self.wires and not event.mod & (pygame.KMOD_CTRL | pygame.KMOD_ALT):
            knobs = self.knobs()
            if self.picked not in knobs:
                self.picked = next(iter(knobs), None)
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
        aim = None
        if self._wire is not None:
            aim = self._other(self._wire[0], self._pointer)
            self._draw_way(surface, drawn, knobs, aim)
        for key, spot in knobs.items():
            lit = key == aim or (self._wire is not None and key == self._wire[0])
            if self._wire is None and self.hovered:
                lit = self.knob_at(self._pointer) == key
            self._draw_knob(surface, drawn, self._pixel(spot), lit)
        surface.set_clip(clip)

    def _draw_way(
        self, surface: pygame.Surface, theme: Theme, knobs: dict[Key, Point], aim: Key | None
    ) -> None:
        assert self._wire is not None
        palette, key = theme.palette, self._wire[0]
        s = self._scale * self.camera.zoom
        for other in self.joins(key):
            box = self._box(other)
            if box is not None:
                place = pygame.Rect(self._pixel((box.x, box.y)), (round(box.w * s), round(box.h * s)))
                line = palette.teal if other == aim else palette.brass
                draw.panel(
                    surface, theme, place, None, radius=10, outline=line, width=3 if other == aim else 2
                )
        if key in knobs:
            start = self._pixel(knobs[key])
            end = self._pixel(knobs[aim]) if aim in knobs else self._pointer
            draw.line(surface, theme, [start, end], palette.ink, 4.5)
            draw.line(surface, theme, [start, end], palette.teal if aim else palette.brass_light, 2.5)

    def _draw_knob(self, surface: pygame.Surface, theme: Theme, at: tuple[int, int], lit: bool) -> None:
        palette = theme.palette
        fill = palette.teal if lit else palette.card
        draw.disc(surface, theme, at, KNOB, fill, outline=palette.teal, width=1.8)
        icons.put_icon(surface, theme, "plus", at, 12, palette.card if lit else palette.teal)
