"""Hints drawn from the wind in which an answer fails: who, which line, what happened there, what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from game.goals import Bag, Log, Reads
from game.language import joined, listed, say
from game.story import Film, Frame, is_fate, owner, text_of, who
from game.world import ENDED

if TYPE_CHECKING:
    from game.checker.verdict import Failure
    from game.world import System

MOST_WAITING = 4


class Clue(NamedTuple):
    """What a failing wind says to who looks closely: the moments that matter, in order, and what to ask."""

    told: tuple[str, ...]
    asked: tuple[str, ...] = ()

    @property
    def tiers(self) -> tuple[str, ...]:
        """From mild to plain: where to look, what happens from there on, and the question it leads to."""
        first = joined("\n", (say("Look here first:"), self.told[0]))
        tiers = (first, joined("\n", self.told), joined("\n", self.asked))
        return tuple(dict.fromkeys(tier for tier in tiers if tier))


def clue_of(system: System, failure: Failure) -> Clue:
    """What to look at in a failing wind, and the question it leads to; never the answer."""
    film = Film(system, failure.trace)
    found = _lost(film) or _crashed(film) or _stuck(film) or _wrong(film, failure.no_return)
    return found or Clue((_told(film, film.frames[-1]),))


def _placed(film: Film, frame: Frame, told: str) -> str:
    """What was told of a moment, with its number and, but for a porter or the cat, the line of the script."""
    event = frame.event
    if event is None:
        return told
    if not event.line:
        return say("Gust {number}: {told}.", number=frame.number, told=told)
    scripts = {clerk.name: clerk.script for clerk in film.system.level.clerks}
    return say(
        "Gust {number}: {told} (line {line} of `{script}`).",
        number=frame.number,
        told=told,
        line=event.line,
        script=scripts[owner(event.agent)],
    )


def _told(film: Film, frame: Frame) -> str:
    return _placed(film, frame, frame.told or frame.caption)


def _last(film: Film, before: int, agent: str, channel: str, tail: str) -> Frame | None:
    for frame in reversed(film.frames[1:before]):
        event = frame.event
        if event and event.agent == agent and event.channel == channel and event.operation == tail:
            return frame
    return None


def _lost(film: Film) -> Clue | None:
    frame = next((frame for frame in film.frames if frame.lost), None)
    if frame is None or frame.lost is None:
        return None
    lost = frame.lost
    read = _last(film, frame.number, lost.clerk, lost.channel, "read")
    write = _last(film, frame.number, lost.other, lost.channel, "write")
    told: list[str] = []
    if read and read.event:
        result = text_of(read.event.result)
        seen = say(
            "{clerk} reads {result} from {channel}", clerk=lost.clerk, result=result, channel=lost.channel
        )
        told.append(_placed(film, read, seen))
    if write:
        told.append(_told(film, write))
    value = text_of(lost.value)
    wrote = say("{clerk} still counts from the old number and writes {value}", clerk=lost.clerk, value=value)
    told.append(_placed(film, frame, wrote))
    if read:
        question = say(
            "What would keep {other} away from {channel} from gust {first} to gust {last}?",
            other=lost.other,
            channel=lost.channel,
            first=read.number,
            last=frame.number,
        )
    else:
        question = say(
            "What would keep {other} away from {channel} all that time?",
            other=lost.other,
            channel=lost.channel,
        )
    return Clue((*told,), (question,))


def _crashed(film: Film) -> Clue | None:
    frame = next((frame for frame in film.frames if frame.crashed), None)
    if frame is None:
        return None
    told, asked = [_told(film, frame)], list[str]()
    for name in frame.crashed:
        crash = frame.clerks[name].crash
        if crash and not (frame.event and frame.event.error == crash.error):
            told.append(
                say(
                    "{name} stops in line {line} with {error}.", name=name, line=crash.line, error=crash.error
                )
            )
    before = film.frames[frame.number - 1] if frame.number else frame
    if before.movers and any(owner(mover) not in frame.crashed for mover in before.movers):
        others = [who(mover) for mover in before.movers if owner(mover) not in frame.crashed]
        asked.append(
            say(
                "Before it, {others} could have moved as well. Must this wait for somebody?",
                others=listed(others),
            )
        )
    return Clue((*told,), (*asked,))


def _stuck(film: Film) -> Clue | None:
    last = film.frames[-1]
    if last.ending != "stuck":
        return None
    told: list[str] = []
    scripts = {clerk.name: clerk.script for clerk in film.system.level.clerks}
    waiting = [view for view in last.clerks.values() if view.blocked]
    for view in waiting[:MOST_WAITING]:
        who_waits: str = view.name
        if view.line:
            script = scripts[view.name]
            who_waits = say(
                "{clerk} stands in line {line} of `{script}` and",
                clerk=view.name,
                line=view.line,
                script=script,
            )
        told.append(say("{who} {waits}.", who=who_waits, waits=view.blocked))
    dead = [view.name for view in last.clerks.values() if view.life in ENDED]
    keys = all(view.asks and view.asks.operation.endswith("acquire") for view in waiting)
    ring = len({knot.clerk for knot in last.knots}) == len(last.knots) > 1
    if ring and keys:
        asked = say("Each waits for the next one. Who should have given something back before waiting?")
    elif ring:
        asked = say("Each waits for the next one. Who must give before taking?")
    elif last.knots and keys:
        asked = say("Who should have given something back before waiting?")
    elif last.knots:
        asked = say("Who must give before taking?")
    elif dead:
        asked = say("{dead} will do nothing any more. Who was to end that wait, and when?", dead=listed(dead))
    else:
        asked = say("Who was to end that wait, and when?")
    return Clue((*told,), (asked,))


def _wrong(film: Film, no_return: int | None) -> Clue | None:
    """Everybody went home, and the result is wrong: what was done last that shows, what it came from, where
    the wind turned; in the order it happened, and then what to ask."""
    given = _deeds(film, "deliver")
    twice = _twice(film, given)
    turn, remark = ([], "") if twice else _turn(film, no_return)
    shown: list[Frame] = given[-1:]
    questions: list[str] = []
    if not film.frames[-1].left:
        shown, questions = twice or _last_deed(film, given)
    lines: list[str] = []
    for frame in sorted({frame.number: frame for frame in (*shown, *turn)}.values(), key=_number):
        lines.append(_told(film, frame))
        if turn and frame is turn[0] and remark:
            lines.append(remark)
    for token in film.frames[-1].left[:MOST_WAITING]:
        value, name = text_of(token.value), token.spot.name
        lines.append(say("{value} lies in {name} at the end.", value=value, name=name))
        questions = [say("Who was to take it?")]
    if not questions and no_return:
        questions = [say("What should not have been possible there, or should not have mattered?")]
    return Clue((*lines,), (*questions,)) if lines else None


def _number(frame: Frame) -> int:
    return frame.number


def _turn(film: Film, no_return: int | None) -> tuple[list[Frame], str]:
    """The step after which nothing could be saved, else the first that cut in, and what to say of it."""
    at = no_return or next((frame.number for frame in film.frames if frame.preempts), 0)
    if not 0 < at <= len(film):
        return [], ""
    if no_return and at < len(film):
        return [film.frames[at]], say("Until then all could still end well; from there on nothing can.")
    before = film.frames[at - 1].event
    if film.frames[at].preempts and before and not is_fate(before.agent):
        turned = say(
            "There the wind turns away from {agent}, who could have gone on.", agent=who(before.agent)
        )
        return [film.frames[at]], turned
    return [], ""


_Found: TypeAlias = "tuple[list[Frame], list[str]]"


def _twice(film: Film, given: list[Frame]) -> _Found | None:
    """A thing delivered once too often, the delivery before that, and what each had looked at before."""
    wanted = [goal.things for goal in film.system.level.win if isinstance(goal, Log | Bag)]
    seen: dict[object, list[Frame]] = {}
    for frame in given:
        thing = frame.event.argument[0] if frame.event and frame.event.argument else None
        before = seen.setdefault(thing, [])
        before.append(frame)
        if wanted and len(before) > max(1, *[things.count(thing) for things in wanted]):
            asked = say("Each did it because of what it had seen before. Was that still true?")
            both = before[-2:]
            looked = [one for one in (_source(film, delivery) for delivery in both) if one is not None]
            return [*both, *looked], [asked]
    return None


def _last_deed(film: Film, given: list[Frame]) -> _Found:
    """The last delivery, or the last stroke on a board that reads wrong, and what it came from."""
    view = film.system.view(film.world.channels)
    broken = [goal for goal in film.system.level.win if goal.at_the_end(view)]
    boards = {channel for goal in broken if isinstance(goal, Reads) for channel in goal.channels()}
    strokes = [frame for frame in _deeds(film, "write") if frame.event and frame.event.channel in boards]
    if given and not strokes:
        return _delivered(film, given)
    if strokes:
        return _chalked(film, strokes[-1])
    kept = _undelivered(film, [])
    return ([kept], [_where_to(kept)]) if kept else ([], [])


def _where_to(taken: Frame) -> str:
    value = text_of(taken.event.result) if taken.event else ""
    return say("{value} never came to the counter. What became of it?", value=value)


def _delivered(film: Film, given: list[Frame]) -> _Found:
    frame = given[-1]
    kept = _undelivered(film, given)
    if kept is not None:
        return [kept, frame], [_where_to(kept)]
    assert frame.event is not None
    clerk = frame.event.agent
    source = _source(film, frame)
    if source is None or source.event is None:
        return [frame], [say("Until then {clerk} had heard from nobody. How could it know?", clerk=clerk)]
    later = [
        other
        for other in _deeds(film, "write")
        if other.event and other.number > source.number and other.event.channel == source.event.channel
        and other.event.agent != clerk
    ]  # fmt: skip
    if later:
        names = list(dict.fromkeys(other.event.agent for other in later if other.event))
        return [source, frame, later[-1]], [
            say("What {clerk} had seen was out of date by then: {names} wrote after it. What should it have "
                "waited for?", clerk=clerk, names=listed(names))
        ]  # fmt: skip
    sent = _sent(film, source)
    if sent is not None and sent.event is not None:
        return [sent, source, frame], [
            say("What did {sender} know when it sent that, and what did {clerk} still have to learn?",
                sender=sent.event.agent, clerk=clerk)
        ]  # fmt: skip
    return [source, frame], []


def _chalked(film: Film, frame: Frame) -> _Found:
    assert frame.event is not None
    clerk, channel = frame.event.agent, frame.event.channel
    read = _last(film, frame.number, clerk, channel, "read")
    if read is None:
        return [frame], [
            say("{clerk} wrote that without looking. Where does the number come from?", clerk=clerk)
        ]
    return [read, frame], [
        say("{clerk} counts on from what it read. Was it read at the right moment?", clerk=clerk)
    ]


def _deeds(film: Film, operation: str) -> list[Frame]:
    """The steps of one kind, of whatever face: a `write`, a `deliver`."""
    return [
        frame
        for frame in film.frames[1:]
        if frame.event and frame.event.operation.rpartition(".")[2] == operation and not frame.event.error
    ]


def _taken(film: Film) -> list[Frame]:
    """The steps in which a clerk was given something it did not have before."""
    return [
        frame
        for operation in ("get", "recv", "read")
        for frame in _deeds(film, operation)
    ]  # fmt: skip


def _source(film: Film, given: Frame) -> Frame | None:
    """The last step before a delivery in which its clerk came to know anything."""
    assert given.event is not None
    before = [
        frame for frame in _taken(film)
        if frame.event and frame.event.agent == given.event.agent and frame.number < given.number
    ]  # fmt: skip
    return max(before, key=_number, default=None)


def _sent(film: Film, taken: Frame) -> Frame | None:
    """The step in which what was taken had been put there."""
    assert taken.event is not None
    for frame in sorted((*_deeds(film, "put"), *_deeds(film, "send")), key=_number, reverse=True):
        event = frame.event
        if (
            event and frame.number < taken.number and event.channel == taken.event.channel
            and event.argument[:1] == (taken.event.result,) and event.agent != taken.event.agent
        ):  # fmt: skip
            return frame
    return None


def _undelivered(film: Film, given: list[Frame]) -> Frame | None:
    """The first step that took something off a belt or out of a tube which never came to the counter."""
    wanted = [goal for goal in film.system.level.win if isinstance(goal, Log | Bag)]
    out = [frame.event.argument[0] for frame in given if frame.event and frame.event.argument]
    due = {thing for goal in wanted for thing in goal.things if thing not in out}
    taken = [frame for frame in _taken(film) if frame.event and frame.event.operation != "read"]
    missing = [frame for frame in taken if frame.event and frame.event.result in due]
    return min(missing, key=_number, default=None)
