"""A free run: processes that go ahead, and the collecting of what they write down."""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from game.channels.timing import SECOND
from game.office.crew import Crew, Hand
from game.office.ear import Died, Ear, OfficeBug
from game.request import Request, Value
from game.script.instructions import Crash
from game.settle import Record
from game.worker import Answer, Bug, is_noticed
from game.world import System


class _Joiner(NamedTuple):
    clerk: str
    target: str
    until: float | None


class FreeRun:
    """Processes that go ahead, and what they write down."""

    def __init__(self, system: System, crew: Crew, ear: Ear, until: float) -> None:
        self.system, self.crew, self.ear, self.until = system, crew, ear, until
        self.records: list[Record] = []
        self.open_: dict[str, tuple[int, Request]] = {}
        self.over: dict[str, int] = {}
        self.crashes: dict[str, Crash] = {}
        self.noticed = {clerk: is_noticed(system, clerk) for clerk in system.clerks}
        self.joiners: list[_Joiner] = []
        self.gone: set[str] = set()

    def play(self) -> bool:
        """Whether everybody who began has ended. Raises Died and Aborted."""
        for clerk in self.system.level.clerks:
            if clerk.started:
                self._begin(clerk.name)
        while running := [
            hand for hand in self.crew.hands.values() if hand.begun and hand.clerk not in self.gone
        ]:
            deadlines = [joiner.until for joiner in self.joiners if joiner.until is not None]
            until = min([self.until, *deadlines])
            readers: list[Connection | int] = []
            for hand in running:
                readers += [hand.process.sentinel] if hand.clerk in self.over else [hand.line.reader]
            ready = set(self.ear.wait(readers, until))
            for hand in running:
                if hand.line.reader in ready and not self._read(hand):
                    raise Died.of(hand)
                if hand.process.sentinel in ready:
                    self._ended(hand)
            self._late_joins()
            if time.monotonic() >= self.until:
                return False
        return True

    def _begin(self, clerk: str) -> None:
        hand = self.crew.hands[clerk]
        hand.begun = True
        self._tell(hand, None)

    def _tell(self, hand: Hand, message: Answer | None) -> None:
        try:
            hand.line.send(message)
        except BrokenPipeError as error:
            raise Died.of(hand) from error

    def _read(self, hand: Hand) -> bool:
        """Take in what the clerk wrote; False at the end of its line."""
        try:
            self._note(hand, hand.line.recv())
            while hand.line.waiting:
                self._note(hand, hand.line.recv())
        except EOFError:
            return False
        return True

    def _note(self, hand: Hand, message: Any) -> None:
        if isinstance(message, Bug):
            raise OfficeBug(message.text)
        last, began, ahead = message
        clerk = hand.clerk
        if last is not None:
            ended, result, error, _ = last
            since, request = self.open_.pop(clerk)
            self._record(clerk, request, since, ended, result, error)
        if isinstance(ahead, Request):
            self.open_[clerk] = began, ahead
            if ahead.channel.startswith("@") and not self._cut:
                self._asked(hand, ahead)
        else:
            self.over[clerk] = began
            if ahead is not None:
                self.crashes[clerk] = ahead

    def _record(
        self, clerk: str, request: Request, began: int, ended: int | None, result: Value, error: str
    ) -> None:
        channel, operation, argument, line = request
        self.records.append(Record(clerk, channel, operation, argument, line, began, ended, result, error))

    def _asked(self, hand: Hand, request: Request) -> None:
        target = self.crew.hands[request.channel[1:]]
        if request.operation == "start":
            if target.begun:
                self._tell(hand, Answer(None, "AssertionError", "cannot start a process twice"))
            else:
                self._begin(target.clerk)
                self._tell(hand, Answer())
        elif not target.begun:
            self._tell(hand, Answer(None, "AssertionError", "can only join a started process"))
        elif target.clerk in self.gone:
            self._tell(hand, Answer())
        else:
            timeout = request.argument[0] if request.argument else None
            until = time.monotonic() + timeout * SECOND if isinstance(timeout, int) else None
            self.joiners.append(_Joiner(hand.clerk, target.clerk, until))

    def _ended(self, hand: Hand) -> None:
        hand.process.join()
        self.gone.add(hand.clerk)
        if hand.exit_code != (1 if hand.clerk in self.crashes else 0):
            raise Died(hand.clerk, hand.exit_code)
        if self.noticed[hand.clerk]:
            self._record(
                hand.clerk, Request("", "home"), self.over[hand.clerk], time.monotonic_ns(), None, ""
            )
        self._answer_joins(lambda joiner: joiner.target == hand.clerk)

    def _late_joins(self) -> None:
        now = time.monotonic()
        self._answer_joins(lambda joiner: joiner.until is not None and joiner.until <= now)

    def _answer_joins(self, due: Callable[[_Joiner], bool]) -> None:
        for joiner in [joiner for joiner in self.joiners if due(joiner)]:
            self.joiners.remove(joiner)
            self._tell(self.crew.hands[joiner.clerk], Answer())

    _cut = False

    def cut(self) -> None:
        """Stop everybody and read what they had still written down."""
        self._cut = True
        self.crew.halt()
        for hand in self.crew.hands.values():
            if hand.begun and hand.clerk not in self.gone:
                while self._read(hand):
                    pass
        for clerk, (began, request) in self.open_.items():
            self._record(clerk, request, began, None, None, "")
        for clerk, began in self.over.items():
            if clerk not in self.gone and self.noticed[clerk]:
                self._record(clerk, Request("", "home"), began, None, None, "")

    def inside(self) -> tuple[tuple[str, Request | None], ...]:
        """Who had not ended, and inside which operation they were."""
        return tuple(
            (clerk, self.open_[clerk][1] if clerk in self.open_ else None)
            for clerk, hand in self.crew.hands.items()
            if hand.begun and clerk not in self.gone
        )
