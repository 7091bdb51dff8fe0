"""How we tell a person what is wrong with their file: where, what, and the way out.

Only data and plain words live here. Printing and drawing belong to the faces.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple

from game.language import say


class Place(NamedTuple):
    """A spot in a file. Lines and columns count from 1; 0 means "the file as a whole"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


class Problem(NamedTuple):
    """One thing wrong with somebody's file: its place, the path inside the file, and a sentence."""

    place: Place
    path: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.place), self.path, self.message) if part)


class ProblemsFound(Exception):
    """Everything wrong with a file, found in one reading and sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def near_miss(word: str, known: Iterable[str]) -> str:
    """`"; did you mean 'lock'?"` when one known word is close to the given one, else `""`. Small and capital
    letters are the same."""
    names = {name.lower(): name for name in sorted(known, reverse=True)}
    close = difflib.get_close_matches(word.lower(), sorted(names), n=1, cutoff=0.6)
    return say("; did you mean {name!r}?", name=names[close[0]]) if close else ""
