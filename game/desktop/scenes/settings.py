"""The settings: how the game looks, sounds and plays, and which keys do what. Everything works at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import pygame

from game.catalogues import languages, name_of
from game.desktop import draw, icons, words
from game.desktop.app import Event
from game.desktop.house import House
from game.desktop.keys import ACTIONS, PLACES, Action, key_of
from game.desktop.looks import PALETTES, language_of, theme_of
from game.desktop.scenes.room import Room
from game.desktop.settings import SCALES, SPEEDS, TEXT_SCALES
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Pressable, ScrollArea, Tabs, Toggle, Widget
from game.language import joined, say

ROW: Final = 58
VOLUMES: Final = tuple(step / 10 for step in range(11))
PALETTE_NAMES: Final = {
    "paper": say("Paper and post red"),
    "contrast": say("High contrast"),
    "safe": say("Colour-blind safe"),
}


class Chooser(Widget):
    """One of several: Left and Right go through them, Home and End jump; a click on a side steps."""

    focusable = True
    radius = 9

    def __init__(self, options: Sequence[Any], named: Callable[[Any], str], now: Callable[[], Any],
                 on_choose: Callable[[Any], object]) -> None:  # fmt: skip
        super().__init__()
        self.options, self.named, self.now, self.on_choose = tuple(options), named, now, on_choose
        self.cursor = pygame.SYSTEM_CURSOR_HAND

    @property
    def at(self) -> int:
        now = self.now()
        return self.options.index(now) if now in self.options else 0

    def choose(self, at: int) -> None:
        at = max(0, min(len(self.options) - 1, at))
        if at != self.at or self.now() not in self.options:
            self.on_choose(self.options[at])

    def size(self, theme: Theme) -> tuple[int, int]:
        wide = max(theme.width(self.named(option), weight="bold") for option in self.options)
        return max(theme.px(210), wide + theme.px(96)), max(theme.px(38), theme.line_height() + theme.px(10))

    def handle(self, event: Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            return False
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.rect.collidepoint(event.pos):
            self.choose(self.at + (1 if event.pos[0] >= self.rect.centerx else -1))
            return True
        if event.type == pygame.KEYDOWN and self.focused:
            moves = {
                pygame.K_LEFT: self.at - 1, pygame.K_RIGHT: self.at + 1, pygame.K_HOME: 0,
                pygame.K_END: len(self.options) - 1,
            }  # fmt: skip
            if event.key in moves:
                self.choose(moves[event.key])
                return True
        return False

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect = theme.palette, self.rect
        lit = self.hovered or self.focused
        draw.panel(
            surface, theme, rect, palette.hover if lit else palette.paper, radius=9, outline=palette.line
        )
        for side, icon, more in ((-1, "back", self.at > 0), (1, "forward", self.at < len(self.options) - 1)):
            x = rect.left + theme.px(20) if side < 0 else rect.right - theme.px(20)
            ink = palette.ink if more else palette.line
            icons.put_icon(surface, theme, icon, (x, rect.centery), 16, ink)
        text = self.named(self.options[self.at])
        inner = rect.inflate(-theme.px(72), 0)
        words.label(surface, theme, text, inner, palette.ink, weight="bold", align="centre")


class KeyCap(Pressable):
    """The key of an action. Pressed, it waits for another; Delete gives back the one from the start."""

    radius = 8

    def __init__(self, action: Action, on_press: Callable[[], object]) -> None:
        super().__init__(on_press, tip=say("Press, then the new key. Delete brings the first one back."))
        self.action = action
        self.waiting = False

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        changed = theme.bindings.key(self.action.name) != self.action.keys[0]
        if self.waiting:
            fill, rim, ink = palette.brass_tint, palette.brass, palette.brass_ink
        else:
            fill = palette.hover if self.hovered else palette.card
            rim, ink = palette.line, palette.post if changed else palette.ink
        draw.panel(surface, theme, self.rect, fill, radius=8, outline=rim)
        text = say("press a key") if self.waiting else theme.bindings.key(self.action.name).said
        inner = self.rect.inflate(-theme.px(12), 0)
        words.label(surface, theme, text, inner, ink, role="interface" if self.waiting else "code",
                    size="small", weight="bold", align="centre")  # fmt: skip


class Row(NamedTuple):
    title: str
    detail: str
    control: Widget


class SettingsScene(Room):
    """Tabs of rows. Escape goes back to wherever it was opened."""

    def __init__(self, house: House, *, tab: int = 0) -> None:
        super().__init__(house)
        self.tab = tab
        self._back = Button(say("Back"), self.back, icon="back", style="bar")
        self._tabs = Tabs([say("Look"), say("Sound"), say("Play"), say("Keys")], self._choose, current=tab)
        self._pages = (self._look(), self._sound(), self._play())
        self._caps = {action.name: KeyCap(action, self._waiter(action)) for action in ACTIONS}
        self._all_back = Button(say("All keys as at the start"), self._reset_keys, icon="retry")
        self._keys = ScrollArea(self._paint_keys, lambda: list(self._caps.values()))
        self._waiting: Action | None = None
        self._told = ""

    # -- what there is to choose --

    def _take(self, **changes: Any) -> None:
        """Other settings: kept, and shown at once."""
        self.house.set(replace(self.house.settings, **changes))
        if self._app is None:
            return
        if "full_screen" not in changes:
            scale = self.house.settings.scale or self.app.theme.scale
            self.app.set_theme(theme_of(self.house.settings, scale))

    def _chooser(self, name: str, options: Sequence[Any], named: Callable[[Any], str]) -> Chooser:
        return Chooser(
            options,
            named,
            lambda: getattr(self.house.settings, name),
            lambda option: self._take(**{name: option}),
        )

    def _toggle(self, words_on: str, name: str) -> Toggle:
        return Toggle(words_on, getattr(self.house.settings, name), lambda on: self._take(**{name: on}))

    def _look(self) -> list[Row]:
        language = Chooser(
            languages(),
            name_of,
            lambda: language_of(self.house.settings),
            lambda code: self._take(language=code),
        )
        full = Toggle(say("the whole screen"), self.house.settings.full_screen, self._full_screen)
        return [
            Row(say("Language"), say("Python's own words stay English."), language),
            Row(say("Colours"), "", self._chooser("palette", tuple(PALETTES), PALETTE_NAMES.__getitem__)),
            Row(say("Size of everything"), "", self._chooser("scale", (0.0, *SCALES), _scale_words)),
            Row(say("Size of letters"), say("Besides the size of everything."),
                self._chooser("text_scale", TEXT_SCALES, _percent)),
            Row(say("Window"), "", full),
            Row(say("Motion"), say("Nothing sways; things arrive instead of travelling."),
                self._toggle(say("less of it"), "reduced_motion")),
        ]  # fmt: skip

    def _sound(self) -> list[Row]:
        settings = self.house.settings
        heard = Toggle(say("to be heard"), not settings.muted, lambda on: self._take(muted=not on))
        return [
            Row(say("Volume"), "", self._chooser("volume", VOLUMES, _percent)),
            Row(say("Sounds"), "", heard),
            Row(say("Captions"), say("Each sound is also said in words."),
                self._toggle(say("in words"), "captions")),
        ]  # fmt: skip

    def _play(self) -> list[Row]:
        return [
            Row(say("Speed of the film"), say("So do the knobs beside it."),
                self._chooser("speed", SPEEDS, lambda speed: f"{speed:g}×")),
        ]  # fmt: skip

    def _full_screen(self, on: bool) -> None:
        if self._app is not None:
            self.app.toggle_full_screen()
            self._take(full_screen=self.app.full_screen)

    def _choose(self, tab: int) -> None:
        self.tab, self._waiting, self._told = tab, None, ""
        self.layout(self._size)

    # -- keys --

    def _waiter(self, action: Action) -> Callable[[], object]:
        def wait() -> None:
            self._waiting = action
            self._told = ""
            for name, cap in self._caps.items():
                cap.waiting = name == action.name

        return wait

    def _rest(self, told: str = "") -> None:
        self._waiting, self._told = None, told
        for cap in self._caps.values():
            cap.waiting = False

    @property
    def takes_any_key(self) -> bool:
        return self._waiting is not None

    def _reset_keys(self) -> None:
        self._take(keys={})
        self._rest(say("Every action has its first key again."))

    def _rebind(self, action: Action, event: Event) -> None:
        key = key_of(event)
        if key is None:
            return
        if key.code == pygame.K_ESCAPE:
            self._rest()
            return
        bindings = self.theme.bindings
        wanted = None if key.code in (pygame.K_DELETE, pygame.K_BACKSPACE) and not key.modifiers else key
        first = action.keys[0] if wanted is None else wanted
        clash = bindings.clash(action.name, first)
        if clash:
            self._rest(clash)
            return
        self._take(keys=bindings.rebound(action.name, wanted).chosen)
        self._rest(say("{key}: {does}", key=first.said, does=action.does))

    def handle(self, event: Event) -> None:
        if self._waiting is not None and event.type == pygame.KEYDOWN:
            self._rebind(self._waiting, event)
            return
        if self._waiting is not None and event.type == pygame.MOUSEBUTTONDOWN:
            self._rest()
        if event.type == pygame.KEYDOWN and event.key in (pygame.K_UP, pygame.K_DOWN) and (
            self.focus.current is not self._keys and self.focus.dialog is None
        ):  # fmt: skip
            self.focus.move(1 if event.key == pygame.K_DOWN else -1)
            return
        cap = self.focus.current
        if isinstance(cap, KeyCap) and event.type == pygame.KEYDOWN and event.key == pygame.K_DELETE:
            self._rebind(cap.action, event)
            return
        super().handle(event)

    # -- how it stands --

    def enter(self) -> None:
        if self.focus.current is None:
            self.focus.give(self._tabs, ring=True)

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        self._back.put(theme, left=theme.px(14), centery=theme.px(28))
        self._tabs.put(theme, left=self._card(theme).left + theme.px(18), top=theme.px(80))
        common: list[Widget] = [self._back, self._tabs]
        if self.tab == len(self._pages):
            inner = self._inner(theme)
            self._all_back.put(theme, right=inner.right, bottom=inner.bottom)
            self._keys.rect = pygame.Rect(
                inner.x, inner.y, inner.width, self._all_back.rect.top - inner.y - theme.px(12)
            )
            self.focus.set([*common, self._keys, self._all_back])
            return
        rows = self._pages[self.tab]
        y = self._inner(theme).y
        for row in rows:
            row.control.put(theme, right=self._inner(theme).right, centery=y + theme.px(ROW) // 2)
            if isinstance(row.control, Toggle):
                row.control.rect.left = self._controls_left(theme)
            else:
                row.control.rect = pygame.Rect(
                    self._controls_left(theme), row.control.rect.y,
                    self._inner(theme).right - self._controls_left(theme), row.control.rect.height,
                )  # fmt: skip
            y += theme.px(ROW)
        self.focus.set([*common, *(row.control for row in rows)])

    def _card(self, theme: Theme) -> pygame.Rect:
        wide = min(self._size[0] - theme.px(32), theme.px(860))
        card = pygame.Rect(0, theme.px(68), wide, self._size[1] - theme.px(68 + 24))
        card.centerx = self._size[0] // 2
        return card

    def _inner(self, theme: Theme) -> pygame.Rect:
        card = self._card(theme)
        return pygame.Rect(
            card.x + theme.px(32),
            card.y + theme.px(58),
            card.width - theme.px(64),
            card.height - theme.px(88),
        )

    def _controls_left(self, theme: Theme) -> int:
        inner = self._inner(theme)
        return inner.right - min(theme.px(340), inner.width // 2)

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        surface.fill(palette.desk)
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(56))
        pygame.draw.rect(surface, palette.ink, bar)
        words.label(surface, theme, say("Settings"), bar, palette.on_ink, role="voice", size="head",
                    weight="bold", align="centre")  # fmt: skip
        draw.panel(surface, theme, self._card(theme), palette.card, radius=12, outline=palette.line, shadow=3)
        inner = self._inner(theme)
        line = pygame.Rect(inner.x, inner.y - theme.px(14), inner.width, max(1, theme.px(1)))
        pygame.draw.rect(surface, palette.line, line)
        if self.tab == len(self._pages):
            self._paint_told(surface, theme, inner)
            return
        y = inner.y
        for row in self._pages[self.tab]:
            place = pygame.Rect(
                inner.x, y, self._controls_left(theme) - inner.x - theme.px(16), theme.px(ROW)
            )
            if row.detail:
                title = words.prose(theme, row.title, place.width, palette.ink, weight="bold")
                detail = words.prose(theme, row.detail, place.width, palette.muted, size="small")
                top = place.centery - (title.height + detail.height) // 2
                title.draw(surface, (place.x, top))
                detail.draw(surface, (place.x, top + title.height))
            else:
                words.label(surface, theme, row.title, place, palette.ink, weight="bold")
            y += theme.px(ROW)
        if self.tab == 0:
            self._paint_sample(surface, theme, pygame.Rect(inner.x, y, inner.width, inner.bottom - y))

    def _paint_sample(self, surface: pygame.Surface, theme: Theme, room: pygame.Rect) -> None:
        """The colours that matter: sixteen clerks, a passed and a refused stamp."""
        if room.height < theme.px(96):
            return
        palette = theme.palette
        box = pygame.Rect(
            room.x, room.y + theme.px(14), room.width, min(room.height - theme.px(14), theme.px(110))
        )
        draw.panel(surface, theme, box, palette.paper, radius=9, outline=palette.line)
        step, row = theme.px(46), theme.px(48)
        for number in range(len(theme.looks)):
            look = theme.clerk(number)
            x = box.x + theme.px(34) + number % 8 * step
            y = box.centery - row // 2 + number // 8 * row - theme.px(2)
            icons.clerk_mark(surface, theme, (x, y - theme.px(9)), look, 20)
            bar = pygame.Rect(x - theme.px(17), y + theme.px(6), theme.px(34), theme.px(13))
            draw.clerk_bar(surface, theme, bar, look)
        right = box.right - theme.px(18)
        for word, ink in ((say("REFUSED"), palette.post), (say("PASSED"), palette.teal)):
            made = icons.stamp(theme, word, ink, size=15, tilt=5)
            place = made.get_rect(right=right, centery=box.centery)
            if place.left > box.x + theme.px(34) + 8 * step:
                surface.blit(made, place)
            right = place.left - theme.px(8)

    def _paint_told(self, surface: pygame.Surface, theme: Theme, inner: pygame.Rect) -> None:
        told = self._told or say("Choose an action, press Enter, then the key that shall do it.")
        place = pygame.Rect(
            inner.x, self._all_back.rect.y, self._all_back.rect.left - inner.x - theme.px(12), 0
        )
        place.height = self._all_back.rect.height
        ink = theme.palette.brass_ink if self._told else theme.palette.muted
        laid = words.prose(theme, told, place.width, ink, size="small")
        laid.draw(surface, (place.x, place.centery - laid.height // 2))

    def _paint_keys(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        palette, y = theme.palette, rect.y
        high = max(theme.px(36), theme.line_height() + theme.px(8))
        for place_name, title in PLACES.items():
            head = pygame.Rect(rect.x, y, rect.width, high)
            words.label(surface, theme, title, head, palette.post, weight="bold")
            y += high
            for action in ACTIONS:
                if action.place != place_name:
                    continue
                cap = self._caps[action.name]
                wide = min(rect.width // 2, theme.px(200))
                cap.rect = pygame.Rect(
                    rect.right - wide - theme.px(8), y + theme.px(3), wide, high - theme.px(6)
                )
                cap.draw(surface, theme)
                text = pygame.Rect(rect.x + theme.px(12), y, cap.rect.left - rect.x - theme.px(24), high)
                also = [key.said for key in theme.bindings.keys(action)[1:2]]
                does = (
                    say("{does} (also {key})", does=action.does, key=joined(", ", also))
                    if also
                    else action.does
                )
                words.label(surface, theme, does, text, palette.ink)
                y += high
            y += theme.px(8)
        return y - rect.y


def _percent(part: float) -> str:
    return f"{round(part * 100)} %"


def _scale_words(scale: float) -> str:
    return _percent(scale) if scale else say("fits the window")
