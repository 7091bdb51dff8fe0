"""What is offered while a script is written, and what is said about its words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripting import CHANNELS, HANDED, all_faces, problems

from game.desktop.completion import Vocabulary, call_at, help_at, offers_at, unlocked_by
from game.desktop.text import Spot
from game.request import Handle, ListValue

HEAD = f"def f({', '.join(HANDED)}):\n"
EVERYTHING = Vocabulary(
    "f",
    {name: frozenset([thing] if isinstance(thing, Handle) else ()) for name, thing in HANDED.items()},
    all_faces(),
    None,
    CHANNELS,
    frozenset(name for name, thing in HANDED.items() if isinstance(thing, ListValue)),
)


def offered(script: str, vocabulary: Vocabulary = EVERYTHING) -> list[str]:
    """What is offered at the | in a script."""
    before, _, after = script.partition("|")
    lines = before.split("\n")
    found = offers_at(vocabulary, before + after, Spot(len(lines) - 1, len(lines[-1])))
    return [one.text for one in found.offers] if found else []


def test_after_a_dot_stand_the_methods_of_that_channel():
    assert offered(HEAD + "    belt.g|") == ["get()", "get_nowait()"]
    assert offered(HEAD + "    x = tally.|") == ["value", "get_lock()", "acquire()", "release()"]
    assert offered(HEAD + "    things.|") == ["append()", "insert()", "pop()", "remove()"]


def test_a_channel_is_known_by_another_name_too():
    assert offered(HEAD + "    other = belt\n    other.pu|") == ["put()", "put_nowait()"]


def test_only_what_was_unlocked_is_offered():
    few = EVERYTHING.__class__(
        **{**EVERYTHING.__dict__, "unlocked": unlocked_by(["belt.put(thing)", "belt.get()"])}
    )
    assert offered(HEAD + "    belt.|", few) == ["put()", "get()"]
    assert offered(HEAD + "    deli|", few) == []
    assert offered(HEAD + "    deli|") == ["deliver()"]


def test_a_clerk_has_what_a_process_has():
    assert "start()" in offered(HEAD + "    bob.|")


def test_parentheses_that_stand_there_are_not_written_again():
    assert offered(HEAD + "    belt.ge|()") == ["get", "get_nowait"]


@pytest.mark.parametrize(
    "script",
    [
        HEAD + "    # belt.|",
        HEAD + "    x = 'belt.|",
        HEAD + "    x = 'belt.|'",
        HEAD + "    x = be|lt",
        HEAD + "    x = 12|",
        HEAD + "    for b|",
        HEAD + "    pass |",
        HEAD + "    n.|",
        HEAD + '    """\n    be|\n    """',
        "be|",
        "def b|",
        HEAD + "    belt.get().|",
    ],
)
def test_nothing_is_offered_where_nothing_would_do(script):
    assert offered(script) == []


def test_words_stand_where_they_may():
    assert "break" not in offered(HEAD + "    b|")
    assert "break" in offered(HEAD + "    while n:\n        b|")
    assert offered(HEAD + "    e|") == []
    assert offered(HEAD + "    if n:\n        pass\n    e|") == ["elif ", "else:"]
    assert offered(HEAD + "    try:\n        pass\n    e|") == ["except "]
    assert offered(HEAD + "    try:\n        pass\n    except Em|:\n        pass") == ["Empty"]
    assert offered(HEAD + "    with |") == ["tally.get_lock():", "cards.get_lock():", "key:"]
    assert offered(HEAD + "    for thing i|") == ["in"]


def test_variables_are_offered_but_not_the_one_being_made():
    assert offered(HEAD + "    letter = belt.get()\n    deliver(le|)") == ["letter", "len()"]
    assert offered(HEAD + "    lette| = 3") == []


STATEMENTS = (
    "x = 1",
    "x = belt.get()",
    "y = belt",
    "belt.put(n)",
    "tally.value += 1",
    "things.append(n)",
    "pass",
    "deliver(n)",
    "z = [1, 2]",
    "key.acquire()",
    "# belt.",
    "w = 'a # b'",
    'w = """a\n  b"""',
)
OPENERS = (
    "if n:",
    "while n:",
    "for x in things:",
    "with key:",
    "with tally.get_lock():",
    "if n:\n{0}    pass\n{0}else:",
    "try:\n{0}    pass\n{0}except Empty:",
)
PLACES = (
    ("", ""),
    ("x = ", ""),
    ("if ", ": pass"),
    ("while ", ": pass"),
    ("deliver(", ")"),
    ("belt.put(", ")"),
    ("with ", ""),
    ("for y in ", ": pass"),
    ("return ", ""),
    ("raise ", ""),
    ("belt.", ""),
    ("tally.", ""),
    ("with tally.", ""),
    ("x = tally.", ""),
    ("x = bob.", ""),
    ("wait([bob.", "])"),
    ("wait([", "])"),
    ("x = n ", ""),
    ("if n ", ": pass"),
    ("things.", ""),
    ("x = 1 + ", ""),
    ("x = belt.", ""),
    ("deliver(tally.", ")"),
    ("x = (n, ", ")"),
    ("x = [", "]"),
    ("x = things[", "]"),
    ("belt.put(item=", ")"),
    ("for y in cards.", ": pass"),
    ("x = cards[", "]"),
    ("x = not ", ""),
    ("tally.value = ", ""),
    ("tally.value += ", ""),
    ("x = len(", ")"),
    ("if n == ", ": pass"),
    ("if n and ", ": pass"),
)


@st.composite
def places(draw: st.DrawFn) -> tuple[list[str], int, str, str, str]:
    """A script's lines, the place among them of a line that is being written, its margin, what stands there
    before and behind the cursor."""
    lines = ["def helper(a, b):", "    return a", HEAD.rstrip("\n")]
    depth, at, margin = 1, 0, ""
    count = draw(st.integers(1, 7))
    hole = draw(st.integers(0, count - 1))
    for number in range(count):
        pad = " " * 4 * depth
        if number == hole:
            at, margin = len(lines), pad
        elif depth < 4 and draw(st.booleans()):
            lines += (pad + draw(st.sampled_from(OPENERS)).format(pad)).split("\n")
            depth += 1
            lines.append(" " * 4 * depth + "pass")
            depth = draw(st.integers(1, depth))
        else:
            lines += (pad + draw(st.sampled_from(STATEMENTS))).split("\n")
            depth = draw(st.integers(1, depth))
    before, behind = draw(st.sampled_from(PLACES))
    return lines, at, margin, before, behind


@settings(max_examples=250, deadline=None)
@given(
    places(), st.sampled_from(["", "b", "t", "c", "n", "e", "l", "g", "a", "w", "i", "f", "r", "s", "p", "k"])
)
def test_whatever_is_offered_compiles(place, typed):
    lines, at, margin, before, behind = place

    def script(middle: str) -> str:
        return "\n".join([*lines[:at], margin + middle, *lines[at:], ""])

    if problems(script("pass")):
        return
    said = before + typed
    text = script(said + behind)
    found = offers_at(EVERYTHING, text, Spot(at, len(margin + said)))
    for one in found.offers if found else ():
        assert one.name.lower().startswith(typed)
        assert one.example.startswith(one.text.rstrip(" ):")) or one.sort in ("word", "name", "thing", "call")
        assert problems(script((before + one.example).replace("\n", "\n" + margin) + behind)) == [], one


def test_a_word_is_explained_where_it_stands():
    script = HEAD + "    letter = belt.get()\n    deliver(letter)\n    things.append(3)"

    def said(line: int, word: str) -> str:
        return help_at(EVERYTHING, script, word, line, script.split("\n")[line - 1].index(word) + 1)

    assert (
        said(2, "get")
        == "`get(block=True, timeout=None)`  Take the next item off the belt. Waits while the belt is empty."
    )
    assert said(2, "belt").startswith("`belt: multiprocessing.Queue`  A belt.")
    assert said(3, "deliver").startswith("`deliver(thing)`")
    assert said(4, "append").startswith("`append(thing)`")
    assert said(2, "letter") == ""


def test_the_call_around_the_cursor_and_what_it_wants_next():
    def call(body: str):
        before, _, after = (HEAD + "    " + body).partition("|")
        lines = before.split("\n")
        return call_at(EVERYTHING, before + after, Spot(len(lines) - 1, len(lines[-1])))

    found = call("belt.put(1, |)")
    assert found.name == "put" and found.parameters[found.at] == "block=True" and found.start == Spot(1, 9)
    assert call("belt.put(timeout=|)").at == 2
    assert call("deliver((1, 2)|)").at == 0
    assert call("deliver(belt.get(|))").name == "get"
    assert call("x = [|]") is None
    assert call("belt.put('|')") is None
