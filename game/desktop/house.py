"""What the scenes of one window share: the player's progress and settings, the levels, the two helpers.

It draws nothing and decides nothing. Slow things (reading what reads levels, writing to the disk) happen in
threads of their own, so that no frame waits for them.
"""

from __future__ import annotations

import contextlib
import queue
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from game.desktop.arrangements import PLAIN, Arrangement, keep_arrangements, read_arrangements
from game.desktop.completion import unlocked_by
from game.desktop.settings import Settings, keep_settings, read_settings
from game.language import Said, say
from game.level.model import Answer, Level
from game.problems import ProblemsFound
from game.saves import Progress, Shelf

if TYPE_CHECKING:
    from game.campaign import Campaign, Card
    from game.desktop.services import Inspector, OfficeDesk
    from game.plugins import Registry


class House:
    """Everything that outlives a scene. `helpers=False` keeps the inspector and the office shut: for
    pictures. `pack_folders` are the campaigns' folders; None for those that ship with the game."""

    def __init__(
        self,
        folder: Path | None,
        *,
        helpers: bool = True,
        registry: Registry | None = None,
        plugins: Sequence[Path] = (),
        pack_folders: Sequence[Path] | None = None,
    ) -> None:
        self.folder = folder
        self.settings = read_settings(folder) if folder else Settings()
        self._arrangements = read_arrangements(folder) if folder else {}
        self.notices: list[str] = []
        self.campaigns: tuple[Campaign, ...] = ()
        self.wants_helpers = helpers
        self._shelf = Shelf(folder) if folder else None
        self._registry = registry
        self._plugins = tuple(plugins)
        self._reading_registry = threading.Lock()
        self._inspector: Inspector | None = None
        self._office: OfficeDesk | None = None
        self._writer = _Writer(self.notices.append)
        self.progress = self._read_progress()
        self._read_campaigns(pack_folders)

    def _read_progress(self) -> Progress:
        if self._shelf is None:
            return Progress()
        try:
            found = self._shelf.read()
        except OSError as error:
            self.notices.append(say("Your progress cannot be read or kept: {error}.", error=str(error)))
            self._shelf = None
            return Progress()
        self.notices += found.notices
        return found.progress

    def _read_campaigns(self, folders: Sequence[Path] | None) -> None:
        from game.campaign import read_campaign
        from game.places import shipped_packs

        found = []
        for folder in shipped_packs() if folders is None else folders:
            try:
                found.append(read_campaign(folder))
            except ProblemsFound as problems:
                self.notices.append(
                    say(
                        "The level pack {name} is left out: {problem}",
                        name=folder.name,
                        problem=str(problems.problems[0]),
                    )
                )
        self.campaigns = tuple(found)

    # -- levels --

    @property
    def registry(self) -> Registry:
        """What the game can do. Slow the first time, unless `warm` has been."""
        with self._reading_registry:
            if self._registry is None:
                from game.plugins import load_registry

                self._registry = load_registry(paths=self._plugins)
            return self._registry

    def level(self, path: Path) -> Level:
        """The level in a file. Raises ProblemsFound with everything that is wrong with it."""
        from game.level.reader import read_level

        return read_level(path, self.registry)

    def key_of(self, level: Level, path: Path) -> str:
        """What the progress of this level is kept under."""
        from game.campaign import key_of

        return key_of(path, level.id, self.campaigns)

    def next_card(self, after: str = "") -> Card | None:
        """What to play now, or after the level with this key; None when everything is solved."""
        from game.campaign import next_level

        for campaign in self.campaigns:
            if not after or any(card.key == after for card in campaign.levels):
                return next_level(campaign, self.progress, after)
        return None

    def unlocked_at(self, path: Path) -> frozenset[str] | None:
        """The names in code that the levels up to this one have unlocked; None for a level of no campaign,
        where everything may be used."""
        for campaign in self.campaigns:
            paths = [card.path.resolve() for card in campaign.levels]
            if path.resolve() in paths:
                upto = paths[: paths.index(path.resolve()) + 1]
                texts = [text for one in upto for text in unlocks_of(one)]
                return unlocked_by(texts)
        return None

    def warm(self) -> None:
        """Import, beside the frames, what reading the first level will need."""

        def read() -> None:
            with contextlib.suppress(Exception):  # whoever needs it will meet the same, and say so
                import game.desktop.scenes.workshop
                import game.level.document  # noqa: F401

                assert self.registry

        threading.Thread(target=read, name="warming up", daemon=True).start()

    # -- what the player did --

    def keep(self, key: str, answer: Answer) -> None:
        """Keep what stands in the editor."""
        if self.progress.of(key).answer != answer:
            self._change(lambda progress: progress.keeping(key, answer))

    def count_attempt(self, key: str, stars: int, metrics: Mapping[str, int]) -> None:
        """Keep that an answer was judged; 0 stars for one that failed."""
        now = datetime.now(UTC)
        self._change(lambda progress: progress.after_attempt(key, stars, metrics, now))

    def skip(self, key: str, skipped: bool = True) -> None:
        """Leave a level for later, or take it up again."""
        self._change(lambda progress: progress.skipping(key, skipped))

    def note_opened(self, path: Path) -> None:
        """Remember a level that was opened from anywhere, unless it is one of a pack."""
        from game.library import note_opened

        folder = self.folder
        packed = {card.path.resolve() for campaign in self.campaigns for card in campaign.levels}
        if folder is not None and path.resolve() not in packed:
            self._writer.do(lambda: note_opened(folder, path))

    def _change(self, step: Callable[[Progress], Progress]) -> None:
        self.progress = step(self.progress)
        shelf = self._shelf
        if shelf is not None:

            def write() -> None:
                shelf.change(step)

            self._writer.do(write)

    def set(self, settings: Settings) -> None:
        """Take other settings, and keep them."""
        if settings != self.settings:
            self.settings = settings
            folder = self.folder
            if folder is not None:
                self._writer.do(lambda: keep_settings(folder, settings))

    def arrangement(self, key: str) -> Arrangement:
        """How the player has arranged the board of the level with this key."""
        return self._arrangements.get(key, PLAIN)

    def arrange(self, key: str, arrangement: Arrangement) -> None:
        """Keep another arrangement of a level's board."""
        if arrangement != self.arrangement(key):
            self._arrangements = {**self._arrangements, key: arrangement}
            folder, arrangements = self.folder, self._arrangements
            if folder is not None:
                self._writer.do(lambda: keep_arrangements(folder, arrangements))

    # -- helpers --

    def open_helpers(self) -> None:
        """Start the inspector and the office, unless they run."""
        if self.wants_helpers:
            assert self.inspector and self.office

    @property
    def inspector(self) -> Inspector | None:
        if self._inspector is None and self.wants_helpers:
            from game.desktop.services import Inspector

            self._inspector = Inspector()
        return self._inspector

    @property
    def office(self) -> OfficeDesk | None:
        if self._office is None and self.wants_helpers:
            from game.desktop.services import OfficeDesk

            self._office = OfficeDesk()
        return self._office

    def close(self) -> None:
        """Write what is still to be written; end the helpers."""
        self.wants_helpers = False
        try:
            self._writer.finish()
        finally:
            for helper in (self._inspector, self._office):
                if helper is not None:
                    helper.close()
            self._inspector = self._office = None


class _Writer:
    """Does what waits for the disk, in order, in a thread of its own."""

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._complain = complain
        self._complained = False

    def do(self, job: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
            self._thread.start()
        self._jobs.put(job)

    def finish(self) -> None:
        """Wait until everything is written."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(10)
            self._thread = None

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except OSError as error:
                if not self._complained:  # a full disk is said once, not at every letter
                    self._complain(say("Your progress cannot be kept: {error}.", error=str(error)))
                self._complained = True


MODES: Mapping[str, Said] = {
    "code": say("write the script"),
    "fix": say("find and fix"),
    "config": say("set it up"),
    "parsons": say("put in order"),
    "wind": say("be the wind"),
    "build": say("build it"),
}


_UNLOCKS = re.compile(r"^unlocks:[^\n]*(?:\n[ -][^\n]*)*", re.MULTILINE)


@cache
def unlocks_of(path: Path) -> tuple[str, ...]:
    """What a level unlocks, without reading the level; nothing where that cannot be read."""
    import yaml

    try:
        found = _UNLOCKS.search(path.read_text(encoding="utf-8"))
        read = yaml.safe_load(found.group()) if found else {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return ()
    listed = read.get("unlocks") if isinstance(read, dict) else None
    return tuple(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()
