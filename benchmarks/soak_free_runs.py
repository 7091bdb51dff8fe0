"""Thousands of free runs on real processes: every outcome must be one the checker knows.

    python benchmarks/soak_free_runs.py [SYSTEMS] [RUNS] [offices|benches|cats|families]...

Exits with 1 when a run did what the model does not allow.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "tests")]

from real_against_model import MAKERS, compare_many  # noqa: E402


def main(systems: int, runs: int, makers: list[str]) -> int:
    began = time.monotonic()
    made = met = allowed = compared = 0
    wrong: list[str] = []
    for maker in makers:
        for one in compare_many(range(1000, 1000 + systems), runs, maker):
            compared += 1
            made += one.runs
            met += one.met
            allowed += one.allowed
            wrong += one.wrong
            for line in one.wrong:
                print(f"{maker}: {line}", flush=True)
    print(f"{compared} systems, {made} free runs in {time.monotonic() - began:.0f} s")
    print(f"outcomes met {met} of {allowed} the checker knows; not allowed: {len(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    makers = [word for word in sys.argv[1:] if not word.isdigit()]
    systems, runs = numbers + [400, 6][len(numbers) :]
    sys.exit(main(systems, runs, makers or list(MAKERS)))
