"""What is asked of the office, and what it answers: drivers, results, and the messages of both directions.

All of it pickles; nothing here waits or starts anything.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from game.channels.kind import BLOCKED, Choice
from game.request import Request
from game.settle import Impossible, Unsettled
from game.trace import Event, Trace, Wind
from game.world import Move, System, World

# -- who moves: policies, as values --


@dataclass(frozen=True)
class Free:
    """Nobody decides but the system: no gates, all cores."""

    source = "free"


@dataclass(frozen=True)
class Along:
    """A wind, step by step. `then`: where it ends, stop or go on calmly."""

    wind: Wind
    then: Literal["stop", "calm"] = "stop"
    source = "wind"


@dataclass(frozen=True)
class Seeded:
    """Any of the possible moves, each as likely, by this seed."""

    seed: int

    @property
    def source(self) -> str:
        return f"seed {self.seed}"


@dataclass(frozen=True)
class Calm:
    """Always the first possible move: one clerk goes on until it waits."""

    source = "calm"


@dataclass(frozen=True)
class ByHand:
    """The owner grants every step."""

    source = "by hand"


Driver: TypeAlias = "Free | Along | Seeded | Calm | ByHand"
Policy: TypeAlias = "Callable[[World], Move | None]"
"""From a moment to the move that shall happen, or None to stop. May raise CannotMove."""


def policy_of(driver: Along | Seeded | Calm, system: System) -> Policy:
    """The policy a driver stands for, fresh for one run."""

    def calm(world: World) -> Move | None:
        for index in range(len(system.clerks)):
            for move in system.clerk_moves(world, index):
                return move
        for porter, _, _ in system.porters():
            for move in system.porter_moves(world, porter):
                return move
        return None

    match driver:
        case Calm():
            return calm
        case Seeded(seed):
            draught, gusts = random.Random(seed), gusts_of(system)

            def draw(world: World) -> Move | None:
                possible = gusts(world)
                return system.do(world, draught.choice(possible)) if possible else None

            return draw
        case Along(wind, then):
            coming = iter(wind)

            def blow(world: World) -> Move | None:
                gust = next(coming, None)
                if gust is not None:
                    return system.do(world, gust)
                return calm(world) if then == "calm" else None

            return blow


def gusts_of(system: System) -> Callable[[World], list[str]]:
    """From a moment to the gust of every move there is, in the order of `system.moves`, without making the
    moves: going on with the scripts is what costs, and all but one of them would go on for nothing."""
    places = {name: at for at, (name, _) in enumerate(system.channels)}
    porters = [agent for agent, _, _ in system.porters()]

    def gusts(world: World) -> list[str]:
        found = []
        for index, (clerk, task, life) in enumerate(
            zip(system.clerks, world.tasks, world.lives, strict=True)
        ):
            request = task.request
            if life == "up" and request is not None and request.channel in places:
                at = places[request.channel]
                kind, state = system.channels[at][1], world.channels[at]
                outcome = kind.step(state, clerk, request.operation, request.argument)
                many = len(outcome.outcomes) if isinstance(outcome, Choice) else outcome is not BLOCKED
            else:
                many = sum(1 for _ in system.clerk_moves(world, index))
            found += [f"{clerk}#{number}" if number else clerk for number in range(many)]
        for porter in porters:
            found += [porter for _ in system.porter_moves(world, porter)]
        return found

    return gusts


# -- what comes of it --


class Disagreement(NamedTuple):
    """Reality did something else than the rules say: a mistake of ours, never of the player's."""

    agent: str
    expected: str
    happened: str

    def __str__(self) -> str:
        return f"{self.agent}: by the rules {self.expected}, but on real processes {self.happened}"


Ending = Literal["finished", "crashed", "stuck", "stopped", "hung", "killed", "aborted", "disagreed"]
"""finished, crashed, stuck, stopped: as `game.world` has them, and the real processes agree (a stuck run
was really granted its blocked operations and they did not come back). hung: a free run did not end in
time, which proves nothing. killed: somebody else killed a clerk's process. aborted: the owner called it
off. disagreed: see `disagreement` or `unsettled`."""


@dataclass(frozen=True)
class RunResult:
    """How a run on real processes went.

    message   one sentence for people, "" when everybody simply went home
    clerks    whom the message is about
    inside    for a hung run, who was inside which operation (None: going home)
    unsettled why a free run's records could not be put in order; the trace is then only a beginning.
              Impossible is a mistake of ours, Unsettled is not known
    steps     events in the trace
    seconds   from the go to the ending, in the office
    """

    trace: Trace
    ending: Ending
    message: str = ""
    clerks: tuple[str, ...] = ()
    inside: tuple[tuple[str, Request | None], ...] = ()
    disagreement: Disagreement | None = None
    unsettled: Impossible | Unsettled | None = None
    seconds: float = 0.0

    @property
    def steps(self) -> int:
        return len(self.trace.events)


# -- messages, from the owner and to it --


class Prepare(NamedTuple):
    system: System
    path: tuple[str, ...]


class Start(NamedTuple):
    run: int
    system: System
    driver: Driver
    timeout: float
    streams: bool
    path: tuple[str, ...]


class Grant(NamedTuple):
    run: int
    agent: str


class Abort(NamedTuple):
    run: int


class Prepared(NamedTuple):
    """A crew waits for the go."""


class Steps(NamedTuple):
    run: int
    events: tuple[Event, ...]


class Refusal(NamedTuple):
    """A granted agent cannot move; the reason is a sentence."""

    run: int
    reason: str


class Over(NamedTuple):
    run: int
    result: RunResult


class Failed(NamedTuple):
    """The office itself failed, by a mistake of ours; the text is a traceback."""

    text: str
