"""What a board shows and where: a Film's frames, where their tokens lie on a Plan, which way things travel.

Pure: facts and geometry, no drawing.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final, NamedTuple

from game.desktop.layout import FAR, NEAR, USE, Box, Link, Plan, Point, Route, end_height
from game.desktop.ways import Square, bridged, squared
from game.goals import say
from game.request import Value
from game.story import Film, Flight, Frame, Spot, Token, Tokens

MOUTH: Final = 58.0
"""How high a tube's mouthpiece is, at factor 1; it is 0.62 as deep."""
_SIGN: Final = (118.0, 74.0)
"""Room for the sign at the counter's left end: its natural width, and the least at which it can be read."""
SMALLEST: Final = 0.74
"""Tokens keep this factor on boards smaller still: a value one cannot read is none."""


@dataclass(frozen=True)
class Reel:
    """What a board shows apart from places: the frames, and what is known about the cast.

    pids     the real process number of each clerk, where real processes ran
    classes  the real Python class of each channel
    locks    the boards whose key somebody may take
    """

    frames: Sequence[Frame]
    pids: Mapping[str, int] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    locks: frozenset[str] = frozenset()


def reel_of(film: Film) -> Reel:
    """A film's frames, its clerks' real numbers, and what its channels are in Python."""
    classes = {}
    for name, kind in film.system.channels:
        faces = kind.open_faces()
        face = faces.get("") or next(iter(faces.values()), None)
        classes[name] = face.python if face else ""
    locks = frozenset(
        channel
        for able in film.system.abilities.values()
        for channel, operation in able
        if operation.startswith("lock.")
    )
    return Reel(film.frames, film.trace.pids, classes, locks)


def sign_room(factor: float) -> float:
    """How much of the counter's left end its sign takes."""
    return max(_SIGN[0] * factor, _SIGN[1])


CROWD: Final = 250
"""Tokens in a row from which on only those are given a place that are shown."""


RECENT: Final = 6
"""Of how many moments it is remembered where tokens lie."""
MOST_ROWS: Final = 300
"""Of how many rows of tokens."""


class Stay(NamedTuple):
    """Where a token lies in a frame: its middle, its size, and whether it can be told from its neighbours."""

    at: Point
    size: tuple[float, float]
    shown: bool = True


@dataclass(frozen=True, eq=False)
class Row:
    """A row of tokens, the next to leave first, in their places. `shown` are those that can be told apart,
    the next to leave last, as they are drawn, and `extent` is the room these take; in a `heap` there are
    others."""

    tokens: Sequence[Token]
    stays: Mapping[int, Stay]
    shown: tuple[tuple[Token, Stay], ...]
    heap: bool
    extent: Box


class _Laid(NamedTuple):
    """One frame's tokens in their places."""

    frame: Frame
    stays: Mapping[int, Stay]
    rows: tuple[Row, ...]


class Way:
    """A path to travel. `porter` is the clerk whose porter walks it, or ""."""

    def __init__(self, points: Sequence[Point], porter: str = "") -> None:
        self.points = tuple(points)
        self.porter = porter
        self._lengths = [0.0]
        for a, b in pairwise(self.points):
            self._lengths.append(self._lengths[-1] + math.dist(a, b))

    @property
    def length(self) -> float:
        return self._lengths[-1]

    def at(self, share: float) -> Point:
        """The point this share (0 to 1) of its length along."""
        want = share * self._lengths[-1]
        index = min(max(bisect_right(self._lengths, want) - 1, 0), len(self.points) - 2)
        span = self._lengths[index + 1] - self._lengths[index]
        part = (want - self._lengths[index]) / span if span else 0.0
        (ax, ay), (bx, by) = self.points[index], self.points[index + 1]
        return ax + (bx - ax) * part, ay + (by - ay) * part


def around(points: Sequence[Point]) -> Box:
    """The smallest box that holds all of these points; an empty one where there are none."""
    xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _rows_of(frame: Frame) -> Sequence[Sequence[Token]]:
    """The tokens of a frame, row by row, each with its next to leave first."""
    if isinstance(frame.tokens, Tokens):
        return frame.tokens.rows
    rows: dict[tuple[str, str, str], list[Token]] = {}
    for token in frame.tokens:
        rows.setdefault(token.spot[:3], []).append(token)
    return [sorted(row, key=lambda token: token.spot.slot) for row in rows.values()]


def words_on(value: Value) -> str:
    """A value as it is written on its token."""
    return value if isinstance(value, str) else say(value)


def writer_of(frame: Frame, spot: Spot) -> str | None:
    """Who may still change a token that lies open in an out-tray, "" where its clerk has done with writing;
    None where it is sealed, or lies elsewhere."""
    if spot.where != "tray":
        return None
    wet = frame.pictures[spot.name].wet
    if not wet or spot.slot not in dict(wet).get(spot.clerk, ()):
        return None
    return spot.clerk if frame.clerks[spot.clerk].life.partition("+")[0] == "up" else ""


def token_size(value: Value, factor: float) -> tuple[float, float]:
    """How large a token is drawn: wider for longer texts, up to a bound."""
    return _size_of(words_on(value), max(factor, SMALLEST))


@lru_cache(2_000)
def _size_of(words: str, f: float) -> tuple[float, float]:
    # Letters do not shrink below what can be read: a short value is wide enough for all of its own.
    least = min(10 + 6.7 * len(words), 78.0)
    return max(least, min(max(34.0, 15 + 7.2 * len(words)), 92.0) * f), 25.0 * f


def card_box(box: Box, factor: float, count: int, slot: int) -> Box:
    """One index card in a row of them; in two rows or more when they are many."""
    inner = Box(box.x + 8 * factor, box.y + 22 * factor, box.w - 16 * factor, box.h - 30 * factor)
    rows = 1 if count <= 8 else 2 if count <= 20 else 3
    across = math.ceil(count / rows)
    gap = min(6 * factor, inner.w / across * 0.12)
    w = (inner.w - gap * (across - 1)) / across
    h = (inner.h - gap * (rows - 1)) / rows
    row, at = divmod(min(slot, count - 1), across)
    return Box(inner.x + at * (w + gap), inner.y + row * (h + gap), w, h)


def tube_path(box: Box, factor: float, where: str, two_way: bool, count: int = 24) -> list[Point]:
    """A tube's middle line, left to right; a two-way tube has a bore for each way, one above the other."""
    shift = 0.0
    if two_way:
        shift = (-0.155 if where == "items" else 0.155) * box.h
    deep = MOUTH * 0.62 * factor * 0.8
    points = []
    for index in range(count + 1):
        share = index / count
        x = box.x + deep + (box.w - 2 * deep) * share
        points.append((x, box.y + box.h * 0.5 + shift - box.h * 0.05 * math.sin(math.pi * share)))
    return points


class Staging:
    """The places of everything on one plan; with `square`, ways go in right angles. `paths` has each way as
    it is drawn, with bridges where it crosses others."""

    def __init__(self, plan: Plan, shapes: Mapping[str, str], *, square: bool = False) -> None:
        self.plan = plan
        self.shapes = shapes
        self.tracks: Mapping[Link, Route | Square] = (
            {link: squared(*route) for link, route in plan.routes.items()} if square else plan.routes
        )
        self.paths = bridged({link: track.points(26) for link, track in self.tracks.items()})
        self.extents = {link: around(path) for link, path in self.paths.items()}
        self._ways: dict[tuple[int, Flight], Way] = {}
        self._stays: dict[int, _Laid] = {}
        self._rows: dict[int, Row] = {}
        self._shifts: tuple[tuple[int, int], tuple[tuple[Token, Stay, Stay], ...]] | None = None

    def lane(self, channel: str, where: str, two_way: bool = False) -> Way:
        """The way through a channel from where tokens enter to where they leave; `where` is "items", or
        "back" for the other bore of a tube."""
        box, f = self.plan.channels[channel], self.plan.factor
        facing = self.plan.facing.get(channel, 1)
        shape = self.shapes.get(channel, "box")
        inset = 4 * f
        if shape == "belt":
            y = box.y + box.h * end_height("belt", NEAR) - 13 * max(f, SMALLEST)
            points = [(box.x + inset, y), (box.right - inset, y)]
        elif shape == "chute":
            ends = [box.y + box.h * end_height("chute", port) - 12 * max(f, SMALLEST) for port in (NEAR, FAR)]
            if facing < 0:
                ends.reverse()
            points = [(box.x + inset, ends[0]), (box.right - inset, ends[1])]
        elif shape == "tube":
            points = tube_path(box, f, where, two_way)
        else:
            y = box.bottom - 20 * max(f, SMALLEST)
            points = [(box.x + 2 * inset, y), (box.right - 2 * inset, y)]
        if (facing > 0) == (where == "back"):
            points.reverse()
        return Way(points)

    def stays(self, frame: Frame) -> Mapping[int, Stay]:
        """Where each token of a frame lies, by its number."""
        key = id(frame)
        if key not in self._stays:
            self._stays[key] = self._lay(frame)
            if len(self._stays) > RECENT:
                del self._stays[next(iter(self._stays))]
        return self._stays[key].stays

    def rows(self, frame: Frame) -> Sequence[Row]:
        """The rows of tokens of a frame; those in which nothing moved are the same in the next."""
        self.stays(frame)
        return self._stays[id(frame)].rows

    def heaps(self, frame: Frame) -> Sequence[Sequence[Token]]:
        """The rows of which not every token can be shown, each with its next to leave first."""
        return [row.tokens for row in self.rows(frame) if row.heap]

    def shifts(self, frame: Frame, ahead: Frame) -> Sequence[tuple[Token, Stay, Stay]]:
        """The tokens that lie elsewhere in the next frame without having flown there, the first to leave
        last, as they are drawn."""
        key = (id(frame), id(ahead))
        if self._shifts is None or self._shifts[0] != key:
            there = self.stays(ahead)
            still = {id(row) for row in self.rows(ahead)}
            flying = {flight.token for flight in ahead.flights if flight.what == "token"}
            found = []
            for row in reversed(self.rows(frame)):
                if id(row) in still:
                    continue
                for token in reversed(row.tokens):
                    one, other = row.stays.get(token.number), there.get(token.number)
                    if one is None or other is None or one == other or token.number in flying:
                        continue
                    if one.shown or other.shown:
                        found.append((token, one, other))
            self._shifts = key, tuple(found)
        return self._shifts[1]

    def _lay(self, frame: Frame) -> _Laid:
        stays: dict[int, Stay] = {}
        rows: list[Row] = []
        for tokens in _rows_of(frame):
            # Moments share the rows in which nothing moved, and with a thousand tokens that is worth knowing.
            row = self._rows.get(id(tokens))
            if row is None:
                if len(self._rows) > MOST_ROWS:
                    here = chain(rows, *(laid.rows for laid in self._stays.values()))
                    self._rows = {id(one.tokens): one for one in here}
                row = self._rows[id(tokens)] = self._row(tokens, frame)
            rows.append(row)
            stays |= row.stays
        return _Laid(frame, stays, tuple(rows))

    def _row(self, tokens: Sequence[Token], frame: Frame) -> Row:
        stays = self._lay_row(tokens, frame)
        places = ((token, stays.get(token.number)) for token in reversed(tokens))
        shown = tuple((token, stay) for token, stay in places if stay is not None and stay.shown)
        corners = [
            (stay.at[0] + way * stay.size[0] / 2, stay.at[1] + way * stay.size[1] / 2)
            for _, stay in shown
            for way in (-1, 1)
        ]
        return Row(tokens, stays, shown, len(tokens) > 1 and len(shown) < len(tokens), around(corners))

    def _lay_row(self, row: Sequence[Token], frame: Frame) -> dict[int, Stay]:
        f, spot = self.plan.factor, row[0].spot
        if spot.where == "desk":
            counter = self.plan.counter
            if counter is None:
                return {}
            y = counter.y + counter.h * 0.42
            ends = ((counter.x + sign_room(f), y), (counter.right - 10 * f, y))
            return _along(row, Way(ends), f)
        if spot.where == "tray":
            tray = self.plan.trays.get((spot.clerk, spot.name)) or self.plan.cards.get(spot.clerk)
            if tray is None:
                return {}
            y = tray.y + tray.h * 0.46
            ends = ((tray.x + 3 * f, y), (tray.right - max(20 * f, 10), y))
            # On the tray, not on the card above it: here the tray says how large a token may be.
            return _along(row, Way(ends), f * 0.82, tray.h * 0.96)
        if spot.name not in self.plan.channels:
            return {}
        picture = frame.pictures[spot.name]
        two_way = bool(picture.mouths) and picture.mouths[0][0] == "a"
        way = self.lane(spot.name, spot.where, two_way)
        # The next to leave lies at the lane's end.
        return _along(row, Way(way.points[::-1]), f)

    def way(self, flight: Flight, frame: Frame, ahead: Frame) -> Way:
        """The path of a flight that leads from one frame to the next."""
        key = (id(ahead), flight)
        if key not in self._ways:
            if len(self._ways) > 600:
                self._ways.clear()
            self._ways[key] = self._find_way(flight, frame, ahead)
        return self._ways[key]

    def _find_way(self, flight: Flight, frame: Frame, ahead: Frame) -> Way:
        source, target = flight.source, flight.target
        start = self._point(source, flight, frame)
        end = self._point(target, flight, ahead)
        between: list[Point] = []
        porter = ""
        if target.where in ("items", "back"):
            clerk = source.clerk if source.where == "tray" else source.name
            porter = clerk if source.where == "tray" else ""
            between = self._route(clerk, target.name, self._end(target, leaving=False))
        elif source.where in ("items", "back") and target.where == "clerk":
            between = self._route(target.name, source.name, self._end(source, leaving=True))[::-1]
        elif source.where in ("board", "hook") and target.where == "clerk":
            between = self._route(target.name, source.name, USE)[::-1]
        elif target.where in ("board", "hook") and source.where == "clerk":
            between = self._route(source.name, target.name, USE)
        elif target.where == "desk":
            card = self.plan.cards.get(source.name)
            edge = (start[0], card.bottom) if card else start
            middle = (edge[1] + end[1]) / 2
            between = Route(edge, (edge[0], middle), (end[0], middle), end).points(16)
        else:
            # Into the own out-tray: down from the card's edge.
            card = self.plan.cards.get(source.name)
            start = (end[0], card.bottom - 6 * self.plan.factor) if card else start
        # Things come out of a card's edge and vanish at it, not in its middle.
        points = [start, *between, end]
        if between and source.where == "clerk":
            points = points[1:]
        if between and target.where == "clerk":
            points = points[:-1]
        return Way(points, porter)

    def _end(self, spot: Spot, leaving: bool) -> str:
        """The port by which a token enters or leaves the lane it is on."""
        forth = spot.where == "items"
        return FAR if forth == leaving else NEAR

    def _route(self, clerk: str, channel: str, port: str) -> list[Point]:
        track = self.tracks.get(Link(clerk, channel, port))
        return track.points(14) if track else []

    def _point(self, spot: Spot, flight: Flight, frame: Frame) -> Point:
        if spot.where == "clerk":
            card = self.plan.cards.get(spot.name)
            return card.center if card else self._middle()
        if spot.where in ("board", "hook"):
            box = self.plan.channels.get(spot.name)
            if box is None:
                return self._middle()
            cells = frame.pictures[spot.name].cells if spot.name in frame.pictures else ()
            return card_box(box, self.plan.factor, len(cells), spot.slot).center if cells else box.center
        stay = self.stays(frame).get(flight.token)
        return stay.at if stay else self._middle()

    def _middle(self) -> Point:
        return self.plan.size[0] / 2, self.plan.size[1] / 2


def _along(row: Sequence[Token], way: Way, factor: float, highest: float = math.inf) -> dict[int, Stay]:
    """Tokens along a way from its start: side by side, closer when there are many, and some not shown when
    there are more than one could tell apart. Of a crowd, those not shown have no place."""
    if len(row) > CROWD:
        return _crowded(row, way, factor, highest)
    sizes = [(wide, min(high, highest)) for wide, high in (token_size(token.value, factor) for token in row)]
    gap = 5 * factor
    room = max(way.length, 1.0)
    whole = sum(size[0] for size in sizes) + gap * (len(sizes) - 1)
    stays: dict[int, Stay] = {}
    if whole <= room or len(row) == 1:
        done = 0.0
        for token, size in zip(row, sizes, strict=True):
            stays[token.number] = Stay(way.at(min((done + size[0] / 2) / room, 1.0)), size)
            done += size[0] + gap
        return stays
    first, last = sizes[0][0] / 2, sizes[-1][0] / 2
    each = max(room - first - last, 1.0) / (len(row) - 1)
    skip = max(1, math.ceil(9 * factor / each))
    for index, (token, size) in enumerate(zip(row, sizes, strict=True)):
        shown = index % skip == 0 or index == len(row) - 1
        stays[token.number] = Stay(way.at((first + each * index) / room), size, shown)
    return stays


def _crowded(row: Sequence[Token], way: Way, factor: float, highest: float) -> dict[int, Stay]:
    """A crowd along a way: a few of them, as far apart as one can tell them, and always the first and the
    last. The others are not even looked at: thousands may have been handed over the counter."""
    room = max(way.length, 1.0)
    count = max(2, min(len(row), int(room / (9 * factor))))
    places = sorted({round(index * (len(row) - 1) / (count - 1)) for index in range(count)})
    stays: dict[int, Stay] = {}
    for place in places:
        wide, high = token_size(row[place].value, factor)
        at = wide / 2 + (room - wide) * place / (len(row) - 1)
        stays[row[place].number] = Stay(way.at(min(at / room, 1.0)), (wide, min(high, highest)))
    return stays
