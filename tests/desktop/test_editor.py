"""The script editor under real keys and a real mouse."""

from __future__ import annotations

import time

import pygame
import pytest
from hands import click, down, give, key, point, typed, up, wheel
from hypothesis import given, settings
from hypothesis import strategies as st

from game.channels.queue import Queue
from game.channels.value import SharedValue
from game.desktop.brackets import partner
from game.desktop.completion import Vocabulary
from game.desktop.editor import CodeEditor, Here, Trouble, cells, moved_lines
from game.desktop.fields import Clipboard
from game.desktop.text import Spot
from game.desktop.theme import CLERK_LOOKS, Theme
from game.desktop.widgets import Focus
from game.request import Handle

SCRIPT = "def ada(tally):\n    for n in range(2):\n        tally.value += 1\n    return None\n"


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.01
        return self.now


def an_editor(text: str = SCRIPT, **more: object) -> CodeEditor:
    editor = CodeEditor(text, clock=Clock(), **more)
    editor.rect = pygame.Rect(10, 10, 420, 300)
    editor.focused = True
    editor.still = True
    shown(editor)
    return editor


def shown(editor: CodeEditor, scale: float = 1.0) -> pygame.Surface:
    page = pygame.Surface((460, 330))
    editor.draw(page, Theme(scale))
    return page


def at(editor: CodeEditor, line: int, column: int) -> tuple[int, int]:
    """The pixel of a place, as drawn last."""
    shown(editor)
    spot = Spot(line, column)
    return editor._left_of(spot) + 1, editor._top_of(line) + editor._cell[1] // 2


@pytest.mark.parametrize("high", [30, 44, 52])
def test_where_there_is_no_room_for_a_line_nothing_is_drawn_below_the_sheet(high):
    editor = an_editor(read_only=True, header=40)
    editor.rect.height = high
    page = shown(editor)
    below = page.subsurface((0, 10 + high, 460, 320 - high))
    assert pygame.mask.from_threshold(below, (0, 0, 0), (1, 1, 1, 255)).count() == below.width * below.height


def test_typing_writes_and_tells():
    told = []
    editor = an_editor("", on_change=told.append)
    give(editor, *typed("def f():"), key("return"), *typed("pass"))
    assert editor.text == "def f():\n    pass" == told[-1]
    give(editor, key("left"))
    assert len(told) == 12


def test_nothing_is_typed_without_the_focus():
    editor = an_editor()
    editor.focused = False
    give(editor, *typed("x"), key("return"))
    assert editor.text == SCRIPT


def test_every_editing_key_does_its_work():
    editor = an_editor("one\ntwo")
    for stroke, text in (
        ("ctrl+d", "one\none\ntwo"),
        ("alt+down", "one\ntwo\none"),
        ("alt+up", "one\none\ntwo"),
        ("ctrl+shift+k", "one\ntwo"),
        ("ctrl+slash", "one\n# two"),
        ("ctrl+slash", "one\ntwo"),
        ("tab", "one\n    two"),
        ("shift+tab", "one\ntwo"),
        ("ctrl+delete", "one\n"),
        ("ctrl+backspace", "one"),
        ("ctrl+z", "one\n"),
        ("ctrl+z", "one\ntwo"),
        ("ctrl+shift+z", "one\n"),
        ("ctrl+y", "one"),
    ):
        assert editor.handle(key(stroke)), stroke
        assert editor.text == text, stroke


def test_the_clipboard_carries_a_selection_or_the_whole_line():
    editor = an_editor("one\ntwo\n", clipboard=Clipboard())
    give(editor, key("ctrl+c"), key("ctrl+v"))
    assert editor.text == "one\none\ntwo\n"
    give(editor, key("ctrl+end"), key("shift+up"), key("ctrl+x"), key("ctrl+home"), key("ctrl+v"))
    assert editor.text == "two\none\none\n"


def test_the_mouse_places_the_cursor_and_drags_a_selection():
    editor = an_editor()
    give(editor, *click(at(editor, 1, 8)))
    assert editor.buffer.cursor == Spot(1, 8)
    give(
        editor, down(at(editor, 0, 4)), point(at(editor, 0, 7)), up(at(editor, 0, 7)), point(at(editor, 3, 3))
    )
    assert editor.buffer.selected == "ada"


def test_two_clicks_take_the_word_and_three_the_line():
    editor = an_editor()
    place = at(editor, 2, 10)
    give(editor, *click(place), *click(place))
    assert editor.buffer.selected == "tally"
    give(editor, *click(place))
    assert editor.buffer.selected == "        tally.value += 1\n"
    editor._clock.now += 5
    give(editor, *click(place))
    assert editor.buffer.selected == ""


def test_dragging_on_from_a_double_click_takes_whole_words():
    editor = an_editor()
    give(editor, *click(at(editor, 2, 10)), down(at(editor, 2, 10)), point(at(editor, 2, 16)))
    assert editor.buffer.selected == "tally.value"
    give(editor, point(at(editor, 1, 5)))
    assert editor.buffer.selected == "for n in range(2):\n        tally"


def test_the_gutter_takes_lines():
    editor = an_editor()
    x = editor.rect.x + 8
    give(editor, down((x, at(editor, 1, 0)[1])), point((x, at(editor, 2, 0)[1])))
    assert editor.buffer.selected == "    for n in range(2):\n        tally.value += 1\n"


def test_a_keyboard_user_gets_out_by_escape_and_tab_or_ctrl_tab():
    editor, after = an_editor(), an_editor()
    focus = Focus([editor, after])
    focus.give(editor)
    focus.handle(key("tab"))
    before = editor.text
    assert focus.current is editor
    focus.handle(key("escape"))
    focus.handle(key("tab"))
    assert focus.current is after
    focus.handle(key("ctrl+shift+tab"))
    assert focus.current is editor
    focus.handle(key("escape"))
    # In a window Shift comes as a key of its own before Shift and Tab.
    focus.handle(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_LSHIFT, mod=0, unicode="", scancode=0))
    focus.handle(key("shift+tab"))
    assert focus.current is after and editor.text == before
    focus.give(editor)
    focus.handle(key("escape"))
    for event in typed("x"):
        focus.handle(event)
    focus.handle(key("tab"))
    assert focus.current is editor  # a letter in between: stayed


def test_a_second_escape_is_the_scenes():
    editor = an_editor()
    assert [editor.handle(key("escape")), editor.handle(key("escape"))] == [True, False]


def test_a_script_only_to_read_is_read_copied_and_never_changed():
    clipboard = Clipboard()
    editor = an_editor(read_only=True, clipboard=clipboard)
    for stroke in ("return", "backspace", "delete", "ctrl+v", "ctrl+d", "alt+down", "ctrl+slash",
                   "ctrl+shift+k", "ctrl+z"):  # fmt: skip
        give(editor, key(stroke))
    give(editor, *typed("x"), key("ctrl+a"), key("ctrl+x"))
    assert (editor.text, clipboard.get()) == (SCRIPT, SCRIPT)
    assert not editor.handle(key("tab"))
    writable = an_editor()
    assert pygame.image.tobytes(shown(editor), "RGB") != pygame.image.tobytes(shown(writable), "RGB")


def test_what_would_be_too_long_is_refused_in_words():
    clipboard = Clipboard()
    clipboard.put("x" * 30_000)
    editor = an_editor(clipboard=clipboard)
    give(editor, key("ctrl+v"))
    assert editor.text == SCRIPT
    assert "20,000" in editor._said[0]


def test_the_cursor_is_always_in_view():
    editor = an_editor("\n".join(f"line {n}" for n in range(300)))
    for stroke in ("ctrl+end", "page up", "page up", "ctrl+home", "page down", "up"):
        give(editor, key(stroke))
        x, y = at(editor, *editor.buffer.cursor)
        assert editor._body.collidepoint(x, y), stroke
    editor = an_editor("word " * 100)
    give(editor, key("end"))
    assert editor._body.collidepoint(at(editor, *editor.buffer.cursor))
    give(editor, key("home"))
    assert editor._body.collidepoint(at(editor, 0, 0))


def test_the_wheel_scrolls_without_moving_the_cursor():
    editor = an_editor("\n".join(f"line {n}" for n in range(300)))
    give(editor, point(editor.rect.center), wheel(-3))
    assert (editor.buffer.cursor, editor.spot_at((200, editor._body.y + 5)).line) == (Spot(0, 0), 9)
    shown(editor)
    assert editor.spot_at((200, editor._body.y + 5)).line == 9
    give(editor, wheel(-1_000))
    assert editor.spot_at((200, editor._body.bottom - 20)).line == 299
    give(editor, *typed("x"))
    shown(editor)
    assert editor.spot_at((200, editor._body.y + 5)).line == 0


def test_find_selects_goes_on_and_back_and_closes():
    editor = an_editor()
    give(editor, key("ctrl+f"), *typed("tally"))
    shown(editor)
    found = [editor.buffer.selection[0]]
    for stroke in ("return", "return", "shift+return", "f3"):
        give(editor, key(stroke))
        found.append(editor.buffer.selection[0])
    assert found == [Spot(0, 8), Spot(2, 8), Spot(0, 8), Spot(2, 8), Spot(0, 8)]
    assert editor.handle(key("escape"))
    give(editor, *typed("x"))
    assert editor.text == SCRIPT.replace("tally", "x", 1)


def test_finding_what_is_not_there_changes_nothing():
    editor = an_editor()
    give(editor, key("ctrl+f"), *typed("xyz"), key("return"))
    shown(editor)
    assert editor.buffer.cursor == Spot(0, 0)


def test_a_trouble_is_seen_at_its_line_told_below_and_under_the_pointer():
    editor = an_editor()
    plain = shown(editor)
    editor.troubles = (Trouble(3, 9, "`tally` has no `valu`; did you mean `value`?"),)
    x, y = at(editor, 2, 10)
    marked = shown(editor)
    assert marked.get_at((x + 200, y)) != plain.get_at((x + 200, y))
    assert editor.tip_at((x, y)) == "`tally` has no `valu`; did you mean `value`?"
    assert editor.tip_at(at(editor, 1, 6)) == ""
    foot = pygame.Rect(26, editor._body.bottom, 380, 40)
    ink = Theme().palette.code_wrong_ink
    assert any(
        marked.get_at((px, py))[:3] == ink
        for px in range(foot.left, foot.right)
        for py in range(foot.top, 309)
    )


@pytest.mark.parametrize("place", [(99, 1), (0, 0), (1, 500), (4, 0), (-3, -3)])
def test_a_trouble_anywhere_can_be_drawn(place):
    editor = an_editor()
    editor.troubles = (Trouble(*place, "a long message " * 30),)
    shown(editor)


VOCABULARY = Vocabulary(
    "ada",
    {"tally": frozenset([Handle("tally")]), "belt": frozenset([Handle("belt")])},
    {
        **{Handle("tally", name): face for name, face in SharedValue().open_faces().items()},
        Handle("belt"): Queue().open_faces()[""],
    },
    None,
    {"tally": SharedValue(), "belt": Queue()},
)


def test_words_are_explained_and_nothing_else():
    editor = an_editor(vocabulary=lambda: VOCABULARY)
    assert editor.tip_at(at(editor, 2, 15)).startswith("`value`")
    for line, column in ((2, 20), (2, 2), (4, 0)):
        assert editor.tip_at(at(editor, line, column)) == ""


def a_completing(text: str = "def ada(tally, belt):\n    ") -> CodeEditor:
    editor = an_editor(text, vocabulary=lambda: VOCABULARY)
    give(editor, key("ctrl+end"))
    return editor


def listed(editor: CodeEditor) -> list[str]:
    shown(editor)
    return [offer.name for offer in editor._list.offers.offers] if editor._list else []


def test_another_line_is_looked_up_a_moment_later_and_once(monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr("game.desktop.editor.get_ready", lambda vocabulary, text, line: asked.append(line))
    editor = a_completing()
    editor.update(0.016)
    shown(editor)
    give(editor, key("return"))
    editor.update(0.016)
    assert asked == [], "it may not hold up the key that led there"
    for _ in range(10):
        editor.update(0.016)
    assert asked == [2]


def test_offers_come_while_one_types_and_tab_takes_one():
    editor = a_completing()
    give(editor, *typed("be"))
    assert listed(editor) == ["belt"]
    give(editor, key("tab"), *typed(".g"))
    assert listed(editor) == ["get", "get_nowait"]
    give(editor, key("down"), key("return"))
    assert editor.text.endswith("    belt.get_nowait()") and listed(editor) == []
    give(editor, key("ctrl+z"))
    assert editor.text.endswith("    belt.g")


def test_enter_is_a_new_line_where_the_word_is_whole():
    editor = a_completing("def ada(tally, belt):\n    n = 1\n    number = 2\n    deliver(")
    give(editor, *typed("n"))
    assert listed(editor) == ["n", "number", "not", "None"]
    give(editor, key("return"))
    assert editor.text.endswith("deliver(n\n    ")
    for word in ("pass", "return"):
        editor = a_completing()
        give(editor, *typed(word), key("return"))
        assert editor.text.startswith(f"def ada(tally, belt):\n    {word}\n")


def test_escape_and_other_keys_close_the_offers():
    for event in (key("escape"), key("left"), key("home"), *click((300, 200))[1:2]):
        editor = a_completing()
        give(editor, *typed("be"))
        assert listed(editor)
        give(editor, event)
        assert listed(editor) == []
    assert editor.text.endswith("    be")


def test_offers_may_be_called_for_where_nothing_is_typed():
    editor = a_completing()
    give(editor, key("ctrl+space"))
    assert listed(editor)[:2] == ["tally", "belt"]
    give(editor, key("return"))
    assert editor.text.endswith("    tally")


def test_an_offer_is_taken_with_the_mouse():
    editor = a_completing()
    give(editor, *typed("belt.g"))
    shown(editor)
    give(editor, *click(editor._list._rows[1][0].center))
    assert editor.text.endswith("    belt.get_nowait()")


def test_a_call_says_what_it_takes_until_one_leaves_it():
    editor = a_completing()
    give(editor, *typed("belt.put"), key("tab"))
    shown(editor)
    assert editor.text.endswith("belt.put()") and editor._call.parameters[editor._call.at] == "item"
    give(editor, *typed("1,"))
    assert editor._call.at == 1
    give(editor, key("end"))
    assert editor._call is None


def test_nothing_is_offered_in_a_script_that_is_only_to_read():
    editor = an_editor("def ada(belt):\n    be", vocabulary=lambda: VOCABULARY, read_only=True)
    give(editor, key("ctrl+end"), key("ctrl+space"), *typed("l"))
    assert listed(editor) == []


# Whatever is done with keys, undo leads back through it, one step after the other, with the caret.

KEYS = (
    "return", "tab", "shift+tab", "backspace", "delete", "ctrl+backspace", "ctrl+delete", "escape", "left",
    "right", "up", "down", "home", "end", "ctrl+home", "ctrl+end", "shift+left", "shift+down", "shift+up",
    "shift+end", "ctrl+a", "ctrl+c", "ctrl+x", "ctrl+v", "ctrl+d", "ctrl+shift+k", "ctrl+slash", "alt+up",
    "alt+down", "ctrl+space", "ctrl+z", "ctrl+z", "ctrl+y", "ctrl+f", "ctrl+h", "ctrl+return", "ctrl+g",
)  # fmt: skip
ALL = (key("ctrl+h"), *typed("e"), key("tab"), *typed("ö"), key("ctrl+return"), key("escape"))
ONE = (key("ctrl+h"), *typed("e"), key("tab"), *typed("ä"), key("return"), key("escape"))
DEEDS = st.one_of(
    st.sampled_from((ALL, ONE)),
    st.sampled_from(KEYS).map(lambda stroke: (key(stroke),)),
    st.sampled_from(("be", "belt.g", "tally.", "for n in range(2):")).map(
        lambda text: (*typed(text), key("tab"))
    ),
    st.sampled_from(("b", "e", " ", "(", ")", "[", "]", ":", "#", ".", "1", "be", "belt.", "x = 1", "t")).map(
        lambda text: tuple(typed(text))
    ),
)


def here(editor: CodeEditor) -> tuple[str, Spot, Spot]:
    return editor.text, editor.buffer.anchor, editor.buffer.cursor


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([SCRIPT, "", "def ada(tally, belt):\n    "]), st.lists(DEEDS, max_size=40))
def test_undo_leads_back_through_any_keys_with_the_caret_and_redo_forth_again(text, deeds):
    editor = an_editor(text, vocabulary=lambda: VOCABULARY, clipboard=Clipboard())
    give(editor, key("ctrl+end"))
    editor.clipboard.put("with x:\n    y()")
    buffer, before_step = editor.buffer, []
    for event in (event for deed in deeds for event in deed):
        before, steps = here(editor), len(buffer._done)
        give(editor, event)
        taken_back = event.type == pygame.KEYDOWN and event.key in (pygame.K_z, pygame.K_y)
        if len(buffer._done) > steps and not (taken_back and event.mod):
            assert len(buffer._done) == steps + 1, "one press is one step"
            before_step[steps:] = [before]
    while buffer.redo():
        pass
    seen = []
    while buffer.can_undo:
        seen.append(editor.text)
        before = before_step[len(buffer._done) - 1]
        buffer.undo()
        assert here(editor) == before
    assert editor.text == text
    for after in reversed(seen):
        assert buffer.redo() and editor.text == after
    assert not buffer.redo()


def test_the_bracket_at_the_caret_and_its_partner():
    lines = ("f(a[0], ')', (1))", "# )", "[", "]")
    assert partner(lines, Spot(0, 1)) == (Spot(0, 1), Spot(0, 16))
    assert partner(lines, Spot(0, 17)) == (Spot(0, 16), Spot(0, 1))
    assert partner(lines, Spot(3, 0)) == (Spot(3, 0), Spot(2, 0))
    assert partner(lines, Spot(0, 9)) is None and partner(lines, Spot(1, 3)) is None
    editor = an_editor(SCRIPT)
    plain = shown(editor)
    give(editor, *click(at(editor, 0, 7)))
    assert (
        pygame.mask.from_threshold(shown(editor), Theme().palette.brass_light, (1, 1, 1, 255)).count()
        > pygame.mask.from_threshold(plain, Theme().palette.brass_light, (1, 1, 1, 255)).count()
    )


def test_what_is_found_can_be_replaced_one_by_one_or_all_at_once():
    editor = an_editor("one two One\none")
    give(editor, key("ctrl+h"), *typed("one"), key("tab"), *typed("1"), key("return"), key("return"))
    assert editor.text == "1 two 1\none"
    give(editor, key("ctrl+return"), key("escape"))
    assert editor.text == "1 two 1\n1"
    give(editor, key("ctrl+z"))
    assert editor.text == "1 two 1\none"


def test_a_line_is_gone_to_by_its_number():
    editor = an_editor(SCRIPT)
    give(editor, key("ctrl+g"), *typed("3x"))
    assert editor.buffer.cursor == Spot(2, 8)
    give(editor, key("return"), *typed("!"))
    assert "        !tally" in editor.text
    give(editor, key("ctrl+g"), *typed("1"), key("escape"))
    assert editor.buffer.cursor == Spot(2, 9)


def test_a_press_in_the_margin_marks_a_line_and_edits_move_the_mark():
    told = []
    editor = an_editor(on_mark=told.append)
    give(editor, *click((editor.rect.x + 6, at(editor, 2, 0)[1])))
    assert told == [frozenset({3})] and editor.buffer.selected == ""
    shown(editor)
    give(editor, key("ctrl+home"), key("return"))
    assert editor.marked == frozenset({4})
    give(editor, key("ctrl+end"), *typed("x"), key("ctrl+b"))
    assert editor.marked == frozenset({4, 6})
    give(editor, key("ctrl+b"))
    assert told[-1] == frozenset({4})


@pytest.mark.parametrize(
    ("before", "after", "marked", "moved"),
    [
        ("abc", "axbc", {2, 3}, {3, 4}),
        ("abc", "ac", {1, 2, 3}, {1, 2}),
        ("abc", "aBc", {2}, {2}),
        ("abcd", "ad", {2, 3, 4}, {2}),
        ("aaa", "aa", {3}, set()),
        ("ab", "ab", {1}, {1}),
    ],
)
def test_marks_stay_with_their_lines(before, after, marked, moved):
    assert moved_lines(frozenset(marked), tuple(before), tuple(after)) == moved


def test_clerks_are_seen_at_their_lines():
    editor = an_editor()
    plain = shown(editor)
    editor.here = (
        Here(3, CLERK_LOOKS[0], "A"),
        Here(3, CLERK_LOOKS[1], "B", True),
        Here(2, CLERK_LOOKS[2], "C"),
        Here(77, CLERK_LOOKS[3], "D"),
    )
    marked = shown(editor)
    changed = {y for y in range(330) if any(marked.get_at((x, y)) != plain.get_at((x, y)) for x in (11, 300))}
    rows = {editor.spot_at((200, y)).line for y in changed}
    assert rows == {1, 2}


def test_wide_letters_take_two_cells_and_accents_none():
    assert [cells(text) for text in ("abc", "日本", "e\u0301x", "")] == [3, 4, 2, 0]
    editor = an_editor("日本 x")
    give(editor, *click(at(editor, 0, 3)))
    assert editor.buffer.cursor == Spot(0, 3)


@pytest.mark.parametrize("scale", [0.75, 1.0, 2.5])
@pytest.mark.parametrize("text", ["", "\n" * 400, "x" * 20_000, "é日" * 200, "'''" * 50, "\tx"])
def test_any_text_is_drawn_at_any_scale(text, scale):
    editor = an_editor(text)
    give(editor, key("ctrl+a"), key("ctrl+end"))
    shown(editor, scale)


def test_the_caret_blinks_only_with_the_focus_and_never_in_pictures():
    editor = an_editor()
    assert not any(editor.update(0.3) for _ in range(5))
    editor.still = False
    assert [editor.update(0.3) for _ in range(4)] == [False, True, False, True]
    editor.focused = False
    assert not any(editor.update(0.3) for _ in range(5))


def test_a_key_in_a_script_of_300_lines_shows_within_a_frame():
    editor = an_editor("\n".join(f"    for n{n} in range({n}):  # text of line {n}" for n in range(300)))
    theme, page = Theme(), pygame.Surface((460, 330))
    editor.go_to(150, 5)
    editor.draw(page, theme)
    took = []
    for letter in "the quick brown fox jumps over it":
        began = time.perf_counter()
        give(editor, *typed(letter))
        editor.draw(page, theme)
        took.append(time.perf_counter() - began)
    assert sorted(took)[len(took) // 2] < 0.016
