"""Sentences that remember how they were made."""

from __future__ import annotations

import pickle
from gettext import NullTranslations

import pytest

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
