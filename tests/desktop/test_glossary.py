"""The glossary: its entries, finding them, and where they open from."""

from __future__ import annotations

import ast
import re

import pygame
from hypothesis import given
from hypothesis import strategies as st

from game.builtin import draughty_kinds
from game.desktop.glossary import BY_KEY, CALLS, ENTRIES, entry_of, entry_of_call, linked, search
from game.desktop.glossary_panel import GlossarySheet
from game.desktop.theme import Theme
from game.desktop.words import prose

MARK = re.compile("\x02([^\x03]*)\x03([^\x04]*)\x04")


def test_entries_belong_together_and_lead_somewhere():
    assert len(BY_KEY) == len(ENTRIES)
    forms = [word.lower() for entry in ENTRIES for word in entry.words]
    assert len(forms) == len(set(forms))
    for entry in ENTRIES:
        assert set(entry.see) <= BY_KEY.keys() - {entry.key}
        assert not entry.page or entry.link.startswith("https://docs.python.org/3/")
        assert len(entry.text) < 420
        ast.parse(entry.example)
    assert set(CALLS.values()) <= BY_KEY.keys()


def test_every_kind_a_level_can_have_has_an_entry():
    for kind in draughty_kinds():
        face = next(iter(kind().open_faces().values()))
        assert entry_of(face.python), face.python


def test_the_best_match_comes_first():
    assert search("")[0] is ENTRIES[0]
    assert search("deadlock")[0].key == "deadlock"
    assert search("Semaphore")[0].key == "semaphore"
    assert search("porter")[0].key == "porter"
    assert search("get_nowait")[0].key == "timeout"
    assert search("zzz") == ()


def test_a_term_is_marked_once_and_never_in_code():
    text = linked("The belt, a `belt.get()`, another belt and two Clerks.")
    assert MARK.findall(text) == [("queue", "belt"), ("process", "Clerks")]
    assert MARK.sub(r"\2", text) == "The belt, a `belt.get()`, another belt and two Clerks."
    assert MARK.findall(linked("beltway, keyboard")) == []


@given(st.lists(st.sampled_from(["belt", "key", "`key`", "a", "lost update", ".", "\n", "Two"]), max_size=12))
def test_marks_take_nothing_from_a_text(words):
    text = " ".join(words)
    assert MARK.sub(r"\2", linked(text)) == text


def test_a_marked_term_is_where_it_is_drawn():
    theme = Theme()
    laid = prose(theme, linked("First come the words, then a lost update comes."), 170, (0, 0, 0))
    assert {key for _, key, _ in laid.links} == {"lost update"}
    rect = laid.links[0][0]
    assert laid.link_at(rect.center) == "lost update" and laid.link_at((rect.left - 2, rect.y)) == ""


def test_a_word_of_a_script_leads_to_its_entry():
    assert entry_of_call("get", "multiprocessing.Queue") == "queue"
    assert entry_of_call("get_nowait", "multiprocessing.Queue") == "timeout"
    assert entry_of_call("start", "multiprocessing.Process") == "start"
    assert entry_of_call("is_alive", "multiprocessing.Process") == "process"
    assert entry_of_call("value", "multiprocessing.RawValue") == "value"
    connection = "multiprocessing.connection.Connection"
    assert entry_of_call("recv", connection) == "pipe" and entry_of_call("close", connection) == "end"
    assert entry_of_call("with", "") == "critical section"
    assert entry_of_call("n", "") == ""


def test_every_entry_can_be_drawn_in_a_small_window():
    theme = Theme(2.0)
    page = pygame.Surface((1400, 800))
    sheet = GlossarySheet("queue", (1300, 600), str)
    for entry in ENTRIES:
        sheet.show(entry.key)
        sheet.rect = pygame.Rect((20, 20), sheet.size(theme))
        sheet.draw(page, theme)
        assert sheet.entry is entry
