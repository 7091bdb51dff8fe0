"""When the processes of a run may be used for another, and that nobody can tell."""

import sys

import pytest
from builders import a_system
from lifecycles import a_visit_of_the_cat, a_watched_kit
from odd_kinds import Stepwise

from game.channels.array import SharedArray
from game.channels.joinable_queue import JoinableQueue
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.office.crew import comes_back
from game.run import Along, Calm, Free, Office, Seeded

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="gates need a lock")


@pytest.fixture(scope="module")
def office():
    with Office() as office:
        yield office


def one_step(kind, step, **more):
    """Two clerks who do this once to a thing of this kind."""
    clerks = {name: {"script": "work", "it": "it"} for name in ("ada", "bob")}
    return a_system({"work": f"def work(it):\n    {step}\n"}, {"it": kind}, clerks, **more)


RESET = [
    (SharedValue(initial=7), "it.value += 1"),
    (SharedValue(lock=False), "it.value += 1"),
    (SharedArray(initial=(1, 2)), "it[1] += 1"),
    (Lock(), "with it:\n        deliver(1)"),
    (SimpleQueue(), "it.put(1)\n    deliver(it.get())"),
    (Queue(), "it.put([1])\n    it.put(2)\n    deliver((it.get(), it.get()))"),
    (Queue(maxsize=1), "it.put(1)\n    deliver(it.get())"),
    (Queue(), "it.put(1)\n    deliver(it.get(block=True))\n    it.put(len([2]))\n    it.get()"),
    (Stepwise(initial=3), "it.value += 1"),
]


@pytest.mark.parametrize(("kind", "step"), RESET)
def test_the_same_processes_play_again_and_nothing_of_the_last_run_is_left(office, kind, step):
    system = one_step(kind, step)
    results = [office.run(system, Seeded(3)) for _ in range(4)]
    assert {result.ending for result in results} == {"finished"}
    assert len({tuple(result.trace.pids.values()) for result in results}) == 1
    assert len({repr(result.trace.events) for result in results}) == 1


def test_clerks_who_crash_come_back_too(office):
    system = one_step(SharedValue(), "it.value = 1\n    deliver([][0])")
    results = [office.run(system, Calm()) for _ in range(3)]
    assert [result.message for result in results] == [
        "ada: IndexError in line 3; bob: IndexError in line 3"
    ] * 3
    assert len({tuple(result.trace.pids.values()) for result in results}) == 1


def test_other_scripts_are_brought_to_the_same_processes(office):
    systems = [one_step(SharedValue(), f"it.value += {number}") for number in (1, 10, 1)]
    results = [office.run(system, Calm()) for system in systems]
    assert [result.trace.events[-1].argument for result in results] == [(2,), (20,), (2,)]
    assert len({tuple(result.trace.pids.values()) for result in results}) == 1


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        (Lock(), "it.acquire(False)"),
        (SharedValue(), "it.get_lock().acquire(False)"),
        (SimpleQueue(), "it.put(1)"),
        (Queue(), "it.put(1)"),
        (Queue(), "it.put(1)\n    it.put(1)\n    it.get()"),
    ],
)
def test_what_was_left_locked_or_lying_about_is_not_used_again(office, kind, step):
    system = one_step(kind, step)
    results = [office.run(system, Calm()) for _ in range(3)]
    assert {result.ending for result in results} == {"finished"}
    assert len({tuple(result.trace.pids.values()) for result in results}) == 3
    assert len({repr(result.trace.events) for result in results}) == 1


def test_whoever_is_stuck_is_not_used_again(office):
    system = one_step(Lock(), "it.acquire()")
    results = [office.run(system, Calm()) for _ in range(2)]
    assert [result.ending for result in results] == ["stuck", "stuck"]
    assert results[0].trace.pids != results[1].trace.pids


def test_a_free_run_has_processes_of_its_own_that_really_end(office):
    system = one_step(SharedValue(), "it.value += 1")
    results = [office.run(system, driver) for driver in (Calm(), Free(), Calm(), Calm(), Free())]
    assert {result.ending for result in results} == {"finished"}
    pids = [tuple(result.trace.pids.values()) for result in results]
    assert pids[2] == pids[3]
    assert len(set(pids)) == 4


def a_joined_pair():
    return a_system(
        {"ada": "def ada(bob):\n    bob.join()\n", "bob": "def bob():\n    deliver(1)\n"},
        {},
        {"ada": {"bob": "@bob"}, "bob": {}},
    )


def a_late_clerk():
    return a_system(
        {"ada": "def ada():\n    deliver(1)\n", "bob": "def bob():\n    deliver(1)\n"}, later=["bob"]
    )


def an_idle_clerk():
    return a_system({"ada": "def ada():\n    deliver(1)\n", "bob": "def bob():\n    return\n"})


@pytest.mark.parametrize(
    ("system", "whether"),
    [
        (one_step(SharedValue(), "it.value += 1"), True),
        (one_step(Queue(), "it.put(1)"), True),
        (one_step(JoinableQueue(), "it.put(1)"), False),
        (
            a_system(
                {"ada": "def ada(end):\n    end.send(1)\n"}, {"tube": Pipe()}, {"ada": {"end": "tube.a"}}
            ),
            False,
        ),
        (a_watched_kit(), False),
        (a_visit_of_the_cat(), False),
        (a_joined_pair(), False),
        (a_late_clerk(), False),
        (an_idle_clerk(), False),
    ],
)
def test_only_those_come_back_whose_end_nobody_can_see(system, whether):
    assert comes_back(system) is whether


def test_a_crew_whose_scripts_come_to_join_each_other_ends_for_real(office):
    """The processes were made for a system that comes back, and play one that does not."""
    scripts = {"ada": "def ada(bob):\n    deliver(bob.exitcode)\n", "bob": "def bob():\n    deliver(1)\n"}
    clerks = {"ada": {"bob": "@bob"}, "bob": {}}
    watched = a_system(scripts, {}, clerks)
    scripts["ada"] = "def ada(bob):\n    bob.join()\n    deliver(2)\n"
    joined = a_system(scripts, {}, clerks)
    for system, wind in ((watched, ("bob", "bob", "ada", "ada")), (joined, ("bob", "ada", "ada"))) * 2:
        result = office.run(system, Along(wind))
        assert (result.ending, result.trace.wind) == ("finished", wind)
