"""The command line as somebody at a terminal meets it, without starting an interpreter each time."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from game.cli.main import main


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def draughty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs a command line in an empty folder, and what it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRAUGHTY_PLUGINS", "0")
    monkeypatch.setenv("DRAUGHTY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run(line: str) -> Said:
        capsys.readouterr()
        code = main(shlex.split(line))
        return Said(code, *capsys.readouterr())

    return run
