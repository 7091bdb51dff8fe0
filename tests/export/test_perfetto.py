"""What Perfetto shows lies where it belongs: spans nest, arrows begin and end, counters only change."""

import itertools
import json

import pytest
from lifecycles import an_ended_kit
from offices import OFFICES, a_post_office, a_race, two_keys

from game.export.perfetto import STEP, export_perfetto
from game.export.telling import Telling
from game.world import CannotMove

RUNS = [*((make, wind) for make, wind in OFFICES.values()), (an_ended_kit, "boss signal:kit boss")]


def opened(system, wind):
    trace, _ = system.follow(wind.split())
    return json.loads(export_perfetto(Telling(system, trace)))


def of(found, phase, **wanted):
    return [
        event
        for event in found["traceEvents"]
        if event["ph"] == phase and all(event.get(key) == value for key, value in wanted.items())
    ]


def tracks(found):
    return {event["args"]["name"]: event["tid"] for event in of(found, "M", name="thread_name")}


@pytest.mark.parametrize(("make", "wind"), RUNS)
def test_spans_of_a_track_lie_inside_each_other_or_apart(make, wind):
    found = opened(make(), wind)
    for track in tracks(found).values():
        spans = [(event["ts"], event["ts"] + event["dur"]) for event in of(found, "X", tid=track)]
        assert all(begin < end for begin, end in spans)
        for (a, b), (c, d) in itertools.combinations(spans, 2):
            assert b <= c or d <= a or (a <= c and d <= b) or (c <= a and b <= d), (a, b, c, d)


@pytest.mark.parametrize(("make", "wind"), RUNS)
def test_every_step_is_one_millisecond_on_its_agents_track(make, wind):
    found = opened(make(), wind)
    steps = of(found, "X", cat="step")
    assert [event["ts"] for event in steps] == [number * STEP for number in range(len(wind.split()))]
    assert {event["dur"] for event in steps} == {STEP}
    assert {event["tid"] for event in steps} <= set(tracks(found).values())


@pytest.mark.parametrize(("make", "wind"), RUNS)
def test_times_never_go_back_and_names_come_first(make, wind):
    events = opened(make(), wind)["traceEvents"]
    times = [event["ts"] for event in events if event["ph"] != "M"]
    assert times == sorted(times)
    assert [event["ph"] == "M" for event in events] == sorted(
        (event["ph"] == "M" for event in events), reverse=True
    )


@pytest.mark.parametrize(("make", "wind"), RUNS)
def test_every_arrow_that_begins_ends_and_meets_a_step(make, wind):
    found = opened(make(), wind)
    steps = of(found, "X", cat="step")
    arrows = [event for event in found["traceEvents"] if event["ph"] in "stf"]
    for number in {event["id"] for event in arrows}:
        phases = [event["ph"] for event in arrows if event["id"] == number]
        assert phases == ["s", *["t"] * (len(phases) - 2), "f"]
    for event in arrows:
        assert any(
            step["tid"] == event["tid"] and step["ts"] < event["ts"] < step["ts"] + step["dur"]
            for step in steps
        )


def test_a_token_is_followed_from_the_put_to_the_get():
    found = opened(a_post_office(1), "ada ~belt/ada bob")
    names = {number: name for name, number in tracks(found).items()}
    arrows = [event for event in found["traceEvents"] if event["ph"] in "stf"]
    assert [(event["ph"], names[event["tid"]]) for event in arrows] == [
        ("s", "ada"),
        ("t", "ada's porter (belt)"),
        ("f", "bob"),
    ]
    assert {event["args"]["value"] for event in arrows} == {0}


def test_counters_say_how_full_the_belt_is_and_what_the_board_reads():
    post = opened(a_post_office(1), "ada ~belt/ada bob bob")
    assert [(event["ts"], event["args"]) for event in of(post, "C", name="belt")] == [
        (0, {"inside": 0, "in trays": 0}),
        (1 * STEP, {"inside": 0, "in trays": 1}),
        (2 * STEP, {"inside": 1, "in trays": 0}),
        (3 * STEP, {"inside": 0, "in trays": 0}),
    ]
    assert [event["args"] for event in of(post, "C", name="delivered")] == [{"things": 0}, {"things": 1}]
    race = opened(a_race(), "ada bob ada bob")
    assert [event["args"]["reads"] for event in of(race, "C", name="tally")] == [41, 42]
    assert [event["name"] for event in of(race, "i")] == ["cuts in", "cuts in", "ada's update is lost"]


def test_who_waits_for_ever_is_seen_to_wait_at_the_end():
    found = opened(two_keys(), "ada bob")
    waits = of(found, "X", cat="wait")
    assert {(event["name"], event["ts"], event["dur"]) for event in waits} == {
        ("waits for blue, which bob holds", 2 * STEP, STEP),
        ("waits for red, which ada holds", 2 * STEP, STEP),
    }
    assert {event["args"]["how"] for event in of(found, "X", cat="life")} == {"up"}
    assert found["otherData"]["ending"] == "stuck"


def test_a_trace_of_another_office_is_refused():
    trace, _ = two_keys().follow(["ada", "ada"])
    with pytest.raises(CannotMove):
        export_perfetto(Telling(an_ended_kit(), trace))


REQUIRED = {
    "M": {"name", "args"},
    "X": {"name", "cat", "dur"},
    "i": {"name", "s"},
    "C": {"name", "args"},
    **{phase: {"name", "cat", "id"} for phase in "stf"},
}
"""What the Trace Event Format asks of each phase we write, beside ph, ts and pid."""


@pytest.mark.parametrize(("make", "wind"), RUNS)
def test_every_event_has_what_its_phase_asks_for(make, wind):
    found = opened(make(), wind)
    events, known = found["traceEvents"], set(tracks(found).values())
    for event in events:
        assert event["ph"] in REQUIRED
        assert event.keys() >= REQUIRED[event["ph"]] | {"ph", "ts", "pid"}, event
        assert isinstance(event["ts"], int)
        assert event["ts"] >= 0
        if event["ph"] != "C":  # counters belong to the process
            assert event["tid"] in known or event["name"] == "process_name"
    for event in of(found, "C"):
        assert all(type(value) is int for value in event["args"].values())
    assert {event["s"] for event in of(found, "i")} <= {"t"}
    assert all((event.get("bp") == "e") == (event["ph"] == "f") for event in events if event["ph"] in "stf")
    arrows = {(event["cat"], event["name"], event["id"]) for event in events if event["ph"] in "stf"}
    assert len(arrows) == len({number for _, _, number in arrows})


def bound(events):
    """What each arrow belongs to as Perfetto's importer has it: the innermost span of its track then open.
    A mark is a span of no length there, and stays innermost until something else begins on its track."""
    stacks = {}
    for event in events:
        stack = stacks.setdefault(event.get("tid"), [])
        if event["ph"] in "Xi":
            ends = event["ts"] + event.get("dur", 0)
            while stack and stack[-1][0] <= event["ts"] and stack[-1][0] < ends:
                stack.pop()
            assert not stack or ends <= stack[-1][0], "not nested: Perfetto would drop it"
            stack.append((ends, event))
        elif event["ph"] in "stf":
            yield event, stack[-1][1]


@pytest.mark.parametrize(("make", "wind"), RUNS)
def test_arrows_belong_to_steps_and_not_to_marks_on_them(make, wind):
    for arrow, span in bound(opened(make(), wind)["traceEvents"]):
        assert span.get("cat") == "step", (arrow, span)
        assert span["ts"] < arrow["ts"] < span["ts"] + span["dur"]
