"""Who could change places, and that looking at one of all such worlds loses no ending."""

from math import factorial

import pytest
from builders import a_system
from test_reduced import both, philosophers
from twins import family_office, twin_office

from game.channels.lock import Lock
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.checker import check as checking
from game.checker.check import check
from game.checker.diagnose import fault_at_the_end
from game.checker.reduced import explore_reduced, loose_desk
from game.checker.space import Space, explore
from game.checker.symmetry import Looks, Symmetry, exchanges
from game.goals import Bag, Log, MayFail, Reads
from game.level.model import Cat, Limits

FOREVER = 10_000_000


def chalkers(clerks, times, **more):
    script = f"def work(t):\n    for n in range({times}):\n        t.value += 1\n"
    gets = {name: {"script": "work", "t": "t"} for name in "abcdef"[:clerks]}
    return a_system({"work": script}, {"t": SharedValue()}, gets, **more)


def test_clerks_with_one_script_and_one_board_can_change_places_in_every_way():
    assert [len(exchanges(chalkers(clerks, 1))) + 1 for clerks in (2, 3, 4, 5)] == list(
        map(factorial, (2, 3, 4, 5))
    )


def test_channels_of_their_own_change_places_with_them():
    script = "def work(q, t):\n    q.put(1)\n    t.value += q.get()\n"
    names = ("ada", "bob")
    system = a_system(
        {"work": script},
        {"t": SharedValue(), "red": Queue(), "blue": Queue()},
        {
            name: {"script": "work", "t": "t", "q": mine}
            for name, mine in zip(names, ("red", "blue"), strict=True)
        },
    )
    moved = {"ada": "bob", "bob": "ada", "red": "blue", "blue": "red"}
    assert exchanges(system) == [moved | {"@ada": "@bob", "@bob": "@ada"}]


def test_a_round_table_can_be_turned():
    eat = "def eat(a, b):\n    with a:\n        with b:\n            pass\n"
    seats = [f"p{seat}" for seat in range(5)]
    system = a_system(
        {"eat": eat},
        {f"k{seat}": Lock() for seat in range(5)},
        {name: {"script": "eat", "a": f"k{at}", "b": f"k{(at + 1) % 5}"} for at, name in enumerate(seats)},
    )
    assert len(exchanges(system)) == 4
    whole, fewer = both(system)
    assert fewer < whole / 5


ONE = "def one(t):\n    t.value += 1\n"


@pytest.mark.parametrize(
    ("scripts", "channels", "clerks", "more"),
    [
        ({"one": ONE, "two": ONE.replace("one", "two").replace("1", "2")}, {"t": SharedValue()},
         {"ada": {"script": "one", "t": "t"}, "bob": {"script": "two", "t": "t"}}, {}),
        ({"one": ONE}, {"t": SharedValue(), "u": SharedValue(1)},
         {"ada": {"script": "one", "t": "t"}, "bob": {"script": "one", "t": "u"}}, {}),
        ({"one": "def one(t, n):\n    t.value = n\n"}, {"t": SharedValue()},
         {"ada": {"script": "one", "t": "t", "n": 1}, "bob": {"script": "one", "t": "t", "n": 2}}, {}),
        ({"one": ONE}, {"t": SharedValue()}, {n: {"script": "one", "t": "t"} for n in ("ada", "bob")},
         {"win": [MayFail(("ada",))]}),
        ({"one": ONE}, {"t": SharedValue(), "u": SharedValue()},
         {"ada": {"script": "one", "t": "t"}, "bob": {"script": "one", "t": "u"}},
         {"win": [Reads((("t", 1),))]}),
        ({"one": ONE}, {"t": SharedValue()}, {n: {"script": "one", "t": "t"} for n in ("ada", "bob")},
         {"later": ("ada",)}),
        ({"one": ONE}, {"t": SharedValue()}, {n: {"script": "one", "t": "t"} for n in ("ada", "bob")},
         {"cat": Cat(1, ("ada",))}),
        ({"one": ONE, "boss": "def boss(a):\n    a.join()\n"}, {"t": SharedValue()},
         {"ada": {"script": "one", "t": "t"}, "bob": {"script": "one", "t": "t"}, "boss": {"a": "@ada"}}, {}),
    ],
    ids=["scripts", "kinds", "literals", "goal", "boards", "started", "cat", "joined"],
)  # fmt: skip
def test_who_differs_in_anything_stays(scripts, channels, clerks, more):
    assert exchanges(a_system(scripts, channels, clerks, **more)) == []


def test_a_name_that_a_script_can_hold_is_noticed_and_no_ending_lost():
    script = "def work(s):\n    s.put('a' + 'da')\n    deliver(s.get())\n"
    system = a_system(
        {"work": script},
        {"s": SimpleQueue()},
        {name: {"script": "work", "s": "s"} for name in ("ada", "bob")},
        win=[Log(())],
    )
    space = Space(system)
    explore(space, FOREVER, lambda _: "")
    with pytest.raises(Looks):
        Symmetry(space, exchanges(system)).look_out()
    both(system)


def test_one_world_stands_for_each_set_that_can_be_renamed_into_each_other():
    system = chalkers(3, 1)
    space = Space(system)
    graph = explore(space, FOREVER, lambda _: "")
    symmetry = Symmetry(space, exchanges(system))
    kept = {symmetry.canonical(world) for world in graph.worlds}
    assert (len(graph.worlds), len(kept)) == (59, 20)
    assert set(symmetry.unfold(sorted(kept))) == set(graph.worlds)


def test_families_keep_every_ending():
    kept = whole = 0
    for seed in range(60):
        system = family_office(seed)
        if explore(Space(system), 2_000, lambda _: "").whole:
            before, after = both(system, loose=loose_desk(system))
            whole, kept = whole + before, kept + after
    assert kept < whole / 2


@pytest.mark.parametrize("symmetric", [True, False])
def test_twins_keep_every_ending(symmetric):
    kept = whole = 0
    for seed in range(40):
        system = twin_office(seed)
        if not explore(Space(system), 2_000, lambda _: "").whole:
            continue
        before, after = both(system, loose=loose_desk(system), symmetric=symmetric)
        whole, kept = whole + before, kept + after
    assert kept * (5 if symmetric else 2) < whole


def test_groups_who_share_nothing_are_looked_at_one_after_the_other():
    script = "def work(t):\n    t.value += 1\n    t.value += 1\n"
    system = a_system(
        {"work": script},
        {"t": SharedValue(), "u": SharedValue()},
        {name: {"script": "work", "t": "t" if name in "ab" else "u"} for name in "abcd"},
        win=[Reads((("t", 4), ("u", 4)))],
    )
    alone = len(explore(Space(chalkers(2, 2)), FOREVER, lambda _: "").worlds)
    whole = len(explore(Space(system), FOREVER, lambda _: "").worlds)
    found = explore_reduced(Space(system), FOREVER, lambda _: "", symmetric=False)
    assert (whole, len(found.terminals)) == (alone**2, 9)
    assert found.states < 5 * alone


def cost(failure):
    return failure.preemptions, failure.switches, len(failure.wind)


def test_verdict_and_outcomes_are_those_of_the_whole_space(monkeypatch):
    limits = Limits(states=100_000, seconds=60)
    systems = [chalkers(4, 2, win=[Reads((("t", 8),))]), philosophers(5, 2)]
    systems += [twin_office(seed) for seed in range(15)]
    whole = [check(system, limits) for system in systems]
    monkeypatch.setattr(checking, "QUICK_LOOK", 20)
    for system, plain in zip(systems, whole, strict=True):
        fewer = check(system, limits)
        assert (fewer.word, fewer.outcomes) == (plain.word, plain.outcomes)
        if plain.failure:
            assert cost(fewer.failure) == cost(plain.failure)
            trace, world = system.follow(fewer.failure.wind)
            assert trace.events == fewer.failure.trace.events
            assert fault_at_the_end(system, world)


def test_larger_offices_need_a_hundredth_of_their_worlds():
    script = "def work(t):\n    for n in range(2):\n        with t.get_lock():\n            t.value += 1\n"
    names = "abcdef"
    system = a_system(
        {"work": script},
        {"t": SharedValue()},
        {name: {"script": "work", "t": "t"} for name in names},
        win=[Bag(())],
    )
    whole, fewer = both(system)
    assert whole > 300 * fewer


def test_scripts_that_differ_in_nothing_but_their_names_are_one():
    def copied(other):
        scripts = {"ada": "def ada(t):\n    t.value += 1\n", "bob": f"def bob(t):\n    t.value += {other}\n"}
        return a_system(scripts, {"t": SharedValue()}, {name: {"t": "t"} for name in scripts})

    assert exchanges(copied(1)) == [{"ada": "bob", "bob": "ada", "@ada": "@bob", "@bob": "@ada"}]
    assert exchanges(copied(2)) == []
    assert both(copied(1)) == (12, 5)
