"""A hint drawn from the wind in which an answer fails: who, which line, and what happened there."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    return "\n".join(found or _outcome(film))


def _line(film: Film, frame: Frame) -> str:
    """ " (line 3 of clerk)", or nothing for a porter or the cat."""
    event = frame.event
    if event is None or not event.line:
        return ""
    scripts = {clerk.name: clerk.script for clerk in film.system.level.clerks}
    return f" (line {event.line} of `{scripts[owner(event.agent)]}`)"


def _told(film: Film, frame: Frame) -> str:
    if frame.event is None:
        return frame.caption
    caption = frame.caption.removesuffix(". Now nobody can move")
    return f"Gust {frame.number}: {caption}{_line(film, frame)}."


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
    told = []
    if read and read.event:
        told.append(
            f"Gust {read.number}: {lost.clerk} reads {text_of(read.event.result)} from {lost.channel}"
            f"{_line(film, read)}."
        )
    if write:
        told.append(_told(film, write))
    told.append(
        f"Gust {frame.number}: {lost.clerk} still counts from the old number and writes "
        f"{text_of(lost.value)}{_line(film, frame)}."
    )
    start = f"from gust {read.number} to gust {frame.number}" if read else "all that time"
    return [*told, f"What would keep {lost.other} away from {lost.channel} {start}?"]


def _crashed(film: Film) -> list[str]:
    frame = next((frame for frame in film.frames if frame.crashed), None)
    if frame is None:
        return []
    told = [_told(film, frame)]
    for name in frame.crashed:
        crash = frame.clerks[name].crash
        if crash and not (frame.event and frame.event.error == crash.error):
            told.append(f"{name} stops in line {crash.line} with {crash.error}.")
    before = film.frames[frame.number - 1] if frame.number else frame
    if before.movers and any(owner(mover) not in frame.crashed for mover in before.movers):
        others = [who(mover) for mover in before.movers if owner(mover) not in frame.crashed]
        told.append(f"Before it, {_names(others)} could have moved as well. Must this wait for somebody?")
    return told


def _stuck(film: Film) -> list[str]:
    last = film.frames[-1]
    if last.ending != "stuck":
        return []
    told = []
    scripts = {clerk.name: clerk.script for clerk in film.system.level.clerks}
    waiting = [view for view in last.clerks.values() if view.blocked]
    for view in waiting[:MOST_WAITING]:
        where = f" stands in line {view.line} of `{scripts[view.name]}` and" if view.line else ""
        told.append(f"{view.name}{where} {view.blocked}.")
    dead = [view.name for view in last.clerks.values() if view.life in ENDED]
    keys = all(view.asks and view.asks.operation.endswith("acquire") for view in waiting)
    if last.knots and keys:
        told.append("Each waits for the next one. Who should have given something back before waiting?")
    elif last.knots:
        told.append("Each waits for the next one. Who must give before taking?")
    elif dead:
        told.append(f"{_names(dead)} will do nothing any more. Who was to end that wait, and when?")
    else:
        told.append("Who was to end that wait, and when?")
    return told


def _turned(film: Film, no_return: int | None) -> list[str]:
    """Where the wind turned: the step after which nothing could be saved, else the first that cut in."""
    at = no_return or next((frame.number for frame in film.frames if frame.preempts), 0)
    if not 0 < at <= len(film):
        return []
    frame = film.frames[at]
    told = [_told(film, frame)]
    if no_return and at < len(film):
        told.append("Until then all could still end well; from there on nothing can.")
    elif frame.preempts:
        before = film.frames[at - 1].event
        if before and not is_fate(before.agent):
            told.append(f"There the wind turns away from {who(before.agent)}, who could have gone on.")
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
    told = [_told(film, said[-1])] if said else []
    for token in last.left[:MOST_WAITING]:
        told.append(f"{text_of(token.value)} lies in {token.spot.name} at the end. Who was to take it?")
    return told or [_told(film, last)]


def _names(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
