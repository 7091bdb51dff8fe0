"""Fixtures of the tests that play in a real window."""

from window_in_x import display, window

__all__ = ["display", "window"]
