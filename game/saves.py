"""A player's progress, and how it is kept on disk.

Progress is a value; every change makes a new one. The file is versioned JSON that is only ever
replaced as a whole, and what cannot be read is put aside under another name, never overwritten.
Which levels there are, and which are open, is the campaign's business.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from game.files import only_one, write_whole
from game.language import joined, say, say_many
from game.level.model import Answer
from game.trace import from_plain, plain_built, read_built, to_plain

FORMAT: Final = "draughty-progress"
VERSION: Final = 2
FILE: Final = "progress.json"
DRAWERS: Final = 3
"""Answers a player can keep of one level, side by side."""

Migration = Callable[[dict[str, Any]], dict[str, Any]]


def _with_drawers(plain: dict[str, Any]) -> dict[str, Any]:
    """Version 1 kept one answer a level: it lies in the first of the drawers now."""
    levels = {}
    for key, entry in plain["levels"].items():
        if isinstance(entry, dict) and "answer" in entry:
            entry = {**entry, "answers": [entry["answer"], *[None] * (DRAWERS - 1)]}
            del entry["answer"]
        levels[key] = entry
    return {**plain, "levels": levels}


MIGRATIONS: Final[Mapping[int, Migration]] = {1: _with_drawers}
"""What makes a file of version n one of version n + 1."""


@dataclass(frozen=True)
class LevelProgress:
    """What a player has made of one level.

    stars      the most earned so far; 0 until it is solved
    best       the lowest of each metric over all answers that passed
    attempts   answers put before the inspector
    solved_at  when it was first solved, as an ISO time in UTC, or ""
    answers    what stood in the editor last, a drawer each; None in one that was never used
    drawer     the number of the drawer in the editor, from 0
    skipped    whether the player has left it for later, and gone on
    """

    stars: int = 0
    best: Mapping[str, int] = field(default_factory=dict)
    attempts: int = 0
    solved_at: str = ""
    answers: tuple[Answer | None, ...] = (None,) * DRAWERS
    drawer: int = 0
    skipped: bool = False

    @property
    def answer(self) -> Answer | None:
        """What stood in the editor last, in the drawer in use."""
        return self.answers[self.drawer]

    @property
    def solved(self) -> bool:
        return self.stars > 0


@dataclass(frozen=True)
class Progress:
    """Everything a player has done, by the keys of `game.campaign` ("post_office/2.2")."""

    levels: Mapping[str, LevelProgress] = field(default_factory=dict)

    def of(self, key: str) -> LevelProgress:
        return self.levels.get(key, LevelProgress())

    def _with(self, key: str, level: LevelProgress) -> Progress:
        return Progress({**self.levels, key: level})

    def keeping(self, key: str, answer: Answer) -> Progress:
        """With this in the editor of a level, in the drawer in use."""
        return self.filling(key, self.of(key).drawer, answer)

    def filling(self, key: str, drawer: int, answer: Answer | None) -> Progress:
        """With this in one of a level's drawers."""
        before = self.of(key)
        answers = (*before.answers[:drawer], answer, *before.answers[drawer + 1 :])
        return self._with(key, replace(before, answers=answers))

    def choosing(self, key: str, drawer: int) -> Progress:
        """With another of a level's drawers in use."""
        return self._with(key, replace(self.of(key), drawer=drawer))

    def after_attempt(self, key: str, stars: int, metrics: Mapping[str, int], now: datetime) -> Progress:
        """With one more attempt at a level; `stars` is 0 when it failed."""
        before = self.of(key)
        level = replace(before, attempts=before.attempts + 1)
        if stars:
            best = {**before.best}
            for name, number in metrics.items():
                best[name] = min(number, best.get(name, number))
            level = replace(
                level,
                stars=max(stars, before.stars),
                best=best,
                solved_at=before.solved_at or now.astimezone(UTC).isoformat(timespec="seconds"),
                skipped=False,
            )
        return self._with(key, level)

    def skipping(self, key: str, skipped: bool = True) -> Progress:
        """With a level left for later, or taken up again; a solved one stays what it is."""
        before = self.of(key)
        return self if before.solved else self._with(key, replace(before, skipped=skipped))

    def joined(self, other: Progress) -> Progress:
        """With what somebody has made of the levels elsewhere: the best of both. A drawer that holds
        something here is kept; who must not lose the other's answer asks `overruled` first."""
        return Progress(
            {
                key: _joined(self.of(key), other.of(key))
                for key in dict.fromkeys((*self.levels, *other.levels))
            }
        )

    def overruled(self, other: Progress) -> list[tuple[str, Answer]]:
        """The answers of the other that `joined` leaves out, with their levels' keys."""
        return [
            (key, theirs)
            for key, level in other.levels.items()
            for ours, theirs in zip(self.of(key).answers, level.answers, strict=True)
            if theirs is not None and ours is not None and ours != theirs
        ]

    def without(self, key: str) -> Progress:
        """As if this level had never been played."""
        return Progress({name: level for name, level in self.levels.items() if name != key})


def _joined(ours: LevelProgress, theirs: LevelProgress) -> LevelProgress:
    best = {**theirs.best}
    for name, number in ours.best.items():
        best[name] = min(number, best.get(name, number))
    stars = max(ours.stars, theirs.stars)
    return LevelProgress(
        stars,
        best,
        max(ours.attempts, theirs.attempts),
        min((at for at in (ours.solved_at, theirs.solved_at) if at), default=""),
        tuple(one or other for one, other in zip(ours.answers, theirs.answers, strict=True)),
        ours.drawer,
        (ours.skipped or theirs.skipped) and not stars,
    )


class Reading(NamedTuple):
    """Progress as found, and what the player must be told about it, a sentence each."""

    progress: Progress
    notices: tuple[str, ...] = ()


class Shelf:
    """The folder a player's progress is kept in. Two games may use one at the same time.

    `clock` only names the files that are put aside.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.folder = folder
        self.path = folder / FILE
        self._clock = clock

    def read(self) -> Reading:
        """What is on the shelf; nothing yet is no problem. Raises OSError where the file cannot be opened."""
        with self._alone():
            return self._read()

    def change(self, step: Callable[[Progress], Progress]) -> Reading:
        """Read, change and write in one go, so that what another window wrote meanwhile is kept too.

        Raises OSError when it cannot be written; what was there is then still there.
        """
        with self._alone():
            found, notices = self._read()
            progress = step(found)
            if progress != found or not self.path.exists():
                write_whole(self.path, dump_progress(progress))
            return Reading(progress, notices)

    def put_aside(self, why: str, text: str) -> Path:
        """Keep something beside the progress, under a name that says why and when. Raises OSError."""
        return self._put_aside(text.encode("utf-8"), why)

    def _alone(self) -> Any:
        return only_one(self.folder / "progress.lock")

    def _read(self) -> Reading:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return Reading(Progress())
        try:
            plain, version = _open(raw)
        except ValueError as error:
            kept = self._put_aside(raw, "unreadable")
            self.path.unlink()
            return Reading(
                Progress(),
                (
                    say(
                        "{path} cannot be read: {error}. It is kept as {name}.",
                        path=self.path,
                        error=str(error),
                        name=kept.name,
                    ),
                ),
            )
        if version > VERSION:
            kept = self._put_aside(raw, f"version-{version}")
            self.path.unlink()
            return Reading(
                Progress(),
                (
                    say(
                        "{path} was written by a newer game (version {version}; this one knows {known}). "
                        "It is kept as {name}.",
                        path=self.path,
                        version=version,
                        known=VERSION,
                        name=kept.name,
                    ),
                ),
            )
        notices: tuple[str, ...] = ()
        if version < VERSION:
            kept = self._put_aside(raw, f"version-{version}")
            notices = (
                say(
                    "Your progress was brought up to date; the file of before is kept as {name}.",
                    name=kept.name,
                ),
            )
            for number in range(version, VERSION):
                plain = MIGRATIONS[number](plain)
        progress, faults = _progress(plain)
        if faults:
            kept = self._put_aside(raw, "damaged")
            # Written back at once, so that the same damage is not reported and put aside each time.
            write_whole(self.path, dump_progress(progress))
            notices += (
                say(
                    "Part of {path} is lost: {faults}. The file is kept as {name}.",
                    path=self.path,
                    faults="; ".join(faults),
                    name=kept.name,
                ),
            )
        elif version < VERSION:
            write_whole(self.path, dump_progress(progress))
        return Reading(progress, notices)

    def _put_aside(self, raw: bytes, why: str) -> Path:
        moment = self._clock().strftime("%Y%m%d-%H%M%S")
        for number in range(1, 1000):
            kept = self.folder / f"progress.{why}.{moment}{f'-{number}' if number > 1 else ''}.json"
            if not kept.exists():
                break
        write_whole(kept, raw)
        return kept


def dump_progress(progress: Progress) -> str:
    """Progress as the text of its file."""
    levels = {key: _plain_level(level) for key, level in sorted(progress.levels.items())}
    plain = {"format": FORMAT, "version": VERSION, "levels": levels}
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def _plain_level(level: LevelProgress) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "stars": level.stars,
        "best": dict(level.best),
        "attempts": level.attempts,
        "solved_at": level.solved_at,
    }
    if level.skipped:
        plain["skipped"] = True
    if any(level.answers):
        plain["answers"] = [answer and plain_answer(answer) for answer in level.answers]
    if level.drawer:
        plain["slot"] = level.drawer  # called so in the files since version 2
    return plain


def plain_answer(answer: Answer) -> dict[str, Any]:
    """An answer as what JSON can hold. What it builds is left out where it builds nothing."""
    return {
        "level": answer.level,
        "scripts": dict(answer.scripts),
        "choices": {name: to_plain(value) for name, value in answer.choices.items()},
        "winds": list(answer.winds),
        **plain_built(answer.parts, answer.gets),
    }


def read_progress(raw: bytes) -> Progress:
    """The progress in the text of a file, brought up to date. Raises ValueError where not all of it is
    sound."""
    plain, version = _open(raw)
    if version > VERSION:
        raise ValueError(
            say(
                "it was written by a newer game (version {version}; this one knows {known})",
                version=version,
                known=VERSION,
            )
        )
    for number in range(version, VERSION):
        plain = MIGRATIONS[number](plain)
    progress, faults = _progress(plain)
    if faults:
        raise ValueError(joined("; ", faults))
    return progress


def not_json(error: ValueError) -> str:
    """Why a text is no JSON, and where to look."""
    if not isinstance(error, json.JSONDecodeError):
        return say("it is not JSON")
    return say("it is not JSON: look at line {line}, column {column}", line=error.lineno, column=error.colno)


def _open(raw: bytes) -> tuple[dict[str, Any], int]:
    """The object in a file and its version. Raises ValueError with the reason it is none of ours."""
    try:
        plain = json.loads(raw)
    except RecursionError as error:
        raise ValueError(say("it is nested too deep")) from error
    except UnicodeDecodeError as error:
        raise ValueError(say("it is not UTF-8 text")) from error
    except ValueError as error:
        raise ValueError(not_json(error)) from error
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise ValueError(say("it is not a file of this game"))
    version = plain.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError(say("its version is {version!r}", version=version))
    if not isinstance(plain.get("levels"), dict):
        raise ValueError(say("it has no levels"))
    return plain, version


def _progress(plain: dict[str, Any]) -> tuple[Progress, list[str]]:
    levels: dict[str, LevelProgress] = {}
    faults: list[str] = []
    for key, entry in plain["levels"].items():
        try:
            levels[key] = _level(entry)
        except ValueError as error:
            faults.append(say("{key}: {fault}", key=key, fault=str(error)))
    return Progress(levels), faults


def _level(plain: Any) -> LevelProgress:
    if not isinstance(plain, dict):
        raise ValueError(say("it is not an object"))
    stars, attempts = _count(plain, "stars"), _count(plain, "attempts")
    if stars > 3:
        raise ValueError(say_many("{count} star", "{count} stars", stars))
    best = plain.get("best", {})
    if not isinstance(best, dict):
        raise ValueError(say("{key} is {number!r}", key="best", number=best))
    solved_at = plain.get("solved_at", "")
    if not isinstance(solved_at, str):
        raise ValueError(say("{key} is {number!r}", key="solved_at", number=solved_at))
    numbers = {name: _count(best, name) for name in best}
    skipped = plain.get("skipped", False)
    if not isinstance(skipped, bool):
        raise ValueError(say("{key} is {number!r}", key="skipped", number=skipped))
    drawer = _count(plain, "slot")
    if drawer >= DRAWERS:
        raise ValueError(say("there is no drawer {drawer}", drawer=drawer))
    answers = plain.get("answers", [None] * DRAWERS)
    if not isinstance(answers, list) or len(answers) != DRAWERS:
        raise ValueError(say("its answers are not a list of three"))
    kept = tuple(answer if answer is None else read_answer(answer) for answer in answers)
    return LevelProgress(stars, numbers, attempts, solved_at, kept, drawer, skipped)


def _count(plain: dict[str, Any], key: str) -> int:
    number = plain.get(key, 0)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError(say("{key} is {number!r}", key=key, number=number))
    return number


def read_answer(plain: Any) -> Answer:
    """The answer that `plain_answer` made this of. Raises ValueError."""
    match plain:
        case {"level": str(level), "scripts": dict(scripts), "choices": dict(choices), "winds": list(winds)}:
            if not all(isinstance(text, str) for text in (*scripts.values(), *winds)):
                raise ValueError(say("its answer holds something that is not text"))
            values = {name: from_plain(value) for name, value in choices.items()}
            return Answer(level, scripts, values, tuple(winds), *read_built(plain))
    raise ValueError(say("its answer is not one"))
