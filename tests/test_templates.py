"""What reaches the window can be said in another language: its sentences are templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GAME = Path(__file__).resolve().parents[1] / "game"

TOLD_IN_THE_WINDOW = {
    "Broken", "Button", "Cannot", "CannotMove", "Died", "Differs", "Dialog", "Fault", "IconButton", "Limit",
    "Notice", "OfficeLost", "Problem", "Row", "Shortcut", "Stopped", "Stuck", "Unsettled", "ValueError",
    "_problem", "_stop", "_wrong", "at", "complain", "does", "note", "problem", "sorry", "tell", "toast",
    "say",
}  # fmt: skip
"""Exceptions, records and methods whose texts a player reads."""

ELSEWHERE = {
    "authoring/catalogue.py": "run by translators",
    "authoring/lint.py": "only on the command line",
    "authoring/offices.py": "only on the command line",
    "channels/conformance.py": "a tool for who writes kinds",
    "checker/space.py": "a bound nobody meets, told in figures",
    "classroom": "only on the command line",
    "cli": "only on the command line",
    "desktop/app.py": "told before there is a window",
    "desktop/play.py": "told before there is a window",
    "desktop/shot.py": "only on the command line",
    "export/promela.py": "only on the command line",
    "plugins.py": "told to who writes plugins, on the command line",
}
"""Modules whose texts nobody reads in the window, and why."""

PYTHONS_OWN = (
    "Invalid file object",
    "too many values to unpack",
    "not enough values to unpack",
)
"""How exceptions of CPython's own begin that scripts get: they are as they are."""

KEPT_IN_ENGLISH = {"trace.py": re.compile("^line |must map|is not a value a clerk")}
"""Messages about files that only programs write, read on the command line."""

OURS = re.compile("has no operation")
"""A mistake of the program, not of a player."""

NAMES = {
    "lost update",
    "wrong result",
    "lost token",
    "duplicated token",
    "out of order",
    "orphan wait",
    "out of bounds",
}
"""Words that stand for something, and are looked up where they are shown."""


def sentences(node: ast.expr) -> Iterator[str]:
    """The texts in an argument that are no templates."""
    match node:
        case ast.JoinedStr(values=values):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in values)
            if re.search(r"[a-z]{2,}", text) and " " in text.strip():
                yield text
        case ast.Constant(value=str(text)):
            if re.search(r"[A-Za-z]{2,}[,;:]? +[a-z]{2,}", text) and text not in NAMES:
                yield text
        case ast.BinOp(left=left, right=right):
            yield from sentences(left)
            yield from sentences(right)
        case ast.IfExp(body=body, orelse=orelse):
            yield from sentences(body)
            yield from sentences(orelse)
        case ast.BoolOp(values=values):
            for value in values:
                yield from sentences(value)


def told(path: Path) -> Iterator[tuple[int, str]]:
    """Lines and texts in a module that the window shows and no catalogue can find."""
    name = path.relative_to(GAME).as_posix()
    english = next((pattern for module, pattern in KEPT_IN_ENGLISH.items() if name == module), OURS)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in TOLD_IN_THE_WINDOW or (called == "say" and isinstance(node.func, ast.Name)):
            continue
        if called == "say" and getattr(getattr(node.func, "value", None), "id", "") == "language":
            continue
        words = node.args[:1] if called == "does" else node.args[1:] if called == "IconButton" else node.args
        for argument in (*words, *(one.value for one in node.keywords if one.arg != "icon")):
            for text in sentences(argument):
                if not (text.startswith(PYTHONS_OWN) or OURS.search(text) or english.search(text)):
                    yield node.lineno, text


def modules() -> list[Path]:
    return [
        path
        for path in sorted(GAME.rglob("*.py"))
        if not any(path.relative_to(GAME).as_posix().startswith(one) for one in ELSEWHERE)
    ]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(GAME).as_posix())
def test_every_sentence_a_player_reads_is_a_template(path: Path):
    assert list(told(path)) == []


def test_the_modules_that_are_left_out_are_there():
    assert [one for one in (*ELSEWHERE, *KEPT_IN_ENGLISH) if not (GAME / one).exists()] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('raise ValueError(f"{n} is too large")', ["{} is too large"]),
        ('raise Limit("this is too large")', ["this is too large"]),
        ('notes.at(node, "only here" if n else f"not {n} here")', ["only here", "not {} here"]),
        ('raise Limit(say("{n} is too large", n=n))', []),
        ('language.say("this is fine")', []),
        ('raise ValueError(f"a queue has no operation {n!r}")', []),
    ],
)
def test_such_sentences_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, found: list[str]
):
    monkeypatch.setitem(globals(), "GAME", tmp_path)
    (tmp_path / "one.py").write_text(source)
    assert [text for _, text in told(tmp_path / "one.py")] == found
