from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import a_level

from game.classroom.challenge import Challenge, Student, Task
from game.classroom.grade import Grade, Submission, report
from game.classroom.sheets import grades_csv, results_json, safe_cell

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def a_challenge() -> Challenge:
    first = a_level({"ada": "def ada():\n    pass\n"})
    return Challenge("Week 3", (Task(first, Path("test.yaml"), 10),), "noon")


def a_grade(student: str, word="PROVED", level: str = "test", file: str = "", **more) -> Grade:
    label = file or f"{student}.yaml"
    return Grade(Submission(student, Path(label), label), level, word, **more)


def test_a_sheet_has_a_line_a_student_and_a_remark_where_one_is_due():
    grades = [
        a_grade("anna", stars=2),
        a_grade("bob", "REFUTED", message="deadlock: ada waits", wind="ada"),
        a_grade("eve", "UNREADABLE", level="", message="eve.yaml: the file is empty"),
    ]
    roster = [Student("Anna", "=cmd()", "a@x"), Student("bob", "Bob", ""), Student("carl", "Carl", "")]
    sheet = grades_csv(report(a_challenge(), grades, roster, []))
    assert sheet.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline=""))) == [
        ["id", "name", "email", "level test", "points", "of", "remark"],
        ["Anna", "'=cmd()", "a@x", "10", "10", "10", ""],
        ["bob", "Bob", "", "0", "0", "10", "level test: deadlock: ada waits"],
        ["carl", "Carl", "", "", "0", "10", "nothing handed in"],
        ["eve", "", "", "", "0", "10", "not on the roster; eve.yaml: the file is empty"],
    ]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Anna", "Anna"),
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        ("a\n=1", "a =1"),
        ("", ""),
    ],
)
def test_nothing_a_student_wrote_becomes_a_formula(text: str, cell: str):
    assert safe_cell(text) == cell


def test_results_hold_everything_that_is_known():
    grades = [
        a_grade("anna", stars=2, seconds=1.23456, judgement={"word": "PROVED"}),
        a_grade("anna", "REFUTED", file="anna/b.yaml"),
    ]
    plain = json.loads(results_json(report(a_challenge(), grades, [Student("bob")], ["x.txt"]), NOON))
    told = {"message": "", "wind": ""}
    assert plain == {
        "format": "draughty-grades",
        "version": 1,
        "challenge": "Week 3",
        "deadline": "noon",
        "graded_at": "2026-11-22T12:00:00+00:00",
        "points": 10,
        "levels": [{"level": "test", "title": "A test", "points": 10}],
        "students": [
            {
                "id": "bob",
                "name": "",
                "email": "",
                "on_roster": True,
                "points": 0,
                "grades": {"test": None},
                "others": [],
            },
            {
                "id": "anna",
                "name": "",
                "email": "",
                "on_roster": False,
                "points": 10,
                "grades": {
                    "test": {
                        **told,
                        "file": "anna.yaml",
                        "verdict": "PROVED",
                        "stars": 2,
                        "seconds": 1.235,
                        "judgement": {"word": "PROVED"},
                    }
                },
                "others": [
                    {
                        **told,
                        "level": "test",
                        "file": "anna/b.yaml",
                        "verdict": "REFUTED",
                        "stars": 0,
                        "seconds": 0.0,
                        "judgement": None,
                    }
                ],
            },
        ],
        "missing": ["bob"],
        "not_on_roster": ["anna"],
        "ignored_files": ["x.txt"],
    }
