"""The figures that `draughty bench` holds against its targets: a benchmark tells each by its name.

By hand they go nowhere: what a benchmark prints says the same to people.
"""

from __future__ import annotations

import compileall
import json
import os
from pathlib import Path

GAME = Path(__file__).resolve().parent.parent / "game"


def as_installed() -> None:
    """Compile the game's modules, as installing it does. In a checkout Python may be told to keep nothing it
    has compiled, and would do it anew with every start, which no player waits for."""
    compileall.compile_dir(GAME, quiet=2)


def tell(name: str, value: float) -> None:
    """One measured figure; `game/cli/targets.py` knows the names and what is wanted of them."""
    path = os.environ.get("DRAUGHTY_FIGURES")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps([name, value]) + "\n")
