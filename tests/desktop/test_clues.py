"""Hints drawn from failing winds: for every wrong answer that ships, and what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import a_system

from game.attempt import check_answer
from game.channels.lock import Lock
from game.checker.check import check
from game.desktop.clues import Clue, clue_of
from game.level.reader import read_level
from game.plugins import load_registry

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"


def level_named(number: str):
    return read_level(next(LEVELS.glob(f"{number}-*.yaml")), load_registry(entry_points=False))


def clue(number: str, answer=None) -> list[str]:
    level = level_named(number)
    answer = answer or level.starter
    attempt = check_answer(level, answer)
    failure = attempt.verdict.failure
    assert failure is not None
    return lines_of(clue_of(attempt.system, failure))


def failing(number: str, name: str = ""):
    level = level_named(number)
    answers = {wrong.name: wrong.answer for wrong in level.wrong}
    attempt = check_answer(level, answers[name] if name else level.starter)
    assert attempt.verdict.failure is not None
    return attempt.system, attempt.verdict.failure


def lines_of(found: Clue) -> list[str]:
    return [*found.told, *found.asked]


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


def test_who_waits_for_itself_is_in_no_circle():
    twice = "def ada(key):\n    with key:\n        with key:\n            pass\n"
    system = a_system({"ada": twice}, {"key": Lock()}, {"ada": {"key": "key"}})
    assert lines_of(clue_of(system, check(system).failure)) == [
        "ada stands in line 3 of `ada` and waits for key, which it holds itself.",
        "Who should have given something back before waiting?",
    ]


def test_a_letter_nobody_takes_is_named():
    assert clue("11") == ["“letter” lies in belt at the end.", "Who was to take it?"]


def test_a_wrong_delivery_names_what_it_came_from_and_the_gust_after_which_nothing_helped():
    assert clue("15") == [
        "Gust 1: ada puts “apple” into the out-tray for belt (line 2 of `clerk`).",
        "Gust 3: bob's porter carries “pear” onto belt; bob goes home.",
        "Until then all could still end well; from there on nothing can.",
        "Gust 7: boss takes “apple” from belt (line 3 of `boss`).",
        "Gust 8: boss hands (1, apple) over the counter and goes home (line 4 of `boss`).",
        "What did ada know when it sent that, and what did boss still have to learn?",
    ]


def test_who_delivers_without_having_heard_of_anything_is_asked_how_it_could_know():
    assert clue("13")[-1] == "Until then boss had heard from nobody. How could it know?"


def test_what_was_read_too_early_is_out_of_date():
    said = clue("16")
    assert said[0] == "Gust 2: boss reads 0 from tally (line 3 of `boss`)."
    assert said[-1].startswith("What boss had seen was out of date by then: ada and bob wrote after it.")


def test_two_deliveries_of_one_thing_stand_beside_what_each_had_seen():
    assert clue("24")[:4] == [
        "Gust 8: bob reads 1 from seats (line 2 of `clerk`).",
        "Gust 9: bob hands “ticket” over the counter (line 4 of `clerk`).",
        "Gust 10: cleo reads 1 from seats (line 2 of `clerk`).",
        "Gust 11: cleo hands “ticket” over the counter (line 4 of `clerk`).",
    ]


def wrong(number: str, name: str) -> list[str]:
    level = level_named(number)
    return clue(number, next(one.answer for one in level.wrong if one.name == name))


def test_what_was_taken_and_never_delivered_is_followed():
    assert wrong("12", "delivers-only-the-last") == [
        "Gust 7: bob takes 0 from belt (line 3 of `bob`).",
        "Gust 10: bob hands 2 over the counter and goes home (line 4 of `bob`).",
        "0 never came to the counter. What became of it?",
    ]


def test_a_board_that_reads_wrong_is_followed_to_where_the_number_came_from():
    assert wrong("21", "one-after-the-other")[0] == "Gust 3: bob reads 1 from tally (line 2 of `chalk`)."
    assert "wrote that without looking" in wrong("22", "chalks-six-and-goes-home")[-1]


@pytest.mark.parametrize("path", sorted(LEVELS.glob("[0-9]*.yaml")), ids=lambda path: path.stem)
def test_every_wrong_answer_that_ships_has_a_clue_that_does_not_give_the_solution_away(path):
    level = read_level(path, load_registry(entry_points=False))
    for wrong in level.wrong:
        attempt = check_answer(level, wrong.answer)
        assert attempt.verdict.failure is not None
        found = clue_of(attempt.system, attempt.verdict.failure)
        said = "\n".join(lines_of(found))
        assert found.tiers[0].endswith(found.told[0]) and 1 <= len(found.tiers) <= 3
        assert said.endswith((".", "?"))
        answer = {line.strip() for text in level.reference.scripts.values() for line in text.splitlines()}
        assert not any(f"`{line}`" in said for line in answer)


def test_the_tiers_go_from_where_to_look_over_what_happens_to_what_to_ask():
    where, what, asked = clue_of(*failing("22")).tiers
    assert where == "Look here first:\nGust 7: bob reads 3 from tally (line 3 of `clerk`)."
    assert what.splitlines()[0] in where and len(what.splitlines()) == 3
    assert asked == "What would keep cleo away from tally from gust 7 to gust 12?"
    crashed = clue_of(*failing("16", "waits-for-a-clerk-not-yet-started")).tiers
    assert all(tier.count("\n") <= 1 for tier in crashed)
