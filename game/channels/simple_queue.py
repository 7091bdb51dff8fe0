"""A simple queue: `multiprocessing.SimpleQueue`, a pipe with a lock at either end.

No out-tray and no porter: a put is on the chute when it returns, and waits while the chute is full.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from multiprocessing.queues import SimpleQueue as RealSimpleQueue
from typing import Any, ClassVar, NamedTuple

from game.channels.kind import BLOCKED, Done, Holders, Kind, Outcome, Picture, Recipe, Wait
from game.channels.wire import Lane, one_way
from game.request import Face, Operation, Value

Tokens = tuple[Value, ...]


@dataclass(frozen=True)
class SimpleQueue(Kind):
    name: ClassVar[str] = "simple_queue"
    help: ClassVar[str] = "A chute. What you put is there at once for whoever gets first."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.SimpleQueue",
            methods=(
                ("put", Operation("put", ("item",), help="Put an item in. Waits while the chute is full.")),
                ("get", Operation("get", help="Take the next item out. Waits while the chute is empty.")),
                ("empty", Operation("empty", help="Whether the chute is empty at this moment.")),
            ),
        )
    }

    capacity: int = field(
        default=16,
        metadata={"minimum": 1, "maximum": 64, "help": "How many items fit before a put has to wait."},
    )

    def start(self, holders: Holders) -> Tokens:
        return ()

    def step(self, state: Tokens, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        match operation:
            case "put":
                return BLOCKED if len(state) >= self.capacity else Done((*state, argument[0]))
            case "get":
                return Done(state[1:], state[0]) if state else BLOCKED
            case "empty":
                return Done(state, not state)
            case _:
                raise ValueError(f"a simple_queue has no operation {operation!r}")

    def alone(
        self, state: Tokens, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        # One puts at the back, one takes from the front: they never meet unless somebody looks.
        return operation in ("put", "get") and not others & {operation, "empty"}

    def wait(self, state: Tokens, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        if operation == "put":
            return Wait("waits for room in {channel}", needs=("get",))
        return Wait("waits for a letter in {channel}", needs=("put",))

    def show(self, state: Tokens) -> Picture:
        return Picture("chute", items=state, capacity=self.capacity)

    def rest(self, state: Tokens) -> Tokens:
        return state

    def open(self, context: BaseContext, holders: Holders) -> Chute:
        queue: Any = context.SimpleQueue()
        queue.close()
        queue._reader, queue._writer, lane = one_way(context, self.capacity)
        queue._poll = queue._reader.poll
        return Chute(queue, lane)

    def reset(self, real: Chute, state: Tokens, holders: Holders) -> bool:
        return not state

    def perform(self, real: Chute, clerk: str, operation: str, argument: tuple[Value, ...]) -> Value:
        queue: Any = real.queue
        match operation:
            case "put":
                letter = real.lane.pack(argument[0])
                real.lane.admit(queue._writer)
                queue.put(letter)
                return None
            case "get":
                return real.lane.unpack(queue.get())
            case "empty":
                return bool(queue.empty())
            case _:
                raise ValueError(f"a simple_queue has no operation {operation!r}")

    def recipe(self, name: str) -> Recipe:
        remark = f"The level's chute holds {self.capacity}; a real one holds what fits into 64 KiB or so."
        return Recipe(f"{name} = SimpleQueue()", ("SimpleQueue",), {"": name}, drains=True, remark=remark)

    def shut(self, real: Chute) -> None:
        real.queue.close()


class Chute(NamedTuple):
    """A real SimpleQueue over a wire that holds exactly its capacity."""

    queue: RealSimpleQueue[Any]
    lane: Lane
