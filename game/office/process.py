"""The office: the process that owns the clerks, plays one run at a time and reports to its owner.

It is single-threaded and imports only the standard library, because it forks. `game.run` starts it and
talks to it. It ends with its owner, and its clerks end with it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from typing import Final

from game.office.controlled import Controlled
from game.office.crew import Crew
from game.office.ear import PATIENCE, Aborted, Died, Differs, Ear, Ownerless
from game.office.free import FreeRun
from game.office.orders import (
    Along,
    ByHand,
    Calm,
    Disagreement,
    Ending,
    Failed,
    Free,
    Over,
    Prepare,
    Prepared,
    Refusal,
    RunResult,
    Seeded,
    Start,
    Steps,
    policy_of,
)
from game.request import Request
from game.script.instructions import Crash
from game.settle import Impossible, Unsettled, settle
from game.trace import Trace
from game.world import CannotMove, System, describe

MOST_STEPS: Final = 100_000
"""Where a run that nobody's wind ends is stopped."""
FRAME: Final = 0.016
"""How often, in seconds, steps are sent to an owner who watches."""


def office_process(owner: Connection, method: str) -> None:
    """What the office's process runs until its owner closes the connection or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner is interrupted; it tells us what to do
    if hasattr(os, "setsid"):
        os.setsid()
    office = _Office(owner, multiprocessing.get_context(method))
    try:
        office.serve()
    except Ownerless:
        pass
    finally:
        office.dismiss()


class _Office:
    def __init__(self, owner: Connection, context: BaseContext) -> None:
        self.owner, self.context = owner, context
        self.ear = Ear(owner)
        self.warm: Crew | None = None
        self.busy: Crew | None = None

    def serve(self) -> None:
        while True:
            order = self.ear.next_order()
            try:
                if isinstance(order, Prepare):
                    sys.path[:] = order.path
                    self._warm_up(order.system)
                    self._tell(Prepared())
                else:
                    sys.path[:] = order.path
                    self._tell(Over(order.run, self._play(order)))
                    if not self.ear.later:
                        self._warm_up(order.system)
            except Aborted:
                pass  # of a run that is over
            except Ownerless:
                raise
            except Exception:
                self.dismiss()
                self._tell(Failed(traceback.format_exc()))

    def _tell(self, message: object) -> None:
        try:
            self.owner.send(message)
        except OSError as error:
            raise Ownerless from error

    def dismiss(self) -> None:
        """Kill every clerk there is."""
        for crew in (self.busy, self.warm):
            if crew is not None:
                crew.kill()
        self.busy = self.warm = None

    def _warm_up(self, system: System) -> None:
        if self.warm is not None and not (self.warm.fits(system) and self.warm.alive()):
            self.warm.kill()
            self.warm = None
        if self.warm is None:
            self.warm = Crew.muster(self.context, system, self.owner)

    def _play(self, order: Start) -> RunResult:
        if order.run in self.ear.called_off:
            return RunResult(order.system.trace((), order.driver.source, "aborted"), "aborted")
        self._warm_up(order.system)
        crew, self.busy, self.warm = self.warm, self.warm, None
        assert crew is not None
        self.ear.run = order.run
        self.ear.forget()
        try:
            if isinstance(order.driver, Free):
                return self._free(order, crew)
            with _one_cpu() as cpu:
                return self._controlled(order, crew, order.driver, cpu)
        finally:
            self.ear.run = 0
            self.busy = None
            crew.kill()

    def _assemble(self, order: Start, crew: Crew, cpu: int | None) -> None:
        crew.switch(order.system)
        for hand in crew.hands.values():
            try:
                crew.order(hand, not isinstance(order.driver, Free), cpu)
            except BrokenPipeError as error:
                raise Died.of(hand) from error
        for hand in crew.hands.values():
            try:
                self.ear.hear(hand.line, time.monotonic() + 2 * PATIENCE)
            except EOFError as error:
                raise Died.of(hand) from error

    def _controlled(
        self, order: Start, crew: Crew, driver: Along | Seeded | Calm | ByHand, cpu: int | None
    ) -> RunResult:
        system = order.system
        began = time.monotonic()
        play = Controlled(system, crew, self.ear, began + order.timeout)
        report = _Reporter(self, order, play)
        ending: Ending = "stopped"
        message = ""
        clerks: tuple[str, ...] = ()
        disagreement: Disagreement | None = None
        try:
            try:
                self._assemble(order, crew, cpu)
                play.open()
                ending, message, clerks = self._conclude(play, self._steps(play, driver, report), report)
            except Differs:
                play.look_for_dead()
                raise
        except Aborted:
            ending = "aborted"
        except Died as died:
            ending, message, clerks = "killed", died.sentence, (died.clerk,)
        except Differs as differs:
            disagreement = differs.disagreement
            ending, message, clerks = "disagreed", str(disagreement), (disagreement.agent,)
        report.flush()
        return RunResult(
            trace=_signed(system.trace(tuple(play.events), driver.source, ending), crew),
            ending=ending,
            message=message,
            clerks=clerks,
            disagreement=disagreement,
            seconds=time.monotonic() - began,
        )

    def _conclude(
        self, play: Controlled, message: str, report: _Reporter
    ) -> tuple[Ending, str, tuple[str, ...]]:
        """See that the real processes are where the rules say they are: ending, message, clerks."""
        system = play.system
        crashes = {
            clerk: task.crash
            for clerk, task in zip(system.clerks, play.world.tasks, strict=True)
            if task.crash
        }
        now = system.ending(play.world)
        if message or now == "running":
            return "stopped", _also(_say_crashes(crashes), message), tuple(crashes)
        report.flush()
        if now == "stuck":
            play.really_stuck()
            stuck = system.stuck(play.world)
            message = "really stuck: " + "; ".join(f"{one.clerk} {one.text}" for one in stuck)
            return "stuck", _also(_say_crashes(crashes), message), (*crashes, *(one.clerk for one in stuck))
        play.everybody_gone()
        return ("crashed" if crashes else "finished"), _say_crashes(crashes), tuple(crashes)

    def _steps(self, play: Controlled, driver: Along | Seeded | Calm | ByHand, report: _Reporter) -> str:
        """Move until the driver stops or nothing moves. Returns why it stopped before the end, or ""."""
        if isinstance(driver, ByHand):
            return self._by_hand(play, report)
        policy = policy_of(driver, play.system)
        while len(play.events) < MOST_STEPS:
            try:
                move = policy(play.world)
            except CannotMove as error:
                return str(error)
            if move is None:
                return ""
            happened = play.step(move)
            if happened is not move and isinstance(driver, Along):
                return f"here reality chose {describe(happened.event)}, not {describe(move.event)}"
            if report.due():
                report.flush()
                self.ear.check()
            if time.monotonic() >= play.until:
                return "the run's time was over"
        return f"stopped after {MOST_STEPS:,} steps"

    def _by_hand(self, play: Controlled, report: _Reporter) -> str:
        while play.system.ending(play.world) == "running":
            report.flush()
            alive = [
                hand
                for hand, life in zip(play.crew.hands.values(), play.world.lives, strict=True)
                if life in ("new", "up")
            ]
            while not self.ear.grants:
                if self.ear.wait([hand.process.sentinel for hand in alive], None):
                    for hand in alive:
                        if hand.exit_code is not None:
                            raise Died(hand.clerk, hand.exit_code)
            agent = self.ear.grants.popleft()
            try:
                move = play.system.do(play.world, agent)
            except CannotMove as error:
                self._tell(Refusal(self.ear.run, str(error)))
            else:
                play.step(move)
        return ""

    def _free(self, order: Start, crew: Crew) -> RunResult:
        system = order.system
        began = time.monotonic()
        play = FreeRun(system, crew, self.ear, began + order.timeout)
        ending: Ending | None = None
        message = ""
        clerks: tuple[str, ...] = ()
        inside: tuple[tuple[str, Request | None], ...] = ()
        try:
            self._assemble(order, crew, None)
            if not play.play():
                ending, inside = "hung", play.inside()
                clerks = tuple(clerk for clerk, _ in inside)
                message = "the run hung: " + "; ".join(
                    _say_inside(clerk, request) for clerk, request in inside
                )
        except Aborted:
            ending = "aborted"
        except Died as died:
            ending, message, clerks = "killed", died.sentence, (died.clerk,)
        seconds = time.monotonic() - began
        play.cut()
        try:
            found = settle(system, play.records, ending or "", cancelled=self._interrupted)
        except Aborted:
            ending = "aborted"
            found = Unsettled("stopped", (), tuple(play.records))
        unsettled = None if isinstance(found, Trace) else found
        events = found.events
        if ending == "killed":
            unsettled = None  # the rules know of no killing: what the others saw of it need not fit
        elif isinstance(found, Impossible):
            ending, message = "disagreed", f"by our rules this cannot have happened: {found.reason}"
        elif ending is None:
            clerks = tuple(play.crashes)
            message = _say_crashes(play.crashes)
            ending = "crashed" if clerks else "finished"
            if left := tuple(clerk for clerk, hand in crew.hands.items() if not hand.begun):
                ending, clerks = "stuck", (*clerks, *left)
                message = _also(message, f"never started: {', '.join(left)}")
        trace = system.trace(events, "free", ending)
        return RunResult(
            trace=_signed(trace, crew),
            ending=ending,
            message=message,
            clerks=clerks,
            inside=inside,
            unsettled=unsettled,
            seconds=seconds,
        )

    def _interrupted(self) -> bool:
        self.ear.check()
        return False


class _Reporter:
    """Sends steps to an owner who watches, a batch a frame."""

    def __init__(self, office: _Office, order: Start, play: Controlled) -> None:
        self._office, self._order, self._play = office, order, play
        self._sent, self._next = 0, 0.0  # the first step is shown at once

    def due(self) -> bool:
        return time.monotonic() >= self._next

    def flush(self) -> None:
        events = self._play.events
        if self._order.streams and self._sent < len(events):
            self._office._tell(Steps(self._order.run, tuple(events[self._sent :])))
            self._sent = len(events)
        self._next = time.monotonic() + FRAME


def _signed(trace: Trace, crew: Crew) -> Trace:
    return replace(trace, pids=crew.pids())


def _say_crashes(crashes: Mapping[str, Crash]) -> str:
    return "; ".join(f"{clerk}: {crash.error} in line {crash.line}" for clerk, crash in crashes.items())


def _also(*sentences: str) -> str:
    return "; ".join(sentence for sentence in sentences if sentence)


def _say_inside(clerk: str, request: Request | None) -> str:
    if request is None:
        return f"{clerk} was going home"
    return f"{clerk} was inside {request.channel}.{request.operation}, line {request.line}"


@contextmanager
def _one_cpu() -> Iterator[int | None]:
    """Stay on one processor: a controlled run is serial, and a round trip between two costs ten times as
    much as on one. Which one differs between offices, so that several do not share it."""
    if not hasattr(os, "sched_setaffinity"):
        yield None
        return
    all_of_them = os.sched_getaffinity(0)
    cpu = sorted(all_of_them)[os.getpid() % len(all_of_them)]
    try:
        os.sched_setaffinity(0, {cpu})
    except OSError:
        yield None
        return
    try:
        yield cpu
    finally:
        os.sched_setaffinity(0, all_of_them)
