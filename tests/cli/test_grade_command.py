"""A class graded from end to end, by the command a teacher types."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from living import are_gone

HELD = """level: "1.1"
scripts:
  bob: |-
    def bob(belt):
        letter = belt.get()
        deliver(letter)
"""
HASTY = HELD.replace("belt.get()", "belt.get_nowait()")
ENDLESS = HELD.replace(
    "letter = belt.get()", "letter = 0\n        while True:\n            letter = letter + 1"
)


SHEET = """\
Week 3

student  name               1.1      points
anna     Anna               ★★★       10/10
bob      =Bob               refuted    0/10
carl     Carl               refuted    0/10
dora     Dora               -          0/10
fay      Fay                -          0/10
eve      not on the roster  -          0/10

Nothing handed in:
  fay  Fay

Not on the roster:
  eve

Counted for no level:
  dora.yaml:1:33: nested deeper than 32
  eve.yaml: the file is larger than 256 KiB

Passed over:
  game.py
  json.py

Written: out/grades.csv, out/results.json
"""


def a_class(folder: Path) -> None:
    (folder / "in" / "bob").mkdir(parents=True)
    (folder / "in" / "anna.yaml").write_text(HELD)
    (folder / "in" / "bob" / "first.yaml").write_text(HASTY)
    (folder / "in" / "carl.yaml").write_text(ENDLESS)
    (folder / "in" / "dora.yaml").write_text("[" * 100_000)
    (folder / "in" / "eve.yaml").write_bytes(b"\0" * 1_000_000)
    # Neither of these must be found by the interpreter that judges.
    (folder / "in" / "json.py").write_text("raise SystemExit('a student was here')\n")
    (folder / "in" / "game.py").write_text("raise SystemExit('a student was here')\n")
    (folder / "week.yaml").write_text('title: Week 3\nlevels: [{level: "1.1", points: 10}]\n')
    (folder / "class.csv").write_text("id,name\nanna,Anna\nbob,=Bob\ncarl,Carl\ndora,Dora\nfay,Fay\n")


def test_a_class_is_graded(draughty):
    a_class(Path())
    said = draughty("grade in --challenge week.yaml --roster class.csv -o out --jobs 2 --runs 2")
    assert said.err == ""
    assert said.out == SHEET
    assert said.code == 0
    with open("out/grades.csv", encoding="utf-8-sig", newline="") as file:
        sheet = list(csv.DictReader(file))
    assert [(row["id"], row["name"], row["points"]) for row in sheet] == [
        ("anna", "Anna", "10"),
        ("bob", "'=Bob", "0"),
        ("carl", "Carl", "0"),
        ("dora", "Dora", "0"),
        ("fay", "Fay", "0"),
        ("eve", "", "0"),
    ]
    results = json.loads(Path("out/results.json").read_text())
    anna, bob, *_ = results["students"]
    assert anna["grades"]["1.1"]["judgement"]["real"] == {
        "runs": 2,
        "failed": 0,
        "as_foretold": True,
        "fault": None,
        "case": "",
    }
    assert (bob["grades"]["1.1"]["wind"], bob["grades"]["1.1"]["judgement"]["real"]["as_foretold"]) == (
        "bob",
        True,
    )
    assert sorted(path.name for path in Path("out").iterdir()) == ["grades.csv", "results.json"]


def test_what_was_not_judged_in_time_needs_a_look(draughty):
    a_class(Path())
    Path("in/bob/first.yaml").unlink()
    said = draughty("grade in --challenge week.yaml --jobs 2 --timeout 1 --runs 10000")
    assert said.code == 1
    assert "  anna.yaml: HUNG, not judged within 1 seconds, and stopped\n" in said.out


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_grading_leaves_nobody_and_nothing(tmp_path: Path, how: signal.Signals):
    a_class(tmp_path)
    root = Path(__file__).parents[2]
    game = subprocess.Popen(
        [
            *(sys.executable, "-m", "game", "grade", tmp_path / "in", "--challenge", tmp_path / "week.yaml"),
            *("-o", tmp_path / "out", "--runs", "10000", "--jobs", "2"),
        ],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (mine := _mentioning(str(tmp_path / "in" / "anna.yaml"))):
        assert game.poll() is None, game.communicate()
        time.sleep(0.02)
    game.send_signal(how)
    out, err = game.communicate(timeout=30)
    assert (game.returncode, out, err) == (130, "", "interrupted\n")
    assert not (tmp_path / "out").exists()
    assert are_gone({*mine, *_mentioning(str(tmp_path))})
    assert _mentioning(str(tmp_path)) == []


def _mentioning(word: str) -> list[int]:
    """The processes with this in their command line, but not the one that grades.

    Twice ``w``: with COLUMNS in the environment ps cuts its lines at that width, and the word with them.
    """
    listed = subprocess.run(["ps", "-wweo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [
        int(line.split()[0])
        for line in listed.splitlines()
        if word in line and "grade-one" in line and int(line.split()[0]) != os.getpid()
    ]
