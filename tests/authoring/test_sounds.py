"""The sounds: those that are shipped are those the program makes, short, soft and not too loud."""

from __future__ import annotations

import wave
from array import array

import pytest

from game.authoring.sounds import LOUDEST, RATE, SOUNDS, samples
from game.desktop.sounds import CAPTIONS
from game.places import shipped

FOLDER = shipped("assets") / "sounds"


def test_every_sound_has_a_file_and_words_and_no_file_is_left_over():
    assert sorted(path.stem for path in FOLDER.glob("*.wav")) == sorted(SOUNDS) == sorted(CAPTIONS)


@pytest.mark.parametrize("name", SOUNDS)
def test_what_is_shipped_is_what_is_made(name):
    with wave.open(str(FOLDER / f"{name}.wav"), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        kept = array("h", file.readframes(file.getnframes()))
    made = samples(name)
    # Another machine's sine may differ in its last bit.
    assert len(kept) == len(made) and max(abs(a - b) for a, b in zip(kept, made, strict=True)) <= 2
    assert max(map(abs, kept)) <= LOUDEST * 32_767 + 1 and abs(kept[0]) < 300 and abs(kept[-1]) < 300
    assert len(kept) < RATE
