"""Derive the kept counts anew with SPIN: `python tests/oracle/derive.py --jobs 2`.

Draws programs seed by seed and takes every answer of every shipped level, lets SPIN judge their export and
compares with our own counts; compares the endings that each of our searches finds, too. Writes `golden.json`
only when all agree on everything; else prints where they do not and fails. It takes a quarter of an hour.
With `--changed` it asks SPIN only about what is not kept with our very counts: that is for who has edited a
level or changed a rule on purpose.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from multiprocessing import get_context
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from oracle.golden import Kept, answers, mark_of, read_golden, worth_judging, write_golden  # noqa: E402
from oracle.programs import level_of, twins  # noqa: E402
from oracle.searches import strays  # noqa: E402
from oracle.spin import Counts, NoCount, installed, ours, spins  # noqa: E402

from game.export.promela import CannotExport, promela_of  # noqa: E402
from game.world import System, build  # noqa: E402

Judged = tuple[str, Kept | None, str]
"""What was judged, our counts, and who says otherwise ("": nobody)."""

TWINS = 3_000
"""Worlds an office may have in which everybody does the same."""


def judge(key: int | str, system: System, mine: Counts | None) -> Judged:
    name = f"seed {key}" if isinstance(key, int) else key
    if mine is None:
        return name, None, "SPIN was not asked: there is no end to it"
    kept = Kept(key, mark_of(system), mine)
    if found := strays(system):
        return name, kept, f"other endings are found by {' and '.join(found)}"
    try:
        counts = spins(promela_of(system))
    except (NoCount, CannotExport) as error:
        return name, kept, f"{type(error).__name__}: {error}"
    return name, kept, "" if counts == mine else f"SPIN counts {counts}"


def judge_seed(seed: int, kept: Kept | None = None) -> Judged | None:
    """`kept` is left at that when it is of this very program and has our counts."""
    found = worth_judging(seed)
    if found is None:
        return None
    if kept == Kept(seed, mark_of(found[0]), found[1]):
        return f"seed {seed}", kept, ""
    alike = twins(level_of(seed))
    system = build(alike, alike.starter)
    if ours(system, TWINS) is not None and (wrong := strays(system)):
        return f"twins of seed {seed}", None, f"other endings are found by {' and '.join(wrong)}"
    return judge(seed, *found)


def judge_answer(name: str, system: System, kept: Kept | None = None) -> Judged:
    mine = ours(system)
    if mine is not None and kept == Kept(name, mark_of(system), mine):
        return name, kept, ""
    return judge(name, system, mine)


class Book:
    """What was judged, in two columns: those on which both judges agree, and how many not."""

    def __init__(self) -> None:
        self.agreed: list[Kept] = []
        self.disagreed = 0

    @property
    def judged(self) -> int:
        return len(self.agreed) + self.disagreed

    def note(self, name: str, kept: Kept | None, told: str) -> None:
        if kept is not None and not told:
            self.agreed.append(kept)
            return
        self.disagreed += 1
        print(f"{name}: {told}; we count {kept and kept.counts}", flush=True)


def main(arguments: Iterable[str] | None = None) -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--jobs", type=int, default=2, help="programs judged at a time")
    words.add_argument("--programs", type=int, default=1200, help="how many drawn programs to keep")
    words.add_argument("--changed", action="store_true", help="leave what is kept and has not changed")
    words.add_argument("--look", action="store_true", help="only compare, write nothing")
    asked = words.parse_args(None if arguments is None else list(arguments))
    if not installed():
        print("this needs spin and gcc (Debian: apt install spin gcc)", file=sys.stderr)
        return 2
    began = time.monotonic()
    drawn, shipped = read_golden() if asked.changed else ([], {})
    known = {one.key: one for one in drawn}
    programs, levels = Book(), Book()
    with get_context("spawn").Pool(asked.jobs) as crew:
        judging = [
            crew.apply_async(judge_answer, (name, system, shipped.get(name))) for name, system in answers()
        ]
        for one in judging:
            levels.note(*one.get())
        seed = 0
        while programs.judged < asked.programs:
            wave = range(seed, seed + 64)
            for found in crew.starmap(judge_seed, [(one, known.get(one)) for one in wave]):
                if found and programs.judged < asked.programs:
                    programs.note(*found)
            seed += 64
    seconds = time.monotonic() - began
    disagreed = programs.disagreed + levels.disagreed
    print(
        f"{len(programs.agreed)} programs and {len(levels.agreed)} answers in {seconds:.0f} s, "
        f"{disagreed} disagreements"
    )
    print(
        f"the programs have {sum(one.counts.states for one in programs.agreed):,} worlds, "
        f"and {sum(one.counts.bad > 0 for one in programs.agreed)} of them can fail"
    )
    if disagreed:
        return 1
    if not asked.look:
        write_golden(programs.agreed, levels.agreed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
