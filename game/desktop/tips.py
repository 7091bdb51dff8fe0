"""What stands in the tooltips of a board: the whole of what a drawing has no room for."""

from __future__ import annotations

from game.channels.kind import Picture
from game.desktop.layout import Box, Point
from game.desktop.staging import Reel, Staging, writer_of
from game.goals import say as words_of
from game.language import joined, say
from game.story import Frame, Token
from game.world import ClerkView


def tip_of(reel: Reel, staging: Staging, frame: Frame, here: Point) -> str:
    """What is at a point of the board (in lengths of the design), or ""."""
    plan = staging.plan
    for token in frame.tokens:
        stay = staging.stays(frame).get(token.number)
        if stay and stay.shown:
            w, h = stay.size
            if Box(stay.at[0] - w / 2, stay.at[1] - h / 2, w, h).has(here):
                return _token_tip(token, frame)
    for view in frame.snapshot.clerks:
        card = plan.cards.get(view.name)
        if card and card.has(here):
            return _clerk_tip(view, reel, frame)
    for (clerk, channel), box in plan.trays.items():
        if box.has(here):
            tokens = dict(frame.pictures[channel].trays).get(clerk, ())
            return say(
                "{clerk}'s out-tray for {channel}: {held}\n"
                "{clerk}'s porter carries it onto {channel}, when it likes",
                clerk=clerk,
                channel=channel,
                held=", ".join(map(words_of, tokens)) or say("empty"),
            )
    for name, kind, picture in frame.snapshot.channels:
        place = plan.channels.get(name)
        if place and place.has(here):
            return _channel_tip(name, kind, picture, reel, frame)
    if plan.counter and plan.counter.has(here):
        given = ", ".join(f"{words_of(thing)} ({clerk})" for clerk, thing in frame.snapshot.delivered)
        return say("public counter: {given}\ndeliver(x)", given=given or say("nothing delivered yet"))
    return ""


def _token_tip(token: Token, frame: Frame) -> str:
    where = {
        "tray": say("in {clerk}'s out-tray for {name}", clerk=token.spot.clerk, name=token.spot.name),
        "desk": say("on the counter"),
        "items": say("in {name}", name=token.spot.name),
        "back": say("in {name}, on its way back", name=token.spot.name),
    }[token.spot.where]
    text = repr(token.value) if isinstance(token.value, str) else words_of(token.value)
    if token.spot.where == "desk" and token.spot.slot < len(frame.snapshot.delivered):
        where = say("{where}, from {clerk}", where=where, clerk=frame.snapshot.delivered[token.spot.slot][0])
    lines = [text, where]
    writer = writer_of(frame, token.spot)
    if writer:
        lines.append(say("not sealed yet: what {clerk} changes in it now goes along", clerk=writer))
    elif writer is not None:
        lines.append(say("not sealed yet"))
    if token in frame.left:
        lines.append(say("nobody will collect it any more"))
    return joined("\n", lines)


def _clerk_tip(view: ClerkView, reel: Reel, frame: Frame) -> str:
    pid = reel.pids.get(view.name)
    lines: list[str] = [
        say("{name}: multiprocessing.Process", name=view.name) + (say(", pid {pid}", pid=pid) if pid else "")
    ]
    lives = {
        "new": say("not started yet"),
        "home": say("gone home (exit code 0)"),
        "crashed": say("stopped (exit code 1)"),
        "terminated": say("sent away by a signal (exit code -15)"),
        "killed": say("ended by a signal (exit code -9)"),
        "napped": say(
            "the cat sleeps here: the process was killed (exit code -9), its keys stay where they are"
        ),
    }
    if view.crash:
        error = joined(": ", [part for part in (view.crash.error, view.crash.message) if part])
        lines.append(say("line {line} raised {error}", line=view.crash.line, error=error))
    elif view.life in lives:
        lines.append(lives[view.life])
    elif view.blocked:
        lines.append(view.blocked)
    elif view.asks:
        lines.append(
            say(
                "line {line}: next {operation} at {channel}",
                line=view.line,
                operation=view.asks.operation,
                channel=view.asks.channel.removeprefix("@"),
            )
        )
    for ghost in frame.ghosts:
        if ghost.clerk == view.name:
            where = ghost.channel if ghost.cell == "" else f"{ghost.channel}[{words_of(ghost.cell)}]"
            mind = say("has {value} in mind, read from {where}", value=words_of(ghost.value), where=where)
            if ghost.stale:
                mind = say("{mind}; {clerk} has written there since", mind=mind, clerk=ghost.stale)
            lines.append(mind)
    for name, picture in frame.pictures.items():
        if picture.holder == view.name:
            if picture.shape == "key":
                held = say("holds the key {name}", name=name)
            else:
                held = say("holds the key of {name}", name=name)
            lines.append(_times(held, picture.depth))
    return joined("\n", lines)


def _times(text: str, depth: int) -> str:
    return say("{text}, {depth} times", text=text, depth=depth) if depth > 1 else text


def _channel_tip(name: str, kind: str, picture: Picture, reel: Reel, frame: Frame) -> str:
    lines = [f"{name}: {reel.classes.get(name) or kind}"]
    counts = picture.shape in ("tags", "flag", "ferry")  # their own text says it better
    if picture.number is not None and not counts:
        lines.append(say("reads {value}", value=words_of(picture.number)))
    if picture.cells:
        lines.append(say("reads {value}", value=", ".join(map(words_of, picture.cells))))
    if picture.shape in ("belt", "chute") or picture.items:
        items = ", ".join(map(words_of, picture.items)) or say("nothing")
        lines.append(say("inside: {items}", items=items))
    if picture.back:
        lines.append(say("on the way back: {items}", items=", ".join(map(words_of, picture.back))))
    if picture.capacity and not counts:
        lines.append(say("room for {capacity}", capacity=picture.capacity))
    if picture.holder:
        lines.append(_times(say("key: {clerk}", clerk=picture.holder), picture.depth))
    elif picture.shape == "key" or name in reel.locks:
        lines.append(say("the key hangs on its hook"))
    if picture.text:
        lines.append(picture.text)
    for past in frame.pasts:
        if past.channel == name:
            wrote = say("{clerk} wrote over {value}", clerk=past.writer, value=words_of(past.value))
            if past.cell != "":
                wrote = say("card {card}: {wrote}", card=words_of(past.cell), wrote=wrote)
            lines.append(wrote)
    return joined("\n", lines)
