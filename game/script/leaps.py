"""Leaps: a Python function of our own writing that takes a task to the next, as `resume` does, sooner.

For who plans thousands of steps of one program that nobody has asked for before (`game.office.forecast`). It
is written like what is known by heart (`game.script.by_heart`), but stops at every request and makes the task
that stands there, equal to the machine's. Where it is at a loss it raises an exception, whichever, and the
machine takes that step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from game.request import DESK, Handle, Request, Value
from game.script import instructions as do
from game.script.by_heart import WAYS, Constant, Lesson, Local, Symbol, Way, Writer, too_long
from game.script.instructions import Code, Held, Instruction, Program, Task
from game.script.vm import FUEL

Leap = Callable[[int, tuple[Any, ...], tuple[Any, ...]], Task]
"""From where a task stands in the entry function, its variables and its stack, on which the reply lies."""


def leap_of(program: Program, arguments: Mapping[str, Value]) -> Leap | None:
    """The leap for this program with these arguments. It knows no lists and no functions but the entry; None
    when the program is too long."""
    code: Code = program.code
    if too_long(code):
        return None
    lesson = Lesson(code)
    stored = {one.a for one in code.functions[0].code if one.op == do.STORE}
    given = [arguments[name] for name in program.parameters]
    fixed = [
        code.held[value] if isinstance(value, Handle) and slot not in stored else None
        for slot, value in enumerate(given)
    ]
    lesson.names |= {"Request": Request, "Task": Task, "new": tuple.__new__}
    text = _LeapWriter(lesson, code.functions[0], 0, tuple(fixed)).write("leap")
    exec(compile(text, "<leap>", "exec"), lesson.names)
    leap: Leap = lesson.names["leap"]
    return leap


class _Asked(Exception):
    """The piece ends here, with a task."""


class _LeapWriter(Writer):
    def _text(self, name: str) -> str:
        self.lines = []
        self.roots = {0: 0}
        self.sure_of: dict[int, dict[int, Constant]] = {}
        self.tallest = 0
        self.indent = 0
        self._line(f"def {name}(pc, values, stack):")
        slots = "".join(f"v{slot}, " for slot in range(len(self.function.slots)))
        self._line(f"    ({slots}) = values")
        head = len(self.lines)
        self._line("")
        if self.counted:
            self._line(f"    fuel = {FUEL}")
        self._line("    while True:")
        written = 0
        while written < len(self.roots):
            self.root = list(self.roots)[written]
            self.indent = 2
            self._line(f"{'elif' if written else 'if'} pc == {self.root}:")
            self._line("    while True:")
            self.indent = 4
            self._root()
            written += 1
        self.indent = 2
        self._line("else: raise Odd")
        places = "".join(f"s{place}, " for place in range(self.tallest))
        self.lesson.names["pads"] = [(None,) * (self.tallest - size) for size in range(self.tallest + 1)]
        self.lines[head] = f"    ({places}) = stack + pads[len(stack)]"
        return "\n".join(self.lines) + "\n"

    def _root(self) -> None:
        stack: list[Symbol] = [Local(f"s{place}") for place in range(self.roots[self.root])]
        for place, constant in self.sure_of.get(self.root, {}).items():
            stack[place] = constant
        self._at(self.root, ())
        self._piece(self.root, stack, set())

    def _piece(self, at: int, stack: list[Symbol], bound: set[int]) -> None:
        with suppress(_Asked):
            super()._piece(at, stack, bound)

    def _ask(
        self,
        at: int,
        held: Held,
        operation: str,
        argument: Sequence[Symbol],
        rest: tuple[Value, ...],
        stack: list[Symbol],
    ) -> None:
        self._make_task(at, held.handle.channel, operation, argument, stack)

    def deliver(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        thing = stack.pop()
        self._make_task(at, DESK, "deliver", [thing], stack)
        return True

    def _make_task(
        self, at: int, channel: str, operation: str, argument: Sequence[Symbol], stack: list[Symbol]
    ) -> None:
        given = "".join(f"{self._plain(one, f'{at}_{place}')}, " for place, one in enumerate(argument))
        what = f"{self.lesson.named('channel', channel)}, {self.lesson.named('operation', operation)}"
        dead, line = self.function.dead[at], self.code[at].line
        values = "".join(
            f"{'UNBOUND' if slot in dead else self._kept(slot)}, " for slot in range(len(self.function.slots))
        )
        kept = "".join(f"{self._say(symbol)}, " for symbol in stack)
        frames = f"((0, {at + 1}, ({values}), ({kept})), )"
        self._line(f"asked = new(Request, ({what}, ({given}), {line}))")
        self._line(f"return new(Task, (asked, None, {line}, {frames}, ()))")
        self.roots.setdefault(at + 1, len(stack) + 1)
        self.tallest = max(self.tallest, len(stack) + 1)
        if self.ways_in[at + 1] == 1:
            self.sure_of[at + 1] = {
                place: one for place, one in enumerate(stack) if isinstance(one, Constant)
            }
        raise _Asked

    def ways(self) -> Mapping[int, Way]:
        return _WAYS

    def _kept(self, slot: int) -> str:
        held = self.constant.get(slot)
        return f"v{slot}" if held is None else self.lesson.named("constant", held)

    def call(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        self._line("raise Odd")
        return True

    def return_(self, at: int, one: Instruction, stack: list[Symbol], bound: set[int]) -> bool:
        self._line("return new(Task, (None, None, 0, (), ()))")
        return True


_WAYS = {
    **WAYS,
    do.DELIVER: _LeapWriter.deliver,
    do.CALL: _LeapWriter.call,
    do.RETURN: _LeapWriter.return_,
}
