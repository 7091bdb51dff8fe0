"""Every reachable world of a system, found breadth first and stored as small numbers.

Each clerk (its task and life) and each channel's state is interned to a small integer, and a world is
these side by side in one packed integer. A clerk's step depends on few of them, known before the search:
itself, the channels it holds, the clerks it may start or join. For each combination of these the rules of
the game run once; after that the step is an addition (explicit-state search with memoised deltas).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, cast

from game.channels.kind import State
from game.language import say_many
from game.request import WAIT, ListValue
from game.script.instructions import Task
from game.trace import Event
from game.world import Life, Move, System, World, base, plainly

FIRST_BITS = 8
"""The first guess at how wide a field may be, where a machine word has the room. Worlds of few bits are
faster; a system that needs more is packed again, wider."""

WORD = 60
"""Bits of an integer that Python handles fastest."""

CHUNK = 256
"""Worlds between two looks at the clock."""

STEP_WEIGHT = 700
"""Bytes of one entry of the memo of the steps (measured: 470 to 550, without the values in its event)."""

SAMPLE = 32
"""Of so many values of a field one is weighed."""

WIDEST = 24
"""At most 16 million distinct values of one field."""


class Step(NamedTuple):
    """A step out of a packed world: what to add, which agent moves, and its event."""

    delta: int
    agent: int
    event: Event


class Stopped(Exception):
    """The search cannot go on: more distinct parts than can be numbered."""


class TooNarrow(Exception):
    """A number does not fit in the bits of its field."""


class _Field:
    """One part of a packed world: its distinct values, numbered from 0, which is the one at the start."""

    def __init__(self, first: Hashable) -> None:
        self.ids: dict[Hashable, int] = {first: 0}
        self.values: list[Hashable] = [first]
        self.bits = self.shift = self.mask = 0
        self._weighed, self._samples = _weight(first), 1

    def weight(self) -> int:
        """About how many bytes the values take."""
        return len(self.values) * (200 + self._weighed // self._samples)

    def lie_at(self, shift: int) -> None:
        """Its place in a packed world."""
        self.shift = shift
        self.mask = ((1 << self.bits) - 1) << shift

    def number(self, value: Hashable) -> int:
        key = value
        found = self.ids.get(key)
        if found is not None and not _alike(self.values[found], value):
            key = (repr(value), value)  # True and 1 are equal, and whoever reads a trace can tell them apart
            found = self.ids.get(key)
        if found is None:
            found = self.ids[key] = len(self.values)
            self.values.append(value)
            if not found % SAMPLE:
                self._weighed += _weight(value)
                self._samples += 1
        if found >> self.bits:
            raise TooNarrow
        return found << self.shift


def _weight(value: Any) -> int:
    """Bytes of a value with all that is in it, as if nothing in it were shared."""
    inside = value.items if isinstance(value, ListValue) else value if isinstance(value, tuple) else ()
    return sys.getsizeof(value) + sum(map(_weight, inside))


def _alike(one: Any, other: Any) -> bool:
    """Whether two equal things are of the same types all through."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is int or kind is str:
        return True
    if issubclass(kind, tuple):
        for part, same in zip(one, other, strict=True):  # faster than all(map(…)): most parts are the same
            if part is not same and not _alike(part, same):
                return False
        return True
    if kind is ListValue:
        return _alike(one.items, other.items)
    return True


class _Memo(dict[int, tuple[Step, ...]]):
    """The steps of one lane for what decides them. Fills itself."""

    def __init__(self, find: Callable[[int], tuple[Step, ...]]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: int) -> tuple[Step, ...]:
        found = self[key] = self._find(key)
        return found


class _Deltas(dict[int, tuple[int, ...]]):
    """What the steps of one lane add, and nothing else: all that a search needs. Fills itself."""

    def __init__(self, steps: _Memo) -> None:
        super().__init__()
        self._steps = steps

    def __missing__(self, key: int) -> tuple[int, ...]:
        found = self[key] = tuple([step.delta for step in self._steps[key]])
        return found


class _Quick(dict[int, "int | tuple[int, ...]"]):
    """The same for the innermost loop: the delta itself where there is one, 0 where there is none. Fills
    itself."""

    def __init__(self, deltas: _Deltas) -> None:
        super().__init__()
        self._deltas = deltas

    def __missing__(self, key: int) -> int | tuple[int, ...]:
        deltas = self._deltas[key]
        found = self[key] = (deltas[0] or deltas) if len(deltas) == 1 else deltas or 0
        return found


class _Lasting(dict[int, tuple[int, ...]]):
    """What the steps of one lane add, but for those that no wind takes for ever. Fills itself."""

    def __init__(self, steps: _Memo) -> None:
        super().__init__()
        self._steps = steps

    def __missing__(self, key: int) -> tuple[int, ...]:
        steps = self._steps[key]
        found = self[key] = tuple([step.delta for step in steps if not not_for_ever(step.event)])
        return found


class _Fallen(dict[int, bool]):
    """Whether a clerk has stopped with an exception, by its bits. Fills itself."""

    def __init__(self, field: _Field) -> None:
        super().__init__()
        self._field = field

    def __missing__(self, bits: int) -> bool:
        life = cast("tuple[Task, Life]", _value(self._field, bits))[1]
        found = self[bits] = base(plainly(life)) in ("failing", "crashed")
        return found


class Lane(NamedTuple):
    """One agent: the bits that decide its steps, the memo of its steps, and of what they add."""

    agent: str
    mask: int
    steps: _Memo
    deltas: _Deltas


class Space:
    """The packing of one system's worlds, and the memo of its steps. Agents are numbered as lanes are: clerks
    in the level's order, then every porter there may be, then signals, and cats last."""

    def __init__(self, system: System, bits: int = 0) -> None:
        """`bits` is how wide every field is at first, if not as narrow as may do."""
        self.system = system
        self.tick: Callable[[], object] = lambda: None
        """Called now and then by whatever goes over a graph of this space; may raise to end that."""
        start = system.start
        self.remembered: dict[str, Any] = {}
        """What others have worked out of this packing; emptied with it."""
        self.packing = 0
        """Counts the packings: packed worlds of another packing mean nothing."""
        self._clerks = [_Field(local) for local in zip(start.tasks, start.lives, strict=True)]
        self._channels = [_Field(state) for state in start.channels]
        fields = (*self._channels, *self._clerks)
        for field in fields:
            field.bits = bits or max(2, min(FIRST_BITS, WORD // len(fields)))
        self._lay_out()

    def _lay_out(self) -> None:
        shift = 0
        for field in (*self._channels, *self._clerks):
            field.lie_at(shift)
            shift += field.bits
        self.bits = shift
        """How many bits a packed world has."""
        self.channel_mask = sum(field.mask for field in self._channels)
        self._fallen = [(field.mask, _Fallen(field)) for field in self._clerks]
        self.lanes: list[Lane] = []
        self.cats = len([agent for agent in self.system.fates() if agent.startswith("cat:")])
        """So many of the last lanes are the cat's."""
        for index, name in enumerate(self.system.clerks):
            self._add_lane(name, self._deciding(index), self._clerk_moves(index))
        for agent, at, clerk in self.system.porters():
            index = self.system.clerks.index(clerk)
            self._add_lane(agent, self._deciding(index) | self._channels[at].mask, self._porter_moves(agent))
        for agent in self.system.fates():
            mask = self._deciding(self.system.clerks.index(agent.partition(":")[2]))
            if agent.startswith("cat:"):
                for name in self.system.level.cat.may_nap_on:
                    mask |= self._clerks[self.system.clerks.index(name)].mask
            self._add_lane(agent, mask, self._fate_moves(agent))

    def _deciding(self, index: int) -> int:
        """The bits of a clerk, of the channels it holds, and of the clerks it may start or join."""
        channels, clerks = self.system.reach(index)
        mask = self._clerks[index].mask
        for at in channels:
            mask |= self._channels[at].mask
        for other in clerks:
            mask |= self._clerks[other].mask
        return mask

    def _add_lane(self, agent: str, mask: int, moves: Callable[[World], Iterator[Move]]) -> None:
        number = len(self.lanes)

        def find(key: int) -> tuple[Step, ...]:
            # What does not decide the steps stands at 0, its value at the start, before and after.
            world = self.unpack(key)
            return tuple(
                [Step(self._change(key, world, move.world), number, move.event) for move in moves(world)]
            )

        steps = _Memo(find)
        self.lanes.append(Lane(agent, mask, steps, _Deltas(steps)))

    def _clerk_moves(self, index: int) -> Callable[[World], Iterator[Move]]:
        return lambda world: self.system.clerk_moves(world, index)

    def _porter_moves(self, agent: str) -> Callable[[World], Iterator[Move]]:
        return lambda world: self.system.porter_moves(world, agent)

    def _fate_moves(self, agent: str) -> Callable[[World], Iterator[Move]]:
        return lambda world: self.system.fate_moves(world, agent)

    def widen(self) -> None:
        """Give every field that has become too narrow one bit more than it needs by now; every world packed
        before is void. Raises Stopped at the end."""
        for field in (*self._channels, *self._clerks):
            if len(field.values) > 1 << field.bits:
                needed = (len(field.values) - 1).bit_length()
                field.bits = needed + (needed > 3)
            if field.bits > WIDEST:
                raise Stopped("more than 16 million different parts")
        self._pack_anew()

    def fit(self) -> None:
        """Give every field only the bits for the values met so far; every world packed before is void."""
        for field in (*self._channels, *self._clerks):
            field.bits = max(1, (len(field.values) - 1).bit_length())
        self._pack_anew()

    def _pack_anew(self) -> None:
        self.packing += 1
        self.remembered.clear()
        self._lay_out()

    # -- packing --

    def pack(self, world: World) -> int:
        """The world as one integer."""
        packed = 0
        for field, state in zip(self._channels, world.channels, strict=True):
            packed |= field.number(state)
        for field, task, life in zip(self._clerks, world.tasks, world.lives, strict=True):
            packed |= field.number((task, life))
        return packed

    def _change(self, packed: int, before: World, after: World) -> int:
        """What to add to a packed world. Most parts are the same objects after a step: those cost nothing."""
        change = 0
        for field, old, new in zip(self._channels, before.channels, after.channels, strict=True):
            if new is not old:
                change += field.number(new) - (packed & field.mask)
        for index, field in enumerate(self._clerks):
            task, life = after.tasks[index], after.lives[index]
            if task is not before.tasks[index] or life is not before.lives[index]:
                change += field.number((task, life)) - (packed & field.mask)
        return change

    def unpack(self, packed: int) -> World:
        """The world that was packed."""
        locals_ = [field.values[(packed & field.mask) >> field.shift] for field in self._clerks]
        channels = [field.values[(packed & field.mask) >> field.shift] for field in self._channels]
        tasks, lives = zip(*cast("list[tuple[Task, Life]]", locals_), strict=True)
        return World(tasks, tuple(channels), lives)

    def channels_of(self, packed: int) -> tuple[State, ...]:
        """Only the channels' states of a packed world."""
        return tuple(_value(field, packed) for field in self._channels)

    def clerk_mask(self, index: int) -> int:
        """The bits of one clerk's task and life."""
        return self._clerks[index].mask

    def channel_bits(self, at: int) -> int:
        """The bits of one channel's state."""
        return self._channels[at].mask

    def crashed(self, packed: int) -> bool:
        """Whether some clerk has stopped with an exception."""
        return any([fallen[packed & mask] for mask, fallen in self._fallen])

    def weight(self) -> int:
        """About how many bytes the parts of worlds, and the memo of the steps, take."""
        parts = sum(field.weight() for field in (*self._channels, *self._clerks))
        return parts + STEP_WEIGHT * sum(len(lane.steps) for lane in self.lanes)

    def channel_states(self, at: int) -> list[State]:
        """Every state of one channel met so far; a world's is `channel_number` of them."""
        return self._channels[at].values

    def channel_number(self, at: int, packed: int) -> int:
        field = self._channels[at]
        return (packed & field.mask) >> field.shift

    def channel_state(self, at: int, packed: int) -> State:
        """One channel's state in a packed world, of which only its bits need to be there."""
        return _value(self._channels[at], packed)

    def channel_field(self, at: int, state: State) -> int:
        """The bits of one channel in that state."""
        return self._channels[at].number(state)

    def local(self, index: int, packed: int) -> tuple[Task, Life]:
        """One clerk's task and life in a packed world, of which only its bits need to be there."""
        return cast("tuple[Task, Life]", _value(self._clerks[index], packed))

    def locals(self, index: int) -> list[tuple[Task, Life]]:
        """Every task and life of one clerk met so far."""
        return cast("list[tuple[Task, Life]]", self._clerks[index].values)

    def local_field(self, index: int, local: tuple[Task, Life]) -> int:
        """The bits of one clerk with that task and life."""
        return self._clerks[index].number(local)

    # -- steps --

    def steps(self, packed: int) -> list[Step]:
        """Every step possible in a packed world, in the order of `System.moves`."""
        found: list[Step] = []
        for lane in self.lanes:
            found += lane.steps[packed & lane.mask]
        return found

    def learnt(self) -> int:
        """How many different steps are remembered, each with what decides it."""
        return sum(len(lane.steps) for lane in self.lanes)

    def rests(self, packed: int) -> bool:
        """Whether nothing but the cat can move."""
        return not any(lane.deltas[packed & lane.mask] for lane in self.lanes[: len(self.lanes) - self.cats])


def _value(field: _Field, packed: int) -> Hashable:
    return field.values[(packed & field.mask) >> field.shift]


@dataclass(frozen=True)
class Graph:
    """Every world reached, level by level of a breadth-first search.

    `terminals` are the packed worlds in which nothing moves, but the cat perhaps. `depth` counts the levels.
    `layered` says that every step found leads from a level to the next, so that no run goes on for ever.
    `whole` says whether the search got through; `stopped_by` what stopped it.
    """

    space: Space
    worlds: Sequence[int]
    transitions: int
    terminals: list[int]
    layered: bool
    whole: bool
    depth: int
    stopped_by: str = ""

    def moments(self, mask: int) -> set[int]:
        """The distinct values of some bits over all worlds."""
        return {packed & mask for packed in self.worlds}

    def paths(self) -> int:
        """How many ways lead from the start to terminals, in a whole layered graph."""
        lanes = [(lane.mask, lane.deltas) for lane in self.space.lanes]
        ways: defaultdict[int, int] = defaultdict(int)
        ways[self.worlds[0]] = 1
        for number, here in enumerate(self.worlds):
            if not number & 4095:
                self.space.tick()
            came = ways[here]
            for mask, deltas in lanes:
                for delta in deltas[here & mask]:
                    ways[here + delta] += came
        return sum(ways[world] for world in self.terminals)

    @cached_property
    def edges(self) -> list[list[tuple[int, int]]]:
        """For each world, by number, the (agent, number of the world after) of its steps (whole graphs), but
        for those that no wind takes for ever (`not_for_ever`)."""
        worlds = list(self.worlds)
        numbers = {packed: number for number, packed in enumerate(worlds)}
        lanes = [(number, lane.mask, _Lasting(lane.steps)) for number, lane in enumerate(self.space.lanes)]
        found: list[list[tuple[int, int]]] = []
        for packed in worlds:
            if not len(found) & 4095:
                self.space.tick()
            found.append(
                [
                    (number, numbers[packed + delta])
                    for number, mask, deltas in lanes
                    for delta in deltas[packed & mask]
                ]
            )
        return found


def not_for_ever(event: Event) -> bool:
    """Whether this step can happen, and not again and again without end: a process that has ended is seen to
    have ended sooner or later, by whoever goes on looking."""
    looks = event.channel.startswith("@") and event.operation in ("is_alive", "exitcode")
    return bool(event.choice) and (looks or event.channel == WAIT)


def states(count: int) -> str:
    """So many states, in words."""
    return say_many("{count:,} state", "{count:,} states", count)


def explore(space: Space, most: int, out_of_time: Callable[[int], str]) -> Graph:
    """The graph of all worlds, breadth first, until about `most` are stored or `out_of_time(worlds found)`
    gives a reason to stop (asked every few thousand worlds)."""
    while True:
        try:
            return _explore(space, most, out_of_time)
        except TooNarrow:
            space.widen()


def _explore(space: Space, most: int, out_of_time: Callable[[int], str]) -> Graph:
    start = space.pack(space.system.start)
    lanes = [(lane.mask, _Quick(lane.deltas)) for lane in space.lanes]
    cats = [(lane.mask, lane.deltas) for lane in space.lanes[len(lanes) - space.cats :]]
    del lanes[len(lanes) - space.cats :]
    worlds, seen, terminals = [start], {start}, list[int]()
    transitions, layered = 0, True
    level, depth = [start], 0
    while level:
        depth += 1
        after: set[int] = set()
        add = after.add
        for at in range(0, len(level), CHUNK):
            for here in level[at : at + CHUNK]:
                before = transitions
                for mask, deltas in lanes:
                    out = deltas[here & mask]
                    if not out:
                        continue
                    if isinstance(out, int):
                        transitions += 1
                        there = here + out
                        if there not in after:
                            if there in seen:
                                layered = False
                            else:
                                add(there)
                        continue
                    transitions += len(out)
                    for delta in out:
                        there = here + delta
                        if there not in after:
                            if there in seen:
                                layered = False
                            else:
                                add(there)
                if transitions == before:
                    terminals.append(here)
                for mask, naps in cats:
                    for delta in naps[here & mask]:
                        transitions += 1
                        there = here + delta
                        if there in seen:
                            layered = False
                        else:
                            add(there)
            found = len(worlds) + len(after)
            stopped_by = out_of_time(found) or (states(most) if found > most else "")
            if stopped_by and (after or at + CHUNK < len(level)):
                worlds += after
                return Graph(space, worlds, transitions, terminals, layered, False, depth, stopped_by)
        level = list(after)
        seen |= after
        worlds += level
    return Graph(space, worlds, transitions, terminals, layered, True, depth)
