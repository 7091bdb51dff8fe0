"""The exceptions a script may name: Python's own, and those of its queues and barriers.

An exception of the scripts' world is a name and a message; which names catch it is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BASES: Final[Mapping[str, str]] = {
    "Exception": "",
    "ValueError": "Exception",
    "TypeError": "Exception",
    "AssertionError": "Exception",
    "AttributeError": "Exception",
    "RuntimeError": "Exception",
    "BrokenBarrierError": "RuntimeError",
    "LookupError": "Exception",
    "IndexError": "LookupError",
    "KeyError": "LookupError",
    "ArithmeticError": "Exception",
    "ZeroDivisionError": "ArithmeticError",
    "OverflowError": "ArithmeticError",
    "NameError": "Exception",
    "UnboundLocalError": "NameError",
    "EOFError": "Exception",
    "Empty": "Exception",
    "Full": "Exception",
    "OSError": "Exception",
    "ConnectionError": "OSError",
    "BrokenPipeError": "ConnectionError",
    "ConnectionResetError": "ConnectionError",
    "FileNotFoundError": "OSError",
    "TimeoutError": "OSError",
    "PickleError": "Exception",
    "UnpicklingError": "PickleError",
}
"""Every exception a script may raise or catch, and its base class."""


def is_a(error: str, name: str) -> bool:
    """Whether `except name:` catches it. An exception unknown here (a plugin's) is an Exception."""
    while error != name:
        if error == "Exception":
            return False
        error = BASES.get(error, "Exception")
    return True
