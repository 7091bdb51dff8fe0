"""The life of one clerk: a real process that works through its script.

In a controlled run it takes a step only when the turn is its own, writes down what came of it and passes
the turn on; its porters (feeder threads) wait for turns of their own. In a free run it goes ahead and
writes down when each operation began and ended, the beginning before it may block. Either way it writes
into a log that the office reads (`game.office.shared`), and leaves everything else to the office.

Between runs it waits for the bell. A clerk who was told that it `stays` comes back there after its script
instead of ending; the office asks that only of clerks whose end nobody can see (`game.office.crew`).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Mapping
from multiprocessing.connection import Connection, wait
from typing import Any, Final, NamedTuple, TypeAlias, cast

from game.channels.kind import Goes
from game.channels.timing import real_timeout
from game.office.shared import Board, Log, LogFull, Turn
from game.request import DESK, WAIT, Handle, ListValue, Request, Value
from game.script.instructions import Crash, Program, Raised, Returned
from game.script.vm import Live
from game.world import System

BUG: Final = 70
"""The exit code of a clerk's process that failed by a mistake of ours (sysexits: internal software error)."""

Part: TypeAlias = "tuple[Program, Mapping[str, Handle | Value]]"
"""A program, and what its parameters are given."""


class Orders(NamedTuple):
    """How a clerk shall work from now on.

    noticed  whether others can tell that it went home, so that it needs a turn for that
    stays    whether it comes back after its script
    part     its program and arguments, when they are not those it was handed with its post
    cpus     the processors it may use, or None for any
    pids     the process of every clerk
    """

    controlled: bool
    noticed: bool
    stays: bool
    part: Part | None
    cpus: frozenset[int] | None
    pids: Mapping[str, int]


class Answer(NamedTuple):
    """What the office, which has the real processes, replies to an operation on one."""

    result: Value = None
    error: str = ""
    message: str = ""


class Bug(NamedTuple):
    """A clerk's process failed by a mistake of ours; the text is its traceback."""

    text: str


class Full(NamedTuple):
    """A free clerk's log has no more room; it waits to be killed."""


class Post(NamedTuple):
    """What a clerk's process is handed when it starts.

    reals      the real channels, all of them
    number     the clerk's on the board; `porters` those of its porters, by channel
    strangers  the office's own ends, which a fork copied: closed first, so that the office's death is
               seen as the end of every line
    """

    system: System
    number: int
    reals: Mapping[str, Any]
    log: Log
    board: Board
    porters: Mapping[str, int]
    line: Connection
    strangers: Iterable[Connection]
    office: int


def clerk_process(post: Post) -> None:
    """What a clerk's process runs until it goes home. Exits with 1 when the script ends by an exception."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for stranger in post.strangers:
        stranger.close()
    die_with(post.office)
    try:
        crash = _Clerk(post).work()
    except (EOFError, BrokenPipeError):  # the office is gone
        os._exit(BUG)
    except Exception:
        post.line.send(Bug(traceback.format_exc()))
        os._exit(BUG)
    if crash:
        sys.exit(1)


class _Clerk:
    def __init__(self, post: Post) -> None:
        system = post.system
        self._system, self._reals, self._line, self._log = system, post.reals, post.line, post.log
        self._board, self._porters = post.board, post.porters
        self._name = system.clerks[post.number]
        self._bell = post.board.bell(post.number)
        self._turn = Turn(post.board, post.number)
        self._kinds = dict(system.channels)
        self._part: Part = (system.programs[post.number], dict(system.level.clerks[post.number].gets))
        self._orders: Orders | None = None
        self._ends: dict[str, int] = {}

    def work(self) -> Crash | None:
        """Every script this process is to work through; how the last one ended, if badly."""
        while True:
            self._bell.acquire()
            if self._board.listen:
                self._take(self._line.recv())
                continue
            orders = self._orders
            assert orders is not None
            crash = self._controlled(orders.noticed) if orders.controlled else self._free()
            if not orders.stays:
                return crash

    def _take(self, orders: Orders) -> None:
        if orders.part is not None:
            self._part = orders.part
        if self._orders is None:
            if orders.cpus is not None:
                os.sched_setaffinity(0, orders.cpus)
            for name, real in self._reals.items():
                gated = orders.controlled and name in self._porters
                gate = Turn(self._board, self._porters[name]) if gated else None
                self._kinds[name].arrive(real, self._name, gate)
            if hasattr(os, "pidfd_open"):
                # Now, while every process is sure to be there: later its number may be another's.
                for thing in self._part[1].values():
                    if isinstance(thing, Handle) and thing.channel[0] == "@":
                        name = thing.channel[1:]
                        self._ends[name] = os.pidfd_open(orders.pids[name])
        self._orders = orders
        self._line.send(None)  # arrived: every end that is not ours is closed

    # -- a script --

    def _controlled(self, noticed: bool) -> Crash | None:
        script = Live(*self._part)
        turn, log = self._turn, self._log
        if script.request is None:
            log.over(script.crash is not None)
        while (request := script.request) is not None:
            turn.wait()
            reply = self._perform(request)
            if isinstance(reply, Returned):
                log.write((request.line, request.operation, reply.value, ""))
                script.reply(reply)
            elif isinstance(reply, Raised):
                log.write((request.line, request.operation, None, reply.error))
                script.reply(reply)
            else:
                log.write((request.line, request.operation, None, ""))
                script.request = _next_part(request, reply)
            if script.request is None:
                log.over(script.crash is not None)
            turn.done()
        if noticed:
            turn.wait()
        return script.crash

    def _free(self) -> Crash | None:
        script = Live(*self._part)
        log, now = self._log, time.monotonic_ns
        try:
            while (request := script.request) is not None:
                log.write((now(), *request))
                reply = self._perform(request)
                ended = now()
                if isinstance(reply, Returned):
                    log.write((ended, reply.value, ""))
                    script.reply(reply)
                elif isinstance(reply, Raised):
                    log.write((ended, None, reply.error))
                    script.reply(reply)
                else:
                    log.write((ended, None, ""))
                    script.request = _next_part(request, reply)
            error, line = (script.crash.error, script.crash.line) if script.crash else ("", 0)
            log.write((now(), error, line))
        except LogFull:
            self._line.send(Full())
            self._line.recv()
        log.over(script.crash is not None)
        return script.crash

    # -- one operation --

    def _perform(self, request: Request) -> Returned | Raised | Goes:
        channel, operation, argument, _ = request
        try:
            if channel == DESK:
                return Returned()  # writing it down is the delivery
            if channel == WAIT:
                return Returned(self._wait(*cast("tuple[tuple[Handle, ...], Value]", argument)))
            if channel[0] == "@":
                return self._ask(request)
            result = self._kinds[channel].perform(self._reals[channel], self._name, operation, argument)
        except Exception as error:
            return Raised(type(error).__name__, str(error))
        return result if isinstance(result, Goes) else Returned(result)

    def _ask(self, request: Request) -> Returned | Raised:
        """An operation on a process. The office has the processes."""
        assert self._orders is not None
        if not self._orders.controlled:  # otherwise it knows
            self._line.send(request)
        result, error, message = self._line.recv()
        return Raised(error, message) if error else Returned(result)

    def _wait(self, handles: Iterable[Handle], timeout: Value) -> Value:
        """wait(object_list, timeout) of multiprocessing.connection, on the real ends and processes."""
        things: dict[Any, Handle] = {}
        processes: dict[int, Handle] = {}
        for handle in dict.fromkeys(handles):
            channel, face = handle
            if channel[0] != "@":
                kind = self._kinds[channel]
                things[kind.waitable(self._reals[channel], self._name, face)] = handle
            elif face != "sentinel":
                raise ValueError(f"Invalid file object: {channel[1:]}")
            elif channel[1:] in self._ends:
                things[self._ends[channel[1:]]] = handle
            else:
                processes[self._system.clerks.index(channel[1:])] = handle
        seconds = real_timeout(timeout)
        if not processes:
            return ListValue(tuple([things[thing] for thing in wait(list(things), seconds)]))
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            ready = {things[thing] for thing in wait(list(things), _GLANCE)}
            ready |= {handle for number, handle in processes.items() if self._board.gone(number)}
            if ready or (until is not None and time.monotonic() >= until):
                return ListValue(tuple([handle for handle in dict.fromkeys(handles) if handle in ready]))


_GLANCE: Final = 0.01
"""How often, in seconds, who waits for a process where it has no file to wait for looks at the board."""


def _next_part(request: Request, goes: Goes) -> Request:
    """The caller is still inside the call: what it asks for next."""
    return request._replace(operation=goes.operation, argument=goes.argument)


if sys.platform == "linux":
    import ctypes

    _libc = ctypes.CDLL(None, use_errno=True)
    _PR_SET_PDEATHSIG: Final = 1

    def die_with(parent: int) -> None:
        """Be killed by the kernel the moment the process `parent`, which started this one, ends."""
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(BUG)

else:

    def die_with(parent: int) -> None:
        """Be gone soon after the process `parent`, which started this one, has ended."""
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()

    def _watch(parent: int) -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(BUG)
