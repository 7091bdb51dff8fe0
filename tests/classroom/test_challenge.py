from __future__ import annotations

from pathlib import Path

import pytest

from game.campaign import read_campaign
from game.classroom.challenge import Student, read_challenge, read_roster
from game.places import shipped_packs
from game.plugins import load_registry
from game.problems import ProblemsFound

REGISTRY = load_registry(entry_points=False)
CAMPAIGNS = [read_campaign(folder) for folder in shipped_packs()]


def a_file(folder: Path, text: str | bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems_of(path: Path, read) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        read(path)
    return [str(problem).removeprefix(str(path)) for problem in found.value.problems]


def test_levels_are_named_by_number_by_name_and_by_path(tmp_path: Path):
    first = CAMPAIGNS[0].levels[1].path
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "copy.yaml").write_text(first.read_text())
    levels = '["1.1", {level: mind-the-chalk, points: 2.5}, {level: own/copy.yaml}]'
    text = f"title: T\ndeadline: noon\nlevels: {levels}\n"
    challenge = read_challenge(a_file(tmp_path, text), REGISTRY, CAMPAIGNS)
    assert (challenge.title, challenge.deadline, challenge.points) == ("T", "noon", 4.5)
    assert [(task.level.id, task.points) for task in challenge.tasks] == [
        ("1.1", 1),
        ("2.2", 2.5),
        ("1.2", 1),
    ]
    assert challenge.task("2.2") is challenge.tasks[1] and challenge.task("9") is None


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[]", [":1:1: a challenge is a mapping with title and levels, not a list"]),
        ("levels: []", [":1:1: the key 'title' is missing",
                        ":1:9: levels: levels must be a list with a level or more"]),
        ("titel: x\ntitle: y\nlevels: [1.1, {lvl: a}, {level: '1.1', points: -1}, '1.1', 3]", [
            ":1:1: titel: unknown key; did you mean 'title'?",
            ":3:10: levels[0]: expected a level, or a mapping with level and points, not 1.1",
            ":3:15: levels[1]: level must be a number in quotes, a name, or a path",
            ":3:16: levels[1].lvl: unknown key; did you mean 'level'?",
            ":3:48: levels[2].points: points must be a number from 0 on, not -1",
            ":3:53: levels[3]: level 1.1 is here twice",
            ":3:60: levels[4]: expected a level, or a mapping with level and points, not 3"]),
        ("title: x\nlevels: [{level: 1.1}, {level: '9.9'}, {level: gone/away.yaml}]", [
            ':2:18: levels[0].level: level numbers are text: write "1.1", in quotes',
            ":2:32: levels[1].level: '9.9': no such file, level number or level name; "
            "levels are 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 2.1, 2.2, "
                "2.3, 2.4, 2.5, 2.6",
            ":2:48: levels[2].level: 'gone/away.yaml': there is no such file"]),
    ],
)  # fmt: skip
def test_everything_wrong_with_a_challenge_is_said_at_once(tmp_path: Path, text: str, problems: list[str]):
    path = a_file(tmp_path, text)
    assert problems_of(path, lambda path: read_challenge(path, REGISTRY, CAMPAIGNS)) == problems


def test_what_is_wrong_with_a_level_of_a_challenge_is_said_at_its_place(tmp_path: Path):
    a_file(tmp_path, "id: 3\n", "level.yaml")
    path = a_file(tmp_path, "title: x\nlevels: [level.yaml]")
    with pytest.raises(ProblemsFound) as found:
        read_challenge(path, REGISTRY)
    assert {problem.place.file for problem in found.value.problems} == {str(tmp_path / "level.yaml")}


@pytest.mark.parametrize(
    "content",
    [
        "id,name,email\nanna,Anna Ünal,a@x\nbob,,\n",
        "\ufeffid;name;email\r\nanna;Anna Ünal;a@x\r\n\r\nbob\r\n",
        "email\tnote\tID \tname\na@x\t?\tanna\tAnna Ünal\n\t\tbob\t\n",
        '"id","name","email"\n" anna ","Anna Ünal","a@x"\n"bob","",""\n',
        "id,name,email\nanna,Anna Ünal,a@x\nbob,,\n".encode("cp1252"),
    ],
    ids=["commas", "excel", "tabs and another order", "quotes", "western windows"],
)
def test_rosters_are_read_as_spreadsheets_write_them(tmp_path: Path, content: str | bytes):
    assert read_roster(a_file(tmp_path, content)) == (Student("anna", "Anna Ünal", "a@x"), Student("bob"))


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("", [": the file is empty"]),
        (
            "name,email\n",
            [":1: the first line must name the columns, one of them id; it has 'name', 'email'"],
        ),
        ("id\nanna\n\nAnna\n", [":4: the id 'Anna' is here twice; first in line 2"]),
        ("id,name\nx,X\n,Y\n", [":3: this student has no id"]),
    ],
)
def test_what_is_wrong_with_a_roster_is_said_with_its_line(tmp_path: Path, content: str, problems: list[str]):
    assert problems_of(a_file(tmp_path, content), read_roster) == problems


def test_a_roster_that_is_not_there_is_a_problem(tmp_path: Path):
    assert problems_of(tmp_path / "no.csv", read_roster) == [": there is no such file"]


def test_ids_a_person_would_call_the_same_are_the_same():
    assert Student("Zoë").key == Student("ZOE\u0308 ").key
