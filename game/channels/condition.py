"""A condition: a key with a bench beside it, where clerks sleep until somebody rings.

Waiting gives the key back, sleeps, and takes the key again before it returns: steps of their own, between
which anything may happen. Whoever rings lays down tickets; which sleeper takes one first, nobody decides.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from typing import Any, ClassVar, NamedTuple

from game.channels.bench import Bench, really_ring, really_rung
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
from game.channels.rlock import Guard, perform_guard, step_guard
from game.channels.timing import acquire_complaint, python_name, real_timeout
from game.channels.wire import to_real
from game.language import say
from game.request import Face, Operation, Value

_NOT_MINE = {
    "wait": "must acquire() condition before using wait()",
    "notify": "lock is not owned",
    "notify_all": "lock is not owned",
}


class Shelter(NamedTuple):
    guard: Guard = Guard()
    bench: Bench = Bench()


@dataclass(frozen=True)
class Condition(Kind):
    """In the words of synchronize.py: wait, wait.asleep, [wait.awake | wait.late], wait.again;
    notify, notify.rung."""

    name: ClassVar[str] = "condition"
    help: ClassVar[str] = (
        "A key and a bench. Who waits gives the key back and sleeps until somebody rings, then takes the key "
        "again: by then what was rung for may be gone."
    )
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.Condition",
            inherited="Condition",
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
                    Operation("release", help="Give the key back, once for every acquire."),
                ),
                (
                    "wait",
                    Operation(
                        "wait",
                        ("timeout",),
                        (None,),
                        help="Give the key back, sleep until somebody rings, take the key again. Returns "
                        "False when the timeout runs out first. Only the key's holder may.",
                    ),
                ),
                (
                    "notify",
                    Operation(
                        "notify",
                        ("n",),
                        (1,),
                        help="Wake n sleepers, one if nothing else is said; nobody can say whom. Only the "
                        "key's holder may.",
                    ),
                ),
                ("notify_all", Operation("notify_all", help="Wake everybody who sleeps here now.")),
            ),
            context=("acquire", "release"),
            loops=(
                (
                    "wait_for",
                    Operation(
                        "wait",
                        ("predicate", "timeout"),
                        (None,),
                        help="Wait, again and again, until a def without parameters, or a lambda, gives "
                        "something true, and return that. With a timeout it gives up when that runs out.",
                    ),
                ),
            ),
        )
    }

    def noticing(self, asked: Asked, mortal: frozenset[str]) -> Kind:
        sleepers = frozenset(clerk for clerk in mortal if "wait" in asked[clerk])
        return CloseCondition(sleepers) if sleepers and len(asked) > 1 else self

    def start(self, holders: Holders) -> Shelter:
        return Shelter()

    def _stirs_in_two(self, clerk: str) -> bool:
        """Whether taking a ticket and counting oneself out are two steps, because one may die in between."""
        return False

    def step(self, state: Shelter, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        guard, bench = state
        match operation, argument:
            case "acquire" | "release", _:
                match step_guard(guard, clerk, operation, argument):
                    case None:
                        return BLOCKED
                    case Guard() as after, result:
                        return Done(state._replace(guard=after), result)
                    case error, message:
                        return Refused(state, str(error), str(message))
            case "wait" | "notify" | "notify_all", _ if guard.holder != clerk:
                return Refused(state, "AssertionError", _NOT_MINE[operation])
            case "wait", (timeout,):
                return Goes(Shelter(Guard(), bench.sit(clerk)), "wait.asleep", (guard.depth, timeout))
            case "wait.asleep", (depth, timeout):
                return self._asleep(state, clerk, depth, timeout)
            case "wait.awake" | "wait.late", (depth, came):
                return Goes(state._replace(bench=bench.stir(clerk)), "wait.again", (depth, came))
            case "wait.again", (int(depth), came):
                if guard.holder:
                    return BLOCKED
                again = state._replace(guard=Guard(clerk, depth))
                return Refused(again, "TypeError", came) if isinstance(came, str) else Done(again, came)
            case "notify" | "notify_all", _:
                most = argument[0] if operation == "notify" else sys.maxsize
                if not isinstance(most, int):
                    message = f"'<' not supported between instances of 'int' and '{python_name(most)}'"
                    return Refused(state, "TypeError", message)
                after_ring = bench.ring(int(most))
                if not after_ring.owed:
                    return Done(state)
                return Goes(state._replace(bench=after_ring), "notify.rung", (after_ring.owed,))
            case "notify.rung", _:
                return BLOCKED if bench.owed else Done(state._replace(bench=bench.rung()))
        raise ValueError(f"a condition has no operation {operation!r}")

    def _asleep(self, state: Shelter, clerk: str, depth: Value, timeout: Value) -> Outcome:
        if complaint := acquire_complaint(True, timeout):
            return Goes(state, "wait.late", (depth, complaint))
        if state.bench.tickets:
            woken = state.bench.take()
            if self._stirs_in_two(clerk):
                return Goes(state._replace(bench=woken), "wait.awake", (depth, True))
            return Goes(state._replace(bench=woken.stir(clerk)), "wait.again", (depth, True))
        return BLOCKED if timeout is None else Goes(state, "wait.late", (depth, False))

    def die(self, state: Shelter, clerk: str) -> Shelter:
        return state._replace(bench=state.bench.die(clerk))

    def alone(
        self, state: Shelter, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        if not others:
            return True
        match operation:
            case "acquire" | "release":
                # Its holder has it to itself; only somebody who tries it could tell when it is given back.
                return state.guard.holder == clerk and (
                    operation == "acquire" or state.guard.depth > 1 or "acquire?" not in others
                )
            case "notify" | "notify_all" | "notify.rung":
                # Nobody can sit down meanwhile; only who sleeps with a timeout can get up.
                return state.guard.holder == clerk and "wait?" not in others
            case "wait.asleep":
                # There is a ticket for everybody who sleeps.
                return state.bench.tickets >= len(state.bench.asleep) and "wait?" not in others
            case _:
                return False

    def wait(self, state: Shelter, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        if operation == "notify.rung":
            return state.bench.wait()
        if operation == "wait.asleep":
            return Wait("sleeps on {channel} until somebody rings", needs=("notify", "notify_all"))
        holder = state.guard.holder
        text = say("waits for the key of {channel}, which {holder} holds", channel=OPEN, holder=holder)
        return Wait(text, (holder,), ("release",))

    def show(self, state: Shelter) -> Picture:
        guard, bench = state
        notes = [f"{guard.holder} has the key" if guard.holder else "the key hangs there"]
        if bench.asleep:
            notes.append(f"{', '.join(bench.asleep)} {'sleep' if len(bench.asleep) > 1 else 'sleeps'}")
        if bench.tickets:
            notes.append(f"{bench.tickets} may wake")
        return bench.on(Picture("bench", holder=guard.holder, depth=guard.depth, text="; ".join(notes)))

    def open(self, context: BaseContext, holders: Holders) -> Any:
        return context.Condition()

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        match operation, argument:
            case "acquire" | "release", _:
                return perform_guard(real, operation, argument)
            case "wait" | "notify" | "notify_all", _ if not real._lock._semlock._is_mine():
                raise AssertionError(_NOT_MINE[operation])
            case "wait", (timeout,):
                depth = real._lock._semlock._count()
                real._sleeping_count.release()
                for _ in range(depth):
                    real.release()
                return Goes(None, "wait.asleep", (depth, timeout))
            case "wait.asleep", (depth, timeout):
                try:
                    woken = real._wait_semaphore.acquire(True, real_timeout(timeout))
                except TypeError as error:
                    return Goes(None, "wait.late", (depth, str(error)))
                if not woken:
                    return Goes(None, "wait.late", (depth, False))
                if self._stirs_in_two(clerk):
                    return Goes(None, "wait.awake", (depth, True))
                real._woken_count.release()
                return Goes(None, "wait.again", (depth, True))
            case "wait.awake" | "wait.late", _:
                real._woken_count.release()
                return Goes(None, "wait.again", argument)
            case "wait.again", (int(depth), came):
                for _ in range(depth):
                    real.acquire()
                if isinstance(came, str):
                    raise TypeError(came)
                return came
            case "notify" | "notify_all", _:
                most = to_real(argument[0]) if operation == "notify" else sys.maxsize
                woken = really_ring(real, most)
                return Goes(None, "notify.rung", (woken,)) if woken else None
            case "notify.rung", (int(woken),):
                really_rung(real, woken)
                return None
        raise ValueError(f"a condition has no operation {operation!r}")

    def reset(self, real: Any, state: Shelter, holders: Holders) -> bool:
        return state == Shelter()

    def recipe(self, name: str) -> Recipe:
        return Recipe(f"{name} = Condition()", ("Condition",), {"": name})


@dataclass(frozen=True)
class CloseCondition(Condition):
    """A condition on which some may be killed in their sleep, or just as they wake."""

    mortal: frozenset[str] = frozenset()

    def _stirs_in_two(self, clerk: str) -> bool:
        return clerk in self.mortal
