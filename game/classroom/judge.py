"""One handed-in answer, judged in a process of its own: every wind, then real clerks.

Whatever the answer holds, the worst it can do is to use up this process, within the bounds set here.
"""

from __future__ import annotations

import contextlib
import stat
import sys
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from game.attempt import Attempt, check_answer, every_case
from game.checker.diagnose import Fault
from game.classroom.challenge import Challenge, Task
from game.evidence import bears_out, fault_of, may_go_on
from game.level.marked import load_marked, read_bytes
from game.level.origin import in_answer
from game.level.reader import read_answer_text
from game.plain import plain_attempt
from game.problems import Place, Problem, ProblemsFound, near_miss
from game.run import Along, Driver, Free, Office, RunResult
from game.trace import Trace
from game.world import System

MEMORY: Final = 4 * 1024**3
FILE_SIZE: Final = 64 * 1024**2
TRIES: Final = 3
"""How often a real run that did not end in time is tried, with more time each: the machine may be busy."""


def bind(seconds: float) -> None:
    """Bound what this process and those it starts may use. Not every system knows every bound."""
    if sys.platform == "win32":
        return
    import resource

    for what, bound in (
        (resource.RLIMIT_CPU, max(1, int(seconds) + 1)),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            _, highest = resource.getrlimit(what)
            if highest != resource.RLIM_INFINITY:
                bound = min(bound, highest)
            resource.setrlimit(what, (bound, bound))


def judge(path: Path, label: str, challenge: Challenge, runs: int | None = None) -> dict[str, Any]:
    """The judgement on the answer in a file, as plain data: `level` (or ""), `word`, `problems`, `attempt`,
    `real`. `label` is what problems call the file; `runs` replaces the level's own number of real runs."""
    try:
        if stat.S_ISLNK(path.lstat().st_mode):
            raise ProblemsFound([Problem(Place(label), "", "this is a link, not a file")])
        content = read_bytes(path)
        id = read_answer_text(content, label, None).level
        task = challenge.task(id)
        if task is None:
            known = [task.level.id for task in challenge.tasks]
            hint = near_miss(id, known) or f"; it asks for {', '.join(known)}"
            message = f"level {id!r} is not part of this challenge{hint}"
            raise ProblemsFound([Problem(Place(label), "level", message)])
    except (ProblemsFound, OSError) as error:
        return _unreadable("", error, path, label)
    try:
        answer = read_answer_text(content, label, task.level)
        attempt = check_answer(task.level, answer)
    except ProblemsFound as error:
        placed = ProblemsFound(in_answer(error.problems, load_marked(content, label)))
        return _unreadable(task.level.id, placed, path, label)
    real = _for_real(task, attempt, runs)
    word = attempt.verdict.word
    doubtful = word == "PROVED" and bool(real["failed"])
    return {
        "level": task.level.id,
        "word": "DOUBTFUL" if doubtful else word,
        "problems": [],
        "attempt": plain_attempt(attempt, label),
        "real": real,
    }


def _unreadable(level: str, error: ProblemsFound | OSError, path: Path, label: str) -> dict[str, Any]:
    problems = error.problems if isinstance(error, ProblemsFound) else [error]
    return {
        "level": level,
        "word": "UNREADABLE",
        "problems": [str(problem).replace(str(path), label) for problem in problems],
        "attempt": None,
        "real": None,
    }


def _for_real(task: Task, attempt: Attempt, runs: int | None) -> dict[str, Any]:
    """What real processes make of it: a proved answer is run again and again, in each case in turn and at
    least once unless fewer runs are asked for; a failing wind is forced once (`as_foretold`: it failed there
    in the same way). `case` is the one that failed."""
    system, failure = attempt.system, attempt.verdict.failure
    with Office() as office:
        if failure is not None:
            result = _run(office, system, Along(failure.wind))
            foretold = bears_out(system, failure, result)
            return {"runs": 1, "failed": 1, "as_foretold": foretold, "fault": None, "case": attempt.case}
        wind = task.level.mode == "wind"
        systems = [system] if wind else every_case(task.level, system.answer)
        wanted = 1 if wind else max(task.level.real.runs, len(systems)) if runs is None else runs
        for number, one in zip(range(wanted), cycle(systems), strict=False):
            driver = Along(_own_wind(attempt)) if wind else Free()
            if fault := fault_of(one, _run(office, one, driver)):
                what, where = _told(fault), one.level.case
                return {"runs": number + 1, "failed": 1, "as_foretold": False, "fault": what, "case": where}
        return {"runs": wanted, "failed": 0, "as_foretold": True, "fault": None, "case": ""}


def _own_wind(attempt: Attempt) -> tuple[str, ...]:
    from game.attempt import chosen_wind

    return chosen_wind(attempt.system.answer)


def _run(office: Office, system: System, driver: Driver) -> RunResult:
    timeout = system.level.real.timeout
    result = RunResult(Trace(system.level.id, "", ()), "aborted")
    for tries in range(TRIES):
        free = isinstance(driver, Free)
        result = office.run(system, driver, timeout=timeout * 3**tries if free else None)
        if result.ending != "hung" or may_go_on(system):
            break
    return result


def _told(fault: Fault) -> str:
    return f"{fault.kind}: {fault.message}"
