"""Memory that processes share: logs, and the board with everybody's turns."""

import multiprocessing
import os
import signal
import sys
import threading
import time

import pytest

from game.office.shared import LONGEST_STRETCH, Board, Log, LogFull, Notes, Turn, dumped, loaded
from game.request import Handle, ListValue
from game.settle import same

METHODS = ["fork", "spawn"] if sys.platform == "linux" else ["spawn"]

VALUES = [
    None,
    True,
    1,
    -(2**63),
    "",
    "tea",
    "Grüße \ud800",
    (),
    (1, (True, "x")),
    ListValue((1, ListValue(()))),
    (ListValue((Handle("@kit", "sentinel"), Handle("tube", "r"))), None),
]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_read_as_it_was_written_down(value):
    (entry,) = loaded(dumped((7, value, "get")))
    assert same(entry, (7, value, "get"))


def test_what_is_not_the_same_is_not_dumped_the_same_and_equal_texts_are():
    assert len({dumped((value,)) for value in VALUES}) == len(VALUES)
    assert dumped(("tea",)) == dumped(("".join(["t", "ea"]),))
    assert dumped(((1, 1), "tea", "tea")) == dumped((tuple([1, 1]), "tea", "".join(["t", "ea"])))


def write_and_die(log):
    log.write(("first", 1))
    log.write(("second", ListValue((2,))))
    log.over(True)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("method", METHODS)
def test_a_log_outlives_the_process_that_was_killed(method):
    context = multiprocessing.get_context(method)
    log = Log(context)
    assert (log.empty, log.ended) == (True, "")
    process = context.Process(target=write_and_die, args=(log,))
    process.start()
    process.join()
    assert list(log.read()) == [("first", 1), ("second", ListValue((2,)))]
    assert (log.empty, log.ended) == (False, "badly")
    log.clear()
    assert (log.empty, log.ended) == (True, "badly")
    log.restart()
    assert (log.raw(), log.ended) == (b"", "")
    process.close()


def test_a_full_log_says_so_and_keeps_what_it_has(monkeypatch):
    monkeypatch.setattr("game.office.shared.LOG_SIZE", 100)
    log = Log(multiprocessing.get_context("spawn"))
    log.write(("x" * 40,))
    with pytest.raises(LogFull):
        log.write(("x" * 40,))
    log.write((1,))
    assert list(log.read()) == [("x" * 40,), (1,)]


def relay(board, plan, steps):
    """Threads for all agents that do as many steps as the plan gives them; `steps` says who moved when."""

    def work(agent):
        turn = Turn(board, agent)
        for _ in range(plan.count(agent)):
            turn.wait()
            steps.append(agent)
            turn.done()

    threads = [threading.Thread(target=work, args=(agent,)) for agent in range(board.office)]
    for thread in threads:
        thread.start()
    return threads


def test_the_turn_goes_round_as_planned_and_then_to_the_office():
    board = Board(multiprocessing.get_context("spawn"), 3)
    plan, steps = [1, 1, 0, 2, 1, 0, 0, 2, 2, 2, 1], []
    threads = relay(board, plan * 3, steps)
    for number in range(3):
        board.plan(plan)
        assert not board.door.poll(0.01)
        board.ring(plan[0])
        assert board.door.poll(60)
        board.answer()
        assert (board.at, steps) == (len(plan), plan * (number + 1))
    for thread in threads:
        thread.join()
    board.close()


def test_the_longest_stretch_fits_on_the_board():
    board = Board(multiprocessing.get_context("spawn"), 1)
    steps = []
    (thread,) = relay(board, [0] * LONGEST_STRETCH, steps)
    board.plan([0] * LONGEST_STRETCH)
    board.ring(0)
    assert board.door.poll(60)
    thread.join()
    assert (board.at, len(steps)) == (LONGEST_STRETCH, LONGEST_STRETCH)
    board.close()


def test_on_alarm_whoever_moves_rings_the_office():
    board = Board(multiprocessing.get_context("spawn"), 2)
    board.plan([0, 1, 0, 1])
    board.alarm()
    for agent in (1, 0):
        Turn(board, agent).done()
        assert board.door.poll(60)
        board.answer()
    board.close()


def test_what_the_office_knows_of_the_clerks_stands_on_the_board():
    board = Board(multiprocessing.get_context("spawn"), 3)
    assert not board.listen
    board.listen = True
    board.mark_gone(1)
    board.plan([0, 1, 2])
    assert (board.listen, [board.gone(clerk) for clerk in range(3)]) == (True, [False, True, False])
    board.close()


def note_and_die(log):
    notes = log.notes()
    notes.begin()
    for value in VALUES:
        notes.gave(value)
    notes.raised("Empty", "none there")
    notes.went("get.letter", (True, ListValue((1,))))
    notes.gave(False)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("method", METHODS)
def test_notes_outlive_the_process_that_was_killed(method):
    context = multiprocessing.get_context(method)
    log = Log(context)
    before = time.monotonic_ns()
    process = context.Process(target=note_and_die, args=(log,))
    process.start()
    process.join()
    moments, came = zip(*log.notes().read(), strict=True)
    assert came[0] == ("gave", None)
    assert same(came[1 : 1 + len(VALUES)], tuple(("gave", value) for value in VALUES))
    assert came[1 + len(VALUES) :] == (
        ("raised", "Empty", "none there"),
        ("went", "get.letter", (True, ListValue((1,)))),
        ("gave", False),
    )
    times = [before, *moments, time.monotonic_ns()]
    assert times == sorted(times)
    process.close()


def test_what_belongs_to_a_moment_is_not_read_before_the_moment_is_there():
    words = memoryview(bytearray(800)).cast("q")
    notes = Notes(words)
    notes.begin()
    words[2] = 77  # the number of an operation whose end is not noted
    assert len(list(Notes(words).read())) == 1


@pytest.mark.parametrize("value", [None, False, 3, "tea"])
def test_full_notes_say_so_and_keep_what_they_have(value):
    notes = Notes(memoryview(bytearray(8 * 20)).cast("q"))
    written = 0
    with pytest.raises(LogFull):
        while True:
            notes.gave(value)
            written += 1
    assert [came for _, came in notes.read()] == [("gave", value)] * written
    assert written >= 3
