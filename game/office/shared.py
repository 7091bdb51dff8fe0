"""Memory that the office and its clerks share: what a clerk writes down, and whose turn it is.

It is made before the processes are, has no name, and stays readable when a process that wrote to it is
killed in the middle of anything.
"""

from __future__ import annotations

import marshal
import mmap
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.heap import Arena
from multiprocessing.synchronize import Semaphore
from typing import Any, Final, Literal, TypeAlias

from game.request import Doomed, Handle, ListValue, Value

LOG_SIZE: Final = 1 << 24
"""Bytes a clerk's log has room for: some 200,000 operations. Only what is written to takes memory."""
MOST_NOTES: Final = 1 << 18
"""Words a clerk's notes have room for: a hundred thousand operations or more."""
LONGEST_STRETCH: Final = 512
"""How many steps a board can hold."""


class Shared:
    """Zeroed bytes, the same ones here and in every process this is handed to when it starts."""

    def __init__(self, context: BaseContext, size: int) -> None:
        self._arena: Arena | None = None
        if context.get_start_method() == "fork":
            self.bytes = mmap.mmap(-1, size)  # not an Arena: those may lie in a /dev/shm of 64 MB
        else:
            self._keep(Arena(size))

    def _keep(self, arena: Arena) -> None:
        self._arena, self.bytes = arena, arena.buffer

    def words(self, first: int, last: int, format: str) -> memoryview:
        """These bytes as numbers of a struct format; each is read and written at once, or not at all."""
        return memoryview(self.bytes)[first:last].cast(format)  # type: ignore[call-overload, no-any-return]

    def __getstate__(self) -> Arena | None:
        return self._arena

    def __setstate__(self, arena: Arena) -> None:
        self._keep(arena)


# -- logs --

Entry: TypeAlias = "tuple[Any, ...]"
"""Values and tuples of them. Two are equal when `dumped` makes the same bytes of them."""

_ROOM: Final = 16  # for how much has been written, and whether that is all
_SIZE: Final = 4  # of an entry, before each


class LogFull(Exception):
    """There is no room for the entry."""


class Log:
    """What one process writes down and another reads: entries, in order. An entry is there when `write`
    returns, and whole or not at all whatever happens meanwhile."""

    def __init__(self, context: BaseContext) -> None:
        self._memory = Shared(context, LOG_SIZE)
        self._open()

    def _open(self) -> None:
        self._bytes = self._memory.bytes
        self._end, self._over = self._memory.words(0, 8, "Q"), self._memory.words(8, _ROOM, "Q")

    def write(self, entry: Entry) -> None:
        """Raises LogFull."""
        self.add(dumped(entry))

    def add(self, data: bytes) -> None:
        """Write an entry that was `dumped` before. Raises LogFull."""
        begin = _ROOM + self._end[0]
        end = begin + len(data)
        if end > LOG_SIZE:
            raise LogFull
        self._bytes[begin:end] = data
        self._end[0] = end - _ROOM

    @property
    def empty(self) -> bool:
        return not self._end[0]

    def raw(self) -> bytes:
        """Everything written since the last `clear`: `dumped` entries, one after the other."""
        return self._bytes[_ROOM : _ROOM + self._end[0]]

    def read(self) -> Iterator[Entry]:
        """The same as entries."""
        return loaded(self.raw())

    def clear(self) -> None:
        """Begin anew. Only while its clerk does not write."""
        self._end[0] = 0

    def over(self, badly: bool) -> None:
        """Nothing more comes: the script has ended."""
        self._over[0] = 2 if badly else 1

    @property
    def ended(self) -> Literal["", "well", "badly"]:
        """How the script ended, if it did."""
        return ("", "well", "badly")[self._over[0]]

    def notes(self) -> Notes:
        """The same memory for who is free. Only in a new log, which is all zeros."""
        return Notes(self._memory.words(_ROOM, _ROOM + MOST_NOTES * 8, "q"))

    def restart(self) -> None:
        """Make ready for another script."""
        self._end[0] = self._over[0] = 0

    def __getstate__(self) -> Shared:
        return self._memory

    def __setstate__(self, memory: Shared) -> None:
        self._memory = memory
        self._open()


def dumped(entry: Entry) -> bytes:
    """An entry as bytes, with its length before it. The same for equal entries, in every process."""
    try:
        data = marshal.dumps(entry, 2)  # later versions write who else holds an object, too
    except ValueError:
        data = marshal.dumps(_plain(entry), 2)
    return len(data).to_bytes(_SIZE, "little") + data


def loaded(data: bytes) -> Iterator[Entry]:
    """The entries that were dumped, one after the other."""
    at = 0
    while at < len(data):
        begin = at + _SIZE
        at = begin + int.from_bytes(data[at:begin], "little")
        yield tuple([_value(item) for item in marshal.loads(data[begin:at])])


def _plain(value: Any) -> Any:
    """The value with nothing but what marshal knows: lists for ListValue, dicts for Handle."""
    match value:
        case ListValue(items):
            return [_plain(item) for item in items]
        case Doomed():
            return {0: tuple(value)}
        case Handle(channel, face):
            return {channel: face}
        case tuple():
            return tuple([_plain(item) for item in value])
        case _:
            return value


def _value(plain: Any) -> Value:
    match plain:
        case list():
            return ListValue(tuple([_value(item) for item in plain]))
        case {0: doomed}:
            return Doomed(*doomed)
        case dict():
            return Handle(*next(iter(plain.items())))
        case tuple():
            return tuple([_value(item) for item in plain])
        case _:
            return plain  # type: ignore[no-any-return]


# -- notes --

TRUE: Final = 1 << 61
FALSE: Final = 1 << 60
MORE: Final = 1 << 62
"""Added to a moment when what came was True, was False, or stands after it as an entry. Moments themselves
are smaller: nobody's clock has run for 36 years."""


class Notes:
    """What a free clerk writes down, in words of 64 bits: the moment it began, and the moment each operation
    ended, with what came of it. What it asks for is not there: that follows from its script. Between two
    moments it was inside the operation, or on its way to it.

    A moment is nanoseconds of `time.monotonic_ns`. By itself it says that nothing came of the operation
    (None); a negative one stands before a number; else see TRUE. It is written last: a moment that is there
    has all that belongs to it behind it, whatever became of the process.
    """

    TRUE = TRUE

    def __init__(self, words: memoryview) -> None:
        self.words, self.at = words, 0
        self._last = len(words) - 2

    def begin(self) -> None:
        self._write(time.monotonic_ns())

    def gave(self, value: Value) -> None:
        """Raises LogFull, as all that write do."""
        if value is None:
            self._write(time.monotonic_ns())
        elif type(value) is bool:
            self._write(time.monotonic_ns() + (TRUE if value else FALSE))
        elif type(value) is int:
            moment = time.monotonic_ns()
            if self.at >= self._last:
                raise LogFull
            self.words[self.at + 1] = value
            self.words[self.at] = -moment
            self.at += 2
        else:
            self._more("gave", value)

    def raised(self, error: str, message: str) -> None:
        self._more("raised", error, message)

    def went(self, operation: str, argument: tuple[Value, ...]) -> None:
        """The call goes on as another operation."""
        self._more("went", operation, argument)

    def _write(self, word: int) -> None:
        if self.at >= self._last:
            raise LogFull
        self.words[self.at] = word
        self.at += 1

    def _more(self, *entry: Any) -> None:
        moment = time.monotonic_ns()
        data = dumped(entry)
        data += bytes(-len(data) % 8)
        end = self.at + 1 + len(data) // 8
        if end > self._last:
            raise LogFull
        self.words[self.at + 1 : end] = memoryview(data).cast("q")
        self.words[self.at] = moment + MORE
        self.at = end

    def read(self) -> Iterator[tuple[int, Entry]]:
        """Every moment, with what came then: ("gave", value), ("raised", error, message) or ("went",
        operation, argument). At the first nothing has come, and it says None."""
        words, at = self.words, 0
        while at < len(words) and (word := words[at]):
            at += 1
            if word < 0:
                yield -word, ("gave", words[at])
                at += 1
            elif word >= MORE:
                data = words[at:].cast("B")
                size = _SIZE + int.from_bytes(data[:_SIZE], "little")
                yield word - MORE, next(loaded(bytes(data[:size])))
                at += -(-size // 8)
            elif word >= TRUE:
                yield word - TRUE, ("gave", True)
            elif word >= FALSE:
                yield word - FALSE, ("gave", False)
            else:
                yield word, ("gave", None)


# -- turns --

_AT, _LISTEN, _GONE = 0, 1, 2


class Board:
    """The next steps, as the numbers of the agents who take them: for all to see, changed only by who has
    the turn. Beside it hang a bell for every agent (clerks in their order, then porters) and one for the
    office; who is through with its steps rings whoever is next, without the office between."""

    def __init__(self, context: BaseContext, agents: int) -> None:
        self.office = agents
        """The office's number."""
        self.first = _GONE + agents
        """Where in `words` the plan begins."""
        self._memory = Shared(context, 4 * (self.first + LONGEST_STRETCH + 1))
        self._door, self._ringer = context.Pipe(duplex=False)
        self._bells = [context.Semaphore(0) for _ in range(agents)]
        self._open()

    def _open(self) -> None:
        self.words = self._memory.words(0, 4 * (self.first + LONGEST_STRETCH + 1), "I")

    @property
    def door(self) -> Connection:
        """Where the office waits for its bell."""
        return self._door

    def answer(self) -> None:
        """Take in one ring at the door."""
        self._door.recv_bytes()

    def bell(self, agent: int) -> Semaphore:
        return self._bells[agent]

    def ring(self, agent: int) -> None:
        self.rings()[agent]()

    def rings(self) -> list[Callable[[], None]]:
        """What rings each agent, and last the office."""
        return [*(bell.release for bell in self._bells), partial(self._ringer.send_bytes, b"")]

    def plan(self, agents: Sequence[int]) -> None:
        """Write up who takes the next steps; after them the turn is the office's. Nobody is rung yet."""
        self.words[self.first : self.first + len(agents) + 1] = array("I", [*agents, self.office])
        self.words[_AT] = 0

    def alarm(self) -> None:
        """Let whoever takes a step now, though nobody should, ring the office."""
        self.plan([self.office] * self.office)

    @property
    def at(self) -> int:
        """How many of the planned steps are done."""
        return self.words[_AT]

    @property
    def listen(self) -> bool:
        """Whether who is rung between runs shall read its line."""
        return bool(self.words[_LISTEN])

    @listen.setter
    def listen(self, whether: bool) -> None:
        self.words[_LISTEN] = whether

    def gone(self, clerk: int) -> bool:
        """Whether the office knows that this clerk's process has ended."""
        return bool(self.words[_GONE + clerk])

    def mark_gone(self, clerk: int) -> None:
        self.words[_GONE + clerk] = 1

    def close(self) -> None:
        self._door.close()
        self._ringer.close()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in ("words", "_door")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._open()


class Turn:
    """One agent's side of a board: wait for my turn, say that my step is done. A porter's gate."""

    def __init__(self, board: Board, agent: int) -> None:
        self.agent = agent
        self._words, self._plan = board.words, board.first
        self._rings = board.rings()
        self._acquire = board.bell(agent).acquire
        self._mine = False

    def is_mine(self) -> None:
        """I was rung for it before I asked."""
        self._mine = True

    def wait(self) -> None:
        if not self._mine:
            self._acquire()

    def done(self) -> None:
        """The end of a step: the next is mine too, or whoever's it is is rung."""
        words = self._words
        words[_AT] = at = words[_AT] + 1
        following = words[self._plan + at]
        self._mine = following == self.agent
        if not self._mine:
            self._rings[following]()
