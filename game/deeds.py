"""What is done at bells, benches, ferries, hooks and walls, and amid calls, in words for a beginner.

`deed` is the second half of a sentence, after the name of who does it: "falls asleep at bell". Where a call
is taken apart, what a step came to shows in the pictures before and after it.
"""

from __future__ import annotations

from game.channels.kind import Picture
from game.goals import say as words_of
from game.language import say, say_many
from game.request import Doomed, Value
from game.trace import Event

_INSIDE = ".inside"


def text_of(value: Value) -> str:
    """A value as it stands on a parcel or in a sentence: text in quotes, the rest as Python writes it."""
    return f"“{value}”" if isinstance(value, str) else words_of(value)


def deed(event: Event, before: Picture, after: Picture) -> str:
    """What this step does to a channel that looked like this before and after it; "" when there are no words
    for it here."""
    if event.error:
        return _refused(event, before, after)
    bare = after._replace(keepers=(), text="") == before._replace(keepers=(), text="")
    if bare and after.keepers != before.keepers and (said := _keeps(event, before, after)):
        return said
    match after.shape:
        case "flag":
            return _at_flag(event, before, after)
        case "bench":
            return _at_bench(event, before, after)
        case "ferry":
            return _at_ferry(event, before, after)
        case "tags":
            return _at_tags(event, after)
        case "wall":
            return _at_wall(event)
        case "belt" | "chute":
            return _at_belt(event, before, after)
        case "tube" if event.operation.endswith(("recv", "recv.body")):
            return _at_tube(event, before, after)
        case "tally" | "cards" if event.operation in ("read", "write") and after.depth > before.depth:
            return say("takes the key of {channel} for a moment", channel=event.channel)
    return ""


def _keeps(event: Event, before: Picture, after: Picture) -> str:
    """A step that does nothing but shut others out, or let them in again."""
    channel = event.channel
    for place, clerk in after.keepers:
        if (place, clerk) in before.keepers:
            continue
        match place:
            case "key":
                return say("steps up to {channel} and shuts the others out", channel=channel)
            case "wire":
                return say("takes the wire of {channel}", channel=channel)
            case "hatch":
                return say("reaches into the hatch of {channel}", channel=channel)
            case "mouth":
                return say("keeps the mouth of {channel}", channel=channel)
    if event.operation in ("carry", "get.back", "put.back"):
        place = next((place for place, clerk in before.keepers if (place, clerk) not in after.keepers), "")
        match place:
            case "wire":
                return say("gives the wire of {channel} back", channel=channel)
            case "hatch":
                return say("leaves the hatch of {channel}", channel=channel)
            case "mouth":
                return say("leaves the mouth of {channel}", channel=channel)
    return ""


def _at_flag(event: Event, before: Picture, after: Picture) -> str:
    channel = event.channel
    match event.operation.removesuffix(_INSIDE), event.result:
        case "is_set", True:
            return say("looks at {channel}: the flag is up", channel=channel)
        case "is_set", _:
            return say("looks at {channel}: the flag is down", channel=channel)
        case "set", _ if before.number and not after.tickets:
            return say("rings {channel}, whose flag is up already", channel=channel)
        case "set", _ if after.tickets:
            return say_many(
                "rings {channel}: the flag goes up, and a sleeper may wake",
                "rings {channel}: the flag goes up, and {count} sleepers may wake",
                after.tickets,
                channel=channel,
            )
        case "set", _:
            return say("rings {channel}: the flag goes up", channel=channel)
        case "clear", _:
            return say("lowers the flag of {channel}", channel=channel)
        case "wait" | "wait.again", True:
            return say("finds the flag of {channel} up", channel=channel)
        case "wait", False:
            return say("stops waiting for {channel}", channel=channel)
        case "wait.again", False:
            return say("finds the flag of {channel} down and waits no longer", channel=channel)
    return _asleep(event, before, after)


def _at_bench(event: Event, before: Picture, after: Picture) -> str:
    channel = event.channel
    match event.operation, event.result:
        case "acquire", False:
            return say("does not get the key of {channel}", channel=channel)
        case "acquire", _ if after.depth > 1:
            return say(
                "takes the key of {channel} once more ({depth} times now)", channel=channel, depth=after.depth
            )
        case "acquire", _:
            return say("takes the key of {channel}", channel=channel)
        case "release", _ if after.holder:
            return say(
                "gives the key of {channel} back once and keeps it {depth} more",
                channel=channel,
                depth=after.depth,
            )
        case "release", _:
            return say("hangs the key of {channel} back on its hook", channel=channel)
        case "wait", _:
            return say("gives the key of {channel} back and falls asleep", channel=channel)
        case "wait.late" | "wait.awake", _:
            return say("gets up from the bench of {channel}", channel=channel)
        case "wait.again", False:
            return say("takes the key of {channel} again; nobody has rung in time", channel=channel)
        case "wait.again", _:
            return say("takes the key of {channel} again", channel=channel)
        case "notify" | "notify_all", _ if not after.tickets:
            return say("rings {channel}, but nobody sleeps there", channel=channel)
        case "notify" | "notify_all", _:
            return say_many(
                "rings {channel} for one sleeper", "rings {channel} for {count} sleepers", after.tickets,
                channel=channel,
            )  # fmt: skip
    return _asleep(event, before, after)


def _asleep(event: Event, before: Picture, after: Picture) -> str:
    """Falling asleep, waking, and waiting until those who were rung for have stirred."""
    channel, clerk = event.channel, event.agent
    if event.operation.endswith((".rung", ".cleared", ".sinking")):
        return say("has seen everybody stir who was rung for at {channel}", channel=channel)
    if after.tickets < before.tickets:
        return say("is woken at {channel}", channel=channel)
    if clerk in after.sleepers and clerk not in before.sleepers:
        return say("falls asleep at {channel}", channel=channel)
    if event.operation.endswith((".asleep", ".aboard", ".quay")):
        return say("sleeps at {channel} no longer", channel=channel)
    return ""


def _at_ferry(event: Event, before: Picture, after: Picture) -> str:
    channel = event.channel
    operation = event.operation.removesuffix(_INSIDE)
    match operation, event.result:
        case "parties", result:
            return say("reads that {channel} takes {count}", channel=channel, count=words_of(result))
        case "broken", True:
            return say("looks at {channel}: it is broken", channel=channel)
        case "broken", _:
            return say("looks at {channel}: it is not broken", channel=channel)
        case "n_waiting", None:
            return say("looks whether anybody waits at {channel}", channel=channel)
        case "n_waiting" | "n_waiting.count", result:
            return say("counts {count} waiting at {channel}", count=words_of(result), channel=channel)
        case "abort", _:
            return say("calls {channel} off for good", channel=channel)
        case "reset", _ if before.number:
            return say("calls this crossing of {channel} off", channel=channel)
        case "reset", _:
            return say("makes {channel} as new", channel=channel)
        case "wait", int() as came if came + 1 == after.capacity:
            return say("comes last to {channel}: everybody may go", channel=channel)
        case "wait", None if event.agent in after.sleepers:
            return say(
                "goes aboard {channel}: {count} of {all} are here",
                channel=channel,
                count=after.number,
                all=after.capacity,
            )
        case "wait", None:
            return say("waits on the quay of {channel}", channel=channel)
        case "wait.full", _:
            return say("finds {channel} full: everybody may go", channel=channel)
        case "wait.landed", None if event.agent in after.sleepers and after.phase == "filling":
            return say("goes on sleeping aboard {channel}", channel=channel)
        case "wait.landed" | "wait.late", None if after.phase == "broken" and before.phase == "filling":
            return say("waits no longer: {channel} is broken", channel=channel)
        case _, int() as came if operation.startswith("wait"):
            return say(
                "goes ashore from {channel}, having come as number {number}", channel=channel, number=came
            )
    return _asleep(event, before, after)


def _at_tags(event: Event, after: Picture) -> str:
    match event.operation, event.result:
        case "acquire", False:
            return say("finds no tag on {channel}", channel=event.channel)
        case "acquire", _:
            return say_many(
                "takes a tag from {channel} (one left)", "takes a tag from {channel} ({count} left)",
                _number(after), channel=event.channel,
            )  # fmt: skip
        case "release", _:
            return say_many(
                "hangs a tag on {channel} (one there now)", "hangs a tag on {channel} ({count} there now)",
                _number(after), channel=event.channel,
            )  # fmt: skip
    return ""


def _number(picture: Picture) -> int:
    return picture.number if isinstance(picture.number, int) else 0


def _at_tube(event: Event, before: Picture, after: Picture) -> str:
    """Receiving where others receive as well: how long, then the letter."""
    channel = event.channel
    if event.operation.endswith(".body"):
        if event.result is None and len(before.items + before.back) <= len(after.items + after.back):
            return say("has only a part of a letter from {channel}", channel=channel)
        if event.result is not None:
            return say("takes {item} out of {channel}", item=text_of(event.result), channel=channel)
        return say("swallows what is in {channel}", channel=channel)
    if (
        after.phase
        and event.result is None
        and len(before.items + before.back) == len(after.items + after.back)
    ):
        return say("reads how long the next letter in {channel} is", channel=channel)
    return ""


def _at_wall(event: Event) -> str:
    channel = event.channel
    match event.operation:
        case "close":
            return say("closes its view of {channel}", channel=channel)
        case "unlink":
            return say("has {channel} taken down once everybody has closed it", channel=channel)
        case "read":
            hole, value = words_of(event.argument[0]), text_of(event.result)
            return say(
                "reads {value} in pigeonhole {hole} of {channel}", value=value, hole=hole, channel=channel
            )
        case "write":
            hole, value = words_of(event.argument[0]), text_of(event.argument[1])
            return say(
                "puts {value} into pigeonhole {hole} of {channel}", value=value, hole=hole, channel=channel
            )
    return ""


def _at_belt(event: Event, before: Picture, after: Picture) -> str:
    """What a plain queue's sentences do not say: receipts, and calls that are taken apart."""
    channel = event.channel
    match event.operation.removesuffix(_INSIDE):
        case "task_done":
            return say_many(
                "closes a receipt of {channel} (one open)", "closes a receipt of {channel} ({count} open)",
                after.receipts or 0, channel=channel,
            )  # fmt: skip
        case "join" if event.agent not in after.sleepers:
            return say("sees that no receipt of {channel} is open", channel=channel)
        case "join.awake":
            return say("goes on from {channel}", channel=channel)
        case "put" if after.receipts is not None and after.trays == before.trays:
            return say("is counted in at {channel}", channel=channel)
        case "put.stow":
            item = text_of(event.argument[0])
            return say("puts {item} into the out-tray for {channel}", item=item, channel=channel)
        case "put.change" if before.wet == after.wet and before.trays == after.trays:
            item = text_of(event.argument[0])
            return say("changes its list to {item}, too late for {channel}", item=item, channel=channel)
        case "put.change":
            item = text_of(event.argument[0])
            return say("changes the list in its out-tray for {channel} to {item}", item=item, channel=channel)
        case "carry" if (doomed := _given_up(event, before, after)) is not None:
            return say(
                "cannot pack {item} for {channel}: {error}; it is gone, and nobody is told",
                item=text_of(doomed),
                channel=channel,
                error=doomed.error,
            )
        case "carry" if before.wet != after.wet and before.trays == after.trays:
            sealed = next(tray[0] for name, tray in before.trays if event.agent.endswith(f"/{name}"))
            return say("seals {item} for {channel}", item=text_of(sealed), channel=channel)
        case "put.letter":
            return say("puts {item} on {channel}", item=text_of(event.argument[0]), channel=channel)
        case "get" | "get.letter" if len(before.items) > len(after.items) and event.result is None:
            return say("takes {item} from {channel}", item=text_of(before.items[0]), channel=channel)
        case "get.count":
            return say("is counted out at {channel}", channel=channel)
    return _asleep(event, before, after)


def _given_up(event: Event, before: Picture, after: Picture) -> Doomed | None:
    """What a porter has just found that it cannot pickle."""
    tray = next((tray for name, tray in before.trays if event.agent.endswith(f"/{name}")), ())
    gone = len(before.items) == len(after.items) and before.trays != after.trays
    return tray[0] if gone and tray and isinstance(tray[0], Doomed) else None


def _refused(event: Event, picture: Picture, after: Picture) -> str:
    channel, operation = event.channel, event.operation
    match event.error, picture.shape:
        case "BrokenBarrierError", "ferry" if (picture.phase, after.phase) == ("filling", "broken"):
            return say("waits no longer: {channel} is broken, BrokenBarrierError", channel=channel)
        case "BrokenBarrierError", _:
            return say("finds {channel} broken: BrokenBarrierError", channel=channel)
        case "EOFError", "tube" if picture.phase and (picture.items or picture.back):
            return say("takes a scrap of a letter in {channel} for its length: EOFError", channel=channel)
        case "UnpicklingError", "tube":
            return say("has scraps of two letters from {channel}: UnpicklingError", channel=channel)
        case "ValueError", "tags":
            return say("has a tag too many for {channel}: ValueError", channel=channel)
        case "ValueError", "belt" if operation.startswith("task_done"):
            return say("finds no open receipt of {channel}: ValueError", channel=channel)
        case "AssertionError", "bench" | "key":
            return say("does not have the key of {channel}: AssertionError", channel=channel)
        case "FileNotFoundError", "wall":
            return say("finds {channel} taken down already: FileNotFoundError", channel=channel)
        case "TypeError", "wall" if operation in ("read", "write") and event.agent in picture.closed:
            return say("has closed its view of {channel}: TypeError", channel=channel)
    return ""
