from __future__ import annotations

import pytest

from game.authoring.blueprint import Blueprint
from game.authoring.offices import (
    BEFORE,
    keep_office,
    new_office,
    office_text,
    offices,
    read_office,
    text_known,
)
from game.plugins import load_registry
from game.problems import ProblemsFound

REGISTRY = load_registry(entry_points=False)
OFFICE = Blueprint("Mine", win={"left_over": []}).with_clerk("ada")


@pytest.mark.parametrize(
    ("title", "name"),
    [("Tea for two!", "tea-for-two"), ("Büro", "buro"), ("???", "office"), ("x" * 80, "x" * 30)],
)
def test_a_file_is_named_after_its_office(tmp_path, title, name):
    path = new_office(tmp_path, title)
    assert (path.parent, path.stem) == (tmp_path / "levels", name)
    keep_office(path, "x", None)
    assert new_office(tmp_path, title).stem == f"{path.stem}-2"


def test_what_was_written_last_is_written_over_and_what_was_not_is_put_aside(tmp_path):
    path = tmp_path / "levels/mine.yaml"
    keep_office(path, "one", None)
    keep_office(path, "two", "one")
    assert [one.name for one in path.parent.iterdir()] == ["mine.yaml"]
    path.write_text("theirs")
    keep_office(path, "three", "two")
    path.write_text("theirs again")
    keep_office(path, "four", "three")
    kept = {one.name: one.read_text() for one in path.parent.iterdir()}
    assert kept == {
        "mine.yaml": "four", f"mine.yaml{BEFORE}": "theirs", f"mine.yaml{BEFORE}2": "theirs again"
    }  # fmt: skip


def test_own_files_are_listed_as_offices_or_with_why_they_are_none(tmp_path):
    path = new_office(tmp_path, "Mine")
    keep_office(path, office_text(path, OFFICE), None)
    broken = path.with_name("broken.yaml")
    broken.write_text("id: [")
    found = dict(offices(tmp_path, REGISTRY))
    assert found[path] == OFFICE == read_office(path, REGISTRY)
    assert isinstance(found[broken], ProblemsFound)


def test_a_file_by_hand_is_not_known_and_one_of_ours_is(tmp_path):
    path = new_office(tmp_path, "Mine")
    text = office_text(path, OFFICE)
    keep_office(path, text, None)
    assert text_known(path, OFFICE) == text
    path.write_text(text + "# a remark\n")
    assert text_known(path, OFFICE) is None
