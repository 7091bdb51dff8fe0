"""Where clerks wait for each other in a circle, and where a wait only lacks somebody who is left.

A wait-for graph in which a wait is for any one of several (OR: who could put a letter there) or for all of
them (AND: children that have to be home first). Clerks that no help from outside could set going are those
left over when everybody who could be helped is taken away, again and again (the knot of Holt 1972).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from game.world import Stuck


class Tangle(NamedTuple):
    """Clerks who only wait for each other. `ring` when each of them waits for the next alone; else each waits
    for any one of several others in here."""

    clerks: tuple[str, ...]
    ring: bool
    edges: tuple[tuple[str, str], ...]


def tangle_of(stuck: Sequence[Stuck]) -> Tangle | None:
    """The shortest circle, or where there is none the fewest who only wait for one another; None where
    everybody waits, in the end, for somebody whom nobody is left to help."""
    shut = _shut_in(stuck)
    plain = {name: one.holders for name, one in shut.items() if one.every or len(one.holders) == 1}
    if circle := _circle(plain):
        return Tangle(circle, True, tuple(zip(circle, (*circle[1:], circle[0]), strict=True)))
    edges = {name: tuple(other for other in one.holders if other in shut) for name, one in shut.items()}
    reached = [_reached(edges, name) for name in edges]
    if not reached:
        return None
    fewest = min(reached, key=len)
    clerks = tuple(name for name in edges if name in fewest)
    return Tangle(clerks, False, tuple((name, other) for name in clerks for other in edges[name]))


def _shut_in(stuck: Sequence[Stuck]) -> Mapping[str, Stuck]:
    """Those who would go on waiting even if everybody else were helped."""
    shut = {one.clerk: one for one in stuck}
    while free := [name for name, one in shut.items() if not _stays(one, shut)]:
        for name in free:
            del shut[name]
    return shut


def _stays(one: Stuck, shut: Mapping[str, Stuck]) -> bool:
    inside = [holder in shut for holder in one.holders]
    return any(inside) if one.every else bool(inside) and all(inside)


def _reached(edges: Mapping[str, tuple[str, ...]], start: str) -> frozenset[str]:
    """Everybody a clerk waits for, and whom those wait for, and so on; with the clerk itself."""
    found, todo = {start}, [start]
    while todo:
        fresh = set(edges[todo.pop()]) - found
        found |= fresh
        todo += fresh
    return frozenset(found)


def _circle(waits: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest circle of clerks each waiting for the next, or ()."""
    best: tuple[str, ...] = ()
    for first in waits:
        paths: list[tuple[str, ...]] = [(first,)]
        seen = {first}
        while paths:
            path = paths.pop(0)
            if best and len(path) >= len(best):
                break
            for holder in waits[path[-1]]:
                if holder == first:
                    best, paths = path, []
                    break
                if holder in waits and holder not in seen:
                    seen.add(holder)
                    paths.append((*path, holder))
    return best
