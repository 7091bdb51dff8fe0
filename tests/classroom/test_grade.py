"""Grading with judges that lie, hang and die: each costs only its own submission."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from builders import a_level
from living import are_gone

from game.classroom import grade as grade_module
from game.classroom.challenge import Challenge, Student, Task
from game.classroom.grade import Grade, Grader, Submission, collect, report, seconds_for
from game.level.model import Case, Limits
from game.problems import Place

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups as POSIX has them")

JUDGE = """
import json, os, subprocess, sys, time
path, label = sys.argv[1:]
text = open(path).read()
if text == "hang":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open(path + ".pid", "w").write(str(child.pid))
    time.sleep(600)
if text == "leave a child":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open(path + ".pid", "w").write(str(child.pid))
if text == "die":
    os.kill(os.getpid(), 9)
if text == "crash":
    raise MemoryError("no more")
if text == "babble":
    print("x" * 20_000_000)
    sys.exit()
if text == "odd":
    print("[]")
    sys.exit()
if text == "folder":
    open("left.txt", "w").write(os.getcwd())
attempt = {"stars": 2, "failure": None}
print(json.dumps({"level": "test", "word": "PROVED", "problems": [], "attempt": attempt}))
"""

CHALLENGE = Challenge("t", (Task(a_level({"ada": "def ada():\n    pass\n"}), Path("01-test.yaml"), 10),))


def graded(folder: Path, *texts: str, jobs: int = 4, timeout: float = 30.0) -> list[Grade]:
    submissions = []
    for number, text in enumerate(texts):
        path = folder / f"s{number}.yaml"
        path.write_text(text)
        submissions.append(Submission(f"s{number}", path, path.name))
    return Grader(CHALLENGE, (sys.executable, "-c", JUDGE), timeout).grade(submissions, jobs)


def test_each_submission_costs_only_itself(tmp_path: Path):
    grades = graded(tmp_path, "fine", "die", "crash", "babble", "odd", "fine")
    assert [(grade.word, grade.message) for grade in grades] == [
        ("PROVED", ""),
        ("BROKEN", "the judge stopped with signal 9"),
        ("BROKEN", "the judge stopped with exit code 1: MemoryError: no more"),
        ("BROKEN", "the judge stopped with exit code 0"),
        ("BROKEN", "the judge stopped with exit code 0"),
        ("PROVED", ""),
    ]


def test_a_hanging_submission_is_killed_with_all_it_started(tmp_path: Path):
    hung, fine = graded(tmp_path, "hang", "fine", timeout=2.0)
    assert (hung.word, hung.message, fine.word) == (
        "HUNG",
        "not judged within 2 seconds, and stopped",
        "PROVED",
    )
    assert are_gone([int((tmp_path / "s0.yaml.pid").read_text())])


def test_nothing_a_judge_leaves_running_outlives_it(tmp_path: Path):
    assert graded(tmp_path, "leave a child")[0].word == "PROVED"
    assert are_gone([int((tmp_path / "s0.yaml.pid").read_text())])


def test_judges_work_in_folders_that_vanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    assert graded(tmp_path, "folder")[0].word == "PROVED"
    assert list(place.iterdir()) == [] and not Path("left.txt").exists()


def test_stopping_kills_what_runs_and_begins_nothing_more(tmp_path: Path):
    for number in range(3):
        (tmp_path / f"s{number}.yaml").write_text("hang")
    submissions = [Submission(f"s{n}", tmp_path / f"s{n}.yaml", f"s{n}.yaml") for n in range(3)]
    grader = Grader(CHALLENGE, (sys.executable, "-c", JUDGE), 300)
    pid_file = tmp_path / "s0.yaml.pid"

    def stop_when_it_hangs() -> None:
        while not pid_file.exists() or not pid_file.read_text():
            time.sleep(0.01)
        grader.stop()

    threading.Thread(target=stop_when_it_hangs).start()
    with pytest.raises(InterruptedError):
        grader.grade(submissions, 1)
    assert are_gone([int(pid_file.read_text())])
    assert not (tmp_path / "s1.yaml.pid").exists()


def test_a_folder_is_read_by_student_and_strange_files_are_passed_over(tmp_path: Path):
    for name in (
        "anna.yaml", "bob/22.yml", "bob/deep/11.yaml", "bob/notes.txt", ".git/x.yaml", "bob/.x.yaml",
        "__MACOSX/y.yaml", "e\x1b[2Jve.yaml",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    submissions, ignored = collect(tmp_path)
    assert [(one.student, one.label) for one in submissions] == [
        ("anna", "anna.yaml"),
        ("e�[2Jve", "e�[2Jve.yaml"),
        ("bob", "bob/22.yml"),
        ("bob", "bob/deep/11.yaml"),
    ]
    assert ignored == ["bob/notes.txt"]


def test_nobody_makes_the_others_wait_with_a_thousand_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grade_module, "FILES_A_STUDENT", 2)
    (tmp_path / "eve").mkdir()
    for number in range(4):
        (tmp_path / "eve" / f"{number}.yaml").write_text("")
    submissions, ignored = collect(tmp_path)
    assert ([one.label for one in submissions], ignored) == (
        ["eve/0.yaml", "eve/1.yaml"],
        ["eve/2.yaml", "eve/3.yaml"],
    )


def test_the_level_of_a_file_that_says_nothing_is_told_by_its_name(tmp_path: Path):
    (tmp_path / "eve").mkdir()
    words = []
    for name in ("test.yaml", "01-test.yaml", "other.yaml"):
        path = tmp_path / "eve" / name
        path.write_text("crash")
        submission = Submission("eve", path, name)
        words += Grader(CHALLENGE, (sys.executable, "-c", JUDGE), 30).grade([submission], 1)
    assert [grade.level for grade in words] == ["test", "test", ""]


def a_grade(student: str, word="PROVED", stars: int = 1, level: str = "test") -> Grade:
    return Grade(Submission(student, Path(f"{student}.yaml"), f"{student}.yaml"), level, word, stars=stars)


def test_the_best_of_several_answers_counts():
    worst, middle, best = a_grade("anna", "REFUTED"), a_grade("anna", stars=1), a_grade("Anna ", stars=3)
    (row,) = report(CHALLENGE, [worst, best, middle], None, []).rows
    assert (row.grades, row.points, row.others) == ((best,), 10, (worst, middle))


def test_both_sides_of_a_roster_are_told():
    told = report(
        CHALLENGE, [a_grade("anna"), a_grade("eve", level="")], [Student("Anna"), Student("bob")], []
    )
    assert ([row.student.id for row in told.rows], told.missing, told.strangers) == (
        ["Anna", "bob", "eve"],
        (Student("bob"),),
        (Student("eve"),),
    )
    assert report(CHALLENGE, [a_grade("eve")], None, []).strangers == ()


def test_what_a_person_must_look_at_is_told():
    grades = [a_grade(word, word) for word in grade_module.WORDS]
    assert sorted(grade.word for grade in report(CHALLENGE, grades, None, []).to_look_at) == [
        "BROKEN",
        "DOUBTFUL",
        "HUNG",
        "UNDETERMINED",
    ]


def test_json_from_a_judge_survives_whatever_a_level_is_called():
    assert json.loads(json.dumps(grade_module.printable("a\u202eb\x00"))) == "a�b�"


def test_the_signal_that_ends_a_judge_is_named(tmp_path: Path):
    assert graded(tmp_path, "die")[0].message == f"the judge stopped with signal {int(signal.SIGKILL)}"


def test_a_level_with_cases_is_given_time_for_each_of_them():
    level = a_level({"ada": "def ada():\n    pass\n"}, limits=Limits(seconds=10.0))
    cases = tuple(Case(name, (), (), Place("test")) for name in ("one", "two"))
    plain, longer = (
        seconds_for(Challenge("t", (Task(one, Path("t.yaml"), 1),)))
        for one in (level, replace(level, cases=cases))
    )
    assert longer - plain == 2 * 2 * 10
