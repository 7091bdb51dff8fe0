"""The file of an office that is being built: written beside the frames, and looked at now and then, since
another window, or a text editor, may write it too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from game.authoring.blueprint import Blueprint
from game.authoring.offices import keep_office, read_office, text_known
from game.desktop.scenes.broken_level import Watch
from game.plugins import Registry
from game.problems import ProblemsFound


class OfficeFile:
    """One file; with the office that was read from it, if it was."""

    def __init__(self, path: Path, office: Blueprint | None = None) -> None:
        self.path = path
        self.refused = ""
        """Why the disk did not take what was written last; "" when it did."""
        self._known = text_known(path, office) if office is not None else None
        self._watch = Watch(path)
        self._asked, self._done = 0, 0

    def writing(self, text: str, wanted: Callable[[], bool]) -> Callable[[], None]:
        """A job for the writer: to write this, if it is still wanted by then. It raises OSError."""

        self._asked += 1

        def job() -> None:
            try:
                if wanted():
                    keep_office(self.path, text, self._known)
                    self._known, self.refused = text, ""
            except OSError as error:
                self.refused = error.strerror or str(error)
                raise
            finally:
                self._done += 1

        return job

    def theirs(self, dt: float, registry: Registry) -> Blueprint | None:
        """The office somebody else has written there since; None where nobody has, or where it is none."""
        if self._done < self._asked or not self._watch.changed(dt):  # what is under way is ours
            return None
        try:
            if self.path.read_text(encoding="utf-8") == self._known:
                return None
            office = read_office(self.path, registry)
        except (OSError, UnicodeDecodeError, ProblemsFound):
            return None  # what is there is put aside before it is written over
        self._known = text_known(self.path, office)
        return office
