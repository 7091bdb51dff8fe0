"""All progress: how far the player is, level by level, what to play next; and to take it along in one file,
bring such a file in, or start over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pygame

from game.bundle import MOST_BYTES, Bundle, dump_bundle, read_bundle
from game.campaign import standing
from game.desktop import draw, words
from game.desktop.app import Event
from game.desktop.fields import Clipboard
from game.desktop.house import House
from game.desktop.path_field import PathField, completions
from game.desktop.preview import NATURAL, Preview, subject_of
from game.desktop.scenes.far import (
    ChapterCard,
    LevelCell,
    paint_attempts,
    paint_measure,
    paint_totals,
    totals,
)
from game.desktop.scenes.level_sheet import measures
from game.desktop.scenes.levels import HEADER
from game.desktop.scenes.room import Room, Shortcut
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Dialog, IconButton, ScrollArea
from game.files import write_whole
from game.history import Try
from game.language import Said, say, say_many

NAME: Final = "draughty-progress.json"
OUT: Final = say("Take it along")
IN: Final = say("Bring it in")
TOLD: Final = say(
    "One file with every star, answer and attempt; it can be let fall on this window. Tab completes a path."
)


class ProgressScene(Room):
    """A cell for each level; the chosen one, first that with the key `at` or what is next, is told beside.
    Out by a file or the clipboard; in by a file, the clipboard, or a file let fall on the window."""

    shortcuts = (
        (
            say("Levels"),
            (
                Shortcut("← →", say("the level before, after")),
                Shortcut("↑ ↓", say("the row above, below")),
                Shortcut(say("Enter"), say("into the level")),
            ),
        ),
    )

    def __init__(
        self, house: House, *, start: Path | None = None, at: str = "", at_once: bool = False
    ) -> None:
        super().__init__(house)
        self._clipboard = Clipboard()
        self._wanted = at
        self._tries: dict[str, list[Try]] = {}
        self._back = IconButton("back", self.back, tip=say("Back"), style="bar")
        self._help = IconButton("help", self.show_help, tip=say("Keys"), style="bar")
        self._chapters = [
            ChapterCard(number + 1, chapter, tuple(LevelCell(card, self._pressed) for card in chapter.levels))
            for campaign in house.campaigns
            for number, chapter in enumerate(campaign.chapters)
            if chapter.levels
        ]
        self._cells = [cell for chapter in self._chapters for cell in chapter.cells]
        self._chosen: LevelCell | None = None
        self._totals = pygame.Rect(0, 0, 1, 1)
        self._card = pygame.Rect(0, 0, 1, 1)
        self._foot = pygame.Rect(0, 0, 1, 1)
        self._list = ScrollArea(self._paint_list, lambda: self._cells)
        self._list.focusable = False
        self._side = ScrollArea(self._paint_side)
        self._at_once = at_once
        self._resting: LevelCell | None = None
        self._rested = 0.0
        self._preview = Preview(house.offices, self.play, at_once=at_once)
        self._play = Button(say("Play"), self.play, style="primary", icon="play")
        self._saves = Button(say("Saves"), self.show_saves, icon="drawers")
        usual = str((start or Path.home()) / NAME)
        self._out = PathField(usual, on_enter=lambda _: self.write_file())
        self._in = PathField(usual, on_enter=lambda _: self.read_file())
        self._write = Button(say("Write the file"), self.write_file, icon="document")
        self._copy = Button(
            say("Copy"), self.copy, style="ghost", tip=say("All progress as text, on the clipboard")
        )
        self._read = Button(say("Read the file"), self.read_file, icon="document")
        self._paste = Button(
            say("Paste"), self.paste, style="ghost", tip=say("Progress that is on the clipboard as text")
        )
        self._over = Button(
            say("Start over …"), self._ask_over, icon="retry",
            tip=say("As if you had never played. A backup is kept."),
        )  # fmt: skip
        self.focus.set(
            [
                self._back,
                self._help,
                self._list,
                self._side,
                self._preview,
                self._saves,
                self._play,
                self._out,
                self._write,
                self._copy,
                self._in,
                self._read,
                self._paste,
                self._over,
            ]
        )

    # -- the levels --

    def enter(self) -> None:
        self._tries.clear()
        self._stand()
        if self._chosen is None and self._cells:
            wanted = [
                cell
                for cell in self._cells
                if cell.card.key == self._wanted or (not self._wanted and cell.is_next)
            ]
            self._chosen = wanted[0] if wanted else self._cells[0]
            self.focus.give(self._chosen)

    def _stand(self) -> None:
        """The cells as the progress is now."""
        progress, after = self.house.progress, self.house.next_card()
        standings = {
            key: how for campaign in self.house.campaigns for key, how in standing(campaign, progress).items()
        }
        for cell in self._cells:
            cell.progress = progress.of(cell.card.key)
            cell.standing = standings[cell.card.key]
            cell.is_next = after is not None and cell.card.key == after.key

    @property
    def shown(self) -> LevelCell | None:
        """The level the right side tells of: the last one that had the focus."""
        if isinstance(self.focus.current, LevelCell):
            self._chosen = self.focus.current
        return self._chosen

    def _pressed(self, cell: LevelCell) -> None:
        """A cell was pressed: it is chosen, or opens where it is."""
        if cell.again:
            self.play()
        self._chosen = cell

    def play(self) -> None:
        """Into the level shown."""
        if self.shown is not None:
            from game.desktop.scenes.workshop import open_level

            open_level(self.app, self.house, self.shown.card.path)

    def show_saves(self) -> None:
        """What is kept of the level shown."""
        if self.shown is not None:
            from game.desktop.scenes.saves import SavesScene, Subject

            card = self.shown.card
            self.app.push(SavesScene(self.house, Subject(card.key, card.id, card.title, card.path)))

    def tries_of(self, key: str) -> list[Try]:
        """The judged attempts at a level, the oldest first."""
        if key not in self._tries:
            self._tries[key] = [tried for tried in self.house.tries(key) if tried.verdict]
        return self._tries[key]

    def update(self, dt: float) -> bool:
        """A level is read between two frames, when it has been chosen for a moment: to walk from cell to cell
        must not wait for each."""
        changed = super().update(dt)
        cell = self.shown
        if cell is None or not self._drawn:
            return changed
        self._rested = self._rested + dt if cell is self._resting else 0.0
        self._resting = cell
        seen = subject_of(cell.card.path)
        if self._rested < Preview.REST or self.house.offices.known(seen) is not None:
            return changed
        self.house.offices.office(seen)
        return True

    def handle(self, event: Event) -> None:
        current = self.focus.current
        if self.focus.dialog is None and event.type == pygame.KEYDOWN and isinstance(current, LevelCell):
            found = self._beside(current, event.key)
            if found is not None:
                self.focus.give(found, ring=True)
                self._list.reveal(found)
                return
        super().handle(event)

    def _beside(self, cell: LevelCell, key: int) -> LevelCell | None:
        """The cell an arrow leads to from here; None for another key."""
        at = self._cells.index(cell)
        if key in (pygame.K_LEFT, pygame.K_RIGHT):
            return self._cells[max(0, min(len(self._cells) - 1, at + (1 if key == pygame.K_RIGHT else -1)))]
        if key not in (pygame.K_UP, pygame.K_DOWN):
            return None
        down = key == pygame.K_DOWN
        beyond = [
            one for one in self._cells if (one.rect.y > cell.rect.y if down else one.rect.y < cell.rect.y)
        ]
        here = cell.rect
        return min(beyond, key=lambda one: (abs(one.rect.y - here.y), abs(one.rect.x - here.x)), default=cell)

    # -- out --

    def write_file(self) -> None:
        """All progress into the file named; one that is there already is asked about."""
        path = self._out.path
        if path.is_dir():
            path = path / NAME
            self._out.write(str(path))
        if path.exists():
            self._ask(
                say("Write over this file?"), say("There is already a file `{path}`.", path=path),
                say("Write over it"), lambda: self._write_to(path),
            )  # fmt: skip
        else:
            self._write_to(path)

    def _write_to(self, path: Path) -> None:
        try:
            write_whole(path, dump_bundle(self.house.bundle()))
        except (OSError, ValueError) as error:
            self._sorry(say("The file cannot be written: {why}", why=str(error)))
        else:
            self.app.toast(say("All progress is in {path}", path=path), sign="check", seconds=6)

    def copy(self) -> None:
        """All progress as text on the clipboard."""
        try:
            self._clipboard.put(dump_bundle(self.house.bundle()))
        except OSError as error:
            self._sorry(say("Your progress cannot be read: {why}", why=str(error)))
        else:
            self.app.toast(say("All progress is on the clipboard."), sign="check")

    # -- in --

    def read_file(self) -> None:
        """Look into the file named, and ask whether to take it in."""
        path = self._in.path
        try:
            if path.is_file() and path.stat().st_size > MOST_BYTES:
                raise ValueError(say("it is far too large"))
            bundle = read_bundle(path.read_bytes())
        except (OSError, ValueError) as error:
            self._sorry(say("{path} cannot be taken in: {why}", path=path.name, why=str(error)))
        else:
            self._ask_join(bundle)

    def paste(self) -> None:
        """Look at what is on the clipboard, and ask whether to take it in."""
        try:
            bundle = read_bundle(self._clipboard.get().encode("utf-8"))
        except ValueError as error:
            self._sorry(say("What is on the clipboard is no progress: {why}", why=str(error)))
        else:
            self._ask_join(bundle)

    def dropped(self, path: Path) -> None:
        self._in.write(str(path))
        self.read_file()

    def _ask_join(self, bundle: Bundle) -> None:
        solved = sum(level.solved for level in bundle.progress.levels.values())
        text = say(
            "It knows {levels}, {solved} of them solved. Stars and bests of both are joined. Where answers "
            "differ, yours stays, and the other comes into the history. What was before is kept in a file.",
            levels=say_many("{count} level", "{count} levels", len(bundle.progress.levels)),
            solved=solved,
        )
        self._ask(say("Take this progress in?"), text, say("Take it in"), lambda: self._join(bundle))

    def _join(self, bundle: Bundle) -> None:
        try:
            done = self.house.take_in(bundle)
        except OSError as error:
            self._sorry(say("It cannot be taken in: {why}", why=str(error)))
            return
        self.enter()
        if done is not None:
            self.app.toast(
                say("Taken in. What was before is kept in {file}.", file=done.backup.name), seconds=8
            )

    # -- over --

    def _ask_over(self) -> None:
        def yes() -> None:
            try:
                kept = self.house.forget("")
            except OSError as error:
                self._sorry(say("It cannot be reset: {why}", why=str(error)))
                return
            self.enter()
            if kept is not None:
                self.app.toast(
                    say("Forgotten. What was before is kept in {file}.", file=kept.name), seconds=8
                )

        self._ask(
            say("Forget all progress?"),
            say("All stars, answers and attempts go. A file with everything of before is kept."),
            say("Forget everything"), yes,
        )  # fmt: skip

    def _ask(self, title: Said, text: Said, do: Said, then: Callable[[], object]) -> None:
        def yes() -> None:
            self._close_dialog()
            then()

        buttons = [Button(do, yes), Button(say("Leave it"), self._close_dialog, style="primary")]
        dialog = Dialog(title, text, buttons)
        dialog.focus.give(buttons[-1], ring=True)
        self.focus.open(dialog)

    def _sorry(self, text: Said) -> None:
        self.app.toast(text, sign="warning", seconds=8)

    # -- drawing --

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        header, margin, gap = theme.px(HEADER), theme.px(24), theme.px(14)
        self._back.put(theme, left=theme.px(14), centery=header // 2)
        self._help.put(theme, right=window.right - theme.px(14), centery=header // 2)
        high = self._write.size(theme)[1] * 2 + theme.px(54)
        self._foot = pygame.Rect(margin, window.bottom - theme.px(16) - high, window.width - 2 * margin, high)
        self._place_foot(theme)
        top = header + gap
        side = max(theme.px(290), min(theme.px(640), round((window.width - 2 * margin) * 0.4)))
        left = window.width - 2 * margin - side - gap
        self._totals = pygame.Rect(margin, top, left - theme.px(14), theme.px(46))
        low = self._totals.bottom + theme.px(10)
        self._list.rect = pygame.Rect(margin, low, left, self._foot.top - gap - low)
        self._card = pygame.Rect(window.right - margin - side, top, side, self._foot.top - gap - top)
        foot = self._card.bottom - theme.px(12)
        self._play.put(theme, right=self._card.right - theme.px(14), bottom=foot)
        self._saves.put(theme, right=self._play.rect.left - theme.px(8), bottom=foot)
        inner = self._card.inflate(-theme.px(36), -theme.px(24))
        self._side.rect = pygame.Rect(*inner.topleft, inner.width + theme.px(10), 0)
        self._side.rect.height = self._play.rect.top - theme.px(8) - inner.top

    def _place_foot(self, theme: Theme) -> None:
        """Two rows, out and in, each with its path; and what starts over at the right."""
        card, pad, gap = self._foot, theme.px(16), theme.px(8)
        self._over.put(theme, right=card.right - pad, centery=card.centery)
        heads = max(theme.width(text, size="small", weight="bold") for text in (OUT, IN))
        right = self._over.rect.left - theme.px(28)
        last = max(one.size(theme)[0] for one in (self._copy, self._paste))
        first = max(one.size(theme)[0] for one in (self._write, self._read))
        y = card.y + theme.px(10)
        for field, button, other in (
            (self._out, self._write, self._copy),
            (self._in, self._read, self._paste),
        ):
            other.put(theme, left=right - last, top=y)
            button.put(theme, right=right - last - gap, top=y)
            at = card.x + pad + heads + theme.px(14)
            field.rect = pygame.Rect(at, 0, right - last - 2 * gap - first - at, field.size(theme)[1])
            field.rect.centery = button.rect.centery
            y = button.rect.bottom + theme.px(8)

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        surface.fill(palette.paper)
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(HEADER))
        surface.fill(palette.ink, bar)
        place = pygame.Rect(self._back.rect.right + theme.px(10), 0, bar.width - theme.px(140), bar.height)
        words.label(
            surface, theme, say("Your progress"), place, palette.on_ink,
            role="voice", size="head", weight="bold",
        )  # fmt: skip
        for cell in self._cells:
            cell.chosen = cell is self.shown
        self._play.enabled = self._saves.enabled = self.shown is not None
        paint_totals(surface, theme, self._totals, totals(self.house.campaigns, self.house.progress))
        draw.panel(surface, theme, self._card, palette.card, radius=12, outline=palette.line, shadow=2)
        self._paint_foot(surface, theme)

    def _paint_foot(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, card, pad = theme.palette, self._foot, theme.px(16)
        draw.panel(surface, theme, card, palette.card, radius=12, outline=palette.line, shadow=2)
        for text, field in ((OUT, self._out), (IN, self._in)):
            line = pygame.Rect(card.x + pad, field.rect.y, field.rect.left - card.x - pad, field.rect.height)
            words.label(surface, theme, text, line, palette.ink, size="small", weight="bold")
        edge = self._over.rect.left - theme.px(14)
        surface.fill(palette.line, (edge, card.y + theme.px(12), theme.px(1), card.height - theme.px(24)))
        line = pygame.Rect(
            card.x + pad, card.bottom - theme.px(27), edge - theme.px(12) - card.x - pad, theme.px(22)
        )
        offered = self._offered()
        if offered:
            words.label(surface, theme, offered, line, palette.muted, role="code", size="caption")
        else:
            words.label(surface, theme, TOLD, line, palette.muted, size="caption")

    def _paint_list(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        y = rect.y
        for chapter in self._chapters:
            y += chapter.paint(
                surface, theme, pygame.Rect(rect.x, y, rect.width - theme.px(4), 0)
            ) + theme.px(10)
        return y - rect.y

    def _paint_side(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        cell, palette, y = self.shown, theme.palette, rect.y
        if cell is None:
            return 0
        if cell.is_next:
            line = pygame.Rect(rect.x, y, rect.width, theme.px(20))
            words.label(
                surface, theme, say("To be played next"), line, palette.post, size="small", weight="bold"
            )
            y = line.bottom + theme.px(2)
        title = say("{number}  {title}", number=cell.card.id, title=say(cell.card.title))
        y += words.write(
            surface, theme, title, pygame.Rect(rect.x, y, rect.width, 0), palette.ink,
            role="voice", size="title", weight="bold",
        )  # fmt: skip
        tries = self.tries_of(cell.card.key)
        count = max(cell.progress.attempts, len(tries))
        told = say_many("{count} attempt", "{count} attempts", count) if count else say("not tried yet")
        y += words.write(
            surface, theme, told, pygame.Rect(rect.x, y, rect.width, 0), palette.muted, size="small"
        )
        y += theme.px(6)
        if tries:
            y += paint_attempts(surface, theme, pygame.Rect(rect.x, y, rect.width, 0), tries) + theme.px(14)
        seen = subject_of(cell.card.path)
        offices = self.house.offices
        office = offices.office(seen) if self._at_once else offices.known(seen)
        level = office.level if office is not None else None
        for one in measures(level, cell.progress.best):
            y += paint_measure(surface, theme, pygame.Rect(rect.x, y, rect.width, 0), one)
        self._preview.show(seen)
        wide = self._card.width - theme.px(36)
        high = min(self._side.rect.bottom - theme.px(16) - y, round(wide * NATURAL[1] / NATURAL[0]))
        self._preview.visible = high >= theme.px(120)
        self._preview.rect = pygame.Rect(rect.x, self._side.rect.bottom - theme.px(8) - high, wide, high)
        return y - rect.y

    def _offered(self) -> str:
        """The names that go on from what is typed, while somebody types."""
        field = self._out if self._out.focused else self._in if self._in.focused else None
        if field is None:
            return ""
        names = [Path(one).name + "/" * one.endswith("/") for one in completions(field.text)[:9]]
        return "  ".join(names)
