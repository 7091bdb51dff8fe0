"""The office: the process that owns the clerks, plays one run at a time and reports to its owner.

It is single-threaded and imports only the standard library, because it forks. `game.run` starts it and
talks to it. It ends with its owner, and its clerks end with it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from typing import Final

from game.language import joined, say
from game.office.controlled import Controlled
from game.office.crew import Crew
from game.office.ear import Aborted, Died, Differs, Ear, Ownerless
from game.office.forecast import Forecast, policy_of
from game.office.free import FreeRun
from game.office.orders import (
    Along,
    Began,
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
)
from game.office.shared import LONGEST_STRETCH
from game.request import Request
from game.script.instructions import Crash
from game.settle import Impossible, Unsettled, settle
from game.trace import Trace
from game.worker import stand_back
from game.world import System, base, describe

MOST_STEPS: Final = 100_000
"""Where a run that nobody's wind ends is stopped."""
LITTER: Final = 200_000
"""After so many new objects the office sweeps, between two runs. What a forecast keeps is nearly all there
is, and walking through it in the middle of a run took longer than the rules themselves."""
FRAME: Final = 0.016
"""How often, in seconds, steps are sent to an owner who watches."""


def office_process(owner: Connection, method: str, patience: float, yields: int = 0) -> None:
    """What the office's process runs until its owner closes the connection or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner is interrupted; it tells us what to do
    if hasattr(os, "setsid"):
        os.setsid()
    if yields:
        stand_back(yields)
    gc.disable()
    office = _Office(owner, multiprocessing.get_context(method), patience)
    try:
        office.serve()
    except Ownerless:
        pass
    finally:
        office.dismiss()


class _Office:
    def __init__(self, owner: Connection, context: BaseContext, patience: float) -> None:
        self.owner, self.context = owner, context
        self.ear = Ear(owner, patience)
        self.warm: Crew | None = None
        self.busy: Crew | None = None
        self._system: System | None = None
        self._known: Forecast | None = None
        self._cpus = _Cpus()

    def serve(self) -> None:
        while True:
            order = self.ear.next_order()
            try:
                if order.system is not None:
                    self._system = order.system
                    sys.path[:] = order.path
                system = self._system
                assert system is not None
                if isinstance(order, Prepare):
                    self._warm_up(system, controlled=False)
                    self._tell(Prepared())
                else:
                    self._tell(Over(order.run, self._play(order, system)))
                    if not self.ear.later:
                        self._warm_up(system, controlled=True)
                    if gc.get_count()[0] > LITTER:
                        gc.collect()
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
                self._discard(crew)
        self.busy = self.warm = None

    def _discard(self, crew: Crew) -> None:
        self.ear.forget_files()
        crew.kill()

    def _warm_up(self, system: System, controlled: bool) -> Crew:
        """See that a crew waits that can play this, under control or both ways."""
        if self.warm is not None and not (self.warm.fits(system, controlled) and self.warm.alive()):
            self._discard(self.warm)
            self.warm = None
        if self.warm is None:
            self.warm = Crew.muster(self.context, system, self.owner)
        return self.warm

    def _forecast(self, system: System) -> Forecast:
        if self._known is None or self._known.system is not system:
            if self._known is not None:
                self._known.forget()
            self._known = Forecast(system)
        return self._known

    def _play(self, order: Start, system: System) -> RunResult:
        driver = order.driver
        if order.run in self.ear.called_off:
            return RunResult(system.trace((), driver.source, "aborted"), "aborted")
        free = isinstance(driver, Free)
        crew = self._warm_up(system, controlled=not free)
        self.busy, self.warm = crew, None
        self.ear.run = order.run
        self.ear.forget()
        try:
            if isinstance(driver, Free):
                return self._free(order, system, driver, crew)
            play = Controlled(self._forecast(system), crew, self.ear, self._cpus.aside)
            result = self._controlled(order, driver, play)
            if result.ending in ("finished", "crashed") and crew.recall(play.world):
                self.warm, self.busy = crew, None
            return result
        finally:
            self.ear.run = 0
            if self.busy is not None:
                self._discard(crew)
                self.busy = None

    def _assemble(self, order: Start, system: System, crew: Crew) -> None:
        """Brief everybody, and wait until they have arrived."""
        controlled = not isinstance(order.driver, Free)
        self._cpus.pin(controlled)
        hands = crew.hands.values()
        try:
            waiting = crew.brief(system, controlled, self._cpus.now)
        except OSError:
            for hand in hands:
                if hand.exit_code is not None:
                    raise Died(hand.clerk, hand.exit_code) from None
            raise
        if waiting:
            for hand in hands:
                self.ear.hear(hand, time.monotonic() + 2 * self.ear.patience)
            crew.board.listen = False
        if order.streams:
            self._tell(Began(order.run, crew.pids()))

    def _controlled(
        self, order: Start, driver: Along | Seeded | Calm | ByHand, play: Controlled
    ) -> RunResult:
        system = play.system
        began = time.monotonic()
        report = _Reporter(self, order, play)
        ending: Ending = "stopped"
        message = ""
        clerks: tuple[str, ...] = ()
        disagreement: Disagreement | None = None
        try:
            try:
                self._assemble(order, system, play.crew)
                play.open()
                until = began + order.timeout
                if isinstance(driver, ByHand):
                    stopped = self._by_hand(play, report)
                else:
                    stopped = self._steps(play, driver, report, until)
                ending, message, clerks = self._conclude(play, stopped, report)
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
            trace=_signed(system.trace(tuple(play.events), driver.source, ending), play.crew),
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
        system, world = play.system, play.world
        crashes = system.crashes(world)
        now = system.ending(world)
        if message or now == "running":
            return "stopped", _also(_say_crashes(crashes), message), tuple(crashes)
        report.flush()
        if now == "stuck":
            play.really_stuck()
            stuck = system.stuck(world)
            waits = joined("; ", [say("{clerk} {waits}", clerk=one.clerk, waits=one.text) for one in stuck])
            message = say("really stuck: {waits}", waits=waits)
            return "stuck", _also(_say_crashes(crashes), message), (*crashes, *(one.clerk for one in stuck))
        play.everybody_gone()
        return ("crashed" if crashes else "finished"), _say_crashes(crashes), tuple(crashes)

    def _steps(self, play: Controlled, driver: Along | Seeded | Calm, report: _Reporter, until: float) -> str:
        """Move until the driver stops or nothing moves. Returns why it stopped before the end, or ""."""
        policy = policy_of(driver)
        most = 1 if report.watched else LONGEST_STRETCH  # who watches sees the first step at once
        while (room := MOST_STEPS - len(play.events)) > 0:
            stopped = play.go(policy, min(most, room))
            if play.deviation and isinstance(driver, Along):
                planned, happened = play.deviation
                return say(
                    "here reality chose {happened}, not {planned}",
                    happened=describe(happened),
                    planned=describe(planned),
                )
            if stopped is not None:
                return stopped
            most = min(2 * most, LONGEST_STRETCH)
            report.step()
            if time.monotonic() >= until:
                return say("the run's time was over")
        return say("stopped after {steps:,} steps", steps=MOST_STEPS)

    def _by_hand(self, play: Controlled, report: _Reporter) -> str:
        while play.system.moves(play.world):
            report.flush()
            alive = [
                hand
                for hand, life in zip(play.crew.hands.values(), play.world.lives, strict=True)
                if base(life) in ("new", "up")
            ]
            while not self.ear.grants:
                if self.ear.wait([hand.process.sentinel for hand in alive], None):
                    for hand in alive:
                        if hand.exit_code is not None:
                            raise Died(hand.clerk, hand.exit_code)
            gust = self.ear.grants.popleft()
            if refused := play.go(lambda forecast, gust=gust: forecast.named(gust), 1):  # type: ignore[misc]
                self._tell(Refusal(self.ear.run, refused))
        return ""

    def _free(self, order: Start, system: System, driver: Free, crew: Crew) -> RunResult:
        began = time.monotonic()
        play = FreeRun(system, crew, self.ear, began + order.timeout, driver.cat)
        ending: Ending | None = None
        message = ""
        clerks: tuple[str, ...] = ()
        cut_short = False
        try:
            self._assemble(order, system, crew)
            cut_short = not play.play()
        except Aborted:
            ending = "aborted"
        except Died as died:
            ending, message, clerks = "killed", died.sentence, (died.clerk,)
        seconds = time.monotonic() - began
        play.cut()
        inside: tuple[tuple[str, Request | None], ...] = ()
        if cut_short:
            ending, inside = "hung", play.inside()
            clerks = tuple(clerk for clerk, _ in inside)
            where = joined("; ", [_say_inside(clerk, request) for clerk, request in inside])
            message = say("the run hung: {where}", where=where)
            if play.full:
                message = say(
                    "the run was cut short: there is no room for what {clerk} writes down", clerk=play.full
                )
        try:
            found = settle(system, play.records, ending or "", cancelled=self._interrupted)
        except Aborted:
            ending = "aborted"
            found = Unsettled("stopped", (), tuple(play.records))
        unsettled = None if isinstance(found, Trace) else found
        if ending == "killed":
            unsettled = None  # the rules know of no such killing: what the others saw of it need not fit
        elif isinstance(found, Impossible):
            ending = "disagreed"
            message = say("by our rules this cannot have happened: {reason}", reason=found.reason)
        elif ending is None:
            clerks = tuple(play.crashes)
            message = _say_crashes(play.crashes)
            ending = "crashed" if clerks else "finished"
            if left := tuple(clerk for clerk, hand in crew.hands.items() if not hand.begun):
                ending, clerks = "stuck", (*clerks, *left)
                message = _also(message, say("never started: {clerks}", clerks=", ".join(left)))
        trace = system.trace(found.events, "free", ending)
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
        self._office, self._run, self._play = office, order.run, play
        self.watched = order.streams
        self._sent, self._next = 0, 0.0  # the first step is shown at once

    def step(self) -> None:
        """Send what there is when it is time, and hear what the owner has to say."""
        if time.monotonic() >= self._next:
            self.flush()
            self._office.ear.check()

    def flush(self) -> None:
        events = self._play.events
        if self.watched and self._sent < len(events):
            self._office._tell(Steps(self._run, tuple(events[self._sent :])))
            self._sent = len(events)
        self._next = time.monotonic() + FRAME


def _signed(trace: Trace, crew: Crew) -> Trace:
    return replace(trace, pids=crew.pids())


def _say_crashes(crashes: Mapping[str, Crash]) -> str:
    told = [
        say("{clerk}: {error} in line {line}", clerk=clerk, error=crash.error, line=crash.line)
        for clerk, crash in crashes.items()
    ]
    return joined("; ", told) if told else ""


def _also(*sentences: str) -> str:
    told = [sentence for sentence in sentences if sentence]
    return joined("; ", told) if told else ""


def _say_inside(clerk: str, request: Request | None) -> str:
    if request is None:
        return say("{clerk} was going home", clerk=clerk)
    call = f"{request.channel}.{request.operation}"
    return say("{clerk} was inside {call}, line {line}", clerk=clerk, call=call, line=request.line)


class _Cpus:
    """The processors the office uses. A controlled run is serial, and handing the turn on between two
    processors costs ten times as much as on one. Which one differs between offices, so that several do not
    share it."""

    def __init__(self) -> None:
        self._all: frozenset[int] | None = None
        if hasattr(os, "sched_setaffinity"):
            self._all = frozenset(os.sched_getaffinity(0))
        self.now = self._all
        """Those its clerks shall use, or None where there is no saying."""
        self._mine = self._all

    def pin(self, whether: bool) -> None:
        """Use one, or all again."""
        if self._all is not None:
            one = frozenset([sorted(self._all)[os.getpid() % len(self._all)]])
            self.now = one if whether else self._all
            self._move(self.now)

    def aside(self) -> None:
        """Leave that one to the clerks, and use the others."""
        if self._all is not None and self.now is not None:
            self._move(self._all - self.now or self._all)

    def _move(self, wanted: frozenset[int]) -> None:
        if wanted != self._mine:
            try:
                os.sched_setaffinity(0, wanted)
            except OSError:
                self._all = self.now = None
            else:
                self._mine = wanted
