"""From text to Python's own syntax tree, or a sentence about why not; and places of problems in scripts.

Whatever text is handed in, the only exception that leaves here is ProblemsFound.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import Final

from game.language import say
from game.problems import Place, Problem, ProblemsFound
from game.script.elsewhere import in_other_languages

LONGEST: Final = 20_000
"""The most characters of a script."""
DEEPEST: Final = 100
"""How deep a script's statements and expressions may lie in one another."""


class Notes:
    """Collects what is wrong with one script, each at its place in the file the script stands in."""

    def __init__(self, text: str, entry: str, place: Place) -> None:
        self.lines = re.split(r"\r\n|\r|\n", text)
        self.path = f"scripts.{entry}"
        self.place = place
        self.problems: list[Problem] = []

    def at(self, node: ast.AST | None, message: str) -> None:
        """A problem with a part of the tree, or with the script as a whole."""
        line = getattr(node, "lineno", 1)
        offset = getattr(node, "col_offset", 0)
        # Python counts columns in bytes of UTF-8.
        before = self.lines[min(line, len(self.lines)) - 1].encode("utf-8", "replace")[:offset]
        self.on(line, len(before.decode("utf-8", "replace")) + 1, message)

    def on(self, line: int, column: int, message: str) -> None:
        """A problem at a line and column of the script, both from 1."""
        if line > len(self.lines):
            line, column = len(self.lines), len(self.lines[-1]) + 1
        file, first_line, first_column = self.place
        where = Place(file, max(first_line, 1) + max(line, 1) - 1, max(first_column, 1) + max(column, 1) - 1)
        self.problems.append(Problem(where, self.path, message))

    def raise_any(self) -> None:
        if self.problems:
            raise ProblemsFound(self.problems)


def read(text: str, notes: Notes) -> ast.Module:
    """The tree of a script. Raises ProblemsFound when Python, or we, cannot read it."""
    if len(text) > LONGEST:
        notes.on(
            1,
            1,
            say("this script has {count:,} characters; {most:,} are the most", count=len(text), most=LONGEST),
        )
        notes.raise_any()
    for number, line in enumerate(notes.lines, 1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            notes.on(number, indent.index("\t") + 1, say("there is a tab in front of this line; use spaces"))
        if odd := re.search("[\0\ud800-\udfff\ufeff]", line):
            notes.on(
                number,
                odd.start() + 1,
                say("there is an invisible character here: U+{code:04X}", code=ord(odd[0])),
            )
    notes.raise_any()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        _tell(error, notes)
    except (RecursionError, MemoryError, ValueError):
        notes.on(1, 1, say("this is nested too deep for Python to read; take it apart"))
    notes.raise_any()
    _depth(tree, notes)
    notes.raise_any()
    return tree


def finish(tree: ast.Module, notes: Notes) -> None:
    """Let Python look for what it finds wrong only after reading: a repeated parameter, twenty blocks in
    one another. Nothing is run. Raises ProblemsFound."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, "script", "exec", dont_inherit=True)
    except SyntaxError as error:
        _tell(error, notes)
    except (RecursionError, MemoryError, ValueError):
        notes.on(1, 1, say("this is nested too deep for Python to read; take it apart"))
    notes.raise_any()


def _tell(error: SyntaxError, notes: Notes) -> None:
    # Python's messages name lines of the script; the player sees lines of a file.
    message = re.sub(r" \(detected at line \d+\)| on line \d+", "", error.msg)
    message = re.sub(r"\s*\(script, line \d+\)|\s*\(<unknown>, line \d+\)", "", message)
    hint = in_other_languages(notes.lines[min(error.lineno or 1, len(notes.lines)) - 1])
    if hint:
        message = re.split(r"[.;,] (?:Did you mean|Maybe you meant|Perhaps you forgot)", message)[0]
    notes.on(
        error.lineno or 1,
        error.offset or 1,
        say("Python cannot read this: {message}{hint}", message=message, hint=hint),
    )


def _depth(tree: ast.Module, notes: Notes) -> None:
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST + 3):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    # The first of the deepest that stands somewhere.
    notes.at(
        next((node for node in level if hasattr(node, "lineno")), None),
        say("this lies more than {most} deep in other things; take it apart", most=DEEPEST),
    )
