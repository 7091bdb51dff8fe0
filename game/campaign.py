"""The order levels are played in: packs, chapters, what is open, and how far somebody has come.

A pack is a folder with a `pack.yaml` and its levels beside it. Levels are not read here beyond the two
lines that name them, so that a map of fifty is drawn at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple

from game.language import say
from game.level.marked import Marked, format_path, load_marked, read_bytes, show
from game.problems import Place, Problem, ProblemsFound, near_miss
from game.saves import Progress

AHEAD: Final = 2
"""How many unsolved levels may lie behind one that is open: a level that will not give can be left."""

Standing = Literal["solved", "open", "skipped", "locked"]

PLACES: Final = ("counter", "tally", "belts", "tubes", "keys", "ferry", "cat", "sorting")
"""The places on the coast a chapter can be told in, in the order a pack takes them that names none."""


class Card(NamedTuple):
    """A level as the map knows it. `key` is what its progress is kept under."""

    key: str
    id: str
    title: str
    path: Path

    @property
    def slug(self) -> str:
        """The words of its file name: "mind-the-chalk" of 22-mind-the-chalk.yaml."""
        return re.sub(r"^\d+-", "", self.path.stem)


class Chapter(NamedTuple):
    """Levels that belong together. One that `opens_later` has none yet, and the pack says so itself."""

    title: str
    levels: tuple[Card, ...]
    place: str = PLACES[0]
    opens_later: bool = False


class Glance(NamedTuple):
    """What a map says of a level without reading all of it; empty where its file does not say it plainly."""

    mode: str = ""
    objective: str = ""
    teaches: tuple[str, ...] = ()


@dataclass(frozen=True)
class Campaign:
    """A pack of levels as chapters, in the order they are played."""

    name: str
    title: str
    chapters: tuple[Chapter, ...]
    folder: Path
    author: str = ""
    """Who wrote its levels, but for those that name somebody else; "" where the pack does not say."""

    @property
    def levels(self) -> tuple[Card, ...]:
        return tuple(card for chapter in self.chapters for card in chapter.levels)


class Summary(NamedTuple):
    """How far somebody has come in a pack."""

    solved: int
    levels: int
    stars: int
    stars_of: int


def read_campaign(folder: Path) -> Campaign:
    """The campaign in a pack's folder. Raises ProblemsFound with everything wrong in its pack.yaml."""
    path = folder / "pack.yaml"
    marked = load_marked(read_bytes(path), str(path))
    reader = _CampaignReader(folder, marked)
    campaign = reader.campaign()
    if reader.problems:
        raise ProblemsFound(reader.problems)
    return campaign


def standing(campaign: Campaign, progress: Progress, ahead: int = AHEAD) -> dict[str, Standing]:
    """For each level's key how it stands. Levels the player has skipped keep none shut behind them."""
    standings: dict[str, Standing] = {}
    behind = 0
    for card in campaign.levels:
        level = progress.of(card.key)
        done: Standing = "solved" if level.solved else "skipped"
        open_yet: Standing = "open" if behind <= ahead else "locked"
        standings[card.key] = done if level.solved or level.skipped else open_yet
        behind += standings[card.key] in ("open", "locked")
    return standings


def next_level(campaign: Campaign, progress: Progress, after: str = "") -> Card | None:
    """What to play now: the first unsolved level after the one with this key, else the first unsolved one;
    those that were skipped come last. None when all are solved."""
    cards = campaign.levels
    start = next((number + 1 for number, card in enumerate(cards) if card.key == after), 0)
    left = [card for card in (*cards[start:], *cards[:start]) if not progress.of(card.key).solved]
    return min(left, key=lambda card: progress.of(card.key).skipped, default=None)


def glance(path: Path) -> Glance:
    """What a level's file says of itself in the lines for its mode, objective and subjects."""
    try:
        lines = re.findall(rb"^(?:mode|objective|teaches):.*(?:\n[ \t]+.*)*", read_bytes(path), re.MULTILINE)
        found = load_marked(b"\n".join(lines) or b"{}", str(path)).data
    except ProblemsFound:
        return Glance()
    mode, objective, teaches = (found.get(key) for key in ("mode", "objective", "teaches"))
    return Glance(
        mode if isinstance(mode, str) else "",
        objective if isinstance(objective, str) else "",
        tuple(word for word in teaches if isinstance(word, str)) if isinstance(teaches, list) else (),
    )


def summary(campaign: Campaign, progress: Progress) -> Summary:
    levels = [progress.of(card.key) for card in campaign.levels]
    return Summary(
        sum(level.solved for level in levels),
        len(levels),
        sum(level.stars for level in levels),
        3 * len(levels),
    )


def key_of(path: Path, id: str, campaigns: Iterable[Campaign] = ()) -> str:
    """The key a level's progress is kept under: the pack's for a level of one, else one of its own."""
    here = path.resolve()
    for campaign in campaigns:
        for card in campaign.levels:
            if card.path.resolve() == here:
                return card.key
    return f"own/{here.parent.name}/{id}"


def find_level(word: str, campaigns: Sequence[Campaign]) -> Path:
    """The file of a level somebody named by path, by id ("2.2") or by the words of its file name
    ("mind-the-chalk"). Raises ProblemsFound with a near miss."""
    path = Path(word)
    cards = [card for campaign in campaigns for card in campaign.levels]
    names = {name: card for card in reversed(cards) for name in (card.id, card.slug, card.path.stem)}
    if word in names and not path.is_file():
        return names[word].path
    if path.exists() or path.suffix in (".yaml", ".yml") or "/" in word or "\\" in word:
        return path  # whoever reads it says what is wrong with it
    hint = near_miss(word, names) or say(
        "; levels are {names}", names=", ".join(card.id for card in cards[:12])
    )
    if not cards:
        hint = say(", and no level packs are installed")
    raise ProblemsFound(
        [Problem(Place(word), "", say("no such file, level number or level name{hint}", hint=hint))]
    )


_KEYS: Final = ("title", "author", "chapters")


class _CampaignReader:
    def __init__(self, folder: Path, marked: Marked) -> None:
        self.folder, self.marked = folder, marked
        self.problems = list(marked.problems)

    def campaign(self) -> Campaign:
        data = self.marked.data
        if not isinstance(data, dict):
            self._wrong((), say("a pack is a mapping with title and chapters, not {data}", data=show(data)))
            data = {}
        for key in data:
            if key not in _KEYS:
                self._wrong((key,), say("unknown key{hint}", hint=near_miss(key, _KEYS)), "key")
        title, listed = self._text(data, (), "title"), self._list(data, (), "chapters")
        chapters = tuple(self._chapter(raw, number) for number, raw in enumerate(listed))
        author = self._text(data, (), "author") if "author" in data else ""
        campaign = Campaign(self.folder.name, title, chapters, self.folder, author)
        first: dict[str, Card] = {}
        for card in campaign.levels:
            if card.key in first:
                other = first[card.key].path.name
                self._wrong(
                    ("chapters",),
                    say(
                        "{name} has the id {id!r}, and so has {other}",
                        name=card.path.name,
                        id=card.id,
                        other=other,
                    ),
                )
            first.setdefault(card.key, card)
        return campaign

    def _chapter(self, raw: object, number: int) -> Chapter:
        path: tuple[str | int, ...] = ("chapters", number)
        if not isinstance(raw, dict):
            self._wrong(path, say("a chapter is a mapping with title and levels, not {raw}", raw=show(raw)))
            return Chapter("", ())
        known = ("title", "place", "opens", "levels")
        for key in raw:
            if key not in known:
                self._wrong((*path, key), say("unknown key{hint}", hint=near_miss(key, known)), "key")
        later = self._later(raw, path)
        files = self._list(raw, path, "levels") if "levels" in raw or not later else []
        cards = [self._card(file, (*path, "levels", number)) for number, file in enumerate(files)]
        place = self._place(raw, path, PLACES[number % len(PLACES)])
        return Chapter(self._text(raw, path, "title"), tuple(card for card in cards if card), place, later)

    def _later(self, raw: dict[str, object], path: tuple[str | int, ...]) -> bool:
        if "opens" not in raw:
            return False
        if raw["opens"] != "later":
            self._wrong(
                (*path, "opens"), say("the only word here is 'later', not {value}", value=show(raw["opens"]))
            )
        elif raw.get("levels"):
            self._wrong((*path, "opens"), say("a chapter with levels is open; leave this line out"))
        return True

    def _place(self, raw: dict[str, object], path: tuple[str | int, ...], usual: str) -> str:
        found = raw.get("place", usual)
        if isinstance(found, str) and found in PLACES:
            return found
        hint = near_miss(found, PLACES) if isinstance(found, str) else ""
        places = hint or say("; there are {names}", names=", ".join(PLACES))
        self._wrong((*path, "place"), say("no such place {found}{places}", found=show(found), places=places))
        return usual

    def _card(self, file: object, path: tuple[str | int, ...]) -> Card | None:
        if not isinstance(file, str) or Path(file).name != file:
            self._wrong(
                path, say("expected the name of a level file beside pack.yaml, not {file}", file=show(file))
            )
            return None
        level = self.folder / file
        try:
            id, title = _names(level)
        except ProblemsFound as found:
            if level.is_file():
                self.problems += found.problems
            else:
                others = near_miss(file, {other.name for other in self.folder.glob("*.yaml")} - {"pack.yaml"})
                self._wrong(path, say("there is no such file beside pack.yaml{others}", others=others))
            return None
        return Card(f"{self.folder.name}/{id}", id, title, level)

    def _list(self, data: dict[str, object], path: tuple[str | int, ...], key: str) -> list[object]:
        found = data.get(key)
        if isinstance(found, list):
            return found
        where = (*path, key) if key in data else path
        self._wrong(
            where,
            say("{key} must be a list", key=key)
            if key in data
            else say("the key {key!r} is missing", key=key),
        )
        return []

    def _text(self, data: dict[str, object], path: tuple[str | int, ...], key: str) -> str:
        found = data.get(key)
        if isinstance(found, str):
            return found
        where = (*path, key) if key in data else path
        self._wrong(
            where,
            say("{key} must be text", key=key) if key in data else say("the key {key!r} is missing", key=key),
        )
        return ""

    def _wrong(self, path: tuple[str | int, ...], message: str, part: str = "value") -> None:
        self.problems.append(Problem(self.marked.place(path, part), format_path(path), message))


def _names(level: Path) -> tuple[str, str]:
    """The id and title of a level file. Raises ProblemsFound."""
    # Only these two lines are parsed: both are one line at the top level in every level we know of.
    lines = re.findall(rb"^(?:id|title):.*$", read_bytes(level), re.MULTILINE)
    found = load_marked(b"\n".join(lines) or b"{}", str(level)).data
    names = [found.get(key) for key in ("id", "title")]
    if not all(isinstance(name, str) and name for name in names):
        raise ProblemsFound(
            [Problem(Place(str(level)), "", say("this level has no id and title, each as text in a line"))]
        )
    return str(names[0]), str(names[1])
