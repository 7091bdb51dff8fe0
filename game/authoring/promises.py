"""What an office needs to be a level that `lint --deep` accepts, promise by promise.

Which answers have to be judged is said here, by whom is not: a window asks its inspector one after the other,
and goes on drawing. What real clerks make of it is left to `lint --deep`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final, Literal, NamedTuple

from game.attempt import check_answer
from game.authoring.blueprint import Blueprint, Hand, lazy_script, level_text
from game.checker.verdict import Verdict
from game.language import Said, say
from game.level.model import Answer, Level
from game.level.reader import read_level_text
from game.plugins import Registry
from game.problems import Place, Problem, ProblemsFound
from game.world import build

State = Literal["open", "asking", "kept", "broken"]

READS, GIVEN, HOLDS, FAILS, NEEDED = range(5)
SENTENCES: Final[tuple[Said, ...]] = (
    say("It can be read: clerks, scripts and a goal."),
    say("Every part is given to somebody."),
    say("It holds in every wind."),
    say("It fails as the player is given it."),
    say("It fails when a clerk goes straight home."),
)
_PATHS: Final = ("", "channels", "answers.reference", "scripts", "clerks")
"""Where each promise stands in a level file."""


class Promise(NamedTuple):
    """One of them, and, where it is broken, why."""

    says: Said
    state: State = "open"
    why: str = ""


class Question(NamedTuple):
    """An answer that has to be judged before one knows more."""

    level: Level
    answer: Answer


class Promises:
    """The promises of an office, one found out after the other. While there is a `question`, somebody must
    judge it and have `hear` know; then `text` is the level's file, or "" where a promise is broken."""

    def __init__(self, blueprint: Blueprint, id: str, registry: Registry) -> None:
        self.blueprint, self.id = blueprint, id
        self._registry = registry
        self.found = [Promise(sentence) for sentence in SENTENCES]
        self.problems: tuple[Problem, ...] = ()
        self.text = ""
        self.question: Question | None = None
        self._way = self._find_out()
        self._go_on(None)

    def hear(self, verdict: Verdict) -> None:
        """What became of the question."""
        self._go_on(verdict)

    @property
    def lintable(self) -> bool:
        """Whether `lint` accepts the file, if not more deeply."""
        return all(one.state == "kept" for one in self.found[: GIVEN + 1])

    @property
    def kept(self) -> bool:
        return bool(self.text)

    def _go_on(self, verdict: Verdict | None) -> None:
        try:
            self.question = self._way.send(verdict) if verdict is not None else next(self._way)
        except StopIteration:
            self.question = None

    def _is(self, which: int, state: State, why: str = "") -> None:
        self.found[which] = self.found[which]._replace(state=state, why=why)
        if state == "broken":
            self.problems = (*self.problems, Problem(Place(self.id), _PATHS[which], why))

    def _find_out(self) -> Generator[Question, Verdict, None]:
        level = self._read()
        if level is None:
            return
        self._see_who_is_given_what()
        if not self.lintable:
            return
        yield from self._judge_reference(level)
        if self.found[HOLDS].state == "kept":
            yield from self._judge_starter(level)
            yield from self._judge_who_goes_home(level)

    def _read(self) -> Level | None:
        """The level, if it can be read and its scripts compile."""
        if not self.blueprint.clerks:
            self._is(READS, "broken", say("Nobody works here yet: add a clerk."))
            return None
        try:
            level = read_level_text(level_text(self.blueprint, self.id), self.id, self._registry)
            build(level, level.reference)
        except ProblemsFound as found:
            first = found.problems[0]
            why = first.message
            if first.path == "answers.reference":
                why = say("No script does anything yet: pick a clerk and write one.")
            elif first.place.file.endswith(".py"):
                clerk = first.place.file.removesuffix(".py")
                why = say("{clerk}, line {line}: {message}", clerk=clerk, line=first.place.line, message=why)
            self._is(READS, "broken", why)
            self.problems = found.problems
            return None
        self._is(READS, "kept")
        return level

    def _see_who_is_given_what(self) -> None:
        held = {target.partition(".")[0] for hand in self.blueprint.clerks for _, target in hand.gets}
        idle = next((part.name for part in self.blueprint.channels if part.name not in held), None)
        if idle is not None:
            why = say("Nobody is given {name}: tie it to a clerk, or take it away.", name=idle)
            self._is(GIVEN, "broken", why)
        else:
            self._is(GIVEN, "kept")

    def _judge_reference(self, level: Level) -> Generator[Question, Verdict, None]:
        self._is(HOLDS, "asking")
        verdict = yield Question(level, level.reference)
        if verdict.word == "PROVED":
            self._is(HOLDS, "kept")
        else:
            failure = verdict.failure
            self._is(HOLDS, "broken", failure.message if failure is not None else verdict.covered)

    def _judge_starter(self, level: Level) -> Generator[Question, Verdict, None]:
        self._is(FAILS, "asking")
        try:
            build(level, level.starter)
        except ProblemsFound:
            self._is(FAILS, "kept")  # what does not compile fails, too
            return
        verdict = yield Question(level, level.starter)
        if verdict.word == "REFUTED":
            self._is(FAILS, "kept")
        elif verdict.word == "PROVED":
            why = say("It holds though no script does anything: give it a goal that takes some work.")
            self._is(FAILS, "broken", why)
        else:
            self._is(FAILS, "broken", verdict.covered)

    def _judge_who_goes_home(self, level: Level) -> Generator[Question, Verdict, None]:
        self._is(NEEDED, "asking")
        text = ""
        if "wrong" in self.blueprint.rest:  # its author has said how it fails
            for wrong in level.wrong:
                verdict = yield Question(level, wrong.answer)
                if verdict.failure is None or verdict.failure.kind != wrong.expect:
                    why = say("Its wrong answer {name} does not fail as it says.", name=wrong.name)
                    self._is(NEEDED, "broken", why)
                    return
            text = level_text(self.blueprint, self.id)
        for hand in () if text else self.blueprint.clerks:
            verdict = yield Question(level, _without(level, self.id, hand))
            if verdict.failure is not None:
                text = level_text(self.blueprint, self.id, lazy=hand.name, expect=verdict.failure.kind)
                break
        if not text:
            why = say("It holds even when any of the clerks goes straight home: the goal needs nobody.")
            self._is(NEEDED, "broken", why)
            return
        self._is(NEEDED, "kept")
        if self.found[FAILS].state == "kept":
            self.text = text


def _without(level: Level, id: str, hand: Hand) -> Answer:
    """The reference, but this clerk goes straight home."""
    return Answer(id, {**level.reference.scripts, hand.name: lazy_script(hand.script)})


def finished_text(blueprint: Blueprint, id: str, registry: Registry) -> str:
    """The blueprint as a level file that says how it fails when one of its clerks goes straight home: every
    level names a wrong answer. Raises ProblemsFound for an office that keeps not all of its promises."""
    promises = Promises(blueprint, id, registry)
    while (question := promises.question) is not None:
        promises.hear(check_answer(question.level, question.answer).verdict)
    if not promises.kept:
        raise ProblemsFound(list(promises.problems))
    return promises.text
