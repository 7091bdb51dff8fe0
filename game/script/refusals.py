"""What is not part of the script language, each with a sentence and the way out."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from game.language import say

_IMPORT: Final = say(
    "nothing can be imported here: everything a clerk may use is handed to it as a parameter"
)
_ASYNC: Final = say("'async' is not used here: clerks are processes, and blocking calls really block")
_YIELD: Final = say("'yield' is not used here; collect in a list, or send over a channel")
_COMPREHENSION: Final = say("comprehensions are not used here; write a for loop that appends")

REFUSED: Final[Mapping[str, str]] = {
    "Import": _IMPORT,
    "ImportFrom": _IMPORT,
    "ClassDef": say("'class' is not used here; tuples and lists hold what belongs together"),
    "AsyncFunctionDef": _ASYNC,
    "AsyncFor": _ASYNC,
    "AsyncWith": _ASYNC,
    "Await": say("'await' is not used here: blocking calls simply block"),
    "Lambda": say("'lambda' is only used in wait_for here; write a def beside this one instead"),
    "Global": say("'global' is not used here: processes share no variables; send values over a channel"),
    "Nonlocal": say("'nonlocal' is not used here; pass values as arguments and return them"),
    "Yield": _YIELD,
    "YieldFrom": _YIELD,
    "ListComp": _COMPREHENSION,
    "SetComp": _COMPREHENSION,
    "DictComp": _COMPREHENSION,
    "GeneratorExp": _COMPREHENSION,
    "Dict": say("dictionaries are not used here; use a list of tuples"),
    "Set": say("sets are not used here; use a list"),
    "JoinedStr": say("f-strings are not used here; send or deliver a tuple of the parts instead"),
    "TemplateStr": say("t-strings are not used here; send or deliver a tuple of the parts instead"),
    "Delete": say("'del' is not used here; use pop(), or simply leave the variable"),
    "AnnAssign": say("annotations are not used here; write a plain assignment"),
    "Match": say("'match' is not used here; use if and elif"),
    "Starred": say("'*' is not used here; name every item"),
    "FunctionDef": say("a def inside a def is not used here; put it beside this one"),
    "TryStar": say("'except*' is not used here; write except"),
    "Slice": say("a slice is not used like this here"),
    "TypeAlias": say("annotations are not used here"),
}
"""By the name of the node in Python's syntax tree."""

OPERATORS: Final[Mapping[str, str]] = {
    "Div": say("'/' makes fractions, and only whole numbers are used here; '//' divides them"),
    "Pow": say("'**' is not used here; multiply with '*'"),
    "LShift": say("'<<' is not used here; multiply with '*'"),
    "RShift": say("'>>' is not used here; divide with '//'"),
    "BitOr": say("'|' is not used here; write 'or' between conditions"),
    "BitAnd": say("'&' is not used here; write 'and' between conditions"),
    "BitXor": say("'^' is not used here; compare with '!='"),
    "MatMult": say("'@' is not used here; multiply with '*'"),
    "Invert": say("'~' is not used here; write 'not' before a condition, '-' before a number"),
}

CALLS: Final[Mapping[str, str]] = {
    "print": say("; deliver(x) hands something over the counter"),
    "zip": say("; count with range(len(…))"),
    "map": say("; write a for loop"),
    "filter": say("; write a for loop with an if"),
    "any": say("; write a for loop with an if"),
    "all": say("; write a for loop with an if"),
    "reversed": say("; count down with range(…, …, -1)"),
    "sleep": say("; work(n) keeps a clerk busy, and waiting is what channels are for"),
    "str": say("; send or deliver a tuple of the parts instead"),
    "int": say("; only whole numbers are used here anyway"),
    "float": say("; only whole numbers are used here"),
    "dict": say("; use a list of tuples"),
    "set": say("; use a list"),
    "enumerate": say("; it stands in a for: for number, thing in enumerate(things):"),
}
"""Functions of Python's that are not here, and what helps instead."""

METHODS: Final[Mapping[str, str]] = {
    "sort": say("; write: things = sorted(things)"),
    "extend": say("; write: things += others"),
    "clear": say("; write: things = []"),
    "copy": say("; write: other = list(things)"),
    "reverse": say("; write: things = things[::-1]"),
    "index": say("; look through it with a for loop"),
    "count": say("; count with a for loop"),
    "format": say("; send or deliver a tuple of the parts instead"),
    "join": say("; send or deliver a tuple of the parts instead"),
}
"""Methods of Python's lists and texts that are not here, and what helps instead."""

MODULES: Final[Mapping[str, str]] = {
    "time": say("; work(n) keeps a clerk busy, and waiting is what channels are for"),
    "random": say("; the wind is random enough"),
    "queue": say("; Empty and Full are there by themselves"),
    "pickle": say("; what a channel carries is pickled by itself"),
    "threading": say("; clerks are processes"),
    "asyncio": say("; clerks are processes, and blocking calls really block"),
    "math": say("; only whole numbers are used here"),
    "multiprocessing": say("; clerks are handed what they share as parameters"),
    "os": "",
    "sys": "",
}
"""What scripts elsewhere would import, and what helps instead."""

SHARED: Final = frozenset([
    "Process", "Queue", "SimpleQueue", "JoinableQueue", "Pipe", "Value", "Array", "RawValue", "RawArray",
    "Lock", "RLock", "Semaphore", "BoundedSemaphore", "Event", "Condition", "Barrier", "Manager", "Pool",
    "SharedMemory",
])  # fmt: skip
"""What scripts never make themselves."""


def refusal(node: ast.AST) -> str:
    name = type(node).__name__
    return REFUSED.get(name, say("this ({lower}) is not used here", lower=name.lower()))
