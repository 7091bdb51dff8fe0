"""The board: the office of one level, at a moment of a film or between two moments.

What does not move between two frames is drawn once and kept. The drawing is `game.desktop.painter`'s.
"""

from __future__ import annotations

import pygame

from game.channels.kind import Picture
from game.desktop.layout import FAR, NEAR, Cast, Link, Thing, arrange, cast_of
from game.desktop.painter import Painter
from game.desktop.staging import Reel, Staging, reel_of
from game.desktop.theme import Theme
from game.desktop.tips import tip_of
from game.desktop.widgets import Widget
from game.story import Film, Flight, Frame, Spot, Token
from game.trace import Trace
from game.world import ClerkView, Snapshot, System


class Board(Widget):
    """The office of one system. `show` says which moment; a position between two whole numbers is the way
    from one frame to the next, and with reduced motion the frame before it."""

    tips_at_pointer = True

    def __init__(self, cast: Cast, reel: Reel) -> None:
        super().__init__()
        self.cast = cast
        self.reel = reel
        self.position = 0.0
        self._film: Film | None = None
        self._staging: Staging | None = None
        self._placed: tuple[tuple[int, int], float] = ((0, 0), 0.0)
        self._still: pygame.Surface | None = None
        self._still_key: tuple[object, ...] = ()

    @classmethod
    def of(cls, system: System) -> Board:
        """The board of a system before anybody moved."""
        return cls(cast_of(system), reel_of(Film(system, Trace(system.level.id, "", ()))))

    def show(self, film: Film, position: float) -> None:
        """Show a film at a position from 0 to its number of steps."""
        if film is not self._film:
            self._film = film
            self.show_reel(reel_of(film), position)
        self.show_reel(self.reel, position)

    def show_reel(self, reel: Reel, position: float) -> None:
        """Show frames that were made otherwise than from a film."""
        if reel is not self.reel:
            self.reel = reel
            self._staging = None
        self.position = max(0.0, min(position, len(reel.frames) - 1))

    def staging(self, theme: Theme) -> Staging:
        """Where everything stands, in lengths of the design from the board's corner."""
        placed = (self.rect.size, theme.scale)
        if self._staging is None or self._placed != placed:
            plan = arrange(self.cast, self.rect.width / theme.scale, self.rect.height / theme.scale)
            self._staging = Staging(plan, {thing.name: thing.shape for thing in self.cast.things})
            self._placed = placed
            self._still_key = ()
        return self._staging

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        if self.rect.width < 60 or self.rect.height < 60:
            return
        staging = self.staging(theme)
        number = int(self.position)
        frame, part = self.reel.frames[number], self.position - number
        ahead = None if part <= 0 or theme.reduced_motion else self.reel.frames[number + 1]
        key = (id(frame), id(ahead), id(staging), id(theme))
        if self._still is None or self._still_key != key:
            if self._still is None or self._still.get_size() != self.rect.size:
                self._still = pygame.Surface(self.rect.size, pygame.SRCALPHA)
            self._still.fill((0, 0, 0, 0))
            Painter(self._still, theme, staging, self.cast, self.reel, (0, 0)).still(frame, ahead)
            self._still_key = key
        surface.blit(self._still, self.rect)
        if ahead is not None:
            clip = surface.get_clip()
            surface.set_clip(self.rect.clip(clip))
            painter = Painter(surface, theme, staging, self.cast, self.reel, self.rect.topleft)
            painter.moving(frame, ahead, part * part * (3 - 2 * part))
            surface.set_clip(clip)

    def handle(self, event: pygame.event.Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
        return False

    def tip_at(self, point: tuple[int, int]) -> str:
        """What is under the pointer, in full."""
        staging = self._staging
        if staging is None or not self.rect.collidepoint(point):
            return ""
        scale = self._placed[1]
        here = (point[0] - self.rect.x) / scale, (point[1] - self.rect.y) / scale
        frame = self.reel.frames[min(round(self.position), len(self.reel.frames) - 1)]
        return tip_of(self.reel, staging, frame, here)


def stress(clerks: int = 8, tokens: int = 200) -> Board:
    """A board on which so many tokens move at once as no wind ever makes them: `show_reel(board.reel, t)`
    with t from 0 to 1 moves them all. For measuring frames."""
    names = tuple(f"clerk{index}" for index in range(clerks))
    belts = tuple(f"belt{index}" for index in range(max(1, clerks // 2)))
    pairs = [(names[index % clerks], belts[index % len(belts)]) for index in range(clerks)]
    links = [
        Link(clerk, belt, NEAR if index < len(belts) else FAR) for index, (clerk, belt) in enumerate(pairs)
    ]
    cast = Cast(names, tuple(Thing(belt, "belt") for belt in belts), tuple(links), counter=False)
    views = tuple(ClerkView(name, "up", 1, "", (), None, None, True) for name in names)

    def frame(number: int, away: int) -> Frame:
        found = []
        for index in range(tokens):
            belt, slot = belts[(index + away) % len(belts)], index // len(belts)
            found.append(Token(index, index, Spot("items", belt, "", slot)))
        pictures = tuple((belt, "queue", Picture("belt", items=(0,))) for belt in belts)
        flights = tuple(
            Flight(
                "token", token.value, Spot("clerk", names[token.number % clerks]), token.spot, token.number
            )
            for token in found[:: max(1, tokens // 100)]
        )
        return Frame(
            number,
            Snapshot(views, pictures, ()),
            None,
            "",
            "",
            flights,
            tuple(found),
            (),
            (),
            None,
            (),
            False,
            (),
            (),
            "running",
        )

    return Board(cast, Reel((frame(0, 0), frame(1, 1))))
