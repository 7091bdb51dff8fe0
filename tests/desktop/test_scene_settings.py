"""The settings, by keyboard, in a window without a screen."""

from __future__ import annotations

import pygame
import pytest

from game.desktop.app import App
from game.desktop.house import House
from game.desktop.keys import ACTIONS, CTRL, Key
from game.desktop.looks import PALETTES, theme_of
from game.desktop.scenes.settings import Chooser, KeyCap, SettingsScene
from game.desktop.scenes.title import TitleScene
from game.desktop.settings import Settings, read_settings
from game.desktop.theme import Theme


@pytest.fixture
def window(tmp_path):
    house = House(tmp_path, helpers=False, pack_folders=[])
    house.settings = Settings(language="en")
    app = App(Theme(reduced_motion=True), headless=True)
    app.push(TitleScene(house))
    app.scene.show_settings()
    yield app, house
    house.close()
    pygame.display.quit()


def press(app: App, *keys: int, mod: int = 0) -> None:
    for key in keys:
        app.frame([pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode="", scancode=0)], 0.02)


def open_keys(app: App) -> SettingsScene:
    scene = app.scene
    press(app, pygame.K_END)
    assert isinstance(scene, SettingsScene) and scene.tab == 3
    app.frame([], 0.02)
    return scene


def wait_for(app: App, scene: SettingsScene, name: str) -> None:
    for _ in range(len(ACTIONS) + 6):
        cap = scene.focus.current
        if isinstance(cap, KeyCap) and cap.action.name == name:
            break
        press(app, pygame.K_TAB)
    assert scene.focus.ring and scene.focus.current is scene._caps[name]
    press(app, pygame.K_RETURN)
    assert scene.takes_any_key


def test_every_choice_is_made_by_keys_shown_at_once_and_kept(window, tmp_path):
    app, house = window
    press(app, pygame.K_TAB, pygame.K_RIGHT)
    assert house.settings.language == "de" and app.theme.said(app.scene._back.words) == "Zurück"
    press(app, pygame.K_LEFT, pygame.K_DOWN, pygame.K_RIGHT)
    assert house.settings.palette == "contrast" and app.theme.palette is PALETTES["contrast"][0]
    press(app, pygame.K_DOWN, pygame.K_END)
    assert house.settings.scale == 2.5 and app.theme.scale == 2.5
    press(app, pygame.K_HOME, pygame.K_DOWN, pygame.K_RIGHT)
    assert house.settings.scale == 0.0 and house.settings.text_scale == 1.15 == app.theme.text_scale
    press(app, pygame.K_DOWN, pygame.K_DOWN, pygame.K_SPACE)
    assert house.settings.reduced_motion and app.theme.reduced_motion
    house._writer.finish()
    assert read_settings(tmp_path) == house.settings


def test_a_side_of_a_chooser_is_clicked(window):
    app, house = window
    palette = next(row.control for row in app.scene._pages[0] if row.title == "Colours")
    assert isinstance(palette, Chooser)
    place = (palette.rect.right - 10, palette.rect.centery)
    app.frame([pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=place)], 0.02)
    assert house.settings.palette == "contrast"


def test_a_key_is_given_to_an_action_and_works(window):
    app, house = window
    scene = open_keys(app)
    wait_for(app, scene, "full screen")
    press(app, pygame.K_F12)
    assert house.settings.keys == {"full screen": "f12"} and not scene.takes_any_key
    press(app, pygame.K_F11)
    assert not app.full_screen
    press(app, pygame.K_F12)
    assert app.full_screen
    press(app, pygame.K_F12)
    wait_for(app, scene, "full screen")
    press(app, pygame.K_DELETE)
    assert house.settings.keys == {}


def test_a_clash_is_told_and_changes_nothing(window):
    app, house = window
    scene = open_keys(app)
    wait_for(app, scene, "check")
    press(app, pygame.K_F5)
    assert house.settings.keys == {} and "F5 is already" in scene._told
    wait_for(app, scene, "check")
    press(app, pygame.K_ESCAPE)
    assert not scene.takes_any_key and app.scene is scene
    press(app, pygame.K_ESCAPE)
    assert isinstance(app.scene, TitleScene)


def test_all_keys_go_back_to_the_start(window):
    app, house = window
    scene = open_keys(app)
    wait_for(app, scene, "run")
    press(app, pygame.K_r, mod=pygame.KMOD_LCTRL)
    assert app.theme.bindings.key("run") == Key(pygame.K_r, CTRL)
    scene._all_back.press()
    assert house.settings.keys == {} and app.theme.bindings.key("run") == Key(pygame.K_F5)


def test_the_sheet_of_keys_shows_those_there_are_now(window):
    app, _ = window
    app.set_theme(theme_of(Settings(language="en", keys={"help": "Ctrl+j"}), 1.0))
    app.pop()
    press(app, pygame.K_j, mod=pygame.KMOD_LCTRL)
    sheet = app.scene.focus.dialog.body
    caps = [line.caps(app.theme) for groups in sheet.columns for _, lines in groups for line in lines]
    assert "Ctrl+J" in caps and "F1" not in caps
    press(app, pygame.K_ESCAPE)
    app.frame([pygame.event.Event(pygame.TEXTINPUT, text="?")], 0.02)
    assert app.scene.focus.dialog is not None
