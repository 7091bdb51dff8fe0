"""The inspector's process and the office's, as the window uses them."""

import os
import signal
import time
from pathlib import Path

import pytest
from living import is_alive

from game.attempt import Attempt
from game.desktop.services import YIELDS, Fell, Inspector, Looking, News, OfficeDesk
from game.level.model import Answer
from game.level.reader import read_level
from game.plugins import load_registry
from game.problems import ProblemsFound
from game.run import Along, Free
from game.world import build

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"


def level_named(name):
    return read_level(next(LEVELS.glob(f"{name}*.yaml")), load_registry(entry_points=False))


def wait_for(ask, seconds=20.0):
    """The first thing `ask` says that is not nothing or a sign of life."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        said = ask()
        if said is not None and not isinstance(said, Looking):
            return said
        time.sleep(0.005)
    raise AssertionError("nobody answered")


@pytest.fixture
def inspector():
    one = Inspector()
    yield one
    one.close()


@pytest.fixture
def desk():
    one = OfficeDesk()
    yield one
    one.close()


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="has no niceness")
def test_the_inspector_stands_back_and_so_does_its_session(inspector):
    level = level_named("11")
    inspector.submit(level, level.reference)
    wait_for(inspector.poll)  # by then it has begun
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, inspector.pid) == min(own + YIELDS, 19)
    session = Path(f"/proc/{inspector.pid}/autogroup")
    if session.exists():  # where processors are shared out by session, see sched(7)
        assert os.getsid(inspector.pid) != os.getsid(0)
        assert session.read_text().split()[1:] == ["nice", str(YIELDS)]


def test_the_inspector_passes_the_reference_and_refuses_the_starter(inspector):
    level = level_named("11")
    inspector.submit(level, level.reference)
    passed = wait_for(inspector.poll)
    inspector.submit(level, level.starter)
    refused = wait_for(inspector.poll)
    assert isinstance(passed, Attempt) and passed.passed
    assert isinstance(refused, Attempt) and not refused.passed
    assert not inspector.busy


def test_the_inspector_says_what_is_wrong_with_a_script(inspector):
    level = level_named("11")
    inspector.submit(level, Answer(level.id, {"bob": "def bob(belt)\n    pass"}))
    assert isinstance(wait_for(inspector.poll), ProblemsFound)


def test_only_the_newest_answer_is_judged(inspector):
    level = level_named("11")
    inspector.submit(level, level.starter)
    inspector.submit(level, level.reference)
    found = wait_for(inspector.poll)
    assert found.passed
    time.sleep(0.1)
    assert inspector.poll() is None


def test_a_cancelled_job_is_never_heard_of(inspector):
    level = level_named("22")
    inspector.submit(level, level.starter)
    inspector.cancel()
    time.sleep(0.3)
    assert inspector.poll() is None
    assert not inspector.busy


def test_an_inspector_that_is_killed_starts_again_and_does_the_job(inspector):
    level = level_named("11")
    inspector.submit(level, level.reference)
    wait_for(inspector.poll)
    os.kill(inspector.pid, signal.SIGKILL)
    inspector.submit(level, level.reference)
    assert wait_for(inspector.poll).passed


def test_an_inspector_that_dies_twice_over_one_answer_says_so(inspector, monkeypatch):
    level = level_named("11")
    monkeypatch.setattr("game.desktop.services.TRIES", 1)
    os.kill(inspector.pid, signal.SIGKILL)
    inspector.submit(level, level.reference)
    assert isinstance(wait_for(inspector.poll), Fell)
    inspector.submit(level, level.reference)
    assert wait_for(inspector.poll).passed


def test_a_free_run_comes_back_with_real_process_numbers(desk):
    level = level_named("11")
    system = build(level, level.reference)
    desk.prepare(system)
    desk.run(system, Free())
    news = wait_for(lambda: (news := desk.poll()) and news.result and news)
    assert isinstance(news, News)
    assert news.result.ending == "finished"
    assert set(news.result.trace.pids) == {"ada", "bob"}


def test_a_wind_is_forced_step_by_step(desk):
    level = level_named("21")
    system = build(level, level.starter)
    desk.run(system, Along(("ada", "bob", "ada", "bob")))
    news = wait_for(lambda: (news := desk.poll()) and news.result and news)
    assert news.result.trace.wind == ("ada", "bob", "ada", "bob")


def test_an_office_that_is_killed_is_told_and_comes_back(desk):
    level = level_named("11")
    system = build(level, level.reference)
    desk.run(system, Free())
    os.kill(desk.pid, signal.SIGKILL)
    news = wait_for(desk.poll)
    while not news.lost and not news.result:  # it may have been faster than the kill
        news = wait_for(desk.poll)
    desk.run(system, Free())
    news = wait_for(lambda: (news := desk.poll()) and news.result and news)
    assert news.result.ending == "finished"


def test_closing_ends_every_process():
    inspector, desk = Inspector(), OfficeDesk()
    level = level_named("11")
    desk.prepare(build(level, level.reference))
    wait_for(lambda: desk.ready or desk.poll() or (desk.ready or None))
    pids = [inspector.pid, desk.pid]
    inspector.close()
    desk.close()
    assert not any(is_alive(pid) for pid in pids)
