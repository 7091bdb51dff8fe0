"""Whatever real processes do freely, the model allows: outcomes of free runs against the checker's set.

Used by a short test and by the long soak in benchmarks/soak_free_runs.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from benched_offices import benched_office
from random_families import random_family
from random_offices import random_system
from random_tubes import random_tubes

from game.checker.check import Outcome, check, outcome_of
from game.level.model import Limits
from game.run import Free, Office
from game.world import System, World

SMALL = Limits(states=20_000, seconds=20)
HUNG_AFTER = 0.4


@dataclass(frozen=True)
class Compared:
    """How the free runs of one system compared: runs made, distinct outcomes met and allowed, and what was
    wrong, in words."""

    seed: int
    runs: int
    met: int
    allowed: int
    wrong: tuple[str, ...]


def compare(office: Office, seed: int, system: System, runs: int) -> Compared | None:
    """Run a system freely so many times; None when its space is too large to know every outcome."""
    verdict = check(system, SMALL, reduce=False)
    if verdict.covered != f"all {verdict.states:,} states":
        return None
    allowed = set(verdict.outcomes)
    met: set[Outcome] = set()
    wrong = []
    for number in range(runs):
        result = office.run(system, Free(cat=number if system.level.cat.naps else None), timeout=HUNG_AFTER)
        if result.disagreement or result.unsettled:
            wrong.append(f"seed {seed}, run {number}: {result.disagreement or result.unsettled}")
            continue
        world = _settled(system, system.follow(result.trace.wind)[1])
        outcome = outcome_of(system, world)
        if result.ending == "hung":
            # Whoever hangs must be one who, in the model, has come to where nothing can move any more.
            # Nobody writes down a death that nobody sees: who could have been killed may have been.
            if outcome.ending != "stuck" and not system.fates() and not _only_waits(system, world):
                wrong.append(f"seed {seed}, run {number}: hangs where the model can go on: {result.message}")
            if outcome.ending != "stuck":
                continue
        elif result.ending not in ("finished", "crashed"):
            wrong.append(f"seed {seed}, run {number}: ended as {result.ending}: {result.message}")
            continue
        met.add(outcome)
        if outcome not in allowed:
            wrong.append(f"seed {seed}, run {number}: {outcome} is not among the {len(allowed)} allowed")
    return Compared(seed, runs, len(met), len(allowed), tuple(wrong))


def _settled(system: System, world: World) -> World:
    """The world once porters have carried what they can and clerks whose script is over have gone home: what
    a free run's records need not show."""
    while True:
        moves = [
            move
            for move in system.moves(world)
            if move.event.agent.startswith("~") or move.event.operation == "home"
        ]
        if not moves:
            return world
        world = moves[0].world


def _only_waits(system: System, world: World, most: int = 500) -> bool:
    """Whether all that could still happen by the rules is who waits where: who waits in a coarse step has
    really taken a place that the rule has not given to anybody yet."""
    seen, todo = {world}, [world]
    while todo and len(seen) <= most:
        moves = system.moves(todo.pop())
        if any(move.event.result is not None or move.event.error for move in moves):
            return False
        fresh = {move.world for move in moves} - seen
        if any(system.ending(there) not in ("running", "stuck") for there in fresh):
            return False
        seen |= fresh
        todo += fresh
    return not todo


MAKERS = {
    "offices": random_system,
    "benches": benched_office,
    "cats": partial(benched_office, cat=True, lines=2),
    "families": random_family,
    "tubes": random_tubes,
}
"""Where random systems come from: each makes one of a seed."""


def compare_many(seeds: range, runs: int, maker: str = "offices") -> Iterator[Compared]:
    """Compare the random systems of these seeds; those too large are left out."""
    with Office() as office:
        for seed in seeds:
            if compared := compare(office, seed, MAKERS[maker](seed), runs):
                yield compared
