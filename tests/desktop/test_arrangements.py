"""Boards as their players like them, kept between games."""

from __future__ import annotations

import pytest

from game.desktop.arrangements import FILE, PLAIN, Arrangement, keep_arrangements, read_arrangements

ONE = Arrangement({("clerk", "ada"): (0.25, 0.5), ("channel", "belt"): (1.0, 0.0)}, True)


def test_what_was_arranged_is_there_again(tmp_path):
    keep_arrangements(tmp_path, {"post_office/1.1": ONE, "post_office/1.2": PLAIN})
    assert read_arrangements(tmp_path) == {"post_office/1.1": ONE}


def test_nothing_kept_is_nothing_arranged(tmp_path):
    assert read_arrangements(tmp_path) == {}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"a": 3}', '{"a": {"places": 3}}', '{"a": {"places": {"ada": [0, 0]}}}'],
)
def test_a_damaged_file_is_as_if_nobody_had_moved_anything(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    assert all(one == PLAIN for one in read_arrangements(tmp_path).values())


@pytest.mark.parametrize("place", ["[2, 0]", "[0]", "[true, 0]", '["0", 0]', "[NaN, 0]", "7"])
def test_a_place_that_is_none_is_left_out(tmp_path, place):
    (tmp_path / FILE).write_text(f'{{"a": {{"places": {{"clerk/ada": {place}, "clerk/bob": [0.5, 0.5]}}}}}}')
    assert read_arrangements(tmp_path)["a"].places == {("clerk", "bob"): (0.5, 0.5)}


def test_a_thing_comes_and_goes():
    moved = PLAIN.put(("clerk", "ada"), (0.1, 0.2))
    assert moved.places == {("clerk", "ada"): (0.1, 0.2)}
    assert moved.without(("clerk", "ada")) == PLAIN
