"""The figures that `draughty bench` holds against its targets: a benchmark tells each by its name.

By hand they go nowhere: what a benchmark prints says the same to people.
"""

from __future__ import annotations

import json
import os


def tell(name: str, value: float) -> None:
    """One measured figure; `game/cli/targets.py` knows the names and what is wanted of them."""
    path = os.environ.get("DRAUGHTY_FIGURES")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps([name, value]) + "\n")
