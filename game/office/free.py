"""A free run: processes that go ahead, and the collecting of what they write down.

The office answers what is asked of processes, lets the cat out if it was told to, and keeps the times at
which processes end. Everything else is in the clerks' logs, which are read when all is over.
"""

from __future__ import annotations

import contextlib
import random
import time
from multiprocessing.connection import Connection
from typing import NamedTuple

from game.channels.timing import SECOND
from game.office.crew import Crew, Hand
from game.office.ear import Died, Ear
from game.office.shared import Entry
from game.request import Request
from game.script.instructions import Crash
from game.script.vm import Live
from game.settle import Record
from game.worker import Answer, Full
from game.world import EXIT_CODES, System

SHORTEST_NAP, LONGEST_NAP = 0.0001, 0.02
"""Between these, in seconds from the beginning, the cat comes; each order of magnitude is as likely."""


class _Joiner(NamedTuple):
    clerk: str
    target: str
    until: float | None


class _Nap(NamedTuple):
    at: float
    clerk: str


class _Blow(NamedTuple):
    """What may end a process: its exit code then, and how the rules call that."""

    code: int
    agent: str
    operation: str
    began: int


class FreeRun:
    """Processes that go ahead, and what they wrote down. Records are there after `cut`."""

    def __init__(self, system: System, crew: Crew, ear: Ear, until: float, cat: int | None = None) -> None:
        self.system, self.crew, self.ear, self.until = system, crew, ear, until
        self.records: list[Record] = []
        self.open_: dict[str, Request | None] = {}
        self.crashes: dict[str, Crash] = {}
        self.full = ""
        """Whose log is full, so that nothing more could be written down."""
        self._hands = {hand.process.sentinel: hand for hand in crew.hands.values()}
        self._joiners: list[_Joiner] = []
        self._gone: dict[str, int] = {}
        self._blows: dict[str, list[_Blow]] = {}
        self._naps = self._planned_naps(cat)

    def _planned_naps(self, cat: int | None) -> list[_Nap]:
        victims = self.system.level.cat.may_nap_on
        if cat is None or not victims:
            return []
        chance, now = random.Random(cat), time.monotonic()
        span = LONGEST_NAP / SHORTEST_NAP
        naps = [
            _Nap(now + SHORTEST_NAP * span ** chance.random(), chance.choice(victims))
            for _ in range(self.system.level.cat.naps)
        ]
        return sorted(naps)

    def play(self) -> bool:
        """Whether everybody who began has ended. Raises Died and Aborted."""
        for clerk in self.system.level.clerks:
            if clerk.started:
                self._begin(self.crew.hands[clerk.name])
        while running := [
            hand for hand in self.crew.hands.values() if hand.begun and hand.clerk not in self._gone
        ]:
            moments = [joiner.until for joiner in self._joiners if joiner.until is not None]
            moments += [nap.at for nap in self._naps[:1]]
            readers: list[Connection | int] = [hand.line for hand in running]
            readers += [hand.process.sentinel for hand in running]
            ready = set(self.ear.wait(readers, min([self.until, *moments])))
            for hand in running:
                if hand.process.sentinel in ready:
                    self._ended(hand)
                elif hand.line in ready:
                    self._read(hand)
            now = time.monotonic()
            if now >= self.until or self.full:
                return False
            self._answer_joins([joiner for joiner in self._joiners if (joiner.until or now + 1) <= now])
            while self._naps and self._naps[0].at <= now:
                self._nap(self._naps.pop(0).clerk)
        return True

    def _begin(self, hand: Hand) -> None:
        hand.begun = True
        self.crew.board.ring(hand.number)

    def _read(self, hand: Hand) -> None:
        try:
            message = self.ear.read(hand)
        except EOFError:
            self._ended(hand)  # which can be seen on its line a moment earlier
            return
        if isinstance(message, Full):
            self.full = hand.clerk
        else:
            self._asked(hand, message)

    def _asked(self, hand: Hand, request: Request) -> None:
        target = self.crew.hands[request.channel[1:]]
        answer = target.refuses(request.operation)
        if answer is None:
            answer = Answer()
            match request.operation:
                case "start":
                    self._begin(target)
                case "join" if target.clerk not in self._gone:
                    timeout = request.argument[0]
                    until = time.monotonic() + timeout * SECOND if isinstance(timeout, int) else None
                    self._joiners.append(_Joiner(hand.clerk, target.clerk, until))
                    return
                case "is_alive" | "exitcode" as operation:
                    answer = target.seen(operation)
                case "terminate" | "kill" as operation:
                    self._end_by_signal(target, operation)
        self._tell(hand, answer)

    def _end_by_signal(self, hand: Hand, operation: str) -> None:
        if hand.exit_code is None:
            code = EXIT_CODES["terminated" if operation == "terminate" else "killed"]
            self._strike(hand, _Blow(code, f"signal:{hand.clerk}", "die", time.monotonic_ns()))

    def _nap(self, clerk: str) -> None:
        hand = self.crew.hands[clerk]
        if hand.begun and hand.exit_code is None:
            self._strike(hand, _Blow(EXIT_CODES["napped"], f"cat:{clerk}", "nap", time.monotonic_ns()))

    def _strike(self, hand: Hand, blow: _Blow) -> None:
        self._blows.setdefault(hand.clerk, []).append(blow)
        (hand.process.terminate if blow.code == EXIT_CODES["terminated"] else hand.process.kill)()

    def _blow(self, hand: Hand) -> _Blow | None:
        """What ended this process, if it was a signal or the cat."""
        blows = self._blows.get(hand.clerk, ())
        return next((blow for blow in blows if blow.code == hand.exit_code), None)

    def _ended(self, hand: Hand) -> None:
        hand.process.join()
        self.ear.last_words(hand)
        self._gone[hand.clerk] = time.monotonic_ns()
        self.crew.board.mark_gone(hand.number)
        if hand.exit_code != {"well": 0, "badly": 1}.get(hand.log.ended) and not self._blow(hand):
            raise Died(hand.clerk, hand.exit_code)
        self._answer_joins([joiner for joiner in self._joiners if joiner.target == hand.clerk])
        hands = self.crew.hands
        for daemon in self.system.dismissed(lambda name: not hands[name].begun or name in self._gone):
            self._end_by_signal(hands[daemon], "terminate")

    def _answer_joins(self, due: list[_Joiner]) -> None:
        for joiner in due:
            self._joiners.remove(joiner)
            self._tell(self.crew.hands[joiner.clerk], Answer())

    def _tell(self, hand: Hand, answer: Answer) -> None:
        with contextlib.suppress(OSError):  # it has just been killed; that will be seen
            hand.line.send(answer)

    # -- afterwards --

    def cut(self) -> None:
        """Stop everybody and read what they wrote down."""
        self.crew.freeze()
        for hand in self.crew.hands.values():
            if hand.begun:
                self._read_log(hand)
        self.crew.halt()

    def _read_log(self, hand: Hand) -> None:
        clerk, rows = hand.clerk, self.records
        script = Live(self.system.programs[hand.number], dict(self.system.level.clerks[hand.number].gets))
        began: int | None = None
        request: Request | None = None
        for moment, came in hand.log.notes().read():
            if began is not None and request is not None:
                rows.append(_record(clerk, request, began, moment, came))
                request = _after(script, request, came)
            else:
                request = script.request
            began = moment
        begun, over = None, None
        if request is not None and began is not None:
            begun = began, request
        elif began is not None:
            over = began
            if script.crash:
                self.crashes[clerk] = Crash(script.crash.error, "", script.crash.line)
        gone = self._gone.get(clerk)
        if begun is not None:
            rows.append(_record(clerk, begun[1], begun[0], None, ()))
        if gone is None:
            self.open_[clerk] = begun and begun[1]
        noticed = self.system.noticed[hand.number]
        if blow := self._blow(hand) if gone is not None else None:
            # Where nobody sees how a process ends, the rules may hold that it had gone home before.
            death = Request(f"@{clerk}", blow.operation)
            rows.append(
                _record(blow.agent, death, blow.began, gone if noticed else None, ("gave", blow.code))
            )
        elif over is not None and noticed:
            rows.append(_record(clerk, Request("", "home"), over, gone, ()))

    def inside(self) -> tuple[tuple[str, Request | None], ...]:
        """Who had not ended, and inside which operation they were (None: going home)."""
        return tuple(self.open_.items())


def _record(agent: str, request: Request, began: int, ended: int | None, came: Entry) -> Record:
    channel, operation, argument, line = request
    result = came[1] if came[:1] == ("gave",) else None
    error = came[1] if came[:1] == ("raised",) else ""
    return Record(agent, channel, operation, argument, line, began, ended, result, error)


def _after(script: Live, request: Request, came: Entry) -> Request | None:
    """What the clerk asked for next, when this came of its request: that follows from its script."""
    match came:
        case "went", operation, argument:
            return request._replace(operation=operation, argument=argument)
        case "raised", error, message:
            script.throw(error, message)
        case _, value:
            script.give(value)
    return script.request
