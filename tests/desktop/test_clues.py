"""Hints drawn from failing winds: for every wrong answer that ships, and what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.attempt import check_answer
from game.desktop.clues import clue_of
from game.level.reader import read_level
from game.plugins import load_registry
from game.world import build

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"


def level_named(number: str):
    return read_level(next(LEVELS.glob(f"{number}-*.yaml")), load_registry(entry_points=False))


def clue(number: str, answer=None) -> list[str]:
    level = level_named(number)
    answer = answer or level.starter
    failure = check_answer(level, answer).verdict.failure
    assert failure is not None
    return clue_of(build(level, answer), failure).splitlines()


def test_a_lost_update_names_the_read_the_write_between_and_the_write_over_it():
    said = clue("22")
    assert said == [
        "Gust 7: bob reads 3 from tally (line 3 of `clerk`).",
        "Gust 11: cleo chalks 5 on tally and goes home (line 3 of `clerk`).",
        "Gust 12: bob still counts from the old number and writes 4 (line 3 of `clerk`).",
        "What would keep cleo away from tally from gust 7 to gust 12?",
    ]


def test_a_circle_of_waits_names_every_line_and_asks_for_the_first_to_give():
    said = clue("14")
    assert said[0] == "ada stands in line 2 of `ada` and waits for a letter in tube."
    assert said[-1] == "Each waits for the next one. Who must give before taking?"


def test_a_letter_nobody_takes_is_named():
    assert clue("11")[-1] == "“letter” lies in belt at the end. Who was to take it?"


def test_a_wrong_delivery_names_the_gust_after_which_nothing_helped():
    said = clue("15")
    assert said[1] == "Until then all could still end well; from there on nothing can."
    assert said[-1].startswith("Gust 8: boss hands (1, apple) over the counter")


@pytest.mark.parametrize("path", sorted(LEVELS.glob("1*.yaml")), ids=lambda path: path.stem)
def test_every_wrong_answer_that_ships_has_a_clue_that_does_not_give_the_solution_away(path):
    level = read_level(path, load_registry(entry_points=False))
    for wrong in level.wrong:
        verdict = check_answer(level, wrong.answer).verdict
        if verdict.failure is None or verdict.failure.trace.case:
            continue
        said = clue_of(build(level, wrong.answer), verdict.failure)
        assert said.endswith((".", "?"))
        answer = {line.strip() for text in level.reference.scripts.values() for line in text.splitlines()}
        assert not any(f"`{line}`" in said for line in answer)
