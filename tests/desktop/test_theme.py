"""Colours, fonts and scales."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from game import places
from game.desktop.looks import PALETTES, SAFE_CLERKS
from game.desktop.theme import CLERK_LOOKS, SIZES, Colour, Keep, Palette, Theme, asset_path, contrast, render

PALETTE = Palette()

# Machado, Oliveira and Fernandes 2009, severity 1: what the three kinds of dichromats see.
SIGHTS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def seen(colour: Colour, sight: str) -> tuple[float, float, float]:
    """A colour in CIELAB, as somebody with this sight sees it."""
    linear = [v / 255 / 12.92 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in colour]
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in SIGHTS[sight]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize(
    ("looks", "clerks", "apart"),
    [
        (CLERK_LOOKS, 2, 30),
        (CLERK_LOOKS, 6, 15),
        (CLERK_LOOKS, 16, 9),
        (SAFE_CLERKS, 8, 32),
        (SAFE_CLERKS, 16, 19),
    ],
)
def test_clerks_are_told_apart_by_every_kind_of_sight(looks, clerks, apart):
    for one, other in combinations(looks[:clerks], 2):
        for sight in SIGHTS:
            assert math.dist(seen(one.fill, sight), seen(other.fill, sight)) >= apart, (one, other, sight)


def test_clerks_are_told_apart_without_colour():
    assert len({look.pattern for look in CLERK_LOOKS}) == len({look.shape for look in CLERK_LOOKS}) == 16


@pytest.mark.parametrize("name", PALETTES)
def test_words_stand_out_from_every_ground_they_are_put_on(name):
    p, looks = PALETTES[name]
    pairs = [
        *((ink, ground) for ink in (p.ink, p.muted) for ground in (p.card, p.paper, p.desk)),
        *((ink, ground) for ink in (p.post, p.teal, p.brass_ink) for ground in (p.card, p.paper)),
        (p.teal, p.teal_tint), (p.post_deep, p.post_tint), (p.brass_ink, p.brass_tint), (p.card, p.post),
        (p.on_ink, p.ink), (p.on_ink_muted, p.ink), (p.teal_light, p.ink_soft), (p.brass_light, p.ink_soft),
        *((ink, p.slate) for ink in (p.code, p.code_keyword, p.code_name, p.code_number, p.code_text,
                                     p.code_comment, p.code_wrong_ink, p.brass_light)),
        (p.code, p.code_selected), (p.code, p.code_wrong), (p.chalk, p.board), (p.chalk_faint, p.board),
    ]  # fmt: skip
    clerks = [*((look.ink, look.fill) for look in looks), *((look.deep, p.card) for look in looks)]
    assert [pair for pair in pairs if contrast(*pair) < (7 if name == "contrast" else 4.5)] == []
    assert [pair for pair in clerks if contrast(*pair) < 4.5] == []


@pytest.mark.parametrize("name", PALETTES)
def test_good_and_bad_are_told_apart_by_every_kind_of_sight(name):
    palette, _ = PALETTES[name]
    apart = [math.dist(seen(palette.post, sight), seen(palette.teal, sight)) for sight in SIGHTS]
    assert min(apart) >= (40 if name == "safe" else 10)


def test_every_font_there_is_loads_at_every_scale():
    for scale in (0.75, 1.0, 2.5):
        theme = Theme(scale)
        for role in ("interface", "voice", "code"):
            for weight in ("regular", "bold", "italic"):
                heights = [theme.font(role, size, weight).get_height() for size in SIZES]
                assert heights == sorted(heights)


def test_a_scale_stays_between_its_ends_and_no_length_vanishes():
    assert (Theme(9).scale, Theme(0.1).scale) == (2.5, 0.75)
    assert (Theme(0.75).px(0.4), Theme(2.0).px(1), Theme(1.0).px(0), Theme(0.75).px(-0.4)) == (1, 2, 0, -1)


def test_signs_of_code_are_not_joined_into_others():
    font = Theme().font("code", 40)
    apart = render(font, "->", (0, 0, 0), "code")
    assert apart.get_width() == font.size("-")[0] + font.size(">")[0]
    joined = font.render("->", True, (0, 0, 0))
    minus = font.render("-", True, (0, 0, 0))
    half = (0, 0, minus.get_width(), minus.get_height())
    assert apart.subsurface(half).get_bounding_rect() == minus.get_bounding_rect()
    assert joined.subsurface(half).get_bounding_rect() != minus.get_bounding_rect()


def test_a_text_is_made_once():
    theme = Theme()
    assert theme.text("tea", PALETTE.ink) is theme.text("tea", PALETTE.ink)
    assert theme.text("tea", PALETTE.ink) is not theme.text("tea", PALETTE.post)


def test_what_was_not_used_for_longest_is_forgotten_first():
    keep: Keep[str] = Keep(3, len)
    keep.get("a", lambda: "x")
    keep.get("b", lambda: "y")
    keep.get("a", lambda: "x")
    keep.get("c", lambda: "zz")
    assert (len(keep), keep.weight) == (2, 3)
    made = []
    keep.get("a", lambda: made.append(1) or "again")
    assert made == []


def test_assets_are_found_inside_an_installed_package_too(tmp_path, monkeypatch):
    inside = tmp_path / "game" / "_data" / "assets" / "fonts" / "x.ttf"
    inside.parent.mkdir(parents=True)
    inside.write_bytes(b"")
    monkeypatch.setattr(places, "__file__", str(tmp_path / "game" / "places.py"))
    assert asset_path("fonts/x.ttf") == inside


def test_a_missing_asset_is_named():
    with pytest.raises(FileNotFoundError, match=r"fonts/Comic\.ttf"):
        asset_path("fonts/Comic.ttf")
