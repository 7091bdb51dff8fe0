"""The same seed and the same wind, over and over: every trace must be the same, byte for byte.

    python benchmarks/soak_replays.py [SEEDS]

Every seed is run three times in two offices, and then forced once more as a wind; what the model makes of
that wind must be the same text too. Systems in turn: boards, locks, chutes and queues, whose processes are
used again, and tubes, deadlocks, processes that end each other, and everything else that can be shared,
which get new ones every time. Exits with 1 at the first difference.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from benched_offices import benched_office
from builders import a_system
from lifecycles import LIFECYCLES
from meeting_places import MEETING_PLACES

from game.channels.array import SharedArray
from game.channels.lock import Lock
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.run import Along, Office, Seeded
from game.trace import dump_trace

NEW_PROCESSES_EVERY = 20
"""One seed in so many is for a system that needs new processes; they take twenty times as long."""


BENCHED = 40
"""So many random offices with benches, bells, barriers and the like, once more with the cat."""


def used_again():
    race = "def chalk(tally):\n    for number in range(3):\n        tally.value += 1\n"
    names = ("ada", "bob", "cleo", "dot")
    yield a_system(
        {"chalk": race},
        {"tally": SharedValue()},
        {name: {"script": "chalk", "tally": "tally"} for name in names},
    )
    work = (
        "def work(one, two, cards, chute):\n"
        "    with one:\n"
        "        cards[0] = cards[1] + 1\n"
        "    chute.put((cards[0], [True, 'tea']))\n"
        "    with two:\n"
        "        cards[1] += 1\n"
        "    deliver(chute.get())\n"
    )
    gets = {"one": "red", "two": "blue", "cards": "cards", "chute": "chute"}
    yield a_system(
        {"work": work},
        {
            "red": Lock(),
            "blue": Lock(),
            "cards": SharedArray(initial=(0, 0)),
            "chute": SimpleQueue(capacity=4),
        },
        {name: {"script": "work", **gets} for name in names[:3]},
    )


def made_anew():
    send = "def send(belt, me):\n    for number in range(3):\n        belt.put((me, number))\n"
    take = "def take(belt):\n    for number in range(6):\n        deliver(belt.get())\n"
    senders = {name: {"script": "send", "belt": "belt", "me": name} for name in ("ada", "bob")}
    yield a_system(
        {"send": send, "take": take},
        {"belt": Queue(maxsize=2)},
        senders | {"cleo": {"script": "take", "belt": "belt"}},
    )
    keys = "def keys(one, two):\n    with one:\n        with two:\n            deliver(1)\n"
    yield a_system(
        {"keys": keys},
        {"red": Lock(), "blue": Lock()},
        {
            "ada": {"script": "keys", "one": "red", "two": "blue"},
            "bob": {"script": "keys", "one": "blue", "two": "red"},
        },
    )
    for make in LIFECYCLES:
        yield make()
    for make, _ in MEETING_PLACES.values():
        yield make()
    for seed in range(BENCHED):
        yield benched_office(seed)
        yield benched_office(seed, cat=True)


def text_of(result):
    """The whole trace but for what differs between any two runs: the processes' numbers, and who drove."""
    return dump_trace(replace(result.trace, pids={}, source=""))


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    quick, slow, endings, steps = list(used_again()), list(made_anew()), Counter[str](), 0
    began = time.monotonic()
    with Office() as office, Office() as other:
        for seed in range(seeds):
            anew = seed % NEW_PROCESSES_EVERY == 0
            system = slow[seed // NEW_PROCESSES_EVERY % len(slow)] if anew else quick[seed % len(quick)]
            first = office.run(system, Seeded(seed))
            texts = [text_of(first)]
            texts += [text_of(one.run(system, Seeded(seed))) for one in (office, other)]
            texts.append(text_of(office.run(system, Along(first.trace.wind))))
            model, _ = system.follow(first.trace.wind)
            texts.append(dump_trace(replace(model, source="", ending=first.ending)))
            endings[first.ending] += 1
            steps += first.steps
            if len(set(texts)) > 1 or first.ending not in ("finished", "crashed", "stuck"):
                print(f"seed {seed}: {first.ending} {first.message}", *texts, sep="\n", file=sys.stderr)
                return 1
    print(
        f"{seeds:,} seeds, {steps:,} steps each four times, in {time.monotonic() - began:.0f} s: all the same"
    )
    print(", ".join(f"{number:,} {ending}" for ending, number in endings.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
