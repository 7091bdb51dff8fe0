"""What the inspector answers: proved, refuted with the best failing wind, or not determined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from game.goals import FAILURES as FAILURES
from game.request import Value
from game.trace import Trace, Wind

Word = Literal["PROVED", "REFUTED", "UNDETERMINED"]


class Outcome(NamedTuple):
    """One way a run can end: what an onlooker sees when nothing moves any more."""

    ending: str
    delivered: tuple[tuple[str, Value], ...] = ()
    readings: tuple[tuple[str, Value], ...] = ()
    rest: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    waiting: tuple[str, ...] = ()
    crashed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Failure:
    """How an answer fails, along the wind that shows it best.

    The wind has the fewest preemptions of all that fail, among these the fewest switches from agent to agent,
    among these the fewest steps; or, when `least` is False, it is one that was found in time. `clerks` are
    those concerned; for a deadlock, the circle in order. `loop` is set for a livelock: the steps from this
    index on repeat for ever. `no_return` is the number of steps after which no wind can end well any more (0:
    none ever could); None when that is not known.
    """

    kind: str
    message: str
    clerks: tuple[str, ...]
    wind: Wind
    trace: Trace
    preemptions: int
    switches: int
    loop: int | None = None
    no_return: int | None = None
    least: bool = True


@dataclass(frozen=True)
class Verdict:
    """The inspector's answer, with what was covered.

    states         worlds found (the whole space when PROVED)
    transitions    steps between them
    terminals      worlds in which nothing moves any more, but the cat perhaps
    bad_terminals  those of them that break a goal, hold somebody who waits, or a crash
    outcomes       the distinct endings found, in a fixed order; deliveries sorted where none is asked for
    winds          how many complete winds there are; None when they are endless or not counted
    peak           the most tokens buffered at any moment, over all channels; None when moments were left out
    covered        a sentence: what was looked at
    """

    word: Word
    failure: Failure | None
    states: int
    transitions: int
    terminals: int
    bad_terminals: int
    outcomes: tuple[Outcome, ...]
    winds: int | None
    peak: int | None
    seconds: float
    covered: str
