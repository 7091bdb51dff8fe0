"""The coast of the map, drawn by code: evening sky, sea, meadow, and a house for each place.

Each chapter's piece of the coast is drawn once, fine, and kept; the sky and what lies far off are drawn
behind it and pass more slowly than the meadow.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import pygame

from game.desktop import draw
from game.desktop.theme import Colour, Theme, mix

Point = tuple[float, float]
FINE: Final = 2
SKY_UNITS: Final = 200.0
"""How many lengths of a house's own drawing the sky is high: the houses grow with the window."""

LARGEST_HOUSE: Final = 1.4
"""A house's own lengths in those of the coast, at most: the narrowest place must hold one."""


class Lie(NamedTuple):
    """How the coast lies in a view: its size, where sea and meadow begin, pixels per length along the coast
    and per length of a house."""

    wide: int
    high: int
    horizon: int
    meadow: int
    along: float
    factor: float

    def depth(self, part: float) -> int:
        """The y of a part of the meadow's depth."""
        return self.meadow + round((self.high - self.meadow) * part)


def lie_of(theme: Theme, size: tuple[int, int], length: float) -> Lie:
    """The coast in a view of this size; a short one is stretched to fill it."""
    wide, high = size
    deep = max(high * 0.5, theme.px(222))
    meadow = round(high - deep)
    along = max(theme.scale, wide / max(1.0, length))
    return Lie(
        wide, high, round(meadow * 0.72), meadow, along, min(meadow / SKY_UNITS, along * LARGEST_HOUSE)
    )


def rise(x: float) -> float:
    """How far the meadow's edge lies above its usual height at this length along the coast, in lengths of a
    house's drawing."""
    return 4.5 * math.sin(x / 210) + 2.5 * math.sin(x / 83 + 1)


# What lies far off


def paint_far(surface: pygame.Surface, theme: Theme, lie: Lie, camera: float, seconds: float) -> None:
    """Sky, sun, sea and headlands behind the coast; `camera` is how many pixels of it lie to the left."""
    size = (lie.wide, lie.high)
    surface.blit(theme.surfaces.get(("far", size, lie.horizon), lambda: _sky(theme, lie)), (0, 0))
    colours = theme.palette
    low_sky = mix(colours.paper, colours.brass_light, 0.5)
    for part, slow, tall, phase in ((0.34, 0.08, 20, 0.0), (0.52, 0.16, 13, 2.1)):
        step = max(4, lie.wide // 160)
        line = [
            (
                float(x),
                lie.horizon
                - lie.factor * max(0.0, _headland((x + camera * slow) / lie.factor, phase) * tall),
            )
            for x in range(0, lie.wide + step, step)
        ]
        pygame.draw.polygon(
            surface, mix(low_sky, colours.teal, part), [*line, (lie.wide, lie.horizon), (0, lie.horizon)]
        )
    _clouds(surface, theme, lie, camera, seconds)
    _glints(surface, theme, lie, camera, seconds)


def _headland(x: float, phase: float) -> float:
    return math.sin(x / 190 + phase) + 0.5 * math.sin(x / 71 + phase * 3) - 0.35


def _sky(theme: Theme, lie: Lie) -> pygame.Surface:
    colours = theme.palette
    picture = pygame.Surface((lie.wide, lie.high))
    high_sky, low_sky = (
        mix(colours.paper, colours.teal_light, 0.38),
        mix(colours.paper, colours.brass_light, 0.55),
    )
    for y in range(lie.horizon):
        part = y / max(1, lie.horizon)
        middle = mix(high_sky, colours.paper, min(1.0, part * 1.7))
        picture.fill(mix(middle, low_sky, max(0.0, (part - 0.4) / 0.6) ** 1.3), (0, y, lie.wide, 1))
    sun = (round(lie.wide * 0.56), round(lie.horizon - 16 * lie.factor))
    for radius, part in ((74, 0.16), (54, 0.3), (37, 0.9)):
        side = round(radius * lie.factor * 2)
        glow = pygame.Surface((side * FINE, side * FINE), pygame.SRCALPHA)
        glow.fill((255, 250, 236, 0))
        pygame.draw.circle(glow, (255, 250, 236, round(255 * part)), (side, side), side)
        small = pygame.transform.smoothscale(glow, (side, side))
        picture.blit(small, small.get_rect(center=sun))
    near, far = mix(colours.teal, colours.slate, 0.42), mix(colours.teal, low_sky, 0.5)
    for y in range(lie.horizon, lie.high):
        part = min(1.0, (y - lie.horizon) / max(1.0, (lie.meadow - lie.horizon) * 1.4))
        picture.fill(mix(far, near, part**0.7), (0, y, lie.wide, 1))
    shine = random.Random(5)
    for _ in range(30):
        y = lie.horizon + 2 + shine.random() ** 1.4 * (lie.meadow - lie.horizon + 8)
        spread = lie.factor * 16 + (y - lie.horizon) * 0.7
        x, w = sun[0] + shine.uniform(-spread, spread), lie.factor * shine.uniform(4, 20)
        picture.fill(
            mix(far, (255, 244, 214), 0.55), (round(x - w / 2), round(y), round(w), max(1, round(lie.factor)))
        )
    return picture


def _clouds(surface: pygame.Surface, theme: Theme, lie: Lie, camera: float, seconds: float) -> None:
    span = lie.wide + 300 * lie.factor
    for number, (x, y, size) in enumerate(
        ((0.1, 0.2, 1.0), (0.42, 0.1, 0.7), (0.66, 0.34, 0.8), (0.9, 0.16, 1.1))
    ):
        left = (x * span - camera * (0.05 + number * 0.012) - seconds * 4 * size * lie.factor) % span
        cloud = _cloud(theme, round(92 * size * lie.factor), number)
        surface.blit(cloud, (round(left - 150 * lie.factor), round(lie.horizon * y)))


def _cloud(theme: Theme, wide: int, number: int) -> pygame.Surface:
    def make() -> pygame.Surface:
        w, h = wide * FINE, max(8, wide * FINE // 4)
        big = pygame.Surface((w, h), pygame.SRCALPHA)
        tone = theme.palette.card
        big.fill((*tone, 0))
        puffs = random.Random(number)
        pygame.draw.rect(big, (*tone, 255), (w * 0.06, h * 0.6, w * 0.86, h * 0.26), border_radius=h)
        pygame.draw.rect(big, (*tone, 255), (w * 0.3, h * 0.78, w * 0.68, h * 0.18), border_radius=h)
        for part in (0.28, 0.42, 0.58, 0.7):
            pygame.draw.circle(big, (*tone, 255), (w * part, h * 0.6), h * puffs.uniform(0.24, 0.38))
        small = pygame.transform.smoothscale(big, (max(2, w // FINE), max(2, h // FINE)))
        small.set_alpha(150)
        return small

    return theme.surfaces.get(("coast cloud", wide, number), make)


def _glints(surface: pygame.Surface, theme: Theme, lie: Lie, camera: float, seconds: float) -> None:
    light, dark = (
        mix(theme.palette.teal, theme.palette.chalk, 0.5),
        mix(theme.palette.teal, theme.palette.slate, 0.5),
    )
    waves = random.Random(3)
    span = lie.wide + 60 * lie.factor
    for _ in range(34):
        part, tone = waves.random(), light if waves.random() < 0.6 else dark
        y = lie.horizon + 3 + part * (lie.meadow - lie.horizon)
        x = (
            waves.random() * span - camera * (0.1 + 0.2 * part) - seconds * (2 + 5 * part)
        ) % span - 30 * lie.factor
        wide = lie.factor * (7 + part * 22) * (0.75 + 0.25 * math.sin(seconds + part * 40))
        tone = mix(tone, mix(theme.palette.teal, theme.palette.slate, 0.25), 0.45)
        surface.fill(tone, (round(x), round(y), max(2, round(wide)), max(1, round(lie.factor * 0.8))))


# The meadow and the houses


class Brush:
    """Draws in a house's own lengths about a spot on the ground: x to the right, y upwards. A house that is
    shut lies in the haze."""

    def __init__(
        self, surface: pygame.Surface, theme: Theme, ground: Point, factor: float, shut: bool
    ) -> None:
        self.surface = surface
        self.theme = theme
        self.colours = theme.palette
        self.ground = ground
        self.factor = factor
        self.shut = shut
        self.haze = mix(theme.palette.paper, theme.palette.teal, 0.36)
        self.lamp = mix(theme.palette.brass_light, theme.palette.card, 0.25)

    def ink(self, colour: Colour) -> Colour:
        return mix(colour, self.haze, 0.62) if self.shut else colour

    def at(self, x: float, y: float) -> Point:
        return self.ground[0] + x * self.factor, self.ground[1] - y * self.factor

    def shape(self, colour: Colour, *points: Point) -> None:
        pygame.draw.polygon(self.surface, self.ink(colour), [self.at(*point) for point in points])

    def box(self, colour: Colour, x: float, y: float, w: float, h: float, radius: float = 0) -> None:
        """A box whose lower left corner is at x, y."""
        left, top = self.at(x, y + h)
        right, bottom = self.at(x + w, y)
        rect = pygame.Rect(round(left), round(top), max(1, round(right - left)), max(1, round(bottom - top)))
        pygame.draw.rect(self.surface, self.ink(colour), rect, border_radius=round(radius * self.factor))

    def disc(self, colour: Colour, x: float, y: float, radius: float) -> None:
        pygame.draw.circle(self.surface, self.ink(colour), self.at(x, y), max(1.0, radius * self.factor))

    def line(self, colour: Colour, *points: Point, width: float = 2) -> None:
        path = [self.at(*point) for point in points]
        thick = max(1, round(width * self.factor))
        pygame.draw.lines(self.surface, self.ink(colour), False, path, thick)
        if thick > 2:
            for spot in path:
                pygame.draw.circle(self.surface, self.ink(colour), spot, thick / 2)

    def window(self, x: float, y: float, w: float, h: float) -> None:
        """A window, lit where somebody is in; boarded up where not."""
        trim = self.colours.slate
        self.box(trim, x - 2, y - 2, w + 4, h + 4, 1.5)
        self.box(mix(trim, self.colours.slate_line, 0.6) if self.shut else self.lamp, x, y, w, h)
        if self.shut:
            self.line(self.colours.board_wood, (x - 3, y + 1), (x + w + 3, y + h - 1), width=3.4)
            self.line(self.colours.board_wood, (x - 3, y + h - 1), (x + w + 3, y + 1), width=3.4)
            return
        self.box(trim, x + w / 2 - 0.7, y, 1.4, h)
        self.box(trim, x, y + h / 2 - 0.7, w, 1.4)

    def door(self, x: float, wide: float, tall: float, colour: Colour) -> None:
        trim = self.colours.slate
        self.box(trim, x - 2, 0, wide + 4, tall + 2, wide / 2)
        self.box(trim, x - 2, 0, wide + 4, tall / 2)
        self.box(colour, x, 0, wide, tall, wide / 2)
        self.box(colour, x, 0, wide, tall / 2)
        self.disc(self.colours.brass_light, x + wide * 0.28, tall * 0.4, 1.4)

    def roof(self, left: float, right: float, eaves: float, top: float, colour: Colour) -> None:
        """A gable's two beams."""
        middle = (left + right) / 2
        self.shape(colour, (middle, top), (left - 9, eaves), (left - 2, eaves - 7), (middle, top - 14),
                   (right + 2, eaves - 7), (right + 9, eaves))  # fmt: skip

    def words(self, text: str, x: float, y: float, tall: float, colour: Colour) -> None:
        font = self.theme.but(scale=1.0, text_scale=1.0).font("interface", tall * self.factor, "bold")
        made = font.render(text, True, self.ink(colour))
        self.surface.blit(made, made.get_rect(center=self.at(x, y)))


def _walls(brush: Brush) -> tuple[Colour, Colour]:
    colours = brush.colours
    return mix(colours.card, colours.desk, 0.35), mix(colours.desk, colours.brass, 0.2)


def _counter(brush: Brush) -> None:
    """The post office itself: the house of the title's cliff."""
    colours, (wall, shade) = brush.colours, _walls(brush)
    brush.box(shade, 50, 0, 76, 50)
    brush.shape(colours.post_deep, (42, 48), (62, 80), (116, 80), (136, 48))
    brush.box(wall, -66, 0, 122, 66)
    brush.shape(wall, (-66, 65), (-5, 121), (56, 65))
    brush.shape(mix(wall, shade, 0.6), (32, 88), (56, 66), (56, 0), (32, 0))
    brush.box(mix(colours.slate, colours.brass, 0.45), 22, 92, 16, 38)
    brush.box(colours.slate, 19, 127, 22, 6, 2)
    brush.roof(-66, 56, 66, 136, colours.post)
    for x in (70, 98):
        brush.window(x, 18, 18, 20)
    brush.window(-52, 24, 24, 27)
    brush.disc(colours.slate, -5, 88, 11)
    brush.disc(brush.lamp, -5, 88, 8.6)
    brush.line(colours.slate, (-5, 95), (-5, 88), (0, 86), width=1.6)
    brush.door(-4, 26, 46, colours.teal)
    brush.box(colours.slate, -24, 51, 62, 14, 2)
    brush.words("P O S T", 7, 58, 9.5, colours.brass_light)
    brush.box(colours.post_deep, -25, 0, 14, 24, 2)
    brush.box(colours.post, -25, 0, 11, 24, 2)
    brush.disc(colours.post, -18.5, 25, 8)
    brush.line(colours.slate_deep, (-23, 18), (-14, 18), width=2)
    _flag(brush, -96, 118, colours.post)


def _flag(brush: Brush, x: float, tall: float, colour: Colour) -> None:
    brush.box(mix(brush.colours.board_wood, brush.colours.slate, 0.3), x, 0, 3, tall)
    brush.disc(brush.colours.brass, x + 1.5, tall, 3.4)
    if not brush.shut:
        edge = [(x - i * 3.4, tall - 6 + 3 * math.sin(i / 2)) for i in range(13)]
        brush.shape(colour, *edge, *((a, b - 27) for a, b in reversed(edge)))
        brush.shape(
            brush.colours.card, *((a, b - 9) for a, b in edge), *((a, b - 18) for a, b in reversed(edge))
        )


def _tally(brush: Brush) -> None:
    """A barn with the great board on its front."""
    colours, (wall, shade) = brush.colours, _walls(brush)
    brush.box(shade, -92, 0, 60, 46)
    brush.shape(colours.board_wood, (-100, 45), (-84, 76), (-30, 76), (-30, 45))
    brush.window(-80, 16, 16, 18)
    brush.box(wall, -42, 0, 136, 72)
    brush.shape(wall, (-42, 71), (-26, 110), (78, 110), (94, 71))
    beams = mix(colours.board_wood, colours.slate, 0.25)
    brush.shape(
        beams, (-52, 70), (-32, 118), (84, 118), (104, 70), (98, 64), (80, 108), (-28, 108), (-46, 64)
    )
    brush.box(colours.board_wood, -28, 28, 80, 62, 2)
    brush.box(colours.board, -24, 32, 72, 54, 1)
    chalk = colours.chalk
    for x in (-14, -7, 0, 7):
        brush.line(chalk, (x, 70), (x + 1, 52), width=1.8)
    brush.line(chalk, (-18, 55), (12, 68), width=1.8)
    for x in (24, 31):
        brush.line(chalk, (x, 70), (x + 1, 52), width=1.8)
    brush.line(chalk, (-16, 42), (36, 42), width=1.2)
    brush.door(62, 22, 42, colours.teal)
    brush.line(colours.board_wood, (-34, 0), (-24, 62), width=2.4)
    brush.line(colours.board_wood, (-22, 0), (-12, 62), width=2.4)
    for step in range(5):
        brush.line(
            colours.board_wood, (-32 + step * 2, 10 + step * 11), (-20 + step * 2, 10 + step * 11), width=1.8
        )


def _belts(brush: Brush) -> None:
    """A sorting shed with a saw-tooth roof; a belt runs out of it."""
    colours, (wall, _) = brush.colours, _walls(brush)
    for x in (-60, -8, 44):
        brush.shape(colours.teal, (x - 4, 58), (x + 44, 96), (x + 56, 58))
        brush.shape(
            brush.lamp if not brush.shut else colours.slate_line, (x + 45, 90), (x + 54, 60), (x + 45, 60)
        )
    brush.box(wall, -60, 0, 160, 62)
    brush.box(mix(colours.teal, colours.slate, 0.3), -64, 57, 168, 6, 2)
    brush.window(-44, 22, 24, 20)
    brush.window(-6, 22, 24, 20)
    brush.box(colours.slate_deep, 34, 14, 32, 26)
    brush.door(76, 20, 40, colours.post)
    brush.box(colours.slate, -132, 16, 112, 7, 3)
    for x in (-126, -104, -82, -60, -38):
        brush.disc(colours.slate_light, x, 15, 4.4)
        brush.disc(colours.brass_light, x, 15, 1.6)
    for x in (-116, -74):
        brush.box(mix(colours.slate, wall, 0.3), x, 0, 4, 14)
    for x, w, h in ((-124, 18, 14), (-96, 14, 18), (-66, 20, 12)):
        brush.box(colours.parcel, x, 23, w, h, 1)
        brush.line(colours.post, (x + w / 2, 23), (x + w / 2, 22 + h), width=1.6)


def _tubes(brush: Brush) -> None:
    """A tower that breathes through brass tubes."""
    colours, (wall, shade) = brush.colours, _walls(brush)
    brush.box(shade, 38, 0, 76, 44)
    brush.shape(colours.board, (30, 43), (44, 70), (108, 70), (122, 43))
    brush.window(52, 14, 18, 18)
    brush.window(84, 14, 18, 18)
    brush.box(wall, -40, 0, 66, 104)
    brush.box(mix(wall, shade, 0.7), 8, 0, 18, 104)
    brush.box(colours.slate, -46, 100, 78, 7, 2)
    dome = [(-7 + 36 * math.cos(math.pi * i / 16), 106 + 32 * math.sin(math.pi * i / 16)) for i in range(17)]
    brush.shape(colours.teal, *dome)
    brush.box(colours.brass, -9, 136, 4, 12)
    for high, out in ((88, 74), (74, 92), (60, 110)):
        tube = [(24.0, high), (out - 12, high)]
        turn = [
            (out - 12 + 12 * math.sin(i * math.pi / 12), high - 12 + 12 * math.cos(i * math.pi / 12))
            for i in range(7)
        ]
        brush.line(colours.brass, *tube, *turn, (out, 58), width=6)
        brush.line(colours.brass_light, (24, high + 1), (out - 12, high + 1), width=1.6)
    brush.line(colours.brass, (-40, 50), (-74, 50), (-86, 38), (-86, 16), width=6)
    brush.shape(colours.brass, (-98, 20), (-74, 20), (-80, 32), (-92, 32))
    brush.window(-22, 68, 20, 20)
    brush.door(-20, 24, 44, colours.post)


def _keys(brush: Brush) -> None:
    """A little keep: nobody gets in without a key."""
    colours, (wall, _) = brush.colours, _walls(brush)
    stone = mix(wall, colours.slate_line, 0.42)
    dark = mix(stone, colours.slate, 0.25)
    for x in (-78, 46):
        brush.box(dark, x, 0, 42, 108)
        for merlon in range(3):
            brush.box(dark, x - 3 + merlon * 17.5, 106, 12, 12)
        brush.window(x + 14, 66, 12, 20)
    brush.box(stone, -44, 0, 98, 82)
    for merlon in range(5):
        brush.box(stone, -44 + merlon * 21, 80, 13, 12)
    courses = random.Random(4)
    for y in range(10, 78, 12):
        for x in range(-40, 48, 18):
            if courses.random() < 0.55:
                brush.box(dark, x + courses.uniform(0, 5), y, 11, 1.4)
    brush.door(-16, 42, 58, colours.board_wood)
    brush.disc(colours.slate_deep, 5, 34, 6)
    brush.shape(colours.slate_deep, (2.4, 32), (7.6, 32), (10, 18), (0, 18))
    brush.box(colours.slate, 88, 72, 40, 3)
    brush.disc(colours.brass, 108, 56, 10)
    brush.disc(colours.paper, 108, 56, 5)
    brush.box(colours.brass, 106, 22, 4.5, 26)
    brush.box(colours.brass, 110, 22, 9, 4.5)
    brush.box(colours.brass, 110, 31, 7, 4.5)
    brush.line(colours.slate, (108, 66), (108, 73), width=1.6)


def _ferry(brush: Brush) -> None:
    """The landing: a bell on its beam, a bench, and the ferry."""
    colours, (wall, _) = brush.colours, _walls(brush)
    wood = mix(colours.board_wood, colours.paper, 0.15)
    brush.shape(colours.slate, (24, 14), (130, 14), (120, 0), (36, 0))
    brush.shape(colours.post, (22, 22), (134, 22), (130, 13), (25, 13))
    brush.box(colours.card, 46, 22, 62, 22, 2)
    for x in (52, 70, 88):
        brush.window(x, 28, 10, 10)
    brush.box(colours.post, 78, 44, 14, 26)
    brush.box(colours.card, 78, 54, 14, 7)
    brush.box(colours.slate, 76, 68, 18, 4, 1)
    brush.box(wall, -92, 0, 82, 52)
    brush.roof(-92, -10, 52, 96, colours.teal)
    brush.shape(wall, (-92, 51), (-51, 82), (-10, 51))
    brush.window(-80, 18, 18, 20)
    brush.door(-50, 22, 40, colours.post)
    for x in (-4, 26):
        brush.box(wood, x, 0, 4, 72)
    brush.box(wood, -10, 70, 46, 5)
    brush.line(colours.slate, (13, 70), (13, 62), width=1.6)
    bell = [(13 + 10 * math.cos(math.pi * i / 10), 50 + 13 * math.sin(math.pi * i / 10)) for i in range(11)]
    brush.shape(colours.brass, *bell, (0, 45), (26, 45))
    brush.disc(colours.brass_ink, 13, 44, 3)
    brush.box(wood, -4, 12, 30, 4)
    brush.box(wood, 0, 0, 3, 12)
    brush.box(wood, 20, 0, 3, 12)


def _cat(brush: Brush) -> None:
    """The lighthouse, where Nine goes at night."""
    colours, (wall, shade) = brush.colours, _walls(brush)
    brush.box(shade, 24, 0, 82, 42)
    brush.shape(colours.slate, (16, 41), (34, 68), (98, 68), (114, 41))
    brush.window(66, 13, 24, 18)
    left, right, top = (-38.0, 26.0), (-24.0, 12.0), 116.0
    for band in range(6):
        low, high = band / 6, (band + 1) / 6
        edges = [
            (left[0] + (right[0] - left[0]) * t, left[1] + (right[1] - left[1]) * t, top * t)
            for t in (low, high)
        ]
        (a, b, y), (c, d, z) = edges
        brush.shape(colours.post if band % 2 else wall, (a, y), (b, y), (d, z), (c, z))
    brush.box(colours.slate, -32, 115, 52, 5, 1)
    brush.box(colours.slate_line if brush.shut else brush.lamp, -20, 120, 28, 20)
    for x in (-20, -7, 6):
        brush.box(colours.slate, x, 120, 2, 20)
    brush.shape(colours.post_deep, (-26, 139), (14, 139), (-6, 156))
    brush.door(-16, 20, 38, colours.teal)
    ink = colours.slate_deep
    brush.disc(ink, 78, 76, 9)
    brush.disc(ink, 73, 85, 6)
    brush.shape(ink, (68, 87), (68, 95), (72, 91))
    brush.shape(ink, (74, 91), (79, 95), (79, 86))
    brush.line(ink, (86, 72), (92, 64), (90, 55), width=3)


def _sorting(brush: Brush) -> None:
    """The great hall of the midwinter sorting."""
    colours, (wall, shade) = brush.colours, _walls(brush)
    brush.box(shade, -112, 0, 224, 60)
    brush.box(colours.teal, -116, 58, 232, 7, 2)
    for x in (-100, -74, 60, 86):
        brush.window(x, 18, 16, 28)
    brush.box(wall, -50, 0, 100, 82)
    brush.shape(wall, (-60, 82), (60, 82), (0, 116))
    brush.shape(colours.post, (-66, 80), (0, 124), (66, 80), (58, 80), (0, 114), (-58, 80))
    for x in (-46, -26, 18, 38):
        brush.box(mix(wall, colours.card, 0.6), x, 6, 8, 70)
        brush.box(shade, x - 2, 74, 12, 5)
        brush.box(shade, x - 2, 0, 12, 6)
    brush.disc(colours.slate, 0, 96, 10)
    brush.disc(brush.lamp, 0, 96, 7.6)
    brush.line(colours.slate, (0, 101), (0, 96), (4, 96), width=1.4)
    brush.door(-12, 24, 48, colours.post)
    _flag(brush, -84, 108, colours.teal)
    _flag(brush, 92, 108, colours.post)


HOUSES: Final[dict[str, Callable[[Brush], None]]] = {
    "counter": _counter,
    "tally": _tally,
    "belts": _belts,
    "tubes": _tubes,
    "keys": _keys,
    "ferry": _ferry,
    "cat": _cat,
    "sorting": _sorting,
}


def piece(
    theme: Theme, lie: Lie, left: float, wide: float, house: float, place: str, shut: bool
) -> pygame.Surface:
    """A chapter's piece of the coast, as high as the view: clear where the sky shows. Do not draw on it."""
    key = ("coast", lie, left, wide, place, shut)
    return theme.surfaces.get(key, lambda: _piece(theme, lie, left, wide, house, place, shut))


def _piece(
    theme: Theme, lie: Lie, left: float, wide: float, house: float, place: str, shut: bool
) -> pygame.Surface:
    colours = theme.palette
    pixels = max(2, round((left + wide) * lie.along) - round(left * lie.along))
    big = pygame.Surface((pixels * FINE, lie.high * FINE), pygame.SRCALPHA)
    turf = mix(colours.board, colours.teal, 0.26)
    big.fill((*turf, 0))
    factor = lie.factor * FINE

    def edge(x: float, drop: float = 0.0) -> Point:
        y = lie.meadow * FINE - (rise(left + x / (lie.along * FINE)) - drop) * factor
        return x, y

    def ground(drop: float, colour: Colour) -> None:
        line = [edge(float(x), drop) for x in range(0, big.get_width() + 12, 8)]
        pygame.draw.polygon(big, colour, [*line, (line[-1][0], big.get_height()), (0, big.get_height())])

    plants = random.Random(f"{place}{left}")
    _behind(big, theme, lie, plants, edge, (house - left) * lie.along * FINE)
    ground(0, mix(turf, colours.slate_deep, 0.35))
    ground(4, mix(turf, colours.brass_light, 0.1))
    ground(18, turf)
    for number, part in enumerate((0.24, 0.5, 0.78)):
        drop = part * (lie.high - lie.meadow) / lie.factor
        ground(drop + 6 * math.sin(left / 90 + number), mix(turf, colours.slate_deep, 0.1 * (number + 1)))
    _tufts(big, theme, lie, plants)
    spot = edge((house - left) * lie.along * FINE, 5)
    brush = Brush(big, theme, spot, factor, shut)
    brush.box(mix(colours.slate, colours.desk, 0.3), -118, -5, 240, 6, 2)
    HOUSES[place](brush)
    return pygame.transform.smoothscale(big, (pixels, lie.high))


def _behind(
    big: pygame.Surface,
    theme: Theme,
    lie: Lie,
    plants: random.Random,
    edge: Callable[[float, float], Point],
    house: float,
) -> None:
    """Trees bent by the wind and a fence along the meadow's edge, where no house stands."""
    colours, factor = theme.palette, lie.factor * FINE
    leaf = mix(colours.board, colours.teal, 0.35)
    for _ in range(max(3, round(big.get_width() / (190 * factor) * 2))):
        x = plants.uniform(0.02, 0.98) * big.get_width()
        if abs(x - house) < 150 * factor:
            continue
        foot = edge(x, 2)
        tall = plants.uniform(22, 44) * factor
        pygame.draw.line(
            big,
            mix(colours.board_wood, colours.slate, 0.4),
            foot,
            (foot[0] - tall * 0.16, foot[1] - tall * 0.7),
            max(2, round(3 * factor)),
        )
        for dx, dy, size in ((-0.2, 0.86, 0.34), (-0.46, 0.72, 0.26), (0.04, 0.68, 0.24)):
            tone = mix(leaf, colours.brass_light, plants.uniform(0.0, 0.22))
            pygame.draw.ellipse(
                big,
                tone,
                pygame.Rect(
                    round(foot[0] + (dx - size) * tall),
                    round(foot[1] - (dy + size * 0.7) * tall),
                    round(size * 2 * tall),
                    round(size * 1.4 * tall),
                ),
            )
    wood = mix(colours.board_wood, colours.paper, 0.22)
    start = house + 165 * factor
    posts = [
        start + number * 17 * factor
        for number in range(9)
        if start + number * 17 * factor < big.get_width() - 8 * factor
    ]
    for x in posts:
        foot = edge(x, 3)
        pygame.draw.line(big, wood, foot, (foot[0], foot[1] - 17 * factor), max(2, round(2.6 * factor)))
    for high in (6, 12):
        line = [(edge(x, 3)[0], edge(x, 3)[1] - high * factor) for x in posts]
        if len(line) > 1:
            pygame.draw.lines(big, wood, False, line, max(2, round(1.8 * factor)))


def _tufts(big: pygame.Surface, theme: Theme, lie: Lie, plants: random.Random) -> None:
    colours, factor = theme.palette, lie.factor * FINE
    turf = mix(colours.board, colours.teal, 0.26)
    depth = (lie.high - lie.meadow) * FINE
    for _ in range(round(big.get_width() * depth / (1500 * factor * factor))):
        x, part = plants.uniform(0, big.get_width()), plants.uniform(0.04, 1)
        y = lie.meadow * FINE + part * depth
        size = factor * (3 + 4 * part)
        if plants.random() < 0.16:
            flower = plants.choice((colours.brass_light, colours.card, colours.post_tint))
            pygame.draw.circle(big, mix(flower, turf, 0.25), (x, y), max(1.0, size * 0.3))
            continue
        tone = mix(turf, colours.teal_light, plants.uniform(0.08, 0.3))
        for lean in (-0.9, -0.5, -0.1):
            pygame.draw.line(
                big,
                tone,
                (x, y),
                (x + lean * size, y - size * (1.1 + lean * 0.3)),
                max(1, round(factor * 0.8)),
            )


# The way


def paint_way(surface: pygame.Surface, theme: Theme, points: Sequence[Point], *, open_: bool) -> None:
    """A stretch of the lane through these points, in pixels; one that is not open yet is only stepping
    stones."""
    colours = theme.palette
    sand = mix(colours.desk, colours.brass_light, 0.25)
    if open_:
        draw.line(surface, theme, points, mix(colours.board, colours.slate_deep, 0.25), 18)
        draw.line(surface, theme, points, sand, 13)
        return
    stone = mix(mix(colours.board, colours.teal, 0.26), sand, 0.42)
    for x, y in points[1:-1:2]:
        rect = pygame.Rect(0, 0, theme.px(10), theme.px(6))
        rect.center = round(x), round(y)
        pygame.draw.ellipse(surface, stone, rect)


def paint_walker(surface: pygame.Surface, theme: Theme, foot: Point, factor: float, stride: float) -> None:
    """Whoever goes the round: cap, coat and a bag of letters, 46 high. `stride` swings the legs."""

    def make() -> pygame.Surface:
        big = pygame.Surface((round(44 * factor) * 4, round(52 * factor) * 4), pygame.SRCALPHA)
        big.fill((*theme.palette.slate, 0))
        _walker(Brush(big, theme, (20 * factor * 4, 49 * factor * 4), factor * 4, False), swing)
        return pygame.transform.smoothscale(big, (round(44 * factor), round(52 * factor)))

    swing = round(4 * math.sin(stride * math.pi))
    made = theme.surfaces.get(("walker", factor, swing), make)
    surface.blit(made, (round(foot[0] - 20 * factor), round(foot[1] - 49 * factor)))


def _walker(brush: Brush, swing: int) -> None:
    colours = brush.colours
    skin = mix(colours.parcel, colours.card, 0.45)
    brush.line(colours.slate_deep, (-2, 15), (-2 - swing, 1), width=4)
    brush.line(colours.slate_deep, (3, 15), (3 + swing, 1), width=4)
    brush.shape(colours.slate, (-8, 12), (9, 12), (6, 32), (-5, 32))
    brush.box(colours.brass_light, -1, 14, 1.6, 16)
    brush.line(colours.parcel_deep, (6, 31), (-8, 18), width=1.8)
    brush.box(colours.parcel, -15, 9, 12, 10, 1.5)
    brush.box(colours.card, -13, 17, 8, 5)
    brush.line(colours.slate, (4, 28), (9 + swing / 2, 18), width=3.6)
    brush.disc(skin, 1, 37, 6)
    brush.shape(colours.post, (-6, 39), (-5, 45), (6, 45), (8, 39))
    brush.box(colours.slate_deep, 2, 37.6, 9, 2, 1)
