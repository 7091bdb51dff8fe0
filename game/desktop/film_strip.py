"""The decisive moments of a failing wind as a strip of small pictures with captions; pressed, one goes there.

Which moments they are is decided here from the film; how the office looks at one is the board's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import pygame

from game.desktop import draw, words
from game.desktop.board import Board
from game.desktop.layout import cast_of
from game.desktop.moments import sorts_of
from game.desktop.staging import reel_of
from game.desktop.theme import Theme
from game.desktop.timeline import worth_marking
from game.desktop.widgets import Pressable
from game.language import say
from game.story import Film, owner

MOST: Final = 5
FEWEST: Final = 3
_OFFICE: Final = (400.0, 236.0)
"""The board a picture is made of, in lengths of the design; it is shrunk to the strip's width."""
_HOLES: Final = 13.0


class Shot(NamedTuple):
    """One picture: the moment after so many steps, and what is said below it."""

    moment: int
    caption: str


def decisive(film: Film, clerks: Sequence[str] = (), no_return: int | None = None) -> tuple[Shot, ...]:
    """Three to five moments that tell how it goes wrong, in their order; fewer where there are no more steps.

    First of all the end and what is lost, then the point of no return, then who cut in, died or had to wait
    (`clerks`, those concerned, before others), then whatever comes before the first of these.
    """
    last = len(film)
    wanted: list[int] = [last]
    frames = film.frames
    lost = [frame.number for frame in frames if frame.lost is not None]
    wanted += lost
    for number in lost:
        found = frames[number].lost
        assert found is not None
        wanted += _before(film, number, found.clerk, found.channel, "read")
        wanted += _before(film, number, found.other, found.channel, "write")
    if no_return:
        wanted.append(no_return)
    steps = range(1, last + 1)
    sorts = {number: sorts_of(frames[number - 1], frames[number]) for number in steps}
    wanted += [number for number in steps if "death" in sorts[number]]
    wanted += [number for number in steps if frames[number].preempts]
    waits = [number for number in steps if "blocked" in sorts[number]]
    concerned = [number for number in waits if _newly_blocked(film, number) & set(clerks)]
    wanted += list(reversed(concerned)) + list(reversed(waits))
    wanted += [number for number in steps if sorts[number]][:2]
    wanted += [0, last // 2, 1]
    kept: list[int] = []
    for number in wanted:
        enough = len(kept) >= (MOST if number not in (0, last // 2, 1) else FEWEST)
        if not enough and number not in kept and 0 <= number <= last:
            kept.append(number)
    return tuple(Shot(number, frames[number].caption) for number in sorted(kept))


def _before(film: Film, number: int, clerk: str, channel: str, tail: str) -> list[int]:
    """The last such step of a clerk before another."""
    for at in range(number - 1, 0, -1):
        event = film.frames[at].event
        if event is None or (owner(event.agent), event.channel) != (clerk, channel):
            continue
        if event.operation.rpartition(".")[2] == tail:
            return [at]
    return []


def _newly_blocked(film: Film, number: int) -> set[str]:
    before = film.frames[number - 1].clerks
    return {
        view.name
        for view in film.frames[number].snapshot.clerks
        if view.blocked and not before[view.name].blocked
    }


class ShotButton(Pressable):
    """One picture of the strip."""

    radius = 6

    def __init__(self, shot: Shot, on_press: Callable[[], object]) -> None:
        super().__init__(on_press, tip=say("Go there"))
        self.shot = shot


class FilmStrip:
    """A column of pictures to scroll. `on_seek` is told the moment that was pressed. Pictures are made one
    a drawing, unless `at_once`; `pending` as long as some are still to come."""

    def __init__(self, on_seek: Callable[[int], object]) -> None:
        self.on_seek = on_seek
        self.shots: tuple[ShotButton, ...] = ()
        self.at_once = False
        self.pending = False
        self._film: Film | None = None
        self._board: Board | None = None
        self._no_return: int | None = None
        self._pictures: dict[int, pygame.Surface] = {}
        self._made_for: tuple[object, ...] = ()

    def show(self, film: Film | None, clerks: Sequence[str] = (), no_return: int | None = None) -> None:
        """Tell this film; None clears the strip."""
        if film is self._film:
            return
        self._film = film
        self._no_return = no_return if film is not None and worth_marking(film, no_return) else None
        self._board, self._pictures = None, {}
        self.shots = ()
        if film is not None:
            self._board = Board(cast_of(film.system), reel_of(film))
            found = decisive(film, clerks, self._no_return)
            self.shots = tuple(ShotButton(shot, self._press(shot.moment)) for shot in found)

    def reached(self, position: float) -> ShotButton | None:
        """The last picture that a film at this position has come to."""
        return next((one for one in reversed(self.shots) if one.shot.moment <= position), None)

    def _press(self, moment: int) -> Callable[[], object]:
        return lambda: self.on_seek(moment)

    def paint(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect, position: float) -> int:
        """Draw the strip from the top of a rect, place its buttons, and say how high it came to be.
        `position` is where the film on the board is: its picture is framed."""
        film = self._film
        if film is None or not self.shots:
            return 0
        palette = theme.palette
        head = pygame.Rect(rect.x, rect.y, rect.width, theme.px(24))
        words.label(surface, theme, say("How it goes wrong"), head, palette.post, size="small", weight="bold")
        holes, gap = theme.px(_HOLES), theme.px(8)
        wide = rect.width - 2 * holes - theme.px(4)
        high = round(wide * _OFFICE[1] / _OFFICE[0])
        y = head.bottom + theme.px(4)
        captions = [self._caption(theme, one.shot, wide) for one in self.shots]
        whole = sum(high + laid.height + theme.px(9) for laid in captions) + gap * (len(captions) + 1)
        band = pygame.Rect(rect.x, y, rect.width - theme.px(4), whole)
        draw.panel(surface, theme, band, palette.slate_deep, radius=6)
        self._perforate(surface, theme, band)
        self.pending = False
        y += gap
        reached = self.reached(position)
        for one, laid in zip(self.shots, captions, strict=True):
            place = pygame.Rect(band.x + holes, y, band.width - 2 * holes, high)
            picture = self._picture(theme, one.shot.moment, place.size)
            if picture is None:
                draw.panel(surface, theme, place, palette.slate_light, radius=4)
            else:
                surface.blit(picture, place)
            now = one is reached
            if now or one.hovered:
                edge = palette.brass_light if now else palette.on_ink_muted
                draw.panel(surface, theme, place.inflate(theme.px(4), theme.px(4)), None, radius=5,
                           outline=edge, width=2)  # fmt: skip
            self._badge(surface, theme, place, one.shot.moment)
            laid.draw(surface, (place.x, place.bottom + theme.px(4)))
            one.rect = pygame.Rect(place.x, place.y, place.width, high + theme.px(4) + laid.height)
            y += high + laid.height + theme.px(9) + gap
        return band.bottom - rect.y + theme.px(16)

    def _caption(self, theme: Theme, shot: Shot, width: int) -> words.Prose:
        said = shot.caption
        if shot.moment == self._no_return:
            said = say("{what}\n*No way back from here.*", what=said)
        return words.prose(theme, said, width, theme.palette.on_ink, size=12.5)

    def _perforate(self, surface: pygame.Surface, theme: Theme, band: pygame.Rect) -> None:
        hole = pygame.Rect(0, 0, theme.px(6), theme.px(8))
        for y in range(band.y + theme.px(8), band.bottom - theme.px(10), theme.px(17)):
            for x in (band.x + theme.px(4), band.right - theme.px(10)):
                hole.topleft = x, y
                draw.panel(surface, theme, hole, theme.palette.card, radius=2)

    def _badge(self, surface: pygame.Surface, theme: Theme, place: pygame.Rect, moment: int) -> None:
        made = theme.text(str(moment), theme.palette.on_ink, "code", 11, "bold")
        pill = made.get_rect(topleft=(place.x + theme.px(8), place.y + theme.px(5)))
        draw.pill(surface, theme, pill.inflate(theme.px(10), theme.px(2)), theme.palette.ink)
        surface.blit(made, pill)

    def _picture(self, theme: Theme, moment: int, size: tuple[int, int]) -> pygame.Surface | None:
        """The office at a moment, or None where it comes with a later drawing."""
        made_for = (size, id(theme))
        if made_for != self._made_for:
            self._made_for, self._pictures = made_for, {}
        kept = self._pictures.get(moment)
        if kept is not None:
            return kept
        if self.pending and not self.at_once:
            return None
        self.pending = not self.at_once
        board = self._board
        assert board is not None
        board.rect = pygame.Rect(0, 0, round(_OFFICE[0] * theme.scale), round(_OFFICE[1] * theme.scale))
        board.show_reel(board.reel, moment)
        large = pygame.Surface(board.rect.size)
        board.draw(large, theme)
        self._pictures[moment] = pygame.transform.smoothscale(large, size)
        return self._pictures[moment]
