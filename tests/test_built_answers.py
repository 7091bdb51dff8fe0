"""What somebody built goes along wherever an answer goes: to disk, in traces, in every form, to graders."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from game.authoring.lint import lint
from game.authoring.template import write_template
from game.bundle import bundle_of, dump_bundle, read_bundle
from game.classroom.challenge import Challenge, Task
from game.classroom.judge import judge
from game.desktop.forms import FORMS, write_form
from game.desktop.scenes.drawers import about, text_of
from game.desktop.sharing import answer_text
from game.evidence import fault_of
from game.export.telling import trace_told, wind_told
from game.history import History, Try, plain_try, read_try
from game.level.model import Answer, Level
from game.level.reader import read_answer_text, read_level
from game.plugins import load_registry
from game.run import Along, Free, Office
from game.saves import Shelf, plain_answer, read_answer
from game.trace import dump_trace, load_trace
from game.world import build

REGISTRY = load_registry(entry_points=False)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def level(tmp_path_factory: pytest.TempPathFactory) -> Level:
    """Two clerks with nothing between them; the reference gives both a queue."""
    path = tmp_path_factory.mktemp("levels") / "31-early-coach.yaml"
    write_template(path, "build")
    return read_level(path, REGISTRY)


def test_saves_slots_history_and_bundle_keep_what_was_built(level: Level, tmp_path: Path):
    answer = level.reference
    Shelf(tmp_path).change(lambda old: old.keeping("a", answer).filling("a", 2, answer))
    History(tmp_path).add("a", [Try("2026", answer, "PROVED", 1)])
    assert Shelf(tmp_path).read().progress.of("a").answers == (answer, None, answer)
    assert [one.answer for one in History(tmp_path).of("a")] == [answer]
    bundle = bundle_of(tmp_path)
    assert read_bundle(dump_bundle(bundle).encode()) == bundle


def test_an_answer_that_builds_nothing_is_kept_as_it_always_was():
    plain = plain_answer(Answer("2.2", {"clerk": "x"}))
    assert plain == {"level": "2.2", "scripts": {"clerk": "x"}, "choices": {}, "winds": []}
    assert read_answer(plain) == Answer("2.2", {"clerk": "x"})


@pytest.mark.parametrize("key", ["parts", "gets"])
@pytest.mark.parametrize("broken", [[], {"a": 3}, {"a": {"kind": {}}}])
def test_a_damaged_save_of_what_was_built_is_told(level: Level, key: str, broken: object):
    plain = plain_try(Try("2026", level.reference))
    plain["answer"] |= {key: broken}
    with pytest.raises(ValueError):
        read_try(plain)


def test_a_trace_carries_what_was_built_and_is_shown_without_the_answer(level: Level):
    trace = wind_told(level, level.reference, ("ada", "ada")).trace
    kept = load_trace(dump_trace(trace))
    assert kept == trace and kept.parts == {"belt": {"kind": "queue"}}
    assert trace_told(level, level.starter, kept).system.level.channels[-1].name == "belt"
    lines = dump_trace(trace).splitlines()
    lines[0] = json.dumps(json.loads(lines[0]) | {"gets": {"ada": 3}})
    with pytest.raises(ValueError, match="line 1: gets must map clerks"):
        load_trace("\n".join(lines))


@pytest.mark.parametrize("form", [form.name for form in FORMS])
def test_every_form_has_the_built_channel(level: Level, form: str):
    made = write_form(next(one for one in FORMS if one.name == form), level, level.reference)
    assert made if isinstance(made, bytes) else "belt" in made


def test_the_program_that_leaves_the_game_runs_with_what_was_built(level: Level, tmp_path: Path):
    form = next(one for one in FORMS if one.name == "python")
    (tmp_path / "mine.py").write_text(str(write_form(form, level, level.reference)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "mine.py"], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "tea" in done.stdout and "cake" in done.stdout


def test_real_processes_are_given_what_was_built(level: Level):
    system = build(level, level.reference)
    with Office() as office:
        free = office.run(system, Free())
        forced = office.run(system, Along(system.calm(100).wind))
    assert (fault_of(system, free), forced.ending) == (None, "finished")
    assert free.trace.parts == level.reference.parts


def test_a_handed_in_file_is_read_and_graded_with_what_it_builds(level: Level, tmp_path: Path):
    text = answer_text(level.reference)
    assert read_answer_text(text, "a.yaml", level) == level.reference
    challenge = Challenge("t", (Task(level, Path("l.yaml"), 1),))
    words = []
    for number, handed in enumerate(
        (text, text.replace("queue", "lock"), text.replace("bob: {belt", "eve: {b"))
    ):
        path = tmp_path / f"{number}.yaml"
        path.write_text(handed)
        found = judge(path, "mine.yaml", challenge, runs=1)
        words.append((found["word"], found["problems"]))
    line = next(n for n, said in enumerate(text.splitlines(), 1) if said == "parts:") + 1
    no_lock = "parts.belt.kind: there is no lock in the tray; there are queue, event"
    assert words == [
        ("PROVED", []),
        ("UNREADABLE", [f"mine.yaml:{line}:16: {no_lock}"]),
        ("UNREADABLE", [f"mine.yaml:{line + 3}:3: gets.eve: there is no clerk 'eve'"]),
    ]


def test_what_is_kept_of_an_answer_is_told_with_its_parts(level: Level):
    assert about(level.reference) == "6 lines in ada, bob · 1 part built"
    assert about(replace(level.reference, scripts={})) == "1 part built"
    assert text_of(level.reference).endswith("belt = kind queue\nada: belt belt\nbob: belt belt")


def test_what_nobody_may_be_given_is_no_use_in_the_tray(level: Level, tmp_path: Path):
    path = tmp_path / "31-x.yaml"
    write_template(path, "build")
    path.write_text(path.read_text().replace("queue, event]", "queue]"))
    assert [str(problem).partition("31-x.yaml")[2] for problem in lint([path], REGISTRY)] == [
        ":65:5: build.tray.event: no clerk may be given this"
    ]
