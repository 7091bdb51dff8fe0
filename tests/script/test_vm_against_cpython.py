"""A script that compiles means in our machine exactly what CPython makes of it.

Scripts are made from the grammar and run twice with the same replies: in the machine, and by CPython with
objects that write down what is asked of them. What was asked, in what order, with what, and how it ended
must be the same. Only the machine's own bounds (`Limit`) may end a script earlier.
"""

from __future__ import annotations

import pickle
import queue
import sys
import threading
import traceback
from dataclasses import dataclass, field
from inspect import Parameter, Signature
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from random_scripts import HANDED, HANDLES, REPLIES, WAYS_OUT, reply_to, scripts
from scripting import all_faces, compiled

from game.request import CHANGE, DESK, Handle, ListValue, Request, Value
from game.script.instructions import Raised, Returned
from game.script.vm import begin, resume, shown_locals

FACES = all_faces()
ERRORS = {
    "Empty": queue.Empty,
    "Full": queue.Full,
    "BrokenBarrierError": threading.BrokenBarrierError,
    "UnpicklingError": pickle.UnpicklingError,
    "PickleError": pickle.PickleError,
}
MOST_ASKED = 60


class Enough(BaseException):
    """Enough has been asked to compare."""


@dataclass
class Outside:
    """The rest of the world, as CPython's side sees it: gives the replies, writes down what was asked."""

    replies: tuple[Any, ...]
    asked: list[tuple[str, str, tuple[Any, ...]]] = field(default_factory=list)
    fakes: dict[Handle, Any] = field(default_factory=dict)

    def ask(self, channel: str, operation: str, arguments: tuple[Any, ...]) -> Any:
        if len(self.asked) < MOST_ASKED:
            self.asked.append((channel, operation, tuple(map(as_message, arguments))))
        if len(self.asked) == MOST_ASKED:
            raise Enough
        kind, value = reply_to(self.replies, len(self.asked) - 1)
        if kind == "raised":
            raise error_class(value)("it went wrong")
        return as_python(value)

    def fake(self, handle: Handle) -> Any:
        """An object that is touched as the handle's face says. A class of its own, as Python looks up
        `with` and `[…]` in classes."""
        if handle in self.fakes:
            return self.fakes[handle]
        outside, (channel, _), face = self, handle, FACES[handle]
        body: dict[str, Any] = {}

        def method(name: str, operation: Any) -> Any:
            first = len(operation.parameters) - len(operation.defaults)
            signature = Signature(
                [
                    Parameter(
                        parameter,
                        Parameter.POSITIONAL_OR_KEYWORD,
                        default=Parameter.empty if at < first else operation.defaults[at - first],
                    )
                    for at, parameter in enumerate(operation.parameters)
                ]
            )

            def call(self: Any, *arguments: Any, **named: Any) -> Any:
                bound = signature.bind(*arguments, **named)
                bound.apply_defaults()
                return outside.ask(channel, operation.name, (*bound.args, *operation.fixed))

            return call

        def view(other: str) -> Any:
            return lambda self: outside.fake(Handle(channel, other))

        for name, operation in face.methods:
            body[name] = method(name, operation)
        for name, other in face.views:
            body[name] = view(other)
        for name, read, write in face.attributes:
            body[name] = property(
                lambda self, read=read: outside.ask(channel, read, ()),
                lambda self, value, write=write: outside.ask(channel, write, (value,)),
            )
        if face.index:
            read, write = face.index
            body["__getitem__"] = lambda self, index: outside.ask(channel, read, (index,))
            body["__setitem__"] = lambda self, index, value: outside.ask(channel, write, (index, value))
        if face.context:
            enter, leave = face.context
            given = next(
                (*operation.defaults, *operation.fixed)
                for _, operation in face.methods
                if operation.name == enter
            )
            body["__enter__"] = lambda self: outside.ask(channel, enter, given)
            # Whatever the reply, a real lock never says that an exception is dealt with.
            body["__exit__"] = lambda self, *why: (outside.ask(channel, leave, ()), None)[1]
        self.fakes[handle] = type("channel", (), body)()
        return self.fakes[handle]


def as_message(value: Any) -> Any:
    if isinstance(value, list):
        return ListValue(tuple(map(as_message, value)))
    return tuple(map(as_message, value)) if isinstance(value, tuple) else value


def as_python(value: Any) -> Any:
    if isinstance(value, ListValue):
        return list(map(as_python, value.items))
    return tuple(map(as_python, value)) if isinstance(value, tuple) else value


def error_class(name: str) -> type[Exception]:
    return ERRORS.get(name) or getattr(__builtins__, name, None) or __builtins__[name]  # type: ignore[index]


class End(NamedTuple):
    """How a script ended: the exception, if any, its message, and the script's line it came from."""

    error: str
    message: str = ""
    line: int = 0


def in_cpython(source: str, replies: tuple[Any, ...]) -> tuple[list[Any], End]:
    outside = Outside(replies)
    names: dict[str, Any] = {
        **{name: error_class(name) for name in ERRORS},
        "deliver": lambda thing: outside.ask(DESK, "deliver", (thing,)),
        "work": lambda amount: range(amount) and None,
    }
    exec(compile(source, "script", "exec"), names)
    given = {
        name: outside.fake(thing) if isinstance(thing, Handle) else as_python(thing)
        for name, thing in HANDED.items()
    }
    try:
        names["f"](**given)
    except (Enough, Exception) as error:
        if len(outside.asked) == MOST_ASKED:  # what follows is only how it takes the bad news
            return outside.asked, End("enough")
        lines = [
            frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "script"
        ]
        message = str(error.args[0]) if error.args else ""
        return outside.asked, End(type(error).__name__, message, lines[-1] or 0)
    return outside.asked, End("enough" if len(outside.asked) == MOST_ASKED else "finished")


def in_our_machine(source: str, replies: tuple[Any, ...]) -> tuple[list[Any], End]:
    program = pickle.loads(pickle.dumps(compiled(source, **HANDLES)))
    asked: list[Any] = []
    task = begin(program, HANDED)
    while not task.over:
        assert task.request is not None
        assert 1 <= task.line <= source.count("\n")
        reply = Returned(None)
        if task.request.operation != CHANGE:  # what CPython does in the feeder's place is looked at elsewhere
            asked.append(without_ink(task.request))
            if len(asked) >= MOST_ASKED:
                return asked, End("enough")
            kind, value = reply_to(replies, len(asked) - 1)
            reply = Raised(value, "it went wrong") if kind == "raised" else Returned(value)
        # A task is a value: packing it, and moving it twice, changes nothing.
        shown_locals(program, task)
        again = pickle.loads(pickle.dumps(task))
        assert again == task
        assert hash(again) == hash(task)
        check_touches(program, task)
        before, task = task, resume(program, task, reply)
        assert again == before
        assert resume(program, again, reply) == task
    return asked, End(*task.crash) if task.crash else End("finished")


def without_ink(request: Request) -> tuple[str, str, tuple[Value, ...]]:
    most = 3 if request.operation == "put" else None
    return request.channel, request.operation, request.argument[:most]


def check_touches(program: Any, task: Any) -> None:
    channel, operation, *_ = task.request
    parameter = "" if channel == DESK else channel
    assert (parameter, operation) in program.touches


def agree(source: str, replies: tuple[Any, ...]) -> str:
    theirs, their_end = in_cpython(source, replies)
    ours, our_end = in_our_machine(source, replies)
    if our_end.error == "Limit":
        assert ours == theirs[: len(ours)]
    else:
        # By their looks too, because 1 == True.
        assert (ours, repr(ours)) == (theirs, repr(theirs))
        if our_end.message.startswith(("too many values", "not enough values")):
            # Newer Pythons say more.
            their_end = their_end._replace(message=our_end.message)
        if our_end.error == "UnboundLocalError" and sys.version_info < (3, 12):
            # 3.11 stores a variable and loads the next one in one go once it is warm, even over the end of a
            # line, and then complains of the first line (STORE_FAST__LOAD_FAST).
            their_end = their_end._replace(line=our_end.line)
        assert our_end == their_end
    return our_end.error


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(scripts(), REPLIES)
def test_generated_scripts_mean_what_cpython_makes_of_them(source, replies):
    agree(source, replies)


@pytest.mark.parametrize("source", WAYS_OUT)
@pytest.mark.parametrize("raised", ["Empty", "Full", "ValueError"])
def test_ways_out_of_loops_and_locks_are_those_of_cpython(source, raised):
    fine, bad = ("returned", None), ("raised", raised)
    # Every pattern of up to seven operations that go well or not.
    for pattern in range(2**7):
        agree(source, tuple(bad if pattern >> at & 1 else fine for at in range(7)))
