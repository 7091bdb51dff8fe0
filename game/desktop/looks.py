"""The look a player chose: their settings, made a Theme."""

from __future__ import annotations

import locale
import os
from gettext import NullTranslations

from game.catalogues import OWN, catalogue, languages
from game.desktop.settings import Settings
from game.desktop.theme import Theme
from game.language import ENGLISH


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
    return Theme(
        scale,
        reduced_motion=settings.reduced_motion,
        catalogue=catalogue_of(settings),
        text_scale=settings.text_scale,
    )
