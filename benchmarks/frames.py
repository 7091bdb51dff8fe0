"""How long a frame takes on this display: with eight clerks and two hundred tokens at 1280 × 720, and with
sixteen clerks and a thousand tokens at 1920 × 1080, while the inspector looks at the office in its process
and real clerks run in theirs.

    xvfb-run -s "-screen 0 1920x1080x24" python benchmarks/frames.py

Prints median and 99th percentile in milliseconds, playing at normal speed, at sixteen times that, and close
up at normal speed, and while the film of a long run is folded and played; and the 99th percentile of the
processor's own time, which says more where other programs run. Frames come sixty a second, as they do in
the game: after each the window sleeps until the next is due. Exits with 1 when a p99 is over 16 ms, which
is what 60 frames a second leave.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from figures import tell

if TYPE_CHECKING:
    from game.desktop.app import App
    from game.desktop.house import House
    from game.desktop.scenes.workshop import WorkshopScene
    from game.desktop.services import News
    from game.level.model import Level
    from game.world import System

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

sys.path.insert(0, str(Path(__file__).parent.parent))

LIMIT = 16.0
FRAMES = 600
OFFICES = (((1280, 720), 1.0, 4, 50), ((1920, 1080), 1.5, 8, 125))
"""The window and its scale; how many belts there are, and how many letters on each."""
LONG = 400
"""How many letters pass over each belt in a long run, whose film is folded while frames go on."""


def level_text(pairs: int, each: int) -> str:
    """So many belts; at each a clerk who puts so many letters and one who takes them."""
    channels = "\n".join(f"  belt{n}: {{kind: queue}}" for n in range(pairs))
    clerks = "\n".join(
        f"  {role}{n}: {{script: {script}, gets: {{belt: belt{n}}}}}"
        for n in range(pairs)
        for role, script in (("put", "sender"), ("get", "taker"))
    )
    return f"""
id: "9.9"
title: Two hundred letters
mode: fix
story: A benchmark.
objective: Keep up.
limits: {{states: 10000000, seconds: 60}}
teaches: [queue]
channels:
{channels}
clerks:
{clerks}
scripts:
  sender: |-
    def sender(belt):
        for number in range({each}):
            belt.put(number)
  taker: |-
    def taker(belt):
        for number in range({each}):
            belt.get()
win: {{bag: []}}
hints: [a, b, c]
answers:
  reference: {{scripts: {{taker: "def taker(belt):\\n    pass"}}}}
  wrong: [{{name: none, expect: lost token, scripts: {{taker: "def taker(belt):\\n    belt.get()"}}}}]
"""


class Others:
    """A check and a real run of the same office, going on for as long as frames are measured."""

    def __init__(self, house: House, level: Level, system: System) -> None:
        assert house.inspector is not None and house.office is not None
        self._inspector, self._office = house.inspector, house.office
        self._level, self._system = level, system
        self.checks = self.runs = self.done = 0
        self._poll = self._office.poll
        self._office.poll = self._listen  # type: ignore[method-assign]  # the window asks once a frame

    def _listen(self) -> News | None:
        news = self._poll()
        if news is not None and news.lost:
            raise SystemExit(news.lost)
        if news is not None and news.result is not None:
            self.done += 1
        return news

    def go_on(self) -> None:
        """Begin whatever is over anew."""
        from game.run import Free

        if not self._inspector.busy:
            self.checks += 1
            self._inspector.submit(self._level, self._system.answer)
        if not self._office.busy:
            self.runs += 1
            self._office.run(self._system, Free(), 60)


def main() -> int:
    worst = 0.0
    for size, scale, pairs, each in OFFICES:
        print(f"{2 * pairs} clerks, {pairs * each} tokens, {size[0]} × {size[1]}:")
        with workshop(size, scale, pairs, each) as (app, scene, others):
            worst = max(worst, played(app, scene, others, pairs, each))
    tell("frames_p99", worst)
    size, scale, pairs, _ = OFFICES[-1]
    print(f"{2 * pairs} clerks, a run of {3 * pairs * LONG} steps, {size[0]} × {size[1]}:")
    with workshop(size, scale, pairs, LONG) as (app, scene, others):
        long = developed(app, scene, others, pairs, LONG)
    tell("long_film_p99", long)
    return int(max(worst, long) > LIMIT)


@contextmanager
def workshop(
    size: tuple[int, int], scale: float, pairs: int, each: int
) -> Iterator[tuple[App, WorkshopScene, Others]]:
    """The window with this office in the workshop, while it is checked and runs for real."""
    import pygame

    from game.desktop.app import App
    from game.desktop.house import House
    from game.desktop.scenes.workshop import WorkshopScene
    from game.desktop.settings import Settings
    from game.desktop.theme import Theme
    from game.level.reader import read_level_text
    from game.plugins import load_registry

    level = read_level_text(level_text(pairs, each), "benchmark.yaml", load_registry(entry_points=False))
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        house.set(Settings(scale=scale))
        app = App(Theme(scale), size)
        # Without waiting for the screen: else every frame takes the 16.7 ms it has, however little it needs.
        app.surface = pygame.display.set_mode(size)
        scene = WorkshopScene(house, Path("benchmark.yaml"), level)
        app.running = True
        app.push(scene)
        app.frame([], 1 / 60)
        assert scene.work.system is not None
        others = Others(house, level, scene.work.system)
        yield app, scene, others
        print(f"  meanwhile {others.checks} checks were begun and {others.done} real runs done")
        house.close()
        pygame.display.quit()


def played(app: App, scene: WorkshopScene, others: Others, pairs: int, each: int) -> float:
    """Play a film in which all letters lie about at once; the worst p99."""
    from game.story import Film

    work, letters, worst = scene.work, pairs * each, 0.0
    assert work.system is not None
    wind = [f"put{n}" for _ in range(each) for n in range(pairs)]
    wind += [f"~belt{n}/put{n}" for _ in range(each) for n in range(pairs)]
    wind += [f"get{n}" for _ in range(each) for n in range(pairs)]
    film = Film(work.system, work.system.follow(wind)[0])
    assert len(film.frames[letters].tokens) == letters

    def begin() -> None:
        work._show(film, "real", at=letters, playing=True)

    def go_on(done: int) -> bool:
        if work.playback.position > 2 * letters:
            begin()
        return done < FRAMES

    for speed, zoom in ((1.0, 0), (16.0, 0), (1.0, 3)):
        begin()
        work.playback.speed = speed
        scene._office.board.fit()
        scene._office.board.zoom(zoom)
        closer = f", {scene._office.board.camera.zoom:g} times as near" if zoom else ""
        worst = max(worst, frames(app, others, f"speed {speed:g}{closer}", go_on))
    return worst


def developed(app: App, scene: WorkshopScene, others: Others, pairs: int, each: int) -> float:
    """A long real run is over: fold its film and play it; the worst p99."""
    from game.desktop.work import Trial
    from game.run import RunResult

    work = scene.work
    assert work.system is not None
    turns = [f"{who}{n}" for who in ("put", "~belt{}/put", "get") for n in range(pairs)]
    trace, _ = work.system.follow([turn.format(turn[-1]) for _ in range(each) for turn in turns])
    work.trial = Trial(work.system, wants_real=True, wants_verdict=False)
    work._hear_office(RunResult(trace, "finished"), "")
    worst = frames(app, others, "its film is folded", lambda _: work.developing is not None)
    return max(worst, frames(app, others, "and played in five seconds", lambda _: work.playback.playing))


def frames(app: App, others: Others, what: str, go_on: Callable[[int], bool]) -> float:
    """Draw frames, sixty a second, for as long as `go_on`, told how many there were, says so; the p99 of what
    they took, in milliseconds."""
    from game.desktop.litter import Litter

    times, worked = list[float](), list[float]()
    Litter().tidy(0.0, app.scene)  # as the window's own loop does
    due = last = time.perf_counter()
    while go_on(len(times)):
        others.go_on()
        due = max(due + 1 / 60, time.perf_counter())
        time.sleep(max(0.0, due - time.perf_counter()))
        began, own = time.perf_counter(), time.thread_time()
        app.frame([], min(0.1, began - last))
        last = began
        times.append((time.perf_counter() - began) * 1000)
        worked.append((time.thread_time() - own) * 1000)
    times.sort()
    worked.sort()
    p99, own = times[len(times) * 99 // 100], worked[len(worked) * 99 // 100]
    print(
        f"  {what}: median {statistics.median(times):.1f} ms, p99 {p99:.1f} ms, worst {times[-1]:.1f} ms; "
        f"of the processor's time median {statistics.median(worked):.1f} ms, p99 {own:.1f} ms"
    )
    return p99


if __name__ == "__main__":
    sys.exit(main())
