"""The workshop: the story, the office, the scripts, the run and the verdict of one level.

What the player is doing with the level is `game.desktop.work`'s; here it is shown, and keys and presses are
passed on to it.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pygame

from game.desktop import draw, share_dialog
from game.desktop.app import App, Event
from game.desktop.builder import Builder
from game.desktop.builder import Host as BuilderHost
from game.desktop.building import part_picture
from game.desktop.editor import CodeEditor
from game.desktop.glossary import entry_of
from game.desktop.guide import Guide
from game.desktop.gusts import GustPanel
from game.desktop.hints import Hints
from game.desktop.hints import Host as HintsHost
from game.desktop.house import House
from game.desktop.level_bar import HEIGHT as BAR_HEIGHT
from game.desktop.level_bar import Deeds, LevelBar
from game.desktop.office_card import OfficeCard
from game.desktop.parsons import CardSorter
from game.desktop.run_bar import Host, RunBar
from game.desktop.scenes.broken_level import BrokenLevelScene, Watch, paint_problems
from game.desktop.scenes.room import Room, Shortcut, does
from game.desktop.script_desk import Host as DeskHost
from game.desktop.script_desk import ScriptDesk
from game.desktop.share_dialog import Share
from game.desktop.slip import HEIGHT as SLIP_HEIGHT
from game.desktop.slip import Action, Notice, Slip, notice_of
from game.desktop.slot_panel import SlotPanel
from game.desktop.sounds import of_moments
from game.desktop.story_card import StoryCard
from game.desktop.theme import Theme
from game.desktop.widgets import (
    Button,
    Key,
    Widget,
)
from game.desktop.wiring import WiringBoard
from game.desktop.work import Work
from game.history import try_of
from game.language import say
from game.level.model import Answer, Level
from game.places import home
from game.problems import Problem, ProblemsFound
from game.request import Value

GAP: Final = 12
WIDE_FROM: Final = 1150
"""From this width, in lengths of the design, on the story has a column of its own."""
COMPILE_AFTER: Final = 0.35
LINE_AFTER: Final = 1.0
"""The same in the middle of a line that is being written: a line half written is wrong, and not told so."""

CTRL = pygame.KMOD_CTRL
ALT = pygame.KMOD_ALT
_RUN = (Key(pygame.K_F5), Key(pygame.K_RETURN, CTRL), Key(pygame.K_KP_ENTER, CTRL))


def open_level(app: App, house: House, path: Path, *, watch: bool = False, replace_it: bool = False) -> None:
    """Show a level, or what is wrong with its file."""
    scene = scene_for(house, path, watch=watch)
    if replace_it:
        app.replace(scene)
    else:
        app.push(scene)


def scene_for(house: House, path: Path, *, watch: bool = False) -> Room:
    """The scene of a level: the workshop, or what is wrong with its file."""
    if (pack := house.campaign_of(path)) is not None:
        house.pack = pack.name
    try:
        return WorkshopScene(house, path, house.level(path), watch=watch)
    except ProblemsFound as found:
        return BrokenLevelScene(
            house,
            path,
            found.problems,
            lambda app: open_level(app, house, path, watch=watch, replace_it=True),
        )


class WorkshopScene(Room):
    """One level being played. `answer` stands in for what was kept from last time; `watch` reloads the
    level when its file changes, and keeps what the player wrote."""

    shortcuts = (
        (
            say("The office"),
            (
                does(say("open the office, then the verdict"), "run"),
                Shortcut(say("Ctrl+Enter"), say("the same, from the script")),
                does(say("only the inspector's verdict"), "check"),
                does(say("the failing wind on real clerks"), "show"),
                Shortcut(say("Esc"), say("call off a run or a verdict")),
                does(say("a hint"), "hint"),
                does(say("what is kept of the level"), "saves"),
                does(say("next level, once solved"), "next level"),
                does(say("guide: go on, no more"), "guide on", "guide off"),
                Shortcut("1 … 9", say("who moves next, as the wind")),
                Shortcut(say("Backspace"), say("take a gust back, as the wind")),
            ),
        ),
        (
            say("The script"),
            (
                Shortcut(say("Ctrl+1 … 9"), say("that script")),
                does(say("what fits here"), "offer"),
                does(say("undo, redo"), "undo", "redo"),
                does(say("find, replace"), "find", "replace"),
                does(say("go to a line"), "line"),
                does(say("comment out"), "comment"),
                does(say("pause at this line"), "pause here"),
                does(say("all as plain Python"), "plain python"),
                does(say("move the line or card"), "line up", "line down"),
                does(say("next, all problems"), "problem", "problems"),
                Shortcut(say("Esc Tab"), say("leave the script")),
            ),
        ),
        (
            say("The board"),
            (
                Shortcut("+ − 0", say("closer, farther, all of it")),
                Shortcut("← → ↑ ↓", say("look elsewhere")),
                Shortcut(say("Enter ← → ↑ ↓"), say("pick a thing, move it")),
                Shortcut(say("Delete"), say("back in its place")),
                Shortcut("O", say("ways in right angles")),
                Shortcut("W", say("give something, where one builds")),
            ),
        ),
        (
            say("The film"),
            (
                does(say("play, pause"), "play"),
                does(say("a step back, on"), "step back", "step on"),
                does(say("the chosen clerk's step"), "own step back", "own step on"),
                does(say("to the start, the end"), "to start", "to end"),
                Shortcut("Alt+T L W R D", say("next token, key, wait, race, death")),
                does(say("where to pause"), "pauses"),
                does(say("slower, faster"), "slower", "faster"),
                Shortcut(say("Space ← → T L W R D"), say("the same, on the timeline")),
                Shortcut("↑ ↓", say("choose a clerk there")),
            ),
        ),
    )

    def __init__(
        self, house: House, path: Path, level: Level, *, watch: bool = False, answer: Answer | None = None
    ) -> None:
        super().__init__(house)
        self.path, self.level = path, level
        self.key = house.key_of(level, path)
        kept = answer or house.take_up(self.key)
        self.work = Work(level, kept, house.settings.speed)
        self._keeps = answer is None
        self._watch = Watch(path) if watch else None
        self._unkept = False
        self._at_saves = False
        self._since_edit = math.inf
        self._uncompiled = False
        self._waited = 0.0
        self._noted: tuple[object, ...] = ()
        self._note = Notice("")
        self._judged: object = None
        self._broken: tuple[Problem, ...] = ()
        self._pressed_at = 0.0
        self.first_step_after = 0.0
        """Seconds from the last press of the run button to the first real step on the board."""
        self._bar = LevelBar(
            level,
            Deeds(
                self.back,
                self.hint,
                self.show_saves,
                self.share,
                self.show_glossary,
                self.show_settings,
                self.show_help,
            ),
        )
        self.sharing = Share(
            level,
            lambda: self.work.answer,
            house.folder or home(),
            share_dialog.Host(
                self.focus.open, self._close_dialog, lambda text, sign: self.app.toast(text, sign=sign)
            ),
        )
        self._make_desk()
        self._make_foot()
        self._wide = True
        self.hints = Hints(
            self.work,
            HintsHost(
                theme=lambda: self.theme,
                open=self.focus.open,
                close=self._close_dialog,
                look_up=lambda key, then: self.show_glossary(key, then=then),
                opened=self._hint_taken,
            ),
        )
        self._story = StoryCard(self.work, self._go_to_shot, self.show_glossary)
        self._foot_card = pygame.Rect(0, 0, 0, 0)
        self._prepared = False
        self._office = OfficeCard(
            self.work, house.arrangement(self.key), lambda one: house.arrange(self.key, one)
        )
        self._builder = self._make_builder()
        clerks = [clerk.name for clerk in level.clerks]
        porters = [f"~{channel}/{clerk}" for clerk, channel in self._office.board.cast.trays]
        self._guide = Guide(level.guide, self._place_of, self._guided, self._not_to_be_covered,
                            self._better_not_covered)  # fmt: skip
        self._guide.visible = False
        self._gusts = GustPanel([*clerks, *porters], clerks, self._blow)
        self._set_widgets()

    # -- the widgets --

    def _make_desk(self) -> None:
        self.desk = ScriptDesk(
            self.work,
            DeskHost(
                theme=lambda: self.theme if self._has_theme else None,
                size=lambda: self._size,
                unlocked=lambda: self.house.unlocked_at(self.path),
                written=self._edit,
                put_back=self._back_to_script,
                rearranged=self._rearrange,
                give=self.focus.give,
                tell=self._tell,
                look_up=self.show_glossary,
                open=self.focus.open,
                close=self._close_dialog,
            ),
        )
        clerks = {clerk.name: number for number, clerk in enumerate(self.level.clerks)}
        self._slots = SlotPanel(
            self.level.slots,
            self.work.set_to,
            self._set_slot,
            clerks,
            lambda row: self.focus.give(row, ring=True),
        )

    def _tell(self, sentence: str, sign: str) -> None:
        if self._app is not None:
            self.app.toast(sentence, sign=sign)

    def _rearrange(self) -> None:
        self._set_widgets()
        self._place_again()

    def _make_foot(self) -> None:
        self._run_bar = RunBar(
            self.work,
            Host(
                lambda: self._guide.happened("scrubs"),
                lambda told: self.app.toast(told, seconds=1.8),
                self.focus.open,
                self._close_dialog,
                lambda speed: self.house.set(replace(self.house.settings, speed=speed)),
            ),
        )
        run = say("Try it for real") if self.level.mode == "wind" else say("Open the office")
        self._actions: dict[Action, Button] = {
            "open": Button(run, self.run, icon="play", tip=say("Real clerks, then the inspector"), keys=_RUN),
            "check": Button(
                say("Only check"), self.check, tip=say("The inspector alone"), keys=(Key(pygame.K_F6),)
            ),
            "stop": Button(say("Stop"), self._stop, icon="cross"),
            "reveal": Button(say("See the verdict"), self._reveal, icon="stamp"),
            "show": Button(
                say("Show it on real clerks"), self.show_for_real, icon="person", keys=(Key(pygame.K_F7),)
            ),
            "watch": Button(say("Watch again"), self._watch_again, icon="eye"),
            "edit": Button(
                {"config": say("Set it up again"), "build": say("Back to building")}.get(
                    self.level.mode, say("Back to my script")
                ),
                self._back_to_script,
                icon="document",
            ),
            "hint": Button(say("Hint"), self.hint, icon="hint", keys=(Key(pygame.K_F4),)),
            "next": Button(say("Next level"), self.next_level, icon="forward", keys=(Key(pygame.K_F9),)),
            "praise": Button(say("What Joyn says"), self._praise),
            "fix": Button(say("Go to the line"), self._next_problem, icon="warning", tip="F8"),
            "undo": Button(say("Undo"), self._unblow, icon="undo"),
            "reset": Button(say("Start over"), self._calm_down, icon="retry"),
        }
        for button in self._actions.values():
            button.radius = 17
        self._slip = Slip(self._actions, self.show_glossary)

    def _make_builder(self) -> Builder | None:
        """In a build level, what is built with, and the tray it comes from."""
        if not isinstance(self._office.board, WiringBoard):
            return None
        host = BuilderHost(
            self.focus.open,
            self._close_dialog,
            lambda told: self.app.toast(told, seconds=3.0),
            self._has_built,
            self._wiring_board,
        )
        registry = self.house.registry
        builder = Builder(
            self.work, host, lambda theme, kind, size: part_picture(theme, kind, registry, size)
        )
        self._office.tray = builder.tray
        return builder

    def _wiring_board(self) -> WiringBoard:
        board = self._office.board
        assert isinstance(board, WiringBoard), "a build level has no other"
        return board

    def show_part(self) -> None:
        """The sheet of the first part, if anything is built."""
        if self._builder is not None and self.work.built.parts:
            self._builder.open_part(next(iter(self.work.built.parts)))

    def _has_built(self, deed: str) -> None:
        """Something was built or given: the scripts' first lines, the board and the tray go along."""
        if deed in ("builds", "gives"):
            self._guide.happened(deed)
        self._stop_helpers()
        self.desk.take_over()
        self._since_edit, self._unkept, self._uncompiled = 0.0, True, False
        self._mark_troubles()
        self.desk.refresh_tabs()
        self._refresh_board()
        self._place_again()

    def _set_widgets(self) -> None:
        desk = self.desk
        story = [self._story.scroll] if desk.story_in_front else []
        sheet: list[Widget] = [] if desk.story_in_front else [desk.sheet]
        self.focus.set(
            [
                self._bar.back,
                *([self._story.scroll] if self._wide else []),
                *self._office.widgets,
                *([self._slots] if self.level.slots and self._slots.visible else []),
                *sheet,
                *story,
                *desk.widgets,
                *([self._gusts] if self.level.mode == "wind" else []),
                self._slip,
                *self._run_bar.widgets,
                *self._bar.helpers,
                self._guide,
            ]
        )

    @property
    def _has_theme(self) -> bool:
        return self._app is not None or self._theme is not None

    def show_python(self) -> None:
        """The answer as a program of its own."""
        self.desk.show_python()

    # -- the guide --

    def show_guide(self, at: int = 0) -> None:
        """The level's callouts, from the first, or another."""
        self.focus.close()
        self._guide.restart()
        self._guide.at = min(at, max(0, len(self.level.guide) - 1))

    def _guided(self) -> None:
        """The callouts are over: they do not come by themselves again."""
        settings = self.house.settings
        self.house.set(replace(settings, guided={**settings.guided, self.key: "yes"}))

    def _not_to_be_covered(self) -> list[pygame.Rect]:
        """What is read or pressed while a callout is shown."""
        panels = [one.rect for one in (self._gusts, self._slots) if one.visible]
        callout, board = self._guide.callout, self._office.board
        about = {channel.name for channel in self.work.set_up.channels}
        clerks = self.level.clerks if callout is not None and callout.point in about else ()
        places = [board.place_of(clerk.name, self.theme) for clerk in clerks]
        # What a clerk has in mind hangs over the edge of its card.
        cards = [place.inflate(0, self.theme.px(28)) for place in places if place is not None]
        job = [self._story.job] if self._wide or self.desk.story_in_front else []
        return [self._slip.rect, self._office.strip, *job, *panels, *cards]

    def _better_not_covered(self) -> list[pygame.Rect]:
        """What is on the board, told or written: a callout about something else covers as little of it as
        can be."""
        board = self._office.board
        names = [clerk.name for clerk in self.level.clerks]
        names += [channel.name for channel in self.work.set_up.channels]
        places = [board.place_of(name, self.theme) for name in names]
        tray = [self._office.tray.rect] if self._office.tray is not None else []
        sheet = self.desk.sheet
        written = [sheet.written_rect() if isinstance(sheet, CodeEditor) else sheet.rect]
        return [*(place for place in places if place is not None), *tray, *written, self._story.rect]

    def _begin_guide(self) -> None:
        """The first time the level is played."""
        fresh = self.key not in self.house.settings.guided and not self.house.progress.of(self.key).solved
        if self._app is not None and self._keeps and fresh and self._guide.at == 0:
            self._guide.visible = bool(self.level.guide)

    def help_buttons(self) -> list[Button]:
        if not self.level.guide:
            return []
        return [Button(say("Show me around again"), self.show_guide, icon="hint")]

    def _place_of(self, point: str) -> pygame.Rect | None:
        """Where the thing a callout points at is to be seen now; nowhere while clerks are to be watched."""
        if self.work.busy or self.work.playback.playing:
            return None
        story = self._wide or self.desk.story_in_front
        places = {
            "story": self._story.rect if story else self.desk.tabs.rect,
            "job": self._story.job if story else self.desk.tabs.rect,
            "script": self.desk.sheet.rect,
            "slots": self._slots.rect if self._slots.visible else None,
            "wind": self._gusts.rect if self._gusts.visible else None,
            "board": self._office.rect,
            "tray": self._office.tray.rect if self._office.tray is not None else None,
            "run": self._actions["open"].rect if "open" in self._slip.notice.actions else self._slip.rect,
            "verdict": self._slip.rect,
            "play": self._run_bar.play.rect,
            "timeline": self._run_bar.timeline.rect,
            "hint": self._bar.hint.rect,
            "glossary": self._bar.book.rect,
            "goals": self._bar.goals_rect,
        }
        found = places[point] if point in places else self._office.board.place_of(point, self.theme)
        return found if found is not None and found.width and found.height else None

    def _edit(self, name: str, text: str) -> None:
        if self.level.mode == "parsons":
            self._guide.happened("moves")
        self.work.write(name, text.removesuffix("\n") if self.level.mode == "parsons" else text)
        self._since_edit = 0.0
        self._uncompiled = self._unkept = True
        self._stop_helpers()

    def _set_slot(self, name: str, choice: Value) -> None:
        self._guide.happened("sets")
        self._stop_helpers()
        self.work.choose(name, choice)
        self._since_edit, self._unkept = 0.0, True
        self._mark_troubles()
        self.desk.refresh_tabs()
        self._refresh_board()

    def _stop_helpers(self) -> None:
        if (inspector := self.house.inspector) is not None and inspector.busy:
            inspector.cancel()
        if (office := self.house.office) is not None and office.busy:
            office.abort()

    def _compile(self) -> None:
        self._uncompiled = False
        before = self.work.problems
        if self.work.compile():
            if self.work.shown == "start":
                self.work.rewind()
            if self.work.answer.scripts:
                self._guide.happened("writes")
        self._mark_troubles()
        if before != self.work.problems:
            self.desk.refresh_tabs()
        self._refresh_board()

    def _mark_troubles(self) -> None:
        written = any(problem.place.line for problem in self.work.problems)
        self._actions["fix"].words = say("Go to the line") if written else say("See what is given")
        self.desk.mark_troubles()

    def _next_problem(self) -> None:
        if not self.desk.go_to_problem():
            self._show_what_lacks()

    def _show_what_lacks(self) -> None:
        """What is wrong stands in no script, but in what is built: the list of the clerk it is about."""
        clerks = [clerk.name for clerk in self.level.clerks]
        for problem in self.work.problems:
            key, _, name = problem.path.partition(".")
            clerk = name.partition(".")[0]
            if self._builder is not None and key == "gets" and clerk in clerks:
                self._builder.open_list(("clerk", clerk))
                return

    def _look_up_on_board(self, point: tuple[int, int]) -> None:
        """The glossary, at the entry of what stands at a place of the office."""
        classes = {clerk.name: "multiprocessing.Process" for clerk in self.level.clerks}
        for channel in self.work.set_up.channels:
            face = next(iter(channel.kind.open_faces().values()), None)
            classes[channel.name] = face.python if face is not None else ""
        for name, python in classes.items():
            place = self._office.board.place_of(name, self.theme)
            entry = entry_of(python)
            if place is not None and place.collidepoint(point) and entry is not None:
                self.show_glossary(entry.key)
                return

    def term_in_hand(self) -> str:
        return self.desk.term if self.focus.current is self.desk.sheet else ""

    def _back_to_script(self) -> None:
        self.desk.show_own()
        if self.level.mode == "config":
            self.focus.give(self._own_place(), ring=self.focus.ring)
        if self._builder is not None and not self.work.busy:
            self.work.rewind()  # the film goes, and what is built with comes back

    def _own_place(self) -> Widget:
        """Where the player works: the slots where nothing is written, else the script."""
        return self._slots.rows[0] if self.level.mode == "config" else self.desk.sheet

    # -- running and judging --

    def run(self) -> None:
        """Open the office: real clerks, then the inspector's verdict."""
        self._ask(real=True)

    def check(self) -> None:
        """The inspector's verdict alone."""
        self._ask(real=False)

    def _ask(self, *, real: bool) -> None:
        if self.work.withheld:
            self._reveal()
            return
        if self.work.busy or not self._actions["open"].enabled:
            return
        self._pressed_at, self.first_step_after = time.perf_counter(), 0.0
        self._waited = 0.0
        self._keep()
        self._uncompiled = False
        if not self.work.open_office(self.house.inspector, self.house.office, real=real):
            self._mark_troubles()
            self.desk.refresh_tabs()
            self._next_problem()
            return
        self._guide.happened("runs")
        self._mark_troubles()
        self.desk.refresh_tabs()
        self._refresh_board()

    def show_for_real(self) -> None:
        """The failing wind, forced on real clerks."""
        if self.work.failure is not None and not self.work.busy:
            self.work.show_for_real(self.house.office)

    def _stop(self) -> None:
        self.work.stop(self.house.inspector, self.house.office)
        if self.work.forced is not None and self.work.forced.result is None:
            if self.house.office is not None:
                self.house.office.abort()
            self.work.forced = None

    def _reveal(self) -> None:
        self.work.reveal()
        self._heard()

    def _watch_again(self) -> None:
        self.work.forced = None
        self.work.watch_failure()

    def _heard(self) -> None:
        """Something new from the helpers: keep the score, and say it where it must be said."""
        if self._pressed_at and self.work.shown in ("real", "wind") and self.work.playback.playing:
            self.first_step_after = time.perf_counter() - self._pressed_at
            self._pressed_at = 0.0
        attempt = self.work.attempt
        if attempt is None or self.work.trial is self._judged or self.work.forced is not None:
            return
        self._judged = self.work.trial
        self.hear("passed" if attempt.passed else "refused")
        self._guide.happened("verdict")
        if attempt.passed:
            self._guide.happened("solved")
        if self._keeps:
            tried = try_of(attempt, self.work.answer, datetime.now(UTC))
            self.house.count_attempt(self.key, attempt.stars, attempt.metrics, tried)
        if attempt.passed and self._app is not None:
            self._praise()

    def _praise(self) -> None:
        from game.desktop.scenes.verdict import VerdictScene

        attempt = self.work.attempt
        if attempt is not None and attempt.passed:
            picture = pygame.Surface(self._size)
            self.focus.give(None)
            self.focus.hide_tip()
            self._slip.show(self._notice())
            self.draw(picture)
            self.app.push(VerdictScene(self.house, self, attempt, picture))

    def next_level(self) -> None:
        """On to the next level that is not solved; to the list when there is none."""
        if not self.house.progress.of(self.key).solved:
            return
        card = self.house.next_card(self.key)
        if card is None or card.key == self.key:
            self.to_the_map()
            if card is None:
                told = say("Every level is solved. Joyn puts the kettle on.")
                if self.house.next_card() is not None:
                    told = say("Every level of this pack is solved. On the map, › leads to the others.")
                self.app.toast(told, sign="check")
        else:
            open_level(self.app, self.house, card.path, replace_it=True)

    def hint(self) -> None:
        """The next hint, and those before it to leaf through."""
        self.hints.open()

    def _hint_taken(self) -> None:
        self._guide.happened("hint")
        self.hear("page")

    def share(self) -> None:
        """What can be taken along of the answer as it stands: a refused one shows its failing wind."""
        self._compile()
        self.sharing.ask()

    def show_saves(self) -> None:
        """The answers and attempts kept of this level. Whichever is chosen there stands here afterwards."""
        from game.desktop.scenes.saves import SavesScene, Subject

        self.save()
        self._at_saves = self._keeps
        self.app.push(SavesScene(self.house, Subject(self.key, self.level.id, self.level.title, self.path)))

    def _back_from_saves(self) -> bool:
        """Take up what was chosen there, if it is another answer than stands here. True when it is."""
        self._at_saves = False
        kept = self.house.progress.of(self.key).answer
        if (kept or Answer(self.level.id)) == self.work.answer:
            return False
        open_level(self.app, self.house, self.path, watch=self._watch is not None, replace_it=True)
        return True

    # -- the wind --

    def _blow(self, gust: str) -> None:
        if self.work.blow(gust, self.house.office):
            self._guide.happened("moves")
            self._unkept, self._since_edit = True, 0.0
            self._refresh_gusts()

    def _unblow(self) -> None:
        if self.work.unblow(self.house.office):
            self._unkept, self._since_edit = True, 0.0
            self._refresh_gusts()

    def _calm_down(self) -> None:
        self.work.calm_down(self.house.office)
        self._unkept, self._since_edit = True, 0.0
        self._refresh_gusts()

    def _refresh_gusts(self) -> None:
        if self.level.mode == "wind":
            # A wind that ends before its time is no answer yet, unless it is to fail on the way.
            over = not self.work.choices or (self.work.wants_failure and bool(self.work.wind))
            self._actions["open"].enabled = over and self.work.film is not None
            self._actions["undo"].enabled = self._actions["reset"].enabled = bool(self.work.wind)
            film = self.work.film
            frame = film.frames[-1] if film is not None and self.work.shown == "wind" else None
            self._gusts.show(self.work.choices, self.work.wind, frame)

    # -- the film --

    def _refresh_board(self) -> None:
        before, ring = self._office.board, self.focus.ring
        had = self.focus.current is before
        if self._office.refresh():
            self._set_widgets()
            if had:  # the keyboard stays on the board, another one though it is
                self.focus.give(self._office.board, ring=ring)

    def _sync_film(self) -> None:
        """Board, timeline, script and chips as they are at the moment shown."""
        if self.work.film is None:
            return
        self._refresh_board()
        self._story.sync()
        self._office.sync()
        self._run_bar.sync()
        self.desk.sync(self.theme, still=self.theme.reduced_motion or self._app is None)
        self._sync_chips()

    def _sync_chips(self) -> None:
        """Goals are judged where the film ends; the promise by the inspector."""
        work = self.work
        film = work.film
        judged = (
            film is not None
            and work.shown != "start"
            and work.playback.at_end
            and film.frames[-1].ending != "running"
        )
        view = film.system.view(film.world.channels) if film is not None and judged else None
        if self._bar.set_goals(film.system.level.win if film is not None else self.level.win):
            self._place_again()
        self._bar.judge(view, work.attempt.verdict.word if work.attempt is not None else "")

    # -- time --

    def enter(self) -> None:
        self.work.playback.speed = self.house.settings.speed  # the settings may just have been open
        self._begin_guide()
        self.desk.refresh_tabs()
        self._refresh_gusts()
        if self.focus.current is None and self.level.mode == "config":
            self.focus.give(self._own_place())
        elif self.focus.current is None and self.level.mode != "wind":
            self.focus.give(self.desk.sheet)
            if self.desk.current not in self.work.answer.scripts:
                self.desk.go_where_to_write()
        self._compile()
        self._sync_film()
        self._slip.show(self._notice())

    def update(self, dt: float) -> bool:
        if self._at_saves and self._back_from_saves():
            return True
        changed = super().update(dt) or self._story.strip.pending
        if (
            self._drawn
            and not self._prepared
            and self.house.office is not None
            and self.work.system is not None
        ):
            self._prepared = True
            self.house.office.prepare(self.work.system)
        changed = self._write_down(dt) or changed
        waiting = self.work.busy or (self.work.forced is not None and self.work.forced.result is None)
        self._waited = self._waited + dt if waiting else 0.0
        if self.work.poll(self.house.inspector, self.house.office):
            self._heard()
            changed = True
        shown, before = self.work.film, self.work.playback.frame
        if self.theme.reduced_motion and self.work.playback.moving:
            self._jump(dt)
            changed = True
        elif self.work.playback.update(dt):
            changed = True
        if shown is not None and shown is self.work.film:
            for name in of_moments(shown.frames[before + 1 : self.work.playback.frame + 1]):
                self.hear(name)
        if self.work.poll(None, None):
            self._heard()
            changed = True
        if self._slip.show(self._notice()):
            changed = True
            self._hand_on_focus()
        if changed:
            self._refresh_gusts()
        if self._watch is not None and self._watch.changed(dt):
            self._reload()
        return changed

    def _jump(self, dt: float) -> None:
        """With less motion a step does not travel: its moment comes once its time is over."""
        self.work.playback.update(dt)

    def _hand_on_focus(self) -> None:
        """The button that was pressed may be gone: by keyboard its successor has the focus, by mouse the
        script does, so that one can go on writing."""
        current = self.focus.current
        if current in self._actions.values() and current not in self._slip.children():
            if self.focus.ring or self.level.mode == "wind":
                self.focus.give(next(iter(self._slip.children()), None), ring=self.focus.ring)
            else:
                self.focus.give(self._own_place())

    def _notice(self) -> Notice:
        """What the slip says now; thought over again only when something it depends on is another."""
        work = self.work
        long, developing = self._waited > 0.6, work.developing is not None
        key = (
            *(work.trial, work.forced, work.live, work.problems, work.version),
            *(self.house.progress, long, developing),
        )
        if len(key) != len(self._noted) or any(
            one is not other for one, other in zip(key, self._noted, strict=True)
        ):
            card = self.house.next_card(self.key)
            onward = card is not None and card.key != self.key
            self._noted, self._note = key, notice_of(work, next_level=onward, seconds=self._waited)
        return self._note

    def _write_down(self, dt: float) -> bool:
        """Keep what was written, at once; compile it, once the player pauses."""
        self._since_edit += dt
        pause = LINE_AFTER if self.desk.writing else COMPILE_AFTER
        if self._uncompiled and self._since_edit >= pause:
            self._compile()
            return True
        if self._unkept:
            self._keep()
        return False

    def _keep(self) -> None:
        self._unkept = False
        if self._keeps:
            self.house.keep(self.key, self.work.answer)

    def save(self) -> None:
        if self._unkept:
            self._keep()

    def leave(self) -> None:
        self._stop()
        self.work.end_live(self.house.office)

    def _reload(self) -> None:
        """The level's file has changed: the same place, the same scripts, the new level."""
        self.save()
        try:
            level = self.house.level(self.path)
        except ProblemsFound as found:
            self._broken = found.problems
            self.app.invalidate()
            return
        scene = WorkshopScene(self.house, self.path, level, watch=True)
        self.app.replace(scene)
        self.app.toast(say("{name} was read again", name=self.path.name), seconds=2)

    # -- events --

    def handle(self, event: Event) -> None:
        if self.focus.dialog is None and event.type == pygame.KEYDOWN and self._key(event):
            return
        if self.focus.dialog is None and event.type == pygame.MOUSEBUTTONDOWN and event.button == 3:
            self._look_up_on_board(event.pos)
        super().handle(event)
        if self.app.scene is self and self._slip.show(self._notice()):
            self._hand_on_focus()

    def _key(self, event: Event) -> bool:
        """Keys that mean the same wherever the focus is."""
        if self._run_bar.key(event):
            return True
        for button in self._actions.values():
            if any(key.fits(event) for key in button.keys):
                if self._allowed(button):
                    button.press()
                return True
        if event.key == pygame.K_F10 and self._guide.callout is not None:
            self._guide.end() if event.mod & pygame.KMOD_SHIFT else self._guide.next()
            return True
        if event.key == pygame.K_F8:
            self._compile()
            self.desk.list_problems() if event.mod & pygame.KMOD_SHIFT else self._next_problem()
            return True
        held = event.mod & (CTRL | pygame.KMOD_META)
        if held and event.key == pygame.K_e:
            self.show_python()
            return True
        if held and event.key == pygame.K_s:
            self.show_saves()
            return True
        if held and pygame.K_1 <= event.key <= pygame.K_9:
            self.desk.show_number(event.key - pygame.K_1)
            return True
        if self.level.mode == "wind" and not held:
            if pygame.K_1 <= event.key <= pygame.K_9:
                return self._gusts.choose(event.key - pygame.K_0)
            if pygame.K_KP1 <= event.key <= pygame.K_KP9:
                return self._gusts.choose(event.key - pygame.K_KP1 + 1)
            if event.key == pygame.K_BACKSPACE:
                self._unblow()
                return True
        if self.focus.current is self._office.board and self._office.history(event):
            return True
        if self._builder is not None and not self._writing and self._builder.history(event):
            return True
        if self.level.slots and not self._writing and (self._slots.history(event) or self._slots.walk(event)):
            return True
        if self.focus.current is self._run_bar.timeline and event.key == pygame.K_SPACE:
            self._run_bar.toggle()
            return True
        return False

    @property
    def _writing(self) -> bool:
        """Whether Ctrl+Z is meant for a script."""
        current = self.focus.current
        return isinstance(current, CardSorter) or (isinstance(current, CodeEditor) and not current.read_only)

    def _allowed(self, button: Button) -> bool:
        """F5 and F6 always work, and F9 once the level was solved; the others where the slip offers them."""
        if button is self._actions["next"] and self.house.progress.of(self.key).solved:
            return not self.work.busy
        return button in (self._actions["open"], self._actions["check"], self._actions["hint"]) or (
            button in self._slip.children()
        )  # fmt: skip

    # -- places --

    def _place_again(self) -> None:
        if self._has_theme:
            self.place(self.theme, pygame.Rect((0, 0), self._size))

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        wide = window.width / theme.scale >= WIDE_FROM
        if wide != self._wide:
            self._wide = self.desk.wide = wide
            self.desk.refresh_tabs()
            self._set_widgets()
        gap, bar = theme.px(GAP), theme.px(BAR_HEIGHT)
        self._bar.place(theme, window)
        left = window.x + gap
        if wide:
            column = theme.px(262)
            self._story.place(theme, pygame.Rect(left, bar + gap, column, window.height - bar - 2 * gap))
            left += column + gap
        foot = self._foot_height(theme, window)
        self._foot_card = pygame.Rect(left, window.bottom - gap - foot, window.right - gap - left, foot)
        top, bottom = bar + gap, self._foot_card.top - gap
        width = window.right - gap - left
        script = min(theme.px(430 if wide else 400), round(width * 0.46))
        right = pygame.Rect(window.right - gap - script, top, script, bottom - top)
        self._office.place(theme, pygame.Rect(left, top, right.left - gap - left, bottom - top))
        self._place_right(theme, right)
        self._place_foot(theme, window)

    def _foot_height(self, theme: Theme, window: pygame.Rect) -> int:
        lanes = max(theme.px(84), self._run_bar.timeline_height(theme))
        wanted = self._slip_height(theme, window) + theme.px(36) + lanes
        return min(wanted, round(window.height * (0.43 if _is_low(theme, window) else 0.35)))

    def _slip_height(self, theme: Theme, window: pygame.Rect) -> int:
        # Where there are many lanes, they get all the room that can be spared.
        low = _is_low(theme, window) or self._run_bar.timeline.lanes > 6
        return theme.px(SLIP_HEIGHT - (12 if low else 0))

    def _place_right(self, theme: Theme, rect: pygame.Rect) -> None:
        sheet_rect = rect
        if self.level.mode == "wind" and not self.desk.story_in_front:
            high = min(self._gusts.height(theme), round(rect.height * 0.62))
            sheet_rect = pygame.Rect(rect.x, rect.y, rect.width, rect.height - high - theme.px(GAP))
            self._gusts.rect = pygame.Rect(rect.x, sheet_rect.bottom + theme.px(GAP), rect.width, high)
            self._gusts.visible = True
        else:
            self._gusts.visible = False
        self._slots.visible = bool(self.level.slots) and not self.desk.story_in_front
        if self._slots.visible:
            high = min(self._slots.height(theme, rect.width), round(rect.height * 0.66))
            self._slots.rect = pygame.Rect(rect.x, rect.y, rect.width, high)
            rect = pygame.Rect(rect.x, rect.y + high + theme.px(GAP), rect.width, rect.height)
            rect.height = sheet_rect.bottom - rect.y
            sheet_rect = rect
        self.desk.place(theme, sheet_rect)
        if self.desk.story_in_front:
            self._story.place_under_tabs(theme, rect, self.desk.tabs.rect.bottom)

    def _place_foot(self, theme: Theme, window: pygame.Rect) -> None:
        card = self._foot_card
        pad = theme.px(16)
        high = self._slip_height(theme, window)
        right = card.right - pad
        top = card.y + theme.px(12)
        low = high < theme.px(SLIP_HEIGHT)
        narrow = window.width / theme.scale < 900
        transport = self._run_bar.place(theme, right, top, low=low, narrow=narrow)
        self._slip.rect = pygame.Rect(card.x + pad, top, transport - theme.px(28) - card.x - pad, high)
        timeline = self._slip.rect.bottom + theme.px(10)
        self._run_bar.timeline.rect = pygame.Rect(
            card.x + pad, timeline, card.width - 2 * pad, card.bottom - theme.px(10) - timeline
        )

    # -- drawing --

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        surface.fill(palette.paper)
        self._bar.paint(surface, theme)
        self._office.paint(surface, theme)
        draw.panel(surface, theme, self._foot_card, palette.card, radius=10, outline=palette.line)
        if self._wide or self.desk.story_in_front:
            self._story.paint(surface, theme)
        self._run_bar.paint(surface, theme)

    def draw(self, surface: pygame.Surface) -> None:
        self._story.strip.at_once = self._app is None
        self._sync_film()
        super().draw(surface)
        if self._broken:
            paint_problems(surface, self.theme, self._office.rect, self.path, self._broken)

    def _go_to_shot(self, moment: int) -> None:
        if self.work.shown not in ("failing", "forced"):
            self.work.watch_failure()
        self._run_bar.seek(float(moment))

    def escape(self) -> None:
        """Call off what is going on; the next one leads back."""
        if self.work.busy:
            self._stop()
        else:
            self.back()

    def back(self) -> None:
        self.back_to_levels()


def _is_low(theme: Theme, window: pygame.Rect) -> bool:
    return window.height / theme.scale < 600
