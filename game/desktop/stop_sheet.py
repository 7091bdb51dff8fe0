"""The sheet on which a player says where a film should pause: who, where, what, and those said so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame

from game.desktop import words
from game.desktop.breakpoints import Breakpoints, Stop
from game.desktop.theme import Theme
from game.desktop.widgets import Event, ListBox, Row, Widget
from game.language import say


class StopSheet(Widget):
    """Three columns to choose from, and the stops made so far; Enter in a column makes the stop, Enter on a
    stop takes it away. `on_change` gets the new breakpoints."""

    def __init__(
        self,
        kinds: tuple[Sequence[str], Sequence[str], Sequence[str]],
        breakpoints: Breakpoints,
        on_change: Callable[[Breakpoints], object],
    ) -> None:
        super().__init__()
        self.kinds = kinds
        self.breakpoints = breakpoints
        self.on_change = on_change
        anything = (say("anybody"), say("anywhere"), say("anything"))
        self.columns = tuple(
            ListBox([Row(first), *(Row(one) for one in rows)], lambda _: self.add())
            for first, rows in zip(anything, kinds, strict=True)
        )
        self.made = ListBox([], self._drop)
        self._show()

    def _show(self) -> None:
        rows = [Row(stop.words(), icon="flag") for stop in self.breakpoints.stops]
        self.made.rows = tuple(rows)
        self.made.marked = max(0, min(self.made.marked, len(rows) - 1))

    @property
    def chosen(self) -> Stop:
        """The stop the three columns say now."""
        parts = [
            rows[column.marked - 1] if column.marked else ""
            for column, rows in zip(self.columns, self.kinds, strict=True)
        ]
        return Stop(*parts)

    def _set(self, breakpoints: Breakpoints) -> None:
        self.breakpoints = breakpoints
        self._show()
        self.on_change(breakpoints)

    def add(self) -> None:
        """Pause at what the columns say; nothing changes where that is a stop already."""
        if self.chosen not in self.breakpoints.stops:
            self._set(self.breakpoints.toggled_stop(self.chosen))

    def clear(self) -> None:
        """Pause nowhere any more, at no line either."""
        self._set(Breakpoints({}))

    def _drop(self, index: int) -> None:
        if index < len(self.breakpoints.stops):
            self._set(self.breakpoints.toggled_stop(self.breakpoints.stops[index]))

    def children(self) -> Sequence[Widget]:
        return (*self.columns, self.made) if self.breakpoints.stops else self.columns

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP):
            return False
        return any([child.handle(event) for child in self.children()])

    def size(self, theme: Theme) -> tuple[int, int]:
        return theme.px(560), theme.px(26 + 36 * 4 + 14 + 26 + 36 * 3)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        heads = (say("Who"), say("Where"), say("Does what"))
        gap = theme.px(10)
        wide = (self.rect.width - 2 * gap) // 3
        head, row = theme.px(26), theme.px(36)
        y = self.rect.y
        for index, (title, column) in enumerate(zip(heads, self.columns, strict=True)):
            x = self.rect.x + index * (wide + gap)
            place = pygame.Rect(x, y, wide, head)
            words.label(surface, theme, title, place, palette.post, size="small", weight="bold")
            column.rect = pygame.Rect(x, y + head, wide, row * 4)
            column.draw(surface, theme)
        y += head + row * 4 + theme.px(14)
        place = pygame.Rect(self.rect.x, y, self.rect.width, head)
        words.label(surface, theme, say("Pausing at"), place, palette.post, size="small", weight="bold")
        self.made.rect = pygame.Rect(self.rect.x, y + head, self.rect.width, row * 3)
        if self.breakpoints.stops:
            self.made.draw(surface, theme)
            return
        count = sum(len(lines) for lines in self.breakpoints.marked.values())
        told = say("Nothing yet.") if not count else say("Only at marked lines of the scripts.")
        place = pygame.Rect(self.rect.x, y + head, self.rect.width, row)
        words.label(surface, theme, told, place, palette.muted, size="small")
