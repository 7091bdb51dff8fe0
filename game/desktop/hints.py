"""A level's hints, one after the other: its own, and what the failing wind says."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from game.desktop.glossary_panel import with_terms
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Dialog
from game.desktop.work import Work
from game.language import say


class Host(NamedTuple):
    """What the hints ask of the scene they are in."""

    theme: Callable[[], Theme]
    open: Callable[[Dialog], object]
    close: Callable[[], object]
    look_up: Callable[[str, Callable[[], None]], object]
    """An entry of the glossary, and what to go back to."""
    opened: Callable[[], object]
    """A hint was taken."""


class Hints:
    """`seen` is how many the player has taken; those can be leafed through."""

    def __init__(self, work: Work, host: Host) -> None:
        self._work, self._host = work, host
        self.seen = 0

    @property
    def all(self) -> tuple[str, ...]:
        """The level's own, and, once there is a failing wind, what it says."""
        clue = self._work.clue
        own = tuple(say(hint) for hint in self._work.level.hints)
        return (*own, clue) if clue else own

    def open(self) -> None:
        """The last one taken, or the first."""
        if self.all:
            self.seen = max(1, self.seen)
            self.open_at(self.seen - 1)

    def open_at(self, at: int) -> None:
        """One of them, by its number from 0, or the last if there are fewer."""
        self._host.opened()
        hints = self.all
        at = min(at, len(hints) - 1)
        self.seen = max(self.seen, at + 1)
        buttons = []
        if at + 1 < len(hints):
            again = say("Next hint") if at + 1 < self.seen else say("I need another hint")
            buttons.append(Button(again, lambda: self.open_at(at + 1), icon="hint"))
        if at:
            buttons.append(Button(say("The one before"), lambda: self.open_at(at - 1)))
        buttons.append(Button(say("Try with this"), self._host.close, style="primary"))
        if at < len(self._work.level.hints):
            title = say("Hint {number} of {count}", number=at + 1, count=len(hints))
        else:
            title = say("What the failing wind says")

        def look_up(key: str) -> None:
            self._host.look_up(key, lambda: self.open_at(at))

        text = with_terms(self._host.theme(), say(hints[at]))
        dialog = Dialog(title, text, buttons, on_link=look_up)
        dialog.focus.give(buttons[-1], ring=True)
        self._host.open(dialog)
