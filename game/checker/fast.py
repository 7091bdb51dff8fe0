"""The same search as `space.explore`, a whole level at a time with numpy: for spaces of many states.

Comes with the extra `fast` (`pip install 'draughty-post[fast]'`). The rules still run in Python, once for
each combination that decides a step; numpy only adds, sorts and compares. The graph it finds is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.checker.space import Graph, Lane, Space, TooNarrow, explore, states

Worlds = NDArray[np.int64]

FITS = 62
"""Bits of a packed world that numpy's integers hold."""

SLICE = 20_000
"""Worlds of a level, every agent's steps out of which are taken before the next look up."""

BLOCK = 100_000
"""Worlds sorted at once. Nothing that takes long is done between two looks at whether anybody still wants to
know: a few milliseconds."""

LARGE = 1 << 50
"""Counts that grow beyond this are counted as Python's integers, which have no end."""

FIRST_STEPS = 20_000
"""Worlds looked at to learn how narrow the parts of a wide world may be."""


@dataclass(frozen=True)
class FastGraph(Graph):
    """A graph whose worlds are an array."""

    levels: tuple[Worlds, ...] = ()
    """Those of one distance from the start each, sorted."""
    tables: tuple[_Table, ...] = ()

    def moments(self, mask: int) -> set[int]:
        found: set[int] = set()
        for level in self.levels:
            for some in _slices(level):
                self.space.tick()
                found.update(np.unique(some & mask).tolist())
        return found

    def paths(self) -> int:
        ways: Any = np.ones(1, np.int64)
        found = 0
        for level, after in zip(self.levels, (*self.levels[1:], None), strict=True):
            if after is None:
                return found + int(sum(ways.tolist()))
            if ways.dtype != object and int(ways.max()) > LARGE:
                ways = ways.astype(object)
            came = np.zeros(len(after), ways.dtype)
            for number, some in enumerate(_slices(level)):
                self.space.tick()
                mine = ways[number * SLICE : number * SLICE + SLICE]
                ends = np.ones(len(some), bool)
                for table_number, table in enumerate(self.tables):
                    for worlds, deltas in table.deltas(some)[0]:
                        here = np.searchsorted(some, worlds) if len(worlds) < len(some) else slice(None)
                        if table_number < len(self.tables) - self.space.cats:
                            ends[here] = False
                        np.add.at(came, np.searchsorted(after, worlds + deltas), mine[here])
                found += sum(mine[ends].tolist())
            ways = came
        return found


class _Levels(Sequence[int]):
    """The worlds of a fast graph as plain integers, made when somebody asks."""

    def __init__(self, levels: tuple[Worlds, ...]) -> None:
        self._levels = levels

    @cached_property
    def _plain(self) -> list[int]:
        return [packed for level in self._levels for packed in level.tolist()]

    def __len__(self) -> int:
        return sum(map(len, self._levels))

    def __getitem__(self, at: Any) -> Any:
        return self._plain[at]


class _Table:
    """One lane's memo as arrays: what decides a step, sorted, and for each the steps' deltas in columns."""

    def __init__(self, lane: Lane, tick: Callable[[], object]) -> None:
        self._lane, self._tick = lane, tick
        self._keys = np.empty(0, np.int64)
        self._columns: list[Worlds] = []
        self._counts = np.empty(0, np.int64)

    def deltas(self, worlds: Worlds) -> tuple[list[tuple[Worlds, Worlds]], NDArray[np.int64]]:
        """For each column the (worlds that have such a step, what it adds); and how many steps each has."""
        keys = worlds & self._lane.mask
        places = np.searchsorted(self._keys, keys)
        known = np.zeros(len(keys), bool)
        inside = places < len(self._keys)
        known[inside] = self._keys[places[inside]] == keys[inside]
        if not known.all():
            self._learn(np.unique(keys[~known]))
            places = np.searchsorted(self._keys, keys)
        counts = self._counts[places]
        found = []
        for number, column in enumerate(self._columns):
            some = counts > number
            if some.all():
                found.append((worlds, column[places]))
            elif some.any():
                found.append((worlds[some], column[places[some]]))
        return found, counts

    def _learn(self, fresh: Worlds) -> None:
        rows = []
        for number, key in enumerate(fresh.tolist()):
            if not number & 255:
                self._tick()
            rows.append(self._lane.deltas[key])
        wide = max(len(self._columns), *(len(row) for row in rows))
        old = self._columns + [np.zeros(len(self._keys), np.int64)] * (wide - len(self._columns))
        keys = np.concatenate([self._keys, fresh])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        counts = np.array([len(row) for row in rows], np.int64)
        self._counts = np.concatenate([self._counts, counts])[order]
        self._columns = [
            np.concatenate(
                [old[number], np.array([row[number] if number < len(row) else 0 for row in rows], np.int64)]
            )[order]
            for number in range(wide)
        ]


class _Seen:
    """A set of worlds as sorted runs of growing size, merged like a binary counter."""

    def __init__(self, space: Space) -> None:
        self._space, self._runs = space, list[Worlds]()

    def without(self, worlds: Worlds) -> Worlds:
        """The worlds, sorted and distinct, that are not in the set."""
        for run in self._runs:
            if not len(worlds):
                break
            self._space.tick()
            places = np.searchsorted(run, worlds)
            places[places == len(run)] = 0
            worlds = worlds[run[places] != worlds]
        return worlds

    def add(self, worlds: Worlds) -> None:
        """Add sorted distinct worlds that are not in the set yet."""
        self._runs.append(worlds)
        while len(self._runs) > 1 and len(self._runs[-2]) < 2 * len(self._runs[-1]):
            last, before = self._runs.pop(), self._runs.pop()
            merged, at = np.empty(len(before) + len(last), np.int64), 0
            for part in _as_one([before, last]):
                self._space.tick()
                merged[at : at + len(part)] = part
                at += len(part)
            self._runs.append(merged)


def explore_fast(space: Space, most: int, out_of_time: Callable[[int], str]) -> Graph | None:
    """The graph of all worlds, as `space.explore` finds it; None when a world does not fit in 62 bits."""
    if space.bits > FITS:
        graph = explore(space, FIRST_STEPS, out_of_time)  # to learn how many values each part has
        if graph.whole or out_of_time(len(graph.worlds)):
            return graph
        space.fit()
    while True:
        if space.bits > FITS:
            return None
        try:
            return _explore(space, most, out_of_time)
        except TooNarrow:
            space.widen()


def _explore(space: Space, most: int, out_of_time: Callable[[int], str]) -> Graph:
    level = np.array([space.pack(space.system.start)], np.int64)
    tables = [_Table(lane, space.tick) for lane in space.lanes]
    seen = _Seen(space)
    seen.add(level)
    levels, terminals = [level], list[int]()
    found, transitions, layered, stopped_by = 1, 0, True, ""
    while len(level) and not stopped_by:
        slices: list[Worlds] = []
        for here in _slices(level):
            if stopped_by := out_of_time(found):
                break
            parts: list[Worlds] = []
            steps = np.zeros(len(here), np.int64)
            for number, table in enumerate(tables):
                if number == len(tables) - space.cats:
                    terminals += here[steps == 0].tolist()
                space.tick()
                columns, counts = table.deltas(here)
                steps += counts
                parts += [worlds + deltas for worlds, deltas in columns]
            transitions += int(steps.sum())
            if not space.cats:
                terminals += here[steps == 0].tolist()
            if parts:
                space.tick()
                slices.append(_distinct(np.concatenate(parts)))
        fresh: list[Worlds] = []
        for there in _as_one(slices):
            stopped_by = stopped_by or out_of_time(found) or (states(most) if found > most else "")
            if stopped_by:
                break
            fresh.append(seen.without(there))
            layered &= len(fresh[-1]) == len(there)
            found += len(fresh[-1])
        level = np.concatenate(fresh) if fresh else level[:0]
        if len(level):
            seen.add(level)
            levels.append(level)
    return FastGraph(
        space,
        _Levels(tuple(levels)),
        transitions,
        terminals,
        layered,
        not stopped_by,
        len(levels),
        stopped_by,
        tuple(levels),
        tuple(tables),
    )


def _slices(level: Worlds) -> Iterator[Worlds]:
    return (level[at : at + SLICE] for at in range(0, len(level), SLICE))


def _as_one(runs: Sequence[Worlds]) -> Iterator[Worlds]:
    """Sorted runs as one that is sorted and distinct, in pieces of at most BLOCK before equals are taken out:
    whoever asks for the next can look up in between."""
    if sum(map(len, runs)) <= BLOCK:
        if runs:
            yield runs[0] if len(runs) == 1 else _distinct(np.concatenate(runs))
        return
    # Between two of the values taken lie at most `every` in all runs together, and one gap more in each.
    gap = max(1, BLOCK // (2 * max(len(runs), 32)))
    taken = np.sort(np.concatenate([run[::gap] for run in runs]))
    bounds = taken[:: max(1, BLOCK // (2 * gap))][1:]
    cuts = [[0, *np.searchsorted(run, bounds).tolist(), len(run)] for run in runs]
    for number in range(len(bounds) + 1):
        parts = [run[cut[number] : cut[number + 1]] for run, cut in zip(runs, cuts, strict=True)]
        if any(map(len, parts)):
            yield _distinct(np.concatenate(parts))


def _distinct(worlds: Worlds) -> Worlds:
    worlds.sort(kind="stable")  # fastest where parts of it are sorted
    keep = np.empty(len(worlds), bool)
    keep[:1] = True
    np.not_equal(worlds[1:], worlds[:-1], out=keep[1:])
    return worlds[keep]
