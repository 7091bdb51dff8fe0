"""Winds without end: does every fair one reach an ending?

A wind is weakly fair when no agent that could always move is left out for ever, but for the cat, which may
come and need not. An unfair loop is no failure (a clerk polling while nobody else is ever let move); a fair
one is a livelock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from game.checker.space import Graph


def count_winds(graph: Graph) -> int | None:
    """How many complete winds a whole graph has; None when a loop makes them endless. Exact: paths to
    terminals are summed in topological order (Kahn 1962)."""
    if graph.layered:
        return graph.paths()
    lanes = [(lane.mask, lane.deltas) for lane in graph.space.lanes]
    into = _entries(graph)
    ways = dict.fromkeys(into, 0)
    start = graph.worlds[0]
    ways[start] = 1
    ready = [start] if into[start] == 0 else []
    ordered = 0
    while ready:
        here = ready.pop()
        ordered += 1
        if not ordered & 4095:
            graph.space.tick()
        came = ways[here]
        for mask, deltas in lanes:
            for delta in deltas[here & mask]:
                there = here + delta
                ways[there] += came
                into[there] -= 1
                if into[there] == 0:
                    ready.append(there)
    return sum(ways[world] for world in graph.terminals) if ordered == len(into) else None


def endless(graph: Graph) -> bool:
    """Whether some run of a whole graph can go on for ever, without keeping its edges (Kahn 1962)."""
    if graph.layered:
        return False
    lanes = [(lane.mask, lane.deltas) for lane in graph.space.lanes]
    into = _entries(graph)
    ready = [world for world, count in into.items() if count == 0]
    ordered = 0
    while ready:
        here = ready.pop()
        ordered += 1
        if not ordered & 4095:
            graph.space.tick()
        for mask, deltas in lanes:
            for delta in deltas[here & mask]:
                there = here + delta
                into[there] -= 1
                if into[there] == 0:
                    ready.append(there)
    return ordered != len(into)


def _entries(graph: Graph) -> dict[int, int]:
    """For each world of a whole graph, how many steps lead into it."""
    lanes = [(lane.mask, lane.deltas) for lane in graph.space.lanes]
    into = dict.fromkeys(graph.worlds, 0)
    for number, here in enumerate(graph.worlds):
        if not number & 4095:
            graph.space.tick()
        for mask, deltas in lanes:
            for delta in deltas[here & mask]:
                into[here + delta] += 1
    return into


def fair_loops(graph: Graph) -> list[frozenset[int]]:
    """The sets of worlds in which a weakly fair wind can go round for ever: strongly connected parts
    where every agent either moves inside, or somewhere cannot move at all."""
    return _fair(graph, _components(graph, range(len(graph.worlds))))


def starving_loops(graph: Graph, agent: int, hungry: Callable[[int], bool]) -> list[frozenset[int]]:
    """The sets of worlds in which a fair wind can go round for ever while this agent, which still has
    something to do in every one of them (`hungry(packed)`), can move in none."""
    edges = graph.edges
    waiting = [
        number
        for number, packed in enumerate(graph.worlds)
        if hungry(packed) and all(mover != agent for mover, _ in edges[number])
    ]
    return _fair(graph, _components(graph, waiting))


def _fair(graph: Graph, parts: list[list[int]]) -> list[frozenset[int]]:
    found = []
    owed = len(graph.space.lanes) - graph.space.cats
    for part in parts:
        graph.space.tick()
        members = frozenset(part)
        inside: set[int] = set()
        always: set[int] | None = None
        for world in part:
            agents = set()
            for agent, there in graph.edges[world]:
                if agent < owed:
                    agents.add(agent)
                if there in members:
                    inside.add(agent)
            always = agents if always is None else always & agents
        if inside and (always or set()) <= inside:
            found.append(members)
    return found


def _components(graph: Graph, among: Iterable[int]) -> list[list[int]]:
    """Strongly connected components that hold a loop, of the graph of these worlds (Tarjan 1972, without
    recursion)."""
    allowed = set(among)
    edges = graph.edges if len(allowed) == len(graph.worlds) else None
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    parts: list[list[int]] = []

    def out_of(node: int) -> list[tuple[int, int]]:
        if edges is not None:
            return edges[node]
        return [edge for edge in graph.edges[node] if edge[1] in allowed]

    for root in sorted(allowed):
        if root in order:
            continue
        work = [(root, 0)]
        while work:
            node, at = work.pop()
            if at == 0:
                if not len(order) & 4095:
                    graph.space.tick()
                order[node] = low[node] = len(order)
                path.append(node)
                on_path.add(node)
            out = out_of(node)
            while at < len(out):
                there = out[at][1]
                at += 1
                if there not in order:
                    work += [(node, at), (there, 0)]
                    break
                if there in on_path:
                    low[node] = min(low[node], order[there])
            else:
                if low[node] == order[node]:
                    part = []
                    while True:
                        member = path.pop()
                        on_path.discard(member)
                        part.append(member)
                        if member == node:
                            break
                    if len(part) > 1 or any(there == node for _, there in out):
                        parts.append(part)
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
    return parts
