"""The answer as the plain Python program it is: what `multiprocessing` alone makes of the office."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame

from game.desktop.editor import CodeEditor, Here
from game.desktop.fields import Clipboard
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Dialog, Event, Widget
from game.language import say
from game.level.model import Answer, Level

WIDE, HIGH = 880, 460
"""The sheet's size in lengths of the design, where the window has room for it."""


def program_of(level: Level, answer: Answer) -> str:
    """The program the exporter makes. Raises ProblemsFound when it cannot make one."""
    from game.export.python import export_python

    return export_python(level, answer)


def line_in(program: str, script: str, line: int) -> int:
    """Where a line of a script (from 1) stands in the program, from 1; 0 when the script is not in it."""
    lines = [one.rstrip() for one in program.split("\n")]
    wanted = [one.rstrip() for one in script.strip("\n").split("\n")]
    for start in range(len(lines) - len(wanted) + 1):
        if lines[start : start + len(wanted)] == wanted:
            return start + min(line, len(wanted))
    return 0


class ProgramSheet(Widget):
    """The program, to read and to copy from, with one of its lines in view."""

    def __init__(
        self, program: str, here: Sequence[Here], room: tuple[int, int], clipboard: Clipboard
    ) -> None:
        super().__init__()
        self._room = room
        self.sheet = CodeEditor(program, read_only=True, clipboard=clipboard, letters=13.5)
        self.sheet.still = True
        self.sheet.here = tuple(here)
        if here:
            self.sheet.go_to(here[0].line)

    def size(self, theme: Theme) -> tuple[int, int]:
        return min(theme.px(WIDE), self._room[0]), min(theme.px(HIGH), self._room[1])

    def children(self) -> Sequence[Widget]:
        return [self.sheet]

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return False
        return self.sheet.handle(event)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        self.sheet.rect = self.rect
        self.sheet.draw(surface, theme)


def program_dialog(
    program: str,
    here: Sequence[Here],
    room: tuple[int, int],
    told: Callable[[str], object],
    close: Callable[[], object],
) -> Dialog:
    """The dialog with the program, the player `here` in it; `told` gets a sentence once it was copied."""
    clipboard = Clipboard()

    def copy() -> None:
        clipboard.put(program)
        told(say("The program is on the clipboard. Save it as a file and run it with Python."))

    buttons = [
        Button(say("Copy it"), copy, icon="document"),
        Button(say("Close"), close, style="primary"),
    ]
    text = say("Your office without the game. Only Python's own `multiprocessing`; it runs as it stands.")
    sheet = ProgramSheet(program, here, room, clipboard)
    dialog = Dialog(say("Real Python"), text, buttons, body=sheet)
    dialog.focus.give(sheet.sheet)
    return dialog
