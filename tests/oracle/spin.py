"""SPIN as a judge: what it counts in an exported model."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from game.checker.diagnose import fault_at_the_end
from game.checker.space import Space, explore
from game.world import System


class Counts(NamedTuple):
    """What both judges count: worlds, steps between them, worlds where nothing moves, bad ones of these."""

    states: int
    transitions: int
    terminals: int
    bad: int


class NoCount(Exception):
    """SPIN could not judge the model: what it or the compiler said, or which bound was left."""


def installed() -> bool:
    return bool(shutil.which("spin") and shutil.which("gcc"))


def ours(system: System, most: int = 1_000_000) -> Counts | None:
    """What our own search counts; None when there are more than `most` worlds."""
    space = Space(system)
    graph = explore(space, most, lambda _: "")
    if not graph.whole:
        return None
    bad = sum(fault_at_the_end(system, space.unpack(packed)) is not None for packed in graph.terminals)
    return Counts(len(graph.worlds), graph.transitions, len(graph.terminals), bad)


def spins(model: str, depth: int = 1_000_000, hash_bits: int = 20) -> Counts:
    """What SPIN counts. Raises NoCount."""
    with tempfile.TemporaryDirectory(prefix="spin-") as name:
        folder = Path(name)
        (folder / "model.pml").write_text(model, encoding="ascii")
        _run(folder, "spin", "-o1", "-o2", "-o3", "-a", "model.pml")
        flags = ["-O0", "-w", "-DSAFETY", "-DNOREDUCE", "-DVECTORSZ=16384"]
        _run(folder, "gcc", *flags, "-o", "pan", "pan.c")
        pan = ["./pan", "-n", "-c0", f"-m{depth}", f"-w{hash_bits}"]
        goals, ends = _run(folder, *pan, "-E"), _run(folder, *pan, "-A")
    complaints = set(re.findall(r"pan:\d+: (.*?) \(at depth", goals))
    if strange := complaints - {"assertion violated good"}:
        raise NoCount("; ".join(sorted(strange)))
    for printed in (goals, ends):
        if "max search depth too small" in printed or "Search not completed" in printed:
            raise NoCount("the search was not completed")
    stored, transitions, bad = _numbers(goals)
    terminals = _numbers(ends)[2]
    return Counts(stored - 2 * terminals, transitions - 2 * terminals - 1, terminals, bad)


def _numbers(printed: str) -> tuple[int, int, int]:
    found = [
        re.search(pattern, printed)
        for pattern in (r"(\d+) states, stored", r"(\d+) transitions", r"errors: (\d+)")
    ]
    if not all(found):
        raise NoCount(f"pan said\n{printed}")
    return tuple(int(one[1]) for one in found if one)  # type: ignore[return-value]


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode or "rror:" in done.stdout + done.stderr:
        raise NoCount(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout
