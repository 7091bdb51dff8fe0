"""What does not move on a board, kept as a picture: from one moment to the next only what changed is drawn.

It is made of pieces, each of which says what its look follows from and beyond which box it draws nothing.
Where a piece changed, all that stands there is drawn again, in its order: the picture is to the pixel the one
that drawing everything would give. The drawing is `game.desktop.painter`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import pygame

from game.desktop import meetings
from game.desktop.layout import Box, Link, Point
from game.desktop.painter import CAT, Painter
from game.desktop.staging import writer_of
from game.goals import say as words_of
from game.story import Frame, owner
from game.world import ClerkView

MOST: Final = 0.5
"""Where more than this part of the picture, or of its pieces, is another, all of it is drawn."""


class Piece(NamedTuple):
    """A part of the picture. Two with equal `look` are drawn alike, nothing of it beyond its `box`."""

    name: tuple[object, ...]
    look: object
    box: Box
    paint: Callable[[Painter], object]


def pieces(painter: Painter, frame: Frame, ahead: Frame | None) -> Iterator[Piece]:
    """All that stands on the ground at a moment, in the order in which it is drawn. `ahead` is the next
    moment, where one is on the way to it: what travels there is left out."""
    plan, staging = painter.plan, painter.staging
    if counter := plan.counter:
        yield Piece(("counter",), None, grown(counter, 8), lambda on: on.counter(counter))
    for link, path in staging.paths.items():
        yield _route(painter, link, path, frame, ahead)
    flights = ahead.flights if ahead else ()
    taken = {flight.source.name for flight in flights if flight.source.where == "hook"}
    for name, kind, picture in frame.snapshot.channels:
        if name in plan.channels:
            box = plan.channels[name]
            # Pictures and numbers are shared by moments between which they are the same.
            pasts = tuple(id(past) for past in frame.pasts if past.channel == name)
            look = id(picture), pasts, meetings.waiting_at(frame, name), name in taken
            room = grown(box, 12 if picture.receipts is None else 26, 160 if picture.keepers else 12)
            yield Piece(
                ("channel", name),
                look,
                room,
                lambda on, name=name, kind=kind, picture=picture, box=box: on.channel(  # type: ignore[misc]
                    name, kind, picture, box, frame, name in taken
                ),
            )
    for view in frame.snapshot.clerks:
        if view.name in plan.cards:
            yield _clerk(painter, view, frame, ahead)
    leaving = {flight.source[1:3] for flight in flights if flight.source.where == "tray"}
    for (clerk, channel), box in plan.trays.items():
        porter = "" if (channel, clerk) in leaving else clerk
        yield Piece(
            ("tray", clerk, channel),
            porter,
            grown(box, 8),
            lambda on, box=box, porter=porter: on.tray(box, porter),  # type: ignore[misc]
        )
    yield from _rows(painter, frame, ahead)
    yield from _heaps(painter, frame)
    if sum(view.life == "napped" for view in (ahead or frame).snapshot.clerks) < painter.cast.naps:
        perch = grown(Box(*painter.perch(), 0, 0), CAT * max(painter.f, 0.7))
        yield Piece(("cat",), None, perch, Painter.waiting_cat)
    yield from _ghosts(painter, frame, ahead)
    whole = Box(0, 0, *plan.size)
    if (lost := frame.lost) and ahead is None:
        yield Piece(("lost",), lost, whole, lambda on: on.lost(lost, 1.0))
    if frame.knots and ahead is None:
        yield Piece(("knots",), frame.knots, whole, lambda on: on.knots(frame))


def grown(box: Box, by: float, aside: float | None = None) -> Box:
    """A box with so much more on every side; left and right `aside`, where that is another length."""
    wide = by if aside is None else aside
    return Box(box.x - wide, box.y - by, box.w + 2 * wide, box.h + 2 * by)


def _route(painter: Painter, link: Link, path: Sequence[Point], frame: Frame, ahead: Frame | None) -> Piece:
    strokes = painter.strokes(link, frame, ahead)
    room = grown(painter.staging.extents[link], 6)
    return Piece(("route", link), strokes, room, lambda on: on.route(path, strokes))


def _clerk(painter: Painter, view: ClerkView, frame: Frame, ahead: Frame | None) -> Piece:
    shown = ahead or frame
    event = shown.event
    active = event is not None and owner(event.agent) == view.name
    doing = (shown.deed, shown.label, event.agent) if active and event is not None else None
    keys = [(name, picture.depth) for name, picture in frame.pictures.items() if picture.holder == view.name]
    flying = [flight.value for flight in ahead.flights if flight.what == "key"] if ahead and keys else []
    card = grown(painter.plan.cards[view.name], 24 if active else 14)  # so far its shadow reaches
    return Piece(
        ("clerk", view.name), (view, doing, keys, flying), card, lambda on: on.clerk(view, frame, ahead)
    )


def _rows(painter: Painter, frame: Frame, ahead: Frame | None) -> Iterator[Piece]:
    """Every row of tokens, without those that leave their place."""
    staging = painter.staging
    later = staging.stays(ahead) if ahead else {}
    same = {id(row) for row in staging.rows(ahead or frame)}
    left = {token.number for token in frame.left} if frame.ending in ("finished", "crashed") else set()
    for row in reversed(staging.rows(frame)):
        if not row.shown:
            continue
        spot = row.tokens[0].spot
        shown = row.shown
        if id(row) not in same:
            shown = tuple((token, stay) for token, stay in shown if later.get(token.number) == stay)
        lost = frozenset(left.intersection(row.stays)) if left else frozenset[int]()
        open_ = [writer_of(frame, token.spot) for token, _ in shown] if spot.where == "tray" else None
        yield Piece(
            ("row", *spot[:3]),
            (
                id(row),
                len(shown) if shown is row.shown else [token.number for token, _ in shown],
                lost,
                open_,
            ),
            grown(row.extent, 14),
            lambda on, shown=shown, lost=lost: on.lying(shown, frame, lost),  # type: ignore[misc]
        )


def _heaps(painter: Painter, frame: Frame) -> Iterator[Piece]:
    for row in painter.staging.rows(frame):
        if row.heap:
            last = row.tokens[-1]
            count, at = len(row.tokens), row.stays[last.number].at
            below = last.spot.where == "tray"  # else it would be on the card above
            yield Piece(
                ("heap", *last.spot[:3]),
                (count, at),
                grown(Box(*at, 0, 0), 28),
                lambda on, count=count, at=at, below=below: on.heap(count, at, below=below),  # type: ignore[misc]
            )


def _ghosts(painter: Painter, frame: Frame, ahead: Frame | None) -> Iterator[Piece]:
    """Up to three numbers in each clerk's hand, without those that are just being written."""
    writing = {
        (flight.source.name, flight.target.name)
        for flight in (ahead.flights if ahead else ())
        if flight.what == "number" and flight.source.where == "clerk"
    }
    used: dict[str, int] = {}
    for ghost in frame.ghosts:
        card = painter.plan.cards.get(ghost.clerk)
        if card is None or (ghost.clerk, ghost.channel) in writing:
            continue
        place = used.setdefault(ghost.clerk, 0)
        used[ghost.clerk] += 1
        if place <= 2:
            high = max(30 * painter.f, 22)
            yield Piece(
                ("ghost", ghost.clerk, place),
                (words_of(ghost.value), bool(ghost.stale)),
                grown(Box(card.x - card.w, card.y - high, 2 * card.w, 2 * high), 8),
                lambda on, ghost=ghost, place=place: on.ghost(ghost, place),  # type: ignore[misc]
            )


class Still:
    """The picture of a board of this size, in pixels: `show` brings it to a moment."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.surface, self._ground, self._bench = (pygame.Surface(size, pygame.SRCALPHA) for _ in range(3))
        self.painted = 0
        """How many pieces the last `show` has drawn."""
        self._of: Painter | None = None
        self._pieces: dict[tuple[object, ...], tuple[Piece, pygame.Rect]] = {}

    def show(self, painter: Painter, frame: Frame, ahead: Frame | None) -> None:
        """What stands still at a moment or on the way to the next. Of the painter everything counts but the
        surface it draws on."""
        before, known = self._pieces, self._of is not None and _alike(painter, self._of)
        now = {piece.name: (piece, painter.rect(piece.box)) for piece in pieces(painter, frame, ahead)}
        self._of, self._pieces = painter, now
        self.painted = 0
        whole = self.surface.get_rect()
        places = _changed(before, now, whole) if known else [whole]
        if not known:
            self._ground.fill((0, 0, 0, 0))
            replace(painter, surface=self._ground).ground()
        if sum(place.width * place.height for place in places) > MOST * whole.width * whole.height:
            self._paint(painter, self.surface, [whole])
        elif places:
            # On another surface, and copied: smooth lines that end at a clip's edge look otherwise.
            self._paint(painter, self._bench, places)
            for place in places:
                _copy(self._bench, self.surface, place)

    def _paint(self, painter: Painter, surface: pygame.Surface, places: list[pygame.Rect]) -> None:
        """Everything that stands in these places, whole: what reaches beyond them is not to be looked at."""
        on = replace(painter, surface=surface)
        for place in places:
            _copy(self._ground, surface, place)
        for piece, rect in self._pieces.values():
            if rect.collidelist(places) >= 0:
                piece.paint(on)
                self.painted += 1


def _copy(source: pygame.Surface, target: pygame.Surface, place: pygame.Rect) -> None:
    target.fill((0, 0, 0, 0), place)
    target.blit(source, place, place)


def _alike(one: Painter, other: Painter) -> bool:
    """Whether both draw the same office at the same place in the same way."""
    return one.corner == other.corner and all(
        getattr(one, what) is getattr(other, what) for what in ("theme", "staging", "cast", "reel")
    )


def _changed(
    before: Mapping[tuple[object, ...], tuple[Piece, pygame.Rect]],
    now: Mapping[tuple[object, ...], tuple[Piece, pygame.Rect]],
    whole: pygame.Rect,
) -> list[pygame.Rect]:
    """The places where the picture is another than before; they may overlap."""
    if [name for name in before if name in now] != [name for name in now if name in before]:
        return [whole]  # what lies upon what is another
    places = [rect for name, (_, rect) in before.items() if name not in now]
    for name, (piece, rect) in now.items():
        old = before.get(name)
        if old is None:
            places.append(rect)
        elif old[1] != rect:
            places += [old[1], rect]
        elif old[0].look != piece.look:
            places.append(rect)
    if len(places) > MOST * len(now):
        return [whole]
    found: list[pygame.Rect] = []
    for place in sorted((place.clip(whole) for place in places), key=lambda one: -one.width * one.height):
        if place.width and place.height and not any(other.contains(place) for other in found):
            found.append(place)
    return found
