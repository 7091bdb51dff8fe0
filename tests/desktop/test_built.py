"""Building in a build level, change by change, without a window."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import a_level
from hypothesis import example, given, settings
from hypothesis import strategies as st

from game.channels.array import SharedArray
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.semaphore import Semaphore
from game.desktop.built import (
    Built,
    Cannot,
    headed,
    left_in_tray,
    names_for,
    new_names,
    parameter_for,
    parameters,
    renamed,
    sketch,
    sound,
    targets_for,
    with_names,
    with_option,
    with_part,
    with_way,
    without_part,
    without_way,
)
from game.desktop.work import Work
from game.level.model import Answer, Building, Level, Supply
from game.level.reader import read_level
from game.plugins import load_registry
from game.request import Handle

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"
TRAY = Building(
    (
        Supply(Pipe, (("duplex", (False, True)),), 1),
        Supply(Lock, (), 2),
        Supply(Semaphore, (("value", (2, 3)),), 3),
    ),
    parts=3,
    ways=5,
)


def an_office(building: Building = TRAY) -> Level:
    """Ada and bob, who are given letters and nothing else, and two clerks with one script."""
    scripts = {
        "ada": "def ada(letters):\n    pass\n",
        "bob": "def bob(letters):\n    pass\n",
        "eat": "def eat(n):\n    pass\n",
    }
    clerks = {
        "ada": {"letters": "letters.w"},
        "bob": {"letters": "letters.r"},
        "cleo": {"script": "eat", "n": 1},
        "dan": {"script": "eat", "n": 2},
    }
    level = a_level(scripts, {"letters": Pipe(duplex=False)}, clerks, mode="build")
    object.__setattr__(level, "building", building)
    return level


def supply(name: str) -> Supply:
    found = TRAY.supply(name)
    assert found is not None
    return found


def built(level: Level, *kinds: str) -> Built:
    now = Built()
    for kind in kinds:
        now, _ = with_part(level, now, supply(kind))
    return now


def test_parts_come_out_of_the_tray_with_a_name_of_their_own_until_it_is_empty():
    level = an_office()
    now = built(level, "pipe", "lock", "lock")
    assert now.parts == {
        "tube": {"kind": "pipe", "duplex": False},
        "key": {"kind": "lock"},
        "key2": {"kind": "lock"},
    }
    assert [left_in_tray(TRAY, built(level, "pipe"), one) for one in TRAY.tray] == [0, 2, 2]
    with pytest.raises(Cannot, match="3 parts can be built here, not more"):
        with_part(level, now, supply("semaphore"))
    with pytest.raises(Cannot, match="There is no pipe left in the tray"):
        with_part(level, built(level, "pipe"), supply("pipe"))


def test_a_clerk_is_given_what_the_level_lets_it_have():
    level = an_office()
    now = built(level, "pipe", "lock")
    assert targets_for(level, now, "ada") == ("tube.r", "tube.w", "key")
    strict = an_office(Building(TRAY.tray, 3, None, {"ada": ("pipe.r", "letters")}))
    assert targets_for(strict, now, "ada") == ("letters.r", "tube.r")
    assert targets_for(strict, now, "bob") == ()
    now = with_way(level, now, "ada", "tube.r")
    assert now.gets == {"ada": {"tube": "tube.r"}}
    assert with_way(level, now, "ada", "tube.r") == now
    assert with_way(level, now, "ada", "tube.w").gets["ada"] == {"tube": "tube.r", "tube_w": "tube.w"}
    with pytest.raises(Cannot, match="The level gives letters to those who need it"):
        with_way(level, now, "ada", "letters.r")


def test_more_ways_than_the_level_allows_are_refused():
    level = an_office(Building(TRAY.tray, 3, 1))
    now = with_way(level, built(level, "lock"), "ada", "key")
    with pytest.raises(Cannot, match="Clerks can be given 1 thing besides here, and these are 2"):
        with_way(level, now, "bob", "key")


def test_who_shares_a_script_is_given_the_like_of_it_under_the_same_name():
    level = an_office()
    now = built(level, "lock", "lock")
    now = with_way(level, with_way(level, now, "cleo", "key"), "cleo", "key2")
    assert now.gets["cleo"] == {"key": "key", "key2": "key2"}
    now = with_way(level, now, "dan", "key2")
    assert now.gets["dan"] == {"key2": "key2"}
    crossed = with_way(level, without_way(now, "dan", "key2"), "dan", "key")
    assert crossed.gets["dan"] == {"key": "key"}
    other = with_way(level, with_way(level, built(level, "lock", "lock"), "cleo", "key"), "dan", "key2")
    assert other.gets == {"cleo": {"key": "key"}, "dan": {"key": "key2"}}
    assert parameters(level, other, "eat") == ("n", "key")


def test_who_shares_a_script_can_be_given_a_thing_under_another_of_its_names():
    level = an_office()
    now = built(level, "lock", "lock")
    for target in ("key", "key2"):
        now = with_way(level, now, "cleo", target)
    assert names_for(level, now, "dan", "key") == ("key", "key2", "key3")
    now = with_way(level, now, "dan", "key", "key2")
    assert now.gets["dan"] == {"key2": "key"}
    now = with_way(level, now, "dan", "key2", "key")
    assert now.gets["dan"] == {"key2": "key", "key": "key2"}
    swapped = with_way(level, now, "dan", "key", "key")
    assert swapped.gets["dan"] == {"key": "key", "key2": "key2"}
    ousted = with_way(level, without_way(swapped, "dan", "key2"), "dan", "key2", "key")
    assert ousted.gets["dan"] == {"key": "key2"}


def test_what_is_taken_away_is_taken_from_everybody():
    level = an_office()
    now = with_way(level, with_way(level, built(level, "pipe", "lock"), "ada", "tube.r"), "ada", "key")
    assert without_way(now, "ada", "key").gets == {"ada": {"tube": "tube.r"}}
    assert without_part(now, "tube") == Built({"key": {"kind": "lock"}}, {"ada": {"key": "key"}})
    assert without_part(without_part(now, "tube"), "key") == Built()
    assert parameter_for(now, "ada", "key") == "key" and parameter_for(now, "bob", "key") == ""


def test_a_part_can_be_called_otherwise_and_scripts_go_along():
    level = an_office()
    now = with_way(level, with_way(level, built(level, "pipe", "lock"), "ada", "tube.r"), "ada", "tube.w")
    other = renamed(level, now, "tube", "stamps")
    assert list(other.parts) == ["stamps", "key"]
    assert other.gets == {"ada": {"stamps": "stamps.r", "stamps_w": "stamps.w"}}
    assert renamed(level, other, "stamps", "tube") == now and renamed(level, now, "tube", "tube") is now
    assert new_names(now, other, "ada") == {"tube": "stamps", "tube_w": "stamps_w"}
    assert new_names(now, without_way(now, "ada", "tube.w"), "ada") == {}
    assert new_names(now, built(level, "pipe"), "ada") == {}
    for name, why in (
        ("key", "There is a key already"),
        ("ada", "'ada' is there already"),
        ("1", "is no name"),
    ):
        with pytest.raises(Cannot, match=why):
            renamed(level, now, "tube", name)
    own = with_way(level, with_way(level, built(level, "lock", "semaphore"), "ada", "key"), "ada", "tags")
    with pytest.raises(Cannot, match="'letters' is there already"):
        renamed(level, own, "key", "letters")


def test_names_are_changed_in_a_script_but_not_in_what_it_says():
    text = 'def ada(tube, tube2):\n    tube.send("tube")  # the tube\n    x.tube = tube\n    untube = 1\n'
    assert with_names(text, {"tube": "stamps"}) == (
        'def ada(stamps, tube2):\n    stamps.send("tube")  # the tube\n    x.tube = stamps\n    untube = 1\n'
    )
    assert with_names(text, {}) == text


def test_a_part_set_otherwise_keeps_its_ways():
    level = an_office()
    now = with_way(level, with_way(level, built(level, "pipe"), "ada", "tube.r"), "bob", "tube.w")
    both = with_option(level, now, "tube", "duplex", True)
    assert both.parts == {"tube": {"kind": "pipe", "duplex": True}}
    assert {clerk: set(gets.values()) for clerk, gets in both.gets.items()} == {
        "ada": {"tube.a"},
        "bob": {"tube.b"},
    }
    assert with_option(level, both, "tube", "duplex", False) == now
    with pytest.raises(Cannot, match="7 is none of 2, 3"):
        with_option(level, built(level, "semaphore"), "tags", "value", 7)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def ada(letters):\n    x\n", "def ada(letters, tube):\n    x\n"),
        ("# mine\ndef ada(letters, own):\n", "# mine\ndef ada(letters, own, tube):\n"),
        ("def ada(key, letters):\n", "def ada(letters, tube):\n"),
        ("def ada(letters, key, tube):\n", "def ada(letters, tube):\n"),
        ("def helper(a):\n    pass\ndef ada():\n", "def helper(a):\n    pass\ndef ada(tube):\n"),
        ("def ade(letters):\n", "def ade(letters):\n"),
        ("", ""),
    ],
)
def test_a_first_line_names_what_is_new_and_no_more_what_is_gone(text: str, said: str):
    assert headed(text, "ada", ("letters", "key"), ("letters", "tube")) == said


def test_an_office_that_is_not_finished_can_be_looked_at():
    level = an_office()
    now = with_way(level, with_way(level, built(level, "lock"), "cleo", "key"), "ada", "key")
    found = sketch(level, Answer("test", {"ada": "nonsense ("}, parts=now.parts, gets=now.gets))
    assert found is not None
    gets = {clerk.name: dict(clerk.gets) for clerk in found.level.clerks}
    assert gets["cleo"] == {"n": 1, "key": Handle("key")} and gets["dan"] == {"n": 2, "key": None}
    assert [name for name, _ in found.channels] == ["letters", "key", "desk"]


def test_what_a_changed_level_no_longer_allows_is_left_out_of_what_was_kept():
    level = an_office()
    kept = Answer(
        "test",
        parts={"belt": {"kind": "queue"}, "key": {"kind": "lock"}, "tags": {"kind": "semaphore", "value": 9}},
        gets={"ada": {"key": "key", "belt": "belt"}, "eve": {"key": "key"}, "cleo": {"key": "key"}},
    )
    assert sound(level, kept) == Built(
        {"key": {"kind": "lock"}}, {"ada": {"key": "key"}, "cleo": {"key": "key"}}
    )
    plain = a_level({"ada": "def ada(): pass"}, {"belt": Queue(), "cards": SharedArray()})
    assert sound(plain, kept) == Built()


def test_building_changes_the_office_on_the_board_and_can_be_taken_back():
    level = read_level(LEVELS / "46-two-stamps-of-credit.yaml", load_registry(entry_points=False))
    work = Work(level, None)
    assert level.building is not None
    now, name = with_part(level, work.built, level.building.tray[0])
    assert work.build(now) and not work.build(now)
    now = with_way(level, with_way(level, now, "ada", f"{name}.r"), "bob", f"{name}.w")
    work.build(now)
    assert work.texts["ada"].splitlines()[0] == "def ada(letters, many, tube):"
    assert work.film is not None and "tube" in dict(work.film.system.channels)
    assert work.system is not None and work.answer.gets == now.gets
    assert work.unbuild() and work.texts["ada"].splitlines()[0] == "def ada(letters, many):"
    assert work.unbuild() and not work.unbuild() and not work.built
    assert work.rebuild() and work.rebuild() and not work.rebuild()
    assert work.built == now
    again = Work(level, work.answer)
    assert (again.built, again.texts) == (now, work.texts)
    work.reset()
    assert work.answer == level.starter


def test_an_office_is_shown_as_it_is_built_while_a_script_cannot_be_read():
    level = read_level(LEVELS / "46-two-stamps-of-credit.yaml", load_registry(entry_points=False))
    work = Work(level, None)
    work.write("ada", "def ada(letters, many):\n    nonsense(\n")
    work.compile()
    assert level.building is not None
    now, _ = with_part(level, work.built, level.building.tray[1])
    work.build(with_way(level, now, "ada", "tally"))
    assert work.system is None and work.film is not None
    assert "tally" in dict(work.film.system.channels)
    assert [channel.name for channel in work.set_up.channels] == ["letters", "tally"]


_WHAT = st.sampled_from(["part", "way", "no way", "set", "away", "call"])
_DEEDS = st.lists(st.tuples(_WHAT, st.integers(0, 99)), min_size=5)


@example([("part", 0), ("part", 0), ("way", 0), ("way", 2), ("no way", 0)])
@settings(max_examples=60, deadline=None)
@given(_DEEDS)
def test_whatever_is_built_can_be_taken_back_step_by_step_scripts_and_all(deeds: list[tuple[str, int]]):
    level = read_level(LEVELS / "46-two-stamps-of-credit.yaml", load_registry(entry_points=False))
    work = Work(level, None)
    assert level.building is not None
    stages = [(work.built, dict(work.texts))]
    for deed, pick in deeds:
        now = work.built
        parts, clerk = list(now.parts), ("ada", "bob")[pick % 2]
        ways = list(now.part_of(clerk).values())
        try:
            match deed:
                case "part":
                    now, _ = with_part(level, now, level.building.tray[pick % 2])
                case "way" if targets := targets_for(level, now, clerk):
                    now = with_way(level, now, clerk, targets[pick % len(targets)])
                case "no way" if ways:
                    now = without_way(now, clerk, ways[pick % len(ways)])
                case "set" if parts:
                    part = parts[pick % len(parts)]
                    option = "duplex" if now.parts[part]["kind"] == "pipe" else "lock"
                    now = with_option(level, now, part, option, bool(pick % 3))
                case "away" if parts:
                    now = without_part(now, parts[pick % len(parts)])
                case "call" if parts:
                    now = renamed(level, now, parts[pick % len(parts)], ("stamps", "room", "many")[pick % 3])
        except Cannot:
            continue
        if work.build(now):
            stages.append((work.built, dict(work.texts)))
        assert work.system is not None and not work.problems
    for built, texts in reversed(stages[:-1]):
        assert work.unbuild() and (work.built, work.texts) == (built, texts)
    for built, texts in stages[1:]:
        assert work.rebuild() and (work.built, work.texts) == (built, texts)
