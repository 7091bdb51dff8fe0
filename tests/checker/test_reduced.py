"""Leaving out orders that cannot matter must leave every ending, and must leave a lot out."""

import pytest
from benched_offices import benched_office
from builders import a_system
from random_offices import random_system

from game.channels.lock import Lock
from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.checker.check import check
from game.checker.cycles import endless
from game.checker.reduced import explore_reduced, loose_desk
from game.checker.space import Space, explore
from game.goals import Bag, PeakAtMost
from game.level.model import Cat, Limits

FOREVER = 10_000_000


def endings(space, terminals, loose):
    """Everything there is in the worlds in which nothing moves."""
    found = set()
    for world in map(space.unpack, terminals):
        *channels, delivered = world.channels
        found.add(
            (
                world.tasks,
                tuple(channels),
                world.lives,
                tuple(sorted(map(repr, delivered))) if loose else delivered,
            )
        )
    return found


def both(system, loose=False, symmetric=True):
    """The worlds of the whole space and those kept, after comparing what they are to tell."""
    space = Space(system)
    whole = explore(space, FOREVER, lambda _: "")
    fewer_space = Space(system)
    fewer = explore_reduced(fewer_space, FOREVER, lambda _: "", symmetric)
    assert fewer.endless == endless(whole)
    assert endings(space, whole.terminals, loose) == endings(fewer_space, fewer.terminals, loose)
    return len(whole.worlds), fewer.states


def locked(clerks, times):
    source = (
        f"def {{0}}(t):\n    for n in range({times}):\n        with t.get_lock():\n            t.value += 1\n"
    )
    names = "abcdefgh"[:clerks]
    return a_system(
        {name: source.format(name) for name in names},
        {"t": SharedValue()},
        {name: {"t": "t"} for name in names},
    )


def philosophers(seats, meals):
    eat = "        with a:\n            with b:\n                pass\n"
    source = f"def {{0}}(a, b):\n    for n in range({meals}):\n{eat}"
    return a_system(
        {f"p{seat}": source.format(f"p{seat}") for seat in range(seats)},
        {f"k{seat}": Lock() for seat in range(seats)},
        {
            f"p{seat}": {"a": f"k{min(seat, (seat + 1) % seats)}", "b": f"k{max(seat, (seat + 1) % seats)}"}
            for seat in range(seats)
        },
    )


@pytest.mark.parametrize(
    ("system", "at_least"), [(locked(3, 3), 7), (locked(4, 3), 9), (philosophers(5, 2), 8)]
)
def test_locks_leave_little_to_try(system, at_least):
    whole, fewer = both(system)
    assert whole >= at_least * fewer


def test_one_sender_and_one_receiver_need_no_choice_at_all():
    system = a_system(
        {
            "ada": "def ada(q):\n    for n in range(4):\n        q.put(n)\n",
            "bob": "def bob(q):\n    for n in range(4):\n        deliver(q.get())\n",
        },
        {"q": Queue()},
        {"ada": {"q": "q"}, "bob": {"q": "q"}},
        win=[Bag((0, 1, 2, 3))],
    )
    assert both(system) == (55, 1)


@pytest.mark.parametrize(("office", "enough"), [(random_system, 60), (benched_office, 60)])
def test_random_systems_keep_every_ending(office, enough):
    left_out = 0
    for seed in range(100):
        system = office(seed)
        if not explore(Space(system), 2_000, lambda _: "").whole:
            continue
        whole, fewer = both(system, loose=loose_desk(system))
        left_out += fewer < whole
    assert left_out > enough


def test_nothing_is_left_out_where_a_process_may_be_killed_or_every_moment_counts():
    source = {"ada": "def ada(q):\n    q.put(1)\n", "bob": "def bob(q):\n    q.get()\n"}
    for more in ({"cat": Cat(1, ("ada",))}, {"win": [PeakAtMost(bounds=(("q", 1),))]}):
        system = a_system(source, {"q": Queue()}, {"ada": {"q": "q"}, "bob": {"q": "q"}}, **more)
        whole, fewer = both(system)
        assert fewer == whole


def test_endless_runs_are_still_seen():
    system = a_system(
        {"ada": "def ada(v):\n    while True:\n        v.value += 1\n        v.value -= 1\n"},
        {"v": SharedValue()},
        {"ada": {"v": "v"}},
    )
    assert explore_reduced(Space(system), FOREVER, lambda _: "").endless


def test_a_space_too_large_to_walk_is_proved_from_its_endings():
    verdict = check(philosophers(6, 2), Limits(states=110_000, seconds=60))
    assert (verdict.word, verdict.terminals, verdict.winds) == ("PROVED", 1, None)
    assert verdict.covered.startswith("every ending, from ")
    assert check(philosophers(6, 2), Limits(states=110_000, seconds=60), reduce=False).word == "UNDETERMINED"
