"""What a real run proves: the same steps and the same failure, or nothing."""

from builders import a_level, a_system

from game.attempt import check_answer
from game.channels.value import SharedValue
from game.checker.check import check
from game.evidence import bears_out, fault_of
from game.goals import Reads
from game.level.model import Answer
from game.run import Along, Office

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
