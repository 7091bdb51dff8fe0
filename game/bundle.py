"""All of a player's progress in one file: to take along, to bring back, and kept before anything is reset."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from game.history import History, Try, plain_try, read_try
from game.language import say
from game.saves import Progress, Shelf, dump_progress, not_json, plain_answer, read_progress

FORMAT: Final = "draughty-bundle"
VERSION: Final = 1
MOST_BYTES: Final = 64 * 1024 * 1024


class Bundle(NamedTuple):
    progress: Progress
    tries: Mapping[str, tuple[Try, ...]]


class Import(NamedTuple):
    """What came of bringing a bundle in: levels it knew, tries it held, and where what was before is kept."""

    levels: int
    tries: int
    backup: Path


def bundle_of(home: Path) -> Bundle:
    """Everything in a player's folder. Raises OSError."""
    history = History(home)
    return Bundle(Shelf(home).read().progress, {key: tuple(history.of(key)) for key in history.levels()})


def dump_bundle(bundle: Bundle) -> str:
    """A bundle as the text of its file."""
    tries = {key: [plain_try(one) for one in tries] for key, tries in sorted(bundle.tries.items())}
    plain = {
        "format": FORMAT,
        "version": VERSION,
        "progress": json.loads(dump_progress(bundle.progress)),
        "tries": tries,
    }
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def read_bundle(raw: bytes) -> Bundle:
    """The bundle in the text of a file; the file of progress alone will do as well. Raises ValueError with
    the reason it is none, or not a whole one."""
    if len(raw) > MOST_BYTES:
        raise ValueError(say("it is far too large"))
    plain: Any = None
    try:
        plain = json.loads(raw)
    except RecursionError as error:
        raise ValueError(say("it is nested too deep")) from error
    except UnicodeDecodeError as error:
        raise ValueError(say("it is not UTF-8 text")) from error
    except ValueError as error:
        raise ValueError(not_json(error)) from error
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        return Bundle(read_progress(raw), {})
    if plain.get("version") != VERSION:
        raise ValueError(
            say(
                "its version is {version!r}; this game knows {known}",
                version=plain.get("version"),
                known=VERSION,
            )
        )
    listed = plain.get("tries")
    if not isinstance(listed, dict) or not all(isinstance(tries, list) for tries in listed.values()):
        raise ValueError(say("its tries are not lists by level"))
    progress = read_progress(json.dumps(plain.get("progress")).encode("utf-8"))
    return Bundle(progress, {key: tuple(map(read_try, tries)) for key, tries in listed.items()})


def take_in(home: Path, bundle: Bundle, now: datetime) -> Import:
    """Join a bundle with what is in a player's folder: the best of both, and of answers that differ the one
    here stays in its drawer, the other comes into the history. Raises OSError."""
    backup = back_up(home, "before-import", now)
    history, shelf = History(home), Shelf(home)
    aside: dict[str, list[Try]] = {key: list(tries) for key, tries in bundle.tries.items()}
    moment = now.astimezone(UTC).isoformat(timespec="seconds")

    def join(here: Progress) -> Progress:
        for key, answer in here.overruled(bundle.progress):
            put_aside = [one.answer for one in (*history.of(key), *aside.get(key, ())) if not one.verdict]
            if plain_answer(answer) not in map(plain_answer, put_aside):
                aside.setdefault(key, []).append(Try(moment, answer))
        return here.joined(bundle.progress)

    shelf.change(join)
    for key, tries in aside.items():
        history.add(key, tries)
    return Import(len(bundle.progress.levels), sum(map(len, bundle.tries.values())), backup)


def back_up(home: Path, why: str, now: datetime) -> Path:
    """Keep everything there is in one file beside it, which can be taken in again. Raises OSError."""
    return Shelf(home, clock=lambda: now).put_aside(why, dump_bundle(bundle_of(home)))


def reset(home: Path, key: str, now: datetime) -> Path:
    """As if this level, or with "" none, had ever been played; the file that everything of before is kept in.
    Raises OSError."""
    backup = back_up(home, "before-reset", now)
    history = History(home)
    Shelf(home).change(lambda here: here.without(key) if key else Progress())
    for one in [key] if key else history.levels():
        history.forget(one)
    return backup
