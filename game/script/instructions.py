"""A compiled script and a script part-way through: what the compiler makes and the machine moves.

Everything here is frozen, hashable and picklable, because the checker hashes tasks and the
clerks' processes are handed programs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from game.request import Face, Handle, Request, Value


@dataclass(frozen=True)
class Program:
    """A script compiled for the parameters of one clerk function.

    name        the entry function
    parameters  its parameter names, in order
    code        the machine's own instructions (see `game.script.vm`)
    faces       every face the code may touch, by (channel, face name)
    statements  how many statements the whole script has (the `statements` metric)
    touches     (parameter, operation) pairs the code can ever ask for: parameters that hold handles,
                and operations by their full name. Includes ("", "deliver") when the script delivers.
                `acquire?` beside `acquire` says that it may be asked for in another form than the plain one
                that simply waits, `release?` beside `release` that it may stand outside a `with`.
    """

    name: str
    parameters: tuple[str, ...]
    code: Any
    faces: tuple[tuple[Handle, Face], ...]
    statements: int
    touches: frozenset[tuple[str, str]]


class Crash(NamedTuple):
    """An exception nobody caught: its class name, its message, the script's line.

    `Limit` is our own: a bound of the game was passed (64-bit integers, private loops, sizes).
    It cannot be caught by a script."""

    error: str
    message: str
    line: int


class Task(NamedTuple):
    """A program part-way through: always stopped at a request, or over.

    request   what it wants to do next; None when it is over
    crash     how it ended, when it ended badly
    line      the script's line it stands at (0 before the start)
    frames, heap   the machine's own: local variables, stack, lists; dead locals are cleared and the
              heap is numbered canonically, so equal futures are equal tasks
    """

    request: Request | None
    crash: Crash | None
    line: int
    frames: tuple[Any, ...] = ()
    heap: tuple[Any, ...] = ()

    @property
    def over(self) -> bool:
        return self.request is None


class Returned(NamedTuple):
    """The reply to a request: it gave this value."""

    value: Value = None


class Raised(NamedTuple):
    """The reply to a request: it raised this exception, by class name."""

    error: str
    message: str = ""
