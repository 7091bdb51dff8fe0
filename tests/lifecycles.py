"""Offices in which clerks start, watch, wait for, end and lose each other: for tests and soaks."""

from __future__ import annotations

from builders import a_system

from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.level.model import Cat
from game.world import System

BOTH = {"boss": {"kit": "@kit", "belt": "belt"}, "kit": {"belt": "belt"}}


def a_watched_kit() -> System:
    """The boss looks at kit before, during and after its work."""
    scripts = {
        "boss": (
            "def boss(kit, belt):\n"
            "    deliver((kit.is_alive(), kit.exitcode))\n"
            "    kit.start()\n"
            "    deliver((kit.is_alive(), kit.exitcode))\n"
            "    deliver(belt.get())\n"
            "    kit.join()\n"
            "    deliver((kit.is_alive(), kit.exitcode))\n"
        ),
        "kit": "def kit(belt):\n    belt.put('done')\n",
    }
    return a_system(scripts, {"belt": Queue()}, BOTH, later=["kit"])


def a_failing_kit() -> System:
    scripts = {
        "boss": "def boss(kit, belt):\n    kit.join()\n    deliver(kit.exitcode)\n",
        "kit": "def kit(belt):\n    belt.get_nowait()\n",
    }
    return a_system(scripts, {"belt": Queue()}, BOTH)


def an_ended_kit(how: str = "terminate") -> System:
    """Kit would wait for ever; the boss ends it."""
    scripts = {
        "boss": (
            "def boss(kit, belt):\n"
            f"    kit.{how}()\n"
            "    kit.join()\n"
            "    deliver((kit.is_alive(), kit.exitcode))\n"
        ),
        "kit": "def kit(belt):\n    belt.get()\n",
    }
    return a_system(scripts, {"belt": SimpleQueue()}, BOTH)


def an_interrupted_kit() -> System:
    """Kit is sent a signal while it works, twice, and may or may not be through by then."""
    scripts = {
        "boss": (
            "def boss(kit, belt):\n"
            "    kit.terminate()\n"
            "    kit.kill()\n"
            "    kit.join()\n"
            "    deliver(kit.exitcode)\n"
        ),
        "kit": "def kit(belt):\n    for number in range(4):\n        belt.put(number)\n",
    }
    return a_system(scripts, {"belt": Queue()}, BOTH)


def a_kit_ended_twice(first: str, second: str) -> System:
    """Kit would wait for ever; the boss sends it two signals."""
    scripts = {
        "boss": (
            "def boss(kit, belt):\n"
            f"    kit.{first}()\n"
            f"    kit.{second}()\n"
            "    kit.join()\n"
            "    deliver(kit.exitcode)\n"
        ),
        "kit": "def kit(belt):\n    belt.get()\n",
    }
    return a_system(scripts, {"belt": SimpleQueue()}, BOTH)


def an_unseen_end() -> System:
    """Nobody looks whether the signal found kit at work or gone."""
    scripts = {
        "boss": "def boss(kit, belt):\n    kit.terminate()\n    kit.join()\n    deliver('gone')\n",
        "kit": "def kit(belt):\n    belt.put(1)\n",
    }
    return a_system(scripts, {"belt": SimpleQueue()}, BOTH)


def too_early_and_too_late() -> System:
    scripts = {
        "boss": (
            "def boss(kit, belt):\n"
            "    try:\n        kit.join()\n    except AssertionError:\n        deliver(1)\n"
            "    try:\n        kit.kill()\n    except AttributeError:\n        deliver(2)\n"
            "    kit.start()\n"
            "    try:\n        kit.start()\n    except AssertionError:\n        deliver(3)\n"
            "    kit.join()\n"
            "    kit.terminate()\n"
            "    deliver(kit.exitcode)\n"
        ),
        "kit": "def kit(belt):\n    belt.put(1)\n    belt.get()\n",
    }
    return a_system(scripts, {"belt": SimpleQueue()}, BOTH, later=["kit"])


def a_dying_sender() -> System:
    """Bob learns from the end of the tube that ada was killed."""
    scripts = {
        "boss": "def boss(ada):\n    ada.kill()\n    ada.join()\n    deliver(ada.exitcode)\n",
        "ada": "def ada(end):\n    for number in range(3):\n        end.send(number)\n",
        "bob": (
            "def bob(end):\n"
            "    try:\n        while True:\n            deliver(end.recv())\n"
            "    except EOFError:\n        deliver('nobody there')\n"
        ),
    }
    clerks = {"boss": {"ada": "@ada"}, "ada": {"end": "tube.w"}, "bob": {"end": "tube.r"}}
    return a_system(scripts, {"tube": Pipe(duplex=False)}, clerks)


def several_to_wait_for() -> System:
    scripts = {
        "boss": (
            "def boss(left, right, kit):\n"
            "    open = 3\n"
            "    while open:\n"
            "        for thing in wait([right, left, kit.sentinel]):\n"
            "            deliver('one')\n"
            "        open -= 1\n"
            "    kit.join()\n"
            "    deliver(len(wait([kit.sentinel, left], 1)))\n"
        ),
        "kit": "def kit(left, right):\n    left.send(1)\n    right.send(2)\n",
    }
    clerks = {
        "boss": {"left": "one.r", "right": "two.r", "kit": "@kit"},
        "kit": {"left": "one.w", "right": "two.w"},
    }
    return a_system(scripts, {"one": Pipe(duplex=False), "two": Pipe(duplex=False)}, clerks)


def a_visit_of_the_cat(naps: int = 1) -> System:
    """Any of three may be gone at any moment; who adds up takes no lock and waits for nobody."""
    chalk = "def chalk(tally):\n    for number in range(2):\n        tally.value += 1\n"
    names = ("ada", "bob", "cleo")
    return a_system(
        {"chalk": chalk},
        {"tally": SharedValue(lock=False)},
        {name: {"script": "chalk", "tally": "tally"} for name in names},
        cat=Cat(naps, names),
    )


def a_glance() -> System:
    """The boss looks at kit's exit code as soon as the sentinel is ready, then waits for it."""
    scripts = {
        "boss": (
            "def boss(kit, belt):\n"
            "    kit.start()\n"
            "    wait([kit.sentinel])\n"
            "    deliver((kit.exitcode, kit.is_alive()))\n"
            "    kit.join()\n"
            "    deliver(kit.exitcode)\n"
        ),
        "kit": "def kit(belt):\n    belt.put('done')\n",
    }
    return a_system(scripts, {"belt": SimpleQueue()}, BOTH, later=["kit"])


def a_kept_end() -> System:
    """Kit reads until the end of a tube whose other end its parent still holds while waiting for kit."""
    scripts = {
        "boss": "def boss(kit, end):\n    kit.start()\n    end.send(1)\n",
        "kit": (
            "def kit(end):\n    deliver(end.recv())\n"
            "    try:\n        end.recv()\n    except EOFError:\n        deliver('end')\n"
        ),
    }
    gets = {"boss": {"kit": "@kit", "end": "tube.w"}, "kit": {"end": "tube.r"}}
    return a_system(scripts, {"tube": Pipe(duplex=False)}, gets, later=["kit"])


def a_daemon_kit(parent: bool) -> System:
    """Kit would wait for ever, but is a daemon: its parent's, or the office's."""
    scripts = {
        "boss": "def boss(kit, belt):\n" + "    kit.start()\n" * parent + "    deliver(belt.get())\n",
        "kit": "def kit(belt, never):\n    belt.put('up')\n    never.get()\n",
    }
    gets = {"boss": BOTH["boss"], "kit": {"belt": "belt", "never": "never"}}
    channels = {"belt": SimpleQueue(), "never": SimpleQueue()}
    return a_system(scripts, channels, gets, later=["kit"] * parent, daemons=["kit"])


def a_child_daemon() -> System:
    return a_daemon_kit(parent=True)


def an_office_daemon() -> System:
    return a_daemon_kit(parent=False)


LIFECYCLES = (
    a_watched_kit,
    a_failing_kit,
    an_ended_kit,
    an_interrupted_kit,
    an_unseen_end,
    too_early_and_too_late,
    a_dying_sender,
    several_to_wait_for,
    a_visit_of_the_cat,
    a_glance,
    a_child_daemon,
    an_office_daemon,
)
