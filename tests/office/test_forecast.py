"""The rules asked ahead, and who moves next."""

import pytest
from builders import a_system
from lifecycles import LIFECYCLES, a_visit_of_the_cat, an_ended_kit
from odd_kinds import Moody

from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.office import forecast as module
from game.office.forecast import Forecast, policy_of, written
from game.office.orders import Along, Calm, Seeded
from game.office.shared import dumped
from game.world import CannotMove


def a_mixed_office():
    """Everything that can be a move: operations, choices, start, join, going home, porters."""
    scripts = {
        "ada": "def ada(bob, belt, board):\n    bob.start()\n    belt.put(board.value)\n    bob.join()\n",
        "bob": "def bob(belt, end):\n    end.send(belt.get())\n",
        "cleo": "def cleo(belt, end):\n    belt.put(0)\n    deliver(end.recv())\n",
    }
    clerks = {
        "ada": {"bob": "@bob", "belt": "belt", "board": "board"},
        "bob": {"belt": "belt", "end": "tube.a"},
        "cleo": {"belt": "belt", "end": "tube.b"},
    }
    return a_system(scripts, {"belt": Queue(), "board": Moody(), "tube": Pipe()}, clerks, later=["bob"])


def walk(forecast, driver):
    policy, wind = policy_of(driver), []
    forecast.restart()
    while (step := policy(forecast)) is not None:
        wind.append(step.event.gust)
        forecast.take(step)
    return tuple(wind)


@pytest.mark.parametrize("make", [a_mixed_office, *LIFECYCLES])
def test_a_forecast_knows_the_moves_and_worlds_of_the_rules_in_their_order(make):
    system = make()
    forecast = Forecast(system)
    for seed in range(5):
        policy, world = policy_of(Seeded(seed)), system.start
        forecast.restart()
        while True:
            moves = system.moves(world)
            assert [step.event for step in forecast.possible()] == [move.event for move in moves]
            assert forecast.world == world
            if (step := policy(forecast)) is None:
                break
            world = next(move.world for move in moves if move.event == step.event)
            forecast.take(step)


def test_answers_are_kept_and_given_up_when_there_are_too_many(monkeypatch):
    system = a_mixed_office()
    forecast = Forecast(system)
    before = [walk(forecast, Seeded(seed)) for seed in range(10)]
    known = forecast.kept
    assert [walk(forecast, Seeded(seed)) for seed in range(10)] == before
    assert forecast.kept == known
    monkeypatch.setattr(module, "MOST_KEPT", 5)
    forecast.restart()
    assert forecast.kept == 0
    assert [walk(forecast, Seeded(seed)) for seed in range(10)] == before


def test_calm_is_always_the_first_move_but_never_the_cat():
    forecast = Forecast(a_mixed_office())
    while possible := forecast.possible():
        assert forecast.calm() == possible[0]
        forecast.take(possible[0])
    assert forecast.calm() is None
    assert "cat:ada" not in walk(Forecast(a_visit_of_the_cat()), Calm())
    assert "signal:kit" in walk(Forecast(an_ended_kit()), Calm())


def test_a_seed_decides_everything():
    forecast = Forecast(a_mixed_office())
    winds = [walk(forecast, Seeded(seed)) for seed in range(10)]
    assert winds == [walk(Forecast(forecast.system), Seeded(seed)) for seed in range(10)]
    assert len(set(winds)) > 1
    assert all(forecast.system.follow(wind)[0].ending == "finished" for wind in winds)


def test_a_wind_ends_where_it_ends_or_goes_on_calmly():
    forecast = Forecast(a_mixed_office())
    assert walk(forecast, Along(("cleo", "ada"))) == ("cleo", "ada")
    wind = walk(forecast, Along(("cleo", "ada"), "calm"))
    assert (wind[:2], forecast.system.ending(forecast.world)) == (("cleo", "ada"), "finished")


@pytest.mark.parametrize(
    ("gust", "reason"),
    [
        ("bob", "bob cannot move: it has not been started"),
        ("ada#1", "ada cannot move: only 1 thing may happen here, counted from 0"),
        ("~belt/ada", "~belt/ada cannot move: the porter has nothing to carry"),
        ("eve", "eve cannot move: nobody here has that name; the agents are ada, bob, cleo"),
    ],
)
def test_who_cannot_move_is_told_why(gust, reason):
    with pytest.raises(CannotMove) as error:
        walk(Forecast(a_mixed_office()), Along((gust,)))
    assert str(error.value) == reason


def test_a_step_says_what_it_takes_to_be_granted():
    system = a_system(
        {
            "ada": "def ada(key, board, bob):\n    key.acquire(True, 2)\n    board.value\n    bob.join()\n",
            "bob": "def bob():\n    deliver(1)\n",
        },
        {"key": Lock(), "board": Moody()},
        {"ada": {"key": "key", "board": "board", "bob": "@bob"}, "bob": {}},
    )
    forecast = Forecast(system)
    told = []
    for gust in ("ada", "ada", "bob", "ada"):
        step = forecast.named(gust)
        told.append((step.agent, step.several, step.alone, step.waits))
        assert step.writes == dumped(written(step.event))
        forecast.take(step)
    assert told == [
        (0, False, False, 0.1),
        (0, True, False, 0.0),
        (1, False, False, 0.0),
        (0, False, True, 0.0),
    ]


@pytest.mark.parametrize("first", ["ada", "bob"])
def test_true_is_not_one_though_they_are_equal(first):
    scripts = {
        "ada": "def ada(chute):\n    chute.put((True, [True]))\n",
        "bob": "def bob(chute):\n    chute.put((1, [1]))\n",
        "cleo": "def cleo(chute):\n    deliver(chute.get())\n    deliver(chute.get())\n",
    }
    system = a_system(scripts, {"chute": SimpleQueue()}, {name: {"chute": "chute"} for name in scripts})
    forecast = Forecast(system)
    winds = ("ada cleo cleo bob cleo cleo", "bob cleo cleo ada cleo cleo")
    for wind in winds if first == "ada" else reversed(winds):
        forecast.restart()
        events = []
        for gust in wind.split():
            step = forecast.named(gust)
            events.append(step.event)
            forecast.take(step)
        assert repr(tuple(events)) == repr(system.follow(wind.split())[0].events)
