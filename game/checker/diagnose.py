"""What is wrong with a moment, in a sentence a beginner understands.

Only looks at one world (and, for lost updates, at the events that led there); searching is left to
`game.checker.search`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from game.goals import Broken, LeftOver, MayFail, Reads
from game.goals import say as words_of
from game.knots import tangle_of
from game.language import joined, say, say_many
from game.trace import Event
from game.world import ENDED, Stuck, System, World


class Fault(NamedTuple):
    """One thing wrong: its kind (see `game.goals.FAILURES`), a sentence, the clerks concerned."""

    kind: str
    message: str
    clerks: tuple[str, ...] = ()


def fault_now(system: System, world: World) -> Fault | None:
    """What is wrong at this moment whatever comes later: a crash, or a goal that must always hold."""
    excused = excused_clerks(system)
    for name, crash in system.crashes(world).items():
        if name not in excused or crash.error == "Limit":
            if crash.error == "Limit":
                told = say(
                    "{clerk}, line {line}: {message}", clerk=name, line=crash.line, message=crash.message
                )
                return Fault("limit", told, (name,))
            told = say(
                "{clerk} stops in line {line} with {error}", clerk=name, line=crash.line, error=crash.error
            )
            if crash.message:
                told = say("{told} ({message})", told=told, message=crash.message)
            return Fault("exception", told, (name,))
    if any(goal.watches for goal in system.level.win):
        view = system.view(world.channels)
        for goal in system.level.win:
            if goal.watches and (broken := goal.always(view)):
                return Fault(broken.kind, broken.message)
    return None


def excused_clerks(system: System) -> frozenset[str]:
    """The clerks whose exceptions are no failure here."""
    return frozenset(name for goal in system.level.win if isinstance(goal, MayFail) for name in goal.excused)


def fault_at_the_end(system: System, world: World, events: Sequence[Event] = ()) -> Fault | None:
    """What is wrong with a world in which nothing moves any more. Whether anything is does not depend on the
    `events` that led there; who has a semaphore's tags, and so whether clerks wait in a circle, does."""
    if fault := fault_now(system, world):
        return fault
    if not all(life in ENDED for life in world.lives):
        return _stuck(system.stuck(world, events))
    if broken := broken_goal(system, world):
        return Fault(broken.kind, broken.message)
    return None


def broken_goal(system: System, world: World) -> Broken | None:
    """The first goal that does not hold; that nothing is left over is asked last, and always."""
    view = system.view(world.channels)
    goals = list(system.level.win)
    if not any(isinstance(goal, LeftOver) for goal in goals):
        goals.append(LeftOver())
    return next((broken for goal in goals if (broken := goal.at_the_end(view))), None)


def _stuck(stuck: tuple[Stuck, ...]) -> Fault:
    waits = {one.clerk: one for one in stuck}
    if tangle := tangle_of(stuck):
        clerks = tangle.clerks
        told = joined(", ", [_waits(waits[name]) for name in clerks])
        if len(clerks) == 1:
            message = say("{told}, and only {clerk} itself could end that", told=told, clerk=clerks[0])
        elif tangle.ring:
            ring = " → ".join((*clerks, clerks[0]))
            message = say("{told}: each waits for the next ({ring})", told=told, ring=ring)
        else:
            message = say("{told}: none of them can go on before another of them does", told=told)
        return Fault("deadlock", message, clerks)
    lonely = next((one for one in stuck if not one.holders and one.text != "was never started"), stuck[0])
    others = [one.clerk for one in stuck if one.clerk != lonely.clerk]
    message = say("{told}, and nobody is left who could end that", told=_waits(lonely))
    if others:
        too = say_many("{clerks} waits too", "{clerks} wait too", len(others), clerks=", ".join(others))
        message = say("{told} ({message})", told=message, message=too)
    return Fault("orphan wait", message, (lonely.clerk, *others))


def _waits(one: Stuck) -> str:
    return say("{clerk} {waits}", clerk=one.clerk, waits=one.text)


def lost_update(system: System, events: Sequence[Event]) -> Fault | None:
    """The first write over somebody else's write that the writer had not seen: a read, then another's write,
    then a write based on the read (the lost update of database textbooks, P4 in Berenson et al. 1995)."""
    boards = {name for name, kind in system.channels if kind.name in ("value", "array")}
    read: dict[tuple[str, str, object], int] = {}
    wrote: dict[tuple[str, object], tuple[int, str, object]] = {}
    for number, event in enumerate(events):
        if event.channel not in boards or event.error:
            continue
        cell = event.argument[0] if event.operation in ("read", "write") and _indexed(event) else None
        if event.operation == "read":
            read[event.agent, event.channel, cell] = number
        elif event.operation == "write":
            saw = read.get((event.agent, event.channel, cell))
            last = wrote.get((event.channel, cell))
            if saw is not None and last is not None and last[0] > saw and last[1] != event.agent:
                where = event.channel if cell is None else f"{event.channel}[{words_of(event.argument[0])}]"
                message = say(
                    "{clerk} read {board} before {other} wrote {value}, "
                    "and writes {mine} over it: {other}'s update is lost",
                    clerk=event.agent,
                    board=where,
                    other=last[1],
                    value=words_of(_value(last[2])),
                    mine=words_of(event.argument[-1]),
                )
                return Fault("lost update", message, (event.agent, last[1]))
            wrote[event.channel, cell] = (number, event.agent, event.argument[-1])
    return None


def _indexed(event: Event) -> bool:
    return len(event.argument) == (1 if event.operation == "read" else 2)


def _value(thing: object) -> int | str:
    return thing if isinstance(thing, int | str) else str(thing)


def reads_goal_broken(system: System, world: World) -> bool:
    """Whether what is wrong is what a board reads: only then is a lost update the reason to name."""
    view = system.view(world.channels)
    return any(isinstance(goal, Reads) and goal.at_the_end(view) for goal in system.level.win)
