"""Where the best wind is not found in time, another one is shown, and it is said that it may not be best."""

from __future__ import annotations

from random import Random

import pytest
from builders import a_system
from random_offices import random_system

from game.channels.lock import Lock
from game.channels.value import SharedValue
from game.checker.check import check
from game.checker.diagnose import fault_at_the_end, fault_now
from game.checker.space import Space
from game.checker.straight import Straight
from game.goals import Reads, Within
from game.level.model import Limits
from game.run import Along, Office
from game.world import System


def never(_: int) -> str:
    return ""


def a_ring(count: int) -> System:
    """Who takes the left fork and then the right one."""
    scripts = {
        f"p{at}": f"def p{at}(left, right):\n    with left:\n        with right:\n            pass\n"
        for at in range(count)
    }
    forks = {f"f{at}": Lock() for at in range(count)}
    gets = {f"p{at}": {"left": f"f{at}", "right": f"f{(at + 1) % count}"} for at in range(count)}
    return a_system(scripts, forks, gets)


def many_strokes(count: int, times: int, **more) -> System:
    script = f"def chalk(tally):\n    for _ in range({times}):\n        tally.value += 1\n"
    clerks = {f"c{at}": {"script": "chalk", "tally": "tally"} for at in range(count)}
    goals = [Reads((("tally", count * times),)), *more.pop("goals", ())]
    return a_system({"chalk": script}, {"tally": SharedValue()}, clerks, win=goals, **more)


def really_fails(system: System, failure) -> bool:
    world = system.follow(failure.wind)[1]
    found = fault_now(system, world) or fault_at_the_end(system, world)
    return found is not None and found.kind == failure.kind.replace("lost update", "wrong result")


@pytest.fixture
def no_best(monkeypatch):
    """No search for the best wind gets anywhere."""
    found = check.__globals__["best_witness"]
    monkeypatch.setattr(
        "game.checker.check.best_witness",
        lambda space, bad, most, out_of_time, *more: found(space, bad, 1, out_of_time, *more),
    )


@pytest.mark.parametrize("seed", range(30))
def test_what_fails_is_refuted_without_the_best_wind_too(no_best, seed):
    with pytest.MonkeyPatch.context() as undone:
        undone.setattr("game.checker.check.QUICK_LOOK", 20)
        verdict = check(random_system(seed))
    undone_best = check(random_system(seed), reduce=False)
    assert verdict.word == undone_best.word
    if verdict.failure and verdict.failure.wind:
        assert really_fails(random_system(seed), verdict.failure)


def test_a_deadlock_behind_more_worlds_than_can_be_looked_at_is_shown(no_best):
    verdict = check(a_ring(7))
    assert (verdict.word, verdict.failure.kind, verdict.failure.least) == ("REFUTED", "deadlock", False)
    assert really_fails(a_ring(7), verdict.failure)


def test_the_best_wind_says_that_it_is():
    assert check(a_ring(3)).failure.least


def test_a_failure_is_shown_where_the_states_allowed_hold_no_ending(monkeypatch, no_best):
    monkeypatch.setattr("game.checker.check._any_witness", lambda *_: None)
    system = many_strokes(8, 2, goals=[Within((("tally", 0, 99),))])
    verdict = check(system, Limits(states=3_000, seconds=60))
    assert (verdict.word, verdict.failure.kind) == ("REFUTED", "lost update")
    assert really_fails(system, verdict.failure)


def test_a_wind_found_anyhow_is_smoothed():
    system = many_strokes(3, 1)
    space = Space(system)
    straight, start = Straight(space), space.pack(system.start)

    def less(packed: int, rests: bool) -> bool:
        return rests and fault_at_the_end(system, space.unpack(packed)) is not None

    here, turns = straight.draw(start, less, Random(7), never)
    assert less(here, True)
    path = straight.smooth(start, turns, less, never)
    assert (path.preemptions, path.switches) == (1, 3)
    assert system.follow([event.gust for event in path.events])[1] == space.unpack(path.packed)


def test_nothing_is_found_where_nothing_is_wrong():
    system = a_ring(1)
    space = Space(system)
    straight, seen = Straight(space), set()
    assert straight.reach(space.pack(system.start), lambda *_: False, seen, never) is None
    assert seen and not straight.gave_up


def test_a_wind_that_is_not_the_best_is_forced_on_real_clerks_all_the_same(no_best):
    verdict = check(a_ring(7))
    with Office() as office:
        result = office.run(a_ring(7), Along(verdict.failure.wind))
    assert result.ending == "stuck"
