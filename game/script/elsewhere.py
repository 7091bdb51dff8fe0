"""Words a learner brings along: what the real objects can do and scripts need not, what the same things are
called in other libraries, and how other languages would write it. Each with the way out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from game.language import say
from game.problems import near_miss

_GOODBYE: Final = say("; to say that no more comes, put(None)")
_RECEIPTS: Final = say("; only a multiprocessing.JoinableQueue counts receipts")
_PLAIN_VALUES: Final = say("; send() and recv() take whole values, without turning them into bytes")
_ITS_DIRECTION: Final = say("; which end sends and which receives is known beforehand")
_ITS_NUMBER: Final = say("; such a number differs from run to run")
_TRIES: Final = say("; acquire(block=False) tries it, and says whether that worked")
_OFFICE: Final = say("; that is up to the office")
_CELL: Final = say("; read and write it cell by cell")

_QUEUE: Final = {
    "close": say(
        "; a process ends by itself, once its out-tray is empty; to say that no more comes, put(None)"
    ),
    "join_thread": say("; a process ends by itself, once its out-tray is empty: leave this line out"),
    "cancel_join_thread": say(
        "; a process ends once what lies in its out-tray is carried: see to it that somebody gets it"
    ),
}

REAL: Final[Mapping[str, Mapping[str, str]]] = {
    "Queue": _QUEUE,
    "JoinableQueue": _QUEUE,
    "SimpleQueue": {"close": say("; a chute goes by itself when nobody is left to use it")},
    "Connection": {
        "fileno": say("; poll() and wait([…]) say whether there is something to read"),
        "send_bytes": _PLAIN_VALUES,
        "recv_bytes": _PLAIN_VALUES,
        "recv_bytes_into": _PLAIN_VALUES,
        "readable": _ITS_DIRECTION,
        "writable": _ITS_DIRECTION,
    },
    "Value": {
        "get_obj": say("; what is behind the lock is read and written as before: {way}", way="tally.value"),
    },
    "Array": {
        "get_obj": say("; what is behind the lock is read and written as before: {way}", way="cards[0]"),
    },
    "Lock": {"locked": _TRIES},
    "RLock": {"locked": _TRIES},
    "Semaphore": {"get_value": _TRIES, "locked": _TRIES},
    "BoundedSemaphore": {"get_value": _TRIES, "locked": _TRIES},
    "Condition": {},
    "Event": {},
    "Barrier": {},
    "SharedMemory": {
        "name": say("; who is handed a wall needs no name to find it"),
        "size": say("; the level says how many cells there are"),
    },
    "memoryview": dict.fromkeys(
        ("c_contiguous", "cast", "contiguous", "count", "f_contiguous", "format", "hex", "index",
         "itemsize", "nbytes", "ndim", "obj", "readonly", "release", "shape", "strides", "suboffsets",
         "tobytes", "tolist", "toreadonly"),
        _CELL,
    ),
    "Process": {
        "name": say("; a process is called here what its parameter is called"),
        "pid": _ITS_NUMBER,
        "ident": _ITS_NUMBER,
        "authkey": _OFFICE,
        "daemon": say("; the level says who is a daemon"),
        "close": say("; the office puts away who has ended"),
        "run": say("; start() runs it, in a process of its own"),
        "interrupt": say("; terminate() ends a process"),
    },
}  # fmt: skip
"""What the real objects of these classes offer besides, in CPython from 3.11 on, and what helps instead."""

ALSO_CALLED: Final[Mapping[str, tuple[str, ...]]] = {
    "value": ("content", "count", "data", "get", "number", "put", "read", "set", "val", "write"),
    "get_lock": ("lock", "mutex"),
    "put": ("add", "append", "appendleft", "deposit", "enqueue", "insert", "offer", "post", "produce", "push",
            "send", "write"),
    "get": ("consume", "deque", "dequeue", "pop", "popleft", "pull", "read", "receive", "recv", "remove",
            "shift", "take"),
    "empty": ("is_empty", "isempty"),
    "qsize": ("count", "len", "length", "size", "unfinished_tasks"),
    "full": ("is_full", "isfull", "maxsize"),
    "task_done": ("ack", "done", "finish", "finished"),
    "send": ("add", "append", "post", "print", "push", "put", "write"),
    "recv": ("get", "pop", "read", "readline", "receive", "take"),
    "poll": ("available", "empty", "has_data", "is_empty", "ready", "select"),
    "close": ("hang_up", "hangup", "shutdown", "detach"),
    "notify": ("notify_one", "signal", "wake"),
    "notify_all": ("broadcast", "notifyall", "signal_all", "wake_all"),
    "acquire": ("claim", "dec", "down", "enter", "get", "grab", "hold", "lock", "obtain", "p", "take",
                "wait"),
    "release": ("exit", "free", "give", "give_back", "inc", "leave", "post", "put", "return_", "signal",
                "unlock", "up", "v"),
    "wait": ("acquire", "arrive", "arrive_and_wait", "await_", "block", "enter", "join", "pass_", "sleep",
             "sync", "synchronize"),
    "set": ("fire", "notify", "notify_all", "raise_", "ring", "signal", "trigger"),
    "clear": ("lower", "reset", "unset"),
    "is_set": ("get", "is_raised", "isset", "value"),
    "abort": ("break_", "cancel"),
    "buf": ("buffer", "bytes", "data", "memory", "read", "write"),
    "unlink": ("delete", "destroy", "free", "remove"),
    "start": ("begin", "fork", "go", "launch", "spawn", "submit"),
    "join": ("await_", "wait", "waitpid"),
    "terminate": ("abort", "cancel", "end", "stop"),
    "is_alive": ("alive", "is_running", "isalive", "running"),
    "exitcode": ("code", "exit_code", "result", "returncode", "status"),
    "append": ("add", "enqueue", "push", "put"),
    "pop": ("dequeue", "get", "popleft", "shift", "take"),
    "remove": ("delete", "discard"),
}  # fmt: skip
"""What scripts call something, and what others do, in small letters."""

_SIGNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), way)
    for pattern, way in (
        (r"^\s*for\s*\(", say("; write: {way}", way="for i in range(3):")),
        (r"^\s*for\s+(each\s+)?\w+\s*(:|of\b|from\b|=)", say("; write: {way}", way="for thing in things:")),
        (r"(\w)\+\+|\+\+(\w)", say("; write: {way}", way="n += 1")),
        (r"(\w)--|(^|\s)--\w", say("; write: {way}", way="n -= 1")),
        (r"&&", say("; write: {way}", way="and")),
        (r"\|\|", say("; write: {way}", way="or")),
        (r"<>", say("; write: {way}", way="!=")),
        (r"=!|=<|=>", say("; write: {way}", way="!= or <= or >=")),
        (r"===", say("; write: {way}", way="==")),
        (r"!(?![=\s])", say("; write: {way}", way="not")),
        (r"^\s*else\s+if\b", say("; write: {way}", way="elif")),
        (r"^\s*(switch|case)\b", say("; use if and elif")),
        (r"^\s*(if|while|elif)\b.*\b(then|do)\s*:?\s*$", say("; end the line with ':' alone")),
        (r"^\s*(repeat|loop|until|do)\b", say("; write: {way}", way="while True:")),
        (r"^\s*(print|exec|echo)\b", say("; deliver(x) hands something over the counter")),
        (r"^\s*(let|var|const|int|auto|my)\s+\w", say("; a variable needs no announcement: n = 3")),
        (r"^\s*(function|func|fn|fun|sub|void)\s+\w", say("; write: {way}", way="def name(parameter):")),
        (r"^\s*(begin|end|endif|done|fi|\})\s*;?\s*$", say("; lines belong together by their indent")),
        (r"^\s*\w+\s*:=", say("; write: {way}", way="n = 3")),
        (r"[“”„‟«»‘’`´]", say("; text stands between \" and \" or ' and '")),
        (r"[（），。：；]", say("; this sign was typed with another keyboard: write the plain one")),
        (r"//.*\w+\s+\w+|/\*", say("; remarks begin with '#'")),
    )
)  # fmt: skip
"""What stands in a line that Python cannot read, and what was probably meant."""


LACKS: Final[Mapping[str, Mapping[str, str]]] = {
    "Queue": {
        "join": say("; only a multiprocessing.JoinableQueue has it; wait for a process: bob.join()"),
        "task_done": _RECEIPTS,
        "shutdown": _GOODBYE,
    },
    "JoinableQueue": {"shutdown": _GOODBYE},
    "SimpleQueue": {
        "join": say("; only a multiprocessing.JoinableQueue has it; wait for a process: bob.join()"),
        "task_done": _RECEIPTS,
        "shutdown": _GOODBYE,
        "join_thread": say("; it has no out-tray: what was put is there"),
        "cancel_join_thread": say("; it has no out-tray: what was put is there"),
    },
}
"""What others of their kind can do and objects of these classes cannot, and what helps instead."""

ONE_WAY: Final[Mapping[str, str]] = {
    "send": say("; only the end w of a one-way tube sends"),
    "recv": say("; only the end r of a one-way tube receives"),
    "poll": say("; only the end r of a one-way tube receives"),
}
"""What one end of a tube can do and the other cannot."""


LONGEST: Final = 200
"""So much of a line is looked at: in thousands of letters some signs are looked for very slowly."""


def known_as(word: str, names: Iterable[str]) -> str:
    """`"; did you mean 'put'?"` when one of these names is called like the word elsewhere, or nearly so."""
    names = tuple(names)
    for name, others in ALSO_CALLED.items():
        if name in names and word.lower() in others:
            return say("; did you mean {name!r}?", name=name)
    return near_miss(word, names)


def in_other_languages(line: str) -> str:
    """The way out for a line that Python cannot read, or ""."""
    line = line.rstrip()[:LONGEST]
    return next((way for pattern, way in _SIGNS if pattern.search(line)), "")
