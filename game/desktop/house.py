"""What the scenes of one window share: the player's progress and settings, the levels, the two helpers.

It draws nothing and decides nothing. Slow things (reading what reads levels, writing to the disk) happen in
threads of their own, so that no frame waits for them.
"""

from __future__ import annotations

import contextlib
import queue
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from game.desktop.arrangements import PLAIN, Arrangement, keep_arrangements, read_arrangements
from game.desktop.completion import unlocked_by
from game.desktop.settings import Settings, keep_settings, read_settings
from game.history import History, Try
from game.language import Said, say
from game.level.model import Answer, Level
from game.problems import ProblemsFound
from game.saves import Progress, Shelf

if TYPE_CHECKING:
    from game.bundle import Bundle, Import
    from game.campaign import Campaign, Card
    from game.desktop.preview import Offices
    from game.desktop.services import Inspector, OfficeDesk
    from game.plugins import Registry

T = TypeVar("T")


class House:
    """Everything that outlives a scene. `helpers=False` keeps the inspector and the office shut: for
    pictures. `pack_folders` are the campaigns' folders; None for those that ship with the game, those plugins
    bring and the player's own."""

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
        self.pack = ""
        """The name of the pack that was last played in, or looked at."""
        self.wants_helpers = helpers
        self._shelf = Shelf(folder) if folder else None
        self._registry = registry
        self._plugins = tuple(plugins)
        self._reading_registry = threading.Lock()
        self._inspector: Inspector | None = None
        self._office: OfficeDesk | None = None
        self._offices: Offices | None = None
        self._writer = _Writer(self.notices.append)
        self._changing = threading.Lock()
        self._to_write = 0
        self._unwritten: dict[tuple[str, int], Answer] = {}
        self._drawers: dict[str, int] = {}
        self._found: dict[tuple[str, int], Answer | None] = {}
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
        from game.places import shipped_packs

        self._looks_for_packs = folders is None
        self._given = tuple(self._packs_in(shipped_packs() if folders is None else folders, ()))
        self.campaigns = self._given
        self.read_packs()

    def read_packs(self) -> None:
        """Look anew for packs besides those that ship: plugins', once they are known, and the player's."""
        from game.library import own_packs

        if not self._looks_for_packs:
            return
        offered = self._registry.packs if self._registry is not None else ()
        own = own_packs(self.folder) if self.folder is not None else []
        self.campaigns = (*self._given, *self._packs_in([*offered, *own], self._given))

    def _packs_in(self, folders: Sequence[Path], before: Sequence[Campaign]) -> Iterator[Campaign]:
        """The packs in folders, but for those that are there already; what is wrong with one is a notice."""
        from game.campaign import read_campaign

        taken = {pack.name: pack.folder.resolve() for pack in before}
        for folder in folders:
            if folder.name in taken:
                if folder.resolve() != taken[folder.name]:
                    self._leave_out(folder, say("there is another of this name"))
                continue
            try:
                yield read_campaign(folder)
                taken[folder.name] = folder.resolve()
            except ProblemsFound as problems:
                self._leave_out(folder, str(problems.problems[0]))

    def _leave_out(self, folder: Path, problem: str) -> None:
        told = say("The level pack {name} is left out: {problem}", name=folder.name, problem=problem)
        if told not in self.notices:
            self.notices.append(told)

    # -- levels --

    @property
    def registry(self) -> Registry:
        """What the game can do. Slow the first time, unless `warm` has been."""
        with self._reading_registry:
            if self._registry is None:
                from game.plugins import load_registry

                self._registry = load_registry(paths=self._plugins)
                self.read_packs()
            return self._registry

    def level(self, path: Path) -> Level:
        """The level in a file. Raises ProblemsFound with everything that is wrong with it."""
        from game.level.reader import read_level

        return read_level(path, self.registry)

    @property
    def offices(self) -> Offices:
        """The offices to be seen in small, kept from scene to scene."""
        if self._offices is None:
            from game.desktop.preview import Offices

            self._offices = Offices(self.level)
        return self._offices

    def key_of(self, level: Level, path: Path) -> str:
        """What the progress of this level is kept under."""
        from game.campaign import key_of

        return key_of(path, level.id, self.campaigns)

    def next_card(self, after: str = "") -> Card | None:
        """What to play now, or after the level with this key; None when everything is solved."""
        from game.campaign import next_level

        if after:
            packs = [pack for pack in self.campaigns if any(card.key == after for card in pack.levels)]
            return next_level(packs[0], self.progress, after) if packs else None
        first = sorted(self.campaigns, key=lambda pack: pack.name != self.pack)
        return next((card for pack in first if (card := next_level(pack, self.progress))), None)

    def campaign_of(self, path: Path) -> Campaign | None:
        """The pack a level is one of."""
        here = path.resolve()
        packs = (pack for pack in self.campaigns if any(card.path.resolve() == here for card in pack.levels))
        return next(packs, None)

    @property
    def campaign(self) -> Campaign | None:
        """The pack that is played in: the last one, or else the first with something left to solve."""
        card = self.next_card()
        found = next((pack for pack in self.campaigns if pack.name == self.pack), None)
        if found is None and card is not None:
            found = self.campaign_of(card.path)
        return found or next(iter(self.campaigns), None)

    def unlocked_at(self, path: Path) -> frozenset[str] | None:
        """The names in code that the levels up to this one have unlocked; None for a level of no campaign,
        where everything may be used."""
        for campaign in self.campaigns:
            paths = [card.path.resolve() for card in campaign.levels]
            if path.resolve() in paths:
                if not any(unlocks_of(one) for one in paths):
                    return None  # a pack that is not about learning the language, step by step
                upto = paths[: paths.index(path.resolve()) + 1]
                texts = [text for one in upto for text in unlocks_of(one)]
                return unlocked_by(texts)
        return None

    def warm(self) -> None:
        """Import, beside the frames, what reading the first level will need."""

        def read() -> None:
            with contextlib.suppress(Exception):  # whoever needs it will meet the same, and say so
                import game.desktop.scenes.levels
                import game.desktop.scenes.workshop
                import game.level.document  # noqa: F401

                assert self.registry

        threading.Thread(target=read, name="warming up", daemon=True).start()

    # -- what the player did --

    def take_up(self, key: str) -> Answer | None:
        """What goes into the editor of a level. From now on this window writes to that drawer, and knows
        what it found there."""
        level = self.progress.of(key)
        self._drawers[key] = level.drawer
        self._found[key, level.drawer] = level.answer
        return level.answer

    def keep(self, key: str, answer: Answer) -> None:
        """Keep what stands in the editor: on the disk as soon as what was kept before is there."""
        level = self.progress.of(key)
        drawer = self._drawers.get(key, level.drawer)
        if level.answers[drawer] == answer:
            return
        self._found.setdefault((key, drawer), level.answers[drawer])
        with self._changing:
            self.progress = self.progress.filling(key, drawer, answer)
            under_way = (key, drawer) in self._unwritten
            self._unwritten[key, drawer] = answer
        if not under_way:
            self._later(lambda: self._write_answer(key, drawer))

    def _write_answer(self, key: str, drawer: int) -> Progress | None:
        shelf, folder = self._shelf, self.folder
        with self._changing:
            answer = self._unwritten.pop((key, drawer))
        if shelf is None or folder is None:
            return None

        def step(here: Progress) -> Progress:
            theirs = here.of(key).answers[drawer]
            if theirs is not None and theirs not in (answer, self._found.get((key, drawer))):
                # Another window has written there since: its player must find it again.
                History(folder).add(key, [Try(_now(), theirs)])
            return here.filling(key, drawer, answer)

        found = shelf.change(step).progress
        self._found[key, drawer] = answer
        return found

    def choose_drawer(self, key: str, drawer: int) -> None:
        """Use another of a level's drawers from the next time it is opened."""
        self._drawers.pop(key, None)
        self._change(lambda progress: progress.choosing(key, drawer))

    def fill_drawer(self, key: str, drawer: int, answer: Answer | None) -> None:
        """Put an answer into one of a level's drawers; what was there goes into its history."""
        before = self.progress.of(key).answers[drawer]
        if before is not None and before != answer:
            self.note_try(key, Try(_now(), before))
        self._found[key, drawer] = answer
        self._change(lambda progress: progress.filling(key, drawer, answer))

    def count_attempt(
        self, key: str, stars: int, metrics: Mapping[str, int], tried: Try | None = None
    ) -> None:
        """Keep that an answer was judged, and which; 0 stars for one that failed."""
        now = datetime.now(UTC)
        self._change(lambda progress: progress.after_attempt(key, stars, metrics, now))
        if tried is not None:
            self.note_try(key, tried)

    def note_try(self, key: str, tried: Try) -> None:
        """Add to a level's history."""
        folder = self.folder
        if folder is not None and self._shelf is not None:
            self._writer.do(lambda: History(folder).add(key, [tried]))

    def tries(self, key: str) -> list[Try]:
        """Every answer tried at a level, the oldest first."""
        if self.folder is None:
            return []
        self._writer.wait()
        return History(self.folder).of(key)

    def forget(self, key: str) -> Path | None:
        """As if a level (with "" all) had never been played; where everything of before is kept. Raises
        OSError."""
        from game.bundle import reset

        return self._replaced(lambda folder: reset(folder, key, datetime.now(UTC)))

    def take_in(self, bundle: Bundle) -> Import | None:
        """Join what somebody brings along with what is here. Raises OSError."""
        from game.bundle import take_in

        return self._replaced(lambda folder: take_in(folder, bundle, datetime.now(UTC)))

    def write(self, job: Callable[[], None]) -> None:
        """Have something written beside the frames, after all that was asked before. That the disk refuses
        (OSError) is said to the player."""
        self._writer.do(job)

    def wait_for_writing(self) -> None:
        """Wait until all that was asked for is on the disk."""
        self._writer.wait()

    def bundle(self) -> Bundle:
        """All there is, to take along. Raises OSError."""
        from game.bundle import Bundle, bundle_of

        self._writer.wait()
        return bundle_of(self.folder) if self.folder is not None else Bundle(self.progress, {})

    def _replaced(self, do: Callable[[Path], T]) -> T | None:
        """Change everything on the disk, and go on from there."""
        if self.folder is None:
            return None
        self._writer.wait()
        done = do(self.folder)
        self._drawers.clear()
        self._found.clear()
        self.progress = self._read_progress()
        return done

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
        with self._changing:
            self.progress = step(self.progress)
        shelf = self._shelf
        if shelf is not None:
            self._later(lambda: shelf.change(step).progress)

    def _later(self, write: Callable[[], Progress | None]) -> None:
        """Write, beside the frames. When nothing more is to be written, what other windows did is taken over
        as well."""
        with self._changing:
            self._to_write += 1

        def job() -> None:
            found: Progress | None = None
            try:
                found = write()
            finally:
                with self._changing:
                    self._to_write -= 1
                    if found is not None and not self._to_write:
                        self.progress = found

        self._writer.do(job)

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


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


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

    def wait(self) -> None:
        """Wait until what is to be written by now is written."""
        if self._thread is not None:
            written = threading.Event()
            self._jobs.put(written.set)
            written.wait(10)

    def finish(self) -> None:
        """Wait until everything is written, and end."""
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
