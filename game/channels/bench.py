"""Where clerks sleep until somebody rings: the inside of every condition variable of multiprocessing.

`Condition` of synchronize.py is a lock and three semaphores. Who sleeps counts itself in; who rings lays down
a ticket for each sleeper it means and waits until as many have stirred; who stirs, woken or too late, counts
itself out. So whoever takes a ticket first is woken, and a sleeper that was killed is waited for for ever
(python/cpython#75158).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from game.channels.kind import OPEN, Picture, Wait
from game.language import listed, say


class Bench(NamedTuple):
    """asleep: who sits there and has not stirred, by name. ghosts: how many were killed there. tickets: how
    many may still wake. owed: how many have to stir before whoever rang goes on."""

    asleep: tuple[str, ...] = ()
    ghosts: int = 0
    tickets: int = 0
    owed: int = 0

    @property
    def sleepers(self) -> int:
        """How many somebody who rings would count."""
        return len(self.asleep) + self.ghosts

    def sit(self, clerk: str) -> Bench:
        return self._replace(asleep=tuple(sorted((*self.asleep, clerk))))

    def ring(self, most: int) -> Bench:
        """Tickets for so many sleepers, of all there are."""
        woken = max(0, min(most, self.sleepers))
        return self._replace(tickets=woken, owed=woken)

    def take(self) -> Bench:
        """A ticket less."""
        return self._replace(tickets=self.tickets - 1)

    def stir(self, clerk: str) -> Bench:
        """The clerk counts itself out; whoever rang takes it for one of those it woke."""
        left = tuple(name for name in self.asleep if name != clerk)
        return self._replace(asleep=left, owed=max(0, self.owed - 1))

    def rung(self) -> Bench:
        """Whoever rang has waited for enough of them; tickets of those who were late are taken back."""
        return self._replace(tickets=0)

    def die(self, clerk: str) -> Bench:
        if clerk not in self.asleep:
            return self
        left = tuple(name for name in self.asleep if name != clerk)
        return self._replace(asleep=left, ghosts=self.ghosts + 1)

    def wait(self) -> Wait:
        """Why whoever rang waits."""
        if not self.asleep:
            return Wait("waits for a sleeper on {channel} who will never stir", ())
        text = say("waits until {clerks} on {channel} stir", clerks=listed(self.asleep), channel=OPEN)
        return Wait(text, self.asleep, every=True)

    def on(self, picture: Picture) -> Picture:
        """The picture with who sleeps there."""
        return picture._replace(sleepers=self.asleep, tickets=self.tickets, ghosts=self.ghosts)


def kept(**places: str) -> tuple[tuple[str, str], ...]:
    """A picture's `keepers`: of these places those that somebody keeps."""
    return tuple((place, clerk) for place, clerk in places.items() if clerk)


def really_ring(condition: Any, most: int) -> int:
    """The first part of Condition.notify on a real condition whose lock is held: how many were woken."""
    assert not condition._wait_semaphore.acquire(False)
    while condition._woken_count.acquire(False):
        condition._sleeping_count.acquire(False)
    woken = 0
    while woken < most and condition._sleeping_count.acquire(False):
        condition._wait_semaphore.release()
        woken += 1
    return woken


def really_rung(condition: Any, woken: int) -> None:
    """The rest of it: wait until so many have stirred."""
    for _ in range(woken):
        condition._woken_count.acquire()
    while condition._wait_semaphore.acquire(False):
        pass
