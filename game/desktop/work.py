"""What a player is doing with a level: the scripts as they stand, what is wrong with them, the run and the
verdict under way, and the film on the board with the moment it shows.

No pygame and no drawing: a scene tells it what the player does, asks it what to show, and lends it the two
helpers.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from game.desktop.breakpoints import NOTHING, Breakpoints
from game.desktop.built import Built, headed, new_names, parameters, sketch, sound, with_names
from game.desktop.services import Fell, Inspector, Looking, News, OfficeDesk
from game.goals import Fails
from game.language import say
from game.level.model import Answer, Level
from game.problems import Problem, ProblemsFound
from game.request import Value
from game.run import Along, ByHand, Free, RunResult
from game.story import Film, Folding, Frame
from game.trace import Trace, Wind, format_wind, parse_wind
from game.undoing import Undoing
from game.world import CannotMove, Move, System, build

if TYPE_CHECKING:
    from game.attempt import Attempt
    from game.checker.diagnose import Fault
    from game.checker.verdict import Failure
    from game.desktop.clues import Clue

STEP_SECONDS: Final = 0.75
"""How long a step is shown at speed 1."""
LONGEST_SHOW: Final = 5.0
"""How long, in seconds at speed 1, the real run may be shown before the verdict."""

ROUNDS_SECONDS: Final = 3.0
"""How long a proved answer may take on real processes in the level's other cases."""

MOST_CALM: Final = 2_000

AT_ONCE: Final = 60
"""Steps up to which a film is there at once."""
SLICE: Final = 0.0025
"""For how long, in seconds, a longer one is folded at a time: twice a frame."""

Shown = Literal["start", "real", "failing", "forced", "wind", "calm"]
"""What the film is: nothing yet; a real run nobody steered; the inspector's failing wind; that wind forced
on real clerks; the wind the player blows; one wind of those that hold."""


class Playback:
    """Where in a film we are, and how fast we go on. Between two whole numbers a step is under way."""

    def __init__(self, speed: float = 1.0) -> None:
        self.position = 0.0
        self.length = 0
        self.playing = False
        self.speed = speed
        self.haste = 1.0
        self.stops: tuple[int, ...] = ()
        """The positions, ascending, at which playing pauses by itself."""
        self._target: float | None = None

    @property
    def frame(self) -> int:
        """The step under way, or the moment reached: what captions are about."""
        return min(self.length, -int(-self.position // 1))

    @property
    def at_end(self) -> bool:
        return self.position >= self.length

    @property
    def moving(self) -> bool:
        return self.playing or self._target is not None

    def load(self, length: int, *, at: float = 0.0, playing: bool = False) -> None:
        """Another film."""
        self.length = length
        self.position = min(float(length), at)
        self.playing = playing and length > 0
        self.haste = 1.0
        self._target = None

    def toggle(self) -> None:
        """Play or pause; at the end, once more from the start."""
        self._target = None
        if self.playing:
            self.playing = False
            return
        if self.at_end:
            self.position = 0.0
        self.playing = self.length > 0

    def step(self, by: int) -> None:
        """Travel to the next or the previous whole moment."""
        here = self.position if self._target is None else self._target
        whole = int(here) if by > 0 else -int(-here // 1)
        self._target = float(max(0, min(self.length, whole + by)))
        self.playing = False

    def seek(self, position: float) -> None:
        """Be there at once."""
        self.position = max(0.0, min(float(self.length), position))
        self.playing = False
        self._target = None

    def update(self, dt: float) -> bool:
        """Let time pass; True when the position changed."""
        way = dt * self.speed * self.haste / STEP_SECONDS
        before = self.position
        if self._target is not None:
            way = max(way, dt / STEP_SECONDS) * 1.6
            gap = self._target - self.position
            if abs(gap) <= way:
                self.position, self._target = self._target, None
            else:
                self.position += way if gap > 0 else -way
        elif self.playing:
            self.position = min(float(self.length), self.position + way)
            self.playing = self.position < self.length
            stop = next((stop for stop in self.stops if before < stop <= self.position), None)
            if stop is not None:
                self.position, self.playing = float(stop), False
        return self.position != before


@dataclass(frozen=True)
class Rounds:
    """The other cases of a level whose answer is proved, on real processes: those to come, the one under way
    first, how many kept every goal, and what went wrong in which."""

    coming: tuple[System, ...]
    kept: int = 0
    seconds: float = 0.0
    trouble: Fault | None = None
    case: str = ""

    def after(self, result: RunResult) -> Rounds:
        """Once the case under way is over. When it takes too long, which proves nothing, the rest is left."""
        from game.evidence import fault_of  # here: the window opens without the checker

        system, *rest = self.coming
        seconds = self.seconds + result.seconds
        if result.ending == "hung" or seconds >= ROUNDS_SECONDS:
            rest = []
        fault = None if result.ending == "hung" else fault_of(system, result)
        if fault is not None:
            return replace(self, coming=(), trouble=fault, case=system.level.case)
        return replace(self, coming=tuple(rest), kept=self.kept + (result.ending != "hung"), seconds=seconds)


@dataclass(frozen=True)
class Trial:
    """One time the player asked. `real` and `attempt` come as they come; `told` once the player has been
    shown the verdict."""

    system: System
    wants_real: bool
    wants_verdict: bool
    real: RunResult | None = None
    attempt: Attempt | None = None
    fell: Fell | None = None
    lost: str = ""
    looking: str = ""
    told: bool = False
    rounds: Rounds | None = None

    @property
    def waits_for_real(self) -> bool:
        return self.wants_real and self.real is None and not self.lost

    @property
    def waits_for_rounds(self) -> bool:
        """The answer is proved, and plays in the level's other cases."""
        return self.rounds is not None and bool(self.rounds.coming)

    @property
    def waits_for_verdict(self) -> bool:
        return self.wants_verdict and self.attempt is None and self.fell is None


@dataclass(frozen=True)
class Live:
    """The player's wind on real clerks, gust by gust: whose processes they are, and how many steps they have
    confirmed. `over` once the wind is complete; `trouble` when reality did something else."""

    pids: Mapping[str, int] = field(default_factory=dict)
    confirmed: int = 0
    over: bool = False
    trouble: str = ""


@dataclass(frozen=True)
class Forced:
    """The failing wind on real clerks: under way, or how it went."""

    result: RunResult | None = None
    lost: str = ""


class Work:
    """A level on the bench. `answer` is what was kept from last time."""

    def __init__(
        self,
        level: Level,
        answer: Answer | None,
        speed: float = 1.0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.level = level
        self._clock = clock
        self._coming: tuple[Folding, Shown] | None = None
        self.playback = Playback(speed)
        self.texts: dict[str, str] = {script.name: script.text for script in level.scripts}
        self.set_to: dict[str, Value] = {slot.name: slot.start for slot in level.slots}
        self._building = Undoing(Built())
        self._sketch: System | None = None
        self.problems: tuple[Problem, ...] = ()
        self.system: System | None = None
        self.trial: Trial | None = None
        self._told: tuple[Answer | None, Trial | None] = None, None
        self.forced: Forced | None = None
        self.live: Live | None = None
        self.film: Film | None = None
        self.shown: Shown = "start"
        self.version = 0
        """One more whenever the film is another."""
        self.breakpoints: Breakpoints = NOTHING
        self._wind: Wind = ()
        self._clue: tuple[Failure, Clue] | None = None
        if answer is not None:
            self._take(answer)
        self.compile()
        self.rewind()

    def _take(self, answer: Answer) -> None:
        editable = {script.name for script in self.level.scripts if script.editable}
        self.texts |= {name: text for name, text in answer.scripts.items() if name in editable}
        for slot in self.level.slots:
            choice = answer.choices.get(slot.name, slot.start)
            self.set_to[slot.name] = choice if slot.option(choice) else slot.start
        self._building = Undoing(sound(self.level, answer))
        if self.level.mode == "wind" and answer.winds:
            try:
                self._wind = parse_wind(answer.winds[0])
            except ValueError:
                self._wind = ()

    # -- the answer --

    @property
    def answer(self) -> Answer:
        """What stands there now: only scripts and choices that differ from the level's."""
        given = {script.name: script.text for script in self.level.scripts}
        changed = {name: text for name, text in self.texts.items() if text != given[name]}
        winds = (format_wind(self.wind),) if self.level.mode == "wind" and self.wind else ()
        chosen = {
            slot.name: self.set_to[slot.name]
            for slot in self.level.slots
            if slot.option(slot.start) != slot.option(self.set_to[slot.name])
        }
        return Answer(self.level.id, changed, chosen, winds, self.built.parts, self.built.gets)

    @property
    def set_up(self) -> Level:
        """The level as the player has set it up, and as far as it is built."""
        system = self.system or self._sketch
        return system.level if system is not None else self.level

    def write(self, script: str, text: str) -> None:
        """Another text for a script. What was judged before holds again once everything is as it was then."""
        if self.texts.get(script) != text:
            if self.trial is not None and self.trial.told:
                self._told = self.answer, self.trial
            self.texts[script] = text
            before, trial = self._told
            self.trial = trial if self.shown != "start" and self.answer == before else None
            self.forced = None

    def choose(self, slot: str, choice: Value) -> None:
        """Set a slot. The office is another from now on, and nobody has moved in it yet."""
        if self.set_to[slot] is not choice:
            self.set_to[slot] = choice
            self.trial = None
            self.forced = None
            if self.compile():
                self.rewind()

    def build(self, built: Built) -> bool:
        """Have it built so; the first lines of scripts go along. False when it is so already."""
        before = self.built
        return self._building.change(built) and self._now_built(before)

    @property
    def built(self) -> Built:
        return self._building.value

    @property
    def can_unbuild(self) -> bool:
        return self._building.can_undo

    @property
    def can_rebuild(self) -> bool:
        return self._building.can_redo

    def unbuild(self) -> bool:
        """One change to what is built back; False at the first."""
        before = self.built
        return self._building.undo() and self._now_built(before)

    def rebuild(self) -> bool:
        before = self.built
        return self._building.redo() and self._now_built(before)

    def _now_built(self, before: Built) -> bool:
        """Bring the scripts along from what was built before."""
        built = self.built
        for script in self.level.scripts:
            if script.editable:
                said, to_say = (parameters(self.level, one, script.name) for one in (before, built))
                names: dict[str, str] = {}
                for clerk in self.level.clerks:
                    if clerk.script == script.name:
                        names |= new_names(before, built, clerk.name)
                text = with_names(self.texts[script.name], names)
                said = tuple(names.get(name, name) for name in said)
                self.texts[script.name] = headed(text, script.name, said, to_say)
        self.trial = self.forced = None
        self.compile()
        self.rewind()
        return True

    def own_text(self, script: str) -> str:
        """A script as the level gives it, its first line naming what is built besides."""
        given, now = (parameters(self.level, one, script) for one in (Built(), self.built))
        return headed(self.level.script(script).text, script, given, now)

    def reset(self) -> None:
        """The scripts and slots as the level gave them, and nothing built."""
        self.texts = {script.name: script.text for script in self.level.scripts}
        self.set_to = {slot.name: slot.start for slot in self.level.slots}
        self._building = Undoing(Built())
        self._wind = ()
        self.trial = self.forced = None
        self.compile()
        self.rewind()

    def compile(self) -> bool:
        """Find out what is wrong with the scripts; True when nothing is."""
        try:
            self.system, self.problems = build(self.level, self.answer), ()
        except ProblemsFound as found:
            self.system, self.problems = None, found.problems
        self._sketch = sketch(self.level, self.answer) if self.system is None else None
        return self.system is not None

    def rewind(self) -> None:
        """Show the office before anybody moved (a wind level: along the wind blown so far)."""
        self.forced = None
        if self._sketch is not None:
            self._show(_before_opening(self._sketch), "start")
        if self.system is None:
            return
        if self.level.mode == "wind":
            trace, _ = self.system.follow(self._wind, "wind")
            self._show(Film(self.system, trace), "wind", at=len(trace.events))
        else:
            self._show(_before_opening(self.system), "start")

    def _show(self, film: Film, shown: Shown, *, at: float = 0.0, playing: bool = False) -> None:
        self._coming = None
        self.film, self.shown = film, shown
        self.version += 1
        self.playback.load(len(film), at=at, playing=playing)
        self.playback.stops = self.breakpoints.moments(film)

    def _develop(self, system: System, trace: Trace, shown: Shown) -> None:
        """Put the film of a trace on the board and play it: at once where it is short, else once it is
        folded, a slice with every `poll`."""
        self._coming = Folding(system, trace), shown
        self._fold(AT_ONCE)

    def _fold(self, least: int = 1) -> bool:
        """Fold a slice of the film that is coming; True when it is there, or will never be: what a real run
        says may be none by our rules (then it is told, not shown)."""
        if self._coming is None:
            return False
        folding, shown = self._coming
        if self.trial is None:
            self._coming = None  # nobody wants to see it any more
            return True
        until = self._clock() + SLICE
        try:
            if not folding.go_on(lambda count: count >= least and self._clock() >= until):
                gc.freeze()  # else the collector goes through all that is folded, again and again
                return False
        except CannotMove:
            self._coming = None
            return True
        film, real = Film.of(folding), shown in ("real", "wind")
        late = real and self.trial.told
        self._show(film, shown, at=len(film) if late else 0.0, playing=not late)
        if real:
            self.playback.haste = max(1.0, len(film) * STEP_SECONDS / LONGEST_SHOW)
        return True

    @property
    def developing(self) -> float | None:
        """What part of the film that comes is folded; None when none is coming."""
        if self._coming is None:
            return None
        folding, _ = self._coming
        return len(folding.frames) / (len(folding.trace.events) + 1)

    def break_at(self, breakpoints: Breakpoints) -> None:
        """Pause at these from now on, in this film and all others."""
        self.breakpoints = breakpoints
        self.playback.stops = breakpoints.moments(self.film) if self.film is not None else ()

    @property
    def frame(self) -> Frame | None:
        """The moment shown."""
        return self.film.frames[self.playback.frame] if self.film is not None else None

    # -- asking --

    def open_office(
        self, inspector: Inspector | None, office: OfficeDesk | None, *, real: bool = True
    ) -> bool:
        """Let real clerks run, and have the inspector judge; False when the scripts do not compile."""
        if not self.compile():
            return False
        assert self.system is not None
        self.forced = self._coming = None
        self.live = None
        real = real and office is not None
        self.trial = Trial(self.system, wants_real=real, wants_verdict=inspector is not None)
        if real and office is not None:
            driver = Along(self.wind) if self.level.mode == "wind" else Free()
            office.run(self.system, driver)
        if inspector is not None:
            inspector.submit(self.level, self.answer)
        if self.level.mode != "wind" and self.shown != "start":
            self._show(_before_opening(self.system), "start")
        return True

    def show_for_real(self, office: OfficeDesk | None) -> None:
        """Force the failing wind on real clerks."""
        failure = self.failure
        if failure is not None and self.attempt is not None and office is not None:
            self.forced = Forced()
            office.run(self.attempt.system, Along(failure.wind))

    def stop(self, inspector: Inspector | None, office: OfficeDesk | None) -> None:
        """Nobody wants to know any more."""
        if self.trial is not None and not self.trial.told:
            if inspector is not None:
                inspector.cancel()
            if office is not None:
                office.abort()
            self.trial = None
            self.rewind()

    # -- what comes of it --

    @property
    def busy(self) -> bool:
        """Somebody is still running or judging."""
        trial = self.trial
        return trial is not None and (
            trial.waits_for_real
            or trial.waits_for_verdict
            or (trial.waits_for_rounds and not trial.told)
            or (self._coming is not None and not trial.told)
        )

    @property
    def withheld(self) -> bool:
        """The verdict is known already, and the real run is still being shown."""
        trial = self.trial
        return trial is not None and not (trial.told or trial.waits_for_real or trial.waits_for_verdict)

    @property
    def attempt(self) -> Attempt | None:
        """The verdict, once the player has been told."""
        return self.trial.attempt if self.trial is not None and self.trial.told else None

    @property
    def failure(self) -> Failure | None:
        return self.attempt.verdict.failure if self.attempt is not None else None

    def poll(self, inspector: Inspector | None, office: OfficeDesk | None) -> bool:
        """Take in what the helpers have to say; True when something is new."""
        changed = self._fold()
        if inspector is not None and (report := inspector.poll()) is not None:
            changed = self._hear_inspector(report) or changed
        if office is not None and (news := office.poll()) is not None:
            if self.trial is not None and self.trial.rounds is not None and self.trial.waits_for_rounds:
                self._hear_round(self.trial.rounds, news.result, news.lost, office)
            elif self.live is not None and not self.live.over:
                changed = self._hear_live(self.live, news) or changed
            else:
                changed = self._hear_office(news.result, news.lost) or changed
        if office is not None:
            self._begin_rounds(office)
        return self._tell() or changed

    def _begin_rounds(self, office: OfficeDesk) -> None:
        """Once the answer is proved: see it on real processes in the level's other cases, too."""
        trial = self.trial
        if trial is None or trial.told or trial.rounds is not None or trial.real is None:
            return
        if trial.attempt is not None and trial.attempt.passed:
            from game.attempt import every_case

            _, *cases = every_case(self.level, trial.system.answer)
            self.trial = replace(trial, rounds=Rounds(tuple(cases)))
            self._next_round(office)

    def _next_round(self, office: OfficeDesk) -> None:
        rounds = self.trial.rounds if self.trial is not None else None
        if rounds is not None and rounds.coming:
            system, left = rounds.coming[0], ROUNDS_SECONDS - rounds.seconds
            office.run(system, Free(), min(left, system.level.real.timeout))
        elif self.system is not None:
            office.prepare(self.system)

    def _hear_round(self, rounds: Rounds, result: RunResult | None, lost: str, office: OfficeDesk) -> None:
        assert self.trial is not None
        if lost:
            self.trial = replace(self.trial, rounds=replace(rounds, coming=()))
        elif result is not None and result.ending != "aborted":
            self.trial = replace(self.trial, rounds=rounds.after(result))
            self._next_round(office)

    def _hear_inspector(self, report: Attempt | ProblemsFound | Looking | Fell) -> bool:
        trial = self.trial
        if trial is None or not trial.waits_for_verdict:
            return False
        if isinstance(report, Looking):
            self.trial = replace(trial, looking=report.said)
        elif isinstance(report, Fell):
            self.trial = replace(trial, fell=report)
        elif isinstance(report, ProblemsFound):
            self.problems = report.problems
            self.trial = None
        else:
            self.trial = replace(trial, attempt=report)
        return True

    def _hear_live(self, live: Live, news: News) -> bool:
        """Hold what real clerks did against the wind on the board."""
        if news.lost:
            self.live = None  # the wind on the board goes on without them, and they come again
            return True
        expected = self.film.trace.events if self.film is not None else ()
        count = live.confirmed + len(news.events)
        trouble = live.trouble or news.refused
        if not trouble and tuple(news.events) != expected[live.confirmed : count]:
            trouble = say("real clerks did something else than the wind says")
        result = news.result
        if result is not None and result.ending == "disagreed":
            trouble = result.message
        pids = live.pids or (result.trace.pids if result else news.pids)
        self.live = Live(dict(pids), count, result is not None, trouble)
        if pids and self.film is not None and self.film.trace.pids != pids:
            self.film = _with_pids(self.film, pids)
            self.version += 1
        return True

    def _hear_office(self, result: RunResult | None, lost: str) -> bool:
        if self.forced is not None and self.forced.result is None and not self.forced.lost:
            if lost:
                self.forced = Forced(lost=lost)
            elif result is not None and result.ending != "aborted":
                self.forced = Forced(result)
                # The failing wind may be that of another case than the one played for real before.
                if self.attempt is not None:
                    self._develop(self.attempt.system, result.trace, "forced")
            return bool(lost or result)
        trial = self.trial
        if trial is None or not trial.waits_for_real:
            return False
        if lost:
            self.trial = replace(trial, lost=lost)
        elif result is not None and result.ending != "aborted":
            self.trial = replace(trial, real=result)
            if not trial.told:
                self._develop(trial.system, result.trace, "wind" if self.level.mode == "wind" else "real")
        return bool(lost or result)

    def _tell(self) -> bool:
        """The verdict is told once the real run has been shown to its end."""
        trial = self.trial
        if trial is None or trial.told or self.busy:
            return False
        if self.shown in ("real", "wind") and self.playback.playing:
            return False
        self.reveal()
        return True

    def reveal(self) -> None:
        """Tell the verdict now, whatever of the real run is still to be shown."""
        trial = self.trial
        if trial is None or trial.told or trial.waits_for_verdict:
            return
        self.trial = replace(trial, told=True)
        failure = self.failure
        if failure is not None and self.level.mode != "wind":
            self.watch_failure()
        elif self.film is not None:
            self.playback.seek(len(self.film))

    @property
    def no_return(self) -> int | None:
        """The step of the wind on the board after which nothing can be saved any more, where one is known."""
        failure = self.failure
        return failure.no_return or None if failure and self.shown in ("failing", "forced") else None

    @property
    def clue(self) -> Clue | None:
        """What the failing wind says to who looks closely, where there is one."""
        failure, trial = self.failure, self.trial
        if failure is None or trial is None or self.level.mode == "wind":
            return None
        if self._clue is None or self._clue[0] is not failure:
            from game.desktop.clues import clue_of

            assert trial.attempt is not None
            self._clue = failure, clue_of(trial.attempt.system, failure)
        return self._clue[1]

    def watch_failure(self) -> None:
        """Put the failing wind on the board, from its start."""
        failure = self.failure
        if failure is not None and self.attempt is not None:
            self._develop(self.attempt.system, failure.trace, "failing")

    def watch_calm(self) -> None:
        """Put a calm wind on the board: whoever can move goes on until it waits."""
        if self.system is not None:
            self._show(Film(self.system, self.system.calm(MOST_CALM)), "calm")

    # -- the wind one blows oneself --

    @property
    def wind(self) -> Wind:
        return self._wind

    @property
    def choices(self) -> tuple[Move, ...]:
        """What may happen next along the player's own wind."""
        if self.system is None or self.film is None or self.shown != "wind":
            return ()
        return self.system.moves(self.film.world)

    @property
    def wants_failure(self) -> bool:
        """Whether the wind is to lead to a failure, which may be on the way: it may drop anywhere."""
        return any(isinstance(goal, Fails) for goal in self.level.win)

    def _go_live(self, office: OfficeDesk | None, gust: str) -> None:
        """Let real clerks take a gust too; where they have only just come, all gusts until then."""
        if office is None or self.system is None:
            return
        if self.live is not None:
            office.grant(gust)
        elif office.ready and not office.busy:
            self.live = Live()
            office.run(self.system, ByHand())
            for earlier in self._wind:
                office.grant(earlier)

    def end_live(self, office: OfficeDesk | None) -> None:
        """Send the real clerks who follow the player's wind home."""
        if self.live is not None:
            if office is not None and not self.live.over:
                office.abort()
                if self.system is not None:
                    office.prepare(self.system)
            self.live = None

    def blow(self, gust: str, office: OfficeDesk | None = None) -> bool:
        """One more gust, by real clerks too where `office` has them waiting; False when that agent cannot
        move."""
        if self.system is None or self.film is None:
            return False
        if self.shown != "wind":
            self.rewind()
        assert self.film is not None
        try:
            move = self.system.do(self.film.world, gust)
        except CannotMove:
            return False
        self.trial = self.forced = None
        self._wind = (*self._wind, gust)
        self._go_live(office, gust)
        film = self.film.then((move.event,))
        at = self.playback.length
        self._show(film, "wind", at=at)
        self.playback.step(1)
        return True

    def unblow(self, office: OfficeDesk | None = None) -> bool:
        """One gust fewer; False when there is none. Real clerks cannot go back: others begin anew with the
        next gust."""
        if not self._wind:
            return False
        self.end_live(office)
        self.trial = self.forced = None
        self._wind = self._wind[:-1]
        self.rewind()
        return True

    def calm_down(self, office: OfficeDesk | None = None) -> None:
        """No wind at all."""
        self.end_live(office)
        self.trial = self.forced = None
        self._wind = ()
        self.rewind()


def _before_opening(system: System) -> Film:
    """The office before its clerks are let in. By the rules some wait for ever already, or are home again:
    but nobody has pressed anything yet, and the picture should not give it away."""
    film = Film(system, Trace(system.level.id, "", ()))
    frame = film.frames[0]
    started = {clerk.name for clerk in system.level.clerks if clerk.started}
    calm = tuple(
        view._replace(
            life="up" if view.name in started else "new", line=1, blocked="", holders=(), crash=None
        )
        for view in frame.snapshot.clerks
    )
    return film.opening_with(
        replace(
            frame,
            snapshot=frame.snapshot._replace(clerks=calm),
            caption=say("The office is closed still; nobody has moved."),
            crashed=(),
            knots=(),
            ending="running",
        )
    )


def _with_pids(film: Film, pids: Mapping[str, int]) -> Film:
    """The same film, its clerks now with the numbers of their real processes."""
    known = film.then(())
    known.trace = replace(known.trace, pids=dict(pids))
    return known


def same_steps(trace: Trace, result: RunResult) -> bool:
    """Whether a forced run did exactly the steps of the wind it was forced along."""
    return result.disagreement is None and result.unsettled is None and trace.events == result.trace.events


def lines_at(frame: Frame | None, level: Level) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """For each script, the clerks standing in it and the line each is at."""
    found: dict[str, list[tuple[str, int]]] = {}
    if frame is not None:
        scripts = {clerk.name: clerk.script for clerk in level.clerks}
        for view in frame.snapshot.clerks:
            if view.line:
                found.setdefault(scripts[view.name], []).append((view.name, view.line))
    return {script: tuple(clerks) for script, clerks in found.items()}
