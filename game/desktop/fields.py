"""A line to type in, the clipboard, and the keys that mean the same wherever text is typed."""

from __future__ import annotations

from collections.abc import Callable

import pygame

from game.desktop import draw
from game.desktop.text import Buffer, Spot
from game.desktop.theme import Role, Theme
from game.desktop.widgets import ENTER, Event, Widget, held_modifiers


class Clipboard:
    """The system's clipboard; where there is none, one of our own, so that cut and paste still work."""

    def __init__(self) -> None:
        self._ours = ""

    def put(self, text: str) -> None:
        self._ours = text
        if pygame.display.get_init() and pygame.display.get_driver() != "dummy":
            try:
                pygame.scrap.put_text(text)
            except pygame.error:  # somebody else holds it; ours will do
                return

    def get(self) -> str:
        if pygame.display.get_init() and pygame.display.get_driver() != "dummy":
            try:
                return pygame.scrap.get_text() or self._ours
            except pygame.error:
                return self._ours
        return self._ours


def is_command(event: Event) -> bool:
    """Whether Ctrl (on a Mac, Cmd) is held; with Alt it is AltGr, which types letters."""
    return bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META)) and not event.mod & pygame.KMOD_ALT


def commands(event: Event) -> bool:
    """Whether the letter of this key press means an order: X11 types the 1 of Ctrl+1 and the t of Alt+T.

    Alt that makes another letter of the key is AltGr, or a Mac's Option, and types that letter."""
    plain = event.key < 128 and event.unicode.lower() == chr(event.key)
    return is_command(event) or bool(event.mod & pygame.KMOD_ALT and plain)


def types_a_letter(event: Event) -> bool:
    """Whether this key press is the first half of a TEXTINPUT, and so nobody's shortcut."""
    return bool(event.unicode) and event.unicode.isprintable() and not commands(event)


def press_key(buffer: Buffer, event: Event, clipboard: Clipboard, *, read_only: bool = False) -> bool:
    """Do what a key means in any text. False when it means nothing there.

    With nothing selected, copy and cut take the whole line."""
    shift, command = bool(event.mod & pygame.KMOD_SHIFT), is_command(event)
    key = event.key
    if event.mod & pygame.KMOD_ALT and not command:
        return False
    if command and key == pygame.K_a:
        buffer.select_all()
    elif command and key in (pygame.K_c, pygame.K_x):
        whole = not buffer.selected
        taken = buffer.selected or buffer.line(buffer.cursor.line) + ("" if buffer.single_line else "\n")
        clipboard.put(taken)
        if key == pygame.K_x and not read_only:
            buffer.delete_lines() if whole else buffer.delete()
    elif command and key == pygame.K_v:
        return read_only or buffer.insert(clipboard.get()) or True
    elif command and (key == pygame.K_y or (key == pygame.K_z and shift)):
        return read_only or buffer.redo() or True
    elif command and key == pygame.K_z:
        return read_only or buffer.undo() or True
    elif key == pygame.K_LEFT:
        buffer.left(select=shift, word=command)
    elif key == pygame.K_RIGHT:
        buffer.right(select=shift, word=command)
    elif key == pygame.K_HOME:
        buffer.go(Spot(0, 0), select=shift) if command else buffer.home(select=shift)
    elif key == pygame.K_END:
        buffer.go(buffer.end, select=shift) if command else buffer.line_end(select=shift)
    elif key in (pygame.K_UP, pygame.K_DOWN) and not command and not buffer.single_line:
        buffer.vertical(-1 if key == pygame.K_UP else 1, select=shift)
    elif key == pygame.K_BACKSPACE:
        return read_only or buffer.backspace(word=command) or True
    elif key == pygame.K_DELETE:
        return read_only or buffer.delete(word=command) or True
    elif key in ENTER and not command and not buffer.single_line:
        return read_only or buffer.newline() or True
    else:
        return False
    return True


class TextField(Widget):
    """One line of text. `on_change` follows every letter, `on_enter` waits for Enter."""

    focusable = True
    takes_text = True
    role: Role = "code"

    def __init__(
        self,
        text: str = "",
        *,
        hint: str = "",
        on_change: Callable[[str], object] | None = None,
        on_enter: Callable[[str], object] | None = None,
        dark: bool = False,
        width: float = 240,
        clipboard: Clipboard | None = None,
    ) -> None:
        super().__init__()
        self.buffer = Buffer(text, limit=2_000, single_line=True)
        self.buffer.go(self.buffer.end)
        self.hint = hint
        self.on_change = on_change
        self.on_enter = on_enter
        self.dark = dark
        self.width = width
        self.clipboard = clipboard or Clipboard()
        self.cursor = pygame.SYSTEM_CURSOR_IBEAM
        self._shift = 0
        self._dragging = False
        self._font: pygame.font.Font | None = None
        self._pad = 10
        self._blink = 0.0

    @property
    def text(self) -> str:
        return self.buffer.text

    def size(self, theme: Theme) -> tuple[int, int]:
        return theme.px(self.width), theme.px(32)

    def update(self, dt: float) -> bool:
        before, self._blink = self._blink, (self._blink + dt) % 1.06
        return self.focused and (before < 0.53) != (self._blink < 0.53)

    def handle(self, event: Event) -> bool:
        version = self.buffer.version
        taken = self._take(event)
        if taken:
            self._blink = 0.0
        if self.buffer.version != version and self.on_change:
            self.on_change(self.text)
        return taken

    def _take(self, event: Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            if self._dragging:
                self.buffer.go(Spot(0, self._column(event.pos[0])), select=True)
            return self._dragging
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.rect.collidepoint(event.pos):
            self._dragging = True
            held = bool(held_modifiers() & pygame.KMOD_SHIFT)
            self.buffer.go(Spot(0, self._column(event.pos[0])), select=held)
            return True
        if event.type == pygame.MOUSEBUTTONUP and self._dragging:
            self._dragging = False
            return True
        if not self.focused:
            return False
        if event.type == pygame.TEXTINPUT:
            self.buffer.insert(event.text)
            return True
        if event.type == pygame.KEYDOWN:
            if event.key in ENTER and self.on_enter:
                self.on_enter(self.text)
                return True
            return press_key(self.buffer, event, self.clipboard) or types_a_letter(event)
        return False

    def _column(self, x: int) -> int:
        if self._font is None:
            return 0
        target = x - self.rect.x - self._pad + self._shift
        line = self.text
        return min(range(len(line) + 1), key=lambda n: abs(self._wide(line[:n]) - target))

    def _wide(self, text: str) -> int:
        return self._font.size(text)[0] if self._font else 0

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        self._font, self._pad = theme.font(self.role, "small"), theme.px(10)
        ground = palette.slate_light if self.dark else palette.card
        rim = palette.focus if self.focused else palette.slate_line if self.dark else palette.line
        ink = palette.code if self.dark else palette.ink
        draw.panel(surface, theme, self.rect, ground, radius=7, outline=rim, width=1.5 if self.focused else 1)
        inner = self.rect.inflate(-2 * self._pad, -theme.px(8))
        line, (start, end) = self.text, self.buffer.selection
        caret = self._wide(line[: self.buffer.cursor.column])
        self._shift = max(0, min(self._shift, caret), caret - inner.width + theme.px(2))
        if not self.focused:
            self._shift = 0  # who only reads begins at the beginning
        clip = surface.get_clip()
        surface.set_clip(clip.clip(inner))
        x = inner.x - self._shift
        if start != end:
            left, right = self._wide(line[: start.column]), self._wide(line[: end.column])
            marked = palette.code_selected if self.dark else palette.brass_tint
            surface.fill(marked, (x + left, inner.y, right - left, inner.height))
        faint = palette.code_comment if self.dark else palette.muted
        made = theme.text(line or self.hint, ink if line else faint, self.role, "small")
        surface.blit(made, made.get_rect(left=x, centery=inner.centery))
        if self.focused and self._blink < 0.53:
            surface.fill(
                ink, (x + caret, inner.y + theme.px(2), max(1, theme.px(1.5)), inner.height - theme.px(4))
            )
        surface.set_clip(clip)
