"""What happened, step by step: a lane for each clerk, its porters and each board, and a playhead to drag.

A step is a column. Positions count finished steps, as a Film's frames do: position 3 is the moment after
the third step, and 2.5 is half-way through it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, Literal, NamedTuple

import pygame

from game.desktop import draw, icons, words
from game.desktop.layout import cast_of
from game.desktop.moments import Sort, next_moment, sorts_of
from game.desktop.theme import Theme, mix
from game.desktop.waits import short_waits
from game.desktop.widgets import Widget
from game.goals import say as words_of
from game.language import joined, say
from game.story import Film, Frame, is_fate, owner, who
from game.world import ENDED

FITS: Final = 60
"""As many steps are squeezed into the width; more are scrolled."""
LEAF: Final = 5
"""How many pictures a page is shown at least while a long film flies past: nobody could read it sooner."""
_WIDEST, _NARROWEST = 230.0, 26.0
_HEADER: Final = 22.0
_HEIGHTS: Final = {"clerk": (28.0, 12.0), "porter": (15.0, 6.0), "board": (24.0, 12.0)}
_GAPS: Final = {"clerk": 6.0, "porter": 3.0, "board": 5.0}
SIGNS: Final[dict[Sort, str]] = {
    "token": "envelope",
    "lock": "lock",
    "blocked": "hourglass",
    "race": "burst",
    "death": "gone",
}
"""The icon of each sort of step; shapes, so that nobody needs colours to tell them apart."""
JUMPS: Final[dict[int, Sort]] = {
    pygame.K_t: "token",
    pygame.K_l: "lock",
    pygame.K_w: "blocked",
    pygame.K_r: "race",
    pygame.K_d: "death",
}
"""The letters that jump to the next step of a sort; with Shift to the one before."""
_TAKES: Final = {"get", "recv", "read"}
_GIVES: Final = {"put", "send", "write", "deliver"}


def tail(film: Film) -> float:
    """Room after the last step, in columns, for what is true from then on: more where everybody waits."""
    return 1.6 if film.frames[-1].ending == "stuck" else 0.6


class Lane(NamedTuple):
    """One row: a clerk, one of its porters, or a board whose readings it shows."""

    kind: Literal["clerk", "porter", "board"]
    name: str


class Seen(NamedTuple):
    """Where a lane stands in the widget, in pixels, before scrolling."""

    lane: Lane
    top: int
    height: int


@dataclass(frozen=True)
class _Track:
    """The measures of one drawing: where columns and lanes are. Offsets are already scrolled."""

    left: int
    right: int
    top: int
    bottom: int
    column: float
    shift: float
    lanes: tuple[Seen, ...]
    sink: int

    def x(self, position: float) -> float:
        return self.left + position * self.column - self.shift

    def position(self, x: float) -> float:
        return (x - self.left + self.shift) / self.column


@dataclass(frozen=True)
class _Page:
    """The next page of a film that flies past, painted a slice with every picture of this one."""

    key: tuple[object, ...]
    shift: float
    surface: pygame.Surface
    strokes: Iterator[None]
    slice: int

    def go_on(self) -> None:
        for _ in islice(self.strokes, self.slice):
            pass

    def done(self) -> pygame.Surface:
        """The page, with whatever is left of it."""
        for _ in self.strokes:
            pass
        return self.surface


class Timeline(Widget):
    """A film's timeline. `on_seek` is told the position the player wants.

    `no_return` is the position after which nothing could be saved any more, where that is known; `stops` the
    positions at which playing pauses. `chosen` is the clerk whose own steps and events are stepped and jumped
    to, or ""."""

    focusable = True
    tips_at_pointer = True
    radius = 8

    def __init__(self, on_seek: Callable[[float], object]) -> None:
        super().__init__()
        self.on_seek = on_seek
        self.position = 0.0
        self.no_return: int | None = None
        self.stops: tuple[int, ...] = ()
        self.chosen = ""
        self.playing = False
        """The position goes on by itself."""
        self.zoom = 1.0
        self._film: Film | None = None
        self._lanes: tuple[Lane, ...] = ()
        self._to_come = 0
        """Porters who have not moved in this film, and may in the next."""
        self._shift = 0.0
        self._sink = 0
        self._track: _Track | None = None
        self._drag = False
        self._picture: pygame.Surface | None = None
        self._picture_key: tuple[object, ...] = ()
        self._spare: pygame.Surface | None = None
        self._coming: _Page | None = None
        self._pace = 0.0
        """By how much the position went on with the last picture."""
        self._scale = 1.0
        self._follow = True
        self._held_for = 0
        self._sought = False
        """The player chose a clerk, whose lane is to be brought into sight."""
        self._held: int | None = None
        """Where the bar beside the lanes was taken hold of."""

    # -- what it shows --

    def show(self, film: Film, position: float) -> None:
        """Show a film at a position from 0 to its number of steps; the playhead is kept in sight."""
        if film is not self._film:
            fresh = self._film is None or film.frames[0] is not self._film.frames[0]
            self._film = film
            boards = [Lane("board", name) for name in film.readings]
            people = [Lane("porter" if agent.startswith("~") else "clerk", agent) for agent in film.agents]
            self._lanes = (*people, *boards)
            carrying = sum(lane.kind == "porter" for lane in people)
            self._to_come = max(0, len(cast_of(film.system).trays) - carrying)
            if fresh:
                self._shift, self._sink, self.zoom = 0.0, 0, 1.0
            if self.chosen not in film.system.clerks:
                self.chosen = ""
        position = max(0.0, min(position, float(len(film))))
        if position != self.position:
            self._pace = position - self.position
            self.position = position
            self._follow = True

    @property
    def lanes(self) -> int:
        """How many lanes it has."""
        return len(self._lanes)

    def height(self, theme: Theme) -> int:
        """How high it would like to be, every lane at its natural height, also those which porters may get
        in another film: so it is as high before the office opens as afterwards."""
        kinds = [*(lane.kind for lane in self._lanes), *["porter"] * self._to_come]
        return theme.px(_HEADER + sum(_HEIGHTS[kind][0] + _GAPS[kind] for kind in kinds) + 4)

    def size(self, theme: Theme) -> tuple[int, int]:
        return max(self.rect.width, theme.px(320)), self.height(theme)

    # -- measures --

    def _measure(self, theme: Theme) -> _Track:
        film = self._film
        steps = len(film) if film else 0
        after = tail(film) if film else 0.0
        gutter = max((_name_width(lane, theme) for lane in self._lanes), default=0) + theme.px(34)
        gutter = min(gutter, self.rect.width // 4)
        left, right = self.rect.x + gutter, self.rect.right - theme.px(10)
        room = max(right - left, 10)
        column = min(room / max(steps + after, 1.0), _WIDEST * theme.scale)
        if steps > FITS:
            column = max(column, _NARROWEST * theme.scale)
        column *= self.zoom
        furthest = max(0.0, column * (steps + after) - room)
        at_rest = not self.playing and self.position == int(self.position)
        if self._follow and not self._drag:
            # The page is turned, not pulled along: a picture that holds still can be read, and kept.
            at = self.position * column - self._shift
            self._held_for = max(0, self._held_for - 1)
            edge = min(column, room * 0.1)
            if not edge <= at <= room - edge and (not self._held_for or at_rest):
                self._shift = self._turned_to(self.position, column, room)
                self._held_for = LEAF
                if self._coming and edge <= self.position * column - self._coming.shift <= room - edge:
                    self._shift = self._coming.shift
        self._shift = max(0.0, min(self._shift, furthest))
        lanes, whole = self._rows(theme)
        header = theme.px(_HEADER)
        sunk = max(0, header + whole - self.rect.height)
        # While it plays, lanes hold still: somebody else moves at every step.
        if self._follow and sunk and film and at_rest:
            event = film.frames[int(self.position)].event
            seen = next((one for one in lanes if event and one.lane.name == event.agent), None)
            self._bring(seen, self.rect.height - header)
        if self._sought and sunk:
            self._bring(next((one for one in lanes if one.lane.name == self.chosen), None),
                        self.rect.height - header)  # fmt: skip
        self._sought = False
        self._sink = max(0, min(self._sink, sunk))
        self._follow = False
        return _Track(
            left, right, self.rect.y + header, self.rect.bottom, column, self._shift, lanes, self._sink
        )

    def _bring(self, seen: Seen | None, room: int) -> None:
        """Scroll as far as it takes to have a lane in sight."""
        if seen is not None:
            self._sink = max(min(self._sink, seen.top), seen.top + seen.height - room)

    def _rows(self, theme: Theme) -> tuple[tuple[Seen, ...], int]:
        """The lanes from the top, as high as there is room for, and how high they are together."""
        room = self.rect.height - theme.px(_HEADER)
        large = sum(_HEIGHTS[lane.kind][0] + _GAPS[lane.kind] for lane in self._lanes) * theme.scale
        small = sum(_HEIGHTS[lane.kind][1] + _GAPS[lane.kind] / 2 for lane in self._lanes) * theme.scale
        part = 1.0 if large <= room else max(0.0, (room - small) / max(large - small, 1.0))
        y = 0.0
        rows = []
        for lane in self._lanes:
            high, low = _HEIGHTS[lane.kind]
            tall = (low + (high - low) * part) * theme.scale
            rows.append(Seen(lane, round(y), round(tall)))
            y += tall + _GAPS[lane.kind] * (0.5 + 0.5 * part) * theme.scale
        return tuple(rows), round(y)

    # -- drawing --

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        film = self._film
        if film is None or self.rect.width < 40 or self.rect.height < 20:
            return
        self._scale = theme.scale
        track = self._track = self._measure(theme)
        key = self._look(theme, film, track)
        if self._picture is None or self._picture_key != key:
            page = (
                self._coming
                if self._coming and self._coming.key == key
                else self._page(theme, film, track, 1)
            )
            self._picture, self._spare, self._coming = page.done(), self._picture, None
            self._picture_key = key
        elif self.playing:
            self._paint_ahead(theme, film, track)
        surface.blit(self._picture, self.rect)
        if worth_marking(film, self.no_return):
            assert self.no_return is not None
            self._no_way_back(surface, theme, track, self.no_return)
        self._playhead(surface, theme, track)
        if bar := self._bar(track):
            lit = self._held is not None or self.hovered
            draw.pill(surface, theme, bar, theme.palette.faint if lit else theme.palette.line)

    def _look(self, theme: Theme, film: Film, track: _Track) -> tuple[object, ...]:
        """All that the lanes' look follows from."""
        shown = (track.column, track.shift, track.sink, self.no_return, self.stops, self.chosen)
        return (id(film), tuple(self.rect), id(theme), *shown)

    def _page(self, theme: Theme, film: Film, track: _Track, slices: int) -> _Page:
        """Lanes to be painted in so many slices."""
        surface, self._spare = self._spare, None
        if surface is None or surface.get_size() != self.rect.size:
            surface = pygame.Surface(self.rect.size, pygame.SRCALPHA)
        surface.set_clip(None)
        surface.fill((0, 0, 0, 0))
        painter = _Painter(surface, theme, film, track, self.rect, self.chosen, self.stops)
        strokes = painter.strokes(self.no_return)
        return _Page(
            self._look(theme, film, track), track.shift, surface, strokes, -(-painter.count // slices)
        )

    def _turned_to(self, position: float, column: float, room: float) -> float:
        """Where the page of a position begins, in pixels. While it plays that is a whole step: what is drawn
        on one page has the widths of what is drawn on another, and is made once."""
        shift = position * column - room * 0.3
        return round(shift / column) * column if self.playing else shift

    def _paint_ahead(self, theme: Theme, film: Film, track: _Track) -> None:
        """Go on with the page that will be turned to, where that is as soon as this one was held for long
        enough: it takes as much of a frame as all the rest."""
        if self._coming is None:
            position = min(self.position + self._pace * self._held_for, float(len(film)))
            room = track.right - track.left
            if self._held_for < 2 or track.x(position) <= track.right - min(track.column, room * 0.1):
                return
            furthest = max(0.0, track.column * (len(film) + tail(film)) - room)
            shift = max(0.0, min(self._turned_to(position, track.column, room), furthest))
            self._coming = self._page(theme, film, replace(track, shift=shift), self._held_for)
        self._coming.go_on()

    def _bar(self, track: _Track) -> pygame.Rect | None:
        """What is dragged to see other lanes; None where all are in sight."""
        room, whole = track.bottom - track.top, _whole(track)
        if whole <= room or room <= 0:
            return None
        high = max(round(16 * self._scale), room * room // whole)
        top = track.top + (room - high) * min(track.sink, whole - room) // (whole - room)
        wide = max(4, round(6 * self._scale))
        return pygame.Rect(self.rect.right - wide, top, wide, high)

    def _pull(self, track: _Track, y: int) -> None:
        """The bar was dragged so far."""
        bar = self._bar(track)
        if bar is not None and self._held is not None:
            room = track.bottom - track.top
            share = (y - self._held - track.top) / max(1, room - bar.height)
            self._sink = round(max(0.0, min(1.0, share)) * (_whole(track) - room))

    def _no_way_back(self, surface: pygame.Surface, theme: Theme, track: _Track, number: int) -> None:
        """The words at the line from which on nothing can be saved, out of the playhead's way."""
        p, x, head = theme.palette, round(track.x(number)), round(track.x(self.position))
        made = theme.text(NO_WAY_BACK, p.post_deep, "interface", 12, "bold")
        if not track.left <= x <= track.right:
            return
        clear = made.get_width() + theme.px(12)
        left, grip = x + theme.px(6), theme.px(12)
        for start in (left, x - clear + theme.px(6), head + grip, head - grip - clear):
            fits = track.left <= start and start + clear <= track.right
            if fits and not start - grip < head < start + clear:
                left = start
                break
        place = made.get_rect(left=left, centery=track.top - theme.px(11))
        draw.pill(surface, theme, place.inflate(theme.px(8), theme.px(2)), p.card)
        surface.blit(made, place)

    def _playhead(self, surface: pygame.Surface, theme: Theme, track: _Track) -> None:
        p = theme.palette
        x = track.x(self.position)
        if not track.left - 1 <= x <= track.right + 1:
            return
        end = min(track.bottom, track.top + _whole(track))
        wide = max(2, theme.px(2))
        pygame.draw.rect(
            surface,
            p.card,
            (round(x) - wide, track.top - theme.px(6), wide * 2, end - track.top + theme.px(6)),
        )
        pygame.draw.rect(
            surface,
            p.ink,
            (round(x) - wide // 2, track.top - theme.px(8), wide, end - track.top + theme.px(8)),
        )
        grip = 8 if self._drag or self.hovered else 7
        draw.disc(surface, theme, (x, track.top - theme.px(11)), grip, p.ink, outline=p.card, width=1.5)

    # -- events --

    def handle(self, event: pygame.event.Event) -> bool:
        track, film = self._track, self._film
        if track is None or film is None:
            return False
        if event.type == pygame.MOUSEMOTION:
            self.hovered = self.rect.collidepoint(event.pos)
            if self._drag:
                self._seek(track.position(event.pos[0]))
            if self._held is not None:
                self._pull(track, event.pos[1])
            return self._drag or self._held is not None
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.rect.collidepoint(event.pos):
            x, y = event.pos
            if (bar := self._bar(track)) and x >= bar.left - 4 * self._scale and y >= track.top:
                self._held = y - bar.top if bar.top <= y < bar.bottom else bar.height // 2
                self._pull(track, y)
                return True
            if x < track.left - 8:
                lane = self._lane_at(track, y)
                if lane is not None and lane.kind == "clerk":
                    self.choose("" if lane.name == self.chosen else lane.name)
                return True
            if y < track.top or abs(x - track.x(self.position)) <= 5 * self._scale:
                self._drag = True
                self._seek(track.position(x))
            else:
                # A click on a step shows the moment after it.
                self._seek(float(int(track.position(x)) + 1))
            return True
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._held is not None:
            self._held = None
            return True
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._drag:
            self._drag = False
            self._seek(float(round(self.position)))
            return True
        if event.type == pygame.MOUSEWHEEL and self.hovered:
            return self._wheel(event)
        if event.type == pygame.KEYDOWN and self.focused:
            if event.mod & (pygame.KMOD_ALT | pygame.KMOD_CTRL | pygame.KMOD_META):
                return False
            if sort := JUMPS.get(event.key):
                self.jump(sort, back=bool(event.mod & pygame.KMOD_SHIFT))
                return True
            return self._key(event.key)
        return False

    def choose(self, clerk: str) -> None:
        """Follow this clerk; "" follows everybody."""
        self.chosen = clerk
        self._sought = True

    def jump(self, sort: Sort, *, back: bool = False) -> bool:
        """To the next step of a sort, or the one before; False where there is none."""
        film = self._film
        if film is None:
            return False
        moment = next_moment(film, self.position, sort, clerk=self.chosen, back=back)
        if moment is not None:
            self._seek(float(moment))
        return moment is not None

    def _wheel(self, event: pygame.event.Event) -> bool:
        mods = pygame.key.get_mods()
        if mods & (pygame.KMOD_CTRL | pygame.KMOD_META):
            before = self.position
            self.zoom = max(1.0, min(self.zoom * 1.2**event.y, 12.0))
            self._follow = before == self.position
            return True
        sideways = event.x or (event.y if mods & pygame.KMOD_SHIFT else 0)
        if not sideways:
            sunk, self._sink = self._sink, max(0, self._sink - round(event.y * 24 * self._scale))
            if self._lanes_overflow():
                return True
            self._sink, sideways = sunk, event.y
        self._shift -= sideways * 60 * self._scale
        return True

    def _lanes_overflow(self) -> bool:
        track = self._track
        return track is not None and _whole(track) > track.bottom - track.top

    def _key(self, key: int) -> bool:
        assert self._film is not None
        here = self.position
        if key in (pygame.K_UP, pygame.K_DOWN):
            row = ("", *self._film.system.clerks)
            at = row.index(self.chosen) + (1 if key == pygame.K_DOWN else -1)
            self.choose(row[at % len(row)])
            return True
        if key == pygame.K_ESCAPE and self.chosen:
            self.choose("")
            return True
        moves = {
            pygame.K_LEFT: float(-(-here // 1) - 1),
            pygame.K_RIGHT: float(here // 1 + 1),
            pygame.K_HOME: 0.0,
            pygame.K_END: float(len(self._film)),
            pygame.K_PAGEUP: here - 10,
            pygame.K_PAGEDOWN: here + 10,
        }
        if key not in moves:
            return False
        self._seek(moves[key])
        return True

    def _seek(self, position: float) -> None:
        assert self._film is not None
        position = max(0.0, min(position, float(len(self._film))))
        if position != self.position:
            self.position = position
            self._follow = True
            self.on_seek(position)

    def tip_at(self, point: tuple[int, int]) -> str:
        """The step, the wait or the reading under the pointer, in a sentence."""
        track, film = self._track, self._film
        if track is None or film is None:
            return ""
        if point[0] < 0:  # asked for by keyboard
            return film.frames[round(self.position)].caption
        step = int(track.position(point[0]))
        if point[0] < track.left or not step >= 0:
            lane = self._lane_at(track, point[1])
            return who(lane.name) if lane and lane.kind == "porter" else ""
        lane = self._lane_at(track, point[1])
        if lane is None:
            return (
                say(
                    "step {step} of {steps}: {caption}",
                    step=step + 1,
                    steps=len(film),
                    caption=film.frames[step + 1].caption,
                )
                if step < len(film)
                else ""
            )
        if lane.kind == "board":
            past = [one for one in film.readings[lane.name] if one.frame <= track.position(point[0]) + 0.4]
            value = words_of(past[-1].value)
            if not past[-1].writer:
                return say("{board} reads {value} from the start", board=lane.name, value=value)
            return say(
                "{board} reads {value}, written by {clerk} in step {step}",
                board=lane.name,
                value=value,
                clerk=past[-1].writer,
                step=past[-1].frame,
            )
        if step < len(film):
            event = film.frames[step + 1].event
            if event and lane.name in (event.agent, owner(event.agent) if is_fate(event.agent) else ""):
                frame = film.frames[step + 1]
                return _told_step(frame, step + 1, len(film), event.line)
        for span in film.waits_of(lane.name):
            if span.first <= step <= span.last:
                return say("{who} {waits}", who=span.clerk, waits=span.text)
        return ""

    def _lane_at(self, track: _Track, y: int) -> Lane | None:
        for seen in track.lanes:
            top = track.top + seen.top - track.sink
            if top <= y < top + seen.height:
                return seen.lane
        return None


NO_WAY_BACK: Final = say("no way back from here")


def worth_marking(film: Film, no_return: int | None) -> bool:
    """Whether it says anything that nothing can be saved after this step: not where the film ends with it,
    nor where what goes wrong happens in it."""
    if no_return is None or no_return >= len(film):
        return False
    frame = film.frames[no_return]
    return frame.lost is None and not frame.crashed


_LIVES: Final = {"start": "▶", "join": "✓", "terminate": "✗", "kill": "✗"}
"""What somebody does to another's life: begins it, has seen its end, ends it."""


def short_labels(frame: Frame) -> tuple[str, ...]:
    """What a step may be called, the fullest first: where it goes and what; and no more than whole words."""
    label = frame.label
    if frame.event and is_fate(frame.event.agent):
        return (label, "Zzz" if frame.event.operation == "nap" else "✗")
    verb, _, rest = label.partition(" ")
    if verb in _TAKES and rest:
        return label, f"←{rest}", "←"
    if verb in _GIVES and rest:
        return label, f"→{rest}", "→"
    sign = _LIVES.get(verb)
    return (label, f"{sign}{rest}", sign) if sign and rest else (label,)


def _told_step(frame: Frame, step: int, steps: int, line: int) -> str:
    if line:
        told = say("step {step} of {steps}, line {line}: {caption}", step=step, steps=steps, line=line,
                   caption=frame.caption)  # fmt: skip
    else:
        told = say("step {step} of {steps}: {caption}", step=step, steps=steps, caption=frame.caption)
    if not frame.preempts:
        return told
    cut = say("The draught cuts in here: whoever moved before could have gone on.")
    return joined("\n", [told, cut])


def _porter_name(agent: str) -> str:
    """`~belt/ada` as its lane under ada's says it: `~belt`."""
    return agent.partition("/")[0]


def _whole(track: _Track) -> int:
    """How high all lanes are together."""
    return track.lanes[-1].top + track.lanes[-1].height if track.lanes else 0


def _name_width(lane: Lane, theme: Theme) -> int:
    if lane.kind == "porter":
        return theme.width(_porter_name(lane.name), "code", 11)
    return theme.width(lane.name, "code", "small", "bold")


@dataclass(frozen=True)
class _Painter:
    """Draws everything but the playhead on a picture of the widget's size."""

    surface: pygame.Surface
    theme: Theme
    film: Film
    track: _Track
    rect: pygame.Rect
    chosen: str = ""
    stops: tuple[int, ...] = ()
    _sorts: dict[int, frozenset[Sort]] = field(default_factory=dict)

    def sorts(self, number: int) -> frozenset[Sort]:
        """What the step that leads to this moment was."""
        if number not in self._sorts:
            self._sorts[number] = sorts_of(self.film.frames[number - 1], self.film.frames[number])
        return self._sorts[number]

    def x(self, position: float) -> int:
        return round(self.track.x(position)) - self.rect.x

    def row(self, seen: Seen) -> pygame.Rect:
        top = self.track.top - self.rect.y + seen.top - self.track.sink
        left = self.track.left - self.rect.x
        return pygame.Rect(left, top, self.track.right - self.track.left, seen.height)

    @property
    def _span(self) -> tuple[int, int]:
        """The steps to be seen: the first, and the one behind the last."""
        first = max(0, int(self.track.position(self.track.left)) - 1)
        return first, min(len(self.film), int(self.track.position(self.track.right)) + 2)

    @property
    def count(self) -> int:
        """In how many strokes everything is painted, about."""
        first, last = self._span
        return 2 * len(self.track.lanes) + max(0, last - first) + 12

    def strokes(self, no_return: int | None) -> Iterator[None]:
        """Paint everything, a stroke at a time."""
        theme, p = self.theme, self.theme.palette
        header = self.track.top - self.rect.y
        lanes_clip = pygame.Rect(0, header, self.rect.width, self.rect.height - header)
        track_clip = pygame.Rect(
            self.track.left - self.rect.x - theme.px(3),
            0,
            self.track.right - self.track.left + theme.px(9),
            self.rect.height,
        )
        clerks = self.film.system.clerks
        self.surface.set_clip(lanes_clip)
        for seen in self.track.lanes:
            if lanes_clip.inflate(0, theme.px(6)).contains(self.row(seen)):  # no name is cut in half
                self.gutter(seen, clerks)
            draw.panel(self.surface, theme, self.row(seen), p.paper, radius=min(6, seen.height / 3))
            yield
        self.surface.set_clip(lanes_clip.clip(track_clip))
        first, last = self._span
        yield from self.cuts(first, last)
        for seen in self.track.lanes:
            if seen.lane.kind == "board":
                self.readings(seen)
            else:
                self.lives(seen)
                self.waits(seen)
            yield
        rows = {seen.lane.name: seen for seen in self.track.lanes}
        for number in range(first, last):
            frame = self.film.frames[number + 1]
            if frame.event is None:
                continue
            # The cat and signals have no lane of their own: they come to somebody's.
            if found := rows.get(frame.event.agent) or rows.get(owner(frame.event.agent)):
                self.step(frame, found)
            yield
        self.surface.set_clip(track_clip)
        marked = no_return if worth_marking(self.film, no_return) else None
        self.header(first, last, marked)
        self.ending(marked)
        self.surface.set_clip(None)

    def gutter(self, seen: Seen, clerks: tuple[str, ...]) -> None:
        theme, p = self.theme, self.theme.palette
        row = self.row(seen)
        room = pygame.Rect(theme.px(22), row.y, row.x - theme.px(28), row.height)
        name = seen.lane.name
        if seen.lane.kind == "board":
            size = 11 if row.height < theme.px(15) else 13
            words.label(self.surface, theme, name, room, p.board, role="code", size=size, weight="bold")
            tile = pygame.Rect(theme.px(3), 0, theme.px(13), theme.px(10))
            tile.centery = row.centery
            draw.panel(self.surface, theme, tile, p.board, radius=2, outline=p.board_wood, width=1.5)
            return
        look = theme.clerk(clerks.index(owner(name)))
        if name == self.chosen:
            held = pygame.Rect(0, row.y, row.x - theme.px(4), row.height)
            draw.panel(self.surface, theme, held, look.tint, radius=5, outline=look.fill, width=1.5)
        if seen.lane.kind == "porter":
            if row.height >= theme.px(11):
                words.label(self.surface, theme, _porter_name(name), room, p.muted, role="code", size=11)
            return
        low = row.height < theme.px(15)
        icons.clerk_mark(self.surface, theme, (theme.px(9), row.centery), look, 11 if low else 13)
        size = 11 if low else 13
        words.label(self.surface, theme, name, room, look.deep, role="code", size=size, weight="bold")

    def step(self, frame: Frame, seen: Seen) -> None:
        theme, p = self.theme, self.theme.palette
        event = frame.event
        assert event is not None
        row = self.row(seen)
        gap = 1 if self.track.column < theme.px(14) else theme.px(2)
        left, right = self.x(frame.number - 1) + gap, self.x(frame.number) - gap
        block = pygame.Rect(left, row.y, max(2, right - left), row.height)
        look = theme.clerk(self.film.system.clerks.index(owner(event.agent)))
        if seen.lane.kind == "porter":
            draw.panel(self.surface, theme, block, look.tint, radius=3, outline=look.fill, width=1.4)
            ink = look.deep
        elif is_fate(event.agent):
            draw.panel(self.surface, theme, block, p.ink, radius=5, outline=look.fill, width=1.4)
            ink = p.on_ink
        else:
            draw.clerk_bar(self.surface, theme, block, look, radius=5)
            ink = look.ink
        bad = frame.lost is not None or bool(frame.crashed)
        if bad:
            draw.panel(
                self.surface,
                theme,
                block.inflate(theme.px(4), theme.px(4)),
                None,
                radius=7,
                outline=p.post_deep,
                width=2,
            )
        if row.height < theme.px(11):
            return
        size = 12 if row.height >= theme.px(16) else 10.5
        # A cut word says nothing: the whole one, a sign for it, or only the colour.
        for text in short_labels(frame):
            wide = theme.width(text, "code", size, "bold")
            if wide <= block.width - theme.px(6):
                break
        else:
            if (sign := self.block_sign(frame)) and block.width >= theme.px(14):
                icons.put_icon(self.surface, theme, sign, block.center, min(13, row.height), ink)
            return
        made = theme.text(text, ink, "code", size, "bold")
        inset = min(theme.px(6), (block.width - wide) // 2)
        place = made.get_rect(left=block.left + inset, centery=row.centery)
        if seen.lane.kind == "clerk" and look.pattern != "plain" and not is_fate(event.agent):
            # Letters stand on plain colour, the pattern shows around them.
            draw.panel(self.surface, theme, place.inflate(theme.px(6), theme.px(2)), look.fill, radius=3)
        self.surface.blit(made, place)
        sign = self.block_sign(frame)
        if sign and block.right - place.right >= theme.px(24):
            spot = block.right - theme.px(12), row.centery
            if seen.lane.kind == "clerk" and look.pattern != "plain":
                draw.disc(self.surface, theme, spot, 8.5, look.fill)
            icons.put_icon(self.surface, theme, sign, spot, 13, ink)

    def block_sign(self, frame: Frame) -> str:
        """The shape that says what a step was, "" for one like all others."""
        sorts = self.sorts(frame.number)
        event = frame.event
        if "lock" in sorts and event is not None:
            return "unlock" if event.operation.rpartition(".")[2] == "release" else "lock"
        return SIGNS["token"] if "token" in sorts else ""

    def lives(self, seen: Seen) -> None:
        """Where a clerk was not there yet, and where it was there no longer."""
        if seen.lane.kind != "clerk":
            return
        theme, p = self.theme, self.theme.palette
        row = self.row(seen)
        frames, name = self.film.frames, seen.lane.name

        def life(number: int) -> str:
            return frames[number].clerks[name].life.partition("+")[0]

        # Nobody is hired twice, and who has gone stays away: each begins once.
        hired = bisect_left(range(len(frames)), True, key=lambda number: life(number) != "new")
        gone = bisect_left(range(len(frames)), True, key=lambda number: life(number) in ENDED)
        if hired:
            end = min(hired, len(self.film) + tail(self.film))
            middle = row.centery
            line = [(self.x(0) + theme.px(4), middle), (self.x(end) - theme.px(4), middle)]
            draw.line(self.surface, theme, line, p.line, 1.4, dash=(2, 5))
        if gone == len(frames):
            return
        left = max(self.x(gone), row.x - 40)
        right = min(self.x(len(self.film) + tail(self.film)), row.right)
        box = pygame.Rect(left + theme.px(2), row.y, right - left - theme.px(2), row.height)
        if box.width < 3:
            return
        draw.panel(self.surface, theme, box, mix(p.paper, p.line, 0.42), radius=min(5, row.height / 3))
        clerk = frames[gone].clerks[name]
        sign = "check" if life(gone) == "home" and not clerk.crash else SIGNS["death"]
        ink = p.faint if sign == "check" else p.post_deep
        size = min(13, row.height / theme.scale)
        if box.width >= theme.px(size + 4) and row.height >= theme.px(9):
            icons.put_icon(self.surface, theme, sign, (box.x + theme.px(10), row.centery), size, ink)

    def waits(self, seen: Seen) -> None:
        theme, p = self.theme, self.theme.palette
        row = self.row(seen)
        spans = self.film.waits_of(seen.lane.name)
        first = bisect_left(spans, self.track.position(self.track.left) - 2, key=lambda span: span.last)
        for span in islice(spans, first, None):
            if self.x(span.first) > row.right + 40:
                break
            end = (
                min(span.last + 1, len(self.film) + tail(self.film))
                if span.last == len(self.film)
                else span.last + 1
            )
            left, right = self.x(span.first), self.x(end)
            # The step that ended the wait is the clerk's own, and is drawn over it.
            if span.last < len(self.film) and (event := self.film.frames[span.last + 1].event):
                right = self.x(span.last) if event.agent == seen.lane.name else right
            left, right = max(left, row.x - 40), min(right, row.right + 40)
            box = pygame.Rect(
                left + theme.px(2), row.y + theme.px(1), right - left - theme.px(4), row.height - theme.px(2)
            )
            if box.width < 4:
                continue
            draw.dashed_panel(self.surface, theme, box, p.card, p.faint, radius=5, width=1.3)
            room = box.clip(row).inflate(-theme.px(12), 0)
            size = 12 if row.height >= theme.px(15) else 10.5
            fits = (text for text in short_waits(span.text) if theme.width(text, size=size) <= room.width)
            if row.height >= theme.px(11) and (text := next(fits, "")):
                if row.height < theme.px(15):  # a dashed line would strike the words through
                    wide = theme.width(text, size=size) + theme.px(6)
                    self.surface.fill(p.card, (room.x - theme.px(3), box.y, wide, box.height))
                words.label(self.surface, theme, text, room, p.muted, size=size)

    def readings(self, seen: Seen) -> None:
        theme, p = self.theme, self.theme.palette
        row = self.row(seen)
        readings = self.film.readings[seen.lane.name]
        seen_from = bisect_left(
            readings, self.track.position(self.track.left), key=lambda reading: reading.frame
        )
        for index in range(max(0, seen_from - 2), len(readings)):
            reading = readings[index]
            start = reading.frame - 0.4 if reading.frame else 0.0
            stop = (
                readings[index + 1].frame - 0.4
                if index + 1 < len(readings)
                else len(self.film) + tail(self.film)
            )
            left, right = self.x(start), self.x(stop)
            if left > row.right:
                break
            if right < row.x:
                continue
            lost = reading.frame and self.film.frames[reading.frame].lost is not None
            box = pygame.Rect(left + 1, row.y, max(2, right - left - 2), row.height)
            draw.panel(
                self.surface,
                theme,
                box,
                p.board if reading.writer else mix(p.board, p.paper, 0.25),
                radius=4,
                outline=p.post if lost else None,
                width=2,
            )
            room = box.clip(row).inflate(-theme.px(12), 0)
            if room.width > theme.px(8) and row.height >= theme.px(12):
                text = (
                    ", ".join(map(words_of, reading.value))
                    if isinstance(reading.value, tuple)
                    else words_of(reading.value)
                )
                words.label(
                    self.surface,
                    theme,
                    text,
                    room,
                    p.chalk,
                    role="voice",
                    size=min(17, row.height / theme.scale * 0.8),
                    weight="bold",
                )

    def cuts(self, first: int, last: int) -> Iterator[None]:
        """Dashed lines where one agent cut in on another."""
        theme, p = self.theme, self.theme.palette
        where = [number for number in range(first, last) if self.film.frames[number + 1].preempts]
        top, end = self.track.top - self.rect.y, self.foot()
        if len(where) > 12:
            colour, high = mix(p.brass, p.paper, 0.55), end - top
            wide = theme.px(4)

            def make() -> pygame.Surface:
                made = pygame.Surface((wide, max(1, high)), pygame.SRCALPHA)
                draw.line(made, theme, [(wide / 2, 0), (wide / 2, high)], colour, 1.5, dash=(4, 4))
                return made

            line = theme.surfaces.get(("cuts", wide, high, colour), make)
            self.surface.blits([(line, (self.x(number) - wide // 2, top)) for number in where])
            return
        rows = {seen.lane.name: seen for seen in self.track.lanes}
        for number in where:
            x = self.x(number)
            draw.line(self.surface, theme, [(x, top), (x, end)], p.brass, 1.5, dash=(4, 4))
            self.cut_in(number, x, rows)
            yield

    def cut_in(self, number: int, x: int, rows: dict[str, Seen]) -> None:
        """From whom could have gone on to who cut in: an arrow beside the dashed line."""
        theme, p = self.theme, self.theme.palette
        before, event = self.film.frames[number].event, self.film.frames[number + 1].event
        if before is None or event is None or before.agent not in rows or event.agent not in rows:
            return
        one, other = self.row(rows[before.agent]), self.row(rows[event.agent])
        down = other.y > one.y
        start = one.bottom if down else one.top
        end = other.centery
        draw.line(self.surface, theme, [(x, start), (x, end)], p.brass, 3)
        draw.disc(self.surface, theme, (x, start), 3, p.brass)
        size = theme.px(5)
        back = end - size if down else end + size
        pygame.draw.polygon(
            self.surface, p.brass, [(x - size, back), (x + size, back), (x, end + (2 if down else -2))]
        )

    def foot(self) -> int:
        seen = self.track.lanes[-1] if self.track.lanes else None
        row = self.row(seen) if seen else pygame.Rect(0, 0, 0, 0)
        return min(row.bottom, self.rect.height)

    def header(self, first: int, last: int, no_return: int | None) -> None:
        """Step numbers, and signs over the steps where something happened. Nothing touches anything: in
        narrow columns the numbers are fewer, and a cut has only a notch."""
        theme, p, column = self.theme, self.theme.palette, self.track.column
        middle = self.track.top - self.rect.y - theme.px(11)
        widest = theme.width(str(len(self.film)), "code", 11)
        # A sign stands on the border between two numbers: with it, both need more room.
        roomy = column >= widest + theme.px(20)
        apart = widest + theme.px(10)
        every = next((n for n in (1, 2, 5, 10, 20, 50, 100) if n * column >= apart), 200)
        signs = [number for number in range(first, last) if self._sign(number)]
        told = theme.width(NO_WAY_BACK, "interface", 12, "bold") + theme.px(14)
        said = range(0)
        if no_return is not None:  # no number half under the words that stand there
            said = range(self.x(no_return), self.x(no_return) + told)
        for number in range(first, last):
            frame = self.film.frames[number + 1]
            x = (self.x(number) + self.x(number + 1)) / 2
            if number in signs:
                icons.put_icon(self.surface, theme, self._sign(number), (x, middle), 15, p.post)
            elif (number + 1) % every == 0 and all(abs(other - number) * column >= apart for other in signs):
                made = theme.text(str(number + 1), p.muted, "code", 11)
                place = made.get_rect(center=(round(x), middle))
                inside = place.left >= self.track.left - self.rect.x and place.right <= self.rect.width
                if inside and place.left not in said and place.right not in said:
                    self.surface.blit(made, place)
            if frame.preempts and number != no_return:
                self._cut(self.x(number), middle, roomy)
        for stop in self.stops:
            if first <= stop <= last:
                self._stop(self.x(stop), middle)

    def _stop(self, x: float, middle: float) -> None:
        """Where playing pauses by itself: a red flag on its pole."""
        theme, p = self.theme, self.theme.palette
        foot = middle + theme.px(11)
        draw.line(self.surface, theme, [(x, middle - theme.px(9)), (x, foot)], p.post, 1.6)
        size = theme.px(6)
        top = middle - theme.px(9)
        pygame.draw.polygon(self.surface, p.post, [(x, top), (x + size, top + size / 2), (x, top + size)])

    def _sign(self, number: int) -> str:
        frame = self.film.frames[number + 1]
        if frame.lost:
            return "burst"
        return SIGNS["death"] if "death" in self.sorts(number + 1) else ""

    def _cut(self, x: float, middle: float, roomy: bool) -> None:
        """Over the line where an agent cut in: the wind, or a notch where there is no room for it."""
        theme, p = self.theme, self.theme.palette
        if roomy:
            icons.put_icon(self.surface, theme, "wind", (x, middle), 14, p.brass_ink)
            return
        half, foot = theme.px(2.5), middle + theme.px(11)
        top = foot - theme.px(4)
        pygame.draw.polygon(self.surface, p.brass_ink, [(x - half, top), (x + half, top), (x, foot)])

    def ending(self, no_return: int | None) -> None:
        theme, p = self.theme, self.theme.palette
        top, end = self.track.top - self.rect.y, self.foot()
        middle = top - theme.px(11)
        if no_return is not None:
            x = self.x(no_return)
            draw.line(self.surface, theme, [(x, top - theme.px(16)), (x, end)], p.post, 2, dash=(5, 4))
        if self.film.frames[-1].ending == "stuck":
            x = self.x(len(self.film) + tail(self.film) * 0.5)
            icons.put_icon(self.surface, theme, "knot", (x, middle), 17, p.post)
