# ruff: noqa: E501 (tables are easier to read with one case in a line)
"""Whatever text is handed in, it comes to a tree or to problems at their places."""

import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripting import HANDED, compiled, entry, problems

from game.problems import Place, ProblemsFound
from game.script.vm import begin

NASTY = {
    "too long": "#" * 20_001,
    "nul": "def f():\n    \0",
    "surrogate": "def f():\n    '\ud800'",
    "byte order mark": "\ufeffdef f(): pass",
    "brackets": "def f():\n    n = " + "(" * 5_000,
    "closed brackets": "def f():\n    n = " + "(" * 190 + ")" * 190,
    "lists": "def f():\n    n = " + "[" * 150 + "]" * 150,
    "minuses": "def f():\n    n = " + "-" * 15_000 + "1",
    "nots": "def f():\n    n = " + "not " * 4_000 + "1",
    "sums": "def f():\n    n = " + "1+" * 9_000 + "1",
    "calls": "def f():\n    n" + "()" * 9_000,
    "attributes": "def f():\n    n" + ".n" * 9_000,
    "tabs": "def f():\n\tpass",
    "mixed tabs": "def f():\n    if 1:\n\treturn",
    "twenty-one blocks": "def f():\n" + "".join(f"{'  ' * (i + 1)}while 1:\n" for i in range(21)) + "  " * 22 + "pass",
    "hundred blocks": "def f():\n" + "".join(f"{' ' * (i + 1)}if 1:\n" for i in range(99)) + " " * 100 + "pass",
    "finallies": "def f():\n"
    + "".join(f"{' ' * (2 * i + 1)}try: f()\n{' ' * (2 * i + 1)}finally:\n" for i in range(18))
    + " " * 40 + "return",
    "elifs": "def f():\n    if 1: pass\n" + "    elif 1: pass\n" * 1_000,
    "backslash": "def f():\n    \\",
    "odd line ends": "def f():\r    foo\x0c\r\n    bar\u2028",
    "deep string": "def f():\n    n = f'" + "{f\"" * 30,
    "huge number": "def f():\n    n = " + "9" * 15_000,
    "nested helpers": "".join(f"def f{i}(): f{i + 1}(); f{i + 1}()\n" for i in range(400)),
    "star": "def f():\n    *n",
    "nothing": "",
    "spaces": "   ",
}  # fmt: skip


@pytest.mark.parametrize("source", NASTY.values(), ids=NASTY.keys())
@pytest.mark.timeout(20)
def test_whatever_is_handed_in_only_problems_come_out(source):
    with pytest.raises(ProblemsFound) as found:
        compiled(source)
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place, path, message in found.value.problems:
        assert path == "scripts.f"
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        assert len(message) < 300


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("too long", "1:1 this script has 20,001 characters; 20,000 are the most"),
        ("nul", "2:5 there is an invisible character here: U+0000"),
        ("byte order mark", "1:1 there is an invisible character here: U+FEFF"),
        ("tabs", "2:1 there is a tab in front of this line; use spaces"),
        ("minuses", "1:1 this is nested too deep for Python to read; take it apart"),
        ("elifs", "1:1 this is nested too deep for Python to read; take it apart"),
        ("finallies", "1:1 f is too much for one def; take it apart"),
    ],
)
def test_bad_text_is_told_apart(name, told):
    text = told.split(" ", 1)[1]
    said = [line.split(" ", 1) for line in problems(NASTY[name])]
    if "nested too deep" in text:
        assert said[0][1] in (text, "this lies more than 100 deep in other things; take it apart")
    else:
        assert [told.split(" ")[0], text] in said


def test_a_script_as_deep_as_allowed_is_read_even_with_little_stack_left():
    source = "def f(n):\n    n = " + "-(" * 40 + "n" + ")" * 40 + "\n"

    def far_down(deep):
        return far_down(deep - 1) if deep else problems(source, n=None)

    assert far_down(400) == []


def test_a_problem_stands_where_its_character_stands_in_the_file():
    with pytest.raises(ProblemsFound) as found:
        compiled(entry('n = "ä€😀" + foo'), place=Place("levels/x.yaml", 40, 7))
    (problem,) = found.value.problems
    assert problem == (
        Place("levels/x.yaml", 41, 7 + 4 + len('n = "ä€😀" + ')),
        "scripts.f",
        "nothing here is called 'foo'",
    )


def test_a_script_without_a_place_in_its_file_counts_from_its_first_line():
    with pytest.raises(ProblemsFound) as found:
        compiled(entry("foo()"), place=Place("f.py"))
    assert found.value.problems[0].place == Place("f.py", 2, 5)


SOUND = """\
xs = [n, (1, "a")]
while n and xs[0] is not None:
    n -= 1
    with key, tally.get_lock():
        tally.value += n if n > 1 else -n
    try:
        belt.put((n, [xs[-1]]), timeout=1)
        continue
    except (Full, ValueError):
        raise
    finally:
        for i, x in enumerate(things[1:], start=2):
            cards[i] = max(x, n) % 3
deliver(xs)
return n"""
WORDS = [
    "if",
    "else",
    "for",
    "in",
    "while",
    "try",
    "except",
    "finally",
    "with",
    "as",
    "def",
    "return",
    "break",
    "raise",
    "lambda",
    "yield",
    "not",
    "is",
    "None",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ".",
    "=",
    "+=",
    "==",
    "**",
    "/",
    ":=",
    "...",
    "*",
    "2.5",
    "'x'",
    "f'{n}'",
    "belt",
    "key",
    "n",
    "put",
    "value",
    "acquire",
    "len",
    "deliver",
    "wait",
    "f",
    "Empty",
    "__x",
    "print",
    "await",
    "global",
    "match",
    "case",
    ";",
    "\n",
    "\\",
    "#",
    "'",
    '"',
    "\t",
    "\x00",
    "é",
    "\u2028",
    "99999999999999999999",
]
EDITS = st.lists(
    st.tuples(st.sampled_from(["out", "in", "over", "swap"]), st.integers(0, 400), st.sampled_from(WORDS)),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(EDITS)
def test_whatever_is_mistyped_python_reads_it_too_or_it_comes_to_problems(edits):
    words = re.findall(r"\s+|\w+|[^\w\s]", entry(SOUND))
    for how, where, word in edits:
        at = where % len(words)
        if how == "swap":
            words[at], words[at - 1] = words[at - 1], words[at]
        else:
            words[at : at + (how != "in")] = [] if how == "out" else [word]
    source = "".join(words)
    try:
        program = compiled(source)
    except ProblemsFound:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(source, "script", "exec")
    begin(program, HANDED)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_comes_to_problems(text):
    assert problems(text)


def test_lines_end_where_python_ends_them():
    source = "def f(n):\r    foo('\u2028')\r\n    bar()\n    'ä\x0b'; baz()"
    assert [line.split()[0] for line in problems(source, n=None)] == ["2:5", "3:5", "4:11"]
