"""Putting given lines in order: cards the player drags, or moves by keyboard, until they are a script.

The header stands fixed at the top; cards below the dividing line are left out. What it gives back is the
script's text; whether that text is right is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pygame

from game.desktop import draw, icons, words
from game.desktop.colouring import Ink, coloured
from game.desktop.editor import Here, draw_badge
from game.desktop.fields import is_command
from game.desktop.text import INDENT
from game.desktop.theme import Colour, Theme, mix
from game.desktop.widgets import ENTER, Event, Widget
from game.language import say

# What the keys do, for a page of help.
SHORTCUTS = (
    (say("Up, Down"), say("choose a line")),
    (say("Alt+Up, Alt+Down"), say("move it")),
    (say("Left, Right"), say("less deep, deeper")),
    (say("Delete, Enter"), say("leave it aside, bring it back")),
    (say("Ctrl+Z, Ctrl+Y"), say("undo, do again")),
)

DEEPEST = 5


class Card(NamedTuple):
    """One line of the script: its text without its margin, and how many levels deep it stands."""

    text: str
    depth: int = 1


class Order(NamedTuple):
    """All the cards; the first `used` of them are the script, the others are left aside."""

    cards: tuple[Card, ...]
    used: int

    def moved(self, index: int, target: int, used: int) -> Order:
        left = [*self.cards[:index], *self.cards[index + 1 :]]
        return Order((*left[:target], self.cards[index], *left[target:]), used)

    def deep(self, index: int, depth: int) -> Order:
        card = self.cards[index]._replace(depth=depth)
        return Order((*self.cards[:index], card, *self.cards[index + 1 :]), self.used)


def cards_of(script: str) -> tuple[str, tuple[Card, ...]]:
    """The header of a script and its other lines as cards; blank lines are left out."""
    lines = [line for line in script.split("\n") if line.strip()]
    cards = [Card(line.strip(), (len(line) - len(line.lstrip(" "))) // INDENT) for line in lines[1:]]
    return (lines[0] if lines else ""), tuple(cards)


class CardSorter(Widget):
    """The lines of `given` as cards; `current`, if given, is a script made of some of them already.

    Up and Down choose a card, with Alt they move it, Left and Right set its depth, Delete leaves it aside,
    Enter brings it back."""

    focusable = True
    radius = 8

    def __init__(
        self,
        given: str,
        current: str | None = None,
        *,
        on_change: Callable[[str], object] | None = None,
        header: float = 0,
        letters: float = 15,
    ) -> None:
        super().__init__()
        self.title, cards = cards_of(given)
        self.on_change = on_change
        self.header = header
        self.letters = letters
        self.note = ""
        self.here: tuple[Here, ...] = ()
        """Who stands at which line of `text`, counted from the header's 1."""
        self.wrong: frozenset[int] = frozenset()
        """The lines of `text` with which something is wrong."""
        self.chosen = 0
        self.cursor = pygame.SYSTEM_CURSOR_HAND
        self._shallowest = 0 if any(card.depth == 0 for card in cards) else 1
        self._order = Order(cards, len(cards)) if current is None else _resumed(cards, cards_of(current)[1])
        self._done: list[tuple[Order, int]] = []
        self._undone: list[tuple[Order, int]] = []
        self._grip: tuple[int, int] | None = None  # where on the card it was taken, while it is dragged
        self._pointer = (0, 0)
        self._before_drag: tuple[Order, int] = (self._order, 0)
        self._cell = (9, 38)
        self._down = 0
        self._body = pygame.Rect(0, 0, 1, 1)
        self._follow = True

    # The script

    @property
    def text(self) -> str:
        """The script as it stands now."""
        cards = self._order.cards[: self._order.used]
        return "\n".join([self.title, *(" " * INDENT * card.depth + card.text for card in cards), ""])

    @property
    def aside(self) -> tuple[str, ...]:
        """The lines left out."""
        return tuple(card.text for card in self._order.cards[self._order.used :])

    def _become(self, order: Order, chosen: int) -> bool:
        before, self._follow = (self._order, self.chosen), True
        self.chosen = chosen
        if order == self._order:
            return False
        self._order = order
        self._remember(before)
        return True

    def _remember(self, before: tuple[Order, int]) -> None:
        self._done.append(before)
        self._undone.clear()
        if self.on_change:
            self.on_change(self.text)

    def move(self, by: int) -> bool:
        """The chosen card one place up (-1) or down (1), over the dividing line too; False at the ends."""
        order, chosen = self._order, self.chosen
        if by > 0 and chosen == order.used - 1:
            return self._become(order._replace(used=order.used - 1), chosen)
        if by < 0 and chosen == order.used and order.cards[chosen:]:
            return self._become(order._replace(used=order.used + 1), chosen)
        if not 0 <= chosen + by < len(order.cards):
            return False
        return self._become(order.moved(chosen, chosen + by, order.used), chosen + by)

    def shift(self, by: int) -> bool:
        """The chosen card deeper (1) or less deep (-1); False at the ends."""
        if not self._order.cards:
            return False
        depth = self._order.cards[self.chosen].depth + by
        return self._become(self._order.deep(self.chosen, self._possible(depth)), self.chosen)

    def put_aside(self) -> bool:
        """Leave the chosen card out of the script."""
        order = self._order
        if self.chosen >= order.used:
            return False
        return self._become(order.moved(self.chosen, len(order.cards) - 1, order.used - 1), self.chosen)

    def bring_back(self) -> bool:
        """The chosen card, left aside before, to the end of the script."""
        order = self._order
        if not order.used <= self.chosen < len(order.cards):
            return False
        return self._become(order.moved(self.chosen, order.used, order.used + 1), order.used)

    def undo(self) -> bool:
        return self._exchange(self._done, self._undone)

    def redo(self) -> bool:
        return self._exchange(self._undone, self._done)

    def _exchange(self, taken: list[tuple[Order, int]], given: list[tuple[Order, int]]) -> bool:
        if not taken or self._grip is not None:
            return False
        given.append((self._order, self.chosen))
        self._order, self.chosen = taken.pop()
        self._follow = True
        if self.on_change:
            self.on_change(self.text)
        return True

    def _possible(self, depth: int) -> int:
        return max(self._shallowest, min(DEEPEST, depth))

    # Events

    def handle(self, event: Event) -> bool:
        if event.type == pygame.KEYDOWN:
            return self.focused and self._key(event)
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            return self._drag(event.pos)
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._grip is not None:
            self._drop()
            return True
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self._body.collidepoint(event.pos):
            self._take(event.pos)
            return True
        if event.type == pygame.MOUSEWHEEL and self.hovered:
            self._scroll(self._down - round(event.precise_y * self._cell[1]))
            return True
        return False

    def _key(self, event: Event) -> bool:
        if is_command(event):
            if event.key == pygame.K_z and not event.mod & pygame.KMOD_SHIFT:
                return self.undo() or True
            return event.key in (pygame.K_y, pygame.K_z) and (self.redo() or True)
        match event.key:
            case pygame.K_UP | pygame.K_DOWN if event.mod & pygame.KMOD_ALT:
                self.move(-1 if event.key == pygame.K_UP else 1)
            case pygame.K_UP | pygame.K_DOWN:
                self._choose(self.chosen + (-1 if event.key == pygame.K_UP else 1))
            case pygame.K_LEFT | pygame.K_RIGHT:
                self.shift(-1 if event.key == pygame.K_LEFT else 1)
            case pygame.K_HOME:
                self._choose(0)
            case pygame.K_END:
                self._choose(len(self._order.cards) - 1)
            case pygame.K_DELETE | pygame.K_BACKSPACE:
                self.put_aside()
            case key if key in (*ENTER, pygame.K_SPACE):
                self.bring_back()
            case _:
                return False
        return True

    def _choose(self, index: int) -> None:
        self.chosen = max(0, min(len(self._order.cards) - 1, index))
        self._follow = True

    def _row_at(self, y: int) -> int:
        return (y - self._body.y + self._down) // self._cell[1]

    def _row_of(self, index: int) -> int:
        """The header has row 0, the dividing line one between the script and what is left aside."""
        return index + 1 if index < self._order.used else index + 2

    def _take(self, point: tuple[int, int]) -> None:
        for index in range(len(self._order.cards)):
            place = self._place(index)
            if place.collidepoint(point):
                self.chosen = index
                self._grip = (point[0] - place.x, point[1] - place.y)
                self._pointer = point
                self._before_drag = (self._order, index)

    def _drag(self, point: tuple[int, int]) -> bool:
        if self._grip is None:
            return False
        self._pointer = point
        row = self._row_at(point[1] - self._grip[1] + self._cell[1] // 2)
        order, used, inside = self._order, self._order.used, self.chosen < self._order.used
        if row <= used - inside + 1 and not (inside and row > used):
            target = max(0, row - 1)
            order, self.chosen = order.moved(self.chosen, target, used + (not inside)), target
        elif inside or row > used + 1:
            target = min(len(order.cards) - 1, max(used - inside, row - 2))
            order, self.chosen = order.moved(self.chosen, target, used - inside), target
        depth = round((point[0] - self._grip[0] - self._left()) / (INDENT * self._cell[0]))
        self._order = order.deep(self.chosen, self._possible(depth))
        return True

    def _drop(self) -> None:
        self._grip = None
        if self._before_drag[0] != self._order:
            self._remember(self._before_drag)

    # Drawing

    def _left(self) -> int:
        return self._body.x + self._cell[0] * 2

    def _place(self, index: int) -> pygame.Rect:
        card = self._order.cards[index]
        x = self._left() + card.depth * INDENT * self._cell[0]
        y = self._body.y + self._row_of(index) * self._cell[1] - self._down
        wide = max(self._cell[0] * (len(card.text) + 5), self._cell[0] * 12)
        return pygame.Rect(x, y, wide, self._cell[1] - max(4, self._cell[1] // 8))

    def _scroll(self, down: int) -> None:
        most = (len(self._order.cards) + 2) * self._cell[1] - self._body.height
        self._down = max(0, min(most, down))

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        self._cell = (theme.font("code", self.letters).size("0")[0], theme.px(self.letters * 2.4))
        clip = surface.get_clip()
        draw.panel(surface, theme, self.rect, palette.slate, radius=self.radius)
        head = pygame.Rect(self.rect.x, self.rect.y, self.rect.width, theme.px(self.header))
        if self.header:
            surface.set_clip(clip.clip(head))
            draw.panel(surface, theme, self.rect, palette.slate_deep, radius=self.radius)
            surface.set_clip(clip)
        foot = self._footer(theme)
        top, bottom = head.bottom + theme.px(8), self.rect.bottom - foot.height - theme.px(22)
        self._body = pygame.Rect(self.rect.x, top, self.rect.width, max(self._cell[1], bottom - top))
        if self._follow and self._grip is None:
            row = self._row_of(self.chosen) * self._cell[1]
            self._scroll(max(min(self._down, row - self._cell[1]), row + self._cell[1] - self._body.height))
            self._follow = False
        self._scroll(self._down)
        surface.set_clip(clip.clip(self._body))
        self._draw_fixed(surface, theme)
        for index in range(len(self._order.cards)):
            if self._grip is None or index != self.chosen:
                self._draw_card(surface, theme, index, self._place(index))
        if self._grip is not None:
            place = self._place(self.chosen)
            draw.dashed_panel(surface, theme, place, None, palette.brass, radius=6)
            place.topleft = (self._pointer[0] - self._grip[0], self._pointer[1] - self._grip[1])
            self._draw_card(surface, theme, self.chosen, place, lifted=True)
        surface.set_clip(clip)
        y = self.rect.bottom - foot.height - theme.px(20)
        surface.fill(palette.slate_line, (self.rect.x, y, self.rect.width, 1))
        foot.draw(surface, (self.rect.x + theme.px(16), y + theme.px(10)))

    def _footer(self, theme: Theme) -> words.Prose:
        help_ = say(
            "Drag lines into order, sideways for their depth. Keys: Alt+↑↓, ←→, Delete leaves aside, Enter "
            "brings back."
        )
        palette, width = theme.palette, self.rect.width - theme.px(32)
        ink = palette.brass_light if self.note else palette.code_comment
        return words.prose(theme, self.note or help_, width, ink, size="small", code=palette.code)

    def _draw_fixed(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        row = pygame.Rect(self._left(), self._body.y - self._down, self._body.width, self._cell[1])
        self._draw_code(surface, theme, self.title, row, 1.0)
        row.y += (self._order.used + 1) * self._cell[1]
        row.width = self._body.right - row.x - theme.px(16)
        said = words.label(surface, theme, say("left aside"), row, palette.code_comment, size="caption")
        left = (said.right + theme.px(10), row.centery)
        draw.line(surface, theme, [left, (row.right, row.centery)], palette.slate_line, 1, dash=(5, 4))

    def _draw_code(
        self, surface: pygame.Surface, theme: Theme, text: str, place: pygame.Rect, strength: float
    ) -> None:
        palette, font, x = theme.palette, theme.font("code", self.letters), place.x
        inks: dict[Ink, Colour] = {
            "plain": palette.code, "keyword": palette.code_keyword, "name": palette.code_name,
            "number": palette.code_number, "text": palette.code_text, "comment": palette.code_comment,
        }  # fmt: skip
        for span in coloured(text):
            ink = mix(palette.slate, inks[span.ink], strength)
            made = theme.text(span.text, ink, "code", self.letters)
            surface.blit(made, made.get_rect(left=x, centery=place.centery))
            x += font.size(span.text)[0]

    def _draw_card(
        self, surface: pygame.Surface, theme: Theme, index: int, place: pygame.Rect, *, lifted: bool = False
    ) -> None:
        palette = theme.palette
        chosen, used = index == self.chosen and (self.focused or lifted), index < self._order.used
        standing = [here for here in self.here if self._marked(index, here.line)]
        wrong = any(self._marked(index, line) for line in self.wrong)
        ground = mix(palette.slate_light, palette.slate_line, 0.5) if chosen else palette.slate_light
        if standing:
            ground = mix(ground, standing[0].look.fill, 0.3)
        elif wrong:
            ground = palette.code_wrong
        rim, width = (palette.brass_light, 1.5) if chosen else (palette.slate_line, 1.0)
        if wrong and not chosen:
            rim = palette.code_wrong_ink
        if used or lifted:
            depth = 5 if lifted else 0
            draw.panel(surface, theme, place, ground, radius=6, outline=rim, width=width, shadow=depth)
        else:
            draw.dashed_panel(surface, theme, place, ground if chosen else palette.slate, rim, radius=6)
        grip = palette.brass_light if chosen else palette.code_number_line
        icons.put_icon(surface, theme, "grip", (place.x + theme.px(12), place.centery), 14, grip)
        inner = pygame.Rect(place.x + 3 * self._cell[0], place.y, place.width, place.height)
        self._draw_code(surface, theme, self._order.cards[index].text, inner, 1.0 if used or chosen else 0.75)
        side = place.height - theme.px(12)
        for number, here in enumerate(standing):
            badge = pygame.Rect(0, 0, side + theme.px(2), side)
            right = self._body.right - theme.px(12) - number * (side + theme.px(6))
            badge.midright = (right, place.centery)
            draw_badge(surface, theme, badge, here, palette.slate)

    def _marked(self, index: int, line: int) -> bool:
        """Whether a mark at this line is about this card. While one is dragged nothing is marked."""
        return self._grip is None and index < self._order.used and index + 2 == line


def _resumed(given: tuple[Card, ...], current: tuple[Card, ...]) -> Order:
    """The cards in the order of a script made of them before; a line that was not given is not taken."""
    left = list(given)
    used = []
    for card in current:
        found = next((other for other in left if other.text == card.text), None)
        if found is not None:
            left.remove(found)
            used.append(card)
    return Order((*used, *left), len(used))
