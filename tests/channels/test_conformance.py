"""Every shipped kind on real processes: the rule and the real object must agree."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.process import current_process
from typing import Any, ClassVar

import pytest

from game.channels import wire
from game.channels.array import SharedArray
from game.channels.barrier import Barrier
from game.channels.condition import Condition
from game.channels.conformance import Disagreement, check_kind, finest
from game.channels.event import Event
from game.channels.joinable_queue import JoinableQueue
from game.channels.kind import BLOCKED, Done, Goes, Holders, Kind, Outcome
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.rlock import RLock
from game.channels.semaphore import BoundedSemaphore, Semaphore
from game.channels.shared_memory import SharedMemory
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.request import Face, Operation, Value

THREE: Holders = (("", "ada"), ("", "bob"), ("", "cy"))
WALL: Holders = (*THREE, ("buf", "ada"), ("buf", "bob"), ("buf", "cy"))
LOCKED: Holders = (*THREE, ("lock", "ada"), ("lock", "bob"), ("lock", "cy"))
TWO_WAY: Holders = (("a", "ada"), ("b", "bob"))
SHARED: Holders = (("a", "ada"), ("b", "bob"), ("a", "cy"), ("b", "cy"))
ONE_WAY: Holders = (("w", "ada"), ("r", "bob"))
COPIED: Holders = (("w", "ada"), ("r", "bob"), ("w", "cy"), ("r", "cy"))

# Ends that stay open longer, and more letters than room for them, so that tubes fill.
BUSY = {"": 0.05, "get": 0.6, "empty": 0.3, "full": 0.3, "qsize": 0.3, "release": 1.5, "lock.release": 2.0}
BUSY |= {f"{end}.{action}": 0.15 for end in "abrw" for action in ("close", "poll")}
BUSY |= {f"{end}.send": 2.0 for end in "abw"}
# Keys that are given back, sleepers who are rung for, ferries that are not always broken.
BUSY |= {"wait": 2.0, "set": 0.5, "abort": 0.2, "reset": 0.3, "join": 0.5, "unlink": 0.3, "close": 0.3}
# Little given back, and everybody soon on the way home.
SCARCE = {"": 1.0, "release": 0.2, "put": 0.3}

CASES: list[tuple[Kind, Holders]] = [
    (Queue(), THREE),
    (Queue(maxsize=1), THREE),
    (Queue(maxsize=3), THREE),
    (Queue(wire=1), THREE),
    (Queue(maxsize=3, wire=2), THREE),
    (SimpleQueue(capacity=1), THREE),
    (SimpleQueue(capacity=3), THREE),
    (SimpleQueue(capacity=4), THREE),
    (Pipe(capacity=1), TWO_WAY),
    (Pipe(capacity=3), TWO_WAY),
    (Pipe(capacity=2), SHARED),
    (Pipe(duplex=False, capacity=1), ONE_WAY),
    (Pipe(duplex=False, capacity=3), ONE_WAY),
    (Pipe(duplex=False, capacity=4), COPIED),
    (SharedValue(initial=5), LOCKED),
    (SharedValue(initial=-1, lock=False), THREE),
    (SharedArray(initial=(1, 2, 3)), LOCKED),
    (SharedArray(initial=(7,), lock=False), THREE),
    (Lock(), THREE),
    (RLock(), THREE),
    (Semaphore(value=2), THREE),
    (BoundedSemaphore(value=2), THREE),
    (Event(), THREE),
    (Condition(), THREE),
    (Barrier(parties=1), THREE),
    (Barrier(parties=2), THREE),
    (Barrier(parties=3), THREE),
    (JoinableQueue(maxsize=2), THREE),
    (JoinableQueue(wire=2), THREE),
    (SharedMemory(initial=(1, 2, 3)), WALL),
]


def words(case: object) -> str:
    return repr(case) if isinstance(case, Kind) else ""


@pytest.fixture(autouse=True)
def nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No process, file handle, named semaphore or shared memory of ours outlives a test."""
    mark = f"draughty-{os.getpid()}"
    monkeypatch.setitem(current_process()._config, "semprefix", f"/{mark}")  # type: ignore[attr-defined]
    gc.collect()
    handles = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    yield
    gc.collect()
    assert multiprocessing.active_children() == []
    if os.path.isdir("/dev/shm"):
        assert [name for name in os.listdir("/dev/shm") if mark in name or f"pym-{os.getpid()}" in name] == []
    if handles:
        # The heap of shared values keeps its arenas for the next ones, and spawning starts a tracker.
        assert len(os.listdir("/proc/self/fd")) <= handles + 3


@pytest.mark.parametrize(("kind", "holders"), CASES, ids=words)
def test_forked_clerks_see_what_the_rule_says(kind: Kind, holders: Holders):
    calm = check_kind(kind, holders, seed=1, sequences=3)
    busy = check_kind(kind, holders, seed=2, sequences=3, weights=BUSY)
    scarce = check_kind(kind, holders, seed=3, sequences=3, weights=SCARCE)
    asked = {operation for face in kind.open_faces().values() for _, operation in face.methods}
    assert {operation.name for operation in asked} <= calm.operations | busy.operations
    never = isinstance(kind, SharedMemory) or kind == Barrier(parties=1)
    waiting = not never and getattr(kind, "lock", True)
    assert bool(calm.blocked + busy.blocked + scarce.blocked) is waiting
    assert scarce.left > 0


CLOSELY: list[tuple[Kind, set[str]]] = [
    (Queue(maxsize=2), {"get.letter", "get.back", "get.count"}),
    (JoinableQueue(maxsize=2), {"put.stow", "join.asleep", "join.awake", "task_done.rung"}),
    (Event(), {"wait.asleep", "wait.again", "set.rung"}),
    (
        Barrier(parties=2),
        {"wait.full", "wait.aboard", "wait.rung", "wait.landed", "wait.cleared", "n_waiting.count"},
    ),
    (Barrier(parties=1), {"wait.full", "wait.leave", "n_waiting.count"}),
]


@pytest.mark.parametrize(("kind", "steps"), CLOSELY, ids=words)
def test_the_finest_steps_are_those_of_the_real_objects(kind: Kind, steps: set[str]):
    tried = check_kind(finest(kind, THREE), THREE, seed=0, sequences=3, weights=BUSY)
    assert steps <= tried.operations


TORN: list[tuple[Kind, Holders]] = [
    (Pipe(duplex=False, capacity=4), (("w", "ada"), ("r", "bob"), ("r", "cy"))),
    (Pipe(duplex=False, capacity=3), COPIED),
    (Pipe(capacity=2), SHARED),
]


@pytest.mark.parametrize(("kind", "holders"), TORN, ids=words)
def test_letters_are_torn_as_on_real_wires(kind: Kind, holders: Holders):
    rare = {f"{end}.{what}": 0.1 for end in "abrw" for what in ("close", "poll")}
    often = {f"{end}.send": 3.0 for end in "abw"}
    tried = check_kind(
        finest(kind, holders), holders, seed=4, sequences=4, length=50, weights={"": 0.05, **rare, **often}
    )
    assert tried.operations & {"a.recv.body", "b.recv.body", "r.recv.body"}
    assert tried.refused > 1


DEADLY: list[tuple[Kind, Holders]] = [
    (Queue(maxsize=2), THREE),
    (Queue(wire=1), THREE),
    (SimpleQueue(capacity=2), THREE),
    (JoinableQueue(), THREE),
    (Pipe(capacity=2), TWO_WAY),
    (Pipe(duplex=False, capacity=2), ONE_WAY),
    (SharedValue(initial=5), LOCKED),
    (SharedArray(initial=(1, 2, 3)), LOCKED),
    (Lock(), THREE),
    (RLock(), THREE),
    (Semaphore(value=1), THREE),
    (Event(), THREE),
    (Condition(), THREE),
    (Barrier(parties=1), THREE),
    (Barrier(parties=2), THREE),
    (SharedMemory(initial=(1, 2, 3)), WALL),
]


@pytest.mark.parametrize(("kind", "holders"), DEADLY, ids=words)
def test_what_a_killed_clerk_leaves_behind_is_what_the_rule_says(kind: Kind, holders: Holders):
    tried = check_kind(kind, holders, seed=6, sequences=5, length=30, weights=BUSY, deaths=1)
    assert tried.killed >= 4


@pytest.mark.parametrize(
    ("kind", "holders"),
    [
        (Queue(maxsize=2), THREE),
        (SimpleQueue(capacity=2), THREE),
        (Pipe(capacity=2), SHARED),
        (Pipe(duplex=False, capacity=2), COPIED),
        (SharedArray(initial=(1, 2, 3)), LOCKED),
        (SharedValue(initial=5), LOCKED),
        (Lock(), THREE),
        (RLock(), THREE),
        (BoundedSemaphore(value=2), THREE),
        (Event(), THREE),
        (Condition(), THREE),
        (Barrier(parties=2), THREE),
        (JoinableQueue(maxsize=2), THREE),
        (SharedMemory(initial=(1, 2, 3)), WALL),
    ],
    ids=words,
)
def test_spawned_clerks_see_what_the_rule_says(kind: Kind, holders: Holders):
    check_kind(kind, holders, method="spawn", seed=3, sequences=1, weights=BUSY)


@pytest.mark.parametrize(
    ("kind", "holders"),
    [
        (SimpleQueue(capacity=2), THREE),
        (Pipe(capacity=2), SHARED),
        (Pipe(duplex=False, capacity=2), ONE_WAY),
        (Pipe(duplex=False, capacity=1), COPIED),
    ],
    ids=words,
)
def test_where_the_kernel_cannot_count_credits_do(
    kind: Kind, holders: Holders, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(wire, "KERNEL_COUNTS", False)
    check_kind(kind, holders, seed=4, sequences=4, weights=BUSY)


@dataclass(frozen=True)
class Boast(Queue):
    """A queue whose rule claims that a put is on the belt at once: the picture in the docs."""

    name: ClassVar[str] = "boast"

    def step(self, state: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        after = super().step(state, clerk, operation, argument)
        if operation == "put" and isinstance(after, Done):
            return self.carry(after.state, clerk)
        return after


@dataclass(frozen=True)
class Polite(Lock):
    """A lock whose rule lets only the holder release."""

    name: ClassVar[str] = "polite"

    def step(self, state: str, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation == "release" and state not in ("", clerk):
            return BLOCKED
        return super().step(state, clerk, operation, argument)


@dataclass(frozen=True)
class Turnstile(Kind):
    """Who passes leaves a coin and then, as a step of its own, takes one; the state counts coins."""

    name: ClassVar[str] = "turnstile"
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face("Turnstile", (("enter", Operation("enter")), ("grab", Operation("grab"))))
    }

    def start(self, holders: Holders) -> int:
        return 0

    def step(self, state: int, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation == "enter":
            return Goes(state + 1, "grab")
        return Done(state - 1) if state else BLOCKED

    def open(self, context: BaseContext, holders: Holders) -> Any:
        return context.Semaphore(0)

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Value | Goes:
        if operation == "enter":
            real.release()
            return Goes(None, "grab")
        real.acquire()
        return None


def test_calls_of_several_steps_are_compared_step_by_step():
    tried = check_kind(Turnstile(), THREE, seed=6, sequences=3)
    assert tried.blocked and tried.released


@pytest.mark.parametrize(
    "kind", [SharedValue(initial=5), SharedArray(initial=(1, 2)), SharedValue(3, lock=False)]
)
def test_the_office_reads_a_board_whose_lock_went_home(kind: Kind):
    context = multiprocessing.get_context("fork")
    real = kind.open(context, THREE)
    if "lock" in kind.open_faces():
        process = context.Process(target=kind.perform, args=(real, "ada", "lock.acquire", ()))
        process.start()
        process.join()
        process.close()
    assert kind.look(real) == kind.reading(kind.start(THREE))


@pytest.mark.parametrize("wrong", [Boast(), Polite()])
def test_a_rule_that_differs_from_the_real_object_is_caught(wrong: Kind, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("game.channels.conformance.DEADLINE", 1.0)
    with pytest.raises(Disagreement):
        check_kind(wrong, THREE, seed=5, sequences=5)
