"""An answer to take along: its text for the clipboard, and files in the player's own folder.

The exporters are loaded when one of them is asked for; one that is not installed is not offered.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from game.files import write_whole
from game.level.model import Answer, Level
from game.level.reader import write_answer

FOLDER: Final = "shared"
"""Below the player's own folder."""


class Form(NamedTuple):
    """A form in which an answer can be kept as a file: what the button says, the file's ending, the module
    and function that write it (from level and answer)."""

    words: str
    suffix: str
    module: str
    function: str


FORMS: Final = (
    Form("Save as a Python program", ".py", "game.export.python", "export_python"),
    Form("Save as tests for pytest", "_test.py", "game.export.pytest_file", "export_pytest"),
)


def forms() -> tuple[Form, ...]:
    """Those whose exporter is there."""
    return tuple(form for form in FORMS if importlib.util.find_spec(form.module) is not None)


def answer_text(answer: Answer) -> str:
    """The answer as others can read it in, with `draughty check` or as a file beside the level."""
    return write_answer(answer)


def save_as(form: Form, level: Level, answer: Answer, folder: Path) -> Path:
    """Write the answer in this form below a player's folder, and say where. Raises ProblemsFound when it has
    no such form, and OSError."""
    export: Callable[[Level, Answer], str] = getattr(importlib.import_module(form.module), form.function)
    return _kept(folder, f"{file_stem(level)}{form.suffix}", export(level, answer))


def save_answer(level: Level, answer: Answer, folder: Path) -> Path:
    """Write the answer as a file of its own, and say where. Raises OSError."""
    return _kept(folder, f"{file_stem(level)}.answer.yaml", answer_text(answer))


def _kept(folder: Path, name: str, text: str) -> Path:
    path = folder / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    return path


def file_stem(level: Level) -> str:
    """A name that is a file's on every system, and a module's: "level_2_2_mind_the_chalk"."""
    return "level_" + re.sub(r"[^a-z0-9]+", "_", f"{level.id} {level.title}".lower()).strip("_")
