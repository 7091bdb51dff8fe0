"""Where the brackets of a script are, those in strings and comments left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from game.desktop.text import Spot

PARTS: Final = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)|\'\'\'(?:\\.|[^\\])*?(?:\'\'\'|\Z)'
    r'|"(?:\\.|[^"\\\n])*(?:"|(?=\n)|\Z)|\'(?:\\.|[^\'\\\n])*(?:\'|(?=\n)|\Z)'
    r"|#[^\n]*|[()\[\]{}]|\n",
    re.DOTALL,
)
"""What matters of a script to who counts brackets: whole strings, comments, brackets and line ends."""
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


def partner(lines: Sequence[str], cursor: Spot) -> tuple[Spot, Spot] | None:
    """The bracket at the cursor (behind it, else before it) and the one that belongs to it."""
    line = lines[cursor.line]
    if not set(line[max(0, cursor.column - 1) : cursor.column + 1]) & set("()[]{}"):
        return None
    text = "\n".join(lines)
    here = sum(len(one) + 1 for one in lines[: cursor.line]) + cursor.column
    opened: list[tuple[str, int]] = []
    pairs: dict[int, int] = {}
    for found in PARTS.finditer(text):
        part, at = found.group(), found.start()
        if part in "([{":
            opened.append((part, at))
        elif part in _PAIRS and opened and opened[-1][0] == _PAIRS[part]:
            other = opened.pop()[1]
            pairs[at], pairs[other] = other, at
    at = here if here in pairs else here - 1
    if at not in pairs:
        return None
    return _spot(text, at), _spot(text, pairs[at])


def _spot(text: str, offset: int) -> Spot:
    line = text.count("\n", 0, offset)
    return Spot(line, offset - (text.rfind("\n", 0, offset) + 1))
