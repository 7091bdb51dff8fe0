"""Letters on a real wire: plain values, and exactly as many of them as the level says.

A default pipe holds some hundreds of small letters where a level says four, so a wrong answer that
blocks in the model would pass in the office. Here a wire holds exactly its capacity:

- On Linux a one-way wire for 1, 2, 4, 8 … letters is a real pipe of that many pages, and every letter is
  padded to one full page: the kernel counts. (Smaller letters would share a page, and a page is free
  again only when all of it has been read: four letters of 1 KiB fill one, but taking one makes no room.)
- Every other wire, the two-way `Pipe()` before all, has a semaphore of credits before it: a sender takes
  one, the receiver gives it back. Setting SO_SNDBUF so that the letters just fit does bound a socket
  pair, but a sender that waits there is woken only when three quarters of the buffer are free. A pair of
  one-way pipes would not tell a clerk that the other side went away without reading (Connection reset).

A wire end that several clerks hold is written under a lock of its own, and, unless their scripts receive
there, read under one: a letter is at most a page, which the system writes at once in any case.
"""

from __future__ import annotations

import builtins
import errno
import os
import select
import socket
import sys
from contextlib import AbstractContextManager, nullcontext
from multiprocessing.connection import Connection, Pipe
from multiprocessing.context import BaseContext
from multiprocessing.reduction import ForkingPickler
from multiprocessing.synchronize import Lock, Semaphore
from typing import Any, Final, NamedTuple

from game.channels.kind import Gate
from game.language import say
from game.request import Doomed, ListValue, Value

KERNEL_COUNTS = sys.platform == "linux"
"""Whether capacities are left to the kernel. Elsewhere credits count."""

PAGE: Final = 4096
HEADER: Final = 4
_LEAST_PADDING: Final = 256  # from here on pickle writes a byte string's length with four bytes
_PATIENCE: Final = 0.05
_LIGHT: Final = frozenset([int, bool, type(None)])
_SCALARS: Final = _LIGHT | {str}


def to_real(value: Value) -> Any:
    """A value as real Python objects: lists as lists."""
    if type(value) in _SCALARS:
        return value
    match value:
        case ListValue():
            return [to_real(item) for item in value.items]
        case Doomed():
            return Unpicklable(value)
        case tuple():
            return tuple(to_real(item) for item in value)
        case _:
            return value


class Unpicklable:
    """Stands for a real thing that cannot be pickled: trying to fails in the same words. `gate` and `told`
    are a porter's: its turn before, and what is done once the feeder has given the item up."""

    def __init__(self, doomed: Doomed, gate: Gate | None = None) -> None:
        self._doomed, self._gate = doomed, gate

    def __reduce__(self) -> Any:
        if self._gate is not None:
            self._gate.wait()
        error: type[Exception] = getattr(builtins, self._doomed.error)
        raise error(self._doomed.message)

    def given_up(self) -> None:
        """The feeder has taken it out of the queue's count."""
        if self._gate is not None:
            self._gate.done()


def to_value(real: Any) -> Value:
    """What came out of a real object, as scripts hold it. The reverse of `to_real`."""
    if type(real) in _SCALARS:
        return real  # type: ignore[no-any-return]
    match real:
        case list():
            return ListValue(tuple(to_value(item) for item in real))
        case tuple():
            return tuple(to_value(item) for item in real)
        case None | bool() | int() | str() | ListValue():
            return real
        case _:
            raise TypeError(f"{real!r} is nothing a clerk can hold")


class Lane(NamedTuple):
    """One direction of a wire.

    size     bytes that every letter takes, header included, or 0: as many as it needs, up to a page
    credits  how many letters still fit, where that is not left to the kernel
    """

    size: int = 0
    credits: Semaphore | None = None

    def pack(self, value: Value) -> Any:
        """The object to send, so that the letter has its length on the wire. Raises ValueError for a
        value heavier than LARGEST_MESSAGE, or so."""
        if not self.size and type(value) in _LIGHT:
            return value
        real = to_real(value)
        bare = len(ForkingPickler.dumps((real, bytes(_LEAST_PADDING))))
        padding = PAGE - HEADER - (bare - _LEAST_PADDING)
        if padding < _LEAST_PADDING:
            raise ValueError(
                say("this letter is {count} bytes too long to be sent", count=_LEAST_PADDING - padding)
            )
        return (real, bytes(padding)) if self.size else real

    def unpack(self, sent: Any) -> Value:
        """The value in what was received. Gives the credit back."""
        if self.credits is not None:
            self.credits.release()
        return to_value(sent[0] if self.size else sent)

    def admit(self, writer: Connection) -> None:
        """Wait until the letter fits, where credits count."""
        if self.credits is None:
            return
        while not self.credits.acquire(timeout=_PATIENCE):
            if _nobody_reads(writer):
                raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def one_way(context: BaseContext, capacity: int) -> tuple[Connection, Connection, Lane]:
    """(reader, writer, lane) of a wire that holds exactly so many letters."""
    reader, writer = Pipe(duplex=False)
    pages = 1 << (capacity - 1).bit_length()
    if KERNEL_COUNTS and _set_pages(writer, pages) and pages == capacity:
        return reader, writer, Lane(PAGE)
    return reader, writer, Lane(credits=context.Semaphore(capacity))


def widen(writer: Connection) -> None:
    """Let a pipe hold as much as an ordinary user may ask for, so that the wire under an endless belt
    does not fill before the checker's patience ends. Where that cannot be, it keeps its size."""
    if KERNEL_COUNTS:
        _set_pages(writer, 256)


def narrow(writer: Connection, letters: int) -> None:
    """Let a pipe hold exactly so many letters of a page each. Raises NotImplementedError where nobody can say
    how much a pipe holds."""
    if not (KERNEL_COUNTS and _set_pages(writer, letters)):
        raise NotImplementedError("how much the pipe of a queue holds can be said on Linux only")


def two_way(context: BaseContext, capacity: int) -> tuple[Connection, Connection, Lane, Lane]:
    """(a, b, lane a → b, lane b → a) of a wire that holds exactly so many letters each way."""
    a, b = Pipe()
    for end in (a, b):
        _make_room(end, capacity * 2 * PAGE)
    return a, b, Lane(credits=context.Semaphore(capacity)), Lane(credits=context.Semaphore(capacity))


def send(connection: Connection, lane: Lane, guard: Lock | None, value: Value) -> None:
    """What `connection.send` does, holding the lane's capacity."""
    if connection.closed:
        connection.send(None)  # says so, before it looks at what it is given
    letter = lane.pack(value)
    with _unless_closed(connection, guard):
        if not connection.closed:
            lane.admit(connection)
        connection.send(letter)


def receive(connection: Connection, lane: Lane, guard: Lock | None) -> Value:
    """What `connection.recv` does, with the padding taken off."""
    with _unless_closed(connection, guard):
        return lane.unpack(connection.recv())


def _unless_closed(connection: Connection, guard: Lock | None) -> AbstractContextManager[Any]:
    """The guard, except that who closed their own copy is told so at once."""
    return nullcontext() if guard is None or connection.closed else guard


def _nobody_reads(writer: Connection) -> bool:
    if not hasattr(select, "poll"):
        return False  # Windows: the sender learns it when it has a credit
    watch = select.poll()
    watch.register(writer.fileno(), 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in watch.poll(0))


def _set_pages(writer: Connection, pages: int) -> bool:
    """Whether the pipe now has exactly so many pages; users have a limit on how many they get."""
    import fcntl  # here: there is none on Windows

    try:
        return fcntl.fcntl(writer.fileno(), fcntl.F_SETPIPE_SZ, pages * PAGE) == pages * PAGE
    except PermissionError:
        return False


def _make_room(connection: Connection, size: int) -> None:
    """Let a socket hold at least so many bytes, so that only credits run out."""
    if sys.platform == "win32":
        return  # a named pipe
    with socket.socket(fileno=os.dup(connection.fileno())) as end:
        if end.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) < size:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)
