"""The bar above a level: the way back, its name, its goals as chips, and what helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import pygame

from game.desktop import words
from game.desktop.keys import BY_NAME
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Chip, IconButton, Key
from game.goals import Fails, Goal, View
from game.language import say
from game.level.model import Level

HEIGHT: Final = 52


class Deeds(NamedTuple):
    """What the bar's buttons do."""

    back: Callable[[], object]
    hint: Callable[[], object]
    saves: Callable[[], object]
    share: Callable[[], object]
    glossary: Callable[[], object]
    settings: Callable[[], object]
    help: Callable[[], object]


class LevelBar:
    """The widgets of the bar and what is painted between them. It lies along the top of the window."""

    def __init__(self, level: Level, does: Deeds) -> None:
        self._level = level
        self.number = level.id
        """What stands before the title; "" for an office that has only that."""
        self.back = IconButton("back", does.back, tip=say("Back to the levels"), style="bar")
        self.hint = Button(say("Hint"), does.hint, style="bar", icon="hint", keys=(Key(pygame.K_F4),))
        self.hint.enabled = bool(level.hints)
        self.book = IconButton(
            "book", does.glossary, tip=say("Glossary"), style="bar", keys=BY_NAME["glossary"].keys
        )
        self.saves = IconButton(
            "drawers", does.saves, tip=say("Saves"), style="bar", keys=BY_NAME["saves"].keys
        )
        self.share = IconButton("envelope", does.share, tip=say("Share"), style="bar")
        self.settings = IconButton("gear", does.settings, tip=say("Settings"), style="bar")
        self.help = IconButton("help", does.help, tip=say("Keys"), style="bar", keys=BY_NAME["help"].keys)
        self.helpers = (self.hint, self.saves, self.share, self.book, self.settings, self.help)
        promise = say("your wind does it") if level.mode == "wind" else say("holds in every wind")
        self.promise = Chip(promise, dark=True)
        self._names_title = True
        self._win: tuple[Goal, ...] = ()
        self.goals: tuple[Chip, ...] = ()
        self.set_goals(level.win)

    @property
    def chips(self) -> Sequence[Chip]:
        return (*self.goals, self.promise)

    @property
    def goals_rect(self) -> pygame.Rect:
        """Where the goals and the promise stand."""
        return self.promise.rect.unionall([chip.rect for chip in self.goals])

    def set_goals(self, win: tuple[Goal, ...]) -> bool:
        """Show these goals; each case of a level has its own. True when they are others than before."""
        if win == self._win:
            return False
        self._win = win
        self.goals = tuple(Chip(goal.words(), dark=True) for goal in win)
        return True

    def judge(self, view: View | None, verdict: str) -> None:
        """`view` is what a run that has ended came to, None before; `verdict` the inspector's word or ""."""
        self.promise.state = "good" if verdict == "PROVED" else "bad" if verdict == "REFUTED" else "open"
        for goal, chip in zip(self._win, self.goals, strict=True):
            if isinstance(goal, Fails):  # which no end shows by itself
                chip.state = self.promise.state
            else:
                chip.state = "open" if view is None else "bad" if goal.at_the_end(view) else "good"

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        middle = theme.px(HEIGHT) // 2
        self.back.put(theme, left=theme.px(10), centery=middle)
        self.help.put(theme, right=window.right - theme.px(12), centery=middle)
        self.settings.put(theme, right=self.help.rect.left - theme.px(2), centery=middle)
        self.book.put(theme, right=self.settings.rect.left - theme.px(2), centery=middle)
        self.share.put(theme, right=self.book.rect.left - theme.px(2), centery=middle)
        self.saves.put(theme, right=self.share.rect.left - theme.px(2), centery=middle)
        self.hint.put(theme, right=self.saves.rect.left - theme.px(4), centery=middle)
        end = self.hint.rect.left - theme.px(12)
        self._names_title = True
        left = self._left_of_chips(theme)
        rows = _rows([chip.size(theme)[0] for chip in self.chips], theme.px(8), end - left)
        if rows is None and self.number:  # the story tells the title too, and nothing else the goals
            self._names_title = False
            left = self._left_of_chips(theme)
        self._place_chips(theme, left, end - left, middle)

    def _left_of_chips(self, theme: Theme) -> int:
        return self.back.rect.right + theme.px(28) + theme.width(self._name, "voice", "head", "bold")

    def _place_chips(self, theme: Theme, left: int, room: int, middle: int) -> None:
        """In one row, or else in two; cut short only where that is not enough."""
        gap, widths = theme.px(8), [chip.size(theme)[0] for chip in self.chips]
        first = _rows(widths, gap, room) or (len(widths) + 1) // 2
        rows = [range(first), range(first, len(widths))] if first < len(widths) else [range(first)]
        for at, row in enumerate(rows):
            most = (room - gap * (len(row) - 1)) // len(row)
            whole = sum(widths[one] for one in row) + gap * (len(row) - 1)
            wide = widths if whole <= room else [min(width, most) for width in widths]
            x = left + max(0, room - whole) // 2
            for one in row:
                chip = self.chips[one]
                chip.rect = pygame.Rect(x, 0, wide[one], theme.px(26 if len(rows) == 1 else 22))
                chip.rect.centery = middle if len(rows) == 1 else middle + (2 * at - 1) * theme.px(12)
                x += wide[one] + gap

    @property
    def _name(self) -> str:
        if not self.number:
            return say(self._level.title)
        if not self._names_title:
            return self.number
        return say("{number}  {title}", number=self.number, title=say(self._level.title))

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(HEIGHT))
        surface.fill(palette.ink, bar)
        place = pygame.Rect(self.back.rect.right + theme.px(8), 0, bar.width, bar.height)
        number = words.label(
            surface, theme, self.number, place, palette.brass_light,
            role="voice", size="head", weight="bold",
        )  # fmt: skip
        place.left = number.right + (theme.px(10) if self.number else 0)
        if self._names_title:
            words.label(
                surface, theme, say(self._level.title), place, palette.on_ink,
                role="voice", size="head", weight="bold",
            )  # fmt: skip
        for chip in self.chips:
            chip.draw(surface, theme)


def _rows(widths: Sequence[int], gap: int, room: int) -> int | None:
    """How many chips the first row has where all are seen in full: all of them, if they fit in one row, or
    those with which the wider of two rows is narrowest. None if there is too little room for two."""

    def wide(row: Sequence[int]) -> int:
        return sum(row) + gap * max(0, len(row) - 1)

    if wide(widths) <= room:
        return len(widths)
    best = min(range(1, len(widths) + 1), key=lambda first: max(wide(widths[:first]), wide(widths[first:])))
    return best if max(wide(widths[:best]), wide(widths[best:])) <= room else None
