"""What is asked of the office, and what it answers: drivers, results, and the messages of both directions.

All of it pickles; nothing here waits or starts anything.
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from game.language import say
from game.request import Request
from game.settle import Impossible, Unsettled
from game.trace import Event, Trace, Wind
from game.world import System

# -- who moves: policies, as values --


@dataclass(frozen=True)
class Free:
    """Nobody decides but the system: no gates, all cores. With a seed for the cat, it naps as often as the
    level allows, at moments (and on clerks) drawn by that seed; without one it stays away."""

    cat: int | None = None
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
    """Always the first possible move: one clerk goes on until it waits. Signals arrive when nothing else
    can move, the cat never comes."""

    source = "calm"


@dataclass(frozen=True)
class ByHand:
    """The owner grants every step."""

    source = "by hand"


Driver: TypeAlias = "Free | Along | Seeded | Calm | ByHand"
Controlling: TypeAlias = "Along | Seeded | Calm"
"""Drivers that decide by themselves, step by step."""


# -- what comes of it --


class Disagreement(NamedTuple):
    """Reality did something else than the rules say: a mistake of ours, never of the player's."""

    agent: str
    expected: str
    happened: str

    def __str__(self) -> str:
        return say(
            "{agent}: by the rules {expected}, but on real processes {happened}",
            agent=self.agent,
            expected=self.expected,
            happened=self.happened,
        )


Ending = Literal["finished", "crashed", "stuck", "stopped", "hung", "killed", "aborted", "disagreed"]
"""finished, crashed, stuck, stopped: as `game.world` has them, and the real processes agree (a stuck run
was really granted its blocked operations and they did not come back). hung: a free run did not end in
time, which proves nothing. killed: somebody killed a clerk's process, and neither a script nor the cat did.
aborted: the owner called it off. disagreed: see `disagreement` or `unsettled`."""


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
    """`system` is None when it is the one sent last."""

    system: System | None
    path: tuple[str, ...]


class Start(NamedTuple):
    """`system` is None when it is the one sent last."""

    run: int
    system: System | None
    path: tuple[str, ...]
    driver: Driver
    timeout: float
    streams: bool


class Grant(NamedTuple):
    run: int
    agent: str


class Abort(NamedTuple):
    run: int


class Prepared(NamedTuple):
    """A crew waits for the go."""


class Began(NamedTuple):
    """Everybody is at work; the process numbers by clerk."""

    run: int
    pids: dict[str, int]


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

    def __reduce__(self) -> tuple[Any, ...]:
        # A run of twenty steps takes as long as pickling its events one by one.
        trace = self.result.trace
        try:
            events = marshal.dumps([(*event,) for event in trace.events])
        except ValueError:  # lists and handles are more than marshal knows
            return Over, (self.run, self.result)
        return _over, (self.run, vars(self.result) | {"trace": None}, vars(trace) | {"events": events})


def _over(run: int, result: dict[str, Any], trace: dict[str, Any]) -> Over:
    trace["events"] = tuple(map(Event._make, marshal.loads(trace["events"])))
    result["trace"] = Trace(**trace)
    return Over(run, RunResult(**result))


class Failed(NamedTuple):
    """The office itself failed, by a mistake of ours; the text is a traceback."""

    text: str
