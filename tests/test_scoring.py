"""What an answer costs is counted the same way every time."""

from __future__ import annotations

import pytest
from builders import a_system

from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.checker.check import check
from game.scoring import TICKS_AT_MOST, lock_step, measure


def ticks(body: str) -> int | None:
    """How long one clerk takes who does this with a value it has to itself."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return lock_step(a_system({"ada": f"def ada(x):\n{lines}"}, {"x": SharedValue()}, {"ada": {"x": "x"}}))


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("pass", 0),
        ("x.value = 1", 1),
        ("x.value += 1", 2),
        ("work(3)", 3),
        ("work(0)\nwork(-2)\nwork(False)", 0),
        ("work(True)", 1),
        ("work(2)\nx.value += 1\nwork(3)", 7),
        ("for i in range(4): work(i)", 6),
        ("x.value = work(2)", 3),  # an exception
        ("try:\n    work('long')\nexcept TypeError:\n    work(5)", 5),
        (f"work({TICKS_AT_MOST - 1})", TICKS_AT_MOST - 1),
        (f"work({TICKS_AT_MOST + 1})", None),
        ("while True: work(0)", 0),  # ends at a bound of the game, which takes no time
        ("while True: work(1)", None),
        ("while True: x.value = 1", None),
    ],
)
def test_every_step_takes_a_tick_and_work_as_many_as_it_says(body: str, wanted: int | None):
    assert ticks(body) == wanted


def test_clerks_work_at_the_same_time():
    scripts = {name: f"def {name}(n):\n    work(n)\n    deliver(n)\n" for name in ("ada", "bob", "cleo")}
    system = a_system(scripts, clerks={"ada": {"n": 2}, "bob": {"n": 7}, "cleo": {"n": 4}})
    assert lock_step(system) == 8


def test_who_works_with_a_key_in_hand_keeps_the_others_waiting():
    script = "def {}(key):\n    with key:\n        work(5)\n"
    names = ("ada", "bob")
    system = a_system(
        {name: script.format(name) for name in names},
        {"key": Lock()},
        {name: {"key": "key"} for name in names},
    )
    assert lock_step(system) == 2 * (1 + 5 + 1)


def test_a_letter_put_before_work_travels_meanwhile():
    scripts = {
        "ada": "def ada(belt):\n    belt.put(1)\n    work(10)\n    belt.put(2)\n",
        "bob": "def bob(belt):\n    deliver(belt.get())\n    deliver(belt.get())\n",
    }
    system = a_system(scripts, {"belt": Queue()}, {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}})
    # put, work, put, carried, got, delivered; the first letter was delivered long before
    assert lock_step(system) == 1 + 10 + 1 + 1 + 1 + 1


@pytest.mark.parametrize("tube", [False, True])
def test_who_works_at_the_end_goes_home_after_it(tube: bool):
    scripts = {
        "boss": "def boss(ada):\n    ada.join()\n    deliver('closed')\n",
        "ada": "def ada(end):\n    deliver('last')\n    work(6)\n",
    }
    gets = {"boss": {"ada": "@ada"}, "ada": {"end": "tube.a" if tube else 0}}
    # Where others can tell that she went home, that is a step of its own.
    assert lock_step(a_system(scripts, {"tube": Pipe()}, gets)) == 1 + 6 + tube + 1 + 1


def test_who_is_blocked_waits_for_nothing_that_was_left_out():
    scripts = {
        "ada": "def ada(belt):\n    work(3)\n    belt.get()\n",
        "bob": "def bob(n):\n    work(n)\n",
    }
    system = a_system(scripts, {"belt": Queue()}, {"ada": {"belt": "belt"}, "bob": {"n": 9}})
    assert lock_step(system) == 9  # ada is stuck by then


def test_nobody_but_the_clock_can_tell_that_somebody_worked():
    def verdict(line: str) -> tuple[str, int, int]:
        script = f"def {{}}(x):\n    with x.get_lock():\n        {line}\n        x.value += 1\n    {line}\n"
        names = ("ada", "bob", "cleo")
        system = a_system(
            {name: script.format(name) for name in names},
            {"x": SharedValue()},
            {name: {"x": "x"} for name in names},
        )
        found = check(system)
        return found.word, found.states, found.transitions

    assert verdict("work(5)") == verdict("pass")


def test_all_that_is_measured():
    system = a_system(
        {"ada": "def ada(belt):\n    belt.put(1)\n    work(2)\n", "bob": "def bob(belt):\n    belt.get()\n"},
        {"belt": Queue()},
        {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}},
    )
    assert measure(system, check(system)) == {"ticks": 3, "statements": 3, "clerks": 2, "peak": 1}
