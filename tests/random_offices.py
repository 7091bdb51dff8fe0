"""Random small offices: a few clerks who do a few things to channels of every kind they share."""

from __future__ import annotations

import random

from builders import a_system

from game.channels.array import SharedArray
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.goals import Bag, Log

CLERK = {
    "queue": [
        "q.put({n})",
        "deliver(q.get())",
        "q.get_nowait()",
        "deliver(q.empty())",
        "q.put_nowait({n})",
        "deliver(q.qsize())",
    ],
    "chute": ["s.put({n})", "deliver(s.get())", "deliver(s.empty())"],
    "tally": [
        "v.value = {n}",
        "v.value += 1",
        "deliver(v.value)",
        "with v.get_lock():\n        v.value += 1",
        "deliver(v.get_lock().acquire(False))",
    ],
    "cards": ["c[0] = {n}", "c[1] += 1", "deliver(c[0])", "with c.get_lock():\n        c[0] = c[1]"],
    "key": ["with k:\n        v.value += 1", "k.acquire()", "k.release()", "deliver(k.acquire(False))"],
    "tube": ["e.send({n})", "deliver(e.recv())", "deliver(e.poll())", "e.close()"],
}


def random_system(seed):
    chance = random.Random(seed)
    pool = chance.sample(sorted(CLERK), k=chance.randint(1, 2))
    scripts = {}
    for name in ("ada", "bob", "cyd")[: chance.randint(2, 3)]:
        lines = [
            chance.choice(CLERK[chance.choice(pool)]).format(n=chance.randint(0, 2))
            for _ in range(chance.randint(1, 3))
        ]
        scripts[name] = f"def {name}(q, s, v, c, k, e):\n" + "".join(f"    {line}\n" for line in lines)
    channels = {
        "q": Queue(maxsize=chance.choice([0, 0, 1])),
        "s": SimpleQueue(capacity=chance.choice([1, 16])),
        "v": SharedValue(),
        "c": SharedArray((0, 0)),
        "k": Lock(),
        "e": Pipe(capacity=chance.choice([1, 16])),
    }
    gets = {
        name: {
            letter: "e.b" if letter == "e" and name == "bob" else "e.a" if letter == "e" else letter
            for letter in "qsvcke"
        }
        for name in scripts
    }
    return a_system(scripts, channels, gets, win=[Log(()) if chance.random() < 0.5 else Bag(())])
