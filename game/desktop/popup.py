"""What opens at the caret: the list of what could be written there, and what the call around it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pygame

from game.desktop import draw, words
from game.desktop.completion import Call, Offer, Offers, Sort, short
from game.desktop.theme import Theme, mix
from game.language import Said, say

ROWS: Final = 7
"""How many offers are shown at once."""

SORTS: Final[Mapping[Sort, Said]] = {
    "call": say("call"),
    "value": say("value"),
    "name": say("variable"),
    "thing": say("in the office"),
    "word": say("word"),
    "error": say("exception"),
}


class OfferList:
    """Offers to choose from. `asked`: the player called for it, and it did not open by itself."""

    def __init__(self, offers: Offers, *, asked: bool = False) -> None:
        self.offers = offers
        self.asked = asked
        self.chosen = False
        """Whether the player has moved the mark."""
        self.marked = 0
        self.rect = pygame.Rect(0, 0, 0, 0)
        self._top = 0
        self._rows: list[tuple[pygame.Rect, int]] = []

    @property
    def offer(self) -> Offer:
        return self.offers.offers[self.marked]

    @property
    def completes(self) -> bool:
        """Whether Enter means this offer: it was chosen or called for, or adds letters to what is typed.

        Where the word is whole as it stands, Enter is a new line."""
        return self.chosen or self.asked or self.offer.name != self.offers.typed

    def renew(self, offers: Offers) -> None:
        """What is offered after another letter; the mark stays on its offer."""
        before = self.offer.name
        self.offers = offers
        names = [offer.name for offer in offers.offers]
        self.marked = names.index(before) if self.chosen and before in names else 0
        self._top = 0

    def move(self, by: int) -> None:
        self.marked = (self.marked + by) % len(self.offers.offers)
        self.chosen = True

    def scroll(self, by: int) -> None:
        self._top = max(0, min(len(self.offers.offers) - ROWS, self._top + by))

    def at(self, point: tuple[int, int]) -> int:
        """The offer under a pixel, or -1."""
        return next((number for place, number in self._rows if place.collidepoint(point)), -1)

    def draw(
        self, surface: pygame.Surface, theme: Theme, caret: pygame.Rect, room: pygame.Rect, letters: float
    ) -> None:
        """Below the caret, above it where there is more room; always inside `room`."""
        palette, offers = theme.palette, self.offers.offers
        row = theme.px(25)
        wide = min(room.width - theme.px(12), theme.px(352))
        inner = wide - theme.px(24)
        said = words.prose(
            theme, self.offer.help, inner, palette.code_comment, size="caption", code=palette.code
        ) if self.offer.help else None  # fmt: skip
        about = said.height + theme.px(14) if said else 0
        below = room.bottom - caret.bottom - theme.px(8)
        above = caret.top - room.top - theme.px(8)
        space = max(below, above)
        count = max(1, min(ROWS, len(offers), (space - about - theme.px(10)) // row))
        if self.chosen or not self._top:
            self._top = max(min(self._top, self.marked), self.marked - count + 1, 0)
        high = count * row + theme.px(10) + about
        self.rect = pygame.Rect(caret.x - theme.px(14), caret.bottom + theme.px(3), wide, high)
        if high > below and above > below:
            self.rect.bottom = caret.top - theme.px(3)
        self.rect.clamp_ip(room)
        draw.panel(
            surface, theme, self.rect, palette.slate_deep, radius=8, outline=palette.slate_light, shadow=5
        )
        y = self.rect.y + theme.px(5)
        self._rows = []
        for number in range(self._top, min(len(offers), self._top + count)):
            place = pygame.Rect(self.rect.x + theme.px(5), y, wide - theme.px(10), row)
            self._rows.append((place, number))
            self._row(surface, theme, offers[number], place, number == self.marked, letters)
            y += row
        if len(offers) > count:
            track = pygame.Rect(self.rect.right - theme.px(5), self.rect.y + theme.px(8), theme.px(3), 0)
            whole = count * row
            track.height = max(theme.px(10), whole * count // len(offers))
            track.y += (whole - track.height) * self._top // max(1, len(offers) - count)
            draw.pill(surface, theme, track, palette.slate_light)
        if said:
            surface.fill(palette.slate_line, (self.rect.x, y + theme.px(3), self.rect.width, 1))
            said.draw(surface, (self.rect.x + theme.px(12), y + theme.px(9)))

    def _row(
        self,
        surface: pygame.Surface,
        theme: Theme,
        offer: Offer,
        place: pygame.Rect,
        marked: bool,
        letters: float,
    ) -> None:
        palette = theme.palette
        if marked:
            draw.panel(surface, theme, place, palette.code_selected, radius=5)
            edge = pygame.Rect(place.x, place.y + theme.px(5), theme.px(3), place.height - theme.px(10))
            draw.pill(surface, theme, edge, palette.brass_light)
        inner = place.inflate(-theme.px(20), 0)
        typed = len(self.offers.typed)
        size = letters * 0.93
        drawn = words.label(
            surface,
            theme,
            offer.name[:typed],
            inner,
            palette.brass_light,
            role="code",
            size=size,
            weight="bold",
        )
        rest = pygame.Rect(drawn.right if typed else inner.x, inner.y, 0, inner.height)
        rest.width = inner.right - rest.x
        name = words.label(surface, theme, offer.name[typed:], rest, palette.code, role="code", size=size)
        faint = mix(palette.code_comment, palette.code, 0.25) if marked else palette.code_comment
        right = name.right + theme.px(10)
        side = pygame.Rect(right, inner.y, inner.right - right, inner.height)
        detail, role = (offer.detail, "code") if offer.detail else (SORTS[offer.sort], "interface")
        if theme.width(detail, "code" if role == "code" else "interface", "caption") > side.width:
            detail, role = SORTS[offer.sort], "interface"
        words.label(
            surface, theme, detail, side, faint, role="code" if role == "code" else "interface",
            size="caption", align="right",
        )  # fmt: skip


def draw_call(
    surface: pygame.Surface, theme: Theme, call: Call, place: pygame.Rect, room: pygame.Rect, *, above: bool
) -> None:
    """What a call takes, the part that is being written in bold; above its line, or below it."""
    palette = theme.palette
    pad = theme.px(10)
    parts = [(f"{call.name}(", False)]
    for number, parameter in enumerate(call.parameters):
        parts.append((parameter, number == call.at))
        parts.append((", " if number + 1 < len(call.parameters) else ")", False))
    if not call.parameters:
        parts.append((")", False))
    widths = [theme.width(text, "code", "small", "bold" if bold else "regular") for text, bold in parts]
    help_ = short(theme.said(call.help), 70)
    wide = max(sum(widths), theme.width(help_, size="caption"))
    box = pygame.Rect(place.x - pad, 0, min(room.width - theme.px(8), wide + 2 * pad), theme.px(46))
    if above:
        box.bottom = place.top - theme.px(3)
    else:
        box.top = place.bottom + theme.px(3)
    box.clamp_ip(room)
    draw.panel(surface, theme, box, palette.slate_deep, radius=7, outline=palette.slate_light, shadow=4)
    x = box.x + pad
    for (text, bold), width in zip(parts, widths, strict=True):
        ink = palette.brass_light if bold else palette.code
        line = pygame.Rect(x, box.y + theme.px(3), width + theme.px(2), theme.px(22))
        words.label(
            surface, theme, text, line, ink, role="code", size="small", weight="bold" if bold else "regular"
        )
        x += width
    line = pygame.Rect(box.x + pad, box.y + theme.px(23), box.width - 2 * pad, theme.px(18))
    words.label(surface, theme, help_, line, palette.code_comment, size="caption")
