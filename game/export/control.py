"""Each clerk alone: what its script does for every reply it might get, as a finite automaton.

The office is not looked at. A clerk's task is resumed with each value that anybody could have put where it
reads, found by a fixpoint over what all the clerks give; so an automaton knows replies that never come, and
whoever reads it (a Promela model, say) has to rule them out by rules of its own.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from game.channels.kind import Goes
from game.request import Request, Value
from game.script.instructions import Raised, Returned, Task
from game.script.vm import resume
from game.world import System

Reply = Returned | Raised | Goes

MOST_TASKS: Final = 3_000
"""Tasks of all clerks together, after which unfolding stops."""

FIRST_REACH: Final = 4


class Way(NamedTuple):
    """One thing that may come of a request.

    guard    when it can, as the notation has it ("": always)
    effect   what it changes, as the notation has it
    reply    what the clerk is told
    gives    (stream, value): what others may read from now on
    adds     channels in which there is one token more afterwards
    """

    guard: str
    effect: tuple[str, ...]
    reply: Reply
    gives: tuple[tuple[str, Value], ...] = ()
    adds: tuple[str, ...] = ()


class Each(NamedTuple):
    """A way for every value that may come out of a stream; `any` stands for all of them where the clerk goes
    on in the same manner whichever it was."""

    stream: str
    way: Callable[[Value], Way]
    any: Way


Ways = Sequence[Way | Each]


class Edge(NamedTuple):
    """A way out of a task, and the number of the task after it."""

    way: Way
    target: int


@dataclass
class Control:
    """One clerk's automaton. `edges[n]` are the ways out of `tasks[n]`; the first task is the start. The
    tasks in `cut` were not looked into."""

    clerk: str
    tasks: list[Task] = field(default_factory=list)
    edges: list[list[Edge]] = field(default_factory=list)
    cut: set[int] = field(default_factory=set)

    @cached_property
    def parts(self) -> tuple[list[int], list[list[int]]]:
        """Its strongly connected parts, successors first: the part of each task, the tasks of each part."""
        return _components(self.edges)

    def inside(self) -> Iterator[Edge]:
        """The edges that can be gone along again and again."""
        number, _ = self.parts
        for task, edges in enumerate(self.edges):
            yield from (edge for edge in edges if number[edge.target] == number[task])

    def longest(self, weight: Callable[[Way], int]) -> int:
        """The most weight a path can gather outside of loops."""
        number, members = self.parts
        best = [0] * len(members)
        for part, tasks in enumerate(members):
            for task in tasks:
                for way, target in self.edges[task]:
                    if number[target] != part:
                        best[part] = max(best[part], weight(way) + best[number[target]])
        return best[number[0]]


@dataclass
class Office:
    """Every clerk's automaton, and the generation of every value (by `same`) of every stream. `whole` says
    that nothing was left out."""

    clerks: tuple[Control, ...]
    streams: dict[str, dict[str, int]]
    whole: bool

    def knows(self, way: Way) -> bool:
        """Whether the readers of what this way gives were told of it."""
        return all(same(value) in self.streams.get(stream, ()) for stream, value in way.gives)

    def most(self, weight: Callable[[Way], int]) -> int | None:
        """The most weight all clerks together can gather, None when there is no bound."""
        if any(weight(way) for control in self.clerks for way, _ in control.inside()):
            return None
        return sum(control.longest(weight) for control in self.clerks)

    def generations(self) -> int | None:
        """A bound on the generations of values in this office as far as it is known, None when there is none:
        what loops write again and again must be known, everything else is written once."""
        ages = [0]
        for control in self.clerks:
            for way, _ in control.inside():
                if not self.knows(way):
                    return None
                ages += [self.streams[stream][same(value)] for stream, value in way.gives]
        return max(ages) + sum(control.longest(lambda way: len(way.gives) > 0) for control in self.clerks)


def unfold(
    system: System,
    ways: Callable[[str, Request], Ways],
    first: Iterable[tuple[str, Value]],
    most: int = MOST_TASKS,
) -> Office:
    """The automata of all clerks. `ways` says what may come of a clerk's request, `first` what the streams
    hold at the start.

    Values may feed on each other for ever (`tally.value += 1` reads what it wrote). So they are followed in
    generations (what is written by a clerk who has seen nothing later than generation n is of generation
    n + 1), as far as there can be generations in any run.
    """
    first = tuple(first)
    reach = FIRST_REACH
    while True:
        office = _unfold(system, ways, first, reach, most)
        if office.whole or sum(len(control.tasks) for control in office.clerks) > most:
            return office
        needed = office.generations()
        if needed is not None and needed <= reach:
            return office
        reach = 2 * reach if needed is None else needed


def _unfold(
    system: System,
    ways: Callable[[str, Request], Ways],
    first: tuple[tuple[str, Value], ...],
    reach: int,
    most: int,
) -> Office:
    controls = tuple(Control(clerk) for clerk in system.clerks)
    numbers: list[dict[str, int]] = [{} for _ in controls]
    streams: dict[str, dict[str, int]] = {}
    values: dict[str, list[Value]] = {}
    readers: dict[str, list[tuple[int, int, Each]]] = {}
    looked: set[tuple[int, int]] = set()
    # (generation, tie-breaker, clerk, task's number) or (…, stream, value)
    todo: list[tuple[int, int, int | str, Value]] = []
    total = pushed = 0

    def later(age: int, where: int | str, what: Value) -> None:
        nonlocal pushed
        pushed += 1
        heapq.heappush(todo, (age, pushed, where, what))

    def number_of(clerk: int, task: Task) -> int:
        nonlocal total
        found = numbers[clerk].get(same(task))
        if found is None:
            found = numbers[clerk][same(task)] = len(controls[clerk].tasks)
            controls[clerk].tasks.append(task)
            controls[clerk].edges.append([])
            controls[clerk].cut.add(found)
            total += 1
        return found

    def walk(clerk: int, at: int, way: Way, age: int) -> None:
        task = controls[clerk].tasks[at]
        target = number_of(clerk, told(system, clerk, task, way.reply))
        controls[clerk].edges[at].append(Edge(way, target))
        later(age, clerk, target)
        for stream, value in way.gives:
            later(age + 1, stream, value)

    for clerk, task in enumerate(system.start.tasks):
        later(0, clerk, number_of(clerk, task))
    for stream, value in first:
        later(0, stream, value)
    while todo and todo[0][0] <= reach and total <= most:
        age, _, where, what = heapq.heappop(todo)
        if isinstance(where, str):
            if same(what) not in streams.setdefault(where, {}):
                streams[where][same(what)] = age
                values.setdefault(where, []).append(what)
                for clerk, at, each in readers.get(where, ()):
                    walk(clerk, at, each.way(what), age)
            continue
        assert isinstance(what, int)
        if (where, what) in looked:
            continue
        looked.add((where, what))
        controls[where].cut.discard(what)
        request = controls[where].tasks[what].request
        if request is None:
            continue
        for way in ways(system.clerks[where], request):
            if isinstance(way, Way):
                walk(where, what, way, age)
                continue
            readers.setdefault(way.stream, []).append((where, what, way))
            for value in tuple(values.get(way.stream, ())):
                walk(where, what, way.way(value), age)
    for control in controls:
        _merge(control, ways)
    return Office(controls, streams, not todo)


def same(thing: Value | Task) -> str:
    """Equal for what is the same all through: `True` is not `1`, whoever reads a trace can tell them
    apart."""
    return repr(thing)


def told(system: System, clerk: int, task: Task, reply: Reply) -> Task:
    """The task once its request was answered."""
    if isinstance(reply, Goes):
        assert task.request is not None
        onward = task.request._replace(operation=reply.operation, argument=reply.argument)
        return task._replace(request=onward)
    return resume(system.programs[clerk], task, reply)


def _merge(control: Control, ways: Callable[[str, Request], Ways]) -> None:
    """Where a value read makes no difference, one edge is enough for all of them."""
    for task, edges in zip(control.tasks, control.edges, strict=True):
        if task.request is None or len(edges) < 2 or len({edge.target for edge in edges}) > 1:
            continue
        offered = ways(control.clerk, task.request)
        if len(offered) == 1 and isinstance(offered[0], Each):
            edges[:] = [Edge(offered[0].any, edges[0].target)]


def _components(edges: list[list[Edge]]) -> tuple[list[int], list[list[int]]]:
    """Strongly connected parts, successors first: the part of each task, the tasks of each part
    (Tarjan 1972, without recursion)."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    part_of = [-1] * len(edges)
    parts: list[list[int]] = []
    path: list[int] = []
    for root in range(len(edges)):
        if root in order:
            continue
        work = [(root, 0)]
        while work:
            node, at = work.pop()
            if node not in order:
                order[node] = low[node] = len(order)
                path.append(node)
            for next_at in range(at, len(edges[node])):
                target = edges[node][next_at].target
                if target not in order:
                    work += [(node, next_at), (target, 0)]
                    break
                if part_of[target] < 0:
                    low[node] = min(low[node], low[target])
            else:
                if low[node] == order[node]:
                    part: list[int] = []
                    while not part or part[-1] != node:
                        part.append(path.pop())
                        part_of[part[-1]] = len(parts)
                    parts.append(part)
    return part_of, parts
