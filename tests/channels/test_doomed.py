"""What cannot be pickled: a queue's feeder drops it and tells nobody, all others refuse it at the counter."""

from __future__ import annotations

import ctypes
import multiprocessing
from multiprocessing.reduction import ForkingPickler

import pytest
from builders import a_system

from game.builtin import draughty_kinds
from game.channels.array import SharedArray
from game.channels.condition import Condition
from game.channels.conformance import check_story
from game.channels.joinable_queue import JoinableQueue
from game.channels.kind import Kind
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.checker.check import check, outcome_of
from game.request import Doomed
from game.run import Along, Free, Office
from game.story import Film
from game.trace import dump_trace, from_plain, to_plain
from game.world import System

INHERITANCE = "Lock objects should only be shared between processes through inheritance"
KEY = Doomed("key", "RuntimeError", INHERITANCE)
BOTH = (("", "ada"), ("", "bob"))


def an_office(kind: Kind, ada: str, bob: str, end: str = "belt") -> System:
    def script(name: str, lines: str) -> str:
        return f"def {name}(belt, key):\n" + "".join(f"    {line}\n" for line in lines.split("\n"))

    ends = ("belt.w", "belt.r") if end == "w" else ("belt", "belt")
    gets = {name: {"belt": face, "key": "key"} for name, face in zip(("ada", "bob"), ends, strict=True)}
    scripts = {"ada": script("ada", ada), "bob": script("bob", bob)}
    return a_system(scripts, {"belt": kind, "key": Lock()}, gets)


def delivered(system: System) -> set[tuple[str, tuple[object, ...]]]:
    found = check(system, reduce=False).outcomes
    assert set(check(system).outcomes) == set(found)
    return {(one.ending, tuple(what for _, what in one.delivered)) for one in found}


@pytest.mark.parametrize("kind", [Queue(), JoinableQueue()])
def test_a_queue_takes_it_and_loses_it(kind: Kind):
    system = an_office(kind, "belt.put(key)\nbelt.put(2)", "deliver(belt.get())")
    assert delivered(system) == {("finished", (2,))}
    assert delivered(an_office(kind, "belt.put((1, key))", "deliver(belt.get())")) == {("stuck", ())}


def test_its_place_is_free_again_and_its_receipt_stays_open():
    room = an_office(Queue(maxsize=1), "belt.put(key)\nbelt.put(2)", "deliver(belt.get())")
    assert delivered(room) == {("finished", (2,))}
    book = an_office(JoinableQueue(), "belt.put(key)", "belt.join()")
    assert {ending for ending, _ in delivered(book)} == {"stuck", "finished"}  # bob may come before ada


@pytest.mark.parametrize(
    ("kind", "end", "say"),
    [(SimpleQueue(), "", "put"), (SimpleQueue(capacity=1), "", "put"), (Pipe(duplex=False), "w", "send")],
)
def test_who_pickles_at_once_is_told(kind: Kind, end: str, say: str):
    take = "recv" if end else "get"
    ada = f"try:\n    belt.{say}(key)\nexcept RuntimeError:\n    belt.{say}(3)"
    assert delivered(an_office(kind, ada, f"deliver(belt.{take}())", end)) == {("finished", (3,))}


def test_real_clerks_do_the_same_along_any_wind():
    ada = "belt.put(key)\nbelt.put(1)\nbelt.put((2, key))\nbelt.put(3)"
    system = an_office(Queue(maxsize=2), ada, "deliver(belt.get())\ndeliver(belt.get())")
    allowed = set(check(system, reduce=False).outcomes)
    with Office() as office:
        for choose in (0, -1):
            world, wind = system.start, []
            while moves := system.moves(world):
                wind.append(moves[choose].event.gust)
                world = moves[choose].world
            trace, _ = system.follow(tuple(wind))
            result = office.run(system, Along(trace.wind))
            assert (result.ending, result.disagreement) == ("finished", None)
            assert dump_trace(result.trace).splitlines()[1:] == dump_trace(trace).splitlines()[1:]
        for _ in range(5):
            free = office.run(system, Free(), timeout=5)
            assert free.ending == "finished" and not free.unsettled
            assert outcome_of(system, system.follow(free.trace.wind)[1]) in allowed


def test_nobody_sees_a_traceback(capfd: pytest.CaptureFixture[str]):
    system = an_office(Queue(), "belt.put(key)\nbelt.put(2)", "deliver(belt.get())")
    with Office() as office:
        assert office.run(system, Free(), timeout=5).ending == "finished"
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("kind", [Queue(), Queue(maxsize=1), JoinableQueue(), JoinableQueue(maxsize=2)])
def test_real_queues_do_what_the_rule_says(kind: Kind):
    story = [
        ("ada", "put", KEY, True, None),
        ("bob", "full"),
        ("~ada",),
        ("bob", "full"),
        ("ada", "put", 2, True, None),
        ("~ada",),
        ("bob", "get", True, None),
        ("bob", "qsize"),
    ]
    check_story(kind, BOTH, story)


def test_every_class_says_so_in_these_words():
    """What each face calls itself, against what pickling the real object says."""
    context = multiprocessing.get_context("fork")
    kinds: list[Kind] = [kind() for kind in draughty_kinds()]
    kinds += [SharedValue(0, False), SharedArray((0, 0), False)]
    seen = set()
    for kind in kinds:
        face = kind.open_faces().get("")
        real = kind.open(context, BOTH)
        try:
            thing = getattr(real, "queue", real)
            thing = getattr(thing, "value_", thing)
            if face is None or not face.inherited:
                continue
            with pytest.raises(RuntimeError) as caught:
                ForkingPickler.dumps(thing)
            seen.add(face.inherited)
            told = f"{face.inherited} objects should only be shared between processes through inheritance"
            assert str(caught.value) == told, kind.name
        finally:
            kind.shut(real)
    assert {"Lock", "RLock", "Queue", "Synchronized", "Condition", ctypes.c_int64.__name__} <= seen


def test_it_is_told_in_words():
    system = an_office(Queue(), "belt.put(key)\nbelt.put(2)", "deliver(belt.get())")
    trace, _ = system.follow(("ada", "~belt/ada"))
    told = [frame.caption for frame in Film(system, trace).frames[1:]]
    assert told == [
        "ada puts <key> into the out-tray for belt",
        "ada's porter cannot pack <key> for belt: RuntimeError; it is gone, and nobody is told",
    ]


def test_it_is_kept_in_a_trace():
    assert from_plain(to_plain((1, KEY))) == (1, KEY)


def test_what_has_no_such_words_is_refused_as_before():
    with pytest.raises(Exception) as caught:
        a_system(
            {"ada": "def ada(belt, end):\n    belt.put(end)\n"},
            {"belt": Queue(), "tube": Pipe()},
            {"ada": {"belt": "belt", "end": "tube.a"}},
        )
    assert "cannot travel in a message" in caught.value.problems[0].message
    system = an_office(Queue(), "belt.put([key])", "belt.get()")
    crash = system.follow(("ada",))[1].tasks[0].crash or system.start.tasks[0].crash
    assert crash is not None and crash.message.startswith("key cannot travel in a message")


def test_a_condition_counts_as_one_too():
    channels = {"belt": SimpleQueue(), "gate": Condition()}
    script = "def ada(belt, gate):\n    belt.put(gate)\n"
    system = a_system({"ada": script}, channels, {"ada": {"belt": "belt", "gate": "gate"}})
    (outcome,) = check(system).outcomes
    assert outcome.crashed == (("ada", "RuntimeError"),)
