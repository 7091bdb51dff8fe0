from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from game.channels.array import SharedArray
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.goals import Bag, Either, LeftOver, PeakAtMost, Reads, Soon, Within
from game.level.marked import MAX_BYTES
from game.level.model import Answer, Callout, Channel, Clerk, Level, Limits, RealRun, Script, WrongAnswer
from game.level.reader import read_answer_text, read_level, read_level_text, write_answer
from game.plugins import load_registry
from game.problems import Place, ProblemsFound
from game.request import Handle

REGISTRY = load_registry(entry_points=False)

LEVEL = """\
id: "9.9"
title: Two Strokes
mode: fix
story: The board must read two.
objective: Make the board read 2.
teaches: [get_lock]
channels:
  tally: {kind: value, initial: 0}
  belt: {kind: queue, maxsize: 3}
  tube: {kind: pipe, duplex: true}
clerks:
  ada: {script: chalk, gets: {tally: tally, n: 1}}
  bob: {script: chalk, gets: {tally: tally, n: 1}, started: false}
  boss: {script: boss, gets: {bob: "@bob", t: tube.a, b: belt, fruit: {text: belt}, row: [1, two, null]}}
scripts:
  chalk: |-
    def chalk(tally, n):
        tally.value += n
  boss:
    editable: false
    text: |-
      def boss(bob, t, b, fruit, row):
          bob.start()
win:
  value: {tally: 2}
  left_over: [belt, tube]
hints: [Look at the board.]
answers:
  reference:
    scripts:
      chalk: |-
        def chalk(tally, n):
            with tally.get_lock():
                tally.value += n
  wrong:
    - name: trusts-the-lock
      expect: lost update
      scripts: {chalk: "def chalk(tally, n): tally.value = tally.value + n"}
"""

WIND_LEVEL = """\
id: w
title: Blow
mode: wind
story: Blow.
objective: Blow.
teaches: [wind]
channels: {tally: {kind: value}, belt: {kind: queue}}
clerks: {ada: {script: chalk, gets: {tally: tally, belt: belt}}}
scripts: {chalk: "def chalk(tally, belt): tally.value += 1"}
win: {value: {tally: 1}}
hints: [Blow.]
answers:
  reference: {winds: [ada ada]}
  wrong: [{name: short, winds: [ada], expect: incomplete}]
"""


def read(text: str | bytes) -> Level:
    return read_level_text(text, "x.yaml", REGISTRY)


def complaints(text: str | bytes) -> list[str]:
    """Everything the reader says about a level, a line each; [] when it is right."""
    try:
        read(text)
    except ProblemsFound as found:
        return str(found).splitlines()
    return []


def changed(old: str, new: str, text: str = LEVEL) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the level"
    return text.replace(old, new)


def test_a_level_is_read_whole():
    chalk = "def chalk(tally, n):\n    tally.value += n"
    assert read(LEVEL) == Level(
        id="9.9",
        title="Two Strokes",
        mode="fix",
        story="The board must read two.",
        objective="Make the board read 2.",
        teaches=("get_lock",),
        channels=(
            Channel("tally", SharedValue(initial=0), Place("x.yaml", 8, 3)),
            Channel("belt", Queue(maxsize=3), Place("x.yaml", 9, 3)),
            Channel("tube", Pipe(duplex=True), Place("x.yaml", 10, 3)),
        ),
        clerks=(
            Clerk("ada", "chalk", (("tally", Handle("tally")), ("n", 1)), True, Place("x.yaml", 12, 3)),
            Clerk("bob", "chalk", (("tally", Handle("tally")), ("n", 1)), False, Place("x.yaml", 13, 3)),
            Clerk(
                "boss",
                "boss",
                (
                    ("bob", Handle("@bob")),
                    ("t", Handle("tube", "a")),
                    ("b", Handle("belt")),
                    ("fruit", "belt"),
                    ("row", (1, "two", None)),
                ),
                True,
                Place("x.yaml", 14, 3),
            ),
        ),
        scripts=(
            Script("chalk", chalk, True, Place("x.yaml", 17, 5)),
            Script(
                "boss", "def boss(bob, t, b, fruit, row):\n    bob.start()", False, Place("x.yaml", 22, 7)
            ),
        ),
        win=(Reads((("tally", 2),)), LeftOver(("belt", "tube"))),
        limits=Limits(),
        stars={},
        hints=("Look at the board.",),
        real=RealRun(),
        reference=Answer(
            "9.9", {"chalk": "def chalk(tally, n):\n    with tally.get_lock():\n        tally.value += n"}
        ),
        wrong=(
            WrongAnswer(
                "trusts-the-lock",
                Answer("9.9", {"chalk": "def chalk(tally, n): tally.value = tally.value + n"}),
                "lost update",
                Place("x.yaml", 36, 13),
            ),
        ),
        place=Place("x.yaml"),
    )


def test_what_an_author_may_leave_out_or_write_otherwise_is_read_too():
    text = changed("tally: {kind: value, initial: 0}", "tally: {kind: array, initial: [0, 0]}")
    text = changed("value: {tally: 2}", "value: {tally: [1, 1]}", text)
    text = changed(
        "hints:", "stars: {two: {statements: 3, peak: 0}, three: null}\nafter: Well done.\nhints:", text
    )
    text = changed(
        "win:", "unlocks: [with]\nlimits: {states: 5, seconds: 1}\nreal: {runs: 3, timeout: 0.5}\nwin:", text
    )
    level = read(text)
    assert level.channels[0].kind == SharedArray(initial=(0, 0))
    assert level.win[0] == Reads((("tally", (1, 1)),))
    assert (level.stars, level.after, level.unlocks) == (
        {"two": {"statements": 3, "peak": 0}},
        "Well done.",
        ("with",),
    )
    assert (level.limits, level.real) == (Limits(5, 1.0), RealRun(3, 0.5))
    assert isinstance(level.limits.seconds, float)


def test_a_level_survives_pickling():
    level = read(LEVEL)
    assert pickle.loads(pickle.dumps(level)) == level


def test_a_wind_level_chooses_winds_and_leaves_its_scripts_alone():
    level = read(WIND_LEVEL)
    assert (level.reference, level.wrong[0].answer) == (
        Answer("w", winds=("ada ada",)),
        Answer("w", winds=("ada",)),
    )
    assert not level.scripts[0].editable


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("  chalk: |-\n    def", "  chalk: |-\n    def", (17, 5)),
        ("  chalk: |-\n    def", "  chalk:   |-  # mind the indent\n    def", (17, 5)),
        ("  chalk: |-\n    def", "  chalk: &c\n    |-\n    def", (18, 5)),
        ("  chalk: |-\n    def", "  chalk: |-\n\n\n    def", (17, 5)),
        ("  chalk: |-\n    def", "  chalk: |2-\n      \n    def", (17, 5)),
        ("  chalk: |-\n    def", '  other: "def other(): pass"\n  chalk: |-\n    def', (18, 5)),
    ],
)
def test_a_script_knows_where_its_first_line_stands(old: str, new: str, place: tuple[int, int]):
    scripts = {script.name: script.place for script in read(changed(old, new)).scripts}
    assert scripts["chalk"] == Place("x.yaml", *place)


@pytest.mark.parametrize(("script", "column"), [('"def chalk(): pass"', 11), ("'def chalk(): pass'", 11)])
def test_a_quoted_script_begins_after_its_quote(script: str, column: int):
    text = changed(
        "  chalk: |-\n    def chalk(tally, n):\n        tally.value += n\n", f"  chalk: {script}\n"
    )
    assert read(text).scripts[0].place == Place("x.yaml", 16, column)


MISTAKES = [
    # the shape
    ('id: "9.9"\n', "", ["x.yaml:1:1: the key 'id' is missing"]),
    ('"9.9"', "9.9", ['x.yaml:1:5: id: text is wanted here, not 9.9; put it in quotes: "9.9"']),
    ('"9.9"', "a b", ["x.yaml:1:5: id: 'a b' is no id; write letters, digits, dots and -, like \"2.2\""]),
    ("title: Two", "titel: Two", [
        "x.yaml:1:1: the key 'title' is missing",
        "x.yaml:2:1: titel: there is no key 'titel' here; did you mean 'title'?",
    ]),
    ("title: Two Strokes", "title:", ["x.yaml:2:7: title: text is wanted here, not nothing"]),
    ("title: Two Strokes", 'title: " "', ["x.yaml:2:8: title: there must be some text here"]),
    ("mode: fix", "mode: fixx", [
        "x.yaml:3:7: mode: 'fixx' is none of code, fix, config, parsons, wind, build; did you mean 'fix'?"
    ]),
    ("mode: fix", "mode: [fix]", [
        "x.yaml:3:7: mode: a list is none of code, fix, config, parsons, wind, build"
    ]),
    ("[get_lock]", "get_lock", ["x.yaml:6:10: teaches: a list is wanted here, not 'get_lock'"]),
    ("[get_lock]", "[yes, 1, true]", [
        "x.yaml:6:16: teaches[1]: text is wanted here, not 1; put it in quotes: \"1\"",
        "x.yaml:6:19: teaches[2]: text is wanted here, not true",
    ]),
    ("hints: [Look at the board.]", "hints: []", ["x.yaml:27:8: hints: there must be something here"]),
    ("hints:", "limits: {states: 0, seconds: .nan, second: 3}\nhints:", [
        "x.yaml:27:18: limits.states: 0 is too small; at least 1",
        "x.yaml:27:30: limits.seconds: a number is wanted here, not nan",
        "x.yaml:27:36: limits.second: there is no key 'second' here; did you mean 'seconds'?",
    ]),
    ("hints:", "real: {runs: 1.5, timeout: 61}\nhints:", [
        "x.yaml:27:14: real.runs: a whole number is wanted here, not 1.5",
        "x.yaml:27:28: real.timeout: 61 is too large; at most 60",
    ]),
    ("hints:", "stars: {two: {statments: 3}, four: {ticks: 1}}\nhints:", [
        "x.yaml:27:15: stars.two.statments: there is no key 'statments' here; did you mean 'statements'?",
        "x.yaml:27:30: stars.four: there is no key 'four' here; there are two, three",
    ]),
    ("hints:", "stars: {two: {ticks: true}}\nhints:", [
        "x.yaml:27:22: stars.two.ticks: a whole number is wanted here, not true"
    ]),
    ("hints:", "title: Again\nhints:", ["x.yaml:27:1: title: this key is here twice; first in line 2"]),
    ("  value: {tally: 2}", "  value: !!map {tally: 2}", [
        "x.yaml:25:10: the tag '!!map' is not allowed; write plain YAML"
    ]),
    # channels
    ("{kind: queue, maxsize: 3}", "queue", [
        "x.yaml:9:9: channels.belt: a channel is written as {kind: queue}, not as 'queue'"
    ]),
    ("{kind: queue, maxsize: 3}", "{maxsize: 3}", ["x.yaml:9:9: channels.belt: the key 'kind' is missing"]),
    ("kind: queue", "kind: queu", [
        "x.yaml:9:16: channels.belt.kind: no such kind 'queu'; did you mean 'queue'?"
    ]),
    ("kind: queue", "kind: xyz", [
        "x.yaml:9:16: channels.belt.kind: no such kind 'xyz'; "
        "there are array, barrier, bounded_semaphore, condition, event, joinable_queue, lock, pipe, queue, "
        "rlock, semaphore, shared_memory, simple_queue, value"
    ]),
    ("kind: queue", "kind: 3", [
        "x.yaml:9:16: channels.belt.kind: no such kind 3; "
        "there are array, barrier, bounded_semaphore, condition, event, joinable_queue, lock, pipe, queue, "
        "rlock, semaphore, shared_memory, simple_queue, value"
    ]),
    ("maxsize: 3", "maxsize: -1", ["x.yaml:9:32: channels.belt.maxsize: -1 is too small; at least 0"]),
    ("maxsize: 3", "maxsise: 3", [
        "x.yaml:9:23: channels.belt.maxsise: there is no key 'maxsise' here; did you mean 'maxsize'?"
    ]),
    ("duplex: true", "duplex: yes", [
        "x.yaml:10:30: channels.tube.duplex: true or false is wanted here, not 'yes'"
    ]),
    ("kind: value, initial: 0", "kind: array, initial: []", [
        "x.yaml:8:10: channels.tally: an array has 1 to 1000 numbers, not 0"
    ]),
    ("kind: value, initial: 0", "kind: array, initial: [0, a]", [
        "x.yaml:8:37: channels.tally.initial[1]: a whole number is wanted here, not 'a'"
    ]),
    ("  belt: {kind", "  Belt: {kind", [
        "x.yaml:9:3: channels.Belt: 'Belt' is no name; write small letters, digits and _, a letter first",
        "x.yaml:14:58: clerks.boss.gets.b: there is no channel 'belt'; did you mean 'Belt'?",
        "x.yaml:26:15: win.left_over[0]: there is no channel 'belt'; did you mean 'Belt'?",
    ]),
    ("  belt: {kind", "  with: {kind: queue}\n  belt: {kind", [
        "x.yaml:9:3: channels.with: 'with' means something in Python; take another name"
    ]),
    ("  belt: {kind", "  desk: {kind: queue}\n  belt: {kind", [
        "x.yaml:9:3: channels.desk: 'desk' is the public counter's; take another name"
    ]),
    ("  belt: {kind", "  ada: {kind: queue}\n  belt: {kind", [
        "x.yaml:13:3: clerks.ada: a channel is called 'ada' already; winds need different names"
    ]),
    # clerks
    ("script: boss", "script: bos", [
        "x.yaml:14:18: clerks.boss.script: there is no script 'bos'; did you mean 'boss'?"
    ]),
    ("  ada: {script: chalk, gets: {tally: tally, n: 1}}", "  ada: chalk", [
        "x.yaml:12:8: clerks.ada: keys and values are wanted here, not 'chalk'"
    ]),
    ("b: belt,", "b: bel,", [
        "x.yaml:14:58: clerks.boss.gets.b: there is no channel 'bel'; did you mean 'belt'?"
    ]),
    ("b: belt,", "b: apple,", [
        "x.yaml:14:58: clerks.boss.gets.b: there is no channel 'apple'; a text is written {text: apple}"
    ]),
    ("b: belt,", "b: ada,", [
        "x.yaml:14:58: clerks.boss.gets.b: there is no channel 'ada'; the clerk is written \"@ada\""
    ]),
    ("b: belt,", "b: belt.a,", [
        "x.yaml:14:58: clerks.boss.gets.b: the queue belt has no end 'a'; write just belt"
    ]),
    ("t: tube.a", "t: tube", [
        "x.yaml:14:47: clerks.boss.gets.t: tube is a pipe: say which end, tube.a or tube.b"
    ]),
    ("t: tube.a", "t: tube.r", [
        "x.yaml:14:47: clerks.boss.gets.t: the pipe tube has no end 'r'; there is tube.a or tube.b"
    ]),
    ("t: tube.a", "t: tally.lock", [
        "x.yaml:14:47: clerks.boss.gets.t: the value tally has no end 'lock'; write just tally"
    ]),
    ('bob: "@bob"', 'bob: "@bop"', [
        "x.yaml:13:61: clerks.bob.started: nobody can start bob: give somebody \"@bob\"",
        "x.yaml:14:36: clerks.boss.gets.bob: there is no clerk @bop; did you mean '@bob'?",
    ]),
    ('bob: "@bob"', 'bob: "@boss"', [
        "x.yaml:13:61: clerks.bob.started: nobody can start bob: give somebody \"@bob\"",
        "x.yaml:14:36: clerks.boss.gets.bob: boss cannot be given itself",
    ]),
    ("fruit: {text: belt}", "fruit: {txt: belt}", [
        "x.yaml:14:71: clerks.boss.gets.fruit: write a text as {text: apple}; other mappings cannot be given"
    ]),
    ("row: [1, two, null]", "row: [belt, 1.5]", [
        "x.yaml:14:90: clerks.boss.gets.row: 1.5 is nothing a clerk can hold: "
        "whole numbers, text, true, false, null, or lists of these",
        "x.yaml:14:91: clerks.boss.gets.row[0]: belt cannot be given in a list; give it a name of its own",
    ]),
    ("n: 1}, started", "m: 1}, started", [
        "x.yaml:13:3: clerks.bob: ada runs 'chalk' too and gets 'n'; so must this one",
        "x.yaml:13:45: clerks.bob.gets.m: ada runs 'chalk' too and does not get 'm'",
    ]),
    ("started: false", "started: no", [
        "x.yaml:13:61: clerks.bob.started: true or false is wanted here, not 'no'"
    ]),
    ("n: 1}, started", "class: 1}, started", [
        "x.yaml:13:3: clerks.bob: ada runs 'chalk' too and gets 'n'; so must this one",
        "x.yaml:13:45: clerks.bob.gets.class: 'class' means something in Python; take another name",
        "x.yaml:13:45: clerks.bob.gets.class: ada runs 'chalk' too and does not get 'class'",
    ]),
    # scripts
    ("    editable: false\n", "    editabel: false\n", [
        "x.yaml:20:5: scripts.boss.editabel: there is no key 'editabel' here; did you mean 'editable'?"
    ]),
    ("    editable: false\n    text: |-", "    editable: false\n    txt: |-", [
        "x.yaml:20:5: scripts.boss: the key 'text' is missing",
        "x.yaml:21:5: scripts.boss.txt: there is no key 'txt' here; did you mean 'text'?",
    ]),
    ("  chalk: |-\n    def chalk(tally, n):\n        tally.value += n\n", "  chalk: 3\n", [
        'x.yaml:16:10: scripts.chalk: text is wanted here, not 3; put it in quotes: "3"'
    ]),
    ("mode: fix", "mode: config", [
        "x.yaml:3:7: mode: in mode config the player sets slots, and there are none",
        "x.yaml:31:7: answers.reference.scripts.chalk: the script 'chalk' is not the player's to change",
        "x.yaml:38:17: answers.wrong[0].scripts.chalk: the script 'chalk' is not the player's to change",
    ]),
    # goals
    ("  value: {tally: 2}", "  valeu: {tally: 2}", [
        "x.yaml:25:3: win.valeu: no such goal 'valeu'; did you mean 'value'?"
    ]),
    ("  value: {tally: 2}", "  sum: 3", [
        "x.yaml:25:3: win.sum: no such goal 'sum'; there are bag, either, fails, left_over, log, may_fail, "
        "no_starvation, peak_at_most, soon, value, within"
    ]),
    ("{tally: 2}", "2", [
        "x.yaml:25:10: win.value: value wants a board and its number, like {tally: 6}, not 2"
    ]),
    ("value: {tally: 2}", "within: {tally: 2}", [
        "x.yaml:25:11: win.within: within wants a board, its least and its most, like {shelf: [0, 1]}, "
        "not {'tally': 2}"
    ]),
    ("value: {tally: 2}", "within: {tally: [2, 1]}", [
        "x.yaml:25:11: win.within: within wants a board, its least and its most, like {shelf: [0, 1]}, "
        "not {'tally': [2, 1]}"
    ]),
    ("value: {tally: 2}", "within: {tolly: [0, 1]}", [
        "x.yaml:25:12: win.within.tolly: there is no channel 'tolly'; did you mean 'tally'?"
    ]),
    ("value: {tally: 2}", "fails: deadlock", [
        "x.yaml:25:3: win.fails: only in mode wind can a failure be what is wanted"
    ]),
    ("value: {tally: 2}", "fails: starvation", [
        "x.yaml:25:10: win.fails: fails wants one of these: deadlock, orphan wait, exception, lost update, "
        "wrong result, out of order, lost token, duplicated token, leak, overflow, out of bounds, livelock; "
        "not 'starvation'"
    ]),
    ("value: {tally: 2}", "either: [tea, cake]", [
        "x.yaml:25:11: win.either: either wants several lists of things to deliver, like "
        "[[tea], [cake, cake]], not ['tea', 'cake']"
    ]),
    ("value: {tally: 2}", "soon: {after: 1, behind: 1}", [
        "x.yaml:25:9: win.soon: soon wants two things and a number, like {after: posted, comes: express, "
        "behind: 1}, not {'after': 1, 'behind': 1}"
    ]),
    ("value: {tally: 2}", "soon: {after: 1, comes: 2, behind: yes}", [
        "x.yaml:25:9: win.soon: soon wants two things and a number, like {after: posted, comes: express, "
        "behind: 1}, not {'after': 1, 'comes': 2, 'behind': 'yes'}"
    ]),
    ("{tally: 2}", "{taly: 2}", [
        "x.yaml:25:11: win.value.taly: there is no channel 'taly'; did you mean 'tally'?"
    ]),
    ("{tally: 2}", "{belt: 2}", ["x.yaml:25:11: win.value.belt: belt is a queue, which shows no number"]),
    ("[belt, tube]", "[belt, tub]", [
        "x.yaml:26:21: win.left_over[1]: there is no channel 'tub'; did you mean 'tube'?"
    ]),
    # answers
    ("    - name: trusts-the-lock", "    - name: trusts_the_lock", [
        "x.yaml:36:13: answers.wrong[0].name: 'trusts_the_lock' is no name for an answer; "
        "write small letters, digits and -"
    ]),
    ("expect: lost update", "expect: lost updates", [
        "x.yaml:37:15: answers.wrong[0].expect: no such failure 'lost updates'; did you mean 'lost update'?"
    ]),
    ("{chalk: \"def", "{chlk: \"def", [
        "x.yaml:38:17: answers.wrong[0].scripts.chlk: the level has no script 'chlk'; did you mean 'chalk'?"
    ]),
    ("{chalk: \"def", "{boss: \"def", [
        "x.yaml:38:17: answers.wrong[0].scripts.boss: the script 'boss' is not the player's to change"
    ]),
    ('scripts: {chalk: "def chalk(tally, n): tally.value = tally.value + n"}', "winds: [ada]", [
        "x.yaml:36:7: answers.wrong[0]: this answer changes no script",
        "x.yaml:38:7: answers.wrong[0].winds: in mode fix an answer chooses no winds",
    ]),
    ("- name: trusts-the-lock", "- {name: a, expect: exception, scripts: {chalk: x}}\n    - name: a", [
        "x.yaml:37:13: answers.wrong[1].name: another wrong answer is called 'a', in line 36"
    ]),
    ("  wrong:\n", "  rong:\n", [
        "x.yaml:29:3: answers: the key 'wrong' is missing",
        "x.yaml:35:3: answers.rong: there is no key 'rong' here; did you mean 'wrong'?",
    ]),
    ("      expect: lost update\n", "      expect: lost update\n      choices: {size: 1.5}\n", [
        "x.yaml:38:17: answers.wrong[0].choices.size: this level has no slots",
        "x.yaml:38:23: answers.wrong[0].choices.size: 1.5 is nothing a clerk can hold: "
        "whole numbers, text, true, false, null, or lists of these",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_the_way_out(old: str, new: str, said: list[str]):
    assert complaints(changed(old, new)) == said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("winds: [ada ada]", "winds: []", [
            "x.yaml:13:14: answers.reference: in mode wind an answer needs winds: [ada bob ada bob]"
        ]),
        ("winds: [ada ada]", "winds: [ada adda]", [
            "x.yaml:13:23: answers.reference.winds[0]: there is no clerk 'adda'; did you mean 'ada'?"
        ]),
        ("winds: [ada ada]", 'winds: ["ada ~blt/ada ~belt/bob ~belt/ada#1"]', [
            "x.yaml:13:23: answers.reference.winds[0]: ~belt/bob: there is no clerk 'bob'",
            "x.yaml:13:23: answers.reference.winds[0]: ~blt/ada: there is no channel 'blt'; "
            "did you mean 'belt'?",
        ]),
        ("winds: [ada ada]", "winds: [ada!]", [
            "x.yaml:13:23: answers.reference.winds[0]: 'ada!' is no gust: "
            "write a clerk's name, a porter as ~belt/ada, or ada*3"
        ]),
        ("winds: [ada ada]", "winds: ['" + "ada*9999 " * 11 + "']", [
            "x.yaml:13:23: answers.reference.winds[0]: a wind has at most 100,000 gusts"
        ]),
        ('{chalk: "def chalk(tally, belt): tally.value += 1"}', "{chalk: {text: x, editable: true}}", [
            "x.yaml:9:38: scripts.chalk.editable: in mode wind the player changes no scripts"
        ]),
        ("gets: {tally: tally, belt: belt}", "started: false, gets: {tally: tally, belt: belt}", [
            "x.yaml:8:1: clerks: nobody is started, so nothing will ever happen",
            'x.yaml:8:40: clerks.ada.started: nobody can start ada: give somebody "@ada"',
        ]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_wind_level_is_told_too(old: str, new: str, said: list[str]):
    assert complaints(changed(old, new, WIND_LEVEL)) == said


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    text = changed("kind: queue", "kind: queu")
    text = changed("script: boss", "script: bos", text)
    text = changed("expect: lost update", "expect: lost", text)
    text = changed("mode: fix", "mode: mend", text)
    assert [line.split(": ")[0] for line in complaints(text)] == [
        "x.yaml:3:7",
        "x.yaml:9:16",
        "x.yaml:14:18",
        "x.yaml:37:15",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.yaml: the file is empty"),
        ("# nothing here\n", "x.yaml: the file is empty"),
        ("---\n", "x.yaml: the file is empty"),
        ("3", "x.yaml:1:1: keys and values are wanted here, not 3"),
        ("[a, b]", "x.yaml:1:1: keys and values are wanted here, not a list"),
        ("id: a\n---\nid: b\n", "x.yaml:2:1: a second document begins here; one file holds one"),
        (b"id: \xff", "x.yaml:1:5: byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"\xff\xfei\x00d\x00", "x.yaml:1:1: byte 0xff is not UTF-8; save the file as UTF-8"),
        ("id: a\nb: \x00", "x.yaml:2:4: character U+0000 does not belong in a text file"),
        ('id: "\ud800"', "x.yaml:1:6: character U+D800 does not belong in a text file"),
        ("\tid: a", "x.yaml:1:1: not YAML: a tab; indent with spaces"),
        ("id: @b", "x.yaml:1:5: not YAML: text that begins with @ needs quotes"),
        ("id: *b", "x.yaml:1:5: not YAML: found undefined alias; text that begins with * needs quotes"),
        (
            "id: a: b",
            "x.yaml:1:6: not YAML: mapping values are not allowed in this context; "
            "text with a colon in it needs quotes",
        ),
        ("id: 'a", "x.yaml:1:7: not YAML: found unexpected end of stream"),
        ("id: [a", "x.yaml:2:1: not YAML: did not find expected ',' or ']'"),
        ("a: &a [*a]", "x.yaml:1:4: a[0]: an alias stands inside what it repeats"),
        ("[" * 100_000, "x.yaml:1:33: nested deeper than 32"),
        ("- " * 100_000, "x.yaml:1:65: nested deeper than 32"),
        ("{a: " * 50_000, "x.yaml:1:129: nested deeper than 32"),
        ("[" + "a," * 30_000 + "]", "x.yaml:1:40000: more than 20,000 values"),
        ("a" * (MAX_BYTES + 1), "x.yaml: the file is larger than 256 KiB"),
        (
            "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n"
            "d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d]",
            "x.yaml:1:8: e[3][1][0][2][0]: aliases blow this up to more than 20,000 values",
        ),
    ],
)
def test_what_is_no_level_at_all_is_told_in_one_line(text: str | bytes, said: str):
    assert complaints(text) == [said]


def test_a_pile_of_aliases_nested_in_aliases_does_not_exhaust_the_stack():
    text = "\n".join(f"k{n}: &a{n} {'[' * 20}{f'*a{n - 1}' if n else 1}{']' * 20}" for n in range(400))
    assert complaints(text)[0].startswith("x.yaml:")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    level = read(b"\xef\xbb\xbf" + LEVEL.replace("\n", "\r\n").encode())
    assert level == read(LEVEL)


def test_words_that_older_yaml_read_as_something_else_stay_text():
    level = read(changed("[get_lock]", "[yes, on, 1:30, 2026-01-01, 0b1, 1_000, .5.]"))
    assert level.teaches == ("yes", "on", "1:30", "2026-01-01", "0b1", "1_000", ".5.")


def test_places_that_hold_no_readable_file_are_told(tmp_path: Path):
    (tmp_path / "big.yaml").write_bytes(b"x" * 10_000_000)
    (tmp_path / "level.yaml").write_text(LEVEL)
    said = {}
    for path in (tmp_path, tmp_path / "big.yaml", tmp_path / "levle.yaml", Path("/dev/null"), Path("a\0b")):
        with pytest.raises(ProblemsFound) as found:
            read_level(path, REGISTRY)
        said[path.name] = [problem.message for problem in found.value.problems]
    assert said == {
        tmp_path.name: ["this is a folder, not a file"],
        "big.yaml": ["the file is larger than 256 KiB"],
        "levle.yaml": ["there is no such file; did you mean 'level.yaml'?"],
        "null": ["this is not a regular file"],
        "a\0b": ["no file has a null byte in its name"],
    }
    assert read_level(tmp_path / "level.yaml", REGISTRY).id == "9.9"


# -- anything at all --


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300))
@example("? ? ?")
@example("&a")
@example("!!")
@example("%TAG ! !")
def test_whatever_the_bytes_are_the_reader_answers(content: bytes | str):
    complaints(content)


ODDITIES = [
    *["", "~", "null", "3", "-1", "1.5", "true", ".inf", "9" * 30, "ada", "belt", "tube.z", '"@ada"'],
    *["[]", "{}", "[1, [2]]", "{text: a}", "{kind: queue}", "|-\n      x", "- a", "x: y"],
    *["*x", "&x 1", "!!str 1", "'", "\t"],
]
VALUES = st.sampled_from(ODDITIES)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, LEVEL.count("\n") - 1), st.integers(0, 3), VALUES, st.sampled_from([LEVEL, WIND_LEVEL]))
def test_a_level_with_any_part_replaced_is_read_or_refused(line: int, part: int, value: str, level: str):
    lines = level.splitlines()
    at = line % len(lines)
    pieces = lines[at].split(": ")
    pieces[min(part, len(pieces) - 1)] = value
    complaints("\n".join([*lines[:at], ": ".join(pieces), *lines[at + 1 :]]))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(LEVEL)), st.integers(0, 20), st.text(max_size=3)), max_size=4))
def test_a_level_with_letters_lost_and_gained_is_read_or_refused(cuts: list[tuple[int, int, str]]):
    text = LEVEL
    for start, length, new in cuts:
        text = text[:start] + new + text[start + length :]
    complaints(text)


# -- answers --


def answer_complaints(text: str, level: str | None = LEVEL) -> list[str]:
    try:
        read_answer_text(text, "a.yaml", read(level) if level else None)
    except ProblemsFound as found:
        return str(found).splitlines()
    return []


def test_an_answer_is_read_with_or_without_its_level():
    text = (
        'level: "9.9"\nscripts:\n  chalk: |\n    def chalk(tally, n):\n        pass\nchoices: {}\nwinds: []\n'
    )
    answer = Answer("9.9", {"chalk": "def chalk(tally, n):\n    pass\n"})
    assert read_answer_text(text, "a.yaml", None) == answer
    assert read_answer_text(text, "a.yaml", read(LEVEL)) == answer


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scripts: {}", ["a.yaml:1:1: the key 'level' is missing"]),
        ('level: "9.8"', ["a.yaml:1:8: level: this answer is for level '9.8', not for '9.9'"]),
        (
            'level: "9.9"\nscripts: {chalc: x, boss: y, chalk: 3}',
            ['a.yaml:2:37: scripts.chalk: text is wanted here, not 3; put it in quotes: "3"'],
        ),
        (
            'level: "9.9"\nscripts: {chalc: x, boss: y}\nchoices: {a: 1}\nwinds: [ada]\nwinds: [b]',
            [
                "a.yaml:2:11: scripts.chalc: the level has no script 'chalc'; did you mean 'chalk'?",
                "a.yaml:2:21: scripts.boss: the script 'boss' is not the player's to change",
                "a.yaml:3:11: choices.a: this level has no slots",
                "a.yaml:4:1: winds: level 9.9 chooses no winds",
                "a.yaml:5:1: winds: this key is here twice; first in line 4",
            ],
        ),
        ("", ["a.yaml: the file is empty"]),
    ],
)
def test_a_mistake_in_an_answer_is_told_with_its_place(text: str, said: list[str]):
    assert answer_complaints(text) == said


def test_a_wind_in_an_answer_is_checked_against_the_level():
    assert answer_complaints("level: w\nwinds: [ada ida ~belt/ada]", WIND_LEVEL) == [
        "a.yaml:2:9: winds[0]: there is no clerk 'ida'; did you mean 'ada'?"
    ]
    assert answer_complaints("level: w\nwinds: [ada*2 ~belt/ada#1]", WIND_LEVEL) == []


def test_an_answer_is_written_as_a_person_would():
    answer = Answer(
        "2.2",
        {"chalk": "def chalk(tally):\n    pass", "boss": "def boss():\n    \n    pass\n"},
        {"size": 3, "row": (1, "two", None, True)},
        ("ada bob*2",),
    )
    assert (
        write_answer(answer)
        == """\
level: "2.2"
scripts:
  chalk: |-
    def chalk(tally):
        pass
  boss: |
    def boss():
        \n        pass
choices:
  size: 3
  row: [1, "two", null, true]
winds:
  - "ada bob*2"
"""
    )


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)


GUIDE = """guide:
  - {point: ada, say: Look at her.}
  - {point: script, say: Write., until: writes}
hints: [Look at the board.]
"""


def test_a_guide_points_at_what_is_there_and_waits_for_what_can_be_done():
    text = changed("hints: [Look at the board.]\n", GUIDE)
    assert read(text).guide == (
        Callout("ada", "Look at her.", "next"),
        Callout("script", "Write.", "writes"),
    )
    assert complaints(text.replace("point: ada", "point: aba").replace("until: writes", "until: write")) == [
        "x.yaml:28:13: guide[0].point: there is nothing called 'aba' to point at; did you mean 'ada'?",
        "x.yaml:29:41: guide[1].until: 'write' is none of next, writes, moves, sets, builds, gives, runs, "
        "verdict, scrubs, hint, solved; did you mean 'writes'?",
    ]


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.text(
    " \t\n\r#:|-x\x85\u2028'\"\\", max_size=30
)
CHOICES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)


def _is_text(value: object) -> bool:
    """Whether YAML has a way to write this; control characters do not belong in a text file."""
    if isinstance(value, tuple):
        return all(map(_is_text, value))
    return not isinstance(value, str) or all(letter in "\t\n\r" or letter.isprintable() for letter in value)


@settings(max_examples=250, deadline=None)
@given(
    st.dictionaries(NAMES, TEXTS.filter(_is_text), max_size=3),
    st.dictionaries(NAMES, CHOICES.filter(_is_text), max_size=2),
    st.lists(TEXTS.filter(_is_text), max_size=2),
)
def test_an_answer_written_is_read_back_the_same(scripts: dict, choices: dict, winds: list):
    answer = Answer("2.2", scripts, choices, tuple(winds))
    assert read_answer_text(write_answer(answer), "a.yaml", None) == answer


def test_nothing_heavy_is_imported_before_a_file_is_read():
    heavy = "[name for name in ('pydantic', 'pygame', 'click') if name in sys.modules]"
    code = f"import sys, game.level.reader; print({heavy})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_goals_of_every_kind_are_read():
    text = changed("  value: {tally: 2}\n", "  bag: [1, [2, pear]]\n  peak_at_most: {belt: 3}\n")
    text = text.replace("  bag", "  soon: {after: 1, comes: [2]}\n  bag")
    text = text.replace("  bag", "  within: {tally: [-1, 2]}\n  either: [[], [1, pear]]\n  bag")
    assert read(text).win == (
        Soon(1, (2,)),
        Within((("tally", -1, 2),)),
        Either(((), (1, "pear"))),
        Bag((1, (2, "pear"))),
        PeakAtMost((("belt", 3),)),
        LeftOver(("belt", "tube")),
    )


def test_an_answer_to_a_parsons_level_may_only_move_lines():
    level = read(changed("mode: fix", "mode: parsons"))
    text = 'level: "9.9"\nscripts:\n  chalk: |\n    def chalk(tally, n):\n\n        # mine\n      {}\n'
    assert read_answer_text(text.format("  tally.value += n"), "a.yaml", level)
    with pytest.raises(ProblemsFound) as found:
        read_answer_text(text.format("  tally.value = 2"), "a.yaml", level)
    assert str(found.value) == (
        "a.yaml:3:10: scripts.chalk: line 4 is none of the lines given: 'tally.value = 2'"
    )
