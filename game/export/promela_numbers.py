"""The rules of what is a number, or a few, or a key, once more in Promela.

value, array and shared_memory; lock, rlock and the semaphores. See `game.export.promela_rules`.
"""

from __future__ import annotations

from typing import Final

from game.channels.kind import Goes
from game.channels.value import Probed
from game.export.control import Each, Way, Ways
from game.export.promela_rules import Rule, all_of, always, class_of, semaphore_refuses
from game.request import Value
from game.script.instructions import Raised, Returned

_TOO_OFTEN: Final = Raised("ValueError", "semaphore or lock released too many times")


class GuardedRule(Rule):
    """What the number and the row of numbers have in common: the wrapper's RLock, which every access takes
    for just that access."""

    def guard(self) -> list[str]:
        return self.counted() if self.kind.lock else []

    def counted(self) -> list[str]:
        return [f"byte {self.id}_holder;", f"byte {self.id}_depth;"]

    def free(self, clerk: str) -> str:
        """Nobody else holds the lock."""
        if not self.kind.lock:
            return ""
        return f"({self.id}_holder == 0 || {self.id}_holder == {self.paper.number(clerk)})"

    def ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        """An access is one step, or two where it can be noticed that it takes the lock: taking it, and the
        rest."""
        me, holder, depth = self.paper.number(clerk), f"{self.id}_holder", f"{self.id}_depth"
        if operation in ("read", "write"):
            if not isinstance(self.kind, Probed):
                return self.access(clerk, operation, argument)
            inside = Goes(None, f"{operation}.inside", argument)
            return [Way(self.free(clerk), (f"{holder} = {me}", f"{depth}++"), inside)]
        if not operation.endswith(".inside"):
            return self.lock_ways(clerk, operation, argument)
        back = (f"{depth}--", f"if :: {depth} == 0 -> {holder} = 0 :: else fi")
        return [_with(one, back) for one in self.access(clerk, operation.removesuffix(".inside"), argument)]

    def access(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        """What reading or writing does while nobody else holds the lock."""
        raise NotImplementedError

    def lock_ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        me, holder, depth = self.paper.number(clerk), f"{self.id}_holder", f"{self.id}_depth"
        if operation == "lock.release":
            stranger = Raised("AssertionError", "attempt to release recursive lock not owned by thread")
            return [
                Way(f"{holder} == {me} && {depth} > 1", (f"{depth}--",), Returned(None)),
                Way(
                    f"{holder} == {me} && {depth} == 1",
                    (f"{depth} = 0", f"{holder} = 0"),
                    Returned(None),
                ),
                Way(f"{holder} != {me}", (), stranger),
            ]
        if operation != "lock.acquire":
            raise self.unknown(operation)
        block, timeout = argument or (True, None)
        take = (f"assert({depth} < 255) /* beyond */", f"{holder} = {me}", f"{depth}++")
        if refused := semaphore_refuses(block, None):
            return always(refused)
        again = Way(f"{holder} == {me}", take, Returned(True))
        if refused := semaphore_refuses(block, timeout):  # not looked at when the caller has it already
            return [again, Way(f"{holder} != {me}", (), refused)]
        got = [again, Way(f"{holder} == 0", take, Returned(True))]
        if block and timeout is None:
            return got
        return [*got, Way(f"{holder} != 0 && {holder} != {me}", (), Returned(False))]

    def read_ways(self, clerk: str, cell: str) -> Ways:
        return [
            Each(
                cell,
                lambda value: Way(
                    all_of(self.free(clerk), f"{cell} == {self.paper.code(value)}"), (), Returned(value)
                ),
                Way(self.free(clerk), (), Returned(None)),
            )
        ]

    def write_ways(self, clerk: str, cell: str, value: Value) -> Ways:
        if not isinstance(value, int):
            text = f"'{class_of(value)}' object cannot be interpreted as an integer"
            return [Way(self.free(clerk), (), Raised("TypeError", text))]
        number = _wrap(value)
        effect = (f"{cell} = {self.paper.code(number)}",)
        return [Way(self.free(clerk), effect, Returned(None), ((cell, number),))]


def _with(way: Way | Each, effect: tuple[str, ...]) -> Way | Each:
    """The same with a bit more effect."""
    if isinstance(way, Way):
        return way._replace(effect=(*way.effect, *effect))
    make = way.way
    return Each(
        way.stream,
        lambda value: make(value)._replace(effect=(*make(value).effect, *effect)),
        way.any._replace(effect=(*way.any.effect, *effect)),
    )


def _wrap(number: int) -> int:
    """What is left of a number in 64 bits."""
    return int.from_bytes((int(number) & (2**64 - 1)).to_bytes(8, "little"), "little", signed=True)


class ValueRule(GuardedRule):
    """One number."""

    def declare(self) -> list[str]:
        return [f"TOKEN {self.id} = {self.paper.code(self.kind.initial)};", *self.guard()]

    def first(self) -> tuple[tuple[str, Value], ...]:
        return ((self.id, self.kind.initial),)

    def access(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        if operation == "read":
            return self.read_ways(clerk, self.id)
        return self.write_ways(clerk, self.id, argument[0])

    def reads(self, value: Value) -> str:
        return self.paper.equal(self.id, value)

    def cells(self) -> tuple[str, ...]:
        return (self.id,)


class ArrayRule(GuardedRule):
    """Numbers in a row."""

    def _cell(self, index: int) -> str:
        return f"{self.id}_{index}"

    def declare(self) -> list[str]:
        cells = [
            f"TOKEN {self._cell(index)} = {self.paper.code(value)};"
            for index, value in enumerate(self.kind.initial)
        ]
        return [*cells, *self.guard()]

    def first(self) -> tuple[tuple[str, Value], ...]:
        return tuple((self._cell(index), value) for index, value in enumerate(self.kind.initial))

    def access(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        index = argument[0]
        if not isinstance(index, int):
            text = "indices must be integers" if operation == "read" else "indices must be integer"
            return [Way(self.free(clerk), (), Raised("TypeError", text))]
        size = len(self.kind.initial)
        index = index + size if index < 0 else int(index)
        if not 0 <= index < size:
            return [Way(self.free(clerk), (), Raised("IndexError", "invalid index"))]
        if operation == "read":
            return self.read_ways(clerk, self._cell(index))
        return self.write_ways(clerk, self._cell(index), argument[1])

    def reads(self, value: Value) -> str:
        if not isinstance(value, tuple) or len(value) != len(self.kind.initial):
            return "false"
        return all_of(*(self.paper.equal(self._cell(at), one) for at, one in enumerate(value)))

    def cells(self) -> tuple[str, ...]:
        return tuple(map(self._cell, range(len(self.kind.initial))))


class LockRule(Rule):
    """Who acquired it, 0 when it hangs on its hook."""

    def declare(self) -> list[str]:
        return [f"byte {self.id};"]

    def ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        match operation:
            case "acquire":
                block, timeout = argument or (True, None)
                if refused := semaphore_refuses(block, timeout):
                    return always(refused)
                got = Way(f"{self.id} == 0", (f"{self.id} = {self.paper.number(clerk)}",), Returned(True))
                if block and timeout is None:
                    return [got]
                return [got, Way(f"{self.id} != 0", (), Returned(False))]
            case "release":
                return [
                    Way(f"{self.id} != 0", (f"{self.id} = 0",), Returned(None)),
                    Way(f"{self.id} == 0", (), _TOO_OFTEN),
                ]
        raise self.unknown(operation)


class RLockRule(GuardedRule):
    """A lock that counts, and nothing to guard."""

    def declare(self) -> list[str]:
        return self.counted()

    def ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        return self.lock_ways(clerk, f"lock.{operation}", argument)


class SemaphoreRule(Rule):
    """How many tags hang there. A bounded one has room for no more than hung there at first."""

    def declare(self) -> list[str]:
        return [f"short {self.id} = {self.kind.value};"]

    def ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        match operation:
            case "acquire":
                block, timeout = argument or (True, None)
                if refused := semaphore_refuses(block, timeout):
                    return always(refused)
                got = Way(f"{self.id} > 0", (f"{self.id}--",), Returned(True))
                if block and timeout is None:
                    return [got]
                return [got, Way(f"{self.id} == 0", (), Returned(False))]
            case "release" if self.kind.name == "bounded_semaphore":
                return [
                    Way(f"{self.id} < {self.kind.value}", (f"{self.id}++",), Returned(None)),
                    Way(f"{self.id} >= {self.kind.value}", (), _TOO_OFTEN),
                ]
            case "release":
                check = f"assert({self.id} < 32767) /* beyond */"
                return [Way("", (check, f"{self.id}++"), Returned(None))]
        raise self.unknown(operation)


class SharedMemoryRule(Rule):
    """Bytes, whose view of them is closed (a bit for each clerk), and whether it is still linked."""

    def _cell(self, index: int) -> str:
        return f"{self.id}_{index}"

    def declare(self) -> list[str]:
        cells = [
            f"TOKEN {self._cell(index)} = {self.paper.code(value)};"
            for index, value in enumerate(self.kind.initial)
        ]
        return [*cells, f"int {self.id}_closed; /* who closed their view */", f"bit {self.id}_linked = 1;"]

    def first(self) -> tuple[tuple[str, Value], ...]:
        return tuple((self._cell(index), value) for index, value in enumerate(self.kind.initial))

    def ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        linked = f"{self.id}_linked"
        me = 1 << (self.paper.number(clerk) - 1)
        closed = f"({self.id}_closed & {me})"
        match operation:
            case "close":
                return [Way("", (f"{self.id}_closed = {self.id}_closed | {me}",), Returned(None))]
            case "unlink":
                gone = Raised("FileNotFoundError", "[Errno 2] No such file or directory")
                return [Way(linked, (f"{linked} = 0",), Returned(None)), Way(f"!{linked}", (), gone)]
            case "read":
                none = Raised("TypeError", "'NoneType' object is not subscriptable")
                where = self._where(argument[0])
                if isinstance(where, Raised):
                    return [Way(closed, (), none), Way(f"!{closed}", (), where)]
                cell = self._cell(where)
                byte = Each(
                    cell,
                    lambda value: Way(
                        f"!{closed} && {cell} == {self.paper.code(value)}", (), Returned(value)
                    ),
                    Way(f"!{closed}", (), Returned(None)),
                )
                return [Way(closed, (), none), byte]
            case "write":
                none = Raised("TypeError", "'NoneType' object does not support item assignment")
                return [Way(closed, (), none), self._write(f"!{closed}", *argument)]
        raise self.unknown(operation)

    def _write(self, guard: str, index: Value, value: Value) -> Way:
        where = self._where(index)
        if isinstance(where, Raised):
            return Way(guard, (), where)
        if not isinstance(value, int):
            return Way(guard, (), Raised("TypeError", "memoryview: invalid type for format 'B'"))
        if value not in range(256):
            return Way(guard, (), Raised("ValueError", "memoryview: invalid value for format 'B'"))
        effect = (f"{self._cell(where)} = {self.paper.code(int(value))}",)
        return Way(guard, effect, Returned(None), ((self._cell(where), int(value)),))

    def _where(self, index: Value) -> int | Raised:
        """Which byte a memoryview of one dimension finds there; a tuple of one is such an index too."""
        if isinstance(index, tuple) and len(index) == 1:
            (index,) = index
        if not isinstance(index, int):
            return Raised("TypeError", "memoryview: invalid slice key")
        size = len(self.kind.initial)
        if index >= size or index < -size:
            return Raised("IndexError", "index out of bounds on dimension 1")
        return index + size if index < 0 else int(index)

    def reads(self, value: Value) -> str:
        if not isinstance(value, tuple) or len(value) != len(self.kind.initial):
            return "false"
        return all_of(*(self.paper.equal(self._cell(at), one) for at, one in enumerate(value)))

    def cells(self) -> tuple[str, ...]:
        return tuple(map(self._cell, range(len(self.kind.initial))))

    def clean(self) -> str:
        return f"!{self.id}_linked"
