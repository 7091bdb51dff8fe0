"""Small offices to look at: a race on a board, a post office, a tube, two keys, a bell from a plugin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from builders import a_system

from game.channels.array import SharedArray
from game.channels.kind import Done, Holders, Kind, Outcome, Picture
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.level.model import Cat
from game.request import Face, Operation, Value
from game.story import Film
from game.world import System


@dataclass(frozen=True)
class Gong(Kind):
    """A kind the board has no drawing of."""

    name: ClassVar[str] = "gong"
    faces: ClassVar = {"": Face("office.Gong", (("ring", Operation("ring", ("times",))),))}

    def start(self, holders: Holders) -> int:
        return 0

    def step(self, state: int, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        times: Any = argument[0]
        return Done(state + times, state + times)

    def show(self, state: int) -> Picture:
        return Picture("gong", text=f"rung {state} times, by people with a very long story to tell")


def a_race() -> System:
    script = "def {}(tally):\n    tally.value += 1\n"
    names = ("ada", "bob")
    return a_system(
        {name: script.format(name) for name in names},
        {"tally": SharedValue(initial=41)},
        {name: {"tally": "tally"} for name in names},
    )


def a_post_office(letters: int = 3) -> System:
    return a_system(
        {
            "ada": f"def ada(belt):\n    for number in range({letters}):\n        belt.put(number)\n"
            "    belt.put('end')\n",
            "bob": f"def bob(belt):\n    for turn in range({letters + 1}):\n        deliver(belt.get())\n",
        },
        {"belt": Queue()},
        {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}},
    )


def a_tube() -> System:
    return a_system(
        {
            "ada": "def ada(tube):\n    tube.send(4)\n    deliver(tube.recv())\n",
            "bob": "def bob(tube):\n    tube.send(tube.recv() * 3)\n",
        },
        {"tube": Pipe()},
        {"ada": {"tube": "tube.a"}, "bob": {"tube": "tube.b"}},
    )


def two_keys() -> System:
    script = "def {}(one, other):\n    with one:\n        with other:\n            deliver(1)\n"
    return a_system(
        {name: script.format(name) for name in ("ada", "bob")},
        {"red": Lock(), "blue": Lock()},
        {"ada": {"one": "red", "other": "blue"}, "bob": {"one": "blue", "other": "red"}},
    )


def a_gong() -> System:
    return a_system(
        {"ada": "def ada(gong):\n    gong.ring(2)\n    deliver(1 // 0)\n"},
        {"gong": Gong()},
        {"ada": {"gong": "gong"}},
    )


def a_napping_cat() -> System:
    """Ada holds the key when the cat comes; bob waits for it for ever."""
    return a_system(
        {"ada": "def ada(red):\n    with red:\n        deliver(1)\n",
         "bob": "def bob(red):\n    with red:\n        deliver(2)\n"},
        {"red": Lock()},
        {"ada": {"red": "red"}, "bob": {"red": "red"}},
        cat=Cat(1, ("ada", "bob")),
    )  # fmt: skip


def a_dismissal() -> System:
    """The boss ends ada's and bob's processes."""
    wait = "def {}(belt):\n    belt.get()\n"
    return a_system(
        {"boss": "def boss(ada, bob):\n    ada.terminate()\n    bob.kill()\n    ada.join()\n",
         "ada": wait.format("ada"), "bob": wait.format("bob")},
        {"belt": Queue()},
        {"boss": {"ada": "@ada", "bob": "@bob"}, "ada": {"belt": "belt"}, "bob": {"belt": "belt"}},
    )  # fmt: skip


def eight_clerks() -> System:
    names = ("ada", "bob", "cleo", "dan", "eve", "fay", "gus", "hal")
    scripts = {
        name: f"def {name}(belt, tally, seats):\n    belt.put('a very long letter')\n"
        "    tally.value += 1\n    seats[1] = 2\n"
        for name in names[:5]
    }
    scripts |= {name: f"def {name}(belt, chute):\n    chute.put(belt.get())\n" for name in names[5:7]}
    scripts["hal"] = "def hal(chute):\n    deliver(chute.get())\n    deliver(None)\n"
    gets = {name: {"belt": "belt", "tally": "tally", "seats": "seats"} for name in names[:5]}
    gets |= {name: {"belt": "belt", "chute": "chute"} for name in names[5:7]}
    gets["hal"] = {"chute": "chute"}
    channels = {
        "belt": Queue(maxsize=4),
        "chute": SimpleQueue(),
        "tally": SharedValue(),
        "seats": SharedArray(initial=(1, 2, 3)),
    }
    return a_system(scripts, channels, gets, later=("eve",))


OFFICES = {
    "cat": (a_napping_cat, "ada cat:ada"),
    "dismissal": (a_dismissal, "boss boss signal:ada signal:bob boss"),
    "race": (a_race, "ada bob ada bob"),
    "post office": (a_post_office, "ada ada ~belt/ada bob ~belt/ada ada bob bob"),
    "tube": (a_tube, "ada bob bob ada ada"),
    "two keys": (two_keys, "ada bob"),
    "gong": (a_gong, "ada"),
    "eight clerks": (
        eight_clerks,
        "ada bob cleo ada ada ada dan ~belt/ada ~belt/bob ~belt/cleo fay gus bob cleo fay gus hal hal hal",
    ),
}


def a_film(system: System, wind: str, pids: bool = False) -> Film:
    trace, _ = system.follow(wind.split())
    if pids:
        trace = replace(trace, pids={clerk: 4127 + index for index, clerk in enumerate(system.clerks)})
    return Film(system, trace)
