"""What stands in the tooltips of a board: the whole of what a drawing has no room for."""

from __future__ import annotations

from game.channels.kind import Picture
from game.desktop.layout import Box, Point
from game.desktop.staging import Reel, Staging
from game.goals import say
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
            held = ", ".join(map(say, tokens)) or "empty"
            then = f"{clerk}'s porter carries it onto {channel}, when it likes"
            return f"{clerk}'s out-tray for {channel}: {held}\n{then}"
    for name, kind, picture in frame.snapshot.channels:
        place = plan.channels.get(name)
        if place and place.has(here):
            return _channel_tip(name, kind, picture, reel, frame)
    if plan.counter and plan.counter.has(here):
        given = ", ".join(f"{say(thing)} ({clerk})" for clerk, thing in frame.snapshot.delivered)
        return f"public counter: {given or 'nothing delivered yet'}\ndeliver(x)"
    return ""


def _token_tip(token: Token, frame: Frame) -> str:
    where = {
        "tray": f"in {token.spot.clerk}'s out-tray for {token.spot.name}",
        "desk": "on the counter",
        "items": f"in {token.spot.name}",
        "back": f"in {token.spot.name}, on its way back",
    }[token.spot.where]
    text = repr(token.value) if isinstance(token.value, str) else say(token.value)
    if token.spot.where == "desk" and token.spot.slot < len(frame.snapshot.delivered):
        where += f", from {frame.snapshot.delivered[token.spot.slot][0]}"
    lost = "\nnobody will collect it any more" if token in frame.left else ""
    return f"{text}\n{where}{lost}"


def _clerk_tip(view: ClerkView, reel: Reel, frame: Frame) -> str:
    pid = reel.pids.get(view.name)
    lines = [f"{view.name}: multiprocessing.Process" + (f", pid {pid}" if pid else "")]
    lives = {
        "new": "not started yet",
        "home": "gone home (exit code 0)",
        "crashed": "stopped (exit code 1)",
        "terminated": "sent away by a signal (exit code -15)",
        "killed": "ended by a signal (exit code -9)",
        "napped": "the cat sleeps here: the process was killed (exit code -9), its keys stay where they are",
    }
    if view.crash:
        why = f": {view.crash.message}" if view.crash.message else ""
        lines.append(f"line {view.crash.line} raised {view.crash.error}{why}")
    elif view.life in lives:
        lines.append(lives[view.life])
    elif view.blocked:
        lines.append(view.blocked)
    elif view.asks:
        lines.append(f"line {view.line}: next {view.asks.operation} at {view.asks.channel.removeprefix('@')}")
    for ghost in frame.ghosts:
        if ghost.clerk == view.name:
            since = f"; {ghost.stale} has written there since" if ghost.stale else ""
            where = ghost.channel if ghost.cell == "" else f"{ghost.channel}[{say(ghost.cell)}]"
            lines.append(f"has {say(ghost.value)} in mind, read from {where}{since}")
    for name, picture in frame.pictures.items():
        if picture.holder == view.name:
            times = f", {picture.depth} times" if picture.depth > 1 else ""
            lines.append(f"holds the key {'of ' if picture.shape != 'key' else ''}{name}{times}")
    return "\n".join(lines)


def _channel_tip(name: str, kind: str, picture: Picture, reel: Reel, frame: Frame) -> str:
    lines = [f"{name}: {reel.classes.get(name) or kind}"]
    if picture.number is not None:
        lines.append(f"reads {say(picture.number)}")
    if picture.cells:
        lines.append("reads " + ", ".join(map(say, picture.cells)))
    if picture.shape in ("belt", "chute") or picture.items:
        lines.append("inside: " + (", ".join(map(say, picture.items)) or "nothing"))
    if picture.back:
        lines.append("on the way back: " + ", ".join(map(say, picture.back)))
    if picture.capacity:
        lines.append(f"room for {picture.capacity}")
    if picture.holder:
        lines.append(f"key: {picture.holder}" + (f", {picture.depth} times" if picture.depth > 1 else ""))
    elif picture.shape == "key" or name in reel.locks:
        lines.append("the key hangs on its hook")
    if picture.text:
        lines.append(picture.text)
    for past in frame.pasts:
        if past.channel == name:
            where = "" if past.cell == "" else f"card {say(past.cell)}: "
            lines.append(f"{where}{past.writer} wrote over {say(past.value)}")
    return "\n".join(lines)
