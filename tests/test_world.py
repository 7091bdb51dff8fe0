"""The rules: what can move, who waits for what, and how a moment looks."""

import pickle
from random import Random

import pytest
from builders import a_level, a_system
from oracle.golden import shipped_answers
from random_offices import random_system

from game.attempt import every_case
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.value import SharedValue as Value
from game.goals import View
from game.level.model import Answer, Cat
from game.problems import ProblemsFound
from game.request import Handle
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


def supervised(boss, kit="def kit(belt):\n    belt.put(1)\n    belt.put(2)\n", **more):
    return a_system(
        {"boss": boss, "kit": kit},
        {"belt": Queue()},
        {"boss": {"kit": "@kit", "belt": "belt"}, "kit": {"belt": "belt"}},
        **more,
    )


def test_going_home_is_a_step_of_its_own_where_somebody_looks_at_the_process():
    system = supervised("def boss(kit, belt):\n    deliver((kit.is_alive(), kit.exitcode))\n")
    before, _ = system.follow(["kit", "kit", "~belt/kit", "~belt/kit", "boss", "boss", "boss"])
    after, _ = system.follow(["kit", "kit", "~belt/kit", "~belt/kit", "kit", "boss", "boss", "boss"])
    assert before.events[-1].argument == ((True, None),)
    assert (after.events[4].operation, after.events[-1].argument) == ("home", ((False, 0),))


def test_terminate_sends_a_signal_and_the_clerk_may_still_move_until_it_arrives():
    system = supervised(
        "def boss(kit, belt):\n    kit.terminate()\n    kit.join()\n    deliver(kit.exitcode)\n"
    )
    trace, world = system.follow(["boss", "kit", "kit", "~belt/kit", "signal:kit", "boss", "boss", "boss"])
    assert trace.ending == "finished"
    assert (world.lives, system.view(world.channels).delivered) == (("home", "terminated"), (("boss", -15),))


def test_what_lay_in_the_out_tray_of_a_killed_process_is_gone():
    system = supervised("def boss(kit, belt):\n    kit.kill()\n    kit.join()\n    deliver(kit.exitcode)\n")
    _, world = system.follow(["kit", "kit", "~belt/kit", "boss", "signal:kit", "boss", "boss", "boss"])
    assert system.view(world.channels) == View((("boss", -9),), (("belt", (1,)),))


def test_a_process_that_was_never_started_cannot_be_ended():
    system = supervised("def boss(kit, belt):\n    kit.kill()\n", later=["kit"])
    trace, _ = system.follow(["boss"])
    assert trace.events[0].error == "AttributeError"


def test_the_cat_naps_as_often_as_the_level_says_and_where():
    system = supervised("def boss(kit, belt):\n    belt.put(3)\n", cat=Cat(1, ("kit", "boss")))
    assert system.enabled(system.start) == ("boss", "kit", "cat:kit", "cat:boss")
    world = system.do(system.start, "cat:kit").world
    assert world.lives == ("up", "napped")
    assert system.enabled(world) == ("boss",)


def test_wait_gives_everything_that_is_ready_in_the_order_of_its_list():
    system = a_system(
        {
            "boss": "def boss(left, right, kit):\n    deliver(len(wait([right, left, kit.sentinel])))\n",
            "kit": "def kit(left, right):\n    left.send(1)\n    right.send(2)\n",
        },
        {"one": Pipe(duplex=False), "two": Pipe(duplex=False)},
        {
            "boss": {"left": "one.r", "right": "two.r", "kit": "@kit"},
            "kit": {"left": "one.w", "right": "two.w"},
        },
    )
    assert system.look(system.start).clerks[0].blocked == "waits for any of two, one, kit"
    assert system.look(system.start).clerks[0].holders == ("kit",)
    counts = {
        wind: system.follow((*["kit"] * wind, "boss", "boss"))[0].events[-1].argument for wind in (1, 2, 3)
    }
    assert counts == {1: (1,), 2: (2,), 3: (3,)}


def test_wait_with_a_timeout_may_come_back_with_nothing():
    system = a_system(
        {"boss": "def boss(r):\n    deliver(len(wait([r], 1)))\n", "kit": "def kit(w):\n    w.send(1)\n"},
        {"one": Pipe(duplex=False)},
        {"boss": {"r": "one.r"}, "kit": {"w": "one.w"}},
    )
    assert system.follow(["boss", "boss"])[0].events[-1].argument == (0,)
    assert system.follow(["kit", "boss", "boss"])[0].events[-1].argument == (1,)


def a_parent(script: str, child: str, **more):
    """ada, who alone can start bob, and holds one end of a tube; bob has the other."""
    return a_system(
        {"ada": f"def ada(bob, w):\n    bob.start()\n{script}", "bob": f"def bob(r):\n{child}"},
        {"tube": Pipe(duplex=False)},
        {"ada": {"bob": "@bob", "w": "tube.w"}, "bob": {"r": "tube.r"}},
        later=["bob"],
        **more,
    )


def test_a_parent_waits_for_its_children_with_its_ends_open():
    waits_for_eof = "    try:\n        r.recv()\n    except EOFError:\n        deliver('end')\n"
    system = a_parent("", waits_for_eof)
    _, world = system.follow(["ada"])
    assert (world.lives, system.ending(world)) == (("leaving", "up"), "stuck")
    assert [(one.clerk, one.text) for one in system.stuck(world)] == [
        ("ada", "cannot go home before bob"),
        ("bob", "waits for a letter in tube"),
    ]
    polite = a_parent("    w.close()\n", waits_for_eof)
    assert polite.follow(["ada", "ada", "bob", "bob", "bob", "ada"])[1].lives == ("home", "home")


def test_whom_two_can_start_is_nobodys_child():
    scripts = {
        "ada": "def ada(cy):\n    cy.start()\n",
        "bob": "def bob(cy):\n    cy.start()\n",
        "cy": "def cy(t):\n    t.value = 1\n",
    }
    gets = {"ada": {"cy": "@cy"}, "bob": {"cy": "@cy"}, "cy": {"t": "t"}}
    system = a_system(scripts, {"t": Value()}, gets, later=["cy"])
    assert system.follow(["ada"])[1].lives == ("home", "up", "up")


def test_who_is_started_from_the_beginning_is_nobodys_child():
    scripts = {
        "ada": "def ada(bob):\n    try:\n        bob.start()\n    except AssertionError:\n        pass\n",
        "bob": "def bob(t):\n    t.value = 1\n",
    }
    system = a_system(scripts, {"t": Value()}, {"ada": {"bob": "@bob"}, "bob": {"t": "t"}})
    assert system.follow(["ada"])[1].lives == ("home", "up")


def test_clerks_who_could_only_start_each_other_never_start():
    scripts = {"ada": "def ada(bob):\n    bob.start()\n", "bob": "def bob(ada):\n    ada.start()\n"}
    system = a_system(scripts, {}, {"ada": {"bob": "@bob"}, "bob": {"ada": "@ada"}}, later=["ada", "bob"])
    assert (system.ending(system.start), system.reach(0)) == ("stuck", ((0,), (1,)))


def test_a_daemon_is_ended_by_a_signal_when_its_parent_ends():
    system = a_parent("", "    r.recv()\n", daemons=["bob"])
    _, world = system.follow(["ada"])
    assert (world.lives, system.enabled(world)) == (("leaving", "up+term"), ("signal:bob",))
    assert system.follow(["ada", "signal:bob", "ada"])[1].lives == ("home", "terminated")


def test_the_offices_own_daemons_end_when_everybody_else_has():
    script = "def {}(t):\n    t.value += 1\n"
    names = ("ada", "bob", "cy")
    system = a_system(
        {name: script.format(name) for name in names},
        {"t": Value(lock=False)},
        {name: {"t": "t"} for name in names},
        daemons=["cy"],
    )
    assert system.follow(["ada"] * 2 + ["bob"])[1].lives == ("home", "up", "up")
    world = system.follow(["ada"] * 2 + ["bob"] * 2)[1]
    assert (world.lives, system.enabled(world)) == (("home", "home", "up+term"), ("cy", "signal:cy"))


def test_a_daemon_may_not_have_children():
    system = a_system(
        {
            "ada": "def ada(bob):\n    bob.start()\n",
            "bob": "def bob():\n    pass\n",
            "cy": "def cy():\n    deliver(1)\n",
        },
        {},
        {"ada": {"bob": "@bob"}, "bob": {}, "cy": {}},
        later=["bob"],
        daemons=["ada"],
    )
    trace, world = system.follow(["ada"])
    assert trace.events[0].error == "AssertionError"
    assert world.tasks[0].crash.message == "daemonic processes are not allowed to have children"


def test_a_ready_sentinel_is_not_yet_an_exit_code():
    system = a_system(
        {
            "ada": "def ada(bob):\n    wait([bob.sentinel])\n"
            "    deliver(bob.exitcode)\n    deliver(bob.is_alive())\n",
            "bob": "def bob(t):\n    t.value = 1\n",
        },
        {"t": Value()},
        {"ada": {"bob": "@bob"}, "bob": {"t": "t"}},
    )

    def told(*choices: str) -> list[object]:
        trace, _ = system.follow(["bob", "bob", "ada", *choices])
        return [event.argument[0] for event in trace.events if event.channel == "desk"]

    assert told("ada", "ada", "ada", "ada") == [0, False]
    assert told("ada#1", "ada", "ada#1", "ada") == [None, True]
    assert told("ada#1", "ada", "ada", "ada") == [None, False]
    with pytest.raises(CannotMove):
        system.do(system.follow(["bob", "bob", "ada", "ada", "ada"])[1], "ada#1")  # once seen, it stays so


def test_what_was_joined_has_an_exit_code():
    system = a_system(
        {
            "ada": "def ada(bob):\n    wait([bob.sentinel])\n    bob.join()\n    deliver(bob.exitcode)\n",
            "bob": "def bob(t):\n    t.value = 1\n",
        },
        {"t": Value()},
        {"ada": {"bob": "@bob"}, "bob": {"t": "t"}},
    )
    _, world = system.follow(["bob", "bob", "ada", "ada"])
    assert [move.event.result for move in system.moves(world)] == [0]


def test_an_end_may_be_seen_closed_before_the_sentinel_is_ready():
    system = a_system(
        {
            "ada": "def ada(bob, r):\n    deliver(len(wait([r, bob.sentinel])))\n",
            "bob": "def bob(w):\n    pass\n",
        },
        {"tube": Pipe(duplex=False)},
        {"ada": {"bob": "@bob", "r": "tube.r"}, "bob": {"w": "tube.w"}},
    )
    world = system.do(system.start, "bob").world
    both, one = system.moves(world)
    assert [len(move.event.result.items) for move in (both, one)] == [2, 1]
    assert one.event.result.items[0] == Handle("tube", "r")
    assert system.look(world).clerks[1].life == "home"


def test_who_was_not_started_has_not_stopped_with_an_exception_yet():
    scripts = {
        "ada": "def ada(belt, bob):\n    belt.put(1)\n    bob.start()\n",
        "bob": "def bob():\n    raise ValueError\n",
    }
    gets = {"ada": {"belt": "belt", "bob": "@bob"}, "bob": {}}
    system = a_system(scripts, {"belt": Queue()}, gets, later=["bob"])
    assert system.crashes(system.start) == {}
    assert [view.crash for view in system.look(system.start).clerks] == [None, None]
    begun = system.do(system.do(system.start, "ada").world, "ada").world
    assert [name for name, crash in system.crashes(begun).items() if crash.error == "ValueError"] == ["bob"]


@pytest.mark.parametrize("seed", range(40))
def test_who_can_move_is_who_has_a_step(seed):
    system, wind = random_system(seed), Random(seed)
    world = system.start
    while moves := system.moves(world):
        assert system.enabled(world) == tuple(dict.fromkeys(move.event.agent for move in moves))
        world = wind.choice(moves).world
    assert system.enabled(world) == () and system.ending(world) != "running"


@pytest.mark.parametrize("seed", range(40))
def test_a_moment_is_the_same_whether_or_not_the_one_before_is_known(seed):
    system, wind = random_system(seed), Random(seed)
    world, seen = system.start, system.look(system.start)
    while moves := system.moves(world):
        known, world = (world, seen), wind.choice(moves).world
        seen = system.look(world, known)
        assert seen == system.look(world)
        assert system.enabled(world, [view.name for view in seen.clerks if view.ready]) == system.enabled(
            world
        )


def test_the_moments_of_every_shipped_answer_are_as_they_look_by_themselves():
    for level, _, answer in shipped_answers():
        for system in every_case(level, answer):
            world, seen, wind = system.start, system.look(system.start), Random(1)
            for _ in range(60):
                if not (moves := system.moves(world)):
                    break
                known, world = (world, seen), wind.choice(moves).world
                seen = system.look(world, known)
                assert seen == system.look(world)


def test_a_clerk_for_whom_nothing_changed_is_not_looked_at_again():
    system = a_post_office()
    before = system.look(system.start)
    after = system.do(system.start, "ada").world
    seen = system.look(after, (system.start, before))
    assert seen.clerks[0] is not before.clerks[0]  # ada is at work no more
    again = system.look(after, (after, seen))
    assert all(one is other for one, other in zip(again.clerks, seen.clerks, strict=True))


def test_who_waits_for_nothing_is_told_so():
    system = a_system({"ada": "def ada():\n    wait([])\n"})
    assert system.waits(system.start, "ada").text == "waits for nothing at all, and so for ever"
