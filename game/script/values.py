"""What may be done with the values in a script's variables, and how much of it.

The values are Python's own (None, bool, int, str, tuple, list, range) beside `Held` handles, so what an
operation means is what Python makes of it. Here are the bounds: nothing a script writes may take long, or
grow, without end. Passing one raises Limit.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from game.language import say
from game.request import LARGEST_MESSAGE, ListValue, Value, weight
from game.script.instructions import Held, HeldRow, Limit, Thrown, Unbound

SMALLEST, LARGEST = -(1 << 63), (1 << 63) - 1
MOST_TEXT: Final = 1_000
"""The longest text."""
MOST_ITEMS: Final = 1_000
"""The longest list, and the most things in a tuple, those in tuples inside it counted too."""
MOST_KEPT: Final = 10_000
"""The most things in all lists of a clerk together, and the most that one comparison looks at."""
DEEPEST: Final = 50
"""How deep tuples, and lists that are compared or sent, may lie in one another."""

FLAT: Final = frozenset([int, str, bool, type(None), range, Held, HeldRow, Unbound, Thrown])
"""Types whose values hold no other values."""


def type_name(value: Any) -> str:
    """The name of a value's type as Python's messages have it."""
    return "NoneType" if value is None else "channel" if isinstance(value, Held) else type(value).__name__


# -- bounds --


THINGS: Final = say("things")
CHARACTERS: Final = say("characters")


def bounded(value: Any) -> Any:
    """The value itself, when it is not too large."""
    kind = type(value)
    if kind is int:
        if not SMALLEST <= value <= LARGEST:
            if value.bit_length() < 100:
                raise Limit(say("{number:,} does not fit in 64 bits", number=value))
            raise Limit(say("this number does not fit in 64 bits"))
    elif kind is str:
        make_room(len(value), MOST_TEXT, CHARACTERS)
    elif kind is list:
        make_room(len(value))
    elif kind is tuple:
        make_room(len(value))
        if tuple in map(type, value):
            _measure(value, MOST_ITEMS, (tuple,))
    return value


def make_room(size: int, most: int = MOST_ITEMS, what: str = THINGS) -> None:
    """Refuse what is too long before it is made."""
    if size > most:
        raise Limit(
            say(
                "{size:,} {what} are too many for one variable: {most:,} are the most",
                size=size,
                what=what,
                most=most,
            )
        )


def comparable(value: Any) -> int:
    """How many instructions it costs to compare this with anything. Refuses what Python would compare for
    too long: lists in lists in lists, or a list in itself."""
    if not isinstance(value, list | tuple):
        return 0
    if FLAT.issuperset(map(type, value)):
        return len(value) // 16
    return _measure(value, MOST_KEPT, (list, tuple)) // 16


def _measure(value: Any, most: int, boxes: tuple[type, ...]) -> int:
    """Count everything inside, as often as it is met. Refuses too much of it, and lying too deep."""
    level, deep, count = [value], 0, 0
    while level:
        deep += 1
        if deep > DEEPEST:
            raise Limit(say("these lists and tuples lie more than {most} deep in one another", most=DEEPEST))
        below: list[Any] = []
        for box in level:
            count += len(box)
            if count > most:
                raise Limit(say("there are more than {most:,} things in these lists and tuples", most=most))
            below += [item for item in box if type(item) in boxes]
        level = below
    return count


# -- operators --


def _in(item: Any, box: Any) -> bool:
    if type(box) is range and type(item) not in (int, bool):
        return False  # only numbers are ever equal to numbers; Python would try them all
    return item in box


def _not_in(item: Any, box: Any) -> bool:
    return not _in(item, box)


BINARY: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "//=": operator.ifloordiv,
    "%=": operator.imod,
}
COMPARE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": _in,
    "not in": _not_in,
}
UNARY: Final[Mapping[str, Callable[[Any], Any]]] = {
    "-": operator.neg,
    "+": operator.pos,
    "not": operator.not_,
}


def combine(function: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """A binary operator on anything but two plain ints."""
    if function is operator.mul or function is operator.imul:
        many, box = (right, left) if isinstance(left, str | list | tuple) else (left, right)
        if isinstance(many, int) and isinstance(box, str | list | tuple):
            if isinstance(box, str):
                make_room(many * len(box), MOST_TEXT, CHARACTERS)
            else:
                make_room(many * len(box))
    elif function is operator.iadd:
        if isinstance(left, list) and isinstance(right, range):
            make_room(len(left) + _length(right))
    elif (function is operator.mod or function is operator.imod) and isinstance(left, str):
        raise Limit(say("'%' fills nothing into text here: it gives the rest of a division"))
    return bounded(function(left, right))


def _length(numbers: range) -> int:
    """How many there are; `len` fails beyond what a machine can index."""
    if not numbers:
        return 0
    return (numbers[-1] - numbers.start) // numbers.step + 1


# -- functions and methods --


def _sum(*arguments: Any) -> Any:
    if len(arguments) == 2 and isinstance(arguments[1], list | tuple):
        raise Limit(say("sum() adds up numbers here; put lists together with +"))
    return sum(*arguments)


BUILTINS: Final[Mapping[str, Callable[..., Any]]] = {
    "len": len,
    "range": range,
    "min": min,
    "max": max,
    "sorted": sorted,
    "sum": _sum,
    "abs": abs,
    "list": list,
    "tuple": tuple,
}
"""The functions a script may call, beside `deliver`, `wait`, `work` and `enumerate` in a for."""

_MAKES_ALL: Final = (list, tuple, sorted)
WALKS: Final = (*_MAKES_ALL, min, max, _sum)
"""The functions that look at all there is in what they are given."""
_COMPARES: Final = (min, max, sorted)


def effort(function: Callable[..., Any], arguments: list[Any]) -> int:
    """How many steps a builtin takes beyond the first. Raises Limit where that is too many."""
    if function not in WALKS:
        return 0
    first = arguments[0] if arguments else None
    if isinstance(first, range):
        size = _length(first)
        if function in _MAKES_ALL:
            make_room(size)
        return size
    if function in _COMPARES:
        return comparable(arguments) * 4
    return len(first) // 16 if isinstance(first, list | tuple | str) else 0


LIST_METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "append": list.append,
    "insert": list.insert,
    "pop": list.pop,
    "remove": list.remove,
}
"""The methods of a list that a script may call."""


def call_list_method(box: list[Any], name: str, arguments: Iterable[Any]) -> Any:
    if name == "append" or name == "insert":
        make_room(len(box) + 1)
    return LIST_METHODS[name](box, *arguments)


def unpacked(items: Any, wanted: int) -> list[Any]:
    """The items, in order, when there are as many as wanted."""
    if isinstance(items, HeldRow):
        iter(items)
    if not isinstance(items, list | tuple | str | range):
        raise TypeError(f"cannot unpack non-iterable {type_name(items)} object")
    size = _length(items) if isinstance(items, range) else len(items)
    if size > wanted:
        raise ValueError(f"too many values to unpack (expected {wanted})")
    if size < wanted:
        raise ValueError(f"not enough values to unpack (expected {wanted}, got {size})")
    return list(items)


# -- messages --

PLAIN: Final = frozenset([int, bool, type(None)])
"""Types whose values travel as they are."""


def letter(value: Any) -> Value:
    """A value as it leaves the clerk: lists as they are now. Real pipes have room for so much and no more."""
    if type(value) in PLAIN:
        return value  # type: ignore[no-any-return]
    if type(value) is list or type(value) is tuple:
        _measure(value, LARGEST_MESSAGE, (list, tuple))
    frozen = _frozen(value)
    if (heavy := weight(frozen)) > LARGEST_MESSAGE:
        raise Limit(
            say(
                "a letter of {heavy:,} bytes is too heavy: {most:,} can be carried",
                heavy=heavy,
                most=LARGEST_MESSAGE,
            )
        )
    return frozen


def _frozen(value: Any) -> Value:
    kind = type(value)
    if kind is list:
        return ListValue(tuple([_frozen(item) for item in value]))
    if kind is tuple:
        return tuple([_frozen(item) for item in value])
    if kind is range:
        raise Limit(say("a range cannot travel in a message: send list(range(…)), or a tuple"))
    if isinstance(value, Held):
        raise Limit(
            say(
                "{channel} cannot travel in a message: clerks are handed what they use at the start",
                channel=value.handle.channel,
            )
        )
    return value  # type: ignore[no-any-return]
