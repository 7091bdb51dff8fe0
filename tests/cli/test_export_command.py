"""`draughty export`: what comes out can be used without the game."""

import ast
import json
import subprocess
import sys

import pytest


def test_a_program_of_its_own_runs_without_the_game(draughty, tmp_path):
    program = tmp_path / "mind_the_chalk.py"
    assert draughty(f"export python 2.2 reference -o {program}").code == 0
    done = subprocess.run(
        [sys.executable, "-I", str(program)], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert (done.returncode, "tally" in done.stdout, "6" in done.stdout) == (0, True, True)


@pytest.mark.parametrize(("form", "word"), [("python", "__main__"), ("pytest", "def test_")])
def test_every_program_can_go_to_the_terminal(draughty, form, word):
    done = draughty(f"export {form} 1.2 reference")
    assert (done.code, done.err, word in done.out) == (0, "", True)
    ast.parse(done.out)


def test_a_model_for_spin_can_go_to_the_terminal(draughty):
    done = draughty("export promela 2.2 reference")
    assert (done.code, done.err, done.out.count("active proctype")) == (0, "", 3)


def test_a_form_nobody_knows_is_refused(draughty):
    done = draughty("export fortran 2.2")
    assert (done.code, "'fortran' is not one of 'python', 'pytest'" in done.err) == (2, True)


def test_an_answer_that_does_not_compile_is_not_written(draughty, tmp_path):
    answer = tmp_path / "mine.yaml"
    answer.write_text('level: "1.1"\nscripts: {bob: "def bob(belt):\\n    belt.putt(1)\\n"}\n')
    done = draughty(f"export python 1.1 {answer} -o {tmp_path / 'x.py'}")
    assert (done.code, (tmp_path / "x.py").exists()) == (2, False)
    assert "has no 'putt'; did you mean 'put'?" in done.err


def test_a_run_goes_out_for_perfetto_along_the_wind_that_is_asked_for(draughty):
    told = json.loads(draughty("export perfetto 2.1 --wind 'ada bob ada bob'").out)
    steps = [event["name"] for event in told["traceEvents"] if event.get("cat") == "step"]
    assert steps == ["read 0", "read 0", "write 1", "write 1"]
    assert told["otherData"]["source"] == "wind"


def test_without_a_wind_it_is_the_inspectors(draughty):
    failing = json.loads(draughty("export perfetto 2.2").out)["otherData"]
    assert (failing["source"], failing["wind"]) == ("model", "ada*4 bob*3 cleo*4 bob")
    assert json.loads(draughty("export perfetto 2.2 reference").out)["otherData"]["ending"] == "finished"


def test_a_kept_trace_of_real_processes_goes_out(draughty):
    assert draughty("run 2.1 --wind 'ada bob ada bob' --trace kept.jsonl").code in (0, 1)
    told = json.loads(draughty("export perfetto 2.1 --trace kept.jsonl").out)
    assert told["otherData"]["wind"] == "ada bob ada bob"


def test_a_trace_of_another_level_is_refused(draughty):
    draughty("run 2.1 --wind 'ada bob ada bob' --trace kept.jsonl")
    done = draughty("export html 1.1 --trace kept.jsonl")
    assert (done.code, "this trace is no run of level 1.1" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "export python 2.1 --wind ada",
            "python shows no run: --wind and --trace go with perfetto, html, gif",
        ),
        ("export html 2.1 --wind 'ada zoe'", "gust 2: zoe cannot move"),
        ("export html 2.1 --wind ada --trace x", "only one of --wind and --trace"),
    ],
)
def test_what_cannot_be_shown_is_said(draughty, line, says):
    done = draughty(line)
    assert (done.code, says in done.err) == (2, True), done.err


def test_a_picture_goes_into_a_file(draughty, tmp_path):
    assert draughty(f"export gif 2.1 --wind 'ada bob' -o {tmp_path / 'run.gif'}").code == 0
    assert (tmp_path / "run.gif").read_bytes().startswith(b"GIF89a")
