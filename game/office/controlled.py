"""A controlled run: the rules decide ahead, the real processes follow, and both are compared.

The steps of a stretch are planned by the rules and written on the board; then the clerks and porters take
them for real, one after the other, each handing the turn to the next. The office waits meanwhile. After
the stretch it compares what every clerk wrote down, step by step, with what the rules said. So only one
agent at a time does anything, in the order of the wind, whoever watches; the office just does not have to
stand between any two of them. A stretch ends early where only reality knows how it goes on. While a long one
is taken the office already plans the next, on another processor where there is one.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Final, NamedTuple

from game.language import say
from game.office.crew import Crew, Hand
from game.office.ear import Died, Differs, Ear
from game.office.forecast import Forecast, Policy, Step, written
from game.office.shared import LONGEST_STRETCH, Entry
from game.request import DESK, Value
from game.settle import same
from game.trace import Event
from game.worker import Answer, LetGo
from game.world import ENDED, EXIT_CODES, GONE, LET_GO, CannotMove, World, base, describe

STUCK_FOR: Final = 0.15
"""How long, in seconds, operations the rules call blocked are watched for not coming back."""
TERMINATED: Final = EXIT_CODES["terminated"]


class _Plan(NamedTuple):
    """Steps to be taken, and why none follow them: "" when the policy has none, a sentence when the next one
    cannot be, None when there may be more."""

    steps: Sequence[Step]
    stopped: str | None


class Controlled:
    """The rules and the real processes of one run. `events` are the steps that happened."""

    def __init__(
        self, forecast: Forecast, crew: Crew, ear: Ear, aside: Callable[[], None] = lambda: None
    ) -> None:
        """`aside` moves the office off the processor of its clerks, where it can."""
        self.system, self.forecast, self.crew, self.ear = forecast.system, forecast, crew, ear
        self._aside = aside
        self.events: list[Event] = []
        self.deviation: tuple[Event, Event] | None = None
        """Where the rules leave a choice, what was planned and what reality made of it, if not the same."""
        self._hands = list(crew.hands.values())
        self._sentinels = tuple([hand.process.sentinel for hand in self._hands])
        self._coming: _Plan | None = None
        self._reached: int | None = 0
        """The moment after `events` as the forecast packs it; None in the middle of a stretch."""

    def open(self) -> None:
        """Let everybody who starts by themselves come to their first request."""
        self.forecast.restart()
        self._reached = self.forecast.here
        for clerk in self.system.level.clerks:
            if clerk.started:
                self._begin(self.crew.hands[clerk.name])

    def _begin(self, hand: Hand) -> None:
        hand.begun = True
        if not self.crew.stays:  # who stays begins with its first turn
            self.crew.board.ring(hand.number)

    @property
    def world(self) -> World:
        """The moment reached."""
        if self._reached is None:
            return self.system.worlds(self.events)[-1]
        return self.forecast.moment(self._reached)

    # -- steps --

    def go(self, policy: Policy, most: int) -> str | None:
        """Plan and take up to so many steps, or those planned ahead. Afterwards why there are no more, as a
        plan has it. Raises Differs and Died."""
        plan, self._coming = self._coming or self._plan(policy, most), None
        after, self._reached = self.forecast.here, None
        *before, last = _stretches(plan.steps) or [()]
        for stretch in before:
            self._take(stretch)
        if len(plan.steps) == LONGEST_STRETCH and plan.stopped is None and not last[-1].several:
            self._aside()
            self._take(last, lambda: self._plan_ahead(policy, most))
        elif last:
            self._take(last)
        # Where reality chose, the forecast has followed; nothing was planned ahead then.
        self._reached = after if self._coming else self.forecast.here
        return plan.stopped

    def _plan(self, policy: Policy, most: int) -> _Plan:
        steps: list[Step] = []
        try:
            while len(steps) < most:
                step = policy(self.forecast)
                if step is None:
                    return _Plan(steps, "")
                self.forecast.take(step)
                steps.append(step)
                if step.several or step.waits:
                    break
        except CannotMove as error:
            return _Plan(steps, str(error))
        return _Plan(steps, None)

    def _plan_ahead(self, policy: Policy, most: int) -> None:
        self._coming = self._plan(policy, most)

    def _take(self, stretch: Sequence[Step], meanwhile: Callable[[], None] = lambda: None) -> None:
        first = stretch[0]
        if not first.alone:
            self._relay(stretch, meanwhile)
        elif ":" in first.event.agent:
            self._strike(first.event)
        elif first.event.operation == LET_GO:
            self._let_go(first.event)
        elif first.event.operation == GONE:
            self._end(self.crew.hands[first.event.agent], first.event)
        elif first.event.channel:
            self._ask_office(first)
        else:
            self._go_home(first)

    def _relay(self, stretch: Sequence[Step], meanwhile: Callable[[], None] = lambda: None) -> None:
        """Let these steps be taken, one after the other, and compare."""
        board = self.crew.board
        board.plan([step.agent for step in stretch])
        board.ring(stretch[0].agent)
        meanwhile()
        patience = self.ear.patience + stretch[-1].waits
        done, until = 0, time.monotonic() + patience
        while board.door not in (ready := self.ear.wait(self._watched(), until)):
            if ready:
                self._ended(ready, stretch)
            elif time.monotonic() >= until:
                if board.at == done:
                    self._compare(stretch[:done])
                    event = stretch[done].event
                    late = say("it still waits after {seconds:g} seconds", seconds=patience)
                    raise Differs(event.agent, describe(event), late)
                done, until = board.at, time.monotonic() + patience
        board.answer()
        self._compare(stretch)

    def _watched(self) -> tuple[Connection | int, ...]:
        return self.crew.board.door, *self._sentinels

    def _ended(self, ready: Sequence[Connection | int], stretch: Sequence[Step]) -> None:
        """Some processes have ended. Who was through with its script is done; nobody else may be."""
        for hand in self._hands:
            if hand.process.sentinel in ready:
                hand.process.join()
                if self.crew.stays or not hand.log.ended:
                    self.ear.last_words(hand)
                    self._compare(stretch[: self.crew.board.at])
                    raise Died(hand.clerk, hand.exit_code)
                self._unwatch(hand)

    def _unwatch(self, hand: Hand) -> None:
        self._sentinels = tuple([one for one in self._sentinels if one != hand.process.sentinel])

    def _compare(self, steps: Sequence[Step]) -> None:
        """Hold what the clerks wrote down against the plan."""
        wanted: dict[int, list[bytes]] = {}
        for step in steps:
            if step.writes:
                wanted.setdefault(step.agent, []).append(step.writes)
        logs = [self._hands[number].log for number in wanted]
        if all(log.raw() == b"".join(parts) for log, parts in zip(logs, wanted.values(), strict=True)):
            self.events += [step.event for step in steps]
        else:
            self._look_closer(steps, {number: self._hands[number].log.read() for number in wanted})
        for log in logs:
            log.clear()

    def _look_closer(self, steps: Sequence[Step], logs: Mapping[int, Iterator[Entry]]) -> None:
        """The same step by step: the first that differs is told, or was reality's choice."""
        for step in steps:
            event = step.event
            if step.writes:
                entry = next(logs[step.agent], None)
                if entry is None:
                    raise Differs(event.agent, describe(event), say("it writes nothing down"))
                if not same(written(event), entry):
                    event = self._choice(step, entry)
            self.events.append(event)

    def _choice(self, step: Step, entry: Entry) -> Event:
        """What really happened instead of this step, which is the last that was planned."""
        if step.several:
            self.forecast.take_back(step)
            for other in self.forecast.of(step.agent):
                if same(written(other.event), entry):
                    self.forecast.take(other)
                    self.deviation = step.event, other.event
                    return other.event
        raise Differs(step.event.agent, describe(step.event), _say(step.event, entry))

    # -- steps that are the office's own --

    def _go_home(self, step: Step) -> None:
        hand = self.crew.hands[step.event.agent]
        self.crew.board.ring(hand.number)
        self._gone(hand)
        self.events.append(step.event)

    def _let_go(self, event: Event) -> None:
        """A process that is ending closes its ends of one channel. It waits at a gate, alive, in the system's
        stead."""
        hand = self.crew.hands[event.agent]
        hand.line.send(LetGo(event.channel))
        if hasattr(signal, "SIGUSR1"):  # elsewhere they close with the process
            os.kill(hand.pid, signal.SIGUSR1)
            try:
                self.ear.hear(hand, time.monotonic() + self.ear.patience)
            except TimeoutError:
                late = say("it still waits after {seconds:g} seconds", seconds=self.ear.patience)
                raise Differs(event.agent, describe(event), late) from None
        self.events.append(event)

    def _strike(self, event: Event) -> None:
        """A signal arrives, or the cat. Where the ends close one after the other, the process is kept till
        they have."""
        if event.choice:
            self.events.append(event)
        else:
            self._end(self.crew.hands[event.channel[1:]], event)

    def _end(self, hand: Hand, event: Event) -> None:
        if event.result == TERMINATED:
            hand.process.terminate()
        else:
            hand.process.kill()
        self._gone(hand)
        self.events.append(event)

    def _gone(self, hand: Hand) -> None:
        """Wait for the process's real end."""
        self._unwatch(hand)
        until = time.monotonic() + self.ear.patience
        while hand.exit_code is None:
            if self.ear.wait([hand.process.sentinel], until):
                hand.process.join()  # what it had open is closed a moment before it can be waited for
            elif time.monotonic() >= until:
                late = say("its process has not ended after {seconds:g} seconds", seconds=self.ear.patience)
                raise Differs(hand.clerk, say("its process ends"), late)
        self.ear.last_words(hand)
        self.crew.board.mark_gone(hand.number)

    def _ask_office(self, step: Step) -> None:
        """An operation on a process, answered from the real one. What terminate and kill send is a step of
        its own, when it arrives."""
        operation, argument = step.event.operation, step.event.argument
        hand = self.crew.hands[step.event.channel[1:]]
        answer = hand.refuses(operation)
        if answer is None:
            answer = Answer()
            match operation:
                case "start":
                    self._begin(hand)
                case "join" if argument[0] is None:
                    self._gone(hand)
                case "is_alive" | "exitcode":
                    answer = hand.seen(operation)
                    if step.event.choice:  # we have waited for it; by the rules that need not have been
                        answer = Answer(None if operation == "exitcode" else True)
        self.ear.tell(self.crew.hands[step.event.agent], answer)
        self._relay([step])

    # -- the end --

    def look_for_dead(self) -> None:
        """Raise Died for a process that ended though by the rules it is up: what differs from the rules
        after that is not theirs to explain."""
        lives = dict(zip(self.system.clerks, self.world.lives, strict=True))
        # What others notice of a killed process, they may notice a moment before it can be waited for.
        until = time.monotonic() + STUCK_FOR
        while True:
            ended = [hand for hand in self._hands if hand.exit_code is not None]
            for hand in ended:
                if hand.exit_code != EXIT_CODES.get(lives[hand.clerk], 0):
                    raise Died(hand.clerk, hand.exit_code)
            if time.monotonic() >= until:
                break
            self.ear.wait([hand.process.sentinel for hand in self._hands if hand not in ended], until)
        for hand in ended:
            if lives[hand.clerk] in ("new", "up"):
                raise Died(hand.clerk, hand.exit_code)

    def everybody_gone(self) -> None:
        """Wait until every process has ended as the rules say it did, and compare what boards read."""
        for hand, life in zip(self._hands, self.world.lives, strict=True):
            if self.crew.stays:
                really: Value = hand.log.ended
                expected: Value = "badly" if life == "crashed" else "well"
            else:
                self._gone(hand)
                really, expected = hand.exit_code, EXIT_CODES[life]
            if really != expected:
                raise Died(hand.clerk, hand.exit_code)
        for (name, kind), state in zip(self.system.channels, self.world.channels, strict=True):
            if name == DESK or (read := kind.look(self.crew.reals[name])) is None:
                continue
            reads = kind.reading(state)
            if not same(reads, read):
                raise Differs(
                    name,
                    say("it reads {value!r} at the end", value=reads),
                    say("it reads {value!r}", value=read),
                )

    def really_stuck(self) -> None:
        """Grant everything that is blocked, and see that nothing comes back. Raises Differs."""
        world, board = self.world, self.crew.board
        watched: dict[Connection | int, str] = {board.door: ""}
        board.alarm()
        for hand, task, life in zip(self._hands, world.tasks, world.lives, strict=True):
            if life in ENDED or life == "new":
                continue
            watched[hand.process.sentinel] = hand.clerk
            # A join stays unanswered by us as long as the process it is for lives: watch that one.
            if base(life) == "up" and task.request and task.request.channel.startswith("@"):
                watched[self.crew.hands[task.request.channel[1:]].process.sentinel] = hand.clerk
            board.ring(hand.number)
        working = {
            f"~{name}/{clerk}"
            for (name, kind), state in zip(self.system.channels, world.channels, strict=True)
            for clerk in kind.porters(state)
        }
        porters = [agent for agent, _, _ in self.system.porters()]
        for number, agent in enumerate(porters, len(self._hands)):
            if agent in working:
                board.ring(number)
        if ready := self.ear.wait(list(watched), time.monotonic() + STUCK_FOR):
            moved = [hand.clerk for hand in self._hands if not hand.log.empty] or sorted(working)
            raise Differs(watched[ready[0]] or moved[0], say("nothing can move any more"), say("it moved"))


def _stretches(steps: Sequence[Step]) -> list[Sequence[Step]]:
    """The steps in pieces: those that are the office's own, and all between."""
    begin, pieces = 0, list[Sequence[Step]]()
    for at, step in enumerate(steps):
        if step.alone:
            pieces += [steps[begin:at], steps[at : at + 1]]
            begin = at + 1
    return [piece for piece in (*pieces, steps[begin:]) if piece]


def _say(event: Event, entry: Entry) -> str:
    """What a clerk wrote down instead of this event."""
    line, operation, result, error = entry
    came = say("it raises {error}", error=error) if error else say("it gives {result!r}", result=result)
    if (line, operation) == (event.line, event.operation):
        return came
    return say(
        "it asks for {operation} in line {line}, and {came}", operation=operation, line=line, came=came
    )
