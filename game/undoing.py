"""A value that is changed step by step, with everything it was and, once taken back, would have been.

For what is built, set and drafted; a text has its own, which goes letter by letter.
"""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Undoing(Generic[T]):
    """`value` is what holds now."""

    def __init__(self, value: T) -> None:
        self.value = value
        self._past: list[T] = []
        self._future: list[T] = []
        self._merging = ""

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def change(self, value: T, merging: str = "") -> bool:
        """Have it so; False when it is so already. Changes one after the other with the same `merging`, the
        letters of one script, are taken back as one."""
        if value == self.value:
            return False
        if not merging or merging != self._merging:
            self._past.append(self.value)
        self._merging = merging
        self._future.clear()
        self.value = value
        return True

    def undo(self) -> bool:
        """One change back; False at the first."""
        return self._move(self._past, self._future)

    def redo(self) -> bool:
        return self._move(self._future, self._past)

    def _move(self, source: list[T], target: list[T]) -> bool:
        if not source:
            return False
        target.append(self.value)
        self.value = source.pop()
        self._merging = ""
        return True
