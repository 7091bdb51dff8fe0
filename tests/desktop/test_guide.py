"""The callouts of a level: which one is shown, what leads on, and where they stand."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest
from hands import click, give, key
from hypothesis import given
from hypothesis import strategies as st

from game.catalogues import catalogue
from game.desktop.app import render
from game.desktop.guide import Guide, beside
from game.desktop.house import House
from game.desktop.scenes.workshop import WorkshopScene
from game.desktop.shot import _judge
from game.desktop.theme import Theme
from game.level.model import Callout

STEPS = (
    Callout("belt", "Look.", "next"),
    Callout("script", "Write.", "writes"),
    Callout("board", "Well.", "next"),
    Callout("run", "Open.", "runs"),
)


def a_guide(steps=STEPS):
    ended = []
    guide = Guide(steps, lambda point: pygame.Rect(400, 200, 60, 40), lambda: ended.append(True))
    return guide, ended


def test_what_the_player_does_leads_on_and_skips_what_was_only_to_read():
    guide, ended = a_guide()
    assert not guide.happened("runs") and guide.at == 0
    assert guide.happened("writes") and guide.callout.point == "board"
    assert guide.happened("runs") and guide.callout is None and ended == [True]
    assert not guide.happened("writes")


def test_what_helps_to_mend_is_left_out_once_it_is_solved():
    steps = (STEPS[3], Callout("timeline", "Drag.", "scrubs"), Callout("verdict", "Mend.", "solved"))
    guide, ended = a_guide(steps)
    guide.happened("runs")
    guide.happened("solved")
    assert guide.callout.point == "timeline" and ended == []
    assert guide.happened("scrubs") and guide.callout is None and ended == [True]


def test_it_can_be_read_on_ended_and_repeated():
    guide, ended = a_guide()
    guide.next()
    assert guide.callout.point == "script"
    guide.end()
    guide.end()
    assert guide.callout is None and ended == [True]
    guide.restart()
    assert guide.callout.point == "belt"


def test_without_callouts_there_is_nothing():
    guide, ended = a_guide(())
    assert guide.callout is None and not guide.happened("runs") and ended == []


def test_its_buttons_work_and_it_takes_no_keys():
    guide, _ = a_guide()
    guide.draw(pygame.Surface((1280, 720)), Theme())
    assert not guide.handle(key("return"))
    give(guide, *click(guide._next.rect.center))
    assert guide.at == 1
    guide.draw(pygame.Surface((1280, 720)), Theme())
    assert guide._next.rect.width == 0  # this one waits for the script
    give(guide, *click(guide._skip.rect.center))
    assert guide.callout is None


def test_a_thing_that_is_not_to_be_seen_has_no_card():
    guide = Guide(STEPS, lambda point: None, lambda: None)
    guide.draw(pygame.Surface((1280, 720)), Theme())
    assert guide.rect.size == (0, 0)


@given(st.integers(0, 1200), st.integers(0, 680), st.integers(10, 1280), st.integers(10, 720))
def test_a_card_is_wholly_in_the_window_and_covers_nothing_where_there_is_room(x, y, wide, high):
    window = pygame.Rect(0, 0, 1280, 720)
    target = pygame.Rect(x, y, wide, high).clip(window)
    card, side = beside(target, (300, 120), window, 14)
    assert window.contains(card)
    assert side == "over" or not card.colliderect(target)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_all_of_it_fits_in_its_card(scale):
    long = Callout("belt", "word " * 44, "next")
    guide, _ = a_guide((long,))
    guide.draw(pygame.Surface((2560, 1440)), Theme(scale))
    assert guide.rect.contains(guide._next.rect) and guide.rect.contains(guide._skip.rect)


LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("size", "scale"), [((1280, 720), 1.0), ((1024, 640), 0.8), ((2560, 1440), 2.0)])
def test_no_callout_covers_the_verdict_while_it_is_read(tmp_path, size, scale, language):
    theme = Theme(scale, reduced_motion=True, catalogue=catalogue(language))
    covered = 0
    for path in sorted(LEVELS.glob("[12]*.yaml")):
        house = House(None, helpers=False)
        level = house.level(path)
        if not level.guide or level.mode == "wind":
            continue
        workshop = WorkshopScene(house, path, level, answer=level.starter)
        _judge(workshop, None)
        render(workshop, size, theme=theme)
        for at, callout in enumerate(level.guide):
            workshop.show_guide(at)
            render(workshop, size, theme=theme)
            card = workshop._guide.rect
            if callout.point != "verdict" and card.width:
                assert not card.colliderect(workshop._slip.rect), (path.name, at)
                covered += 1
    assert covered


def test_a_card_moves_along_what_it_is_about_out_of_the_way_of_what_is_read():
    window, target = pygame.Rect(0, 0, 1280, 720), pygame.Rect(300, 500, 150, 50)
    job = pygame.Rect(20, 560, 250, 120)
    card, side = beside(target, (300, 100), window, 14, [job])
    assert side == "below" and card.left == job.right + 14 and card.left < target.centerx


def test_a_card_covers_as_little_as_can_be_of_what_is_seen_and_an_edge_is_no_matter():
    window, target = pygame.Rect(0, 0, 1280, 720), pygame.Rect(840, 160, 400, 420)
    middle, side = beside(target, (300, 120), window, 14)
    assert side == "left" and middle.centery == target.centery
    bob = pygame.Rect(680, 340, 130, 60)
    card, side = beside(target, (300, 120), window, 14, seen=[bob])
    assert side == "left" and not card.colliderect(bob) and card.right == target.left - 14
    edge = pygame.Rect(middle.x, middle.y - 20, 100, 30)  # 10 rows of 100 pixels
    assert beside(target, (300, 120), window, 14, seen=[edge]) == (middle, "left")
    assert beside(target, (300, 120), window, 14, seen=[window]) == (middle, "left")


@pytest.mark.parametrize("path", sorted(LEVELS.glob("1*.yaml")), ids=lambda path: path.stem)
def test_no_callout_about_a_script_covers_a_clerk(path):
    house = House(None, helpers=False)
    level = house.level(path)
    workshop = WorkshopScene(house, path, level)
    theme = Theme(1.0, reduced_motion=True)
    for at, callout in enumerate(level.guide):
        workshop.show_guide(at)
        render(workshop, (1280, 720), theme=theme)
        if callout.point == "script":
            board = workshop._office.board
            places = [board.place_of(clerk.name, theme) for clerk in level.clerks]
            assert workshop._guide.rect.collidelist(places) < 0, (at, callout.say)


@pytest.mark.parametrize("path", sorted(LEVELS.glob("[0-9]*.yaml")), ids=lambda path: path.stem)
def test_no_callout_covers_the_job(tmp_path, path):
    house = House(None, helpers=False)
    level = house.level(path)
    workshop = WorkshopScene(house, path, level)
    theme = Theme(1.0, reduced_motion=True)
    for at in range(len(level.guide)):
        workshop.show_guide(at)
        render(workshop, (1280, 720), theme=theme)
        assert not workshop._guide.rect.colliderect(workshop._story.job)


def test_a_card_keeps_clear_of_what_is_read_and_stays_where_it_is_if_nothing_is_clear():
    window, target = pygame.Rect(0, 0, 1280, 720), pygame.Rect(300, 600, 900, 90)
    slip = pygame.Rect(300, 470, 700, 110)
    card, side = beside(target, (300, 120), window, 14, [slip])
    assert side == "off" and not card.colliderect(slip) and not card.colliderect(target)
    assert beside(target, (300, 120), window, 14)[1] == "above"
    assert beside(target, (300, 120), window, 14, [window])[1] == "above"
