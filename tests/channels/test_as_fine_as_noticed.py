"""A kind takes in one step what nobody can look into: then no ending may be lost, and none be made up.

Random offices are checked with the steps that `noticing` chooses and with the finest there are.
"""

from __future__ import annotations

import pytest
from benched_offices import benched_office

from game.channels.barrier import Barrier, CloseBarrier
from game.channels.condition import CloseCondition, Condition
from game.channels.event import CloseEvent, Event
from game.channels.joinable_queue import CloseJoinableQueue, JoinableQueue
from game.channels.kind import Kind
from game.channels.queue import CloseQueue, Queue
from game.checker.check import Outcome, check
from game.level.model import Limits
from game.world import System

GETS = frozenset({"get.letter", "get.back", "get.count", "carry"})
SMALL = Limits(states=60_000, seconds=60)


def as_fine_as_can_be(kind: Kind, clerks: tuple[str, ...]) -> Kind:
    everybody = frozenset(clerks)
    cuts = tuple((clerk, GETS) for clerk in clerks)
    match kind:
        case Queue():
            return CloseQueue(kind.maxsize, kind.wire, cuts)
        case JoinableQueue():
            return CloseJoinableQueue(kind.maxsize, kind.wire, cuts, everybody)
        case Event():
            return CloseEvent(everybody)
        case Barrier():
            return CloseBarrier(kind.parties, everybody)
        case Condition():
            return CloseCondition(everybody)
    return kind


def endings(system: System) -> set[Outcome] | None:
    verdict = check(system, SMALL, reduce=False)
    return set(verdict.outcomes) if verdict.covered.startswith("all ") else None


def both(seed: int, cat: bool) -> tuple[set[Outcome], set[Outcome]] | None:
    coarse = benched_office(seed, cat, lines=2)
    fine = benched_office(seed, cat, lines=2)
    vars(fine)["channels"] = tuple(
        (name, as_fine_as_can_be(kind, fine.clerks)) for name, kind in coarse.channels
    )
    assert fine.channels != coarse.channels
    few, many = endings(coarse), endings(fine)
    return None if few is None or many is None else (few, many)


@pytest.mark.parametrize("cat", [False, True])
def test_coarse_steps_have_the_endings_of_the_finest(cat: bool):
    compared = 0
    for seed in range(12):
        if found := both(seed, cat):
            assert found[0] == found[1], f"seed {seed}"
            compared += 1
    assert compared > 6
