"""The best wind to a failure is the same however little of the office is looked at to find it."""

from itertools import pairwise

import pytest
from benched_offices import benched_office
from builders import a_system
from random_offices import random_system
from twins import twin_office

from game.channels.lock import Lock
from game.checker.diagnose import fault_at_the_end, fault_now
from game.checker.search import CutShort, Witness, best_witness, ends_of
from game.checker.space import Space, explore
from game.checker.symmetry import exchanges

FOREVER = 10_000_000


def judge(system, space):
    def bad(packed, ended):
        return (fault_at_the_end if ended else fault_now)(system, space.unpack(packed)) is not None

    return bad


def costs(system, most=FOREVER):
    """The best wind's price, looked for without and with knowing how it can end; None where the office is too
    large, never fails, or can go on for ever."""
    space = Space(system)
    graph = explore(space, 3_000, lambda _: "")
    if not graph.whole or not graph.layered:
        return None
    bad = judge(system, space)
    ends = ends_of(space, [packed for packed in graph.terminals if bad(packed, True)])
    found = []
    for more in ({}, {"ends": ends}, {"ends": ends, "ways": exchanges(system)}):
        witness = best_witness(space, bad, most, lambda *_: "", **more)
        found.append((witness.preemptions, witness.switches, len(witness.events)) if ends else witness)
    return found if ends else None


@pytest.mark.parametrize("office", [random_system, benched_office, twin_office])
def test_giving_up_what_can_no_longer_fail_leaves_the_best_wind_as_good(office):
    told = [found for seed in range(40) if (found := costs(office(seed)))]
    assert len(told) > 10
    assert all(plain == knowing == renaming for plain, knowing, renaming in told)


def left_fork_first(seats):
    script = "def eat(left, right):\n    with left:\n        with right:\n            pass\n"
    return a_system(
        {"eat": script},
        {f"fork{seat}": Lock() for seat in range(seats)},
        {
            f"p{seat}": {"script": "eat", "left": f"fork{seat}", "right": f"fork{(seat + 1) % seats}"}
            for seat in range(seats)
        },
    )


def test_who_has_dined_is_in_no_deadlock_and_so_is_not_followed():
    system = left_fork_first(5)
    space = Space(system)
    bad = judge(system, space)
    ends = ends_of(space, [one for one in explore(space, FOREVER, lambda _: "").terminals if bad(one, True)])
    enough = 400
    assert isinstance(best_witness(space, bad, enough, lambda *_: ""), CutShort)
    found = best_witness(space, bad, enough, lambda *_: "", ends=ends)
    assert isinstance(found, Witness)
    assert (found.preemptions, found.switches, len(found.events)) == (1, 4, 5)


def test_it_looks_up_while_it_puts_interruptions_into_line():
    """In nodes, not in seconds: those are the machine's business."""
    space, looks = Space(left_fork_first(6)), []

    def look(done, preemptions):
        looks.append(done)
        return ""

    assert isinstance(best_witness(space, lambda *_: False, FOREVER, look), CutShort)
    between = [later - earlier for earlier, later in pairwise(looks)]
    assert max(between) <= 256
    assert between.count(0) > 8  # hundreds of nodes are put into line though none is looked at
