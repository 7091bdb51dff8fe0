"""Runs on real processes: every driver, every way to end, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from builders import a_level, a_system
from lifecycles import (
    LIFECYCLES,
    a_daemon_kit,
    a_dying_sender,
    a_failing_kit,
    a_glance,
    a_kept_end,
    a_kit_ended_twice,
    a_visit_of_the_cat,
    a_watched_kit,
    an_ended_kit,
    an_interrupted_kit,
    several_to_wait_for,
    too_early_and_too_late,
)
from odd_kinds import Broken, Forgetful, Jammed, Lying, LyingLate, Moody, Open, Stepwise

from game.channels.event import Event
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.shared_memory import SharedMemory
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.checker.check import check
from game.level.model import Answer
from game.run import Along, ByHand, Calm, Free, Office, OfficeLost, Seeded
from game.trace import dump_trace, parse_wind
from game.world import build

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


@pytest.fixture(scope="module")
def office():
    with Office() as office:
        yield office


def a_post_office(letters=3, **more):
    scripts = {
        "ada": f"def ada(belt):\n    for number in range({letters}):\n        belt.put(number)\n",
        "bob": f"def bob(belt):\n    for number in range({letters}):\n        deliver(belt.get())\n",
    }
    return a_system(scripts, {"belt": Queue()}, {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}}, **more)


def a_tally(kind=SharedValue, times=1):
    script = f"def chalk(tally):\n    for number in range({times}):\n        tally.value += 1\n"
    clerks = {name: {"script": "chalk", "tally": "tally"} for name in ("ada", "bob")}
    return a_system({"chalk": script}, {"tally": kind()}, clerks)


def two_keys(kind=Lock):
    scripts = {
        "ada": "def ada(red, blue):\n    with red:\n        with blue:\n            pass\n",
        "bob": "def bob(red, blue):\n    with blue:\n        with red:\n            pass\n",
    }
    both = {"red": "red", "blue": "blue"}
    return a_system(scripts, {"red": kind(), "blue": kind()}, {"ada": both, "bob": both})


def two_senders(letters=1):
    put, get = "    for turn in range({}):\n        belt.put('from {}')\n", "        deliver(belt.get())\n"
    scripts = {
        "ada": "def ada(belt):\n" + put.format(letters, "ada"),
        "bob": "def bob(belt):\n" + put.format(letters, "bob"),
        "cleo": f"def cleo(belt):\n    for turn in range({2 * letters}):\n" + get,
    }
    return a_system(scripts, {"belt": Queue()}, {name: {"belt": "belt"} for name in scripts})


def a_boss(**more):
    scripts = {
        "boss": "def boss(bob, belt):\n    bob.start()\n    belt.put(1)\n    bob.join()\n    deliver(2)\n",
        "bob": "def bob(belt):\n    deliver(belt.get())\n",
    }
    clerks = {"boss": {"bob": "@bob", "belt": "belt"}, "bob": {"belt": "belt"}}
    return a_system(scripts, {"belt": SimpleQueue()}, clerks, later=["bob"], **more)


def a_tube():
    scripts = {
        "ada": "def ada(end):\n    end.send('tea')\n",
        "bob": (
            "def bob(end):\n"
            "    deliver(end.recv())\n"
            "    try:\n"
            "        end.recv()\n"
            "    except EOFError:\n"
            "        deliver('nobody there')\n"
        ),
    }
    return a_system(scripts, {"tube": Pipe()}, {"ada": {"end": "tube.a"}, "bob": {"end": "tube.b"}})


def a_crash():
    scripts = {"ada": "def ada(belt):\n    belt.get_nowait()\n"}
    return a_system(scripts, {"belt": Queue()}, {"ada": {"belt": "belt"}})


def an_endless_wait():
    scripts = {"ada": "def ada(belt):\n    belt.get()\n"}
    return a_system(scripts, {"belt": Queue()}, {"ada": {"belt": "belt"}})


def an_endless_round(**more):
    scripts = {"ada": "def ada(tally):\n    while True:\n        tally.value = 1\n"}
    return a_system(scripts, {"tally": SharedValue()}, {"ada": {"tally": "tally"}}, **more)


def a_full_store():
    """A clerk who waits for ever among everything that takes room in the system."""
    script = "def ada(belt, wall, key, bell):\n    wall.buf[0] = 1\n    key.acquire()\n    belt.get()\n"
    kinds = {"belt": Queue(), "wall": SharedMemory((0, 7)), "key": Lock(), "bell": Event()}
    return a_system({"ada": script}, kinds, {"ada": {name: name for name in kinds}})


def delivered(trace):
    return [event.argument[0] for event in trace.events if event.operation == "deliver"]


def processes_of(session):
    """The processes, zombies too, whose session this is."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[3]) == session:
                found.append(int(folder.name))
    return found


def shared_things():
    return {path.name for path in Path("/dev/shm").iterdir()}


def gone_soon(remaining, seconds=5.0):
    """Whether what `remaining()` lists is empty within some seconds: others use this machine too."""
    until = time.monotonic() + seconds
    while remaining():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def wait_for_crew(office, system):
    office.prepare(system)
    assert gone_soon(lambda: office.poll() or not office.ready)


def wait_until_begun(run):
    def waiting():
        run.poll()
        return not run.pids

    assert gone_soon(waiting, 60)


# -- drivers --


@pytest.mark.parametrize("driver", [Calm(), Seeded(1), Seeded(2), Along((), "calm"), Free()])
@pytest.mark.parametrize("make", [a_post_office, a_tally, two_senders, a_boss, a_tube])
def test_every_driver_brings_every_system_to_a_legal_end(office, make, driver):
    system = make()
    result = office.run(system, driver, timeout=20)
    assert (result.ending, result.message) == ("finished", "")
    assert set(result.trace.pids) == set(system.clerks)
    legal, _ = system.follow(result.trace.wind, result.trace.source)
    assert legal.events == result.trace.events
    assert legal.ending == "finished"


def test_the_same_seed_draws_the_same_wind_and_another_seed_another(office):
    winds = {seed: office.run(two_senders(), Seeded(seed)).trace.wind for seed in range(8)}
    assert winds == {seed: office.run(two_senders(), Seeded(seed)).trace.wind for seed in range(8)}
    assert len(set(winds.values())) > 1


@pytest.mark.parametrize("make", [a_tally, two_keys, two_senders, a_tube, *LIFECYCLES])
def test_the_same_seed_gives_the_same_trace_in_every_office(office, make):
    system = make()
    with Office() as other:
        for seed in range(3):
            results = [one.run(system, Seeded(seed)) for one in (office, other, office, other)]
            texts = {dump_trace(replace(result.trace, pids={})) for result in results}
            assert len(texts) == 1
            model, _ = system.follow(results[0].trace.wind, f"seed {seed}")
            assert texts == {dump_trace(replace(model, ending=results[0].ending))}


def test_a_wind_is_forced_on_real_processes_byte_for_byte(office):
    system = a_post_office()
    wind = parse_wind("ada*2 ~belt/ada bob ada bob ~belt/ada bob*2 ~belt/ada bob*2")
    model, _ = system.follow(wind, "wind")
    texts = set()
    for _ in range(5):
        result = office.run(system, Along(wind))
        assert result.ending == "finished"
        events = result.trace.events
        texts.add(dump_trace(system.trace(events, "wind", result.ending)))
    assert texts == {dump_trace(model)}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_long_run_is_planned_ahead_of_the_processes_and_is_the_same_in_every_office(office, seed):
    system = two_senders(letters=200)
    with Office() as other:
        first, again, elsewhere = (one.run(system, Seeded(seed)) for one in (office, office, other))
    assert first.steps == 1600
    assert first.trace.events == again.trace.events == elsewhere.trace.events
    legal, _ = system.follow(first.trace.wind)
    assert (legal.events, legal.ending) == (first.trace.events, first.ending)


def test_what_goes_wrong_behind_the_plan_is_told_at_its_own_step(office):
    result = office.run(a_tally(LyingLate, 600), Calm())
    assert (result.ending, result.steps) == ("disagreed", 600)
    assert result.disagreement.happened == "it gives 301"
    wind = ("ada",) * 1200
    for goes_on, steps in ((("ada",), 1200), ((), 1200), (("bob", "ada", "bob"), 1201)):
        stopped = office.run(a_tally(times=600), Along((*wind, *goes_on)))
        assert (stopped.ending, stopped.steps) == ("stopped", steps)
        assert stopped.message == ("ada cannot move: it has gone home" if goes_on else "")


def test_a_lost_update_is_forced_fifty_times_of_fifty(office):
    system = a_tally()
    for _ in range(50):
        result = office.run(system, Along(("ada", "bob", "ada", "bob")))
        assert result.ending == "finished"  # which compares the real board with the rules' 1
    world = system.worlds(result.trace.events)[-1]
    assert dict(system.view(world.channels).readings) == {"tally": 1}


@pytest.mark.parametrize(
    ("wind", "order"),
    [
        ("ada bob ~belt/ada ~belt/bob cleo*4", ["from ada", "from bob"]),
        ("ada bob ~belt/bob ~belt/ada cleo*4", ["from bob", "from ada"]),
    ],
)
def test_the_porters_and_not_the_puts_decide_who_comes_first(office, wind, order):
    result = office.run(two_senders(), Along(parse_wind(wind)))
    assert (result.ending, delivered(result.trace)) == ("finished", order)


def test_a_wind_that_ends_early_stops_there_or_goes_on_calmly(office):
    stopped = office.run(a_post_office(), Along(("ada", "~belt/ada")))
    assert (stopped.ending, stopped.steps) == ("stopped", 2)
    assert stopped.trace.ending == "stopped"
    went_on = office.run(a_post_office(), Along(("ada", "~belt/ada"), "calm"))
    assert (went_on.ending, went_on.trace.wind[:2]) == ("finished", ("ada", "~belt/ada"))


def test_a_wind_that_asks_the_impossible_stops_with_the_reason(office):
    result = office.run(a_post_office(), Along(("ada", "bob", "ada")))
    assert (result.ending, result.steps) == ("stopped", 1)
    assert result.message.startswith("bob cannot move: it waits for a letter on belt")


def test_by_hand_the_owner_grants_each_step(office):
    system = a_tally()
    run = office.start(system, ByHand())
    events = []
    for agent in ("ada", "bob", "ada"):
        run.grant(agent)
        before = len(events)
        assert gone_soon(lambda before=before: events.extend(run.poll()) or len(events) == before)
    assert [event.agent for event in events] == ["ada", "bob", "ada"]
    run.grant("ada")
    assert gone_soon(lambda: run.poll() or not run.refused)
    assert run.refused == "ada cannot move: it has gone home"
    assert run.result is None
    run.grant("bob")
    assert run.wait().ending == "finished"


def test_whoever_watches_gets_every_step_once_and_in_order(office):
    run = office.start(a_post_office(20), Seeded(3))
    events = []
    assert gone_soon(lambda: events.extend(run.poll()) or run.result is None)
    assert tuple(events + run.poll()) == run.result.trace.events


def test_other_scripts_are_played_by_the_crew_that_waits(office):
    level = a_level(
        {"ada": "def ada(tally):\n    deliver(1)\n"},
        {"tally": SharedValue()},
        {"ada": {"tally": "tally"}},
    )
    for number in (1, 2, 3):
        answer = Answer("test", {"ada": f"def ada(tally):\n    deliver({number})\n"})
        assert delivered(office.run(build(level, answer), Calm()).trace) == [number]


# -- endings --


def test_a_deadlock_really_hangs(office):
    result = office.run(two_keys(), Along(("ada", "bob")))
    assert (result.ending, result.clerks) == ("stuck", ("ada", "bob"))
    assert result.message == (
        "really stuck: ada waits for blue, which bob holds; bob waits for red, which ada holds"
    )


@pytest.mark.parametrize("driver", [Calm(), Free()])
def test_an_uncaught_exception_ends_the_run_as_crashed(office, driver):
    result = office.run(a_crash(), driver)
    assert (result.ending, result.clerks) == ("crashed", ("ada",))
    assert result.message == "ada: Empty in line 2"
    assert result.trace.events[0].error == "Empty"


def test_a_wind_that_ends_in_an_exception_says_so_though_others_could_go_on(office):
    scripts = {"ada": "def ada(belt):\n    belt.get_nowait()\n", "bob": "def bob():\n    deliver(1)\n"}
    system = a_system(scripts, {"belt": Queue()}, {"ada": {"belt": "belt"}, "bob": {}})
    result = office.run(system, Along(("ada",)))
    assert (result.ending, result.clerks, result.message) == ("stopped", ("ada",), "ada: Empty in line 2")


def test_a_free_run_that_does_not_end_is_hung_and_nothing_is_proved(office):
    result = office.run(an_endless_wait(), Free(), timeout=0.3)
    assert (result.ending, result.clerks) == ("hung", ("ada",))
    assert result.message == "the run hung: ada was inside belt.get, line 2"
    assert result.trace.ending == "hung"


def test_an_endless_controlled_run_is_stopped(office):
    result = office.run(an_endless_round(), Calm(), timeout=0.3)
    assert (result.ending, result.message) == ("stopped", "the run's time was over")
    assert result.steps > 10


@pytest.mark.parametrize("driver", [Calm(), Free()])
def test_a_clerk_nobody_starts_leaves_the_run_stuck(office, driver):
    scripts = {"ada": "def ada():\n    deliver(1)\n", "bob": "def bob():\n    deliver(2)\n"}
    result = office.run(a_system(scripts, later=["bob"]), driver)
    assert (result.ending, result.clerks) == ("stuck", ("bob",))


def test_an_aborted_run_ends_at_once_with_what_happened_until_then(office):
    run = office.start(an_endless_round(), Calm())
    events = []
    assert gone_soon(lambda: events.extend(run.poll()) or not events)
    run.abort()
    result = run.wait()
    assert (result.ending, result.message) == ("aborted", "")
    assert result.trace.events[: len(events)] == tuple(events)


@pytest.mark.parametrize("driver", [ByHand(), Free()])
def test_a_run_that_waits_can_be_aborted_and_the_office_goes_on(office, driver):
    run = office.start(a_post_office() if driver == ByHand() else an_endless_wait(), driver, timeout=60)
    time.sleep(0.05)
    run.abort()
    assert run.wait().ending == "aborted"
    assert office.run(a_tally(), Calm()).ending == "finished"


def test_a_new_run_calls_the_last_one_off(office):
    office.start(an_endless_round(), Calm())
    office.start(an_endless_round(), Free(), timeout=60)
    assert office.run(a_tally(), Calm()).ending == "finished"


@pytest.mark.parametrize(
    ("make", "driver"),
    [
        (an_endless_round, Calm()),
        (an_endless_round, ByHand()),
        (an_endless_round, Free()),
        (an_endless_wait, Free()),
    ],
)
def test_a_clerk_killed_from_outside_is_named(office, make, driver):
    system = make()
    run = office.start(system, driver, timeout=60)
    wait_until_begun(run)
    os.kill(run.pids["ada"], signal.SIGKILL)
    result = run.wait()
    assert (result.ending, result.message) == ("killed", "ada's process died: signal 9")
    assert result.trace.pids == run.pids


def test_a_lost_office_is_said_and_the_next_run_has_a_new_one():
    with Office() as office:
        run = office.start(an_endless_wait(), Free(), timeout=60)
        first = office.pid
        os.kill(first, signal.SIGKILL)
        with pytest.raises(OfficeLost, match="signal 9"):
            run.wait()
        assert office.run(a_tally(), Calm()).ending == "finished"
        assert gone_soon(lambda: processes_of(first))


# -- processes that watch and end each other --


@pytest.mark.parametrize("driver", [Calm(), Seeded(1), Seeded(2), Seeded(3), Seeded(4), Free(), Free(cat=1)])
@pytest.mark.parametrize("make", LIFECYCLES)
def test_whatever_becomes_of_processes_happens_as_the_rules_say(office, make, driver):
    system = make()
    result = office.run(system, driver, timeout=20)
    # A free clerk may be killed inside a call, with a lock of the real object in its hand.
    hung = isinstance(driver, Free) and result.ending == "hung"
    assert result.ending == ("crashed" if make is a_failing_kit else "finished") or hung, result.message
    legal, _ = system.follow(result.trace.wind, result.trace.source)
    assert legal.events == result.trace.events


@pytest.mark.parametrize("driver", [Calm(), Free()])
@pytest.mark.parametrize(
    ("system", "told"),
    [
        (a_watched_kit(), [(False, None), (True, None), "done", (False, 0)]),
        (a_failing_kit(), [1]),
        (an_ended_kit("terminate"), [(False, -15)]),
        (an_ended_kit("kill"), [(False, -9)]),
        (too_early_and_too_late(), [1, 2, 3, 0]),
    ],
)
def test_a_process_is_seen_to_live_and_to_end(office, system, told, driver):
    assert delivered(office.run(system, driver, timeout=20).trace) == told


@pytest.mark.parametrize(
    ("wind", "code", "left"),
    [
        ("kit*4 boss*2 signal:kit boss*3", -15, ()),
        ("kit*3 ~belt/kit*2 boss signal:kit boss*4", -15, (0, 1)),
        ("kit*2 ~belt/kit boss*2 kit signal:kit boss*3", -15, (0,)),
        ("boss*2 kit*4 ~belt/kit*4 kit boss*3", 0, (0, 1, 2, 3)),
    ],
)
def test_a_signal_really_arrives_when_the_wind_says(office, wind, code, left):
    system = an_interrupted_kit()
    for _ in range(3):
        result = office.run(system, Along(parse_wind(wind)))
        assert (result.ending, result.message) == ("finished", "")
        assert delivered(result.trace) == [code]
        world = system.worlds(result.trace.events)[-1]
        assert dict(system.view(world.channels).rest).get("belt", ()) == left


@pytest.mark.parametrize("driver", [Free(), Seeded(1), Seeded(2)])
@pytest.mark.parametrize(("first", "second", "code"), [("terminate", "kill", -15), ("kill", "terminate", -9)])
def test_of_two_signals_the_first_decides(office, first, second, code, driver):
    system = a_kit_ended_twice(first, second)
    assert {outcome.delivered for outcome in check(system).outcomes} == {(("boss", code),)}
    for _ in range(5):
        assert delivered(office.run(system, driver, timeout=20).trace) == [code]


@pytest.mark.parametrize("sent", [0, 1, 2, 3])
def test_whoever_reads_meets_the_end_of_the_tube_when_the_sender_is_killed(office, sent):
    wind = f"{'ada ' * sent}boss signal:ada {'bob ' * 2 * sent}bob*2 boss*3"
    result = office.run(a_dying_sender(), Along(parse_wind(wind), "calm"))
    assert (result.ending, result.message) == ("finished", "")
    assert delivered(result.trace) == [*range(sent), "nobody there", -9]


@pytest.mark.parametrize(("wind", "told"), [("boss kit*2 boss boss#1", None), ("boss kit*2 boss*2", 0)])
def test_an_exit_code_may_be_late_when_the_sentinel_is_ready(office, wind, told):
    result = office.run(a_glance(), Along(parse_wind(wind), "calm"))
    assert (result.ending, result.message) == ("finished", "")
    assert delivered(result.trace) == [(told, False), 0]


def test_a_parent_really_waits_for_its_children_with_its_ends_open(office):
    system = a_kept_end()
    result = office.run(system, Free(), timeout=0.3)
    assert (result.ending, result.message) == (
        "hung", "the run hung: boss was going home; kit was inside tube.r.recv, line 4"
    )  # fmt: skip
    result = office.run(system, Along(parse_wind("boss*2 kit*2")))
    assert (result.ending, result.disagreement) == ("stuck", None)


@pytest.mark.parametrize("parent", [True, False])
def test_daemons_really_end_with_who_made_them(office, parent):
    system = a_daemon_kit(parent)
    for driver in (Free(), Along((), "calm"), Seeded(1), Seeded(2)):
        result = office.run(system, driver)
        assert (result.ending, delivered(result.trace)) == ("finished", ["up"])
        assert system.worlds(result.trace.events)[-1].lives == ("home", "terminated")


def test_the_cat_comes_when_the_wind_says(office):
    result = office.run(a_visit_of_the_cat(2), Along(parse_wind("ada cat:ada bob*3 cat:bob cleo*4")))
    assert (result.ending, result.message) == ("finished", "")
    assert [event.result for event in result.trace.events if event.operation == "nap"] == [-9, -9]


def test_without_a_seed_the_cat_stays_away(office):
    for number in range(3):
        assert "nap" not in [
            event.operation for event in office.run(a_visit_of_the_cat(), Free()).trace.events
        ]
        naps = office.run(a_visit_of_the_cat(), Free(cat=number)).trace.events
        assert sum(event.operation == "nap" for event in naps) <= 1


def test_wait_is_done_on_real_ends_and_processes(office):
    wind = parse_wind("kit boss*2 kit boss*3 kit boss*5")
    result = office.run(several_to_wait_for(), Along(wind, "calm"))
    assert (result.ending, result.message) == ("finished", "")
    counts = [len(event.result.items) for event in result.trace.events if event.operation == "wait"]
    assert counts[0] == 1
    assert counts[-1] == 2


# -- reality against the rules --


def test_a_real_result_that_the_rules_do_not_give_is_our_mistake_and_said_loudly(office):
    result = office.run(a_tally(Lying), Calm())
    assert (result.ending, result.steps) == ("disagreed", 0)
    assert result.disagreement.agent == "ada"
    assert result.message == ("ada: by the rules ada: tally.read() gives 0, but on real processes it gives 1")


def test_a_free_run_that_the_rules_do_not_allow_is_our_mistake_too(office):
    result = office.run(a_tally(Lying), Free())
    assert result.ending == "disagreed"
    assert result.message.startswith(
        "by our rules this cannot have happened: after 0 operations none of these fits the rules: "
    )
    assert "ada's tally.read gave" in result.message
    assert len(result.unsettled.records) == 4


def test_what_a_board_really_reads_at_the_end_is_compared(office):
    result = office.run(a_tally(Forgetful), Along(("ada", "bob", "ada", "bob")))
    assert (result.ending, result.message) == (
        "disagreed",
        "tally: by the rules it reads 1 at the end, but on real processes it reads 0",
    )


def test_a_deadlock_that_does_not_really_hang_is_noticed(office):
    result = office.run(two_keys(Open), Along(("ada", "bob")))
    assert result.ending == "disagreed"
    assert result.disagreement.expected == "nothing can move any more"


def test_a_step_that_should_be_possible_and_is_not_is_noticed():
    with Office(patience=0.5) as office:
        result = office.run(two_keys(Jammed), Calm())
    assert (result.ending, result.steps) == ("disagreed", 0)
    assert result.disagreement.happened == "it still waits after 0.5 seconds"


def test_where_the_rules_leave_a_choice_reality_decides(office):
    result = office.run(a_tally(Moody), Calm())
    assert result.ending == "finished"
    assert result.trace.wind == ("ada#1", "ada", "bob#1", "bob")
    stopped = office.run(a_tally(Moody), Along(("ada", "ada")))
    assert (stopped.ending, stopped.trace.wind) == ("stopped", ("ada#1",))
    assert stopped.message == "here reality chose ada: tally.read() gives 2, not ada: tally.read() gives 1"


def test_nothing_is_planned_beyond_a_choice_of_reality(office):
    script = "def ada(tally, board):\n" + "    tally.value = 0\n" * 511 + "    deliver(board.value)\n" * 3
    kinds = {"tally": SharedValue(), "board": Moody()}
    system = a_system({"ada": script}, kinds, {"ada": {"tally": "tally", "board": "board"}})
    result = office.run(system, Calm())
    assert (result.ending, result.steps) == ("finished", 517)
    assert result.trace.wind[511:] == ("ada#1", "ada") * 3
    assert delivered(result.trace) == [2, 2, 2]


@pytest.mark.parametrize("driver", [Along(parse_wind("ada bob ada*2 bob*2")), Free()])
def test_a_call_of_several_steps_is_granted_in_its_parts(office, driver):
    result = office.run(a_tally(Stepwise), driver)
    assert (result.ending, result.message) == ("finished", "")
    assert [event.operation for event in result.trace.events if event.agent == "ada"] == [
        "read",
        "look",
        "write",
    ]


def test_a_mistake_in_a_clerk_of_ours_comes_back_with_its_traceback_and_the_office_goes_on(office):
    with pytest.raises(OfficeLost, match="no such door"):
        office.run(a_tally(Broken), Calm())
    assert office.run(a_tally(), Calm()).ending == "finished"


# -- nothing left behind --


def test_nothing_is_left_after_many_runs_some_of_them_aborted():
    before = shared_things()
    with Office() as office:
        session = office.pid
        wait_for_crew(office, a_tally())
        files = len(os.listdir(f"/proc/{session}/fd"))
        for number in range(8):
            assert office.run(a_tally(), Seeded(number)).ending == "finished"
            assert office.run(two_keys(), Seeded(number)).ending in ("finished", "stuck")
            assert office.run(a_tube(), Free(), timeout=20).ending == "finished"
            run = office.start(an_endless_round(), Calm())
            time.sleep(0.005 * number)
            run.abort()
            assert run.wait().ending == "aborted"
            office.start(an_endless_wait(), Free(), timeout=60).abort()
        wait_for_crew(office, a_tally())
        assert len(os.listdir(f"/proc/{session}/fd")) == files
        assert len(processes_of(session)) == 3  # the office, and two clerks who wait
    assert processes_of(session) == []
    assert gone_soon(lambda: shared_things() - before)


KILLED = """
import sys, time
sys.path[:0] = {path!r}
from test_run import a_full_store, an_endless_round, an_endless_wait
from game.run import Calm, Free, Office

if __name__ == "__main__":
    office = Office({clerks!r})
    office.open()
    run = office.start({system}(), {driver}, timeout=60)
    time.sleep(0.5)
    print(office.pid, flush=True)
    {then}
"""


@pytest.mark.parametrize(
    ("system", "driver", "clerks"),
    [
        ("an_endless_round", "Calm()", "fork"),
        ("an_endless_wait", "Free()", "fork"),
        ("a_full_store", "Free()", "spawn"),  # whose semaphores have names
    ],
)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, None])
def test_whatever_ends_the_owner_ends_the_office_and_its_clerks(tmp_path, system, driver, clerks, how):
    before = shared_things()
    script = tmp_path / "owner.py"
    here = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
    then = "time.sleep(60)" if how else "pass"
    script.write_text(KILLED.format(path=here, system=system, driver=driver, clerks=clerks, then=then))
    owner = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with owner:
        session = int(owner.stdout.readline())
        running = how is None or gone_soon(lambda: len(processes_of(session)) != 2)
        owner.send_signal(how or 0)
        try:
            assert running
            owner.wait(20)
        finally:
            owner.kill()
    assert gone_soon(lambda: processes_of(session))
    assert gone_soon(lambda: shared_things() - before)


def offices_of(owner):
    """The sessions that children of this process lead."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == owner and fields[3] == folder.name:
                found.append(int(folder.name))
    return found


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whatever_ends_the_command_line_ends_its_office_and_clerks(how):
    before = shared_things()
    command = [sys.executable, "-m", "game", "run", "1.1", "reference", "--repeat", "100000"]
    owner = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path(__file__).parent.parent
    )
    try:
        assert gone_soon(lambda: not offices_of(owner.pid), 20)
        (session,) = offices_of(owner.pid)
        assert gone_soon(lambda: len(processes_of(session)) < 2, 20)
        owner.send_signal(how)
        owner.wait(20)
    finally:
        owner.kill()
        owner.wait()
    assert gone_soon(lambda: processes_of(session))
    assert gone_soon(lambda: shared_things() - before)


def test_the_office_imports_nothing_the_window_needs():
    code = "import sys, game.office.process; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    heavy = {"pygame", "yaml", "pydantic", "click", "rich", "numpy", "PIL", "pluggy"}
    assert heavy.isdisjoint(name.partition(".")[0] for name in done.stdout.split())


def test_clerks_can_be_spawned_where_there_is_no_fork():
    with Office(clerks="spawn") as office:
        for driver in (Along(parse_wind("ada bob ~belt/bob ~belt/ada cleo*4")), Free()):
            result = office.run(two_senders(), driver, timeout=30)
            assert result.ending == "finished"
        assert office.run(a_tube(), Calm(), timeout=30).ending == "finished"


def test_a_letter_is_really_torn_where_two_receive(office):
    reader = "def {}(end):\n    deliver(end.recv())\n    deliver(end.recv())\n"
    scripts = {
        "ada": "def ada(end):\n    for n in range(4):\n        end.send(n)\n",
        "bob": reader.format("bob"),
        "cy": reader.format("cy"),
    }
    gets = {"ada": {"end": "tube.w"}, "bob": {"end": "tube.r"}, "cy": {"end": "tube.r"}}
    system = a_system(scripts, {"tube": Pipe(duplex=False, capacity=4)}, gets)
    result = office.run(system, Along(parse_wind("ada*5 bob cy cy bob bob")))
    assert [(event.agent, event.error) for event in result.trace.events if event.error] == [
        ("cy", "EOFError"),
        ("bob", "UnpicklingError"),
    ]
    result = office.run(system, Along(parse_wind("ada*5 bob*3 cy*3"), "calm"))
    assert (result.ending, delivered(result.trace)) == ("finished", [0, 1, 2, 3])


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="has no niceness")
def test_an_office_that_yields_stands_back_with_all_its_clerks():
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with Office(yields=3) as office:
        waits = {"ada": "def ada(belt):\n    belt.get()\n"}
        run = office.start(a_system(waits, {"belt": Queue()}, {"ada": {"belt": "belt"}}), Free())
        until = time.monotonic() + 20
        while not run.pids and time.monotonic() < until:
            run.poll()
        for pid in (office.pid, run.pids["ada"]):
            assert os.getpriority(os.PRIO_PROCESS, pid) == min(own + 3, 19)
            session = Path(f"/proc/{pid}/autogroup")
            if session.exists():  # where processors are shared out by session, see sched(7)
                assert session.read_text().split()[1:] == ["nice", "3"]
