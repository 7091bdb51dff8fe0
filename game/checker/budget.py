"""How far a search may go: states, seconds, memory; and whom it tells how far it is.

Everything that may take long asks here every few hundred worlds. That costs a look at the clock; whoever
waits for the verdict is told, and asked whether it is still wanted, fifty times a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from game.checker.space import Space
from game.language import joined, say, say_many
from game.level.model import Limits

LOOK_EVERY: Final = 0.02
"""Seconds between two looks at whether the verdict is still wanted."""

MEMORY: Final = 1 << 30
"""Bytes a search may take, as far as they can be told."""

PLAIN, ARRAYS, REDUCED, WITNESS = 100, 60, 250, 400
"""Bytes a world takes, by the search that stores it (measured: 61 to 90, 25 to 50, 203, 290)."""


class Cancelled(Exception):
    """Somebody no longer wants to know."""


class TimeUp(Exception):
    """The seconds are spent."""


class Progress(NamedTuple):
    """How far the inspector is: worlds looked at, by one search after the other, in how many seconds; and
    when it searches for the failing wind with the fewest preemptions, how many those it looks at have."""

    states: int
    seconds: float
    preemptions: int | None = None

    @property
    def rate(self) -> float:
        """Worlds a second."""
        return self.states / self.seconds if self.seconds > 0 else 0.0

    @property
    def said(self) -> str:
        """ "12,400 moments looked at, 310,000 a second; winds with up to 2 interruptions"."""
        looked = say_many(
            "{states:,} moment looked at", "{states:,} moments looked at", self.states, states=self.states
        )
        if self.seconds >= SETTLED:
            looked = say("{looked}, {rate:,.0f} a second", looked=looked, rate=_round(self.rate))
        if self.preemptions is None:
            return looked
        bound = say_many(
            "winds with up to {count} interruption",
            "winds with up to {count} interruptions",
            self.preemptions,
        )
        return joined("; ", [looked, bound])


SETTLED: Final = 0.2
"""Seconds after which a rate says something."""


def _round(rate: float) -> float:
    """Two digits, so that a number can be read before it changes."""
    return float(f"{rate:.2g}")


class Budget:
    """One check's bounds. Raises Cancelled out of every question."""

    def __init__(
        self,
        limits: Limits,
        memory: int = MEMORY,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self.states = 0
        """Worlds found by whichever search went last."""
        self.most = 0
        """Worlds found by the search that found most, but for those who look for the best wind."""
        self._memory, self._progress, self._cancelled, self._clock = memory, progress, cancelled, clock
        self._began = clock()
        self._looked = float("-inf")
        self._before = self._last = 0

    @property
    def spent(self) -> float:
        """Seconds since it began."""
        return self._clock() - self._began

    def until(self, share: float, space: Space, each: int) -> Callable[[int], str]:
        """What a search is to ask, with the number of worlds it holds: a reason to stop, or "". It ends when
        this share of the seconds is spent, or when so many worlds of `each` bytes take too much memory."""
        self._next_search()
        return lambda worlds: self._reason(share, space, worlds, worlds * each)

    def within(self, share: float, space: Space) -> Callable[[int, int], str]:
        """The same for the search for the best wind, which also says how many preemptions it is at."""
        self._next_search()
        return lambda pairs, preemptions: self._reason(share, space, pairs, pairs * WITNESS, preemptions)

    def _next_search(self) -> None:
        self._before, self._last = self._before + self._last, 0

    def _reason(
        self, share: float, space: Space, found: int, weight: int, preemptions: int | None = None
    ) -> str:
        self.states, self._last = found, max(found, self._last)
        if preemptions is None:
            self.most = max(found, self.most)
        spent = self.spent
        if spent - self._looked >= LOOK_EVERY:
            self._looked = spent
            self._tell(Progress(self._before + self._last, spent, preemptions))
        if weight + space.weight() > self._memory:
            return say("{number:,.0f} MB of memory", number=self._memory / 1e6)
        if spent > share * self.limits.seconds:
            return say("{number:g} seconds", number=self.limits.seconds)
        return ""

    def look(self) -> None:
        """For what cannot stop half-way, but for not being wanted any more."""
        spent = self.spent
        if spent - self._looked >= LOOK_EVERY:
            self._looked = spent
            self._tell(Progress(self._before + self._last, spent))

    def hurry(self) -> None:
        """For what goes over a graph once more. Raises TimeUp."""
        self.look()
        if self.spent > self.limits.seconds:
            raise TimeUp

    def _tell(self, progress: Progress) -> None:
        if self._progress:
            self._progress(progress)
        if self._cancelled and self._cancelled():
            raise Cancelled
