"""A queue: `multiprocessing.Queue`, with the out-trays that its picture in the docs leaves out.

A put lays the token in the caller's own out-tray and counts it against `maxsize`; the clerk's porter
(the queue's feeder thread) carries it onto the belt later, so not even the clerk who put it can get it
back at once. `empty` looks at the belt, `qsize` and `full` at the count: they may disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from multiprocessing.queues import Queue as RealQueue
from typing import Any, ClassVar, NamedTuple

from game.channels.kind import (
    BLOCKED,
    Blocked,
    Done,
    Gate,
    Holders,
    Kind,
    Outcome,
    Picture,
    Recipe,
    Refused,
    Wait,
)
from game.channels.timing import acquire_complaint, deadline_complaint, real_timeout
from game.channels.wire import to_real, to_value, widen
from game.request import Face, Operation, Value

Tokens = tuple[Value, ...]


class Belt(NamedTuple):
    """items: on the belt, next first. trays: every holder's, in the level's order. inside: how many were put
    and not yet taken, which is what the semaphore behind `maxsize` knows."""

    items: Tokens
    trays: tuple[tuple[str, Tokens], ...]
    inside: int


@dataclass(frozen=True)
class Queue(Kind):
    name: ClassVar[str] = "queue"
    help: ClassVar[str] = (
        "A belt. What you put lies in your out-tray until your porter carries it on; whoever gets first, "
        "gets it."
    )
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.Queue",
            methods=(
                (
                    "put",
                    Operation(
                        "put",
                        ("item", "block", "timeout"),
                        (True, None),
                        help="Lay an item in your out-tray. Your porter carries it onto the belt later. "
                        "Waits while the queue is full.",
                    ),
                ),
                (
                    "get",
                    Operation(
                        "get",
                        ("block", "timeout"),
                        (True, None),
                        help="Take the next item off the belt. Waits while the belt is empty.",
                    ),
                ),
                (
                    "put_nowait",
                    Operation(
                        "put",
                        ("item",),
                        fixed=(False, None),
                        help="Like put, but raises Full instead of waiting.",
                    ),
                ),
                (
                    "get_nowait",
                    Operation(
                        "get",
                        fixed=(False, None),
                        help="Like get, but raises Empty instead of waiting, even when an item is still in "
                        "somebody's out-tray.",
                    ),
                ),
                (
                    "empty",
                    Operation(
                        "empty",
                        help="Whether the belt is empty at this moment. Items in out-trays do not count.",
                    ),
                ),
                (
                    "full",
                    Operation("full", help="Whether maxsize items have been put and not yet taken."),
                ),
                (
                    "qsize",
                    Operation("qsize", help="How many items have been put and not yet taken, out-trays too."),
                ),
            ),
        )
    }

    maxsize: int = field(
        default=0,
        metadata={
            "minimum": 0,
            "maximum": 1000,
            "help": "How many items may be in the queue, out-trays included. 0: no limit.",
        },
    )

    def start(self, holders: Holders) -> Belt:
        clerks = dict.fromkeys(clerk for _, clerk in holders)
        return Belt((), tuple((clerk, ()) for clerk in clerks), 0)

    def step(self, state: Belt, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        match operation, argument:
            case "put", (item, block, timeout):
                return self._put(state, clerk, item, block, timeout)
            case "get", (block, timeout):
                return _get(state, block, timeout)
            case "empty", _:
                return Done(state, not state.items)
            case "full", _:
                return Done(state, self._is_full(state))
            case "qsize", _:
                return Done(state, state.inside)
            case _:
                raise ValueError(f"a queue has no operation {operation!r}")

    def _is_full(self, state: Belt) -> bool:
        return 0 < self.maxsize <= state.inside

    def _put(self, state: Belt, clerk: str, item: Value, block: Value, timeout: Value) -> Outcome:
        if complaint := acquire_complaint(block, timeout):
            return Refused(state, "TypeError", complaint)
        if self._is_full(state):
            return BLOCKED if block and timeout is None else Refused(state, "Full")
        trays = tuple((name, (*tray, item) if name == clerk else tray) for name, tray in state.trays)
        return Done(Belt(state.items, trays, state.inside + 1))

    def porters(self, state: Belt) -> tuple[str, ...]:
        return tuple(clerk for clerk, tray in state.trays if tray)

    def carry(self, state: Belt, clerk: str) -> Done | Blocked:
        item = next(tray[0] for name, tray in state.trays if name == clerk)
        trays = tuple((name, tray[1:] if name == clerk else tray) for name, tray in state.trays)
        return Done(Belt((*state.items, item), trays, state.inside), item)

    def leave(self, state: Belt, clerk: str) -> Done | Blocked:
        return BLOCKED if dict(state.trays).get(clerk) else Done(state)

    def die(self, state: Belt, clerk: str) -> Belt:
        # The tray was in its memory. What it held still counts against maxsize: nobody gives that back.
        trays = tuple((name, () if name == clerk else tray) for name, tray in state.trays)
        return Belt(state.items, trays, state.inside)

    def alone(
        self, state: Belt, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        if operation == "put":  # into the clerk's own tray: nobody can tell but by the count
            return not self.maxsize and not others & {"qsize", "full"}
        if operation == "get":  # from the front, while porters lay down at the back
            counts = self.maxsize and "put?" in others
            return bool(state.items) and not counts and not others & {"get", "empty", "qsize", "full"}
        return False

    def carries_alone(self, state: Belt, clerk: str, others: frozenset[str], own: frozenset[str]) -> bool:
        # Only another porter can overtake it, only somebody who looks without waiting can miss it.
        return "put" not in others and not (others | own) & {"get?", "empty"}

    def wait(self, state: Belt, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        if operation == "put":
            return Wait("waits for room in {channel}", needs=("get",))
        if operation == "get":
            text = "waits for a letter on {channel}"
            if porters := self.porters(state):
                text += f" (one lies in the out-tray of {' and '.join(porters)})"
            return Wait(text, needs=("put",))
        return Wait("waits until its out-tray for {channel} is empty", holders=(clerk,))

    def show(self, state: Belt) -> Picture:
        return Picture("belt", items=state.items, trays=state.trays, capacity=self.maxsize or None)

    def rest(self, state: Belt) -> Tokens:
        return state.items + tuple(item for _, tray in state.trays for item in tray)

    def open(self, context: BaseContext, holders: Holders) -> RealQueue[Any]:
        queue: Any = context.Queue(self.maxsize)
        widen(queue._writer)
        return queue  # type: ignore[no-any-return]

    def arrive(self, real: Any, clerk: str, gate: Gate | None) -> None:
        if gate is None:
            return
        if real._wlock is None:
            raise NotImplementedError("on Windows no porter can be held back: its pipe needs no lock")
        # The feeder takes this lock for every item just before it writes it, and it is handed the
        # lock when it starts, with the first put. Holding back its `_send_bytes` instead would hold
        # back everybody, because it writes under the lock that all processes share.
        real._wlock = _GatedLock(real._wlock, gate)

    def perform(self, real: RealQueue[Any], clerk: str, operation: str, argument: tuple[Value, ...]) -> Value:
        match operation, argument:
            case "put", (item, block, timeout):
                real.put(to_real(item), to_real(block), real_timeout(timeout))
                return None
            case "get", (block, timeout):
                return to_value(real.get(to_real(block), real_timeout(timeout)))
            case "empty", _:
                return real.empty()
            case "full", _:
                return real.full()
            case "qsize", _:
                return real.qsize()
            case _:
                raise ValueError(f"a queue has no operation {operation!r}")

    def recipe(self, name: str) -> Recipe:
        bound = f"maxsize={self.maxsize}" if self.maxsize else ""
        return Recipe(f"{name} = Queue({bound})", ("Queue",), {"": name}, drains=True)

    def shut(self, real: Any) -> None:
        # Not real.close(): that only tells a feeder to finish, and the office has none.
        real._reader.close()
        real._writer.close()


class _GatedLock:
    """The lock under which a porter writes, behind a gate."""

    def __init__(self, lock: Any, gate: Gate) -> None:
        self._lock = lock
        self._gate = gate

    def acquire(self) -> None:
        self._gate.wait()
        self._lock.acquire()

    def release(self) -> None:
        self._lock.release()
        self._gate.done()


def _get(state: Belt, block: Value, timeout: Value) -> Outcome:
    patient = block and timeout is None
    if not patient and (complaint := (deadline_complaint(timeout) if block else "")):
        return Refused(state, "TypeError", complaint)
    if not patient and (complaint := acquire_complaint(block, timeout)):
        return Refused(state, "TypeError", complaint)
    if not state.items:
        return BLOCKED if patient else Refused(state, "Empty")
    return Done(Belt(state.items[1:], state.trays, state.inside - 1), state.items[0])
