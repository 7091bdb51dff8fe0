"""Where everything stands in the office: boxes for clerks and channels, and the ways between them.

Pure geometry in unscaled units, the same for the same cast and size. How things look is the board's.

Producers stand left of a channel and consumers right of it (layers by longest path, as Sugiyama, Tagawa and
Toda 1981 have it); what is merely shared hangs above the clerks; the counter runs along the foot.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from game.problems import ProblemsFound
from game.request import DESK

if TYPE_CHECKING:
    from game.world import System

FLOWS: Final = ("belt", "chute", "tube")
"""Shapes with two ends, through which tokens go from clerk to clerk. All others are shared things."""

Point = tuple[float, float]
NEAR, FAR, USE = "near", "far", "use"
"""The ports of a channel: tokens enter a belt at its near end and leave at its far end; a tube's near end is
`a` or `w`; a shared thing has one port."""


class Thing(NamedTuple):
    """A channel to place: its name, its picture's shape, and how many cells its cards have."""

    name: str
    shape: str
    cells: int = 0


class Link(NamedTuple):
    """A clerk uses a channel at one of its ports."""

    clerk: str
    channel: str
    port: str


@dataclass(frozen=True)
class Cast:
    """Everything that needs a place. `trays` are (clerk, channel) pairs: an out-tray on a clerk's desk.
    `notes` keeps room above each clerk for the number in its hand; `naps` is how often the cat may strike."""

    clerks: tuple[str, ...]
    things: tuple[Thing, ...] = ()
    links: tuple[Link, ...] = ()
    trays: tuple[tuple[str, str], ...] = ()
    notes: bool = False
    counter: bool = True
    naps: int = 0


class Box(NamedTuple):
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def center(self) -> Point:
        return self.x + self.w / 2, self.y + self.h / 2

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.right - 1e-6
            and other.x < self.right - 1e-6
            and self.y < other.bottom - 1e-6
            and other.y < self.bottom - 1e-6
        )

    def holds(self, other: Box) -> bool:
        return (
            other.x >= self.x - 1e-6
            and other.y >= self.y - 1e-6
            and other.right <= self.right + 1e-6
            and other.bottom <= self.bottom + 1e-6
        )

    def has(self, point: Point, slack: float = 0.0) -> bool:
        return (
            self.x - slack <= point[0] <= self.right + slack
            and self.y - slack <= point[1] <= self.bottom + slack
        )


class Route(NamedTuple):
    """A cubic Bézier curve from a clerk (or its tray) to a channel's port."""

    start: Point
    leave: Point
    arrive: Point
    end: Point

    def at(self, t: float) -> Point:
        """The point at t from 0 (the clerk) to 1 (the channel)."""
        u = 1 - t
        a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        return (
            a * self.start[0] + b * self.leave[0] + c * self.arrive[0] + d * self.end[0],
            a * self.start[1] + b * self.leave[1] + c * self.arrive[1] + d * self.end[1],
        )

    def points(self, count: int = 24) -> list[Point]:
        return [self.at(index / count) for index in range(count + 1)]

    @property
    def length(self) -> float:
        points = self.points(12)
        return sum(math.dist(a, b) for a, b in itertools.pairwise(points))


@dataclass(frozen=True)
class Plan:
    """A finished placement. `factor` is how large things are (1 is the size of the drawings); `clerks` are
    whole places (room for the note, card, trays), `cards` only the cards. `facing` is +1 where a flow's far
    end is at the right."""

    size: tuple[float, float]
    factor: float
    clerks: Mapping[str, Box]
    cards: Mapping[str, Box]
    trays: Mapping[tuple[str, str], Box]
    channels: Mapping[str, Box]
    facing: Mapping[str, int]
    routes: Mapping[Link, Route]
    counter: Box | None

    def boxes(self) -> list[Box]:
        """Every place that must stay clear of the others."""
        return [*self.clerks.values(), *self.channels.values(), *([self.counter] if self.counter else [])]


def cast_of(system: System) -> Cast:
    """Who and what a system needs on its board.

    Ports follow from what the scripts can do. Where nobody puts or gets yet (a starter), they follow from
    what the level's reference does, so that nobody changes places once it is written; where that says
    nothing either, the first holder of a belt is taken to put and the others to get.
    """
    pictures = {name: picture for name, _, picture in system.look(system.start).channels}
    things: list[Thing] = []
    links: list[Link] = []
    trays: list[tuple[str, str]] = []
    for (name, _), holders in zip(system.channels, system.holders, strict=True):
        if name == DESK:
            continue
        picture = pictures[name]
        things.append(Thing(name, picture.shape, len(picture.cells)))
        abilities = system.abilities
        if picture.shape in FLOWS and not any(
            name == used for able in abilities.values() for used, _ in able
        ):
            abilities = _abilities_meant(system)
        found = links_of(name, picture.shape, holders, abilities)
        links += found
        keepers = {clerk for clerk, _ in picture.trays}
        trays += [(link.clerk, name) for link in found if link.port == NEAR and link.clerk in keepers]
    delivers = any(("", "deliver") in program.touches for program in system.programs)
    counter = delivers or any(goal.name in ("log", "bag") for goal in system.level.win)
    notes = any(thing.shape in ("tally", "cards", "wall") for thing in things)
    naps = system.level.cat.naps if system.level.cat.may_nap_on else 0
    return Cast(system.clerks, tuple(things), tuple(links), tuple(trays), notes, counter, naps)


def _abilities_meant(system: System) -> Mapping[str, frozenset[tuple[str, str]]]:
    """What the scripts can do in the level's reference; as they are where there is none that can be read."""
    from game.world import build

    try:
        return build(system.level, system.level.reference).abilities
    except ProblemsFound:
        return system.abilities


def links_of(
    name: str,
    shape: str,
    holders: Iterable[tuple[str, str]],
    abilities: Mapping[str, frozenset[tuple[str, str]]],
) -> list[Link]:
    """The ways between a channel and who holds it (face, clerk). `abilities` has, for each clerk, what its
    script can do: (channel, operation)."""
    found: dict[Link, None] = {}
    silent: list[str] = []
    for face, clerk in holders:
        if shape not in FLOWS:
            found[Link(clerk, name, USE)] = None
        elif shape == "tube":
            found[Link(clerk, name, NEAR if face in ("a", "w") else FAR)] = None
        else:
            able = {word.rpartition(".")[2] for channel, word in abilities.get(clerk, ()) if channel == name}
            if "put" in able or "send" in able:
                found[Link(clerk, name, NEAR)] = None
            if "get" in able or "recv" in able:
                found[Link(clerk, name, FAR)] = None
            if not able & {"put", "send", "get", "recv"}:
                silent.append(clerk)
    ports = {link.port for link in found}
    for clerk in dict.fromkeys(silent):
        # Who holds a belt and does nothing with it stands where somebody is still missing.
        if NEAR not in ports:
            found[Link(clerk, name, NEAR)] = None
            ports.add(NEAR)
        elif FAR not in {link.port for link in found if link.clerk not in silent}:
            found[Link(clerk, name, FAR)] = None
    return list(found)


# -- sizes, at factor 1 --

_MARGIN: Final = 14.0
_CARD: Final = (162.0, 100.0)
_NOTE: Final = 16.0
_TRAY: Final = 36.0
_LEAST_TRAY: Final = 18.0
_SIZES: Final[Mapping[str, tuple[float, float]]] = {
    "belt": (176.0, 72.0),
    "chute": (160.0, 80.0),
    "tube": (200.0, 104.0),
    "tally": (176.0, 116.0),
    "key": (76.0, 100.0),
    "cards": (120.0, 96.0),
    "tags": (140.0, 104.0),
    "flag": (108.0, 116.0),
    "bench": (180.0, 108.0),
    "ferry": (176.0, 108.0),
    "wall": (120.0, 96.0),
    "box": (156.0, 84.0),
}
# Below these nothing can be read, whatever the factor.
_FLOORS: Final[Mapping[str, tuple[float, float]]] = {
    "clerk": (76.0, 44.0),
    "belt": (80.0, 48.0),
    "chute": (80.0, 52.0),
    "tube": (92.0, 60.0),
    "tally": (70.0, 54.0),
    "key": (48.0, 58.0),
    "cards": (76.0, 52.0),
    "tags": (76.0, 56.0),
    "flag": (64.0, 60.0),
    "bench": (84.0, 58.0),
    "ferry": (84.0, 58.0),
    "wall": (76.0, 52.0),
    "box": (76.0, 50.0),
}
_WIDEST: Final[Mapping[str, float]] = {"belt": 330.0, "chute": 240.0, "tube": 330.0}
_COUNTER: Final = 56.0
_COLUMN_GAP: Final = 34.0
_ROW_GAP: Final = 20.0
_HANG_GAP: Final = 40.0
_FACTORS: Final = (1.25, 1.12, 1.0, 0.92, 0.84, 0.76, 0.7, 0.64, 0.58, 0.52, 0.47, 0.43)
_FOLDED, _SPLIT = 0.72, 0.86
_TORN: Final = 0.8
"""In cells, things may be so much smaller to have all who are linked in one row."""


def arrange(cast: Cast, width: float, height: float) -> Plan:
    """The placement of a cast on a board of this size: the largest that fits, in the fewest bands.

    Nothing overlaps and nothing leaves the board from 480 × 360 up, for up to 16 clerks and 10 channels;
    beyond that things only get smaller.
    """
    if not cast.clerks and not cast.things:
        return _finish(cast, (width, height), 1.0, {}, None)
    columns = _columns(cast)
    # More than their natural size only where there is air left around them.
    airy = min(width / 600, height / 420)
    found: list[tuple[float, int, float, Placed]] = []
    tallest = max((len(column) for column in columns), default=0)
    for most in range(1, tallest + 1):
        split = _split(columns, most, cast.links)
        for bands in range(1, min(len(split), 4) + 1):
            for factor in _FACTORS:
                if factor > 1 and factor > airy:
                    continue
                if placed := _stack(cast, split, width, height, factor, bands):
                    # Folded bands make long ways back, split layers crowded ones: worth it only for larger
                    # drawings.
                    worth = factor * _FOLDED ** (bands - 1) * _SPLIT ** (most < tallest)
                    found.append((worth, most, factor, placed))
                    break
    if not found:
        return _finish(cast, (width, height), *_grid(cast, columns, width, height))
    _, _, factor, placed = max(found, key=lambda one: one[:2])
    return _finish(cast, (width, height), factor, *placed)


def rearranged(cast: Cast, plan: Plan, places: Mapping[Key, Point]) -> Plan:
    """The plan with the middles of some things elsewhere, as shares of the board; trays and ways follow.

    A thing stays whole on the board and above the counter, wherever it was put; whether things overlap is
    then the player's business.
    """
    boxes: dict[Key, Box] = {("clerk", name): box for name, box in plan.clerks.items()}
    boxes |= {("channel", name): box for name, box in plan.channels.items()}
    floor = plan.counter.y - 6 if plan.counter else plan.size[1] - 6
    for key, (across, down) in places.items():
        if (box := boxes.get(key)) is not None:
            x = min(max(across * plan.size[0] - box.w / 2, 6.0), plan.size[0] - 6 - box.w)
            y = min(max(down * plan.size[1] - box.h / 2, 6.0), floor - box.h)
            boxes[key] = box._replace(x=x, y=y)
    return _finish(cast, plan.size, plan.factor, boxes, plan.counter)


def _split(columns: list[list[Key]], most: int, links: Sequence[Link]) -> list[list[Key]]:
    """The columns with none higher than so many things: high ones are cut into even ones side by side. Where
    that leaves whole offices that pass each other nothing, one office comes after the other."""
    parts = []
    for column in columns:
        per = math.ceil(len(column) / math.ceil(len(column) / most))
        parts.append([column[index : index + per] for index in range(0, len(column), per)])
    if len({len(part) for part in parts}) == 1:
        side = {key: number for part in parts for number, column in enumerate(part) for key in column}
        ends = ((side.get(("clerk", one.clerk)), side.get(("channel", one.channel))) for one in links)
        if all(clerk == channel or channel is None for clerk, channel in ends):
            return [column for office in zip(*parts, strict=True) for column in office]
    return [column for part in parts for column in part]


Key = tuple[str, str]
"""("clerk", name) or ("channel", name)."""


def _columns(cast: Cast) -> list[list[Key]]:
    """Clerks and flow channels in layers, left to right; things in a layer from top to bottom."""
    flows = [thing.name for thing in cast.things if thing.shape in FLOWS]
    near = {name: [link.clerk for link in cast.links if link[1:] == (name, NEAR)] for name in flows}
    far = {name: [link.clerk for link in cast.links if link[1:] == (name, FAR)] for name in flows}
    busy = [clerk for clerk in cast.clerks if any(clerk in near[name] + far[name] for name in flows)]
    if not busy:
        idle_things: list[list[Key]] = [[("channel", name)] for name in flows]
        return [[("clerk", clerk)] for clerk in cast.clerks] + idle_things
    idle = [clerk for clerk in cast.clerks if clerk not in busy]
    for name in flows:
        # Who has nothing yet stands where an end is still free, so that nothing moves once it is given.
        if idle and bool(near[name]) != bool(far[name]):
            (far if near[name] else near)[name].append(idle[0])
            busy.append(idle.pop(0))
    rank = _ranks(busy, [(a, b) for name in flows for a in near[name] for b in far[name] if a != b])
    layers: dict[float, list[Key]] = {}
    for clerk in busy:
        layers.setdefault(float(rank[clerk]), []).append(("clerk", clerk))
    for name in flows:
        ends = sorted(rank[clerk] for clerk in near[name]), sorted(rank[clerk] for clerk in far[name])
        if ends[0] and ends[1]:
            at = min(ends[0][0], ends[1][0]) + 0.5
        elif ends[0]:
            at = _beside(ends[0][-1], 1, rank)
        else:
            at = _beside(ends[1][0], -1, rank) if ends[1] else 0.5
        layers.setdefault(at, []).append(("channel", name))
    for clerk in idle:
        smallest = min((len(layer), at) for at, layer in layers.items() if at == int(at))
        layers[smallest[1]].append(("clerk", clerk))
    columns = [layers[at] for at in sorted(layers)]
    return _untangle(columns, cast.links)


def _beside(layer: int, way: int, rank: Mapping[str, int]) -> float:
    """The layer of what only clerks in this one have an end of: between them and others, rather than at the
    edge; on the usual side of them, where both are between."""
    other = layer + way not in rank.values() and layer - way in rank.values()
    return layer + (-0.5 if other else 0.5) * way


def _ranks(clerks: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Each clerk's layer: the longest way to it, edges that go back in a depth-first walk left out."""
    out = {clerk: [b for a, b in dict.fromkeys(edges) if a == clerk] for clerk in clerks}
    targets = {b for _, b in edges}
    seen: set[str] = set()
    order: list[str] = []
    forward: list[tuple[str, str]] = []

    def visit(clerk: str, path: frozenset[str]) -> None:
        seen.add(clerk)
        for other in out[clerk]:
            if other in path or other == clerk:
                continue
            forward.append((clerk, other))
            if other not in seen:
                visit(other, path | {clerk, other})
        order.append(clerk)

    for clerk in [*(c for c in clerks if c not in targets), *clerks]:
        if clerk not in seen:
            visit(clerk, frozenset((clerk,)))
    rank = dict.fromkeys(clerks, 0)
    for clerk in reversed(order):
        for a, b in forward:
            if a == clerk:
                rank[b] = max(rank[b], rank[a] + 1)
    return rank


def _untangle(columns: list[list[Key]], links: Sequence[Link]) -> list[list[Key]]:
    """Columns with fewer crossings: each thing goes near the mean height of what it is linked to."""
    neighbours: dict[Key, list[Key]] = {}
    for link in links:
        a, b = ("clerk", link.clerk), ("channel", link.channel)
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    for forward in (True, False, True):
        height = {key: (place + 0.5) / len(column) for column in columns for place, key in enumerate(column)}
        for column in columns if forward else reversed(columns):
            before = {key: place for place, key in enumerate(column)}

            def mean(key: Key, heights: dict[Key, float] = height) -> float:
                near = [heights[other] for other in neighbours.get(key, ()) if other in heights]
                return sum(near) / len(near) if near else heights[key]

            goal = {key: mean(key) for key in column}
            column.sort(key=lambda key: (round(goal[key], 6), before[key]))
            height |= {key: (place + 0.5) / len(column) for place, key in enumerate(column)}
    return columns


def _tray(factor: float) -> float:
    """How high an out-tray is: never too low for the smallest token, which would lie on the clerk's card."""
    return max(_TRAY * factor, _LEAST_TRAY)


def _sizes(cast: Cast, factor: float) -> dict[Key, tuple[float, float]]:
    trays = {clerk for clerk, _ in cast.trays}
    note = _NOTE if cast.notes else 0.0
    found: dict[Key, tuple[float, float]] = {}
    for clerk in cast.clerks:
        extra = note * factor + (_tray(factor) if clerk in trays else 0.0)
        found["clerk", clerk] = (
            max(_CARD[0] * factor, _FLOORS["clerk"][0]),
            max(_CARD[1] * factor, _FLOORS["clerk"][1]) + extra,
        )
    for thing in cast.things:
        shape = thing.shape if thing.shape in _FLOORS else "box"
        w, h = _SIZES[shape]
        if shape in ("cards", "wall"):
            w = min(max(46.0 * thing.cells + 20, 120.0), 330.0)
        floor = _FLOORS[shape]
        found["channel", thing.name] = max(w * factor, floor[0]), max(h * factor, floor[1])
    return found


Placed = tuple[dict[Key, Box], "Box | None"]


def _stack(
    cast: Cast, columns: list[list[Key]], width: float, height: float, factor: float, bands: int
) -> Placed | None:
    """Shared things in rows, the columns folded into so many bands, the counter below; None if too big."""
    sizes = _sizes(cast, factor)
    room = width - 2 * _MARGIN
    gap, row_gap, hang = _COLUMN_GAP * factor, _ROW_GAP * factor, _HANG_GAP * factor
    shared: list[Key] = [("channel", thing.name) for thing in cast.things if thing.shape not in FLOWS]
    flowing = any(kind == "channel" for column in columns for kind, _ in column)
    folded = _fold(columns, sizes, gap, bands)
    rows = _rows(_above_users(cast, shared, folded), sizes, room, gap)
    if rows is None or any(_wide(band, sizes, gap) > room for band in folded):
        return None
    counter = _COUNTER * factor if cast.counter else 0.0
    # What is shared by clerks that pass nothing on hangs between two bands of them, not above both.
    first = bands // 2 if not flowing and bands > 1 else 0
    blocks: list[tuple[str, list[list[Key]], float]] = []
    for index, band in enumerate(folded):
        if index == first:
            blocks += [("row", [[key] for key in row], max(sizes[key][1] for key in row)) for row in rows]
        blocks.append(("band", band, max(_tall(column, sizes, row_gap) for column in band)))
    gaps = [hang if before[0] != after[0] else row_gap * 1.4 for before, after in itertools.pairwise(blocks)]
    foot = counter + row_gap if counter else 0.0
    needed = sum(block[2] for block in blocks) + sum(gaps) + foot + 2 * _MARGIN
    if needed > height:
        return None
    spare = height - needed
    stretch = min(spare / (len(blocks) + 1), 46.0 * factor)
    y = _MARGIN + (spare - stretch * max(len(blocks) - 1, 0)) / 2
    boxes: dict[Key, Box] = {}
    back = False
    for index, (what, parts, tall) in enumerate(blocks):
        order = list(reversed(parts)) if what == "band" and back and flowing else parts
        for key, box in _spread(order, sizes, room, gap, row_gap, y, tall, cast).items():
            boxes[key] = box._replace(x=box.x + _MARGIN)
        back = back != (what == "band")
        y += tall + (gaps[index] + stretch if index < len(gaps) else 0)
    desk = None
    if counter:
        desk = Box(_MARGIN, height - _MARGIN - counter, room, counter)
    return boxes, desk


def _above_users(cast: Cast, shared: list[Key], bands: Sequence[Sequence[Sequence[Key]]]) -> list[Key]:
    """Shared things in the order in which those who use them stand, so that ways cross less."""
    across = {key: place for band in bands for place, column in enumerate(band) for key in column}
    users: dict[Key, list[int]] = {key: [] for key in shared}
    for link in cast.links:
        if ("channel", link.channel) in users and ("clerk", link.clerk) in across:
            users["channel", link.channel].append(across["clerk", link.clerk])
    middle = {key: sum(places) / len(places) if places else math.inf for key, places in users.items()}
    return sorted(shared, key=middle.__getitem__)


def _rows(
    keys: list[Key], sizes: Mapping[Key, tuple[float, float]], room: float, gap: float
) -> list[list[Key]] | None:
    """Things side by side in as few even rows as they need; None when one alone is too wide."""
    if any(sizes[key][0] > room for key in keys):
        return None
    for count in range(1, len(keys) + 1):
        per = math.ceil(len(keys) / count)
        rows = [keys[index : index + per] for index in range(0, len(keys), per)]
        if all(sum(sizes[key][0] for key in row) + gap * (len(row) - 1) <= room for row in rows):
            return rows
    return []


def _fold(
    columns: list[list[Key]], sizes: Mapping[Key, tuple[float, float]], gap: float, bands: int
) -> list[list[list[Key]]]:
    """The columns cut into bands of about equal width."""
    whole = _wide(columns, sizes, gap)
    folded: list[list[list[Key]]] = [[]]
    passed = 0.0
    for index, column in enumerate(columns):
        wide = _wide([column], sizes, gap) + gap
        enough = passed + wide / 2 > whole * len(folded) / bands
        if folded[-1] and len(folded) < bands and (enough or len(columns) - index <= bands - len(folded)):
            folded.append([])
        folded[-1].append(column)
        passed += wide
    return folded


def _wide(band: Sequence[Sequence[Key]], sizes: Mapping[Key, tuple[float, float]], gap: float) -> float:
    return sum(max(sizes[key][0] for key in column) for column in band) + gap * (len(band) - 1)


def _tall(column: Sequence[Key], sizes: Mapping[Key, tuple[float, float]], gap: float) -> float:
    return sum(sizes[key][1] for key in column) + gap * (len(column) - 1)


def _spread(
    columns: Sequence[Sequence[Key]],
    sizes: Mapping[Key, tuple[float, float]],
    room: float,
    gap: float,
    row_gap: float,
    top: float,
    tall: float,
    cast: Cast,
) -> dict[Key, Box]:
    """Boxes of one band: spare width goes to the belts and tubes first, then between the columns."""
    shapes = {thing.name: thing.shape for thing in cast.things}
    widths = [max(sizes[key][0] for key in column) for column in columns]
    spare = room - sum(widths) - gap * (len(widths) - 1)
    factor = gap / _COLUMN_GAP
    limits = [
        max(
            _WIDEST.get(shapes.get(name, ""), 0.0) * factor if kind == "channel" else 0.0
            for kind, name in column
        )
        for column in columns
    ]
    growing = [index for index, limit in enumerate(limits) if limit > widths[index]]
    for index in growing:
        more = min(spare / len(growing) * 0.6, limits[index] - widths[index])
        widths[index] += more
    spare = room - sum(widths) - gap * (len(widths) - 1)
    cap = (70.0 if growing else 190.0) * factor
    between = min(spare / (len(widths) + 0.5), cap) if len(widths) > 1 else 0.0
    x = (spare - between * (len(widths) - 1)) / 2
    boxes: dict[Key, Box] = {}
    for column, wide in zip(columns, widths, strict=True):
        used = _tall(column, sizes, row_gap)
        more = min((tall - used) / (len(column) + 1), 40.0 * factor)
        y = top + (tall - used - more * (len(column) - 1)) / 2
        for key in column:
            w, h = sizes[key]
            if key[0] == "channel" and shapes[key[1]] in _WIDEST:
                w = wide
            boxes[key] = Box(x + (wide - w) / 2, y, w, h)
            y += h + row_gap + more
        x += wide + gap + between
    return boxes


def _grid(
    cast: Cast, columns: list[list[Key]], width: float, height: float
) -> tuple[float, dict[Key, Box], Box | None]:
    """Everything in even cells, row by row and back: for casts that fit in no other way. Who passes things
    to one another stands side by side."""
    shared: list[Key] = [("channel", thing.name) for thing in cast.things if thing.shape not in FLOWS]
    groups = _groups(cast, [key for column in columns for key in column])
    keys = shared + [key for group in groups for key in group]
    counter = min(_COUNTER * 0.5, height / 8) if cast.counter else 0.0
    room_w, room_h = width - 2 * _MARGIN, height - 2 * _MARGIN - (counter + 6 if counter else 0)

    def cell(across: int) -> tuple[float, float]:
        return room_w / across, room_h / math.ceil(len(keys) / across)

    natural = _sizes(cast, 1.0).values()
    widest, tallest = max(size[0] for size in natural), max(size[1] for size in natural)

    def fit(across: int) -> float:
        w, h = cell(across)
        return min(w / widest, h / tallest)

    def worth(count: int) -> float:
        whole = not shared and all(count % len(group) == 0 for group in groups)
        return fit(count) * (1 if whole else _TORN)

    across = max(range(1, len(keys) + 1), key=lambda count: (worth(count), -count))
    factor = min(fit(across) * 0.88, _FACTORS[-1] if columns else 1.0)
    w, h = cell(across)
    boxes = {}
    for index, key in enumerate(keys):
        row, at = divmod(index, across)
        at = across - 1 - at if row % 2 else at
        size = _sizes(cast, factor)[key]
        size = min(size[0], w * 0.92), min(size[1], h * 0.92)
        x, y = _MARGIN + at * w + (w - size[0]) / 2, _MARGIN + row * h + (h - size[1]) / 2
        boxes[key] = Box(x, y, *size)
    desk = Box(_MARGIN, height - _MARGIN - counter, room_w, counter) if counter else None
    return factor, boxes, desk


def _groups(cast: Cast, keys: Sequence[Key]) -> list[list[Key]]:
    """The keys, taken apart into those that are linked to one another, each part in the order given."""
    part: dict[Key, list[Key]] = {key: [key] for key in keys}
    for link in cast.links:
        one, other = part.get(("clerk", link.clerk)), part.get(("channel", link.channel))
        if one is not None and other is not None and one is not other:
            one += other
            part |= dict.fromkeys(other, one)
    order = {key: place for place, key in enumerate(keys)}
    found = {id(group): sorted(group, key=order.__getitem__) for group in part.values()}
    return sorted(found.values(), key=lambda group: order[group[0]])


def _finish(
    cast: Cast, size: tuple[float, float], factor: float, boxes: dict[Key, Box], counter: Box | None
) -> Plan:
    """The plan of these boxes: cards and trays inside the clerks' places, facings and routes."""
    clerks = {name: boxes["clerk", name] for name in cast.clerks}
    channels = {thing.name: boxes["channel", thing.name] for thing in cast.things}
    note = _NOTE * factor if cast.notes else 0.0
    cards: dict[str, Box] = {}
    trays: dict[tuple[str, str], Box] = {}
    for name, box in clerks.items():
        mine = [channel for clerk, channel in cast.trays if clerk == name]
        foot = _tray(factor) if mine else 0.0
        cards[name] = Box(box.x, box.y + note, box.w, box.h - note - foot)
        mine.sort(key=lambda channel: channels[channel].center)
        for index, channel in enumerate(mine):
            wide = min((box.w - 8 * factor) / len(mine), 96 * factor)
            x = box.x + (box.w - wide * len(mine)) / 2 + wide * index
            trays[name, channel] = Box(
                x + 2 * factor, box.bottom - foot + 5 * factor, wide - 4 * factor, foot - 5 * factor
            )
    facing = {
        thing.name: _facing(cast, thing.name, clerks, channels[thing.name].center[0])
        for thing in cast.things
        if thing.shape in FLOWS
    }
    shapes = {thing.name: thing.shape for thing in cast.things}
    routes = _Router(factor, cards, trays, channels, facing, shapes, size).routes(cast.links)
    return Plan(size, factor, clerks, cards, trays, channels, facing, routes, counter)


def _facing(cast: Cast, channel: str, clerks: Mapping[str, Box], middle: float) -> int:
    def mean(port: str) -> float | None:
        found = [clerks[link.clerk].center[0] for link in cast.links if link[1:] == (channel, port)]
        return sum(found) / len(found) if found else None

    near, far = mean(NEAR), mean(FAR)
    if near is None and far is None:
        return 1
    # Where one end is free, whoever comes to it is thought to come from the other side.
    near = near if near is not None else 2 * middle - (far or 0.0)
    far = far if far is not None else 2 * middle - near
    return -1 if far < near - 1 else 1


# -- ways --

_SIDES: Final[Mapping[str, Point]] = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}


@dataclass(frozen=True)
class _Router:
    """Finds, for each link, the pair of sides whose curve is short and crosses nothing."""

    factor: float
    cards: Mapping[str, Box]
    trays: Mapping[tuple[str, str], Box]
    channels: Mapping[str, Box]
    facing: Mapping[str, int]
    shapes: Mapping[str, str]
    size: tuple[float, float]

    def routes(self, links: Sequence[Link]) -> dict[Link, Route]:
        chosen = {link: self._sides(link) for link in links if link.clerk in self.cards}
        # Several ways that end at one side of one thing share it out, in the order of their other ends.
        landings: dict[tuple[Key, str], list[tuple[float, Link, int]]] = {}
        for link, (mine, theirs) in chosen.items():
            source, target = self._source(link), self.channels[link.channel]
            across = 0 if mine in ("top", "bottom") else 1
            tray = link.channel if self._from_tray(link) else ""
            landings.setdefault((("clerk", f"{link.clerk}/{tray}"), mine), []).append(
                (target.center[across], link, 0)
            )
            if self.shapes[link.channel] not in FLOWS:
                across = 0 if theirs in ("top", "bottom") else 1
                landings.setdefault((("channel", link.channel), theirs), []).append(
                    (source.center[across], link, 1)
                )
        shifts: dict[tuple[Link, int], float] = {}
        for group in landings.values():
            group.sort()
            for place, (_, link, end) in enumerate(group):
                shifts[link, end] = (place + 1) / (len(group) + 1) - 0.5
        return {
            link: self._curve(link, *sides, shifts.get((link, 0), 0.0), shifts.get((link, 1), 0.0))
            for link, sides in chosen.items()
        }

    def _from_tray(self, link: Link) -> bool:
        return link.port == NEAR and (link.clerk, link.channel) in self.trays

    def _source(self, link: Link) -> Box:
        return self.trays[link.clerk, link.channel] if self._from_tray(link) else self.cards[link.clerk]

    def _sides(self, link: Link) -> tuple[str, str]:
        theirs: tuple[str, ...] = tuple(_SIDES)
        mine: tuple[str, ...] = tuple(_SIDES)
        card, box = self.cards[link.clerk], self.channels[link.channel]
        if link.port != USE:
            theirs = ("right" if (link.port == FAR) == (self.facing[link.channel] > 0) else "left",)
            mine = ("left", "right", "bottom") if self._from_tray(link) else mine
        elif box.bottom < card.y or card.bottom < box.y:
            # Things above or below are reached from there: into their side by clerks who stand beside them.
            above = box.bottom < card.y
            mine = ("top",) if above else ("bottom",)
            theirs = ("bottom",) if above else ("top",)
            alone = all(
                one is box or one.bottom < box.y or box.bottom < one.y for one in self.channels.values()
            )
            if alone and card.center[0] < box.x - 8:
                theirs = ("left",)
            elif alone and card.center[0] > box.right + 8:
                theirs = ("right",)
        return min(((a, b) for a in mine for b in theirs), key=lambda pair: (self._cost(link, *pair), pair))

    def _cost(self, link: Link, mine: str, theirs: str) -> float:
        route = self._curve(link, mine, theirs, 0.0, 0.0)
        others = [box for name, box in self.cards.items() if name != link.clerk]
        others += [box for name, box in self.channels.items() if name != link.channel]
        own = (self.cards[link.clerk], self.channels[link.channel])
        points = route.points(14)
        crossed = sum(box.has(point) for point in points for box in others)
        crossed += sum(box.has(point, -2) for point in points[2:-2] for box in own)
        return round(route.length + 90 * crossed, 3)

    def _curve(self, link: Link, mine: str, theirs: str, shift: float, their_shift: float) -> Route:
        start, out = _port(self._source(link), mine, shift, 0.7)
        flow = self.shapes[link.channel] in FLOWS
        end, into = _port(self.channels[link.channel], theirs, their_shift, 0.8)
        if flow:
            box = self.channels[link.channel]
            end = end[0], box.y + box.h * end_height(self.shapes[link.channel], link.port)
        reach = max(14 * self.factor, 0.42 * math.dist(start, end))
        reach = min(reach, 90 * self.factor)
        leave = self._inside((start[0] + out[0] * reach, start[1] + out[1] * reach))
        arrive = self._inside((end[0] + into[0] * reach, end[1] + into[1] * reach))
        return Route(start, leave, arrive, end)

    def _inside(self, point: Point) -> Point:
        """The nearest point on the board: a curve never leaves the hull of its handles."""
        return min(max(point[0], 5.0), self.size[0] - 5), min(max(point[1], 5.0), self.size[1] - 5)


def end_height(shape: str, port: str) -> float:
    """How far down its box, from 0 to 1, an end of a belt, chute or tube is."""
    return {"belt": 0.52, "chute": 0.28 if port == NEAR else 0.72}.get(shape, 0.5)


def _port(box: Box, side: str, shift: float, share: float) -> tuple[Point, Point]:
    out = _SIDES[side]
    x, y = box.center
    if out[0]:
        return (box.right if out[0] > 0 else box.x, y + shift * box.h * share), out
    return (x + shift * box.w * share, box.bottom if out[1] > 0 else box.y), out
