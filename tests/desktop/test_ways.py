"""Ways in right angles, and the bridges where ways cross."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from game.desktop.ways import HOP, MOST, bridged, squared

SIDES = ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))
coordinate = st.floats(0, 600)
spots = st.tuples(coordinate, coordinate)


@given(spots, st.sampled_from(SIDES), spots, st.sampled_from(SIDES))
@example((1.0, 0.0), (-1.0, 0.0), (0.0, 0.0078125), (0.0, -1.0))
def test_a_square_way_goes_from_end_to_end_in_right_angles(start, out, end, into):
    handles = [(spot[0] + 30 * side[0], spot[1] + 30 * side[1]) for spot, side in ((start, out), (end, into))]
    way = squared(start, handles[0], handles[1], end)
    assert (way.corners[0], way.corners[-1]) == (start, end)
    for a, b in pairwise(way.corners):
        assert min(abs(a[0] - b[0]), abs(a[1] - b[1])) < 0.02
    path = way.points(14)
    assert (path[0], path[-1]) == (start, end)
    assert len(path) >= 2


@pytest.mark.parametrize("out", SIDES)
def test_a_square_way_leaves_in_the_direction_of_its_port(out):
    start = (100.0, 100.0)
    way = squared(start, (100 + 40 * out[0], 100 + 40 * out[1]), (300.0, 260.0), (340.0, 260.0))
    first = way.corners[1]
    assert (first[0] - start[0]) * out[0] + (first[1] - start[1]) * out[1] > 0


def test_the_later_of_two_ways_that_cross_goes_over_a_bridge():
    level, upright = [(0.0, 50.0), (100.0, 50.0)], [(50.0, 0.0), (50.0, 100.0)]
    made = bridged({"level": level, "upright": upright})
    assert made["level"] == level
    arch = [x for x, y in made["upright"] if 40 < y < 60]
    assert max(abs(x - 50) for x in arch) == pytest.approx(HOP)
    assert (made["upright"][0], made["upright"][-1]) == ((50.0, 0.0), (50.0, 100.0))


def test_a_bridge_over_a_level_way_rises():
    made = bridged({"upright": [(50.0, 0.0), (50.0, 100.0)], "level": [(0.0, 50.0), (100.0, 50.0)]})
    assert min(y for _, y in made["level"]) == pytest.approx(50 - HOP)


def test_ways_that_meet_at_a_port_or_run_along_need_no_bridge():
    fan = {"one": [(0.0, 0.0), (100.0, 50.0)], "other": [(0.0, 100.0), (100.0, 50.0)]}
    assert bridged(fan) == fan
    along = {"one": [(0.0, 0.0), (100.0, 6.0)], "other": [(0.0, 6.0), (100.0, 0.0)]}
    assert bridged(along) == along


def test_too_many_ways_are_left_as_they_are():
    fan = {n: [(0.0, float(n)), (100.0, 100.0 - n)] for n in range(MOST + 1)}
    assert bridged(fan) == fan


def test_bridged_ways_stay_near_their_old_ones():
    made = bridged({"a": [(0.0, 50.0), (200.0, 50.0)], "b": [(20.0, 0.0), (60.0, 100.0), (120.0, 0.0)]})
    for point in made["b"]:
        nearest = min(
            math.dist(point, (a[0] + (b[0] - a[0]) * t / 50, a[1] + (b[1] - a[1]) * t / 50))
            for a, b in pairwise([(20.0, 0.0), (60.0, 100.0), (120.0, 0.0)])
            for t in range(51)
        )
        assert nearest < HOP + 1
