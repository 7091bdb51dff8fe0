"""Nothing flashes: WCAG 2.3.1 (https://www.w3.org/TR/WCAG22/#three-flashes-or-below-threshold).

A flash is a pair of opposing changes in relative luminance of a tenth of the most there is, where the darker
picture is below 0.8. More than three of them within a second, on more than a quarter of any tenth of a field
of view (341 × 256 pixels of 1024 × 768), is what must never be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pygame
import pytest
from player import Player

from game.desktop.scenes.levels import LevelsScene
from game.desktop.scenes.settings import SettingsScene
from game.desktop.scenes.title import TitleScene
from game.desktop.settings import Settings
from game.desktop.shot import _judge

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"
CELLS = (32, 18)
BLOCK = (10, 8)
"""A tenth of a field of view, in cells of 40 pixels."""
RATE = 60


def luminance(colour: Sequence[int]) -> float:
    """Relative luminance as WCAG has it, 0 to 1."""
    parts = [part / 255 for part in colour[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def cells_of(picture: pygame.Surface) -> list[float]:
    few = pygame.transform.smoothscale(picture, CELLS)
    return [luminance(few.get_at((x, y))) for y in range(CELLS[1]) for x in range(CELLS[0])]


def turns(course: Sequence[float]) -> list[int]:
    """When a course of luminance has gone a tenth the other way than before."""
    found, low, high, way = [], course[0], course[0], 0
    for at, now in enumerate(course):
        low, high = min(low, now), max(high, now)
        if way >= 0 and high - now >= 0.1 and now < 0.8:
            way, low = -1, now
            found.append(at)
            high = now
        elif way <= 0 and now - low >= 0.1 and low < 0.8:
            way, high = 1, now
            found.append(at)
            low = now
    return found


def flashing(pictures: Sequence[Sequence[float]]) -> int:
    """How many cells of the worst block flash more than three times within one second."""
    wide, high = CELLS
    bad = [False] * (wide * high)
    for cell in range(wide * high):
        when = turns([picture[cell] for picture in pictures])
        # Seven turns are three and a half flashes.
        bad[cell] = any(late - early < RATE for early, late in zip(when, when[6:], strict=False))
    return max(
        sum(bad[(y + j) * wide + x + i] for j in range(BLOCK[1]) for i in range(BLOCK[0]))
        for y in range(high - BLOCK[1] + 1)
        for x in range(wide - BLOCK[0] + 1)
    )


def seen(player: Player, seconds: float) -> Iterator[list[float]]:
    for _ in range(round(seconds * RATE)):
        player.frame(dt=1 / RATE)
        yield cells_of(player.app.surface)


LIMIT = BLOCK[0] * BLOCK[1] // 4


@pytest.mark.parametrize("speed", [1.0, 4.0, 16.0])
@pytest.mark.parametrize("name", ["16", "22", "26", "46"])
def test_a_film_never_flashes(tmp_path, name, speed):
    player = Player(tmp_path, settings=Settings())
    (path,) = LEVELS.glob(f"{name}-*.yaml")
    scene = player.open(path)
    _judge(scene, 0)
    scene.work.playback.speed = speed
    scene.work.playback.playing = True
    pictures = list(seen(player, 3.0))
    assert len({tuple(picture) for picture in pictures}) > 5, "something moved"
    assert flashing(pictures) <= LIMIT


def test_going_from_scene_to_scene_never_flashes(tmp_path):
    player = Player(tmp_path, settings=Settings())
    house, pictures = player.house, []
    for _ in range(2):
        for scene in (TitleScene(house), LevelsScene(house), SettingsScene(house)):
            player.app.push(scene)
            pictures += seen(player, 0.5)
    assert flashing(pictures) <= LIMIT


def test_what_flashes_is_noticed():
    dark, light = [0.1] * (CELLS[0] * CELLS[1]), [0.5] * (CELLS[0] * CELLS[1])
    assert flashing([dark, light] * 30) == BLOCK[0] * BLOCK[1]
    slowly = ([dark] * 10 + [light] * 10) * 3
    assert flashing(slowly) == 0
    assert flashing([dark, [0.15] * len(dark)] * 30) == 0
