"""The real clerks of one run: their processes, their lines to the office, the real channels between them.

A crew is forked ahead of its run and waits for orders. It decides nothing about who moves when; it starts,
briefs and kills, so that after `kill` no process, semaphore or open file of it is left.

Forking costs more than a short run, so that a crew is used again where nobody can tell. It must have gone
home by the rules, and its ways home must be invisible: no clerk holds another, so nobody joins or watches
a process; no channel notices exits; the cat stays away. (What a process waits for when it ends, that its
porters have emptied its trays, has happened by then.) And each channel must be as new again: by the rules it
is in its first state, and its kind says that this is the whole truth, or its kind can put it back
(`Kind.reset`). Then a clerk that begins its script anew differs from a new process in its number only. Free
runs always get a new crew.
"""

from __future__ import annotations

import os
import select
import signal
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any

from game.channels.kind import Kind
from game.office.shared import Board, Log
from game.request import DESK, Handle
from game.worker import Answer, Orders, Part, Post, clerk_process
from game.world import System, World


@dataclass
class Hand:
    """One clerk's process, seen from the office. `number` is its own on the board."""

    clerk: str
    number: int
    process: BaseProcess
    line: Connection
    log: Log
    begun: bool = False

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    @property
    def exit_code(self) -> int | None:
        """None while the process lives; minus the signal's number when one killed it."""
        return self.process.exitcode

    def refuses(self, operation: str) -> Answer | None:
        """What multiprocessing raises when this is asked of a process too early or too late."""
        match operation:
            case "start" if self.begun:
                return Answer(None, "AssertionError", "cannot start a process twice")
            case "join" if not self.begun:
                return Answer(None, "AssertionError", "can only join a started process")
            case "terminate" | "kill" if not self.begun:
                return Answer(None, "AttributeError", f"'NoneType' object has no attribute '{operation}'")
        return None

    def seen(self, operation: str) -> Answer:
        """What is_alive() or exitcode of the process says."""
        code = self.exit_code if self.begun else None
        return Answer(code if operation == "exitcode" else self.begun and code is None)


@dataclass
class Crew:
    """Every clerk of a system as a process that waits for orders. Nothing of `system` but its channels,
    holders and clerks is fixed: `brief` may bring other scripts."""

    context: BaseContext
    system: System
    owner: Connection
    board: Board
    hands: dict[str, Hand] = field(default_factory=dict)
    reals: dict[str, Any] = field(default_factory=dict)
    stays: bool = False
    """It was told to come back after its run."""
    used: bool = False
    _ends: Any = None
    """Tells which processes have ended, where they can be polled."""

    @classmethod
    def muster(cls, context: BaseContext, system: System, owner: Connection) -> Crew:
        """Open the channels and start every process. `owner` is the office's own connection, which no
        clerk may keep."""
        agents = len(system.clerks) + len(system.porters())
        crew = cls(context, system, owner, Board(context, agents))
        try:
            for (name, kind), holders in zip(system.channels, system.holders, strict=True):
                if name != DESK:
                    crew.reals[name] = kind.open(context, holders)
            for number in range(len(system.clerks)):
                crew._hire(number)
        except BaseException:
            crew.kill()
            raise
        crew._shut()
        if hasattr(select, "poll"):
            crew._ends = select.poll()
            for hand in crew.hands.values():
                crew._ends.register(hand.process.sentinel, select.POLLIN)
        return crew

    def _hire(self, number: int) -> None:
        clerk = self.system.clerks[number]
        line, far = self.context.Pipe()
        strangers: list[Connection] = []
        if self.context.get_start_method() == "fork":
            # Spawned processes get only what they are sent; forked ones a copy of all that is open here.
            strangers = [self.owner, self.board.door, line, *(hand.line for hand in self.hands.values())]
        log = Log(self.context)
        post = Post(
            system=self.system,
            number=number,
            reals=self.reals,
            log=log,
            board=self.board,
            porters=self.porters_of(clerk),
            line=far,
            strangers=strangers,
            office=os.getpid(),
        )
        process: BaseProcess = self.context.Process(  # type: ignore[attr-defined]
            target=clerk_process, args=(post,), name=f"clerk {clerk}", daemon=True
        )
        try:
            process.start()
        except BaseException:
            line.close()
            raise
        finally:
            far.close()
        self.hands[clerk] = Hand(clerk, number, process, line, log)

    def porters_of(self, clerk: str) -> dict[str, int]:
        """The numbers of this clerk's porters on the board, by channel."""
        return {
            self.system.channels[at][0]: number
            for number, (_, at, who) in enumerate(self.system.porters(), len(self.system.clerks))
            if who == clerk
        }

    def fits(self, system: System, controlled: bool) -> bool:
        """Whether this crew can play that system: same clerks, same channels, same hands."""
        mine = self.system
        return (controlled or not self.used) and (
            mine is system
            or (mine.clerks, mine.channels, mine.holders) == (system.clerks, system.channels, system.holders)
        )

    def alive(self) -> bool:
        """Whether every process still waits."""
        if self._ends is None:
            return all(hand.exit_code is None for hand in self.hands.values())
        return not self._ends.poll(0)

    def brief(self, system: System, controlled: bool, cpus: frozenset[int] | None) -> bool:
        """Give everybody their orders for this system, which fits. False when there is nothing new: who
        was here before and plays the same again waits for the bell. Otherwise each sends back one message
        once it has arrived at its channels. Raises BrokenPipeError."""
        stays = controlled and comes_back(system)
        changed = system is not self.system
        if self.used and not changed and stays == self.stays:
            return False
        self.system, self.stays, self.used = system, stays, True
        pids = self.pids()
        self.board.listen = True
        for hand in self.hands.values():
            part: Part | None = None
            if changed:
                part = (system.programs[hand.number], dict(system.level.clerks[hand.number].gets))
            noticed = system.noticed[hand.number]
            clerks = [system.level.clerks[child] for child in system.children[hand.number]]
            children = tuple((clerk.name, clerk.daemon) for clerk in clerks)
            hand.line.send(Orders(controlled, noticed, stays, part, cpus, pids, children))
            self.board.ring(hand.number)
        return True

    def pids(self) -> dict[str, int]:
        return {clerk: hand.pid for clerk, hand in self.hands.items()}

    def recall(self, world: World) -> bool:
        """Whether all is as before the run that ended in this world, so that there can be another."""
        if not self.stays:
            return False
        for (name, kind), holders, state in zip(
            self.system.channels, self.system.holders, world.channels, strict=True
        ):
            if name != DESK and not kind.reset(self.reals[name], state, holders):
                return False
        for hand in self.hands.values():
            if not hand.log.ended:
                return False
            hand.log.restart()
            hand.begun = False
        return self.alive()

    def freeze(self) -> None:
        """Stop every process that is left where it is. Killing one closes its ends of tubes, and another
        would still read of that and write it down; once all are stopped nothing more is written."""
        if os.name != "posix":
            return
        left = [hand.process.pid for hand in self.hands.values() if hand.exit_code is None]
        for pid in left:
            if pid is not None:
                os.kill(pid, signal.SIGSTOP)
        for pid in left:
            if pid is not None:
                os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def halt(self) -> None:
        """Kill every process that is left, at once. What they have written down can still be read."""
        for hand in self.hands.values():
            hand.process.kill()
        for hand in self.hands.values():
            hand.process.join()

    def kill(self) -> None:
        """Halt, and close everything that belongs to the crew."""
        self.halt()
        for hand in self.hands.values():
            hand.line.close()
            hand.process.close()
        self.hands.clear()
        self.board.close()
        self._shut()
        self.reals.clear()

    def _shut(self) -> None:
        for name, kind in self.system.channels:
            if name in self.reals:
                kind.shut(self.reals[name])


def comes_back(system: System) -> bool:
    """Whether nobody can tell if a clerk of this system has ended or only waits."""
    return not (
        any(system.noticed)
        or system.fates()
        or any(not clerk.started for clerk in system.level.clerks)
        or any(
            isinstance(thing, Handle) and thing.channel[0] == "@"
            for clerk in system.level.clerks
            for _, thing in clerk.gets
        )
        or any(task.request is None for task in system.start.tasks)  # would begin without being rung
        or any(type(kind).reset is Kind.reset for name, kind in system.channels if name != DESK)
    )
