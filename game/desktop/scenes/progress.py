"""All progress: take it along in one file, bring such a file in, or start over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pygame

from game.bundle import MOST_BYTES, Bundle, dump_bundle, read_bundle
from game.desktop import draw, words
from game.desktop.fields import Clipboard
from game.desktop.house import House
from game.desktop.path_field import PathField, completions
from game.desktop.scenes.levels import HEADER
from game.desktop.scenes.room import Room
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Dialog, IconButton, Widget
from game.files import write_whole
from game.language import Said, say, say_many

NAME: Final = "draughty-progress.json"


class ProgressScene(Room):
    """Out by a file or the clipboard; in by a file, the clipboard, or a file let fall on the window."""

    def __init__(self, house: House, *, start: Path | None = None) -> None:
        super().__init__(house)
        self._clipboard = Clipboard()
        self._back = IconButton("back", self.back, tip=say("Back"), style="bar")
        self._help = IconButton("help", self.show_help, tip=say("Keys"), style="bar")
        usual = str((start or Path.home()) / NAME)
        self._out = PathField(usual, on_enter=lambda _: self.write_file())
        self._in = PathField(usual, on_enter=lambda _: self.read_file())
        self._write = Button(say("Write the file"), self.write_file, style="primary", icon="document")
        self._copy = Button(say("Copy"), self.copy, tip=say("All progress as text, on the clipboard"))
        self._read = Button(say("Read the file"), self.read_file, icon="document")
        self._paste = Button(say("Paste"), self.paste, tip=say("Progress that is on the clipboard as text"))
        self._over = Button(say("Start over …"), self._ask_over, icon="retry")
        self._cards: tuple[pygame.Rect, ...] = ()
        self.focus.set(
            [
                self._back,
                self._help,
                self._out,
                self._write,
                self._copy,
                self._in,
                self._read,
                self._paste,
                self._over,
            ]
        )
        self.focus.give(self._write)

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
        header = theme.px(HEADER)
        self._back.put(theme, left=theme.px(14), centery=header // 2)
        self._help.put(theme, right=window.right - theme.px(14), centery=header // 2)
        wide = min(theme.px(860), window.width - theme.px(48))
        left, y = (window.width - wide) // 2, header + theme.px(18)
        room = window.height - y - theme.px(18) - 2 * theme.px(14)
        shares = (theme.px(128), theme.px(152), theme.px(96))
        spare = max(0, min(theme.px(30), (room - sum(shares)) // 3))
        cards = []
        for share in shares:
            cards.append(pygame.Rect(left, y, wide, share + spare))
            y = cards[-1].bottom + theme.px(14)
        self._cards = tuple(cards)
        rows: tuple[tuple[pygame.Rect, tuple[Widget, ...]], ...] = (
            (cards[0], (self._out, self._write, self._copy)),
            (cards[1], (self._in, self._read, self._paste)),
            (cards[2], (self._over,)),
        )
        for card, widgets in rows:
            right, centre = card.right - theme.px(20), card.centery
            for widget in reversed(widgets):
                if isinstance(widget, PathField):
                    at = card.x + theme.px(20)
                    widget.rect = pygame.Rect(at, 0, right - at, widget.size(theme)[1])
                    widget.rect.centery = centre
                else:
                    widget.put(theme, right=right, top=card.y + theme.px(72) + spare // 2)
                    if widget is self._over:
                        widget.rect.centery = card.centery
                    centre = widget.rect.centery
                    right = widget.rect.left - theme.px(10)

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        surface.fill(palette.paper)
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(HEADER))
        surface.fill(palette.ink, bar)
        place = pygame.Rect(self._back.rect.right + theme.px(10), 0, bar.width - theme.px(140), bar.height)
        words.label(
            surface,
            theme,
            say("Your progress"),
            place,
            palette.on_ink,
            role="voice",
            size="head",
            weight="bold",
        )
        told = (
            (say("Take it along"), say("One file with every star, answer and attempt.")),
            (
                say("Bring it in"),
                say("From a file, the clipboard, or a file let fall on this window. Tab completes a path."),
            ),
            (say("Start over"), say("As if you had never played. A backup is kept.")),
        )
        for card, (title, text) in zip(self._cards, told, strict=True):
            draw.panel(surface, theme, card, palette.card, radius=12, outline=palette.line, shadow=2)
            line = pygame.Rect(
                card.x + theme.px(20), card.y + theme.px(12), card.width - theme.px(40), theme.px(28)
            )
            words.label(surface, theme, title, line, palette.ink, role="voice", size="head", weight="bold")
            words.label(surface, theme, text, line.move(0, theme.px(26)), palette.muted, size="small")
        shown = self._in.rect.move(0, self._in.rect.height + theme.px(2))
        shown.height, shown.right = theme.px(24), self._cards[1].right - theme.px(20)
        words.label(surface, theme, self._offered(), shown, palette.muted, role="code", size="caption")

    def _offered(self) -> str:
        """The names that go on from what is typed, while somebody types."""
        field = self._out if self._out.focused else self._in if self._in.focused else None
        if field is None:
            return ""
        names = [Path(one).name + "/" * one.endswith("/") for one in completions(field.text)[:9]]
        return "  ".join(names)
