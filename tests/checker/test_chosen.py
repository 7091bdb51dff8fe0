"""A wind that has to lead to a failure: which ones do, and what is said of those that do not."""

import pytest
from builders import a_system

from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.checker.check import judge_wind
from game.goals import Fails, Goal, PeakAtMost, Reads
from game.level.model import Cat
from game.trace import parse_wind

POLITE = """def {0}(mine, other):
    while True:
        mine.acquire()
        if other.acquire(block=False):
            other.release()
            mine.release()
            break
        mine.release()
"""
BOTH = "def {0}(mine, other):\n    with mine:\n        with other:\n            deliver(0)\n"
CHALK = "def {0}(tally):\n    tally.value += 1\n"
FILL = "def {0}(chute):\n    chute.put(1)\n    chute.put(2)\n    chute.get()\n    chute.get()\n"


def keys(script: str, kind: str, **more):
    return a_system(
        {name: script.format(name) for name in ("ada", "bob")},
        {"red": Lock(), "blue": Lock()},
        {"ada": {"mine": "red", "other": "blue"}, "bob": {"mine": "blue", "other": "red"}},
        [Fails(kind)],
        mode="wind",
        **more,
    )


def judged(system, wind: str) -> tuple[str, str]:
    failure = judge_wind(system, parse_wind(wind)).failure
    return (failure.kind, failure.message) if failure else ("", "")


NOT_YET = ("incomplete", "nothing is as it was before yet: an endless wind comes round again")


@pytest.mark.parametrize(
    ("wind", "found"),
    [
        ("ada bob ada bob ada bob", ("", "")),
        ("ada bob ada bob bob ada", ("", "")),
        ("bob ada bob ada bob ada ada bob ada bob ada bob", ("", "")),  # twice round is round, too
        ("", NOT_YET),
        ("ada bob ada bob ada", NOT_YET),
        (
            "bob ada*3",
            ("incomplete", "it comes round again, but bob could move all the time and was never let"),
        ),
        ("ada*4 bob*4", ("wrong result", "everybody goes home, and nothing has failed")),
    ],
)
def test_an_endless_wind_comes_round_again_and_leaves_nobody_out(wind: str, found: tuple[str, str]):
    assert judged(keys(POLITE, "livelock"), wind) == found


def test_the_cat_may_stay_away_for_ever():
    assert judged(keys(POLITE, "livelock", cat=Cat(1, ("ada",))), "ada bob ada bob ada bob") == ("", "")


def test_a_freeze_can_be_wanted():
    system = keys(BOTH, "deadlock")
    assert judged(system, "ada bob") == ("", "")
    assert judged(system, "ada") == (
        "incomplete",
        "the wind drops after 1 gust, and nothing has failed; ada, bob can still move",
    )
    assert judged(keys(BOTH, "livelock"), "ada bob")[0] == "wrong result"


def a_board(kind: str, goal: Goal):
    scripts = {name: CHALK.format(name) for name in ("ada", "bob")}
    gets = {name: {"tally": "tally"} for name in scripts}
    return a_system(scripts, {"tally": SharedValue()}, gets, [Fails(kind), goal], mode="wind")


def test_what_fails_is_what_the_other_goals_say():
    assert judged(a_board("lost update", Reads((("tally", 2),))), "ada bob ada bob") == ("", "")
    otherwise = judged(a_board("wrong result", Reads((("tally", 2),))), "ada bob ada bob")
    assert otherwise == (
        "wrong result",
        "it fails otherwise than it should: bob read tally before ada wrote 1, and writes 1 over it: ada's "
        "update is lost",
    )


def test_a_failure_on_the_way_is_enough():
    system = a_system(
        {"ada": FILL.format("ada")},
        {"chute": SimpleQueue()},
        {"ada": {"chute": "chute"}},
        [Fails("overflow"), PeakAtMost((("chute", 1),))],
        mode="wind",
    )
    assert judged(system, "ada ada") == judged(system, "ada*4") == ("", "")
    assert judged(system, "ada")[0] == "incomplete"


LOOKS = """def boss(kit, r):
    while kit.is_alive():
        r.closed
"""


def test_nobody_waits_for_ever_to_see_that_a_process_has_ended():
    system = a_system(
        {"boss": LOOKS, "kit": "def kit(w):\n    w.send(1)\n"},
        {"tube": Pipe(duplex=False)},
        {"boss": {"kit": "@kit", "r": "tube.r"}, "kit": {"w": "tube.w"}},
        [Fails("livelock")],
        mode="wind",
    )
    told = "it comes round again, but whoever looks for a process that has ended sees so in the end"
    assert judged(system, "kit*2 boss#1 boss") == ("incomplete", told)
