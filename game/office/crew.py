"""The real clerks of one run: their processes, their lines to the office, the real channels between them.

A crew is forked ahead of its run and waits for orders. It decides nothing about who moves when; it starts,
briefs and kills, so that after `kill` no process, semaphore or open file of it is left.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any

from game.request import DESK
from game.worker import Line, Orders, clerk_process, has_porters, held_by
from game.world import System


@dataclass
class Hand:
    """One clerk's process, seen from the office. `porters` are the lines to its porters' gates."""

    clerk: str
    process: BaseProcess
    line: Line
    porters: dict[str, Line]
    begun: bool = False

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    @property
    def exit_code(self) -> int | None:
        """None while the process lives; minus the signal's number when one killed it."""
        return self.process.exitcode


@dataclass
class Crew:
    """Every clerk of a system as a process that waits for orders. Nothing of `system` but its channels,
    holders and clerks is fixed: `switch` may bring other scripts."""

    context: BaseContext
    system: System
    owner: Connection
    hands: dict[str, Hand] = field(default_factory=dict)
    reals: dict[str, Any] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def muster(cls, context: BaseContext, system: System, owner: Connection) -> Crew:
        """Open the channels and start every process. `owner` is the office's own connection, which no
        clerk may keep."""
        crew = cls(context, system, owner)
        try:
            for (name, kind), holders in zip(system.channels, system.holders, strict=True):
                if name != DESK:
                    crew.reals[name] = kind.open(context, holders)
            for index in range(len(system.clerks)):
                crew._hire(index)
        except BaseException:
            crew.kill()
            raise
        crew._shut()
        return crew

    def _hire(self, index: int) -> None:
        clerk = self.system.clerks[index]
        line, far = Line.pair(self.context)
        porters, gates = {}, {}
        for name, kind in held_by(self.system, clerk):
            if has_porters(kind):
                porters[name], gates[name] = Line.pair(self.context)
        strangers: list[Line | Connection] = []
        if self.context.get_start_method() == "fork":
            # Spawned processes get only what they are sent; forked ones a copy of all that is open here.
            strangers = [self.owner, line, *porters.values()]
            for hand in self.hands.values():
                strangers += [hand.line, *hand.porters.values()]
        process: BaseProcess = self.context.Process(  # type: ignore[attr-defined]
            target=clerk_process,
            args=(self.system, index, self.reals, far, gates, strangers, os.getpid()),
            name=f"clerk {clerk}",
            daemon=True,
        )
        try:
            process.start()
        except BaseException:
            for mine in (line, *porters.values()):
                mine.close()
            raise
        finally:
            for theirs in (far, *gates.values()):
                theirs.close()
        self.hands[clerk] = Hand(clerk, process, line, porters)

    def fits(self, system: System) -> bool:
        """Whether this crew can play that system: same clerks, same channels, same hands."""
        mine = self.system
        return (mine.clerks, mine.channels, mine.holders) == (system.clerks, system.channels, system.holders)

    def alive(self) -> bool:
        """Whether every process still waits."""
        return all(hand.exit_code is None for hand in self.hands.values())

    def switch(self, system: System) -> None:
        """Play that system, which fits."""
        self.changed, self.system = system is not self.system, system

    def order(self, hand: Hand, controlled: bool, cpu: int | None) -> None:
        """Tell a clerk how to work. It sends back one message once it has arrived at its channels."""
        part = None
        if self.changed:
            index = self.system.clerks.index(hand.clerk)
            part = (self.system.programs[index], self.system.level.clerks[index].gets)
        hand.line.send(Orders(controlled, cpu, part))

    def pids(self) -> dict[str, int]:
        return {clerk: hand.pid for clerk, hand in self.hands.items()}

    def halt(self) -> None:
        """Kill every process that is left, at once. What they had already sent can still be read."""
        for hand in self.hands.values():
            hand.process.kill()
        for hand in self.hands.values():
            hand.process.join()

    def kill(self) -> None:
        """Halt, and close everything that belongs to the crew."""
        self.halt()
        for hand in self.hands.values():
            for line in (hand.line, *hand.porters.values()):
                line.close()
            hand.process.close()
        self.hands.clear()
        self._shut()
        self.reals.clear()

    def _shut(self) -> None:
        for name, kind in self.system.channels:
            if name in self.reals:
                kind.shut(self.reals[name])
