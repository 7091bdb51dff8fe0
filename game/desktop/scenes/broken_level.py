"""A level's file as somebody writes it: whether it has changed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pygame

from game.desktop import draw, words
from game.desktop.app import App
from game.desktop.house import House
from game.desktop.scenes.room import Room
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Key
from game.language import joined, say, say_many
from game.problems import Problem

WATCH_EVERY: Final = 0.25
"""Seconds between two looks at a file."""


class Watch:
    """Whether a file has changed since the last look."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._left = WATCH_EVERY
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return found.st_mtime_ns, found.st_size

    def changed(self, dt: float) -> bool:
        """Look again if it is time; True when it is another file than before."""
        self._left -= dt
        if self._left > 0:
            return False
        self._left = WATCH_EVERY
        before, self._seen = self._seen, self._stamp()
        return self._seen != before and self._seen != (0, 0)


def paint_problems(
    surface: pygame.Surface, theme: Theme, rect: pygame.Rect, path: Path, problems: Sequence[Problem]
) -> None:
    """What is wrong with a level's file, over a rect."""
    palette = theme.palette
    box = rect.inflate(-theme.px(24), -theme.px(24))
    draw.panel(surface, theme, box, palette.card, radius=10, outline=palette.post, width=2, shadow=5)
    inner = box.inflate(-theme.px(32), -theme.px(28))
    many = say_many("{count} problem in {name}", "{count} problems in {name}", len(problems), name=path.name)
    y = inner.y + words.write(
        surface, theme, many, inner, palette.post_deep, role="voice", size="head", weight="bold"
    )
    clip = surface.get_clip()
    surface.set_clip(inner)
    for problem in problems:
        where = ":".join(str(part) for part in (problem.place.line, problem.place.column) if part)
        told = joined(": ", [part for part in (problem.path, problem.message) if part])
        text = joined("", ["**", where or say("file"), "**  ", told])
        place = pygame.Rect(inner.x, y + theme.px(6), inner.width, 0)
        y = place.y + words.write(
            surface, theme, text, place, palette.ink, size="small", code=palette.brass_ink
        )
        if y > inner.bottom:
            break
    surface.set_clip(clip)


class BrokenLevelScene(Room):
    """A level whose file cannot be read: what is wrong with it, until it is mended. `read_again` shows the
    level in this scene's place."""

    def __init__(
        self, house: House, path: Path, problems: Sequence[Problem], read_again: Callable[[App], object]
    ) -> None:
        super().__init__(house)
        self.path, self.problems = path, tuple(problems)
        self._reads = read_again
        self._watch = Watch(path)
        self._back = Button(say("Back"), self.back, icon="back", keys=(Key(pygame.K_ESCAPE),))
        self._again = Button(
            say("Read it again"), self._read_again, style="primary", icon="retry", keys=(Key(pygame.K_F5),)
        )
        self.focus.set([self._again, self._back])
        self.focus.give(self._again)

    def _read_again(self) -> None:
        self._reads(self.app)

    def update(self, dt: float) -> bool:
        changed = super().update(dt)
        if self._watch.changed(dt):
            self._read_again()
        return changed

    def back(self) -> None:
        self.back_to_levels()

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        self._again.put(theme, right=window.centerx - theme.px(6), bottom=window.bottom - theme.px(28))
        self._back.put(theme, left=window.centerx + theme.px(6), bottom=window.bottom - theme.px(28))

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        surface.fill(theme.palette.paper)
        window = surface.get_rect()
        box = pygame.Rect(0, 0, min(window.width, theme.px(860)), window.height - theme.px(80))
        box.midtop = (window.centerx, theme.px(8))
        paint_problems(surface, theme, box, self.path, self.problems)
