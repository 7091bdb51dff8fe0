"""Whether leaving out what cannot matter loses nothing: each reduction beside the plain search, at random.

    python benchmarks/soak_checker.py [OFFICES] [FIRST]

Compares, for so many offices of each sort: the set of worlds in which nothing moves, whether a run can go on
for ever, the verdict, its outcomes and what its failing wind costs; and prints how many worlds each search
stored.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from benched_offices import benched_office
from random_offices import random_system
from twins import family_office, twin_office

from game.checker import check as checking
from game.checker.cycles import endless
from game.checker.reduced import explore_reduced, loose_desk
from game.checker.space import Space, explore
from game.level.model import Limits
from game.world import System

SORTS: dict[str, Callable[[int], System]] = {
    "random": random_system,
    "benched": benched_office,
    "twins": twin_office,
    "family": family_office,
}
MOST = 4_000
LIMITS = Limits(states=100_000, seconds=60)


def ends(space: Space, terminals: list[int]) -> set[tuple[object, ...]]:
    """Everything there is in the worlds in which nothing moves; deliveries sorted where nobody asks."""
    loose = loose_desk(space.system)
    found: set[tuple[object, ...]] = set()
    for world in map(space.unpack, terminals):
        *channels, delivered = world.channels
        desk = tuple(sorted(map(repr, delivered))) if loose else delivered  # type: ignore[call-overload]
        found.add((world.tasks, tuple(channels), world.lives, desk))
    return found


def judged(system: System, quick_look: int) -> tuple[object, ...]:
    """What the inspector says when it walks only so many states before it leaves anything out."""
    kept, checking.QUICK_LOOK = checking.QUICK_LOOK, quick_look
    try:
        verdict = checking.check(system, LIMITS)
    finally:
        checking.QUICK_LOOK = kept
    failure = verdict.failure
    cost = failure and (failure.preemptions, failure.switches, len(failure.wind))
    if failure is not None:
        trace, _ = system.follow(failure.wind)
        assert trace.events == failure.trace.events, "a failing wind leads where it is said to"
    return verdict.word, verdict.outcomes, cost


def main(offices: int, first: int) -> int:
    wrong = 0
    for sort, office in SORTS.items():
        looked = whole = fewer = fewest = 0
        for seed in range(first, first + offices):
            system = office(seed)
            space = Space(system)
            graph = explore(space, MOST, lambda _: "")
            if not graph.whole:
                continue
            looked += 1
            whole += len(graph.worlds)
            told = ends(space, graph.terminals), endless(graph)
            for symmetric in (False, True):
                other = Space(system)
                found = explore_reduced(other, 10 * MOST, lambda _: "", symmetric)
                if (ends(other, found.terminals), found.endless) != told:
                    print(f"{sort} {seed}: other endings{' with symmetry' * symmetric}")
                    wrong += 1
                fewer += found.states * (not symmetric)
                fewest += found.states * symmetric
            if judged(system, 10) != judged(system, MOST):
                print(f"{sort} {seed}: another verdict")
                wrong += 1
        print(f"{sort}: {looked} offices, {whole:,} worlds; {fewer:,} without symmetry, {fewest:,} with")
    print("all the same" if not wrong else f"{wrong} differ")
    return int(bool(wrong))


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(numbers + [200, 0][len(numbers) :])))
