"""The editor's text, without the editor."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from game.desktop.text import Buffer, Spot

SCRIPT = "def ada(tally):\n    for n in range(2):\n        tally.value += 1\n    return\n"


def at(text: str, line: int, column: int, **more: int) -> Buffer:
    buffer = Buffer(text, **more)
    buffer.go(Spot(line, column))
    return buffer


def test_a_new_line_is_as_deep_as_the_last_and_deeper_after_a_colon():
    buffer = at("def ada(tally):  # hers", 0, 23)
    buffer.newline()
    buffer.insert("pass")
    buffer.newline()
    buffer.insert("x = 1")
    buffer.newline()
    assert buffer.text == "def ada(tally):  # hers\n    pass\nx = 1\n"


def test_a_colon_in_a_comment_or_inside_a_line_opens_nothing():
    for line in ("# note:", "x = a[1:2]"):
        buffer = at(line, 0, len(line))
        buffer.newline()
        assert buffer.text == line + "\n"


def written(text: str) -> Buffer:
    buffer = Buffer("")
    for letter in text:
        if not buffer.bracket(letter):
            buffer.insert(letter)
    return buffer


def test_a_bracket_brings_its_partner_and_typing_it_steps_over():
    buffer = written("f(a[")
    assert (buffer.text, buffer.cursor) == ("f(a[])", Spot(0, 4))
    assert written("f(a[0], (1))").text == "f(a[0], (1))"
    assert written("# (").text == "# ("
    assert at("f()", 0, 3).bracket(")") is False
    assert at("f(x)", 0, 2).bracket("(") is False  # something stands in the way
    more = at("f((1)", 0, 4)
    assert more.bracket(")") is False  # one is still missing


def test_backspace_between_brackets_takes_both():
    buffer = written("f(")
    buffer.backspace()
    assert buffer.text == "f"
    buffer.undo()
    assert buffer.text == "f()"


@given(st.text("ab()[] ,", max_size=12))
def test_whatever_is_typed_whole_stands_there_as_typed(text):
    opened = []
    for letter in text:
        if letter in "([":
            opened.append({"(": ")", "[": "]"}[letter])
        elif letter in ")]" and (not opened or opened.pop() != letter):
            return
    if not opened:
        assert written(text).text == text


def test_backspace_in_the_margin_goes_back_one_depth():
    buffer = at("        x", 0, 8)
    buffer.backspace()
    assert (buffer.text, buffer.cursor) == ("    x", Spot(0, 4))


def test_home_goes_to_the_first_letter_then_to_the_margin():
    buffer = at("    x = 1", 0, 7)
    stops = []
    for _ in range(3):
        buffer.home()
        stops.append(buffer.cursor.column)
    assert stops == [4, 0, 4]


def test_up_and_down_keep_the_column_across_a_short_line():
    buffer = at("a long line\n\nanother long line", 0, 9)
    buffer.vertical(1)
    buffer.vertical(1)
    assert buffer.cursor == Spot(2, 9)
    buffer.vertical(1)
    assert buffer.cursor == buffer.end


def test_word_moves_stop_at_words_and_signs():
    buffer = at("tally.value += 1", 0, 0)
    stops = []
    for _ in range(5):
        buffer.right(word=True)
        stops.append(buffer.cursor.column)
    assert stops == [5, 6, 11, 14, 16]
    back = []
    for _ in range(5):
        buffer.left(word=True)
        back.append(buffer.cursor.column)
    assert back == [15, 12, 6, 5, 0]


def test_selected_lines_go_in_and_out_together_and_stay_selected():
    buffer = Buffer("a\n\nb\nc")
    buffer.select(Spot(0, 0), Spot(3, 0))
    buffer.indent()
    assert buffer.text == "    a\n\n    b\nc"
    assert buffer.selection == (Spot(0, 4), Spot(3, 0))
    buffer.dedent()
    assert buffer.text == "a\n\nb\nc"


def test_comments_come_and_go_at_the_shallowest_depth():
    buffer = Buffer("    if x:\n\n        y()\n")
    buffer.select(Spot(0, 2), Spot(2, 4))
    buffer.toggle_comment()
    assert buffer.text == "    # if x:\n\n    #     y()\n"
    buffer.toggle_comment()
    assert buffer.text == "    if x:\n\n        y()\n"


def test_lines_move_with_their_selection_and_stop_at_the_ends():
    buffer = at("one\ntwo\nthree", 1, 1)
    assert buffer.move_lines(1)
    assert (buffer.text, buffer.cursor) == ("one\nthree\ntwo", Spot(2, 1))
    assert not buffer.move_lines(1)


def test_a_line_is_duplicated_below_and_a_selection_behind_itself():
    buffer = at("one\ntwo", 0, 2)
    buffer.duplicate()
    assert (buffer.text, buffer.cursor) == ("one\none\ntwo", Spot(1, 2))
    buffer.select(Spot(2, 0), Spot(2, 3))
    buffer.duplicate()
    assert (buffer.text, buffer.selected) == ("one\none\ntwotwo", "two")


def test_typing_is_undone_by_the_word():
    buffer = Buffer()
    for letter in "tally value":
        buffer.insert(letter)
    buffer.undo()
    assert buffer.text == "tally "
    buffer.undo()
    assert buffer.text == ""
    assert not buffer.undo()


def test_moving_away_ends_a_step():
    buffer = Buffer()
    buffer.insert("a")
    buffer.left()
    buffer.right()
    buffer.insert("b")
    buffer.undo()
    assert buffer.text == "a"


def test_pasted_text_is_made_plain():
    buffer = Buffer()
    buffer.insert("a\tb\r\nc\u2028d\x00\x07e\rf")
    assert buffer.text == "a   b\nc\nde\nf"
    field = Buffer(single_line=True)
    field.insert("ada bob\nada")
    assert field.text == "ada bob ada"


def test_text_beyond_the_limit_is_not_taken_but_may_shrink():
    buffer = at("abcdef", 0, 6, limit=4)
    assert not buffer.insert("g")
    assert buffer.backspace()
    assert buffer.text == "abcde"


def test_finding_goes_round_both_ways():
    buffer = at("Tally\n tally", 0, 0)
    seen = []
    for backwards in (False, False, False, True):
        assert buffer.find("tally", backwards=backwards)
        seen.append(buffer.selection[0])
    assert seen == [Spot(0, 0), Spot(1, 1), Spot(0, 0), Spot(1, 1)]
    assert not buffer.find("belt")


PLAIN = (
    "newline", "backspace", "delete", "backspace-word", "delete-word", "indent", "dedent", "toggle_comment",
    "duplicate", "up-line", "down-line", "delete_lines", "undo", "redo", "left", "right", "word-left",
    "word-right", "up", "down", "home", "line_end", "select_all",
)  # fmt: skip
EDITS = st.one_of(
    st.tuples(st.just("insert"), st.text("ab \n:#\té", max_size=6)),
    st.tuples(st.just("bracket"), st.sampled_from("()[]")),
    st.tuples(st.just("replace_all"), st.text("xy \n", max_size=12)),
    st.tuples(
        st.sampled_from(["replace", "replace_every"]),
        st.tuples(st.text("ab ", max_size=2), st.text("ac\n", max_size=3)),
    ),
    st.tuples(st.sampled_from(PLAIN), st.booleans()),
    st.tuples(st.just("go"), st.tuples(st.integers(0, 6), st.integers(0, 9), st.booleans())),
)


def apply(buffer: Buffer, name: str, argument: object) -> None:
    match name:
        case "insert":
            buffer.insert(str(argument))
        case "bracket":
            buffer.bracket(str(argument))
        case "replace_all":
            buffer.replace_all(str(argument))
        case "replace" | "replace_every":
            getattr(buffer, name)(*argument)
        case "go":
            line, column, select = argument
            buffer.go(Spot(line, column), select=select)
        case "backspace-word" | "delete-word":
            getattr(buffer, name.partition("-")[0])(word=True)
        case "up-line" | "down-line":
            buffer.move_lines(-1 if name == "up-line" else 1)
        case "left" | "right" | "home" | "line_end":
            getattr(buffer, name)(select=argument)
        case "word-left" | "word-right":
            getattr(buffer, name.partition("-")[2])(select=argument, word=True)
        case "up" | "down":
            buffer.vertical(-1 if name == "up" else 1, select=argument)
        case _:
            getattr(buffer, name)()


@given(st.sampled_from(["", "a", SCRIPT, "  x\n\n    y:\n"]), st.lists(EDITS, max_size=30))
def test_undoing_everything_restores_the_text_and_redoing_repeats_it(start, edits):
    buffer = Buffer(start, limit=200)
    for name, argument in edits:
        apply(buffer, name, argument)
        assert buffer.clamp(buffer.cursor) == buffer.cursor
        assert buffer.clamp(buffer.anchor) == buffer.anchor
        assert len(buffer) == len(buffer.text)
        assert "\n".join(buffer.lines) == buffer.text
    while buffer.redo():
        pass
    furthest = buffer.text
    steps = 0
    while buffer.undo():
        steps += 1
    assert buffer.text == start
    for _ in range(steps):
        assert buffer.redo()
    assert buffer.text == furthest
    assert not buffer.redo()


@given(st.text("abA\n", max_size=30), st.text("abAİ", min_size=1, max_size=2), st.text("ab", max_size=3))
def test_replacing_leaves_nothing_and_touches_nothing_else(text, what, by):
    buffer = Buffer(text)
    places = buffer.finds(what)
    count = buffer.replace_every(what, by)
    assert count == (len(places) if buffer.text != text else 0)
    pieces, here = [], 0
    for place in places:
        offset = sum(len(line) + 1 for line in text.split("\n")[: place.line]) + place.column
        pieces += [text[here:offset], by]
        here = offset + len(what)
    assert buffer.text == "".join([*pieces, text[here:]])
    if buffer.can_undo:
        buffer.undo()
    assert buffer.text == text


@given(st.text("abA\n", max_size=30), st.text("ab", min_size=1, max_size=2), st.booleans())
def test_finding_goes_round_every_place_once(text, what, backwards):
    buffer = Buffer(text)
    seen = []
    for _ in buffer.finds(what):
        assert buffer.find(what, backwards=backwards) and buffer.selected.lower() == what
        seen.append(buffer.selection[0])
    assert sorted(seen) == buffer.finds(what)


@given(st.text(max_size=40), st.integers(0, 5), st.integers(0, 20))
def test_no_spot_and_no_text_breaks_the_words(text, line, column):
    buffer = Buffer(text)
    start, end = buffer.word_at(Spot(line, column))
    assert buffer.clamp(start) == start <= end == buffer.clamp(end)
    assert buffer.replace_all(buffer.text) is False
