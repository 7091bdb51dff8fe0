from __future__ import annotations

from pathlib import Path

import pytest

from game.authoring.lint import lint
from game.places import shipped
from game.plugins import load_registry

REGISTRY = load_registry(entry_points=False)

LEVEL = """\
id: two
title: Two Parcels
mode: fix
story: Two parcels.
objective: Deliver both parcels.
teaches: [counting]
channels: {belt: {kind: queue}}
clerks:
  ada: {script: ada, gets: {belt: belt}}
  bob: {script: bob, gets: {belt: belt}}
scripts:
  ada: {editable: false, text: "def ada(belt): belt.put(1); belt.put(2)"}
  bob: |-
    def bob(belt):
        deliver(belt.get())
win: {log: [1, 2]}
stars: {two: {statements: 3}, three: {statements: 2, ticks: 6}}
real: {runs: 3, timeout: 5}
hints: [Count.]
answers:
  reference:
    scripts:
      bob: |-
        def bob(belt):
            for turn in range(2):
                deliver(belt.get())
  wrong:
    - name: waits-for-a-third
      expect: orphan wait
      scripts:
        bob: |-
          def bob(belt):
              for turn in range(3):
                  deliver(belt.get())
    - name: looks-once
      expect: exception
      scripts: {bob: "def bob(belt): deliver(belt.get_nowait())"}
"""

PARSONS = """\
id: p
title: Parsons
mode: parsons
story: Sort it.
objective: Sort it.
teaches: [order]
clerks: {ada: {script: ada}}
scripts:
  ada: |-
    def ada():
        deliver(x)
        x = 1
win: {log: [1]}
hints: [Sort it.]
answers:
  reference:
    scripts:
      ada: |-
        def ada():
            # a comment is no line
            x = 1

            deliver(x)
  wrong:
    - name: twice
      expect: duplicated token
      scripts:
        ada: |-
          def ada():
              x = 1
              deliver(x)
              deliver(x)
"""


def told(folder: Path, files: dict[str, str], **how: bool) -> list[str]:
    """What lint says about a folder with these files, with the folder's name taken off."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    problems = lint([folder], REGISTRY, **how)
    return [str(problem).replace(f"{folder}/", "").replace(str(folder), "FOLDER") for problem in problems]


def changed(old: str, new: str, text: str = LEVEL) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the level"
    return text.replace(old, new)


def test_a_folder_is_read_to_its_depths_in_the_order_of_places(tmp_path: Path):
    files = {
        "a/b/12-two.yml": "",
        "a/11-one.yaml": "id: [}",
        "a/b/good.yaml": LEVEL,
        ".git/x.yaml": "no",
        "a/notes.txt": "no",
        "a/.hidden.yaml": "no",
    }
    assert told(tmp_path, files) == [
        "a/11-one.yaml:1:6: not YAML: did not find expected node content",
        "a/b/12-two.yml: the file is empty",
    ]


def test_a_folder_without_levels_and_a_path_without_a_file_are_told(tmp_path: Path):
    assert told(tmp_path, {}) == ["FOLDER: there is no level file in this folder"]
    nowhere = lint([Path("nowhere.yaml")], REGISTRY)
    assert [str(one) for one in nowhere] == ["nowhere.yaml: there is no such file"]


def test_a_pack_lists_every_level_beside_it_and_nothing_else(tmp_path: Path):
    pack = "title: Mine\nchapters:\n  - {title: One, levels: [11-good.yaml]}\n"
    assert told(tmp_path, {"pack.yaml": pack, "11-good.yaml": LEVEL}) == []
    assert told(tmp_path, {"12-more.yaml": LEVEL.replace("id: two", "id: three")}) == [
        "pack.yaml: chapters: 12-more.yaml lies here and stands in no chapter"
    ]
    assert told(tmp_path, {"pack.yaml": pack.replace("11-good", "11-god")}) == [
        "pack.yaml:3:27: chapters[0].levels[0]: there is no such file beside pack.yaml; "
        "did you mean '11-good.yaml'?"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "{belt: {kind: queue}}",
            "{belt: {kind: queue}, spare: {kind: lock}}",
            "7:33: channels.spare: no clerk is given this channel",
        ),
        (
            "win: {",
            '  idle: "def idle(): pass"\nwin: {',
            "16:3: scripts.idle: no clerk runs this script",
        ),
        (
            "            for turn in range(2):\n                deliver(belt.get())\n",
            "            deliver(belt.got())\n",
            "25:21: answers.reference.scripts.bob: belt is a multiprocessing.Queue; it has no 'got'; "
            "did you mean 'get'?",
        ),
        (
            "            for turn in range(2):\n                deliver(belt.get())\n",
            "            deliver(belt.get())\n",
            "21:3: answers.reference: the reference changes nothing",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_without_running_anything_is_told(tmp_path: Path, old: str, new: str, said: str):
    assert told(tmp_path, {"l.yaml": changed(old, new)}) == [f"l.yaml:{said}"]


def test_a_starter_that_does_not_compile_is_told_once_and_in_its_place(tmp_path: Path):
    text = changed(
        "    def bob(belt):\n        deliver(belt.get())\nwin", "    def bob(belt)\n        deliver(1)\nwin"
    )
    assert told(tmp_path, {"l.yaml": text}) == [
        "l.yaml:14:18: scripts.bob: Python cannot read this: expected ':'"
    ]


def test_an_answer_to_a_parsons_level_moves_lines_and_writes_none(tmp_path: Path):
    assert told(tmp_path, {"p.yaml": PARSONS}) == [
        "p.yaml:32:11: answers.wrong[0].scripts.ada: the player is not given the line 'deliver(x)'"
    ]


def test_a_level_that_keeps_its_promises_is_praised_with_silence(tmp_path: Path):
    assert told(tmp_path, {"l.yaml": LEVEL}, deep=True, real=False) == []


PROMISES = [
    (
        "            for turn in range(2):\n                deliver(belt.get())\n",
        "            item = belt.get()\n            deliver(item)\n",
        ["21:3: answers.reference: the reference fails: never delivered: 2 (wind: ada*2 ~belt/ada*2 bob*2)"],
    ),
    (
        "        deliver(belt.get())\nwin",
        "        deliver(belt.get())\n        deliver(belt.get())\nwin",
        ["11:1: scripts: the starter holds already: there is nothing to do"],
    ),
    (
        "three: {statements: 2, ticks: 6}",
        "three: {statements: 1, ticks: 5}",
        [
            "17:51: stars.three.statements: the reference takes 2 statements, more than 1",
            "17:61: stars.three.ticks: the reference takes 6 ticks, more than 5",
        ],
    ),
    (
        "expect: exception",
        "expect: deadlock",
        [
            "36:15: answers.wrong[1].expect: it fails with 'exception' instead: "
            "bob stops in line 1 with Empty (wind: bob)"
        ],
    ),
    (
        "def bob(belt): deliver(belt.get_nowait())",
        "def bob(belt): deliver(belt.get()); deliver(belt.get())",
        ["35:13: answers.wrong[1].name: looks-once holds in every wind, and should fail"],
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), PROMISES)
def test_a_broken_promise_is_told_where_it_was_made(tmp_path: Path, old: str, new: str, said: list[str]):
    lines = told(tmp_path, {"l.yaml": changed(old, new)}, deep=True, real=False)
    assert lines == [f"l.yaml:{one}" for one in said]


def test_what_the_limits_do_not_let_the_checker_see_is_not_taken_for_proved(tmp_path: Path):
    chalk = (shipped("levels") / "post_office" / "22-mind-the-chalk.yaml").read_text(encoding="utf-8")
    text = chalk.replace("limits: {states: 100000, seconds: 10}", "limits: {states: 1}")
    said = told(tmp_path, {"l.yaml": text}, deep=True, real=False)
    assert any("answers.reference: the reference is not proved" in line for line in said), said


def test_promises_are_also_kept_on_real_processes(tmp_path: Path):
    assert told(tmp_path, {"l.yaml": LEVEL}, deep=True) == []


def test_an_exception_that_is_part_of_the_story_fails_no_reference_on_real_processes(tmp_path: Path):
    storming = LEVEL.replace("win: {log: [1, 2]}", "win: {log: [1, 2], may_fail: [bob]}").replace(
        "                deliver(belt.get())\n  wrong",
        "                deliver(belt.get())\n            raise RuntimeError('enough')\n  wrong",
    )
    storming = storming.replace(", three: {statements: 2, ticks: 6}", ", three: {statements: 3}")
    storming = storming.replace("looks-once\n      expect: exception", "looks-once\n      expect: lost token")
    assert told(tmp_path, {"l.yaml": storming}, deep=True) == []


KNOBS = """\
id: k
title: Knobs
mode: config
story: Turn them.
objective: Turn them.
teaches: [knobs]
channels:
  board: {kind: value}
clerks:
  ada: {script: ada, gets: {board: board, n: 0}}
slots:
  n: {label: n, sets: ada.n, options: [0, 2]}
scripts:
  ada: |-
    def ada(board, n):
        board.value += n
cases:
  - {name: from ten on, sets: {board.initial: 10}, win: {value: {board: 12}}}
win: {value: {board: 2}}
hints: [Turn.]
real: {runs: 1, timeout: 5}
answers:
  reference: {choices: {n: 2}}
  wrong: [{name: nothing, choices: {n: 0}, expect: wrong result}]
"""


def test_every_option_of_a_slot_must_compile(tmp_path: Path):
    text = changed(
        "scripts:", "  kind: {label: kind, sets: board.kind, options: [value, lock]}\nscripts:", KNOBS
    )
    assert told(tmp_path, {"a.yaml": text}) == [
        "a.yaml:13:58: slots.kind.options[1]: set so, the level does not compile: scripts.ada: "
        "board is a multiprocessing.Lock; it has no 'value'; it has acquire, release"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{board: 12}", "{board: 12}", []),
        ("{board: 12}", "{board: 13}", [
            "a.yaml:23:3: answers.reference: the reference fails, in the case 'from ten on': "
            "board reads 12, not 13 (wind: ada*2)"
        ]),
        ("{choices: {n: 2}}", "{choices: {n: 0}}", [
            "a.yaml:23:3: answers.reference: the reference changes nothing"
        ]),
        ("win: {value: {board: 2}}", "win: {value: {board: 0}}", [
            "a.yaml:23:3: answers.reference: the reference fails: board reads 2, not 0 (wind: ada*2)"
        ]),
    ],
)  # fmt: skip
def test_a_level_with_slots_and_cases_is_proved(tmp_path: Path, old: str, new: str, said: list[str]):
    assert told(tmp_path, {"a.yaml": changed(old, new, KNOBS)}, deep=True, real=False) == said


def test_a_starter_that_holds_in_mode_config_is_told_at_its_slots(tmp_path: Path):
    text = changed("gets: {board: board, n: 0}", "gets: {board: board, n: 2}", KNOBS)
    text = changed("{choices: {n: 2}}", "{scripts: {ada: 'def ada(board, n): board.value += 2'}}", text)
    text = changed("  ada: |-\n    def", "  ada:\n   editable: true\n   text: |-\n    def", text)
    assert told(tmp_path, {"a.yaml": text}, deep=True, real=False) == [
        "a.yaml:11:1: slots: the starter holds already: there is nothing to do"
    ]
