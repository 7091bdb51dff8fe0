"""The failing wind in a few pictures: which they are, and that one gets there by them."""

from pathlib import Path

import pytest
from offices import a_film, a_napping_cat, a_post_office, a_race, two_keys
from player import Player

import pygame  # isort: skip

from game.desktop.film_strip import FEWEST, MOST, FilmStrip, decisive
from game.desktop.shot import _judge
from game.desktop.theme import Theme

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"
COACH = LEVELS / "24-last-seat-on-the-coach.yaml"


def moments(film, *more):
    return [shot.moment for shot in decisive(film, *more)]


def test_a_lost_stroke_is_told_by_its_read_the_write_between_and_the_write_over_it():
    assert moments(a_film(a_race(), "ada bob ada bob")) == [2, 3, 4]


def test_a_deadlock_is_told_by_who_had_to_wait():
    told = decisive(a_film(two_keys(), "ada bob"), ("ada", "bob"))
    assert [shot.moment for shot in told] == [0, 1, 2]
    assert told[-1].caption.endswith("Now nobody can move")


def test_the_cat_is_told():
    assert 2 in moments(a_film(a_napping_cat(), "ada cat:ada"))


def test_the_point_of_no_return_is_told():
    film = a_film(a_post_office(), "ada ada ~belt/ada bob ~belt/ada ada bob bob")
    assert 4 in moments(film, (), 4)


@pytest.mark.parametrize("steps", range(9))
def test_there_are_never_too_many_and_hardly_ever_too_few(steps):
    wind = ["ada", "ada", "~belt/ada", "bob", "~belt/ada", "ada", "bob", "bob"][:steps]
    film = a_film(a_post_office(), " ".join(wind))
    told = moments(film)
    assert min(FEWEST, steps + 1) <= len(told) <= MOST
    assert told == sorted(set(told)) and told[-1] == len(film)


def test_pictures_come_one_a_drawing_unless_all_are_wanted_at_once():
    film, theme = a_film(a_race(), "ada bob ada bob"), Theme()
    surface, rect = pygame.Surface((240, 900)), pygame.Rect(0, 0, 240, 900)
    strip = FilmStrip(lambda _: None)
    strip.show(film)
    for count in (1, 2, 3):
        strip.paint(surface, theme, rect, 0.0)
        assert len(strip._pictures) == count and strip.pending
    strip.paint(surface, theme, rect, 0.0)
    assert not strip.pending
    strip.show(None)
    assert strip.paint(surface, theme, rect, 0.0) == 0 and strip.shots == ()
    strip.at_once = True
    strip.show(film)
    strip.paint(surface, theme, rect, 0.0)
    assert len(strip._pictures) == 3 and not strip.pending


def test_captions_and_pictures_keep_clear_of_each_other():
    strip = FilmStrip(lambda _: None)
    strip.at_once = True
    strip.show(a_film(two_keys(), "ada bob"), ("ada", "bob"), 1)
    high = strip.paint(pygame.Surface((240, 900)), Theme(), pygame.Rect(0, 0, 240, 900), 0.0)
    rects = [one.rect for one in strip.shots]
    assert all(rects[n].bottom <= rects[n + 1].top for n in range(len(rects) - 1))
    assert rects[-1].bottom <= high


@pytest.fixture
def refused(tmp_path):
    player = Player(tmp_path)
    scene = player.open(COACH)
    _judge(scene, 0)
    for _ in range(8):
        player.frame()
    yield player, scene
    player.close()


def test_a_picture_that_is_pressed_takes_one_there(refused):
    player, scene = refused
    second = scene._story.strip.shots[1]
    player.click(second.rect.center)
    assert scene.work.playback.position == second.shot.moment


def test_by_keyboard_as_well(refused):
    player, scene = refused
    first = scene._story.strip.shots[0]
    scene.focus.give(scene._story.scroll, ring=True)
    player.key(pygame.K_TAB)
    assert scene.focus.current is first
    player.key(pygame.K_RETURN)
    assert scene.work.playback.position == first.shot.moment


def test_the_strip_goes_with_the_verdict(refused):
    player, scene = refused
    name = scene.desk.current
    scene._edit(name, "def clerk(seats):\n    pass\n")
    player.app.invalidate()
    player.frame()
    assert scene._story.strip.shots == ()


def test_the_strip_follows_the_film_unless_somebody_reads_there(refused):
    player, scene = refused
    assert scene._story.scroll.offset == 0
    player.key(pygame.K_END, pygame.KMOD_LALT)
    player.frame()
    player.app.invalidate()
    player.frame()
    last = scene._story.strip.shots[-1]
    assert scene._story.scroll.offset > 0 and scene._story.scroll.rect.contains(last.rect)
    player.point(scene._story.scroll.rect.center)
    there = scene._story.scroll.offset
    player.key(pygame.K_HOME, pygame.KMOD_LALT)
    player.frame()
    assert scene._story.scroll.offset == there
