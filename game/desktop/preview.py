"""A preview: a level's office before anybody moves, or as an answer leaves it, in small.

The board draws it, laid out with the room it wants and then made as small as its place: nothing runs. What
is read is kept until its file changes, and pictures as long as there is room for them, so that a scene that
comes again has both at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pygame

from game.desktop import draw
from game.desktop.app import Event
from game.desktop.board import Board
from game.desktop.theme import Keep, Theme
from game.desktop.widgets import Pressable
from game.desktop.work import Work
from game.level.model import Answer, Level
from game.problems import ProblemsFound

NATURAL: Final = (590.0, 350.0)
"""The room a board wants, in lengths of the design: in less, its cards would have no lines left to tell."""
LEAST: Final = 0.7
"""Below this scale the smallest letters would no longer fit their places."""
RIM: Final = 7.0
"""Lengths of the design of a board's own rim and round corners, which are left out."""
INSET: Final = 3
"""Lengths of the design between a preview's rim and its picture, which has no round corners."""
PIXELS: Final = 8_000_000
"""Pixels of pictures that are kept."""
OFFICES: Final = 200


class Subject(NamedTuple):
    """What to look at: the level in a file, with an answer or, with None, as it is handed out. `stamp` tells
    one state of the file from another."""

    path: Path
    answer: Answer | None = None
    stamp: tuple[int, int] = (0, 0)

    @property
    def key(self) -> tuple[object, ...]:
        return self.path, self.stamp, repr(self.answer)


def subject_of(path: Path, answer: Answer | None = None) -> Subject:
    """A level with an answer, as its file is now."""
    try:
        found = path.stat()
    except OSError:
        return Subject(path, answer)
    return Subject(path, answer, (found.st_mtime_ns, found.st_size))


class Office(NamedTuple):
    """A level that was read, and its board; neither where it cannot be read."""

    level: Level | None
    board: Board | None


class Offices:
    """The offices that were looked at. `read` raises ProblemsFound for a level that cannot be read."""

    def __init__(self, read: Callable[[Path], Level]) -> None:
        self._read = read
        self._offices: Keep[Office] = Keep(OFFICES, lambda _: 1)
        self._pictures: Keep[pygame.Surface] = Keep(PIXELS, lambda made: made.get_width() * made.get_height())
        self._small: tuple[Theme, Theme] | None = None

    def office(self, subject: Subject) -> Office:
        """The office; read when it is first asked for."""
        return self._offices.get(subject.key, lambda: self._opened(subject))

    def known(self, subject: Subject) -> Office | None:
        """The office, if it was read already."""
        return self._offices.kept(subject.key)

    def picture(self, subject: Subject, size: tuple[int, int], theme: Theme) -> pygame.Surface | None:
        """The office at a size in pixels; None where there is none to be seen. Do not draw on it."""
        board = self.office(subject).board
        if board is None:
            return None
        return self._pictures.get(_look(subject, size, theme), lambda: self._drawn(board, size, theme))

    def drawn(self, subject: Subject, size: tuple[int, int], theme: Theme) -> pygame.Surface | None:
        """The picture, if it was drawn already."""
        return self._pictures.kept(_look(subject, size, theme))

    def _opened(self, subject: Subject) -> Office:
        try:
            level = self._read(subject.path)
        except ProblemsFound:
            return Office(None, None)
        work = Work(level, subject.answer)
        if work.film is None:
            return Office(level, None)
        board = Board.of(work.film.system)
        board.show(work.film, work.playback.position)
        return Office(level, board)

    def _drawn(self, board: Board, size: tuple[int, int], theme: Theme) -> pygame.Surface:
        """All of the board but its rim. Where letters would become too small for the signs they stand on, it
        is drawn larger first, and shrunk."""
        scale = min(theme.scale, size[0] / NATURAL[0], size[1] / NATURAL[1])
        rim = math.ceil(RIM * scale)
        whole = pygame.Rect((0, 0), size).inflate(2 * rim, 2 * rim).size
        grown = max(1.0, LEAST / scale)
        board.rect = pygame.Rect(0, 0, round(whole[0] * grown), round(whole[1] * grown))
        made = pygame.Surface(board.rect.size)
        made.fill(theme.palette.desk)
        board.draw(made, self._smaller(theme.drawn, scale * grown))
        if grown > 1.0:
            made = _shrunk(made, whole)
        return made.subsurface(((rim, rim), size)).copy()

    def _smaller(self, theme: Theme, scale: float) -> Theme:
        """The same look at another scale; kept, for its letters' sake."""
        if self._small is None or self._small[0] is not theme or self._small[1].scale != scale:
            small = theme.scaled(theme.scale)
            small.scale = scale  # below what a whole window may be scaled to
            self._small = theme, small
        return self._small[1]


def _shrunk(picture: pygame.Surface, size: tuple[int, int]) -> pygame.Surface:
    """A picture made smaller. smoothscale rounds everything down: the floor becomes as bright again as it
    was."""
    made = pygame.transform.smoothscale(picture, size)
    floor, now = picture.get_at((0, 0)), made.get_at((0, 0))
    made.fill([max(0, floor[part] - now[part]) for part in range(3)], special_flags=pygame.BLEND_RGB_ADD)
    return made


def _look(subject: Subject, size: tuple[int, int], theme: Theme) -> tuple[object, ...]:
    return (*subject.key, size, theme.scale, theme.palette, theme.looks, id(theme.catalogue))


class Preview(Pressable):
    """The office of what was last shown; pressing it does `on_press`, which is what Enter does beside it.

    Offices come between two frames, when the choice has stood for a moment: to go through a list must not
    wait for each. `at_once` has them come with the frame, for pictures."""

    radius = 10
    REST: Final = 0.06

    def __init__(self, offices: Offices, on_press: Callable[[], object], *, at_once: bool = False) -> None:
        super().__init__(on_press)
        self.focusable = False
        self.leaves_focus = True
        self._offices = offices
        self._at_once = at_once
        self._subject: Subject | None = None
        self._look: Theme | None = None
        self._room = (0, 0)
        self._rested = 0.0

    def show(self, subject: Subject | None) -> None:
        """Show another office, or none."""
        if subject != self._subject:
            self._subject, self._rested = subject, 0.0

    @property
    def office(self) -> Office | None:
        """What is known of the office by now."""
        return self._offices.known(self._subject) if self._subject is not None else None

    def handle(self, event: Event) -> bool:
        return self._subject is not None and super().handle(event)

    def update(self, dt: float) -> bool:
        subject, look = self._subject, self._look
        if subject is None or look is None or self._offices.drawn(subject, self._room, look) is not None:
            return False
        office = self._offices.known(subject)
        if office is not None and office.board is None:
            return False
        self._rested += dt
        if self._rested >= self.REST:
            self._offices.picture(subject, self._room, look)
            return True
        return False

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, subject = theme.palette, self._subject
        self._look = theme
        lit = self.hovered and subject is not None
        draw.panel(
            surface, theme, self.rect, palette.desk, radius=10, width=2 if lit else 1,
            outline=palette.ink if lit else palette.line,
        )  # fmt: skip
        if subject is None:
            return
        find = self._offices.picture if self._at_once else self._offices.drawn
        inner = self.rect.inflate(-2 * theme.px(INSET), -2 * theme.px(INSET))
        self._room = inner.size
        made = find(subject, inner.size, theme)
        if made is not None:
            surface.blit(made, inner)
