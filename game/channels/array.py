"""An array: `multiprocessing.Array('q', initial)`, numbers in shared memory behind one lock.

Every `cards[i]` is a step under the wrapper's RLock, so two cells read one after the other need not
belong together.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from typing import Any, ClassVar, NamedTuple

from game.channels.kind import BLOCKED, Asked, Done, Holders, Kind, Outcome, Picture, Recipe, Refused, Wait
from game.channels.rlock import Guard, perform_guard, step_guard
from game.channels.value import LOCK_FACE, Probed, as_number, guard_wait, is_probed
from game.channels.wire import to_real
from game.language import say
from game.request import Face, Value


class Cards(NamedTuple):
    cells: tuple[int, ...]
    guard: Guard


@dataclass(frozen=True)
class SharedArray(Kind):
    name: ClassVar[str] = "array"
    help: ClassVar[str] = "Index cards in a row: numbers that every clerk can read and write, one at a time."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.Array",
            inherited="SynchronizedArray",
            methods=LOCK_FACE.methods,
            index=("read", "write"),
            views=(("get_lock", "lock"),),
            context=LOCK_FACE.context,
        ),
        "lock": LOCK_FACE,
    }

    initial: tuple[int, ...] = field(
        default=(0,),
        metadata={
            "minimum": -(2**63),
            "maximum": 2**63 - 1,
            "help": "What the cards read at first; as many cards as numbers.",
        },
    )
    lock: bool = field(
        default=True,
        metadata={"help": "false: no lock at all, and no get_lock(), as in Array('q', …, lock=False)."},
    )

    def __post_init__(self) -> None:
        if not 1 <= len(self.initial) <= 1000:
            raise ValueError(say("an array has 1 to 1000 numbers, not {count}", count=len(self.initial)))

    def open_faces(self) -> Mapping[str, Face]:
        if self.lock:
            return self.faces
        cells = f"{ctypes.c_int64.__name__}_Array_{len(self.initial)}"
        return {
            "": Face(python="multiprocessing.RawArray", inherited=cells, index=self.faces[""].index),
        }

    def noticing(self, asked: Asked, mortal: frozenset[str]) -> Kind:
        return ProbedArray(self.initial) if self.lock and is_probed(asked, mortal) else self

    def start(self, holders: Holders) -> Cards:
        return Cards(tuple(self.initial), Guard())

    def step(self, state: Cards, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation.startswith("lock."):
            match step_guard(state.guard, clerk, operation, argument):
                case None:
                    return BLOCKED
                case Guard() as guard, result:
                    return Done(state._replace(guard=guard), result)
                case error, message:
                    return Refused(state, str(error), str(message))
        if state.guard.holder not in ("", clerk):
            return BLOCKED
        match operation, argument:
            case "read", (index,):
                where = self._find(index, "indices must be integers")
                if isinstance(where, Refused):
                    return where._replace(state=state)
                return Done(state, state.cells[where])
            case "write", (index, value):
                where = self._find(index, "indices must be integer")
                if isinstance(where, Refused):
                    return where._replace(state=state)
                number = as_number(value)
                if isinstance(number, str):
                    return Refused(state, "TypeError", number)
                cells = (*state.cells[:where], number, *state.cells[where + 1 :])
                return Done(state._replace(cells=cells))
            case _:
                raise ValueError(f"an array has no operation {operation!r}")

    def _find(self, index: Value, complaint: str) -> int | Refused:
        if not isinstance(index, int):
            return Refused(None, "TypeError", complaint)
        size = len(self.initial)
        if not -size <= index < size:
            return Refused(None, "IndexError", "invalid index")
        return index % size

    def alone(
        self, state: Cards, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        if not others or (operation == "read" and others <= {"read"}):
            return True
        # Its holder has it to itself; only somebody who tries the lock could tell when it is given back.
        return state.guard.holder == clerk and (
            operation != "lock.release" or state.guard.depth > 1 or "lock.acquire?" not in others
        )

    def wait(self, state: Cards, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        return guard_wait(state.guard)

    def show(self, state: Cards) -> Picture:
        return Picture("cards", cells=state.cells, holder=state.guard.holder, depth=state.guard.depth)

    def reading(self, state: Cards) -> Value:
        return state.cells

    def open(self, context: BaseContext, holders: Holders) -> Any:
        return context.Array("q", self.initial, lock=self.lock)

    def perform(self, real: Any, clerk: str, operation: str, argument: tuple[Value, ...]) -> Value:
        match operation, argument:
            case "read", (index,):
                return int(real[to_real(index)])
            case "write", (index, value):
                real[to_real(index)] = to_real(value)
                return None
            case _:
                return perform_guard(real.get_lock(), operation, argument)

    def recipe(self, name: str) -> Recipe:
        if not self.lock:
            makes = f'{name} = Array("q", {list(self.initial)}, lock=False)'
            return Recipe(makes, ("Array",), {"": name}, reads=f"tuple({name})")
        faces = {"": name, "lock": f"{name}.get_lock()"}
        makes = f'{name} = Array("q", {list(self.initial)})'
        return Recipe(makes, ("Array",), faces, reads=f"tuple({name}.get_obj())")

    def look(self, real: Any) -> Value:
        return tuple(real.get_obj() if self.lock else real)

    def reset(self, real: Any, state: Cards, holders: Holders) -> bool:
        if state.guard.holder:
            return False
        (real.get_obj() if self.lock else real)[:] = self.initial
        return True


@dataclass(frozen=True)
class ProbedArray(Probed, SharedArray):
    """Cards whose lock somebody may try."""
