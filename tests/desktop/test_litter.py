"""When Python's collector is let loose."""

from __future__ import annotations

import gc
import weakref

import pytest

from game.desktop.litter import LONG, SHORT, Litter


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
