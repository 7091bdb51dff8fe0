"""A compiled script and a script part-way through: what the compiler makes and the machine moves.

Everything here is frozen, hashable and picklable, because the checker hashes tasks and the
clerks' processes are handed programs. How instructions are carried out is `game.script.vm`'s business.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from game.language import say
from game.request import Face, Handle, Operation, Request, Value


@dataclass(frozen=True)
class Program:
    """A script compiled for the parameters of one clerk function.

    name        the entry function
    parameters  its parameter names, in order
    code        the machine's own instructions: a `Code`
    faces       every face the code may touch, by (channel, face name)
    statements  how many statements stand in its defs (the `statements` metric): every simple or compound
                statement counts one, `elif` too; `def`, `else`, `except`, `finally`, docstrings, `...` and
                `pass` count nothing
    touches     (parameter, operation) pairs the code can ever ask for: parameters that hold handles,
                and operations by their full name. Includes ("", "deliver") when the script delivers.
                `acquire?` beside `acquire` says that it may be asked for in another form than the plain one
                that simply waits, `release?` beside `release` that it may stand outside a `with`.
    """

    name: str
    parameters: tuple[str, ...]
    code: Any
    faces: tuple[tuple[Handle, Face], ...]
    statements: int
    touches: frozenset[tuple[str, str]]


class Crash(NamedTuple):
    """An exception nobody caught: its class name, its message, the script's line.

    `Limit` is our own: a bound of the game was passed (64-bit integers, private loops, sizes).
    It cannot be caught by a script."""

    error: str
    message: str
    line: int


class Task(NamedTuple):
    """A program part-way through: always stopped at a request, or over.

    request   what it wants to do next; None when it is over
    crash     how it ended, when it ended badly
    line      the script's line it stands at (0 before the start)
    frames, heap   the machine's own: local variables, stack, lists; dead locals are cleared and the
              heap is numbered canonically, so equal futures are equal tasks
    """

    request: Request | None
    crash: Crash | None
    line: int
    frames: tuple[Any, ...] = ()
    heap: tuple[Any, ...] = ()

    @property
    def over(self) -> bool:
        return self.request is None


class Returned(NamedTuple):
    """The reply to a request: it gave this value."""

    value: Value = None


class Raised(NamedTuple):
    """The reply to a request: it raised this exception, by class name."""

    error: str
    message: str = ""


# -- what a program is made of --

(
    CONST, LOAD, STORE, POP, DROP, DUP, DUP_TWO, ROT_TWO, ROT_THREE, BINARY, COMPARE, UNARY,
    JUMP, JUMP_IF_NOT, KEEP_IF, KEEP_IF_NOT, TUPLE, LIST, UNPACK, INDEX, SET_INDEX, SLICE,
    WALK, NUMBER, NEXT, NEXT_NUMBERED, BUILTIN, LOOK, METHOD, ATTRIBUTE, SET_ATTRIBUTE, ENTER, EXIT,
    DELIVER, WAIT_FOR, WORK, PAUSE, CALL, RETURN, RAISE, RERAISE, MATCH,
) = range(42)  # fmt: skip
"""What an instruction does. The machine has a stack of values in every frame:

CONST a              push a                          LOAD a, STORE a        push, pop local variable a
POP, DROP a          take one, a values away         DUP, DUP_TWO           push the top (two) once more
ROT_TWO, ROT_THREE   the top goes below one, two     TUPLE a, LIST a        of the top a values
BINARY, COMPARE a    left, right: push a(left, right)  UNARY a              push a(top)
JUMP a, JUMP_IF_NOT a, KEEP_IF a, KEEP_IF_NOT a      (KEEP: keep the top and jump, or drop it)
UNPACK a             push the a items, the first on top
INDEX, SLICE         thing, index (start, stop, step)       SET_INDEX       value, thing, index
WALK                 sequence: sequence, 0           NUMBER         sequence, start: sequence, 0, start
NEXT a               push the walk's next item, or drop the walk and jump to a; NEXT_NUMBERED: (number, item)
BUILTIN a, b         function a on b arguments       CALL a, b              script function a on b arguments
LOOK a               fail now if the top has no method a
METHOD a, (n, names) thing and n arguments, the last of them named
ATTRIBUTE a          thing                           SET_ATTRIBUTE a        value, thing
ENTER, EXIT          thing                           DELIVER, WORK, PAUSE   value (for PAUSE see pace.py)
WAIT_FOR             things, timeout                 RETURN                 value
RAISE a, b           exception named a, with its message on top if b
RERAISE              exception                       MATCH a                push whether the top is one of a

COMPARE has b when it may look into lists. Those that may ask for something shared push the reply: METHOD,
ATTRIBUTE, SET_ATTRIBUTE, INDEX, SET_INDEX, ENTER, EXIT, DELIVER, PAUSE, WAIT_FOR.
"""

STOPS: Final = frozenset(
    [METHOD, ATTRIBUTE, SET_ATTRIBUTE, INDEX, SET_INDEX, ENTER, EXIT, DELIVER, WAIT_FOR, CALL]
)
"""Where a task may stand: at a request, or in a function that has called another. It may stand at an operator
that changes a list as well."""


def may_stand_at(instruction: Instruction) -> bool:
    """Whether a task may stand at this instruction."""
    op, a, _, _ = instruction
    return op in STOPS or (op == BINARY and a in (operator.iadd, operator.imul))


JUMPS: Final = frozenset([JUMP, JUMP_IF_NOT, KEEP_IF, KEEP_IF_NOT, NEXT, NEXT_NUMBERED])
"""Instructions that may go on at their operand."""

ENDS: Final = frozenset([JUMP, RETURN, RAISE, RERAISE])
"""Instructions that never go on at the next one."""

CALM: Final = frozenset([
    CONST, STORE, POP, DROP, DUP, DUP_TWO, ROT_TWO, ROT_THREE, JUMP, JUMP_IF_NOT, KEEP_IF, KEEP_IF_NOT,
    TUPLE, LIST, NEXT, RETURN, MATCH,
])  # fmt: skip
"""Instructions that never raise an exception a script could catch."""


class Instruction(NamedTuple):
    """What to do, with up to two operands, and the script's line it came from."""

    op: int
    a: Any
    b: Any
    line: int


@dataclass(frozen=True)
class Function:
    """One compiled def.

    parameters  how many there are; they are the first slots
    slots       names of local variables; those with a dot are the compiler's own
    handlers    (first, end, target, stack height): exceptions of instructions first..end-1 go on at target;
                innermost first
    dead        for every instruction where a task may stand, the slots that nobody reads afterwards
    """

    name: str
    parameters: int
    slots: tuple[str, ...]
    code: tuple[Instruction, ...]
    handlers: tuple[tuple[int, int, int, int], ...]
    dead: tuple[tuple[int, ...], ...]


class Code:
    """All functions of a script, the first of them the entry, and what its handles can do.

    Two with equal functions and faces are equal; the tables by name are made again where it is unpickled.
    """

    __slots__ = ("changes_lists", "faces", "functions", "held", "skills")

    def __init__(self, functions: tuple[Function, ...], faces: tuple[tuple[Handle, Face], ...]) -> None:
        self.functions, self.faces = functions, faces
        self.changes_lists = any(map(_changes_a_list, functions))
        """Whether there is any instruction that may change a list."""
        self.held = {handle: hold(handle, face.index is not None) for handle, face in faces}
        self.skills = {self.held[handle]: Skills(face) for handle, face in faces}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Code):
            return NotImplemented
        return (self.functions, self.faces) == (other.functions, other.faces)

    def __hash__(self) -> int:
        return hash((self.functions, self.faces))

    def __reduce__(self) -> tuple[Any, ...]:
        return Code, (self.functions, self.faces)


def _changes_a_list(function: Function) -> bool:
    return any(
        op == SET_INDEX
        or (op == METHOD and a in ("append", "insert", "pop", "remove"))
        or (op == BINARY and a in (operator.iadd, operator.imul))
        for op, a, _, _ in function.code
    )


class Skills:
    """A face with its parts found by name."""

    __slots__ = ("attributes", "context", "face", "index", "methods", "parts", "views")

    def __init__(self, face: Face) -> None:
        self.face = face
        self.methods: dict[str, Operation] = dict(face.methods)
        self.attributes = {name: (read, write) for name, read, write in face.attributes}
        self.views, self.parts = dict(face.views), dict(face.parts)
        self.index = face.index
        known = {operation.name: operation for _, operation in face.methods}
        self.context: tuple[tuple[str, tuple[Value, ...]], ...] | None = face.context and tuple(
            (name, (*known[name].defaults, *known[name].fixed) if name in known else ())
            for name in face.context
        )


# -- what a task is made of, beside plain values --


class Held:
    """A handle in a script's variable. One object for each handle in a process, so that it is equal to
    itself and to nothing a script could build, and hashed at the speed of its address."""

    __slots__ = ("handle",)

    def __init__(self, handle: Handle) -> None:
        self.handle = handle

    def __reduce__(self) -> tuple[Any, ...]:
        return hold, (self.handle, isinstance(self, HeldRow))

    def __repr__(self) -> str:
        return f"<{'.'.join(filter(None, self.handle))}>"


class HeldRow(Held):
    """An array. Real ones can be walked through and measured; scripts read them cell by cell."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True

    def _refuse(self, *_: object) -> Any:
        raise Limit(
            say("{channel} is read and written cell by cell here: {channel}[0]", channel=self.handle.channel)
        )

    __len__ = __iter__ = __contains__ = __getitem__ = __setitem__ = _refuse


@cache
def hold(handle: Handle, row: bool) -> Held:
    return HeldRow(handle) if row else Held(handle)


class Ref:
    """A list in a task's heap, by its number. One object for each number in a process."""

    __slots__ = ("at",)

    def __init__(self, at: int) -> None:
        self.at = at

    def __reduce__(self) -> tuple[Any, ...]:
        return ref, (self.at,)

    def __repr__(self) -> str:
        return f"list {self.at}"


@cache
def ref(at: int) -> Ref:
    return Ref(at)


class Inked(NamedTuple):
    """Stands before the things in a list of a task's heap that was put on a queue: (channel, mark) pairs, by
    which the list is known in its out-tray there (see `game.channels.ink`)."""

    marks: tuple[tuple[str, int], ...]


class Unbound:
    """The type of UNBOUND: no value in this local variable, or none that anybody will read."""

    def __reduce__(self) -> str:
        return "UNBOUND"

    def __repr__(self) -> str:
        return "UNBOUND"


UNBOUND: Final = Unbound()


class Thrown(NamedTuple):
    """An exception in flight: its class name, message, and the line that raised it."""

    error: str
    message: str
    line: int


class Limit(Exception):
    """A bound of the game was passed, in a sentence; no script can catch it."""
