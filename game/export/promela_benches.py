"""The rules of what clerks sleep at, once more in Promela: event, condition, barrier and joinable_queue.

All of them are built on `Condition` of Lib/multiprocessing/synchronize.py, so here too: a key, and a bench of
which only numbers are kept (who sleeps there is known by where that clerk stands). See
`game.export.promela_rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Final, NamedTuple

from game.channels.barrier import CloseBarrier
from game.channels.condition import CloseCondition
from game.channels.event import CloseEvent
from game.channels.joinable_queue import CloseJoinableQueue
from game.channels.kind import Goes
from game.export.control import Each, Way, Ways
from game.export.promela_numbers import GuardedRule
from game.export.promela_rules import (
    QueueRule,
    Rule,
    all_of,
    always,
    class_of,
    clock_refuses,
    semaphore_refuses,
    yes_or_no,
)
from game.request import Value
from game.script.instructions import Raised, Returned

Arguments = tuple[Value, ...]

_DEEPEST: Final = 8
"""How often somebody may have taken a condition's key who sleeps there; the model says when it was more."""


class Bench:
    """The Promela of Condition's three semaphores: how many sleep and have not stirred (killed ones too), how
    many may wake, and for how many whoever rang still waits."""

    def __init__(self, identifier: str, seats: int) -> None:
        self.asleep, self.tickets, self.owed = (
            f"{identifier}_asleep",
            f"{identifier}_tickets",
            f"{identifier}_owed",
        )
        self.seats = seats

    def declare(self) -> list[str]:
        return [f"byte {self.asleep};", f"byte {self.tickets};", f"byte {self.owed};"]

    def sit(self) -> str:
        return f"{self.asleep}++"

    def take(self) -> str:
        return f"{self.tickets}--"

    def stir(self) -> str:
        return f"{self.asleep}--; if :: {self.owed} > 0 -> {self.owed}-- :: else fi"

    def rung(self) -> tuple[str, str]:
        """(when whoever rang goes on, what it does first: take back what tickets are left)"""
        return f"{self.owed} == 0", f"{self.tickets} = 0"

    def rings(self, most: int | None) -> list[tuple[int, str, str]]:
        """(how many are woken, when, effect) for every number of sleepers there may be."""
        most = self.seats if most is None else min(max(most, 0), self.seats)
        found = [(0, f"{self.asleep} == 0" if most else "", "")]
        for woken in range(1, most + 1):
            when = f"{self.asleep} {'>=' if woken == most else '=='} {woken}"
            found.append((woken, when, f"{self.tickets} = {woken}; {self.owed} = {woken}"))
        return found


class ConditionRule(GuardedRule):
    """An RLock and a bench."""

    @property
    def bench(self) -> Bench:
        return Bench(self.id, len(self.clerks))

    def declare(self) -> list[str]:
        return [*self.counted(), *self.bench.declare()]

    def ways(self, clerk: str, operation: str, argument: Arguments) -> Ways:
        me, holder, depth, bench = (
            self.paper.number(clerk),
            f"{self.id}_holder",
            f"{self.id}_depth",
            self.bench,
        )
        match operation:
            case "acquire" | "release":
                return [self._counted(way) for way in self.lock_ways(clerk, f"lock.{operation}", argument)]
            case "wait":
                stranger = Raised("AssertionError", "must acquire() condition before using wait()")
                found = [Way(f"{holder} != {me}", (), stranger)]
                deepest = max(1, min(_DEEPEST, self.paper.room(self.name)))
                for times in range(1, deepest + 1):
                    last = times == deepest
                    found.append(
                        Way(
                            f"{holder} == {me} && {depth} {'>=' if last else '=='} {times}",
                            (
                                *((f"assert({depth} == {times}) /* beyond */",) if last else ()),
                                f"{holder} = 0",
                                f"{depth} = 0",
                                bench.sit(),
                            ),
                            Goes(None, "wait.asleep", (times, *argument)),
                        )
                    )
                return found
            case "wait.asleep":
                return self._asleep(clerk, *argument)
            case "wait.awake" | "wait.late":
                return [Way("", (bench.stir(),), Goes(None, "wait.again", argument))]
            case "wait.again":
                times, came = argument  # type: ignore[assignment]
                reply = Raised("TypeError", came) if isinstance(came, str) else Returned(came)
                return [Way(f"{holder} == 0", (f"{holder} = {me}", f"{depth} = {times}"), reply)]
            case "notify" | "notify_all":
                return self._notify(clerk, argument[0] if argument else None, operation == "notify_all")
            case "notify.rung":
                when, after = bench.rung()
                return [Way(when, (after,), Returned(None))]
        raise self.unknown(operation)

    def _counted(self, way: Way | Each) -> Way | Each:
        """The key can be taken no deeper than it is taken at all."""
        taken = isinstance(way, Way) and way.reply == Returned(True)
        return way._replace(adds=(self.name,)) if isinstance(way, Way) and taken else way

    def _asleep(self, clerk: str, times: Value, timeout: Value) -> Ways:
        """Acquiring the semaphore of tickets. Who may be killed there stirs in a step of its own."""
        bench = self.bench
        if refused := semaphore_refuses(True, timeout):
            return [Way("", (), Goes(None, "wait.late", (times, refused.message)))]
        mortal = isinstance(self.kind, CloseCondition) and clerk in self.kind.mortal
        effect = (bench.take(),) if mortal else (bench.take(), bench.stir())
        woken = Goes(None, "wait.awake" if mortal else "wait.again", (times, True))
        found = [Way(f"{bench.tickets} > 0", effect, woken)]
        if timeout is not None:
            found.append(Way(f"{bench.tickets} == 0", (), Goes(None, "wait.late", (times, False))))
        return found

    def _notify(self, clerk: str, count: Value, everybody: bool) -> Ways:
        mine = f"{self.id}_holder == {self.paper.number(clerk)}"
        found = [Way(f"!({mine})", (), Raised("AssertionError", "lock is not owned"))]
        if not everybody and not isinstance(count, int):
            text = f"'<' not supported between instances of 'int' and '{class_of(count)}'"
            return [*found, Way(mine, (), Raised("TypeError", text))]
        for woken, when, effect in self.bench.rings(None if everybody else int(count)):  # type: ignore[arg-type]
            guard = all_of(mine, when)
            if woken:
                found.append(Way(guard, (effect,), Goes(None, "notify.rung", (woken,))))
            else:
                found.append(Way(guard, (), Returned(None)))
        return found


class Sleep(NamedTuple):
    """Give the key back, sit down, and go on as `goes` once up again, or once the timeout ran out."""

    goes: str
    argument: Arguments = ()
    timeout: Value = None


class Ring(NamedTuple):
    """Wake everybody, and keep the key, as `goes`, until they have stirred; `then` is what comes after, and
    at once when nobody sleeps."""

    goes: str
    argument: Arguments
    then: tuple[Part, ...]


class Stay(NamedTuple):
    """Keep the key between two steps."""

    goes: str
    argument: Arguments = ()


class Part(NamedTuple):
    """One thing that may come of being in the room: when, what it changes, and how it goes on."""

    when: str
    effect: tuple[str, ...]
    ends: Returned | Raised | Sleep | Ring | Stay
    gives: tuple[tuple[str, Value], ...] = ()
    adds: tuple[str, ...] = ()


class RoomRule(Rule):
    """Calls that take the key of a condition, do something, and give it back, as `with self._cond:` does.

    Taking the key is a step of its own for who may be killed with it. `enters` are the steps that begin so,
    `wakes` says what comes after each sleep, `rings` are those that wait for sleepers to stir, `keeps` the
    others that begin with the key in hand.
    """

    enters: ClassVar[frozenset[str]] = frozenset()
    wakes: ClassVar[Mapping[str, str]] = {}
    rings: ClassVar[frozenset[str]] = frozenset()
    keeps: ClassVar[frozenset[str]] = frozenset()

    @property
    def bench(self) -> Bench:
        return Bench(self.id, len(self.clerks))

    @property
    def key(self) -> str:
        return f"{self.id}_key"

    def room(self) -> list[str]:
        return [f"byte {self.key}; /* who is inside */", *self.bench.declare()]

    def does(self, clerk: str, operation: str, argument: Arguments) -> Sequence[Part]:
        """What may come of being in the room for this; their conditions exclude each other."""
        raise NotImplementedError

    def after_ring(self, operation: str, argument: Arguments) -> Sequence[Part]:
        """What comes after waiting for those who were rung for."""
        raise NotImplementedError

    def room_ways(self, clerk: str, operation: str, argument: Arguments) -> Ways | None:
        """What may come of a step that has to do with the room; None for all others."""
        bench, me = self.bench, self.paper.number(clerk)
        if operation in self.wakes:
            timeout, *rest = argument
            onward = Goes(None, self.wakes[operation], tuple(rest))
            up = [Way(f"{bench.tickets} > 0", (bench.take(), bench.stir()), onward)]
            return up if timeout is None else [*up, Way(f"{bench.tickets} == 0", (bench.stir(),), onward)]
        if operation in self.keeps:
            return self._leave_room(me, "", (), self.does(clerk, operation, argument))
        if operation in self.rings:
            when, before = bench.rung()
            return self._leave_room(me, when, (before,), self.after_ring(operation, argument[1:]))
        if operation.endswith(".inside"):
            call = operation.removesuffix(".inside")
            return self._leave_room(me, "", (), self.does(clerk, call, argument))
        if operation not in self.enters:
            return None
        free = f"{self.key} == 0"
        if clerk in self.kind.mortal:
            return [Way(free, (f"{self.key} = {me}",), Goes(None, f"{operation}.inside", argument))]
        return self._leave_room(me, free, (), self.does(clerk, operation, argument))

    def _leave_room(
        self, me: int, when: str, before: tuple[str, ...], parts: Iterable[Part]
    ) -> list[Way | Each]:
        found: list[Way | Each] = []
        out, stay, bench = f"{self.key} = 0", f"{self.key} = {me}", self.bench
        for part in parts:
            guard, effect = all_of(when, part.when), (*before, *part.effect)
            more = part.gives, part.adds
            match part.ends:
                case Returned() | Raised() as reply:
                    found.append(Way(guard, (*effect, out), reply, *more))
                case Sleep(goes, argument, timeout):
                    asleep = (*effect, out, bench.sit())
                    found.append(Way(guard, asleep, Goes(None, goes, (timeout, *argument)), *more))
                case Stay(goes, argument):
                    found.append(Way(guard, (*effect, stay), Goes(None, goes, argument), *more))
                case Ring(goes, argument, then):
                    for woken, sleepers, rings in bench.rings(None):
                        some = all_of(guard, sleepers)
                        if woken:
                            onward = Goes(None, goes, (woken, *argument))
                            found.append(Way(some, (*effect, rings, stay), onward, *more))
                        else:
                            found += self._leave_room(me, some, effect, then)
        return found


class EventRule(RoomRule):
    """A flag. Where nobody could tell, each call is one step; else they are those of a room."""

    enters = frozenset({"is_set", "set", "clear", "wait", "wait.again"})
    wakes: ClassVar[Mapping[str, str]] = {"wait.asleep": "wait.again"}
    rings = frozenset({"set.rung"})

    def declare(self) -> list[str]:
        close = isinstance(self.kind, CloseEvent)
        return [f"bit {self.id};", *(self.room() if close else ())]

    def ways(self, clerk: str, operation: str, argument: Arguments) -> Ways:
        if isinstance(self.kind, CloseEvent):
            found = self.room_ways(clerk, operation, argument)
            if found is None:
                raise self.unknown(operation)
            return found
        match operation:
            case "is_set":
                return yes_or_no(self.id)
            case "set" | "clear":
                return [Way("", (f"{self.id} = {int(operation == 'set')}",), Returned(None))]
            case "wait":
                up = Way(self.id, (), Returned(True))
                if refused := semaphore_refuses(True, argument[0]):
                    return [up, Way(f"!{self.id}", (), refused)]
                return [up] if argument[0] is None else [up, Way(f"!{self.id}", (), Returned(False))]
        raise self.unknown(operation)

    def does(self, clerk: str, operation: str, argument: Arguments) -> Sequence[Part]:
        up = Part(self.id, (), Returned(True))
        match operation:
            case "is_set" | "wait.again":
                return [up, Part(f"!{self.id}", (), Returned(False))]
            case "clear":
                return [Part("", (f"{self.id} = 0",), Returned(None))]
            case "set":
                then = Ring("set.rung", (), tuple(self.after_ring("set.rung", ())))
                return [Part("", (f"{self.id} = 1",), then)]
            case "wait":
                down = f"!{self.id}"
                if refused := semaphore_refuses(True, argument[0]):
                    return [up, Part(down, (), refused)]
                return [up, Part(down, (), Sleep("wait.asleep", (), argument[0]))]
        raise self.unknown(operation)

    def after_ring(self, operation: str, argument: Arguments) -> Sequence[Part]:
        return [Part("", (), Returned(None))]


_FILLING, _LEAVING, _RESETTING, _BROKEN = 0, 1, 2, 3


class BarrierRule(RoomRule):
    """How the crossing stands and how many are counted in, as Barrier of threading.py has it."""

    enters = frozenset({"wait", "wait.landed", "abort", "reset"})
    wakes: ClassVar[Mapping[str, str]] = {"wait.quay": "wait", "wait.aboard": "wait.landed"}
    rings = frozenset({"wait.rung", "wait.sinking", "wait.cleared", "abort.rung", "reset.rung"})
    keeps = frozenset({"wait.full", "wait.late", "wait.leave"})

    @property
    def phase(self) -> str:
        return f"{self.id}_phase"

    @property
    def count(self) -> str:
        return f"{self.id}_count"

    def _is(self, *phases: int) -> str:
        found = " || ".join(f"{self.phase} == {one}" for one in phases)
        return f"({found})" if len(phases) > 1 else found

    def declare(self) -> list[str]:
        close = isinstance(self.kind, CloseBarrier)
        return [
            f"byte {self.phase}; /* 0 filling, 1 leaving, 2 resetting, 3 broken */",
            f"byte {self.count};",
            *(self.room() if close else ()),
        ]

    def ways(self, clerk: str, operation: str, argument: Arguments) -> Ways:
        match operation:
            case "parties":
                return always(Returned(self.kind.parties))
            case "broken":
                return yes_or_no(self._is(_BROKEN))
            case "n_waiting":
                filling = self._is(_FILLING)
                onward = Goes(None, "n_waiting.count")
                return [Way(filling, (), onward), Way(f"!({filling})", (), Returned(0))]
            case "n_waiting.count":
                return [
                    Way(f"{self.count} == {number}", (), Returned(number))
                    for number in range(self.kind.parties + 1)
                ]
        if isinstance(self.kind, CloseBarrier):
            found = self.room_ways(clerk, operation, argument)
            if found is None:
                raise self.unknown(operation)
            return found
        match operation:
            case "abort":
                return [Way("", (f"{self.phase} = {_BROKEN}",), Returned(None))]
            case "reset":
                return [Way(when, effect, Returned(None)) for when, effect in self._reset()]
            case "wait":
                return self._wait_at_once(argument[0])
            case "wait.aboard":
                return self._aboard(*argument)
        raise self.unknown(operation)

    def _reset(self) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (f"{self.count} == 0", (f"{self.phase} = {_FILLING}",)),
            (f"{self.count} > 0 && {self._is(_LEAVING)}", ()),
            (f"{self.count} > 0 && !({self._is(_LEAVING)})", (f"{self.phase} = {_RESETTING}",)),
        ]

    def _off(self) -> str:
        """One less is counted in; the last to leave opens it again."""
        last = f"{self.count} == 0 && {self._is(_LEAVING, _RESETTING)}"
        return f"{self.count}--; if :: {last} -> {self.phase} = {_FILLING} :: else fi"

    def _wait_at_once(self, timeout: Value) -> Ways:
        """Coming, in one step: as long as others still leave, or go away again, nobody comes."""
        filling, parties = self._is(_FILLING), self.kind.parties
        found = [Way(self._is(_BROKEN), (), Raised("BrokenBarrierError"))]
        for index in range(parties):
            guard = f"{filling} && {self.count} == {index}"
            if index + 1 == parties:
                effect = (f"{self.count}++", f"{self.phase} = {_LEAVING}", self._off())
                found.append(Way(guard, effect, Returned(index)))
            elif refused := clock_refuses(timeout):
                found.append(Way(guard, (), refused))
            elif isinstance(timeout, int) and timeout <= 0:
                found.append(Way(guard, (f"{self.phase} = {_BROKEN}",), Raised("BrokenBarrierError")))
            else:
                aboard = Goes(None, "wait.aboard", (index, timeout))
                found.append(Way(guard, (f"{self.count}++",), aboard))
        return found

    def _aboard(self, index: Value, timeout: Value) -> Ways:
        off, broken = self._off(), Raised("BrokenBarrierError")
        found = [
            Way(self._is(_LEAVING), (off,), Returned(index)),
            Way(self._is(_RESETTING, _BROKEN), (off,), broken),
        ]
        if timeout is not None:
            found.append(Way(self._is(_FILLING), (f"{self.phase} = {_BROKEN}", off), broken))
        return found

    # -- as a room --

    def does(self, clerk: str, operation: str, argument: Arguments) -> Sequence[Part]:
        breaks = (f"{self.phase} = {_BROKEN}",)
        sinking = Ring("wait.sinking", (None,), tuple(self._leaves(None, _BROKEN)))
        match operation:
            case "abort" | "reset":
                done = Ring(f"{operation}.rung", (), (Part("", (), Returned(None)),))
                changes = [("", breaks)] if operation == "abort" else self._reset()
                return [Part(when, effect, done) for when, effect in changes]
            case "wait":
                quay = Part(self._is(_LEAVING, _RESETTING), (), Sleep("wait.quay", argument))
                return [quay, *self._comes(argument[0])]
            case "wait.full":
                (index,) = argument
                rings = Ring("wait.rung", argument, tuple(self._leaves(index, _LEAVING)))
                alone = self.kind.parties == 1
                leaving = (f"{self.phase} = {_LEAVING}",)
                return [Part("", leaving, Stay("wait.leave", argument) if alone else rings)]
            case "wait.leave":
                return list(self._leaves(argument[0], _LEAVING))
            case "wait.late":
                return [Part("", breaks, sinking)]
            case "wait.landed":
                index, timeout = argument
                again = Sleep("wait.aboard", (index, None)) if timeout is None else sinking
                return [
                    Part(self._is(_FILLING), () if timeout is None else breaks, again),
                    *self._when(_LEAVING, index),
                    *self._when(_RESETTING, None),
                    *self._when(_BROKEN, None),
                ]
        raise self.unknown(operation)

    def _comes(self, timeout: Value) -> Iterable[Part]:
        yield Part(self._is(_BROKEN), (), Raised("BrokenBarrierError"))
        for index in range(self.kind.parties):
            when, come = f"{self._is(_FILLING)} && {self.count} == {index}", (f"{self.count}++",)
            if index + 1 == self.kind.parties:
                yield Part(when, come, Stay("wait.full", (index,)))
            elif refused := clock_refuses(timeout):
                yield Part(when, (), refused)
            elif isinstance(timeout, int) and timeout <= 0:
                yield Part(when, come, Stay("wait.late"))
            else:
                yield Part(when, come, Sleep("wait.aboard", (index, timeout), timeout))

    def _when(self, phase: int, index: Value) -> Iterable[Part]:
        """Leaving in this phase, where it is not known to be this one."""
        for part in self._leaves(index, phase):
            yield part._replace(when=all_of(self._is(phase), part.when))

    def _leaves(self, index: Value, phase: int) -> Iterable[Part]:
        """Leaving, in this phase: the last one rings for those on the quay."""
        reply = Raised("BrokenBarrierError") if index is None else Returned(index)
        if phase not in (_LEAVING, _RESETTING):
            yield Part("", (f"{self.count}--",), reply)
            return
        yield Part(f"{self.count} != 1", (f"{self.count}--",), reply)
        opens = (f"{self.count}--", f"{self.phase} = {_FILLING}")
        yield Part(f"{self.count} == 1", opens, Ring("wait.cleared", (index,), (Part("", (), reply),)))

    def after_ring(self, operation: str, argument: Arguments) -> Sequence[Part]:
        match operation:
            case "wait.rung":
                return tuple(self._leaves(argument[0], _LEAVING))
            case "wait.sinking":
                return tuple(self._leaves(None, _BROKEN))
            case "wait.cleared":
                (index,) = argument
                return [Part("", (), Raised("BrokenBarrierError") if index is None else Returned(index))]
        return [Part("", (), Returned(None))]


class JoinableQueueRule(QueueRule, RoomRule):
    """A queue, and how many receipts are open."""

    enters = frozenset({"put.stow", "task_done", "join", "join.awake"})
    wakes: ClassVar[Mapping[str, str]] = {"join.asleep": "join.awake"}
    rings = frozenset({"task_done.rung"})

    @property
    def open(self) -> str:
        return f"{self.id}_open"

    def declare(self) -> list[str]:
        close = isinstance(self.kind, CloseJoinableQueue)
        receipts = f"short {self.open}; /* receipts */"
        return [*super().declare(), receipts, *(self.room() if close else ())]

    def ways(self, clerk: str, operation: str, argument: Arguments) -> Ways:
        if isinstance(self.kind, CloseJoinableQueue):
            found = self.room_ways(clerk, operation, argument)
            if found is not None:
                return found
        match operation:
            case "put":
                return [self._with_receipt(way, argument) for way in super().ways(clerk, operation, argument)]
            case "task_done":
                return [
                    Way(f"{self.open} > 0", (f"{self.open}--",), Returned(None)),
                    Way(f"{self.open} == 0", (), _TOO_OFTEN),
                ]
            case "join":
                return [Way(f"{self.open} == 0", (), Returned(None))]
        return super().ways(clerk, operation, argument)

    def _with_receipt(self, way: Way | Each, argument: Arguments) -> Way | Each:
        """A put that came through opens a receipt; where it can be noticed, later."""
        if not isinstance(way, Way) or not isinstance(way.reply, Returned):
            return way
        if isinstance(self.kind, CloseJoinableQueue):
            counted = (f"{self.id}_inside++",)
            return Way(way.guard, counted, Goes(None, "put.stow", argument[:1]), adds=way.adds)
        return way._replace(effect=(*way.effect, f"{self.open}++"))

    def does(self, clerk: str, operation: str, argument: Arguments) -> Sequence[Part]:
        match operation:
            case "put.stow":
                (item,) = argument
                lay = f"PUT_{self.id}({self.tray(clerk)}, {self.paper.code(item)})"
                given = ((self.name, item),)
                return [Part("", (lay, f"{self.open}++"), Returned(None), given)]
            case "task_done":
                rings = Ring("task_done.rung", (), (Part("", (), Returned(None)),))
                less = (f"{self.open}--",)
                return [
                    Part(f"{self.open} == 0", (), _TOO_OFTEN),
                    Part(f"{self.open} == 1", less, rings),
                    Part(f"{self.open} > 1", less, Returned(None)),
                ]
            case "join":
                return [
                    Part(f"{self.open} > 0", (), Sleep("join.asleep")),
                    Part(f"{self.open} == 0", (), Returned(None)),
                ]
            case "join.awake":
                return [Part("", (), Returned(None))]
        raise self.unknown(operation)

    def after_ring(self, operation: str, argument: Arguments) -> Sequence[Part]:
        return [Part("", (), Returned(None))]


_TOO_OFTEN: Final = Raised("ValueError", "task_done() called too many times")
