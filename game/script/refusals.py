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

_WHOLE: Final = say("; only whole numbers are used here")
_PARTS: Final = say("; send or deliver a tuple of the parts instead")
_LOOP: Final = say("; write a for loop with an if")
_WALK: Final = say("; write a for loop")
_LIST: Final = say("; use a list")
_KIND: Final = say("; a script knows beforehand what it has")
_INSIDE: Final = say("; a script looks into nothing but its own variables")
_CODE: Final = say("; write the lines into the script")
_END: Final = say("; a clerk goes home at the end of its def, or with return")
_WORLD: Final = say("; a clerk has only what it is handed as parameters")
_BUSY: Final = say("; work(n) keeps a clerk busy, and waiting is what channels are for")
_CLERKS: Final = say("; clerks are processes already, and the level says which there are")
_OFFICE: Final = say("; the office sees to that")
_BITS: Final = say("; a number is just a number here")

CALLS: Final[Mapping[str, str]] = {
    "print": say("; deliver(x) hands something over the counter"),
    "zip": say("; count with range(len(…))"),
    "map": _WALK,
    "filter": _LOOP,
    "any": _LOOP,
    "all": _LOOP,
    "iter": _WALK,
    "next": _WALK,
    "aiter": _WALK,
    "anext": _WALK,
    "reversed": say("; count down with range(…, …, -1)"),
    "slice": say("; write: {way}", way="things[1:3]"),
    "sleep": _BUSY,
    "str": _PARTS,
    "repr": _PARTS,
    "format": _PARTS,
    "ascii": _PARTS,
    "chr": _PARTS,
    "ord": say("; send numbers, or compare texts with '=='"),
    "int": say("; only whole numbers are used here anyway"),
    "float": _WHOLE,
    "complex": _WHOLE,
    "round": _WHOLE,
    "bool": say("; write a comparison, such as n > 0"),
    "divmod": say("; write: {way}", way="n // 2 and n % 2"),
    "pow": say("; multiply with '*'"),
    "bin": _BITS,
    "hex": _BITS,
    "oct": _BITS,
    "hash": _BITS,
    "id": _BITS,
    "bytes": say("; use text, or a list of numbers"),
    "bytearray": say("; use a list of numbers"),
    "memoryview": say("; use a list of numbers"),
    "dict": say("; use a list of tuples"),
    "set": _LIST,
    "frozenset": _LIST,
    "deque": _LIST,
    "type": _KIND,
    "isinstance": _KIND,
    "issubclass": _KIND,
    "callable": _KIND,
    "hasattr": _KIND,
    "getattr": say("; write the name after a dot"),
    "setattr": say("; write the name after a dot"),
    "delattr": _INSIDE,
    "dir": _INSIDE,
    "vars": _INSIDE,
    "globals": _INSIDE,
    "locals": _INSIDE,
    "help": say("; the glossary has what everything does"),
    "eval": _CODE,
    "exec": _CODE,
    "compile": _CODE,
    "breakpoint": say("; click beside a line number: the film stops there"),
    "super": say("; there are no classes"),
    "object": say("; there are no classes"),
    "property": say("; there are no classes"),
    "classmethod": say("; there are no classes"),
    "staticmethod": say("; there are no classes"),
    "open": _WORLD,
    "input": _WORLD,
    "exit": _END,
    "quit": _END,
    "copyright": "",
    "credits": "",
    "license": "",
    "enumerate": say("; it stands in a for: for number, thing in enumerate(things):"),
    "Thread": _CLERKS,
    "Timer": _CLERKS,
    "ThreadPoolExecutor": _CLERKS,
    "ProcessPoolExecutor": _CLERKS,
    "fork": _CLERKS,
    "cpu_count": _CLERKS,
    "active_children": say("; ask a process you are handed: bob.is_alive()"),
    "current_process": say("; a clerk that needs a name is handed one"),
    "parent_process": say("; a clerk that needs a name is handed one"),
    "get_context": _OFFICE,
    "get_logger": _OFFICE,
    "log_to_stderr": _OFFICE,
    "set_start_method": _OFFICE,
    "get_start_method": _OFFICE,
    "get_all_start_methods": _OFFICE,
    "set_executable": _OFFICE,
    "set_forkserver_preload": _OFFICE,
    "freeze_support": _OFFICE,
    "allow_connection_pickling": _OFFICE,
    "getpid": say("; such a number differs from run to run"),
    "getppid": say("; such a number differs from run to run"),
    "select": say("; write: {way}", way="wait([first, second])"),
    "randint": say("; the wind is random enough"),
    "shuffle": say("; the wind is random enough"),
}
"""Functions of Python's that are not here, and what helps instead."""

EXCEPTIONS: Final[Mapping[str, str]] = {
    "SystemExit": say("; a clerk goes home at the end of its def, or with return"),
    "KeyboardInterrupt": say("; nobody interrupts a clerk from outside"),
    "StopIteration": say("; a for loop ends by itself"),
    "GeneratorExit": say("; there are no generators"),
    "MemoryError": say("; clerks do not run out of memory"),
    "NotImplementedError": say("; write: {way}", way="raise RuntimeError"),
}
"""Exceptions of Python's that are not here, and what helps instead."""

METHODS: Final[Mapping[str, str]] = {
    "sort": say("; write: {way}", way="things = sorted(things)"),
    "extend": say("; write: {way}", way="things += others"),
    "clear": say("; write: {way}", way="things = []"),
    "copy": say("; write: {way}", way="other = list(things)"),
    "reverse": say("; write: {way}", way="things = things[::-1]"),
    "index": say("; look through it with a for loop"),
    "count": say("; count with a for loop"),
    "format": _PARTS,
    "join": _PARTS,
    "split": _PARTS,
    "length": say("; write: {way}", way="len(things)"),
    "len": say("; write: {way}", way="len(things)"),
    "size": say("; write: {way}", way="len(things)"),
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
    "mp": say("; clerks are handed what they share as parameters"),
    "concurrent": _CLERKS,
    "subprocess": _CLERKS,
    "signal": say("; terminate() and kill() send a signal"),
    "ctypes": _BITS,
    "select": say("; write: {way}", way="wait([first, second])"),
    "socket": say("; a tube carries values from process to process"),
    "logging": say("; deliver(x) hands something over the counter"),
    "collections": _LIST,
    "os": _WORLD,
    "sys": _WORLD,
}
"""What scripts elsewhere would import, and what helps instead."""

SHARED: Final = frozenset([
    "Process", "Queue", "SimpleQueue", "JoinableQueue", "Pipe", "Value", "Array", "RawValue", "RawArray",
    "Lock", "RLock", "Semaphore", "BoundedSemaphore", "Event", "Condition", "Barrier", "Manager", "Pool",
    "SharedMemory", "ShareableList", "SyncManager", "SharedMemoryManager",
])  # fmt: skip
"""What scripts never make themselves."""


def refusal(node: ast.AST) -> str:
    name = type(node).__name__
    return REFUSED.get(name, say("this ({lower}) is not used here", lower=name.lower()))
