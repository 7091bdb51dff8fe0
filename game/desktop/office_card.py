"""The card in the middle of the workshop: the office, the tools of its board, and the step just seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pygame

from game.desktop import draw, icons, words
from game.desktop.arrangements import Arrangement
from game.desktop.board import Board
from game.desktop.layout import cast_of
from game.desktop.slot_panel import REDO, UNDO
from game.desktop.theme import Theme
from game.desktop.tray import Tray
from game.desktop.widgets import IconButton, Widget
from game.desktop.wiring import WiringBoard
from game.desktop.work import Shown, Work
from game.language import say
from game.story import owner
from game.world import System

STRIP: Final = 36
"""The strip below the board: two lines of a long caption fit."""

SOURCES: Final[Mapping[Shown, str]] = {
    "start": say("before opening"),
    "real": say("real run"),
    "failing": say("failing wind"),
    "forced": say("on real clerks"),
    "wind": say("your wind"),
    "calm": say("a calm wind"),
}
"""What the film on the board is, in two words."""


class OfficeCard:
    """The board, its tools and the strip below it. `arrangement` is how the player put its things last
    time, and `on_arrange` hears when they are put otherwise. In a build level the board has knobs, and a
    `tray` may stand below it."""

    def __init__(
        self, work: Work, arrangement: Arrangement, on_arrange: Callable[[Arrangement], object]
    ) -> None:
        self._work = work
        self.rect = pygame.Rect(0, 0, 0, 0)
        self._system: System | None = None
        assert work.film is not None, "where scripts cannot be read there is the office without them"
        system = work.film.system
        self._make = WiringBoard if work.level.building is not None else Board
        self.tray: Tray | None = None
        self.board = self._make.of(system)
        self.board.arrangement = arrangement
        self.board.on_arrange = on_arrange
        # By keyboard the board itself takes what the tools do.
        made = (
            ("minus", lambda: self.board.zoom(-1), say("Farther away  ·  −")),
            ("plus", lambda: self.board.zoom(1), say("Closer  ·  +, or the wheel")),
            ("fit", lambda: self.board.fit(), say("All of it  ·  0")),
            ("corners", lambda: self.board.turn_corners(), say("Ways in right angles, or curves  ·  O")),
            ("retry", lambda: self.board.put_back(), say("Everything back in its place  ·  Delete")),
        )
        self.tools = tuple(
            IconButton(icon, does, tip=tip, style="ghost", across=26) for icon, does, tip in made
        )
        for tool in self.tools:
            tool.focusable = False

    @property
    def widgets(self) -> Sequence[Widget]:
        return (self.board, *self.tools, *([self.tray] if self.tray is not None else []))

    @property
    def strip(self) -> pygame.Rect:
        """Where the step just seen is told."""
        return pygame.Rect(
            self.rect.x, self.board.rect.bottom, self.rect.width, self.rect.bottom - self.board.rect.bottom
        )

    def refresh(self) -> bool:
        """The office as it is set up now. True when the board is another one than before."""
        system = self._work.film.system if self._work.film is not None else None
        if system is None or self._system is system:
            return False
        self._system = system
        if cast_of(system) == self.board.cast:
            return False
        before, self.board = self.board, self._make.of(system)
        self.board.like(before)
        self.board.rect = before.rect
        return True

    def history(self, event: pygame.event.Event) -> bool:
        """Take back by Ctrl+Z what was put elsewhere on the board; True when there was something."""
        if UNDO.fits(event):
            return self.board.take_back()
        return any(key.fits(event) for key in REDO) and self.board.take_again()

    def sync(self) -> None:
        """Board and tools as they are at the moment shown."""
        film, board = self._work.film, self.board
        if film is None:
            return
        board.show(film, self._work.playback.position)
        if isinstance(board, WiringBoard):
            board.wires = self._work.shown == "start"
        for tool in self.tools:
            tool.visible = board.hovered or board.focused or not board.camera.fits
        self.tools[0].enabled = self.tools[2].enabled = not board.camera.fits
        self.tools[4].enabled = bool(board.arrangement.places)

    def place(self, theme: Theme, rect: pygame.Rect) -> None:
        self.rect = rect
        room = rect.height - theme.px(STRIP)
        if self.tray is not None:
            high = min(self.tray.height(theme, rect.width), room // 2)
            room -= high
            self.tray.rect = pygame.Rect(rect.x + 1, rect.y + room, rect.width - 2, high)
        self.board.rect = pygame.Rect(rect.x, rect.y, rect.width, room)
        x = self.board.rect.right - theme.px(8)
        for tool in reversed(self.tools):
            tool.put(theme, right=x, top=self.board.rect.top + theme.px(8))
            x = tool.rect.left - theme.px(2)

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        """The card, and in its strip what the film is and the step just seen, in words."""
        palette, card = theme.palette, self.rect
        draw.panel(surface, theme, card, palette.desk, radius=10, outline=palette.line)
        strip = pygame.Rect(0, 0, card.width, theme.px(STRIP))
        strip.bottomleft = card.bottomleft
        clip = surface.get_clip()
        surface.set_clip(strip)
        draw.panel(surface, theme, card, palette.ink_soft, radius=10)
        surface.set_clip(clip)
        self._paint_caption(surface, theme, strip)

    def _paint_caption(self, surface: pygame.Surface, theme: Theme, strip: pygame.Rect) -> None:
        palette, film, frame = theme.palette, self._work.film, self._work.frame
        if film is None or frame is None:
            return
        inner = strip.inflate(-theme.px(28), 0)
        case = film.system.level.case
        source = f"{SOURCES[self._work.shown]}: {case}" if case else SOURCES[self._work.shown]
        tag = words.label(surface, theme, source, inner, palette.on_ink_muted, size="caption", align="right")
        inner.width = tag.left - inner.left - theme.px(14)
        lost = frame.lost is not None or bool(frame.crashed) or bool(frame.knots)
        ink = palette.code_wrong_ink if lost else palette.on_ink
        text = frame.caption
        if frame.event is not None:
            number = film.system.clerks.index(owner(frame.event.agent))
            spot = pygame.Rect(inner.x, 0, theme.px(18), theme.px(18))
            spot.centery = strip.centery
            draw.disc(surface, theme, spot.center, 9, palette.paper)
            icons.clerk_mark(surface, theme, spot.center, theme.clerk(number), 12)
            inner.left, inner.width = spot.right + theme.px(10), inner.width - spot.width - theme.px(10)
        for size in (14.0, 13.0):
            if theme.width(text, size=size, weight="bold") <= inner.width:
                words.label(surface, theme, text, inner, ink, size=size, weight="bold")
                return
        laid = words.fitted(theme, text, inner.width, inner.height, ink)
        laid.draw(surface, (inner.x, inner.y + (inner.height - laid.height) // 2))
