"""The contract every channel kind fulfils: a pure rule and the real object behind one name.

The two sides are held equal by conformance tests: whatever the real object does, `step` allows.
A kind is a frozen dataclass; its fields are the options an author may write in a level file
(`metadata={"minimum": 0, "help": "…"}`), so `Queue(maxsize=3)` is one configured channel. Every
option has a default; `__post_init__` raises ValueError with a sentence when options do not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from multiprocessing.context import BaseContext
from typing import Any, ClassVar, Final, NamedTuple, Protocol, TypeAlias

from game.language import say
from game.request import Face, Value

State: TypeAlias = Hashable
Holders: TypeAlias = "tuple[tuple[str, str], ...]"
"""(face, clerk) pairs: who was handed which face of the channel, in the level's order."""
Asked: TypeAlias = "Mapping[str, frozenset[str]]"
"""For each clerk whose script touches the channel, the operations it can ask for."""


class Done(NamedTuple):
    """The operation happened: the channel's new state, and what the caller gets."""

    state: State
    result: Value = None


class Refused(NamedTuple):
    """The operation raised: the exception's class name as a script writes it, and its message."""

    state: State
    error: str
    message: str = ""


class Goes(NamedTuple):
    """A step was taken, but the caller is still inside the call: it goes on as another operation."""

    state: State
    operation: str
    argument: tuple[Value, ...] = ()


class Choice(NamedTuple):
    """Any of these may happen; nobody decides but the draught. In a fixed order."""

    outcomes: tuple[Done | Refused | Goes, ...]


class Blocked:
    """The type of BLOCKED."""

    _only: ClassVar[Blocked | None] = None

    def __new__(cls) -> Blocked:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __reduce__(self) -> str:
        return "BLOCKED"

    def __repr__(self) -> str:
        return "BLOCKED"


BLOCKED: Final = Blocked()
"""Not possible now; the caller waits."""

Outcome: TypeAlias = "Done | Refused | Goes | Choice | Blocked"


OPEN: Final = "{channel}"
"""Stands in a sentence for a channel's name, which the kind does not know."""


class Wait(NamedTuple):
    """Why a blocked caller waits.

    text     what a beginner reads after the clerk's name: "waits for a letter on belt". A kind does
             not know what its channel is called and writes "{channel}" where the name belongs
    holders  the clerks who alone can end it (a lock's holder), or None: anyone who can do `needs`
    needs    the operations of this channel that would end it ("put",)
    every    whether it takes all of the holders, where any one of them would do else
    """

    text: str
    holders: tuple[str, ...] | None = None
    needs: tuple[str, ...] = ()
    every: bool = False


class Picture(NamedTuple):
    """A channel's state as the board draws it, whoever wrote the kind.

    shape     "belt", "chute", "tube", "tally", "cards", "key", "tags", "flag", "bench", "ferry", "wall",
              "desk", or "box" for anything else
    items     tokens inside, the next to leave first (a tube: those travelling a → b)
    back      tokens of a two-way tube travelling b → a
    trays     (clerk, tokens in their out-tray), next to leave first; every clerk with a tray is listed
    wet       (clerk, which of these, from 0, can still be changed or have yet to be sealed)
    number    what a tally shows; how many tags hang there; how many are aboard a ferry; whether a flag is up
    cells     what the cards or the pigeonholes show
    holder    who has the key, and `depth` how many times
    capacity  how many tokens fit, how many tags there are, how many a ferry takes, or None
    text      a short note for a shape the board does not know
    mouths    (end, clerks whose copy of it is open) for both ends of a tube, a (or w) first
    sleepers  who sits on the bench of a flag, a key or a receipt book, or aboard a ferry, by name
    tickets   how many of the sleepers have been rung for and may wake
    ghosts    how many were killed in their sleep and are still counted
    phase     of a ferry: "filling", "leaving", "called off", "broken"; of a wall: "linked", "unlinked"; of a
              tube: "half read", when somebody has read a letter's length, or a part of the letter
    receipts  how many receipts of a belt are open; None where there is no book
    keepers   (place, clerk): who keeps others from a "hatch" or "mouth", whose porter from a "wire", who with
              the "key" behind a flag, a ferry or a receipt book from all it does; the dead keep it for ever
    closed    who has closed its view of a wall
    """

    shape: str
    items: tuple[Value, ...] = ()
    back: tuple[Value, ...] = ()
    trays: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    wet: tuple[tuple[str, tuple[int, ...]], ...] = ()
    number: Value = None
    cells: tuple[Value, ...] = ()
    holder: str = ""
    depth: int = 0
    capacity: int | None = None
    text: str = ""
    mouths: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sleepers: tuple[str, ...] = ()
    tickets: int = 0
    ghosts: int = 0
    phase: str = ""
    receipts: int | None = None
    keepers: tuple[tuple[str, str], ...] = ()
    closed: tuple[str, ...] = ()


class Recipe(NamedTuple):
    """The channel in a plain Python program that knows nothing of this game.

    makes    the statement that makes it, or several, a line each: "belt = Queue(maxsize=3)"
    imports  the names this takes from multiprocessing
    faces    what stands for each face where a clerk is handed it
    ends     those that a process which does not hold them has to close
    drains   what is left inside at the end can be seen with empty() and taken with get()
    reads    what it reads at the end, as an expression, or ""
    remark   where it is not quite what the level says, or ""
    """

    makes: str
    imports: tuple[str, ...]
    faces: Mapping[str, str]
    ends: tuple[str, ...] = ()
    drains: bool = False
    reads: str = ""
    remark: str = ""


class Gate(Protocol):
    """How a controlled run holds back a porter: wait to be let through, then say it is done."""

    def wait(self) -> None: ...
    def done(self) -> None: ...


class Kind:
    """What a channel is. Subclass as a frozen dataclass and override what differs."""

    name: ClassVar[str] = ""
    """The word in a level file: `kind: queue`."""
    faces: ClassVar[Mapping[str, Face]] = {}
    """What scripts may touch. The face "" is what a plain `gets: {belt: belt}` hands over; a kind
    without it (a pipe) must be given as `tube.a`."""
    help: ClassVar[str] = ""
    """One sentence for authors and for the glossary."""
    exits_are_noticed: ClassVar[bool] = False
    """True when others can tell that a holder's process has ended (a pipe's EOF), so that going home is
    a step of its own."""
    lends: ClassVar[tuple[str, str] | None] = None
    """The operations that take one of these and give it back, where the state does not say who has any (a
    semaphore's `acquire` and `release`): then the steps that led to a moment do."""

    def open_faces(self) -> Mapping[str, Face]:
        """The faces this configured channel really has (a one-way pipe has other ends than a two-way one)."""
        return self.faces

    def noticing(self, asked: Asked, mortal: frozenset[str]) -> Kind:
        """This channel with steps as fine as somebody in this office could notice: a rule may take in one
        step what nobody can look into, and only then. `asked` has what each clerk's script can ask for here,
        `acquire?` as in `alone`; `mortal` are those of them whose process may be ended at any moment, in the
        middle of a call, so that what it leaves behind can be noticed by the others."""
        return self

    # -- the rule: pure, hashable states, no clock, no chance --

    def start(self, holders: Holders) -> State:
        """The state before anything happened."""
        raise NotImplementedError

    def step(self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        """What happens when `clerk` does `operation` now. `argument` has every parameter, except that
        `with` asks for its two operations with none."""
        raise NotImplementedError

    def porters(self, state: Any) -> tuple[str, ...]:
        """The clerks whose porter (feeder thread) has something to carry, possible or not."""
        return ()

    def carry(self, state: Any, clerk: str) -> Done | Blocked:
        """One move of that clerk's porter."""
        raise NotImplementedError

    def leave(self, state: Any, clerk: str) -> Done | Blocked:
        """The clerk's process ends: BLOCKED while it still has to wait for its out-tray. Only the clerk's own
        steps and its own porter may turn BLOCKED into Done."""
        return Done(state)

    def alone(
        self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        """True only when nothing the other clerks can do on this channel before this possible operation is
        done depends on it, or it on that: then the checker need not try any other move first (a persistent
        set of one; Godefroid 1996). `others` are the operations the other clerks' scripts can ask for; `get?`
        among them means also in a form that does not simply wait, or outside a `with`. The porters of the
        channel count as others. When in doubt False, which is always right."""
        return not others and type(self).porters is Kind.porters

    def carries_alone(self, state: Any, clerk: str, others: frozenset[str], own: frozenset[str]) -> bool:
        """The same for a possible move of this clerk's porter; `own` is what the clerk itself can ask for."""
        return False

    def die(self, state: Any, clerk: str) -> State:
        """What is left when the clerk's process is killed at this moment: its out-tray is gone, what it holds
        stays held, its ends are closed."""
        return state  # type: ignore[no-any-return]

    def lingers(self, clerk: str, holders: Holders, asked: Asked) -> bool:
        """For a kind whose exits are noticed: whether one of the others, by what it can ask for here, could
        tell that the clerk's ends are still open from its merely having to wait. `asked` is of the others."""
        return True

    def watched(self, state: Any, clerk: str, alone: bool) -> bool:
        """For a kind whose exits are noticed: whether the clerk has an end open that somebody else could find
        closed, and with `alone` at once, because nobody else keeps that end open."""
        return bool(self.die(state, clerk) != state)

    def ready(self, state: Any, clerk: str, face: str) -> bool | Refused:
        """Whether `wait([…])` of multiprocessing.connection finds this end ready."""
        return Refused(state, "ValueError", "Invalid file object")

    def wait(self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        """Why this operation is BLOCKED in this state."""
        return Wait(say("waits ({operation})", operation=operation))

    # -- what people see --

    def show(self, state: Any) -> Picture:
        """The state as the board draws it."""
        return Picture("box", text=str(state))

    def rest(self, state: Any) -> tuple[Value, ...]:
        """Tokens still inside, trays included: what was never collected."""
        return ()

    def leaks(self, state: Any) -> str:
        """What is wrong with leaving it like this when everybody has gone, beside tokens left inside, or "":
        "was never unlinked". The channel's name goes before it."""
        return ""

    def reading(self, state: Any) -> Value:
        """What an onlooker reads at the end (a tally's number, an array's cells), or None."""
        return None

    # -- the real object --

    def open(self, context: BaseContext, holders: Holders) -> Any:
        """Make the real object in the office's process; it reaches clerks by inheritance only."""
        raise NotImplementedError

    def arrive(self, real: Any, clerk: str, gate: Gate | None) -> None:
        """Called once in the clerk's process before its first step, for every channel that process
        inherited, handed to this clerk or not: close the ends it does not hold, and put the porter
        behind `gate` when the run is controlled."""

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Value | Goes:
        """Do it for real, blocking like the real object and raising what it raises; where `step` says
        Goes, only that part of the call, giving a Goes back (its state is not looked at). Always called
        in the same thread of the clerk's process, because an RLock belongs to a thread."""
        raise NotImplementedError

    def bare(
        self, real: Any, clerk: str, operation: str, given: int, rest: tuple[Value, ...]
    ) -> Callable[..., Any] | None:
        """What does this operation and nothing else: the real object's own method, where it is one. It is
        called with the numbers, True, False or None that the script gave, `given` of them; `rest` are those
        after them that it did not give. It gives what `game.channels.wire.to_value` takes. None: there is no
        such short way, only `perform`. Found once, called often."""
        return None

    def let_go(self, real: Any, clerk: str) -> None:
        """In the clerk's process: close every end it has open here, as its end would. The real side of `die`
        for a kind whose exits are noticed. A kind that does not say how has its ends closed together with
        those of all other channels, which is not quite what the system does."""

    def look(self, real: Any) -> Value:
        """`reading` on the real object, in the office's process once everybody has gone: it must not
        wait, because who went home may have taken a lock along. None: there is nothing to compare."""
        return None

    def waitable(self, real: Any, clerk: str, face: str) -> Any:
        """What `multiprocessing.connection.wait` takes for this end, in the clerk's process. The real side of
        `ready`."""
        raise ValueError("Invalid file object")

    def reset(self, real: Any, state: Any, holders: Holders) -> bool:
        """In the office's process, while every clerk waits outside of any call and the rules say that the
        channel is in `state`: make the real object as good as new, so that the same processes can use it
        in another run, and say True. False when that cannot be done; then there will be another object and
        other processes. Must not wait; the office's own ends have been shut."""
        return False

    def shut(self, real: Any) -> None:
        """Close the office's own copies once every clerk has inherited the object, and, called again or
        later, leave nothing behind."""

    # -- the real object, written down --

    def recipe(self, name: str) -> Recipe | None:
        """How a program of its own makes this channel and calls it `name`, for who takes an answer home.
        None: it cannot be said with multiprocessing alone."""
        return None


def short_way(
    kind: Kind, real: Any, clerk: str, operation: str, given: int, rest: tuple[Value, ...]
) -> Callable[..., Any] | None:
    """`kind.bare`, unless its `perform` was written later, by somebody who means something else."""
    for one in type(kind).__mro__:
        if "bare" in vars(one):
            return kind.bare(real, clerk, operation, given, rest)
        if "perform" in vars(one):
            return None
    return None
