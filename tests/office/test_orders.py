"""What is asked of the office."""

import pickle

import pytest

from game.office.orders import Along, ByHand, Calm, Free, Seeded


@pytest.mark.parametrize(
    "driver", [Along(("ada",), "calm"), Seeded(7), Calm(), Free(), Free(cat=3), ByHand()]
)
def test_drivers_survive_the_way_to_the_office(driver):
    assert pickle.loads(pickle.dumps(driver)) == driver


def test_a_trace_says_how_its_run_was_driven():
    drivers = (Along(()), Seeded(7), Calm(), Free(), Free(cat=3), ByHand())
    assert [driver.source for driver in drivers] == ["wind", "seed 7", "calm", "free", "free", "by hand"]
