"""Text in lines and columns."""

from __future__ import annotations

import pygame
from hypothesis import given, settings
from hypothesis import strategies as st

from game.desktop import words
from game.desktop.theme import Palette, Theme

THEME, INK = Theme(), Palette().ink


def laid(text: str, width: int = 200, **more: object) -> words.Prose:
    return words.prose(THEME, text, width, INK, **more)


def test_words_go_on_the_next_line_and_paragraphs_stand_apart():
    one = laid("tea")
    assert one.lines == 1
    assert laid("one two three four five six seven eight", 90).lines > 2
    assert laid("one\n\ntwo").height == 2 * one.height + one.height // 2


def test_marks_change_the_type_and_are_not_shown():
    plain = laid("is two steps, not one")
    marked = laid("is **two** steps, not *one*")
    assert len(plain.runs) == 1
    assert len(marked.runs) == 4
    assert abs(marked.width - plain.width) < plain.width * 0.2


def test_a_sign_stays_with_the_word_before_it():
    for text in ("tally **one**.", "tally `belt`."):
        whole = laid(text, 1000)
        narrow = laid(text, whole.width - 2)
        assert narrow.lines == 2
        assert narrow.runs[-1][1] >= THEME.line_height() - 4  # the full stop went down with its word
        assert narrow.runs[1][1] == narrow.runs[-1][1] or narrow.runs[1][0] == 0


def test_lone_marks_are_only_signs():
    assert laid("2 * 3 * 4 and a ` tick").lines == 1
    assert len(laid("2 * 3 * 4 and a ` tick").runs) == 1


@settings(max_examples=60)
@given(st.text("ab `*\nWi.", max_size=80), st.integers(20, 300), st.sampled_from(["left", "centre", "right"]))
def test_nothing_is_ever_wider_than_its_column(text, width, align):
    made = laid(text, width, align=align)
    for x, y, picture in made.runs:
        assert x >= -1
        assert x + picture.get_width() <= width + 3
        assert -6 <= y <= made.height


def test_a_label_too_long_ends_early_and_says_so():
    page = pygame.Surface((300, 40))
    place = words.label(page, THEME, "a very long label indeed", pygame.Rect(10, 0, 80, 40), INK)
    assert place.width <= 80
    assert words.clip_words(THEME, "a very long label", 80, "interface", "body", "regular").endswith("…")
    assert words.clip_words(THEME, "short", 80, "interface", "body", "regular") == "short"


def test_a_line_that_is_a_little_too_long_is_set_smaller_before_it_is_shortened(monkeypatch):
    shown = []
    clip = words.clip_words

    def clipped(theme, text, width, role, size, weight):
        shown.append((clip(theme, text, width, role, size, weight), size))
        return shown[-1][0]

    monkeypatch.setattr(words, "clip_words", clipped)
    text, paper = "a label of some length", pygame.Surface((300, 40))
    whole = THEME.width(text)
    for share in (1.0, 0.95, 0.83, 0.6):
        place = words.label(paper, THEME, text, pygame.Rect(0, 0, round(whole * share), 40), (0, 0, 0))
        assert place.width <= round(whole * share)
    fits, smaller, smallest, none = shown
    assert fits == (text, "body")
    assert smaller[0] == smallest[0] == text and 14 > smaller[1] > smallest[1] >= 11
    assert none[0].endswith("…") and none[1] == "body"


def test_text_laid_out_before_is_not_laid_out_again():
    assert laid("the same words") is laid("the same words")


def test_a_line_that_would_be_cut_at_an_edge_is_left_out():
    theme = Theme()
    both = words.prose(theme, "one\ntwo", 100, theme.palette.ink)
    line = both.height // 2
    for room, seen in ((2 * line, 2), (2 * line - 12, 1), (line, 1), (6, 0)):
        surface = pygame.Surface((100, 60))
        surface.fill((255, 255, 255))
        surface.set_clip(pygame.Rect(0, 0, 100, room))
        both.draw(surface, (0, 0))
        surface.set_clip(None)
        halves = [surface.subsurface((0, n * line, 100, line)) for n in (0, 1)]
        dark = [
            pygame.mask.from_threshold(half, theme.palette.ink, (60, 60, 60, 255)).count() for half in halves
        ]
        assert sum(count > 10 for count in dark) == seen


def test_a_label_that_would_be_cut_at_an_edge_is_left_out_too():
    theme = Theme()
    for room, seen in ((24, True), (9, False)):
        surface = pygame.Surface((100, 24))
        surface.fill((255, 255, 255))
        surface.set_clip(pygame.Rect(0, 0, 100, room))
        words.label(surface, theme, "found", pygame.Rect(0, 0, 100, 24), theme.palette.ink)
        surface.set_clip(None)
        assert (pygame.mask.from_threshold(surface, theme.palette.ink, (60, 60, 60, 255)).count() > 0) is seen
