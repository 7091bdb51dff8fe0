"""What can be granted next, and who decides: the rules asked ahead, each question only once.

A controlled run is planned by the rules before it happens for real. A moment is one packed integer: every
clerk's task and every channel's state by number, side by side. What an agent can do there is kept by what
decides it: of a clerk that asks something of a channel, its task and that channel's state. So a step met
before costs two looks into dicts, and a new one what the rules themselves cost: what could be done is asked
of the channel only; what comes of it, for the clerk and in numbers, is worked out when the step is taken.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterable
from functools import cache, partial
from typing import Any, Final, TypeAlias, cast

from game.channels.kind import BLOCKED, Choice, Done, Goes, Refused, State
from game.channels.timing import SECOND
from game.office.orders import Along, Calm, Controlling, Seeded
from game.office.shared import Entry, dumped
from game.request import WAIT, Request
from game.script.instructions import Task
from game.script.leaps import leap_of
from game.script.vm import Going
from game.settle import same
from game.trace import Event
from game.world import LET_GO, Life, Move, System, World, base

MOST_KEPT = 200_000
"""How many answers are kept before all are forgotten."""
BITS: Final = 24
"""How wide the fields of a packed moment are: more values of one field than memory has room for."""
_LOW: Final = (1 << BITS) - 1

_One: TypeAlias = "Done | Refused | Goes"


class Step:
    """A step that can be granted.

    agent    its number: clerks as in the level, porters, signals and cats
    event    what it is; `writes` what the clerk's log must have more after it
    several  something else may happen instead, with the same agent, and only reality says what
    alone    the office has to do with it itself: process operations, going home, signals and the cat
    waits    seconds that a timeout may really take
    change   what to add to the packed moment, or None where more than the step's own question decides it

    Event, writes and change are there when somebody looks at them; `known` says whether somebody has.
    """

    __slots__ = ("_work_out", "agent", "alone", "change", "event", "known", "several", "waits", "writes")
    event: Event
    writes: bytes
    change: int | None

    def __init__(
        self,
        agent: int,
        several: bool,
        alone: bool,
        waits: float,
        work_out: Callable[[], tuple[Event, int | None]],
    ) -> None:
        self.agent, self.several, self.alone, self.waits = agent, several, alone, waits
        self._work_out = work_out
        self.known = False

    def __getattr__(self, name: str) -> Any:
        if name not in ("event", "writes", "change"):
            raise AttributeError(name)
        self.work_out()
        return getattr(self, name)

    def work_out(self) -> None:
        """See that event, writes and change are there."""
        event, self.change = self._work_out()
        self.event, self.known = event, True
        if event.agent[0] == "~":
            self.writes = b""
        elif event.result is None and not event.error:
            self.writes = _without_result(event.line, event.operation)
        else:
            self.writes = dumped(written(event))
        del self._work_out


class _Field:
    """One part of a packed moment: its distinct values, numbered; the one at the start is 0."""

    def __init__(self, first: Hashable, shift: int) -> None:
        self.shift, self.mask = shift, _LOW << shift
        self.values: list[Any] = [first]
        self._numbers: dict[Hashable, int] = {first: 0}

    def value(self, here: int) -> Any:
        return self.values[here >> self.shift & _LOW]

    def packed(self, value: Any) -> int:
        """The value's number, in its place."""
        key = value
        found = self._numbers.get(key)
        if (
            found is not None
            and (known := self.values[found]) is not value
            and not same(known, cast(Any, value))
        ):
            key = repr(value), value  # True and 1 are equal, and whoever reads a trace can tell them apart
            found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self.values)
            self.values.append(value)
        return found << self.shift


class _Lane(dict[int, tuple[Step, ...]]):
    """One agent: its steps, by what decides them. Fills itself.

    field   its clerk's
    masks   by the number of the clerk's task and life, the bits that decide the steps then, the clerk's own
            among them
    """

    def __init__(
        self,
        agent: str,
        field: _Field,
        decides: Callable[[Task, Life], int],
        find: Callable[[int], tuple[Step, ...]],
    ) -> None:
        super().__init__()
        self.agent, self.field, self.shift = agent, field, field.shift
        self.masks: list[int] = []
        self._decides, self._find = decides, find

    def now(self, here: int) -> tuple[Step, ...]:
        """Everything possible at this moment."""
        number = here >> self.shift & _LOW
        try:
            return self[here & self.masks[number]]
        except IndexError:
            for task, life in self.field.values[len(self.masks) : number + 1]:
                self.masks.append(self._decides(task, life))
        return self[here & self.masks[number]]

    def __missing__(self, key: int) -> tuple[Step, ...]:
        found = self[key] = self._find(key)
        return found


class Forecast:
    """A moment of a system that can be moved on, and everything possible there."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.here = 0
        """The moment, packed."""
        self._before = 0
        self._channel_at = {name: at for at, (name, _) in enumerate(system.channels)}
        self._timeouts = _timeouts(system)
        self._lanes: list[_Lane] = []
        self._lasts: dict[tuple[Step, int], int] = {}
        self._met: dict[int, list[Step]] = {}
        self._again = False
        """This is not the first run, so that a moment may well come again."""
        self._begin()

    def _begin(self) -> None:
        start, system = self.system.start, self.system
        values = (*start.channels, *zip(start.tasks, start.lives, strict=True))
        fields = [_Field(value, BITS * place) for place, value in enumerate(values)]
        self._channels, self._clerks = fields[: len(start.channels)], fields[len(start.channels) :]
        self.here = 0
        self.forget()
        self._going = [
            Going(program, partial(leap_of, program, dict(clerk.gets)))
            for program, clerk in zip(system.programs, system.level.clerks, strict=True)
        ]
        self._reaches = [self._reach(index) for index in range(len(system.clerks))]
        clerk_at = {name: index for index, name in enumerate(system.clerks)}
        for index, name in enumerate(system.clerks):
            self._add_lane(name, index, partial(self._clerk_mask, index), partial(self._clerk, index))
        for agent, at, clerk in system.porters():
            index, number = clerk_at[clerk], len(self._lanes)
            find = partial(self._porter, number, index, agent, at)
            self._add_lane(agent, index, partial(self._porter_mask, index, at), find)
        for agent in system.fates():
            self._add_fate(agent, clerk_at[agent.partition(":")[2]])
        self._names = {lane.agent: number for number, lane in enumerate(self._lanes)}

    def _add_lane(
        self,
        agent: str,
        index: int,
        decides: Callable[[Task, Life], int],
        find: Callable[[int], tuple[Step, ...]],
    ) -> None:
        self._lanes.append(_Lane(agent, self._clerks[index], decides, find))

    def _add_fate(self, agent: str, index: int) -> None:
        mask, moves = self._reaches[index], lambda world: self.system.fate_moves(world, agent)
        if agent.startswith("cat:"):
            for name in self.system.level.cat.may_nap_on:
                mask |= self._clerks[self.system.clerks.index(name)].mask
        self._add_lane(agent, index, lambda *_: mask, partial(self._by_the_rules, len(self._lanes), moves))

    def forget(self) -> None:
        """Drop every answer, which hold each other in memory."""
        for lane in self._lanes:
            lane.clear()
        self._lanes.clear()
        self._lasts.clear()
        self._met.clear()

    @property
    def kept(self) -> int:
        """How many answers are kept."""
        return sum(map(len, self._lanes)) + len(self._lasts) + len(self._met)

    # -- what decides --

    def _clerk_mask(self, index: int, task: Task, life: Life) -> int:
        at = self._asked_channel(task, life)
        return self._reaches[index] if at < 0 else self._clerks[index].mask | self._channels[at].mask

    def _asked_channel(self, task: Task, life: Life) -> int:
        """Where the channel is whose state, with the task, decides what the clerk can do; -1: more does."""
        if task.request is None or (life != "up" and base(life) != "up"):
            return -1
        return self._channel_at.get(task.request.channel, -1)

    def _porter_mask(self, index: int, at: int, _: Task, life: Life) -> int:
        going = base(life) in ("leaving", "failing")  # and may get home by what its porter does
        return (self._reaches[index] if going else self._clerks[index].mask) | self._channels[at].mask

    def _reach(self, index: int) -> int:
        """The bits of a clerk, of the channels it holds, and of the clerks it may start or join."""
        channels, clerks = self.system.reach(index)
        fields = [self._clerks[index], *(self._channels[at] for at in channels)]
        fields += [self._clerks[other] for other in clerks]
        mask = 0
        for field in fields:
            mask |= field.mask
        return mask

    # -- answers --

    def _clerk(self, index: int, key: int) -> tuple[Step, ...]:
        task, life = self._clerks[index].value(key)
        at = self._asked_channel(task, life)
        if at < 0:
            moves = lambda world: self.system.clerk_moves(world, index)  # noqa: E731
            return self._by_the_rules(index, moves, key)
        request: Request = task.request
        state, kind = self._channels[at].value(key), self.system.channels[at][1]
        outcome = kind.step(state, self.system.clerks[index], request.operation, request.argument)
        if outcome is BLOCKED:
            return ()
        what, waits = (index, at, task, life, request, key), self._waits(request)
        if not isinstance(outcome, Choice):
            return (Step(index, False, False, waits, partial(self._told, what, cast("_One", outcome), 0)),)
        several = len(outcome.outcomes) > 1
        return tuple(
            [
                Step(index, several, False, waits, partial(self._told, what, one, choice))
                for choice, one in enumerate(outcome.outcomes)
            ]
        )

    def _told(
        self, what: tuple[int, int, Task, Life, Request, int], outcome: _One, choice: int
    ) -> tuple[Event, int | None]:
        index, at, task, life, request, key = what
        event, after = self.system.told(index, task, request, outcome, choice, self._going[index])
        if after.request is None:
            return event, None  # it may go home with that, which more than this channel decides
        field = self._clerks[index]
        change = field.packed((after, life)) - (key & field.mask)
        return event, change + self._to_state(at, key, outcome.state)

    def _porter(self, number: int, index: int, agent: str, at: int, key: int) -> tuple[Step, ...]:
        if base(self._clerks[index].value(key)[1]) in ("leaving", "failing"):
            moves = lambda world: self.system.porter_moves(world, agent)  # noqa: E731
            return self._by_the_rules(number, moves, key)
        state, clerk = self._channels[at].value(key), self.system.clerks[index]
        if clerk not in self.system.channels[at][1].porters(state):
            return ()
        carried = self.system.carried(agent, at, clerk, state)
        if carried is None:
            return ()
        event, after = carried
        return (Step(number, False, False, 0.0, lambda: (event, self._to_state(at, key, after))),)

    def _to_state(self, at: int, key: int, state: State) -> int:
        field = self._channels[at]
        return field.packed(state) - (key & field.mask)

    def _by_the_rules(
        self, number: int, moves: Callable[[World], Iterable[Move]], key: int
    ) -> tuple[Step, ...]:
        # What does not decide the steps stands at 0, its value at the start, before and after.
        before = self.moment(key)
        found = list(moves(before))
        return tuple(
            [
                Step(
                    number,
                    len(found) > 1,
                    event.channel[:1] in ("", "@") or ":" in event.agent or event.operation == LET_GO,
                    self._waits(Request(event.channel, event.operation, event.argument)),
                    partial(self._moved, event, key, before, after),
                )
                for event, after in found
            ]
        )

    def _moved(self, event: Event, key: int, before: World, after: World) -> tuple[Event, int]:
        return event, self._pack(after) - self._pack(before)

    def _waits(self, request: Request) -> float:
        if not request.argument:
            return 0.0
        at = self._timeouts.get((request.channel, request.operation))
        timeout = request.argument[at] if at is not None and at < len(request.argument) else None
        return timeout * SECOND if isinstance(timeout, int) else 0.0

    # -- the moment --

    def restart(self) -> None:
        """Back to the start."""
        if self.kept > MOST_KEPT:
            self._begin()
        else:
            self.here = 0
        self._again = True

    @property
    def world(self) -> World:
        return self.moment(self.here)

    def moment(self, here: int) -> World:
        """A packed moment of this forecast as a world."""
        locals_ = [cast("tuple[Task, Life]", field.value(here)) for field in self._clerks]
        return World(
            tuple([task for task, _ in locals_]),
            tuple([field.value(here) for field in self._channels]),
            tuple([life for _, life in locals_]),
        )

    def _pack(self, world: World) -> int:
        packed = 0
        for field, state in zip(self._channels, world.channels, strict=True):
            packed |= field.packed(state)
        for field, task, life in zip(self._clerks, world.tasks, world.lives, strict=True):
            packed |= field.packed((task, life))
        return packed

    # -- steps --

    def of(self, number: int) -> tuple[Step, ...]:
        """Everything this agent can do now."""
        return self._lanes[number].now(self.here)

    def possible(self) -> list[Step]:
        """Every step there is, in the order of `System.moves`."""
        here = self.here
        found = self._met.get(here)
        if found is None:
            found = []
            for lane in self._lanes:
                found += lane.now(here)
            if self._again:
                self._met[here] = found
        return found

    def named(self, gust: str) -> Step:
        """The one step a wind's word names. Raises CannotMove."""
        agent, _, choice = gust.partition("#")
        number = self._names.get(agent)
        steps = self.of(number) if number is not None else ()
        if int(choice or 0) >= len(steps):
            self.system.do(self.world, gust)
            raise AssertionError(f"{gust} can move, and cannot")
        return steps[int(choice or 0)]

    def calm(self) -> Step | None:
        """The first step there is, without the cat."""
        here = self.here
        for lane in self._lanes:
            if (steps := lane.now(here)) and not lane.agent.startswith("cat:"):
                return steps[0]
        return None

    def take(self, step: Step) -> None:
        """Move on by a step that is possible here."""
        if not step.known:  # asked for an attribute that is missing, Python takes three times as long
            step.work_out()
        here, change = self.here, step.change
        self._before = here
        self.here = here + (self._last(step) if change is None else change)

    def _last(self, step: Step) -> int:
        """What the last step of a script changes, which may be its going home, too."""
        key = step, self.here & self._reaches[step.agent]
        if key not in self._lasts:
            after = self.system.do(self.world, step.event.gust).world
            self._lasts[key] = self._pack(after) - self.here
        return self._lasts[key]

    def take_back(self, step: Step) -> None:
        """The reverse of `take`, of the step taken last."""
        self.here = self._before


@cache
def _without_result(line: int, operation: str) -> bytes:
    """What most steps write down."""
    return dumped((line, operation, None, ""))


def written(event: Event) -> Entry:
    """What a clerk writes down of its step in a controlled run."""
    return event.line, event.operation, event.result, event.error


def _timeouts(system: System) -> dict[tuple[str, str], int]:
    """Where each operation has its timeout among the arguments."""
    places = {(WAIT, "wait"): 1}
    for name, kind in system.channels:
        for face in kind.open_faces().values():
            for _, operation in face.methods:
                if "timeout" in operation.parameters:
                    places[name, operation.name] = operation.parameters.index("timeout")
    return places


Policy: TypeAlias = "Callable[[Forecast], Step | None]"
"""From a moment to the step that shall happen, or None to stop. May raise CannotMove."""


def policy_of(driver: Controlling) -> Policy:
    """The policy a driver stands for, fresh for one run."""
    match driver:
        case Calm():
            return Forecast.calm
        case Seeded(seed):
            draught = random.Random(seed)

            def draw(forecast: Forecast) -> Step | None:
                possible = forecast.possible()
                return draught.choice(possible) if possible else None

            return draw
        case Along(wind, then):
            coming = iter(wind)

            def blow(forecast: Forecast) -> Step | None:
                for gust in coming:
                    return forecast.named(gust)
                return forecast.calm() if then == "calm" else None

            return blow
