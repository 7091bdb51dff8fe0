"""The map, played with events."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pygame
import pytest
from hands import click, down, key, point, up, wheel
from inks import inks_of

from game.desktop.app import App
from game.desktop.house import House
from game.desktop.looks import theme_of
from game.desktop.scenes.browser import BrowserScene
from game.desktop.scenes.levels import LevelsScene
from game.desktop.scenes.workshop import WorkshopScene
from game.desktop.settings import Settings
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


LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"


def packs(folder: Path) -> list[Path]:
    """The pack that ships, and two more."""
    made = [LEVELS]
    for name, files in (("north", ["11-first-post.yaml", "12-three-in-a-row.yaml"]), ("south", [])):
        pack = folder / "packs" / name
        pack.mkdir(parents=True)
        for file in files:
            shutil.copy(LEVELS / file, pack)
        chapter = f"{{title: All, levels: [{', '.join(files)}]}}" if files else "{title: None, opens: later}"
        (pack / "pack.yaml").write_text(f"title: The {name.title()} Round\nchapters: [{chapter}]\n")
        made.append(pack)
    return made


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


# Packs after the first


def test_keys_turn_to_the_map_of_every_pack_and_round_again(play, tmp_path):
    player = play(pack_folders=packs(tmp_path))
    assert (player.map.campaign.name, player.map._which) == ("post_office", "1 of 3")
    player.do(key("right"), key("ctrl+page down"))
    assert (player.map.campaign.name, player.map._which, player.at) == ("north", "2 of 3", "1.1")
    assert player.map.focus.current is player.map.shown
    assert player.do(key("right")).at == "1.2"
    player.do(key("ctrl+page down"))
    assert player.map.campaign.name == "south" and player.map.shown is None
    player.do(key("ctrl+page down"))
    assert player.map.campaign.name == "post_office"
    player.do(key("ctrl+page up"), key("ctrl+page up"))
    assert player.map.campaign.name == "north"


def test_buttons_turn_the_pack_by_mouse_and_by_tab(play, tmp_path):
    player = play(pack_folders=packs(tmp_path))
    player.do(*click(player.map._after.rect.center))
    assert player.map.campaign.name == "north"
    player.do(*click(player.map._before.rect.center))
    assert player.map.campaign.name == "post_office"
    while player.map.focus.current is not player.map._after:
        player.do(key("tab"))
    player.do(key("return"), key("return"))
    assert player.map.campaign.name == "south" and player.map.focus.current is player.map._after


def test_where_there_is_one_pack_nothing_turns(play):
    player = play()
    assert not player.map._before.visible and not player.map._after.visible
    shown = player.map._map
    player.do(key("ctrl+page down"))
    assert player.map._map is shown


def test_a_level_of_another_pack_is_locked_skipped_solved_and_left_to_its_own_map(play, tmp_path):
    player = play(pack_folders=packs(tmp_path))
    player.do(key("ctrl+page down"), key("s"))
    assert player.map._cards["north/1.1"].standing == "skipped"
    assert player.house.progress.of("post_office/1.1").skipped is False
    player.house.count_attempt("north/1.2", 2, {})
    player.do(key("right"), key("return"))
    assert isinstance(player.app.scene, WorkshopScene) and player.app.scene.key == "north/1.2"
    player.app.scene.to_the_map()
    player.do()
    assert player.app.scene is player.map and player.map.campaign.name == "north"
    assert player.map._cards["north/1.2"].stars == 2
    assert LevelsScene(player.house).campaign.name == "north"


def test_all_levels_and_back_to_the_place_on_the_map_of_another_pack(play, tmp_path):
    player = play(pack_folders=packs(tmp_path))
    player.do(key("right"), key("ctrl+f"))
    browser = player.app.scene
    assert browser.shown.entry.key == "post_office/1.2"
    player.do(key("end"), key("ctrl+l"))
    assert player.app.scene is player.map and len(player.app.scenes) == 1
    assert (player.map.campaign.name, player.at) == ("north", "1.2")
    player.app.replace(BrowserScene(player.house))
    player.do(key("home"), key("ctrl+l"))
    assert player.app.scene.campaign.name == "post_office" and player.app.scene.shown.card.id == "1.1"


def test_what_is_played_next_is_of_the_pack_one_is_in_and_then_of_the_others(tmp_path):
    house = House(None, helpers=False, pack_folders=packs(tmp_path))
    assert house.next_card().key == "post_office/1.1" and house.campaign.name == "post_office"
    house.pack = "north"
    assert house.next_card().key == "north/1.1" and house.campaign.name == "north"
    for id in ("1.1", "1.2"):
        house.count_attempt(f"north/{id}", 1, {})
    assert house.next_card("north/1.2") is None
    assert house.next_card().key == "post_office/1.1"


@pytest.mark.parametrize("size", [(1024, 640), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("scale", [0.75, 1.0, 2.5])
def test_the_name_of_a_pack_and_its_neighbours_have_their_place(play, tmp_path, size, scale):
    player = play(size=size, pack_folders=packs(tmp_path))
    player.house.set(player.house.settings.__class__(scale=scale))
    player.app.set_theme(player.app.theme.scaled(scale))

    def make() -> pygame.Surface:
        picture = pygame.Surface(size)
        player.map.draw(picture)
        return picture

    inks = inks_of(make)
    told = [ink.words for ink in inks.texts]
    assert "The Draughty Post Office" in told and "1 of 3" in told
    row = [player.map._back, player.map._before, player.map._after, player.map._all]
    for left, right in itertools.pairwise(row):
        assert left.rect.right <= right.rect.left


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("text_scale", [1.0, 1.3])
@pytest.mark.parametrize(("size", "scale"), [((1024, 640), 1.0), ((1024, 640), 2.5), ((1280, 720), 1.0)])
def test_no_word_on_the_map_is_cut_short(play, size, scale, text_scale, language):
    player = play(size=size)
    settings = Settings(language=language, scale=scale, text_scale=text_scale, reduced_motion=True)
    player.house.set(settings)
    player.app.set_theme(theme_of(settings, scale))
    for number in range(0, len(player.map._map.stops), 3):
        player.map._go(number)
        player.do()

        def make() -> pygame.Surface:
            picture = pygame.Surface(size)
            player.map.draw(picture)
            return picture

        assert inks_of(make).shortened == ()
        board = player.map.shown.board
        assert player.map._map.rect.contains(board) or board.bottom <= player.map._sheet.top
