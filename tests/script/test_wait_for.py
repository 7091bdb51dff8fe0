"""`Condition.wait_for` as synchronize.py has it: a loop around `wait`."""

from __future__ import annotations

import pytest
from builders import a_system

from game.channels.condition import Condition
from game.channels.event import Event
from game.channels.value import SharedValue
from game.checker.check import check, outcome_of
from game.run import Along, Free, Office
from game.trace import dump_trace
from game.world import System

CHANNELS = {"gate": Condition(), "tally": SharedValue(0, False), "flag": Event()}
GETS = {name: name for name in CHANNELS}


def an_office(body: str, other: str = "", helper: str = "") -> System:
    def script(name: str, lines: str) -> str:
        return f"def {name}(gate, tally, flag):\n" + "".join(f"    {line}\n" for line in lines.split("\n"))

    scripts = {"ada": script("ada", body) + helper}
    clerks = {"ada": GETS}
    if other:
        scripts["bob"], clerks["bob"] = script("bob", other), GETS
    return a_system(scripts, CHANNELS, clerks)


def endings(system: System) -> set[tuple[str, tuple[object, ...]]]:
    found = check(system, reduce=False).outcomes
    assert set(check(system).outcomes) == set(found)
    return {(one.ending, tuple(what for who, what in one.delivered if who == "ada")) for one in found}


WAITS = "with gate:\n    deliver(gate.wait_for(lambda: tally.value > 1))"
RINGS = "for _ in range(2):\n    with gate:\n        tally.value += 1\n        gate.notify()"


def test_it_waits_until_the_predicate_holds_however_often_it_is_rung_for():
    assert endings(an_office(WAITS, RINGS)) == {("finished", (True,))}


def test_who_waits_for_what_never_comes_waits_for_ever():
    once = RINGS.replace("range(2)", "range(1)")
    assert endings(an_office(WAITS, once)) == {("stuck", ())}


def test_it_does_the_same_as_the_loop_somebody_would_write():
    loop = (
        "with gate:\n    seen = tally.value > 1\n    while not seen:\n        gate.wait()\n"
        "        seen = tally.value > 1\n    deliver(seen)"
    )
    counts = [check(an_office(body, RINGS), reduce=False) for body in (WAITS, loop)]
    assert counts[0].states == counts[1].states
    assert counts[0].outcomes == counts[1].outcomes


def test_what_holds_already_is_not_waited_for_even_without_the_key():
    assert endings(an_office("deliver(gate.wait_for(lambda: 7))")) == {("finished", (7,))}
    late = an_office("try:\n    gate.wait_for(lambda: 0)\nexcept AssertionError:\n    deliver(1)")
    assert endings(late) == {("finished", (1,))}


def test_a_timeout_may_run_out():
    body = "with gate:\n    deliver(gate.wait_for(lambda: tally.value > 0, timeout=1))"
    rung = endings(an_office(body, RINGS.replace("range(2)", "range(1)")))
    assert rung == {("finished", (False,)), ("finished", (True,))}
    assert endings(an_office(body.replace("timeout=1", "0"))) == {("finished", (False,))}
    none = body.replace("timeout=1", "None")
    assert endings(an_office(none)) == {("stuck", ())}
    wrong = "try:\n    gate.wait_for(lambda: 0, 'x')\nexcept TypeError:\n    deliver(5)"
    assert endings(an_office(wrong)) == {("finished", (5,))}


@pytest.mark.parametrize(
    ("predicate", "helper"),
    [
        ("ready", "def ready():\n    return 3\n"),
        ("lambda: ready()", "def ready():\n    return 3\n"),
        ("predicate=lambda: 3", ""),
        ("lambda: at_least(tally, 0) and 3", "def at_least(tally, n):\n    return tally.value >= n\n"),
    ],
)
def test_a_predicate_is_a_def_or_a_lambda(predicate: str, helper: str):
    assert endings(an_office(f"deliver(gate.wait_for({predicate}))", helper=helper)) == {("finished", (3,))}


def test_a_predicate_is_a_method_too():
    body = "with gate:\n    deliver(gate.wait_for(flag.is_set))"
    other = "flag.set()\nwith gate:\n    gate.notify()"
    assert endings(an_office(body, other)) == {("finished", (True,))}


def test_a_predicate_reads_variables_as_they_are_when_it_is_asked():
    body = "n = 0\nfor n in [1, 2]:\n    deliver(gate.wait_for(lambda: n))"
    assert endings(an_office(body)) == {("finished", (1, 2))}


def test_what_a_predicate_raises_comes_out_of_the_call():
    body = "try:\n    gate.wait_for(lambda: 1 // tally.value)\nexcept ZeroDivisionError:\n    deliver(4)"
    assert endings(an_office(body)) == {("finished", (4,))}


TOLD = "wait_for takes a def of yours without parameters, or: lambda: tally.value > 0"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("gate.wait_for(1)", TOLD),
        ("gate.wait_for(tally)", TOLD),
        ("gate.wait_for(lambda n: n)", "wait_for hands its lambda nothing; write: lambda: tally.value > 0"),
        (
            "gate.wait_for(lambda: (n := 1))",
            "':=' does not reach out of a lambda; work it out before the call",
        ),
        ("gate.wait_for()", "wait_for() needs predicate: wait_for(predicate, timeout)"),
        ("tally.wait_for(lambda: 1)", "tally is a multiprocessing.RawValue; it has no 'wait_for'"),
        ("gate.wait_for", "wait_for must be called: gate.wait_for()"),
        ("n = lambda: 1", "'lambda' is only used in wait_for here; write a def beside this one instead"),
    ],
)
def test_what_cannot_be_waited_for_is_told(line: str, told: str):
    with pytest.raises(Exception) as caught:
        an_office(line)
    assert told in str(caught.value.problems[0].message)


def test_real_clerks_do_it_and_its_wind_can_be_forced():
    system = an_office(WAITS, RINGS)
    allowed = set(check(system, reduce=False).outcomes)
    with Office() as office:
        for seed in range(3):
            free = office.run(system, Free(), timeout=5)
            assert free.ending == "finished" and not free.unsettled, seed
            assert outcome_of(system, system.follow(free.trace.wind)[1]) in allowed
        trace = system.calm(200)
        forced = office.run(system, Along(trace.wind))
    assert (forced.ending, forced.disagreement) == ("finished", None)
    assert dump_trace(forced.trace).splitlines()[1:] == dump_trace(trace).splitlines()[1:]
