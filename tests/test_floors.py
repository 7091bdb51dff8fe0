"""The shape of the program: imports go down only, and children stay light."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import game

GAME = Path(game.__file__).parent

FLOORS = (
    ("words", ("language", "catalogues", "problems", "request", "trace", "places", "files", "undoing")),
    ("meaning", ("script", "channels")),
    ("goals", ("goals",)),
    ("the level", ("level.model",)),
    ("reading", ("level", "plugins", "builtin")),
    ("engines", ("world", "knots", "checker", "worker", "office", "run", "settle")),
    (
        "the game",
        (
            "attempt",
            "scoring",
            "campaign",
            "library",
            "saves",
            "history",
            "bundle",
            "evidence",
            "plain",
            "deeds",
            "story",
        ),
    ),
    ("tools", ("authoring", "classroom", "export")),
    ("faces", ("desktop", "cli", "__main__")),
)

CHILDREN = (
    "game.worker",
    "game.run",
    "game.settle",
    "game.world",
    "game.checker.check",
    "game.script.compiler",
    "game.script.vm",
    "game.goals",
    "game.level.model",
    "game.plugins",
    "game.builtin",
    "game.office.process",
)
"""What a clerk's process, the office or the inspector's process may load."""

HEAVY = (
    "pygame",
    "pygame_gui",
    "yaml",
    "pydantic",
    "click",
    "rich",
    "platformdirs",
    "PIL",
    "pygments",
    "numpy",
)


@functools.cache
def modules() -> dict[str, Path]:
    """Every module of the game, by its name below `game`."""
    found = {}
    for path in GAME.rglob("*.py"):
        parts = path.relative_to(GAME).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            found[name] = path
    return found


def floor_of(module: str) -> int | None:
    """The floor of the longest name that fits: `level.model` before `level`."""
    fits = [
        (len(name), number)
        for number, (_, names) in enumerate(FLOORS)
        for name in names
        if module == name or module.startswith(f"{name}.")
    ]
    return max(fits)[1] if fits else None


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every module a file imports when it runs, with the line: those for annotations only are left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for_types |= {id(below) for statement in node.body for below in ast.walk(statement)}
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: write the whole name, `from game.… import …`"
            yield node.lineno, node.module or ""
            # `from game import goals` imports game.goals; `from game.goals import Log` only looks like that.
            yield from (
                (node.lineno, f"{node.module}.{alias.name}")
                for alias in node.names
                if node.module and f"{node.module}.{alias.name}".removeprefix("game.") in modules()
            )


def test_every_module_stands_on_a_floor():
    assert [name for name in modules() if floor_of(name) is None] == []


def test_imports_go_down_only():
    wrong = []
    for name, path in modules().items():
        for line, imported in imports_of(path):
            below = imported.removeprefix("game.")
            if imported.startswith("game.") and (floor_of(below) or 0) > (floor_of(name) or 0):
                wrong.append(f"{path.relative_to(GAME)}:{line}: {name} must not import {imported}")
    assert wrong == []


def test_only_the_window_knows_pygame():
    known = {
        name
        for name, path in modules().items()
        for _, imported in imports_of(path)
        if imported.partition(".")[0] == "pygame" and not name.startswith("desktop.")
    }
    assert known <= {"cli.doctor"}  # which looks whether it is there


def test_only_the_faces_print():
    printing = {
        name
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
        and not name.startswith(("cli.", "desktop."))
    }
    assert printing == set()


def test_init_files_are_empty():
    assert [str(path) for path in GAME.rglob("__init__.py") if path.read_text().strip()] == []


@pytest.mark.parametrize("module", CHILDREN)
def test_what_children_import_is_light(module: str):
    light = () if module in ("game.plugins", "game.builtin") else ("pluggy",)
    look = f"import sys, {module}; print([name for name in {(*HEAVY, *light)!r} if name in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", look], cwd=GAME.parent, capture_output=True, text=True)
    assert (seen.stdout.strip(), seen.stderr) == ("[]", "")


def test_every_command_is_imported_without_anything_heavy():
    names = sorted(name for name in modules() if name.startswith("cli."))
    heavy = tuple(set(HEAVY) - {"click"})
    commands = ", ".join(f"game.{name}" for name in names)
    look = f"import sys, {commands}; print([name for name in {heavy!r} if name in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", look], cwd=GAME.parent, capture_output=True, text=True)
    assert (seen.stdout.strip(), seen.stderr) == ("[]", "")
