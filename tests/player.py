"""A window with nobody in front of it, and hands for the keyboard and the mouse."""

from __future__ import annotations

import os
import time

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from game.desktop.app import App
from game.desktop.house import House
from game.desktop.looks import theme_of
from game.desktop.scenes.workshop import open_level
from game.desktop.theme import Theme


class Player:
    """A window with nobody in front of it, and hands for the keyboard and the mouse."""

    def __init__(self, folder, *, helpers=False, size=(1280, 720), settings=None, packs=None):
        self.house = House(folder, helpers=helpers, pack_folders=packs)
        look = Theme(1.0, reduced_motion=True)
        if settings is not None:
            self.house.settings = settings
            look = theme_of(settings, settings.scale)
        self.app = App(look, size, headless=True)
        self.app.running = True

    def open(self, path, **how):
        open_level(self.app, self.house, path, **how)
        self.frame()
        return self.app.scene

    def frame(self, *events, dt=0.016):
        self.app.frame(events, dt)

    def key(self, code, mod=0, letter=""):
        pygame.key.set_mods(mod)
        down = pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode=letter)
        self.frame(down, pygame.event.Event(pygame.KEYUP, key=code, mod=mod))
        pygame.key.set_mods(0)

    def type(self, text):
        for letter in text:
            if letter == "\n":
                self.key(pygame.K_RETURN, letter="\r")
            else:
                self.frame(pygame.event.Event(pygame.TEXTINPUT, text=letter))

    def point(self, at):
        self.frame(pygame.event.Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0)))

    def click(self, at):
        self.frame(pygame.event.Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0)))
        for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            self.frame(pygame.event.Event(kind, pos=at, button=1))

    def drag(self, start, end, button=1, steps=4):
        """Press at a point, move to another in so many steps, let go there."""
        self.frame(pygame.event.Event(pygame.MOUSEMOTION, pos=start, rel=(0, 0), buttons=(0, 0, 0)))
        self.frame(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=start, button=button))
        held = tuple(int(one == button) for one in (1, 2, 3))
        before = start
        for step in range(1, steps + 1):
            here = tuple(round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))
            rel = (here[0] - before[0], here[1] - before[1])
            self.frame(pygame.event.Event(pygame.MOUSEMOTION, pos=here, rel=rel, buttons=held))
            before = here
        self.frame(pygame.event.Event(pygame.MOUSEBUTTONUP, pos=end, button=button))

    def wheel(self, at, by):
        """Turn the wheel over a point."""
        self.frame(pygame.event.Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0)))
        self.frame(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=by, precise_x=0.0, precise_y=float(by)))

    def wait(self, until, seconds=20.0):
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, "it did not come"
            self.frame(dt=0.05)
            time.sleep(0.004)

    def close(self):
        self.app._save_all()
        self.house.close()
        pygame.display.quit()
