"""Things clerks meet at, drawn on the board: tags on hooks, the flag, the bench, the ferry, the wall; and the
line of those who wait at any of them.

Each takes the board's `Painter` and the box of its channel; the drawings are `fittings`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pygame

from game.channels.kind import Picture
from game.desktop import draw, fittings, furniture, icons, words
from game.desktop.layout import Box
from game.desktop.staging import card_box
from game.desktop.theme import mix
from game.goals import say as words_of
from game.language import say
from game.story import Frame

if TYPE_CHECKING:
    from game.desktop.painter import Painter

MOST_HOOKS: Final = 10
"""More than so many tags are a number."""


def waiting_at(frame: Frame, channel: str) -> tuple[str, ...]:
    """Who waits at a channel, in the level's order."""
    return tuple(
        view.name
        for view in frame.snapshot.clerks
        if view.blocked and view.asks is not None and view.asks.channel == channel
    )


def line_of(
    painter: Painter, clerks: Sequence[str], box: Box, *, sleep: bool = False, most: float = 24.0
) -> None:
    """Small faces side by side along a box's foot: who stands in line here, or sleeps."""
    if not clerks:
        return
    size = min(box.h, most, box.w / max(len(clerks), 1))
    if size < 9:
        return
    left = box.center[0] - size * len(clerks) / 2
    for index, clerk in enumerate(clerks):
        middle = painter.at((left + size * (index + 0.5), box.y + box.h - size / 2))
        look, place = painter.look(clerk), painter.place(clerk)
        if size >= 17:
            furniture.portrait(painter.surface, painter.theme, middle, size - 2, look, place, "up")
        else:
            draw.disc(painter.surface, painter.theme, middle, size / 2 - 0.5, painter.theme.palette.card)
            icons.clerk_mark(painter.surface, painter.theme, middle, look, size * 0.74)
        if sleep:
            _zs(painter, middle, size)


def _zs(painter: Painter, middle: tuple[float, float], size: float) -> None:
    theme, p = painter.theme, painter.theme.palette
    made = theme.text("z", p.ink, "interface", max(11.0, size * 0.5), "bold")
    spot = made.get_rect(
        center=(round(middle[0] + theme.px(size * 0.42)), round(middle[1] - theme.px(size * 0.4)))
    )
    draw.disc(painter.surface, theme, spot.center, max(6.0, size * 0.3), p.card)
    painter.surface.blit(made, spot)


def tags(painter: Painter, name: str, picture: Picture, box: Box, frame: Frame) -> None:
    """A semaphore: as many tags on the hooks as may still be taken."""
    theme, p, f = painter.theme, painter.theme.palette, painter.f
    free = picture.number if isinstance(picture.number, int) else 0
    hooks = max(picture.capacity or 0, free, 1)
    line = box.h * 0.24 if (waits := waiting_at(frame, name)) else 0.0
    label = 17 * max(f, 0.9)
    rail = Box(box.x, box.y, box.w, box.h - label - line)
    if hooks <= MOST_HOOKS:
        made = fittings.tag_rail(theme, rail.w, rail.h, hooks, free)
        furniture.put(painter.surface, made, painter.at(rail.center))
    else:
        made = fittings.tag_rail(theme, rail.w, rail.h, 3, min(free, 1))
        furniture.put(painter.surface, made, painter.at(rail.center))
        beside = Box(rail.x + rail.w * 0.36, rail.y + rail.h * 0.38, rail.w * 0.6, rail.h * 0.6)
        words.label(
            painter.surface, theme, f"×{free}", painter.rect(beside), p.ink, role="voice",
            size=painter.size(26, 15), weight="bold",
        )  # fmt: skip
    note = f"{free}/{picture.capacity}" if picture.capacity is not None else ""
    painter.name_under(name, note, box, rail.bottom)
    if line:
        line_of(painter, waits, Box(box.x, box.bottom - line, box.w, line))


def flag(painter: Painter, name: str, picture: Picture, box: Box, frame: Frame) -> None:
    """An event: its flag is up or down; those who wait for it sleep at its foot."""
    theme, f = painter.theme, painter.f
    label = 17 * max(f, 0.9)
    pole = Box(box.x, box.y, box.w, box.h - label)
    made = fittings.flag_pole(theme, pole.w, pole.h, bool(picture.number))
    furniture.put(painter.surface, made, painter.at(pole.center))
    line_of(
        painter,
        picture.sleepers or waiting_at(frame, name),
        Box(pole.x + pole.w * 0.36, pole.y + pole.h * 0.5, pole.w * 0.64, pole.h * 0.4),
        sleep=True,
        most=32.0,
    )
    note = say("set") if picture.number else say("not set")
    painter.name_under(name, note, box, pole.bottom)
    if picture.holder:
        painter.tag(picture.holder, (box.center[0], pole.bottom - 5), name, box)


def bench(painter: Painter, name: str, picture: Picture, box: Box, frame: Frame) -> None:
    """A condition: its key beside a bench with the sleepers, and a ticket for each that may wake."""
    theme, p, f = painter.theme, painter.theme.palette, painter.f
    label = 17 * max(f, 0.9)
    hook = box.w * 0.2
    seat = Box(box.x + hook, box.y + box.h * 0.2, box.w - hook, box.h * 0.8 - label)
    made = fittings.bench(theme, seat.w, seat.h)
    furniture.put(painter.surface, made, painter.at(seat.center))
    rest = Box(seat.x + 4, seat.y + seat.h * 0.06, seat.w - 8, seat.h * 0.62)
    line_of(painter, picture.sleepers, rest, sleep=True, most=38.0)
    plaque = Box(box.x, box.y + box.h * 0.08, hook * 0.86, box.h - label - box.h * 0.08)
    furniture.put(painter.surface, furniture.key_plaque(theme, plaque.w, plaque.h), painter.at(plaque.center))
    if not picture.holder:
        key = furniture.key_drawing(theme, plaque.h * 0.6, p.brass)
        furniture.put(
            painter.surface, key, painter.at((plaque.center[0], plaque.center[1] + plaque.h * 0.08))
        )
    for index in range(min(picture.tickets, 4)):
        wide = 20 * max(f, 0.7)
        at = painter.at((box.right - wide * (0.6 + 1.1 * index), box.y + box.h * 0.1))
        furniture.put(painter.surface, fittings.ticket(theme, wide, wide * 0.56), at)
    painter.name_under(name, "", Box(seat.x, box.y, seat.w, box.h), seat.bottom)
    if picture.holder:
        painter.tag(picture.holder, (box.center[0], seat.bottom - 4), name, box, picture.depth)


def ferry(painter: Painter, name: str, picture: Picture, box: Box, frame: Frame) -> None:
    """A barrier: a ferry that leaves once every place is taken."""
    theme, p, f = painter.theme, painter.theme.palette, painter.f
    label = 17 * max(f, 0.9)
    boat = Box(box.x, box.y, box.w, box.h - label)
    seats = picture.capacity or 1
    broken = picture.phase in ("broken", "called off")
    aboard = picture.number if isinstance(picture.number, int) else 0
    made = fittings.ferry(theme, boat.w, boat.h, min(seats, 12), broken)
    furniture.put(painter.surface, made, painter.at(boat.center))
    waits = picture.sleepers or waiting_at(frame, name)
    size = fittings.seat_size(boat.w, boat.h, min(seats, 12))
    for index, (x, y) in enumerate(fittings.ferry_seats(boat.w, boat.h, min(seats, 12))[:aboard]):
        middle = painter.at((boat.x + x, boat.y + y))
        if index < len(waits) and size >= 15:
            clerk = waits[index]
            furniture.portrait(
                painter.surface, theme, middle, size, painter.look(clerk), painter.place(clerk), "up"
            )
        elif index < len(waits):
            draw.disc(painter.surface, theme, middle, size / 2, p.card)
            icons.clerk_mark(painter.surface, theme, middle, painter.look(waits[index]), size * 0.8)
        else:
            icons.put_icon(painter.surface, theme, "person", middle, size * 0.9, p.ink_soft)
    note = say("{aboard}/{seats} broken", aboard=aboard, seats=seats) if broken else f"{aboard}/{seats}"
    painter.name_under(name, note, box, boat.bottom)
    if picture.holder:
        painter.tag(picture.holder, (box.center[0], boat.bottom - 5), name, box)


def wall(painter: Painter, name: str, picture: Picture, box: Box, frame: Frame) -> None:
    """Shared memory: a byte in every pigeonhole; a torn-off seal once it is unlinked."""
    theme, p, f = painter.theme, painter.theme.palette, painter.f
    ground = mix(p.board_wood, p.ink, 0.18)
    unlinked = picture.phase == "unlinked"
    if unlinked:
        draw.dashed_panel(
            painter.surface, theme, painter.rect(box), mix(p.desk, p.board_wood, 0.3), p.board_wood, radius=7
        )
    else:
        draw.panel(
            painter.surface, theme, painter.rect(box), ground, radius=7, outline=p.board_wood, width=2,
            shadow=2,
        )  # fmt: skip
    head = Box(box.x + 8 * f, box.y + 2 * f, box.w - 16 * f, 19 * f)
    ink = p.ink if unlinked else p.chalk
    words.label(
        painter.surface, theme, name, painter.rect(head), ink, role="code", size=painter.size(12.5),
        weight="bold", align="centre",
    )  # fmt: skip
    if unlinked:
        icons.put_icon(painter.surface, theme, "cross", painter.at((head.right - 6, head.center[1])), 13, ink)
    count = len(picture.cells)
    for slot, value in enumerate(picture.cells[:60]):
        one = card_box(box, f, count, slot)
        furniture.put(painter.surface, fittings.pigeonhole(theme, one.w, one.h), painter.at(one.center))
        rect = painter.rect(one)
        number = pygame.Rect(rect.x, rect.y + round(rect.height * 0.28), rect.width, round(rect.height * 0.6))
        words.label(
            painter.surface, theme, words_of(value), number, p.ink, role="voice",
            size=min(painter.size(21, 12), max(one.h * 0.44, 11)), align="centre",
        )  # fmt: skip


def receipts(painter: Painter, picture: Picture, box: Box) -> None:
    """At the foot of a joinable queue's belt: the receipts still open, on their spike."""
    theme, p = painter.theme, painter.theme.palette
    count = picture.receipts
    if count is None:
        return
    size = max(28 * painter.f, 20.0)
    at = painter.at((box.right - size * 0.6, box.bottom + size * 0.2))
    furniture.put(painter.surface, fittings.receipts(theme, size, count), at)
    made = theme.text(str(count), p.ink, "interface", painter.size(12), "bold")
    place = made.get_rect(right=round(at[0] - theme.px(size * 0.55)), centery=round(at[1]))
    painter.surface.blit(made, place)


def keepers(painter: Painter, name: str, picture: Picture, box: Box) -> None:
    """Who keeps the others from a part of a channel: a hand on the hatch, the wire, the mouth or the key."""
    theme, p = painter.theme, painter.theme.palette
    places = {"hatch": say("hatch"), "wire": say("wire"), "mouth": say("mouth"), "key": say("key")}
    onward = painter.plan.facing.get(name, 1) > 0
    for place, clerk in picture.keepers[:3]:
        look, size = painter.look(clerk), painter.size(11)
        text = say("{place}: {clerk}", place=places.get(place, place), clerk=clerk)
        wide = theme.width(text, size=size, weight="bold") / theme.scale + 16
        x = box.center[0]
        if place != "key":
            x = box.right - wide * 0.4 if (place == "hatch") == onward else box.x + wide * 0.4
        rect = painter.rect(Box(x - wide / 2, box.bottom - 9, wide, 16))
        draw.pill(painter.surface, theme, rect, look.fill, outline=p.card, width=1.5)
        words.label(
            painter.surface, theme, text, rect.inflate(-theme.px(6), 0), look.ink, size=size, weight="bold",
            align="centre",
        )  # fmt: skip


PAINTS: Final[Mapping[str, Callable[[Painter, str, Picture, Box, Frame], None]]] = {
    "tags": tags,
    "flag": flag,
    "bench": bench,
    "ferry": ferry,
    "wall": wall,
}
"""How the shapes of this module are drawn."""
