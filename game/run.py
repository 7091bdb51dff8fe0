"""Runs on real processes, for whoever wants one: the window, the command line, the grader.

    with Office() as office:
        office.prepare(system)                          # optional: clerks are forked and wait
        result = office.run(system, Seeded(7))          # blocks; RunResult
        run = office.start(system, ByHand())            # does not block: for a window
        run.grant("ada")
        events, result = run.poll(), run.result         # a frame later, and so on

The caller's process never forks: an Office owns one clean process (`game.office.process`) that does.
One run at a time; the office keeps a crew for the same channels and clerks waiting for the next, and takes
the crew of the last run again where nobody can tell (`game.office.crew`). Drivers say who moves: `Free()`,
`Along(wind)`, `Seeded(seed)`, `Calm()`, `ByHand()`. A run never leaves anything behind, whether it ends, is
aborted or its owner is killed.
"""

from __future__ import annotations

import atexit
import contextlib
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import ModuleType, TracebackType
from typing import Final

from game.language import say
from game.office.orders import (
    Abort,
    Along,
    Began,
    ByHand,
    Calm,
    Disagreement,
    Driver,
    Failed,
    Free,
    Grant,
    Over,
    Prepare,
    Prepared,
    Refusal,
    RunResult,
    Seeded,
    Start,
    Steps,
)
from game.office.process import office_process
from game.trace import Event
from game.world import System

__all__ = [
    "Along",
    "ByHand",
    "Calm",
    "Disagreement",
    "Driver",
    "Free",
    "Office",
    "OfficeLost",
    "Run",
    "RunResult",
    "Seeded",
]

LONGEST: Final = 60.0
"""How long, in seconds, a controlled run may take when nothing else is said."""
GRACE: Final = 60.0
"""How much longer than its run the office may take to answer before it counts as lost."""

PATIENCE: Final = 5.0
"""How long, in seconds, a step that must be possible by the rules may take for real, when nothing else is
said, before we say that rules and reality differ."""

_starting: Final = threading.Lock()


class OfficeLost(RuntimeError):
    """The office's process died, failed or fell silent: a mistake of ours or somebody's kill. The Office
    can go on being used; it starts a new process."""


class Run:
    """One run under way. Nothing here blocks but `wait`."""

    def __init__(self, office: Office, number: int, system: System, driver: Driver, timeout: float) -> None:
        self._office, self._number, self._timeout = office, number, timeout
        self.system, self.driver = system, driver
        self.result: RunResult | None = None
        """How it went, once it is over; after an `abort` the part until then."""
        self.refused: str = ""
        """Why the last granted agent could not move, or ""."""
        self.pids: dict[str, int] = {}
        """The processes of the clerks, once they are at work (not of a run one only waits for)."""
        self._events: list[Event] = []

    def poll(self) -> list[Event]:
        """The steps that happened since the last call. Raises OfficeLost."""
        self._office.poll()
        events, self._events = self._events, []
        return events

    def grant(self, agent: str) -> None:
        """Let this agent take its next step (with the driver ByHand)."""
        self.refused = ""
        if self.result is None:
            self._office._send(Grant(self._number, agent))

    def abort(self) -> None:
        """Call the run off: its processes are killed, and `result` comes with what happened until then."""
        if self.result is None:
            self._office._send(Abort(self._number))

    def wait(self) -> RunResult:
        """Block until it is over. Raises OfficeLost."""
        longest = time.monotonic() + self._timeout + GRACE
        while self.result is None:
            if not self._office._wait(None if math.isinf(longest) else longest):
                self._office._lose(
                    say("the office has not answered for {seconds:g} seconds", seconds=self._timeout + GRACE)
                )
        return self.result

    def _take(self, message: Began | Steps | Refusal | Over) -> None:
        match message:
            case Began(_, pids):
                self.pids = pids
            case Steps(_, events):
                self._events += events
            case Refusal(_, reason):
                self.refused = reason
            case Over(_, result):
                self.result = result


class Office:
    """The door to real processes. Opening it returns at once; its process is ready some 0.1 s later."""

    def __init__(
        self,
        clerks: str = "fork" if sys.platform == "linux" else "spawn",
        patience: float = PATIENCE,
        yields: int = 0,
    ) -> None:
        """`clerks` is the way in which clerks' processes are started; `patience` is how long, in seconds,
        what must happen by the rules may take before it counts as a disagreement; `yields` is by how much
        the office and its clerks stand back (`nice`) where processors are scarce."""
        self._method, self._patience, self._yields = clerks, patience, yields
        self._sent: System | None = None
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._run: Run | None = None
        self._numbers = 0
        self.ready = False
        """A crew waits for the system last prepared."""

    def __enter__(self) -> Office:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The office's process, when there is one."""
        return self._process.pid if self._process else None

    def open(self) -> None:
        """Start the process, unless it runs already."""
        if self._process is not None:
            return
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        process = context.Process(
            target=office_process, args=(theirs, self._method, self._patience, self._yields), name="office"
        )
        with _without_main():
            process.start()
        theirs.close()
        self._process = process
        # Not a daemon, because daemons may not have children; so it has to be closed before
        # multiprocessing, at our own exit, waits for it.
        atexit.register(self.close)

    def close(self) -> None:
        """End the office and everything in it. Safe to call at any time."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        self._run, self._sent, self.ready = None, None, False
        atexit.unregister(self.close)
        if connection is not None:
            connection.close()
        if process is not None and process.pid is not None:
            process.join(2)
            if process.is_alive():
                # Its clerks, in the same process group, hear of its end from the kernel; this is for
                # where the kernel does not tell.
                process.kill()
                if hasattr(os, "killpg"):
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(process.pid, signal.SIGKILL)
                process.join()
            process.close()

    def prepare(self, system: System) -> None:
        """Have a crew for this system forked and waiting. Returns at once; `ready` tells, after a `poll`."""
        self.open()
        self.ready = False
        self._send(Prepare(*self._unsent(system)))
        self._sent = system

    def start(self, system: System, driver: Driver, timeout: float | None = None) -> Run:
        """Begin a run and return at once. A run still under way is aborted.

        `timeout` in seconds: a free run that takes longer is hung (default: the level's own), a
        controlled one is stopped (default: a minute; by hand: never).
        """
        return self._start(system, driver, timeout, streams=True)

    def run(self, system: System, driver: Driver, timeout: float | None = None) -> RunResult:
        """Run and wait for the result. Raises OfficeLost; an interrupted wait aborts the run."""
        run = self._start(system, driver, timeout, streams=False)
        try:
            return run.wait()
        except KeyboardInterrupt:
            with contextlib.suppress(OfficeLost):
                run.abort()
            raise

    def _start(self, system: System, driver: Driver, timeout: float | None, streams: bool) -> Run:
        self.open()
        if self._run is not None:
            self._run.abort()
        if timeout is None:
            match driver:
                case Free():
                    timeout = system.level.real.timeout
                case ByHand():
                    timeout = math.inf
                case _:
                    timeout = LONGEST
        self._numbers += 1
        order = Start(self._numbers, *self._unsent(system), driver, timeout, streams)
        self._send(order)
        self._sent = system
        self._run = Run(self, self._numbers, system, driver, timeout)
        return self._run

    def _unsent(self, system: System) -> tuple[System | None, tuple[str, ...]]:
        """The system, and where its parts are imported from; nothing when the office has it already."""
        return (None, ()) if system is self._sent else (system, tuple(sys.path))

    def poll(self) -> None:
        """Take in what the office has said, without waiting. Raises OfficeLost."""
        while self._connection is not None and self._wait(time.monotonic()):
            pass

    def _wait(self, until: float | None) -> bool:
        """Take in one message, waiting for it; False when `until` has come. Raises OfficeLost."""
        connection = self._connection
        if connection is None:
            raise OfficeLost(say("the office is closed"))
        seconds = None if until is None else max(0.0, until - time.monotonic())
        if not wait([connection], seconds):
            return False
        try:
            message = connection.recv()
        except (EOFError, OSError) as error:
            self._lose(say("the office's process died"), error)
        self._take(message)
        return True

    def _take(self, message: object) -> None:
        match message:
            case Prepared():
                self.ready = True
            case Began() | Steps() | Refusal() | Over():
                run = self._run
                if run is not None and message.run == run._number:
                    run._take(message)
                    if run.result is not None:
                        self._run = None
            case Failed(text):
                self._run = None
                raise OfficeLost(say("a mistake in the office:\n{text}", text=text))

    def _send(self, message: object) -> None:
        if self._connection is None:
            raise OfficeLost(say("the office is closed"))
        try:
            self._connection.send(message)
        except OSError as error:
            self._lose(say("the office's process died"), error)

    def _lose(self, reason: str, error: BaseException | None = None) -> None:
        process = self._process
        if process is not None and process.pid is not None:
            process.join(0.5)
            code = process.exitcode
            if code is not None and code < 0:
                reason = say("{reason}: signal {signal}", reason=reason, signal=-code)
        self.close()
        raise OfficeLost(reason) from error


class _without_main:
    """While a process is spawned, hide our main module, which multiprocessing would import again there:
    the office needs nothing of it, and a window's imports would cost it half a second."""

    def __enter__(self) -> None:
        _starting.acquire()
        self._main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")

    def __exit__(self, *_: object) -> None:
        sys.modules["__main__"] = self._main
        _starting.release()
