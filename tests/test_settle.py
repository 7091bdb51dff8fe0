"""Putting what free clerks wrote down into one legal order."""

import random

import pytest
from builders import a_system

from game.channels.joinable_queue import JoinableQueue
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.office.forecast import Forecast, policy_of
from game.office.orders import Seeded
from game.settle import Impossible, Record, Unsettled, same, settle
from game.trace import Trace

QUEUE_GET = (True, None)


def a_tally():
    script = "def chalk(tally):\n    tally.value += 1\n"
    clerks = {name: {"script": "chalk", "tally": "tally"} for name in ("ada", "bob")}
    return a_system({"chalk": script}, {"tally": SharedValue()}, clerks)


def senders(kind, letters):
    scripts = {
        "send": f"def send(belt, me):\n    for number in range({letters}):\n        belt.put((me, number))\n",
        "cleo": f"def cleo(belt):\n    for number in range({3 * letters}):\n        deliver(belt.get())\n",
    }
    clerks = {name: {"script": "send", "belt": "belt", "me": name} for name in ("ada", "bob", "dot")}
    return a_system(scripts, {"belt": kind}, clerks | {"cleo": {"belt": "belt"}})


def a_join():
    scripts = {
        "boss": "def boss(bob, belt):\n    bob.join()\n    deliver(belt.get())\n",
        "bob": "def bob(belt):\n    belt.put(1)\n",
    }
    return a_system(
        scripts, {"belt": Queue()}, {"boss": {"bob": "@bob", "belt": "belt"}, "bob": {"belt": "belt"}}
    )


def a_tube():
    scripts = {
        "ada": "def ada(end):\n    end.send('tea')\n",
        "bob": (
            "def bob(end):\n"
            "    end.recv()\n"
            "    try:\n"
            "        end.recv()\n"
            "    except EOFError:\n"
            "        deliver(0)\n"
        ),
    }
    return a_system(scripts, {"tube": Pipe()}, {"ada": {"end": "tube.a"}, "bob": {"end": "tube.b"}})


def read(clerk, result, began, ended):
    return Record(clerk, "tally", "read", (), 2, began, ended, result)


def write(clerk, number, began, ended):
    return Record(clerk, "tally", "write", (number,), 2, began, ended)


def a_random_run(system, seed):
    """A legal run under this seed, and records of it whose times overlap at random."""
    chance, policy, forecast = random.Random(seed), policy_of(Seeded(seed)), Forecast(system)
    events, records, free = [], [], {}
    while (step := policy(forecast)) is not None:
        forecast.take(step)
        event = step.event
        events.append(event)
        if event.agent.startswith("~"):
            continue
        moment = 100 * len(events)
        began = max(free.get(event.agent, 0), moment - chance.randrange(500))
        ended = moment + chance.randrange(50)
        free[event.agent] = ended + 1
        _, channel, operation, argument, result, error, line, _ = event
        records.append(Record(event.agent, channel, operation, argument, line, began, ended, result, error))
    return records, system.ending(forecast.world)


def test_operations_that_overlap_are_put_in_the_order_their_results_ask_for():
    records = [
        read("ada", 1, 0, 50),
        write("ada", 2, 60, 70),
        read("bob", 0, 10, 20),
        write("bob", 1, 30, 40),
    ]
    trace = settle(a_tally(), records)
    assert isinstance(trace, Trace)
    assert (trace.wind, trace.ending, trace.source) == (("bob", "bob", "ada", "ada"), "finished", "free")


def test_a_lost_update_is_legal_and_settles_as_one():
    records = [
        read("ada", 0, 0, 10),
        write("ada", 1, 30, 40),
        read("bob", 0, 11, 20),
        write("bob", 1, 50, 60),
    ]
    assert settle(a_tally(), records).wind == ("ada", "bob", "ada", "bob")


def test_what_ended_before_something_began_comes_first():
    records = [
        read("ada", 0, 30, 40),  # began when bob had written 1 already
        write("ada", 1, 50, 60),
        read("bob", 0, 0, 10),
        write("bob", 1, 11, 20),
    ]
    found = settle(a_tally(), records)
    assert isinstance(found, Impossible)
    assert found.reason == "after 2 operations none of these fits the rules: ada's tally.read gave 0"
    assert [event.agent for event in found.events] == ["bob", "bob"]
    assert found.records == tuple(records)


def test_a_result_the_rules_never_give_is_impossible():
    records = [
        read("ada", 0, 0, 10),
        write("ada", 1, 20, 30),
        read("bob", 7, 40, 50),
        write("bob", 8, 60, 70),
    ]
    assert isinstance(settle(a_tally(), records), Impossible)


@pytest.mark.parametrize("kind", [Queue(), Queue(maxsize=3), SimpleQueue(capacity=2)])
@pytest.mark.parametrize("seed", range(10))
def test_any_legal_run_settles_whatever_its_porters_did(kind, seed):
    system = senders(kind, 8)
    records, ending = a_random_run(system, seed)
    trace = settle(system, records)
    assert isinstance(trace, Trace), trace.reason
    assert trace.ending == ending == "finished"
    assert system.follow(trace.wind)[0].events == trace.events
    for clerk in system.clerks:
        mine = [record.result for record in records if record.clerk == clerk]
        assert [event.result for event in trace.events if event.agent == clerk] == mine


@pytest.mark.parametrize("seed", range(10))
def test_letters_of_one_sender_that_overtake_each_other_are_impossible(seed):
    system = senders(Queue(), 3)
    records, _ = a_random_run(system, seed)
    gets = [index for index, record in enumerate(records) if record.operation == "get"]
    mine = [index for index in gets if records[index].result[0] == "ada"]
    one, other = mine[:2]
    records[one], records[other] = (
        records[one]._replace(result=records[other].result),
        records[other]._replace(result=records[one].result),
    )
    # cleo delivers what she got, so that her script agrees with her records.
    for index in (one, other):
        deliver = next(
            at for at, record in enumerate(records) if at > index and record.operation == "deliver"
        )
        records[deliver] = records[deliver]._replace(argument=(records[index].result,))
    found = settle(system, records)
    assert isinstance(found, Impossible)
    assert "cleo's belt.get gave" in found.reason


def test_a_join_comes_after_the_porter_has_emptied_the_tray():
    records = [
        Record("bob", "belt", "put", (1, True, None), 2, 0, 5),
        Record("boss", "@bob", "join", (None,), 2, 1, 50),
        Record("boss", "belt", "get", QUEUE_GET, 3, 60, 70, 1),
        Record("boss", "desk", "deliver", (1,), 3, 80, 90),
    ]
    assert settle(a_join(), records).wind == ("bob", "~belt/bob", "boss", "boss", "boss")


def test_going_home_is_a_step_where_others_notice_it():
    records = [
        Record("ada", "tube", "a.send", ("tea",), 2, 0, 5),
        Record("ada", "", "home", (), 0, 6, 90),
        Record("bob", "tube", "b.recv", (), 2, 1, 20, "tea"),
        Record("bob", "tube", "b.recv", (), 4, 21, 40, None, "EOFError"),
        Record("bob", "desk", "deliver", (0,), 6, 41, 42),
        Record("bob", "", "home", (), 0, 43, 95),
    ]
    assert settle(a_tube(), records).wind == ("ada", "bob", "ada", "bob", "bob", "bob")
    too_late = [record._replace(began=50) if record.operation == "home" else record for record in records]
    assert isinstance(settle(a_tube(), too_late), Impossible)


def test_an_operation_nobody_came_back_from_may_have_happened_or_not():
    scripts = {"ada": "def ada(belt):\n    belt.put(1)\n", "bob": "def bob(belt):\n    belt.get()\n"}
    system = a_system(scripts, {"belt": SimpleQueue()}, {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}})
    put = Record("ada", "belt", "put", (1,), 2, 0, None)
    waiting = settle(system, [put, Record("bob", "belt", "get", (), 2, 0, None)], "hung")
    assert (waiting.wind, waiting.ending) == ((), "hung")
    done = settle(system, [put, Record("bob", "belt", "get", (), 2, 0, 9, 1)], "killed")
    assert (done.wind, done.ending) == (("ada", "bob"), "killed")


def test_a_search_that_grows_too_large_says_so_instead_of_impossible():
    records, _ = a_random_run(senders(Queue(), 8), 1)
    found = settle(senders(Queue(), 8), records, nodes=10)
    assert isinstance(found, Unsettled)
    assert found.reason == "too many orders to try"
    assert found.events


def test_of_more_operations_than_can_be_put_in_order_only_a_beginning_is(monkeypatch):
    monkeypatch.setattr("game.settle.BEGINNING", 20)
    system = a_system(
        {"ada": "def ada(tally):\n    while True:\n        tally.value\n"},
        {"tally": SharedValue()},
        {"ada": {"tally": "tally"}},
    )
    records = [Record("ada", "tally", "read", (), 3, at, at + 1, 0) for at in range(100)]
    found = settle(system, records, "hung", nodes=100)
    assert (type(found), found.reason) == (Unsettled, "too many orders to try")
    assert (len(found.events), len(found.records)) == (19, 20)
    assert isinstance(settle(system, records[:99], "hung", nodes=100), Trace)


def test_a_search_can_be_called_off():
    records, _ = a_random_run(senders(Queue(), 2), 1)
    found = settle(senders(Queue(), 2), records, cancelled=lambda: True)
    assert (type(found), found.reason) == (Unsettled, "stopped")


def test_results_are_compared_with_their_types():
    assert same((1, ("a", None)), (1, ("a", None)))
    assert not same(True, 1)
    assert not same((1, (True,)), (1, (1,)))
    assert not same((1,), (1, 2))


def test_a_call_that_went_on_was_not_over():
    scripts = {
        "ada": "def ada(book):\n    book.join()\n",
        "bob": "def bob(book):\n    deliver(book.qsize())\n    book.put(1)\n",
    }
    system = a_system(scripts, {"book": JoinableQueue()}, {name: {"book": "book"} for name in scripts})
    records = [
        Record("ada", "book", "join", (), 2, 25, 40),  # gives nothing, asleep or not
        Record("ada", "book", "join.asleep", (None,), 2, 41, None),
        Record("bob", "book", "qsize", (), 2, 0, 10, 0),
        Record("bob", "desk", "deliver", (0,), 2, 11, 15),
        Record("bob", "book", "put", (1, True, None), 3, 20, 30),
        Record("bob", "book", "put.stow", (1,), 3, 31, 50),
    ]
    trace = settle(system, records, "hung")
    assert isinstance(trace, Trace)
    assert trace.wind == ("bob", "bob", "bob", "bob", "ada")
