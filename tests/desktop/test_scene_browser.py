"""The level browser, played with events."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest
from hands import click, key, typed

from game.desktop.app import App
from game.desktop.house import House
from game.desktop.scenes.broken_level import BrokenLevelScene
from game.desktop.scenes.browser import BrowserScene
from game.desktop.scenes.levels import LevelsScene
from game.desktop.scenes.workshop import WorkshopScene
from game.desktop.theme import Theme

FIRST = Path(__file__).resolve().parents[2] / "levels/post_office/11-first-post.yaml"


class Player:
    def __init__(self, folder):
        self.house = House(folder, helpers=False)
        self.app = App(Theme(1.0, reduced_motion=True), (1280, 720), headless=True)
        self.app.running = True
        self.app.push(LevelsScene(self.house))
        self.do(key("ctrl+f"))
        self.scene = self.app.scene
        assert isinstance(self.scene, BrowserScene)

    def do(self, *events):
        for event in events:
            self.app.frame([event], 0.016)
        for _ in range(8):
            self.app.frame([], 0.016)
            self.app.invalidate()
        return self

    @property
    def ids(self):
        return [row.entry.id for row in self.scene._shown_rows()]


@pytest.fixture
def player(tmp_path):
    own = tmp_path / "levels"
    own.mkdir()
    own.joinpath("mine.yaml").write_text(
        FIRST.read_text().replace("title: First Post", "title: Mine").replace('id: "1.1"', 'id: "N1"')
    )
    own.joinpath("broken.yaml").write_text("title: [\n")
    player = Player(tmp_path)
    yield player
    player.house.close()
    pygame.display.quit()


def test_packs_and_own_levels_stand_in_one_list(player):
    assert player.ids[:2] == ["1.1", "1.2"] and player.ids[-2:] == ["", "N1"]
    assert [shelf for shelf, _ in player.scene._shelves] == ["The Draughty Post Office", "levels"]


def test_a_level_is_searched_and_opened_by_keyboard_alone(player):
    player.do(key("ctrl+f"), *typed("mind chalk"))
    assert player.ids == ["2.2"]
    player.do(key("return"))
    assert isinstance(player.app.scene, WorkshopScene) and player.app.scene.level.id == "2.2"


def test_modes_are_filtered_and_the_list_is_walked(player):
    player.scene._tabs.choose(player.scene._modes.index("parsons"))
    assert player.ids == ["1.4", "1.6", "2.4"]
    player.do(key("down"), key("down"))
    assert player.scene.shown.entry.id == "1.6"
    player.do(key("up"), key("up"))
    assert player.scene.focus.current is player.scene._search


def test_a_broken_file_is_shown_kindly_and_read_again_once_mended(player, tmp_path):
    row = next(row for row in player.scene._shown_rows() if row.entry.problems)
    assert row.entry.title == "broken.yaml" and row.entry.problems[0].place.line
    player.do(*click(row.rect.center) if player.scene._list.rect.contains(row.rect) else [])
    player.scene.open(row.entry)
    assert isinstance(player.app.scene, BrokenLevelScene)
    player.app.pop()
    text = FIRST.read_text().replace('id: "1.1"', 'id: "N2"')
    (tmp_path / "levels/broken.yaml").write_text(text)
    player.do(key("f5"))
    assert player.ids[-2:] == ["N2", "N1"]


def test_own_levels_keep_their_progress_here_too(player):
    player.house.count_attempt("own/levels/N1", 2, {"ticks": 3})
    row = player.scene._shown_rows()[-1]
    assert player.house.progress.of(row.entry.key).stars == 2
