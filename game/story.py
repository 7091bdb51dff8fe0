"""A trace told step by step: what moved from where to where, what each clerk holds in its hand, and a
sentence a beginner understands.

A Film is a trace folded over its system, one Frame for each moment. It draws and prints nothing: the board,
the timeline and the command line show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from game.channels.kind import Picture
from game.deeds import deed
from game.deeds import text_of as text_of  # for who tells stories with us
from game.goals import say
from game.request import DESK, Value
from game.trace import Event, Trace
from game.world import ENDED, ClerkView, Snapshot, System, World


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
    caption   that step in a beginner's words
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
    """

    number: int
    snapshot: Snapshot
    event: Event | None
    caption: str
    label: str
    flights: tuple[Flight, ...]
    tokens: tuple[Token, ...]
    ghosts: tuple[Ghost, ...]
    pasts: tuple[Past, ...]
    lost: Lost | None
    crashed: tuple[str, ...]
    preempts: bool
    movers: tuple[str, ...]
    knots: tuple[Knot, ...]
    ending: str
    left: tuple[Token, ...] = ()

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
    next_token: int
    read: Mapping[tuple[str, str, Value], tuple[int, Value]]
    wrote: Mapping[tuple[str, Value], tuple[int, str, Value]]


class Film:
    """A trace over its system as frames; `frames[n]` is the moment after n steps.

    Raises CannotMove when the trace is no run of this system.
    """

    def __init__(self, system: System, trace: Trace) -> None:
        self.system = system
        self.trace = trace
        memory = _Memory(system.start, 0, {}, {})
        first = _first_frame(system)
        memory = memory._replace(next_token=len(first.tokens))
        frames = [first]
        for event in trace.events:
            frame, memory = _next_frame(system, frames[-1], memory, event)
            frames.append(frame)
        self.frames: tuple[Frame, ...] = tuple(frames)
        self._memory = memory

    def then(self, events: Iterable[Event]) -> Film:
        """This film with more steps: for a run that is still going on."""
        more = tuple(events)
        longer = Film.__new__(Film)
        longer.system = self.system
        longer.trace = replace(self.trace, events=self.trace.events + more)
        frames, memory = list(self.frames), self._memory
        for event in more:
            frame, memory = _next_frame(self.system, frames[-1], memory, event)
            frames.append(frame)
        longer.frames = tuple(frames)
        longer._memory = memory
        return longer

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
        porters = dict.fromkeys(
            frame.event.agent for frame in self.frames if frame.event and frame.event.agent.startswith("~")
        )
        lanes: list[str] = []
        for clerk in self.system.clerks:
            lanes.append(clerk)
            lanes += sorted(porter for porter in porters if porter.rpartition("/")[2] == clerk)
        return tuple(lanes)

    @cached_property
    def waits(self) -> tuple[Span, ...]:
        """Who waited when, and for what, by clerk and time."""
        spans: list[Span] = []
        for clerk in self.system.clerks:
            open_span: Span | None = None
            for frame in self.frames:
                # "(one lies in ada's out-tray)" comes and goes while the wait stays the same.
                text = frame.clerks[clerk].blocked.partition(" (")[0]
                if open_span and open_span.text == text:
                    open_span = open_span._replace(last=frame.number)
                    continue
                if open_span:
                    spans.append(open_span)
                open_span = Span(clerk, frame.number, frame.number, text) if text else None
            if open_span:
                spans.append(open_span)
        return tuple(spans)

    @cached_property
    def readings(self) -> Mapping[str, tuple[Reading, ...]]:
        """For each tally and each row of cards, what it read from when on: one entry a write."""
        found: dict[str, list[Reading]] = {}
        for name, picture in self.frames[0].pictures.items():
            if picture.shape in ("tally", *_ROWS):
                found[name] = [Reading(0, _reading(picture), "")]
        for frame in self.frames[1:]:
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
        return "the cat" if agent.startswith("cat:") else "the signal"
    return f"{owner(agent)}'s porter" if agent.startswith("~") else agent


# -- folding --

_OPENING: Final = {"running": "Nobody has moved yet.", "stuck": "Nobody can move."}


def _first_frame(system: System) -> Frame:
    snapshot = system.look(system.start)
    tokens: list[Token] = []
    for spot, values in _rows(snapshot).items():
        for slot, value in enumerate(values):
            tokens.append(Token(len(tokens), value, spot._replace(slot=slot)))
    ending = system.ending(system.start)
    return Frame(
        0,
        snapshot,
        None,
        _OPENING.get(ending, "Nobody has anything to do."),
        "",
        (),
        tuple(tokens),
        (),
        (),
        None,
        tuple(view.name for view in snapshot.clerks if view.crash),
        False,
        system.enabled(system.start),
        _knots(snapshot, ending),
        ending,
        _left(system, system.start, tokens, ending),
    )


def _next_frame(system: System, before: Frame, memory: _Memory, given: Event) -> tuple[Frame, _Memory]:
    event, world = system.do(memory.world, given.gust)
    number = before.number + 1
    snapshot = system.look(world)
    tokens, flights, next_token = _carry_on(before, snapshot, event, memory.next_token)
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
    caption = tell(event, before.snapshot, snapshot, lost)
    if ending == "stuck":
        caption += ". Now nobody can move"
    frame = Frame(
        number,
        snapshot,
        event,
        caption[0].upper() + caption[1:] if caption.startswith("nobody") else caption,
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
        system.enabled(world),
        _knots(snapshot, ending),
        ending,
        _left(system, world, tokens, ending),
    )
    return frame, _Memory(world, next_token, read, wrote)


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


def _rows(snapshot: Snapshot) -> dict[Spot, tuple[Value, ...]]:
    """Every row of tokens of a moment."""
    rows: dict[Spot, tuple[Value, ...]] = {}
    for name, _, picture in snapshot.channels:
        if name == DESK:
            continue
        rows[Spot("items", name)] = picture.items
        rows[Spot("back", name)] = picture.back
        for clerk, tray in picture.trays:
            rows[Spot("tray", name, clerk)] = tray
    rows[Spot("desk", DESK)] = tuple(thing for _, thing in snapshot.delivered)
    return rows


def _carry_on(
    before: Frame, snapshot: Snapshot, event: Event, next_token: int
) -> tuple[tuple[Token, ...], list[Flight], int]:
    """The tokens after a step, the flights of those that changed places, and the next free number."""
    old_rows, new_rows = _rows(before.snapshot), _rows(snapshot)
    held: dict[Spot, list[Token]] = {spot: [] for spot in (*old_rows, *new_rows)}
    for token in before.tokens:
        held[token.spot._replace(slot=0)].append(token)
    gone: list[Token] = []
    come: list[Spot] = []
    kept: dict[Spot, list[Token | None]] = {}
    for spot in held:
        old, new = old_rows.get(spot, ()), new_rows.get(spot, ())
        if old == new:
            kept[spot] = list(held[spot])
            continue
        stays = _stays(old, new)
        gone += [token for place, token in enumerate(held[spot]) if place not in stays]
        row: list[Token | None] = [None] * len(new)
        for place, there in stays.items():
            row[there] = held[spot][place]
        come += [spot._replace(slot=place) for place, token in enumerate(row) if token is None]
        kept[spot] = row
    actor = Spot("clerk", owner(event.agent))
    flights: list[Flight] = []
    for spot in come:
        value = new_rows[spot._replace(slot=0)][spot.slot]
        found = next((token for token in gone if token.value == value), None)
        if found:
            gone.remove(found)
            number, source = found.number, found.spot
        else:
            number, source, next_token = next_token, actor, next_token + 1
        kept[spot._replace(slot=0)][spot.slot] = Token(number, value, spot)
        flights.append(Flight("token", value, source, spot, number))
    flights += [Flight("token", token.value, token.spot, actor, token.number) for token in gone]
    tokens = [
        token._replace(spot=spot._replace(slot=slot))
        for spot, row in kept.items()
        for slot, token in enumerate(row)
        if token is not None
    ]
    return tuple(tokens), flights, next_token


def _stays(old: Sequence[Value], new: Sequence[Value]) -> dict[int, int]:
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


def _knots(snapshot: Snapshot, ending: str) -> tuple[Knot, ...]:
    """Who waits for whom where it never ends: everybody who waits once nothing moves; before that, circles
    of clerks who each wait for a key the next one holds."""
    views = {view.name: view for view in snapshot.clerks}
    holders = {name: picture.holder for name, _, picture in snapshot.channels if picture.holder}
    edges: dict[str, tuple[str, ...]] = {}
    for view in snapshot.clerks:
        if not view.blocked:
            continue
        if ending == "stuck":
            edges[view.name] = tuple(name for name in view.holders if views[name].life not in ENDED)
        elif view.asks and (holder := holders.get(view.asks.channel)) and view.holders == (holder,):
            edges[view.name] = (holder,)
    circle = {name for name in edges if _reaches(edges, name, name)}
    if ending == "stuck" and not circle:
        circle = set(edges)
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
        return f"{tail} {event.channel[1:]}"
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
            where = f"[{say(event.argument[0])}] " if len(event.argument) > 1 else ""
            return f"write {where}{_short(event.argument[-1])}"
        case "read" if event.argument:
            return f"read [{say(event.argument[0])}] {_short(event.result)}"
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
    return value if isinstance(value, str) and value else say(value)


def tell(event: Event, before: Snapshot, after: Snapshot, lost: Lost | None = None) -> str:
    """A step as a sentence without its full stop: "ada reads 41 from tally"."""
    sentence = f"{who(event.agent)} {_deed(event, before, after, lost)}"
    for view, old in zip(after.clerks, before.clerks, strict=True):
        if view.crash and not old.crash:
            sentence += f"; nobody catches the {view.crash.error}, so {view.name} stops"
        elif view.life == "home" and old.life != "home" and event.operation != "home":
            joined = view.name == event.agent and not lost
            sentence += " and goes home" if joined else f"; {view.name} goes home"
    return sentence


def _deed(event: Event, before: Snapshot, after: Snapshot, lost: Lost | None) -> str:
    channel, tail = event.channel, _tail(event)
    if not channel:
        return "goes home" if event.operation == "home" else event.operation
    if channel.startswith("@"):
        return _deed_to_clerk(event, before)
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
            return f"hands {item} over the counter"
        case "tally", "read":
            return f"reads {result} from {channel}"
        case "tally", "write" if lost:
            return f"chalks {item} on {channel}, over {lost.other}'s {text_of(lost.over)}: a stroke is lost"
        case "tally", "write":
            return f"chalks {item} on {channel}"
        case "cards", "read":
            return f"reads {result} from card {item} of {channel}"
        case "cards" | "wall" as shape, "write":
            new = text_of(event.argument[-1])
            place = f"on card {item}" if shape == "cards" else f"into pigeonhole {item}"
            over = f", over {lost.other}'s {text_of(lost.over)}: an update is lost" if lost else ""
            return f"writes {new} {place} of {channel}{over}"
        case "belt", "put" if any(clerk == event.agent for clerk, _ in picture.trays):
            return f"puts {item} into the out-tray for {channel}"
        case "belt", "carry":
            return f"carries {result} onto {channel}"
        case "belt" | "chute", "put":
            return f"puts {item} on {channel}"
        case "belt" | "chute", "get":
            return f"takes {result} from {channel}"
        case "tube", "send":
            return f"sends {item} into {channel}"
        case "tube", "recv":
            return f"takes {result} out of {channel}"
        case "tube", "poll":
            return f"listens at {channel}: " + ("something is there" if event.result else "nothing yet")
        case "tube", "close":
            return f"caps its copy of end {event.operation.partition('.')[0]} of {channel}"
        case "belt" | "chute", "empty":
            return f"looks at {channel}: it is " + ("empty" if event.result else "not empty")
        case "belt" | "chute", "full":
            return f"looks at {channel}: it is " + ("full" if event.result else "not full")
        case "belt" | "chute", "qsize":
            return f"counts {result} on {channel}"
        case _:
            what = f"does {tail}" + (f"({', '.join(map(say, event.argument))})" if event.argument else "")
            gives = "" if event.result is None else f", which gives {result}"
            return f"{what} at {channel}{gives}"


def _deed_to_clerk(event: Event, before: Snapshot) -> str:
    other = event.channel[1:]
    match event.operation:
        case "nap":
            return f"settles on {other}, who never moves again"
        case "die":
            return f"reaches {other}, whose process ends at once"
    if event.error:
        return f"cannot {event.operation} {other}: {event.error}"
    if event.operation == "start":
        return f"starts {other}"
    match event.operation:
        case "terminate":
            return f"sends {other} the signal to stop"
        case "kill":
            return f"sends {other} the signal that nobody can refuse"
        case "is_alive":
            return f"looks for {other}: " + ("still at work" if event.result else "not at work")
        case "exitcode":
            return f"reads {other}'s exit code: {say(event.result)}"
    life = next((view.life for view in before.clerks if view.name == other), "")
    if life not in ENDED:
        return f"stops waiting for {other}"
    return f"sees that {other} " + ("has gone home" if life == "home" else "is no longer there")


def _deed_with_key(event: Event, picture: Picture) -> str:
    key = f"the key of {event.channel}" if event.operation.startswith("lock.") else f"the key {event.channel}"
    if _tail(event) == "acquire":
        if event.result is False:
            return f"does not get {key}" + (f": {picture.holder} has it" if picture.holder else "")
        return f"takes {key}" + (f" once more ({picture.depth} times now)" if picture.depth > 1 else "")
    if picture.holder:
        return f"gives {key} back once and keeps it {picture.depth} more"
    return f"hangs {key} back on its hook"


def _refused(event: Event, picture: Picture) -> str:
    channel, tail = event.channel, _tail(event)
    match event.error:
        case "Empty":
            return f"looks for a letter on {channel} and finds none: Empty"
        case "Full":
            return f"finds no room in {channel}: Full"
        case "EOFError":
            return f"listens at {channel}, but the other end is capped for good: EOFError"
        case "BrokenPipeError":
            return f"sends into {channel}, but nobody is left at the other end: BrokenPipeError"
        case error:
            return f"tries {tail} at {channel}: {error}"
