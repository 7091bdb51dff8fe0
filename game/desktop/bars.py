"""The strips that open over a script: to find, to find and replace, to go to a line."""

from __future__ import annotations

from collections.abc import Callable

import pygame

from game.desktop import draw, words
from game.desktop.fields import Clipboard, TextField
from game.desktop.text import Buffer, Spot
from game.desktop.theme import Theme
from game.desktop.widgets import ENTER, Button, Event, IconButton, Widget
from game.language import Said, say, say_many


def of_mouse(event: Event) -> bool:
    return event.type in (
        pygame.MOUSEMOTION,
        pygame.MOUSEBUTTONDOWN,
        pygame.MOUSEBUTTONUP,
        pygame.MOUSEWHEEL,
    )


class FindBar:
    """What to look for, how often it is there, on and back; with `replacing` also what to put there instead.

    Enter goes on, Shift+Enter back; in the second field Enter replaces, Ctrl+Enter replaces everywhere."""

    def __init__(
        self,
        buffer: Buffer,
        query: str,
        clipboard: Clipboard,
        close: Callable[[], object],
        tell: Callable[[Said], object],
        *,
        replacing: bool = False,
    ) -> None:
        self.buffer = buffer
        self.replacing = replacing
        self.field = TextField(query, hint=say("find"), dark=True, width=150, clipboard=clipboard)
        self.other = TextField("", hint=say("replace by"), dark=True, width=150, clipboard=clipboard)
        self.field.buffer.select_all()
        self.field.focused = True
        self._tell = tell
        self._box = pygame.Rect(0, 0, 0, 0)
        self._buttons: tuple[Widget, ...] = (
            IconButton("up", lambda: self._go(backwards=True), tip=say("Previous"), style="bar", across=28),
            IconButton("down", lambda: self._go(backwards=False), tip=say("Next"), style="bar", across=28),
            IconButton("cross", close, tip=say("Close"), style="bar", across=28),
        )
        self._replacers = (
            Button(say("Replace"), self._replace, style="bar", tip=say("Enter")),
            Button(say("All"), self._replace_every, style="bar", tip=say("Ctrl+Enter")),
        )

    @property
    def query(self) -> str:
        return self.field.text

    @property
    def places(self) -> list[Spot]:
        return self.buffer.finds(self.query)

    def show_replace(self) -> None:
        """Open the second field, and write in it."""
        self.replacing = True
        self._write_in(self.other)

    def _write_in(self, field: TextField) -> None:
        self.field.focused, self.other.focused = field is self.field, field is self.other

    def _go(self, *, backwards: bool) -> None:
        if self.query:
            self.buffer.find(self.query, backwards=backwards)

    def _replace(self) -> None:
        if self.query:
            self.buffer.replace(self.query, self.other.text)

    def _replace_every(self) -> None:
        if self.query:
            count = self.buffer.replace_every(self.query, self.other.text)
            self._tell(say_many("{count} place replaced.", "{count} places replaced.", count))

    def handle(self, event: Event) -> bool:
        if of_mouse(event):
            return self._mouse(event)
        if event.type == pygame.KEYDOWN and event.key == pygame.K_F3:
            self._go(backwards=bool(event.mod & pygame.KMOD_SHIFT))
            return True
        if event.type == pygame.KEYDOWN and event.key in ENTER:
            if self.other.focused and event.mod & pygame.KMOD_CTRL:
                self._replace_every()
            elif self.other.focused:
                self._replace()
            else:
                self._go(backwards=bool(event.mod & pygame.KMOD_SHIFT))
            return True
        if event.type == pygame.KEYDOWN and event.key == pygame.K_TAB and self.replacing:
            self._write_in(self.field if self.other.focused else self.other)
            return True
        if event.type == pygame.KEYDOWN and event.key in (pygame.K_ESCAPE, pygame.K_TAB):
            return False
        before = self.query
        taken = (self.other if self.other.focused else self.field).handle(event)
        if self.query != before:
            self.buffer.go(self.buffer.selection[0])
            self._go(backwards=False)
        return taken

    def _mouse(self, event: Event) -> bool:
        more: list[Widget] = [*self._replacers, self.other] if self.replacing else []
        taken = any([widget.handle(event) for widget in (*self._buttons, self.field, *more)])
        if event.type == pygame.MOUSEBUTTONDOWN:
            for field in (self.field, self.other):
                if field.rect.collidepoint(event.pos) and (field is self.field or self.replacing):
                    self._write_in(field)
            return taken or self._box.collidepoint(event.pos)
        return taken

    def draw_in(self, surface: pygame.Surface, theme: Theme, body: pygame.Rect) -> None:
        palette, places = theme.palette, self.places
        now = self.buffer.selection[0]
        count = f"{places.index(now) + 1} / {len(places)}" if now in places else f"{len(places)}"
        row = theme.px(40)
        high = row * (1 + self.replacing) + theme.px(4)
        self._box = box = pygame.Rect(0, 0, min(body.width - theme.px(16), theme.px(360)), high)
        box.bottomright = (body.right - theme.px(8), body.bottom - theme.px(4))
        draw.panel(surface, theme, box, palette.slate_deep, radius=8, outline=palette.slate_line, shadow=4)
        middle = box.y + theme.px(2) + row // 2
        right = box.right - theme.px(8)
        for button in reversed(self._buttons):
            button.put(theme, right=right, centery=middle)
            right = button.rect.left
            button.draw(surface, theme)
        room = pygame.Rect(right - theme.px(64), middle - row // 2, theme.px(60), row)
        ink = palette.code_comment if places or not self.query else palette.code_wrong_ink
        words.label(surface, theme, count if self.query else "", room, ink, size="caption", align="right")
        self.field.rect = pygame.Rect(box.x + theme.px(8), 0, room.x - box.x - theme.px(10), theme.px(30))
        self.field.rect.centery = middle
        self.field.draw(surface, theme)
        if not self.replacing:
            return
        middle += row
        right = box.right - theme.px(4)
        for chip in reversed(self._replacers):
            chip.put(theme, right=right, centery=middle)
            right = chip.rect.left
            chip.draw(surface, theme)
        self.other.rect = pygame.Rect(box.x + theme.px(8), 0, right - box.x - theme.px(12), theme.px(30))
        self.other.rect.centery = middle
        self.other.draw(surface, theme)


class LineBar:
    """A line's number to go to; the script follows as it is typed. Enter stays there, Esc goes back."""

    def __init__(self, buffer: Buffer, clipboard: Clipboard, close: Callable[[], object]) -> None:
        self.buffer = buffer
        self._close = close
        self._from = (buffer.anchor, buffer.cursor)
        self.field = TextField("", hint=say("line"), dark=True, width=100, clipboard=clipboard)
        self.field.focused = True

    def handle(self, event: Event) -> bool:
        if of_mouse(event):
            return event.type == pygame.MOUSEBUTTONDOWN and self.field.handle(event)
        if event.type == pygame.KEYDOWN and event.key in ENTER:
            self._close()
            return True
        if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
            self.buffer.select(*self._from)
            self._close()
            return True
        if event.type == pygame.KEYDOWN and event.key == pygame.K_TAB:
            return False
        if event.type == pygame.TEXTINPUT and not event.text.isdecimal():
            return True
        taken = self.field.handle(event)
        if self.field.text.isdecimal():
            line = min(max(1, int(self.field.text[:9])), self.buffer.height)
            self.buffer.go(Spot(line - 1, 0))
            self.buffer.home()
        return taken

    def draw_in(self, surface: pygame.Surface, theme: Theme, body: pygame.Rect) -> None:
        palette = theme.palette
        box = pygame.Rect(0, 0, min(body.width - theme.px(16), theme.px(230)), theme.px(44))
        box.bottomright = (body.right - theme.px(8), body.bottom - theme.px(4))
        draw.panel(surface, theme, box, palette.slate_deep, radius=8, outline=palette.slate_line, shadow=4)
        inner = box.inflate(-theme.px(24), 0)
        of = say("of {lines}", lines=self.buffer.height)
        words.label(surface, theme, say("Go to line"), inner, palette.code, size="small")
        words.label(surface, theme, of, inner, palette.code_comment, size="caption", align="right")
        left = inner.x + theme.width(say("Go to line"), size="small") + theme.px(10)
        right = inner.right - theme.width(of, size="caption") - theme.px(8)
        self.field.rect = pygame.Rect(left, 0, right - left, theme.px(30))
        self.field.rect.centery = box.centery
        self.field.draw(surface, theme)
