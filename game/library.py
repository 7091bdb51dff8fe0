"""Every level there is to play: of the packs that are installed, and the player's own.

Own levels lie in the folder `levels` of the player's files, in folders of their own if there are many, or
anywhere else once they were opened. They are read whole, so that what is wrong with one is said where it is
chosen; of a pack's levels only the lines that name them are read.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from game.campaign import Campaign, Glance, glance, key_of
from game.files import only_one, write_whole
from game.problems import Problem, ProblemsFound

if TYPE_CHECKING:
    from game.plugins import Registry

FOLDER: Final = "levels"
OPENED: Final = "opened.json"
MOST_OPENED: Final = 50
MOST_PACKS: Final = 50
MOST_OWN: Final = 500
"""Files looked at in the player's folder, at most: it may lie in somebody's home by mistake."""


class Entry(NamedTuple):
    """One level on a shelf. A broken one has `problems`, and what could be made out of its names."""

    path: Path
    shelf: str
    key: str
    id: str
    title: str
    glance: Glance
    problems: tuple[Problem, ...] = ()

    def fits(self, text: str, mode: str = "") -> bool:
        """Whether every word of a search stands somewhere in what is known of it."""
        about = (self.id, self.title, self.glance.objective, *self.glance.teaches, self.path.name)
        hay = " ".join(about).casefold()
        return all(word in hay for word in text.casefold().split()) and mode in ("", self.glance.mode)


def pack_entries(campaigns: Sequence[Campaign]) -> list[Entry]:
    return [
        Entry(card.path, campaign.title, card.key, card.id, card.title, glance(card.path))
        for campaign in campaigns
        for card in campaign.levels
    ]


def own_packs(home: Path) -> list[Path]:
    """The folders in the player's folder of levels that are packs: each has its own map."""
    found = (path.parent for path in (home / FOLDER).glob("*/pack.yaml") if _is_file(path))
    return sorted(pack for pack, _ in zip(found, range(MOST_PACKS), strict=False))


def own_files(home: Path) -> list[Path]:
    """The level files in the player's folder, those of a folder together."""
    found = (path for path in (home / FOLDER).rglob("*.y*ml") if path.suffix in (".yaml", ".yml"))
    kept = [path for path, _ in zip(found, range(MOST_OWN), strict=False) if path.name != "pack.yaml"]
    return sorted(kept, key=lambda path: (path.parent != home / FOLDER, str(path.parent), path.name))


def own_entry(path: Path, shelf: str, registry: Registry, campaigns: Sequence[Campaign] = ()) -> Entry:
    """A level of the player's, read whole."""
    from game.level.reader import read_level

    try:
        level = read_level(path, registry)
    except ProblemsFound as found:
        return Entry(path, shelf, "", "", path.name, glance(path), found.problems)
    said = Glance(level.mode, level.objective, level.teaches)
    return Entry(path, shelf, key_of(path, level.id, campaigns), level.id, level.title, said)


def opened_files(home: Path) -> list[Path]:
    """Level files the player has opened from anywhere and that are still there, the last one first."""
    try:
        listed = json.loads((home / OPENED).read_bytes())
    except (OSError, ValueError, RecursionError):
        return []
    paths = [Path(name) for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    return [path for path in paths if _is_file(path)]


def _is_file(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return path.is_file()
    return False


def note_opened(home: Path, path: Path) -> None:
    """Remember a file that was opened, as the last one. Raises OSError."""
    path = path.resolve()
    if path.is_relative_to((home / FOLDER).resolve()):
        return  # it is found without being remembered
    with only_one(home / "opened.lock"):
        others = [other for other in opened_files(home) if other != path]
        names = [str(one) for one in [path, *others][:MOST_OPENED]]
        write_whole(home / OPENED, json.dumps(names, ensure_ascii=False, indent=1) + "\n")


def own_shelves(home: Path) -> Iterator[tuple[Path, str]]:
    """Each own level with the name of its shelf: its folder within the player's, or "" where it was opened
    from elsewhere."""
    folder = home / FOLDER
    for path in own_files(home):
        yield path, "/".join((FOLDER, *path.parent.relative_to(folder).parts))
    for path in opened_files(home):
        yield path, ""
