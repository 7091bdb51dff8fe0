"""The rules: what can move, who waits for what, and how a moment looks."""

import pickle

import pytest
from builders import a_level, a_system

from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.value import SharedValue as Value
from game.level.model import Answer
from game.problems import ProblemsFound
from game.trace import format_wind
from game.world import CannotMove, build

POST = {
    "ada": "def ada(belt):\n    belt.put('letter')\n",
    "bob": "def bob(belt):\n    deliver(belt.get())\n",
}


def a_post_office():
    return a_system(POST, {"belt": Queue()}, {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}})


def test_only_what_is_possible_moves_clerks_first_then_porters():
    system = a_post_office()
    assert system.enabled(system.start) == ("ada",)
    after = system.do(system.start, "ada").world
    assert system.enabled(after) == ("~belt/ada",)


def test_a_wind_gives_the_trace_and_the_ending():
    trace, world = a_post_office().follow(["ada", "~belt/ada", "bob", "bob"])
    assert [event.operation for event in trace.events] == ["put", "carry", "get", "deliver"]
    assert trace.ending == "finished"
    assert world.lives == ("home", "home")
    assert a_post_office().view(world.channels).delivered == (("bob", "letter"),)


def test_a_wind_that_cannot_go_on_stops_there():
    trace, _ = a_post_office().follow(["bob", "ada"])
    assert (trace.events, trace.ending) == ((), "stopped")


@pytest.mark.parametrize(
    ("gust", "sentence"),
    [
        ("bob", "bob cannot move: it waits for a letter on belt"),
        ("eve", "eve cannot move: nobody here has that name; the agents are ada, bob"),
        ("~belt/ada", "~belt/ada cannot move: the porter has nothing to carry"),
        ("ada#1", "ada cannot move: only 1 thing may happen here, counted from 0"),
    ],
)
def test_who_cannot_move_is_told_why(gust, sentence):
    system = a_post_office()
    with pytest.raises(CannotMove) as caught:
        system.do(system.start, gust)
    assert str(caught.value) == sentence


def test_a_clerk_stays_until_its_tray_is_empty():
    system = a_post_office()
    first = system.do(system.start, "ada").world
    assert first.lives[0] == "leaving"
    assert system.do(first, "~belt/ada").world.lives[0] == "home"


def test_join_waits_until_the_other_is_home():
    system = a_system(
        {
            "boss": "def boss(bob):\n    bob.start()\n    bob.join()\n    deliver(1)\n",
            "bob": "def bob(t):\n    t.value = 1\n",
        },
        {"t": Value()},
        {"boss": {"bob": "@bob"}, "bob": {"t": "t"}},
        later=["bob"],
    )
    assert system.enabled(system.start) == ("boss",)
    started = system.do(system.start, "boss").world
    assert system.enabled(started) == ("bob",)
    assert system.look(started).clerks[0].blocked == "waits for bob to go home"
    assert system.look(started).clerks[0].holders == ("bob",)


def test_starting_twice_is_refused_as_cpython_does():
    system = a_system(
        {"boss": "def boss(bob):\n    bob.start()\n    bob.start()\n", "bob": "def bob():\n    pass\n"},
        {},
        {"boss": {"bob": "@bob"}, "bob": {}},
        later=["bob"],
    )
    trace, _ = system.follow(["boss", "boss"])
    assert (trace.events[1].error, trace.ending) == ("AssertionError", "crashed")


def test_going_home_is_a_step_of_its_own_where_others_can_tell():
    system = a_system(
        {"ada": "def ada(w):\n    w.send(1)\n", "bob": "def bob(r):\n    r.recv()\n    r.recv()\n"},
        {"tube": Pipe(duplex=False)},
        {"ada": {"w": "tube.w"}, "bob": {"r": "tube.r"}},
    )
    trace, _ = system.follow(["ada", "bob", "ada", "bob", "bob"])
    assert [(e.operation, e.error) for e in trace.events] == [
        ("w.send", ""),
        ("r.recv", ""),
        ("home", ""),
        ("r.recv", "EOFError"),
        ("home", ""),
    ]


def test_a_lock_holder_is_named_as_the_one_who_can_help():
    source = "def {0}(key):\n    key.acquire()\n    key.release()\n"
    system = a_system(
        {"ada": source.format("ada"), "bob": source.format("bob")},
        {"key": Lock()},
        {"ada": {"key": "key"}, "bob": {"key": "key"}},
    )
    world = system.do(system.start, "ada").world
    assert system.look(world).clerks[1].holders == ("ada",)


def test_systems_and_worlds_can_be_sent_to_another_process():
    system = a_post_office()
    _, world = system.follow(["ada"])
    again, there = pickle.loads(pickle.dumps((system, world)))
    assert (again.follow(["ada"])[1], there) == (world, world)


def test_every_problem_in_an_answer_is_found_at_once():
    level = a_level(POST, {"belt": Queue()}, {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}})
    with pytest.raises(ProblemsFound) as caught:
        build(
            level,
            Answer("test", {"ada": "def ada(belt):\n    belt.putt(1)\n", "eve": "", "bob": "import os\n"}),
        )
    assert {problem.path for problem in caught.value.problems} >= {
        "scripts.ada",
        "scripts.bob",
        "scripts.eve",
    }


def test_the_worlds_of_a_trace_are_one_more_than_its_events():
    system = a_post_office()
    trace, world = system.follow(["ada", "~belt/ada", "bob"])
    worlds = system.worlds(trace.events)
    assert (len(worlds), worlds[0], worlds[-1]) == (4, system.start, world)
    assert format_wind(trace.wind) == "ada ~belt/ada bob"
