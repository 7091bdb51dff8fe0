"""What is kept of one level: three answers side by side, and everything that was ever tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Final

import pygame

from game.desktop import draw, icons, words
from game.desktop.app import Event
from game.desktop.fields import Clipboard
from game.desktop.house import House
from game.desktop.scenes.levels import HEADER, METRICS, draw_star
from game.desktop.scenes.room import Room, Shortcut
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Dialog, IconButton, Key, Pressable, ScrollArea, Widget
from game.history import Try
from game.language import Said, joined, say, say_many
from game.level.model import Answer
from game.request import Value
from game.saves import SLOTS
from game.trace import to_plain

VERDICTS: Final = {
    "PROVED": (say("holds in every wind"), "check"),
    "REFUTED": (say("fails"), "cross"),
    "UNDETERMINED": (say("not determined"), "help"),
    "": (say("put aside, not judged"), "envelope"),
}


@dataclass(frozen=True)
class Subject:
    """The level whose saves are shown."""

    key: str
    id: str
    title: str


class SlotCard(Widget):
    """One of the three answers: what is in it, and what can be done with it."""

    def __init__(self, scene: SavesScene, number: int) -> None:
        super().__init__()
        self.scene = scene
        self.number = number
        self.use = Button(say("Use"), lambda: scene.use(number), icon="check")
        self.copies = [
            Button(say("Copy to {slot}", slot=other + 1), partial(scene.copy, number, other), style="ghost")
            for other in range(SLOTS)
            if other != number
        ]

    def children(self) -> Sequence[Widget]:
        return (self.use, *self.copies)

    def handle(self, event: Event) -> bool:
        return any([child.handle(event) for child in self.children()])

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect = theme.palette, self.rect
        level = self.scene.house.progress.of(self.scene.subject.key)
        answer, used = level.answers[self.number], level.slot == self.number
        ground = palette.card if used or answer is not None else palette.paper
        rim = palette.post if used else palette.line
        draw.panel(surface, theme, rect, ground, radius=10, outline=rim, width=2 if used else 1, shadow=1.5)
        pad = theme.px(14)
        number = theme.text(str(self.number + 1), palette.post, "voice", "title", "bold")
        surface.blit(number, (rect.x + pad, rect.y + theme.px(6)))
        text = pygame.Rect(rect.x + theme.px(44), rect.y + theme.px(10), rect.width - theme.px(58), 0)
        text.height = theme.line_height()
        told = about(answer) if answer is not None else say("empty: the level as it was given")
        words.label(surface, theme, told, text, palette.ink if answer is not None else palette.muted)
        if used:
            place = text.move(0, theme.px(20))
            words.label(
                surface, theme, say("in the editor"), place, palette.post, size="small", weight="bold"
            )
        self.use.enabled = not used
        left = rect.x + theme.px(10)
        for button in self.children():
            assert isinstance(button, Button)
            if button is not self.use:
                button.enabled = answer is not None
            button.put(theme, left=left, bottom=rect.bottom - theme.px(8))
            left = button.rect.right + theme.px(4)
            button.draw(surface, theme)


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
        told, sign = VERDICTS.get(tried.verdict, VERDICTS[""])
        ink = {"PROVED": palette.teal, "REFUTED": palette.post}.get(tried.verdict, palette.muted)
        icons.put_icon(surface, theme, sign, (rect.x + theme.px(20), rect.centery), 16, ink)
        when = pygame.Rect(rect.x + theme.px(38), rect.y, theme.px(132), rect.height)
        words.label(surface, theme, self.scene.time_of(tried), when, palette.muted, size="small")
        right = rect.right - theme.px(12)
        if tried.stars:
            for at in range(3):
                spot = (right - theme.px(8 + 17 * (2 - at)), rect.centery)
                draw_star(surface, theme, spot, 16, got=at < tried.stars)
        how: str = say(tried.failure) if tried.failure else told
        place = pygame.Rect(when.right, rect.y, right - theme.px(58) - when.right, rect.height)
        words.label(surface, theme, how, place, palette.ink)


class SavesScene(Room):
    """The saves of a level. `zone` is where its times are told; None for here."""

    shortcuts = (
        (
            say("Saves"),
            (
                Shortcut("↑ ↓", say("the attempt before, after")),
                Shortcut("1 2 3", say("use this slot")),
                Shortcut(say("Ctrl+C"), say("copy the answer shown")),
            ),
        ),
    )

    def __init__(self, house: House, subject: Subject, *, zone: tzinfo | None = None) -> None:
        super().__init__(house)
        self.subject = subject
        self._zone = zone
        self._clipboard = Clipboard()
        self._panel = pygame.Rect(0, 0, 1, 1)
        self._tries: list[TryRow] = []
        self._chosen: TryRow | None = None
        self._back = IconButton("back", self.back, tip=say("Back"), style="bar")
        self._help = IconButton("help", self.show_help, tip=say("Keys"), style="bar")
        self._slots = [SlotCard(self, number) for number in range(SLOTS)]
        self._forget = Button(say("Reset this level …"), self._ask_forget, icon="retry")
        self._list = ScrollArea(self._paint_list, lambda: self._tries)
        self._list.focusable = False
        self._text = ScrollArea(self._paint_text)
        self._restore = Button(say("Put into the slot in use"), self.restore, style="primary", icon="undo")
        self.focus.set(
            [self._back, self._help, *self._slots, self._forget, self._list, self._text, self._restore]
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

    # -- what the player does --

    def choose(self, row: TryRow) -> None:
        self._chosen = row

    def use(self, number: int) -> None:
        """Have this slot in the editor from now on."""
        self.house.choose_slot(self.subject.key, number)
        self._tell()

    def copy(self, source: int, target: int) -> None:
        """One slot's answer into another; what was there stays in the history."""
        answer = self.house.progress.of(self.subject.key).answers[source]
        self.house.fill_slot(self.subject.key, target, answer)
        self._tell()

    def restore(self) -> None:
        """The answer shown into the slot in use; what was there stays in the history."""
        if self.shown is not None:
            level = self.house.progress.of(self.subject.key)
            self.house.fill_slot(self.subject.key, level.slot, self.shown.tried.answer)
            self._tell()
            self.app.toast(say("The answer is in slot {slot}.", slot=level.slot + 1), sign="check")

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
        header, margin = theme.px(HEADER), theme.px(24)
        self._back.put(theme, left=theme.px(14), centery=header // 2)
        self._help.put(theme, right=window.right - theme.px(14), centery=header // 2)
        top = header + theme.px(52)
        wide = max(theme.px(300), round((window.width - 4 * margin) * 0.3))
        wide = max(wide, *(sum(one.size(theme)[0] for one in card.children()) + theme.px(30)
                           for card in self._slots))  # fmt: skip
        foot = window.bottom - theme.px(20)
        self._forget.put(theme, left=margin, bottom=foot)
        high = min(theme.px(104), (self._forget.rect.top - theme.px(14) - top) // SLOTS - theme.px(10))
        for number, card in enumerate(self._slots):
            card.rect = pygame.Rect(margin, top + number * (high + theme.px(10)), wide, high)
        rest = window.width - wide - 4 * margin
        left = margin * 2 + wide
        self._list.rect = pygame.Rect(left, top, rest // 2, foot - top)
        self._restore.put(theme, right=window.right - margin, bottom=foot)
        side = left + rest // 2 + margin
        self._panel = pygame.Rect(
            side, top, window.right - margin - side, self._restore.rect.top - top - theme.px(12)
        )
        self._text.rect = self._panel.inflate(-theme.px(24), -theme.px(20))

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        surface.fill(palette.paper)
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(HEADER))
        surface.fill(palette.ink, bar)
        place = pygame.Rect(self._back.rect.right + theme.px(10), 0, bar.width - theme.px(140), bar.height)
        title = say("Saves of {id}  {title}", id=self.subject.id, title=say(self.subject.title))
        words.label(surface, theme, title, place, palette.on_ink, role="voice", size="head", weight="bold")
        heads = (
            (self._slots[0].rect, say("Three answers")),
            (self._list.rect, say_many("{count} attempt", "{count} attempts", len(self._tries))),
            (self._panel, say("The answer")),
        )
        for rect, text in heads:
            head = pygame.Rect(rect.x, rect.y - theme.px(40), rect.width, theme.px(32))
            words.label(surface, theme, text, head, palette.ink, role="voice", size="lead", weight="bold")
        draw.panel(surface, theme, self._panel, palette.slate, radius=10)
        self._restore.enabled = self.shown is not None
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
        told = [METRICS[name](count) for name, count in tried.metrics.items() if name in METRICS]
        for line in told if tried.verdict == "PROVED" else ():
            y += words.write(
                surface, theme, line, pygame.Rect(rect.x, y, rect.width, 0), palette.brass_light, size="small"
            )
        y += theme.px(6)
        for code in text_of(tried.answer).splitlines():
            place = pygame.Rect(rect.x, y, rect.width, theme.line_height("code", "small"))
            faint = code.startswith("#")
            ink = palette.code_comment if faint else palette.code
            words.label(surface, theme, code, place, ink, role="code", size="small")
            y = place.bottom
        return y - rect.y


def about(answer: Answer) -> Said:
    """What an answer holds, in a few words."""
    if answer.winds:
        return say_many("a wind of {count} gust", "a wind of {count} gusts", len(answer.winds[0].split()))
    lines = sum(len(text.splitlines()) for text in answer.scripts.values())
    built = say_many("{count} part built", "{count} parts built", len(answer.parts))
    if lines:
        count = say_many("{count} line", "{count} lines", lines)
        written = say("{lines} in {names}", lines=count, names=", ".join(answer.scripts))
        return joined(" · ", [written, built]) if answer.parts else written
    if answer.parts:
        return built
    if answer.choices:
        return say_many("{count} thing set", "{count} things set", len(answer.choices))
    return say("the level as it was given")


def text_of(answer: Answer) -> str:
    """An answer to read: its scripts, what was set, its wind, what was built."""
    parts = [f"# {name}\n{text.rstrip()}\n" for name, text in answer.scripts.items()]
    parts += [f"{name} = {to_plain(value)!r}" for name, value in answer.choices.items()]
    parts += [f"{wind}" for wind in answer.winds]
    parts += [f"{name} = {_plain(part)}" for name, part in answer.parts.items()]
    parts += [f"{clerk}: {_plain(gets)}" for clerk, gets in answer.gets.items()]
    return "\n".join(parts) or "# …"


def _plain(values: Mapping[str, Value]) -> str:
    return ", ".join(f"{key} {to_plain(value)}" for key, value in values.items())
