"""The look a player chose: their settings, made a Theme; and the palettes there are to choose from.

`paper` is the game as it was drawn. `contrast` has black on white wherever something is read, and dark rims.
`safe` says good and bad in blue and orange, and its clerks' colours stay far apart in every kind of sight.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from gettext import NullTranslations
from typing import Final

from game.catalogues import OWN, catalogue, languages
from game.desktop.keys import Bindings
from game.desktop.settings import Settings
from game.desktop.theme import CLERK_LOOKS, ClerkLook, Palette, Theme, clerk_look, rgb
from game.language import ENGLISH

CONTRAST: Final = Palette(
    paper=rgb("#FFFFFF"),
    desk=rgb("#F2F2F2"),
    desk_line=rgb("#C9C9C9"),
    card=rgb("#FFFFFF"),
    hover=rgb("#E4E4E4"),
    line=rgb("#5A5A5A"),
    ink=rgb("#000000"),
    ink_soft=rgb("#1C1C1C"),
    muted=rgb("#2E2E2E"),
    faint=rgb("#5E5E5E"),
    on_ink=rgb("#FFFFFF"),
    on_ink_muted=rgb("#EDEDED"),
    post=rgb("#9C0F00"),
    post_deep=rgb("#7A0B00"),
    post_tint=rgb("#FFE9E4"),
    teal=rgb("#00524B"),
    teal_tint=rgb("#E0F5F0"),
    teal_light=rgb("#9FF0E4"),
    brass=rgb("#7A5200"),
    brass_ink=rgb("#5C3D00"),
    brass_tint=rgb("#FFF4D6"),
    brass_light=rgb("#FFD97F"),
    slate=rgb("#0B1014"),
    slate_deep=rgb("#000000"),
    slate_light=rgb("#1B242B"),
    slate_line=rgb("#7F8F9B"),
    board=rgb("#102A24"),
    chalk=rgb("#FFFFFF"),
    chalk_faint=rgb("#D6EAE3"),
    focus=rgb("#003F8C"),
    focus_halo=rgb("#FFD500"),
    code=rgb("#FFFFFF"),
    code_keyword=rgb("#FFB896"),
    code_name=rgb("#A6F0E4"),
    code_number=rgb("#FFDD94"),
    code_text=rgb("#D6F5A3"),
    code_comment=rgb("#C4D0D9"),
    code_number_line=rgb("#B4C2CC"),
    code_current=rgb("#22303A"),
    code_selected=rgb("#2C4F6E"),
    code_wrong=rgb("#5A1F22"),
    code_wrong_ink=rgb("#FFB9AB"),
)
SAFE: Final = Palette(
    post=rgb("#A84300"),
    post_deep=rgb("#8A3600"),
    post_tint=rgb("#FBE6D4"),
    teal=rgb("#0B5A96"),
    teal_tint=rgb("#E1EEF8"),
    teal_light=rgb("#9CCBF2"),
    board=rgb("#1E3A52"),
    chalk_faint=rgb("#AFC4D6"),
    code_keyword=rgb("#FFB47A"),
    code_name=rgb("#9CCBF2"),
    code_text=rgb("#E9D9A6"),
    code_wrong=rgb("#4F3318"),
    code_wrong_ink=rgb("#FFB37A"),
    focus=rgb("#5B2A86"),
    focus_halo=rgb("#E4CCFF"),
)
SAFE_CLERKS: Final = tuple(
    clerk_look(fill, look.pattern, look.shape)
    for fill, look in zip(
        (
            *("#1420E0", "#F5BC10", "#C40000", "#16DDE8", "#101014", "#B74072", "#BFDC97", "#6C0093"),
            *("#8D8DEC", "#670808", "#670854", "#8D41D9", "#A0A07A", "#67B341", "#7A6741", "#EC7AB3"),
        ),
        CLERK_LOOKS,
        strict=True,
    )
)
"""In this order every first few stay as far apart as they can."""

PALETTES: Final[Mapping[str, tuple[Palette, tuple[ClerkLook, ...]]]] = {
    "paper": (Palette(), CLERK_LOOKS),
    "contrast": (CONTRAST, CLERK_LOOKS),
    "safe": (SAFE, SAFE_CLERKS),
}


def language_of(settings: Settings) -> str:
    """The language's code: the one that was chosen, or the system's where there is a catalogue for it."""
    there = languages()
    if settings.language:
        return settings.language if settings.language in there else OWN
    for wanted in (os.environ.get("LC_ALL"), os.environ.get("LC_MESSAGES"), os.environ.get("LANG"), _named()):
        if wanted:
            code = wanted.partition("_")[0].partition(".")[0].lower()
            return code if code in there else OWN
    return OWN


def _named() -> str:
    try:
        return locale.getlocale()[0] or ""
    except ValueError:  # a locale that this Python has never heard of
        return ""


def catalogue_of(settings: Settings) -> NullTranslations:
    code = language_of(settings)
    return ENGLISH if code == OWN else catalogue(code)


def theme_of(settings: Settings, scale: float) -> Theme:
    """The look at a scale, which the settings may leave to the window."""
    palette, clerks = PALETTES[settings.palette]
    return Theme(
        scale,
        palette=palette,
        looks=clerks,
        bindings=Bindings(settings.keys),
        reduced_motion=settings.reduced_motion,
        catalogue=catalogue_of(settings),
        text_scale=settings.text_scale,
    )
