"""What is heard and said, without a sound card."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from array import array
from pathlib import Path

import pygame
import pytest
from offices import a_film, a_napping_cat, a_post_office, a_race, two_keys

from game.desktop import sounds
from game.desktop.app import App
from game.desktop.settings import Settings
from game.desktop.sounds import (
    AT_ONCE,
    CAPTIONS,
    HEADROOM,
    PAUSE,
    Sounds,
    of_moment,
    of_moments,
    somebody_listens,
)
from game.desktop.theme import Theme, asset_path


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


PLAYING = """
import json, os, sys
from dataclasses import replace
import pygame
from game.desktop.settings import Settings
from game.desktop.sounds import CAPTIONS, Sounds

written, said, heard = os.environ["SDL_DISKAUDIOFILE"], [], {}
player = Sounds(caption=said.append, clock=iter(range(99)).__next__)
loud = Settings(volume=1.0, captions=True)

def played(name, settings):
    start = os.path.getsize(written)
    player.play(name, settings)
    while pygame.mixer.get_busy():
        pygame.time.wait(5)
    mixed = os.path.getsize(written) + 8192  # what was mixed last is on its way still
    while os.path.getsize(written) < mixed:
        pygame.time.wait(5)
    return start, os.path.getsize(written)

player.play("step", loud)
player._opening.join()
for name in CAPTIONS:
    heard[name] = played(name, loud)
heard["quiet"] = played("passed", replace(loud, volume=0.25))
for name in ("take", "put", "key", "cat"):  # all at once: for one there is no room
    player.play(name, loud)
heard["many"] = played("cat", loud)
heard["muted"] = played("passed", replace(loud, muted=True))
heard["nothing"] = played("passed", replace(loud, volume=0.0))
print(json.dumps([heard, said, pygame.mixer.get_init()]))
player.close()
"""


def test_what_reaches_the_sound_card_is_heard_and_obeys_the_settings(tmp_path):
    """SDL writes to a file what it would play: every sample of it."""
    written = tmp_path / "heard.raw"
    environment = {
        **os.environ, "SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(written), "SDL_DISKAUDIODELAY": "1",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PLAYING], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    heard, said, opened = json.loads(done.stdout.splitlines()[-1])
    assert opened == [22_050, -16, 2]
    at_once = ["passed", "take", "put", "key", "cat", "cat"]
    assert said == [CAPTIONS[name] for name in ("step", *CAPTIONS, *at_once, "passed", "passed")]
    samples = array("h", written.read_bytes())
    peaks = {
        name: max(map(abs, samples[start // 2 : end // 2]), default=0) for name, (start, end) in heard.items()
    }
    for name in CAPTIONS:
        assert 1_000 < peaks[name] < 32_767, (name, peaks)
    assert peaks["quiet"] == pytest.approx(peaks["passed"] / 4, rel=0.1)
    assert peaks["passed"] < peaks["many"] < 32_767
    assert peaks["muted"] == peaks["nothing"] == 0


def test_as_many_as_may_sound_at_once_cannot_be_too_loud():
    peaks = []
    for name in CAPTIONS:
        with wave.open(str(asset_path(f"sounds/{name}.wav"))) as file:
            peaks.append(max(map(abs, array("h", file.readframes(file.getnframes())))) / 32_768)
    assert sum(sorted(peaks)[-AT_ONCE:]) * HEADROOM < 1


def test_a_caption_is_shown_for_a_moment():
    app = App(Theme(), headless=True)
    try:
        app.caption(CAPTIONS["cat"])
        assert app._caption is not None and app._caption.text == "a cat purrs"
        assert not app._caption.update(1.0) and app._caption.update(1.0)
    finally:
        pygame.display.quit()
