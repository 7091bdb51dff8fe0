"""The forms in which an answer, or a run of it, leaves the game: one table for window and command line."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from game.language import say

if TYPE_CHECKING:
    from game.export.telling import Telling
    from game.level.model import Answer, Level


class Form(NamedTuple):
    """A form: its name, what it is, what a button that saves it says, the file's ending, and the module and
    function that write it. They are `given` the level and the answer, or a run of it (a Telling)."""

    name: str
    what: str
    button: str
    suffix: str
    module: str
    function: str
    given: Literal["answer", "run"]


FORMS: Final = (
    Form(
        "python",
        "a program of its own that needs nothing but multiprocessing",
        say("Save as a Python program"),
        ".py",
        "game.export.python",
        "export_python",
        "answer",
    ),
    Form(
        "pytest",
        "the same with a test that runs it many times",
        say("Save as tests for pytest"),
        "_test.py",
        "game.export.pytest_file",
        "export_pytest",
        "answer",
    ),
    Form(
        "promela",
        "a model for the checker SPIN",
        say("Save as a model for SPIN"),
        ".pml",
        "game.export.promela",
        "export_promela",
        "answer",
    ),
    Form(
        "perfetto",
        "a run as a trace for ui.perfetto.dev",
        say("Save the run for Perfetto"),
        ".perfetto.json",
        "game.export.perfetto",
        "export_perfetto",
        "run",
    ),
    Form(
        "html",
        "a run as one web page that plays it",
        say("Save the run as a web page"),
        ".html",
        "game.desktop.page",
        "export_page",
        "run",
    ),
    Form(
        "gif",
        "a run as a moving picture",
        say("Save the run as a GIF"),
        ".gif",
        "game.desktop.moving",
        "export_gif",
        "run",
    ),
)


def forms() -> tuple[Form, ...]:
    """Those whose exporter is there. It is loaded when it is asked for."""
    return tuple(form for form in FORMS if importlib.util.find_spec(form.module) is not None)


def write_form(form: Form, level: Level, answer: Answer, telling: Telling | None = None) -> str | bytes:
    """The answer, or the run, in this form; without a telling the run is the verdict's.

    Raises ProblemsFound when the answer has no such form, CannotMove when the telling is no run of its own.
    """
    write: Callable[..., str | bytes] = getattr(importlib.import_module(form.module), form.function)
    if form.given == "answer":
        return write(level, answer)
    if telling is None:
        from game.export.telling import verdict_told

        telling = verdict_told(level, answer)
    return write(telling)
