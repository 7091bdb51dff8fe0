"""Random small offices with the channels at which clerks sleep, ring, count and reach through hatches."""

from __future__ import annotations

import random

from builders import a_system

from game.channels.barrier import Barrier
from game.channels.condition import Condition
from game.channels.event import Event
from game.channels.joinable_queue import JoinableQueue
from game.channels.queue import Queue
from game.channels.rlock import RLock
from game.channels.semaphore import BoundedSemaphore, Semaphore
from game.channels.shared_memory import SharedMemory
from game.goals import Bag
from game.level.model import Cat

LINES = {
    "queue": [
        "q.put({n})",
        "deliver(q.get())",
        "try:\n        deliver(q.get_nowait())\n    except Empty:\n        deliver(-1)",
        "try:\n        deliver(q.get(timeout=1))\n    except Empty:\n        deliver(-2)",
        "deliver(q.empty())",
        "try:\n        q.put_nowait({n})\n    except Full:\n        deliver(-3)",
        "deliver(q.qsize())",
        "deliver(q.full())",
    ],
    "joinable": [
        "j.put({n})",
        "deliver(j.get())",
        "j.task_done()",
        "deliver(j.get())\n    j.task_done()",
        "j.join()",
        "deliver(j.empty())",
        "deliver(j.qsize())",
    ],
    "event": ["e.set()", "e.clear()", "deliver(e.is_set())", "deliver(e.wait())", "deliver(e.wait(1))"],
    "latch": ["e.set()", "deliver(e.is_set())", "deliver(e.wait())", "deliver(e.wait(timeout=1))"],
    "condition": [
        "with c:\n        c.notify()",
        "with c:\n        c.notify_all()",
        "with c:\n        deliver(c.wait())",
        "with c:\n        deliver(c.wait(1))",
        "with c:\n        c.notify({n})",
        "deliver(c.acquire(False))",
        "c.release()",
    ],
    "barrier": [
        "deliver(b.wait())",
        "deliver(b.wait())",
        "try:\n        deliver(b.wait(1))\n    except BrokenBarrierError:\n        deliver(-1)",
        "try:\n        deliver(b.wait(0))\n    except BrokenBarrierError:\n        deliver(-1)",
        "b.abort()",
        "b.reset()",
        "deliver(b.broken)",
    ],
    "counted": [
        "deliver(b.wait())",
        "deliver(b.n_waiting)",
        "b.reset()",
        "deliver(b.parties)",
        "try:\n        deliver(b.wait())\n    except BrokenBarrierError:\n        deliver(-1)",
    ],
    "tags": [
        "with s:\n        deliver({n})",
        "s.acquire()",
        "s.release()",
        "deliver(s.acquire(False))",
        "deliver(t.acquire(timeout=1))",
        "t.release()",
        "with t:\n        t.release()",
    ],
    "key": ["with r:\n        with r:\n            deliver({n})", "r.release()", "deliver(r.acquire(False))"],
    "wall": ["w.buf[0] = {n}", "deliver(w.buf[0])", "w.buf[1] += 1", "w.close()", "w.unlink()"],
}
NAMES = "qjecbstrw"


def benched_office(seed, cat=False, lines=3):
    chance = random.Random(f"benched {seed}")
    pool = chance.choice(sorted(LINES)) if chance.random() < 0.7 else None
    pools = [pool] if pool else chance.sample(sorted(LINES), k=2)
    scripts = {}
    for name in ("ada", "bob", "cyd")[: chance.randint(2, 3)]:
        body = [
            chance.choice(LINES[chance.choice(pools)]).format(n=chance.randint(0, 2))
            for _ in range(chance.randint(1, lines))
        ]
        parameters = ", ".join(NAMES)
        scripts[name] = f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in body)
    channels = {
        "q": Queue(maxsize=chance.choice([0, 0, 1])),
        "j": JoinableQueue(maxsize=chance.choice([0, 0, 1])),
        "e": Event(),
        "c": Condition(),
        "b": Barrier(parties=chance.choice([1, 2, 2, 3])),
        "s": Semaphore(chance.choice([0, 1, 2])),
        "t": BoundedSemaphore(chance.choice([1, 2])),
        "r": RLock(),
        "w": SharedMemory((0, 7)),
    }
    gets = {name: {letter: letter for letter in NAMES} for name in scripts}
    more = {"cat": Cat(1, ("ada",))} if cat else {}
    return a_system(scripts, channels, gets, win=[Bag(())], **more)
