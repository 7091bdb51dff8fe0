"""How long a change of scene takes: from the press to the finished picture, there and back again.

    python benchmarks/scenes.py                                      # drawn in memory
    xvfb-run -s "-screen 0 1920x1080x24" python benchmarks/scenes.py # on a display, with flipping

Every scene is gone to and left again five times, in a window of 1920 × 1080 with the shipped levels; every
level is opened, and the verdict on a solved one. Prints milliseconds. The first time counts most: then its
module is imported, its level read, its letters drawn. Exits with 1 when a change takes more than 100 ms,
beyond which people notice that they wait.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from figures import as_installed, tell

if TYPE_CHECKING:
    from game.desktop.app import App
    from game.desktop.house import House

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

sys.path.insert(0, str(Path(__file__).parent.parent))
as_installed()

LIMIT = 100.0
TIMES = 5


def ways(app: App, house: House) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every scene a player goes to, by its name, and going there as pressing its button does."""
    from game.places import shipped_packs

    def levels() -> None:
        from game.desktop.scenes.levels import LevelsScene

        app.push(LevelsScene(house))

    def browser() -> None:
        from game.desktop.scenes.browser import BrowserScene

        app.push(BrowserScene(house))

    def progress() -> None:
        from game.desktop.scenes.progress import ProgressScene

        app.push(ProgressScene(house))

    def credits() -> None:
        from game.desktop.scenes.credits import CreditsScene

        app.push(CreditsScene(house))

    def settings() -> None:
        from game.desktop.scenes.settings import SettingsScene

        app.push(SettingsScene(house))

    def saves() -> None:
        from game.desktop.scenes.saves import SavesScene, Subject

        app.push(SavesScene(house, Subject("post_office/1.1", "1.1", "First post")))

    def free_play() -> None:
        from game.desktop.scenes.free_play import FreePlayScene

        app.push(FreePlayScene(house))

    def level(path: Path) -> Callable[[], None]:
        def open_it() -> None:
            from game.desktop.scenes.workshop import open_level

            open_level(app, house, path)

        return open_it

    yield from {"map": levels, "browser": browser, "progress": progress, "credits": credits}.items()
    yield from {"settings": settings, "saves": saves, "free play": free_play}.items()
    for pack in shipped_packs():
        for path in sorted(pack.glob("*-*.yaml")):
            yield f"level {path.stem}", level(path)


def all_ways(app: App, house: House) -> Iterator[tuple[str, Callable[[], None]]]:
    yield from ways(app, house)
    yield "verdict", solved(app, house)


def solved(app: App, house: House) -> Callable[[], None]:
    """A level that is solved is shown; from there to its verdict."""
    from game.desktop.scenes.workshop import WorkshopScene
    from game.desktop.shot import _judge
    from game.places import shipped_packs

    path = next(next(iter(shipped_packs())).glob("22-*.yaml"))
    level = house.level(path)
    workshop = WorkshopScene(house, path, level, answer=level.reference)
    app.push(workshop)
    app.frame([], 1 / 60)
    _judge(workshop, None)
    app.frame([], 1 / 60)
    return workshop._praise


class Clock:
    """What changes took: so many milliseconds there, and back."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._began = 0.0

    def change(self, how: Callable[[], object]) -> float:
        """Change the scene and draw it; the milliseconds from the press to the finished picture."""
        began = time.perf_counter()
        how()
        self._app.frame([], 1 / 60)
        took = (time.perf_counter() - began) * 1000
        for _ in range(3):  # what is left for the frames after it
            self._app.frame([], 1 / 60)
        return took


def main() -> int:
    import pygame

    from game.desktop.app import App
    from game.desktop.house import House
    from game.desktop.litter import Litter
    from game.desktop.scenes.title import TitleScene
    from game.desktop.theme import Theme

    class Unwaiting(App):
        def _set_mode(self, size: tuple[int, int], flags: int) -> pygame.Surface:
            return pygame.display.set_mode(size, flags)

    worst, slowest = 0.0, ""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        app = Unwaiting(Theme(1.5), (1920, 1080), headless=os.environ.get("SDL_VIDEODRIVER") == "dummy")
        app.running = True
        app.push(TitleScene(house))
        app.frame([], 1 / 60)
        house.warm()
        pause(app, 2.0)
        clock, litter = Clock(app), Litter()
        for name, there_to in all_ways(app, house):
            there, back = list[float](), list[float]()
            for _ in range(TIMES):
                there.append(clock.change(there_to))
                litter.tidy(0.0, app.scene)  # as the window's own loop does
                back.append(clock.change(app.pop))
                litter.tidy(0.0, app.scene)
            most = max(there[0], back[0], statistics.median(there), statistics.median(back))
            worst, slowest = max((worst, slowest), (most, name))
            print(
                f"{name:38} there {there[0]:6.1f} ms, then {statistics.median(there[1:]):6.1f} ms;   "
                f"back {back[0]:6.1f} ms, then {statistics.median(back[1:]):6.1f} ms"
            )
        house.close()
        pygame.display.quit()
    print(f"the slowest: {slowest}, {worst:.0f} ms")
    tell("scene_change", worst)
    return int(worst > LIMIT)


def pause(app: App, seconds: float) -> None:
    """Somebody looks at the title, while the game imports what comes next."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        app.frame([], 1 / 60)
        time.sleep(1 / 60)


if __name__ == "__main__":
    sys.exit(main())
