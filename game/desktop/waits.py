"""What a wait is called where there is little room: fewer words, never half a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from game.channels.kind import OPEN
from game.language import Said, fill, say

_SHORT_WAITS: Final[Mapping[str, tuple[str, ...]]] = {
    "waits for a letter on {channel}": (say("waits for a letter"),),
    "waits for a letter in {channel}": (say("waits for a letter"),),
    "waits for room in {channel}": (say("waits for room"),),
    "waits for a tag of {channel}": (say("waits for a tag"),),
    "waits for {channel}, which it holds itself": (say("waits for itself"),),
    "waits for {channel}, which {holder} holds": (
        say("waits for {channel}", channel=OPEN),
        say("waits for a key"),
    ),
    "waits for the lock of {channel}, which {holder} holds": (
        say("waits for the lock of {channel}", channel=OPEN),
        say("waits for a lock"),
    ),
    "waits for the key of {channel}, which {holder} holds": (
        say("waits for the key of {channel}", channel=OPEN),
        say("waits for a key"),
    ),
}
"""Shorter words for the commonest waits, by what is said in full."""


def short_waits(text: str) -> tuple[str, ...]:
    """What a wait may be called, the fullest first: each a whole thing said."""
    if "out-tray" in text:
        return text, say("out-tray not empty"), say("tray not empty")
    if text.startswith("sleeps "):
        return text, say("sleeps")
    if not isinstance(text, Said) or not text.startswith("waits "):
        return (text,)
    channel = text.parts.get("channel", "")
    short = [fill(one, channel=channel) for one in _SHORT_WAITS.get(text.template, ())]
    return (text, *short, say("waits"))
