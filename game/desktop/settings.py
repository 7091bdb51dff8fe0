"""How a player likes the window: kept between games in a small file that may be lost without harm."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from game.files import write_whole

FILE: Final = "settings.json"

SPEEDS: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
SCALES: Final = (0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5)
TEXT_SCALES: Final = (0.85, 1.0, 1.15, 1.3)
PALETTES: Final = ("paper", "contrast", "safe")


@dataclass(frozen=True)
class Settings:
    """What a player chose.

    scale            how large everything is; 0 lets the window's size decide
    text_scale       how much larger than that letters are
    speed            how fast a wind is played
    reduced_motion   things arrive instead of travelling, and nothing sways
    language         the code of a language there is a catalogue for; "" lets the system decide
    palette          one of PALETTES
    volume           0 to 1; `muted` keeps it for when sounds are wanted again
    captions         sounds are said in words as well
    guided           the levels whose callouts were read or sent away, by what their progress is kept under
    keys             the keys of actions that were given others, by the action's name
    """

    scale: float = 0.0
    text_scale: float = 1.0
    speed: float = 1.0
    reduced_motion: bool = False
    full_screen: bool = False
    language: str = ""
    palette: str = PALETTES[0]
    volume: float = 0.6
    muted: bool = False
    captions: bool = False
    guided: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)


def read_settings(folder: Path) -> Settings:
    """The settings kept in a folder. What is missing or damaged is as if it had never been chosen."""
    try:
        plain = json.loads((folder / FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return Settings()
    if not isinstance(plain, dict):
        return Settings()
    default = Settings()
    read = {one.name: _like(plain.get(one.name), getattr(default, one.name)) for one in fields(Settings)}
    settings = Settings(**read)
    return replace(
        settings,
        scale=settings.scale and min(SCALES[-1], max(SCALES[0], settings.scale)),
        text_scale=_nearest(TEXT_SCALES, settings.text_scale),
        speed=_nearest(SPEEDS, settings.speed),
        palette=settings.palette if settings.palette in PALETTES else PALETTES[0],
        volume=min(1.0, max(0.0, settings.volume)),
    )


def _like(found: Any, default: Any) -> Any:
    """What was found, if it is of the default's type; else the default."""
    if isinstance(default, bool):
        return found if isinstance(found, bool) else default
    if isinstance(default, float):
        is_number = isinstance(found, (int, float)) and not isinstance(found, bool) and math.isfinite(found)
        return float(found) if is_number else default
    if isinstance(default, Mapping):
        plain = found if isinstance(found, dict) else {}
        return {name: keys for name, keys in plain.items() if isinstance(keys, str)}
    return found if isinstance(found, type(default)) else default


def _nearest(row: tuple[float, ...], wanted: float) -> float:
    return min(row, key=lambda one: abs(one - wanted))


def keep_settings(folder: Path, settings: Settings) -> None:
    """Write the settings; a disk that will not take them is no reason to stop playing."""
    with contextlib.suppress(OSError):
        write_whole(folder / FILE, json.dumps(asdict(settings), indent=1) + "\n")


def next_of(row: tuple[float, ...], now: float, step: int) -> float:
    """The value one step up or down a row from the one nearest to `now`."""
    here = min(range(len(row)), key=lambda at: abs(row[at] - now))
    return row[min(len(row) - 1, max(0, here + step))]
