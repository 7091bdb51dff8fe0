"""A plain access holds the wrapper's lock for a moment, and whoever tries the lock just then can tell."""

from builders import a_system

from game.channels.array import ProbedArray, SharedArray
from game.channels.conformance import check_kind
from game.channels.value import ProbedValue, SharedValue
from game.checker.check import check

HOLDERS = (("", "ada"), ("lock", "ada"), ("", "bob"), ("lock", "bob"))
TRY = "def bob(v):\n    deliver(v.get_lock().acquire(False))\n"


def endings(ada):
    system = a_system({"ada": ada, "bob": TRY}, {"v": SharedValue()}, {"ada": {"v": "v"}, "bob": {"v": "v"}})
    return {outcome.delivered for outcome in check(system).outcomes}


def test_a_try_may_fail_while_another_clerk_only_reads_or_writes():
    both = {(("bob", True),), (("bob", False),)}
    assert endings("def ada(v):\n    v.value = 1\n") == both
    assert endings("def ada(v):\n    n = v.value\n") == both


def test_a_try_cannot_fail_where_nobody_else_touches_the_board():
    assert endings("def ada(v):\n    pass\n") == {(("bob", True),)}


def test_steps_stay_whole_where_nobody_could_notice():
    calm = {"ada": frozenset({"read", "lock.acquire"}), "bob": frozenset({"write"})}
    assert SharedValue(3).noticing(calm, frozenset()) == SharedValue(3)
    assert SharedValue(3).noticing({"ada": calm["ada"]}, frozenset({"ada"})) == SharedValue(3)
    assert SharedValue(3).noticing(calm, frozenset({"ada"})) == ProbedValue(3)
    tried = {"ada": frozenset({"lock.acquire?"})}
    assert SharedValue(3).noticing(tried, frozenset()) == ProbedValue(3)
    assert SharedArray((1, 2)).noticing(tried, frozenset()) == ProbedArray((1, 2))
    assert SharedValue(3, lock=False).noticing(tried, frozenset()) == SharedValue(3, lock=False)


def test_the_finer_steps_are_those_of_the_real_objects():
    for kind in (ProbedValue(5), ProbedArray((1, 2, 3))):
        tried = check_kind(kind, HOLDERS, method="fork", seed=3, sequences=6, length=25)
        assert tried
