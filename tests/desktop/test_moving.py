"""The moving picture: every moment is in it, for as long as it should stand; a long run stays bounded."""

from __future__ import annotations

import io

import pytest
from offices import OFFICES, a_race
from PIL import Image

from game.desktop import moving
from game.export.telling import Telling


def shown(make, wind):
    system = make()
    trace, _ = system.follow(wind.split())
    return Image.open(io.BytesIO(moving.export_gif(Telling(system, trace, "REFUTED", "a stroke is lost"))))


def test_it_loops_and_stands_at_every_moment():
    picture = shown(a_race, "ada bob ada bob")
    assert (picture.format, picture.size, picture.info["loop"]) == ("GIF", moving.SIZE, 0)
    times = []
    for number in range(picture.n_frames):
        picture.seek(number)
        times.append(picture.info["duration"])
    assert times[0] == moving.OPENING and times[-1] == moving.CLOSING
    assert times.count(moving.REST) == 3  # of five moments the first and the last stand longer
    assert sum(times) == moving.OPENING + 3 * moving.REST + moving.CLOSING + 4 * moving.SMOOTH * moving.TWEEN


def test_the_board_changes_and_what_stands_still_does_not_flicker():
    picture = shown(a_race, "ada bob ada bob")
    first = picture.convert("RGB")
    picture.seek(picture.n_frames - 1)
    last = picture.convert("RGB")
    board = (8, moving.HEAD + 8, moving.SIZE[0] - 8, moving.SIZE[1] - moving.FOOT - 8)
    assert first.crop(board).tobytes() != last.crop(board).tobytes()
    head = (0, 0, moving.SIZE[0], moving.HEAD)
    assert first.crop(head).tobytes() == last.crop(head).tobytes()


def test_a_long_run_has_fewer_pictures_on_the_way(monkeypatch):
    monkeypatch.setattr(moving, "MOST", 8)
    assert shown(a_race, "ada bob ada bob").n_frames == 5 + 4 * 1


@pytest.mark.parametrize(("make", "wind"), [OFFICES[name] for name in sorted(OFFICES)][:4])
def test_offices_with_other_things_in_them_are_drawn(make, wind):
    assert shown(make, wind).n_frames >= len(wind.split()) + 1
