"""Open the window and play: the one way in for the command line.

Everything that costs time is imported only once it is needed, so that the first picture comes soon; the
helpers' processes are started after it. However the game ends, the player's work is kept and no process of
ours is left.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from game.problems import ProblemsFound

if TYPE_CHECKING:
    from game.desktop.app import App
    from game.desktop.house import House

NO_DISPLAY: Final = 69
INTERRUPTED: Final = 130
BAD_FILE: Final = 2


def play(
    level: Path | str | None = None,
    watch: bool = False,
    *,
    plugins: Sequence[Path] = (),
    folder: Path | None = None,
    size: tuple[int, int] | None = None,
    say: Callable[[str], object] | None = None,
    on_start: Callable[[App], object] | None = None,
) -> int:
    """Show the title, or a level named by path, number or name; the exit code.

    `watch` reads the level's file again whenever it changes; `plugins` are loaded besides those that are
    installed. `folder` is where progress is kept instead of
    the player's own; `say` gets what would be said on the error stream. `on_start` is handed the App.
    """
    tell = say or _say
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        from game.desktop.app import App, NoDisplay, WrongPygame, check_pygame
    except ImportError as error:
        tell(f"the window needs pygame-ce, which cannot be imported ({error}); install it with pip")
        return NO_DISPLAY
    try:
        check_pygame()
        house = _house(folder, plugins)
        try:
            return _play(App, house, level, watch, size, tell, on_start)
        finally:
            house.close()
    except (NoDisplay, WrongPygame) as error:
        tell(str(error))
        return NO_DISPLAY
    except ProblemsFound as found:
        tell(str(found))
        return BAD_FILE
    except KeyboardInterrupt:
        return INTERRUPTED


def _house(folder: Path | None, plugins: Sequence[Path]) -> House:
    from game.desktop.house import House
    from game.places import home

    return House(folder or home(), plugins=plugins)


def _play(
    make_app: Callable[..., App],
    house: House,
    level: Path | str | None,
    watch: bool,
    size: tuple[int, int] | None,
    tell: Callable[[str], object],
    on_start: Callable[[App], object] | None,
) -> int:
    from dataclasses import replace

    from game.desktop.looks import theme_of
    from game.desktop.scenes.room import natural_scale

    path = None
    if level is not None:
        from game.campaign import find_level

        path = find_level(str(level), house.campaigns).resolve()
    settings = house.settings

    def keep_look(scale: float, full_screen: bool) -> None:
        window = app.surface.get_size()
        natural = not house.settings.scale and abs(scale - natural_scale(window)) < 0.01
        house.set(replace(house.settings, scale=0.0 if natural else scale, full_screen=full_screen))

    theme = theme_of(settings, settings.scale or 1.0)
    app = make_app(theme, size or _fitting_size(), full_screen=settings.full_screen, on_settings=keep_look)
    if on_start is not None:
        on_start(app)
    with _leaving_on_signals(app):
        if path is None:
            from game.desktop.scenes.title import TitleScene

            app.run(TitleScene(house))
        else:
            from game.desktop.scenes.workshop import scene_for

            house.warm()
            house.note_opened(path)
            app.run(scene_for(house, path, watch=watch))
    return 0


def _fitting_size() -> tuple[int, int]:
    """Two thirds of the screen, between what the game needs and what is comfortable."""
    import pygame

    with contextlib.suppress(pygame.error):
        pygame.display.init()
        screen = max(pygame.display.get_desktop_sizes(), default=(1280, 720))
        wide = max(1280, min(round(screen[0] * 0.7), 1920))
        return min(wide, screen[0]), min(round(wide * 9 / 16), screen[1])
    return 1280, 720


@contextlib.contextmanager
def _leaving_on_signals(app: App) -> Iterator[None]:
    """Ctrl-C, a closed terminal and a polite kill end the game as closing the window does: all is kept."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    caught: list[int] = []

    def leave(number: int, _: FrameType | None) -> None:
        if caught:  # the second time at once
            raise KeyboardInterrupt
        caught.append(number)
        app.quit()

    before = {name: signal.signal(getattr(signal, name), leave) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
    if caught and caught[0] == signal.SIGINT:
        raise KeyboardInterrupt


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
