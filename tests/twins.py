"""Random small offices in which some clerks do the same with the same things, or with things of their own."""

from __future__ import annotations

import random

from builders import a_system
from random_offices import CLERK

from game.channels.array import SharedArray
from game.channels.condition import Condition
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.semaphore import Semaphore
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.goals import Bag, Log

MORE = {
    "shelter": [
        "with w:\n        w.notify()",
        "with w:\n        deliver(w.wait(1))",
        "with w:\n        w.notify_all()",
    ],
    "tags": ["with t:\n        deliver({n})", "t.release()", "deliver(t.acquire(False))"],
}
LETTERS = "qsvckewt"


def twin_office(seed: int):
    """Two or three clerks with one script, sometimes one more; each shared channel may be private instead."""
    chance = random.Random(f"twins {seed}")
    lines = CLERK | MORE
    pool = chance.sample(sorted(lines), k=chance.randint(1, 2))

    def script(name, most):
        body = [
            chance.choice(lines[chance.choice(pool)]).format(n=chance.randint(0, 2))
            for _ in range(chance.randint(1, most))
        ]
        return f"def {name}({', '.join(LETTERS)}):\n" + "".join(f"    {line}\n" for line in body)

    makers = {
        "q": lambda: Queue(maxsize=bound),
        "s": lambda: SimpleQueue(capacity=room),
        "v": SharedValue,
        "c": lambda: SharedArray((0, 0)),
        "k": Lock,
        "e": lambda: Pipe(capacity=room),
        "w": Condition,
        "t": lambda: Semaphore(1),
    }
    bound, room = chance.choice([0, 0, 1]), chance.choice([1, 16])
    twins = ("bob", "ada", "cyd")[: chance.choice([2, 2, 3])]
    channels, clerks = {}, {name: {"script": "work"} for name in twins}
    alone = chance.random() < 0.5
    if alone:
        clerks["eve"] = {"script": "eve"}
    for letter in LETTERS:
        private = chance.random() < 0.3
        for name, gets in clerks.items():
            channel = f"{letter}_{name}" if private and name in twins else letter
            if channel not in channels:
                channels[channel] = makers[letter]()
            gets[letter] = channel if letter != "e" else f"e_{name}.a" if private else "e.a"
            if letter == "e":
                own = f"e_{name}" if private and name in twins else "e"
                gets[letter] = f"{own}.{'a' if name in twins else 'b'}"
    scripts = {"work": script("work", 3 if len(twins) < 3 else 2)} | (
        {"eve": script("eve", 2)} if alone else {}
    )
    return a_system(scripts, channels, clerks, win=[Log(()) if chance.random() < 0.5 else Bag(())])


BOSS = [
    "a.join()",
    "b.join()",
    "b.start()",
    "deliver(a.is_alive())",
    "deliver(b.exitcode)",
    "v.value += 1",
    "q.put(7)",
    "deliver(q.get())",
    "deliver(e.recv())",
    "e.send(9)",
]


def family_office(seed: int):
    """A boss who starts, waits for and looks at two clerks with one script."""
    chance = random.Random(f"family {seed}")
    pool = chance.sample(["queue", "tally", "key", "tube", "chute"], k=2)
    body = [
        chance.choice(CLERK[chance.choice(pool)]).format(n=chance.randint(0, 2))
        for _ in range(chance.randint(1, 2))
    ]
    work = "def work(q, s, v, k, e):\n" + "".join(f"    {line}\n" for line in body)
    tasks = ["a.start()"] * chance.randint(0, 1) + chance.choices(BOSS, k=chance.randint(1, 3))
    boss = "def boss(q, v, e, a, b):\n" + "".join(f"    {line}\n" for line in tasks)
    channels = {"q": Queue(), "s": SimpleQueue(), "v": SharedValue(), "k": Lock(), "e": Pipe()}
    shared = {"q": "q", "s": "s", "v": "v", "k": "k"}
    clerks = {name: {"script": "work", **shared, "e": "e.a"} for name in ("ada", "bob")}
    clerks["boss"] = {"script": "boss", "q": "q", "v": "v", "e": "e.b", "a": "@ada", "b": "@bob"}
    later = [name for name, letter in (("ada", "a"), ("bob", "b")) if f"{letter}.start()" in boss]
    goal = Log(()) if chance.random() < 0.5 else Bag(())
    return a_system({"work": work, "boss": boss}, channels, clerks, win=[goal], later=later)
