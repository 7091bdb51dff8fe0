"""From what free clerks wrote down to one order of events that the rules allow.

Nobody sees a free run as a whole: each clerk knows its own operations, when each began and ended, and what
it gave; the office knows when a process was sent a signal, or the cat, and when it was seen to have ended.
Porters write nothing down, nor does anybody see the ends of a process close. Settling looks for an order that
respects each clerk's own order, the times (what ended before something else began comes first) and every
result, letting porters carry, and ends close, whenever that helps.
That none exists means that our rules and reality differ.

Reference: linearizability checking, as Wing and Gong (1993) and Lowe (2017) do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple, TypeAlias

from game.language import joined, say, say_many
from game.request import WAIT, ListValue, Value
from game.trace import Event, Trace
from game.world import ENDED, GONE, LET_GO, Move, System, World

NODES: Final = 100_000
"""How many moments are looked at before the search gives up."""
BEGINNING: Final = 5_000
"""How many are looked at for a beginning to show, where giving up is certain: each operation takes one."""
_ENDS: Final = ("home", "die", "nap")
"""What is written down of the end of a process."""


class Record(NamedTuple):
    """One operation as its clerk saw it, or its going home (channel "", operation "home"); or the end of a
    process by a signal or the cat (`clerk` is `signal:ada` or `cat:ada`, the rest as in the event).

    Times are nanoseconds of one clock. `ended` is None for an operation nobody came back from: it may
    have happened or not, and its result is unknown.
    """

    clerk: str
    channel: str
    operation: str
    argument: tuple[Value, ...]
    line: int
    began: int
    ended: int | None
    result: Value = None
    error: str = ""


class Impossible(NamedTuple):
    """No order of these records is allowed by the rules: the rules are wrong, or the record is.

    `events` is the longest legal beginning that was found, `reason` what could not follow it.
    """

    reason: str
    events: tuple[Event, ...]
    records: tuple[Record, ...]


class Unsettled(NamedTuple):
    """The search was given up before it had an answer; fields as in Impossible, but where there were too many
    records for any search, with each agent's first BEGINNING of them alone."""

    reason: str
    events: tuple[Event, ...]
    records: tuple[Record, ...]


Positions: TypeAlias = "tuple[int, ...]"


class _Path(NamedTuple):
    """How a moment was reached, newest first."""

    events: tuple[Event, ...]
    before: _Path | None


class _Node(NamedTuple):
    positions: Positions
    world: World
    path: _Path | None


def same(one: Value, other: Value) -> bool:
    """Equal, and not merely as 1 equals True."""
    if one is other:
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, ListValue) and isinstance(other, ListValue):
        return same(one.items, other.items)
    return type(one) is type(other) and one == other


def settle(
    system: System,
    records: Sequence[Record],
    ending: str = "",
    nodes: int = NODES,
    cancelled: Callable[[], bool] = lambda: False,
) -> Trace | Impossible | Unsettled:
    """A legal trace of these records, which stand in each clerk's own order.

    `ending` is the trace's when the run was cut short ("hung"); without it everybody is expected to have
    ended or been left alone, and the trace says how.

    A first search carries only what the next operation needs, which settles ordinary runs with hardly a
    wrong turn; where that finds nothing, a second one tries everything. Of more operations that came back
    than `nodes`, which no search could go through, only a beginning is put in order.
    """
    hopeless = sum(record.ended is not None for record in records) >= nodes
    if hopeless:
        nodes = min(nodes, BEGINNING)
    search = _Search(system, records, bool(ending), nodes, cancelled)
    for thorough in (False, True):
        found = search.look(thorough)
        if found is not None:
            events = tuple(event for step in _unroll(found.path) for event in step)
            return system.trace(events, "free", ending or system.ending(found.world))
        if search.given_up:
            rows = [row[:BEGINNING] for row in search.rows] if hopeless else [records]
            return Unsettled(search.given_up, search.furthest, tuple(chain.from_iterable(rows)))
    return Impossible(search.reason(), search.furthest, tuple(records))


def _unroll(path: _Path | None) -> list[tuple[Event, ...]]:
    steps = []
    while path is not None:
        steps.append(path.events)
        path = path.before
    return steps[::-1]


class _Search:
    def __init__(
        self,
        system: System,
        records: Sequence[Record],
        cut_short: bool,
        nodes: int,
        cancelled: Callable[[], bool],
    ) -> None:
        self.system, self.cut_short, self.nodes, self.cancelled = system, cut_short, nodes, cancelled
        self.agents = (*system.clerks, *system.fates())
        self.rows = [[record for record in records if record.clerk == agent] for agent in self.agents]
        self.porters = tuple(agent for agent, _, _ in system.porters())
        self.closing = [index for index, ends in enumerate(system.ends) if ends]
        self.given_up = ""
        self.best: _Node | None = None

    @property
    def furthest(self) -> tuple[Event, ...]:
        """The longest legal beginning so far."""
        return tuple(event for step in _unroll(self.best.path if self.best else None) for event in step)

    def reason(self) -> str:
        """What did not fit after the longest legal beginning."""
        assert self.best is not None
        waiting = []
        for index, clerk in enumerate(self.agents):
            position = self.best.positions[index]
            if position < len(self.rows[index]) and self.rows[index][position].ended is not None:
                record = self.rows[index][position]
                where = f"{record.channel}.{record.operation}" if record.channel else say("going home")
                if record.error:
                    told = say(
                        "{clerk}'s {where} raised {error}", clerk=clerk, where=where, error=record.error
                    )
                else:
                    told = say(
                        "{clerk}'s {where} gave {result!r}", clerk=clerk, where=where, result=record.result
                    )
                waiting.append(told)
        if not waiting:
            return say("all operations fit, but not the way the processes ended")
        steps = sum(self.best.positions)
        return say_many(
            "after {count} operation none of these fits the rules: {waiting}",
            "after {count} operations none of these fits the rules: {waiting}",
            steps,
            waiting=joined("; ", waiting),
        )

    def look(self, thorough: bool) -> _Node | None:
        """The end of an order that fits, or None."""
        start = _Node((0,) * len(self.rows), self.system.start, None)
        seen: set[tuple[Positions, World]] = set()
        stack = [iter((start,))]
        while stack:
            node = next(stack[-1], None)
            if node is None:
                stack.pop()
                continue
            key = (node.positions, node.world)
            if key in seen:
                continue
            seen.add(key)
            self.nodes -= 1
            if self.nodes < 0:
                self.given_up = say("too many orders to try")
                return None
            if self.cancelled():
                self.given_up = say("stopped")
                return None
            if self.best is None or sum(node.positions) > sum(self.best.positions):
                self.best = node
            if (end := self._finish(node)) is not None:
                return end
            stack.append(self._all_after(node) if thorough else self._after(node))
        return None

    def _finish(self, node: _Node) -> _Node | None:
        """The node, with what porters still carried, if it can be where the run ended."""
        for position, row in zip(node.positions, self.rows, strict=True):
            if position < len(row) and row[position].ended is not None:
                return None
        if self.cut_short:
            return node
        world, carried = node.world, []
        while (move := next(self._carries(world), None)) is not None:
            carried.append(move.event)
            world = move.world
        if any(life not in (*ENDED, "new") for life in world.lives):
            return None
        return node._replace(world=world, path=_Path(tuple(carried), node.path) if carried else node.path)

    def _next_records(self, positions: Positions) -> list[int]:
        """Whose records may come next as far as the times go, the most urgent first."""
        ahead = [
            (index, row[position])
            for index, (position, row) in enumerate(zip(positions, self.rows, strict=True))
            if position < len(row)
        ]
        latest = min((record.ended for _, record in ahead if record.ended is not None), default=None)
        fitting = [(index, record) for index, record in ahead if latest is None or record.began <= latest]
        urgent = sorted(fitting, key=lambda item: (item[1].ended is None, item[1].ended or 0, item[0]))
        return [index for index, _ in urgent]

    def _steps(self, index: int, position: int, world: World) -> tuple[bool, list[Move]]:
        """Whether the agent can move at all, and its moves that agree with its record at this position, and
        with what the next one is of: a call that went on may look like one that was over."""
        record, *following = self.rows[index][position : position + 2]
        able, agreeing = False, []
        for move in self._moves(index, world):
            able = True
            event = move.event
            if (
                (event.operation == GONE or (event.channel, event.operation) == record[1:3])
                and same(event.argument, record.argument)
                and (
                    record.ended is None
                    or (event.error == record.error and same(event.result, record.result))
                )
                and (not following or self._leads_to(following[0], index, move.world))
            ):
                agreeing.append(move)
        return able, agreeing

    def _leads_to(self, record: Record, index: int, world: World) -> bool:
        """Whether this is what the clerk asks for next."""
        if index >= len(self.system.clerks) or not record.channel:
            return True
        request = world.tasks[index].request
        return request is not None and (request.channel, request.operation) == (
            record.channel,
            record.operation,
        )

    def _moves(self, index: int, world: World) -> Iterator[Move]:
        """What may be written down of this agent. Of a process that was ended so that its ends close one
        after the other, that is the last of it."""
        if index < len(self.system.clerks):
            return (move for move in self.system.clerk_moves(world, index) if move.event.operation != GONE)
        what, _, clerk = self.agents[index].partition(":")
        victim = self.system.clerks.index(clerk)
        slowly = ("shutting napped",) if what == "cat" else ("shutting terminated", "shutting killed")
        if world.lives[victim] in slowly:
            return (move for move in self.system.clerk_moves(world, victim) if move.event.operation == GONE)
        return (move for move in self.system.fate_moves(world, self.agents[index]) if not move.event.choice)

    def _unseen(self, positions: Positions, world: World) -> Iterator[Move]:
        """Every step that nobody writes down: porters', and those with which a process lets go of its ends,
        as far as the times of its own end go."""
        yield from self._carries(world)
        if not self.closing:
            return
        for index in self._next_records(positions):
            name = self.agents[index].rpartition(":")[2]
            clerk = self.system.clerks.index(name)
            if clerk not in self.closing or self.rows[index][positions[index]].operation not in _ENDS:
                continue
            if index >= len(self.system.clerks):
                moves = self.system.fate_moves(world, self.agents[index])
                yield from (move for move in moves if move.event.choice)
            moves = self.system.clerk_moves(world, clerk)
            yield from (move for move in moves if move.event.operation == LET_GO)

    def _carries(self, world: World) -> Iterator[Move]:
        """Every step of a porter."""
        for agent in self.porters:
            yield from self.system.porter_moves(world, agent)

    def _after(self, node: _Node) -> Iterator[_Node]:
        """What may come next, with unseen steps only just before an operation they make possible.

        That is every order but for swapping steps that do not care which comes first.
        """
        waiting = []
        for index in self._next_records(node.positions):
            positions = _advance(node.positions, index)
            agreeing = self._steps(index, node.positions[index], node.world)[1]
            for event, world in agreeing:
                yield _Node(positions, world, _Path((event,), node.path))
            if not agreeing:
                waiting.append(index)
        for index in waiting:
            positions = _advance(node.positions, index)
            for carried, event, world in self._carry_for(index, node.positions, node.world):
                yield _Node(positions, world, _Path((*carried, event), node.path))

    def _carry_for(
        self, index: int, positions: Positions, world: World
    ) -> Iterator[tuple[tuple[Event, ...], Event, World]]:
        """The shortest series of unseen steps after which the record there agrees, then longer ones."""
        position = positions[index]
        record = self.rows[index][position]
        several = record.channel == WAIT
        # Going home: any tray matters.
        anywhere = several or not record.channel or record.channel.startswith("@")
        round_: list[tuple[tuple[Event, ...], World]] = [((), world)]
        seen = {world}
        while round_:
            following = []
            for carried, here in round_:
                for event, there in self._unseen(positions, here):
                    if there in seen or not (
                        anywhere or event.channel == record.channel or event.channel[:1] == "@"
                    ):
                        continue
                    seen.add(there)
                    self.nodes -= 1
                    if self.nodes < 0:
                        return
                    able, agreeing = self._steps(index, position, there)
                    for step, end in agreeing:
                        yield (*carried, event), step, end
                    # Once it can move, and the wrong way, what is carried after that cannot right it.
                    if several or not able:
                        following.append(((*carried, event), there))
            round_ = following

    def _all_after(self, node: _Node) -> Iterator[_Node]:
        for index in self._next_records(node.positions):
            for event, world in self._steps(index, node.positions[index], node.world)[1]:
                yield _Node(_advance(node.positions, index), world, _Path((event,), node.path))
        for event, world in self._unseen(node.positions, node.world):
            yield _Node(node.positions, world, _Path((event,), node.path))


def _advance(positions: Positions, index: int) -> Positions:
    return (*positions[:index], positions[index] + 1, *positions[index + 1 :])
