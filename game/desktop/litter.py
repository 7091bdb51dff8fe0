"""When Python looks for objects that only hold each other: between frames, and seldom.

Left to itself it does so in the middle of a frame, and goes through everything the game has loaded: more than
a frame's time. What is there once a scene stands is therefore set aside, and gone through only in a pause.
"""

from __future__ import annotations

import contextlib
import gc
from typing import Final

SHORT: Final = 1.0
"""After so many seconds in which nothing moved: what came since the last time."""
LONG: Final = 5.0
"""After so many: everything, which takes as long as two or three frames."""
MANY: Final = 4
"""After so many changes of scene everything is gone through in a short pause: their pictures are large."""


class Litter:
    """`tidy` is told once a frame for how many seconds nothing has moved, and what is shown."""

    def __init__(self) -> None:
        self._shown: object = None
        self._done = 0.0
        self._changes = 0

    def tidy(self, quiet: float, shown: object) -> None:
        if shown is not self._shown:
            self._shown = shown
            self._changes += 1
            gc.freeze()  # costs nothing: only later ones are gone through
        if quiet < self._done:
            self._done = 0.0
        if self._done < LONG <= quiet or (self._changes >= MANY and quiet >= SHORT):
            gc.unfreeze()
            self._changes = 0
            self._sweep(quiet)
            give_back()
        elif self._done < SHORT <= quiet:
            self._sweep(quiet)

    def _sweep(self, quiet: float) -> None:
        gc.collect()
        gc.freeze()
        self._done = quiet


def give_back() -> None:
    """Hand memory that is free back to the system, where malloc can be asked to (`malloc_trim` of glibc).
    Pictures that are gone leave holes between others, which it would keep: as much again as what is used."""
    import ctypes

    # Windows has no library of this name, and others no such function.
    with contextlib.suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
