"""The glossary: one entry for each thing in the office and each idea the game is about.

Texts only, and finding them; the panel that shows them is `game.desktop.glossary_panel`. An example is a
piece of a script. A link is a page of Python's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from game.language import Said, say

DOCS: Final = "https://docs.python.org/3/"
_MP: Final = "library/multiprocessing.html"
_GUIDE: Final = f"{_MP}#programming-guidelines"


class Entry(NamedTuple):
    """One term.

    words    the forms under which it is met in texts, lower case; the first is not always its name
    python   its real name, or "" for an idea that has none
    page     where Python's documentation tells of it, below DOCS
    see      keys of entries that belong to it
    """

    key: str
    name: Said
    words: tuple[Said, ...]
    python: str
    text: Said
    example: str = ""
    page: str = ""
    see: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        return DOCS + self.page if self.page else ""


ENTRIES: Final = (
    Entry(
        "process",
        say("clerk, a process"),
        (say("process"), say("processes"), say("clerk"), say("clerks")),
        "multiprocessing.Process",
        say(
            "Every clerk is a process of its own: a program that runs beside the others, with its own "
            "memory. What one clerk puts into a variable no other clerk ever sees. They meet only at "
            "what they share: belts, tubes, boards, keys."
        ),
        "bob.start()\nbob.join()",
        f"{_MP}#multiprocessing.Process",
        ("start", "exit code", "wind"),
    ),
    Entry(
        "start",
        say("start and join"),
        (say("start"), say("started"), say("join")),
        "Process.start(), Process.join()",
        say(
            "`start()` lets a clerk begin; from then on nobody can say who moves next. `join()` waits "
            "until that clerk has gone home. Without `join()` you only hope that it is done."
        ),
        "ada.start()\nada.join()\ndeliver(tally.value)",
        f"{_MP}#multiprocessing.Process.join",
        ("process", "blocking"),
    ),
    Entry(
        "exit code",
        say("going home, the exit code"),
        (say("exit code"), say("goes home"), say("went home"), say("go home")),
        "Process.exitcode",
        say(
            "A clerk goes home when its script is over. The exit code says how: 0 is a good end, 1 an "
            "exception nobody caught, a negative number a signal that killed it."
        ),
        "if bob.exitcode == 0:\n    deliver(1)",
        f"{_MP}#multiprocessing.Process.exitcode",
        ("process", "exception", "kill"),
    ),
    Entry(
        "queue",
        say("belt, a queue"),
        (say("queue"), say("belt"), say("belts")),
        "multiprocessing.Queue",
        say(
            "First in, first out. `put()` lays a thing into the clerk's own out-tray and goes on at "
            "once; the porter carries it onto the belt later. `get()` takes the first thing off the "
            "belt and waits while there is none. With a maxsize, `put()` waits while the queue is "
            "full."
        ),
        'belt.put("letter")\nletter = belt.get()',
        f"{_MP}#multiprocessing.Queue",
        ("porter", "blocking", "simple queue"),
    ),
    Entry(
        "porter",
        say("porter, the feeder thread"),
        (say("porter"), say("porters"), say("out-tray"), say("out-trays"), say("feeder thread")),
        "the feeder thread of a multiprocessing.Queue",
        say(
            "A real Queue has a buffer in each process that puts, and a thread that feeds it into the "
            "pipe behind the queue. So a thing is not on the belt when `put()` returns, and things of "
            "two clerks may arrive in another order than they were put. A process does not end while "
            "its tray is not empty."
        ),
        "belt.put(1)\nbelt.empty()  # may still say True",
        f"{_MP}#pipes-and-queues",
        ("queue", "out of order"),
    ),
    Entry(
        "simple queue",
        say("chute, a simple queue"),
        (say("chute"), say("chutes"), say("simple queue")),
        "multiprocessing.SimpleQueue",
        say(
            "A queue without trays and porters: what you put is there when `put()` returns. When the "
            "chute is full, `put()` waits."
        ),
        "chute.put(1)\nx = chute.get()",
        f"{_MP}#multiprocessing.SimpleQueue",
        ("queue",),
    ),
    Entry(
        "joinable queue",
        say("belt with receipts, a joinable queue"),
        (say("receipt"), say("receipts")),
        "multiprocessing.JoinableQueue",
        say(
            "Every `put()` opens a receipt and every `task_done()` closes one. `join()` waits until "
            "all are closed: not until everything was taken, but until everything is done."
        ),
        "parcel = belt.get()\nbelt.task_done()",
        f"{_MP}#multiprocessing.JoinableQueue",
        ("queue",),
    ),
    Entry(
        "pipe",
        say("tube, a pipe"),
        (say("pipe"), say("tube"), say("tubes")),
        "multiprocessing.Pipe",
        say(
            "Two ends. What is sent into one comes out of the other, in order. `recv()` waits until "
            "something comes; `send()` waits while the tube is full. A pipe is for two: when two "
            "clerks read the same end, they may tear a message apart."
        ),
        'tube.send("letter")\nanswer = tube.recv()',
        f"{_MP}#multiprocessing.Pipe",
        ("end", "eof"),
    ),
    Entry(
        "end",
        say("the ends of a tube"),
        (say("end of the tube"), say("mouthpiece"), say("mouthpieces")),
        "multiprocessing.connection.Connection",
        say(
            "Every clerk who is given an end has a copy of it. An end is closed only when every copy "
            "is: by `close()`, or because its process ended. A copy that somebody forgot keeps the "
            "tube open."
        ),
        "tube.close()",
        f"{_MP}#multiprocessing.connection.Connection",
        ("pipe", "eof"),
    ),
    Entry(
        "eof",
        say("end of file"),
        (say("EOF"), say("EOFError"), say("BrokenPipeError")),
        "EOFError",
        say(
            "When a tube is empty and every copy of its other end is closed, `recv()` waits no longer "
            "but raises EOFError: nothing can come any more. Sending into a tube nobody can read "
            "raises BrokenPipeError."
        ),
        'try:\n    x = tube.recv()\nexcept EOFError:\n    deliver("over")',
        "library/exceptions.html#EOFError",
        ("pipe", "end"),
    ),
    Entry(
        "value",
        say("tally board, a shared value"),
        (say("tally board"), say("board"), say("boards")),
        "multiprocessing.Value",
        say(
            "One number in memory that all clerks share. Reading it is a step and writing it is "
            "another, so `tally.value += 1` is two: between them others may move. `tally.get_lock()` "
            "is the key that keeps them away."
        ),
        "with tally.get_lock():\n    tally.value += 1",
        f"{_MP}#multiprocessing.Value",
        ("lost update", "lock"),
    ),
    Entry(
        "array",
        say("index cards, a shared array"),
        (say("index card"), say("index cards")),
        "multiprocessing.Array",
        say(
            "A row of numbers that all clerks share. Each card is read and written one at a time, and "
            "nothing holds two of them together unless the clerks hold the lock."
        ),
        "with card.get_lock():\n    card[0] = 1\n    card[1] = 2",
        f"{_MP}#multiprocessing.Array",
        ("value", "critical section"),
    ),
    Entry(
        "lock",
        say("key, a lock"),
        (say("lock"), say("key"), say("keys")),
        "multiprocessing.Lock",
        say(
            "One clerk at a time can have the key; all others wait. `with key:` takes it and gives it "
            "back, whatever happens inside. A lock protects nothing by itself: only if everybody "
            "takes it who touches the thing."
        ),
        "with key:\n    deliver(1)",
        f"{_MP}#multiprocessing.Lock",
        ("critical section", "deadlock", "rlock"),
    ),
    Entry(
        "rlock",
        say("key that counts, a recursive lock"),
        (say("recursive lock"), say("key that counts")),
        "multiprocessing.RLock",
        say(
            "Its holder may take it again and must give it back as often. The key of a tally board, "
            "`get_lock()`, is one."
        ),
        "with key:\n    with key:\n        deliver(1)",
        f"{_MP}#multiprocessing.RLock",
        ("lock",),
    ),
    Entry(
        "semaphore",
        say("tags on a hook, a semaphore"),
        (say("semaphore"), say("tag"), say("tags")),
        "multiprocessing.Semaphore",
        say(
            "So many may be inside at once. `acquire()` takes a tag off the hook and waits while none "
            "hangs there; `release()` hangs one up, whoever took it. With one tag it is almost a "
            "lock, but nobody owns it."
        ),
        "with tags:\n    deliver(1)",
        f"{_MP}#multiprocessing.Semaphore",
        ("lock", "bounded semaphore"),
    ),
    Entry(
        "bounded semaphore",
        say("tags with a limit, a bounded semaphore"),
        (say("bounded semaphore"),),
        "multiprocessing.BoundedSemaphore",
        say(
            "A semaphore that notices when more is given back than there was at first: then "
            "`release()` raises ValueError. A mistake is found where it is made."
        ),
        "tags.release()",
        f"{_MP}#multiprocessing.BoundedSemaphore",
        ("semaphore",),
    ),
    Entry(
        "event",
        say("bell, an event"),
        (say("bell"), say("bells")),
        "multiprocessing.Event",
        say(
            "A flag that is up or down. `wait()` waits until it is up, `set()` puts it up for "
            "everybody, and up it stays until `clear()`. Who comes late does not miss it."
        ),
        "bell.set()\nbell.wait()",
        f"{_MP}#multiprocessing.Event",
        ("condition",),
    ),
    Entry(
        "condition",
        say("key with a bench, a condition"),
        (say("bench"), say("condition variable")),
        "multiprocessing.Condition",
        say(
            "Who holds the key and finds that it is too early sits down: `wait()` gives the key back "
            "and sleeps until somebody calls `notify()`, then takes the key again. By then things may "
            "have changed: look again, in a loop. A ring that nobody hears is lost."
        ),
        "with bench:\n    while tally.value == 0:\n        bench.wait()",
        f"{_MP}#multiprocessing.Condition",
        ("lock", "event"),
    ),
    Entry(
        "barrier",
        say("ferry, a barrier"),
        (say("ferry"), say("barrier")),
        "multiprocessing.Barrier",
        say("Everybody waits at the jetty until so many are there; then all go on together."),
        "ferry.wait()",
        f"{_MP}#multiprocessing.Barrier",
        ("blocking",),
    ),
    Entry(
        "shared memory",
        say("wall of pigeonholes, shared memory"),
        (say("shared memory"), say("pigeonhole"), say("pigeonholes")),
        "multiprocessing.shared_memory.SharedMemory",
        say(
            "Bare bytes that several processes see. There is no lock. Everybody closes their own "
            "view, and exactly one unlinks the whole at the end; whoever forgets leaves it behind for "
            "ever."
        ),
        "wall.buf[0] = 1\nwall.close()",
        "library/multiprocessing.shared_memory.html#multiprocessing.shared_memory.SharedMemory",
        ("leak",),
    ),
    Entry(
        "deliver",
        say("the counter"),
        (say("counter"), say("deliver")),
        "",
        say(
            "`deliver(thing)` puts a finished thing on the public counter. It is the game's own word "
            "and stands for whatever a program does in the end: print, write a file, answer a "
            "request."
        ),
        "deliver(letter)",
    ),
    Entry(
        "wait",
        say("waiting for several things"),
        (say("several at once"),),
        "multiprocessing.connection.wait",
        say(
            "`wait([…])` waits until one of several tubes or clerks is ready and gives a list of "
            "those that are. It takes nothing out: that is still to be done."
        ),
        "for one in wait([first, second]):\n    deliver(one.recv())",
        f"{_MP}#multiprocessing.connection.wait",
        ("pipe", "blocking"),
    ),
    Entry(
        "blocking",
        say("waiting, blocking calls"),
        (say("waits"), say("blocks"), say("blocked"), say("waiting")),
        "",
        say(
            "A call that cannot be done now keeps its clerk waiting until it can: `get()` from an "
            "empty belt, `acquire()` of a key somebody has. A clerk who waits costs nothing and "
            "cannot do anything else. Asking again and again instead is called polling."
        ),
        "letter = belt.get()",
        f"{_MP}#exchanging-objects-between-processes",
        ("deadlock", "timeout"),
    ),
    Entry(
        "timeout",
        say("timeouts, and not waiting"),
        (say("timeout"), say("get_nowait"), say("Empty"), say("Full")),
        "queue.Empty, queue.Full",
        say(
            "With a timeout a call gives up after a while; `get_nowait()` gives up at once, with "
            "Empty. In any wind the time may be over just before the thing comes: empty now does not "
            "mean nothing is coming."
        ),
        "try:\n    x = belt.get_nowait()\nexcept Empty:\n    x = 0",
        "library/queue.html#queue.Empty",
        ("blocking",),
    ),
    Entry(
        "step",
        say("gust, a step"),
        (say("gust"), say("gusts")),
        "",
        say(
            "One thing that one clerk or porter does with something shared. What a clerk reckons for "
            "itself in between is no step: nobody else could notice it."
        ),
        "n = tally.value    # a step\nn = n + 1          # none\ntally.value = n    # a step",
        "",
        ("wind",),
    ),
    Entry(
        "wind",
        say("wind, a schedule"),
        (say("wind"), say("winds"), say("schedule"), say("interleaving")),
        "",
        say(
            "Who moves, step by step: `ada ada bob`. The same scripts have many winds, and a program "
            "is right only if it is right in all of them. That it went well once is one wind."
        ),
        "",
        _GUIDE,
        ("draught", "inspector", "step"),
    ),
    Entry(
        "draught",
        say("the Draught, the scheduler"),
        (say("the draught"), say("scheduler")),
        "",
        say(
            "Decides who moves next. In a real computer that is the operating system, and it owes you "
            "nothing: any clerk may be stopped between any two steps, for any time."
        ),
        "",
        _GUIDE,
        ("wind", "preemption"),
    ),
    Entry(
        "preemption",
        say("interruption, preemption"),
        (say("interruption"), say("interruptions"), say("preemption")),
        "",
        say(
            "The wind turns away from a clerk who could have gone on. Most mistakes need only one or "
            "two interruptions in the right place; the inspector shows the wind with the fewest."
        ),
        "",
        "",
        ("wind", "race"),
    ),
    Entry(
        "inspector",
        say("Inspector Quill, a model checker"),
        (say("inspector"), say("inspector quill"), say("model checker")),
        "",
        say(
            "Stands in every wind there is: looks at each moment the office can come to, and so can "
            "say that something never happens. Trying a thousand times cannot."
        ),
        "",
        "",
        ("wind", "race"),
    ),
    Entry(
        "race",
        say("race"),
        (say("race"), say("race condition")),
        "",
        say(
            "What comes out depends on who is faster. It goes well for months and fails on a busy "
            "day, and it is never there when you look for it."
        ),
        "if seats.value > 0:\n    seats.value -= 1  # somebody else may have been here",
        _GUIDE,
        ("lost update", "critical section"),
    ),
    Entry(
        "lost update",
        say("lost update, a lost stroke"),
        (say("lost update"), say("stroke"), say("strokes")),
        "",
        say(
            "Two clerks read the same number, both add one, both write: one of the two strokes is "
            "gone. `+=` is a read and a write, and others move in between."
        ),
        "tally.value += 1",
        f"{_MP}#multiprocessing.Value",
        ("value", "critical section"),
    ),
    Entry(
        "critical section",
        say("critical section, mutual exclusion"),
        (say("critical section"), say("mutual exclusion")),
        "",
        say(
            "The lines that must not be interrupted by others who do the same: look and change, read "
            "and write. Hold one lock around all of them, the same lock everywhere."
        ),
        "with key:\n    n = tally.value\n    tally.value = n + 1",
        _GUIDE,
        ("lock", "race"),
    ),
    Entry(
        "deadlock",
        say("deadlock"),
        (say("deadlock"), say("deadlocked")),
        "",
        say(
            "Clerks wait for each other in a circle, and nobody ever moves again. Two keys taken in "
            "different order are enough. Take them in the same order everywhere, or give before you "
            "take."
        ),
        "with red:\n    with blue:\n        deliver(1)",
        _GUIDE,
        ("lock", "orphan wait"),
    ),
    Entry(
        "orphan wait",
        say("orphan wait"),
        (say("orphan wait"),),
        "",
        say(
            "A clerk waits for something nobody is left to give: the one who should have put it has "
            "gone home. Tell those who wait that it is over, with a last letter for each of them."
        ),
        "belt.put(None)  # there is nothing more to come",
        f"{_MP}#joining-processes-that-use-queues",
        ("blocking", "deadlock"),
    ),
    Entry(
        "starvation",
        say("starvation"),
        (say("starvation"), say("starves")),
        "",
        say(
            "One clerk waits for ever while the others are served again and again. Nothing is stuck, "
            "and still it never gets its turn."
        ),
        "",
        "",
        ("livelock",),
    ),
    Entry(
        "livelock",
        say("livelock"),
        (say("livelock"),),
        "",
        say(
            "Clerks keep moving for ever and get nowhere, like two people who step aside for each "
            "other in a corridor."
        ),
        "while not key.acquire(False):\n    pass",
        "",
        ("starvation", "deadlock"),
    ),
    Entry(
        "out of order",
        say("out of order"),
        (say("out of order"),),
        "",
        say(
            "Everything arrives, but not as it was sent. A belt keeps the order of each clerk, not "
            "that between two of them. Let things say where they belong: a number, a name."
        ),
        'belt.put((3, "letter"))',
        "",
        ("queue", "porter"),
    ),
    Entry(
        "token",
        say("lost and doubled things"),
        (say("lost token"), say("duplicated token")),
        "",
        say(
            "Each thing must reach the counter exactly once. It is lost when nobody takes it or its "
            "clerk is killed with it in hand, and doubled when two take care of the same one."
        ),
        "",
        "",
        ("deliver", "kill"),
    ),
    Entry(
        "exception",
        say("exception"),
        (say("exception"), say("exceptions")),
        "Exception",
        say(
            "A call that cannot do its work raises one. Nobody catches it: the process ends with exit "
            "code 1, and whoever waits for it may wait for ever."
        ),
        "try:\n    x = belt.get_nowait()\nexcept Empty:\n    x = 0",
        "tutorial/errors.html",
        ("exit code", "timeout"),
    ),
    Entry(
        "kill",
        say("Nine the cat, a killed process"),
        (say("the cat"), say("killed"), say("signal")),
        "Process.kill()",
        say(
            "A process can end at any moment, in the middle of anything: `kill -9`, out of memory, a "
            "power cut. What it had in its tray is gone, a lock it held stays locked, and its ends of "
            "tubes are closed."
        ),
        "bob.kill()\nbob.join()",
        f"{_MP}#multiprocessing.Process.kill",
        ("exit code", "token"),
    ),
    Entry(
        "leak",
        say("leak, overflow"),
        (say("leak"), say("overflow")),
        "",
        say(
            "Something is left behind when everybody has gone, or piles up faster than it is taken. "
            "It does no harm today."
        ),
        "",
        "",
        ("shared memory",),
    ),
    Entry(
        "pickle",
        say("messages, pickling"),
        (say("pickle"), say("pickled"), say("message")),
        "pickle",
        say(
            "What goes through a belt or a tube is taken apart into bytes and put together again on "
            "the other side: a copy. Changing the original later changes nothing there."
        ),
        "belt.put([1, 2])",
        "library/pickle.html",
        ("queue", "pipe"),
    ),
)

BY_KEY: Final = {entry.key: entry for entry in ENTRIES}


def search(query: str, said: Callable[[str], str] = str) -> tuple[Entry, ...]:
    """The entries for what was typed, the best first: by name and words, then by Python's name, then by text.

    `said` gives a text in the player's language. An empty query finds everything, in order."""
    query = query.strip().lower()
    if not query:
        return ENTRIES
    found: list[tuple[int, int, Entry]] = []
    for number, entry in enumerate(ENTRIES):
        words = [said(word).lower() for word in entry.words] + [entry.key, entry.python.lower()]
        name = said(entry.name).lower()
        if query in words:
            rank = 0
        elif name.startswith(query) or any(word.startswith(query) for word in words):
            rank = 1
        elif query in name or any(query in word for word in words):
            rank = 2
        elif query in said(entry.text).lower() or query in entry.example.lower():
            rank = 3
        else:
            continue
        found.append((rank, number, entry))
    return tuple(entry for _, _, entry in sorted(found, key=lambda one: one[:2]))


def entry_of(python: str) -> Entry | None:
    """The entry of a real class, by its whole name."""
    if python == "multiprocessing.connection.Connection":  # what an end is; the whole is told first
        return BY_KEY["pipe"]
    plain = python.replace("multiprocessing.Raw", "multiprocessing.")
    return next((entry for entry in ENTRIES if entry.python == plain), None)


CALLS: Final = {
    "deliver": "deliver", "wait": "wait", "work": "step", "get_nowait": "timeout", "put_nowait": "timeout",
    "start": "start", "join": "start", "kill": "kill", "terminate": "kill", "exitcode": "exit code",
    "with": "critical section", "try": "exception", "raise": "exception", "except": "exception",
    "get_lock": "lock", "acquire": "lock", "release": "lock", "empty": "porter",
    "task_done": "joinable queue",
    "EOFError": "eof", "BrokenPipeError": "eof", "Empty": "timeout", "Full": "timeout", "unlink": "leak",
    "close": "end",
}  # fmt: skip
"""Words of scripts whose entry is another than that of the thing they belong to."""


def entry_of_call(word: str, python: str) -> str:
    """The key of the entry for a word of a script that belongs to a real class ("" if to none), or ""."""
    entry = entry_of(python) if python else None
    if (
        python.startswith("multiprocessing.Process")
        or not entry
        or word in ("get_nowait", "get_lock", "empty", "close")
    ):
        return CALLS.get(word, entry.key if entry else "")
    return entry.key


TERM: Final = "\x02{key}\x03{words}\x04"
"""How a term stands in a text that will be laid out: `game.desktop.words` underlines it."""


def linked(text: str, said: Callable[[str], str] = str) -> str:
    """A text with the first mention of each term marked; not in `code`."""
    forms = {said(word).lower(): entry.key for entry in reversed(ENTRIES) for word in entry.words}
    pattern = _pattern(tuple(forms))
    seen: set[str] = set()
    pieces: list[str] = []
    for number, piece in enumerate(text.split("`")):
        pieces.append(piece if number % 2 else "".join(_marked(piece, pattern, forms, seen)))
    return "`".join(pieces)


@lru_cache(maxsize=8)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(forms, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest))})\b", re.IGNORECASE)


def _marked(piece: str, pattern: re.Pattern[str], forms: dict[str, str], seen: set[str]) -> Iterator[str]:
    here = 0
    for found in pattern.finditer(piece):
        key = forms[found.group().lower()]
        if key in seen:
            continue
        seen.add(key)
        yield piece[here : found.start()]
        yield TERM.format(key=key, words=found.group())
        here = found.end()
    yield piece[here:]
