"""The desk with the scripts: a tab and a sheet for each, what is wrong with them, and where to write.

What is written goes on to the scene, which keeps and compiles it; what came of that is marked here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import pygame

from game.desktop.completion import Vocabulary, python_at, vocabulary_of
from game.desktop.editor import CodeEditor, Here, Trouble
from game.desktop.glossary import entry_of_call
from game.desktop.keys import BY_NAME
from game.desktop.parsons import CardSorter
from game.desktop.real_python import line_in, program_dialog, program_of
from game.desktop.text import Spot
from game.desktop.theme import Theme
from game.desktop.troubles import problem_list
from game.desktop.widgets import Button, Dialog, IconButton, Tab, Tabs, Widget
from game.desktop.work import Work, lines_at
from game.language import joined, say
from game.level.model import Level
from game.problems import ProblemsFound

HEAD: Final = 40
MARKS: Final = 4
"""Of how many clerks a tab shows the marks, if they share its script."""
"""The height of a sheet's head, where the tabs stand, in lengths of the design."""


class Host(NamedTuple):
    """What the desk asks of the scene it is in."""

    theme: Callable[[], Theme | None]
    """None as long as nothing is drawn."""
    size: Callable[[], tuple[int, int]]
    """The window's."""
    unlocked: Callable[[], frozenset[str] | None]
    """The calls that may be offered, or None for all of them."""
    written: Callable[[str, str], object]
    """A script and its text, at every change by the player."""
    put_back: Callable[[], object]
    """The level's own script is back in place of the player's."""
    rearranged: Callable[[], object]
    """Other widgets are to be seen: all must be placed again."""
    give: Callable[[Widget], object]
    """The focus."""
    tell: Callable[[str, str], object]
    """A sentence that goes away by itself, with its sign."""
    look_up: Callable[[str], object]
    """An entry of the glossary."""
    open: Callable[[Dialog], object]
    close: Callable[[], object]


class ScriptDesk:
    """`wide` says that the story has a place of its own; else it is the first tab here, and `story_shown`
    says whether it is the one in front."""

    def __init__(self, work: Work, host: Host) -> None:
        self._work, self._host = work, host
        self._level = work.level
        self._users: dict[str, list[int]] = {}
        for number, clerk in enumerate(self._level.clerks):
            self._users.setdefault(clerk.script, []).append(number)
        self.sheets = {script.name: self._sheet_for(script.name) for script in self._level.scripts}
        self.names = tuple(self.sheets)
        self.current = next((one.name for one in self._level.scripts if one.editable), self.names[0])
        self.wide, self.story_shown = True, False
        self.tabs = Tabs([], self._tab_chosen, dark=True)
        self.tabs.leaves_focus = True  # who presses one wants to write there
        self.reset = IconButton(
            "retry", self.ask_reset, tip=say("This level's own script again"), style="bar", across=28
        )
        self.real_python = IconButton(
            "python",
            self.show_python,
            tip=say("All as plain Python"),
            keys=BY_NAME["plain python"].keys,
            style="bar",
            across=28,
        )

    def _sheet_for(self, name: str) -> CodeEditor | CardSorter:
        text, editable = self._work.texts[name], self._level.script(name).editable
        if self._level.mode == "parsons" and editable:
            return CardSorter(text, on_change=self._written(name), header=HEAD, letters=14)
        return CodeEditor(
            text,
            read_only=not editable,
            on_change=self._written(name),
            vocabulary=self._speaker(name),
            on_mark=self._marker(name),
            on_menu=self._look_up,
            header=HEAD,
            letters=14,
        )

    def _written(self, name: str) -> Callable[[str], object]:
        return lambda text: self._host.written(name, text)

    def _marker(self, script: str) -> Callable[[frozenset[int]], None]:
        work = self._work
        return lambda lines: work.break_at(work.breakpoints.with_lines(script, lines))

    def _speaker(self, script: str) -> Callable[[], Vocabulary]:
        """What a script may speak of in the office as it is set up now."""
        known: list[tuple[Level, Vocabulary]] = []

        def vocabulary() -> Vocabulary:
            level = self._work.set_up
            if not known or known[0][0] is not level:
                known[:] = [(level, vocabulary_of(level, script, self._host.unlocked()))]
            return known[0][1]

        return vocabulary

    # -- which script is in front --

    @property
    def sheet(self) -> CodeEditor | CardSorter:
        """The one of the current script."""
        return self.sheets[self.current]

    @property
    def story_in_front(self) -> bool:
        return self.story_shown and not self.wide

    @property
    def widgets(self) -> list[Widget]:
        """The buttons of the desk that there are now, in the order of the Tab key; the sheet is not one."""
        return [
            self.tabs,
            *([] if self.story_in_front else [self.real_python]),
            *([self.reset] if self._may_reset() else []),
        ]

    def _may_reset(self) -> bool:
        editable = self._level.script(self.current).editable
        return editable and self._level.mode != "wind" and not self.story_in_front

    def refresh_tabs(self) -> None:
        """The tabs as they have to be now: a name, its clerk's look, a sign where something is wrong."""
        theme = self._host.theme()
        if theme is None:
            return
        wrong = {problem.place.file.removesuffix(".py") for problem in self._work.problems}
        tabs = [] if self.wide else [Tab(say("story"))]
        for name in self.names:
            users = self._users.get(name, [])
            looks = tuple(theme.clerk(user) for user in users) if len(users) <= MARKS else ()
            clerks = joined(", ", [self._level.clerks[user].name for user in users])
            tip = say("What they all do: {clerks}", clerks=clerks) if len(users) > 1 else ""
            tabs.append(Tab(name, looks, name in wrong, tip))
        self.tabs.tabs = tuple(tabs)
        self.tabs.current = 0 if self.story_in_front else self.names.index(self.current) + (not self.wide)

    def _tab_chosen(self, number: int) -> None:
        if number == 0 and not self.wide:
            self.story_shown = True
            self._host.rearranged()
        else:
            self.show(self.names[number - (not self.wide)], focus=not self.tabs.focused)

    def show(self, name: str, *, focus: bool = True) -> None:
        """A script in front, and ready to be written in."""
        self.current, self.story_shown = name, False
        self.refresh_tabs()
        self._host.rearranged()
        if focus:
            self._host.give(self.sheet)

    def show_number(self, number: int) -> None:
        """The same, by its place among the scripts; nothing where there is none."""
        if number < len(self.names):
            self.show(self.names[number])

    def show_own(self) -> None:
        """One the player may write in."""
        editable = [script.name for script in self._level.scripts if script.editable]
        self.show(self.current if self.current in editable or not editable else editable[0])

    def go_where_to_write(self) -> None:
        """Mark the `pass` that stands for what is missing, so that typing replaces it; else to the end."""
        sheet = self.sheet
        if isinstance(sheet, CodeEditor) and not sheet.read_only:
            buffer = sheet.buffer
            for number, line in enumerate(buffer.lines):
                if line.strip() == "pass":
                    buffer.select(Spot(number, len(line) - len(line.lstrip())), Spot(number, len(line)))
                    return
            last = len(buffer.lines) - 1
            buffer.go(Spot(last, len(buffer.line(last))))

    # -- what stands in them --

    def take_over(self) -> None:
        """The scripts' texts were changed elsewhere: by what was built."""
        for name, sheet in self.sheets.items():
            if isinstance(sheet, CodeEditor) and sheet.text != self._work.texts[name]:
                sheet.buffer.replace_all(self._work.texts[name])

    def ask_reset(self) -> None:
        """The level's own script in place of the player's, after a question."""
        buttons = [
            Button(say("Put it back"), self._reset_it, style="primary"),
            Button(say("Keep mine"), self._host.close),
        ]
        theme = self._host.theme()
        assert theme is not None, "who asks sees a window"
        text = say(
            "What you wrote goes; in the script, {key} brings it back.", key=theme.bindings.key("undo").said
        )
        self._host.open(Dialog(say("The level's own script again?"), text, buttons))

    def _reset_it(self) -> None:
        self._host.close()
        name = self.current
        sheet, text = self.sheet, self._work.own_text(name)
        if isinstance(sheet, CodeEditor):
            sheet.buffer.replace_all(text)
        else:
            self.sheets[name] = CardSorter(text, on_change=self._written(name), header=HEAD, letters=14)
        self._host.written(name, text)
        self._host.put_back()

    def show_python(self) -> None:
        """The answer as a program of its own, at the line the cursor is in."""
        try:
            program = program_of(self._level, self._work.answer)
        except ProblemsFound as found:
            self._host.tell(found.problems[0].message, "warning")
            return
        theme = self._host.theme()
        assert theme is not None, "who asks sees a window"
        wide, high = self._host.size()
        at = line_in(program, self._work.texts[self.current], self._line or 1)
        here = tuple(
            Here(at, theme.clerk(number), self._level.clerks[number].name[:1].upper())
            for number in self._users.get(self.current, [])
        )
        room = (wide - theme.px(32 + 58), high - theme.px(230))
        copied = lambda sentence: self._host.tell(sentence, "check")  # noqa: E731
        self._host.open(program_dialog(program, here if at else (), room, copied, self._host.close))

    @property
    def _line(self) -> int:
        """Where the cursor is, from 1; 0 where there is none."""
        sheet = self.sheet
        return sheet.buffer.cursor.line + 1 if isinstance(sheet, CodeEditor) else 0

    @property
    def writing(self) -> bool:
        """Whether there is something on the line where the cursor is, which may not be the whole of it."""
        sheet = self.sheet
        if not isinstance(sheet, CodeEditor) or not sheet.focused:
            return False
        return bool(sheet.buffer.line(sheet.buffer.cursor.line).strip())

    # -- what is wrong with them --

    def mark_troubles(self) -> None:
        """Each problem at its line."""
        for name, sheet in self.sheets.items():
            found = tuple(
                Trouble(problem.place.line, problem.place.column, problem.message)
                for problem in self._work.problems
                if problem.place.file == f"{name}.py"
            )
            if isinstance(sheet, CodeEditor):
                sheet.troubles = found
                continue
            text = self._work.texts[name]
            sheet.wrong = frozenset(_card_line(text, trouble.line) for trouble in found)
            sheet.note = ""
            if found:
                sheet.note = say("Line {line}: {message}", line=found[0].line, message=found[0].message)

    def go_to_problem(self) -> bool:
        """To the first problem; if the cursor is there already, to the one after it. False if none of the
        problems is about a script."""
        places = [
            (problem.place.file.removesuffix(".py"), problem.place.line, problem.place.column)
            for problem in self._work.problems
            if problem.place.file.removesuffix(".py") in self.sheets
        ]
        if not places:
            return False
        at = next((n for n, place in enumerate(places) if place[:2] == (self.current, self._line)), -1)
        self._go_to(*places[(at + 1) % len(places)])
        return True

    def _go_to(self, name: str, line: int, column: int) -> None:
        self.show(name)
        sheet = self.sheet
        if isinstance(sheet, CodeEditor):
            sheet.go_to(line, max(1, column))

    def list_problems(self) -> None:
        """All problems, to choose the one to go to."""
        problems = [one for one in self._work.problems if one.place.file.removesuffix(".py") in self.sheets]
        if not problems:
            self._host.tell(say("Nothing is wrong with the scripts as they stand."), "check")
            return

        def choose(number: int) -> None:
            self._host.close()
            place = problems[number].place
            self._go_to(place.file.removesuffix(".py"), place.line, place.column)

        self._host.open(problem_list(problems, choose, self._host.close))

    # -- what is meant by a word --

    @property
    def term(self) -> str:
        """The glossary's entry for the word at the cursor; "" if there is none."""
        sheet = self.sheet
        return self._term_of(*sheet.word_at_cursor) if isinstance(sheet, CodeEditor) else ""

    def _look_up(self, word: str, line: int, column: int) -> None:
        self._host.look_up(self._term_of(word, line, column))

    def _term_of(self, word: str, line: int, column: int) -> str:
        sheet = self.sheet
        if not word or not isinstance(sheet, CodeEditor) or sheet.vocabulary is None:
            return ""
        return entry_of_call(word, python_at(sheet.vocabulary(), sheet.text, word, line, column))

    # -- the film --

    def sync(self, theme: Theme, *, still: bool) -> None:
        """Where each clerk is at the moment shown, as long as the script is the one that ran. `still` where
        nothing may move."""
        work, film = self._work, self._work.film
        if film is None:
            return
        lines = lines_at(work.frame, self._level) if len(film) else {}
        ran = dict(film.system.texts)
        views = work.frame.clerks if work.frame else {}
        clerks = {clerk.name: number for number, clerk in enumerate(self._level.clerks)}
        for name, sheet in self.sheets.items():
            same = ran.get(name) == work.texts[name]
            sheet.here = tuple(
                Here(line, theme.clerk(clerks[clerk]), clerk[:1].upper(), bool(views[clerk].blocked))
                for clerk, line in (lines.get(name, ()) if same else ())
            )
            if not isinstance(sheet, CodeEditor):
                text = work.texts[name]
                sheet.here = tuple(here._replace(line=_card_line(text, here.line)) for here in sheet.here)
                continue
            sheet.still = still
            # Where the story has no column of its own, the job is said below the script.
            sheet.note = (
                ""
                if self.wide or sheet.read_only
                else say("Your job: {objective}", objective=say(self._level.objective))
            )

    # -- places --

    def place(self, theme: Theme, rect: pygame.Rect) -> None:
        """The sheets, with the tabs and the buttons in their head."""
        for sheet in self.sheets.values():
            sheet.rect = rect
        self.tabs.rect = pygame.Rect(
            rect.x + theme.px(4), rect.y + theme.px(4), rect.width - theme.px(72), theme.px(36)
        )
        self.reset.put(theme, right=rect.right - theme.px(8), centery=self.tabs.rect.centery)
        self.real_python.put(
            theme,
            right=self.reset.rect.left if self._may_reset() else self.reset.rect.right,
            centery=self.tabs.rect.centery,
        )


def _card_line(text: str, line: int) -> int:
    """Which line of a script it is where blank ones do not count, as among cards."""
    return sum(bool(one.strip()) for one in text.split("\n")[:line])
