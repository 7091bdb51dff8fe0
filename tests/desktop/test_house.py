"""What the windows of one player share, and what each keeps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from game.desktop.house import House
from game.history import Try
from game.level.model import Answer

ROOT = Path(__file__).resolve().parents[2]
KEY = "post_office/2.2"


def an_answer(text: str) -> Answer:
    return Answer("2.2", {"clerk": text})


@pytest.fixture
def open_house(tmp_path):
    opened = []

    def make():
        opened.append(House(tmp_path, helpers=False))
        return opened[-1]

    yield make
    for house in opened:
        house.close()


def test_each_edit_is_kept_at_once_and_the_last_wins_within_one_window(open_house):
    house = open_house()
    house.take_up(KEY)
    for number in range(50):
        house.keep(KEY, an_answer(f"edit {number}"))
    assert house.tries(KEY) == []
    assert open_house().progress.of(KEY).answer == an_answer("edit 49")


def test_what_another_window_wrote_into_the_same_slot_goes_into_the_history(open_house):
    one, other = open_house(), open_house()
    for house in (one, other):
        house.take_up(KEY)
    one.keep(KEY, an_answer("one"))
    one.tries(KEY)  # waits until it is written
    other.keep(KEY, an_answer("other"))
    assert [tried.answer for tried in other.tries(KEY)] == [an_answer("one")]
    one.keep(KEY, an_answer("one again"))
    assert [tried.answer for tried in one.tries(KEY)] == [an_answer("one"), an_answer("other")]


def test_what_another_window_solved_is_seen_after_the_next_change(open_house):
    one, other = open_house(), open_house()
    one.count_attempt(KEY, 3, {"ticks": 4})
    one.tries(KEY)
    other.skip("post_office/1.1")
    other.tries(KEY)
    assert other.progress.of(KEY).stars == 3 and other.progress.of("post_office/1.1").skipped


def test_slots_are_chosen_and_filled_and_what_was_there_can_be_found_again(open_house):
    house = open_house()
    house.take_up(KEY)
    house.keep(KEY, an_answer("first"))
    house.choose_slot(KEY, 1)
    assert house.take_up(KEY) is None
    house.keep(KEY, an_answer("second"))
    house.fill_slot(KEY, 0, an_answer("second"))
    assert [tried.answer for tried in house.tries(KEY)] == [an_answer("first")]
    kept = open_house().progress.of(KEY)
    assert (kept.answers, kept.slot) == ((an_answer("second"), an_answer("second"), None), 1)


def test_a_reset_forgets_and_the_bundle_of_before_brings_it_back(open_house):
    house = open_house()
    house.take_up(KEY)
    house.keep(KEY, an_answer("mine"))
    house.count_attempt(KEY, 2, {}, Try("2026", an_answer("mine"), "PROVED", 2))
    before = house.bundle()
    kept = house.forget("")
    assert house.progress.levels == {} and house.tries(KEY) == [] and kept.is_file()
    house.take_in(before)
    assert house.bundle() == before


def test_two_processes_that_write_one_level_at_once_lose_nothing(tmp_path):
    play = (
        "import sys; from pathlib import Path; from game.desktop.house import House\n"
        "from game.level.model import Answer; from game.history import Try\n"
        "folder, name = sys.argv[1:]; house = House(Path(folder), helpers=False)\n"
        "house.take_up('a')\n"
        "for number in range(12):\n"
        "    answer = Answer('x', {'s': f'{name} {number}'})\n"
        "    house.keep('a', answer)\n"
        "    house.count_attempt('a', 0, {}, Try(f'{number:02}', answer, 'REFUTED'))\n"
        "    house.tries('a')\n"
        "house.close()\n"
    )
    games = [
        subprocess.Popen(
            [sys.executable, "-c", play, str(tmp_path), name],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for name in ("ada", "bob")
    ]
    assert [game.wait(60) for game in games] == [0, 0]
    house = House(tmp_path, helpers=False)
    texts = {tried.answer.scripts["s"] for tried in house.tries("a")}
    assert texts >= {f"{name} {number}" for name in ("ada", "bob") for number in range(12)}
    assert house.progress.of("a").attempts == 24
    assert house.progress.of("a").answer.scripts["s"] in ("ada 11", "bob 11")
    house.close()
