"""The card of a level that was solved: its buttons in every window, scale and language."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pygame
import pytest

from game.attempt import check_answer
from game.desktop.app import render
from game.desktop.house import House
from game.desktop.looks import theme_of
from game.desktop.scenes.verdict import VerdictScene
from game.desktop.scenes.workshop import WorkshopScene
from game.desktop.settings import Settings

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"


@pytest.mark.parametrize("size", [(1024, 640), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize(("scale", "letters"), [(0.75, 1.0), (1.0, 1.3), (2.5, 1.0), (2.5, 1.3)])
@pytest.mark.parametrize("language", ["en", "de"])
def test_no_button_lies_on_another_and_all_on_the_card(language, scale, letters, size):
    house = House(None, helpers=False)
    house.settings = Settings(language=language, text_scale=letters, scale=scale)
    path = LEVELS / "22-mind-the-chalk.yaml"
    workshop = WorkshopScene(house, path, house.level(path))
    attempt = check_answer(workshop.level, workshop.level.reference)
    scene = VerdictScene(house, workshop, attempt)
    render(scene, size, theme=theme_of(house.settings, scale))
    row = [button.rect for button in (scene._levels, scene._share, scene._stay, scene._next)]
    assert all(one.right < other.left for one, other in pairwise(row))
    assert all(scene._card.contains(rect) for rect in row)
    assert pygame.Rect((0, 0), size).contains(scene._card)
