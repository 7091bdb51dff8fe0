"""A stranger's channel kind, installed as a package, is as good as ours: judged, run, drawn.

The package under tests/plugins is installed the way anybody would install it, into a folder of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops

ROOT = Path(__file__).parents[1]
LEVEL = """\
id: "90.1"
title: The Pigeonhole
mode: code
story: Somebody built us a pigeonhole.
objective: Take both numbers out and deliver them.
teaches: [plugins]
channels:
  hole: {kind: pigeonhole}
clerks:
  ada: {script: ada, gets: {hole: hole}}
  bob: {script: bob, gets: {hole: hole}}
scripts:
  ada:
    editable: false
    text: |-
      def ada(hole):
          hole.put(1)
          hole.put(2)
  bob: |-
    def bob(hole):
        deliver(hole.take())
win: {log: [1, 2]}
hints: [Take twice.]
answers:
  reference:
    scripts:
      bob: |-
        def bob(hole):
            deliver(hole.take())
            deliver(hole.take())
  wrong:
    - name: takes-three
      expect: orphan wait
      scripts:
        bob: |-
          def bob(hole):
              for n in range(3):
                  deliver(hole.take())
"""


@pytest.fixture(scope="module")
def post_office(tmp_path_factory):
    """A command line with the stranger's package installed, and a level of its kind."""
    folder = tmp_path_factory.mktemp("stranger")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    package = str(ROOT / "tests" / "plugins" / "draughty-stamp")
    target = ["--disable-pip-version-check", "--target", str(folder / "site")]
    subprocess.run([*pip, *target, package], check=True, timeout=60, capture_output=True)
    level = folder / "pigeonhole.yaml"
    level.write_text(LEVEL, encoding="utf-8")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder / "site")]),
        "SDL_VIDEODRIVER": "dummy",
        "DRAUGHTY_HOME": str(folder / "home"),
    }

    def draughty(*words, code=0):
        command = [sys.executable, "-m", "game", *map(str, words)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    return draughty, level, folder


def test_its_levels_are_proved_refuted_and_run_on_real_processes(post_office):
    draughty, level, _ = post_office
    assert json.loads(draughty("check", level, "reference", "--json"))["verdict"] == "PROVED"
    refuted = json.loads(draughty("check", level, "wrong:takes-three", "--json", code=1))
    assert refuted["failure"]["kind"] == "orphan wait"
    assert refuted["failure"]["message"].startswith("bob waits until somebody fills hole")
    assert draughty("lint", "--deep", level) == ""


def test_the_board_draws_it(post_office):
    draughty, level, folder = post_office
    for step in (0, 1):
        picture = folder / f"{step}.png"
        draughty("shot", "workshop", level, "--answer", "reference", "--step", step, "-o", picture)
    empty, filled = (Image.open(folder / f"{step}.png").convert("RGB") for step in (0, 1))
    assert ImageChops.difference(empty, filled).getbbox() is not None


def test_without_it_the_level_says_which_kind_is_missing(post_office):
    _, level, _ = post_office
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "game", "check", str(level)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert f"{level}:8:16: channels.hole.kind: no such kind 'pigeonhole'" in done.stderr + done.stdout
