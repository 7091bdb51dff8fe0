"""Jumping through a film from event to event."""

from __future__ import annotations

import pytest
from offices import a_dismissal, a_film, a_napping_cat, a_post_office, a_race, two_keys

from game.desktop.breakpoints import Breakpoints, Stop
from game.desktop.moments import next_moment, next_step, next_stop, sorts_of


def all_of(film, sort, clerk=""):
    found, here = [], 0.0
    while (moment := next_moment(film, here, sort, clerk=clerk)) is not None:
        found.append(moment)
        here = float(moment)
    return found


def test_tokens_are_met_where_they_move():
    film = a_film(a_post_office(), "ada ~belt/ada bob bob")
    assert all_of(film, "token") == [1, 2, 3, 4]
    assert all_of(film, "token", "bob") == [3, 4]


def test_keys_are_met_where_they_change_hands():
    film = a_film(two_keys(), "ada ada ada ada ada")
    taken = [n for n in range(1, 6) if film.trace.events[n - 1].operation in ("acquire", "release")]
    assert all_of(film, "lock") == taken != []


def test_a_wait_is_met_where_it_begins():
    film = a_film(two_keys(), "ada bob")
    assert all_of(film, "blocked") == [2]
    assert all_of(film, "blocked", "ada") == [2] and film.frames[2].event.agent == "bob"


def test_a_race_is_where_a_number_in_hand_grows_stale_and_where_a_stroke_is_lost():
    film = a_film(a_race(), "ada bob ada bob")
    assert all_of(film, "race") == [3, 4]
    assert all_of(a_film(a_race(), "ada ada bob bob"), "race") == []


def test_deaths_are_those_of_the_cat_of_signals_and_of_exceptions():
    assert all_of(a_film(a_napping_cat(), "ada cat:ada"), "death") == [2]
    film = a_film(a_dismissal(), "boss boss signal:ada signal:bob")
    assert all_of(film, "death") == [3, 4]


def test_nothing_happens_before_anybody_moved():
    film = a_film(a_race(), "ada")
    assert sorts_of(film.frames[0], film.frames[0]) == frozenset()


@pytest.mark.parametrize(("here", "there"), [(4.0, 3), (3.5, 3), (3.0, None), (0.0, None)])
def test_one_jumps_back_as_well(here, there):
    film = a_film(a_race(), "ada bob ada bob")
    assert next_moment(film, here, "race", back=True) == there


def test_a_clerks_own_next_step():
    film = a_film(a_post_office(), "ada ~belt/ada bob ada")
    assert (next_step(film, 0, "ada"), next_step(film, 1, "ada"), next_step(film, 4, "ada")) == (1, 4, None)
    assert next_step(film, 4, "ada", back=True) == 1


def test_stops_are_jumped_to_as_well():
    film = a_film(a_race(), "ada bob ada bob")
    breaks = Breakpoints({}, (Stop("bob"),))
    assert (next_stop(film, 0, breaks), next_stop(film, 2, breaks), next_stop(film, 4, breaks)) == (
        2,
        4,
        None,
    )
    assert next_stop(film, 4, breaks, back=True) == 2
