"""One submission, really judged."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from builders import a_level
from odd_kinds import LyingLate

from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.classroom.challenge import Challenge, Task
from game.classroom.judge import judge
from game.goals import Log, Reads
from game.level.model import Case, Setting
from game.problems import Place

ADA = "def ada(belt):\n    belt.put(1)\n"
BOB = "def bob(belt):\n    deliver(belt.get())\n"
COUNT = "def {0}(tally):\n    tally.value += 1\n"


def a_challenge() -> Challenge:
    clerks = {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}}
    post = a_level({"ada": ADA, "bob": BOB}, {"belt": Queue()}, clerks, win=[Log((1,))])
    return Challenge("t", (Task(post, Path("post.yaml"), 1),))


def judged(folder: Path, text: str, challenge: Challenge | None = None) -> dict:
    path = folder / "mine.yaml"
    path.write_text(text)
    return judge(path, "mine.yaml", challenge or a_challenge(), runs=3)


def test_an_answer_that_holds_is_run_for_real_as_well(tmp_path: Path):
    found = judged(tmp_path, "level: test\n")
    assert (found["word"], found["level"], found["problems"], found["real"]) == (
        "PROVED",
        "test",
        [],
        {"runs": 3, "failed": 0, "as_foretold": True, "fault": None, "case": ""},
    )


def test_a_failing_wind_is_seen_to_fail_on_real_processes(tmp_path: Path):
    scripts = {name: COUNT.format(name) for name in ("ada", "bob")}
    clerks = {name: {"tally": "tally"} for name in scripts}
    level = a_level(scripts, {"tally": SharedValue()}, clerks=clerks, win=[Reads((("tally", 2),))])
    found = judged(tmp_path, "level: test\n", Challenge("t", (Task(level, Path("t.yaml"), 1),)))
    assert (found["word"], found["attempt"]["failure"]["kind"], found["real"]) == (
        "REFUTED",
        "lost update",
        {"runs": 1, "failed": 1, "as_foretold": True, "fault": None, "case": ""},
    )


def test_an_answer_that_holds_only_today_is_refuted_in_the_case_of_tomorrow(tmp_path: Path):
    clerks = {"ada": {"belt": "belt", "n": 1}, "bob": {"belt": "belt"}}
    ada = "def ada(belt, n):\n    belt.put(n)\n"
    post = a_level({"ada": ada, "bob": BOB}, {"belt": Queue()}, clerks, win=[Log((1,))])
    tomorrow = Case("tomorrow", (Setting("ada", "n", 2),), (Log((2,)),), Place("test"))
    challenge = Challenge("t", (Task(replace(post, cases=(tomorrow,)), Path("post.yaml"), 1),))
    assert judged(tmp_path, "level: test\n", challenge)["word"] == "PROVED"
    found = judged(tmp_path, 'level: test\nscripts: {ada: "def ada(belt, n): belt.put(1)"}\n', challenge)
    assert found["real"]["case"] == "tomorrow"
    assert (found["word"], found["attempt"]["case"], found["real"]["as_foretold"]) == (
        "REFUTED",
        "tomorrow",
        True,
    )


def test_an_answer_that_holds_is_run_in_every_case_for_real(tmp_path: Path):
    look = "def ada(tally):\n    deliver(tally.value)\n"
    level = a_level({"ada": look}, {"tally": LyingLate()}, {"ada": {"tally": "tally"}}, win=[Log((0,))])
    large = Case("large numbers", (Setting("tally", "initial", 300),), (Log((300,)),), Place("test"))
    task = Task(replace(level, cases=(large,)), Path("t.yaml"), 1)
    found = judged(tmp_path, "level: test\n", Challenge("t", (task,)))
    assert (found["word"], found["real"]["runs"], found["real"]["case"]) == ("DOUBTFUL", 2, "large numbers")
    assert "this cannot have happened" in found["real"]["fault"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "mine.yaml: the file is empty"),
        ("level: [\n", "mine.yaml:2:1: not YAML: did not find expected node content"),
        ("level: tset", "mine.yaml: level: level 'tset' is not part of this challenge; did you mean 'test'?"),
        (
            "level: test\nscripts:\n  bob: |-\n    def bob(belt):\n        open('/etc/passwd')\n",
            "mine.yaml:5:9: scripts.bob: open() is not used here",
        ),
    ],
)
def test_what_cannot_be_read_is_said_at_its_line(tmp_path: Path, text: str, problem: str):
    found = judged(tmp_path, text)
    assert (found["word"], found["attempt"], found["real"]) == ("UNREADABLE", None, None)
    assert found["problems"][0].startswith(problem)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")
def test_links_and_pipes_are_not_followed(tmp_path: Path):
    link, pipe = tmp_path / "link.yaml", tmp_path / "pipe.yaml"
    link.symlink_to("/etc/passwd")
    os.mkfifo(pipe)
    said = [
        judge(path, path.name, a_challenge())["problems"] for path in (link, pipe, tmp_path / "gone.yaml")
    ]
    assert said[:2] == [
        ["link.yaml: this is a link, not a file"],
        ["pipe.yaml: this is not a regular file"],
    ]
    assert "No such file" in said[2][0] and str(tmp_path) not in said[2][0]


def test_a_script_without_end_is_refuted_not_waited_for(tmp_path: Path):
    text = "level: test\nscripts:\n  bob: |-\n    def bob(belt):\n        while True:\n            pass\n"
    found = judged(tmp_path, text)
    assert (found["word"], found["attempt"]["failure"]["kind"]) == ("REFUTED", "limit")
