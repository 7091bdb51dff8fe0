"""The game in a window on a display of its own, and somebody with a mouse and a keyboard before it."""

import ctypes
import ctypes.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SIZE = (1280, 720)
NEEDS_X = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="Xvfb and xdotool are needed"
)


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

    def drag(self, start, end, steps=4):
        """Press at a point, move to another in so many steps, let go there."""
        words = ["mousemove", *map(str, start), "sleep", "0.05", "mousedown", "1"]
        for step in range(1, steps + 1):
            here = (round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))
            words += ["mousemove", *map(str, here), "sleep", "0.04"]
        self.do(*words, "mouseup", "1", "sleep", "0.05")

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
