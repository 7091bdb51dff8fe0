"""What is done at bells, benches, ferries, hooks and walls, told step by step."""

from __future__ import annotations

import pytest
from builders import a_system

from game.channels.barrier import Barrier
from game.channels.condition import Condition
from game.channels.event import Event
from game.channels.joinable_queue import JoinableQueue
from game.channels.kind import Kind
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.rlock import RLock
from game.channels.semaphore import BoundedSemaphore, Semaphore
from game.channels.shared_memory import SharedMemory
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.level.model import Cat
from game.story import Film


def told(kind: Kind, scripts: dict[str, str], wind: str, cat: bool = False) -> list[str]:
    """The captions of a wind; every script is the body of a function of `c`."""
    texts = {
        name: f"def {name}(c):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
        for name, body in scripts.items()
    }
    more = {"cat": Cat(1, ("ada",))} if cat else {}
    system = a_system(texts, {"c": kind}, {name: {"c": "c"} for name in texts}, **more)
    trace, _ = system.follow(wind.split())
    assert len(trace.events) == len(wind.split())
    return [frame.caption for frame in Film(system, trace).frames[1:]]


STORIES: list[tuple[Kind, dict[str, str], str, bool, list[str]]] = [
    (
        Event(),
        {"ada": "deliver(c.wait())\ndeliver(c.wait(1))", "bob": "deliver(c.is_set())\nc.set()\nc.clear()"},
        "bob ada bob bob ada bob ada bob ada ada ada ada ada",
        False,
        [
            "bob looks at c: the flag is down",
            "ada falls asleep at c",
            "bob hands False over the counter",
            "bob rings c: the flag goes up, and a sleeper may wake",
            "ada is woken at c",
            "bob has seen everybody stir who was rung for at c",
            "ada finds the flag of c up",
            "bob lowers the flag of c and goes home",
            "ada hands True over the counter",
            "ada falls asleep at c",
            "ada sleeps at c no longer",
            "ada finds the flag of c down and waits no longer",
            "ada hands False over the counter and goes home",
        ],
    ),
    (
        Event(),
        {"ada": "deliver(c.wait())", "bob": "c.set()"},
        "ada ada bob ada bob ada ada",
        True,
        [
            "ada steps up to c and shuts the others out",
            "ada falls asleep at c",
            "bob rings c: the flag goes up, and a sleeper may wake",
            "ada is woken at c",
            "bob has seen everybody stir who was rung for at c and goes home",
            "ada steps up to c and shuts the others out",
            "ada finds the flag of c up",
        ],
    ),
    (
        Condition(),
        {
            "ada": "with c:\n    deliver(c.wait())",
            "bob": "with c:\n    c.notify()",
            "cy": "with c:\n    c.notify_all()\n    deliver(c.wait(1))",
        },
        "ada ada bob bob ada bob bob ada ada ada cy cy cy cy cy cy cy cy",
        False,
        [
            "ada takes the key of c",
            "ada gives the key of c back and falls asleep",
            "bob takes the key of c",
            "bob rings c for one sleeper",
            "ada is woken at c",
            "bob has seen everybody stir who was rung for at c",
            "bob hangs the key of c back on its hook and goes home",
            "ada takes the key of c again",
            "ada hands True over the counter",
            "ada hangs the key of c back on its hook and goes home",
            "cy takes the key of c",
            "cy rings c, but nobody sleeps there",
            "cy gives the key of c back and falls asleep",
            "cy sleeps at c no longer",
            "cy gets up from the bench of c",
            "cy takes the key of c again; nobody has rung in time",
            "cy hands False over the counter",
            "cy hangs the key of c back on its hook and goes home",
        ],
    ),
    (
        Barrier(2),
        {
            "ada": "deliver(c.wait())\nc.abort()",
            "bob": "deliver(c.broken)\ndeliver(c.wait())\ndeliver(c.wait())",
        },
        "bob bob ada bob bob ada ada ada bob",
        False,
        [
            "bob looks at c: it is not broken",
            "bob hands False over the counter",
            "ada goes aboard c: 1 of 2 are here",
            "bob comes last to c: everybody may go",
            "bob hands 1 over the counter",
            "ada goes ashore from c, having come as number 0",
            "ada hands 0 over the counter",
            "ada calls c off for good and goes home",
            "bob finds c broken: BrokenBarrierError; nobody catches the BrokenBarrierError, so bob stops",
        ],
    ),
    (
        Barrier(2),
        {"ada": "deliver(c.n_waiting)\ndeliver(c.wait())\nc.reset()", "bob": "deliver(c.wait())"},
        "bob ada ada ada ada ada bob ada bob bob ada ada",
        False,
        [
            "bob goes aboard c: 1 of 2 are here",
            "ada looks whether anybody waits at c",
            "ada counts 1 waiting at c",
            "ada hands 1 over the counter",
            "ada goes aboard c: 2 of 2 are here",
            "ada finds c full: everybody may go",
            "bob is woken at c",
            "ada goes ashore from c, having come as number 1",
            "bob goes ashore from c, having come as number 0",
            "bob hands 0 over the counter and goes home",
            "ada hands 1 over the counter",
            "ada makes c as new and goes home",
        ],
    ),
    (
        Barrier(2),
        {"ada": "deliver(c.wait(1))", "bob": "deliver(c.parties)\nc.reset()\ndeliver(c.wait())"},
        "bob bob bob ada ada bob",
        False,
        [
            "bob reads that c takes 2",
            "bob hands 2 over the counter",
            "bob makes c as new",
            "ada goes aboard c: 1 of 2 are here",
            "ada waits no longer: c is broken, BrokenBarrierError; "
            "nobody catches the BrokenBarrierError, so ada stops",
            "bob finds c broken: BrokenBarrierError; nobody catches the BrokenBarrierError, so bob stops",
        ],
    ),
    (
        Semaphore(1),
        {"ada": "with c:\n    deliver(1)", "bob": "deliver(c.acquire(False))\nc.release()\nc.release()"},
        "ada bob ada ada bob bob bob",
        False,
        [
            "ada takes a tag from c (0 left)",
            "bob finds no tag on c",
            "ada hands 1 over the counter",
            "ada hangs a tag on c (one there now) and goes home",
            "bob hands False over the counter",
            "bob hangs a tag on c (2 there now)",
            "bob hangs a tag on c (3 there now) and goes home",
        ],
    ),
    (
        BoundedSemaphore(1),
        {"ada": "c.release()"},
        "ada",
        False,
        [
            "ada has a tag too many for c: ValueError; nobody catches the ValueError, so ada stops",
        ],
    ),
    (
        RLock(),
        {"ada": "with c:\n    with c:\n        deliver(1)", "bob": "c.release()"},
        "ada ada bob ada ada ada",
        False,
        [
            "ada takes the key c",
            "ada takes the key c once more (2 times now)",
            "bob does not have the key of c: AssertionError; nobody catches the AssertionError, so bob stops",
            "ada hands 1 over the counter",
            "ada gives the key c back once and keeps it 1 more",
            "ada hangs the key c back on its hook and goes home",
        ],
    ),
    (
        JoinableQueue(),
        {"ada": "c.put('tea')\nc.join()", "bob": "deliver(c.get())\nc.task_done()\nc.task_done()"},
        "ada ~c/ada bob bob bob ada bob",
        False,
        [
            "ada puts “tea” into the out-tray for c",
            "ada's porter carries “tea” onto c",
            "bob takes “tea” from c",
            "bob hands “tea” over the counter",
            "bob closes a receipt of c (0 open)",
            "ada sees that no receipt of c is open and goes home",
            "bob finds no open receipt of c: ValueError; nobody catches the ValueError, so bob stops",
        ],
    ),
    (
        JoinableQueue(1),
        {"ada": "c.put('tea')\nc.join()", "bob": "deliver(c.get())\nc.task_done()"},
        "ada ada ada ada ada ~c/ada bob bob bob ada bob ada ada",
        True,
        [
            "ada is counted in at c",
            "ada steps up to c and shuts the others out",
            "ada puts “tea” into the out-tray for c",
            "ada steps up to c and shuts the others out",
            "ada falls asleep at c",
            "ada's porter carries “tea” onto c",
            "bob takes “tea” from c",
            "bob hands “tea” over the counter",
            "bob closes a receipt of c (0 open)",
            "ada is woken at c",
            "bob has seen everybody stir who was rung for at c and goes home",
            "ada steps up to c and shuts the others out",
            "ada goes on from c and goes home",
        ],
    ),
    (
        Queue(1),
        {
            "ada": "c.put('tea')\ndeliver(c.get())",
            "bob": "deliver(c.get())\ndeliver(c.qsize())",
            "cy": "c.put(2)",
        },
        "ada ~c/ada ~c/ada ~c/ada ada ada ada ada cy",
        True,
        [
            "ada puts “tea” into the out-tray for c",
            "ada's porter takes the wire of c",
            "ada's porter carries “tea” onto c",
            "ada's porter gives the wire of c back",
            "ada reaches into the hatch of c",
            "ada takes “tea” from c",
            "ada leaves the hatch of c",
            "ada is counted out at c",
            "cy puts 2 into the out-tray for c",
        ],
    ),
    (
        SimpleQueue(1),
        {"ada": "c.put('tea')\nc.get()", "bob": "deliver(c.get())"},
        "ada ada ada ada",
        True,
        [
            "ada puts “tea” on c",
            "ada reaches into the hatch of c",
            "ada takes “tea” from c",
            "ada leaves the hatch of c and goes home. Now nobody can move",
        ],
    ),
    (
        SharedMemory((1, 2)),
        {"ada": "c.buf[0] += 1\nc.close()\nc.unlink()", "bob": "c.buf[0] += 5\nc.unlink()"},
        "ada bob bob ada bob ada ada",
        False,
        [
            "ada reads 1 in pigeonhole 0 of c",
            "bob reads 1 in pigeonhole 0 of c",
            "bob puts 6 into pigeonhole 0 of c",
            "ada writes 2 into pigeonhole 0 of c, over bob's 6: an update is lost",
            "bob has c taken down once everybody has closed it and goes home",
            "ada closes its view of c",
            "ada finds c taken down already: FileNotFoundError; "
            "nobody catches the FileNotFoundError, so ada stops",
        ],
    ),
    (
        SharedMemory((1,)),
        {"ada": "c.close()\nc.buf[0] = 1"},
        "ada ada",
        False,
        [
            "ada closes its view of c",
            "ada has closed its view of c: TypeError; nobody catches the TypeError, so ada stops",
        ],
    ),
    (
        SharedValue(5),
        {"ada": "c.value += 1\ndeliver(c.get_lock().acquire(False))", "bob": "c.value += 1"},
        "ada ada bob bob ada ada bob bob ada ada",
        False,
        [
            "ada takes the key of c for a moment",
            "ada reads 5 from c",
            "bob takes the key of c for a moment",
            "bob reads 5 from c",
            "ada takes the key of c for a moment",
            "ada chalks 6 on c",
            "bob takes the key of c for a moment",
            "bob chalks 6 on c, over ada's 6: a stroke is lost; bob goes home",
            "ada takes the key of c",
            "ada hands True over the counter and goes home",
        ],
    ),
]


@pytest.mark.parametrize(("kind", "scripts", "wind", "cat", "captions"), STORIES)
def test_each_step_is_told(kind: Kind, scripts: dict[str, str], wind: str, cat: bool, captions: list[str]):
    assert told(kind, scripts, wind, cat) == captions


def test_a_torn_letter_is_told():
    reader = "def {}(end):\n    deliver(end.recv())\n"
    system = a_system(
        {
            "ada": "def ada(end):\n    end.send('tea')\n    end.send('jam')\n",
            "bob": reader.format("bob"),
            "cy": reader.format("cy"),
        },
        {"tube": Pipe(duplex=False, capacity=4)},
        {"ada": {"end": "tube.w"}, "bob": {"end": "tube.r"}, "cy": {"end": "tube.r"}},
    )

    def captions(wind: str) -> list[str]:
        trace, _ = system.follow(wind.split())
        return [frame.caption for frame in Film(system, trace).frames[1:]][-2 * ("cy" in wind) - 1 :]

    assert captions("ada bob bob") == ["bob takes “tea” out of tube"]
    assert captions("ada ada bob cy bob") == [
        "bob reads how long the next letter in tube is",
        "cy takes a scrap of a letter in tube for its length: EOFError; nobody catches the "
        "EOFError, so cy stops",
        "bob has scraps of two letters from tube: UnpicklingError; nobody catches the UnpicklingError, "
        "so bob stops",
    ]
