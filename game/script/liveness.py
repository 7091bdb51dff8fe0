"""Which local variables somebody may still read: what is dead is cleared from tasks that wait, so that
tasks with equal futures are equal (backward data flow over the instructions of one function)."""

from __future__ import annotations

from game.script.instructions import CALM, ENDS, JUMPS, LOAD, STORE, Instruction, may_stand_at


def dead_slots(
    code: tuple[Instruction, ...], handlers: tuple[tuple[int, int, int, int], ...], slots: int
) -> tuple[tuple[int, ...], ...]:
    """For each instruction where a task may stand, the slots that nobody reads once it goes on."""
    catcher: list[int | None] = [None] * len(code)
    for first, end, target, _ in reversed(handlers):
        catcher[first:end] = [target] * (end - first)
    # Sets of slots as bits of a number.
    before = [0] * (len(code) + 1)
    after = [0] * len(code)
    changed = True
    while changed:
        changed = False
        for at in range(len(code) - 1, -1, -1):
            op, a, _, _ = code[at]
            live = 0 if op in ENDS else before[at + 1]
            if op in JUMPS:
                live |= before[a]
            caught = catcher[at]
            if caught is not None and op not in CALM:
                live |= before[caught]
            after[at] = live
            if op == STORE:
                live &= ~(1 << a)
            elif op == LOAD:
                live |= 1 << a
            if live != before[at]:
                before[at] = live
                changed = True
    return tuple(
        tuple(slot for slot in range(slots) if not live >> slot & 1) if may_stand_at(instruction) else ()
        for instruction, live in zip(code, after, strict=True)
    )
