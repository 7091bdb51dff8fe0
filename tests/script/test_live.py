"""A task in its own process, which nobody freezes: the same requests as ever."""

import pytest
from builders import a_system

from game.channels.simple_queue import SimpleQueue
from game.request import ListValue
from game.script.instructions import Raised, Returned
from game.script.vm import Live, begin, resume


def alone(script):
    return a_system({"ada": script}, {"chute": SimpleQueue()}, {"ada": {"chute": "chute"}})


LISTS = """
def ada(chute):
    mine = []
    for number in range(5):
        mine.append([number] * number)
        chute.put(mine)
        try:
            mine[number] = chute.get()
        except EOFError:
            mine = [mine]
        deliver((len(mine), mine))
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_living_task_asks_what_a_frozen_one_asks(seed):
    system = alone(LISTS)
    program, gets = system.programs[0], dict(system.level.clerks[0].gets)
    live, task, turns = Live(program, gets), begin(program, gets), 0
    while task.request is not None:
        assert live.request == task.request
        if task.request.operation == "get" and turns % 3 == seed:
            reply = Raised("EOFError", "")
        else:
            reply = Returned(ListValue((turns,)))
        turns += 1
        live.give(reply.value) if isinstance(reply, Returned) else live.throw(reply.error, reply.message)
        task = resume(program, task, reply)
    assert (live.request, live.crash) == (None, task.crash)
    assert turns == 15


def test_a_living_task_is_held_to_the_same_bounds():
    script = (
        "def ada(chute):\n"
        "    mine = []\n"
        "    while True:\n"
        "        mine.append([1] * 900)\n"
        "        chute.put(1)\n"
    )
    system = alone(script)
    program, gets = system.programs[0], dict(system.level.clerks[0].gets)
    live, task = Live(program, gets), begin(program, gets)
    while task.request is not None:
        live.give(None)
        task = resume(program, task, Returned())
    assert (live.request, live.crash) == (None, task.crash)
    assert task.crash.error == "Limit"
