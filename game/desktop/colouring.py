"""Python in colours, line by line: a key pressed costs one line, not the script.

pygments colours a line; what it cannot know of a single line, whether a string from above is still open, is
found here and told to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

Ink = Literal["plain", "keyword", "name", "number", "text", "comment"]

_QUOTES = ('"""', "'''")
_PARTS = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"?|\'(?:\\.|[^\'\\])*\'?|#.*|\\.|.')


class Span(NamedTuple):
    """A stretch of a line in one ink."""

    start: int
    text: str
    ink: Ink


def open_strings(lines: Sequence[str]) -> list[str]:
    """For each line, the triple quote that is still open where it begins, or ""."""
    states = []
    state = ""
    for line in lines:
        states.append(state)
        if not state and '"""' not in line and "'''" not in line:
            continue
        state = _after(line, state)
    return states


def _after(line: str, state: str) -> str:
    here = 0
    while here < len(line):
        if state:
            end = here
            while (end := line.find(state, end)) > 0 and line[end - 1] == "\\":
                end += 1
            if end < 0:
                return state
            here, state = end + 3, ""
            continue
        found = _PARTS.match(line, here)
        if found is None:  # a line end; lines have none
            return state
        if found.group() in _QUOTES:
            state = found.group()
        here = found.end()
    return state


@lru_cache(maxsize=4096)
def coloured(line: str, state: str = "") -> tuple[Span, ...]:
    """The line's stretches, which together are the line; `state` as `open_strings` gives it."""
    from pygments.lexers.python import PythonLexer  # not before the first script is shown

    lexer = PythonLexer(stripnl=False, ensurenl=False)
    skip, spans, here = len(state), [], 0
    # Without its end, pygments takes an open string for a mistake and colours it so.
    closing = _after(line, state)
    for _, kind, value in lexer.get_tokens_unprocessed(state + line + closing):
        start = here
        here += len(value)
        text = value[max(0, skip - start) : max(0, skip + len(line) - start)]
        if text:
            spans.append(Span(max(0, start - skip), text, _ink(str(kind), text)))
    merged: list[Span] = []
    for span in spans:
        if merged and (merged[-1].ink == span.ink or span.text.isspace()):
            merged[-1] = merged[-1]._replace(text=merged[-1].text + span.text)
        else:
            merged.append(span)
    return tuple(merged)


def _ink(kind: str, text: str) -> Ink:
    if kind.startswith("Token.Comment"):
        return "comment"
    if kind.startswith("Token.Literal.String.Interpol"):
        return "keyword"
    if kind.startswith("Token.Literal.String"):
        return "text"
    if kind.startswith("Token.Literal.Number") or kind == "Token.Keyword.Constant":
        return "number"
    if kind.startswith(("Token.Keyword", "Token.Operator.Word")):
        return "keyword"
    if kind == "Token.Operator" and text not in (".", ":"):
        return "keyword"
    if kind.startswith(
        ("Token.Name.Function", "Token.Name.Class", "Token.Name.Builtin", "Token.Name.Exception")
    ):
        return "name"
    return "plain"
