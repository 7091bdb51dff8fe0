"""A program known by heart: Python functions of our own writing that do what the machine does, sooner.

For a clerk whom nobody looks at between two operations (a free run). The functions are written from the
machine's instructions, so no word of a script gets into them: values are named by number, texts stand in a
table. What is asked of channels goes straight to the real objects, what comes of it straight to the notes.

The machine (`game.script.vm`) stays the measure. Whatever is rare, or has bounds to be held to, is not
learnt: lists, private exceptions, private loops without end, a channel that is only known when it is met.
There the functions stop before the instruction and tell where the task stands (`HandedOver`), and the machine
goes on from there.
"""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

from game.request import Face, Handle, ListValue, Operation, Value
from game.script import instructions as do
from game.script.errors import is_a
from game.script.instructions import UNBOUND, Code, Function, Held, HeldRow, Instruction, Program, Thrown
from game.script.values import (
    LARGEST,
    LIST_METHODS,
    MOST_KEPT,
    PLAIN,
    SMALLEST,
    WALKS,
    bounded,
    combine,
    letter,
    unpacked,
)
from game.script.vm import FUEL, sorted_out, walkable

FAST_WORDS: Final = 1 << 17
"""So many words of notes are written by heart: all of it must be brought into one order afterwards."""
FAST_LOOKS: Final = 1 << 14
"""And so many by who only polls."""

MOST_LEARNT: Final = 2_000
"""The most instructions of a program that is learnt: Python takes long over such functions."""

_DEEPEST: Final = 40
"""How deep the pieces of a function may lie in one another before one begins anew."""


class Notes(Protocol):
    """Where it is written down when each operation began and ended, and what came of it. `at` is the word
    that comes next; `words` may be written there directly (see `game.office.shared.Notes`)."""

    TRUE: int
    """Added to a moment at which an operation gave True."""
    words: Any
    at: int

    def gave(self, value: Value) -> None: ...
    def raised(self, error: str, message: str) -> None: ...


class Reals(Protocol):
    """The real channels, and what they do."""

    def bare(
        self, channel: str, operation: str, given: int, rest: tuple[Value, ...]
    ) -> Callable[..., Any] | None:
        """Does the operation with plain arguments that come before `rest`; gives a real value. None: there is
        no such short way."""

    def perform(self, channel: str, operation: str, argument: tuple[Value, ...]) -> Value:
        """Does it, whatever it is, writing down the steps between if it takes several."""

    def named(self, error: Exception) -> tuple[str, str]:
        """The exception's name and message, as scripts know them."""

    def value(self, real: Any) -> Value:
        """What a real object gave, as it is written down."""


class HandedOver(Exception):
    """The machine has to go on: where the task stands.

    frames  the machine's own, outermost first
    reply   what the operation asked last gave (in a tuple), () when none has just come back
    thrown  or what it raised
    fuel    what is left of it
    polls   whether the script may go round and round and only look (see `_polls`)
    """

    polls = False

    def __init__(self, fuel: int, reply: tuple[Value, ...] = (), thrown: Thrown | None = None) -> None:
        super().__init__()
        self.frames: list[list[Any]] = []
        self.fuel, self.reply, self.thrown = fuel, reply, thrown


def learn(program: Program, arguments: Mapping[str, Value], reals: Reals, notes: Notes) -> Callable[[], None]:
    """A function that works through the program up to its end, or raises HandedOver. It goes on in the notes
    from where they are, and leaves them there."""
    code: Code = program.code
    given: list[Any] = [
        code.held[value] if isinstance(value, Handle) else value
        for value in (arguments[name] for name in program.parameters)
    ]
    lesson = _FreeLesson(code, reals, notes)
    polls = _polls(code)
    if polls or too_long(code) or any(map(_holds_lists, given)):
        return lesson.all_by_machine(given, polls)
    held = [value if isinstance(value, Held) else None for value in given]
    name, passed = lesson.function(0, tuple(held))
    return partial(lesson.names[name], *[given[place] for place in passed])


def too_long(code: Code) -> bool:
    """Whether there is too much of it to be learnt."""
    return sum(len(function.code) for function in code.functions) > MOST_LEARNT


def _holds_lists(value: Any) -> bool:
    return type(value) is ListValue or (type(value) is tuple and any(map(_holds_lists, value)))


class _Odd(Exception):
    """This is not known by heart."""


def _letter(value: Any) -> Value:
    """A value as it leaves the clerk, unless somebody has to look whether it can."""
    if _holds_handles(value):
        raise _Odd
    return letter(value)


def _holds_handles(value: Any) -> bool:
    return isinstance(value, Held) or (type(value) is tuple and any(map(_holds_handles, value)))


class Local(NamedTuple):
    """On the stack: the value of a variable of the function being written."""

    name: str


class Constant(NamedTuple):
    """On the stack: a value known beforehand."""

    value: Any


Symbol = Local | Constant


class _Spot(NamedTuple):
    """What a line of a function is about.

    at      the instruction; in a "private" one the machine does it again, else it stands after it
    way     "private"; "asks" for something shared; "notes" down what came, in `result`; "calls" a function
    left    how many instructions the fuel has been taken for already, this one and later ones
    """

    at: int
    way: str
    left: int
    stack: tuple[Symbol, ...]
    result: str


class Lesson:
    """All that the code of functions can name as they are written."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.counted = _runs_out(code)
        """Whether fuel can run out at all."""
        self.names: dict[str, Any] = {
            "Held": Held,
            "Odd": _Odd,
            "PLAIN": PLAIN,
            "SCALARS": frozenset([*PLAIN, str]),
            "SMALLEST": SMALLEST,
            "LARGEST": LARGEST,
            "UNBOUND": UNBOUND,
            "bounded": bounded,
            "combine": combine,
            "is_a": is_a,
            "letter": _letter,
            "unpacked": unpacked,
            "walkable": walkable,
        }

    def named(self, what: str, thing: Any) -> str:
        """A name for a thing in the functions' code."""
        name = f"{what}{len(self.names)}"
        self.names[name] = thing
        return name


class _FreeLesson(Lesson):
    """The functions of a program, for real channels."""

    def __init__(self, code: Code, reals: Reals, notes: Notes) -> None:
        super().__init__(code)
        self.reals, self.notes = reals, notes
        self.known: dict[tuple[int, tuple[Held | None, ...]], str] = {}
        self.fuel = FUEL
        self.names |= {
            "TRUE": notes.TRUE,
            "came": self._came,
            "lesson": self,
            "notes": notes,
            "now": time.monotonic_ns,
            "perform": reals.perform,
            "words": notes.words[:FAST_WORDS],
        }

    def function(self, number: int, given: tuple[Held | None, ...]) -> tuple[str, list[int]]:
        """The name of this function, written for these channels as arguments (None: any other value), and
        which of the arguments it is still to be given."""
        function = self.code.functions[number]
        stored = {one.a for one in function.code if one.op == do.STORE}
        fixed = tuple([None if slot in stored else held for slot, held in enumerate(given)])
        key = number, fixed
        if key not in self.known:
            name = self.known[key] = self.named("function", None)
            text = Writer(self, function, number, fixed).write(name)
            exec(compile(text, f"<{name}>", "exec"), self.names)
        return self.known[key], [slot for slot, held in enumerate(fixed) if held is None]

    def all_by_machine(self, given: list[Any], polls: bool) -> Callable[[], None]:
        """What leaves everything to the machine."""

        def begin() -> None:
            handed = HandedOver(FUEL)
            handed.polls = polls
            slots = len(self.code.functions[0].slots)
            values = [*map(_warm, given), *[UNBOUND] * (slots - len(given))]
            handed.frames.append([0, 0, values, []])
            raise handed

        return begin

    def _came(self, at: int, real: Any) -> tuple[int, Any]:
        """Write down what an operation gave; where the notes go on then, and the value for the script."""
        notes = self.notes
        value = self.reals.value(real)
        notes.at = at
        notes.gave(value)
        if type(value) is not int and _holds_lists(value):
            raise HandedOver(FUEL, (value,))
        return notes.at, value


def _warm(value: Any) -> Any:
    if type(value) is ListValue:
        return [_warm(item) for item in value.items]
    return tuple(map(_warm, value)) if type(value) is tuple else value


_ASKING: Final = frozenset([do.SET_ATTRIBUTE, do.ENTER, do.EXIT, do.DELIVER, do.WAIT_FOR])
_COMPARING: Final = MOST_KEPT // 8
"""What one comparison may cost in fuel."""


def _runs_out(code: Code) -> bool:
    """Whether fuel can run out at all: there is a way round on which nothing is asked for, or much to do at
    once."""
    asking = {name for _, face in code.faces for name, _ in face.methods} - set(LIST_METHODS)
    asking |= {name for _, face in code.faces for name, *_ in face.attributes}
    silent = {name for _, face in code.faces for name, _ in (*face.views, *face.parts)}
    for function in code.functions:
        instructions = function.code
        compares = sum(one.op == do.COMPARE and bool(one.b) for one in instructions)
        if len(instructions) + _COMPARING * compares > FUEL // 2:
            return True
        if any(one.op == do.CALL or (one.op == do.BUILTIN and one.a in WALKS) for one in instructions):
            return True
        if _spins(instructions, asking - silent):
            return True
    return False


def _spins(code: tuple[Instruction, ...], asking: set[str]) -> bool:
    """Whether there is a way round in this code that asks for nothing."""
    ways = [_following(code, at, asking) for at in range(len(code))]
    seen, done = [False] * len(code), [False] * len(code)
    for start in range(len(code)):
        todo = [] if seen[start] else [(start, iter(ways[start]))]
        seen[start] = True
        while todo:
            at, coming = todo[-1]
            after = next(coming, None)
            if after is None:
                done[at] = True
                todo.pop()
            elif not seen[after]:
                seen[after] = True
                todo.append((after, iter(ways[after])))
            elif not done[after]:
                return True
    return False


_LOOKS: Final = frozenset(["is_set", "empty", "full", "qsize", "poll", "is_alive"])


def _polls(code: Code) -> bool:
    """Whether there is a way round on which things are only looked at. Who goes round there writes as fast as
    it looks, and all of it must be brought into one order afterwards: the machine can be told to pause."""
    looks = [_looks(code, function.code) for function in code.functions]
    busy = [any(one is False for one in each.values()) for each in looks]
    for function, each in zip(code.functions, looks, strict=True):
        for at, (op, a, _, _) in enumerate(function.code):
            if op == do.CALL and looks[a]:
                each[at] = not busy[a]
        for at, look in each.items():
            if look and at in _reached(function, at, each):
                return True
    return False


def _looks(code: Code, instructions: tuple[Instruction, ...]) -> dict[int, bool]:
    """Where something shared is asked for, and whether that is only a look, which never waits."""
    attributes = {name for _, face in code.faces for name, *_ in face.attributes}
    methods: dict[str, list[Operation]] = {}
    for _, face in code.faces:
        for name, operation in face.methods:
            methods.setdefault(name, []).append(operation)
    found: dict[int, bool] = {}
    for at, (op, a, _, _) in enumerate(instructions):
        if op == do.ATTRIBUTE and a in attributes:
            found[at] = True
        elif op == do.METHOD and a in methods:
            refuses = instructions[at - 1].op == do.CONST and instructions[at - 1].a is False
            fixed = any(operation.fixed[:1] == (False,) for operation in methods[a])
            found[at] = a in _LOOKS or refuses or fixed
        elif op in _ASKING:
            found[at] = False
    return found


def _reached(function: Function, start: int, each: Mapping[int, bool]) -> set[int]:
    """The instructions that may come after this one before anything is asked for that is no look."""
    code, reached, todo = function.code, set[int](), [start]
    while todo:
        at = todo.pop()
        op, a, _, _ = code[at]
        after = [*([] if op in do.ENDS else [at + 1]), *([a] if op in do.JUMPS else [])]
        after += [target for first, end, target, _ in function.handlers if first <= at < end]
        for one in after:
            if one not in reached and each.get(one, True):
                reached.add(one)
                todo.append(one)
    return reached


def _following(code: tuple[Instruction, ...], at: int, asking: set[str]) -> list[int]:
    """Where a task may go on from an instruction without having asked for anything."""
    op, a, _, _ = code[at]
    if op in _ASKING or (op in (do.METHOD, do.ATTRIBUTE) and a in asking):
        return []
    return [*([] if op in do.ENDS else [at + 1]), *([a] if op in do.JUMPS else [])]


_SIGNS: Final[Mapping[Any, str]] = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.floordiv: "//",
    operator.mod: "%",
    operator.iadd: "+",
    operator.isub: "-",
    operator.imul: "*",
    operator.ifloordiv: "//",
    operator.imod: "%",
    operator.eq: "==",
    operator.ne: "!=",
    operator.lt: "<",
    operator.le: "<=",
    operator.gt: ">",
    operator.ge: ">=",
    operator.is_: "is",
    operator.is_not: "is not",
}


class Writer:
    """Writes one function.

    Its pieces begin where ways meet; what only one way leads to stands inside the piece it comes from. What
    the machine has on its stack are names and constants here, and put into the variables `s0`, `s1`, … where
    pieces meet and where exceptions are caught.
    """

    def __init__(self, lesson: Any, function: Function, number: int, fixed: tuple[Held | None, ...]) -> None:
        self.lesson, self.function, self.number = lesson, function, number
        self.code, self.counted = function.code, lesson.counted
        self.constant: dict[int, Held] = {slot: held for slot, held in enumerate(fixed) if held is not None}
        stored = [one.a for one in self.code if one.op == do.STORE]
        self.once = {slot for slot in stored if stored.count(slot) == 1 and slot >= function.parameters}
        self.sure: dict[int, Held] = {}
        self.given = [slot for slot, held in enumerate(fixed) if held is None]
        self.ways_in = _ways_in(self.code)
        self.handlers = {target: height + 1 for _, _, target, height in function.handlers}
        self.guarded = {first for first, *_ in function.handlers}
        self.spots: dict[int, _Spot] = {}
        self.spot = _Spot(0, "private", 0, (), "")
        self.segments, self.left = set[int](), [0] * len(self.code)
        if self.counted:
            self.segments, self.left = _segments(self.code)

    def write(self, name: str) -> str:
        """The function as Python text, which calls `name`_out to find out where an exception came from."""
        while True:
            known = len(self.constant) + len(self.sure)
            text = self._text(name)
            if len(self.constant) + len(self.sure) == known:
                return text
            # A variable turned out to hold one channel and nothing else, and may be read further up.

    def _text(self, name: str) -> str:
        self.lines: list[str] = []
        self.spots.clear()
        self.roots = dict(self.handlers) | {0: 0}
        self.tallest = max(self.roots.values())
        self.indent = 0
        self._line(f"def {name}({', '.join(f'v{slot}' for slot in self.given)}):")
        self.indent = 1
        others = [f"v{slot}" for slot in range(len(self.function.slots)) if slot not in self.given]
        self._line(" = ".join([*others, "thrown", "UNBOUND"]))
        head = len(self.lines)
        self._line("")
        self._line("i = notes.at")
        if self.counted:
            self._line("fuel = lesson.fuel")
        self._line("pc = 0")
        self._line("while True:")
        self.indent = 2
        self._line("try:")
        self._line("    while True:")
        written = 0
        while written < len(self.roots):
            self.root = list(self.roots)[written]
            self.indent = 4
            self._line(f"{'elif' if written else 'if'} pc == {self.root}:")
            self.indent = 5
            self._line("while True:")
            self.indent = 6
            self._root()
            written += 1
        self.indent = 2
        self._line("except Exception as error:")
        self._line(f"    pc, i, thrown = {name}_out(error, locals())")
        if self.counted:
            self._line(f"    fuel = {FUEL}")
        self.lines[head] = "    " + " = ".join([*[f"s{place}" for place in range(self.tallest)], "None"])
        self.lesson.names[f"{name}_out"] = partial(_out, self.lesson, self)
        return "\n".join(self.lines) + "\n"

    def _root(self) -> None:
        height = self.roots[self.root]
        self._at(self.root, ())
        if self.root in self.handlers:
            self._line(f"s{height - 1} = thrown")
        self._piece(self.root, [Local(f"s{place}") for place in range(height)], set())

    # -- lines --

    def _at(self, at: int, stack: Sequence[Symbol], way: str = "private", result: str = "") -> None:
        """What the lines that follow are about."""
        self.spot = _Spot(at, way, self.left[at], tuple(stack), result)

    def _line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)
        if self.indent > 2:
            self.spots[len(self.lines)] = self.spot

    def _say(self, symbol: Symbol) -> str:
        """A symbol as an expression."""
        if isinstance(symbol, Local):
            return symbol.name
        value = symbol.value
        if value is None or type(value) is bool or (type(value) is int and abs(value) < 1 << 32):
            return f"({value})"
        return str(self.lesson.named("constant", value))

    # -- pieces --

    def _piece(self, at: int, stack: list[Symbol], bound: set[int]) -> None:
        """Write on from an instruction up to where the way ends or goes elsewhere."""
        first = True
        while True:
            if not first and self.ways_in[at] > 1:
                return self._go(at, stack, bound, at_once=False)
            if at in self.guarded:
                self._settle(stack)
            if at in self.segments:
                self._charge(at, stack)
            first = False
            self._at(at, stack)
            instruction = self.code[at]
            write = self.ways().get(instruction.op)
            if write is None:
                return self._line("raise Odd")
            if write(self, at, instruction, stack, bound):
                return None
            at += 1

    def _go(self, at: int, stack: Sequence[Symbol], bound: set[int], at_once: bool = True) -> None:
        """Go on at an instruction: there is nothing more to write here."""
        if at_once and self.ways_in[at] == 1 and self.indent < _DEEPEST and at not in self.roots:
            return self._piece(at, list(stack), set(bound))
        self._settle(list(stack))
        self.roots.setdefault(at, len(stack))
        self._line("continue" if at == self.root else f"pc = {at}; break")
        return None

    def _settle(self, stack: list[Symbol]) -> None:
        """Put the stack into its variables."""
        moves = [(f"s{place}", self._say(one)) for place, one in enumerate(stack)]
        moves = [(place, value) for place, value in moves if place != value]
        if moves:
            self._line(f"{', '.join(place for place, _ in moves)} = {', '.join(value for _, value in moves)}")
        self.tallest = max(self.tallest, len(stack))
        stack[:] = [Local(f"s{place}") for place in range(len(stack))]

    def _charge(self, at: int, stack: Sequence[Symbol]) -> None:
        """Take the fuel for everything up to where it may be given anew, or the way divides."""
        self._at(at, stack)
        self._line(f"fuel -= {self.left[at]}")
        self._line("if fuel < 0: raise Odd")

    # -- instructions: each says whether the way ends with it --

    def const(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        stack.append(Constant(one.a))
        return False

    def load(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        slot = one.a
        if slot in self.constant:
            stack.append(Constant(self.constant[slot]))
            return False
        if slot not in bound and slot not in self.given:
            self._line(f"if v{slot} is UNBOUND: raise Odd")
            bound.add(slot)
        stack.append(Constant(self.sure[slot]) if slot in self.sure else Local(f"v{slot}"))
        return False

    def store(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        value, name = stack.pop(), f"v{one.a}"
        if isinstance(value, Constant) and isinstance(value.value, Held) and one.a in self.once:
            if "." in self.function.slots[one.a]:  # the compiler's own, never read before
                self.constant[one.a] = value.value
                return False
            self.sure[one.a] = value.value
        if Local(name) in stack:
            self._line(f"t{at} = {name}")
            stack[:] = [Local(f"t{at}") if held == Local(name) else held for held in stack]
        self._line(f"{name} = {self._say(value)}")
        bound.add(one.a)
        return False

    def pop(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        stack.pop()
        return False

    def drop(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        del stack[-one.a :]
        return False

    def dup(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        stack.append(stack[-1])
        return False

    def dup_two(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        stack += stack[-2:]
        return False

    def rot_two(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        stack[-1], stack[-2] = stack[-2], stack[-1]
        return False

    def rot_three(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        stack[-1], stack[-2], stack[-3] = stack[-2], stack[-3], stack[-1]
        return False

    def jump(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        self._go(one.a, stack, bound)
        return True

    def jump_if_not(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        self._branch(f"not {self._say(stack.pop())}", one.a, stack, bound)
        return False

    def keep_if(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        self._branch(self._say(stack[-1]), one.a, stack, bound)
        stack.pop()
        return False

    def keep_if_not(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        self._branch(f"not {self._say(stack[-1])}", one.a, stack, bound)
        stack.pop()
        return False

    def _branch(self, condition: str, target: int, stack: list[Symbol], bound: set[int]) -> None:
        self._line(f"if {condition}:")
        self.indent += 1
        self._go(target, stack, bound)
        self.indent -= 1

    def binary(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        right, left = self._say(stack.pop()), self._say(stack.pop())
        self._line(f"if type({left}) is int and type({right}) is int:")
        self._line(f"    t{at} = {left} {_SIGNS[one.a]} {right}")
        self._line(f"    if not SMALLEST <= t{at} <= LARGEST: raise Odd")
        self._line(f"else: t{at} = combine({self.lesson.named('sign', one.a)}, {left}, {right})")
        stack.append(Local(f"t{at}"))
        return False

    def compare(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        right, left = self._say(stack.pop()), self._say(stack.pop())
        if one.b:
            self._line(f"if not (type({left}) in SCALARS and type({right}) in SCALARS): raise Odd")
        if one.a in _SIGNS:
            self._line(f"t{at} = {left} {_SIGNS[one.a]} {right}")
        else:
            self._line(f"t{at} = {self.lesson.named('sign', one.a)}({left}, {right})")
        stack.append(Local(f"t{at}"))
        return False

    def unary(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        value = self._say(stack.pop())
        if one.a is operator.not_:
            self._line(f"t{at} = not {value}")
        else:
            self._line(f"t{at} = bounded({self.lesson.named('sign', one.a)}({value}))")
        stack.append(Local(f"t{at}"))
        return False

    def tuple_(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        items = stack[len(stack) - one.a :]
        del stack[len(stack) - one.a :]
        self._line(f"t{at} = bounded(({''.join(f'{self._say(item)}, ' for item in items)}))")
        stack.append(Local(f"t{at}"))
        return False

    def unpack(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        names = [f"t{at}_{number}" for number in range(one.a)]
        value = self._say(stack.pop())
        self._line(f"[{', '.join(names)}] = unpacked({value}, {one.a})")
        stack += [Local(name) for name in reversed(names)]
        return False

    def slice_(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        thing, *parts = [self._say(symbol) for symbol in stack[-4:]]
        del stack[-4:]
        self._line(f"t{at} = {thing}[{':'.join(parts)}]")
        stack.append(Local(f"t{at}"))
        return False

    def walk(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        self._line(f"walkable({self._say(stack[-1])})")
        stack.append(Constant(0))
        return False

    def next_(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        index, walked = self._say(stack[-1]), self._say(stack[-2])
        self._line(f"try: t{at} = {walked}[{index}]")
        self._line("except IndexError:")
        self.indent += 1
        self._go(one.a, stack[:-2], bound, at_once=False)
        self.indent -= 1
        self._line(f"t{at}_1 = {index} + 1")
        stack[-1:] = [Local(f"t{at}_1"), Local(f"t{at}")]
        return False

    def builtin(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        arguments = [self._say(symbol) for symbol in stack[len(stack) - one.b :]]
        if one.a not in (range, len, abs, min, max) or (one.a in (min, max) and one.b < 2):
            self._line("raise Odd")
            return True
        del stack[len(stack) - one.b :]
        if one.a in (min, max):
            types = ", ".join(f"type({value})" for value in arguments)
            self._line(f"if not {{{types}}} <= SCALARS: raise Odd")
        self._line(f"t{at} = bounded({self.lesson.named('builtin', one.a)}({', '.join(arguments)}))")
        stack.append(Local(f"t{at}"))
        return False

    def look(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        held = self._held(stack[-1])
        if held is None or one.a not in dict((*self._face(held).methods, *self._face(held).views)):
            self._line("raise Odd")
            return True
        return False

    def match(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        error, names = f"{self._say(stack[-1])}.error", self.lesson.named("errors", one.a)
        self._line(f"t{at} = any([is_a({error}, name) for name in {names}])")
        stack.append(Local(f"t{at}"))
        return False

    def work(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        self._line(f"if not isinstance({self._say(stack.pop())}, int): raise Odd")
        stack.append(Constant(None))
        return False

    def call(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        given = stack[len(stack) - one.b :]
        del stack[len(stack) - one.b :]
        name, passed = self.lesson.function(one.a, tuple([self._held(symbol) for symbol in given]))
        self._at(at, stack, "calls")
        self._line("notes.at = i")
        if self.counted:
            self._line("lesson.fuel = fuel")
        self._line(f"t{at} = {name}({', '.join(self._say(given[place]) for place in passed)})")
        self._line("i = notes.at")
        if self.counted:
            self._line("fuel = lesson.fuel")
        stack.append(Local(f"t{at}"))
        return False

    def return_(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        self._line("notes.at = i")
        if self.counted:
            self._line("lesson.fuel = fuel")
        self._line(f"return {self._say(stack[-1])}")
        return True

    # -- instructions that ask --

    def _held(self, symbol: Symbol) -> Held | None:
        """The channel that this is, where it is known."""
        return symbol.value if isinstance(symbol, Constant) and isinstance(symbol.value, Held) else None

    def _face(self, held: Held) -> Face:
        face: Face = self.lesson.code.skills[held].face
        return face

    def method(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        count, names = one.b
        held = self._held(stack[-1 - count])
        skills = self.lesson.code.skills[held] if held is not None else None
        operation = skills.methods.get(one.a) if skills else None
        if held is None or skills is None:
            self._line("raise Odd")
            return True
        if operation is None:
            if one.a not in skills.views or count:
                self._line("raise Odd")
                return True
            stack[-1] = Constant(self.lesson.code.held[Handle(held.handle.channel, skills.views[one.a])])
            return False
        given: list[Any] = stack[len(stack) - count :]
        try:
            if names:
                given = sorted_out(one.a, operation, list(map(_Given, given)), names)
                given = [thing.symbol if isinstance(thing, _Given) else Constant(thing) for thing in given]
        except TypeError:
            given = []
        missing = len(operation.parameters) - len(given)
        if not 0 <= missing <= len(operation.defaults):
            self._line("raise Odd")
            return True
        del stack[-1 - count :]
        rest = (*operation.defaults[len(operation.defaults) - missing :], *operation.fixed)
        self._ask(at, held, operation.name, [*given, *map(Constant, rest)], rest, stack)
        return False

    def attribute(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        held = self._held(stack[-1])
        skills = self.lesson.code.skills[held] if held is not None else None
        if held is None or skills is None or one.a not in skills.attributes:
            self._line("raise Odd")
            return True
        stack.pop()
        self._ask(at, held, skills.attributes[one.a][0], [], (), stack)
        return False

    def set_attribute(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        held = self._held(stack[-1])
        writes = self.lesson.code.skills[held].attributes.get(one.a, ("", ""))[1] if held is not None else ""
        if held is None or not writes:
            self._line("raise Odd")
            return True
        stack.pop()
        self._ask(at, held, writes, [stack.pop()], (), stack)
        return False

    def index(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        held = self._held(stack[-2])
        if held is not None and isinstance(held, HeldRow):
            read, _ = self._face(held).index or ("", "")
            index = stack.pop()
            stack.pop()
            self._ask(at, held, read, [index], (), stack)
            return False
        place, thing = self._say(stack.pop()), self._say(stack.pop())
        self._line(f"if isinstance({thing}, Held): raise Odd")
        self._line(f"t{at} = {thing}[{place}]")
        stack.append(Local(f"t{at}"))
        return False

    def set_index(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        held = self._held(stack[-2])
        if held is None or not isinstance(held, HeldRow):
            self._line("raise Odd")
            return True
        _, write = self._face(held).index or ("", "")
        value, _, index = stack[-3:]
        del stack[-3:]
        self._ask(at, held, write, [index, value], (), stack)
        return False

    def enter(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        held = self._held(stack[-1])
        context = self.lesson.code.skills[held].context if held is not None else None
        if held is None or context is None:
            self._line("raise Odd")
            return True
        stack.pop()
        asked, given = context[one.op == do.EXIT]
        self._ask(at, held, asked, [Constant(value) for value in given], given, stack)
        return False

    def deliver(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        self._plain(stack.pop(), at)
        self._at(at, stack, "notes", "None")
        self._line("words[i] = now(); i += 1")
        if self.counted:
            self._line(f"fuel = {FUEL}")
        stack.append(Constant(None))
        return False

    def _plain(self, symbol: Symbol, name: int | str) -> str:
        """The same as it leaves the clerk."""
        said = self._say(symbol)
        if isinstance(symbol, Constant) and type(symbol.value) in PLAIN:
            return said
        self._line(f"a{name} = {said} if type({said}) in PLAIN else letter({said})")
        return f"a{name}"

    def _ask(
        self,
        at: int,
        held: Held,
        operation: str,
        argument: Sequence[Symbol],
        rest: tuple[Value, ...],
        stack: list[Symbol],
    ) -> None:
        """Ask for an operation and write down what comes. `rest` are the last arguments, which the script did
        not give."""
        channel, result = held.handle.channel, f"t{at}"
        bare = self.lesson.reals.bare(channel, operation, len(argument) - len(rest), rest)
        what = f"{self.lesson.named('channel', channel)}, {self.lesson.named('operation', operation)}"
        before = self.spot
        if bare is None:
            names = [self._plain(symbol, f"{at}_{place}") for place, symbol in enumerate(argument)]
            self._at(at, stack, "asks")
            self._line("notes.at = i")
            self._line(f"{result} = perform({what}, ({''.join(f'{name}, ' for name in names)}))")
            self._line("i = notes.at")
        else:
            given = argument[: len(argument) - len(rest)]
            said = [self._say(symbol) for symbol in given]
            unsure = [
                value
                for symbol, value in zip(given, said, strict=True)
                if not (isinstance(symbol, Constant) and type(symbol.value) in PLAIN)
            ]
            quick = f"{result} = {self.lesson.named('bare', bare)}({', '.join(said)})"
            if unsure:
                self._line(f"if {' and '.join(f'type({value}) in PLAIN' for value in unsure)}:")
                self._at(at, stack, "asks")
                self._line(f"    {quick}")
                self.spot = before
                self._line("else:")
                self.indent += 1
                names = [self._plain(symbol, f"{at}_{place}") for place, symbol in enumerate(argument)]
                self._at(at, stack, "asks")
                self._line("notes.at = i")
                self._line(f"{result} = perform({what}, ({''.join(f'{name}, ' for name in names)}))")
                self._line("i = notes.at")
                self.indent -= 1
            else:
                self._at(at, stack, "asks")
                self._line(quick)
        self._at(at, stack, "notes", result)
        self._note(result, at)
        if self.counted:
            self._line(f"fuel = {FUEL}")
        stack.append(Local(result))

    def _note(self, result: str, at: int) -> None:
        """Write down what an operation gave; most likely first."""
        op, after = self.code[at].op, self.code[at + 1].op
        nothing = f"{result} is None: words[i] = now(); i += 1"
        number = f"type({result}) is int: words[i + 1] = {result}; words[i] = -now(); i += 2"
        true = f"{result} is True: words[i] = now() + TRUE; i += 1"
        if op == do.ENTER:
            ways = [true]
        elif op in (do.EXIT, do.SET_ATTRIBUTE, do.SET_INDEX) or (after == do.POP and op == do.METHOD):
            ways = [nothing]
        else:
            ways = [number, nothing, true]
        for place, way in enumerate(ways):
            self._line(f"{'elif' if place else 'if'} {way}")
        self._line(f"else: i, {result} = came(i, {result})")

    def ways(self) -> Mapping[int, Way]:
        """How each instruction is written. Those without a way are left to the machine."""
        return WAYS


class _Given(NamedTuple):
    """An argument that the script gives, while arguments are arranged."""

    symbol: Symbol


Way = Callable[[Any, int, Instruction, list[Symbol], set[int]], bool]

WAYS: Final[Mapping[int, Way]] = {
    do.CONST: Writer.const,
    do.LOAD: Writer.load,
    do.STORE: Writer.store,
    do.POP: Writer.pop,
    do.DROP: Writer.drop,
    do.DUP: Writer.dup,
    do.DUP_TWO: Writer.dup_two,
    do.ROT_TWO: Writer.rot_two,
    do.ROT_THREE: Writer.rot_three,
    do.JUMP: Writer.jump,
    do.JUMP_IF_NOT: Writer.jump_if_not,
    do.KEEP_IF: Writer.keep_if,
    do.KEEP_IF_NOT: Writer.keep_if_not,
    do.BINARY: Writer.binary,
    do.COMPARE: Writer.compare,
    do.UNARY: Writer.unary,
    do.TUPLE: Writer.tuple_,
    do.UNPACK: Writer.unpack,
    do.SLICE: Writer.slice_,
    do.WALK: Writer.walk,
    do.NEXT: Writer.next_,
    do.BUILTIN: Writer.builtin,
    do.LOOK: Writer.look,
    do.MATCH: Writer.match,
    do.WORK: Writer.work,
    do.CALL: Writer.call,
    do.RETURN: Writer.return_,
    do.METHOD: Writer.method,
    do.ATTRIBUTE: Writer.attribute,
    do.SET_ATTRIBUTE: Writer.set_attribute,
    do.INDEX: Writer.index,
    do.SET_INDEX: Writer.set_index,
    do.ENTER: Writer.enter,
    do.EXIT: Writer.enter,
    do.DELIVER: Writer.deliver,
}


def _ways_in(code: tuple[Instruction, ...]) -> list[int]:
    """From how many instructions each may be come to."""
    ways = [0] * len(code)
    for at, (op, a, _, _) in enumerate(code):
        if op in do.JUMPS:
            ways[a] += 1
        if op not in do.ENDS:
            ways[at + 1] += 1
    return ways


def _segments(code: tuple[Instruction, ...]) -> tuple[set[int], list[int]]:
    """Where stretches begin that are gone through as a whole, but for exceptions, and for each instruction
    how many there are from it to the end of its stretch."""
    starts = {0}
    for at, (op, a, _, _) in enumerate(code):
        if op in do.JUMPS:
            starts |= {a, at + 1}
        elif op in do.STOPS or op in do.ENDS:
            starts.add(at + 1)
    left = [0] * len(code)
    for at in range(len(code) - 1, -1, -1):
        left[at] = 1 if at + 1 == len(code) or at + 1 in starts else left[at + 1] + 1
    return starts, left


def _out(lesson: Any, writer: Writer, error: Exception, local: dict[str, Any]) -> tuple[int, int, Any]:
    """Where a function goes on after an exception (instruction, place in the notes, what was thrown), or
    HandedOver with the function's frame."""
    assert error.__traceback__ is not None
    at, way, left, stack, result = writer.spots[error.__traceback__.tb_lineno]
    notes, after = lesson.notes, at + 1
    if isinstance(error, HandedOver):
        handed = error
    elif way == "calls":
        raise error
    elif way == "asks":
        notes.at = max(notes.at, local["i"])
        name, message = lesson.reals.named(error)
        notes.raised(name, message)
        thrown = Thrown(name, message, writer.code[at].line)
        for first, end, target, _ in writer.function.handlers:
            if first < after <= end:
                return target, notes.at, thrown
        handed = HandedOver(FUEL, (), thrown)
    elif way == "notes":
        notes.at = local["i"]
        value = lesson.reals.value(local.get(result))
        notes.gave(value)
        handed = HandedOver(FUEL, (value,))
    else:
        notes.at = local["i"]
        after, handed = at, HandedOver(local["fuel"] + left if writer.counted else FUEL)
    slots = range(len(writer.function.slots))
    values = [writer.constant.get(slot, local.get(f"v{slot}", UNBOUND)) for slot in slots]
    kept = [local[symbol.name] if isinstance(symbol, Local) else symbol.value for symbol in stack]
    handed.frames.insert(0, [writer.number, after, values, kept])
    raise handed from None
