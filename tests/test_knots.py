"""Circles of waiting, and what only looks like one."""

from __future__ import annotations

import pytest

from game.knots import tangle_of
from game.world import Stuck


def stuck(*waits: str) -> tuple[Stuck, ...]:
    """`a: b c` waits for b or c, `a: b & c` for both."""
    found = []
    for wait in waits:
        clerk, _, others = wait.partition(":")
        every = "&" in others
        found.append(Stuck(clerk, "waits", tuple(others.replace("&", " ").split()), every))
    return tuple(found)


@pytest.mark.parametrize(
    ("waits", "clerks", "ring"),
    [
        (["a: b", "b: a"], "ab", True),
        (["a: b", "b: c", "c: b"], "bc", True),
        (["a: a", "b: a"], "a", True),
        (["a: b & c", "b: a", "c:"], "ab", True),  # c may go home: a still waits for b
        (["a: b c", "b: a", "c: a"], "abc", False),
        (["a: b c", "b: c", "c: b"], "bc", True),
        (["a: a b", "b: a"], "ab", False),
    ],
)
def test_those_whom_nobody_outside_could_help_are_a_circle(waits, clerks, ring):
    found = tangle_of(stuck(*waits))
    assert (found.clerks, found.ring) == (tuple(clerks), ring)


@pytest.mark.parametrize(
    "waits",
    [
        ["a:"],
        ["a: b", "b:"],
        ["a: b c", "b: a", "c:"],  # c could set a going, and then b
        ["a: b", "b: c", "c: a d", "d:"],
        ["a: b & c", "b:", "c:"],
    ],
)
def test_where_help_from_outside_would_end_it_there_is_no_circle(waits):
    assert tangle_of(stuck(*waits)) is None


def test_a_ring_says_who_waits_for_whom_and_a_tangle_every_such_pair():
    assert tangle_of(stuck("a: b", "b: a")).edges == (("a", "b"), ("b", "a"))
    assert tangle_of(stuck("a: b c", "b: a", "c: a")).edges == (
        ("a", "b"),
        ("a", "c"),
        ("b", "a"),
        ("c", "a"),
    )
