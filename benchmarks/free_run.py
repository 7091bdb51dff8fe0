"""How many tokens a second a free run moves with everything written down, beside the same program by hand.

    python benchmarks/free_run.py [TOKENS]

The peer is what somebody would write with multiprocessing and nothing else: the same objects, the same
loops, real Python, nothing recorded. Both are timed from the go to the end of the last process, with the
processes started before; each figure is the median over the repeats, which alternate. What settling the
records into one order takes is printed beside it: it happens afterwards.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from builders import a_system
from figures import tell

from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.run import Free, Office

REPEATS = 5
FORK: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


# -- a sender and a taker at one queue --


def send(belt, tokens):
    for number in range(tokens):
        belt.put(number)


def take(belt, tokens):
    total = 0
    for _ in range(tokens):
        total += belt.get()


def belt_by_hand(tokens):
    belt = FORK.Queue()
    return [(send, (belt, tokens)), (take, (belt, tokens))]


def belt(tokens):
    scripts = {
        "send": "def send(belt, tokens):\n    for number in range(tokens):\n        belt.put(number)\n",
        "take": (
            "def take(belt, tokens):\n"
            "    total = 0\n"
            "    for turn in range(tokens):\n"
            "        total += belt.get()\n"
        ),
    }
    gets = {"belt": "belt", "tokens": tokens}
    return a_system(scripts, {"belt": Queue()}, {"send": gets, "take": gets})


# -- two senders, a small queue, and a taker who keeps the score --


def score(belt, tally, tokens):
    for _ in range(2 * tokens):
        points = belt.get()
        with tally.get_lock():
            tally.value += points


def score_by_hand(tokens):
    belt, tally = FORK.Queue(8), FORK.Value("q", 0)
    senders = [(send, (belt, tokens // 2)), (send, (belt, tokens // 2))]
    return [*senders, (score, (belt, tally, tokens // 2))]


def scored(tokens):
    scripts = {
        "send": "def send(belt, tokens):\n    for number in range(tokens):\n        belt.put(number)\n",
        "score": (
            "def score(belt, tally, tokens):\n"
            "    for turn in range(2 * tokens):\n"
            "        points = belt.get()\n"
            "        with tally.get_lock():\n"
            "            tally.value += points\n"
        ),
    }
    gets = {"belt": "belt", "tokens": tokens // 2}
    clerks = {
        "ada": {"script": "send", **gets},
        "bob": {"script": "send", **gets},
        "cleo": {"script": "score", "tally": "tally", **gets},
    }
    return a_system(scripts, {"belt": Queue(maxsize=8), "tally": SharedValue()}, clerks)


# -- question and answer through a tube --


def ask(tube, tokens):
    for number in range(tokens):
        tube.send(number)
        tube.recv()


def answer(tube, tokens):
    for _ in range(tokens):
        tube.send(tube.recv() + 1)


def tube_by_hand(tokens):
    one, other = FORK.Pipe()
    return [(ask, (one, tokens)), (answer, (other, tokens))]


def tube(tokens):
    scripts = {
        "ask": (
            "def ask(tube, tokens):\n"
            "    for number in range(tokens):\n"
            "        tube.send(number)\n"
            "        tube.recv()\n"
        ),
        "answer": (
            "def answer(tube, tokens):\n    for turn in range(tokens):\n        tube.send(tube.recv() + 1)\n"
        ),
    }
    clerks = {"ask": {"tube": "tube.a", "tokens": tokens}, "answer": {"tube": "tube.b", "tokens": tokens}}
    return a_system(scripts, {"tube": Pipe()}, clerks)


PROGRAMS = {
    "sender and taker": (belt, belt_by_hand),
    "fan-in with a score": (scored, score_by_hand),
    "question and answer": (tube, tube_by_hand),
}


def begin_together(bell, what, arguments):
    bell.acquire()
    what(*arguments)


def by_hand(work):
    """Seconds that these processes take from the go to the end of the last one."""
    bell = FORK.Semaphore(0)
    processes = [FORK.Process(target=begin_together, args=(bell, *each)) for each in work]
    for process in processes:
        process.start()
    time.sleep(0.05)
    began = time.perf_counter()
    for _ in processes:
        bell.release()
    for process in processes:
        process.join()
    return time.perf_counter() - began


def main():
    tokens = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    print(f"{tokens:,} tokens; tokens a second, median of {REPEATS}")
    ratios = []
    with Office() as office:
        for name, (ours, theirs) in PROGRAMS.items():
            system, free, hand, settling = ours(tokens), [], [], []
            for _ in range(REPEATS):
                hand.append(tokens / by_hand(theirs(tokens)))
                office.prepare(system)
                while not office.ready:
                    office.poll()
                    time.sleep(0.001)
                began = time.perf_counter()
                result = office.run(system, Free(), timeout=120)
                took = time.perf_counter() - began
                assert result.ending == "finished", result.message
                free.append(tokens / result.seconds)
                settling.append(took - result.seconds)
            ratio = statistics.median(free) / statistics.median(hand)
            ratios.append(ratio)
            settled = statistics.median(settling)
            print(
                f"{name:22}{statistics.median(free):>10,.0f} traced, "
                f"{statistics.median(hand):>10,.0f} by hand: {ratio:.2f}; settled in {settled:.2f} s"
            )
    tell("free_run", statistics.geometric_mean(ratios))
    print(f"geometric mean of the ratios: {statistics.geometric_mean(ratios):.2f}")


if __name__ == "__main__":
    main()
