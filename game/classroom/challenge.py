"""What a teacher sets, and whom: the challenge file and the roster."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from game.campaign import Campaign, find_level
from game.level.marked import Marked, Path_, format_path, load_marked, read_bytes, show
from game.level.model import Level
from game.level.reader import read_level
from game.plugins import Registry
from game.problems import Place, Problem, ProblemsFound, near_miss

KEYS: Final = ("title", "deadline", "note", "levels")
TASK_KEYS: Final = ("level", "points")


class Task(NamedTuple):
    """One level of a challenge, and what solving it is worth."""

    level: Level
    path: Path
    points: float


@dataclass(frozen=True)
class Challenge:
    """What is to be solved. `deadline` and `note` are words for people; nothing is decided by them."""

    title: str
    tasks: tuple[Task, ...]
    deadline: str = ""
    note: str = ""

    @property
    def points(self) -> float:
        return sum(task.points for task in self.tasks)

    def task(self, id: str) -> Task | None:
        """The task with this level."""
        return next((task for task in self.tasks if task.level.id == id), None)


class Student(NamedTuple):
    id: str
    name: str = ""
    email: str = ""

    @property
    def key(self) -> str:
        return key_of(self.id)


def key_of(id: str) -> str:
    """Two ids that a person would call the same have the same key: files and rosters are typed by hand."""
    return unicodedata.normalize("NFC", id).strip().casefold()


def read_challenge(path: Path, registry: Registry, campaigns: Sequence[Campaign] = ()) -> Challenge:
    """The challenge in a file, its levels read. Levels are named by number, by name, or by a path seen from
    the file. Raises ProblemsFound with everything that is wrong with it and its levels."""
    reading = _Reading(load_marked(read_bytes(path), str(path)), path.parent, registry, campaigns)
    challenge = reading.challenge()
    if reading.problems:
        raise ProblemsFound(reading.problems)
    return challenge


class _Reading:
    def __init__(
        self, marked: Marked, folder: Path, registry: Registry, campaigns: Sequence[Campaign]
    ) -> None:
        self.marked, self.folder, self.registry, self.campaigns = marked, folder, registry, campaigns
        self.problems = list(marked.problems)

    def challenge(self) -> Challenge:
        data = self.marked.data
        if not isinstance(data, dict):
            self._wrong((), f"a challenge is a mapping with title and levels, not {show(data)}")
            return Challenge("", ())
        self._known((), data, KEYS)
        raw = data.get("levels")
        if not isinstance(raw, list) or not raw:
            self._wrong(("levels",) if "levels" in data else (), "levels must be a list with a level or more")
            raw = []
        tasks: dict[str, Task] = {}
        for number, entry in enumerate(raw):
            task = self._task(entry, ("levels", number))
            if task and task.level.id in tasks:
                self._wrong(("levels", number), f"level {task.level.id} is here twice")
            elif task:
                tasks[task.level.id] = task
        return Challenge(
            self._text(data, "title", needed=True),
            tuple(tasks.values()),
            self._text(data, "deadline"),
            self._text(data, "note"),
        )

    def _task(self, entry: Any, path: Path_) -> Task | None:
        if isinstance(entry, str):
            entry = {"level": entry}
        if not isinstance(entry, dict):
            self._wrong(path, f"expected a level, or a mapping with level and points, not {show(entry)}")
            return None
        self._known(path, entry, TASK_KEYS)
        points = entry.get("points", 1)
        if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points <= 1_000_000:
            self._wrong((*path, "points"), f"points must be a number from 0 on, not {show(points)}")
            points = 0
        word = entry.get("level")
        if not isinstance(word, str):
            if isinstance(word, float):
                self._wrong((*path, "level"), f'level numbers are text: write "{word}", in quotes')
            else:
                self._wrong(path, "level must be a number in quotes, a name, or a path")
            return None
        beside = self.folder / word
        try:
            level_path = beside if beside.is_file() else find_level(word, self.campaigns)
            return Task(read_level(level_path, self.registry), level_path, points)
        except ProblemsFound as found:
            if found.problems[0].place.file == word:  # nothing of this name
                self._wrong((*path, "level"), f"{show(word)}: {found.problems[0].message}")
            else:
                self.problems += found.problems
            return None

    def _known(self, path: Path_, data: dict[str, Any], keys: Sequence[str]) -> None:
        for key in data:
            if key not in keys:
                miss = near_miss(key, keys) or f"; there are {', '.join(keys)}"
                self._wrong((*path, key), f"unknown key{miss}", "key")

    def _text(self, data: dict[str, Any], key: str, needed: bool = False) -> str:
        found = data.get(key)
        if isinstance(found, str) and (found.strip() or not needed):
            return found
        if found is not None:
            self._wrong((key,), f"{key} must be text, not {show(found)}")
        elif needed:
            self._wrong((), f"the key {key!r} is missing")
        return ""

    def _wrong(self, path: Path_, message: str, part: str = "value") -> None:
        self.problems.append(Problem(self.marked.place(path, part), format_path(path), message))


def read_roster(path: Path) -> tuple[Student, ...]:
    """The students in a CSV file with the columns id, name and email (others are ignored).

    Commas, semicolons and tabs all part columns, and what a spreadsheet writes is read: with a byte order
    mark, in UTF-8 or in Windows' Western encoding. Raises ProblemsFound.
    """
    raw = read_bytes(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    students: dict[str, tuple[Student, int]] = {}
    problems: list[Problem] = []
    columns: dict[str, int] = {}
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if not columns:
                columns = {cell.strip().casefold(): number for number, cell in reversed(list(enumerate(row)))}
                if "id" not in columns:
                    hint = (
                        near_miss("id", columns)
                        or f"; it has {', '.join(show(cell.strip()) for cell in row[:20])}"
                    )
                    message = f"the first line must name the columns, one of them id{hint}"
                    raise ProblemsFound([Problem(Place(str(path), rows.line_num), "", message)])
                continue
            id, name, email = (
                row[columns[key]].strip() if key in columns and columns[key] < len(row) else ""
                for key in ("id", "name", "email")
            )
            student = Student(id, name, email)
            if not id:
                problems.append(Problem(Place(str(path), rows.line_num), "", "this student has no id"))
            elif student.key in students:
                line = students[student.key][1]
                message = f"the id {id!r} is here twice; first in line {line}"
                problems.append(Problem(Place(str(path), rows.line_num), "", message))
            else:
                students[student.key] = student, rows.line_num
    except csv.Error as error:
        problems.append(Problem(Place(str(path), rows.line_num), "", f"not CSV: {error}"))
    if not columns and not problems:
        problems.append(Problem(Place(str(path)), "", "the file is empty"))
    if problems:
        raise ProblemsFound(problems)
    return tuple(student for student, _ in students.values())
