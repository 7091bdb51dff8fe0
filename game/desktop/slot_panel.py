"""Set the office up: the knobs a level leaves to its player, a row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pygame

from game.desktop import draw, icons, words
from game.desktop.theme import Colour, Role, Theme, Weight
from game.desktop.widgets import Event, IconButton, Key, Widget
from game.language import say
from game.level.model import Option, Slot
from game.level.slots import written
from game.request import Value
from game.undoing import Undoing

CTRL = pygame.KMOD_CTRL
UNDO = Key(pygame.K_z, CTRL)
REDO = (Key(pygame.K_y, CTRL), Key(pygame.K_z, CTRL | pygame.KMOD_SHIFT))


class Segments(Widget):
    """One of a few, side by side. Left and Right choose, Home and End jump."""

    focusable = True
    radius = 9

    def __init__(self, options: Sequence[Option], chosen: int, on_choose: Callable[[int], object]) -> None:
        super().__init__()
        self.options = tuple(options)
        self.chosen = chosen
        self.on_choose = on_choose
        self.cursor = pygame.SYSTEM_CURSOR_HAND
        self._pointed = -1

    def _role(self, option: Option) -> Role:
        """Names are shown as code is, an author's own words as words."""
        named = written(option.choice).removeprefix("[").removesuffix("]")
        return "code" if option.words == named else "interface"

    def width(self, theme: Theme) -> int:
        """The width at which no option is cut off."""
        return sum(self._widths(theme))

    def _widths(self, theme: Theme) -> list[int]:
        return [
            theme.width(option.words, self._role(option), "small", "bold") + theme.px(26)
            for option in self.options
        ]

    def _places(self, theme: Theme) -> list[pygame.Rect]:
        """Wide enough for their words where there is room, else all alike."""
        wanted, x, places = self._widths(theme), float(self.rect.x), []
        room = self.rect.width
        spare = (room - sum(wanted)) / len(wanted)
        for want in wanted:
            wide = want + spare if spare >= 0 else room / len(wanted)
            places.append(pygame.Rect(round(x), self.rect.y, round(x + wide) - round(x), self.rect.height))
            x += wide
        return places

    def choose(self, index: int) -> None:
        index = max(0, min(len(self.options) - 1, index))
        if index != self.chosen:
            self.on_choose(index)

    def handle(self, event: Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            self._pointed = self._under(event.pos)
            return False
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            under = self._under(event.pos)
            if under >= 0:
                self.choose(under)
            return under >= 0
        if event.type == pygame.KEYDOWN and self.focused:
            moves = {
                pygame.K_LEFT: self.chosen - 1, pygame.K_RIGHT: self.chosen + 1,
                pygame.K_HOME: 0, pygame.K_END: len(self.options) - 1,
            }  # fmt: skip
            if event.key in moves and not event.mod & (CTRL | pygame.KMOD_ALT):
                self.choose(moves[event.key])
                return True
        return False

    def _under(self, point: tuple[int, int]) -> int:
        return next((at for at, place in enumerate(self._drawn) if place.collidepoint(point)), -1)

    _drawn: tuple[pygame.Rect, ...] = ()

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        draw.panel(surface, theme, self.rect, palette.paper, radius=9, outline=palette.line)
        self._drawn = tuple(self._places(theme))
        for at, (option, place) in enumerate(zip(self.options, self._drawn, strict=True)):
            ink: Colour = palette.ink if at == self._pointed else palette.muted
            weight: Weight = "regular"
            if at == self.chosen:
                ink, weight = palette.on_ink, "bold"
                draw.panel(surface, theme, place, palette.ink_soft, radius=9)
            elif at and at - 1 != self.chosen:
                bar = pygame.Rect(place.x, place.y + theme.px(8), 1, place.height - theme.px(16))
                surface.fill(palette.line, bar)
            inner = place.inflate(-theme.px(14), 0)
            words.label(
                surface, theme, option.words, inner, ink, role=self._role(option), size="small",
                weight=weight, align="centre",
            )  # fmt: skip


class SlotPanel(Widget):
    """The slots of a level and how they are set. `on_set` hears of every change, those taken back too;
    `on_walk` gets the row that Up and Down lead to."""

    def __init__(
        self,
        slots: Sequence[Slot],
        choices: Mapping[str, Value],
        on_set: Callable[[str, Value], object],
        clerks: Mapping[str, int],
        on_walk: Callable[[Widget], object],
    ) -> None:
        super().__init__()
        self.slots = tuple(slots)
        self._on_set = on_set
        self._on_walk = on_walk
        self._clerks = [_owner(slot, clerks) for slot in slots]
        self.rows = [
            Segments(slot.options, _index(slot, choices.get(slot.name, slot.start)), self._setter(number))
            for number, slot in enumerate(slots)
        ]
        self._steps = Undoing(self._now)
        self._again = IconButton(
            "retry", self.start_over, tip=say("As the level was set up"), style="ghost", across=28
        )
        self._refresh()

    # -- what is set --

    @property
    def _now(self) -> tuple[int, ...]:
        return tuple(row.chosen for row in self.rows)

    def _setter(self, number: int) -> Callable[[int], object]:
        return lambda index: self._become((*self._now[:number], index, *self._now[number + 1 :]))

    def _become(self, positions: tuple[int, ...]) -> bool:
        return self._steps.change(positions) and self._put()

    def _put(self) -> bool:
        for slot, row, index in zip(self.slots, self.rows, self._steps.value, strict=True):
            if row.chosen != index:
                row.chosen = index
                self._on_set(slot.name, slot.options[index].choice)
        self._refresh()
        return True

    def _refresh(self) -> None:
        self._again.enabled = self._now != tuple(_index(slot, slot.start) for slot in self.slots)

    def start_over(self) -> bool:
        """Every slot as the level has it; can be taken back."""
        return self._become(tuple(_index(slot, slot.start) for slot in self.slots))

    def undo(self) -> bool:
        return self._steps.undo() and self._put()

    def redo(self) -> bool:
        return self._steps.redo() and self._put()

    def history(self, event: Event) -> bool:
        """Take Ctrl+Z and Ctrl+Y; True when it was one of them."""
        if UNDO.fits(event):
            return self.undo() or True
        return any(key.fits(event) for key in REDO) and (self.redo() or True)

    # -- events --

    def children(self) -> Sequence[Widget]:
        return [*self.rows, self._again]

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return False
        return any([child.handle(event) for child in self.children()])

    def walk(self, event: Event) -> bool:
        """Take Up and Down from row to row; True when there was one to go to."""
        step = {pygame.K_UP: -1, pygame.K_DOWN: 1}.get(event.key, 0)
        if event.mod & (CTRL | pygame.KMOD_ALT):
            return False
        at = next((number for number, row in enumerate(self.rows) if row.focused), None)
        if not step or at is None or not 0 <= at + step < len(self.rows):
            return False
        self._on_walk(self.rows[at + step])
        return True

    # -- places and drawing --

    def height(self, theme: Theme, width: int) -> int:
        """How high it must be at this width."""
        inner = width - theme.px(28)
        return theme.px(22 + 34) + sum(
            theme.px(44 if beside else 66) for beside in self._besides(theme, inner)
        )

    def _besides(self, theme: Theme, inner: int) -> list[bool]:
        """For each row, whether its label and its options stand side by side."""
        return [
            theme.width(say(slot.label), size="small", weight="bold") + theme.px(34) + row.width(theme)
            <= inner
            for slot, row in zip(self.slots, self.rows, strict=True)
        ]

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        draw.panel(surface, theme, self.rect, palette.card, radius=10, outline=palette.line)
        inner = self.rect.inflate(-theme.px(28), -theme.px(22))
        head = pygame.Rect(inner.x, inner.y - theme.px(2), inner.width, theme.px(28))
        words.label(
            surface,
            theme,
            say("Set the office up"),
            head,
            palette.ink,
            role="voice",
            size="lead",
            weight="bold",
        )
        self._again.put(theme, right=inner.right + theme.px(6), centery=head.centery)
        self._again.draw(surface, theme)
        y = head.bottom + theme.px(8)
        fits = self._besides(theme, inner.width)
        labels = [
            theme.width(say(slot.label), size="small", weight="bold") + theme.px(34) for slot in self.slots
        ]
        left = max((wide for wide, beside in zip(labels, fits, strict=True) if beside), default=0)
        room = inner.bottom + theme.px(8) - y
        low = sum(theme.px(44 if beside else 66) for beside in fits) > room * 1.15
        besides = [True] * len(fits) if low else fits  # where it is low, long labels are cut, not stacked
        squeeze = min(1.0, room / sum(theme.px(44 if beside else 66) for beside in besides))
        for number, (slot, row, beside) in enumerate(zip(self.slots, self.rows, besides, strict=True)):
            high, gap = round(theme.px(44 if beside else 66) * squeeze), round(theme.px(8) * squeeze)
            label = pygame.Rect(inner.x, y, inner.width, high - gap)
            row.rect = label.copy()
            if beside:
                indent = max(round(inner.width * 0.3), min(left, inner.width - row.width(theme)))
                indent = max(indent, labels[number]) if fits[number] else indent
                label.width = indent - theme.px(12)
                row.rect.x, row.rect.width = inner.x + indent, inner.width - indent
            else:
                label.height = round((high - gap) * 0.38)
                row.rect.y, row.rect.height = label.bottom, high - gap - label.height
            row.tip = say(slot.label) if low and not fits[number] else ""
            self._draw_label(surface, theme, slot, self._clerks[number], label)
            row.draw(surface, theme)
            y += high

    def _draw_label(
        self, surface: pygame.Surface, theme: Theme, slot: Slot, clerk: int | None, place: pygame.Rect
    ) -> None:
        palette, ink = theme.palette, theme.palette.ink
        spot = (place.x + theme.px(7), place.centery)
        if clerk is None:
            draw.disc(surface, theme, spot, 4.5, None, outline=palette.muted, width=1.6)
        else:
            look = theme.clerk(clerk)
            icons.clerk_mark(surface, theme, spot, look, 13)
            ink = look.deep
        text = pygame.Rect(place.x + theme.px(20), place.y, place.width - theme.px(20), place.height)
        words.label(surface, theme, say(slot.label), text, ink, size="small", weight="bold")


def _index(slot: Slot, choice: Value) -> int:
    option = slot.option(choice) or slot.option(slot.start)
    assert option is not None, "a slot starts at one of its options"
    return slot.options.index(option)


def _owner(slot: Slot, clerks: Mapping[str, int]) -> int | None:
    """The number of the clerk whose slot this is; None for a channel's, or for that of several."""
    owners = {setting.owner for setting in slot.options[0].settings}
    return clerks.get(owners.pop()) if len(owners) == 1 else None
