"""Taking an answer along: the clipboard's text reads back, files land in the player's own folder."""

from __future__ import annotations

import json
from pathlib import Path

import pygame
import pytest

from game.desktop import forms, sharing
from game.desktop.app import App
from game.desktop.forms import FORMS, Form
from game.desktop.house import House
from game.desktop.scenes.verdict import VerdictScene
from game.desktop.scenes.workshop import WorkshopScene
from game.desktop.shot import _judge
from game.desktop.theme import Theme
from game.level.reader import read_answer_text, read_level
from game.plugins import load_registry

CHALK = Path(__file__).resolve().parents[2] / "levels/post_office/22-mind-the-chalk.yaml"


@pytest.fixture
def level():
    return read_level(CHALK, load_registry(entry_points=False))


@pytest.fixture
def app(level, tmp_path):
    house = House(tmp_path, helpers=False)
    app = App(Theme(1.0, reduced_motion=True), (1280, 720), headless=True)
    app.running = True
    workshop = WorkshopScene(house, CHALK, level, answer=level.reference)
    app.push(workshop)
    _judge(workshop, None)
    app.push(VerdictScene(house, workshop, workshop.work.attempt))
    app.frame([], 0.5)
    yield app
    house.close()
    pygame.display.quit()


def press(app: App, words: str) -> None:
    app.scene.share()
    app.frame([], 0.1)
    dialog = app.scene.focus.dialog
    next(button for button in dialog.body.buttons if button.words == words).press()
    app.frame([], 0.1)


def test_the_copied_answer_reads_back_as_the_same(app, level):
    press(app, "Copy my answer")
    assert app.scene.focus.dialog is None
    assert read_answer_text(app.scene.sharing.clipboard.get(), "copied", level) == level.reference


def test_the_saved_answer_lies_in_the_players_folder(app, level, tmp_path):
    press(app, "Save my answer")
    path = tmp_path / "shared" / "level_2_2_mind_the_chalk.answer.yaml"
    assert read_answer_text(path.read_text(), "saved", level) == level.reference
    assert app._toasts[-1].text == f"Saved: {path}"


def test_a_folder_that_cannot_be_written_is_said(app, tmp_path):
    (tmp_path / "shared").write_text("in the way")
    press(app, "Save my answer")
    assert "cannot be saved" in app._toasts[-1].text


def test_sharing_works_by_keyboard_alone(app, level):
    for code in (pygame.K_TAB,) * 3 + (pygame.K_RETURN,):
        app.frame([pygame.event.Event(pygame.KEYDOWN, key=code, mod=0, unicode="")], 0.1)
    assert app.scene.focus.dialog is not None
    app.frame([pygame.event.Event(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0, unicode="\r")], 0.1)
    assert read_answer_text(app.scene.sharing.clipboard.get(), "copied", level) == level.reference


def reads_as(form: Form, path: Path) -> bool:
    raw = path.read_bytes()
    match form.suffix.rpartition(".")[2]:
        case "py":
            return bool(compile(raw, str(path), "exec"))
        case "pml":
            return b"active proctype" in raw
        case "json":
            return bool(json.loads(raw)["traceEvents"])
        case "html":
            return raw.startswith(b"<!doctype html>")
        case _:
            return raw.startswith(b"GIF89a")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_every_form_that_is_offered_writes_its_file(form, level, tmp_path):
    path = sharing.save_as(form, level, level.reference, tmp_path)
    assert path.name == f"level_2_2_mind_the_chalk{form.suffix}"
    assert reads_as(form, path)


def test_no_exporter_that_is_missing_is_offered(monkeypatch):
    missing = FORMS[0]._replace(name="poem", module="game.export.poem")
    monkeypatch.setattr(forms, "FORMS", (missing,))
    assert forms.forms() == ()


def test_a_refused_answer_takes_its_failing_wind_along(level, tmp_path):
    house = House(tmp_path, helpers=False)
    app = App(Theme(1.0, reduced_motion=True), (1280, 720), headless=True)
    app.running = True
    workshop = WorkshopScene(house, CHALK, level)
    app.push(workshop)
    _judge(workshop, None)
    app.frame([], 0.5)
    assert workshop.work.failure is not None
    app.frame(
        [pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=workshop._bar.share.rect.center, button=1)], 0.1
    )
    app.frame([pygame.event.Event(pygame.MOUSEBUTTONUP, pos=workshop._bar.share.rect.center, button=1)], 0.1)
    words = [button.words for button in app.scene.focus.dialog.body.buttons]
    assert "Save the run as a GIF" in words
    next(
        one for one in app.scene.focus.dialog.body.buttons if one.words == "Save the run as a web page"
    ).press()
    page = next((tmp_path / "shared").glob("*.html")).read_text()
    assert "lost update" in page or "stroke is lost" in page
    house.close()
    pygame.display.quit()
