"""Lists, sheets, questions and verdicts: each reached by a player's hands, beside the picture kept of it."""

from __future__ import annotations

from typing import NamedTuple

import kept
import pygame
import pytest
from inks import Ink, inks_of
from kept import compare, small
from player import Player
from stills import STILLS, Still

from game.desktop.settings import Settings

SIZES = {100: (1280, 720), 200: (2560, 1440)}
CASES = [
    pytest.param(still, scale, language, id=f"{still.name}-{language}-{scale}")
    for still in STILLS
    for scale in SIZES
    for language in ("en", "de")
]


class Drawn(NamedTuple):
    """A still, small; the texts on it that are cut short; those of the front that can only half be seen, or
    stand outside the window."""

    picture: pygame.Surface
    shortened: tuple[str, ...]
    covered: tuple[Ink, ...]
    texts: int


def drawn(still: Still, folder, settings: Settings, size: tuple[int, int]) -> Drawn:
    made: list[pygame.Surface] = []

    def make() -> pygame.Surface:
        player = Player(folder, size=size, settings=settings)
        try:
            still.reach(player)
            player.frame()
            app, picture = player.app, pygame.Surface(size)
            for _ in range(2):
                app.scene.draw(picture)
            for toast in app._toasts[:1]:
                toast.draw(picture, app.theme)
            if app._caption is not None:
                app._caption.draw(picture, app.theme)
            made.append(picture)
            return picture
        finally:
            player.close()

    inks = inks_of(make)
    covered = tuple(ink for ink in inks.covered if ink.front or not still.over) + inks.outside
    return Drawn(small(made[-1], 480), inks.shortened, covered, len(inks.texts))


@pytest.mark.parametrize(("still", "scale", "language"), CASES)
def test_a_still_looks_as_it_did_and_no_text_on_it_is_cut_or_covered(tmp_path, still, scale, language):
    settings = Settings(language=language, scale=scale / 100, reduced_motion=True)
    found = drawn(still, tmp_path, settings, SIZES[scale])
    assert found.texts > 5
    assert found.shortened == ()
    assert found.covered == ()
    if (scale, language) != (200, "de"):  # that one is measured, and looks like two others
        compare(found.picture, f"stills/{still.name}-{language}-{scale}")


MAPS = ("locked", "second-pack")  # which are scrolled: at their edge a text may be half seen


@pytest.mark.parametrize("still", [one for one in STILLS if one.name not in MAPS], ids=lambda one: one.name)
def test_in_the_smallest_window_no_text_is_cut_or_covered(tmp_path, still):
    found = drawn(still, tmp_path, Settings(language="de", scale=1.0, reduced_motion=True), (1024, 640))
    assert (found.shortened, found.covered) == ((), ())


IN_ALL_COLOURS = [still for still in STILLS if still.name in ("config-refused", "clash", "tried")]


@pytest.mark.parametrize("palette", ["contrast", "safe"])
@pytest.mark.parametrize("still", IN_ALL_COLOURS, ids=lambda still: still.name)
def test_a_still_looks_as_it_did_in_other_colours(tmp_path, still, palette):
    settings = Settings(language="en", scale=1.0, reduced_motion=True, palette=palette)
    found = drawn(still, tmp_path, settings, SIZES[100])
    assert (found.shortened, found.covered) == ((), ())
    compare(found.picture, f"stills/{still.name}-{palette}")


def test_a_picture_kept_in_few_colours_still_tells_another(monkeypatch, tmp_path):
    monkeypatch.setattr(kept, "HERE", tmp_path)
    monkeypatch.delenv("RENEW_PICTURES", raising=False)
    page = pygame.Surface((480, 270))
    page.fill((246, 238, 223))
    kept.keep(page, tmp_path / "page.png")
    compare(page, "page")
    page.fill((191, 59, 43), (100, 100, 30, 10))
    with pytest.raises(pytest.fail.Exception, match=r"0\.23% of page.png differ"):
        compare(page, "page")
