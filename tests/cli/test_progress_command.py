"""`draughty progress`: everything into one file, back again, and over."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from game.bundle import bundle_of
from game.level.model import Answer
from game.saves import Progress, Shelf

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("DRAUGHTY_HOME", str(folder))
    Shelf(folder).change(
        lambda old: (
            old.after_attempt("post_office/2.2", 3, {"ticks": 9}, NOON)
            .keeping("post_office/2.2", Answer("2.2", {"clerk": "pass"}))
            .after_attempt("post_office/1.1", 1, {}, NOON)
        )
    )
    return folder


def test_progress_goes_out_and_comes_in_again(draughty, home, tmp_path):
    before = bundle_of(home)
    assert draughty("progress export")[1] == draughty("progress export -")[1]
    code, out, _ = draughty(f"progress export {tmp_path}/all.json")
    assert (code, out) == (0, f"{tmp_path}/all.json\n")
    code, out, _ = draughty("progress reset --yes")
    assert code == 0 and out.startswith("forgotten; what was before is in ")
    assert bundle_of(home).progress == Progress()
    code, out, _ = draughty(f"progress import {tmp_path}/all.json")
    assert code == 0 and out.startswith("2 levels and 0 attempts taken in; ")
    assert bundle_of(home) == before


def test_one_level_is_reset_by_its_number(draughty, home):
    assert draughty("progress reset 2.2 --yes")[0] == 0
    assert list(bundle_of(home).progress.levels) == ["post_office/1.1"]
    code, _, err = draughty("progress reset 9.9 --yes")
    assert code == 2 and "no such file, level number or level name" in err


def test_what_is_no_progress_is_said_and_changes_nothing(draughty, home, tmp_path):
    (tmp_path / "x.json").write_text(json.dumps({"format": "other"}))
    before = bundle_of(home)
    code, _, err = draughty(f"progress import {tmp_path}/x.json")
    assert (code, err) == (
        2,
        f"{tmp_path}/x.json: this is no progress of the game: it is not a file of this game\n",
    )
    assert draughty("progress import nowhere.json")[0] == 2
    assert bundle_of(home) == before
