"""How many granted steps a second a controlled run makes, beside raw pipe round trips on the same core.

    python benchmarks/controlled_run.py [REPEATS]

Each figure is the median over the repeats; both kinds of measurement alternate, so that they see the same
machine. A step includes the rules, the real operation, the comparison of both and the recording. "again" is
a run whose every step the office has met before, as when a wind is forced fifty times; "first" is one of
which it has met none, where most of the time goes to the rules. Last, what put, carry and get of a queue take
when nothing decides, compares or records them, one after the other on one core: more than that cannot be.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from builders import a_system
from figures import tell

from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.run import Along, Calm, Office, Seeded

ROUNDS = 5000
TRIPS = 20_000


def systems():
    chalk = f"def chalk(tally):\n    for number in range({ROUNDS}):\n        tally.value += 1\n"
    clerks = {name: {"script": "chalk", "tally": "tally"} for name in ("ada", "bob")}
    tally = a_system({"chalk": chalk}, {"tally": SharedValue()}, clerks)
    post = {
        "ada": f"def ada(belt):\n    for number in range({ROUNDS}):\n        belt.put(number)\n",
        "bob": f"def bob(belt):\n    for number in range({ROUNDS}):\n        belt.get()\n",
    }
    belt = a_system(post, {"belt": Queue(maxsize=4)}, {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}})
    turns = ("ada", "bob", "ada", "bob") * ROUNDS
    return {
        "tally, taking turns": (tally, Along(turns)),
        "tally, calm": (tally, Calm()),
        "tally, seeded": (tally, Seeded(1)),
        "queue, calm": (belt, Calm()),
        "queue, seeded": (belt, Seeded(1)),
    }


def round_trips():
    """Bare round trips a second between two processes on one core: os.write and os.read of one byte."""
    cores = os.sched_getaffinity(0)
    there, out = os.pipe()
    here, back = os.pipe()
    os.sched_setaffinity(0, {min(cores)})
    child = os.fork()
    if child == 0:
        for _ in range(TRIPS):
            os.read(there, 1)
            os.write(back, b".")
        os._exit(0)
    began = time.perf_counter()
    for _ in range(TRIPS):
        os.write(out, b".")
        os.read(here, 1)
    seconds = time.perf_counter() - began
    os.waitpid(child, 0)
    os.sched_setaffinity(0, cores)
    for number in (there, out, here, back):
        os.close(number)
    return TRIPS / seconds


class Gate:
    """The lock a queue's feeder writes under, so that it waits for its turn and passes it on."""

    def __init__(self, lock, mine, following):
        self.lock, self.mine, self.following = lock, mine, following

    def acquire(self):
        self.mine.acquire()
        self.lock.acquire()

    def release(self):
        self.lock.release()
        self.following.release()


def bare_queue(tokens=2000):
    """Steps a second of a queue whose put, carry and get take turns, and nothing else."""
    fork = multiprocessing.get_context("fork")
    queue, (there, here) = fork.Queue(4), fork.Pipe(duplex=False)
    ada, porter, bob = (fork.Semaphore(0) for _ in range(3))

    def put():
        queue._wlock = Gate(queue._wlock, porter, bob)  # type: ignore[attr-defined]
        for number in range(tokens):
            ada.acquire()
            queue.put(number)
            porter.release()

    def get():
        began = time.perf_counter()
        for _ in range(tokens):
            bob.acquire()
            queue.get()
            ada.release()
        here.send(time.perf_counter() - began)

    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    both = [fork.Process(target=put), fork.Process(target=get)]
    for process in both:
        process.start()
    ada.release()
    seconds = there.recv()
    for process in both:
        process.join()
    os.sched_setaffinity(0, cores)
    return 3 * tokens / seconds


def rate(office, system, driver):
    result = office.run(system, driver)
    assert result.ending == "finished", result.message
    return result.steps / result.seconds


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    trips, bare = list[float](), list[float]()
    first, again = dict[str, list[float]](), dict[str, list[float]]()
    with Office() as office:
        for name, (system, driver) in systems().items():
            for _ in range(repeats):
                trips.append(round_trips())
                # The office forgets what it knows of one system when it is given another.
                first.setdefault(name, []).append(rate(office, replace(system), driver))
            rate(office, system, driver)
            for _ in range(repeats):
                trips.append(round_trips())
                bare.append(bare_queue())
                again.setdefault(name, []).append(rate(office, system, driver))
    raw = statistics.median(trips)
    print(f"raw round trips through a pipe on one core: {raw:,.0f} a second")
    print(f"{'granted steps a second':24}{'again':>10}{'of raw':>8}{'first':>10}{'of raw':>8}")
    for name in again:
        known, new = statistics.median(again[name]), statistics.median(first[name])
        print(f"{name:24}{known:>10,.0f}{known / raw:>8.2f}{new:>10,.0f}{new / raw:>8.2f}")
    print(f"{'a queue, bare':24}{statistics.median(bare):>10,.0f}{statistics.median(bare) / raw:>8.2f}")
    for channel in ("tally", "queue"):
        for kind, measured in (("", again), ("_first", first)):
            slowest = min(statistics.median(rates) for name, rates in measured.items() if channel in name)
            tell(f"{channel}{kind}_steps", slowest)
            tell(f"{channel}{kind}_raw", slowest / raw)


if __name__ == "__main__":
    main()
