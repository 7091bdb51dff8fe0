"""What a player likes, kept between games."""

import pytest

from game.desktop.settings import FILE, SPEEDS, Settings, keep_settings, next_of, read_settings


def test_settings_come_back_as_they_were_kept(tmp_path):
    settings = Settings(
        scale=1.5,
        text_scale=1.15,
        speed=4.0,
        reduced_motion=True,
        full_screen=True,
        language="de",
        palette="contrast",
        volume=0.25,
        muted=True,
        captions=True,
        keys={"run": "F4"},
    )
    keep_settings(tmp_path / "new", settings)
    assert read_settings(tmp_path / "new") == settings


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"scale": "big", "speed": null, "reduced_motion": 1, "language": 3, "keys": ["F5"]}',
        b'{"scale": NaN}',
    ],
)
def test_damaged_settings_are_as_if_never_chosen(tmp_path, damaged):
    (tmp_path / FILE).write_bytes(damaged)
    assert read_settings(tmp_path) == Settings()


def test_settings_out_of_bounds_are_brought_back(tmp_path):
    (tmp_path / FILE).write_text('{"scale": 99, "speed": 3.1}')
    assert read_settings(tmp_path) == Settings(scale=2.5, speed=4.0)


def test_a_step_along_a_row_stops_at_its_ends():
    assert next_of(SPEEDS, 1.0, 1) == 2.0
    assert next_of(SPEEDS, 16.0, 1) == 16.0
    assert next_of(SPEEDS, 0.25, -1) == 0.25
