"""Words on a surface: one line in its place, or text with `code`, **bold** and *italic* in a column.

What is laid out once is kept in the theme, so that drawing it again costs only the blits.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple, cast

import pygame

from game.desktop.theme import SIZES, Colour, Role, Theme, Weight, render

Align = Literal["left", "centre", "right"]


def clip_words(theme: Theme, words: str, width: int, role: Role, size: str | float, weight: Weight) -> str:
    """The words, ended early with … if they would be wider than this."""
    words = theme.said(words)
    if theme.width(words, role, size, weight) <= width:
        return words
    key = ("clipped", words, width, role, size, weight)
    return cast(str, theme.layouts.get(key, lambda: _clipped(theme, words, width, role, size, weight)))


def _clipped(theme: Theme, words: str, width: int, role: Role, size: str | float, weight: Weight) -> str:
    font = theme.font(role, size, weight)
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if font.size(words[:middle].rstrip() + "…")[0] <= width:
            low = middle
        else:
            high = middle - 1
    return words[:low].rstrip() + "…"


SMALLER: Final = (0.94, 0.88, 0.82)
"""What a line may be set in rather than be shortened, as shares of its size: words say more than dots."""


def _size_for(
    theme: Theme, words: str, width: int, role: Role, size: str | float, weight: Weight
) -> str | float:
    """The largest size in which a line has room, its own if there is none."""
    if theme.width(words, role, size, weight) <= width:
        return size
    usual = SIZES[size] if isinstance(size, str) else size
    fits = (usual * share for share in SMALLER if theme.width(words, role, usual * share, weight) <= width)
    return next(fits, size)


def label(
    surface: pygame.Surface,
    theme: Theme,
    words: str,
    rect: pygame.Rect,
    colour: Colour,
    *,
    role: Role = "interface",
    size: str | float = "body",
    weight: Weight = "regular",
    align: Align = "left",
) -> pygame.Rect:
    """One line of text, upright in the middle of a rect; set a little smaller where it does not fit,
    shortened with … where that does not help, left out where the clip would cut it by more than a quarter."""
    size = _size_for(theme, words, rect.width, role, size, weight)
    made = theme.text(clip_words(theme, words, rect.width, role, size, weight), colour, role, size, weight)
    clip = surface.get_clip()
    place = made.get_rect(centery=rect.centery)
    if align == "centre":
        place.centerx = rect.centerx
    elif align == "right":
        place.right = rect.right
    else:
        place.left = rect.left
    # As with Prose: at the edge of something scrolled, half a line is read wrongly.
    if min(place.bottom, clip.bottom) - max(place.top, clip.top) >= 0.75 * place.height:
        surface.blit(made, place)
    return place


class Prose(NamedTuple):
    """Words laid out in lines, ready to be drawn anywhere."""

    runs: tuple[tuple[int, int, pygame.Surface], ...]
    grounds: tuple[tuple[pygame.Rect, Colour], ...]
    width: int
    height: int
    lines: int
    links: tuple[tuple[pygame.Rect, str, Colour], ...] = ()
    """Where a term of the glossary stands, and its key: underlined, in a colour."""

    def link_at(self, point: tuple[int, int]) -> str:
        """The key of the term at a point (from where the prose was drawn), or ""."""
        return next((key for rect, key, _ in self.links if rect.collidepoint(point)), "")

    def draw(self, surface: pygame.Surface, at: tuple[int, int]) -> None:
        """Draw it here. A line that the clip would cut by more than a quarter is left out: at the edge of
        something scrolled, half a line is read wrongly."""
        clip = surface.get_clip()
        for rect, colour in self.grounds:
            pygame.draw.rect(surface, colour, rect.move(at), border_radius=max(2, rect.height // 6))
        for x, y, words in self.runs:
            top, high = at[1] + y, words.get_height()
            if min(top + high, clip.bottom) - max(top, clip.top) >= 0.75 * high:
                surface.blit(words, (at[0] + x, top))
        for rect, _, colour in self.links:
            y, dot = at[1] + rect.bottom - max(1, rect.height // 12), max(1, rect.height // 14)
            for x in range(at[0] + rect.left, at[0] + rect.right - dot, 3 * dot):
                surface.fill(colour, (x, y, 2 * dot, dot))


_MARKS = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*|\x02([^\x03]*)\x03([^\x04]*)\x04")
_Style = str
"""regular, bold, italic, code; or a term of the glossary: "term " and its key."""


def _styled_words(text: str) -> list[tuple[str, _Style]]:
    """Words and the white space between them, each with its style."""
    spans: list[tuple[str, _Style]] = []
    here = 0
    for found in _MARKS.finditer(text):
        spans.append((text[here : found.start()], "regular"))
        for group, style in ((1, "code"), (2, "bold"), (3, "italic"), (5, f"term {found[4]}")):
            if found[group] is not None:
                spans.append((found[group], style))
        here = found.end()
    spans.append((text[here:], "regular"))
    words = []
    for span, style in spans:
        words += [(word, style) for word in re.findall(r"\S+|[^\S\n]+|\n", span)]
    return words


def _unbroken(words: list[tuple[str, _Style]]) -> list[list[tuple[str, _Style]]]:
    """Pieces that must stay on one line together: `tally`. is one word in two styles."""
    glued: list[list[tuple[str, _Style]]] = []
    for word in words:
        if glued and not word[0].isspace() and not glued[-1][-1][0].isspace():
            glued[-1].append(word)
        else:
            glued.append([word])
    return glued


def prose(
    theme: Theme,
    text: str,
    width: int,
    colour: Colour,
    *,
    role: Role = "interface",
    size: str | float = "body",
    weight: Weight = "regular",
    align: Align = "left",
    code: Colour | None = None,
    code_ground: Colour | None = None,
) -> Prose:
    """Lay text out in a column: `code`, **bold**, *italic*; a newline is a new line, two a paragraph.

    A word too long for the column is broken, so that nothing is ever wider than `width`. Terms marked as
    `game.desktop.glossary.TERM` are underlined."""
    key = (theme.said(text), width, colour, role, size, weight, align, code, code_ground)
    return cast(Prose, theme.layouts.get(("prose", key), lambda: _lay_out(theme, *key)))


def fitted(theme: Theme, text: str, width: int, height: int, ink: Colour) -> Prose:
    """A caption in as many lines as there is room for, at the largest size at which it fits whole."""
    for size in (13.0, 12.0, 11.0):
        laid = prose(theme, text, width, ink, size=size, weight="bold")
        if laid.height <= height:
            break
    return laid


def _lay_out(
    theme: Theme,
    text: str,
    width: int,
    colour: Colour,
    role: Role,
    size: str | float,
    weight: Weight,
    align: Align,
    code: Colour | None,
    code_ground: Colour | None,
) -> Prose:
    plain = theme.font(role, size, weight)
    points = plain.get_point_size() / (theme.scale * theme.text_scale)
    fonts = {
        "regular": plain,
        "bold": theme.font(role, size, "bold"),
        "italic": theme.font(role, size, "italic"),
        # Its x-height is larger than the others', so the same size would shout.
        "code": plain
        if role == "code"
        else theme.font("code", points * (0.92 if role == "interface" else 0.84)),
    }
    colours = {"regular": colour, "bold": colour, "italic": colour, "code": code or colour}
    height = theme.line_height(role, size)
    width = max(width, plain.size("m")[0])

    pad = theme.px(3) if code_ground is not None else 0

    def wide(pieces: list[tuple[str, _Style]]) -> int:
        return sum(font_of(style).size(piece)[0] + 2 * pad * (style == "code") for piece, style in pieces)

    def font_of(style: _Style) -> pygame.font.Font:
        return fonts.get(style, plain)

    lines: list[list[tuple[str, _Style]]] = [[]]
    used = 0
    for word in _unbroken(_styled_words(text)):
        if word[0][0] == "\n":
            lines.append([])
            used = 0
            continue
        blank, advance = word[0][0].isspace(), wide(word)
        if used and not blank and used + advance > width:
            lines.append([])
            used = 0
        if blank and not used:
            continue
        if advance > width:  # a word wider than the column: letter by letter
            for piece, style in word:
                for letter in piece:
                    step = font_of(style).size(letter)[0]
                    if used and used + step > width:
                        lines.append([])
                        used = 0
                    lines[-1].append((letter, style))
                    used += step
            continue
        lines[-1] += word
        used += advance

    runs: list[tuple[int, int, pygame.Surface]] = []
    grounds: list[tuple[pygame.Rect, Colour]] = []
    links: list[tuple[pygame.Rect, str, Colour]] = []
    y, widest = 0, 0
    baseline = (height - plain.get_height()) // 2 + plain.get_ascent()
    for content in lines:
        while content and content[-1][0].isspace():
            content.pop()
        if not content:
            y += height // 2
            continue
        merged: list[tuple[str, _Style]] = []
        for piece, style in content:
            if merged and merged[-1][1] == style:
                merged[-1] = (merged[-1][0] + piece, style)
            else:
                merged.append((piece, style))
        total = wide(merged)
        x = {"left": 0, "centre": (width - total) // 2, "right": width - total}[align]
        widest = max(widest, total)
        for piece, style in merged:
            font = font_of(style)
            made = render(font, piece, colours.get(style, colour), "code" if style == "code" else role)
            top = y + baseline - font.get_ascent()
            if style == "code" and code_ground is not None:
                ground = pygame.Rect(x, top, made.get_width() + 2 * pad, made.get_height())
                grounds.append((ground, code_ground))
            if style.startswith("term "):
                link = pygame.Rect(x, y, made.get_width(), height)
                links.append((link, style.removeprefix("term "), theme.palette.brass))
            inset = pad if style == "code" else 0
            runs.append((x + inset, top, made))
            x += made.get_width() + 2 * inset
        y += height
    return Prose(tuple(runs), tuple(grounds), widest, y, len(lines), tuple(links))


def write(
    surface: pygame.Surface,
    theme: Theme,
    text: str,
    rect: pygame.Rect,
    colour: Colour,
    *,
    role: Role = "interface",
    size: str | float = "body",
    weight: Weight = "regular",
    align: Align = "left",
    code: Colour | None = None,
    code_ground: Colour | None = None,
) -> int:
    """Lay text out in a rect's width, draw it from its top, and say how high it came to be."""
    laid = prose(
        theme, text, rect.width, colour,
        role=role, size=size, weight=weight, align=align, code=code, code_ground=code_ground,
    )  # fmt: skip
    laid.draw(surface, rect.topleft)
    return laid.height
