"""A trace told step by step: what moved from where to where, what each clerk holds in its hand, and a
sentence a beginner understands.

A Film is a trace folded over its system, one Frame for each moment. It draws and prints nothing: the board,
the timeline and the command line show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from typing import Final, NamedTuple, TypeVar, overload

from game.channels.kind import Picture
from game.deeds import deed
from game.deeds import text_of as text_of  # for who tells stories with us
from game.goals import say as words_of
from game.knots import tangle_of
from game.language import Said, say
from game.request import DESK, Value
from game.trace import Event, Trace
from game.world import ENDED, GONE, LET_GO, ClerkView, Snapshot, System, World


class Spot(NamedTuple):
    """A place where a token, a number or a key can be.

    where  "clerk" (in that clerk's hands), "tray", "items" (on a belt, travelling a → b in a tube), "back",
           "desk", "board" (the number or card of a shared thing), "hook" (a key's)
    name   the channel, or the clerk
    clerk  whose out-tray it is
    slot   the place in the row; in a row of tokens 0 leaves first
    """

    where: str
    name: str
    clerk: str = ""
    slot: int = 0


class Token(NamedTuple):
    """A token and where it is. The number stays with it from the put to the get."""

    number: int
    value: Value
    spot: Spot


T = TypeVar("T")


class Head(Sequence[T]):
    """The first so many of a list that others share, each with its own part: what only grows, a step at a
    time, is not written down anew for every moment."""

    __slots__ = ("_all", "_count")

    def __init__(self, things: Iterable[T] = ()) -> None:
        self._all = list(things)
        self._count = len(self._all)

    def and_then(self, more: Iterable[T]) -> Head[T]:
        """This and more behind it."""
        longer = Head[T]()
        # Whoever goes on from a moment that somebody else went on from needs a list of its own.
        longer._all = self._all if len(self._all) == self._count else self._all[: self._count]
        longer._all += more
        longer._count = len(longer._all)
        return longer

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...

    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        if isinstance(at, slice):
            return tuple(self._all[place] for place in range(*at.indices(self._count)))
        return self._all[range(self._count)[at]]

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return islice(self._all, self._count)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


class Tokens(Sequence[Token]):
    """The tokens of a moment, row by row; moments share the rows in which nothing moved."""

    __slots__ = ("rows",)

    def __init__(self, rows: Iterable[Sequence[Token]] = ()) -> None:
        self.rows = tuple(row for row in rows if row)

    @overload
    def __getitem__(self, at: int) -> Token: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Token, ...]: ...

    def __getitem__(self, at: int | slice) -> Token | tuple[Token, ...]:
        return tuple(self)[at]

    def __len__(self) -> int:
        return sum(map(len, self.rows))

    def __iter__(self) -> Iterator[Token]:
        return chain.from_iterable(self.rows)

    def __reversed__(self) -> Iterator[Token]:
        return chain.from_iterable(map(reversed, reversed(self.rows)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


class Flight(NamedTuple):
    """Something that moved in a step: a "token", a "number" read or chalked, or a "key".

    `token` is the token's number, or -1."""

    what: str
    value: Value
    source: Spot
    target: Spot
    token: int = -1


class Ghost(NamedTuple):
    """A number in a clerk's hand: read from a board and not yet written back. `stale` names the clerk who
    wrote to that board since, or is ""."""

    clerk: str
    channel: str
    cell: Value
    value: Value
    stale: str


class Lost(NamedTuple):
    """The moment an update is lost: `clerk` wrote over what `other` had written since `clerk` read."""

    clerk: str
    other: str
    channel: str
    cell: Value
    value: Value
    over: Value


class Past(NamedTuple):
    """What a board or card read before its last write, who wrote it last, and over whose number."""

    channel: str
    cell: Value
    value: Value
    writer: str


class Knot(NamedTuple):
    """One clerk waits for another where no wait can end."""

    clerk: str
    waits_for: str


@dataclass(frozen=True)
class Frame:
    """One moment: after `number` steps.

    event     the step that led here; None at the start
    caption   that step in a beginner's words, and that now nobody can move
    label     the same in one or two words: "read 41"
    flights   what that step moved
    tokens    every token, wherever it lies
    ghosts    the numbers in clerks' hands
    pasts     for each board written to, what it read before
    lost      the update that step lost, if it did
    crashed   the clerks that step stopped with an exception
    preempts  that step cut in on somebody who could have moved on
    movers    the agents that can move now
    knots     who waits for whom, where that can never end
    ending    as `System.ending` says: "running", "finished", "stuck", "crashed"
    left      the tokens nobody will collect any more, once nothing moves
    told      the step's caption without what came of it: that now nobody can move
    deed      what was done in it, without who did it: "reads 41 from tally"
    """

    number: int
    snapshot: Snapshot
    event: Event | None
    caption: str
    label: str
    flights: tuple[Flight, ...]
    tokens: Sequence[Token]
    ghosts: tuple[Ghost, ...]
    pasts: tuple[Past, ...]
    lost: Lost | None
    crashed: tuple[str, ...]
    preempts: bool
    movers: tuple[str, ...]
    knots: tuple[Knot, ...]
    ending: str
    left: tuple[Token, ...] = ()
    told: str = ""
    deed: str = ""

    @cached_property
    def clerks(self) -> Mapping[str, ClerkView]:
        return {view.name: view for view in self.snapshot.clerks}

    @cached_property
    def pictures(self) -> Mapping[str, Picture]:
        return {name: picture for name, _, picture in self.snapshot.channels}


class Span(NamedTuple):
    """A stretch of frames, `first` to `last`, in which a clerk waited for the same thing."""

    clerk: str
    first: int
    last: int
    text: str


class Reading(NamedTuple):
    """From this frame on a board read this; `writer` is "" for what it read at first."""

    frame: int
    value: Value
    writer: str


class _Memory(NamedTuple):
    """What telling the next step needs beyond the last frame."""

    world: World
    snapshot: Snapshot
    """As `System.look` gave it: a frame may show it otherwise."""
    rows: Mapping[Spot, Sequence[Token]]
    next_token: int
    read: Mapping[tuple[str, str, Value], tuple[int, Value]]
    wrote: Mapping[tuple[str, Value], tuple[int, str, Value]]


class Film:
    """A trace over its system as frames; `frames[n]` is the moment after n steps.

    Raises CannotMove when the trace is no run of this system.
    """

    def __init__(self, system: System, trace: Trace) -> None:
        folding = Folding(system, trace)
        folding.go_on()
        self._be(folding)

    def _be(self, folding: Folding) -> None:
        self.system, self.trace = folding.system, folding.trace
        self.frames: tuple[Frame, ...] = tuple(folding.frames)
        self._memory = folding.memory
        self._waits = folding.waits

    @classmethod
    def of(cls, folding: Folding) -> Film:
        """The film that is folded."""
        film = cls.__new__(cls)
        film._be(folding)
        return film

    def opening_with(self, frame: Frame) -> Film:
        """A film of this moment alone, in which nobody is said to wait: instead of one before any step."""
        film = Film.__new__(Film)
        film.system, film.trace, film.frames = self.system, self.trace, (frame,)
        film._memory, film._waits = self._memory, {}
        return film

    def then(self, events: Iterable[Event]) -> Film:
        """This film with more steps: for a run that is still going on."""
        folding = Folding(self.system, self.trace, self)
        more = tuple(events)
        folding.trace = replace(self.trace, events=self.trace.events + more)
        folding.go_on()
        return Film.of(folding)

    def __len__(self) -> int:
        """How many steps it has; there is one frame more."""
        return len(self.frames) - 1

    @property
    def world(self) -> World:
        """The world after the last step."""
        return self._memory.world

    @cached_property
    def agents(self) -> tuple[str, ...]:
        """Clerks in the level's order, each followed by its porters that moved."""
        porters = {event.agent for event in self.trace.events if event.agent.startswith("~")}
        lanes: list[str] = []
        for clerk in self.system.clerks:
            lanes.append(clerk)
            lanes += sorted(porter for porter in porters if porter.rpartition("/")[2] == clerk)
        return tuple(lanes)

    @cached_property
    def waits(self) -> tuple[Span, ...]:
        """Who waited when, and for what, by clerk and time."""
        return tuple(chain.from_iterable(self.waits_of(clerk) for clerk in self.system.clerks))

    def waits_of(self, clerk: str) -> Sequence[Span]:
        """When a clerk waited, and for what, by time."""
        return self._waits.get(clerk, ())

    @cached_property
    def readings(self) -> Mapping[str, tuple[Reading, ...]]:
        """For each tally and each row of cards, what it read from when on: one entry a write."""
        found: dict[str, list[Reading]] = {}
        for name, picture in self.frames[0].pictures.items():
            if picture.shape in ("tally", *_ROWS):
                found[name] = [Reading(0, _reading(picture), "")]
        for frame in self.frames[1:] if found else ():
            event = frame.event
            if event and event.channel in found and _tail(event) == "write" and not event.error:
                picture = frame.pictures[event.channel]
                if _only_unlocks(event, self.frames[frame.number - 1].snapshot, frame.snapshot):
                    continue
                found[event.channel].append(Reading(frame.number, _reading(picture), event.agent))
        return {name: tuple(readings) for name, readings in found.items()}


_ROWS: Final = ("cards", "wall")
"""The shapes that show several numbers, each for itself."""


def _reading(picture: Picture) -> Value:
    return picture.cells if picture.shape in _ROWS else picture.number


def bare_wait(text: str) -> str:
    """Why somebody waits, without what stands behind it in brackets."""
    wait = text.parts.get("wait") if isinstance(text, Said) else None
    return wait if isinstance(wait, str) else text


def owner(agent: str) -> str:
    """The clerk an agent belongs to: itself, or whose porter it is; of the cat or a signal, who is met."""
    if agent.startswith("~"):
        return agent.rpartition("/")[2]
    return agent.rpartition(":")[2]


def is_fate(agent: str) -> bool:
    """Whether it is no one of the office: the cat, or a signal on its way."""
    return ":" in agent


def who(agent: str) -> str:
    """An agent as people call it: "ada", "ada's porter", "the cat"."""
    if is_fate(agent):
        return say("the cat") if agent.startswith("cat:") else say("the signal")
    return say("{clerk}'s porter", clerk=owner(agent)) if agent.startswith("~") else agent


# -- folding --


class Folding:
    """A film in the making: `go_on` folds some steps more of its trace, until it is `done`."""

    def __init__(self, system: System, trace: Trace, before: Film | None = None) -> None:
        self.system, self.trace = system, trace
        self.frames: list[Frame]
        self.memory: _Memory
        self.waits: dict[str, list[Span]] = {}
        if before is not None:
            self.frames, self.memory = list(before.frames), before._memory
            self.waits = {clerk: list(spans) for clerk, spans in before._waits.items()}
            return
        first, self.memory = _opening(system)
        self.frames = [first]
        self._wait(first)

    @property
    def done(self) -> bool:
        """Nothing of the trace is left."""
        return len(self.frames) > len(self.trace.events)

    def go_on(self, enough: Callable[[int], bool] | None = None) -> bool:
        """Fold on until `enough`, told after each step how many these were, says so, or to the end; whether
        it is done. Raises CannotMove when the trace is no run of this system."""
        count = 0
        while not self.done:
            event = self.trace.events[len(self.frames) - 1]
            frame, self.memory = _next_frame(
                self.system, self.frames[-1], self.memory, event, self.trace.events
            )
            self.frames.append(frame)
            self._wait(frame)
            count += 1
            if enough is not None and enough(count):
                break
        return self.done

    def _wait(self, frame: Frame) -> None:
        """Take down who waits now: for the same as before, for something else, or no longer."""
        for view in frame.snapshot.clerks:
            if not view.blocked:
                continue
            # "(one lies in ada's out-tray)" comes and goes while the wait stays the same.
            text, spans = bare_wait(view.blocked), self.waits.setdefault(view.name, [])
            if spans and spans[-1].last == frame.number - 1 and spans[-1].text == text:
                spans[-1] = spans[-1]._replace(last=frame.number)
            else:
                spans.append(Span(view.name, frame.number, frame.number, text))


_OPENING: Final = {"running": say("Nobody has moved yet."), "stuck": say("Nobody can move.")}


def _opening(system: System) -> tuple[Frame, _Memory]:
    snapshot = system.look(system.start)
    snapshot = snapshot._replace(delivered=Head(snapshot.delivered))
    rows: dict[Spot, Sequence[Token]] = {}
    count = 0
    for spot, values in _rows(snapshot).items():
        row = [
            Token(number, value, spot._replace(slot=slot))
            for slot, (number, value) in enumerate(enumerate(values, count))
        ]
        rows[spot] = Head(row) if spot.where == "desk" else tuple(row)
        count += len(row)
    tokens = Tokens(rows.values())
    ending = system.ending(system.start)
    first = Frame(
        0,
        snapshot,
        None,
        _OPENING.get(ending, say("Nobody has anything to do.")),
        "",
        (),
        tokens,
        (),
        (),
        None,
        tuple(view.name for view in snapshot.clerks if view.crash),
        False,
        system.enabled(system.start),
        _knots(system, system.start, snapshot, ending, ()),
        ending,
        _left(system, system.start, tokens, ending),
    )
    return first, _Memory(system.start, snapshot, rows, count, {}, {})


def _next_frame(
    system: System, before: Frame, memory: _Memory, given: Event, events: Sequence[Event]
) -> tuple[Frame, _Memory]:
    """The frame after one more step, `given`, of the whole trace's `events`."""
    event, world = system.do(memory.world, given.gust)
    number = before.number + 1
    snapshot = system.look(world, (memory.world, memory.snapshot))
    snapshot = snapshot._replace(delivered=_grown(before.snapshot.delivered, snapshot.delivered))
    rows, flights, next_token = _carry_on(before, snapshot, event, memory)
    tokens = Tokens(rows.values())
    read, wrote, pasts, lost = memory.read, memory.wrote, before.pasts, None
    cell = _cell(event, before.snapshot, snapshot)
    if cell is not None and not event.error:
        if _tail(event) == "read":
            read = {**read, (event.agent, event.channel, cell): (number, event.result)}
            spot = Spot("board", event.channel, "", _slot(cell))
            flights.append(Flight("number", event.result, spot, Spot("clerk", event.agent)))
        else:
            value = event.argument[-1]
            last = wrote.get((event.channel, cell))
            saw = read.get((event.agent, event.channel, cell))
            if saw and last and last[0] > saw[0] and last[1] != event.agent:
                lost = Lost(event.agent, last[1], event.channel, cell, value, last[2])
            wrote = {**wrote, (event.channel, cell): (number, event.agent, value)}
            read = {key: seen for key, seen in read.items() if key != (event.agent, event.channel, cell)}
            old = _at(before.pictures[event.channel], cell)
            past = Past(event.channel, cell, old, event.agent)
            pasts = (*(one for one in pasts if one[:2] != (event.channel, cell)), past)
            spot = Spot("board", event.channel, "", _slot(cell))
            flights.append(Flight("number", value, Spot("clerk", event.agent), spot))
    flights += _keys(before.snapshot, snapshot)
    gone = [view.name for view in snapshot.clerks if view.life in ENDED]
    read = {key: seen for key, seen in read.items() if key[0] not in gone} if gone else read
    crashed = tuple(
        view.name
        for view, old_view in zip(snapshot.clerks, before.snapshot.clerks, strict=True)
        if view.crash and not old_view.crash
    )
    ending = system.ending(world)
    done = _deed(event, before.snapshot, snapshot, lost)
    told = _sentence(event, done, before.snapshot, snapshot, lost)
    frame = Frame(
        number,
        snapshot,
        event,
        say("{step}. Now nobody can move", step=told) if ending == "stuck" else told,
        label_of(event),
        tuple(flights),
        tokens,
        _ghosts(read, wrote),
        pasts,
        lost,
        crashed,
        before.event is not None
        and before.event.agent != event.agent
        and before.event.agent in before.movers,
        system.enabled(world, [view.name for view in snapshot.clerks if view.ready]),
        _knots(system, world, snapshot, ending, islice(events, number)),
        ending,
        _left(system, world, tokens, ending),
        told,
        done,
    )
    return frame, _Memory(world, snapshot, rows, next_token, read, wrote)


def _grown(before: Sequence[T], now: Sequence[T]) -> Sequence[T]:
    """What there is now, where nothing ever goes away: it shares with before what was there."""
    if len(before) == len(now):
        return before
    return (before if isinstance(before, Head) else Head(before)).and_then(now[len(before) :])


def _left(system: System, world: World, tokens: Sequence[Token], ending: str) -> tuple[Token, ...]:
    if ending == "running":
        return ()
    channels = zip(system.channels, world.channels, strict=True)
    full = {name for (name, kind), state in channels if kind.rest(state)}
    return tuple(token for token in tokens if token.spot.where != "desk" and token.spot.name in full)


def _ghosts(
    read: Mapping[tuple[str, str, Value], tuple[int, Value]],
    wrote: Mapping[tuple[str, Value], tuple[int, str, Value]],
) -> tuple[Ghost, ...]:
    found = []
    for (clerk, channel, cell), (when, value) in read.items():
        last = wrote.get((channel, cell))
        stale = last[1] if last and last[0] > when and last[1] != clerk else ""
        found.append(Ghost(clerk, channel, cell, value, stale))
    return tuple(found)


_WHOLE: Final = ""
"""The cell of a board that has only one number."""


def _cell(event: Event, before: Snapshot, after: Snapshot) -> Value:
    """Which number of a board the step reads or writes; None when it does neither."""
    picture = _picture(after, event.channel)
    if _tail(event) not in ("read", "write") or _only_unlocks(event, before, after):
        return None
    if picture.shape == "tally":
        return _WHOLE
    if picture.shape in _ROWS and event.argument:
        index = event.argument[0]
        # `a[-1]` is the same card as the last one.
        return index % len(picture.cells) if isinstance(index, int) and picture.cells else None
    return None


def _only_unlocks(event: Event, before: Snapshot, after: Snapshot) -> bool:
    """Whether the step has only taken the key of a board, and reads or writes in the next."""
    was, now = (_picture(snapshot, event.channel) for snapshot in (before, after))
    return event.operation in ("read", "write") and now.depth > was.depth


def _picture(snapshot: Snapshot, channel: str) -> Picture:
    return next((picture for name, _, picture in snapshot.channels if name == channel), Picture("box"))


def _slot(cell: Value) -> int:
    return cell if isinstance(cell, int) else 0


def _at(picture: Picture, cell: Value) -> Value:
    return picture.cells[cell] if isinstance(cell, int) else picture.number


def _rows(snapshot: Snapshot) -> dict[Spot, Sequence[Value]]:
    """Every row of tokens of a moment; the counter's is the last."""
    rows: dict[Spot, Sequence[Value]] = {}
    for name, _, picture in snapshot.channels:
        if name != DESK:
            rows |= _rows_of(name, picture)
    rows[_COUNTER] = tuple(thing for _, thing in snapshot.delivered)
    return rows


_COUNTER: Final = Spot("desk", DESK)


def _rows_of(name: str, picture: Picture) -> dict[Spot, Sequence[Value]]:
    rows: dict[Spot, Sequence[Value]] = {Spot("items", name): picture.items, Spot("back", name): picture.back}
    for clerk, tray in picture.trays:
        rows[Spot("tray", name, clerk)] = tray
    return rows


def _carry_on(
    before: Frame, snapshot: Snapshot, event: Event, memory: _Memory
) -> tuple[Mapping[Spot, Sequence[Token]], list[Flight], int]:
    """The rows of tokens after a step, the flights of those that changed places, and the next free number.

    Of rows in which nothing moved nothing is looked at, and most are: there may be thousands of tokens."""
    rows, next_token = dict(memory.rows), memory.next_token
    gone: list[Token] = []
    come: list[tuple[Spot, Value]] = []
    for (name, _, old), (_, _, new) in zip(before.snapshot.channels, snapshot.channels, strict=True):
        if old is new or name == DESK:
            continue
        old_rows, new_rows = _rows_of(name, old), _rows_of(name, new)
        for spot in dict.fromkeys((*old_rows, *new_rows)):
            was, now = old_rows.get(spot, ()), new_rows.get(spot, ())
            if was != now:
                rows[spot] = _row_after(rows.get(spot, ()), spot, was, now, gone, come)
    for slot in range(len(before.snapshot.delivered), len(snapshot.delivered)):
        come.append((_COUNTER._replace(slot=slot), snapshot.delivered[slot][1]))
    actor = Spot("clerk", owner(event.agent))
    flights: list[Flight] = []
    fresh: dict[Spot, list[Token]] = {}
    for spot, value in come:
        found = next((token for token in gone if token.value == value), None)
        if found:
            gone.remove(found)
            number, source = found.number, found.spot
        else:
            number, source, next_token = next_token, actor, next_token + 1
        fresh.setdefault(_row_of(spot), []).append(Token(number, value, spot))
        flights.append(Flight("token", value, source, spot, number))
    flights += [Flight("token", token.value, token.spot, actor, token.number) for token in gone]
    for spot, tokens in fresh.items():
        row = rows.get(spot, ())
        if isinstance(row, Head):
            rows[spot] = row.and_then(tokens)
        else:
            rows[spot] = tuple(sorted((*row, *tokens), key=lambda token: token.spot.slot))
    rows[_COUNTER] = rows.pop(_COUNTER)  # behind a row that has only now come
    return rows, flights, next_token


def _row_after(
    row: Sequence[Token],
    spot: Spot,
    old: Sequence[Value],
    new: Sequence[Value],
    gone: list[Token],
    come: list[tuple[Spot, Value]],
) -> tuple[Token, ...]:
    """The tokens of a row that are still there, at their new places. Adds those that are `gone`, and the
    places to which others have `come`."""
    stays = _stays(old, new)
    gone += [token for place, token in enumerate(row) if place not in stays]
    taken = set(stays.values())
    come += [(spot._replace(slot=place), value) for place, value in enumerate(new) if place not in taken]
    kept = ((row[place], there) for place, there in stays.items())
    return tuple(
        token if token.spot.slot == there else token._replace(spot=spot._replace(slot=there))
        for token, there in kept
    )


def _row_of(spot: Spot) -> Spot:
    return Spot(spot.where, spot.name, spot.clerk) if spot.slot else spot


def _stays(old: Sequence[Value], new: Sequence[Value]) -> Mapping[int, int]:
    """Which places of a row are which afterwards. Rows lose tokens in front and gain them behind; a row
    that does otherwise (a plugin's) is matched value by value."""
    for lost in range(len(old) + 1):
        if old[lost:] == new[: len(old) - lost] and (lost < len(old) or not _common(old, new)):
            return {place: place - lost for place in range(lost, len(old))}
    stays: dict[int, int] = {}
    free = list(range(len(new)))
    for place, value in enumerate(old):
        there = next((index for index in free if new[index] == value), None)
        if there is not None:
            stays[place] = there
            free.remove(there)
    return stays


def _common(old: Sequence[Value], new: Sequence[Value]) -> bool:
    return any(value in new for value in old)


def _keys(before: Snapshot, after: Snapshot) -> list[Flight]:
    flights = []
    old = {name: picture.holder for name, _, picture in before.channels}
    for name, _, picture in after.channels:
        held = old.get(name, "")
        if picture.holder != held:
            hook = Spot("hook", name)
            source = Spot("clerk", held) if held else hook
            target = Spot("clerk", picture.holder) if picture.holder else hook
            flights.append(Flight("key", name, source, target))
    return flights


def _knots(
    system: System, world: World, snapshot: Snapshot, ending: str, events: Iterable[Event]
) -> tuple[Knot, ...]:
    """Who waits for whom where it never ends: once nothing moves, those who the verdict says wait for each
    other; before that, circles of clerks who each wait for a key the next one holds."""
    if ending == "stuck":
        tangle = tangle_of(system.stuck(world, events))
        return tuple(Knot(*edge) for edge in tangle.edges) if tangle else ()
    holders = {name: picture.holder for name, _, picture in snapshot.channels if picture.holder}
    edges: dict[str, tuple[str, ...]] = {}
    for view in snapshot.clerks:
        if not view.blocked:
            continue
        if view.asks and (holder := holders.get(view.asks.channel)) and view.holders == (holder,):
            edges[view.name] = (holder,)
    circle = {name for name in edges if _reaches(edges, name, name)}
    return tuple(
        Knot(name, other)
        for name, others in edges.items()
        if name in circle
        for other in others
        if other in circle
    )


def _reaches(edges: Mapping[str, tuple[str, ...]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    todo = list(edges.get(start, ()))
    while todo:
        here = todo.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            todo += edges.get(here, ())
    return False


# -- words --


def _tail(event: Event) -> str:
    """What a script calls it: without the face before it, or ".inside", the rest of a call taken apart."""
    return event.operation.removesuffix(".inside").rpartition(".")[2]


def label_of(event: Event) -> str:
    """A step in one or two words, for the timeline: "read 41"."""
    tail = _tail(event)
    if event.channel.startswith("@"):
        slowly = " slowly" if tail in ("die", "nap") and event.choice else ""
        return f"{tail} {event.channel[1:]}{slowly}"
    if event.operation == LET_GO:
        return f"{tail} {event.channel}"
    if event.operation == GONE:
        return tail
    if event.error:
        return f"{tail}: {event.error}"
    if event.operation.startswith("lock."):
        return {"acquire": "lock", "release": "unlock"}.get(tail, tail) + (
            " ✗" if event.result is False else ""
        )
    match tail:
        case "put" | "send" | "deliver" if event.argument:
            return f"{tail} {_short(event.argument[0])}"
        case "write" if event.argument:
            where = f"[{words_of(event.argument[0])}] " if len(event.argument) > 1 else ""
            return f"write {where}{_short(event.argument[-1])}"
        case "read" if event.argument:
            return f"read [{words_of(event.argument[0])}] {_short(event.result)}"
        case "close":
            return f"close {event.operation.partition('.')[0] if '.' in event.operation else event.channel}"
        case "acquire":
            return f"acquire {event.channel}" if event.result is not False else f"no {event.channel}"
        case "release":
            return f"release {event.channel}"
        case _ if event.result is None:
            return tail
        case _:
            return f"{tail} {_short(event.result)}"


def _short(value: Value) -> str:
    return value if isinstance(value, str) and value else words_of(value)


def tell(event: Event, before: Snapshot, after: Snapshot, lost: Lost | None = None) -> str:
    """A step as a sentence without its full stop: "ada reads 41 from tally"."""
    return _sentence(event, _deed(event, before, after, lost), before, after, lost)


def _sentence(event: Event, done: str, before: Snapshot, after: Snapshot, lost: Lost | None) -> str:
    sentence = say("{who} {deed}", who=who(event.agent), deed=done)
    for view, old in zip(after.clerks, before.clerks, strict=True):
        if view.crash and not old.crash:
            sentence = say(
                "{step}; nobody catches the {error}, so {name} stops",
                step=sentence,
                error=view.crash.error,
                name=view.name,
            )
        elif view.life == "home" and old.life != "home" and event.operation != "home":
            if view.name == event.agent and not lost:
                sentence = say("{step} and goes home", step=sentence)
            else:
                sentence = say("{step}; {name} goes home", step=sentence, name=view.name)
    return sentence


def _deed(event: Event, before: Snapshot, after: Snapshot, lost: Lost | None) -> str:
    channel, tail = event.channel, _tail(event)
    if not channel:
        if event.operation == GONE:
            return say("is gone, with all it still held open")
        return say("goes home") if event.operation == "home" else event.operation
    if channel.startswith("@"):
        return _deed_to_clerk(event, before)
    if event.operation == LET_GO:
        return say("lets go of {channel} on the way out", channel=channel)
    picture = _picture(after, channel)
    if not lost and (said := deed(event, _picture(before, channel), picture)):
        return said
    item = text_of(event.argument[0]) if event.argument else ""
    if event.error:
        return _refused(event, picture)
    result = text_of(event.result)
    locked = event.operation.startswith("lock.") or picture.shape == "key"
    if locked and tail in ("acquire", "release"):
        return _deed_with_key(event, picture)
    match picture.shape, tail:
        case "desk", _:
            return say("hands {item} over the counter", item=item)
        case "tally", "read":
            return say("reads {result} from {channel}", result=result, channel=channel)
        case "tally", "write" if lost:
            return say(
                "chalks {item} on {channel}, over {other}'s {over}: a stroke is lost",
                item=item,
                channel=channel,
                other=lost.other,
                over=text_of(lost.over),
            )
        case "tally", "write":
            return say("chalks {item} on {channel}", item=item, channel=channel)
        case "cards", "read":
            return say("reads {result} from {channel}[{item}]", result=result, item=item, channel=channel)
        case "cards" | "wall" as shape, "write":
            new = text_of(event.argument[-1])
            if shape == "cards":
                wrote = say("writes {new} into {channel}[{item}]", new=new, item=item, channel=channel)
            else:
                wrote = say(
                    "writes {new} into pigeonhole {item} of {channel}", new=new, item=item, channel=channel
                )
            if not lost:
                return wrote
            return say(
                "{wrote}, over {other}'s {over}: an update is lost",
                wrote=wrote,
                other=lost.other,
                over=text_of(lost.over),
            )
        case "belt", "put" if any(clerk == event.agent for clerk, _ in picture.trays):
            return say("puts {item} into the out-tray for {channel}", item=item, channel=channel)
        case "belt", "carry":
            return say("carries {result} onto {channel}", result=result, channel=channel)
        case "belt" | "chute", "put":
            return say("puts {item} on {channel}", item=item, channel=channel)
        case "belt" | "chute", "get":
            return say("takes {result} from {channel}", result=result, channel=channel)
        case "tube", "send":
            return say("sends {item} into {channel}", item=item, channel=channel)
        case "tube", "recv":
            return say("takes {result} out of {channel}", result=result, channel=channel)
        case "tube", "poll":
            if event.result:
                return say("listens at {channel}: something is there", channel=channel)
            return say("listens at {channel}: nothing yet", channel=channel)
        case "tube", "closed":
            end = event.operation.partition(".")[0]
            if event.result:
                return say(
                    "looks at its copy of end {end} of {channel}: it is capped", end=end, channel=channel
                )
            return say("looks at its copy of end {end} of {channel}: it is open", end=end, channel=channel)
        case "tube", "close":
            return say(
                "caps its copy of end {end} of {channel}",
                end=event.operation.partition(".")[0],
                channel=channel,
            )
        case "belt" | "chute", "empty":
            if event.result:
                return say("looks at {channel}: it is empty", channel=channel)
            return say("looks at {channel}: it is not empty", channel=channel)
        case "belt" | "chute", "full":
            if event.result:
                return say("looks at {channel}: it is full", channel=channel)
            return say("looks at {channel}: it is not full", channel=channel)
        case "belt" | "chute", "qsize":
            return say("counts {result} on {channel}", result=result, channel=channel)
        case _:
            call = tail + (f"({', '.join(map(words_of, event.argument))})" if event.argument else "")
            if event.result is None:
                return say("does {call} at {channel}", call=call, channel=channel)
            return say(
                "does {call} at {channel}, which gives {result}", call=call, channel=channel, result=result
            )


def _deed_to_clerk(event: Event, before: Snapshot) -> str:
    other = event.channel[1:]
    match event.operation:
        case "nap" | "die" if event.choice:
            return say("comes to {other}, whose process ends and lets go of its ends one by one", other=other)
        case "nap":
            return say("settles on {other}, who never moves again", other=other)
        case "die":
            return say("reaches {other}, whose process ends at once", other=other)
    if event.error:
        return say(
            "cannot {operation} {other}: {error}", operation=event.operation, other=other, error=event.error
        )
    if event.operation == "start":
        return say("starts {other}", other=other)
    match event.operation:
        case "terminate":
            return say("sends {other} the signal to stop", other=other)
        case "kill":
            return say("sends {other} the signal that nobody can refuse", other=other)
        case "is_alive":
            if event.result:
                return say("looks for {other}: still at work", other=other)
            return say("looks for {other}: not at work", other=other)
        case "exitcode":
            return say("reads {other}'s exit code: {result}", other=other, result=words_of(event.result))
    life = next((view.life for view in before.clerks if view.name == other), "")
    if life not in ENDED:
        return say("stops waiting for {other}", other=other)
    if life == "home":
        return say("sees that {other} has gone home", other=other)
    return say("sees that {other} is no longer there", other=other)


def _deed_with_key(event: Event, picture: Picture) -> str:
    key = (
        say("the key of {channel}", channel=event.channel)
        if event.operation.startswith("lock.")
        else say("the key {channel}", channel=event.channel)
    )
    if _tail(event) == "acquire":
        if event.result is False:
            if picture.holder:
                return say("does not get {key}: {holder} has it", key=key, holder=picture.holder)
            return say("does not get {key}", key=key)
        if picture.depth > 1:
            return say("takes {key} once more ({depth} times now)", key=key, depth=picture.depth)
        return say("takes {key}", key=key)
    if picture.holder:
        return say("gives {key} back once and keeps it {depth} more", key=key, depth=picture.depth)
    return say("hangs {key} back on its hook", key=key)


def _refused(event: Event, picture: Picture) -> str:
    channel, tail = event.channel, _tail(event)
    match event.error:
        case "Empty":
            return say("looks for a letter on {channel} and finds none: Empty", channel=channel)
        case "Full":
            return say("finds no room in {channel}: Full", channel=channel)
        case "EOFError":
            return say(
                "listens at {channel}, but the other end is capped for good: EOFError", channel=channel
            )
        case "BrokenPipeError":
            return say(
                "sends into {channel}, but nobody is left at the other end: BrokenPipeError", channel=channel
            )
        case error:
            return say("tries {tail} at {channel}: {error}", tail=tail, channel=channel, error=error)
