"""Many runs of every kind, some killed half way, and whatever is left afterwards: there must be nothing.

    python benchmarks/soak_runs.py [RUNS]

Exits with 1 when a run ended as it must not, or when a process, an open file or anything in /dev/shm is
left. Linux only: it looks into /proc.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from builders import a_system
from lifecycles import LIFECYCLES

from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.run import Calm, Driver, Free, Office, Seeded


def systems():
    send = "def send(belt, me):\n    for number in range(10):\n        belt.put((me, number))\n"
    take = "def take(belt):\n    for number in range(30):\n        deliver(belt.get())\n"
    senders = {name: {"script": "send", "belt": "belt", "me": name} for name in ("ada", "bob", "dot")}
    takers = {"cleo": {"script": "take", "belt": "belt"}}
    with_keys = "def work(one, two):\n    with one:\n        with two:\n            pass\n"
    keys = {"red": Lock(), "blue": Lock()}
    across = {
        "ada": {"script": "work", "one": "red", "two": "blue"},
        "bob": {"script": "work", "one": "blue", "two": "red"},
    }
    tube = {
        "ada": "def ada(end):\n    for number in range(20):\n        end.send(number)\n",
        "bob": (
            "def bob(end):\n"
            "    try:\n"
            "        while True:\n"
            "            deliver(end.recv())\n"
            "    except EOFError:\n"
            "        deliver('end')\n"
        ),
    }
    chalk = "def chalk(tally):\n    for number in range(200):\n        tally.value += 1\n"
    boards = {name: {"script": "chalk", "tally": "tally"} for name in ("ada", "bob", "cleo")}
    return {
        "senders": a_system({"send": send, "take": take}, {"belt": Queue(maxsize=5)}, senders | takers),
        "keys": a_system({"work": with_keys}, keys, across),
        "tube": a_system(tube, {"tube": Pipe()}, {"ada": {"end": "tube.a"}, "bob": {"end": "tube.b"}}),
        "tally": a_system({"chalk": chalk}, {"tally": SharedValue()}, boards),
    } | {make.__name__: make() for make in LIFECYCLES}


def session_of(pid):
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == pid:
                found.append(int(folder.name))
    return found


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chance, seen, wrong = random.Random(1), Counter[str](), 0
    before = set(os.listdir("/dev/shm"))
    began = time.monotonic()
    with Office() as office:
        cast = systems()
        for number in range(runs):
            name = chance.choice(sorted(cast))
            drivers: list[Driver] = [Calm(), Seeded(number), Free(), Free(cat=number)]
            driver = chance.choice(drivers)
            treatment = chance.choice(["leave", "leave", "abort", "kill a clerk"])
            run = office.start(cast[name], driver, timeout=1.0 if isinstance(driver, Free) else 30.0)
            if treatment != "leave":
                time.sleep(chance.random() * 0.03)
                if treatment == "abort":
                    run.abort()
                elif clerks := [pid for pid in session_of(office.pid) if pid != office.pid]:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(chance.choice(clerks), signal.SIGKILL)
            result = run.wait()
            seen[f"{treatment}: {result.ending}"] += 1
            if result.ending == "disagreed" or (result.unsettled and result.ending != "aborted"):
                wrong += 1
                print(number, name, driver, treatment, result.message, file=sys.stderr)
        session = office.pid
        files = len(os.listdir(f"/proc/{session}/fd"))
    left = session_of(session)
    time.sleep(1)
    shared = {name for name in set(os.listdir("/dev/shm")) - before}
    print(f"{runs} runs in {time.monotonic() - began:.1f} s")
    for what, times in sorted(seen.items()):
        print(f"  {times:4} {what}")
    print(
        f"left: {len(left)} processes, {len(shared)} things in /dev/shm; {files} files were open at the end"
    )
    return 1 if wrong or left or shared or files > 40 else 0


if __name__ == "__main__":
    sys.exit(main())
