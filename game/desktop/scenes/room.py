"""What every scene of the game has: the house, a look that fits its window, settings and help over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final, NamedTuple

import pygame

from game.desktop import draw, words
from game.desktop.app import Event, Scene
from game.desktop.glossary_panel import glossary
from game.desktop.house import House
from game.desktop.keys import BY_NAME
from game.desktop.settings import SCALES
from game.desktop.sounds import Name
from game.desktop.theme import SMALLEST, Theme
from game.desktop.widgets import Button, Dialog, ScrollArea
from game.language import joined, say

LEAST: Final = (760, 470)
"""The smallest window, in lengths of the design, a scene can be laid out in. A scale that would make it
smaller is not taken in full."""

LEAST_PART: Final = 0.7
"""As small as the sheet of keys is made to fit in its window, beside everything else."""

MARGIN: Final = 10

HELP_KEYS: Final = BY_NAME["help"].keys
MUTE_KEYS: Final = BY_NAME["mute"].keys
GLOSSARY_KEYS: Final = BY_NAME["glossary"].keys


class Shortcut(NamedTuple):
    """A line of the help sheet: keys that are always the same, or those of some actions, as they are now."""

    keys: str
    does: str
    actions: tuple[str, ...] = ()

    def caps(self, theme: Theme) -> str:
        if not self.actions:
            return self.keys
        return joined(", ", [theme.bindings.key(name).said for name in self.actions])


def does(text: str, *actions: str) -> Shortcut:
    """A line about some actions."""
    return Shortcut("", text, actions)


GENERAL: Final = (
    Shortcut(say("Tab, Shift+Tab"), say("next, previous thing")),
    Shortcut(say("Enter, Space"), say("press it")),
    Shortcut(say("Esc"), say("back")),
    does(say("larger, smaller"), "larger", "smaller"),
    does(say("original size"), "original size"),
    does(say("full screen"), "full screen"),
    does(say("sounds off, on"), "mute"),
    does(say("the glossary"), "glossary"),
    does(say("this sheet (or ?)"), "help"),
)


def natural_scale(size: tuple[int, int]) -> float:
    """The scale a window of this size asks for, when the player has not chosen one."""
    fitting = min(size[0] / 1280, size[1] / 720)
    return max([scale for scale in SCALES if scale <= fitting + 0.01], default=SCALES[0])


class Room(Scene):
    """A scene in the house."""

    shortcuts: Sequence[tuple[str, Sequence[Shortcut]]] = ()
    """Columns of the help sheet, besides the general one."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house
        self._size = (1280, 720)
        self._base: Theme | None = None
        self._fitted: Theme | None = None
        self._drawn = False

    @property
    def theme(self) -> Theme:
        base = super().theme
        scale = min(base.scale, self._size[0] / LEAST[0], self._size[1] / LEAST[1])
        if scale >= base.scale - 0.001:
            return base
        if self._fitted is None or self._base is not base or abs(self._fitted.scale - scale) > 0.001:
            self._base, self._fitted = base, base.scaled(scale)
        return self._fitted

    def layout(self, size: tuple[int, int]) -> None:
        self._size = size
        if self._app is not None and not self.house.settings.scale:
            scale = natural_scale(size)
            if abs(scale - self._app.theme.scale) > 0.001:
                self._app.theme = self._app.theme.scaled(scale)
        self.place(self.theme, pygame.Rect((0, 0), size))

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        """Put the widgets where they belong."""

    def update(self, dt: float) -> bool:
        if self._drawn:
            # Only now: the first picture must not wait for processes to start.
            self.house.open_helpers()
        while self.house.notices and self._app is not None:
            self.app.toast(self.house.notices.pop(0), sign="warning", seconds=9)
        return super().update(dt)

    def draw(self, surface: pygame.Surface) -> None:
        self.paint(surface, self.theme)
        self.focus.draw(surface, self.theme)
        self._drawn = True

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        """Draw what is under the widgets."""
        surface.fill(theme.palette.paper)

    def handle(self, event: Event) -> None:
        if event.type == pygame.DROPFILE and self.focus.dialog is None:
            self.dropped(Path(event.file))
            return
        closed = self.focus.dialog is None
        if closed and any(key.fits(event) for key in HELP_KEYS):
            self.show_help()
            return
        if closed and any(key.fits(event) for key in MUTE_KEYS):
            self._mute()
            return
        if closed and any(key.fits(event) for key in GLOSSARY_KEYS):
            self.show_glossary(self.term_in_hand())
            return
        taken = self.focus.handle(event)
        if closed and not taken and event.type == pygame.TEXTINPUT and event.text == "?":
            self.show_help()
        if closed and not taken and event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
            self.escape()

    def escape(self) -> None:
        """What Esc does where nobody else wants it."""
        self.back()

    def _mute(self) -> None:
        muted = not self.house.settings.muted
        self.house.set(replace(self.house.settings, muted=muted))
        self.app.toast(say("Sounds are off") if muted else say("Sounds are on"), seconds=1.5)

    def hear(self, name: Name) -> None:
        """Let a sound be heard, in a window."""
        if self._app is not None:
            self.app.sounds.play(name, self.house.settings)

    def dropped(self, path: Path) -> None:
        """A file was let fall on the window: a level is opened, anything else may be somebody's progress."""
        if path.suffix in (".yaml", ".yml"):
            from game.desktop.scenes.workshop import open_level

            self.house.note_opened(path)
            open_level(self.app, self.house, path)
            return
        from game.desktop.scenes.progress import ProgressScene

        scene = ProgressScene(self.house)
        self.app.push(scene)
        scene.dropped(path)

    def back(self) -> None:
        """What Escape does."""
        self.app.pop()

    def back_to_levels(self) -> None:
        """Away from a level; one opened from the command line has the list of levels behind it."""
        if len(self.app.scenes) > 1:
            self.app.pop()
            return
        self.to_the_map()

    def to_the_map(self) -> None:
        """Away from a level, to the map of them all; back to what it was chosen from, if that was a list."""
        from game.desktop.scenes.levels import LevelsScene
        from game.desktop.scenes.title import TitleScene

        if len(self.app.scenes) > 1 and not isinstance(self.app.scenes[-2], TitleScene):
            self.app.pop()
        else:
            self.app.replace(LevelsScene(self.house))

    # -- help and settings --

    def show_help(self) -> None:
        columns = [[group] for group in self.shortcuts] or [[]]
        columns[-1] = [*columns[-1], (say("Everywhere"), GENERAL)]
        theme = self.theme
        said_above = round(theme.px(64) * theme.text_scale)
        room = (self._size[0] - theme.px(32 + 58), self._size[1] - theme.px(144) - said_above)
        close = Button(say("Close"), self._close_dialog, style="primary")
        sheet = KeySheet(columns, room)
        buttons = [close, *self.help_buttons()]
        text = say("Everything can be done without a mouse.")
        dialog = Dialog(say("Keys"), text, buttons, body=sheet, leave=close)
        sheet.size(theme)
        if sheet.focusable:
            dialog.focus.give(sheet, ring=True)
        self.focus.open(dialog)

    def help_buttons(self) -> list[Button]:
        """What else the help offers here."""
        return []

    def term_in_hand(self) -> str:
        """The entry of the glossary that belongs to what the player is at, or ""."""
        return ""

    def show_glossary(self, key: str = "", then: Callable[[], object] | None = None) -> None:
        """The glossary, open at an entry. `then` is done when it is closed."""
        theme = self.theme
        room = (self._size[0] - theme.px(32 + 58), self._size[1] - theme.px(210))

        def close() -> None:
            self._close_dialog()
            if then is not None:
                then()

        self.focus.open(glossary(key, room, theme.said, self._open_page, close))

    def _open_page(self, address: str) -> None:
        """Python's documentation in the player's browser; never without a window."""
        if self._app is None or self.app.headless:
            return
        import webbrowser

        if not webbrowser.open(address):
            self.app.toast(say("No browser could be opened: {address}", address=address), sign="warning")

    def show_settings(self) -> None:
        """The settings, over this scene."""
        from game.desktop.scenes.settings import SettingsScene

        self.app.push(SettingsScene(self.house))

    def _close_dialog(self) -> None:
        self.focus.close()
        if self._app is not None:
            self.app.invalidate()


Group = tuple[str, Sequence[Shortcut]]


class KeySheet(ScrollArea):
    """Columns of keys and what they do, made small enough for their window: where the letters would be too
    small, in fewer columns, and where there is too little room for these, to be scrolled."""

    def __init__(self, columns: Sequence[Sequence[Group]], room: tuple[int, int]) -> None:
        super().__init__(self._paint)
        self.columns = self._given = columns
        self._room = room

    def _widths(self, theme: Theme) -> list[tuple[int, int]]:
        """For each column the room its keys and its words need."""
        found = []
        for groups in self.columns:
            rows = [one for _, shortcuts in groups for one in shortcuts]
            keys = max(theme.width(one.caps(theme), "code", "caption", "bold") for one in rows) + theme.px(24)
            does = max(theme.width(one.does, size="small") for one in rows)
            found.append((keys, does))
        return found

    def _natural(self, theme: Theme) -> tuple[int, int]:
        wide = sum(keys + does for keys, does in self._widths(theme))
        high = max(sum(len(rows) * 27 + 42 for _, rows in groups) for groups in self.columns)
        return wide + theme.px(36) * (len(self.columns) - 1) + theme.px(4), theme.px(high - 12)

    def _fitted(self, theme: Theme) -> Theme:
        """How large it is drawn; which columns there are is settled with it."""
        if self._settled is None or self._settled[0] is not theme:
            self._settled = theme, self._settle(theme)
        return self._settled[1]

    _settled: tuple[Theme, Theme] | None = None

    def _settle(self, theme: Theme) -> Theme:
        groups = [group for column in self._given for group in column]
        tried = [self._given, *_in_fewer(groups)]
        least = max(LEAST_PART, SMALLEST / theme.scale)
        room, high = self._room
        self.focusable = False
        for columns in tried:
            self.columns = columns
            wanted = self._natural(theme)
            part = min(1.0, room / wanted[0], high / wanted[1])
            if part * 0.99 >= least or part == 1.0:
                return theme if part == 1.0 else theme.scaled(theme.scale * part * 0.99)
        self.focusable = True
        for columns in tried:
            self.columns = columns
            part = min(1.0, 0.98 * (room - theme.px(MARGIN + 20)) / self._natural(theme)[0])
            if part >= least:
                break
        return theme.scaled(theme.scale * part)

    def size(self, theme: Theme) -> tuple[int, int]:
        wide, high = self._natural(self._fitted(theme))
        return (wide + theme.px(MARGIN + 20), self._room[1]) if self.focusable else (wide, high)

    def _paint(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        x = rect.x + theme.px(MARGIN) * self.focusable  # which has a ring
        theme = self._fitted(theme)
        palette = theme.palette
        for groups, (keys, does) in zip(self.columns, self._widths(theme), strict=True):
            y = rect.y
            for title, shortcuts in groups:
                head = pygame.Rect(x, y, keys + does, theme.px(24))
                words.label(surface, theme, title, head, palette.post, size="small", weight="bold")
                y += theme.px(30)
                for one in shortcuts:
                    cap = theme.text(one.caps(theme), palette.ink, "code", "caption", "bold")
                    box = pygame.Rect(x, y + theme.px(2), cap.get_width() + theme.px(14), theme.px(22))
                    draw.panel(surface, theme, box, palette.hover, radius=5, outline=palette.line)
                    surface.blit(cap, cap.get_rect(center=box.center))
                    place = pygame.Rect(x + keys, y, does + theme.px(6), theme.px(26))
                    words.label(surface, theme, one.does, place, palette.ink, size="small")
                    y += theme.px(27)
                y += theme.px(12)
            x += keys + does + theme.px(36)
        return self._natural(theme)[1] if self.focusable else self.rect.height


def _in_fewer(groups: Sequence[Group]) -> list[list[Sequence[Group]]]:
    """The groups in fewer columns and fewer, in their order, each time with columns as alike as can be."""
    found = []
    for count in range(len(groups) - 2, 0, -1):
        ways = [
            [groups[start:end] for start, end in pairwise((0, *cuts, len(groups)))]
            for cuts in combinations(range(1, len(groups)), count - 1)
        ]
        found.append(min(ways, key=lambda way: max(sum(len(rows) + 1.5 for _, rows in one) for one in way)))
    return found
