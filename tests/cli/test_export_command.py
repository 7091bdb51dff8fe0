"""`draughty export`: what comes out can be used without the game."""

import ast
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
def test_every_form_can_go_to_the_terminal(draughty, form, word):
    done = draughty(f"export {form} 1.2 reference")
    assert (done.code, done.err, word in done.out) == (0, "", True)
    ast.parse(done.out)


def test_a_form_nobody_knows_is_refused(draughty):
    done = draughty("export fortran 2.2")
    assert (done.code, "'fortran' is not one of 'python', 'pytest'" in done.err) == (2, True)


def test_an_answer_that_does_not_compile_is_not_written(draughty, tmp_path):
    answer = tmp_path / "mine.yaml"
    answer.write_text('level: "1.1"\nscripts: {bob: "def bob(belt):\\n    belt.putt(1)\\n"}\n')
    done = draughty(f"export python 1.1 {answer} -o {tmp_path / 'x.py'}")
    assert (done.code, (tmp_path / "x.py").exists()) == (2, False)
    assert "has no 'putt'; did you mean 'put'?" in done.err
