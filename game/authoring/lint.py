"""Level files, tried before anybody plays them.

Every file is read, and every answer in it compiled. A deep look also proves what a level promises: the
starter fails, the reference holds in every wind and on real processes, every wrong answer fails in the way
it says, with a wind that real processes follow, and the stars can be had.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Final

from game.attempt import Attempt, check_answer, chosen_wind, every_case
from game.campaign import read_campaign
from game.checker.chosen import wanted_failure
from game.checker.verdict import Failure
from game.evidence import fault_of
from game.level.marked import Marked, Path_, format_path, load_marked, read_bytes
from game.level.model import Answer, Level
from game.level.reader import read_level_text
from game.level.slots import in_every_case
from game.problems import Place, Problem, ProblemsFound
from game.request import Handle
from game.trace import format_wind
from game.world import System, build

if TYPE_CHECKING:
    from game.plugins import Registry
    from game.run import Driver, Office, RunResult

PACK_FILE: Final = "pack.yaml"
SUFFIXES: Final = (".yaml", ".yml")

REFERENCE: Final[Path_] = ("answers", "reference")


def lint(
    paths: Sequence[Path], registry: Registry, deep: bool = False, *, real: bool = True
) -> list[Problem]:
    """Everything wrong with the level and pack files at and below these paths, sorted by place.

    `deep` proves what the levels promise, which takes about a second a level; without `real` it is
    content with the model, and starts no processes.
    """
    problems: list[Problem] = []
    packs: list[Path] = []
    levels: list[Path] = []
    for path in paths:
        found = list(_files(path))
        if path.is_dir() and not found:
            problems.append(Problem(Place(str(path)), "", "there is no level file in this folder"))
        packs += [file for file in found if file.name == PACK_FILE]
        levels += [file for file in found if file.name != PACK_FILE]
    for pack in dict.fromkeys(packs):
        problems += _lint_pack(pack)
    with ExitStack() as stack:
        office: Office | None = None
        if deep and real:
            from game.run import Office

            office = stack.enter_context(Office())
        for file in dict.fromkeys(levels):
            problems += lint_level(file, registry, deep, office)
    return sorted(set(problems))


def lint_level(
    path: Path, registry: Registry, deep: bool = False, office: Office | None = None
) -> list[Problem]:
    """Everything wrong with one level file."""
    try:
        content = read_bytes(path)
        level = read_level_text(content, str(path), registry)
    except ProblemsFound as found:
        return list(found.problems)
    trial = _Trial(level, load_marked(content, str(path)), office)
    trial.look()
    if deep and not trial.problems:
        trial.prove()
    return trial.problems


def _files(path: Path) -> Iterator[Path]:
    """The YAML files at and below a path; hidden folders are somebody else's."""
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield Path(folder, name)


def _lint_pack(path: Path) -> list[Problem]:
    try:
        campaign = read_campaign(path.parent)
    except ProblemsFound as found:
        # What is wrong inside a level file is found, with more to say, when that file's turn comes.
        return [problem for problem in found.problems if problem.place.file == str(path)]
    listed = {card.path.name for card in campaign.levels}
    beside = (file.name for file in sorted(path.parent.iterdir()) if file.name.endswith(SUFFIXES))
    return [
        Problem(Place(str(path)), "chapters", f"{name} lies here and stands in no chapter")
        for name in beside
        if name not in listed and name != PACK_FILE and not name.startswith(".")
    ]


@dataclass
class _Trial:
    """One level, tried: `problems` grows."""

    level: Level
    marked: Marked
    office: Office | None = None
    problems: list[Problem] = field(default_factory=list)

    def say(self, path: Path_, message: str, part: str = "value") -> None:
        self.problems.append(Problem(self.marked.place(path, part), format_path(path), message))

    # -- without running anything --

    def look(self) -> None:
        level = self.level
        held = {
            thing.channel for clerk in level.clerks for _, thing in clerk.gets if isinstance(thing, Handle)
        }
        held |= self._look_at_the_tray()
        for channel in level.channels:
            if channel.name not in held:
                self.say(("channels", channel.name), "no clerk is given this channel", "key")
        used = {clerk.script for clerk in level.clerks}
        for script in level.scripts:
            if script.name not in used:
                self.say(("scripts", script.name), "no clerk runs this script", "key")
        reference = level.reference
        if reference != level.starter and not reference.winds and _changes_nothing(level, reference):
            self.say(REFERENCE, "the reference changes nothing", "key")
        for path, answer in self._answers():
            self._compile(path, answer)
            for name, number, line in level.lines_not_given(answer):
                here: Path_ = (*path, "scripts", name)
                text = self.marked.place(here, "text")
                place = Place(text.file, text.line + number - 1, text.column)
                self.problems.append(
                    Problem(place, format_path(here), f"the player is not given the line {line!r}")
                )

    def _look_at_the_tray(self) -> set[str]:
        """The channels that the player may give to somebody. Every kind in the tray must be of use to one."""
        building = self.level.building
        if building is None or building.wires is None:
            return set()
        wired = {wire.partition(".")[0] for wires in building.wires.values() for wire in wires}
        for supply in building.tray:
            if supply.kind.name not in wired:
                self.say(("build", "tray", supply.kind.name), "no clerk may be given this", "key")
        return wired

    def _answers(self) -> Iterator[tuple[Path_, Answer]]:
        """Every answer in the file, the starter last: the place of its key, and the answer."""
        yield REFERENCE, self.level.reference
        for number, wrong in enumerate(self.level.wrong):
            yield ("answers", "wrong", number), wrong.answer
        yield (), self.level.starter

        self._look_at_slots()

    def _look_at_slots(self) -> None:
        """Every option of every slot must leave an office that can open, whatever the answers choose."""
        if self.problems:
            return
        for slot in self.level.slots:
            for number, option in enumerate(slot.options):
                path: Path_ = ("slots", slot.name, "options", number)
                try:
                    build(self.level, replace(self.level.reference, choices={slot.name: option.choice}))
                except ProblemsFound as found:
                    first = found.problems[0]
                    where = f"{first.path}: " if first.path else ""
                    self.say(path, f"set so, the level does not compile: {where}{first.message}")

    def _compile(self, path: Path_, answer: Answer) -> None:
        try:
            for case in in_every_case(self.level):
                build(case, answer)
        except ProblemsFound as found:
            if not path and self.level.mode == "parsons":
                return  # lines in the wrong order need not be a program
            for problem in found.problems:
                self.problems.append(self._in_level(path, problem))

    def _in_level(self, path: Path_, problem: Problem) -> Problem:
        """A problem in an answer's script, moved to where the script stands in the level file."""
        name = problem.place.file.removesuffix(".py")
        here = (*path, "scripts", name)
        if problem.place.file == self.marked.file or here not in self.marked.marks:
            return problem
        text = self.marked.place(here, "text")
        place = Place(text.file, text.line + problem.place.line - 1, text.column + problem.place.column - 1)
        return Problem(place, format_path(here), problem.message)

    # -- by the checker, and on real processes --

    def prove(self) -> None:
        self._prove_starter()
        self._prove_reference()
        for number in range(len(self.level.wrong)):
            self._prove_wrong(number)

    def _prove_starter(self) -> None:
        try:
            attempt = check_answer(self.level, self.level.starter)
        except ProblemsFound:
            return  # it does not even compile, which `look` allows where it may be
        places: dict[str, Path_] = {"wind": ("mode",), "config": ("slots",), "build": ("build",)}
        here = places.get(self.level.mode, ("scripts",))
        if attempt.passed:
            self.say(here, "the starter holds already: there is nothing to do", "key")
        elif attempt.verdict.word == "UNDETERMINED":
            self.say(here, f"whether the starter fails is not determined ({attempt.verdict.covered})", "key")

    def _prove_reference(self) -> None:
        attempt = check_answer(self.level, self.level.reference)
        verdict = attempt.verdict
        if verdict.failure:
            failure = verdict.failure
            case = f", in the case {attempt.case!r}" if attempt.case else ""
            self.say(REFERENCE, f"the reference fails{case}: {_told(failure)}", "key")
        elif verdict.word != "PROVED":
            self.say(REFERENCE, f"the reference is not proved ({verdict.covered})", "key")
        else:
            self._prove_stars(attempt)
            self._run_reference(attempt)

    def _prove_stars(self, attempt: Attempt) -> None:
        for word, bounds in self.level.stars.items():
            for metric, bound in bounds.items():
                measured = attempt.metrics.get(metric)
                if measured is None or measured > bound:
                    self.say(
                        ("stars", word, metric), f"the reference takes {measured} {metric}, more than {bound}"
                    )

    def _prove_wrong(self, number: int) -> None:
        wrong = self.level.wrong[number]
        path: Path_ = ("answers", "wrong", number)
        attempt = check_answer(self.level, wrong.answer)
        failure = attempt.verdict.failure
        if attempt.passed:
            self.say((*path, "name"), f"{wrong.name} holds in every wind, and should fail")
        elif failure is None:
            self.say(
                (*path, "name"), f"whether {wrong.name} fails is not determined ({attempt.verdict.covered})"
            )
        elif failure.kind != wrong.expect:
            self.say((*path, "expect"), f"it fails with {failure.kind!r} instead: {_told(failure)}")
        else:
            self._run_wrong((*path, "name"), attempt, failure)

    def _run_reference(self, attempt: Attempt) -> None:
        """The reference, for real: freely, often and in every case, or once along the wind it chooses."""
        from game.run import Along, Free

        systems = every_case(self.level, self.level.reference)
        drivers: Sequence[Driver] = [Free()] * max(self.level.real.runs, len(systems))
        if self.level.mode == "wind":
            drivers = [Along(chosen_wind(self.level.reference))]
        for driver, system in zip(drivers, cycle(systems), strict=False):
            result = self._run(REFERENCE, system, driver)
            if result and (trouble := _trouble(system, result)):
                self.say(REFERENCE, f"the reference fails on real processes: {trouble}", "key")
                return

    def _run_wrong(self, path: Path_, attempt: Attempt, failure: Failure) -> None:
        """A wrong answer's failing wind, for real: it must go the same way, step by step."""
        from game.run import Along

        result = self._run(path, attempt.system, Along(failure.wind))
        if result and result.trace.events != failure.trace.events:
            wind = format_wind(failure.wind)
            self.say(path, f"its failing wind {wind!r} goes otherwise on real processes: {_ended(result)}")

    def _run(self, path: Path_, system: System, driver: Driver) -> RunResult | None:
        """One run on real processes; None where there are none, or they were lost on the way."""
        from game.run import OfficeLost

        if self.office is None:
            return None
        try:
            return self.office.run(system, driver)
        except OfficeLost as lost:
            self.say(path, f"could not be run on real processes: {str(lost).strip().splitlines()[-1]}", "key")
            return None


def _trouble(system: System, result: RunResult) -> str:
    """What is wrong with how a real run went, or ""."""
    if fault := fault_of(system, result):
        return fault.message or _ended(result)
    dropped = result.ending == "stopped" and not wanted_failure(system)
    return _ended(result) if dropped else ""


def _ended(result: RunResult) -> str:
    return result.message or f"it ended as {result.ending!r} after {result.steps} steps"


def _told(failure: Failure) -> str:
    return f"{failure.message} (wind: {format_wind(failure.wind) or 'none'})"


def _changes_nothing(level: Level, answer: Answer) -> bool:
    if answer.parts or answer.gets:
        return False
    same = all(level.script(name).text == text for name, text in answer.scripts.items())
    starts = {slot.name: slot.start for slot in level.slots}
    return same and all(repr(starts[name]) == repr(choice) for name, choice in answer.choices.items())
