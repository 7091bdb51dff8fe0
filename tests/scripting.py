"""Small builders for tests of scripts: one entry `f` that is handed one of everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from game.channels.array import SharedArray
from game.channels.desk import Desk
from game.channels.kind import Kind
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.problems import Place, ProblemsFound
from game.request import DESK, PROCESS_FACES, Face, Handle, ListValue, Request, Value
from game.script.compiler import compile_script
from game.script.instructions import Program, Raised, Returned, Task
from game.script.vm import begin, resume

CHANNELS: Mapping[str, Kind] = {
    "belt": Queue(),
    "tally": SharedValue(),
    "cards": SharedArray((0, 0, 0)),
    "key": Lock(),
    "tube": Pipe(duplex=False),
}
HANDED: Mapping[str, Value] = {
    "belt": Handle("belt"),
    "tally": Handle("tally"),
    "cards": Handle("cards"),
    "key": Handle("key"),
    "r": Handle("tube", "r"),
    "bob": Handle("@bob"),
    "n": 3,
    "things": ListValue((2, 1)),
}


HERE = Place("f.py", 1, 1)


def all_faces() -> dict[Handle, Face]:
    faces = {Handle(DESK): Desk.faces[""]}
    for channel, kind in CHANNELS.items():
        faces |= {Handle(channel, name): face for name, face in kind.open_faces().items()}
    faces |= {Handle("@bob", name): face for name, face in PROCESS_FACES.items()}
    return faces


def entry(body: str) -> str:
    """The def `f` around these lines, which start in its second line at column 5."""
    return f"def f({', '.join(HANDED)}):\n" + "".join(f"    {line}\n" for line in body.split("\n"))


def compiled(source: str, place: Place = HERE, **handles: Any) -> Program:
    """The program of a source with a def `f`, which is handed everything, or what is said: a handle, several,
    or None for a plain value."""
    given = handles or {name: thing if isinstance(thing, Handle) else None for name, thing in HANDED.items()}
    return compile_script(
        source,
        entry="f",
        parameters={
            name: frozenset([thing] if isinstance(thing, Handle) else thing or ())
            for name, thing in given.items()
        },
        faces=all_faces(),
        place=place,
    )


def problems(source: str, **handles: Any) -> list[str]:
    """What is wrong with a source, as "line:column sentence", in order."""
    try:
        compiled(source, **handles)
    except ProblemsFound as found:
        return [f"{place.line}:{place.column} {message}" for place, _, message in found.problems]
    return []


def run(body: str, *replies: Any, helpers: str = "") -> tuple[list[Request], Task]:
    """Everything the entry with these lines asks for when it gets these replies (a value, or an exception to
    raise; then None), and the task when it is over, or after 200 requests."""
    program = compiled(entry(body) + helpers)
    task = begin(program, HANDED)
    asked = []
    while task.request is not None and len(asked) < 200:
        asked.append(task.request)
        reply = replies[len(asked) - 1] if len(asked) <= len(replies) else None
        task = resume(program, task, reply if isinstance(reply, Raised) else Returned(reply))
    return asked, task


def delivered(body: str, *replies: Any, helpers: str = "") -> list[Value]:
    """What a script delivers; it must end well."""
    asked, task = run(body, *replies, helpers=helpers)
    assert task.over, "it goes on"
    assert task.crash is None, task.crash
    return [request.argument[0] for request in asked if request.channel == DESK]
