"""Who and what the game is made of: fonts, libraries, and their licences."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import pygame

from game.desktop import draw, words
from game.desktop.cliff import paint_cliff
from game.desktop.house import House
from game.desktop.scenes.room import Room
from game.desktop.theme import Theme, asset_path
from game.desktop.widgets import IconButton, ScrollArea
from game.language import say

LIBRARIES: Final = (
    ("pygame-ce", say("windows, pictures, keys"), "LGPL-2.1"),
    ("Pygments", say("colours of code"), "BSD-2-Clause"),
    ("PyYAML", say("level files"), "MIT"),
    ("pydantic", say("their schema"), "MIT"),
    ("pluggy", say("plugins"), "MIT"),
    ("click", say("the command line"), "BSD-3-Clause"),
    ("rich", say("what it prints"), "MIT"),
    ("platformdirs", say("where saves lie"), "MIT"),
    ("Pillow", say("moving pictures"), "MIT-CMU"),
)
"""What the game stands on, for what, and under which licence."""


class Credit(NamedTuple):
    name: str
    by: str
    licence: str


def assets() -> list[Credit]:
    """The rows of every table in assets/LICENSES.md that says who made a thing and under which licence."""
    found: list[Credit] = []
    columns: list[str] = []
    for line in asset_path("LICENSES.md").read_text(encoding="utf-8").splitlines():
        cells = [_plain(cell) for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            columns = []
        elif not columns:
            columns = cells
        elif set(line) - set("|-: ") and {"by", "licence"} <= set(columns):
            row = dict(zip(columns, cells, strict=False))
            found.append(Credit(row.get("family", cells[0]), row["by"], row["licence"]))
    return found


def _plain(cell: str) -> str:
    """A cell without marks of Markdown: a link is its words, an address in angles goes."""
    words = re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", cell)
    return re.sub(r",?\s*<[^>]*>|[`*]", "", words).strip()


class CreditsScene(Room):
    """The credits, over the office on its cliff."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._assets = assets()
        self._libraries = [Credit(*row) for row in LIBRARIES]
        self._back = IconButton("back", self.back, tip=say("Back"))
        self._list = ScrollArea(self._paint_list)
        self._sheet = pygame.Rect(0, 0, 1, 1)
        self.focus.set([self._back, self._list])
        self.focus.give(self._list)

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        margin = theme.px(28)
        self._sheet = pygame.Rect(margin, margin, min(theme.px(660), window.width - 2 * margin), 0)
        self._sheet.height = window.height - 2 * margin
        self._back.put(theme, left=self._sheet.x + theme.px(16), top=self._sheet.y + theme.px(16))
        self._list.rect = self._sheet.inflate(-theme.px(48), -theme.px(20))
        self._list.rect.top = self._back.rect.bottom + theme.px(6)
        self._list.rect.height = self._sheet.bottom - self._list.rect.top - theme.px(14)

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        paint_cliff(surface, theme, 2.4)
        draw.panel(surface, theme, self._sheet, palette.card, radius=14, outline=palette.line, shadow=6)
        head = pygame.Rect(self._back.rect.right + theme.px(14), self._back.rect.y, 0, self._back.rect.height)
        head.width = self._sheet.right - head.x - theme.px(20)
        words.label(
            surface, theme, say("Credits"), head, palette.ink, role="voice", size="title", weight="bold"
        )

    def _paint_list(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        palette, y = theme.palette, rect.y
        intro = say(
            "The Draughty Post Office is free software. What its own code draws is under its own licence."
        )
        y += words.write(surface, theme, intro, pygame.Rect(rect.x, y, rect.width, 0), palette.ink)
        for title, credits in ((say("Fonts and sounds"), self._assets), (say("Libraries"), self._libraries)):
            y += theme.px(16)
            head = pygame.Rect(rect.x, y, rect.width, theme.px(28))
            words.label(surface, theme, title, head, palette.post, role="voice", size="lead", weight="bold")
            y = head.bottom
            for one in credits:
                line = pygame.Rect(rect.x, y, rect.width, theme.px(26))
                licence = theme.width(one.licence, size="small")
                words.label(surface, theme, one.licence, line, palette.muted, size="small", align="right")
                name = words.label(surface, theme, one.name, line, palette.ink, weight="bold")
                by = pygame.Rect(name.right + theme.px(12), y, 0, line.height)
                by.width = line.right - licence - theme.px(12) - by.x
                words.label(surface, theme, one.by, by, palette.muted, size="small")
                y = line.bottom
        return y - rect.y + theme.px(12)
