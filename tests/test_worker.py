"""The lines between the office and its clerks. What a clerk does with them is seen in test_run.py."""

import multiprocessing
import threading

import pytest

from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.request import Handle, ListValue, Request
from game.worker import Line, PorterGate, has_porters


def a_line():
    return Line.pair(multiprocessing.get_context("spawn"))


@pytest.mark.parametrize(
    "message",
    [None, (1, "", "", 7), Request("belt", "put", (ListValue((1, "tea")), Handle("@bob"))), "x" * 1_000_000],
)
def test_a_message_arrives_as_it_was_sent_whatever_its_size(message):
    here, there = a_line()
    sender = threading.Thread(target=here.send, args=(message,))
    sender.start()
    assert there.recv() == message
    sender.join()
    assert not there.waiting


def test_messages_sent_in_one_go_are_read_one_by_one():
    here, there = a_line()
    for number in range(5):
        here.send(number)
    assert there.recv() == 0
    assert there.waiting
    assert [there.recv() for _ in range(4)] == [1, 2, 3, 4]
    assert not there.waiting


def test_a_closed_end_ends_the_line_after_what_was_sent():
    here, there = a_line()
    here.send("last")
    here.close()
    assert there.recv() == "last"
    with pytest.raises(EOFError):
        there.recv()
    with pytest.raises(BrokenPipeError):
        there.send("anybody?")


def test_a_porter_passes_its_gate_once_for_every_grant_and_says_when_it_is_done():
    office, porter = a_line()
    gate, carried = PorterGate(porter), []

    def carry():
        for number in range(2):
            gate.wait()
            carried.append(number)
            gate.done()

    thread = threading.Thread(target=carry)
    thread.start()
    for number in range(2):
        assert carried == list(range(number))
        office.send(None)
        assert office.recv() is None
    thread.join()
    assert carried == [0, 1]


def test_kinds_with_porters_are_known():
    assert has_porters(Queue())
    assert not has_porters(SimpleQueue())
