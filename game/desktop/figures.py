"""Large numbers as a player reads them."""

from __future__ import annotations

from typing import Final

from game.language import Said, say

_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
EXACT_BELOW: Final = 10_000_000


def figure(number: int) -> Said:
    """A count: exact with commas as long as one can take it in, then to two digits: 3.7·10¹⁶."""
    if number < EXACT_BELOW:
        return say("{number:,}", number=number)
    exponent = len(str(number)) - 1
    # By whole numbers: a float would round 99,999,999 up on its own and knows none beyond 10³⁰⁸.
    tenths = (number * 10 + 10**exponent // 2) // 10**exponent
    if tenths >= 100:
        tenths, exponent = tenths // 10, exponent + 1
    raised = str(exponent).translate(_RAISED)
    return say("{part:.1f}·10{raised}", part=tenths / 10, raised=raised)
