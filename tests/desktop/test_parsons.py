"""Sorting cards by mouse and by keyboard."""

from __future__ import annotations

from itertools import pairwise

import pygame
import pytest
from hands import down, give, key, point, up
from hypothesis import given
from hypothesis import strategies as st

from game.desktop.editor import Here
from game.desktop.parsons import CardSorter
from game.desktop.theme import Theme

GIVEN = "def ada(tube):\n    b()\n    a()\n\n        c()\n"


def a_sorter(given: str = GIVEN, current: str | None = None, **more: object) -> CardSorter:
    sorter = CardSorter(given, current, **more)
    sorter.rect = pygame.Rect(0, 0, 480, 400)
    sorter.focused = True
    shown(sorter)
    return sorter


def shown(sorter: CardSorter, scale: float = 1.0) -> pygame.Surface:
    page = pygame.Surface((480, 400))
    sorter.draw(page, Theme(scale))
    return page


def body(sorter: CardSorter) -> str:
    return sorter.text.removeprefix("def ada(tube):\n")


def test_untouched_cards_are_the_script_without_its_blank_lines():
    assert a_sorter().text == "def ada(tube):\n    b()\n    a()\n        c()\n"


def test_keys_choose_move_and_indent():
    told = []
    sorter = a_sorter(on_change=told.append)
    give(sorter, key("down"), key("alt+up"), key("end"), key("left"), key("left"))
    assert body(sorter) == "    a()\n    b()\n    c()\n"
    give(sorter, key("home"), key("right"))
    assert body(sorter) == "        a()\n    b()\n    c()\n" == told[-1].removeprefix("def ada(tube):\n")
    assert len(told) == 3


def test_a_card_is_left_aside_and_brought_back():
    sorter = a_sorter()
    give(sorter, key("delete"))
    assert (body(sorter), sorter.aside) == ("    a()\n        c()\n", ("b()",))
    give(sorter, key("end"), key("return"))
    assert (body(sorter), sorter.aside) == ("    a()\n        c()\n    b()\n", ())


def test_alt_and_arrows_go_over_the_dividing_line_both_ways():
    sorter = a_sorter()
    give(sorter, key("end"), key("alt+down"))
    assert sorter.aside == ("c()",)
    assert not sorter.move(1)
    give(sorter, key("alt+up"))
    assert sorter.aside == ()


def test_undo_and_redo_go_through_everything():
    sorter = a_sorter()
    start = sorter.text
    give(sorter, key("alt+down"), key("right"), key("delete"))
    done = sorter.text
    give(sorter, key("ctrl+z"), key("ctrl+z"), key("ctrl+z"), key("ctrl+z"))
    assert sorter.text == start
    give(sorter, key("ctrl+y"), key("ctrl+shift+z"), key("ctrl+y"))
    assert sorter.text == done


def drag(sorter: CardSorter, index: int, across: int, rows: float) -> None:
    place = sorter._place(index)
    end = (place.x + 20 + across, round(place.centery + rows * sorter._cell[1]))
    give(sorter, down((place.x + 20, place.centery)))
    for part in range(1, 9):
        give(
            sorter,
            point((place.x + 20 + across * part // 8, place.centery + (end[1] - place.centery) * part // 8)),
        )
        shown(sorter)
    give(sorter, up(end))


def test_the_mouse_drags_a_card_to_its_row_and_depth():
    told = []
    sorter = a_sorter(on_change=told.append)
    drag(sorter, 2, -36, -2)
    assert body(sorter) == "    c()\n    b()\n    a()\n"
    assert len(told) == 1
    give(sorter, key("ctrl+z"))
    assert body(sorter) == "    b()\n    a()\n        c()\n"


def test_the_mouse_drags_a_card_out_and_in():
    sorter = a_sorter()
    drag(sorter, 0, 0, 5)
    assert (body(sorter), sorter.aside) == ("    a()\n        c()\n", ("b()",))
    drag(sorter, 2, 0, -4)
    assert (body(sorter), sorter.aside) == ("    b()\n    a()\n        c()\n", ())


def test_a_drag_that_ends_where_it_began_is_no_change():
    told = []
    sorter = a_sorter(on_change=told.append)
    drag(sorter, 1, 0, 0)
    assert (told, sorter.undo()) == ([], False)


def test_a_card_stays_at_least_inside_the_function_unless_some_line_stands_outside():
    sorter = a_sorter()
    give(sorter, key("left"), key("left"))
    assert body(sorter).startswith("    b()")
    outside = a_sorter("def ada(tube):\n    b()\ndef help_out():\n    c()\n")
    give(outside, key("left"))
    assert "\nb()\n" in outside.text


def test_an_answer_from_before_is_taken_up_and_strange_lines_are_not():
    sorter = a_sorter(GIVEN, "def ada(tube):\n        c()\n    a()\n    cheat()\n")
    assert (body(sorter), sorter.aside) == ("        c()\n    a()\n", ("b()",))


STROKES = st.sampled_from(
    (
        "up",
        "down",
        "alt+up",
        "alt+down",
        "left",
        "right",
        "delete",
        "return",
        "home",
        "end",
        "ctrl+z",
        "ctrl+y",
    )
)


@given(st.lists(STROKES, max_size=25))
def test_no_line_is_ever_lost_or_doubled_and_undo_leads_home(strokes):
    sorter = CardSorter(GIVEN)
    sorter.focused = True
    start = (sorter.text, sorter.aside)
    for stroke in strokes:
        give(sorter, key(stroke))
        lines = sorted([*(line.strip() for line in body(sorter).splitlines()), *sorter.aside])
        assert lines == ["a()", "b()", "c()"]
    steps = [sorter._order]  # how deep a card stands that is left aside is a step, too
    while sorter.undo():
        steps.append(sorter._order)
    assert (sorter.text, sorter.aside) == start and all(one != other for one, other in pairwise(steps))
    for step in reversed(steps[:-1]):
        assert sorter.redo() and sorter._order == step


@pytest.mark.parametrize("scale", [0.75, 1.0, 2.5])
@pytest.mark.parametrize("script", ["", "def f():\n", GIVEN, "def f():\n" + "    x()\n" * 60])
def test_any_script_is_drawn_and_handled_at_any_scale(script, scale):
    sorter = a_sorter(script)
    give(sorter, key("end"), key("alt+up"), key("right"), key("delete"), key("return"), key("up"))
    shown(sorter, scale)


def grounds(sorter: CardSorter) -> list[tuple[int, ...]]:
    """The colour of each card that is used, beside its grip."""
    page = shown(sorter)
    places = [sorter._place(index) for index in range(sorter._order.used)]
    return [tuple(page.get_at((place.x + 3, place.centery))) for place in places]


def test_the_card_a_clerk_stands_at_and_the_one_that_is_wrong_are_marked():
    sorter = a_sorter()
    sorter.focused = False
    plain = grounds(sorter)
    sorter.here = (Here(3, Theme(1.0).clerk(0), "A"),)
    assert [was != now for was, now in zip(plain, grounds(sorter), strict=True)] == [False, True, False]
    sorter.here, sorter.wrong = (), frozenset({4})
    assert [was != now for was, now in zip(plain, grounds(sorter), strict=True)] == [False, False, True]
    give(sorter, down(sorter._place(0).center))
    assert sorter._grip is not None and grounds(sorter)[2] == plain[2]
