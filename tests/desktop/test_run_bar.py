"""The run bar and the timeline of the workshop: jumped, followed and paused by keys and by the mouse."""

from dataclasses import replace
from pathlib import Path

import pytest
from player import Player

import pygame  # isort: skip

from game.desktop.breakpoints import Stop
from game.desktop.shot import _judge
from game.desktop.stop_sheet import StopSheet

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"
COACH = LEVELS / "24-last-seat-on-the-coach.yaml"
ALT, SHIFT = pygame.KMOD_LALT, pygame.KMOD_LSHIFT


@pytest.fixture
def player(tmp_path):
    one = Player(tmp_path)
    yield one
    one.close()


@pytest.fixture
def refused(player):
    """The failing wind of the coach on the board, at its start."""
    scene = player.open(COACH)
    _judge(scene, 0)
    player.frame()
    return scene


def operation(scene):
    return scene.work.film.trace.events[int(scene.work.playback.position) - 1].operation


def test_alt_and_a_letter_jump_to_the_next_of_a_sort_and_back(player, refused):
    seen = []
    for _ in range(3):
        player.key(pygame.K_l, ALT)
        seen.append(refused.work.playback.position)
    assert seen == sorted(set(seen)) and operation(refused).startswith("lock.")
    player.key(pygame.K_l, ALT | SHIFT)
    assert refused.work.playback.position == seen[1]


def test_what_is_not_there_is_said(player, refused):
    player.key(pygame.K_d, ALT)
    assert refused.work.playback.position == 0
    assert [toast.text for toast in player.app._toasts] == ["There is none that way."]


def test_a_jump_is_a_button_too(player, refused):
    player.click(refused._run_bar.jumps["token"].rect.center)
    assert operation(refused) == "deliver"


def test_on_the_timeline_the_letters_jump_and_the_arrows_choose_a_clerk(player, refused):
    refused.focus.give(refused._run_bar.timeline)
    player.key(pygame.K_DOWN)
    player.key(pygame.K_DOWN)
    assert refused._run_bar.timeline.chosen == "bob"
    player.key(pygame.K_t)
    event = refused.work.film.trace.events[int(refused.work.playback.position) - 1]
    assert (event.agent, event.operation) == ("bob", "deliver")
    player.key(pygame.K_ESCAPE)
    assert refused._run_bar.timeline.chosen == ""


def test_a_clerk_is_chosen_by_its_name_and_stepped_alone(player, refused):
    timeline = refused._run_bar.timeline
    row = next(seen for seen in timeline._track.lanes if seen.lane.name == "cleo")
    player.click((timeline.rect.x + 20, timeline._track.top + row.top + row.height // 2))
    assert timeline.chosen == "cleo"
    for _ in range(2):
        player.key(pygame.K_RIGHT, ALT | SHIFT)
    mine = [n for n, event in enumerate(refused.work.film.trace.events, 1) if event.agent == "cleo"]
    assert refused.work.playback.position == mine[1]
    player.key(pygame.K_LEFT, ALT | SHIFT)
    assert refused.work.playback.position == mine[0]


def test_a_stop_is_made_by_keys_pauses_the_film_and_is_taken_away(player, refused):
    player.key(pygame.K_b, ALT)
    sheet = refused.focus.dialog.body
    assert isinstance(sheet, StopSheet)
    player.key(pygame.K_DOWN)
    player.key(pygame.K_DOWN)
    player.key(pygame.K_RETURN)
    assert refused.work.breakpoints.stops == (Stop("bob"),)
    player.key(pygame.K_ESCAPE)
    assert refused.focus.dialog is None
    player.key(pygame.K_p, pygame.KMOD_LCTRL)
    for _ in range(400):
        player.frame(dt=0.05)
        if not refused.work.playback.playing:
            break
    first = next(n for n, event in enumerate(refused.work.film.trace.events, 1) if event.agent == "bob")
    assert refused.work.playback.position == first == refused._run_bar.timeline.stops[0]
    player.key(pygame.K_b, ALT)
    sheet = refused.focus.dialog.body
    refused.focus.dialog.focus.give(sheet.made)
    player.key(pygame.K_RETURN)
    assert refused.work.breakpoints.stops == ()


def test_a_stop_is_made_with_the_mouse(player, refused):
    player.click(refused._run_bar.stops.rect.center)
    sheet = refused.focus.dialog.body
    player.frame()
    column = sheet.columns[2]
    player.click((column.rect.x + 30, column.rect.y + column._row_height * 3 // 2))
    player.click(refused.focus.dialog.buttons[0].rect.center)
    assert len(refused.work.breakpoints.stops) == 1
    assert refused.work.breakpoints.stops[0].operation == sheet.kinds[2][0]
    player.click(refused.focus.dialog.buttons[1].rect.center)
    assert refused.work.breakpoints.stops == ()


def test_nothing_in_the_run_bar_lies_on_anything_else_in_a_narrow_window(player, refused):
    pygame.display.set_mode((1280, 720))
    player.house.set(replace(player.house.settings, scale=2.0))
    player.app.set_theme(player.app.theme.scaled(2.0))
    player.frame()
    bar = refused._run_bar
    widgets = [*bar.transport, *bar.jumps.values(), bar.stops, *refused._slip.children()]
    rects = [widget.rect for widget in widgets]
    for at, rect in enumerate(rects):
        assert not any(rect.colliderect(other) for other in rects[at + 1 :])
