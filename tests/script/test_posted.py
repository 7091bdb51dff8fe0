"""A list that was put on a queue may lie in an out-tray: what comes of changing it nobody can say."""

from __future__ import annotations

import pytest
from builders import a_system

from game.channels.joinable_queue import JoinableQueue
from game.channels.kind import Kind
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.run import Calm, Office
from game.world import System

REFUSED = "this list was put on a queue"


def an_office(body: str, kind: Kind | None = None) -> System:
    script = "def ada(belt, tally):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    channels = {"belt": kind or Queue(), "tally": SharedValue()}
    return a_system({"ada": script}, channels, {"ada": {"belt": "belt", "tally": "tally"}})


def ends(system: System) -> str:
    """The message with which ada stops in a calm run, or ""."""
    world = system.worlds(system.calm(50).events)[-1]
    return world.tasks[0].crash.message if world.tasks[0].crash else ""


CHANGES = [
    "batch.append(2)",
    "batch[0] = 2",
    "batch += [2]",
    "batch *= 2",
    "batch.pop()",
    "batch.remove(1)",
    "batch.insert(0, 2)",
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("put", ["belt.put(batch)", "belt.put_nowait(batch)", "belt.put((0, [batch]))"])
def test_a_list_that_was_put_is_not_changed(put: str, change: str):
    assert ends(an_office(f"batch = [1]\n{change}\n{put}\n{change}")).startswith(REFUSED)


def test_it_is_remembered_from_step_to_step():
    assert ends(an_office("batch = [1]\nbelt.put(batch)\ntally.value = 1\ntally.value = 2\nbatch.append(2)"))
    assert ends(an_office("inner = [1]\nbox = [inner]\nbelt.put(box)\ntally.value = 1\ninner.append(2)"))
    assert ends(an_office("batch = [1]\nbelt.put(batch)\nother = batch\nbatch = []\nother.append(2)"))
    assert ends(an_office("batch = [1]\nbelt.put(batch)\nbatch.append(2)", JoinableQueue()))


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
def test_copies_and_new_lists_are_free(body: str):
    assert ends(an_office(body)) == ""


def test_what_is_pickled_at_once_may_be_changed():
    assert (
        ends(an_office("batch = [1]\nbelt.put(batch)\nbatch.append(2)\nbelt.put(batch)", SimpleQueue())) == ""
    )


def test_real_clerks_refuse_it_too():
    system = an_office("batch = [1]\nbelt.put(batch)\ntally.value = 1\nbatch.append(2)")
    with Office() as office:
        result = office.run(system, Calm())
    assert (result.ending, result.message) == ("crashed", "ada: Limit in line 5")
