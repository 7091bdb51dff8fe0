"""A folder of answers → grades: each answer judged in a process of its own, several at a time.

A submission that hangs, breaks or eats memory costs only itself: its process group is killed when the
clock runs out. What students hand in is never parsed in this process.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from game.classroom.challenge import Challenge, Student, key_of

Word = Literal["PROVED", "REFUTED", "UNDETERMINED", "DOUBTFUL", "UNREADABLE", "HUNG", "BROKEN"]

WORDS: Final[dict[Word, str]] = {
    "PROVED": "holds in every wind, and on real processes",
    "REFUTED": "fails in some wind",
    "UNDETERMINED": "no failure found, but not every wind could be looked at",
    "DOUBTFUL": "holds in every wind, and yet a real run went wrong",
    "UNREADABLE": "is no answer to this challenge that can be read",
    "HUNG": "was not judged in time",
    "BROKEN": "the judging itself broke down",
}
NEEDS_A_LOOK: Final = ("UNDETERMINED", "DOUBTFUL", "HUNG", "BROKEN")
"""What a person should look at: the machine alone could not decide."""

FILES_A_STUDENT: Final = 50
"""More files than this by one student are not looked at: nobody can make the others wait."""
SPARE_SECONDS: Final = 20.0


class Submission(NamedTuple):
    """One file that was handed in. `label` is its path below the folder, fit to be printed."""

    student: str
    path: Path
    label: str


class Grade(NamedTuple):
    """What became of one submission. `level` is "" where it cannot be told."""

    submission: Submission
    level: str
    word: Word
    message: str = ""
    wind: str = ""
    stars: int = 0
    seconds: float = 0.0
    judgement: dict[str, Any] | None = None


class Row(NamedTuple):
    """One student: the best grade for each level of the challenge, in its order."""

    student: Student
    on_roster: bool
    grades: tuple[Grade | None, ...]
    points: float
    others: tuple[Grade, ...]
    """What counts for nothing: weaker answers, and files that belong to no level."""


class Report(NamedTuple):
    challenge: Challenge
    rows: tuple[Row, ...]
    ignored: tuple[str, ...]

    @property
    def missing(self) -> tuple[Student, ...]:
        """Students of the roster who handed nothing in."""
        return tuple(
            row.student for row in self.rows if row.on_roster and not any(row.grades) and not row.others
        )

    @property
    def strangers(self) -> tuple[Student, ...]:
        """Those who handed something in and are not on the roster."""
        return tuple(row.student for row in self.rows if not row.on_roster)

    @property
    def to_look_at(self) -> tuple[Grade, ...]:
        """Grades a person should look at."""
        found = [grade for row in self.rows for grade in (*row.grades, *row.others)]
        return tuple(grade for grade in found if grade and grade.word in NEEDS_A_LOOK)


def collect(folder: Path) -> tuple[list[Submission], list[str]]:
    """Every answer file in a folder, and the files that are none or too many.

    `anna.yaml` is anna's; so is everything below `anna/`. Hidden files and links to folders are passed over.
    Raises OSError where the folder cannot be read.
    """
    submissions: list[Submission] = []
    ignored: list[str] = []
    counts: dict[str, int] = {}
    for path in _files(folder):
        parts = path.relative_to(folder).parts
        label = printable("/".join(parts))
        if path.suffix.lower() not in (".yaml", ".yml"):
            ignored.append(label)
            continue
        student = printable(parts[0] if len(parts) > 1 else path.stem)
        counts[student] = counts.get(student, 0) + 1
        if counts[student] > FILES_A_STUDENT:
            ignored.append(label)
        else:
            submissions.append(Submission(student, path, label))
    return submissions, ignored


def _files(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not _hidden(name))
        yield from (Path(place) / name for name in sorted(names) if not _hidden(name))


def _hidden(name: str) -> bool:
    return name.startswith(".") or name in ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini")


def printable(text: str) -> str:
    """Text from a file name without anything a terminal or a spreadsheet would act on."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


class Grader:
    """Drives the judging. `command` is what judges one file; the file's path and label are added to it."""

    def __init__(self, challenge: Challenge, command: Sequence[str], timeout: float | None = None) -> None:
        self._challenge = challenge
        self._command = tuple(command)
        self._timeout = timeout or seconds_for(challenge)
        self._lock = threading.Lock()
        self._stopped = False
        self._running: set[subprocess.Popen[bytes]] = set()

    def grade(
        self, submissions: Sequence[Submission], jobs: int, told: Callable[[int], None] = lambda _: None
    ) -> list[Grade]:
        """The grade of each, in the order given. `told` hears how many are done.

        When it is interrupted, everything it has started is killed before the exception goes on.
        """
        with ThreadPoolExecutor(jobs, "grader") as pool:
            futures = [pool.submit(self._one, submission) for submission in submissions]
            try:
                for done, _ in enumerate(as_completed(futures), 1):
                    told(done)
                return [future.result() for future in futures]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.stop()
                raise

    def stop(self) -> None:
        """Kill whatever is being judged, and begin nothing more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _kill(process)

    def _one(self, submission: Submission) -> Grade:
        began = time.monotonic()
        with (
            tempfile.TemporaryDirectory(prefix="draughty-grade-", ignore_cleanup_errors=True) as folder,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            # Files, not pipes: a grandchild that outlived its judge could keep a pipe open for ever.
            with self._lock:
                if self._stopped:
                    raise InterruptedError
                process = subprocess.Popen(
                    [*self._command, str(submission.path.absolute()), submission.label],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    cwd=folder,
                    start_new_session=True,
                )
                self._running.add(process)
            try:
                code: int | None = process.wait(self._timeout)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                with self._lock:
                    self._running.discard(process)
                _kill(process)
                process.wait()
            seconds = time.monotonic() - began
            if code is None:
                message = f"not judged within {self._timeout:g} seconds, and stopped"
                return Grade(submission, self._guess(submission), "HUNG", message, seconds=seconds)
            return self._read(submission, code, _tail(out, 16_000_000), _tail(err, 4000), seconds)

    def _read(self, submission: Submission, code: int, out: bytes, err: bytes, seconds: float) -> Grade:
        try:
            found = json.loads(out)
            level, word = found["level"], found["word"]
        except (ValueError, KeyError, TypeError):
            words = err.decode("utf-8", "replace").strip().splitlines()
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            message = f"the judge stopped with {how}" + (f": {printable(words[-1])}" if words else "")
            return Grade(submission, self._guess(submission), "BROKEN", message, seconds=seconds)
        message, wind, stars = "; ".join(found["problems"]), "", 0
        if attempt := found["attempt"]:
            stars = attempt["stars"]
            if failure := attempt["failure"]:
                case = f" (in the case {attempt['case']!r})" if attempt.get("case") else ""
                message = f"{failure['kind']}: {failure['message']}{case}"
                wind = failure["wind"]
            elif word == "UNDETERMINED":
                message = attempt["covered"]
            elif word == "DOUBTFUL":
                case = found["real"]["case"]
                where = f" in the case {case!r}" if case else ""
                message = f"a real run{where} went wrong: {found['real']['fault']}"
        return Grade(submission, level or self._guess(submission), word, message, wind, stars, seconds, found)

    def _guess(self, submission: Submission) -> str:
        """The level a file is about, by its name, where its content does not say."""
        stem = submission.path.stem
        for task in self._challenge.tasks:
            if stem in (task.level.id, task.level.id.replace(".", ""), task.path.stem):
                return task.level.id
        return ""


def seconds_for(challenge: Challenge) -> float:
    """How long one submission may take: what its level allows for the inspector, case by case, and for the
    real runs, and some."""
    longest = max(
        (
            2 * task.level.limits.seconds * (1 + len(task.level.cases))
            + max(task.level.real.runs, 1 + len(task.level.cases)) * task.level.real.timeout
            for task in challenge.tasks
        ),
        default=0.0,
    )
    return longest + SPARE_SECONDS


def judge_command(challenge: Path, plugins: Sequence[str], seconds: float, runs: int | None) -> list[str]:
    """What judges one file: this game, in a fresh interpreter.

    -P, and the game's own folder first: Python must not find a student's `json.py` before its own.
    """
    root = Path(__file__).resolve().parents[2]
    start = f"import sys; sys.path.insert(0, {str(root)!r}); from game.cli.main import main; sys.exit(main())"
    extra = [word for plugin in plugins for word in ("--plugin", str(Path(plugin).absolute()))]
    more = [] if runs is None else ["--runs", str(runs)]
    return [
        *(sys.executable, "-P", "-c", start, *extra, "grade-one"),
        *("--challenge", str(challenge.absolute()), "--seconds", f"{seconds:g}", *more, "--"),
    ]


def report(
    challenge: Challenge, grades: Sequence[Grade], roster: Sequence[Student] | None, ignored: Sequence[str]
) -> Report:
    """Grades by student: those of the roster in its order, then everybody else by id. Without a roster,
    everybody counts as being on it. Of several answers to a level the best counts."""
    people = {student.key: student for student in roster or ()}
    for grade in sorted(grades, key=lambda grade: grade.submission.student):
        people.setdefault(key_of(grade.submission.student), Student(grade.submission.student))
    rostered = set(people) if roster is None else {student.key for student in roster}
    rows = []
    for key, student in people.items():
        own = [grade for grade in grades if key_of(grade.submission.student) == key]
        best = tuple(
            max(
                (grade for grade in own if grade.level == task.level.id),
                key=lambda grade: (grade.word == "PROVED", grade.stars, grade.word in NEEDS_A_LOOK),
                default=None,
            )
            for task in challenge.tasks
        )
        points = sum(
            task.points
            for task, grade in zip(challenge.tasks, best, strict=True)
            if grade and grade.word == "PROVED"
        )
        others = tuple(grade for grade in own if not any(grade is chosen for chosen in best))
        rows.append(Row(student, key in rostered, best, points, others))
    return Report(challenge, tuple(rows), tuple(ignored))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The process and everything in its group; the office and its clerks notice, and go too."""
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _tail(file: Any, length: int) -> bytes:
    """The last bytes of a file, at most `length`."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - length))
    found: bytes = file.read()
    return found
