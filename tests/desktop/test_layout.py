"""Placement: nothing overlaps, nothing leaves the board, producers stand before consumers."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.desktop.layout import FAR, NEAR, USE, Box, Cast, Link, Thing, arrange, cast_of
from game.desktop.staging import Staging, sign_room
from game.desktop.theme import Theme
from game.level.model import Answer
from game.level.reader import read_level
from game.plugins import load_registry
from game.story import Spot, Token
from game.world import build

SHAPES = ("belt", "chute", "tube", "tally", "cards", "key", "box", "bell")
CLERKS = (
    *("ada", "bob", "cy", "dee", "eve", "fay", "gus", "hal"),
    *("ida", "jon", "kit", "lea", "max", "nora", "otis", "pia"),
)


@st.composite
def casts(draw: st.DrawFn) -> Cast:
    clerks = CLERKS[: draw(st.integers(1, 8) | st.integers(9, 16))]
    things = tuple(
        Thing(f"thing{index}", shape, draw(st.integers(1, 12)) if shape == "cards" else 0)
        for index, shape in enumerate(draw(st.lists(st.sampled_from(SHAPES), max_size=10)))
    )
    links = []
    for thing in things:
        for clerk in draw(st.lists(st.sampled_from(clerks), max_size=8, unique=True)):
            flow = thing.shape in ("belt", "chute", "tube")
            links.append(Link(clerk, thing.name, draw(st.sampled_from((NEAR, FAR))) if flow else USE))
    belts = {thing.name for thing in things if thing.shape == "belt"}
    trays = tuple((link.clerk, link.channel) for link in links if link.channel in belts and link.port == NEAR)
    return Cast(clerks, things, tuple(links), trays, draw(st.booleans()), draw(st.booleans()))


@settings(max_examples=120, deadline=None)
@given(casts(), st.integers(480, 1400), st.integers(360, 900))
def test_nothing_overlaps_and_nothing_leaves_the_board(cast: Cast, width: int, height: int):
    plan = arrange(cast, width, height)
    board = Box(0, 0, width, height)
    boxes = plan.boxes()
    assert set(plan.clerks) == set(cast.clerks)
    assert set(plan.channels) == {thing.name for thing in cast.things}
    assert [box for box in boxes if not board.holds(box)] == []
    assert [(a, b) for a, b in itertools.combinations(boxes, 2) if a.overlaps(b)] == []


@settings(max_examples=40, deadline=None)
@given(casts())
def test_trays_and_cards_stay_inside_their_clerks_place(cast: Cast):
    plan = arrange(cast, 640, 420)
    assert set(plan.trays) == set(cast.trays)
    for (clerk, _), tray in plan.trays.items():
        assert plan.clerks[clerk].holds(tray)
        assert not tray.overlaps(plan.cards[clerk])
    for name, card in plan.cards.items():
        assert plan.clerks[name].holds(card)


@settings(max_examples=40, deadline=None)
@given(casts())
def test_every_link_has_a_way_that_starts_and_ends_at_its_boxes(cast: Cast):
    plan = arrange(cast, 700, 500)
    assert set(plan.routes) == set(cast.links)
    for link, route in plan.routes.items():
        source = plan.trays.get((link.clerk, link.channel), plan.cards[link.clerk])
        source = source if link.port == NEAR else plan.cards[link.clerk]
        assert source.has(route.start, 1e-6)
        assert plan.channels[link.channel].has(route.end, 1e-6)


@settings(max_examples=20, deadline=None)
@given(casts())
def test_the_same_cast_stands_in_the_same_places(cast: Cast):
    assert arrange(cast, 800, 500) == arrange(cast, 800, 500)


def a_belt_between(near: tuple[str, ...], far: tuple[str, ...]) -> Cast:
    links = [Link(clerk, "belt", NEAR) for clerk in near] + [Link(clerk, "belt", FAR) for clerk in far]
    clerks = tuple(dict.fromkeys(near + far))
    return Cast(clerks, (Thing("belt", "belt"),), tuple(links), tuple((c, "belt") for c in near))


def test_producers_stand_left_of_their_belt_and_consumers_right():
    plan = arrange(a_belt_between(("ada", "bob"), ("cy",)), 600, 420)
    assert plan.clerks["ada"].right < plan.channels["belt"].x
    assert plan.clerks["bob"].right < plan.channels["belt"].x
    assert plan.channels["belt"].right < plan.clerks["cy"].x
    assert plan.facing == {"belt": 1}


def test_a_belt_that_leads_back_faces_left():
    links = (
        Link("ada", "ask", NEAR),
        Link("bob", "ask", FAR),
        Link("bob", "reply", NEAR),
        Link("ada", "reply", FAR),
    )
    plan = arrange(Cast(("ada", "bob"), (Thing("ask", "belt"), Thing("reply", "belt")), links), 600, 420)
    assert plan.facing == {"ask": 1, "reply": -1}
    assert plan.channels["ask"].center[0] == pytest.approx(plan.channels["reply"].center[0])
    assert plan.clerks["ada"].right < plan.channels["ask"].x < plan.clerks["bob"].x


@pytest.mark.parametrize(("first", "port"), [("bob", NEAR), ("bob", FAR), ("ada", NEAR), ("ada", FAR)])
def test_nothing_moves_while_a_second_tube_is_given_end_by_end(first, port):
    tubes = (Thing("letters", "tube"), Thing("stamps", "tube"))
    held = (Link("ada", "letters", NEAR), Link("bob", "letters", FAR))
    second, other = ("ada" if first == "bob" else "bob"), FAR if port == NEAR else NEAR
    one, both = Link(first, "stamps", port), Link(second, "stamps", other)
    plans = [
        arrange(Cast(("ada", "bob"), tubes, (*held, *links)), 540, 320) for links in ((), (one,), (one, both))
    ]
    assert all(plan.boxes() == plans[0].boxes() for plan in plans[1:])
    assert plans[1].facing == plans[2].facing


@pytest.mark.parametrize("port", [NEAR, FAR])
def test_who_has_nothing_yet_stands_at_the_free_end_of_a_belt(port):
    clerks, belt = ("ada", "bob"), (Thing("belt", "belt"),)
    one, both = Link("bob", "belt", port), Link("ada", "belt", FAR if port == NEAR else NEAR)
    before, after = (arrange(Cast(clerks, belt, links), 700, 500) for links in ((one,), (one, both)))
    assert before.boxes() == after.boxes()


def test_who_is_to_put_stands_before_the_belt_already_while_nobody_puts():
    path = Path(__file__).resolve().parents[2] / "levels/post_office/13-nobody-told-the-boss.yaml"
    level = read_level(path, load_registry(entry_points=False))
    starter, solved = (cast_of(build(level, answer)) for answer in (Answer(level.id), level.reference))
    assert starter.links == solved.links and Link("pip", "belt", NEAR) in starter.links


def test_a_shared_board_hangs_above_the_clerks_who_chalk_on_it():
    links = tuple(Link(clerk, "tally", USE) for clerk in ("ada", "bob"))
    plan = arrange(Cast(("ada", "bob"), (Thing("tally", "tally"),), links, notes=True), 560, 392)
    assert plan.channels["tally"].bottom < min(box.y for box in plan.clerks.values())
    assert plan.clerks["ada"].right < plan.clerks["bob"].x
    assert plan.counter is not None and plan.counter.y > plan.clerks["ada"].bottom


def test_a_bigger_board_never_makes_things_smaller():
    cast = a_belt_between(("ada", "bob", "cy"), ("dee",))
    factors = [arrange(cast, width, width * 0.7).factor for width in (480, 640, 800, 1000)]
    assert factors == sorted(factors)


def test_the_office_without_channels_is_a_row_of_clerks():
    plan = arrange(Cast(("ada", "bob")), 560, 392)
    assert plan.clerks["ada"].y == plan.clerks["bob"].y


@settings(max_examples=40, deadline=None)
@given(casts(), st.integers(480, 800), st.integers(340, 500))
def test_what_lies_in_an_out_tray_lies_clear_of_its_clerks_card(cast: Cast, width: int, height: int):
    plan = arrange(cast, width, height)
    staging = Staging(plan, {})
    for (clerk, channel), tray in plan.trays.items():
        tokens = tuple(Token(slot, 10**slot, Spot("tray", channel, clerk, slot)) for slot in range(6))
        for stay in staging._lay(SimpleNamespace(tokens=tokens)).stays.values():
            top = stay.at[1] - stay.size[1] / 2
            assert top >= plan.cards[clerk].bottom, (tray, stay)


@pytest.mark.parametrize("factor", [0.3, 0.43, 0.6, 0.84, 1.0, 1.25])
def test_the_counters_sign_has_room_for_its_word(factor: float):
    theme = Theme()
    plate = sign_room(factor) - 12 - 10 * factor
    assert theme.width("counter", size=max(11, 12 * factor), weight="bold") <= plate - 4


def test_an_office_without_clerks_has_places_for_what_stands_there():
    assert arrange(Cast(()), 600, 400).boxes() == []
    shared = arrange(Cast((), (Thing("a", "tally"), Thing("b", "key"), Thing("c", "belt"))), 600, 400)
    assert set(shared.channels) == {"a", "b", "c"}
    only = arrange(Cast((), (Thing("a", "tally"), Thing("b", "key"))), 600, 400)
    assert not only.channels["a"].overlaps(only.channels["b"])
    assert only.channels["a"].w > 100, "large enough to be read"
