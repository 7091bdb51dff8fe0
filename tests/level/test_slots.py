from __future__ import annotations

import pickle
from itertools import product

import pytest

from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.goals import Log
from game.level.model import Answer, Cat, Level, Option
from game.level.reader import read_answer_text, read_level_text, write_answer
from game.level.slots import in_every_case, with_choices
from game.plugins import load_registry
from game.problems import Place, ProblemsFound
from game.request import Handle
from game.world import build

REGISTRY = load_registry(entry_points=False)

LEVEL = """\
id: "9.9"
title: Knobs
mode: config
story: Turn them.
objective: Turn them.
teaches: [knobs]
channels:
  belt: {kind: queue, maxsize: 2}
  ink: {kind: lock}
  stamp: {kind: lock}
  tube: {kind: pipe, duplex: false}
clerks:
  ada: {script: ada, gets: {belt: belt, first: ink, second: stamp, n: 1, word: {text: tea}, t: tube.r}}
  bob: {script: bob, gets: {belt: belt}}
scripts:
  ada: |-
    def ada(belt, first, second, n, word, t):
        with first:
            with second:
                belt.put(n)
  bob: |-
    def bob(belt):
        deliver(belt.get())
slots:
  kind: {label: kind of belt, sets: belt.kind, options: [queue, simple_queue]}
  room: {label: room, sets: belt.maxsize, options: [0, 2], words: [no end, two]}
  order: {label: ada's keys, sets: [ada.first, ada.second], options: [[stamp, ink], [ink, stamp]]}
  word: {label: her word, sets: ada.word, options: [{text: tea}, true, 1, null]}
cases:
  - {name: five, sets: {ada.n: 5}, win: {log: [5]}}
  - {name: once more, sets: {ada.n: 1}}
win: {log: [1]}
hints: [Turn.]
answers:
  reference: {choices: {room: 0}}
  wrong: [{name: other, choices: {order: [stamp, ink], word: true}, expect: deadlock}]
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


def given(level: Level, clerk: str) -> dict[str, object]:
    return dict(next(one for one in level.clerks if one.name == clerk).gets)


def test_slots_are_read_with_their_options_words_and_start():
    level = read()
    told = [
        (slot.name, slot.label, [option[:2] for option in slot.options], slot.start) for slot in level.slots
    ]
    assert told == [
        ("kind", "kind of belt", [("queue", "queue"), ("simple_queue", "simple_queue")], "queue"),
        ("room", "room", [(0, "no end"), (2, "two")], 2),
        ("order", "ada's keys", [(("stamp", "ink"), "stamp, ink"), (("ink", "stamp"), "ink, stamp")],
         ("ink", "stamp")),
        ("word", "her word", [("tea", "tea"), (True, "yes"), (1, "1"), (None, "nothing")], "tea"),
    ]  # fmt: skip
    assert level.slots[0].place == Place("x.yaml", 25, 3)
    assert pickle.loads(pickle.dumps(level)) == level


def test_choices_make_another_level():
    level = read()
    chosen = with_choices(level, {"order": ("stamp", "ink"), "room": 0, "word": None})
    assert chosen.channels[0].kind == Queue(maxsize=0)
    assert {**given(level, "ada"), **dict(first=Handle("stamp"), second=Handle("ink"), word=None)} == given(
        chosen, "ada"
    )
    assert with_choices(level, {}) is level
    everything_as_it_was = {slot.name: slot.start for slot in level.slots}
    assert with_choices(level, everything_as_it_was) == level


def test_true_is_not_one():
    level = read()
    assert given(with_choices(level, {"word": True}), "ada")["word"] is True
    assert given(with_choices(level, {"word": 1}), "ada")["word"] == 1
    with pytest.raises(ProblemsFound, match="false is none of tea, true, 1, null"):
        with_choices(level, {"word": False})


def test_another_kind_keeps_the_options_it_shares_and_ignores_a_slot_for_one_it_lacks():
    kind = with_choices(read(), {"kind": "simple_queue", "room": 0}).channels[0].kind
    assert isinstance(kind, SimpleQueue)
    assert with_choices(read(), {"kind": "queue", "room": 0}).channels[0].kind == Queue(maxsize=0)


def test_the_system_is_that_of_the_level_set_so():
    system = build(read(), Answer("9.9", choices={"kind": "simple_queue"}))
    assert system.level.channels[0].kind.name == "simple_queue"
    assert system.look(system.start).channels[0][1] == "simple_queue"
    assert system.trace((), "x", "").choices == {"kind": "simple_queue"}
    with pytest.raises(ProblemsFound, match="there is no slot 'rom'; did you mean 'room'"):
        build(read(), Answer("9.9", choices={"rom": 0}))


def test_cases_stand_beside_the_level_as_it_is_written():
    level = read()
    cases = list(in_every_case(level))
    assert [(case.case, given(case, "ada")["n"], case.win) for case in cases] == [
        ("", 1, (Log((1,)),)),
        ("five", 5, (Log((5,)),)),
        ("once more", 1, (Log((1,)),)),
    ]
    five = build(cases[1], Answer("9.9", choices={"room": 0}))
    assert (five.level.case, five.level.channels[0].kind) == ("five", Queue(maxsize=0))
    assert five.trace((), "x", "").case == "five"


def test_an_answer_with_choices_survives_its_file():
    answer = Answer(
        "9.9", choices={"order": ("stamp", "ink"), "room": 0, "word": None, "kind": "simple_queue"}
    )
    assert read_answer_text(write_answer(answer), "a.yaml", read()) == answer


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ("{rom: 0}", ["a.yaml:2:11: choices.rom: there is no slot 'rom'; did you mean 'room'?"]),
        ("{x: 0}", ["a.yaml:2:11: choices.x: there is no slot 'x'; there are kind, room, order, word"]),
        ("{room: 1}", ["a.yaml:2:17: choices.room: 1 is none of 0, 2"]),
        ("{room: true}", ["a.yaml:2:17: choices.room: true is none of 0, 2"]),
        ("{kind: simple_qeue}", [
            "a.yaml:2:17: choices.kind: simple_qeue is none of queue, simple_queue; "
            "did you mean 'simple_queue'?"
        ]),
        ("{order: [ink, ink]}", [
            "a.yaml:2:18: choices.order: [ink, ink] is none of [stamp, ink], [ink, stamp]; "
            "did you mean '[stamp, ink]'?"
        ]),
    ],
)  # fmt: skip
def test_a_choice_that_cannot_be_made_is_told(choices: str, said: list[str]):
    with pytest.raises(ProblemsFound) as found:
        read_answer_text(f'level: "9.9"\nchoices: {choices}', "a.yaml", read())
    assert str(found.value).splitlines() == said


MISTAKES = [
    ("sets: belt.kind", "sets: belt", [
        "x.yaml:25:37: slots.kind.sets: what is set is written as belt.maxsize or ada.n, not as "
        "'belt'",
    ]),
    ("sets: belt.kind", "sets: 3", [
        "x.yaml:25:37: slots.kind.sets: what is set is written as belt.maxsize or ada.n, not as 3",
    ]),
    ("sets: belt.kind", "sets: bel.kind", [
        "x.yaml:25:37: slots.kind.sets: there is no channel or clerk 'bel'; did you mean 'belt'?",
    ]),
    ("sets: belt.maxsize", "sets: belt.maxsise", [
        "x.yaml:26:29: slots.room.sets: the queue belt has no option 'maxsise'; did you mean "
        "'maxsize'?",
    ]),
    ("sets: ada.word", "sets: bob.wurst", [
        "x.yaml:28:33: slots.word.sets: bob gets no 'wurst'; there are belt, in",
    ]),
    ("sets: belt.maxsize, options: [0, 2]", "sets: belt.kind, options: [queue, simple_queue]", [
        "x.yaml:26:29: slots.room.sets: the slot 'kind' sets belt.kind already",
        "x.yaml:35:31: answers.reference.choices.room: 0 is none of queue, simple_queue",
    ]),
    ("ada.second], options", "ada.first], options", [
        "x.yaml:27:48: slots.order.sets[1]: the slot 'order' sets ada.first already",
        "x.yaml:27:60: slots.order.options: the level as it is written has ink, ink there, which "
        "is no option",
    ]),
    ("[queue, simple_queue]}", "[queue, simple_qeue]}", [
        "x.yaml:25:65: slots.kind.options[1]: no such kind 'simple_qeue'; did you mean "
        "'simple_queue'?",
    ]),
    ("[queue, simple_queue]}", "[queue]}", [
        "x.yaml:25:57: slots.kind.options: at least 2 are wanted here",
    ]),
    ("[queue, simple_queue]}", "[queue, pipe]}", [
        "x.yaml:25:65: slots.kind.options[1]: ada gets belt, and set so there is none",
    ]),
    ("options: [0, 2]", "options: [0, -2]", [
        "x.yaml:26:56: slots.room.options[1]: -2 is too small; at least 0",
    ]),
    ("options: [0, 2]", "options: [0, 1]", [
        "x.yaml:26:43: slots.room.options: the level as it is written has 2 there, which is no option",
    ]),
    ("options: [0, 2]", "options: [0, 2, 2]", [
        "x.yaml:26:63: slots.room.words: there are 3 options, and words for 2",
    ]),
    ("true, 1, null]", "true, 1, 1]", [
        "x.yaml:28:75: slots.word.options[3]: 1 is an option already",
    ]),
    ("[no end, two]", "[no end]", [
        "x.yaml:26:60: slots.room.words: there are 2 options, and words for 1",
    ]),
    ("[[stamp, ink],", "[stamp,", [
        "x.yaml:27:71: slots.order.options[0]: a list of 2 is wanted here, one for each thing "
        "that is set",
    ]),
    ("[[stamp, ink],", "[[stamp, inc],", [
        "x.yaml:27:79: slots.order.options[0][1]: there is no channel 'inc'; did you mean 'ink'?",
    ]),
    ("label: room,", "labl: room,", [
        "x.yaml:26:9: slots.room: the key 'label' is missing",
        "x.yaml:26:10: slots.room.labl: there is no key 'labl' here; did you mean 'label'?",
    ]),
    ("mode: config", "mode: wind", [
        "x.yaml:24:1: slots: in mode wind the player sets nothing",
        "x.yaml:29:1: cases: in mode wind there is one wind, and no other case",
        "x.yaml:35:14: answers.reference: in mode wind an answer needs winds: [ada bob ada bob]",
        "x.yaml:36:11: answers.wrong[0]: in mode wind an answer needs winds: [ada bob ada bob]",
    ]),
    ("{room: 0}", "{rom: 0}", [
        "x.yaml:35:25: answers.reference.choices.rom: there is no slot 'rom'; did you mean 'room'?",
    ]),
    ("{room: 0}", "{room: 9}", [
        "x.yaml:35:31: answers.reference.choices.room: 9 is none of 0, 2",
    ]),
    ("{choices: {room: 0}}", "{}", [
        "x.yaml:35:14: answers.reference: this answer changes no script and sets no slot",
    ]),
    ("{ada.n: 5}", "{ada.m: 5}", [
        "x.yaml:30:25: cases[0].sets.'ada.m': ada gets no 'm'; there are belt, first, second, n, "
        "word, t, in",
    ]),
    ("{ada.n: 5}", "{ada.word: 5}", [
        "x.yaml:30:25: cases[0].sets.'ada.word': ada.word is the player's to set, in the slot 'word'",
    ]),
    ("{ada.n: 5}", "{tube.duplex: true}", [
        "x.yaml:30:38: cases[0].sets.'tube.duplex': ada gets tube.r, and set so there is none",
    ]),
    ("{ada.n: 5}", "{}", [
        "x.yaml:30:24: cases[0].sets: there must be something here",
    ]),
    ("log: [5]", "lug: [5]", [
        "x.yaml:30:42: cases[0].win.lug: no such goal 'lug'; did you mean 'log'?",
    ]),
    ("name: once more", "name: five", [
        "x.yaml:31:12: cases[1].name: another case is called 'five'",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES)
def test_a_mistake_in_slots_and_cases_is_told_with_its_place(old: str, new: str, said: list[str]):
    assert complaints(old, new) == said


def test_an_option_names_itself():
    assert read().slots[1].option(2) == Option(2, "two", (("belt", "maxsize", 2),))
    assert read().slots[1].option(1) is None


BOB_OR_NOT = "  staff: {label: who works, sets: bob.in, options: [true, false]}\n"
STAFF = LEVEL.replace("  word: {label", BOB_OR_NOT + "  word: {label").replace(
    "win: {log: [1]}", "cat: {may_nap_on: [bob, ada]}\nwin: {log: [1]}"
)


def test_a_slot_can_leave_a_clerk_at_home():
    level = read(STAFF)
    alone = with_choices(level, {"staff": False})
    assert [clerk.name for clerk in alone.clerks] == ["ada"]
    assert alone.cat.may_nap_on == ("ada",)
    system = build(level, Answer("9.9", choices={"staff": False}))
    assert (system.clerks, len(system.programs)) == (("ada",), 1)
    assert with_choices(level, {"staff": True}) == level


def test_a_case_can_leave_a_clerk_at_home():
    level = read(STAFF.replace("staff: {label: who works, sets: bob.in, options: [true, false]}", "").replace(
        "{name: once more, sets: {ada.n: 1}}", "{name: alone, sets: {bob.in: false}, win: {log: []}}"
    ))  # fmt: skip
    assert [len(one.clerks) for one in in_every_case(level)] == [2, 2, 1]


CAT_OUT = STAFF.replace("{name: once more, sets: {ada.n: 1}}", "{name: the cat is out, sets: {cat.naps: 0}}")


def test_a_case_can_shut_the_cat_out():
    level = read(CAT_OUT)
    assert [one.cat for one in in_every_case(level)] == [level.cat, level.cat, Cat()]


def test_a_clerk_who_is_called_cat_is_no_cat():
    text = (
        CAT_OUT.replace("bob", "cat")
        .replace("cat.naps: 0", "cat.in: false")
        .replace("staff: {label: who works, sets: cat.in, options: [true, false]}", "")
    )
    (*_, derived) = in_every_case(read(text))
    assert (derived.cat.may_nap_on, len(derived.clerks)) == (("ada",), 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("cat.naps: 0", "cat.naps: 9", "a number from 0 to 8 is wanted here, not 9"),
        ("cat.naps: 0", "cat.naps: true", "a number from 0 to 8 is wanted here, not true"),
        ("cat.naps: 0", "cat.purrs: 0", "of the cat there is no 'purrs' to set; there is naps"),
        ("cat: {may_nap_on: [bob, ada]}\n", "", "there is no channel or clerk 'cat'"),
    ],
)
def test_what_cannot_be_set_of_the_cat(old: str, new: str, said: str):
    with pytest.raises(ProblemsFound) as found:
        read(CAT_OUT.replace(old, new))
    assert [problem.message for problem in found.value.problems] == [said]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("options: [true, false]}", "options: [true, 0]}", "true or false is wanted here, not 0"),
        ("win: {log: [1]}", "win: {log: [1], may_fail: [bob]}", "the goals speak of bob, who must be there"),
        ("deliver(belt.get())", "deliver(belt.get())", ""),
        (
            "word: {text: tea}, t: tube.r}",
            'word: {text: tea}, t: "@bob"}',
            "ada gets @bob, who must be there",
        ),
        ("sets: bob.in", "sets: bob.out", "bob gets no 'out'; there are belt, in"),
    ],
)
def test_who_is_needed_cannot_be_left_at_home(old: str, new: str, said: str):
    try:
        read(STAFF.replace(old, new))
        messages = []
    except ProblemsFound as found:
        messages = [problem.message for problem in found.problems if "slots.staff" in problem.path]
    assert messages == ([said] if said else [])


def test_somebody_must_be_there():
    both = "sets: [ada.in, bob.in], options: [[true, true], [false, false]]"
    level = read(STAFF.replace("sets: bob.in, options: [true, false]", both))
    with pytest.raises(ProblemsFound, match="nobody is started"):
        with_choices(level, {"staff": (False, False)})


def test_kind_capacity_count_and_lock_can_all_be_the_player_s():
    slots = """\
slots:
  staff: {label: staff, sets: [bob.in, cleo.in], options: [[true, true], [true, false]], words: [two, one]}
  kind: {label: kind of belt, sets: belt.kind, options: [queue, simple_queue]}
  room: {label: room, sets: belt.maxsize, options: [0, 1]}
  key: {label: a key for the board, sets: tally.lock, options: [true, false]}
"""
    level = read(f"""\
id: x
title: All
mode: config
story: Set.
objective: Set.
teaches: [knobs]
channels: {{belt: {{kind: queue}}, tally: {{kind: value}}}}
clerks:
  ada: {{script: ada, gets: {{belt: belt}}}}
  bob: {{script: bob, gets: {{belt: belt, tally: tally}}}}
  cleo: {{script: bob, gets: {{belt: belt, tally: tally}}}}
scripts:
  ada: "def ada(belt): belt.put(1); belt.put(1)"
  bob: "def bob(belt, tally): tally.value += belt.get()"
win: {{value: {{tally: 2}}}}
hints: [Set.]
{slots}answers:
  reference: {{choices: {{room: 1}}}}
  wrong: [{{name: one, choices: {{staff: [true, false]}}, expect: lost token}}]
""")
    worlds = set()
    for choices in product(*(slot.options for slot in level.slots)):
        chosen = {slot.name: option.choice for slot, option in zip(level.slots, choices, strict=True)}
        system = build(level, Answer("x", choices=chosen))
        worlds.add((len(system.clerks), system.channels[:2]))
    assert len(worlds) == 12  # room is no matter for a simple queue
