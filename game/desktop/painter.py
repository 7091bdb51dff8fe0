"""The office drawn: one moment of it, or what moves on the way to the next.

Drawings are `furniture`'s, places `layout`'s and `staging`'s, facts `game.story`'s; here they meet.
"""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

import pygame

from game.channels.kind import Picture
from game.desktop import draw, fittings, furniture, icons, meetings, words
from game.desktop.layout import FAR, NEAR, USE, Box, Cast, Link, Plan, Point, end_height
from game.desktop.staging import (
    MOUTH,
    SMALLEST,
    Reel,
    Staging,
    Stay,
    card_box,
    sign_room,
    tube_path,
    words_on,
    writer_of,
)
from game.desktop.theme import ClerkLook, Colour, Theme, mix
from game.desktop.waits import short_waits
from game.goals import say as words_of
from game.language import joined, say
from game.request import Value
from game.story import Flight, Frame, Ghost, Lost, Token, bare_wait, owner
from game.trace import Event
from game.world import ENDED, ClerkView

ASLEEP: Final = ("napped",)
EXIT_CODES: Final = {"home": 0, "crashed": 1, "terminated": -15, "killed": -9, "napped": -9}
"""What `exitcode` reads of those whose processes have ended."""
_FATES: Final = {
    "home": say("gone home"),
    "terminated": say("sent away by a signal"),
    "killed": say("ended by a signal"),
    "napped": say("the cat sleeps here"),
}
"""What the cards of those say whose processes have ended."""
CAT: Final = 46.0
"""How large the cat sits."""


Strokes = tuple[tuple[Colour, float, tuple[float, float] | None], ...]
"""The lines of a way, one upon the other: colour, width, and how long its dashes and gaps are."""


def _active(frame: Frame, ahead: Frame | None) -> Frame:
    """The frame whose step is being shown."""
    return ahead or frame


@dataclass(frozen=True)
class Painter:
    """Draws one moment. Boxes and points come in lengths of the design; `corner` is where the board begins,
    in pixels."""

    surface: pygame.Surface
    theme: Theme
    staging: Staging
    cast: Cast
    reel: Reel
    corner: tuple[int, int]

    @property
    def plan(self) -> Plan:
        return self.staging.plan

    @property
    def f(self) -> float:
        return self.staging.plan.factor

    # -- from the design to pixels --

    def at(self, point: Point) -> tuple[float, float]:
        s = self.theme.scale
        return self.corner[0] + point[0] * s, self.corner[1] + point[1] * s

    def rect(self, box: Box) -> pygame.Rect:
        left, top = self.at((box.x, box.y))
        right, bottom = self.at((box.right, box.bottom))
        x, y = round(left), round(top)
        return pygame.Rect(x, y, max(1, round(right) - x), max(1, round(bottom) - y))

    def size(self, design: float, least: float = 11.0) -> float:
        """A letter size that goes with the drawings, but never too small to read."""
        return round(max(least, design * self.f) * 2) / 2

    def look(self, clerk: str) -> ClerkLook:
        index = self.cast.clerks.index(clerk) if clerk in self.cast.clerks else 0
        return self.theme.clerk(index)

    def shape(self, channel: str) -> str:
        return self.staging.shapes.get(channel, "box")

    # -- everything that does not move --

    def ground(self) -> None:
        """The desk that everything stands on."""
        theme, p = self.theme, self.theme.palette
        draw.panel(self.surface, theme, self.surface.get_rect(), p.desk, radius=10, outline=p.line)
        self.floor(Box(0, 0, *self.plan.size))

    def floor(self, board: Box) -> None:
        p = self.theme.palette
        y = board.h - 12.0
        while y > board.h * 0.82:
            left, top = self.at((10, y))
            right = self.at((board.w - 10, y))[0]
            self.surface.fill(p.desk_line, (round(left), round(top), round(right - left), 1))
            y -= 9

    def counter(self, box: Box) -> None:
        theme, p = self.theme, self.theme.palette
        furniture.put(self.surface, furniture.counter(theme, box.w, box.h), self.at(box.center))
        wide = sign_room(self.f) - 12 - 10 * self.f
        high = max(box.h * 0.44, 15.0)
        plate = self.rect(Box(box.x + 10 * self.f, box.y + box.h * 0.4 - high / 2, wide, high))
        draw.panel(self.surface, theme, plate, p.brass_light, radius=4, outline=mix(p.brass, p.ink, 0.25))
        words.label(
            self.surface,
            theme,
            say("counter"),
            plate.inflate(-theme.px(4), 0),
            p.ink,
            size=self.size(12),
            weight="bold",
            align="centre",
        )

    def strokes(self, link: Link, frame: Frame, ahead: Frame | None) -> Strokes:
        """How a way between a clerk and a channel is drawn: pale, and in the clerk's colour when it was just
        used, while its clerk holds the key, or (dashed) while its clerk waits there."""
        p, look, shown = self.theme.palette, self.look(link.clerk), _active(frame, ahead)
        view = frame.clerks.get(link.clerk)
        picture = frame.pictures.get(link.channel)
        width = 2.6 * max(self.f, 0.6)
        crowded = len(self.plan.routes) > 12
        ground = mix(p.desk_line, p.board_wood, 0.08 if crowded else 0.3)
        if shown.event and _uses(link, shown.event, shown.flights):
            return ((look.fill, width * 1.35, None),)
        if view and view.blocked and view.asks and view.asks.channel == link.channel and _asks(link, view):
            return (p.card, width * 1.2, None), (look.deep, width, (6.0, 5.0))
        if picture and picture.holder == link.clerk:
            return ((look.fill, width, None),)
        return ((ground, width * (0.55 if crowded else 0.8), None),)

    def route(self, points: Sequence[Point], strokes: Strokes) -> None:
        line = [self.at(point) for point in points]
        for colour, width, dash in strokes:
            draw.line(self.surface, self.theme, line, colour, width, dash=dash)

    # -- clerks --

    def clerk(self, view: ClerkView, frame: Frame, ahead: Frame | None) -> None:
        theme, p, f = self.theme, self.theme.palette, self.f
        box = self.plan.cards[view.name]
        look = self.look(view.name)
        rect = self.rect(box)
        shown = _active(frame, ahead)
        active = shown.event is not None and owner(shown.event.agent) == view.name
        self.card(rect, view, look, active)
        tiny, small = box.h < 54, box.h < 72
        pad = 6.0 if tiny else 8.0 if small else 11.0 * max(f, 0.7)
        face = min(box.h - 14, box.w * 0.34) if tiny else 29.0 if small else 43.0 * f
        middle = (box.x + pad + face / 2, box.y + (box.h / 2 if tiny else pad + face / 2))
        furniture.portrait(self.surface, theme, self.at(middle), face, look, self.place(view.name), view.life)
        if view.life in ASLEEP:
            self.cat(middle, face)
        elif view.life == "crashed" or view.crash:
            snapped = furniture.clipboard_snapped(theme, face * 0.72)
            furniture.put(self.surface, snapped, self.at((middle[0] + face * 0.34, middle[1] + face * 0.24)))
        left = middle[0] + face / 2 + (5 if tiny else pad * 0.9)
        room = Box(left, box.y, box.right - pad * 0.6 - left, box.h)
        name_size = self.size(20, 13.5)
        name_high = theme.line_height("voice", name_size) / theme.scale
        status, colour, lamp = self.status(view, shown if active else None, look)
        mine = active and shown.event is not None and shown.event.agent == view.name and not view.blocked
        short = shown.label if mine and not view.crash else ""
        keys = [name for name, picture in frame.pictures.items() if picture.holder == view.name]
        flying = {flight.value for flight in ahead.flights if flight.what == "key"} if ahead else set()
        keys = [name for name in keys if name not in flying]
        depths = [frame.pictures[name].depth for name in keys]
        name_colour = p.muted if view.life == "new" or view.life in ENDED else p.ink
        pid = self.reel.pids.get(view.name)
        if small:
            top = middle[1] - name_high / 2
            name_box = self.rect(Box(room.x, top, room.w - 13 * len(keys[:2]), name_high))
            name = _called(view.name)
            if theme.width(name, "voice", name_size, "bold") > name_box.width:
                name = name[:1]  # on the smallest boards: who it is, the face and the colour say
            words.label(
                self.surface,
                theme,
                name,
                name_box,
                name_colour,
                role="voice",
                size=name_size,
                weight="bold",
            )
            self.keys(depths, (box.right - pad * 0.6, middle[1]), 19.0)
            self.exit_tag(view, box)
            if tiny and lamp:
                bulb = furniture.lamp(theme, 16.0, True)
                furniture.put(self.surface, bulb, self.at((box.x + pad + 1, box.y + 8)))
            if tiny:
                return
            low = middle[1] + face / 2 + 2
            below = Box(box.x + pad, low, box.w - 2 * pad, box.bottom - 4 - low)
            if status or pid is None:
                self.status_line(below, status, colour, lamp, 1, short)
            else:
                self.badge(Box(room.x, below.y, min(room.w, 52), 15), view, pid)
            return
        top = box.y + pad - 2 * f
        words.label(
            self.surface,
            theme,
            _called(view.name),
            self.rect(Box(room.x, top, room.w, name_high)),
            name_colour,
            role="voice",
            size=name_size,
            weight="bold",
        )
        plate = Box(room.x, top + name_high + 1 * f, min(room.w, 64 * max(f, 0.85)), 18 * max(f, 0.85))
        if pid is not None or view.life == "new":
            self.badge(plate._replace(w=room.w if view.life == "new" else plate.w), view, pid)
        elif view.life.partition("+")[0] == "up":
            words.label(
                self.surface,
                theme,
                say("line {line}", line=view.line),
                self.rect(plate),
                p.muted,
                role="code",
                size=self.size(12),
            )
        self.keys(depths, (box.right - pad * 0.9, plate.center[1]), 26.0 * f)
        self.exit_tag(view, box)
        bottom = Box(box.x + pad, middle[1] + face / 2 + 2 * f, box.w - 2 * pad, 0)
        high = box.bottom - 6 * f - bottom.y
        step = theme.line_height("interface", self.size(12)) / theme.scale
        self.status_line(bottom._replace(h=high), status, colour, lamp, max(1, int((high + 4) / step)), short)

    def cat(self, middle: Point, face: float) -> None:
        """Nine, asleep on whoever never moves again."""
        theme, size = self.theme, face * 1.2
        asleep = furniture.cat_asleep(theme, round(size, 1))
        furniture.put(self.surface, asleep, self.at((middle[0] + face * 0.08, middle[1] + face * 0.2)))

    def perch(self) -> Point:
        """Where the cat sits as long as it sleeps nowhere: on the counter's end, or in a corner."""
        size = CAT * max(self.f, 0.7)
        if counter := self.plan.counter:
            return counter.right - size * 0.7, counter.y - size * 0.36
        return self.plan.size[0] - size * 0.7, self.plan.size[1] - size * 0.62

    def waiting_cat(self) -> None:
        """Nine awake, where a level lets it in and it may still nap."""
        made = fittings.cat_sitting(self.theme, round(CAT * max(self.f, 0.7), 1))
        furniture.put(self.surface, made, self.at(self.perch()))

    def prowling_cat(self, frame: Frame, ahead: Frame, part: float) -> None:
        """Nine on its way to whom it is going to sleep on."""
        event = ahead.event
        if event is None or not event.agent.startswith("cat:") or event.operation != "nap":
            return
        card = self.plan.cards.get(owner(event.agent))
        if card is None:
            return
        here, size = self.perch(), CAT * max(self.f, 0.7)
        there = card.x + size * 0.5, card.center[1]
        x, y = _between(here, there, part)
        made = fittings.cat_sitting(self.theme, round(size, 1))
        furniture.put(self.surface, made, self.at((x, y - 40 * math.sin(math.pi * part))))

    def place(self, clerk: str) -> int:
        return self.cast.clerks.index(clerk) if clerk in self.cast.clerks else 0

    def card(self, rect: pygame.Rect, view: ClerkView, look: ClerkLook, active: bool) -> None:
        theme, p, f = self.theme, self.theme.palette, self.f
        radius = 12 * max(f, 0.7)
        if view.life == "new":
            draw.dashed_panel(self.surface, theme, rect, mix(p.desk, p.card, 0.45), p.faint, radius=radius)
        elif view.crash:
            draw.panel(self.surface, theme, rect, p.post_tint, radius=radius, outline=p.post, width=2.4)
        elif view.life in ENDED:
            fill = mix(p.desk, p.card, 0.55)
            draw.panel(
                self.surface,
                theme,
                rect,
                fill,
                radius=radius,
                outline=mix(look.fill, p.desk, 0.55),
                width=1.6,
            )
        elif view.blocked:
            draw.cast_shadow(self.surface, theme, rect, radius, 2)
            draw.dashed_panel(
                self.surface, theme, rect, p.card, look.fill, radius=radius, width=2.2, dash=7, gap=5
            )
        else:
            draw.panel(
                self.surface,
                theme,
                rect,
                p.card,
                radius=radius,
                outline=look.fill,
                width=3.2 if active else 2,
                shadow=6 if active else 3,
            )

    def badge(self, box: Box, view: ClerkView, pid: int | None) -> None:
        """The brass badge with the real process number; a dashed one for who is not hired yet."""
        theme, p = self.theme, self.theme.palette
        rect = self.rect(box)
        if pid is None or view.life == "new":
            words.label(self.surface, theme, say("not hired yet"), rect, p.muted, size=self.size(12))
            return
        draw.panel(self.surface, theme, rect, p.brass_light, radius=4, outline=mix(p.brass, p.ink, 0.2))
        words.label(
            self.surface,
            theme,
            str(pid),
            rect.inflate(-theme.px(6), 0),
            p.ink,
            role="code",
            size=self.size(12),
            weight="bold",
            align="centre",
        )

    def status(self, view: ClerkView, shown: Frame | None, look: ClerkLook) -> tuple[str, Colour, bool]:
        """What a clerk is doing, in which colour, and whether its lamp is lit."""
        p = self.theme.palette
        if view.crash:
            return say("stopped: {error}", error=view.crash.error), p.post_deep, False
        if view.life == "new":
            return "", p.muted, False
        if view.blocked:
            # "(one lies in ada's out-tray)" is for the tooltip, which has the room.
            return bare_wait(view.blocked), p.ink, True
        if shown and shown.event and shown.event.agent == view.name:
            return shown.deed, look.deep, False
        if said := _FATES.get(view.life):
            return said, p.muted, False
        if "+" in view.life:
            return say("a signal is on its way"), p.post_deep, False
        if view.life == "leaving":
            return say("packs up"), p.muted, False
        return "", p.muted, False

    def status_line(
        self, box: Box, text: str, colour: Colour, lamp: bool, lines: int, short: str = ""
    ) -> None:
        """What a clerk is doing; said `short` where the whole does not fit."""
        if not text:
            return
        theme = self.theme
        size = self.size(12)
        left = box.x
        if lamp:
            bulb = 15.0 * max(self.f, 0.8)
            furniture.put(
                self.surface, furniture.lamp(theme, bulb, True), self.at((left + bulb / 2 - 2, box.y + 8))
            )
            left += bulb
        rect = self.rect(Box(left, box.y, box.right - left, box.h))
        laid = words.prose(theme, text, rect.width, colour, size=size)
        for shorter in (*short_waits(text)[1:], *([short] if short else [])):
            if laid.lines > lines:
                text, laid = shorter, words.prose(theme, shorter, rect.width, colour, size=size)
        if laid.lines > lines:
            laid = words.prose(
                theme, _fit(theme, text, rect.width, colour, size, lines), rect.width, colour, size=size
            )
        laid.draw(self.surface, rect.topleft)

    def keys(self, depths: Sequence[int], right: Point, size: float) -> None:
        """The keys a clerk holds, hanging on its card; how many times, where that is more than once."""
        theme, p = self.theme, self.theme.palette
        for index, depth in enumerate(depths[:3]):
            made = furniture.key_drawing(theme, size, p.brass)
            middle = (right[0] - size * (0.25 + 0.5 * index), right[1])
            place = furniture.put(self.surface, made, self.at(middle))
            if depth > 1:
                times = theme.text(f"×{depth}", p.card, "interface", self.size(11), "bold")
                pill = times.get_rect(midtop=(place.centerx, place.bottom - theme.px(9)))
                draw.pill(self.surface, theme, pill.inflate(theme.px(7), 0), p.brass_ink)
                self.surface.blit(times, pill)

    def exit_tag(self, view: ClerkView, box: Box) -> None:
        """The exit code of a process that has ended, on a luggage tag at the corner of its card."""
        code = EXIT_CODES.get(view.life.partition("+")[0])
        if view.crash:
            code = 1
        if code is None or box.h < (76 if code == 0 else 60):
            return
        theme, p = self.theme, self.theme.palette
        ink = p.muted if code == 0 else p.post_deep
        text = say("exit {code}", code=str(code).replace("-", "−"))
        size = self.size(11)
        wide = theme.width(text, "code", size, "bold") / theme.scale + 20
        high = 17.0
        tag = Box(box.right - wide - 8, box.y - high * 0.5, wide, high)
        rect = self.rect(tag)
        draw.panel(
            self.surface, theme, rect, p.card, radius=4, outline=p.line if code == 0 else p.post, width=1.3
        )
        draw.disc(self.surface, theme, self.at((tag.x + 7, tag.center[1])), 2.2, ink)
        rect.left += theme.px(11)
        rect.width -= theme.px(11)
        words.label(self.surface, theme, text, rect, ink, role="code", size=size, weight="bold")

    def ghost(self, ghost: Ghost, place: int) -> None:
        """A number in a clerk's hand: a slip with a dashed rim; red when the board has changed since. `place`
        counts those the clerk has before."""
        theme, p, f = self.theme, self.theme.palette, self.f
        card = self.plan.cards[ghost.clerk]
        high = max(30 * f, 22)
        size = self.size(19, 14)
        text = words_of(ghost.value)
        wide = min(
            max(theme.width(text, "voice", size) / theme.scale + 18 * max(f, 0.7), 34 * f + 8),
            card.w * 0.6,
        )
        x = card.right - wide - 6 * f - place * (wide + 4 * f)
        rect = self.rect(Box(x, card.y - high * 0.56, wide, high))
        ink = p.post if ghost.stale else p.muted
        draw.dashed_panel(
            self.surface,
            theme,
            rect,
            p.post_tint if ghost.stale else p.card,
            ink,
            radius=7,
            width=1.6,
            dash=4,
            gap=3,
        )
        words.label(
            self.surface,
            theme,
            text,
            rect.inflate(-theme.px(8), 0),
            p.post_deep if ghost.stale else p.ink,
            role="voice",
            size=size,
            align="centre",
        )

    # -- channels --

    def channel(self, name: str, kind: str, picture: Picture, box: Box, frame: Frame, taken: bool) -> None:
        """A channel with what is fixed on it; `taken` when its key is just on the way to somebody."""
        match picture.shape:
            case "belt":
                self.belt(name, picture, box)
            case "chute":
                self.chute(name, picture, box)
            case "tube":
                self.tube(name, picture, box)
            case "tally":
                self.tally(name, picture, box, frame, taken)
            case "cards":
                self.index_cards(name, picture, box, frame)
            case "key":
                self.key(name, picture, box, frame, taken)
            case shape if shape in meetings.PAINTS:
                meetings.PAINTS[shape](self, name, picture, box, frame)
            case _:
                self.crate(name, kind, picture, box)
        if picture.keepers:
            meetings.keepers(self, name, picture, box)

    def name_under(self, name: str, note: str, box: Box, y: float) -> None:
        """A channel's name, with a note beside it ("2/4")."""
        theme, p = self.theme, self.theme.palette
        size = self.size(12.5)
        high = theme.line_height("code", size) / theme.scale
        rect = self.rect(Box(box.x, min(y, box.bottom - high + 4), box.w, high))
        note_wide = theme.width(note, "code", size) + theme.px(8) if note else 0
        name_wide = theme.width(name, "code", size, "bold")
        if name_wide + note_wide > rect.width:
            note_wide = 0
        left = rect.x + (rect.width - min(name_wide + note_wide, rect.width)) // 2
        room = pygame.Rect(left, rect.y, rect.right - left - note_wide, rect.height)
        place = words.label(
            self.surface, theme, name, room, p.ink_soft, role="code", size=size, weight="bold"
        )
        if note_wide:
            rest = pygame.Rect(place.right + theme.px(8), rect.y, rect.width, rect.height)
            words.label(self.surface, theme, note, rest, p.muted, role="code", size=size)

    def belt(self, name: str, picture: Picture, box: Box) -> None:
        theme, f = self.theme, self.f
        facing = self.plan.facing.get(name, 1)
        top = box.y + box.h * end_height("belt", NEAR) - 1
        high = min(21 * max(f, 0.6), box.h * 0.3)
        made = furniture.belt(theme, box.w, high, facing)
        furniture.put(self.surface, made, self.at((box.x + box.w / 2, top + high / 2)))
        inside = len(picture.items) + sum(len(tray) for _, tray in picture.trays)
        note = f"{inside}/{picture.capacity}" if picture.capacity else ""
        self.name_under(name, note, box, top + high)
        meetings.receipts(self, picture, box)

    def chute(self, name: str, picture: Picture, box: Box) -> None:
        facing = self.plan.facing.get(name, 1)
        furniture.put(self.surface, furniture.chute(self.theme, box.w, box.h, facing), self.at(box.center))
        note = f"{len(picture.items)}/{picture.capacity}" if picture.capacity else ""
        half = Box(box.x + box.w * (0.14 if facing > 0 else 0.2), box.y, box.w * 0.66, box.h)
        self.name_under(name, note, half, box.y + box.h * 0.74)

    def tube(self, name: str, picture: Picture, box: Box) -> None:
        theme, p, f = self.theme, self.theme.palette, self.f
        facing = self.plan.facing.get(name, 1)
        two_way = bool(picture.mouths) and picture.mouths[0][0] == "a"
        bore = 25.0 * max(f, SMALLEST) * (0.9 if two_way else 1.1)
        local = Box(0, 0, box.w, box.h)
        for where in ("items", "back") if two_way else ("items",):
            path = tube_path(local, f, where, two_way)
            made = furniture.tube(theme, path, box.w, box.h, bore)
            furniture.put(self.surface, made, self.at(box.center))
            onward = (facing > 0) == (where == "items")
            self.arrow_in(box, path, onward)
        size = MOUTH * max(f, 0.66)
        mouths = picture.mouths or (("", ()), ("", ()))
        for (end, holders), at_near in zip(mouths, (True, False), strict=False):
            left = at_near == (facing > 0)
            made = furniture.mouth(theme, size, left, bool(picture.mouths) and not holders)
            deep = size * 0.62
            x = box.x + deep / 2 if left else box.right - deep / 2
            furniture.put(self.surface, made, self.at((x, box.center[1])))
            letter = Box(x - 20, box.center[1] - size / 2 - 15, 40, 14)
            words.label(
                self.surface,
                theme,
                end,
                self.rect(letter),
                p.muted,
                role="code",
                size=self.size(12.5),
                weight="bold",
                align="centre",
            )
            for index, clerk in enumerate(holders[:4]):
                # A copy of this mouthpiece lies with each clerk who has not closed its own.
                shift = (index - (min(len(holders), 4) - 1) / 2) * 17 * max(f, 0.7)
                mark = self.at((x + shift, box.center[1] + size / 2 + 10 * max(f, 0.7)))
                copy = furniture.mouth(theme, 19 * max(f, 0.8), left, False)
                furniture.put(self.surface, copy, mark)
                icons.clerk_mark(self.surface, theme, mark, self.look(clerk), 10 * max(f, 0.8))
        self.name_under(name, "", box, box.bottom - 17)

    def arrow_in(self, box: Box, path: Sequence[Point], onward: bool) -> None:
        p = self.theme.palette
        for share in (0.375, 0.625):
            x, y = path[round(share * (len(path) - 1))]
            way = 1 if onward else -1
            points = [
                (box.x + x - 3.4 * way, box.y + y - 4),
                (box.x + x + 2.6 * way, box.y + y),
                (box.x + x - 3.4 * way, box.y + y + 4),
            ]
            draw.line(
                self.surface,
                self.theme,
                [self.at(point) for point in points],
                mix(p.brass_light, p.brass, 0.25),
                1.8,
            )

    def tally(self, name: str, picture: Picture, box: Box, frame: Frame, taken: bool) -> None:
        theme, p, f = self.theme, self.theme.palette, self.f
        furniture.put(self.surface, furniture.chalkboard(theme, box.w, box.h), self.at(box.center))
        side = max(10 * f, 9)
        inner = Box(box.x + side, box.y + 8 * f, box.w - 2 * side, box.h - 20 * f)
        size = self.size(13)
        words.label(
            self.surface,
            theme,
            name,
            self.rect(inner._replace(h=16 * max(f, 0.8))),
            p.chalk_faint,
            role="code",
            size=size,
            align="centre",
        )
        text = words_of(picture.number)
        big = 62 * f
        while big > 15 and theme.width(text, "voice", big) / theme.scale > inner.w * 0.62:
            big *= 0.86
        made = theme.text(text, p.chalk, "voice", round(big), "regular")
        middle = self.at((box.center[0], box.y + box.h * 0.52))
        furniture.put(self.surface, made, middle)
        past = next((one for one in frame.pasts if one.channel == name), None)
        if past is not None:
            self.struck(
                words_of(past.value),
                (inner.right - 4 * f, inner.y + inner.h * 0.34),
                22 * f,
                p.chalk_faint,
                p.board,
            )
        if (name in self.reel.locks and not taken) or picture.holder:
            self.tag(picture.holder, (box.center[0], box.bottom - 7 * f), name, box, picture.depth)

    def struck(self, text: str, right: Point, size: float, colour: Colour, ground: Colour) -> None:
        """A number that was written over: faint, with a line through it."""
        theme = self.theme
        made = theme.text(text, mix(colour, ground, 0.25), "voice", self.size(size / self.f, 13), "regular")
        x, y = self.at(right)
        place = made.get_rect(right=round(x), centery=round(y))
        self.surface.blit(made, place)
        middle = place.centery + place.height * 0.06
        draw.line(
            self.surface, theme, [(place.left - 2, middle + 2), (place.right + 2, middle - 3)], colour, 1.4
        )

    def tag(self, holder: str, middle: Point, channel: str, box: Box, depth: int = 1) -> None:
        """The key of a board: hanging free beside it, or a tag in its holder's colour, with how many times
        it is held where that is more than once."""
        theme, p, f = self.theme, self.theme.palette, self.f
        if not holder:
            made = furniture.key_drawing(theme, 26 * max(f, 0.7), p.brass)
            furniture.put(self.surface, made, self.at((box.right - 16 * f, box.bottom - 22 * f)))
            return
        look = self.look(holder)
        size = self.size(12)
        text: str = (
            say("key: {holder} ×{depth}", holder=holder, depth=depth)
            if depth > 1
            else say("key: {holder}", holder=holder)
        )
        wide = theme.width(text, size=size, weight="bold") / theme.scale + 20
        if wide > box.w:
            text, wide = holder[:1].upper(), 24
        rect = self.rect(Box(middle[0] - wide / 2, middle[1] - 9, wide, 18))
        draw.pill(self.surface, theme, rect, look.fill, outline=p.card, width=1.5)
        words.label(
            self.surface,
            theme,
            text,
            rect.inflate(-theme.px(10), 0),
            look.ink,
            size=size,
            weight="bold",
            align="centre",
        )

    def index_cards(self, name: str, picture: Picture, box: Box, frame: Frame) -> None:
        theme, p, f = self.theme, self.theme.palette, self.f
        draw.panel(
            self.surface,
            theme,
            self.rect(box),
            mix(p.desk, p.board_wood, 0.35),
            radius=7,
            outline=p.board_wood,
            width=2,
            shadow=2,
        )
        head = Box(box.x + 8 * f, box.y + 2 * f, box.w - 16 * f, 19 * f)
        words.label(
            self.surface,
            theme,
            name,
            self.rect(head),
            p.ink,
            role="code",
            size=self.size(12.5),
            weight="bold",
            align="centre",
        )
        pasts = {past.cell: past for past in frame.pasts if past.channel == name}
        count = len(picture.cells)
        for slot, value in enumerate(picture.cells[:60]):
            one = card_box(box, f, count, slot)
            furniture.put(self.surface, furniture.index_card(theme, one.w, one.h), self.at(one.center))
            rect = self.rect(one)
            if one.w > 26 and one.h > 34:
                words.label(
                    self.surface,
                    theme,
                    str(slot),
                    pygame.Rect(rect.x + theme.px(4), rect.y, rect.width, round(rect.height * 0.27)),
                    p.muted,
                    role="code",
                    size=self.size(10.5, 10),
                )
            number = pygame.Rect(
                rect.x, rect.y + round(rect.height * 0.24), rect.width, round(rect.height * 0.76)
            )
            words.label(
                self.surface,
                theme,
                words_of(value),
                number,
                p.ink,
                role="voice",
                size=min(self.size(25, 13), max(one.h * 0.5, 12)),
                align="centre",
            )
            if slot in pasts and one.h > 46:
                middle = one.right - 4 * f, one.y + one.h * 0.86
                self.struck(words_of(pasts[slot].value), middle, 13 * f, p.muted, p.card)
        if picture.holder:
            self.tag(picture.holder, (box.center[0], box.bottom - 3 * f), name, box, picture.depth)

    def key(self, name: str, picture: Picture, box: Box, frame: Frame, taken: bool) -> None:
        theme, p, f = self.theme, self.theme.palette, self.f
        label = 17 * max(f, 0.9)
        plaque = Box(box.x, box.y, box.w, box.h - label)
        furniture.put(self.surface, furniture.key_plaque(theme, plaque.w, plaque.h), self.at(plaque.center))
        size = plaque.h * 0.66
        place = self.at((plaque.center[0], plaque.y + plaque.h * 0.58))
        if picture.holder:
            shade = mix(p.board_wood, p.brass_light, 0.12)
            furniture.put(self.surface, furniture.key_drawing(theme, size, shade), place)
            self.tag(picture.holder, plaque.center, name, box, picture.depth)
        elif not taken:
            furniture.put(self.surface, furniture.key_drawing(theme, size, p.brass), place)
        if waits := meetings.waiting_at(frame, name):
            meetings.line_of(self, waits, Box(box.x, plaque.bottom - 15, box.w, 14))
        self.name_under(name, "", box, plaque.bottom)

    def crate(self, name: str, kind: str, picture: Picture, box: Box) -> None:
        """A thing the board has no drawing of: a labelled box with what its kind says about it."""
        theme, p, f = self.theme, self.theme.palette, self.f
        furniture.put(self.surface, furniture.crate(theme, box.w, box.h), self.at(box.center))
        inner = Box(box.x + 14 * f, box.y + 6 * f, box.w - 28 * f, box.h - 12 * f)
        head = self.rect(inner._replace(h=18 * max(f, 0.8)))
        size = self.size(12.5)
        place = words.label(self.surface, theme, name, head, p.ink, role="code", size=size, weight="bold")
        rest = pygame.Rect(
            place.right + theme.px(6), head.y, head.right - place.right - theme.px(6), head.height
        )
        if kind != name and rest.width > theme.px(24):
            words.label(self.surface, theme, kind, rest, p.muted, size=self.size(12), align="right")
        below = Box(inner.x, inner.y + 20 * max(f, 0.8), inner.w, inner.bottom - inner.y - 20 * max(f, 0.8))
        if picture.items or picture.back:
            return  # the tokens themselves are drawn there
        if picture.number is not None:
            words.label(
                self.surface,
                theme,
                words_of(picture.number),
                self.rect(below),
                p.ink,
                role="voice",
                size=self.size(30, 16),
                align="centre",
            )
            return
        text = picture.text or ", ".join(words_of(cell) for cell in picture.cells)
        if picture.holder:
            held = say("held by {holder}", holder=picture.holder)
            text = joined(" · ", [held, text]) if text else held
        if not text:
            words.label(
                self.surface,
                theme,
                say("empty"),
                self.rect(below),
                p.faint,
                size=self.size(12),
                align="centre",
            )
            return
        rect = self.rect(below)
        lines = max(1, rect.height // theme.line_height("interface", self.size(12)))
        text = _fit(theme, text, rect.width, p.muted, self.size(12), lines)
        words.write(self.surface, theme, text, rect, p.muted, size=self.size(12))

    # -- tokens --

    def tray(self, box: Box, porter: str) -> None:
        """An out-tray, with the `porter` of whom it is where it stands there."""
        furniture.put(self.surface, furniture.tray(self.theme, box.w, box.h), self.at(box.center))
        if porter:
            size = min(box.h * 0.95, 26 * max(self.f, 0.8))
            made = furniture.porter(self.theme, self.look(porter), size)
            furniture.put(self.surface, made, self.at((box.right - size * 0.45, box.bottom - size / 2 - 1)))

    def lying(self, tokens: Sequence[tuple[Token, Stay]], frame: Frame, lost: Container[int]) -> None:
        """Tokens that stay where they are, the next to leave last: it lies on top of those behind it. `lost`
        are the numbers of those that nobody will collect."""
        delivered = frame.snapshot.delivered
        for token, stay in tokens:
            wet = writer_of(frame, token.spot)
            self.token(token.value, stay, stay.at, lost=token.number in lost, wet=wet)
            if token.spot.where == "desk" and token.spot.slot < len(delivered):
                mark = self.at((stay.at[0], stay.at[1] + stay.size[1] / 2 + 5 * self.f))
                look, size = self.look(delivered[token.spot.slot][0]), 9 * max(self.f, 0.8)
                icons.clerk_mark(self.surface, self.theme, mark, look, size)

    def heap(self, count: int, place: Point, *, below: bool) -> None:
        """How many tokens lie where not all can be shown, above or below the last of them."""
        at = self.at(place)
        theme, p = self.theme, self.theme.palette
        made = theme.text(f"×{count}", p.card, "interface", self.size(12), "bold")
        away = theme.px(13 if below else -16)
        rect = made.get_rect(center=(round(at[0]), round(at[1]) + away)).inflate(theme.px(10), theme.px(2))
        draw.pill(self.surface, theme, rect, p.ink_soft)
        self.surface.blit(made, made.get_rect(center=rect.center))

    def token(
        self, value: Value, stay: Stay, at: Point, *, lost: bool = False, wet: str | None = None
    ) -> None:
        """`wet` says that it lies open, and which clerk can still change it; see `writer_of`."""
        theme, p = self.theme, self.theme.palette
        w, h = stay.size
        if lost:
            rect = self.rect(Box(at[0] - w / 2, at[1] - h / 2, w, h))
            draw.dashed_panel(
                self.surface, theme, rect, p.post_tint, p.post, radius=3, width=1.4, dash=4, gap=3
            )
            icons.put_icon(self.surface, theme, "empty envelope", rect.center, min(h * 0.95, 24), p.post)
            return
        furniture.put(self.surface, self.token_picture(value, w, h, wet=wet is not None), self.at(at))
        if wet:
            size = min(h * 0.9, 15 * max(self.f, SMALLEST))
            pen = self.at((at[0] + w / 2 - size * 0.1, at[1] - h / 2 + size * 0.1))
            icons.put_icon(self.surface, theme, "pen", pen, size, self.look(wet).deep)

    def token_picture(self, value: Value, w: float, h: float, *, wet: bool = False) -> pygame.Surface:
        theme = self.theme
        kind = "nothing" if value is None else "letter" if isinstance(value, str) else "parcel"
        kind = "wet" if wet else kind
        size = round(max(11.0, h * 0.48) * 2) / 2
        text = words.clip_words(theme, words_on(value), theme.px(w - 7), "code", size, "bold")
        return furniture.token(theme, text, kind, round(w, 1), round(h, 1), text=size)

    # -- what moves --

    def moving(self, frame: Frame, ahead: Frame, part: float) -> None:
        stays, later = self.staging.stays(frame), self.staging.stays(ahead)
        for token, here, there in self.staging.shifts(frame, ahead):
            self.token(token.value, here, _between(here.at, there.at, part), wet=writer_of(frame, token.spot))
        for flight in ahead.flights:
            way = self.staging.way(flight, frame, ahead)
            at = way.at(part)
            if flight.what == "token":
                stay = stays.get(flight.token) or later.get(flight.token)
                if stay is None:
                    continue
                if way.porter:
                    size = 26 * max(self.f, 0.8)
                    made = furniture.porter(self.theme, self.look(way.porter), size)
                    hop = abs(math.sin(part * math.pi * 5)) * 2
                    furniture.put(
                        self.surface, made, self.at((at[0], at[1] + stay.size[1] / 2 + size * 0.36 - hop))
                    )
                self.token(flight.value, stay, at, wet=writer_of(ahead, flight.target))
            elif flight.what == "number":
                clerk = flight.source.name if flight.source.where == "clerk" else flight.target.name
                made = furniture.number_slip(
                    self.theme, words_of(flight.value), self.look(clerk).deep, self.size(20, 14)
                )
                furniture.put(self.surface, made, self.at(at))
            else:
                made = furniture.key_drawing(self.theme, 36 * max(self.f, 0.7), self.theme.palette.brass)
                furniture.put(self.surface, made, self.at(at))
        self.prowling_cat(frame, ahead, part)
        if ahead.lost and part > 0.86:
            self.lost(ahead.lost, (part - 0.86) / 0.14)

    # -- what went wrong --

    def lost(self, lost: Lost, part: float) -> None:
        """The red burst under the board where a stroke was lost."""
        theme, p, f = self.theme, self.theme.palette, self.f
        box = self.plan.channels.get(lost.channel)
        if box is None:
            return
        size = 46 * max(f, 0.75) * (0.55 + 0.45 * part)
        text = say("a stroke is lost") if self.shape(lost.channel) == "tally" else say("an update is lost")
        letters = self.size(13, 12)
        wide = theme.width(text, size=letters, weight="bold") / theme.scale + 20
        x = min(max(box.center[0], wide / 2 + 6), self.plan.size[0] - wide / 2 - 6)
        top = box.bottom - 4
        furniture.put(self.surface, furniture.burst(theme, round(size)), self.at((x, top + size * 0.3)))
        rect = self.rect(Box(x - wide / 2, top + size * 0.3 + 23 * max(f, 0.75), wide, 21))
        draw.pill(self.surface, theme, rect, p.card, outline=p.post, width=1.4)
        words.label(self.surface, theme, text, rect, p.post_deep, size=letters, weight="bold", align="centre")

    def knots(self, frame: Frame) -> None:
        """Arrows from each clerk to whom it waits for, and the knot they make."""
        theme, p, f = self.theme, self.theme.palette, self.f
        middles: list[Point] = []
        for knot in frame.knots:
            one, other = self.plan.cards.get(knot.clerk), self.plan.cards.get(knot.waits_for)
            if one is None or other is None:
                continue
            points = _bow(one, other)
            middles.append(points[len(points) // 2])
            line = [self.at(point) for point in points]
            draw.line(self.surface, theme, line, p.card, 6)
            draw.line(self.surface, theme, line, p.post, 3)
            self.arrow_head(points)
        if not middles:
            return
        x = sum(point[0] for point in middles) / len(middles)
        y = sum(point[1] for point in middles) / len(middles)
        size = 34 * max(f, 0.8)
        draw.disc(self.surface, theme, self.at((x, y)), size * 0.62, p.card, outline=p.post, width=2.4)
        icons.put_icon(self.surface, theme, "knot", self.at((x, y)), size * 0.86, p.post)

    def arrow_head(self, points: Sequence[Point]) -> None:
        p = self.theme.palette
        (ax, ay), (bx, by) = points[-3], points[-1]
        turn = math.atan2(by - ay, bx - ax)
        size = 12.0
        corners = [(bx, by)]
        for side in (2.62, -2.62):
            corners.append((bx + size * math.cos(turn + side), by + size * math.sin(turn + side)))
        head = [self.at(corner) for corner in corners]
        pygame.draw.polygon(self.surface, p.post, head)
        pygame.draw.aalines(self.surface, p.post, True, head)


def _called(name: str) -> str:
    """A clerk's name on its card."""
    return name[:1].upper() + name[1:]


def _fit(theme: Theme, text: str, width: int, colour: Colour, size: float, lines: int) -> str:
    """The text, ended early with … so that it takes no more than so many lines."""
    text = theme.said(text)

    def fits(count: int) -> bool:
        return words.prose(theme, text[:count].rstrip() + "…", width, colour, size=size).lines <= lines

    if words.prose(theme, text, width, colour, size=size).lines <= lines:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return text[:low].rstrip() + "…"


def _uses(link: Link, event: Event, flights: Sequence[Flight]) -> bool:
    """Whether a step went along this link."""
    if owner(event.agent) != link.clerk or event.channel != link.channel:
        return False
    if link.port == USE:
        return True
    spots = [spot for flight in flights for spot in (flight.source, flight.target)]
    for flight in flights:
        if flight.target.where == "tray":
            return False
        if flight.target.where in ("items", "back"):
            return link.port == (NEAR if flight.target.where == "items" else FAR)
        if flight.source.where in ("items", "back"):
            return link.port == (FAR if flight.source.where == "items" else NEAR)
    return not spots


def _asks(link: Link, view: ClerkView) -> bool:
    """Whether it is along this link that a clerk waits."""
    if link.port == USE or view.asks is None:
        return True
    end, _, tail = view.asks.operation.rpartition(".")
    if end:
        return link.port == (NEAR if end in ("a", "w") else FAR)
    return link.port == (NEAR if tail == "put" else FAR)


def _between(one: Point, other: Point, part: float) -> Point:
    return one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part


def _bow(one: Box, other: Box) -> list[Point]:
    """A curve from one card's rim to another's, bent to its left, so that the way back is another one."""
    (ax, ay), (bx, by) = one.center, other.center
    span = math.dist((ax, ay), (bx, by))
    if span < 1:  # it waits for itself
        x, y, r = one.right, one.y, min(one.h, one.w) * 0.32
        return [
            (x + r * math.cos(t), y + r * math.sin(t))
            for t in (math.radians(150 + 10 * i) for i in range(25))
        ]
    nx, ny = (by - ay) / span, -(bx - ax) / span
    bend = min(span * 0.34, 120.0)
    handle = (ax + bx) / 2 + nx * bend, (ay + by) / 2 + ny * bend
    points = []
    for index in range(49):
        t = index / 48
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        points.append((a * ax + b * handle[0] + c * bx, a * ay + b * handle[1] + c * by))
    outside = [point for point in points if not one.has(point, 4) and not other.has(point, 6)]
    return outside if len(outside) > 4 else points
