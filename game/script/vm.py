"""The machine that moves a program from one shared operation to the next.

Private work runs on real Python values, so its meaning is Python's own; between requests everything
is frozen: lists go to a heap numbered by reachability, so that equal futures are equal tasks.
Scripts are never handed to the interpreter of Python itself.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from game.request import LARGEST_MESSAGE, WAIT, Face, Handle, ListValue, Request, Value, weight
from game.script.instructions import Crash, Program, Raised, Returned, Task

FUEL: Final = 100_000
"""Instructions a clerk may do between two shared operations."""
MOST_TEXT: Final = 1_000
MOST_ITEMS: Final = 1_000
SMALLEST, LARGEST = -(1 << 63), (1 << 63) - 1


class Instruction(NamedTuple):
    """What to do, with up to two operands, and the script's line it came from."""

    op: int
    a: Any
    b: Any
    line: int


@dataclass(frozen=True)
class Function:
    """One compiled `def`. `handlers` are (first, end, target, stack depth), innermost first; `live` gives, for
    an instruction that makes a request, the local slots still needed after it."""

    name: str
    parameters: int
    slots: tuple[str, ...]
    code: tuple[Instruction, ...]
    handlers: tuple[tuple[int, int, int, int], ...]
    live: tuple[frozenset[int] | None, ...]


@dataclass(frozen=True)
class Code:
    """All functions of a script; the first is the entry."""

    functions: tuple[Function, ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """A list in a task's heap."""

    at: int


class Unbound:
    """The type of UNBOUND: no value in this local variable."""

    def __reduce__(self) -> str:
        return "UNBOUND"

    def __repr__(self) -> str:
        return "UNBOUND"


UNBOUND: Final = Unbound()


@dataclass(slots=True)
class Walk:
    """A `for` loop part-way through its sequence. A list may change under it, as in Python."""

    sequence: Any
    at: int
    numbered: int | None


class FrozenWalk(NamedTuple):
    sequence: Any
    at: int
    numbered: int | None


class Thrown(NamedTuple):
    """An exception in flight: its class name, message, and the line that raised it."""

    error: str
    message: str
    line: int


BASES: Final[Mapping[str, str]] = {
    "Exception": "",
    "ValueError": "Exception",
    "TypeError": "Exception",
    "AssertionError": "Exception",
    "AttributeError": "Exception",
    "RuntimeError": "Exception",
    "BrokenBarrierError": "RuntimeError",
    "LookupError": "Exception",
    "IndexError": "LookupError",
    "KeyError": "LookupError",
    "ArithmeticError": "Exception",
    "ZeroDivisionError": "ArithmeticError",
    "OverflowError": "ArithmeticError",
    "NameError": "Exception",
    "UnboundLocalError": "NameError",
    "EOFError": "Exception",
    "Empty": "Exception",
    "Full": "Exception",
    "OSError": "Exception",
    "ConnectionError": "OSError",
    "BrokenPipeError": "ConnectionError",
    "ConnectionResetError": "ConnectionError",
    "FileNotFoundError": "OSError",
    "TimeoutError": "OSError",
    "PickleError": "Exception",
    "UnpicklingError": "PickleError",
}
"""Every exception a script may name, and its base class."""

(
    CONST, LOAD, STORE, POP, DUP, BINARY, COMPARE, UNARY, JUMP, JUMP_IF_NOT, JUMP_IF, KEEP_IF_NOT, KEEP_IF,
    TUPLE, LIST, INDEX, SET_INDEX, SLICE, UNPACK, BUILTIN, METHOD, ATTRIBUTE, SET_ATTRIBUTE, ENTER, EXIT,
    WALK, NEXT, CALL, RETURN, RAISE, RERAISE, MATCH, DELIVER, WORK, ROT_TWO, ROT_THREE, DUP_TWO, WAIT_FOR,
) = range(38)  # fmt: skip

BINARIES: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "//=": operator.ifloordiv,
    "%=": operator.imod,
}
COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda item, box: item in _plain(box),
    "not in": lambda item, box: item not in _plain(box),
}
UNARIES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "-": operator.neg,
    "+": operator.pos,
    "not": operator.not_,
}
BUILTINS: Final[Mapping[str, Callable[..., Any]]] = {
    "len": lambda box: len(_plain(box)),
    "range": range,
    "min": min,
    "max": max,
    "sorted": sorted,
    "sum": sum,
    "abs": abs,
    "list": list,
    "tuple": tuple,
}
LIST_METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "append": list.append,
    "remove": list.remove,
    "pop": list.pop,
    "insert": list.insert,
}


class _Limit(Exception):
    """A bound of the game was passed; no script can catch it."""


class _Error(Exception):
    """An exception of the script's world: class name and message."""


def begin(program: Program, arguments: Mapping[str, Value]) -> Task:
    """The task before its first request: private code up to there has run."""
    machine = _Machine(program)
    entry = machine.functions[0]
    values = [_thaw_message(arguments[name]) for name in program.parameters]
    values += [UNBOUND] * (len(entry.slots) - len(values))
    machine.frames = [[0, 0, values, []]]
    return machine.run(None)


def resume(program: Program, task: Task, reply: Returned | Raised) -> Task:
    """The task after its request was answered, at its next request or over."""
    machine = _Machine(program)
    machine.thaw(task)
    if isinstance(reply, Returned):
        machine.frames[-1][3].append(_thaw_message(reply.value))
        return machine.run(None)
    return machine.run(Thrown(reply.error, reply.message, task.line))


def shown_locals(program: Program, task: Task) -> dict[str, Value]:
    """The named local variables that still matter, innermost function, for people to look at."""
    if task.over:
        return {}
    machine = _Machine(program)
    machine.thaw(task)
    number, _, values, _ = machine.frames[-1]
    slots = machine.functions[number].slots
    return {
        name: _freeze_message(value, set())
        for name, value in zip(slots, values, strict=True)
        if value is not UNBOUND
        and name.isidentifier()
        and not isinstance(value, Handle | Thrown | Walk | range)
    }


class _Machine:
    __slots__ = ("faces", "frames", "functions")

    def __init__(self, program: Program) -> None:
        code: Code = program.code
        self.functions = code.functions
        self.faces = program.faces
        self.frames: list[list[Any]] = []  # [function, pc, locals, stack]

    # -- freezing and thawing --

    def thaw(self, task: Task) -> None:
        heap: list[list[Any]] = [[] for _ in task.heap]
        if not heap:
            self.frames = [
                [number, pc, list(values), [_thaw_walk(item) for item in stack]]
                for number, pc, values, stack in task.frames
            ]
            return

        def warm(value: Any) -> Any:
            if isinstance(value, Ref):
                return heap[value.at]
            if isinstance(value, FrozenWalk):
                return Walk(warm(value.sequence), value.at, value.numbered)
            if type(value) is tuple:
                return tuple(warm(item) for item in value)
            return value

        for box, items in zip(heap, task.heap, strict=True):
            box += [warm(item) for item in items]
        self.frames = [
            [number, pc, [warm(value) for value in values], [warm(item) for item in stack]]
            for number, pc, values, stack in task.frames
        ]

    def freeze(self, request: Request) -> Task:
        numbers: dict[int, int] = {}
        boxes: list[list[Any]] = []

        def cool(value: Any) -> Any:
            kind = type(value)
            if kind is int or kind is str or kind is Handle:
                return value
            if kind is list:
                number = numbers.get(id(value))
                if number is None:
                    number = numbers[id(value)] = len(boxes)
                    boxes.append(value)
                return Ref(number)
            if kind is tuple:
                return tuple([cool(item) for item in value])
            if kind is Walk:
                return FrozenWalk(cool(value.sequence), value.at, value.numbered)
            return value

        frames = []
        for number, pc, values, stack in self.frames:
            live = self.functions[number].live[pc - 1]
            kept = tuple(
                [
                    cool(value) if live is None or slot in live else UNBOUND
                    for slot, value in enumerate(values)
                ]
            )
            frames.append((number, pc, kept, tuple([cool(item) for item in stack])))
        heap = []
        at = 0
        while at < len(boxes):
            heap.append(tuple([cool(item) for item in boxes[at]]))
            at += 1
        return Task(request, None, request.line, tuple(frames), tuple(heap))

    # -- running --

    def run(self, thrown: Thrown | None) -> Task:
        fuel = FUEL
        if thrown is not None and not self.catch(thrown):
            return Task(None, Crash(*thrown), thrown.line)
        while True:
            frame = self.frames[-1]
            function = self.functions[frame[0]]
            try:
                fuel, done = self.walk(frame, function, fuel)
            except _Limit as limit:
                line = function.code[frame[1] - 1].line
                return Task(None, Crash("Limit", str(limit), line), line)
            except RecursionError:
                line = function.code[frame[1] - 1].line
                return Task(None, Crash("Limit", "this is nested too deep for the office", line), line)
            except Exception as error:
                line = function.code[frame[1] - 1].line
                if isinstance(error, _Error):
                    name, message = error.args
                else:
                    name, message = type(error).__name__, str(error)
                if isinstance(error, _Raised):
                    thrown = error.thrown
                else:
                    thrown = Thrown(name, message, line)
                if not self.catch(thrown):
                    return Task(None, Crash(*thrown), thrown.line)
                continue
            if isinstance(done, Request):
                return self.freeze(done)
            if not self.frames:
                return Task(None, None, 0)

    def catch(self, thrown: Thrown) -> bool:
        while self.frames:
            number, pc, _, stack = self.frames[-1]
            for first, end, target, depth in self.functions[number].handlers:
                if first <= pc - 1 < end:
                    del stack[depth:]
                    stack.append(thrown)
                    self.frames[-1][1] = target
                    return True
            self.frames.pop()
        return False

    def walk(self, frame: list[Any], function: Function, fuel: int) -> tuple[int, Request | None]:
        """Run one frame until it asks for something (the request), or calls or returns (None)."""
        _, pc, values, stack = frame
        code = function.code
        push, pop = stack.append, stack.pop
        try:
            while True:
                op, a, b, line = code[pc]
                pc += 1
                fuel -= 1
                if fuel < 0:
                    raise _Limit(
                        f"works {FUEL:,} small steps without touching anything shared: does this loop ever end?"
                    )
                if op == LOAD:
                    value = values[a]
                    if value is UNBOUND:
                        raise UnboundLocalError(
                            f"cannot access local variable '{function.slots[a]}' where it is not associated with a value"
                        )
                    push(value)
                elif op == CONST:
                    push(a)
                elif op == STORE:
                    values[a] = pop()
                elif op == BINARY:
                    right, left = pop(), pop()
                    push(_binary(a, left, right))
                elif op == COMPARE:
                    right, left = pop(), pop()
                    push(COMPARISONS[a](left, right))
                elif op == JUMP:
                    pc = a
                elif op == JUMP_IF_NOT:
                    if not pop():
                        pc = a
                elif op == JUMP_IF:
                    if pop():
                        pc = a
                elif op == KEEP_IF_NOT:
                    if not stack[-1]:
                        pc = a
                    else:
                        pop()
                elif op == KEEP_IF:
                    if stack[-1]:
                        pc = a
                    else:
                        pop()
                elif op == NEXT:
                    walk = stack[-1]
                    if walk.at < len(walk.sequence):
                        item = walk.sequence[walk.at]
                        push(item if walk.numbered is None else (walk.numbered + walk.at, item))
                        walk.at += 1
                    else:
                        # CPython's list iterator is used up once it met the end, even if the list grows later.
                        pop()
                        pc = a
                elif op == METHOD:
                    arguments = stack[len(stack) - b[0] :]
                    del stack[len(stack) - b[0] :]
                    thing = pop()
                    request = self.method(thing, a, arguments, b[1], line)
                    if isinstance(request, Request):
                        return fuel, request
                    push(request[0])
                elif op == ATTRIBUTE:
                    thing = pop()
                    found = self.attribute(thing, a, line)
                    if isinstance(found, Request):
                        return fuel, found
                    push(found)
                elif op == SET_ATTRIBUTE:
                    thing = pop()
                    value = pop()
                    request = self.attribute(thing, a, line, value, True)
                    assert isinstance(request, Request)
                    return fuel, request
                elif op == INDEX:
                    index, thing = pop(), pop()
                    if isinstance(thing, Handle):
                        return fuel, self.index(thing, (index,), line)
                    push(thing[index])
                elif op == SET_INDEX:
                    index, thing, value = pop(), pop(), pop()
                    if isinstance(thing, Handle):
                        return fuel, self.index(thing, (index, value), line)
                    thing[index] = value
                    push(None)
                elif op == DELIVER:
                    value = pop()
                    return fuel, Request("desk", "deliver", (_freeze_message(value, set()),), line)
                elif op == WAIT_FOR:
                    timeout = pop()
                    return fuel, Request(WAIT, "wait", (_waited_for(pop()), timeout), line)
                elif op == ENTER or op == EXIT:
                    return fuel, self.context(pop(), op == EXIT, line)
                elif op == POP:
                    pop()
                elif op == DUP:
                    push(stack[-1])
                elif op == DUP_TWO:
                    stack += stack[-2:]
                elif op == ROT_TWO:
                    stack[-1], stack[-2] = stack[-2], stack[-1]
                elif op == ROT_THREE:
                    stack[-1], stack[-2], stack[-3] = stack[-2], stack[-3], stack[-1]
                elif op == UNARY:
                    push(_bounded(UNARIES[a](_plain(pop()) if a != "not" else pop())))
                elif op == TUPLE or op == LIST:
                    items = stack[len(stack) - a :]
                    del stack[len(stack) - a :]
                    push(tuple(items) if op == TUPLE else items)
                elif op == SLICE:
                    parts = stack[-3:]
                    del stack[-3:]
                    push(_plain(pop())[slice(*parts)])
                elif op == UNPACK:
                    items = pop()
                    if isinstance(items, Handle):
                        raise TypeError("cannot unpack non-iterable object")
                    items = list(_unpacked(items, a))
                    stack += reversed(items)
                elif op == BUILTIN:
                    arguments = stack[len(stack) - b :]
                    del stack[len(stack) - b :]
                    if a in ("list", "tuple", "sorted") and arguments and isinstance(arguments[0], range):
                        _room(len(arguments[0]))
                    push(_bounded(BUILTINS[a](*[_plain(argument) for argument in arguments])))
                elif op == WALK:
                    start = pop() if a else None
                    sequence = pop()
                    if not isinstance(sequence, list | range | tuple | str) or isinstance(sequence, Handle):
                        raise TypeError(f"'{_type(sequence)}' object is not iterable")
                    push(Walk(sequence, 0, start))
                elif op == CALL:
                    arguments = stack[len(stack) - b :]
                    del stack[len(stack) - b :]
                    called = self.functions[a]
                    arguments += [UNBOUND] * (len(called.slots) - b)
                    self.frames.append([a, 0, arguments, []])
                    return fuel, None
                elif op == RETURN:
                    value = pop()
                    self.frames.pop()
                    if self.frames:
                        self.frames[-1][3].append(value)
                    return fuel, None
                elif op == RAISE:
                    message = pop() if b else ""
                    raise _Error(a, str(message))
                elif op == RERAISE:
                    raise _Raised(pop())
                elif op == MATCH:
                    push(any(_is_a(stack[-1].error, name) for name in a))
                elif op == WORK:
                    _bounded(pop())
                    push(None)
                else:
                    raise AssertionError(op)
        finally:
            frame[1] = pc

    # -- shared things --

    def face(self, handle: Handle) -> Face:
        return next(face for known, face in self.faces if known == handle)

    def method(
        self, thing: Any, name: str, arguments: list[Any], keywords: tuple[str, ...], line: int
    ) -> Any:
        if isinstance(thing, list) and name in LIST_METHODS:
            if name in ("append", "insert"):
                _room(len(thing) + 1)
            return (LIST_METHODS[name](thing, *arguments),)
        if not isinstance(thing, Handle):
            raise AttributeError(f"'{_type(thing)}' object has no attribute '{name}'")
        face = self.face(thing)
        for method, view in face.views:
            if method == name:
                if arguments:
                    raise TypeError(
                        f"{name}() takes 1 positional argument but {len(arguments) + 1} were given"
                    )
                return (Handle(thing.channel, view),)
        for method, operation in face.methods:
            if method == name:
                given = _bind(name, operation.parameters, operation.defaults, arguments, keywords)
                values = [_letter(value) for value in given]
                return Request(thing.channel, operation.name, (*values, *operation.fixed), line)
        raise AttributeError(f"'{face.python}' object has no attribute '{name}'")

    def attribute(
        self, thing: Any, name: str, line: int, value: Any = None, write: bool = False
    ) -> Request | Handle:
        if isinstance(thing, Handle):
            face = self.face(thing)
            for part, other in face.parts:
                if part == name and not write:
                    return Handle(thing.channel, other)
            for attribute, reads, writes in face.attributes:
                if attribute == name and (writes or not write):
                    argument = (_freeze_message(value, set()),) if write else ()
                    return Request(thing.channel, writes if write else reads, argument, line)
            raise AttributeError(f"'{face.python}' object has no attribute '{name}'")
        raise AttributeError(f"'{_type(thing)}' object has no attribute '{name}'")

    def index(self, handle: Handle, argument: tuple[Any, ...], line: int) -> Request:
        face = self.face(handle)
        if face.index is None:
            raise TypeError(f"'{face.python}' object is not subscriptable")
        values = tuple(_freeze_message(value, set()) for value in argument)
        return Request(handle.channel, face.index[len(argument) - 1], values, line)

    def context(self, thing: Any, leaving: bool, line: int) -> Request:
        face = self.face(thing) if isinstance(thing, Handle) else None
        if face is None or face.context is None:
            name = face.python if face else _type(thing)
            raise TypeError(f"'{name}' object does not support the context manager protocol")
        operation = face.context[leaving]
        known = next((known for _, known in face.methods if known.name == operation), None)
        argument = (*known.defaults, *known.fixed) if known else ()
        return Request(thing.channel, operation, argument, line)


class _Raised(Exception):
    def __init__(self, thrown: Thrown) -> None:
        self.thrown = thrown
        super().__init__(thrown)


def _waited_for(things: Any) -> tuple[Handle, ...]:
    if not isinstance(things, list | tuple) or isinstance(things, Handle):
        raise TypeError(f"'{_type(things)}' object is not iterable")
    for thing in things:
        if not isinstance(thing, Handle):
            raise ValueError(f"Invalid file object: {thing!r}")
    return tuple(things)


def _bind(
    name: str,
    parameters: tuple[str, ...],
    defaults: tuple[Value, ...],
    arguments: list[Any],
    keywords: tuple[str, ...],
) -> list[Any]:
    positional = len(arguments) - len(keywords)
    if positional > len(parameters):
        raise TypeError(f"{name}() takes {len(parameters)} positional arguments but {positional} were given")
    given = dict(zip(parameters, arguments[:positional], strict=False))
    for keyword, value in zip(keywords, arguments[positional:], strict=True):
        if keyword not in parameters:
            raise TypeError(f"{name}() got an unexpected keyword argument '{keyword}'")
        if keyword in given:
            raise TypeError(f"{name}() got multiple values for argument '{keyword}'")
        given[keyword] = value
    for parameter, value in zip(parameters[len(parameters) - len(defaults) :], defaults, strict=True):
        given.setdefault(parameter, value)
    if missing := [parameter for parameter in parameters if parameter not in given]:
        raise TypeError(f"{name}() missing a required argument: '{missing[0]}'")
    return [given[parameter] for parameter in parameters]


def _binary(sign: str, left: Any, right: Any) -> Any:
    kind = type(left)
    if kind is int and type(right) is int:
        result = BINARIES[sign](left, right)
        if SMALLEST <= result <= LARGEST:
            return result
        raise _Limit(f"{result if result.bit_length() < 200 else 'this number'} does not fit in 64 bits")
    left, right = _plain(left), _plain(right)
    if sign[0] == "*" and (isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple)):
        many, box = (left, right) if isinstance(left, int) else (right, left)
        if isinstance(many, int) and not isinstance(box, int):
            _room(many * len(box), MOST_TEXT if isinstance(box, str) else MOST_ITEMS)
    return _bounded(BINARIES[sign](left, right))


def _bounded(value: Any) -> Any:
    if isinstance(value, int):
        if not SMALLEST <= value <= LARGEST:
            raise _Limit("this number does not fit in 64 bits")
    elif isinstance(value, str):
        _room(len(value), MOST_TEXT)
    elif isinstance(value, list | tuple):
        _room(len(value))
    return value


def _room(size: int, most: int = MOST_ITEMS) -> None:
    if size > most:
        raise _Limit(f"{size:,} is too long: the office has room for {most:,}")


def _unpacked(items: Any, wanted: int) -> Any:
    if not isinstance(items, list | tuple | str | range):
        raise TypeError(f"cannot unpack non-iterable {_type(items)} object")
    if len(items) > wanted:
        raise ValueError(f"too many values to unpack (expected {wanted})")
    if len(items) < wanted:
        raise ValueError(f"not enough values to unpack (expected {wanted}, got {len(items)})")
    return items


def _plain(value: Any) -> Any:
    if isinstance(value, Handle):
        raise TypeError("this needs a value, and a channel was given")
    return value


def _type(value: Any) -> str:
    return "NoneType" if value is None else type(value).__name__


def _is_a(error: str, name: str) -> bool:
    while error:
        if error == name:
            return True
        error = BASES.get(error, "Exception" if error != "Exception" else "")
    return False


def _thaw_walk(item: Any) -> Any:
    return Walk(*item) if isinstance(item, FrozenWalk) else item


def _thaw_message(value: Any) -> Any:
    if isinstance(value, ListValue):
        return [_thaw_message(item) for item in value.items]
    if type(value) is tuple:
        return tuple(_thaw_message(item) for item in value)
    return value


def _letter(value: Any) -> Value:
    """An argument of a shared operation: real pipes have room for so much and no more."""
    frozen = _freeze_message(value, set())
    if isinstance(frozen, str | tuple | ListValue) and (heavy := weight(frozen)) > LARGEST_MESSAGE:
        raise _Limit(f"a letter of {heavy:,} bytes is too heavy: {LARGEST_MESSAGE:,} can be carried")
    return frozen


def _freeze_message(value: Any, inside: set[int]) -> Value:
    kind = type(value)
    if kind is int or kind is str or kind is bool or value is None:
        return value  # type: ignore[no-any-return]
    if kind is tuple or kind is list:
        if id(value) in inside:
            raise _Limit("a list that contains itself cannot travel")
        inside = inside | {id(value)}
        items = tuple([_freeze_message(item, inside) for item in value])
        return items if kind is tuple else ListValue(items)
    if kind is range:
        raise _Limit("a range cannot travel in a message: send list(range(…)), or a tuple")
    raise _Limit("a channel or a process cannot travel in a message: clerks are given them at the start")
