"""Zoom and pan of a board."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.desktop.camera import ZOOMS, Camera

VIEW = (600.0, 400.0)
moves = st.one_of(
    st.tuples(st.just("zoom"), st.integers(-3, 3), st.tuples(st.floats(0, 600), st.floats(0, 400))),
    st.tuples(st.just("pan"), st.floats(-900, 900), st.floats(-900, 900)),
)


@given(st.lists(moves, max_size=12))
def test_nothing_beside_the_board_is_ever_seen(steps):
    camera = Camera()
    for step in steps:
        camera = (
            camera.zoomed(step[1], step[2], VIEW) if step[0] == "zoom" else camera.panned(*step[1:], VIEW)
        )
        assert camera.zoom in ZOOMS
        assert -1e-9 <= camera.x <= VIEW[0] - VIEW[0] / camera.zoom + 1e-9
        assert -1e-9 <= camera.y <= VIEW[1] - VIEW[1] / camera.zoom + 1e-9


def test_what_is_under_the_pointer_stays_there():
    camera = Camera().zoomed(2, (300.0, 200.0), VIEW)
    here = camera.point((250.0, 150.0))
    closer = camera.zoomed(1, (250.0, 150.0), VIEW)
    assert closer.point((250.0, 150.0)) == pytest.approx(here)


def test_a_thing_out_of_view_is_brought_into_it_and_no_farther():
    camera = Camera(2.0, 0.0, 0.0)
    assert camera.showing(10, 10, 50, 50, VIEW) == camera
    moved = camera.showing(400, 250, 50, 50, VIEW)
    assert (moved.x, moved.y) == (150.0, 100.0)
