"""A controlled run: the rules and the real processes side by side, a step at a time.

Each step is granted to one agent only, done for real, and compared with what the rules say of it.
"""

from __future__ import annotations

import time
from multiprocessing.connection import Connection
from typing import Final

from game.channels.timing import SECOND
from game.office.crew import Crew, Hand
from game.office.ear import PATIENCE, Died, Differs, Ear
from game.request import DESK
from game.settle import same
from game.trace import Event
from game.worker import AT_HOME, CRASHED, Answer, Line, Report
from game.world import ENDED, Move, System, World, describe

STUCK_FOR: Final = 0.15
"""How long, in seconds, operations the rules call blocked are watched for not coming back."""


class Controlled:
    """The rules and the real processes side by side, a step at a time."""

    def __init__(self, system: System, crew: Crew, ear: Ear, until: float) -> None:
        self.system, self.crew, self.ear, self.until = system, crew, ear, until
        self.world = system.start
        self.events: list[Event] = []
        self._index = {clerk: index for index, clerk in enumerate(system.clerks)}
        self._timeouts = _timeouts(system)

    def open(self) -> None:
        """Let everybody who starts by themselves come to their first request."""
        for clerk in self.system.level.clerks:
            if clerk.started:
                self._begin(clerk.name, self.world)

    def _begin(self, clerk: str, world: World) -> None:
        hand = self.crew.hands[clerk]
        hand.begun = True
        report = self._exchange(hand, 0.0)
        self._check(clerk, "it comes to its first step", (None, "", "", self._ahead(world, clerk)), report)

    def _exchange(self, hand: Hand, extra: float, *more: object) -> Report:
        """Let the clerk go on and wait for its next report."""
        try:
            hand.line.send(None)
            for message in more:
                hand.line.send(message)
            report: Report = self.ear.hear(hand.line, time.monotonic() + PATIENCE + extra)
            return report
        except (EOFError, BrokenPipeError) as error:
            raise Died.of(hand) from error

    def _ahead(self, world: World, clerk: str) -> int:
        task = world.tasks[self._index[clerk]]
        if task.request is not None:
            return task.request.line
        return CRASHED if task.crash else AT_HOME

    def _check(self, agent: str, what: str, expected: Report, report: Report) -> None:
        if not _agree(expected, report):
            raise Differs(agent, f"{what} and {_say(expected)}", _say(report))

    def step(self, move: Move) -> Move:
        """Make one move really happen. Returns what did happen: where the rules leave a choice, reality
        decides. Raises Differs and Died."""
        event = move.event
        try:
            if event.agent.startswith("~"):
                self._carry(event.agent)
            elif not event.channel:
                self._go_home(event.agent)
            elif event.channel.startswith("@"):
                self._ask_office(move)
            else:
                move = self._operate(move)
        except TimeoutError:
            raise Differs(
                event.agent, describe(event), f"it still waits after {PATIENCE:g} seconds"
            ) from None
        self.world = move.world
        self.events.append(move.event)
        return move

    def _operate(self, move: Move) -> Move:
        event = move.event
        extra = 0.0
        at = self._timeouts.get((event.channel, event.operation))
        if at is not None and at < len(event.argument):
            timeout = event.argument[at]
            extra = timeout * SECOND if isinstance(timeout, int) else 0.0
        report = self._exchange(self.crew.hands[event.agent], extra)
        if _agree(self._expected(move), report):
            return move
        for other in self.system.moves(self.world):
            if other.event.agent == event.agent and _agree(self._expected(other), report):
                return other
        raise Differs(event.agent, describe(event), _say(report))

    def _expected(self, move: Move) -> Report:
        event = move.event
        return event.result, event.error, "", self._ahead(move.world, event.agent)

    def _carry(self, agent: str) -> None:
        channel, clerk = agent[1:].split("/")
        hand = self.crew.hands[clerk]
        line = hand.porters[channel]
        try:
            line.send(None)
            self.ear.hear(line, time.monotonic() + PATIENCE)
        except (EOFError, BrokenPipeError) as error:
            raise Died.of(hand) from error

    def _go_home(self, clerk: str) -> None:
        hand = self.crew.hands[clerk]
        hand.line.send(None)
        self._gone(hand)

    def _gone(self, hand: Hand) -> None:
        """Wait for the process's real end."""
        until = time.monotonic() + PATIENCE
        while hand.exit_code is None:
            if not self.ear.wait([hand.process.sentinel], until) and time.monotonic() >= until:
                raise TimeoutError
        life = self.world.lives[self._index[hand.clerk]]
        if hand.exit_code != (1 if life in ("failing", "crashed") else 0):
            raise Died(hand.clerk, hand.exit_code)

    def _ask_office(self, move: Move) -> None:
        """start and join: the office is the one who can."""
        event = move.event
        target = self.crew.hands[event.channel[1:]]
        answer = Answer()
        if event.operation == "start":
            if target.begun:
                answer = Answer(None, "AssertionError", "cannot start a process twice")
            else:
                self._begin(target.clerk, move.world)
        elif not target.begun:
            answer = Answer(None, "AssertionError", "can only join a started process")
        elif self.world.lives[self._index[target.clerk]] in ENDED:
            self._gone(target)
        report = self._exchange(self.crew.hands[event.agent], 0.0, answer)
        self._check(event.agent, describe(event), self._expected(move), report)

    def look_for_dead(self) -> None:
        """Raise Died for a process that ended though by the rules it is up: what differs from the rules
        after that is not theirs to explain."""
        up = [
            hand
            for hand, life in zip(self.crew.hands.values(), self.world.lives, strict=True)
            if life in ("new", "up")
        ]
        # What others notice of a killed process, they may notice a moment before it can be waited for.
        until = time.monotonic() + STUCK_FOR
        while not any(hand.exit_code is not None and hand.exit_code < 0 for hand in up):
            if time.monotonic() >= until:
                break
            self.ear.wait([hand.process.sentinel for hand in up if hand.exit_code is None], until)
        dead = [hand for hand in self.crew.hands.values() if (hand.exit_code or 0) < 0]
        dead += [hand for hand in up if hand.exit_code is not None]
        if dead:
            raise Died(dead[0].clerk, dead[0].exit_code)

    def everybody_gone(self) -> None:
        """Wait until every process has ended, as the rules say they did, and compare what boards read."""
        for hand in self.crew.hands.values():
            try:
                self._gone(hand)
            except TimeoutError:
                raise Differs(
                    hand.clerk, "it has gone home", f"its process has not ended after {PATIENCE:g} seconds"
                ) from None
        for (name, kind), state in zip(self.system.channels, self.world.channels, strict=True):
            if name == DESK or (really := kind.look(self.crew.reals[name])) is None:
                continue
            reads = kind.reading(state)
            if not same(reads, really):
                raise Differs(name, f"it reads {reads!r} at the end", f"it reads {really!r}")

    def really_stuck(self) -> None:
        """Grant everything that is blocked, and see that nothing comes back. Raises Differs."""
        watched: dict[Connection | int, str] = {}
        for hand, task, life in zip(
            self.crew.hands.values(), self.world.tasks, self.world.lives, strict=True
        ):
            if life in ENDED or life == "new":
                continue
            watched[hand.line.reader if life == "up" else hand.process.sentinel] = hand.clerk
            # A join stays unanswered by us as long as the process it is for lives: watch that one.
            if life == "up" and task.request and task.request.channel.startswith("@"):
                watched[self.crew.hands[task.request.channel[1:]].process.sentinel] = hand.clerk
            self._let(hand, hand.line)
        for (name, kind), state in zip(self.system.channels, self.world.channels, strict=True):
            for clerk in kind.porters(state):
                hand = self.crew.hands[clerk]
                line = hand.porters[name]
                watched[line.reader] = f"~{name}/{clerk}"
                self._let(hand, line)
        until = time.monotonic() + STUCK_FOR
        ready = self.ear.wait(list(watched), until)
        if ready:
            raise Differs(watched[ready[0]], "nothing can move any more", "it moved")

    def _let(self, hand: Hand, line: Line) -> None:
        try:
            line.send(None)
        except BrokenPipeError as error:
            raise Died.of(hand) from error


def _timeouts(system: System) -> dict[tuple[str, str], int]:
    """Where each operation has its timeout among the arguments."""
    places = {}
    for name, kind in system.channels:
        for face in kind.open_faces().values():
            for _, operation in face.methods:
                if "timeout" in operation.parameters:
                    places[name, operation.name] = operation.parameters.index("timeout")
    return places


def _agree(expected: Report, report: Report) -> bool:
    return (
        expected[3] == report[3]
        and expected[1] == report[1]
        and (bool(report[2]) or same(expected[0], report[0]))
    )


def _say(report: Report) -> str:
    result, error, going, ahead = report
    came = f"raises {error}" if error else f"goes on as {going}" if going else f"gives {result!r}"
    place = {AT_HOME: "goes home", CRASHED: "ends by an exception"}.get(ahead, f"comes to line {ahead}")
    return f"it {came} and {place}"
