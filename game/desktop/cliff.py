"""The office on its cliff, in the wind: the picture behind the title, drawn by code at any size.

What stands still is drawn once and kept; what the wind moves is drawn anew. The wind blows from the right,
so the letters fly towards the title.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise

import pygame

from game.desktop.theme import Colour, Theme, mix

WIDE, HIGH = 1280, 720
_FINE = 2
Point = tuple[float, float]


class _Place:
    """From the picture's own 1280 × 720 to a surface it has to cover; its right foot stays in the corner."""

    def __init__(self, size: tuple[int, int], fine: int = 1) -> None:
        self.size = (size[0] * fine, size[1] * fine)
        self.factor = max(self.size[0] / WIDE, self.size[1] / HIGH)

    def at(self, x: float, y: float) -> Point:
        return self.size[0] - (WIDE - x) * self.factor, self.size[1] - (HIGH - y) * self.factor

    def all(self, points: Sequence[Point]) -> list[Point]:
        return [self.at(*point) for point in points]

    def long(self, length: float) -> int:
        return max(1, round(length * self.factor))

    def box(self, x: float, y: float, w: float, h: float) -> pygame.Rect:
        left, top = self.at(x, y)
        right, bottom = self.at(x + w, y + h)
        return pygame.Rect(round(left), round(top), round(right - left), round(bottom - top))


def paint_cliff(surface: pygame.Surface, theme: Theme, seconds: float) -> None:
    """Fill a surface with the picture as it is at this moment. With reduced motion it does not move."""
    size = surface.get_size()
    still = theme.surfaces.get(("cliff", size), lambda: _still(theme, size))
    surface.blit(still, (0, 0))
    moment = 2.4 if theme.reduced_motion else seconds
    place = _Place(size)
    _clouds(surface, theme, place, moment)
    _sea(surface, theme, place, moment)
    _smoke(surface, theme, place, moment)
    _flag(surface, theme, place, moment)
    _grass(surface, theme, place, moment)
    _gusts(surface, theme, place, moment)
    _letters(surface, theme, place, moment)


HORIZON = 508.0

_TOP = ((1290, 392), (1210, 396), (1130, 402), (1010, 404), (905, 407), (842, 414), (808, 424))
_FACE = (
    (808, 424), (796, 433), (806, 452), (826, 468), (818, 500), (838, 528), (834, 566), (856, 600),
    (850, 648), (872, 690), (866, 730), (1290, 730),
)  # fmt: skip


def _still(theme: Theme, size: tuple[int, int]) -> pygame.Surface:
    colours = theme.palette
    place = _Place(size, _FINE)
    big = pygame.Surface(place.size)
    high_sky, low_sky = (
        mix(colours.paper, colours.teal_light, 0.34),
        mix(colours.paper, colours.brass_light, 0.5),
    )
    line = round(place.at(0, HORIZON)[1])
    for y in range(line):
        part = y / max(1, line)
        middle = mix(high_sky, colours.paper, min(1.0, part * 1.7))
        big.fill(mix(middle, low_sky, max(0.0, (part - 0.45) / 0.55) ** 1.4), (0, y, place.size[0], 1))
    sun = place.at(640, HORIZON - 42)
    for radius, part in ((150, 0.16), (112, 0.3), (78, 0.9)):
        wide = place.long(radius)
        glow = pygame.Surface((2 * wide + 2, 2 * wide + 2), pygame.SRCALPHA)
        pygame.draw.circle(glow, (255, 250, 236, round(255 * part)), (wide + 1, wide + 1), wide)
        big.blit(glow, (round(sun[0]) - wide - 1, round(sun[1]) - wide - 1))
    for points, part in (
        (
            ((-900, 520), (-900, 486), (60, 482), (150, 470), (236, 474), (330, 496), (402, 508), (402, 520)),
            0.42,
        ),
        (
            ((-900, 520), (-900, 470), (-40, 462), (40, 470), (110, 488), (190, 503), (214, 508), (214, 520)),
            0.62,
        ),
    ):
        pygame.draw.polygon(big, mix(low_sky, colours.teal, part), place.all(points))
    near, far = mix(colours.teal, colours.slate, 0.42), mix(colours.teal, low_sky, 0.5)
    bottom = place.size[1]
    for y in range(line, bottom):
        big.fill(mix(far, near, ((y - line) / max(1, bottom - line)) ** 0.7), (0, y, place.size[0], 1))
    path = random.Random(5)
    for _ in range(46):  # the sun's path on the water
        y = HORIZON + 4 + path.random() ** 1.6 * 190
        spread = 26 + (y - HORIZON) * 0.55
        x, w = 640 + path.uniform(-spread, spread), path.uniform(8, 40)
        pygame.draw.rect(
            big, mix(far, (255, 244, 214), 0.55), place.box(x - w / 2, y, w, 1.6), border_radius=2
        )
    _cliff(big, theme, place)
    _office(big, theme, place)
    return pygame.transform.smoothscale(big, size)


def _cliff(big: pygame.Surface, theme: Theme, place: _Place) -> None:
    colours = theme.palette
    rock = mix(colours.slate, colours.brass, 0.34)
    pygame.draw.polygon(big, rock, place.all([*_TOP, *_FACE]))
    shade = mix(rock, colours.slate_deep, 0.5)
    for points in (
        ((806, 452), (826, 468), (818, 500), (838, 528), (900, 520), (960, 470), (900, 440)),
        ((834, 566), (856, 600), (850, 648), (872, 690), (950, 660), (1000, 600), (930, 560)),
        ((1010, 404), (1060, 470), (1150, 520), (1290, 540), (1290, 640), (1120, 600), (1010, 520)),
        ((980, 730), (1060, 660), (1180, 640), (1290, 690), (1290, 730)),
    ):
        pygame.draw.polygon(big, mix(rock, shade, 0.45), place.all(points))
    strata = random.Random(11)
    for y in range(440, 720, 17):
        x = 815 + (y - 430) * 0.2
        while x < 1290:
            w = strata.uniform(24, 92)
            if strata.random() < 0.62:
                tone = mix(rock, colours.paper if strata.random() < 0.55 else colours.slate_deep, 0.16)
                dip = strata.uniform(-3, 3)
                pygame.draw.line(
                    big, tone, place.at(x, y + dip), place.at(x + w, y + dip + strata.uniform(-4, 4)),
                    place.long(1.6),
                )  # fmt: skip
            x += w + strata.uniform(8, 46)
    turf = mix(colours.board, colours.teal, 0.22)
    under = [(x, y + 15 + 4 * math.sin(x / 17)) for x, y in reversed(_TOP[:-1])]
    pygame.draw.polygon(big, mix(turf, colours.slate_deep, 0.35), place.all([*_TOP, (802, 436), *under]))
    pygame.draw.polygon(
        big, turf, place.all([*_TOP, (806, 428), *((x, y + 9) for x, y in reversed(_TOP[:-1]))])
    )
    foam = mix(colours.chalk, colours.teal, 0.12)
    for x, y, w in ((846, 706, 44), (838, 714, 66), (872, 699, 22)):
        pygame.draw.ellipse(big, foam, place.box(x - w, y, w * 1.6, 7))


def _office(big: pygame.Surface, theme: Theme, place: _Place) -> None:
    colours = theme.palette
    wall, wall_shade = mix(colours.card, colours.desk, 0.35), mix(colours.desk, colours.brass, 0.2)
    roof, roof_shade = colours.post, colours.post_deep
    trim = colours.slate

    def shape(colour: Colour, *points: Point) -> None:
        pygame.draw.polygon(big, colour, place.all(points))

    def box(colour: Colour, x: float, y: float, w: float, h: float, radius: float = 0) -> None:
        rounded = place.long(radius) if radius else 0
        pygame.draw.rect(big, colour, place.box(x, y, w, h), border_radius=rounded)

    # A lower wing to the right, the house itself, and a little tower for the flag on its left.
    box(wall_shade, 1110, 336, 92, 66)
    shape(roof_shade, (1100, 338), (1124, 300), (1190, 300), (1214, 338))
    box(mix(wall_shade, colours.slate, 0.2), 1110, 338, 92, 5)
    box(wall, 966, 316, 152, 88)
    shape(wall, (966, 317), (1042, 246), (1118, 317))
    shape(mix(wall, wall_shade, 0.6), (1088, 288), (1118, 317), (1118, 404), (1088, 404))
    box(mix(colours.slate, colours.brass, 0.45), 1076, 240, 20, 46)
    box(trim, 1072, 236, 28, 7, 2)
    shape(roof, (1042, 232), (952, 316), (964, 326), (1042, 253), (1120, 326), (1132, 316))
    shape(roof_shade, (964, 326), (1042, 253), (1042, 260), (968, 330))
    shape(roof_shade, (1120, 326), (1042, 253), (1042, 260), (1116, 330))
    box(mix(colours.slate, wall, 0.35), 958, 398, 252, 7)
    # Windows, lit.
    lamp = mix(colours.brass_light, colours.card, 0.25)
    for x, y, w, h in ((984, 342, 30, 34), (1126, 352, 26, 26), (1164, 352, 26, 26)):
        box(trim, x - 3, y - 3, w + 6, h + 6, 2)
        box(lamp, x, y, w, h)
        box(trim, x + w / 2 - 1, y, 2, h)
        box(trim, x, y + h / 2 - 1, w, 2)
        box(mix(trim, wall, 0.5), x - 5, y + h + 3, w + 10, 4, 1)
    pygame.draw.circle(big, trim, place.at(1042, 288), place.long(14))
    pygame.draw.circle(big, lamp, place.at(1042, 288), place.long(11))
    pygame.draw.line(big, trim, place.at(1042, 288), place.at(1042, 280), place.long(2))
    pygame.draw.line(big, trim, place.at(1042, 288), place.at(1048, 291), place.long(2))
    # The door, and the sign over it.
    box(trim, 1049, 344, 38, 60, 17)
    box(trim, 1049, 370, 38, 34)
    box(colours.teal, 1052, 347, 32, 57, 15)
    box(colours.teal, 1052, 370, 32, 34)
    box(mix(colours.teal, colours.slate, 0.35), 1067.2, 350, 1.6, 54)
    pygame.draw.circle(big, colours.brass_light, place.at(1063, 380), place.long(2))
    box(colours.slate, 1018, 319, 78, 19, 3)
    letters = theme.scaled(1.0).font("interface", 12 * place.factor, "bold")
    words = letters.render("P O S T", True, colours.brass_light)
    big.blit(words, words.get_rect(center=place.at(1057, 328.5)))
    # The pillar box.
    box(colours.post_deep, 1024, 372, 20, 32, 3)
    box(colours.post, 1024, 372, 15, 32, 3)
    pygame.draw.ellipse(big, colours.post, place.box(1021, 366, 26, 11))
    box(colours.slate_deep, 1027, 380, 13, 3, 1)
    # The flagstaff on the edge of the cliff.
    box(mix(colours.board_wood, colours.slate, 0.3), 889, 250, 4, 158)
    pygame.draw.circle(big, colours.brass, place.at(891, 248), place.long(4.5))
    # Nine, the cat, on the ridge of the wing.
    cat = colours.slate_deep
    pygame.draw.ellipse(big, cat, place.box(1150, 282, 20, 20))
    pygame.draw.circle(big, cat, place.at(1152, 281), place.long(6.6))
    shape(cat, (1146, 278), (1146.5, 270), (1151.5, 275))
    shape(cat, (1153, 275), (1157.5, 270), (1158, 278))
    tail = [(1168 + 9 * math.sin(t / 3.6), 299 + t * 1.7) for t in range(9)]
    pygame.draw.lines(big, cat, False, place.all(tail), place.long(3.4))
    # A fence that has seen weather.
    post = mix(colours.board_wood, colours.paper, 0.22)
    for i, x in enumerate((1222, 1242, 1262, 1280)):
        box(post, x, 372 + i % 2 * 2, 4, 27)
    pygame.draw.line(big, post, place.at(1216, 380), place.at(1290, 378), place.long(2.6))
    pygame.draw.line(big, post, place.at(1216, 390), place.at(1290, 387), place.long(2.6))


def _clouds(surface: pygame.Surface, theme: Theme, place: _Place, moment: float) -> None:
    across = place.size[0] / place.factor
    for number, (x, y, size, speed) in enumerate(
        ((180, 96, 1.0, 5.0), (700, 60, 0.7, 3.2), (1080, 128, 1.2, 6.4), (480, 190, 0.55, 2.4))
    ):
        cloud = _cloud(theme, place, number, size)
        span = across + 420
        left = (x - moment * speed) % span - 260
        surface.blit(cloud, (round(left * place.factor), round(place.at(0, y)[1])))


def _cloud(theme: Theme, place: _Place, number: int, size: float) -> pygame.Surface:
    def make() -> pygame.Surface:
        w, h = place.long(260 * size * _FINE), place.long(56 * size * _FINE)
        big = pygame.Surface((w, h), pygame.SRCALPHA)
        big.fill((*theme.palette.card, 0))
        shapes = random.Random(number)
        ink = (*theme.palette.card, 255)
        pygame.draw.rect(big, ink, (w * 0.08, h * 0.62, w * 0.84, h * 0.24), border_radius=h)
        pygame.draw.rect(big, ink, (w * 0.3, h * 0.8, w * 0.66, h * 0.16), border_radius=h)
        for part in (0.28, 0.42, 0.56, 0.68):
            radius = h * shapes.uniform(0.22, 0.36)
            pygame.draw.circle(big, ink, (w * part, h * 0.62), radius)
        small = pygame.transform.smoothscale(big, (w // _FINE, h // _FINE))
        small.set_alpha(150)
        return small

    return theme.surfaces.get(("cloud", number, place.size), make)


def _sea(surface: pygame.Surface, theme: Theme, place: _Place, moment: float) -> None:
    light = mix(theme.palette.teal, theme.palette.chalk, 0.5)
    dark = mix(theme.palette.teal, theme.palette.slate, 0.5)
    waves = random.Random(3)
    across = place.size[0] / place.factor
    for _ in range(64):
        depth = waves.random()
        y = HORIZON + 8 + depth**1.3 * 196
        width = 14 + depth * 60
        x = WIDE - (waves.random() * (across + 200) + moment * (3 + 9 * depth)) % (across + 200) + 100
        rock = 800 + max(0.0, y - 430) * 0.22
        length = width * (0.7 + 0.3 * math.sin(moment * 0.9 + depth * 40))
        tone = light if waves.random() < 0.6 else dark
        if x + length > rock:
            continue
        tone = mix(tone, mix(theme.palette.teal, theme.palette.slate, 0.25), 0.45)
        pygame.draw.rect(
            surface, tone, place.box(x, y + 1.4 * math.sin(moment * 1.3 + x / 40), length, 1 + depth * 1.4)
        )


def _smoke(surface: pygame.Surface, theme: Theme, place: _Place, moment: float) -> None:
    for puff in range(9):
        age = (moment * 0.16 + puff / 9) % 1
        x = 1086 - age * 190 - 30 * age * age
        y = 234 - 46 * age**0.6 + 7 * math.sin(age * 9 + puff)
        radius = place.long(4 + age * 15)
        alpha = round(120 * (1 - age) ** 1.4)
        key = ("smoke", radius, alpha // 6)
        blob = theme.surfaces.get(key, lambda radius=radius, alpha=alpha: _blob(theme, radius, alpha))  # type: ignore[misc]
        cx, cy = place.at(x, y)
        surface.blit(blob, (round(cx - radius), round(cy - radius)))


def _blob(theme: Theme, radius: int, alpha: int) -> pygame.Surface:
    side = radius * 2 * _FINE
    big = pygame.Surface((side, side), pygame.SRCALPHA)
    tone = mix(theme.palette.card, theme.palette.muted, 0.25)
    big.fill((*tone, 0))
    pygame.draw.circle(big, (*tone, alpha), (side / 2, side / 2), side / 2)
    return pygame.transform.smoothscale(big, (radius * 2, radius * 2))


def _flag(surface: pygame.Surface, theme: Theme, place: _Place, moment: float) -> None:
    colours = theme.palette
    top: list[Point] = []
    foot: list[Point] = []
    for i in range(15):
        part = i / 14
        x = 889 - 74 * part
        sway = math.sin(moment * 5.2 - part * 6.5) * 6.5 * part
        top.append((x, 256 + sway + 3 * part))
        foot.append((x, 298 + sway * 1.1 + part))
    outline = place.all([*top, *reversed(foot)])
    pygame.draw.polygon(surface, colours.post, outline)
    band = place.all(
        [(x, y + 15) for x, y in top] + [(x, y + 27) for x, y in reversed(top)],
    )
    pygame.draw.polygon(surface, colours.card, band)
    pygame.draw.aalines(surface, colours.post_deep, True, outline)


def _grass(surface: pygame.Surface, theme: Theme, place: _Place, moment: float) -> None:
    colours = theme.palette
    tones = [mix(colours.board, colours.teal_light, part) for part in (0.1, 0.22, 0.36)]
    blades = random.Random(8)
    for _ in range(150):
        x = blades.uniform(800, 1286)
        ground = _ground(x)
        tall = blades.uniform(6, 16)
        phase, tone = blades.uniform(0, 6), blades.choice(tones)
        if 950 < x < 1214:
            continue  # the doorstep
        bend = 0.55 + 0.28 * math.sin(moment * 3.1 + x / 36) + 0.1 * math.sin(moment * 7 + phase)
        tip = (x - tall * bend, ground - tall * (1 - bend * 0.35))
        middle = (x - tall * bend * 0.3, ground - tall * 0.6)
        pygame.draw.lines(
            surface, tone, False, place.all([(x, ground + 2), middle, tip]), max(1, round(1.5 * place.factor))
        )


def _ground(x: float) -> float:
    for (bx, by), (ax, ay) in pairwise(_TOP):
        if ax <= x <= bx:
            return ay + (by - ay) * (x - ax) / (bx - ax)
    return 424.0


_GUSTS = (
    ((1300, 150), 420, 26, 0.0),
    ((1010, 214), 360, 20, 0.35),
    ((900, 352), 240, 24, 0.6),
    ((1180, 60), 520, 18, 0.8),
)


def _gusts(surface: pygame.Surface, theme: Theme, place: _Place, moment: float) -> None:
    """Strokes of wind that come, curl at their end and go."""
    for (x, y), length, curl, phase in _GUSTS:
        age = (moment * 0.11 + phase) % 1
        head, tail = min(1.0, age * 2.2), max(0.0, age * 2.2 - 1.1)
        if head - tail < 0.03:
            continue
        path = _gust_path(x, y, length, curl)
        first, last = int(tail * (len(path) - 1)), int(head * (len(path) - 1))
        piece = place.all(path[first : last + 1])
        if len(piece) > 2:
            tone = mix(theme.palette.card, theme.palette.paper, 0.1)
            pygame.draw.lines(surface, tone, False, piece, max(2, place.long(2)))


def _gust_path(x: float, y: float, length: float, curl: float) -> list[Point]:
    along = [(x - length * i / 40, y + 7 * math.sin(i / 40 * math.tau)) for i in range(41)]
    end_x, end_y = along[-1]
    turn = [math.pi / 2 + math.radians(i * 9) for i in range(34)]
    curls = [
        (
            end_x + curl * (1 - i / 60) * math.cos(angle),
            end_y - curl + curl * (1 - i / 60) * math.sin(angle),
        )
        for i, angle in enumerate(turn)
    ]
    return along + curls


def _letters(surface: pygame.Surface, theme: Theme, place: _Place, moment: float) -> None:
    for number in range(8):
        age = (moment * 0.055 + number / 8) % 1
        x = 1064 - age * 520
        y = 372 - 262 * math.sin(age * 2.0) + 20 * math.sin(age * 9 + number * 1.7)
        tilt = round((18 * math.sin(age * 16 + number) + 8 * number) / 5) * 5
        size = 13 + 13 * age + number % 3 * 2
        letter = _letter(theme, place.long(size * 1.5), tilt % 360)
        fade = min(1.0, age * 12, (1 - age) * 4)
        letter.set_alpha(round(255 * fade))
        surface.blit(letter, letter.get_rect(center=place.at(x, y)))


def _letter(theme: Theme, wide: int, tilt: int) -> pygame.Surface:
    colours = theme.palette

    def make() -> pygame.Surface:
        w, h = wide * 4, round(wide * 2.7)
        big = pygame.Surface((w, h), pygame.SRCALPHA)
        big.fill((*colours.card, 0))
        pygame.draw.rect(big, (*colours.card, 255), (0, 0, w, h), border_radius=w // 24)
        edge = mix(colours.line, colours.muted, 0.3)
        pygame.draw.rect(big, (*edge, 255), (0, 0, w, h), max(3, w // 40), border_radius=w // 24)
        pygame.draw.lines(
            big, edge, False, [(0, h * 0.06), (w / 2, h * 0.58), (w, h * 0.06)], max(3, w // 36)
        )
        pygame.draw.circle(big, (*colours.post, 255), (w // 2, round(h * 0.56)), round(h * 0.14))
        return pygame.transform.smoothscale_by(pygame.transform.rotozoom(big, tilt, 0.5), 0.5)

    return theme.surfaces.get(("letter", wide, tilt), make)
