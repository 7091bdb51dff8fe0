"""Who moves next: the policies behind the drivers."""

import pickle

import pytest
from builders import a_system
from odd_kinds import Moody

from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.office.orders import Along, Calm, Seeded, gusts_of, policy_of
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


def walk(system, driver):
    policy, world, wind = policy_of(driver, system), system.start, []
    while (move := policy(world)) is not None:
        wind.append(move.event.gust)
        world = move.world
    return tuple(wind), world


@pytest.mark.parametrize("seed", range(20))
def test_the_gusts_are_those_of_the_moves_and_in_their_order(seed):
    system = a_mixed_office()
    gusts, policy, world = gusts_of(system), policy_of(Seeded(seed), system), system.start
    while True:
        moves = system.moves(world)
        assert gusts(world) == [move.event.gust for move in moves]
        if (move := policy(world)) is None:
            break
        assert move in moves
        world = move.world


def test_calm_is_always_the_first_move():
    system = a_mixed_office()
    policy, world = policy_of(Calm(), system), system.start
    while moves := system.moves(world):
        move = policy(world)
        assert move == moves[0]
        world = move.world
    assert policy(world) is None


def test_a_seed_decides_everything():
    system = a_mixed_office()
    winds = [walk(system, Seeded(seed))[0] for seed in range(10)]
    assert winds == [walk(system, Seeded(seed))[0] for seed in range(10)]
    assert len(set(winds)) > 1
    assert all(system.ending(walk(system, Seeded(seed))[1]) == "finished" for seed in range(10))


def test_a_wind_ends_where_it_ends_or_goes_on_calmly():
    system = a_mixed_office()
    assert walk(system, Along(("cleo", "ada")))[0] == ("cleo", "ada")
    wind, world = walk(system, Along(("cleo", "ada"), "calm"))
    assert (wind[:2], system.ending(world)) == (("cleo", "ada"), "finished")
    with pytest.raises(CannotMove, match="bob cannot move: it has not been started"):
        walk(system, Along(("bob",)))


def test_drivers_survive_the_way_to_the_office():
    for driver in (Along(("ada",), "calm"), Seeded(7), Calm()):
        assert pickle.loads(pickle.dumps(driver)) == driver
