"""The life of one clerk: a real process that works through its script.

In a controlled run it takes a step only when the turn is its own, writes down what came of it and passes
the turn on; its porters (feeder threads) wait for turns of their own. In a free run it knows its script by
heart (`game.script.by_heart`), goes ahead and notes when each operation ended and what came of it. Either way
it writes into a log that the office reads (`game.office.shared`), and leaves everything else to the office.

Between runs it waits for the bell. A clerk who was told that it `stays` comes back there after its script
instead of ending; the office asks that only of clerks whose end nobody can see (`game.office.crew`).
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, Final, NamedTuple, TypeAlias, cast

from game.channels.ink import still_doomed
from game.channels.kind import Goes, short_way
from game.channels.timing import real_timeout
from game.channels.wire import to_value
from game.office.shared import Board, Log, LogFull, Notes, Turn, dumped
from game.request import DESK, WAIT, Handle, ListValue, Request, Value
from game.script.by_heart import FAST_LOOKS, FAST_WORDS, HandedOver, learn
from game.script.instructions import Crash, Program
from game.script.vm import Live
from game.world import System

BUG: Final = 70
"""The exit code of a clerk's process that failed by a mistake of ours (sysexits: internal software error)."""

SHARING: Final = 0.0001
"""How long, in seconds, a busy free clerk keeps its porters from moving. Python's own 5 ms are for a whole
letter: a porter lets go whenever it writes one, and waits for as long to go on."""

PAUSE: Final = 0.00001
"""How long, in seconds, a free clerk who has written very much waits before it goes on; the system makes some
50 µs of that."""

Part: TypeAlias = "tuple[Program, Mapping[str, Handle | Value]]"
"""A program, and what its parameters are given."""


class Orders(NamedTuple):
    """How a clerk shall work from now on.

    noticed  whether others can tell that it went home, so that it needs a turn for that
    stays    whether it comes back after its script
    part     its program and arguments, when they are not those it was handed with its post
    cpus     the processors it may use, or None for any
    pids     the process of every clerk
    children those that it alone can start: their names, and whether they are daemons
    """

    controlled: bool
    noticed: bool
    stays: bool
    part: Part | None
    cpus: frozenset[int] | None
    pids: Mapping[str, int]
    children: tuple[tuple[str, bool], ...] = ()


class Answer(NamedTuple):
    """What the office, which has the real processes, replies to an operation on one."""

    result: Value = None
    error: str = ""
    message: str = ""


class LetGo(NamedTuple):
    """What the office tells a process that is ending by the rules, and then sends SIGUSR1: close your ends of
    this channel. It answers None."""

    channel: str


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
    gc.freeze()  # else collecting here goes through all that the office knows, and copies it
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


class _Told(Exception):
    """The office answered with an exception: its class name and its message."""


class _Clerk:
    def __init__(self, post: Post) -> None:
        self._post, self._line, self._log, self._board = post, post.line, post.log, post.board
        self._name = post.system.clerks[post.number]
        self._bell = post.board.bell(post.number)
        self._turn = Turn(post.board, post.number)
        self._kinds = dict(post.system.channels)
        self._part: Part = (
            post.system.programs[post.number],
            dict(post.system.level.clerks[post.number].gets),
        )
        self._orders: Orders | None = None
        self._free_way: tuple[Notes, Callable[[], None]] | None = None
        self._ends: dict[str, int] = {}
        self._started: list[str] = []
        # How each operation is done, by what it is done to.
        self._do: dict[str, Callable[[str, tuple[Value, ...]], Value | Goes]] = {
            DESK: lambda operation, argument: None,  # writing it down is the delivery
            WAIT: self._wait,
        }
        for name in post.system.clerks:
            self._do[f"@{name}"] = partial(self._ask, f"@{name}")
        if hasattr(signal, "SIGUSR1"):
            signal.signal(signal.SIGUSR1, self._let_go)
        for name, real in post.reals.items():
            self._do[name] = partial(self._kinds[name].perform, real, self._name)

    def work(self) -> Crash | None:
        """Every script this process is to work through; how the last one ended, if badly."""
        while True:
            self._bell.acquire()
            if self._board.listen:
                self._take(self._line.recv())
                continue
            orders = self._orders
            assert orders is not None
            if orders.stays:
                self._turn.is_mine()
            crash = self._controlled(orders.noticed) if orders.controlled else self._free()
            self._see_children_off(orders)
            if not orders.stays:
                return crash

    def _take(self, orders: Orders) -> None:
        if orders.part is not None:
            self._part = orders.part
        if self._orders is None:
            self._arrive(orders)
        self._orders = orders
        if not orders.controlled:
            self._learn()
        self._line.send(None)  # arrived: every end that is not ours is closed

    def _arrive(self, orders: Orders) -> None:
        if not orders.controlled:  # else it waits after each step anyhow, and would only be woken for nothing
            sys.setswitchinterval(SHARING)
        if orders.cpus is not None:
            os.sched_setaffinity(0, orders.cpus)
        for name, real in self._post.reals.items():
            gated = orders.controlled and name in self._post.porters
            gate = Turn(self._board, self._post.porters[name]) if gated else None
            self._kinds[name].arrive(real, self._name, gate)
        if hasattr(os, "pidfd_open"):
            # Now, while every process is sure to be there: later its number may be another's.
            for thing in self._part[1].values():
                if isinstance(thing, Handle) and thing.channel[0] == "@":
                    name = thing.channel[1:]
                    self._ends[name] = os.pidfd_open(orders.pids[name])

    # -- a script --

    def _controlled(self, noticed: bool) -> Crash | None:
        script = Live(*self._part)
        turn, log, do = self._turn, self._log, self._do
        without_result: dict[tuple[int, str], bytes] = {}
        if script.request is None:
            log.over(script.crash is not None)
        while (request := script.request) is not None:
            channel, operation, argument, line = request
            turn.wait()
            try:
                result = do[channel](operation, argument)
            except Exception as error:
                name, message = _named(error)
                log.write((line, operation, None, name))
                script.throw(name, message)
            else:
                if isinstance(result, Goes):
                    log.write((line, operation, None, ""))
                    script.request = _next_part(request, result)
                else:
                    if result is None:
                        asked = line, operation
                        if asked not in without_result:
                            without_result[asked] = dumped((line, operation, None, ""))
                        log.add(without_result[asked])
                    else:
                        log.write((line, operation, result, ""))
                    script.give(result)
            if script.request is None:
                log.over(script.crash is not None)
            turn.done()
        if noticed:
            turn.wait()
        return script.crash

    def _free(self) -> Crash | None:
        """Through the script without being held back: by heart, then as the machine goes on, if it has to."""
        assert self._free_way is not None
        notes, work = self._free_way
        crash: Crash | None = None
        try:
            notes.begin()
            try:
                work()
            except HandedOver as handed:
                script = Live.taken_over(
                    self._part[0], handed.frames, handed.reply, handed.thrown, handed.fuel
                )
                crash = self._by_machine(script, notes, FAST_LOOKS if handed.polls else FAST_WORDS)
        except LogFull:
            self._line.send(Full())
            self._line.recv()
        self._log.over(crash is not None)
        return crash

    def _by_machine(self, script: Live, notes: Notes, many: int) -> Crash | None:
        """Through what is left. After so many words of notes it pauses before each operation, so that who
        waits in a loop neither runs out of room nor leaves more than can be put in order."""
        perform = _Reals(self._do, notes, self._short_way).perform
        while (request := script.request) is not None:
            if notes.at >= many - 1:
                time.sleep(PAUSE)
            try:
                result = perform(request.channel, request.operation, request.argument)
            except LogFull:
                raise
            except Exception as error:
                name, message = _named(error)
                notes.raised(name, message)
                script.throw(name, message)
            else:
                notes.gave(result)
                script.give(result)
        return script.crash

    def _learn(self) -> None:
        notes = self._log.notes()
        program, arguments = self._part
        work = learn(program, arguments, _Reals(self._do, notes, self._short_way), notes)
        self._free_way = notes, work

    def _short_way(
        self, channel: str, operation: str, given: int, rest: tuple[Value, ...]
    ) -> Callable[..., Any] | None:
        if channel not in self._post.reals:
            return None
        return short_way(self._kinds[channel], self._post.reals[channel], self._name, operation, given, rest)

    def _let_go(self, *_: object) -> None:
        """Python calls this while we wait for our turn, which then goes on."""
        channel = self._line.recv().channel
        self._kinds[channel].let_go(self._post.reals[channel], self._name)
        self._line.send(None)

    # -- operations that no kind does --

    def _ask(self, channel: str, operation: str, argument: tuple[Value, ...]) -> Value:
        """An operation on a process. The office has the processes."""
        assert self._orders is not None
        if not self._orders.controlled:  # otherwise it knows
            self._line.send(Request(channel, operation, argument))
        result, error, message = self._line.recv()
        if error:
            raise _Told(error, message)
        if operation == "start":
            self._started.append(channel[1:])
        return result  # type: ignore[no-any-return]

    def _see_children_off(self, orders: Orders) -> None:
        """What util._exit_function of multiprocessing does: end the daemons and wait for all children, with
        every end that is ours still open. Before that our feeders give up what they cannot pickle: one that
        finds it while its process ends loses all that comes after, too, and how soon is chance."""
        while any(map(still_doomed, self._post.reals.values())):
            time.sleep(_GLANCE)
        children = [(name, daemon) for name, daemon in orders.children if name in self._started]
        for name, daemon in children:
            if daemon and not orders.controlled:
                self._ask(f"@{name}", "terminate", ())
        for name, _ in children:
            self._wait(WAIT, ((Handle(f"@{name}", "sentinel"),), None))

    def _wait(self, _: str, argument: tuple[Value, ...]) -> Value:
        """wait(object_list, timeout) of multiprocessing.connection, on the real ends and processes."""
        handles, timeout = cast("tuple[tuple[Handle, ...], Value]", argument)
        things: dict[Any, Handle] = {}
        processes: dict[int, Handle] = {}
        for handle in dict.fromkeys(handles):
            channel, face = handle
            if channel[0] != "@":
                kind = self._kinds[channel]
                things[kind.waitable(self._post.reals[channel], self._name, face)] = handle
            elif face != "sentinel":
                raise ValueError(f"Invalid file object: {channel[1:]}")
            elif channel[1:] in self._ends:
                things[self._ends[channel[1:]]] = handle
            else:
                processes[self._post.system.clerks.index(channel[1:])] = handle
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


def _named(error: Exception) -> tuple[str, str]:
    """The exception's name and message, as scripts know them."""
    if isinstance(error, _Told):
        return error.args[0], error.args[1]
    return type(error).__name__, str(error)


class _Reals(NamedTuple):
    """The real channels, for who knows its script by heart and for the machine alike."""

    do: Mapping[str, Callable[[str, tuple[Value, ...]], Value | Goes]]
    notes: Notes
    bare: Callable[[str, str, int, tuple[Value, ...]], Callable[..., Any] | None]

    def perform(self, channel: str, operation: str, argument: tuple[Value, ...]) -> Value:
        do = self.do[channel]
        result = do(operation, argument)
        while isinstance(result, Goes):
            self.notes.went(result.operation, result.argument)
            result = do(result.operation, result.argument)
        return result

    def named(self, error: Exception) -> tuple[str, str]:
        if isinstance(error, LogFull):
            raise error
        return _named(error)

    def value(self, real: Any) -> Value:
        return to_value(real)


def _next_part(request: Request, goes: Goes) -> Request:
    """The caller is still inside the call: what it asks for next."""
    return request._replace(operation=goes.operation, argument=goes.argument)


def stand_back(by: int) -> bool:
    """Let others go first where processors are scarce; whom we fork does so, too. False where that holds only
    among those of this session, and `session_stands_back` should be asked a little later."""
    with contextlib.suppress(AttributeError, OSError):  # Windows has no such thing
        os.nice(by)
    return session_stands_back(by)


def session_stands_back(by: int) -> bool:
    """Let other sessions go first. Linux may share processors out by session, and `nice` then counts only
    within each: beside a window ours took as much as if it had none. A session's own niceness is in /proc
    (sched(7), "autogroup"), where only one may be set every tenth of a second: False, if it was too soon."""
    try:
        with open("/proc/self/autogroup", "w") as niceness:
            niceness.write(str(by))
    except OSError as error:
        return error.errno != errno.EAGAIN
    return True


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
