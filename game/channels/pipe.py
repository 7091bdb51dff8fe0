"""A pipe: the two `multiprocessing.connection.Connection` objects that `Pipe()` returns.

Every clerk who was handed an end has a copy of it. An end is gone when its last copy is closed, by
`close()` or by going home: then the other side reads what is left and meets the end of the tube
(EOFError), and sending to it is a broken pipe.

Who receives reads twice: how long the letter is, then the letter (connection.py, Connection._recv_bytes).
Where several clerks receive at one end, others may read in between, and letters are torn: `TornPipe`.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.reduction import ForkingPickler
from multiprocessing.synchronize import Lock
from pickle import Unpickler, UnpicklingError
from typing import Any, ClassVar, Final, NamedTuple

from game.channels.kind import (
    BLOCKED,
    Asked,
    Blocked,
    Done,
    Gate,
    Goes,
    Holders,
    Kind,
    Outcome,
    Picture,
    Recipe,
    Refused,
    Wait,
)
from game.channels.timing import deadline_complaint, real_timeout
from game.channels.wire import PAGE, Lane, one_way, receive, send, to_value, two_way
from game.request import WAIT, Doomed, Face, Operation, Value

Tokens = tuple[Value, ...]


class Tube(NamedTuple):
    """forth: tokens travelling a → b (w → r), next first. back: b → a. near and far: the clerks whose
    copy of a (w) and of b (r) is open, in the level's order. reset: the end whose next recv from an empty
    tube fails because the other side went away without reading everything, or "". read: how many pieces of
    the first letter going forth, and of the first coming back, have been read; 0 but in a torn pipe."""

    forth: Tokens
    back: Tokens
    near: tuple[str, ...]
    far: tuple[str, ...]
    reset: str = ""
    read: tuple[int, int] = (0, 0)


_SEND: Final = (
    "Send an item down the tube. Waits while the tube is full; BrokenPipeError when nobody can read it."
)
_RECV: Final = "Take the next item. Waits for one; EOFError when every copy of the other end is closed."
_POLL: Final = (
    "Whether recv would return or raise at once. Waits as long as the timeout says; None: for ever."
)
_CLOSE: Final = "Close your own copy of this end. Other clerks' copies stay open."


def _face(end: str, sends: bool, receives: bool) -> Face:
    methods = []
    if sends:
        methods.append(("send", Operation(f"{end}.send", ("obj",), help=_SEND, pickles=True)))
    if receives:
        methods.append(("recv", Operation(f"{end}.recv", help=_RECV)))
        methods.append(("poll", Operation(f"{end}.poll", ("timeout",), (0,), help=_POLL)))
    methods.append(("close", Operation(f"{end}.close", help=_CLOSE)))
    closed = ("closed", f"{end}.closed", "")
    return Face(python="multiprocessing.connection.Connection", methods=tuple(methods), attributes=(closed,))


@dataclass(frozen=True)
class Pipe(Kind):
    name: ClassVar[str] = "pipe"
    help: ClassVar[str] = "A tube with two ends, a and b; or one-way, from w to r."
    exits_are_noticed: ClassVar[bool] = True
    faces: ClassVar[Mapping[str, Face]] = {
        "a": _face("a", sends=True, receives=True),
        "b": _face("b", sends=True, receives=True),
        "r": _face("r", sends=False, receives=True),
        "w": _face("w", sends=True, receives=False),
    }

    duplex: bool = field(
        default=True,
        metadata={"help": "true: both ends, a and b, send and receive. false: only from w to r."},
    )
    capacity: int = field(
        default=16,
        metadata={
            "minimum": 1,
            "maximum": 64,
            "help": "How many items fit, each way, before a send has to wait.",
        },
    )

    def open_faces(self) -> Mapping[str, Face]:
        return {end: self.faces[end] for end in (("a", "b") if self.duplex else ("r", "w"))}

    def noticing(self, asked: Asked, mortal: frozenset[str]) -> Kind:
        shared = tuple(
            end
            for end in self.open_faces()
            if len([clerk for clerk, able in asked.items() if f"{end}.recv" in able]) > 1
        )
        return TornPipe(self.duplex, self.capacity, shared) if shared else self

    def start(self, holders: Holders) -> Tube:
        def copies(end: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(clerk for face, clerk in holders if face == end))

        return Tube((), (), copies("a") + copies("w"), copies("b") + copies("r"))

    def step(self, state: Tube, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        end, _, action = operation.partition(".")
        near = end in ("a", "w")
        mine, others = (state.near, state.far) if near else (state.far, state.near)
        if action == "close":
            return Done(_close(state, clerk, end))
        if action == "closed":
            return Done(state, clerk not in mine)
        if clerk not in mine:
            return Refused(state, "OSError", "handle is closed")
        coming = state.back if near else state.forth
        match action:
            case "send" if isinstance(argument[0], Doomed):  # pickled before anybody looks who reads
                return Refused(state, argument[0].error, argument[0].message)
            case "send":
                return self._send(state, near, bool(others), argument[0])
            case "recv":
                if coming:
                    taken = state._replace(back=coming[1:]) if near else state._replace(forth=coming[1:])
                    return Done(taken, coming[0])
                if others:
                    return BLOCKED
                if state.reset == end:
                    message = "[Errno 104] Connection reset by peer"
                    return Refused(state._replace(reset=""), "ConnectionResetError", message)
                return Refused(state, "EOFError")
            case "poll":
                timeout = argument[0]
                if complaint := deadline_complaint(timeout):
                    return Refused(state, "TypeError", complaint)
                if coming or not others:
                    return Done(state, True)
                return BLOCKED if timeout is None else Done(state, False)
            case _:
                raise ValueError(f"a pipe has no operation {operation!r}")

    def _send(self, state: Tube, near: bool, readers: bool, item: Value) -> Outcome:
        if not readers:
            return Refused(state, "BrokenPipeError", "[Errno 32] Broken pipe")
        going = state.forth if near else state.back
        if len(going) >= self.capacity:
            return BLOCKED
        return Done(state._replace(forth=(*going, item)) if near else state._replace(back=(*going, item)))

    def leave(self, state: Tube, clerk: str) -> Done | Blocked:
        return Done(self.die(state, clerk))

    def die(self, state: Tube, clerk: str) -> Tube:
        for end in self.open_faces():
            state = _close(state, clerk, end)
        return state

    def lingers(self, clerk: str, holders: Holders, asked: Asked) -> bool:
        opposite = {_OTHER[end] for end, who in holders if who == clerk}
        return any(
            operation == WAIT or operation in (f"{end}.send", f"{end}.poll")
            for name, operations in asked.items()
            for operation in operations
            for end in opposite
            if (end, name) in holders
        )

    def watched(self, state: Tube, clerk: str, alone: bool) -> bool:
        return any(
            clerk in mine and (mine == (clerk,) or not alone) and others not in ((), (clerk,))
            for mine, others in ((state.near, state.far), (state.far, state.near))
        )

    def ready(self, state: Tube, clerk: str, face: str) -> bool | Refused:
        near = face in ("a", "w")
        mine, others = (state.near, state.far) if near else (state.far, state.near)
        if clerk not in mine:
            return Refused(state, "OSError", "handle is closed")
        if face == "w":
            return not others  # nothing arrives here but the news that nobody reads any more
        return bool(state.back if near else state.forth) or not others

    def alone(
        self, state: Tube, clerk: str, operation: str, argument: tuple[Value, ...], others: frozenset[str]
    ) -> bool:
        end, _, action = operation.partition(".")
        coming = state.back if end in ("a", "w") else state.forth
        if action == "closed":  # its own copy, which nobody else can close
            return True
        # Taking what is there by the only one who holds this end. Sending meets the readers' going home.
        return (
            action == "recv"
            and bool(coming)
            and not any(other.startswith(f"{end}.") or other == "wait" for other in others)
        )

    def wait(self, state: Tube, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        end, _, action = operation.partition(".")
        others = state.far if end in ("a", "w") else state.near
        if action == "send":
            return Wait("waits for room in {channel}", others, (f"{_OTHER[end]}.recv",))
        if others == (clerk,):
            return Wait(
                "waits for a letter in {channel}, and only its own copy of the other end is open",
                others,
                (f"{_OTHER[end]}.send", f"{_OTHER[end]}.close"),
            )
        return Wait(
            "waits for a letter in {channel}", others, (f"{_OTHER[end]}.send", f"{_OTHER[end]}.close")
        )

    def show(self, state: Tube) -> Picture:
        near, far = ("a", "b") if self.duplex else ("w", "r")
        mouths = ((near, state.near), (far, state.far))
        caps = [f"{end} open: {', '.join(clerks)}" if clerks else f"{end} closed" for end, clerks in mouths]
        return Picture(
            "tube",
            items=state.forth,
            back=state.back,
            capacity=self.capacity,
            text=" · ".join(caps),
            mouths=mouths,
        )

    def rest(self, state: Tube) -> Tokens:
        return state.forth + state.back

    def open(self, context: BaseContext, holders: Holders) -> Mouths:
        def guard(end: str) -> Lock | None:
            holding = {clerk for face, clerk in holders if face == end}
            return context.Lock() if len(holding) > 1 else None

        if self.duplex:
            a, b, forth, back = two_way(context, self.capacity)
            return Mouths(
                {
                    "a": Mouth(a, forth, back, guard("a"), guard("a")),
                    "b": Mouth(b, back, forth, guard("b"), guard("b")),
                },
                holders,
            )
        r, w, lane = one_way(context, self.capacity)
        return Mouths(
            {"r": Mouth(r, lane, lane, None, guard("r")), "w": Mouth(w, lane, lane, guard("w"), None)},
            holders,
        )

    def arrive(self, real: Mouths, clerk: str, gate: Gate | None) -> None:
        for end, mouth in real.ends.items():
            if (end, clerk) not in real.holders:
                mouth.connection.close()

    def waitable(self, real: Mouths, clerk: str, face: str) -> Connection:
        return real.ends[face].connection

    def perform(self, real: Mouths, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        end, _, action = operation.partition(".")
        mouth = real.ends[end]
        match action:
            case "send":
                send(mouth.connection, mouth.sends, mouth.sending, argument[0])
                return None
            case "recv":
                return receive(mouth.connection, mouth.receives, mouth.receiving)
            case "poll":
                return mouth.connection.poll(real_timeout(argument[0]))
            case "close":
                mouth.connection.close()
                return None
            case "closed":
                return mouth.connection.closed
            case _:
                raise ValueError(f"a pipe has no operation {operation!r}")

    def bare(
        self, real: Mouths, clerk: str, operation: str, given: int, rest: tuple[Value, ...]
    ) -> Callable[..., Any] | None:
        end, _, action = operation.partition(".")
        mouth = real.ends[end]
        match action:
            case "send":
                return partial(send, mouth.connection, mouth.sends, mouth.sending)
            case "recv":
                return partial(receive, mouth.connection, mouth.receives, mouth.receiving)
        return None

    def recipe(self, name: str) -> Recipe:
        ends = [f"{name}_{end}" for end in self.open_faces()]
        makes = f"{', '.join(ends)} = Pipe({'' if self.duplex else 'duplex=False'})"
        remark = f"The level's tube holds {self.capacity}; a real one holds what fits into 64 KiB or so."
        return Recipe(
            makes, ("Pipe",), dict(zip(self.open_faces(), ends, strict=True)), tuple(ends), remark=remark
        )

    def let_go(self, real: Mouths, clerk: str) -> None:
        self.shut(real)

    def shut(self, real: Mouths) -> None:
        for mouth in real.ends.values():
            mouth.connection.close()


PIECE: Final = 4
"""Bytes of the length that stands before a letter."""
PIECES: Final = PAGE // PIECE
BODY: Final = PIECES - 1
"""Pieces of a letter after its length."""
SWALLOWS: Final = 0x0F000000 // PIECE
"""How many pieces somebody waits for who takes the third piece of a letter for a length: what stands there is
a part of the pickle's own length, and makes 240 MiB."""
_TORN: Final = "this is no whole letter"
_CUT_SHORT: Final = "got end of file during message"


@dataclass(frozen=True)
class TornPipe(Pipe):
    """A pipe at whose ends `shared` several clerks receive: in two steps, how long (recv), then the letter
    (recv.body: the pieces still wanted, and whether none of them has come yet).

    Every letter is padded to a page, and counted in pieces of four bytes. Its second piece taken for a length
    is negative: nothing is read, and nothing cannot be unpickled (EOFError). The third is so large that all
    that ever comes is swallowed. Further in it is what the letter says that would decide: there, here and on
    real wires alike, all is swallowed as well.
    """

    shared: tuple[str, ...] = ()

    def step(self, state: Tube, clerk: str, operation: str, argument: tuple[Value, ...]) -> Outcome:
        end, _, action = operation.partition(".")
        near = end in ("a", "w")
        mine, others = (state.near, state.far) if near else (state.far, state.near)
        coming = state.back if near else state.forth
        if end not in self.shared or clerk not in mine or not action.startswith("recv"):
            return super().step(state, clerk, operation, argument)
        if not coming:
            if others or state.reset == end or action == "recv":
                return super().step(state, clerk, f"{end}.recv", ())
            return Refused(state, "EOFError") if argument[1] else Refused(state, "OSError", _CUT_SHORT)
        at = state.read[near]
        if action == "recv":
            after = _read(state, near, 1)
            if at == 1:
                return Refused(after, "EOFError", "Ran out of input")
            return Goes(after, f"{end}.recv.body", (SWALLOWS if at else BODY, True))
        wanted, fresh = argument
        assert isinstance(wanted, int)
        taken = min(wanted, len(coming) * PIECES - at)
        after = _read(state, near, taken)
        if taken < wanted:
            return Goes(after, f"{end}.recv.body", (wanted - taken, False))
        if at == 1 and fresh and taken == BODY:
            return Done(after, coming[0])
        return Refused(after, "UnpicklingError", _TORN)

    def alone(self, *_: Any) -> bool:
        return False

    def wait(self, state: Tube, clerk: str, operation: str, argument: tuple[Value, ...]) -> Wait:
        wait = super().wait(state, clerk, operation.removesuffix(".body"), argument)
        if not operation.endswith(".body"):
            return wait
        return wait._replace(text="waits for the rest of a letter in {channel}")

    def show(self, state: Tube) -> Picture:
        picture = super().show(state)
        if state.read == (0, 0):
            return picture
        return picture._replace(phase="half read", text=f"{picture.text} · a letter is half read")

    def open(self, context: BaseContext, holders: Holders) -> Mouths:
        real = super().open(context, holders)
        ends = {}
        for end, mouth in real.ends.items():
            receives = mouth.receives._replace(size=PAGE)
            shared = end in self.shared
            counted = context.Value("q") if shared and receives.credits is not None else None
            ends[end] = mouth._replace(
                sends=mouth.sends._replace(size=PAGE),
                receives=receives,
                receiving=None if shared else mouth.receiving,
                counted=counted,
                pieces=bytearray(),
            )
        return Mouths(ends, holders)

    def perform(self, real: Mouths, clerk: str, operation: str, argument: tuple[Value, ...]) -> Any:
        end, _, action = operation.partition(".")
        mouth = real.ends[end]
        if end not in self.shared or not action.startswith("recv"):
            return super().perform(real, clerk, operation, argument)
        connection: Any = mouth.connection
        if action == "recv":
            connection._check_closed()
            label = connection._recv(PIECE).getvalue()
            mouth.has_read(1)
            mouth.pieces.clear()
            (size,) = struct.unpack("!i", label)
            if label.startswith(_BEGINNING):
                return ForkingPickler.loads(b"")
            return Goes(None, f"{end}.recv.body", (BODY if size == BODY * PIECE else SWALLOWS, True))
        wanted, fresh = argument
        assert isinstance(wanted, int)
        came = os.read(connection.fileno(), min(wanted * PIECE, _MOST))
        if not came:
            raise EOFError if fresh else OSError(_CUT_SHORT)
        mouth.has_read(len(came) // PIECE)
        mouth.pieces.extend(came)
        if left := wanted - len(came) // PIECE:
            return Goes(None, f"{end}.recv.body", (left, False))
        if not mouth.pieces.startswith(_BEGINNING):
            raise UnpicklingError(_TORN)  # what it would say depends on what was in the letters
        return to_value(_Plain(io.BytesIO(mouth.pieces)).load()[0])


_MOST: Final = 2**20
_BEGINNING: Final = b"\x80"
"""Of every pickle."""


class _Plain(Unpickler):
    """Reads plain values only. What stands where a torn letter begins may be anything, a program even."""

    def find_class(self, module: str, name: str) -> Any:
        raise UnpicklingError(_TORN)


def _read(state: Tube, near: bool, pieces: int) -> Tube:
    """With so many pieces read of what comes to this side; letters read to their end are gone."""
    coming = state.back if near else state.forth
    gone, at = divmod(state.read[near] + pieces, PIECES)
    if near:
        return state._replace(back=coming[gone:], read=(state.read[0], at))
    return state._replace(forth=coming[gone:], read=(at, state.read[1]))


class Mouth(NamedTuple):
    """One real end: the wire in both directions, and the locks where several clerks hold the end; in a torn
    pipe also what this process has of a letter, and how many pieces were read where credits are to be given
    back."""

    connection: Connection
    sends: Lane
    receives: Lane
    sending: Lock | None
    receiving: Lock | None
    counted: Any = None
    pieces: bytearray = bytearray()

    def has_read(self, pieces: int) -> None:
        """Give back the credits of the letters that have been read to their end."""
        if self.counted is None:
            return
        assert self.receives.credits is not None
        with self.counted.get_lock():
            before = self.counted.value // PIECES
            self.counted.value += pieces
            for _ in range(self.counted.value // PIECES - before):
                self.receives.credits.release()


class Mouths(NamedTuple):
    """A real pipe: its ends by face, and who holds them."""

    ends: Mapping[str, Mouth]
    holders: Holders


_OTHER: Final[Mapping[str, str]] = {"a": "b", "b": "a", "r": "w", "w": "r"}


def _close(state: Tube, clerk: str, end: str) -> Tube:
    """The state once this clerk's copy of this end is closed; the same state if it already was."""
    near = end in ("a", "w")
    mine = state.near if near else state.far
    if clerk not in mine:
        return state
    left = tuple(name for name in mine if name != clerk)
    closed = state._replace(near=left) if near else state._replace(far=left)
    if left:
        return closed
    if state.reset == end:
        closed = closed._replace(reset="")
    # A Unix socket closed over unread letters resets its peer; a one-way pipe just ends.
    unread = state.back if near else state.forth
    others = state.far if near else state.near
    if unread and others and end in ("a", "b"):
        closed = closed._replace(reset=_OTHER[end])
    return closed
