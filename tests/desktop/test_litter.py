"""When Python's collector is let loose."""

from __future__ import annotations

import gc
import os
import platform
import weakref
from pathlib import Path

import pytest
from player import Player

from game.desktop.litter import LONG, MANY, SHORT, Litter, give_back
from game.desktop.settings import Settings

LEVEL = next((Path(__file__).resolve().parents[2] / "levels/post_office").glob("11-*.yaml"))


class Knot:
    def __init__(self) -> None:
        self.self = self


@pytest.fixture(autouse=True)
def by_hand():
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


def test_what_came_since_is_gone_through_in_a_pause_and_no_earlier():
    litter = Litter()
    litter.tidy(0.0, "a scene")
    knot = weakref.ref(Knot())
    litter.tidy(0.0, "a scene")
    litter.tidy(SHORT / 2, "a scene")
    assert knot() is not None
    litter.tidy(SHORT, "a scene")
    assert knot() is None


def test_what_was_set_aside_goes_in_a_long_pause():
    litter = Litter()
    held = Knot()
    knot = weakref.ref(held)
    litter.tidy(0.0, "a scene")  # sets it aside
    del held
    litter.tidy(SHORT, "a scene")
    assert knot() is not None
    litter.tidy(LONG, "a scene")
    assert knot() is None


def test_once_a_pause_is_enough(monkeypatch):
    times: list[int] = []
    litter = Litter()
    litter.tidy(0.0, "a scene")
    monkeypatch.setattr("game.desktop.litter.gc.collect", lambda: times.append(1))
    for quiet in (SHORT, SHORT + 0.1, LONG, LONG + 0.1, LONG * 9):
        litter.tidy(quiet, "a scene")
    assert len(times) == 2
    litter.tidy(0.0, "a scene")
    litter.tidy(SHORT, "a scene")
    assert len(times) == 3


def test_memory_is_given_back_when_everything_was_gone_through(monkeypatch):
    told: list[str] = []
    monkeypatch.setattr("game.desktop.litter.give_back", lambda: told.append("given back"))
    litter = Litter()
    for quiet in (0.0, SHORT, LONG / 2):
        litter.tidy(quiet, "a scene")
    assert told == []
    litter.tidy(LONG, "a scene")
    assert told == ["given back"]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked")
def test_holes_between_pictures_go_back_to_the_system():
    def resident() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6

    pictures = [bytearray(100_000) for _ in range(1_000)]  # below what malloc maps by itself
    kept = pictures[::10]
    del pictures
    before = resident()
    give_back()
    assert before - resident() > 50 and len(kept) == 100


def test_after_many_scenes_a_short_pause_is_enough_for_everything():
    litter = Litter()
    held = Knot()
    knot = weakref.ref(held)
    for number in range(MANY):
        litter.tidy(0.0, f"scene {number}")  # the first sets it aside
    del held
    litter.tidy(SHORT / 2, f"scene {MANY - 1}")
    assert knot() is not None
    litter.tidy(SHORT, f"scene {MANY - 1}")
    assert knot() is None


def test_a_caret_that_blinks_is_no_motion(tmp_path, monkeypatch):
    told, turns = [], iter([])
    player = Player(tmp_path, settings=Settings())
    scene = player.open(LEVEL)
    scene.focus.give(scene.desk.sheet)
    app, now = player.app, [0.0]

    def wait(quiet):
        now[0] += 1 / 60
        return next(turns)

    def tidy(_, still, shown):
        told.append(still)
        app.running = len(told) < 600

    monkeypatch.setattr(app, "_wait", wait)
    monkeypatch.setattr(app, "_clock", lambda: now[0])
    monkeypatch.setattr(Litter, "tidy", tidy)
    monkeypatch.setattr(app, "push", lambda scene: None)
    turns = iter([[]] * 600)
    app.run(scene)
    assert told[-1] > LONG, "nothing but the caret moved for ten seconds"
