"""What is exported runs without the game, and does what the game said."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from builders import a_level

from game.campaign import read_campaign
from game.channels.array import SharedArray
from game.channels.barrier import Barrier
from game.channels.condition import Condition
from game.channels.event import Event
from game.channels.joinable_queue import JoinableQueue
from game.channels.kind import Kind
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.rlock import RLock
from game.channels.semaphore import BoundedSemaphore, Semaphore
from game.channels.shared_memory import SharedMemory
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.export.pytest_file import export_pytest
from game.export.python import export_python
from game.goals import Bag, Either, Fails, LeftOver, Log, Reads, Soon, View, Within
from game.level.model import Answer, Level
from game.level.reader import read_level
from game.places import shipped_packs
from game.plugins import load_registry
from game.problems import ProblemsFound

REGISTRY = load_registry(entry_points=False)
LEVELS = [read_level(card.path, REGISTRY) for pack in shipped_packs() for card in read_campaign(pack).levels]
METHODS = ["fork", "spawn"] if hasattr(os, "fork") else ["spawn"]

each_level = pytest.mark.parametrize("level", LEVELS, ids=[level.id for level in LEVELS])
each_method = pytest.mark.parametrize("method", METHODS)


def played(text: str, folder: Path, *options: str) -> str:
    """What the program prints, its complaints included. Ends it, and all it has started, when it hangs."""
    program = folder / "program.py"
    program.write_text(text, encoding="utf-8")
    office = subprocess.Popen(
        [sys.executable, program, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore::DeprecationWarning"},
    )
    try:
        return office.communicate(timeout=60)[0]
    except subprocess.TimeoutExpired:
        os.killpg(office.pid, signal.SIGKILL)
        return f"hung: {office.communicate()[0]}"


def seen(printed: str) -> View:
    """What an onlooker makes of the program's report."""
    delivered = re.findall(r"^(\w+) delivers (.*)$", printed, re.M)
    readings = re.findall(r"^(\w+) reads (.*)$", printed, re.M)
    left = re.findall(r"^left on (\w+): (.*)$", printed, re.M)
    return View(
        tuple((name, ast.literal_eval(thing)) for name, thing in delivered),
        tuple((name, tuple(ast.literal_eval(things))) for name, things in left),
        tuple((name, ast.literal_eval(number)) for name, number in readings),
    )


@each_method
@each_level
def test_the_reference_of_every_level_works_without_the_game(level: Level, method: str, tmp_path: Path):
    printed = played(export_python(level, level.reference), tmp_path, "--start-method", method)
    if level.mode == "wind":
        assert re.fullmatch(r"tally reads [12]\n", printed)
        return
    view = seen(printed)
    broken = [goal.at_the_end(view) for goal in (*level.win, LeftOver())]
    assert ([one for one in broken if one], "exit code" in printed) == ([], False), printed


def ruff(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout


def test_what_is_exported_is_as_tidy_as_ruff_wants_it(tmp_path: Path):
    for level in LEVELS:
        for export in (export_python, export_pytest):
            (tmp_path / f"{export.__name__}_{level.id}.py").write_text(export(level, level.reference))
    files = str(tmp_path)
    # The player's own loops may have a variable that is not used (B007).
    ours = ("--select=E,F,I,UP,B,SIM,RUF,PLE,PLW", "--ignore=B007,PLW0603", "--line-length=88")
    assert ruff("check", "--isolated", files) == "All checks passed!\n"
    assert ruff("check", "--isolated", "--no-cache", *ours, files) == "All checks passed!\n"
    assert ruff("format", "--isolated", "--check", files) == f"{2 * len(LEVELS)} files already formatted\n"


def pytest_says(folder: Path, **texts: str) -> str:
    """What pytest says of these files, one line for each that failed, and how many tests passed."""
    for name, text in texts.items():
        (folder / f"test_{name}.py").write_text(text, encoding="utf-8")
    options = ("-q", "--tb=line", "-p", "no:cacheprovider", "--rootdir", str(folder), "-c", os.devnull)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.stdout


def test_the_test_files_of_all_references_pass(tmp_path: Path):
    texts = {
        f"level_{level.id.replace('.', '_')}": export_pytest(level, level.reference, runs=len(METHODS))
        for level in LEVELS
    }
    assert f"{len(LEVELS) * len(METHODS)} passed" in pytest_says(tmp_path, **texts)


def test_the_test_file_of_a_wrong_answer_fails(tmp_path: Path):
    level = next(level for level in LEVELS if level.id == "1.2")
    texts = {
        wrong.name.replace("-", "_"): export_pytest(level, wrong.answer, runs=1).replace(
            "SECONDS = 20", "SECONDS = 2"
        )
        for wrong in level.wrong
    }
    said = pytest_says(tmp_path, **texts)
    assert "3 failed" in said
    assert "after 2 seconds somebody still waits" in said  # expects-one-more


@pytest.mark.skipif(sys.platform != "linux", reason="semaphores are looked up in /dev/shm")
def test_a_test_that_hangs_leaves_no_semaphore(tmp_path: Path):
    level = next(level for level in LEVELS if level.id == "1.2")
    answer = next(wrong.answer for wrong in level.wrong if wrong.name == "expects-one-more")
    text = export_pytest(level, answer, runs=1).replace("SECONDS = 20", "SECONDS = 2")
    text = text.replace('sorted({"fork", "spawn"}', 'sorted({"spawn"}')
    before = set(os.listdir("/dev/shm"))
    assert "after 2 seconds somebody still waits" in pytest_says(tmp_path, hang=text)
    until = time.monotonic() + 20  # other programs come and go there, too
    while left := set(os.listdir("/dev/shm")) - before:
        assert time.monotonic() < until, left
        time.sleep(0.1)


def test_as_many_runs_as_the_level_has_real_runs():
    level = LEVELS[0]
    assert f"\nRUNS = {level.real.runs}\n" in export_pytest(level, level.reference)


def test_there_is_no_test_for_a_failure_that_is_wanted():
    level = a_level({"ada": "def ada():\n    pass\n"}, {}, {"ada": {}}, [Fails("deadlock")], mode="wind")
    with pytest.raises(ProblemsFound, match="no test can choose a wind"):
        export_pytest(level, level.starter)
    assert "ada" in export_python(level, level.starter)


def test_every_goal_is_an_assertion_or_a_remark():
    level = a_level(
        {"ada": "def ada(belt, tally):\n    deliver(belt.get())\n"},
        {"belt": Queue(), "chute": SimpleQueue(), "tally": SharedValue()},
        {"ada": {"belt": "belt", "tally": "tally"}},
        [
            Log(("a", (1, None))),
            Bag((2,)),
            Soon(1, 2, 3),
            Either(((1,), (2, "b"))),
            Reads((("tally", 7),)),
            Within((("tally", 0, 7),)),
            LeftOver(("chute",)),
        ],
    )
    text = export_pytest(level, level.starter)
    test = text[text.index("    outcome, complaints = one_run") : text.index('\n\nif __name__ == "__main__"')]
    assert test.splitlines() == [
        "    outcome, complaints = one_run(START_METHODS[run % len(START_METHODS)])",
        '    assert "Traceback" not in complaints, complaints',
        '    things = [thing for _, thing in outcome["delivered"]]',
        '    wanted = ["a", (1, None)]',
        "    assert things == wanted, things",
        '    things = [thing for _, thing in outcome["delivered"]]',
        "    wanted = [2]",
        "    assert same_things(things, wanted), things",
        '    things = [thing for _, thing in outcome["delivered"]]',
        "    if 1 in things:",
        "        assert 2 in things[: things.index(1) + 5], things",
        '    things = [thing for _, thing in outcome["delivered"]]',
        '    ways = [[1], [2, "b"]]',
        "    assert any(same_things(things, wanted) for wanted in ways), things",
        '    assert outcome["boards"]["tally"] == 7',
        "    # No single run can show it, but the game did: tally always reads 0 to 7.",
        '    assert outcome["left"]["belt"] == []',
    ]


# -- the player's scripts --


@each_method
def test_scripts_stand_in_the_program_word_for_word(tmp_path: Path, method: str):
    script = 'def ada(belt):  # mine\n    belt.put( "x" )   \n\n    deliver([1, (2,), "é", True])\n'
    level = a_level({"ada": script}, {"belt": Queue()}, {"ada": {"belt": "belt"}})
    text = export_python(level, level.starter)
    assert script in text
    printed = played(text, tmp_path, "--start-method", method)
    assert printed == "ada delivers [1, (2,), 'é', True]\nleft on belt: ['x']\n"


def test_names_that_would_meet_in_one_file_are_kept_apart(tmp_path: Path):
    helper = "def work(n):\n    return n + {}\n\ndef main():\n    return len((1, 2))\n"
    level = a_level(
        {
            "ada": "def ada(counter):\n    counter.put((work(1), main()))\n\n" + helper.format(10),
            "counter": "def counter(process, Pipe):\n    len = work(process)\n"
            "    deliver((len, main(), Pipe))\n" + helper.format(20),
            "open_office": "def open_office(t):\n    work(t)\n    deliver(t)\n",
        },
        {"counter_": Queue()},
        {
            "ada": {"counter": "counter_"},
            "processes": {"script": "counter", "process": 1, "Pipe": 'a "b" \\'},
            "boards": {"script": "open_office", "t": 1},
        },
    )
    printed = played(export_python(level, level.starter), tmp_path)
    assert sorted(printed.splitlines()) == [
        "boards delivers 1",
        "left on counter_: [(11, 2)]",
        "processes delivers (21, 2, 'a \"b\" \\\\')",
    ]


def test_words_that_a_script_uses_are_imported(tmp_path: Path):
    script = (
        "def ada(belt, tube, bob):\n"
        "    try:\n        belt.get_nowait()\n    except Empty:\n        deliver('empty')\n"
        "    try:\n        raise BrokenBarrierError('so')\n    except RuntimeError:\n"
        "        deliver('broken')\n"
        "    try:\n        raise UnpicklingError\n    except PickleError:\n        deliver('torn')\n"
        "    bob.start()\n"
        "    deliver(len(wait([tube])))\n"
        "    deliver(tube.recv())\n"
        "    wait([bob.sentinel])\n"
        "    bob.join()\n"
        "    deliver(bob.exitcode)\n"
    )
    level = a_level(
        {"ada": script, "bob": "def bob(tube):\n    tube.send('hello')\n    raise ValueError('no')\n"},
        {"belt": Queue(), "tube": Pipe(duplex=False)},
        {"ada": {"belt": "belt", "tube": "tube.r", "bob": "@bob"}, "bob": {"tube": "tube.w"}},
        later=["bob"],
    )
    printed = played(export_python(level, level.starter), tmp_path)
    assert seen(printed).delivered == tuple(
        ("ada", thing) for thing in ("empty", "broken", "torn", 1, "hello", 1)
    )
    assert "ValueError: no" in printed


# -- channels --

ONE_OF_EACH = {
    "ada": """\
def ada(book, key, tags, rack, bell, bench, ferry, wall, cards):
    book.put("x")
    book.join()
    with key:
        deliver(key.acquire(False))
        key.release()
    with tags:
        deliver("tag")
    try:
        rack.release()
    except ValueError:
        deliver("too many")
    bell.wait()
    with bench:
        while wall.buf[0] == 0:
            bench.wait()
    wall.buf[1] += 3
    cards[0] += 1
    wall.close()
    deliver(ferry.wait() < 2)
""",
    "bob": """\
def bob(book, bell, bench, ferry, wall):
    deliver(book.get())
    book.task_done()
    bell.set()
    with bench:
        wall.buf[0] = 1
        bench.notify_all()
    try:
        ferry.wait()
        ferry.abort()
        ferry.wait()
    except BrokenBarrierError:
        deliver("broken")
    wall.unlink()
""",
}


@each_method
def test_one_of_each_kind_works_without_the_game(tmp_path: Path, method: str):
    channels: dict[str, Kind] = {
        "book": JoinableQueue(maxsize=1),
        "key": RLock(),
        "tags": Semaphore(2),
        "rack": BoundedSemaphore(),
        "bell": Event(),
        "bench": Condition(),
        "ferry": Barrier(2),
        "shared_memory": SharedMemory((0, 2)),
        "cards": SharedArray((1, 2)),
    }
    parameters = {"ada": "book key tags rack bell bench ferry", "bob": "book bell bench ferry"}
    gets = {clerk: {name: name for name in names.split()} for clerk, names in parameters.items()}
    gets["ada"] |= {"cards": "cards"}
    level = a_level(
        ONE_OF_EACH, channels, {clerk: names | {"wall": "shared_memory"} for clerk, names in gets.items()}
    )
    view = seen(played(export_python(level, level.starter), tmp_path, "--start-method", method))
    delivered = [("ada", thing) for thing in (True, "tag", "too many")]
    assert [one for one in view.delivered if one[0] == "ada"][:3] == delivered
    assert [one for one in view.delivered if one[0] == "bob"] == [("bob", "x"), ("bob", "broken")]
    assert view.readings == (("shared_memory", (1, 5)), ("cards", (2, 2)))


def test_every_shipped_kind_has_a_recipe():
    assert [name for name, kind in REGISTRY.kinds.items() if kind().recipe("it") is None] == []


# -- processes and ends --


@each_method
def test_a_tube_ends_when_its_last_writer_has_gone(tmp_path: Path, method: str):
    reader = (
        "def reader(tube):\n    while True:\n        try:\n            deliver(tube.recv())\n"
        "        except EOFError:\n            deliver('the end')\n            return\n"
    )
    level = a_level(
        {
            "boss": "def boss(one, two, last, mine):\n    one.start()\n    mine.send(1)\n    mine.close()\n"
            "    two.start()\n    deliver('both')\n    one.join()\n    last.close()\n    two.join()\n",
            "reader": reader,
            "writer": "def writer(tube):\n    tube.send('hello')\n",
        },
        {"left": Pipe(duplex=False), "right": Pipe(duplex=False), "other": Pipe()},
        {
            "boss": {"one": "@one", "two": "@two", "last": "right.w", "mine": "left.w"},
            "one": {"script": "reader", "tube": "left.r"},
            "two": {"script": "reader", "tube": "right.r"},
            "ada": {"script": "writer", "tube": "other.a"},
            "bob": {"script": "reader", "tube": "other.b"},
        },
        later=["one", "two"],
    )
    printed = played(export_python(level, level.starter), tmp_path, "--start-method", method)
    assert sorted(printed.splitlines()) == [
        "bob delivers 'hello'",
        "bob delivers 'the end'",
        "boss delivers 'both'",
        "one delivers 'the end'",
        "one delivers 1",
        "two delivers 'the end'",
    ]


@each_method
def test_processes_can_make_processes_that_make_processes(tmp_path: Path, method: str):
    level = a_level(
        {
            "boss": "def boss(foreman, up):\n    foreman.join()\n    deliver(up.recv())\n",
            "foreman": "def foreman(pip, key, down, pips):\n    pip.start()\n    pip.join()\n    with key:\n"
            "        down.send(pips.recv() + 1)\n",
            "pip": "def pip(key, pips):\n    with key:\n        pips.send(40)\n",
        },
        {"tube": Pipe(duplex=False), "inner": Pipe(), "key": Lock()},
        {
            "boss": {"foreman": "@foreman", "up": "tube.r"},
            "foreman": {"pip": "@pip", "key": "key", "down": "tube.w", "pips": "inner.a"},
            "pip": {"key": "key", "pips": "inner.b"},
        },
        later=["pip"],
    )
    printed = played(export_python(level, level.starter), tmp_path, "--start-method", method)
    assert printed == "boss delivers 41\n"


def test_a_script_that_delivers_nothing_is_the_whole_of_its_process(tmp_path: Path):
    level = a_level(
        {"chalk": "def chalk(n, tally):\n    with tally.get_lock():\n        tally.value += n\n"},
        {"tally": SharedValue(5)},
        {
            "ada": {"script": "chalk", "tally": "tally", "n": 2},
            "bob": {"script": "chalk", "n": 3, "tally": "tally"},
        },
    )
    text = export_python(level, level.starter)
    assert 'Process(name="ada", target=chalk, args=(2, tally)),' in text
    assert played(text, tmp_path) == "tally reads 10\n"


@each_method
def test_daemons_end_with_who_made_them(tmp_path: Path, method: str):
    level = a_level(
        {
            # Nobody is ended before having said that it is up: the boss waits for both.
            "boss": "def boss(foreman, belt):\n    foreman.start()\n    deliver(belt.get() + belt.get())\n",
            "idle": "def idle(own, belt, never):\n    own.put('up')\n    belt.put(1)\n    never.get()\n",
        },
        {name: SimpleQueue() for name in ("one", "two", "three", "never")},
        {
            "boss": {"foreman": "@foreman", "belt": "one"},
            "foreman": {"script": "idle", "own": "two", "belt": "one", "never": "never"},
            "watch": {"script": "idle", "own": "three", "belt": "one", "never": "never"},
        },
        later=["foreman"],
        daemons=["foreman", "watch"],
    )
    printed = played(export_python(level, level.starter), tmp_path, "--start-method", method)
    left = "left on two: ['up']\nleft on three: ['up']\n"
    assert printed == f"boss delivers 2\n{left}watch ended with exit code -15\n"


# -- what cannot be exported --


def refused(level: Level, answer: Answer | None = None) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        export_python(level, answer or level.starter)
    return [f"{path}: {message}" for _, path, message in found.value.problems]


def test_a_script_that_does_not_compile_is_not_exported():
    level = a_level({"ada": "def ada():\n    deliver(x)\n"})
    assert refused(level) == ["scripts.ada: nothing here is called 'x'"]


def test_a_process_has_one_maker():
    script = "def {}(pip):\n    pip.join()\n"
    level = a_level(
        {"ada": script.format("ada"), "bob": script.format("bob"), "pip": "def pip():\n    pass\n"},
        clerks={"ada": {"pip": "@pip"}, "bob": {"pip": "@pip"}, "pip": {}},
    )
    assert refused(level) == [
        "clerks.bob: ada and bob both hold the process of pip; in a plain program only the process that "
        "made another can start it or wait for it"
    ]


def test_nobody_makes_the_process_that_made_it():
    level = a_level(
        {"ada": "def ada(bob):\n    bob.join()\n", "bob": "def bob(ada):\n    deliver(ada.is_alive())\n"},
        clerks={"ada": {"bob": "@bob"}, "bob": {"ada": "@ada"}},
    )
    assert refused(level) == [
        "clerks.ada: ada is held by a clerk that it would have to make itself",
        "clerks.bob: bob is held by a clerk that it would have to make itself",
    ]


@dataclass(frozen=True)
class Pigeon(Lock):
    name: ClassVar[str] = "pigeon"

    def recipe(self, name: str) -> None:
        return Kind.recipe(self, name)


def test_a_kind_without_a_recipe_cannot_be_exported():
    level = a_level(
        {"ada": "def ada(bird):\n    bird.acquire()\n"}, {"bird": Pigeon()}, {"ada": {"bird": "bird"}}
    )
    assert refused(level) == [
        "channels.bird: nothing in multiprocessing is a pigeon, so this office cannot be a program of its own"
    ]
