"""Sixteen clerks: told apart, all of them to be reached, and every word about them whole."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pygame
import pytest
from inks import inks_of

from game.checker.check import check
from game.checker.diagnose import fault_at_the_end
from game.desktop.building import CLERKS
from game.desktop.gusts import GustButton, GustPanel
from game.desktop.looks import SAFE_CLERKS
from game.desktop.shot import picture_of
from game.desktop.theme import CLERK_LOOKS, Theme, contrast
from game.desktop.timeline import Timeline
from game.desktop.widgets import Tab, Tabs
from game.level.model import Limits
from game.level.reader import read_level_text
from game.plugins import load_registry
from game.story import Film
from game.world import build

NAMES = list(CLERKS)
KEPT = Path(__file__).resolve().parent / "pictures/sixteen-100.png"


def clerk(number: int) -> str:
    return f"  {NAMES[number]}: {{script: {NAMES[number]}, gets: {{belt: belt{number // 2}}}}}\n"


def script(number: int) -> str:
    does = "deliver(belt.get())" if number % 2 else "belt.put(1)"
    return f"  {NAMES[number]}: |-\n    def {NAMES[number]}(belt):\n        {does}\n"


LEVEL = f"""
id: "9.9"
title: Eight pairs
mode: fix
story: Sixteen clerks, and only one afternoon.
objective: Make everybody do their part.
teaches: [Queue]
channels:
{"".join(f"  belt{pair}: {{kind: queue}}{chr(10)}" for pair in range(8))}
clerks:
{"".join(map(clerk, range(16)))}
scripts:
{"".join(map(script, range(16)))}
win: {{bag: [{", ".join("1" * 8)}]}}
hints: [where, why, what]
answers:
  reference: {{scripts: {{ada: "def ada(belt):\\n    belt.put(1)"}}}}
  wrong: [{{name: none, expect: orphan wait, scripts: {{ada: "def ada(belt):\\n    pass"}}}}]
"""


@cache
def the_level():
    return read_level_text(LEVEL, "sixteen.yaml", load_registry(entry_points=False))


@cache
def the_film() -> Film:
    system = build(the_level(), the_level().reference)
    return Film(system, system.calm(100))


def test_sixteen_clerks_look_as_they_did_and_no_word_of_theirs_is_cut():
    pictures = []

    def make():
        pictures.append(picture_of("workshop", the_level(), the_level().starter))
        return pictures[-1]

    inks = inks_of(make)
    assert (inks.shortened, inks.covered) == ((), ())
    now = pygame.transform.smoothscale(pictures[-1], (640, 360))
    if os.environ.get("RENEW_PICTURES"):
        pygame.image.save(now, str(KEPT))
    kept = pygame.image.load(str(KEPT))
    alike = pygame.mask.from_threshold(now, (0, 0, 0), (28, 28, 28, 255), kept.convert(now))
    assert alike.count() > 0.995 * 640 * 360


def test_eight_pairs_are_proved_or_refuted_by_few_states():
    assert check(the_film().system, Limits(states=5_000, seconds=600)).word == "PROVED"
    broken = build(the_level(), the_level().wrong[0].answer)
    verdict = check(broken, Limits(states=5_000, seconds=1))
    assert verdict.word == "REFUTED"
    assert fault_at_the_end(broken, broken.follow(verdict.failure.wind)[1]) is not None


def give(widget, kind, **what):
    return widget.handle(pygame.event.Event(kind, **what))


def press(widget, at):
    give(widget, pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0))
    give(widget, pygame.MOUSEBUTTONDOWN, pos=at, button=1)
    give(widget, pygame.MOUSEBUTTONUP, pos=at, button=1)


def scripts_tabs(chosen) -> Tabs:
    tabs = Tabs([Tab(name) for name in NAMES], chosen, dark=True)
    tabs.rect = pygame.Rect(10, 10, 360, 36)
    return tabs


def test_too_many_tabs_stay_in_their_room_and_the_chosen_one_in_sight():
    chosen = []
    tabs, page = scripts_tabs(chosen.append), pygame.Surface((600, 60))
    for number in (0, 15, 7):
        tabs.current = number
        page.fill((1, 2, 3))
        tabs.draw(page, Theme())
        beyond = pygame.Rect(tabs.rect.right, 0, 600 - tabs.rect.right, 60)
        assert pygame.transform.average_color(page, beyond)[:3] == (1, 2, 3)
        assert tabs._places[number].width == tabs._widths(Theme())[number]
    assert tabs._under((tabs.rect.right + 30, tabs.rect.centery)) == -1


def test_tabs_out_of_sight_come_by_arrow_and_by_wheel():
    chosen = []
    tabs, page = scripts_tabs(chosen.append), pygame.Surface((600, 60))
    tabs.draw(page, Theme())
    press(tabs, (tabs.rect.right - 4, tabs.rect.centery))
    tabs.draw(page, Theme())
    first = tabs._under((tabs.rect.x + 90, tabs.rect.centery))
    assert first > 0 and chosen == []
    for _ in range(40):
        give(tabs, pygame.MOUSEWHEEL, x=0, y=-1)
    tabs.draw(page, Theme())
    press(tabs, (tabs.rect.right - 30, tabs.rect.centery))
    assert chosen == [15]


@pytest.mark.parametrize("looks", [CLERK_LOOKS, SAFE_CLERKS])
def test_the_darkest_clerks_sign_is_seen_on_a_dark_tab(looks):
    theme = Theme()
    slate = theme.palette.slate_deep
    for look in looks:
        tabs, page = Tabs([Tab("ada", (look,))], lambda _: None, dark=True), pygame.Surface((120, 40))
        tabs.rect = page.get_rect()
        page.fill(slate)
        tabs.draw(page, theme)
        seen = {tuple(page.get_at((x, y)))[:3] for x in range(10, 28) for y in range(8, 28)}
        assert max(contrast(colour, slate) for colour in seen) >= 1.9, look


def a_timeline() -> Timeline:
    line = Timeline(lambda position: None)
    line.rect = pygame.Rect(0, 0, 800, 110)
    line.show(the_film(), 0.0)
    line.draw(pygame.Surface((800, 110)), Theme())
    return line


def lane_in_sight(line: Timeline, name: str) -> bool:
    line.draw(pygame.Surface((800, 110)), Theme())
    track = line._track
    seen = next(one for one in track.lanes if one.lane.name == name)
    top = track.top + seen.top - track.sink
    return track.top <= top and top + seen.height <= track.bottom


def test_lanes_out_of_sight_come_by_the_bar_beside_them_and_by_choosing_their_clerk():
    line = a_timeline()
    assert lane_in_sight(line, "ada") and not lane_in_sight(line, "pia")
    bar = line._bar(line._track)
    give(line, pygame.MOUSEBUTTONDOWN, pos=bar.center, button=1)
    give(line, pygame.MOUSEMOTION, pos=(bar.centerx, 300), rel=(0, 9), buttons=(1, 0, 0))
    give(line, pygame.MOUSEBUTTONUP, pos=(bar.centerx, 300), button=1)
    assert lane_in_sight(line, "pia") and not lane_in_sight(line, "ada")
    line.choose("ada")
    assert lane_in_sight(line, "ada")


def test_lanes_hold_still_while_it_plays_and_follow_each_single_step():
    line, film = a_timeline(), the_film()
    step = next(frame.number for frame in film.frames if frame.event and frame.event.agent == "pia")
    line.show(film, step - 0.5)
    assert lane_in_sight(line, "ada")
    line.show(film, float(step))
    assert lane_in_sight(line, "pia")


def test_gusts_out_of_sight_come_by_the_wheel_and_with_the_focus():
    film, blown = the_film(), []
    panel = GustPanel(NAMES, NAMES, blown.append)
    panel.show(film.system.moves(film.system.start), (), film.frames[0])
    panel.rect = pygame.Rect(0, 0, 400, 240)
    page = pygame.Surface((400, 400))

    def seen() -> list[int]:
        panel.draw(page, Theme())
        return [row.number for row in panel.children() if row.rect.height]

    assert seen() == [1, 3, 5]
    assert all(panel.rect.contains(row.rect) for row in panel.children() if row.rect.height)
    give(panel, pygame.MOUSEMOTION, pos=(50, 100), rel=(0, 0), buttons=(0, 0, 0))
    give(panel, pygame.MOUSEWHEEL, x=0, y=-1)
    assert seen() == [3, 5, 7]
    last = panel.children()[-1]
    assert isinstance(last, GustButton)
    panel.reveal(last)
    assert seen()[-1] == 15
    press(panel, last.rect.center)
    assert blown == ["otis"]
