"""`block` and `timeout`, which half of multiprocessing takes, and what CPython says of bad ones.

No clock: a timeout may run out whenever the operation is not possible, and never before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from game.request import Handle, ListValue, Value

_PYTHON_NAMES: Final[Mapping[type, str]] = {type(None): "NoneType", ListValue: "list", Handle: "object"}


def python_name(value: Value) -> str:
    """The class name CPython would put into a message about this value."""
    return _PYTHON_NAMES.get(type(value), type(value).__name__)


def acquire_complaint(block: Value, timeout: Value) -> str:
    """The TypeError message with which a real semaphore refuses these arguments, or ""."""
    if not isinstance(block, int):
        return f"'{python_name(block)}' object cannot be interpreted as an integer"
    if timeout is not None and not isinstance(timeout, int):
        return f"must be real number, not {python_name(timeout)}"
    return ""


def deadline_complaint(timeout: Value) -> str:
    """The TypeError message of `time.monotonic() + timeout`, or ""."""
    if timeout is not None and not isinstance(timeout, int):
        return f"unsupported operand type(s) for +: 'float' and '{python_name(timeout)}'"
    return ""
