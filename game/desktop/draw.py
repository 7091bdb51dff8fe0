"""Drawing shapes, crisp at every scale: panels, lines, curves, the bars and patterns of the clerks.

Rectangles and points are in pixels, as the caller laid them out; radii, line widths and sizes are lengths
of the design and scaled here. What is costly is made once at four times its size, shrunk and kept in the
theme; big panels are put together from kept corners, so that a resize costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import cast

import pygame

from game.desktop.theme import ClerkLook, Colour, Theme, mix

Point = tuple[float, float]
FINE = 4  # how many times larger things are drawn before they are shrunk
LONG = 8  # of a line of so many points it is kept where its sides run: it is drawn where it was


# Panels


def panel(
    surface: pygame.Surface,
    theme: Theme,
    rect: pygame.Rect,
    fill: Colour | None,
    *,
    radius: float = 10,
    outline: Colour | None = None,
    width: float = 1,
    shadow: float = 0,
    alpha: int = 255,
) -> None:
    """A rounded rectangle. `shadow` is how far it stands off the desk; `alpha` fades all of it."""
    if rect.width <= 0 or rect.height <= 0:
        return
    if shadow:
        cast_shadow(surface, theme, rect, radius, shadow)
    if alpha < 255:
        key = ("panel", rect.size, fill, radius, outline, width)
        whole = theme.surfaces.get(key, lambda: _whole_panel(theme, rect.size, fill, radius, outline, width))
        whole.set_alpha(alpha)
        surface.blit(whole, rect)
        return
    _panel(surface, theme, rect, fill, theme.px(radius), outline, theme.px(width) if outline else 0)


def pill(
    surface: pygame.Surface,
    theme: Theme,
    rect: pygame.Rect,
    fill: Colour | None,
    *,
    outline: Colour | None = None,
    width: float = 1,
) -> None:
    """A rectangle whose ends are half circles."""
    round_ends = min(rect.width, rect.height) // 2
    _panel(surface, theme, rect, fill, round_ends, outline, theme.px(width) if outline else 0)


def _whole_panel(
    theme: Theme,
    size: tuple[int, int],
    fill: Colour | None,
    radius: float,
    outline: Colour | None,
    width: float,
) -> pygame.Surface:
    whole = pygame.Surface(size, pygame.SRCALPHA)
    rect = pygame.Rect((0, 0), size)
    _panel(whole, theme, rect, fill, theme.px(radius), outline, theme.px(width) if outline else 0)
    return whole


def _panel(
    surface: pygame.Surface,
    theme: Theme,
    rect: pygame.Rect,
    fill: Colour | None,
    radius: int,
    outline: Colour | None,
    width: int,
) -> None:
    radius = min(radius, rect.width // 2, rect.height // 2)
    x, y, w, h = rect
    if radius <= 0:
        if fill is not None:
            surface.fill(fill, rect)
        if outline is not None:
            pygame.draw.rect(surface, outline, rect, width)
        return
    middle = w - 2 * radius
    if fill is not None:
        surface.fill(fill, (x + radius, y, middle, h))
        surface.fill(fill, (x, y + radius, radius, h - 2 * radius))
        surface.fill(fill, (x + w - radius, y + radius, radius, h - 2 * radius))
    if outline is not None and width:
        surface.fill(outline, (x + radius, y, middle, width))
        surface.fill(outline, (x + radius, y + h - width, middle, width))
        surface.fill(outline, (x, y + radius, width, h - 2 * radius))
        surface.fill(outline, (x + w - width, y + radius, width, h - 2 * radius))
    for flip_x, flip_y, at in (
        (False, False, (x, y)),
        (True, False, (x + w - radius, y)),
        (False, True, (x, y + h - radius)),
        (True, True, (x + w - radius, y + h - radius)),
    ):
        surface.blit(_corner(theme, radius, fill, outline, width, flip_x, flip_y), at)


def _corner(
    theme: Theme,
    radius: int,
    fill: Colour | None,
    outline: Colour | None,
    width: int,
    flip_x: bool,
    flip_y: bool,
) -> pygame.Surface:
    def make() -> pygame.Surface:
        edge = outline if outline is not None and width else fill
        assert edge is not None, "a panel needs a fill or an outline"
        fine = radius * FINE
        big = pygame.Surface((fine, fine), pygame.SRCALPHA)
        # The clear pixels carry the edge's colour too, or shrinking would stir black into the rim.
        big.fill((*edge, 0))
        pygame.draw.circle(big, (*edge, 255), (fine, fine), fine)
        if edge is outline:
            inside = (*edge, 0) if fill is None else (*fill, 255)
            pygame.draw.circle(big, inside, (fine, fine), fine - width * FINE)
        small = pygame.transform.smoothscale(big, (radius, radius))
        return pygame.transform.flip(small, flip_x, flip_y)

    return theme.surfaces.get(("corner", radius, fill, outline, width, flip_x, flip_y), make)


def cast_shadow(
    surface: pygame.Surface, theme: Theme, rect: pygame.Rect, radius: float, depth: float
) -> None:
    """A soft shadow for a panel about to be drawn over it, `depth` off the ground."""
    blur, drop, round_ = theme.px(depth * 1.6), theme.px(depth * 0.6), theme.px(radius)
    margin = blur * 2
    tile = round_ + margin + blur
    strength = min(80, 20 + round(depth * 5))
    colour = theme.palette.shadow

    def make() -> pygame.Surface:
        side = tile * 2 + 2
        mask = pygame.Surface((side, side), pygame.SRCALPHA)
        mask.fill((*colour, 0))
        box = pygame.Rect(margin, margin, side - 2 * margin, side - 2 * margin)
        pygame.draw.rect(mask, (*colour, strength), box, border_radius=round_)
        return pygame.transform.gaussian_blur(mask, blur)

    mask = theme.surfaces.get(("shadow", round_, blur, strength, colour), make)
    x, y = rect.x - margin, rect.y - margin + drop
    w, h = rect.width + 2 * margin, rect.height + 2 * margin
    if w < 2 * tile or h < 2 * tile:  # too small for whole corners: squeeze the lot
        small = theme.surfaces.get(
            ("shadow", w, h, round_, blur, strength, colour),
            lambda: pygame.transform.smoothscale(mask, (w, h)),
        )
        surface.blit(small, (x, y))
        return
    far = tile + 2
    for sx, sy, dx, dy in ((0, 0, x, y), (far, 0, x + w - tile, y), (0, far, x, y + h - tile),
                           (far, far, x + w - tile, y + h - tile)):  # fmt: skip
        surface.blit(mask, (dx, dy), (sx, sy, tile, tile))
    for piece, at, size in (
        ((tile, 0, 1, tile), (x + tile, y), (w - 2 * tile, tile)),
        ((tile, far, 1, tile), (x + tile, y + h - tile), (w - 2 * tile, tile)),
        ((0, tile, tile, 1), (x, y + tile), (tile, h - 2 * tile)),
        ((far, tile, tile, 1), (x + w - tile, y + tile), (tile, h - 2 * tile)),
    ):
        if size[0] > 0 and size[1] > 0:
            strip = ("shadow", piece, size, round_, blur, strength, colour)
            surface.blit(theme.surfaces.get(strip, partial(_stretched, mask, piece, size)), at)


def _stretched(
    mask: pygame.Surface, piece: tuple[int, int, int, int], size: tuple[int, int]
) -> pygame.Surface:
    return pygame.transform.scale(mask.subsurface(piece), size)


def dashed_panel(
    surface: pygame.Surface,
    theme: Theme,
    rect: pygame.Rect,
    fill: Colour | None,
    outline: Colour,
    *,
    radius: float = 8,
    width: float = 1.5,
    dash: float = 5,
    gap: float = 4,
) -> None:
    """A rounded rectangle with a dashed rim: something thought of, waited for or not there."""

    def make() -> pygame.Surface:
        w, h = rect.size
        big = pygame.Surface((w * FINE, h * FINE), pygame.SRCALPHA)
        big.fill((*(fill or outline), 0))
        thick = max(1, round(width * theme.scale * FINE))
        round_ = min(theme.px(radius) * FINE, w * FINE // 2, h * FINE // 2)
        inner = pygame.Rect(0, 0, w * FINE, h * FINE).inflate(-thick, -thick)
        if fill is not None:
            pygame.draw.rect(big, (*fill, 255), inner, border_radius=round_)
        rim = rounded_outline(inner, max(0, round_ - thick // 2))
        for piece in dashes(rim, dash * theme.scale * FINE, gap * theme.scale * FINE, closed=True):
            stroke(big, (*outline, 255), piece, thick)
        return pygame.transform.smoothscale(big, (w, h))

    if rect.width > 0 and rect.height > 0:
        key = ("dashed", rect.size, fill, outline, radius, width, dash, gap)
        surface.blit(theme.surfaces.get(key, make), rect)


def rounded_outline(rect: pygame.Rect, radius: float) -> list[Point]:
    """Points around a rounded rectangle, clockwise from its top right corner."""
    points: list[Point] = []
    corners = (
        (rect.right - radius, rect.top + radius, -90),
        (rect.right - radius, rect.bottom - radius, 0),
        (rect.left + radius, rect.bottom - radius, 90),
        (rect.left + radius, rect.top + radius, 180),
    )
    for cx, cy, start in corners:
        for i in range(9):
            turn = math.radians(start + i * 90 / 8)
            points.append((cx + radius * math.cos(turn), cy + radius * math.sin(turn)))
    return points


def dashes(points: Sequence[Point], dash: float, gap: float, *, closed: bool) -> list[list[Point]]:
    """A path cut into dashes."""
    path = [*points, points[0]] if closed else list(points)
    length = sum(math.dist(a, b) for a, b in pairwise(path))
    if closed and length > 0:  # a whole number of dashes, so that the last does not run into the first
        count = max(1, round(length / (dash + gap)))
        dash, gap = dash * length / count / (dash + gap), gap * length / count / (dash + gap)
    pieces: list[list[Point]] = []
    drawing, left, piece = True, dash, [path[0]]
    for (ax, ay), (bx, by) in pairwise(path):
        here, span = 0.0, math.dist((ax, ay), (bx, by))
        while span - here > left:
            here += left
            at = (ax + (bx - ax) * here / span, ay + (by - ay) * here / span)
            if drawing:
                pieces.append([*piece, at])
            drawing, piece = not drawing, [at]
            left = dash if drawing else gap
        left -= span - here
        if drawing:
            piece.append((bx, by))
    if drawing and len(piece) > 1:
        pieces.append(piece)
    return pieces


def focus_ring(surface: pygame.Surface, theme: Theme, rect: pygame.Rect, radius: float = 10) -> None:
    """The mark of keyboard focus, around a rect: dark inside light, so it shows on paper and on slate."""
    near, far = theme.px(2), theme.px(4)
    _panel(surface, theme, rect.inflate(2 * far, 2 * far), None, theme.px(radius) + far,
           theme.palette.focus_halo, theme.px(2))  # fmt: skip
    _panel(surface, theme, rect.inflate(2 * near, 2 * near), None, theme.px(radius) + near,
           theme.palette.focus, theme.px(2))  # fmt: skip


# Lines


def line(
    surface: pygame.Surface,
    theme: Theme,
    points: Sequence[Point],
    colour: Colour,
    width: float = 1,
    *,
    dash: tuple[float, float] | None = None,
) -> None:
    """A smooth line through the points, with round ends; `dash` is (on, off) in design lengths."""
    thick = max(1.0, width * theme.scale)
    if dash is None:
        _smooth_stroke(surface, theme, points, colour, thick)
        return
    for piece in dashes(points, dash[0] * theme.scale, dash[1] * theme.scale, closed=False):
        _smooth_stroke(surface, theme, piece, colour, thick, caps=False)


def curve_points(start: Point, first: Point, second: Point, end: Point, count: int = 28) -> list[Point]:
    """Points along the cubic Bézier with these two handles."""
    points = []
    for i in range(count + 1):
        t = i / count
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        points.append(
            (
                a * start[0] + b * first[0] + c * second[0] + d * end[0],
                a * start[1] + b * first[1] + c * second[1] + d * end[1],
            )
        )
    return points


def stroke(surface: pygame.Surface, colour: tuple[int, ...], points: Sequence[Point], thick: float) -> None:
    """A jagged thick line, to be shrunk afterwards."""
    half = thick / 2
    for (ax, ay), (bx, by) in pairwise(points):
        span = math.dist((ax, ay), (bx, by))
        if span:
            nx, ny = -(by - ay) / span * half, (bx - ax) / span * half
            corners = [(ax + nx, ay + ny), (bx + nx, by + ny), (bx - nx, by - ny), (ax - nx, ay - ny)]
            pygame.draw.polygon(surface, colour, corners)
    for x, y in points:
        pygame.draw.circle(surface, colour, (x, y), half)


def _smooth_stroke(
    surface: pygame.Surface,
    theme: Theme,
    points: Sequence[Point],
    colour: Colour,
    thick: float,
    *,
    caps: bool = True,
) -> None:
    if len(points) < 2:
        return
    if thick <= 1.2:
        pygame.draw.aalines(surface, colour, False, points)
        return
    half = thick / 2 - 0.4
    if len(points) < LONG:
        left, right = _sides(points, half)
    else:
        key = ("sides", tuple(points), half)
        left, right = cast(
            "tuple[list[Point], list[Point]]", theme.layouts.get(key, lambda: _sides(points, half))
        )
    pygame.draw.polygon(surface, colour, [*left, *reversed(right)])
    pygame.draw.aalines(surface, colour, False, left)
    pygame.draw.aalines(surface, colour, False, right)
    if caps:
        for x, y in (points[0], points[-1]):
            disc(surface, theme, (x, y), thick / 2 / theme.scale, colour)


def _sides(points: Sequence[Point], half: float) -> tuple[list[Point], list[Point]]:
    left: list[Point] = []
    right: list[Point] = []
    for i, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[max(0, i - 1)], points[min(len(points) - 1, i + 1)]
        span = math.dist((ax, ay), (bx, by)) or 1.0
        nx, ny = -(by - ay) / span * half, (bx - ax) / span * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left, right


def disc(
    surface: pygame.Surface,
    theme: Theme,
    centre: Point,
    radius: float,
    fill: Colour | None,
    *,
    outline: Colour | None = None,
    width: float = 1.5,
) -> None:
    """A filled or outlined circle about a point; `radius` and `width` are design lengths."""
    half = max(0.5, radius * theme.scale)
    side = math.ceil(half * 2) + 2

    def make() -> pygame.Surface:
        edge = outline or fill
        assert edge is not None, "a disc needs a fill or an outline"
        big = pygame.Surface((side * FINE, side * FINE), pygame.SRCALPHA)
        big.fill((*edge, 0))
        middle = (side * FINE / 2, side * FINE / 2)
        pygame.draw.circle(big, (*edge, 255), middle, half * FINE)
        if outline is not None:
            inside = (*edge, 0) if fill is None else (*fill, 255)
            pygame.draw.circle(big, inside, middle, (half - width * theme.scale) * FINE)
        return pygame.transform.smoothscale(big, (side, side))

    made = theme.surfaces.get(("disc", radius, fill, outline, width), make)
    surface.blit(made, (round(centre[0] - side / 2), round(centre[1] - side / 2)))


# Clerks' colours and patterns


def clerk_bar(
    surface: pygame.Surface, theme: Theme, rect: pygame.Rect, look: ClerkLook, *, radius: float = 4
) -> None:
    """A bar in a clerk's colour and pattern, as in timeline and gutter."""

    def make() -> pygame.Surface:
        w, h = rect.size
        bar = pygame.Surface((w, h), pygame.SRCALPHA)
        bar.fill((*look.fill, 255))
        tile = _pattern_tile(theme, look)
        if tile is not None:
            for x in range(0, w, tile.get_width()):
                for y in range(0, h, tile.get_height()):
                    bar.blit(tile, (x, y))
        mask = pygame.Surface((w, h), pygame.SRCALPHA)
        mask.fill((255, 255, 255, 0))
        _panel(mask, theme, pygame.Rect(0, 0, w, h), (255, 255, 255), theme.px(radius), None, 0)
        bar.blit(mask, (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
        return bar

    if rect.width > 0 and rect.height > 0:
        surface.blit(theme.surfaces.get(("bar", rect.size, look, radius), make), rect)


def _pattern_tile(theme: Theme, look: ClerkLook) -> pygame.Surface | None:
    if look.pattern == "plain":
        return None
    side = theme.px(12)
    over = mix(look.fill, look.ink, 0.15)

    def make() -> pygame.Surface:
        s = side * FINE
        big = pygame.Surface((s, s), pygame.SRCALPHA)
        big.fill((*over, 0))
        full, thin = (*over, 255), max(1, s // 10)
        match look.pattern:
            case "slant":
                for shift in (-s, 0, s):
                    stroke(big, full, [(shift - thin, s + thin), (shift + s + thin, -thin)], thin * 2)
            case "dots":
                for x, y in ((0.25, 0.25), (0.75, 0.75)):
                    pygame.draw.circle(big, full, (x * s, y * s), s * 0.13)
            case "bars":
                for x in (0.25, 0.75):
                    pygame.draw.rect(big, full, (x * s - thin, 0, thin * 1.6, s))
            case "rungs":
                for y in (0.25, 0.75):
                    pygame.draw.rect(big, full, (0, y * s - thin, s, thin * 1.6))
            case "checks":
                for x, y in ((0, 0), (0.5, 0.5)):
                    pygame.draw.rect(big, full, (x * s, y * s, s / 2, s / 2))
            case "waves":
                for level in (0.25, 0.75):
                    crests = [level + math.sin(i / 16 * math.tau) * 0.12 for i in range(-1, 18)]
                    wave = [((i - 1) * s / 16, crest * s) for i, crest in enumerate(crests)]
                    stroke(big, full, wave, thin)
            case "hatch":
                for shift in (-s, 0, s):
                    stroke(big, full, [(shift - thin, s + thin), (shift + s + thin, -thin)], thin)
                    stroke(big, full, [(shift - thin, -thin), (shift + s + thin, s + thin)], thin)
            case "backslant":
                for shift in (-s, 0, s):
                    stroke(big, full, [(shift - thin, -thin), (shift + s + thin, s + thin)], thin * 2)
            case "rings":
                pygame.draw.circle(big, full, (s / 2, s / 2), s * 0.34, max(1, s // 8))
            case "zigzag":
                for level in (0.12, 0.62):
                    bends = [(i * s / 4, (level + 0.24 * (i % 2)) * s) for i in range(-1, 6)]
                    stroke(big, full, bends, thin * 1.4)
            case "bricks":
                for y, x in ((0.0, 0.25), (0.5, 0.75)):
                    pygame.draw.rect(big, full, (0, y * s, s, thin))
                    pygame.draw.rect(big, full, (x * s, y * s, thin, s / 2))
            case "grid":
                pygame.draw.rect(big, full, (0, s * 0.4, s, thin * 1.4))
                pygame.draw.rect(big, full, (s * 0.4, 0, thin * 1.4, s))
            case "gems":
                gem = [(0.5, 0.14), (0.78, 0.5), (0.5, 0.86), (0.22, 0.5)]
                pygame.draw.polygon(big, full, [(x * s, y * s) for x, y in gem])
            case "pluses":
                for x, y in ((0.25, 0.25), (0.75, 0.75)):
                    pygame.draw.rect(big, full, (x * s - s * 0.2, y * s - thin / 2, s * 0.4, thin * 1.2))
                    pygame.draw.rect(big, full, (x * s - thin / 2, y * s - s * 0.2, thin * 1.2, s * 0.4))
            case "rain":
                for x, y in ((0.25, 0.08), (0.75, 0.58)):
                    pygame.draw.rect(big, full, (x * s - thin, y * s, thin * 2, s * 0.34))
        return pygame.transform.smoothscale(big, (side, side))

    return theme.surfaces.get(("pattern", look, side), make)
