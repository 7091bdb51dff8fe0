"""How the scenes look: each beside the picture kept of it, and every text on it whole.

After a change that is meant to show, look at the new pictures and keep them:

    RENEW_PICTURES=1 python -m pytest tests/desktop/test_pictures.py
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path
from typing import NamedTuple, get_args
from unittest.mock import patch

import pygame
import pytest
from inks import Inks, inks_of
from kept import compare, difference, small

from game.catalogues import catalogue
from game.channels.queue import Queue
from game.desktop import looks, theme, words
from game.desktop.app import App, render
from game.desktop.house import House
from game.desktop.looks import theme_of
from game.desktop.scenes.browser import BrowserScene
from game.desktop.scenes.levels import LevelsScene
from game.desktop.scenes.workshop import WorkshopScene, scene_for
from game.desktop.settings import Settings
from game.desktop.shot import _judge, picture_of
from game.desktop.theme import Theme
from game.language import Said, translate
from game.level.model import Answer, Level, Mode
from game.level.reader import read_level
from game.plugins import load_registry

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"
PACK = """
title: The Draughty Post Office
chapters:
  - title: The Front Counter
    levels:
      - 11-first-post.yaml
      - 12-three-in-a-row.yaml
      - 13-nobody-told-the-boss.yaml
      - 14-return-to-sender.yaml
  - title: The Tally Board
    levels: [21-be-the-draught.yaml, 22-mind-the-chalk.yaml]
  - title: Belts and Trays
    opens: later
"""


class Scene(NamedTuple):
    """What to draw: a scene of `shot`, of a level with one of its answers, or with this text for bob; and
    the keys then pressed in it, and what is asked of it."""

    name: str
    scene: str
    level: str = ""
    answer: str = "starter"
    step: int | None = None
    text: str = ""
    keys: tuple[tuple[int, int], ...] = ()
    deed: Callable[[WorkshopScene], object] | None = None


CTRL, ALT, SHIFT = pygame.KMOD_LCTRL, pygame.KMOD_LALT, pygame.KMOD_LSHIFT
HALF = "def bob(belt):\n    letter = belt.g"
WRONG = "def bob(belt):\n    letter = blet.get()\n    deliver(leter)\n    import os"
SCENES = (
    Scene("title", "title"),
    Scene("levels", "levels"),
    Scene("browser", "browser"),
    Scene("progress", "progress"),
    Scene("credits", "credits"),
    Scene("saves", "saves", "22"),
    Scene("code", "workshop", "11"),
    Scene("fix", "workshop", "15"),
    Scene("parsons", "workshop", "14"),
    Scene("wind", "wind", "21", "reference", 3),
    Scene("refused", "verdict", "22"),
    Scene("passed", "verdict", "22", "reference"),
    Scene("told", "workshop", "13", "starter", 2),
    Scene("config", "workshop", "23"),
    Scene("build", "workshop", "46", "reference"),
    Scene("part", "part", "46", "reference"),
    Scene("guide", "guide", "11", "starter", 1),
    Scene("glossary", "glossary", "22"),
    Scene("help", "help", "11"),
    Scene("freeplay", "freeplay"),
    Scene("promises", "promises"),
    Scene("settings", "settings"),
    Scene("keys", "keys"),
    Scene("hint", "hint", "22"),
    Scene("python", "python", "22"),
    Scene("offers", "workshop", "11", text=HALF, keys=((pygame.K_END, CTRL), (pygame.K_SPACE, CTRL))),
    Scene("call", "workshop", "11", text="def bob(belt):\n    belt.get", keys=(
        (pygame.K_END, CTRL), (pygame.K_SPACE, CTRL), (pygame.K_RETURN, 0))),
    Scene("find", "workshop", "22", keys=((pygame.K_h, CTRL),)),
    Scene("problem", "workshop", "11", text=WRONG, keys=((pygame.K_F8, 0),)),
    Scene("problems", "workshop", "11", text=WRONG, keys=((pygame.K_F8, SHIFT),)),
    Scene("share", "verdict", "22", deed=WorkshopScene.share),
    Scene("pauses", "verdict", "22", keys=((pygame.K_b, ALT),)),
    Scene("reset", "workshop", "22", deed=lambda scene: scene.desk.ask_reset()),
    Scene("undecided", "undecided", "22", "reference", keys=((pygame.K_END, ALT),)),
    Scene("broken", "broken", "22"),
)  # fmt: skip
OVERLAYS = (
    "help", "part", "keys", "passed", "guide", "glossary", "hint", "python", "offers", "call", "problems",
    "share", "pauses", "reset", "promises",
)  # fmt: skip
"""Under these lies a darkened scene, or their list goes on below: not every text need be seen."""
TOLD_ABOVE = ("problems",)
"""Their rows are cut: the whole text of the one that is chosen stands above them."""
SIZES = {100: (1280, 720), 200: (2560, 1440)}


def made(
    scene: Scene,
    scale: int,
    folder: Path,
    language: str = "en",
    text_scale: float = 1.0,
    palette: str = "paper",
) -> pygame.Surface:
    settings = Settings(language=language, text_scale=text_scale, palette=palette)
    if scene.scene in ("levels", "browser"):
        for path in LEVELS.glob("*.yaml"):
            shutil.copy(path, folder)
        (folder / "pack.yaml").write_text(PACK)
        house = House(None, helpers=False, pack_folders=[folder])
        house.settings = settings
        look = theme_of(replace(settings, reduced_motion=True), scale / 100)
        for id, stars in (("1.1", 3), ("1.2", 1)):
            house.count_attempt(f"{folder.name}/{id}", stars, {"ticks": 9, "statements": 2})
        house.skip(f"{folder.name}/1.3")
        if scene.scene == "browser":
            return render(BrowserScene(house, read_at_once=True), SIZES[scale], theme=look)
        return render(LevelsScene(house), SIZES[scale], theme=look)
    if not scene.level:
        return picture_of(scene.scene, size=SIZES[scale], scale=scale / 100, settings=settings)
    path = next(LEVELS.glob(f"{scene.level}-*.yaml"))
    if scene.scene == "broken":
        wrong = folder / "22.yaml"
        wrong.write_text(path.read_text().replace("mode: fix", "mode: mend").replace("states:", "sates:"))
        house = House(None, helpers=False)
        house.settings = settings
        look = theme_of(replace(settings, reduced_motion=True), scale / 100)
        return render(scene_for(house, wrong), SIZES[scale], theme=look)
    level = read_level(path, load_registry(entry_points=False))
    answer = level.reference if scene.answer == "reference" else level.starter
    if scene.text:
        answer = replace(answer, scripts={**answer.scripts, "bob": scene.text})
    if scene.scene == "undecided":
        level = replace(level, limits=replace(level.limits, states=4))
    if scene.keys or scene.deed:
        return acted(scene, WorkshopScene, level, answer, scale, settings)
    return picture_of(
        scene.scene, level, answer, step=scene.step, size=SIZES[scale], scale=scale / 100, settings=settings
    )


@patch.dict(os.environ, DRAUGHTY_HOME="/home/joyn/post")  # a path that is the same everywhere
def acted(
    scene: Scene, kind: type[WorkshopScene], level: Level, answer: Answer, scale: int, settings: Settings
) -> pygame.Surface:
    """The workshop after some keys, in a window nobody sees."""
    house = House(None, helpers=False)
    house.settings = settings
    look = theme_of(replace(settings, reduced_motion=True), scale / 100)
    app = App(look, SIZES[scale], headless=True)
    app.running = True
    workshop = kind(house, Path(level.place.file), level, answer=answer)
    if scene.scene in ("verdict", "undecided"):
        _judge(workshop, None)
    app.push(workshop)
    app.frame((), 0.016)
    for code, mod in scene.keys:
        pygame.key.set_mods(mod)
        down = pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode="")
        app.frame((down, pygame.event.Event(pygame.KEYUP, key=code, mod=mod)), 0.016)
        pygame.key.set_mods(0)
    if scene.deed is not None:
        scene.deed(workshop)
    app.frame((), 0.5)
    surface = pygame.Surface(SIZES[scale])
    for _ in range(2):
        workshop.draw(surface)
    house.close()
    pygame.display.quit()
    return surface


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Each picture drawn once, with its texts measured."""
    done: dict[tuple[str, int, str], tuple[pygame.Surface, Inks]] = {}

    def draw(scene: Scene, scale: int, language: str = "en") -> tuple[pygame.Surface, Inks]:
        if (scene.name, scale, language) not in done:
            pictures: list[pygame.Surface] = []

            def make() -> pygame.Surface:
                pictures.append(made(scene, scale, tmp_path_factory.mktemp("pack"), language))
                return pictures[-1]

            inks = inks_of(make)
            done[scene.name, scale, language] = small(pictures[-1]), inks
        return done[scene.name, scale, language]

    return draw


CASES = [
    *(pytest.param(scene, scale, "en", id=f"{scene.name}-{scale}") for scale in SIZES for scene in SCENES),
    *(pytest.param(scene, 100, "de", id=f"{scene.name}-de-100") for scene in SCENES),
]


@pytest.mark.parametrize(("scene", "scale", "language"), CASES)
def test_a_scene_looks_as_it_did(drawn, scene, scale, language):
    now, _ = drawn(scene, scale, language)
    compare(now, f"{scene.name}{'' if language == 'en' else f'-{language}'}-{scale}")


MEASURED = [*CASES, *(pytest.param(scene, 200, "de", id=f"{scene.name}-de-200") for scene in SCENES)]


@pytest.mark.parametrize(("scene", "scale", "language"), MEASURED)
def test_no_text_is_cut_short_or_covered(drawn, scene, scale, language):
    _, inks = drawn(scene, scale, language)
    assert len(inks.texts) > 5
    assert inks.shortened == () or scene.name in TOLD_ABOVE
    assert inks.outside == ()
    assert [ink for ink in inks.covered if ink.front or scene.name not in OVERLAYS] == []


@pytest.mark.parametrize(("language", "palette"), [("de", "contrast"), ("en", "safe")])
@pytest.mark.parametrize("scene", SCENES, ids=lambda one: one.name)
def test_the_smallest_window_has_room_for_all_texts(monkeypatch, tmp_path, scene, language, palette):
    monkeypatch.setitem(SIZES, 100, (1024, 640))
    inks = inks_of(lambda: made(scene, 100, tmp_path, language, palette=palette))
    assert inks.shortened == () or scene.name in TOLD_ABOVE
    assert inks.outside == ()
    assert [ink for ink in inks.covered if ink.front or scene.name not in OVERLAYS] == []


LARGER_LETTERS = (
    "title",
    "browser",
    "progress",
    "saves",
    "code",
    "fix",
    "build",
    "parsons",
    "wind",
    "refused",
    "config",
    "guide",
    "help",
    "settings",
)


@pytest.mark.parametrize(
    "scene", [scene for scene in SCENES if scene.name in LARGER_LETTERS], ids=lambda one: one.name
)
def test_larger_letters_still_find_their_room(tmp_path, scene):
    inks = inks_of(lambda: made(scene, 100, tmp_path, text_scale=1.3))
    assert (inks.shortened, inks.outside) == ((), ())
    if scene.name not in OVERLAYS:
        assert inks.covered == ()


def test_a_covered_and_a_shortened_text_are_noticed():
    def make() -> pygame.Surface:
        surface, look = pygame.Surface((300, 80)), Theme()
        surface.fill((255, 255, 255))
        words.label(surface, look, "covered by another", pygame.Rect(10, 10, 200, 20), (0, 0, 0))
        words.label(surface, look, "much too long for its place", pygame.Rect(10, 40, 60, 20), (0, 0, 0))
        surface.fill((255, 255, 255), (60, 0, 200, 40))
        return surface

    inks = inks_of(make)
    assert [ink.words for ink in inks.covered] == ["covered by another"]
    assert inks.shortened == ("much too long for its place",)


SHOWN = Path(__file__).resolve().parents[2] / "docs/images/workshop.png"


def test_the_readme_shows_the_window_as_it_is_now():
    level = read_level(LEVELS / "22-mind-the-chalk.yaml", load_registry(entry_points=False))
    now = picture_of("verdict", level, level.starter)
    share = difference(small(pygame.image.load(str(SHOWN)).convert(now)), small(now))
    if share > 0.02 and os.environ.get("RENEW_PICTURES"):
        pygame.image.save(now, str(SHOWN))
    else:
        assert share <= 0.02, "with RENEW_PICTURES=1 it is drawn anew"


def test_another_picture_is_noticed(drawn):
    one, _ = drawn(SCENES[2], 100)
    other = one.copy()
    assert difference(one, other) == 0
    other.fill((255, 0, 0), (100, 100, 30, 12))
    assert difference(one, other) > 0.001


# In other languages: in one that is none, to find what was never said; in German, what is not translated.

LETTER = re.compile(r"(\{[^{}]*\}|`[^`]*`)|[^\W\d_]")
WORD = re.compile(r"[A-Za-z]{3,}")
NAMES = {
    "ada", "bob", "cleo", "dan", "pip", "boss", "belt", "tube", "tally", "north", "south", "seats", "card",
    "clerk", "letter", "apple", "pear", "read", "write", "deliver", "multiprocessing", "python", "deutsch",
    "letters", "stamps", "pipe", "blet", "leter", "import", "queue",
    *"_".join(Queue.faces[""].names()).split("_"),
    "yaml", "limits", "sates", "states", "mode", "mend", *get_args(Mode),
}  # fmt: skip
"""What is called the same everywhere: clerks, channels, what they hand on, and Python's own words."""


class Strange(NullTranslations):
    """A language in which every letter is é, but for those in braces and in code."""

    def gettext(self, message: str) -> str:
        return LETTER.sub(lambda found: found[1] or "é", message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


def texts_of(monkeypatch, scene, folder) -> list[tuple[str, str]]:
    """Each text a scene draws, and in which role."""
    found: list[tuple[str, str]] = []
    render = theme.render

    def noting(font, text, colour, role):
        found.append((text, role))
        return render(font, text, colour, role)

    monkeypatch.setattr(theme, "render", noting)
    monkeypatch.setattr(words, "render", noting)
    made(scene, 100, folder, "de")
    return found


OURS = [scene for scene in SCENES if scene.name != "credits"]
"""Those credited, and their licences, are named in everybody's language as they name themselves."""


@pytest.mark.parametrize("scene", OURS, ids=lambda scene: scene.name)
def test_everything_a_scene_draws_was_said(monkeypatch, tmp_path, scene):
    monkeypatch.setattr(looks, "catalogue", lambda code: Strange())
    texts = texts_of(monkeypatch, scene, tmp_path)
    assert any("ééé" in text for text, _ in texts)
    plain = {
        text
        for text, role in texts
        if role != "code" and [word for word in WORD.findall(text) if word.lower() not in NAMES]
    }
    assert plain == set()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_nothing_a_scene_draws_is_still_english(monkeypatch, tmp_path, scene):
    german = catalogue("de")
    english = {
        message
        for message, other in german._catalog.items()
        if isinstance(message, str) and message and other != message and WORD.search(message)
    }
    texts = {text for text, role in texts_of(monkeypatch, scene, tmp_path) if role != "code"}
    assert texts & english == set()


def test_a_sentence_that_was_forgotten_is_noticed():
    assert WORD.findall(translate("Open the office", Strange())) and not WORD.findall(
        translate(Said("Open {what} `now` é", "", 1, {"what": "1"}), Strange()).replace("`now`", "")
    )
