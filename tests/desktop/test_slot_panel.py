"""The panel of knobs, by mouse and by keyboard, without a window."""

import os

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import itertools

import pygame
import pytest
from hands import click, give, key
from hypothesis import given
from hypothesis import strategies as st

from game.desktop.slot_panel import SlotPanel
from game.desktop.theme import Theme
from game.level.model import Option, Setting, Slot
from game.problems import Place


def a_slot(name, label, owner, *choices, words=None):
    options = tuple(
        Option(choice, (words or {}).get(choice, str(choice)), (Setting(owner, name, choice),))
        for choice in choices
    )
    return Slot(name, label, options, choices[0], Place("test"))


SLOTS = (
    a_slot("room", "room on the belt", "belt", 0, 1, 2, 3, words={0: "no end"}),
    a_slot("key", "ada's key", "ada", "brass", "iron"),
    a_slot("order", "the order in which everybody takes the keys when they are needed", "bob", "one", "two"),
)


class Setup:
    def __init__(self, choices=None, size=(430, 320)):
        self.theme = Theme(1.0)
        self.heard, self.walked = [], []
        self.panel = SlotPanel(
            SLOTS,
            choices or {},
            lambda *what: self.heard.append(what),
            {"ada": 0, "bob": 1},
            self.walked.append,
        )
        self.panel.rect = pygame.Rect((10, 10), size)
        self.surface = pygame.Surface((size[0] + 20, size[1] + 20))
        self.panel.draw(self.surface, self.theme)

    def press(self, row, option):
        places = self.panel.rows[row]._places(self.theme)
        give(self.panel, *click(places[option].center))

    @property
    def now(self):
        return [row.chosen for row in self.panel.rows]


@pytest.fixture
def setup():
    return Setup()


def test_it_begins_as_the_answer_has_it():
    assert Setup({"room": 2, "key": "iron"}).now == [2, 1, 0]
    assert Setup({"room": "gone"}).now == [0, 0, 0]


def test_a_press_sets_a_slot_and_says_so_once(setup):
    setup.press(0, 3)
    setup.press(0, 3)
    setup.press(1, 1)
    assert (setup.now, setup.heard) == ([3, 1, 0], [("room", 3), ("key", "iron")])


def test_arrows_choose_and_stop_at_the_ends(setup):
    row = setup.panel.rows[0]
    row.focused = True
    give(row, key("left"), key("right"), key("right"), key("end"), key("right"))
    assert setup.now[0] == 3
    give(row, key("home"))
    assert setup.heard == [("room", 1), ("room", 2), ("room", 3), ("room", 0)]
    assert not row.handle(key("alt+right")) and not row.handle(key("up"))


def test_up_and_down_lead_from_row_to_row(setup):
    setup.panel.rows[0].focused = True
    assert not setup.panel.walk(key("up"))
    assert setup.panel.walk(key("down"))
    assert setup.walked == [setup.panel.rows[1]]
    setup.panel.rows[0].focused = False
    assert not setup.panel.walk(key("down"))


def test_what_was_set_can_be_taken_back_and_done_again(setup):
    setup.press(0, 1)
    setup.press(1, 1)
    assert setup.panel.history(key("ctrl+z"))
    assert setup.now == [1, 0, 0]
    assert setup.panel.history(key("ctrl+z")) and setup.panel.history(key("ctrl+z"))
    assert setup.now == [0, 0, 0]
    assert setup.panel.history(key("ctrl+y")) and setup.panel.history(key("ctrl+shift+z"))
    assert setup.now == [1, 1, 0]
    assert setup.heard[-2:] == [("room", 1), ("key", "iron")]
    setup.panel.undo()
    setup.press(2, 1)
    assert not setup.panel.redo()
    assert not setup.panel.history(key("z"))


def test_starting_over_is_one_step_that_can_be_taken_back(setup):
    assert not setup.panel._again.enabled
    setup.press(0, 1)
    setup.press(1, 1)
    assert setup.panel._again.enabled and setup.panel.start_over()
    assert setup.now == [0, 0, 0]
    setup.panel.undo()
    assert setup.now == [1, 1, 0]


KEYS = st.sampled_from(("left", "right", "home", "end", "ctrl+z", "ctrl+y"))


@given(st.lists(st.tuples(st.integers(0, 2), KEYS), max_size=30))
def test_undo_leads_back_through_any_setting_up_and_redo_forth_again(deeds):
    setup = Setup()
    panel, path = setup.panel, [setup.now]  # what was set after each step that could be taken back
    at = 0
    for row, stroke in deeds:
        before = setup.now
        if stroke.startswith("ctrl"):
            panel.history(key(stroke))
            at = at - (at > 0) if stroke == "ctrl+z" else at + (at + 1 < len(path))
        else:
            for number, one in enumerate(panel.rows):
                one.focused = number == row
            give(panel.rows[row], key(stroke))
            if setup.now != before:
                path[at + 1 :] = [setup.now]
                at += 1
        assert setup.now == path[at]
    for before in reversed(path[:at]):
        assert panel.undo() and setup.now == before
    assert not panel.undo()
    for after in path[1:]:
        assert panel.redo() and setup.now == after
    assert not panel.redo()


@pytest.mark.parametrize("size", [(430, 320), (430, 260), (300, 400), (380, 130)])
def test_rows_stay_in_the_panel_and_apart(size):
    setup = Setup(size=size)
    rects = [row.rect for row in setup.panel.rows]
    assert all(setup.panel.rect.contains(rect) for rect in rects)
    assert all(upper.bottom <= lower.top for upper, lower in itertools.pairwise(rects))
    assert setup.panel.rows[2].tip == (SLOTS[2].label if size == (380, 130) else "")


def test_options_tile_their_row(setup):
    for row in setup.panel.rows:
        places = row._places(setup.theme)
        assert places[0].left == row.rect.left and places[-1].right == row.rect.right
        assert all(one.right == two.left for one, two in itertools.pairwise(places))


def test_it_says_how_high_it_wants_to_be(setup):
    narrow, wide = (setup.panel.height(setup.theme, width) for width in (300, 900))
    assert narrow > wide
