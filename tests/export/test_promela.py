"""The model for SPIN says all that the office is; tests/oracle/ has SPIN judge whether it says it rightly."""

from __future__ import annotations

import pytest
from builders import a_level, a_system
from offices import a_gong, a_race
from oracle.spin import Counts, NoCount, installed, ours, spins

from game.channels.condition import Condition
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.rlock import RLock
from game.channels.shared_memory import SharedMemory
from game.channels.value import SharedValue
from game.export.promela import NO_FAULT, RULES, CannotExport, export_promela, promela_of
from game.goals import Bag, Either, Goal, Reads, Soon, Within
from game.plugins import load_registry
from game.problems import ProblemsFound

REGISTRY = load_registry(entry_points=False)

needs_spin = pytest.mark.skipif(not installed(), reason="spin and gcc are not installed")


def test_every_kind_and_every_goal_of_the_game_has_its_promela():
    assert set(REGISTRY.kinds) <= set(RULES)
    assert set(REGISTRY.goals.values()) <= set(NO_FAULT)


def test_every_clerk_and_every_porter_is_a_process():
    system = a_system(
        {"ada": "def ada(q):\n    q.put(1)\n", "bob": "def bob(q):\n    q.get()\n"},
        {"q": Queue()},
        {"ada": {"q": "q"}, "bob": {"q": "q"}},
    )
    text = promela_of(system)
    names = [line.split()[2].partition("(")[0] for line in text.splitlines() if line.startswith("active")]
    assert names == ["clerk_ada", "clerk_bob", "porter_c_q_1", "porter_c_q_2"]


def test_an_answer_that_can_go_wrong_leaves_nothing_to_the_reader():
    text = promela_of(a_race())
    assert "pan -c0 -E" in text
    assert "line 2: tally.write(42)" in text


def test_a_kind_from_elsewhere_is_refused_by_name():
    with pytest.raises(CannotExport, match="gong: there is no Promela for the kind 'gong'"):
        promela_of(a_gong())
    system = a_gong()
    with pytest.raises(ProblemsFound, match="gong: there is no Promela for the kind 'gong'"):
        export_promela(system.level, system.answer)


def test_a_goal_from_elsewhere_is_refused_by_name():
    class Pretty(Goal):
        name = "pretty"

    with pytest.raises(CannotExport, match="no Promela for the goal 'pretty'"):
        promela_of(a_system({"ada": "def ada():\n    pass\n"}, win=[Pretty()]))


def test_the_export_of_an_answer_is_that_of_its_office():
    level = a_level({"ada": "def ada(v):\n    v.value += 1\n"}, {"v": SharedValue()}, {"ada": {"v": "v"}})
    assert "v.write(1)" in export_promela(level, level.starter)


@needs_spin
def test_what_can_be_counted_by_hand_is_counted_so():
    one = {"ada": "def ada(v):\n    v.value += 1\n"}
    system = a_system(one, {"v": SharedValue()}, {"ada": {"v": "v"}}, win=[Reads((("v", 1),))])
    assert spins(promela_of(system)) == ours(system) == Counts(3, 2, 1, 0)


@needs_spin
@pytest.mark.parametrize(
    "system",
    [
        pytest.param(
            a_system(
                {"ada": "def ada(w, e):\n    w.buf[0] = e\n    w.unlink()\n"},
                {"w": SharedMemory((0,))},
                {"ada": {"w": "w", "e": 300}},
            ),
            id="a byte that does not fit",
        ),
        *(
            pytest.param(
                a_system(
                    {
                        "ada": "def ada():\n    deliver('posted')\n    deliver('x')\n",
                        "bob": "def bob():\n    deliver(1)\n    deliver('express')\n",
                    },
                    {},
                    win=[Bag(("posted", "x", 1, "express")), Soon(after, comes, behind)],
                ),
                id=f"soon {comes} after {after}, behind {behind}",
            )
            for after, comes, behind in [
                ("posted", "express", 0),
                ("posted", "express", 1),
                ("posted", "express", 2),
                ("express", "posted", 0),
                ("posted", "never", 3),
                ("never", "posted", 0),
            ]
        ),
        *(
            pytest.param(
                a_system(
                    {
                        "ada": "def ada(v):\n    v.value += 1\n    deliver('tea')\n",
                        "bob": "def bob(v):\n    v.value += 2\n    deliver(v.value)\n",
                    },
                    {"v": SharedValue()},
                    {"ada": {"v": "v"}, "bob": {"v": "v"}},
                    win=[goal],
                ),
                id=goal.name,
            )
            for goal in (Either((("tea", 3), (2, "tea"))), Within((("v", 0, 2),)))
        ),
        pytest.param(
            a_system(
                {"ada": "def ada(x):\n    deliver(x)\n    deliver(1)\n"},
                {},
                {"ada": {"x": True}},
                win=[Bag((1, 1))],
            ),
            id="True, which equals 1",
        ),
        pytest.param(
            a_system(
                {"anna-lena": "def a(x):\n    deliver(x)\n", "a": "def a(x):\n    deliver(x)\n"},
                {},
                {"anna-lena": {"script": "a", "x": "*/ \\ \u00e9 /*"}, "a": {"x": "\n"}},
            ),
            id="names and texts that Promela cannot read",
        ),
        pytest.param(
            a_system(
                {
                    name: f"def {name}(c):\n    with c:\n        with c:\n            c.wait(1)\n"
                    for name in "ab"
                },
                {"c": Condition()},
                {name: {"c": "c"} for name in "ab"},
            ),
            id="sleeping with a key that was taken twice",
        ),
        pytest.param(
            a_system(
                {
                    "a": "def a(v):\n    with v:\n        v.value += 1\n",
                    "b": "def b(v):\n    if v.acquire(False):\n        v.value += 1\n        v.release()\n",
                },
                {"v": SharedValue()},
                {name: {"v": "v"} for name in "ab"},
                win=[Reads((("v", 2),))],
            ),
            id="a board taken by itself",
        ),
        pytest.param(
            a_system(
                {
                    "a": "def a(e):\n    deliver(e.closed)\n    e.close()\n    deliver(e.closed)\n",
                    "b": "def b(e):\n    while not e.closed:\n        e.close()\n",
                },
                {"t": Pipe(duplex=False)},
                {"a": {"e": "t.w"}, "b": {"e": "t.r"}},
            ),
            id="who asks whether an end is closed",
        ),
        pytest.param(
            a_system(
                {
                    "a": "def a(q):\n    q.put(1)\n    q.put(2)\n",
                    "b": "def b(q, a):\n    q.put(3)\n    a.join()\n    deliver(q.get())\n    q.get()\n",
                },
                {"q": Queue(wire=1)},
                {"a": {"q": "q"}, "b": {"q": "q", "a": "@a"}},
            ),
            id="porters before a full wire",
        ),
    ],
)
def test_spin_agrees_on_what_is_odd(system):
    assert spins(promela_of(system)) == ours(system)


@needs_spin
@pytest.mark.parametrize(
    ("line", "kind"), [("c.put(1)", Queue()), ("c.acquire()", RLock())], ids=["a belt", "a key"]
)
def test_where_the_model_was_left_spin_says_so(line, kind):
    """Nobody can write down what grows for ever: the model has room for so much, and an assertion there."""
    text = promela_of(
        a_system({"ada": f"def ada(c):\n    while True:\n        {line}\n"}, {"c": kind}, {"ada": {"c": "c"}})
    )
    with pytest.raises(NoCount, match="assertion violated"):
        spins(text)


SEES = "    deliver(len(wait([{}], 1)))\n"


def a_family(boss: str, **more):
    """ada looks at bob and cy, who end while she has the other end of their tube."""
    return a_system(
        {
            "ada": f"def ada(r, bob, cy):\n{boss}",
            "bob": "def bob(w):\n    w.send(1)\n",
            "cy": "def cy(w):\n    w.send(2)\n",
        },
        {"t": Pipe(duplex=False)},
        {"ada": {"r": "t.r", "bob": "@bob", "cy": "@cy"}, "bob": {"w": "t.w"}, "cy": {"w": "t.w"}},
        **more,
    )


@needs_spin
@pytest.mark.parametrize(
    "system",
    [
        pytest.param(
            a_family(
                f"    bob.start()\n{SEES.format('r, bob.sentinel')}    deliver(bob.exitcode)\n", later=["bob"]
            ),
            id="an end closes before the sentinel is ready",
        ),
        pytest.param(
            a_family(f"    cy.kill()\n{SEES.format('bob.sentinel, cy.sentinel')}    deliver(cy.exitcode)\n"),
            id="of two sentinels any may be late",
        ),
        pytest.param(
            a_family("    bob.start()\n    r.recv()\n", later=["bob"], daemons=["bob", "cy"]),
            id="daemons of hers and of the office",
        ),
    ],
)
def test_spin_agrees_on_how_processes_end(system):
    assert spins(promela_of(system)) == ours(system)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("belt.put(key)", "ada sends key, which cannot be pickled"),
        (
            "note = [1]\n    belt.put(note)\n    note.append(2)",
            "ada changes a list that lies in its",
        ),
    ],
)
def test_what_lies_in_a_tray_and_is_more_than_a_value_is_not_written_down(line: str, told: str):
    gets = {"ada": {"belt": "belt", "key": "key"}}
    system = a_system({"ada": f"def ada(belt, key):\n    {line}\n"}, {"belt": Queue(), "key": Lock()}, gets)
    with pytest.raises(CannotExport, match=told):
        promela_of(system)
