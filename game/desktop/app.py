"""The window and its loop: a stack of scenes, one shown; redrawn only when something changed.

What a scene shows and decides is the scene's. Nothing of pygame's display is touched before an App is made,
and `render` draws a scene without any window.
"""

from __future__ import annotations

import contextlib
import os
import time
import warnings
from collections.abc import Callable, Iterable

import pygame

from game.desktop.fields import commands
from game.desktop.keys import BY_NAME
from game.desktop.litter import Litter
from game.desktop.sounds import Sounds
from game.desktop.theme import LARGEST, SMALLEST, Theme
from game.desktop.widgets import Caption, Focus, Toast
from game.language import say

Event = pygame.event.Event

TITLE = say("The Draughty Post Office")
SMALLEST_WINDOW = (1024, 640)
FRAME = 1 / 60
AT_ONCE = frozenset((pygame.KEYDOWN, pygame.TEXTINPUT, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP))
"""What is shown without waiting for the next frame to be due."""
FADE = 0.2
"""Seconds the scene before takes to be drawn away from over the next one, which has been there from the first
frame on. Any press ends it."""
DRAWN_AWAY = 36
"""How far it goes meanwhile, in lengths of the design: onward to the left, back to the right."""
FULL_SCREEN = BY_NAME["full screen"].keys
LARGER = BY_NAME["larger"].keys
SMALLER = BY_NAME["smaller"].keys
ORIGINAL = BY_NAME["original size"].keys
SCALES = (0.75, 0.85, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.25, 2.5)


class WrongPygame(Exception):
    """The pygame that is installed is not pygame-ce, or it is broken; the message says what to do."""


class NoDisplay(Exception):
    """There is no screen to open a window on; the message says so and what works without one."""


def check_pygame() -> None:
    """Raise WrongPygame unless `import pygame` gives a whole pygame-ce.

    Installed together, the two overwrite each other's files: neither name can be trusted then."""
    if not getattr(pygame, "IS_CE", False) or not hasattr(pygame, "init"):
        found = getattr(getattr(pygame, "version", None), "ver", "a broken installation")
        raise WrongPygame(
            f"this game needs pygame-ce, but `import pygame` gives {found} of something else. "
            "Put it right with: python -m pip uninstall -y pygame pygame-ce && "
            "python -m pip install pygame-ce"
        )


class Scene:
    """One full view of the window: a title, a map, the workshop. Subclasses fill `layout` and `draw`.

    `self.focus` holds its widgets; events a scene does not take itself should go there. A scene's `update`
    says whether the picture changed, so that a still picture costs nothing."""

    def __init__(self) -> None:
        self.focus = Focus()
        self._app: App | None = None
        self._theme: Theme | None = None

    @property
    def app(self) -> App:
        assert self._app is not None, "a scene has an app only once it was entered"
        return self._app

    @property
    def theme(self) -> Theme:
        """The look to draw with, now."""
        if self._app is not None:
            return self._app.theme
        assert self._theme is not None, "a scene has a theme once it was entered or is rendered"
        return self._theme

    def enter(self) -> None:
        """It is shown, for the first time or again: after `app` and `theme` are there, before `layout`."""

    def layout(self, size: tuple[int, int]) -> None:
        """Place the widgets: after enter, and whenever the window or the scale changes."""

    def handle(self, event: Event) -> None:
        self.focus.handle(event)

    def update(self, dt: float) -> bool:
        """Let `dt` seconds pass; True when the picture changed."""
        return self.focus.update(dt)

    def draw(self, surface: pygame.Surface) -> None:
        """Draw everything; a scene that has only widgets need not write this."""
        surface.fill(self.theme.palette.paper)
        self.focus.draw(surface, self.theme)

    @property
    def takes_any_key(self) -> bool:
        """Whether it wants to know the keys themselves just now, not what they mean."""
        return False

    def save(self) -> None:
        """Put the player's work in safety. Called on every way out, also when the game breaks."""

    def leave(self) -> None:
        """It is no longer shown."""

    @property
    def cursor(self) -> int:
        return self.focus.cursor


class App:
    """The window. `on_settings(scale, full_screen)` is told when the player changes how it looks."""

    def __init__(
        self,
        theme: Theme,
        size: tuple[int, int] = (1280, 720),
        *,
        title: str = TITLE,
        headless: bool = False,
        full_screen: bool = False,
        clock: Callable[[], float] = time.perf_counter,
        on_settings: Callable[[float, bool], object] | None = None,
    ) -> None:
        check_pygame()
        self.theme = theme
        self.headless = headless
        self.full_screen = False
        self.scenes: list[Scene] = []
        self.running = False
        self.frames = 0  # drawn so far
        self._clock = clock
        self._began = 0.0  # when the last frame did
        self._on_settings = on_settings
        self.sounds = Sounds(silent=headless, caption=self.caption)
        self._caption: Caption | None = None
        self._size = (max(size[0], SMALLEST_WINDOW[0]), max(size[1], SMALLEST_WINDOW[1]))
        self._toasts: list[Toast] = []
        self._dirty = True
        self._swallow = False
        self._fading: tuple[pygame.Surface, float] | None = None
        self._onward = True
        self._cursor = pygame.SYSTEM_CURSOR_ARROW
        self._open_window(title)
        if full_screen:
            self.toggle_full_screen()

    def _open_window(self, title: str) -> None:
        try:
            pygame.display.init()
        except pygame.error as error:
            raise NoDisplay(_no_display(str(error))) from error
        driver = pygame.display.get_driver()
        # Without any display SDL does not fail: it draws on nothing, for ever.
        if driver in ("offscreen", "dummy") and not self.headless:
            pygame.display.quit()
            raise NoDisplay(_no_display(f"SDL only offers its {driver!r} driver"))
        if driver == "x11":
            # All is drawn in memory. SDL would hand every frame to OpenGL, which without a graphics card
            # costs three times as much as all the drawing; on Wayland there is no other way.
            os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
        # Asking for frames in step with the screen loads OpenGL, a hundred megabytes of it without a card.
        self._in_step = driver != "x11" or os.environ["SDL_FRAMEBUFFER_ACCELERATION"] != "0"
        pygame.font.init()
        pygame.display.set_caption(self.theme.said(title))
        self.surface = self._set_mode(self._size, pygame.RESIZABLE)
        pygame.key.set_repeat(380, 32)
        if not self.headless:
            self._keep_large_enough()

    def _set_mode(self, size: tuple[int, int], flags: int) -> pygame.Surface:
        if self.headless or not self._in_step:
            return pygame.display.set_mode(size, flags)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where there is no vsync, a warning says so, or an error
            try:
                return pygame.display.set_mode(size, flags, vsync=1)
            except pygame.error:
                return pygame.display.set_mode(size, flags)

    def _keep_large_enough(self) -> None:
        # Not every window manager cares, and not every pygame-ce can ask.
        with contextlib.suppress(AttributeError, pygame.error, ValueError):
            pygame.Window.from_display_module().minimum_size = SMALLEST_WINDOW

    # Scenes

    @property
    def scene(self) -> Scene | None:
        return self.scenes[-1] if self.scenes else None

    def push(self, scene: Scene) -> None:
        """Show a scene over the present one."""
        self._leave()
        self.scenes.append(scene)
        self._enter()

    def pop(self) -> None:
        """Back to the scene below; out of the last one means out of the game."""
        self._leave(onward=False)
        self.scenes.pop()
        if self.scenes:
            self._enter()
        else:
            self.quit()

    def replace(self, scene: Scene) -> None:
        """Show a scene instead of the present one."""
        self._leave()
        if self.scenes:
            self.scenes.pop()
        self.scenes.append(scene)
        self._enter()

    def _leave(self, *, onward: bool = True) -> None:
        if self.scene is not None:
            if self.frames and not self.theme.reduced_motion:
                self._fading = (self.surface.copy(), FADE)
                self._onward = onward
            self.scene.save()
            self.scene.leave()

    def _enter(self) -> None:
        assert self.scene is not None
        self.scene._app = self
        self.scene.enter()
        self.scene.layout(self.surface.get_size())
        self._dirty = True

    def quit(self) -> None:
        """Stop after this frame."""
        self.running = False

    def invalidate(self) -> None:
        """Draw again at the next frame."""
        self._dirty = True

    def toast(self, text: str, *, sign: str = "info", seconds: float = 4.0) -> None:
        """Say a sentence over whatever is shown."""
        self._toasts.append(Toast(text, sign=sign, seconds=seconds))
        self._dirty = True

    def caption(self, text: str) -> None:
        """Say in words what is heard; the next takes its place."""
        self._caption = Caption(text)
        self._dirty = True

    # How it looks

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self._lay_out()

    def set_scale(self, scale: float) -> None:
        """Make everything larger or smaller, and tell the settings."""
        scale = min(LARGEST, max(SMALLEST, scale))
        if scale != self.theme.scale:
            self.theme = self.theme.scaled(scale)
            self._tell_settings()  # first, for a scene asks them when it is laid out
            self._lay_out()
            self._toasts = [toast for toast in self._toasts if toast.sign != "search"]  # the last one counts
            self.toast(
                say("Everything at {percent} %", percent=round(scale * 100)), seconds=1.5, sign="search"
            )

    def step_scale(self, by: int) -> None:
        """To the next larger or smaller of the usual scales; 0 is the original size."""
        if not by:
            self.set_scale(1.0)
            return
        nearest = min(range(len(SCALES)), key=lambda i: abs(SCALES[i] - self.theme.scale))
        self.set_scale(SCALES[max(0, min(len(SCALES) - 1, nearest + by))])

    def toggle_full_screen(self) -> None:
        self.full_screen = not self.full_screen
        if self.full_screen:
            self._size = self.surface.get_size()
            self.surface = self._set_mode((0, 0), pygame.FULLSCREEN)
        else:
            self.surface = self._set_mode(self._size, pygame.RESIZABLE)
        self._lay_out()
        self._tell_settings()

    def _tell_settings(self) -> None:
        if self._on_settings is not None:
            self._on_settings(self.theme.scale, self.full_screen)

    def _lay_out(self) -> None:
        self._fading = None
        self._dirty = True
        if self.scene is not None:
            self.scene.layout(self.surface.get_size())

    # The loop

    def run(self, scene: Scene) -> None:
        """Show a scene and go on until the player leaves. Work is saved however it ends."""
        self.running = True
        try:
            self.push(scene)
            last = self._clock()
            quiet = still = 0.0
            moving = False
            litter = Litter()
            while self.running:
                events = self._wait(quiet)
                now = self._clock()
                drew = self.frame(events, min(0.1, now - last))
                quiet = 0.0 if drew or events else quiet + (now - last)
                # A caret that blinks moves nothing: two frames in a row do.
                still = 0.0 if events or (drew and moving) else still + (now - last)
                litter.tidy(still, self.scene)
                last, moving = now, drew
        finally:
            self._save_all()
            self.sounds.close()
            pygame.display.quit()

    def _wait(self, quiet: float) -> list[Event]:
        """The events since last time: once the next frame is due, which is a little later when nothing has
        been going on for a while; at once when one of them is somebody pressing something."""
        due = self._began + FRAME if quiet < FRAME * 2 else self._clock() + (FRAME if quiet < 0.5 else 0.05)
        events = pygame.event.get()
        while not any(event.type in AT_ONCE for event in events):
            left = int((due - self._clock()) * 1000)
            if left < 1:
                break
            first = pygame.event.wait(left)
            if first.type == pygame.NOEVENT:
                break
            events += [first, *pygame.event.get()]
            if quiet >= FRAME * 2:
                break
        self._began = self._clock()
        return events

    def _save_all(self) -> None:
        """Save every scene on the stack; one that cannot must not keep the others from it."""
        broken: Exception | None = None
        for scene in reversed(self.scenes):
            try:
                scene.save()
            except Exception as error:
                broken = broken or error
        if broken is not None:
            raise broken

    def frame(self, events: Iterable[Event], dt: float) -> bool:
        """One turn: take events, let time pass, draw if anything changed. True when it drew."""
        shown = self.scene
        for event in events:
            if event.type in (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN):
                self._fading = None
            if event.type == pygame.TEXTINPUT and self.scene is not shown:
                continue  # the letter of the key that led here
            self._handle(event)
        if self.scene is None:
            return False
        changed = self.scene.update(dt)
        changed = any([toast.update(dt) for toast in self._toasts[:1]]) or changed
        self._toasts = [toast for toast in self._toasts if toast.left > 0]
        if self._caption is not None and self._caption.update(dt):
            self._caption, changed = None, True
        if self._fading is not None:
            picture, left = self._fading
            self._fading = (picture, left - dt) if left > dt else None
            changed = True
        if not (changed or self._dirty):
            return False
        self._dirty = False
        self._draw()
        return True

    def _handle(self, event: Event) -> None:
        given = event
        pressed = event.type == pygame.KEYDOWN and (self.scene is None or not self.scene.takes_any_key)
        meant = self.theme.bindings.meant(event) if pressed else event
        if meant is None:
            return
        event = meant
        self._dirty = self._dirty or event.type not in (pygame.NOEVENT, pygame.ACTIVEEVENT)
        if event.type == pygame.KEYDOWN:
            self._swallow = meant is not given or commands(event)
        elif event.type == pygame.KEYUP:
            self._swallow = False  # what comes without a key after it, from an input method, is meant
        if event.type == pygame.TEXTINPUT and self._swallow:
            return  # X11 also types the 1 of Ctrl and 1
        if event.type == pygame.QUIT:
            self.quit()
        elif event.type in (pygame.VIDEORESIZE, pygame.WINDOWSIZECHANGED):
            self.surface = pygame.display.get_surface() or self.surface
            if not self.full_screen:
                self._size = self.surface.get_size()
            self._lay_out()
        elif any(key.fits(event) for key in FULL_SCREEN):
            self.toggle_full_screen()
        elif any(key.fits(event) for key in LARGER):
            self.step_scale(1)
        elif any(key.fits(event) for key in SMALLER):
            self.step_scale(-1)
        elif any(key.fits(event) for key in ORIGINAL):
            self.step_scale(0)
        elif self.scene is not None:
            self.scene.handle(event)

    def _draw(self) -> None:
        assert self.scene is not None
        self.scene.draw(self.surface)
        for toast in self._toasts[:1]:
            toast.draw(self.surface, self.theme)
        if self._caption is not None:
            self._caption.draw(self.surface, self.theme)
        if self._fading is not None:
            picture, left = self._fading
            gone = eased(1 - left / FADE)
            picture.set_alpha(round(255 * (1 - gone)))
            away = round(self.theme.px(DRAWN_AWAY) * gone)
            self.surface.blit(picture, (-away if self._onward else away, 0))
        self._point()
        pygame.display.flip()
        self.frames += 1

    def _point(self) -> None:
        cursor = self.scene.cursor if self.scene is not None else pygame.SYSTEM_CURSOR_ARROW
        if cursor != self._cursor and not self.headless:
            self._cursor = cursor
            pygame.mouse.set_cursor(cursor)


def eased(part: float) -> float:
    """How far a movement is after this part of its time, both from 0 to 1: quick at first, then slower and
    slower, as what is drawn away and let go."""
    return 1 - (1 - part) ** 3


def render(
    scene: Scene, size: tuple[int, int] = (1280, 720), scale: float = 1.0, *, theme: Theme | None = None
) -> pygame.Surface:
    """A picture of a scene, made without a window."""
    check_pygame()
    surface = pygame.Surface(size)
    scene._theme = theme or Theme(scale, reduced_motion=True)
    scene.enter()
    scene.layout(size)
    scene.draw(surface)  # a first time, for what is only known once it was drawn (how high a column came)
    scene.draw(surface)
    return surface


def _no_display(why: str) -> str:
    return (
        f"there is no display to open a window on ({why}). "
        "Everything but the window works from the command line: see --help."
    )
