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
from typing import Any, NoReturn

from game.language import say
from game.office.crew import Hand
from game.office.orders import Abort, Disagreement, Grant, Prepare, Start
from game.worker import Bug


class Aborted(Exception):
    pass


class Ownerless(Exception):
    pass


class Died(Exception):
    """A clerk's process ended out of turn."""

    def __init__(self, clerk: str, code: int | None) -> None:
        super().__init__(clerk, code)
        self.clerk = clerk
        if code is not None and code < 0:
            self.sentence = say("{clerk}'s process died: signal {signal}", clerk=clerk, signal=-code)
        else:
            self.sentence = say(
                "{clerk}'s process ended out of turn, with exit code {code}", clerk=clerk, code=code
            )


class Differs(Exception):
    def __init__(self, agent: str, expected: str, happened: str) -> None:
        super().__init__(agent, expected, happened)
        self.disagreement = Disagreement(agent, expected, happened)


class OfficeBug(Exception):
    """A clerk's process failed by a mistake of ours."""


class Ear:
    """How the office waits: for its clerks, and always for its owner as well. `patience` is how long, in
    seconds, what must happen by the rules may take for real before we say it does not."""

    def __init__(self, owner: Connection, patience: float) -> None:
        self.patience = patience
        self._owner = owner
        self._polls: dict[tuple[Connection | int, ...], tuple[Any, dict[int, Connection | int]]] = {}
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
            ready = self._ready((*things, self._owner), until)
            if self._owner not in ready:
                return ready
            before = len(self.grants)
            self._take()
            ready.remove(self._owner)
            if ready or len(self.grants) > before or (until is not None and time.monotonic() >= until):
                return ready

    def _ready(self, things: tuple[Connection | int, ...], until: float | None) -> list[Connection | int]:
        seconds = None if until is None else max(0.0, until - time.monotonic())
        if sys.platform == "win32":
            return connection.wait(things, seconds)  # type: ignore[return-value]
        # A kept poll object: connection.wait makes a selector anew at every call, five times as slow.
        kept = self._polls.get(things)
        if kept is None:
            poll = select.poll()
            numbers = {thing if isinstance(thing, int) else thing.fileno(): thing for thing in things}
            for number in numbers:
                poll.register(number, select.POLLIN)
            kept = self._polls[things] = poll, numbers
        poll, numbers = kept
        return [numbers[number] for number, _ in poll.poll(None if seconds is None else seconds * 1000)]

    def forget(self) -> None:
        """Drop what belonged to the last run."""
        self.grants.clear()
        self.called_off.clear()

    def forget_files(self) -> None:
        """Drop what belonged to the last crew."""
        self._polls.clear()

    def hear(self, hand: Hand, until: float) -> Any:
        """The next message of a clerk. Raises TimeoutError and Died."""
        while hand.line not in self.wait([hand.line], until):
            if time.monotonic() >= until:
                raise TimeoutError
        try:
            return self.read(hand)
        except EOFError:
            self.mourn(hand)

    def read(self, hand: Hand) -> Any:
        """The message that a clerk has sent. Raises EOFError where there comes none any more."""
        try:
            message = hand.line.recv()
        except OSError as error:
            raise EOFError from error
        if isinstance(message, Bug):
            raise OfficeBug(message.text)
        return message

    def tell(self, hand: Hand, message: object) -> None:
        """Raises Died."""
        try:
            hand.line.send(message)
        except OSError:
            self.mourn(hand)

    def mourn(self, hand: Hand) -> NoReturn:
        """Raise Died for a process whose line has ended, so that it is about to be gone; OfficeBug if it
        left a word why."""
        hand.process.join(self.patience)
        self.last_words(hand)
        raise Died(hand.clerk, hand.exit_code)

    def last_words(self, hand: Hand) -> None:
        """Raise OfficeBug if a process that has ended said that it was by a mistake of ours."""
        try:
            while hand.line.poll():
                message = hand.line.recv()
                if isinstance(message, Bug):
                    raise OfficeBug(message.text)
        except (EOFError, OSError):
            pass
