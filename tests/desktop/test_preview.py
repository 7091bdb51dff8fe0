"""Offices in small: drawn as the board draws them, read once, and never in the way of a frame."""

from __future__ import annotations

import shutil
from pathlib import Path

import pygame
import pytest
from hands import click

from game.desktop import words
from game.desktop.preview import Offices, Preview, Subject, subject_of
from game.desktop.theme import Theme
from game.level.model import Answer
from game.level.reader import read_level
from game.plugins import load_registry

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"
CHALK = LEVELS / "22-mind-the-chalk.yaml"
SIZE = (380, 226)
REGISTRY = load_registry()


class Reader:
    def __init__(self):
        self.read: list[Path] = []

    def __call__(self, path):
        self.read.append(path)
        return read_level(path, REGISTRY)


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGBA")


def inked(surface: pygame.Surface) -> float:
    """The share of a picture that something stands on."""
    floor = pygame.mask.from_threshold(surface, Theme().palette.desk, (2, 2, 2, 255)).count()
    return 1 - floor / (surface.get_width() * surface.get_height())


@pytest.mark.parametrize("path", sorted(LEVELS.glob("*-*.yaml")), ids=lambda path: path.stem)
@pytest.mark.parametrize(("size", "scale"), [((230, 130), 0.75), (SIZE, 1.0), ((960, 560), 2.5)])
def test_every_office_is_seen_at_every_size(path, size, scale):
    made = Offices(Reader()).picture(subject_of(path), size, Theme(scale))
    assert made.get_size() == size
    assert 0.05 < inked(made) < 0.95


def test_a_picture_smaller_than_its_letters_can_be_cuts_none_of_them(monkeypatch):
    cut: list[str] = []
    clipped = words._clipped
    monkeypatch.setattr(
        words, "_clipped", lambda theme, text, *how: cut.append(text) or clipped(theme, text, *how)
    )
    offices = Offices(Reader())
    for path in sorted(LEVELS.glob("*-*.yaml")):
        offices.picture(subject_of(path), (190, 112), Theme())
    assert cut == []
    words.clip_words(Theme(), "a very long sign", 20, "interface", "body", "regular")
    assert cut == ["a very long sign"]


def test_a_shrunk_picture_has_the_floor_of_the_board_to_its_very_edges():
    made, floor = Offices(Reader()).picture(subject_of(CHALK), SIZE, Theme()), Theme().palette.desk
    corners = [(x, y) for x in (0, 1, 2, SIZE[0] - 1) for y in (0, 2, 3, 5)]
    off = [abs(made.get_at(corner)[part] - floor[part]) for corner in corners for part in range(3)]
    assert max(off) <= 3


def test_an_office_is_read_once_and_again_when_its_file_is_another(tmp_path):
    path = tmp_path / "mine.yaml"
    shutil.copy(CHALK, path)
    reader, look = Reader(), Theme()
    offices = Offices(reader)
    first = offices.picture(subject_of(path), SIZE, look)
    assert offices.picture(subject_of(path), SIZE, look) is first
    assert offices.picture(subject_of(path), (300, 180), look) is not first
    assert reader.read == [path]
    path.write_text(path.read_text().replace("cleo", "clementine"))
    assert pixels(offices.picture(subject_of(path), SIZE, look)) != pixels(first)
    assert reader.read == [path, path]


def test_an_answer_is_seen_as_it_leaves_the_office():
    offices, look = Offices(Reader()), Theme()
    path = LEVELS / "46-two-stamps-of-credit.yaml"
    bare = offices.picture(subject_of(path), SIZE, look)
    reference = read_level(path, REGISTRY).reference
    assert pixels(offices.picture(subject_of(path, reference), SIZE, look)) != pixels(bare)
    script = Answer("4.6", {"ada": "def ada("})
    assert offices.picture(subject_of(path, script), SIZE, look) is not None


def test_where_a_file_cannot_be_read_there_is_nothing_to_see(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("title: [\n")
    offices = Offices(Reader())
    for one in (path, tmp_path / "gone.yaml"):
        assert offices.picture(subject_of(one), SIZE, Theme()) is None
        assert offices.known(subject_of(one)) == (None, None)


def a_preview(reader=None, pressed=None, **how) -> Preview:
    preview = Preview(Offices(reader or Reader()), pressed or (lambda: None), **how)
    preview.rect = pygame.Rect((10, 10), SIZE)
    return preview


def drawn(preview: Preview, look: Theme) -> bytes:
    surface = pygame.Surface((SIZE[0] + 20, SIZE[1] + 20))
    preview.draw(surface, look)
    return pixels(surface)


def test_an_office_comes_between_two_frames_once_the_choice_has_stood():
    reader, look = Reader(), Theme()
    preview = a_preview(reader)
    empty = drawn(preview, look)
    preview.show(subject_of(CHALK))
    assert drawn(preview, look) == empty and reader.read == []
    assert not preview.update(0.03)
    preview.show(subject_of(LEVELS / "11-first-post.yaml"))
    assert not preview.update(0.05) and reader.read == []
    assert preview.update(0.05) and len(reader.read) == 1
    assert drawn(preview, look) != empty
    assert not preview.update(1.0) and len(reader.read) == 1


def test_a_preview_that_cannot_come_is_not_tried_again_and_again(tmp_path):
    reader = Reader()
    preview = a_preview(reader)
    preview.show(Subject(tmp_path / "gone.yaml"))
    drawn(preview, Theme())
    for _ in range(5):
        preview.update(0.1)
    assert len(reader.read) == 1
    assert preview.office == (None, None)


def test_a_picture_can_come_with_the_frame_that_needs_it():
    preview, look = a_preview(at_once=True), Theme()
    empty = drawn(preview, look)
    preview.show(subject_of(CHALK))
    assert drawn(preview, look) != empty


def test_a_preview_is_pressed_only_when_it_shows_something():
    pressed = []
    preview = a_preview(pressed=lambda: pressed.append(1))
    for event in click(preview.rect.center):
        preview.handle(event)
    assert pressed == []
    preview.show(subject_of(CHALK))
    for event in click(preview.rect.center):
        preview.handle(event)
    assert pressed == [1]
