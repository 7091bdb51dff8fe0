"""How a player likes the window: kept between games in a small file that may be lost without harm."""

from __future__ import annotations

import contextlib
import json
import math
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from game.files import write_whole

FILE: Final = "settings.json"

SPEEDS: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
SCALES: Final = (0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5)


@dataclass(frozen=True)
class Settings:
    """What a player chose.

    scale            how large everything is; 0 lets the window's size decide
    speed            how fast a wind is played
    reduced_motion   things arrive instead of travelling, and nothing sways
    """

    scale: float = 0.0
    speed: float = 1.0
    reduced_motion: bool = False
    full_screen: bool = False


def read_settings(folder: Path) -> Settings:
    """The settings kept in a folder. What is missing or damaged is as if it had never been chosen."""
    try:
        plain = json.loads((folder / FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return Settings()
    if not isinstance(plain, dict):
        return Settings()
    chosen: dict[str, Any] = {}
    for field in fields(Settings):
        found = plain.get(field.name)
        if isinstance(field.default, bool):
            if isinstance(found, bool):
                chosen[field.name] = found
        elif isinstance(found, (int, float)) and not isinstance(found, bool) and math.isfinite(found):
            chosen[field.name] = float(found)
    settings = Settings(**chosen)
    scale = settings.scale and min(SCALES[-1], max(SCALES[0], settings.scale))
    return replace(settings, scale=scale, speed=min(SPEEDS, key=lambda one: abs(one - settings.speed)))


def keep_settings(folder: Path, settings: Settings) -> None:
    """Write the settings; a disk that will not take them is no reason to stop playing."""
    with contextlib.suppress(OSError):
        write_whole(folder / FILE, json.dumps(asdict(settings), indent=1) + "\n")


def next_of(row: tuple[float, ...], now: float, step: int) -> float:
    """The value one step up or down a row from the one nearest to `now`."""
    here = min(range(len(row)), key=lambda at: abs(row[at] - now))
    return row[min(len(row) - 1, max(0, here + step))]
