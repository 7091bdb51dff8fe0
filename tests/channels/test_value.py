"""The rule of `value`: two steps for `+=`, and the wrapper's lock."""

from __future__ import annotations

from game.channels.kind import BLOCKED, Done, Picture, Refused, Wait
from game.channels.rlock import Guard
from game.channels.value import SharedValue, Tally
from game.request import ListValue

NOT_YOURS = "attempt to release recursive lock not owned by thread"


def tally(number: int = 0, holder: str = "", depth: int = 0) -> Tally:
    return Tally(number, Guard(holder, depth))


def test_two_readers_of_41_both_write_42():
    value, state = SharedValue(41), SharedValue(41).start(())
    assert value.step(state, "ada", "read", ()) == value.step(state, "bob", "read", ()) == Done(state, 41)
    once = value.step(state, "ada", "write", (42,)).state
    assert value.step(once, "bob", "write", (42,)) == Done(tally(42))


def test_others_wait_while_somebody_holds_the_lock():
    value, state = SharedValue(), tally(5, "ada", 1)
    for operation, argument in (
        ("read", ()),
        ("write", (1,)),
        ("lock.acquire", ()),
        ("lock.acquire", (True, None)),
    ):
        assert value.step(state, "bob", operation, argument) is BLOCKED
        assert value.wait(state, "bob", operation, argument) == Wait(
            "waits for the lock of {channel}, which ada holds", ("ada",), ("lock.release",)
        )
    assert value.step(state, "ada", "read", ()) == Done(state, 5)


def test_the_lock_may_be_taken_again_and_is_free_after_as_many_releases():
    value = SharedValue()
    assert value.step(tally(0, "ada", 1), "ada", "lock.acquire", ()) == Done(tally(0, "ada", 2), True)
    assert value.step(tally(0, "ada", 2), "ada", "lock.release", ()) == Done(tally(0, "ada", 1))
    assert value.step(tally(0, "ada", 1), "ada", "lock.release", ()) == Done(tally())


def test_only_the_holder_may_release():
    for state in (tally(), tally(0, "ada", 1)):
        assert SharedValue().step(state, "bob", "lock.release", ()) == Refused(
            state, "AssertionError", NOT_YOURS
        )


def test_an_impatient_acquire_returns_false():
    state = tally(0, "ada", 1)
    assert SharedValue().step(state, "bob", "lock.acquire", (False, None)) == Done(state, False)
    assert SharedValue().step(state, "bob", "lock.acquire", (True, 2)) == Done(state, False)


def test_who_goes_home_with_the_lock_keeps_it():
    assert SharedValue().leave(tally(0, "ada", 1), "ada") == Done(tally(0, "ada", 1))


def test_a_cell_holds_64_bit_numbers_only():
    value = SharedValue()
    assert value.step(tally(), "ada", "write", (True,)) == Done(tally(1))
    assert value.step(tally(), "ada", "write", (2**63,)) == Done(tally(-(2**63)))
    for wrong, name in (("x", "str"), (None, "NoneType"), ((1,), "tuple"), (ListValue((1,)), "list")):
        assert value.step(tally(), "ada", "write", (wrong,)) == Refused(
            tally(), "TypeError", f"'{name}' object cannot be interpreted as an integer"
        )


def test_without_a_lock_there_is_none_to_get():
    assert SharedValue(lock=False).open_faces().keys() == {""}
    assert SharedValue(lock=False).open_faces()[""].names() == ("value",)
    assert SharedValue().open_faces()[""].names() == ("value", "get_lock", "acquire", "release")


def test_the_board_shows_the_number_and_who_has_the_lock():
    assert SharedValue().show(tally(5, "ada", 2)) == Picture("tally", number=5, holder="ada", depth=2)
    assert SharedValue().reading(tally(5)) == 5
    assert SharedValue().rest(tally(5)) == ()
