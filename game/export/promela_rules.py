"""The rules of the channels once more, written in Promela: what is common to all, and rows of tokens.

One class a kind. They are written from what the documents say of each object and share no rule with
`game.channels`: SPIN, which runs them, is to notice when the two disagree. All they take from a kind is its
options, and how fine its steps are here (`Kind.noticing`): where a call is taken apart is a choice of the
model, what each part does is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from game.channels.kind import Goes, Holders
from game.channels.timing import TAKES_ANY_BLOCK
from game.export.control import Each, Way, Ways
from game.request import ListValue, Value
from game.script.instructions import Raised, Returned


class CannotExport(Exception):
    """There is no Promela for something in this office; says what."""


class Ready(NamedTuple):
    """When `wait` finds an end ready: a condition; or what it raises, which `refusal` says, when it holds."""

    condition: str
    refusal: tuple[str, Raised] | None = None


class Paper(NamedTuple):
    """What a rule may know of the model it is written into.

    code    the number that stands for a value
    equal   the condition under which an expression has a value that equals this one: True equals 1
    number  the number that stands for a clerk: 1 for the first, 0 is nobody
    room    how many tokens are ever put into a channel, at most; a number guessed where there is no bound
    sure    whether `room` is such a bound (only known when the model is written down)
    """

    code: Callable[[Value], str]
    equal: Callable[[str, Value], str]
    number: Callable[[str], int]
    room: Callable[[str], int]
    sure: Callable[[str], bool]


class Rule:
    """How one channel is written. `id` begins the names of all its variables."""

    def __init__(self, name: str, identifier: str, kind: Any, holders: Holders, paper: Paper) -> None:
        self.name, self.id, self.kind, self.holders, self.paper = name, identifier, kind, holders, paper
        self.clerks = tuple(dict.fromkeys(clerk for _, clerk in holders))

    def declare(self) -> list[str]:
        """Its variables, as they are at the start."""
        raise NotImplementedError

    def first(self) -> tuple[tuple[str, Value], ...]:
        """(stream, value) that can be read from the start."""
        return ()

    def ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        """What may come of an operation; several whose guards hold may each come of it."""
        raise NotImplementedError

    def porters(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """(clerk, guard, effect) of each porter."""
        return ()

    def may_leave(self, clerk: str) -> str:
        """The condition under which this channel lets the clerk's process end; "" when always."""
        return ""

    def leave(self, clerk: str) -> tuple[str, ...]:
        """What the end of a clerk's process changes here."""
        return ()

    def die(self, clerk: str) -> tuple[str, ...]:
        """What it changes when the process is killed."""
        return ()

    def forget(self, clerk: str) -> tuple[str, ...]:
        """What changes at once when the process is killed, though its ends are open still."""
        return ()

    def watched(self, clerk: str, alone: bool) -> str:
        """When somebody else could find an end of this clerk's closed, with `alone` at once."""
        return "false"

    def ready(self, clerk: str, face: str) -> Ready:
        """When `wait` finds this end ready."""
        return Ready("false", ("true", Raised("ValueError", "Invalid file object")))

    def inside(self) -> str:
        """How many tokens are inside, as an expression."""
        return "0"

    def reads(self, value: Value) -> str:
        """Whether an onlooker reads this value here, as a condition."""
        return "true" if value is None else "false"

    def cells(self) -> tuple[str, ...]:
        """The variables in which an onlooker reads numbers here."""
        return ()

    def clean(self) -> str:
        """The condition under which nothing is left that the computer would have to keep; "" when always."""
        return ""

    def _room(self) -> tuple[int, bool]:
        """How long a row of this channel can get, and whether that is sure, for a kind with a capacity."""
        room = max(1, self.paper.room(self.name))
        if self.kind.capacity <= room:
            return self.kind.capacity, True
        return room, self.paper.sure(self.name)

    def unknown(self, operation: str) -> CannotExport:
        return CannotExport(f"{self.name}: there is no Promela for {operation!r} of a {self.kind.name}")


def put_macro(identifier: str, room: int, sure: bool) -> str:
    """The macro that lays a token at the end of a row. Where it is only guessed how long the row can get,
    SPIN is to complain when the guess was wrong."""
    check = "" if sure else f"assert(len(row) < {room}); /* beyond */ "
    return f"#define PUT_{identifier}(row, thing) {check}row!thing"


def all_of(*conditions: str) -> str:
    """Conditions joined by and; "" is always true."""
    return " && ".join(one for one in conditions if one)


# -- block and timeout --

_NAMES: Final[Mapping[type, str]] = {type(None): "NoneType", ListValue: "list"}


def class_of(value: Value) -> str:
    return _NAMES.get(type(value), type(value).__name__)


def semaphore_refuses(block: Value, timeout: Value) -> Raised | None:
    """What the C code of SemLock.acquire says to arguments it cannot read."""
    if not TAKES_ANY_BLOCK and not isinstance(block, int):
        return Raised("TypeError", f"'{class_of(block)}' object cannot be interpreted as an integer")
    if timeout is not None and not isinstance(timeout, int):
        return Raised("TypeError", f"must be real number, not {class_of(timeout)}")
    return None


def clock_refuses(timeout: Value) -> Raised | None:
    """What `time.monotonic() + timeout` says."""
    if timeout is None or isinstance(timeout, int):
        return None
    return Raised("TypeError", f"unsupported operand type(s) for +: 'float' and '{class_of(timeout)}'")


def always(reply: Returned | Raised) -> list[Way | Each]:
    return [Way("", (), reply)]


def yes_or_no(condition: str) -> list[Way | Each]:
    """Somebody looks: True where the condition holds, else False."""
    return [Way(condition, (), Returned(True)), Way(f"!({condition})", (), Returned(False))]


# -- one class a kind --


class DeskRule(Rule):
    """The counter: who delivered what, in order."""

    def declare(self) -> list[str]:
        room = max(1, self.paper.room(self.name))
        check = "" if self.paper.sure(self.name) else f"  assert({self.id}_len < {room}); /* beyond */\n"
        return [
            f"byte {self.id}_who[{room}];",
            f"TOKEN {self.id}_what[{room}];",
            f"byte {self.id}_len;",
            f"inline DELIVER(clerk, thing) {{\n{check}  {self.id}_who[{self.id}_len] = clerk;\n"
            f"  {self.id}_what[{self.id}_len] = thing;\n  {self.id}_len++\n}}",
        ]

    def ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        if operation == "work":
            return always(Returned(None))
        effect = f"DELIVER({self.paper.number(clerk)}, {self.paper.code(argument[0])})"
        return [Way("", (effect,), Returned(None), adds=(self.name,))]


class QueueRule(Rule):
    """A row on the belt, a row in each holder's out-tray, and the count that the semaphore knows."""

    def __init__(self, name: str, identifier: str, kind: Any, holders: Holders, paper: Paper) -> None:
        super().__init__(name, identifier, kind, holders, paper)
        self.close = bool(getattr(kind, "cuts", ()))

    def tray(self, clerk: str) -> str:
        return f"{self.id}_tray{self.paper.number(clerk)}"

    def declare(self) -> list[str]:
        room = max(1, self.paper.room(self.name))
        sure = self.paper.sure(self.name)
        if 0 < self.kind.maxsize <= room:
            room, sure = self.kind.maxsize, True
        trays = [
            f"chan {self.tray(clerk)} = [{room}] of {{ TOKEN }}; /* {clerk}'s out-tray */"
            for clerk in self.clerks
        ]
        return [
            f"chan {self.id} = [{room}] of {{ TOKEN }};",
            *trays,
            f"byte {self.id}_inside; /* put and not yet taken */",
            *([f"byte {self.id}_hatch;", f"byte {self.id}_wire;", f"bit {self.id}_down;"] * self.close),
            put_macro(self.id, room, sure),
        ]

    def ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        bound: int = self.kind.maxsize
        full = f"{self.id}_inside >= {bound}" if bound else ""
        match operation, argument:
            case "put", (item, block, timeout):
                if refused := semaphore_refuses(block, timeout):
                    return always(refused)
                lay = f"PUT_{self.id}({self.tray(clerk)}, {self.paper.code(item)})"
                put = Way(
                    f"!({full})" if full else "",
                    (lay, f"{self.id}_inside++"),
                    Returned(None),
                    ((self.name, item),),
                    (self.name,),
                )
                if not full or (block and timeout is None):
                    return [put]
                return [put, Way(full, (), Raised("Full"))]
            case (("get" | "get.letter" | "get.back" | "get.count"), _):
                return self._get(clerk, operation, argument)
            case "empty", _:
                return yes_or_no(f"len({self.id}) == 0")
            case "full", _:
                return yes_or_no(full) if full else always(Returned(False))
            case "qsize", _:
                most = bound or self.paper.room(self.name)
                return [Way(f"{self.id}_inside == {count}", (), Returned(count)) for count in range(most + 1)]
        raise self.unknown(operation)

    def _get(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        """Queue.get takes the hatch, then a letter, gives the hatch back and lets the count go down (the
        last two in the other order when it does not simply wait). Only where the kind says that it can be
        noticed does a new step begin in between."""
        if operation in ("get.back", "get.count"):
            item, patient = argument
            return [self._rest_of_get(clerk, operation, item, bool(patient), ())]
        block, timeout = argument
        patient = bool(block) and timeout is None
        mine, before = "", tuple[str, ...]()
        if operation == "get":
            # Queue.get computes a deadline first, and only when it is asked to wait.
            if not patient and block and (refused := clock_refuses(timeout)):
                return always(refused)
            if not patient and (refused := semaphore_refuses(block, timeout)):
                return always(refused)
            if self.close:
                mine, before = f"{self.id}_hatch == 0", (f"{self.id}_hatch = {self.paper.number(clerk)}",)
        shut = [Way(f"{self.id}_hatch != 0", (), Raised("Empty"))] if mine and not patient else []
        if operation == "get" and "get.letter" in self._cuts(clerk):
            return [*shut, Way(mine, before, Goes(None, "get.letter", argument))]

        def take(value: Value, letter: str) -> Way:
            guard = f"len({self.id}) > 0" if letter == "item" else f"{self.id}?[{letter}]"
            effect = (*before, f"{self.id}?{letter}")
            way = self._rest_of_get(clerk, "get.back" if patient else "get.count", value, patient, effect)
            return way._replace(guard=all_of(mine, guard))

        letters = Each(self.name, lambda value: take(value, self.paper.code(value)), take(None, "item"))
        if patient:
            return [letters]
        none = (f"{self.id}_hatch = 0",) if self.close else ()
        return [*shut, letters, Way(all_of(mine, f"len({self.id}) == 0"), none, Raised("Empty"))]

    def _rest_of_get(
        self, clerk: str, piece: str, item: Value, patient: bool, effect: tuple[str, ...]
    ) -> Way:
        """The last two pieces of a get from `piece` on, up to the next cut; `effect` came before."""
        pieces = ["get.back", "get.count"] if patient else ["get.count", "get.back"]
        for one in pieces[pieces.index(piece) :]:
            if one in self._cuts(clerk) and (one != piece or effect):
                return Way("", effect, Goes(None, one, (item, patient)))
            if one == "get.count":
                effect = (*effect, f"{self.id}_inside--")
            elif self.close:
                effect = (*effect, f"{self.id}_hatch = 0")
        return Way("", effect, Returned(item))

    def _cuts(self, clerk: str) -> frozenset[str]:
        return next((cuts for name, cuts in getattr(self.kind, "cuts", ()) if name == clerk), frozenset())

    def porters(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        found = list[tuple[str, str, tuple[str, ...]]]()
        for clerk in self.clerks:
            tray, me = self.tray(clerk), self.paper.number(clerk)
            wire, down = f"{self.id}_wire", f"{self.id}_down"
            carry = (f"{tray}?item", f"PUT_{self.id}({self.id}, item)")
            some = f"len({tray}) > 0"
            room = all_of(some, f"len({self.id}) < {self.kind.wire}" if self.kind.wire else "")
            if not self.close:
                found.append((clerk, room, carry))
            elif "carry" not in self._cuts(clerk):
                found.append((clerk, f"{room} && {wire} == 0", carry))
            else:  # one at a time on the wire: take it, write, give it back
                found += [
                    (clerk, f"{some} && {wire} == 0", (f"{wire} = {me}",)),
                    (clerk, f"{room} && {wire} == {me} && !{down}", (*carry, f"{down} = 1")),
                    (clerk, f"{wire} == {me} && {down}", (f"{wire} = 0", f"{down} = 0")),
                ]
        return tuple(found)

    def may_leave(self, clerk: str) -> str:
        if clerk not in self.clerks:
            return ""
        written = f"!({self.id}_wire == {self.paper.number(clerk)} && {self.id}_down)" if self.close else ""
        return all_of(f"len({self.tray(clerk)}) == 0", written)

    def die(self, clerk: str) -> tuple[str, ...]:
        """The tray was in its memory; what it held counts on, and the hatch and the wire stay taken."""
        tray = self.tray(clerk)
        effect = [f"do :: len({tray}) > 0 -> {tray}?item :: else -> break od"]
        if self.close:
            effect.append(
                f"if :: {self.id}_wire == {self.paper.number(clerk)} -> {self.id}_down = 0 :: else fi"
            )
        return tuple(effect)

    def inside(self) -> str:
        return " + ".join([f"len({self.id})", *(f"len({self.tray(clerk)})" for clerk in self.clerks)])


class SimpleQueueRule(Rule):
    """A row, and a lock at either end. That who waits there keeps it matters only where the kind says that it
    can be noticed: then taking it, passing the letter and giving it back are steps of their own."""

    def __init__(self, name: str, identifier: str, kind: Any, holders: Holders, paper: Paper) -> None:
        super().__init__(name, identifier, kind, holders, paper)
        self.cuts: Mapping[str, frozenset[str]] = dict(getattr(kind, "cuts", ()))

    def declare(self) -> list[str]:
        room, sure = self._room()
        ends = [f"byte {self.id}_put;", f"byte {self.id}_get; /* who keeps the end */"] if self.cuts else []
        return [f"chan {self.id} = [{room}] of {{ TOKEN }};", *ends, put_macro(self.id, room, sure)]

    def ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        call, _, part = operation.partition(".")
        end = f"{self.id}_{call}"
        free = f"{end} == 0" if self.cuts else ""
        match call, part:
            case "empty", "":
                return yes_or_no(f"len({self.id}) == 0")
            case (("put" | "get"), "back"):
                return [Way("", (f"{end} = 0",), Returned(argument[0]))]
            case (("put" | "get"), "") if call in self.cuts.get(clerk, ()):
                take = (f"{end} = {self.paper.number(clerk)}",)
                return [Way(free, take, Goes(None, f"{call}.letter", argument))]
            case "put", _:
                reply = Goes(None, "put.back", (None,)) if part else Returned(None)
                return [self._put(argument[0], "" if part else free, reply)]
            case "get", _:
                guard = "" if part else free

                def take_out(value: Value, letter: str, there: str) -> Way:
                    reply = Goes(None, "get.back", (value,)) if part else Returned(value)
                    return Way(all_of(guard, there), (f"{self.id}?{letter}",), reply)

                return [
                    Each(
                        self.name,
                        lambda value: take_out(
                            value, self.paper.code(value), f"{self.id}?[{self.paper.code(value)}]"
                        ),
                        take_out(None, "item", f"len({self.id}) > 0"),
                    )
                ]
        raise self.unknown(operation)

    def _put(self, item: Value, guard: str, reply: Returned | Goes) -> Way:
        room = f"len({self.id}) < {self.kind.capacity}"
        effect = f"PUT_{self.id}({self.id}, {self.paper.code(item)})"
        return Way(all_of(guard, room), (effect,), reply, ((self.name, item),), (self.name,))

    def inside(self) -> str:
        return f"len({self.id})"


_PIECES: Final = 1024
"""Four bytes each: a letter on a wire takes a page. The first says how long it is."""
_SWALLOWED: Final = 0x0F000000 // 4
"""The pieces that somebody waits for who takes the third or a later one for a length."""
_EOF: Final = Raised("EOFError")


class PipeRule(Rule):
    """Two rows, and for each end the set of clerks whose copy of it is open, a bit for each.

    Where several receive at one end, how much of the first letter there has been read, and for each of them
    how much is wanted still.
    """

    def __init__(self, name: str, identifier: str, kind: Any, holders: Holders, paper: Paper) -> None:
        super().__init__(name, identifier, kind, holders, paper)
        self.ends = ("a", "b") if kind.duplex else ("w", "r")
        self.torn: tuple[str, ...] = getattr(kind, "shared", ())

    def _bit(self, clerk: str) -> int:
        return 1 << (self.paper.number(clerk) - 1)

    def _open(self, end: str) -> str:
        return f"{self.id}_{end}"

    def _other(self, end: str) -> str:
        return self.ends[1 - self.ends.index(end)]

    def _into(self, end: str) -> str:
        """The row into which this end sends."""
        return f"{self.id}_from_{end}"

    def _out_of(self, end: str) -> str:
        return self._into(self._other(end))

    def declare(self) -> list[str]:
        room, sure = self._room()
        found = [put_macro(self.id, room, sure)]
        for end in self.ends:
            copies = sum(self._bit(clerk) for clerk in self.clerks if (end, clerk) in self.holders)
            found.append(f"int {self._open(end)} = {copies}; /* whose copy of {end} is open */")
            if end != "r":
                found.append(f"chan {self._into(end)} = [{room}] of {{ TOKEN }};")
        if self.kind.duplex:
            found += [f"bit {self.id}_reset_{end};" for end in self.ends]
        found += [f"short {self._read(end)}; /* pieces of the first letter */" for end in self.torn]
        if self.torn:
            found += [f"int {self._wanted(clerk)}; /* pieces */" for clerk in self.clerks]
        return found

    def _read(self, end: str) -> str:
        return f"{self.id}_read_{end}"

    def _wanted(self, clerk: str) -> str:
        return f"{self.id}_wanted{self.paper.number(clerk)}"

    def ways(self, clerk: str, operation: str, argument: tuple[Value, ...]) -> Ways:
        end, _, action = operation.partition(".")
        if action == "close":
            return [Way("", self._close(clerk, end), Returned(None))]
        mine = f"({self._open(end)} & {self._bit(clerk)})"
        if action == "closed":
            return [Way(mine, (), Returned(False)), Way(f"!{mine}", (), Returned(True))]
        closed = Way(f"!{mine}", (), Raised("OSError", "handle is closed"))
        other = self._open(self._other(end))
        match action:
            case "send":
                row = self._into(end)
                sent = Way(
                    f"{mine} && {other} && len({row}) < {self.kind.capacity}",
                    (f"PUT_{self.id}({row}, {self.paper.code(argument[0])})",),
                    Returned(None),
                    ((row, argument[0]),),
                    (self.name,),
                )
                broken = Raised("BrokenPipeError", "[Errno 32] Broken pipe")
                return [closed, sent, Way(f"{mine} && !{other}", (), broken)]
            case "recv" if end in self.torn:
                return [closed, *self._recv_length(clerk, end, mine), *self._recv_nothing(end, mine)]
            case "recv":
                return [closed, self._recv(end, mine, ()), *self._recv_nothing(end, mine)]
            case "recv.body":
                return self._recv_body(clerk, end, argument)
            case "poll":
                if refused := clock_refuses(argument[0]):
                    return [closed, Way(mine, (), refused)]
                something = f"(len({self._out_of(end)}) > 0 || !{other})"
                there = Way(f"{mine} && {something}", (), Returned(True))
                if argument[0] is None:
                    return [closed, there]
                return [closed, there, Way(f"{mine} && !{something}", (), Returned(False))]
        raise self.unknown(operation)

    def _recv(self, end: str, guard: str, after: tuple[str, ...]) -> Each:
        """The first letter of the row, whole."""
        row = self._out_of(end)
        return Each(
            row,
            lambda value: Way(
                f"{guard} && {row}?[{self.paper.code(value)}]",
                (f"{row}?{self.paper.code(value)}", *after),
                Returned(value),
            ),
            Way(f"{guard} && len({row}) > 0", (f"{row}?item", *after), Returned(None)),
        )

    def _recv_nothing(
        self, end: str, guard: str, after: tuple[str, ...] = (), eof: Raised = _EOF
    ) -> list[Way]:
        """When the row is empty and nobody holds the other end."""
        over = all_of(guard, f"len({self._out_of(end)}) == 0", f"!{self._open(self._other(end))}")
        if not self.kind.duplex:
            return [Way(over, after, eof)]
        reset = f"{self.id}_reset_{end}"
        gone = Raised("ConnectionResetError", "[Errno 104] Connection reset by peer")
        return [
            Way(f"{over} && {reset}", (f"{reset} = 0", *after), gone),
            Way(f"{over} && !{reset}", after, eof),
        ]

    def _recv_length(self, clerk: str, end: str, guard: str) -> Iterable[Way]:
        """Connection._recv_bytes reads four bytes and takes them for a length, whatever they are: the second
        piece of a letter is a negative one, any later one is enormous."""
        row, read, wanted = self._out_of(end), self._read(end), self._wanted(clerk)
        some, body = f"{guard} && len({row}) > 0", Goes(None, f"{end}.recv.body", (0, True))
        yield Way(f"{some} && {read} == 0", (f"{read} = 1", f"{wanted} = {_PIECES - 1}"), body)
        yield Way(f"{some} && {read} == 1", (f"{read} = 2",), Raised("EOFError", "Ran out of input"))
        wraps = f"if :: {read} == {_PIECES} -> {row}?item; {read} = 0 :: else fi"
        yield Way(f"{some} && {read} > 1", (f"{read}++", wraps, f"{wanted} = {_SWALLOWED}"), body)

    def _recv_body(self, clerk: str, end: str, argument: tuple[Value, ...]) -> Ways:
        """Then as many as that, as they come. `argument` has whether none has come yet; how many are wanted
        is kept in a variable."""
        _, fresh = argument
        row, read, wanted = self._out_of(end), self._read(end), self._wanted(clerk)
        some, there, done = f"len({row}) > 0", f"(len({row}) * {_PIECES} - {read})", f"{wanted} = 0"
        eof = _EOF if fresh else Raised("OSError", "got end of file during message")
        whole = f"{read} == 1 && {wanted} == {_PIECES - 1}" if fresh else "false"
        eat = (
            f"n = {read} + {wanted}",
            f"do :: n >= {_PIECES} -> {row}?item; n = n - {_PIECES} :: else -> break od",
            f"{read} = n",
            "n = 0",
            done,
        )
        eat_all = (
            f"{wanted} = {wanted} - {there}",
            f"do :: {some} -> {row}?item :: else -> break od",
            f"{read} = 0",
        )
        scraps = Raised("UnpicklingError", "this is no whole letter")
        found: list[Way | Each] = [
            Way(f"{some} && {wanted} <= {there} && !({whole})", eat, scraps),
            Way(f"{some} && {wanted} > {there}", eat_all, Goes(None, f"{end}.recv.body", (0, False))),
            *self._recv_nothing(end, "", (done,), eof),
        ]
        return [*found, self._recv(end, whole, (f"{read} = 0", done))] if fresh else found

    def _close(self, clerk: str, end: str) -> tuple[str, ...]:
        """One clerk's copy of an end is closed. When it was the last of a socket, what lay there unread
        resets the other side, and nobody reads a reset of this side any more."""
        if (end, clerk) not in self.holders:
            return ()
        copies, bit = self._open(end), self._bit(clerk)
        last = ""
        if self.kind.duplex:
            other = self._other(end)
            last = (
                f"; if :: {copies} == 0 -> {self.id}_reset_{end} = 0; "
                f"if :: len({self._out_of(end)}) > 0 && {self._open(other)} -> {self.id}_reset_{other} = 1 "
                ":: else fi :: else fi"
            )
        return (f"if :: {copies} & {bit} -> {copies} = {copies} - {bit}{last} :: else fi",)

    def leave(self, clerk: str) -> tuple[str, ...]:
        return self._close(clerk, self.ends[0]) + self._close(clerk, self.ends[1])

    def watched(self, clerk: str, alone: bool) -> str:
        found = []
        for end in self.ends:
            mine, others, bit = self._open(end), self._open(self._other(end)), self._bit(clerk)
            held = f"{mine} == {bit}" if alone else f"({mine} & {bit})"
            found.append(f"({held} && {others} & {~bit & 0x7FFFFFFF})")
        return f"({' || '.join(found)})"

    def die(self, clerk: str) -> tuple[str, ...]:
        return (*self.leave(clerk), *self.forget(clerk))

    def forget(self, clerk: str) -> tuple[str, ...]:
        return (f"{self._wanted(clerk)} = 0",) if self.torn else ()

    def ready(self, clerk: str, face: str) -> Ready:
        gone = (f"!({self._open(face)} & {self._bit(clerk)})", Raised("OSError", "handle is closed"))
        nobody = f"!{self._open(self._other(face))}"
        if face == "w":
            return Ready(nobody, gone)
        return Ready(f"(len({self._out_of(face)}) > 0 || {nobody})", gone)

    def inside(self) -> str:
        return " + ".join(f"len({self._into(end)})" for end in self.ends if end != "r")
