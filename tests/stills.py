"""What stands over a scene for a moment, brought about by a player's own hands: lists, sheets, questions."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace as replaced
from pathlib import Path
from typing import NamedTuple

import pygame
from player import Player

from game.authoring.blueprint import Blueprint
from game.authoring.offices import keep_office, new_office, office_text
from game.desktop.scenes.browser import BrowserScene
from game.desktop.scenes.levels import LevelsScene
from game.desktop.scenes.saves import SavesScene, Subject
from game.desktop.scenes.settings import SettingsScene
from game.desktop.scenes.verdict import VerdictScene
from game.desktop.shot import _free_play, _judge, _saves
from game.history import Try
from game.level.model import Answer

LEVELS = Path(__file__).resolve().parents[1] / "levels/post_office"
FIRST, SECOND = "11-first-post", "12-three-in-a-row"
PARSONS, WIND, CHALK, KEYS = (
    "14-return-to-sender",
    "21-be-the-draught",
    "22-mind-the-chalk",
    "23-the-wrong-key",
)
BUILD = "46-two-stamps-of-credit"
CTRL, SHIFT = pygame.KMOD_LCTRL, pygame.KMOD_LSHIFT


class Still(NamedTuple):
    """A moment: its name, how a player gets there, and whether something lies over the scene (then what is
    below need not be seen whole)."""

    name: str
    reach: Callable[[Player], object]
    over: bool = True


def opened(player: Player, level: str, answer: Answer | None = None):
    """The workshop of a shipped level, without its guide."""
    scene = player.open(LEVELS / f"{level}.yaml")
    scene._guide.end()
    player.frame()
    return scene


def hover(player: Player) -> None:
    scene = opened(player, CHALK)
    sheet = scene.desk.sheet
    line = next(number for number, text in enumerate(sheet.buffer.lines) if "tally.value" in text)
    column = sheet.buffer.line(line).index("value")
    spot = type(sheet.buffer.cursor)(line, column)
    player.point((sheet._left_of(spot) + 3, sheet._top_of(line) + 5))
    for _ in range(3):
        player.frame(dt=0.5)


def find(player: Player) -> None:
    opened(player, CHALK)
    player.key(pygame.K_f, CTRL)
    player.type("tally")
    player.frame()


def line(player: Player) -> None:
    opened(player, CHALK)
    player.key(pygame.K_g, CTRL)
    player.type("3")
    player.frame()


def wind_refused(player: Player) -> None:
    scene = opened(player, WIND)
    for letter in "1122":
        player.key(ord(letter), letter=letter)
    _judge(scene, None)


def wind_begun(player: Player) -> None:
    opened(player, WIND)
    for letter in "12":
        player.key(ord(letter), letter=letter)
    for _ in range(40):
        player.frame(dt=0.1)


def tried(player: Player) -> None:
    """Passed, after many tries: counted and compared."""
    scene = opened(player, CHALK)
    metrics = [(24, 6), (24, 6), (20, 7), (31, 4), (22, 9), (20, 5), (26, 4), (20, 7)]
    words = ["PROVED", "PROVED", "REFUTED", "PROVED"] * 2
    when = "2026-01-06T12:00:00Z"
    tries = [
        Try(when, Answer("2.2"), word, metrics={"ticks": ticks, "statements": wrote})
        for word, (ticks, wrote) in zip(words, metrics, strict=True)
    ]
    player.house.tries = lambda key: tries
    for name, script in scene.level.reference.scripts.items():
        scene.desk.sheets[name].buffer.replace_all(script)
        scene._edit(name, script)
    _judge(scene, None)
    attempt = scene.work.attempt
    attempt = replaced(attempt, verdict=replaced(attempt.verdict, seconds=0.008))
    player.frame()
    behind = pygame.Surface(player.app.surface.get_size())
    scene.draw(behind)
    player.app.push(VerdictScene(player.house, scene, attempt, behind))


def locked(player: Player) -> None:
    """The map before anything was solved, at a level that is not open yet."""
    player.app.push(LevelsScene(player.house))
    player.frame()
    player.key(pygame.K_END)
    for _ in range(20):
        player.frame(dt=0.1)


def browsing(player: Player) -> None:
    """Somebody types in the list of all levels, and goes to the second that fits."""
    player.house.count_attempt("post_office/2.2", 2, {"ticks": 20, "statements": 5})
    player.app.push(BrowserScene(player.house))
    player.frame()
    player.type("key")
    player.key(pygame.K_DOWN)
    player.key(pygame.K_DOWN)
    for _ in range(8):
        player.frame()


def to_mend(player: Player) -> None:
    """A level of the player's own in which several things are wrong."""
    own = player.house.folder / "levels"
    own.mkdir()
    text = (LEVELS / f"{CHALK}.yaml").read_text()
    (own / "mine.yaml").write_text(text.replace("mode: fix", "mode: mend").replace("teaches:", "teach:"))
    player.app.push(BrowserScene(player.house))
    for _ in range(8):
        player.frame()
    player.type("mine")
    for _ in range(8):
        player.frame()


def second_pack(player: Player) -> None:
    """The map of another pack than the first."""
    pack = player.house.folder / "winter"
    pack.mkdir()
    for level in (KEYS, CHALK, PARSONS, WIND):
        shutil.copy(LEVELS / f"{level}.yaml", pack)
    (pack / "pack.yaml").write_text(
        "title: The Winter Round\nchapters:\n"
        f"  - {{title: Frost, place: keys, levels: [{KEYS}.yaml, {CHALK}.yaml]}}\n"
        f"  - {{title: Thaw, place: ferry, levels: [{PARSONS}.yaml, {WIND}.yaml]}}\n"
    )
    player.house._read_campaigns([LEVELS, pack])
    player.house.count_attempt("winter/2.3", 3, {})
    player.house.skip("winter/2.2")
    player.app.push(LevelsScene(player.house))
    player.frame()
    player.key(pygame.K_PAGEDOWN, CTRL)
    player.frame()


def forget(player: Player) -> None:
    path = LEVELS / f"{CHALK}.yaml"
    player.app.push(_saves(player.house, player.house.level(path), path))
    player.frame()
    player.click(player.app.scene._forget.rect.center)


def saves_of_rooms(player: Player) -> None:
    path = LEVELS / "23-the-wrong-key.yaml"
    player.app.push(_saves(player.house, player.house.level(path), path))


def emptying(player: Player) -> None:
    forget(player)
    player.key(pygame.K_ESCAPE)
    scene = player.app.scene
    player.click(scene._drawers[1].clear.rect.center)


def no_saves(player: Player) -> None:
    player.app.push(
        SavesScene(
            player.house, Subject("post_office/1.1", "1.1", "First Post", LEVELS / "11-first-post.yaml")
        )
    )


def settings(tab: int) -> Callable[[Player], object]:
    return lambda player: player.app.push(SettingsScene(player.house, tab=tab))


def waiting(player: Player) -> SettingsScene:
    scene = SettingsScene(player.house, tab=3)
    player.app.push(scene)
    player.frame()
    scene._caps["check"].press()
    player.frame()
    return scene


def clash(player: Player) -> None:
    waiting(player)
    player.key(pygame.K_F5)


def part_name(player: Player) -> None:
    scene = built(player)
    scene._builder.open_name(next(iter(scene.work.built.parts)))


def given(player: Player) -> None:
    scene = built(player)
    scene._builder.open_list(("clerk", scene.level.clerks[0].name))


def built(player: Player):
    scene = opened(player, BUILD)
    player.click(scene._office.tray.takes[0].rect.center)
    player.frame()
    return scene


def which_end(player: Player) -> None:
    scene = built(player)
    scene._builder.join(scene.level.clerks[0].name, "tube")


def cards_aside(player: Player) -> None:
    opened(player, PARSONS)
    player.key(pygame.K_DELETE)
    player.key(pygame.K_DELETE)


def config_refused(player: Player) -> None:
    scene = opened(player, KEYS)
    player.key(pygame.K_RIGHT)
    _judge(scene, None)


def lacks(player: Player) -> None:
    """Free play: what this office lacks to be a level."""
    scene = _free_play(player.house)
    player.app.push(scene)
    player.frame()
    scene.show_promises()
    player.frame()


def offices(player: Player) -> None:
    folder = player.house.folder
    for title in ("Two counters", "An office of my own"):
        path = new_office(folder, title)
        keep_office(path, office_text(path, Blueprint(title=title, win={"left_over": []})), None)
    scene = _free_play(player.house)
    player.app.push(scene)
    player.frame()
    scene.show_offices()


def picked_channel(player: Player) -> None:
    scene = _free_play(player.house)
    player.app.push(scene)
    player.frame()
    scene.building.pick(("channel", "belt"))
    player.frame()


def captioned(player: Player) -> None:
    from game.desktop.sounds import CAPTIONS

    opened(player, CHALK)
    player.app.caption(CAPTIONS["chalk"])


def toasted(player: Player) -> None:
    opened(player, FIRST)
    player.key(pygame.K_F8, SHIFT)


STILLS = (
    Still("hover", hover),
    Still("find", find),
    Still("line", line),
    Still("wind-begun", wind_begun, over=False),
    Still("wind-refused", wind_refused, over=False),
    Still("config-refused", config_refused, over=False),
    Still("cards-aside", cards_aside, over=False),
    Still("tried", tried),
    Still("locked", locked, over=False),
    Still("browsing", browsing, over=False),
    Still("to-mend", to_mend, over=False),
    Still("second-pack", second_pack, over=False),
    Still("forget", forget),
    Still("saves-set-up", saves_of_rooms, over=False),
    Still("emptying", emptying),
    Still("no-saves", no_saves, over=False),
    Still("settings-sound", settings(1), over=False),
    Still("settings-play", settings(2), over=False),
    Still("waiting", waiting),
    Still("clash", clash),
    Still("part-name", part_name),
    Still("given", given),
    Still("which-end", which_end),
    Still("lacks", lacks),
    Still("offices", offices),
    Still("picked-channel", picked_channel, over=False),
    Still("captioned", captioned),
    Still("toasted", toasted),
)
