from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import a_level

from game.attempt import check_answer
from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.checker.budget import Progress
from game.checker.check import check
from game.checker.verdict import Verdict
from game.evidence import bears_out
from game.goals import Log, Reads
from game.level.model import Answer, Case, Level, Limits, Setting
from game.plain import plain_attempt
from game.problems import Place
from game.trace import dump_trace, load_trace
from game.world import System

TALLY = """\
def pip(tally, n):
    for stroke in range(n):
        tally.value += 1
"""


def counting(limits: Limits | None = None) -> Level:
    """pip chalks n strokes: 1 as it is written, 2 and 0 in its cases."""
    level = a_level(
        {"pip": TALLY},
        {"tally": SharedValue()},
        {"pip": {"tally": "tally", "n": 1}},
        [Reads((("tally", 1),))],
        limits=limits or Limits(),
        stars={"two": {"ticks": 4}, "three": {"ticks": 3}},
    )
    cases = tuple(
        Case(name, (Setting("pip", "n", n),), (Reads((("tally", n),)),), Place("test"))
        for name, n in (("twice", 2), ("never", 0))
    )
    return replace(level, cases=cases)


def test_an_answer_must_hold_in_every_case():
    level = counting()
    alone = [check_answer(replace(level, cases=()), level.starter), check_answer(level, level.starter)]
    one, all_three = (attempt.verdict for attempt in alone)
    assert (all_three.word, all_three.failure, alone[1].case) == ("PROVED", None, "")
    assert all_three.states == one.states + 5 + 1
    assert all_three.covered == f"all {all_three.states} states of 3 cases"
    assert (one.winds, all_three.winds) == (1, 3)
    assert [outcome.readings for outcome in all_three.outcomes] == [
        (("tally", 1),),
        (("tally", 2),),
        (("tally", 0),),
    ]
    assert alone[1].system.level.case == ""


def test_metrics_and_stars_are_those_of_the_worst_case():
    level = counting()
    assert check_answer(replace(level, cases=()), level.starter).metrics["ticks"] == 2
    attempt = check_answer(level, level.starter)
    assert (attempt.metrics["ticks"], attempt.stars) == (4, 2)


def test_the_case_that_fails_is_named_and_its_trace_can_be_told_again():
    level = counting()
    guess = Answer("test", {"pip": "def pip(tally, n):\n    tally.value = 1\n"})
    attempt = check_answer(level, guess)
    failure = attempt.verdict.failure
    assert failure is not None
    assert (attempt.verdict.word, attempt.case, failure.kind) == ("REFUTED", "twice", "wrong result")
    assert plain_attempt(attempt, "guess")["case"] == "twice"
    assert attempt.system.level.win == level.cases[0].win
    assert attempt.system.worlds(failure.trace.events)[-1].lives == ("home",)
    assert (failure.trace.case, load_trace(dump_trace(failure.trace))) == ("twice", failure.trace)


def test_a_failure_in_the_level_as_it_is_written_comes_first():
    attempt = check_answer(counting(), Answer("test", {"pip": "def pip(tally, n):\n    pass\n"}))
    assert (attempt.verdict.word, attempt.case) == ("REFUTED", "")
    assert attempt.verdict.states == 1


def test_what_is_not_sure_in_one_case_is_not_proved(monkeypatch: pytest.MonkeyPatch):
    def hasty(system: System, *rest: Any) -> Verdict:
        verdict = check(system, *rest)
        return (
            replace(verdict, word="UNDETERMINED", covered="a bit")
            if system.level.case == "twice"
            else verdict
        )

    monkeypatch.setattr("game.attempt.check", hasty)
    attempt = check_answer(counting(), counting().starter)
    assert (attempt.verdict.word, attempt.stars, attempt.case) == ("UNDETERMINED", 0, "")
    assert attempt.verdict.covered == "3 cases: all 3 states; a bit; all 1 state"


def test_progress_counts_on_from_case_to_case():
    seen: list[int] = []
    check_answer(counting(), counting().starter, progress=seen.append)
    assert seen == sorted(seen)


def test_a_failing_case_fails_the_same_way_on_real_processes():
    from game.run import Along, Office

    level = replace(
        a_level(
            {
                "ada": "def ada(belt, n):\n    belt.put(n)\n",
                "bob": "def bob(belt):\n    deliver(belt.get() // 2 * 2)\n",
            },
            {"belt": Queue()},
            {"ada": {"belt": "belt", "n": 2}, "bob": {"belt": "belt"}},
            [Log((2,))],
        ),
        cases=(Case("odd", (Setting("ada", "n", 3),), (Log((3,)),), Place("test")),),
    )
    attempt = check_answer(level, level.starter)
    failure = attempt.verdict.failure
    assert failure is not None and attempt.case == "odd"
    with Office() as office:
        result = office.run(attempt.system, Along(failure.wind))
    assert bears_out(attempt.system, failure, result)
    assert result.trace.case == "odd"


@pytest.mark.parametrize(
    ("header", "said"), [('"choices": 3', "choices must map"), ('"case": 3', "case must be text, not 3")]
)
def test_a_trace_with_a_wrong_header_is_told(header: str, said: str):
    text = '{"format": "draughty-trace", "version": 1, "level": "x", "source": "", "ending": "", "steps": 0, '
    with pytest.raises(ValueError, match=said):
        load_trace(f"{text}{header}}}")


def test_how_far_it_is_counts_the_cases_before():
    told: list[Progress] = []
    attempt = check_answer(counting(), counting().starter, progress=told.append)
    assert len(told) == 3
    assert [far.states for far in told] == sorted(far.states for far in told)
    assert 0 < told[-1].states <= attempt.verdict.states
    assert [far.seconds for far in told] == sorted(far.seconds for far in told)
