"""Tags on a hook: `multiprocessing.Semaphore` and `BoundedSemaphore`.

Who acquires takes a tag, and waits while none hangs there; who releases hangs one up, whoever took it. The
plain one lets more be hung up than there were and says nothing; the bounded one raises.

CPython looks at the number of tags and adds one in two steps (semaphore.c, release). The rule does both at
once: where two releases at the same time could slip past the bound, there is also an order in which the
second of them is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from typing import Any, ClassVar, Final

from game.channels.kind import BLOCKED, Done, Holders, Kind, Outcome, Picture, Recipe, Refused, Wait
from game.channels.rlock import bare_guard
from game.channels.timing import acquire_complaint, real_timeout
from game.channels.wire import to_real
from game.request import Face, Operation, Value

_ACQUIRE: Final = Operation(
    "acquire",
    ("block", "timeout"),
    (True, None),
    help="Take a tag and return True. Waits while none is there, unless block is False or the timeout runs "
    "out: then returns False.",
)


@dataclass(frozen=True)
class Semaphore(Kind):
    """The state is the number of tags on the hook."""

    name: ClassVar[str] = "semaphore"
    help: ClassVar[str] = "Tags on a hook. Who takes one may go on; who finds none waits."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.Semaphore",
            inherited="Semaphore",
            methods=(
                ("acquire", _ACQUIRE),
                (
                    "release",
                    Operation("release", help="Hang up a tag, one more than before, whoever took it."),
                ),
            ),
            context=("acquire", "release"),
        )
    }

    lends: ClassVar[tuple[str, str] | None] = ("acquire", "release")

    value: int = field(
        default=1,
        metadata={"minimum": 0, "maximum": 1000, "help": "How many tags hang there at first."},
    )

    def start(self, holders: Holders) -> int:
        return self.value

    def step(self, state: int, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        match operation:
            case "acquire":
                block, timeout = argument or (True, None)
                if complaint := acquire_complaint(block, timeout):
                    return Refused(state, "TypeError", complaint)
                if state:
                    return Done(state - 1, True)
                return BLOCKED if block and timeout is None else Done(state, False)
            case "release":
                return self._release(state)
            case _:
                raise ValueError(f"a {self.name} has no operation {operation!r}")

    def _release(self, state: int) -> Outcome:
        return Done(state + 1)

    def alone(
        self, state: int, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        # A tag more only ever helps; nobody but who tries could tell when it came.
        return not others or (operation == "release" and "acquire?" not in others)

    def wait(self, state: int, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        return Wait("waits for a tag of {channel}", needs=("release",))

    def show(self, state: int) -> Picture:
        text = f"{state} of {self.value} tag{'s' * (self.value != 1)} on the hook"
        return Picture("tags", number=state, capacity=self.value, text=text)

    def open(self, context: BaseContext, holders: Holders) -> Any:
        return context.Semaphore(self.value)

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Value:
        match operation:
            case "acquire":
                block, timeout = argument or (True, None)
                return bool(real.acquire(to_real(block), real_timeout(timeout)))
            case "release":
                real.release()
                return None
            case _:
                raise ValueError(f"a {self.name} has no operation {operation!r}")

    def bare(
        self, real: Any, clerk: str, operation: str, given: int, rest: tuple[Value, ...]
    ) -> Callable[..., Any] | None:
        return bare_guard(real, operation, given, rest)

    def reset(self, real: Any, state: int, holders: Holders) -> bool:
        for _ in range(state - self.value):
            real.acquire(False)
        for _ in range(self.value - state):
            real.release()
        return True

    def recipe(self, name: str) -> Recipe:
        made = self.faces[""].python.rpartition(".")[2]
        return Recipe(f"{name} = {made}({self.value})", (made,), {"": name})


@dataclass(frozen=True)
class BoundedSemaphore(Semaphore):
    name: ClassVar[str] = "bounded_semaphore"
    help: ClassVar[str] = "Tags on a hook that has room for no more than hung there at first."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.BoundedSemaphore",
            inherited="BoundedSemaphore",
            methods=(
                ("acquire", _ACQUIRE),
                (
                    "release",
                    Operation(
                        "release",
                        help="Hang a tag back, whoever took it. ValueError when all of them hang there.",
                    ),
                ),
            ),
            context=("acquire", "release"),
        )
    }

    value: int = field(
        default=1,
        metadata={"minimum": 1, "maximum": 1000, "help": "How many tags there are; all hang there at first."},
    )

    def alone(
        self, state: int, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        return not others  # of two releases the second may be the one too many

    def _release(self, state: int) -> Outcome:
        if state >= self.value:
            return Refused(state, "ValueError", "semaphore or lock released too many times")
        return Done(state + 1)

    def open(self, context: BaseContext, holders: Holders) -> Any:
        return context.BoundedSemaphore(self.value)
