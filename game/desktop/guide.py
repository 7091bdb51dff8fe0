"""The guide of a level: callouts that point at the real thing, one at a time, led by what the player does.

It never takes the keyboard or the mouse from the game: a callout is a small card beside what it is about, and
goes on by itself once the player has done what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pygame

from game.desktop import draw, words
from game.desktop.keys import BY_NAME
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Event, IconButton, Widget
from game.language import Said, say
from game.level.model import Callout

WIDE = 300
GAP = 14


class Guide(Widget):
    """The callouts of a level. `place(point)` says where the thing a callout is about stands now, or None
    while it is not to be seen; `on_end` is told when the last is done or the player wants no more. `read`
    says what is being read meanwhile and must not be covered where there is any way round it, `seen` what is
    only looked at: as little of that is covered as can be."""

    radius = 12
    leaves_focus = True

    def __init__(
        self,
        callouts: Sequence[Callout],
        place: Callable[[str], pygame.Rect | None],
        on_end: Callable[[], object],
        read: Callable[[], Sequence[pygame.Rect]] = tuple,
        seen: Callable[[], Sequence[pygame.Rect]] = tuple,
    ) -> None:
        super().__init__()
        self.callouts = tuple(callouts)
        self.at = 0
        self._solved = False
        self._place = place
        self._on_end = on_end
        self._read, self._seen = read, seen
        self._next = Button(say("Go on"), self.next, style="primary", keys=BY_NAME["guide on"].keys)
        # By keyboard they are F10 and Shift+F10: Tab goes through the game, not through what talks about it.
        self._next.focusable = False
        self._skip = IconButton("cross", self.end, tip=say("No more of these"), style="ghost", across=26,
                                keys=BY_NAME["guide off"].keys)  # fmt: skip
        self._skip.focusable = False
        self.visible = bool(callouts)

    @property
    def callout(self) -> Callout | None:
        """The one that is shown."""
        return self.callouts[self.at] if self.visible and self.at < len(self.callouts) else None

    def next(self) -> None:
        """On to the next callout, whether or not this one was followed."""
        self.at += 1
        self._pass_over()

    def _pass_over(self) -> None:
        """Leave out what only helps those who have not solved it, once it is solved."""
        while self._solved and self.at < len(self.callouts) and self.callouts[self.at].until == "solved":
            self.at += 1
        if self.at >= len(self.callouts):
            self.end()

    def end(self) -> None:
        """No more callouts in this level."""
        if self.visible:
            self.visible = False
            self._on_end()

    def restart(self) -> None:
        self.at = 0
        self.visible = bool(self.callouts)

    def happened(self, what: str) -> bool:
        """The player did something: the callout that waits for it is done, and so are those before it that
        only wanted to be read. True when another is shown now."""
        self._solved = self._solved or what == "solved"
        if self.callout is None:
            return False
        ahead = self.at
        while ahead < len(self.callouts) and self.callouts[ahead].until == "next" != what:
            ahead += 1
        if ahead >= len(self.callouts) or self.callouts[ahead].until != what:
            return False
        self.at = ahead
        self.next()
        return True

    def children(self) -> Sequence[Widget]:
        return [self._next, self._skip]

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return False
        taken = any([child.handle(event) for child in self.children()])
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            return False
        inside = event.type == pygame.MOUSEBUTTONDOWN and self.rect.collidepoint(event.pos)
        return taken or inside

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        callout = self.callout
        target = self._place(callout.point) if callout is not None else None
        if callout is None or target is None:
            self.rect = pygame.Rect(0, 0, 0, 0)
            for child in self.children():
                child.rect = pygame.Rect(0, 0, 0, 0)
            return
        palette = theme.palette
        pad = theme.px(16)
        laid = words.prose(
            theme, say(callout.say), theme.px(WIDE) - 2 * pad, palette.ink, code=palette.brass_ink,
            code_ground=palette.brass_tint,
        )  # fmt: skip
        reads = callout.until == "next"
        foot = theme.px(40) if reads else theme.px(24)
        size = (theme.px(WIDE), laid.height + foot + pad + theme.px(12))
        read = [rect for rect in self._read() if not rect.colliderect(target)]
        seen = [rect for rect in self._seen() if not rect.colliderect(target)]
        self.rect, side = beside(target, size, surface.get_rect(), theme.px(GAP), read, seen)
        ring = target.inflate(theme.px(6), theme.px(6)).clip(surface.get_rect())
        draw.panel(surface, theme, ring, None, radius=10, outline=palette.brass, width=3)
        self._draw_arrow(surface, theme, target, side)
        draw.panel(
            surface, theme, self.rect, palette.card, radius=12, outline=palette.brass, width=2, shadow=7
        )
        laid.draw(surface, (self.rect.x + pad, self.rect.y + theme.px(12)))
        middle = self.rect.bottom - foot // 2 - theme.px(6)
        row = pygame.Rect(self.rect.x + pad, middle - theme.px(12), self.rect.width - 2 * pad, theme.px(24))
        words.label(surface, theme, self._counted(), row, palette.muted, size="caption")
        self._skip.put(theme, right=self.rect.right - theme.px(8), centery=middle)
        self._skip.draw(surface, theme)
        if reads:
            self._next.put(theme, right=self._skip.rect.left - theme.px(6), centery=middle)
            self._next.draw(surface, theme)
        else:
            self._next.rect = pygame.Rect(0, 0, 0, 0)
        self._next.visible = reads

    def _counted(self) -> Said:
        return say("{number} of {all}", number=self.at + 1, all=len(self.callouts))

    def _draw_arrow(self, surface: pygame.Surface, theme: Theme, target: pygame.Rect, side: str) -> None:
        """A small wedge from the card to what it is about."""
        box, half = self.rect, theme.px(9)
        if side in ("left", "right"):
            y = max(box.top + 2 * half, min(box.bottom - 2 * half, target.centery))
            x, tip = (box.right, GAP) if side == "left" else (box.left, -GAP)
            points = [(x, y - half), (x + theme.px(tip) - (1 if tip > 0 else -1), y), (x, y + half)]
        elif side in ("above", "below"):
            x = max(box.left + 2 * half, min(box.right - 2 * half, target.centerx))
            y, tip = (box.bottom, GAP) if side == "above" else (box.top, -GAP)
            points = [(x - half, y), (x, y + theme.px(tip) - (1 if tip > 0 else -1)), (x + half, y)]
        else:
            return
        pygame.draw.polygon(surface, theme.palette.brass, points)


def beside(
    target: pygame.Rect,
    size: tuple[int, int],
    window: pygame.Rect,
    gap: int,
    read: Sequence[pygame.Rect] = (),
    seen: Sequence[pygame.Rect] = (),
) -> tuple[pygame.Rect, str]:
    """Where a card of this size stands beside a thing, wholly in the window, and on which side of it; "over"
    where there is room on no side, and "off" where it keeps farther away, because of what is being `read`.
    Of the places that cover nothing of that it is the one that covers least of what is `seen`."""
    ways = list(_next_to(target, size, window, gap))
    places = [
        (_covered(place, seen), number, place, side)
        for number, (card, side) in enumerate(ways)
        for place in _along(card, side, target, gap, [*read, *seen])
        if place.collidelist(list(read)) < 0 and window.contains(place)
    ]
    if places:
        _, _, place, side = min(places, key=lambda found: found[:2])
        return place, side
    return _clear_of(*ways[0], window, gap, [*read, target])


def _covered(card: pygame.Rect, seen: Sequence[pygame.Rect]) -> int:
    """How many twentieths of a card cover what is seen, rounded down: an edge is no matter."""
    covered = sum(card.clip(rect).width * card.clip(rect).height for rect in seen)
    return covered * 20 // (card.width * card.height)


def _along(
    card: pygame.Rect, side: str, target: pygame.Rect, gap: int, avoid: Sequence[pygame.Rect]
) -> Iterator[pygame.Rect]:
    """A card beside a thing, and moved along it, out of the way of what is to be avoided."""
    yield card
    if side == "over":
        return
    for rect in avoid:
        if side in ("above", "below"):
            for left in (rect.right + gap, rect.left - gap - card.width):
                if left + gap < target.right and left + card.width - gap > target.left:
                    yield card.move(left - card.left, 0)
        else:
            for top in (rect.bottom + gap, rect.top - gap - card.height):
                if top + gap < target.bottom and top + card.height - gap > target.top:
                    yield card.move(0, top - card.top)


def _clear_of(
    card: pygame.Rect, side: str, window: pygame.Rect, gap: int, read: Sequence[pygame.Rect]
) -> tuple[pygame.Rect, str]:
    """The nearest place for a card where it covers nothing that is being read; where it is, if there is
    none."""
    room = window.inflate(-gap, -gap)
    places: list[tuple[int, int, pygame.Rect]] = []
    for rect in read:
        for where in (
            {"bottom": rect.top - gap},
            {"top": rect.bottom + gap},
            {"right": rect.left - gap},
            {"left": rect.right + gap},
        ):
            place = card.copy()
            for edge, value in where.items():
                setattr(place, edge, value)
            if room.contains(place) and place.collidelist(list(read)) < 0:
                away = abs(place.x - card.x) + abs(place.y - card.y)
                places.append((away, len(places), place))
    return (min(places)[2], "off") if places else (card, side)


def _next_to(
    target: pygame.Rect, size: tuple[int, int], window: pygame.Rect, gap: int
) -> Iterator[tuple[pygame.Rect, str]]:
    """The places beside a thing, the best first; over it, if there is none."""
    wide, high = size
    room = window.inflate(-gap, -gap)
    rooms = {
        "left": target.left - gap - room.left >= wide,
        "right": room.right - target.right - gap >= wide,
        "below": room.bottom - target.bottom - gap >= high,
        "above": target.top - gap - room.top >= high,
    }
    # A tall thing has its card at its side, a wide one above or below.
    order = ("left", "right", "below", "above") if target.height >= target.width else (
        "below", "above", "left", "right")  # fmt: skip
    for side in order:
        if not rooms[side]:
            continue
        card = pygame.Rect(0, 0, wide, high)
        card.center = target.center
        match side:
            case "left":
                card.right = target.left - gap
            case "right":
                card.left = target.right + gap
            case "below":
                card.top = target.bottom + gap
            case _:
                card.bottom = target.top - gap
        yield card.clamp(room), side
    if not any(rooms.values()):
        card = pygame.Rect(0, 0, wide, high)
        card.bottomright = (target.right - gap, target.bottom - gap)
        yield card.clamp(room), "over"
