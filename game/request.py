"""What a script may ask of the things it was given, and one such asking.

A *Face* is the part of a real `multiprocessing` object that a script may touch: its methods,
attributes, index and `with`. Kinds declare faces, the compiler checks scripts against them,
and the virtual machine turns each touch into a *Request*. What a request does is the kind's
business (see `game.channels.kind`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias


class Handle(NamedTuple):
    """A thing a script holds: one face of one channel. `@bob` is the handle of the process bob."""

    channel: str
    face: str = ""


@dataclass(frozen=True, slots=True)
class ListValue:
    """A list as it travels in a message: its contents at that moment. Never equal to a tuple."""

    items: tuple[Value, ...]

    def __bool__(self) -> bool:
        return bool(self.items)


class Doomed(NamedTuple):
    """What was to travel in a message and cannot be pickled: what it is, and the error that tries to.

    Locks, boards and queues go from process to process by inheritance only (CPython 3.11,
    Lib/multiprocessing/context.py, assert_spawning).
    """

    what: str
    error: str
    message: str


# What may sit in a local variable or travel in a message. Integers fit in 64 bits.
Value: TypeAlias = "bool | int | str | tuple[Value, ...] | ListValue | Handle | Doomed | None"

LARGEST_MESSAGE: Final = 3_500
"""The weight of the heaviest message that may be sent: a padded one fills a page of a real pipe."""


def weight(value: Value) -> int:
    """No fewer bytes than this value takes when it is pickled."""
    match value:
        case None | bool():
            return 1
        case int():
            return 2 if 0 <= value < 2**8 else 5 if -(2**31) <= value < 2**31 else 11
        case str():
            return 8 + len(value.encode("utf-8", "surrogatepass"))
        case tuple():
            return 4 + sum(map(weight, value))
        case ListValue(items):
            return 6 + sum(map(weight, items))


class Request(NamedTuple):
    """One shared operation a clerk wants to do: the unit of interleaving.

    `operation` is the kind's own word, with the face in front where a kind has several
    (`put`, `read`, `lock.acquire`, `a.send`). `argument` has every parameter, defaults filled in.
    `line` is the line of the script (from 1) that asks.
    """

    channel: str
    operation: str
    argument: tuple[Value, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Operation:
    """One shared operation as a script writes it. `later` says that what is given is looked at only after it
    has returned, `pickles` that the first thing given is pickled, then or at once.

    `put_nowait(item)` is `Operation("put", ("item",), fixed=(False, None))`: the parameters the
    caller gives, then the fixed ones. `defaults` belong to the last parameters.
    """

    name: str
    parameters: tuple[str, ...] = ()
    defaults: tuple[Value, ...] = ()
    fixed: tuple[Value, ...] = ()
    help: str = ""
    later: bool = field(default=False, repr=False)
    pickles: bool = field(default=False, repr=False)


@dataclass(frozen=True)
class Face:
    """What a script may do with one kind of handle.

    methods     (method name, Operation) pairs
    attributes  (attribute, operation that reads it, operation that writes it or "")
    index       (operation that reads `x[i]`, operation that writes it) or None
    context     (operation on entering `with x:`, operation on leaving) or None
    views       (method name, face it returns): `tally.get_lock()` touches nothing shared by itself
    parts       (attribute, face it is): `bob.sentinel` touches nothing shared by itself
    loops       (method name, Operation) pairs that are written out as a loop around that operation, with what
                to wait for as the first parameter: `condition.wait_for(ready)`
    python      the real class, for messages and help: "multiprocessing.Queue"
    inherited   the class that says it cannot be pickled because it is shared by inheritance only: "Queue"
    """

    python: str
    methods: tuple[tuple[str, Operation], ...] = ()
    attributes: tuple[tuple[str, str, str], ...] = ()
    index: tuple[str, str] | None = None
    context: tuple[str, str] | None = None
    views: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    loops: tuple[tuple[str, Operation], ...] = ()
    inherited: str = ""

    @property
    def calls(self) -> dict[str, Operation]:
        """What is called with arguments, by the name a script writes."""
        return dict((*self.methods, *self.loops))

    def names(self) -> tuple[str, ...]:
        """Every name a script may write after the dot, what matters most first."""
        return tuple(
            [name for name, _, writes in self.attributes if writes]
            + [name for name, _ in self.views]
            + [*self.calls]
            + [name for name, _, writes in self.attributes if not writes]
            + [name for name, _ in self.parts]
        )


PROCESS = Face(
    python="multiprocessing.Process",
    methods=(
        ("start", Operation("start", help="Start the process. It runs beside you from now on.")),
        ("join", Operation("join", ("timeout",), (None,), help="Wait until the process has gone home.")),
        ("is_alive", Operation("is_alive", help="Whether the process has been started and not yet ended.")),
        ("terminate", Operation("terminate", help="Ask the system to end the process at once (SIGTERM).")),
        ("kill", Operation("kill", help="Make the system end the process at once (SIGKILL).")),
    ),
    attributes=(("exitcode", "exitcode", ""),),
    parts=(("sentinel", "sentinel"),),
)
"""The face of another clerk, held as `@name`. The world itself answers these operations."""

SENTINEL = Face(python="a process sentinel")
"""What `wait` can wait for to learn that a process has ended; nothing else can be done with it."""

PROCESS_FACES = {"": PROCESS, "sentinel": SENTINEL}

CHANGE = "put.change"
"""The operation by which a clerk changes a list it has put on a queue and that may lie in its out-tray still:
(the list as it is now, its ink; see `game.channels.ink`)."""

WAIT = "wait"
"""The implicit channel behind `wait([…])`, which waits for several things at once."""

DESK = "desk"
"""The implicit channel behind `deliver(x)`: the public counter, where finished things are put."""
