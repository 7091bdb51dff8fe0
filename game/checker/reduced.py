"""The same endings from far fewer worlds: moves whose order cannot matter are not tried in every order.

When an agent's next step meets nothing that the others can do before it (`Kind.alone`), trying that step
alone is enough to find every ending (persistent sets; Godefroid, LNCS 1032, 1996), and so is taking it at
once, as a part of the step before it. What is kept is the set of terminal worlds, up to the order of
deliveries where no goal asks for it, and whether a run can go on for ever. Counts of worlds and winds are
not those of the whole space.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from game.channels.kind import Kind
from game.checker.space import Space, TooNarrow
from game.goals import Bag, LeftOver, MayFail, Reads
from game.request import DESK, WAIT
from game.world import System, World


@dataclass(frozen=True)
class Reduction:
    """What a reduced search found.

    `worlds` were stored, packed; `steps` taken in all; `terminals` are those in which nothing moves.
    `endless` says whether some run can go on for ever; `whole` whether the search got through, else
    `stopped_by` says what stopped it.
    """

    worlds: list[int]
    steps: int
    terminals: list[int]
    endless: bool
    whole: bool
    stopped_by: str = ""

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


def explore_reduced(space: Space, most: int, out_of_time: Callable[[int], str]) -> Reduction:
    """Every ending, from as few stored worlds as the rules of the channels allow. Stops at `most` stored
    worlds, or when `out_of_time(worlds)` gives a reason."""
    while True:
        try:
            return _explore(space, most, out_of_time)
        except TooNarrow:
            space.widen()


class _Alone(dict[int, int | None]):
    """For one lane: what its only step adds where it may be taken alone, else None. Fills itself."""

    def __init__(self, find: Callable[[int], int | None]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: int) -> int | None:
        found = self[key] = self._find(key)
        return found


def _explore(space: Space, most: int, out_of_time: Callable[[int], str]) -> Reduction:
    lanes = [(lane.mask, lane.deltas) for lane in space.lanes]
    alone = [
        (lane.mask, memo) for lane, memo in zip(space.lanes, _alone(space), strict=True) if memo is not None
    ]
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
        steps += taken
        return world

    start = onward(space.pack(space.system.start))
    numbers = {start: 0}
    worlds, edges, terminals = [start], list[list[int]](), list[int]()
    for at, here in enumerate(worlds):
        out = []
        for mask, deltas in lanes:
            for delta in deltas[here & mask]:
                there = onward(here + delta)
                steps += 1
                number = numbers.get(there)
                if number is None:
                    number = numbers[there] = len(worlds)
                    worlds.append(there)
                out.append(number)
        edges.append(out)
        if not out:
            terminals.append(here)
        if len(worlds) > most:
            return Reduction(worlds, steps, terminals, False, False, f"{most:,} states")
        if not at & 1023 and (reason := out_of_time(len(worlds))):
            return Reduction(worlds, steps, terminals, False, False, reason)
    return Reduction(worlds, steps, terminals, _has_cycle(edges), True)


def _alone(space: Space) -> list[_Alone | None]:
    """A memo for each lane of what may be taken alone; None where nothing ever may."""
    system = space.system
    if not can_reduce(system):
        return [None for _ in space.lanes]
    loose_desk = all(isinstance(goal, Bag | Reads | LeftOver | MayFail) for goal in system.level.win)
    found: list[_Alone | None] = []
    for lane in space.lanes:
        agent = lane.agent
        rule = (
            _porter_rule(system, agent) if agent.startswith("~") else _clerk_rule(system, agent, loose_desk)
        )

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


def _clerk_rule(system: System, clerk: str, loose_desk: bool) -> Callable[[World], bool]:
    index = system.clerks.index(clerk)
    kinds: dict[str, tuple[int, Kind]] = {name: (at, kind) for at, (name, kind) in enumerate(system.channels)}
    others = {name: _others(system, name, clerk) for name in kinds}
    about = {f"@{name}": _others(system, f"@{name}", clerk) for name in system.clerks}

    def rule(world: World) -> bool:
        request = world.tasks[index].request
        if request is None or world.lives[index] != "up" or request.channel == WAIT:
            return False
        if request.channel == DESK:
            return loose_desk
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
