"""Places of tokens and ways between them."""

from __future__ import annotations

import itertools
import math

import pytest
from builders import a_system
from offices import OFFICES, a_film, a_post_office

from game.channels.queue import Queue
from game.desktop import staging as staging_module
from game.desktop.layout import Box, arrange, cast_of
from game.desktop.staging import CROWD, Staging, card_box, reel_of, token_size, words_on
from game.desktop.theme import Theme


def a_staging(system, width=640, height=420):
    cast = cast_of(system)
    return Staging(arrange(cast, width, height), {thing.name: thing.shape for thing in cast.things})


@pytest.mark.parametrize("office", OFFICES)
def test_every_token_lies_on_the_board(office):
    make, wind = OFFICES[office]
    system = make()
    staging, board = a_staging(system), Box(0, 0, 640, 420)
    for frame in a_film(system, wind).frames:
        stays = staging.stays(frame)
        assert set(stays) == {token.number for token in frame.tokens}
        assert [stay for stay in stays.values() if not board.has(stay.at)] == []


@pytest.mark.parametrize("office", OFFICES)
def test_a_flight_begins_where_the_token_lay_and_ends_where_it_will_lie(office):
    make, wind = OFFICES[office]
    system = make()
    staging, film = a_staging(system), a_film(system, wind)
    for frame, ahead in itertools.pairwise(film.frames):
        for flight in ahead.flights:
            way = staging.way(flight, frame, ahead)
            here, there = staging.stays(frame).get(flight.token), staging.stays(ahead).get(flight.token)
            if here and flight.source.where != "clerk":
                assert way.at(0) == here.at
            if there:
                assert math.dist(way.at(1), there.at) < 1e-6
            assert all(Box(0, 0, 640, 420).has(way.at(step / 10)) for step in range(11))


def test_the_next_token_to_leave_is_nearest_to_the_consumer():
    system = a_post_office()
    staging = a_staging(system)
    frame = a_film(system, "ada ada ~belt/ada ~belt/ada").frames[-1]
    first, second = (staging.stays(frame)[number].at[0] for number in (0, 1))
    assert second < first < staging.plan.clerks["bob"].x


def test_a_porter_walks_only_from_tray_to_belt():
    system = a_post_office()
    staging, film = a_staging(system), a_film(system, "ada ~belt/ada bob bob")
    walked = [
        staging.way(flight, frame, ahead).porter
        for frame, ahead in itertools.pairwise(film.frames)
        for flight in ahead.flights
    ]
    assert walked == ["", "ada", "", ""]


def test_a_full_belt_shows_no_more_tokens_than_one_can_tell_apart():
    system = a_post_office(120)
    wind = "ada " * 100 + "~belt/ada " * 100
    frame = a_film(system, wind).frames[-1]
    staging = a_staging(system)
    shown = [
        staging.stays(frame)[token.number].at[0]
        for token in frame.tokens
        if staging.stays(frame)[token.number].shown
    ]
    assert 5 < len(shown) < 60
    assert min(abs(a - b) for a, b in itertools.pairwise(shown)) > 3


@pytest.mark.parametrize("most", [1, 300])
@pytest.mark.parametrize("office", OFFICES)
def test_what_is_remembered_of_rows_changes_no_place_and_no_way_of_a_token(office, most, monkeypatch):
    monkeypatch.setattr(staging_module, "MOST_ROWS", most)
    make, wind = OFFICES[office]
    system = make()
    kept = a_staging(system)
    for frame, ahead in itertools.pairwise(a_film(system, wind).frames):
        fresh = a_staging(system)
        assert kept.stays(frame) == fresh.stays(frame)
        assert [row.shown for row in kept.rows(frame)] == [row.shown for row in fresh.rows(frame)]
        flying = {flight.token for flight in ahead.flights}
        moved = [
            (token, fresh.stays(frame)[token.number], fresh.stays(ahead)[token.number])
            for token in reversed(frame.tokens)
            if token.number not in flying and token.number in fresh.stays(ahead)
        ]
        assert list(kept.shifts(frame, ahead)) == [
            one for one in moved if one[1] != one[2] and (one[1].shown or one[2].shown)
        ]


@pytest.mark.parametrize("most", [0, 300])
def test_rows_in_which_nothing_moved_are_laid_once(most, monkeypatch):
    monkeypatch.setattr(staging_module, "MOST_ROWS", most)
    scripts = {name: f"def {name}(belt):\n    belt.put(1)\n    belt.put(2)\n" for name in ("ada", "bob")}
    gets = {"ada": {"belt": "left"}, "bob": {"belt": "right"}}
    film = a_film(a_system(scripts, {"left": Queue(), "right": Queue()}, gets), "ada bob bob")
    staging = a_staging(film.system)
    before, after = (staging.rows(frame) for frame in film.frames[2:4])
    assert [row.tokens[0].spot.clerk for row in after] == ["ada", "bob"]
    assert [one is other for one, other in zip(before, after, strict=True)] == [True, False]


def test_cards_of_a_row_do_not_overlap():
    box = Box(0, 0, 330, 96)
    for count in (1, 4, 12, 40):
        cards = [card_box(box, 1.0, count, slot) for slot in range(count)]
        assert all(box.holds(card) for card in cards)
        assert not any(a.overlaps(b) for a, b in itertools.combinations(cards, 2))


def test_long_texts_make_wide_tokens_up_to_a_bound():
    widths = [token_size(text, 1.0)[0] for text in ("a", "a letter", "a very long letter indeed", "x" * 500)]
    assert widths == sorted(widths)
    assert widths[-1] == widths[-2]


def test_a_reel_knows_what_its_channels_are_in_python():
    make, wind = OFFICES["eight clerks"]
    reel = reel_of(a_film(make(), wind, pids=True))
    assert reel.classes == {
        "belt": "multiprocessing.Queue",
        "chute": "multiprocessing.SimpleQueue",
        "tally": "multiprocessing.Value",
        "seats": "multiprocessing.Array",
        "desk": "deliver()",
    }
    assert reel.pids["ada"] == 4127


@pytest.mark.parametrize("value", [0, 1234, True, False, None, "ticket", (0, 7)])
@pytest.mark.parametrize("factor", [0.43, 0.6, 0.8, 1.0])
def test_a_short_value_is_written_whole_on_its_token(value, factor):
    theme = Theme()
    wide, high = token_size(value, factor)
    size = round(max(11.0, high * 0.48) * 2) / 2
    assert theme.width(words_on(value), "code", size, "bold") <= wide - 7


@pytest.mark.parametrize("count", [CROWD, CROWD + 1, 5_000])
def test_of_a_crowd_some_are_shown_from_the_first_to_the_last_and_all_are_counted(count):
    delivers = f"def ada():\n    for number in range({count}):\n        deliver(number)\n"
    film = a_film(a_system({"ada": delivers}, {}, {"ada": {}}), " ".join(["ada"] * count))
    frame = film.frames[-1]
    staging = Staging(arrange(cast_of(film.system), 600, 300), {})
    stays = staging.stays(frame)
    shown = [token.number for token in frame.tokens if token.number in stays and stays[token.number].shown]
    assert shown[0] == 0 and shown[-1] == count - 1 and 10 < len(shown) < 100
    across = [stays[number].at[0] for number in shown]
    assert across == sorted(across) and min(b - a for a, b in itertools.pairwise(across)) > 4
    assert [len(row) for row in staging.heaps(frame)] == [count]
