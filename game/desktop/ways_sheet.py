"""The sheet of one part, or of one clerk: how it is set, and who is given what, a row each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pygame

from game.desktop import words
from game.desktop.slot_panel import Segments
from game.desktop.theme import Role, Theme
from game.desktop.widgets import Event, Widget
from game.language import Said, say
from game.level.model import Option

ROW = 44


class Line(NamedTuple):
    """One row: what it is about, what it may be set to, which of these it is, and who hears of another."""

    label: str
    options: tuple[Option, ...]
    chosen: int
    on_choose: Callable[[int], object]


def _role(label: str) -> Role:
    """Names stand as in code, what was said in words as words."""
    return "interface" if isinstance(label, Said) else "code"


class Choice(Segments):
    takes_text = True  # the arrow keys are its own, not the dialog's


class WaysSheet(Widget):
    """Rows that are asked for anew after every change. `lines` says what they are now."""

    def __init__(self, lines: Callable[[], Sequence[Line]], on_walk: Callable[[Widget], object]) -> None:
        super().__init__()
        self._lines = lines
        self._on_walk = on_walk
        self._shown: tuple[Line, ...] = ()
        self.rows: tuple[Choice, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        """As things are now. Rows that can be set as before stay the same widgets, and keep the keyboard."""
        before, self._shown = self._shown, tuple(self._lines())
        rows = []
        for number, line in enumerate(self._shown):
            old = before[number] if number < len(before) else None
            if old is not None and (old.label, old.options) == (line.label, line.options):
                row = self.rows[number]
                row.chosen = line.chosen
            else:
                row = Choice(line.options, line.chosen, self._chooser(number))
            rows.append(row)
        self.rows = tuple(rows)

    def _chooser(self, number: int) -> Callable[[int], object]:
        return lambda index: self._choose(number, index)

    def _choose(self, number: int, index: int) -> None:
        at = next((n for n, row in enumerate(self.rows) if row.focused), number)
        self._shown[number].on_choose(index)
        self.refresh()
        if self.rows and not any(row.focused for row in self.rows):
            self._on_walk(self.rows[min(at, len(self.rows) - 1)])

    def children(self) -> Sequence[Widget]:
        return self.rows

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP):
            return False
        return any([row.handle(event) for row in self.rows])

    def walk(self, event: Event) -> bool:
        """Take Up and Down from row to row; True when there was one to go to."""
        step = {pygame.K_UP: -1, pygame.K_DOWN: 1}.get(event.key, 0) if event.type == pygame.KEYDOWN else 0
        at = next((number for number, row in enumerate(self.rows) if row.focused), None)
        if not step or at is None or not 0 <= at + step < len(self.rows):
            return False
        self._on_walk(self.rows[at + step])
        return True

    def size(self, theme: Theme) -> tuple[int, int]:
        label = max((self._wide(theme, line.label) for line in self._shown), default=0)
        widest = max((row.width(theme) for row in self.rows), default=0)
        return max(theme.px(420), label + theme.px(20) + widest), theme.px(ROW) * max(1, len(self.rows))

    def _wide(self, theme: Theme, label: str) -> int:
        return theme.width(label, _role(label), "small", "bold")

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, y = theme.palette, self.rect.y
        if not self.rows:
            words.label(
                surface, theme, say("Nothing can be set here."), self.rect, palette.muted, size="small"
            )
            return
        indent = max(self._wide(theme, line.label) for line in self._shown) + theme.px(20)
        for line, row in zip(self._shown, self.rows, strict=True):
            place = pygame.Rect(self.rect.x, y, self.rect.width, theme.px(ROW - 8))
            words.label(
                surface,
                theme,
                line.label,
                place,
                palette.ink,
                role=_role(line.label),
                size="small",
                weight="bold",
            )
            wide = min(self.rect.width - indent, max(row.width(theme), theme.px(200)))
            row.rect = pygame.Rect(self.rect.x + indent, y, wide, place.height)
            row.draw(surface, theme)
            y += theme.px(ROW)
