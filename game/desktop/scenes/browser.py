"""The level browser: all packs and the player's own levels, to search, to filter and to read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pygame

from game.campaign import Campaign
from game.desktop import draw, words
from game.desktop.app import Event
from game.desktop.fields import TextField
from game.desktop.house import MODES, House
from game.desktop.preview import NATURAL, Preview, subject_of
from game.desktop.scenes.level_sheet import LevelSheet
from game.desktop.scenes.levels import HEADER, LevelsScene
from game.desktop.scenes.room import Room, Shortcut
from game.desktop.scenes.shelves import LevelRow, Shelf, paint_shelf, shelved, stand
from game.desktop.theme import Theme
from game.desktop.widgets import Button, IconButton, Key, ScrollArea, Tabs
from game.language import Said, say, say_many
from game.library import Entry, own_entry, own_shelves, pack_entries

PER_FRAME: Final = 4
"""Own levels read whole between two frames."""


class BrowserScene(Room):
    """Packs and own levels, one list; what is chosen is seen and told on the right. Typing searches."""

    shortcuts = (
        (
            say("In the list"),
            (
                Shortcut("↑ ↓", say("the level before, after")),
                Shortcut(say("Page ↑ ↓"), say("to the chapter before, after")),
                Shortcut(say("Home, End"), say("to the first level, the last")),
                Shortcut(say("Enter"), say("into the level")),
                Shortcut(say("Letters"), say("search")),
                Shortcut(say("Ctrl+F"), say("search")),
                Shortcut(say("Ctrl+L"), say("its place on the map")),
                Shortcut("F5", say("read the files again")),
            ),
        ),
    )

    def __init__(self, house: House, *, at: Path | None = None, read_at_once: bool = False) -> None:
        super().__init__(house)
        self._read_at_once = read_at_once
        self._entries: list[Entry] = []
        self._rows: dict[Path, LevelRow] = {}
        self._shelves: list[Shelf] = []
        self._unread: Iterator[tuple[Path, str]] = iter(())
        self._reading = False
        self._chosen: LevelRow | None = None
        self._wanted = at  # what was chosen by hand, also while a search leaves it out
        self._seen: LevelRow | None = None
        self._to_reveal = False
        self._card = pygame.Rect(0, 0, 1, 1)
        self._back = IconButton("back", self.back, tip=say("Back"), style="bar")
        self._help = IconButton("help", self.show_help, tip=say("Keys"), style="bar")
        self._reload = IconButton(
            "retry", self.reload, tip=say("Read the files again"), style="bar", keys=(Key(pygame.K_F5),)
        )
        self._modes = ("", *MODES)
        self._search = TextField(
            hint=say("Search: a title, a number, a subject"), on_change=lambda _: self._sift(), width=330
        )
        self._tabs = Tabs([say("All"), *MODES.values()], lambda _: self._sift())
        self._list = ScrollArea(self._paint_list, self._shown_rows)
        self._list.focusable = False
        self._preview = Preview(house.offices, self._open_chosen, at_once=read_at_once)
        self._side = ScrollArea(self._paint_side)
        self._open = Button(say("Open"), self._open_chosen, style="primary", icon="play")
        self._map = Button(
            say("On the map"), self.show_on_map, icon="flag", tip=say("Its place on the map"),
            keys=(Key(pygame.K_l, pygame.KMOD_CTRL),),
        )  # fmt: skip
        self._build_on = Button(say("Build on it"), self._build_chosen, tip=say("Open it in free play"))
        self._build = Button(
            say("Free play"),
            self._free_play,
            style="bar",
            icon="plus",
            tip=say("Build an office from scratch"),
        )
        self.focus.set(
            [
                self._back,
                self._build,
                self._reload,
                self._help,
                self._search,
                self._tabs,
                self._list,
                self._preview,
                self._side,
                self._open,
                self._map,
                self._build_on,
            ]
        )

    # -- the entries --

    def enter(self) -> None:
        if not self._entries:
            self.reload()
        stand(self._rows.values(), self.house.campaigns, self.house.progress)
        self._seen = None  # its file may have been changed meanwhile

    def reload(self) -> None:
        """Look at all files anew."""
        self.house.read_packs()
        self._entries = pack_entries(self.house.campaigns)
        self._unread = own_shelves(self.house.folder) if self.house.folder else iter(())
        self._reading = True
        while self._read_at_once and self._read_one():
            pass
        self._seen = None
        self._sift()

    def _read_one(self) -> bool:
        """Read one more of the player's own levels; False when all are read."""
        found = next(self._unread, None)
        if found is None:
            self._reading = False
            return False
        self._entries.append(own_entry(*found, self.house.registry, self.house.campaigns))
        return True

    def update(self, dt: float) -> bool:
        changed = super().update(dt)
        if self._reading and self._drawn:
            for _ in range(PER_FRAME):
                if not self._read_one():
                    break
            self._sift()
            changed = True
        if self._to_reveal and self._drawn:
            self._reveal_chosen()
            changed = True
        return changed

    def _sift(self) -> None:
        """The rows that fit the search, each the same widget as before while its level is the same."""
        text, mode = self._search.text, self._modes[self._tabs.current]
        rows: dict[Path, LevelRow] = {}
        for entry in self._entries:
            if entry.path in rows or not entry.fits(text, mode):
                continue
            row = self._rows.get(entry.path)
            if row is None or row.entry != entry:
                row = LevelRow(entry, self._pressed)
            rows[entry.path] = row
        self._rows, self._shelves = rows, shelved(rows.values(), self.house.campaigns)
        stand(rows.values(), self.house.campaigns, self.house.progress)
        self._choose_again()

    def _choose_again(self) -> None:
        """Stay at what was chosen if it is still there; else take the first, or what is to be played next."""
        current, rows = self.focus.current, self._shown_rows()
        first = rows[0] if rows else None
        if self._wanted is None and (card := self.house.next_card()) is not None:
            self._wanted = card.path
        kept = self._rows.get(self._wanted, first) if self._wanted is not None else first
        self._choose(kept)
        if current is None or (isinstance(current, LevelRow) and current is not kept):
            self.focus.give(kept)

    def _shown_rows(self) -> list[LevelRow]:
        return [row for shelf in self._shelves for row in shelf.rows]

    @property
    def shown(self) -> LevelRow | None:
        """The row the right side tells of."""
        return self._chosen

    def _choose(self, row: LevelRow | None) -> None:
        """Tell of another row, and bring it into view."""
        if self._chosen is not None:
            self._chosen.chosen = False
        if row is not None:
            row.chosen = True
        self._to_reveal = row is not None and row is not self._chosen
        self._chosen = row

    def _reveal_chosen(self) -> None:
        """Bring the chosen row into view, with its shelf's head where it is the first."""
        self._to_reveal = False
        if self._chosen is not None:
            self._list.reveal(self._chosen)
            if self._chosen is self._shown_rows()[0]:
                self._list.offset = 0

    # -- what the player does --

    def _pressed(self, row: LevelRow) -> None:
        """A row was pressed: it is chosen, or opens where it is."""
        if row is self._chosen:
            self.open(row.entry)
            return
        self._wanted = row.entry.path
        self._choose(row)
        self.focus.give(row)

    def open(self, entry: Entry) -> None:
        """Into a level. One that is broken shows its problems in full, and is read again when it changes."""
        self._wanted = entry.path
        if entry.path in self._rows:
            self._choose(self._rows[entry.path])
        from game.desktop.scenes.workshop import open_level

        open_level(self.app, self.house, entry.path, watch=bool(entry.problems))

    def _open_chosen(self) -> None:
        if self.shown is not None:
            self.open(self.shown.entry)

    def _build_chosen(self) -> None:
        from game.desktop.scenes.free_play import build_on

        if self.shown is not None:
            build_on(self.app, self.house, self.shown.entry.path)

    def show_on_map(self) -> None:
        """The map of the pack the chosen level is one of, at its stop."""
        row, campaign = self.shown, self._campaign
        if row is None or campaign is None:
            return
        below = self.app.scenes[-2] if len(self.app.scenes) > 1 else None
        if isinstance(below, LevelsScene):
            below.show(campaign, row.entry.key)
            self.app.pop()
            return
        scene = LevelsScene(self.house, campaign)
        scene.show(campaign, row.entry.key)
        self.app.replace(scene)

    @property
    def _campaign(self) -> Campaign | None:
        """The pack of the level shown."""
        return next((shelf.campaign for shelf in self._shelves if self.shown in shelf.rows), None)

    def _free_play(self) -> None:
        from game.desktop.scenes.free_play import open_free_play

        open_free_play(self.app, self.house)

    @property
    def _is_own(self) -> bool:
        """Whether the level shown lies in the player's own folder."""
        folder = self.house.folder
        return bool(folder and self.shown and self.shown.entry.path.is_relative_to(folder))

    def escape(self) -> None:
        """First out of a search, then out of the scene."""
        if self._search.text:
            self._search.buffer.replace_all("")
            self._sift()
            self.focus.give(self._chosen, ring=self.focus.ring)
        else:
            self.back()

    def handle(self, event: Event) -> None:
        if self.focus.dialog is None and self._take(event):
            return
        super().handle(event)

    def _take(self, event: Event) -> bool:
        """The keys of the list, which the search field has as well, and letters, which are all its."""
        current = self.focus.current
        in_list = current is None or isinstance(current, LevelRow)
        if event.type == pygame.TEXTINPUT and in_list and event.text.strip(" ?"):
            self.focus.give(self._search, ring=True)
            return self._search.handle(event)
        if event.type != pygame.KEYDOWN:
            return False
        if Key(pygame.K_f, pygame.KMOD_CTRL).fits(event):
            self.focus.give(self._search, ring=True)
            return True
        if in_list and event.key == pygame.K_BACKSPACE and self._search.text:
            self.focus.give(self._search, ring=True)
            return self._search.handle(event)
        if current is self._search and event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            self._open_chosen()
            return True
        if not in_list and current is not self._search:
            return False
        return self._walk(event.key, in_list)

    def _walk(self, key: int, in_list: bool) -> bool:
        """Along the list by a key; False where it is none of these."""
        rows = self._shown_rows()
        at = rows.index(self._chosen) if self._chosen in rows else 0
        if not rows:
            return False
        if not in_list and key == pygame.K_DOWN:
            self._go(at)
        elif in_list and key in (pygame.K_UP, pygame.K_DOWN):
            if key == pygame.K_UP and at == 0:
                self.focus.give(self._search, ring=True)
            else:
                self._go(min(at + (1 if key == pygame.K_DOWN else -1), len(rows) - 1))
        elif key in (pygame.K_PAGEUP, pygame.K_PAGEDOWN):
            self._go(self._leap(at, 1 if key == pygame.K_PAGEDOWN else -1))
        elif in_list and key in (pygame.K_HOME, pygame.K_END):
            self._go(0 if key == pygame.K_HOME else len(rows) - 1)
        else:
            return False
        return True

    def _go(self, number: int) -> None:
        row = self._shown_rows()[number]
        self._wanted = row.entry.path
        self._choose(row)
        self.focus.give(row, ring=True)
        self._reveal_chosen()

    def _leap(self, at: int, by: int) -> int:
        """The number of the first row of the chapter after this one; before it, of this one or the last."""
        starts, count = [], 0
        for shelf in self._shelves:
            for chapter in shelf.chapters:
                starts.append(count)
                count += len(chapter.rows)
        if by > 0:
            return next((start for start in starts if start > at), count - 1)
        return max((start for start in starts if start < at), default=0)

    # -- drawing --

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        header, margin = theme.px(HEADER), theme.px(24)
        self._back.put(theme, left=theme.px(14), centery=header // 2)
        self._help.put(theme, right=window.right - theme.px(14), centery=header // 2)
        self._reload.put(theme, right=self._help.rect.left - theme.px(4), centery=header // 2)
        self._build.put(theme, right=self._reload.rect.left - theme.px(6), centery=header // 2)
        self._search.put(theme, left=margin, top=header + theme.px(16))
        hint = theme.width(self._search.hint, self._search.role, "small") + theme.px(24)
        self._search.rect.width = min(max(self._search.rect.width, hint), window.width - 2 * margin)
        tabs, left = self._tabs.size(theme)[0], self._search.rect.right + theme.px(16)
        if left + tabs <= window.right - margin:
            self._tabs.put(theme, left=left, centery=self._search.rect.centery)
        else:
            self._tabs.put(theme, left=margin - theme.px(14), top=self._search.rect.bottom + theme.px(6))
            self._tabs.rect.width = min(self._tabs.rect.width, window.width - 2 * margin)
        top = max(self._tabs.rect.bottom, self._search.rect.bottom) + theme.px(12)
        side = min(theme.px(980), max(theme.px(300), round((window.width - 3 * margin) * 0.42)))
        self._list.rect = pygame.Rect(
            margin, top, window.width - 3 * margin - side, window.bottom - top - theme.px(8)
        )
        self._card = pygame.Rect(window.right - margin - side, top, side, window.bottom - top - margin)
        self._place_card(theme)

    def _place_card(self, theme: Theme) -> None:
        """The preview at the top of the card, the buttons at its foot, the rest between them."""
        card, pad = self._card, theme.px(18)
        self._open.put(theme, right=card.right - pad, bottom=card.bottom - theme.px(16))
        self._map.put(theme, right=self._open.rect.left - theme.px(10), centery=self._open.rect.centery)
        wide = card.width - 2 * pad
        high = min(round(wide * NATURAL[1] / NATURAL[0]), round(card.height * 0.44))
        high = max(min(high, card.height - theme.px(240)), theme.px(104))
        self._preview.rect = pygame.Rect(card.x + pad, card.y + pad, wide, high)
        self._preview.visible = self.shown is not None and not self.shown.entry.problems
        top = self._preview.rect.bottom + theme.px(14) if self._preview.visible else card.y + pad
        room = self._open.rect.top - theme.px(10) - top
        self._side.rect = pygame.Rect(card.x + pad, top, wide + theme.px(10), room)

    def _look(self, theme: Theme) -> None:
        """Have the card show what is chosen now."""
        if self._seen is not self._chosen or self._chosen is None:
            self._seen = row = self._chosen
            self._side.offset = 0
            told = row is not None and not row.entry.problems
            self._preview.show(subject_of(row.entry.path) if row is not None and told else None)
            self._place_card(theme)
        self._open.visible = self.shown is not None
        self._map.visible = self._campaign is not None
        beside = self._map if self._map.visible else self._open
        self._build_on.put(theme, right=beside.rect.left - theme.px(10), centery=self._open.rect.centery)
        self._build_on.visible = self._is_own and self._build_on.rect.left >= self._side.rect.left

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        self._look(theme)
        surface.fill(palette.paper)
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(HEADER))
        surface.fill(palette.ink, bar)
        place = pygame.Rect(self._back.rect.right + theme.px(10), 0, bar.width // 2, bar.height)
        words.label(
            surface, theme, say("All levels"), place, palette.on_ink, role="voice", size="head", weight="bold"
        )
        place = pygame.Rect(bar.centerx, 0, self._build.rect.left - theme.px(16) - bar.centerx, bar.height)
        words.label(surface, theme, self._count(), place, palette.on_ink_muted, size="small", align="right")
        draw.panel(surface, theme, self._card, palette.card, radius=12, outline=palette.line, shadow=2)
        if self.shown is not None:
            beside = [button for button in (self._map, self._build_on) if button.visible]
            left = min(button.rect.left for button in (self._open, *beside))
            foot = pygame.Rect(self._side.rect.x, self._open.rect.y, 0, self._open.rect.height)
            foot.width = left - theme.px(14) - foot.x
            name = self.shown.entry.path.name
            if theme.width(name, "code", "caption") <= foot.width:
                words.label(surface, theme, name, foot, palette.muted, role="code", size="caption")

    def _count(self) -> Said:
        if self._reading:
            return say("reading …")
        if len(self._rows) < len(self._entries):
            return say("{count} of {all} levels", count=len(self._rows), all=len(self._entries))
        return say_many("{count} level", "{count} levels", len(self._rows))

    def _paint_list(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        palette, y = theme.palette, rect.y
        for shelf in self._shelves:
            place = pygame.Rect(rect.x, y, rect.width - theme.px(8), 0)
            y += paint_shelf(surface, theme, shelf, place, self.house.progress)
        if not self._shelves and not self._reading:
            nothing = say("No level fits this search.") if self._entries else say("There are no levels here.")
            y += theme.px(16)
            y += words.write(surface, theme, nothing, pygame.Rect(rect.x, y, rect.width, 0), palette.muted)
            y += theme.px(16)
        if self.house.folder is not None and not self._search.text:
            hint = say("Your own levels: `draughty new` writes one; keep them in {folder}",
                       folder=f"`{self.house.folder / 'levels'}`")  # fmt: skip
            y += words.write(
                surface, theme, hint, pygame.Rect(rect.x, y, rect.width - theme.px(8), 0), palette.muted,
                size="small", code=palette.brass_ink,
            )  # fmt: skip
        return y - rect.y + theme.px(20)

    def _paint_side(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        row = self.shown
        if row is None:
            return 0
        sheet = LevelSheet(surface, theme, rect)
        if row.entry.problems:
            sheet.broken(row)
        else:
            office = self._preview.office
            pack = self._campaign
            sheet.level(row, office.level if office is not None else None, pack.author if pack else "")
        if self._campaign is None:
            path, folder = row.entry.path, self.house.folder
            inside = folder is not None and path.is_relative_to(folder)
            sheet.foot(f"`{path.relative_to(folder) if inside and folder else path}`")
        return sheet.height
