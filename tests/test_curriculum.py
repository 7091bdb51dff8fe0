"""Levels of the planned campaign, told shortly: what its chapters will need, the engine can do today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from game.attempt import check_answer
from game.authoring.lint import lint_level
from game.level.reader import read_answer, read_level
from game.plugins import load_registry
from game.run import Office

REGISTRY = load_registry(entry_points=False)
FOLDER = Path(__file__).parent / "curriculum"
LEVELS = sorted(FOLDER.glob("*.yaml"))
ACCEPTED = sorted(FOLDER.glob("accepted/*.yaml"))
"""Answer files; the first two figures of their names are those of the level's file."""


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


@pytest.mark.parametrize("file", LEVELS, ids=[file.stem for file in LEVELS])
def test_a_level_keeps_its_promises_in_every_wind_and_on_real_processes(file: Path, office: Office):
    assert lint_level(file, REGISTRY, deep=True, office=office) == []


@pytest.mark.parametrize("file", ACCEPTED, ids=[file.stem for file in ACCEPTED])
def test_another_good_answer_holds_in_every_wind(file: Path):
    (level_file,) = [level for level in LEVELS if level.name.startswith(f"{file.name[:2]}-")]
    level = read_level(level_file, REGISTRY)
    assert check_answer(level, read_answer(file, level)).verdict.word == "PROVED"
