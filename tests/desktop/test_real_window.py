"""The game in a real window, played with a real mouse and keyboard (under Xvfb), and closed in every way."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from window_in_x import NEEDS_X, ROOT, SIZE

SOLUTION = ("letter = belt.get()", "deliver(letter)")

pytestmark = [NEEDS_X, pytest.mark.timeout(90)]


def places():
    """Where things stand in a window of this size, from scenes laid out without one."""
    script = f"""
import json, os
os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy")
from pathlib import Path
from game.desktop.app import render
from game.desktop.house import House
from game.desktop.scenes.browser import BrowserScene
from game.desktop.scenes.title import TitleScene
from game.desktop.scenes.workshop import WorkshopScene
house = House(None, helpers=False)
title = TitleScene(house)
render(title, {SIZE})
path = next(Path("levels/post_office").glob("11*.yaml"))
workshop = WorkshopScene(house, path, house.level(path))
render(workshop, {SIZE})
browser = BrowserScene(house, read_at_once=True)
render(browser, {SIZE})
row = next(row for row in browser._shown_rows() if row.entry.id == "1.3")
print(json.dumps({{
    "preview": browser._preview.rect.center,
    "row": row.rect.center,
    "play": title._play.rect.center,
    "open": workshop._actions["open"].rect.center,
    "script": workshop.desk.sheets["bob"].rect.center,
}}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def test_a_newcomer_solves_the_first_level_with_mouse_and_typing(window):
    at = places()
    game = window()
    game.click(at["play"])
    time.sleep(1.5)
    game.click(at["open"])  # curious: what happens as it is?
    game.wait(lambda: game.progress().get("post_office/1.1", {}).get("attempts") == 1)
    time.sleep(0.3)
    game.click(at["script"])
    game.key("shift+Home")
    game.type(SOLUTION[0])
    game.key("Return")
    game.type(SOLUTION[1])
    time.sleep(0.3)
    game.click(at["open"])
    game.wait(lambda: game.progress().get("post_office/1.1", {}).get("stars") == 3)


def test_the_first_level_is_solved_and_the_game_left_by_keyboard_alone(window):
    game = window()
    time.sleep(0.5)
    game.key("Return")
    time.sleep(1.5)
    game.type(SOLUTION[0])
    game.key("Return")
    game.type(SOLUTION[1])
    game.key("F5")
    game.wait(lambda: game.progress().get("post_office/1.1", {}).get("stars") == 3)
    time.sleep(0.5)
    game.key("Return")  # on to 1.2
    time.sleep(1.0)
    game.type("# hello")
    time.sleep(1.5)
    assert "# hello" in game.progress()["post_office/1.2"]["answers"][0]["scripts"]["bob"]
    game.key("Escape", "Escape")
    time.sleep(0.5)
    game.key("Down", "Down", "Down", "Down", "Down", "Down", "Return")  # Continue, Levels, Free play, …, Quit
    assert game.ended() == 0


def test_the_first_level_is_solved_with_what_is_offered(window):
    game = window("1.1")
    game.wait_until_open()
    game.key("shift+F10")  # no guide
    game.type("letter = be")
    time.sleep(0.3)
    game.key("Tab")
    game.type(".g")
    time.sleep(0.3)
    game.key("Tab", "Return")
    game.type("deli")
    time.sleep(0.3)
    game.key("Tab")
    game.type("let")
    time.sleep(0.3)
    game.key("Tab", "End")
    game.key("F2", "Escape", "ctrl+e", "Escape")  # the glossary and the whole program come and go
    game.key("F5")
    game.wait(lambda: game.progress().get("post_office/1.1", {}).get("stars") == 3)


def test_a_level_is_found_by_typing_and_another_by_its_office(window):
    at = places()
    game = window()
    time.sleep(0.5)
    game.key("Down", "Return")  # the map
    time.sleep(1.0)
    game.key("ctrl+f")
    time.sleep(0.5)
    game.type("mind chalk")
    game.key("Down", "Return")
    time.sleep(1.0)
    game.key("shift+F10", "ctrl+Home")
    game.type("# found")
    game.wait(lambda: "post_office/2.2" in game.progress())
    game.key("Escape", "Escape")  # out of the script, back to the list
    time.sleep(0.5)
    game.key("Escape")  # out of the search
    time.sleep(0.3)
    game.key("Home")
    time.sleep(0.3)
    game.click(at["row"])
    time.sleep(0.5)
    game.click(at["preview"])
    time.sleep(1.0)
    game.key("shift+F10", "ctrl+Home")
    game.type("# seen")
    game.wait(lambda: "post_office/1.3" in game.progress())


def loaded_for_3d(pid):
    """The libraries of OpenGL a process has in memory: a hundred megabytes where there is no card for it."""
    maps = (Path("/proc") / str(pid) / "maps").read_text()
    return sorted({line.split("/")[-1] for line in maps.splitlines() if "libGL" in line or "libLLVM" in line})


@pytest.mark.parametrize("way", ["close", "SIGINT", "SIGTERM", "SIGKILL"])
def test_nothing_is_left_however_the_window_is_closed(window, way):
    game = window("1.1")
    time.sleep(1.0)
    game.type("deliver(1)")
    game.key("F5")
    time.sleep(0.3)  # clerks are at work, or hang
    assert not loaded_for_3d(game.process.pid)
    if way == "close":
        game.close()
        assert game.ended() == 0
    else:
        game.process.send_signal(getattr(signal, way))
        code = game.ended()
        assert code == {"SIGINT": 130, "SIGTERM": 0, "SIGKILL": -9}[way]
    if way != "SIGKILL":
        assert "deliver(1)" in game.progress()["post_office/1.1"]["answers"][0]["scripts"]["bob"]


def test_without_a_display_it_says_so(tmp_path):
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    environment |= {"DRAUGHTY_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment.pop("SDL_VIDEODRIVER", None)
    done = subprocess.run(
        [sys.executable, "-m", "game", "play"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 69
    assert "no display" in done.stderr and "Traceback" not in done.stderr
