"""What is asked of the office."""

import pickle

import pytest

from game.language import say
from game.office.orders import Along, ByHand, Calm, Free, Over, RunResult, Seeded
from game.request import Handle, ListValue
from game.trace import Event, Trace


@pytest.mark.parametrize(
    "driver", [Along(("ada",), "calm"), Seeded(7), Calm(), Free(), Free(cat=3), ByHand()]
)
def test_drivers_survive_the_way_to_the_office(driver):
    assert pickle.loads(pickle.dumps(driver)) == driver


def test_a_trace_says_how_its_run_was_driven():
    drivers = (Along(()), Seeded(7), Calm(), Free(), Free(cat=3), ByHand())
    assert [driver.source for driver in drivers] == ["wind", "seed 7", "calm", "free", "free", "by hand"]


def test_how_a_run_went_travels_whole():
    value = (True, 1, "Grüße \ud800", None, (1, (2,)))
    for items in ((value,), (ListValue((1,)), Handle("tube", "a"))):
        events = (Event("ada", "belt", "put", items, value, "", 3, 1), Event("~belt/ada", "belt", "carry"))
        trace = Trace(
            "2.2", "seed 7", events, "finished", {"chalk": "def"}, {"ada": 5}, {"slot": items}, "odd"
        )
        result = RunResult(trace, "finished", say("{clerk} waits", clerk="ada"), ("ada",), seconds=0.5)
        again = pickle.loads(pickle.dumps(Over(4, result)))
        assert (again, repr(again)) == (Over(4, result), repr(Over(4, result)))
        assert type(again.result.trace.events[0]) is Event
        assert again.result.message.template == "{clerk} waits"
