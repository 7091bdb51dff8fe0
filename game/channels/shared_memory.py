"""A wall of pigeonholes: one `multiprocessing.shared_memory.SharedMemory` that everybody was handed.

A pigeonhole holds a byte, and there is no lock at all. Everybody closes their own view of it; it is unlinked
once, by anybody, and else outlives the office: that is a leak.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from multiprocessing.shared_memory import SharedMemory as RealSharedMemory
from typing import Any, ClassVar, Final, NamedTuple

from game.channels.kind import Done, Holders, Kind, Outcome, Picture, Recipe, Refused
from game.channels.wire import to_real
from game.language import say
from game.request import Face, Operation, Value

PREFIX: Final = "draughty"
"""How the names of our segments begin, before the number of the office's process."""


class Wall(NamedTuple):
    """closed: the clerks who have closed their view, by name. linked: nobody has unlinked it."""

    cells: tuple[int, ...]
    closed: tuple[str, ...] = ()
    linked: bool = True


@dataclass(frozen=True)
class SharedMemory(Kind):
    name: ClassVar[str] = "shared_memory"
    help: ClassVar[str] = (
        "A wall of pigeonholes, a byte in each, for everybody; to be unlinked once at the end."
    )
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="multiprocessing.shared_memory.SharedMemory",
            methods=(
                (
                    "close",
                    Operation("close", help="Close your own view of it. The others keep theirs."),
                ),
                (
                    "unlink",
                    Operation(
                        "unlink",
                        help="Have it removed once everybody has closed it. Once: the second time is a "
                        "FileNotFoundError.",
                    ),
                ),
            ),
            parts=(("buf", "buf"),),
        ),
        "buf": Face(python="memoryview", index=("read", "write")),
    }

    initial: tuple[int, ...] = field(
        default=(0, 0, 0, 0),
        metadata={
            "minimum": 0,
            "maximum": 255,
            "help": "The bytes in the pigeonholes at first; as many as numbers.",
        },
    )

    def __post_init__(self) -> None:
        if not 1 <= len(self.initial) <= 1000:
            raise ValueError(say("a wall has 1 to 1000 pigeonholes, not {count}", count=len(self.initial)))

    def start(self, holders: Holders) -> Wall:
        return Wall(tuple(self.initial))

    def step(self, state: Wall, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        match operation, argument:
            case "close", _:
                return Done(state._replace(closed=tuple(sorted({*state.closed, clerk}))))
            case "unlink", _ if state.linked:
                return Done(state._replace(linked=False))
            case "unlink", _:
                return Refused(state, "FileNotFoundError", "[Errno 2] No such file or directory")
            case "read", _ if clerk in state.closed:
                return Refused(state, "TypeError", "'NoneType' object is not subscriptable")
            case "write", _ if clerk in state.closed:
                return Refused(state, "TypeError", "'NoneType' object does not support item assignment")
            case "read", (index,):
                where = self._find(index)
                if isinstance(where, Refused):
                    return where._replace(state=state)
                return Done(state, state.cells[where])
            case "write", (index, value):
                where = self._find(index)
                if isinstance(where, Refused):
                    return where._replace(state=state)
                if not isinstance(value, int):
                    return Refused(state, "TypeError", "memoryview: invalid type for format 'B'")
                if not 0 <= value <= 255:
                    return Refused(state, "ValueError", "memoryview: invalid value for format 'B'")
                cells = (*state.cells[:where], int(value), *state.cells[where + 1 :])
                return Done(state._replace(cells=cells))
            case _:
                raise ValueError(f"a wall has no operation {operation!r}")

    def _find(self, index: Value) -> int | Refused:
        if isinstance(index, tuple) and len(index) == 1:
            index = index[0]
        if not isinstance(index, int):
            return Refused(None, "TypeError", "memoryview: invalid slice key")
        size = len(self.initial)
        if not -size <= index < size:
            return Refused(None, "IndexError", "index out of bounds on dimension 1")
        return index % size

    def alone(
        self, state: Wall, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        match operation:
            case "close":
                return True
            case "unlink":
                return "unlink" not in others
            case "read":
                return "write" not in others
            case _:
                return not others & {"read", "write"}

    def show(self, state: Wall) -> Picture:
        notes = [f"{len(state.cells)} pigeonholes", "not unlinked yet" if state.linked else "unlinked"]
        if state.closed:
            notes.append(f"closed by {', '.join(state.closed)}")
        phase = "linked" if state.linked else "unlinked"
        return Picture("wall", cells=state.cells, phase=phase, closed=state.closed, text="; ".join(notes))

    def reading(self, state: Wall) -> Value:
        return state.cells

    def leaks(self, state: Wall) -> str:
        return "was never unlinked" if state.linked else ""

    def open(self, context: BaseContext, holders: Holders) -> RealWall:
        return RealWall(_create(self.initial))

    def perform(self, real: RealWall, clerk: str, operation: str, argument: tuple[Value, ...]) -> Value:
        view: Any = real.memory.buf
        match operation, argument:
            case "close", _:
                real.memory.close()
                return None
            case "unlink", _:
                try:
                    real.memory.unlink()
                except FileNotFoundError as error:  # without its name, which is another in every run
                    raise FileNotFoundError(error.errno, error.strerror) from error
                return None
            case "read", (index,):
                return int(view[to_real(index)])
            case "write", (index, value):
                view[to_real(index)] = to_real(value)
                return None
            case _:
                raise ValueError(f"a wall has no operation {operation!r}")

    def look(self, real: RealWall) -> Value:
        view: Any = real.memory.buf
        return tuple(view[: len(self.initial)])

    def reset(self, real: RealWall, state: Wall, holders: Holders) -> bool:
        if state.closed or not state.linked:
            return False
        _fill(real.memory, self.initial)
        return True

    def shut(self, real: RealWall) -> None:
        # The first time the office still wants to look at it in the end.
        if real.handed:
            real.remove()
        real.handed = True

    def recipe(self, name: str) -> Recipe:
        makes = f"{name} = shared_memory.SharedMemory(create=True, size={len(self.initial)})"
        if any(self.initial):
            makes += f"\n{name}.buf[:{len(self.initial)}] = bytes({list(self.initial)})"
        faces = {"": name, "buf": f"{name}.buf"}
        return Recipe(makes, ("shared_memory",), faces, reads=f"tuple({name}.buf[:{len(self.initial)}])")


class RealWall:
    """A real segment, which is gone at the latest when the office forgets it. When the office is killed the
    resource tracker removes it, which is a child of the office's owner."""

    def __init__(self, memory: RealSharedMemory) -> None:
        self.memory = memory
        self.handed = False
        self.remove = weakref.finalize(self, _remove, memory, os.getpid())

    def __reduce__(self) -> tuple[Any, ...]:
        return RealWall, (self.memory,)


def _create(cells: tuple[int, ...]) -> RealSharedMemory:
    for number in itertools.count():
        with contextlib.suppress(FileExistsError):
            memory = RealSharedMemory(f"{PREFIX}-{os.getpid()}-{number}", create=True, size=len(cells))
            _fill(memory, cells)
            return memory
    raise AssertionError("there is always another number")


def _fill(memory: RealSharedMemory, cells: tuple[int, ...]) -> None:
    view: Any = memory.buf
    view[: len(cells)] = bytes(cells)


def _remove(memory: RealSharedMemory, creator: int) -> None:
    if os.getpid() != creator:
        return  # a clerk's copy
    memory.close()
    with contextlib.suppress(FileNotFoundError):
        memory.unlink()
