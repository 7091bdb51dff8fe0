"""An hour of play, through the events of a real window, and how much memory it takes.

    python benchmarks/soak_play.py [MINUTES] [SEED]

A player who never tires goes from level to level: opens it, reads a hint, types a wrong answer, runs it on
real clerks, scrubs through the film, types the reference, runs it, takes the verdict, and in between clicks
and presses keys without sense. Time in the window runs as fast as frames can be drawn (60 to a second of
play); inspector and office are real. Prints the window's own resident memory and that of all it started, and
exits with 1 when the window takes more than 250 MB or still grows by more than 2 % in the second half.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

import pygame

if TYPE_CHECKING:
    from game.desktop.scenes.workshop import WorkshopScene
    from game.level.model import Answer, Level

LIMIT = 250.0
GROWTH = 0.02
FRAME = 1 / 60
SIZES = ((1280, 720), (1024, 640), (1600, 900))
SENSELESS = "tab tab tab return space left right up down home end backspace delete a x 1 2 f1 f8 escape"


def resident(pid: int) -> float:
    """Megabytes a process holds in memory (Rss of /proc/PID/smaps_rollup); 0 when it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Rss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def started_by(pid: int) -> list[int]:
    """All processes below this one."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *started_by(child)]
    return found


class Hands:
    """The player's hands, and the clock on the wall."""

    def __init__(self, seed: int, folder: Path) -> None:
        from game.desktop.app import App
        from game.desktop.house import House
        from game.desktop.litter import Litter
        from game.desktop.theme import Theme

        self.random = random.Random(seed)
        self.house = House(folder)
        self.app = App(Theme(1.0), (1280, 720), headless=True)
        self.app.running = True
        self.played = self.still = 0.0
        self.frames = 0
        self.moving = False
        self.litter = Litter()

    def frame(self, *events: pygame.event.Event) -> None:
        drew = self.app.frame(events, FRAME)
        # As the window's own loop does.
        self.still = 0.0 if events or (drew and self.moving) else self.still + FRAME
        self.litter.tidy(self.still, self.app.scene)
        self.moving = drew
        self.played += FRAME
        self.frames += 1

    def rest(self, seconds: float) -> None:
        for _ in range(round(seconds / FRAME)):
            self.frame()

    def key(self, name: str, mod: int = 0) -> None:
        code = pygame.key.key_code(name)
        letter = name if len(name) == 1 and not mod else ""
        self.frame(pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode=letter, scancode=0))
        if letter:
            self.frame(pygame.event.Event(pygame.TEXTINPUT, text=letter))
        self.frame(pygame.event.Event(pygame.KEYUP, key=code, mod=mod, unicode="", scancode=0))

    def click(self, at: tuple[int, int]) -> None:
        self.frame(pygame.event.Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0)))
        for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            self.frame(pygame.event.Event(kind, pos=at, button=1))

    def write(self, scene: WorkshopScene, name: str, text: str) -> None:
        """Type over everything on a sheet: some of it letter by letter, then the whole from the clipboard."""
        from game.desktop.editor import CodeEditor

        scene.desk.show(name)
        sheet = scene.desk.sheets[name]
        if not isinstance(sheet, CodeEditor):  # cards to put in order: senseless clicks move them
            return
        self.key("a", pygame.KMOD_LCTRL)
        for letter in text.replace("\n", " ")[:60]:
            self.frame(pygame.event.Event(pygame.TEXTINPUT, text=letter))
        self.key("a", pygame.KMOD_LCTRL)
        sheet.clipboard.put(text)
        self.key("v", pygame.KMOD_LCTRL)
        self.rest(0.5)

    def senseless(self, times: int) -> None:
        """Clicks and keys without any sense."""
        width, height = self.app.surface.get_size()
        for _ in range(times):
            if not self.app.running or self.app.scene is None:
                return
            if self.random.random() < 0.5:
                self.click((self.random.randrange(width), self.random.randrange(60, height)))
            else:
                self.key(self.random.choice(SENSELESS.split()))
            self.rest(0.2)

    def resize(self) -> None:
        size = self.random.choice(SIZES)
        self.app.surface = pygame.display.set_mode(size, pygame.RESIZABLE)
        self.frame(pygame.event.Event(pygame.VIDEORESIZE, size=size, w=size[0], h=size[1]))


def answers(level: Level, mine: random.Random) -> Iterator[Answer]:
    """What is tried: some wrong ones, then the reference."""
    wrong = list(level.wrong)
    mine.shuffle(wrong)
    yield from (one.answer for one in wrong[:2])
    yield level.reference


def play_level(hands: Hands, path: Path) -> None:
    from game.desktop.scenes.workshop import WorkshopScene, open_level

    open_level(hands.app, hands.house, path)
    hands.rest(1.0)
    scene = hands.app.scene
    if not isinstance(scene, WorkshopScene):
        raise SystemExit(f"{path.name} does not open")
    hands.key("f8")
    hands.rest(2.0)
    hands.key("escape")
    for answer in answers(scene.level, hands.random):
        if hands.app.scene is not scene:
            break
        for name, text in answer.scripts.items():
            hands.write(scene, name, text)
        hands.key("f5")
        judged(hands, scene)
        for stroke in ("home", "right", "right", "end", "left"):
            hands.key(stroke, pygame.KMOD_LALT)
            hands.rest(0.4)
        hands.senseless(6)
    leave(hands)


def judged(hands: Hands, scene: WorkshopScene, seconds: float = 20.0) -> None:
    """Until the trial is over: frames go on, and the helpers get the time they need."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and hands.app.scene is scene and scene.work.busy:
        hands.frame()
        time.sleep(0.001)
    hands.rest(1.5)


def leave(hands: Hands) -> None:
    """Back to the levels, whatever lies open."""
    from game.desktop.scenes.levels import LevelsScene

    while len(hands.app.scenes) > 1:
        hands.app.pop()
    if not isinstance(hands.app.scene, LevelsScene):
        hands.app.running = True
        if hands.app.scene is None:
            hands.app.push(LevelsScene(hands.house))
        else:
            hands.app.replace(LevelsScene(hands.house))
    hands.rest(0.5)


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    from game.desktop.scenes.levels import LevelsScene

    own, below, marks = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        hands = Hands(seed, Path(folder))
        hands.app.push(LevelsScene(hands.house))
        hands.house.open_helpers()
        paths = [card.path for campaign in hands.house.campaigns for card in campaign.levels]
        began, next_mark = time.monotonic(), 0.0
        print("minute   window MB   all it started MB")
        while hands.played < minutes * 60:
            play_level(hands, hands.random.choice(paths))
            if hands.random.random() < 0.3:
                hands.resize()
            if hands.played / 60 >= next_mark:
                own.append(resident(os.getpid()))
                below.append(sum(map(resident, started_by(os.getpid()))))
                marks.append(hands.played / 60)
                print(f"{marks[-1]:6.1f}   {own[-1]:9.1f}   {below[-1]:17.1f}", flush=True)
                next_mark = marks[-1] + minutes / 24
        took = time.monotonic() - began
        hands.app._save_all()
        hands.house.close()
    half = own[len(own) // 2 :]
    third = max(1, len(half) // 3)
    growth = statistics.median(half[-third:]) / statistics.median(half[:third]) - 1
    print(
        f"{hands.frames:,} frames, {minutes:g} minutes of play in {took / 60:.1f}; most {max(own):.0f} MB, "
        f"second half {growth:+.1%}"
    )
    return 1 if max(own) > LIMIT or growth > GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
