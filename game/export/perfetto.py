"""A trace in Chrome's trace event format, for ui.perfetto.dev and chrome://tracing.

Time is logical: step n takes the n-th millisecond. Every clerk and porter has a track of its own, on which
what it does and what it waits for lie inside the time it is at work; arrows follow each token from the put to
the get; counters show how full the channels are and what the boards read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from game.export.telling import Telling
from game.request import DESK, Value
from game.story import Film, Frame, is_fate, label_of, owner, who
from game.trace import format_wind, to_plain
from game.world import ENDED

STEP: Final = 1_000
"""Microseconds of a step, the unit of the format."""

_PID: Final = 1
_COUNTED: Final = ("belt", "chute", "tube", "box")

Happening = dict[str, Any]
"""One event of the format."""


def export_perfetto(telling: Telling) -> str:
    """The run as a JSON text. Raises CannotMove when the trace is no run of the telling's system."""
    system, trace = telling.system, telling.trace
    film = Film(system, trace)
    agents = _agents(film)
    events = [
        *_names(film, agents),
        *_lives(film, agents),
        *_steps(film, agents),
        *_journeys(film, agents),
        *_counters(film),
    ]
    # Marks come last of a moment: Perfetto takes one for a span of no length, and would hang arrows on it.
    events.sort(key=lambda event: (event["ph"] != "M", event["ts"], event["ph"] == "i", -event.get("dur", 0)))
    level = system.level
    told = {
        "level": level.id,
        "title": level.title,
        "source": trace.source,
        "ending": trace.ending,
        "wind": format_wind(trace.wind),
        "time": "logical: step n is the n-th millisecond",
    }
    return json.dumps(
        {"traceEvents": events, "displayTimeUnit": "ms", "otherData": told}, ensure_ascii=False, indent=0
    )


def _agents(film: Film) -> dict[str, int]:
    """The track of every agent: clerks in the level's order, each with its porters, then signals and cat."""
    fates = dict.fromkeys(event.agent for event in film.trace.events if is_fate(event.agent))
    return {agent: number for number, agent in enumerate(dict.fromkeys((*film.agents, *fates)), 1)}


def _names(film: Film, agents: dict[str, int]) -> Iterator[Happening]:
    level = film.system.level
    yield _meta("process_name", 0, name=f"{level.id} {level.title}")
    for agent, number in agents.items():
        name = who(agent)
        if agent.startswith("~"):
            name += f" ({agent[1:].partition('/')[0]})"
        elif is_fate(agent):
            name += f" at {owner(agent)}"
        yield _meta("thread_name", number, name=name)
        yield _meta("thread_sort_index", number, sort_index=number)


def _lives(film: Film, agents: dict[str, int]) -> Iterator[Happening]:
    """Each clerk's time at work, and inside it what it waits for, and whether it stops with an exception."""
    end = len(film) + 1  # whoever waits at the end is seen to wait
    for clerk in film.system.clerks:
        lives = [frame.clerks[clerk].life for frame in film.frames]
        begins = next((number for number, life in enumerate(lives) if life != "new"), None)
        if begins is None:
            continue
        over = next((number for number, life in enumerate(lives) if life in ENDED), None)
        # The step that starts a clerk comes before it is at work, its own last one belongs to it.
        ends = end if over is None else over
        if ends > begins:
            life = lives[-1]
            yield _span(agents[clerk], "at work", begins, ends, "life", how=life)
        for wait in film.waits:
            if wait.clerk == clerk:
                yield _span(agents[clerk], wait.text, wait.first, min(wait.last + 1, ends), "wait")


def _steps(film: Film, agents: dict[str, int]) -> Iterator[Happening]:
    for frame in film.frames[1:]:
        event = frame.event
        assert event is not None
        track, began = agents[event.agent], frame.number - 1
        told: dict[str, Any] = {"step": frame.number, "caption": frame.caption}
        if event.channel:
            told |= {
                "channel": event.channel,
                "operation": event.operation,
                "argument": to_plain(event.argument),
            }
            told |= {"raises": event.error} if event.error else {"result": to_plain(event.result)}
        if event.line:
            told["line"] = event.line
        yield _span(track, label_of(event), began, frame.number, "step", **told)
        if frame.lost:
            yield _flag(track, frame, f"{frame.lost.other}'s update is lost")
        for clerk in frame.crashed:
            crash = frame.clerks[clerk].crash
            yield _flag(agents[clerk], frame, crash.error if crash else "stops")
        if frame.preempts:
            yield _flag(track, frame, "cuts in")


def _journeys(film: Film, agents: dict[str, int]) -> Iterator[Happening]:
    """An arrow from step to step for every token that moved more than once."""
    stops: dict[int, list[tuple[Frame, Value]]] = {}
    for frame in film.frames[1:]:
        for flight in frame.flights:
            if flight.what == "token":
                stops.setdefault(flight.token, []).append((frame, flight.value))
    for number, journey in stops.items():
        for place, (frame, value) in enumerate(journey):
            if len(journey) < 2 or frame.event is None:
                continue
            phase = "s" if place == 0 else "f" if place == len(journey) - 1 else "t"
            arrow = {
                "ph": phase,
                "cat": "token",
                "name": f"token {number}",
                "id": number,
                "pid": _PID,
                "tid": agents[frame.event.agent],
                "ts": (frame.number - 1) * STEP + STEP // 2,
                "args": {"value": to_plain(value)},
            }
            # Without this an arrow's end would belong to the next step that begins, not to this one.
            yield arrow | ({"bp": "e"} if phase == "f" else {})


def _counters(film: Film) -> Iterator[Happening]:
    """How full channels are, what boards read and how much was delivered, wherever that changes."""
    shown: dict[str, dict[str, int]] = {}
    for frame in film.frames:
        for name, values in _values(frame).items():
            if shown.get(name) != values:
                shown[name] = values
                yield {"ph": "C", "name": name, "pid": _PID, "ts": frame.number * STEP, "args": values}


def _values(frame: Frame) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name, _, picture in frame.snapshot.channels:
        if name == DESK:
            found["delivered"] = {"things": len(frame.snapshot.delivered)}
        elif picture.shape == "tally" and isinstance(picture.number, int):
            found[name] = {"reads": picture.number}
        elif picture.shape == "cards":
            cells = enumerate(picture.cells)
            found[name] = {f"[{at}]": cell for at, cell in cells if isinstance(cell, int)}
        elif picture.shape in _COUNTED and (picture.shape != "box" or picture.items):
            waiting = sum(len(tray) for _, tray in picture.trays)
            found[name] = {"inside": len(picture.items) + len(picture.back)}
            if picture.trays:
                found[name]["in trays"] = waiting
    return found


def _meta(what: str, track: int, **arguments: Any) -> Happening:
    return {"ph": "M", "name": what, "pid": _PID, "tid": track, "ts": 0, "args": arguments}


def _span(track: int, name: str, first: int, last: int, category: str, **arguments: Any) -> Happening:
    return {
        "ph": "X",
        "name": name,
        "cat": category,
        "pid": _PID,
        "tid": track,
        "ts": first * STEP,
        "dur": (last - first) * STEP,
        "args": arguments,
    }


def _flag(track: int, frame: Frame, name: str) -> Happening:
    """A mark in the middle of the step that led to this frame."""
    at = (frame.number - 1) * STEP + STEP // 2
    return {"ph": "i", "s": "t", "name": name, "cat": "flag", "pid": _PID, "tid": track, "ts": at}
