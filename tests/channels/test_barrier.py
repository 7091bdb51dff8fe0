"""The rule of `barrier`, where somebody asks how many wait there."""

from __future__ import annotations

from game.channels.barrier import CloseBarrier, Ferry
from game.channels.kind import Done, Goes

LEAVING = 1


def test_a_barrier_of_one_is_left_at_once_and_yet_seen_leaving():
    barrier = CloseBarrier(1)
    come = barrier.step(Ferry(), "bob", "wait", (None,))
    assert isinstance(come, Goes) and come.operation == "wait.full"
    full = barrier.step(come.state, "bob", come.operation, come.argument)
    assert isinstance(full, Goes) and full.operation == "wait.leave"
    assert full.state == Ferry(LEAVING, ("bob",), "bob")
    # Who looks now is told 0 at the first look, as by CPython, whose n_waiting counts only while it fills.
    assert barrier.step(full.state, "ada", "n_waiting", ()) == Done(full.state, 0)
    assert barrier.step(full.state, "bob", full.operation, full.argument) == Done(Ferry(), 0)


def test_a_barrier_of_two_is_left_by_one_after_the_other():
    barrier = CloseBarrier(2)
    slept = barrier.step(Ferry(), "ada", "wait", (None,))
    full = barrier.step(slept.state, "bob", "wait", (None,))
    rung = barrier.step(full.state, "bob", full.operation, full.argument)
    assert [slept.operation, full.operation, rung.operation] == ["wait.aboard", "wait.full", "wait.rung"]
    assert rung.state.phase == LEAVING and rung.state.aboard == 2
