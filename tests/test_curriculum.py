"""Levels of the planned campaign, told shortly: what its chapters will need, the engine can do today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from game.authoring.lint import lint_level
from game.plugins import load_registry
from game.run import Office

REGISTRY = load_registry(entry_points=False)
LEVELS = sorted((Path(__file__).parent / "curriculum").glob("*.yaml"))


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


@pytest.mark.parametrize("file", LEVELS, ids=[file.stem for file in LEVELS])
def test_a_level_keeps_its_promises_in_every_wind_and_on_real_processes(file: Path, office: Office):
    assert lint_level(file, REGISTRY, deep=True, office=office) == []
