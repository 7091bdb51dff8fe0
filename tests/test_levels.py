"""Every shipped level, held to its promises: one test an answer, so that a failure names it."""

from __future__ import annotations

import pytest

from game.attempt import check_answer
from game.authoring.lint import lint, lint_level
from game.campaign import read_campaign
from game.level.model import Level
from game.level.reader import read_answer_text, read_level, write_answer
from game.places import shipped_packs
from game.plugins import load_registry

REGISTRY = load_registry(entry_points=False)
FILES = [card.path for pack in shipped_packs() for card in read_campaign(pack).levels]
LEVELS = [read_level(file, REGISTRY) for file in FILES]


def each(levels: list[Level]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("level", levels, ids=[level.id for level in levels])


def test_the_packs_hold_every_file_and_the_files_hold_no_mistake():
    assert lint(shipped_packs(), REGISTRY) == []


def test_the_first_chapters_are_there_in_order():
    assert [level.id for level in LEVELS] == [
        "1.1",
        "1.2",
        "1.3",
        "1.4",
        "1.5",
        "1.6",
        "2.1",
        "2.2",
        "2.3",
        "2.4",
        "2.5",
        "2.6",
        "4.6",
    ]


@each(LEVELS)
def test_doing_nothing_fails(level: Level):
    assert check_answer(level, level.starter).verdict.word == "REFUTED"


@each(LEVELS)
def test_the_reference_holds_in_every_wind_and_earns_every_star(level: Level):
    attempt = check_answer(level, level.reference)
    assert (attempt.verdict.word, attempt.stars) == ("PROVED", 3)


@pytest.mark.parametrize(
    ("level", "name"),
    [(level, wrong.name) for level in LEVELS for wrong in level.wrong],
    ids=[f"{level.id}-{wrong.name}" for level in LEVELS for wrong in level.wrong],
)
def test_a_tempting_answer_fails_as_the_level_says(level: Level, name: str):
    wrong = next(one for one in level.wrong if one.name == name)
    failure = check_answer(level, wrong.answer).verdict.failure
    assert (failure.kind if failure else None) == wrong.expect


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_level_keeps_its_promises_on_real_processes(file):
    from game.run import Office

    with Office() as office:
        assert lint_level(file, REGISTRY, deep=True, office=office) == []


@each(LEVELS)
def test_every_answer_in_a_level_can_be_handed_in_as_a_file(level: Level):
    for answer in (level.starter, level.reference, *(wrong.answer for wrong in level.wrong)):
        assert read_answer_text(write_answer(answer), "answer.yaml", level) == answer


@each(LEVELS)
def test_a_level_speaks_briefly_and_helps_in_three_steps(level: Level):
    assert len(level.hints) == 3
    assert len(level.story) <= 420
    assert len(level.objective) <= 120
    assert level.after and level.teaches and level.unlocks
    assert set(level.stars) == {"two", "three"}
