"""The sheet of keys, in every window, scale and language: whole, or to be scrolled."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from game.desktop.app import render
from game.desktop.house import House
from game.desktop.looks import theme_of
from game.desktop.scenes.free_play import FreePlayScene, fresh_office
from game.desktop.scenes.room import LEAST_PART, KeySheet
from game.desktop.scenes.workshop import WorkshopScene
from game.desktop.settings import Settings
from game.desktop.theme import SMALLEST

PATH = Path(__file__).resolve().parents[2] / "levels/post_office/22-mind-the-chalk.yaml"
LOOKS = [(0.75, 1.0), (1.0, 1.0), (1.0, 1.3), (1.5, 1.0), (2.5, 1.0)]


def helped(size, scale, letters, language, free=False):
    house = House(None, helpers=False)
    house.settings = Settings(language=language, text_scale=letters, scale=scale)
    look = theme_of(house.settings, scale)
    scene = (
        FreePlayScene(house, None, fresh_office(house))
        if free
        else WorkshopScene(house, PATH, house.level(PATH))
    )
    render(scene, size, theme=look)
    scene.show_help()
    surface = render(scene, size, theme=look)
    return scene, scene.focus.dialog, surface


@pytest.mark.parametrize("free", [False, True], ids=["level", "free play"])
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("scale", "letters"), LOOKS)
@pytest.mark.parametrize("size", [(1024, 640), (1280, 720)])
def test_every_key_and_what_it_does_is_on_the_sheet(size, scale, letters, language, free):
    scene, dialog, _ = helped(size, scale, letters, language, free)
    sheet, look = dialog.body, scene.theme
    assert isinstance(sheet, KeySheet)
    assert pygame.Rect((0, 0), size).contains(dialog.rect)
    fitted = sheet._fitted(look)
    wide, high = sheet._natural(fitted)
    assert wide <= sheet.rect.width
    assert fitted.scale >= max(SMALLEST, 0.98 * LEAST_PART * look.scale)
    assert (
        sheet.height - sheet.rect.height == sheet.furthest if sheet.focusable else high <= sheet.rect.height
    )
    told = [one.does for column in sheet.columns for _, rows in column for one in rows]
    assert told == [one.does for column in sheet._given for _, rows in column for one in rows]


def test_the_sheet_is_scrolled_by_keys_where_it_is_higher_than_the_window():
    scene, dialog, before = helped((1024, 640), 2.5, 1.0, "en")
    assert dialog.focus.current is dialog.body and dialog.body.furthest > 0
    dialog.handle(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_END, mod=0, unicode=""))
    assert dialog.body.offset == dialog.body.furthest
    after = pygame.Surface(before.get_size())
    scene.draw(after)
    assert pygame.image.tobytes(after, "RGB") != pygame.image.tobytes(before, "RGB")


def test_where_it_fits_the_sheet_is_as_it_was_told_and_does_not_scroll():
    _, dialog, _ = helped((1280, 720), 1.0, 1.0, "en")
    assert not dialog.body.focusable and dialog.body.columns is dialog.body._given
