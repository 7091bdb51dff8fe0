"""Straight to a world of some sort, whichever way comes first: where the best wind takes too long to find.

Depth first, through as few worlds as may do (`game.checker.reduced`), an agent as far as it gets before the
next: so the first path found switches seldom. What is found is then smoothed: steps of one agent are put
together where the path still leads to such a world.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from game.checker.reduced import Fewer
from game.checker.space import Space
from game.checker.symmetry import Renaming
from game.trace import Event

DRAWN_CUTS: Final = 4
"""One of so many runs drawn by chance has none of them cut in, one has one cut, and so on."""
LONGEST_RUN: Final = 2_000
"""Steps after which a run drawn by chance is left alone: it may go round for ever."""
AT_MOST: Final = 200_000
"""Worlds looked at, or steps drawn, before a search is given up."""
SMOOTHINGS: Final = 2_000
"""Rearrangements tried of a path."""


class Path(NamedTuple):
    """Events from the start of a search, the packed world they lead to, and how often they turn from one
    agent to another: `preemptions` where the first could have gone on, `switches` in all."""

    events: tuple[Event, ...]
    packed: int
    preemptions: int
    switches: int


_Turn = tuple[int, int]
"""A step by its lane and which of the lane's steps it is."""
Wanted = Callable[[int, bool], bool]
"""Whether a packed world is of the sort looked for; it is told whether nothing but the cat moves there."""


class Straight:
    """A search through one space as it is packed now; to be made anew when it has been packed anew. Raises
    TooNarrow."""

    def __init__(self, space: Space, ways: Sequence[Renaming] = ()) -> None:
        self.space = space
        self._lanes = space.lanes
        self._fewer = Fewer(space, list(ways))

    def reach(
        self, start: int, wanted: Wanted, seen: set[int], out_of_time: Callable[[int], str]
    ) -> tuple[int, list[_Turn]] | None:
        """The first world found that is `wanted`, and the way there. None when there is none, or none soon
        enough. `seen` are worlds from which nothing wanted is reached, to be left alone, and those looked at
        here are added: when nothing was found, and `gave_up` is False, rightly."""
        self.gave_up = False
        turns: list[_Turn] = []
        waiting = [iter(((start, (-1, 0)),))]
        while waiting:
            following = next(waiting[-1], None)
            if following is None:
                waiting.pop()
                if turns:
                    turns.pop()
                continue
            here, turn = following
            key = self._fewer.key(here)
            if key in seen:
                continue
            seen.add(key)
            turns.append(turn)
            if wanted(here, self.space.rests(here)):
                return here, turns[1:]
            if len(seen) > AT_MOST or (not len(seen) & 127 and out_of_time(len(seen))):
                self.gave_up = True
                return None
            waiting.append(self._onward(here, turn[0]))
        return None

    def _onward(self, here: int, last: int) -> Iterator[tuple[int, _Turn]]:
        numbers = self._fewer.lanes(here)
        for number in sorted(numbers, key=lambda one: one != last):
            lane = self._lanes[number]
            for choice, delta in enumerate(lane.deltas[here & lane.mask]):
                yield here + delta, (number, choice)

    def draw(
        self, start: int, wanted: Wanted, chance: random.Random, out_of_time: Callable[[int], str]
    ) -> tuple[int, list[_Turn]] | None:
        """The same by chance, where there are too many worlds to look at: runs in which whoever comes first
        in a drawn order goes on until it waits, but for a few drawn moments at which it comes last from then
        on. A failure that takes d - 1 such moments is met in at least one of n * k ** (d - 1) runs, of n
        agents and k steps (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010). None when none was
        met soon enough."""
        longest = walked = 0
        for number in itertools.count():
            rank = {lane: chance.random() for lane in range(len(self._lanes))}
            cuts = {chance.randrange(longest) for _ in range(number % DRAWN_CUTS)} if longest else set()
            here, turns = start, list[_Turn]()
            while not wanted(here, self.space.rests(here)):
                able = [at for at, lane in enumerate(self._lanes) if lane.deltas[here & lane.mask]]
                if not able or len(turns) >= LONGEST_RUN:
                    break
                first = max(able, key=rank.__getitem__)
                if len(turns) in cuts:
                    rank[first] = -len(turns)
                    first = max(able, key=rank.__getitem__)
                lane = self._lanes[first]
                deltas = lane.deltas[here & lane.mask]
                choice = chance.randrange(len(deltas))
                turns.append((first, choice))
                here += deltas[choice]
            else:
                return here, turns
            walked += len(turns)
            longest = max(longest, len(turns))
            if walked > AT_MOST or out_of_time(walked):
                return None
        return None

    def smooth(
        self, start: int, turns: list[_Turn], wanted: Wanted, out_of_time: Callable[[int], str]
    ) -> Path:
        """The same path, or a better one made of it: fewer preemptions, then switches, then steps."""
        best = self._walk(start, turns, wanted)
        assert best is not None, "the path was found"
        tried, better = 0, True
        while better:
            better = False
            for other in _rearranged(best[1]):
                tried += 1
                if tried > SMOOTHINGS or (not tried & 31 and out_of_time(tried)):
                    return self._told(start, *best)
                found = self._walk(start, other, wanted)
                if found is not None and found[0] < best[0]:
                    best, better = found, True
                    break
        return self._told(start, *best)

    def _walk(
        self, start: int, turns: Sequence[_Turn], wanted: Wanted
    ) -> tuple[tuple[int, int, int], list[_Turn]] | None:
        """What a path costs (preemptions, switches, steps), as far as the first world that is wanted; None
        where it cannot be walked or leads to none."""
        here, last, preemptions, switches = start, -1, 0, 0
        for steps, (number, choice) in enumerate(turns):
            if wanted(here, self.space.rests(here)):
                return (preemptions, switches, steps), list(turns[:steps])
            if last not in (-1, number):
                before = self._lanes[last]
                switches += 1
                preemptions += bool(before.deltas[here & before.mask])
            lane = self._lanes[number]
            deltas = lane.deltas[here & lane.mask]
            if choice >= len(deltas):
                return None
            here, last = here + deltas[choice], number
        if not wanted(here, self.space.rests(here)):
            return None
        return (preemptions, switches, len(turns)), list(turns)

    def _told(self, start: int, cost: tuple[int, int, int], turns: Sequence[_Turn]) -> Path:
        here, events = start, []
        for number, choice in turns:
            lane = self._lanes[number]
            step = lane.steps[here & lane.mask][choice]
            events.append(step.event)
            here += step.delta
        return Path(tuple(events), here, cost[0], cost[1])


def _rearranged(turns: Sequence[_Turn]) -> Iterator[list[_Turn]]:
    """The path with two stretches of one agent put together, at the place of the first or of the second."""
    cuts = [0, *(at for at, (one, other) in enumerate(pairwise(turns), 1) if one[0] != other[0]), len(turns)]
    parts = [list(turns[first:last]) for first, last in pairwise(cuts)]
    for one, part in enumerate(parts):
        other = next((at for at in range(one + 1, len(parts)) if parts[at][0][0] == part[0][0]), None)
        if other is None:
            continue
        between = parts[one + 1 : other]
        for middle in ([part, parts[other], *between], [*between, part, parts[other]]):
            yield [turn for block in (*parts[:one], *middle, *parts[other + 1 :]) for turn in block]
