"""What is not part of the script language, each with a sentence and the way out."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

_IMPORT: Final = "nothing can be imported here: everything a clerk may use is handed to it as a parameter"
_ASYNC: Final = "'async' is not used here: clerks are processes, and blocking calls really block"
_YIELD: Final = "'yield' is not used here; collect in a list, or send over a channel"
_COMPREHENSION: Final = "comprehensions are not used here; write a for loop that appends"

REFUSED: Final[Mapping[str, str]] = {
    "Import": _IMPORT,
    "ImportFrom": _IMPORT,
    "ClassDef": "'class' is not used here; tuples and lists hold what belongs together",
    "AsyncFunctionDef": _ASYNC,
    "AsyncFor": _ASYNC,
    "AsyncWith": _ASYNC,
    "Await": "'await' is not used here: blocking calls simply block",
    "Lambda": "'lambda' is not used here; write a def beside this one instead",
    "Global": "'global' is not used here: processes share no variables; send values over a channel",
    "Nonlocal": "'nonlocal' is not used here; pass values as arguments and return them",
    "Yield": _YIELD,
    "YieldFrom": _YIELD,
    "ListComp": _COMPREHENSION,
    "SetComp": _COMPREHENSION,
    "DictComp": _COMPREHENSION,
    "GeneratorExp": _COMPREHENSION,
    "Dict": "dictionaries are not used here; use a list of tuples",
    "Set": "sets are not used here; use a list",
    "JoinedStr": "f-strings are not used here; send or deliver a tuple of the parts instead",
    "TemplateStr": "t-strings are not used here; send or deliver a tuple of the parts instead",
    "Delete": "'del' is not used here; use pop(), or simply leave the variable",
    "AnnAssign": "annotations are not used here; write a plain assignment",
    "Match": "'match' is not used here; use if and elif",
    "Starred": "'*' is not used here; name every item",
    "FunctionDef": "a def inside a def is not used here; put it beside this one",
    "TryStar": "'except*' is not used here; write except",
    "Slice": "a slice is not used like this here",
    "TypeAlias": "annotations are not used here",
}
"""By the name of the node in Python's syntax tree."""

OPERATORS: Final[Mapping[str, str]] = {
    "Div": "'/' makes fractions, and only whole numbers are used here; '//' divides them",
    "Pow": "'**' is not used here; multiply with '*'",
    "LShift": "'<<' is not used here; multiply with '*'",
    "RShift": "'>>' is not used here; divide with '//'",
    "BitOr": "'|' is not used here; write 'or' between conditions",
    "BitAnd": "'&' is not used here; write 'and' between conditions",
    "BitXor": "'^' is not used here; compare with '!='",
    "MatMult": "'@' is not used here; multiply with '*'",
    "Invert": "'~' is not used here; write 'not' before a condition, '-' before a number",
}

CALLS: Final[Mapping[str, str]] = {
    "print": "; deliver(x) hands something over the counter",
    "zip": "; count with range(len(…))",
    "map": "; write a for loop",
    "filter": "; write a for loop with an if",
    "any": "; write a for loop with an if",
    "all": "; write a for loop with an if",
    "reversed": "; count down with range(…, …, -1)",
    "sleep": "; work(n) keeps a clerk busy, and waiting is what channels are for",
    "str": "; send or deliver a tuple of the parts instead",
    "int": "; only whole numbers are used here anyway",
    "float": "; only whole numbers are used here",
    "dict": "; use a list of tuples",
    "set": "; use a list",
    "enumerate": "; it stands in a for: for number, thing in enumerate(things):",
}
"""Functions of Python's that are not here, and what helps instead."""

METHODS: Final[Mapping[str, str]] = {
    "sort": "; write: things = sorted(things)",
    "extend": "; write: things += others",
    "clear": "; write: things = []",
    "copy": "; write: other = list(things)",
    "reverse": "; write: things = things[::-1]",
    "index": "; look through it with a for loop",
    "count": "; count with a for loop",
    "format": "; send or deliver a tuple of the parts instead",
    "join": "; send or deliver a tuple of the parts instead",
}
"""Methods of Python's lists and texts that are not here, and what helps instead."""

MODULES: Final[Mapping[str, str]] = {
    "time": "; work(n) keeps a clerk busy, and waiting is what channels are for",
    "random": "; the wind is random enough",
    "queue": "; Empty and Full are there by themselves",
    "pickle": "; what a channel carries is pickled by itself",
    "threading": "; clerks are processes",
    "asyncio": "; clerks are processes, and blocking calls really block",
    "math": "; only whole numbers are used here",
    "multiprocessing": "; clerks are handed what they share as parameters",
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
    return REFUSED.get(name, f"this ({name.lower()}) is not used here")
