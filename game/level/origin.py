"""Problems in an answer's scripts, told where the script stands in the answer's file."""

from __future__ import annotations

from collections.abc import Iterable

from game.level.marked import Marked, format_path
from game.problems import Place, Problem


def in_answer(problems: Iterable[Problem], answer: Marked) -> list[Problem]:
    """The compiler knows a changed script as `clerk.py`; its author knows it as a line of the answer file."""
    return [_moved(problem, answer) for problem in problems]


def _moved(problem: Problem, answer: Marked) -> Problem:
    name = problem.place.file.removesuffix(".py")
    path = ("scripts", name)
    if problem.place.file != f"{name}.py" or path not in answer.marks:
        return problem
    text = answer.place(path, "text")
    place = Place(text.file, text.line + problem.place.line - 1, text.column + problem.place.column - 1)
    return Problem(place, format_path(path), problem.message)
