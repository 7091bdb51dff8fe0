"""Icons, the clerks' shapes and rubber stamps, drawn by code on a grid of 24 and kept at the asked size."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

import pygame

from game.desktop.draw import FINE, Point, curve_points, dashes, rounded_outline, stroke
from game.desktop.theme import ClerkLook, Colour, Theme


class Pen:
    """Draws on a square of 24 by 24, whatever its size in pixels. `clear=True` rubs out."""

    def __init__(self, surface: pygame.Surface, colour: Colour) -> None:
        self.surface = surface
        self.unit = surface.get_width() / 24
        self._ink, self._nothing = (*colour, 255), (*colour, 0)

    def _colour(self, clear: bool) -> tuple[int, ...]:
        return self._nothing if clear else self._ink

    def _at(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.unit, y * self.unit) for x, y in points]

    def _rect(self, *sides: float) -> pygame.Rect:
        x, y, w, h = (round(side * self.unit) for side in sides)
        return pygame.Rect(x, y, w, h)

    def line(self, *points: Point, width: float = 2, closed: bool = False, clear: bool = False) -> Pen:
        path = self._at([*points, points[0]] if closed else points)
        stroke(self.surface, self._colour(clear), path, width * self.unit)
        return self

    def shape(self, *points: Point) -> Pen:
        pygame.draw.polygon(self.surface, self._ink, self._at(points))
        return self

    def soft(self, *points: Point, width: float = 2) -> Pen:
        """A filled shape with rounded corners."""
        return self.shape(*points).line(*points, width=width, closed=True)

    def disc(self, x: float, y: float, radius: float, *, clear: bool = False) -> Pen:
        centre = (x * self.unit, y * self.unit)
        pygame.draw.circle(self.surface, self._colour(clear), centre, radius * self.unit)
        return self

    def arc(self, x: float, y: float, radius: float, start: float, end: float, width: float = 2) -> Pen:
        """Degrees, clockwise from three o'clock."""
        return self.line(*round_about(x, y, radius, start, end), width=width)

    def ring(self, x: float, y: float, radius: float, width: float = 2) -> Pen:
        return self.arc(x, y, radius, 0, 360, width)

    def box(self, x: float, y: float, w: float, h: float, radius: float = 0, *, clear: bool = False) -> Pen:
        corner = round(radius * self.unit)
        pygame.draw.rect(self.surface, self._colour(clear), self._rect(x, y, w, h), border_radius=corner)
        return self

    def frame(self, x: float, y: float, w: float, h: float, radius: float = 0, width: float = 2) -> Pen:
        thick, corner = round(width * self.unit), round(radius * self.unit)
        pygame.draw.rect(self.surface, self._ink, self._rect(x, y, w, h), thick, border_radius=corner)
        return self


def round_about(x: float, y: float, radius: float, start: float, end: float) -> list[Point]:
    """Points on an arc; degrees, clockwise from three o'clock."""
    steps = max(8, round(abs(end - start) / 6))
    turns = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + radius * math.cos(t), y + radius * math.sin(t)) for t in turns]


def _polygon(sides: int, radius: float, start: float) -> list[Point]:
    return round_about(12, 12, radius, start, start + 360)[:: 60 // sides][:sides]


def _spikes(points: int, outer: float, inner: float, start: float = -90) -> list[Point]:
    turns = [(math.radians(start + 180 * i / points), inner if i % 2 else outer) for i in range(points * 2)]
    return [(12 + r * math.cos(t), 12 + r * math.sin(t)) for t, r in turns]


def _to_end(pen: Pen) -> None:
    pen.soft((4.2, 6.4), (10.6, 12), (4.2, 17.6), width=1.4)
    pen.soft((11.2, 6.4), (17.6, 12), (11.2, 17.6), width=1.4)
    pen.box(19, 5.4, 2.2, 13.2, 1)


def _to_start(pen: Pen) -> None:
    pen.soft((19.8, 6.4), (13.4, 12), (19.8, 17.6), width=1.4)
    pen.soft((12.8, 6.4), (6.4, 12), (12.8, 17.6), width=1.4)
    pen.box(2.8, 5.4, 2.2, 13.2, 1)


def _gear(pen: Pen) -> None:
    for tooth in range(0, 360, 45):
        pen.line((12, 12), round_about(12, 12, 8.8, tooth, tooth)[0], width=3.4)
    pen.disc(12, 12, 6.8).disc(12, 12, 2.9, clear=True)


def _hint(pen: Pen) -> None:
    pen.arc(12, 9.4, 5.9, -225, 45, 2)
    pen.line((7.9, 13.6), (9.5, 16.4), (14.5, 16.4), (16.1, 13.6), width=2)
    pen.line((9.8, 19), (14.2, 19), width=1.8).line((11, 21.4), (13, 21.4), width=1.6)


def _lock(pen: Pen) -> None:
    pen.arc(12, 9.2, 4.2, -180, 0, 2.2)
    pen.line((7.8, 9.2), (7.8, 12), width=2.2).line((16.2, 9.2), (16.2, 12), width=2.2)
    pen.box(5, 11, 14, 10, 2.4)
    pen.disc(12, 15.2, 1.6, clear=True).line((12, 15.4), (12, 17.8), width=1.6, clear=True)


def _unlock(pen: Pen) -> None:
    pen.arc(12, 7.4, 4.2, -180, 0, 2.2)
    pen.line((7.8, 7.4), (7.8, 12), width=2.2)
    pen.box(5, 11, 14, 10, 2.4)
    pen.disc(12, 15.2, 1.6, clear=True).line((12, 15.4), (12, 17.8), width=1.6, clear=True)


def _hourglass(pen: Pen) -> None:
    pen.line((6, 3.6), (18, 3.6), width=2.2).line((6, 20.4), (18, 20.4), width=2.2)
    pen.line((7.6, 4), (7.6, 7), (12, 12), (7.6, 17), (7.6, 20), width=1.8)
    pen.line((16.4, 4), (16.4, 7), (12, 12), (16.4, 17), (16.4, 20), width=1.8)
    pen.shape((9, 19), (15, 19), (12, 15.4)).shape((9.4, 7), (14.6, 7), (12, 10))


def _empty_cap(pen: Pen) -> None:
    """A postman's cap laid down: somebody is gone."""
    pen.shape(*round_about(12, 12.4, 8, 180, 360)).box(3.4, 12, 17.2, 2.6, 1)
    pen.line((8.6, 17.6), (15.4, 22), width=1.9).line((15.4, 17.6), (8.6, 22), width=1.9)


def _flag(pen: Pen) -> None:
    pen.line((5.4, 3), (5.4, 21.4), width=2.1)
    pen.soft((6.4, 4.4), (19.6, 4.4), (16, 9), (19.6, 13.6), (6.4, 13.6), width=1.2)


def _corners(pen: Pen) -> None:
    pen.line((3.6, 18.6), (12, 18.6), (12, 5.4), (20.4, 5.4), width=2.2)
    pen.disc(4.4, 18.6, 2.4).disc(19.6, 5.4, 2.4)


def _fit(pen: Pen) -> None:
    _full_screen(pen)
    pen.disc(12, 12, 2.4)


def _knot(pen: Pen) -> None:
    """Two links, each through the other: neither can be pulled free."""
    pen.ring(8, 12, 5.6, 2.3)
    pen.arc(16, 12, 5.6, 0, 360, 2.3)
    over = round_about(8, 12, 5.6, -75, -15)  # the left link passes over at the top, under at the bottom
    pen.line(*over, width=5, clear=True).line(*round_about(8, 12, 5.6, -95, 5), width=2.3)
    pen.line(*round_about(16, 12, 5.6, 105, 165), width=5, clear=True)
    pen.line(*round_about(16, 12, 5.6, 85, 185), width=2.3)


def _empty_envelope(pen: Pen) -> None:
    rim = [(x / 10, y / 10) for x, y in rounded_outline(pygame.Rect(30, 60, 180, 125), 16)]
    for piece in dashes(rim, 2.6, 2.1, closed=True):
        pen.line(*piece, width=1.7)
    pen.line((6.2, 9), (9, 11.2), width=1.7)
    pen.line((11, 12.7), (12, 13.4), (13, 12.7), width=1.7)
    pen.line((15, 11.2), (17.8, 9), width=1.7)


def _undo(pen: Pen) -> None:
    pen.line((5, 8.5), (14.5, 8.5), width=2.1).arc(14.5, 13.3, 4.8, -90, 90, 2.1)
    pen.line((14.5, 18.1), (8, 18.1), width=2.1).line((9, 4.4), (4.8, 8.5), (9, 12.6), width=2.1)


def _redo(pen: Pen) -> None:
    pen.line((19, 8.5), (9.5, 8.5), width=2.1).arc(9.5, 13.3, 4.8, 90, 270, 2.1)
    pen.line((9.5, 18.1), (16, 18.1), width=2.1).line((15, 4.4), (19.2, 8.5), (15, 12.6), width=2.1)


def _eye(pen: Pen) -> None:
    pen.line(*curve_points((2, 12), (7, 4), (17, 4), (22, 12)), width=1.8)
    pen.line(*curve_points((2, 12), (7, 20), (17, 20), (22, 12)), width=1.8).disc(12, 12, 3.2)


def _wind(pen: Pen) -> None:
    pen.line((2.5, 9), *round_about(13.4, 5.8, 3.2, 90, -150), width=1.9)
    pen.line((2.5, 13), *round_about(17.4, 16.2, 3.2, -90, 150), width=1.9)
    pen.line((5, 17), *round_about(10.6, 19.2, 2.2, -90, 150), width=1.9)


def _help(pen: Pen) -> None:
    pen.arc(12, 8.6, 4.4, -190, 45, 2.3)
    pen.line((15.1, 11.7), (12, 14), (12, 15.8), width=2.3).disc(12, 19.8, 1.5)


def _warning(pen: Pen) -> None:
    pen.soft((12, 4.4), (21, 19.6), (3, 19.6), width=2.6)
    pen.line((12, 9.6), (12, 14), width=2.2, clear=True).disc(12, 17.4, 1.3, clear=True)


def _speaker(pen: Pen) -> None:
    pen.soft((3.6, 9.6), (7, 9.6), (11.4, 5.6), (11.4, 18.4), (7, 14.4), (3.6, 14.4), width=1.4)
    pen.arc(12.4, 12, 4.2, -45, 45, 1.9).arc(12.4, 12, 8, -45, 45, 1.9)


def _mute(pen: Pen) -> None:
    _speaker(pen)
    pen.line((3, 3.6), (21, 20.4), width=4.6, clear=True).line((3, 3.6), (21, 20.4), width=2)


def _document(pen: Pen) -> None:
    pen.line((6, 3.6), (14, 3.6), (18, 7.6), (18, 20.4), (6, 20.4), width=1.8, closed=True)
    for y in (11, 14, 17):
        pen.line((9, y), (15, y), width=1.5)


def _drawers(pen: Pen) -> None:
    """A cabinet of three drawers, each with its handle."""
    pen.frame(4, 2.6, 16, 18.8, 2, 1.8)
    for y in (8.9, 15.1):
        pen.line((4.6, y), (19.4, y), width=1.7)
    for y in (5.8, 12, 18.2):
        pen.line((10.2, y), (13.8, y), width=1.9)


def _full_screen(pen: Pen) -> None:
    for x, y in ((4.5, 4.5), (19.5, 4.5), (19.5, 19.5), (4.5, 19.5)):
        pen.line((x, 9 if y < 12 else 15), (x, y), (9 if x < 12 else 15, y), width=2.1)


ICONS: dict[str, Callable[[Pen], object]] = {
    "play": lambda pen: pen.soft((8, 5.4), (18.6, 12), (8, 18.6)),
    "pause": lambda pen: pen.box(6.4, 5, 4, 14, 1).box(13.6, 5, 4, 14, 1),
    "step": lambda pen: pen.soft((6.4, 6), (15.4, 12), (6.4, 18), width=1.6).box(17, 5.2, 2.4, 13.6, 1),
    "step back": lambda pen: pen.soft((17.6, 6), (8.6, 12), (17.6, 18), width=1.6).box(
        4.6, 5.2, 2.4, 13.6, 1
    ),
    "to end": _to_end,
    "to start": _to_start,
    "hint": _hint,
    "gear": _gear,
    "back": lambda pen: pen.line((14.6, 5.4), (8, 12), (14.6, 18.6), width=2.2),
    "forward": lambda pen: pen.line((9.4, 5.4), (16, 12), (9.4, 18.6), width=2.2),
    "down": lambda pen: pen.line((5.6, 9), (12, 15.4), (18.4, 9), width=2.2),
    "up": lambda pen: pen.line((5.6, 15.4), (12, 9), (18.4, 15.4), width=2.2),
    "pen": lambda pen: pen.line((19.6, 4.4), (9.4, 14.6), width=4).soft(
        (6.4, 13), (11, 17.6), (3.6, 20.4), width=0.6
    ),
    "check": lambda pen: pen.line((4.8, 12.8), (9.8, 17.8), (19.4, 6.8), width=2.6),
    "cross": lambda pen: pen.line((6, 6), (18, 18), width=2.4).line((18, 6), (6, 18), width=2.4),
    "plus": lambda pen: pen.line((12, 5), (12, 19), width=2.2).line((5, 12), (19, 12), width=2.2),
    "minus": lambda pen: pen.line((5, 12), (19, 12), width=2.2),
    "lock": _lock,
    "unlock": _unlock,
    "hourglass": _hourglass,
    "gone": _empty_cap,
    "flag": _flag,
    "fit": _fit,
    "corners": _corners,
    "star": lambda pen: pen.soft(*_spikes(5, 9.2, 3.9), width=1.6),
    "star outline": lambda pen: pen.line(*_spikes(5, 9.4, 4.0), width=1.7, closed=True),
    "knot": _knot,
    "burst": lambda pen: pen.shape(*_spikes(8, 11, 5.2, -78)),
    "envelope": lambda pen: pen.frame(2.5, 5.5, 19, 13, 1.8, 1.8).line(
        (3.6, 7), (12, 13.4), (20.4, 7), width=1.8
    ),
    "empty envelope": _empty_envelope,
    "stamp": lambda pen: pen.frame(2, 6, 20, 12, 2.4, 1.8).frame(4.4, 8.4, 15.2, 7.2, 1, 0.9),
    "undo": _undo,
    "redo": _redo,
    "retry": lambda pen: pen.arc(12, 12.4, 7.4, -60, 225, 2.1).soft(
        (5.2, 3.6), (5.4, 9.4), (10.6, 7.6), width=1
    ),
    "eye": _eye,
    "wind": _wind,
    "clock": lambda pen: pen.ring(12, 12, 8.8, 1.9).line((12, 7), (12, 12), (15.4, 14), width=1.9),
    "help": _help,
    "info": lambda pen: pen.ring(12, 12, 9, 1.9).line((12, 11.4), (12, 16.6), width=2.2).disc(12, 7.6, 1.4),
    "warning": _warning,
    "person": lambda pen: pen.disc(12, 8, 4.4).shape(*round_about(12, 21.4, 8, 180, 360)),
    "search": lambda pen: pen.ring(10.4, 10.4, 6.4, 2.1).line((15.2, 15.2), (20.4, 20.4), width=2.6),
    "sound": _speaker,
    "mute": _mute,
    "document": _document,
    "drawers": _drawers,
    "python": lambda pen: pen.line((8.6, 6.4), (3.4, 12), (8.6, 17.6), width=2.1).line(
        (15.4, 6.4), (20.6, 12), (15.4, 17.6), width=2.1
    ),
    "book": lambda pen: (
        pen.frame(2.6, 5, 9.6, 14, 1.6, 1.9)
        .frame(11.8, 5, 9.6, 14, 1.6, 1.9)
        .line((5.6, 9.4), (9, 9.4), width=1.6)
        .line((15, 9.4), (18.4, 9.4), width=1.6)
    ),
    "menu": lambda pen: [pen.line((4, y), (20, y), width=2.1) for y in (6.4, 12, 17.6)],
    "grip": lambda pen: [pen.disc(x, y, 1.6) for x in (9, 15) for y in (6, 12, 18)],
    "full screen": _full_screen,
}

_SHAPES: dict[str, Callable[[Pen], object]] = {
    "circle": lambda pen: pen.disc(12, 12, 10),
    "square": lambda pen: pen.box(3, 3, 18, 18, 2),
    "triangle": lambda pen: pen.soft((12, 4), (21.4, 20.2), (2.6, 20.2)),
    "diamond": lambda pen: pen.soft((12, 2.4), (21.6, 12), (12, 21.6), (2.4, 12)),
    "hexagon": lambda pen: pen.soft(*_polygon(6, 9.8, 0)),
    "star": lambda pen: pen.soft(*_spikes(5, 11, 5), width=1),
    "pentagon": lambda pen: pen.soft(*_polygon(5, 9.8, -90)),
    "cross": lambda pen: pen.box(8.4, 2.4, 7.2, 19.2, 1.4).box(2.4, 8.4, 19.2, 7.2, 1.4),
    "ring": lambda pen: pen.disc(12, 12, 10).disc(12, 12, 5, clear=True),
    "heart": lambda pen: pen.disc(7.4, 8.6, 5.4).disc(16.6, 8.6, 5.4).soft((3.6, 12), (20.4, 12), (12, 20.8)),
    "drop": lambda pen: pen.disc(12, 14.8, 7).soft((12, 2.8), (17.2, 11), (6.8, 11)),
    "hourglass": lambda pen: pen.soft((4, 3.6), (20, 3.6), (12, 12)).soft((4, 20.4), (20, 20.4), (12, 12)),
    "arrow": lambda pen: pen.soft((12, 3), (20.6, 12), (3.4, 12)).box(8.4, 11, 7.2, 10.4, 1.2),
    "moon": lambda pen: pen.disc(11, 12, 9.8).disc(16.4, 9.4, 7.8, clear=True),
    "bolt": lambda pen: pen.soft(
        (14.4, 2.6), (5, 13.6), (11, 13.6), (9.6, 21.4), (19, 10.2), (13, 10.2), width=1.2
    ),
    "bar": lambda pen: pen.box(1.6, 7.6, 20.8, 8.8, 2),
}


def _inked(
    theme: Theme, key: tuple[str, str], size: float, colour: Colour, paint: Callable[[Pen], object]
) -> pygame.Surface:
    side = max(4, theme.px(size))

    def make() -> pygame.Surface:
        big = pygame.Surface((side * FINE, side * FINE), pygame.SRCALPHA)
        big.fill((*colour, 0))
        paint(Pen(big, colour))
        return pygame.transform.smoothscale(big, (side, side))

    return theme.surfaces.get((*key, side, colour), make)


def icon(theme: Theme, name: str, size: float, colour: Colour) -> pygame.Surface:
    """One of `ICONS`, `size` design units square. Do not draw on it."""
    return _inked(theme, ("icon", name), size, colour, ICONS[name])


def put_icon(
    surface: pygame.Surface, theme: Theme, name: str, centre: Point, size: float, colour: Colour
) -> None:
    """An icon about a point."""
    made = icon(theme, name, size, colour)
    surface.blit(made, made.get_rect(center=(round(centre[0]), round(centre[1]))))


def clerk_mark(
    surface: pygame.Surface,
    theme: Theme,
    centre: Point,
    look: ClerkLook,
    size: float = 12,
    colour: Colour | None = None,
) -> None:
    """A clerk's shape in the clerk's colour: what a colour alone would say to most, said to all."""
    ink = colour or look.fill
    mark = _inked(theme, ("mark", look.shape), size, ink, _SHAPES[look.shape])
    surface.blit(mark, mark.get_rect(center=(round(centre[0]), round(centre[1]))))


def stamp(
    theme: Theme,
    words: str,
    colour: Colour,
    *,
    size: float = 24,
    tilt: float = 8,
    most: float = math.inf,
) -> pygame.Surface:
    """A rubber stamp's print: a double frame, worn in places, a little crooked; smaller than `size` where it
    would be wider than `most`, both lengths of the design. Do not draw on it."""
    words = theme.said(words)
    flat = theme.width(words.upper(), "voice", size, "bold") / theme.scale + 1.4 * size
    turn = math.radians(tilt)
    wide = flat * math.cos(turn) + 1.9 * size * math.sin(turn)
    size = round(size * min(1.0, most / wide), 1)

    def make() -> pygame.Surface:
        fine = theme.scaled(theme.scale)  # its large letters should not crowd out the kept ones
        points = round(size * theme.scale * FINE)
        pygame.font.init()
        letters = fine.font("voice", points / fine.scale, "bold").render(words.upper(), True, colour)
        pad_x, pad_y = round(points * 0.62), round(points * 0.3)
        w, h = letters.get_width() + 2 * pad_x, letters.get_height() + 2 * pad_y
        big = pygame.Surface((w, h), pygame.SRCALPHA)
        big.fill((*colour, 0))
        pygame.draw.rect(big, (*colour, 255), (0, 0, w, h), round(points * 0.14), round(points * 0.34))
        inner = pygame.Rect(0, 0, w, h).inflate(-round(points * 0.42), -round(points * 0.42))
        pygame.draw.rect(big, (*colour, 255), inner, max(1, round(points * 0.04)), round(points * 0.2))
        big.blit(letters, (pad_x, pad_y))
        worn = random.Random(words)
        for _ in range(w * h // 900):
            spot = (worn.randrange(w), worn.randrange(h))
            ink = (*colour, worn.choice((0, 90, 150)))
            pygame.draw.circle(big, ink, spot, points * worn.uniform(0.006, 0.026))
        # Turned while still large: turning the small picture would leave its thin frame jagged.
        turned = pygame.transform.rotozoom(big, tilt, 0.5)
        return pygame.transform.smoothscale(
            turned, (turned.get_width() * 2 // FINE, turned.get_height() * 2 // FINE)
        )

    return theme.surfaces.get(("stamp", words, colour, size, tilt), make)
