"""What a player is doing with a level, without a window and without helpers."""

import sys
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from builders import a_level, a_system
from odd_kinds import LyingLate

from game.attempt import check_answer
from game.channels.value import SharedValue
from game.checker.budget import Progress
from game.desktop.services import Looking, OfficeDesk
from game.desktop.slip import notice_of
from game.desktop.work import SLICE, STEP_SECONDS, Playback, Rounds, Trial, Work
from game.goals import Log
from game.level.model import Answer, Case, Setting
from game.level.reader import read_level
from game.plugins import load_registry
from game.problems import Place
from game.run import RunResult
from game.story import Film

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"


@pytest.fixture(scope="module")
def levels():
    registry = load_registry(entry_points=False)
    return {path.name[:2]: read_level(path, registry) for path in LEVELS.glob("[0-9]*.yaml")}


def test_playing_takes_a_steps_time_a_step_and_stops_at_the_end():
    playback = Playback()
    playback.load(2, playing=True)
    playback.update(STEP_SECONDS)
    assert playback.position == pytest.approx(1) and playback.playing
    playback.update(STEP_SECONDS * 5)
    assert playback.position == 2 and not playback.playing and playback.at_end


def test_steps_land_on_whole_moments_whatever_was_under_way():
    playback = Playback()
    playback.load(3, at=1.4)
    playback.step(1)
    playback.update(9)
    assert playback.position == 2
    playback.step(-1)
    playback.step(-1)
    playback.update(9)
    assert playback.position == 0
    playback.step(-1)
    playback.update(9)
    assert playback.position == 0


def test_play_at_the_end_begins_anew():
    playback = Playback()
    playback.load(2, at=2)
    playback.toggle()
    assert playback.position == 0 and playback.playing


def test_an_answer_holds_only_what_was_changed(levels):
    level = levels["11"]
    work = Work(level, None)
    assert work.answer == Answer("1.1")
    work.write("bob", "def bob(belt):\n    deliver(belt.get())")
    assert set(work.answer.scripts) == {"bob"}
    work.reset()
    assert work.answer == Answer("1.1")


def test_a_kept_answer_cannot_change_another_clerks_script(levels):
    work = Work(levels["11"], Answer("1.1", {"ada": "def ada(belt):\n    pass"}))
    assert work.answer == Answer("1.1")


def test_a_script_that_does_not_compile_says_where(levels):
    work = Work(levels["11"], None)
    work.write("bob", "def bob(belt):\n    belt.gte()")
    assert not work.compile()
    assert [(problem.place.file, problem.place.line) for problem in work.problems] == [("bob.py", 2)]
    assert not work.open_office(None, None)


def test_a_level_whose_own_scripts_cannot_be_read_shows_its_office_all_the_same(levels):
    level = levels["22"]
    broken = replace(level, scripts=tuple(replace(one, text="def clerk(") for one in level.scripts))
    work = Work(broken, None)
    assert work.problems and work.system is None
    assert work.film is not None and len(work.film) == 0
    work.write("clerk", "def clerk(tally): pass")
    assert work.compile() and not work.problems


def test_a_problem_that_ends_in_code_gets_no_full_stop(levels):
    work = Work(
        levels["22"], Answer("2.2", {"clerk": "def clerk(tally):\n    with tally.get_lock().acquire(): pass"})
    )
    assert notice_of(work).text.endswith("write: with tally.get_lock():")


def test_before_the_office_opens_nobody_waits_or_has_gone_home(levels):
    work = Work(levels["14"], None)
    assert work.shown == "start"
    assert {view.blocked for view in work.frame.snapshot.clerks} == {""}
    assert {view.life for view in work.frame.snapshot.clerks} == {"up"}
    assert work.frame.knots == ()


def test_the_wind_is_blown_gust_by_gust_and_taken_back(levels):
    work = Work(levels["21"], None)
    assert [move.event.agent for move in work.choices] == ["ada", "bob"]
    assert work.blow("ada") and work.blow("ada")
    assert not work.blow("ada")  # she has gone home
    assert work.answer.winds == ("ada*2",)
    assert work.unblow() and work.wind == ("ada",)
    work.calm_down()
    assert work.answer == Answer("2.1")


def test_a_kept_wind_is_there_again(levels):
    work = Work(levels["21"], Answer("2.1", winds=("ada bob",)))
    assert work.wind == ("ada", "bob") and work.playback.position == 2


def test_a_slot_makes_another_office_at_once_and_only_what_differs_is_an_answer(levels):
    work = Work(levels["23"], None)
    before = work.system
    work.choose("cleos_key", "iron")
    assert work.system is not before and work.shown == "start"
    assert work.film.system is work.system
    assert dict(work.set_up.clerks[2].gets)["key"].channel == "iron"
    assert work.answer == Answer("2.3", choices={"cleos_key": "iron"})
    work.choose("cleos_key", "brass")
    assert work.answer == Answer("2.3")
    work.choose("dans_key", "brass")
    work.reset()
    assert work.answer == Answer("2.3")


def test_a_kept_choice_that_is_no_longer_offered_is_let_go(levels):
    kept = Answer("2.3", choices={"cleos_key": "iron", "dans_key": "gold", "gone": 1})
    assert Work(levels["23"], kept).answer == Answer("2.3", choices={"cleos_key": "iron"})


def test_the_film_of_a_failing_case_is_played_in_that_case(levels):
    from game.attempt import check_answer

    guess = "def boss(pip, belt, tally):\n    pip.start()\n    deliver(3)\n"
    work = Work(levels["13"], Answer("1.3", {"boss": guess}))
    attempt = check_answer(work.level, work.answer)
    work.trial = Trial(work.system, wants_real=False, wants_verdict=True, attempt=attempt)
    work.reveal()
    assert work.film.system.level.case == "five parcels"
    assert work.film.system is attempt.system and work.trial.system is work.system
    assert notice_of(work).text == "In the case “five parcels”: Delivered 3 where 5 was wanted."


def test_while_the_inspector_looks_the_slip_says_how_far_he_is(levels):
    work = Work(levels["11"], levels["11"].starter)
    work.trial = Trial(work.system, wants_real=False, wants_verdict=True)
    looking = "Inspector Quill is looking at every wind."
    assert (notice_of(work).text, notice_of(work).actions) == (looking, ("stop",))
    assert work._hear_inspector(Looking(Progress(50_000, 0.25, 2).said))
    far = "50,000 moments looked at, 200,000 a second; winds with up to 2 interruptions."
    assert notice_of(work).text == f"{looking} {far}"


class AtOnce:
    """An inspector who needs no time and no process."""

    def submit(self, level, answer):
        self.report = check_answer(level, answer)

    def poll(self):
        report, self.report = self.report, None
        return report


@pytest.mark.skipif(sys.platform == "win32", reason="clerks are forked")
@pytest.mark.parametrize(
    ("kind", "kept", "trouble"), [(SharedValue, 2, None), (LyingLate, 1, "this cannot have happened")]
)
def test_a_proved_answer_is_seen_on_real_processes_in_every_case(kind, kept, trouble):
    look = "def ada(tally):\n    deliver(tally.value)\n"
    level = a_level({"ada": look}, {"tally": kind()}, {"ada": {"tally": "tally"}}, win=[Log((0,))])
    cases = tuple(
        Case(name, (Setting("tally", "initial", number),), (Log((number,)),), Place("test"))
        for name, number in (("five", 5), ("large", 300))
    )
    work, office, inspector = Work(replace(level, cases=cases), None), OfficeDesk(), AtOnce()
    try:
        assert work.open_office(inspector, office)
        until = time.monotonic() + 60
        while not work.trial.told and time.monotonic() < until:
            work.poll(inspector, office)
            work.playback.update(1)
        assert work.attempt.passed and work.trial.real.ending == "finished"
        rounds = work.trial.rounds
        assert (rounds.coming, rounds.kept) == ((), kept)
        detail = notice_of(work).detail
        if trouble:
            assert (rounds.case, trouble in rounds.trouble.message) == ("large", True)
            assert "In the case “large” the real run did what our rules do not allow" in detail
        else:
            assert detail == "Real clerks did it in 2 more cases, too."
    finally:
        office.close()


def test_rounds_end_when_they_take_too_long():
    system = a_system({"ada": "def ada():\n    deliver(1)\n"})
    done = RunResult(system.follow(("ada",))[0], "finished", seconds=2)
    rounds = Rounds((system, system, system)).after(done)
    assert (len(rounds.coming), rounds.kept) == (2, 1)
    assert (rounds.after(done).coming, rounds.after(done).kept) == ((), 2)
    hung = rounds.after(replace(done, ending="hung"))
    assert (hung.coming, hung.kept, hung.trouble) == ((), 1, None)


def a_long_run() -> tuple[Work, RunResult]:
    """A level whose real run took some six hundred steps, and time that passes with every look at it."""
    loop = "def {}(tally):\n    for n in range(150):\n        tally.value += 1\n"
    clerks = {name: {"tally": "tally"} for name in ("ada", "bob")}
    level = a_level({name: loop.format(name) for name in clerks}, {"tally": SharedValue()}, clerks)
    work = Work(level, None, clock=(tick * SLICE / 100 for tick in count()).__next__)
    assert work.system is not None
    trace, _ = work.system.follow(["ada", "bob"] * 300)
    work.trial = Trial(work.system, wants_real=True, wants_verdict=False)
    return work, RunResult(trace, "finished")


def test_a_long_film_is_folded_in_slices_and_shown_once_it_is_whole():
    work, result = a_long_run()
    work._hear_office(result, "")
    shares = [work.developing]
    assert (
        work.busy
        and work.shown == "start"
        and "developed" in notice_of(work, next_level=True, seconds=0).text
    )
    while work.developing is not None:
        work.poll(None, None)
        shares.append(work.developing)
    assert [round(share * 601) for share in shares[:-1]] == [160, 260, 360, 460, 560]
    assert work.shown == "real" and work.playback.playing and not work.busy
    whole = Film(work.system, result.trace)
    assert work.film.frames == whole.frames and work.film.waits == whole.waits


def test_the_film_of_an_answer_that_was_changed_meanwhile_never_comes():
    work, result = a_long_run()
    work._hear_office(result, "")
    work.write("ada", work.texts["ada"] + "\n")
    while work.developing is not None:
        work.poll(None, None)
    assert work.shown == "start"


def test_before_the_office_opens_nobody_is_said_to_wait(levels):
    film = Work(levels["14"], None).film
    assert film.waits == () and not any(view.blocked for view in film.frames[0].snapshot.clerks)
    assert Film(film.system, film.trace).waits
