"""A rule that says something else than CPython does is caught by the comparison with the real object.

One wrong rule for each thing `docs/semantics.md` claims of the kinds at which clerks sleep, ring, count or
may be killed.
"""

from __future__ import annotations

from typing import Any

import pytest

from game.channels.barrier import Barrier, CloseBarrier
from game.channels.bench import Bench
from game.channels.condition import CloseCondition, Condition
from game.channels.conformance import KILLED, Disagreement, check_story
from game.channels.event import CloseEvent, Event
from game.channels.joinable_queue import CloseJoinableQueue, JoinableQueue
from game.channels.kind import BLOCKED, Done, Goes, Holders, Kind, Refused
from game.channels.pipe import TornPipe
from game.channels.queue import CloseQueue, cuts_of
from game.channels.rlock import Guard, RLock
from game.channels.semaphore import BoundedSemaphore, Semaphore
from game.channels.shared_memory import SharedMemory
from game.channels.simple_queue import CloseSimpleQueue
from game.channels.value import ProbedValue

THREE: Holders = (("", "ada"), ("", "bob"), ("", "cy"))
LOCKED: Holders = (*THREE, ("lock", "ada"), ("lock", "bob"), ("lock", "cy"))
TUBE: Holders = (("w", "ada"), ("r", "bob"), ("r", "cy"))
WALL: Holders = (*THREE, ("buf", "ada"), ("buf", "bob"), ("buf", "cy"))


class Boundless(BoundedSemaphore):
    """Lets more tags be hung up than there are."""

    def _release(self, state: int) -> Any:
        return Done(state + 1)


class Bounded(Semaphore):
    """Refuses a tag too many."""

    def _release(self, state: int) -> Any:
        return Refused(state, "ValueError", "") if state >= self.value else Done(state + 1)


class Anyones(RLock):
    """Lets anybody give the key back."""

    def step(self, state: Guard, clerk: str, operation: str, argument: Any) -> Any:
        return super().step(state, state.holder if operation == "release" else clerk, operation, argument)


class Forgetful(RLock):
    """Does not count."""

    def step(self, state: Guard, clerk: str, operation: str, argument: Any) -> Any:
        return super().step(state._replace(depth=min(state.depth, 1)), clerk, operation, argument)


class Credulous(CloseEvent):
    """Does not look at the flag again."""

    def inside(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        return (
            Done(state, True)
            if operation == "wait.again"
            else super().inside(state, clerk, operation, argument)
        )


class Fleeting(Event):
    """Falls by itself."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        outcome = super().step(state, clerk, operation, argument)
        return Done(state._replace(up=False), True) if operation == "wait" and state.up else outcome


class Greedy(Condition):
    """Keeps the key while it sleeps."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        outcome = super().step(state, clerk, operation, argument)
        keeps = operation == "wait" and isinstance(outcome, Goes)
        return outcome._replace(state=outcome.state._replace(guard=state.guard)) if keeps else outcome


class Hasty(Condition):
    """Does not wait until those it rang for have stirred."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        if operation == "notify.rung":
            return Done(state)
        return super().step(state, clerk, operation, argument)


class Shouting(Condition):
    """Wakes everybody."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        name = "notify_all" if operation == "notify" else operation
        return super().step(state, clerk, name, () if operation == "notify" else argument)


class Prompt(Condition):
    """Counts out who gives up at once, so that nobody rings for it."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        outcome = super().step(state, clerk, operation, argument)
        if isinstance(outcome, Goes) and outcome.operation == "wait.late":
            return outcome._replace(state=state._replace(bench=state.bench.stir(clerk)))
        return outcome


class Crowded(Barrier):
    """Lets clerks on while others still leave."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        if operation == "wait" and state.phase == 1:
            return self._come(state._replace(phase=0), clerk, *argument)
        return super().step(state, clerk, operation, argument)


class Patient(Barrier):
    """Is not broken when somebody gives up."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        if operation == "wait.aboard" and state.phase == 0 and argument[1] is not None:
            return Refused(state.left(clerk), "BrokenBarrierError")
        return super().step(state, clerk, operation, argument)


class Mended(Barrier):
    """Is whole again when everybody has left."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        outcome = super().step(state, clerk, operation, argument)
        if isinstance(outcome, Refused) and operation == "wait.aboard" and not outcome.state.aboard:
            return outcome._replace(state=outcome.state._replace(phase=0))
        return outcome


class Trusting(JoinableQueue):
    """Never minds how often a receipt is closed."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        if operation == "task_done" and not state.open:
            return Done(state)
        return super().step(state, clerk, operation, argument)


class Careless(JoinableQueue):
    """Joins when the belt is empty."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        if operation == "join" and not state.belt.inside:
            return Done(state)
        return super().step(state, clerk, operation, argument)


class Twice(SharedMemory):
    """May be unlinked again and again."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        return Done(state) if operation == "unlink" else super().step(state, clerk, operation, argument)


class Ours(SharedMemory):
    """Is closed for all when one closes it."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        one = "ada" if operation in ("close", "read", "write") else clerk
        return super().step(state, one, operation, argument)


class Neat(TornPipe):
    """Lets nobody read between a length and its letter."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        if operation == "r.recv" and state.read[0] == 1:
            return BLOCKED
        return super().step(state, clerk, operation, argument)


class Mending(TornPipe):
    """Whose letters are whole again after a misreading."""

    def step(self, state: Any, clerk: str, operation: str, argument: Any) -> Any:
        outcome = super().step(state, clerk, operation, argument)
        if isinstance(outcome, Refused) and operation == "r.recv":
            return outcome._replace(state=state)
        return outcome


# -- the stories in which they are told apart --

TRY = (True, None)
SLEEP = ("wait", None)


WRONG: list[tuple[Kind, Kind, list[tuple[Any, ...]]]] = [
    (BoundedSemaphore(1), Boundless(1), [("ada", "release")]),
    (Semaphore(1), Bounded(1), [("ada", "release"), ("bob", "acquire"), ("cy", "acquire")]),
    (RLock(), Anyones(), [("ada", "acquire"), ("bob", "release")]),
    (RLock(), Forgetful(), [("ada", "acquire"), ("ada", "acquire"), ("ada", "release"), ("bob", "acquire")]),
    (
        CloseEvent(),
        Credulous(),
        [("bob", *SLEEP), ("bob",), ("ada", "set"), ("ada",), ("ada", "clear"), ("bob",)],
    ),
    (Event(), Fleeting(), [("ada", "set"), ("bob", *SLEEP), ("cy", "is_set")]),
    (Condition(), Greedy(), [("ada", "acquire"), ("ada", *SLEEP), ("bob", "acquire")]),
    (
        Condition(),
        Hasty(),
        [("bob", "acquire"), ("bob", *SLEEP), ("ada", "acquire"), ("ada", "notify", 1), ("ada",)],
    ),
    (
        Condition(),
        Shouting(),
        [
            *(("bob", "acquire"), ("bob", *SLEEP), ("bob",)),
            *(("cy", "acquire"), ("cy", *SLEEP)),
            *(("ada", "acquire"), ("ada", "notify", 1), ("ada",), ("ada", "release")),
            *(("bob",), ("bob", "release"), ("cy",)),
        ],
    ),
    (
        Condition(),
        Prompt(),
        [
            *(("bob", "acquire"), ("bob", "wait", 1), ("bob",)),
            *(("cy", "acquire"), ("cy", *SLEEP)),
            *(("ada", "acquire"), ("ada", "notify_all")),
        ],
    ),
    (Barrier(2), Crowded(2), [("ada", *SLEEP), ("bob", *SLEEP), ("bob", *SLEEP), ("cy", *SLEEP)]),
    (
        Barrier(3),
        Patient(3),
        [("ada", *SLEEP), ("bob", "wait", 1), ("bob",), ("cy", "broken"), ("ada",)],
    ),
    (Barrier(2), Mended(2), [("ada", "wait", 1), ("ada",), ("bob", *SLEEP)]),
    (JoinableQueue(), Trusting(), [("ada", "task_done")]),
    (
        JoinableQueue(),
        Careless(),
        [("ada", "put", 1, *TRY), ("~ada",), ("bob", "get", *TRY), ("cy", "join"), ("bob", "task_done")],
    ),
    (
        TornPipe(False, 4, ("r",)),
        Neat(False, 4, ("r",)),
        [("ada", "w.send", 1), ("bob", "r.recv"), ("cy", "r.recv"), ("ada", "w.send", 2), ("bob",)],
    ),
    (
        TornPipe(False, 4, ("r",)),
        Mending(False, 4, ("r",)),
        [
            *(("ada", "w.send", "tea"), ("ada", "w.send", "jam"), ("bob", "r.recv")),
            *(("cy", "r.recv"), ("bob",), ("cy", "r.recv"), ("bob", "r.recv"), ("bob",)),
        ],
    ),
    (SharedMemory((1, 2)), Twice((1, 2)), [("ada", "unlink"), ("bob", "unlink")]),
    (SharedMemory((1, 2)), Ours((1, 2)), [("ada", "close"), ("bob", "read", 0)]),
]


@pytest.fixture(autouse=True)
def nobody_waits_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.channels.conformance.DEADLINE", 1.0)


def name(thing: object) -> str:
    return type(thing).__name__ if isinstance(thing, Kind) else ""


@pytest.mark.parametrize(("right", "wrong", "story"), WRONG, ids=name)
def test_a_wrong_rule_is_caught(right: Kind, wrong: Kind, story: list[tuple[Any, ...]]):
    holders = WALL if isinstance(right, SharedMemory) else TUBE if isinstance(right, TornPipe) else THREE
    check_story(right, holders, story)
    with pytest.raises(Disagreement):
        check_story(wrong, holders, story)


# -- what a killed clerk leaves behind --


EVERYBODY = frozenset({"ada", "bob", "cy"})
CUTS = cuts_of({clerk: frozenset({"get", "get?", "put", "empty"}) for clerk in EVERYBODY}, EVERYBODY, False)


class OpenHatch(CloseQueue):
    """Whose hatch opens when its holder dies."""

    def die(self, state: Any, clerk: str) -> Any:
        after = super().die(state, clerk)
        return after._replace(hatch="") if after.hatch == clerk else after


class KeptTray(CloseQueue):
    """Whose trays outlive their clerks."""

    def die(self, state: Any, clerk: str) -> Any:
        return super().die(state, clerk)._replace(trays=state.trays)


class FreeWire(CloseQueue):
    """Whose wire is free when the porter at it dies."""

    def die(self, state: Any, clerk: str) -> Any:
        after = super().die(state, clerk)
        return after._replace(wire="") if after.wire == clerk else after


class OpenChute(CloseSimpleQueue):
    """Whose hatch is free when who kept it dies."""

    def die(self, state: Any, clerk: str) -> Any:
        return state._replace(
            mouth="" if state.mouth == clerk else state.mouth,
            hatch="" if state.hatch == clerk else state.hatch,
        )


class LooseLock(ProbedValue):
    """Whose lock is free when its holder dies."""

    def die(self, state: Any, clerk: str) -> Any:
        return state._replace(guard=Guard()) if state.guard.holder == clerk else state


def laid_to_rest(bench: Bench, clerk: str) -> Bench:
    return bench._replace(asleep=tuple(name for name in bench.asleep if name != clerk))


class GhostlessEvent(CloseEvent):
    """Where nobody waits for dead sleepers."""

    def die(self, state: Any, clerk: str) -> Any:
        return state._replace(bench=laid_to_rest(state.bench, clerk))


class GhostlessCondition(CloseCondition):
    """The same."""

    def die(self, state: Any, clerk: str) -> Any:
        return state._replace(bench=laid_to_rest(state.bench, clerk))


class SafeBarrier(CloseBarrier):
    """Where who dies aboard is no longer counted."""

    def die(self, state: Any, clerk: str) -> Any:
        return super().die(state.left(clerk), clerk)


class LooseKey(CloseEvent):
    """Whose key is free when who is inside dies."""

    def die(self, state: Any, clerk: str) -> Any:
        after = super().die(state, clerk)
        return after._replace(key="") if after.key == clerk else after


class TornBook(CloseJoinableQueue):
    """Whose receipts vanish with the tray they are for."""

    def die(self, state: Any, clerk: str) -> Any:
        tray = dict(state.belt.trays)[clerk]
        return super().die(state._replace(open=state.open - len(tray)), clerk)


CLOSE_QUEUE = CloseQueue(0, 0, CUTS)
ENDS = tuple((clerk, frozenset({"get", "put"})) for clerk in sorted(EVERYBODY))
CARRY = [("~ada",)] * 3

DEADLY: list[tuple[Kind, Kind, list[tuple[Any, ...]], list[tuple[Any, ...]]]] = [
    (
        CLOSE_QUEUE,
        OpenHatch(0, 0, CUTS),
        [
            *(("bob", "get", *TRY), ("bob",), ("bob", KILLED)),
            *(("ada", "put", 1, *TRY), *CARRY, ("cy", "get", *TRY)),
        ],
        [],
    ),
    (
        CLOSE_QUEUE,
        KeptTray(0, 0, CUTS),
        [("ada", "put", 1, *TRY), ("ada", KILLED), ("bob", "qsize"), ("bob", "empty")],
        [("~ada",)],
    ),
    (
        CLOSE_QUEUE,
        FreeWire(0, 0, CUTS),
        [("ada", "put", 1, *TRY), ("~ada",), ("ada", KILLED), ("bob", "put", 2, *TRY), ("bob", "")],
        [("~bob",)],
    ),
    (
        CloseSimpleQueue(2, ENDS),
        OpenChute(2, ENDS),
        [
            *(("bob", "get"), ("bob",), ("bob", KILLED)),
            *(("ada", "put", 1), ("ada",), ("ada",), ("cy", "get")),
        ],
        [],
    ),
    (ProbedValue(1), LooseLock(1), [("bob", "read"), ("bob", KILLED), ("ada", "read")], []),
    (
        CloseEvent(EVERYBODY),
        GhostlessEvent(EVERYBODY),
        [
            *(("bob", *SLEEP), ("bob",), ("bob",), ("bob", KILLED)),
            *(("ada", "set"), ("ada",), ("ada",), ("cy", "is_set")),
        ],
        [],
    ),
    (
        CloseEvent(EVERYBODY),
        LooseKey(EVERYBODY),
        [("bob", "is_set"), ("bob", KILLED), ("ada", "is_set")],
        [],
    ),
    (
        CloseCondition(EVERYBODY),
        GhostlessCondition(EVERYBODY),
        [
            *(("bob", "acquire"), ("bob", *SLEEP), ("bob",), ("bob", KILLED)),
            *(("ada", "acquire"), ("ada", "notify_all"), ("ada",)),
        ],
        [],
    ),
    (
        CloseBarrier(2, EVERYBODY),
        SafeBarrier(2, EVERYBODY),
        [
            *(("ada", *SLEEP), ("ada",), ("ada",), ("ada", KILLED)),
            *(("bob", *SLEEP), ("bob",), ("bob",), ("bob",), ("cy", "abort")),
        ],
        [],
    ),
    (
        CloseJoinableQueue(0, 0, CUTS, EVERYBODY),
        TornBook(0, 0, CUTS, EVERYBODY),
        [
            *(("ada", "put", 1, *TRY), ("ada",), ("ada",), ("ada", KILLED)),
            *(("bob", "join"), ("bob",), ("bob",)),
        ],
        [],
    ),
]


@pytest.mark.parametrize(("right", "wrong", "story", "further"), DEADLY, ids=name)
def test_a_wrong_rule_for_the_dead_is_caught(
    right: Kind, wrong: Kind, story: list[tuple[Any, ...]], further: list[tuple[Any, ...]]
):
    holders = LOCKED if isinstance(right, ProbedValue) else THREE
    check_story(right, holders, story)
    with pytest.raises(Disagreement):
        check_story(wrong, holders, story + further)
