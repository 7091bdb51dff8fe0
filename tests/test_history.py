from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from game.attempt import check_answer
from game.history import MOST, History, Try, try_of
from game.level.model import Answer
from game.level.reader import read_level
from game.places import shipped
from game.plugins import load_registry

ANSWER = Answer("2.2", {"clerk": "def clerk(tally):\n    pass\n"}, {"size": 3}, ("ada",))
KEY = "post_office/2.2"


def a_try(number: int) -> Try:
    return Try(
        f"2026-11-22T12:{number // 60:02}:{number % 60:02}+00:00", ANSWER, "PROVED", 2, "", {"ticks": number}
    )


def test_tries_are_kept_in_the_order_they_were_made_each_once(tmp_path: Path):
    history = History(tmp_path)
    assert history.of(KEY) == [] and history.levels() == []
    history.add(KEY, [a_try(1)])
    history.add(KEY, [a_try(3), a_try(1)])
    history.add(KEY, [a_try(2)])
    assert History(tmp_path).of(KEY) == [a_try(1), a_try(2), a_try(3)]
    assert history.levels() == [KEY]
    history.forget(KEY)
    assert history.levels() == []


def test_the_oldest_go_once_there_are_half_as_many_again(tmp_path: Path):
    history = History(tmp_path)
    history.add("a", [a_try(number) for number in range(MOST * 3 // 2)])
    assert len(history.of("a")) == MOST * 3 // 2
    history.add("a", [a_try(1000)])
    assert history.of("a") == [*(a_try(n) for n in range(MOST // 2 + 1, MOST * 3 // 2)), a_try(1000)]


def test_a_damaged_line_costs_only_itself(tmp_path: Path):
    history = History(tmp_path)
    history.add("a", [a_try(1)])
    file = next(history.folder.glob("*.jsonl"))
    file.write_bytes(file.read_bytes() + b'{"at": "half a li')
    history.add("a", [a_try(2)])
    assert history.of("a") == [a_try(1), a_try(2)]


def test_what_the_inspector_said_is_kept_with_the_answer():
    level = read_level(
        shipped("levels") / "post_office/22-mind-the-chalk.yaml", load_registry(entry_points=False)
    )
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    failed, passed = (try_of(check_answer(level, one), one, noon) for one in (level.starter, level.reference))
    assert (failed.verdict, failed.stars, failed.failure) == ("REFUTED", 0, "lost update")
    assert (passed.verdict, passed.stars, passed.failure) == ("PROVED", 3, "")
    assert passed.answer == level.reference and passed.metrics["ticks"] > 0


def test_two_games_add_to_one_history_and_lose_nothing(tmp_path: Path):
    play = (
        "import sys; from pathlib import Path; from game.history import History, Try; "
        "from game.level.model import Answer\n"
        "for number in range(40):\n"
        "    one = Try(f'{number:03}', Answer('x', {'a': sys.argv[2]}))\n"
        "    History(Path(sys.argv[1])).add('a', [one])\n"
    )
    games = [subprocess.Popen([sys.executable, "-c", play, str(tmp_path), name]) for name in "xy"]
    assert [game.wait(60) for game in games] == [0, 0]
    tries = History(tmp_path).of("a")
    assert sorted((one.at, one.answer.scripts["a"]) for one in tries) == sorted(
        (f"{number:03}", name) for number in range(40) for name in "xy"
    )
