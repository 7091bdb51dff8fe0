"""What a level asks for: goals over the way a run ended, and over every moment of it.

A goal says in a beginner's words what is wrong, or nothing. It never sees processes, only what an
onlooker sees: what was delivered, what is left lying about, what the boards read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, NamedTuple

from game import language
from game.request import Doomed, ListValue, Value


class View(NamedTuple):
    """What an onlooker sees at one moment.

    delivered  (clerk, thing) in order
    rest       (channel, tokens left inside) for every channel that holds tokens
    readings   (channel, what it reads) for every tally and array
    leaks      (channel, what is wrong with leaving it so) for what the computer would have to keep
    """

    delivered: tuple[tuple[str, Value], ...] = ()
    rest: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    readings: tuple[tuple[str, Value], ...] = ()
    leaks: tuple[tuple[str, str], ...] = ()


class Broken(NamedTuple):
    """A goal that does not hold: the kind of failure and a sentence."""

    kind: str
    message: str


FAILURES: Final[Mapping[str, str]] = {
    "deadlock": "clerks wait for each other in a circle",
    "orphan wait": "a clerk waits for something nobody is left to give",
    "exception": "a clerk stops with an exception nobody caught",
    "lost update": "one clerk writes over what another has just written",
    "wrong result": "everyone goes home, but the result is wrong",
    "out of order": "everything arrives, but in the wrong order",
    "lost token": "something is never delivered, or left lying about",
    "duplicated token": "something is delivered more often than it was sent",
    "leak": "everyone goes home, and nobody has unlinked the shared memory",
    "overflow": "more tokens in a channel than the level allows",
    "out of bounds": "a board reads a number that the level never allows",
    "starvation": "a clerk waits for ever while the others are served",
    "livelock": "clerks keep moving for ever and get nowhere",
    "limit": "a script passed a bound of the game",
    "incomplete": "the wind ends before everyone is done",
}
"""Every kind of failure there is, and what it means. A goal names one of them, a level expects one."""


class Goal:
    """One entry under `win:`. Subclass as a frozen dataclass; `name` is the key in the file."""

    name: ClassVar[str] = ""
    help: ClassVar[str] = ""
    schema: ClassVar[Mapping[str, Any]] = {}
    """JSON Schema of the value an author writes."""

    @classmethod
    def read(cls, raw: Any) -> Goal:
        """The goal an author wrote. Raises ValueError with a sentence when the value does not fit."""
        raise NotImplementedError

    def channels(self) -> tuple[str, ...]:
        """The channels it speaks of; the reader sees to it that the level has them."""
        return ()

    def clerks(self) -> tuple[str, ...]:
        """The clerks it speaks of; the reader sees to it that the level has them."""
        return ()

    def at_the_end(self, view: View) -> Broken | None:
        """What is wrong once nothing moves any more, if anything."""
        return None

    def always(self, view: View) -> Broken | None:
        """What is wrong already at this moment, if anything. Only called when `watches` is set."""
        return None

    watches: ClassVar[bool] = False

    def words(self) -> str:
        """The goal as the player reads it on a chip: "board reads 6"."""
        raise NotImplementedError


def say(value: Value) -> str:
    """A value as Python writes it, with text that needs no quotes left plain."""
    match value:
        case str():
            return value if value.replace(" ", "").replace("-", "").isalnum() else repr(value)
        case Doomed(what):
            return f"<{what}>"
        case tuple():
            return "(" + ", ".join(map(say, value)) + ("," if len(value) == 1 else "") + ")"
        case ListValue():
            return "[" + ", ".join(map(say, value.items)) + "]"
        case _:
            return repr(value)


def as_value(raw: Any) -> Value:
    """A YAML value as scripts hold it (a list becomes a tuple). Raises ValueError."""
    match raw:
        case None | bool() | int() | str():
            return raw
        case list():
            return tuple(as_value(item) for item in raw)
        case _:
            raise ValueError(
                language.say(
                    "{raw} is nothing a clerk can hold: whole numbers, text, true, false, null, or "
                    "lists of these",
                    raw=_short(raw),
                )
            )


def _short(raw: Any) -> str:
    """What an author wrote, short enough to stand in a sentence."""
    text = repr(raw)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _say_all(values: tuple[Value, ...]) -> str:
    return ", ".join(map(say, values)) if values else language.say("nothing")


@dataclass(frozen=True)
class Log(Goal):
    """Everything delivered, in this order."""

    name: ClassVar[str] = "log"
    help: ClassVar[str] = "What must be delivered, in this order."
    schema: ClassVar[Mapping[str, Any]] = {"type": "array"}
    things: tuple[Value, ...]

    @classmethod
    def read(cls, raw: Any) -> Log:
        if not isinstance(raw, list):
            raise ValueError(
                language.say("log wants a list of the things to deliver, not {raw}", raw=_short(raw))
            )
        return cls(tuple(as_value(item) for item in raw))

    def at_the_end(self, view: View) -> Broken | None:
        got = tuple(thing for _, thing in view.delivered)
        if got == self.things:
            return None
        if Counter(got) == Counter(self.things):
            told = language.say(
                "delivered in the order {got}, not {wanted}", got=_say_all(got), wanted=_say_all(self.things)
            )
            return Broken("out of order", told)
        return _bag_difference(got, self.things)

    def words(self) -> str:
        things = _say_all(self.things)
        if len(self.things) > 1:
            return language.say("delivered in order: {things}", things=things)
        return language.say("delivered: {things}", things=things)


@dataclass(frozen=True)
class Bag(Goal):
    """Everything delivered, in any order."""

    name: ClassVar[str] = "bag"
    help: ClassVar[str] = "What must be delivered, in any order."
    schema: ClassVar[Mapping[str, Any]] = {"type": "array"}
    things: tuple[Value, ...]

    @classmethod
    def read(cls, raw: Any) -> Bag:
        if not isinstance(raw, list):
            raise ValueError(
                language.say("bag wants a list of the things to deliver, not {raw}", raw=_short(raw))
            )
        return cls(tuple(as_value(item) for item in raw))

    def at_the_end(self, view: View) -> Broken | None:
        return _bag_difference(tuple(thing for _, thing in view.delivered), self.things)

    def words(self) -> str:
        return language.say("delivered, any order: {things}", things=_say_all(self.things))


def _bag_difference(got: tuple[Value, ...], wanted: tuple[Value, ...]) -> Broken | None:
    missing = tuple((Counter(wanted) - Counter(got)).elements())
    extra = tuple((Counter(got) - Counter(wanted)).elements())
    if not missing and not extra:
        return None
    if missing and not extra:
        return Broken("lost token", language.say("never delivered: {things}", things=_say_all(missing)))
    if extra and not missing and all(thing in wanted for thing in extra):
        return Broken("duplicated token", _said_too_often(got, wanted, extra))
    told = language.say(
        "delivered {got} where {wanted} was wanted", got=_say_all(got), wanted=_say_all(wanted)
    )
    return Broken("wrong result", told)


def _said_too_often(got: tuple[Value, ...], wanted: tuple[Value, ...], extra: tuple[Value, ...]) -> str:
    """What was delivered too often, and how often, where once would not have been too often."""
    often = [thing for thing in dict.fromkeys(extra) if wanted.count(thing) > 1]
    if not often:
        return language.say("delivered more than once: {things}", things=_say_all(extra))
    thing, asked = often[0], wanted.count(often[0])
    return language.say(
        "delivered too often: {thing}, {count} times, not {asked}",
        thing=say(thing),
        count=got.count(thing),
        asked=asked,
    )


@dataclass(frozen=True)
class Either(Goal):
    """One of several collections delivered, each in any order: the wind, or the cat, may decide which."""

    name: ClassVar[str] = "either"
    help: ClassVar[str] = (
        "What must be delivered, in any order, where several will do: [[tea], [cake, cake]]."
    )
    schema: ClassVar[Mapping[str, Any]] = {"type": "array", "items": {"type": "array"}, "minItems": 1}
    bags: tuple[tuple[Value, ...], ...]

    @classmethod
    def read(cls, raw: Any) -> Either:
        if not isinstance(raw, list) or not raw or not all(isinstance(bag, list) for bag in raw):
            raise ValueError(
                language.say(
                    "either wants several lists of things to deliver, like [[tea], [cake, cake]], not {raw}",
                    raw=_short(raw),
                )
            )
        return cls(tuple(tuple(as_value(item) for item in bag) for bag in raw))

    def at_the_end(self, view: View) -> Broken | None:
        got = tuple(thing for _, thing in view.delivered)
        found = [_bag_difference(got, bag) for bag in self.bags]
        if None in found:
            return None
        kinds = {broken.kind for broken in found if broken}
        told = language.say(
            "delivered {got} where {wanted} was wanted", got=_say_all(got), wanted=self._say_ways()
        )
        return Broken(kinds.pop() if len(kinds) == 1 else "wrong result", told)

    def words(self) -> str:
        return language.say("delivered, any order: {things}", things=self._say_ways())

    def _say_ways(self) -> str:
        first, *others = map(_say_all, self.bags)
        for bag in others:
            first = language.say("{ways}; or {bag}", ways=first, bag=bag)
        return first


@dataclass(frozen=True)
class Reads(Goal):
    """What tallies and arrays read when everyone has gone home."""

    name: ClassVar[str] = "value"
    help: ClassVar[str] = "What each board must read at the end: {tally: 6}, or a list for an array."
    schema: ClassVar[Mapping[str, Any]] = {"type": "object"}
    readings: tuple[tuple[str, Value], ...]

    @classmethod
    def read(cls, raw: Any) -> Reads:
        if not isinstance(raw, dict) or not raw:
            raise ValueError(
                language.say(
                    "value wants a board and its number, like {{tally: 6}}, not {raw}", raw=_short(raw)
                )
            )
        return cls(tuple((str(channel), as_value(reading)) for channel, reading in raw.items()))

    def channels(self) -> tuple[str, ...]:
        return tuple(channel for channel, _ in self.readings)

    def at_the_end(self, view: View) -> Broken | None:
        found = dict(view.readings)
        for channel, wanted in self.readings:
            if found.get(channel) != wanted:
                told = language.say(
                    "{board} reads {got}, not {wanted}",
                    board=channel,
                    got=say(found.get(channel)),
                    wanted=say(wanted),
                )
                return Broken("wrong result", told)
        return None

    def words(self) -> str:
        readings = [
            language.say("{board} reads {reading}", board=channel, reading=say(reading))
            for channel, reading in self.readings
        ]
        return language.joined(", ", readings)


@dataclass(frozen=True)
class LeftOver(Goal):
    """What may be left on belts and in tubes. Without this entry: nothing."""

    name: ClassVar[str] = "left_over"
    help: ClassVar[str] = "Channels that may still hold tokens at the end (normally none may)."
    schema: ClassVar[Mapping[str, Any]] = {"type": "array", "items": {"type": "string"}}
    allowed: tuple[str, ...] = ()

    @classmethod
    def read(cls, raw: Any) -> LeftOver:
        if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
            raise ValueError(language.say("left_over wants a list of channels, not {raw}", raw=_short(raw)))
        return cls(tuple(raw))

    def channels(self) -> tuple[str, ...]:
        return self.allowed

    def at_the_end(self, view: View) -> Broken | None:
        for channel, tokens in view.rest:
            if tokens and channel not in self.allowed:
                told = language.say(
                    "{things} left on {channel}, undelivered", things=_say_all(tokens), channel=channel
                )
                return Broken("lost token", told)
        for channel, wrong in view.leaks:
            if channel not in self.allowed:
                return Broken("leak", language.say("{channel} {wrong}", channel=channel, wrong=wrong))
        return None

    def words(self) -> str:
        return language.say("nothing left behind")


@dataclass(frozen=True)
class MayFail(Goal):
    """Clerks whose uncaught exception is part of the story, and no failure."""

    name: ClassVar[str] = "may_fail"
    help: ClassVar[str] = "Clerks that may stop with an exception."
    schema: ClassVar[Mapping[str, Any]] = {"type": "array", "items": {"type": "string"}}
    excused: tuple[str, ...] = ()

    @classmethod
    def read(cls, raw: Any) -> MayFail:
        if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
            raise ValueError(language.say("may_fail wants a list of clerks, not {raw!r}", raw=raw))
        return cls(tuple(raw))

    def clerks(self) -> tuple[str, ...]:
        return self.excused

    def words(self) -> str:
        return language.say("{clerks} may fail", clerks=", ".join(self.excused))


@dataclass(frozen=True)
class Fails(Goal):
    """The failure a player who chooses the wind has to bring about. Only in mode wind."""

    name: ClassVar[str] = "fails"
    help: ClassVar[str] = "In mode wind: the failure that the chosen wind must lead to, such as deadlock."
    schema: ClassVar[Mapping[str, Any]] = {"type": "string"}
    kind: str

    @classmethod
    def read(cls, raw: Any) -> Fails:
        if not isinstance(raw, str) or raw not in _WANTED:
            raise ValueError(
                language.say(
                    "fails wants one of these: {kinds}; not {raw}", kinds=", ".join(_WANTED), raw=_short(raw)
                )
            )
        return cls(raw)

    def words(self) -> str:
        return language.say("it comes to this: {kind}", kind=_WANTED[self.kind])


_WANTED: Final[Mapping[str, str]] = {
    "deadlock": language.say("deadlock"),
    "orphan wait": language.say("orphan wait"),
    "exception": language.say("exception"),
    "lost update": language.say("lost update"),
    "wrong result": language.say("wrong result"),
    "out of order": language.say("out of order"),
    "lost token": language.say("lost token"),
    "duplicated token": language.say("duplicated token"),
    "leak": language.say("leak"),
    "overflow": language.say("overflow"),
    "out of bounds": language.say("out of bounds"),
    "livelock": language.say("livelock"),
}
"""The failures a wind can be asked for, as the player reads them. Not starvation: one round of a wind without
end does not show it."""


@dataclass(frozen=True)
class NoStarvation(Goal):
    """Clerks who must not wait for ever while the others are served. In such a level winds without end are no
    failure by themselves."""

    name: ClassVar[str] = "no_starvation"
    help: ClassVar[str] = "Clerks that must always get their turn, in a level whose winds may go on for ever."
    schema: ClassVar[Mapping[str, Any]] = {"type": "array", "items": {"type": "string"}}
    hungry: tuple[str, ...] = ()

    @classmethod
    def read(cls, raw: Any) -> NoStarvation:
        if not isinstance(raw, list) or not raw or not all(isinstance(name, str) for name in raw):
            raise ValueError(language.say("no_starvation wants a list of clerks, not {raw!r}", raw=raw))
        return cls(tuple(raw))

    def clerks(self) -> tuple[str, ...]:
        return self.hungry

    def words(self) -> str:
        return language.say_many(
            "{clerks} always gets a turn",
            "{clerks} always get a turn",
            len(self.hungry),
            clerks=", ".join(self.hungry),
        )


@dataclass(frozen=True)
class PeakAtMost(Goal):
    """Never more than this many tokens inside a channel, at any moment."""

    name: ClassVar[str] = "peak_at_most"
    help: ClassVar[str] = "The most tokens a channel may ever hold: {belt: 3}."
    schema: ClassVar[Mapping[str, Any]] = {"type": "object"}
    watches: ClassVar[bool] = True
    bounds: tuple[tuple[str, int], ...] = ()

    @classmethod
    def read(cls, raw: Any) -> PeakAtMost:
        if not isinstance(raw, dict) or not all(type(n) is int and n >= 0 for n in raw.values()):
            raise ValueError(
                language.say(
                    "peak_at_most wants channels and numbers, like {{belt: 3}}, not {raw}", raw=_short(raw)
                )
            )
        return cls(tuple((str(channel), bound) for channel, bound in raw.items()))

    def channels(self) -> tuple[str, ...]:
        return tuple(channel for channel, _ in self.bounds)

    def always(self, view: View) -> Broken | None:
        inside = {channel: len(tokens) for channel, tokens in view.rest}
        for channel, bound in self.bounds:
            if inside.get(channel, 0) > bound:
                told = language.say(
                    "{channel} holds {count} at once, more than {bound}",
                    channel=channel,
                    count=inside[channel],
                    bound=bound,
                )
                return Broken("overflow", told)
        return None

    def words(self) -> str:
        bounds = [
            language.say("never more than {bound} on {channel}", bound=bound, channel=channel)
            for channel, bound in self.bounds
        ]
        return language.joined(", ", bounds)


@dataclass(frozen=True)
class Within(Goal):
    """A board (each card, each pigeonhole) never reads less or more than this, at any moment."""

    name: ClassVar[str] = "within"
    help: ClassVar[str] = "The least and the most a board may ever read: {shelf: [0, 1]}."
    schema: ClassVar[Mapping[str, Any]] = {"type": "object"}
    watches: ClassVar[bool] = True
    bounds: tuple[tuple[str, int, int], ...] = ()

    @classmethod
    def read(cls, raw: Any) -> Within:
        if not isinstance(raw, dict) or not raw or not all(map(_is_span, raw.values())):
            raise ValueError(
                language.say(
                    "within wants a board, its least and its most, like {{shelf: [0, 1]}}, not {raw}",
                    raw=_short(raw),
                )
            )
        return cls(tuple((str(board), least, most) for board, (least, most) in raw.items()))

    def channels(self) -> tuple[str, ...]:
        return tuple(board for board, _, _ in self.bounds)

    def always(self, view: View) -> Broken | None:
        found = dict(view.readings)
        for board, least, most in self.bounds:
            reading = found.get(board)
            for number in reading if isinstance(reading, tuple) else (reading,):
                if not isinstance(number, int) or least <= number <= most:
                    continue
                if number < least:
                    told = language.say(
                        "{board} reads {got}, less than {least}", board=board, got=say(reading), least=least
                    )
                else:
                    told = language.say(
                        "{board} reads {got}, more than {most}", board=board, got=say(reading), most=most
                    )
                return Broken("out of bounds", told)
        return None

    def words(self) -> str:
        bounds = [
            language.say("{board} always reads {least} to {most}", board=board, least=least, most=most)
            for board, least, most in self.bounds
        ]
        return language.joined(", ", bounds)


def _is_span(raw: Any) -> bool:
    return isinstance(raw, list) and len(raw) == 2 and all(type(n) is int for n in raw) and raw[0] <= raw[1]


@dataclass(frozen=True)
class Soon(Goal):
    """Once one thing is delivered, another comes behind at most so many others. It may also come before."""

    name: ClassVar[str] = "soon"
    help: ClassVar[str] = (
        "What must come soon after something else: {after: posted, comes: express, behind: 1}, "
        "behind being how many other things may be delivered in between."
    )
    schema: ClassVar[Mapping[str, Any]] = {"type": "object"}
    after: Value
    comes: Value
    behind: int = 0

    @classmethod
    def read(cls, raw: Any) -> Soon:
        if (
            not isinstance(raw, dict)
            or not {"after", "comes"} <= set(raw) <= {"after", "comes", "behind"}
            or type(behind := raw.get("behind", 0)) is not int
            or behind < 0
        ):
            raise ValueError(
                language.say(
                    "soon wants two things and a number, like "
                    "{{after: posted, comes: express, behind: 1}}, not {raw}",
                    raw=_short(raw),
                )
            )
        return cls(as_value(raw["after"]), as_value(raw["comes"]), behind)

    def at_the_end(self, view: View) -> Broken | None:
        got = tuple(thing for _, thing in view.delivered)
        if self.after not in got:
            return None
        if self.comes not in got:
            return Broken("lost token", language.say("never delivered: {things}", things=say(self.comes)))
        between = got.index(self.comes) - got.index(self.after) - 1
        if between <= self.behind:
            return None
        told = language.say_many(
            "{thing} waited behind {count} other, more than {bound}",
            "{thing} waited behind {count} others, more than {bound}",
            between,
            thing=say(self.comes),
            bound=self.behind,
        )
        return Broken("out of order", told)

    def words(self) -> str:
        return language.say_many(
            "{thing} soon after {before}, behind {count} other at most",
            "{thing} soon after {before}, behind {count} others at most",
            self.behind,
            thing=say(self.comes),
            before=say(self.after),
        )
