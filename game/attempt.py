"""One try at a level: the one call that window, command line and grader make."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from game.checker.budget import Progress
from game.checker.check import all_states, check, judge_wind
from game.checker.verdict import Verdict
from game.language import joined, say
from game.level.model import Answer, Level, Limits
from game.level.slots import in_every_case
from game.problems import Place, Problem, ProblemsFound
from game.scoring import measure, stars
from game.trace import Wind, parse_wind
from game.world import System, build


@dataclass(frozen=True)
class Attempt:
    """An answer, judged over every wind (a wind level: along the player's own) and in every case.

    `system` is the one the verdict's failure belongs to, that of the first case that fails; else that of the
    level as it is written. The verdict's counts are those of all cases looked at, taken together.
    """

    system: System
    verdict: Verdict
    metrics: Mapping[str, int]
    stars: int

    @property
    def passed(self) -> bool:
        return self.verdict.word == "PROVED"

    @property
    def case(self) -> str:
        """The case that fails, by name; "" when none does, or the level as it is written."""
        return self.system.level.case


def check_answer(
    level: Level,
    answer: Answer,
    limits: Limits | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Attempt:
    """Judge an answer. Raises ProblemsFound for scripts or winds that do not read, and Cancelled."""
    systems = every_case(level, answer)
    system, verdicts = systems[0], list[Verdict]()
    if level.mode == "wind":
        verdicts.append(judge_wind(system, chosen_wind(answer), clock))
    else:
        for one in systems:
            told = progress and _beyond(verdicts, progress)
            verdicts.append(check(one, limits, told, cancelled, clock))
            if verdicts[-1].word == "REFUTED":
                system = one
                break
    verdict = _together(verdicts)
    metrics = _most(measure(one, verdict) for one in systems)
    if level.mode == "wind" and verdict.word == "PROVED":
        metrics["ticks"] = verdict.transitions
    return Attempt(system, verdict, metrics, stars(level, verdict, metrics))


def every_case(level: Level, answer: Answer) -> list[System]:
    """The level played with an answer: as it is written, then in each of its cases. Raises ProblemsFound."""
    return [build(case, answer) for case in in_every_case(level)]


def _beyond(done: Sequence[Verdict], tell: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """Told of one case, to tell of it and those before."""
    states, seconds = sum(one.states for one in done), sum(one.seconds for one in done)
    return lambda far: tell(far._replace(states=states + far.states, seconds=seconds + far.seconds))


def _together(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on all cases: the last one's if that failed, else the first unsure one's, else proved."""
    if len(verdicts) == 1:
        return verdicts[0]
    last = verdicts[-1]
    unsure = [one for one in verdicts if one.word == "UNDETERMINED"]
    decides = unsure[0] if unsure and not last.failure else last
    winds = [one.winds for one in verdicts]
    peaks = [one.peak for one in verdicts]
    states = sum(one.states for one in verdicts)
    if all(one.covered == all_states(one.states) for one in verdicts):
        covered = say("{covered} of {cases} cases", covered=all_states(states), cases=len(verdicts))
    else:
        told = joined("; ", dict.fromkeys(one.covered for one in verdicts))
        covered = say("{cases} cases: {covered}", cases=len(verdicts), covered=told)
    return replace(
        decides,
        states=states,
        transitions=sum(one.transitions for one in verdicts),
        terminals=sum(one.terminals for one in verdicts),
        bad_terminals=sum(one.bad_terminals for one in verdicts),
        outcomes=tuple(dict.fromkeys(outcome for one in verdicts for outcome in one.outcomes)),
        winds=None if None in winds else sum(filter(None, winds)),
        peak=None if None in peaks else max(filter(None, peaks), default=0),
        seconds=sum(one.seconds for one in verdicts),
        covered=covered,
    )


def _most(measured: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Each metric where it is worst; none that is missing in some case."""
    first, *others = measured
    return {
        name: max(number, *(one[name] for one in others)) if others else number
        for name, number in first.items()
        if all(name in one for one in others)
    }


def chosen_wind(answer: Answer) -> Wind:
    """The wind an answer to a wind level chose; the empty one when it chose none. Raises ProblemsFound."""
    if not answer.winds:
        return ()
    try:
        return parse_wind(answer.winds[0])
    except ValueError as error:
        raise ProblemsFound([Problem(Place("answer"), "winds[0]", str(error))]) from error
