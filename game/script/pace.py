"""Time, for who counts it: a program in which `work(n)` is a step that is asked for.

Everywhere else work takes no step at all, because nobody but the clerk itself could notice it.
"""

from __future__ import annotations

import dataclasses

from game.script.instructions import PAUSE, WORK, Code, Function, Program


def with_work_as_steps(program: Program) -> Program:
    """The same program, but that it asks the desk for `work` with the number of ticks, and goes on once that
    is done."""
    code: Code = program.code
    return dataclasses.replace(program, code=Code(tuple(map(_with_pauses, code.functions)), code.faces))


def _with_pauses(function: Function) -> Function:
    return dataclasses.replace(
        function,
        code=tuple(
            instruction._replace(op=PAUSE) if instruction.op == WORK else instruction
            for instruction in function.code
        ),
    )
