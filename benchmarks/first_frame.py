"""How long from the start of the process to the first picture, from the run button to the first real step.

    xvfb-run -s "-screen 0 1280x720x24" python benchmarks/first_frame.py

Prints medians. Exits with 1 when the window takes more than 0.8 s, or a run more than 150 ms.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from figures import as_installed, tell

STARTS = 5
WINDOW, RUN = 0.8, 0.150

CHILD = """
import json, os, sys, time
from pathlib import Path
began = float(sys.argv[1])
os.environ["DRAUGHTY_HOME"] = sys.argv[3]
import pygame
from game.desktop.play import play

answer = {"first": None, "runs": []}


def watch(app):
    draw, update_of = app._draw, None

    def timed_draw():
        draw()
        if answer["first"] is None:
            answer["first"] = time.time() - began
            if sys.argv[2] == "-":
                app.quit()

    app._draw = timed_draw
    frame = app.frame
    state = {"waiting": 0, "asked": False}

    def timed_frame(events, dt):
        drew = frame(events, dt)
        scene = app.scene
        office = getattr(scene, "house", None) and scene.house._office
        if sys.argv[2] != "-" and office is not None:
            if not state["asked"] and office.ready and not scene.house.inspector.busy:
                state["asked"] = True
                app.running and scene.run()
            elif state["asked"] and scene.first_step_after:
                answer["runs"].append(scene.first_step_after)
                scene.first_step_after = 0.0
                scene._stop()
                scene.work.trial = None
                scene.work.rewind()
                state["asked"] = False
                if len(answer["runs"]) >= 7:
                    app.quit()
        return drew

    app.frame = timed_frame


play(None if sys.argv[2] == "-" else sys.argv[2], on_start=watch)
print(json.dumps(answer))
"""


def start(level: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(time.time()), level, folder],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
        )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    as_installed()
    slow = 0
    for what, level in (("title", "-"), ("level 1.1", "1.1")):
        results = [start(level) for _ in range(STARTS)]
        first = statistics.median(float(str(result["first"])) for result in results)
        slow += first > WINDOW
        tell("first_frame" if level == "-" else "first_level", first * 1000)
        print(f"{what}: first picture after {first * 1000:.0f} ms (median of {STARTS})")
        runs = [run for result in results for run in result["runs"]]  # type: ignore[attr-defined]
        if runs:
            runs.sort()
            middle = statistics.median(runs)
            slow += middle > RUN
            print(
                f"{what}: run button to first real step {middle * 1000:.0f} ms (median of {len(runs)}), "
                f"worst {runs[-1] * 1000:.0f} ms"
            )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
