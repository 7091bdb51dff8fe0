"""Which run to show of an answer, for the forms that play one: a trace, and what the inspector said of it."""

from __future__ import annotations

from typing import Final, NamedTuple

from game.attempt import check_answer
from game.level.model import Answer, Level
from game.level.slots import in_every_case
from game.trace import Trace, Wind, parse_wind
from game.world import System, build

MOST: Final = 2_000
"""The steps of a calm wind that goes on for ever."""


class Telling(NamedTuple):
    """A run to play. `word` is the verdict's, or "" where nobody judged; `message` what failed."""

    system: System
    trace: Trace
    word: str = ""
    message: str = ""


def verdict_told(level: Level, answer: Answer) -> Telling:
    """The inspector's failing wind, or, where there is none, a calm one (of a wind level the player's own).

    Raises ProblemsFound for scripts that do not compile.
    """
    attempt = check_answer(level, answer)
    system, verdict = attempt.system, attempt.verdict
    if verdict.failure:
        return Telling(system, verdict.failure.trace, verdict.word, verdict.failure.message)
    if level.mode == "wind" and answer.winds:
        return Telling(system, system.follow(parse_wind(answer.winds[0]))[0], verdict.word)
    return Telling(system, system.calm(MOST), verdict.word)


def wind_told(level: Level, answer: Answer, wind: Wind) -> Telling:
    """The run along a wind, as far as it goes. Raises ProblemsFound for scripts that do not compile."""
    system = build(level, answer)
    return Telling(system, system.follow(wind, "wind")[0])


def trace_told(level: Level, answer: Answer, trace: Trace) -> Telling:
    """A kept trace with its own scripts, choices, parts and case. Raises CannotMove when it is no run of this
    level, and ProblemsFound."""
    editable = {script.name for script in level.scripts if script.editable}
    own = {name: text for name, text in trace.scripts.items() if name in editable}
    built = trace if trace.parts or trace.gets else answer
    system = build(
        next((case for case in in_every_case(level) if case.case == trace.case), level),
        Answer(
            level.id,
            {**answer.scripts, **own},
            trace.choices or answer.choices,
            parts=built.parts,
            gets=built.gets,
        ),
    )
    system.worlds(trace.events)
    return Telling(system, trace)
