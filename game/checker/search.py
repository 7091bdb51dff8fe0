"""The wind that shows a failure best: fewest preemptions, then fewest switches, then fewest steps.

A preemption is a switch away from an agent that could still have moved. Few preemptions make a
failure understandable (Musuvathi and Qadeer, PLDI 2007); with states stored, ordering the search by
them also makes "no failure with at most c preemptions" a true statement when it is cut short.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import NamedTuple

from game.checker.space import Space, TooNarrow
from game.checker.symmetry import Looks, Renaming, Symmetry
from game.script.instructions import Task
from game.trace import Event
from game.world import ENDED, Life, plainly

_PREEMPTION, _SWITCH = 1 << 44, 1 << 22
AGENT_BITS = 8


class Witness(NamedTuple):
    """The best failing path: its events, the packed world it leads to, and its cost."""

    events: tuple[Event, ...]
    packed: int
    preemptions: int
    switches: int


class CutShort(NamedTuple):
    """The search ended without a failure: everything with fewer preemptions than this was looked at (None:
    everything there is)."""

    preemptions: int | None


def best_witness(
    space: Space,
    bad: Callable[[int, bool], bool],
    most: int,
    out_of_time: Callable[[int, int], str],
    ways: list[Renaming] | None = None,
    ends: Ends | None = None,
) -> Witness | CutShort:
    """The best path to a world for which `bad(packed, nothing moves)` is true (Dijkstra over
    (world, last agent) with lexicographic cost; ties by the fixed order of moves). Looks at `most` such
    pairs, or until `out_of_time(pairs so far, their preemptions)` gives a reason to stop. With `ways` to
    change places, one of all pairs that differ in names is looked at; among equally good paths it may be
    another one. With `ends`, which are to hold every bad ending there is, no way is followed that can lead
    to none of them."""
    while True:
        try:
            symmetry = Symmetry.of(space, ways) if ways else None
            hope = _Hope(space, ends) if ends else None
            found = _best_witness(space, bad, most, out_of_time, symmetry, hope)
            if symmetry:
                symmetry.look_out()
            return found
        except TooNarrow:
            space.widen()
        except Looks:
            ways = None


Ends = frozenset[tuple[tuple[Task, Life], ...]]
"""What becomes of each clerk in some worlds in which nothing moves."""


def ends_of(space: Space, terminals: Iterable[int]) -> Ends:
    """What becomes of the clerks in these worlds."""
    clerks = range(len(space.system.clerks))
    mask = sum(space.clerk_mask(index) for index in clerks)
    return frozenset(
        tuple([space.local(index, packed) for index in clerks])
        for packed in {one & mask for one in terminals}
    )


class _Hope(dict[tuple[int, ...], bool]):
    """Whether one of some ends can still be reached, told from who has gone already: that never changes
    again. Fills itself."""

    def __init__(self, space: Space, ends: Ends) -> None:
        super().__init__()
        clerks = range(len(space.system.clerks))
        self._ends = [tuple(space.local_field(index, end[index]) + 1 for index in clerks) for end in ends]
        self.gone = [(space.clerk_mask(index), _Gone(space, index)) for index in clerks]

    def __missing__(self, gone: tuple[int, ...]) -> bool:
        found = self[gone] = any(
            all(one in (0, last) for one, last in zip(gone, end, strict=True)) for end in self._ends
        )
        return found


class _Gone(dict[int, int]):
    """One more than a clerk's bits where its process has ended and everybody knows, else 0. Fills itself."""

    def __init__(self, space: Space, index: int) -> None:
        super().__init__()
        self._space, self._index = space, index

    def __missing__(self, bits: int) -> int:
        life = self._space.local(self._index, bits)[1]
        found = self[bits] = bits + 1 if life in ENDED and life == plainly(life) else 0
        return found


class _Came(NamedTuple):
    """How a node was reached: from which, by which lane's which step, and settled by which way."""

    before: int
    agent: int
    choice: int
    way: int


def _best_witness(
    space: Space,
    bad: Callable[[int, bool], bool],
    most: int,
    out_of_time: Callable[[int, int], str],
    symmetry: Symmetry | None,
    hope: _Hope | None,
) -> Witness | CutShort:
    lanes = [(number + 1, lane.mask, lane.deltas) for number, lane in enumerate(space.lanes)]
    agents = (1 << AGENT_BITS) - 1
    driven = len(lanes) - space.cats
    start = space.pack(space.system.start)
    stands_for, _, first_way = symmetry.settled(start, 0) if symmetry else (start, 0, -1)
    first = stands_for << AGENT_BITS
    settled: dict[int, tuple[int, int]] = {}
    came: dict[int, _Came] = {}
    cost: dict[int, int] = {first: 0}
    # Nodes of one price wait in the order they were found: what a heap of nodes gives, with less to order.
    waiting: dict[int, list[int]] = {0: [first]}
    prices = [0]
    # Nodes whose last agent can go on: what it costs to cut in on it is paid once nothing cheaper is left.
    cut_in: list[int] = []
    done = asked = preemptions = 0

    def reach(node: int, packed: int, agent: int, price: int) -> None:
        """Put what an agent's steps lead to into line."""
        _, mask, deltas = lanes[agent - 1]
        for choice, delta in enumerate(deltas[packed & mask]):
            there, way = ((packed + delta) << AGENT_BITS) | agent, -1
            if symmetry:
                known = settled.get(there)
                if known is None:
                    world, mover, way = symmetry.settled(packed + delta, agent - 1)
                    known = settled[there] = ((world << AGENT_BITS) | (mover + 1), way)
                there, way = known
            before = cost.get(there)
            if before is None or price < before:
                cost[there] = price
                came[there] = _Came(node, agent, choice, way)
                if price in waiting:
                    waiting[price].append(there)
                else:
                    waiting[price] = [there]
                    heapq.heappush(prices, price)

    while prices or cut_in:
        if not prices:
            preemptions += 1
            for number, node in enumerate(cut_in):
                if not number & 255 and out_of_time(done, preemptions):
                    return CutShort(preemptions)
                packed, last = node >> AGENT_BITS, node & agents
                price = cost[node] + 1 + _SWITCH + _PREEMPTION
                for agent, _, _ in lanes:
                    if agent != last:
                        reach(node, packed, agent, price)
            cut_in.clear()
            continue
        paid = heapq.heappop(prices)
        if paid >= asked:  # the first with so many preemptions
            asked = (preemptions + 1) * _PREEMPTION
            if out_of_time(done, preemptions):
                return CutShort(preemptions)
        for node in waiting.pop(paid):
            if cost[node] != paid:
                continue  # found again since, and cheaper
            packed, last = node >> AGENT_BITS, node & agents
            if hope is not None and not hope[tuple([gone[packed & mask] for mask, gone in hope.gone])]:
                continue
            done += 1
            if last and lanes[last - 1][2][packed & lanes[last - 1][1]]:
                stands = last > driven and space.rests(packed)
                reach(node, packed, last, paid + 1)
                cut_in.append(node)
            else:
                stands = True
                for agent, mask, deltas in lanes:
                    if deltas[packed & mask]:
                        stands = stands and agent > driven
                        reach(node, packed, agent, paid + 1 + (_SWITCH if last else 0))
            if bad(packed, stands):
                events, packed = _path(space, came, node, symmetry, start, first_way)
                return Witness(events, packed, paid // _PREEMPTION, (paid % _PREEMPTION) // _SWITCH)
            if done > most or (not done & 255 and out_of_time(done, preemptions)):
                return CutShort(preemptions)
    return CutShort(None)


def _path(
    space: Space, came: dict[int, _Came], node: int, symmetry: Symmetry | None, start: int, first_way: int
) -> tuple[tuple[Event, ...], int]:
    """The events on the way to a node, and the world they lead to."""
    back = []
    packed = node >> AGENT_BITS
    while (one := came.get(node)) is not None:
        lane = space.lanes[one.agent - 1]
        back.append((one, lane.steps[(one.before >> AGENT_BITS) & lane.mask][one.choice]))
        node = one.before
    if symmetry is None:
        return tuple(step.event for _, step in reversed(back)), packed
    told = [(one.agent - 1, step.delta, one.way) for one, step in reversed(back)]
    steps, packed = symmetry.unsettled(start, told, first_way)
    return tuple(step.event for step in steps), packed
