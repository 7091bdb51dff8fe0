"""What an answer costs, and the stars that earns.

Every metric is exact and repeatable: counted in the script or in the model, never timed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final, cast

from game.checker.verdict import Verdict
from game.level.model import Level
from game.request import DESK
from game.script.pace import with_work_as_steps
from game.world import CannotMove, System, World

METRICS: Final[Mapping[str, str]] = {
    "ticks": "how long it takes when everybody who can move does, once a tick, and work(n) takes n",
    "statements": "how many statements your scripts have",
    "clerks": "how many clerks there are",
    "peak": "the most tokens in flight at any moment, over every wind",
    "parts": "how many channels were built, in a build level",
}

TICKS_AT_MOST = 10_000
"""A run that takes longer in lock step has no `ticks`."""


def measure(system: System, verdict: Verdict) -> dict[str, int]:
    """The metrics of an answer. `ticks` is missing when the calm wind never ends, `peak` when moments
    were left out."""
    measured = {
        "statements": _statements(system),
        "clerks": len(system.clerks),
    }
    if system.level.building is not None:
        measured["parts"] = len(system.answer.parts)
    if verdict.peak is not None:
        measured["peak"] = verdict.peak
    if (ticks := lock_step(system)) is not None:
        measured["ticks"] = ticks
    return measured


def lock_step(system: System) -> int | None:
    """The ticks until nothing moves when, each tick, everybody who could move at its start and still
    can does one step, in the fixed order of agents (the makespan of the calm wind). `work(n)` takes n."""
    system = dataclasses.replace(system, programs=tuple(map(with_work_as_steps, system.programs)))
    world = system.start
    ahead: dict[str, int] = {}
    for tick in range(TICKS_AT_MOST):
        able = system.enabled(world)
        if not able:
            return tick
        for agent in able:
            ahead[agent] = (ahead.get(agent) or _time(system, world, agent)) - 1
            if ahead[agent]:
                continue
            try:
                world = system.do(world, agent).world
            except CannotMove:
                continue  # somebody earlier in this tick took what it wanted
    return None


def _time(system: System, world: World, agent: str) -> int:
    """How many ticks the next step of an agent takes."""
    request = world.tasks[system.clerks.index(agent)].request if agent in system.clerks else None
    if request is not None and (request.channel, request.operation) == (DESK, "work"):
        return cast("int", request.argument[0])
    return 1


def stars(level: Level, verdict: Verdict, metrics: Mapping[str, int]) -> int:
    """0 when it does not hold in every wind; else 1, and one more for each bound that is kept: two, three."""
    if verdict.word != "PROVED":
        return 0
    return 1 + sum(
        all(metrics.get(metric, bound + 1) <= bound for metric, bound in level.stars[word].items())
        for word in ("two", "three")
        if word in level.stars
    )


def _statements(system: System) -> int:
    """Statements of the scripts the player may edit, or of all of them where none is theirs."""
    own = {script.name for script in system.level.scripts if script.editable}
    counted = {
        program.name: program.statements for program in system.programs if not own or program.name in own
    }
    return sum(counted.values())
