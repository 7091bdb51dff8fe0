"""The board: the office of one level, at a moment of a film or between two moments.

What does not move between two frames is drawn once and kept. The drawing is `game.desktop.painter`'s.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import pygame

from game.channels.kind import Picture
from game.desktop import draw
from game.desktop.arrangements import PLAIN, Arrangement
from game.desktop.camera import Camera
from game.desktop.layout import (
    FAR,
    NEAR,
    Box,
    Cast,
    Key,
    Link,
    Plan,
    Point,
    Thing,
    arrange,
    cast_of,
    rearranged,
)
from game.desktop.painter import Painter
from game.desktop.staging import Reel, Staging, reel_of
from game.desktop.still import Still
from game.desktop.theme import Theme
from game.desktop.tips import tip_of
from game.desktop.widgets import Widget
from game.story import Film, Flight, Frame, Spot, Token
from game.trace import Trace
from game.undoing import Undoing
from game.world import ClerkView, Snapshot, System

STEP: Final = 8.0
"""How far, in lengths of the design, an arrow key moves a thing; with Shift three times as far."""
PAN: Final = 48.0
GLIDE: Final = 0.16
"""Seconds the camera takes to where it was sent."""
_SNAP: Final = 5.0
_SLACK: Final = 4
"""A press that moves less, in pixels, is no drag."""


class Board(Widget):
    """The office of one system. `show` says which moment; a position between two whole numbers is the way
    from one frame to the next, and with reduced motion the frame before it.

    Things are dragged elsewhere; `on_arrange` is told of it. The wheel zooms, the middle button, space and
    the button, or a drag of the bare floor move what is seen. By keyboard: arrows, + and -, 0, Enter to pick
    things one after the other and then arrows to move them, Delete to put them back, O for right angles.
    """

    focusable = True
    tips_at_pointer = True
    radius = 10

    def __init__(self, cast: Cast, reel: Reel) -> None:
        super().__init__()
        self.cast = cast
        self.reel = reel
        self.position = 0.0
        self.camera = Camera()
        self.arrangement = PLAIN
        self.on_arrange: Callable[[Arrangement], object] | None = None
        self.picked: Key | None = None
        self._film: Film | None = None
        self._plan: Plan | None = None
        self._staging: Staging | None = None
        self._placed: tuple[object, ...] = ()
        self._still: Still | None = None
        self._still_key: tuple[object, ...] = ()
        self._scale = 1.0
        self._near: Theme | None = None
        self._pointer = (0, 0)
        self._spaced = False
        self._held: tuple[Key | None, tuple[int, int], Point] | None = None
        self._before_drag = PLAIN
        self._moves = Undoing(PLAIN)
        self._dragging = False
        self._guides: tuple[Point, ...] = ()
        self._shown: tuple[Camera, pygame.Surface] | None = None
        self._left = 0.0
        self._from: tuple[Camera, pygame.Surface] | None = None

    @classmethod
    def of(cls, system: System) -> Board:
        """The board of a system before anybody moved."""
        return cls(cast_of(system), reel_of(Film(system, Trace(system.level.id, "", ()))))

    def like(self, other: Board) -> Board:
        """With the place, the camera and the arrangement of the board it takes over from."""
        self.rect, self.camera = other.rect, other.camera
        self.arrangement, self.on_arrange = other.arrangement, other.on_arrange
        self._moves = other._moves
        return self

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
        self._scale = theme.scale
        placed = (self.rect.size, theme.scale)
        if self._plan is None or self._placed != placed:
            self._plan = arrange(self.cast, self.rect.width / theme.scale, self.rect.height / theme.scale)
            self._placed = placed
            self._staging = None
            self.camera = self.camera.inside(self._view)
        if self._staging is None:
            plan = self._plan
            if self.arrangement.places:
                plan = rearranged(self.cast, plan, self.arrangement.places)
            shapes = {thing.name: thing.shape for thing in self.cast.things}
            self._staging = Staging(plan, shapes, square=self.arrangement.square)
            self._still_key = ()
        return self._staging

    @property
    def in_hand(self) -> bool:
        """Whether a thing is being dragged."""
        return self._dragging

    @property
    def _view(self) -> tuple[float, float]:
        return self.rect.width / self._scale, self.rect.height / self._scale

    def _close_up(self, theme: Theme) -> Theme:
        """The theme things are drawn with as near as the camera is."""
        if self.camera.fits:
            return theme
        scale = theme.scale * self.camera.zoom
        kept = self._near
        if kept is None or kept.scale != scale or kept.palette is not theme.palette or (
            kept.reduced_motion != theme.reduced_motion or kept.catalogue is not theme.catalogue
        ):  # fmt: skip
            self._near = kept = theme.scaled(theme.scale)
            kept.scale = scale  # beyond what a whole window may be scaled to
        return kept

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        if self.rect.width < 60 or self.rect.height < 60:
            return
        theme = theme.drawn  # whoever wants larger letters here comes closer
        staging = self.staging(theme)
        near = self._close_up(theme)
        number = int(self.position)
        frame, part = self.reel.frames[number], self.position - number
        ahead = None if part <= 0 or theme.reduced_motion else self.reel.frames[number + 1]
        key = (id(frame), id(ahead), id(staging), id(near), self.camera)
        off = -round(self.camera.x * near.scale), -round(self.camera.y * near.scale)
        if self._still is None or self._still_key != key:
            zooms = self._shown is not None and self._shown[0].zoom != self.camera.zoom
            if self._still is None or self._still.surface.get_size() != self.rect.size or zooms:
                self._still = Still(self.rect.size)  # the old one travels
            painter = Painter(self._still.surface, near, staging, self.cast, self.reel, off)
            self._still.show(painter, frame, ahead)
            self._still_key = key
        if self._glides(theme):
            self._glide(surface)
            return
        self._shown = self.camera, self._still.surface
        surface.blit(self._still.surface, self.rect)
        clip = surface.get_clip()
        surface.set_clip(self.rect.clip(clip))
        corner = self.rect.x + off[0], self.rect.y + off[1]
        if ahead is not None:
            painter = Painter(surface, near, staging, self.cast, self.reel, corner)
            painter.moving(frame, ahead, part * part * (3 - 2 * part))
        self._marks(surface, theme, near, corner)
        surface.set_clip(clip)

    def place_of(self, name: str, theme: Theme) -> pygame.Rect | None:
        """Where a clerk, a channel or the counter is to be seen now, in pixels; None when it is not."""
        plan, near = self.staging(theme).plan, self._close_up(theme)
        box = plan.counter if name == "counter" else plan.cards.get(name) or plan.channels.get(name)
        if box is None:
            return None
        s = near.scale
        x, y = self.rect.x - self.camera.x * s, self.rect.y - self.camera.y * s
        found = pygame.Rect(round(x + box.x * s), round(y + box.y * s), round(box.w * s), round(box.h * s))
        seen = found.clip(self.rect)
        return seen if seen.width and seen.height else None

    def _glides(self, theme: Theme) -> bool:
        """Whether the camera is still on its way; begins a way where it was sent elsewhere."""
        shown = self._shown
        if shown is not None and shown[0].zoom != self.camera.zoom and self._from is None:
            if theme.reduced_motion or shown[1].get_size() != self.rect.size:
                return False
            self._from, self._left = shown, GLIDE
        return self._from is not None and self._left > 0

    def _glide(self, surface: pygame.Surface) -> None:
        """A moment on the way from one camera to the other, cut out of the picture that shows more."""
        assert self._from is not None and self._still is not None
        start, old = self._from
        share = 1 - self._left / GLIDE
        share = share * share * (3 - 2 * share)
        zoom = start.zoom * (self.camera.zoom / start.zoom) ** share
        wide, picture = (start, old) if start.zoom < self.camera.zoom else (self.camera, self._still.surface)
        # What is seen shrinks as 1 / zoom: with its corner going the same way, one point holds still.
        span = 1 / self.camera.zoom - 1 / start.zoom
        part = (1 / zoom - 1 / start.zoom) / span if span else 1.0
        x = start.x + (self.camera.x - start.x) * part
        y = start.y + (self.camera.y - start.y) * part
        scale = self._scale * wide.zoom
        whole = picture.get_rect()
        region = pygame.Rect(
            round((x - wide.x) * scale),
            round((y - wide.y) * scale),
            min(whole.width, max(1, round(self.rect.width * wide.zoom / zoom))),
            min(whole.height, max(1, round(self.rect.height * wide.zoom / zoom))),
        ).clamp(whole)
        surface.blit(pygame.transform.scale(picture.subsurface(region), self.rect.size), self.rect)

    def update(self, dt: float) -> bool:
        """Let the camera travel."""
        if self._from is None:
            return False
        self._left -= dt
        if self._left <= 0:
            self._from = self._shown = None
        return True

    def _marks(self, surface: pygame.Surface, theme: Theme, near: Theme, corner: tuple[int, int]) -> None:
        """What is picked or dragged, and what it stands in line with."""
        box = self._box(self.picked)
        if box is not None and (self.focused or self._dragging):
            s = near.scale
            rect = pygame.Rect(
                round(corner[0] + box.x * s), round(corner[1] + box.y * s), round(box.w * s), round(box.h * s)
            )
            draw.focus_ring(surface, theme, rect, 10)
        for x, y in self._guides:
            ends = [(x, 0.0), (x, self._view[1])] if x >= 0 else [(0.0, y), (self._view[0], y)]
            line = [(corner[0] + a * near.scale, corner[1] + b * near.scale) for a, b in ends]
            draw.line(surface, theme, line, theme.palette.focus, 1.2, dash=(5, 5))
        if not self.camera.fits:
            self._overview(surface, theme)

    def _overview(self, surface: pygame.Surface, theme: Theme) -> None:
        """Where on the board one is looking, in a corner."""
        p, view = theme.palette, self._view
        wide = theme.px(84)
        whole = pygame.Rect(0, 0, wide, round(wide * view[1] / view[0]))
        whole.topleft = self.rect.x + theme.px(10), self.rect.y + theme.px(10)
        draw.panel(surface, theme, whole, p.paper, radius=4, outline=p.faint)
        share = wide / view[0]
        seen = pygame.Rect(
            round(whole.x + self.camera.x * share),
            round(whole.y + self.camera.y * share),
            round(whole.width / self.camera.zoom),
            round(whole.height / self.camera.zoom),
        )
        draw.panel(surface, theme, seen, p.desk, radius=3, outline=p.ink, width=1.5)

    # -- where things are --

    def _spot(self, point: tuple[int, int]) -> Point:
        """A point of the window, in lengths of the view."""
        return (point[0] - self.rect.x) / self._scale, (point[1] - self.rect.y) / self._scale

    def _here(self, point: tuple[int, int]) -> Point:
        """A point of the window, on the board."""
        return self.camera.point(self._spot(point))

    def _box(self, key: Key | None) -> Box | None:
        plan = self._staging.plan if self._staging is not None else self._plan
        if key is None or plan is None:
            return None
        return (plan.clerks if key[0] == "clerk" else plan.channels).get(key[1])

    def thing_at(self, point: tuple[int, int]) -> Key | None:
        """The clerk or channel at a point of the window, as ("clerk", name) or ("channel", name)."""
        if self._staging is None or not self.rect.collidepoint(point):
            return None
        plan, here = self._staging.plan, self._here(point)
        for name, box in plan.clerks.items():
            if box.has(here):
                return "clerk", name
        return next((("channel", name) for name, box in plan.channels.items() if box.has(here)), None)

    # -- arranging --

    def arrange(self, arrangement: Arrangement, *, tell: bool = True) -> None:
        """Take another arrangement; `tell` whoever keeps it."""
        if arrangement != self.arrangement:
            self.arrangement = arrangement
            self._staging = None
            if tell and self.on_arrange is not None:
                self.on_arrange(arrangement)

    def _move_to(self, key: Key, middle: Point, *, tell: bool = True) -> None:
        view = self._view
        share = min(max(middle[0] / view[0], 0.0), 1.0), min(max(middle[1] / view[1], 0.0), 1.0)
        self.arrange(self.arrangement.put(key, share), tell=tell)

    def _nudge(self, key: Key, dx: float, dy: float) -> None:
        view, place, box = self._view, self.arrangement.places.get(key), self._box(key)
        if box is not None:
            # Two keys may come between two drawings: then only the arrangement knows the first.
            x, y = (place[0] * view[0], place[1] * view[1]) if place is not None else box.center
            before = self.arrangement
            self._move_to(key, (x + dx, y + dy))
            self._remember(before, merging=f"{key} by keys")
            self._reveal(key)

    def _reveal(self, key: Key) -> None:
        """Bring a thing into view, where it stands or where it was last put."""
        place, box = self.arrangement.places.get(key), self._box(key)
        if place is not None and box is not None:
            view = self._view
            box = box._replace(x=place[0] * view[0] - box.w / 2, y=place[1] * view[1] - box.h / 2)
        if box is not None:
            self.camera = self.camera.showing(box.x - 8, box.y - 8, box.w + 16, box.h + 16, self._view)

    def put_back(self) -> None:
        """What is picked, or else everything, back where the layout puts it."""
        before = self.arrangement
        if self.picked is not None:
            self.arrange(before.without(self.picked))
        else:
            self.arrange(Arrangement({}, before.square))
        self._remember(before)

    def turn_corners(self) -> None:
        """Ways in right angles, or as curves again."""
        before = self.arrangement
        self.arrange(Arrangement(before.places, not before.square))
        self._remember(before)

    # -- taking back --

    def _remember(self, before: Arrangement, merging: str = "") -> None:
        """The player has put things otherwise than they stood before."""
        if self._moves.value != before:
            self._moves = Undoing(before)  # somebody else put them otherwise in between
        self._moves.change(self.arrangement, merging)

    def forget_moves(self) -> None:
        """What was put otherwise until now stays so: something that weighs more has been done since."""
        self._moves = Undoing(self.arrangement)

    def take_back(self) -> bool:
        """The last thing put otherwise, as it stood before; False where there is none."""
        return self._go_to_move(self._moves.undo)

    def take_again(self) -> bool:
        """What was taken back, once more."""
        return self._go_to_move(self._moves.redo)

    def _go_to_move(self, goes: Callable[[], bool]) -> bool:
        if self._held is not None or self._moves.value != self.arrangement or not goes():
            return False
        self.arrange(self._moves.value)
        return True

    # -- looking closer --

    def zoom(self, by: int, around: Point | None = None) -> None:
        """So many steps closer or farther; `around` is a point of the view, else its middle."""
        view = self._view
        self.camera = self.camera.zoomed(by, around or (view[0] / 2, view[1] / 2), view)

    def fit(self) -> None:
        """See all of it."""
        self.camera = Camera()

    # -- events --

    def handle(self, event: pygame.event.Event) -> bool:
        match event.type:
            case pygame.MOUSEMOTION:
                return self._motion(event)
            case pygame.MOUSEBUTTONDOWN if self.rect.collidepoint(event.pos):
                return self._press(event)
            case pygame.MOUSEBUTTONUP if self._held is not None:
                return self._release()
            case pygame.MOUSEWHEEL if self.hovered:
                before = self.camera
                self.zoom(1 if event.y > 0 else -1, self._spot(self._pointer))
                return self.camera != before
            case pygame.KEYDOWN if self.focused:
                return self._key(event)
            case pygame.KEYUP if event.key == pygame.K_SPACE:
                self._spaced = False
        return False

    def _motion(self, event: pygame.event.Event) -> bool:
        self.hovered = self.rect.collidepoint(event.pos)
        self._pointer = event.pos
        if self._held is None:
            grips = self.hovered and self.thing_at(event.pos) is not None
            self.cursor = pygame.SYSTEM_CURSOR_SIZEALL if grips else pygame.SYSTEM_CURSOR_ARROW
            return False
        key, start, origin = self._held
        dx, dy = event.pos[0] - start[0], event.pos[1] - start[1]
        if not self._dragging and abs(dx) + abs(dy) < _SLACK:
            return True
        self._dragging = True
        moved = dx / self._scale, dy / self._scale
        if key is None:
            self.camera = Camera(self.camera.zoom, *origin).panned(-moved[0], -moved[1], self._view)
        else:
            zoom = self.camera.zoom
            wanted = origin[0] + moved[0] / zoom, origin[1] + moved[1] / zoom
            self._move_to(key, self._snapped(key, wanted), tell=False)
        return True

    def _snapped(self, key: Key, middle: Point) -> Point:
        """A middle near those of other things in line with them; remembers the lines for drawing."""
        assert self._staging is not None
        plan = self._staging.plan
        others = [box.center for name, box in plan.clerks.items() if ("clerk", name) != key]
        others += [box.center for name, box in plan.channels.items() if ("channel", name) != key]
        near = _SNAP / self.camera.zoom
        x = min((one[0] for one in others), key=lambda one: abs(one - middle[0]), default=math.inf)
        y = min((one[1] for one in others), key=lambda one: abs(one - middle[1]), default=math.inf)
        in_x, in_y = abs(x - middle[0]) <= near, abs(y - middle[1]) <= near
        self._guides = (*(((x, -1.0),) if in_x else ()), *(((-1.0, y),) if in_y else ()))
        return (x if in_x else middle[0]), (y if in_y else middle[1])

    def _press(self, event: pygame.event.Event) -> bool:
        if self._staging is None:
            return False
        floor = self.camera.x, self.camera.y
        if event.button == 2 or (event.button == 1 and self._spaced):
            self._held = (None, event.pos, floor)
            return True
        if event.button != 1:
            return False
        key = self.thing_at(event.pos)
        box = self._box(key)
        if key is not None and box is not None:
            self._held = (key, event.pos, box.center)
            self._before_drag = self.arrangement
            self.picked = key
            return True
        self.picked = None
        if not self.camera.fits:
            self._held = (None, event.pos, floor)
        return True

    def _release(self) -> bool:
        assert self._held is not None
        key = self._held[0]
        if key is not None and self._dragging:
            self._remember(self._before_drag)
            if self.on_arrange is not None:
                self.on_arrange(self.arrangement)
        self._held, self._dragging, self._guides = None, False, ()
        return True

    def _key(self, event: pygame.event.Event) -> bool:
        if event.mod & (pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_META):
            return False
        shift = bool(event.mod & pygame.KMOD_SHIFT)
        if event.key in _ARROWS:
            dx, dy = _ARROWS[event.key]
            if self.picked is not None:
                far = STEP * (3 if shift else 1)
                self._nudge(self.picked, dx * far, dy * far)
            else:
                self.camera = self.camera.panned(dx * PAN, dy * PAN, self._view)
            return True
        match event.key:
            case pygame.K_PLUS | pygame.K_KP_PLUS | pygame.K_EQUALS:
                self.zoom(1)
            case pygame.K_MINUS | pygame.K_KP_MINUS:
                self.zoom(-1)
            case pygame.K_0 | pygame.K_KP0:
                self.fit()
            case pygame.K_RETURN | pygame.K_KP_ENTER:
                self._pick(-1 if shift else 1)
            case pygame.K_DELETE:
                self.put_back()
            case pygame.K_o:
                self.turn_corners()
            case pygame.K_SPACE:
                self._spaced = True
            case pygame.K_ESCAPE if self.picked is not None:
                self.picked = None
            case _:
                return False
        return True

    def _pick(self, by: int) -> None:
        """The next thing, from the top left; after the last none."""
        if self._staging is None:
            return
        plan = self._staging.plan
        boxes: dict[Key, Box] = {("channel", name): box for name, box in plan.channels.items()}
        boxes |= {("clerk", name): box for name, box in plan.clerks.items()}
        row: list[Key | None] = [None, *sorted(boxes, key=lambda key: (boxes[key].y // 60, boxes[key].x))]
        at = row.index(self.picked) if self.picked in row else 0
        self.picked = row[(at + by) % len(row)]
        if self.picked is not None:
            self._reveal(self.picked)

    def tip_at(self, point: tuple[int, int]) -> str:
        """What is under the pointer, in full."""
        staging = self._staging
        if staging is None:
            return ""
        if point[0] < 0:  # asked for by keyboard
            box = self._box(self.picked)
            if box is None:
                return ""
            here = box.center
        elif not self.rect.collidepoint(point) or self._dragging:
            return ""
        else:
            here = self._here(point)
        frame = self.reel.frames[min(round(self.position), len(self.reel.frames) - 1)]
        return tip_of(self.reel, staging, frame, here)


_ARROWS: Final = {
    pygame.K_LEFT: (-1, 0),
    pygame.K_RIGHT: (1, 0),
    pygame.K_UP: (0, -1),
    pygame.K_DOWN: (0, 1),
}


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
