"""How the office waits: for its clerks, and always for its owner as well.

What it may hear instead of what it waits for is here too: that the owner calls off or is gone, that a
clerk died.
"""

from __future__ import annotations

import select
import sys
import time
from collections import deque
from collections.abc import Sequence
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import Any, Final

from game.office.crew import Hand
from game.office.orders import Abort, Disagreement, Grant, Prepare, Start
from game.worker import Bug, Line

PATIENCE: Final = 5.0
"""How long, in seconds, what must happen by the rules may take for real before we say it does not."""


class Aborted(Exception):
    pass


class Ownerless(Exception):
    pass


class _Late(Exception):
    """The run's own time is over."""


class Died(Exception):
    """A clerk's process ended out of turn."""

    def __init__(self, clerk: str, code: int | None) -> None:
        super().__init__(clerk, code)
        self.clerk = clerk
        if code is not None and code < 0:
            self.sentence = f"{clerk}'s process died: signal {-code}"
        else:
            self.sentence = f"{clerk}'s process ended out of turn, with exit code {code}"

    @classmethod
    def of(cls, hand: Hand) -> Died:
        """Of a process whose line has ended, so that it is about to be gone."""
        hand.process.join(PATIENCE)
        return cls(hand.clerk, hand.exit_code)


class Differs(Exception):
    def __init__(self, agent: str, expected: str, happened: str) -> None:
        super().__init__(agent, expected, happened)
        self.disagreement = Disagreement(agent, expected, happened)


class OfficeBug(Exception):
    """A clerk's process failed by a mistake of ours."""


class Ear:
    """How the office waits: for its clerks, and always for its owner as well."""

    def __init__(self, owner: Connection) -> None:
        self._owner = owner
        self._polls: dict[tuple[int, ...], Any] = {}
        self._lines: dict[Line, tuple[int, Any]] = {}
        self.run = 0
        self.grants: deque[str] = deque()
        self.later: deque[Prepare | Start] = deque()
        self.called_off: set[int] = set()

    def next_order(self) -> Prepare | Start:
        """The next thing to do for the owner."""
        while not self.later:
            self._take()
        return self.later.popleft()

    def _take(self) -> None:
        try:
            message = self._owner.recv()
        except (EOFError, OSError) as error:
            raise Ownerless from error
        match message:
            case Abort(run):
                if run == self.run:
                    raise Aborted
                self.called_off.add(run)
            case Grant(run, agent):
                if run == self.run:
                    self.grants.append(agent)
            case _:
                self.later.append(message)

    def check(self) -> None:
        """Take in what the owner said meanwhile. Raises Aborted or Ownerless."""
        while self._owner.poll():
            self._take()

    def wait(self, things: Sequence[Connection | int], until: float | None) -> list[Connection | int]:
        """The things that can be read, or ended. Empty when `until` (of `time.monotonic`) has come, or as
        soon as a grant has come in."""
        while True:
            ready = self._ready([*things, self._owner], until)
            if self._owner in ready:
                before = len(self.grants)
                self._take()
                ready.remove(self._owner)
                if not ready and len(self.grants) == before and (until is None or time.monotonic() < until):
                    continue
            return ready

    def _ready(self, things: list[Connection | int], until: float | None) -> list[Connection | int]:
        seconds = None if until is None else max(0.0, until - time.monotonic())
        if sys.platform == "win32":
            return connection.wait(things, seconds)  # type: ignore[return-value]
        # A kept poll object: connection.wait makes a selector anew at every call, five times as slow.
        numbers = tuple(thing if isinstance(thing, int) else thing.fileno() for thing in things)
        poll = self._polls.get(numbers)
        if poll is None:
            poll = self._polls[numbers] = select.poll()
            for number in numbers:
                poll.register(number, select.POLLIN)
        found = {number for number, _ in poll.poll(None if seconds is None else seconds * 1000)}
        return [thing for number, thing in zip(numbers, things, strict=True) if number in found]

    def _hears(self, line: Line, until: float) -> bool:
        """`wait` for one line, made quick for the step that is all right: its poll object is at hand."""
        if line in self._lines:
            number, poll = self._lines[line]
            found = poll.poll(max(0.0, until - time.monotonic()) * 1000)
            if len(found) == 1 and found[0][0] == number:
                return True
        elif sys.platform != "win32":
            number, poll = line.reader.fileno(), select.poll()
            for watched in (number, self._owner.fileno()):
                poll.register(watched, select.POLLIN)
            self._lines[line] = number, poll
        return bool(self.wait([line.reader], until))

    def forget(self) -> None:
        """Drop what belonged to the last run."""
        self._polls.clear()
        self._lines.clear()
        self.grants.clear()
        self.called_off.clear()

    def hear(self, line: Line, until: float) -> Any:
        """The next message of a line. Raises TimeoutError and EOFError."""
        while not line.waiting and not self._hears(line, until):
            if time.monotonic() >= until:
                raise TimeoutError
        message = line.recv()
        if isinstance(message, Bug):
            raise OfficeBug(message.text)
        return message
