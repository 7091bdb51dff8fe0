"""What can be taken along of an answer: its text on the clipboard, files in the player's own folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from game.desktop import sharing
from game.desktop.fields import Clipboard
from game.desktop.forms import Form, forms
from game.desktop.widgets import Button, ButtonColumn, Dialog
from game.language import say
from game.level.model import Answer, Level
from game.problems import ProblemsFound


class Host(NamedTuple):
    """What the dialog asks of the scene it is in."""

    open: Callable[[Dialog], object]
    close: Callable[[], object]
    tell: Callable[[str, str], object]
    """A sentence and its sign."""


class Share:
    """The dialog. `answer` gives the answer as it stands now; `folder` is the player's own."""

    def __init__(self, level: Level, answer: Callable[[], Answer], folder: Path, host: Host) -> None:
        self._level, self._answer, self._folder, self._host = level, answer, folder, host
        self.clipboard = Clipboard()

    def ask(self) -> None:
        """Open it, with what there is to choose."""
        ways = [
            Button(say("Copy my answer"), self._copy, icon="envelope"),
            Button(say("Save my answer"), self._save_answer, icon="document"),
            *(Button(form.button, self._saver(form), icon="document") for form in forms()),
        ]
        text = say(
            "The answer's text goes to the clipboard: whoever has the game can read it in. "
            "Files go to your own folder, `{folder}`.",
            folder=self._folder / sharing.FOLDER,
        )
        close = Button(say("Close"), self._host.close)
        dialog = Dialog(say("Share"), text, [close], body=ButtonColumn(ways))
        dialog.focus.give(ways[0], ring=True)
        self._host.open(dialog)

    def _copy(self) -> None:
        self.clipboard.put(sharing.answer_text(self._answer()))
        self._said(say("Your answer is on the clipboard."), "check")

    def _save_answer(self) -> None:
        self._saved(lambda: sharing.save_answer(self._level, self._answer(), self._folder))

    def _saver(self, form: Form) -> Callable[[], object]:
        return lambda: self._saved(lambda: sharing.save_as(form, self._level, self._answer(), self._folder))

    def _saved(self, save: Callable[[], Path]) -> None:
        try:
            self._said(say("Saved: {path}", path=save()), "check")
        except OSError as error:
            self._said(say("It cannot be saved: {error}", error=error.strerror or str(error)), "warning")
        except ProblemsFound as found:
            self._said(
                say("It cannot be saved like that: {message}", message=found.problems[0].message), "warning"
            )

    def _said(self, text: str, sign: str) -> None:
        self._host.close()
        self._host.tell(text, sign)
