"""The rules of the game: which steps are possible, and what the office looks like after each.

A System is a level with its scripts compiled; a World is one moment of it. Both are values: the
checker hashes worlds, runs and pictures fold traces over them. Nothing here waits, starts or draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, combinations
from typing import Any, Final, Literal, NamedTuple, cast

from game.channels.desk import Desk
from game.channels.kind import (
    OPEN,
    Blocked,
    Choice,
    Done,
    Goes,
    Holders,
    Kind,
    Picture,
    Refused,
    State,
    Wait,
)
from game.goals import View
from game.goals import say as words_of
from game.language import fill, listed, say, say_many
from game.level.building import with_parts
from game.level.model import Answer, Level, Script
from game.level.slots import with_choices
from game.problems import Place, Problem, ProblemsFound
from game.request import DESK, PROCESS_FACES, WAIT, Face, Handle, ListValue, Request, Value
from game.script.compiler import compile_script
from game.script.instructions import Crash, Program, Raised, Returned, Task
from game.script.vm import Going, begin, resume
from game.trace import Event, Trace

Life = Literal[
    "new", "up", "leaving", "failing", "home", "crashed", "terminated", "killed", "napped",
    "up+term", "up+kill", "leaving+term", "leaving+kill", "failing+term", "failing+kill",
    "shutting home", "shutting crashed", "shutting terminated", "shutting killed", "shutting napped",
    "closing home", "closing crashed", "closing terminated", "closing killed", "closing napped",
    "fading home", "fading crashed", "fading terminated", "fading killed", "fading napped",
]  # fmt: skip
"""new: not started. up: at work. leaving, failing: the script is over (well, or by an exception) and the
process still has to wait for its out-tray. home, crashed: the process has ended (exit code 0 or 1).
terminated, killed, napped: a signal ended it (exit code -15, -9, -9: the cat is kill -9). With +term or +kill
a signal is on its way: the process goes on until it arrives. shutting: how it ends is decided, and its ends
close one after the other. closing: it has ended and its ends are closed, but who looks may not find its
sentinel ready yet; fading: who looks may not see its exit code yet. All three only where somebody could
tell."""

Ending = Literal["running", "finished", "stuck", "crashed", "stopped"]
"""running: something can move, and not only the cat, which may come and need not. finished: every process
ended. crashed: ended, some by an exception. stuck: nothing else can move and somebody is not home. stopped: a
wind ended, or could not go on."""

_EXIT_CODES: Final[Mapping[str, int]] = {
    "home": 0,
    "crashed": 1,
    "terminated": -15,
    "killed": -9,
    "napped": -9,
}
LET_GO: Final = "let go"
"""The operation of a process that ends: its ends of one channel close. No method can be called so."""
GONE: Final = "gone"
"""The operation of a process that was ended from outside, when what was left of its ends has closed."""
_SHUTTING: Final = "shutting "
_CLOSING: Final = "closing "
_FADING: Final = "fading "
EXIT_CODES: Final = {
    stage + life: code for stage in ("", _CLOSING, _FADING) for life, code in _EXIT_CODES.items()
}
ENDED: Final = tuple(EXIT_CODES)
SHUTTING: Final = tuple(_SHUTTING + life for life in _EXIT_CODES)

DEAD: Final = Task(None, None, 0)
"""What is left of the task of a process that was killed."""

_SIGNALS: Final[Mapping[str, Life]] = {"term": "terminated", "kill": "killed"}
_GLANCES: Final = ("is_alive", "exitcode")
_LOOKS: Final = (*_GLANCES, WAIT)
"""The operations on a process that can tell whether it has ended."""


class World(NamedTuple):
    """One moment: each clerk's task (in level order), each channel's state, each clerk's life."""

    tasks: tuple[Task, ...]
    channels: tuple[State, ...]
    lives: tuple[Life, ...]


class Move(NamedTuple):
    """Something that can happen now, and the world after it."""

    event: Event
    world: World


def is_the_cats(move: Move) -> bool:
    """Whether it is the cat who would move: it may, and need not."""
    return move.event.agent.startswith("cat:")


class CannotMove(Exception):
    """An agent that cannot take the step a wind asks of it: who, and why in a sentence."""

    def __init__(self, agent: str, reason: str) -> None:
        self.agent, self.reason = agent, reason
        super().__init__(say("{agent} cannot move: {reason}", agent=agent, reason=reason))


class ClerkView(NamedTuple):
    """A clerk as people see it.

    line     the script's line it stands at, 0 when it is over or not started
    blocked  what it waits for ("waits for a letter on belt"), "" when it does not
    holders  the clerks who could end that wait
    asks     what it wants to do next
    ready    it could move now
    """

    name: str
    life: Life
    line: int
    blocked: str
    holders: tuple[str, ...]
    asks: Request | None
    crash: Crash | None
    ready: bool


class Snapshot(NamedTuple):
    """Everything the board draws of one moment. Channels are (name, kind's name, picture)."""

    clerks: tuple[ClerkView, ...]
    channels: tuple[tuple[str, str, Picture], ...]
    delivered: Sequence[tuple[str, Value]]


class Stuck(NamedTuple):
    """A clerk that waits where nothing moves any more. `holders` are those who could end the wait and are not
    home: any one of them, or, with `every`, all of them together."""

    clerk: str
    text: str
    holders: tuple[str, ...]
    every: bool = False


def build(level: Level, answer: Answer) -> System:
    """The system of a level played with an answer.

    The system's level has the answer's choices, and what it builds, in place. Raises ProblemsFound with
    everything wrong in the answer's scripts.
    """
    level = with_parts(with_choices(level, answer.choices), answer)
    texts = {script.name: script for script in level.scripts}
    problems: list[Problem] = []
    for name, text in answer.scripts.items():
        if name not in texts:
            problems.append(
                Problem(
                    Place("answer"),
                    f"scripts.{name}",
                    say("level {id} has no script {name!r}", id=level.id, name=name),
                )
            )
        elif text != texts[name].text and not texts[name].editable:
            problems.append(
                Problem(Place("answer"), f"scripts.{name}", say("this script is not yours to change"))
            )
        elif text != texts[name].text:
            texts[name] = Script(name, text, True, Place(f"{name}.py", 1, 1))
    faces = _faces(level)
    programs: dict[str, Program] = {}
    for name in dict.fromkeys(clerk.script for clerk in level.clerks):
        users = [clerk for clerk in level.clerks if clerk.script == name]
        given: dict[str, set[Handle]] = {}
        for clerk in users:
            for parameter, thing in clerk.gets:
                handles = given.setdefault(parameter, set())
                if isinstance(thing, Handle):
                    handles.add(thing)
        try:
            programs[name] = compile_script(
                texts[name].text,
                entry=name,
                parameters={parameter: frozenset(handles) for parameter, handles in given.items()},
                faces=faces,
                place=texts[name].place,
            )
        except ProblemsFound as found:
            problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    return System(
        level=level,
        answer=answer,
        programs=tuple(programs[clerk.script] for clerk in level.clerks),
        texts=tuple((name, script.text) for name, script in texts.items()),
    )


def _faces(level: Level) -> dict[Handle, Face]:
    faces = {Handle(DESK): Desk.faces[""]}
    for channel in level.channels:
        for name, face in channel.kind.open_faces().items():
            faces[Handle(channel.name, name)] = face
    for clerk in level.clerks:
        for name, face in PROCESS_FACES.items():
            faces[Handle(f"@{clerk.name}", name)] = face
    return faces


@dataclass(frozen=True)
class System:
    """A level with its scripts compiled: what can move, and how.

    `texts` are the scripts in force, by name. Agents are clerks in the level's order, then porters
    as their channels stand in the level.
    """

    level: Level
    answer: Answer
    programs: tuple[Program, ...]
    texts: tuple[tuple[str, str], ...]

    # -- the cast, in fixed order --

    @cached_property
    def clerks(self) -> tuple[str, ...]:
        return tuple(clerk.name for clerk in self.level.clerks)

    @cached_property
    def channels(self) -> tuple[tuple[str, Kind], ...]:
        """(name, kind) of every channel, in steps as fine as these scripts can notice; the desk is last."""
        mortal = {fate.partition(":")[2] for fate in self.fates()}
        found: list[tuple[str, Kind]] = []
        for channel in self.level.channels:
            asked = {
                clerk: frozenset(what for where, what in able if where == channel.name)
                for clerk, able in self.abilities.items()
                if any(where == channel.name for where, _ in able)
            }
            found.append((channel.name, channel.kind.noticing(asked, frozenset(mortal & set(asked)))))
        return (*found, (DESK, Desk()))

    @cached_property
    def holders(self) -> tuple[Holders, ...]:
        """For each channel, who was handed which face of it."""
        return tuple(
            tuple(
                (thing.face, clerk.name)
                for clerk in self.level.clerks
                for _, thing in clerk.gets
                if isinstance(thing, Handle) and thing.channel == name
            )
            for name, _ in self.channels
        )

    @cached_property
    def _channel_at(self) -> dict[str, int]:
        return {name: index for index, (name, _) in enumerate(self.channels)}

    @cached_property
    def _clerk_at(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.clerks)}

    @cached_property
    def _held(self) -> tuple[tuple[int, ...], ...]:
        """For each clerk, the channels it holds any face of."""
        return tuple(
            tuple(
                index for index, holders in enumerate(self.holders) if any(who == clerk for _, who in holders)
            )
            for clerk in self.clerks
        )

    @cached_property
    def noticed(self) -> tuple[bool, ...]:
        """For each clerk, whether its going home is a step of its own."""
        looked_at = {
            channel[1:]
            for able in self.abilities.values()
            for channel, operation in able
            if operation in _LOOKS
        }
        return tuple(
            name in looked_at or any(self.channels[at][1].exits_are_noticed for at in held)
            for name, held in zip(self.clerks, self._held, strict=True)
        )

    @cached_property
    def ends(self) -> tuple[tuple[int, ...], ...]:
        """For each clerk, the channels whose ends close one after the other when its process ends, if
        somebody could tell."""
        return tuple(
            ends if len(ends) > 1 and self._lingering[index] else ()
            for index, ends in enumerate(
                tuple(at for at in held if closes_by_itself(self.channels[at][1])) for held in self._held
            )
        )

    @cached_property
    def _lingering(self) -> tuple[frozenset[int], ...]:
        """For each clerk, those among its channels where an end that is still open while another is closed
        already could be told from nothing but waiting."""
        found = []
        for index, clerk in enumerate(self.clerks):
            others = {name: able for name, able in self.abilities.items() if name != clerk}
            found.append(
                frozenset(
                    at
                    for at in self._held[index]
                    if closes_by_itself(self.channels[at][1])
                    and self.channels[at][1].lingers(
                        clerk,
                        self.holders[at],
                        {
                            name: frozenset(what for where, what in able if where == self.channels[at][0])
                            for name, able in others.items()
                        },
                    )
                )
            )
        return tuple(found)

    def is_late(self, index: int, channel: str) -> bool:
        """Whether somebody could tell that this clerk's end there is open still while another is closed."""
        return self._channel_at[channel] in self._lingering[index]

    @cached_property
    def _stages(self) -> tuple[tuple[str, ...], ...]:
        """For each clerk, the stages of its end between which somebody could tell: the ends it held close a
        moment before its sentinel is ready, and that is a moment before it can be waited for."""
        asked = {one for able in self.abilities.values() for one in able}
        found = []
        for name, held in zip(self.clerks, self._held, strict=True):
            ends = any(self.channels[at][1].exits_are_noticed for at in held)
            sentinel = (f"@{name}", WAIT) in asked
            glances = any((f"@{name}", glance) in asked for glance in _GLANCES)
            closing = (_CLOSING,) if ends and sentinel else ()
            found.append((*closing, _FADING) if glances and (ends or sentinel) else closing)
        return tuple(found)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """For each clerk, those that it alone can start: a process waits for its children before it ends.
        Whom several may start, and who is started from the beginning, the office has made."""
        makers = [
            [
                index
                for index, who in enumerate(self.clerks)
                if (f"@{clerk.name}", "start") in self.abilities[who] and not clerk.started
            ]
            for clerk in self.level.clerks
        ]
        return tuple(
            tuple(child for child, able in enumerate(makers) if able == [index] and child != index)
            for index in range(len(self.clerks))
        )

    @cached_property
    def _parents(self) -> Mapping[int, int]:
        """Who made whom, but for whom the office made."""
        return {child: parent for parent, children in enumerate(self.children) for child in children}

    @cached_property
    def _daemons(self) -> frozenset[int]:
        return frozenset(index for index, clerk in enumerate(self.level.clerks) if clerk.daemon)

    @cached_property
    def _ours(self) -> tuple[int, ...]:
        """The clerks that are the office's own children."""
        return tuple(index for index in range(len(self.clerks)) if index not in self._parents)

    @cached_property
    def abilities(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """For each clerk, every (channel, operation) its script could ever ask for."""
        return {
            clerk.name: frozenset(
                (thing.channel, operation)
                for parameter, operation in program.touches
                for name, thing in clerk.gets
                if name == parameter and isinstance(thing, Handle)
            )
            for clerk, program in zip(self.level.clerks, self.programs, strict=True)
        }

    @cached_property
    def start(self) -> World:
        """The moment before anything moved: private code has run up to each clerk's first step."""
        tasks = tuple(
            begin(program, dict(clerk.gets))
            for clerk, program in zip(self.level.clerks, self.programs, strict=True)
        )
        channels = tuple(
            kind.start(holders) for (_, kind), holders in zip(self.channels, self.holders, strict=True)
        )
        lives: list[Life] = []
        for clerk, task in zip(self.level.clerks, tasks, strict=True):
            lives.append("new" if not clerk.started else _life_of(task))
        world = World(tasks, channels, tuple(lives))
        for index in range(len(self.clerks)):
            world = self._go_home(self._let_go(world, index), index)
        return world

    # -- what can happen --

    def moves(self, world: World) -> tuple[Move, ...]:
        """Every step possible now: clerks in level order, then porters; a clerk before which several
        things may happen has a move for each."""
        return tuple(self._all_moves(world))

    def _all_moves(self, world: World) -> Iterator[Move]:
        for index in range(len(self.clerks)):
            yield from self.clerk_moves(world, index)
        for agent in self._working_porters(world.channels):
            yield from self.porter_moves(world, agent)
        for agent in self.fates():
            yield from self.fate_moves(world, agent)

    def enabled(self, world: World, ready: Iterable[str] | None = None) -> tuple[str, ...]:
        """The agents that can move now, in the order of `moves`. `ready` are the clerks among them, where
        they are known."""
        if ready is None:
            ready = [name for index, name in enumerate(self.clerks) if self.can_move(world, index)]
        porters = [agent for agent in self._working_porters(world.channels) if self._can_carry(world, agent)]
        fates = [agent for agent in self.fates() if next(self.fate_moves(world, agent), None)]
        return tuple(dict.fromkeys((*ready, *porters, *fates)))

    def can_move(self, world: World, index: int) -> bool:
        """Whether a clerk can take a step, without finding out what would come of it."""
        request = world.tasks[index].request
        if base(world.lives[index]) == "up" and request is not None:
            at = self._channel_at.get(request.channel, -1)
            if at >= 0:
                kind, state = self.channels[at][1], world.channels[at]
                outcome = kind.step(state, self.clerks[index], request.operation, request.argument)
                return not isinstance(outcome, Blocked)
        return next(self.clerk_moves(world, index), None) is not None

    def do(self, world: World, gust: str) -> Move:
        """The one step a wind's word names. Raises CannotMove, with the reason in words."""
        agent, _, number = gust.partition("#")
        choice = int(number or 0)
        if agent.startswith("~"):
            found = tuple(self.porter_moves(world, agent))
        elif ":" in agent:
            found = tuple(self.fate_moves(world, agent))
        elif agent in self._clerk_at:
            found = tuple(self.clerk_moves(world, self._clerk_at[agent]))
        else:
            raise CannotMove(
                agent, say("nobody here has that name; the agents are {names}", names=", ".join(self.clerks))
            )
        if not found:
            raise CannotMove(agent, self._why_not(world, agent))
        if choice >= len(found):
            raise CannotMove(
                agent,
                say_many(
                    "only {count} thing may happen here, counted from 0",
                    "only {count} things may happen here, counted from 0",
                    len(found),
                ),
            )
        return found[choice]

    def follow(self, wind: Iterable[str], source: str = "model") -> tuple[Trace, World]:
        """The trace of a wind, and the world it leads to. Stops where the wind cannot go on, with the
        ending "stopped"."""
        world, events, stopped = self.start, [], False
        for gust in wind:
            try:
                event, world = self.do(world, gust)
            except CannotMove:
                stopped = True
                break
            events.append(event)
        ending = self.ending(world)
        if stopped or ending == "running":
            ending = "stopped"
        return self.trace(tuple(events), source, ending), world

    def calm(self, most: int) -> Trace:
        """The trace of a calm wind: whoever can move goes on until it waits, for `most` steps at most."""
        world, events = self.start, list[Event]()
        while len(events) < most and (moves := self.moves(world)):
            events.append(moves[0].event)
            world = moves[0].world
        return self.trace(tuple(events), "calm", self.ending(world))

    def crashes(self, world: World) -> dict[str, Crash]:
        """The clerks who have stopped with an exception. Who was not started has raised none yet, though
        it is known already that its script will before it asks for anything."""
        return {
            name: task.crash
            for name, task, life in zip(self.clerks, world.tasks, world.lives, strict=True)
            if task.crash is not None and life != "new"
        }

    def trace(self, events: tuple[Event, ...], source: str, ending: str) -> Trace:
        """These events as a trace that explains itself."""
        return Trace(
            self.level.id,
            source,
            events,
            ending,
            dict(self.texts),
            choices=dict(self.answer.choices),
            case=self.level.case,
            parts=dict(self.answer.parts),
            gets=dict(self.answer.gets),
        )

    def worlds(self, events: Iterable[Event]) -> list[World]:
        """The world before the first event and after each one. Raises CannotMove when the events are no
        run of this system."""
        worlds = [self.start]
        for event in events:
            worlds.append(self.do(worlds[-1], event.gust).world)
        return worlds

    def ending(self, world: World) -> Ending:
        """How things stand: see Ending."""
        if all(life in ENDED for life in world.lives):
            return "crashed" if "crashed" in world.lives else "finished"
        able = any(self.can_move(world, index) for index in range(len(self.clerks)))
        return "running" if able or not all(map(is_the_cats, self._all_moves(world))) else "stuck"

    # -- one agent's steps --

    def clerk_moves(self, world: World, index: int) -> Iterator[Move]:
        """Every step this clerk can take. Depends on nothing but its task, the lives and channels in
        `reach(index)`."""
        name, life, task = self.clerks[index], world.lives[index], world.tasks[index]
        if life in SHUTTING:
            yield self._all_shut(world, index)
            yield from self._let_goes(world, index)
            return
        if base(life) in ("leaving", "failing"):
            if self.noticed[index] and (left := self._leave(world, index)):
                yield Move(Event(name, "", "home"), left)
                yield from self._let_goes(world, index)
            return
        request = task.request
        if base(life) != "up" or request is None:
            return
        if request.channel == WAIT:
            yield from self._wait_moves(world, index, request)
            return
        if request.channel.startswith("@"):
            yield from self._process_moves(world, index, request)
            return
        at = self._channel_at[request.channel]
        outcome = self.channels[at][1].step(world.channels[at], name, request.operation, request.argument)
        if isinstance(outcome, Blocked):
            return
        for choice, one in enumerate(outcome.outcomes if isinstance(outcome, Choice) else (outcome,)):
            channels = (*world.channels[:at], one.state, *world.channels[at + 1 :])
            yield self._answer(world._replace(channels=channels), index, request, one, choice)

    def porter_moves(self, world: World, agent: str) -> Iterator[Move]:
        """The one step a porter can take, if it can. Depends on its channel and what its clerk depends on."""
        channel, _, clerk = agent[1:].partition("/")
        at = self._channel_at.get(channel, -1)
        if at < 0 or clerk not in self.channels[at][1].porters(world.channels[at]):
            return
        if carried := self.carried(agent, at, clerk, world.channels[at]):
            event, state = carried
            channels = (*world.channels[:at], state, *world.channels[at + 1 :])
            yield Move(event, self._go_home(world._replace(channels=channels), self._clerk_at[clerk]))

    def _can_carry(self, world: World, agent: str) -> bool:
        """Whether a porter can take a step, without finding out what would come of it."""
        channel, _, clerk = agent[1:].partition("/")
        at = self._channel_at[channel]
        return self.carried(agent, at, clerk, world.channels[at]) is not None

    def carried(self, agent: str, at: int, clerk: str, state: Any) -> tuple[Event, State] | None:
        """What this porter, who has something to carry, does to its channel in this state; None: it waits."""
        name, kind = self.channels[at]
        done = kind.carry(state, clerk)
        if isinstance(done, Blocked):
            return None
        return Event(agent, name, "carry", (), done.result), done.state

    @cached_property
    def _fates(self) -> tuple[str, ...]:
        able = {one for abilities in self.abilities.values() for one in abilities}
        signalled = [
            f"signal:{name}"
            for name in self.clerks
            if {(f"@{name}", "terminate"), (f"@{name}", "kill")} & able
            or self._clerk_at[name] in self._daemons
        ]
        return (*signalled, *(f"cat:{name}" for name in self.level.cat.may_nap_on))

    def fates(self) -> tuple[str, ...]:
        """Every agent that may end a clerk's process from outside: signals on their way, and the cat."""
        return self._fates

    def fate_moves(self, world: World, agent: str) -> Iterator[Move]:
        """The end of a process by a signal or the cat, if that can happen now. Depends on the victim, its
        channels, and for the cat on every clerk it may nap on."""
        what, _, name = agent.partition(":")
        index = self._clerk_at.get(name)
        if index is None or agent not in self._fates:
            return
        life = world.lives[index]
        if what == "signal":
            if "+" in life:
                ended = _SIGNALS[life.partition("+")[2]]
                yield from self._deaths(world, index, ended, Event(agent, f"@{name}", "die"))
        elif base(life) in ("up", "leaving", "failing") and self._naps(world) < self.level.cat.naps:
            yield from self._deaths(world, index, "napped", Event(agent, f"@{name}", "nap"))

    def _naps(self, world: World) -> int:
        return sum(life.endswith("napped") for life in world.lives)

    def _deaths(self, world: World, index: int, ended: Life, event: Event) -> Iterator[Move]:
        """A process is ended from outside: at once, or so that its ends close one after the other."""
        event = event._replace(result=EXIT_CODES[ended])
        tasks = (*world.tasks[:index], DEAD, *world.tasks[index + 1 :])
        dead = World(tasks, self._died(world.channels, index, self._held[index]), world.lives)
        yield Move(event, self._ended(dead, index, self._fading(index, ended)))
        if next(self._may_let_go(world, index), None) is not None:
            ends = self.ends[index]
            others = [at for at in self._held[index] if at not in ends]
            lives = _with(world.lives, index, cast("Life", _SHUTTING + ended))
            slowly = World(tasks, self._died(world.channels, index, others), lives)
            yield Move(event._replace(choice=1), slowly)

    def _died(self, channels: tuple[State, ...], index: int, which: Iterable[int]) -> tuple[State, ...]:
        states = list(channels)
        for at in which:
            states[at] = self.channels[at][1].die(states[at], self.clerks[index])
        return tuple(states)

    def _may_let_go(self, world: World, index: int) -> Iterator[int]:
        """The channels whose ends this process can let go of before the others, as far as somebody could tell
        at once, and tell that another is open still."""
        clerk = self.clerks[index]
        watched = [
            at
            for at in self.ends[index]
            if self.channels[at][1].watched(world.channels[at], clerk, alone=False)
        ]
        for at in watched:
            late = any(other != at and other in self._lingering[index] for other in watched)
            if late and self.channels[at][1].watched(world.channels[at], clerk, alone=True):
                yield at

    def _let_goes(self, world: World, index: int) -> Iterator[Move]:
        """The ends of a process that ends, closed one after the other: after its own way home, or in its
        stead."""
        life, choices = world.lives[index], tuple(self._may_let_go(world, index))
        if not choices:
            return
        channels: tuple[State, ...] | None = world.channels
        if life not in SHUTTING:
            channels = self._left(world, index, but=self.ends[index])
            life = cast("Life", _SHUTTING + _after(life))
        if channels is None:
            return
        for choice, at in enumerate(choices, 1):
            event = Event(self.clerks[index], self.channels[at][0], LET_GO, choice=choice)
            states = self._died(channels, index, (at,))
            yield Move(event, World(world.tasks, states, _with(world.lives, index, life)))

    def _all_shut(self, world: World, index: int) -> Move:
        """What is left of a process that ends closes at once, and it has ended."""
        ended = cast("Life", world.lives[index].removeprefix(_SHUTTING))
        event = Event(self.clerks[index], "", "home")
        if ended in ("terminated", "killed", "napped"):
            event = Event(self.clerks[index], "", GONE, result=EXIT_CODES[ended])
        channels = self._died(world.channels, index, self.ends[index])
        return Move(event, self._ended(world._replace(channels=channels), index, self._fading(index, ended)))

    def _fading(self, index: int, ended: Life) -> Life:
        stages = self._stages[index]
        return cast("Life", stages[0] + ended) if stages else ended

    def _ended(self, world: World, index: int, life: Life) -> World:
        """With this end of a process, and of its parent's where that waited for nothing else. Once all the
        others of the office's own have ended, its daemons are sent their signal."""
        world = world._replace(lives=_with(world.lives, index, life))
        if index in self._parents and life in ENDED:
            world = self._go_home(world, self._parents[index])
        lives = dict(zip(self.clerks, world.lives, strict=True))
        daemons = self.dismissed(lambda clerk: lives[clerk] in ("new", *ENDED))
        return self._dismiss(world, [self._clerk_at[name] for name in daemons])

    def dismissed(self, away: Callable[[str], bool]) -> tuple[str, ...]:
        """The office's own daemons, once everybody else that is its own is away."""
        daemons = tuple(self.clerks[one] for one in self._ours if one in self._daemons)
        if daemons and all(away(self.clerks[one]) for one in self._ours if one not in self._daemons):
            return daemons
        return ()

    def _dismiss(self, world: World, daemons: Iterable[int]) -> World:
        """Send SIGTERM to those of them who are at work."""
        lives = world.lives
        for one in daemons:
            if lives[one] in ("up", "leaving", "failing"):
                lives = _with(lives, one, cast("Life", f"{lives[one]}+term"))
        return world._replace(lives=lives)

    def _let_go(self, world: World, index: int) -> World:
        """A process whose script is over ends its daemons first of all."""
        if base(world.lives[index]) not in ("leaving", "failing"):
            return world
        return self._dismiss(world, [child for child in self.children[index] if child in self._daemons])

    def porters(self) -> tuple[tuple[str, int, str], ...]:
        """Every porter there may ever be: (agent, its channel's place, its clerk)."""
        return tuple(
            (f"~{name}/{clerk}", at, clerk)
            for at, (name, kind) in enumerate(self.channels)
            if type(kind).porters is not Kind.porters
            for clerk in dict.fromkeys(who for _, who in self.holders[at])
        )

    def reach(self, index: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The places of the channels that decide what this clerk can do, and of the clerks it may start
        or join, or end together with."""
        channels, clerks = self._reach_alone(index)
        line, at = {index}, index
        while (at := self._parents.get(at, index)) not in line:  # it may end together with this one
            line.add(at)
            more, others = self._reach_alone(at)
            channels |= more
            clerks |= {at, *others} - {index}
        if self._daemons.intersection(self._ours):  # who ends last of all dismisses them
            clerks = {other for other in range(len(self.clerks)) if other != index}
        return tuple(sorted(channels | {self._channel_at[DESK]})), tuple(sorted(clerks))

    def _reach_alone(self, index: int) -> tuple[set[int], set[int]]:
        named = {channel for channel, _ in self.abilities[self.clerks[index]]}
        channels = {self._channel_at[name] for name in named if name in self._channel_at}
        clerks = {self._clerk_at[name[1:]] for name in named if name.startswith("@")}
        return channels | set(self._held[index]), clerks

    def _working_porters(self, channels: tuple[State, ...]) -> Iterator[str]:
        for (name, kind), state in zip(self.channels, channels, strict=True):
            for clerk in kind.porters(state):
                yield f"~{name}/{clerk}"

    def _answer(
        self, world: World, index: int, request: Request, outcome: Done | Refused | Goes, choice: int
    ) -> Move:
        """The step of one outcome: its event, and the world once the clerk has been told."""
        event, task = self.told(index, world.tasks[index], request, outcome, choice)
        world = world._replace(tasks=(*world.tasks[:index], task, *world.tasks[index + 1 :]))
        if task.over:
            doom = world.lives[index].partition("+")[2]
            life = cast("Life", f"{_life_of(task)}+{doom}") if doom else _life_of(task)
            world = self._let_go(world._replace(lives=_with(world.lives, index, life)), index)
            world = self._go_home(world, index)
        return Move(event, world)

    def told(
        self,
        index: int,
        task: Task,
        request: Request,
        outcome: Done | Refused | Goes,
        choice: int,
        going: Going | None = None,
    ) -> tuple[Event, Task]:
        """The event of one outcome of what a clerk asked for, and its task once it has been told. `going` is
        for who mostly goes on where the clerk was last."""
        result, error = None, ""
        told = going.resume if going is not None else partial(resume, self.programs[index])
        if isinstance(outcome, Done):
            result = outcome.result
            task = told(task, Returned(result))
        elif isinstance(outcome, Refused):
            error = outcome.error
            task = told(task, Raised(error, outcome.message))
        else:
            onward = request._replace(operation=outcome.operation, argument=outcome.argument)
            task = task._replace(request=onward)
        channel, operation, argument, line = request
        event = Event(self.clerks[index], channel, operation, argument, result, error, line, choice)
        return event, task

    def _process_moves(self, world: World, index: int, request: Request) -> Iterator[Move]:
        """What can be done with another process, as multiprocessing/process.py and popen_fork.py have it."""
        target = self._clerk_at[request.channel[1:]]
        life = world.lives[target]
        outcome: Done | Refused = Done(None)
        match request.operation:
            case "start":
                if life == "new" and index in self._daemons:
                    message = "daemonic processes are not allowed to have children"
                    outcome = Refused(None, "AssertionError", message)
                elif life == "new":
                    began = world._replace(lives=_with(world.lives, target, _life_of(world.tasks[target])))
                    world = self._go_home(self._let_go(began, target), target)
                else:
                    outcome = Refused(None, "AssertionError", "cannot start a process twice")
            case "join":
                if life == "new":
                    outcome = Refused(None, "AssertionError", "can only join a started process")
                elif life not in ENDED and request.argument[0] is None:
                    return
                elif request.argument[0] is None:
                    world = self._noted(world, target)
            case "is_alive" | "exitcode" as operation:
                if life in ENDED and " " in life:
                    not_yet = Done(None, None if operation == "exitcode" else True)
                    yield self._answer(
                        self._noted(world, target), index, request, self._glance(life, operation), 0
                    )
                    yield self._answer(world, index, request, not_yet, 1)
                    return
                outcome = self._glance(life, operation)
            case "terminate" | "kill" as operation:
                if life == "new":
                    message = f"'NoneType' object has no attribute '{operation}'"
                    outcome = Refused(None, "AttributeError", message)
                elif base(life) in ("up", "leaving", "failing") and "+" not in life:  # the first decides
                    doomed = cast("Life", f"{base(life)}+{operation[:4]}")
                    world = world._replace(lives=_with(world.lives, target, doomed))
        yield self._answer(world, index, request, outcome, 0)

    def _glance(self, life: Life, operation: str) -> Done:
        return Done(None, EXIT_CODES.get(life) if operation == "exitcode" else life not in ("new", *ENDED))

    def _noted(self, world: World, index: int, stage: str = "") -> World:
        """Once it has been waited for, everybody sees that this process has ended; once its sentinel was
        ready (`stage` fading) it stays so."""
        life = plainly(world.lives[index])
        if stage and stage not in self._stages[index]:
            stage = ""
        return world._replace(lives=_with(world.lives, index, cast("Life", stage + life)))

    def _wait_moves(self, world: World, index: int, request: Request) -> Iterator[Move]:
        """wait(object_list, timeout) of multiprocessing.connection: everything that is ready, in the order
        of the list; with a timeout, nothing when nothing is."""
        handles, timeout = cast("tuple[tuple[Handle, ...], Value]", request.argument)
        ready: list[Handle] = []
        unsure: list[Handle] = []
        for handle in dict.fromkeys(handles):
            channel, face = handle
            if channel.startswith("@"):
                if face != "sentinel":
                    refused = Refused(None, "ValueError", f"Invalid file object: {channel[1:]}")
                    yield self._answer(world, index, request, refused, 0)
                    return
                life = world.lives[self._clerk_at[channel[1:]]]
                if life in ENDED:
                    ready.append(handle)
                if life.startswith(_CLOSING):
                    unsure.append(handle)
                continue
            at = self._channel_at[channel]
            answer = self.channels[at][1].ready(world.channels[at], self.clerks[index], face)
            if isinstance(answer, Refused):
                yield self._answer(world, index, request, answer, 0)
                return
            if answer:
                ready.append(handle)
        for choice, late in enumerate(_parts(unsure)):
            there = tuple(handle for handle in ready if handle not in late)
            after = world
            for handle in unsure:
                if handle not in late:
                    after = self._noted(after, self._clerk_at[handle.channel[1:]], _FADING)
            if there or timeout is not None:
                yield self._answer(after, index, request, Done(None, ListValue(there)), choice)

    def _go_home(self, world: World, index: int) -> World:
        """Let this clerk go home if it is on its way, nobody can notice and nothing holds it back. Kinds
        promise that only its own last step or its own porter can end what holds it back; else it waits for
        its children, whose ends ask again."""
        if base(world.lives[index]) in ("leaving", "failing") and not self.noticed[index]:
            return self._leave(world, index) or world
        return world

    def _unended(self, world: World, index: int) -> list[int]:
        """The children a process still has to wait for."""
        return [child for child in self.children[index] if world.lives[child] not in ("new", *ENDED)]

    def _leave(self, world: World, index: int) -> World | None:
        channels = None if self._unended(world, index) else self._left(world, index)
        if channels is None:
            return None
        life = self._fading(index, _after(world.lives[index]))
        return self._ended(world._replace(channels=channels), index, life)

    def _left(self, world: World, index: int, but: tuple[int, ...] = ()) -> tuple[State, ...] | None:
        """The channels once a process has left them, all `but` these; None while one holds it back."""
        states = list(world.channels)
        for at in self._held[index]:
            done = self.channels[at][1].leave(states[at], self.clerks[index])
            if isinstance(done, Blocked):
                return None
            if at not in but:
                states[at] = done.state
        return tuple(states)

    # -- why somebody waits --

    def waits(self, world: World, clerk: str) -> Wait | None:
        """Why a clerk that is up or leaving cannot move now; None when it can, or has nothing to do."""
        index = self._clerk_at[clerk]
        life, task = world.lives[index], world.tasks[index]
        if (
            life in ("new", *ENDED)
            or life.startswith(_SHUTTING)
            or next(self.clerk_moves(world, index), None)
        ):
            return None
        if base(life) in ("leaving", "failing"):
            if children := self._unended(world, index):
                names = tuple(self.clerks[child] for child in children)
                return Wait(say("cannot go home before {clerks}", clerks=listed(names)), names, every=True)
            return Wait(say("cannot go home before the out-tray is empty"), None, ("get",))
        request = task.request
        assert request is not None
        if request.channel == WAIT:
            return self._wait_for_several(world, clerk, request)
        if request.channel.startswith("@"):
            other = request.channel[1:]
            return Wait(say("waits for {clerk} to go home", clerk=other), (other,))
        at = self._channel_at[request.channel]
        wait = self.channels[at][1].wait(world.channels[at], clerk, request.operation, request.argument)
        return wait._replace(text=_named(wait.text, request.channel))

    def _wait_for_several(self, world: World, clerk: str, request: Request) -> Wait:
        """wait([...]) waits for whoever could make any one of its things ready."""
        names, holders = [], dict[str, None]()
        handles = cast("tuple[Handle, ...]", request.argument[0])
        for channel, face in handles:
            names.append(channel[1:] if channel.startswith("@") else channel)
            if channel.startswith("@"):
                holders[channel[1:]] = None
                continue
            at = self._channel_at[channel]
            wait = self.channels[at][1].wait(world.channels[at], clerk, f"{face}.recv", ())
            others = (
                wait.holders if wait.holders is not None else self._able(world, clerk, (channel,), wait.needs)
            )
            holders.update(dict.fromkeys(others))
        if not names:
            return Wait(say("waits for nothing at all, and so for ever"), ())
        return Wait(say("waits for any of {names}", names=", ".join(names)), tuple(holders))

    def _able(
        self, world: World, clerk: str, channels: Iterable[str], needs: tuple[str, ...]
    ) -> tuple[str, ...]:
        """The clerks, still at work, whose script can do one of the needed operations there."""
        return tuple(
            name
            for name, life in zip(self.clerks, world.lives, strict=True)
            if name != clerk
            and base(life) in ("new", "up")
            and any((channel, need) in self.abilities[name] for channel in channels for need in needs)
        )

    def helpers(self, world: World, clerk: str) -> tuple[str, ...]:
        """The clerks, not yet home, who could end this clerk's wait by something their script can do."""
        wait = self.waits(world, clerk)
        if wait is None:
            return ()
        if wait.holders is not None:
            wanted = [name for name in wait.holders if name in self._clerk_at]
            return tuple(name for name in wanted if world.lives[self._clerk_at[name]] not in ENDED)
        index = self._clerk_at[clerk]
        request = world.tasks[index].request
        channels = [request.channel] if request else [self.channels[at][0] for at in self._held[index]]
        return self._able(world, clerk, channels, wait.needs)

    def stuck(self, world: World, events: Iterable[Event] = ()) -> tuple[Stuck, ...]:
        """Everybody who waits, with who could help. Meant for a world in which nothing moves. `events`, the
        steps that led there, say who has the tags of a semaphore, which the world does not."""
        borrowers = self._borrowers(events)
        found = []
        for name, life in zip(self.clerks, world.lives, strict=True):
            if life == "new":
                starters = tuple(
                    other
                    for other, other_life in zip(self.clerks, world.lives, strict=True)
                    if other_life not in ENDED and (f"@{name}", "start") in self.abilities[other]
                )
                found.append(Stuck(name, say("was never started"), starters))
            elif wait := self.waits(world, name):
                found.append(self._stuck(world, name, wait, borrowers))
        return tuple(found)

    def _stuck(self, world: World, clerk: str, wait: Wait, borrowers: Mapping[str, tuple[str, ...]]) -> Stuck:
        request = world.tasks[self._clerk_at[clerk]].request
        helpers = self.helpers(world, clerk)
        if wait.holders is not None or request is None:
            return Stuck(clerk, wait.text, helpers, wait.every)
        if having := borrowers.get(request.channel):
            at_work = {name for name, life in zip(self.clerks, world.lives, strict=True) if life not in ENDED}
            text = say("{waits} and has one", waits=wait.text) if clerk in having else wait.text
            return Stuck(clerk, text, tuple(name for name in having if name in at_work))
        # Who waits for the very same cannot be the first to give it.
        first = tuple(name for name in helpers if not self._waits_so(world, name, request.channel, wait))
        return Stuck(clerk, wait.text, first)

    def _waits_so(self, world: World, clerk: str, channel: str, wait: Wait) -> bool:
        request, own = world.tasks[self._clerk_at[clerk]].request, self.waits(world, clerk)
        return (
            own is not None
            and own.holders is None
            and own.needs == wait.needs
            and request is not None
            and request.channel == channel
        )

    def _borrowers(self, events: Iterable[Event]) -> Mapping[str, tuple[str, ...]]:
        """For each semaphore, who has taken more of its tags than given back and could give one back."""
        lending = {name: kind.lends for name, kind in self.channels if kind.lends}
        count: dict[tuple[str, str], int] = {}
        for event in events if lending else ():
            if (pair := lending.get(event.channel)) and not event.error:
                took, gave = event.operation == pair[0] and event.result is True, event.operation == pair[1]
                key = event.channel, event.agent
                count[key] = max(0, count.get(key, 0) + took - gave)
        return {
            channel: tuple(
                name
                for name in self.clerks
                if count.get((channel, name)) and (channel, pair[1]) in self.abilities[name]
            )
            for channel, pair in lending.items()
        }

    def _why_not(self, world: World, agent: str) -> str:
        if agent.startswith("~"):
            known = tuple(self._working_porters(world.channels))
            return say("the belt is full") if agent in known else say("the porter has nothing to carry")
        if agent.startswith("signal:"):
            return say("no signal is on its way there")
        if agent.startswith("cat:"):
            return say("the cat does not nap there, or has napped enough")
        life = world.lives[self._clerk_at[agent]]
        if life == "new":
            return say("it has not been started")
        if life in ENDED:
            if life == "home":
                return say("it has gone home")
            return (
                say("it has stopped with an exception")
                if life == "crashed"
                else say("its process was killed")
            )
        wait = self.waits(world, agent)
        return say("it {waits}", waits=wait.text) if wait else say("it has nothing to do")

    # -- what people see --

    def view(self, channels: tuple[State, ...]) -> View:
        """What goals may look at."""
        rest, readings, leaks = [], [], []
        delivered: Any = ()
        for (name, kind), state in zip(self.channels, channels, strict=True):
            if name == DESK:
                delivered = state
                continue
            if tokens := kind.rest(state):
                rest.append((name, tokens))
            if (reading := kind.reading(state)) is not None:
                readings.append((name, reading))
            if wrong := kind.leaks(state):
                leaks.append((name, wrong))
        return View(delivered, tuple(rest), tuple(readings), tuple(leaks))

    def look(self, world: World, known: tuple[World, Snapshot] | None = None) -> Snapshot:
        """One moment as the board draws it. What stands as in a moment `known`, which this has looked at too,
        has the same picture, and of clerks for whom nothing has changed nothing is found out again."""
        clerks = tuple(
            known[1].clerks[index]
            if known and self._nothing_new(index, known[0], world)
            else self._seen(world, index)
            for index in range(len(self.clerks))
        )
        if known is None:
            pictures = tuple(
                (name, kind.name, kind.show(state))
                for (name, kind), state in zip(self.channels, world.channels, strict=True)
            )
        else:
            before = zip(known[0].channels, known[1].channels, strict=True)
            pictures = tuple(
                picture if old is state else (name, kind.name, kind.show(state))
                for (name, kind), state, (old, picture) in zip(
                    self.channels, world.channels, before, strict=True
                )
            )
        delivered: Any = world.channels[-1]
        return Snapshot(clerks, pictures, delivered)

    def _seen(self, world: World, index: int) -> ClerkView:
        name, life, task = self.clerks[index], plainly(world.lives[index]), world.tasks[index]
        ready = self.can_move(world, index)
        wait = None if ready else self.waits(world, name)
        at_work = base(life) == "up"
        return ClerkView(
            name,
            life,
            task.request.line if task.request and at_work else 0,
            wait.text if wait else "",
            self.helpers(world, name) if wait else (),
            task.request if at_work else None,
            task.crash if life != "new" else None,
            ready,
        )

    def _nothing_new(self, index: int, before: World, world: World) -> bool:
        """Whether a clerk is seen as in a world before: what it does, what it waits for and who could help
        follow from its task, everybody's lives, and the channels it can reach."""
        return (
            world.tasks[index] is before.tasks[index]
            and (world.lives is before.lives or world.lives == before.lives)
            and all(world.channels[at] is before.channels[at] for at in self._reached[index])
        )

    @cached_property
    def _reached(self) -> tuple[tuple[int, ...], ...]:
        """For each clerk, the channels that decide what it can do; nobody waits at the counter."""
        desk = self._channel_at[DESK]
        return tuple(
            tuple(at for at in self.reach(index)[0] if at != desk) for index in range(len(self.clerks))
        )


def describe(event: Event) -> str:
    """A step in a few words, for lists and logs: "ada: put letter on belt"."""
    what = event.operation + (f"({', '.join(map(words_of, event.argument))})" if event.argument else "()")
    where = f"{event.channel}." if event.channel else ""
    came = (
        f" raises {event.error}"
        if event.error
        else ""
        if event.result is None
        else f" gives {words_of(event.result)}"
    )
    return f"{event.agent}: {where}{what}{came}"


def plainly(life: Life) -> Life:
    """An end as it is called, whoever knows of it already; while ends still close, the way there."""
    if life in ("shutting home", "shutting crashed"):
        return "leaving" if life == "shutting home" else "failing"
    return cast("Life", life.rpartition(" ")[2])


def closes_by_itself(kind: Kind) -> bool:
    """Whether the ends of this channel close apart from those of others when a process ends."""
    return kind.exits_are_noticed and type(kind).let_go is not Kind.let_go


def _after(life: Life) -> Life:
    """How a process ends whose script is over."""
    return "crashed" if base(life) == "failing" else "home"


def _parts(things: list[Handle]) -> Iterator[tuple[Handle, ...]]:
    """Every choice of some of them, none first."""
    return chain.from_iterable(combinations(things, size) for size in range(len(things) + 1))


def base(life: Life) -> str:
    """A life without the signal that may be on its way."""
    return life.partition("+")[0]


def _named(text: str, channel: str) -> str:
    """Why somebody waits, with the channel's name. Another's kind may write braces of its own."""
    try:
        return fill(text, channel=channel)
    except (KeyError, ValueError, IndexError):
        return text.replace(OPEN, channel)


def _life_of(task: Task) -> Life:
    if not task.over:
        return "up"
    return "failing" if task.crash else "leaving"


def _with(lives: tuple[Life, ...], index: int, life: Life) -> tuple[Life, ...]:
    return (*lives[:index], life, *lives[index + 1 :])
