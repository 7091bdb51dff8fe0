"""What the window leaves to others: the inspector, who judges, and the office, where real clerks run.

Both work outside the window's thread and are asked once a frame how far they are. Neither holds it up,
and neither outlives it: they end when it closes them, and when it is killed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from game.language import say
from game.level.model import Answer, Level
from game.problems import ProblemsFound
from game.run import Driver, Office, OfficeLost, Run, RunResult, _without_main
from game.trace import Event
from game.world import System

if TYPE_CHECKING:
    from game.attempt import Attempt


class Looking(NamedTuple):
    """The inspector is still at it, and says how far."""

    said: str


class Fell(NamedTuple):
    """The helper broke down over a job, and not because of the player: what happened, in a sentence, and
    our own traceback where there is one."""

    reason: str
    details: str = ""


class _Job(NamedTuple):
    number: int
    level: Level
    answer: Answer


TRIES: Final = 2
"""How often a job is begun before the inspector is said to have broken down over it."""


YIELDS: Final = 10
"""By how much the inspector's process stands back (`nice`) where processors are scarce: a search takes every
moment it can get, and on one or two cores those would be missing in the frames of the window."""
CLERKS_YIELD: Final = 8
"""By how much the office and its clerks do, who are watched: less than the inspector."""


class Inspector:
    """`check_answer` in a warm process of its own. One answer at a time: a new one replaces the last."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._line: Connection | None = None
        self._job: _Job | None = None
        self._tries = 0
        self._number = 0
        self._start()

    @property
    def busy(self) -> bool:
        return self._job is not None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def submit(self, level: Level, answer: Answer) -> None:
        """Have an answer judged; `poll` will say."""
        self._number += 1
        self._job = _Job(self._number, level, answer)
        self._tries = 0
        if self._process is None:
            self._start()
        self._hand_over()

    def cancel(self) -> None:
        """Nobody wants to know any more."""
        if self._job is not None:
            self._job = None
            with contextlib.suppress(OSError):
                self._send(None)

    def poll(self) -> Attempt | ProblemsFound | Looking | Fell | None:
        """The newest that is known of the job, and None when there is nothing new. Anything but Looking
        ends the job."""
        newest: Looking | None = None
        try:
            while self._line is not None and self._line.poll():
                number, report = self._line.recv()
                if self._job is None or number != self._job.number:
                    continue
                if isinstance(report, Looking):
                    newest = report
                    continue
                self._job = None
                return report  # type: ignore[no-any-return]
        except (EOFError, OSError):
            return self._mourn()
        if self._process is not None and not self._process.is_alive():
            return self._mourn()
        return newest

    def close(self) -> None:
        """End the process now. Nothing is lost: it keeps nothing."""
        self._job = None
        self._bury()

    def _hand_over(self) -> None:
        job = self._job
        assert job is not None
        self._tries += 1
        with contextlib.suppress(OSError):  # it has died: the next poll begins anew
            self._send(job)

    def _send(self, job: _Job | None) -> None:
        # In two parts: plugins named on the command line are only found with our path.
        if self._line is not None:
            self._line.send_bytes(pickle.dumps((tuple(sys.path), pickle.dumps(job))))

    def _mourn(self) -> Fell | None:
        code = self._process.exitcode if self._process else None
        self._bury()
        if self._job is None:
            return None  # the next job starts another; a process that cannot live is not started for ever
        if self._tries < TRIES:
            self._start()
            self._hand_over()
            return None
        self._job = None
        how = say("killed by signal {number}", number=-code) if code is not None and code < 0 else say("gone")
        return Fell(
            say(
                "the inspector's process was {how} while it looked at this answer; it may need less memory",
                how=how,
            )
        )

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, far = context.Pipe()
        self._process = context.Process(
            target=inspector_process, args=(far, os.getpid()), name="inspector", daemon=True
        )
        with _without_main():
            self._process.start()
        far.close()

    def _bury(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None
        if self._line is not None:
            self._line.close()
            self._line = None


def inspector_process(line: Connection, window: int) -> None:
    """What the inspector's process runs, until the window ends or wants it to."""
    from game.worker import die_with, session_stands_back, stand_back

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with(window)
    if hasattr(os, "setsid"):
        os.setsid()
    stands_back = stand_back(YIELDS)
    import game.attempt  # noqa: F401  (now, while nobody waits)

    if not stands_back:  # the office, which begins at the same time, was first
        session_stands_back(YIELDS)

    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            raw = line.recv_bytes()
            while line.poll():
                raw = line.recv_bytes()
            _inspect(line, raw)


def _inspect(line: Connection, raw: bytes) -> None:
    from game.attempt import check_answer
    from game.checker.budget import Cancelled, Progress

    number = 0
    try:
        path, packed = pickle.loads(raw)
        sys.path += [folder for folder in path if folder not in sys.path]
        job: _Job | None = pickle.loads(packed)
        if job is None:
            return
        number = job.number

        def progress(far: Progress) -> None:
            line.send((number, Looking(far.said)))

        report: Any = check_answer(job.level, job.answer, progress=progress, cancelled=line.poll)
    except Cancelled:
        return
    except ProblemsFound as found:
        report = found
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except MemoryError:
        report = Fell(say("there is not enough memory to look at every wind of this answer"))
    except Exception as error:
        report = Fell(
            say("the inspector stumbled over a mistake of ours ({error!r})", error=error),
            traceback.format_exc(),
        )
    line.send((number, report))


class News(NamedTuple):
    """What came from the office since the last time.

    events   steps that happened on real processes
    result   how the run went, once it is over
    refused  why an agent that was granted a step could not take it
    lost     the office broke down, and why; it is back by now, the run is not
    pids     the number of each clerk's process, once a step has happened
    """

    events: tuple[Event, ...] = ()
    result: RunResult | None = None
    refused: str = ""
    lost: str = ""
    pids: Mapping[str, int] = MappingProxyType({})


class OfficeDesk:
    """The office as the window sees it: one run at a time, and a crew for the present level kept waiting."""

    def __init__(self) -> None:
        self._office = Office(yields=CLERKS_YIELD)
        self._run: Run | None = None
        self._system: System | None = None
        self._told_lost = ""
        self._losses = 0
        self._reopen()

    @property
    def busy(self) -> bool:
        return self._run is not None

    @property
    def ready(self) -> bool:
        """Clerks wait for the go."""
        return self._office.ready

    @property
    def pid(self) -> int | None:
        return self._office.pid

    def prepare(self, system: System) -> None:
        """Have clerks for these channels waiting; other scripts may come with the run."""
        self._system = system
        with self._minding():
            self._office.prepare(system)

    def run(self, system: System, driver: Driver, timeout: float | None = None) -> None:
        """Begin a run; one that is under way is given up."""
        self._system = system
        self._run = None
        with self._minding():
            self._run = self._office.start(system, driver, timeout)

    def grant(self, agent: str) -> None:
        """Let an agent take a step, in a run by hand."""
        if self._run is not None:
            with self._minding():
                self._run.grant(agent)

    def abort(self) -> None:
        """Give the run up; nothing more will be heard of it."""
        if self._run is not None:
            run, self._run = self._run, None
            with self._minding():
                run.abort()

    def poll(self) -> News | None:
        """What is new, or None."""
        events: list[Event] = []
        result, refused = None, ""
        pids: Mapping[str, int] = {}
        with self._minding():
            if self._run is None:
                self._office.poll()
            else:
                events = self._run.poll()
                result, refused, pids = self._run.result, self._run.refused, self._run.pids
                self._run.refused = ""
                if result is not None:
                    self._run = None
                    self._losses = 0
                    if self._system is not None:
                        self._office.prepare(self._system)
        lost, self._told_lost = self._told_lost, ""
        if events or result or refused or lost:
            return News(tuple(events), result, refused, lost, pids)
        return None

    def close(self) -> None:
        """End the office, its clerks and everything they hold."""
        self._run = None
        self._office.close()

    @contextlib.contextmanager
    def _minding(self) -> Iterator[None]:
        """Start the office anew when it is lost, and remember to say so."""
        try:
            yield
        except OfficeLost as error:
            self._run = None
            self._told_lost = str(error)
            self._losses += 1
            if self._losses < TRIES:  # else the next run tries again
                self._reopen()

    def _reopen(self) -> None:
        # A second loss in a row is left for the next call: there is nothing better to do about it here.
        with contextlib.suppress(OfficeLost):
            self._office.open()
            if self._system is not None:
                self._office.prepare(self._system)
