"""The board's furniture as SVG, for pages: plainer than the window's, on the same plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from html import escape
from typing import Final

from game.channels.kind import Picture
from game.desktop.layout import Box, Plan, Point
from game.desktop.staging import card_box, sign_room, tube_path
from game.desktop.theme import ClerkLook, Colour, Palette, mix
from game.goals import say as say_value
from game.language import say
from game.story import Frame, Ghost, label_of, owner
from game.world import ENDED, ClerkView

_PALETTE: Final = Palette()
_SIDES: Final = {"triangle": 3, "diamond": 4, "pentagon": 5, "hexagon": 6}
_DRAWN: Final = {
    "heart": "M 12 21.6 L 2.8 12.2 C 0 7 4 2.6 7.4 3 C 10 3.2 11.4 4.6 12 6 C 12.6 4.6 14 3.2 16.6 3 "
    "C 20 2.6 24 7 21.2 12.2 Z",
    "drop": "M 12 1.8 L 17.8 10.8 C 21 16 17.4 21.8 12 21.8 C 6.6 21.8 3 16 6.2 10.8 Z",
    "hourglass": "M 3 2.6 L 21 2.6 L 13 12 L 21 21.4 L 3 21.4 L 11 12 Z",
    "arrow": "M 12 2 L 21.6 13 L 15.6 13 L 15.6 21.4 L 8.4 21.4 L 8.4 13 L 2.4 13 Z",
    "moon": "M 14 2.6 C 4 0 0 8 1.4 14 C 4 23 16 25 20.4 15.4 C 12 19 6 10 14 2.6 Z",
    "bolt": "M 14.8 2 L 4.4 14 L 10.8 14 L 9.2 22 L 19.6 9.8 L 13.2 9.8 Z",
    "bar": "M 1.6 7.6 L 22.4 7.6 L 22.4 16.4 L 1.6 16.4 Z",
    "ring": "M 2 12 C 2 -1.2 22 -1.2 22 12 C 22 25.2 2 25.2 2 12 Z M 7 12 C 7 18.6 17 18.6 17 12 "
    "C 17 5.4 7 5.4 7 12 Z",
}
"""Signs no regular polygon makes: paths on a square of 24 by 24, its middle at (12, 12)."""
_LIVES: Final[Mapping[str, str]] = {
    "new": say("not started"),
    "leaving": say("on the way home"),
    "home": say("gone home"),
    "killed": say("killed"),
    "terminated": say("terminated"),
    "napped": say("the cat sleeps here"),
}


def written(colour: Colour) -> str:
    """A colour as pages write it: "#bf3b2b"."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def tag(name: str, inside: str = "", /, **attributes: str | float | Colour) -> str:
    """An SVG element. `inside` is markup; attributes are escaped, numbers rounded to a tenth."""
    told = "".join(f' {key.replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{told}>{inside}</{name}>"


def _value(value: str | float | Colour) -> str:
    if isinstance(value, tuple):
        return written(value)
    return escape(value, quote=True) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def peg_path(shape: str, size: float = 7.5) -> str:
    """A clerk's sign as an SVG path about (0, 0)."""
    if shape == "circle":
        return f"M{-size} 0 A{size} {size} 0 1 0 {size} 0 A{size} {size} 0 1 0 {-size} 0 Z"
    if shape in _DRAWN:
        return " ".join(
            part if part.isalpha() else f"{(float(part) - 12) * size / 10:.1f}"
            for part in _DRAWN[shape].split()
        )
    if shape == "cross":
        a, b = size * 0.36, size
        arm = [(-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a)]
        points = arm + [(-x, -y) for x, y in arm]
    elif shape == "star":
        points = [_turned(turn / 10, size * (1.1 if turn % 2 == 0 else 0.5)) for turn in range(10)]
    elif shape == "square":
        points = [(-size, -size), (size, -size), (size, size), (-size, size)]
    else:
        sides = _SIDES[shape]
        points = [_turned(turn / sides, size * 1.15) for turn in range(sides)]
    return f"M{path_of(points)} Z"


def path_of(points: list[Point]) -> str:
    """Points as a path's lines, without its first M."""
    return " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _turned(share: float, size: float) -> Point:
    return size * math.sin(math.tau * share), -size * math.cos(math.tau * share)


def _box(box: Box, fill: Colour, edge: Colour | None, radius: float, width: float = 1.6) -> str:
    wide = width if edge else 0
    return tag(
        "rect",
        x=box.x,
        y=box.y,
        width=box.w,
        height=box.h,
        rx=radius,
        fill=fill,
        stroke=edge or fill,
        stroke_width=wide,
    )


def _line(text: str, x: float, y: float, colour: Colour, kind: str = "small", anchor: str = "middle") -> str:
    style = f"fill:{written(colour)}"
    return tag("text", escape(text), **{"class": kind}, x=x, y=y, text_anchor=anchor, style=style)


def _note(box: Box, text: str, colour: Colour = _PALETTE.muted) -> str:
    """Text that wraps, in a box."""
    words = tag(
        "div",
        escape(text),
        xmlns="http://www.w3.org/1999/xhtml",
        **{"class": "note"},
        style=f"color:{written(colour)}",
    )
    return tag("foreignObject", words, x=box.x, y=box.y, width=max(1.0, box.w), height=max(1.0, box.h))


class Vectors:
    """Draws one film's office. `words` turns a sentence into the reader's language."""

    def __init__(self, plan: Plan, looks: Mapping[str, ClerkLook], words: Callable[[str], str]) -> None:
        self.plan, self.looks, self.words = plan, looks, words

    def ground(self) -> str:
        """What never changes: the ways and the counter."""
        ways = []
        for link, route in self.plan.routes.items():
            (a, b), (c, d), (e, f), (g, h) = route
            ways.append(
                tag(
                    "path",
                    d=f"M{a:.1f} {b:.1f} C{c:.1f} {d:.1f} {e:.1f} {f:.1f} {g:.1f} {h:.1f}",
                    fill="none",
                    stroke=self.looks[link.clerk].fill,
                    stroke_opacity=0.5,
                    stroke_width=3,
                )
            )
        return "".join(ways) + self._counter()

    def _counter(self) -> str:
        counter, p = self.plan.counter, _PALETTE
        if counter is None:
            return ""
        sign = Box(counter.x + 10, counter.y + 12, sign_room(self.plan.factor) - 20, counter.h - 20)
        return (
            _box(counter, p.board_wood, None, 6)
            + _box(counter._replace(h=6), mix(p.board_wood, p.card, 0.3), None, 3)
            + _note(sign, self.words(say("Counter")), p.card)
        )

    def clerk(self, view: ClerkView, frame: Frame) -> str:
        """A clerk's card: sign, name, what it does or waits for, trays, and the numbers in its hand."""
        box, look, p = self.plan.cards[view.name], self.looks[view.name], _PALETTE
        bad = view.crash is not None or view.life in ("killed", "terminated")
        mark = tag(
            "path",
            transform=f"translate({box.x + 20:.1f} {box.y + 21:.1f})",
            d=peg_path(look.shape),
            fill=look.fill,
            stroke=look.deep,
        )
        status = Box(box.x + 12, box.y + 36, box.w - 24, box.h - 42)
        drawn = [
            _box(box, p.card, p.post if bad else look.fill, 8),
            mark,
            _line(view.name, box.x + 36, box.y + 27, p.ink, "name", "start"),
            _note(status, self.status(view, frame), p.post_deep if bad else p.muted),
            *(
                _box(tray, p.desk_line, p.parcel_deep, 3)
                for (clerk, _), tray in self.plan.trays.items()
                if clerk == view.name
            ),
        ]
        gone = view.life in ENDED and not bad
        held = [ghost for ghost in frame.ghosts if ghost.clerk == view.name]
        hand = "".join(self._ghost(ghost, box, at) for at, ghost in enumerate(held))
        return tag("g", "".join(drawn), opacity="0.62" if gone else "1") + hand

    def status(self, view: ClerkView, frame: Frame) -> str:
        """What a clerk's card says below its name."""
        if view.crash is not None:
            return view.crash.error
        if said := _LIVES.get(view.life):
            return self.words(said)
        if view.blocked:
            return self.words(view.blocked)
        if frame.event and owner(frame.event.agent) == view.name:
            return self.words(label_of(frame.event))
        return self.words(say("line {line}", line=view.line)) if view.line else ""

    def _ghost(self, ghost: Ghost, card: Box, at: int) -> str:
        """A number that was read and may be old by now, over the card's right corner."""
        colour = _PALETTE.post if ghost.stale else _PALETTE.faint
        slip = Box(card.right - 52 - 48 * at, card.y - 20, 44, 24)
        x, y = slip.center
        return tag(
            "rect",
            x=slip.x,
            y=slip.y,
            width=slip.w,
            height=slip.h,
            rx=3,
            fill=_PALETTE.card,
            stroke=colour,
            stroke_dasharray="4 3",
        ) + _line(say_value(ghost.value), x, y + 5, colour if ghost.stale else _PALETTE.muted)

    def channel(self, name: str, kind: str, picture: Picture) -> str:
        """A channel with all that does not travel: what it reads, who holds its key, whose ends are open."""
        box = self.plan.channels[name]
        match picture.shape:
            case "belt" | "chute":
                drawn = self._lane(name, picture, box)
            case "tube":
                drawn = self._tube(picture, box) + self._named(name, box)
            case "tally":
                drawn = self._tally(name, picture, box)
            case "cards":
                drawn = self._cards(name, picture, box)
            case "key":
                drawn = self._key(picture, box) + self._named(name, box)
            case _:
                drawn = self._crate(name, kind, picture, box)
        return drawn + self._holder(picture, box)

    def _named(self, name: str, box: Box) -> str:
        return _line(name, box.center[0], box.bottom - 3, _PALETTE.muted)

    def _lane(self, name: str, picture: Picture, box: Box) -> str:
        inside = len(picture.items) + sum(len(tray) for _, tray in picture.trays)
        if picture.shape == "belt":
            bed = Box(box.x, box.y + box.h * 0.5, box.w, max(12.0, box.h * 0.22))
            drawn = _box(bed, _PALETTE.slate_line, _PALETTE.ink, bed.h / 2)
        else:
            shares = (0.3, 0.62) if self.plan.facing.get(name, 1) > 0 else (0.62, 0.3)
            a, b = (box.y + box.h * share for share in shares)
            corners = [(box.x, a), (box.right, b), (box.right, b + 14), (box.x, a + 14)]
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
            drawn = tag("polygon", points=points, fill=_PALETTE.faint, stroke=_PALETTE.slate_line)
        return drawn + self._named(f"{name} {inside}/{picture.capacity}" if picture.capacity else name, box)

    def _tube(self, picture: Picture, box: Box) -> str:
        name = next(name for name, place in self.plan.channels.items() if place is box)
        two_way = bool(picture.mouths) and picture.mouths[0][0] == "a"
        drawn = []
        for where in ("items", "back") if two_way else ("items",):
            path = f"M{path_of(tube_path(box, self.plan.factor, where, two_way))}"
            for wide, colour in ((26, mix(_PALETTE.teal, _PALETTE.card, 0.6)), (21, _PALETTE.teal_tint)):
                drawn.append(
                    tag("path", d=path, fill="none", stroke=colour, stroke_width=wide, stroke_linecap="round")
                )
        facing = self.plan.facing.get(name, 1) > 0
        for (end, holders), near in zip(picture.mouths, (True, False), strict=False):
            x = box.x + 8 if near == facing else box.right - 8
            mouth = Box(x - 9, box.center[1] - 26, 18, 52)
            drawn.append(_box(mouth, _PALETTE.brass if holders else _PALETTE.muted, None, 5))
            drawn.append(_line(end, x, mouth.y - 5, _PALETTE.muted))
            shown = holders[:4]
            drawn += [
                self._mark(clerk, x + 13 * (at - (len(shown) - 1) / 2), mouth.bottom + 10, 0.7)
                for at, clerk in enumerate(shown)
            ]
        return "".join(drawn)

    def _tally(self, name: str, picture: Picture, box: Box) -> str:
        x, y = box.center
        return (
            _box(box, _PALETTE.board, _PALETTE.board_wood, 6, 6)
            + _line(name, x, box.y + 22, _PALETTE.chalk_faint)
            + _line(say_value(picture.number), x, y + 8, _PALETTE.chalk, "number")
        )

    def _cards(self, name: str, picture: Picture, box: Box) -> str:
        drawn = [_box(box, _PALETTE.desk_line, _PALETTE.parcel_deep, 6)]
        drawn.append(_line(name, box.center[0], box.y + 16, _PALETTE.muted))
        for at, cell in enumerate(picture.cells):
            card = card_box(box, self.plan.factor, len(picture.cells), at)
            drawn.append(_box(card, _PALETTE.card, _PALETTE.line, 3))
            drawn.append(_line(say_value(cell), card.center[0], card.center[1] + 4, _PALETTE.ink))
        return "".join(drawn)

    def _key(self, picture: Picture, box: Box) -> str:
        """A brass key on its hook; only its outline where somebody has it."""
        x, y, size = *box.center, min(box.w, box.h) * 0.2
        path = (
            f"M{x - size:.1f} {y:.1f} a{size:.1f} {size:.1f} 0 1 1 {2 * size:.1f} 0 "
            f"a{size:.1f} {size:.1f} 0 1 1 {-2 * size:.1f} 0 M{x:.1f} {y + size:.1f} v{size * 1.6:.1f} "
            f"m0 {-size * 0.5:.1f} h{size * 0.7:.1f}"
        )
        away = {"stroke_dasharray": "3 3"} if picture.holder else {}
        colour = _PALETTE.faint if picture.holder else _PALETTE.brass_ink
        return tag("path", d=path, fill="none", stroke=colour, stroke_width=3, **away)

    def _crate(self, name: str, kind: str, picture: Picture, box: Box) -> str:
        told = [picture.text or kind]
        if picture.number is not None:
            whole = f"/{picture.capacity}" if picture.capacity else ""
            told.append(f"{say_value(picture.number)}{whole}")
        if picture.cells:
            told.append(" ".join(map(say_value, picture.cells)))
        note = Box(box.x + 8, box.y + 22, box.w - 16, box.h - 26)
        return (
            _box(box, _PALETTE.brass_tint, _PALETTE.brass, 8)
            + _line(name, box.center[0], box.y + 17, _PALETTE.ink)
            + _note(note, " · ".join(map(self.words, told)))
        )

    def _mark(self, clerk: str, x: float, y: float, size: float = 1.0) -> str:
        look = self.looks[clerk]
        place = f"translate({x:.1f} {y:.1f}) scale({size})"
        return tag("path", transform=place, d=peg_path(look.shape), fill=look.fill, stroke=look.deep)

    def _holder(self, picture: Picture, box: Box) -> str:
        if picture.holder not in self.looks:
            return ""
        x, y = box.right - 18, box.bottom - 18
        ring = tag("circle", cx=x, cy=y, r=13, fill=_PALETTE.brass_tint, stroke=_PALETTE.brass_ink)
        return ring + self._mark(picture.holder, x, y)

    def cry(self, frame: Frame) -> str:
        """What is called out over the board at this moment, or ""."""
        if frame.lost is None or frame.lost.channel not in self.plan.channels:
            return ""
        box = self.plan.channels[frame.lost.channel]
        text = self.words(say("{clerk}'s update is lost", clerk=frame.lost.other))
        wide, x, y = 7.4 * len(text) + 24, box.center[0], box.bottom + 16
        bubble = Box(x - wide / 2, y - 13, wide, 26)
        return _box(bubble, _PALETTE.post_tint, _PALETTE.post, 13) + _line(text, x, y + 4, _PALETTE.post_deep)
