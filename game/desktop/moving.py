"""A run as a moving picture (GIF): the board as in the window, each step in a sentence below it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Final

import pygame
from PIL import Image

from game.desktop import draw, icons, words
from game.desktop.board import Board
from game.desktop.layout import cast_of
from game.desktop.page import STAMPS
from game.desktop.staging import reel_of
from game.desktop.theme import Theme
from game.export.telling import Telling
from game.language import say
from game.story import Film, owner

SIZE: Final = (760, 500)
HEAD, FOOT = 44, 46
"""Pixels of the title above the board and of the sentence below it."""

TWEEN: Final = 50
"""Milliseconds of a picture on the way from one moment to the next; browsers show none shorter than 20."""
REST, OPENING, CLOSING = 450, 1_000, 3_200
"""Milliseconds for which a moment stands, the first, and the last."""
SMOOTH, MOST = 7, 700
"""Pictures on the way of one step, and in all: a longer run has fewer on the way."""
COLOURS: Final = 160


def export_gif(telling: Telling, words_in: Callable[[str], str] = str) -> bytes:
    """The picture's bytes, for ever looping. `words_in` turns a sentence into the reader's language.

    Raises CannotMove when the trace is no run of the telling's system.
    """
    pictures, times = list[Image.Image](), list[int]()
    for surface, milliseconds in _moments(telling, words_in):
        pictures.append(Image.frombytes("RGB", SIZE, pygame.image.tobytes(surface, "RGB")))
        times.append(milliseconds)
    palette = _palette(pictures)
    flat = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    out = io.BytesIO()
    flat[0].save(
        out, "GIF", save_all=True, append_images=flat[1:], duration=times, loop=0, optimize=False, disposal=1
    )
    return out.getvalue()


def _palette(pictures: list[Image.Image]) -> Image.Image:
    """One palette for all, so that what stands still does not flicker: from some moments side by side."""
    some = pictures[:: max(1, len(pictures) // 8)]
    sheet = Image.new("RGB", (SIZE[0], SIZE[1] * len(some)))
    for at, picture in enumerate(some):
        sheet.paste(picture, (0, at * SIZE[1]))
    return sheet.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _moments(telling: Telling, words_in: Callable[[str], str]) -> Iterator[tuple[pygame.Surface, int]]:
    """Each picture, on the same surface, and how long it stands in milliseconds."""
    film = Film(telling.system, telling.trace)
    theme = Theme(1.0)
    board = Board(cast_of(telling.system), reel_of(film))
    board.rect = pygame.Rect(8, HEAD + 8, SIZE[0] - 16, SIZE[1] - HEAD - FOOT - 16)
    surface = pygame.Surface(SIZE)
    between = max(0, min(SMOOTH, MOST // max(1, len(film)) - 1))
    for number in range(len(film) + 1):
        for part in range(1, between + 1) if number else ():
            board.show(film, number - 1 + part / (between + 1))
            _draw(surface, theme, telling, film, board, number, words_in)
            yield surface, TWEEN
        board.show(film, number)
        _draw(surface, theme, telling, film, board, number, words_in)
        last = number == len(film)
        yield surface, CLOSING if last else REST if number else OPENING


def _draw(
    surface: pygame.Surface,
    theme: Theme,
    telling: Telling,
    film: Film,
    board: Board,
    number: int,
    words_in: Callable[[str], str],
) -> None:
    p, level, frame = theme.palette, telling.system.level, film.frames[number]
    surface.fill(p.paper)
    surface.fill(p.ink, (0, 0, SIZE[0], HEAD))
    title = pygame.Rect(16, 0, SIZE[0] - 180, HEAD)
    number_at = words.label(
        surface, theme, level.id, title, p.brass_light, role="voice", size="head", weight="bold"
    )
    title.left = number_at.right + 10
    words.label(
        surface, theme, words_in(say(level.title)), title, p.card, role="voice", size="head", weight="bold"
    )
    if telling.word:
        stamp = pygame.Rect(SIZE[0] - 176, 0, 160, HEAD)
        colour = {"PROVED": p.teal_light, "REFUTED": p.code_wrong_ink}.get(telling.word, p.on_ink_muted)
        said = words_in(STAMPS[telling.word])
        words.label(surface, theme, said, stamp, colour, size="small", weight="bold", align="right")
    board.draw(surface, theme)
    foot = pygame.Rect(0, SIZE[1] - FOOT, SIZE[0], FOOT)
    surface.fill(p.ink, foot)
    line = foot.inflate(-32, 0)
    if frame.event and owner(frame.event.agent) in film.system.clerks:
        look = theme.clerk(film.system.clerks.index(owner(frame.event.agent)))
        draw.disc(surface, theme, (line.left + 8, line.centery), 11, p.card)
        icons.clerk_mark(surface, theme, (line.left + 8, line.centery), look, 13)
        line = pygame.Rect(line.left + 28, line.top, line.width - 28, line.height)
    counted = pygame.Rect(line.right - 60, line.top, 60, line.height)
    words.label(
        surface,
        theme,
        f"{number}/{len(film)}",
        counted,
        p.on_ink_muted,
        role="code",
        size="small",
        align="right",
    )
    line.width -= 68
    told = words.fitted(theme, words_in(frame.caption), line.width, line.height, p.on_ink)
    told.draw(surface, (line.x, line.y + (line.height - told.height) // 2))
