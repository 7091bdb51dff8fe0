"""The machine that moves a program from one shared operation to the next.

Private work runs on real Python values; between requests everything is frozen: lists go to a heap numbered
by reachability and variables that nobody reads again are emptied, so that equal futures are equal tasks.
(`1` and `True` are equal in a task too. No script can tell them apart: `is` is only asked of None, and
nothing turns a value into text.) Scripts are never handed to the interpreter of Python itself.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any, Final, NoReturn

from game.language import listed, say
from game.request import CHANGE, DESK, WAIT, Doomed, Handle, ListValue, Operation, Request, Value
from game.script.errors import is_a
from game.script.instructions import (
    ATTRIBUTE,
    BINARY,
    BUILTIN,
    CALL,
    COMPARE,
    CONST,
    DELIVER,
    DROP,
    DUP,
    DUP_TWO,
    ENTER,
    EXIT,
    INDEX,
    JUMP,
    JUMP_IF_NOT,
    KEEP_IF,
    KEEP_IF_NOT,
    LIST,
    LOAD,
    LOOK,
    MATCH,
    METHOD,
    NEXT,
    NEXT_NUMBERED,
    NUMBER,
    PAUSE,
    POP,
    RAISE,
    RERAISE,
    RETURN,
    ROT_THREE,
    ROT_TWO,
    SET_ATTRIBUTE,
    SET_INDEX,
    SLICE,
    STORE,
    TUPLE,
    UNARY,
    UNBOUND,
    UNPACK,
    WAIT_FOR,
    WALK,
    WORK,
    Code,
    Crash,
    Function,
    Held,
    HeldRow,
    Inked,
    Limit,
    Program,
    Raised,
    Ref,
    Returned,
    Task,
    Thrown,
    ref,
)
from game.script.values import (
    FLAT,
    LARGEST,
    LIST_METHODS,
    MOST_KEPT,
    PLAIN,
    SMALLEST,
    bounded,
    call_list_method,
    combine,
    comparable,
    effort,
    letter,
    type_name,
    unpacked,
)

FUEL: Final = 100_000
"""Instructions a clerk may do between two shared operations."""

_PYTHONS_OWN: Final = (
    TypeError,
    ValueError,
    IndexError,
    ZeroDivisionError,
    AttributeError,
    UnboundLocalError,
    OverflowError,
)
"""What private work may raise. Anything else is a mistake in the machine and is not hidden."""

_SCALARS: Final = frozenset([int, str, bool, type(None)])


def begin(program: Program, arguments: Mapping[str, Value]) -> Task:
    """The task before its first request: private code up to there has run."""
    machine = _Machine(program.code)
    machine.enter(program, arguments)
    return machine.run(None)


def resume(program: Program, task: Task, reply: Returned | Raised) -> Task:
    """The task after its request was answered, at its next request or over."""
    machine = _Machine(program.code)
    machine.thaw(task)
    return _resumed(machine, task, reply)


def _resumed(machine: _Machine, task: Task, reply: Returned | Raised) -> Task:
    if type(reply) is Raised:
        return machine.run(Thrown(reply.error, reply.message, task.line))
    if task.request is None or task.request.operation != CHANGE:
        value = reply[0]
        machine.frames[-1][3].append(value if type(value) in _SCALARS else machine.warm(value))
    return machine.run(None)


LONG: Final = 300
"""From so many steps on it pays to learn a program's leaps."""
MOST_ODD: Final = 30
"""So often the leaps may be at a loss."""


class Going:
    """`resume` for who mostly goes on with the task that came of it last: that one is not thawed again. In a
    long run it leaps: `learn` makes the function that does (`game.script.leaps`)."""

    def __init__(self, program: Program, learn: Callable[[], Callable[..., Task] | None]) -> None:
        self._program, self._learn = program, learn
        self._at: Task | None = None
        self._machine = _Machine(program.code)
        self._leap: Callable[..., Task] | None = None
        self._steps = self._odd = 0

    def resume(self, task: Task, reply: Returned | Raised) -> Task:
        self._steps += 1
        if self._leap is not None:
            value, frames = reply[0], task.frames
            if type(reply) is Returned and type(value) in _SCALARS and len(frames) == 1 and not task.heap:
                number, pc, values, stack = frames[0]
                try:
                    if not number:
                        return self._leap(pc, values, (*stack, value))
                except Exception:  # whatever it was, the machine finds out
                    self._odd += 1
                    if self._odd > MOST_ODD:
                        self._leap = None
        elif self._steps == LONG:
            self._leap = self._learn()
        machine = self._machine
        if task is self._at and type(reply) is Returned:
            machine.fuel = FUEL
        else:
            self._machine = machine = _Machine(self._program.code)
            machine.thaw(task)
        self._at = None
        self._at = after = _resumed(machine, task, reply)
        return after


class Live:
    """A task where nobody looks at it between its requests, in its own process: it asks for what `begin` and
    `resume` would ask for, in half the time, because it is not frozen at every request."""

    __slots__ = ("_machine", "crash", "request")

    def __init__(self, program: Program, arguments: Mapping[str, Value]) -> None:
        self._machine = _LiveMachine(program.code)
        self._machine.enter(program, arguments)
        self._walk(None)

    @classmethod
    def taken_over(
        cls,
        program: Program,
        frames: list[list[Any]],
        reply: tuple[Value, ...],
        thrown: Thrown | None,
        fuel: int,
    ) -> Live:
        """A task that somebody else brought to here: to just before an instruction with this fuel left, or to
        a request that gave `reply` or raised `thrown`."""
        live = cls.__new__(cls)
        live._machine = _LiveMachine(program.code)
        live._machine.frames, live.request = frames, None
        if reply:
            live.give(reply[0])
        else:
            live._walk(thrown, fuel)
        return live

    def give(self, value: Value) -> None:
        """The request gave this value: go on up to the next one or the end."""
        machine = self._machine
        if self.request is None or self.request.operation != CHANGE:
            machine.frames[-1][3].append(value if type(value) in _SCALARS else machine.warm(value))
        self._walk(None)

    def throw(self, error: str, message: str) -> None:
        """The request raised this exception, by class name: go on."""
        assert self.request is not None
        self._walk(Thrown(error, message, self.request.line))

    def _walk(self, thrown: Thrown | None, fuel: int = FUEL) -> None:
        machine = self._machine
        machine.fuel = fuel
        self.crash: Crash | None = None
        self.request: Request | None = None
        task = machine.run(thrown)
        if task is _UNFROZEN:
            self.request = machine.asked
        else:
            self.crash = task.crash


def shown_locals(program: Program, task: Task) -> dict[str, Value]:
    """The local variables of the innermost function that are still of use, for people to look at: plain
    values, without the handles."""
    if task.over:
        return {}
    machine = _Machine(program.code)
    machine.thaw(task)
    number, _, values, _ = machine.frames[-1]
    shown = {}
    for name, value in zip(machine.functions[number].slots, values, strict=True):
        if value is not UNBOUND and "." not in name and not isinstance(value, Held):
            try:
                shown[name] = _ranges_as_text(value) if isinstance(value, range) else letter(value)
            except Limit:
                shown[name] = f"{type_name(value)} of {len(value)}"
    return shown


def _ranges_as_text(value: range) -> str:
    return repr(value)


class _Machine:
    """One task while it moves. A frame is [function, next instruction, local variables, stack]."""

    __slots__ = ("frames", "fuel", "functions", "held", "posted", "posting", "skills", "wet")

    def __init__(self, code: Code) -> None:
        self.functions = code.functions
        self.skills, self.held, self.wet = code.skills, code.held, code.changes_lists
        self.frames: list[list[Any]] = []
        self.posted: dict[int, tuple[list[Any], dict[str, int]]] = {}
        """The lists that were put on a queue and may still be changed, by id, with their marks by channel:
        when the porter reads them nobody can say."""
        self.posting: tuple[str, Any] | None = None
        """The channel, and what is about to be put on it, while a request is being made."""
        self.fuel = FUEL

    def enter(self, program: Program, arguments: Mapping[str, Value]) -> None:
        """Stand before the first instruction of the entry function."""
        values = [self.warm(arguments[name]) for name in program.parameters]
        values += [UNBOUND] * (len(self.functions[0].slots) - len(values))
        self.frames.append([0, 0, values, []])

    # -- between requests --

    def warm(self, value: Any) -> Any:
        """What came in a message, or was handed over, as the script's own value."""
        if type(value) is Handle:
            return self.held[value]
        if type(value) is ListValue:
            return [self.warm(item) for item in value.items]
        if type(value) is tuple:
            return tuple([self.warm(item) for item in value])
        return value

    def thaw(self, task: Task) -> None:
        if not task.heap:
            self.frames = [
                [number, pc, list(values), list(stack)] for number, pc, values, stack in task.frames
            ]
            return
        heap: list[list[Any]] = [[] for _ in task.heap]

        def thawed(value: Any) -> Any:
            if type(value) is Ref:
                return heap[value.at]
            if type(value) is tuple:
                return tuple([thawed(item) for item in value])
            return value

        for box, items in zip(heap, task.heap, strict=True):
            if items and type(items[0]) is Inked:
                self.posted[id(box)] = box, dict(items[0].marks)
                items = items[1:]
            box += map(thawed, items)
        self.frames = [
            [number, pc, list(map(thawed, values)), list(map(thawed, stack))]
            for number, pc, values, stack in task.frames
        ]

    def freeze(self, request: Request) -> Task:
        flat = True
        frames = []
        for number, pc, values, stack in self.frames:
            for slot in self.functions[number].dead[pc - 1]:
                values[slot] = UNBOUND
            flat = flat and FLAT.issuperset(map(type, values)) and FLAT.issuperset(map(type, stack))
            frames.append((number, pc, tuple(values), tuple(stack)))
        if flat:
            return Task(request, None, request.line, tuple(frames))

        numbers: dict[int, int] = {}
        boxes: list[list[Any]] = []

        def frozen(value: Any) -> Any:
            kind = type(value)
            if kind is list:
                number = numbers.get(id(value))
                if number is None:
                    number = numbers[id(value)] = len(boxes)
                    boxes.append(value)
                return ref(number)
            if kind is tuple:
                return tuple([frozen(item) for item in value])
            return value

        frames = [
            (number, pc, tuple(map(frozen, values)), tuple(map(frozen, stack)))
            for number, pc, values, stack in frames
        ]
        heap = []
        room = MOST_KEPT
        for box in boxes:  # grows while we walk through it
            room -= len(box)
            if room < 0:
                raise Limit(
                    say("all lists of one clerk together have room for {most:,} things", most=MOST_KEPT)
                )
            items = tuple(map(frozen, box))
            if id(box) in self.posted:
                items = (Inked(tuple(sorted(self.posted[id(box)][1].items()))), *items)
            heap.append(items)
        return Task(request, None, request.line, tuple(frames), tuple(heap))

    # -- running --

    def run(self, thrown: Thrown | None) -> Task:
        """Go on, with an exception first if there is one, up to the next request or the end."""
        while True:
            if thrown is not None and not self.catch(thrown):
                return Task(None, Crash(*thrown), thrown.line)
            frame = self.frames[-1]
            try:
                stop = self.walk(frame, self.functions[frame[0]])
                if type(stop) is Request:
                    return self.freeze(stop if self.posting is None else self.inked(stop))
            except Limit as limit:
                return Task(None, Crash("Limit", str(limit), self.line), self.line)
            except _PYTHONS_OWN as error:
                message = str(error).replace("'HeldRow'", "'channel'").replace("'Held'", "'channel'")
                stop = Thrown(type(error).__name__, message, self.line)
            if not self.frames:
                return Task(None, None, 0)
            thrown = stop if type(stop) is Thrown else None

    @property
    def line(self) -> int:
        number, pc, _, _ = self.frames[-1]
        line: int = self.functions[number].code[pc - 1].line
        return line

    def catch(self, thrown: Thrown) -> bool:
        """Go to the handler of an exception; False when there is none in any function."""
        while self.frames:
            frame = self.frames[-1]
            number, pc, _, stack = frame
            for first, end, target, height in self.functions[number].handlers:
                if first < pc <= end:
                    del stack[height:]
                    stack.append(thrown)
                    frame[1] = target
                    return True
            self.frames.pop()
        return False

    def walk(self, frame: list[Any], function: Function) -> Request | Thrown | None:
        """Run one frame until it asks or raises something, or calls or returns (None)."""
        _, pc, values, stack = frame
        code = function.code
        push, pop = stack.append, stack.pop
        fuel = self.fuel
        try:
            while True:
                op, a, b, line = code[pc]
                pc += 1
                fuel -= 1
                if fuel < 0:
                    raise Limit(
                        say(
                            "works {most:,} small steps without touching anything shared: does this "
                            "loop ever end?",
                            most=FUEL,
                        )
                    )
                if op == LOAD:
                    value = values[a]
                    if value is UNBOUND:
                        raise UnboundLocalError(
                            f"cannot access local variable '{function.slots[a]}' where it is not associated "
                            "with a value"
                        )
                    push(value)
                elif op == CONST:
                    push(a)
                elif op == STORE:
                    values[a] = pop()
                elif op == BINARY:
                    right = pop()
                    left = stack[-1]
                    if type(left) is int and type(right) is int:
                        value = a(left, right)
                        stack[-1] = value if SMALLEST <= value <= LARGEST else bounded(value)
                    else:
                        stack[-1] = combine(a, left, right)
                        if self.posted and type(left) is list and (a is operator.iadd or a is operator.imul):
                            frame[1] = pc
                            if (request := self.changed(left, line)) is not None:
                                return request
                elif op == COMPARE:
                    right = pop()
                    left = stack[-1]
                    if b and not (type(left) in _SCALARS and type(right) in _SCALARS):
                        fuel -= comparable(left) + comparable(right)
                    stack[-1] = a(left, right)
                elif op == JUMP_IF_NOT:
                    if not pop():
                        pc = a
                elif op == NEXT:
                    at = stack[-1]
                    try:
                        item = stack[-2][at]
                    except IndexError:
                        # A list's walk is used up once it met the end, even if the list grows later.
                        del stack[-2:]
                        pc = a
                    else:
                        stack[-1] = at + 1
                        push(item)
                elif op == JUMP:
                    pc = a
                elif op == METHOD:
                    count, names = b
                    arguments: list[Any] = []
                    if count:
                        arguments = stack[-count:]
                        del stack[-count:]
                    thing = pop()
                    if isinstance(thing, Held):
                        skills = self.skills[thing]
                        operation = skills.methods.get(a)
                        if operation is not None:
                            doom = self.doomed if operation.pickles else None
                            given = _filled(a, operation, arguments, names, doom)
                            if operation.later and self.wet and type(given[0]) is not Doomed:
                                self.posting = thing.handle.channel, _given_first(operation, arguments, names)
                            return Request(thing.handle.channel, operation.name, given, line)
                        if a in skills.views and not arguments:
                            push(self.warm(Handle(thing.handle.channel, skills.views[a])))
                            continue
                    elif type(thing) is list and a in LIST_METHODS:
                        if names:
                            raise TypeError(f"list.{a}() takes no keyword arguments")
                        if a == "remove":
                            fuel -= comparable(thing)
                        push(call_list_method(thing, a, arguments))
                        if self.posted:
                            frame[1] = pc
                            if (request := self.changed(thing, line)) is not None:
                                return request
                        continue
                    self.look(thing, a)
                    raise TypeError(f"{a}() takes no arguments")
                elif op == ATTRIBUTE:
                    thing = pop()
                    if not isinstance(thing, Held):
                        self.lacks(thing, a)
                    skills = self.skills[thing]
                    if a in skills.attributes:
                        return Request(thing.handle.channel, skills.attributes[a][0], (), line)
                    if a not in skills.parts:
                        self.lacks(thing, a, a in skills.face.names())
                    push(self.warm(Handle(thing.handle.channel, skills.parts[a])))
                elif op == SET_ATTRIBUTE:
                    thing = pop()
                    value = pop()
                    if isinstance(thing, Held):
                        writes = self.skills[thing].attributes.get(a, ("", ""))[1]
                        if writes:
                            return Request(thing.handle.channel, writes, (letter(value),), line)
                        self.lacks(thing, a, a not in self.skills[thing].attributes)
                    self.lacks(thing, a)
                elif op == INDEX:
                    index = pop()
                    thing = pop()
                    if isinstance(thing, HeldRow):
                        read, _ = self.skills[thing].index or ("", "")
                        return Request(thing.handle.channel, read, (letter(index),), line)
                    push(thing[index])
                elif op == SET_INDEX:
                    index = pop()
                    thing = pop()
                    value = pop()
                    if isinstance(thing, HeldRow):
                        _, write = self.skills[thing].index or ("", "")
                        return Request(thing.handle.channel, write, (letter(index), letter(value)), line)
                    thing[index] = value
                    push(None)
                    if self.posted and type(thing) is list:
                        frame[1] = pc
                        if (request := self.changed(thing, line)) is not None:
                            return request
                elif op == EXIT or op == ENTER:  # noqa: SIM109 (a membership test is slower)
                    thing = pop()
                    context = self.skills[thing].context if isinstance(thing, Held) else None
                    if context is None:
                        raise TypeError(
                            f"'{type_name(thing)}' object does not support the context manager protocol"
                        )
                    asked, given = context[op == EXIT]
                    return Request(thing.handle.channel, asked, given, line)
                elif op == DELIVER:
                    return Request(DESK, "deliver", (letter(pop()),), line)
                elif op == WAIT_FOR:
                    timeout = pop()
                    return Request(WAIT, "wait", _waited_for(pop(), timeout), line)
                elif op == POP:
                    pop()
                elif op == DROP:
                    del stack[-a:]
                elif op == CALL:
                    arguments = stack[len(stack) - b :]
                    del stack[len(stack) - b :]
                    arguments += [UNBOUND] * (len(self.functions[a].slots) - b)
                    self.frames.append([a, 0, arguments, []])
                    return None
                elif op == RETURN:
                    value = pop()
                    self.frames.pop()
                    if self.frames:
                        self.frames[-1][3].append(value)
                    return None
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
                elif op == DUP:
                    push(stack[-1])
                elif op == DUP_TWO:
                    stack += stack[-2:]
                elif op == ROT_TWO:
                    stack[-1], stack[-2] = stack[-2], stack[-1]
                elif op == ROT_THREE:
                    stack[-1], stack[-2], stack[-3] = stack[-2], stack[-3], stack[-1]
                elif op == UNARY:
                    stack[-1] = bounded(a(stack[-1]))
                elif op == TUPLE or op == LIST:  # noqa: SIM109
                    items = stack[len(stack) - a :]
                    del stack[len(stack) - a :]
                    push(bounded(tuple(items) if op == TUPLE else items))
                elif op == UNPACK:
                    stack += reversed(unpacked(pop(), a))
                elif op == SLICE:
                    parts = stack[-3:]
                    del stack[-3:]
                    stack[-1] = stack[-1][slice(*parts)]
                elif op == WALK:
                    walkable(stack[-1])
                    push(0)
                elif op == NUMBER:
                    start = stack[-1]
                    if not isinstance(start, int):
                        raise TypeError(f"'{type_name(start)}' object cannot be interpreted as an integer")
                    walkable(stack[-2])
                    stack[-1] = 0
                    push(int(start))
                elif op == NEXT_NUMBERED:
                    number = stack[-1]
                    at = stack[-2]
                    try:
                        item = stack[-3][at]
                    except IndexError:
                        del stack[-3:]
                        pc = a
                    else:
                        stack[-2] = at + 1
                        stack[-1] = number + 1
                        push(bounded((bounded(number), item)))
                elif op == BUILTIN:
                    arguments = stack[len(stack) - b :]
                    del stack[len(stack) - b :]
                    fuel -= effort(a, arguments)
                    if fuel >= 0:
                        push(bounded(a(*arguments)))
                elif op == LOOK:
                    self.look(stack[-1], a)
                elif op == RAISE:
                    return Thrown(a, _message(pop()) if b else "", line)
                elif op == RERAISE:
                    thrown: Thrown = pop()
                    return thrown
                elif op == MATCH:
                    push(any(is_a(stack[-1].error, name) for name in a))
                elif op == WORK or op == PAUSE:  # noqa: SIM109
                    ticks = pop()
                    if not isinstance(ticks, int):
                        raise TypeError(f"'{type_name(ticks)}' object cannot be interpreted as an integer")
                    if op == PAUSE and ticks > 0:
                        return Request(DESK, "work", (int(ticks),), line)
                    push(None)
                else:
                    raise AssertionError(op)
        finally:
            frame[1] = pc
            self.fuel = fuel

    def doomed(self, value: Any) -> Doomed | None:
        """What becomes of a thing that can be shared by inheritance only, alone or in a tuple."""
        if isinstance(value, Held):
            face, (channel, part) = self.skills[value].face, value.handle
            if not face.inherited:
                return None
            message = f"{face.inherited} objects should only be shared between processes through inheritance"
            return Doomed(".".join(filter(None, (channel, part))), "RuntimeError", message)
        if type(value) is not tuple:
            return None
        found = [self.doomed(one) for one in value]
        # What comes first is tried first; behind it nothing is.
        return next(filter(None, found), None) if not any(map(_has_lists, value)) else None

    # -- lists that a porter has yet to read --

    def inked(self, request: Request) -> Request:
        """The put with its ink, where a list it hands to a porter is still this clerk's to change. The
        porter pickles it some time later (queues.py, Queue._feed)."""
        assert self.posting is not None
        channel, item = self.posting
        self.posting = None
        ink = self.ink(channel, item)
        return request._replace(argument=(*request.argument, ink)) if any(ink) else request

    def changed(self, box: list[Any], line: int) -> Request | None:
        """What a clerk that has just changed this list asks for, so that the tray has it too."""
        if id(box) not in self.posted:
            return None
        _, marks = self.posted[id(box)]
        if len(marks) > 1:
            raise Limit(
                say(
                    "this list was put on {belts}, and whether either porter reads it before or "
                    "after a change nobody can say: put a copy, list(…), on one of them",
                    belts=listed(sorted(marks)),
                )
            )
        ((channel, mark),) = marks.items()
        return Request(channel, CHANGE, (letter(box), (mark, *self.ink(channel, box, mark)[1:])), line)

    def ink(self, channel: str, item: Any, besides: int = 0) -> tuple[int, ...]:
        """The marks of all lists in an item; see `game.channels.ink`. `besides` is a mark that is in use."""
        self.bury()
        alive = {id(box) for box in self.reachable()}
        self.posted = {number: found for number, found in self.posted.items() if number in alive}
        used = {besides, *(marks[channel] for _, marks in self.posted.values() if channel in marks)}
        ink: list[int] = []

        def walk(value: Any) -> None:
            if type(value) is list:
                mark = 0
                if id(value) in alive:
                    _, marks = self.posted.setdefault(id(value), (value, {}))
                    mark = marks.get(channel, 0)
                    if not mark:
                        mark = next(number for number in count(1) if number not in used)
                        used.add(mark)
                        marks[channel] = mark
                        mark = -mark
                ink.append(mark)
            if type(value) is list or type(value) is tuple:
                for one in value:
                    walk(one)

        walk(item)
        return tuple(ink)

    def bury(self) -> None:
        """Empty the variables that nobody reads any more."""
        for number, pc, values, _ in self.frames:
            for slot in self.functions[number].dead[pc - 1]:
                values[slot] = UNBOUND

    def reachable(self) -> Iterator[list[Any]]:
        """Every list that a variable still leads to."""
        seen: set[int] = set()
        todo = [thing for _, _, values, stack in self.frames for thing in (*values, *stack)]
        while todo:
            thing = todo.pop()
            if (type(thing) is list or type(thing) is tuple) and id(thing) not in seen:
                seen.add(id(thing))
                todo += thing
                if type(thing) is list:
                    yield thing

    def look(self, thing: Any, name: str) -> None:
        """Python looks for a method before it looks at the arguments."""
        if isinstance(thing, Held):
            face = self.skills[thing].face
            if name not in face.calls and not any(name == known for known, _ in face.views):
                self.lacks(thing, name, name in face.names())
        elif type(thing) is not list or name not in LIST_METHODS:
            self.lacks(thing, name)

    def lacks(self, thing: Any, name: str, really: bool = False) -> NoReturn:
        """There is no such name here. Where Python really has it, a script may not be told otherwise."""
        held = isinstance(thing, Held)
        if really or (not held and hasattr(type(thing), name)):
            raise Limit(say("{name!r} is not used like this here", name=name))
        kind = self.skills[thing].face.python.rpartition(".")[2] if held else type_name(thing)
        raise AttributeError(f"'{kind}' object has no attribute '{name}'")


_UNFROZEN: Final = Task(None, None, 0)


class _LiveMachine(_Machine):
    __slots__ = ("asked",)

    def freeze(self, request: Request) -> Task:
        self.asked = request
        for _, _, values, stack in self.frames:
            if not (FLAT.issuperset(map(type, values)) and FLAT.issuperset(map(type, stack))):
                super().freeze(request)  # lists have bounds, which are held to there
        return _UNFROZEN


def _filled(
    name: str,
    operation: Operation,
    arguments: list[Any],
    names: tuple[str, ...],
    doom: Callable[[Any], Doomed | None] | None = None,
) -> tuple[Value, ...]:
    """Every parameter of an operation: as given, else its default, then the fixed ones. `doom` says whether
    the first one cannot be pickled."""
    parameters, defaults = operation.parameters, operation.defaults
    if names:
        arguments = sorted_out(name, operation, arguments, names)
    missing = len(parameters) - len(arguments)
    if missing < 0:
        raise TypeError(
            f"{name}() takes {len(parameters)} positional arguments but {len(arguments)} were given"
        )
    if missing > len(defaults):
        raise TypeError(f"{name}() missing a required argument: '{parameters[len(arguments)]}'")
    given: tuple[Value, ...] = tuple([
        value if type(value) in PLAIN
        else letter(value) if doom is None or number or (doomed := doom(value)) is None
        else doomed
        for number, value in enumerate(arguments)
    ])  # fmt: skip
    return (*given, *(defaults[len(defaults) - missing :] if missing else ()), *operation.fixed)


def _has_lists(value: Any) -> bool:
    return type(value) is list or (type(value) is tuple and any(map(_has_lists, value)))


def _given_first(operation: Operation, arguments: list[Any], names: tuple[str, ...]) -> Any:
    """What a call gives for the first parameter of an operation."""
    if len(arguments) > len(names):
        return arguments[0]
    return arguments[names.index(operation.parameters[0])] if operation.parameters[0] in names else None


def sorted_out(name: str, operation: Operation, arguments: list[Any], names: tuple[str, ...]) -> list[Any]:
    """Named arguments put in their places, and the defaults before them."""
    positional = len(arguments) - len(names)
    given = dict(zip(operation.parameters, arguments[:positional], strict=False))
    if positional > len(operation.parameters):
        return arguments
    for keyword, value in zip(names, arguments[positional:], strict=True):
        if keyword not in operation.parameters:
            raise TypeError(f"{name}() got an unexpected keyword argument '{keyword}'")
        if keyword in given:
            raise TypeError(f"{name}() got multiple values for argument '{keyword}'")
        given[keyword] = value
    first_default = len(operation.parameters) - len(operation.defaults)
    given = dict(zip(operation.parameters[first_default:], operation.defaults, strict=True)) | given
    for parameter in operation.parameters:
        if parameter not in given:
            raise TypeError(f"{name}() missing a required argument: '{parameter}'")
    return [given[parameter] for parameter in operation.parameters]


def walkable(sequence: Any) -> None:
    if isinstance(sequence, HeldRow):
        iter(sequence)
    if not isinstance(sequence, list | range | tuple | str):
        raise TypeError(f"'{type_name(sequence)}' object is not iterable")


def _waited_for(things: Any, timeout: Any) -> tuple[Value, ...]:
    """The arguments of wait(object_list, timeout)."""
    if not isinstance(things, list | tuple):
        raise TypeError(f"'{type_name(things)}' object is not iterable")
    for thing in things:
        if not isinstance(thing, Held):
            raise ValueError(f"Invalid file object: a {type_name(thing)}")
    if timeout is not None and not isinstance(timeout, int):
        raise TypeError(f"unsupported operand type(s) for +: 'float' and '{type_name(timeout)}'")
    return tuple([thing.handle for thing in things]), timeout


def _message(value: Any) -> str:
    """What an exception says: `raise ValueError(value)`."""
    comparable(value)
    return str(value)[:1_000]
