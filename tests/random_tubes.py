"""Random small offices in which clerks hold ends of several tubes, and others look at them while they end."""

from __future__ import annotations

import random

from builders import a_system

from game.channels.pipe import Pipe
from game.channels.simple_queue import SimpleQueue
from game.goals import Bag
from game.level.model import Cat

_OVER = "(EOFError, OSError)"
SENDS = [
    "{e}.send({n})",
    f"try:\n        {{e}}.send({{n}})\n        deliver('sent')\n    except {_OVER}:\n        deliver('no')",
]
READS = [
    f"try:\n        deliver({{e}}.recv())\n    except {_OVER}:\n        deliver('end')",
    f"try:\n        deliver({{e}}.poll())\n    except {_OVER}:\n        deliver('shut')",
    f"try:\n        deliver({{e}}.poll(1))\n    except {_OVER}:\n        deliver('shut')",
]
ANY = ["{e}.close()", "deliver(len(wait([{e}], 1)))"]
BOTH = ["deliver(len(wait([{e}, {f}])))", "deliver(len(wait([{e}, {f}], 1)))"]
ENDING = ["eve.terminate()", "eve.kill()", "deliver(eve.exitcode)", "deliver(eve.is_alive())"]


def random_tubes(seed: int):
    """Eve holds ends of two or three tubes; cleo, and perhaps dan, have the others, or copies of hers.
    Perhaps somebody ends eve, or the cat does."""
    chance = random.Random(f"tubes {seed}")
    tubes = {
        name: Pipe(chance.random() < 0.4, 2) for name in ("one", "two", "six")[: chance.choice((2, 2, 3))]
    }
    ends: dict[str, dict[str, str]] = {"eve": {}, "cleo": {}}
    if chance.random() < 0.4:
        ends["dan"] = {}
    for name, tube in tubes.items():
        near, far = ("a", "b") if tube.duplex else ("w", "r")
        if chance.random() < 0.5:
            near, far = far, near
        ends["eve"][name] = near
        ends["cleo"][name] = far
        if "dan" in ends:
            ends["dan"][name] = chance.choice((near, far))
    ended = chance.choice(("", "", "", "asked", "cat"))

    def line(clerk: str, watcher: bool) -> str:
        tube = chance.choice(list(tubes))
        end = ends[clerk][tube]
        able = [*ANY, *(SENDS if end != "r" else ()), *(READS if end != "w" else ())]
        if watcher:
            able += [*BOTH, *(READS if end != "w" else ()), *(ENDING if ended == "asked" else ())]
        other = chance.choice([name for name in tubes if name != tube])
        return chance.choice(able).format(e=tube, f=other, n=chance.randint(0, 2))

    scripts, gets = {}, {}
    for clerk, held in ends.items():
        watcher = clerk == "cleo"
        given = {name: f"{name}.{end}" for name, end in held.items()}
        body = [
            line(clerk, watcher) for _ in range(chance.randint(2, 4) if watcher else chance.randint(0, 2))
        ]
        if watcher and ended == "asked":
            given["eve"] = "@eve"
        if clerk == "eve" and ended and chance.random() < 0.6:
            given["never"] = "never"
            body.append("never.get()")
        scripts[clerk] = f"def {clerk}({', '.join(given)}):\n" + "".join(
            f"    {one}\n" for one in body or ["pass"]
        )
        gets[clerk] = given
    channels = {**tubes, "never": SimpleQueue()}
    cat = Cat(1, ("eve",)) if ended == "cat" else Cat()
    return a_system(scripts, channels, gets, win=[Bag(())], cat=cat)
