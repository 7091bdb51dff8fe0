"""The three drawers of a level, each with an answer: seen in small, how it was judged, what can be done with
it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import pygame

from game.desktop import draw, icons, words
from game.desktop.app import Event
from game.desktop.listing import listing
from game.desktop.preview import Offices, Preview
from game.desktop.preview import Subject as Seen
from game.desktop.scenes.levels import METRICS, draw_star
from game.desktop.theme import Colour, Palette, Theme
from game.desktop.widgets import Button, IconButton, Widget
from game.history import Try
from game.language import Said, joined, say, say_many
from game.level.model import Answer
from game.request import Value
from game.saves import DRAWERS
from game.trace import to_plain

VERDICTS: Final = {
    "PROVED": (say("holds in every wind"), "check"),
    "REFUTED": (say("fails"), "cross"),
    "UNDETERMINED": (say("not determined"), "help"),
    "": (say("put aside, not judged"), "envelope"),
}


class Kept(NamedTuple):
    """What a drawer holds. `seen` is its office to be looked at, None where its scripts are what counts;
    `judged` is the last attempt with this very answer, `at` when that was, or ""."""

    answer: Answer | None
    used: bool
    seen: Seen | None = None
    judged: Try | None = None
    at: str = ""


class Deeds(NamedTuple):
    """What a card's buttons do, given the numbers of drawers from 0."""

    use: Callable[[int], object]
    copy: Callable[[int, int], object]
    clear: Callable[[int], object]


class DrawerCard(Widget):
    """One of the three answers, as a card."""

    def __init__(
        self, number: int, kept: Callable[[], Kept], does: Deeds, offices: Offices, *, at_once: bool = False
    ) -> None:
        super().__init__()
        self.number = number
        self._kept = kept
        self.preview = Preview(offices, lambda: does.use(number), at_once=at_once)
        self.use = Button(say("Use"), lambda: does.use(number), icon="check")
        self.copies = [
            Button(
                f"→ {other + 1}", partial(does.copy, number, other), style="ghost",
                tip=say("Copy to {drawer}", drawer=other + 1),
            )
            for other in range(DRAWERS)
            if other != number
        ]  # fmt: skip
        self.clear = IconButton(
            "cross", lambda: does.clear(number), tip=say("Empty this drawer"), style="ghost"
        )

    def children(self) -> Sequence[Widget]:
        return (self.preview, self.use, *self.copies, self.clear)

    def handle(self, event: Event) -> bool:
        return any([child.handle(event) for child in self.children() if child.visible])

    def update(self, dt: float) -> bool:
        return any([child.update(dt) for child in self.children()])

    def place(self, theme: Theme, rect: pygame.Rect) -> None:
        """The card at a place, its buttons along its foot."""
        self.rect = rect
        pad = theme.px(10)
        foot = rect.bottom - theme.px(8)
        self.clear.put(theme, right=rect.right - theme.px(6), bottom=foot)
        rest = self.clear.rect.left - rect.x - pad
        self.use.icon = "check"
        if self.use.size(theme)[0] + sum(one.size(theme)[0] for one in self.copies) > rest:
            self.use.icon = None
        left = rect.x + pad
        for button in (self.use, *self.copies):
            button.put(theme, left=left, bottom=foot)
            left = button.rect.right + theme.px(2)
        self.clear.rect.centery = self.use.rect.centery

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect, kept = theme.palette, self.rect, self._kept()
        full = kept.answer is not None
        draw.panel(
            surface, theme, rect, palette.card if full or kept.used else palette.paper, radius=12,
            outline=palette.post if kept.used else palette.line, width=2 if kept.used else 1, shadow=2,
        )  # fmt: skip
        self.use.enabled = not kept.used
        self.clear.enabled = full
        for copy in self.copies:
            copy.enabled = full
        inner = rect.inflate(-theme.px(24), 0)
        y = self._head(surface, theme, inner, kept)
        self._foot(surface, theme, inner, kept, y)
        for child in self.children():
            if child.visible:
                child.draw(surface, theme)

    def _head(self, surface: pygame.Surface, theme: Theme, inner: pygame.Rect, kept: Kept) -> int:
        """The number on its seal, and whether this one is in the editor; where that ends."""
        palette = theme.palette
        line = pygame.Rect(inner.x, self.rect.y + theme.px(8), inner.width, theme.px(26))
        seal = (line.x + theme.px(12), line.centery)
        draw.disc(surface, theme, seal, 12, palette.post if kept.used else palette.hover)
        mark = pygame.Rect(line.x, line.y, theme.px(24), line.height)
        ink = palette.card if kept.used else palette.ink
        words.label(
            surface, theme, str(self.number + 1), mark, ink, role="voice", weight="bold", align="centre"
        )
        line.left, line.width = mark.right + theme.px(8), line.width - mark.width - theme.px(8)
        if kept.used:
            told = words.label(
                surface, theme, say("in the editor"), line, palette.post, size="small", weight="bold"
            )
            line.width -= told.right + theme.px(8) - line.left
            line.left = told.right + theme.px(8)
        words.label(surface, theme, kept.at, line, palette.muted, size="caption", align="right")
        return line.bottom + theme.px(6)

    def _foot(self, surface: pygame.Surface, theme: Theme, inner: pygame.Rect, kept: Kept, top: int) -> None:
        """The picture, and below it what the answer is and how it was judged."""
        palette = theme.palette
        small, tiny = theme.line_height(size="small"), theme.line_height(size="caption")
        y = self.use.rect.top - theme.px(8) - 2 * small - tiny
        self._picture(surface, theme, pygame.Rect(inner.x, top, inner.width, y - theme.px(6) - top), kept)
        told = about(kept.answer) if kept.answer is not None else say("empty: the level as it was given")
        line = pygame.Rect(inner.x, y, inner.width, small)
        ink = palette.ink if kept.answer is not None else palette.muted
        said = words.label(surface, theme, told, line, ink, size="small", weight="bold")
        if kept.answer is None:
            return
        rest = pygame.Rect(said.right + theme.px(10), y, inner.right - said.right - theme.px(10), small)
        if kept.answer.choices and rest.width > theme.px(40):
            chosen = ", ".join(f"{name} = {to_plain(value)}" for name, value in kept.answer.choices.items())
            if theme.width(chosen, "code", "caption") <= rest.width:  # the picture shows it all
                words.label(surface, theme, chosen, rest, palette.muted, role="code", size="caption")
        self._judged(surface, theme, line.move(0, small), kept)

    def _judged(self, surface: pygame.Surface, theme: Theme, line: pygame.Rect, kept: Kept) -> None:
        """How it was judged, with its stars, and below that what it measured."""
        palette, left, wide = theme.palette, line.x, line.width
        told, sign, ink = judgement(kept.judged, palette)
        icons.put_icon(surface, theme, sign, (line.x + theme.px(8), line.centery), 15, ink)
        if kept.judged is not None and kept.judged.stars:
            for at in range(3):
                spot = (line.right - theme.px(8 + 17 * (2 - at)), line.centery)
                draw_star(surface, theme, spot, 16, got=at < kept.judged.stars, paper=True)
            line.width -= theme.px(58)
        line.left, line.width = line.left + theme.px(21), line.width - theme.px(21)
        words.label(surface, theme, told, line, ink, size="small")
        if kept.judged is not None:
            line = pygame.Rect(left, line.bottom, wide, theme.line_height(size="caption"))
            told = fitting(theme, kept.judged, wide)
            words.label(surface, theme, told, line, palette.muted, size="caption")

    def _picture(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect, kept: Kept) -> None:
        self.preview.visible = kept.seen is not None
        self.preview.rect = rect
        self.preview.show(kept.seen)
        if kept.seen is not None or kept.answer is None:
            return
        draw.panel(surface, theme, rect, theme.palette.slate, radius=10)
        clip = surface.get_clip()
        inner = rect.inflate(-theme.px(20), -theme.px(14))
        surface.set_clip(inner.clip(clip))
        listing(surface, theme, lines_of(kept.answer, inner.width, theme), inner, "caption")
        surface.set_clip(clip)


def judgement(judged: Try | None, palette: Palette) -> tuple[str, str, Colour]:
    """How an answer was judged: a word, the icon beside it, and their colour."""
    if judged is None:
        return say("not judged yet"), "hourglass", palette.muted
    told, sign = VERDICTS.get(judged.verdict, VERDICTS[""])
    if judged.verdict == "PROVED" and judged.answer.winds:
        told = say("your wind does it")
    ink = {"PROVED": palette.teal, "REFUTED": palette.post_deep}.get(judged.verdict, palette.muted)
    return say(judged.failure) if judged.failure else told, sign, ink


def measured(judged: Try, most: int = len(METRICS)) -> Said:
    """What an attempt measured, in a line: so many numbers of it at most, those first that stars ask for."""
    names = [name for name in METRICS if name in judged.metrics]
    return joined("  ·  ", [METRICS[name](judged.metrics[name]) for name in names[:most]])


def fitting(theme: Theme, judged: Try, wide: int) -> Said:
    """As many of an attempt's numbers as stand whole in a line this wide."""
    lines = (measured(judged, most) for most in range(len(METRICS), 0, -1))
    return next((line for line in lines if theme.width(line, size="caption") <= wide), measured(judged, 1))


def lines_of(answer: Answer, wide: int, theme: Theme) -> list[str]:
    """What an answer writes, a line each: its script without a heading where it is the only one, its wind in
    as many lines as it needs."""
    if len(answer.scripts) == 1 and not (answer.choices or answer.parts or answer.gets):
        return next(iter(answer.scripts.values())).rstrip().splitlines()
    if not answer.winds:
        return text_of(answer).splitlines()
    most = max(8, wide // max(1, theme.width("m", "code", "caption")))
    lines = [""]
    for gust in answer.winds[0].split():
        longer = f"{lines[-1]} {gust}".strip()
        if len(longer) <= most:
            lines[-1] = longer
        else:
            lines.append(gust)
    return lines


def about(answer: Answer) -> Said:
    """What an answer holds, in a few words."""
    if answer.winds:
        return say_many("a wind of {count} gust", "a wind of {count} gusts", len(answer.winds[0].split()))
    lines = sum(len(text.splitlines()) for text in answer.scripts.values())
    built = say_many("{count} part built", "{count} parts built", len(answer.parts))
    if lines:
        count = say_many("{count} line", "{count} lines", lines)
        written = say("{lines} in {names}", lines=count, names=", ".join(answer.scripts))
        return joined(" · ", [written, built]) if answer.parts else written
    if answer.parts:
        return built
    if answer.choices:
        return say_many("{count} thing set", "{count} things set", len(answer.choices))
    return say("the level as it was given")


def text_of(answer: Answer) -> str:
    """An answer to read: its scripts, what was set, its wind, what was built."""
    parts = [f"# {name}\n{text.rstrip()}\n" for name, text in answer.scripts.items()]
    parts += [f"{name} = {to_plain(value)!r}" for name, value in answer.choices.items()]
    parts += [f"{wind}" for wind in answer.winds]
    parts += [f"{name} = {_plain(part)}" for name, part in answer.parts.items()]
    parts += [f"{clerk}: {_plain(gets)}" for clerk, gets in answer.gets.items()]
    return "\n".join(parts) or "# …"


def _plain(values: Mapping[str, Value]) -> str:
    return ", ".join(f"{key} {to_plain(value)}" for key, value in values.items())
