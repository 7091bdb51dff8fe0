"""Calls that go into a room with one key, look around there, and sometimes sleep before it.

So `Event`, `Barrier` and `JoinableQueue` are built: a lock, something shared behind it, and a bench
(`game.channels.bench`). A kind says what is done inside, and gets the steps of it from here, for the rule
and for the real object alike: take the key, do it, give the key back; sleeping gives the key back and takes
it again; ringing keeps it until everybody has stirred.

Taking the key is a step of its own only for who may be killed inside: else nobody can tell.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from game.channels.bench import Bench, really_ring, really_rung
from game.channels.kind import BLOCKED, OPEN, Done, Goes, Kind, Outcome, Refused, Wait
from game.channels.timing import real_timeout
from game.language import say
from game.request import Value

_INSIDE = ".inside"


class Sleep(NamedTuple):
    """Give the key back and sleep, as the step `step`; up again and back in the room, go on as
    `naps[step]`."""

    state: Any
    step: str
    argument: tuple[Value, ...] = ()
    timeout: Value = None


class Ring(NamedTuple):
    """Wake everybody and keep the key until they have stirred, as the step `step`; then go on as
    `rings[step]`. With nobody asleep all that is no step."""

    state: Any
    step: str
    argument: tuple[Value, ...] = ()


class Stay(NamedTuple):
    """Keep the key, and do the rest in a step of its own, `step`."""

    state: Any
    step: str
    argument: tuple[Value, ...] = ()


class Room(Kind):
    """Goes before a Kind whose states have the fields `key` (who is inside, or "") and `bench`."""

    mortal: frozenset[str]
    """Who may be killed here."""
    calls: ClassVar[frozenset[str]] = frozenset()
    """The steps that begin by taking the key; whatever has no name here, the kind does itself."""
    naps: ClassVar[Mapping[str, str]] = {}
    """For each sleep, what follows it: one of `calls`."""
    rings: ClassVar[Mapping[str, str]] = {}
    """For each wait for sleepers, what follows it."""
    stays: ClassVar[frozenset[str]] = frozenset()
    """The steps that Stay names."""

    # -- what a kind says --

    def inside(
        self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...]
    ) -> Done | Refused | Sleep | Ring | Stay:
        """What is done in the room."""
        raise NotImplementedError

    def really_inside(self, real: Any, operation: str, argument: tuple[Value, ...]) -> Any:
        """The same on the real object, whose lock is held: its result, or a Sleep, Ring or Stay whose state
        is not looked at."""
        raise NotImplementedError

    def condition(self, real: Any) -> Any:
        """The real Condition in the real object."""
        raise NotImplementedError

    # -- what it gets --

    def step(self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation in self.naps:
            timeout, *rest = argument
            bench: Bench = state.bench
            if not bench.tickets and timeout is None:
                return BLOCKED
            stirred = (bench.take() if bench.tickets else bench).stir(clerk)
            return Goes(state._replace(bench=stirred), self.naps[operation], tuple(rest))
        if operation in self.rings:
            if state.bench.owed:
                return BLOCKED
            rung = state._replace(bench=state.bench.rung())
            return self._go_on(rung, clerk, self.rings[operation], argument[1:])
        if operation in self.stays or operation.endswith(_INSIDE):
            return self._go_on(state, clerk, operation.removesuffix(_INSIDE), argument)
        if operation not in self.calls:
            return super().step(state, clerk, operation, argument)
        if state.key:
            return BLOCKED
        if clerk in self.mortal:
            return Goes(state._replace(key=clerk), operation + _INSIDE, argument)
        return self._go_on(state._replace(key=clerk), clerk, operation, argument)

    def _go_on(self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        while True:
            outcome = self.inside(state, clerk, operation, argument)
            match outcome:
                case Done() | Refused():
                    return outcome._replace(state=outcome.state._replace(key=""))  # type: ignore[attr-defined]
                case Sleep(after, step, rest, timeout):
                    asleep = after._replace(key="", bench=after.bench.sit(clerk))
                    return Goes(asleep, step, (timeout, *rest))
                case Stay(after, step, rest):
                    return Goes(after, step, rest)
                case Ring(after, step, argument):
                    state = after._replace(bench=after.bench.ring(sys.maxsize))
                    if state.bench.owed:
                        return Goes(state, step, (state.bench.owed, *argument))
                    operation = self.rings[step]

    def die(self, state: Any, clerk: str) -> Any:
        """The key stays with who was killed inside."""
        return state._replace(bench=state.bench.die(clerk))

    def alone(self, *_: Any) -> bool:
        return False

    def wait(self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        if operation in self.rings:
            return state.bench.wait()  # type: ignore[no-any-return]
        if operation in self.calls and state.key:
            return Wait(
                say("waits until {clerk} is done at {channel}", clerk=state.key, channel=OPEN), (state.key,)
            )
        return super().wait(state, clerk, operation, argument)

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        condition = self.condition(real)
        if operation in self.naps:
            timeout, *rest = argument
            condition._wait_semaphore.acquire(True, real_timeout(timeout))
            condition._woken_count.release()
            return Goes(None, self.naps[operation], tuple(rest))
        if operation in self.rings:
            woken: Any = argument[0]
            really_rung(condition, woken)
            return self._really_go_on(real, self.rings[operation], argument[1:])
        if operation in self.stays or operation.endswith(_INSIDE):
            return self._really_go_on(real, operation.removesuffix(_INSIDE), argument)
        if operation not in self.calls:
            return super().perform(real, clerk, operation, argument)
        condition.acquire()
        if clerk in self.mortal:
            return Goes(None, operation + _INSIDE, argument)
        return self._really_go_on(real, operation, argument)

    def _really_go_on(self, real: Any, operation: str, argument: tuple[Value, ...]) -> Any:
        condition = self.condition(real)
        while True:
            try:
                result = self.really_inside(real, operation, argument)
            except Exception:
                condition.release()
                raise
            match result:
                case Sleep(_, step, rest, timeout):
                    condition._sleeping_count.release()
                    condition.release()
                    return Goes(None, step, (timeout, *rest))
                case Stay(_, step, rest):
                    return Goes(None, step, rest)
                case Ring(_, step, argument):
                    if woken := really_ring(condition, sys.maxsize):
                        return Goes(None, step, (woken, *argument))
                    operation = self.rings[step]
                case _:
                    condition.release()
                    return result
