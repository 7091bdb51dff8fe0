"""Every answer a player has tried, level by level: a line each, only ever added.

A file for each level, so that keeping what stands in the editor stays quick however long the history is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from game.files import only_one, write_whole
from game.language import say
from game.level.model import Answer
from game.saves import plain_answer, read_answer

if TYPE_CHECKING:
    from game.attempt import Attempt

FOLDER: Final = "history"
MOST: Final = 200
"""Tries kept of a level; when there are half as many again, the oldest go."""


@dataclass(frozen=True)
class Try:
    """One answer at one time.

    at       when, as an ISO time in UTC
    verdict  the inspector's word (PROVED, REFUTED, UNDETERMINED); "" for an answer nobody judged, which was
             put aside because another took its place
    failure  how it failed, one of the words in docs/words.md
    """

    at: str
    answer: Answer
    verdict: str = ""
    stars: int = 0
    failure: str = ""
    metrics: Mapping[str, int] = field(default_factory=dict)


def try_of(attempt: Attempt, answer: Answer, now: datetime) -> Try:
    """An answer with what came of it."""
    failure = attempt.verdict.failure
    return Try(
        now.astimezone(UTC).isoformat(timespec="seconds"),
        answer,
        attempt.verdict.word,
        attempt.stars,
        failure.kind if failure is not None else "",
        dict(attempt.metrics),
    )


def plain_try(one: Try) -> dict[str, Any]:
    return {
        "at": one.at,
        "verdict": one.verdict,
        "stars": one.stars,
        "failure": one.failure,
        "metrics": dict(one.metrics),
        "answer": plain_answer(one.answer),
    }


def read_try(plain: Any) -> Try:
    """The try that `plain_try` made this of. Raises ValueError."""
    match plain:
        case {
            "at": str(at),
            "verdict": str(verdict),
            "stars": int(stars),
            "failure": str(failure),
            "metrics": dict(metrics),
            "answer": answer,
        } if 0 <= stars <= 3 and all(isinstance(one, int) for one in metrics.values()):
            return Try(at, read_answer(answer), verdict, stars, failure, metrics)
    raise ValueError(say("a try is not one"))


class History:
    """The tries kept in a player's folder. Several games may add to them at once."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def _file(self, key: str) -> Path:
        return self.folder / f"{quote(key, safe='')}.jsonl"

    def of(self, key: str) -> list[Try]:
        """A level's tries, the oldest first. A line that is damaged is left out."""
        try:
            lines = self._file(key).read_bytes().splitlines()
        except OSError:
            return []
        return [found for line in lines if (found := _line(line)) is not None]

    def levels(self) -> list[str]:
        """The keys of the levels that have been tried."""
        return sorted(unquote(path.stem) for path in self.folder.glob("*.jsonl"))

    def add(self, key: str, tries: Sequence[Try]) -> None:
        """Add tries to a level's; one that is there already is not added again. Raises OSError."""
        path = self._file(key)
        with only_one(self.folder / "history.lock"):
            kept = self.of(key)
            known = {_text(one) for one in kept}
            new = [one for one in tries if _text(one) not in known]
            if len(kept) + len(new) > MOST * 3 // 2 or any(kept and one.at < kept[-1].at for one in new):
                whole = sorted([*kept, *new], key=lambda one: one.at)[-MOST:]
                write_whole(path, "".join(map(_text, whole)))
            elif new:
                with open(path, "ab") as file:
                    # Where the power went in the middle of a line, the next must not be lost with it.
                    file.write(b"\n" * _unfinished(path) + "".join(map(_text, new)).encode("utf-8"))

    def forget(self, key: str) -> None:
        """Remove a level's tries. Raises OSError."""
        with only_one(self.folder / "history.lock"):
            self._file(key).unlink(missing_ok=True)


def _text(one: Try) -> str:
    return json.dumps(plain_try(one), ensure_ascii=False, sort_keys=True) + "\n"


def _line(raw: bytes) -> Try | None:
    try:
        return read_try(json.loads(raw))
    except (ValueError, RecursionError):
        return None


def _unfinished(path: Path) -> bool:
    with open(path, "rb") as file:
        return bool(file.seek(0, 2)) and (file.seek(-1, 2), file.read(1))[1] != b"\n"
