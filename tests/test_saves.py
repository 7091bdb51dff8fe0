from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from game import saves
from game.level.model import Answer
from game.request import ListValue
from game.saves import LevelProgress, Progress, Shelf, dump_progress

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
ANSWER = Answer(
    "2.2", {"clerk": "def clerk(tally):\n    pass\n"}, {"size": 3, "who": ("ada", ListValue((1,)))}, ("ada",)
)


def a_shelf(folder: Path) -> Shelf:
    return Shelf(folder, clock=lambda: NOON)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_new_player_has_no_progress_and_no_notices(tmp_path: Path):
    assert a_shelf(tmp_path / "new").read() == (Progress(), ())


def test_what_was_changed_is_read_back_whole(tmp_path: Path):
    written = a_shelf(tmp_path).change(
        lambda old: old.keeping("post/2.2", ANSWER).after_attempt("post/2.2", 2, {"ticks": 9}, NOON)
    )
    assert a_shelf(tmp_path).read() == written
    assert written.progress.of("post/2.2") == LevelProgress(
        2, {"ticks": 9}, 1, "2026-11-22T12:00:00+00:00", (ANSWER, None, None)
    )


def test_a_failed_attempt_counts_and_spoils_nothing():
    solved = Progress().after_attempt("a", 3, {"ticks": 4}, NOON)
    assert solved.after_attempt("a", 0, {"ticks": 1}, NOON).of("a") == LevelProgress(
        3, {"ticks": 4}, 2, "2026-11-22T12:00:00+00:00"
    )


def test_the_most_stars_and_the_best_of_each_metric_are_kept_with_the_first_time_it_was_solved():
    later = NOON.astimezone(timezone(timedelta(hours=2))) + timedelta(days=1)
    played = Progress().after_attempt("a", 3, {"ticks": 4, "statements": 9}, NOON)
    assert played.after_attempt("a", 1, {"ticks": 6, "statements": 2}, later).of("a") == LevelProgress(
        3, {"ticks": 4, "statements": 2}, 2, "2026-11-22T12:00:00+00:00"
    )


def test_one_level_can_be_reset():
    played = Progress().after_attempt("a", 1, {}, NOON).after_attempt("b", 1, {}, NOON)
    assert dict(played.without("a").levels) == {"b": played.of("b")}


def test_times_are_kept_in_utc():
    berlin = datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert Progress().after_attempt("a", 1, {}, berlin).of("a").solved_at == "2025-12-31T23:30:00+00:00"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is not JSON: look at line 1, column 1"),
        (b"\xff\xfe\x00", "it is not UTF-8 text"),
        (b"[" * 100_000, "it is nested too deep"),
        (b"[]", "it is not a file of this game"),
        (b'{"format": "other"}', "it is not a file of this game"),
        (b'{"format": "draughty-progress", "version": true, "levels": {}}', "its version is True"),
        (b'{"format": "draughty-progress", "version": 1}', "it has no levels"),
    ],
)
def test_an_unreadable_file_is_kept_aside_and_play_goes_on(tmp_path: Path, content: bytes, reason: str):
    (tmp_path / saves.FILE).write_bytes(content)
    shelf = a_shelf(tmp_path)
    progress, notices = shelf.read()
    kept = tmp_path / "progress.unreadable.20261122-120000.json"
    assert progress == Progress()
    assert [notice.removeprefix(f"{shelf.path} cannot be read: ") for notice in notices] == [
        f"{reason}. It is kept as {kept.name}."
    ]
    assert kept.read_bytes() == content
    shelf.change(lambda old: old.after_attempt("a", 1, {}, NOON))
    assert kept.read_bytes() == content and shelf.read().notices == ()


def test_two_unreadable_files_in_one_second_are_both_kept(tmp_path: Path):
    for content in (b"one", b"two"):
        (tmp_path / saves.FILE).write_bytes(content)
        a_shelf(tmp_path).read()
    kept = sorted(path.read_bytes() for path in tmp_path.glob("progress.unreadable.*"))
    assert kept == [b"one", b"two"]


def test_a_damaged_level_costs_only_itself(tmp_path: Path):
    good = Progress().after_attempt("good", 2, {"ticks": 3}, NOON)
    plain = json.loads(dump_progress(good))
    plain["levels"] |= {
        "text": "x",
        "many": {"stars": 4},
        "odd": {"answers": [{"level": 1}, None, None]},
        "few": {"answers": []},
        "slot": {"slot": 3},
        "minus": {"attempts": -1},
    }
    (tmp_path / saves.FILE).write_text(json.dumps(plain))
    shelf = a_shelf(tmp_path)
    progress, notices = shelf.read()
    assert progress == good
    assert notices == (
        f"Part of {shelf.path} is lost: text: it is not an object; many: 4 stars; odd: its answer is not "
        "one; few: its answers are not a list of three; slot: there is no drawer 3; minus: attempts is -1. "
        "The file is kept as progress.damaged.20261122-120000.json.",
    )
    assert shelf.read() == (good, ())


def test_a_file_of_a_newer_game_is_kept_aside(tmp_path: Path):
    (tmp_path / saves.FILE).write_text('{"format": "draughty-progress", "version": 9, "levels": {}}')
    shelf = a_shelf(tmp_path)
    assert shelf.read().notices == (
        f"{shelf.path} was written by a newer game (version 9; this one knows 2). "
        "It is kept as progress.version-9.20261122-120000.json.",
    )
    assert names(tmp_path) == ["progress.lock", "progress.version-9.20261122-120000.json"]


def test_a_file_of_an_older_game_is_brought_up_to_date_after_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    plain = json.loads(dump_progress(Progress().after_attempt("a", 1, {}, NOON))) | {"version": 1}
    old = json.dumps(plain)
    (tmp_path / saves.FILE).write_text(old)

    def twice(plain):
        return plain | {"levels": {key: level | {"attempts": 2} for key, level in plain["levels"].items()}}

    monkeypatch.setattr(saves, "VERSION", 3)
    monkeypatch.setattr(saves, "MIGRATIONS", {1: lambda plain: plain, 2: twice})
    shelf = a_shelf(tmp_path)
    progress, notices = shelf.read()
    assert progress.of("a").attempts == 2
    assert notices == (
        "Your progress was brought up to date; the file of before is kept as "
        "progress.version-1.20261122-120000.json.",
    )
    assert (tmp_path / "progress.version-1.20261122-120000.json").read_text() == old
    assert shelf.read() == (progress, ())


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shelf = a_shelf(tmp_path)
    shelf.change(lambda old: old.after_attempt("a", 1, {}, NOON))
    before = shelf.path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        shelf.change(lambda old: old.after_attempt("b", 1, {}, NOON))
    assert shelf.path.read_bytes() == before
    assert names(tmp_path) == ["progress.json", "progress.lock"]


def test_nothing_is_written_when_nothing_changed(tmp_path: Path):
    shelf = a_shelf(tmp_path)
    shelf.change(lambda old: old.keeping("a", ANSWER))
    before = shelf.path.stat().st_ino
    shelf.change(lambda old: old.keeping("a", ANSWER))
    assert shelf.path.stat().st_ino == before


def test_two_games_on_one_shelf_lose_nothing(tmp_path: Path):
    play = (
        "import sys, datetime; from pathlib import Path; from game.saves import Shelf\n"
        "shelf = Shelf(Path(sys.argv[1]))\n"
        "for _ in range(15):\n"
        "    shelf.change(lambda old: old.after_attempt('a', 1, {}, datetime.datetime.now(datetime.UTC)))\n"
    )
    games = [subprocess.Popen([sys.executable, "-c", play, str(tmp_path)]) for _ in range(2)]
    assert [game.wait(60) for game in games] == [0, 0]
    assert a_shelf(tmp_path).read().progress.of("a").attempts == 30


def test_the_answer_of_the_first_version_lies_in_the_first_slot_now(tmp_path: Path):
    entry = {"stars": 2, "best": {}, "attempts": 3, "solved_at": "", "answer": saves.plain_answer(ANSWER)}
    plain = {"format": saves.FORMAT, "version": 1, "levels": {"a": entry, "b": {"stars": 1}}}
    (tmp_path / saves.FILE).write_text(json.dumps(plain))
    progress, notices = a_shelf(tmp_path).read()
    assert progress.of("a") == LevelProgress(2, {}, 3, "", (ANSWER, None, None))
    assert progress.of("b") == LevelProgress(1)
    assert len(notices) == 1 and a_shelf(tmp_path).read() == (progress, ())


def test_slots_are_filled_and_chosen_apart(tmp_path: Path):
    other = Answer("2.2", {"clerk": "other"})
    kept = Progress().keeping("a", ANSWER).choosing("a", 2).keeping("a", other)
    assert kept.of("a").answers == (ANSWER, None, other)
    assert kept.choosing("a", 0).of("a").answer == ANSWER
    assert a_shelf(tmp_path).change(lambda _: kept).progress == a_shelf(tmp_path).read().progress == kept


def test_joined_progress_is_the_best_of_both_and_tells_what_it_leaves_out():
    later = NOON + timedelta(days=1)
    other = Answer("2.2", {"clerk": "other"})
    ours = Progress().after_attempt("a", 2, {"ticks": 9, "peak": 1}, later).keeping("a", ANSWER)
    theirs = (
        Progress().after_attempt("a", 3, {"ticks": 12, "statements": 4}, NOON).keeping("a", other)
        .filling("a", 1, other).skipping("b").after_attempt("c", 0, {}, NOON)
    )  # fmt: skip
    joined = ours.joined(theirs)
    assert joined.of("a") == LevelProgress(
        3, {"ticks": 9, "statements": 4, "peak": 1}, 1, "2026-11-22T12:00:00+00:00", (ANSWER, other, None)
    )
    assert joined.of("b").skipped and joined.of("c").attempts == 1
    assert ours.overruled(theirs) == [("a", other)]
    assert ours.joined(Progress()) == ours == Progress().joined(ours)
