"""A lock: one holder at a time.

The rule follows multiprocessing.Lock, not the textbook: any process may release it, its holder waits
for itself when it acquires twice, and a holder that goes home takes the key along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.synchronize import Lock as RealLock
from typing import Any, ClassVar

from game.channels.kind import BLOCKED, OPEN, Done, Holders, Kind, Outcome, Picture, Recipe, Refused, Wait
from game.channels.rlock import bare_guard
from game.channels.timing import acquire_complaint, real_timeout
from game.channels.wire import to_real
from game.language import say
from game.request import Face, Operation, Value


@dataclass(frozen=True)
class Lock(Kind):
    """The state is the name of the clerk who acquired it, or ""."""

    name: ClassVar[str] = "lock"
    help: ClassVar[str] = "A key on a hook. One clerk can have it; everybody else waits."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.Lock",
            inherited="Lock",
            methods=(
                (
                    "acquire",
                    Operation(
                        "acquire",
                        ("block", "timeout"),
                        (True, None),
                        help="Take the key and return True. Waits while somebody has it, unless block is "
                        "False or the timeout runs out: then returns False.",
                    ),
                ),
                (
                    "release",
                    Operation("release", help="Hang the key back on its hook, whoever took it."),
                ),
            ),
            context=("acquire", "release"),
        )
    }

    def start(self, holders: Holders) -> str:
        return ""

    def step(self, state: str, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        match operation:
            case "acquire":
                block, timeout = argument or (True, None)
                if complaint := acquire_complaint(block, timeout):
                    return Refused(state, "TypeError", complaint)
                if not state:
                    return Done(clerk, True)
                return BLOCKED if block and timeout is None else Done(state, False)
            case "release" if state:
                return Done("")
            case "release":
                return Refused(state, "ValueError", "semaphore or lock released too many times")
            case _:
                raise ValueError(f"a lock has no operation {operation!r}")

    def alone(
        self, state: str, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        # While it is held nobody else gets anywhere, but by trying it or releasing what is not theirs.
        return not others or (
            operation == "release" and state == clerk and not others & {"acquire?", "release?"}
        )

    def wait(self, state: str, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        if state == clerk:
            return Wait("waits for {channel}, which it holds itself", (state,), ("release",))
        text = say("waits for {channel}, which {holder} holds", channel=OPEN, holder=state)
        return Wait(text, (state,), ("release",))

    def show(self, state: str) -> Picture:
        return Picture("key", holder=state, depth=1 if state else 0)

    def open(self, context: BaseContext, holders: Holders) -> RealLock:
        return context.Lock()

    def reset(self, real: RealLock, state: str, holders: Holders) -> bool:
        return not state

    def perform(self, real: RealLock, clerk: str, operation: str, argument: tuple[Value, ...]) -> Value:
        match operation:
            case "acquire":
                block, timeout = argument or (True, None)
                return real.acquire(to_real(block), real_timeout(timeout))
            case "release":
                real.release()
                return None
            case _:
                raise ValueError(f"a lock has no operation {operation!r}")

    def bare(
        self, real: Any, clerk: str, operation: str, given: int, rest: tuple[Value, ...]
    ) -> Callable[..., Any] | None:
        return bare_guard(real, operation, given, rest)

    def recipe(self, name: str) -> Recipe:
        return Recipe(f"{name} = Lock()", ("Lock",), {"": name})
