"""Real wires: values cross unchanged, and exactly as many letters fit as the level says."""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
from multiprocessing.reduction import ForkingPickler

import pytest

from game.channels import wire
from game.channels.wire import PAGE, Lane, one_way, receive, send, to_real, to_value, two_way
from game.request import LARGEST_MESSAGE, ListValue, Value, weight

CONTEXT = multiprocessing.get_context()
VALUES: list[Value] = [
    None,
    True,
    0,
    -(2**63),
    "",
    "Grüße " * 100,
    (1, ("x",)),
    ListValue((1, (ListValue(()),))),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_cross_as_real_python_objects_and_back(value: Value):
    assert repr(to_value(to_real(value))) == repr(value)


def test_a_list_is_a_real_list_on_the_way():
    assert to_real((ListValue((1, (ListValue((2,)),))),)) == ([1, ([2],)],)


def test_what_is_no_value_does_not_cross():
    with pytest.raises(TypeError, match="nothing a clerk can hold"):
        to_value(1.5)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_padded_letter_has_exactly_its_length(value: Value):
    letter = Lane(PAGE).pack(value)
    assert len(ForkingPickler.dumps(letter)) + wire.HEADER == PAGE
    assert repr(Lane(PAGE).unpack(letter)) == repr(value)


def a_heavy_value(chance: random.Random) -> Value:
    """A random value of nearly the largest weight."""
    atoms = (None, True, 7, 2**63 - 1, -(2**63), "", "tea", "é€😀" * 5, "\ud800")
    value: Value = "x" * chance.randrange(900)
    while weight(value) < LARGEST_MESSAGE - 200:
        more = tuple(chance.choice(atoms) for _ in range(chance.randrange(4)))
        value = (value, *more) if chance.random() < 0.5 else ListValue((ListValue(more), value, *more))
    return value


@pytest.mark.parametrize("seed", range(20))
def test_every_message_a_script_may_send_fits_into_a_page(seed: int):
    value = a_heavy_value(random.Random(seed))
    assert weight(value) <= LARGEST_MESSAGE
    assert len(ForkingPickler.dumps(to_real(value))) <= weight(value) + 15
    Lane(PAGE).pack(value)


@pytest.mark.parametrize("lane", [Lane(PAGE), Lane()])
def test_a_letter_longer_than_a_page_is_refused_on_every_lane(lane: Lane):
    lane.pack("x" * 3000)
    with pytest.raises(ValueError, match="bytes too long"):
        lane.pack("x" * 4000)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a pipe's size be set")
@pytest.mark.parametrize("capacity", [1, 2, 4, 16, 64])
def test_the_kernel_counts_letters_in_and_out_of_a_one_way_wire(capacity: int):
    reader, writer, lane = one_way(CONTEXT, capacity)
    with reader, writer:
        os.set_blocking(writer.fileno(), False)
        assert lane == Lane(PAGE)
        for number in range(capacity):
            send(writer, lane, None, number)
        for number in range(3):
            with pytest.raises(BlockingIOError):
                send(writer, lane, None, "too much")
            assert receive(reader, lane, None) == number
            send(writer, lane, None, number + capacity)


def test_big_letters_fit_as_often_as_small_ones(monkeypatch: pytest.MonkeyPatch):
    """Nothing here may block: letters of nearly a page, as many as the largest capacity."""
    big = "x" * 3700
    monkeypatch.setattr(wire, "_PATIENCE", 0)
    reader, writer, lane = one_way(CONTEXT, 63)
    with reader, writer:
        for _ in range(63):
            send(writer, lane, None, big)
        assert lane.credits is not None and not lane.credits.acquire(block=False)
    a, b, forth, _ = two_way(CONTEXT, 64)
    with a, b:
        for _ in range(64):
            send(a, forth, None, big)
        assert [receive(b, forth, None) for _ in range(64)] == [big] * 64


def test_a_sender_without_credit_notices_that_nobody_reads(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wire, "_PATIENCE", 0)
    a, b, forth, _ = two_way(CONTEXT, 1)
    with a:
        send(a, forth, None, "tea")
        b.close()
        with pytest.raises(BrokenPipeError, match=r"^\[Errno 32\] Broken pipe$"):
            send(a, forth, None, "bun")
