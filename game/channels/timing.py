"""`block` and `timeout`, which half of multiprocessing takes, and what CPython says of bad ones.

The rules know no clock: a timeout may run out whenever the operation is not possible, and only then.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final

from game.channels.wire import to_real
from game.request import ListValue, Value

SECOND: Final = 0.05
"""How long a script's second lasts in the office. A script cannot tell: it never sees a clock, and how
long the others take in the meantime is the draught's affair anyway."""

_PYTHON_NAMES: Final[Mapping[type, str]] = {type(None): "NoneType", ListValue: "list"}


def python_name(value: Value) -> str:
    """The class name CPython would put into a message about this value."""
    return _PYTHON_NAMES.get(type(value), type(value).__name__)


TAKES_ANY_BLOCK: Final = sys.version_info >= (3, 12)
"""Whether anything at all may say if a real semaphore should wait. `SemLock.acquire` wanted a number
there, and from 3.12 on asks whether the thing is true (CPython, Modules/_multiprocessing/semaphore.c)."""


def acquire_complaint(block: Value, timeout: Value) -> str:
    """The TypeError message with which a real semaphore refuses these arguments, or ""."""
    if not TAKES_ANY_BLOCK and not isinstance(block, int):
        return f"'{python_name(block)}' object cannot be interpreted as an integer"
    if timeout is not None and not isinstance(timeout, int):
        return f"must be real number, not {python_name(timeout)}"
    return ""


def deadline_complaint(timeout: Value) -> str:
    """The TypeError message of `time.monotonic() + timeout`, or ""."""
    if timeout is not None and not isinstance(timeout, int):
        return f"unsupported operand type(s) for +: 'float' and '{python_name(timeout)}'"
    return ""


def real_timeout(timeout: Value) -> Any:
    """The timeout to give to a real object; what is no number is left for it to complain about."""
    return timeout * SECOND if isinstance(timeout, int) else to_real(timeout)
