"""The rule of `lock`: as multiprocessing has it."""

from __future__ import annotations

import sys

import pytest

from game.channels.kind import BLOCKED, Done, Picture, Refused, Wait
from game.channels.lock import Lock
from game.request import ListValue

LOCK = Lock()


@pytest.mark.parametrize("argument", [(), (True, None), (False, None), (True, 1), (1, 0)])
def test_a_free_lock_is_taken(argument: tuple):
    assert LOCK.step("", "ada", "acquire", argument) == Done("ada", True)


@pytest.mark.parametrize("clerk", ["ada", "bob"])
def test_a_held_lock_blocks_everybody_its_holder_too(clerk: str):
    assert LOCK.step("ada", clerk, "acquire", ()) is BLOCKED
    assert LOCK.step("ada", clerk, "acquire", (False, None)) == Done("ada", False)
    assert LOCK.step("ada", clerk, "acquire", (True, 3)) == Done("ada", False)


def test_anybody_may_release_it_but_only_once():
    assert LOCK.step("ada", "bob", "release", ()) == Done("")
    assert LOCK.step("", "ada", "release", ()) == Refused(
        "", "ValueError", "semaphore or lock released too many times"
    )


def test_arguments_are_as_picky_as_the_real_ones():
    picky = Refused("", "TypeError", "'str' object cannot be interpreted as an integer")
    newer = sys.version_info >= (3, 12)
    assert LOCK.step("", "ada", "acquire", ("x", None)) == (Done("ada", True) if newer else picky)
    assert LOCK.step("bob", "ada", "acquire", ("", None)) == (
        Done("bob", False) if newer else picky._replace(state="bob")
    )
    for empty in (ListValue(()), (), None):
        assert isinstance(LOCK.step("bob", "ada", "acquire", (empty, None)), Done if newer else Refused)
    assert LOCK.step("", "ada", "acquire", (True, "x")) == Refused(
        "", "TypeError", "must be real number, not str"
    )


def test_who_goes_home_with_the_key_keeps_it():
    assert LOCK.leave("ada", "ada") == Done("ada")


def test_a_waiting_clerk_is_told_who_has_the_key():
    assert LOCK.wait("ada", "bob", "acquire", ()) == Wait(
        "waits for {channel}, which ada holds", ("ada",), ("release",)
    )
    assert LOCK.wait("ada", "ada", "acquire", ()).text == "waits for {channel}, which it holds itself"


def test_the_board_shows_who_has_the_key():
    assert LOCK.show("ada") == Picture("key", holder="ada", depth=1)
    assert LOCK.show("") == Picture("key")
