"""Every way in which the checker can go through an office, and the endings each of them finds."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.util import find_spec
from typing import Any, NamedTuple

from game.checker.reduced import explore_reduced
from game.checker.space import Space, explore
from game.goals import Bag, LeftOver, MayFail, Reads
from game.world import System

FOREVER = 100_000_000


class Ends(NamedTuple):
    """How many worlds were stored, and the worlds in which nothing moves, unpacked."""

    states: int
    endings: frozenset[Any]


class Search(NamedTuple):
    name: str
    run: Callable[[System], Ends]


def _ends(explore_it: Callable[..., Any], system: System) -> Ends:
    space = Space(system)
    found = explore_it(space, FOREVER, lambda _: "")
    if found is None:  # numpy, where a world does not fit
        return WHOLE.run(system)
    assert found.whole
    return Ends(len(found.worlds), frozenset(_endings(space, system, found.terminals)))


def _endings(space: Space, system: System, terminals: Iterable[int]) -> Iterator[Any]:
    """Each ending; where no goal asks in which order things were delivered, neither do we."""
    loose = all(isinstance(goal, Bag | Reads | LeftOver | MayFail) for goal in system.level.win)
    for world in map(space.unpack, terminals):
        *channels, delivered = world.channels
        told: Any = tuple(sorted(map(repr, delivered))) if loose else repr(delivered)
        yield (repr(world.tasks), repr(channels), world.lives, told)


WHOLE = Search("all of it", partial(_ends, explore))


def searches() -> list[Search]:
    """All others: with numpy, and leaving out in every combination what the search can be asked to leave
    out."""
    found = []
    if find_spec("numpy"):
        from game.checker.fast import explore_fast

        found.append(Search("numpy", partial(_ends, explore_fast)))
    asked = [one for one in inspect.signature(explore_reduced).parameters.values() if one.default is True]
    for chosen in itertools.product((True, False), repeat=len(asked)):
        options = {one.name: yes for one, yes in zip(asked, chosen, strict=True)}
        name = ", ".join(["reduced", *(f"{'' if yes else 'not '}{one}" for one, yes in options.items())])
        found.append(Search(name, partial(_ends, partial(explore_reduced, **options))))
    return found


def strays(system: System) -> list[str]:
    """The searches that find other endings than there are."""
    everything = WHOLE.run(system).endings
    return [search.name for search in searches() if search.run(system).endings != everything]
