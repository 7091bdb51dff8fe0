"""Colours of single lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from game.desktop.colouring import coloured, open_strings


def inks(line: str, state: str = "") -> list[tuple[str, str]]:
    return [(span.text.strip(), span.ink) for span in coloured(line, state)]


def test_a_line_is_coloured_by_what_its_words_are():
    assert inks("def ada(tally):  # hers") == [
        ("def", "keyword"), ("ada", "name"), ("(tally):", "plain"), ("# hers", "comment"),
    ]  # fmt: skip
    assert inks("tally.value += 1") == [("tally.value", "plain"), ("+=", "keyword"), ("1", "number")]


def test_a_string_over_several_lines_is_one_string():
    lines = ["x = '''one", "two # no comment", "three'''  # a comment", "y = 1"]
    states = open_strings(lines)
    assert states == ["", "'''", "'''", ""]
    assert inks(lines[1], states[1]) == [("two # no comment", "text")]
    assert inks(lines[2], states[2]) == [("three'''", "text"), ("# a comment", "comment")]


def test_quotes_in_comments_and_in_other_strings_open_nothing():
    assert open_strings(['# it\'s """', "x = \"'''\"", "'\\'", "y"]) == ["", "", "", ""]


@given(st.text("'\"\\#ab =\n(", max_size=60))
def test_the_stretches_of_a_line_are_the_line(text):
    lines = text.split("\n")
    for line, state in zip(lines, open_strings(lines), strict=True):
        spans = coloured(line, state)
        assert "".join(span.text for span in spans) == line
        assert [span.start for span in spans] == [
            sum(len(before.text) for before in spans[:n]) for n in range(len(spans))
        ]
