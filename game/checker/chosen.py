"""The one wind a player chose, in a level that wants a failure: does it lead there?

In such a level the wind is right when it comes to the failure the level names. An endless one is chosen by
going round once: the last world is one the wind has passed before, and whoever could move all the way did.
"""

from __future__ import annotations

from collections.abc import Sequence

from game.checker.diagnose import Fault, fault_at_the_end, fault_now, lost_update, reads_goal_broken
from game.checker.space import not_for_ever
from game.goals import Fails
from game.language import say, say_many
from game.trace import Event
from game.world import System, World

CAT = "cat:"


def wanted_failure(system: System) -> str:
    """The kind of failure a wind has to lead to in this level; "" where it has to lead to none."""
    return next((goal.kind for goal in system.level.win if isinstance(goal, Fails)), "")


def comes_to(system: System, events: Sequence[Event], wanted: str) -> Fault | None:
    """What a wind lacks of a failure of this kind, where it drops; None when it has come to one."""
    worlds = system.worlds(events)
    found = next(filter(None, (fault_now(system, world) for world in worlds)), None)
    running = system.ending(worlds[-1]) == "running"
    if found is None and not running:
        found = fault_at_the_end(system, worlds[-1], events)
        if found and found.kind == "wrong result" and reads_goal_broken(system, worlds[-1]):
            found = lost_update(system, events) or found
    if found is not None:
        told = say("it fails otherwise than it should: {told}", told=found.message)
        return None if found.kind == wanted else Fault("wrong result", told, found.clerks)
    if not running:
        return Fault("wrong result", say("everybody goes home, and nothing has failed"))
    return _goes_round(system, events, worlds) if wanted == "livelock" else _drops(system, worlds)


def _goes_round(system: System, events: Sequence[Event], worlds: Sequence[World]) -> Fault | None:
    """What is missing for the wind to go on for ever, as fairly as winds do."""
    first = worlds.index(worlds[-1])
    if first == len(worlds) - 1:
        told = say("nothing is as it was before yet: an endless wind comes round again")
        return Fault("incomplete", told)
    if any(map(not_for_ever, events[first:])):
        told = say("it comes round again, but whoever looks for a process that has ended sees so in the end")
        return Fault("incomplete", told)
    owed = set.intersection(*(set(system.enabled(world)) for world in worlds[first:]))
    moved = {event.agent for event in events[first:]}
    left_out = tuple(agent for agent in sorted(owed - moved) if not agent.startswith(CAT))
    if not left_out:
        return None
    told = say_many(
        "it comes round again, but {agents} could move all the time and was never let",
        "it comes round again, but {agents} could move all the time and were never let",
        len(left_out),
        agents=", ".join(left_out),
    )
    return Fault("incomplete", told, tuple(one for one in left_out if one in system.clerks))


def _drops(system: System, worlds: Sequence[World]) -> Fault:
    count = len(worlds) - 1
    told = say_many(
        "the wind drops after {count} gust, and nothing has failed; {agents} can still move",
        "the wind drops after {count} gusts, and nothing has failed; {agents} can still move",
        count,
        agents=", ".join(system.enabled(worlds[-1])),
    )
    return Fault("incomplete", told)
