"""The title: the office on its cliff in the wind, and the way in."""

from __future__ import annotations

import pygame

from game.desktop import words
from game.desktop.app import Event
from game.desktop.cliff import paint_cliff
from game.desktop.house import House
from game.desktop.scenes.room import Room
from game.desktop.theme import Theme
from game.desktop.widgets import Button
from game.language import joined, say

STILL_FRAME = 1 / 30
"""How often the wind is drawn anew: half of the window's frames are enough for a breeze."""


class TitleScene(Room):
    """Play or continue, the levels, the settings, out."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._seconds = 2.4
        self._since_drawn = 0.0
        self._play = Button(say("Play"), self._go_on, style="primary", icon="play")
        self._levels = Button(say("Levels"), self._open_levels)
        self._build = Button(say("Free play"), self._open_free_play, tip=say("Build an office from scratch"))
        self._settings = Button(say("Settings"), self.show_settings)
        self._progress = Button(say("Progress"), self._open_progress)
        self._credits = Button(say("Credits"), self._open_credits)
        self._quit = Button(say("Quit"), self._leave_game)
        self._row = (
            self._levels, self._build, self._settings, self._progress, self._credits, self._quit,
        )  # fmt: skip
        self.focus.set([self._play, *self._row])
        self.focus.give(self._play)
        self._warmed = False

    def enter(self) -> None:
        card = self.house.next_card()
        begun = bool(self.house.progress.levels)
        if card is None:
            self._play.words = say("Play again")
        else:
            self._play.words = (
                say("Continue  {number}  {title}", number=card.id, title=say(card.title))
                if begun
                else say("Play")
            )

    def back(self) -> None:
        """Escape does not end the game from here: it is too easily pressed once too often."""

    def _go_on(self) -> None:
        card = self.house.next_card()
        if card is None:
            self._open_levels()
            return
        from game.desktop.scenes.workshop import open_level

        open_level(self.app, self.house, card.path)

    def _open_levels(self) -> None:
        from game.desktop.scenes.levels import LevelsScene

        self.app.push(LevelsScene(self.house))

    def _open_free_play(self) -> None:
        from game.desktop.scenes.free_play import open_free_play

        open_free_play(self.app, self.house)

    def _open_progress(self) -> None:
        from game.desktop.scenes.progress import ProgressScene

        self.app.push(ProgressScene(self.house))

    def _open_credits(self) -> None:
        from game.desktop.scenes.credits import CreditsScene

        self.app.push(CreditsScene(self.house))

    def _leave_game(self) -> None:
        self.app.quit()

    def handle(self, event: Event) -> None:
        if self.focus.dialog is None and event.type == pygame.KEYDOWN:
            if event.key in (pygame.K_DOWN, pygame.K_RIGHT):
                self.focus.move(1)
                return
            if event.key in (pygame.K_UP, pygame.K_LEFT):
                self.focus.move(-1)
                return
        super().handle(event)

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        x = theme.px(64)
        y = self._top(theme, window) + theme.px(268)
        self._play.put(theme, topleft=(x, y))
        self._play.rect.size = (max(self._play.rect.width + theme.px(36), theme.px(240)), theme.px(46))
        self._play.radius = 23
        left = x
        for button in self._row:
            button.put(theme, topleft=(left, y + theme.px(60)))
            left = button.rect.right + theme.px(10)

    def _top(self, theme: Theme, window: pygame.Rect) -> int:
        return max(theme.px(28), min(theme.px(110), (window.height - theme.px(430)) // 2))

    def update(self, dt: float) -> bool:
        if self._drawn and not self._warmed:
            self._warmed = True
            self.house.warm()
        changed = super().update(dt)
        if not self.theme.reduced_motion:
            self._seconds += dt
            self._since_drawn += dt
            if self._since_drawn >= STILL_FRAME:
                self._since_drawn = 0.0
                changed = True
        return changed

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        paint_cliff(surface, theme, self._seconds)
        window = surface.get_rect()
        x, y = theme.px(64), self._top(theme, window)
        column = pygame.Rect(x, y, theme.px(620), theme.px(24))
        words.label(
            surface,
            theme,
            say("A puzzle game of processes that must talk"),
            column,
            palette.brass_ink,
            weight="bold",
        )
        y += theme.px(34)
        for line in (say("The Draughty"), say("Post Office")):
            made = theme.text(line, palette.ink, "voice", 66, "bold")
            surface.blit(made, (x - theme.px(2), y))
            y += theme.px(66)
        y += theme.px(22)
        place = pygame.Rect(x, y, theme.px(520), theme.px(60))
        words.write(
            surface, theme, say("Nobody can say who moves next. Make it work in every wind."), place,
            palette.ink, role="voice", size="head",
        )  # fmt: skip
        self._paint_foot(surface, theme, window)

    def _paint_foot(self, surface: pygame.Surface, theme: Theme, window: pygame.Rect) -> None:
        from game.campaign import summary

        parts: list[str] = []
        found = [summary(campaign, self.house.progress) for campaign in self.house.campaigns]
        solved, levels = sum(one.solved for one in found), sum(one.levels for one in found)
        stars, stars_of = sum(one.stars for one in found), sum(one.stars_of for one in found)
        if solved:
            parts.append(say("{solved} of {levels} levels solved", solved=solved, levels=levels))
            parts.append(say("{stars} of {stars_of} stars", stars=stars, stars_of=stars_of))
        parts.append(say("{key} shows the keys", key=theme.bindings.key("help").said))
        foot = pygame.Rect(theme.px(64), window.bottom - theme.px(44), theme.px(600), theme.px(24))
        words.label(surface, theme, joined("   ·   ", parts), foot, theme.palette.chalk, size="small")
