"""What the benchmarks are held to, and the command that runs them."""

import sys
import tomllib

import pytest

from game.cli import bench
from game.cli.targets import TARGETS, Row, as_markdown, missed, number, rows

FAST = {"tally_steps": 61_000, "tally_raw": 0.25, "philosophers": 20, "verdict_p95": 75.0}


def by_figure(table):
    return {row.target.figure: row[1:] for row in table}


def test_every_target_is_measured_by_a_benchmark_there_is():
    assert {target.measured_by for target in TARGETS} <= set(bench.BENCHMARKS)
    assert len({target.figure for target in TARGETS}) == len(TARGETS)


def test_benchmarks_are_checked_against_the_game_they_reach_into():
    mypy = tomllib.loads((bench.FOLDER.parent / "pyproject.toml").read_text())["tool"]["mypy"]
    assert bench.FOLDER.name in mypy["files"]
    loosely = mypy["overrides"][0]["module"]
    assert loosely == sorted(path.stem for path in bench.FOLDER.glob("*.py"))


def test_a_target_is_met_or_missed_and_by_how_much():
    found = by_figure(rows(FAST, {}, ["controlled_run", "against_frontrun", "verdicts"]))
    assert found["tally_steps"] == ("61,000 steps/s", "met")
    assert found["tally_raw"] == ("0.25 times", "missed: 50 % short")
    assert found["philosophers"] == ("20 ms", "met")
    assert found["verdict_p95"] == ("75 ms", "missed: 1.5 times as much")


def test_what_was_not_measured_says_why_and_what_was_not_asked_for_says_nothing():
    found = by_figure(rows({}, {"against_spin": "this comparison needs spin"}, ["against_spin", "free_run"]))
    assert found == {
        "states_python": ("–", "not measured: this comparison needs spin"),
        "states_numpy": ("–", "not measured: this comparison needs spin"),
        "free_run": ("–", "not measured: it told none"),
    }


def test_reasons_are_given_once_and_under_what_they_are_about():
    table = rows({"queue_raw": 0.1, "queue_steps": 10.0}, {}, ["controlled_run"])
    ((what, reason),) = missed(table)
    assert what == "controlled run on a queue, met before (the slower way)"
    assert reason in as_markdown(table)
    assert "| ≥ 60,000 steps/s | missed: 100 % short |" in as_markdown(table)


@pytest.mark.parametrize(
    ("value", "said"),
    [(136_208.4, "136,208"), (1000, "1,000"), (12.34, "12.3"), (0.5, "0.50"), (5, "5"), (0.0051, "0.0051")],
)
def test_figures_have_as_many_digits_as_they_are_worth(value, said):
    assert number(value) == said


SCRIPTS = {
    "good": "from figures import tell\ntell('tally_raw', 0.75)\nprint('a good one')\n",
    "peerless": "import sys\nprint('this needs a peer')\nsys.exit(2)\n",
    "slow": "from figures import tell\ntell('frames_p99', 99)\nraise SystemExit(1)\n",
    "failing": "raise SystemExit(3)\n",
    "endless": "import threading\nprint('on and on')\nthreading.Event().wait()\n",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in SCRIPTS.items():
        (tmp_path / f"{name}.py").write_text(text)
    (tmp_path / "figures.py").write_text((bench.FOLDER / "figures.py").read_text())
    return tmp_path


@pytest.mark.parametrize(
    ("name", "seconds", "code", "figures", "excuse"),
    [
        ("good", 60, 0, {"tally_raw": 0.75}, ""),
        ("peerless", 60, 2, {}, "this needs a peer"),
        ("slow", 60, 0, {"frames_p99": 99}, ""),
        ("failing", 60, 3, {}, "it failed with exit code 3"),
        ("endless", 2, 0, {}, "it was not done after 2 seconds"),
        ("good", 0, 0, {}, "the time for all benchmarks was over"),
    ],
)
def test_a_benchmark_tells_figures_or_why_there_are_none(folder, name, seconds, code, figures, excuse):
    measured = bench.measure(folder / f"{name}.py", seconds)
    assert (measured.code, measured.figures, measured.excuse) == (code, figures, excuse)


def test_the_page_has_the_machine_the_table_and_all_that_was_said():
    (row,) = [row for row in rows({"free_run": 0.8}, {}, ["free_run"]) if isinstance(row, Row)]
    page = bench.page([row], {"free_run": "so many tokens\n"})
    assert page.startswith("# Benchmarks\n")
    assert f"Python {sys.version.split()[0]}" in page
    assert "| 0.80 times | ≥ 0.70 times | met |" in page
    assert "```\nso many tokens\n```" in page
