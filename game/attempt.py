"""One try at a level: the one call that window, command line and grader make."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from game.checker.check import check, judge_wind
from game.checker.verdict import Verdict
from game.level.model import Answer, Level, Limits
from game.problems import Place, Problem, ProblemsFound
from game.scoring import measure, stars
from game.trace import Wind, parse_wind
from game.world import System, build


@dataclass(frozen=True)
class Attempt:
    """An answer, judged over every wind (a wind level: along the player's own)."""

    system: System
    verdict: Verdict
    metrics: Mapping[str, int]
    stars: int

    @property
    def passed(self) -> bool:
        return self.verdict.word == "PROVED"


def check_answer(
    level: Level,
    answer: Answer,
    limits: Limits | None = None,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Attempt:
    """Judge an answer. Raises ProblemsFound for scripts or winds that do not read, and Cancelled."""
    system = build(level, answer)
    if level.mode == "wind":
        verdict = judge_wind(system, chosen_wind(answer), clock)
    else:
        verdict = check(system, limits, progress, cancelled, clock)
    metrics = measure(system, verdict)
    if level.mode == "wind" and verdict.word == "PROVED":
        metrics["ticks"] = verdict.transitions
    return Attempt(system, verdict, metrics, stars(level, verdict, metrics))


def chosen_wind(answer: Answer) -> Wind:
    """The wind an answer to a wind level chose; the empty one when it chose none. Raises ProblemsFound."""
    if not answer.winds:
        return ()
    try:
        return parse_wind(answer.winds[0])
    except ValueError as error:
        raise ProblemsFound([Problem(Place("answer"), "winds[0]", str(error))]) from error
