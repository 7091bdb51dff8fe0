"""A key that its holder may take again: `multiprocessing.RLock`.

It counts, and only its holder may give it back, once for every time. Also the guard of every `Value` and
`Array`, and the key of a `Condition`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.synchronize import RLock as RealRLock
from typing import Any, ClassVar, NamedTuple

from game.channels.kind import BLOCKED, OPEN, Done, Holders, Kind, Outcome, Picture, Recipe, Refused, Wait
from game.channels.timing import acquire_complaint, real_timeout
from game.channels.wire import to_real
from game.language import say
from game.request import Face, Operation, Value


class Guard(NamedTuple):
    """The clerk who holds it, or "", and how many times."""

    holder: str = ""
    depth: int = 0


def step_guard(
    guard: Guard, clerk: str, operation: str, argument: tuple[Value, ...]
) -> tuple[Guard, bool | None] | tuple[str, str] | None:
    """`acquire` or `release`, whatever stands before them: the new guard and the result, or the error and
    its message, or None when the caller has to wait."""
    if operation.endswith("release"):
        if guard.holder != clerk:
            return "AssertionError", "attempt to release recursive lock not owned by thread"
        return (Guard(clerk, guard.depth - 1) if guard.depth > 1 else Guard()), None
    block, timeout = argument or (True, None)
    # Its holder gets an RLock again before CPython looks at the timeout.
    if complaint := acquire_complaint(block, None if guard.holder == clerk else timeout):
        return "TypeError", complaint
    if guard.holder in ("", clerk):
        return Guard(clerk, guard.depth + 1), True
    return None if block and timeout is None else (guard, False)


def perform_guard(lock: Any, operation: str, argument: tuple[Value, ...]) -> Value:
    """The same on the real lock."""
    if operation.endswith("release"):
        lock.release()
        return None
    block, timeout = argument or (True, None)
    return bool(lock.acquire(to_real(block), real_timeout(timeout)))


def bare_guard(lock: Any, operation: str, given: int, rest: tuple[Value, ...]) -> Callable[..., Any] | None:
    """What does this on the real lock and nothing else, if it is as simple as that."""
    if operation.endswith("release"):
        return lock.release  # type: ignore[no-any-return]
    # A timeout that is given counts the office's seconds, not the real lock's.
    return lock.acquire if not given and rest in ((), (True, None)) else None


@dataclass(frozen=True)
class RLock(Kind):
    name: ClassVar[str] = "rlock"
    help: ClassVar[str] = "A key on a hook that its holder may take again and again; it counts."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.RLock",
            inherited="RLock",
            methods=(
                (
                    "acquire",
                    Operation(
                        "acquire",
                        ("block", "timeout"),
                        (True, None),
                        help="Take the key and return True; its holder may take it again. Waits while "
                        "somebody else has it, unless block is False or the timeout runs out: then returns "
                        "False.",
                    ),
                ),
                (
                    "release",
                    Operation(
                        "release", help="Give the key back, once for every acquire. Only its holder may."
                    ),
                ),
            ),
            context=("acquire", "release"),
        )
    }

    def start(self, holders: Holders) -> Guard:
        return Guard()

    def step(self, state: Guard, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation not in ("acquire", "release"):
            raise ValueError(f"an rlock has no operation {operation!r}")
        match step_guard(state, clerk, operation, argument):
            case None:
                return BLOCKED
            case Guard() as guard, result:
                return Done(guard, result)
            case error, message:
                return Refused(state, str(error), str(message))

    def alone(
        self, state: Guard, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        # Its holder has it to itself; only somebody who tries it could tell when it is given back.
        return not others or (
            state.holder == clerk and (operation == "acquire" or state.depth > 1 or "acquire?" not in others)
        )

    def wait(self, state: Guard, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        text = say("waits for {channel}, which {holder} holds", channel=OPEN, holder=state.holder)
        return Wait(text, (state.holder,), ("release",))

    def show(self, state: Guard) -> Picture:
        text = f"{state.holder} has it" if state.holder else "on its hook"
        if state.depth > 1:
            text += f", {state.depth} times"
        return Picture("key", holder=state.holder, depth=state.depth, text=text)

    def open(self, context: BaseContext, holders: Holders) -> RealRLock:
        return context.RLock()

    def perform(self, real: RealRLock, clerk: str, operation: str, argument: tuple[Value, ...]) -> Value:
        return perform_guard(real, operation, argument)

    def reset(self, real: RealRLock, state: Guard, holders: Holders) -> bool:
        return state == Guard()

    def bare(
        self, real: Any, clerk: str, operation: str, given: int, rest: tuple[Value, ...]
    ) -> Callable[..., Any] | None:
        return bare_guard(real, operation, given, rest)

    def recipe(self, name: str) -> Recipe:
        return Recipe(f"{name} = RLock()", ("RLock",), {"": name})
