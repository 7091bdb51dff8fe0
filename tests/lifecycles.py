"""Offices in which clerks start, watch, wait for, end and lose each other: for tests and soaks."""

from __future__ import annotations

from functools import partial

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


TWO_ENDS = {"eve": {"one": "one.w", "two": "two.w"}, "cleo": {"one": "one.r", "two": "two.r"}}
ONE_WAY = {"one": Pipe(duplex=False), "two": Pipe(duplex=False)}


def two_ends_left() -> System:
    """Eve goes home with two ends open, and cleo waits for either."""
    scripts = {
        "eve": "def eve(one, two):\n    one.send('tea')\n",
        "cleo": (
            "def cleo(one, two):\n"
            "    left = [one, two]\n"
            "    while left:\n"
            "        ready = wait(left)\n"
            "        try:\n"
            "            deliver((len(ready), ready[0].recv()))\n"
            "        except EOFError:\n"
            "            deliver((len(ready), 'over'))\n"
            "            left.remove(ready[0])\n"
        ),
    }
    return a_system(scripts, ONE_WAY, TWO_ENDS)


def two_ends_polled(how: str = "") -> System:
    """Cleo, who has met the end of one tube, asks whether the other is over, too. Eve goes home, or the boss
    ends her (`how`: terminate, kill), or the cat does (nap)."""
    scripts = {
        "eve": "def eve(one, two):\n    pass\n"
        if not how
        else "def eve(one, two, never):\n    never.get()\n",
        "cleo": (
            "def cleo(one, two):\n"
            "    try:\n"
            "        one.recv()\n"
            "    except EOFError:\n"
            "        deliver(two.poll())\n"
        ),
    }
    clerks = {name: dict(gets) for name, gets in TWO_ENDS.items()}
    channels = dict(ONE_WAY)
    if how:
        channels["never"] = SimpleQueue()
        clerks["eve"]["never"] = "never"
    if how in ("terminate", "kill"):
        scripts["boss"] = f"def boss(eve):\n    eve.{how}()\n    eve.join()\n    deliver(eve.exitcode)\n"
        clerks["boss"] = {"eve": "@eve"}
    more = {"cat": Cat(1, ("eve",))} if how == "nap" else {}
    return a_system(scripts, channels, clerks, **more)


def two_readers_left() -> System:
    """Eve reads two tubes and goes home; who sends finds the one broken and the other perhaps not yet."""
    scripts = {
        "eve": "def eve(one, two):\n    pass\n",
        "cleo": (
            "def cleo(one, two):\n"
            "    for end in (one, two, one):\n"
            "        try:\n"
            "            end.send(1)\n"
            "            deliver('sent')\n"
            "        except BrokenPipeError:\n"
            "            deliver('broken')\n"
        ),
    }
    clerks = {"eve": {"one": "one.r", "two": "two.r"}, "cleo": {"one": "one.w", "two": "two.w"}}
    return a_system(scripts, ONE_WAY, clerks)


def two_ends_and_a_look() -> System:
    """Somebody who meets one end of a process that ends asks whether it lives, and ends it."""
    scripts = {
        "eve": "def eve(one, two):\n    pass\n",
        "cleo": (
            "def cleo(one, two, eve):\n"
            "    ready = wait([one, two])\n"
            "    eve.terminate()\n"
            "    deliver((len(ready), eve.exitcode))\n"
            "    eve.join()\n"
            "    deliver((two.poll(), eve.exitcode))\n"
        ),
    }
    clerks = {name: dict(gets) for name, gets in TWO_ENDS.items()}
    clerks["cleo"]["eve"] = "@eve"
    return a_system(scripts, ONE_WAY, clerks)


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
    two_ends_left,
    two_ends_polled,
    partial(two_ends_polled, "terminate"),
    partial(two_ends_polled, "kill"),
    two_readers_left,
    two_ends_and_a_look,
)
