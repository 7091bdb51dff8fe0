"""Ours beside frontrun (https://pypi.org/project/frontrun/): the same two little offices, in one run.

    python benchmarks/against_frontrun.py [PYTHON]

PYTHON is one that has frontrun, with its extra `process`; without one the environment variable
FRONTRUN_PYTHON is asked, then this Python. Where frontrun is missing that is said, its half is skipped, and
the exit code is 2.

Compared are: every order of four clerks who each add one to a tally; the deadlock of six philosophers who all
take their left fork first; and whole runs a second of real processes under control. Frontrun runs CPython's
bytecode as it is, in threads, or processes at their SQL statements, and finds a new order run by run; ours
walks the states of a model and shows on processes what it found. That is why it can be that much faster.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from builders import a_system
from figures import tell

from game.channels.lock import Lock
from game.channels.value import SharedValue
from game.checker.check import check
from game.goals import Reads
from game.run import Office, Seeded
from game.world import System

PEER = r"""
import json, os, sqlite3, sys, tempfile, threading, time
import frontrun

class Tally:
    def __init__(self):
        self.value = 0

def stroke(tally):
    tally.value = tally.value + 1

class Table:
    def __init__(self):
        self.forks = [threading.Lock() for _ in range(6)]

def eats(seat):
    def eat(table):
        with table.forks[seat]:
            with table.forks[(seat + 1) % 6]:
                pass
    return eat

FILE = os.path.join(tempfile.mkdtemp(), "tally.db")

def fresh():
    base = sqlite3.connect(FILE)
    base.execute("create table if not exists tally (n integer)")
    base.execute("delete from tally")
    base.execute("insert into tally values (0)")
    base.commit()
    base.close()
    return FILE

def sql_stroke(file):
    base = sqlite3.connect(file, isolation_level=None)
    (n,) = base.execute("select n from tally").fetchone()
    base.execute("update tally set n = ?", (n + 1,))
    base.close()

def looked(_):
    return True

def told(what, began, result):
    print(json.dumps({"what": what, "seconds": time.perf_counter() - began, "holds": result.property_holds,
                      "explored": result.num_explored}), flush=True)

if __name__ == "__main__":
    what = sys.argv[1]
    began = time.perf_counter()
    if what == "strokes":
        told(what, began, frontrun.explore(
            Tally, [stroke] * 4, lambda tally: tally.value == 4, stop_on_first=False, preemption_bound=None,
            reproduce_on_failure=0))
    elif what == "forks":
        told(what, began, frontrun.explore(
            Table, [eats(seat) for seat in range(6)], looked, reproduce_on_failure=0))
    elif what == "forks unbounded":
        told(what, began, frontrun.explore(
            Table, [eats(seat) for seat in range(6)], looked, reproduce_on_failure=0,
            preemption_bound=None))
    elif what == "processes":
        told(what, began, frontrun.explore(
            fresh, [sql_stroke] * 4, looked, execution="process", reuse_workers=True, stop_on_first=False,
            preemption_bound=None, max_executions=400))
"""
NO_PEER = 2
PATIENCE = 60
"""Seconds the peer is given for each question."""


def strokes(times: int) -> System:
    script = f"def chalk(tally):\n    for number in range({times}):\n        tally.value += 1\n"
    return a_system(
        {"chalk": script},
        {"tally": SharedValue()},
        {name: {"script": "chalk", "tally": "tally"} for name in ("ada", "bob", "cyd", "dan")},
        win=[Reads((("tally", 4 * times),))],
    )


def philosophers(seats: int) -> System:
    script = "def eat(left, right):\n    with left:\n        with right:\n            pass\n"
    return a_system(
        {"eat": script},
        {f"fork{seat}": Lock() for seat in range(seats)},
        {
            f"p{seat}": {"script": "eat", "left": f"fork{seat}", "right": f"fork{(seat + 1) % seats}"}
            for seat in range(seats)
        },
    )


def ours(make: Callable[[], System]) -> tuple[float, str]:
    """The median seconds of a verdict, its scripts compiled anew each time, and what it says."""
    seconds = []
    for _ in range(15):
        began = time.perf_counter()
        verdict = check(make())
        seconds.append(time.perf_counter() - began)
    failure = verdict.failure
    assert failure is not None
    found = f"{failure.kind}, {failure.preemptions} preemption{'s' * (failure.preemptions != 1)}"
    return statistics.median(seconds), f"{verdict.states:,} states, {verdict.winds} winds: {found}"


def theirs(python: str, what: str) -> dict[str, Any] | None:
    """What the peer says, or None when it does not come to an end in time."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "peer.py")  # a file, because its processes are spawned
        script.write_text(PEER)
        inside = [] if what == "processes" else ["-m", "frontrun.cli", python]
        command = [python, *inside, str(script), what]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return None
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"frontrun fell over: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def peer_version(python: str) -> str:
    """The version of frontrun that this Python has, or ""."""
    asked = "import frontrun; from importlib.metadata import version; print(version('frontrun'))"
    try:
        done = subprocess.run([python, "-c", asked], capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def compare(python: str, what: str, make: Callable[[], System]) -> tuple[float, float | None]:
    """Our seconds, and how many times as long the peer takes."""
    seconds, said = ours(make)
    print(f"  ours       {1000 * seconds:10.2f} ms   {said}")
    if not python:
        print("  frontrun   not installed: skipped")
        return seconds, None
    found = theirs(python, what)
    if found is None:
        print(f"  frontrun   no end within {PATIENCE} s: more than {PATIENCE / seconds:,.0f}x")
        return seconds, PATIENCE / seconds
    told = {True: "says it holds", False: "found a failure", None: "says nothing"}[found["holds"]]
    ratio = found["seconds"] / seconds
    milliseconds = 1000 * found["seconds"]
    print(f"  frontrun   {milliseconds:10.2f} ms   {found['explored']:,} runs: {told}   {ratio:,.0f}x")
    return seconds, ratio


def controlled(python: str) -> None:
    system = strokes(3)
    rates = []
    with Office() as office:
        office.run(system, Seeded(0))
        for batch in range(5):
            began = time.perf_counter()
            for seed in range(200):
                office.run(system, Seeded(1000 * batch + seed))
            rates.append(200 / (time.perf_counter() - began))
    rate = statistics.median(rates)
    print(f"  ours       {rate:10.0f} runs/s   four processes of six steps, warm")
    if not python:
        print("  frontrun   not installed: skipped")
        return
    found = theirs(python, "processes")
    if found is None:
        print(f"  frontrun   no end within {PATIENCE} s")
        return
    other = found["explored"] / found["seconds"]
    print(f"  frontrun   {other:10.1f} runs/s   four processes of two SQL statements, warm")
    print(f"  ratio      {rate / other:10.0f}x   (target 30x)")
    tell("runs_frontrun", rate / other)


def main(python: str) -> int:
    version = peer_version(python)
    print(
        f"peer: frontrun {version}" if version else f"peer: {python} has no frontrun; only ours is measured"
    )
    python = python if version else ""
    print("\nfour clerks add one each, all orders (target 1,000x)")
    _, ratio = compare(python, "strokes", lambda: strokes(1))
    if ratio is not None:
        tell("lost_update_frontrun", ratio)
    print("\nsix philosophers, left fork first; frontrun with its own bound, 2 preemptions (target 20 ms)")
    seconds, _ = compare(python, "forks", lambda: philosophers(6))
    tell("philosophers", 1000 * seconds)
    print("\nthe same, frontrun without a bound")
    compare(python, "forks unbounded", lambda: philosophers(6))
    print("\nruns of real processes under control")
    controlled(python)
    if not version:
        print("frontrun is not installed")
    return 0 if version else NO_PEER


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("FRONTRUN_PYTHON", sys.executable)))
