"""A clerk alone, as an automaton: every reply that anybody could give it, and none that nobody gives."""

from __future__ import annotations

from builders import a_system

from game.channels.value import SharedValue
from game.export.control import Each, Office, Way, unfold
from game.request import Request
from game.script.instructions import Returned


def ways(clerk: str, request: Request) -> list[Way | Each]:
    """A board that is read and written, and a counter."""
    if request.operation == "read":
        return [Each("v", lambda value: Way(f"v == {value}", (), Returned(value)), Way("", (), Returned(0)))]
    if request.operation == "write":
        return [Way("", ("v = it",), Returned(None), (("v", request.argument[0]),))]
    return [Way("", ("deliver",), Returned(None), adds=("desk",))]


def office_of(*bodies: str, most: int = 500) -> Office:
    names = "abc"[: len(bodies)]
    scripts = {
        name: f"def {name}(v):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
        for name, body in zip(names, bodies, strict=True)
    }
    system = a_system(scripts, {"v": SharedValue()}, {name: {"v": "v"} for name in names})
    return unfold(system, ways, [("v", 0)], most)


def test_a_clerk_goes_on_with_what_others_wrote():
    office = office_of("deliver(v.value)", "v.value = 7")
    told = [edge.way.reply for edge in office.clerks[0].edges[0]]
    assert (told, office.whole) == ([Returned(0), Returned(7)], True)


def test_what_is_read_and_not_looked_at_is_one_edge():
    office = office_of("v.value", "v.value = 7")
    assert [edge.way.guard for edge in office.clerks[0].edges[0]] == [""]


def test_values_that_feed_on_each_other_are_followed_as_far_as_the_runs_go():
    office = office_of("v.value += 1", "v.value += 1", "v.value += 1")
    assert {"0", "1", "2", "3"} <= set(office.streams["v"])
    assert not any(control.cut for control in office.clerks if control.tasks[0].request is None)


def test_a_loop_that_counts_for_ever_is_cut():
    office = office_of("while True:\n    v.value += 1", most=60)
    assert not office.whole
    assert office.clerks[0].cut


def test_the_most_that_is_added_is_known_unless_a_loop_adds():
    def counting(way: Way) -> int:
        return way.adds.count("desk")

    assert office_of("deliver(1)\nif v.value:\n    deliver(2)", "v.value = 1\ndeliver(3)").most(counting) == 3
    assert office_of("while v.value == 0:\n    deliver(1)").most(counting) is None
