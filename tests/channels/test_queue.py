"""The rule of `queue`: trays, porters, the belt, and the count behind maxsize."""

from __future__ import annotations

import pytest

from game.channels.joinable_queue import JoinableQueue
from game.channels.kind import BLOCKED, Done, Picture, Refused, Wait
from game.channels.queue import Belt, Queue

TWO = (("", "ada"), ("", "bob"))
PATIENT = (True, None)


def belt(*items: object, ada: tuple = (), bob: tuple = ()) -> Belt:
    return Belt(items, (("ada", ada), ("bob", bob)), len(items) + len(ada) + len(bob))


def test_every_holder_has_an_empty_tray_at_first():
    assert Queue().start((*TWO, ("", "ada"))) == belt()


def test_a_put_lies_in_the_callers_tray():
    assert Queue().step(belt(), "bob", "put", ("tea", *PATIENT)) == Done(belt(bob=("tea",)))


def test_nobody_gets_what_is_still_in_a_tray_not_even_its_owner():
    state = belt(ada=("tea",))
    assert Queue().step(state, "ada", "get", (False, None)) == Refused(state, "Empty")
    assert Queue().step(state, "ada", "get", PATIENT) is BLOCKED


def test_the_porter_carries_the_oldest_first():
    state = belt("x", ada=("tea", "cake"), bob=("bun",))
    assert Queue().porters(state) == ("ada", "bob")
    assert Queue().carry(state, "ada") == Done(belt("x", "tea", ada=("cake",), bob=("bun",)), "tea")


def test_a_get_takes_the_first_on_the_belt_and_makes_room():
    assert Queue(2).step(belt("x", "y"), "bob", "get", PATIENT) == Done(belt("y"), "x")


def test_a_full_queue_counts_trays():
    state = belt("x", ada=("y",))
    full = Queue(2)
    assert full.step(state, "bob", "put", ("z", *PATIENT)) is BLOCKED
    assert full.step(state, "bob", "put", ("z", False, None)) == Refused(state, "Full")
    assert full.step(state, "bob", "put", ("z", True, 3)) == Refused(state, "Full")
    assert full.step(state, "bob", "full", ()) == Done(state, True)


def test_an_endless_queue_is_never_full():
    state = belt(*range(50))
    assert Queue().step(state, "ada", "full", ()) == Done(state, False)
    assert isinstance(Queue().step(state, "ada", "put", (1, *PATIENT)), Done)


def test_a_get_with_a_timeout_may_give_up_while_the_belt_is_empty():
    assert Queue().step(belt(), "ada", "get", (True, 1)) == Refused(belt(), "Empty")


def test_empty_looks_at_the_belt_and_qsize_at_the_count():
    state = belt(ada=("tea",))
    assert Queue().step(state, "bob", "empty", ()) == Done(state, True)
    assert Queue().step(state, "bob", "qsize", ()) == Done(state, 1)


def test_nobody_goes_home_before_their_tray_is_empty():
    assert Queue().leave(belt(ada=("tea",)), "ada") is BLOCKED
    assert Queue().leave(belt(ada=("tea",)), "bob") == Done(belt(ada=("tea",)))


def test_a_full_wire_holds_porters_back_and_with_them_who_wants_to_go_home():
    narrow, full = Queue(wire=1), belt("tea", ada=("milk",))
    assert narrow.step(belt("tea"), "ada", "put", ("milk", *PATIENT)) == Done(full)
    assert narrow.carry(full, "ada") is BLOCKED
    assert narrow.leave(full, "ada") is BLOCKED
    room = belt(ada=("milk",))
    assert narrow.step(full, "bob", "get", PATIENT) == Done(room, "tea")
    assert narrow.carry(room, "ada") == Done(belt("milk"), "milk")
    assert narrow.show(full).capacity == 1


@pytest.mark.parametrize("kind", [Queue, JoinableQueue])
def test_a_wire_holds_what_a_real_pipe_can_be_made_to_hold(kind):
    assert kind(wire=64).wire == 64
    with pytest.raises(ValueError, match="holds 1, 2, 4, 8, 16, 32 or 64 letters, or with 0 as many"):
        kind(wire=3)


def test_a_waiting_clerk_is_told_what_for():
    queue = Queue(1)
    assert queue.wait(belt(), "bob", "get", PATIENT) == Wait(
        "waits for a letter on {channel}", None, ("put",)
    )
    assert queue.wait(belt(ada=("tea",)), "bob", "get", PATIENT).text == (
        "waits for a letter on {channel} (one lies in the out-tray of ada)"
    )
    assert queue.wait(belt("x"), "bob", "put", ("y", *PATIENT)) == Wait(
        "waits for room in {channel}", None, ("get",)
    )


def test_the_board_shows_belt_and_trays_and_what_is_left_counts_both():
    state = belt("x", ada=("y",))
    assert Queue(3).show(state) == Picture(
        "belt", items=("x",), trays=(("ada", ("y",)), ("bob", ())), capacity=3
    )
    assert Queue().rest(state) == ("x", "y")
