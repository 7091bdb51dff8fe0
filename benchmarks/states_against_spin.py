"""How many worlds have to be stored for a verdict: ours beside SPIN with its default reduction.

    python benchmarks/states_against_spin.py

Offices with locks and queues that are right, so that everything has to be looked at. SPIN gets two models of
each, both written by hand: `straight`, as the script is written, with loop counters and one step a line, and
`expert`, where every step is a d_step, loops are unrolled and no dead variable is left. Ours are the worlds
that the checker stores in its search, without and with what it may leave out. Then the right answers of the
shipped levels that have a lock or a queue; SPIN gets our export there, which is written as an expert would.
Needs spin and gcc.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "tests")]

from builders import a_system  # noqa: E402
from figures import tell  # noqa: E402
from oracle.golden import shipped_answers  # noqa: E402
from oracle.searches import WHOLE, searches  # noqa: E402
from oracle.spin import installed  # noqa: E402

from game.channels.lock import Lock  # noqa: E402
from game.channels.simple_queue import SimpleQueue  # noqa: E402
from game.channels.value import SharedValue  # noqa: E402
from game.export.promela import promela_of  # noqa: E402
from game.goals import Bag, Reads  # noqa: E402
from game.world import System, build  # noqa: E402


class Model(NamedTuple):
    name: str
    system: System
    straight: str
    expert: str


def locked(clerks: int, times: int) -> Model:
    """Clerks who add to a tally under its lock."""
    names = "abcdefgh"[:clerks]
    script = (
        f"def p(t):\n    for n in range({times}):\n        with t.get_lock():\n            t.value += 1\n"
    )
    system = a_system(
        {"p": script},
        {"t": SharedValue()},
        {name: {"script": "p", "t": "t"} for name in names},
        win=[Reads((("t", clerks * times),))],
    )
    check = f"proctype Watch() {{ fin == {clerks}; assert(x == {clerks * times}) }}\n"
    runs = _init(["P()"] * clerks + ["Watch()"])
    straight = f"""byte x, fin; bit key;
proctype P() {{ byte n, r;
  do
  :: n < {times} ->
     atomic {{ key == 0 -> key = 1 }}; r = x; x = r + 1; key = 0; n++
  :: else -> break
  od;
  fin++ }}
{check}{runs}"""
    stroke = (
        "  d_step { key == 0 -> key = 1 }; d_step { r = x }; d_step { x = r + 1; r = 0 }; d_step { key = 0 };"
    )
    body = "\n".join([stroke] * times)
    expert = f"byte x, fin; bit key;\nproctype P() {{ byte r;\n{body}\n  fin++ }}\n{check}{runs}"
    return Model(f"{clerks} clerks x {times} strokes under the lock", system, straight, expert)


def philosophers(seats: int, meals: int) -> Model:
    """Philosophers who take their two keys in one order."""
    names = [f"p{seat}" for seat in range(seats)]
    forks = [sorted((seat, (seat + 1) % seats)) for seat in range(seats)]
    meal = "        with a:\n            with b:\n                pass\n"
    system = a_system(
        {"p": f"def p(a, b):\n    for n in range({meals}):\n{meal}"},
        {f"k{seat}": Lock() for seat in range(seats)},
        {
            name: {"script": "p", "a": f"k{low}", "b": f"k{high}"}
            for name, (low, high) in zip(names, forks, strict=True)
        },
    )
    take, put = "atomic {{ k[{0}] == 0 -> k[{0}] = 1 }};", "k[{0}] = 0;"
    eat = take.format("a") + take.format("b") + put.format("b") + put.format("a")
    runs = _init([f"P({low}, {high})" for low, high in forks])
    loop = f"  byte n;\n  do\n  :: n < {meals} -> {eat} n++\n  :: else -> break\n  od }}\n"
    straight = f"bit k[{seats}];\nproctype P(byte a; byte b) {{\n{loop}{runs}"
    take, put = "d_step {{ k[{0}] == 0 -> k[{0}] = 1 }};", "d_step {{ k[{0}] = 0 }};"
    eat = take.format("a") + take.format("b") + put.format("b") + put.format("a")
    expert = f"bit k[{seats}];\nproctype P(byte a; byte b) {{\n{eat * meals}\nskip }}\n{runs}"
    return Model(f"{seats} philosophers, {meals} meals", system, straight, expert)


def market(pairs: int, things: int, room: int) -> Model:
    """Senders and receivers at one chute; the score is kept under a lock."""
    senders, receivers = "abcd"[:pairs], "wxyz"[:pairs]
    total = pairs * things
    send = f"def send(s):\n    for n in range({things}):\n        s.put(1)\n"
    receive = (
        f"def receive(s, t):\n    for n in range({things}):\n        thing = s.get()\n"
        "        with t.get_lock():\n            t.value += thing\n"
    )
    system = a_system(
        {"send": send, "receive": receive},
        {"s": SimpleQueue(capacity=room), "t": SharedValue()},
        {name: {"script": "send", "s": "s"} for name in senders}
        | {name: {"script": "receive", "s": "s", "t": "t"} for name in receivers},
        win=[Reads((("t", total),))],
    )
    check = f"proctype Watch() {{ fin == {pairs}; assert(x == {total}) }}\n"
    runs = _init(["S()"] * pairs + ["R()"] * pairs + ["Watch()"])
    head = f"chan s = [{room}] of {{ byte }}; byte x, fin; bit key;\n"
    straight = f"""{head}proctype S() {{ byte n;
  do
  :: n < {things} -> s!1; n++
  :: else -> break
  od }}
proctype R() {{ byte n, thing, r;
  do
  :: n < {things} ->
     s?thing; atomic {{ key == 0 -> key = 1 }}; r = x; x = r + thing; key = 0; n++
  :: else -> break
  od;
  fin++ }}
{check}{runs}"""
    take = (
        "  s?thing; d_step { key == 0 -> key = 1 }; d_step { r = x }; "
        "d_step { x = r + thing; r = 0; thing = 0 }; d_step { key = 0 };\n"
    )
    expert = (
        f"{head}proctype S() {{\n{'  s!1;' * things}\n  skip }}\n"
        f"proctype R() {{ byte thing, r;\n{take * things}  fin++ }}\n{check}{runs}"
    )
    return Model(f"{pairs} senders, {pairs} receivers, {things} things each", system, straight, expert)


def relay(things: int, room: int) -> Model:
    """One sends, one passes on, one delivers: two chutes with one at either end, as SPIN can be told."""
    system = a_system(
        {
            "a": f"def a(s):\n    for n in range({things}):\n        s.put(n)\n",
            "b": f"def b(s, u):\n    for n in range({things}):\n        u.put(s.get())\n",
            "c": f"def c(u):\n    for n in range({things}):\n        deliver(u.get())\n",
        },
        {"s": SimpleQueue(capacity=room), "u": SimpleQueue(capacity=room)},
        {"a": {"s": "s"}, "b": {"s": "s", "u": "u"}, "c": {"u": "u"}},
        win=[Bag(tuple(range(things)))],
    )
    head = f"chan s = [{room}] of {{ byte }}; chan u = [{room}] of {{ byte }};\n"
    runs = _init(["A()", "B()", "C()"])

    def loop(step: str) -> str:
        return f"  do\n  :: n < {things} -> {step} n++\n  :: else -> break\n  od }}\n"

    straight = (
        f"{head}proctype A() {{ byte n;\n{loop('s!n;')}"
        f"proctype B() {{ byte n, t;\n{loop('s?t; u!t;')}"
        f"proctype C() {{ byte n, t;\n{loop('u?t; assert(t == n);')}{runs}"
    )
    sends = " ".join(f"s!{n};" for n in range(things))
    passes = "s?t; d_step { u!t; t = 0 }; " * things
    takes = " ".join(f"d_step {{ u?t; assert(t == {n}); t = 0 }};" for n in range(things))
    expert = (
        f"{head}proctype A() {{ xs s; {sends} skip }}\nproctype B() {{ byte t; xr s; xs u; {passes} skip }}\n"
        f"proctype C() {{ byte t; xr u; {takes} skip }}\n{runs}"
    )
    return Model(f"a relay of {things} things", system, straight, expert)


def _init(runs: Sequence[str]) -> str:
    return "init { atomic { " + "; ".join(f"run {run}" for run in runs) + " } }\n"


MODELS = (
    locked(3, 3),
    locked(4, 3),
    locked(5, 2),
    philosophers(5, 2),
    philosophers(6, 2),
    market(2, 3, 3),
    market(2, 5, 3),
    relay(6, 3),
)


def spin_stores(promela: str, options: Sequence[str] = (), flags: Sequence[str] = ()) -> int:
    """States that SPIN stores with its default reduction, looking for bad endings and broken assertions."""
    with tempfile.TemporaryDirectory(prefix="spin-") as folder:
        Path(folder, "m.pml").write_text(promela)
        for command in (
            ["spin", "-a", "m.pml"],
            ["gcc", "-O2", "-w", "-DSAFETY", "-DMEMLIM=8000", *flags, "-o", "pan", "pan.c"],
        ):
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        command = [f"{folder}/pan", "-n", "-m1000000", "-w22", *options]
        said = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    assert re.findall(r"errors: (\d+)", said) == ["0"], said
    return int(re.findall(r"(\d+) states, stored", said)[0])


def main() -> int:
    if not installed():
        print("this comparison needs spin and gcc (Debian: apt install spin gcc)")
        return 2
    print(
        f"{'office':40}{'all':>11}{'ours':>8}{'SPIN straight':>15}{'ratio':>9}{'SPIN expert':>13}{'ratio':>8}"
    )
    ratios: list[float] = []
    experts: list[float] = []
    for model in MODELS:
        whole, best = WHOLE.run(model.system).states, fewest(model.system)
        straight, expert = spin_stores(model.straight), spin_stores(model.expert)
        ratios.append(straight / best)
        experts.append(expert / best)
        print(
            f"{model.name:40}{whole:11,}{best:8,}{straight:15,}{ratios[-1]:9,.0f}"
            f"{expert:13,}{experts[-1]:8,.1f}",
            flush=True,
        )
    tell("states_stored", 1 / statistics.geometric_mean(ratios))
    tell("states_stored_most", 1 / min(ratios))
    _sum_up(ratios, experts)
    print(f"\n{'shipped level':40}{'all':>11}{'ours':>8}{'SPIN on our export':>41}{'ratio':>8}")
    for name, system in shipped():
        whole, best = WHOLE.run(system).states, fewest(system)
        spin = spin_stores(promela_of(system), ["-E"], ["-DVECTORSZ=16384"])
        print(f"{name:40}{whole:11,}{best:8,}{spin:41,}{spin / best:8,.1f}", flush=True)
    return 0


def shipped() -> Iterator[tuple[str, System]]:
    for level, name, answer in shipped_answers():
        if name == "reference" and level.mode != "wind":
            system = build(level, answer)
            if any(kind.name in ("lock", "queue", "value") for _, kind in system.channels):
                yield f"{level.id} {level.title}", system


def fewest(system: System) -> int:
    """The worlds stored by the search that stores fewest."""
    return min(search.run(system).states for search in searches())


def _sum_up(ratios: Sequence[float], experts: Sequence[float]) -> None:
    reached = sum(ratio >= 100 for ratio in ratios)
    print(
        f"at most a hundredth of SPIN's straight model: {reached} of {len(ratios)}; geometric mean "
        f"{statistics.geometric_mean(ratios):,.0f} times fewer, of the expert's "
        f"{statistics.geometric_mean(experts):,.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
