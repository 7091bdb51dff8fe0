"""Which steps of a film are worth jumping to: a token moves, a key changes hands, somebody must wait, a race
is run, a process ends.

Facts of frames only; what they look like is the timeline's.
"""

from __future__ import annotations

from typing import Final, Literal

from game.desktop.breakpoints import Breakpoints
from game.story import Film, Frame, Lost, is_fate, owner
from game.world import ENDED

Sort = Literal["token", "lock", "blocked", "race", "death"]
SORTS: Final[tuple[Sort, ...]] = ("token", "lock", "blocked", "race", "death")
_KEYED: Final = ("key", "tags", "bench")


def sorts_of(before: Frame, frame: Frame) -> frozenset[Sort]:
    """What a step was, beside the frame it led from."""
    event = frame.event
    if event is None:
        return frozenset()
    found: set[Sort] = set()
    if any(flight.what == "token" for flight in frame.flights):
        found.add("token")
    tail = event.operation.rpartition(".")[2]
    picture = frame.pictures.get(event.channel)
    if event.operation.startswith("lock.") or (picture and picture.shape in _KEYED):
        found |= {"lock"} if tail in ("acquire", "release") else set()
    if any(flight.what == "key" for flight in frame.flights):
        found.add("lock")
    for view, old in zip(frame.snapshot.clerks, before.snapshot.clerks, strict=True):
        if view is old:
            continue
        if view.blocked and not old.blocked:
            found.add("blocked")
        life, was = view.life.partition("+")[0], old.life.partition("+")[0]
        if (life in ENDED and life != "home" and was not in ENDED) or (view.crash and not old.crash):
            found.add("death")
    if frame.lost or _grown_stale(before, frame):
        found.add("race")
    return frozenset(found)


def _grown_stale(before: Frame, frame: Frame) -> bool:
    fresh = {ghost[:3] for ghost in before.ghosts if not ghost.stale}
    return any(ghost.stale and ghost[:3] in fresh for ghost in frame.ghosts)


def concerns(frame: Frame, before: Frame, clerk: str, sort: Sort) -> bool:
    """Whether it was this clerk's step, or it is this clerk that it happened to."""
    event = frame.event
    if event is not None and owner(event.agent) == clerk:
        return True
    if sort == "blocked":
        return bool(frame.clerks[clerk].blocked) and not before.clerks[clerk].blocked
    lost: Lost | None = frame.lost
    return sort == "race" and (
        (lost is not None and lost.other == clerk)
        or any(ghost.clerk == clerk and ghost.stale for ghost in frame.ghosts)
    )


def next_moment(
    film: Film, position: float, sort: Sort, *, clerk: str = "", back: bool = False
) -> int | None:
    """The moment after the next such step, or before `position` the last one; None where there is none.
    With a clerk only those that concern it."""
    for number in _from(film, position, back):
        before, frame = film.frames[number - 1], film.frames[number]
        if sort in sorts_of(before, frame) and (not clerk or concerns(frame, before, clerk, sort)):
            return number
    return None


def next_step(film: Film, position: float, clerk: str, *, back: bool = False) -> int | None:
    """The moment after the next step of a clerk itself (its porters and what happens to it are not)."""
    for number in _from(film, position, back):
        event = film.frames[number].event
        if event is not None and event.agent == clerk and not is_fate(event.agent):
            return number
    return None


def next_stop(film: Film, position: float, breakpoints: Breakpoints, *, back: bool = False) -> int | None:
    """The next moment at which the film pauses by itself."""
    moments = breakpoints.moments(film)
    if back:
        return max((moment for moment in moments if moment < position), default=None)
    return min((moment for moment in moments if moment > position), default=None)


def _from(film: Film, position: float, back: bool) -> range:
    if back:
        return range(min(len(film), -int(-position // 1) - 1), 0, -1)
    return range(int(position) + 1, len(film) + 1)
