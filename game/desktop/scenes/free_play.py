"""Free play: an office of one's own, built from nothing, written, opened and judged.

The building itself is `game.desktop.building`'s; the run, the film and the verdict are the workshop's. Every
change is kept at once in a level file of the player's own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pygame

from game.attempt import Attempt
from game.authoring.blueprint import Blueprint, Drafting, Hand
from game.authoring.offices import (
    keep_office,
    new_office,
    office_text,
    offices,
    read_office,
)
from game.authoring.promises import Promises, finished_text
from game.campaign import key_of
from game.checker.verdict import Verdict
from game.desktop import draw, icons, words
from game.desktop.app import App, Event
from game.desktop.arrangements import PLAIN, Arrangement
from game.desktop.building import Building
from game.desktop.completion import Vocabulary, vocabulary_in
from game.desktop.drafted import kind_of
from game.desktop.editor import CodeEditor, Trouble
from game.desktop.fields import Clipboard
from game.desktop.house import House
from game.desktop.layout import Key as Thing
from game.desktop.looks import catalogue_of
from game.desktop.office_file import OfficeFile
from game.desktop.promise_list import PromiseList, summary
from game.desktop.scenes.room import GLOSSARY_KEYS, HELP_KEYS, Room, Shortcut, does
from game.desktop.scenes.workshop import COMPILE_AFTER, WorkshopScene, open_level
from game.desktop.services import Fell
from game.desktop.slip import Notice
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Chip, Dialog, IconButton, Key, ListBox, Row, Widget
from game.language import say, translate
from game.level.model import Answer, Clerk, Level
from game.level.reader import read_level_text
from game.problems import Place, Problem, ProblemsFound
from game.request import Handle, Value
from game.world import build

BAR: Final = 52
GAP: Final = 12
TRAY: Final = 200
PANEL: Final = 326
FOOT: Final = 36
CTRL: Final = pygame.KMOD_CTRL
SHIFT: Final = pygame.KMOD_SHIFT
UNDO: Final = (Key(pygame.K_z, CTRL),)
REDO: Final = (Key(pygame.K_y, CTRL), Key(pygame.K_z, CTRL | SHIFT))
RUN: Final = (Key(pygame.K_F5), Key(pygame.K_RETURN, CTRL), Key(pygame.K_KP_ENTER, CTRL))

UNTITLED: Final = say("An office of my own")
TEXTS: Final = (
    say("An office built by hand."),
    say("Make it work in every wind."),
    say("Look at what each clerk is given."),
)
"""What the file of a new office says; a player reads it in the workshop."""


def fresh_office(house: House) -> Blueprint:
    """An empty office, with the goal every office has: that nothing is left lying about."""
    return Blueprint(title=str(translate(UNTITLED, catalogue_of(house.settings))), win={"left_over": []})


def open_free_play(app: App, house: House) -> None:
    """Go on with the office built last, or begin one."""
    found = offices(house.folder, house.registry) if house.folder is not None else []
    path = next((path for path, office in found if isinstance(office, Blueprint)), None)
    app.push(FreePlayScene(house, path))


def build_on(app: App, house: House, path: Path) -> None:
    """Open a level file to build on, or say kindly why that cannot be and offer to play it."""
    try:
        app.push(FreePlayScene(house, path))
    except ProblemsFound as found:
        scene = app.scene
        assert isinstance(scene, Room)
        _offer_to_play(scene, path, found)


def _offer_to_play(scene: Room, path: Path, found: ProblemsFound) -> None:
    def play() -> None:
        scene.focus.close()
        scene.house.note_opened(path)
        open_level(scene.app, scene.house, path)

    text = say(
        "There is more in `{name}` than can be built here: {problem}. You can play it as it is, and change "
        "it with a text editor.",
        name=path.name,
        problem=found.problems[0].message,
    )
    buttons = [Button(say("Play it"), play, style="primary"), Button(say("Close"), scene.focus.close)]
    scene.focus.open(Dialog(say("Not to be built on"), text, buttons))


class FreePlayScene(Room):
    """One office under construction. Raises ProblemsFound for a file that cannot be built on; without a path
    a new office, which gets its file with the first change."""

    shortcuts = (
        (
            say("Building"),
            (
                Shortcut(say("Enter, in the tray"), say("add that clerk or part")),
                Shortcut(say("Enter, on the board"), say("pick the next thing")),
                Shortcut("← → ↑ ↓", say("move what is picked")),
                Shortcut(say("Delete"), say("take it away")),
                Shortcut("W", say("to its ways, in the panel")),
                Shortcut(say("Space, in the panel"), say("give it to a clerk, or take it back")),
                Shortcut("Ctrl+R", say("rename what is picked")),
                does(say("undo, redo"), "undo", "redo"),
            ),
        ),
        (
            say("The office"),
            (
                does(say("open the office, then the verdict"), "run"),
                does(say("only the inspector's verdict"), "check"),
                Shortcut("F7", say("be the wind: pick who moves next")),
                Shortcut("F8", say("what it lacks as a level")),
                Shortcut("Ctrl+O", say("all my offices")),
                Shortcut("Ctrl+N", say("a new office")),
                Shortcut("Alt+1 … 5", say("tray, board, panel, script, goal")),
            ),
        ),
    )

    def __init__(self, house: House, path: Path | None = None, blueprint: Blueprint | None = None) -> None:
        super().__init__(house)
        if blueprint is None:
            blueprint = fresh_office(house) if path is None else read_office(path, house.registry)
        self._file = OfficeFile(path, blueprint) if path is not None else None
        self.draft = Drafting(blueprint)
        kept = house.arrangement(self._key) if path is not None else PLAIN
        self.draft = Drafting(blueprint, kept.places)
        self._unkept = False
        self._promises: Promises | None = None
        self._told: Dialog | None = None
        self._written = blueprint
        self._since_edit = 0.0
        self._compiled: Blueprint | None = None
        self._missing: str | None = None
        self._sheet: CodeEditor | None = None
        self._sheet_of = ""
        self._vocabulary: tuple[Blueprint, str, Vocabulary] | None = None
        self.building = Building(
            self.draft,
            house.registry,
            on_change=self._changed,
            on_arrange=self._arranged,
            on_pick=self._picked,
            on_trouble=self._trouble,
            give_focus=lambda widget: self.focus.give(widget, ring=True),
        )
        self._board_card = self._panel_card = self._tray_card = pygame.Rect(0, 0, 0, 0)
        self.building.board.arrangement = kept
        self._make_bar()
        self._set_widgets()

    def _make_bar(self) -> None:
        self._back = IconButton("back", self.back, tip=say("Back"), style="bar")
        self._undo = IconButton("undo", self._take_back, tip=say("Undo  ·  Ctrl+Z"), style="bar")
        self._redo = IconButton("redo", self._make_again, tip=say("Redo  ·  Ctrl+Y"), style="bar")
        self._menu = IconButton(
            "menu", self.show_offices, tip=say("My offices"), style="bar", keys=(Key(pygame.K_o, CTRL),)
        )
        self._new = IconButton(
            "plus", self.begin, tip=say("A new office"), style="bar", keys=(Key(pygame.K_n, CTRL),)
        )
        self._office = IconButton(
            "flag", lambda: self._show_office(), tip=say("Name and goal of the office"), style="bar"
        )
        self._book = IconButton(
            "book", self.show_glossary, tip=say("Glossary"), style="bar", keys=GLOSSARY_KEYS
        )
        self._settings = IconButton("gear", self.show_settings, tip=say("Settings"), style="bar")
        self._help = IconButton("help", self.show_help, tip=say("Keys"), style="bar", keys=HELP_KEYS)
        self._run = Button(
            say("Open the office"), self.run, style="primary", icon="play", keys=RUN,
            tip=say("Real clerks, then the inspector"),
        )  # fmt: skip
        self._check = IconButton(
            "eye", self.check, tip=say("The inspector alone"), style="bar", keys=(Key(pygame.K_F6),)
        )
        self._wind = IconButton(
            "wind", self.blow, tip=say("Be the wind yourself"), style="bar", keys=(Key(pygame.K_F7),)
        )
        self._level_file = IconButton(
            "document", self.show_promises, tip=say("As a level file"), style="bar", keys=(Key(pygame.K_F8),)
        )
        self._goals: tuple[Chip, ...] = ()

    def _set_widgets(self) -> None:
        building = self.building
        sheet: list[Widget] = [self._sheet] if self._sheet is not None else []
        bar = [
            *(self._run, self._wind, self._check, self._undo, self._redo),
            *(self._office, self._level_file, self._new, self._menu),
            *(self._book, self._settings, self._help),
        ]
        self.focus.set(
            [self._back, building.tray, building.board, building.panel, *sheet, *bar, building.layer]
        )  # fmt: skip
        self._undo.enabled, self._redo.enabled = self.draft.can_undo, self.draft.can_redo
        self._goals = tuple(Chip(goal, dark=True) for goal in self._goal_words())

    def _goal_words(self) -> list[str]:
        goals = self.house.registry.goals
        return [goals[name].read(raw).words() for name, raw in self.draft.now.win.items()]

    # -- what changed --

    def _changed(self) -> None:
        self._unkept = self._unkept or self.draft.now is not self._written
        self._since_edit = 0.0
        self._show_script()
        self._set_widgets()
        self._place_again()

    def _picked(self, key: Thing | None) -> None:
        self._show_script()
        self._set_widgets()
        self._place_again()

    def _trouble(self, sentence: str) -> None:
        if self._app is not None:
            self.app.toast(sentence, sign="warning")

    def _show_script(self) -> None:
        """The picked clerk's script in the editor."""
        picked = self.building.picked
        if picked is None or picked[0] != "clerk":
            self._sheet, self._sheet_of = None, ""
            return
        script = self.draft.now.clerk(picked[1]).script
        if self._sheet is None or self._sheet_of != picked[1]:
            self._sheet_of = picked[1]
            number = [hand.name for hand in self.draft.now.clerks].index(picked[1])
            self._sheet = ScriptSheet(
                script, picked[1], number, on_change=self._write, vocabulary=self._speak
            )
            self._compiled = None
        elif self._sheet.text != script:
            # What the building changed is the building's to take back, not the script's.
            line, column = self._sheet.buffer.cursor
            self._sheet.set_text(script)
            self._sheet.go_to(line + 1, column + 1)

    def _write(self, text: str) -> None:
        if self._sheet_of and text != self.draft.now.clerk(self._sheet_of).script:
            self.building.write(self._sheet_of, text)

    def _speak(self) -> Vocabulary:
        """What the picked clerk's script may speak of: what the clerk is given."""
        now, name = self.draft.now, self._sheet_of
        kept = self._vocabulary
        if kept is None or kept[0] is not now or kept[1] != name:
            kinds = {part.name: kind_of(part, self.house.registry) for part in now.channels}
            clerks = [_as_clerk(hand) for hand in now.clerks]
            self._vocabulary = kept = (now, name, vocabulary_in(kinds, clerks, name, None))
        return kept[2]

    # -- keeping it --

    @property
    def path(self) -> Path | None:
        """Where the office is kept; nowhere before the first change."""
        return self._file.path if self._file is not None else None

    @property
    def _key(self) -> str:
        """What the board's arrangement is kept under: the same as in the workshop."""
        path = self.path or Path("office.yaml")
        return key_of(path, str(self.draft.now.rest.get("id", path.stem)), self.house.campaigns)

    def _arranged(self, arrangement: Arrangement) -> None:
        if self.path is not None:
            self.house.arrange(self._key, arrangement)

    def save(self) -> None:
        """Write the office's file, beside the frames; the first time it gets one."""
        self.building.panel.commit()
        refused = self._file is not None and self._file.refused
        if not (self._unkept or refused) or self.house.folder is None:
            return
        self._unkept = False
        self._written = now = self.draft.now
        if self._file is None:
            self._file = OfficeFile(new_office(self.house.folder, now.title))
            self.house.arrange(self._key, self.building.board.arrangement)
        # A later one is on its way, if this is not the newest.
        text = office_text(self._file.path, now)
        self.house.write(self._file.writing(text, lambda: self.draft.now is now))

    def keep_proved(self) -> None:
        """An office that holds in every wind is written once more, now with how it fails when somebody goes
        straight home: a level has to say that, and `draughty lint --deep` tries it."""
        file = self._file
        if file is None or self.house.folder is None:
            return
        now, registry = self.draft.now, self.house.registry

        def job() -> None:
            with contextlib.suppress(ProblemsFound):  # nobody is needed: then it stays as it is
                text = finished_text(now, str(now.rest.get("id", file.path.stem)), registry)
                file.writing(text, lambda: self.draft.now is now)()

        self.house.write(job)

    def _look_for_theirs(self, dt: float) -> bool:
        """Go on with what another window, or a text editor, has made of the office."""
        if self._file is None or self._unkept or self.focus.dialog is not None:
            return False
        theirs = self._file.theirs(dt, self.house.registry)
        if theirs is None or theirs == self.draft.now:
            return False
        self._written = theirs
        self.building.take_over(theirs)
        told = say("{name} was changed elsewhere, and is read again.", name=self._file.path.name)
        self.app.toast(told, sign="info")
        return True

    def enter(self) -> None:
        if self.path is not None:  # things may have been moved while the office was open
            self.building.stand(self.house.arrangement(self._key))

    def update(self, dt: float) -> bool:
        changed = super().update(dt)
        changed = self._hear_inspector() or changed
        changed = self._look_for_theirs(dt) or changed
        if self._unkept:
            self.save()
        self._since_edit += dt
        if self._since_edit >= COMPILE_AFTER and self._compiled is not self.draft.now:
            self._compile()
            changed = True
        return changed

    def _compile(self) -> None:
        """Find out what the office lacks, and mark in the script what is wrong with it."""
        self._compiled = self.draft.now
        self._missing, problems = self._troubles()
        if self._sheet is not None:
            self._sheet.troubles = tuple(
                Trouble(problem.place.line, problem.place.column, problem.message)
                for problem in problems
                if problem.place.file == f"{self._sheet_of}.py"
            )

    # -- my offices --

    def begin(self) -> None:
        """A new office, empty; this one is kept."""
        self.app.replace(FreePlayScene(self.house))

    def show_offices(self) -> None:
        """All the player's offices: open, copy, delete, begin another."""
        if self.house.folder is None:
            return
        self.save()
        self.house.wait_for_writing()
        found = offices(self.house.folder, self.house.registry)
        rows = [
            Row(office.title, path.name, "document")
            if isinstance(office, Blueprint)
            else Row(path.stem, say("only to play"), "eye")
            for path, office in found
        ]
        close = Button(say("Close"), self._close_dialog)
        if not rows:
            text = say("There are none yet. They will lie in {folder}.", folder=f"`{self.house.folder}`")
            self.focus.open(Dialog(say("My offices"), text, [close]))
            return
        listed = ListBox(rows, lambda at: self._open(*found[at]))
        at = next((at for at, (path, _) in enumerate(found) if path == self.path), 0)
        listed.mark(at)
        buttons = [
            Button(say("Open"), lambda: self._open(*found[listed.marked]), style="primary"),
            Button(say("Copy"), lambda: self._copy(*found[listed.marked])),
            Button(say("Throw away"), lambda: self._ask_delete(found[listed.marked][0])),
            Button(say("Where is the file"), lambda: self._tell_where(found[listed.marked][0])),
            close,
        ]
        text = say("Each is a level file of your own. Every change is kept at once.")
        dialog = Dialog(say("My offices"), text, buttons, body=listed)
        dialog.focus.give(listed, ring=True)
        self.focus.open(dialog)

    def _open(self, path: Path, office: Blueprint | ProblemsFound) -> None:
        self.focus.close()
        if isinstance(office, ProblemsFound):
            _offer_to_play(self, path, office)
        elif path != self.path:
            self.app.replace(FreePlayScene(self.house, path))

    def _copy(self, path: Path, office: Blueprint | ProblemsFound) -> None:
        assert self.house.folder is not None
        if isinstance(office, ProblemsFound):
            self._open(path, office)
            return
        self.focus.close()
        rest = {key: one for key, one in office.rest.items() if key != "id"}
        title = translate(say("{title}, a copy", title=office.title), catalogue_of(self.house.settings))
        copy = replace(office, title=str(title), rest=rest)
        new = new_office(self.house.folder, copy.title)
        try:
            keep_office(new, office_text(new, copy), None)
        except OSError as error:
            self._trouble(say("It cannot be copied: {error}.", error=error.strerror or str(error)))
            return
        self.app.replace(FreePlayScene(self.house, new))

    def _ask_delete(self, path: Path) -> None:
        def yes() -> None:
            self.focus.close()
            self.house.wait_for_writing()
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                self._trouble(say("It cannot be deleted: {error}.", error=error.strerror or str(error)))
                return
            if path == self.path:
                self._unkept = False
                self.app.replace(FreePlayScene(self.house))
            self.app.toast(say("{name} is deleted", name=path.name), sign="check")

        text = say("The file `{name}` goes, and cannot be brought back.", name=path.name)
        buttons = [Button(say("Delete it"), yes, style="primary"), Button(say("Keep it"), self._close_dialog)]
        dialog = Dialog(say("Delete this office?"), text, buttons)
        dialog.focus.give(buttons[1], ring=True)
        self.focus.open(dialog)

    def _tell_where(self, path: Path) -> None:
        def copy() -> None:
            Clipboard().put(str(path))
            self._close_dialog()

        text = say(
            "`{path}` — an ordinary level file: `draughty lint` checks it, and you can go on in a text "
            "editor.",
            path=str(path),
        )
        buttons = [
            Button(say("Copy the path"), copy, style="primary"),
            Button(say("Close"), self._close_dialog),
        ]
        self.focus.open(Dialog(say("Where the file is"), text, buttons))

    # -- as a level --

    def show_promises(self) -> Promises:
        """What `draughty lint` makes of the office, and what it lacks for `--deep`."""
        self.save()
        id = str(self.draft.now.rest.get("id", self.path.stem if self.path is not None else "office"))
        self._promises = promises = Promises(self.draft.now, id, self.house.registry)
        close = Button(say("Close"), self._close_promises, style="primary")
        buttons = [close]
        if self.path is not None:
            path = self.path
            buttons.insert(0, Button(say("Where is the file"), lambda: self._tell_where(path)))
        listed = PromiseList(lambda: promises.found)
        self._told = Dialog(say("As a level file"), summary(promises), buttons, body=listed)
        self._told.focus.give(close, ring=True)
        self.focus.open(self._told)
        self._ask_inspector()
        return promises

    def hear_verdict(self, verdict: Verdict) -> None:
        """What became of the promises' question."""
        assert self._promises is not None and self._told is not None
        self._promises.hear(verdict)
        self._told.text = summary(self._promises)
        if self._promises.kept:
            self._keep_finished(self._promises)

    def _ask_inspector(self) -> None:
        promises = self._promises
        if promises is not None and promises.question is not None and self.house.inspector is not None:
            self.house.inspector.submit(promises.question.level, promises.question.answer)

    def _hear_inspector(self) -> bool:
        """Whether something new is known of the promises."""
        promises, inspector = self._promises, self.house.inspector
        if promises is None or inspector is None or promises.question is None:
            return False
        if self._told is None or self.focus.dialog is not self._told:
            inspector.cancel()
            self._promises = None
            return False
        report = inspector.poll()
        if isinstance(report, Attempt):
            self.hear_verdict(report.verdict)
            self._ask_inspector()
        elif isinstance(report, Fell):
            self._close_promises()
            self._trouble(report.reason)
        else:
            return False
        return True

    def _close_promises(self) -> None:
        self._told = None
        self._close_dialog()

    def _keep_finished(self, promises: Promises) -> None:
        """Write the office's file with all that a level has to say."""
        file, office = self._file, promises.blueprint
        if file is not None and self.house.folder is not None:
            self.house.write(file.writing(promises.text, lambda: self.draft.now is office))

    # -- running --

    @property
    def missing(self) -> str | None:
        """What the office still lacks before it can be opened."""
        if self._compiled is not self.draft.now:
            self._compile()
        return self._missing

    def _troubles(self) -> tuple[str | None, tuple[Problem, ...]]:
        if not self.draft.now.clerks:
            return say("Nobody works here yet: add a clerk."), ()
        try:
            level = self._level()
        except ProblemsFound as found:
            if any(problem.path == "answers.reference" for problem in found.problems):
                return say("No script does anything yet: pick a clerk and write one."), ()
            return found.problems[0].message, ()
        try:
            build(level, level.reference)
        except ProblemsFound as found:
            first = found.problems[0]
            clerk = first.place.file.removesuffix(".py")
            told = say(
                "{clerk}, line {line}: {message}", clerk=clerk, line=first.place.line, message=first.message
            )
            return told, found.problems
        return None, ()

    def _level(self) -> Level:
        path = self.path or Path("office.yaml")
        return read_level_text(office_text(path, self.draft.now), str(path), self.house.registry)

    def run(self) -> None:
        """Open the office in the workshop, and let real clerks in."""
        if (scene := self._try()) is not None:
            scene.run()

    def check(self) -> None:
        """The same with the inspector alone."""
        if (scene := self._try()) is not None:
            scene.check()

    def blow(self) -> None:
        """Open it with the player as the wind, who picks who moves next, on real clerks."""
        self._try(wind=True)

    def _try(self, *, wind: bool = False) -> TryingScene | None:
        self.save()
        missing = self.missing
        if missing is not None:
            self._trouble(missing)
            return None
        scene = (BlowingScene if wind else TryingScene)(self, self._level())
        self.app.push(scene)
        return scene

    # -- keys --

    def handle(self, event: Event) -> None:
        if self.focus.dialog is None and event.type == pygame.KEYDOWN and self._key_down(event):
            return
        super().handle(event)

    def _key_down(self, event: Event) -> bool:
        buffer = self._sheet.buffer if self._sheet is not None and self._sheet.focused else None
        entry = any(one.focused and one.dirty for one in self.building.panel.entries.values())
        if any(key.fits(event) for key in UNDO) and not entry and not (buffer and buffer.can_undo):
            self._take_back()
            return True
        if any(key.fits(event) for key in REDO) and not entry and not (buffer and buffer.can_redo):
            self._make_again()
            return True
        if event.key == pygame.K_r and event.mod & CTRL:
            self._rename()
            return True
        places: dict[int, Callable[[], Widget | None]] = {
            pygame.K_1: lambda: self.building.tray.cards[0],
            pygame.K_2: lambda: self.building.board,
            pygame.K_3: lambda: next(iter(self.building.panel.children()), None),
            pygame.K_4: lambda: self._sheet,
            pygame.K_5: self._show_office,
        }
        if event.mod & pygame.KMOD_ALT and event.key in places:
            widget = places[event.key]()
            if widget is not None:
                self.focus.give(widget, ring=True)
            return True
        if event.key == pygame.K_ESCAPE and self.building.picked is not None and (
            self.focus.current in (None, self.building.board)
        ):  # fmt: skip
            self.building.pick(None)
            return True
        return False

    def _take_back(self) -> None:
        self.building.undo()

    def _make_again(self) -> None:
        self.building.redo()

    def _rename(self) -> None:
        entry = next(iter(self.building.panel.entries.values()), None)
        if entry is not None:
            entry.buffer.select_all()
            self.focus.give(entry, ring=True)

    def _show_office(self) -> Widget | None:
        """The name and the goal of the office."""
        self.building.pick(None)
        return next(iter(self.building.panel.children()), None)

    # -- places and drawing --

    def _place_again(self) -> None:
        if self._app is not None or self._theme is not None:
            self.place(self.theme, pygame.Rect((0, 0), self._size))

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        bar, gap = theme.px(BAR), theme.px(GAP)
        self._place_bar(theme, window, bar // 2)
        body = pygame.Rect(gap, bar + gap, window.width - 2 * gap, window.height - bar - 2 * gap)
        narrow = window.width / theme.scale < 1150
        tray = theme.px(TRAY - (16 if narrow else 0))
        panel = theme.px(PANEL - (36 if narrow else 0))
        self._tray_card = pygame.Rect(body.x, body.y, tray, body.height)
        self._panel_card = pygame.Rect(body.right - panel, body.y, panel, body.height)
        self._board_card = pygame.Rect(
            self._tray_card.right + gap,
            body.y,
            self._panel_card.x - self._tray_card.right - 2 * gap,
            body.height,
        )
        pad = theme.px(10)
        inner = self._tray_card.inflate(-2 * pad, -2 * pad)
        head = theme.px(28)
        self.building.tray.rect = pygame.Rect(
            inner.x, inner.y + head, inner.width + theme.px(6), inner.height - head
        )
        board = self._board_card.copy()
        board.height -= theme.px(FOOT)
        self.building.board.rect = board
        self._place_panel(theme)

    def _place_panel(self, theme: Theme) -> None:
        card, pad = self._panel_card, theme.px(14)
        if self._sheet is not None:
            whole = card.height
            high = max(theme.px(190), min(round(whole * 0.46), theme.px(300)))
            gap = theme.px(GAP)
            self._sheet.rect = pygame.Rect(card.x, card.y + high + gap, card.width, whole - high - gap)
            self._panel_card = card = pygame.Rect(card.x, card.y, card.width, high)
        inner = card.inflate(-2 * pad, -2 * pad)
        self.building.panel.rect = pygame.Rect(inner.x, inner.y, inner.width + theme.px(8), inner.height)

    def _place_bar(self, theme: Theme, window: pygame.Rect, middle: int) -> None:
        self._back.put(theme, left=theme.px(10), centery=middle)
        right = window.right - theme.px(12)
        for button in (
            *(self._help, self._settings, self._book, self._menu),
            *(self._new, self._level_file, self._office),
        ):
            button.put(theme, right=right, centery=middle)
            right = button.rect.left - theme.px(2)
        self._run.put(theme, right=right - theme.px(8), centery=middle)
        right = self._run.rect.left - theme.px(6)
        for button in (self._wind, self._check, self._redo, self._undo):
            button.put(theme, right=right, centery=middle)
            right = button.rect.left - theme.px(2)

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        surface.fill(palette.paper)
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(BAR))
        surface.fill(palette.ink, bar)
        self._paint_title(surface, theme, bar)
        draw.panel(surface, theme, self._tray_card, palette.card, radius=10, outline=palette.line)
        head = pygame.Rect(
            self._tray_card.x + theme.px(14),
            self._tray_card.y + theme.px(9),
            self._tray_card.width,
            theme.px(24),
        )
        words.label(surface, theme, say("Parts"), head, palette.ink, role="voice", size="lead", weight="bold")
        draw.panel(surface, theme, self._board_card, palette.desk, radius=10, outline=palette.line)
        self._paint_foot(surface, theme)
        draw.panel(surface, theme, self._panel_card, palette.card, radius=10, outline=palette.line)

    def _paint_title(self, surface: pygame.Surface, theme: Theme, bar: pygame.Rect) -> None:
        palette = theme.palette
        place = pygame.Rect(self._back.rect.right + theme.px(8), 0, 0, bar.height)
        place.width = self._undo.rect.left - theme.px(12) - place.x
        title = words.label(
            surface,
            theme,
            self.draft.now.title,
            place,
            palette.on_ink,
            role="voice",
            size="head",
            weight="bold",
        )
        x = title.right + theme.px(16)
        for chip in self._goals:
            wide = chip.size(theme)[0]
            if x + wide > self._undo.rect.left - theme.px(8):
                break
            chip.rect = pygame.Rect(x, 0, wide, theme.px(26))
            chip.rect.centery = bar.centery
            chip.draw(surface, theme)
            x += wide + theme.px(8)

    def _paint_foot(self, surface: pygame.Surface, theme: Theme) -> None:
        """Below the board: what is still missing, and where the office is kept."""
        palette, card = theme.palette, self._board_card
        strip = pygame.Rect(card.x, card.bottom - theme.px(FOOT), card.width, theme.px(FOOT))
        clip = surface.get_clip()
        surface.set_clip(strip)
        draw.panel(surface, theme, card, palette.ink_soft, radius=10)
        surface.set_clip(clip)
        inner = strip.inflate(-theme.px(28), 0)
        if self._file is not None:
            kept = say("kept in {name}", name=self._file.path.name)
            if refused := self._file.refused:
                kept = say("not kept: {error}", error=refused)
            tag = words.label(
                surface, theme, kept, inner, palette.on_ink_muted, size="caption", align="right"
            )
            inner.width = tag.left - theme.px(12) - inner.x
        missing = self.missing if self._compiled is None else self._missing
        sign, ink = ("info", palette.brass_light) if missing else ("check", palette.teal_light)
        icons.put_icon(surface, theme, sign, (inner.x + theme.px(8), inner.centery), 16, ink)
        inner.x, inner.width = inner.x + theme.px(24), inner.width - theme.px(24)
        told = missing or say("Ready to open.")
        words.label(surface, theme, told, inner, palette.on_ink, size="small", weight="bold")


class ScriptSheet(CodeEditor):
    """A clerk's script below the panel, with whose it is above it."""

    def __init__(self, script: str, clerk: str, number: int, **how: Any) -> None:
        super().__init__(script, header=30, letters=14, **how)
        self.clerk, self.number = clerk, number

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        super().draw(surface, theme)
        head = self.header_rect(theme).inflate(-theme.px(24), 0)
        spot = (head.x + theme.px(6), head.centery)
        icons.clerk_mark(surface, theme, spot, theme.clerk(self.number), 12)
        head.x, head.width = head.x + theme.px(20), head.width - theme.px(20)
        words.label(
            surface, theme, f"{self.clerk}.py", head, theme.palette.on_ink, role="code", size="small",
            weight="bold",
        )  # fmt: skip


def _as_clerk(hand: Hand) -> Clerk:
    """A clerk as a level has it."""
    gets: list[tuple[str, Handle | Value]] = []
    for parameter, target in hand.gets:
        channel, _, face = target.partition(".")
        gets.append((parameter, Handle(channel, face)))
    gets += [(name, one["text"] if isinstance(one, dict) else one) for name, one in hand.told]
    return Clerk(hand.name, hand.name, tuple(gets), True, Place(""))


class TryingScene(WorkshopScene):
    """An office that was built, opened in the workshop. What is written here is written there too."""

    def __init__(self, site: FreePlayScene, level: Level) -> None:
        self._site = site
        path = site.path or Path("office.yaml")
        super().__init__(site.house, path, level, answer=Answer(level.id, level.reference.scripts))
        self._bar.back.tip = say("Back to building")
        self._bar.hint.enabled = False
        self._bar.number = ""

    def _keep(self) -> None:
        super()._keep()
        for hand in self._site.draft.now.clerks:
            self._site.building.write(hand.name, self.work.texts[hand.name])
        self._site.save()

    def _may_reset(self) -> bool:
        return False  # nobody gave a script to begin with

    def _praise(self) -> None:
        self._keep()
        self._site.keep_proved()
        if self._app is not None:
            self.app.toast(say("It holds in every wind."), sign="check")

    def _notice(self) -> Notice:
        notice = super()._notice()
        own = tuple(action for action in notice.actions if action not in ("next", "praise", "hint"))
        return notice._replace(actions=own)

    def back(self) -> None:
        self.app.pop()


class BlowingScene(TryingScene):
    """The same, where the player is the wind. The scripts stand as they are: who moves next is chosen, on
    real clerks, and a wind that is complete is judged alone."""

    def __init__(self, site: FreePlayScene, level: Level) -> None:
        written = level.reference.scripts
        fixed = (
            replace(script, text=written.get(script.name, script.text), editable=False)
            for script in level.scripts
        )
        super().__init__(site, replace(level, mode="wind", scripts=tuple(fixed)))

    def _keep(self) -> None:
        self._unkept = False

    def _praise(self) -> None:
        """One wind that holds says nothing of the others."""
