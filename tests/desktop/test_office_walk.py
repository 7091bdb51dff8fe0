"""An office of three clerks, a belt, a tube, a key and a tally board, built from nothing, written, judged,
seen to fail on real clerks, mended, proved, kept and opened again: by mouse, by keyboard alone, and both once
more in a real window, where the file must come out the same to the letter.
"""

from __future__ import annotations

import time
from pathlib import Path

import pygame
import pytest
from player import Player
from window_in_x import NEEDS_X, Window

from game.authoring.lint import lint_level
from game.authoring.offices import read_office
from game.authoring.promises import finished_text
from game.desktop.scenes.free_play import FreePlayScene, TryingScene
from game.desktop.scenes.title import TitleScene
from game.desktop.widgets import Widget
from game.run import Office

CTRL, ALT = pygame.KMOD_LCTRL, pygame.KMOD_LALT
CLERKS, KINDS = ("ada", "bob", "cleo"), ("queue", "pipe", "value", "lock")
PLACES = {
    "ada": (320, 200), "bob": (560, 560), "cleo": (840, 200),
    "queue": (330, 400), "pipe": (820, 400), "lock": (450, 130), "value": (590, 300),
}  # fmt: skip
WIRES = (
    ("ada", "belt"), ("bob", "belt"), ("bob", "tube.a"), ("cleo", "tube.b"),
    ("ada", "tally"), ("bob", "tally"), ("ada", "key"), ("bob", "key"),
)  # fmt: skip
WRITTEN = {
    "ada": ('belt.put("tea")', "tally.value += 1"),
    "bob": ("tally.value += 1", "tube_a.send(belt.get())"),
    "cleo": ("deliver(tube_b.recv())",),
}
MENDED = {
    "ada": ('belt.put("tea")', "with key:", "tally.value += 1"),
    "bob": ("tube_a.send(belt.get())", "with key:", "tally.value += 1"),
}
GOALS = (("log", "tea"), ("value", "tally: 2"))


class Hands:
    """One player's hands, and, where there is a real window too, the same there."""

    def __init__(self, player: Player, window: Window | None = None) -> None:
        self.player, self.window = player, window

    @property
    def scene(self):
        return self.player.app.scene

    def settle(self, seconds: float = 0.6) -> None:
        """Another scene: a real window fades it in."""
        self.player.frame()
        self.player.frame()
        if self.window is not None:
            time.sleep(seconds)

    def point(self, at: tuple[int, int]) -> None:
        self.player.point(at)
        if self.window is not None:
            self.window.do("mousemove", *map(str, at), "sleep", "0.05")

    def click(self, at: tuple[int, int]) -> None:
        self.player.click(at)
        self.player.frame()
        if self.window is not None:
            self.window.click(at)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        self.player.drag(start, end)
        self.player.frame()
        if self.window is not None:
            self.window.drag(start, end)

    def key(self, code: int, mod: int = 0) -> None:
        self.player.key(code, mod)
        if self.window is not None:
            held = [name for mask, name in ((CTRL, "ctrl"), (ALT, "alt")) if mod & mask]
            name = pygame.key.name(code)
            own = len(name) == 1 or name == "space"  # what X calls by a name with a capital, SDL does not
            self.window.key("+".join([*held, name if own else name.capitalize()]))

    def type(self, text: str) -> None:
        self.player.type(text)
        if self.window is not None:
            self.window.type(text)

    def lines(self, lines: tuple[str, ...]) -> None:
        """What a hand writes: the editor indents."""
        for number, line in enumerate(lines):
            if number:
                self.key(pygame.K_RETURN)
            self.type(line)


class ByMouse(Hands):
    """Whatever can be pressed is pressed."""

    def begin(self) -> None:
        self.click(self.scene._build.rect.center)

    def build(self) -> None:
        for kind in ("", "", "", *KINDS):
            name = kind or CLERKS[len(self.scene.draft.now.clerks)]
            card = next(card for card in self.scene.building.tray.cards if card.kind == kind)
            self.drag(card.rect.center, PLACES[name])
        for clerk, end in WIRES:
            channel = end.partition(".")[0]
            self.point(self.middle(clerk))
            start = self.scene.building.board.knob_place(("clerk", clerk))
            # Let go at the end that is meant.
            self.point(self.middle(channel))
            self.player.frame()
            plug = self.scene.building.board.knob_place(("channel", channel), end) if "." in end else None
            self.point(self.middle(clerk))
            x, y = plug or self.middle(channel)
            self.drag(start, (x + (6 if end.endswith(".a") else -6 if plug else 0), y))
            assert self.scene.building.is_given(clerk, end), (clerk, end)

    def middle(self, name: str) -> tuple[int, int]:
        return self.scene.building.board.place_of(name, self.scene.theme).center

    def pick(self, clerk: str) -> None:
        self.click(self.middle(clerk))
        self.click((self.scene._sheet.rect.centerx, self.scene._sheet.rect.bottom - 40))

    def aim(self) -> None:
        self.click(self.scene._office.rect.center)
        for goal, text in GOALS:
            self.click(self.scene.building.panel.toggles[f"goal {goal}"].rect.center)
            self.player.frame()
            self.click(self.scene.building.panel.entries[f"goal {goal} value"].rect.center)
            self.key(pygame.K_a, CTRL)
            self.type(text)
            self.key(pygame.K_RETURN)

    def open(self) -> None:
        self.click(self.scene._run.rect.center)

    def show(self) -> None:
        self.click(self.scene._actions["show"].rect.center)

    def leave(self) -> None:
        self.click(self.scene._bar.back.rect.center)

    def open_again(self) -> None:
        self.click(self.scene._new.rect.center)
        self.settle()
        self.click(self.scene._menu.rect.center)
        self.settle(0.2)
        self.click(self.scene.focus.dialog.buttons[0].rect.center)


class ByKeyboard(Hands):
    """No mouse at all."""

    def begin(self) -> None:
        self.go_to(self.scene._build)
        self.key(pygame.K_RETURN)

    def go_to(self, widget: Widget, mod: int = 0) -> None:
        for _ in range(60):
            if self.scene.focus.current is widget:
                return
            self.key(pygame.K_TAB, mod)
        raise AssertionError(f"{widget} is not reached")

    def build(self) -> None:
        self.key(pygame.K_1, ALT)
        cards = self.scene.building.tray.cards
        for kind in ("", "", "", *KINDS):
            while not next(card for card in cards if card.kind == kind).focused:
                self.key(pygame.K_DOWN)
            self.key(pygame.K_RETURN)
        for clerk in CLERKS:
            self.choose(clerk)
            self.key(pygame.K_3, ALT)
            for end in (end for one, end in WIRES if one == clerk):
                self.go_to(self.scene.building.panel.toggles[f"wire {end}"])
                self.key(pygame.K_SPACE)

    def choose(self, name: str) -> None:
        self.key(pygame.K_2, ALT)
        for _ in range(20):
            if self.scene.building.picked == ("clerk", name):
                return
            self.key(pygame.K_RETURN)
        raise AssertionError(f"{name} is not picked")

    def pick(self, clerk: str) -> None:
        self.choose(clerk)
        self.key(pygame.K_4, ALT)

    def aim(self) -> None:
        self.key(pygame.K_5, ALT)
        for goal, text in GOALS:
            self.go_to(self.scene.building.panel.toggles[f"goal {goal}"])
            self.key(pygame.K_SPACE)
            self.key(pygame.K_TAB)
            self.key(pygame.K_a, CTRL)
            self.type(text)
            self.key(pygame.K_RETURN)

    def open(self) -> None:
        self.key(pygame.K_F5)

    def show(self) -> None:
        self.key(pygame.K_F7)

    def leave(self) -> None:
        for _ in range(5):
            if not isinstance(self.scene, TryingScene):
                return
            self.key(pygame.K_ESCAPE)
        raise AssertionError("Escape does not lead back")

    def open_again(self) -> None:
        self.key(pygame.K_n, CTRL)
        self.settle()
        self.key(pygame.K_o, CTRL)
        self.settle(0.2)
        self.key(pygame.K_RETURN)


def write(hands: ByMouse | ByKeyboard, scripts: dict[str, tuple[str, ...]]) -> None:
    for clerk, lines in scripts.items():
        hands.pick(clerk)
        gets = ", ".join(parameter for parameter, _ in hands.scene.draft.now.clerk(clerk).gets)
        hands.key(pygame.K_a, CTRL)
        hands.lines((f"def {clerk}({gets}):", *lines))


def build_and_write(hands: ByMouse | ByKeyboard) -> FreePlayScene:
    """From the title to an office that could be opened."""
    hands.settle()
    hands.begin()
    hands.settle()
    scene = hands.scene
    hands.build()
    write(hands, WRITTEN)
    hands.aim()
    hands.player.frame(dt=0.5)
    assert scene.missing is None, scene.missing
    return scene


WAYS = pytest.mark.parametrize("way", [ByMouse, ByKeyboard])


@WAYS
@pytest.mark.timeout(120)
def test_an_office_is_built_refuted_watched_mended_proved_kept_and_opened_again(tmp_path, way):
    player = Player(tmp_path, helpers=True)
    player.app.push(TitleScene(player.house))
    hands = way(player)
    scene = build_and_write(hands)
    hands.open()
    trying = hands.scene
    player.wait(lambda: trying.work.attempt is not None)
    assert trying.work.failure.kind == "lost update"
    player.frame()
    hands.show()
    player.wait(lambda: trying.work.forced is not None and trying.work.forced.result is not None)
    assert trying.work.forced.result.trace.events == trying.work.failure.trace.events
    player.wait(lambda: not trying.work.playback.playing)
    hands.leave()
    hands.settle()
    assert hands.scene is scene
    write(hands, MENDED)
    hands.open()
    trying = hands.scene
    player.wait(lambda: trying.work.attempt is not None)
    assert trying.work.attempt.passed
    player.frame()
    hands.leave()
    hands.settle()
    player.house.wait_for_writing()
    with Office() as office:
        assert lint_level(scene.path, player.house.registry, deep=True, office=office) == []
    kept = read_office(scene.path, player.house.registry)
    assert kept == scene.draft.now
    hands.open_again()
    hands.settle()
    assert hands.scene is not scene and hands.scene.path == scene.path
    assert hands.scene.draft.now == kept
    player.close()


@WAYS
@NEEDS_X
@pytest.mark.timeout(240)
def test_the_same_hands_before_a_real_window_make_the_same_file(tmp_path, window, way):
    game = window()
    player = Player(tmp_path / "double")
    player.app.push(TitleScene(player.house))
    hands = way(player, game)
    scene = build_and_write(hands)
    hands.open()
    hands.settle(2.5)  # refuted; the double has nobody to ask
    hands.leave()
    hands.settle()
    write(hands, MENDED)
    player.frame()
    player.house.wait_for_writing()
    mine = game.home / "levels" / scene.path.name
    game.wait(lambda: kept(mine) == kept(scene.path))
    hands.open()
    proved = finished_text(scene.draft.now, scene.path.stem, player.house.registry)
    game.wait(lambda: kept(mine) == proved)  # that is written once the inspector has proved it
    hands.settle(0.3)
    hands.leave()
    hands.settle()
    hands.open_again()
    hands.settle()
    hands.key(pygame.K_1, ALT)
    hands.key(pygame.K_RETURN)
    game.wait(lambda: "dan" in kept(mine))
    player.close()


def kept(path: Path) -> str:
    return path.read_text() if path.exists() else ""
