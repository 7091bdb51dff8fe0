from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.attempt import check_answer
from game.authoring.blueprint import Blueprint, Drafting, level_text, read_blueprint
from game.authoring.lint import lint_level
from game.authoring.promises import finished_text
from game.level.reader import read_level, read_level_text
from game.places import shipped
from game.plugins import load_registry
from game.problems import ProblemsFound
from game.run import Office

REGISTRY = load_registry(entry_points=False)


def an_office() -> Blueprint:
    built = Blueprint().with_channel("belt", "queue", {"maxsize": 2}).with_clerk("ada").with_clerk("bob")
    built = built.wired("ada", "belt").wired("bob", "belt").aiming({"log": ["tea", "cake"]})
    built = built.written("ada", 'def ada(belt):\n    belt.put("tea")\n    belt.put("cake")\n')
    return built.written("bob", "def bob(belt):\n    for turn in range(2):\n        deliver(belt.get())\n")


def test_an_office_built_from_nothing_is_a_level_that_keeps_its_promises(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(finished_text(an_office(), "mine", REGISTRY))
    with Office() as office:
        assert lint_level(path, REGISTRY, deep=True, office=office) == []
    level = read_level(path, REGISTRY)
    assert check_answer(level, level.reference).passed
    assert not check_answer(level, level.starter).passed
    assert read_blueprint(path.read_text(), str(path), REGISTRY) == an_office()


@pytest.mark.parametrize("kind", REGISTRY.kinds)
def test_every_kind_can_be_built_in_with_each_of_its_faces(kind):
    built = Blueprint().with_channel("thing", kind).with_clerk("ada").aiming({"log": []})
    for face in REGISTRY.kinds[kind]().open_faces():
        if face not in ("buf", "lock"):  # these a script reaches through another face
            built = built.wired("ada", f"thing.{face}" if face else "thing")
    text = level_text(built.written("ada", built.clerk("ada").script.replace("pass", "deliver(1)")), "x")
    level = read_level_text(text, "x", REGISTRY)
    assert type(level.channels[0].kind) is REGISTRY.kinds[kind]


def test_wiring_rewrites_the_script_s_first_line_and_nothing_else():
    built = Blueprint().with_channel("tube", "pipe").with_clerk("ada").written(
        "ada", "def helper(x):\n    return x\n\n\ndef ada():\n    pass\n"
    )  # fmt: skip
    built = built.wired("ada", "tube.a").wired("ada", "tube.b").wired("ada", "tube.a")
    assert built.clerk("ada").gets == (("tube_a", "tube.a"), ("tube_b", "tube.b"))
    assert (
        built.clerk("ada").script == "def helper(x):\n    return x\n\n\ndef ada(tube_a, tube_b):\n    pass\n"
    )
    alone = built.without_channel("tube")
    assert alone.clerk("ada").gets == () and "def ada():" in alone.clerk("ada").script
    assert alone.without_clerk("ada") == Blueprint()


@pytest.mark.parametrize("name", ["", "Ada", "1st", "a b", "a" * 21])
def test_a_name_must_be_one_and_free(name):
    with pytest.raises(ValueError, match="is no name"):
        Blueprint().with_clerk(name)
    with pytest.raises(ValueError, match="is there already"):
        Blueprint().with_clerk("ada").with_channel("ada", "queue")
    assert Blueprint().with_clerk("ada").free_name("ada") == "ada2"


def test_an_office_that_fails_in_some_wind_or_needs_nobody_is_no_level_yet():
    wrong = an_office().aiming({"log": ["cake", "tea"]})
    with pytest.raises(ProblemsFound, match="delivered in the order"):
        finished_text(wrong, "x", REGISTRY)
    idle = Blueprint().with_clerk("ada").aiming({"log": []}).written("ada", "def ada():\n    x = 1\n")
    with pytest.raises(ProblemsFound, match="goes straight home"):
        finished_text(idle, "x", REGISTRY)


def test_what_is_unfinished_is_said_as_problems_of_its_file():
    with pytest.raises(ProblemsFound) as found:
        read_level_text(level_text(Blueprint(), "x"), "x", REGISTRY)
    assert {problem.path for problem in found.value.problems} >= {"clerks", "win"}


def test_a_level_that_says_more_than_a_blueprint_is_refused():
    path = shipped("levels") / "post_office/22-mind-the-chalk.yaml"
    with pytest.raises(ProblemsFound, match="a script of its own name"):
        read_blueprint(path.read_text(), "x", REGISTRY)


STEPS = st.sampled_from(
    [
        lambda now: now.with_clerk(now.free_name("ada")),
        lambda now: now.with_channel(now.free_name("belt"), "queue"),
        lambda now: now.without_channel(now.channels[0].name) if now.channels else now,
        lambda now: now.without_clerk(now.clerks[-1].name) if now.clerks else now,
        lambda now: (
            now.wired(now.clerks[0].name, now.channels[-1].name) if now.clerks and now.channels else now
        ),
        lambda now: now.with_options(now.channels[0].name, {"maxsize": 3}) if now.channels else now,
        lambda now: now.aiming({"log": [len(now.clerks)]}),
    ]
)


@given(st.lists(STEPS, max_size=12))
def test_every_change_can_be_taken_back_and_made_again(steps):
    draft = Drafting(Blueprint())
    states = [draft.now]
    for step in steps:
        if draft.change(step(draft.now)):
            states.append(draft.now)
    for before in reversed(states[:-1]):
        assert draft.undo() and draft.now == before
    assert not draft.undo()
    for after in states[1:]:
        assert draft.redo() and draft.now == after
    assert not draft.redo()
    if len(states) > 1:
        draft.undo()
        draft.change(draft.now.with_clerk("zoe"))
        assert not draft.redo()


def test_the_letters_of_a_script_are_taken_back_as_one_change():
    draft = Drafting(Blueprint().with_clerk("ada"))
    before = draft.now
    for length in (3, 6, 9):
        draft.change(draft.now.written("ada", "deliver(1)"[:length]), merging="ada")
    draft.change(draft.now.with_clerk("bob"))
    assert draft.undo() and draft.now.clerk("ada").script == "deliver(1"
    assert draft.undo() and draft.now == before and not draft.can_undo


def test_a_renaming_reaches_wires_goals_and_scripts_but_no_things_that_are_delivered():
    built = an_office().aiming({"log": ["belt", "ada"], "peak_at_most": {"belt": 2}, "may_fail": ["ada"]})
    other = built.renamed("belt", "post").renamed("ada", "joyn")
    assert other.clerk("joyn").script == 'def joyn(post):\n    post.put("tea")\n    post.put("cake")\n'
    assert other.clerk("bob").gets == (("post", "post"),)
    assert other.win == {"log": ["belt", "ada"], "peak_at_most": {"post": 2}, "may_fail": ["joyn"]}
    assert other.renamed("post", "belt").renamed("joyn", "ada") == built


def test_what_else_a_file_says_stays_when_it_is_built_on():
    text = level_text(an_office(), "mine").replace("An office built by hand.", "Once upon a time.")
    found = read_blueprint(text + "after: Well done.\n", "mine.yaml", REGISTRY)
    again = level_text(found.with_clerk("cleo"), "mine")
    assert found.rest == {"story": "Once upon a time.", "after": "Well done."}
    assert "Once upon a time." in again and "Well done." in again


def test_what_clerks_are_told_the_cat_and_the_story_are_kept_renamed_and_read_again():
    built = an_office().telling("bob", {"n": 2, "fruit": {"text": "tea"}, "more": [1, "cake"]})
    built = built.with_cat(["bob", "ada", "nobody"], naps=2).saying("story", "It rains.\nAda sends letters.")
    assert built.clerk("bob").script.startswith("def bob(belt, n, fruit, more):")
    level = read_level_text(level_text(built, "mine"), "mine", REGISTRY)
    assert dict(level.clerks[1].gets)["n"] == 2 and dict(level.clerks[1].gets)["fruit"] == "tea"
    assert (level.cat.naps, level.cat.may_nap_on) == (2, ("ada", "bob"))
    assert level.story == "It rains.\nAda sends letters."
    assert read_blueprint(level_text(built, "mine"), "mine.yaml", REGISTRY) == built
    other = built.renamed("bob", "joyn").renamed("belt", "post")
    assert (other.cat, other.naps) == (("ada", "joyn"), 2)
    assert other.clerk("joyn").told == built.clerk("bob").told
    assert other.without_clerk("joyn").cat == ("ada",)
    assert "cat" not in other.without_clerk("joyn").without_clerk("ada").rest
    again = built.with_channel("n", "value").wired("bob", "n")
    assert again.clerk("bob").gets[-1] == ("n2", "n"), "the name is taken"
    assert built.telling("bob", {}).clerk("bob").script.startswith("def bob(belt):")


def test_the_wrong_answers_of_an_author_go_along_with_a_renaming():
    lazy = {
        "name": "sends-one",
        "expect": "lost token",
        "scripts": {"ada": "def ada(belt):\n    belt.put(1)\n"},
    }
    built = an_office().saying("wrong", [lazy]).renamed("ada", "joyn").renamed("belt", "post")
    assert built.rest["wrong"] == [
        {**lazy, "scripts": {"joyn": "def joyn(post):\n    post.put(1)\n"}}
    ]  # fmt: skip
    assert read_level_text(level_text(built, "mine"), "mine", REGISTRY).wrong[0].name == "sends-one"
