"""How many controlled runs a second: four clerks, six steps each, one seed after the other, warm.

    python benchmarks/runs_per_second.py [RUNS]

Beside it, in the same minutes: the same steps as bare round trips through a pipe on one core, and one
fork and wait for each clerk, which is what a run costs at least where processes are not used again.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from builders import a_system
from controlled_run import round_trips
from figures import tell

from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.run import Office, Seeded

CLERKS = ("ada", "bob", "cleo", "dot")


def a_race():
    """Four clerks who each add one three times, without a lock: six steps each."""
    chalk = "def chalk(tally):\n    for number in range(3):\n        tally.value += 1\n"
    return a_system(
        {"chalk": chalk},
        {"tally": SharedValue()},
        {name: {"script": "chalk", "tally": "tally"} for name in CLERKS},
    )


def a_belt():
    """Two senders and two takers on a queue, porters and all."""
    scripts = {
        "send": "def send(belt):\n    for number in range(3):\n        belt.put(number)\n",
        "take": "def take(belt):\n    for number in range(3):\n        belt.get()\n",
    }
    clerks = {
        name: {"script": "send" if name in ("ada", "bob") else "take", "belt": "belt"} for name in CLERKS
    }
    return a_system(scripts, {"belt": Queue()}, clerks)


def a_tube():
    """Two who ask and two who answer. Whoever holds an end sees who goes home: new processes every time."""
    scripts = {
        "ask": "def ask(tube):\n    for turn in range(3):\n        tube.send(turn)\n        tube.recv()\n",
        "answer": "def answer(tube):\n    for number in range(3):\n        tube.send(tube.recv())\n",
    }
    clerks = {
        "ada": {"script": "ask", "tube": "left.a"},
        "bob": {"script": "answer", "tube": "left.b"},
        "cleo": {"script": "ask", "tube": "right.a"},
        "dot": {"script": "answer", "tube": "right.b"},
    }
    return a_system(scripts, {"left": Pipe(), "right": Pipe()}, clerks)


def forks():
    """Seconds to fork four processes that do nothing, and to wait for them."""
    began = time.perf_counter()
    pids = []
    for _ in CLERKS:
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)
    return time.perf_counter() - began


def runs_per_second(office, system, runs):
    """The rate of a batch of runs of different seeds; each must finish."""
    began = time.perf_counter()
    for seed in range(runs):
        result = office.run(system, Seeded(seed))
        assert result.ending == "finished", result
    return runs / (time.perf_counter() - began)


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    batches: dict[str, list[float]] = {"race": [], "belt": [], "tube": []}
    trips, forked = [], []
    race, belt, tube = a_race(), a_belt(), a_tube()
    with Office() as office:
        runs_per_second(office, race, 200)  # warm
        for _ in range(5):
            trips.append(round_trips())
            forked.append(forks())
            batches["race"].append(runs_per_second(office, race, max(1, runs // 5)))
        for _ in range(5):
            batches["belt"].append(runs_per_second(office, belt, max(1, runs // 5)))
        for _ in range(5):
            batches["tube"].append(runs_per_second(office, tube, max(1, runs // 50)))
    for what, rates in batches.items():
        rate = statistics.median(rates)
        print(f"{what:8}{rate:>10,.0f} runs a second ({1e6 / rate:,.0f} µs each)")
    tell("runs_per_second", statistics.median(batches["race"]))
    print(f"24 bare round trips: {24e6 / statistics.median(trips):,.0f} µs")
    print(f"4 bare forks and waits: {1e6 * statistics.median(forked):,.0f} µs")


if __name__ == "__main__":
    main()
