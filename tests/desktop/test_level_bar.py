"""The goals of a level, above it: all that fits is said in full."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from game.desktop.level_bar import HEIGHT, Deeds, LevelBar
from game.desktop.looks import theme_of
from game.desktop.scenes.room import LEAST
from game.desktop.settings import Settings
from game.desktop.theme import Theme
from game.level.reader import read_level
from game.plugins import load_registry

LEVELS = sorted((Path(__file__).resolve().parents[2] / "levels/post_office").glob("[0-9]*.yaml"))
WINDOWS = (
    pytest.param((1024, 640), 1.0, 1.0, id="smallest window"),
    pytest.param((1280, 720), 1.5, 1.0, id="one and a half times as large"),
    pytest.param((1280, 720), 1.0, 1.3, id="larger letters"),
    pytest.param((1920, 1080), 2.5, 1.0, id="largest"),
)


def bar_of(path: Path, theme: Theme, width: int) -> LevelBar:
    level = read_level(path, load_registry(entry_points=False))
    bar = LevelBar(level, Deeds(*[lambda: None] * 7))
    bar.place(theme, pygame.Rect(0, 0, width, 640))
    return bar


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("size", "scale", "letters"), WINDOWS)
def test_every_goal_is_said_in_full_and_none_lies_on_another(size, scale, letters, language):
    scale = min(scale, size[0] / LEAST[0], size[1] / LEAST[1])
    theme = theme_of(Settings(language=language, text_scale=letters), scale)
    assert len(LEVELS) > 10
    for path in LEVELS:
        bar = bar_of(path, theme, size[0])
        places = [chip.rect for chip in bar.chips]
        assert [chip.rect.width for chip in bar.chips] == [chip.size(theme)[0] for chip in bar.chips]
        assert all(one.collidelist(places[:at]) < 0 for at, one in enumerate(places))
        room = pygame.Rect(bar._left_of_chips(theme), 0, 0, theme.px(HEIGHT))
        room.width = bar.hint.rect.left - room.left
        assert all(room.contains(place) for place in places)


def test_the_title_makes_room_only_where_two_rows_are_too_short_for_the_goals():
    level = next(path for path in LEVELS if path.name.startswith("46"))
    bars = [bar_of(level, Theme(1.0), width) for width in (1280, 1024, 830)]
    found = [(len({chip.rect.y for chip in bar.chips}), bar._names_title) for bar in bars]
    assert found == [(1, True), (2, True), (2, False)]
