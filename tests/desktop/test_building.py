"""Building an office with the tray, the board and the panel, by events and by calls."""

from __future__ import annotations

import os

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame
import pytest
from hands import click, down, key, point, typed, up
from hypothesis import given, settings
from hypothesis import strategies as st

from game.authoring.blueprint import Blueprint, Drafting, level_text, read_blueprint
from game.desktop.building import ANYTHING, Building, Stock, part_picture
from game.desktop.drafted import drafted, ends_of
from game.desktop.theme import Theme
from game.desktop.widgets import Focus
from game.level.reader import read_level_text
from game.plugins import load_registry
from game.problems import ProblemsFound

REGISTRY = load_registry(entry_points=False)
EMPTY = Blueprint(win={"left_over": []})


class Site:
    """A building in a window of its own."""

    def __init__(self, blueprint: Blueprint = EMPTY, stock: Stock = ANYTHING) -> None:
        pygame.font.init()
        self.theme = Theme(1.0, reduced_motion=True)
        self.surface = pygame.Surface((1280, 720))
        self.focus = Focus()
        self.said: list[str] = []
        self.changes = 0
        self.building = Building(
            Drafting(blueprint), REGISTRY, stock=stock, on_change=self.changed, on_trouble=self.said.append,
            give_focus=lambda widget: self.focus.give(widget, ring=True),
        )  # fmt: skip
        self.building.tray.rect = pygame.Rect(0, 0, 200, 720)
        self.building.board.rect = pygame.Rect(220, 0, 700, 720)
        self.building.panel.rect = pygame.Rect(940, 0, 320, 720)
        self.focus.set([self.building.tray, self.building.board, self.building.panel, self.building.layer])
        self.do()

    def changed(self) -> None:
        self.changes += 1

    def do(self, *events: pygame.event.Event) -> None:
        for event in events:
            self.focus.handle(event)
            self.focus.update(0.01)
            self.focus.draw(self.surface, self.theme)
        self.focus.update(0.01)
        self.focus.draw(self.surface, self.theme)

    @property
    def now(self) -> Blueprint:
        return self.building.now

    def card(self, kind: str) -> tuple[int, int]:
        card = next(card for card in self.building.tray.cards if card.kind == kind)
        self.building.tray.reveal(card)
        self.do()
        return card.rect.center

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        middle = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2
        self.do(point(start), down(start), point(middle), point(end), up(end))

    def middle(self, name: str) -> tuple[int, int]:
        rect = self.building.board.place_of(name, self.theme)
        assert rect is not None
        return rect.center

    def wire(self, start: tuple[str, str], end: str, plug: str = "") -> None:
        self.do(point(self.middle(start[1])))
        at = self.building.board.knob_place(start, plug)
        assert at is not None
        self.drag(at, self.middle(end))


def test_an_office_is_built_by_mouse_alone():
    site = Site()
    site.drag(site.card(""), (340, 300))
    site.drag(site.card(""), (800, 300))
    site.drag(site.card("queue"), (560, 420))
    site.wire(("clerk", "ada"), "belt")
    site.wire(("channel", "belt"), "bob")
    assert [hand.gets for hand in site.now.clerks] == [(("belt", "belt"),)] * 2
    assert site.now.clerk("bob").script == "def bob(belt):\n    pass\n"
    assert abs(site.middle("ada")[0] - 340) < 3
    assert site.changes == 5 and site.said == []


def test_a_press_in_the_tray_adds_a_part_too_and_it_is_picked():
    site = Site()
    site.do(*click(site.card("pipe")))
    assert site.now.channels[0].name == "tube" and site.building.picked == ("channel", "tube")


def test_a_tube_is_tied_by_the_end_that_is_nearest_or_by_its_own_plug():
    site = Site(EMPTY.with_channel("tube", "pipe").with_clerk("ada").with_clerk("bob"))
    site.do()
    site.wire(("channel", "tube"), "ada", "tube.a")
    site.do(point(site.middle("bob")))
    start = site.building.board.knob_place(("clerk", "bob"))
    end = site.building.board.knob_place(("channel", "tube"), "tube.b")
    site.drag(start, (end[0] - 8, end[1]))
    assert site.now.clerk("ada").gets == (("tube_a", "tube.a"),)
    assert site.now.clerk("bob").gets == (("tube_b", "tube.b"),)


def test_a_way_is_cut_where_its_cross_is():
    site = Site(EMPTY.with_channel("tube", "pipe").with_clerk("ada").with_clerk("bob"))
    for clerk, end in (("ada", "tube.a"), ("bob", "tube.b")):
        site.building.connect(clerk, end)
    site.do()
    way = next(link for link in site.building.board.cast.links if link.clerk == "bob")
    site.do(*click(site.building.board.knife(way)))
    assert site.now.clerk("bob").gets == () and site.now.clerk("ada").gets == (("tube_a", "tube.a"),)
    assert site.building.undo() and site.building.is_given("bob", "tube.b")


def test_a_wire_between_two_clerks_is_refused_in_a_sentence():
    site = Site(EMPTY.with_clerk("ada").with_clerk("bob"))
    site.wire(("clerk", "ada"), "bob")
    assert site.now.clerk("ada").gets == () and site.said == ["A way goes from a clerk to a part."]


def test_things_are_dragged_to_their_places_and_delete_takes_them_away():
    site = Site(EMPTY.with_clerk("ada").with_channel("belt", "queue"))
    before, before_it = site.middle("belt"), site.now
    site.drag(before, (before[0], before[1] + 90))
    assert site.middle("belt")[1] - before[1] == pytest.approx(90, abs=6)
    assert site.changes == 1 and site.now == before_it, "a place is no part of the office"
    site.do(*click(site.middle("belt")), key("delete"))
    assert site.now.channels == () and site.building.picked is None
    assert site.building.undo() and site.now.channels[0].name == "belt"


def test_w_or_a_press_on_a_knob_leads_to_the_ways_in_the_panel():
    site = Site(EMPTY.with_clerk("ada").with_channel("belt", "queue").with_channel("tube", "pipe"))
    board, panel = site.building.board, site.building.panel
    site.focus.give(board)
    site.do(key("w"))
    assert site.building.picked == ("clerk", "ada") and panel.toggles["wire belt"].focused
    site.do(key("space"))
    assert site.building.is_given("ada", "belt")
    site.do(point(site.middle("tube")))
    site.do(*click(board.knob_place(("channel", "tube"), "tube.b")))
    assert site.building.picked == ("channel", "tube") and panel.toggles["wire ada a"].focused


def test_where_a_thing_stood_comes_back_with_undo_drag_by_drag_and_all_its_arrows_at_once():
    site = Site()
    board, draft = site.building.board, site.building.draft
    site.building.add_clerk((0.5, 0.5))
    site.do()
    for to in ((420, 200), (700, 500)):
        start = site.middle("ada")
        site.drag(start, to)
    far = dict(board.arrangement.places)
    site.focus.give(board)
    for _ in range(3):
        site.do(key("left"))
    site.building.rename("ada", "zoe")
    assert set(board.arrangement.places) == {("clerk", "zoe")}
    site.building.undo()
    site.building.undo()
    assert board.arrangement.places == far, "three arrows are one change"
    site.building.undo()
    site.building.undo()
    assert board.arrangement.places == {("clerk", "ada"): (0.5, 0.5)} and draft.can_undo
    site.building.redo()
    site.building.redo()
    assert board.arrangement.places == far
    site.building.remove(("clerk", "ada"))
    assert board.arrangement.places == {}
    site.building.undo()
    assert board.arrangement.places == far


def test_by_keyboard_parts_are_added_renamed_and_tied_in_the_panel():
    site = Site()
    site.do(key("tab"), key("return"), key("down"), key("return"))
    assert [one.name for one in (*site.now.clerks, *site.now.channels)] == ["ada", "belt"]
    site.building.pick(("clerk", "ada"))
    name = site.building.panel.entries["name"]
    site.focus.give(name)
    name.buffer.select_all()
    site.do(*typed("joyn"), key("return"))
    assert site.now.clerk("joyn").script.startswith("def joyn(")
    assert site.focus.current is site.building.panel.entries["name"]
    site.do(key("tab"), key("space"))
    assert site.now.clerk("joyn").gets == (("belt", "belt"),)
    site.do(key("space"))
    assert site.now.clerk("joyn").gets == ()


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ("bob", "is there already"),
        ("Bob", "small letters"),
        ("class", "is a word of Python"),
        ("deliver", "or of the office"),
        ("", "needs a name"),
    ],
)
def test_a_name_that_cannot_be_is_told_beside_its_field_and_changes_nothing(wish, why):
    site = Site(EMPTY.with_clerk("ada").with_clerk("bob"))
    site.building.pick(("clerk", "ada"))
    entry = site.building.panel.entries["name"]
    site.focus.give(entry)
    entry.buffer.select_all()
    site.do(*(typed(wish) or [key("delete")]) if wish else [key("delete")])
    site.do(key("return"))
    assert why in entry.trouble and site.changes == 0
    site.do(key("escape"))
    assert entry.text == "ada" and entry.trouble == ""


def test_leaving_a_field_has_it_hold_for_the_thing_it_was_written_for():
    site = Site(EMPTY.with_clerk("ada").with_clerk("bob"))
    site.building.pick(("clerk", "ada"))
    entry = site.building.panel.entries["name"]
    site.focus.give(entry)
    site.do(*typed("x"), *click(site.middle("bob")))
    assert [hand.name for hand in site.now.clerks] == ["adax", "bob"]


def test_options_are_made_from_the_kind_and_held_within_its_bounds():
    site = Site(EMPTY.with_channel("belt", "queue"))
    site.building.pick(("channel", "belt"))
    entry = site.building.panel.entries["option maxsize"]
    for text, why in (("lots", "whole number"), ("-1", "from 0 to 1000"), ("3", "")):
        entry.buffer.replace_all(text)
        entry.commit()
        assert why in entry.trouble and bool(why) == bool(entry.trouble)
    assert site.now.channel("belt").options == {"maxsize": 3}
    entry.buffer.replace_all("0")
    entry.commit()
    assert site.now.channel("belt").options == {}, "what is as usual is not written"


def test_a_tube_made_one_way_has_its_new_ends_where_the_old_ones_were():
    site = Site(EMPTY.with_channel("tube", "pipe").with_clerk("ada").wired("ada", "tube.b"))
    site.building.pick(("channel", "tube"))
    site.building.panel.toggles["option duplex"].press()
    assert site.now.clerk("ada").gets == (("tube_r", "tube.r"),)


def test_goals_are_chosen_and_written_in_the_panel():
    site = Site(EMPTY.with_clerk("ada").with_channel("tally", "value"))
    panel = site.building.panel
    panel.toggles["goal log"].press()
    entry = panel.entries["goal log value"]
    entry.buffer.replace_all("tea, 2, cake")
    entry.commit()
    panel.toggles["goal value"].press()
    board = panel.entries["goal value value"]
    assert board.text == "tally: 0"
    board.buffer.replace_all("slate: 6")
    board.commit()
    assert board.trouble == "There is no slate in the office."
    board.buffer.replace_all("tally: 6")
    board.commit()
    assert site.now.win == {"left_over": [], "log": ["tea", 2, "cake"], "value": {"tally": 6}}
    site.building.rename("tally", "slate")
    assert site.now.win["value"] == {"slate": 6}
    site.building.remove(("channel", "slate"))
    assert site.now.win == {"left_over": [], "log": ["tea", 2, "cake"]}


def test_an_office_is_described_its_clerks_told_things_and_the_cat_let_in():
    site = Site(EMPTY.with_clerk("ada").with_channel("belt", "queue").wired("ada", "belt"))
    panel, draft = site.building.panel, site.building.draft
    for id, text in (("title", "Rain"), ("objective", "Keep dry."), ("story", "It rains.")):
        site.focus.give(panel.entries[id])
        site.do(key("ctrl+a"), *typed(text), key("return"))
    assert (site.now.title, site.now.objective, site.now.rest["story"]) == ("Rain", "Keep dry.", "It rains.")
    site.focus.give(panel.entries["story"])
    site.do(key("ctrl+a"), key("delete"), key("return"))
    assert "story" not in site.now.rest, "as of every office"
    site.building.pick(("clerk", "ada"))
    for text, why in (
        ("n", "A name, a : and a number, such as tally: 6."),
        ("if: 3", "if is no name a script could use."),
        ("belt: 3", "ada is given a belt already."),
        ("n: 99999999999999999999", "64 bits"),
        ("n: [belt]", "belt cannot be given in a list"),
    ):
        site.focus.give(panel.entries["told"])
        site.do(key("ctrl+a"), *typed(text), key("return"))
        assert why in panel.entries["told"].trouble and not site.now.clerk("ada").told
    site.do(key("ctrl+a"), *typed("n: 3, fruit: tea, more: [1, 2]"), key("return"))
    assert site.now.clerk("ada").told == (("n", 3), ("fruit", {"text": "tea"}), ("more", [1, 2]))
    assert "def ada(belt, n, fruit, more):" in site.now.clerk("ada").script
    site.do(*click(panel.toggles["cat"].rect.center))
    assert site.now.cat == ("ada",)
    site.building.pick(None)
    site.do()
    assert panel.entries["naps"].text == "1"
    site.focus.give(panel.entries["naps"])
    site.do(key("ctrl+a"), *typed("9"), key("return"))
    assert panel.entries["naps"].trouble == "It must be from 1 to 8."
    site.do(key("ctrl+a"), *typed("2"), key("return"))
    assert site.now.naps == 2
    while draft.undo():
        pass
    assert site.now.cat == () and site.now.title == EMPTY.title


def test_a_stock_says_what_there_is_and_what_stays():
    stock = Stock(
        kinds={"queue": 1, "lock": 2}, clerks=0, given=frozenset({"ada", "post"}), goal=False, words=False
    )
    site = Site(EMPTY.with_clerk("ada").with_channel("post", "queue"), stock)
    assert [card.kind for card in site.building.tray.cards] == ["queue", "lock"]
    assert site.building.add("queue") == "" and site.building.left("queue") == 0
    assert "no other belt" in site.building.add("queue")
    assert "No more clerks" in site.building.add_clerk()
    assert "belongs to this office" in site.building.remove(("clerk", "ada"))
    assert "belongs to this office" in site.building.rename("post", "belt2")
    site.building.pick(None)
    assert list(site.building.panel.entries) == ["title"]


@pytest.mark.parametrize("kind", ["", *REGISTRY.kinds])
def test_every_part_has_a_drawing(kind):
    pygame.font.init()
    picture = part_picture(Theme(1.0), kind, REGISTRY, (56, 40))
    assert picture.get_bounding_rect().width > 15 and picture.get_width() <= 56 and picture.get_height() <= 40


@pytest.mark.parametrize("kind", REGISTRY.kinds)
def test_every_kind_stands_on_the_board_and_has_a_panel(kind):
    site = Site()
    site.building.add_clerk()
    site.building.add(kind)
    name = site.now.channels[0].name
    for end in ends_of(site.now.channel(name), REGISTRY):
        site.building.connect("ada", end)
    site.do()
    assert site.building.board.place_of(name, site.theme) is not None
    cast, _ = drafted(site.now, REGISTRY)
    assert {link.clerk for link in cast.links} == {"ada"}


def test_an_option_that_no_real_thing_can_have_is_refused_in_words():
    site = Site()
    site.building.add("queue")
    (part,) = site.now.channels
    assert site.building.set_option(part.name, "wire", 3).startswith("a wire holds 1, 2, 4, ")
    assert site.now.channels == (part,)
    assert site.building.set_option(part.name, "wire", 4) == ""
    assert site.now.channel(part.name).options == {"wire": 4}
    assert site.building.set_option(part.name, "wire", 0) == "" and site.now.channels == (part,)


# Whatever is done can be taken back

NAMES = st.sampled_from(["ada", "bob", "belt", "tube", "x", "Class", "class", ""])


@st.composite
def edits(draw):
    """One edit: a function of a building."""
    what = draw(
        st.sampled_from(["clerk", "part", "remove", "rename", "wire", "cut", "option", "goal", "write"])
    )
    index, other = draw(st.integers(0, 7)), draw(st.integers(0, 7))
    kind, name = draw(st.sampled_from(sorted(REGISTRY.kinds))), draw(NAMES)
    value = draw(st.one_of(st.integers(-2, 5), st.booleans(), st.lists(st.integers(0, 3), max_size=3)))

    def edit(building: Building) -> None:
        clerks = [hand.name for hand in building.now.clerks]
        channels = [part.name for part in building.now.channels]
        clerk = clerks[index % len(clerks)] if clerks else ""
        channel = channels[other % len(channels)] if channels else ""
        match what:
            case "clerk":
                building.add_clerk()
            case "part":
                building.add(kind)
            case "remove" if clerk and index % 2:
                building.remove(("clerk", clerk))
            case "remove" if channel:
                building.remove(("channel", channel))
            case "rename" if clerk and index % 2:
                building.rename(clerk, name)
            case "rename" if channel:
                building.rename(channel, name)
            case "wire" if clerk and channel:
                ends = building.ends(channel)
                building.connect(clerk, ends[index % len(ends)])
            case "cut" if clerk and channel:
                building.disconnect(clerk, building.ends(channel)[0])
            case "option" if channel:
                for entry in list(building.panel.entries.values()):
                    entry.buffer.replace_all(str(value))
                    entry.commit()
            case "goal":
                building.set_goal({"log": [index], "peak_at_most": {channel: 2} if channel else {}})
            case "write" if clerk:
                building.write(clerk, building.now.clerk(clerk).script + f"    x = {index}\n")

    return edit


@settings(max_examples=60, deadline=None)
@given(st.lists(edits(), max_size=14))
def test_whatever_is_built_can_be_taken_back_and_every_step_of_it_is_a_file_that_is_read_again(some):
    site = Site()
    building = site.building
    for edit in some:
        edit(building)
        text = level_text(building.now, "mine")
        assert read_blueprint(text, "mine.yaml", REGISTRY, unfinished=True) == building.now
        try:
            read_level_text(text, "mine.yaml", REGISTRY)
        except ProblemsFound as found:
            left = {problem.path.partition(".")[0] for problem in found.problems}
            assert left <= {"clerks", "scripts", "answers"}, "only what is unfinished is missing"
    last = building.now
    while building.undo():
        pass
    assert building.now == EMPTY
    while building.redo():
        pass
    assert building.now == last
