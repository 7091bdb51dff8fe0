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
    house.choose_drawer(KEY, 1)
    assert house.take_up(KEY) is None
    house.keep(KEY, an_answer("second"))
    house.fill_drawer(KEY, 0, an_answer("second"))
    assert [tried.answer for tried in house.tries(KEY)] == [an_answer("first")]
    kept = open_house().progress.of(KEY)
    assert (kept.answers, kept.drawer) == ((an_answer("second"), an_answer("second"), None), 1)


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


# Packs besides those that ship

LEVEL = ROOT / "levels/post_office/11-first-post.yaml"


def a_pack(folder: Path, title: str, level: str = "") -> Path:
    folder.mkdir(parents=True)
    (folder / "11-one.yaml").write_text(level or LEVEL.read_text())
    (folder / "pack.yaml").write_text(f"title: {title}\nchapters: [{{title: All, levels: [11-one.yaml]}}]\n")
    return folder


def names(house: House) -> list[str]:
    return [pack.name for pack in house.campaigns]


def test_a_pack_among_the_players_levels_is_one_of_the_campaigns_and_read_again_when_asked(tmp_path):
    a_pack(tmp_path / "levels/winter", "Winter")
    house = House(tmp_path, helpers=False)
    assert names(house) == ["post_office", "winter"]
    a_pack(tmp_path / "levels/autumn", "Autumn")
    house.read_packs()
    assert names(house) == ["post_office", "autumn", "winter"]
    level = tmp_path / "levels/winter/11-one.yaml"
    assert house.key_of(house.level(level), level) == "winter/1.1"
    assert house.campaign_of(level).title == "Winter"


def test_a_pack_that_is_wrong_or_named_like_another_is_left_out_with_a_word(tmp_path):
    a_pack(tmp_path / "levels/post_office", "Mine")
    (a_pack(tmp_path / "levels/winter", "Winter") / "pack.yaml").write_text("title: 3")
    house = House(tmp_path, helpers=False)
    house.read_packs()
    assert names(house) == ["post_office"]
    assert house.notices[0] == "The level pack post_office is left out: there is another of this name"
    assert "The level pack winter is left out: " in house.notices[1] and len(house.notices) == 2


def test_a_plugins_pack_comes_once_plugins_are_known(tmp_path):
    pack = a_pack(tmp_path / "there/north", "North")
    plugin = tmp_path / "north.py"
    plugin.write_text(
        "from pathlib import Path\nfrom game.plugins import hookimpl\n"
        f"@hookimpl\ndef draughty_level_packs(): return [Path({str(pack)!r})]\n"
    )
    house = House(tmp_path / "home", helpers=False, plugins=[plugin])
    assert names(house) == ["post_office"]
    assert house.registry
    assert names(house) == ["post_office", "north"] and house.notices == []


def test_a_pack_that_unlocks_nothing_leaves_all_of_python(tmp_path):
    text = "".join(line for line in LEVEL.read_text().splitlines(keepends=True) if "unlocks" not in line)
    plain = a_pack(tmp_path / "levels/plain", "Plain", text) / "11-one.yaml"
    house = House(tmp_path, helpers=False)
    assert house.unlocked_at(plain) is None and house.unlocked_at(LEVEL) is not None
