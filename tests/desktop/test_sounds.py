"""What is heard and said, without a sound card."""

from __future__ import annotations

import pygame
import pytest
from offices import a_film, a_napping_cat, a_post_office, a_race, two_keys

from game.desktop import sounds
from game.desktop.app import App
from game.desktop.settings import Settings
from game.desktop.sounds import CAPTIONS, PAUSE, Sounds, of_moment, of_moments, somebody_listens
from game.desktop.theme import Theme


def heard(system, wind: str) -> list[str | None]:
    return [of_moment(frame) for frame in a_film(system, wind).frames]


def test_each_step_has_its_sound():
    assert heard(a_race(), "ada ada") == [None, "step", "chalk"]
    assert heard(a_post_office(), "ada ~belt/ada bob") == [None, "put", "put", "take"]
    assert "key" in heard(two_keys(), "ada")
    cat = a_napping_cat()
    nap = next(move.event.gust for move in cat.moves(cat.start) if move.event.agent.startswith("cat:"))
    assert heard(cat, nap)[-1] == "cat"


def test_of_many_steps_at_once_few_are_heard():
    frames = a_film(a_post_office(), "ada ~belt/ada bob ada").frames[1:]
    assert of_moments(frames) == ["put", "take"] and of_moments(frames, most=1) == ["put"]
    assert of_moments([]) == []


def test_the_same_sound_does_not_rattle_and_is_said_if_wanted():
    now, said = [10.0], []
    player = Sounds(silent=True, caption=said.append, clock=lambda: now[0])
    player.play("chalk", Settings(captions=True))
    player.play("chalk", Settings(captions=True))
    player.play("key", Settings(captions=True))
    now[0] += PAUSE * 2
    player.play("chalk", Settings())
    assert player.played == ["chalk", "key", "chalk"] and said == [CAPTIONS["chalk"], CAPTIONS["key"]]


def test_without_a_sound_card_nothing_is_opened_and_nothing_fails(monkeypatch):
    monkeypatch.setattr(sounds, "somebody_listens", lambda: False)
    player = Sounds(clock=lambda: 1.0)
    player.play("put", Settings())
    player.close()
    assert not player.works and pygame.mixer.get_init() is None


@pytest.mark.parametrize("settings", [Settings(muted=True), Settings(volume=0.0)])
def test_muted_nothing_is_opened(settings):
    player = Sounds(clock=lambda: 1.0)
    player.play("put", settings)
    assert player.works and player._opening is None


def test_nobody_listens_to_the_dummy(monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    assert not somebody_listens()


def test_a_caption_is_shown_for_a_moment():
    app = App(Theme(), headless=True)
    try:
        app.caption(CAPTIONS["cat"])
        assert app._caption is not None and app._caption.text == "a cat purrs"
        assert not app._caption.update(1.0) and app._caption.update(1.0)
    finally:
        pygame.display.quit()
