"""The rule of `simple_queue`: no trays, and a put that waits."""

from __future__ import annotations

from game.channels.kind import BLOCKED, Done, Picture, Wait
from game.channels.simple_queue import SimpleQueue


def test_what_is_put_is_there_at_once():
    chute = SimpleQueue()
    assert chute.step((), "ada", "put", ("tea",)) == Done(("tea",))
    assert chute.step(("tea",), "ada", "empty", ()) == Done(("tea",), False)
    assert chute.step(("tea", "bun"), "ada", "get", ()) == Done(("bun",), "tea")


def test_a_full_chute_blocks_the_put_and_an_empty_one_the_get():
    chute = SimpleQueue(capacity=1)
    assert chute.step(("tea",), "ada", "put", ("bun",)) is BLOCKED
    assert chute.step((), "ada", "get", ()) is BLOCKED
    assert chute.wait(("tea",), "ada", "put", ("bun",)) == Wait("waits for room in {channel}", None, ("get",))
    assert chute.wait((), "ada", "get", ()) == Wait("waits for a letter in {channel}", None, ("put",))


def test_it_is_shown_as_a_chute_and_keeps_what_nobody_took():
    assert SimpleQueue(capacity=4).show(("tea",)) == Picture("chute", items=("tea",), capacity=4)
    assert SimpleQueue().rest(("tea",)) == ("tea",)
    assert SimpleQueue().leave(("tea",), "ada") == Done(("tea",))
