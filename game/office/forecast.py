"""What can be granted next, and who decides: the rules asked ahead, each question only once.

A controlled run is planned by the rules before it happens for real. Runs of one system ask them the same
things over and over, so that answers are kept as the checker keeps them (`game.checker.space`): a step
met before costs a look into a dict, and a run of a system that was run before hardly any of the rules.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import chain
from typing import NamedTuple, TypeAlias

from game.channels.timing import SECOND
from game.checker.space import Space, TooNarrow
from game.checker.space import Step as Moved
from game.office.orders import Along, Calm, Controlling, Seeded
from game.office.shared import Entry, dumped
from game.request import WAIT
from game.trace import Event
from game.world import System, World

MOST_KEPT = 200_000
"""How many answers are kept before all are forgotten."""
BITS = 18
"""How wide the fields of a packed world are, so that they are wide enough for so many answers."""


class Step(NamedTuple):
    """A step that can be granted.

    agent    its number: clerks as in the level, porters, signals and cats
    writes   what the clerk's log must have more after it
    several  something else may happen instead, with the same agent, and only reality says what
    alone    the office has to do with it itself: process operations, going home, signals and the cat
    waits    seconds that a timeout may really take
    """

    delta: int
    agent: int
    event: Event
    writes: bytes
    several: bool
    alone: bool
    waits: float


class _Lane(dict[int, tuple[Step, ...]]):
    """One agent's steps by what decides them. Fills itself."""

    def __init__(self, mask: int, find: Callable[[int], tuple[Step, ...]]) -> None:
        super().__init__()
        self.mask, self._find = mask, find

    def __missing__(self, key: int) -> tuple[Step, ...]:
        found = self[key] = self._find(key)
        return found


class Forecast:
    """A moment of a system that can be moved on, and everything possible there."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._timeouts = _timeouts(system)
        self._begin()

    def _begin(self) -> None:
        self._space = Space(self.system, BITS)
        self._lay_out()
        self.here = self._space.pack(self.system.start)

    def _lay_out(self) -> None:
        self._lanes: list[_Lane] = []
        self._names: dict[str, int] = {}
        for number, lane in enumerate(self._space.lanes):
            steps = lane.steps
            self._names[lane.agent] = number
            self._lanes.append(_Lane(lane.mask, lambda key, steps=steps: self._ready(steps[key])))  # type: ignore[misc]

    def _ready(self, moved: tuple[Moved, ...]) -> tuple[Step, ...]:
        several = len(moved) > 1
        return tuple(
            [
                Step(
                    delta,
                    agent,
                    event,
                    dumped(written(event)) if event.agent[0] != "~" else b"",
                    several,
                    event.channel[:1] == "@" or ":" in event.agent or not event.channel,
                    self._waits(event),
                )
                for delta, agent, event in moved
            ]
        )

    def _waits(self, event: Event) -> float:
        at = self._timeouts.get((event.channel, event.operation))
        timeout = event.argument[at] if at is not None and at < len(event.argument) else None
        return timeout * SECOND if isinstance(timeout, int) else 0.0

    @property
    def kept(self) -> int:
        """How many answers are kept."""
        return sum(map(len, self._lanes))

    def restart(self) -> None:
        """Back to the start."""
        if self.kept > MOST_KEPT:
            self._begin()
        else:
            self.here = self._space.pack(self.system.start)

    @property
    def world(self) -> World:
        return self._space.unpack(self.here)

    def of(self, number: int) -> tuple[Step, ...]:
        """Everything this agent can do now."""
        while True:
            lane = self._lanes[number]
            try:
                return lane[self.here & lane.mask]
            except TooNarrow:
                self._widen()

    def possible(self) -> list[Step]:
        """Every step there is, in the order of `System.moves`."""
        here = self.here
        try:
            return list(chain.from_iterable([lane[here & lane.mask] for lane in self._lanes]))
        except TooNarrow:
            self._widen()
            return self.possible()

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
        for number, lane in enumerate(self._space.lanes):
            if not lane.agent.startswith("cat:") and (steps := self.of(number)):
                return steps[0]
        return None

    def take(self, step: Step) -> None:
        """Move on by a step that is possible here."""
        self.here += step.delta

    def take_back(self, step: Step) -> None:
        """The reverse of `take`, of the step taken last."""
        self.here -= step.delta

    def _widen(self) -> None:
        world = self.world
        self._space.widen()
        self._lay_out()
        self.here = self._space.pack(world)


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
