"""What a real run proves: the same steps and the same failure, or nothing."""

import pytest
from builders import a_level, a_system

from game.attempt import check_answer
from game.channels.lock import Lock
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.checker.check import check
from game.evidence import bears_out, fault_of
from game.goals import Bag, Fails, NoStarvation, Reads
from game.level.model import Answer
from game.run import Along, Free, Office

CHALK = "def {0}(tally):\n    tally.value += 1\n"
OFFICE = (
    {name: CHALK.format(name) for name in ("ada", "bob")},
    {"tally": SharedValue()},
    {"ada": {"tally": "tally"}, "bob": {"tally": "tally"}},
)


def test_a_failing_wind_forced_on_real_processes_fails_in_the_same_way_and_another_does_not():
    system = a_system(*OFFICE, win=[Reads((("tally", 2),))])
    failure = check(system).failure
    with Office() as office:
        forced = office.run(system, Along(failure.wind))
        harmless = office.run(system, Along(("ada", "ada", "bob", "bob")))
    assert bears_out(system, failure, forced)
    assert (bears_out(system, failure, harmless), fault_of(system, harmless)) == (False, None)


def test_a_wind_that_drops_too_early_is_borne_out_by_clerks_who_were_not_let_go_on():
    level = a_level(*OFFICE, win=[Reads((("tally", 1),))], mode="wind")
    attempt = check_answer(level, Answer("test", winds=("ada bob ada",)))
    with Office() as office:
        result = office.run(attempt.system, Along(attempt.verdict.failure.wind))
    assert attempt.verdict.failure.kind == "incomplete"
    assert bears_out(attempt.system, attempt.verdict.failure, result)


FREEZE = "def {0}(mine, other):\n    with mine, other:\n        deliver(0)\n"
ROUND_ABOUT = """def {0}(mine, other):
    mine.acquire()
    while not other.acquire(block=False):
        pass
"""


@pytest.mark.parametrize(
    ("kind", "script", "wind", "ending"),
    [("deadlock", FREEZE, "ada bob", "stuck"), ("livelock", ROUND_ABOUT, "ada bob ada bob", "stopped")],
)
def test_real_clerks_bear_out_a_failure_that_is_wanted(kind: str, script: str, wind: str, ending: str):
    scripts = {name: script.format(name) for name in ("ada", "bob")}
    keys = {"ada": {"mine": "red", "other": "blue"}, "bob": {"mine": "blue", "other": "red"}}
    level = a_level(scripts, {"red": Lock(), "blue": Lock()}, keys, win=[Fails(kind)], mode="wind")
    attempt = check_answer(level, Answer("test", winds=(wind,)))
    with Office() as office:
        result = office.run(attempt.system, Along(tuple(wind.split())))
        short = office.run(attempt.system, Along(("ada",)))
    assert (attempt.passed, result.ending, short.ending) == (True, ending, "stopped")
    assert (fault_of(attempt.system, result), fault_of(attempt.system, short)) == (None, None)


def test_real_clerks_bear_out_that_a_wanted_failure_did_not_come():
    level = a_level(*OFFICE, win=[Fails("deadlock")], mode="wind")
    failure = check_answer(level, Answer("test", winds=("ada*2 bob*2",))).verdict.failure
    system = a_system(*OFFICE, win=[Fails("deadlock")], mode="wind")
    with Office() as office:
        result = office.run(system, Along(failure.wind))
    assert (failure.kind, bears_out(system, failure, result)) == ("wrong result", True)


ROUND = "def {0}(chute):\n    while True:\n        chute.put(chute.get())\n"


@pytest.mark.parametrize(
    ("win", "script", "kinds"),
    [
        ([NoStarvation(("ada",))], ROUND, set()),
        ([Bag(())], ROUND, {"hung"}),
        ([NoStarvation(("ada",))], "def {0}(chute):\n    chute.get()\n", {"orphan wait"}),
    ],
)
def test_a_run_without_end_is_no_failure_where_winds_may_go_on_for_ever(win, script: str, kinds: set[str]):
    start = "    chute.put(1)\n" + ROUND.partition("\n")[2] if script is ROUND else "    pass\n"
    scripts = {"ada": "def ada(chute):\n" + start, "bob": script.format("bob")}
    gets = {name: {"chute": "chute"} for name in scripts}
    system = a_system(scripts, {"chute": SimpleQueue()}, gets, win=win)
    with Office() as office:
        result = office.run(system, Free(), timeout=0.05)
    fault = fault_of(system, result)
    assert result.ending == "hung"
    assert ({fault.kind} if fault else set()) == kinds
