"""The strip below the board of a build level: what may still be taken, and what has been built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pygame

from game.desktop import draw, words
from game.desktop.built import Built, left_in_tray
from game.desktop.carrying import Carrying
from game.desktop.theme import Role, Theme
from game.desktop.widgets import Button, Event, IconButton, Widget
from game.language import say, say_many
from game.level.model import Building, Supply
from game.level.slots import KIND, written

_GAP = 6
_HIGH = 30
_PICTURE = 34


class NameButton(Button):
    """A button that says a name, as code is written; small, for there may be many."""

    role: Role = "code"
    radius = 15

    def size(self, theme: Theme) -> tuple[int, int]:
        wide, high = super().size(theme)
        return wide - theme.px(16), max(theme.px(_HIGH), high - theme.px(4))


Drawing = Callable[[Theme, str, tuple[int, int]], pygame.Surface]
"""How a kind looks on the board, no larger than a size in pixels."""


class SupplyButton(NameButton):
    """A kind there is to take: how it looks, its name, and how many there are."""

    def __init__(self, supply: Supply, on_press: Callable[[], object], drawing: Drawing) -> None:
        super().__init__(supply.kind.name, on_press, tip=say(supply.kind.help))
        self.supply = supply
        self.left = 0
        self._drawing = drawing

    def size(self, theme: Theme) -> tuple[int, int]:
        wide, high = super().size(theme)
        return wide + theme.px(_PICTURE + 6) + self._count(theme), high

    def _count(self, theme: Theme) -> int:
        return theme.width(f"{self.left}×", size="small", weight="bold") + theme.px(6)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect = theme.palette, self.rect
        self.enabled = self.left > 0
        fill = palette.hover if (self.hovered or self.pressed) and self.enabled else palette.card
        draw.pill(surface, theme, rect, fill, outline=palette.line)
        picture = self.picture(theme)
        wide = theme.px(_PICTURE)
        surface.blit(picture, picture.get_rect(center=(rect.x + theme.px(9) + wide // 2, rect.centery)))
        inner = pygame.Rect(rect.x + theme.px(15) + wide, rect.y, 0, rect.height)
        inner.width = rect.right - theme.px(9) - inner.x
        count = words.label(
            surface,
            theme,
            f"{self.left}×",
            inner,
            palette.brass_ink,
            size="small",
            weight="bold",
            align="right",
        )
        inner.width = count.left - theme.px(4) - inner.x
        ink = palette.ink if self.enabled else palette.faint
        words.label(surface, theme, self.words, inner, ink, role="code", size="small", weight="bold")

    def picture(self, theme: Theme, large: bool = False) -> pygame.Surface:
        size = (theme.px(110), theme.px(80)) if large else (theme.px(_PICTURE), theme.px(_HIGH - 8))
        found = self._drawing(theme, self.supply.kind.name, size)
        if not self.enabled:
            found = found.copy()
            found.set_alpha(90)
        return found


class Tray(Widget):
    """Kinds to take at the left, parts to look at and set after them, undo and redo at the right. A kind is
    taken by a press, or carried to where the part should stand: `on_drop` hears where it was let go."""

    def __init__(
        self,
        building: Building,
        on_take: Callable[[Supply], object],
        on_drop: Callable[[Supply, tuple[int, int]], object],
        on_open: Callable[[str], object],
        on_undo: Callable[[], object],
        on_redo: Callable[[], object],
        drawing: Drawing,
    ) -> None:
        super().__init__()
        self.building = building
        self._on_open, self._on_drop = on_open, on_drop
        self.carrying: Carrying[SupplyButton] = Carrying(lambda: self.takes, self._drop)
        self.takes = tuple(
            SupplyButton(supply, partial(on_take, supply), drawing) for supply in building.tray
        )
        self.parts: tuple[NameButton, ...] = ()
        self.undo = IconButton(
            "undo", on_undo, tip=say("What was built last, taken back"), style="ghost", across=28
        )
        self.redo = IconButton("redo", on_redo, tip=say("Once more as it was"), style="ghost", across=28)
        self._built: Built | None = None
        self.show(Built(), undo=False, redo=False)

    def show(self, built: Built, *, undo: bool, redo: bool) -> None:
        """What is built, and whether that can be taken back."""
        self.undo.enabled, self.redo.enabled = undo, redo
        if built == self._built:
            return
        self._built = built
        for take in self.takes:
            take.left = left_in_tray(self.building, built, take.supply)
            take.enabled = take.left > 0
        kept = {button.words: button for button in self.parts}
        self.parts = tuple(kept.get(name) or self._part(name) for name in built.parts)
        for button, part in zip(self.parts, built.parts.values(), strict=True):
            told = ", ".join(f"{key}: {written(value)}" for key, value in part.items() if key != KIND)
            button.tip = say("{kind}: set it, give it away  ·  {told}", kind=part[KIND], told=told or "–")

    def _part(self, name: str) -> NameButton:
        return NameButton(name, lambda: self._on_open(name), icon="gear")

    def children(self) -> Sequence[Widget]:
        return (*self.takes, *self.parts, self.undo, self.redo)

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return False
        if self.carrying.handle(event):
            return True
        return any([child.handle(event) for child in self.children()])

    def _drop(self, button: SupplyButton, point: tuple[int, int]) -> None:
        if not self.rect.collidepoint(point):
            self._on_drop(button.supply, point)

    # -- places and drawing --

    @property
    def label(self) -> str:
        """What stands before it all; where ways are counted, how many are left."""
        if self.building.ways is None:
            return say("Tray")
        given = sum(map(len, self._built.gets.values())) if self._built is not None else 0
        left = self.building.ways - given
        return say_many("Tray, {count} way left", "Tray, {count} ways left", left)

    def height(self, theme: Theme, width: int) -> int:
        """How high it must be at this width."""
        return self._rows(theme, width) * theme.px(_HIGH + _GAP) + theme.px(_GAP)

    def _rows(self, theme: Theme, width: int) -> int:
        return 1 + max(row for row, _ in self._places(theme, width))

    def _places(self, theme: Theme, width: int) -> list[tuple[int, int]]:
        """For each button its row and its left edge, the label's width kept free in the first."""
        gap, row = theme.px(_GAP), 0
        places: list[tuple[int, int]] = []
        x = theme.px(10) + theme.width(self.label, size="small", weight="bold") + theme.px(10)
        spare = theme.px(10 + 2 * 28 + _GAP)
        for button in (*self.takes, *self.parts):
            wide = button.size(theme)[0]
            if x + wide > width - spare and places:
                row, x = row + 1, theme.px(10)
            places.append((row, x))
            x += wide + gap
        return places

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect = theme.palette, self.rect
        draw.panel(surface, theme, rect, palette.paper, radius=0)
        surface.fill(palette.line, pygame.Rect(rect.x, rect.y, rect.width, max(1, theme.px(1))))
        high, gap = theme.px(_HIGH), theme.px(_GAP)
        label = pygame.Rect(rect.x + theme.px(10), rect.y + gap, rect.width, high)
        words.label(surface, theme, self.label, label, palette.ink, size="small", weight="bold")
        places = self._places(theme, rect.width)
        for button, (row, x) in zip((*self.takes, *self.parts), places, strict=True):
            button.put(theme, left=rect.x + x, top=rect.y + gap + row * (high + gap))
            button.draw(surface, theme)
        right = rect.right - theme.px(8)
        for tool in (self.redo, self.undo):
            tool.put(theme, right=right, centery=rect.y + gap + high // 2)
            tool.draw(surface, theme)
            right = tool.rect.left - theme.px(2)
        if self.carrying.carried is not None:
            lifted = self.carrying.carried.picture(theme, large=True)
            surface.blit(lifted, lifted.get_rect(center=self.carrying.pointer))
