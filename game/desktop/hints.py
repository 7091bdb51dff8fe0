"""Hints, one after the other: three that the failing wind gives, where there is one, and the level's own."""

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
    """Those the player has taken can be leafed through. What the failing wind says comes first: it is about
    the answer at hand, and the level's own are about the one its author had in mind."""

    def __init__(self, work: Work, host: Host) -> None:
        self._work, self._host = work, host
        self._taken: set[str] = set()

    @property
    def all(self) -> tuple[str, ...]:
        clue = self._work.clue
        own = tuple(say(hint) for hint in self._work.level.hints)
        return (*clue.tiers, *own) if clue else own

    @property
    def seen(self) -> int:
        """How many of them have been taken."""
        return sum(hint in self._taken for hint in self.all)

    def open(self) -> None:
        """The last one taken of those in a row, or the first."""
        hints = self.all
        if hints:
            fresh = next((at for at, hint in enumerate(hints) if hint not in self._taken), len(hints))
            self.open_at(max(0, fresh - 1))

    def open_at(self, at: int) -> None:
        """One of them, by its number from 0, or the last if there are fewer."""
        self._host.opened()
        hints = self.all
        at = min(at, len(hints) - 1)
        self._taken.add(hints[at])
        buttons = []
        if at + 1 < len(hints):
            again = say("Next hint") if hints[at + 1] in self._taken else say("I need another hint")
            buttons.append(Button(again, lambda: self.open_at(at + 1), icon="hint"))
        if at:
            buttons.append(Button(say("The one before"), lambda: self.open_at(at - 1)))
        buttons.append(Button(say("Try with this"), self._host.close, style="primary"))
        drawn = at < len(hints) - len(self._work.level.hints)
        title = say("Hint {number} of {count}", number=at + 1, count=len(hints))
        if drawn:
            title = say("Hint {number} of {count}, from the failing wind", number=at + 1, count=len(hints))

        def look_up(key: str) -> None:
            self._host.look_up(key, lambda: self.open_at(at))

        text = with_terms(self._host.theme(), say(hints[at]))
        dialog = Dialog(title, text, buttons, on_link=look_up)
        dialog.focus.give(buttons[-1], ring=True)
        self._host.open(dialog)
