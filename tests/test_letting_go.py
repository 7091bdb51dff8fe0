"""The ends of a process that ends close one after the other: in the rules, in what free runs settle to, on
real processes under control, for SPIN, and nowhere that nobody could tell."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from random import Random

import pytest
from builders import a_system
from lifecycles import two_ends_and_a_look, two_ends_left, two_ends_polled, two_readers_left
from oracle.spin import installed, ours, spins
from random_tubes import random_tubes

from game.channels.kind import Kind
from game.channels.pipe import Pipe
from game.checker.check import check
from game.export.promela import promela_of
from game.level.model import Limits
from game.run import Along, Office
from game.settle import Impossible, Record, settle
from game.story import Film
from game.trace import Trace
from game.world import CannotMove, System, World

SLOW = [
    two_ends_left,
    two_ends_polled,
    partial(two_ends_polled, "terminate"),
    partial(two_ends_polled, "kill"),
    partial(two_ends_polled, "nap"),
    two_readers_left,
    two_ends_and_a_look,
]
WAITS = {
    "eve": "def eve(one, two):\n    pass\n",
    "cleo": "def cleo(one, two):\n    one.recv()\n",
    "dan": "def dan(two):\n    two.recv()\n",
}


def told(make) -> set[object]:
    """What cleo can have told the counter."""
    return {outcome.delivered for outcome in check(make(), reduce=False).outcomes}


def winds(system: System, world: World, blown: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    moves = system.moves(world)
    if not moves:
        yield blown
    for move in moves:
        yield from winds(system, move.world, (*blown, move.event.gust))


def test_one_end_may_be_found_closed_before_the_other():
    assert told(two_ends_polled) == {(("cleo", True),), (("cleo", False),)}
    lengths = {tuple(sorted(number for _, (number, _) in told_)) for told_ in told(two_ends_left)}
    assert lengths == {(1, 1, 1), (1, 1, 2), (1, 2, 2)}


@pytest.mark.parametrize(("how", "code"), [("terminate", -15), ("kill", -9)])
def test_so_do_the_ends_of_a_process_that_is_killed(how, code):
    both = {(("boss", code), ("cleo", open_)) for open_ in (True, False)}
    assert {tuple(sorted(delivered)) for delivered in told(partial(two_ends_polled, how))} == both


def test_the_cat_naps_once_even_when_the_ends_close_slowly():
    system = two_ends_polled("nap")
    world = system.do(system.start, "cat:eve#1").world
    assert world.lives[0] == "shutting napped"
    with pytest.raises(CannotMove):
        system.do(world, "cat:eve")
    assert system.look(world).clerks[0].life == "napped"


def test_a_signal_comes_too_late_once_the_first_end_has_closed():
    codes = {delivered[-1][1][1] for delivered in told(two_ends_and_a_look)}
    assert codes == {0}


def test_where_everybody_only_waits_all_ends_close_in_one_step():
    clerks = {
        "eve": {"one": "one.w", "two": "two.w"},
        "cleo": {"one": "one.r", "two": "six.r"},
        "dan": {"two": "two.r"},
    }
    tubes = {name: Pipe(duplex=False) for name in ("one", "two", "six")}
    system = a_system(WAITS, tubes, clerks)
    assert not any(system.ends)
    listening = {**WAITS, "dan": "def dan(two):\n    two.poll()\n"}
    assert a_system(listening, tubes, clerks).ends[0] == (0, 1)


def test_an_end_of_which_others_hold_copies_is_not_let_go_of_by_itself():
    clerks = {
        "eve": {"one": "one.w", "two": "two.w"},
        "cleo": {"one": "one.r", "two": "two.r"},
        "dan": {"two": "one.w"},
    }
    scripts = {
        **WAITS,
        "cleo": "def cleo(one, two):\n    two.poll()\n",
        "dan": "def dan(two):\n    two.send(1)\n",
    }
    system = a_system(scripts, {"one": Pipe(duplex=False), "two": Pipe(duplex=False)}, clerks)
    assert [move.event.operation for move in system.clerk_moves(system.start, 0)] == ["home"]
    alone = system.worlds(system.follow(["dan", "dan"])[0].events)[-1]
    assert [move.event.gust for move in system.clerk_moves(alone, 0)] == ["eve", "eve#1"]


def test_a_kind_that_does_not_say_how_its_ends_close_has_them_closed_with_all_others(monkeypatch):
    monkeypatch.setattr(Pipe, "let_go", Kind.let_go)
    assert not any(two_ends_polled().ends)


@pytest.mark.parametrize("seed", range(40))
def test_closing_finer_than_anybody_can_tell_changes_nothing_that_comes_of_it(monkeypatch, seed):
    enough = Limits(states=20_000, seconds=60)
    verdict = check(random_tubes(seed), enough, reduce=False)
    quickly = check(random_tubes(seed), enough)
    monkeypatch.setattr(Pipe, "lingers", Kind.lingers)
    monkeypatch.setattr(Pipe, "watched", Kind.watched)
    finer = check(random_tubes(seed), enough, reduce=False)
    if "all" in verdict.covered and "all" in finer.covered:
        assert set(finer.outcomes) == set(verdict.outcomes)
        assert finer.word == verdict.word == quickly.word


# -- free runs --


def polled(over: bool, asked: tuple[int, int], gone: int = 100) -> Trace | object:
    """Cleo meets the end of one at 20 to 30, and asks two in this time; eve's way home is 10 to `gone`."""
    records = [
        Record("eve", "", "home", (), 0, 10, gone),
        Record("cleo", "one", "r.recv", (), 3, 20, 30, None, "EOFError"),
        Record("cleo", "two", "r.poll", (0,), 5, *asked, over),
        Record("cleo", "desk", "deliver", (over,), 5, asked[1] + 1, asked[1] + 2),
        Record("cleo", "", "home", (), 0, asked[1] + 3, gone + 100),
    ]
    return settle(two_ends_polled(), records)


def test_a_free_run_that_saw_one_end_closed_and_the_other_open_is_settled():
    wind = polled(over=False, asked=(40, 50)).wind
    assert (wind[:3], sorted(wind[3:])) == (("eve#1", "cleo", "cleo"), ["cleo", "cleo", "eve"])
    assert polled(over=True, asked=(40, 50)).wind[0] == "eve"


def test_nothing_is_open_any_more_of_a_process_that_was_seen_to_have_ended():
    assert isinstance(polled(over=False, asked=(140, 150)), Impossible)


def test_no_end_closes_before_a_process_is_on_its_way():
    early = [
        Record("cleo", "one", "r.recv", (), 3, 2, 5, None, "EOFError"),
        Record("eve", "", "home", (), 0, 10, 20),
    ]
    assert isinstance(settle(two_ends_polled(), early), Impossible)


@pytest.mark.parametrize(("how", "agent"), [("kill", "signal:eve"), ("nap", "cat:eve")])
def test_a_free_run_in_which_somebody_is_killed_is_settled_so_too(how, agent):
    operation, asks = ("die", [Record("boss", "@eve", "kill", (), 2, 0, 5)]) if how == "kill" else ("nap", [])
    records = [
        *asks,
        Record("eve", "never", "get", (), 2, 0, None),
        Record(agent, "@eve", operation, (), 0, 6, 100, -9),
        Record("cleo", "one", "r.recv", (), 3, 20, 30, None, "EOFError"),
        Record("cleo", "two", "r.poll", (0,), 5, 40, 50, False),
    ]
    found = settle(two_ends_polled(how), records, "hung")
    assert isinstance(found, Trace)
    assert [gust for gust in found.wind if "eve" in gust] == [f"{agent}#1", "eve#1", "eve"]
    late = [record._replace(began=120, ended=130) if record.line == 5 else record for record in records]
    assert isinstance(settle(two_ends_polled(how), late, "hung"), Impossible)


# -- real processes under control --


@pytest.mark.skipif(sys.platform != "linux", reason="ends are closed by a signal")
@pytest.mark.parametrize("make", SLOW)
def test_real_processes_close_their_ends_as_the_wind_says(make):
    system = make()
    slow = [wind for wind in winds(system, system.start) if any("#" in gust for gust in wind)]
    assert slow
    Random(1).shuffle(slow)
    with Office() as office:
        for wind in slow[:12]:
            result = office.run(system, Along(wind))
            assert (result.ending, result.trace.wind) == ("finished", wind), result.message


# -- SPIN --


@pytest.mark.skipif(not installed(), reason="spin and gcc are not installed")
@pytest.mark.parametrize("system", [*(make() for make in SLOW), *map(random_tubes, range(8))])
def test_spin_counts_the_same_where_ends_close_one_after_the_other(system):
    assert any(system.ends)
    assert spins(promela_of(system)) == ours(system)


# -- in words --


def test_it_is_told_what_a_process_lets_go_of():
    system = two_ends_polled("nap")
    film = Film(system, system.follow(["cat:eve#1", "eve#1", "cleo", "eve", "cleo"])[0])
    assert [str(frame.caption) for frame in film.frames[1:5]] == [
        "the cat comes to eve, whose process ends and lets go of its ends one by one",
        "eve lets go of one on the way out",
        "cleo listens at one, but the other end is capped for good: EOFError",
        "eve is gone, with all it still held open",
    ]
    assert [frame.label for frame in film.frames[1:5]] == [
        "nap eve slowly",
        "let go one",
        "recv: EOFError",
        "gone",
    ]
