"""Large numbers as a player reads them."""

from __future__ import annotations

from typing import Final

_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
EXACT_BELOW: Final = 10_000_000


def figure(number: int) -> str:
    """A count: exact with commas as long as one can take it in, then to two digits: 3.7·10¹⁶."""
    if number < EXACT_BELOW:
        return f"{number:,}"
    exponent = len(str(number)) - 1
    # By whole numbers: a float would round 99,999,999 up on its own and knows none beyond 10³⁰⁸.
    tenths = (number * 10 + 10**exponent // 2) // 10**exponent
    if tenths >= 100:
        tenths, exponent = tenths // 10, exponent + 1
    return f"{tenths // 10}.{tenths % 10}·10{str(exponent).translate(_RAISED)}"
