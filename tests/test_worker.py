"""A clerk's process by itself, with the test in the place of the office."""

import multiprocessing
import os
import signal
import sys

import pytest
from builders import a_system
from lifecycles import several_to_wait_for
from odd_kinds import Broken, Lying, Stepwise

from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.office.shared import Board, Log
from game.request import Handle, ListValue, Request
from game.worker import BUG, Answer, Bug, Orders, Post, clerk_process

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")

ME, PORTER = 0, 1


class Desk:
    """Where one clerk of a system is started, briefed and watched."""

    def __init__(self, system, controlled=True, stays=False):
        context = multiprocessing.get_context("fork")
        self.reals = {
            name: kind.open(context, holders)
            for (name, kind), holders in zip(system.channels[:-1], system.holders, strict=False)
        }
        self.system, self.log, self.board = system, Log(context), Board(context, 2)
        self.line, far = context.Pipe()
        post = Post(
            system=system,
            number=ME,
            reals=self.reals,
            log=self.log,
            board=self.board,
            porters={name: PORTER for name, kind in system.channels if isinstance(kind, Queue)},
            line=far,
            strangers=(),
            office=os.getpid(),
        )
        self.process = context.Process(target=clerk_process, args=(post,))
        self.process.start()
        self.order(controlled, stays)

    def order(self, controlled=True, stays=False, part=None):
        noticed = self.system.noticed[ME]
        pids = dict.fromkeys(self.system.clerks, os.getpid())
        self.board.listen, self.stays = True, stays
        self.line.send(Orders(controlled, noticed, stays, part, None, pids))
        self.board.ring(ME)
        self.told = self.line.recv()
        self.board.listen = False

    def steps(self, *agents):
        """Let these agents take a step each, and give what was written down meanwhile."""
        self.log.clear()
        self.board.plan(agents)
        self.board.ring(agents[0])
        assert self.board.door.poll(60)
        self.board.answer()
        return list(self.log.read())

    def begin(self):
        if not self.stays:  # else it begins with its first turn
            self.board.ring(ME)

    def end(self):
        self.process.join(60)
        return self.process.exitcode


@pytest.fixture
def desk():
    desks = []

    def a_desk(*arguments, **more):
        desks.append(Desk(*arguments, **more))
        return desks[-1]

    yield a_desk
    for one in desks:
        one.process.kill()
        one.process.join()
        one.line.close()
        one.board.close()


def alone(script, **channels):
    """A system of one clerk who holds everything."""
    return a_system({"ada": script}, channels, {"ada": {name: name for name in channels}})


def test_a_step_is_done_when_the_turn_is_given_and_its_result_written_down(desk):
    clerk = desk(
        alone("def ada(tally):\n    tally.value += 5\n    deliver('x')\n", tally=SharedValue(initial=1))
    )
    clerk.begin()
    assert clerk.steps(ME) == [(2, "read", 1, "")]
    clerk.reals["tally"].value = 10
    assert clerk.steps(ME, ME) == [(2, "write", None, ""), (3, "deliver", None, "")]
    assert (clerk.reals["tally"].value, clerk.log.ended, clerk.end()) == (6, "well", 0)


def test_an_uncaught_exception_is_written_down_and_ends_the_process_badly(desk):
    clerk = desk(alone("def ada(belt):\n    belt.get_nowait()\n", belt=Queue()))
    clerk.begin()
    assert clerk.steps(ME) == [(2, "get", None, "Empty")]
    assert (clerk.log.ended, clerk.end()) == ("badly", 1)


def test_a_call_of_several_steps_takes_a_turn_for_each(desk):
    clerk = desk(alone("def ada(tally):\n    deliver(tally.value)\n", tally=Stepwise(initial=4)))
    clerk.begin()
    assert clerk.steps(ME) == [(2, "read", None, "")]
    assert clerk.steps(ME, ME) == [(2, "look", 4, ""), (2, "deliver", None, "")]


def test_a_porter_has_turns_of_its_own(desk):
    clerk = desk(alone("def ada(belt):\n    belt.put(1)\n    belt.put(2)\n    belt.get()\n", belt=Queue()))
    clerk.begin()
    assert clerk.steps(ME, ME) == [(2, "put", None, ""), (3, "put", None, "")]
    assert not clerk.reals["belt"]._reader.poll(0.05)
    assert clerk.steps(PORTER, PORTER, ME) == [(4, "get", 1, "")]
    assert clerk.end() == 0


def test_who_stays_begins_anew_with_what_it_is_given(desk):
    clerk = desk(alone("def ada(tally):\n    tally.value = 1\n", tally=SharedValue()), stays=True)
    for _ in range(2):
        clerk.begin()
        assert clerk.steps(ME) == [(2, "write", None, "")]
        assert clerk.log.ended == "well"
        clerk.log.restart()
    other = alone("def ada(tally):\n    deliver(3)\n", tally=SharedValue())
    clerk.order(part=(other.programs[0], dict(other.level.clerks[0].gets)))
    clerk.begin()
    assert clerk.steps(ME) == [(2, "deliver", None, "")]
    assert clerk.end() == 0


def test_in_a_free_run_it_is_noted_what_came_before_the_next_operation_blocks(desk):
    system = alone("def ada(chute):\n    deliver(7)\n    chute.get()\n", chute=SimpleQueue())
    clerk = desk(system, controlled=False)
    clerk.begin()
    while len(list(clerk.log.notes().read())) < 2:
        assert clerk.process.is_alive()
    os.kill(clerk.process.pid, signal.SIGKILL)
    assert clerk.end() == -9
    (began, _), (delivered, came) = clerk.log.notes().read()
    assert came == ("gave", None)
    assert began <= delivered
    assert clerk.log.ended == ""


@pytest.mark.parametrize("slow", ["", "    slow = [1]\n"])
def test_a_free_clerk_notes_what_each_operation_gave(desk, slow):
    script = (
        "def ada(belt, tally, tube_a, tube_b):\n"
        f"{slow}"
        "    belt.put((1, 'x'))\n"
        "    got = belt.get()\n"
        "    tally.value = 2**3 - 3\n"
        "    with tally.get_lock():\n"
        "        tally.value += 2\n"
        "    tube_a.send(got)\n"
        "    deliver(tube_b.recv())\n"
        "    deliver(tube_b.poll())\n"
        "    try:\n"
        "        belt.get(timeout=1)\n"
        "    except Empty:\n"
        "        belt.get(False)\n"
    ).replace("2**3 - 3", "5")
    system = a_system(
        {"ada": script},
        {"belt": Queue(), "tally": SharedValue(), "tube": Pipe()},
        {"ada": {"belt": "belt", "tally": "tally", "tube_a": "tube.a", "tube_b": "tube.b"}},
    )
    clerk = desk(system, controlled=False)
    clerk.begin()
    assert clerk.end() == 1
    gave = [None, (1, "x"), None, True, 5, None, None, None, (1, "x"), None, False, None]
    assert [came for _, came in clerk.log.notes().read()][1:] == [
        *(("gave", value) for value in gave),
        ("raised", "Empty", ""),
        ("raised", "Empty", ""),
    ]
    assert (clerk.reals["tally"].value, clerk.log.ended) == (7, "badly")


def test_a_call_of_several_steps_is_noted_step_by_step(desk):
    system = alone("def ada(tally):\n    deliver(tally.value)\n", tally=Stepwise(initial=4))
    clerk = desk(system, controlled=False)
    clerk.begin()
    assert clerk.end() == 0
    came = [came for _, came in clerk.log.notes().read()]
    assert came[1:] == [("went", "look", ()), ("gave", 4), ("gave", None)]


def test_what_a_kind_performs_otherwise_is_not_done_by_heart_as_before(desk):
    """A kind that overrides `perform` alone, as a stranger's may."""
    clerk = desk(
        alone("def ada(tally):\n    tally.value = 5\n    deliver(tally.value)\n", tally=Lying()), False
    )
    clerk.begin()
    assert clerk.end() == 0
    assert [came for _, came in clerk.log.notes().read()][1:] == [("gave", None), ("gave", 6), ("gave", None)]


def test_a_free_clerk_says_how_it_ended(desk):
    clerk = desk(alone("def ada(belt):\n    belt.get_nowait()\n", belt=Queue()), controlled=False)
    clerk.begin()
    assert clerk.end() == 1
    *_, (_, came) = clerk.log.notes().read()
    assert (came, clerk.log.ended) == (("raised", "Empty", ""), "badly")


def test_a_free_clerk_asks_the_office_about_processes(desk):
    system = a_system(
        {
            "ada": "def ada(kit):\n    deliver(kit.exitcode)\n    kit.start()\n",
            "kit": "def kit():\n    deliver(1)\n",
        },
        {},
        {"ada": {"kit": "@kit"}, "kit": {}},
    )
    clerk = desk(system, controlled=False)
    clerk.begin()
    assert clerk.line.recv() == Request("@kit", "exitcode")
    clerk.line.send(Answer(-9))
    assert clerk.line.recv() == Request("@kit", "start")
    clerk.line.send(Answer(None, "AssertionError", "cannot start a process twice"))
    assert clerk.end() == 1
    assert [came for _, came in clerk.log.notes().read()][1:] == [
        ("gave", -9),
        ("gave", None),
        ("raised", "AssertionError", "cannot start a process twice"),
    ]


def test_wait_looks_at_real_ends_and_processes(desk, monkeypatch):
    clerk = desk(several_to_wait_for())
    clerk.reals["two"].ends["w"].connection.send((1, bytes(99)))
    clerk.begin()
    assert clerk.steps(ME) == [(4, "wait", ListValue((Handle("two", "r"),)), "")]


def test_wait_without_files_of_processes_looks_at_the_board(desk, monkeypatch):
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    clerk = desk(several_to_wait_for())
    clerk.reals["two"].ends["w"].connection.send((1, bytes(99)))
    clerk.board.mark_gone(1)
    clerk.begin()
    ready = ListValue((Handle("two", "r"), Handle("@kit", "sentinel")))
    assert clerk.steps(ME) == [(4, "wait", ready, "")]


def test_a_mistake_of_ours_is_told_with_its_traceback(desk):
    clerk = desk(alone("def ada(tally):\n    tally.value = 1\n", tally=Broken()))
    assert isinstance(clerk.told, Bug)
    assert "no such door" in clerk.told.text
    assert clerk.end() == BUG
