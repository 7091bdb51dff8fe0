"""From the Run button to the first real step, with a warm office and with none.

python benchmarks/first_step.py [REPEATS]
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from builders import a_system

from game.channels.queue import Queue
from game.run import Office, Seeded

CLERKS = 5


def a_crowd():
    script = "def work(belt):\n    for number in range(200):\n        belt.put(number)\n        belt.get()\n"
    clerks = {f"clerk{number}": {"script": "work", "belt": "belt"} for number in range(CLERKS)}
    return a_system({"work": script}, {"belt": Queue()}, clerks)


def first_step(office, system):
    """Seconds until the first step has been seen."""
    began = time.perf_counter()
    run = office.start(system, Seeded(1))
    while not run.poll():
        time.sleep(0.0002)
    seconds = time.perf_counter() - began
    run.abort()
    run.wait()
    return seconds


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    system, warm, cold = a_crowd(), [], []
    for _ in range(max(3, repeats // 5)):
        with Office() as office:
            cold.append(first_step(office, system))
    with Office() as office:
        for _ in range(repeats):
            office.prepare(system)
            while not office.ready:
                office.poll()
                time.sleep(0.001)
            warm.append(first_step(office, system))
    print(f"{CLERKS} clerks, Run to first real step, median and worst")
    print(f"  warm office  {statistics.median(warm) * 1000:7.1f} ms {max(warm) * 1000:7.1f} ms")
    print(f"  no office    {statistics.median(cold) * 1000:7.1f} ms {max(cold) * 1000:7.1f} ms")


if __name__ == "__main__":
    main()
