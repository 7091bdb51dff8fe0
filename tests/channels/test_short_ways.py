"""The short ways to real objects: a real timeout is the office's, never the script's number of seconds."""

from __future__ import annotations

from multiprocessing import get_context

import pytest

from game.channels.kind import short_way
from game.plugins import load_registry

KINDS = load_registry(entry_points=False).kinds


def timed():
    """Every operation that takes a timeout, with the kind it is of."""
    for name, kind in sorted(KINDS.items()):
        if name == "desk":
            continue
        for face in kind().open_faces().values():
            for operation in face.calls.values():
                if "timeout" in operation.parameters:
                    yield pytest.param(kind(), operation, id=f"{name} {operation.name}")


@pytest.mark.parametrize(("kind", "operation"), list(timed()))
def test_a_timeout_that_is_given_takes_the_long_way(kind, operation):
    real = kind.open(get_context("fork"), tuple((face, "ada") for face in kind.open_faces()))
    at = operation.parameters.index("timeout")
    assert short_way(kind, real, "ada", operation.name, at + 1, ()) is None
    kind.shut(real)


def test_without_a_timeout_a_lock_is_taken_by_its_own_method():
    lock = get_context("fork").Lock()
    ways = [("acquire", 0, ()), ("acquire", 0, (True, None)), ("release", 0, ())]
    assert [short_way(KINDS["lock"](), lock, "ada", *way) for way in ways] == [
        lock.acquire,
        lock.acquire,
        lock.release,
    ]
