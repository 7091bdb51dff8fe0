"""A pigeonhole: room for one letter, put in by one clerk and taken out by another.

The real one is a Value behind a Condition, which is how one builds a mailbox with multiprocessing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from game.channels.kind import BLOCKED, Done, Kind, Picture, Wait
from game.plugins import hookimpl
from game.request import Face, Operation


@dataclass(frozen=True)
class Pigeonhole(Kind):
    """The state is () or (number,)."""

    name: ClassVar[str] = "pigeonhole"
    help: ClassVar[str] = "Room for one number, handed from clerk to clerk."
    faces: ClassVar[Mapping[str, Face]] = {
        "": Face(
            python="draughty_stamp.Pigeonhole",
            methods=(
                ("put", Operation("put", ("number",), help="Put a number in. Waits while there is one.")),
                ("take", Operation("take", help="Take the number out. Waits while there is none.")),
            ),
        )
    }

    filled: bool = field(default=False, metadata={"help": "Whether a 0 lies in it at first."})

    def start(self, holders):
        return (0,) if self.filled else ()

    def step(self, state, clerk, operation, argument):
        if operation == "put":
            return BLOCKED if state else Done((_as_cell(argument[0]),))
        return Done((), state[0]) if state else BLOCKED

    def wait(self, state, clerk, operation, argument):
        if operation == "put":
            return Wait("waits until somebody empties {channel}", needs=("take",))
        return Wait("waits until somebody fills {channel}", needs=("put",))

    def show(self, state):
        return Picture("box", items=state, capacity=1, text=str(state[0]) if state else "empty")

    def rest(self, state):
        return state

    def open(self, context, holders):
        real = context.Array("q", [int(self.filled), 0], lock=False)
        return real, context.Condition()

    def perform(self, real: Any, clerk, operation, argument):
        (cell, changed), putting = real, operation == "put"
        with changed:
            changed.wait_for(lambda: bool(cell[0]) is not putting)
            if putting:
                cell[1] = _as_cell(argument[0])
            cell[0] = int(putting)
            changed.notify_all()
            return None if putting else cell[1]


def _as_cell(value):
    return int(value) if isinstance(value, int) else -1


@hookimpl
def draughty_kinds():
    return [Pigeonhole]
