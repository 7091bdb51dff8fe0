"""A level, read and whole: frozen records that pickle, with no trace of YAML in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from game.channels.kind import Kind
from game.goals import Goal
from game.problems import Place
from game.request import Handle, Value

Mode = Literal["code", "fix", "config", "parsons", "wind", "build"]


@dataclass(frozen=True)
class Script:
    """A script as the level gives it. `editable` says whether the player may change it.

    `place` is where its first line stands in the level file, so a problem in line 3 of the
    script points at the right line of the YAML."""

    name: str
    text: str
    editable: bool
    place: Place


@dataclass(frozen=True)
class Channel:
    name: str
    kind: Kind
    place: Place


@dataclass(frozen=True)
class Clerk:
    """A process of the level: which script it runs, and what each parameter is given."""

    name: str
    script: str
    gets: tuple[tuple[str, Handle | Value], ...]
    started: bool
    place: Place
    daemon: bool = False
    """Ended by a signal when the process that made it ends."""


class Setting(NamedTuple):
    """One thing put in place: an option of a channel (`belt.maxsize`), its kind (`belt.kind`, a class), what
    a clerk's parameter is given (`ada.n`), whether she has come to work (`ada.in`), or how many clerks the
    cat may nap on (`cat.naps`)."""

    owner: str
    key: str
    thing: Handle | Value | type[Kind]


class Option(NamedTuple):
    """One position of a slot: how an answer names it, how people read it, and what it puts in place."""

    choice: Value
    words: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True)
class Slot:
    """A knob the level leaves to the player. `start` is the choice that leaves the level as it is written."""

    name: str
    label: str
    options: tuple[Option, ...]
    start: Value
    place: Place

    def option(self, choice: Value) -> Option | None:
        """The option an answer names so; None when there is none. `true` is not `1` here."""
        return next((one for one in self.options if repr(one.choice) == repr(choice)), None)


@dataclass(frozen=True)
class Case:
    """The same level with other constants, in which an answer must hold as well. `win` stands in for the
    level's own goals; () leaves them."""

    name: str
    settings: tuple[Setting, ...]
    win: tuple[Goal, ...]
    place: Place


@dataclass(frozen=True)
class Supply:
    """A kind of part in the tray: what its options may be set to, the first being how it comes (all others
    are as usual), and how many of it there are."""

    kind: type[Kind]
    options: tuple[tuple[str, tuple[Value, ...]], ...]
    most: int


@dataclass(frozen=True)
class Building:
    """What a build level leaves to the player.

    tray   the kinds of channels there are to add
    parts  how many of them may be added in all
    ways   how many things may be given to clerks besides what the level gives; None for no bound
    wires  for each clerk, what it may be given: a kind in the tray (`pipe`), a channel of the level
           (`letters`), either with one end of it (`pipe.r`). None: whatever is built, to every clerk whose
           script is the player's
    """

    tray: tuple[Supply, ...]
    parts: int
    ways: int | None = None
    wires: Mapping[str, tuple[str, ...]] | None = None

    def supply(self, kind: str) -> Supply | None:
        return next((one for one in self.tray if one.kind.name == kind), None)


@dataclass(frozen=True)
class Answer:
    """What a player saves, shares and hands in. `scripts` holds only the scripts they changed;
    `choices` their slots; `winds` the schedules they chose, as pasted lines. `parts` are the channels they
    built, each as a level file writes it ({"kind": "pipe", "duplex": False}), and `gets` what they give to
    which clerk besides what the level gives: {"ada": {"stamps": "stamps.r"}}."""

    level: str
    scripts: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Value] = field(default_factory=dict)
    winds: tuple[str, ...] = ()
    parts: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    gets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class WrongAnswer:
    """A tempting answer that must fail, and the kind of failure the checker must find."""

    name: str
    answer: Answer
    expect: str
    place: Place


@dataclass(frozen=True)
class Limits:
    """How far the checker looks: states stored and seconds spent, whichever ends first."""

    states: int = 2_000_000
    seconds: float = 10.0


@dataclass(frozen=True)
class RealRun:
    """How real runs of this level are judged: how many, and when one counts as hung (seconds)."""

    runs: int = 20
    timeout: float = 2.0


@dataclass(frozen=True)
class Cat:
    """Nine: may end the process of any of these clerks (kill -9) at any moment, `naps` times in all."""

    naps: int = 0
    may_nap_on: tuple[str, ...] = ()


Done = Literal[
    "next", "writes", "moves", "sets", "builds", "gives", "runs", "verdict", "scrubs", "hint", "solved"
]  # fmt: skip
"""What a player does to get on in a guide: reads on; has changed a script so that it can be read; moves a
card, or chooses who moves; sets a slot; takes a part from the tray; gives a clerk something; opens the
office; is told the verdict; goes through the film; opens a hint; solves the level."""

PLACES: Final = ("story", "job", "script", "slots", "wind", "board", "tray", "run", "verdict", "play",
                 "timeline", "hint", "glossary", "goals", "counter")  # fmt: skip
"""What a callout can point at besides clerks and channels."""


class Callout(NamedTuple):
    """One step of a level's guide: what it points at, what it says, and what the player does to get on."""

    point: str
    say: str
    until: Done


@dataclass(frozen=True)
class Level:
    """One level, everything in it checked. `stars` maps "two" and "three" to metric bounds
    (`{"statements": 3}`: at most 3)."""

    id: str
    title: str
    mode: Mode
    story: str
    objective: str
    teaches: tuple[str, ...]
    channels: tuple[Channel, ...]
    clerks: tuple[Clerk, ...]
    scripts: tuple[Script, ...]
    win: tuple[Goal, ...]
    limits: Limits
    stars: Mapping[str, Mapping[str, int]]
    hints: tuple[str, ...]
    real: RealRun
    reference: Answer
    wrong: tuple[WrongAnswer, ...]
    unlocks: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    cases: tuple[Case, ...] = ()
    case: str = ""
    """Which of its cases this is; "" for the level as it is written."""
    cat: Cat = Cat()
    building: Building | None = None
    """What the player may add, in a build level; None in all others."""
    guide: tuple[Callout, ...] = ()
    """What the window points at the first time the level is played."""
    after: str = ""
    """What Joyn says once it is solved."""
    author: str = ""
    """Who wrote it; "" where the file does not say."""
    place: Place = field(default=Place("level"))

    @property
    def starter(self) -> Answer:
        """The answer of somebody who changed nothing."""
        return Answer(self.id)

    def slot(self, name: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.name == name), None)

    def script(self, name: str) -> Script:
        return next(script for script in self.scripts if script.name == name)

    def lines_not_given(self, answer: Answer) -> tuple[tuple[str, int, str], ...]:
        """(script, line from 1, its text) for each line of an answer that a player who only moves lines
        about could not have. Empty unless the mode is parsons; comments and blank lines do not count."""
        if self.mode != "parsons":
            return ()
        strange = []
        for name, text in answer.scripts.items():
            left = Counter(map(str.strip, self.script(name).text.splitlines()))
            for number, line in enumerate(map(str.strip, text.splitlines()), 1):
                if line and not line.startswith("#"):
                    left[line] -= 1
                    if left[line] < 0:
                        strange.append((name, number, line))
        return tuple(strange)

    def answer(self, name: str) -> Answer | None:
        """`reference`, `starter` or `wrong:NAME`; None when the level has no such answer."""
        if name == "reference":
            return self.reference
        if name == "starter":
            return self.starter
        return next((wrong.answer for wrong in self.wrong if f"wrong:{wrong.name}" == name), None)
