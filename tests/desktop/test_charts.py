"""What a player's tries measured, counted and compared."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pygame
import pytest
from hands import give as hand
from hands import point
from hypothesis import given
from hypothesis import strategies as st
from inks import inks_of
from player import Player

from game.attempt import check_answer
from game.desktop.charts import MOST_BARS, Bar, Charts, Tried, _numbers, bars_of, front_of, metrics_of
from game.desktop.scenes.verdict import VerdictScene
from game.desktop.theme import Theme
from game.history import Try


def held(ticks: int, statements: int) -> Tried:
    return Tried({"ticks": ticks, "statements": statements}, True)


def failed(ticks: int, statements: int) -> Tried:
    return Tried({"ticks": ticks, "statements": statements}, False)


tries = st.lists(st.builds(Tried, st.fixed_dictionaries({"a": st.integers(0, 90), "b": st.integers(0, 90)}),
                           st.booleans()), max_size=30)  # fmt: skip


def test_a_bar_a_number_where_numbers_are_few():
    found = bars_of([held(3, 1), failed(5, 1), held(3, 2), Tried({}, False)], "ticks")
    assert found == (Bar(3, 3, 2, 0), Bar(4, 4, 0, 0), Bar(5, 5, 0, 1))
    assert bars_of([], "ticks") == ()


@given(tries)
def test_every_try_is_in_one_bar_and_there_are_never_too_many(some):
    bars = bars_of(some, "a")
    assert len(bars) <= MOST_BARS
    assert sum(bar.passed + bar.failed for bar in bars) == len(some)
    assert all(one.high + 1 == other.low for one, other in pairwise(bars))


def test_the_front_has_what_nothing_beats_and_only_of_what_held():
    some = [held(10, 3), held(8, 5), held(9, 5), held(12, 2), failed(1, 1), held(12, 9)]
    assert front_of(some, "ticks", "statements") == ((8, 5), (10, 3), (12, 2))


@given(tries)
def test_nothing_that_held_is_better_than_the_front_in_both(some):
    front = front_of(some, "a", "b")
    for one in some:
        if one.passed:
            assert any(x <= one.metrics["a"] and y <= one.metrics["b"] for x, y in front)
    assert all(a[0] < b[0] and a[1] > b[1] for a, b in pairwise(front))


def test_what_stars_ask_for_comes_first_and_what_never_differs_not_at_all():
    some = [
        Tried({"clerks": 2, "peak": 4, "ticks": 9}, True),
        Tried({"clerks": 2, "peak": 5, "ticks": 9}, True),
    ]
    assert metrics_of(some, {"ticks": (9,)}) == ("ticks", "peak")


def test_the_same_answer_twice_is_nothing_to_compare():
    assert not Charts([held(3, 7), held(3, 7)], {"statements": (6,)}).compare
    assert not Charts([held(3, 7)], {"statements": (6,)}).compare
    assert Charts([failed(3, 7), held(3, 7)], {"statements": (6,)}).compare


@pytest.mark.parametrize("scale", [0.75, 1.0, 2.0])
def test_every_word_of_a_chart_is_seen_whole(scale):
    some = [held(10, 3), held(8, 5), failed(30, 9), held(12, 2), held(14, 4)]
    charts = Charts(some, {"ticks": (9, 12), "statements": (4,)})
    theme = Theme(scale)

    def draw() -> pygame.Surface:
        surface = pygame.Surface((round(320 * scale), round(330 * scale)))
        surface.fill(theme.palette.card)
        charts.rect = pygame.Rect((10, 10), (round(300 * scale), charts.size(theme)[1]))
        charts.draw(surface, theme)
        return surface

    inks = inks_of(draw)
    assert inks.shortened == () and inks.covered == ()


def test_a_bar_and_a_point_say_what_they_are():
    charts = Charts([held(3, 7), failed(5, 2), held(4, 6)], {})
    surface = pygame.Surface((320, 330))
    charts.rect = pygame.Rect(10, 10, 300, 300)
    charts.draw(surface, Theme())
    told = [charts.tip_at(rect.center) for rect, _ in charts._tips]
    assert any("1 held, 0 did not" in tip for tip in told)
    assert any("It did not hold." in tip for tip in told)


def test_tabs_choose_the_metric():
    charts = Charts([held(3, 7), held(4, 6)], {"statements": (6,)})
    surface = pygame.Surface((320, 330))
    charts.rect = pygame.Rect(10, 10, 300, 300)
    charts.draw(surface, Theme())
    assert (charts.metric, charts.other) == ("statements", "ticks")
    place = charts.tabs._places[1]
    hand(charts, point(place.center), pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=place.center, button=1))
    assert (charts.metric, charts.other) == ("ticks", "statements")


def test_one_try_and_none_are_drawn_as_well():
    for some in ([], [held(3, 7)], [Tried({}, False)]):
        charts = Charts(some, {})
        charts.rect = pygame.Rect(10, 10, 300, 300)
        charts.draw(pygame.Surface((320, 330)), Theme())


def test_the_verdict_shows_the_tries_of_this_level_the_last_of_them_last(tmp_path):
    player = Player(tmp_path)
    path = Path(__file__).resolve().parents[2] / "levels/post_office/22-mind-the-chalk.yaml"
    scene = player.open(path)
    for number, (word, statements) in enumerate((("REFUTED", 5), ("", 9), ("PROVED", 4))):
        answer = scene.work.answer
        tried = Try(f"2030-01-0{number + 1}T00:00:00+00:00", answer, word, metrics={"statements": statements})
        player.house.note_try(scene.key, tried)
    attempt = check_answer(scene.level, scene.level.reference)
    charts = VerdictScene(player.house, scene, attempt)._charts
    assert [one.passed for one in charts.tries] == [False, True, True]
    assert [one.metrics["statements"] for one in charts.tries] == [5, 4, attempt.metrics["statements"]]
    assert charts.metrics[:2] == ("statements", "ticks")
    player.close()


def test_the_charts_tabs_are_reached_and_turned_by_keys(tmp_path):
    player = Player(tmp_path)
    path = Path(__file__).resolve().parents[2] / "levels/post_office/22-mind-the-chalk.yaml"
    scene = player.open(path)
    first = Try(
        "2030-01-01T00:00:00+00:00", scene.work.answer, "PROVED", metrics={"statements": 9, "ticks": 30}
    )
    player.house.note_try(scene.key, first)
    verdict = VerdictScene(player.house, scene, check_answer(scene.level, scene.level.reference))
    player.app.push(verdict)
    player.frame()
    assert verdict._charts.visible
    for _ in range(6):
        if verdict.focus.current is verdict._charts.tabs:
            break
        player.key(pygame.K_TAB)
    before = verdict._charts.metric
    player.key(pygame.K_RIGHT)
    assert verdict._charts.metric != before
    player.key(pygame.K_DOWN)
    assert verdict.focus.current is not verdict._charts.tabs
    player.close()


@pytest.mark.parametrize("ticks", [(12, 16, 55), (16, 12, 55), (12, 54, 51), (3, 4, 5), (100, 112, 101)])
def test_the_number_below_the_try_just_judged_is_there_and_none_runs_into_another(ticks):
    theme, bars = Theme(1.0), bars_of([held(count, 1) for count in ticks], "ticks")
    found = _numbers(theme, bars, ticks[-1], min(180 / len(bars), 46))
    own = next(bar for bar in bars if bar.low <= ticks[-1] <= bar.high)
    assert found[0][1] in (str(own.low), f"{own.low}–{own.high}")
    spans = sorted((x, x + theme.width(text, "code", 11)) for x, text in found)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
