"""The languages the game can be read in: gettext's `assets/languages/<code>/LC_MESSAGES/draughty.mo`.

English is what the sentences are written in, and needs no catalogue.
"""

from __future__ import annotations

from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

from game.language import ENGLISH, say, translate
from game.places import shipped

DOMAIN: Final = "draughty"
OWN: Final = "en"
NAME: Final = say("English")
"""What a language calls itself: the translation of this."""


NUMBER: Final = say("1,234.5")
"""For the catalogues: `game.language.NUMBER`."""


def languages_folder() -> Path:
    """Where the catalogues lie. Raises FileNotFoundError where the game was copied without its assets."""
    return shipped("assets") / "languages"


def languages() -> tuple[str, ...]:
    """The codes of the languages there are, English first."""
    try:
        found = sorted(path.parent.parent.name for path in languages_folder().glob(f"*/*/{DOMAIN}.mo"))
    except FileNotFoundError:
        found = []
    return (OWN, *found)


def catalogue(code: str) -> NullTranslations:
    """The catalogue of a language; English for "en", and for one that is missing or damaged."""
    if code == OWN:
        return ENGLISH
    try:
        with open(languages_folder() / code / "LC_MESSAGES" / f"{DOMAIN}.mo", "rb") as file:
            return GNUTranslations(file)
    except (OSError, ValueError, EOFError):
        return ENGLISH


def name_of(code: str) -> str:
    """What a language calls itself: "Deutsch"; its code where its catalogue does not say."""
    name = translate(NAME, catalogue(code))
    return code if name == NAME and code != OWN else name
