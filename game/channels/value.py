"""A value: `multiprocessing.Value('q', initial)`, a number in shared memory with a lock around it.

Reading and writing `.value` are two steps, each under the wrapper's own RLock and neither longer: that
lock makes `+=` no safer. Holding `get_lock()` keeps other clerks from reading and writing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.context import BaseContext
from types import MethodType
from typing import Any, ClassVar, Final, NamedTuple

from game.channels.kind import (
    BLOCKED,
    OPEN,
    Asked,
    Done,
    Goes,
    Holders,
    Kind,
    Outcome,
    Picture,
    Recipe,
    Refused,
    Wait,
)
from game.channels.rlock import Guard, bare_guard, perform_guard, step_guard
from game.channels.timing import python_name
from game.channels.wire import to_real
from game.language import say
from game.request import Face, Operation, Value

LOCK_FACE: Final = Face(
    python="multiprocessing.RLock",
    inherited="RLock",
    methods=(
        (
            "acquire",
            Operation(
                "lock.acquire",
                ("block", "timeout"),
                (True, None),
                help="Take the lock and return True; its holder may take it again. Waits while somebody "
                "else has it, unless block is False or the timeout runs out: then returns False.",
            ),
        ),
        (
            "release",
            Operation(
                "lock.release", help="Give the lock back, once for every acquire. Only its holder may."
            ),
        ),
    ),
    context=("lock.acquire", "lock.release"),
)
"""The RLock that `get_lock()` returns; `acquire`, `release` and `with` of the board itself are its
(sharedctypes.py, SynchronizedBase)."""


class Tally(NamedTuple):
    number: int
    guard: Guard


def guard_wait(guard: Guard) -> Wait:
    """Why an access waits for the wrapper's lock."""
    return Wait(
        say("waits for the lock of {channel}, which {holder} holds", channel=OPEN, holder=guard.holder),
        (guard.holder,),
        ("lock.release",),
    )


def as_number(value: Value) -> int | str:
    """What a 64-bit cell holds after this was written to it, or the TypeError message."""
    if not isinstance(value, int):
        return f"'{python_name(value)}' object cannot be interpreted as an integer"
    return (int(value) + 2**63) % 2**64 - 2**63


def is_probed(asked: Asked, mortal: frozenset[str]) -> bool:
    """Whether it can be noticed that a plain access takes the lock: somebody tries the lock without waiting,
    or may be killed during the access while somebody else is left who needs it."""
    if any("lock.acquire?" in able for able in asked.values()):
        return True
    return len(asked) > 1 and any(asked[clerk] & {"read", "write"} for clerk in mortal)


class Probed:
    """A board or cards whose lock somebody may try without waiting, or be killed with: then it can be noticed
    that a plain access takes the wrapper's lock, does its work, and gives it back (sharedctypes.py,
    make_property)."""

    def step(self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation in ("read", "write"):
            if state.guard.holder not in ("", clerk):
                return BLOCKED
            taken = state._replace(guard=Guard(clerk, state.guard.depth + 1))
            return Goes(taken, f"{operation}.inside", argument)
        if not operation.endswith(".inside"):
            return super().step(state, clerk, operation, argument)  # type: ignore[misc,no-any-return]
        outcome = super().step(state, clerk, operation.removesuffix(".inside"), argument)  # type: ignore[misc]
        depth = state.guard.depth - 1
        freed = outcome.state._replace(guard=Guard(clerk, depth) if depth else Guard())
        return outcome._replace(state=freed)  # type: ignore[no-any-return]

    def alone(self, *_: Any) -> bool:
        return False

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        if operation in ("read", "write"):
            real.get_lock().acquire()
            return Goes(None, f"{operation}.inside", argument)
        if not operation.endswith(".inside"):
            return super().perform(real, clerk, operation, argument)  # type: ignore[misc]
        try:
            return super().perform(real, clerk, operation.removesuffix(".inside"), argument)  # type: ignore[misc]
        finally:
            real.get_lock().release()


@dataclass(frozen=True)
class SharedValue(Kind):
    name: ClassVar[str] = "value"
    help: ClassVar[str] = "A tally board: one number that every clerk can read and chalk over."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.Value",
            inherited="Synchronized",
            methods=LOCK_FACE.methods,
            attributes=(("value", "read", "write"),),
            views=(("get_lock", "lock"),),
            context=LOCK_FACE.context,
        ),
        "lock": LOCK_FACE,
    }

    initial: int = field(
        default=0,
        metadata={"minimum": -(2**63), "maximum": 2**63 - 1, "help": "What the board reads at first."},
    )
    lock: bool = field(
        default=True,
        metadata={"help": "false: no lock at all, and no get_lock(), as in Value('q', 0, lock=False)."},
    )

    def open_faces(self) -> Mapping[str, Face]:
        if self.lock:
            return self.faces
        number = ctypes.c_int64.__name__
        attributes = self.faces[""].attributes
        return {"": Face(python="multiprocessing.RawValue", inherited=number, attributes=attributes)}

    def noticing(self, asked: Asked, mortal: frozenset[str]) -> Kind:
        return ProbedValue(self.initial) if self.lock and is_probed(asked, mortal) else self

    def start(self, holders: Holders) -> Tally:
        return Tally(self.initial, Guard())

    def step(self, state: Tally, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation.startswith("lock."):
            match step_guard(state.guard, clerk, operation, argument):
                case None:
                    return BLOCKED
                case Guard() as guard, result:
                    return Done(state._replace(guard=guard), result)
                case error, message:
                    return Refused(state, str(error), str(message))
        if state.guard.holder not in ("", clerk):
            return BLOCKED
        match operation:
            case "read":
                return Done(state, state.number)
            case "write":
                number = as_number(argument[0])
                if isinstance(number, str):
                    return Refused(state, "TypeError", number)
                return Done(Tally(number, state.guard))
            case _:
                raise ValueError(f"a value has no operation {operation!r}")

    def alone(
        self, state: Tally, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        if not others or (operation == "read" and others <= {"read"}):
            return True
        # Its holder has it to itself; only somebody who tries the lock could tell when it is given back.
        return state.guard.holder == clerk and (
            operation != "lock.release" or state.guard.depth > 1 or "lock.acquire?" not in others
        )

    def wait(self, state: Tally, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        return guard_wait(state.guard)

    def show(self, state: Tally) -> Picture:
        return Picture("tally", number=state.number, holder=state.guard.holder, depth=state.guard.depth)

    def reading(self, state: Tally) -> Value:
        return state.number

    def open(self, context: BaseContext, holders: Holders) -> Any:
        return context.Value("q", self.initial, lock=self.lock)

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Value:
        match operation:
            case "read":
                return int(real.value)
            case "write":
                real.value = to_real(argument[0])
                return None
            case _:
                return perform_guard(real.get_lock(), operation, argument)

    def bare(
        self, real: Any, clerk: str, operation: str, given: int, rest: tuple[Value, ...]
    ) -> Callable[..., Any] | None:
        if not self.lock:
            return partial(getattr, real, "value") if operation == "read" else None
        if operation in ("read", "write"):
            access = type(real).value
            return MethodType(access.fget if operation == "read" else access.fset, real)
        return bare_guard(real.get_lock(), operation, given, rest)

    def recipe(self, name: str) -> Recipe:
        if not self.lock:
            makes = f'{name} = Value("q", {self.initial}, lock=False)'
            return Recipe(makes, ("Value",), {"": name}, reads=f"{name}.value")
        faces = {"": name, "lock": f"{name}.get_lock()"}
        makes = f'{name} = Value("q", {self.initial})'
        return Recipe(makes, ("Value",), faces, reads=f"{name}.get_obj().value")

    def look(self, real: Any) -> Value:
        return int((real.get_obj() if self.lock else real).value)

    def reset(self, real: Any, state: Tally, holders: Holders) -> bool:
        if state.guard.holder:
            return False
        (real.get_obj() if self.lock else real).value = self.initial
        return True


@dataclass(frozen=True)
class ProbedValue(Probed, SharedValue):
    """A tally board whose lock somebody may try."""
