"""A verdict on every answer of every shipped level, ours beside SPIN's own tool chain on our export.

    python benchmarks/verdicts_against_spin.py [REPEATS]

Ours: from the level in memory to the verdict in every case, with its failing wind and its stars
(`check_answer`). SPIN's, for one case after the other up to the first that fails: `spin -a`, the C compiler
without optimisation, which is its fastest way to a first verdict, and `pan` with its default reduction,
stopping at the first error; writing the export is not counted. What `pan` finds must be what we find. Needs
spin and gcc.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "tests")]

from figures import tell  # noqa: E402
from oracle.golden import shipped_answers  # noqa: E402
from oracle.spin import installed  # noqa: E402

from game.attempt import check_answer, every_case  # noqa: E402
from game.export.promela import promela_of  # noqa: E402
from game.level.model import Answer, Level  # noqa: E402

FLAGS = ("-w", "-DSAFETY", "-DVECTORSZ=16384")
TIMES_FASTER, P95_MS = 5, 50
"""What we want to reach: on every answer so many times faster than SPIN, and 95 of 100 within so many ms."""


def seconds(what: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        what()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def spin_says_wrong(folders: Sequence[Path]) -> bool:
    """SPIN's whole way from models to whether some ending of one is bad."""
    return any(_spin_says_wrong(folder) for folder in folders)


def _spin_says_wrong(folder: Path) -> bool:
    for command in (["spin", "-a", "model.pml"], ["gcc", *FLAGS, "-o", "pan", "pan.c"]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    command = ["./pan", "-n", "-E", "-m1000000"]
    said = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"errors: (\d+)", said)[0]) > 0


def measure(level: Level, answer: Answer, repeats: int) -> tuple[float, float, str]:
    """Our seconds, SPIN's seconds, our word."""
    verdict = check_answer(level, answer).verdict
    ours = seconds(lambda: check_answer(level, answer), repeats)
    with tempfile.TemporaryDirectory(prefix="spin-") as name:
        folders = []
        for number, system in enumerate(every_case(level, answer)):
            folders.append(Path(name, str(number)))
            folders[-1].mkdir()
            (folders[-1] / "model.pml").write_text(promela_of(system), encoding="ascii")
        wrong = spin_says_wrong(folders)
        spins = seconds(lambda: spin_says_wrong(folders), max(1, repeats // 3))
    assert wrong == (verdict.bad_terminals > 0), (level.id, wrong, verdict.word)
    return ours, spins, verdict.word


def main(repeats: int) -> int:
    if not installed():
        print("this comparison needs spin and gcc (Debian: apt install spin gcc)")
        return 2
    print(f"{'answer':52}{'verdict':>10}{'ours ms':>9}{'SPIN ms':>9}{'times':>7}")
    times, factors = [], []
    for level, answer_name, answer in shipped_answers():
        if level.mode == "wind":  # judged along the player's own wind
            continue
        name = f"{level.id} {answer_name}"
        ours, spins, word = measure(level, answer, repeats)
        times.append(1000 * ours)
        factors.append(spins / ours)
        print(f"{name:52}{word:>10}{1000 * ours:9.2f}{1000 * spins:9.0f}{spins / ours:7.0f}", flush=True)
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    print(
        f"{len(times)} answers; ours: median {statistics.median(times):.2f} ms, p95 {p95:.1f} ms, "
        f"slowest {max(times):.1f} ms; times faster than SPIN: least {min(factors):.0f}, "
        f"median {statistics.median(factors):.0f}"
    )
    tell("verdict_chain", min(factors))
    reached = min(factors) >= TIMES_FASTER and p95 <= P95_MS
    aim = f"at least {TIMES_FASTER} times faster on each, p95 within {P95_MS} ms"
    print(f"{aim}: {'reached' if reached else 'MISSED'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
