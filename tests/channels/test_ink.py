"""What lies in a tray while it can still be changed."""

from __future__ import annotations

import pickle

import pytest

from game.channels.ink import Parcel, Wet, changed, holds, is_wet, laid, settled, words
from game.channels.queue import Belt, Queue
from game.request import CHANGE, ListValue

L = ListValue
HOLDERS = (("", "ada"), ("", "bob"))


def test_an_item_without_ink_is_dry():
    assert laid(7, ()) == 7 and not is_wet(7)
    assert laid(L((1,)), (-1,)) == Wet(L((1,)), (1,)) and words(Wet(L((1,)), (1,))) == L((1,))


def test_a_change_reaches_the_list_wherever_it_lies_and_nothing_else():
    inner, outer = L((1,)), L((L((1,)), 5))
    tray = (3, Wet(outer, (2, 1)), Wet((inner, L((9,))), (1, 0)), inner)
    after = changed(tray, L((1, 2)), (1,))
    assert after == (3, Wet(L((L((1, 2)), 5)), (2, 1)), Wet((L((1, 2)), L((9,))), (1, 0)), inner)


def test_a_change_can_bring_lists_of_its_own():
    tray = (Wet(L((L((1,)), 5)), (1, 2)),)
    assert changed(tray, L((5, L((L(()),)))), (1, -3, -4)) == (Wet(L((5, L((L(()),)))), (1, 3, 4)),)


def test_a_mark_that_is_used_again_no_longer_stands_for_the_old_list():
    tray = (Wet(L((L(()),)), (1, 2)),)
    assert settled(tray, (-1,)) == (Wet(L((L(()),)), (0, 2)),)
    assert settled(tray, (1,)) == tray
    assert not holds(settled(tray, (-1,)), 1) and holds(tray, 1)


def test_the_porter_seals_first_and_then_carries():
    queue = Queue()
    start = queue.start(HOLDERS)
    put = queue.step(start, "ada", "put", (L((1,)), True, None, (-1,))).state
    assert queue.show(put).wet == (("ada", (0,)),) and queue.rest(put) == (L((1,)),)
    sealed = queue.carry(put, "ada")
    assert sealed.result is None and sealed.state.tray("ada") == (L((1,)),)
    late = queue.step(sealed.state, "ada", CHANGE, (L((1, 2)), (1,)))
    assert late.state == sealed.state
    assert queue.carry(late.state, "ada").state.items == (L((1,)),)


def test_a_refused_put_dries_what_its_mark_stood_for_all_the_same():
    queue = Queue(maxsize=1)
    full = queue.step(queue.start(HOLDERS), "ada", "put", (L((1,)), True, None, (-1,))).state
    refused = queue.step(full, "ada", "put", (L((2,)), False, None, (-1,)))
    assert refused.error == "Full" and not holds(refused.state.tray("ada"), 1)


def test_a_change_is_alone_once_the_list_has_left_the_tray():
    queue = Queue()
    belt: Belt = queue.step(queue.start(HOLDERS), "ada", "put", (L((1,)), True, None, (-1,))).state
    others = frozenset({"get", "put"})
    assert not queue.alone(belt, "ada", CHANGE, (L(()), (1,)), others)
    assert not queue.carries_alone(belt, "ada", frozenset({"get"}), frozenset())
    sealed = queue.carry(belt, "ada").state
    assert queue.alone(sealed, "ada", CHANGE, (L(()), (1,)), others)
    assert queue.carries_alone(sealed, "ada", frozenset({"get"}), frozenset())


class _Turns:
    def __init__(self) -> None:
        self.told: list[str] = []

    def wait(self) -> None:
        self.told.append("wait")

    def done(self) -> None:
        self.told.append("done")


def test_a_parcel_is_pickled_in_one_turn_and_arrives_as_its_item():
    turns = _Turns()
    item = [1, [2]]
    sent = pickle.dumps(Parcel(item, turns))
    item.append(3)
    assert turns.told == ["wait", "done"] and pickle.loads(sent) == [1, [2]]


@pytest.mark.parametrize("operation", ["get", "get_nowait"])
def test_what_was_got_is_dry(operation: str):
    queue = Queue()
    put = queue.step(queue.start(HOLDERS), "ada", "put", (L((1,)), True, None, (-1,))).state
    there = queue.carry(queue.carry(put, "ada").state, "ada").state
    got = queue.step(there, "bob", "get", (operation == "get", None))
    assert got.result == L((1,)) and type(got.result) is L
