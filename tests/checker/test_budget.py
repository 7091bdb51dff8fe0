"""How far a search may go, and whom it tells."""

import itertools
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from builders import a_system
from test_reduced import locked, philosophers

from game.channels.value import SharedValue
from game.checker import check as checking
from game.checker.budget import LOOK_EVERY, Cancelled, Progress
from game.checker.check import check
from game.checker.cycles import count_winds, endless, fair_loops
from game.checker.space import Space, explore
from game.goals import Reads
from game.level.model import Limits

TESTS = Path(__file__).parents[1]


def strokes(clerks, times):
    script = f"def {{0}}(t):\n    for n in range({times}):\n        t.value += 1\n"
    names = "abcdefgh"[:clerks]
    return a_system(
        {name: script.format(name) for name in names},
        {"t": SharedValue()},
        {name: {"t": "t"} for name in names},
        win=[Reads((("t", clerks * times),))],
    )


def test_it_tells_how_many_worlds_in_what_time_and_at_how_many_preemptions():
    told = []
    ticks = itertools.count()
    verdict = check(
        strokes(3, 2), Limits(seconds=1e9), progress=told.append, clock=lambda: LOOK_EVERY * next(ticks)
    )
    assert verdict.word == "REFUTED"
    assert [far.states for far in told] == sorted(far.states for far in told)
    assert max(far.states for far in told if far.preemptions is None) > 100
    assert {far.preemptions for far in told} == {None, 0, 1}
    assert Progress(3_000, 1.5).rate == 2_000
    assert Progress(1, 0.0).rate == 0


def test_how_far_it_is_is_said_in_the_players_words():
    assert Progress(1, 0.1).said == "1 moment looked at"
    assert Progress(12_400, 0.04).said == "12,400 moments looked at"
    assert Progress(312_345, 1.0).said == "312,345 moments looked at, 310,000 a second"
    assert Progress(12_400, 0.04, 1).said == "12,400 moments looked at; winds with up to 1 interruption"
    assert Progress(12_400, 0.04, 2).said == "12,400 moments looked at; winds with up to 2 interruptions"


def test_it_looks_no_more_often_than_is_worth_it():
    told = []
    check(strokes(3, 2), Limits(seconds=1e9), progress=told.append, clock=lambda: 0.0)
    assert len(told) == 1


@pytest.mark.parametrize("reduce", [True, False])
@pytest.mark.parametrize("office", [lambda: strokes(4, 3), lambda: philosophers(6, 2)])
def test_it_can_be_called_off_at_every_look(office, reduce):
    system = office()
    for asked in (1, 2, 4, 7, 12):
        left = iter([False] * asked)
        ticks = itertools.count()
        with pytest.raises(Cancelled):
            check(
                system,
                Limits(seconds=1e9),
                cancelled=lambda left=left: next(left, True),
                clock=lambda ticks=ticks: LOOK_EVERY * next(ticks),
                reduce=reduce,
            )


def test_nothing_goes_on_for_long_without_a_look():
    """In steps done between two looks, not in seconds: those are the machine's business."""
    system = strokes(4, 2)
    looks = itertools.count()

    def slow_clock():
        next(looks)
        return 0.0

    verdict = check(system, Limits(seconds=1e9), clock=slow_clock, reduce=False)
    assert next(looks) > verdict.states // 512


@pytest.mark.parametrize("again", [count_winds, endless, fair_loops])
def test_what_goes_over_a_graph_once_more_can_be_called_off_too(again):
    system = a_system(
        {
            name: f"def {name}(t):\n    while True:\n        t.value = 1\n        t.value = 0\n"
            for name in "ab"
        },
        {"t": SharedValue()},
        {name: {"t": "t"} for name in "ab"},
    )
    space = Space(system)
    graph = explore(space, 10_000, lambda _: "")
    assert graph.whole

    def enough():
        raise Cancelled

    space.tick = enough
    with pytest.raises(Cancelled):
        again(graph)


def test_too_little_memory_is_never_a_pass_and_says_what_was_looked_at():
    verdict = check(locked(6, 4), Limits(seconds=60), memory=2_000_000, reduce=False)
    assert (verdict.word, verdict.failure) == ("UNDETERMINED", None)
    assert verdict.covered.endswith("stopped by 2 MB of memory")
    assert verdict.states * 60 < 8_000_000


def test_a_failure_is_still_found_in_little_memory():
    verdict = check(strokes(5, 3), Limits(seconds=60), memory=8_000_000)
    assert (verdict.word, verdict.failure.preemptions) == ("REFUTED", 1)


def test_a_failure_is_found_where_only_a_little_of_the_office_can_be_walked():
    verdict = check(strokes(6, 6), Limits(states=5_000, seconds=600))
    assert (verdict.word, verdict.failure.preemptions) == ("REFUTED", 1)
    assert verdict.covered.endswith("then straight for the failure")


def test_the_machines_own_bound_ends_in_an_honest_answer(monkeypatch):
    def dry(space, most, out_of_time):
        out_of_time(1234)
        raise MemoryError

    monkeypatch.setattr(checking, "explore", dry)
    verdict = check(strokes(2, 1))
    assert (verdict.word, verdict.covered) == ("UNDETERMINED", "1,234 states, then no memory was left")


def test_a_large_office_in_a_small_process_ends_in_an_answer():
    resource = pytest.importorskip("resource")
    assert resource
    program = """
        import resource, sys
        sys.path[:0] = [TESTS, TESTS + "/checker", TESTS + "/.."]
        from test_budget import strokes, Limits, check
        system = strokes(6, 3)
        resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))
        verdict = check(system, Limits(states=10**9, seconds=300), reduce=False, memory=60_000_000)
        print(verdict.word, verdict.failure.preemptions)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 300_000)
    """
    code = textwrap.dedent(program).replace("TESTS", repr(str(TESTS)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["REFUTED", "1", "True"], done.stderr
