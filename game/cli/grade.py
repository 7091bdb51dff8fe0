"""`draughty grade`: a folder of answers, judged again in every wind and on real clerks."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from game.classroom.grade import Grade, Report


@click.command()
@click.argument("folder", metavar="DIR")
@click.option(
    "--challenge", required=True, metavar="FILE", help="What was asked: levels, and points for each."
)
@click.option("--roster", metavar="CSV", help="Who was asked: columns id, name and email.")
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="Submissions judged at a time (default: one a core)."
)
@click.option(
    "--runs", type=click.IntRange(0, 10_000), help="Real runs of each proved answer (default: the level's)."
)
@click.option(
    "--timeout", type=click.FloatRange(1), metavar="SECONDS", help="The longest one submission may take."
)
@click.option("-o", "--output", metavar="DIR", help="Where results.json and grades.csv go (default: here).")
@click.pass_obj
def command(
    plugins: tuple[str, ...],
    folder: str,
    challenge: str,
    roster: str | None,
    jobs: int | None,
    runs: int | None,
    timeout: float | None,
    output: str | None,
) -> int:
    """Grade a folder of answer files.

    DIR holds `anna.yaml`, or `anna/…yaml`, for each student. Every answer is judged over every wind and on
    real processes, each in a process of its own. Writes results.json and grades.csv, and prints a summary.

    Exit code 0: everything was judged. 1: some answers need a person's look. 2: nothing was graded.
    """
    from game.classroom.challenge import read_challenge, read_roster
    from game.classroom.grade import Grader, collect, judge_command, report, seconds_for
    from game.classroom.sheets import grades_csv, results_json
    from game.cli.find import campaigns_of, registry_with
    from game.cli.main import FAILED, PASSED
    from game.cli.say import progress
    from game.files import write_whole

    registry = registry_with(plugins)
    asked = read_challenge(Path(challenge), registry, campaigns_of(registry))
    students = read_roster(Path(roster)) if roster else None
    submissions, ignored = collect(Path(folder))
    seconds = timeout or seconds_for(asked)
    grader = Grader(asked, judge_command(Path(challenge), plugins, seconds, runs), seconds)
    before = signal.signal(signal.SIGTERM, _interrupted)
    try:
        with progress(f"Judging {len(submissions)} answers … {{}} done") as told:
            grades = grader.grade(submissions, jobs or os.cpu_count() or 1, told)
    finally:
        signal.signal(signal.SIGTERM, before)
    result = report(asked, grades, students, ignored)
    place = Path(output or ".")
    write_whole(place / "results.json", results_json(result, datetime.now(UTC)))
    write_whole(place / "grades.csv", grades_csv(result))
    _say(result, place)
    return FAILED if result.to_look_at else PASSED


def _interrupted(*_: object) -> None:
    # As Ctrl-C: everything started is killed on the way out.
    raise KeyboardInterrupt


def _say(report: Report, place: Path) -> None:
    from rich.table import Table
    from rich.text import Text

    from game.classroom.sheets import number
    from game.cli.say import paper

    page = paper()
    challenge = report.challenge
    page.print(
        Text.assemble((challenge.title, "bold"), f" · due {challenge.deadline}" if challenge.deadline else "")
    )
    page.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("student", no_wrap=True)
    table.add_column("name")
    for task in challenge.tasks:
        table.add_column(task.level.id, no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    for row in report.rows:
        name = row.student.name if row.on_roster else "not on the roster"
        cells = [_mark(grade) for grade in row.grades]
        table.add_row(row.student.id, name, *cells, f"{number(row.points)}/{number(challenge.points)}")
    page.print(table)
    for title, lines in (
        ("Nothing handed in", [f"{student.id}  {student.name}".strip() for student in report.missing]),
        ("Not on the roster", [student.id for student in report.strangers]),
        (
            "To look at",
            [f"{grade.submission.label}: {grade.word}, {grade.message}" for grade in report.to_look_at],
        ),
        (
            "Counted for no level",
            [
                grade.message or grade.submission.label
                for row in report.rows
                for grade in row.others
                if not grade.level
            ],
        ),
        ("Passed over", list(report.ignored)),
    ):
        if lines:
            page.print()
            page.print(Text(f"{title}:", "bold"))
            for line in lines[:50]:
                page.print(Text(f"  {line}"), soft_wrap=True)
            if len(lines) > 50:
                page.print(f"  and {len(lines) - 50} more, all in results.json")
    page.print()
    page.print(Text(f"Written: {place / 'grades.csv'}, {place / 'results.json'}"), soft_wrap=True)


def _mark(grade: Grade | None) -> Any:
    from rich.text import Text

    if grade is None:
        return Text("-", "dim")
    if grade.word == "PROVED":
        return Text("★" * grade.stars + "☆" * (3 - grade.stars), "green")
    return Text(grade.word.lower(), "yellow" if grade.word != "REFUTED" else "red")
