"""The catalogues: every sentence is in each of them, translated, with the same parts, and compiled."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from gettext import GNUTranslations
from io import BytesIO
from string import Formatter

import pytest

from game import catalogues
from game.authoring.catalogue import GAME, compiled, in_code, po_path, read_po, sentences
from game.catalogues import catalogue, languages, name_of
from game.language import ENGLISH
from game.plugins import load_registry

CODES = languages()[1:]


def names_in(text: str) -> list[str]:
    return sorted({name.partition(".")[0] for _, name, _, _ in Formatter().parse(text) if name is not None})


def forms(one) -> list[tuple[str, str]]:
    """Each translation of a message, with the English it stands for."""
    if isinstance(one.id, tuple):
        return [(one.id[min(at, 1)], text) for at, text in enumerate(one.string)]
    return [(one.id, one.string)]


def test_there_is_a_second_language():
    assert languages() == ("en", "de")
    assert [name_of(code) for code in languages()] == ["English", "Deutsch"]


@pytest.mark.parametrize("code", CODES)
def test_everything_is_translated(code):
    there = {one.id: one for one in read_po(po_path(code), code) if one.id}
    wanted = {one.message for one in sentences()}
    assert sorted(map(str, wanted - set(there))) == []
    assert sorted(map(str, set(there) - wanted)) == []
    assert [one.id for one in there.values() if one.fuzzy or not all(text for _, text in forms(one))] == []


@pytest.mark.parametrize("code", CODES)
def test_translations_have_the_parts_of_what_they_translate(code):
    templates = {one.message for path in GAME.rglob("*.py") for one in in_code(path)}
    wrong = []
    for one in read_po(po_path(code), code):
        for english, text in forms(one):
            # Level texts are said without parts: braces in them are only braces.
            if one.id in templates and "{" in english and names_in(english) != names_in(text):
                wrong.append((english, text))
            if english.count("`") != text.count("`"):
                wrong.append((english, text))
    assert [pair for pair in wrong if pair[0]] == []


@pytest.mark.parametrize("code", CODES)
def test_what_is_compiled_is_what_is_written(code):
    fresh = GNUTranslations(BytesIO(compiled(read_po(po_path(code), code))))
    with open(po_path(code).with_suffix(".mo"), "rb") as file:
        kept = GNUTranslations(file)
    # But for the header, which names the version of Babel that wrote it.
    assert {**kept._catalog, "": ""} == {**fresh._catalog, "": ""}


def test_templates_are_written_out_where_they_are_said():
    """A template made up on the way could not be found for the catalogues."""
    made_up: list[str] = []
    for path in GAME.rglob("*.py"):
        if "from game.language import" not in path.read_text(encoding="utf-8"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("say", "say_many")
                and node.args
            ):
                made_up += [
                    f"{path.name}:{arg.lineno}"
                    for arg in node.args
                    if isinstance(arg, (ast.JoinedStr, ast.BinOp))
                ]
    assert made_up == []


def test_a_language_that_is_not_there_is_english(tmp_path, monkeypatch):
    assert catalogue("xx") is ENGLISH
    broken = tmp_path / "xx/LC_MESSAGES"
    broken.mkdir(parents=True)
    (broken / "draughty.mo").write_bytes(b"no catalogue")
    monkeypatch.setattr(catalogues, "languages_folder", lambda: tmp_path)
    assert languages() == ("en", "xx") and catalogue("xx") is ENGLISH and name_of("xx") == "xx"


def test_german_counts_as_german_does():
    german = catalogue("de")
    assert isinstance(german, GNUTranslations)
    assert re.search(r"nplurals=2", german.info()["plural-forms"])


def test_what_a_kind_says_of_itself_its_settings_and_its_operations_is_found():
    registry = load_registry(entry_points=False)
    found = {one.message for one in sentences()}
    for kind in registry.kinds.values():
        helps = [kind.help, *(str(one.metadata["help"]) for one in fields(kind) if "help" in one.metadata)]
        for face in kind().open_faces().values():
            helps += [operation.help for operation in face.calls.values()]
        assert [one for one in helps if one and one not in found] == []
    assert [goal.help for goal in registry.goals.values() if goal.help not in found] == []
