"""The rule of `array`: cells one at a time, behind one lock."""

from __future__ import annotations

import pytest

from game.channels.array import Cards, SharedArray
from game.channels.kind import BLOCKED, Done, Picture, Refused
from game.channels.rlock import Guard

THREE = SharedArray(initial=(1, 2, 3))


def cards(*cells: int, holder: str = "", depth: int = 0) -> Cards:
    return Cards(cells, Guard(holder, depth))


def test_cells_are_read_and_written_one_at_a_time_from_either_end():
    state = THREE.start(())
    assert state == cards(1, 2, 3)
    assert THREE.step(state, "ada", "read", (1,)) == Done(state, 2)
    assert THREE.step(state, "ada", "read", (-1,)) == Done(state, 3)
    assert THREE.step(state, "ada", "write", (-3, 7)) == Done(cards(7, 2, 3))


@pytest.mark.parametrize("index", [3, -4, 99])
def test_there_are_no_other_cells(index: int):
    state = THREE.start(())
    assert THREE.step(state, "ada", "read", (index,)) == Refused(state, "IndexError", "invalid index")
    assert THREE.step(state, "ada", "write", (index, 1)) == Refused(state, "IndexError", "invalid index")


def test_an_index_and_what_is_written_are_numbers():
    state = THREE.start(())
    assert THREE.step(state, "ada", "read", ("x",)) == Refused(state, "TypeError", "indices must be integers")
    assert THREE.step(state, "ada", "write", ("x", 1)) == Refused(
        state, "TypeError", "indices must be integer"
    )
    assert THREE.step(state, "ada", "write", (0, None)) == Refused(
        state, "TypeError", "'NoneType' object cannot be interpreted as an integer"
    )


def test_one_lock_covers_every_cell():
    held = cards(1, 2, 3, holder="ada", depth=1)
    assert THREE.step(held, "bob", "read", (0,)) is BLOCKED
    assert THREE.step(held, "bob", "write", (2, 5)) is BLOCKED
    assert THREE.step(held, "ada", "write", (2, 5)) == Done(cards(1, 2, 5, holder="ada", depth=1))
    assert THREE.step(held, "ada", "lock.release", ()) == Done(cards(1, 2, 3))


def test_without_a_lock_there_is_none_to_get():
    assert SharedArray(lock=False).open_faces()[""].names() == ()


@pytest.mark.parametrize("initial", [(), (0,) * 1001])
def test_an_array_has_a_sensible_size(initial: tuple[int, ...]):
    with pytest.raises(ValueError, match="an array has 1 to 1000 numbers"):
        SharedArray(initial=initial)


def test_the_board_shows_the_cards():
    assert THREE.show(cards(1, 2, 3, holder="ada", depth=1)) == Picture(
        "cards", cells=(1, 2, 3), holder="ada", depth=1
    )
    assert THREE.reading(cards(4, 5, 6)) == (4, 5, 6)
