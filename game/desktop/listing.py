"""A script to be read and not written: its lines in the editor's colours, as many as there is room for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pygame

from game.desktop import words
from game.desktop.colouring import Ink, coloured, open_strings
from game.desktop.theme import Colour, Palette, Theme


def inks_of(palette: Palette) -> Mapping[Ink, Colour]:
    """The colours a script is written in."""
    return {
        "plain": palette.code,
        "keyword": palette.code_keyword,
        "name": palette.code_name,
        "number": palette.code_number,
        "text": palette.code_text,
        "comment": palette.code_comment,
    }


def listing(
    surface: pygame.Surface,
    theme: Theme,
    lines: Sequence[str],
    rect: pygame.Rect,
    size: str | float = "small",
) -> int:
    """Write lines from the top of a rect down, each shortened where it is too long; their height together.
    Those that find no room at all are left out."""
    inks, high, y = inks_of(theme.palette), theme.line_height("code", size), rect.y
    clip = surface.get_clip()
    for line, state in zip(lines, open_strings(lines), strict=True):
        if y + high > clip.top and y < clip.bottom:
            _line(surface, theme, line, state, pygame.Rect(rect.x, y, rect.width, high), size, inks)
        y += high
    return y - rect.y


def _line(
    surface: pygame.Surface,
    theme: Theme,
    line: str,
    state: str,
    rect: pygame.Rect,
    size: str | float,
    inks: Mapping[Ink, Colour],
) -> None:
    cell = theme.width("m", "code", size)
    for span in coloured(line, state):
        left = rect.x + span.start * cell
        if span.text.isspace() or left >= rect.right:
            continue
        place = pygame.Rect(left, rect.y, rect.right - left, rect.height)
        words.label(surface, theme, span.text, place, inks[span.ink], role="code", size=size)
