"""Waits in fewer words: on the timeline, and on a clerk's card."""

from __future__ import annotations

from pathlib import Path

import pytest
from inks import inks_of

from game.desktop.settings import Settings
from game.desktop.shot import picture_of
from game.desktop.waits import short_waits
from game.language import say
from game.level.reader import read_level
from game.plugins import load_registry

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        (say("cannot go home before the out-tray is empty"), "out-tray not empty"),
        (
            say("waits for the lock of {channel}, which {holder} holds", channel="tally", holder="ada"),
            "waits for the lock of tally",
        ),
        (say("waits for a letter on {channel}", channel="belt"), "waits for a letter"),
        (say("waits at {channel} for {missing} more", channel="ferry", missing=2), "waits"),
        (say("sleeps until {channel} rings", channel="bell"), "sleeps"),
    ],
)
def test_a_wait_is_said_shorter_but_never_cut(text, shorter):
    said = short_waits(text)
    assert said[0] == text
    assert said[1] == shorter
    assert [len(one) for one in said] == sorted(map(len, said), reverse=True)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", ["levels/post_office/12", "levels/post_office/24", "tests/curriculum/45"])
def test_what_a_clerk_waits_for_is_never_cut_on_its_card(name, language):
    path = next(ROOT.glob(f"{name}-*.yaml"))
    level = read_level(path, load_registry(entry_points=False))
    settings = Settings(language=language)
    inks = inks_of(lambda: picture_of("verdict", level, level.starter, settings=settings))
    assert inks.shortened == ()
