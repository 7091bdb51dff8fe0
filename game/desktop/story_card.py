"""The card that tells a level: the failing wind in pictures while there is one, the story, and the job."""

from __future__ import annotations

from collections.abc import Callable

import pygame

from game.desktop import draw
from game.desktop.film_strip import FilmStrip, ShotButton
from game.desktop.glossary_panel import LinkedScroll
from game.desktop.story_panel import job_height, paint_job, paint_story
from game.desktop.theme import Theme
from game.desktop.work import Work
from game.story import Film


class StoryCard:
    """It stands in a column of its own, or under a tab among the scripts. `on_shot` is told the moment of
    a picture that was pressed, `on_term` the key of a term of the glossary."""

    def __init__(
        self, work: Work, on_shot: Callable[[int], object], on_term: Callable[[str], object]
    ) -> None:
        self._work = work
        self.strip = FilmStrip(on_shot)
        self.scroll = LinkedScroll(self._paint_text, on_term, lambda: self.strip.shots)
        self.rect = self.job = pygame.Rect(0, 0, 0, 0)
        self._head = 0
        self._told: object = None
        self._reached: ShotButton | None = None

    def sync(self) -> None:
        """The failing wind in pictures, as long as there is one."""
        failure, attempt = self._work.failure, self._work.attempt
        if failure is self._told or (failure is not None and self._work.developing is not None):
            return
        self._told = failure
        self.scroll.offset = 0
        if failure is None or attempt is None or self._work.level.mode == "wind":
            self.strip.show(None)
            return
        film = self._work.film if self._work.shown == "failing" else Film(attempt.system, failure.trace)
        self.strip.show(film, failure.clerks, failure.no_return)

    def place(self, theme: Theme, rect: pygame.Rect) -> None:
        """As a column of its own."""
        self.rect, self._head = rect, 0
        pad = theme.px(14)
        self._place_job(theme, pad, 0.55)
        self.scroll.rect = pygame.Rect(
            rect.x + theme.px(18), rect.y + pad, rect.width - theme.px(24),
            self.job.top - rect.y - theme.px(24),
        )  # fmt: skip

    def place_under_tabs(self, theme: Theme, rect: pygame.Rect, tabs: int) -> None:
        """Among the scripts, below tabs that reach down to `tabs`."""
        self.rect, self._head = rect, theme.px(40)
        pad = theme.px(16)
        self._place_job(theme, pad, 0.5)
        self.scroll.rect = pygame.Rect(
            rect.x + pad, tabs + theme.px(10), rect.width - pad - theme.px(6),
            self.job.top - tabs - theme.px(18),
        )  # fmt: skip

    def _place_job(self, theme: Theme, pad: int, most: float) -> None:
        wide = self.rect.width - 2 * pad
        high = min(job_height(theme, wide, self._work.level), round(self.rect.height * most))
        self.job = pygame.Rect(self.rect.x + pad, self.rect.bottom - pad - high, wide, high)

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        """The card and the job; the text is the scroll's."""
        palette = theme.palette
        draw.panel(surface, theme, self.rect, palette.card, radius=10, outline=palette.line)
        if self._head:
            clip = surface.get_clip()
            surface.set_clip(pygame.Rect(self.rect.topleft, (self.rect.width, self._head)))
            draw.panel(surface, theme, self.rect, palette.slate_deep, radius=8)
            surface.set_clip(clip)
        paint_job(surface, theme, self.job, self._work.level)

    def _paint_text(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        strip = self.strip.paint(surface, theme, rect, self._work.playback.position)
        self._follow()
        below = rect.move(0, strip)
        return strip + paint_story(surface, theme, below, self._work.set_up, links=self.scroll.links)

    def _follow(self) -> None:
        """Bring the picture of the moment shown into view, unless the player is reading there."""
        reached = self.strip.reached(self._work.playback.position)
        if reached is not self._reached:
            self._reached = reached
            if reached is not None and not self.scroll.hovered and reached.rect.height:
                self.scroll.reveal(reached)
