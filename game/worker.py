"""The life of one clerk: a real process that works through its script.

In a controlled run it asks before every shared step and does the step only when the office grants it; its
porters (feeder threads) stand behind gates of their own. In a free run it goes ahead and writes down when
each operation began and ended, the beginning before it may block. It leaves everything else to the office.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from typing import Any, Final, NamedTuple, TypeAlias

from game.channels.kind import Goes, Kind
from game.request import DESK, Handle, Request, Value
from game.script.instructions import Crash, Program, Raised, Returned
from game.script.vm import begin, resume
from game.world import System

BUG: Final = 70
"""The exit code of a clerk's process that failed by a mistake of ours (sysexits: internal software error)."""

AT_HOME: Final = 0
CRASHED: Final = -1
"""In place of the line of the next request: the script is over, well or by an exception."""

Report: TypeAlias = "tuple[Value, str, str, int]"
"""A step of a controlled run, done: what it gave, the exception's name or "", the operation the caller
went on as or "", and the line of the next request (or AT_HOME, CRASHED)."""


class Orders(NamedTuple):
    """How a clerk shall work. `cpu` is the only one it may use, or None for any; `part` is its program and
    its arguments when they are not the ones it was forked with."""

    controlled: bool
    cpu: int | None = None
    part: tuple[Program, tuple[tuple[str, Handle | Value], ...]] | None = None


class Answer(NamedTuple):
    """What the office, in the place of a real object, replies to start() and join()."""

    result: Value = None
    error: str = ""
    message: str = ""


class Bug(NamedTuple):
    """A clerk's process failed by a mistake of ours; the text is its traceback."""

    text: str


class Line:
    """One end of a two-way line of pickled messages between the office and a clerk or a porter.

    Two one-way pipes, because a round trip over them is faster than over a socket; and read directly,
    because Connection.recv makes two system calls and a file object of every message.
    """

    def __init__(self, reader: Connection, writer: Connection) -> None:
        self._reader, self._writer = reader, writer
        self._in, self._out = reader.fileno(), writer.fileno()
        self._rest = b""

    @classmethod
    def pair(cls, context: BaseContext) -> tuple[Line, Line]:
        """Both ends of a new line."""
        here, out = context.Pipe(duplex=False)
        there, back = context.Pipe(duplex=False)
        return cls(here, back), cls(there, out)

    @property
    def reader(self) -> Connection:
        """What to wait for, beside `waiting`, before a recv that must not block."""
        return self._reader

    @property
    def waiting(self) -> bool:
        """A message, or a part of one, has been read already."""
        return bool(self._rest)

    def send(self, message: object) -> None:
        """Raises BrokenPipeError when the other end is gone."""
        if not DIRECT:
            self._writer.send_bytes(pickle.dumps(message))
            return
        frame = GO if message is None else _frame(message)
        done = os.write(self._out, frame)
        while done < len(frame):
            done += os.write(self._out, frame[done:])

    def recv(self) -> Any:
        """The next message; waits for it. Raises EOFError when the other end is gone."""
        if not DIRECT:
            return pickle.loads(self._reader.recv_bytes())
        data = self._rest or os.read(self._in, 65536)
        if data == GO:
            self._rest = b""
            return None
        while len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "little"):
            more = os.read(self._in, 65536)
            if not more:
                self._rest = b""
                raise EOFError
            data += more
        end = 4 + int.from_bytes(data[:4], "little")
        self._rest = data[end:]
        return pickle.loads(data[4:end])

    def close(self) -> None:
        self._reader.close()
        self._writer.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return Line, (self._reader, self._writer)  # the numbers differ in a spawned process


def _frame(message: object) -> bytes:
    pickled = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(pickled).to_bytes(4, "little") + pickled


GO: Final = _frame(None)
DIRECT: Final = sys.platform != "win32"


class PorterGate:
    """A porter's gate in a controlled run. A porter whose office is gone ends the whole process."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def wait(self) -> None:
        try:
            self._line.recv()
        except (EOFError, OSError):
            os._exit(BUG)

    def done(self) -> None:
        try:
            self._line.send(None)
        except OSError:
            os._exit(BUG)


def has_porters(kind: Kind) -> bool:
    """Whether clerks who hold such a channel have a porter for it."""
    return type(kind).porters is not Kind.porters


def held_by(system: System, clerk: str) -> list[tuple[str, Kind]]:
    """The channels, by name, of which the clerk was handed any face."""
    return [
        (name, kind)
        for (name, kind), holders in zip(system.channels, system.holders, strict=True)
        if any(who == clerk for _, who in holders)
    ]


def is_noticed(system: System, clerk: str) -> bool:
    """Whether others can tell that this clerk went home, so that it has to ask before it does."""
    return any(kind.exits_are_noticed for _, kind in held_by(system, clerk))


def clerk_process(
    system: System,
    index: int,
    reals: Mapping[str, Any],
    line: Line,
    porters: Mapping[str, Line],
    strangers: Iterable[Line | Connection],
    office: int,
) -> None:
    """What a clerk's process runs, from before the go until it goes home.

    `strangers` are the office's own ends that a fork copied: closed first, so that the office's death is
    seen as the end of every line. Exits with 1 when the script ends by an exception.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stranger in strangers:
        stranger.close()
    die_with(office)
    try:
        crashed = _work(system, index, reals, line, porters)
    except (EOFError, BrokenPipeError):  # the office is gone
        os._exit(BUG)
    except Exception:
        line.send(Bug(traceback.format_exc()))
        os._exit(BUG)
    if crashed:
        sys.exit(1)


def _work(
    system: System, index: int, reals: Mapping[str, Any], line: Line, porters: Mapping[str, Line]
) -> bool:
    clerk = system.clerks[index]
    orders: Orders = line.recv()
    if orders.cpu is not None:
        os.sched_setaffinity(0, {orders.cpu})
    program, gets = orders.part or (system.programs[index], system.level.clerks[index].gets)
    kinds = dict(system.channels)
    for name, real in reals.items():
        gate = PorterGate(porters[name]) if orders.controlled and name in porters else None
        kinds[name].arrive(real, clerk, gate)
    line.send(None)  # arrived: every end that is not ours is closed
    line.recv()  # begin
    shift: _Controlled | _Free = (_Controlled if orders.controlled else _Free)(clerk, kinds, reals, line)
    task = begin(program, dict(gets))
    while (request := task.request) is not None:
        outcome = shift.step(request)
        if isinstance(outcome, Goes):
            ahead = request._replace(operation=outcome.operation, argument=outcome.argument)
            task = task._replace(request=ahead)
        else:
            task = resume(program, task, outcome)
    shift.over(task.crash, is_noticed(system, clerk))
    return task.crash is not None


class _Shift:
    def __init__(self, clerk: str, kinds: Mapping[str, Kind], reals: Mapping[str, Any], line: Line) -> None:
        self._clerk, self._kinds, self._reals, self._line = clerk, kinds, reals, line

    def _perform(self, request: Request) -> Value | Goes:
        channel, operation, argument, _ = request
        if channel == DESK:
            return None  # the report is the delivery
        if channel[0] == "@":
            return self._take(self._line.recv())
        return self._kinds[channel].perform(self._reals[channel], self._clerk, operation, argument)

    def _take(self, answer: Answer) -> Value:
        if answer.error:
            raise _Told(answer.error, answer.message)
        return answer.result


class _Told(Exception):
    """The office answered with an exception: its class name and its message."""


def _named(error: Exception) -> tuple[str, str]:
    if isinstance(error, _Told):
        return error.args[0], error.args[1]
    return type(error).__name__, str(error)


class _Controlled(_Shift):
    """Every step waits to be granted; the report of a step is sent from the next request."""

    _last: tuple[Value, str, str] = (None, "", "")

    def step(self, request: Request) -> Returned | Raised | Goes:
        self._line.send((*self._last, request.line))
        self._line.recv()
        try:
            result = self._perform(request)
        except Exception as error:
            name, message = _named(error)
            self._last = (None, name, "")
            return Raised(name, message)
        if isinstance(result, Goes):
            self._last = (None, "", result.operation)
            return result
        self._last = (result, "", "")
        return Returned(result)

    def over(self, crash: Crash | None, noticed: bool) -> None:
        self._line.send((*self._last, CRASHED if crash else AT_HOME))
        if noticed:
            self._line.recv()


class _Free(_Shift):
    """Nobody is asked. A message goes out before every operation: the end of the last one, the beginning
    of the next. It stays readable in the pipe whatever happens to this process."""

    _last: tuple[int, Value, str, str] | None = None

    def step(self, request: Request) -> Returned | Raised | Goes:
        self._line.send((self._last, time.monotonic_ns(), request))
        try:
            result = self._perform(request)
        except Exception as error:
            ended = time.monotonic_ns()
            name, message = _named(error)
            self._last = (ended, None, name, "")
            return Raised(name, message)
        ended = time.monotonic_ns()
        if isinstance(result, Goes):
            self._last = (ended, None, "", result.operation)
            return result
        self._last = (ended, result, "", "")
        return Returned(result)

    def over(self, crash: Crash | None, noticed: bool) -> None:
        self._line.send((self._last, time.monotonic_ns(), crash))


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
