"""Who moves next: a button for everything that may happen, for a player who is the wind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pygame

from game.desktop import draw, icons, words
from game.desktop.theme import Theme, mix
from game.desktop.widgets import Button, Event, Widget
from game.language import say, say_many
from game.story import Frame, is_fate, label_of, owner, who
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
    """The next gust to choose, and the wind blown so far. Everybody keeps their place and their number,
    whether they can move or not. Where there are too many, the wheel brings the others, row by row."""

    def __init__(
        self, agents: Sequence[str], clerks: Sequence[str], on_gust: Callable[[str], object]
    ) -> None:
        super().__init__()
        self._agents, self._clerks = tuple(agents), tuple(clerks)
        self._on_gust = on_gust
        self._rows: tuple[GustButton | _Waiting, ...] = ()
        self._wind: Wind = ()
        self._shown: object = None
        self._first, self._fits = 0, 0

    def show(self, moves: Sequence[Move], wind: Wind, frame: Frame | None) -> None:
        """Offer these moves after this wind; `frame` says who waits, and for what."""
        key = (tuple(move.event for move in moves), wind)
        if key == self._shown:
            return
        self._shown = key
        self._wind = wind
        rows: list[GustButton | _Waiting] = []
        extra = len(self._agents)
        known = dict.fromkeys((*self._agents, *(move.event.agent for move in moves)))
        for number, agent in enumerate(known, 1):
            clerk = self._clerks.index(owner(agent))
            mine = [move for move in moves if move.event.agent == agent]
            for nth, move in enumerate(mine):
                extra += nth > 0
                button = GustButton(extra if nth else number, move, clerk, self._blow(move.event.gust))
                rows.append(button)
            if not mine:
                rows.append(_Waiting(number, clerk, who(agent), _why(agent, frame)))
        self._rows = tuple(rows)

    def _blow(self, gust: str) -> Callable[[], object]:
        return lambda: self._on_gust(gust)

    def choose(self, number: int) -> bool:
        """Take the move with this number; False when it cannot be taken now."""
        for row in self._rows:
            if isinstance(row, GustButton) and row.number == number:
                row.press()
                return True
        return False

    def children(self) -> Sequence[GustButton]:
        return [row for row in self._rows if isinstance(row, GustButton)]

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return False
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
        if event.type == pygame.MOUSEWHEEL and self.hovered:
            return self._scroll(-event.y)
        return any([child.handle(event) for child in self.children()])

    def _scroll(self, by: int) -> bool:
        before = self._first
        self._first = max(0, min(len(self._rows) - self._fits, self._first + by))
        return self._first != before

    def reveal(self, child: Widget) -> None:
        at = next((place for place, row in enumerate(self._rows) if row is child), self._first)
        self._scroll(min(0, at - self._first) or max(0, at + 1 - self._first - self._fits))

    def height(self, theme: Theme) -> int:
        """How high it must be."""
        return theme.px(22 + 32 + 44 * len(self._agents) + 30)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        draw.panel(surface, theme, self.rect, palette.card, radius=10, outline=palette.line)
        inner = self.rect.inflate(-theme.px(28), -theme.px(22))
        head = pygame.Rect(inner.x, inner.y, inner.width, theme.px(26))
        able = self.children()
        title = say("Who moves next?") if able else say("Nobody can move any more")
        words.label(surface, theme, title, head, palette.ink, role="voice", size="lead", weight="bold")
        blown = len(self._wind)
        told = (
            say("gust {number}", number=blown + 1)
            if able
            else say_many("{count} gust", "{count} gusts", blown)
        )
        words.label(surface, theme, told, head, palette.muted, size="small", align="right")
        foot = pygame.Rect(inner.x, inner.bottom - theme.px(22), inner.width, theme.px(24))
        y, step = head.bottom + theme.px(6), theme.px(44)
        room = foot.y - y
        if self._rows and step * len(self._rows) > room:
            step = max(theme.px(24), room // len(self._rows))
        self._fits = max(1, min(len(self._rows), room // step))
        self._scroll(0)
        shown = range(self._first, self._first + self._fits)
        wide = inner.width
        if self._fits < len(self._rows):
            wide -= theme.px(12)
            self._draw_bar(
                surface, theme, pygame.Rect(inner.right - theme.px(5), y, theme.px(6), step * self._fits)
            )
        for number, row in enumerate(self._rows):
            place = pygame.Rect(inner.x, y, wide, step - theme.px(6 if step >= theme.px(36) else 2))
            if isinstance(row, GustButton):
                row.rect = place if number in shown else pygame.Rect(0, 0, 0, 0)
            if number not in shown:
                continue
            if isinstance(row, GustButton):
                row.draw(surface, theme)
            else:
                row.draw(surface, theme, place)
            y += step
        if self._wind:
            text = say("your wind:  {wind}", wind=format_wind(self._wind))
            words.label(surface, theme, text, foot, palette.brass_ink, role="code", size="small")

    def _draw_bar(self, surface: pygame.Surface, theme: Theme, room: pygame.Rect) -> None:
        """How much of the rows one sees, and where."""
        count = len(self._rows)
        bar = pygame.Rect(room.x, 0, room.width, max(room.width * 2, room.height * self._fits // count))
        bar.top = room.top + (room.height - bar.height) * self._first // (count - self._fits)
        draw.pill(surface, theme, bar, theme.palette.faint if self.hovered else theme.palette.line)


class _Waiting(NamedTuple):
    """Somebody who cannot move now, and why not."""

    number: int
    clerk: int
    name: str
    why: str

    def draw(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> None:
        palette = theme.palette
        draw.dashed_panel(surface, theme, rect, None, palette.line, radius=9)
        cap = pygame.Rect(rect.x + theme.px(9), 0, theme.px(22), theme.px(22))
        cap.centery = rect.centery
        words.label(
            surface, theme, str(self.number), cap, palette.faint, role="code", size="caption", align="centre"
        )
        look = theme.clerk(self.clerk)
        icons.clerk_mark(surface, theme, (cap.right + theme.px(18), rect.centery), look, 13, palette.faint)
        x = cap.right + theme.px(34)
        place = pygame.Rect(x, rect.y, rect.right - x - theme.px(12), rect.height)
        named = words.label(surface, theme, self.name, place, palette.muted, role="code", size="small")
        place.width, place.left = place.right - named.right - theme.px(10), named.right + theme.px(10)
        words.label(surface, theme, self.why, place, palette.muted, size="small", align="right")


def _why(agent: str, frame: Frame | None) -> str:
    if agent.startswith("~"):
        return say("has nothing to carry")
    if is_fate(agent):
        return say("naps elsewhere") if agent.startswith("cat:") else say("is not on its way")
    view = frame.clerks.get(agent) if frame else None
    return (view.blocked or _state(view.life)) if view else ""


def _state(life: str) -> str:
    return {
        "new": say("has not been started"),
        "home": say("has gone home"),
        "crashed": say("stopped with an exception"),
        "terminated": say("was sent away by a signal"),
        "killed": say("was ended by a signal"),
        "napped": say("has the cat asleep on it"),
    }.get(life, "waits")
