"""Clerks who could change places: worlds that differ only in who is who need to be looked at once.

Two clerks are interchangeable when exchanging their names, and those of the channels that only they were
handed, changes nothing in the level: same script, same things given, same kinds of channels, goals that do
not ask who (Ip and Dill, "Better verification through symmetry", 1996). Which clerks are is found here, from
the level alone; what a search keeps then is one world of each set of worlds that can be renamed into each
other, and `unfold` gives all of a set back.

A clerk's name must never become something a script can hold: where a script's own text equals one, `Looks`
is raised, and the search has to do without.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import partial
from itertools import groupby, islice, permutations, product
from math import factorial, prod
from operator import is_, itemgetter
from typing import Any, Final, NamedTuple

from game.channels.kind import Kind
from game.checker.space import Space, Step
from game.goals import Bag, Goal, LeftOver, Log, MayFail, Reads
from game.level.model import Clerk
from game.request import DESK, Handle, ListValue
from game.script.instructions import Held, HeldRow, Task, hold
from game.world import System

Renaming = Mapping[str, str]
"""New names of clerks (`ada`, and `@ada` for the handle of the process) and channels; others keep theirs."""

MOST_CLERKS: Final = 8
MOST_WAYS: Final = 5_040
"""Clerks, and ways to change places, up to which all of them are looked for."""
TIES: Final = 24
"""Ways to tell clerks apart who stand at the same line that are compared; with more some sets are kept in
several worlds, which costs time but loses nothing."""


class Looks(Exception):
    """A script holds a text that is the name of somebody who would be renamed."""


def exchanges(system: System) -> list[Renaming]:
    """Every way to change places that changes nothing, but for the one in which all stay; [] where that
    cannot be told."""
    clerks = system.level.clerks
    plain = all(type(kind).__module__.startswith("game.channels.") for _, kind in system.channels)
    if not 2 <= len(clerks) <= MOST_CLERKS or not plain or system.fates():
        return []
    found: list[Renaming] = []
    for way in _ways(system, _terms(system), (), {}):
        moved = {name: new for name, new in way.items() if name != new}
        if moved and _changes_nothing(system, moved):
            found.append(moved)
            if len(found) > MOST_WAYS:
                return []
    return found


def _ways(
    system: System, terms: Sequence[Hashable], given: tuple[int, ...], names: dict[str, str]
) -> Iterator[Renaming]:
    """Renamings under which every clerk is handed what the other was, one clerk after the other."""
    clerks = system.level.clerks
    at = len(given)
    if at == len(clerks):
        yield names
        return
    for other, candidate in enumerate(clerks):
        one = clerks[at]
        if other in given or terms[at] != terms[other]:
            continue
        more = _handed(names, one, candidate)
        if more is not None:
            yield from _ways(system, terms, (*given, other), more)


def _terms(system: System) -> list[Hashable]:
    """For each clerk what has to be the same: its compiled script but for its name, and how it is started."""
    return [
        (
            tuple(replace(function, name="") for function in program.code.functions),
            program.parameters,
            clerk.started,
            clerk.daemon,
        )
        for clerk, program in zip(system.level.clerks, system.programs, strict=True)
    ]


def _handed(names: dict[str, str], one: Clerk, other: Clerk) -> dict[str, str] | None:
    """The renaming with one clerk called as the other, or None when they are not handed the same."""
    more = dict(names)
    pairs = [(one.name, other.name), (f"@{one.name}", f"@{other.name}")]
    if [name for name, _ in one.gets] != [name for name, _ in other.gets]:
        return None
    for (_, thing), (_, same) in zip(one.gets, other.gets, strict=True):
        if isinstance(thing, Handle) and isinstance(same, Handle):
            if thing.face != same.face:
                return None
            pairs.append((thing.channel, same.channel))
        elif repr(thing) != repr(same):
            return None
    for name, new in pairs:
        if more.setdefault(name, new) != new:
            return None
    return more if len(set(more.values())) == len(more) else None


def _changes_nothing(system: System, names: Renaming) -> bool:
    """Whether the level is the same level under other names."""
    kinds = dict(system.channels)
    start = dict(zip(kinds, system.start.channels, strict=True))
    for name, kind in system.channels:
        new = names.get(name, name)
        if new not in kinds or _kind_renamed(kind, names, system.clerks) != kinds[new]:
            return False
        if renamed(start[name], names, _office(system, name)) != start[new]:
            return False
    return all(_asks_alike(goal, names) for goal in system.level.win)


def _kind_renamed(kind: Kind, names: Renaming, clerks: tuple[str, ...]) -> Kind:
    if not is_dataclass(kind):
        return kind
    new = {part.name: renamed(getattr(kind, part.name), names, _Office(clerks)) for part in fields(kind)}
    return replace(kind, **new)


def _asks_alike(goal: Goal, names: Renaming) -> bool:
    if isinstance(goal, Log | Bag):
        return True
    if isinstance(goal, LeftOver | MayFail):
        asked = goal.allowed if isinstance(goal, LeftOver) else goal.excused
        return {names.get(name, name) for name in asked} == set(asked)
    if isinstance(goal, Reads):
        return {(names.get(name, name), reading) for name, reading in goal.readings} == set(goal.readings)
    return False


def _office(system: System, channel: str) -> _Office:
    kind = dict(system.channels)[channel]
    return _Office(system.clerks, by_name=kind.name != "pipe", in_turn=channel == DESK)


class _Office(NamedTuple):
    """Who works here, and how a channel's state lists clerks: as the level does, or by name. With `in_turn`
    a list says who was first, and stays as it is."""

    clerks: tuple[str, ...]
    by_name: bool = True
    in_turn: bool = False

    def sorted(self, names: Iterable[str]) -> list[str]:
        return sorted(names, key=None if self.by_name else self.clerks.index)


def renamed(value: Any, names: Renaming, office: _Office) -> Any:
    """A state, or a part of a task, under other names."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Held):
        handle = value.handle
        new = handle._replace(channel=names.get(handle.channel, handle.channel))
        return hold(new, isinstance(value, HeldRow))
    if isinstance(value, frozenset):
        return frozenset(renamed(item, names, office) for item in value)
    if isinstance(value, ListValue):
        return ListValue(tuple(renamed(item, names, office) for item in value.items))
    if not isinstance(value, tuple):
        return value
    items = [renamed(item, names, office) for item in value]
    if all(map(is_, items, value)):
        return value
    if hasattr(value, "_fields"):
        return type(value)(*items)
    if not office.in_turn:
        if all(isinstance(item, str) and item in office.clerks for item in value):
            return tuple(office.sorted(items))
        owners = [item[0] if type(item) is tuple and item else None for item in value]
        if len(set(owners)) == len(owners) and all(owner in office.clerks for owner in owners):
            belongs = {item[0]: item for item in items}
            if belongs.keys() == set(owners):
                return tuple(belongs[owner] for owner in owners)
    return tuple(items)


def _task_renamed(task: Task, names: Renaming) -> Task:
    """A task under other names."""
    office = _Office((), in_turn=True)
    request = task.request
    if request is not None:
        channel = names.get(request.channel, request.channel)
        request = request._replace(channel=channel, argument=renamed(request.argument, names, office))
    frames, heap = renamed(task.frames, names, office), renamed(task.heap, names, office)
    return task._replace(request=request, frames=frames, heap=heap)


def _no_names(value: Any, names: Collection[str]) -> None:
    if isinstance(value, str):
        if value in names:
            raise Looks(value)
    elif isinstance(value, ListValue):
        _no_names(value.items, names)
    elif isinstance(value, tuple) and not isinstance(value, Handle):
        for item in value:
            _no_names(item, names)


class _Part(dict[int, int]):
    """What one field of a packed world adds under one renaming, by its bits there. Fills itself."""

    def __init__(self, find: Callable[[int], int]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, bits: int) -> int:
        found = self[bits] = self._find(bits)
        return found


class Symmetry:
    """The ways to change places of one space, as it is packed now."""

    def __init__(self, space: Space, ways: list[Renaming]) -> None:
        self.space = space
        system = space.system
        self._ways = ways
        self._parts: dict[int, list[tuple[int, _Part]]] = {}
        self._lives = [space.clerk_mask(index) for index in range(len(system.clerks))]
        at = {name: index for index, name in enumerate(system.clerks)}
        self._perms = [tuple(at[way.get(name, name)] for name in system.clerks) for way in ways]
        self._by_perm = {perm: number for number, perm in enumerate(self._perms)}
        self._moved = [index for index in range(len(at)) if any(perm[index] != index for perm in self._perms)]
        places = {index: place for place, index in enumerate(self._moved)}
        self._movers = [
            itemgetter(*(places[perm.index(index)] for index in self._moved)) for perm in self._perms
        ]
        self._classes = self._free_classes()
        self.agents = [*map(self._lanes_under, ways), tuple(range(len(space.lanes)))]
        """For each way, and last for staying, the lane that each lane becomes."""
        self._kept: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._looks = [(_Part(partial(self._rank, index)), self._lives[index]) for index in self._moved]
        self._local: dict[Hashable, int] = {}

    @classmethod
    def of(cls, space: Space, ways: list[Renaming]) -> Symmetry:
        """The same one again, with all it knows by now, as long as the space is packed as it is."""
        known = space.remembered.get("symmetry")
        if isinstance(known, Symmetry) and known._ways == ways:
            return known
        made = space.remembered["symmetry"] = cls(space, ways)
        return made

    def _free_classes(self) -> list[list[int]]:
        """Who may change places with whom, if all orders within these classes are possible, else []."""
        classes: dict[frozenset[int], None] = {}
        for index in self._moved:
            classes[frozenset({index, *(perm[index] for perm in self._perms)})] = None
        free = prod(factorial(len(members)) for members in classes) == len(self._perms) + 1
        return [sorted(members) for members in classes] if free else []

    def canonical(self, world: int) -> int:
        """The world that stands for all that can be renamed into this one. Raises TooNarrow."""
        ranks = tuple([rank[world & mask] for rank, mask in self._looks])
        ways = self._kept.get(ranks)
        if ways is None:
            if len(self._kept) > 200_000:
                self._kept.clear()
            ways = self._kept[ranks] = self._best(ranks)
        if len(ways) == 1:
            return self._apply(ways[0], world)
        return min([self._apply(way, world) for way in ways])

    def settled(self, world: int, agent: int) -> tuple[int, int, int]:
        """The world and the agent's lane that stand for these two, and the way that leads there."""
        ranks = tuple([rank[world & mask] for rank, mask in self._looks])
        ways = self._kept.get(ranks) or self._kept.setdefault(ranks, self._best(ranks))
        if len(ways) == 1:
            (way,) = ways
            return self._apply(way, world), self.agents[way][agent], way
        return min([(self._apply(way, world), self.agents[way][agent], way) for way in ways])

    def unsettled(
        self, start: int, steps: Sequence[tuple[int, int, int]], way: int
    ) -> tuple[list[Step], int]:
        """The steps from a world, and where they lead, that stand behind settled ones: (lane, what it added,
        the way settled by) each. `way` is the one the start was settled by."""
        here, told, found = start, self._apply(way, start), list[Step]()
        for agent, delta, settled_by in steps:
            told += delta
            lane = self.space.lanes[self.agents[way].index(agent)]
            step = next(
                one for one in lane.steps[here & lane.mask] if self._apply(way, here + one.delta) == told
            )
            found.append(step)
            here += step.delta
            told = self._apply(settled_by, told)
            way = self._then(way, settled_by)
        return found, here

    def _then(self, first: int, second: int) -> int:
        """The way that does the same as one after the other."""
        perms = (*self._perms, tuple(range(len(self._lives))))
        return self._by_perm.get(tuple(perms[second][index] for index in perms[first]), -1)

    def _lanes_under(self, names: Renaming) -> tuple[int, ...]:
        """For each lane, the lane its agent becomes."""
        at = {lane.agent: number for number, lane in enumerate(self.space.lanes)}
        found = []
        for lane in self.space.lanes:
            if lane.agent.startswith("~"):
                channel, _, clerk = lane.agent[1:].partition("/")
                found.append(at[f"~{names.get(channel, channel)}/{names.get(clerk, clerk)}"])
            else:
                found.append(at[names.get(lane.agent, lane.agent)])
        return tuple(found)

    def look_out(self) -> None:
        """Raises Looks when some clerk, anywhere in the space searched so far, held such a name as a text."""
        names = {name for way in self._ways for name in way}
        for index in range(len(self._lives)):
            for task, _ in self.space.locals(index):
                for part in (task.frames, task.heap, task.crash or ()):
                    _no_names(part, names)
                if task.request is not None:
                    _no_names(task.request.argument, names)

    def unfold(self, worlds: list[int]) -> list[int]:
        """All worlds that can be renamed into one of these."""
        found = dict.fromkeys(worlds)
        for world in worlds:
            for way in range(len(self._ways)):
                found[self._apply(way, world)] = None
        return list(found)

    def _best(self, ranks: tuple[int, ...]) -> tuple[int, ...]:
        """The ways that bring the clerks' ranks into the smallest order; -1 stands for staying."""
        if self._classes:
            return self._sorted(dict(zip(self._moved, ranks, strict=True)))
        best, ways = ranks, [-1]
        for number, moved in enumerate(self._movers):
            order = moved(ranks)
            if order < best:
                best, ways = order, [number]
            elif order == best and len(ways) < TIES:
                ways.append(number)
        return tuple(ways)

    def _sorted(self, ranks: dict[int, int]) -> tuple[int, ...]:
        """The same where every order within the classes is possible: by sorting them."""
        orders: list[list[tuple[int, ...]]] = []
        for members in self._classes:
            for _, tied in groupby(sorted(members, key=ranks.__getitem__), key=ranks.__getitem__):
                orders.append(list(islice(permutations(tied), TIES)))
        ways = []
        for chosen in islice(product(*orders), TIES):
            perm = list(range(len(self._lives)))
            in_order = iter(index for tied in chosen for index in tied)
            for members in self._classes:
                for place in members:
                    perm[next(in_order)] = place
            ways.append(self._by_perm.get(tuple(perm), -1))
        return tuple(ways)

    def _rank(self, index: int, bits: int) -> int:
        """A number for a clerk's task and life that does not depend on which of its kind it is."""
        task, life = self.space.local(index, bits)
        name = self.space.system.clerks[index]
        neutral = {name: "", f"@{name}": "@"}
        for _, thing in self.space.system.level.clerks[index].gets:
            if isinstance(thing, Handle):
                neutral.setdefault(thing.channel, "")
        return self._local.setdefault((_task_renamed(task, neutral), life), len(self._local))

    def _apply(self, way: int, world: int) -> int:
        if way < 0:
            return world
        parts = self._parts.get(way)
        if parts is None:
            parts = self._parts[way] = list(self._build(way))
        return sum([part[world & mask] for mask, part in parts])

    def _build(self, way: int) -> Iterator[tuple[int, _Part]]:
        space, names, perm = self.space, self._ways[way], self._perms[way]
        system = space.system
        at = {name: number for number, (name, _) in enumerate(system.channels)}
        for number, (name, _) in enumerate(system.channels):
            there = at[names.get(name, name)]
            yield space.channel_bits(number), _Part(self._channel(number, there, names))
        for index in range(len(system.clerks)):
            yield space.clerk_mask(index), _Part(self._clerk(index, perm[index], names))

    def _channel(self, here: int, there: int, names: Renaming) -> Callable[[int], int]:
        space = self.space
        office = _office(space.system, space.system.channels[here][0])

        def find(bits: int) -> int:
            return space.channel_field(there, renamed(space.channel_state(here, bits), names, office))

        return find

    def _clerk(self, here: int, there: int, names: Renaming) -> Callable[[int], int]:
        space = self.space

        def find(bits: int) -> int:
            task, life = space.local(here, bits)
            return space.local_field(there, (_task_renamed(task, names), life))

        return find
