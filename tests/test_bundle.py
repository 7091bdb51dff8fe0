from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from game.bundle import Bundle, bundle_of, dump_bundle, read_bundle, reset, take_in
from game.history import History, Try
from game.level.model import Answer
from game.saves import Progress, Shelf, dump_progress

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ONE, OTHER = (Answer("2.2", {"clerk": name}) for name in ("one", "other"))


def a_home(folder: Path, answer: Answer, stars: int) -> Path:
    Shelf(folder).change(lambda old: old.keeping("a", answer).after_attempt("a", stars, {"ticks": 4}, NOON))
    History(folder).add("a", [Try("2026", answer, "PROVED", stars)])
    return folder


def test_a_bundle_holds_everything_and_reads_back_the_same(tmp_path: Path):
    bundle = bundle_of(a_home(tmp_path, ONE, 2))
    assert bundle.progress.of("a").stars == 2 and len(bundle.tries["a"]) == 1
    assert read_bundle(dump_bundle(bundle).encode()) == bundle
    assert read_bundle(dump_progress(bundle.progress).encode()) == Bundle(bundle.progress, {})


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"[1]", "not a file of this game"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"format": "draughty-bundle", "version": 7}', "its version is 7"),
        (b'{"format": "draughty-bundle", "version": 1, "tries": []}', "its tries"),
        (b'{"format": "draughty-bundle", "version": 1, "tries": {"a": [3]}}', "not a file of this game"),
        (b'{"format": "draughty-progress", "version": 99, "levels": {}}', "newer game"),
    ],
)
def test_what_is_no_bundle_is_told_why(raw: bytes, why: str):
    with pytest.raises(ValueError, match=why):
        read_bundle(raw)


def test_taking_in_joins_both_and_loses_no_answer(tmp_path: Path):
    here, there = a_home(tmp_path / "here", ONE, 1), a_home(tmp_path / "there", OTHER, 3)
    done = take_in(here, bundle_of(there), NOON)
    assert (done.levels, done.tries) == (1, 1)
    after = bundle_of(here)
    assert after.progress.of("a").answer == ONE and after.progress.of("a").stars == 3
    assert {one.answer.scripts["clerk"] for one in after.tries["a"]} == {"one", "other"}
    assert [one.verdict for one in after.tries["a"] if one.answer == OTHER] == ["PROVED", ""]
    before = read_bundle(done.backup.read_bytes())
    assert before.progress.of("a").stars == 1


def test_taking_the_same_in_again_adds_nothing(tmp_path: Path):
    here, there = a_home(tmp_path / "here", ONE, 1), a_home(tmp_path / "there", OTHER, 3)
    take_in(here, bundle_of(there), NOON)
    once = bundle_of(here)
    take_in(here, bundle_of(there), NOON.replace(hour=13))
    assert bundle_of(here) == once


def test_after_a_reset_the_backup_brings_everything_back(tmp_path: Path):
    home = a_home(tmp_path, ONE, 2)
    Shelf(home).change(lambda old: old.skipping("b"))
    before = bundle_of(home)
    kept = reset(home, "a", NOON)
    assert bundle_of(home) == Bundle(Progress().skipping("b"), {})
    everything = reset(home, "", NOON)
    assert kept != everything and bundle_of(home) == Bundle(Progress(), {})
    take_in(home, read_bundle(kept.read_bytes()), NOON)
    assert bundle_of(home) == before
