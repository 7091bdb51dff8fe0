from __future__ import annotations

from pathlib import Path

import pytest

from game.authoring.lint import lint
from game.authoring.template import template, write_template
from game.level.reader import read_level
from game.plugins import load_registry
from game.problems import ProblemsFound

REGISTRY = load_registry(entry_points=False)


@pytest.mark.parametrize("mode", ["fix", "build"])
def test_a_new_level_keeps_every_promise_from_the_start(tmp_path: Path, mode: str):
    path = tmp_path / "mine" / "31-the-early-coach.yaml"
    write_template(path, mode)
    assert lint([path], REGISTRY, deep=True, real=False) == []
    assert read_level(path, REGISTRY).mode == mode
    assert "<<" not in path.read_text()


@pytest.mark.parametrize(
    ("name", "id", "title"),
    [
        ("31-the-early-coach.yaml", "3.1", "The Early Coach"),
        ("112-x.yaml", "1.12", "X"),
        ("my level!.yaml", "my-level", "My Level"),
        ("null.yaml", "null", "Null"),
        ("--.yml", "new-level", "New Level"),
    ],
)
def test_a_new_level_takes_its_number_and_title_from_the_file(tmp_path: Path, name: str, id: str, title: str):
    write_template(tmp_path / name)
    level = read_level(tmp_path / name, REGISTRY)
    assert (level.id, level.title) == (id, title)


def test_a_new_level_points_at_the_schema_of_the_game_it_lies_in(tmp_path: Path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "level.schema.json").write_text("{}")
    first_lines = [
        template(path).splitlines()[0]
        for path in (tmp_path / "levels" / "mine" / "11-a.yaml", tmp_path.parent / "11-a.yaml")
    ]
    assert first_lines == [
        "# yaml-language-server: $schema=../../assets/level.schema.json",
        "# yaml-language-server: $schema=level.schema.json",
    ]


def test_nothing_is_ever_overwritten(tmp_path: Path):
    path = tmp_path / "11-mine.yaml"
    path.write_text("precious")
    with pytest.raises(ProblemsFound) as found:
        write_template(path)
    assert str(found.value) == f"{path}: this is here already, and is left as it is"
    assert path.read_text() == "precious"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    said = []
    for path in (tmp_path / "level.txt", tmp_path / "file" / "level.yaml"):
        with pytest.raises(ProblemsFound) as found:
            write_template(path)
        said += [problem.message for problem in found.value.problems]
    assert said == [
        "a level file ends in .yaml; write level.txt.yaml",
        "this is here already, and is left as it is",
    ]
