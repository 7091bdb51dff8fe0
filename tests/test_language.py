"""Sentences that remember how they were made."""

from __future__ import annotations

import pickle
from gettext import NullTranslations

import pytest

from game import catalogues, language
from game.catalogues import catalogue
from game.desktop.figures import figure
from game.language import ENGLISH, Said, capital, joined, listed, say, say_many, translate


class Backwards(NullTranslations):
    """A language in which the template's words stand in the opposite order."""

    def gettext(self, message: str) -> str:
        return " ".join(reversed(message.split()))

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


def test_what_is_said_is_ordinary_english_text() -> None:
    said = say("{clerk} reads {value}", clerk="ada", value=3)
    assert said == "ada reads 3" and hash(said) == hash("ada reads 3") and isinstance(said, str)
    assert say_many("{count} star", "{count} stars", 1) == "1 star"
    assert say_many("{count} star", "{count} stars", 0) == "0 stars"
    assert say("a {brace} stays without parts") == "a {brace} stays without parts"
    with pytest.raises(KeyError):
        say("{clerk} reads {value}", clerk="ada")


def test_it_is_translated_by_its_template_and_so_are_its_parts() -> None:
    inner = say("the board")
    assert (
        translate(say("{clerk} reads {what}", clerk="ada", what=inner), Backwards()) == "board the reads ada"
    )
    assert translate(say_many("{count} star", "{count} stars", 2), Backwards()) == "stars 2"
    assert translate("a player's own words", Backwards()) == "a player's own words"
    assert translate(say("{a} b", a="x"), ENGLISH) == "x b"
    assert translate(say(""), Backwards()) == ""


def test_lists_and_beginnings_are_translated_where_they_are_made_up() -> None:
    names = listed(["ada", say("the board"), "bob"])
    assert names == "ada, the board and bob" and listed(["ada"]) == "ada" and listed([]) == ""
    assert translate(names, Backwards()) == "bob and board the ada,"
    begun = capital(say("the board"))
    assert begun == "The board" and translate(begun, Backwards()) == "Board the"
    assert pickle.loads(pickle.dumps(begun)) == "The board" and joined(" · ", ["a", "b"]) == "a · b"


def test_it_travels_between_processes() -> None:
    said = say("{clerk} reads {what}", clerk="ada", what=say("the board"))
    again = pickle.loads(pickle.dumps(said))
    assert isinstance(again, Said) and again == said
    assert translate(again, Backwards()) == "board the reads ada"


def test_numbers_are_written_as_the_language_writes_them():
    german = catalogue("de")
    assert language.NUMBER == catalogues.NUMBER
    assert translate(say("{count:,} of {part:.1f}", count=1_234_567, part=3.7), german) == "1.234.567 of 3,7"
    assert translate(say("{count:,}", count=1_234_567), language.ENGLISH) == "1,234,567"
    assert translate(say("{line}: {wrong!r}", line=1234, wrong=1.5), german) == "1234: 1.5"
    assert translate(figure(37 * 10**15), german) == "3,7·10¹⁶" and figure(1_234) == "1,234"
    assert translate(say("{yes} {name}", yes=True, name="a.b,c"), german) == "True a.b,c"
