"""Random small offices in which clerks start, watch, wait for, end and outlive each other."""

from __future__ import annotations

import random

from builders import a_system

from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.goals import Bag

BOSS = [
    "kit.start()",
    "kit.join()",
    "kit.join(1)",
    "deliver(kit.is_alive())",
    "deliver(kit.exitcode)",
    "deliver(len(wait([kit.sentinel])))",
    "deliver(len(wait([kit.sentinel], 1)))",
    "deliver(len(wait([e, kit.sentinel])))",
    "kit.terminate()",
    "kit.kill()",
    "e.send({n})",
    "e.close()",
    "deliver(e.recv())",
    "try:\n        deliver(e.recv())\n    except (EOFError, ConnectionResetError):\n        deliver('end')",
    "q.put({n})",
    "deliver(q.get())",
]
KIT = [
    "e.send({n})",
    "deliver(e.recv())",
    "try:\n        deliver(e.recv())\n    except (EOFError, ConnectionResetError):\n        deliver('end')",
    "e.close()",
    "q.put({n})",
    "deliver(s.get())",
    "deliver(q.get())",
    "raise ValueError",
    "deliver({n})",
]


def random_family(seed: int):
    """A boss that starts kit, perhaps a third clerk with a copy of one of the ends; kit may be a daemon."""
    chance = random.Random(f"family {seed}")

    def body(lines: list[str], least: int) -> str:
        count = chance.randint(least, 3)
        return "".join(f"    {chance.choice(lines).format(n=chance.randint(0, 2))}\n" for _ in range(count))

    scripts = {
        "boss": "def boss(kit, e, q):\n    kit.start()\n" + body(BOSS, 1),
        "kit": "def kit(e, q, s):\n" + body(KIT, 1),
    }
    gets = {
        "boss": {"kit": "@kit", "e": "tube.a", "q": "belt"},
        "kit": {"e": "tube.b", "q": "belt", "s": "chute"},
    }
    if chance.random() < 0.4:
        end = chance.choice("ab")
        scripts["eve"] = "def eve(e, q, s):\n" + body([line for line in KIT if "raise" not in line], 1)
        gets["eve"] = {"e": f"tube.{end}", "q": "belt", "s": "chute"}
    daemons = [name for name in ("kit", "eve") if name in scripts and chance.random() < 0.3]
    channels = {"tube": Pipe(capacity=2), "belt": Queue(wire=int(seed % 3 == 0)), "chute": SimpleQueue(2)}
    return a_system(scripts, channels, gets, win=[Bag(())], later=["kit"], daemons=daemons)
