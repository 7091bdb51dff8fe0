"""A hint drawn from the wind in which an answer fails: who, which line, and what happened there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.language import joined, listed, say
from game.story import Film, Frame, is_fate, owner, text_of, who
from game.world import ENDED

if TYPE_CHECKING:
    from game.checker.verdict import Failure
    from game.world import System

MOST_WAITING = 4


def clue_of(system: System, failure: Failure) -> str:
    """What to look at in a failing wind, and the question it leads to; never the answer."""
    film = Film(system, failure.trace)
    found = _lost(film) or _crashed(film) or _stuck(film) or _turned(film, failure.no_return)
    return joined("\n", found or _outcome(film))


def _placed(film: Film, frame: Frame, told: str) -> str:
    """What was told of a moment, with its number and, but for a porter or the cat, the line of the script."""
    event = frame.event
    if event is None:
        return told
    if not event.line:
        return say("Gust {number}: {told}.", number=frame.number, told=told)
    scripts = {clerk.name: clerk.script for clerk in film.system.level.clerks}
    return say(
        "Gust {number}: {told} (line {line} of `{script}`).",
        number=frame.number,
        told=told,
        line=event.line,
        script=scripts[owner(event.agent)],
    )


def _told(film: Film, frame: Frame) -> str:
    return _placed(film, frame, frame.told or frame.caption)


def _last(film: Film, before: int, agent: str, channel: str, tail: str) -> Frame | None:
    for frame in reversed(film.frames[1:before]):
        event = frame.event
        if event and event.agent == agent and event.channel == channel and event.operation == tail:
            return frame
    return None


def _lost(film: Film) -> list[str]:
    frame = next((frame for frame in film.frames if frame.lost), None)
    if frame is None or frame.lost is None:
        return []
    lost = frame.lost
    read = _last(film, frame.number, lost.clerk, lost.channel, "read")
    write = _last(film, frame.number, lost.other, lost.channel, "write")
    told: list[str] = []
    if read and read.event:
        result = text_of(read.event.result)
        seen = say(
            "{clerk} reads {result} from {channel}", clerk=lost.clerk, result=result, channel=lost.channel
        )
        told.append(_placed(film, read, seen))
    if write:
        told.append(_told(film, write))
    value = text_of(lost.value)
    wrote = say("{clerk} still counts from the old number and writes {value}", clerk=lost.clerk, value=value)
    told.append(_placed(film, frame, wrote))
    if read:
        question = say(
            "What would keep {other} away from {channel} from gust {first} to gust {last}?",
            other=lost.other,
            channel=lost.channel,
            first=read.number,
            last=frame.number,
        )
    else:
        question = say(
            "What would keep {other} away from {channel} all that time?",
            other=lost.other,
            channel=lost.channel,
        )
    return [*told, question]


def _crashed(film: Film) -> list[str]:
    frame = next((frame for frame in film.frames if frame.crashed), None)
    if frame is None:
        return []
    told = [_told(film, frame)]
    for name in frame.crashed:
        crash = frame.clerks[name].crash
        if crash and not (frame.event and frame.event.error == crash.error):
            told.append(
                say(
                    "{name} stops in line {line} with {error}.", name=name, line=crash.line, error=crash.error
                )
            )
    before = film.frames[frame.number - 1] if frame.number else frame
    if before.movers and any(owner(mover) not in frame.crashed for mover in before.movers):
        others = [who(mover) for mover in before.movers if owner(mover) not in frame.crashed]
        told.append(
            say(
                "Before it, {others} could have moved as well. Must this wait for somebody?",
                others=listed(others),
            )
        )
    return told


def _stuck(film: Film) -> list[str]:
    last = film.frames[-1]
    if last.ending != "stuck":
        return []
    told: list[str] = []
    scripts = {clerk.name: clerk.script for clerk in film.system.level.clerks}
    waiting = [view for view in last.clerks.values() if view.blocked]
    for view in waiting[:MOST_WAITING]:
        who_waits: str = view.name
        if view.line:
            script = scripts[view.name]
            who_waits = say(
                "{clerk} stands in line {line} of `{script}` and",
                clerk=view.name,
                line=view.line,
                script=script,
            )
        told.append(say("{who} {waits}.", who=who_waits, waits=view.blocked))
    dead = [view.name for view in last.clerks.values() if view.life in ENDED]
    keys = all(view.asks and view.asks.operation.endswith("acquire") for view in waiting)
    if last.knots and keys:
        told.append(say("Each waits for the next one. Who should have given something back before waiting?"))
    elif last.knots:
        told.append(say("Each waits for the next one. Who must give before taking?"))
    elif dead:
        told.append(
            say("{dead} will do nothing any more. Who was to end that wait, and when?", dead=listed(dead))
        )
    else:
        told.append(say("Who was to end that wait, and when?"))
    return told


def _turned(film: Film, no_return: int | None) -> list[str]:
    """Where the wind turned: the step after which nothing could be saved, else the first that cut in."""
    at = no_return or next((frame.number for frame in film.frames if frame.preempts), 0)
    if not 0 < at <= len(film):
        return []
    frame = film.frames[at]
    told = [_told(film, frame)]
    if no_return and at < len(film):
        told.append(say("Until then all could still end well; from there on nothing can."))
    elif frame.preempts:
        before = film.frames[at - 1].event
        if before and not is_fate(before.agent):
            told.append(
                say(
                    "There the wind turns away from {agent}, who could have gone on.", agent=who(before.agent)
                )
            )
    return told + [line for line in _outcome(film) if line not in told]


def _outcome(film: Film) -> list[str]:
    """What was done last that anybody could see: delivered twice, delivered, chalked; and what lies about."""
    last = film.frames[-1]
    given = [frame for frame in film.frames[1:] if frame.event and frame.event.operation == "deliver"]
    seen: dict[object, Frame] = {}
    for frame in given:
        thing = frame.event.argument if frame.event else ()
        if thing in seen:
            return [_told(film, seen[thing]), _told(film, frame)]
        seen[thing] = frame
    said = [
        frame for frame in film.frames[1:] if frame.event and frame.event.operation in ("deliver", "write")
    ]
    told: list[str] = [_told(film, said[-1])] if said else []
    for token in last.left[:MOST_WAITING]:
        told.append(
            say(
                "{value} lies in {name} at the end. Who was to take it?",
                value=text_of(token.value),
                name=token.spot.name,
            )
        )
    return told or [_told(film, last)]
