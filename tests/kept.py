"""Pictures kept to be compared with: small, in few colours, and written again only where changed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pygame
import pytest
from PIL import Image

HERE = Path(__file__).resolve().parent / "desktop/pictures"
DIFFER = Path(tempfile.gettempdir()) / "draughty-pictures"
MADE_WITH = HERE / "made_with.txt"
STEP = 24
"""Colours are kept in such steps: half a step is less than a difference that counts, and a file a third."""


def small(picture: pygame.Surface, wide: int = 640) -> pygame.Surface:
    """As it is kept: of any picture this wide, in its own proportions."""
    high = round(picture.get_height() * wide / picture.get_width())
    return pygame.transform.smoothscale(picture, (wide, high))


def difference(one: pygame.Surface, other: pygame.Surface) -> float:
    """The share of pixels that differ clearly."""
    assert one.get_size() == other.get_size()
    blank = pygame.mask.from_threshold(one, (0, 0, 0), (28, 28, 28, 255), other.convert(one))
    return 1 - blank.count() / (one.get_width() * one.get_height())


def versions() -> str:
    return f"SDL {pygame.get_sdl_version()} SDL_ttf {pygame.font.get_sdl_ttf_version()}"


def compare(now: pygame.Surface, name: str) -> None:
    """Fail where a small picture is not the one kept under this name; keep it, when asked to renew."""
    path = HERE / f"{name}.png"
    same = MADE_WITH.read_text().strip() == versions()
    # Another version of SDL sets the same letters a little otherwise.
    allowed = 0.001 if same else 0.02
    share = difference(pygame.image.load(str(path)).convert(now), now) if path.exists() else 1.0
    if os.environ.get("RENEW_PICTURES"):
        if share > allowed or not same:
            keep(now, path)
            MADE_WITH.write_text(versions() + "\n")
        return
    if share > allowed:
        (DIFFER / path.name).parent.mkdir(exist_ok=True)
        both = pygame.Surface((now.get_width() * 2 + 8, now.get_height()))
        if path.exists():
            both.blit(pygame.image.load(str(path)), (0, 0))
        both.blit(now, (now.get_width() + 8, 0))
        pygame.image.save(both, str(DIFFER / path.name))
        pytest.fail(f"{share:.2%} of {path.name} differ: kept and new are side by side in {DIFFER}")


def keep(picture: pygame.Surface, path: Path) -> None:
    """Write a picture in as few colours as do."""
    plain = Image.frombytes("RGB", picture.get_size(), pygame.image.tobytes(picture, "RGB"))
    coarse = plain.point(lambda value: min(255, (value + STEP // 2) // STEP * STEP))
    few = coarse.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    path.parent.mkdir(parents=True, exist_ok=True)
    few.save(path, "PNG", optimize=True)
