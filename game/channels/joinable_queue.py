"""A queue with a receipt book: `multiprocessing.JoinableQueue`.

Every put opens a receipt, `task_done` closes one, and `join` waits until none is open. Nothing checks that
who closes one has done the work, or even taken a letter.

`join` sleeps until the book is empty and does not look again, so waiting is one step: it is possible while no
receipt is open. Only where somebody may be killed, or looks at the count while a put is under way, are there
more (queues.py, JoinableQueue).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from queue import Full
from typing import Any, ClassVar, NamedTuple, cast

from game.channels.bench import Bench, kept
from game.channels.ink import count_doomed, real_item
from game.channels.kind import (
    BLOCKED,
    OPEN,
    Asked,
    Blocked,
    Choice,
    Done,
    Gate,
    Goes,
    Holders,
    Kind,
    Outcome,
    Picture,
    Recipe,
    Refused,
    Wait,
)
from game.channels.queue import (
    WIRE,
    Belt,
    CloseQueue,
    Cuts,
    Queue,
    Tokens,
    cuts_of,
    wire_complaint,
    wire_remark,
)
from game.channels.room import Ring, Room, Sleep, Stay
from game.channels.timing import real_timeout
from game.channels.wire import to_real
from game.language import say_many
from game.request import Face, Operation, Value

_TOO_OFTEN = "task_done() called too many times"


class Book(NamedTuple):
    """open: receipts that nobody has closed. key and bench: of the condition behind it."""

    belt: Belt
    open: int = 0
    key: str = ""
    bench: Bench = Bench()


@dataclass(frozen=True)
class JoinableQueue(Kind):
    name: ClassVar[str] = "joinable_queue"
    help: ClassVar[str] = (
        "A belt with a receipt book: put opens a receipt, task_done closes one, join waits for the last."
    )
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.JoinableQueue",
            inherited="JoinableQueue",
            methods=(
                *Queue.faces[""].methods,
                (
                    "task_done",
                    Operation(
                        "task_done",
                        help="Close a receipt: one item that you took is done with. ValueError when none is "
                        "open.",
                    ),
                ),
                (
                    "join",
                    Operation("join", help="Wait until every item ever put has been done with."),
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
    wire: int = field(default=0, metadata=WIRE)

    def __post_init__(self) -> None:
        if complaint := wire_complaint(self.wire):
            raise ValueError(complaint)

    def _queue(self) -> Queue:
        """The rule of the belt alone."""
        return Queue(self.maxsize, self.wire)

    def noticing(self, asked: Asked, mortal: frozenset[str]) -> Kind:
        cuts = cuts_of(asked, mortal, bool(self.maxsize))
        everything = frozenset[str]().union(*asked.values())
        counted = everything & {"qsize", "full", "put?"} and everything & {"join", "task_done"}
        if len(asked) > 1 and (mortal or counted):
            return CloseJoinableQueue(self.maxsize, self.wire, cuts, mortal)
        return LooseJoinableQueue(self.maxsize, self.wire, cuts) if cuts else self

    def start(self, holders: Holders) -> Any:
        return Book(self._queue().start(holders))

    def step(self, state: Book, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation == "task_done":
            if not state.open:
                return Refused(state, "ValueError", _TOO_OFTEN)
            return Done(state._replace(open=state.open - 1))
        if operation == "join":
            return BLOCKED if state.open else Done(state)
        outcome = self._queue().step(state.belt, clerk, operation, argument)
        if isinstance(outcome, Blocked | Choice):
            return outcome
        opened = state.open + (operation == "put" and isinstance(outcome, Done))
        return outcome._replace(state=state._replace(belt=cast(Belt, outcome.state), open=opened))

    def porters(self, state: Book) -> tuple[str, ...]:
        return self._queue().porters(state.belt)

    def carry(self, state: Book, clerk: str) -> Done | Blocked:
        carried = self._queue().carry(state.belt, clerk)
        if isinstance(carried, Blocked):
            return carried
        return Done(state._replace(belt=cast(Belt, carried.state)), carried.result)

    def leave(self, state: Book, clerk: str) -> Done | Blocked:
        left = self._queue().leave(state.belt, clerk)
        return left if isinstance(left, Blocked) else Done(state)

    def die(self, state: Book, clerk: str) -> Book:
        # The receipts of what was in its tray stay open, and so do those of what it had taken.
        return state._replace(belt=self._queue().die(state.belt, clerk))

    def alone(
        self, state: Book, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        if operation == "task_done":
            return bool(state.open) and "task_done" not in others
        if operation == "join":
            return "put" not in others
        if operation == "put" and others & {"join", "task_done"}:
            return False
        return self._queue().alone(state.belt, clerk, operation, argument, others)

    def carries_alone(self, state: Book, clerk: str, others: frozenset[str], own: frozenset[str]) -> bool:
        return self._queue().carries_alone(state.belt, clerk, others, own)

    def wait(self, state: Book, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        if operation.partition(".")[0] == "join":
            text = say_many(
                "waits for {count} open receipt of {channel}",
                "waits for {count} open receipts of {channel}",
                state.open,
                channel=OPEN,
            )
            return Wait(text, needs=("task_done",))
        return self._queue().wait(state.belt, clerk, operation, argument)

    def show(self, state: Book) -> Picture:
        picture = state.bench.on(self._queue().show(state.belt))
        receipts = f"{state.open} receipt{'s' * (state.open != 1)} open"
        text = "; ".join(filter(None, (receipts, picture.text)))
        return picture._replace(text=text, receipts=state.open, keepers=picture.keepers + kept(key=state.key))

    def rest(self, state: Book) -> Tokens:
        return self._queue().rest(state.belt)

    def open(self, context: BaseContext, holders: Holders) -> Any:
        return self._queue().fit(context.JoinableQueue(self.maxsize))

    def arrive(self, real: Any, clerk: str, gate: Gate | None) -> None:
        self._queue().arrive(real, clerk, gate)

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        if operation in ("task_done", "join"):
            return getattr(real, operation)()
        return self._queue().perform(real, clerk, operation, argument)

    def shut(self, real: Any) -> None:
        self._queue().shut(real)

    def recipe(self, name: str) -> Recipe:
        bound = f"maxsize={self.maxsize}" if self.maxsize else ""
        remark = wire_remark(self.wire)
        made = f"{name} = JoinableQueue({bound})"
        return Recipe(made, ("JoinableQueue",), {"": name}, drains=True, remark=remark)


@dataclass(frozen=True)
class LooseJoinableQueue(JoinableQueue):
    """One whose gets are taken apart as those of a `CloseQueue`."""

    cuts: Cuts = ()

    def _queue(self) -> Queue:
        return CloseQueue(self.maxsize, self.wire, self.cuts)


@dataclass(frozen=True)
class CloseJoinableQueue(Room, LooseJoinableQueue):
    """One looked at closely.

    put        be counted; put.stow lays the item in the tray and opens the receipt
    task_done  close one, and ring when it was the last; task_done.rung waits for the sleepers to stir
    join       look; join.asleep sleeps, join.awake goes on without looking again
    """

    mortal: frozenset[str] = frozenset()

    calls: ClassVar[frozenset[str]] = frozenset({"put.stow", "task_done", "join", "join.awake"})
    naps: ClassVar[Mapping[str, str]] = {"join.asleep": "join.awake"}
    rings: ClassVar[Mapping[str, str]] = {"task_done.rung": "task_done.done"}

    def step(self, state: Book, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation != "put":
            return super().step(state, clerk, operation, argument)
        outcome = self._queue().step(state.belt, clerk, operation, argument)
        if not isinstance(outcome, Done):
            if not isinstance(outcome, Refused):
                return outcome
            return outcome._replace(state=state._replace(belt=cast(Belt, outcome.state)))
        counted = state.belt._replace(inside=state.belt.inside + 1)
        return Goes(state._replace(belt=counted), "put.stow", (argument[0], *argument[3:]))

    def inside(
        self, state: Book, clerk: str, operation: str, argument: tuple[Value, ...]
    ) -> Done | Refused | Sleep | Ring | Stay:
        match operation, argument:
            case "put.stow", (item, *ink):
                stowed = state.belt.laid(clerk, item, ink[0] if ink else ())
                return Done(state._replace(belt=stowed, open=state.open + 1))
            case "task_done", _ if not state.open:
                return Refused(state, "ValueError", _TOO_OFTEN)
            case "task_done", _:
                closed = state._replace(open=state.open - 1)
                return Done(closed) if closed.open else Ring(closed, "task_done.rung")
            case "join", _ if state.open:
                return Sleep(state, "join.asleep")
        return Done(state)

    def die(self, state: Any, clerk: str) -> Any:
        return super().die(state, clerk)._replace(belt=self._queue().die(state.belt, clerk))

    def condition(self, real: Any) -> Any:
        return real._cond

    def really_inside(self, real: Any, operation: str, argument: tuple[Value, ...]) -> Any:
        match operation, argument:
            case "put.stow", (item, *ink):
                with real._notempty:
                    if real._thread is None:
                        real._start_thread()
                    real._buffer.append(real_item(real, item, ink[0] if ink else ()))
                    count_doomed(real, item)
                    real._unfinished_tasks.release()
                    real._notempty.notify()
            case "task_done", _:
                if not real._unfinished_tasks.acquire(False):
                    raise ValueError(_TOO_OFTEN)
                if real._unfinished_tasks._semlock._is_zero():
                    return Ring(None, "task_done.rung")
            case "join", _:
                if not real._unfinished_tasks._semlock._is_zero():
                    return Sleep(None, "join.asleep")
        return None

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        if operation != "put":
            return super().perform(real, clerk, operation, argument)
        item, block, timeout, *ink = argument
        if not real._sem.acquire(to_real(block), real_timeout(timeout)):
            raise Full
        return Goes(None, "put.stow", (item, *ink))
