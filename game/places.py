"""Where things lie on this machine: what ships with the game, and where a player's own files go."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Literal

HOME_VARIABLE: Final = "DRAUGHTY_HOME"
"""The environment variable that names another folder for a player's own files."""


def shipped(what: Literal["levels", "assets"]) -> Path:
    """The folder of shipped levels or assets: inside the package in a wheel, beside it in a checkout.

    Raises FileNotFoundError where the game was copied without them.
    """
    package = Path(__file__).resolve().parent
    places = (package / "_data" / what, package.parent / what)
    for place in places:
        if place.is_dir():
            return place
    tried = " nor at ".join(map(str, places))
    raise FileNotFoundError(f"the folder {what!r} is neither at {tried}; reinstall the game")


def shipped_packs() -> list[Path]:
    """The folders of the level packs that ship with the game, by name; none where they were left out."""
    try:
        levels = shipped("levels")
    except FileNotFoundError:
        return []
    return sorted(pack.parent for pack in levels.glob("*/pack.yaml"))


def home() -> Path:
    """The folder for saves: DRAUGHTY_HOME, or where this system keeps such things. It may not exist yet."""
    if chosen := os.environ.get(HOME_VARIABLE):
        return Path(chosen).expanduser()
    import platformdirs  # here: everything else in this module must be free to import

    return platformdirs.user_data_path("draughty-post", appauthor=False)
