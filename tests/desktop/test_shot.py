"""Pictures of scenes, made without a window."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from game.desktop.shot import SCENES, picture_of, shot
from game.level.reader import read_level
from game.plugins import load_registry
from game.problems import ProblemsFound

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"


@pytest.fixture(scope="module")
def levels():
    registry = load_registry(entry_points=False)
    return {path.name[:2]: read_level(path, registry) for path in LEVELS.glob("[0-9]*.yaml")}


def colours(picture):
    """How many colours a coarse look at a picture finds: a blank one has one."""
    small = pygame.transform.scale(picture, (64, 36))
    return len({tuple(small.get_at((x, y))) for x in range(64) for y in range(36)})


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_can_be_shown(levels, scene):
    level = levels["21" if scene == "wind" else "11"]
    picture = picture_of(scene, level, level.reference, size=(1024, 640))
    assert picture.get_size() == (1024, 640)
    assert colours(picture) > 12


def test_a_step_of_the_failing_wind_is_another_picture_than_the_next(levels):
    level = levels["22"]
    one, other = (picture_of("workshop", level, level.starter, step=step) for step in (11, 12))
    assert pygame.image.tobytes(one, "RGB") != pygame.image.tobytes(other, "RGB")


def test_the_same_question_gives_the_same_picture(levels):
    level = levels["14"]
    one, other = (picture_of("workshop", level, level.starter, step=0) for _ in range(2))
    assert pygame.image.tobytes(one, "RGB") == pygame.image.tobytes(other, "RGB")


def test_a_picture_is_written(levels, tmp_path):
    shot("workshop", tmp_path / "new" / "a.png", level=levels["11"], size=(1280, 720), scale=1.5)
    assert pygame.image.load(str(tmp_path / "new" / "a.png")).get_size() == (1280, 720)


@pytest.mark.parametrize(("scene", "said"), [("titel", "title"), ("workshop", "needs a level")])
def test_what_cannot_be_shown_is_said(scene, said, tmp_path):
    with pytest.raises(ProblemsFound, match=said):
        shot(scene, tmp_path / "a.png")
