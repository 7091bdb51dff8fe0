"""What a player's tries at a level measured: how often which number, and which two go together best.

The tries are facts; how they compare with one another is worked out here, and drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import pygame

from game.desktop import draw, icons, words
from game.desktop.theme import Theme, mix
from game.desktop.widgets import Event, Tabs, Widget
from game.language import say, say_many

MOST_BARS: Final = 12
HIGH: Final = 300
"""How high both charts are together with their tabs, in lengths of the design."""


class Tried(NamedTuple):
    """One answer put before the inspector: what it measured, and whether it held."""

    metrics: Mapping[str, int]
    passed: bool


class Bar(NamedTuple):
    """How many tries measured from `low` to `high`, both included."""

    low: int
    high: int
    passed: int
    failed: int


def bars_of(tries: Sequence[Tried], metric: str) -> tuple[Bar, ...]:
    """The tries by what they measured, from the least to the most; a bar a number where these are few."""
    values = [(one.metrics[metric], one.passed) for one in tries if metric in one.metrics]
    if not values:
        return ()
    low, high = min(value for value, _ in values), max(value for value, _ in values)
    wide = -(-(high - low + 1) // MOST_BARS)
    bars = []
    for start in range(low, high + 1, wide):
        inside = [passed for value, passed in values if start <= value < start + wide]
        bars.append(Bar(start, start + wide - 1, sum(inside), len(inside) - sum(inside)))
    return tuple(bars)


def front_of(tries: Sequence[Tried], one: str, other: str) -> tuple[tuple[int, int], ...]:
    """Of the answers that held, the pairs of measures that no other is at least as good as in both and
    better in one (the Pareto front), by the first measure."""
    held = {(t.metrics[one], t.metrics[other]) for t in tries if t.passed and {one, other} <= set(t.metrics)}
    front: list[tuple[int, int]] = []
    for x, y in sorted(held):
        if not front or y < front[-1][1]:
            front.append((x, y))
    return tuple(front)


def metrics_of(tries: Sequence[Tried], bounds: Mapping[str, object]) -> tuple[str, ...]:
    """The metrics worth a chart: those that stars ask for first, then others that differ between tries."""
    found: dict[str, set[int]] = {}
    for one in tries:
        for metric, value in one.metrics.items():
            found.setdefault(metric, set()).add(value)
    worth = (metric for metric in found if metric in bounds or len(found[metric]) > 1)
    return tuple(sorted(worth, key=lambda metric: (metric not in bounds, metric)))


class Charts(Widget):
    """Both charts of a level's tries, the last of which is the one just judged. `bounds` has for each metric
    what the stars ask for. Tabs choose the metric; the second axis is the next one."""

    tips_at_pointer = True

    def __init__(self, tries: Sequence[Tried], bounds: Mapping[str, Sequence[int]]) -> None:
        super().__init__()
        self.tries = tuple(tries)
        self.bounds = bounds
        self.metrics = metrics_of(tries, bounds)
        self.tabs = Tabs([named(metric) for metric in self.metrics], lambda _: None)
        self._tips: list[tuple[pygame.Rect, str]] = []

    @property
    def compare(self) -> bool:
        """Whether there is something to compare: tries that measured, or ended, differently."""
        return bool(self.metrics) and any(one != self.tries[0] for one in self.tries)

    @property
    def metric(self) -> str:
        """The metric that is shown."""
        return self.metrics[self.tabs.current]

    @property
    def other(self) -> str:
        """The metric on the second axis."""
        return self.metrics[(self.tabs.current + 1) % len(self.metrics)]

    def children(self) -> Sequence[Widget]:
        return (self.tabs,)

    def handle(self, event: Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
        if event.type in (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING):
            return False
        return self.tabs.handle(event)

    def size(self, theme: Theme) -> tuple[int, int]:
        return max(theme.px(280), self.tabs.size(theme)[0]), theme.px(HIGH)

    def tip_at(self, point: tuple[int, int]) -> str:
        return next((tip for rect, tip in self._tips if rect.collidepoint(point)), "")

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect = theme.palette, self.rect
        self._tips = []
        if not self.metrics:
            return
        head = pygame.Rect(rect.x, rect.y, rect.width, theme.px(24))
        title = say_many("Your one try", "Your {count} tries", len(self.tries))
        words.label(surface, theme, title, head, palette.post, size="small", weight="bold")
        self.tabs.rect = pygame.Rect(rect.x - theme.px(10), head.bottom, rect.width, theme.px(30))
        self.tabs.draw(surface, theme)
        top = self.tabs.rect.bottom + theme.px(6)
        room = rect.bottom - top
        upper = pygame.Rect(rect.x, top, rect.width, round(room * 0.44))
        self._histogram(surface, theme, upper)
        if self.other != self.metric:
            lower = pygame.Rect(
                rect.x, upper.bottom + theme.px(10), rect.width, room - upper.height - theme.px(10)
            )
            self._pareto(surface, theme, lower)

    # -- how often which number --

    def _histogram(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> None:
        palette = theme.palette
        bars = bars_of(self.tries, self.metric)
        foot = pygame.Rect(rect.x, rect.bottom - theme.px(18), rect.width, theme.px(18))
        ground = pygame.Rect(rect.x, rect.y, rect.width, rect.height - foot.height)
        surface.fill(palette.line, (ground.x, ground.bottom, ground.width, theme.px(1)))
        if not bars:
            return
        most = max(bar.passed + bar.failed for bar in bars)
        each = min(ground.width / len(bars), theme.px(46))
        high = ground.height - theme.px(16)
        last = self.tries[-1].metrics.get(self.metric)
        for index, bar in enumerate(bars):
            x = ground.x + round(each * index)
            column = pygame.Rect(x + theme.px(2), 0, max(3, round(each) - theme.px(4)), 0)
            y = ground.bottom
            for count, passed in ((bar.passed, True), (bar.failed, False)):
                if not count:
                    continue
                part = column.copy()
                part.height = max(theme.px(5), round(high * count / most))
                part.bottom = y
                if passed:
                    draw.panel(surface, theme, part, palette.teal, radius=2)
                else:
                    draw.dashed_panel(surface, theme, part, palette.post_tint, palette.post, radius=2)
                y = part.top - theme.px(1)
            if last is not None and bar.low <= last <= bar.high:
                self._pointer(surface, theme, (column.centerx, y - theme.px(3)))
            whole = pygame.Rect(x, ground.y, round(each), rect.height)
            self._tips.append((whole, _bar_words(bar, self.metric)))
        for x, text in _numbers(theme, bars, last, each):
            place = pygame.Rect(ground.x + x, foot.y, theme.width(text, "code", 11), foot.height)
            words.label(surface, theme, text, place, palette.muted, role="code", size=11)
        for bound in self.bounds.get(self.metric, ()):
            if bars[0].low <= bound + 1 and bound <= bars[-1].high:
                share = (bound + 1 - bars[0].low) / (bars[-1].high + 1 - bars[0].low)
                x = ground.x + round(share * each * len(bars))
                draw.line(surface, theme, [(x, ground.y + theme.px(12)), (x, ground.bottom)], palette.brass,
                          1.5, dash=(4, 3))  # fmt: skip
                icons.put_icon(surface, theme, "star", (x, ground.y + theme.px(6)), 13, palette.brass)

    def _pointer(self, surface: pygame.Surface, theme: Theme, tip: tuple[int, int]) -> None:
        """A small arrow down: this one is yours, now."""
        half = theme.px(4)
        points = [(tip[0] - half, tip[1] - half * 2), (tip[0] + half, tip[1] - half * 2), tip]
        pygame.draw.polygon(surface, theme.palette.ink, points)

    # -- what goes together --

    def _pareto(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> None:
        palette, one, other = theme.palette, self.metric, self.other
        shown = [tried for tried in self.tries if {one, other} <= set(tried.metrics)]
        left, foot = theme.px(22), theme.px(20)
        ground = pygame.Rect(rect.x + left, rect.y + theme.px(16), rect.width - left, rect.height - foot)
        ground.height -= theme.px(16)
        surface.fill(palette.line, (ground.x, ground.bottom, ground.width, theme.px(1)))
        surface.fill(palette.line, (ground.x, ground.y, theme.px(1), ground.height))
        if not shown:
            return
        xs = _span([tried.metrics[one] for tried in shown], self.bounds.get(one, ()))
        ys = _span([tried.metrics[other] for tried in shown], self.bounds.get(other, ()))

        def at(x: float, y: float) -> tuple[int, int]:
            return (
                ground.x + round((x - xs[0]) / (xs[1] - xs[0]) * ground.width),
                ground.bottom - round((y - ys[0]) / (ys[1] - ys[0]) * ground.height),
            )

        for bound in self.bounds.get(one, ()):
            draw.line(surface, theme, [at(bound, ys[0]), at(bound, ys[1])], palette.brass, 1.3, dash=(4, 3))
        for bound in self.bounds.get(other, ()):
            draw.line(surface, theme, [at(xs[0], bound), at(xs[1], bound)], palette.brass, 1.3, dash=(4, 3))
        self._staircase(surface, theme, front_of(shown, one, other), at, xs, ys)
        for tried in shown:
            spot = at(tried.metrics[one], tried.metrics[other])
            if tried.passed:
                draw.disc(surface, theme, spot, 4.2, palette.teal, outline=palette.card, width=1)
            else:
                icons.put_icon(surface, theme, "cross", spot, 12, palette.post)
            self._tips.append((_around(theme, spot), _pair_words(tried, one, other)))
        last = self.tries[-1]
        if {one, other} <= set(last.metrics):
            spot = at(last.metrics[one], last.metrics[other])
            draw.disc(surface, theme, spot, 8, None, outline=palette.ink, width=1.8)
        self._axes(surface, theme, rect, ground, xs, ys)

    def _staircase(
        self,
        surface: pygame.Surface,
        theme: Theme,
        front: Sequence[tuple[int, int]],
        at: Callable[[float, float], tuple[int, int]],
        xs: tuple[float, float],
        ys: tuple[float, float],
    ) -> None:
        """The best there is so far: whatever lies above and to the right of the line is no better."""
        if not front:
            return
        corners = [at(front[0][0], ys[1])]
        for (x, y), (after, _) in zip(front, [*front[1:], (xs[1], 0)], strict=True):
            corners += [at(x, y), at(after, y)]
        colour = mix(theme.palette.teal, theme.palette.card, 0.35)
        draw.line(surface, theme, corners, colour, 2)

    def _axes(
        self,
        surface: pygame.Surface,
        theme: Theme,
        rect: pygame.Rect,
        ground: pygame.Rect,
        xs: tuple[float, float],
        ys: tuple[float, float],
    ) -> None:
        ink, size = theme.palette.muted, 11
        low = pygame.Rect(ground.x, ground.bottom + theme.px(2), ground.width, theme.px(18))
        words.label(surface, theme, named(self.metric), low, ink, size=size, align="right")
        words.label(surface, theme, f"{round(xs[0] + 0.5)}", low, ink, role="code", size=size)
        head = pygame.Rect(rect.x, rect.y - theme.px(2), rect.width, theme.px(16))
        words.label(surface, theme, named(self.other), head, ink, size=size)
        for value, centre in ((ys[1], ground.y + theme.px(6)), (ys[0], ground.bottom - theme.px(6))):
            place = pygame.Rect(rect.x, 0, theme.px(19), theme.px(14))
            place.centery = centre
            number = f"{round(value - 0.5) if value == ys[1] else round(value + 0.5)}"
            words.label(surface, theme, number, place, ink, role="code", size=size, align="right")


def _span(values: Sequence[int], bounds: Sequence[int]) -> tuple[float, float]:
    """From a little less than the least to a little more than the most."""
    low, high = min([*values, *bounds]), max([*values, *bounds])
    return low - 0.5, high + 0.5


def _around(theme: Theme, spot: tuple[int, int]) -> pygame.Rect:
    box = pygame.Rect(0, 0, theme.px(16), theme.px(16))
    box.center = spot
    return box


def _bar_words(bar: Bar, metric: str) -> str:
    value = str(bar.low) if bar.low == bar.high else f"{bar.low}–{bar.high}"
    return say(
        "{metric}: {value}\n{passed} held, {failed} did not",
        metric=named(metric), value=value, passed=bar.passed, failed=bar.failed,
    )  # fmt: skip


def _pair_words(tried: Tried, one: str, other: str) -> str:
    return say(
        "{one}: {x}, {other}: {y}\n{end}",
        one=named(one), x=tried.metrics[one], other=named(other), y=tried.metrics[other],
        end=say("It held.") if tried.passed else say("It did not hold."),
    )  # fmt: skip


def named(metric: str) -> str:
    """A metric in a word."""
    known = {
        "ticks": say("ticks"),
        "statements": say("statements"),
        "clerks": say("clerks"),
        "peak": say("peak"),
        "parts": say("parts"),
    }
    return known.get(metric, metric)


def _numbers(theme: Theme, bars: Sequence[Bar], last: int | None, each: float) -> list[tuple[int, str]]:
    """What is written below bars so wide, and how far from the first: below the one just judged, and below
    the first and the last where that leaves them apart."""
    own = [index for index, bar in enumerate(bars) if last is not None and bar.low <= last <= bar.high]
    found: list[tuple[int, str]] = []
    for index in dict.fromkeys([*own, 0, len(bars) - 1]):
        bar = bars[index]
        text = str(bar.low) if bar.low == bar.high else f"{bar.low}–{bar.high}"
        wide = theme.width(text, "code", 11)
        x = max(round(each * (index + 0.5) - wide / 2), -theme.px(8))
        apart = (x + wide + theme.px(5) <= at or at + theme.width(one, "code", 11) + theme.px(5) <= x
                 for at, one in found)  # fmt: skip
        if all(apart):
            found.append((x, text))
    return found
