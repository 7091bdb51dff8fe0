"""The desk: the public counter where `deliver(x)` puts finished things, in order.

It stands in every level without being declared. Nothing ever waits at it; it has no real object
behind it, because what was delivered is known from the clerks' own reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from game.channels.kind import Done, Holders, Kind, Outcome, Picture
from game.request import Face, Operation, Value

Delivered = tuple[tuple[str, Value], ...]
"""(clerk, thing) in the order of delivery."""


@dataclass(frozen=True)
class Desk(Kind):
    name: ClassVar[str] = "desk"
    help: ClassVar[str] = "The public counter: deliver(x) puts a finished thing here."
    faces: ClassVar = {
        "": Face(
            python="deliver()",
            methods=(
                ("deliver", Operation("deliver", ("thing",), help="Hand a finished thing over the counter.")),
            ),
        )
    }

    def start(self, holders: Holders) -> Delivered:
        return ()

    def step(self, state: Delivered, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        if operation == "work":  # asked for only where somebody counts time: game.script.pace
            return Done(state)
        return Done((*state, (clerk, argument[0])))

    def show(self, state: Delivered) -> Picture:
        return Picture("desk", items=tuple(thing for _, thing in state))

    def open(self, context: Any, holders: Holders) -> None:
        return None

    def perform(self, real: None, clerk: str, operation: str, argument: tuple[Value, ...]) -> Value:
        return None
