"""Small offices around everything clerks meet and wait at, each with a wind to a telling moment."""

from __future__ import annotations

from collections.abc import Mapping

from builders import a_system

from game.channels.barrier import Barrier
from game.channels.condition import Condition
from game.channels.event import Event
from game.channels.joinable_queue import JoinableQueue
from game.channels.kind import Kind
from game.channels.rlock import RLock
from game.channels.semaphore import Semaphore
from game.channels.shared_memory import SharedMemory
from game.world import System


def _office(bodies: Mapping[str, str], kind: Kind) -> System:
    """Clerks who share one thing, `it`; each line of a body is a statement."""
    scripts = {
        name: f"def {name}(it):\n" + "".join(f"    {line}\n" for line in body.splitlines())
        for name, body in bodies.items()
    }
    return a_system(scripts, {"it": kind}, {name: {"it": "it"} for name in bodies})


_IN_TURN = "with it:\n    deliver(1)"


def tags() -> System:
    return _office(dict.fromkeys(("ada", "bob", "cyd", "dan"), _IN_TURN), Semaphore(2))


def flag() -> System:
    return _office(
        {"ada": "it.wait()\ndeliver(1)", "bob": "it.wait()\ndeliver(1)", "cyd": "it.set()"}, Event()
    )


def bench() -> System:
    sleep = "with it:\n    it.wait()"
    return _office(
        {"ada": sleep, "bob": sleep, "cyd": "with it:\n    it.notify()\n    deliver(1)"}, Condition()
    )


def ferry() -> System:
    return _office(dict.fromkeys(("ada", "bob", "cyd"), "it.wait()\ndeliver(1)"), Barrier(3))


def wreck() -> System:
    return _office({"ada": "it.wait()", "bob": "it.abort()", "cyd": "it.wait()"}, Barrier(3))


def wall() -> System:
    return _office(
        {"ada": "it.buf[0] = 7\nit.close()\nit.unlink()", "bob": "it.buf[1] += it.buf[0]"},
        SharedMemory((0, 7, 255)),
    )


def counted_key() -> System:
    return _office({"ada": "with it:\n    with it:\n        deliver(1)", "bob": _IN_TURN}, RLock())


def receipts() -> System:
    return _office(
        {"ada": "it.put('one')\nit.put('two')\nit.join()", "bob": "deliver(it.get())\nit.task_done()"},
        JoinableQueue(),
    )


MEETING_PLACES = {
    "tags": (tags, "ada bob"),
    "flag": (flag, "cyd ada"),
    "bench": (bench, "ada ada bob bob cyd cyd"),
    "ferry": (ferry, "ada bob"),
    "wreck": (wreck, "ada bob"),
    "wall": (wall, "ada ada bob"),
    "counted key": (counted_key, "ada ada"),
    "receipts": (receipts, "ada ada ~it/ada bob"),
}
