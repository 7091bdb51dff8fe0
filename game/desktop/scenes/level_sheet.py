"""What the browser tells of one level: how it stands, what is to be done, and what stars ask for; of a broken
file, what is to be mended and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pygame

from game.desktop import draw, icons, words
from game.desktop.charts import named
from game.desktop.house import MODES
from game.desktop.scenes.levels import METRICS, draw_star
from game.desktop.scenes.shelves import LevelRow
from game.desktop.theme import Theme
from game.language import Said, joined, say, say_many
from game.level.model import Level
from game.problems import Problem

MOST_PROBLEMS = 20


class Measure(NamedTuple):
    """A metric of a level: the player's lowest, and what two and three stars ask for."""

    metric: str
    best: int | None
    two: int | None
    three: int | None

    @property
    def met(self) -> bool:
        """Whether the best is as good as anybody asks for."""
        bounds = [bound for bound in (self.two, self.three) if bound is not None]
        return self.best is not None and self.best <= min(bounds, default=self.best)


def measures(level: Level | None, best: Mapping[str, int]) -> list[Measure]:
    """What the stars of a level are about; where it was not read yet, what the player has reached."""
    stars = level.stars if level is not None else {}
    two, three = stars.get("two", {}), stars.get("three", {})
    asked = [metric for metric in METRICS if metric in two or metric in three]
    shown = asked or ([metric for metric in METRICS if metric in best] if level is None else [])
    return [Measure(metric, best.get(metric), two.get(metric), three.get(metric)) for metric in shown]


class LevelSheet:
    """Draws the sheet of one row into a column, from its top down."""

    def __init__(self, surface: pygame.Surface, theme: Theme, column: pygame.Rect) -> None:
        self.surface, self.theme, self.column = surface, theme, column
        self.y = column.y

    @property
    def height(self) -> int:
        return self.y - self.column.y

    def _line(self, high: float) -> pygame.Rect:
        """The next line of the column."""
        place = pygame.Rect(self.column.x, self.y, self.column.width, self.theme.px(high))
        self.y = place.bottom
        return place

    def _write(self, text: str, gap: float, **how: object) -> None:
        ink = how.pop("ink", self.theme.palette.ink)
        place = pygame.Rect(self.column.x, self.y, self.column.width, 0)
        self.y += words.write(self.surface, self.theme, text, place, ink, **how)  # type: ignore[arg-type]
        self.y += self.theme.px(gap)

    def level(self, row: LevelRow, level: Level | None, author: str = "") -> None:
        """A level that can be played. `level` is None until its file was read; `author` is its pack's."""
        palette, entry = self.theme.palette, row.entry
        if row.progress.solved:
            self.column.width -= self.theme.px(84)
        top = self.y
        self._write(say(entry.title), 2, role="voice", size="title", weight="bold")
        if row.progress.solved:
            self._stars(row.progress.stars, top)
            self.column.width += self.theme.px(84)
        self._write(_facts(row), 2, ink=palette.muted, size="small")
        self.author(level.author or author if level is not None else author)
        self.y += self.theme.px(8)
        self._write(say(entry.glance.objective), 12)
        self._subjects(entry.glance.teaches)
        found = measures(level, row.progress.best)
        if found:
            self._table(found)

    def broken(self, row: LevelRow) -> None:
        """A file in which something is wrong."""
        palette, entry = self.theme.palette, row.entry
        self._write(say(entry.title), 4, role="voice", size="title", weight="bold")
        count = say_many("{count} thing to mend in this file:", "{count} things to mend in this file:",
                         len(entry.problems))  # fmt: skip
        self._write(count, 10, ink=palette.post_deep, weight="bold")
        for problem in entry.problems[:MOST_PROBLEMS]:
            self._write(f"`{_spot(entry.path.name, problem)}`", 1, size="small", code=palette.brass_ink)
            told = joined(": ", [part for part in (problem.path, problem.message) if part])
            self._write(told, 9, size="small")

    def author(self, name: str) -> None:
        """Who wrote it."""
        if name:
            self._write(say("by {author}", author=name), 8, ink=self.theme.palette.muted, size="small")

    def foot(self, text: str) -> None:
        """Where it comes from."""
        muted = self.theme.palette.muted
        self._write(text, 2, ink=muted, size="caption", code=muted)

    def _stars(self, stars: int, top: int) -> None:
        theme = self.theme
        for at in range(3):
            x = self.column.right + theme.px(84 - 13 - 26 * (2 - at))
            draw_star(self.surface, theme, (x, top + theme.px(17)), 25, got=at < stars)

    def _subjects(self, subjects: tuple[str, ...]) -> None:
        """What it teaches, a slip each, as many in a line as fit."""
        theme, palette = self.theme, self.theme.palette
        if not subjects:
            return
        x, high = self.column.x, theme.line_height(size="small") + theme.px(6)
        for subject in subjects:
            wide = min(theme.width(say(subject), size="small") + theme.px(20), self.column.width)
            if x > self.column.x and x + wide > self.column.right:
                x, self.y = self.column.x, self.y + high + theme.px(5)
            slip = pygame.Rect(x, self.y, wide, high)
            draw.pill(self.surface, theme, slip, palette.brass_tint)
            inner = slip.inflate(-theme.px(18), 0)
            words.label(
                self.surface, theme, say(subject), inner, palette.brass_ink, size="small", align="centre"
            )
            x = slip.right + theme.px(6)
        self.y += high + theme.px(14)

    def _table(self, found: list[Measure]) -> None:
        """Each metric with the player's best, and the most that still earns two stars, and three."""
        theme, palette = self.theme, self.theme.palette
        head, line = self._line(24), theme.px(1)
        wide = theme.px(58)
        three = pygame.Rect(head.right - wide, head.y, wide, head.height)
        two = three.move(-wide, 0)
        best = pygame.Rect(head.x, head.y, two.left - head.x - theme.px(6), head.height)
        words.label(self.surface, theme, say("Your best"), best, palette.muted, size="caption", align="right")
        for place, count in ((two, 2), (three, 3)):
            for at in range(count):
                spot = (place.right - theme.px(7 + 14 * (count - 1 - at)), place.centery)
                icons.put_icon(self.surface, theme, "star", spot, 13, palette.brass)
        for one in found:
            self.surface.fill(palette.desk_line, (head.x, self.y, head.width, line))
            row = self._line(28)
            self._measure(one, row, (best.right, two.right, three.right))
        self.y += theme.px(2)

    def _measure(self, one: Measure, row: pygame.Rect, ends: tuple[int, int, int]) -> None:
        theme, palette, surface = self.theme, self.theme.palette, self.surface
        words.label(surface, theme, named(one.metric), row, palette.ink, size="small")
        mine = "–" if one.best is None else str(one.best)
        for number, end in zip((mine, _most(one.two), _most(one.three)), ends, strict=True):
            place = pygame.Rect(row.x, row.y, end - row.x, row.height)
            if end == ends[0]:
                ink = palette.muted if one.best is None else palette.teal if one.met else palette.ink
                words.label(
                    surface, theme, number, place, ink,
                    role="voice", size="lead", weight="bold", align="right",
                )  # fmt: skip
                continue
            words.label(surface, theme, number, place, palette.muted, size="small", align="right")


def _most(bound: int | None) -> str:
    return "" if bound is None else f"≤ {bound}"


def _spot(name: str, problem: Problem) -> str:
    """file:line:column, as the command line names it."""
    return ":".join(str(part) for part in (name, problem.place.line, problem.place.column) if part)


def _facts(row: LevelRow) -> Said:
    entry, level = row.entry, row.progress
    how = {
        "solved": say("solved"),
        "locked": say("locked on the map"),
        "skipped": say("skipped"),
        "open": say("not solved yet"),
    }["solved" if level.solved else row.standing]
    mode = MODES.get(entry.glance.mode, say(""))
    if not level.attempts:
        return say("{id}   ·   {mode}   ·   {standing}", id=entry.id, mode=mode, standing=how)
    tries = say_many("{count} attempt", "{count} attempts", level.attempts)
    return say(
        "{id}   ·   {mode}   ·   {standing}   ·   {attempts}",
        id=entry.id, mode=mode, standing=how, attempts=tries,
    )  # fmt: skip
