"""The game in a real window, played with a real mouse and keyboard (under Xvfb), and closed in every way."""

import ctypes
import ctypes.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ("letter = belt.get()", "deliver(letter)")
SIZE = (1280, 720)

pytestmark = [
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="Xvfb and xdotool are needed"
    ),
    pytest.mark.timeout(90),
]


@pytest.fixture(scope="module")
def display():
    """The number of a display of our own."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(10)


class Window:
    """The game as a process, and somebody in front of it."""

    def __init__(self, display, home, *arguments):
        self.home = home
        self.environment = {
            **os.environ,
            "DISPLAY": display,
            "DRAUGHTY_HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "SDL_VIDEODRIVER": "x11",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "game", "play", *arguments],
            cwd=ROOT,
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_open(self):
        """The inspector and the office are started after the first picture."""
        self.wait(lambda: len(self.processes()) >= 3)

    def close(self):
        """As the cross in the corner does; there is no window manager here to draw one."""
        self.do("mousemove", "640", "360")
        found = self.do("getmouselocation", "--shell").stdout
        number = next(
            line.removeprefix("WINDOW=") for line in found.splitlines() if line.startswith("WINDOW=")
        )
        ask_to_close(self.environment["DISPLAY"], int(number))

    def do(self, *words):
        return subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True)

    def wait(self, until, seconds=20.0):
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, "it did not come"
            assert self.process.poll() is None, self.process.stderr.read()
            time.sleep(0.05)

    def click(self, at):
        self.do("mousemove", *map(str, at), "sleep", "0.05", "click", "1")

    def key(self, *names):
        for name in names:
            self.do("key", name)
            time.sleep(0.05)

    def type(self, text):
        self.do("type", "--delay", "8", text)

    def progress(self):
        try:
            return json.loads((self.home / "progress.json").read_text())["levels"]
        except FileNotFoundError:
            return {}

    def processes(self):
        """Every process that belongs to this game, by the folder in its environment."""
        marker = f"DRAUGHTY_HOME={self.home}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                mine = marker in (folder / "environ").read_bytes().split(b"\0")
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if mine and state != "Z":
                found.append(int(folder.name))
        return found

    def ended(self):
        """The exit code, once the game and everything it started is gone."""
        code = self.process.wait(15)
        end = time.monotonic() + 10
        while self.processes():
            assert time.monotonic() < end, f"left behind: {self.processes()}"
            time.sleep(0.05)
        return code

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()


@pytest.fixture
def window(display, tmp_path):
    opened = []

    def open_window(*arguments):
        opened.append(Window(display, tmp_path, *arguments))
        opened[-1].wait_until_open()
        return opened[-1]

    yield open_window
    for one in opened:
        one.kill()


class ClientMessage(ctypes.Structure):
    """XClientMessageEvent, padded to the size of XEvent."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("padding", ctypes.c_long * 12),
    )


def ask_to_close(display, window):
    """Send WM_DELETE_WINDOW, as a window manager does."""
    x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XSendEvent.argtypes = [
        ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p,
    ]  # fmt: skip
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    server = x11.XOpenDisplay(display.encode())
    protocols = x11.XInternAtom(server, b"WM_PROTOCOLS", 0)
    delete = x11.XInternAtom(server, b"WM_DELETE_WINDOW", 0)
    message = ClientMessage(type=33, window=window, message_type=protocols, format=32)
    message.data[0] = delete
    assert x11.XSendEvent(server, window, 0, 0, ctypes.byref(message))
    x11.XCloseDisplay(server)


def places():
    """Where things stand in a window of this size, from scenes laid out without one."""
    script = f"""
import json, os
os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy")
from pathlib import Path
from game.desktop.app import render
from game.desktop.house import House
from game.desktop.scenes.title import TitleScene
from game.desktop.scenes.workshop import WorkshopScene
house = House(None, helpers=False)
title = TitleScene(house)
render(title, {SIZE})
path = next(Path("levels/post_office").glob("11*.yaml"))
workshop = WorkshopScene(house, path, house.level(path))
render(workshop, {SIZE})
print(json.dumps({{
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


@pytest.mark.parametrize("way", ["close", "SIGINT", "SIGTERM", "SIGKILL"])
def test_nothing_is_left_however_the_window_is_closed(window, way):
    game = window("1.1")
    time.sleep(1.0)
    game.type("deliver(1)")
    game.key("F5")
    time.sleep(0.3)  # clerks are at work, or hang
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
