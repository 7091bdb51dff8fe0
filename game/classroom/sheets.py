"""A report as files: JSON with everything, CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any, Final

from game.classroom.challenge import Student
from game.classroom.grade import WORDS, Grade, Report

FORMAT: Final = "draughty-grades"
VERSION: Final = 1


def results_json(report: Report, now: datetime) -> str:
    """Everything that is known about every submission."""
    challenge = report.challenge
    plain = {
        "format": FORMAT,
        "version": VERSION,
        "challenge": challenge.title,
        "deadline": challenge.deadline,
        "graded_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "points": challenge.points,
        "levels": [
            {"level": task.level.id, "title": task.level.title, "points": task.points}
            for task in challenge.tasks
        ],
        "students": [
            {
                **_plain_student(row.student),
                "on_roster": row.on_roster,
                "points": row.points,
                "grades": {
                    task.level.id: grade and _plain_grade(grade)
                    for task, grade in zip(challenge.tasks, row.grades, strict=True)
                },
                "others": [{"level": grade.level, **_plain_grade(grade)} for grade in row.others],
            }
            for row in report.rows
        ],
        "missing": [student.id for student in report.missing],
        "not_on_roster": [student.id for student in report.strangers],
        "ignored_files": list(report.ignored),
    }
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def grades_csv(report: Report) -> bytes:
    """A line a student: points for each level, the total, and a remark. With a byte order mark, without which
    Excel takes UTF-8 for something else; what a student wrote can never be a formula."""
    challenge = report.challenge
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    ids = [task.level.id for task in challenge.tasks]
    sheet.writerow(
        [
            safe_cell(cell)
            for cell in ("id", "name", "email", *(f"level {id}" for id in ids), "points", "of", "remark")
        ]
    )
    for row in report.rows:
        earned = [
            "" if grade is None else number(task.points if grade.word == "PROVED" else 0)
            for task, grade in zip(challenge.tasks, row.grades, strict=True)
        ]
        cells = (*(safe_cell(cell) for cell in row.student), *earned)
        remark = safe_cell("; ".join(_remarks(report, row.grades, row.others, row.student, row.on_roster)))
        sheet.writerow([*cells, number(row.points), number(challenge.points), remark])
    return out.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    flat = " ".join(text.split())
    return f"'{flat}" if flat.startswith(("=", "+", "-", "@")) else flat


def number(points: float) -> str:
    return f"{points:g}"


def _remarks(
    report: Report, grades: tuple[Grade | None, ...], others: tuple[Grade, ...], student: Student, known: bool
) -> list[str]:
    told = [] if known else ["not on the roster"]
    if student in report.missing:
        told.append("nothing handed in")
    for grade in grades:
        if grade and grade.word != "PROVED":
            told.append(f"level {grade.level}: {grade.message or WORDS[grade.word]}")
    told += [grade.message or grade.submission.label for grade in others if not grade.level]
    return told


def _plain_student(student: Student) -> dict[str, str]:
    return {"id": student.id, "name": student.name, "email": student.email}


def _plain_grade(grade: Grade) -> dict[str, Any]:
    return {
        "file": grade.submission.label,
        "verdict": grade.word,
        "message": grade.message,
        "wind": grade.wind,
        "stars": grade.stars,
        "seconds": round(grade.seconds, 3),
        "judgement": grade.judgement,
    }
