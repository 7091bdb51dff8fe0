"""An answer to take along: its text for the clipboard, and files in the player's own folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from game.desktop.forms import Form, write_form
from game.export.telling import Telling
from game.files import write_whole
from game.level.model import Answer, Level
from game.level.reader import write_answer

FOLDER: Final = "shared"
"""Below the player's own folder."""


def answer_text(answer: Answer) -> str:
    """The answer as others can read it in, with `draughty check` or as a file beside the level."""
    return write_answer(answer)


def save_as(form: Form, level: Level, answer: Answer, folder: Path, telling: Telling | None = None) -> Path:
    """Write the answer, or the run, in this form below a player's folder, and say where. Raises
    ProblemsFound when it has no such form, and OSError."""
    return _kept(folder, f"{file_stem(level)}{form.suffix}", write_form(form, level, answer, telling))


def save_answer(level: Level, answer: Answer, folder: Path) -> Path:
    """Write the answer as a file of its own, and say where. Raises OSError."""
    return _kept(folder, f"{file_stem(level)}.answer.yaml", answer_text(answer))


def _kept(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return path


def file_stem(level: Level) -> str:
    """A name that is a file's on every system, and a module's: "level_2_2_mind_the_chalk"."""
    return "level_" + re.sub(r"[^a-z0-9]+", "_", f"{level.id} {level.title}".lower()).strip("_")
