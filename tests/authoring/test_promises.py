from __future__ import annotations

import pytest

from game.attempt import check_answer
from game.authoring.blueprint import Blueprint, level_text
from game.authoring.lint import lint_level
from game.authoring.promises import FAILS, GIVEN, HOLDS, NEEDED, READS, Promises
from game.plugins import load_registry

REGISTRY = load_registry(entry_points=False)
SENDS = 'def ada(belt):\n    belt.put("tea")\n'
TAKES = "def bob(belt):\n    deliver(belt.get())\n"


def an_office() -> Blueprint:
    built = Blueprint(win={"log": ["tea"]}).with_channel("belt", "queue").with_clerk("ada").with_clerk("bob")
    built = built.wired("ada", "belt").wired("bob", "belt")
    return built.written("ada", SENDS).written("bob", TAKES)


def found_out(office: Blueprint) -> Promises:
    promises = Promises(office, "mine", REGISTRY)
    while (question := promises.question) is not None:
        promises.hear(check_answer(question.level, question.answer).verdict)
    return promises


OFFICES = {
    "whole": (an_office(), None, ""),
    "empty": (Blueprint(win={"left_over": []}), READS, "Nobody works here yet"),
    "nothing written": (an_office().written("ada", "def ada(belt):\n    pass\n").written(
        "bob", "def bob(belt):\n    pass\n"), READS, "No script does anything yet"),
    "does not compile": (
        an_office().written("bob", "def bob(belt):\n    belt.gett()\n"), READS, "bob, line 2:"),
    "no goal": (an_office().aiming({}), READS, ""),
    "idle part": (an_office().with_channel("key", "lock"), GIVEN, "Nobody is given key"),
    "fails": (an_office().aiming({"log": ["cake"]}), HOLDS, "cake"),
    "nothing to do": (
        Blueprint(win={"left_over": []}).with_clerk("ada").written("ada", "def ada():\n    x = 1\n"),
        FAILS, "takes some work"),
    "needs nobody": (
        Blueprint(win={"left_over": []}).with_clerk("ada").written("ada", "def ada():\n    x = 1\n"),
        NEEDED, "the goal needs nobody"),
    "its own wrong answer holds": (
        an_office().saying("wrong", [{"name": "no-tea", "expect": "livelock", "scripts": {
            "ada": "def ada(belt):\n    return\n"}}]),
        NEEDED, "no-tea does not fail as it says"),
    "its own wrong answer": (
        an_office().saying("wrong", [{"name": "no-tea", "expect": "lost token", "scripts": {
            "ada": "def ada(belt):\n    return\n"}}]), None, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", OFFICES)
def test_an_office_keeps_its_promises_exactly_when_lint_deep_accepts_its_file(tmp_path, name):
    office, broken, why = OFFICES[name]
    promises = found_out(office)
    path = tmp_path / "mine.yaml"
    path.write_text(promises.text or level_text(office, "mine"))
    assert promises.kept == (broken is None) == (lint_level(path, REGISTRY, deep=True) == [])
    assert promises.lintable == (lint_level(path, REGISTRY) == [])
    if broken is not None:
        assert promises.found[broken].state == "broken" and why in promises.found[broken].why
        assert promises.problems
    assert not any(one.state == "asking" for one in promises.found)


def test_what_is_not_asked_yet_is_open_and_the_answers_come_one_by_one():
    promises = Promises(an_office(), "mine", REGISTRY)
    states = [tuple(one.state for one in promises.found)]
    while (question := promises.question) is not None:
        promises.hear(check_answer(question.level, question.answer).verdict)
        states.append(tuple(one.state for one in promises.found))
    assert states == [
        ("kept", "kept", "asking", "open", "open"),
        ("kept", "kept", "kept", "asking", "open"),
        ("kept", "kept", "kept", "kept", "asking"),
        ("kept", "kept", "kept", "kept", "kept"),
    ]
