"""A simple queue: `multiprocessing.SimpleQueue`, a pipe with a lock at either end.

No out-tray and no porter: a put is on the chute when it returns, and waits while the chute is full. Who
waits keeps the lock at that end, which nobody can notice unless he is killed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from multiprocessing.queues import SimpleQueue as RealSimpleQueue
from typing import Any, ClassVar, Final, NamedTuple

from game.channels.bench import kept
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
from game.channels.wire import Lane, one_way
from game.language import say
from game.request import Doomed, Face, Operation, Value

Tokens = tuple[Value, ...]


@dataclass(frozen=True)
class SimpleQueue(Kind):
    name: ClassVar[str] = "simple_queue"
    help: ClassVar[str] = "A chute. What you put is there at once for whoever gets first."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.SimpleQueue",
            inherited="SimpleQueue",
            methods=(
                (
                    "put",
                    Operation(
                        "put", ("item",), help="Put an item in. Waits while the chute is full.", pickles=True
                    ),
                ),
                ("get", Operation("get", help="Take the next item out. Waits while the chute is empty.")),
                ("empty", Operation("empty", help="Whether the chute is empty at this moment.")),
            ),
        )
    }

    capacity: int = field(
        default=16,
        metadata={"minimum": 1, "maximum": 64, "help": "How many items fit before a put has to wait."},
    )

    def noticing(self, asked: Asked, mortal: frozenset[str]) -> Kind:
        cuts = []
        for clerk in asked:
            others = frozenset[str]().union(*(able for name, able in asked.items() if name != clerk))
            if clerk in mortal and (shared := asked[clerk] & others & {"get", "put"}):
                cuts.append((clerk, shared))
        return CloseSimpleQueue(self.capacity, tuple(cuts)) if cuts else self

    def start(self, holders: Holders) -> Any:
        return ()

    def step(self, state: Tokens, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        match operation:
            case "put" if isinstance(argument[0], Doomed):  # pickled before anything else
                return Refused(state, argument[0].error, argument[0].message)
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


class Manned(NamedTuple):
    """A chute with the clerks who keep its two ends between two steps, or kept them when they were killed."""

    items: Tokens
    mouth: str = ""
    hatch: str = ""


_PLACES: Final = {"put": "mouth", "get": "hatch"}


@dataclass(frozen=True)
class CloseSimpleQueue(SimpleQueue):
    """A simple queue looked at closely, as SimpleQueue of queues.py has it: take the end, pass the letter
    (put.letter, get.letter), give the end back (put.back, get.back). For the clerks in `cuts` these are
    steps of their own."""

    cuts: tuple[tuple[str, frozenset[str]], ...] = ()

    def _is_cut(self, clerk: str, operation: str) -> bool:
        return any(name == clerk and operation in cuts for name, cuts in self.cuts)

    def start(self, holders: Holders) -> Manned:
        return Manned(())

    def step(self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        whole, _, part = operation.partition(".")
        place = _PLACES.get(whole, "")
        if operation == "put" and isinstance(argument[0], Doomed):
            return super().step(state, clerk, operation, argument)
        if part == "back":
            return Done(state._replace(**{place: ""}), argument[0])
        if place and not part:
            if getattr(state, place):
                return BLOCKED
            if self._is_cut(clerk, whole):
                return Goes(state._replace(**{place: clerk}), f"{whole}.letter", argument)
        outcome = super().step(state.items, clerk, whole, argument)
        if not isinstance(outcome, Done):
            return outcome
        after = state._replace(items=outcome.state)
        return Goes(after, f"{whole}.back", (outcome.result,)) if part else Done(after, outcome.result)

    def alone(self, *_: Any) -> bool:
        return False

    def wait(self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        whole, _, part = operation.partition(".")
        keeper = getattr(state, _PLACES[whole])
        if keeper and not part:
            text = say("waits for its turn at {channel}, which {clerk} keeps", channel=OPEN, clerk=keeper)
            return Wait(text, (keeper,))
        return super().wait(state.items, clerk, whole, argument)

    def show(self, state: Any) -> Picture:
        keepers = kept(mouth=state.mouth, hatch=state.hatch)
        text = "; ".join(f"{clerk} keeps the {place}" for place, clerk in keepers)
        return super().show(state.items)._replace(text=text, keepers=keepers)

    def rest(self, state: Any) -> Tokens:
        items: Tokens = state.items
        return items

    def reset(self, real: Chute, state: Any, holders: Holders) -> bool:
        return bool(state == Manned(()))

    def perform(self, real: Chute, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        whole, _, part = operation.partition(".")
        if not self._is_cut(clerk, whole):
            return super().perform(real, clerk, operation, argument)
        queue: Any = real.queue
        lock = queue._rlock if whole == "get" else queue._wlock
        if operation == "put" and isinstance(argument[0], Doomed):
            return super().perform(real, clerk, operation, argument)
        if not part:
            lock.acquire()
            return Goes(None, f"{whole}.letter", argument)
        if part == "back":
            lock.release()
            return argument[0]
        result = None
        if whole == "put":
            letter = real.lane.pack(argument[0])
            real.lane.admit(queue._writer)
            queue._writer.send(letter)
        else:
            result = real.lane.unpack(queue._reader.recv())
        return Goes(None, f"{whole}.back", (result,))


class Chute(NamedTuple):
    """A real SimpleQueue over a wire that holds exactly its capacity."""

    queue: RealSimpleQueue[Any]
    lane: Lane
