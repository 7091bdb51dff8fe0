"""Whatever a search leaves out, it finds every ending."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from oracle.golden import answers, read_golden
from oracle.programs import level_of, twins
from oracle.searches import WHOLE, Search, searches
from oracle.spin import ours

from game.world import System, build

PROGRAMS, ANSWERS = read_golden()
MOST = 3_000
each_search = pytest.mark.parametrize("search", searches(), ids=lambda search: search.name)


def offices() -> Iterator[tuple[str, System]]:
    """A part of them all; tests/oracle/derive.py has them all."""
    for kept in PROGRAMS[::4]:
        level = level_of(int(kept.key))
        yield f"seed {kept.key}", build(level, level.starter)
    for kept in PROGRAMS[1::8]:
        level = twins(level_of(int(kept.key)))
        system = build(level, level.starter)
        if ours(system, MOST) is not None:
            yield f"twins of seed {kept.key}", system
    yield from answers()


@pytest.fixture(scope="module")
def whole():
    return [(name, system, WHOLE.run(system)) for name, system in offices()]


@each_search
def test_every_search_finds_every_ending(search: Search, whole):
    wrong, fewer = [], 0
    for name, system, everything in whole:
        found = search.run(system)
        fewer += found.states < everything.states
        if found.endings != everything.endings:
            wrong.append((name, len(found.endings), len(everything.endings)))
    assert wrong == []
    assert (fewer > 100) == search.name.startswith("reduced")
