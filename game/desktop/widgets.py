"""Buttons, switches, sliders, tabs, lists, scrolling, dialogs: what a player presses, by mouse or keyboard.

A widget is kept by its scene, is told where it is (`rect`, in pixels) whenever the scene lays itself out,
draws itself and takes events. A Focus passes the events on, moves the keyboard focus, and draws the ring,
the tooltip and the open dialog. The code editor and the card sorter are widgets with modules of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

import pygame

from game.desktop import draw, icons, words
from game.desktop.keys import Key as Key
from game.desktop.theme import ClerkLook, Colour, Role, Theme, Weight, contrast, mix
from game.language import joined

Event = pygame.event.Event
ButtonStyle = Literal["primary", "secondary", "ghost", "bar"]

ENTER = (pygame.K_RETURN, pygame.K_KP_ENTER)


def held_modifiers() -> int:
    """The modifiers held now, for events of the mouse, which do not say; none where there is no keyboard."""
    return pygame.key.get_mods() if pygame.display.get_init() else pygame.KMOD_NONE


class Widget:
    """Something in a scene. Subclasses say how large they like to be, draw themselves and take events."""

    focusable = False
    takes_text = False
    leaves_focus = False  # a press on it takes the keyboard from nobody
    tips_at_pointer = False  # a large widget full of small things has its tips where the pointer is
    radius: float = 8  # of the focus ring, a length of the design

    def __init__(self) -> None:
        self.rect = pygame.Rect(0, 0, 0, 0)
        self.visible = True
        self.enabled = True
        self.hovered = False
        self.focused = False
        self.tip = ""
        self.keys: tuple[Key, ...] = ()
        self.cursor = pygame.SYSTEM_CURSOR_ARROW

    def size(self, theme: Theme) -> tuple[int, int]:
        """The size at which nothing is cut off."""
        return self.rect.size

    def put(self, theme: Theme, **where: int | tuple[int, int]) -> pygame.Rect:
        """Take the natural size and stand there: `put(theme, right=..., centery=...)`."""
        self.rect = pygame.Rect((0, 0), self.size(theme))
        for side, value in where.items():
            setattr(self.rect, side, value)
        return self.rect

    def children(self) -> Sequence[Widget]:
        return ()

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        """Draw inside `rect`."""

    def handle(self, event: Event) -> bool:
        """Take an event; True when it was for this widget alone."""
        return False

    def press(self) -> None:
        """What its shortcut does."""

    def update(self, dt: float) -> bool:
        """Let `dt` seconds pass; True when the picture changed."""
        return any([child.update(dt) for child in self.children()])

    def reveal(self, child: Widget) -> None:
        """Bring a child that got the focus into view."""

    def focus_rect(self) -> pygame.Rect:
        """What the focus ring goes around."""
        return self.rect

    def tip_at(self, point: tuple[int, int]) -> str:
        """The tooltip for this spot."""
        return self.tip


def _alive(widget: Widget) -> bool:
    return widget.visible and widget.enabled


# Buttons


class Pressable(Widget):
    """Whatever is pressed: on release inside, or by Enter and Space."""

    focusable = True

    def __init__(
        self, on_press: Callable[[], object], *, tip: str = "", keys: Sequence[Key] = (), enabled: bool = True
    ) -> None:
        super().__init__()
        self.on_press = on_press
        self.tip = tip
        self.keys = tuple(keys)
        self.enabled = enabled
        self.pressed = False
        self.cursor = pygame.SYSTEM_CURSOR_HAND

    def press(self) -> None:
        if _alive(self):
            self.on_press()

    def handle(self, event: Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            return False
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.rect.collidepoint(event.pos):
            self.pressed = self.enabled
            return True
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self.pressed:
            self.pressed = False
            if self.rect.collidepoint(event.pos):
                self.press()
            return True
        if event.type == pygame.KEYDOWN and self.focused and (*ENTER, pygame.K_SPACE).count(event.key):
            self.press()
            return True
        return False


class _Coat(NamedTuple):
    fill: Colour | None
    outline: Colour | None
    ink: Colour


def _coat(style: ButtonStyle, theme: Theme, widget: Pressable) -> _Coat:
    palette = theme.palette
    if not widget.enabled:
        if style == "bar":
            return _Coat(None, None, mix(palette.ink, palette.on_ink_muted, 0.45))
        if style == "ghost":
            return _Coat(None, None, palette.faint)
        return _Coat(palette.paper, palette.desk_line, palette.faint)
    lit, down = widget.hovered or widget.pressed, widget.pressed
    match style:
        case "primary":
            fill = (
                mix(palette.post_deep, palette.ink, 0.25)
                if down
                else palette.post_deep
                if lit
                else palette.post
            )
            return _Coat(fill, None, palette.card)
        case "secondary":
            fill = palette.desk if down else palette.hover if lit else palette.paper
            return _Coat(fill, palette.faint if lit else palette.line, palette.ink)
        case "ghost":
            return _Coat(palette.desk if down else palette.hover if lit else None, None, palette.ink)
        case "bar":
            ground = mix(palette.ink_soft, palette.on_ink_muted, 0.14) if down else palette.ink_soft
            return _Coat(ground if lit else None, None, palette.on_ink if lit else palette.on_ink_muted)


class Button(Pressable):
    """Words, with an icon before them if given. One `primary` a screen; `bar` stands on the dark header."""

    radius = 17
    role: Role = "interface"

    def __init__(
        self,
        words: str,
        on_press: Callable[[], object],
        *,
        style: ButtonStyle = "secondary",
        icon: str | None = None,
        tip: str = "",
        keys: Sequence[Key] = (),
        enabled: bool = True,
    ) -> None:
        super().__init__(on_press, tip=tip, keys=keys, enabled=enabled)
        self.words = words
        self.style: ButtonStyle = style
        self.icon = icon

    def size(self, theme: Theme) -> tuple[int, int]:
        wide = theme.width(self.words, self.role, "small", "bold")
        if self.icon:
            wide += theme.px(22)
        pad = theme.px(12 if self.style in ("ghost", "bar") else 18)
        return wide + 2 * pad, max(theme.px(34), theme.line_height(size="small") + theme.px(12))

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        coat = _coat(self.style, theme, self)
        if coat.fill is not None or coat.outline is not None:
            draw.pill(surface, theme, self.rect, coat.fill, outline=coat.outline)
        made = theme.text(self.words, coat.ink, self.role, "small", "bold")
        gap = theme.px(6) if self.icon else 0
        side = theme.px(16) if self.icon else 0
        x = self.rect.centerx - (made.get_width() + side + gap) // 2
        y = self.rect.centery + (theme.px(1) if self.pressed else 0)
        if self.icon:
            icons.put_icon(surface, theme, self.icon, (x + side / 2, y), 16, coat.ink)
        surface.blit(made, made.get_rect(left=x + side + gap, centery=y))


class IconButton(Pressable):
    """A round button with an icon; its tip names it, for the icon alone may not."""

    def __init__(
        self,
        icon: str,
        on_press: Callable[[], object],
        *,
        tip: str,
        style: ButtonStyle = "secondary",
        across: float = 36,
        keys: Sequence[Key] = (),
        enabled: bool = True,
    ) -> None:
        super().__init__(on_press, tip=tip, keys=keys, enabled=enabled)
        self.icon = icon
        self.style: ButtonStyle = style
        self.across = across
        self.radius = across / 2

    def size(self, theme: Theme) -> tuple[int, int]:
        return theme.px(self.across), theme.px(self.across)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        coat = _coat(self.style, theme, self)
        if coat.fill is not None or coat.outline is not None:
            draw.pill(surface, theme, self.rect, coat.fill, outline=coat.outline)
        x, y = self.rect.center
        icons.put_icon(
            surface, theme, self.icon, (x, y + self.pressed * theme.px(1)), self.across * 0.56, coat.ink
        )


class Toggle(Pressable):
    """A switch with its words to the right. `on_change` gets the new state."""

    def __init__(self, words: str, on: bool, on_change: Callable[[bool], object], *, tip: str = "") -> None:
        super().__init__(self._flip, tip=tip)
        self.words = words
        self.on = on
        self.on_change = on_change
        self.role: Role = "interface"
        self.radius = 8

    def _flip(self) -> None:
        self.on = not self.on
        self.on_change(self.on)

    def size(self, theme: Theme) -> tuple[int, int]:
        return theme.px(50) + theme.width(self.words, self.role), max(theme.px(28), theme.line_height())

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        track = pygame.Rect(0, 0, theme.px(38), theme.px(22))
        track.midleft = self.rect.midleft
        rim = palette.muted if self.hovered else palette.faint
        if self.on and self.enabled:
            draw.pill(surface, theme, track, palette.teal)
        else:
            draw.pill(surface, theme, track, palette.hover, outline=rim, width=1.5)
        knob = (track.right - track.height / 2 if self.on else track.left + track.height / 2, track.centery)
        draw.disc(surface, theme, knob, 7.5 if self.on else 6, palette.card if self.on else rim)
        if self.on:  # said by a sign as well, not by colour and side alone
            icons.put_icon(surface, theme, "check", knob, 10, palette.teal)
        place = pygame.Rect(track.right + theme.px(12), self.rect.y, self.rect.width, self.rect.height)
        ink = palette.ink if self.enabled else palette.faint
        words.label(surface, theme, self.words, place, ink, role=self.role)


class Slider(Widget):
    """A value between two ends in steps: drag it, or arrow keys, Home and End."""

    focusable = True

    def __init__(
        self,
        low: float,
        high: float,
        value: float,
        on_change: Callable[[float], object],
        *,
        step: float = 1,
        say: Callable[[float], str] = str,
        tip: str = "",
    ) -> None:
        super().__init__()
        self.low, self.high, self.value, self.step = low, high, value, step
        self.on_change = on_change
        self.say = say
        self.tip = tip
        self.dragging = False
        self.cursor = pygame.SYSTEM_CURSOR_HAND
        self._track = pygame.Rect(0, 0, 1, 1)

    def size(self, theme: Theme) -> tuple[int, int]:
        wide = max(theme.width(self.say(value)) for value in (self.low, self.high, self.value))
        return theme.px(180) + wide, theme.px(30)

    def _set(self, value: float) -> None:
        stepped = self.low + round((value - self.low) / self.step) * self.step
        stepped = min(self.high, max(self.low, round(stepped, 6)))
        if stepped != self.value:
            self.value = stepped
            self.on_change(stepped)

    def _drag_to(self, x: int) -> None:
        part = (x - self._track.left) / max(1, self._track.width)
        self._set(self.low + (self.high - self.low) * part)

    def handle(self, event: Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            if self.dragging:
                self._drag_to(event.pos[0])
            return self.dragging
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.rect.collidepoint(event.pos):
            self.dragging = self.enabled
            if self.dragging:
                self._drag_to(event.pos[0])
            return True
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self.dragging:
            self.dragging = False
            return True
        if event.type == pygame.KEYDOWN and self.focused:
            moves = {
                pygame.K_LEFT: self.value - self.step, pygame.K_DOWN: self.value - self.step,
                pygame.K_RIGHT: self.value + self.step, pygame.K_UP: self.value + self.step,
                pygame.K_HOME: self.low, pygame.K_END: self.high,
            }  # fmt: skip
            if event.key in moves:
                self._set(moves[event.key])
                return True
        return False

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        wide = max(theme.width(self.say(value)) for value in (self.low, self.high, self.value))
        knob = theme.px(9)
        self._track = pygame.Rect(
            self.rect.left + knob, 0, self.rect.width - wide - theme.px(12) - 2 * knob, theme.px(4)
        )
        self._track.centery = self.rect.centery
        draw.pill(surface, theme, self._track, palette.line)
        part = (self.value - self.low) / ((self.high - self.low) or 1)
        x = self._track.left + round(self._track.width * part)
        done = pygame.Rect(
            self._track.left, self._track.top, max(1, x - self._track.left), self._track.height
        )
        draw.pill(surface, theme, done, palette.teal)
        lit = self.hovered or self.dragging
        draw.disc(surface, theme, (x, self._track.centery), 9, palette.card,
                  outline=palette.ink if lit else palette.teal, width=2)  # fmt: skip
        words.label(surface, theme, self.say(self.value), self.rect, palette.ink, align="right")


class Tab(NamedTuple):
    words: str
    looks: tuple[ClerkLook, ...] = ()  # of the clerks it is about
    alert: bool = False  # something in there wants to be looked at
    tip: str = ""


class Tabs(Widget):
    """One of a few. Left and Right move, Home and End jump. `dark` stands on slate. Where they are too wide
    together, the chosen one is kept in sight; the wheel and the arrows at both ends bring the others."""

    focusable = True

    def __init__(
        self,
        tabs: Sequence[Tab | str],
        on_change: Callable[[int], object],
        *,
        current: int = 0,
        dark: bool = False,
    ) -> None:
        super().__init__()
        self.tabs = tuple(Tab(tab) if isinstance(tab, str) else tab for tab in tabs)
        self.on_change = on_change
        self.current = current
        self.dark = dark
        self.cursor = pygame.SYSTEM_CURSOR_HAND
        self._places: tuple[pygame.Rect, ...] = ()
        self._pointed = -1
        self._shift = 0
        self._furthest = 0
        self._shown = -1
        self._arrows: tuple[tuple[pygame.Rect, int], ...] = ()

    def _widths(self, theme: Theme) -> list[int]:
        role: Role = "code" if self.dark else "interface"
        extra = [theme.px(16 * len(tab.looks)) + theme.px(12 if tab.alert else 0) for tab in self.tabs]
        return [
            theme.width(tab.words, role, "small", "bold") + more + theme.px(28)
            for tab, more in zip(self.tabs, extra, strict=True)
        ]

    def size(self, theme: Theme) -> tuple[int, int]:
        return sum(self._widths(theme)), theme.px(36)

    def tip_at(self, point: tuple[int, int]) -> str:
        under = self._under(point)
        return self.tabs[under].tip if under >= 0 else self.tip

    def choose(self, index: int) -> None:
        index = max(0, min(len(self.tabs) - 1, index))
        if index != self.current:
            self.current = index
            self.on_change(index)

    def handle(self, event: Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            self._pointed = self._under(event.pos)
            return False
        if event.type == pygame.MOUSEWHEEL and self.hovered:
            return self._scroll(round((event.x - event.y) * self.rect.height))
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            return self._press(event.pos)
        if event.type == pygame.KEYDOWN and self.focused:
            moves = {
                pygame.K_LEFT: self.current - 1, pygame.K_RIGHT: self.current + 1,
                pygame.K_HOME: 0, pygame.K_END: len(self.tabs) - 1,
            }  # fmt: skip
            if event.key in moves:
                self.choose(moves[event.key])
                return True
        return False

    def _press(self, point: tuple[int, int]) -> bool:
        for arrow, way in self._arrows:
            if arrow.collidepoint(point):
                return self._scroll(way * self.rect.width // 2)
        if (under := self._under(point)) < 0:
            return False
        self.choose(under)
        return True

    def _scroll(self, by: int) -> bool:
        before = self._shift
        self._shift = max(0, min(self._furthest, self._shift + by))
        return self._shift != before

    def _under(self, point: tuple[int, int]) -> int:
        return next((i for i, place in enumerate(self._places) if place.collidepoint(point)), -1)

    def _room(self, theme: Theme, widths: Sequence[int]) -> pygame.Rect:
        """Where tabs are to be seen, between the arrows if there are any; brings a newly chosen one there."""
        whole = sum(widths)
        if whole <= self.rect.width:
            self._furthest, self._shift, self._arrows = 0, 0, ()
            return self.rect.inflate(0, theme.px(6))
        room = self.rect.inflate(-theme.px(36), 0)
        self._furthest = whole - room.width
        if self._shown != self.current:
            left = sum(widths[: self.current])
            self._shift = max(left + widths[self.current] - room.width, min(self._shift, left))
        self._shift = max(0, min(self._furthest, self._shift))
        sides = pygame.Rect(self.rect.topleft, (theme.px(18), self.rect.height))
        self._arrows = ((sides, -1), (sides.move(self.rect.width - sides.width, 0), 1))
        return room

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        widths = self._widths(theme)
        room = self._room(theme, widths)
        self._shown = self.current
        clip = surface.get_clip()
        surface.set_clip(room.clip(clip))
        self._draw_tabs(surface, theme, widths, room)
        surface.set_clip(clip)
        for arrow, way in self._arrows:
            ink = theme.palette.on_ink if self.dark else theme.palette.ink
            if not (self._shift if way < 0 else self._furthest - self._shift):
                ink = mix(ink, theme.palette.slate_deep if self.dark else theme.palette.card, 0.75)
            sign = "back" if way < 0 else "forward"
            icons.put_icon(surface, theme, sign, arrow.center, 14, ink)

    def _draw_tabs(
        self, surface: pygame.Surface, theme: Theme, widths: Sequence[int], room: pygame.Rect
    ) -> None:
        palette, x = theme.palette, (room.x if self._arrows else self.rect.x) - self._shift
        places = []
        for i, (tab, wide) in enumerate(zip(self.tabs, widths, strict=True)):
            place = pygame.Rect(x, self.rect.y, wide, self.rect.height)
            x += wide
            whole = not self._arrows or (room.left <= place.left and place.right <= room.right)
            places.append(place if whole else pygame.Rect(0, 0, 0, 0))
            if not whole:
                continue
            chosen, pointed = i == self.current, i == self._pointed
            if self.dark:
                ink = palette.on_ink if chosen else palette.code if pointed else palette.code_comment
            else:
                ink = palette.ink if chosen or pointed else palette.muted
            inner = place.inflate(-theme.px(28), 0)
            for look in tab.looks:
                spot = inner.left + theme.px(5), inner.centery
                if self._lost_on_slate(theme, look):
                    icons.clerk_mark(surface, theme, spot, look, 14, palette.on_ink)
                icons.clerk_mark(surface, theme, spot, look, 10)
                inner.left += theme.px(16)
            role: Role = "code" if self.dark else "interface"
            made = theme.text(tab.words, ink, role, "small", "bold" if chosen else "regular")
            surface.blit(made, made.get_rect(midleft=inner.midleft))
            if tab.alert:
                spot = (inner.left + made.get_width() + theme.px(8), inner.centery)
                draw.disc(surface, theme, spot, 3.5, palette.code_wrong_ink if self.dark else palette.post)
            if chosen:
                under = pygame.Rect(place.left + theme.px(10), 0, place.width - theme.px(20), theme.px(3))
                under.bottom = place.bottom
                brass = palette.brass_light if self.dark else palette.post
                accent = tab.looks[0].fill if len(tab.looks) == 1 else brass
                if len(tab.looks) == 1 and self._lost_on_slate(theme, tab.looks[0]):
                    accent = palette.on_ink
                draw.pill(surface, theme, under, accent)
        self._places = tuple(places)

    def _lost_on_slate(self, theme: Theme, look: ClerkLook) -> bool:
        """Whether a dark clerk's colour would not be seen where the tabs stand."""
        return self.dark and contrast(look.fill, theme.palette.slate_deep) < 2


# Words that stand still


class Label(Widget):
    """One line of text."""

    def __init__(
        self,
        text: str,
        *,
        colour: Colour | None = None,
        role: Role = "interface",
        size: str | float = "body",
        weight: Weight = "regular",
    ) -> None:
        super().__init__()
        self.text = text
        self.colour = colour
        self.type_: tuple[Role, str | float, Weight] = (role, size, weight)

    def size(self, theme: Theme) -> tuple[int, int]:
        return theme.text(self.text, theme.palette.ink, *self.type_).get_size()

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        role, size, weight = self.type_
        ink = self.colour or theme.palette.ink
        words.label(surface, theme, self.text, self.rect, ink, role=role, size=size, weight=weight)


class Chip(Widget):
    """A small pill that says how something stands: a goal, a fact. Not for pressing."""

    def __init__(self, text: str, *, sign: str = "", state: Literal["open", "good", "bad", "note"] = "open",
                 dark: bool = False) -> None:  # fmt: skip
        super().__init__()
        self.text = text
        self.sign = sign
        self.state = state
        self.dark = dark

    def size(self, theme: Theme) -> tuple[int, int]:
        return theme.width(self.text, size="small") + theme.px(40), theme.px(26)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        ink, ground = {
            "open": (palette.on_ink_muted, palette.ink_soft) if self.dark else (palette.muted, palette.hover),
            "good": (palette.teal_light, palette.ink_soft)
            if self.dark
            else (palette.teal, palette.teal_tint),
            "bad": (palette.code_wrong_ink, palette.ink_soft)
            if self.dark
            else (palette.post_deep, palette.post_tint),
            "note": (palette.brass_light, palette.ink_soft)
            if self.dark
            else (palette.brass_ink, palette.brass_tint),
        }[self.state]
        draw.pill(surface, theme, self.rect, ground)
        spot = (self.rect.left + theme.px(16), self.rect.centery)
        sign = self.sign or {"open": "", "good": "check", "bad": "cross", "note": "info"}[self.state]
        if sign:
            icons.put_icon(surface, theme, sign, spot, 14, ink)
        else:
            draw.disc(surface, theme, spot, 5, None, outline=ink, width=1.8)
        place = pygame.Rect(
            self.rect.left + theme.px(28), self.rect.y, self.rect.width - theme.px(38), self.rect.height
        )
        words.label(surface, theme, self.text, place, ink, size="small")


# Things larger than their place


class ScrollArea(Widget):
    """A window on something taller. `paint(surface, theme, rect)` draws it at the rect it is given, which
    is moved up as the player scrolls, puts the children's rects there, and says how high it all is."""

    focusable = True

    def __init__(
        self,
        paint: Callable[[pygame.Surface, Theme, pygame.Rect], int],
        children: Callable[[], Sequence[Widget]] = tuple,
    ) -> None:
        super().__init__()
        self.paint = paint
        self._children = children
        self.offset = 0
        self.height = 0
        self.step = 48
        self._grabbed: int | None = None

    def children(self) -> Sequence[Widget]:
        return self._children()

    @property
    def furthest(self) -> int:
        return max(0, self.height - self.rect.height)

    def scroll(self, by: int) -> bool:
        before = self.offset
        self.offset = max(0, min(self.furthest, self.offset + by))
        return self.offset != before

    def reveal(self, child: Widget) -> None:
        margin = self.step // 2
        if child.rect.top - margin < self.rect.top:
            self.scroll(child.rect.top - margin - self.rect.top)
        elif child.rect.bottom + margin > self.rect.bottom:
            self.scroll(child.rect.bottom + margin - self.rect.bottom)

    def handle(self, event: Event) -> bool:
        pointer: tuple[int, int] = getattr(event, "pos", (-1, -1))
        inside = self.rect.collidepoint(pointer)
        if event.type == pygame.MOUSEWHEEL and self.hovered:
            return self.scroll(-round(event.precise_y * self.step)) or self.furthest > 0
        if event.type == pygame.MOUSEMOTION:
            self.hovered = inside
            if self._grabbed is not None:
                bar = self._bar()
                travel = max(1, self.rect.height - bar.height)
                self.offset = round((pointer[1] - self._grabbed - self.rect.top) / travel * self.furthest)
                self.scroll(0)
                return True
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and inside and self.furthest:
            bar = self._bar()
            if bar.inflate(bar.width * 2, 0).collidepoint(pointer):
                self._grabbed = pointer[1] - bar.top
                return True
        if event.type == pygame.MOUSEBUTTONUP and self._grabbed is not None:
            self._grabbed = None
            return True
        if event.type == pygame.KEYDOWN and self.focused:
            page = max(self.step, self.rect.height - self.step)
            moves = {
                pygame.K_UP: -self.step, pygame.K_DOWN: self.step, pygame.K_PAGEUP: -page,
                pygame.K_PAGEDOWN: page, pygame.K_HOME: -self.height, pygame.K_END: self.height,
            }  # fmt: skip
            if event.key in moves:
                self.scroll(moves[event.key])
                return True
        if event.type in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN) and not inside:
            if event.type == pygame.MOUSEMOTION:
                for child in self.children():
                    child.hovered = False
            return False
        return any([child.handle(event) for child in self.children() if child.visible])

    def _bar(self) -> pygame.Rect:
        wide = max(4, self.step // 7)
        high = max(self.step // 2, self.rect.height * self.rect.height // max(1, self.height))
        top = self.rect.top + (self.rect.height - high) * self.offset // max(1, self.furthest)
        return pygame.Rect(self.rect.right - wide - 2, top, wide, high)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        self.step = theme.px(48)
        clip = surface.get_clip()
        surface.set_clip(clip.clip(self.rect))
        # Room for the bar is always kept, so that text does not reflow when it comes and goes.
        inner = pygame.Rect(
            self.rect.x, self.rect.y - self.offset, self.rect.width - theme.px(10), self.rect.height
        )
        self.height = self.paint(surface, theme, inner)
        if self.offset > self.furthest:  # it became shorter, or the window taller
            self.offset = self.furthest
        if self.furthest:
            bar = self._bar()
            lit = self._grabbed is not None or self.hovered
            draw.pill(surface, theme, bar, theme.palette.faint if lit else theme.palette.line)
        surface.set_clip(clip)


class Row(NamedTuple):
    """A line of a list: its words, something smaller at the right, an icon, whether it can be chosen."""

    words: str
    detail: str = ""
    icon: str = ""
    enabled: bool = True


class ListBox(Widget):
    """Rows of which one is marked. Up, Down, Home, End mark; Enter or a double click chooses."""

    focusable = True

    def __init__(self, rows: Sequence[Row], on_choose: Callable[[int], object],
                 on_mark: Callable[[int], object] | None = None) -> None:  # fmt: skip
        super().__init__()
        self.rows = tuple(rows)
        self.on_choose = on_choose
        self.on_mark = on_mark
        self.marked = 0
        self._top = 0
        self._follow = True  # the mark must be in view at the next drawing
        self._row_height = 34
        self._pointed = -1
        self._clicked: tuple[int, int] | None = None

    def size(self, theme: Theme) -> tuple[int, int]:
        wide = max(
            (theme.width(row.words) + theme.width(row.detail, size="small") for row in self.rows), default=0
        )
        return wide + theme.px(84), theme.px(36) * min(8, max(1, len(self.rows)))

    def _shown(self) -> int:
        return max(1, self.rect.height // self._row_height)

    def mark(self, index: int) -> None:
        index = max(0, min(len(self.rows) - 1, index))
        self._follow = True
        if index != self.marked:
            self.marked = index
            if self.on_mark:
                self.on_mark(index)

    def _choose(self) -> None:
        if self.rows and self.rows[self.marked].enabled:
            self.on_choose(self.marked)

    def _under(self, point: tuple[int, int]) -> int:
        index = self._top + (point[1] - self.rect.top) // self._row_height
        return index if self.rect.collidepoint(point) and index < len(self.rows) else -1

    def handle(self, event: Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            self._pointed = self._under(event.pos)
            return False
        if event.type == pygame.MOUSEWHEEL and self.hovered:
            most = max(0, len(self.rows) - self._shown())
            self._top = max(0, min(most, self._top - round(event.precise_y * 2)))
            return most > 0
        if (
            event.type == pygame.MOUSEBUTTONDOWN
            and event.button == 1
            and (under := self._under(event.pos)) >= 0
        ):
            now = pygame.time.get_ticks()
            again = self._clicked is not None and self._clicked[0] == under and now - self._clicked[1] < 400
            self._clicked = None if again else (under, now)
            self.mark(under)
            if again:
                self._choose()
            return True
        if event.type == pygame.KEYDOWN and self.focused:
            moves = {
                pygame.K_UP: self.marked - 1, pygame.K_DOWN: self.marked + 1, pygame.K_HOME: 0,
                pygame.K_END: len(self.rows) - 1, pygame.K_PAGEUP: self.marked - self._shown(),
                pygame.K_PAGEDOWN: self.marked + self._shown(),
            }  # fmt: skip
            if event.key in moves:
                self.mark(moves[event.key])
                return True
            if event.key in ENTER:
                self._choose()
                return True
        return False

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        self._row_height = theme.px(36)
        if self._follow:
            self._top = max(min(self._top, self.marked), self.marked - self._shown() + 1, 0)
            self._follow = False
        for i in range(self._top, min(len(self.rows), self._top + self._shown())):
            row = self.rows[i]
            y = self.rect.y + (i - self._top) * self._row_height
            place = pygame.Rect(self.rect.x, y, self.rect.width, self._row_height - theme.px(2))
            if i == self.marked:
                draw.panel(surface, theme, place, palette.brass_tint, radius=7)
                edge = pygame.Rect(place.x, place.y + theme.px(8), theme.px(3), place.height - theme.px(16))
                draw.pill(surface, theme, edge, palette.brass)
            elif i == self._pointed:
                draw.panel(surface, theme, place, palette.hover, radius=7)
            ink = palette.ink if row.enabled else palette.faint
            inner = place.inflate(-theme.px(28), 0)
            detail = theme.width(row.detail, size="small") + theme.px(12) if row.detail else 0
            words.label(surface, theme, row.detail, inner, palette.muted, size="small", align="right")
            if row.icon:
                icons.put_icon(surface, theme, row.icon, (inner.left + theme.px(8), inner.centery), 16, ink)
                inner = pygame.Rect(
                    inner.left + theme.px(26), inner.y, inner.width - theme.px(26), inner.height
                )
            inner.width -= detail
            words.label(
                surface, theme, row.words, inner, ink, weight="bold" if i == self.marked else "regular"
            )
        if len(self.rows) > self._shown():
            rail = pygame.Rect(self.rect.right - theme.px(5), self.rect.y, theme.px(4), 0)
            whole = self._shown() * self._row_height
            rail.height = max(theme.px(20), whole * self._shown() // len(self.rows))
            rail.y += (whole - rail.height) * self._top // (len(self.rows) - self._shown())
            draw.pill(surface, theme, rail, palette.faint if self.hovered else palette.line)


class ButtonColumn(Widget):
    """Buttons one below the other, as the body of a dialog."""

    def __init__(self, buttons: Sequence[Button]) -> None:
        super().__init__()
        self.buttons = tuple(buttons)

    def children(self) -> Sequence[Widget]:
        return self.buttons

    def handle(self, event: Event) -> bool:
        if event.type in (pygame.KEYDOWN, pygame.KEYUP):
            return False
        return any([button.handle(event) for button in self.buttons])

    def size(self, theme: Theme) -> tuple[int, int]:
        wide = max((button.size(theme)[0] for button in self.buttons), default=0)
        return wide, theme.px(44) * len(self.buttons) - theme.px(8)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        y = self.rect.y
        for button in self.buttons:
            button.put(theme, left=self.rect.x, top=y)
            button.rect.width = self.rect.width
            y += theme.px(44)
            button.draw(surface, theme)


# Over everything else


class Dialog(Widget):
    """A question that must be answered first. Escape answers it with the last, most harmless button, unless
    another is said to `leave` it."""

    def __init__(
        self,
        title: str,
        text: str,
        buttons: Sequence[Button],
        *,
        body: Widget | None = None,
        on_link: Callable[[str], object] | None = None,
        leave: Button | None = None,
    ) -> None:
        super().__init__()
        self.title = title
        self.text = text
        self.buttons = tuple(buttons)
        self.leave = leave or self.buttons[-1]
        self.body = body
        self.on_link = on_link
        self._laid: tuple[words.Prose, tuple[int, int]] | None = None
        self.focus = Focus([*([body] if body else []), *self.buttons])
        self.focus.give(self.buttons[0], ring=True)

    def children(self) -> Sequence[Widget]:
        return self.focus.widgets

    def handle(self, event: Event) -> bool:
        if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
            self.leave.press()
        elif event.type == pygame.MOUSEBUTTONDOWN and (key := self._link_at(event.pos)) and self.on_link:
            self.on_link(key)
        elif event.type == pygame.KEYDOWN and event.key in (pygame.K_LEFT, pygame.K_RIGHT) and not (
            self.focus.current and self.focus.current.takes_text
        ):  # fmt: skip
            self.focus.move(1 if event.key == pygame.K_RIGHT else -1)
        else:
            before = self.focus.current
            self.focus.handle(event)
            if self.focus.current is None:  # a click beside the buttons
                self.focus.give(before)
        return True

    def _link_at(self, point: tuple[int, int]) -> str:
        """The term of the glossary at a pixel of the text, or ""."""
        if self._laid is None:
            return ""
        laid, (x, y) = self._laid
        return laid.link_at((point[0] - x, point[1] - y))

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, window = theme.palette, surface.get_rect()
        scrim = theme.surfaces.get(("scrim", window.size), lambda: pygame.Surface(window.size))
        scrim.set_alpha(110)
        surface.blit(scrim, (0, 0))
        row = sum(button.size(theme)[0] + theme.px(10) for button in self.buttons) + theme.px(56)
        body = self.body.size(theme) if self.body else (0, 0)
        wide = min(window.width - theme.px(32), max(theme.px(440), row, body[0] + theme.px(56)))
        column = wide - theme.px(56)
        laid = words.prose(theme, self.text, column, palette.ink, code=palette.brass_ink,
                           code_ground=palette.brass_tint)  # fmt: skip
        title = words.prose(theme, self.title, column, palette.ink, role="voice", size="title", weight="bold")
        high = theme.px(28 + 10 + 24 + 34 + 24) + title.height + laid.height
        if self.body:
            high += body[1] + theme.px(16)
        self.rect = pygame.Rect(0, 0, wide, high)
        self.rect.center = window.center
        draw.panel(surface, theme, self.rect, palette.card, radius=14, outline=palette.line, shadow=10)
        x, y = self.rect.x + theme.px(28), self.rect.y + theme.px(24)
        title.draw(surface, (x, y))
        y += title.height + theme.px(10)
        laid.draw(surface, (x, y))
        self._laid = (laid, (x, y))
        if self.body:
            self.body.rect = pygame.Rect(x, y + laid.height + theme.px(16), column, body[1])
        right = self.rect.right - theme.px(28)
        for button in self.buttons:
            button.put(theme, right=right, bottom=self.rect.bottom - theme.px(24))
            right = button.rect.left - theme.px(10)
        self.focus.draw(surface, theme)


class Toast(Widget):
    """A sentence that shows for a while and goes by itself."""

    def __init__(self, text: str, *, seconds: float = 4.0, sign: str = "info") -> None:
        super().__init__()
        self.text = text
        self.left = seconds
        self.sign = sign

    def update(self, dt: float) -> bool:
        before, self.left = self.left, self.left - dt
        return before > 0 >= self.left

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, window = theme.palette, surface.get_rect()
        laid = words.prose(
            theme, self.text, min(theme.px(520), window.width - theme.px(96)), palette.on_ink,
            code=palette.brass_light,
        )  # fmt: skip
        self.rect = pygame.Rect(0, 0, laid.width + theme.px(64), laid.height + theme.px(22))
        self.rect.midbottom = (window.centerx, window.bottom - theme.px(24))
        draw.panel(surface, theme, self.rect, palette.ink, radius=12, shadow=6, outline=palette.muted)
        icons.put_icon(
            surface,
            theme,
            self.sign,
            (self.rect.left + theme.px(24), self.rect.centery),
            18,
            palette.brass_light,
        )
        laid.draw(surface, (self.rect.left + theme.px(42), self.rect.top + theme.px(11)))


class Caption(Widget):
    """What is heard, in words, at the lower left for a moment."""

    SHOWN = 1.6

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.left = self.SHOWN

    def update(self, dt: float) -> bool:
        before, self.left = self.left, self.left - dt
        return before > 0 >= self.left

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, text = theme.palette, joined("", ["[", self.text, "]"])
        self.rect = pygame.Rect(0, 0, theme.width(text, size="small") + theme.px(24), theme.px(30))
        self.rect.bottomleft = (theme.px(14), surface.get_height() - theme.px(14))
        draw.panel(surface, theme, self.rect, palette.ink, radius=8, outline=palette.muted)
        words.label(surface, theme, text, self.rect, palette.on_ink, size="small", align="centre")


def draw_tip(surface: pygame.Surface, theme: Theme, text: str, by: pygame.Rect) -> None:
    """A tooltip below a rect, or above it where there is no room below."""
    palette, window = theme.palette, surface.get_rect()
    laid = words.prose(theme, text, theme.px(320), palette.on_ink, size="small", code=palette.brass_light)
    box = pygame.Rect(0, 0, laid.width + theme.px(20), laid.height + theme.px(12))
    box.midtop = (by.centerx, by.bottom + theme.px(8))
    if box.bottom > window.bottom - theme.px(4):
        box.bottom = by.top - theme.px(8)
    box.clamp_ip(window.inflate(-theme.px(8), -theme.px(8)))
    draw.panel(surface, theme, box, palette.ink, radius=7, shadow=3, outline=palette.muted)
    laid.draw(surface, (box.x + theme.px(10), box.y + theme.px(6)))


# The keyboard's place


class Focus:
    """The widgets of a scene, in the order Tab goes through them: passes events on, draws them.

    The mouse reaches the last drawn first; keys go to the focused one, then Tab moves on, then shortcuts."""

    TIP_AFTER = 0.55

    def __init__(self, widgets: Sequence[Widget] = ()) -> None:
        self.widgets: list[Widget] = list(widgets)
        self.current: Widget | None = None
        self.dialog: Dialog | None = None
        self.ring = False
        self._pointer = (-1, -1)
        self._still = 0.0
        self._swallow = False

    def set(self, widgets: Sequence[Widget]) -> None:
        """Other widgets than before; the focus stays where it is if that is still there."""
        self.widgets = list(widgets)
        if self.current is not None and self.current not in self._all():
            self.give(None)

    def _all(self) -> list[Widget]:
        def walk(widgets: Sequence[Widget]) -> Iterator[Widget]:
            for widget in widgets:
                if widget.visible:
                    yield widget
                    yield from walk(widget.children())

        return list(walk(self.widgets))

    def give(self, widget: Widget | None, *, ring: bool = False) -> None:
        """Give the keyboard to a widget; `ring` shows it, as after Tab."""
        if self.current is not None and self.current is not widget:
            self.current.focused = False
        self.current = widget
        self.ring = ring
        if widget is not None:
            widget.focused = True

    def move(self, by: int) -> None:
        """To the next widget that can take the keyboard, or the previous; round and round."""
        stops = [widget for widget in self._all() if widget.focusable and widget.enabled]
        if not stops:
            return
        at = stops.index(self.current) if self.current in stops else (-1 if by > 0 else 0)
        self.give(stops[(at + by) % len(stops)], ring=True)
        self._reveal()
        self._still = 0.0

    def _reveal(self) -> None:
        for widget in self._all():
            if self.current is not None and self.current in widget.children():
                widget.reveal(self.current)

    def open(self, dialog: Dialog) -> None:
        self.dialog = dialog

    def close(self) -> None:
        self.dialog = None

    def handle(self, event: Event) -> bool:
        """Pass an event on; True when somebody took it."""
        if event.type == pygame.MOUSEMOTION:
            self._pointer, self._still = event.pos, 0.0
        elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.KEYDOWN):
            self._still = -1.0  # busy hands want no tips
        if self.dialog is not None:
            return self.dialog.handle(event)
        if event.type in (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return self._handle_key(event)
        return self._handle_mouse(event)

    def _handle_key(self, event: Event) -> bool:
        if event.type == pygame.TEXTINPUT and self._swallow:
            return True  # the letter of a shortcut that has just moved the focus into a text
        self._swallow = False
        if self.current is not None and _alive(self.current) and self.current.handle(event):
            return True
        if event.type != pygame.KEYDOWN:
            return False
        if event.key == pygame.K_TAB and not event.mod & pygame.KMOD_ALT:
            self.move(-1 if event.mod & pygame.KMOD_SHIFT else 1)
            return True
        for widget in self._all():
            if widget.enabled and any(key.fits(event) for key in widget.keys):
                self._swallow = True
                widget.press()
                return True
        return False

    def _handle_mouse(self, event: Event) -> bool:
        taken = False
        for widget in reversed(self.widgets):
            if widget.visible and widget.handle(event):
                taken = True
                if widget.leaves_focus and event.type == pygame.MOUSEBUTTONDOWN:
                    return True
                if event.type not in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP):
                    break
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            under = [w for w in self._all() if w.focusable and w.enabled and w.rect.collidepoint(event.pos)]
            if under and taken:
                self.give(under[-1])
            elif not under:
                self.give(None)
        return taken

    def update(self, dt: float) -> bool:
        """Let time pass; True when something must be drawn again."""
        changed = any([widget.update(dt) for widget in self.widgets if widget.visible])
        if self.dialog is not None:
            changed = any([widget.update(dt) for widget in self.dialog.children()]) or changed
        before, self._still = self._still, self._still + dt
        return changed or (before < self.TIP_AFTER <= self._still and self._tip() is not None)

    def hide_tip(self) -> None:
        """Say nothing about what is pointed at until the pointer has moved and rested again."""
        self._still = -math.inf

    def _tip(self) -> tuple[str, Sequence[Key], pygame.Rect] | None:
        """What there is to say about what is pointed at: its tip, its keys, and where it is."""
        for widget in reversed(self._all()):
            if widget.rect.collidepoint(self._pointer) and widget.hovered:
                tip = widget.tip_at(self._pointer)
                if tip or widget.keys:
                    beside = widget.takes_text or widget.tips_at_pointer
                    return tip, widget.keys, pygame.Rect(self._pointer, (1, 12)) if beside else widget.rect
        if self.ring and self.current is not None and not self.current.takes_text:
            tip = self.current.tip_at((-1, -1))
            if tip or self.current.keys:
                return tip, self.current.keys, self.current.rect
        return None

    @property
    def cursor(self) -> int:
        """The system cursor for where the pointer is."""
        if self.dialog is not None:
            return self.dialog.focus.cursor
        for widget in reversed(self._all()):
            if widget.enabled and not widget.children() and widget.rect.collidepoint(self._pointer):
                return widget.cursor
        return pygame.SYSTEM_CURSOR_ARROW

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        """Draw the widgets, then the ring, then what stands over them."""
        for widget in self.widgets:
            if widget.visible:
                widget.draw(surface, theme)
        if self.ring and self.current is not None and self.current.visible and self.dialog is None:
            draw.focus_ring(surface, theme, self.current.focus_rect(), self.current.radius)
        if self.dialog is not None:
            self.dialog.draw(surface, theme)
        elif self._still >= self.TIP_AFTER:
            found = self._tip()
            if found:
                tip, keys, by = found
                key = theme.bindings.shown(keys)
                told = [part for part in (tip, key.said if key else "") if part]
                draw_tip(surface, theme, joined("  ·  ", told), by)
