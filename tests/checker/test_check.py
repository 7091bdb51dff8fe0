"""The inspector's answers, on small systems whose every wind can be counted by hand or by brute force."""

import re
from gettext import NullTranslations

import pytest
from builders import a_level, a_system

from game.attempt import check_answer
from game.channels.array import SharedArray as Array
from game.channels.barrier import Barrier
from game.channels.event import Event
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.semaphore import Semaphore
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue as Value
from game.checker.check import Cancelled, check, judge_wind, say_outcome
from game.checker.verdict import FAILURES
from game.goals import Bag, Either, Log, NoStarvation, PeakAtMost, Reads, Soon, Within
from game.language import translate
from game.level.model import Answer, Cat, Limits
from game.trace import format_wind, parse_wind
from game.world import ENDED

CHALK = "def {name}(tally):\n    for _ in range({times}):\n        tally.value += 1\n"


def chalkers(clerks, times, total, **more):
    names = "abcdefgh"[:clerks]
    return a_system(
        {name: CHALK.format(name=name, times=times) for name in names},
        {"tally": Value()},
        {name: {"tally": "tally"} for name in names},
        win=[Reads((("tally", total),))],
        **more,
    )


def brute_force(system):
    """States, transitions, terminals and complete winds, straight from the rules without packing or memo."""
    winds, edges = {}, 0

    def count(world):
        nonlocal edges
        if world not in winds:
            moves = system.moves(world)
            edges += len(moves)
            winds[world] = 0
            winds[world] = sum(count(move.world) for move in moves) + rests(world)
        return winds[world]

    def rests(world):
        return all(move.event.agent.startswith("cat:") for move in system.moves(world))

    total = count(system.start)
    terminals = sum(map(rests, winds))
    return len(winds), edges, terminals, total


@pytest.mark.parametrize(("clerks", "times"), [(2, 1), (2, 3), (3, 1), (3, 2)])
def test_counts_agree_with_brute_force_over_the_rules(clerks, times):
    system = chalkers(clerks, times, clerks * times)
    verdict = check(system)
    assert (verdict.states, verdict.transitions, verdict.terminals, verdict.winds) == brute_force(system)


@pytest.mark.parametrize("naps", [1, 2])
def test_counts_agree_where_the_cat_may_come(naps):
    scripts = {"ada": "def ada(belt):\n    belt.put(1)\n", "bob": "def bob(belt):\n    belt.get()\n"}
    clerks = {name: {"belt": "belt"} for name in scripts}
    system = a_system(scripts, {"belt": Queue()}, clerks, cat=Cat(naps, ("ada", "bob")))
    verdict = check(system)
    assert (verdict.states, verdict.transitions, verdict.terminals, verdict.winds) == brute_force(system)


def test_the_cat_may_stay_away_from_who_waits_for_ever():
    scripts = {"ada": "def ada(belt):\n    belt.get()\n"}
    system = a_system(scripts, {"belt": Queue()}, {"ada": {"belt": "belt"}}, cat=Cat(1, ("ada",)))
    verdict = check(system)
    assert (verdict.word, verdict.failure.kind, verdict.failure.wind) == ("REFUTED", "orphan wait", ())
    assert (verdict.terminals, verdict.winds) == (2, 2)
    assert sorted(outcome.ending for outcome in verdict.outcomes) == ["finished", "stuck"]
    assert judge_wind(system, ()).word == "REFUTED"
    assert judge_wind(system, ("cat:ada",)).word == "PROVED"


def test_the_cat_may_stay_away_from_who_goes_round_for_ever():
    scripts = {"ada": "def ada(flag):\n    while not flag.is_set():\n        pass\n"}
    system = a_system(scripts, {"flag": Event()}, {"ada": {"flag": "flag"}}, cat=Cat(1, ("ada",)))
    verdict = check(system)
    assert (verdict.word, verdict.failure.kind) == ("REFUTED", "livelock")
    assert all(event.agent == "ada" for event in verdict.failure.trace.events)


def test_two_single_strokes_have_six_winds_of_which_the_shortest_failure_has_one_preemption():
    verdict = check(chalkers(2, 1, 2))
    assert verdict.winds == 6
    assert verdict.failure.kind == "lost update"
    assert verdict.failure.wind == ("a", "b", "b", "a")
    assert (verdict.failure.preemptions, verdict.failure.switches) == (1, 2)
    assert verdict.failure.message == (
        "tally reads 1, not 2: a read tally before b wrote 1, and writes 1 over it: b's update is lost"
    )


@pytest.mark.parametrize(
    ("clerks", "times", "totals"), [(2, 2, {2, 3, 4}), (3, 2, {2, 3, 4, 5, 6}), (2, 10, set(range(2, 21)))]
)
def test_the_reachable_totals_are_exact(clerks, times, totals):
    verdict = check(chalkers(clerks, times, 0))
    assert {dict(outcome.readings)["tally"] for outcome in verdict.outcomes} == totals


def test_a_lock_proves_it():
    source = "def {0}(tally):\n    with tally.get_lock():\n        tally.value += 1\n"
    names = ("ada", "bob", "cyd")
    system = a_system(
        {name: source.format(name) for name in names},
        {"tally": Value()},
        {name: {"tally": "tally"} for name in names},
        win=[Reads((("tally", 3),))],
    )
    verdict = check(system)
    assert (verdict.word, verdict.failure, verdict.bad_terminals, verdict.winds) == ("PROVED", None, 0, 6)
    assert [say_outcome(outcome) for outcome in verdict.outcomes] == ["tally reads 3"]


def both_keys(first, second):
    return f"def {{0}}(red, blue):\n    with {first}:\n        with {second}:\n            pass\n"


def test_a_deadlock_names_its_circle_and_needs_one_preemption():
    system = a_system(
        {"ada": both_keys("red", "blue").format("ada"), "bob": both_keys("blue", "red").format("bob")},
        {"red": Lock(), "blue": Lock()},
        {"ada": {"red": "red", "blue": "blue"}, "bob": {"red": "red", "blue": "blue"}},
    )
    failure = check(system).failure
    assert (failure.kind, set(failure.clerks), failure.preemptions) == ("deadlock", {"ada", "bob"}, 1)
    assert failure.wind == ("ada", "bob")
    assert "each waits for the next (ada → bob → ada)" in failure.message


def test_a_lock_taken_twice_is_a_circle_of_one():
    system = a_system(
        {"ada": both_keys("key", "key").replace("red, blue", "key").format("ada")},
        {"key": Lock()},
        {"ada": {"key": "key"}},
    )
    failure = check(system).failure
    assert (failure.kind, failure.clerks) == ("deadlock", ("ada",))


def test_who_has_the_only_tag_and_waits_for_another_is_named_and_not_who_else_waits():
    once = "def {0}(door):\n    with door:\n        pass\n"
    twice = "def eve(door):\n    with door:\n        with door:\n            pass\n"
    system = a_system(
        {"ada": once.format("ada"), "bob": once.format("bob"), "eve": twice},
        {"door": Semaphore()},
        {name: {"door": "door"} for name in ("ada", "bob", "eve")},
    )
    failure = judge_wind(system, parse_wind("eve")).failure
    assert (failure.kind, failure.clerks) == ("deadlock", ("eve",))
    assert failure.message == "eve waits for a tag of door and has one, and only eve itself could end that"


def test_tags_taken_in_opposite_order_are_a_circle_of_those_who_have_them():
    system = a_system(
        {
            "cleo": both_keys("blue", "red").format("cleo"),
            "ada": both_keys("red", "blue").format("ada"),
            "bob": both_keys("blue", "red").format("bob"),
        },
        {"red": Semaphore(), "blue": Semaphore()},
        {name: {"red": "red", "blue": "blue"} for name in ("cleo", "ada", "bob")},
    )
    failure = judge_wind(system, parse_wind("ada bob")).failure
    assert failure.message == (
        "ada waits for a tag of blue, bob waits for a tag of red: each waits for the next (ada → bob → ada)"
    )


def test_those_aboard_of_a_ferry_that_lacks_one_more_are_no_circle():
    system = a_system(
        {name: f"def {name}(ferry):\n    ferry.wait()\n" for name in ("ada", "bob")},
        {"ferry": Barrier(parties=3)},
        {name: {"ferry": "ferry"} for name in ("ada", "bob")},
    )
    failure = check(system).failure
    assert (failure.kind, failure.clerks) == ("orphan wait", ("ada", "bob"))
    assert failure.message == (
        "ada waits at ferry for 1 more, and nobody is left who could end that (bob waits too)"
    )


def test_any_one_of_several_could_end_a_wait_and_none_of_them_can():
    listens = "def {0}(belt, back):\n    belt.get()\n    back.put(1)\n"
    system = a_system(
        {
            "boss": "def boss(belt, back):\n    back.get()\n    belt.put(1)\n    belt.put(1)\n",
            **{name: listens.format(name) for name in ("ada", "bob")},
        },
        {"belt": SimpleQueue(), "back": SimpleQueue()},
        {name: {"belt": "belt", "back": "back"} for name in ("boss", "ada", "bob")},
    )
    failure = check(system).failure
    assert (failure.kind, failure.clerks) == ("deadlock", ("boss", "ada", "bob"))
    assert failure.message == (
        "boss waits for a letter in back, ada waits for a letter in belt, bob waits for a letter in belt: "
        "none of them can go on before another of them does"
    )


def test_a_failure_is_found_with_orders_left_out_before_many_steps_more_are_learnt(monkeypatch):
    def walk(*_):
        raise AssertionError("far more steps are to be learnt for that than for the failure")

    monkeypatch.setattr("game.checker.check._explore_all", walk)
    names = ("ada", "bob", "cleo", "dan", "eve")
    diner = "def {0}(left, right, chairs, seat):\n    with chairs, left, right:\n        deliver(seat)\n"
    system = a_system(
        {name: diner.format(name) for name in names},
        {"chairs": Semaphore(value=5), **{f"s{seat}": Lock() for seat in range(5)}},
        {
            name: {"left": f"s{seat}", "right": f"s{(seat + 1) % 5}", "chairs": "chairs", "seat": seat}
            for seat, name in enumerate(names)
        },
        win=[Bag((0, 1, 2, 3, 4))],
    )
    verdict = check(system)
    assert (verdict.word, verdict.failure.kind, verdict.failure.least) == ("REFUTED", "deadlock", True)
    assert verdict.states < 1_000


def test_waiting_for_what_nobody_can_give_is_an_orphan_wait():
    system = a_system(
        {
            "ada": "def ada(belt):\n    belt.put(1)\n",
            "bob": "def bob(belt):\n    belt.get()\n    belt.get()\n",
        },
        {"belt": Queue()},
        {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}},
    )
    failure = check(system).failure
    assert (failure.kind, failure.clerks) == ("orphan wait", ("bob",))
    assert failure.message == "bob waits for a letter on belt, and nobody is left who could end that"


def test_both_listening_first_is_a_deadlock_before_anything_moved():
    source = "def {0}(tube):\n    tube.recv()\n    tube.send(1)\n"
    system = a_system(
        {"ada": source.format("ada"), "bob": source.format("bob")},
        {"tube": Pipe()},
        {"ada": {"tube": "tube.a"}, "bob": {"tube": "tube.b"}},
    )
    failure = check(system).failure
    assert (failure.kind, failure.wind) == ("deadlock", ())


def test_an_uncaught_exception_is_shown_at_once():
    system = a_system(
        {
            "ada": "def ada(belt):\n    belt.put(1)\n",
            "bob": "def bob(belt):\n    deliver(belt.get_nowait())\n",
        },
        {"belt": Queue()},
        {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}},
        win=[Log((1,))],
    )
    failure = check(system).failure
    assert (failure.kind, failure.wind, failure.clerks) == ("exception", ("bob",), ("bob",))
    assert failure.message.startswith("bob stops in line 2 with Empty")


def test_what_is_left_on_a_belt_is_lost():
    system = a_system(
        {"ada": "def ada(belt):\n    belt.put('letter')\n"}, {"belt": Queue()}, {"ada": {"belt": "belt"}}
    )
    failure = check(system).failure
    assert (failure.kind, failure.message) == ("lost token", "letter left on belt, undelivered")


def test_a_goal_that_must_always_hold_fails_at_the_first_moment_it_does_not():
    system = a_system(
        {
            "ada": "def ada(belt):\n    for n in range(3):\n        belt.put(n)\n",
            "bob": "def bob(belt):\n    for n in range(3):\n        deliver(belt.get())\n",
        },
        {"belt": Queue()},
        {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}},
        win=[PeakAtMost(bounds=(("belt", 1),))],
    )
    failure = check(system).failure
    assert (failure.kind, failure.wind) == ("overflow", ("ada", "ada"))


def test_delivered_twice_is_told_from_lost():
    def deliver(*things):
        lines = "".join(f"    deliver({thing})\n" for thing in things) or "    pass\n"
        return check(a_system({"ada": "def ada():\n" + lines}, win=[Bag((1, 2))])).failure

    assert deliver(1, 2) is None
    assert deliver(2).kind == "lost token"
    assert deliver(1, 2, 2).kind == "duplicated token"
    assert deliver(1, 3).kind == "wrong result"


def test_one_too_many_is_told_with_how_many_were_wanted():
    def told(*wanted):
        lines = "    deliver(1)\n    deliver(2)\n    deliver(2)\n    deliver(2)\n"
        return check(a_system({"ada": "def ada():\n" + lines}, win=[Bag(wanted)])).failure.message

    assert told(1, 2) == "delivered more than once: 2, 2"
    assert told(1, 2, 2) == "delivered too often: 2, 3 times, not 2"


POLITE = """def {0}(mine, other):
    while True:
        mine.acquire()
        if other.acquire(block=False):
            other.release()
            mine.release()
            break
        mine.release()
"""


def test_two_polite_clerks_livelock_and_the_loop_is_shown():
    system = a_system(
        {"ada": POLITE.format("ada"), "bob": POLITE.format("bob")},
        {"red": Lock(), "blue": Lock()},
        {"ada": {"mine": "red", "other": "blue"}, "bob": {"mine": "blue", "other": "red"}},
    )
    verdict = check(system)
    failure = verdict.failure
    assert (verdict.word, failure.kind, verdict.winds) == ("REFUTED", "livelock", None)
    into, again = failure.wind[: failure.loop], failure.wind[failure.loop :]
    assert set(again) == {"ada", "bob"}
    _, before = system.follow(into)
    _, after = system.follow((*into, *again))
    assert before == after


def test_polling_that_only_an_unfair_wind_keeps_going_is_no_failure():
    system = a_system(
        {
            "ada": "def ada(flag):\n    while flag.value == 0:\n        pass\n",
            "bob": "def bob(flag):\n    flag.value = 1\n",
        },
        {"flag": Value()},
        {"ada": {"flag": "flag"}, "bob": {"flag": "flag"}},
        win=[Reads((("flag", 1),))],
    )
    verdict = check(system)
    assert (verdict.word, verdict.winds) == ("PROVED", None)


def locked_chalkers(times):
    stroke = "        with tally.get_lock():\n            tally.value += 1\n"
    source = f"def {{0}}(tally):\n    for _ in range({times}):\n{stroke}"
    names = ("ada", "bob", "cyd")
    return a_system(
        {name: source.format(name) for name in names},
        {"tally": Value()},
        {name: {"tally": "tally"} for name in names},
        win=[Reads((("tally", 3 * times),))],
    )


def test_a_state_budget_is_never_a_pass():
    verdict = check(locked_chalkers(20), Limits(states=50))
    assert (verdict.word, verdict.failure) == ("UNDETERMINED", None)
    assert verdict.covered.endswith("stopped by 50 states")
    assert check(locked_chalkers(20)).word == "PROVED"


def test_a_time_budget_is_never_a_pass():
    seconds = iter(range(1_000_000))
    verdict = check(locked_chalkers(20), Limits(seconds=2), clock=lambda: float(next(seconds)))
    assert (verdict.word, verdict.covered.endswith("stopped by 2 seconds")) == ("UNDETERMINED", True)


def test_a_failure_within_the_budget_is_found_although_the_space_is_not():
    verdict = check(chalkers(4, 3, 12), Limits(states=2_000))
    assert (verdict.word, verdict.failure.kind, verdict.failure.preemptions) == ("REFUTED", "lost update", 1)
    assert verdict.covered.endswith("states, then straight for the failure")


def test_it_reports_progress_and_can_be_cancelled():
    told = []
    check(chalkers(2, 1, 2), progress=told.append)
    assert told
    with pytest.raises(Cancelled):
        check(chalkers(2, 1, 2), cancelled=lambda: True)


def test_every_failure_found_has_a_documented_kind():
    assert check(chalkers(2, 1, 2)).failure.kind in FAILURES


WIND_LEVEL = a_level(
    {name: CHALK.format(name=name, times=1) for name in ("ada", "bob")},
    {"tally": Value()},
    {"ada": {"tally": "tally"}, "bob": {"tally": "tally"}},
    win=[Reads((("tally", 1),))],
    mode="wind",
)


@pytest.mark.parametrize(
    ("wind", "word", "kind"),
    [
        ("ada bob ada bob", "PROVED", None),
        ("ada ada bob bob", "REFUTED", "wrong result"),
        ("ada bob", "REFUTED", "incomplete"),
        ("ada bob ada bob ada", "REFUTED", "incomplete"),
        ("", "REFUTED", "incomplete"),
    ],
)
def test_a_wind_level_judges_the_players_own_wind(wind, word, kind):
    verdict = check_answer(WIND_LEVEL, Answer("test", winds=(wind,))).verdict
    assert (verdict.word, verdict.failure and verdict.failure.kind) == (word, kind)


def test_a_failing_wind_leads_to_the_failure_it_names():
    system = chalkers(3, 2, 6)
    failure = check(system).failure
    trace, world = system.follow(failure.wind)
    assert (trace.events, all(life in ENDED for life in world.lives)) == (failure.trace.events, True)
    assert dict(system.view(world.channels).readings)["tally"] < 6


def test_the_point_of_no_return_is_the_step_after_which_every_wind_fails():
    failure = check(chalkers(2, 1, 2)).failure
    assert (failure.wind, failure.no_return) == (("a", "b", "b", "a"), 2)
    system = chalkers(2, 1, 2)
    for steps in range(5):
        _, world = system.follow(failure.wind[:steps])
        todo, saved = [world], False
        while todo:
            here = todo.pop()
            moves = system.moves(here)
            todo += [move.world for move in moves]
            saved |= not moves and dict(system.view(here.channels).readings)["tally"] == 2
        assert saved == (steps < failure.no_return)


def test_what_can_never_end_well_has_no_return_from_the_start():
    assert check(a_system({"ada": "def ada():\n    deliver(1)\n"}, win=[Log((2,))])).failure.no_return == 0


READERS_FIRST = """def {0}(turn, room, readers):
    while True:
        with turn:
            readers.value += 1
            if readers.value == 1:
                room.acquire()
        with turn:
            readers.value -= 1
            if readers.value == 0:
                room.release()
"""
ONE_AT_A_TIME = "def {0}(turn, room, readers):\n    while True:\n        with room:\n            pass\n"
WRITER = "def eve(room):\n    with room:\n        deliver(1)\n"


def notice_board(reader):
    people = {name: {"turn": "turn", "room": "room", "readers": "readers"} for name in ("ada", "bob")}
    return a_system(
        {"ada": reader.format("ada"), "bob": reader.format("bob"), "eve": WRITER},
        {"turn": Lock(), "room": Lock(), "readers": Value()},
        people | {"eve": {"room": "room"}},
        win=[NoStarvation(("eve",))],
    )


def test_readers_who_wave_each_other_in_starve_the_writer():
    failure = check(notice_board(READERS_FIRST)).failure
    assert (failure.kind, failure.clerks) == ("starvation", ("eve",))
    assert failure.message.startswith("eve waits for room, which")
    assert "eve" not in failure.wind[failure.loop :]


def test_a_lock_that_comes_free_again_and_again_starves_nobody_who_is_let_try():
    assert check(notice_board(ONE_AT_A_TIME)).word == "PROVED"


class Loud(NullTranslations):
    """A language in which every template is shouted, and its parts are left alone."""

    def gettext(self, message):
        return re.sub(r"[^{}]+(?![^{}]*})", lambda words: words.group().upper(), message)

    def ngettext(self, one, many, number):
        return self.gettext(one if number == 1 else many)


def test_what_the_inspector_says_can_be_said_in_another_language():
    verdict = check(chalkers(2, 1, 2))
    assert translate(verdict.covered, Loud()) == "ALL 12 STATES"
    assert translate(verdict.failure.message, Loud()) == (
        "tally READS 1, NOT 2: a READ tally BEFORE b WROTE 1, AND WRITES 1 OVER IT: b'S UPDATE IS LOST"
    )
    assert translate(say_outcome(verdict.outcomes[0]), Loud()) == "tally READS 1"
    stuck = check(locked_chalkers(20), Limits(states=2))
    assert translate(stuck.covered, Loud()).endswith("STOPPED BY 2 STATES")
    assert translate(PeakAtMost((("belt", 3),)).words(), Loud()) == "NEVER MORE THAN 3 ON belt"
    assert translate(Within((("tally", 0, 3),)).words(), Loud()) == "tally ALWAYS READS 0 TO 3"
    assert translate(Either((("a",), ())).words(), Loud()) == "DELIVERED, ANY ORDER: a; OR NOTHING"
    assert translate(Soon("a", "b", 1).words(), Loud()) == "b SOON AFTER a, BEHIND 1 OTHER AT MOST"
    script = both_keys("key", "key").replace("red, blue", "key").format("ada")
    keys = a_system({"ada": script}, {"key": Lock()}, {"ada": {"key": "key"}})
    assert translate(check(keys).failure.message, Loud()).endswith(", AND ONLY ada ITSELF COULD END THAT")


@pytest.mark.parametrize(
    ("things", "kind"),
    [
        ("", None),
        ("cake", None),
        ("cake posted", None),
        ("posted cake tea", None),
        ("posted tea cake", None),
        ("posted tea tea cake", "out of order"),
        ("tea posted", "lost token"),
    ],
)
def test_one_thing_comes_soon_after_another_or_before_it(things: str, kind: str | None):
    delivered = "".join(f"    deliver({thing!r})\n" for thing in things.split()) or "    pass\n"
    system = a_system({"ada": f"def ada():\n{delivered}"}, win=[Soon("posted", "cake", 1)])
    failure = check(system).failure
    assert (failure.kind if failure else None) == kind


def test_the_order_of_deliveries_counts_where_one_must_come_soon():
    scripts = {
        "ada": "def ada():\n    deliver('posted')\n    deliver('cake')\n",
        "bob": "def bob():\n    deliver('tea')\n",
    }
    assert check(a_system(scripts, win=[Soon("posted", "cake", 1)])).word == "PROVED"
    verdict = check(a_system(scripts, win=[Soon("posted", "cake")]))
    assert format_wind(verdict.failure.wind) == "ada bob ada"


@pytest.mark.parametrize(
    ("things", "kind"),
    [("a", None), ("b a", None), ("", "lost token"), ("a a", "wrong result"), ("b", "wrong result")],
)
def test_one_of_several_collections_is_delivered(things: str, kind: str | None):
    delivered = "".join(f"    deliver({thing!r})\n" for thing in things.split()) or "    pass\n"
    failure = check(a_system({"ada": f"def ada():\n{delivered}"}, win=[Either((("a",), ("a", "b")))])).failure
    assert (failure.kind if failure else None) == kind
    if things == "b":
        assert failure.message == "delivered b where a; or a, b was wanted"


@pytest.mark.parametrize(
    ("board", "script", "told"),
    [
        (Value(initial=1), "tally.value -= 1", None),
        (
            Value(initial=1),
            "tally.value -= 2\n    tally.value = 0",
            "tally reads -1, less than 0",
        ),
        (
            Value(initial=1),
            "tally.value += 2\n    tally.value = 0",
            "tally reads 3, more than 2",
        ),
        (Array(initial=(0, 1)), "tally[1] = 5", "tally reads (0, 5), more than 2"),
    ],
)
def test_a_board_stays_within_its_bounds_at_every_moment(board: Value | Array, script: str, told: str | None):
    system = a_system(
        {"ada": f"def ada(tally):\n    {script}\n"},
        {"tally": board},
        {"ada": {"tally": "tally"}},
        win=[Within((("tally", 0, 2),))],
    )
    failure = check(system).failure
    assert (failure and (failure.kind, failure.message)) == (told and ("out of bounds", told))


def test_a_goal_broken_on_the_way_is_named_though_it_could_go_round_there_for_ever():
    system = a_system(
        {
            "ada": "def ada(s, v):\n    s.put(1)\n    while True:\n        v.value = 1 - v.value\n",
            "bob": "def bob(s, v):\n    s.put(2)\n",
        },
        {"s": SimpleQueue(capacity=2), "v": Value()},
        {"ada": {"s": "s", "v": "v"}, "bob": {"s": "s", "v": "v"}},
        win=[PeakAtMost(bounds=(("s", 1),))],
    )
    failure = check(system).failure
    assert (failure.kind, failure.loop) == ("overflow", None)


@pytest.mark.parametrize(
    "loop",
    [
        "while kit.is_alive():\n        pass",
        "while kit.is_alive():\n        r.closed",
        "while kit.exitcode is None:\n        kit.join(timeout=1)",
        "while kit.sentinel not in wait([r, kit.sentinel]):\n        pass",
        "while kit.is_alive():\n        wait([kit.sentinel])",
    ],
)
def test_who_goes_on_looking_whether_a_process_has_ended_sees_so_in_the_end(loop: str):
    # Its end is seen in parts, and each look may come too early, but not one after the other for ever.
    scripts = {"boss": f"def boss(kit, r):\n    {loop}\n", "kit": "def kit(w):\n    w.close()\n"}
    gets = {"boss": {"kit": "@kit", "r": "tube.r"}, "kit": {"w": "tube.w"}}
    assert check(a_system(scripts, {"tube": Pipe(duplex=False)}, gets)).word == "PROVED"


def test_clerks_who_get_nowhere_while_somebody_s_end_has_not_been_seen_do_get_nowhere():
    scripts = {
        "ada": POLITE.format("ada").replace("mine, other", "mine, other, kit, r") + "    kit.is_alive()\n",
        "bob": POLITE.format("bob"),
        "kit": "def kit(w):\n    w.close()\n",
    }
    gets = {
        "ada": {"mine": "red", "other": "blue", "kit": "@kit", "r": "tube.r"},
        "bob": {"mine": "blue", "other": "red"},
        "kit": {"w": "tube.w"},
    }
    channels = {"red": Lock(), "blue": Lock(), "tube": Pipe(duplex=False)}
    assert check(a_system(scripts, channels, gets)).failure.kind == "livelock"
