"""The window, its scenes and its loop, on SDL's dummy screen."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pygame
import pytest
from hands import key, typed

from game.desktop import app as app_module
from game.desktop.app import App, NoDisplay, Scene, WrongPygame, check_pygame, eased, render
from game.desktop.editor import CodeEditor
from game.desktop.fields import TextField
from game.desktop.house import House
from game.desktop.scenes.title import TitleScene
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Key


class Room(Scene):
    """A scene that writes down what happens to it."""

    def __init__(self, name: str, log: list[str]) -> None:
        super().__init__()
        self.name = name
        self.log = log
        self.drawn = 0
        self.moving = False

    def enter(self) -> None:
        self.log.append(f"{self.name} enters")

    def layout(self, size: tuple[int, int]) -> None:
        self.log.append(f"{self.name} {size[0]}x{size[1]} at {self.theme.scale}")

    def update(self, dt: float) -> bool:
        return super().update(dt) or self.moving

    def draw(self, surface: pygame.Surface) -> None:
        super().draw(surface)
        self.drawn += 1

    def save(self) -> None:
        self.log.append(f"{self.name} saves")

    def leave(self) -> None:
        self.log.append(f"{self.name} leaves")


@pytest.fixture
def window():
    apps = []

    def make(**more: object) -> App:
        apps.append(App(Theme(reduced_motion=True), headless=True, **more))
        return apps[-1]

    yield make
    pygame.display.quit()


def test_scenes_are_entered_laid_out_saved_and_left_in_order(window):
    app, log = window(), []
    app.push(Room("title", log))
    app.push(Room("workshop", log))
    app.pop()
    app.replace(Room("levels", log))
    assert log == [
        "title enters", "title 1280x720 at 1.0", "title saves", "title leaves",
        "workshop enters", "workshop 1280x720 at 1.0", "workshop saves", "workshop leaves",
        "title enters", "title 1280x720 at 1.0", "title saves", "title leaves",
        "levels enters", "levels 1280x720 at 1.0",
    ]  # fmt: skip
    app.pop()
    assert (app.scene, app.running) == (None, False)


def test_nothing_is_drawn_while_nothing_changes(window):
    app, room = window(), Room("title", [])
    app.push(room)
    assert [app.frame([], 0.016) for _ in range(4)] == [True, False, False, False]
    room.moving = True
    assert app.frame([], 0.016)
    room.moving = False
    app.frame([], 0.016)
    assert app.frame([key("a")], 0.016)
    assert room.drawn == app.frames == 3


def test_ctrl_plus_minus_and_zero_change_the_scale_and_tell_the_settings(window):
    told = []
    app, log = window(on_settings=lambda *settings: told.append(settings)), []
    app.push(Room("title", log))
    for stroke in ("ctrl+equals", "ctrl+plus", "ctrl+minus", "ctrl+0"):
        app.frame([key(stroke)], 0.016)
    assert told == [(1.15, False), (1.3, False), (1.15, False), (1.0, False)]
    assert log[-1] == "title 1280x720 at 1.0"
    for _ in range(20):
        app.frame([key("ctrl+equals")], 0.016)
    assert app.theme.scale == 2.5


def test_ctrl_plus_enlarges_also_a_window_whose_size_chose_the_scale_so_far(window):
    house = House(None, helpers=False)
    app = window(on_settings=lambda scale, _: house.set(replace(house.settings, scale=scale)))
    app.push(TitleScene(house))
    assert house.settings.scale == 0
    for wanted in (1.15, 1.3):
        app.frame([key("ctrl+plus")], 0.016)
        assert app.theme.scale == house.settings.scale == wanted
    assert [toast.text for toast in app._toasts] == ["Everything at 130 %"]
    app.frame([key("ctrl+0")], 0.016)
    assert app.theme.scale == 1.0


def test_full_screen_comes_and_goes_with_f11(window):
    told = []
    app = window(on_settings=lambda *settings: told.append(settings))
    app.push(Room("title", []))
    app.frame([key("f11")], 0.016)
    app.frame([key("f11")], 0.016)
    assert (told, app.surface.get_size()) == ([(1.0, True), (1.0, False)], (1280, 720))


def test_a_resized_window_is_laid_out_anew(window):
    app, log = window(), []
    app.push(Room("title", log))
    pygame.display.set_mode((1100, 700), pygame.RESIZABLE)
    app.frame([pygame.event.Event(pygame.WINDOWSIZECHANGED, x=1100, y=700)], 0.016)
    assert log[-1] == "title 1100x700 at 1.0"


def test_a_window_is_never_smaller_than_the_game_needs(window):
    assert window(size=(300, 200)).surface.get_size() == (1024, 640)


class Breaking(Room):
    def update(self, dt: float) -> bool:
        raise RuntimeError("the roof came down")


def test_work_is_saved_when_a_scene_breaks(window):
    app, log = window(), []
    app.push(Room("title", log))
    with pytest.raises(RuntimeError, match="roof"):
        app.run(Breaking("workshop", log))
    assert log[-2:] == ["workshop saves", "title saves"]
    assert not pygame.display.get_init()


class Unsaving(Room):
    def save(self) -> None:
        raise OSError("the disk is full")


def test_one_scene_that_cannot_save_keeps_no_other_from_it(window):
    app, log = window(), []
    app.scenes.append(Room("title", log))
    app.scenes.append(Unsaving("levels", log))
    with pytest.raises(RuntimeError, match="roof") as caught:
        app.scenes.append(Breaking("workshop", log))
        app.running = True
        try:
            app.frame([], 0.1)
        finally:
            try:
                app._save_all()
            except OSError as error:
                log.append(str(error))
    assert caught and log == ["workshop saves", "title saves", "the disk is full"]


def test_closing_the_window_ends_the_loop_and_saves(window):
    app, log = window(), []
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    app.run(Room("title", log))
    assert log[-1] == "title saves"


def test_the_letter_of_a_key_that_opened_a_scene_is_not_typed_there(window):
    app = window()
    field = TextField()

    class Form(Scene):
        def enter(self) -> None:
            self.focus.set([field])
            self.focus.give(field)

    first = Scene()
    button = Button("Open", lambda: app.push(Form()))
    first.focus.set([button])
    first.focus.give(button)
    app.running = True
    app.push(first)
    app.frame(typed(" "), 0.016)
    assert (field.focused, field.text) == (True, "")
    app.frame(typed("x"), 0.016)
    assert field.text == "x"


def test_the_letter_of_a_shortcut_is_not_typed_anywhere(window):
    app, field, form = window(), TextField(), Scene()
    button = Button("Find", lambda: form.focus.give(field), keys=[Key(pygame.K_f)])
    form.focus.set([button, field])
    form.focus.give(button)
    app.push(form)
    app.frame([*typed("f"), *typed("ab")], 0.016)
    app.frame([key("ctrl+plus"), pygame.event.Event(pygame.TEXTINPUT, text="+"), *typed("c")], 0.016)
    assert field.text == "abc"


def _held(code: int, mod: int, letter: str) -> list[pygame.event.Event]:
    """A key pressed with others held, and the letter X11 types for it."""
    return [
        pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode=letter, scancode=0),
        pygame.event.Event(pygame.TEXTINPUT, text=letter),
    ]


def test_the_letter_of_a_key_held_with_ctrl_or_alt_is_an_order_and_not_typed(window):
    app, form, found = window(), Scene(), []
    editor = CodeEditor()
    jump = Button("Next", lambda: found.append("next"), keys=[Key(pygame.K_t, pygame.KMOD_ALT)])
    form.focus.set([editor, jump])
    form.focus.give(editor)
    app.push(form)
    app.frame(_held(pygame.K_1, pygame.KMOD_LCTRL, "1"), 0.016)
    app.frame(_held(pygame.K_t, pygame.KMOD_LALT, "t"), 0.016)
    assert (editor.text, found) == ("", ["next"])
    app.frame(_held(pygame.K_q, pygame.KMOD_RALT, "@"), 0.016)  # AltGr, or a Mac's Option
    assert editor.text == "@"


def test_letters_that_come_without_a_key_are_typed_though_a_shortcut_came_before(window):
    app, form, editor = window(), Scene(), CodeEditor()
    form.focus.set([editor])
    form.focus.give(editor)
    app.push(form)
    app.frame(
        [*_held(pygame.K_1, pygame.KMOD_LCTRL, "1"), pygame.event.Event(pygame.KEYUP, key=pygame.K_1)], 0.016
    )
    app.frame([pygame.event.Event(pygame.TEXTINPUT, text="é")], 0.016)  # an input method's
    assert editor.text == "é"


def test_a_scene_fades_in_over_the_last_one_and_not_with_reduced_motion(window):
    for reduced, frames in ((True, 1), (False, 5)):
        app = window()
        app.theme = Theme(reduced_motion=reduced)
        app.running = True
        app.push(Room("title", []))
        while app.frame([], 0.05):
            pass
        before = app.frames
        app.push(Room("levels", []))
        while app.frame([], 0.05):
            pass
        assert app.frames - before == frames


class Coloured(Scene):
    """A scene of one colour, with a stripe in its middle."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self.colour = colour

    def draw(self, surface: pygame.Surface) -> None:
        surface.fill(self.colour)
        surface.fill("white", (surface.get_width() // 2, 0, 40, 40))


def test_the_scene_before_is_drawn_away_onward_or_back_and_a_press_ends_it(window):
    app = window(size=(1280, 720))
    app.theme = app.theme.but(reduced_motion=False)
    app.running = True
    app.push(Coloured("black"))
    app.frame([], 0.1)
    app.push(Coloured("red"))
    app.frame([], 0.02)
    assert app.surface.get_at((300, 600))[:3] not in ((0, 0, 0), (255, 0, 0)), "both are to be seen"
    assert app.surface.get_at((635, 10))[1] > 0, "the stripe of the scene before has moved to the left"
    app.frame([key("a")], 0.01)
    assert app._fading is None and app.surface.get_at((300, 600))[:3] == (255, 0, 0)
    app.pop()
    app.frame([], 0.02)
    assert app.surface.get_at((682, 10))[1] > 0, "and back to the right"


def test_what_is_drawn_away_is_quick_at_first_and_slower_and_slower():
    gone = [eased(part / 10) for part in range(11)]
    steps = [later - sooner for sooner, later in itertools.pairwise(gone)]
    assert (gone[0], gone[-1]) == (0, 1) and steps == sorted(steps, reverse=True) and min(steps) > 0


def test_a_toast_is_shown_and_goes(window):
    app = window()
    app.running = True
    app.push(Room("title", []))
    app.frame([], 0.016)
    app.toast("Saved.", seconds=0.1)
    assert [app.frame([], 0.06) for _ in range(4)] == [True, True, False, False]


def test_a_scene_is_rendered_without_a_window():
    pygame.display.quit()
    picture = render(Room("title", []), (640, 400), 2.0)
    assert picture.get_size() == (640, 400)
    assert picture.get_at((5, 5))[:3] == Theme().palette.paper
    assert not pygame.display.get_init()


def test_without_a_screen_it_says_so(monkeypatch):
    pygame.display.quit()
    with pytest.raises(NoDisplay, match="no display to open a window on"):
        App(Theme())
    assert not pygame.display.get_init()


def test_a_machine_without_display_is_told_apart_from_one_with():
    code = (
        "from game.desktop.app import App, NoDisplay\nfrom game.desktop.theme import Theme\n"
        "try:\n    App(Theme())\nexcept NoDisplay as error:\n    print(error)"
    )
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.startswith("there is no display to open a window on")


class OldPygame:
    class version:
        ver = "2.6.1"


class Gutted:
    """What is left of both when one of the two is uninstalled."""


@pytest.mark.parametrize("found", [OldPygame, Gutted])
def test_another_pygame_is_refused_with_the_way_out(found, monkeypatch):
    monkeypatch.setattr(app_module, "pygame", found)
    with pytest.raises(WrongPygame, match="pip uninstall -y pygame pygame-ce"):
        check_pygame()


def test_a_press_is_taken_at_once_and_a_movement_when_the_next_frame_is_due(window, monkeypatch):
    now = [10.0]
    app = window(clock=lambda: now[0])
    moved = pygame.event.Event(pygame.MOUSEMOTION, pos=(1, 1), rel=(1, 1), buttons=(0, 0, 0))
    coming = [(0.004, moved), (0.008, key("a")), (0.5, moved)]

    def wait(left: int) -> pygame.event.Event:
        if coming and coming[0][0] + 10.0 <= now[0] + left / 1000:
            now[0], event = coming[0][0] + 10.0, coming[0][1]
            del coming[0]
            return event
        now[0] += left / 1000
        return pygame.event.Event(pygame.NOEVENT)

    monkeypatch.setattr(pygame.event, "wait", wait)
    monkeypatch.setattr(pygame.event, "get", list)
    app._began = 10.0
    assert [event.type for event in app._wait(0.0)] == [pygame.MOUSEMOTION, pygame.KEYDOWN]
    assert now[0] == pytest.approx(10.008)
    assert app._wait(0.0) == []
    assert now[0] == pytest.approx(10.008 + app_module.FRAME, abs=0.0015)
