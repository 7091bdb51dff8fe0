"""The things of the office as drawings: portraits, parcels, trays, belts, tubes, boards, keys.

Each is painted once at four times its size, shrunk, and kept in the theme; sizes are lengths of the design.
Where things stand, and when, is the board's business.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import pygame

from game.desktop.draw import FINE, Point, clerk_bar, stroke
from game.desktop.theme import ClerkLook, Colour, Theme, mix, rgb

Paint = Callable[["Brush"], object]

SKINS: Final = tuple(map(rgb, ("#F3D9BE", "#C98F62", "#E8BD95", "#8C5B3C")))
HAIRS: Final = tuple(map(rgb, ("#5A3A22", "#1F1B1C", "#B98B4A", "#2B1B14", "#8E8A86")))


class Brush:
    """Paints in design lengths on a surface `zoom` times as fine."""

    def __init__(self, surface: pygame.Surface, zoom: float) -> None:
        self.surface = surface
        self.zoom = zoom

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: Colour | tuple[int, int, int, int] | None,
        *,
        radius: float = 0,
        outline: Colour | None = None,
        width: float = 1.2,
    ) -> Brush:
        z = self.zoom
        rect = pygame.Rect(round(x * z), round(y * z), max(1, round(w * z)), max(1, round(h * z)))
        if outline is not None:
            pygame.draw.rect(self.surface, outline, rect, border_radius=round(radius * z))
            rect = rect.inflate(-2 * round(width * z), -2 * round(width * z))
            radius = max(0.0, radius - width)
        if fill is not None:
            pygame.draw.rect(self.surface, fill, rect, border_radius=round(radius * z))
        return self

    def disc(self, x: float, y: float, radius: float, fill: Colour | tuple[int, int, int, int]) -> Brush:
        pygame.draw.circle(self.surface, fill, (x * self.zoom, y * self.zoom), radius * self.zoom)
        return self

    def oval(self, x: float, y: float, w: float, h: float, fill: Colour) -> Brush:
        z = self.zoom
        pygame.draw.ellipse(self.surface, fill, pygame.Rect(x * z, y * z, w * z, h * z))
        return self

    def shape(self, fill: Colour | tuple[int, int, int, int], *points: Point) -> Brush:
        pygame.draw.polygon(self.surface, fill, [(x * self.zoom, y * self.zoom) for x, y in points])
        return self

    def line(self, colour: Colour | tuple[int, int, int, int], width: float, *points: Point) -> Brush:
        stroke(self.surface, colour, [(x * self.zoom, y * self.zoom) for x, y in points], width * self.zoom)
        return self


def sprite(theme: Theme, key: object, w: float, h: float, rim: Colour, paint: Paint) -> pygame.Surface:
    """A drawing of w × h design lengths. `rim` is the colour its edges fade out in. Do not draw on it."""
    size = max(1, math.ceil(w * theme.scale)), max(1, math.ceil(h * theme.scale))

    def make() -> pygame.Surface:
        big = pygame.Surface((size[0] * FINE, size[1] * FINE), pygame.SRCALPHA)
        big.fill((*rim, 0))
        paint(Brush(big, theme.scale * FINE))
        return pygame.transform.smoothscale(big, size)

    return theme.surfaces.get(("furniture", key, size, rim), make)


def put(surface: pygame.Surface, made: pygame.Surface, centre: Point) -> pygame.Rect:
    """A drawing about a point in pixels."""
    place = made.get_rect(center=(round(centre[0]), round(centre[1])))
    surface.blit(made, place)
    return place


# -- people --


def portrait(
    surface: pygame.Surface, theme: Theme, centre: Point, size: float, look: ClerkLook, index: int, life: str
) -> None:
    """A clerk's face in its ring: colour and pattern behind it. Not started, or ended by a signal: an empty
    chair in grey. Home: the cap on its peg."""
    side = theme.px(size)
    rect = pygame.Rect(0, 0, side, side)
    rect.center = round(centre[0]), round(centre[1])
    grey = theme.palette.faint
    if life == "new":
        put(surface, sprite(theme, "chair", size, size, grey, lambda b: _empty_chair(b, size, theme)), centre)
        return
    if life in ("terminated", "killed"):
        put(surface, sprite(theme, "chair", size, size, grey, lambda b: _empty_chair(b, size, theme)), centre)
        return
    if life == "home":
        key = ("peg", look.shape, size)
        made = sprite(theme, key, size, size, look.tint, lambda b: _cap_on_peg(b, size, look, theme))
        put(surface, made, centre)
        return
    clerk_bar(surface, theme, rect, look, radius=size / 2)
    made = sprite(
        theme, ("face", index % 16, size), size, size, look.fill, lambda b: _face(b, size, look, index)
    )
    put(surface, made, centre)


def _face(b: Brush, size: float, look: ClerkLook, index: int) -> None:
    u = size / 44
    skin, hair = SKINS[(index * 3) % 4], HAIRS[(index * 2 + index // 5) % 5]
    dark = rgb("#23242C")
    coat = mix(look.fill, (12, 12, 16), 0.45)

    def at(x: float, y: float) -> Point:
        return x * u, y * u

    # Shoulders stay inside the ring: cut by the ring's own curve.
    ring = [at(22 + 21.4 * math.cos(t), 22 + 21.4 * math.sin(t)) for t in _turns(24, 156, 24)]
    b.shape(coat, *[at(9, 35), at(14, 32), at(30, 32), at(35, 35)], *ring)
    b.shape(rgb("#FFFDF8"), at(18.6, 31.6), at(25.4, 31.6), at(22, 37))
    b.box(19 * u, 27 * u, 6 * u, 6 * u, mix(skin, (90, 40, 20), 0.18), radius=2 * u)
    if index % 4 in (0, 3):
        b.oval(11.6 * u, 13 * u, 20.8 * u, 19 * u, hair)
    b.oval(13.4 * u, 12 * u, 17.2 * u, 19.6 * u, skin)
    b.disc(18.6 * u, 22 * u, 1.25 * u, dark).disc(25.4 * u, 22 * u, 1.25 * u, dark)
    cheek = mix(skin, (200, 60, 40), 0.28)
    b.disc(16.6 * u, 25 * u, 1.5 * u, cheek).disc(27.4 * u, 25 * u, 1.5 * u, cheek)
    match index % 4:
        case 1:
            b.line(hair, 2.2 * u, at(18, 26.6), at(20.4, 25.6), at(22, 26.2), at(23.6, 25.6), at(26, 26.6))
        case 2:
            for x in (18.6, 25.4):
                ring_points = [at(x + 3 * math.cos(t), 22 + 3 * math.sin(t)) for t in _turns(0, 360, 20)]
                b.line(dark, 0.8 * u, *ring_points)
            b.line(dark, 0.8 * u, at(21.4, 21.8), at(22.6, 21.8))
            b.line(mix(skin, (120, 30, 20), 0.6), 1 * u, at(20, 27.4), at(22, 28.2), at(24, 27.4))
        case 3:
            beard = [at(22 + 8 * math.cos(t), 24.6 + 7.4 * math.sin(t)) for t in _turns(10, 170, 16)]
            b.shape(hair, *beard)
            b.line(mix(skin, (120, 30, 20), 0.6), 1 * u, at(20.4, 27.2), at(23.6, 27.2))
        case _:
            b.line(mix(skin, (120, 30, 20), 0.6), 1 * u, at(19.6, 26.8), at(22, 28), at(24.4, 26.8))
    (_bowler if index // 8 % 2 else _cap)(b, 22 * u, 15.6 * u, u, look)


def _bowler(b: Brush, x: float, y: float, u: float, look: ClerkLook) -> None:
    """What the ninth clerk and those after wear: round, with a brim and no button. (x, y) as for a cap."""
    dark, tall = rgb("#2A2B33"), 10.4
    crown = [(x + 8.6 * u * math.cos(t), y - 2 * u + tall * u * math.sin(t)) for t in _turns(180, 360, 20)]
    b.shape(dark, *crown)
    b.box(x - 8.6 * u, y - 4.4 * u, 17.2 * u, 3.2 * u, mix(look.fill, (255, 253, 248), 0.3))
    b.box(x - 13.4 * u, y - 1.4 * u, 26.8 * u, 2.4 * u, dark, radius=1.2 * u)


def _cap(b: Brush, x: float, y: float, u: float, look: ClerkLook) -> None:
    """A postman's cap: crown, band in the clerk's colour, button, peak. (x, y) is under the band."""
    dark = rgb("#2A2B33")
    crown = [(x + 11.4 * u * math.cos(t), y - 3.4 * u + 7.2 * u * math.sin(t)) for t in _turns(180, 360, 20)]
    b.shape(dark, *crown)
    band = mix(look.fill, (255, 253, 248), 0.25) if look.ink != dark else look.fill
    b.box(x - 10 * u, y - 4.2 * u, 20 * u, 3.4 * u, band, radius=0.8 * u)
    b.disc(x, y - 2.5 * u, 1.5 * u, rgb("#E8C27A"))
    b.box(x - 10.4 * u, y - 1.2 * u, 20.8 * u, 2.6 * u, rgb("#15161B"), radius=1.3 * u)


def _turns(start: float, end: float, count: int) -> list[float]:
    return [math.radians(start + (end - start) * index / count) for index in range(count + 1)]


def _empty_chair(b: Brush, size: float, theme: Theme) -> None:
    u, p = size / 44, theme.palette
    b.disc(22 * u, 22 * u, 21.4 * u, p.faint).disc(22 * u, 22 * u, 20 * u, p.paper)
    line = p.faint
    b.line(line, 2.2 * u, (16 * u, 10 * u), (16 * u, 34 * u)).line(
        line, 2.2 * u, (16 * u, 24 * u), (28 * u, 24 * u)
    )
    b.line(line, 2.2 * u, (28 * u, 24 * u), (28 * u, 34 * u)).line(
        line, 2.2 * u, (16 * u, 15 * u), (16.4 * u, 15 * u)
    )


def _cap_on_peg(b: Brush, size: float, look: ClerkLook, theme: Theme) -> None:
    u, p = size / 44, theme.palette
    b.disc(22 * u, 22 * u, 21.4 * u, look.fill).disc(22 * u, 22 * u, 19.8 * u, look.tint)
    b.box(9 * u, 13 * u, 26 * u, 4 * u, p.board_wood, radius=2 * u)
    b.line(p.board_wood, 2.6 * u, (22 * u, 15 * u), (22 * u, 22 * u))
    _cap(b, 22 * u, 30 * u, u, look)


def cat_asleep(theme: Theme, size: float) -> pygame.Surface:
    """The office cat, curled up, with three Zs rising from it."""
    fur, pink = theme.palette.slate_deep, rgb("#D98C84")

    def paint(b: Brush) -> None:
        u = size / 44

        def at(x: float, y: float) -> Point:
            return x * u, y * u

        rim = theme.palette.card
        for more, colour in ((1.6, rim), (0.0, fur)):
            b.oval((5 - more) * u, (21 - more) * u, (34 + 2 * more) * u, (19 + 2 * more) * u, colour)
            b.disc(13 * u, 25 * u, (7.6 + more) * u, colour)
        b.shape(fur, at(6, 22), at(6.4, 14.6), at(12, 18.6)).shape(
            fur, at(14, 18.4), at(19.4, 14.8), at(20, 22)
        )
        lid = rgb("#E8C27A")
        b.line(lid, 1.1 * u, at(8.4, 25), at(10, 26.2), at(11.6, 25))
        b.line(lid, 1.1 * u, at(14.6, 25), at(16.2, 26.2), at(17.8, 25))
        b.disc(13 * u, 28 * u, 1.1 * u, pink)
        tail = [at(22 + 15 * math.cos(t), 33 + 5 * math.sin(t)) for t in _turns(-20, 130, 18)]
        b.line(mix(fur, rim, 0.16), 3 * u, *tail)
        for x, y, side in ((25, 12, 5.4), (32, 6, 4.4), (38, 1.6, 3.4)):
            z = [at(x, y), at(x + side, y), at(x, y + side), at(x + side, y + side)]
            b.line(rim, 3.4 * u, *z)
            b.line(fur, 1.6 * u, *z)

    return sprite(theme, ("cat", size), size, size, theme.palette.card, paint)


def porter(theme: Theme, look: ClerkLook, size: float) -> pygame.Surface:
    """A clerk's porter, a small figure in the clerk's colour."""

    def paint(b: Brush) -> None:
        u = size / 24
        coat = [(4, 24), (5.2, 15.6), (9, 13), (15, 13), (18.8, 15.6), (20, 24)]
        b.shape(look.fill, *[(x * u, y * u) for x, y in coat])
        b.line(mix(look.fill, look.ink, 0.55), 1 * u, (12 * u, 14 * u), (12 * u, 24 * u))
        b.disc(12 * u, 9 * u, 4.6 * u, rgb("#F3D9BE"))
        b.shape(
            rgb("#2A2B33"),
            *[(x * u, y * u) for x, y in ((6.8, 8), (7.6, 4), (12, 2.4), (16.4, 4), (17.2, 8))],
        )
        b.box(6.4 * u, 7 * u, 11.6 * u, 1.6 * u, rgb("#15161B"), radius=0.8 * u)

    return sprite(theme, ("porter", look.shape, size), size, size, look.fill, paint)


# -- tokens --


def token(theme: Theme, words: str, kind: str, w: float, h: float, *, text: float = 11.5) -> pygame.Surface:
    """A token with its value on it: a "parcel" (numbers and the rest), a "letter" (text), a "nothing"
    (None, with a black edge), a "wet" one (an open sheet, its ink still blue). `words` must fit; see
    `token_width`."""
    p = theme.palette

    def paint(b: Brush) -> None:
        if kind == "letter":
            b.box(0, 0, w, h, p.card, radius=2.4, outline=mix(p.line, p.ink, 0.35), width=1)
            flap = mix(p.line, p.card, 0.35)
            b.line(flap, 0.9, (1.4, 1.6), (w / 2, h * 0.56), (w - 1.4, 1.6))
            for index in range(int(w // 6) + 1):
                edge = p.post if index % 2 == 0 else p.focus
                b.shape(
                    edge,
                    *[(index * 6 + x, h - 1.2 + y) for x, y in ((1, 0), (4, 0), (3.2, -1.8), (0.2, -1.8))],
                )
        elif kind == "nothing":
            b.box(0, 0, w, h, p.card, radius=2.4, outline=p.ink, width=2.2)
        elif kind == "wet":
            # No tape and no edge of a parcel: a sheet with a dog's ear, and a drop that has not dried.
            ear = min(h * 0.36, 8.0)
            sheet = [(1, 1), (w - 1 - ear, 1), (w - 1, 1 + ear), (w - 1, h - 1), (1, h - 1)]
            b.shape(p.card, *sheet)
            b.shape(mix(p.focus, p.card, 0.72), (w - 1 - ear, 1), (w - 1, 1 + ear), (w - 1 - ear, 1 + ear))
            b.line(p.focus, 1.2, *sheet, sheet[0])
            b.disc(4.2, h - 4.2, 1.9, p.focus)
        else:
            b.box(0, 0, w, h, p.parcel, radius=3, outline=p.parcel_deep, width=1.2)
            b.box(1.2, h * 0.76, w - 2.4, h * 0.24 - 1.2, mix(p.parcel, p.parcel_deep, 0.4), radius=1.5)
            tape = mix(p.parcel, p.card, 0.42)
            b.box(w / 2 - 2.6, 1.2, 5.2, h - 2.4, tape)

    def make() -> pygame.Surface:
        ground = sprite(
            theme, ("token", kind), w, h, p.parcel_deep if kind == "parcel" else p.faint, paint
        ).copy()
        if words:
            ink = p.focus if kind == "wet" else p.ink
            made = theme.text(words, ink, "code", text, "bold")
            place = made.get_rect(center=ground.get_rect().center)
            if kind == "parcel":
                plate = place.inflate(theme.px(4), -theme.px(3)).clip(ground.get_rect().inflate(-4, -4))
                pygame.draw.rect(ground, mix(p.parcel, p.card, 0.72), plate, border_radius=theme.px(2))
            ground.blit(made, place)
        return ground

    return theme.surfaces.get(("whole token", words, kind, w, h, text, theme.scale), make)


def number_slip(theme: Theme, words: str, colour: Colour, size: float) -> pygame.Surface:
    """A number on its way between a board and a hand: a slip of paper."""
    letters = theme.text(words, colour, "voice", size, "bold")
    w = letters.get_width() / theme.scale + 14
    h = size * 1.5

    def make() -> pygame.Surface:
        p = theme.palette
        slip = sprite(
            theme,
            ("slip", round(w), colour),
            w,
            h,
            colour,
            lambda b: b.box(0, 0, w, h, p.card, radius=6, outline=colour, width=1.6),
        ).copy()
        slip.blit(letters, letters.get_rect(center=slip.get_rect().center))
        return slip

    return theme.surfaces.get(("whole slip", words, colour, size, theme.scale), make)


# -- furniture --


def tray(theme: Theme, w: float, h: float) -> pygame.Surface:
    """An out-tray: a shallow wire basket."""

    def paint(b: Brush) -> None:
        p = theme.palette
        wood, deep = p.board_wood, mix(p.board_wood, p.ink, 0.35)
        b.box(0, h * 0.34, w, h * 0.66, mix(p.desk, p.board_wood, 0.35), radius=3)
        b.box(0, h * 0.34, 3, h * 0.66, deep, radius=1.5).box(w - 3, h * 0.34, 3, h * 0.66, deep, radius=1.5)
        b.box(0, h - 5, w, 5, wood, radius=2)

    return sprite(theme, "tray", w, h, theme.palette.board_wood, paint)


def belt(theme: Theme, w: float, h: float, facing: int) -> pygame.Surface:
    """A conveyor belt with its rollers, and small arrows the way it runs."""

    def paint(b: Brush) -> None:
        p = theme.palette
        rubber, wheel = rgb("#5E5A52"), rgb("#8F897C")
        b.box(0, 0, w, h, rubber, radius=h / 2)
        b.box(h * 0.3, h * 0.12, w - h * 0.6, h * 0.14, mix(rubber, p.paper, 0.22), radius=1)
        count = max(2, int((w - h) // 17) + 1)
        for index in range(count):
            x = h / 2 + (w - h) * index / (count - 1)
            b.disc(x, h * 0.56, h * 0.22, wheel).disc(x, h * 0.56, h * 0.08, rubber)
        for index in range(count - 1):
            x = h / 2 + (w - h) * (index + 0.5) / (count - 1)
            b.line(
                mix(rubber, p.paper, 0.5),
                1.1,
                (x - 1.8 * facing, h * 0.4),
                (x + 1.6 * facing, h * 0.56),
                (x - 1.8 * facing, h * 0.72),
            )

    return sprite(theme, ("belt", facing), w, h, rgb("#5E5A52"), paint)


def chute(theme: Theme, w: float, h: float, facing: int) -> pygame.Surface:
    """A slide from high to low: no tray, no porter, straight through."""

    def paint(b: Brush) -> None:
        p = theme.palette
        metal, deep = rgb("#9AA7AC"), rgb("#5F6D73")

        def at(x: float, y: float) -> Point:
            return (x if facing > 0 else w - x), y

        top, low = h * 0.22, h * 0.72
        for x in (w * 0.12, w * 0.88):
            y = top + (low - top) * x / w
            b.line(mix(deep, p.desk, 0.3), 2.4, at(x, y), at(x, h))
        b.shape(
            metal,
            at(0, top),
            at(w * 0.1, top),
            at(w * 0.86, low),
            at(w, low),
            at(w, low + 9),
            at(w * 0.84, low + 9),
            at(w * 0.08, top + 9),
            at(0, top + 9),
        )
        b.line(deep, 2.2, at(0, top + 9), at(w * 0.08, top + 9), at(w * 0.84, low + 9), at(w - 1, low + 9))
        b.line(mix(metal, p.card, 0.7), 1.6, at(1, top), at(w * 0.1, top), at(w * 0.86, low), at(w - 1, low))

    return sprite(theme, ("chute", facing), w, h, rgb("#5F6D73"), paint)


def tube(theme: Theme, path: Sequence[Point], w: float, h: float, bore: float) -> pygame.Surface:
    """A glass tube with brass rings along a path (in the drawing's own lengths)."""

    def paint(b: Brush) -> None:
        p = theme.palette
        b.line(mix(p.brass, p.ink, 0.1), bore + 5, *path)
        b.line(mix(p.brass_light, p.card, 0.5), bore + 2, *path)
        b.line(mix(p.card, p.brass_tint, 0.55), bore, *path)
        lift = -bore * 0.32
        b.line(mix(p.card, p.brass_tint, 0.05), bore * 0.12, *[(x, y + lift) for x, y in path[1:-1]])
        for share in (0.25, 0.5, 0.75):
            x, y = path[round(share * (len(path) - 1))]
            b.box(x - 2.2, y - bore / 2 - 3.4, 4.4, bore + 6.8, p.brass, radius=1.6)

    return sprite(theme, ("tube", tuple(path), bore), w, h, theme.palette.brass, paint)


def mouth(theme: Theme, size: float, left: bool, capped: bool) -> pygame.Surface:
    """A tube's mouthpiece: a brass trumpet, or the plug in it."""

    def paint(b: Brush) -> None:
        p = theme.palette
        w, h = size * 0.62, size

        def at(x: float, y: float) -> Point:
            return (x if left else w - x), y

        edge = mix(p.brass, p.ink, 0.3)
        b.shape(edge, at(0, 0), at(3.4, 0), at(w, h * 0.24), at(w, h * 0.76), at(3.4, h), at(0, h))
        b.shape(
            p.brass,
            at(1.2, 2),
            at(3.4, 1.8),
            at(w, h * 0.3),
            at(w, h * 0.7),
            at(3.4, h - 1.8),
            at(1.2, h - 2),
        )
        b.line(p.brass_light, 1.4, at(3.4, h * 0.2), at(w - 1, h * 0.38))
        if capped:
            b.box((0 if left else w - 7), h * 0.06, 7, h * 0.88, p.ink, radius=2.4)

    return sprite(theme, ("mouth", left, capped), size * 0.62, size, theme.palette.brass, paint)


def chalkboard(theme: Theme, w: float, h: float) -> pygame.Surface:
    """The tally board: slate green in a wooden frame, with a chalk rail."""

    def paint(b: Brush) -> None:
        p = theme.palette
        rail = 6.0
        wood, light = p.board_wood, mix(p.board_wood, p.brass_light, 0.45)
        b.box(0, 0, w, h - rail + 3, wood, radius=6)
        b.box(1.4, 1.2, w - 2.8, 1.6, light, radius=1)
        b.box(6, 6, w - 12, h - rail - 9, p.board, radius=3)
        dark = mix(p.board, (0, 0, 0), 0.2)
        b.box(6, 6, w - 12, 2, dark)
        for x, y, long in ((0.2, 0.72, 0.3), (0.56, 0.3, 0.22)):
            smear = mix(p.board, p.chalk, 0.05)
            b.line(smear, 7, (w * x, h * y), (w * (x + long), h * (y - 0.05)))
        b.box(w * 0.06, h - rail, w * 0.88, rail, mix(wood, p.ink, 0.2), radius=2)
        b.box(w * 0.72, h - rail - 2.4, 13, 3, p.chalk, radius=1.5)

    return sprite(theme, "chalkboard", w, h, theme.palette.board_wood, paint)


def key_drawing(theme: Theme, size: float, colour: Colour) -> pygame.Surface:
    """A key hanging down by its bow."""

    def paint(b: Brush) -> None:
        u = size / 40
        deep = mix(colour, (40, 24, 0), 0.35)
        for ink, grow in ((deep, 1.1), (colour, 0.0)):
            ring = [((10 + 6.4 * math.cos(t)) * u, (9 + 6.4 * math.sin(t)) * u) for t in _turns(0, 360, 28)]
            b.line(ink, (3.6 + grow) * u, *ring)
            b.line(ink, (3.6 + grow) * u, (10 * u, 16 * u), (10 * u, 37 * u))
            b.line(ink, (3.4 + grow) * u, (10 * u, 35 * u), (16 * u, 35 * u)).line(
                ink, (3.4 + grow) * u, (10 * u, 28.6 * u), (14.6 * u, 28.6 * u)
            )

    return sprite(theme, ("key", colour), size * 0.5, size, colour, paint)


def key_plaque(theme: Theme, w: float, h: float) -> pygame.Surface:
    """The wooden plaque with the hook a key hangs on."""

    def paint(b: Brush) -> None:
        p = theme.palette
        b.box(0, 0, w, h, p.board_wood, radius=8)
        b.box(2.4, 2.4, w - 4.8, h - 4.8, mix(p.board_wood, p.brass_light, 0.28), radius=6)
        hook = [(w / 2 + 4 * math.cos(t), h * 0.2 + 4 * math.sin(t)) for t in _turns(-60, 200, 18)]
        b.line(p.ink, 2, *hook)

    return sprite(theme, "plaque", w, h, theme.palette.board_wood, paint)


def counter(theme: Theme, w: float, h: float) -> pygame.Surface:
    """The public counter: a plank of polished wood with a brass edge."""

    def paint(b: Brush) -> None:
        p = theme.palette
        wood = mix(p.board_wood, p.parcel, 0.25)
        b.box(0, 0, w, h, mix(wood, p.ink, 0.25), radius=7)
        b.box(0, 0, w, h - 6, wood, radius=7)
        b.box(0, h * 0.5, w, h * 0.5 - 9, wood)
        for y, shade in ((0.24, 0.07), (0.46, 0.05), (0.68, 0.07)):
            b.box(10, h * y, w - 20, 1, mix(wood, p.ink, shade + 0.06))
        b.box(0, h - 9, w, 3, p.brass_light)

    return sprite(theme, "counter", w, h, theme.palette.board_wood, paint)


def index_card(theme: Theme, w: float, h: float) -> pygame.Surface:
    def paint(b: Brush) -> None:
        p = theme.palette
        b.box(0, 0, w, h, p.card, radius=3, outline=mix(p.line, p.ink, 0.25), width=1)
        b.box(1, h * 0.26, w - 2, 1.2, p.post)

    return sprite(theme, "index card", w, h, theme.palette.line, paint)


def crate(theme: Theme, w: float, h: float) -> pygame.Surface:
    """A box for things the board has no drawing of."""

    def paint(b: Brush) -> None:
        p = theme.palette
        edge = mix(p.line, p.ink, 0.45)
        b.box(0, 0, w, h, p.card, radius=8, outline=edge, width=1.6)
        for x in (7.0, w - 7):
            for y in (7.0, h - 7):
                b.disc(x, y, 2, p.brass)

    return sprite(theme, "crate", w, h, theme.palette.line, paint)


def clipboard_snapped(theme: Theme, size: float) -> pygame.Surface:
    """A clerk's punch-card board broken in two: the script stopped with an exception."""

    def paint(b: Brush) -> None:
        u, p = size / 36, theme.palette

        def half(dx: float, turn: float, *points: Point) -> list[Point]:
            c, s = math.cos(turn), math.sin(turn)
            return [((18 + dx + x * c - y * s) * u, (18 + x * s + y * c) * u) for x, y in points]

        crack = ((0.0, -14.0), (2.6, -7.0), (-2.4, -1.0), (2.2, 6.0), (-1.0, 15.0))
        left = ((-11.0, -14.0), *crack, (-11.0, 15.0))
        right = ((11.0, -14.0), (11.0, 15.0), *reversed(crack))
        for shape, dx, turn in ((left, -2.4, -0.1), (right, 2.4, 0.14)):
            b.shape(p.board_wood, *half(dx, turn, *shape))
            inner = [(x * 0.8 + (-1.6 if shape is left else 1.6), y * 0.8 + 1.4) for x, y in shape]
            b.shape(p.card, *half(dx, turn, *inner))
        for dx, turn, x in ((-2.4, -0.1, -9.0), (2.4, 0.14, 3.4)):
            for y in (-5.0, 0.0, 5.0):
                b.line(p.post, 1.3 * u, *half(dx, turn, (x, y), (x + 4.6, y)))
        b.shape(p.ink, *half(-2.4, -0.1, (-6, -16.5), (1, -16.5), (1, -12.5), (-6, -12.5)))

    return sprite(theme, "snapped", size, size, theme.palette.board_wood, paint)


def lamp(theme: Theme, size: float, lit: bool) -> pygame.Surface:
    """A small call lamp: lit while its clerk waits."""

    def paint(b: Brush) -> None:
        p, u = theme.palette, size / 16
        if lit:
            b.disc(8 * u, 7 * u, 7.6 * u, (*p.brass_light, 90))
        bulb = rgb("#F2B233") if lit else p.line
        b.disc(8 * u, 6.6 * u, 4.8 * u, mix(bulb, p.ink, 0.35)).disc(8 * u, 6.6 * u, 3.8 * u, bulb)
        if lit:
            b.disc(6.8 * u, 5.4 * u, 1.3 * u, p.card)
        b.box(5.4 * u, 11 * u, 5.2 * u, 3.6 * u, p.ink_soft, radius=1 * u)

    return sprite(theme, ("lamp", lit), size, size, theme.palette.brass_light, paint)


def burst(theme: Theme, size: float) -> pygame.Surface:
    """A red star of splinters: a stroke is lost here."""

    def paint(b: Brush) -> None:
        p = theme.palette
        for ink, share in ((p.card, 1.0), (p.post, 0.9)):
            points = []
            for index in range(22):
                far = (0.5, 0.31, 0.46, 0.29)[index % 4] * size * share
                turn = math.tau * index / 22 - 1.4
                points.append((size / 2 + far * math.cos(turn), size / 2 + far * math.sin(turn)))
            b.shape(ink, *points)
        cut = size * 0.12
        for sign in (1, -1):
            b.line(
                p.card,
                size * 0.06,
                (size / 2 - cut, size / 2 - cut * sign),
                (size / 2 + cut, size / 2 + cut * sign),
            )

    return sprite(theme, "burst", size, size, theme.palette.card, paint)
