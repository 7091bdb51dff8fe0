"""A ferry that leaves when it is full: `multiprocessing.Barrier`.

It takes `parties` clerks. Who comes last lets everybody go; the next crossing begins when all of them have
left. A crossing is broken by abort, by reset and by who loses patience: then everybody who waits, and after
an abort everybody who comes, gets BrokenBarrierError (threading.py, Barrier, on a Condition of processes).

`n_waiting` looks at two numbers without taking the key; where somebody asks for it, or may be killed here,
the steps are those of CPython.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from threading import BrokenBarrierError
from typing import Any, ClassVar, Final, NamedTuple

from game.channels.bench import Bench, kept
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
from game.channels.room import Ring, Room, Sleep, Stay
from game.channels.timing import deadline_complaint, real_timeout
from game.language import say
from game.request import Face, Operation, Value

_FILLING: Final = 0
_LEAVING: Final = 1
_RESETTING: Final = -1
_BROKEN: Final = -2
"""The values of CPython's `_state`."""

_PHASES: Final = {_FILLING: "filling", _LEAVING: "leaving", _RESETTING: "called off", _BROKEN: "broken"}

_NEEDS: Final = ("wait", "abort", "reset")


class Ferry(NamedTuple):
    """phase: one of the four above. riders: who has come and not yet left, by name, the dead too."""

    phase: int = _FILLING
    riders: tuple[str, ...] = ()
    key: str = ""
    bench: Bench = Bench()

    @property
    def aboard(self) -> int:
        """CPython's `_count`."""
        return len(self.riders)

    @property
    def swings(self) -> bool:
        """Nobody is let on before everybody is off."""
        return self.phase in (_LEAVING, _RESETTING)

    def joined(self, clerk: str) -> Ferry:
        return self._replace(riders=tuple(sorted((*self.riders, clerk))))

    def left(self, clerk: str) -> Ferry:
        """One less; who is last off opens it again."""
        riders = tuple(name for name in self.riders if name != clerk)
        return self._replace(riders=riders, phase=_FILLING if self.swings and not riders else self.phase)

    def reset(self) -> Ferry:
        if not self.aboard:
            return self._replace(phase=_FILLING)
        return self._replace(phase=self.phase if self.phase == _LEAVING else _RESETTING)


@dataclass(frozen=True)
class Barrier(Kind):
    name: ClassVar[str] = "barrier"
    help: ClassVar[str] = "A ferry: everybody waits until it is full, then all go on together."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.Barrier",
            inherited="Condition",
            methods=(
                (
                    "wait",
                    Operation(
                        "wait",
                        ("timeout",),
                        (None,),
                        help="Wait until as many have come as the barrier takes. Returns who came first (0), "
                        "second (1) and so on. BrokenBarrierError when the crossing is called off, or when "
                        "the timeout runs out, for everybody.",
                    ),
                ),
                (
                    "abort",
                    Operation(
                        "abort", help="Break it: everybody who waits or comes gets BrokenBarrierError."
                    ),
                ),
                (
                    "reset",
                    Operation(
                        "reset", help="As new again. Everybody who waits just now gets BrokenBarrierError."
                    ),
                ),
            ),
            attributes=(("n_waiting", "n_waiting", ""), ("broken", "broken", ""), ("parties", "parties", "")),
        )
    }

    parties: int = field(
        default=2,
        metadata={"minimum": 1, "maximum": 100, "help": "How many have to come before anybody goes on."},
    )

    def noticing(self, asked: Asked, mortal: frozenset[str]) -> Kind:
        counted = any("n_waiting" in able for able in asked.values())
        if len(asked) > 1 and (counted or mortal):
            return CloseBarrier(self.parties, mortal)
        return self

    def start(self, holders: Holders) -> Ferry:
        return Ferry()

    def step(self, state: Ferry, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        match operation, argument:
            case "parties", _:
                return Done(state, self.parties)
            case "broken", _:
                return Done(state, state.phase == _BROKEN)
            case "n_waiting", _:
                return Goes(state, "n_waiting.count") if state.phase == _FILLING else Done(state, 0)
            case "n_waiting.count", _:
                return Done(state, state.aboard)
            case "abort", _:
                return Done(state._replace(phase=_BROKEN))
            case "reset", _:
                return Done(state.reset())
            case "wait", (timeout,):
                return BLOCKED if state.swings else self._come(state, clerk, timeout)
            case "wait.aboard", (index, timeout):
                return _go(state, clerk, index, timeout)
            case _:
                raise ValueError(f"a barrier has no operation {operation!r}")

    def _come(self, state: Ferry, clerk: str, timeout: Value) -> Outcome:
        if state.phase == _BROKEN:
            return Refused(state, "BrokenBarrierError")
        index = state.aboard
        come = state.joined(clerk)
        if index + 1 == self.parties:
            return Done(come._replace(phase=_LEAVING).left(clerk), index)
        if complaint := deadline_complaint(timeout):
            return Refused(state, "TypeError", complaint)
        if isinstance(timeout, int) and timeout <= 0:  # never waits at all
            return Refused(state._replace(phase=_BROKEN), "BrokenBarrierError")
        return Goes(come, "wait.aboard", (index, timeout))

    def alone(
        self, state: Ferry, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        if operation == "parties":
            return True
        # Aboard of what is leaving: only abort or reset, or who looks, could tell who got off first.
        return not others or (
            operation == "wait.aboard" and state.phase == _LEAVING and others <= {"wait", "wait?", "parties"}
        )

    def wait(self, state: Ferry, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        if state.swings:
            return Wait("waits at {channel} until everybody has left it", needs=_NEEDS)
        missing = self.parties - state.aboard
        text = say("waits at {channel} for {missing} more", channel=OPEN, missing=missing)
        return Wait(text, needs=_NEEDS)

    def show(self, state: Ferry) -> Picture:
        text = {
            _FILLING: f"{state.aboard} of {self.parties} are here",
            _LEAVING: f"full; {state.aboard} have still to leave",
            _RESETTING: f"called off; {state.aboard} have still to leave",
            _BROKEN: "broken",
        }[state.phase]
        picture = Picture("ferry", number=state.aboard, capacity=self.parties, text=text)
        return picture._replace(
            sleepers=state.riders,
            tickets=state.bench.tickets,
            phase=_PHASES[state.phase],
            keepers=kept(key=state.key),
        )

    def open(self, context: BaseContext, holders: Holders) -> Any:
        return context.Barrier(self.parties)

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        match operation, argument:
            case (("parties" | "broken"), _):
                return getattr(real, operation)
            case "n_waiting", _:
                return Goes(None, "n_waiting.count") if real._state == _FILLING else 0
            case "n_waiting.count", _:
                return real._count
            case "abort" | "reset", _:
                return getattr(real, operation)()
            case "wait", (timeout,):
                return self._really_come(real, timeout)
            case "wait.aboard", (index, timeout):
                with real._cond:
                    try:
                        real._wait(real_timeout(timeout))
                        return index
                    finally:
                        real._count -= 1
                        real._exit()
            case _:
                raise ValueError(f"a barrier has no operation {operation!r}")

    def _really_come(self, real: Any, timeout: Value) -> Any:
        """Barrier.wait, up to where it would sleep. Whether it is its turn is asked again afterwards, so that
        nothing is missed in between."""
        with real._cond:
            real._enter()
            index = real._count
            real._count += 1
            stays = False
            try:
                if index + 1 == self.parties:
                    real._release()
                elif timeout is not None and (not isinstance(timeout, int) or timeout <= 0):
                    real._wait(real_timeout(timeout))
                else:
                    stays = True
                    return Goes(None, "wait.aboard", (index, timeout))
                return index
            finally:
                if not stays:
                    real._count -= 1
                    real._exit()

    def reset(self, real: Any, state: Ferry, holders: Holders) -> bool:
        if state._replace(phase=_FILLING) != Ferry():
            return False
        real.reset()
        return True

    def recipe(self, name: str) -> Recipe:
        return Recipe(f"{name} = Barrier({self.parties})", ("Barrier",), {"": name})


def _go(state: Ferry, clerk: str, index: Value, timeout: Value) -> Outcome:
    """The end of a wait aboard."""
    if state.phase == _LEAVING:
        return Done(state.left(clerk), index)
    if state.phase == _FILLING:
        if timeout is None:
            return BLOCKED
        state = state._replace(phase=_BROKEN)
    return Refused(state.left(clerk), "BrokenBarrierError")


@dataclass(frozen=True)
class CloseBarrier(Room, Barrier):
    """A barrier looked at closely.

    wait          come: sleep on the quay while others still leave (wait.quay, then wait again), be counted,
                  be the last (wait.full) and ring (wait.rung), or sleep aboard (wait.aboard)
    wait.landed   look whether to go on, give up (wait.sinking), leave
    wait.cleared  the last to leave waits for those on the quay to stir
    """

    mortal: frozenset[str] = frozenset()

    calls: ClassVar[frozenset[str]] = frozenset({"wait", "wait.landed", "abort", "reset"})
    naps: ClassVar[Mapping[str, str]] = {"wait.quay": "wait", "wait.aboard": "wait.landed"}
    rings: ClassVar[Mapping[str, str]] = {
        "wait.rung": "wait.leave",
        "wait.sinking": "wait.leave",
        "wait.cleared": "wait.done",
        "abort.rung": "done",
        "reset.rung": "done",
    }
    stays: ClassVar[frozenset[str]] = frozenset({"wait.full", "wait.late", "wait.leave"})

    def inside(
        self, state: Ferry, clerk: str, operation: str, argument: tuple[Value, ...]
    ) -> Done | Refused | Sleep | Ring | Stay:
        match operation, argument:
            case "abort", _:
                return Ring(state._replace(phase=_BROKEN), "abort.rung")
            case "reset", _:
                return Ring(state.reset(), "reset.rung")
            case "done", _:
                return Done(state)
            case "wait", (timeout,):
                if state.swings:
                    return Sleep(state, "wait.quay", argument)
                return self._count_in(state, clerk, timeout)
            case "wait.full", (index,):
                leaving = state._replace(phase=_LEAVING)
                if self.parties == 1:  # nobody to wake, and yet it is seen leaving
                    return Stay(leaving, "wait.leave", (index,))
                return Ring(leaving, "wait.rung", (index,))
            case "wait.landed", (index, timeout) if state.phase == _FILLING:
                if timeout is None:
                    return Sleep(state, "wait.aboard", (index, None))
                return Ring(state._replace(phase=_BROKEN), "wait.sinking", (None,))
            case "wait.late", _:
                return Ring(state._replace(phase=_BROKEN), "wait.sinking", (None,))
            case "wait.landed" | "wait.leave", _:
                index = argument[0] if state.phase == _LEAVING or operation == "wait.leave" else None
                last = state.swings and state.aboard == 1
                after = state.left(clerk)
                if last:
                    return Ring(after, "wait.cleared", (index,))
                return Refused(after, "BrokenBarrierError") if index is None else Done(after, index)
            case "wait.done", (index,):
                return Refused(state, "BrokenBarrierError") if index is None else Done(state, index)
        raise ValueError(f"a barrier has no operation {operation!r}")

    def _count_in(self, state: Ferry, clerk: str, timeout: Value) -> Done | Refused | Sleep | Ring | Stay:
        if state.phase == _BROKEN:
            return Refused(state, "BrokenBarrierError")
        index = state.aboard
        come = state.joined(clerk)
        if index + 1 == self.parties:
            return Stay(come, "wait.full", (index,))
        if complaint := deadline_complaint(timeout):
            return Refused(state, "TypeError", complaint)
        if isinstance(timeout, int) and timeout <= 0:
            return Stay(come, "wait.late")
        return Sleep(come, "wait.aboard", (index, timeout), timeout)

    def wait(self, state: Ferry, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        if operation in self.naps:
            return Barrier.wait(
                self, state, clerk, "wait" if operation == "wait.quay" else operation, argument
            )
        return super().wait(state, clerk, operation, argument)

    def condition(self, real: Any) -> Any:
        return real._cond

    def really_inside(self, real: Any, operation: str, argument: tuple[Value, ...]) -> Any:
        match operation, argument:
            case "abort", _:
                real._state = _BROKEN
                return Ring(None, "abort.rung")
            case "reset", _:
                if real._count == 0:
                    real._state = _FILLING
                elif real._state != _LEAVING:
                    real._state = _RESETTING
                return Ring(None, "reset.rung")
            case "done", _:
                return None
            case "wait", (timeout,):
                if real._state in (_RESETTING, _LEAVING):
                    return Sleep(None, "wait.quay", argument)
                return self._really_count_in(real, timeout)
            case "wait.full", (index,):
                real._state = _LEAVING
                if self.parties == 1:
                    return Stay(None, "wait.leave", (index,))
                return Ring(None, "wait.rung", (index,))
            case "wait.landed", (index, timeout) if real._state == _FILLING:
                if timeout is None:
                    return Sleep(None, "wait.aboard", (index, None))
                real._state = _BROKEN
                return Ring(None, "wait.sinking", (None,))
            case "wait.late", _:
                real._state = _BROKEN
                return Ring(None, "wait.sinking", (None,))
            case "wait.landed" | "wait.leave", _:
                index = argument[0] if real._state == _LEAVING or operation == "wait.leave" else None
                real._count -= 1
                if real._count == 0 and real._state in (_RESETTING, _LEAVING):
                    real._state = _FILLING
                    return Ring(None, "wait.cleared", (index,))
            case "wait.done", (index,):
                pass
        if index is None:
            raise BrokenBarrierError
        return index

    def _really_count_in(self, real: Any, timeout: Value) -> Any:
        if real._state < 0:
            raise BrokenBarrierError
        index = real._count
        if index + 1 < self.parties and (complaint := deadline_complaint(timeout)):
            raise TypeError(complaint)
        real._count += 1
        if index + 1 == self.parties:
            return Stay(None, "wait.full", (index,))
        if isinstance(timeout, int) and timeout <= 0:
            return Stay(None, "wait.late")
        return Sleep(None, "wait.aboard", (index, timeout), timeout)
