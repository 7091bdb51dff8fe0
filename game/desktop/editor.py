"""The script editor: what the player writes, in colours, with its troubles and where each clerk stands.

The text and its edits are `game.desktop.text`'s. Letters stand on a grid of cells, drawn one by one: fonts
for programmers join `!=` into one sign, and a learner must see the two that were typed.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pygame

from game.desktop import draw, icons, words
from game.desktop.bars import FindBar, LineBar, of_mouse
from game.desktop.brackets import partner
from game.desktop.colouring import coloured, open_strings
from game.desktop.completion import Call, Offers, Vocabulary, call_at, get_ready, help_at, offers_at
from game.desktop.fields import Clipboard, is_command, press_key, types_a_letter
from game.desktop.keys import MODIFIER_KEYS
from game.desktop.listing import inks_of
from game.desktop.popup import OfferList, draw_call
from game.desktop.text import LIMIT, Buffer, Spot
from game.desktop.theme import ClerkLook, Colour, Theme, mix
from game.desktop.widgets import ENTER, Event, Widget, held_modifiers
from game.language import say

# What the editor's keys do, for a page of help. Keys any text field has are not repeated.
SHORTCUTS = (
    ("Ctrl+Space", say("what could be written here")),
    ("Tab, Enter", say("take what is offered (Esc: not now)")),
    ("Ctrl+Shift+Space", say("what the call around the caret takes")),
    ("Ctrl+F, F3", say("find, find again (Shift+F3: backwards)")),
    ("Ctrl+H", say("find and replace")),
    ("Ctrl+G", say("go to a line")),
    ("F8, Shift+F8", say("next problem, all problems")),
    ("Ctrl+/", say("make lines a comment, or code again")),
    ("Ctrl+Z, Ctrl+Y", say("undo, do again")),
    ("Ctrl+D", say("the line, or what is selected, once more")),
    ("Alt+Up, Alt+Down", say("move lines")),
    ("Ctrl+Shift+K", say("delete lines")),
    ("Ctrl+B", say("pause at this line, or no longer")),
    ("Tab, Shift+Tab", say("deeper, less deep; with lines selected, all of them")),
    ("Esc, then Tab", say("leave the script by keyboard (also Ctrl+Tab)")),
)

BLINK = 0.53
READY_AFTER = 0.06  # seconds on another line before what could be written there is looked up
TWICE = 0.4  # seconds in which a second press makes a double click
LONGEST_COLOURED = 1_000  # longer lines are not scripts but accidents


class Trouble(NamedTuple):
    """Something wrong with the script, at a line and column counted from 1 (column 0: the whole line)."""

    line: int
    column: int
    message: str


class Here(NamedTuple):
    """A clerk stands at this line (from 1): drawn in the clerk's look, with an initial; dashed if waiting."""

    line: int
    look: ClerkLook
    initial: str
    waiting: bool = False


def draw_badge(surface: pygame.Surface, theme: Theme, badge: pygame.Rect, here: Here, ground: Colour) -> None:
    """The initial of who stands at a line."""
    ink = theme.palette.code
    if here.waiting:
        draw.dashed_panel(surface, theme, badge, ground, ink, radius=5, dash=3, gap=2.5)
    else:
        draw.panel(surface, theme, badge, here.look.fill, radius=5, outline=ink)
    label = ink if here.waiting else here.look.ink
    words.label(surface, theme, here.initial, badge, label, size="caption", weight="bold", align="centre")


def cells(text: str) -> int:
    """How many cells of the grid a text takes: two for wide letters, none for accents that combine."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def _cells_of(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


class CodeEditor(Widget):
    """A script to write, or to read. Escape, then Tab, leaves it by keyboard; so does Ctrl+Tab.

    `troubles`, `here`, `marked` and `note` may be set at any time. `header` is how much room (a length of the
    design) is left above the script for tabs; `vocabulary()` is what the script may speak of, for what is
    offered and explained; `on_mark(lines)` is told the lines (from 1) to pause at, `on_menu(word, line,
    column)` what was pressed with the other mouse button."""

    focusable = True
    takes_text = True
    radius = 8

    def __init__(
        self,
        text: str = "",
        *,
        read_only: bool = False,
        on_change: Callable[[str], object] | None = None,
        vocabulary: Callable[[], Vocabulary] | None = None,
        on_mark: Callable[[frozenset[int]], object] | None = None,
        on_menu: Callable[[str, int, int], object] | None = None,
        clipboard: Clipboard | None = None,
        clock: Callable[[], float] = time.monotonic,
        header: float = 0,
        letters: float = 15,
    ) -> None:
        super().__init__()
        self.buffer = Buffer(text)
        self.read_only = read_only
        self.on_change = on_change
        self.vocabulary = vocabulary
        self.on_mark = on_mark
        self.on_menu = on_menu
        self.clipboard = clipboard or Clipboard()
        self.header = header
        self.letters = letters
        self.note = ""
        self.troubles: tuple[Trouble, ...] = ()
        self.here: tuple[Here, ...] = ()
        self.marked: frozenset[int] = frozenset()
        self.still = False  # no blinking: for pictures and for those who want no motion
        self.cursor = pygame.SYSTEM_CURSOR_IBEAM
        self._clock = clock
        self._body = pygame.Rect(0, 0, 1, 1)
        self._cell = (9, 24)
        self._gutter = 0
        self._across = self._down = 0  # scrolled by, in pixels
        self._follow = True
        self._blink = 0.0
        self._leaving = False
        self._said: tuple[str, float] = ("", 0.0)
        self._drag = ""  # "" | "letters" | "words" | "lines" | "bar"
        self._drag_from = (Spot(0, 0), Spot(0, 0))
        self._bar_grip = 0
        self._clicks = (0, -1.0, Spot(0, 0))
        self._finding: FindBar | LineBar | None = None
        self._list: OfferList | None = None
        self._call: Call | None = None
        self._pair: tuple[tuple[int, Spot], tuple[Spot, Spot] | None] = ((-1, Spot(0, 0)), None)
        self._pointed = -1
        self._ready_for = (0, -1)
        self._rested = 0.0
        self._longest: tuple[int, int] = (-1, 0)
        self._pointer = (-1, -1)
        self._strip = 14  # the part of the gutter that is pressed to pause at a line
        self._states: tuple[int, list[str]] = (-1, [])

    # The text

    @property
    def text(self) -> str:
        return self.buffer.text

    def set_text(self, text: str) -> None:
        """Another script, with nothing to undo. To change this one, use `buffer.replace_all`."""
        self.buffer = Buffer(text)
        self._across = self._down = 0
        self._finding = None
        self._list = self._call = None

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor at a place counted from 1, and show it."""
        self.buffer.go(Spot(line - 1, max(0, column - 1)))
        self._follow = True

    @property
    def word_at_cursor(self) -> tuple[str, int, int]:
        """The word the cursor stands in or behind, and its line and column from 1; "" where there is none."""
        line, column = self.buffer.cursor
        for start, end in (
            self.buffer.word_at(self.buffer.cursor),
            self.buffer.word_at(Spot(line, max(0, column - 1))),
        ):
            word = self.buffer.between(start, end)
            if word and (word[0].isalpha() or word[0] == "_"):
                return word, line + 1, start.column + 1
        return "", line + 1, column + 1

    def say(self, text: str, seconds: float = 3.0) -> None:
        """A sentence below the script, for a while."""
        self._said = (text, seconds)

    # Where things are

    def header_rect(self, theme: Theme) -> pygame.Rect:
        """The room for tabs above the script."""
        return pygame.Rect(self.rect.x, self.rect.y, self.rect.width, theme.px(self.header))

    def written_rect(self) -> pygame.Rect:
        """The part of it in which text stands, as it was last drawn."""
        wide, high = self._extent()
        return pygame.Rect(self.rect.topleft, (wide, self._body.y - self.rect.y + high)).clip(self.rect)

    def _measure(self, theme: Theme) -> None:
        font = theme.font("code", self.letters)
        row = round(self.letters * theme.scale * 1.62)
        self._cell = (font.size("0")[0], row)
        digits = max(2, len(str(self.buffer.height)))
        self._strip = theme.px(17)
        self._gutter = theme.px(28) + digits * theme.font("code", self.letters * 0.86).size("0")[0]

    def _left_of(self, spot: Spot) -> int:
        return self._text_left() + cells(self.buffer.line(spot.line)[: spot.column]) * self._cell[0]

    def _text_left(self) -> int:
        return self._body.x + self._gutter - self._across

    def _top_of(self, line: int) -> int:
        return self._body.y + line * self._cell[1] - self._down

    def spot_at(self, point: tuple[int, int]) -> Spot:
        """The place in the text nearest to a pixel."""
        line = max(0, min(self.buffer.height - 1, (point[1] - self._body.y + self._down) // self._cell[1]))
        target = (point[0] - self._text_left()) / self._cell[0]
        here = 0
        for column, letter in enumerate(self.buffer.line(line)):
            wide = _cells_of(letter)
            if target < here + wide / 2:
                return Spot(line, column)
            here += wide
        return Spot(line, len(self.buffer.line(line)))

    def _extent(self) -> tuple[int, int]:
        """How wide and how high the whole text is, its gutter with it."""
        if self._longest[0] != self.buffer.version:
            self._longest = (self.buffer.version, max(map(cells, self.buffer.lines)))
        longest = (self._longest[1] + 2) * self._cell[0] + self._gutter
        return longest, self.buffer.height * self._cell[1] + self._cell[1] // 2

    def _furthest(self) -> tuple[int, int]:
        wide, high = self._extent()
        return max(0, wide - self._body.width), max(0, high - self._body.height)

    def _scroll(self, across: int, down: int) -> None:
        most = self._furthest()
        self._across = max(0, min(most[0], across))
        self._down = max(0, min(most[1], down))

    def _show_cursor(self) -> None:
        wide, high = self._cell
        top = self.buffer.cursor.line * high
        down = max(min(self._down, top), top + high + high // 2 - self._body.height)
        x = cells(self.buffer.line(self.buffer.cursor.line)[: self.buffer.cursor.column]) * wide
        room = self._body.width - self._gutter - 3 * wide
        across = 0 if x <= room else max(min(self._across, x - 4 * wide), x - room)
        self._scroll(across, down)

    # Events

    def update(self, dt: float) -> bool:
        text, left = self._said
        if left > 0:
            self._said = (text, left - dt)
        ended = left > 0 >= left - dt
        if not self.focused:
            self._list = self._call = None
        elif self.vocabulary is not None and not self.read_only:
            now = (self.buffer.height, self.buffer.cursor.line)
            if now != self._ready_for:
                self._ready_for, self._rested = now, 0.0
            elif self._rested < READY_AFTER:  # never in the frame that shows the key that led here
                self._rested += dt
                if self._rested >= READY_AFTER:
                    get_ready(self.vocabulary(), self.text, self.buffer.cursor.line)
        if self.still or not self.focused:
            return ended
        before, self._blink = self._blink, (self._blink + dt) % (2 * BLINK)
        return ended or (before < BLINK) != (self._blink < BLINK)

    def handle(self, event: Event) -> bool:
        version, cursor = self.buffer.version, (self.buffer.cursor, self.buffer.anchor)
        lines = self.buffer.lines if self.marked else ()
        taken = self._handle_mouse(event) if of_mouse(event) else self._handle_keys(event)
        if (self.buffer.cursor, self.buffer.anchor) != cursor or self.buffer.version != version:
            self._follow = True
            self._blink = 0.0
            if self._rested < READY_AFTER:
                self._rested = 0.0
            self._after(event, edited=self.buffer.version != version)
        if self.buffer.version != version:
            if (
                self.marked
                and self.on_mark
                and (moved := moved_lines(self.marked, lines, self.buffer.lines)) != self.marked
            ):
                self.marked = moved
                self.on_mark(moved)
            if self.on_change:
                self.on_change(self.text)
        return taken

    # What is offered

    def _after(self, event: Event, *, edited: bool) -> None:
        """The cursor has moved or the text has changed: offers and the call's line follow, or close."""
        letter = event.text if event.type == pygame.TEXTINPUT else ""
        erased = event.type == pygame.KEYDOWN and event.key == pygame.K_BACKSPACE and self._list is not None
        if (
            edited
            and self._finding is None
            and (letter.isidentifier() or letter == "." or letter.isdecimal() or erased)
        ):
            self._offer(asked=self._list is not None and self._list.asked)
        else:
            self._list = None
        if (edited and letter in ("(", ",")) or self._call is not None:
            self._show_call()

    def _offer(self, *, asked: bool) -> None:
        if self.vocabulary is None or self.read_only or self.buffer.selected:
            self._list = None
            return
        found = offers_at(self.vocabulary(), self.text, self.buffer.cursor)
        if found is None or not (asked or self._worth(found)):
            self._list = None
        elif self._list is not None and self._list.offers.start == found.start:
            self._list.renew(found)
        else:
            self._list = OfferList(found, asked=asked)

    def _worth(self, found: Offers) -> bool:
        """Whether offers should open by themselves: there is a beginning, and something to add to it."""
        after_dot = self.buffer.line(found.start.line)[: found.start.column].endswith(".")
        return (bool(found.typed) or after_dot) and any(one.name != found.typed for one in found.offers)

    def _take_offer(self) -> None:
        assert self._list is not None
        offer, offers = self._list.offer, self._list.offers
        self._list = None
        self.buffer.complete(offers.start, offer.text, offer.back)
        if offer.back:
            self._show_call()

    def _show_call(self) -> None:
        found = None
        if self.vocabulary is not None and not self.read_only and not self.buffer.selected:
            found = call_at(self.vocabulary(), self.text, self.buffer.cursor)
        self._call = found

    def _press_in_list(self, event: Event) -> bool:
        """Keys that mean the open list of offers."""
        assert self._list is not None
        if event.mod & (pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_META | pygame.KMOD_SHIFT):
            return False
        match event.key:
            case pygame.K_ESCAPE:
                self._list = None
            case pygame.K_UP | pygame.K_DOWN if len(self._list.offers.offers) > 1:
                self._list.move(-1 if event.key == pygame.K_UP else 1)
            case pygame.K_TAB:
                self._take_offer()
            case key if key in ENTER and self._list.completes:
                self._take_offer()
            case _:
                return False
        return True

    def _mouse_in_list(self, event: Event) -> bool:
        """The pointer over the open list of offers."""
        assert self._list is not None
        if event.type == pygame.MOUSEWHEEL:
            self._list.scroll(-round(event.precise_y * 2))
            return True
        over = self._list.at(event.pos)
        if event.type == pygame.MOUSEMOTION and over >= 0:
            self._list.marked, self._list.chosen = over, True
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and over >= 0:
            self._list.marked = over
            self._take_offer()
        return True

    def _mark_line(self, line: int) -> None:
        """Pause at a line (from 0) from now on, or no longer."""
        if self.on_mark is not None:
            self.marked = self.marked ^ {line + 1}
            self.on_mark(self.marked)

    def _handle_keys(self, event: Event) -> bool:
        if not self.focused:
            return False
        if self._finding is not None and self._finding.handle(event):
            return True
        if self._list is not None and event.type == pygame.KEYDOWN and self._press_in_list(event):
            return True
        if event.type == pygame.TEXTINPUT:
            self._type(event.text)
            return True
        if event.type != pygame.KEYDOWN or event.key in MODIFIER_KEYS:
            return False
        if event.key == pygame.K_ESCAPE:
            return self._escape()
        leaving, self._leaving = self._leaving, False
        if event.key == pygame.K_TAB:
            if leaving or event.mod & (pygame.KMOD_CTRL | pygame.KMOD_ALT) or self.read_only:
                return False
            self.buffer.dedent() if event.mod & pygame.KMOD_SHIFT else self.buffer.indent()
            return True
        return self._command(event) or self._press(event) or types_a_letter(event)

    def _press(self, event: Event) -> bool:
        version = self.buffer.version
        known = press_key(self.buffer, event, self.clipboard, read_only=self.read_only)
        writes = (pygame.K_BACKSPACE, pygame.K_DELETE, *ENTER)
        if (
            known
            and self.read_only
            and (event.key in writes or (is_command(event) and event.key == pygame.K_v))
        ):
            self._refuse()
        elif known and is_command(event) and event.key == pygame.K_v and version == self.buffer.version:
            self._say_full(self.clipboard.get())
        return known

    def _type(self, text: str) -> None:
        self._leaving = False
        if self.read_only:
            self._refuse()
        elif not self.buffer.bracket(text) and not self.buffer.insert(text):
            self._say_full(text)

    def _say_full(self, text: str) -> None:
        if text:
            self.say(say("A script has room for {most:,} letters; this would be too many.", most=LIMIT))

    def _refuse(self) -> None:
        self.say(say("This script is only to read: it is not yours to change."))

    def _escape(self) -> bool:
        if self._finding is not None or self._call is not None:
            self._finding = self._call = None
            return True
        if self._leaving or self.read_only:
            return False
        self._leaving = True
        self.say(say("Tab now leaves the script; any other key stays in it."), 4.0)
        return True

    def _command(self, event: Event) -> bool:
        """Keys that only a script has."""
        shift, buffer = bool(event.mod & pygame.KMOD_SHIFT), self.buffer
        alt = bool(event.mod & pygame.KMOD_ALT) and not event.mod & pygame.KMOD_CTRL
        page = max(1, self._body.height // self._cell[1] - 1)
        match event.key:
            case pygame.K_PAGEUP:
                buffer.vertical(-page, select=shift)
            case pygame.K_PAGEDOWN:
                buffer.vertical(page, select=shift)
            case pygame.K_UP | pygame.K_DOWN if alt:
                if not self.read_only:
                    buffer.move_lines(-1 if event.key == pygame.K_UP else 1)
            case pygame.K_UP | pygame.K_DOWN if is_command(event):
                step = self._cell[1] if event.key == pygame.K_DOWN else -self._cell[1]
                self._scroll(self._across, self._down + step)
                self._follow = False
            case pygame.K_F3:
                self._find_again(backwards=shift)
            case pygame.K_f if is_command(event):
                self._open_find()
            case pygame.K_h if is_command(event):
                self._open_find(replacing=not self.read_only)
            case pygame.K_g if is_command(event):
                self._list = self._call = None
                self._finding = LineBar(self.buffer, self.clipboard, self._close_find)
            case pygame.K_SPACE if is_command(event) and not self.read_only:
                if shift:
                    self._show_call()
                else:
                    self._offer(asked=True)
            case pygame.K_b if is_command(event) and self.on_mark is not None:
                self._mark_line(self.buffer.cursor.line)
            case pygame.K_d if is_command(event) and not self.read_only:
                buffer.duplicate()
            case pygame.K_k if is_command(event) and shift and not self.read_only:
                buffer.delete_lines()
            case key if is_command(event) and not self.read_only and _is_slash(key, shift):
                buffer.toggle_comment()
            case _:
                return False
        return True

    def _open_find(self, *, replacing: bool = False) -> None:
        self._list = self._call = None
        if replacing and isinstance(self._finding, FindBar):
            self._finding.show_replace()
            return
        selected = self.buffer.selected
        query = selected if selected and "\n" not in selected else ""
        self._finding = FindBar(
            self.buffer, query, self.clipboard, self._close_find, self.say, replacing=replacing
        )

    def _close_find(self) -> None:
        self._finding = None

    def _find_again(self, *, backwards: bool) -> None:
        if not isinstance(self._finding, FindBar):
            self._open_find()
        elif self._finding.query:
            self.buffer.find(self._finding.query, backwards=backwards)

    def _handle_mouse(self, event: Event) -> bool:
        if self._finding is not None and self._finding.handle(event):
            return True
        if event.type != pygame.MOUSEWHEEL:
            self._pointer = event.pos
        over_list = self._list is not None and self._list.rect.collidepoint(self._pointer)
        if over_list and event.type != pygame.MOUSEBUTTONUP:
            return self._mouse_in_list(event)
        if event.type == pygame.MOUSEWHEEL:
            if not self.hovered:
                return False
            step = round(-event.precise_y * 3 * self._cell[1])
            side = round(event.precise_x * 3 * self._cell[0])
            if held_modifiers() & pygame.KMOD_SHIFT:
                self._scroll(self._across + step, self._down)
            else:
                self._scroll(self._across + side, self._down + step)
            self._follow = False
            return True
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            in_strip = self.hovered and event.pos[0] < self._body.x + self._strip
            self._pointed = (event.pos[1] - self._body.y + self._down) // self._cell[1] if in_strip else -1
            return self._drag_to(event.pos)
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._drag:
            self._drag = ""
            return True
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self._body.collidepoint(event.pos):
            self._mouse_down(event.pos)
            return True
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 3 and self._body.collidepoint(event.pos):
            return self._other_button(event.pos)
        return False

    def _other_button(self, point: tuple[int, int]) -> bool:
        """Put the cursor there, and tell what word it is."""
        spot = self.spot_at(point)
        start, end = self.buffer.selection
        if not start <= spot < end:
            self.buffer.go(spot)
        if self.on_menu is not None:
            self.on_menu(*self.word_at_cursor)
        return True

    def _mouse_down(self, point: tuple[int, int]) -> None:
        bar = self._scroll_bar()
        if bar is not None and bar.inflate(bar.width, 0).collidepoint(point):
            self._drag, self._bar_grip = "bar", point[1] - bar.y
            return
        self._list = self._call = None
        if self.on_mark is not None and point[0] < self._body.x + self._strip:
            line = (point[1] - self._body.y + self._down) // self._cell[1]
            if line < self.buffer.height:
                self._mark_line(line)
            return
        spot, now = self.spot_at(point), self._clock()
        count, then, before = self._clicks
        count = count % 3 + 1 if now - then < TWICE and before.line == spot.line else 1
        if count > 1 and abs(before.column - spot.column) > 1:
            count = 1
        self._clicks = (count, now, spot)
        held = bool(held_modifiers() & pygame.KMOD_SHIFT)
        in_gutter = point[0] < self._body.x + self._gutter
        self._drag = "lines" if in_gutter or count == 3 else "words" if count == 2 else "letters"
        self._drag_from = self._stretch(spot)
        if held:
            self.buffer.go(spot, select=True)
        else:
            self.buffer.select(*self._drag_from)

    def _stretch(self, spot: Spot) -> tuple[Spot, Spot]:
        if self._drag == "words":
            return self.buffer.word_at(spot)
        if self._drag == "lines":
            return Spot(spot.line, 0), self.buffer.clamp(
                Spot(spot.line + 1, 0)
                if spot.line + 1 < self.buffer.height
                else Spot(spot.line, len(self.buffer.line(spot.line)))
            )
        return spot, spot

    def _drag_to(self, point: tuple[int, int]) -> bool:
        if not self._drag:
            return False
        if self._drag == "bar":
            bar = self._scroll_bar()
            if bar is not None:
                travel = max(1, self._body.height - bar.height)
                part = (point[1] - self._bar_grip - self._body.y) / travel
                self._scroll(self._across, round(part * self._furthest()[1]))
                self._follow = False
            return True
        start, end = self._stretch(self.spot_at(point))
        if start < self._drag_from[0]:
            self.buffer.select(self._drag_from[1], start)
        else:
            self.buffer.select(self._drag_from[0], end)
        return True

    def tip_at(self, point: tuple[int, int]) -> str:
        """What is wrong where the pointer is, else what the word there means."""
        if not self._body.collidepoint(point) or self._drag:
            return ""
        line = (point[1] - self._body.y + self._down) // self._cell[1]
        if line >= self.buffer.height:
            return ""
        wrong = [trouble.message for trouble in self.troubles if trouble.line == line + 1]
        if wrong:
            return "\n".join(wrong)
        spot = self.spot_at(point)
        start, end = self.buffer.word_at(spot)
        over = point[0] >= self._text_left() and point[0] < self._left_of(end) + self._cell[0]
        word = self.buffer.between(start, end)
        if self.vocabulary is None or not over or not (word and (word[0].isalpha() or word[0] == "_")):
            return ""
        return help_at(self.vocabulary(), self.text, word, line + 1, start.column + 1)

    # Drawing

    def _ground(self, theme: Theme) -> Colour:
        palette = theme.palette
        return mix(palette.slate, palette.slate_deep, 0.6) if self.read_only else palette.slate

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        self._measure(theme)
        clip = surface.get_clip()
        draw.panel(surface, theme, self.rect, self._ground(theme), radius=self.radius)
        if self.header:
            head = self.header_rect(theme)
            surface.set_clip(clip.clip(head))
            draw.panel(surface, theme, self.rect, theme.palette.slate_deep, radius=self.radius)
            surface.set_clip(clip)
        foot = self._footer(theme)
        top = self.rect.y + theme.px(self.header + 8)
        bottom = self.rect.bottom - (foot.height + theme.px(22) if foot else theme.px(6))
        self._body = pygame.Rect(self.rect.x, top, self.rect.width, max(self._cell[1], bottom - top))
        if self._follow:
            self._show_cursor()
            self._follow = False
        self._scroll(self._across, self._down)
        if shown := bottom - top >= self._cell[1]:  # else its head is all that there is
            surface.set_clip(clip.clip(self._body))
            self._draw_rows(surface, theme)
            self._draw_bars(surface, theme)
            surface.set_clip(clip)
        if foot:
            self._draw_footer(surface, theme, foot)
        if self.read_only and self.header and shown:
            self._draw_read_only(surface, theme)
        if self._finding is not None:
            self._finding.draw_in(surface, theme, self._body)
        self._draw_help(surface, theme)

    def _draw_help(self, surface: pygame.Surface, theme: Theme) -> None:
        """What is offered at the caret, and what the call around it takes."""
        room = pygame.Rect(self.rect.x, self._body.y, self.rect.width, self.rect.bottom - self._body.y)
        room = room.inflate(-theme.px(8), -theme.px(4))
        if self._list is not None:
            start = self._list.offers.start
            caret = pygame.Rect(self._left_of(start), self._top_of(start.line), 1, self._cell[1])
            self._list.draw(surface, theme, caret, room, self.letters)
        if self._call is not None and self._finding is None:
            start = self._call.start
            line = pygame.Rect(self._left_of(start), self._top_of(start.line), 1, self._cell[1])
            listed = self._list is not None and self._list.rect.top < line.top
            above = not listed and line.top - room.top >= theme.px(52)
            if not (self._list is not None and not above and not listed):
                draw_call(surface, theme, self._call, line, room, above=above)

    def _draw_rows(self, surface: pygame.Surface, theme: Theme) -> None:
        first = max(0, self._down // self._cell[1])
        last = min(self.buffer.height - 1, (self._down + self._body.height) // self._cell[1])
        if self._states[0] != self.buffer.version:
            self._states = (self.buffer.version, open_strings(self.buffer.lines))
        wrong = {trouble.line - 1: trouble for trouble in reversed(self.troubles)}
        standing: dict[int, list[Here]] = {}
        for here in self.here:
            standing.setdefault(here.line - 1, []).append(here)
        for line in range(first, last + 1):
            self._draw_ground(surface, theme, line, wrong.get(line), standing.get(line, []))
        self._draw_selection(surface, theme, first, last)
        left = self._body.x + self._gutter
        clip = surface.get_clip()
        surface.set_clip(
            clip.clip(pygame.Rect(left - 2, self._body.y, self._body.right - left + 2, self._body.height))
        )
        for line in range(first, last + 1):
            self._draw_line(surface, theme, line)
            if line in wrong:
                self._draw_squiggle(surface, theme, wrong[line])
        self._draw_caret(surface, theme)
        surface.set_clip(clip)
        for line in range(first, last + 1):
            self._draw_gutter(surface, theme, line, wrong.get(line), standing.get(line, []))

    def _draw_ground(
        self,
        surface: pygame.Surface,
        theme: Theme,
        line: int,
        wrong: Trouble | None,
        standing: Sequence[Here],
    ) -> None:
        palette, ground = theme.palette, self._ground(theme)
        if standing:
            colour = mix(ground, standing[0].look.fill, 0.3)
        elif wrong and not (self.focused and line == self.buffer.cursor.line):
            colour = palette.code_wrong  # but where one is writing, half a line is no reason to shout
        elif (
            self.focused
            and line == self.buffer.cursor.line
            and not self.buffer.selected
            and not self.read_only
        ):
            colour = palette.code_current
        else:
            return
        surface.fill(colour, (self._body.x, self._top_of(line), self._body.width, self._cell[1]))

    def _draw_selection(self, surface: pygame.Surface, theme: Theme, first: int, last: int) -> None:
        start, end = self.buffer.selection
        for line in range(max(first, start.line), min(last, end.line) + 1):
            left = start.column if line == start.line else 0
            right = end.column if line == end.line else len(self.buffer.line(line))
            x = self._left_of(Spot(line, left))
            wide = self._left_of(Spot(line, right)) - x
            if line < end.line:
                wide += self._cell[0] // 2  # the line end is selected too
            surface.fill(theme.palette.code_selected, (x, self._top_of(line), wide, self._cell[1]))
        if self._finding is None and self.focused:
            self._draw_pair(surface, theme, first, last)
        if isinstance(self._finding, FindBar) and self._finding.query:
            size = cells(self._finding.query) * self._cell[0]
            for spot in self._finding.places:
                if first <= spot.line <= last:
                    box = pygame.Rect(self._left_of(spot), self._top_of(spot.line), size, self._cell[1])
                    pygame.draw.rect(surface, theme.palette.brass, box, 1, border_radius=3)

    def _draw_pair(self, surface: pygame.Surface, theme: Theme, first: int, last: int) -> None:
        """The bracket at the cursor and its partner."""
        now = (self.buffer.version, self.buffer.cursor)
        if self._pair[0] != now:
            self._pair = (now, partner(self.buffer.lines, self.buffer.cursor))
        for spot in self._pair[1] or ():
            if first <= spot.line <= last:
                box = pygame.Rect(self._left_of(spot), self._top_of(spot.line), *self._cell)
                box.inflate_ip(theme.px(1), -theme.px(4))
                draw.panel(
                    surface,
                    theme,
                    box,
                    theme.palette.slate_light,
                    radius=3,
                    outline=theme.palette.brass_light,
                )

    def _draw_line(self, surface: pygame.Surface, theme: Theme, line: int) -> None:
        text = self.buffer.line(line)
        if not text or text.isspace():
            return
        state = self._states[1][line]
        at = (self._text_left(), self._top_of(line))
        if len(text) > LONGEST_COLOURED:
            self._draw_part(surface, theme, text, at)
            return
        row = theme.surfaces.get(
            ("code", text, state, self.letters, self._cell), lambda: self._row(theme, text, state)
        )
        surface.blit(row, at)

    def _row(self, theme: Theme, text: str, state: str) -> pygame.Surface:
        wide, high = self._cell
        row = pygame.Surface(((cells(text) + 1) * wide, high), pygame.SRCALPHA)
        inks, x = inks_of(theme.palette), 0
        for span in coloured(text, state):
            for letter in span.text:
                if letter != " ":
                    self._letter(row, theme, letter, inks[span.ink], x)
                x += _cells_of(letter) * wide
        return row

    def _letter(
        self, surface: pygame.Surface, theme: Theme, letter: str, ink: Colour, x: int, y: int = 0
    ) -> None:
        made = theme.text(letter, ink, "code", self.letters)
        surface.blit(made, (x, y + (self._cell[1] - made.get_height()) // 2))

    def _draw_part(self, surface: pygame.Surface, theme: Theme, text: str, at: tuple[int, int]) -> None:
        """The visible part of a line too long to be kept as a picture."""
        x, ink = at[0], theme.palette.code
        for letter in text:
            if x >= self._body.right:
                return
            if x > self._body.x and letter != " ":
                self._letter(surface, theme, letter, ink, x, at[1])
            x += _cells_of(letter) * self._cell[0]

    def _draw_squiggle(self, surface: pygame.Surface, theme: Theme, wrong: Trouble) -> None:
        text = self.buffer.line(wrong.line - 1)
        column = wrong.column - 1 if wrong.column else len(text) - len(text.lstrip())
        start = self.buffer.clamp(Spot(wrong.line - 1, column))
        _, end = self.buffer.word_at(start)
        if not wrong.column or text[start.column : end.column].isspace():
            end = Spot(start.line, len(text))
        left = self._left_of(start)
        right = max(self._left_of(end), left + self._cell[0])
        y, step = self._top_of(start.line) + self._cell[1] - theme.px(4), theme.px(3)
        points = [
            (left + i * step, y + (theme.px(2) if i % 2 else 0)) for i in range((right - left) // step + 1)
        ]
        if len(points) > 1:
            draw.line(surface, theme, points, theme.palette.code_wrong_ink, 1.1)

    def _draw_caret(self, surface: pygame.Surface, theme: Theme) -> None:
        if not self.focused or self.read_only or self._finding is not None or self._blink >= BLINK:
            return
        wide = max(2, theme.px(2))
        x, y = self._left_of(self.buffer.cursor) - wide // 2, self._top_of(self.buffer.cursor.line)
        inset = theme.px(2)
        surface.fill(theme.palette.brass_light, (x, y + inset, wide, self._cell[1] - 2 * inset))

    def _draw_gutter(
        self,
        surface: pygame.Surface,
        theme: Theme,
        line: int,
        wrong: Trouble | None,
        standing: Sequence[Here],
    ) -> None:
        palette, (_, high) = theme.palette, self._cell
        y = self._top_of(line)
        current = line == self.buffer.cursor.line and self.focused
        ink = (
            palette.code_wrong_ink
            if wrong
            else palette.code
            if current or standing
            else palette.code_number_line
        )
        number = theme.text(str(line + 1), ink, "code", self.letters * 0.86)
        right = self._body.x + self._gutter - theme.px(12)
        surface.blit(number, number.get_rect(right=right, centery=y + high // 2))
        spot = (self._body.x + theme.px(12), y + high / 2)
        if line + 1 in self.marked:
            draw.disc(surface, theme, spot, 6.5, palette.brass, outline=palette.brass_light, width=1.5)
        elif self._pointed == line and self.on_mark is not None:
            draw.disc(surface, theme, spot, 5, None, outline=palette.code_number_line, width=1.5)
        if wrong:
            draw.disc(surface, theme, spot, 4, palette.post, outline=palette.code_wrong_ink, width=1)
        for i, here in enumerate(standing):
            part = high // len(standing)
            bar = pygame.Rect(self._body.x, y + i * part, theme.px(5), part)
            draw.clerk_bar(surface, theme, bar, here.look, radius=0)
            side = high - theme.px(6)
            badge = pygame.Rect(0, 0, side + theme.px(2), side)
            badge.midright = (self._body.right - theme.px(12) - i * (side + theme.px(6)), y + high // 2)
            draw_badge(surface, theme, badge, here, self._ground(theme))

    def _scroll_bar(self) -> pygame.Rect | None:
        most = self._furthest()[1]
        if not most:
            return None
        wide = max(5, self._cell[0] // 2 + 1)
        whole = self._body.height + most
        high = max(self._cell[1], self._body.height * self._body.height // whole)
        y = self._body.y + (self._body.height - high) * self._down // most
        return pygame.Rect(self._body.right - wide - 2, y, wide, high)

    def _draw_bars(self, surface: pygame.Surface, theme: Theme) -> None:
        bar = self._scroll_bar()
        ink = (
            theme.palette.code_number_line
            if self.hovered or self._drag == "bar"
            else theme.palette.slate_line
        )
        if bar is not None:
            draw.pill(surface, theme, bar, ink)
        most = self._furthest()[0]
        if most:
            room = self._body.width - self._gutter - theme.px(14)
            wide = max(theme.px(24), room * room // (room + most))
            x = self._body.x + self._gutter + (room - wide) * self._across // most
            draw.pill(surface, theme, pygame.Rect(x, self._body.bottom - theme.px(6), wide, theme.px(4)), ink)

    def _footer(self, theme: Theme) -> words.Prose | None:
        palette = theme.palette
        at_cursor = [trouble for trouble in self.troubles if trouble.line == self.buffer.cursor.line + 1]
        trouble = next(iter([*at_cursor, *self.troubles]), None)
        if self._said[1] > 0:
            text, ink = self._said[0], palette.code
        elif trouble is not None:
            many = len(self.troubles) - 1
            text = say("Line {line}: {message}", line=trouble.line, message=trouble.message)
            if many:
                text = say(
                    "Line {line}: {message}  (and {many} more: F8)",
                    line=trouble.line,
                    message=trouble.message,
                    many=many,
                )
            ink = palette.code_wrong_ink
        elif self.note:
            text, ink = self.note, palette.brass_light
        else:
            return None
        width = self.rect.width - theme.px(32)
        return words.prose(theme, text, width, ink, size="small", code=palette.code)

    def _draw_footer(self, surface: pygame.Surface, theme: Theme, foot: words.Prose) -> None:
        y = self.rect.bottom - foot.height - theme.px(20)
        surface.fill(theme.palette.slate_line, (self.rect.x, y, self.rect.width, 1))
        foot.draw(surface, (self.rect.x + theme.px(16), y + theme.px(10)))

    def _draw_read_only(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, text = theme.palette, say("only to read")
        box = pygame.Rect(0, 0, theme.width(text, size="caption") + theme.px(36), theme.px(24))
        box.topright = (self.rect.right - theme.px(12), self._body.y)
        draw.pill(surface, theme, box, palette.slate_light, outline=palette.slate_line)
        icons.put_icon(
            surface, theme, "lock", (box.x + theme.px(14), box.centery - 1), 13, palette.code_comment
        )
        place = pygame.Rect(box.x + theme.px(24), box.y, box.width - theme.px(30), box.height)
        words.label(surface, theme, text, place, palette.code_comment, size="caption")


def moved_lines(marked: frozenset[int], before: Sequence[str], after: Sequence[str]) -> frozenset[int]:
    """Where marked lines (from 1) are after an edit; those in the middle of it stay as long as they exist."""
    pairs = enumerate(zip(before, after, strict=False))
    head = next((n for n, (one, two) in pairs if one != two), min(len(before), len(after)))
    most = min(len(before), len(after)) - head
    tail = 0
    while tail < most and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    shift = len(after) - len(before)
    found = set()
    for line in marked:
        if line > len(before) - tail:
            found.add(line + shift)
        elif line <= max(head, len(after) - tail):
            found.add(line)
    return frozenset(found)


def _is_slash(key: int, shift: bool) -> bool:
    """The comment key, where it is: / on most keyboards, # or Shift+7 on others."""
    return key in (pygame.K_SLASH, pygame.K_KP_DIVIDE, pygame.K_HASH) or (shift and key == pygame.K_7)
