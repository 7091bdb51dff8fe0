"""The way past the places of a map."""

from __future__ import annotations

import pytest

from game.desktop.route import LEAST, STEP, lay_route


def test_places_follow_each_other_and_hold_their_stops():
    route = lay_route([6, 0, 2])
    assert [site.first for site in route.sites] == [0, 6, 6]
    assert route.sites[1].left == route.sites[0].wide and route.sites[1].wide == LEAST
    assert route.length == sum(site.wide for site in route.sites)
    for number, (x, _) in enumerate(route.stops):
        site = route.sites[route.site_of(number)]
        assert site.left < x < site.left + site.wide


def test_stops_at_one_height_leave_each_other_room_for_their_names():
    route = lay_route([7, 3, 1, 4])
    for (ax, ay), (bx, by) in zip(route.stops, route.stops[1:], strict=False):
        assert bx - ax >= STEP and (ay != by or bx - ax >= 1.5 * STEP)


def test_the_walker_keeps_to_the_way():
    route = lay_route([3])
    way = route.between(0, 10)
    assert way[0] == route.at(0) == route.stops[0]
    assert way[-1] == pytest.approx(route.at(1))
    assert way[-1] == pytest.approx(route.stops[1])
    assert way[5] == pytest.approx(route.at(0.5))
    assert route.at(99) == route.stops[-1] and route.at(-1) == route.stops[0]


def test_the_way_goes_on_only_where_places_are_still_to_open():
    assert lay_route([3]).beyond() == lay_route([0, 3]).beyond() == []
    further = lay_route([3, 0]).beyond()
    assert further[0] == lay_route([3]).stops[-1]
    assert further[-1][0] == pytest.approx(lay_route([3, 0]).length)


def test_a_pack_without_levels_has_a_way_all_the_same():
    assert lay_route([]).stops == lay_route([0]).stops == ()
    assert lay_route([0]).at(0)[0] == 0
    assert lay_route([1]).at(0.7) == lay_route([1]).stops[0]
