"""Shortcuts by name, and the keys a player gives them instead."""

from __future__ import annotations

import pygame

from game.desktop.keys import ACTIONS, ALT, BY_NAME, CTRL, FIXED, SHIFT, Bindings, Key, key_of, read_key
from game.desktop.scenes import browser, free_play, levels, saves, workshop
from game.language import Said


def press(key: int, mod: int = 0) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode="x", scancode=9)


def test_no_two_actions_share_a_key():
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys)) and not set(keys) & set(FIXED)
    assert len(BY_NAME) == len(ACTIONS)


def test_every_key_can_be_written_down_and_read_again():
    for action in ACTIONS:
        for key in action.keys:
            assert read_key(str(key)) == key
    assert read_key("Ctrl+nonsense") is None and read_key("Hyper+f5") is None and read_key("") is None
    assert Key(pygame.K_k, CTRL | SHIFT).said == "Ctrl+Shift+K" and Key(pygame.K_F5).said == "F5"


def test_another_key_means_what_the_first_one_did():
    bindings = Bindings().rebound("run", Key(pygame.K_r, CTRL))
    meant = bindings.meant(press(pygame.K_r, pygame.KMOD_LCTRL))
    assert meant is not None and Key(pygame.K_F5).fits(meant) and meant.unicode == ""
    assert bindings.meant(press(pygame.K_F5)) is None
    second = press(pygame.K_RETURN, pygame.KMOD_LCTRL)
    assert bindings.meant(second) is second
    assert bindings.key("run") == Key(pygame.K_r, CTRL) and bindings.chosen == {"run": "Ctrl+r"}
    assert bindings.shown((Key(pygame.K_F5),)) == Key(pygame.K_r, CTRL)
    assert bindings.shown((Key(pygame.K_o),)) == Key(pygame.K_o) and bindings.shown(()) is None
    assert Bindings(bindings.chosen).chosen == bindings.chosen


def test_two_actions_can_swap_their_keys():
    first = Bindings().rebound("check", Key(pygame.K_F12))
    swapped = first.rebound("run", Key(pygame.K_F6)).rebound("check", Key(pygame.K_F5))
    assert swapped.chosen == {"run": "f6", "check": "f5"}
    meant = swapped.meant(press(pygame.K_F5))
    assert meant is not None and meant.key == pygame.K_F6


def test_a_clash_is_told_and_what_is_damaged_is_left_out():
    bindings = Bindings()
    assert bindings.clash("run", Key(pygame.K_F6)) == "F6 is already: only the inspector's verdict."
    assert bindings.clash("run", Key(pygame.K_c, CTRL)) == "Ctrl+C is always: copy."
    assert (
        "for writing" in bindings.clash("run", Key(pygame.K_r))
        and bindings.clash("run", Key(pygame.K_F5)) == ""
    )
    damaged = {"run": "f6", "check": "Ctrl+", "nobody": "f12", "show": "Alt+f12"}
    assert Bindings(damaged).chosen == {"show": "Alt+f12"}
    assert bindings.rebound("run", Key(pygame.K_F12)).rebound("run", None).chosen == {}


def test_modifiers_alone_and_other_events_are_let_through():
    bindings = Bindings({"run": "Alt+r"})
    for event in (
        press(pygame.K_LCTRL),
        press(pygame.K_a),
        pygame.event.Event(pygame.KEYUP, key=pygame.K_F5),
    ):
        assert bindings.meant(event) is event
    assert key_of(press(pygame.K_LSHIFT)) is None and key_of(press(pygame.K_r, ALT)) == Key(pygame.K_r, ALT)


def test_every_line_of_every_sheet_of_keys_can_be_translated():
    sheets = [
        browser.BrowserScene,
        free_play.FreePlayScene,
        levels.LevelsScene,
        saves.SavesScene,
        workshop.WorkshopScene,
    ]
    for scene in sheets:
        assert scene.shortcuts
        for title, rows in scene.shortcuts:
            assert all(isinstance(told, Said) for told in (title, *(row.does for row in rows))), title
