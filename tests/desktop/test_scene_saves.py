"""Saves of a level, all progress, and the credits, played with events."""

from __future__ import annotations

import json
from pathlib import Path

import pygame
import pytest
from hands import click, key, typed

from game.bundle import read_bundle
from game.desktop.app import App
from game.desktop.house import House
from game.desktop.path_field import completed, completions
from game.desktop.scenes.credits import LIBRARIES, CreditsScene, assets
from game.desktop.scenes.far import totals
from game.desktop.scenes.levels import LevelsScene
from game.desktop.scenes.progress import ProgressScene
from game.desktop.scenes.saves import SavesScene
from game.desktop.scenes.title import TitleScene
from game.desktop.theme import Theme
from game.history import Try
from game.level.model import Answer

ROOT = Path(__file__).resolve().parents[2]
KEY = "post_office/1.1"
ONE, OTHER = (Answer("1.1", {"bob": f"def bob(belt):\n    deliver({n})\n"}) for n in (1, 2))


class Player:
    def __init__(self, folder):
        self.house = House(folder, helpers=False)
        self.app = App(Theme(1.0, reduced_motion=True), (1280, 720), headless=True)
        self.app.running = True

    def open(self, scene):
        self.app.push(scene)
        self.do()
        return scene

    def do(self, *events):
        for event in events:
            self.app.frame([event], 0.016)
        self.app.frame([], 0.016)
        return self.app.scene


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "home")
    player.house.take_up(KEY)
    player.house.keep(KEY, ONE)
    player.house.count_attempt(KEY, 0, {}, Try("2026-01-01T10:00:00+00:00", ONE, "REFUTED", 0, "deadlock"))
    player.house.count_attempt(KEY, 3, {"ticks": 2}, Try("2026-01-01T11:00:00+00:00", OTHER, "PROVED", 3))
    yield player
    player.house.close()
    pygame.display.quit()


def test_drawers_are_used_and_copied_and_an_attempt_is_restored(player):
    player.open(LevelsScene(player.house))
    scene = player.do(key("home"), key("h"))
    assert isinstance(scene, SavesScene) and scene.subject.id == "1.1"
    assert [row.tried.answer for row in scene._tries] == [OTHER, ONE]
    player.do(*click(scene._drawers[0].copies[1].rect.center))
    player.do(key("2"), *click(scene._restore.rect.center))
    level = player.house.progress.of(KEY)
    assert (level.drawer, level.answers) == (1, (ONE, OTHER, ONE))
    player.do(key("down"), key("down"))
    assert scene.shown.tried.answer == ONE
    assert isinstance(player.do(key("escape")), LevelsScene)
    from game.desktop.scenes.workshop import open_level

    open_level(player.app, player.house, player.house.campaigns[0].levels[0].path)
    assert "deliver(2)" in player.app.scene.work.texts["bob"]


def test_a_drawer_is_emptied_and_written_over_only_when_asked_and_ctrl_z_takes_it_back(player):
    player.open(LevelsScene(player.house))
    scene = player.do(key("home"), key("h"))
    first, second = scene._drawers[0], scene._drawers[1]
    player.house.fill_drawer(KEY, 1, OTHER)

    def held():
        return player.house.progress.of(KEY).answers

    player.do(*click(first.copies[0].rect.center), key("return"))
    assert held() == (ONE, OTHER, None) and scene.focus.dialog is None
    player.do(*click(first.copies[0].rect.center), key("tab"), key("return"))
    assert held() == (ONE, ONE, None)
    player.do(key("ctrl+z"))
    assert held() == (ONE, OTHER, None)
    scene.focus.give(second.use, ring=True)
    player.do(key("delete"), key("return"))
    assert held() == (ONE, OTHER, None)
    player.do(key("delete"), key("tab"), key("return"))
    assert held() == (ONE, None, None)
    player.do(*click(second.use.rect.center))
    assert player.house.progress.of(KEY).drawer == 1
    player.do(*click(scene._undo.rect.center), *click(scene._undo.rect.center))
    assert held() == (ONE, OTHER, None) and player.house.progress.of(KEY).drawer == 0
    assert not scene._before and not scene._undo.enabled
    assert OTHER in [row.tried.answer for row in scene._tries]


def test_the_bar_of_a_level_leads_to_its_saves_and_what_is_chosen_there_is_taken_up(player):
    from game.desktop.scenes.workshop import open_level

    player.house.fill_drawer(KEY, 1, OTHER)
    open_level(player.app, player.house, player.house.campaigns[0].levels[0].path)
    workshop = player.do()
    scene = player.do(*click(workshop._bar.saves.rect.center))
    assert isinstance(scene, SavesScene) and scene.subject.path == workshop.path
    player.do(*click(scene._drawers[1].use.rect.center))
    assert "deliver(2)" in player.do(key("escape")).work.texts["bob"]


def test_a_card_tells_how_its_very_answer_was_judged(player):
    player.open(LevelsScene(player.house))
    scene = player.do(key("home"), key("h"))
    kept = scene._kept(0)
    assert kept.judged.failure == "deadlock" and kept.seen is None and kept.at.startswith("2026-01-01")
    assert scene._kept(2).seen.answer is None  # an empty drawer shows the office as it is given
    player.house.fill_drawer(KEY, 0, Answer("1.1", {"bob": "def bob(belt):\n    pass\n"}))
    assert scene._kept(0).judged is None


def test_what_is_set_up_is_shown_as_an_office(player):
    from game.desktop.scenes.saves import Subject

    path = ROOT / "levels/post_office/23-the-wrong-key.yaml"
    answer = Answer("2.3", {}, {"cleos_key": "iron"})
    player.house.fill_drawer("post_office/2.3", 1, answer)
    scene = player.open(SavesScene(player.house, Subject("post_office/2.3", "2.3", "The Wrong Key", path)))
    player.app.frame([], 0.1)
    card = scene._drawers[1]
    assert scene._kept(1).seen.answer == answer and card.preview.office.board is not None
    player.do(*click(card.preview.rect.center))
    assert player.house.progress.of("post_office/2.3").drawer == 1


def test_a_level_is_reset_only_after_a_question_and_a_backup_is_kept(player):
    from game.desktop.scenes.saves import Subject

    scene = player.open(SavesScene(player.house, Subject(KEY, "1.1", "First Post")))
    player.do(*click(scene._forget.rect.center), key("return"))
    assert player.house.progress.of(KEY).stars == 3 and scene.focus.dialog is None
    player.do(*click(scene._forget.rect.center))
    scene.focus.dialog.buttons[0].press()
    assert player.house.progress.levels == {} and scene._tries == []
    kept = next(player.house.folder.glob("progress.before-reset.*"))
    assert read_bundle(kept.read_bytes()).progress.of(KEY).stars == 3


def test_progress_shows_what_is_next_and_leads_there_by_keyboard_alone(player):
    scene = player.open(ProgressScene(player.house))
    assert (scene.shown.card.id, scene.shown.is_next) == ("1.2", True)
    player.do(key("left"))
    assert scene.shown.card.id == "1.1" and scene.shown.progress.stars == 3
    assert [tried.verdict for tried in scene.tries_of(KEY)] == ["REFUTED", "PROVED"]
    player.do(key("down"))
    assert scene.shown.card.id == "2.1"
    player.do(key("up"), *click(scene._saves.rect.center))
    assert isinstance(player.app.scene, SavesScene) and player.app.scene.subject.key == KEY
    player.do(key("escape"))
    scene.focus.give(scene.shown)
    assert player.do(key("return")).level.id == "1.1"


def test_walking_over_the_levels_reads_none_and_standing_still_reads_one(player):
    scene = player.open(ProgressScene(player.house))
    read = []
    level = player.house.level
    player.house.offices._read = lambda path: read.append(path) or level(path)
    player.do(key("right"), key("right"))
    assert read == []
    player.app.frame([], 0.1)
    player.app.frame([], 0.1)
    assert read == [scene.shown.card.path]
    assert scene._preview.office.level.id == scene.shown.card.id


def test_progress_adds_up_all_packs_and_follows_a_reset(player):
    scene = player.open(ProgressScene(player.house))
    levels = sum(len(campaign.levels) for campaign in player.house.campaigns)
    assert totals(player.house.campaigns, player.house.progress) == (1, levels, 3, 2)
    player.do(*click(scene._cells[4].rect.center))
    assert player.app.scene is scene and scene.shown is scene._cells[4]
    assert scene._cells[0].progress.solved
    player.do(*click(scene._over.rect.center))
    scene.focus.dialog.buttons[0].press()
    player.do()
    assert scene._cells[0].is_next and not scene._cells[0].progress.solved
    assert totals(player.house.campaigns, player.house.progress) == (0, levels, 0, 0)


def test_progress_goes_out_by_file_and_comes_in_by_dropping_it(player, tmp_path):
    scene = player.open(ProgressScene(player.house, start=tmp_path))
    player.do(*click(scene._write.rect.center))
    written = tmp_path / "draughty-progress.json"
    bundle = read_bundle(written.read_bytes())
    assert bundle.progress.of(KEY).stars == 3 and len(bundle.tries[KEY]) == 2
    player.do(*click(scene._over.rect.center))
    scene.focus.dialog.buttons[0].press()
    assert player.house.progress.levels == {}
    player.app.pop()
    player.open(TitleScene(player.house))
    scene = player.do(pygame.event.Event(pygame.DROPFILE, file=str(written)))
    assert isinstance(scene, ProgressScene) and "1 level" in scene.focus.dialog.text
    scene.focus.dialog.buttons[0].press()
    assert player.house.bundle() == bundle


def test_progress_goes_by_clipboard_and_what_is_none_is_said(player, tmp_path):
    scene = player.open(ProgressScene(player.house, start=tmp_path))
    player.do(*click(scene._copy.rect.center))
    assert json.loads(scene._clipboard.get())["format"] == "draughty-bundle"
    player.do(*click(scene._paste.rect.center))
    assert scene.focus.dialog is not None
    player.do(key("escape"))
    scene._clipboard.put("no such thing")
    player.do(*click(scene._paste.rect.center))
    assert "no progress" in player.app._toasts[-1].text and scene.focus.dialog is None
    (tmp_path / "x.json").write_text("[")
    scene.dropped(tmp_path / "x.json")
    scene.dropped(tmp_path / "none.json")
    assert all("x.json" in t.text or "none.json" in t.text for t in player.app._toasts[-2:])


def test_a_file_that_is_there_is_written_over_only_when_asked(player, tmp_path):
    there = tmp_path / "draughty-progress.json"
    there.write_text("mine")
    scene = player.open(ProgressScene(player.house, start=tmp_path))
    player.do(*click(scene._write.rect.center), key("return"))
    assert there.read_text() == "mine"
    player.do(*click(scene._write.rect.center))
    scene.focus.dialog.buttons[0].press()
    assert there.read_text() != "mine"


def test_a_level_let_fall_on_the_window_opens(player, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text((ROOT / "levels/post_office/11-first-post.yaml").read_text())
    player.open(TitleScene(player.house))
    scene = player.do(pygame.event.Event(pygame.DROPFILE, file=str(own)))
    assert scene.level.id == "1.1" and scene.path == own


def test_a_path_is_completed_with_tab(player, tmp_path):
    (tmp_path / "alpha-one").mkdir()
    (tmp_path / "alpha-two.json").write_text("")
    (tmp_path / ".hidden").write_text("")
    assert completions(f"{tmp_path}/al") == [f"{tmp_path}/alpha-one/", f"{tmp_path}/alpha-two.json"]
    assert completed(f"{tmp_path}/a") == f"{tmp_path}/alpha-"
    assert completed(f"{tmp_path}/alpha-t") == f"{tmp_path}/alpha-two.json"
    assert completed(f"{tmp_path}/zz") == f"{tmp_path}/zz" and completions("/nowhere/at/all/") == []
    scene = player.open(ProgressScene(player.house, start=tmp_path))
    scene._in.write(f"{tmp_path}/")
    scene.focus.give(scene._in)
    player.do(*typed("alpha-o"), key("tab"))
    assert scene._in.text == f"{tmp_path}/alpha-one/"
    scene._in.write(f"{tmp_path}/zz")
    player.do(key("tab"))
    assert scene.focus.current is scene._read


def test_the_credits_name_every_font_and_every_library_the_game_needs(player):
    import tomllib

    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {name.lower() for name, _, _ in LIBRARIES}
    assert {one.split(">")[0].split("<")[0].lower() for one in needed} <= names
    families = {credit.name for credit in assets()}
    assert {"EB Garamond", "Inter", "JetBrains Mono"} <= families
    assert all(credit.by and credit.licence for credit in assets())
    player.open(TitleScene(player.house))
    title = player.app.scene
    assert isinstance(player.do(*click(title._credits.rect.center)), CreditsScene)
    assert player.do(key("escape")) is title
