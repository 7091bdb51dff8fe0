"""How far a player is: totals, a card a chapter with its levels, and of one level its attempts and its bests
against what stars ask for. Drawn, not decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import pygame

from game.campaign import Campaign, Card, Chapter, Standing
from game.desktop import draw, icons, words
from game.desktop.app import Event
from game.desktop.charts import named
from game.desktop.scenes.drawers import judgement
from game.desktop.scenes.level_sheet import Measure
from game.desktop.scenes.levels import draw_star
from game.desktop.theme import Theme
from game.desktop.widgets import Pressable
from game.history import Try
from game.language import Said, say, say_many
from game.saves import LevelProgress, Progress

CELL: Final = (70, 50)
"""A level's cell, in lengths of the design."""


class Totals(NamedTuple):
    """All packs together."""

    solved: int
    levels: int
    stars: int
    attempts: int

    @property
    def told(self) -> tuple[tuple[str, Said, float], ...]:
        """For each tile an icon, its words, and how full its bar is, from 0 to 1; below 0 there is none."""
        return (
            (
                "check",
                say("{solved} of {levels} solved", solved=self.solved, levels=self.levels),
                self.solved / max(1, self.levels),
            ),
            (
                "star",
                say("{stars} of {most} stars", stars=self.stars, most=3 * self.levels),
                self.stars / max(1, 3 * self.levels),
            ),
            ("pen", say_many("{count} attempt", "{count} attempts", self.attempts), -1.0),
        )


def totals(campaigns: Sequence[Campaign], progress: Progress) -> Totals:
    levels = [progress.of(card.key) for campaign in campaigns for card in campaign.levels]
    return Totals(
        sum(level.solved for level in levels),
        len(levels),
        sum(level.stars for level in levels),
        sum(level.attempts for level in levels),
    )


class LevelCell(Pressable):
    """One level: its number, its stars or how it stands. The last chosen one is marked."""

    radius = 9

    def __init__(self, card: Card, on_choose: Callable[[LevelCell], object]) -> None:
        super().__init__(lambda: on_choose(self), tip=say(card.title))
        self.card = card
        self.progress = LevelProgress()
        self.standing: Standing = "open"
        self.is_next = self.chosen = False
        self.again = False
        """Whether it was chosen already when the last press of it began."""

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.MOUSEBUTTONDOWN, pygame.KEYDOWN):
            self.again = self.chosen  # a press of the mouse chooses it before it is let go
        return super().handle(event)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect = theme.palette, self.rect
        ground = (
            palette.teal_tint if self.progress.solved else palette.hover if self.hovered else palette.paper
        )
        rim = palette.post if self.chosen else palette.ink if self.hovered else palette.line
        draw.panel(
            surface, theme, rect, ground, radius=9, outline=rim, width=2.5 if self.chosen else 1
        )  # fmt: skip
        number = pygame.Rect(rect.x, rect.y + theme.px(4), rect.width, theme.px(22))
        ink = palette.muted if self.standing == "locked" else palette.ink
        words.label(
            surface, theme, self.card.id, number, ink,
            role="voice", size="lead", weight="bold", align="centre",
        )  # fmt: skip
        y = rect.bottom - theme.px(14)
        if self.progress.solved:
            for at in range(3):
                draw_star(
                    surface,
                    theme,
                    (rect.centerx + theme.px(17 * (at - 1)), y),
                    16,
                    got=at < self.progress.stars,
                    paper=True,
                )
            return
        sign = {"locked": "lock", "skipped": "forward"}.get(self.standing, "play" if self.is_next else "")
        if sign:
            ink = palette.post if self.is_next else palette.muted
            icons.put_icon(surface, theme, sign, (rect.centerx, y), 15, ink)


class ChapterCard(NamedTuple):
    """A chapter with the cells of its levels."""

    number: int
    chapter: Chapter
    cells: tuple[LevelCell, ...]

    def paint(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        """The card from the top of a rect down; its height."""
        palette, pad = theme.palette, theme.px(14)
        wide, high = theme.px(CELL[0]), theme.px(CELL[1])
        gap, top = theme.px(8), theme.px(40)
        across = max(1, (rect.width - 2 * pad + gap) // (wide + gap))
        rows = -(-len(self.cells) // across)
        card = pygame.Rect(rect.x, rect.y, rect.width, top + rows * (high + gap) + theme.px(6))
        draw.panel(surface, theme, card, palette.card, radius=12, outline=palette.line, shadow=2)
        line = pygame.Rect(card.x + pad, card.y + theme.px(8), card.width - 2 * pad, theme.px(26))
        told = say(
            "{solved} of {levels}",
            solved=sum(cell.progress.solved for cell in self.cells),
            levels=len(self.cells),
        )
        stars = str(sum(cell.progress.stars for cell in self.cells))
        count = words.label(surface, theme, stars, line, palette.brass_ink, weight="bold", align="right")
        icons.put_icon(surface, theme, "star", (count.left - theme.px(11), line.centery), 15, palette.brass)
        line.width = count.left - theme.px(34) - line.left
        count = words.label(surface, theme, told, line, palette.muted, size="small", align="right")
        line.width = count.left - theme.px(12) - line.left
        title = say("{number}  {title}", number=self.number, title=say(self.chapter.title))
        words.label(surface, theme, title, line, palette.ink, role="voice", size="lead", weight="bold")
        for at, cell in enumerate(self.cells):
            x = card.x + pad + at % across * (wide + gap)
            cell.rect = pygame.Rect(x, card.y + top + at // across * (high + gap), wide, high)
            cell.draw(surface, theme)
        return card.height


def paint_totals(surface: pygame.Surface, theme: Theme, rect: pygame.Rect, found: Totals) -> None:
    """The totals side by side, a tile each."""
    palette, gap = theme.palette, theme.px(10)
    told = found.told
    wide = (rect.width - gap * (len(told) - 1)) // len(told)
    for at, (sign, text, part) in enumerate(told):
        tile = pygame.Rect(rect.x + at * (wide + gap), rect.y, wide, rect.height)
        draw.panel(surface, theme, tile, palette.card, radius=10, outline=palette.line)
        line = pygame.Rect(tile.x + theme.px(38), tile.y, tile.width - theme.px(46), tile.height)
        line.height -= theme.px(8) if part >= 0 else 0
        ink = {"check": palette.teal, "star": palette.brass}.get(sign, palette.muted)
        icons.put_icon(surface, theme, sign, (tile.x + theme.px(21), line.centery), 18, ink)
        words.label(surface, theme, text, line, palette.ink, size="small", weight="bold")
        if part >= 0:
            bar = pygame.Rect(
                tile.x + theme.px(12), tile.bottom - theme.px(12), tile.width - theme.px(24), theme.px(6)
            )
            draw.pill(surface, theme, bar, palette.hover)
            if part:
                draw.pill(
                    surface,
                    theme,
                    pygame.Rect(*bar.topleft, max(bar.height, round(bar.width * part)), bar.height),
                    ink,
                )


def paint_attempts(surface: pygame.Surface, theme: Theme, rect: pygame.Rect, tries: Sequence[Try]) -> int:
    """The judged attempts in their order, a mark each, the last at the right; how high that is."""
    palette, step = theme.palette, theme.px(22)
    high = theme.px(34)
    box = pygame.Rect(rect.x, rect.y, rect.width, high)
    draw.panel(surface, theme, box, palette.paper, radius=8)
    most = max(1, (rect.width - theme.px(16)) // step)
    for at, tried in enumerate(tries[-most:]):
        centre = (box.x + theme.px(8) + step * at + step // 2, box.centery)
        _, sign, ink = judgement(tried, palette)
        if tried.verdict == "PROVED":
            draw.disc(surface, theme, centre, 9, palette.teal)
            ink = palette.card
        icons.put_icon(surface, theme, sign, centre, 13, ink)
    return high


def paint_measure(surface: pygame.Surface, theme: Theme, rect: pygame.Rect, one: Measure) -> int:
    """A bar as long as the best, and where two and three stars end; how high that is."""
    palette, high = theme.palette, theme.px(46)
    line = pygame.Rect(rect.x, rect.y, rect.width, theme.px(20))
    words.label(surface, theme, named(one.metric), line, palette.ink, size="small")
    best = say("not solved yet") if one.best is None else say("your best: {count}", count=one.best)
    ink = palette.muted if one.best is None else palette.teal if one.met else palette.ink
    words.label(surface, theme, best, line, ink, size="small", weight="bold", align="right")
    track = pygame.Rect(rect.x, line.bottom + theme.px(6), rect.width, theme.px(10))
    draw.pill(surface, theme, track, palette.hover)
    bounds = [(bound, stars) for bound, stars in ((one.three, 3), (one.two, 2)) if bound is not None]
    longest = 1.25 * max([bound for bound, _ in bounds] + [one.best or 1])
    if one.best is not None:
        bar = pygame.Rect(
            *track.topleft, max(track.height, round(track.width * one.best / longest)), track.height
        )
        draw.pill(surface, theme, bar, palette.teal if one.met else palette.brass)
    for bound, stars in bounds:
        x = track.x + round(track.width * bound / longest)
        draw.line(
            surface, theme, [(x, track.y - theme.px(3)), (x, track.bottom + theme.px(3))], palette.ink, 2
        )
        place = pygame.Rect(x - theme.px(40), track.bottom + theme.px(2), theme.px(80), theme.px(16))
        told = words.label(surface, theme, str(bound), place, palette.muted, size="caption", align="centre")
        for at in range(stars):
            spot = (told.right + theme.px(8 + 11 * at), told.centery)
            icons.put_icon(surface, theme, "star", spot, 10, palette.brass)
    return high + theme.px(10)
