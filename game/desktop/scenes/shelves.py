"""The shelves of the browser: a pack with its chapters, or a folder of the player's, level by level."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pygame

from game.campaign import Campaign, Card, Standing, Summary, standing
from game.desktop import draw, icons, words
from game.desktop.house import MODES
from game.desktop.scenes.levels import draw_star
from game.desktop.theme import Theme
from game.desktop.widgets import Pressable
from game.language import Said, say, say_many
from game.library import Entry
from game.saves import LevelProgress, Progress

ROW: Final = 40
HEAD: Final = 44
CHAPTER: Final = 34
_SIGNS: Final = {"locked": "lock", "skipped": "to end"}


class LevelRow(Pressable):
    """One level in the list: pressed once it is chosen, pressed again it opens. Only the chosen one is a stop
    of Tab; from there the arrows go on."""

    radius = 8

    def __init__(self, entry: Entry, on_press: Callable[[LevelRow], object]) -> None:
        super().__init__(lambda: on_press(self))
        self.entry = entry
        self.chosen = False
        self.standing: Standing = "open"
        self.progress = LevelProgress()

    @property
    def focusable(self) -> bool:  # type: ignore[override]
        return self.chosen

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect, entry = theme.palette, self.rect, self.entry
        ground = palette.card if self.chosen else palette.hover if self.hovered else None
        if ground is not None:
            rim = palette.post if self.chosen else None
            draw.panel(surface, theme, rect, ground, radius=8, outline=rim, width=1.5)
        number = pygame.Rect(rect.x + theme.px(12), rect.y, theme.px(54), rect.height)
        if entry.problems:
            spot = (number.x + theme.px(12), rect.centery)
            icons.put_icon(surface, theme, "warning", spot, 20, palette.post)
        else:
            words.label(
                surface, theme, entry.id, number, palette.post, role="voice", size="lead", weight="bold"
            )
        right = rect.right - theme.px(14)
        if not entry.problems:
            self._draw_standing(surface, theme, right)
            right -= theme.px(66)
        title = pygame.Rect(number.right, rect.y, right - number.right, rect.height)
        title.width -= self._draw_about(surface, theme, title)
        ink = palette.post_deep if entry.problems else palette.ink
        words.label(surface, theme, say(entry.title), title, ink, weight="bold")

    def _draw_about(self, surface: pygame.Surface, theme: Theme, room: pygame.Rect) -> int:
        """What one does there, or how much there is to mend, where the title leaves room for it; the pixels
        it takes."""
        entry, gap = self.entry, theme.px(14)
        about = MODES.get(entry.glance.mode, say(""))
        if entry.problems:
            about = say_many("{count} thing to mend", "{count} things to mend", len(entry.problems))
        wide = theme.width(about, size="small")
        if theme.width(say(entry.title), weight="bold") + gap + wide > room.width:
            return 0
        words.label(surface, theme, about, room, theme.palette.muted, size="small", align="right")
        return wide + gap

    def _draw_standing(self, surface: pygame.Surface, theme: Theme, right: int) -> None:
        """The stars that were earned, or why there are none; as with letters, not half of them."""
        if not surface.get_clip().contains(self.rect.inflate(0, -theme.px(16))):
            return
        if self.progress.solved:
            for at in range(3):
                spot = (right - theme.px(8 + 18 * (2 - at)), self.rect.centery)
                draw_star(surface, theme, spot, 17, got=at < self.progress.stars, paper=True)
        elif self.standing in _SIGNS:
            spot = (right - theme.px(8), self.rect.centery)
            icons.put_icon(surface, theme, _SIGNS[self.standing], spot, 15, theme.palette.muted)


class Chapter(NamedTuple):
    """Levels that stand together, under their chapter's title; "" where there are no chapters."""

    title: str
    rows: Sequence[LevelRow]
    number: int = 0


class Shelf(NamedTuple):
    """A pack, or a folder of the player's own levels."""

    name: str
    campaign: Campaign | None
    chapters: Sequence[Chapter]

    @property
    def rows(self) -> list[LevelRow]:
        return [row for chapter in self.chapters for row in chapter.rows]

    @property
    def cards(self) -> list[Card]:
        """The levels that can be played."""
        entries = [row.entry for row in self.rows if not row.entry.problems]
        return [Card(one.key, one.id, one.title, one.path) for one in entries]

    def head(self) -> Said:
        """What it is called."""
        if self.campaign is not None:
            return say(self.campaign.title)
        rest = self.name.split("/")[1:]
        if not self.name:
            return say("Opened from elsewhere")
        return say("Your levels: {folder}", folder="/".join(rest)) if rest else say("Your levels")


def shelved(rows: Iterable[LevelRow], campaigns: Sequence[Campaign]) -> list[Shelf]:
    """Rows as they stand: the packs' by chapters, in the order they are played, then the player's own."""
    left: Mapping[Path, LevelRow] = {row.entry.path: row for row in rows}
    left, shelves = dict(left), []
    for campaign in campaigns:
        chapters = []
        for number, chapter in enumerate(campaign.chapters, 1):
            found = [left.pop(card.path) for card in chapter.levels if card.path in left]
            if found:
                chapters.append(Chapter(chapter.title, found, number))
        if chapters:
            shelves.append(Shelf(campaign.title, campaign, chapters))
    own: dict[str, list[LevelRow]] = {}
    for row in left.values():
        own.setdefault(row.entry.shelf, []).append(row)
    return [*shelves, *(Shelf(name, None, [Chapter("", found)]) for name, found in own.items())]


def stand(rows: Iterable[LevelRow], campaigns: Sequence[Campaign], progress: Progress) -> None:
    """Tell the rows how far the player has come."""
    standings: dict[str, Standing] = {}
    for campaign in campaigns:
        standings |= standing(campaign, progress)
    for row in rows:
        row.progress = progress.of(row.entry.key)
        row.standing = standings.get(row.entry.key, "open")


def come(cards: Sequence[Card], progress: Progress) -> Summary:
    """How far somebody has come in these levels."""
    levels = [progress.of(card.key) for card in cards]
    solved, stars = sum(level.solved for level in levels), sum(level.stars for level in levels)
    return Summary(solved, len(levels), stars, 3 * len(levels))


def paint_shelf(
    surface: pygame.Surface, theme: Theme, shelf: Shelf, place: pygame.Rect, progress: Progress
) -> int:
    """Draw a shelf from the top of a place, put its rows there, and say how high it came to be."""
    y = place.y + _paint_head(surface, theme, shelf, place, progress)
    for chapter in shelf.chapters:
        if shelf.campaign is not None:
            found = come(shelf.campaign.chapters[chapter.number - 1].levels, progress)
            y += _paint_chapter(surface, theme, chapter, pygame.Rect(place.x, y, place.width, 0), found)
        for row in chapter.rows:
            row.rect = pygame.Rect(place.x, y, place.width, theme.px(ROW))
            row.draw(surface, theme)
            y += theme.px(ROW + 2)
        y += theme.px(4)
    return y - place.y + theme.px(12)


def _paint_head(
    surface: pygame.Surface, theme: Theme, shelf: Shelf, place: pygame.Rect, progress: Progress
) -> int:
    """Its name, and how much of it is solved: in numbers and as a bar below."""
    palette = theme.palette
    found = come(shelf.campaign.levels if shelf.campaign is not None else shelf.cards, progress)
    head = pygame.Rect(place.x, place.y, place.width, theme.px(HEAD - 10))
    told = say(
        "{solved} of {levels} solved   ·   {stars} of {all} stars",
        solved=found.solved, levels=found.levels, stars=found.stars, all=found.stars_of,
    )  # fmt: skip
    title, gap = shelf.head(), theme.px(14)
    if theme.width(title, "voice", "head", "bold") + gap + theme.width(told, size="small") > head.width:
        told = say("{solved} of {levels}", solved=found.solved, levels=found.levels)
    side = words.label(surface, theme, told, head, palette.muted, size="small", align="right")
    head.width = side.left - gap - head.x
    words.label(surface, theme, title, head, palette.ink, role="voice", size="head", weight="bold")
    bar = pygame.Rect(place.x, head.bottom, place.width, theme.px(4))
    draw.pill(surface, theme, bar, palette.desk_line)
    if found.solved:
        bar.width = max(theme.px(6), bar.width * found.solved // found.levels)
        draw.pill(surface, theme, bar, palette.teal)
    return theme.px(HEAD)


def _paint_chapter(
    surface: pygame.Surface, theme: Theme, chapter: Chapter, place: pygame.Rect, found: Summary
) -> int:
    palette = theme.palette
    line = pygame.Rect(place.x + theme.px(12), place.y, place.width - theme.px(26), theme.px(CHAPTER))
    told = say("{solved} of {levels}", solved=found.solved, levels=found.levels)
    side = words.label(surface, theme, told, line, palette.muted, size="caption", align="right")
    line.width = side.left - theme.px(10) - line.x
    title = say("{number}  {title}", number=chapter.number, title=say(chapter.title))
    words.label(surface, theme, title, line, palette.brass_ink, size="small", weight="bold")
    return theme.px(CHAPTER)
