from hypothesis import given
from hypothesis import strategies as st

from game.undoing import Undoing


@given(st.lists(st.integers(0, 3), max_size=20))
def test_every_change_is_taken_back_and_made_again_and_none_that_changed_nothing(values):
    steps, states = Undoing(0), [0]
    for value in values:
        if steps.change(value):
            states.append(value)
    for before in reversed(states[:-1]):
        assert steps.can_undo and steps.undo() and steps.value == before
    assert not steps.can_undo and not steps.undo()
    for after in states[1:]:
        assert steps.redo() and steps.value == after
    assert not steps.can_redo and not steps.redo()


def test_another_change_forgets_what_was_taken_back():
    steps = Undoing("a")
    steps.change("ab")
    steps.undo()
    steps.change("ac")
    assert not steps.can_redo and steps.undo() and steps.value == "a"


def test_changes_that_belong_together_are_one_until_something_comes_between():
    steps = Undoing("")
    for text in ("a", "ab", "abc"):
        steps.change(text, merging="letters")
    steps.change("abc!")
    steps.change("abc!d", merging="letters")
    assert [steps.undo() and steps.value for _ in range(3)] == ["abc!", "abc", ""]
