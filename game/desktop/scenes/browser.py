"""The level browser: all packs and the player's own levels, to search, to filter and to read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pygame

from game.desktop import draw, icons, words
from game.desktop.app import Event
from game.desktop.fields import TextField
from game.desktop.house import MODES, House
from game.desktop.scenes.levels import HEADER, best_of, draw_star
from game.desktop.scenes.room import Room, Shortcut
from game.desktop.theme import Theme
from game.desktop.widgets import Button, IconButton, Key, Pressable, ScrollArea, Tabs
from game.language import Said, joined, say, say_many
from game.library import Entry, own_entry, own_shelves, pack_entries

ROW: Final = 46
PER_FRAME: Final = 4
"""Own levels read whole between two frames."""


class LevelRow(Pressable):
    """One level in the list."""

    radius = 8

    def __init__(self, scene: BrowserScene, entry: Entry) -> None:
        super().__init__(lambda: scene.open(entry))
        self.scene = scene
        self.entry = entry

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect, entry = theme.palette, self.rect, self.entry
        chosen = self.scene.shown is self
        ground = palette.card if chosen else palette.hover if self.hovered else None
        if ground is not None:
            rim = palette.post if chosen else None
            draw.panel(surface, theme, rect, ground, radius=8, outline=rim, width=1.5)
        number = pygame.Rect(rect.x + theme.px(12), rect.y, theme.px(58), rect.height)
        if entry.problems:
            icons.put_icon(
                surface, theme, "warning", (number.x + theme.px(12), rect.centery), 20, palette.post
            )
        else:
            words.label(
                surface, theme, entry.id, number, palette.post, role="voice", size="lead", weight="bold"
            )
        level = self.scene.house.progress.of(entry.key)
        right = rect.right - theme.px(14)
        if level.solved:
            for at in range(3):
                spot = (right - theme.px(8 + 18 * (2 - at)), rect.centery)
                draw_star(surface, theme, spot, 17, got=at < level.stars)
            right -= theme.px(62)
        mode = MODES.get(entry.glance.mode, say(""))
        wide = theme.width(mode, size="small")
        place = pygame.Rect(right - wide, rect.y, wide + theme.px(4), rect.height)
        words.label(surface, theme, mode, place, palette.muted, size="small")
        title = pygame.Rect(number.right, rect.y, place.x - theme.px(10) - number.right, rect.height)
        ink = palette.post_deep if entry.problems else palette.ink
        words.label(surface, theme, say(entry.title), title, ink, weight="bold")


class BrowserScene(Room):
    """Packs and own levels, one list; what is chosen is told on the right."""

    shortcuts = (
        (
            say("In the list"),
            (
                Shortcut("↑ ↓", say("the level before, after")),
                Shortcut(say("Enter"), say("into the level")),
                Shortcut(say("Ctrl+F"), say("search")),
                Shortcut("F5", say("read the files again")),
            ),
        ),
    )

    def __init__(self, house: House, *, read_at_once: bool = False) -> None:
        super().__init__(house)
        self._read_at_once = read_at_once
        self._entries: list[Entry] = []
        self._rows: dict[Path, LevelRow] = {}
        self._shelves: list[tuple[str, list[LevelRow]]] = []
        self._unread: Iterator[tuple[Path, str]] = iter(())
        self._reading = False
        self._chosen: LevelRow | None = None
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
        self._side = ScrollArea(self._paint_side)
        self._open = Button(say("Open"), self._open_chosen, style="primary", icon="play")
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
                self._reload,
                self._help,
                self._search,
                self._tabs,
                self._list,
                self._side,
                self._open,
                self._build_on,
                self._build,
            ]
        )

    # -- the entries --

    def enter(self) -> None:
        if not self._rows:
            self.reload()

    def reload(self) -> None:
        """Look at all files anew."""
        self._entries = pack_entries(self.house.campaigns)
        self._unread = own_shelves(self.house.folder) if self.house.folder else iter(())
        self._reading = True
        while self._read_at_once and self._read_one():
            pass
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
        return changed

    def _sift(self) -> None:
        """The rows that fit the search, each the same widget as before while its level is the same."""
        text, mode = self._search.text, self._modes[self._tabs.current]
        shelves: dict[str, list[LevelRow]] = {}
        rows: dict[Path, LevelRow] = {}
        for entry in self._entries:
            if entry.path in rows or not entry.fits(text, mode):
                continue
            row = self._rows.get(entry.path)
            if row is None or row.entry != entry:
                row = LevelRow(self, entry)
            rows[entry.path] = row
            shelves.setdefault(entry.shelf, []).append(row)
        self._rows, self._shelves = rows, list(shelves.items())
        if self._chosen is not None:
            self._chosen = rows.get(self._chosen.entry.path)
        if self._chosen is None:
            self._chosen = next(iter(rows.values()), None)
        current = self.focus.current
        if isinstance(current, LevelRow) and rows.get(current.entry.path) is not current:
            self.focus.give(self._chosen)

    def _shown_rows(self) -> list[LevelRow]:
        return [row for _, rows in self._shelves for row in rows]

    @property
    def shown(self) -> LevelRow | None:
        """The row the right side tells of."""
        if isinstance(self.focus.current, LevelRow):
            self._chosen = self.focus.current
        return self._chosen

    # -- what the player does --

    def open(self, entry: Entry) -> None:
        """Into a level. One that is broken shows its problems in full, and is read again when it changes."""
        self._chosen = self._rows.get(entry.path)
        from game.desktop.scenes.workshop import open_level

        open_level(self.app, self.house, entry.path, watch=bool(entry.problems))

    def _open_chosen(self) -> None:
        if self.shown is not None:
            self.open(self.shown.entry)

    def _build_chosen(self) -> None:
        from game.desktop.scenes.free_play import build_on

        if self.shown is not None:
            build_on(self.app, self.house, self.shown.entry.path)

    def _free_play(self) -> None:
        from game.desktop.scenes.free_play import open_free_play

        open_free_play(self.app, self.house)

    @property
    def _is_own(self) -> bool:
        """Whether the level shown lies in the player's own folder."""
        folder = self.house.folder
        return bool(folder and self.shown and self.shown.entry.path.is_relative_to(folder))

    def handle(self, event: Event) -> None:
        if self.focus.dialog is None and event.type == pygame.KEYDOWN:
            if Key(pygame.K_f, pygame.KMOD_CTRL).fits(event):
                self.focus.give(self._search, ring=True)
                return
            current = self.focus.current
            listed = current is self._search or current is None or isinstance(current, LevelRow)
            if listed and event.key in (pygame.K_UP, pygame.K_DOWN):
                self._move(1 if event.key == pygame.K_DOWN else -1)
                return
            if current is self._search and event.key == pygame.K_RETURN:
                self._open_chosen()
                return
        super().handle(event)

    def _move(self, by: int) -> None:
        rows, current = self._shown_rows(), self.focus.current
        if not rows:
            return
        at = rows.index(current) + by if isinstance(current, LevelRow) and current in rows else 0
        if at < 0:
            self.focus.give(self._search, ring=True)
            return
        row = rows[min(at, len(rows) - 1)]
        self.focus.give(row, ring=True)
        self._list.reveal(row)

    # -- drawing --

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        header, margin = theme.px(HEADER), theme.px(24)
        self._back.put(theme, left=theme.px(14), centery=header // 2)
        self._help.put(theme, right=window.right - theme.px(14), centery=header // 2)
        self._reload.put(theme, right=self._help.rect.left - theme.px(4), centery=header // 2)
        self._search.put(theme, left=margin, top=header + theme.px(16))
        self._search.rect.width = min(self._search.rect.width, window.width - 2 * margin)
        tabs = self._tabs.size(theme)[0]
        if self._search.rect.right + theme.px(16) + tabs <= window.right - margin:
            self._tabs.put(
                theme, left=self._search.rect.right + theme.px(16), centery=self._search.rect.centery
            )
        else:
            self._tabs.put(theme, left=margin - theme.px(14), top=self._search.rect.bottom + theme.px(6))
        top = max(self._tabs.rect.bottom, self._search.rect.bottom) + theme.px(12)
        side = max(theme.px(270), round((window.width - 3 * margin) * 0.36))
        self._list.rect = pygame.Rect(
            margin, top, window.width - 3 * margin - side, window.bottom - top - theme.px(8)
        )
        self._card = pygame.Rect(window.right - margin - side, top, side, window.bottom - top - margin)
        self._open.put(theme, right=self._card.right - theme.px(20), bottom=self._card.bottom - theme.px(18))
        self._build_on.put(theme, right=self._open.rect.left - theme.px(10), centery=self._open.rect.centery)
        self._build.put(theme, right=self._reload.rect.left - theme.px(6), centery=header // 2)
        inner = self._card.inflate(-theme.px(40), 0)
        inner.width += theme.px(10)
        inner.top, inner.height = (
            self._card.top + theme.px(18),
            self._open.rect.top - self._card.top - theme.px(26),
        )
        self._side.rect = inner

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        surface.fill(palette.paper)
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(HEADER))
        surface.fill(palette.ink, bar)
        place = pygame.Rect(self._back.rect.right + theme.px(10), 0, bar.width // 2, bar.height)
        words.label(
            surface, theme, say("All levels"), place, palette.on_ink, role="voice", size="head", weight="bold"
        )
        count = say_many("{count} level", "{count} levels", len(self._rows))
        told = say("reading …") if self._reading else count
        place = pygame.Rect(bar.centerx, 0, self._build.rect.left - theme.px(16) - bar.centerx, bar.height)
        words.label(surface, theme, told, place, palette.on_ink_muted, size="small", align="right")
        draw.panel(surface, theme, self._card, palette.card, radius=12, outline=palette.line, shadow=2)
        self._open.visible = self.shown is not None
        self._build_on.visible = self._is_own

    def _paint_list(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        palette, y = theme.palette, rect.y
        for shelf, rows in self._shelves:
            head = pygame.Rect(rect.x, y, rect.width - theme.px(8), theme.px(34))
            place = words.label(
                surface,
                theme,
                _shelf_name(shelf),
                head,
                palette.ink,
                role="voice",
                size="lead",
                weight="bold",
            )
            rule = place.right + theme.px(14)
            surface.fill(palette.desk_line, (rule, head.centery, max(0, head.right - rule), theme.px(1)))
            y = head.bottom + theme.px(2)
            for row in rows:
                row.rect = pygame.Rect(rect.x, y, head.width, theme.px(ROW))
                row.draw(surface, theme)
                y += theme.px(ROW + 2)
            y += theme.px(12)
        if not self._shelves and not self._reading:
            nothing = say("No level fits this search.") if self._entries else say("There are no levels here.")
            words.write(surface, theme, nothing, rect.move(0, theme.px(16)), palette.muted)
        if self.house.folder is not None:
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
        palette, entry, y = theme.palette, row.entry, rect.y

        def write(text: str, gap: float, **how: object) -> None:
            nonlocal y
            ink = how.pop("ink", palette.ink)
            y += words.write(surface, theme, text, pygame.Rect(rect.x, y, rect.width, 0), ink, **how)  # type: ignore[arg-type]
            y += theme.px(gap)

        write(say(entry.title), 4, role="voice", size="title", weight="bold")
        level = self.house.progress.of(entry.key)
        if not entry.problems:
            write(self._facts(entry), 10, ink=palette.muted, size="small")
            write(say(entry.glance.objective), 10)
            if entry.glance.teaches:
                taught = say(
                    "Teaches:  {subjects}",
                    subjects=joined(", ", [say(subject) for subject in entry.glance.teaches]),
                )
                write(taught, 10, ink=palette.brass_ink, size="small")
            if (best := best_of(level)) is not None:
                write(say("Your best:  {best}", best=best), 10, ink=palette.teal, size="small")
        else:
            count = say_many("{count} thing to mend in this file:", "{count} things to mend in this file:",
                             len(entry.problems))  # fmt: skip
            write(count, 8, ink=palette.post_deep, weight="bold")
            for problem in entry.problems[:20]:
                spot = ":".join(
                    str(n) for n in (entry.path.name, problem.place.line, problem.place.column) if n
                )
                write(f"`{spot}`", 1, size="small", code=palette.brass_ink)
                told = joined(": ", [part for part in (problem.path, problem.message) if part])
                write(told, 9, size="small")
        if not any(entry.shelf == campaign.title for campaign in self.house.campaigns):
            write(f"`{entry.path}`", 4, ink=palette.muted, size="caption", code=palette.muted)
        return y - rect.y

    def _facts(self, entry: Entry) -> Said:
        level, mode = self.house.progress.of(entry.key), MODES.get(entry.glance.mode, say(""))
        if not level.attempts:
            return say("{id}   ·   {mode}", id=entry.id, mode=mode)
        tries = say_many("{count} attempt", "{count} attempts", level.attempts)
        return say("{id}   ·   {mode}   ·   {attempts}", id=entry.id, mode=mode, attempts=tries)


def _shelf_name(shelf: str) -> Said:
    if not shelf:
        return say("Opened from elsewhere")
    first, *rest = shelf.split("/")
    if first != "levels":
        return say(shelf)
    return say("Your levels: {folder}", folder="/".join(rest)) if rest else say("Your levels")
