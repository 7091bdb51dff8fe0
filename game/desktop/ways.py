"""Ways with corners instead of curves, and the little bridges by which one way crosses another.

Pure geometry in lengths of the design, for the routes that `game.desktop.layout` finds.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

Point = tuple[float, float]
Name = TypeVar("Name", bound=Hashable)

STUB: Final = 12.0
"""How far a way goes straight on before its first corner."""
ROUND: Final = 9.0
HOP: Final = 5.5
MOST: Final = 40
"""With more ways than this, crossings are left as they are: bridges everywhere help nobody."""


class Square(NamedTuple):
    """A way of straight pieces with rounded corners; drawn and travelled as a `layout.Route` is."""

    corners: tuple[Point, ...]

    def points(self, count: int = 24) -> list[Point]:
        """The way as points; at least so many, whatever its corners need."""
        path = [self.corners[0]]
        for before, corner, after in zip(self.corners, self.corners[1:], self.corners[2:], strict=False):
            reach = min(ROUND, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
            one, other = _towards(corner, before, reach), _towards(corner, after, reach)
            for index in range(7):
                t = index / 6
                a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
                path.append((a * one[0] + b * corner[0] + c * other[0],
                             a * one[1] + b * corner[1] + c * other[1]))  # fmt: skip
        path.append(self.corners[-1])
        return path

    @property
    def length(self) -> float:
        return sum(math.dist(a, b) for a, b in pairwise(self.corners))


def squared(start: Point, leave: Point, arrive: Point, end: Point) -> Square:
    """The way in right angles that leaves and arrives as the curve with these handles does."""
    out, into = _axis(start, leave), _axis(end, arrive)
    one = start[0] + out[0] * STUB, start[1] + out[1] * STUB
    other = end[0] + into[0] * STUB, end[1] + into[1] * STUB
    if out[0] and into[0]:
        middle = (one[0] + other[0]) / 2
        if (middle - start[0]) * out[0] > 0 and (middle - end[0]) * into[0] > 0:
            return _square(start, (middle, start[1]), (middle, end[1]), end)
        level = (one[1] + other[1]) / 2
        return _square(start, one, (one[0], level), (other[0], level), other, end)
    if out[1] and into[1]:
        level = (one[1] + other[1]) / 2
        if (level - start[1]) * out[1] > 0 and (level - end[1]) * into[1] > 0:
            return _square(start, (start[0], level), (end[0], level), end)
        middle = (one[0] + other[0]) / 2
        return _square(start, one, (middle, one[1]), (middle, other[1]), other, end)
    corner = (end[0], start[1]) if out[0] else (start[0], end[1])
    onward = (corner[0] - start[0]) * out[0] + (corner[1] - start[1]) * out[1]
    inward = (corner[0] - end[0]) * into[0] + (corner[1] - end[1]) * into[1]
    if onward > 0 and inward > 0:
        return _square(start, corner, end)
    turn = (one[0], other[1]) if out[0] else (other[0], one[1])
    return _square(start, one, turn, other, end)


def _axis(start: Point, handle: Point) -> Point:
    dx, dy = handle[0] - start[0], handle[1] - start[1]
    if abs(dx) >= abs(dy):
        return (1.0 if dx >= 0 else -1.0), 0.0
    return 0.0, (1.0 if dy >= 0 else -1.0)


def _square(*corners: Point) -> Square:
    kept = [corners[0]]
    for corner in corners[1:]:
        if math.dist(kept[-1], corner) > 0.01:
            kept.append(corner)
    # A corner right beside the end is the end.
    return Square((*(kept[:-1] if len(kept) > 1 else kept), corners[-1]))


def _towards(start: Point, end: Point, reach: float) -> Point:
    span = math.dist(start, end) or 1.0
    return start[0] + (end[0] - start[0]) * reach / span, start[1] + (end[1] - start[1]) * reach / span


def bridged(paths: Mapping[Name, Sequence[Point]]) -> dict[Name, list[Point]]:
    """The same paths, each with a small arch where it crosses one before it."""
    done = {name: list(path) for name, path in paths.items()}
    if len(done) > MOST:
        return done
    names = list(done)
    bounds = {name: _bounds(path) for name, path in done.items()}
    for number, name in enumerate(names):
        at: list[float] = []
        for other in names[:number]:
            if _apart(bounds[name], bounds[other]):
                continue
            at += _crossings(paths[name], paths[other])
        if at:
            done[name] = _arched(list(paths[name]), sorted(at))
    return done


def _bounds(path: Sequence[Point]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in path], [y for _, y in path]
    return min(xs), min(ys), max(xs), max(ys)


def _apart(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def _crossings(path: Sequence[Point], other: Sequence[Point]) -> list[float]:
    """How far along `path` it is crossed by `other`; not near the ends, where ways to one place meet."""
    found: list[float] = []
    done = 0.0
    whole = sum(math.dist(a, b) for a, b in pairwise(path))
    for a, b in pairwise(path):
        long = math.dist(a, b)
        low_x, high_x = (a[0], b[0]) if a[0] < b[0] else (b[0], a[0])
        low_y, high_y = (a[1], b[1]) if a[1] < b[1] else (b[1], a[1])
        for c, d in pairwise(other):
            if (c[0] < low_x and d[0] < low_x) or (c[0] > high_x and d[0] > high_x):
                continue
            if (c[1] < low_y and d[1] < low_y) or (c[1] > high_y and d[1] > high_y):
                continue
            part = _meet(a, b, c, d)
            if part is not None:
                here = done + part * long
                if 2.5 * HOP < here < whole - 2.5 * HOP and (not found or here - found[-1] > 1):
                    found.append(here)
        done += long
    return found


def _meet(a: Point, b: Point, c: Point, d: Point) -> float | None:
    """How far along a to b, from 0 to 1, c to d crosses it; None when it does not, or hardly at an angle."""
    rx, ry, sx, sy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    cross = rx * sy - ry * sx
    if abs(cross) < 0.42 * math.hypot(rx, ry) * math.hypot(sx, sy):
        return None
    t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross
    u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross
    return t if 0 <= t < 1 and 0 <= u < 1 else None


def _arched(path: list[Point], at: Sequence[float]) -> list[Point]:
    """The path with half circles over these lengths of it."""
    spots: list[float] = []
    for one in at:
        if not spots or one - spots[-1] > 2 * HOP:
            spots.append(one)
    made: list[Point] = []
    done, next_spot = 0.0, 0
    for a, b in pairwise(path):
        long = math.dist(a, b)
        if not any(abs(done - spot) < HOP for spot in spots):
            made.append(a)
        while next_spot < len(spots) and spots[next_spot] < done + long:
            part = (spots[next_spot] - done) / (long or 1.0)
            centre = a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part
            dx, dy = (b[0] - a[0]) / (long or 1.0), (b[1] - a[1]) / (long or 1.0)
            nx, ny = (dy, -dx) if -dx < 0 or (dx == 0 and dy < 0) else (-dy, dx)
            for index in range(9):
                turn = math.pi * index / 8
                along, up = -math.cos(turn) * HOP, math.sin(turn) * HOP
                made.append((centre[0] + dx * along + nx * up, centre[1] + dy * along + ny * up))
            next_spot += 1
        done += long
    made.append(path[-1])
    return made
