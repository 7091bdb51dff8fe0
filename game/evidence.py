"""What a run on real processes shows: whether it broke a goal, and whether as the inspector foretold."""

from __future__ import annotations

from game.checker.chosen import comes_to, wanted_failure
from game.checker.diagnose import Fault, fault_at_the_end, fault_now, lost_update, reads_goal_broken
from game.checker.verdict import Failure
from game.goals import NoStarvation
from game.language import joined
from game.office.orders import RunResult
from game.trace import Trace
from game.world import System


def fault_of(system: System, result: RunResult) -> Fault | None:
    """What went wrong in a run, in the inspector's words; None when nothing did, or nothing did yet.

    A run that hung, or in which the office itself is in doubt, has the kind "hung" or its ending. Where winds
    may go on for ever, a run that was still at it when its time was over is judged by how far it came.
    """
    if result.ending == "hung" and may_go_on(system):
        return fault_along(system, result.trace)
    if result.ending in ("hung", "killed", "aborted", "disagreed"):
        return Fault(result.ending, result.message or str(result.disagreement or ""), result.clerks)
    return fault_along(system, result.trace)


def may_go_on(system: System) -> bool:
    """Whether a wind without end is no failure by itself in this level."""
    return any(isinstance(goal, NoStarvation) for goal in system.level.win)


def fault_along(system: System, trace: Trace) -> Fault | None:
    """What is wrong on the way of a trace, or at its end when nothing moves there any more. Where the level
    wants a failure: that it came to another, or to none."""
    if wanted := wanted_failure(system):
        lacks = comes_to(system, trace.events, wanted)
        return None if lacks and lacks.kind == "incomplete" else lacks
    worlds = system.worlds(trace.events)
    for world in worlds:
        if fault := fault_now(system, world):
            return fault
    if system.ending(worlds[-1]) == "running":
        return None
    fault = fault_at_the_end(system, worlds[-1], trace.events)
    if fault and fault.kind == "wrong result" and reads_goal_broken(system, worlds[-1]):
        lost = lost_update(system, trace.events)
        if lost:
            return Fault("lost update", joined(": ", [fault.message, lost.message]), lost.clerks)
    return fault


def bears_out(system: System, failure: Failure, result: RunResult) -> bool:
    """Whether a run forced along a failing wind went step for step as foretold, and failed the same way."""
    if result.trace.events != failure.trace.events:
        return False
    if failure.loop is not None:
        return True  # it went round once; nobody can watch it for ever
    if failure.kind == "incomplete":
        return result.ending == "stopped"  # the same steps, and then nobody was let go on
    fault = fault_of(system, result)
    return fault is not None and (fault.kind, fault.message) == (failure.kind, failure.message)
