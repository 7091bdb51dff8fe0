"""The glossary as the player reads it: a field to search, the terms, and what one of them means.

Texts with underlined terms, which lead here, are drawn with `LinkedScroll` or by whoever asks `with_terms`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import cast

import pygame

from game.desktop import draw, words
from game.desktop.colouring import Ink, coloured
from game.desktop.fields import TextField
from game.desktop.glossary import BY_KEY, ENTRIES, Entry, linked, search
from game.desktop.theme import Colour, Theme
from game.desktop.widgets import Button, Dialog, Event, ListBox, Row, ScrollArea, Widget
from game.language import say

WIDE, HIGH = 860, 420
"""The sheet's size in lengths of the design, where the window has room for it."""
LIST = 262


def with_terms(theme: Theme, text: str) -> str:
    """A text with its terms marked, in the player's language."""
    text = theme.said(text)
    return cast(str, theme.layouts.get(("linked", text), lambda: linked(text, theme.said)))


def paint_code(
    surface: pygame.Surface, theme: Theme, text: str, rect: pygame.Rect, letters: float = 13.5
) -> int:
    """A piece of a script on slate, in its colours; how high it came to be."""
    palette, row = theme.palette, round(letters * theme.scale * 1.55)
    lines = text.split("\n")
    box = pygame.Rect(rect.x, rect.y, rect.width, row * len(lines) + theme.px(18))
    draw.panel(surface, theme, box, palette.slate, radius=8)
    inks: dict[Ink, Colour] = {
        "plain": palette.code, "keyword": palette.code_keyword, "name": palette.code_name,
        "number": palette.code_number, "text": palette.code_text, "comment": palette.code_comment,
    }  # fmt: skip
    clip = surface.get_clip()
    surface.set_clip(clip.clip(box))
    y = box.y + theme.px(9)
    for line in lines:
        x = box.x + theme.px(14)
        for span in coloured(line):
            made = theme.text(span.text, inks[span.ink], "code", letters)
            surface.blit(made, made.get_rect(left=x, centery=y + row // 2))
            x += theme.width(span.text, "code", letters)
        y += row
    surface.set_clip(clip)
    return box.height


class LinkedScroll(ScrollArea):
    """A scrolled text whose painter says where its terms stand: `links` is filled anew at each drawing."""

    def __init__(
        self,
        paint: Callable[[pygame.Surface, Theme, pygame.Rect], int],
        on_link: Callable[[str], object],
        children: Callable[[], Sequence[Widget]] = tuple,
    ) -> None:
        super().__init__(paint, children)
        self.on_link = on_link
        self.links: list[tuple[pygame.Rect, str]] = []
        self.tips_at_pointer = True

    def add(self, laid: words.Prose, at: tuple[int, int]) -> None:
        """Terms of a text that was drawn at a place."""
        self.links += [(rect.move(at), key) for rect, key, _ in laid.links]

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        self.links.clear()
        super().draw(surface, theme)

    def link_at(self, point: tuple[int, int]) -> str:
        if not self.rect.collidepoint(point):
            return ""
        return next((key for rect, key in self.links if rect.collidepoint(point)), "")

    def handle(self, event: Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            over = bool(self.link_at(event.pos))
            self.cursor = pygame.SYSTEM_CURSOR_HAND if over else pygame.SYSTEM_CURSOR_ARROW
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and (key := self.link_at(event.pos)):
            self.on_link(key)
            return True
        return super().handle(event)

    def tip_at(self, point: tuple[int, int]) -> str:
        entry = BY_KEY.get(self.link_at(point))
        return say("**{name}**  Press to read what it is.", name=entry.name) if entry else ""


class _Search(TextField):
    """The field; Up and Down go through the list without leaving it."""

    def __init__(self, on_change: Callable[[str], object], rows: ListBox) -> None:
        super().__init__("", hint=say("search"), on_change=on_change, width=LIST)
        self._rows = rows

    def handle(self, event: Event) -> bool:
        moves = {pygame.K_UP: -1, pygame.K_DOWN: 1, pygame.K_PAGEUP: -8, pygame.K_PAGEDOWN: 8}
        if self.focused and event.type == pygame.KEYDOWN and event.key in moves:
            self._rows.mark(self._rows.marked + moves[event.key])
            return True
        return super().handle(event)


class GlossarySheet(Widget):
    """The body of the glossary's dialog. `said` gives a text in the player's language."""

    def __init__(self, key: str, room: tuple[int, int], said: Callable[[str], str]) -> None:
        super().__init__()
        self._room = room
        self._said = said
        self._found: tuple[Entry, ...] = ENTRIES
        self.entry = BY_KEY.get(key, ENTRIES[0])
        self._list = ListBox([], lambda _: None, self._mark)
        self._field = _Search(self._look, self._list)
        self._article = LinkedScroll(self._paint, self.show)
        self._see: list[Button] = []
        self._fill()
        self._list.mark(self._found.index(self.entry))

    @property
    def field(self) -> Widget:
        return self._field

    def show(self, key: str) -> None:
        """Turn to an entry."""
        if key not in BY_KEY:
            return
        self.entry = BY_KEY[key]
        if self.entry not in self._found:
            self._found = ENTRIES
            self._fill()
        self._list.mark(self._found.index(self.entry))
        self._article.offset = 0

    def _look(self, query: str) -> None:
        self._found = search(query, self._said)
        self._fill()
        if self._found:
            self._list.marked = 0
            self.entry = self._found[0]
            self._article.offset = 0

    def _fill(self) -> None:
        self._list.rows = tuple(Row(entry.name) for entry in self._found)

    def _mark(self, number: int) -> None:
        if number < len(self._found):
            self.entry = self._found[number]
            self._article.offset = 0

    def size(self, theme: Theme) -> tuple[int, int]:
        return min(theme.px(WIDE), self._room[0]), min(theme.px(HIGH), self._room[1])

    def children(self) -> Sequence[Widget]:
        wanted = [say("See: {name}", name=BY_KEY[key].name) for key in self.entry.see]
        if [button.words for button in self._see] != wanted:
            self._see = [
                Button(text, lambda key=key: self.show(key), style="ghost")  # type: ignore[misc]
                for text, key in zip(wanted, self.entry.see, strict=True)
            ]
        return [self._field, self._list, self._article, *self._see]

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return False
        return any([child.handle(event) for child in self.children()])

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        rect, gap = self.rect, theme.px(24)
        wide = min(theme.px(LIST), rect.width * 2 // 5)
        self._field.rect = pygame.Rect(rect.x, rect.y, wide, theme.px(34))
        self._list.rect = pygame.Rect(rect.x, rect.y + theme.px(44), wide, rect.height - theme.px(44))
        left = rect.x + wide + gap
        children = self.children()
        y = rect.bottom
        for button in reversed(self._see):
            button.put(theme, left=left - theme.px(12), bottom=y)
            y = button.rect.top
        self._article.rect = pygame.Rect(left, rect.y, rect.right - left, y - theme.px(6) - rect.y)
        surface.fill(theme.palette.desk_line, (left - gap // 2, rect.y, theme.px(1), rect.height))
        if not self._found:
            place = self._list.rect.inflate(-theme.px(20), 0)
            words.write(surface, theme, say("Nothing here is called so."), place, theme.palette.muted)
        for child in children:
            child.draw(surface, theme)

    def _paint(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        palette, entry, y = theme.palette, self.entry, rect.y
        column = pygame.Rect(rect.x, y, rect.width, 0)
        y += words.write(
            surface, theme, entry.name, column, palette.ink, role="voice", size="head", weight="bold"
        )
        if entry.python:
            column.y = y
            y += words.write(
                surface, theme, entry.python, column, palette.brass_ink, role="code", size="small"
            )
        text = re.sub(f"\x02{entry.key}\x03([^\x04]*)\x04", r"\1", with_terms(theme, entry.text))
        laid = words.prose(theme, text, rect.width, palette.ink, code=palette.brass_ink)
        place = (rect.x, y + theme.px(10))
        laid.draw(surface, place)
        self._article.add(laid, place)
        y = place[1] + laid.height + theme.px(14)
        if entry.example:
            y += paint_code(surface, theme, entry.example, pygame.Rect(rect.x, y, rect.width, 0)) + theme.px(
                10
            )
        return y - rect.y


def glossary(
    key: str,
    room: tuple[int, int],
    said: Callable[[str], str],
    open_page: Callable[[str], object],
    close: Callable[[], object],
) -> Dialog:
    """The dialog, open at an entry ("" for the first). `open_page` shows a page of Python's documentation."""
    sheet = GlossarySheet(key, room, said)

    def read_on() -> None:
        if sheet.entry.link:
            open_page(sheet.entry.link)

    buttons = [
        Button(
            say("Python's own page"), read_on, icon="document", tip=say("docs.python.org, in your browser")
        ),
        Button(say("Close"), close, style="primary"),
    ]
    dialog = GlossaryDialog(say("Glossary"), "", buttons, body=sheet)
    dialog.focus.give(sheet.field)
    return dialog


class GlossaryDialog(Dialog):
    """A dialog whose Left and Right are the field's."""

    def handle(self, event: Event) -> bool:
        sheet = self.body
        if isinstance(sheet, GlossarySheet):
            self.buttons[0].enabled = bool(sheet.entry.link)
        return super().handle(event)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        sheet = self.body
        if isinstance(sheet, GlossarySheet):
            self.buttons[0].enabled = bool(sheet.entry.link)
        super().draw(surface, theme)
