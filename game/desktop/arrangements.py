"""How players have arranged their boards, kept between games in a file that may be lost without harm."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from game.files import write_whole

FILE: Final = "boards.json"

Place = tuple[float, float]


@dataclass(frozen=True)
class Arrangement:
    """One board as its player likes it.

    places   where the middle of a thing was put, as shares of the board's width and height, by
             ("clerk", name) or ("channel", name); what is not in it stands where the layout puts it
    square   ways go in right angles
    """

    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    square: bool = False

    def put(self, key: tuple[str, str], place: Place) -> Arrangement:
        """With a thing at another place."""
        return Arrangement({**self.places, key: place}, self.square)

    def without(self, key: tuple[str, str]) -> Arrangement:
        """With a thing back where the layout puts it."""
        return Arrangement({one: place for one, place in self.places.items() if one != key}, self.square)


PLAIN: Final = Arrangement()
"""As the layout has it."""


def read_arrangements(folder: Path) -> dict[str, Arrangement]:
    """All that are kept, by the level's key. What is missing or damaged is as if nobody had moved it."""
    try:
        plain = json.loads((folder / FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(plain, dict):
        return {}
    return {key: _arrangement(one) for key, one in plain.items() if isinstance(one, dict)}


def _arrangement(plain: dict[str, Any]) -> Arrangement:
    places: dict[tuple[str, str], Place] = {}
    found = plain.get("places")
    for name, place in found.items() if isinstance(found, dict) else ():
        kind, slash, thing = name.partition("/")
        if slash and isinstance(place, list) and len(place) == 2 and all(map(_share, place)):
            places[kind, thing] = float(place[0]), float(place[1])
    return Arrangement(places, plain.get("square") is True)


def _share(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return number and 0 <= value <= 1


def keep_arrangements(folder: Path, arrangements: Mapping[str, Arrangement]) -> None:
    """Write them; a disk that will not take them is no reason to stop playing."""
    plain = {
        key: {
            "places": {"/".join(thing): [round(x, 4), round(y, 4)] for thing, (x, y) in one.places.items()},
            "square": one.square,
        }
        for key, one in sorted(arrangements.items())
        if one != PLAIN
    }
    with contextlib.suppress(OSError):
        write_whole(folder / FILE, json.dumps(plain, indent=1) + "\n")
