"""What is kept of one level: three answers in drawers side by side, and everything that was ever tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pygame

from game.campaign import glance
from game.desktop import draw, icons, words
from game.desktop.app import Event
from game.desktop.fields import Clipboard
from game.desktop.house import House
from game.desktop.listing import listing
from game.desktop.preview import subject_of
from game.desktop.scenes.drawers import Deeds, DrawerCard, Kept, judgement, measured, text_of
from game.desktop.scenes.levels import HEADER, draw_star
from game.desktop.scenes.room import Room, Shortcut
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Dialog, IconButton, Key, Pressable, ScrollArea
from game.history import Try
from game.language import Said, say, say_many
from game.level.model import Answer
from game.saves import DRAWERS


@dataclass(frozen=True)
class Subject:
    """The level whose saves are shown. `path` is its file, to show answers as offices; None shows none."""

    key: str
    id: str
    title: str
    path: Path | None = None


class Before(NamedTuple):
    """How the drawers were before a change, to go back to."""

    answers: tuple[Answer | None, ...]
    drawer: int


class TryRow(Pressable):
    """One attempt: when, how it went, its stars and metrics."""

    radius = 8

    def __init__(self, scene: SavesScene, tried: Try) -> None:
        super().__init__(lambda: scene.choose(self))
        self.scene = scene
        self.tried = tried

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect, tried = theme.palette, self.rect, self.tried
        chosen = self.scene.shown is self
        if chosen or self.hovered:
            draw.panel(
                surface, theme, rect, palette.card if chosen else palette.hover, radius=8,
                outline=palette.post if chosen else None, width=1.5,
            )  # fmt: skip
        how, sign, ink = judgement(tried, palette)
        icons.put_icon(surface, theme, sign, (rect.x + theme.px(20), rect.centery), 16, ink)
        told = self.scene.time_of(tried)
        wide = max(theme.px(132), theme.width(told, size="small") + theme.px(10))
        when = pygame.Rect(rect.x + theme.px(38), rect.y, wide, rect.height)
        words.label(surface, theme, told, when, palette.muted, size="small")
        right = rect.right - theme.px(12)
        if tried.stars:
            for at in range(3):
                spot = (right - theme.px(8 + 17 * (2 - at)), rect.centery)
                draw_star(surface, theme, spot, 16, got=at < tried.stars, paper=True)
        place = pygame.Rect(when.right, rect.y, right - theme.px(58) - when.right, rect.height)
        words.label(surface, theme, how, place, palette.ink)


class SavesScene(Room):
    """The saves of a level. `zone` is where its times are told; None for here. `at_once` has previews come
    with the first frame, for pictures."""

    shortcuts = (
        (
            say("Saves"),
            (
                Shortcut("↑ ↓", say("the attempt before, after")),
                Shortcut("1 2 3", say("use this drawer")),
                Shortcut(say("Delete"), say("empty the drawer whose buttons one is at")),
                Shortcut(say("Ctrl+Z"), say("take the last change back")),
                Shortcut(say("Ctrl+C"), say("copy the answer shown")),
            ),
        ),
    )

    def __init__(
        self, house: House, subject: Subject, *, zone: tzinfo | None = None, at_once: bool = False
    ) -> None:
        super().__init__(house)
        self.subject = subject
        self._zone = zone
        self._clipboard = Clipboard()
        self._panel = pygame.Rect(0, 0, 1, 1)
        self._tries: list[TryRow] = []
        self._chosen: TryRow | None = None
        self._before: list[Before] = []
        mode = glance(subject.path).mode if subject.path is not None else ""
        self._to_see = subject.path if mode in ("config", "build") else None
        self._given = subject_of(subject.path) if subject.path is not None else None
        self._back = IconButton("back", self.back, tip=say("Back"), style="bar")
        self._undo = IconButton(
            "undo", self.undo, tip=say("Take the last change back"), style="bar",
            keys=(Key(pygame.K_z, pygame.KMOD_CTRL),),
        )  # fmt: skip
        self._help = IconButton("help", self.show_help, tip=say("Keys"), style="bar")
        does = Deeds(self.use, self.copy, self.clear)
        self._drawers = [
            DrawerCard(number, partial(self._kept, number), does, house.offices, at_once=at_once)
            for number in range(DRAWERS)
        ]
        self._forget = Button(say("Reset this level …"), self._ask_forget, icon="retry")
        self._list = ScrollArea(self._paint_list, lambda: self._tries)
        self._list.focusable = False
        self._text = ScrollArea(self._paint_text)
        self._restore = Button(say("Put into the drawer in use"), self.restore, style="primary", icon="undo")
        self.focus.set(
            [
                self._back,
                self._undo,
                self._help,
                *self._drawers,
                self._forget,
                self._list,
                self._text,
                self._restore,
            ]
        )

    def enter(self) -> None:
        self._tries = [TryRow(self, tried) for tried in reversed(self.house.tries(self.subject.key))]
        self._chosen = self._tries[0] if self._tries else None

    @property
    def shown(self) -> TryRow | None:
        """The attempt whose answer is shown."""
        if isinstance(self.focus.current, TryRow):
            self._chosen = self.focus.current
        return self._chosen

    def time_of(self, tried: Try) -> str:
        try:
            return datetime.fromisoformat(tried.at).astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
        except ValueError:
            return tried.at

    def _kept(self, number: int) -> Kept:
        """What lies in a drawer."""
        level = self.house.progress.of(self.subject.key)
        answer, used = level.answers[number], level.drawer == number
        if answer is None:
            return Kept(None, used, self._given)
        judged = next(
            (row.tried for row in self._tries if row.tried.answer == answer and row.tried.verdict), None
        )
        seen = subject_of(self._to_see, answer) if self._to_see is not None else None
        return Kept(answer, used, seen, judged, self.time_of(judged) if judged is not None else "")

    # -- what the player does --

    def choose(self, row: TryRow) -> None:
        self._chosen = row

    def use(self, number: int) -> None:
        """Have this drawer in the editor from now on."""
        if number != self.house.progress.of(self.subject.key).drawer:
            self._remember()
            self.house.choose_drawer(self.subject.key, number)
            self._tell()

    def copy(self, source: int, target: int) -> None:
        """One drawer's answer into another; what was there stays in the history. Asks where it is another."""
        level = self.house.progress.of(self.subject.key)
        answer, there = level.answers[source], level.answers[target]
        if there is None or there == answer:
            self._fill(target, answer)
            return
        self._ask(
            say("Copy {source} to {target}?", source=source + 1, target=target + 1),
            say("There is another answer. It stays in the list of attempts."),
            say("Copy it"), lambda: self._fill(target, answer),
        )  # fmt: skip

    def clear(self, number: int) -> None:
        """Empty a drawer, after a question; what was there stays in the history."""
        if self.house.progress.of(self.subject.key).answers[number] is not None:
            self._ask(
                say("Empty drawer {drawer}?", drawer=number + 1),
                say("It is then the level as it was given. The answer stays in the list of attempts."),
                say("Empty it"), lambda: self._fill(number, None),
            )  # fmt: skip

    def restore(self) -> None:
        """The answer shown into the drawer in use; what was there stays in the history."""
        if self.shown is not None:
            level = self.house.progress.of(self.subject.key)
            self._fill(level.drawer, self.shown.tried.answer)
            self.app.toast(say("The answer is in drawer {drawer}.", drawer=level.drawer + 1), sign="check")

    def undo(self) -> None:
        """The drawers as they were before the last change here."""
        if not self._before:
            return
        before = self._before.pop()
        level = self.house.progress.of(self.subject.key)
        for number, answer in enumerate(before.answers):
            if answer != level.answers[number]:
                self.house.fill_drawer(self.subject.key, number, answer)
        if before.drawer != level.drawer:
            self.house.choose_drawer(self.subject.key, before.drawer)
        self._tell()

    def _fill(self, number: int, answer: Answer | None) -> None:
        if answer != self.house.progress.of(self.subject.key).answers[number]:
            self._remember()
            self.house.fill_drawer(self.subject.key, number, answer)
        self._tell()

    def _remember(self) -> None:
        level = self.house.progress.of(self.subject.key)
        self._before.append(Before(level.answers, level.drawer))

    def _ask(self, title: Said, text: Said, do: Said, then: Callable[[], object]) -> None:
        def yes() -> None:
            self._close_dialog()
            then()

        buttons = [Button(do, yes), Button(say("Leave it"), self._close_dialog, style="primary")]
        dialog = Dialog(title, text, buttons)
        dialog.focus.give(buttons[-1], ring=True)
        self.focus.open(dialog)

    def _tell(self) -> None:
        """Those who show this level have to show it as it is now."""
        chosen = self._chosen.tried if self._chosen else None
        self.enter()
        self._chosen = next((row for row in self._tries if row.tried == chosen), self._chosen)
        if self._app is not None:
            self.app.invalidate()

    def _ask_forget(self) -> None:
        def yes() -> None:
            self._close_dialog()
            try:
                kept = self.house.forget(self.subject.key)
            except OSError as error:
                self.app.toast(say("It cannot be reset: {why}", why=str(error)), sign="warning", seconds=9)
                return
            self._before.clear()  # what was before is in the file that is kept
            self._tell()
            self.app.toast(say("Forgotten. What was before is kept in {file}.", file=kept), seconds=9)

        buttons = [
            Button(say("Reset it"), yes, icon="retry"),
            Button(say("Keep it"), self._close_dialog, style="primary"),
        ]
        text = say("Its stars, answers and attempts go. A file with everything of before is kept.")
        dialog = Dialog(
            say("Reset {id} {title}?", id=self.subject.id, title=say(self.subject.title)), text, buttons
        )
        dialog.focus.give(buttons[-1], ring=True)
        self.focus.open(dialog)

    def handle(self, event: Event) -> None:
        if self.focus.dialog is None and event.type == pygame.KEYDOWN:
            if event.key in (pygame.K_1, pygame.K_2, pygame.K_3):
                self.use(event.key - pygame.K_1)
                return
            if event.key == pygame.K_DELETE:
                at_card = [card for card in self._drawers if self.focus.current in card.children()]
                for card in at_card:
                    self.clear(card.number)
                return
            if event.key in (pygame.K_UP, pygame.K_DOWN) and self._tries:
                at = self._tries.index(self.shown) if self.shown in self._tries else 0
                moved = isinstance(self.focus.current, TryRow)
                at = max(0, min(len(self._tries) - 1, at + moved * (1 if event.key == pygame.K_DOWN else -1)))
                self.focus.give(self._tries[at], ring=True)
                self._list.reveal(self._tries[at])
                return
            if Key(pygame.K_c, pygame.KMOD_CTRL).fits(event) and self.shown is not None:
                self._clipboard.put(text_of(self.shown.tried.answer))
                self.app.toast(say("Copied."), sign="check", seconds=2)
                return
        super().handle(event)

    # -- drawing --

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        header, margin, gap = theme.px(HEADER), theme.px(24), theme.px(14)
        self._back.put(theme, left=theme.px(14), centery=header // 2)
        self._help.put(theme, right=window.right - theme.px(14), centery=header // 2)
        self._undo.put(theme, right=self._help.rect.left - theme.px(4), centery=header // 2)
        top, foot = header + theme.px(14), window.bottom - theme.px(16)
        wide = (window.width - 2 * margin - (DRAWERS - 1) * gap) // DRAWERS
        high = max(theme.px(212), min(theme.px(440), round((window.height - header) * 0.47)))
        for number, card in enumerate(self._drawers):
            card.place(theme, pygame.Rect(margin + number * (wide + gap), top, wide, high))
        self._forget.put(theme, left=margin, bottom=foot)
        self._restore.put(theme, right=window.right - margin, bottom=foot)
        low = top + high + theme.px(38)
        rest = window.width - 2 * margin - gap
        floor = self._forget.rect.top - theme.px(10)
        self._list.rect = pygame.Rect(margin, low, rest // 2, floor - low)
        side = margin + rest // 2 + gap
        self._panel = pygame.Rect(side, low, window.right - margin - side, floor - low)
        self._text.rect = self._panel.inflate(-theme.px(24), -theme.px(16))

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        surface.fill(palette.paper)
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(HEADER))
        surface.fill(palette.ink, bar)
        place = pygame.Rect(self._back.rect.right + theme.px(10), 0, bar.width - theme.px(140), bar.height)
        title = say("Saves of {id}  {title}", id=self.subject.id, title=say(self.subject.title))
        words.label(surface, theme, title, place, palette.on_ink, role="voice", size="head", weight="bold")
        heads = (
            (self._list.rect, say_many("{count} attempt", "{count} attempts", len(self._tries))),
            (self._panel, say("The answer")),
        )
        for rect, text in heads:
            head = pygame.Rect(rect.x, rect.y - theme.px(33), rect.width, theme.px(28))
            words.label(surface, theme, text, head, palette.ink, role="voice", size="lead", weight="bold")
        draw.panel(surface, theme, self._panel, palette.slate, radius=10)
        self._restore.enabled = self.shown is not None
        self._undo.enabled = bool(self._before)
        self._forget.enabled = self.subject.key in self.house.progress.levels or bool(self._tries)

    def _paint_list(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        y = rect.y
        for row in self._tries:
            row.rect = pygame.Rect(rect.x, y, rect.width - theme.px(4), theme.px(38))
            row.draw(surface, theme)
            y += theme.px(40)
        if not self._tries:
            text = say("Every answer you put before the inspector will be listed here.")
            y += words.write(surface, theme, text, rect, theme.palette.muted)
        return y - rect.y + theme.px(8)

    def _paint_text(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        if self.shown is None:
            return 0
        palette, tried, y = theme.palette, self.shown.tried, rect.y
        if tried.metrics:
            line = pygame.Rect(rect.x, y, rect.width, 0)
            y += words.write(surface, theme, measured(tried), line, palette.brass_light, size="small")
        y += theme.px(6)
        lines = text_of(tried.answer).splitlines()
        y += listing(surface, theme, lines, pygame.Rect(rect.x, y, rect.width, rect.height))
        return y - rect.y
