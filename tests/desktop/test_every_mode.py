"""Levels of each mode played from refused to passed, on real clerks, with keys and presses alone.

`code` and `wind` by keys stand in test_scene_workshop.py, `build` in test_builder.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from player import Player

import pygame  # isort: skip

from game.desktop.parsons import CardSorter
from game.desktop.scenes.verdict import VerdictScene

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"
CURRICULUM = Path(__file__).resolve().parents[1] / "curriculum"
CTRL, ALT = pygame.KMOD_LCTRL, pygame.KMOD_LALT


@pytest.fixture
def working(tmp_path):
    one = Player(tmp_path, helpers=True)
    yield one
    one.close()


def refused(working: Player, scene) -> None:
    working.key(pygame.K_F5)
    working.wait(lambda: scene.work.attempt is not None)
    assert scene._slip.notice.stamp == "REFUSED"


def passed(working: Player, scene) -> None:
    working.wait(lambda: isinstance(working.app.scene, VerdictScene))
    assert scene.work.attempt.stars == 3 and scene.work.trial.real is not None
    assert working.house.progress.of(scene.key).stars == 3


def test_fix_by_keys(working):
    scene = working.open(LEVELS / "22-mind-the-chalk.yaml")
    refused(working, scene)
    assert scene.work.failure.kind == "lost update"
    working.key(pygame.K_1, CTRL)
    working.key(pygame.K_END, CTRL)
    for _ in range(2):  # to where the line's text begins
        working.key(pygame.K_HOME)
    working.key(pygame.K_HOME)
    working.type("with tally.get_lock():\n")
    assert scene.work.texts["clerk"].splitlines()[2:] == [
        "        with tally.get_lock():",
        "            tally.value += 1",
    ]
    working.key(pygame.K_RETURN, CTRL)
    passed(working, scene)


def test_fix_with_the_mouse(working):
    scene = working.open(LEVELS / "15-who-finished-first.yaml")
    refused(working, scene)
    for name, wanted in scene.level.reference.scripts.items():
        tab = scene.desk.names.index(name)
        working.click(scene.desk.tabs._places[tab].center)
        assert scene.desk.current == name
        sheet = scene.desk.sheet
        bottom = (sheet.rect.right - 12, sheet.rect.bottom - 12)
        first = (sheet._text_left() + 1, sheet._top_of(0) + 4)
        working.drag(first, bottom)
        working.key(pygame.K_DELETE)
        assert sheet.text.strip() == ""
        sheet.clipboard.put(wanted)
        working.key(pygame.K_v, CTRL)
    working.click(scene._actions["open"].rect.center)
    passed(working, scene)


def cards_of(sheet: CardSorter) -> list[str]:
    return [card.text for card in sheet._order.cards[: sheet._order.used]]


def wanted_of(scene, name: str) -> list[str]:
    return [line.strip() for line in scene.level.reference.scripts[name].splitlines()[1:]]


def test_parsons_by_keys(working):
    scene = working.open(LEVELS / "14-return-to-sender.yaml")
    refused(working, scene)
    for number, name in enumerate(scene.desk.names):
        working.key(pygame.K_1 + number, CTRL)
        sheet = scene.desk.sheet
        assert scene.focus.current is sheet
        for place, line in enumerate(wanted_of(scene, name)):
            working.key(pygame.K_HOME)
            while cards_of(sheet)[sheet.chosen] != line or sheet.chosen < place:
                working.key(pygame.K_DOWN)
            while sheet.chosen > place:
                working.key(pygame.K_UP, ALT)
        assert cards_of(sheet) == wanted_of(scene, name)
    working.key(pygame.K_z, CTRL)
    working.key(pygame.K_y, CTRL)
    working.key(pygame.K_RETURN, CTRL)
    passed(working, scene)


def test_parsons_with_the_mouse(working):
    scene = working.open(LEVELS / "14-return-to-sender.yaml")
    for number, name in enumerate(scene.desk.names):
        working.click(scene.desk.tabs._places[number].center)
        sheet = scene.desk.sheet
        for place, line in enumerate(wanted_of(scene, name)):
            at = cards_of(sheet).index(line, place)
            if at != place:
                start = sheet._place(at).center
                working.drag(start, (start[0], sheet._place(place).centery))  # straight up: as deep as it was
        assert cards_of(sheet) == wanted_of(scene, name)
    working.click(scene._actions["open"].rect.center)
    passed(working, scene)


def test_config_with_the_mouse(working):
    scene = working.open(LEVELS / "23-the-wrong-key.yaml")
    refused(working, scene)
    row = scene._slots.rows[2]
    working.click(row._places(scene.theme)[1].center)
    assert scene.work.answer.choices == {"cleos_key": "iron"}
    working.click(scene._actions["open"].rect.center)
    passed(working, scene)


def test_wind_with_the_mouse(working):
    scene = working.open(LEVELS / "21-be-the-draught.yaml")
    assert not scene._actions["open"].enabled

    def blow(who: str) -> None:
        gust = next(one for one in scene._gusts.children() if one.words == who)
        working.click(gust.rect.center)

    for who in ("ada", "ada", "bob", "bob"):  # nothing is lost in this one
        blow(who)
    working.click(scene._actions["open"].rect.center)
    working.wait(lambda: scene.work.attempt is not None)
    assert scene._slip.notice.stamp == "REFUSED"
    working.click(scene._actions["reset"].rect.center)
    assert scene.work.wind == ()
    for who in ("ada", "bob", "ada", "bob"):
        blow(who)
    working.click(scene._actions["open"].rect.center)
    passed(working, scene)


def test_a_wind_that_must_go_round_for_ever(working):
    scene = working.open(CURRICULUM / "57-after-you-for-ever.yaml")
    assert not scene._actions["open"].enabled
    for blown in "1111122222":  # one after the other: both deliver, and nothing fails
        working.key(pygame.K_0 + int(blown))
    working.key(pygame.K_RETURN, CTRL)
    working.wait(lambda: scene.work.attempt is not None)
    assert scene._slip.notice.stamp == "REFUSED"
    assert [chip.state for chip in scene._bar.chips] == ["bad", "bad"]
    working.click(scene._actions["reset"].rect.center)
    for blown in "121212":
        working.key(pygame.K_0 + int(blown))
    assert (scene._actions["open"].enabled, bool(scene.work.choices)) == (True, True)
    working.key(pygame.K_RETURN, CTRL)
    passed(working, scene)
