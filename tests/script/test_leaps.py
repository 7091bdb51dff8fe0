"""A leap comes down on the very task that the machine comes to, or says that it is at a loss."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from random_scripts import FLAT_HANDED, FLAT_REPLIES, HANDLES, REPLIES, flat_scripts, reply_to, scripts
from scripting import compiled

from game.request import ListValue
from game.script import vm
from game.script.instructions import Raised, Returned
from game.script.leaps import leap_of
from game.script.vm import Going, begin, resume

MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def way(program, handed, replies, most=60):
    """Every task on the way, with the reply it gets and the one after it."""
    task, number = begin(program, handed), 0
    while not task.over and number < most:
        kind, value = reply_to(replies, number)
        reply = Raised(value) if kind == "raised" else Returned(value)
        after = resume(program, task, reply)
        yield task, reply, after
        task, number = after, number + 1


def leaps(source, handed, replies):
    """How many tasks were leapt to, and at how many it was at a loss."""
    program = compiled(source, **HANDLES)
    leap, leapt, lost = leap_of(program, handed), 0, 0
    for task, reply, after in way(program, handed, replies):
        if type(reply) is Raised or type(reply.value) not in (int, str, bool, type(None)):
            continue
        if len(task.frames) > 1 or task.heap:
            continue
        number, pc, values, stack = task.frames[0]
        assert number == 0
        try:
            there = leap(pc, values, (*stack, reply.value))
        except Exception:
            lost += 1
        else:
            assert (there, repr(there)) == (after, repr(after))
            leapt += 1
    return leapt, lost


@MANY
@given(scripts(), REPLIES)
def test_a_leap_comes_down_where_the_machine_does(source, replies):
    leaps(source, FLAT_HANDED, replies)


@MANY
@given(flat_scripts(), FLAT_REPLIES)
def test_a_leap_without_lists_comes_down_where_the_machine_does(source, replies):
    leaps(source, FLAT_HANDED, replies)


SURE = [
    "for m in range(5):\n    belt.put(m)",
    "for m in range(5):\n    tally.value += m",
    "for m in range(2):\n    with tally.get_lock():\n        tally.value += belt.get()\ndeliver((m, n))",
    "while belt.get() < 3:\n    cards[1] = cards[0] + 1\n    if n > 2 and not n > 5: deliver((n, 'x'))",
    "mine = tally.get_lock()\nmine.acquire()\nmine.release()\nfor a, b in ((1, 2), (3, 4)):\n    belt.put(a)",
]


def script(body):
    return f"def f({', '.join(HANDLES)}):\n" + "".join(f"    {line}\n" for line in body.split("\n"))


@pytest.mark.parametrize("body", SURE)
def test_ordinary_scripts_are_leapt_through(body):
    leapt, lost = leaps(script(body), FLAT_HANDED, tuple(("returned", value) for value in (1, 0, 2, 1, 5)))
    assert leapt > 3
    assert lost == 0


@pytest.mark.parametrize(
    "body", [*SURE, "xs = []\nwhile True:\n    xs = [belt.get()]\n    if n: deliver(xs)"]
)
def test_going_leaps_or_not_and_comes_to_the_same(body, monkeypatch):
    monkeypatch.setattr(vm, "LONG", 2)
    monkeypatch.setattr(vm, "MOST_ODD", 3)
    program = compiled(script(body), **HANDLES)
    replies = (*(("returned", value) for value in (1, 0, 2, (1, 2), 5, ListValue((1,)))), ("raised", "Empty"))
    for pattern in (replies[:3], replies[:5], replies):
        going = Going(program, partial(leap_of, program, FLAT_HANDED))
        steps = list(way(program, FLAT_HANDED, pattern))
        # Once along, and once more from places where it has not been last.
        for task, reply, after in [*steps, *steps[::2]]:
            assert repr(going.resume(task, reply)) == repr(after)


def test_a_very_long_script_is_not_leapt_through(monkeypatch):
    monkeypatch.setattr(vm, "LONG", 2)
    source = script("\n".join(f"if n > {number}: belt.put({number})" for number in range(300)))
    program = compiled(source, **HANDLES)
    handed = FLAT_HANDED | {"n": 5}
    assert leap_of(program, handed) is None
    going = Going(program, partial(leap_of, program, handed))
    for task, reply, after in way(program, handed, ()):
        assert going.resume(task, reply) == after
