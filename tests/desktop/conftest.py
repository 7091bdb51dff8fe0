"""Fixtures of the tests that play in a real window; and what any of them leaves is cleared away."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from window_in_x import display, window

__all__ = ["display", "window"]


@pytest.fixture(scope="module", autouse=True)
def pictures_are_thrown_away() -> Iterator[None]:
    """Scenes are in cycles with their pictures; Python counts a large one as one, and collects late."""
    yield
    gc.collect()
