"""What ships with the game, offered through the same hooks as a stranger's plugin."""

from __future__ import annotations

from pathlib import Path

from game.channels.array import SharedArray
from game.channels.barrier import Barrier
from game.channels.condition import Condition
from game.channels.event import Event
from game.channels.joinable_queue import JoinableQueue
from game.channels.kind import Kind
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.rlock import RLock
from game.channels.semaphore import BoundedSemaphore, Semaphore
from game.channels.shared_memory import SharedMemory
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.goals import (
    Bag,
    Either,
    Fails,
    Goal,
    LeftOver,
    Log,
    MayFail,
    NoStarvation,
    PeakAtMost,
    Reads,
    Soon,
    Within,
)
from game.places import shipped_packs
from game.plugins import hookimpl


@hookimpl
def draughty_kinds() -> list[type[Kind]]:
    return [
        Queue,
        SimpleQueue,
        JoinableQueue,
        Pipe,
        SharedValue,
        SharedArray,
        Lock,
        RLock,
        Semaphore,
        BoundedSemaphore,
        Event,
        Condition,
        Barrier,
        SharedMemory,
    ]


@hookimpl
def draughty_goals() -> list[type[Goal]]:
    return [Log, Bag, Either, Reads, Within, LeftOver, MayFail, NoStarvation, PeakAtMost, Soon, Fails]


@hookimpl
def draughty_level_packs() -> list[Path]:
    return shipped_packs()
