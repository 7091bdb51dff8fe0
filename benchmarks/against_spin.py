"""States a second, ours beside SPIN's breadth-first search, on the same spaces, one core, in one run.

    python benchmarks/against_spin.py [REPEATS]

Each model is written twice, as scripts for our checker and by hand in Promela with dead variables cleared, so
that both store the same worlds (SPIN a few more for its init process). SPIN's time is pan's own run, its
compilation left out; ours is `explore`, the scripts' compilation left out. Needs spin and gcc.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "tests")]

from builders import a_system  # noqa: E402
from figures import tell  # noqa: E402

from game.channels.lock import Lock  # noqa: E402
from game.channels.value import SharedValue  # noqa: E402
from game.checker.fast import explore_fast  # noqa: E402
from game.checker.space import Graph, Space, explore  # noqa: E402
from game.world import System  # noqa: E402

FOREVER = 100_000_000


class Model(NamedTuple):
    name: str
    system: System
    promela: str


def strokes(clerks: int, times: int) -> Model:
    """Clerks who each add one to a tally so many times, without its lock."""
    names = "abcdefgh"[:clerks]
    scripts = {
        name: f"def {name}(t):\n" + "".join("    t.value += 1\n" for _ in range(times)) for name in names
    }
    system = a_system(scripts, {"t": SharedValue()}, {name: {"t": "t"} for name in names})
    body = "\n".join("  d_step { r = x }; d_step { x = r + 1; r = 0 };" for _ in range(times))
    promela = f"byte x;\nproctype P() {{ byte r;\n{body}\nend: false }}\n" + _init(["P()"] * clerks)
    return Model(f"{clerks} clerks x {times} strokes", system, promela)


def philosophers(seats: int, meals: int) -> Model:
    """Philosophers who take their keys in one order; endless when `meals` is 0."""
    names = [f"p{seat}" for seat in range(seats)]
    eat = "{0}a.acquire()\n{0}b.acquire()\n{0}b.release()\n{0}a.release()\n"
    body = eat.format("    ") * meals if meals else "    while True:\n" + eat.format("        ")
    forks = [sorted((seat, (seat + 1) % seats)) for seat in range(seats)]
    system = a_system(
        {name: f"def {name}(a, b):\n{body}" for name in names},
        {f"k{seat}": Lock() for seat in range(seats)},
        {name: {"a": f"k{low}", "b": f"k{high}"} for name, (low, high) in zip(names, forks, strict=True)},
    )
    take = "d_step {{ k[{0}] == 0 -> k[{0}] = 1 }};"
    meal = f"  {take.format('a')} {take.format('b')} d_step {{ k[b] = 0 }}; d_step {{ k[a] = 0 }};"
    loop = "\n".join([meal] * meals) + "\nend: false" if meals else f"end: do :: {meal} od"
    promela = f"byte k[{seats}];\nproctype P(byte a; byte b) {{\n{loop} }}\n"
    promela += _init([f"P({low}, {high})" for low, high in forks])
    return Model(f"{seats} philosophers, {meals or 'endless'} meals", system, promela)


def _init(runs: list[str]) -> str:
    return "init { atomic { " + "; ".join(f"run {run}" for run in runs) + " } }\n"


MODELS = (
    strokes(4, 3),
    strokes(5, 2),
    philosophers(11, 0),
    philosophers(7, 2),
    philosophers(12, 0),
)


class Spin(NamedTuple):
    states: int
    transitions: int
    seconds: float


def run_spin(model: Model, repeats: int) -> Spin:
    """SPIN's breadth-first search without reduction, compiled with -O2: the median of several runs."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "m.pml").write_text(model.promela)
        for command in (
            ["spin", "-o1", "-o2", "-o3", "-a", "m.pml"],
            ["gcc", "-O2", "-w", "-DBFS", "-DNOREDUCE", "-DSAFETY", "-DMEMLIM=8000", "-o", "pan", "pan.c"],
        ):
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        times, said = [], ""
        for _ in range(repeats):
            began = time.perf_counter()
            command = [f"{folder}/pan", "-n", "-w24", "-m100000", "-E"]
            said = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
            times.append(time.perf_counter() - began)
    states = int(re.findall(r"(\d+) states, stored", said)[0])
    return Spin(states, int(re.findall(r"(\d+) transitions", said)[0]), statistics.median(times))


def run_ours(
    model: Model, search: Callable[[Space, int, Callable[[int], str]], Graph | None], repeats: int
) -> Spin:
    times, graph = list[float](), None
    for _ in range(repeats):
        space = Space(model.system)
        began = time.perf_counter()
        graph = search(space, FOREVER, lambda _: "")
        times.append(time.perf_counter() - began)
        assert graph is not None and graph.whole
    assert graph is not None, "at least one repeat"
    return Spin(len(graph.worlds), graph.transitions, statistics.median(times))


def main(repeats: int) -> int:
    if not shutil.which("spin") or not shutil.which("gcc"):
        print("this comparison needs spin and gcc (Debian: apt install spin gcc)")
        return 2
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(
        f"{'model':32}{'states':>11}{'SPIN':>11}{'k st/s':>9}"
        f"{'Python':>9}{'ratio':>7}{'numpy':>9}{'ratio':>7}"
    )
    plain_ratios, fast_ratios = [], []
    for model in MODELS:
        spin = run_spin(model, repeats)
        plain, fast = run_ours(model, explore, repeats), run_ours(model, explore_fast, repeats)
        assert (plain.states, plain.transitions) == (fast.states, fast.transitions)
        speed = spin.states / spin.seconds
        ratios = [ours.states / ours.seconds / speed for ours in (plain, fast)]
        plain_ratios.append(ratios[0])
        fast_ratios.append(ratios[1])
        print(
            f"{model.name:32}{plain.states:11,}{spin.states:11,}{speed / 1e3:9.0f}"
            f"{plain.states / plain.seconds / 1e3:9.0f}{ratios[0]:7.2f}"
            f"{fast.states / fast.seconds / 1e3:9.0f}{ratios[1]:7.2f}",
            flush=True,
        )
    tell("states_python", statistics.geometric_mean(plain_ratios))
    tell("states_numpy", statistics.geometric_mean(fast_ratios))
    print(
        f"geometric mean: Python {statistics.geometric_mean(plain_ratios):.2f}, "
        f"numpy {statistics.geometric_mean(fast_ratios):.2f} times SPIN's breadth-first search"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
