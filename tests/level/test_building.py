from __future__ import annotations

import pickle
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.attempt import check_answer
from game.channels.pipe import Pipe
from game.channels.semaphore import Semaphore
from game.level.building import as_far_as_built, with_parts
from game.level.model import Answer, Building, Level, Supply
from game.level.reader import read_answer_text, read_level_text, write_answer
from game.plugins import load_registry
from game.problems import ProblemsFound
from game.request import Handle
from game.world import build

REGISTRY = load_registry(entry_points=False)

LEVEL = """\
id: "9.9"
title: Two at a Time
mode: build
story: The tube is long.
objective: Never more than two in the tube.
teaches: [credits]
channels:
  letters: {kind: pipe, duplex: false}
clerks:
  ada: {script: ada, gets: {letters: letters.w, n: 3}}
  bob: {script: bob, gets: {letters: letters.r, n: 3}}
  carl: {script: carl, gets: {}}
scripts:
  ada: |-
    def ada(letters, n):
        for number in range(n):
            letters.send(number)
  bob: |-
    def bob(letters, n):
        for number in range(n):
            deliver(letters.recv())
  carl: {editable: false, text: "def carl(): pass"}
build:
  tray:
    pipe: {most: 1, options: {duplex: [false, true]}}
    semaphore: {options: {value: [1, 2, 3]}}
    lock: {}
  parts: 2
  ways: 4
win: {log: [0, 1, 2], peak_at_most: {letters: 2}}
cases:
  - {name: four, sets: {ada.n: 4, bob.n: 4}, win: {log: [0, 1, 2, 3], peak_at_most: {letters: 2}}}
stars: {three: {parts: 1}}
hints: [Count.]
answers:
  reference: &held
    parts:
      tags: {kind: semaphore, value: 2}
    gets:
      ada: {tags: tags}
      bob: {tags: tags}
    scripts: &scripts
      ada: |-
        def ada(letters, n, tags):
            for number in range(n):
                tags.acquire()
                letters.send(number)
      bob: |-
        def bob(letters, n, tags):
            for number in range(n):
                deliver(letters.recv())
                tags.release()
  wrong:
    - name: three-tags
      expect: overflow
      parts: {tags: {kind: semaphore, value: 3}}
      gets: {ada: {tags: tags}, bob: {tags: tags}}
      scripts: *scripts
"""


def read(text: str = LEVEL) -> Level:
    return read_level_text(text, "x.yaml", REGISTRY)


def complaints(old: str, new: str) -> list[str]:
    assert LEVEL.count(old) == 1, f"{old!r} stands {LEVEL.count(old)} times in the level"
    try:
        read(LEVEL.replace(old, new))
    except ProblemsFound as found:
        return str(found).splitlines()
    return []


def answer_of(text: str) -> Answer:
    return read_answer_text('level: "9.9"\n' + text, "a.yaml", read())


def refusals(text: str) -> list[str]:
    """What is wrong with an answer, as its author reads it."""
    try:
        answer_of(text)
    except ProblemsFound as found:
        return str(found).splitlines()
    return []


def test_a_level_says_what_may_be_added_and_to_whom():
    assert read().building == Building(
        (
            Supply(Pipe, (("duplex", (False, True)),), 1),
            Supply(Semaphore, (("value", (1, 2, 3)),), 2),
            Supply(REGISTRY.kinds["lock"], (), 2),
        ),
        parts=2,
        ways=4,
    )
    wired = read(LEVEL.replace("  ways: 4", "  wires: {ada: [pipe.r, semaphore], bob: [semaphore]}"))
    assert wired.building is not None
    assert wired.building.ways is None
    assert wired.building.wires == {"ada": ("pipe.r", "semaphore"), "bob": ("semaphore",)}
    assert pickle.loads(pickle.dumps(wired)) == wired


def test_what_is_built_is_part_of_the_office_like_everything_else():
    level = read()
    system = build(level, level.reference)
    assert [(channel.name, channel.kind) for channel in system.level.channels] == [
        ("letters", Pipe(duplex=False)),
        ("tags", Semaphore(value=2)),
    ]
    gets = {clerk.name: dict(clerk.gets) for clerk in system.level.clerks}
    assert gets["ada"] == {"letters": Handle("letters", "w"), "n": 3, "tags": Handle("tags")}
    assert gets["carl"] == {}
    assert with_parts(level, level.starter) is level
    assert build(level, Answer("9.9")).level == level


def test_a_part_comes_with_the_first_of_each_choice_and_all_else_as_usual():
    answer = Answer("9.9", parts={"tube": {"kind": "pipe"}})
    tube = with_parts(read(LEVEL.replace("[false, true]", "[true, false]")), answer).channels[-1].kind
    assert tube == Pipe(duplex=True)
    assert with_parts(read(), answer).channels[-1].kind == Pipe(duplex=False)


def test_the_reference_holds_in_every_case_and_its_parts_are_counted():
    level = read()
    attempt = check_answer(level, level.reference)
    assert (attempt.passed, attempt.stars, attempt.metrics["parts"]) == (True, 2, 1)
    spare = {**level.reference.parts, "key": {"kind": "lock"}}
    more = Answer("9.9", level.reference.scripts, parts=spare, gets=level.reference.gets)
    attempt = check_answer(level, more)
    assert (attempt.passed, attempt.stars, attempt.metrics["parts"]) == (True, 1, 2)


def test_a_wrong_answer_fails_as_it_says_and_a_case_that_is_not_kept_is_named():
    level = read()
    failure = check_answer(level, level.wrong[0].answer).verdict.failure
    assert failure is not None and failure.kind == "overflow"
    literal = {name: text.replace("range(n)", "range(3)") for name, text in level.reference.scripts.items()}
    only_three = Answer("9.9", literal, parts=level.reference.parts, gets=level.reference.gets)
    attempt = check_answer(level, only_three)
    assert (attempt.passed, attempt.case) == (False, "four")


def test_other_levels_have_no_metric_for_parts():
    code = replace(read(), building=None)
    assert "parts" not in check_answer(code, code.starter).metrics


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("mode: build", "mode: code", ["x.yaml:23:1: build: in mode code the player builds nothing"]),
        (LEVEL[LEVEL.index("build:\n") : LEVEL.index("win:")], "", [
            "x.yaml:3:7: mode: in mode build the player adds parts: say which, under build",
        ]),
        ("    lock: {}", "    lokc: {}", [
            "x.yaml:27:5: build.tray.lokc: no such kind 'lokc'; did you mean 'lock'?",
        ]),
        ("    lock: {}", "    lock: {options: {value: [1]}}", [
            "x.yaml:27:22: build.tray.lock.options.value: a lock has no option 'value'",
        ]),
        ("{value: [1, 2, 3]}", "{valu: [1]}", [
            "x.yaml:26:27: build.tray.semaphore.options.valu: a semaphore has no option 'valu'; "
            "did you mean 'value'?",
        ]),
        ("{value: [1, 2, 3]}", "{value: [1, -2, 1, x]}", [
            "x.yaml:26:38: build.tray.semaphore.options.value[1]: -2 is too small; at least 0",
            "x.yaml:26:42: build.tray.semaphore.options.value[2]: 1 is there already",
            "x.yaml:26:45: build.tray.semaphore.options.value[3]: a whole number is wanted here, not 'x'",
        ]),
        ("{value: [1, 2, 3]}", "{value: [1, 1]}", [
            "x.yaml:26:38: build.tray.semaphore.options.value[1]: 1 is there already",
        ]),
        ("{value: [1, 2, 3]}", "{value: []}", [
            "x.yaml:26:34: build.tray.semaphore.options.value: there must be something here",
        ]),
        ("  parts: 2\n", "  parts: 9\n", ["x.yaml:28:10: build.parts: 9 is too large; at most 8"]),
        ("  ways: 4\n", "  wires: everything\n", [
            "x.yaml:29:10: build.wires: free is wanted here, or a list for each clerk, not 'everything'",
        ]),
        ("  ways: 4\n", "  wires: {eda: [pipe.q, tube, semaphore], bob: pipe}\n", [
            "x.yaml:29:11: build.wires.eda: there is no clerk 'eda'; did you mean 'ada'?",
            "x.yaml:29:17: build.wires.eda[0]: pipe has no end 'q'",
            "x.yaml:29:25: build.wires.eda[1]: tube is neither a kind in the tray nor a channel; there are "
            "letters, pipe, semaphore, lock",
            "x.yaml:29:48: build.wires.bob: a list is wanted here, not 'pipe'",
        ]),
        ("      tags: {kind: semaphore, value: 2}", "      tags: {kind: semaphore, value: 4}", [
            "x.yaml:38:38: answers.reference.parts.tags.value: 4 is none of 1, 2, 3",
        ]),
        ("      parts: {tags: {kind: semaphore, value: 3}}", "      parts: {}", [
            "x.yaml:57:26: answers.wrong[0].gets.ada.tags: there is no channel 'tags'",
            "x.yaml:57:45: answers.wrong[0].gets.bob.tags: there is no channel 'tags'",
        ]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_build_level_is_told_with_its_place(old: str, new: str, said: list[str]):
    assert complaints(old, new) == said


TAGS = "parts: {tags: {kind: semaphore}}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parts: {tags: {value: 2}}", ["a.yaml:2:15: parts.tags: the key 'kind' is missing"]),
        ("parts: {belt: {kind: queue}}", [
            "a.yaml:2:22: parts.belt.kind: there is no queue in the tray; there are pipe, semaphore, lock",
        ]),
        ("parts: {t: {kind: pipe, duplex: 1, capacity: 2}}", [
            "a.yaml:2:33: parts.t.duplex: 1 is none of false, true",
            "a.yaml:2:36: parts.t.capacity: capacity of a pipe cannot be set here; there is duplex",
        ]),
        ("parts: {for: {kind: lock}, bob: {kind: lock}}", [
            "a.yaml:2:9: parts.for: 'for' is no name; write small letters, digits and _, a letter first",
            "a.yaml:2:28: parts.bob: 'bob' is there already; take another name",
        ]),
        ("parts: {a: {kind: pipe}, b: {kind: pipe}}", [
            "a.yaml:2:1: parts: there is 1 pipe in the tray, and these are 2",
        ]),
        ("parts: {a: {kind: pipe}, b: {kind: lock}, c: {kind: lock}}", [
            "a.yaml:2:1: parts: 2 parts can be built here, and these are 3",
        ]),
        (TAGS + "gets: {eda: {tags: tags}, carl: {tags: tags}}", [
            "a.yaml:3:8: gets.eda: there is no clerk 'eda'; did you mean 'ada'?",
            "a.yaml:3:27: gets.carl: carl works by a script that is not yours, and is given nothing more",
        ]),
        (TAGS + "gets: {ada: {n: tags, tags: tags, more: tags, 1: tags.a}}", [
            "a.yaml:3:14: gets.ada.n: ada gets 'n' from the level; take another name",
            "a.yaml:3:29: gets.ada.tags: ada has tags already",
            "a.yaml:3:41: gets.ada.more: ada has tags already",
            "a.yaml:3:47: gets.ada.1: '1' is no name; write small letters, digits and _, a letter first",
            "a.yaml:3:50: gets.ada.1: tags.a is no end of the semaphore tags; there is tags",
        ]),
        (TAGS + "gets: {ada: {l: letters.r}, bob: {t: tag}}", [
            "a.yaml:3:17: gets.ada.l: the level gives letters to those who need it",
            "a.yaml:3:38: gets.bob.t: there is no channel 'tag'; did you mean 'tags'?",
        ]),
        ("parts: {a: {kind: pipe, duplex: true}, b: {kind: lock}}\n"
         "gets: {ada: {x: a.a, y: a.b, z: b}, bob: {x: a.b, y: b}}", [
            "a.yaml:3:1: gets: clerks can be given 4 things besides here, and these are 5",
        ]),
        ("parts: {a: {kind: [1]}}", [
            "a.yaml:2:19: parts.a.kind: there is no [1] in the tray; there are pipe, semaphore, lock",
        ]),
    ],
)  # fmt: skip
def test_what_the_level_does_not_allow_is_refused_with_its_place(text: str, said: list[str]):
    assert refusals(text) == said


def test_lists_say_who_may_be_given_what():
    level = read(LEVEL.replace("  ways: 4", "  wires: {ada: [semaphore, letters.r]}").replace(
        LEVEL[LEVEL.index("  reference: &held") :],
        "  reference: {parts: {t: {kind: semaphore}}}\n"
        "  wrong: [{name: x, expect: deadlock, parts: {t: {kind: semaphore}}}]\n",
    ))  # fmt: skip
    parts = {"tags": {"kind": "semaphore"}, "tube": {"kind": "pipe"}}
    for gets, said in (
        ({"ada": {"tags": "tags", "back": "letters.r"}}, []),
        ({"ada": {"end": "tube.w"}}, ["ada can be given semaphore, letters.r, not tube.w"]),
        ({"bob": {"tags": "tags"}}, ["bob can be given nothing more"]),
    ):
        try:
            with_parts(level, Answer("9.9", parts=parts, gets=gets))
            found = []
        except ProblemsFound as problems:
            found = [problem.message for problem in problems.problems]
        assert found == said, gets


def test_clerks_with_one_script_are_given_the_same():
    text = LEVEL.replace("bob: {script: bob, gets: {letters: letters.r, n: 3}}",
                         "bob: {script: ada, gets: {letters: letters.w, n: 3}}\n"
                         "  dora: {script: bob, gets: {letters: letters.r, n: 6}}")  # fmt: skip
    text = text.replace("      bob: {tags: tags}\n", "      bob: {tags: tags}\n      dora: {tags: tags}\n")
    level = read(text.replace("gets: {ada: {tags: tags}, bob: {tags: tags}}",
                              "gets: {ada: {t: tags}, bob: {t: tags}}"))  # fmt: skip
    with pytest.raises(ProblemsFound) as found:
        with_parts(level, Answer("9.9", parts={"tags": {"kind": "lock"}}, gets={"ada": {"key": "tags"}}))
    assert [problem.message for problem in found.value.problems] == [
        "bob works by the script ada too, and is not given 'key' as ada is"
    ]


def test_in_a_level_where_nothing_is_built_an_answer_builds_nothing():
    level = read()
    plain = Answer("9.9", parts={"tags": {"kind": "lock"}}, gets={"ada": {"tags": "tags"}})
    bare = replace(level, building=None)
    with pytest.raises(ProblemsFound) as found:
        build(bare, plain)
    assert [(problem.path, problem.message) for problem in found.value.problems] == [
        ("gets", "nothing can be built in this level"),
        ("parts", "nothing can be built in this level"),
    ]
    assert as_far_as_built(bare, plain) is bare


def test_an_office_that_is_not_finished_is_shown_as_far_as_it_goes():
    level = read()
    half = Answer(
        "9.9",
        parts={"tags": {"kind": "lock"}, "belt": {"kind": "queue"}, "ada": {"kind": "lock"}, "letters": {}},
        gets={"ada": {"tags": "tags", "n": "tags", "belt": "belt", "x": "letters.q"}, "eda": {"t": "tags"}},
    )
    shown = as_far_as_built(level, half)
    assert [channel.name for channel in shown.channels] == ["letters", "tags", "ada"]
    assert dict(shown.clerks[0].gets) == {
        "letters": Handle("letters", "w"), "n": 3, "tags": Handle("tags"),
    }  # fmt: skip


def test_an_answer_with_parts_is_written_as_a_person_would_and_read_back_the_same():
    level = read()
    text = write_answer(level.reference)
    assert text.endswith(
        "parts:\n  tags: {kind: semaphore, value: 2}\ngets:\n  ada: {tags: tags}\n  bob: {tags: tags}\n"
    )
    assert read_answer_text(text, "a.yaml", level) == level.reference


_WORDS = st.text(max_size=5) | st.sampled_from(["true", "null", "pipe", "tube.a", "a b", "0"])


_VALUES = _WORDS | st.integers(-9, 9) | st.booleans() | st.none()
_PARTS = st.dictionaries(st.sampled_from(["kind", "x"]), _VALUES, min_size=1)
_GETS = st.dictionaries(_WORDS, _WORDS, min_size=1)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(_WORDS.filter(bool), _PARTS, max_size=3),
    st.dictionaries(st.sampled_from(["ada", "bob"]), _GETS, max_size=2),
)
def test_whatever_is_built_is_refused_or_put_in_place_and_never_breaks(parts: Any, gets: Any):
    level = read()
    answer = Answer("9.9", parts=parts, gets=gets)
    as_far_as_built(level, answer)
    try:
        with_parts(level, answer)
    except ProblemsFound as found:
        assert found.problems


_ODD = ["", "3", "null", "[]", "{}", "[1, {a: 2}]", "free", "pipe", "{kind: pipe}", "true", "-1", "9" * 12]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 200), st.integers(0, 9), st.sampled_from(_ODD))
def test_a_build_level_with_any_part_replaced_is_read_or_refused(line: int, part: int, value: str):
    lines = LEVEL.splitlines()
    at = line % len(lines)
    pieces = re.split(r"([\[\]{},:\s])", lines[at])
    pieces[part % len(pieces)] = value
    try:
        read("\n".join([*lines[:at], "".join(pieces), *lines[at + 1 :]]))
    except ProblemsFound as found:
        assert found.problems
