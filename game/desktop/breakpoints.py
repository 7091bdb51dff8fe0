"""Where a film pauses by itself: before a line of a script, and after a step somebody asked to see.

A value of its own, so that the script's gutter, the timeline and the playback share one. It draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from game.language import say
from game.request import DESK
from game.story import Film, is_fate, owner
from game.trace import Event


class Stop(NamedTuple):
    """A kind of step to pause after. What is "" may be anything; `clerk` means its porters as well, and
    `operation` is the last word of one: "acquire", also for a board's own lock."""

    clerk: str = ""
    channel: str = ""
    operation: str = ""

    def meets(self, event: Event) -> bool:
        """Whether this step is of that kind."""
        return (
            self.clerk in ("", owner(event.agent))
            and self.channel in ("", event.channel)
            and self.operation in ("", event.operation.rpartition(".")[2])
        )

    def words(self) -> str:
        """The stop as a player reads it."""
        clerk = self.clerk or say("anybody")
        operation = self.operation or say("anything")
        if self.channel:
            return say("{clerk}: {operation} at {channel}", clerk=clerk, operation=operation,
                       channel=self.channel)  # fmt: skip
        return say("{clerk}: {operation}", clerk=clerk, operation=operation)


@dataclass(frozen=True)
class Breakpoints:
    """The marked lines, by script, counted from 1, and the stops, in the order they were made."""

    marked: Mapping[str, frozenset[int]]
    stops: tuple[Stop, ...] = ()

    def lines(self, script: str) -> frozenset[int]:
        """The marked lines of a script."""
        return self.marked.get(script, frozenset())

    def with_lines(self, script: str, lines: Iterable[int]) -> Breakpoints:
        """With just these lines of a script marked: after an edit has moved them, say."""
        return replace(self, marked={**self.marked, script: frozenset(lines)})

    def toggled(self, script: str, line: int) -> Breakpoints:
        """With this line marked, or no longer."""
        return self.with_lines(script, self.lines(script) ^ {line})

    def toggled_stop(self, stop: Stop) -> Breakpoints:
        """With this stop, or no longer."""
        if stop in self.stops:
            return replace(self, stops=tuple(one for one in self.stops if one != stop))
        return replace(self, stops=(*self.stops, stop))

    def moments(self, film: Film) -> tuple[int, ...]:
        """The positions at which a film pauses: before a step on a marked line, after a step of a stop."""
        if not self.stops and not any(self.marked.values()):
            return ()
        scripts = {clerk.name: clerk.script for clerk in film.system.level.clerks}
        found: set[int] = set()
        for number, event in enumerate(film.trace.events):
            mine = event.agent in scripts
            if mine and event.line in self.lines(scripts[event.agent]):
                found.add(number)
            if any(stop.meets(event) for stop in self.stops):
                found.add(number + 1)
        return tuple(sorted(found))


NOTHING = Breakpoints({})


def kinds_of_step(film: Film) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What a stop of this film's office can be made of: its clerks, its channels, and what its scripts can
    do there, in the level's order."""
    system = film.system
    operations: dict[str, None] = {}
    for event in film.trace.events:
        if not is_fate(event.agent):
            operations[event.operation.rpartition(".")[2]] = None
    for clerk in system.clerks:
        for _, operation in sorted(system.abilities.get(clerk, ())):
            operations[operation.rstrip("?").rpartition(".")[2]] = None
    channels = tuple(name for name, _ in system.channels if name != DESK)
    return system.clerks, channels, tuple(name for name in operations if name)
