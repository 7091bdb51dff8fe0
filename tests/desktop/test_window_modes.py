"""A level of other modes than `code` in a real window: by mouse and by keyboard alone, and heard.

Where things stand is asked of a twin: the same level in a window that is none, played along."""

from __future__ import annotations

import json
from array import array
from pathlib import Path

import pytest
from player import Player
from window_in_x import NEEDS_X

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"
KEY_OF = {"1.4": "14-return-to-sender", "2.1": "21-be-the-draught", "2.3": "23-the-wrong-key"}

pytestmark = [NEEDS_X, pytest.mark.timeout(90)]


class Both:
    """One pair of hands before the window and its twin."""

    def __init__(self, game, twin: Player, level: str) -> None:
        self.game, self.twin, self.level = game, twin, level
        self.scene = twin.open(LEVELS / f"{KEY_OF[level]}.yaml")
        self.scene._guide.end()
        twin.frame()

    def click(self, at) -> None:
        self.twin.click(at)
        self.twin.frame()
        self.game.click(at)

    def drag(self, start, end) -> None:
        self.twin.drag(start, end)
        self.twin.frame()
        self.game.drag(start, end)

    def passed(self) -> None:
        self.game.wait(lambda: self.game.progress().get(f"post_office/{self.level}", {}).get("stars") == 3)


@pytest.fixture
def both(window, tmp_path):
    twins = []

    def open_both(level: str) -> Both:
        guided = {f"post_office/{level}": "yes"}
        (tmp_path / "settings.json").write_text(json.dumps({"guided": guided, "language": "en"}))
        game = window(level)
        twins.append(Player(tmp_path / "twin"))
        return Both(game, twins[-1], level)

    yield open_both
    for twin in twins:
        twin.close()


def loudest(raw: bytes) -> int:
    return max(array("h", raw[: len(raw) // 2 * 2]), default=0)


def test_the_wind_is_made_with_the_mouse_and_everything_is_heard(both, monkeypatch, tmp_path):
    written = tmp_path / "heard.raw"
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(written))
    play = both("2.1")
    for who in ("ada", "bob", "ada", "bob"):
        gust = next(one for one in play.scene._gusts.children() if one.words == who)
        play.click(gust.rect.center)
    play.click(play.scene._actions["open"].rect.center)
    play.passed()
    play.game.wait(lambda: loudest(written.read_bytes()) > 1_000)


def test_the_wind_is_made_by_keyboard_alone(both):
    play = both("2.1")
    play.game.key("1", "1", "BackSpace", "2", "1", "2", "F5")
    play.passed()


def test_lines_are_sorted_with_the_mouse(both):
    play = both("1.4")
    scene = play.scene
    for number, name in enumerate(scene.desk.names):
        play.click(scene.desk.tabs._places[number].center)
        sheet = scene.desk.sheet
        wanted = [line.strip() for line in scene.level.reference.scripts[name].splitlines()[1:]]
        for place, line in enumerate(wanted):
            at = [card.text for card in sheet._order.cards].index(line, place)
            if at != place:
                start = sheet._place(at).center
                play.drag(start, (start[0], sheet._place(place).centery))
    play.click(scene._actions["open"].rect.center)
    play.passed()


def test_the_office_is_set_up_by_keyboard_alone(both):
    play = both("2.3")
    play.game.key("Down", "Down", "Right", "ctrl+z", "ctrl+y", "F5")
    play.passed()
