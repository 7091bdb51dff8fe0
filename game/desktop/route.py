"""Where a post round leads: the places of a pack's chapters along the coast, and the stops between them.

Lengths along the coast are those of the design; how far down the meadow a stop lies is a part of its depth.
No pygame and no drawing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

STEP: Final = 150.0
"""From one stop to the next: two that lie at the same height leave each other room for their names."""
FIRST: Final = 112.0
LEAST: Final = 660.0
"""How wide a place is at least: its house and the sign beside it."""
HOUSE: Final = 205.0
HIGH, LOW = 0.19, 0.64
"""How far down the meadow the two rows of stops lie."""

Point = tuple[float, float]


class Site(NamedTuple):
    """The place of a chapter: from `left`, `wide` long; `first` is the number of its first stop."""

    left: float
    wide: float
    first: int
    levels: int

    @property
    def house(self) -> float:
        return self.left + HOUSE


class Route(NamedTuple):
    sites: tuple[Site, ...]
    stops: tuple[Point, ...]
    length: float

    def site_of(self, stop: int) -> int:
        """The number of the place a stop belongs to."""
        return next(
            number for number, site in enumerate(self.sites) if site.first <= stop < site.first + site.levels
        )

    def between(self, stop: int, count: int = 20) -> list[Point]:
        """The way from a stop to the next: level at both ends, so that the whole of it is smooth."""
        (ax, ay), (bx, by) = self.stops[stop], self.stops[stop + 1]
        steps = [number / count for number in range(count + 1)]
        return [(ax + (bx - ax) * t, ay + (by - ay) * (1 - math.cos(math.pi * t)) / 2) for t in steps]

    def beyond(self, count: int = 40) -> list[Point]:
        """Where the way will go on past the last stop; nothing where no places are still to open."""
        x, y = self.stops[-1] if self.stops else (0.0, HIGH)
        far = self.length - x
        if self.sites[-1].levels if self.sites else True:
            return []
        return [
            (x + far * t, y + (HIGH - y) * min(1.0, t * 8) + 0.05 * math.sin(t * far / 60) * min(1.0, t * 6))
            for t in (number / count for number in range(count + 1))
        ]

    def at(self, walked: float) -> Point:
        """Where one is who has walked this many stops."""
        if not self.stops:
            return 0.0, HIGH
        walked = min(len(self.stops) - 1.0, max(0.0, walked))
        stop = min(int(walked), len(self.stops) - 2)
        if stop < 0:
            return self.stops[0]
        (ax, ay), (bx, by) = self.stops[stop], self.stops[stop + 1]
        part = walked - stop
        return ax + (bx - ax) * part, ay + (by - ay) * (1 - math.cos(math.pi * part)) / 2


def lay_route(counts: Sequence[int]) -> Route:
    """The route past places with so many stops each."""
    sites: list[Site] = []
    stops: list[Point] = []
    left = 0.0
    for count in counts:
        wide = max(LEAST, FIRST + STEP * count)
        sites.append(Site(left, wide, len(stops), count))
        for number in range(count):
            stops.append((left + FIRST + STEP * number, LOW if number % 2 else HIGH))
        left += wide
    return Route(tuple(sites), tuple(stops), left)
