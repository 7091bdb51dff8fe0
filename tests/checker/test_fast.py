"""With numpy the same graph is found, only sooner."""

import math

import pytest
from builders import a_system
from random_offices import random_system
from test_budget import strokes
from test_reduced import locked, philosophers

from game.channels.lock import Lock
from game.checker import check as checking
from game.checker.cycles import count_winds, endless
from game.checker.space import Space, explore
from game.level.model import Limits

pytest.importorskip("numpy")
from game.checker import fast
from game.checker.fast import FITS, explore_fast

FOREVER = 10_000_000


def the_same(system):
    plain_space, fast_space = Space(system), Space(system)
    plain = explore(plain_space, FOREVER, lambda _: "")
    fast = explore_fast(fast_space, FOREVER, lambda _: "")
    assert set(map(plain_space.unpack, plain.worlds)) == set(map(fast_space.unpack, fast.worlds))
    assert set(map(plain_space.unpack, plain.terminals)) == set(map(fast_space.unpack, fast.terminals))
    assert (plain.transitions, plain.layered, plain.whole) == (fast.transitions, fast.layered, fast.whole)
    assert (endless(plain), count_winds(plain)) == (endless(fast), count_winds(fast))
    mask = fast_space.channel_mask
    assert fast.moments(mask) == {packed & mask for packed in fast.worlds}


def test_random_systems_have_the_same_graph():
    for seed in range(40):
        system = random_system(seed)
        if explore(Space(system), 2_000, lambda _: "").whole:
            the_same(system)


@pytest.mark.parametrize("system", [locked(4, 3), philosophers(5, 2), philosophers(7, 1)])
def test_locks_have_the_same_graph(system):
    the_same(system)


def test_winds_too_many_for_a_machine_word_are_counted_exactly(monkeypatch):
    monkeypatch.setattr(fast, "LARGE", 1000)
    the_same(philosophers(5, 2))
    system = locked(2, 60)
    assert count_winds(explore_fast(Space(system), FOREVER, lambda _: "")) == math.comb(120, 60) > 2**63


def test_a_level_looked_at_in_slices_is_the_same(monkeypatch):
    monkeypatch.setattr(fast, "SLICE", 7)
    the_same(philosophers(5, 2))


def test_a_wide_world_is_narrowed_until_it_fits():
    keys = {f"k{number}": Lock() for number in range(40)}
    script = f"def {{0}}({', '.join(keys)}):\n    with k0:\n        with k1:\n            pass\n"
    system = a_system(
        {name: script.format(name) for name in ("ada", "bob")},
        keys,
        {name: {key: key for key in keys} for name in ("ada", "bob")},
    )
    assert Space(system).bits > FITS
    the_same(system)


def test_it_stops_by_states_and_by_time():
    graph = explore_fast(Space(philosophers(5, 2)), 1_000, lambda _: "")
    assert (graph.whole, graph.stopped_by, len(graph.worlds) > 1_000) == (False, "1,000 states", True)
    graph = explore_fast(Space(philosophers(5, 2)), FOREVER, lambda found: "enough" if found > 500 else "")
    assert (graph.whole, graph.stopped_by) == (False, "enough")


def test_the_inspector_gives_the_same_verdict_without_numpy(monkeypatch):
    monkeypatch.setattr(checking, "FIRST_LOOK", 1_000)
    limits = Limits(states=100_000, seconds=60)
    fast = checking.check(philosophers(5, 2), limits, reduce=False)
    monkeypatch.setattr(checking, "find_spec", lambda _: None)
    plain = checking.check(philosophers(5, 2), limits, reduce=False)
    assert (
        fast.word,
        fast.states,
        fast.transitions,
        fast.terminals,
        fast.winds,
        fast.peak,
        fast.outcomes,
    ) == (
        plain.word,
        plain.states,
        plain.transitions,
        plain.terminals,
        plain.winds,
        plain.peak,
        plain.outcomes,
    )


def test_little_is_done_between_two_looks_however_broad_a_level_is(monkeypatch):
    """In worlds handled, not in seconds: those are the machine's business."""
    monkeypatch.setattr(fast, "SLICE", 50)
    monkeypatch.setattr(fast, "BLOCK", 400)
    handled, most = [0], [0]

    def look(*_):
        most[0] = max(most[0], handled[0])
        handled[0] = 0
        return ""

    def counting(work):
        def counted(*given):
            handled[0] += len(given[-1])
            return work(*given)

        return counted

    monkeypatch.setattr(fast, "_distinct", counting(fast._distinct))
    monkeypatch.setattr(fast._Table, "deltas", counting(fast._Table.deltas))
    system = strokes(3, 3)
    plain, space = explore(Space(system), FOREVER, lambda _: ""), Space(system)
    space.tick = look
    graph = fast.explore_fast(space, FOREVER, look)
    counts = (len(graph.worlds), graph.transitions, set(map(space.unpack, graph.terminals)))
    assert counts[:2] == (len(plain.worlds), plain.transitions)
    assert graph.layered and graph.depth == plain.depth
    assert max(map(len, graph.levels)) > 900
    assert graph.paths() == plain.paths()
    assert len(graph.moments(-1)) == len(graph.worlds)
    look()
    assert most[0] <= 450


def test_it_stops_in_the_middle_of_a_level_when_told_to(monkeypatch):
    monkeypatch.setattr(fast, "BLOCK", 100)
    graph = fast.explore_fast(Space(strokes(3, 3)), 2_000, lambda _: "")
    assert not graph.whole and graph.stopped_by == "2,000 states"
    assert 2_000 < len(graph.worlds) <= 2_100
