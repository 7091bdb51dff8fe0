"""A player's settings made a look."""

from __future__ import annotations

from gettext import NullTranslations

import pygame

from game.desktop import words
from game.desktop.looks import language_of
from game.desktop.settings import Settings
from game.desktop.theme import Theme
from game.language import say


class Longer(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"{message}, rather longer than it was"


def test_what_is_said_is_measured_and_drawn_in_the_players_language():
    english, other = Theme(), Theme(catalogue=Longer())
    said, plain = say("Hint"), "Hint"
    assert other.width(plain) == english.width(plain) == english.width(said)
    assert other.width(said) == other.width("Hint, rather longer than it was")
    assert other.text(said, (0, 0, 0)).get_width() == other.width(said)
    assert other.text(plain, (0, 0, 0)).get_width() == other.width(plain)
    column = words.prose(other, say("Hint"), 80, (0, 0, 0))
    assert column.lines > words.prose(other, "Hint", 80, (0, 0, 0)).lines
    assert words.clip_words(other, said, 10_000, "interface", "body", "regular").endswith("was")


def test_a_look_changed_in_one_thing_keeps_the_rest():
    theme = Theme(1.5, reduced_motion=True, catalogue=Longer(), text_scale=1.2)
    other = theme.but(scale=2.0)
    assert (other.scale, other.reduced_motion, other.text_scale) == (2.0, True, 1.2)
    assert other.catalogue is theme.catalogue and theme.scaled(2.0).catalogue is theme.catalogue


def test_larger_letters_make_larger_lines_and_leave_lengths_alone():
    pygame.font.init()
    large = Theme(text_scale=1.3)
    assert large.px(100) == 100 and large.line_height() > Theme().line_height()
    assert large.width("Hint") > Theme().width("Hint")


def test_letters_in_drawings_are_no_larger_than_the_drawings():
    large = Theme(1.5, text_scale=1.3, catalogue=Longer())
    assert (large.drawn.text_scale, large.drawn.scale) == (1.0, 1.5)
    assert large.drawn is large.drawn and large.drawn.catalogue is large.catalogue
    assert Theme().drawn.text_scale == 1.0


def test_the_system_chooses_where_the_player_did_not(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "xx_XX.UTF-8")
    assert language_of(Settings()) == "en"
    assert language_of(Settings(language="xx")) == "en"
    monkeypatch.setattr("game.desktop.looks.languages", lambda: ("en", "de"))
    monkeypatch.setenv("LANG", "de_AT.UTF-8")
    assert language_of(Settings()) == "de"
    assert language_of(Settings(language="en")) == "en"
