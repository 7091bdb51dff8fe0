"""The wind that shows a failure best: fewest preemptions, then fewest switches, then fewest steps.

A preemption is a switch away from an agent that could still have moved. Few preemptions make a
failure understandable (Musuvathi and Qadeer, PLDI 2007); with states stored, ordering the search by
them also makes "no failure with at most c preemptions" a true statement when it is cut short.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import NamedTuple

from game.checker.space import Space, TooNarrow
from game.trace import Event

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
    space: Space, bad: Callable[[int, bool], bool], most: int, out_of_time: Callable[[int], str]
) -> Witness | CutShort:
    """The best path to a world for which `bad(packed, nothing moves)` is true (Dijkstra over
    (world, last agent) with lexicographic cost; ties by the fixed order of moves). Looks at `most` such
    pairs, or until `out_of_time(pairs so far)` gives a reason to stop."""
    while True:
        try:
            return _best_witness(space, bad, most, out_of_time)
        except TooNarrow:
            space.widen()


def _best_witness(
    space: Space, bad: Callable[[int, bool], bool], most: int, out_of_time: Callable[[int], str]
) -> Witness | CutShort:
    start = space.pack(space.system.start)
    first = start << AGENT_BITS
    came: dict[int, tuple[int, Event] | None] = {first: None}
    cost: dict[int, int] = {first: 0}
    done: set[int] = set()
    heap = [(0, 0, first)]
    pushed = 0
    while heap:
        paid, _, node = heapq.heappop(heap)
        if node in done:
            continue
        done.add(node)
        packed, last = node >> AGENT_BITS, (node & ((1 << AGENT_BITS) - 1)) - 1
        steps = space.steps(packed)
        if bad(packed, not steps):
            return Witness(_path(came, node), packed, paid // _PREEMPTION, (paid % _PREEMPTION) // _SWITCH)
        if len(done) > most or (not len(done) & 1023 and out_of_time(len(done))):
            return CutShort(paid // _PREEMPTION)
        could_go_on = any(step.agent == last for step in steps)
        for delta, agent, event in steps:
            price = paid + 1
            if agent != last and last >= 0:
                price += _SWITCH + (_PREEMPTION if could_go_on else 0)
            there = ((packed + delta) << AGENT_BITS) | (agent + 1)
            if price < cost.get(there, price + 1):
                cost[there] = price
                came[there] = (node, event)
                pushed += 1
                heapq.heappush(heap, (price, pushed, there))
    return CutShort(None)


def _path(came: dict[int, tuple[int, Event] | None], node: int) -> tuple[Event, ...]:
    events = []
    while (step := came[node]) is not None:
        node, event = step
        events.append(event)
    return tuple(reversed(events))
