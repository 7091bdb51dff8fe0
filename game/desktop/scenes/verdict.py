"""PASSED: the stamp, what was covered, the stars and what they cost, Joyn's word, and the way on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pygame

from game.attempt import Attempt
from game.desktop import draw, icons, words
from game.desktop.app import Event
from game.desktop.charts import HIGH as CHARTS_HIGH
from game.desktop.charts import Charts, Tried
from game.desktop.figures import figure
from game.desktop.glossary_panel import with_terms
from game.desktop.house import House
from game.desktop.scenes.room import Room
from game.desktop.share_dialog import Host, Share
from game.desktop.theme import SMALLEST, Theme
from game.desktop.widgets import Button, Key
from game.language import say, say_many
from game.places import home

if TYPE_CHECKING:
    from game.desktop.scenes.workshop import WorkshopScene

CHARTS_WIDE = 340
FALL = 0.28
"""Seconds the stamp takes to come down."""


class VerdictScene(Room):
    """The card over the workshop of a level that was just solved. `behind` is the workshop's picture."""

    _fits: tuple[Theme, tuple[int, int], Theme] | None = None
    _links: Sequence[tuple[pygame.Rect, str]] = ()
    """Where terms of the glossary stand in what Joyn says, and their keys."""

    def __init__(
        self, house: House, workshop: WorkshopScene, attempt: Attempt, behind: pygame.Surface | None = None
    ) -> None:
        super().__init__(house)
        self.level, self.attempt = workshop.level, attempt
        self._workshop = workshop
        self._behind = behind
        self._fallen = 0.0
        card = house.next_card(workshop.key)
        self._coming = card if card is not None and card.key != workshop.key else None
        words_on = (
            say("Next: {number} {title}", number=self._coming.id, title=say(self._coming.title))
            if self._coming
            else say("All levels")
        )
        self._next = Button(words_on, self._go_on, style="primary", icon="forward", keys=(Key(pygame.K_F9),))
        writes = self.level.mode not in ("wind", "config")
        self._stay = Button(say("Back to my script") if writes else say("Back to the office"), self.back)
        self._levels = Button(say("Levels"), self._to_levels)
        self._share = Button(say("Share"), self.share, icon="envelope")
        self.sharing = Share(
            self.level,
            lambda: workshop.work.answer,
            house.folder or home(),
            Host(self.focus.open, self._close_dialog, lambda text, sign: self.app.toast(text, sign=sign)),
        )
        self._charts = Charts(self._tries(workshop.key), self._bounds())
        self.focus.set([self._next, self._stay, self._levels, self._share, self._charts])
        self.focus.give(self._next)
        self._card = self._text = pygame.Rect(0, 0, 0, 0)

    def _tries(self, key: str) -> list[Tried]:
        """Every answer tried at this level, the one just judged last."""
        judged = [Tried(one.metrics, one.verdict == "PROVED") for one in self.house.tries(key) if one.verdict]
        now = Tried(self.attempt.metrics, True)
        return judged if judged and judged[-1] == now else [*judged, now]

    def _bounds(self) -> dict[str, list[int]]:
        """For each metric what the stars ask for."""
        found: dict[str, list[int]] = {}
        for star in ("two", "three"):
            for metric, bound in self.level.stars.get(star, {}).items():
                found.setdefault(metric, []).append(bound)
        return found

    def _go_on(self) -> None:
        self.app.pop()
        self._workshop.next_level()

    def share(self) -> None:
        """What can be taken along of this answer."""
        self.sharing.ask()

    def _to_levels(self) -> None:
        self.app.pop()
        self._workshop.to_the_map()

    def handle(self, event: Event) -> None:
        if self.focus.dialog is None and event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            for rect, key in self._links:
                if rect.collidepoint(event.pos):
                    self.show_glossary(key)
                    return
        if event.type == pygame.KEYDOWN and self.focus.dialog is None:
            choosing = self.focus.current is self._charts.tabs
            if event.key == pygame.K_DOWN or (event.key == pygame.K_RIGHT and not choosing):
                self.focus.move(1)
                return
            if event.key == pygame.K_UP or (event.key == pygame.K_LEFT and not choosing):
                self.focus.move(-1)
                return
        super().handle(event)

    def update(self, dt: float) -> bool:
        falling = self._fallen < FALL and not self.theme.reduced_motion
        self._fallen += dt
        return super().update(dt) or falling

    @property
    def theme(self) -> Theme:
        """Smaller than elsewhere where the card would else be higher than the window."""
        theme = super().theme
        if self._fits is None or self._fits[:2] != (theme, self._size):
            fitted = theme
            while fitted.scale > SMALLEST and not self._fit_in(fitted):
                fitted = theme.scaled(max(SMALLEST, fitted.scale * 0.96))
            self._fits = theme, self._size, fitted
        return self._fits[2]

    def _fit_in(self, theme: Theme) -> bool:
        room = self._size[0] - theme.px(40)
        least = self._least_wide(theme)
        wide = min(max(theme.px(720), least), room)
        return least <= room and self._height(theme, wide) <= self._size[1] - theme.px(24)

    def _least_wide(self, theme: Theme) -> int:
        """How wide the card must be for its buttons."""
        buttons = (self._levels, self._share, self._stay, self._next)
        return sum(button.size(theme)[0] for button in buttons) + theme.px(64 + 8 + 24 + 10 + 18)

    def layout(self, size: tuple[int, int]) -> None:
        if self._behind is not None and self._behind.get_size() != size and self._app is not None:
            self._workshop.layout(size)
            self._behind = pygame.Surface(size)
            self._workshop.draw(self._behind)
        super().layout(size)

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        column = theme.px(CHARTS_WIDE)
        wide = min(max(theme.px(720), self._least_wide(theme)), window.width - theme.px(40))
        self._charts.visible = self._charts.compare and window.width - theme.px(40) >= wide + column
        high = self._height(theme, wide)
        if self._charts.visible:
            high = max(high, theme.px(CHARTS_HIGH + 70 + 74))
        high = min(high, window.height - theme.px(24))
        self._card = pygame.Rect(0, 0, wide + column * self._charts.visible, high)
        self._card.center = window.center
        self._text = pygame.Rect(self._card.topleft, (wide, high))
        self._charts.rect = pygame.Rect(
            self._text.right, self._card.y + theme.px(40), column - theme.px(32), theme.px(CHARTS_HIGH)
        )
        bottom = self._card.bottom - theme.px(26)
        self._next.put(theme)
        self._next.rect.size = (self._next.rect.width + theme.px(18), theme.px(42))
        self._next.radius = 21
        self._next.rect.bottomright = (self._card.right - theme.px(32), bottom)
        middle = self._next.rect.centery
        self._stay.put(theme, right=self._next.rect.left - theme.px(10), centery=middle)
        self._levels.put(theme, left=self._card.left + theme.px(32), centery=middle)
        self._share.put(theme, left=self._levels.rect.right + theme.px(8), centery=middle)

    def _after(self, theme: Theme, wide: int) -> words.Prose:
        text = say(self.level.after) if self.level.after else say("Well done.")
        return words.prose(
            theme, with_terms(theme, text), wide - theme.px(64), theme.palette.ink, role="voice", size="lead",
            code=theme.palette.brass_ink,
        )  # fmt: skip

    def _height(self, theme: Theme, wide: int) -> int:
        rows = len(self._conditions())
        return theme.px(202 + 30 * rows + 30 + 26 + 24 + 74) + self._after(theme, wide).height

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        if self._behind is not None:
            surface.blit(self._behind, (0, 0))
        else:
            surface.fill(palette.paper)
        scrim = theme.surfaces.get(
            ("verdict scrim", surface.get_size()), lambda: pygame.Surface(surface.get_size())
        )
        scrim.fill(palette.ink)
        scrim.set_alpha(150)
        surface.blit(scrim, (0, 0))
        draw.panel(surface, theme, self._card, palette.card, radius=16, shadow=12)
        inner = self._text.inflate(-theme.px(64), 0)
        if self._charts.visible:
            line = pygame.Rect(self._text.right - theme.px(16), self._charts.rect.y, theme.px(1), 0)
            line.height = self._charts.rect.height
            surface.fill(palette.desk_line, line)
        self._paint_head(surface, theme, inner)
        y = self._card.y + theme.px(202)
        y = self._paint_conditions(surface, theme, inner, y) + theme.px(16)
        surface.fill(palette.desk_line, (inner.x, y, inner.width, theme.px(1)))
        y += theme.px(14)
        head = pygame.Rect(inner.x, y, inner.width, theme.px(24))
        words.label(surface, theme, say("Postmistress Joyn"), head, palette.post, size="small", weight="bold")
        laid, place = self._after(theme, self._text.width), (inner.x, head.bottom + theme.px(2))
        laid.draw(surface, place)
        self._links = [(rect.move(place), key) for rect, key, _ in laid.links]

    def _paint_head(self, surface: pygame.Surface, theme: Theme, inner: pygame.Rect) -> None:
        palette, top = theme.palette, self._card.y
        made = icons.stamp(theme, say("PASSED"), palette.teal, size=38, most=258)
        place = made.get_rect(left=inner.x - theme.px(8), centery=top + theme.px(82))
        middle = place.centerx
        if self._fallen < FALL and not theme.reduced_motion and self._app is not None:
            share = 1 - self._fallen / FALL
            made = pygame.transform.smoothscale_by(made, 1 + 0.9 * share * share)
            made.set_alpha(round(255 * (1 - share)))
            place = made.get_rect(center=place.center)
        surface.blit(made, place)
        for at in range(3):
            got = at < self.attempt.stars
            centre = (middle + theme.px(42) * (at - 1), top + theme.px(162))
            icons.put_icon(
                surface,
                theme,
                "star" if got else "star outline",
                centre,
                36,
                palette.brass if got else palette.line,
            )
        left = inner.x + theme.px(264)
        title = pygame.Rect(left, top + theme.px(34), inner.right - left, theme.px(30))
        name = say("{number}  {title}", number=self.level.id, title=say(self.level.title))
        words.label(surface, theme, name, title, palette.ink, role="voice", size="head", weight="bold")
        number, told, small = self._covered()
        made = theme.text(number, palette.teal, "voice", 58 if len(number) < 7 else 44, "bold")
        place = made.get_rect(left=left, centery=title.bottom + theme.px(44))
        surface.blit(made, place)
        beside = pygame.Rect(place.right + theme.px(14), place.centery - theme.px(24), 0, theme.px(48))
        beside.width = inner.right - beside.left
        words.write(surface, theme, told, beside, palette.ink, role="voice", size="lead")
        foot = pygame.Rect(left, place.centery + theme.px(34), inner.right - left, theme.px(24))
        words.label(surface, theme, small, foot, palette.muted, size="small")

    def _covered(self) -> tuple[str, str, str]:
        """The number that is the point, what it counts, and the rest."""
        verdict = self.attempt.verdict
        if self.level.mode == "wind":
            count = verdict.transitions
            return (
                str(count),
                say_many("gust,\nand they did it", "gusts,\nand they did it", count),
                say("Real clerks moved in just this order."),
            )
        moments = say(
            "{states:,} moments looked at, in {seconds:.0f} ms",
            states=verdict.states,
            seconds=verdict.seconds * 1000,
        )
        if verdict.winds is None:
            return (
                say("{number:,}", number=verdict.states),
                say("moments,\nand it held in all of them"),
                say("Endless winds, all covered."),
            )
        if verdict.winds == 1:
            return "1", say("wind is all there is,\nand it held"), moments
        return figure(verdict.winds), say("winds,\nand it held in every one"), moments

    def _conditions(self) -> list[tuple[bool, str, str]]:
        """For each star: earned or not, what it is for, how the answer measured. Two stars for the same are
        told once."""
        rows: list[tuple[bool, str, str]] = [
            (
                True,
                say("It holds in every wind")
                if self.level.mode != "wind"
                else say("The wind that was asked for"),
                "",
            )
        ]
        for star in ("two", "three"):
            for metric, bound in self.level.stars.get(star, {}).items():
                got = self.attempt.metrics.get(metric)
                met = got is not None and got <= bound
                yours = say("yours: {count}", count=got if got is not None else "–")
                row = (met, _at_most(metric, bound, blown=self.level.mode == "wind"), yours)
                if row not in rows:
                    rows.append(row)
        return rows

    def _paint_conditions(self, surface: pygame.Surface, theme: Theme, inner: pygame.Rect, y: int) -> int:
        palette = theme.palette
        for met, what, measured in self._conditions():
            row = pygame.Rect(inner.x, y, inner.width, theme.px(30))
            icons.put_icon(
                surface, theme, "star" if met else "star outline", (row.x + theme.px(10), row.centery), 18,
                palette.brass if met else palette.faint,
            )  # fmt: skip
            place = row.move(theme.px(30), 0)
            place.width -= theme.px(30)
            words.label(surface, theme, what, place, palette.ink if met else palette.muted)
            words.label(surface, theme, measured, place, palette.muted, size="small", align="right")
            y += theme.px(30)
        return y


def _at_most(metric: str, bound: int, *, blown: bool) -> str:
    """What a star asks for. Where the player has blown the wind, its ticks are the gusts chosen."""
    match metric:
        case "ticks" if blown:
            return say_many("At most {count} gust", "At most {count} gusts", bound)
        case "statements":
            return say_many(
                "At most {count} statement in your scripts",
                "At most {count} statements in your scripts",
                bound,
            )
        case "clerks":
            return say_many("At most {count} clerk", "At most {count} clerks", bound)
        case "ticks":
            return say_many(
                "At most {count} tick of time in a calm wind",
                "At most {count} ticks of time in a calm wind",
                bound,
            )
        case "peak":
            return say_many("At most {count} token in flight", "At most {count} tokens in flight", bound)
        case "parts":
            return say_many("At most {count} part built", "At most {count} parts built", bound)
    return say("At most {count} {metric}", count=bound, metric=metric)
