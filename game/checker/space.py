"""Every reachable world of a system, found breadth first and stored as small numbers.

Each clerk's task and the shared part (channels and lives) are interned to small integers; a world
is one tuple-free packed integer. The rules of the game run once for each (task, shared) pair; after
that a step is an addition (explicit-state search with memoised deltas; see docs/why.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from game.channels.kind import State
from game.script.instructions import Task
from game.trace import Event
from game.world import Life, System, World

BITS = 24
"""Room for 16 million distinct tasks of one clerk, and as many shared parts."""
MASK = (1 << BITS) - 1

Shared = tuple[tuple[State, ...], tuple[Life, ...]]


class Step(NamedTuple):
    """A step out of a packed world: which agent, which of its steps, and what to add."""

    delta: int
    agent: int
    event: Event


class Stopped(Exception):
    """The search was stopped before it was through: by its budget, or by the person waiting."""


@dataclass
class Space:
    """The packing of one system's worlds, and the memo of its steps. Agents are numbered: clerks by
    their place in the level, porters from there on as they first appear."""

    system: System
    tasks: list[dict[Task, int]] = field(default_factory=list)
    shared: dict[Shared, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        clerks = len(self.system.clerks)
        self._task_list: list[list[Task]] = [[] for _ in range(clerks)]
        self._shared_list: list[Shared] = []
        self._clerk_memo: list[dict[int, tuple[Step, ...]]] = [{} for _ in range(clerks)]
        self._porter_memo: dict[int, tuple[Step, ...]] = {}
        self._shifts = tuple(BITS * (index + 1) for index in range(clerks))
        self._masks = tuple((MASK << shift) | MASK for shift in self._shifts)
        self.tasks = [{} for _ in range(clerks)]
        self.agents: dict[str, int] = {name: index for index, name in enumerate(self.system.clerks)}

    def pack(self, world: World) -> int:
        """The world as one integer."""
        packed = self._shared_id((world.channels, world.lives))
        for index, task in enumerate(world.tasks):
            packed |= self._task_id(index, task) << self._shifts[index]
        return packed

    def unpack(self, packed: int) -> World:
        """The world that was packed."""
        channels, lives = self._shared_list[packed & MASK]
        tasks = tuple(
            self._task_list[index][(packed >> shift) & MASK] for index, shift in enumerate(self._shifts)
        )
        return World(tasks, channels, lives)

    def shared_part(self, packed: int) -> Shared:
        return self._shared_list[packed & MASK]

    def shared_parts(self) -> list[Shared]:
        """Every shared part met so far."""
        return self._shared_list

    def steps(self, packed: int) -> list[Step]:
        """Every step possible in a packed world, in the order of `System.moves`."""
        found: list[Step] = []
        for index, mask in enumerate(self._masks):
            memo = self._clerk_memo[index]
            key = packed & mask
            steps = memo.get(key)
            if steps is None:
                steps = memo[key] = self._clerk_steps(index, key)
            found += steps
        key = packed & MASK
        steps = self._porter_memo.get(key)
        if steps is None:
            steps = self._porter_memo[key] = self._porter_steps(key)
        found += steps
        return found

    def _clerk_steps(self, index: int, key: int) -> tuple[Step, ...]:
        shift = self._shifts[index]
        task_id, shared_id = key >> shift, key & MASK
        task, (channels, lives) = self._task_list[index][task_id], self._shared_list[shared_id]
        steps = []
        for event, then, after, lives_after in self.system.clerk_steps(index, task, channels, lives):
            delta = (self._task_id(index, then) - task_id) << shift
            delta += self._shared_id((after, lives_after)) - shared_id
            steps.append(Step(delta, index, event))
        return tuple(steps)

    def _porter_steps(self, shared_id: int) -> tuple[Step, ...]:
        channels, lives = self._shared_list[shared_id]
        steps = []
        for event, after, lives_after in self.system.porter_steps(channels, lives):
            agent = self.agents.setdefault(event.agent, len(self.agents))
            steps.append(Step(self._shared_id((after, lives_after)) - shared_id, agent, event))
        return tuple(steps)

    def _task_id(self, index: int, task: Task) -> int:
        ids = self.tasks[index]
        found = ids.get(task)
        if found is None:
            found = ids[task] = len(ids)
            if found > MASK:
                raise Stopped("too many distinct tasks")
            self._task_list[index].append(task)
        return found

    def _shared_id(self, shared: Shared) -> int:
        found = self.shared.get(shared)
        if found is None:
            found = self.shared[shared] = len(self.shared)
            if found > MASK:
                raise Stopped("too many distinct shared states")
            self._shared_list.append(shared)
        return found


@dataclass
class Graph:
    """Every world reached, numbered in the order of discovery, and the steps between them.

    `edges[n]` are the (agent, target number) pairs out of world n; `whole` says whether the search got
    through, or what stopped it.
    """

    worlds: list[int]
    edges: list[list[tuple[int, int]]]
    transitions: int
    whole: bool
    stopped_by: str = ""


def explore(space: Space, most: int, out_of_time: Callable[[int], str]) -> Graph:
    """The graph of all worlds, breadth first, until `most` are stored or `out_of_time(worlds found)`
    gives a reason to stop (asked every 1,024 worlds)."""
    start = space.pack(space.system.start)
    numbers = {start: 0}
    worlds, edges, transitions = [start], [], 0
    steps = space.steps
    for here, packed in enumerate(worlds):  # grows while it is walked: the queue of the search
        out = []
        for delta, agent, _ in steps(packed):
            there = packed + delta
            number = numbers.get(there)
            if number is None:
                number = numbers[there] = len(worlds)
                worlds.append(there)
            out.append((agent, number))
        edges.append(out)
        transitions += len(out)
        if not here & 1023 and (reason := out_of_time(len(worlds))):
            return Graph(worlds, edges, transitions, False, reason)
        if len(worlds) > most:
            return Graph(worlds, edges, transitions, False, f"{most:,} states")
    return Graph(worlds, edges, transitions, True)
