"""Whether a kind's rule and its real object agree: random operations on real processes, one at a time.

For whoever writes a kind, shipped or not, to call from a test:

    check_kind(Queue(maxsize=2), (("", "ada"), ("", "bob")), seed=1)

One process stands for each clerk. The rule is asked first: what it says is possible must happen with
the same result or the same exception, what it says is BLOCKED must really wait, until the rule says
that it no longer has to. Porters are held by their gates and move when told. Every clerk may go home at
any time, and where `deaths` are allowed be killed at any time, in the middle of a call too. Only the
standard library is needed.
"""

from __future__ import annotations

import itertools
import multiprocessing
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Semaphore
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias

from game.channels.kind import BLOCKED, Choice, Done, Goes, Holders, Kind, Picture, Refused, Wait
from game.request import ListValue, Operation, Value

Asking: TypeAlias = "tuple[str, tuple[Value, ...]]"
"""An operation and its arguments."""

PATIENCE: Final = 0.015
"""How long, in seconds, a blocked clerk is watched for not coming back."""
DEADLINE: Final = 10.0
"""How long a possible operation may take before it counts as hung."""

GO_HOME: Final[Asking] = ("", ())
KILLED: Final = "killed"
"""In a story: the clerk's process is killed."""
VALUES: Final[tuple[Value, ...]] = (
    0,
    1,
    -7,
    2**63 - 1,
    True,
    None,
    "apple",
    "",
    ("tea", 2),
    ListValue((1, ListValue(("x", None)), (2, True))),
)


class Disagreement(AssertionError):
    """The rule and the real object differ. The message is what led there, a step a line."""


class Answer(NamedTuple):
    """What an operation came to: its result, or the name and message of the exception it raised, or, half
    way through a call, the operation it goes on as."""

    result: Value = None
    error: str = ""
    message: str = ""
    goes: Asking | None = None


@dataclass
class Tried:
    """What a check went through, so that a test can see that it saw something."""

    steps: int = 0
    refused: int = 0
    blocked: int = 0
    released: int = 0
    carried: int = 0
    left: int = 0
    killed: int = 0
    operations: set[str] = field(default_factory=set)


def askings(kind: Kind, face: str) -> Iterator[Callable[[random.Random], Asking]]:
    """Everything a script could do with this face, each as a maker of one such asking."""
    touched = kind.open_faces()[face]
    for _, operation in touched.methods:
        yield lambda chance, operation=operation: (operation.name, _arguments(chance, operation))  # type: ignore[misc]
    for _, reads, writes in touched.attributes:
        yield lambda chance, name=reads: (name, ())  # type: ignore[misc]
        if writes:
            yield lambda chance, name=writes: (name, (chance.choice(VALUES),))  # type: ignore[misc]
    if touched.index is not None:
        for name, rest in zip(touched.index, (0, 1), strict=True):
            yield lambda chance, name=name, rest=rest: (  # type: ignore[misc]
                name,
                (
                    chance.choice((0, 1, 2, -1, -2, 9, -9, True, None)),
                    *(chance.choice(VALUES) for _ in range(rest)),
                ),
            )
    for name in touched.context or ():
        yield lambda chance, name=name: (name, ())  # type: ignore[misc]


def _arguments(chance: random.Random, operation: Operation) -> tuple[Value, ...]:
    given = {
        "block": (True, True, True, False, 1, 0, "x"),
        "timeout": (None, None, None, 0, 1, -1, "soon"),
    }
    defaults = dict(zip(reversed(operation.parameters), reversed(operation.defaults), strict=False))
    arguments = [
        defaults[name]
        if name in defaults and chance.random() < 0.6
        else chance.choice(given.get(name, VALUES))
        for name in operation.parameters
    ]
    return (*arguments, *operation.fixed)


def check_kind(
    kind: Kind,
    holders: Holders,
    *,
    method: str = "fork",
    seed: int = 0,
    sequences: int = 3,
    length: int = 40,
    weights: Mapping[str, float] | None = None,
    deaths: int = 0,
) -> Tried:
    """Run random sequences of operations and raise Disagreement at the first difference.

    `weights` makes operations more or less frequent (1 unless given; 0: never); the operation "" is
    going home, which is rare unless given. Up to `deaths` processes are killed in a sequence; then the steps
    of the kind are as fine as that needs.
    """
    if deaths:
        kind = finest(kind, holders, mortal=True)
    tried = Tried()
    for number in range(sequences):
        chance = random.Random(f"{seed}/{number}")
        with _office(kind, holders, method) as office:
            _Session(kind, holders, office, chance, weights or {}, tried).go(length, deaths)
    return tried


def check_story(
    kind: Kind, holders: Holders, story: Iterable[tuple[Value, ...]], *, method: str = "fork"
) -> Tried:
    """Do just these things, one after the other, and raise Disagreement at the first difference.

    ("ada", "put", 1, True, None) is an operation with all its arguments, ("ada",) the next step of a call in
    whose middle ada is, ("~ada",) a move of ada's porter, ("ada", "") going home, ("ada", KILLED) the end.
    """
    tried = Tried()
    with _office(kind, holders, method) as office:
        session = _Session(kind, holders, office, random.Random(0), {}, tried)
        for who, *what in story:
            session.act(str(who), str(what[0]) if what else None, tuple(what[1:]))
        session.end()
    return tried


def finest(kind: Kind, holders: Holders, mortal: bool = False) -> Kind:
    """The kind with the steps it has in an office whose scripts do everything there is to do, and where, if
    `mortal`, anybody may be killed."""
    asked: dict[str, frozenset[str]] = {}
    for face, clerk in holders:
        names = frozenset(_names(askings(kind, face)))
        asked[clerk] = asked.get(clerk, frozenset()) | names | {f"{name}?" for name in names}
    return kind.noticing(asked, frozenset(asked if mortal else ()))


# -- the office: one process a clerk --


class _Gate:
    """Holds a porter until the check lets it through once."""

    def __init__(self, context: BaseContext) -> None:
        self.through: Semaphore = context.Semaphore(0)
        self.finished: Semaphore = context.Semaphore(0)

    def wait(self) -> None:
        self.through.acquire()

    def done(self) -> None:
        self.finished.release()


class _Clerk(NamedTuple):
    process: BaseProcess
    line: Connection
    gate: _Gate


@contextmanager
def _office(kind: Kind, holders: Holders, method: str) -> Iterator[dict[str, _Clerk]]:
    context = multiprocessing.get_context(method)
    real = kind.open(context, holders)
    clerks: dict[str, _Clerk] = {}
    try:
        for name in dict.fromkeys(clerk for _, clerk in holders):
            ours, theirs = context.Pipe()
            gate = _Gate(context)
            process = context.Process(  # type: ignore[attr-defined]
                target=_serve, args=(kind, real, name, theirs, gate), name=name, daemon=True
            )
            process.start()
            theirs.close()
            clerks[name] = _Clerk(process, ours, gate)
        for name, clerk in clerks.items():
            if not clerk.line.poll(DEADLINE) or clerk.line.recv() != "here":
                raise Disagreement(f"{name}'s process did not arrive")
        kind.shut(real)
        yield clerks
    finally:
        for clerk in clerks.values():
            clerk.process.kill()
        for clerk in clerks.values():
            clerk.process.join()
            clerk.process.close()
            clerk.line.close()
        kind.shut(real)


def _serve(kind: Kind, real: Any, name: str, line: Connection, gate: _Gate) -> None:
    kind.arrive(real, name, gate)
    line.send("here")
    while (asking := line.recv()) != GO_HOME:
        operation, argument = asking
        try:
            result = kind.perform(real, name, operation, argument)
            if isinstance(result, Goes):
                answer = Answer(goes=(result.operation, result.argument))
            else:
                answer = Answer(result)
        except Exception as error:
            answer = Answer(None, type(error).__name__, str(error))
        line.send(answer)


# -- one sequence --


class _Session:
    def __init__(
        self,
        kind: Kind,
        holders: Holders,
        office: dict[str, _Clerk],
        chance: random.Random,
        weights: Mapping[str, float],
        tried: Tried,
    ) -> None:
        self.kind = kind
        self.office = office
        self.chance = chance
        self.weights = {"": 0.15, **weights}
        self.tried = tried
        self.state = kind.start(holders)
        self.makers = {
            clerk: [make for face, holder in holders if holder == clerk for make in askings(kind, face)]
            for clerk in office
        }
        self.inside: dict[str, Asking] = {}
        """What each clerk is in the middle of: blocked, or waiting for its tray to be emptied."""
        self.midway: dict[str, Asking] = {}
        """What each clerk who is half way through a call asks next."""
        self.home: set[str] = set()
        self.story: list[str] = []

    def go(self, length: int, deaths: int) -> None:
        fatal = self.chance.sample(range(max(deaths, length // 2)), deaths)
        for number in range(length):
            living = [clerk for clerk in self.office if clerk not in self.home]
            if number in fatal and living:
                self._kill(self.chance.choice(living))
            moves = [("do", c) for c in self.office if c not in self.inside and c not in self.home]
            moves += [
                ("carry", clerk)
                for clerk in self.kind.porters(self.state)
                if self.kind.carry(self.state, clerk) is not BLOCKED
            ]
            if not moves and any(later > number for later in fatal):
                continue  # everybody waits; somebody will be killed over it
            if not moves:
                break
            what, clerk = self.chance.choice(moves)
            if what == "carry":
                self._carry(clerk)
            else:
                halfway = clerk in self.midway
                self._do(clerk, self.midway.pop(clerk) if halfway else self._choose(clerk))
            self._let_go()
            self._look()
        self.end()

    def act(self, who: str, operation: str | None, argument: tuple[Value, ...]) -> None:
        """One step of a story."""
        if who.startswith("~"):
            self._carry(who[1:])
        elif operation == KILLED:
            self._kill(who)
        elif operation is None:
            self._do(who, self.midway.pop(who))
        else:
            self._do(who, (operation, argument))
        self._let_go()
        self._look()

    def end(self) -> None:
        """Nobody who waits by the rule has come back."""
        for clerk, asking in self.inside.items():
            if self._came_back(clerk, asking, 0):
                self._fail(
                    f"{clerk} came back from {_say(asking)} with {self._fetch(clerk)}; BLOCKED, says the rule"
                )

    def _look(self) -> None:
        """What people see must be there to see, whatever happened."""
        hash(self.state)
        picture, rest = self.kind.show(self.state), self.kind.rest(self.state)
        if not isinstance(picture, Picture) or not isinstance(rest, tuple):
            self._fail(f"show() made {picture!r}, and rest() {rest!r}")
        for clerk, asking in self.inside.items():
            why = self.kind.wait(self.state, clerk, *asking)
            known = {operation for maker in self.makers.values() for operation in _names(maker)}
            if not isinstance(why, Wait) or not known.issuperset(why.needs):
                self._fail(f"wait() explained {_say(asking)} with {why!r}; the operations are {known}")

    def _choose(self, clerk: str) -> Asking:
        choices = [make(self.chance) for make in self.makers[clerk]] + [GO_HOME]
        weights = [self.weights.get(operation, 1) for operation, _ in choices]
        return self.chance.choices(choices, weights)[0]

    def _do(self, clerk: str, asking: Asking) -> None:
        self.tried.operations.add(asking[0])
        self.tried.steps += 1
        outcomes = self._outcomes(clerk, asking)
        self.office[clerk].line.send(asking)
        if outcomes:
            self.story.append(f"{clerk} {_say(asking)}")
            self._take(clerk, asking)
            return
        self.story.append(f"{clerk} {_say(asking)} … waits")
        self.tried.blocked += 1
        if self._came_back(clerk, asking, PATIENCE):
            self._fail(f"the rule says BLOCKED, but it came back with {self._fetch(clerk)}")
        self.inside[clerk] = asking

    def _carry(self, clerk: str) -> None:
        self.story.append(f"~{clerk} carries")
        self.tried.carried += 1
        gate = self.office[clerk].gate
        gate.through.release()
        if not gate.finished.acquire(timeout=DEADLINE):
            self._fail("the porter did not carry anything")
        moved = self.kind.carry(self.state, clerk)
        assert isinstance(moved, Done)
        self.state = moved.state

    def _kill(self, clerk: str) -> None:
        self.story.append(f"{clerk} is killed")
        self.tried.killed += 1
        self.office[clerk].process.kill()
        self.office[clerk].process.join()
        self.inside.pop(clerk, None)
        self.midway.pop(clerk, None)
        self.home.add(clerk)
        self.state = self.kind.die(self.state, clerk)
        self._let_go()
        self._look()

    def _let_go(self) -> None:
        """Take in everybody whose waiting has an end now. Who of several went first is not to be seen
        from outside, so any order that explains what they say will do."""
        said: dict[str, Answer] = {}
        while ready := [c for c in self.inside if c in said or self._outcomes(c, self.inside[c])]:
            if not self._hear([c for c in ready if c not in said], DEADLINE, said):
                who = ", ".join(c for c in ready if c not in said) or "nobody"
                told = ", ".join(f"{c} says {answer}" for c, answer in said.items())
                self._fail(f"the rule says that {who} can go on; nobody did" + (f"; {told}" if told else ""))
            if (found := self._order(said)) is None:
                continue
            # Somebody whom this shuts out again may have slipped through before, and only now say so.
            shut_out = [c for c in ready if c not in said and not self._outcomes(c, self.inside[c], found[1])]
            if (
                shut_out
                and self._hear(shut_out, 10 * PATIENCE, said)
                and (found := self._order(said)) is None
            ):
                continue
            order, self.state = found
            for clerk in order:
                self.story.append(f"{clerk} goes on: {said[clerk]}")
                self.tried.released += 1
                self._after(clerk, self.inside.pop(clerk), said[clerk])
            said = {}

    def _hear(self, clerks: list[str], seconds: float, said: dict[str, Answer]) -> bool:
        """Wait for the first of these to come back; whether one did."""
        sources = {self._source(clerk, self.inside[clerk]): clerk for clerk in clerks}
        found = wait(list(sources), seconds)
        for source in found:
            said[sources[source]] = self._fetch(sources[source])
        return bool(found)

    def _order(self, said: dict[str, Answer]) -> tuple[tuple[str, ...], Any] | None:
        """An order in which the rule lets these clerks say this, and the state it leads to."""
        for order in itertools.permutations(said):
            found = self._explained(self.state, [(c, self.inside[c], said[c]) for c in order])
            if found is not None:
                return order, found[0]
        return None

    def _explained(self, state: Any, steps: list[tuple[str, Asking, Answer]]) -> tuple[Any] | None:
        """(the state after these steps with these answers,), or None when the rule forbids them."""
        if not steps:
            return (state,)
        (clerk, asking, answer), *others = steps
        for after, expected in self._outcomes(clerk, asking, state):
            if repr(expected) == repr(answer) and (found := self._explained(after, others)):
                return found
        return None

    def _take(self, clerk: str, asking: Asking) -> None:
        """An operation that the rule calls possible: it must happen, in one of the ways allowed."""
        if not self._came_back(clerk, asking, DEADLINE):
            self._fail("the rule says that this is possible, but it waits")
        answer = self._fetch(clerk)
        found = self._explained(self.state, [(clerk, asking, answer)])
        if found is None:
            allowed = " or ".join(str(expected) for _, expected in self._outcomes(clerk, asking))
            self._fail(f"the rule says {allowed}; it was {answer}")
        self.story[-1] += f" = {answer.error or repr(answer.result)}"
        self.state = found[0]
        self._after(clerk, asking, answer)

    def _after(self, clerk: str, asking: Asking, answer: Answer) -> None:
        self.tried.refused += bool(answer.error)
        if answer.goes is not None:
            self.midway[clerk] = answer.goes
        if asking == GO_HOME:
            self.tried.left += 1
            self.home.add(clerk)

    def _outcomes(self, clerk: str, asking: Asking, state: Any = None) -> list[tuple[Any, Answer]]:
        """Every (state, answer) the rule allows now; none when it says BLOCKED."""
        before = self.state if state is None else state
        if asking == GO_HOME:
            left = self.kind.leave(before, clerk)
            return [(left.state, Answer())] if isinstance(left, Done) else []
        outcome = self.kind.step(before, clerk, *asking)
        if outcome is BLOCKED:
            return []
        found: list[tuple[Any, Answer]] = []
        for one in outcome.outcomes if isinstance(outcome, Choice) else (outcome,):
            match one:
                case Done(after, result):
                    found.append((after, Answer(result)))
                case Refused(after, error, message):
                    found.append((after, Answer(None, error, message)))
                case Goes(after, operation, argument):
                    found.append((after, Answer(goes=(operation, argument))))
        return found

    def _source(self, clerk: str, asking: Asking) -> Any:
        """What becomes readable when the clerk comes back from this."""
        return self.office[clerk].process.sentinel if asking == GO_HOME else self.office[clerk].line

    def _came_back(self, clerk: str, asking: Asking, seconds: float) -> bool:
        return bool(wait([self._source(clerk, asking)], seconds))

    def _fetch(self, clerk: str) -> Answer:
        try:
            answer = self.office[clerk].line.recv()
        except EOFError:
            process = self.office[clerk].process
            process.join(DEADLINE)
            if process.exitcode != 0:
                self._fail(f"{clerk}'s process ended with exit code {process.exitcode}")
            return Answer()
        assert isinstance(answer, Answer)
        return answer

    def _fail(self, reason: str) -> NoReturn:
        told = "\n".join(f"  {line}" for line in self.story)
        raise Disagreement(f"{self.kind}\n{told}\n{reason}\nthe rule's state: {self.state}")


def _names(makers: Iterable[Callable[[random.Random], Asking]]) -> Iterator[str]:
    """The operations these makers ask for; each maker sticks to one."""
    return (make(random.Random(0))[0] for make in makers)


def _say(asking: Asking) -> str:
    operation, argument = asking
    return f"{operation}({', '.join(map(repr, argument))})" if operation else "goes home"
