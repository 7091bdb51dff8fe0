"""A bell flag: `multiprocessing.Event`, up until somebody lowers it.

Who waits and is woken looks at the flag again before going on (synchronize.py, Event.wait): when it was
lowered in the meantime, wait returns False, timeout or not.

Where nobody lowers it, waiting is one step: it is possible once the flag is up. With a timeout it always is:
its answer is how the flag stood at some moment. In any other office the steps are those of CPython.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from typing import Any, ClassVar, Final, NamedTuple

from game.channels.bench import Bench, kept
from game.channels.kind import (
    BLOCKED,
    Asked,
    Done,
    Holders,
    Kind,
    Outcome,
    Picture,
    Recipe,
    Refused,
    Wait,
)
from game.channels.room import Ring, Room, Sleep, Stay
from game.channels.timing import acquire_complaint, real_timeout
from game.request import Face, Operation, Value

_ASLEEP: Final = Wait("sleeps until {channel} rings", needs=("set",))


class Bell(NamedTuple):
    up: bool = False
    key: str = ""
    bench: Bench = Bench()


@dataclass(frozen=True)
class Event(Kind):
    name: ClassVar[str] = "event"
    help: ClassVar[str] = "A bell with a flag. Rung once it stays up, until somebody lowers it."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.Event",
            inherited="Condition",
            methods=(
                ("is_set", Operation("is_set", help="Whether the flag is up at this moment.")),
                ("set", Operation("set", help="Raise the flag and wake everybody who waits for it.")),
                ("clear", Operation("clear", help="Lower the flag.")),
                (
                    "wait",
                    Operation(
                        "wait",
                        ("timeout",),
                        (None,),
                        help="Wait until the flag is up, or the timeout runs out. Returns whether it is up "
                        "when you look again: somebody may have lowered it.",
                    ),
                ),
            ),
        )
    }

    def noticing(self, asked: Asked, mortal: frozenset[str]) -> Kind:
        lowered = any("clear" in able for able in asked.values())
        waited = any("wait" in able for able in asked.values())
        if (lowered and waited) or (mortal and len(asked) > 1):
            return CloseEvent(mortal)
        return self

    def start(self, holders: Holders) -> Bell:
        return Bell()

    def step(self, state: Bell, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        match operation, argument:
            case "is_set", _:
                return Done(state, state.up)
            case "set", _:
                return Done(state._replace(up=True))
            case "clear", _:
                return Done(state._replace(up=False))
            case "wait", (timeout,):
                if state.up:
                    return Done(state, True)
                if complaint := acquire_complaint(True, timeout):
                    return Refused(state, "TypeError", complaint)
                return BLOCKED if timeout is None else Done(state, False)
            case _:
                raise ValueError(f"an event has no operation {operation!r}")

    def alone(
        self, state: Bell, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        if "clear" in others:
            return not others
        if operation == "set":
            return state.up or not others & {"is_set", "wait?"}
        # Nobody lowers a flag that is up.
        return not others or (operation in ("wait", "is_set") and (state.up or "set" not in others))

    def wait(self, state: Bell, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        return _ASLEEP

    def show(self, state: Bell) -> Picture:
        text = "rung: the flag is up" if state.up else "the flag is down"
        if state.bench.asleep:
            text += f"; {', '.join(state.bench.asleep)} asleep"
        return state.bench.on(Picture("flag", number=state.up, text=text, keepers=kept(key=state.key)))

    def open(self, context: BaseContext, holders: Holders) -> Any:
        return context.Event()

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        match operation, argument:
            case "is_set", _:
                return real.is_set()
            case "set", _:
                real.set()
                return None
            case "clear", _:
                real.clear()
                return None
            case "wait", (timeout,):
                return real.wait(real_timeout(timeout))
            case _:
                raise ValueError(f"an event has no operation {operation!r}")

    def reset(self, real: Any, state: Bell, holders: Holders) -> bool:
        if state._replace(up=False) != Bell():
            return False
        real.clear()
        return True

    def recipe(self, name: str) -> Recipe:
        return Recipe(f"{name} = Event()", ("Event",), {"": name})


@dataclass(frozen=True)
class CloseEvent(Room, Event):
    """An event looked at closely.

    wait   look; wait.asleep sleeps, wait.again looks again
    set    raise and ring; set.rung waits for the sleepers to stir
    """

    mortal: frozenset[str] = frozenset()

    calls: ClassVar[frozenset[str]] = frozenset({"is_set", "set", "clear", "wait", "wait.again"})
    naps: ClassVar[Mapping[str, str]] = {"wait.asleep": "wait.again"}
    rings: ClassVar[Mapping[str, str]] = {"set.rung": "set.done"}

    def inside(
        self, state: Bell, clerk: str, operation: str, argument: tuple[Value, ...]
    ) -> Done | Refused | Sleep | Ring | Stay:
        match operation, argument:
            case "is_set" | "wait.again", _:
                return Done(state, state.up)
            case "clear", _:
                return Done(state._replace(up=False))
            case "set", _:
                return Ring(state._replace(up=True), "set.rung")
            case "set.done", _:
                return Done(state)
            case "wait", (timeout,) if not state.up:
                if complaint := acquire_complaint(True, timeout):
                    return Refused(state, "TypeError", complaint)
                return Sleep(state, "wait.asleep", (), timeout)
        return Done(state, True)

    def wait(self, state: Bell, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        return _ASLEEP if operation == "wait.asleep" else super().wait(state, clerk, operation, argument)

    def condition(self, real: Any) -> Any:
        return real._cond

    def really_inside(self, real: Any, operation: str, argument: tuple[Value, ...]) -> Any:
        match operation, argument:
            case "clear", _:
                real._flag.acquire(False)
                return None
            case "set", _:
                real._flag.acquire(False)
                real._flag.release()
                return Ring(None, "set.rung")
            case "set.done", _:
                return None
        if real._flag.acquire(False):
            real._flag.release()
            return True
        if operation != "wait":
            return False
        if complaint := acquire_complaint(True, argument[0]):
            raise TypeError(complaint)
        return Sleep(None, "wait.asleep", (), argument[0])
