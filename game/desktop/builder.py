"""Building in the workshop: the tray below the board, ways drawn on it, and the sheets of parts and clerks.

What is built is kept by the work in hand; here are the hands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import NamedTuple

import pygame

from game.desktop.built import (
    Built,
    Cannot,
    has_fellows,
    kind_of,
    names_for,
    parameter_for,
    renamed,
    targets_for,
    with_option,
    with_part,
    with_way,
    without_part,
    without_way,
)
from game.desktop.fields import TextField
from game.desktop.layout import Key
from game.desktop.part_panel import OPTIONS
from game.desktop.slot_panel import REDO, UNDO
from game.desktop.text import Spot
from game.desktop.tray import Drawing, Tray
from game.desktop.ways_sheet import Line, WaysSheet
from game.desktop.widgets import Button, Dialog, Event, Widget
from game.desktop.wiring import WiringBoard
from game.desktop.work import Work
from game.language import say
from game.level.building import handle_of
from game.level.model import Option, Supply
from game.level.slots import KIND, written
from game.request import Value


class Host(NamedTuple):
    """What the builder asks of the scene it is in: to open a dialog and to close it, to say a sentence, and
    to show what has changed (the guide's word for it: built, or given). `board` is the one there is now."""

    open: Callable[[Dialog], object]
    close: Callable[[], object]
    toast: Callable[[str], object]
    changed: Callable[[str], object]
    board: Callable[[], WiringBoard]


class Builder:
    """The hands of who builds: `tray` is theirs to place, and the board is asked what may be joined."""

    def __init__(self, work: Work, host: Host, drawing: Drawing) -> None:
        building = work.level.building
        assert building is not None, "only a build level is built in"
        self._work, self._host = work, host
        self.building = building
        self.tray = Tray(building, self.take, self.drop, self.open_part, self.undo, self.redo, drawing)
        board = host.board()
        board.joins, board.on_join, board.on_list = self.joins, self.join, self.open_list
        self._known: tuple[object, dict[Key, frozenset[Key]]] = (None, {})
        self.refresh()

    def refresh(self) -> None:
        """The tray as the work stands."""
        work = self._work
        self.tray.show(work.built, undo=work.can_unbuild, redo=work.can_rebuild)

    # -- what may be joined --

    def joins(self, key: Key) -> Iterable[Key]:
        """What this clerk, or channel, may still be joined to."""
        built = self._work.built
        if self._known[0] is not built:
            found: dict[Key, set[Key]] = {}
            for clerk in self._work.level.clerks:
                for target in self._open_targets(clerk.name):
                    one: Key = ("clerk", clerk.name)
                    other: Key = ("channel", handle_of(target).channel)
                    found.setdefault(one, set()).add(other)
                    found.setdefault(other, set()).add(one)
            self._known = built, {one: frozenset(others) for one, others in found.items()}
        return self._known[1].get(key, frozenset())

    def _open_targets(self, clerk: str) -> list[str]:
        built = self._work.built
        return [
            target
            for target in targets_for(self._work.level, built, clerk)
            if not parameter_for(built, clerk, target)
        ]

    # -- deeds --

    def drop(self, supply: Supply, point: tuple[int, int]) -> None:
        """One more part, to stand at a point of the window; nothing where that is not on the board."""
        if self._host.board().rect.collidepoint(point) and (name := self.take(supply)):
            self._host.board().stand(name, point)

    def take(self, supply: Supply) -> str:
        """One more part; its name, or "" when there is none."""
        try:
            built, name = with_part(self._work.level, self._work.built, supply)
        except Cannot as no:
            self._host.toast(no.sentence)
            return ""
        self._become(built, "builds")
        if len(built.parts) == 1 and not built.gets:
            self._host.toast(say("{name} is there. Give it to somebody: draw a way from its +.", name=name))
        return name

    def join(self, clerk: str, channel: str) -> None:
        """A way was drawn: give the clerk this, or ask which end of it."""
        ends = [one for one in self._open_targets(clerk) if handle_of(one).channel == channel]
        if len(ends) == 1:
            self._give(clerk, ends[0])
        elif ends:
            self._ask_end(clerk, channel, ends)

    def _give(self, clerk: str, target: str) -> None:
        try:
            built = with_way(self._work.level, self._work.built, clerk, target)
        except Cannot as no:
            self._host.toast(no.sentence)
            return
        self._become(built, "gives")

    def _ask_end(self, clerk: str, channel: str, ends: list[str]) -> None:
        def give(target: str) -> Callable[[], None]:
            def chosen() -> None:
                self._host.close()
                self._give(clerk, target)

            return chosen

        # The one that is offered first is free: of two ends of a tube, each usually has somebody.
        held = {target for gets in self._work.built.gets.values() for target in gets.values()}
        ends = sorted(reversed(ends), key=lambda target: target in held)
        buttons = [Button(self._end_said(target), give(target)) for target in ends]
        buttons.append(Button(say("Neither"), self._host.close, style="ghost"))
        title = say("Which end of {channel} does {clerk} get?", channel=channel, clerk=clerk)
        self._host.open(
            Dialog(
                title, say("You can change it later: press {channel} in the tray.", channel=channel), buttons
            )
        )

    def _end_said(self, target: str) -> str:
        """An end with what can be done there: `tube.r: recv, poll`."""
        name, face = handle_of(target)
        built = self._work.built
        kinds = {channel.name: channel.kind for channel in self._work.level.channels}
        kind = kind_of(self._work.level, built, name) if name in built.parts else kinds[name]
        calls = [call for call in kind.open_faces()[face].names() if call in ("send", "recv")]
        return f"{target}: {', '.join(calls)}" if calls else target

    def undo(self) -> None:
        if self._work.unbuild():
            self._changed("")

    def redo(self) -> None:
        if self._work.rebuild():
            self._changed("")

    def history(self, event: Event) -> bool:
        """Take Ctrl+Z and Ctrl+Y; True when it was one of them."""
        if UNDO.fits(event):
            self.undo()
            return True
        if any(key.fits(event) for key in REDO):
            self.redo()
            return True
        return False

    def _become(self, built: Built, deed: str) -> None:
        if self._work.build(built):
            self._changed(deed)

    def _changed(self, deed: str) -> None:
        self._host.board().forget_moves()
        self.refresh()
        self._host.changed(deed)

    # -- sheets --

    def open_list(self, key: Key) -> None:
        """All the ways of a thing, as a list."""
        if key[0] == "channel" and key[1] in self._work.built.parts:
            self.open_part(key[1])
        else:
            title = say("What {clerk} is given", clerk=key[1]) if key[0] == "clerk" else key[1]
            if key[0] == "clerk" and has_fellows(self._work.level, key[1]):
                title = say("What {clerk} is given, and as what", clerk=key[1])
            self._open(title, lambda: self._lines_of(key), [])

    def open_part(self, name: str) -> None:
        """How a part is set, and who is given it."""

        def away() -> None:
            self._host.close()
            self._become(without_part(self._work.built, name), "builds")

        part = self._work.built.parts[name]
        title = say("{name}: a {kind}", name=name, kind=part[KIND])

        def lines() -> list[Line]:
            return [*self._option_lines(name), *self._lines_of(("channel", name))]

        more = [
            Button(say("Take it away"), away, icon="cross"),
            Button(say("Call it…"), lambda: self.open_name(name), icon="document"),
        ]
        self._open(title, lines, more)

    def open_name(self, name: str) -> None:
        """Another name for a part."""

        def call_it(new: str) -> None:
            try:
                built = renamed(self._work.level, self._work.built, name, new.strip())
            except Cannot as no:
                self._host.toast(no.sentence)
                return
            self._host.close()
            self._become(built, "builds")
            self.open_part(new.strip())

        field = TextField(name, on_enter=call_it)
        field.buffer.go(Spot(0, 0), select=True)
        buttons = [
            Button(say("Call it so"), lambda: call_it(field.text), style="primary"),
            Button(say("Leave it"), lambda: self.open_part(name)),
        ]
        text = say("Scripts that speak of it go along.")
        dialog = Dialog(say("What is {name} to be called?", name=name), text, buttons, body=field)
        dialog.focus.give(field)
        self._host.open(dialog)

    def _open(self, title: str, lines: Callable[[], list[Line]], more: list[Button]) -> None:
        buttons = [Button(say("Done"), self._host.close, style="primary"), *more]
        sheet = WaysSheet(lines, lambda row: dialog.focus.give(row, ring=True))
        dialog = _SheetDialog(title, "", buttons, body=sheet)
        first: Widget = sheet.rows[0] if sheet.rows else buttons[0]
        dialog.focus.give(first, ring=True)
        self._host.open(dialog)

    def _option_lines(self, name: str) -> list[Line]:
        part = self._work.built.parts[name]
        supply = self.building.supply(str(part[KIND]))
        assert supply is not None
        lines = []
        for option, values in supply.options:
            now = part.get(option, values[0])
            options = tuple(Option(value, _said(value), ()) for value in values)
            at = next(number for number, value in enumerate(values) if repr(value) == repr(now))
            label = OPTIONS.get(option, option)
            lines.append(Line(label, options, at, self._setter(name, option, values)))
        return lines

    def _setter(self, name: str, option: str, values: tuple[Value, ...]) -> Callable[[int], None]:
        def choose(index: int) -> None:
            try:
                built = with_option(self._work.level, self._work.built, name, option, values[index])
            except Cannot as no:
                self._host.toast(no.sentence)
                return
            self._become(built, "builds")

        return choose

    def _lines_of(self, key: Key) -> list[Line]:
        """A row for each clerk who may be given this channel, or for each channel this clerk may be given."""
        level, built = self._work.level, self._work.built
        lines = []
        for clerk in [one.name for one in level.clerks if key[0] == "channel" or key[1] == one.name]:
            targets = targets_for(level, built, clerk)
            for channel in dict.fromkeys(handle_of(target).channel for target in targets):
                if key not in (("clerk", clerk), ("channel", channel)):
                    continue
                ends = [target for target in targets if handle_of(target).channel == channel]
                if has_fellows(level, clerk):
                    many = len(ends) > 1
                    for end in ends:
                        label = end if key[0] == "clerk" else f"{clerk} {end}" if many else clerk
                        lines.append(self._name_line(label, clerk, end))
                else:
                    lines.append(self._way_line(channel if key[0] == "clerk" else clerk, clerk, ends))
        return lines

    def _name_line(self, label: str, clerk: str, target: str) -> Line:
        """A row for something given to a clerk who shares a script: by which of its names."""
        names = names_for(self._work.level, self._work.built, clerk, target)
        now = parameter_for(self._work.built, clerk, target)
        options = (Option("", say("no"), ()), *(Option(name, name, ()) for name in names))

        def choose(index: int) -> None:
            built = self._work.built
            if not index:
                self._become(without_way(built, clerk, target), "gives")
                return
            try:
                self._become(with_way(self._work.level, built, clerk, target, names[index - 1]), "gives")
            except Cannot as no:
                self._host.toast(no.sentence)

        return Line(label, options, names.index(now) + 1 if now else 0, choose)

    def _way_line(self, label: str, clerk: str, ends: list[str]) -> Line:
        sets = [one for count in range(min(3, len(ends) + 1)) for one in combinations(ends, count)]
        held = tuple(end for end in ends if parameter_for(self._work.built, clerk, end))
        names: list[str] = [say("no"), say("yes")]
        if len(ends) > 1:
            faces = [[handle_of(end).face or end for end in one] for one in sets]
            names = [" + ".join(one) or say("no") for one in faces]
        options = tuple(Option(" ".join(one), name, ()) for one, name in zip(sets, names, strict=True))
        at = sets.index(held) if held in sets else 0

        def choose(index: int) -> None:
            built = self._work.built
            for end in ends:
                if end not in sets[index]:
                    built = without_way(built, clerk, end)
            try:
                for end in sets[index]:
                    built = with_way(self._work.level, built, clerk, end)
            except Cannot as no:
                self._host.toast(no.sentence)
                return
            self._become(built, "gives")

        return Line(label, options, at, choose)


def _said(value: Value) -> str:
    """A value of an option, as a player reads it."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return written(value)


class _SheetDialog(Dialog):
    """A dialog whose rows are walked by Up and Down. What is set there is set; Escape only leaves."""

    def handle(self, event: Event) -> bool:
        if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
            self.buttons[0].press()
            return True
        if isinstance(self.body, WaysSheet) and event.type == pygame.KEYDOWN and self.body.walk(event):
            return True
        return super().handle(event)
