"""What a level tells its player: Joyn's words, who and what is in the office, what is new, and the job."""

from __future__ import annotations

import re
from typing import Final

import pygame

from game.desktop import icons, words
from game.desktop.draw import disc, panel
from game.desktop.glossary import entry_of
from game.desktop.glossary_panel import with_terms
from game.desktop.theme import Theme
from game.language import say
from game.level.model import Level


def paint_story(
    surface: pygame.Surface,
    theme: Theme,
    rect: pygame.Rect,
    level: Level,
    said: str = "",
    links: list[tuple[pygame.Rect, str]] | None = None,
) -> int:
    """Draw the story from the top of a rect, and say how high it came to be. `said` stands in for the
    story: Joyn's words afterwards. `links` gets where terms of the glossary
    stand, and their keys."""
    links = [] if links is None else links
    palette, y = theme.palette, rect.y
    rect = pygame.Rect(rect.x, rect.y, rect.width - theme.px(4), rect.height)
    y = _head(surface, theme, rect, y, say("Postmistress Joyn"), palette.post)
    text = with_terms(theme, spaced(reflow(theme.said(say(said or level.story)))))
    laid = words.prose(theme, text, rect.width, palette.ink, role="voice", size=16.5, code=palette.brass_ink)
    laid.draw(surface, (rect.x, y))
    links += [(place.move(rect.x, y), key) for place, key, _ in laid.links]
    y += laid.height
    y = _head(surface, theme, rect, y + theme.px(12), say("In the office"), palette.muted)
    for python, things in _things(level):
        y, place = _row(surface, theme, rect, y, things, python)
        if entry := entry_of(python):
            links.append((place, entry.key))
    if level.unlocks:
        y = _head(surface, theme, rect, y + theme.px(10), say("New here"), palette.muted)
        for line in level.unlocks:
            y += words.write(
                surface, theme, line, pygame.Rect(rect.x, y, rect.width, 0), palette.brass_ink,
                role="code", size="small",
            )  # fmt: skip
    return y - rect.y + theme.px(6)


def reflow(text: str) -> str:
    """A text whose lines end where its author's editor did: only ends of sentences stay ends of lines."""
    return re.sub(r"(?<![.!?:\n\"”’)])\n(?!\n)", " ", text)


def spaced(text: str) -> str:
    """A text in which every line is a paragraph of its own."""
    return re.sub(r"(?<!\n)\n(?!\n)", "\n\n", text)


def _head(
    surface: pygame.Surface, theme: Theme, rect: pygame.Rect, y: int, text: str, ink: tuple[int, int, int]
) -> int:
    place = pygame.Rect(rect.x, y, rect.width, theme.px(24))
    words.label(surface, theme, text, place, ink, size="small", weight="bold")
    return y + theme.px(28)


MOST_ROWS: Final = 5
"""With more things than this, those of one class share a row."""


def _things(level: Level) -> list[tuple[str, list[tuple[str, int]]]]:
    """What is in the office, by its real class: names, and for clerks their number (else -1)."""
    found: list[tuple[str, list[tuple[str, int]]]] = []
    for channel in level.channels:
        faces = channel.kind.open_faces()
        face = faces.get("") or next(iter(faces.values()), None)
        found.append((face.python if face else channel.kind.name, [(channel.name, -1)]))
    found += [
        ("multiprocessing.Process", [(clerk.name, number)]) for number, clerk in enumerate(level.clerks)
    ]
    if len(found) <= MOST_ROWS:
        return found
    shared: dict[str, list[tuple[str, int]]] = {}
    for python, things in found:
        shared.setdefault(python, []).extend(things)
    return list(shared.items())


def _row(
    surface: pygame.Surface,
    theme: Theme,
    rect: pygame.Rect,
    y: int,
    things: list[tuple[str, int]],
    python: str,
) -> tuple[int, pygame.Rect]:
    """Names side by side, in as many lines as they need, and their real class at the end, the module left
    out where there is no room for it. Where the next row begins, and where the class stands."""
    palette, high, x = theme.palette, theme.px(23), rect.x
    for name, clerk in things:
        wide = theme.px(18) + theme.width(name, "code", "small", "bold")
        if x > rect.x and x + wide > rect.right:
            x, y = rect.x, y + high
        spot = (x + theme.px(6), y + high // 2)
        ink = palette.ink
        if clerk >= 0:
            look = theme.clerk(clerk)
            icons.clerk_mark(surface, theme, spot, look, 12)
            ink = look.deep
        else:
            disc(surface, theme, spot, 4.5, None, outline=palette.muted, width=1.6)
        place = pygame.Rect(x + theme.px(18), y, wide, high)
        words.label(surface, theme, name, place, ink, role="code", size="small", weight="bold")
        x += wide + theme.px(12)
    short = python.rpartition(".")[2]
    if x + theme.width(short, "code", "caption") > rect.right:
        x, y = rect.x, y + high
    room = pygame.Rect(x, y, rect.right - x, high)
    shown = python if theme.width(python, "code", "caption") <= room.width else short
    place = words.label(
        surface, theme, shown, room, palette.muted, role="code", size="caption", align="right"
    )
    return y + high, place


def job_height(theme: Theme, width: int, level: Level) -> int:
    """How high the job's box comes to be at this width."""
    laid = words.prose(theme, say(level.objective), width - theme.px(28), theme.palette.ink, size="body")
    return laid.height + theme.px(24 + 26)


def paint_job(surface: pygame.Surface, theme: Theme, rect: pygame.Rect, level: Level) -> None:
    """What is to be done, where it is always seen."""
    palette = theme.palette
    panel(surface, theme, rect, palette.brass_tint, radius=9, outline=palette.brass_light)
    inner = rect.inflate(-theme.px(28), -theme.px(22))
    head = pygame.Rect(inner.x, inner.y - theme.px(2), inner.width, theme.px(22))
    words.label(surface, theme, say("Your job"), head, palette.brass_ink, size="small", weight="bold")
    words.write(
        surface, theme, say(level.objective), pygame.Rect(inner.x, head.bottom + theme.px(2), inner.width, 0),
        palette.ink, code=palette.brass_ink,
    )  # fmt: skip
