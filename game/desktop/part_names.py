"""What the kinds of parts are called in the office, and what a new one of each is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from game.language import Said, say

NAMES: Final[Mapping[str, tuple[Said, str]]] = {
    "queue": (say("belt"), "belt"),
    "simple_queue": (say("chute"), "chute"),
    "joinable_queue": (say("receipt belt"), "belt"),
    "pipe": (say("tube"), "tube"),
    "value": (say("tally board"), "tally"),
    "array": (say("index cards"), "cards"),
    "lock": (say("key on a hook"), "key"),
    "rlock": (say("key that counts"), "key"),
    "semaphore": (say("tags on a hook"), "tags"),
    "bounded_semaphore": (say("tags, no more"), "tags"),
    "event": (say("bell with a flag"), "bell"),
    "condition": (say("key with a bench"), "bench"),
    "barrier": (say("ferry"), "ferry"),
    "shared_memory": (say("pigeonholes"), "wall"),
}


def part_name(kind: str) -> str:
    """What a kind is called in the office; a plugin's as it calls itself."""
    return NAMES[kind][0] if kind in NAMES else kind


def usual_name(kind: str) -> str:
    """What a new part of a kind is named."""
    return NAMES[kind][1] if kind in NAMES else kind
