"""What is heard: a sound for a moment of the game, played if there is something to play it on.

No sound is needed to play. Without a sound card, without a window, muted or at no volume nothing is opened
and nothing fails; with captions on, each sound is said in words as well.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Literal

import pygame

from game.desktop.settings import Settings
from game.desktop.theme import asset_path
from game.language import Said, say
from game.story import Flight, Frame

Name = Literal["put", "take", "chalk", "key", "passed", "refused", "page", "step", "cat"]

CAPTIONS: Final[dict[Name, Said]] = {
    "put": say("a letter is put down"),
    "take": say("a letter is taken"),
    "chalk": say("chalk on slate"),
    "key": say("a key jingles"),
    "passed": say("a stamp: passed"),
    "refused": say("a stamp: refused"),
    "page": say("a page turns"),
    "step": say("a step"),
    "cat": say("a cat purrs"),
}
AT_ONCE: Final = 3
"""More sounds at a time would be a noise."""
HEADROOM: Final = 0.55
"""How loud a sound is at full volume: each file peaks at 0.6, and as many as there may be must not clip."""
PAUSE: Final = 0.06
"""Seconds in which the same sound is not begun again: a fast film must not rattle."""


def of_moment(frame: Frame) -> Name | None:
    """The sound of a film's step, the one thing in it that is most worth hearing."""
    event = frame.event
    if event is None:
        return None
    if event.agent.startswith("cat:"):
        return "cat"
    for flight in frame.flights:
        found = _of_flight(flight)
        if found:
            return found
    return "step"


def _of_flight(flight: Flight) -> Name | None:
    if flight.what == "key":
        return "key"
    if flight.what == "number":
        return "chalk" if flight.target.where == "board" else None
    return "take" if flight.target.where == "clerk" else "put"


def somebody_listens() -> bool:
    """Whether there may be a sound card. On Linux one looks first: asked for one that is not there, the
    system's own libraries complain on the terminal. Who names a driver is believed."""
    if named := os.environ.get("SDL_AUDIODRIVER"):
        return named != "dummy"
    if not sys.platform.startswith("linux"):
        return True
    served = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"))
    there = any((served / name).exists() for name in ("pulse/native", "pipewire-0"))
    return there or "PULSE_SERVER" in os.environ or any(Path("/dev/snd").glob("pcm*p"))


class Sounds:
    """Plays them. `silent` is for windows nobody listens to: tests and pictures."""

    def __init__(
        self, *, silent: bool = False, caption: Callable[[str], object] | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:  # fmt: skip
        self.played: list[Name] = []
        self.works = not silent
        self._caption = caption
        self._clock = clock or (lambda: pygame.time.get_ticks() / 1000)
        self._last: dict[Name, float] = {}
        self._made: dict[Name, pygame.mixer.Sound] = {}
        self._open = False
        self._opening: threading.Thread | None = None

    def play(self, name: Name, settings: Settings) -> None:
        """Let it be heard, and said if captions are wanted."""
        now = self._clock()
        if now - self._last.get(name, -1.0) < PAUSE:
            return
        self._last[name] = now
        self.played = [*self.played[-31:], name]
        if settings.captions and self._caption is not None:
            self._caption(CAPTIONS[name])
        if settings.muted or settings.volume <= 0 or not self._ready():
            return
        with contextlib.suppress(pygame.error, OSError):
            sound = self._made.get(name) or pygame.mixer.Sound(str(asset_path(f"sounds/{name}.wav")))
            self._made[name] = sound
            channel = pygame.mixer.find_channel()  # none when all are busy: then this one is left out
            if channel is not None:
                channel.set_volume(settings.volume * HEADROOM)
                channel.play(sound)

    def _ready(self) -> bool:
        """Whether the sound card is open. The first question opens it, beside the frames: that may take a
        while. If there is none, nobody asks again."""
        if self.works and self._opening is None:
            self._opening = threading.Thread(target=self._open_card, name="sound card", daemon=True)
            self._opening.start()
        return self._open

    def _open_card(self) -> None:
        try:
            if not somebody_listens():
                raise pygame.error("nobody listens")
            pygame.mixer.init(22_050, -16, 2, 512)
            pygame.mixer.set_num_channels(AT_ONCE)
            self._open = True
        except (pygame.error, NotImplementedError, AttributeError):
            self.works = False

    def close(self) -> None:
        """Let go of the sound card."""
        self.works = False
        if self._opening is not None:
            self._opening.join(2)
        self._made.clear()
        if self._open:
            self._open = False
            with contextlib.suppress(pygame.error):
                pygame.mixer.quit()


def of_moments(frames: Iterable[Frame], *, most: int = 2) -> list[Name]:
    """The sounds of several steps that went by at once: each only once, and not many."""
    heard = dict.fromkeys(name for frame in frames if (name := of_moment(frame)))
    return sorted(heard, key=lambda name: name == "step")[:most]
