"""The promises of an office as a list: kept, broken and why, or still being looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import pygame

from game.authoring.promises import Promise, Promises, State
from game.desktop import icons, words
from game.desktop.theme import Theme
from game.desktop.widgets import Widget
from game.language import Said, capital, say

WIDE: Final = 500
_SIGNS: Final[dict[State, str]] = {"open": "minus", "asking": "hourglass", "kept": "check", "broken": "cross"}


def summary(promises: Promises) -> Said:
    """What `draughty lint` makes of the office, as far as one knows."""
    if promises.kept:
        return say("This is a whole level: `draughty lint --deep` accepts its file.")
    if promises.question is not None:
        return say("`draughty lint` accepts its file. The inspector looks whether `--deep` does.")
    if promises.lintable:
        return say("`draughty lint` accepts its file, `draughty lint --deep` does not yet:")
    return say("This is no level yet: `draughty lint` would complain.")


class PromiseList(Widget):
    """`promises` says how they stand now."""

    def __init__(self, promises: Callable[[], Sequence[Promise]]) -> None:
        super().__init__()
        self._promises = promises

    def size(self, theme: Theme) -> tuple[int, int]:
        wide = theme.px(WIDE)
        return wide, sum(self._height(theme, one, wide) for one in self._promises())

    def _why(self, theme: Theme, promise: Promise, width: int) -> words.Prose:
        ink = theme.palette.post_deep
        return words.prose(theme, capital(promise.why), width - theme.px(32), ink, size="small")

    def _says(self, theme: Theme, promise: Promise, width: int) -> words.Prose:
        ink = theme.palette.faint if promise.state == "open" else theme.palette.ink
        return words.prose(theme, promise.says, width - theme.px(32), ink, weight="bold")

    def _height(self, theme: Theme, promise: Promise, width: int) -> int:
        why = self._why(theme, promise, width).height + theme.px(2) if promise.why else 0
        return self._says(theme, promise, width).height + why + theme.px(10)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, y, wide = theme.palette, self.rect.y, self.rect.width
        inks = {
            "open": palette.faint,
            "asking": palette.brass,
            "kept": palette.teal,
            "broken": palette.post,
        }
        for promise in self._promises():
            at = self.rect.x + theme.px(10), y + theme.px(11)
            icons.put_icon(surface, theme, _SIGNS[promise.state], at, 17, inks[promise.state])
            x = self.rect.x + theme.px(32)
            says = self._says(theme, promise, wide)
            says.draw(surface, (x, y))
            if promise.why:
                self._why(theme, promise, wide).draw(surface, (x, y + says.height + theme.px(2)))
            y += self._height(theme, promise, wide)
