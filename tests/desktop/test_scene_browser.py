"""The level browser, played with events."""

from __future__ import annotations

import shutil
from pathlib import Path

import pygame
import pytest
from hands import click, key, point, typed
from inks import inks_of

from game.desktop.app import App, render
from game.desktop.house import House
from game.desktop.looks import theme_of
from game.desktop.scenes.broken_level import BrokenLevelScene
from game.desktop.scenes.browser import BrowserScene
from game.desktop.scenes.level_sheet import measures
from game.desktop.scenes.levels import LevelsScene
from game.desktop.scenes.workshop import WorkshopScene
from game.desktop.settings import Settings
from game.desktop.theme import Theme
from game.level.reader import read_level
from game.plugins import load_registry

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


def pack(folder: Path, name: str, *files: str) -> Path:
    """Another pack, of shipped levels."""
    made = folder / name
    made.mkdir()
    for file in files:
        shutil.copy(FIRST.parent / file, made)
    (made / "pack.yaml").write_text(
        f"title: The {name.title()} Round\nchapters: [{{title: All of it, levels: [{', '.join(files)}]}}]\n"
    )
    return made


def shown(player) -> str:
    return player.scene.shown.entry.path.name


def test_packs_and_own_levels_stand_in_one_list(player):
    assert player.ids[:2] == ["1.1", "1.2"] and player.ids[-2:] == ["", "N1"]
    assert [str(shelf.head()) for shelf in player.scene._shelves] == [
        "The Draughty Post Office",
        "Your levels",
    ]
    first = player.scene._shelves[0]
    assert [chapter.title for chapter in first.chapters][:2] == ["The Front Counter", "The Tally Board"]
    assert [row.entry.id for row in first.chapters[1].rows][:2] == ["2.1", "2.2"]


def test_a_level_is_searched_and_opened_by_keyboard_alone(player):
    player.do(key("ctrl+f"), *typed("mind chalk"))
    assert player.ids == ["2.2"]
    player.do(key("return"))
    assert isinstance(player.app.scene, WorkshopScene) and player.app.scene.level.id == "2.2"


def test_typing_searches_wherever_the_list_has_the_keyboard_and_escape_ends_it(player):
    assert player.scene.focus.current is player.scene.shown
    player.do(key("down"), *typed("kEy"))
    assert player.scene._search.text == "kEy" and "2.3" in player.ids and "1.1" not in player.ids
    player.do(key("down"), key("backspace"))
    assert player.scene._search.text == "kE"
    player.do(key("escape"))
    assert player.scene._search.text == "" and "1.1" in player.ids and player.app.scene is player.scene
    assert player.scene.focus.current is player.scene.shown
    player.do(key("escape"))
    assert isinstance(player.app.scene, LevelsScene)


def test_modes_are_filtered_and_the_list_is_walked(player):
    player.scene._tabs.choose(player.scene._modes.index("parsons"))
    assert player.ids == ["1.4", "1.6", "2.4"]
    assert player.scene.shown.entry.id == "1.4"
    player.do(key("down"))
    assert player.scene.shown.entry.id == "1.6"
    player.do(key("up"), key("up"))
    assert player.scene.focus.current is player.scene._search
    player.do(key("down"))
    assert player.scene.focus.current is player.scene.shown and player.scene.shown.entry.id == "1.4"


def test_chapters_are_leapt_over_and_the_chosen_row_stays_in_sight(player):
    player.do(key("page down"))
    assert player.scene.shown.entry.id == "2.1"
    player.do(key("down"), key("page up"))
    assert player.scene.shown.entry.id == "2.1"
    player.do(key("page up"))
    assert player.scene.shown.entry.id == "1.1" and player.scene._list.offset == 0
    player.do(key("end"))
    assert shown(player) == "mine.yaml"
    assert player.scene._list.rect.contains(player.scene.shown.rect)
    player.do(key("home"))
    assert player.scene.shown.entry.id == "1.1"


def test_tab_goes_from_the_chosen_row_on_to_what_is_done_with_it(player):
    player.do(key("down"), key("tab"))
    assert player.scene.focus.current is player.scene._side
    player.do(key("tab"))
    assert player.scene.focus.current is player.scene._open
    player.do(key("shift+tab"), key("shift+tab"))
    assert player.scene.focus.current is player.scene.shown and player.scene.shown.entry.id == "1.2"


def test_a_press_chooses_and_another_opens(player):
    rows = player.scene._shown_rows()
    player.do(*click(rows[2].rect.center))
    assert player.scene.shown is rows[2] and player.app.scene is player.scene
    player.do(*click(rows[2].rect.center))
    assert isinstance(player.app.scene, WorkshopScene) and player.app.scene.level.id == "1.3"


def test_the_office_of_the_chosen_level_is_seen_and_pressed(player):
    preview = player.scene._preview
    empty = pygame.image.tobytes(player.app.surface.subsurface(preview.rect), "RGB")
    player.do(key("page down"))
    player.do(point((0, 0)))
    assert preview.office.level.id == "2.1"
    assert pygame.image.tobytes(player.app.surface.subsurface(preview.rect), "RGB") != empty
    player.do(*click(preview.rect.center))
    assert isinstance(player.app.scene, WorkshopScene) and player.app.scene.level.id == "2.1"


def test_what_stars_ask_for_stands_beside_the_players_best():
    level = read_level(FIRST.parent / "22-mind-the-chalk.yaml", load_registry())
    asked = level.stars
    found = measures(level, {"statements": 1})
    assert {one.metric for one in found} == {*asked.get("two", {}), *asked.get("three", {})}
    for one in found:
        assert (one.two, one.three) == (asked["two"].get(one.metric), asked["three"].get(one.metric))
        assert one.best == (1 if one.metric == "statements" else None)
        assert one.met == (one.metric == "statements")
    assert measures(None, {"ticks": 9}) == [("ticks", 9, None, None)]


def test_a_pack_put_among_the_players_levels_is_a_shelf_with_a_map_after_f5(player, tmp_path):
    pack(tmp_path / "levels", "winter", "12-three-in-a-row.yaml")
    player.do(key("f5"))
    assert [str(shelf.head()) for shelf in player.scene._shelves] == [
        "The Draughty Post Office", "The Winter Round", "Your levels",
    ]  # fmt: skip
    player.do(*typed("three row"), key("down"), key("down"))
    assert player.scene.shown.entry.key == "winter/1.2"
    assert player.scene._map.visible and player.scene._build_on.visible
    player.do(*click(player.scene._map.rect.center))
    assert isinstance(player.app.scene, LevelsScene)
    assert (player.app.scene.campaign.name, player.app.scene.shown.card.key) == ("winter", "winter/1.2")


def test_who_wrote_a_level_is_told_by_the_level_or_else_by_its_pack(tmp_path):
    folder = pack(tmp_path, "winter", FIRST.name, "12-three-in-a-row.yaml")
    text = (folder / "pack.yaml").read_text()
    (folder / "pack.yaml").write_text(f"author: Ida Blum\n{text}")
    own = (folder / FIRST.name).read_text()
    (folder / FIRST.name).write_text(f"author: Ole Lund\n{own}")
    scene = BrowserScene(House(None, helpers=False, pack_folders=[folder]), read_at_once=True)
    for number, author in enumerate(("Ole Lund", "Ida Blum")):
        render(scene, theme=Theme(1.0))
        scene._go(number)
        inks = inks_of(lambda: render(scene, (1280, 720), theme=Theme(1.0)))
        assert f"by {author}" in [ink.words for ink in inks.texts]


def test_a_broken_file_is_shown_kindly_and_read_again_once_mended(player, tmp_path):
    row = next(row for row in player.scene._shown_rows() if row.entry.problems)
    assert row.entry.title == "broken.yaml" and row.entry.problems[0].place.line
    player.do(key("end"), key("up"))
    assert player.scene.shown is row and not player.scene._preview.visible
    player.do(key("return"))
    assert isinstance(player.app.scene, BrokenLevelScene)
    player.app.pop()
    text = FIRST.read_text().replace('id: "1.1"', 'id: "N2"')
    (tmp_path / "levels/broken.yaml").write_text(text)
    player.do(key("f5"))
    assert player.ids[-2:] == ["N2", "N1"]
    assert player.scene.shown.entry.id == "N2" and player.scene._preview.visible


def test_an_office_that_was_changed_meanwhile_is_seen_as_it_is_now(player, tmp_path):
    player.do(key("end"))
    before = player.scene._preview.office
    path = tmp_path / "levels/mine.yaml"
    path.write_text(path.read_text().replace("Mine", "Mine, and larger"))
    player.do(key("return"))
    player.app.pop()
    player.do()
    assert player.scene._preview.office is not before


def test_own_levels_keep_their_progress_here_too(player):
    player.house.count_attempt("own/levels/N1", 2, {"ticks": 3})
    row = player.scene._shown_rows()[-1]
    assert player.house.progress.of(row.entry.key).stars == 2
    player.scene.enter()
    assert row.progress.stars == 2


def test_every_pack_is_a_shelf_with_its_own_progress(tmp_path):
    packs = [
        pack(tmp_path, "summer", FIRST.name),
        pack(tmp_path, "winter", "12-three-in-a-row.yaml", FIRST.name),
    ]
    house = House(None, helpers=False, pack_folders=packs)
    house.count_attempt("winter/1.2", 3, {})
    scene = BrowserScene(house, read_at_once=True)
    inks = inks_of(lambda: render(scene, (1280, 720), theme=Theme(1.0)))
    told = [ink.words for ink in inks.texts]
    assert "0 of 1 solved   ·   0 of 3 stars" in told and "1 of 2 solved   ·   3 of 6 stars" in told
    assert [[row.entry.id for row in shelf.rows] for shelf in scene._shelves] == [["1.1"], ["1.2", "1.1"]]
    scene._search.buffer.replace_all("three row")
    scene._sift()
    inks = inks_of(lambda: render(scene, (1280, 720), theme=Theme(1.0)))
    told = [ink.words for ink in inks.texts]  # a search leaves levels out, not what was done
    assert "1 of 2 solved   ·   3 of 6 stars" in told and "1 of 3 levels" in told


SIZES = [(1024, 640), (1280, 720), (1920, 1080)]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("palette", ["paper", "contrast"])
@pytest.mark.parametrize("scale", [0.75, 1.0, 2.5])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_everything_has_its_place_in_every_window(tmp_path, size, scale, palette, language):
    house = House(None, helpers=False)
    house.settings = Settings(language=language, palette=palette)
    house.count_attempt("post_office/1.1", 2, {"ticks": 8, "statements": 3})
    scene = BrowserScene(house, read_at_once=True)
    inks = inks_of(lambda: render(scene, size, theme=theme_of(house.settings, scale)))
    assert inks.shortened == () and inks.covered == ()
    window, card = pygame.Rect((0, 0), size), scene._card
    for widget in (scene._search, scene._tabs, scene._list, card, scene._build, scene._help):
        assert window.contains(getattr(widget, "rect", widget))
    for widget in (scene._preview, scene._open, scene._side):
        assert card.contains(widget.rect)
    assert not scene._side.rect.colliderect(scene._preview.rect)
    assert scene._side.rect.bottom <= scene._open.rect.top
    assert scene._side.rect.height >= scene.theme.px(90)
