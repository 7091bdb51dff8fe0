"""What clerks meet and wait at, as drawings: hooks with tags, the flag, the bench, the ferry, pigeonholes.

Painted as `game.desktop.furniture`'s things are; where they stand, and who waits there, is the board's.
"""

from __future__ import annotations

import math

import pygame

from game.desktop.draw import Point
from game.desktop.furniture import Brush, sprite
from game.desktop.theme import Colour, Theme, mix, rgb


def tag_rail(theme: Theme, w: float, h: float, hooks: int, tags: int) -> pygame.Surface:
    """A rail with this many hooks, of which the first hold a brass tag each."""

    def paint(b: Brush) -> None:
        p = theme.palette
        b.box(0, 0, w, h, p.board_wood, radius=7)
        b.box(2.2, 2.2, w - 4.4, h - 4.4, mix(p.board_wood, p.brass_light, 0.28), radius=5)
        b.box(6, h * 0.1, w - 12, h * 0.14, mix(p.board_wood, p.ink, 0.12), radius=3)
        each = w / max(hooks, 1)
        disc = min(h * 0.25, each * 0.4)
        for index in range(hooks):
            x, y = each * (index + 0.5), h * 0.17
            hook = [(x + 3.2 * math.cos(t), y + 3.2 * math.sin(t)) for t in _turns(-60, 200, 14)]
            b.line(p.ink, 1.7, *hook)
            if index >= tags:
                continue
            middle = h - disc - 5
            b.line(p.ink, 1, (x, y + 3), (x, middle - disc * 0.5))
            b.disc(x, middle, disc, mix(p.brass, p.ink, 0.35)).disc(x, middle, disc - 1.2, p.brass_light)
            b.disc(x, middle, disc * 0.66, p.brass).disc(x, middle, disc * 0.56, p.brass_light)
            b.disc(x, middle - disc * 0.6, max(1.0, disc * 0.14), p.ink)

    return sprite(theme, ("rail", hooks, tags), w, h, theme.palette.board_wood, paint)


def flag_pole(theme: Theme, w: float, h: float, up: bool) -> pygame.Surface:
    """A pole with its flag flying at the top, or rolled up at the foot; the bell under it rings or hangs."""

    def paint(b: Brush) -> None:
        p = theme.palette
        x = w * 0.28
        wood = mix(p.board_wood, p.ink, 0.12)
        b.box(x - 15, h - 7, 30, 7, mix(p.board_wood, p.ink, 0.3), radius=3)
        b.box(x - 2, 4, 4, h - 8, wood, radius=2).disc(x, 4.6, 4.2, p.brass)
        if up:
            top, high, wide = 9.0, min(h * 0.42, 34.0), w - x - 8
            waves = [(x + 2 + wide * t / 12, top + 2.6 * math.sin(t * 0.75)) for t in range(13)]
            lower = [(px, py + high) for px, py in reversed(waves)]
            b.shape(p.teal, *waves, *lower)
            b.line(mix(p.teal, p.ink, 0.3), 1.2, *waves, *lower, waves[0])
            middle = (waves[6][0], waves[6][1] + high / 2)
            star = [
                (middle[0] + r * math.cos(t), middle[1] + r * math.sin(t))
                for t, r in (
                    (math.radians(-90 + 36 * i), high * (0.15 if i % 2 else 0.34)) for i in range(10)
                )
            ]
            b.shape(p.card, *star)
        else:
            low = h - 12
            roll = mix(p.teal, p.desk, 0.45)
            b.box(x + 2, low - 9, w * 0.42, 9, roll, radius=4.5)
            b.line(mix(roll, p.ink, 0.35), 1.1, (x + 8, low - 4.5), (x + w * 0.4, low - 4.5))
            b.line(p.ink_soft, 0.9, (x + 3, 8), (x + 5, h * 0.5), (x + 3, low - 8))

    return sprite(theme, ("flag", up), w, h, theme.palette.board_wood, paint)


def bench(theme: Theme, w: float, h: float) -> pygame.Surface:
    """A long bench with a back rest; who sleeps on it is drawn over it."""

    def paint(b: Brush) -> None:
        p = theme.palette
        wood = mix(p.board_wood, p.parcel, 0.2)
        deep = mix(wood, p.ink, 0.35)
        for x in (w * 0.06, w * 0.5 - 2, w * 0.94 - 4):
            b.box(x, h * 0.1, 4, h * 0.9, deep, radius=1.5)
        for y in (0.08, 0.28):
            b.box(0, h * y, w, h * 0.15, wood, radius=3)
            b.line(mix(wood, p.brass_light, 0.4), 0.9, (3, h * y + 2), (w - 3, h * y + 2))
        b.box(-1, h * 0.66, w + 2, h * 0.16, wood, radius=3)
        b.box(0, h * 0.78, w, h * 0.05, deep, radius=1)

    return sprite(theme, "bench", w, h, theme.palette.board_wood, paint)


def ferry(theme: Theme, w: float, h: float, seats: int, broken: bool) -> pygame.Surface:
    """A ferry at its landing with empty places to take; broken: its hull is cracked, and it lists."""

    def paint(b: Brush) -> None:
        p = theme.palette
        water = mix(p.teal, p.desk, 0.55)
        hull, deck = p.post, mix(p.board_wood, p.parcel, 0.35)
        if broken:
            hull = mix(p.post, p.faint, 0.5)
        sink = h * 0.07 if broken else 0.0

        def at(x: float, y: float) -> Point:
            return w * x, h * y + (sink * (x - 0.1) * 1.6 if broken else 0)

        b.shape(hull, at(0.03, 0.5), at(0.97, 0.5), at(0.88, 0.86), at(0.12, 0.86))
        b.shape(mix(hull, p.ink, 0.3), at(0.075, 0.68), at(0.925, 0.68), at(0.88, 0.86), at(0.12, 0.86))
        b.shape(deck, at(0.03, 0.45), at(0.97, 0.45), at(0.97, 0.52), at(0.03, 0.52))
        b.line(p.ink_soft, 2, at(0.5, 0.46), at(0.5, 0.02))
        b.shape(p.brass_light, at(0.505, 0.04), at(0.64, 0.1), at(0.505, 0.17))
        for x, y in ferry_seats(w, h, seats):
            b.disc(x, y, seat_size(w, h, seats) / 2, mix(p.desk, p.ink, 0.28))
            b.disc(x, y, seat_size(w, h, seats) / 2 - 1.4, mix(p.desk, p.paper, 0.4))
        if broken:
            b.line(p.card, 3.4, at(0.36, 0.5), at(0.41, 0.62), at(0.36, 0.72), at(0.42, 0.86))
            b.line(p.ink, 1.4, at(0.36, 0.5), at(0.41, 0.62), at(0.36, 0.72), at(0.42, 0.86))
        crests = [(w * i / 24, h * 0.88 + (1.6 if i % 2 else -1.2)) for i in range(25)]
        b.shape(water, *crests, (w, h), (0, h))
        b.line(mix(water, p.card, 0.5), 1.2, *crests)

    return sprite(theme, ("ferry", seats, broken), w, h, theme.palette.teal, paint)


def seat_size(w: float, h: float, seats: int) -> float:
    """How large a place on the ferry is."""
    return min(h * 0.3, w * 0.84 / max(seats, 1) - 2, 26.0)


def ferry_seats(w: float, h: float, seats: int) -> list[Point]:
    """Where the places of a ferry are, from its bow, in the drawing's own lengths."""
    each = w * 0.86 / max(seats, 1)
    return [(w * 0.07 + each * (index + 0.5), h * 0.33) for index in range(seats)]


def pigeonhole(theme: Theme, w: float, h: float) -> pygame.Surface:
    """One dark hole of the wall, with a slip of paper for its byte."""

    def paint(b: Brush) -> None:
        p = theme.palette
        b.box(0, 0, w, h, mix(p.board_wood, p.ink, 0.62), radius=3)
        b.box(0, h - 3, w, 3, mix(p.board_wood, p.brass_light, 0.2), radius=1)
        b.box(w * 0.1, h * 0.3, w * 0.8, h * 0.7 - 4, p.card, radius=2)

    return sprite(theme, "pigeonhole", w, h, theme.palette.board_wood, paint)


def receipts(theme: Theme, size: float, count: int) -> pygame.Surface:
    """A spike with as many slips on it as receipts are open, at most five drawn."""

    def paint(b: Brush) -> None:
        p, u = theme.palette, size / 24
        b.box(4 * u, 21 * u, 16 * u, 3 * u, p.board_wood, radius=1.2 * u)
        for index in range(min(count, 5)):
            y = (18.4 - 3.1 * index) * u
            tilt = (0.9 if index % 2 else -0.7) * u
            slip = [(3.4 * u, y + tilt), (20.6 * u, y - tilt), (20.6 * u, y + 2.6 * u - tilt),
                    (3.4 * u, y + 2.6 * u + tilt)]  # fmt: skip
            b.shape(p.card, *slip)
            b.line(mix(p.line, p.ink, 0.35), 0.8 * u, *slip, slip[0])
        b.line(p.ink_soft, 1.1 * u, (12 * u, 21 * u), (12 * u, 1.5 * u))

    return sprite(theme, ("receipts", min(count, 5)), size, size, theme.palette.card, paint)


def ticket(theme: Theme, w: float, h: float) -> pygame.Surface:
    """A ticket that wakes one sleeper: paper with a notch at each side."""

    def paint(b: Brush) -> None:
        p = theme.palette
        b.box(0, 0, w, h, p.brass_light, radius=2, outline=p.brass, width=1)
        for x in (0.0, w):
            b.disc(x, h / 2, h * 0.2, (*p.desk, 255))
        b.line(p.brass, 0.9, (w * 0.28, h * 0.2), (w * 0.28, h * 0.8))

    return sprite(theme, "ticket", w, h, theme.palette.brass, paint)


def cat_sitting(theme: Theme, size: float) -> pygame.Surface:
    """The office cat, awake: it sits, and looks for somewhere to sleep."""
    fur, rim = theme.palette.slate_deep, theme.palette.card

    def paint(b: Brush) -> None:
        u = size / 44

        def at(x: float, y: float) -> Point:
            return x * u, y * u

        tail = [at(33 + 6 * math.cos(t), 33 + 7 * math.sin(t)) for t in _turns(100, -100, 16)]
        b.line(rim, 6 * u, *tail).line(fur, 3.6 * u, *tail)
        for more, colour in ((1.5, rim), (0.0, fur)):
            b.oval((11 - more) * u, (17 - more) * u, (21 + 2 * more) * u, (25 + 2 * more) * u, colour)
            b.disc(20 * u, 14 * u, (8.4 + more) * u, colour)
            grown: list[tuple[float, float, float, float, float, float]] = [
                (12, 12, 12.4, 2.4, 18, 7), (22, 7, 27.6, 2.4, 28, 12),
            ]  # fmt: skip
            for ax, ay, bx, by, cx, cy in grown:
                b.shape(colour, at(ax - more, ay), at(bx, by - more), at(cx + more, cy))
        for x in (16.6, 23.4):
            b.oval((x - 2.1) * u, 11.6 * u, 4.2 * u, 4.4 * u, rgb("#E8C27A"))
            b.box((x - 0.5) * u, 12 * u, 1 * u, 3.6 * u, fur, radius=0.5 * u)
        b.disc(20 * u, 17.6 * u, 1 * u, rgb("#D98C84"))
        whisker: Colour = mix(fur, rim, 0.6)
        for side in (-1, 1):
            for dy in (-0.6, 1.2):
                b.line(whisker, 0.6 * u, at(20 + 4 * side, 18), at(20 + 10.5 * side, 17.6 + dy * 1.6))

    return sprite(theme, ("cat sitting", size), size, size, rim, paint)


def _turns(start: float, end: float, count: int) -> list[float]:
    return [math.radians(start + (end - start) * index / count) for index in range(count + 1)]
