"""A list that was put on a queue lies in an out-tray, where its clerk may still change it (queues.py,
Queue._feed: the feeder thread pickles it later)."""

from __future__ import annotations

import copy
import random

import pytest
from builders import a_system
from hypothesis import given, settings
from hypothesis import strategies as st

from game.channels.joinable_queue import JoinableQueue
from game.channels.kind import Kind
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.channels.wire import to_real
from game.checker.check import check, outcome_of
from game.run import Along, Free, Office
from game.trace import dump_trace
from game.world import System

PORTER = "~belt/ada"


def an_office(body: str, kind: Kind | None = None, bob: str = "") -> System:
    script = "def ada(belt, tally):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    channels = {"belt": kind or Queue(), "tally": SharedValue()}
    gets = {"ada": {"belt": "belt", "tally": "tally"}}
    scripts = {"ada": script}
    if bob:
        scripts["bob"] = f"def bob(belt):\n    {bob}\n"
        gets["bob"] = {"belt": "belt"}
    return a_system(scripts, channels, gets)


def carried(system: System, *, seal_at: int | None = None) -> list[object]:
    """What the belt holds in the end when the porter waits for all of ada's steps, or carries everything
    whenever ada is about to write `seal_at` on the tally."""
    world = system.start
    while True:
        task = world.tasks[0]
        at_sync = task.request is not None and (task.request.operation, task.request.argument) == (
            "write",
            (seal_at,),
        )
        agents = system.enabled(world)
        if PORTER in agents and (at_sync or "ada" not in agents):
            world = system.do(world, PORTER).world
        elif "ada" in agents:
            world = system.do(world, "ada").world
        else:
            assert task.crash is None, task.crash
            kind = system.channels[0][1]
            return [to_real(item) for item in kind.rest(world.channels[0])]


def in_python(body: str, *, seal_at: int | None = None) -> list[object]:
    """The same of the same script in CPython, with a feeder that pickles at that moment."""

    class Belt:
        def __init__(self) -> None:
            self.waiting: list[object] = []
            self.sealed: list[object] = []

        def put(self, item: object) -> None:
            self.waiting.append(item)

        put_nowait = put

        def seal(self) -> None:
            self.sealed += copy.deepcopy(self.waiting)  # one after the other, as a feeder does
            self.waiting.clear()

    class Tally:
        def __setattr__(self, name: str, value: int) -> None:
            if value == seal_at:
                belt.seal()

    belt = Belt()
    exec(body, {"belt": belt, "tally": Tally()})
    belt.seal()
    return belt.sealed


CHANGES = [
    "batch.append(2)",
    "batch[0] = 2",
    "batch += [2]",
    "batch *= 2",
    "batch.pop()",
    "batch.remove(1)",
    "batch.insert(0, 2)",
]
PUTS = ["belt.put(batch)", "belt.put_nowait(batch)", "belt.put(item=batch)", "belt.put((0, [batch]))"]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("put", PUTS)
def test_a_change_before_the_porter_reads_it_is_carried_and_a_later_one_is_not(put: str, change: str):
    body = f"batch = [1, 1]\n{put}\ntally.value = 7\n{change}\ntally.value = batch[0]"
    late, early = carried(an_office(body)), carried(an_office(body), seal_at=7)
    plain = body.replace("item=", "")
    assert late == in_python(plain) != early == in_python(plain, seal_at=7)


@pytest.mark.parametrize(
    "body",
    [
        "inner = [1]\nouter = [inner]\nbelt.put(outer)\ntally.value = 7\ninner.append(2)",
        "inner = [1]\nouter = [inner]\nbelt.put(outer)\nouter = []\ninner.append(2)\ntally.value = 7",
        "batch = [1]\nbelt.put(batch)\nother = batch\nbatch = []\nother.append(2)\nbatch.append(3)",
        "batch = [1]\nbelt.put(batch)\nnew = [5]\nbatch.append(new)\ntally.value = 7\nnew.append(6)",
        "batch = [1]\nbelt.put(batch)\nbelt.put(batch)\nbatch.append(2)\nbelt.put(batch)\nbatch[0] = 9",
        "batch = [1]\nbelt.put(batch)\nbatch = [2]\nbelt.put(batch)\nbatch.append(3)",
        "batch = [1]\nbelt.put((batch, batch))\nbatch.append(2)",
        "for n in [1, 2, 3]:\n    batch = [n]\n    belt.put(batch)\n    batch.append(n)",
        "batch = [0]\nfor n in [7, 8, 9]:\n    batch[0] = n\n    belt.put(batch)\n    tally.value = n",
        "outer = [[1], [2]]\nbelt.put(outer)\nlast = outer.pop()\nlast.append(3)\nouter.append(last)",
    ],
)
@pytest.mark.parametrize("seal_at", [None, 7, 8])
@pytest.mark.parametrize("kind", [Queue(), JoinableQueue()])
def test_lists_in_lists_and_other_names_for_them_are_followed(body: str, seal_at: int | None, kind: Kind):
    assert carried(an_office(body, kind), seal_at=seal_at) == in_python(body, seal_at=seal_at)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_any_script_puts_what_it_puts_in_python(seed: int):
    chance = random.Random(seed)
    lines = ["a, b, c = [1], [2, 2], [3]"]
    names = "abc"
    for number in range(chance.randint(3, 12)):
        one = chance.choice(names)
        inner = [name for name in names if name > one]  # never a list in itself
        lines.append(
            chance.choice(
                [
                    f"belt.put({one})",
                    f"belt.put(({one}, {chance.choice(names)}))",
                    f"belt.put([{one}, {chance.choice(names)}])",
                    f"{one}.append({number})",
                    f"{one}.append({chance.choice(inner) if inner else number})",
                    f"{one}.insert(0, {number})",
                    f"{one} += [{number}]",
                    f"{one} = [{number}]",
                    f"if len({one}) > 1:\n    x = {one}.pop()\n    belt.put(x)",
                    f"if len({one}) > 0:\n    {one}[0] = {number}",
                    f"tally.value = {number}",
                ]
            )
        )
    body = "\n".join(lines)
    seal_at = chance.choice([None, *range(12)])
    assert carried(an_office(body), seal_at=seal_at) == in_python(body, seal_at=seal_at)


def test_the_checker_finds_both_and_they_can_be_forced_on_real_processes():
    system = an_office("batch = [1]\nbelt.put(batch)\nbatch.append(2)", bob="deliver(belt.get())")
    verdict = check(system, reduce=True)
    assert set(verdict.outcomes) == set(check(system, reduce=False).outcomes)
    assert sorted(to_real(outcome.delivered[0][1]) for outcome in verdict.outcomes) == [[1], [1, 2]]
    winds = ("ada ada ~belt/ada ~belt/ada bob bob", "ada ~belt/ada ada ~belt/ada bob bob")
    with Office() as office:
        for wind, told in zip(winds, ([1, 2], [1]), strict=True):
            trace, world = system.follow(tuple(wind.split()))
            result = office.run(system, Along(trace.wind))
            assert (result.ending, result.disagreement) == ("finished", None)
            assert dump_trace(result.trace).splitlines()[1:] == dump_trace(trace).splitlines()[1:]
            assert to_real(outcome_of(system, world).delivered[0][1]) == told
        free = office.run(system, Free())
        assert free.ending == "finished" and not free.unsettled
        assert outcome_of(system, system.follow(free.trace.wind)[1]) in verdict.outcomes


@pytest.mark.parametrize(
    "body",
    [
        "batch = [1]\nbelt.put(list(batch))\nbatch.append(2)",
        "batch = [1]\nbelt.put(batch)\nbatch = []\nbatch.append(2)",
        "batch = [1]\nbelt.put(batch)\nbatch = batch + [2]",
        "batch = [1]\nbelt.put(batch[0])\nbatch.append(2)",
        "for n in range(100):\n    batch = [n]\n"
        "    batch.append(n)\n    tally.value = 0\n    belt.put(batch)",
    ],
)
def test_copies_and_new_lists_need_no_sealing(body: str):
    system = an_office(body)
    asked = {event.operation for event in system.calm(1_000).events}
    assert "put.change" not in asked
    assert sum(event.agent == PORTER for event in system.calm(1_000).events) == body.count("belt.put") * (
        100 if "range" in body else 1
    )


def test_a_list_on_two_queues_is_not_changed():
    channels = {"belt": Queue(), "chute": Queue()}
    body = ("batch = [1]", "belt.put(batch)", "chute.put(batch)", "batch.pop()")
    script = "def ada(belt, chute):\n" + "".join(f"    {line}\n" for line in body)
    system = a_system({"ada": script}, channels, {"ada": {"belt": "belt", "chute": "chute"}})
    world = system.worlds(system.calm(50).events)[-1]
    assert world.tasks[0].crash is not None
    assert world.tasks[0].crash.message.startswith("this list was put on belt and chute")


def test_what_is_pickled_at_once_may_be_changed():
    system = an_office("batch = [1]\nbelt.put(batch)\nbatch.append(2)\nbelt.put(batch)", SimpleQueue())
    assert [event.operation for event in system.calm(50).events] == ["put", "put"]


def test_a_porter_seals_a_letter_that_is_wet_before_it_carries_it():
    system = an_office("batch = [1]\nbelt.put(batch)\nbatch.append(2)")
    steps = [(event.agent, event.operation, event.result) for event in system.calm(50).events]
    assert [step for step in steps if step[0] == PORTER] == [
        (PORTER, "carry", None),
        (PORTER, "carry", system.calm(50).events[-1].result),
    ]
