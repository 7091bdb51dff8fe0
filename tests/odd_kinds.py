"""Channel kinds whose rule and real object differ, for tests that want to see it noticed.

A module of its own, because the office's process has to import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from game.channels.kind import Choice, Done, Gate, Goes, Outcome
from game.channels.lock import Lock
from game.channels.value import SharedValue, Tally
from game.request import Value


@dataclass(frozen=True)
class Lying(SharedValue):
    """Reads one more than there is."""

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        result = super().perform(real, clerk, operation, argument)
        return result + 1 if operation == "read" else result


@dataclass(frozen=True)
class LyingLate(SharedValue):
    """Reads one more than there is, from 300 on."""

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        result: Any = super().perform(real, clerk, operation, argument)
        return result + (result >= 300) if operation == "read" else result


@dataclass(frozen=True)
class Forgetful(SharedValue):
    """Writes nothing."""

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        return None if operation == "write" else super().perform(real, clerk, operation, argument)


@dataclass(frozen=True)
class Open(Lock):
    """Locks nobody out."""

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        return True if operation == "acquire" else None


@dataclass(frozen=True)
class Jammed(Lock):
    """Nobody ever comes back from acquire."""

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        real.acquire()
        return real.acquire()


@dataclass(frozen=True)
class Broken(SharedValue):
    """Cannot be arrived at."""

    def arrive(self, real: Any, clerk: str, gate: Gate | None) -> None:
        raise RuntimeError("no such door")


@dataclass(frozen=True)
class Moody(SharedValue):
    """A read gives 1, or 2, and in truth always 2."""

    def step(self, state: Tally, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation == "read":
            return Choice((Done(state, 1), Done(state, 2)))
        return super().step(state, clerk, operation, argument)

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        return 2 if operation == "read" else super().perform(real, clerk, operation, argument)


@dataclass(frozen=True)
class Stepwise(SharedValue):
    """A read in two steps: the first goes on as the second."""

    def step(self, state: Tally, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation == "read":
            return Goes(state, "look", ())
        if operation == "look":
            return Done(state, state.number)
        return super().step(state, clerk, operation, argument)

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        if operation == "read":
            return Goes(None, "look", ())
        return super().perform(real, clerk, "read" if operation == "look" else operation, argument)
