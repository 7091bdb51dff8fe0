"""How answers look on a terminal: results on stdout, everything passing on stderr.

Colour and boxes only where a person looks; rich obeys NO_COLOR by itself.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

import click

from game.problems import Problem

if TYPE_CHECKING:
    from rich.console import Console

WIDTH: Final = 100
"""Columns where nobody's terminal says otherwise, so that a pipe or a file always gets the same lines."""


def paper(stderr: bool = False) -> Console:
    """Where to print tables and coloured words. Words from files are never taken for markup."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    seen = stream.isatty()
    return Console(
        file=stream if seen else cast("TextIO", _Trimmed(stream)),
        width=None if seen else WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
    )


class _Trimmed:
    """A stream without the blanks that tables put behind a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._rest = stream, ""

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        self._stream.writelines(line.rstrip(" ") + "\n" for line in lines)
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return False


def say_json(plain: Any) -> None:
    """One JSON document, and nothing else, on stdout."""
    click.echo(json.dumps(plain, ensure_ascii=False, indent=2))


def say_problems(problems: Iterable[Problem], stderr: bool = True) -> None:
    """A line each, as editors read them: file:line:col: path: message."""
    for problem in problems:
        click.echo(problem, err=stderr)


@contextlib.contextmanager
def progress(words: str, first: int | str = 0) -> Iterator[Callable[[int | str], None]]:
    """A line on stderr that counts while something long goes on; silent where stderr is no terminal.

    `words` has one `{}` for the number, or for what else is told instead.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    console = paper(stderr=True)
    with console.status(words.format(first)) as status:
        yield lambda far: status.update(words.format(far if isinstance(far, str) else f"{far:,}"))


def count(number: int, one: str, many: str = "") -> str:
    """ "1 step", "2 steps", "1,024 steps"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
