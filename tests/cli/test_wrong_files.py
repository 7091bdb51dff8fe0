# ruff: noqa: E501 (tables are easier to read with one case in a line)
"""Wrong files of every sort before every command: a line with the place and the way out, and never a traceback."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from game.catalogues import catalogue
from game.cli.main import main
from game.language import Said, translate
from game.level.model import Answer
from game.level.reader import read_level_text
from game.plugins import load_registry
from game.problems import ProblemsFound
from game.world import build

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
  boss: {script: boss, gets: {bob: "@bob", t: tube.a, b: belt}}
scripts:
  chalk: |-
    def chalk(tally, n):
        tally.value += n
  boss:
    editable: false
    text: |-
      def boss(bob, t, b):
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

QUEUE, PIPE = "{kind: queue, maxsize: 3}", "{kind: pipe, duplex: true}"
KINDS = (
    "array, barrier, bounded_semaphore, condition, event, joinable_queue, lock, pipe, queue, rlock, semaphore, "
    "shared_memory, simple_queue, value"
)

WHOLE = {
    # (what is in the file, one of the problems)
    "nothing": ("", ": the file is empty"),
    "only-remarks": ("\n\n# nothing yet\n", ": the file is empty"),
    "only-dashes": ("---\n", ": the file is empty"),
    "null": ("null\n", ":1:1: keys and values are wanted here, not nothing"),
    "list": ("- a\n- b\n", ":1:1: keys and values are wanted here, not a list"),
    "word": ("hello\n", ":1:1: keys and values are wanted here, not 'hello'"),
    "number": ("42", ":1:1: keys and values are wanted here, not 42"),
    "two-documents": (LEVEL + "---\na: 1\n", ":39:1: a second document begins here; one file holds one"),
    "zeros": (b"\0\1\2", ":1:1: character U+0000 does not belong in a text file"),
    "picture": (b"\x89PNG\r\n\x1a\n", ":1:1: byte 0x89 is not UTF-8; save the file as UTF-8"),
    "utf-16": (LEVEL.encode("utf-16"), ":1:1: byte 0xff is not UTF-8; save the file as UTF-8"),
    "latin-1": (LEVEL.replace("Two Strokes", "Zwei Töne").encode("latin-1"), ":2:14: byte 0xf6 is not UTF-8; save the file as UTF-8"),
    "huge": (LEVEL + "#" * 300_000, ": the file is larger than 256 KiB"),
    "deep": ("a: " + "[" * 5000 + "]" * 5000, ":1:35: nested deeper than 32"),
    "many": ("a: [" + "1," * 30_000 + "]", ":1:39999: more than 20,000 values"),
    "circle": ("a: &x [*x]\n", ":1:4: a[0]: an alias stands inside what it repeats"),
    "laughs": ("a: &a [1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\n"
               "d: &d [*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d]\n",
               ":1:16: e[5][1][2][3][4]: aliases blow this up to more than 20,000 values"),
    "alias": ("a: *nope\n", ":1:4: not YAML: found undefined alias; text that begins with * needs quotes"),
    "at": ("a: @b\n", ":1:4: not YAML: text that begins with @ needs quotes"),
    "backtick": ("a: `b`\n", ":1:4: not YAML: text that begins with ` needs quotes"),
    "twice": (LEVEL + "title: again\n", ":39:1: title: this key is here twice; first in line 2"),
}  # fmt: skip

CHANGED = [
    # (what stands in the level, what stands there instead, one of the problems)
    ("  tally: {", "\ttally: {", "8:1: not YAML: a tab; indent with spaces"),
    ("title: Two Strokes", "title: Two: Strokes", "2:11: not YAML: mapping values are not allowed in this context; text with a colon in it needs quotes"),
    ('id: "9.9"\n', "", "1:1: the key 'id' is missing"),
    ('"9.9"', "9.9", '1:5: id: text is wanted here, not 9.9; put it in quotes: "9.9"'),
    ('"9.9"', '"a b"', "1:5: id: 'a b' is no id; write letters, digits, dots and -, like \"2.2\""),
    ("title: Two Strokes\n", "", "1:1: the key 'title' is missing"),
    ("Two Strokes", "[a]", "2:8: title: text is wanted here, not a list"),
    ("Two Strokes", "''", "2:8: title: there must be some text here"),
    ("title:", "titel:", "2:1: titel: there is no key 'titel' here; did you mean 'title'?"),
    ("mode: fix", "mode: fx", "3:7: mode: 'fx' is none of code, fix, config, parsons, wind, build; did you mean 'fix'?"),
    ("mode: fix", "mode: config", "3:7: mode: in mode config the player sets slots, and there are none"),
    ("mode: fix", "mode: build", "3:7: mode: in mode build the player adds parts: say which, under build"),
    ("kind: queue", "kind: queu", "9:16: channels.belt.kind: no such kind 'queu'; did you mean 'queue'?"),
    ("kind: queue", "kind: zzzzz", f"9:16: channels.belt.kind: no such kind 'zzzzz'; there are {KINDS}"),
    (QUEUE, "queue", "9:9: channels.belt: a channel is written as {kind: queue}, not as 'queue'"),
    (QUEUE, "{maxsize: 3}", "9:9: channels.belt: the key 'kind' is missing"),
    (QUEUE, "{kind: queue, maxsiz: 3}", "9:23: channels.belt.maxsiz: there is no key 'maxsiz' here; did you mean 'maxsize'?"),
    (QUEUE, "{kind: queue, capacity: 3}", "9:23: channels.belt.capacity: there is no key 'capacity' here; there are kind, maxsize, wire"),
    ("maxsize: 3", "maxsize: -1", "9:32: channels.belt.maxsize: -1 is too small; at least 0"),
    ("maxsize: 3", "maxsize: 1000000000", "9:32: channels.belt.maxsize: 1000000000 is too large; at most 1000"),
    ("maxsize: 3", "maxsize: 99999999999999999999", "9:32: channels.belt.maxsize: this number does not fit in 64 bits"),
    ("maxsize: 3", "maxsize: true", "9:32: channels.belt.maxsize: a whole number is wanted here, not true"),
    (PIPE, "{kind: pipe, capacity: 0}", "10:32: channels.tube.capacity: 0 is too small; at least 1"),
    (PIPE, "{kind: pipe, capacity: -1}", "10:32: channels.tube.capacity: -1 is too small; at least 1"),
    (PIPE, "{kind: pipe, capacity: 1000000000}", "10:32: channels.tube.capacity: 1000000000 is too large; at most 64"),
    (PIPE, "{kind: pipe, capacity: .nan}", "10:32: channels.tube.capacity: a whole number is wanted here, not nan"),
    (QUEUE, "{kind: barrier, parties: 0}", "9:34: channels.belt.parties: 0 is too small; at least 1"),
    (QUEUE, "{kind: semaphore, value: -1}", "9:34: channels.belt.value: -1 is too small; at least 0"),
    (QUEUE, "{kind: array, initial: []}", "9:9: channels.belt: an array has 1 to 1000 numbers, not 0"),
    (QUEUE, "{kind: array, initial: [a]}", "9:33: channels.belt.initial[0]: a whole number is wanted here, not 'a'"),
    (QUEUE, "{kind: shared_memory, initial: [300]}", "9:41: channels.belt.initial[0]: 300 is too large; at most 255"),
    ("initial: 0", "initial: 9223372036854775808", "8:33: channels.tally.initial: this number does not fit in 64 bits"),
    ("  belt: {", "  while: {", "9:3: channels.while: 'while' means something in Python; take another name"),
    ("  belt: {", "  Belt: {", "9:3: channels.Belt: 'Belt' is no name; write small letters, digits and _, a letter first"),
    ("  belt: {", "  desk: {", "9:3: channels.desk: 'desk' is the public counter's; take another name"),
    ("  belt: {", '  "": {', "9:3: channels.'': '' is no name; write small letters, digits and _, a letter first"),
    ("  belt: {", f"  {'b' * 31}: {{", f"9:3: channels.{'b' * 31}: this is longer than 30 characters"),
    ("  ada: {", "  for: {", "12:3: clerks.for: 'for' means something in Python; take another name"),
    ("  ada: {", "  tally: {", "12:3: clerks.tally: a channel is called 'tally' already; winds need different names"),
    ("  ada: {", "  1: {", "12:3: clerks.1: '1' is no name; write small letters, digits and _, a letter first"),
    ("  boss: {", "  ada: {", "14:3: clerks.ada: this key is here twice; first in line 12"),
    ("n: 1}}", "class: 1}}", "12:45: clerks.ada.gets.class: 'class' means something in Python; take another name"),
    ("b: belt", "b: blet", "14:58: clerks.boss.gets.b: there is no channel 'blet'; did you mean 'belt'?"),
    ("b: belt", "b: zzzzzz", "14:58: clerks.boss.gets.b: there is no channel 'zzzzzz'; a text is written {text: zzzzzz}"),
    ("b: belt", "b: belt.a", "14:58: clerks.boss.gets.b: the queue belt has no end 'a'; write just belt"),
    ("tube.a", "tube.q", "14:47: clerks.boss.gets.t: the pipe tube has no end 'q'; there is tube.a or tube.b"),
    ("tube.a", "tube", "14:47: clerks.boss.gets.t: tube is a pipe: say which end, tube.a or tube.b"),
    ('"@bob"', '"@boss"', '13:61: clerks.bob.started: nobody can start bob: give somebody "@bob"'),
    ("gets: {tally: tally, n: 1}}", "gets: [tally]}", "12:30: clerks.ada.gets: keys and values are wanted here, not a list"),
    ("script: chalk", "script: chlk", "12:17: clerks.ada.script: there is no script 'chlk'; did you mean 'chalk'?"),
    ("script: chalk, ", "", "12:8: clerks.ada: the key 'script' is missing"),
    ("started: false", "started: maybe", "13:61: clerks.bob.started: true or false is wanted here, not 'maybe'"),
    ("tally.value += n\n  boss", "import os\n  boss", "18:9: scripts.chalk: nothing can be imported here: everything a clerk may use is handed to it as a parameter"),
    ("tally.value += n\n  boss", "tally.set(n)\n  boss", "18:9: scripts.chalk: tally is a multiprocessing.Value; it has no 'set'; did you mean 'value'?"),
    ("def chalk(tally, n):\n        t", "def chlk(tally, n):\n        t", "17:5: scripts.chalk: this script needs a def chalk(tally, n): there the clerk begins; did you mean 'chlk'?"),
    ("def chalk(tally, n):\n        t", "def chalk(tally):\n        t", "17:5: scripts.chalk: write def chalk(tally, n): it is handed 'n' too"),
    ("bob.start()", "bob.name", "23:11: scripts.boss: bob is a multiprocessing.Process, but its 'name' is not used here; a process is called here what its parameter is called"),
    ("value: {tally: 2}", "valu: {tally: 2}", "25:3: win.valu: no such goal 'valu'; did you mean 'value'?"),
    ("value: {tally: 2}", "value: {taly: 2}", "25:11: win.value.taly: there is no channel 'taly'; did you mean 'tally'?"),
    ("value: {tally: 2}", "value: {belt: 2}", "25:11: win.value.belt: belt is a queue, which shows no number"),
    ("hints: [Look at the board.]", "hints: []", "27:8: hints: there must be something here"),
    ("reference:\n    scripts:\n      chalk", "reference:\n    scripts:\n      chlk", "31:7: answers.reference.scripts.chlk: the level has no script 'chlk'; did you mean 'chalk'?"),
    ("expect: lost update", "expect: lost updat", "37:15: answers.wrong[0].expect: no such failure 'lost updat'; did you mean 'lost update'?"),
    ("hints:", "limits: {states: 0}\nhints:", "27:18: limits.states: 0 is too small; at least 1"),
    ("hints:", "real: {runs: 100000000}\nhints:", "27:14: real.runs: 100000000 is too large; at most 1000"),
    ("hints:", "stars: {two: {statments: 3}}\nhints:", "27:15: stars.two.statments: there is no key 'statments' here; did you mean 'statements'?"),
    ("hints:", "cases: [{name: a, set: {z: 1}}]\nhints:", "27:9: cases[0]: the key 'sets' is missing"),
    ("hints:", "guide: 7\nhints:", "27:8: guide: a list is wanted here, not 7"),
]  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_no_level_is_told_so(draughty, name: str):
    content, problem = WHOLE[name]
    Path("own.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
    refused_everywhere(draughty, f"own.yaml{problem}")


@pytest.mark.parametrize(("old", "new", "problem"), CHANGED, ids=[new or old for old, new, _ in CHANGED])
def test_a_level_with_something_wrong_is_told_where_and_what_else_to_write(
    draughty, old: str, new: str, problem: str
):
    assert old in LEVEL
    Path("own.yaml").write_text(LEVEL.replace(old, new, 1))
    refused_everywhere(draughty, f"own.yaml:{problem}")


def told_about(content: str | bytes) -> list[str]:
    try:
        level = read_level_text(content, "own.yaml", load_registry(entry_points=False))
        build(level, Answer(level.id))
    except ProblemsFound as found:
        return [problem.message for problem in found.problems]
    return []


def test_every_problem_of_a_file_is_said_in_german_too():
    german = catalogue("de")
    contents = [content for content, _ in WHOLE.values()]
    contents += [LEVEL.replace(old, new, 1) for old, new, _ in CHANGED]
    for message in (one for content in contents for one in told_about(content)):
        assert isinstance(message, Said), message
        assert translate(message, german) != message, message


def refused_everywhere(draughty, problem: str) -> None:
    """By commands that read a level and those that look for problems, in the same words."""
    for line in ("check own.yaml", "run own.yaml --seed 1", "export python own.yaml"):
        said = draughty(line)
        assert (said.code, said.out) == (2, "") and problem in said.err.splitlines(), line
    said = draughty("lint own.yaml")
    assert said.code == 1 and problem in said.out.splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "check own.yaml", "run own.yaml", "lint own.yaml", "play own.yaml", "shot workshop own.yaml",
        "export python own.yaml", "export html own.yaml", "export promela own.yaml", "replay own.yaml",
        "check 2.2 own.yaml", "run 2.2 own.yaml", "shot workshop 2.2 --answer own.yaml", "export pytest 2.2 own.yaml",
        "export html 2.2 --trace own.yaml", "replay own.yaml --level own.yaml", "progress import own.yaml",
        "progress reset own.yaml --yes", "grade . --challenge own.yaml", "grade . --challenge c.yaml --roster own.yaml",
        "--plugin own.yaml check 2.2", "plugins --zzz", "doctor zzz", "bench zzz", "schema zzz", "new own.yaml",
    ],
)  # fmt: skip
@pytest.mark.parametrize("what", ["empty", "zeros", "folder", "loop", "dangling", "missing", "half a letter"])
def test_nothing_of_the_sort_makes_a_traceback(draughty, line: str, what: str):
    own = Path("own.yaml")
    Path("c.yaml").write_text('title: t\nlevels: ["2.2"]\n')
    match what:
        case "empty":
            own.write_text("")
        case "zeros":
            own.write_bytes(b"\0" * 100)
        case "half a letter":
            own.write_bytes(b"id: \xc3")
        case "folder":
            own.mkdir()
        case "loop":
            own.symlink_to("own.yaml")
        case "dangling":
            own.symlink_to("nowhere.yaml")
    if what == "missing" and line == "new own.yaml":
        return  # that is what it is for
    said = draughty(line)
    assert said.code in ((1, 2, 69) if line.startswith("play") else (1, 2)) and (said.err or said.out)
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_line_ending_and_a_byte_order_mark_are_read(draughty, ends: str, mark: str):
    Path("own.yaml").write_bytes((mark + LEVEL.replace("\n", ends)).encode())
    assert (draughty("check own.yaml").code, draughty("check own.yaml reference").code) == (1, 0)


def test_a_link_that_leads_nowhere_is_not_proposed_itself(draughty):
    Path("own.yaml").symlink_to("nowhere.yaml")
    assert draughty("check own.yaml").err == "own.yaml: this link leads nowhere\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told_so(draughty):
    Path("own.yaml").write_text(LEVEL)
    Path("own.yaml").chmod(0)
    assert draughty("check own.yaml").err == "own.yaml: cannot be read: Permission denied\n"


TRACES = [
    ("", "own.jsonl:1: the file is empty; a trace begins with a header line"),
    ("hello", "own.jsonl:1:1: this is not JSON; `draughty run LEVEL --trace FILE` writes a trace"),
    ("{}", "own.jsonl:1: this is no trace; its header says format None, not 'draughty-trace'"),
    (
        '{"format": "draughty-trace", "version": 99}',
        "own.jsonl:1: trace version 99; this game reads version 1",
    ),
    ("[]", "own.jsonl:1: expected an object, found list"),
]


@pytest.mark.parametrize(("text", "problem"), TRACES)
def test_what_is_no_trace_is_told_where(draughty, text: str, problem: str):
    Path("own.jsonl").write_text(text)
    said = draughty("replay own.jsonl")
    assert (said.code, said.err) == (2, problem + "\n")


PROGRESS = [
    ("", "it is not JSON: look at line 1, column 1"),
    ('{"format":\n"draughty-progress",,}', "it is not JSON: look at line 2, column 21"),
    ("[" * 100_000, "it is nested too deep"),
    ("[]", "it is not a file of this game"),
    (
        '{"format": "draughty-progress", "version": 99, "levels": {}}',
        "it was written by a newer game (version 99; this one knows 2)",
    ),
    ('{"format": "draughty-progress", "version": 2, "levels": {"a": {"stars": 9}}}', "a: 9 stars"),
    ('{"format": "draughty-progress", "version": 2, "levels": {"a": 3}}', "a: it is not an object"),
    (
        '{"format": "draughty-bundle", "version": 1, "progress": 3, "tries": {}}',
        "it is not a file of this game",
    ),
]


@pytest.mark.parametrize(("text", "reason"), PROGRESS, ids=[text[:60] for text, _ in PROGRESS])
def test_what_is_no_progress_is_told_why(draughty, text: str, reason: str):
    Path("own.json").write_text(text)
    said = draughty("progress import own.json")
    assert (said.code, said.err) == (2, f"own.json: this is no progress of the game: {reason}\n")


def test_a_terminal_that_knows_few_letters_still_shows_every_line(draughty, monkeypatch):
    Path("own.yaml").write_text(LEVEL.replace("Two Strokes", "Zwei Töne 🐈"), encoding="utf-8")
    page = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", page)
    assert main(["check", "own.yaml"]) == 1
    page.flush()
    assert b"Zwei T\\xf6ne \\U0001f408" in page.buffer.getvalue()
