"""The desk with the scripts, without a scene around it."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

import pygame  # isort: skip

from game.desktop.script_desk import Host, ScriptDesk
from game.desktop.theme import Theme
from game.desktop.widgets import Dialog
from game.desktop.work import Work
from game.level.reader import read_level
from game.plugins import load_registry

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"


@dataclass
class Around:
    """What a scene would have been asked."""

    theme: Theme = field(default_factory=Theme)
    asked: list[tuple[object, ...]] = field(default_factory=list)
    dialogs: list[Dialog] = field(default_factory=list)

    def note(self, what: str):
        return lambda *given: self.asked.append((what, *given))

    def host(self) -> Host:
        return Host(
            theme=lambda: self.theme,
            size=lambda: (1280, 720),
            unlocked=lambda: None,
            written=self.note("written"),
            put_back=self.note("put back"),
            rearranged=self.note("rearranged"),
            give=self.note("give"),
            tell=self.note("tell"),
            look_up=self.note("look up"),
            open=self.dialogs.append,
            close=self.note("close"),
        )


@pytest.fixture
def around():
    pygame.font.init()
    return Around()


def desk_of(around: Around, level: str, **scripts: str) -> ScriptDesk:
    work = Work(read_level(next(LEVELS.glob(f"{level}*.yaml")), load_registry(entry_points=False)), None)
    for name, text in scripts.items():
        work.write(name, text)
    work.compile()
    desk = ScriptDesk(work, around.host())
    desk.take_over()
    return desk


def test_the_first_script_that_may_be_written_in_is_in_front(around):
    desk = desk_of(around, "11-")
    assert (desk.names, desk.current) == (("ada", "bob"), "bob")
    assert desk.sheets["ada"].read_only and not desk.sheet.read_only


def test_where_to_write_is_the_pass_that_stands_for_it(around):
    desk = desk_of(around, "11-")
    desk.go_where_to_write()
    assert desk.sheet.buffer.selected == "pass"


def test_the_story_is_a_tab_where_it_has_no_place_of_its_own(around):
    desk = desk_of(around, "11-")
    desk.refresh_tabs()
    assert [tab.words for tab in desk.tabs.tabs] == ["ada", "bob"] and desk.tabs.current == 1
    desk.wide = False
    desk.refresh_tabs()
    assert [tab.words for tab in desk.tabs.tabs] == ["story", "ada", "bob"] and desk.tabs.current == 2
    desk.tabs.on_change(0)
    assert desk.story_in_front and desk.reset not in desk.widgets and desk.current == "bob"
    desk.tabs.on_change(1)
    assert not desk.story_in_front and desk.current == "ada"


def test_problems_are_gone_through_in_a_round(around):
    desk = desk_of(around, "11-", bob="def bob(belt):\n    x = blet.get()\n    deliver(y)\n")
    desk.mark_troubles()
    lines = []
    for _ in range(3):
        assert desk.go_to_problem()
        lines.append(desk.sheet.buffer.cursor.line + 1)
    assert lines == [2, 3, 2] and [one.line for one in desk.sheet.troubles] == [2, 3]


def test_without_problems_there_is_none_to_go_to(around):
    desk = desk_of(around, "11-")
    assert not desk.go_to_problem()
    desk.list_problems()
    assert around.asked == [("tell", "Nothing is wrong with the scripts as they stand.", "check")]


def test_the_levels_own_script_comes_back_after_a_question(around):
    desk = desk_of(around, "11-", bob="def bob(belt):\n    deliver(belt.get())\n")
    own = desk._work.own_text("bob")
    desk.ask_reset()
    assert around.asked == []
    around.dialogs[0].buttons[0].press()
    assert desk.sheet.text == own
    assert [one for one in around.asked if one[0] != "close"][-2:] == [("written", "bob", own), ("put back",)]


def test_what_cannot_be_written_out_is_said(around):
    desk = desk_of(around, "11-", bob="def bob(belt):\n    deliver(\n")
    desk.show_python()
    assert [(what, sign) for what, _sentence, sign in around.asked] == [("tell", "warning")]
    assert around.dialogs == []


def test_a_number_without_a_script_does_nothing(around):
    desk = desk_of(around, "11-")
    desk.show_number(7)
    assert around.asked == [] and desk.current == "bob"
    desk.show_number(0)
    assert desk.current == "ada" and around.asked[-1] == ("give", desk.sheets["ada"])
