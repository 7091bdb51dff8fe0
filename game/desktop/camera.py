"""Which part of a board is seen, and how large: zoom and pan, as a value.

Positions are lengths of the design, from the board's corner; `view` is the size of what is looked through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ZOOMS: Final = (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0)


@dataclass(frozen=True)
class Camera:
    """`x` and `y` are the board's point at the view's top left corner. At zoom 1 all of it is seen."""

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0

    @property
    def fits(self) -> bool:
        """Whether the whole board is in view."""
        return self.zoom == 1.0

    def inside(self, view: tuple[float, float]) -> Camera:
        """The nearest camera that shows nothing beside the board."""
        most_x, most_y = view[0] - view[0] / self.zoom, view[1] - view[1] / self.zoom
        return Camera(self.zoom, min(max(self.x, 0.0), most_x), min(max(self.y, 0.0), most_y))

    def zoomed(self, by: int, around: tuple[float, float], view: tuple[float, float]) -> Camera:
        """So many steps closer, or farther; the point of the view `around` stays where it is."""
        nearest = min(range(len(ZOOMS)), key=lambda at: abs(ZOOMS[at] - self.zoom))
        zoom = ZOOMS[max(0, min(len(ZOOMS) - 1, nearest + by))]
        here = self.point(around)
        return Camera(zoom, here[0] - around[0] / zoom, here[1] - around[1] / zoom).inside(view)

    def panned(self, dx: float, dy: float, view: tuple[float, float]) -> Camera:
        """Moved by so much of the view."""
        return Camera(self.zoom, self.x + dx / self.zoom, self.y + dy / self.zoom).inside(view)

    def point(self, seen: tuple[float, float]) -> tuple[float, float]:
        """The board's point that is seen at a point of the view."""
        return self.x + seen[0] / self.zoom, self.y + seen[1] / self.zoom

    def showing(self, x: float, y: float, w: float, h: float, view: tuple[float, float]) -> Camera:
        """Moved just so far that this box of the board is in view."""
        wide, high = view[0] / self.zoom, view[1] / self.zoom
        left = min(max(self.x, x + w - wide), x) if w < wide else x
        top = min(max(self.y, y + h - high), y) if h < high else y
        return Camera(self.zoom, left, top).inside(view)
