"""How long a verdict takes: every answer of every shipped level, in process, the median of several.

    python benchmarks/verdicts.py [REPEATS]

The yardstick printed beside it is what the machine needs for a million additions in the same run, so
that figures from different machines can be compared.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from figures import tell

from game.attempt import check_answer
from game.level.reader import read_level
from game.places import shipped
from game.plugins import load_registry


def median_ms(what: Callable[[], object], repeats: int) -> float:
    what()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        what()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def million_additions() -> int:
    total = 0
    for number in range(1_000_000):
        total += number
    return total


def main(repeats: int) -> None:
    registry = load_registry(entry_points=False)
    yardstick = median_ms(million_additions, repeats)
    print(f"yardstick: a million additions {yardstick:.1f} ms")
    print(f"{'level':8}{'answer':40}{'states':>8}{'ms':>9}{'yardsticks':>12}")
    all_took = []
    for path in sorted(shipped("levels").rglob("*-*.yaml")):
        level = read_level(path, registry)
        for name in ("starter", "reference", *(f"wrong:{wrong.name}" for wrong in level.wrong)):
            answer = level.answer(name)
            assert answer is not None
            states = check_answer(level, answer).verdict.states
            took = median_ms(lambda level=level, answer=answer: check_answer(level, answer), repeats)  # type: ignore[misc]
            all_took.append(took)
            print(f"{level.id:8}{name:40}{states:8,}{took:9.2f}{took / yardstick:12.3f}")
    within = statistics.quantiles(all_took, n=20)[-1]
    tell("verdict_p95", within)
    print(f"95 of 100 within {within:.2f} ms, slowest: {max(all_took):.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
