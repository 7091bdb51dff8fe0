"""A line for the name of a file, that completes what is there: pygame has no dialog for files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pygame

from game.desktop.fields import TextField
from game.desktop.widgets import Event

MOST: Final = 400
"""Names of a folder that are looked at."""


def completions(text: str) -> list[str]:
    """The paths that go on from this text, folders with a slash at their end; hidden ones only when asked
    for."""
    typed = os.path.expanduser(text)
    folder, start = os.path.split(typed)
    try:
        with os.scandir(folder or ".") as entries:
            found = [
                os.path.join(folder, entry.name) + ("/" if entry.is_dir() else "")
                for entry, _ in zip(entries, range(MOST), strict=False)
                if entry.name.startswith(start) and (start.startswith(".") or not entry.name.startswith("."))
            ]
    except (OSError, ValueError):
        return []
    return sorted(found)


def completed(text: str) -> str:
    """The text with as much added as all completions have in common."""
    found = completions(text)
    if not found:
        return text
    first, last = found[0], found[-1]  # of sorted names, what these have in common all have
    same = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), None)
    common = first[:same] if same is not None else min(first, last, key=len)
    return common if len(common) > len(os.path.expanduser(text)) else text


class PathField(TextField):
    """Tab completes; where there is nothing to complete, it moves on as everywhere."""

    def __init__(self, text: str = "", *, on_enter: Callable[[str], object] | None = None) -> None:
        super().__init__(text, hint="…/draughty-progress.json", on_enter=on_enter, width=420)

    @property
    def path(self) -> Path:
        return Path(os.path.expanduser(self.text.strip()))

    def write(self, text: str) -> None:
        """Have this in the line."""
        self.buffer.replace_all(text)
        self.buffer.go(self.buffer.end)

    def handle(self, event: Event) -> bool:
        plain_tab = (
            event.type == pygame.KEYDOWN and event.key == pygame.K_TAB and not event.mod & pygame.KMOD_SHIFT
        )
        if plain_tab and self.focused and (longer := completed(self.text)) != self.text:
            self.write(longer)
            return True
        return super().handle(event)
