"""The map, played with events."""

from __future__ import annotations

import pygame
import pytest
from hands import click, down, key, point, up, wheel

from game.desktop.app import App
from game.desktop.house import House
from game.desktop.scenes.levels import LevelsScene
from game.desktop.scenes.workshop import WorkshopScene
from game.desktop.theme import Theme


class Player:
    def __init__(self, folder, size=(1280, 720), **how):
        self.house = House(folder, helpers=False, **how)
        self.app = App(Theme(1.0, reduced_motion=True), size, headless=True)
        self.app.running = True
        self.map = LevelsScene(self.house)
        self.app.push(self.map)
        self.do()

    def do(self, *events):
        for event in events:
            self.app.frame([event], 0.016)
        self.app.frame([], 0.016)
        return self

    @property
    def at(self):
        return self.map.shown.card.id


@pytest.fixture
def play(tmp_path):
    made = []

    def start(**how):
        made.append(Player(tmp_path, **how))
        return made[-1]

    yield start
    for one in made:
        one.house.close()
    pygame.display.quit()


def stop_of(player, id):
    return player.map._cards[f"post_office/{id}"]


def test_arrows_walk_the_round_and_leap_chapters_and_enter_opens(play):
    player = play()
    assert player.at == "1.1"
    assert player.do(key("right"), key("right")).at == "1.3"
    assert player.do(key("left")).at == "1.2"
    assert player.do(key("down")).at == "2.1"
    assert player.do(key("end"), key("up")).at == "2.1"
    assert player.do(key("up")).at == "1.1"
    player.do(key("right"), key("return"))
    assert isinstance(player.app.scene, WorkshopScene)
    assert player.app.scene.level.id == "1.2"
    player.app.pop()
    assert player.do().at == "1.2"


def test_a_locked_level_says_why_it_does_not_open_until_others_are_skipped(play):
    player = play()
    player.do(key("right"), key("right"), key("right"))
    assert stop_of(player, "1.4").standing == "locked" and not player.map._open.enabled
    player.do(key("return"))
    assert player.app.scene is player.map and "1.4 opens once" in player.app._toasts[0].text
    player.do(key("home"), key("s"))
    assert stop_of(player, "1.1").standing == "skipped"
    assert stop_of(player, "1.4").standing == "open"
    assert player.map._skip.words == "Take it up"
    assert stop_of(player, "1.2").is_next
    player.do(key("s"))
    assert stop_of(player, "1.1").standing == "open" and stop_of(player, "1.4").standing == "locked"


def test_what_was_skipped_is_still_skipped_next_time(play, tmp_path):
    player = play()
    player.do(key("s"))
    player.house.close()
    assert House(tmp_path, helpers=False).progress.of("post_office/1.1").skipped


def test_the_mouse_shows_a_level_and_opens_it(play):
    player = play()
    seal = stop_of(player, "1.3").seal.center
    assert player.do(point(seal)).at == "1.3"
    assert player.do(point((640, 80))).at == "1.1"
    player.do(*click(seal))
    assert player.app.scene.level.id == "1.3"


def test_the_coast_is_dragged_and_wheeled_no_further_than_it_goes(play):
    player = play()
    sky = (640, 100)
    player.do(point(sky), down(sky), point((340, 100)), up((340, 100)))
    assert player.map._map.camera == 300
    player.do(wheel(-2))
    assert player.map._map.camera > 300
    player.do(*[wheel(50)] * 3)
    assert player.map._map.camera == 0
    player.do(*[wheel(-50)] * 30)
    whole = player.map._map.route.length * player.map._map.lie.along
    assert player.map._map.camera == pytest.approx(whole - 1280)


@pytest.mark.parametrize("size", [(1024, 640), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("scale", [0.75, 1.0, 2.5])
def test_every_level_can_be_brought_into_the_window(play, size, scale):
    player = play(size=size)
    player.house.set(player.house.settings.__class__(scale=scale))
    player.app.set_theme(player.app.theme.scaled(scale))
    view = player.map._map.rect
    for _ in player.map._map.stops:
        stop = player.map.shown
        assert view.contains(stop.seal), stop.card.id
        assert stop.board.bottom <= view.bottom
        assert stop.seal.centerx in range(view.left, view.right)
        player.do(key("right"))
    others = [stop.board for stop in player.map._map.stops]
    assert not any(one.collidelist(others[:n] + others[n + 1 :]) + 1 for n, one in enumerate(others))


def test_without_any_pack_the_map_is_empty_but_stands(play):
    player = play(pack_folders=[])
    player.do(key("right"), key("s"), key("return"))
    assert player.app.scene is player.map and player.map.shown is None


def test_the_walker_goes_the_way_in_time_unless_motion_is_reduced(play):
    player = play()
    player.app.set_theme(player.app.theme.but(reduced_motion=False))
    player.app.frame([key("right")], 0.05)
    assert 0 < player.map._map.walked < 1
    for _ in range(30):
        player.app.frame([], 0.05)
    assert player.map._map.walked == 1
