"""Where a film pauses by itself."""

from __future__ import annotations

import pytest
from offices import a_film, a_post_office, a_race

from game.desktop.breakpoints import NOTHING, Breakpoints, Stop, kinds_of_step
from game.desktop.work import STEP_SECONDS, Playback

RACE = "ada bob ada bob"


def test_nothing_marked_pauses_nowhere():
    assert NOTHING.moments(a_film(a_race(), RACE)) == ()
    assert NOTHING.toggled("ada", 2).toggled("ada", 2).moments(a_film(a_race(), RACE)) == ()


def test_a_marked_line_pauses_before_each_step_on_it():
    film = a_film(a_race(), RACE)
    clerk = film.system.level.clerks[1]
    lines = {event.line for event in film.trace.events if event.agent == clerk.name}
    marked = NOTHING.with_lines(clerk.script, lines)
    before = [n for n, event in enumerate(film.trace.events) if event.line in lines]
    scripts = {one.name: one.script for one in film.system.level.clerks}
    expected = [n for n in before if scripts[film.trace.events[n].agent] == clerk.script]
    assert list(marked.moments(film)) == expected


def test_a_stop_pauses_after_the_step_it_names():
    film = a_film(a_race(), RACE)
    assert Breakpoints({}, (Stop("bob", "", "write"),)).moments(film) == (4,)
    assert Breakpoints({}, (Stop("", "", "read"),)).moments(film) == (1, 2)
    assert Breakpoints({}, (Stop("", "nowhere", ""),)).moments(film) == ()


def test_a_clerks_stop_means_its_porter_too():
    film = a_film(a_post_office(), "ada ~belt/ada")
    assert Breakpoints({}, (Stop("ada", "belt", ""),)).moments(film) == (1, 2)


def test_stops_come_and_go():
    stop = Stop("ada")
    once = NOTHING.toggled_stop(stop)
    assert once.stops == (stop,)
    assert once.toggled_stop(stop).stops == ()
    assert (stop.words(), Stop("", "belt", "put").words()) == ("ada: anything", "anybody: put at belt")


def test_playing_pauses_at_a_stop_and_goes_on_from_it():
    playback = Playback()
    playback.load(5, playing=True)
    playback.stops = (2, 4)
    playback.update(STEP_SECONDS * 3)
    assert (playback.position, playback.playing) == (2.0, False)
    playback.toggle()
    playback.update(STEP_SECONDS * 0.5)
    assert playback.position == pytest.approx(2.5) and playback.playing
    playback.update(STEP_SECONDS * 9)
    assert (playback.position, playback.playing) == (4.0, False)


def test_what_a_stop_can_be_made_of_is_what_the_office_has():
    clerks, channels, operations = kinds_of_step(a_film(a_post_office(), "ada"))
    assert "ada" in clerks and channels == ("belt",)
    assert {"put", "get"} <= set(operations)
