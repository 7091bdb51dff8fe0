"""The game's sounds, made from nothing: `python -m game.authoring.sounds` writes `assets/sounds/*.wav` anew.

Each is a fraction of a second, mono, soft at its beginning and its end. The standard library is enough.
"""

from __future__ import annotations

import math
import sys
import wave
from array import array
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from game.places import shipped

RATE: Final = 22_050
LOUDEST: Final = 0.6
Wave = Callable[[float], float]


def tone(pitch: float, fall: float = 12.0, *, bend: float = 0.0) -> Wave:
    """A struck tone that dies away; `bend` is how many times its pitch it has gained after a second."""
    return lambda t: math.sin(math.tau * pitch * (t + bend * t * t / 2)) * math.exp(-fall * t)


def rustle(seed: int, fall: float = 14.0, *, dull: float = 0.5) -> Wave:
    """Paper: noise, made duller by averaging, that dies away."""
    random = Random(seed)
    smooth: list[float] = [0.0]

    def at(t: float) -> float:
        smooth[0] += (random.uniform(-1, 1) - smooth[0]) * (1 - dull)
        return smooth[0] * math.exp(-fall * t)

    return at


def after(delay: float, inner: Wave) -> Wave:
    """The same a little later."""
    return lambda t: inner(t - delay) if t >= delay else 0.0


def together(*waves: tuple[float, Wave]) -> Wave:
    return lambda t: sum(part * inner(t) for part, inner in waves)


def swelling(inner: Wave, beats: float) -> Wave:
    """Louder and softer again, so many times a second: a purr."""
    return lambda t: inner(t) * (0.5 - 0.5 * math.cos(math.tau * beats * t))


SOUNDS: Final[dict[str, tuple[float, Callable[[], Wave]]]] = {
    "put": (0.18, lambda: together((0.7, tone(150, 26)), (0.5, rustle(1, 24, dull=0.6)))),
    "take": (0.16, lambda: together((0.6, rustle(2, 20, dull=0.35)), (0.2, after(0.05, tone(420, 40))))),
    "chalk": (0.14, lambda: together((0.5, rustle(3, 16, dull=0.05)), (0.12, tone(1900, 22, bend=0.6)))),
    "key": (0.30, lambda: together((0.3, tone(2350, 18)), (0.22, tone(3120, 22)),
                                   (0.3, after(0.07, tone(2790, 16))))),
    "passed": (0.55, lambda: together((1.0, tone(82, 18)), (0.4, rustle(4, 30, dull=0.7)),
                                      (0.25, after(0.09, tone(523, 7))), (0.2, after(0.17, tone(784, 7))))),
    "refused": (0.45, lambda: together((1.0, tone(70, 16)), (0.5, rustle(5, 26, dull=0.75)),
                                       (0.35, after(0.10, tone(147, 9, bend=-0.4))))),
    "page": (0.26, lambda: together((0.7, rustle(6, 9, dull=0.25)),
                                    (0.4, after(0.1, rustle(7, 18, dull=0.5))))),
    "step": (0.07, lambda: together((0.5, tone(640, 70)), (0.2, rustle(8, 80, dull=0.4)))),
    "cat": (0.75, lambda: swelling(together((0.5, tone(92, 2.2)), (0.5, rustle(9, 2.2, dull=0.85))), 22)),
}  # fmt: skip
"""Seconds and shape of each."""


def samples(name: str) -> array[int]:
    """A sound as 16-bit samples."""
    seconds, shape = SOUNDS[name]
    at, count = shape(), round(seconds * RATE)
    raw = [at(i / RATE) for i in range(count)]
    edge = round(0.004 * RATE)
    faded = [v * min(1.0, i / edge, (count - 1 - i) / (3 * edge)) for i, v in enumerate(raw)]
    peak = max(map(abs, faded)) or 1.0
    return array("h", (round(v / peak * LOUDEST * 32_767) for v in faded))


def write(name: str, folder: Path) -> None:
    made = samples(name)
    if sys.byteorder == "big":
        made.byteswap()
    with wave.open(str(folder / f"{name}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(made.tobytes())


def main() -> int:
    folder = shipped("assets") / "sounds"
    folder.mkdir(exist_ok=True)
    for name in SOUNDS:
        write(name, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
