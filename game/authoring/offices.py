"""The offices a player builds, as level files in the player's own folder.

An office is kept as it stands, finished or not; as soon as it has clerks with scripts it is a level like any
other. What somebody else wrote into its file is put aside before it is written over.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

from game.authoring.blueprint import Blueprint, level_text, read_blueprint
from game.files import write_whole
from game.library import FOLDER, own_files
from game.plugins import Registry
from game.problems import Place, Problem, ProblemsFound

BEFORE: Final = ".before"
"""What is added to the name of a file that was put aside."""
_WRONG: Final = re.compile(r"- name: (.+)-goes-home\n +expect: (.+)\n")


def new_office(home: Path, title: str) -> Path:
    """A file of that name that is not there yet."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-") or "office"
    names = (f"{slug}{f'-{number}' if number else ''}" for number in (0, *range(2, 10_000)))
    return next(path for name in names if not (path := home / FOLDER / f"{name}.yaml").exists())


def offices(home: Path, registry: Registry) -> list[tuple[Path, Blueprint | ProblemsFound]]:
    """The player's own level files, the one changed last first, each as an office or with why it is none."""
    found: list[tuple[Path, Blueprint | ProblemsFound]] = []
    for path in sorted(own_files(home), key=_changed, reverse=True):
        try:
            found.append((path, read_office(path, registry)))
        except ProblemsFound as problems:
            found.append((path, problems))
    return found


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def read_office(path: Path, registry: Registry) -> Blueprint:
    """The office in a file. Raises ProblemsFound for one that cannot be built on."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemsFound([Problem(Place(str(path)), "", f"cannot be read: {error}")]) from error
    return read_blueprint(text, str(path), registry, unfinished=True)


def keep_office(path: Path, text: str, known: str | None) -> None:
    """Write an office's file. What is there goes aside first unless it is `known`, what was read or written
    last: somebody else wrote it. Raises OSError."""
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        there = None
    if there is not None and there not in (text.encode(), (known or text).encode()):
        names = (f"{path.name}{BEFORE}{number or ''}" for number in (0, *range(2, 10_000)))
        write_whole(next(one for name in names if not (one := path.with_name(name)).exists()), there)
    write_whole(path, text)


def text_known(path: Path, blueprint: Blueprint) -> str | None:
    """What a file says, where it is word for word what would be written of its office; None where somebody
    wrote it by hand."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = _WRONG.search(text)
    lazy, expect = (found[1].replace("-", "_"), found[2]) if found else ("", "wrong result")
    same = text == level_text(blueprint, _id(path, blueprint), lazy=lazy, expect=expect)
    return text if same else None


def office_text(path: Path, blueprint: Blueprint) -> str:
    """The file's text. The id is the file's own name, or what its author wrote there."""
    return level_text(blueprint, _id(path, blueprint))


def _id(path: Path, blueprint: Blueprint) -> str:
    return str(blueprint.rest.get("id", path.stem))
