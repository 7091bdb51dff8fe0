"""The level list: chapters of cards, with what is solved, what is open, and what comes next."""

from __future__ import annotations

import pygame

from game.campaign import AHEAD, Campaign, Card, standing, summary
from game.desktop import draw, icons, words
from game.desktop.app import Event
from game.desktop.house import MODES, House, mode_of
from game.desktop.scenes.room import Room
from game.desktop.theme import Theme, mix
from game.desktop.widgets import Button, IconButton, ScrollArea

HEADER = 56


class LevelCard(Button):
    """One level: its number, title, what one does in it, its stars."""

    radius = 12

    def __init__(self, scene: LevelsScene, card: Card) -> None:
        super().__init__(card.title, lambda: scene.open(card))
        self.card = card
        self.mode = MODES.get(mode_of(card.path), "")
        self.standing = "open"
        self.stars = 0
        self.is_next = False

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect = theme.palette, self.rect
        locked, lit = self.standing == "locked", self.hovered or self.pressed
        ground = (
            palette.paper if locked else mix(palette.card, palette.brass_tint, 0.45) if lit else palette.card
        )
        rim = palette.post if self.is_next else palette.line
        draw.panel(
            surface, theme, rect, ground, radius=12, outline=rim, width=2 if self.is_next else 1,
            shadow=0 if locked else 3 if lit else 1.5,
        )  # fmt: skip
        ink = palette.muted if locked else palette.ink
        pad = theme.px(16)
        number = theme.text(self.card.id, palette.faint if locked else palette.post, "voice", 34, "bold")
        surface.blit(number, (rect.x + pad, rect.y + theme.px(8)))
        if locked:
            icons.put_icon(
                surface, theme, "lock", (rect.right - theme.px(24), rect.y + theme.px(28)), 17, palette.faint
            )
        elif self.standing == "solved":
            self._draw_stars(surface, theme)
        elif self.is_next:
            made = theme.text("next", palette.post, size="caption", weight="bold")
            surface.blit(made, made.get_rect(right=rect.right - pad, centery=rect.y + theme.px(28)))
        place = pygame.Rect(rect.x + pad, rect.y + theme.px(54), rect.width - 2 * pad, theme.px(26))
        words.label(surface, theme, self.card.title, place, ink, size="lead", weight="bold")
        place = pygame.Rect(rect.x + pad, rect.y + theme.px(80), rect.width - 2 * pad, theme.px(22))
        words.label(
            surface, theme, self.mode, place, palette.faint if locked else palette.muted, size="small"
        )

    def _draw_stars(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        for at in range(3):
            got = at < self.stars
            centre = (self.rect.right - theme.px(66 - 22 * at), self.rect.y + theme.px(28))
            name, ink = ("star", palette.brass) if got else ("star outline", palette.line)
            icons.put_icon(surface, theme, name, centre, 19, ink)


class LevelsScene(Room):
    """All levels of the packs that are installed."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._cards = {
            card.key: LevelCard(self, card) for campaign in house.campaigns for card in campaign.levels
        }
        self._columns = 4
        self._back = IconButton("back", self.back, tip="Back", style="bar")
        self._help = IconButton("help", self.show_help, tip="Keys", style="bar")
        self._settings = IconButton("gear", self.show_settings, tip="Settings", style="bar")
        self._list = ScrollArea(self._paint_list, lambda: list(self._cards.values()))
        self._list.focusable = False
        self.focus.set([self._back, self._settings, self._help, self._list])

    def enter(self) -> None:
        for campaign in self.house.campaigns:
            standings = standing(campaign, self.house.progress)
            for card in campaign.levels:
                shown = self._cards[card.key]
                shown.standing = standings[card.key]
                shown.stars = self.house.progress.of(card.key).stars
                shown.is_next = False
        coming = self.house.next_card()
        if coming is not None:
            self._cards[coming.key].is_next = True
            if self.focus.current is None:
                self.focus.give(self._cards[coming.key])

    def open(self, card: Card) -> None:
        """Into a level, unless it is still locked."""
        if self._cards[card.key].standing == "locked":
            self.app.toast(
                f"{card.id} opens once fewer than {AHEAD + 1} levels before it are unsolved: "
                f"up to {AHEAD} may be skipped.",
                sign="lock",
            )
            return
        from game.desktop.scenes.workshop import open_level

        open_level(self.app, self.house, card.path)

    def handle(self, event: Event) -> None:
        current = self.focus.current
        if self.focus.dialog is None and event.type == pygame.KEYDOWN:
            moves = {
                pygame.K_LEFT: (-1, 0),
                pygame.K_RIGHT: (1, 0),
                pygame.K_UP: (0, -1),
                pygame.K_DOWN: (0, 1),
            }
            if event.key in moves and self._cards:
                self._walk(current if isinstance(current, LevelCard) else None, *moves[event.key])
                return
        super().handle(event)

    def _walk(self, here: LevelCard | None, right: int, down: int) -> None:
        """To the nearest card in a direction."""
        cards = list(self._cards.values())
        if here is None:
            self.focus.give(next((card for card in cards if card.is_next), cards[0]), ring=True)
        else:
            x, y = here.rect.center
            ahead = [
                (abs(card.rect.centery - y) * 4 + abs(card.rect.centerx - x) if right else
                 abs(card.rect.centery - y) + abs(card.rect.centerx - x) * 0.2, number, card)
                for number, card in enumerate(cards)
                if (right and (card.rect.centerx - x) * right > 0 and card.rect.centery == y)
                or (down and (card.rect.centery - y) * down > 0)
            ]  # fmt: skip
            if not ahead and right:  # round the corner to the next row
                at = cards.index(here) + right
                ahead = [(0, 0, cards[at])] if 0 <= at < len(cards) else []
            if ahead:
                self.focus.give(min(ahead)[2], ring=True)
        if self.focus.current is not None:
            self._list.reveal(self.focus.current)

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        header = theme.px(HEADER)
        self._back.put(theme, left=theme.px(14), centery=header // 2)
        self._help.put(theme, right=window.right - theme.px(14), centery=header // 2)
        self._settings.put(theme, right=self._help.rect.left - theme.px(4), centery=header // 2)
        self._list.rect = pygame.Rect(0, header, window.width, window.height - header)

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        surface.fill(palette.paper)
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(HEADER))
        surface.fill(palette.ink, bar)
        place = pygame.Rect(self._back.rect.right + theme.px(10), 0, bar.width // 2, bar.height)
        words.label(surface, theme, "Levels", place, palette.on_ink, role="voice", size="head", weight="bold")

    def _paint_list(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        window = rect.width + theme.px(10)  # with the room that is kept for the scroll bar
        margin = max(theme.px(32), (window - theme.px(1240)) // 2)
        inner = pygame.Rect(rect.x + margin, rect.y + theme.px(26), window - 2 * margin, 0)
        y = inner.y
        for campaign in self.house.campaigns:
            y = self._paint_campaign(surface, theme, campaign, inner, y)
        if not self.house.campaigns:
            place = pygame.Rect(inner.x, y, inner.width, theme.px(60))
            words.write(surface, theme, "No level packs are installed.", place, theme.palette.muted)
            y += theme.px(60)
        return y - rect.y + theme.px(24)

    def _paint_campaign(
        self, surface: pygame.Surface, theme: Theme, campaign: Campaign, inner: pygame.Rect, y: int
    ) -> int:
        palette = theme.palette
        found = summary(campaign, self.house.progress)
        line = pygame.Rect(inner.x, y, inner.width, theme.px(36))
        words.label(
            surface, theme, campaign.title, line, palette.ink, role="voice", size="title", weight="bold"
        )
        told = f"{found.solved} of {found.levels} solved   ·   {found.stars} of {found.stars_of} stars"
        words.label(surface, theme, told, line, palette.muted, size="small", align="right")
        y += theme.px(40)
        gap = theme.px(16)
        self._columns = max(1, (inner.width + gap) // (theme.px(268) + gap))
        wide = (inner.width - gap * (self._columns - 1)) // self._columns
        for number, chapter in enumerate(campaign.chapters, 1):
            head = pygame.Rect(inner.x, y + theme.px(10), inner.width, theme.px(28))
            count = theme.text(f"{number}", palette.post, "voice", "lead", "bold")
            surface.blit(count, count.get_rect(left=head.x, centery=head.centery))
            name = pygame.Rect(head.x + theme.px(22), head.y, head.width, head.height)
            place = words.label(
                surface, theme, chapter.title, name, palette.ink, role="voice", size="lead", weight="bold"
            )
            rule = place.right + theme.px(14)
            surface.fill(palette.desk_line, (rule, head.centery, inner.right - rule, theme.px(1)))
            y = head.bottom + theme.px(8)
            for at, card in enumerate(chapter.levels):
                row, column = divmod(at, self._columns)
                shown = self._cards[card.key]
                shown.rect = pygame.Rect(
                    inner.x + column * (wide + gap), y + row * (theme.px(112) + gap), wide, theme.px(112)
                )
                shown.draw(surface, theme)
            rows = -(-len(chapter.levels) // self._columns)
            y += rows * (theme.px(112) + gap)
        return y
