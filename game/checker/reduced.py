"""The same endings from far fewer worlds: moves whose order cannot matter are not tried in every order.

When an agent's next step meets nothing that the others can do before it (`Kind.alone`), trying that step
alone is enough to find every ending, and so is taking it at once, as a part of the step before it. The same
holds for the steps of a few clerks together, when the others can do nothing that meets what these want next
(persistent sets; Godefroid, LNCS 1032, 1996). And of worlds that differ only in who is who, one is kept
(`game.checker.symmetry`).

What is kept is the set of terminal worlds, up to the order of deliveries where no goal asks for it, and
whether a run can go on for ever. Counts of worlds and winds are not those of the whole space.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from game.channels.kind import Kind
from game.checker.space import Space, TooNarrow, states
from game.checker.symmetry import Looks, Renaming, Symmetry, exchanges
from game.goals import Bag, LeftOver, MayFail, Reads
from game.request import DESK, WAIT
from game.world import ENDED, System, World


@dataclass(frozen=True)
class Reduction:
    """What a reduced search found.

    `worlds` were stored, packed; `steps` taken in all; `terminals` are all in which nothing moves, stored or
    told from one that was by changing names.
    `endless` says whether some run can go on for ever; `whole` whether the search got through, else
    `stopped_by` says what stopped it. `ways` are those to change places that were made use of.
    """

    worlds: list[int]
    steps: int
    terminals: list[int]
    endless: bool
    whole: bool
    stopped_by: str = ""
    ways: tuple[Renaming, ...] = ()

    @property
    def states(self) -> int:
        return len(self.worlds)

    def moments(self, mask: int) -> set[int]:
        """The distinct values of some bits over the worlds stored."""
        return {packed & mask for packed in self.worlds}


def can_reduce(system: System) -> bool:
    """Whether the reduction keeps all that this level asks about: no process may be ended from outside, no
    goal looks at every moment."""
    return not system.fates() and not any(goal.watches for goal in system.level.win)


def loose_desk(system: System) -> bool:
    """Whether nothing this level asks about depends on the order of deliveries."""
    return all(isinstance(goal, Bag | Reads | LeftOver | MayFail) for goal in system.level.win)


def explore_reduced(
    space: Space, most: int, out_of_time: Callable[[int], str], symmetric: bool = True
) -> Reduction:
    """Every ending, from as few stored worlds as the rules of the channels allow, and with `symmetric` clerks
    who can change places. Stops at `most` stored worlds, or when `out_of_time(worlds)` gives a reason."""
    ways = exchanges(space.system) if symmetric and can_reduce(space.system) else []
    while True:
        try:
            return _explore(space, most, out_of_time, ways)
        except TooNarrow:
            space.widen()
        except Looks:
            ways = []


class _Alone(dict[int, int | None]):
    """For one lane: what its only step adds where it may be taken alone, else None. Fills itself."""

    def __init__(self, find: Callable[[int], int | None]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: int) -> int | None:
        found = self[key] = self._find(key)
        return found


def _explore(space: Space, most: int, out_of_time: Callable[[int], str], ways: list[Renaming]) -> Reduction:
    lanes = [(lane.mask, lane.deltas) for lane in space.lanes]
    alone = [
        (lane.mask, memo) for lane, memo in zip(space.lanes, _alone(space), strict=True) if memo is not None
    ]
    few = _Few(space) if can_reduce(space.system) else None
    symmetry = Symmetry.of(space, ways) if ways else None
    desk = space.channel_bits(len(space.system.channels) - 1)
    tidy = _Memo(_tidied(space)) if few and loose_desk(space.system) else None
    steps = 0

    def onward(world: int) -> int:
        """Take steps that may be taken alone until none can be, or the world comes round again."""
        nonlocal steps
        first = world
        taken = 0
        moved = True
        while moved:
            moved = False
            for mask, memo in alone:
                while (delta := memo[world & mask]) is not None:
                    world += delta
                    taken += 1
                    moved = True
                    if taken > 10_000 or world == first:  # round and round: leave it to the search
                        steps += taken
                        return first
            if not moved and few and (only := few.only_step(world)):
                world += only
                taken += 1
                moved = True
                if taken > 10_000 or world == first:
                    steps += taken
                    return first
        steps += taken
        return world

    def stored(world: int) -> int:
        world = onward(world)
        if tidy:
            world += tidy[world & desk]
        return symmetry.canonical(world) if symmetry else world

    start = stored(space.pack(space.system.start))
    numbers = {start: 0}
    worlds, edges, terminals = [start], list[list[int]](), list[int]()
    for at, here in enumerate(worlds):
        out = []
        for mask, deltas in few.lanes(here) if few else lanes:
            for delta in deltas[here & mask]:
                there = stored(here + delta)
                steps += 1
                number = numbers.get(there)
                if number is None:
                    number = numbers[there] = len(worlds)
                    worlds.append(there)
                out.append(number)
        edges.append(out)
        if not out or (space.cats and space.rests(here)):
            terminals.append(here)
        stopped_by = states(most) if len(worlds) > most else ""
        if stopped_by or (not at & 63 and (stopped_by := out_of_time(len(worlds)))):
            return Reduction(worlds, steps, terminals, False, False, stopped_by, tuple(ways))
    if symmetry:
        symmetry.look_out()
        terminals = symmetry.unfold(terminals)
    return Reduction(worlds, steps, terminals, _has_cycle(edges), True, ways=tuple(ways))


class Fewer:
    """Which agents are enough to try in a world, and which worlds are as good as the same, for who goes its
    own way through a space as it is packed now: every ending that can be reached can be reached so. Where
    nothing may be left out, all agents and all worlds."""

    def __init__(self, space: Space, ways: list[Renaming]) -> None:
        self._space = space
        reduces = can_reduce(space.system)
        self._few = _Few(space) if reduces else None
        self._alone = [
            (number, lane.mask, memo)
            for number, (lane, memo) in enumerate(zip(space.lanes, _alone(space), strict=True))
            if memo is not None
        ]
        self._number = {id(lane.deltas): number for number, lane in enumerate(space.lanes)}
        self._symmetry = Symmetry.of(space, ways) if ways and reduces else None
        self._desk = space.channel_bits(len(space.system.channels) - 1)
        self._tidy = _Memo(_tidied(space)) if reduces and loose_desk(space.system) else None

    def lanes(self, world: int) -> list[int]:
        """The numbers of lanes that can move there and are enough to try."""
        for number, mask, memo in self._alone:
            if memo[world & mask] is not None:
                return [number]
        if self._few is None:
            lanes = self._space.lanes
            return [number for number, lane in enumerate(lanes) if lane.deltas[world & lane.mask]]
        return [self._number[id(deltas)] for mask, deltas in self._few.lanes(world) if deltas[world & mask]]

    def key(self, world: int) -> int:
        """The same for worlds from which the same endings are reached, but for names and the order of
        deliveries."""
        if self._tidy:
            world += self._tidy[world & self._desk]
        return self._symmetry.canonical(world) if self._symmetry else world


def _tidied(space: Space) -> Callable[[int], int]:
    """What to add to a world for its deliveries to lie in a fixed order, given the bits of the desk."""
    at = len(space.system.channels) - 1

    def find(bits: int) -> int:
        delivered: Any = space.channel_state(at, bits)
        return space.channel_field(at, tuple(sorted(delivered, key=repr))) - bits

    return find


class _Memo(dict[int, int]):
    """What follows from some bits of a world. Fills itself."""

    def __init__(self, find: Callable[[int], int]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: int) -> int:
        found = self[key] = self._find(key)
        return found


class _Few:
    """Which agents' steps are enough to try: those of a few clerks, with their porters, whom nobody else can
    meet before they move."""

    def __init__(self, space: Space) -> None:
        system = space.system
        count = len(system.clerks)
        self._all = [(lane.mask, lane.deltas) for lane in space.lanes]
        meetings = _Meetings(space)
        owner = [index for index in range(count)]
        owner += [system.clerks.index(clerk) for _, _, clerk in system.porters()]
        self._units: list[list[tuple[int, Any, _Memo]]] = [[] for _ in range(count)]
        for number, lane in enumerate(space.lanes):
            meets = _Memo(meetings.of(number))
            self._units[owner[number]].append((lane.mask, lane.deltas, meets))
        self._alive: list[tuple[int, _Memo]] = [
            (space.clerk_mask(index), _Memo(_is_alive(space, index))) for index in range(count)
        ]

    def _chosen(self, world: int) -> list[tuple[int, Any, _Memo]]:
        """The lanes of the clerks chosen, all of them when no few are enough."""
        able: list[int] = []
        met: list[int] = []
        alive = 0
        for index, (mask, lives) in enumerate(self._alive):
            if lives[world & mask]:
                alive |= 1 << index
        for unit in self._units:
            steps = meets = 0
            for mask, deltas, memo in unit:
                key = world & mask
                steps += len(deltas[key])
                meets |= memo[key]
            able.append(steps)
            met.append(meets & alive)
        best, fewest = alive, sum(able)
        for index, steps in enumerate(able):
            if not 0 < steps < fewest:
                continue
            group, todo = 1 << index, met[index] & ~(1 << index)
            total = steps
            while todo and total < fewest:
                group |= todo
                more = 0
                for other, adds in enumerate(able):
                    if todo >> other & 1:
                        total += adds
                        more |= met[other]
                todo = more & ~group
            if total < fewest:
                best, fewest = group, total
        return [lane for index, unit in enumerate(self._units) if best >> index & 1 for lane in unit]

    def lanes(self, world: int) -> list[tuple[int, Any]]:
        return [(mask, deltas) for mask, deltas, _ in self._chosen(world)]

    def only_step(self, world: int) -> int:
        """What the only step adds that has to be tried; 0 where there are more, or none."""
        found = 0
        for mask, deltas, _ in self._chosen(world):
            for delta in deltas[world & mask]:
                if found or not delta:
                    return 0
                found = delta
        return found


def _is_alive(space: Space, index: int) -> Callable[[int], int]:
    return lambda bits: int(space.local(index, bits)[1] not in ENDED)


class _Meetings:
    """Who could meet whom, by where each clerk stands and what the scripts of the others can ask for."""

    def __init__(self, space: Space) -> None:
        self.space, self.system = space, space.system
        self._everybody = (1 << len(self.system.clerks)) - 1
        self._loose = loose_desk(self.system)
        self._kinds: dict[str, tuple[int, Kind]] = {
            name: (at, kind) for at, (name, kind) in enumerate(self.system.channels)
        }

    def of(self, number: int) -> Callable[[int], int]:
        """For a lane, whom its agent's next step could meet, given what decides that step."""
        lane = self.space.lanes[number]
        if number < len(self.system.clerks):
            return lambda key: self._clerk(number, self.space.unpack(key), len(lane.deltas[key]))
        channel, _, clerk = lane.agent[1:].partition("/")
        return lambda key: self._porter(channel, clerk, self.space.unpack(key), len(lane.deltas[key]))

    def _clerk(self, index: int, world: World, steps: int) -> int:
        name, life, request = self.system.clerks[index], world.lives[index], world.tasks[index].request
        if life == "new":
            return self._about(name, index)
        if life in ENDED:
            return 0
        if life in ("leaving", "failing"):
            if not self.system.noticed[index]:
                return 0  # only its own porter can help it
            around = [channel for channel, _ in self.system.channels if self._holds(index, channel)]
            children = sum(1 << child for child in self.system.children[index])
            return self._about(name, index) | self._at(around, index) | children
        if life != "up" or request is None or request.channel == WAIT:
            return self._everybody
        if request.channel == DESK:
            return 0 if self._loose else self._at_the_desk(index)
        if request.channel.startswith("@"):
            target = request.channel[1:]
            if request.operation not in ("start", "join"):
                return self._everybody
            return self._about(target, index) | (0 if steps else 1 << self.system.clerks.index(target))
        at, kind = self._kinds[request.channel]
        if steps != 1:
            return self._at([request.channel], index)
        state = world.channels[at]
        return self._narrowed(
            request.channel,
            index,
            lambda others: kind.alone(state, name, request.operation, request.argument, others),
        )

    def _porter(self, channel: str, clerk: str, world: World, steps: int) -> int:
        index = self.system.clerks.index(clerk)
        at, kind = self._kinds[channel]
        state = world.channels[at]
        if clerk not in kind.porters(state):
            return 0
        if steps != 1:
            return self._at([channel], index)
        return self._narrowed(
            channel, index, lambda others: kind.carries_alone(state, clerk, others, frozenset())
        )

    def _narrowed(self, channel: str, index: int, alone: Callable[[frozenset[str]], bool]) -> int:
        """The others at a channel without whom the step would be alone, else all of them."""
        met, rest = 0, frozenset[str]()
        for other in range(len(self.system.clerks)):
            if other == index:
                continue
            asks = self._asks(other, channel)
            if alone(asks):
                rest |= asks
            else:
                met |= 1 << other
        return met if alone(rest) else self._at([channel], index)

    def _asks(self, index: int, channel: str) -> frozenset[str]:
        able = self.system.abilities[self.system.clerks[index]]
        return frozenset(operation for where, operation in able if where == channel)

    def _holds(self, index: int, channel: str) -> bool:
        at = self._kinds[channel][0]
        held = any(who == self.system.clerks[index] for _, who in self.system.holders[at])
        return held or bool(self._asks(index, channel))

    def _at(self, channels: list[str], index: int) -> int:
        """Everybody else who holds one of these channels or asks it for something."""
        return sum(
            1 << other
            for other in range(len(self.system.clerks))
            if other != index and any(self._holds(other, channel) for channel in channels)
        )

    def _at_the_desk(self, index: int) -> int:
        """Everybody else who may deliver something."""
        return sum(
            1 << other
            for other, program in enumerate(self.system.programs)
            if other != index and ("", "deliver") in program.touches
        )

    def _about(self, clerk: str, index: int) -> int:
        """Everybody else who has to do with that clerk's process."""
        return sum(
            1 << other
            for other in range(len(self.system.clerks))
            if other != index and self._asks(other, f"@{clerk}")
        )


def _alone(space: Space) -> list[_Alone | None]:
    """A memo for each lane of what may be taken alone; None where nothing ever may."""
    system = space.system
    if not can_reduce(system):
        return [None for _ in space.lanes]
    loose = loose_desk(system)
    found: list[_Alone | None] = []
    for lane in space.lanes:
        agent = lane.agent
        rule = _porter_rule(system, agent) if agent.startswith("~") else _clerk_rule(system, agent, loose)

        def find(key: int, lane: object = lane, rule: Callable[[World], bool] = rule) -> int | None:
            steps = lane.steps[key]  # type: ignore[attr-defined]
            if len(steps) != 1 or not rule(space.unpack(key)):
                return None
            delta: int = steps[0].delta
            return delta or None

        found.append(_Alone(find))
    return found


def _others(system: System, channel: str, *but: str) -> frozenset[str]:
    return frozenset(
        operation
        for name, able in system.abilities.items()
        if name not in but
        for where, operation in able
        if where == channel
    )


def _clerk_rule(system: System, clerk: str, loose: bool) -> Callable[[World], bool]:
    index = system.clerks.index(clerk)
    kinds: dict[str, tuple[int, Kind]] = {name: (at, kind) for at, (name, kind) in enumerate(system.channels)}
    others = {name: _others(system, name, clerk) for name in kinds}
    about = {f"@{name}": _others(system, f"@{name}", clerk) for name in system.clerks}

    def rule(world: World) -> bool:
        request = world.tasks[index].request
        if request is None or world.lives[index] != "up" or request.channel == WAIT:
            return False
        if request.channel == DESK:
            return loose
        if request.channel.startswith("@"):
            # Nobody else has to do with that process: whether it is started, or has ended, stays as it is.
            return request.operation in ("start", "join") and not about[request.channel]
        at, kind = kinds[request.channel]
        return kind.alone(
            world.channels[at], clerk, request.operation, request.argument, others[request.channel]
        )

    return rule


def _porter_rule(system: System, agent: str) -> Callable[[World], bool]:
    channel, _, clerk = agent[1:].partition("/")
    at = next(number for number, (name, _) in enumerate(system.channels) if name == channel)
    kind = system.channels[at][1]
    others = _others(system, channel, clerk)
    own = frozenset(operation for where, operation in system.abilities[clerk] if where == channel)
    return lambda world: kind.carries_alone(world.channels[at], clerk, others, own)


def _has_cycle(edges: list[list[int]]) -> bool:
    """Whether some run can go on for ever (Kahn 1962: what cannot be ordered is behind a cycle)."""
    into = [0] * len(edges)
    for out in edges:
        for there in out:
            into[there] += 1
    ready = [world for world, count in enumerate(into) if count == 0]
    seen = 0
    while ready:
        here = ready.pop()
        seen += 1
        for there in edges[here]:
            into[there] -= 1
            if into[there] == 0:
                ready.append(there)
    return seen != len(edges)
