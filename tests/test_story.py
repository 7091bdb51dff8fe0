"""A run told step by step: what moved, who holds which number, what was lost, in words."""

from __future__ import annotations

import dataclasses

import pytest
from builders import a_system
from offices import a_dismissal, a_napping_cat

from game.channels.array import SharedArray
from game.channels.barrier import Barrier
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.semaphore import Semaphore
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.story import (
    Film,
    Flight,
    Folding,
    Ghost,
    Knot,
    Lost,
    Past,
    Reading,
    Span,
    Spot,
    Token,
    owner,
    text_of,
    who,
)
from game.trace import Trace
from game.world import CannotMove, System


def a_film(system: System, wind: str) -> Film:
    trace, _ = system.follow(wind.split())
    assert len(trace.events) == len(wind.split())
    return Film(system, trace)


def captions(film: Film) -> list[str]:
    return [frame.caption for frame in film.frames[1:]]


def chalkers(count: int = 2, text: str = "tally.value += 1") -> System:
    names = ("ada", "bob", "cleo")[:count]
    scripts = {name: f"def {name}(tally):\n    {text}\n" for name in names}
    return a_system(scripts, {"tally": SharedValue(initial=41)}, {name: {"tally": "tally"} for name in names})


def a_post_office(letters: str = "'letter'") -> System:
    return a_system(
        {
            "ada": f"def ada(belt):\n    for thing in [{letters}]:\n        belt.put(thing)\n",
            "bob": "def bob(belt):\n    deliver(belt.get())\n",
        },
        {"belt": Queue()},
        {"ada": {"belt": "belt"}, "bob": {"belt": "belt"}},
    )


def two_keys() -> System:
    return a_system(
        {
            "ada": "def ada(red, blue):\n    with red:\n        with blue:\n            deliver(1)\n",
            "bob": "def bob(red, blue):\n    with blue:\n        with red:\n            deliver(2)\n",
        },
        {"red": Lock(), "blue": Lock()},
        {name: {"red": "red", "blue": "blue"} for name in ("ada", "bob")},
    )


def test_a_lost_update_is_told_and_named_when_it_happens():
    film = a_film(chalkers(), "ada bob ada bob")
    assert captions(film) == [
        "ada reads 41 from tally",
        "bob reads 41 from tally",
        "ada chalks 42 on tally and goes home",
        "bob chalks 42 on tally, over ada's 42: a stroke is lost; bob goes home",
    ]
    assert [frame.lost for frame in film.frames] == [
        None, None, None, None, Lost("bob", "ada", "tally", "", 42, 42),
    ]  # fmt: skip


def test_a_number_read_stays_in_the_hand_until_it_is_written_back():
    film = a_film(chalkers(), "ada bob ada bob")
    assert [frame.ghosts for frame in film.frames] == [
        (),
        (Ghost("ada", "tally", "", 41, ""),),
        (Ghost("ada", "tally", "", 41, ""), Ghost("bob", "tally", "", 41, "")),
        (Ghost("bob", "tally", "", 41, "ada"),),
        (),
    ]


def test_a_write_after_a_fresh_read_loses_nothing():
    film = a_film(chalkers(), "ada ada bob bob")
    assert [frame.lost for frame in film.frames] == [None] * 5
    assert film.frames[-1].pasts == (Past("tally", "", 42, "bob"),)


def test_a_board_remembers_what_it_read_and_who_wrote():
    film = a_film(chalkers(), "ada ada bob bob")
    assert film.readings == {"tally": (Reading(0, 41, ""), Reading(2, 42, "ada"), Reading(4, 43, "bob"))}


def test_cards_are_told_apart():
    system = a_system(
        {
            "ada": "def ada(seats):\n    seats[1] += 1\n",
            "bob": "def bob(seats):\n    seats[0] = 9\n    seats[-1] = 8\n",
        },
        {"seats": SharedArray(initial=(3, 1))},
        {"ada": {"seats": "seats"}, "bob": {"seats": "seats"}},
    )
    film = a_film(system, "ada bob bob ada")
    assert captions(film) == [
        "ada reads 1 from seats[1]",
        "bob writes 9 into seats[0]",
        "bob writes 8 into seats[-1] and goes home",
        "ada writes 2 into seats[1], over bob's 8: an update is lost; ada goes home",
    ]
    assert film.frames[2].ghosts == (Ghost("ada", "seats", 1, 1, ""),)
    assert film.frames[3].ghosts == (Ghost("ada", "seats", 1, 1, "bob"),)


def test_a_token_is_followed_from_the_put_to_the_counter():
    film = a_film(a_post_office(), "ada ~belt/ada bob bob")
    ada, bob = Spot("clerk", "ada"), Spot("clerk", "bob")
    tray, belt, desk = Spot("tray", "belt", "ada"), Spot("items", "belt"), Spot("desk", "desk")
    assert [frame.flights for frame in film.frames] == [
        (),
        (Flight("token", "letter", ada, tray, 0),),
        (Flight("token", "letter", tray, belt, 0),),
        (Flight("token", "letter", belt, bob, 0),),
        (Flight("token", "letter", bob, desk, 1),),
    ]
    assert [frame.tokens for frame in film.frames] == [
        (),
        (Token(0, "letter", tray),),
        (Token(0, "letter", belt),),
        (),
        (Token(1, "letter", desk),),
    ]


def test_tokens_behind_move_up_and_keep_their_numbers():
    film = a_film(a_post_office("1, 1, 2"), "ada ada ada ~belt/ada ~belt/ada ~belt/ada bob")
    before, after = film.frames[-2].tokens, film.frames[-1].tokens
    assert [(token.number, token.spot.slot) for token in before] == [(0, 0), (1, 1), (2, 2)]
    assert [(token.number, token.spot.slot) for token in after] == [(1, 0), (2, 1)]


def test_a_queue_is_told_in_the_words_of_the_post_office():
    film = a_film(a_post_office(), "ada ~belt/ada bob bob")
    assert captions(film) == [
        "ada puts “letter” into the out-tray for belt",
        "ada's porter carries “letter” onto belt; ada goes home",
        "bob takes “letter” from belt",
        "bob hands “letter” over the counter and goes home",
    ]
    assert [frame.label for frame in film.frames] == [
        "",
        "put letter",
        "carry letter",
        "get letter",
        "deliver letter",
    ]


def test_a_two_way_tube_carries_tokens_both_ways():
    system = a_system(
        {
            "ada": "def ada(tube):\n    tube.send(4)\n    deliver(tube.recv())\n",
            "bob": "def bob(tube):\n    tube.send(tube.recv() * 3)\n    tube.close()\n",
        },
        {"tube": Pipe()},
        {"ada": {"tube": "tube.a"}, "bob": {"tube": "tube.b"}},
    )
    film = a_film(system, "ada bob bob ada bob bob")
    assert captions(film) == [
        "ada sends 4 into tube",
        "bob takes 4 out of tube",
        "bob sends 12 into tube",
        "ada takes 12 out of tube",
        "bob caps its copy of end b of tube",
        "bob goes home",
    ]
    ways = [
        [(flight.source.where, flight.target.where) for flight in frame.flights] for frame in film.frames[1:5]
    ]
    assert ways == [[("clerk", "items")], [("items", "clerk")], [("clerk", "back")], [("back", "clerk")]]


def test_a_key_moves_between_its_hook_and_its_holder():
    film = a_film(two_keys(), "ada ada")
    hook, ada = Spot("hook", "red"), Spot("clerk", "ada")
    assert film.frames[1].flights == (Flight("key", "red", hook, ada),)
    assert captions(film) == ["ada takes the key red", "ada takes the key blue"]
    assert [frame.label for frame in film.frames] == ["", "acquire red", "acquire blue"]


def test_a_deadlock_is_a_knot_of_clerks_who_wait_for_each_other():
    film = a_film(two_keys(), "ada bob")
    assert film.frames[1].knots == ()
    assert film.frames[2].knots == (Knot("ada", "bob"), Knot("bob", "ada"))
    assert film.frames[2].caption == "bob takes the key blue. Now nobody can move"
    assert film.waits == (
        Span("ada", 2, 2, "waits for blue, which bob holds"),
        Span("bob", 2, 2, "waits for red, which ada holds"),
    )


def test_only_those_whom_the_verdict_names_are_in_the_knot():
    once = "def {0}(door):\n    with door:\n        pass\n"
    system = a_system(
        {
            "ada": once.format("ada"),
            "eve": "def eve(door):\n    with door:\n        with door:\n            pass\n",
        },
        {"door": Semaphore()},
        {name: {"door": "door"} for name in ("ada", "eve")},
    )
    assert a_film(system, "eve").frames[1].knots == (Knot("eve", "eve"),)


def test_who_waits_for_somebody_who_will_never_come_is_in_no_knot():
    system = a_system(
        {name: f"def {name}(ferry):\n    ferry.wait()\n" for name in ("ada", "bob")},
        {"ferry": Barrier(parties=3)},
        {name: {"ferry": "ferry"} for name in ("ada", "bob")},
    )
    film = a_film(system, "ada bob")
    assert (film.frames[-1].ending, film.frames[-1].knots) == ("stuck", ())


def test_waits_for_the_same_thing_are_one_span():
    film = a_film(a_post_office(), "ada ~belt/ada bob bob")
    assert film.waits == (
        Span("ada", 1, 1, "cannot go home before the out-tray is empty"),
        Span("bob", 0, 1, "waits for a letter on belt"),
    )


def test_the_boards_own_key_is_named_after_the_board():
    film = a_film(chalkers(1, "with tally.get_lock():\n        tally.value += 1"), "ada ada ada ada")
    assert captions(film) == [
        "ada takes the key of tally",
        "ada reads 41 from tally",
        "ada chalks 42 on tally",
        "ada hangs the key of tally back on its hook and goes home",
    ]
    assert [frame.label for frame in film.frames[1:]] == ["lock", "read 41", "write 42", "unlock"]


def test_a_crash_is_told_with_its_exception():
    film = a_film(chalkers(1, "tally.value = 1 // (tally.value - 41)"), "ada")
    assert captions(film) == ["ada reads 41 from tally; nobody catches the ZeroDivisionError, so ada stops"]
    assert film.frames[1].crashed == ("ada",)
    assert film.frames[1].ending == "crashed"


def test_what_a_clerk_could_not_do_is_told_too():
    system = a_system(
        {
            "ada": "def ada(belt):\n"
            "    try:\n        belt.get_nowait()\n    except Empty:\n        belt.put(1)\n"
        },
        {"belt": Queue()},
        {"ada": {"belt": "belt"}},
    )
    film = a_film(system, "ada")
    assert captions(film) == ["ada looks for a letter on belt and finds none: Empty"]
    assert film.frames[1].label == "get: Empty"


def test_starting_and_joining_are_told_with_the_other_clerks_name():
    system = a_system(
        {
            "boss": "def boss(ann):\n    ann.start()\n    ann.join()\n",
            "ann": "def ann(chute):\n    chute.put(1)\n",
        },
        {"chute": SimpleQueue()},
        {"boss": {"ann": "@ann"}, "ann": {"chute": "chute"}},
        later=("ann",),
    )
    film = a_film(system, "boss ann boss")
    assert captions(film) == [
        "boss starts ann",
        "ann puts 1 on chute and goes home",
        "boss sees that ann has gone home and goes home",
    ]
    assert [token.value for token in film.frames[-1].left] == [1]
    assert film.frames[1].left == ()


def test_a_cut_of_the_draught_is_marked():
    film = a_film(chalkers(), "ada bob bob ada")
    assert [frame.preempts for frame in film.frames] == [False, False, True, False, False]


def test_porters_stand_below_their_clerks():
    film = a_film(a_post_office(), "ada ~belt/ada bob bob")
    assert film.agents == ("ada", "~belt/ada", "bob")


def test_a_film_that_grows_is_the_film_of_the_whole_trace():
    system = a_post_office()
    whole = a_film(system, "ada ~belt/ada bob bob")
    events = whole.trace.events
    grown = (
        Film(system, dataclasses.replace(whole.trace, events=events[:1])).then(events[1:3]).then(events[3:])
    )
    assert grown.frames == whole.frames
    assert grown.trace == whole.trace
    assert len(grown) == 4


def test_a_film_goes_on_from_the_rules_however_its_opening_is_shown():
    scripts = {
        "ada": "def ada(t):\n    t.value = 1\n    t.value = 2\n",
        "bob": "def bob(belt):\n    belt.get()\n",
    }
    given = {"ada": {"t": "t"}, "bob": {"belt": "belt"}}
    whole = a_film(a_system(scripts, {"t": SharedValue(), "belt": Queue()}, given), "ada")
    assert whole.frames[0].clerks["bob"].blocked == "waits for a letter on belt"
    opening = Film(whole.system, dataclasses.replace(whole.trace, events=()))
    first = opening.frames[0]
    views = tuple(view._replace(blocked="", line=9) for view in first.snapshot.clerks)
    shown = opening.opening_with(
        dataclasses.replace(first, snapshot=first.snapshot._replace(clerks=views), told="")
    )
    assert shown.then(whole.trace.events).frames[1:] == whole.frames[1:]


def test_a_trace_of_another_level_is_refused():
    other, _ = chalkers().follow(["ada", "bob"])
    with pytest.raises(CannotMove):
        Film(a_post_office(), other)


def test_before_the_first_step_there_is_one_frame():
    system = chalkers()
    film = Film(system, Trace("test", "", ()))
    assert [frame.caption for frame in film.frames] == ["Nobody has moved yet."]
    assert film.frames[0].movers == ("ada", "bob")


def test_agents_and_values_are_called_as_people_do():
    assert who("~belt/ada") == "ada's porter"
    assert [text_of(value) for value in ("tea", 4, None, (1, "a"))] == ["“tea”", "4", "None", "(1, a)"]


def test_the_cat_and_signals_are_told_and_belong_to_whom_they_meet():
    film = a_film(a_napping_cat(), "ada cat:ada")
    assert film.frames[2].caption == "the cat settles on ada, who never moves again. Now nobody can move"
    assert owner("cat:ada") == owner("signal:ada") == "ada"
    assert film.agents == ("ada", "bob")
    assert film.frames[2].pictures["red"].holder == "ada", "she keeps the key"
    told = [frame.caption for frame in a_film(a_dismissal(), "boss boss signal:ada signal:bob boss").frames]
    assert told[1:4] == [
        "boss sends ada the signal to stop",
        "boss sends bob the signal that nobody can refuse",
        "the signal reaches ada, whose process ends at once",
    ]
    assert told[5] == "boss sees that ada is no longer there and goes home"


def test_who_goes_on_from_the_same_moment_keeps_its_own_counter():
    system = a_system(
        {name: f"def {name}():\n    deliver('{name}')\n" for name in ("ada", "bob")},
        {},
        {"ada": {}, "bob": {}},
    )
    start = a_film(system, "")
    told = {}
    for name in ("ada", "bob"):
        trace, _ = system.follow([name])
        told[name] = start.then(trace.events)
    for name, film in told.items():
        assert film.frames[-1].snapshot.delivered == ((name, name),)
        assert film.frames[-1].tokens == (Token(0, name, Spot("desk", "desk")),)
    assert start.frames[-1].tokens == ()


def test_a_film_folded_step_by_step_is_the_film():
    system = two_keys()
    trace, _ = system.follow(["ada", "bob"])
    folding = Folding(system, trace)
    assert not folding.go_on(lambda count: count == 1) and not folding.done
    assert folding.go_on(lambda count: count == 1) and folding.done
    film, whole = Film.of(folding), Film(system, trace)
    assert (film.frames, film.waits, film.world) == (whole.frames, whole.waits, whole.world)


def test_moments_share_what_did_not_change():
    film = a_film(a_post_office("1, 1, 2"), "ada ada ada ~belt/ada ~belt/ada ~belt/ada bob bob")
    before, after = film.frames[-2:]
    assert before.pictures["belt"] is after.pictures["belt"]
    assert before.snapshot.channels[0] is after.snapshot.channels[0]
