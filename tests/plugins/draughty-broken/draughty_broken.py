"""Two kinds: a good one, and one whose step() forgets the clerk. Neither must come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from game.channels.kind import Done, Kind
from game.plugins import hookimpl
from game.request import Face, Operation

BELL = {"": Face("draughty_broken.Bell", (("ring", Operation("ring")),))}


@dataclass(frozen=True)
class Bell(Kind):
    name: ClassVar[str] = "bell"
    faces: ClassVar[Mapping[str, Face]] = BELL

    def start(self, holders):
        return 0

    def step(self, state, clerk, operation, argument):
        return Done(state)

    def open(self, context, holders):
        return None

    def perform(self, real, clerk, operation, argument):
        return None


@dataclass(frozen=True)
class CrackedBell(Bell):
    name: ClassVar[str] = "cracked_bell"

    def step(self, state, operation, argument):
        return Done(state)


@hookimpl
def draughty_kinds():
    return [Bell, CrackedBell]
