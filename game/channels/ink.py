"""Wet ink: a list in an out-tray that the clerk who put it there can still change.

`Queue.put` lays the object itself into a buffer, and the feeder thread pickles it some time later (CPython
3.11, Lib/multiprocessing/queues.py, Queue.put and Queue._feed): a change made in between is seen by whoever
gets it, a later one is not. So such a list carries a mark by which its clerk can say which one it changed,
and the porter seals a letter, which fixes its words, before carrying it.

An *ink* has a number for every list of an item, each before those inside it: 0 for a list nobody can change
any more, a mark for one the clerk still has, and, while it is being put, minus the mark where the mark is
new and stood for another list before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from multiprocessing.reduction import ForkingPickler
from typing import Any, NamedTuple, TypeAlias

from game.channels.kind import Gate
from game.channels.wire import Unpicklable, to_real
from game.request import Doomed, ListValue, Value

Ink: TypeAlias = "tuple[int, ...]"


class Wet(NamedTuple):
    """What lies in a tray until its porter has sealed it. A `Value` that was put without ink is dry."""

    item: Value
    ink: Ink


Laid: TypeAlias = "Value | Wet"
"""What a tray holds."""


def words(laid: Laid) -> Value:
    """What stands in it now."""
    return laid.item if type(laid) is Wet else laid


def is_wet(laid: Laid) -> bool:
    """Whether it has to be sealed before it can be carried."""
    return type(laid) is Wet


def laid(item: Value, ink: Value) -> Laid:
    """An item as a tray gets it; without ink it is dry."""
    return Wet(item, tuple(map(abs, _ink(ink)))) if ink else item


def settled(tray: Iterable[Laid], ink: Value) -> tuple[Laid, ...]:
    """A tray once these marks stand for other lists: those they stood for before can no longer be changed."""
    new = {-mark for mark in _ink(ink) if mark < 0}
    if not new:
        return tuple(tray)
    return tuple(
        one._replace(ink=tuple(0 if mark in new else mark for mark in one.ink)) if type(one) is Wet else one
        for one in tray
    )


def changed(tray: Iterable[Laid], item: Value, ink: Value) -> tuple[Laid, ...]:
    """A tray after the list whose mark comes first in the ink has become this one, wherever it lies."""
    marks = tuple(map(abs, _ink(ink)))
    return tuple(
        _rewritten(one, marks[0], item, marks) if type(one) is Wet else one for one in settled(tray, ink)
    )


def holds(tray: Iterable[Laid], mark: int) -> bool:
    """Whether a list with this mark lies in a tray."""
    return any(type(one) is Wet and mark in one.ink for one in tray)


def _ink(ink: Value) -> Ink:
    assert isinstance(ink, tuple)
    return ink  # type: ignore[return-value]


def _rewritten(wet: Wet, mark: int, item: Value, ink: Ink) -> Wet:
    if mark not in wet.ink:
        return wet
    old = iter(wet.ink)
    new: list[int] = []

    def walk(value: Value) -> Value:
        match value:
            case ListValue(items):
                if (own := next(old)) == mark:
                    for _ in range(_lists(value) - 1):
                        next(old)
                    new.extend(ink)
                    return item
                new.append(own)
                return ListValue(tuple(map(walk, items)))
            case tuple() if type(value) is tuple:
                return tuple(map(walk, value))
        return value

    return Wet(walk(wet.item), tuple(new))


def _lists(value: Value) -> int:
    """How many lists there are in a value, itself among them."""
    match value:
        case ListValue(items):
            return 1 + sum(map(_lists, items))
        case tuple() if type(value) is tuple:
            return sum(map(_lists, value))
    return 0


# -- real lists --


class Parcel:
    """A real item in a controlled run: its pickling waits for the porter's turn to seal it. Who gets it gets
    the item."""

    def __init__(self, item: Any, gate: Gate) -> None:
        self._item, self._gate = item, gate

    def __reduce__(self) -> tuple[Any, ...]:
        self._gate.wait()
        sealed = bytes(ForkingPickler.dumps(self._item))
        self._gate.done()
        return ForkingPickler.loads, (sealed,)


def real_item(real: Any, item: Value, ink: Value) -> Any:
    """What to put on a real queue for an item: with ink, the very lists that `really_change` will change."""
    gate = real.__dict__.get("_seals")
    if isinstance(item, Doomed):
        return Unpicklable(item, gate)
    if not ink:
        return to_real(item)
    thing = _made(_known(real), item, iter(_ink(ink)))
    return thing if gate is None else Parcel(thing, gate)


def really_change(real: Any, item: Value, ink: Value) -> None:
    """Change the real list that was put, in place, while a feeder may be about to pickle it."""
    marks = _ink(ink)
    known = _known(real)
    box = known[marks[0]]
    assert isinstance(item, ListValue)
    rest = iter(marks[1:])
    box[:] = [_made(known, one, rest) for one in item.items]


def seal_behind(real: Any, gate: Gate) -> None:
    """Hold back, in this process, the pickling of what is put with ink."""
    real.__dict__["_seals"] = gate


def hush(real: Any) -> None:
    """What this process's feeder does with an item it cannot pickle, when it has taken it out of the count:
    CPython prints a traceback, and nothing else (queues.py, Queue._on_queue_feeder_error)."""
    told = real._on_queue_feeder_error

    def given_up(error: Exception, thing: Any) -> None:
        if not isinstance(thing, Unpicklable):
            told(error, thing)
            return
        thing.given_up()
        real.__dict__["_doomed"] = real.__dict__.get("_doomed", 0) - 1

    real._on_queue_feeder_error = given_up


def count_doomed(real: Any, item: Value) -> None:
    """An item has been put."""
    if isinstance(item, Doomed):
        real.__dict__["_doomed"] = real.__dict__.get("_doomed", 0) + 1


def still_doomed(real: Any) -> bool:
    """Whether the feeder has yet to find that it cannot pickle something."""
    return bool(getattr(real, "__dict__", {}).get("_doomed", 0))


def _known(real: Any) -> dict[int, list[Any]]:
    """The real lists of this process by their marks."""
    known: dict[int, list[Any]] = real.__dict__.setdefault("_inked", {})
    return known


def _made(known: dict[int, list[Any]], value: Value, ink: Iterator[int]) -> Any:
    match value:
        case ListValue(items):
            mark = next(ink)
            inside = [_made(known, item, ink) for item in items]
            if mark > 0:
                return known[mark]
            if mark < 0:
                known[-mark] = inside
            return inside
        case tuple() if type(value) is tuple:
            return tuple([_made(known, item, ink) for item in value])
    return to_real(value)
