"""Who moves next: a button for everything that may happen, for a player who is the wind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame

from game.desktop import draw, icons, words
from game.desktop.theme import Theme, mix
from game.desktop.widgets import Button, Event, Widget
from game.story import Frame, label_of, owner, who
from game.trace import Wind, format_wind
from game.world import Move


class GustButton(Button):
    """One agent's next step: its number key, its mark, its name, what it would do."""

    radius = 9

    def __init__(self, number: int, move: Move, clerk: int, on_press: Callable[[], object]) -> None:
        super().__init__(who(move.event.agent), on_press)
        self.number = number
        self.does = label_of(move.event)
        self.clerk = clerk

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, look, rect = theme.palette, theme.clerk(self.clerk), self.rect
        lit = self.hovered or self.pressed
        ground = mix(palette.card, look.fill, 0.16 if lit else 0.05)
        draw.panel(
            surface, theme, rect, ground, radius=9, outline=look.fill if lit else palette.line, width=1.5
        )
        cap = pygame.Rect(rect.x + theme.px(9), 0, theme.px(22), theme.px(22))
        cap.centery = rect.centery
        draw.panel(surface, theme, cap, palette.card, radius=5, outline=palette.faint)
        words.label(
            surface, theme, str(self.number), cap, palette.ink, role="code", size="caption", weight="bold",
            align="centre",
        )  # fmt: skip
        icons.clerk_mark(surface, theme, (cap.right + theme.px(18), rect.centery), look, 15)
        x = cap.right + theme.px(34)
        place = pygame.Rect(x, rect.y, rect.right - x - theme.px(12), rect.height)
        words.label(surface, theme, self.does, place, palette.muted, role="code", size="small", align="right")
        place.width -= theme.width(self.does, "code", "small") + theme.px(8)
        words.label(surface, theme, self.words, place, look.deep, role="code", weight="bold")


class GustPanel(Widget):
    """The next gust to choose, and the wind blown so far."""

    def __init__(self, on_gust: Callable[[str], object]) -> None:
        super().__init__()
        self._on_gust = on_gust
        self._buttons: tuple[GustButton, ...] = ()
        self._wind: Wind = ()
        self._waiting: tuple[tuple[int, str], ...] = ()
        self._shown: object = None

    def show(self, moves: Sequence[Move], wind: Wind, frame: Frame | None, clerks: Sequence[str]) -> None:
        """Offer these moves after this wind; `frame` says who waits, and for what."""
        key = (tuple(move.event for move in moves), wind)
        if key == self._shown:
            return
        self._shown = key
        self._wind = wind
        self._buttons = tuple(
            GustButton(number, move, clerks.index(owner(move.event.agent)), self._blow(move.event.gust))
            for number, move in enumerate(moves, 1)
        )
        able = {owner(move.event.agent) for move in moves}
        self._waiting = tuple(
            (clerks.index(view.name), f"{view.name} {view.blocked or _state(view.life)}")
            for view in (frame.snapshot.clerks if frame else ())
            if view.name not in able
        )

    def _blow(self, gust: str) -> Callable[[], object]:
        return lambda: self._on_gust(gust)

    def choose(self, number: int) -> bool:
        """Take the move with this number; False when there is none."""
        if 1 <= number <= len(self._buttons):
            self._buttons[number - 1].press()
            return True
        return False

    def children(self) -> Sequence[Widget]:
        return self._buttons

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return False
        return any([child.handle(event) for child in self._buttons])

    def height(self, theme: Theme, clerks: int) -> int:
        """How high it must be for as many agents."""
        return theme.px(16 + 30 + 44 * clerks + 34 + 46)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        draw.panel(surface, theme, self.rect, palette.card, radius=10, outline=palette.line)
        inner = self.rect.inflate(-theme.px(28), -theme.px(22))
        head = pygame.Rect(inner.x, inner.y, inner.width, theme.px(26))
        title = "Who moves next?" if self._buttons else "Nobody can move any more"
        words.label(surface, theme, title, head, palette.ink, role="voice", size="lead", weight="bold")
        told = f"gust {len(self._wind) + 1}" if self._buttons else f"{len(self._wind)} gusts"
        words.label(surface, theme, told, head, palette.muted, size="small", align="right")
        y = head.bottom + theme.px(6)
        for button in self._buttons:
            button.rect = pygame.Rect(inner.x, y, inner.width, theme.px(38))
            button.draw(surface, theme)
            y += theme.px(44)
        for clerk, text in self._waiting:
            row = pygame.Rect(inner.x + theme.px(10), y, inner.width - theme.px(10), theme.px(26))
            icons.clerk_mark(
                surface, theme, (row.x + theme.px(5), row.centery), theme.clerk(clerk), 10, palette.faint
            )
            place = row.move(theme.px(18), 0)
            place.width -= theme.px(18)
            words.label(surface, theme, text, place, palette.muted, size="small")
            y += theme.px(26)
        foot = pygame.Rect(inner.x, inner.bottom - theme.px(24), inner.width, theme.px(24))
        if y < foot.y and self._wind:
            text = "your wind:  " + format_wind(self._wind)
            words.label(surface, theme, text, foot, palette.brass_ink, role="code", size="small")


def _state(life: str) -> str:
    return {
        "new": "has not been started",
        "home": "has gone home",
        "crashed": "stopped with an exception",
    }.get(life, "waits")
