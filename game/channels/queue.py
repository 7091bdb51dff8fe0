"""A queue: `multiprocessing.Queue`, with the out-trays that its picture in the docs leaves out.

A put lays the token in the caller's own out-tray and counts it against `maxsize`; the clerk's porter
(the queue's feeder thread) carries it onto the belt later, so not even the clerk who put it can get it
back at once. `empty` looks at the belt, `qsize` and `full` at the count: they may disagree. The belt is a
pipe: where a level says how much that holds (`wire`), porters wait while it is full, and nobody can go home
before their porter is done.

A list in an out-tray may still be changed by the clerk who put it (`game.channels.ink`): then the porter's
move is two, sealing the letter and carrying it.

Who gets reaches through a hatch (the queue's read lock) and keeps it while waiting; porters write one at a
time. Where the scripts could notice that, or somebody may be killed there, a get is several steps.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from multiprocessing.queues import Queue as RealQueue
from multiprocessing.reduction import ForkingPickler
from queue import Empty
from typing import Any, ClassVar, Final, NamedTuple

from game import request
from game.channels import ink as inks
from game.channels.bench import kept
from game.channels.ink import Laid
from game.channels.kind import (
    BLOCKED,
    OPEN,
    Asked,
    Blocked,
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
from game.channels.timing import acquire_complaint, deadline_complaint, real_timeout
from game.channels.wire import HEADER, PAGE, narrow, to_real, to_value, widen
from game.language import listed, say
from game.request import CHANGE, Doomed, Face, Operation, Value

Tokens = tuple[Value, ...]
Cuts = tuple[tuple[str, frozenset[str]], ...]
"""(clerk, the steps that begin within a call) where a call has to be taken apart."""


class Belt(NamedTuple):
    """items: on the belt, next first. trays: every holder's, in the level's order, some of it still wet.
    inside: how many were put and not yet taken, which is what the semaphore behind `maxsize` knows. hatch:
    the clerk who keeps it between two steps. wire: the clerk whose porter keeps the others from writing
    between two steps, and down: it has written already. Who was killed keeps both for ever."""

    items: Tokens
    trays: tuple[tuple[str, tuple[Laid, ...]], ...]
    inside: int
    hatch: str = ""
    wire: str = ""
    down: bool = False

    # Every step of a queue comes by here, and `_replace` takes four times as long.

    def tray(self, clerk: str) -> tuple[Laid, ...]:
        for name, tray in self.trays:
            if name == clerk:
                return tray
        raise KeyError(clerk)

    def with_tray(self, clerk: str, laid: tuple[Laid, ...]) -> Belt:
        """With this in the clerk's tray."""
        return self.with_items(self.items, clerk, laid, self.inside)

    def with_items(self, items: Tokens, clerk: str, laid: tuple[Laid, ...], inside: int) -> Belt:
        """With these on the belt, this in the clerk's tray, and this count."""
        trays = tuple([(name, laid if name == clerk else tray) for name, tray in self.trays])
        return Belt(items, trays, inside, self.hatch, self.wire, self.down)

    def taken(self) -> Belt:
        """Without the first item, which counts no longer."""
        return Belt(self.items[1:], self.trays, self.inside - 1, self.hatch, self.wire, self.down)

    def laid(self, clerk: str, item: Value, ink: Value = (), more: int = 0) -> Belt:
        """With an item more in this clerk's tray, and so many more in the count."""
        tray = (*self.settled(clerk, ink).tray(clerk), inks.laid(item, ink))
        return self.with_items(self.items, clerk, tray, self.inside + more)

    def settled(self, clerk: str, ink: Value) -> Belt:
        """Once the new marks of an ink no longer stand for what they stood for."""
        return self.with_tray(clerk, inks.settled(self.tray(clerk), ink)) if ink else self


WIRE: Final[Mapping[str, Any]] = {
    "minimum": 0,
    "maximum": 64,
    "help": "How many items fit on the belt before porters have to wait: 1, 2, 4, 8, 16, 32 or 64, as a real "
    "pipe can be made. 0: more than ever come.",
}


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
            inherited="Queue",
            methods=(
                (
                    "put",
                    Operation(
                        "put",
                        ("item", "block", "timeout"),
                        (True, None),
                        help="Lay an item in your out-tray. Your porter carries it onto the belt later. "
                        "Waits while the queue is full.",
                        later=True,
                        pickles=True,
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
                        later=True,
                        pickles=True,
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
    wire: int = field(default=0, metadata=WIRE)

    def __post_init__(self) -> None:
        if complaint := wire_complaint(self.wire):
            raise ValueError(complaint)

    def noticing(self, asked: Asked, mortal: frozenset[str]) -> Kind:
        cuts = cuts_of(asked, mortal, bool(self.maxsize))
        return CloseQueue(self.maxsize, self.wire, cuts) if cuts else self

    def start(self, holders: Holders) -> Belt:
        clerks = dict.fromkeys(clerk for _, clerk in holders)
        return Belt((), tuple((clerk, ()) for clerk in clerks), 0)

    def step(self, state: Belt, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        match operation, argument:
            case "put", (item, block, timeout, *ink):
                return self._put(state, clerk, item, block, timeout, ink[0] if ink else ())
            case request.CHANGE, (item, ink):
                tray = inks.changed(state.tray(clerk), item, ink)
                return Done(state.with_tray(clerk, tray))
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

    def _put(self, state: Belt, clerk: str, item: Value, block: Value, timeout: Value, ink: Value) -> Outcome:
        patient = block is True and timeout is None
        if not patient and (complaint := acquire_complaint(block, timeout)):
            return Refused(state.settled(clerk, ink), "TypeError", complaint)
        if self._is_full(state):
            waits = block and timeout is None
            return BLOCKED if waits else Refused(state.settled(clerk, ink), "Full")
        return Done(state.laid(clerk, item, ink, more=1))

    def porters(self, state: Belt) -> tuple[str, ...]:
        return tuple([clerk for clerk, tray in state.trays if tray])

    def carry(self, state: Belt, clerk: str) -> Done | Blocked:
        tray = state.tray(clerk)
        first, rest = tray[0], tray[1:]
        if isinstance(first, Doomed):  # nobody is told
            return Done(state.with_items(state.items, clerk, rest, state.inside - 1))
        item = inks.words(first)
        if inks.is_wet(first):
            return Done(state.with_tray(clerk, (item, *rest)))
        if 0 < self.wire <= len(state.items):
            return BLOCKED
        return Done(state.with_items((*state.items, item), clerk, rest, state.inside), item)

    def leave(self, state: Belt, clerk: str) -> Done | Blocked:
        return BLOCKED if dict(state.trays).get(clerk) else Done(state)

    def die(self, state: Belt, clerk: str) -> Belt:
        # The tray was in its memory. What it held still counts against maxsize: nobody gives that back.
        trays = tuple((name, () if name == clerk else tray) for name, tray in state.trays)
        return state._replace(trays=trays)

    def alone(
        self, state: Belt, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        if operation == CHANGE:  # only its own porter could have to do with it
            mark = argument[1][0] if isinstance(argument[1], tuple) else 0
            return not (isinstance(mark, int) and inks.holds(state.tray(clerk), mark))
        if operation == "put":  # into the clerk's own tray: nobody can tell but by the count
            return not self.maxsize and not others & {"qsize", "full"}
        if operation == "get":  # from the front, while porters lay down at the back
            counts = self.maxsize and "put?" in others
            return bool(state.items) and not counts and not others & {"get", "empty", "qsize", "full"}
        return False

    def carries_alone(self, state: Belt, clerk: str, others: frozenset[str], own: frozenset[str]) -> bool:
        # Only another porter can overtake it, only somebody who looks without waiting can miss it; and only
        # its own clerk can still change what is wet.
        first = next(iter(state.tray(clerk)), None)
        if inks.is_wet(first) or isinstance(first, Doomed):
            return False
        return "put" not in others and not (others | own) & {"get?", "empty"}

    def wait(self, state: Belt, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        if operation == "put":
            return Wait("waits for room in {channel}", needs=("get",))
        if operation == "get":
            text = say("waits for a letter on {channel}", channel=OPEN)
            if porters := self.porters(state):
                text = say("{wait} (one lies in the out-tray of {clerks})", wait=text, clerks=listed(porters))
            return Wait(text, needs=("put",))
        return Wait("waits until its out-tray for {channel} is empty", holders=(clerk,))

    def show(self, state: Belt) -> Picture:
        trays = tuple((name, tuple(map(inks.words, tray))) for name, tray in state.trays)
        wet = tuple(
            (name, spots)
            for name, tray in state.trays
            if (spots := tuple(spot for spot, laid in enumerate(tray) if inks.is_wet(laid)))
        )
        room = self.wire or self.maxsize or None
        return Picture("belt", items=state.items, trays=trays, wet=wet, capacity=room)

    def rest(self, state: Belt) -> Tokens:
        return state.items + tuple(inks.words(laid) for _, tray in state.trays for laid in tray)

    def open(self, context: BaseContext, holders: Holders) -> Any:
        return self.fit(context.Queue(self.maxsize))

    def fit(self, real: Any) -> Any:
        """Give it room for what the rule has room for. Raises NotImplementedError where that cannot be."""
        if self.wire:
            narrow(real._writer, self.wire)
        else:
            widen(real._writer)
        return real

    def arrive(self, real: Any, clerk: str, gate: Gate | None) -> None:
        self._pad(real)
        inks.hush(real)
        if gate is None:
            return
        if real._wlock is None:
            raise NotImplementedError("on Windows no porter can be held back: its pipe needs no lock")
        # The feeder takes this lock for every item just before it writes it, and it is handed the
        # lock when it starts, with the first put. Holding back its `_send_bytes` instead would hold
        # back everybody, because it writes under the lock that all processes share.
        real._wlock = _GatedLock(real._wlock, gate)
        inks.seal_behind(real, gate)

    def _pad(self, real: Any) -> None:
        """Where the wire has an end, every letter takes a page of it. Nobody reads what follows a pickle."""
        if self.wire:
            send = real._send_bytes
            real._send_bytes = lambda data: send(bytes(data).ljust(PAGE - HEADER, b"\0"))

    def perform(self, real: RealQueue[Any], clerk: str, operation: str, argument: tuple[Value, ...]) -> Value:
        match operation, argument:
            case "put", (item, block, timeout, *ink):
                thing = inks.real_item(real, item, ink[0] if ink else ())
                real.put(thing, to_real(block), real_timeout(timeout))
                inks.count_doomed(real, item)
                return None
            case request.CHANGE, (item, ink):
                inks.really_change(real, item, ink)
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

    def bare(
        self, real: RealQueue[Any], clerk: str, operation: str, given: int, rest: tuple[Value, ...]
    ) -> Callable[..., Any] | None:
        if operation in ("put", "get"):
            return getattr(real, operation) if rest == (True, None) else None
        return getattr(real, operation) if operation in ("empty", "full", "qsize") else None

    def reset(self, real: Any, state: Belt, holders: Holders) -> bool:
        # The porters' threads stay as well. One that was started by the first put is nothing a rule knows of.
        return state == self.start(holders)

    def recipe(self, name: str) -> Recipe:
        bound = f"maxsize={self.maxsize}" if self.maxsize else ""
        remark = wire_remark(self.wire)
        return Recipe(f"{name} = Queue({bound})", ("Queue",), {"": name}, drains=True, remark=remark)

    def shut(self, real: Any) -> None:
        # Not real.close(): that only tells a feeder to finish, and the office has none.
        real._reader.close()
        real._writer.close()


def wire_complaint(wire: int) -> str:
    """Why a real pipe cannot be made to hold exactly so many letters, or "". 0 asks for no end."""
    if not wire or wire & (wire - 1) == 0:
        return ""
    return say(
        "a wire holds 1, 2, 4, 8, 16, 32 or 64 letters, or with 0 as many as come, not {wire}", wire=wire
    )


def wire_remark(wire: int) -> str:
    """What a program written down says of a wire that has an end here."""
    if not wire:
        return ""
    return f"The level's belt holds {wire} before porters wait; a real one holds what fits into 64 KiB or so."


def cuts_of(asked: Asked, mortal: frozenset[str], limited: bool) -> Cuts:
    """Where a get or a porter's carry has to be taken apart, clerk by clerk: the steps that begin there.

    A hatch that is held is noticed by who tries it without simply waiting, and by everybody else who gets
    when its holder is killed. That the count goes down after the item was taken is noticed by who looks at
    both; or, where there is a limit, when somebody is killed in between.
    """
    gets = {clerk for clerk, able in asked.items() if "get" in able}
    tries = {clerk for clerk, able in asked.items() if "get?" in able}
    puts = {clerk for clerk, able in asked.items() if "put" in able}
    all_of_it = frozenset[str]().union(*asked.values())
    counts = all_of_it & {"qsize", "full", "put?"}
    found = []
    for clerk in asked:
        dies, cuts = clerk in mortal and len(asked) > 1, set()
        if clerk in gets and (tries - {clerk} or (dies and gets - {clerk})):
            cuts.add("get.letter")
            if dies or counts or "empty" in all_of_it:
                cuts.add("get.back")
        if clerk in gets and (
            (counts and (gets - {clerk} or "empty" in all_of_it)) or (dies and (limited or counts))
        ):
            cuts.add("get.count")
        if clerk in puts and dies and puts - {clerk}:
            cuts.add("carry")
        if cuts:
            found.append((clerk, frozenset(cuts)))
    return tuple(found)


@dataclass(frozen=True)
class CloseQueue(Queue):
    """A queue looked at closely: `get` as Queue.get of queues.py has it, a step for each thing it does.

    get         take the hatch
    get.letter  wait for an item and take it off the belt
    get.back    give the hatch back (second to last of the simply waiting form, else last)
    get.count   let the count go down

    Only at the `cuts` a new step begins. With "carry" among them a porter's move is three: take the wire,
    write, give the wire back.
    """

    cuts: Cuts = ()

    def _cuts(self, clerk: str) -> frozenset[str]:
        return next((cuts for name, cuts in self.cuts if name == clerk), frozenset())

    def step(self, state: Belt, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation.partition(".")[0] != "get":
            return super().step(state, clerk, operation, argument)
        cuts = self._cuts(clerk)
        outcome = _get_closely(state, clerk, operation, argument)
        while isinstance(outcome, Goes) and outcome.operation not in cuts:
            outcome = _get_closely(outcome.state, clerk, outcome.operation, outcome.argument)
        return outcome

    def porters(self, state: Belt) -> tuple[str, ...]:
        return tuple(clerk for clerk, tray in state.trays if tray or (state.down and state.wire == clerk))

    def carry(self, state: Belt, clerk: str) -> Done | Blocked:
        first = next(iter(state.tray(clerk)), None)
        if (inks.is_wet(first) or isinstance(first, Doomed)) and not (state.down and state.wire == clerk):
            return super().carry(state, clerk)
        if state.wire not in ("", clerk):
            return BLOCKED
        if "carry" not in self._cuts(clerk):
            return super().carry(state, clerk)
        if not state.wire:
            return Done(state._replace(wire=clerk))
        if state.down:
            return Done(state._replace(wire="", down=False))
        written = super().carry(state, clerk)
        if isinstance(written, Blocked):
            return written
        assert isinstance(written.state, Belt)
        return Done(written.state._replace(down=True), written.result)

    def leave(self, state: Belt, clerk: str) -> Done | Blocked:
        return BLOCKED if state.down and state.wire == clerk else super().leave(state, clerk)

    def die(self, state: Belt, clerk: str) -> Belt:
        after = super().die(state, clerk)
        return after._replace(down=False) if after.wire == clerk else after

    def alone(
        self, state: Belt, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        return operation in ("put", CHANGE) and super().alone(state, clerk, operation, argument, others)

    def wait(self, state: Belt, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        if operation == "get" and state.hatch not in ("", clerk):
            text = say(
                "waits at the hatch of {channel}, which {clerk} keeps", channel=OPEN, clerk=state.hatch
            )
            return Wait(text, (state.hatch,))
        return super().wait(state, clerk, operation.partition(".")[0], argument)

    def show(self, state: Belt) -> Picture:
        notes = [f"{state.hatch} has the hatch"] if state.hatch else []
        notes += [f"{state.wire}'s porter has the wire"] if state.wire else []
        keepers = kept(hatch=state.hatch, wire=state.wire)
        return super().show(state)._replace(text="; ".join(notes), keepers=keepers)

    def arrive(self, real: Any, clerk: str, gate: Gate | None) -> None:
        if gate is None or "carry" not in self._cuts(clerk):
            return super().arrive(real, clerk, gate)
        self._pad(real)
        inks.hush(real)
        inks.seal_behind(real, gate)
        real._wlock = _TurnstileLock(real._wlock, gate)
        send = real._send_bytes

        def send_when_told(data: Any) -> None:
            gate.wait()
            send(data)
            gate.done()

        real._send_bytes = send_when_told

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        cuts = self._cuts(clerk)
        if operation.partition(".")[0] != "get" or not cuts & {"get.letter", "get.back", "get.count"}:
            return super().perform(real, clerk, operation, argument)
        result = _really_get(real, operation, argument)
        while isinstance(result, Goes) and result.operation not in cuts:
            result = _really_get(real, result.operation, result.argument)
        return result


def _get_closely(state: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
    """One piece of a get."""
    if operation in ("get", "get.letter"):
        patient = bool(argument[0]) and argument[1] is None
        if operation == "get":
            complaint = ""
            if not patient:
                block, timeout = argument
                complaint = (deadline_complaint(timeout) if block else "") or acquire_complaint(
                    block, timeout
                )
            if complaint:
                return Refused(state, "TypeError", complaint)
            if state.hatch:
                return BLOCKED if patient else Refused(state, "Empty")
            return Goes(state._replace(hatch=clerk), "get.letter", argument)
        if state.items:
            taken = state._replace(items=state.items[1:])
            return Goes(taken, "get.back" if patient else "get.count", (state.items[0], patient))
        return BLOCKED if patient else Refused(state._replace(hatch=""), "Empty")
    item, patient = argument[0], bool(argument[1])
    if operation == "get.back":
        freed = state._replace(hatch="")
        return Goes(freed, "get.count", argument) if patient else Done(freed, item)
    counted = state._replace(inside=state.inside - 1)
    return Done(counted, item) if patient else Goes(counted, "get.back", argument)


def _really_get(real: Any, operation: str, argument: tuple[Value, ...]) -> Any:
    """The same piece of Queue.get on the real queue."""
    match operation, argument:
        case "get", (block, timeout):
            if block and timeout is None:
                real._rlock.acquire()
            elif block:
                wanted = real_timeout(timeout)
                time.monotonic() + wanted
                if not real._rlock.acquire(to_real(block), wanted):
                    raise Empty
            elif not real._rlock.acquire(to_real(block), real_timeout(timeout)):
                raise Empty
            return Goes(None, "get.letter", argument)
        case "get.letter", (block, timeout):
            patient = bool(block) and timeout is None
            if not patient and not real._poll(real_timeout(timeout) if block else 0.0):
                real._rlock.release()
                raise Empty
            item = to_value(ForkingPickler.loads(real._recv_bytes()))
            return Goes(None, "get.back" if patient else "get.count", (item, patient))
        case "get.back", (item, patient):
            real._rlock.release()
            return Goes(None, "get.count", argument) if patient else item
        case "get.count", (item, patient):
            real._sem.release()
            return item if patient else Goes(None, "get.back", argument)
        case _:
            raise ValueError(f"a queue has no operation {operation!r}")


class _GatedLock:
    """The lock under which a porter writes, behind a gate: one turn for each item."""

    def __init__(self, lock: Any, gate: Gate) -> None:
        self._lock = lock
        self._gate = gate

    def acquire(self) -> None:
        self._gate.wait()
        self._lock.acquire()

    def release(self) -> None:
        self._lock.release()
        self._gate.done()


class _TurnstileLock(_GatedLock):
    """The same with a turn for taking it and one for giving it back."""

    def acquire(self) -> None:
        super().acquire()
        self._gate.done()

    def release(self) -> None:
        self._gate.wait()
        super().release()


def _get(state: Belt, block: Value, timeout: Value) -> Outcome:
    patient = block and timeout is None
    if not patient and (complaint := (deadline_complaint(timeout) if block else "")):
        return Refused(state, "TypeError", complaint)
    if not patient and (complaint := acquire_complaint(block, timeout)):
        return Refused(state, "TypeError", complaint)
    if not state.items:
        return BLOCKED if patient else Refused(state, "Empty")
    return Done(state.taken(), state.items[0])
