"""The inspector: stands in every wind there is, and says what was found.

`check` never answers PROVED from less than the whole space; what a budget cut short is UNDETERMINED,
with what was covered.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import NamedTuple

from game.checker.budget import ARRAYS, MEMORY, PLAIN, REDUCED, Budget, Progress, TimeUp
from game.checker.budget import Cancelled as Cancelled
from game.checker.chosen import comes_to, wanted_failure
from game.checker.cycles import count_winds, endless, fair_loops, starving_loops
from game.checker.diagnose import Fault, fault_at_the_end, fault_now, lost_update, reads_goal_broken
from game.checker.reduced import Reduction, can_reduce, explore_reduced, loose_desk
from game.checker.search import CutShort, Witness, best_witness, ends_of
from game.checker.space import Graph, Space, Step, TooNarrow, explore, not_for_ever, states
from game.checker.straight import Straight
from game.checker.symmetry import Renaming, exchanges
from game.checker.verdict import Failure, Outcome, Verdict
from game.goals import NoStarvation
from game.goals import say as words_of
from game.language import joined, say, say_many
from game.level.model import Limits
from game.request import DESK
from game.trace import Event, Wind
from game.world import CannotMove, System, World, base

COUNT_AT_MOST = 2_000_000
"""Transitions up to which winds are counted and loops looked for."""

QUICK_LOOK = 3_500
"""States up to which the whole space is always walked."""

SHORT_CUT = 500
"""States up to which a reduced search is tried before more of the whole space is walked."""

LONG_SHORT_CUT = 1_000
"""The same where walking costs much."""

MANY_STEPS = 1_000
"""Different steps met in a quick look from which on walking costs much: each is worked out by the rules, and
only then remembered."""

FIRST_LOOK = 50_000
"""States up to which it is walked where nothing is known to fail."""

PLAIN_LOOK = 8_000
"""States up to which plain integers are as fast as numpy's arrays."""

BROAD = 100
"""Worlds a level from which on arrays pay."""

WITNESS_AT_MOST = 400_000
"""Pairs of world and last agent looked at for the best wind to a failure that is known to be there."""


def check(
    system: System,
    limits: Limits | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.monotonic,
    reduce: bool = True,
    memory: int = MEMORY,
) -> Verdict:
    """The verdict on a system over every wind, within the level's limits (states stored, seconds) and so many
    bytes of memory.

    Up to QUICK_LOOK states, and up to FIRST_LOOK where nothing fails, everything is walked, so that counts,
    winds and peak are exact; beyond that orders that cannot matter may be left out (not with `reduce=False`):
    the word and the outcomes are exact even so. `progress` is told how far it is and `cancelled` asked some
    fifty times a second. Raises Cancelled.
    """
    budget = Budget(limits or system.level.limits, memory, progress, cancelled, clock)
    try:
        verdict = _check(system, budget, reduce)
    except MemoryError:
        verdict = None  # and on with an empty table, once all that was held here is let go
    return replace(verdict or _out_of_memory(budget.states), seconds=budget.spent)


def _out_of_memory(found: int) -> Verdict:
    covered = say("{states}, then no memory was left", states=states(found))
    return Verdict("UNDETERMINED", None, found, 0, 0, 0, (), None, None, 0, covered)


def _check(system: System, budget: Budget, reduce: bool) -> Verdict:
    limits = budget.limits
    space = Space(system)
    space.tick = budget.look
    graph = explore(space, min(limits.states, QUICK_LOOK), budget.until(0.4, space, PLAIN))
    if graph.whole:
        return _told_by(graph, budget)
    reduce = reduce and can_reduce(system) and not _counts_peaks(system)
    most = min(limits.states, LONG_SHORT_CUT if space.learnt() > MANY_STEPS else SHORT_CUT)
    found: Verdict | None = None
    if reduce:
        reduction = explore_reduced(space, most, budget.until(0.4, space, REDUCED))
        found = _told_by_endings(space, reduction, budget)
        if found and found.word == "REFUTED":
            return found
    graph = _explore_all(space, min(limits.states, FIRST_LOOK), budget, 0.5)
    if graph.whole:
        return _told_by(graph, budget)
    if reduce:
        if not reduction.whole:
            reduction = explore_reduced(space, limits.states, budget.until(0.7, space, REDUCED))
            found = _told_by_endings(space, reduction, budget)
        if found:
            return found
    if limits.states > FIRST_LOOK:
        graph = _explore_all(space, limits.states, budget, 0.85)
    return _told_by(graph, budget)


def _told_by(graph: Graph, budget: Budget) -> Verdict:
    """The verdict of a walk through the whole space, or through as much of it as the budget allowed."""
    space, system = graph.space, graph.space.system
    space.tick = budget.hurry
    winds, loops, sure = None, list[_Loop](), graph.whole
    if graph.whole:
        try:
            small = graph.transitions <= COUNT_AT_MOST
            winds = count_winds(graph) if small else None
            never_ends = winds is None if small else endless(graph)
            loops = _loops(system, graph) if never_ends and small else []
            sure = small or not never_ends
        except TimeUp:
            sure = graph.layered
    space.tick = budget.look
    faults = _Faults(space, loops)
    bad_terminals = sum(faults.bad(packed, True) for packed in graph.terminals)
    verdict = Verdict(
        word="PROVED" if sure else "UNDETERMINED",
        failure=None,
        states=len(graph.worlds),
        transitions=graph.transitions,
        terminals=len(graph.terminals),
        bad_terminals=bad_terminals,
        outcomes=_outcomes(system, space, graph.terminals),
        winds=winds,
        peak=_peak(system, space, graph.moments),
        seconds=0,
        covered=all_states(len(graph.worlds)) if graph.whole else "",
    )
    if graph.whole and not sure:
        covered = say("{looked}, but not the winds that never end", looked=verdict.covered)
        verdict = replace(verdict, covered=covered)
    if graph.whole and not (bad_terminals or loops or faults.on_the_way(graph)):
        return verdict
    # From here on the space may be packed anew: what the graph says of it has been read out above.
    # Where everything was seen, the first of all best winds is shown; else any will do: finding one is hard.
    ways = None if graph.whole else exchanges(system)
    best = best_witness(space, faults.bad, 4 * max(verdict.states, 250), budget.within(0.85, space), ways)
    found: Witness | None = best if isinstance(best, Witness) else None
    if not isinstance(best, Witness):
        # What was packed anew had to be begun anew; what an earlier search found was found nevertheless.
        most = max(verdict.states, budget.most)
        if best.preemptions is not None:
            # The best wind was not found in time: then any will do, if there is one to be found.
            found = _any_witness(space, faults, ways or [], budget, 0.95)
        if graph.whole and found is None:
            found = _some_witness(space, graph, faults)
        elif best.preemptions is not None and found is None:
            found = _drawn_witness(space, faults, budget)
        if found is None:
            return replace(verdict, states=most, covered=_covered(most, graph.stopped_by, best))
    looked = verdict.covered or say("{states}, then straight for the failure", states=states(verdict.states))
    assert found is not None
    failure = replace(_failure(system, space, found, faults), least=found is best)
    if graph.whole:
        no_return = _no_return(space, faults, failure, budget.until(1, space, PLAIN))
        failure = replace(failure, no_return=no_return)
    return replace(verdict, word="REFUTED", failure=failure, covered=looked)


def _explore_all(space: Space, most: int, budget: Budget, share: float) -> Graph:
    """The whole graph, with numpy where it is installed and worth its while."""
    out_of_time = budget.until(share, space, PLAIN)
    if most > PLAIN_LOOK and find_spec("numpy"):
        graph = explore(space, PLAIN_LOOK, out_of_time)
        if graph.whole or out_of_time(len(graph.worlds)):
            return graph
        if len(graph.worlds) > BROAD * graph.depth:
            from game.checker.fast import explore_fast

            if found := explore_fast(space, most, budget.until(share, space, ARRAYS)):
                return found
    return explore(space, most, out_of_time)


def _counts_peaks(system: System) -> bool:
    """Whether stars depend on the most tokens at any moment: leaving out moments is no way to tell that."""
    return any("peak" in bounds for bounds in system.level.stars.values())


def _told_by_endings(space: Space, reduction: Reduction, budget: Budget) -> Verdict | None:
    """The verdict of a reduced search that has seen every ending; None when it has not, or when no wind to
    the failure it has seen is found in time."""
    if not reduction.whole or reduction.endless:
        return None
    faults = _Faults(space, [])
    bad = [packed for packed in reduction.terminals if faults.bad(packed, True)]
    verdict = Verdict(
        word="PROVED",
        failure=None,
        states=reduction.states,
        transitions=reduction.steps,
        terminals=len(reduction.terminals),
        bad_terminals=len(bad),
        outcomes=_outcomes(space.system, space, reduction.terminals),
        winds=None,
        peak=None,
        seconds=0,
        covered=say(
            "every ending, from {states} (orders that cannot matter left out)",
            states=states(reduction.states),
        ),
    )
    if not bad:
        return verdict
    # Every run ends here, and a crash stays to be seen: whatever is wrong leads to one of the bad endings.
    enough, ends = budget.within(0.6, space), ends_of(space, bad)
    best = best_witness(space, faults.bad, WITNESS_AT_MOST, enough, list(reduction.ways), ends)
    found = (
        best if isinstance(best, Witness) else _any_witness(space, faults, list(reduction.ways), budget, 0.8)
    )
    if found is None:
        return None
    failure = replace(_failure(space.system, space, found, faults), least=found is best)
    no_return = _no_return(space, faults, failure, budget.until(0.9, space, PLAIN))
    return replace(verdict, word="REFUTED", failure=replace(failure, no_return=no_return))


def all_states(count: int) -> str:
    """What was looked at, when that was everything."""
    return say("all {states}", states=states(count))


def judge_wind(system: System, wind: Wind, clock: Callable[[], float] = time.monotonic) -> Verdict:
    """The verdict on one wind the player chose: it must be complete, and reach the level's goal."""
    began = clock()
    world, events = system.start, list[Event]()
    fault: Fault | None = None
    for number, gust in enumerate(wind, 1):
        try:
            event, world = system.do(world, gust)
        except CannotMove as problem:
            told = say("gust {number}: {problem}", number=number, problem=str(problem))
            fault = Fault("incomplete", told, (problem.agent,))
            break
        events.append(event)
    wanted = wanted_failure(system)
    if fault is None and wanted:
        fault = comes_to(system, events, wanted)
    elif fault is None and system.ending(world) == "running":
        told = say(
            "the wind drops after {count} gusts; {who}", count=len(events), who=_can_move(system, world)
        )
        fault = Fault("incomplete", told)
    if not wanted:
        fault = fault or fault_at_the_end(system, world, events)
    trace = system.trace(tuple(events), "wind", system.ending(world))
    preemptions, switches = turns(system, tuple(events))
    failure = fault and Failure(
        fault.kind, fault.message, fault.clerks, trace.wind, trace, preemptions, switches
    )
    return Verdict(
        word="REFUTED" if failure else "PROVED",
        failure=failure,
        states=len(events) + 1,
        transitions=len(events),
        terminals=int(system.ending(world) != "running"),
        bad_terminals=int(bool(failure)),
        outcomes=(outcome_of(system, world),) if system.ending(world) != "running" else (),
        winds=1,
        peak=0,
        seconds=clock() - began,
        covered=say("the one wind you chose"),
    )


def turns(system: System, events: tuple[Event, ...]) -> tuple[int, int]:
    """How many preemptions and switches a run has (as `best_witness` counts them)."""
    preemptions = switches = 0
    world, last = system.start, ""
    for event in events:
        if last and event.agent != last:
            switches += 1
            preemptions += last in system.enabled(world)
        world, last = system.do(world, event.gust).world, event.agent
    return preemptions, switches


def _can_move(system: System, world: World) -> str:
    able = system.enabled(world)
    if not able:
        return say("nobody can move")
    return say("{agents} can still move", agents=", ".join(able))


class _Loop(NamedTuple):
    """Worlds in which a fair wind can go round for ever, and who starves there ("": nothing gets done)."""

    members: frozenset[int]
    starved: str = ""


def _loops(system: System, graph: Graph) -> list[_Loop]:
    """The bad loops of a whole graph."""
    hungry = [name for goal in system.level.win if isinstance(goal, NoStarvation) for name in goal.hungry]
    if not hungry:
        return [_Loop(_packed(graph, loop)) for loop in fair_loops(graph)]
    found = []
    for name in hungry:
        index = system.clerks.index(name)

        def at_work(packed: int, index: int = index) -> bool:
            return base(graph.space.unpack(packed).lives[index]) in ("up", "leaving", "failing")

        found += [_Loop(_packed(graph, loop), name) for loop in starving_loops(graph, index, at_work)]
    return found


def _packed(graph: Graph, numbers: frozenset[int]) -> frozenset[int]:
    return frozenset(graph.worlds[number] for number in numbers)


class _Faults:
    """Which packed worlds are bad, remembered by what decides it."""

    def __init__(self, space: Space, loops: list[_Loop]) -> None:
        self._space = space
        self._loops = {packed: loop for loop in loops for packed in loop.members}
        self._now: dict[int, bool] = {}
        self._ends: dict[int, bool] = {}
        self._packing = space.packing
        self._watched = any(goal.watches for goal in space.system.level.win)

    def bad(self, packed: int, nothing_moves: bool) -> bool:
        """Whether something is wrong with this world; `nothing_moves` says whether it is an end."""
        if self._packing != self._space.packing:
            self._now.clear()
            self._ends.clear()
            self._packing = self._space.packing
        if packed in self._loops:
            return True
        if nothing_moves:
            found = self._ends.get(packed)
            if found is None:
                world = self._space.unpack(packed)
                found = self._ends[packed] = fault_at_the_end(self._space.system, world) is not None
            return found
        if self._space.crashed(packed) and fault_now(self._space.system, self._space.unpack(packed)):
            return True
        if not self._watched:
            return False
        key = packed & self._space.channel_mask
        now = self._now.get(key)
        if now is None:
            world = self._space.unpack(packed)
            now = self._now[key] = fault_now(self._space.system, world) is not None
        return now

    def on_the_way(self, graph: Graph) -> bool:
        """Whether any world is bad whatever comes after it: a crash, a broken goal that must always hold."""
        space, system = self._space, self._space.system
        masks = [space.clerk_mask(index) for index in range(len(system.clerks))]
        if self._watched:
            masks.append(space.channel_mask)
        # The other bits stand at the start's values, where nothing is wrong that these bits do not say.
        return any(
            fault_now(system, space.unpack(moment)) is not None
            for mask in masks
            for moment in graph.moments(mask)
        )

    def loop_of(self, packed: int) -> _Loop | None:
        """The bad loop this world is part of, if any."""
        return self._loops.get(packed)


def _failure(system: System, space: Space, witness: Witness, faults: _Faults) -> Failure:
    world = space.unpack(witness.packed)
    events, loop = witness.events, None
    round_ = faults.loop_of(witness.packed)
    if round_ is not None and not fault_now(system, world):
        fault = Fault(
            "livelock",
            say("everybody keeps moving, and nothing gets done: this can go on for ever"),
        )
        if round_.starved:
            waits = system.waits(world, round_.starved)
            told = say(
                "{clerk} {waits} for ever, while the others are served",
                clerk=round_.starved,
                waits=waits.text if waits else say("waits"),
            )
            fault = Fault("starvation", told, (round_.starved,))
        loop = len(events)
        events = (*events, *_round_trip(space, witness.packed, round_.members))
    else:
        ended = space.rests(witness.packed)
        found = fault_at_the_end(system, world, events) if ended else fault_now(system, world)
        assert found is not None, "a witness leads to a fault"
        fault = found
        if fault.kind == "wrong result" and reads_goal_broken(system, world):
            lost = lost_update(system, events)
            if lost:
                fault = Fault(
                    "lost update",
                    say("{result}: {reason}", result=fault.message, reason=lost.message),
                    lost.clerks,
                )
    trace = system.trace(events, "model", system.ending(world))
    return Failure(
        fault.kind,
        fault.message,
        fault.clerks,
        trace.wind,
        trace,
        witness.preemptions,
        witness.switches,
        loop,
    )


def _no_return(
    space: Space, faults: _Faults, failure: Failure, out_of_time: Callable[[int], str]
) -> int | None:
    """How many steps of the failing wind it takes until no wind can end well any more, if that is soon
    found."""
    while True:
        try:
            return _find_no_return(space, faults, failure, out_of_time)
        except TooNarrow:
            space.widen()


def _find_no_return(
    space: Space, faults: _Faults, failure: Failure, out_of_time: Callable[[int], str]
) -> int | None:
    passed = [space.pack(space.system.start)]
    for event in failure.trace.events:
        here = passed[-1]
        passed.append(here + next(step.delta for step in space.steps(here) if step.event == event))
    straight = Straight(space)
    hopeless: set[int] = set()
    for number in range(len(passed) - 1, -1, -1):
        hope = straight.reach(
            passed[number],
            lambda packed, rests: rests and not faults.bad(packed, True),
            hopeless,
            out_of_time,
        )
        if straight.gave_up:
            return None
        if hope is not None:
            return number + 1 if number + 1 < len(passed) else None
    return 0


def _drawn_witness(space: Space, faults: _Faults, budget: Budget) -> Witness | None:
    """A path to a bad world that was met by chance, smoothed; None when none was met in time."""
    out_of_time = budget.until(1, space, 0)
    while True:
        try:
            straight, start = Straight(space), space.pack(space.system.start)
            found = straight.draw(start, faults.bad, random.Random(0), out_of_time)
            return found and Witness(*straight.smooth(start, found[1], faults.bad, out_of_time))
        except TooNarrow:
            space.widen()


def _any_witness(
    space: Space, faults: _Faults, ways: list[Renaming], budget: Budget, share: float
) -> Witness | None:
    """Some path to a bad world, smoothed; None when none was found in time."""
    out_of_time = budget.until(share, space, PLAIN)
    while True:
        try:
            straight, start = Straight(space, ways), space.pack(space.system.start)
            found = straight.reach(start, faults.bad, set(), out_of_time)
            if found is None:
                return None
            return Witness(*straight.smooth(start, found[1], faults.bad, out_of_time))
        except TooNarrow:
            space.widen()


def _round_trip(space: Space, packed: int, members: frozenset[int]) -> tuple[Event, ...]:
    """Steps inside a fair loop from one of its worlds back to it, in which every agent that could always
    move does move: a wind that is fair and never ends."""
    owed = set.intersection(*({step.agent for step in space.steps(world)} for world in members))
    owed -= set(range(len(space.lanes) - space.cats, len(space.lanes)))
    events: list[Event] = []
    here = packed
    for agent in sorted(owed):
        path, here = _walk(space, here, members, lambda step, _, agent=agent: step.agent == agent)  # type: ignore[misc]
        events += path
    if here != packed or not events:
        path, here = _walk(space, here, members, lambda _, there: there == packed)
        events += path
    return tuple(events)


def _walk(
    space: Space, start: int, members: frozenset[int], enough: Callable[[Step, int], bool]
) -> tuple[list[Event], int]:
    """The shortest walk from `start` inside `members` whose last step is `enough(step, world after)`."""
    came: dict[int, tuple[int, Event]] = {}
    queue = [start]
    for here in queue:
        for step in space.steps(here):
            there = here + step.delta
            if there not in members or not_for_ever(step.event):
                continue
            if enough(step, there):
                events = [step.event]
                while here != start:
                    here, event = came[here]
                    events.append(event)
                return events[::-1], there
            if there not in came and there != start:
                came[there] = (here, step.event)
                queue.append(there)
    raise AssertionError("a loop is strongly connected")


def _some_witness(space: Space, graph: Graph, faults: _Faults) -> Witness:
    """The shortest path to any bad world, where there is no time for the best one."""
    came: dict[int, tuple[int, Event]] = {}
    start = graph.worlds[0]
    queue = [start]
    for here in queue:
        steps = space.steps(here)
        if faults.bad(here, space.rests(here)):
            events, packed = [], here
            while here != start:
                here, event = came[here]
                events.append(event)
            path = tuple(reversed(events))
            preemptions, switches = turns(space.system, path)
            return Witness(path, packed, preemptions, switches)
        for delta, _, event in steps:
            if (there := here + delta) not in came and there != start:
                came[there] = (here, event)
                queue.append(there)
    raise AssertionError("no bad world is reachable")


def _covered(found: int, stopped_by: str, cut: CutShort) -> str:
    looked = say("{states}, stopped by {bound}", states=states(found), bound=stopped_by)
    if cut.preemptions is None:
        return say("no wind that ends badly; endless winds were not looked for ({looked})", looked=looked)
    if cut.preemptions == 0:
        return looked
    bound = cut.preemptions - 1
    return say_many(
        "no failure with at most {count} preemption; {looked}",
        "no failure with at most {count} preemptions; {looked}",
        bound,
        looked=looked,
    )


def outcome_of(system: System, world: World) -> Outcome:
    """How things stand in this world, as the verdict lists endings. Deliveries are in the order they were
    made, or sorted where no goal asks for it."""
    view = system.view(world.channels)
    delivered = tuple(sorted(view.delivered, key=repr)) if loose_desk(system) else view.delivered
    waiting = tuple(one.clerk for one in system.stuck(world))
    crashed = tuple((name, crash.error) for name, crash in system.crashes(world).items())
    return Outcome(system.ending(world), delivered, view.readings, view.rest, waiting, crashed)


def _outcomes(system: System, space: Space, terminals: list[int]) -> tuple[Outcome, ...]:
    found = {outcome_of(system, space.unpack(packed)) for packed in terminals}
    return tuple(sorted(found, key=repr))


def _peak(system: System, space: Space, moments: Callable[[int], set[int]]) -> int:
    """The most tokens in all channels together, at any moment."""
    counts, bits = [], 0
    for at, (name, kind) in enumerate(system.channels):
        inside = [len(kind.rest(state)) for state in space.channel_states(at)]
        if name != DESK and any(inside):
            counts.append((at, inside))
            bits |= space.channel_bits(at)
    return max(
        sum(inside[space.channel_number(at, moment)] for at, inside in counts) for moment in moments(bits)
    )


def say_outcome(outcome: Outcome) -> str:
    """An outcome in a line: what the boards read, what was delivered, who was left waiting."""
    parts: list[str] = [
        say("{board} reads {reading}", board=name, reading=words_of(reading))
        for name, reading in outcome.readings
    ]
    if outcome.delivered:
        things = ", ".join(words_of(thing) for _, thing in outcome.delivered)
        parts.append(say("delivered {things}", things=things))
    parts += [
        say("{count} left on {channel}", count=len(tokens), channel=name) for name, tokens in outcome.rest
    ]
    parts += [say("{clerk} stops with {error}", clerk=name, error=error) for name, error in outcome.crashed]
    if outcome.waiting:
        parts.append(say("{clerks} left waiting", clerks=", ".join(outcome.waiting)))
    return joined("; ", parts) if parts else say("everyone gone home")
