"""An office being built: a tray of parts, the board they are put on, and a panel about what is picked.

`Building(draft, registry, ...)` is the whole of it, for any scene that has somebody build: free play, or the
workshop of a level in the mode `build`. It knows nothing of files. A scene

- puts its three widgets anywhere (`tray`, `board` and `panel`; each takes its `rect`) and hands them to its
  Focus in that order, and `layer`, which draws what is being carried, after them;
- is told of every change by `on_change()`, reads `draft.now`, a Blueprint, and calls `refresh()` when it has
  changed the draft itself; with `on_pick(key)` it hears what is picked (("clerk", name), ("channel", name) or
  None: the office itself);
- says with a Stock what may be built: which kinds and how many of each, how many clerks, what is given and
  stays as it is. ANYTHING allows everything;
- may call what the player's presses call: `add_clerk`, `add`, `remove`, `rename`, `connect`, `disconnect`,
  `set_option`, `set_goal`, `undo`, `redo`. Each gives "" or says in a sentence why it cannot be done.

Where things stand is the draft's too, so that a move is taken back as everything else is; no file says it,
and `on_arrange(arrangement)` tells a scene that wants to keep it.
"""

from __future__ import annotations

import keyword
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pygame

from game.authoring.blueprint import NAME, OBJECTIVE, Blueprint, Drafting, Part, Places, level_text
from game.desktop import draw, icons, words
from game.desktop.arrangements import PLAIN, Arrangement
from game.desktop.board import Board
from game.desktop.carrying import Carrying
from game.desktop.drafted import configured, drafted, ends_of
from game.desktop.glossary import ENTRIES
from game.desktop.layout import NEAR, Cast, Key, Link, Point, end_height
from game.desktop.painter import Painter
from game.desktop.part_names import part_name, usual_name
from game.desktop.staging import Reel
from game.desktop.theme import Theme
from game.desktop.widgets import Event, Pressable, ScrollArea, Widget
from game.desktop.wiring import KNOB, WiringBoard
from game.language import say
from game.level.reader import read_level_text
from game.plugins import Registry
from game.problems import ProblemsFound
from game.request import DESK

CLERKS: Final = (
    *("ada", "bob", "cleo", "dan", "eve", "finn", "gus", "hal"),
    *("ida", "jon", "kit", "lea", "max", "nora", "otis", "pia"),
)
MOST_CHANNELS: Final = 10
"""What a board has room for."""


@dataclass(frozen=True)
class Stock:
    """What may be built with.

    kinds    the kinds there are and how many of each at most; None for every kind, without end
    clerks   how many clerks may be added at most; None for as many as the board has room for
    given    names of clerks and channels that are neither renamed nor taken away
    options  whether the options of a channel may be changed
    goal     whether the goal may be changed
    words    whether what has to be done, and the story, may be
    tokens   whether clerks may be told numbers and texts
    cat      whether the cat may be let in
    """

    kinds: Mapping[str, int] | None = None
    clerks: int | None = None
    given: frozenset[str] = field(default_factory=frozenset)
    options: bool = True
    goal: bool = True
    words: bool = True
    tokens: bool = True
    cat: bool = True


ANYTHING: Final = Stock()


class Building:
    """The parts, the board and the panel of a draft; see the module."""

    def __init__(
        self,
        draft: Drafting,
        registry: Registry,
        *,
        stock: Stock = ANYTHING,
        on_change: Callable[[], object] = lambda: None,
        on_arrange: Callable[[Arrangement], object] = lambda arrangement: None,
        on_pick: Callable[[Key | None], object] = lambda key: None,
        on_trouble: Callable[[str], object] = lambda sentence: None,
        give_focus: Callable[[Widget], object] = lambda widget: None,
    ) -> None:
        from game.desktop.part_panel import PartPanel

        self.draft = draft
        self.registry = registry
        self.stock = stock
        self.on_change = on_change
        self.on_arrange = on_arrange
        self.on_pick = on_pick
        self.on_trouble = on_trouble
        self.give_focus = give_focus
        self.picked: Key | None = None
        self.board = BuildBoard(self)
        self.board.on_arrange = self._placed
        self.tray = Tray(self)
        self.panel = PartPanel(self)
        self.layer = Layer(self)
        self.refresh()

    # -- what it is about --

    @property
    def now(self) -> Blueprint:
        return self.draft.now

    def left(self, kind: str) -> int | None:
        """How many more of a kind there may be ("" for clerks); None for no bound but the board's."""
        if not kind:
            most = self.stock.clerks
            if most is None:
                return None
            return max(0, most - sum(hand.name not in self.stock.given for hand in self.now.clerks))
        if self.stock.kinds is None:
            return None
        used = sum(part.kind == kind and part.name not in self.stock.given for part in self.now.channels)
        return max(0, self.stock.kinds.get(kind, 0) - used)

    def ends(self, channel: str) -> tuple[str, ...]:
        """What a clerk can be given of a channel."""
        return ends_of(self.now.channel(channel), self.registry)

    def refresh(self) -> None:
        """Show the draft as it is now."""
        if self.picked is not None and not self._is_there(self.picked):
            self.picked = None
            self.on_pick(None)
        self.board.take(*drafted(self.now, self.registry))
        self.board.arrange(Arrangement(self.draft.places, self.board.arrangement.square), tell=False)
        self.board.picked = self.picked
        self.panel.refresh()

    def _is_there(self, key: Key) -> bool:
        things = self.now.clerks if key[0] == "clerk" else self.now.channels
        return any(one.name == key[1] for one in things)

    def pick(self, key: Key | None) -> None:
        """Have the panel tell of a thing; None for the office."""
        if key != self.picked:
            self.panel.commit()
            self.picked = self.board.picked = key
            self.panel.refresh()
            self.on_pick(key)

    # -- what the player does; each gives "" or why not --

    def add_clerk(self, at: Point | None = None) -> str:
        """One more clerk; `at` is the middle, as shares of the board."""
        if self.left("") == 0:
            return self._cannot(say("No more clerks may be hired here."))
        from game.level.document import MOST_CLERKS  # here: a window opens without pydantic

        if len(self.now.clerks) >= MOST_CLERKS:
            return self._cannot(say("The office has room for {count} clerks.", count=MOST_CLERKS))
        name = next((one for one in CLERKS if self.now.free_name(one) == one), self.now.free_name("clerk"))
        return self._added(("clerk", name), self.now.with_clerk(name), at)

    def add(self, kind: str, at: Point | None = None) -> str:
        """One more channel of a kind."""
        if self.left(kind) == 0:
            return self._cannot(say("There is no other {part} in this tray.", part=part_name(kind)))
        if len(self.now.channels) >= MOST_CHANNELS:
            return self._cannot(say("The office has room for {count} parts.", count=MOST_CHANNELS))
        wish = usual_name(kind).lower().replace("-", "_")
        name = self.now.free_name(wish if NAME.fullmatch(wish) else "part")
        return self._added(("channel", name), self.now.with_channel(name, kind), at)

    def _added(self, key: Key, blueprint: Blueprint, at: Point | None) -> str:
        places = {one: place for one, place in self.draft.places.items() if one != key}
        self.picked = key
        self._become(blueprint, places if at is None else {**places, key: at})
        self.on_pick(key)
        return ""

    def remove(self, key: Key | None = None) -> str:
        """Take a thing away, what is picked unless another is named."""
        key = key or self.picked
        if key is None:
            return ""
        if key[1] in self.stock.given:
            return self._cannot(say("{name} belongs to this office.", name=key[1]))
        now = self.now
        now = now.without_clerk(key[1]) if key[0] == "clerk" else now.without_channel(key[1])
        self._become(now, {one: at for one, at in self.draft.places.items() if one != key})
        return ""

    def show_ways(self, key: Key) -> None:
        """The panel, at the first of the ways of a thing."""
        self.pick(key)
        toggles = self.panel.toggles
        first = next((toggle for id, toggle in toggles.items() if id.startswith("wire ")), None)
        if first is not None:
            self.give_focus(first)

    def rename(self, name: str, wish: str) -> str:
        """Call a clerk or a channel otherwise."""
        if wish == name:
            return ""
        if name in self.stock.given:
            return say("{name} belongs to this office.", name=name)
        if not wish:
            return say("It needs a name.")
        if not NAME.fullmatch(wish):
            return say("A name has small letters, digits and _, a letter first, at most 20.")
        if keyword.iskeyword(wish) or wish in (DESK, "deliver"):
            return say("`{name}` is a word of Python or of the office.", name=wish)
        if self.now.free_name(wish) != wish:
            return say("{name} is there already.", name=wish)
        key = next(
            (one for one in (("clerk", name), ("channel", name)) if self._is_there(one)), ("clerk", name)
        )
        picked = key == self.picked
        if picked:
            self.picked = (key[0], wish)
        places = {(key[0], wish) if one == key else one: at for one, at in self.draft.places.items()}
        self._become(self.now.renamed(name, wish), places)
        if picked:
            self.on_pick(self.picked)
        return ""

    def connect(self, clerk: str, target: str) -> str:
        """Give a clerk a channel, or an end of one ("tube.a")."""
        self._become(self.now.wired(clerk, target))
        return ""

    def disconnect(self, clerk: str, target: str) -> str:
        """Take it away again."""
        now = self.now
        for parameter, other in now.clerk(clerk).gets:
            if other == target:
                now = now.unwired(clerk, parameter)
        self._become(now)
        return ""

    def is_given(self, clerk: str, target: str) -> bool:
        return any(other == target for _, other in self.now.clerk(clerk).gets)

    def set_option(self, channel: str, name: str, value: Any) -> str:
        """Set an option of a channel. Ends that are no longer there are taken from whoever had them."""
        part = self.now.channel(channel)
        kind = self.registry.kinds[part.kind]
        options = {**part.options, name: value}
        try:
            made, usual = configured(kind, options), kind()
        except (ValueError, TypeError) as error:
            return str(error)
        options = {key: one for key, one in options.items() if getattr(made, key) != getattr(usual, key)}
        now = self.now.with_options(channel, options)
        ends = ends_of(now.channel(channel), self.registry)
        for hand in now.clerks:
            for parameter, target in hand.gets:
                if target.partition(".")[0] == channel and "." in target and target not in ends:
                    now = _moved(now, hand.name, parameter, target, ends)
        self._become(now)
        return ""

    def set_goal(self, win: Mapping[str, Any]) -> str:
        """Set all goals, as a level file writes them; "" or what is wrong with them."""
        for name, raw in win.items():
            try:
                goal = self.registry.goals[name].read(raw)
            except ValueError as error:
                return str(error)
            channels, clerks = ({one.name for one in some} for some in (self.now.channels, self.now.clerks))
            for one in goal.channels():
                if one not in channels:
                    return say("There is no {name} in the office.", name=one)
            for one in goal.clerks():
                if one not in clerks:
                    return say("There is no clerk {name}.", name=one)
        if not win:
            return say("There must be a goal.")
        self._become(self.now.aiming(win))
        return ""

    def write(self, clerk: str, script: str) -> None:
        """Another script for a clerk; letter after letter is one change."""
        if self.draft.change(self.now.written(clerk, script), merging=f"script {clerk}"):
            self.refresh()
            self.on_change()

    def call_it(self, title: str) -> str:
        """Name the office."""
        if not title.strip():
            return say("It needs a name.")
        self._become(replace(self.now, title=title.strip()))
        return ""

    def stand(self, arrangement: Arrangement) -> None:
        """Have everything stand so, as it was arranged elsewhere."""
        self.board.arrange(arrangement)

    def _placed(self, arrangement: Arrangement) -> None:
        """Something was moved by hand: a drag is one change, arrow after arrow on one thing another."""
        merging = "" if self.board.in_hand else f"place {self.board.picked}"
        if self.draft.change(self.now, merging, arrangement.places):
            self.on_change()
        self.on_arrange(arrangement)

    def describe(self, objective: str) -> str:
        """Say what has to be done in the office; with nothing, as in every office."""
        self._become(replace(self.now, objective=objective or OBJECTIVE))
        return ""

    def tell_story(self, story: str) -> str:
        """What Joyn says of it; with nothing, as of every office."""
        self._become(self.now.saying("story", story or None))
        return ""

    def tell(self, clerk: str, told: Mapping[str, Any]) -> str:
        """Tell a clerk numbers, lists and {text: tea}, by parameter."""
        hand = self.now.clerk(clerk)
        wires = [parameter for parameter, _ in hand.gets]
        for name in told:
            if not NAME.fullmatch(str(name)) or keyword.iskeyword(name):
                return say("{name} is no name a script could use.", name=name)
            if name in wires:
                return say("{clerk} is given a {name} already.", clerk=clerk, name=name)
        now = self.now.telling(clerk, told)
        try:
            read_level_text(level_text(now, "office"), "office", self.registry)
        except ProblemsFound as found:
            begins = tuple(f"clerks.{clerk}.gets.{name}" for name in told)
            wrong = next((one for one in found.problems if one.path.startswith(begins)), None)
            if begins and wrong is not None:
                return wrong.message
        self._become(now)
        return ""

    def let_the_cat(self, clerk: str, naps: bool) -> str:
        """Whether the cat may nap on a clerk."""
        others = [one for one in self.now.cat if one != clerk]
        self._become(self.now.with_cat([*others, clerk] if naps else others, self.now.naps))
        return ""

    def set_naps(self, count: int) -> str:
        """On how many clerks the cat may nap in one run."""
        self._become(self.now.with_cat(self.now.cat, count))
        return ""

    def take_over(self, blueprint: Blueprint) -> None:
        """Have it as somebody else has made it; that can be taken back, too."""
        self._become(blueprint)

    def undo(self) -> bool:
        return self._moved(self.draft.undo())

    def redo(self) -> bool:
        return self._moved(self.draft.redo())

    def _moved(self, moved: bool) -> bool:
        if moved:
            self._show()
        return moved

    def _become(self, blueprint: Blueprint, places: Places | None = None) -> None:
        if self.draft.change(blueprint, places=places):
            self._show()

    def _show(self) -> None:
        """The draft has changed: show it, and tell of it."""
        before = self.board.arrangement
        self.refresh()
        self.on_change()
        if self.board.arrangement != before:
            self.on_arrange(self.board.arrangement)

    def _cannot(self, sentence: str) -> str:
        self.on_trouble(sentence)
        return sentence


def _moved(now: Blueprint, clerk: str, parameter: str, target: str, ends: Sequence[str]) -> Blueprint:
    """A tube made one way has w and r where a and b were, or the other way round."""
    channel, _, face = target.partition(".")
    other = {"a": "w", "b": "r", "w": "a", "r": "b"}.get(face, "")
    now = now.unwired(clerk, parameter)
    return now.wired(clerk, f"{channel}.{other}") if f"{channel}.{other}" in ends else now


def python_name(kind: str, registry: Registry) -> str:
    """What it is in Python, without its module."""
    if kind == "pipe":
        return "Pipe"
    faces = registry.kinds[kind]().open_faces()
    face = faces.get("") or next(iter(faces.values()), None)
    return face.python.rpartition(".")[2] if face else kind


def _explained(kind: str, python: str, registry: Registry) -> str:
    """What a part is: as the glossary has it, or, for a plugin's, as its kind says."""
    found = next((one for one in ENTRIES if one.python.rpartition(".")[2].removesuffix("()") == python), None)
    return found.text if found is not None else say(registry.kinds[kind].help)


# -- the tray --


class PartCard(Pressable):
    """A part in the tray: its drawing, its name in the office and in Python. A press adds one; or drag it."""

    radius = 8

    def __init__(self, tray: Tray, kind: str) -> None:
        building = tray.building
        super().__init__(lambda: building.add(kind) if kind else building.add_clerk())
        self.building = building
        self.kind = kind
        self.name: str = part_name(kind) if kind else say("clerk")
        self.python = python_name(kind, building.registry) if kind else "Process"
        self.tip = _explained(kind, self.python, building.registry)

    def handle(self, event: Event) -> bool:
        if event.type == pygame.KEYDOWN and self.focused and event.key in (pygame.K_UP, pygame.K_DOWN):
            return self.building.tray.walk(1 if event.key == pygame.K_DOWN else -1)
        return super().handle(event)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, rect = theme.palette, self.rect
        left = self.building.left(self.kind)
        self.enabled = left != 0
        fill = palette.hover if (self.hovered or self.pressed) and self.enabled else palette.card
        draw.panel(surface, theme, rect, fill, radius=8, outline=palette.line)
        wide = theme.px(46)
        picture = part_picture(theme, self.kind, self.building.registry, (wide, rect.height - theme.px(10)))
        if not self.enabled:
            picture = picture.copy()
            picture.set_alpha(90)
        surface.blit(picture, picture.get_rect(center=(rect.x + theme.px(6) + wide // 2, rect.centery)))
        inner = pygame.Rect(rect.x + theme.px(12) + wide, rect.y + theme.px(5), 0, theme.px(20))
        inner.width = rect.right - theme.px(6) - inner.x
        if left is not None:
            count = pygame.Rect(inner)
            place = words.label(
                surface,
                theme,
                f"{left}×",
                count,
                palette.brass_ink,
                size="small",
                weight="bold",
                align="right",
            )
            inner.width = place.left - theme.px(4) - inner.x
        ink = palette.ink if self.enabled else palette.faint
        sizes: Sequence[float] = (13, 12, 11, 10)
        size = next(
            (one for one in sizes if theme.width(self.name, size=one, weight="bold") <= inner.width), 10
        )
        words.label(surface, theme, self.name, inner, ink, size=size, weight="bold")
        inner.y, inner.width = inner.bottom - theme.px(1), rect.right - theme.px(6) - inner.x
        size = next((one for one in sizes[1:] if theme.width(self.python, "code", one) <= inner.width), 10)
        words.label(surface, theme, self.python, inner, palette.muted, role="code", size=size)


class Tray(ScrollArea):
    """All parts there are. By keyboard Tab goes through them, Enter adds one."""

    def __init__(self, building: Building) -> None:
        self.building = building
        kinds = building.registry.kinds if building.stock.kinds is None else building.stock.kinds
        clerks = [] if building.stock.clerks == 0 else [""]
        self.cards = [PartCard(self, kind) for kind in (*clerks, *kinds)]
        super().__init__(self._paint, lambda: self.cards)
        self.focusable = False
        self.carrying = Carrying(self._seen, self._drop)

    def _seen(self) -> Sequence[PartCard]:
        return [card for card in self.cards if self.rect.colliderect(card.rect)]

    def handle(self, event: Event) -> bool:
        inside = event.type != pygame.MOUSEBUTTONDOWN or self.rect.collidepoint(event.pos)
        return (inside and self.carrying.handle(event)) or super().handle(event)

    def walk(self, by: int) -> bool:
        """To the part below or above, by keyboard."""
        at = next((number for number, card in enumerate(self.cards) if card.focused), None)
        if at is None or not 0 <= at + by < len(self.cards):
            return False
        self.building.give_focus(self.cards[at + by])
        self.reveal(self.cards[at + by])
        return True

    def _drop(self, card: PartCard, point: tuple[int, int]) -> None:
        board = self.building.board
        if board.rect.collidepoint(point):
            at = board.share(point)
            if card.kind:
                self.building.add(card.kind, at)
            else:
                self.building.add_clerk(at)

    def _paint(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        y, high = rect.y, theme.px(48)
        for card in self.cards:
            card.rect = pygame.Rect(rect.x, y, rect.width, high)
            card.draw(surface, theme)
            y = card.rect.bottom + theme.px(6)
        return y - rect.y


class Layer(Widget):
    """What is carried from the tray, over everything."""

    def __init__(self, building: Building) -> None:
        super().__init__()
        self.building = building

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        carried = self.building.tray.carrying.carried
        if carried is not None:
            size = theme.px(110), theme.px(80)
            picture = part_picture(theme, carried.kind, self.building.registry, size).copy()
            picture.set_alpha(220)
            surface.blit(picture, picture.get_rect(center=self.building.tray.carrying.pointer))


def part_picture(theme: Theme, kind: str, registry: Registry, size: tuple[int, int]) -> pygame.Surface:
    """A part as the board draws it, small; "" for a clerk."""

    def make() -> pygame.Surface:
        if not kind:
            return _clerk_picture(theme, size)
        large = theme.drawn.scaled(2.0)
        cast, reel = drafted(Blueprint(channels=(Part("", kind),)), registry)
        room = Board(cast, reel)
        room.rect = pygame.Rect(0, 0, 720, 520)
        staging = room.staging(large)
        sheet = pygame.Surface(room.rect.size, pygame.SRCALPHA)
        painter = Painter(sheet, large, staging, cast, reel, (0, 0))
        frame = reel.frames[0]
        painter.channel(*frame.snapshot.channels[0], staging.plan.channels[""], frame, False)
        cut = sheet.subsurface(sheet.get_bounding_rect())
        share = min(size[0] / cut.get_width(), size[1] / cut.get_height())
        wide, high = max(1, round(cut.get_width() * share)), max(1, round(cut.get_height() * share))
        return pygame.transform.smoothscale(cut, (wide, high))

    return theme.surfaces.get(("part", kind, size), make)


def _clerk_picture(theme: Theme, size: tuple[int, int]) -> pygame.Surface:
    made = pygame.Surface(size, pygame.SRCALPHA)
    middle = (size[0] / 2, size[1] / 2)
    across = min(size) * 0.86
    draw.disc(made, theme, middle, across / 2 / theme.scale, theme.palette.paper, outline=theme.palette.faint)
    icons.clerk_mark(
        made, theme, (round(middle[0]), round(middle[1])), theme.clerk(0), across * 0.62 / theme.scale
    )
    return made


# -- the board --


class BuildBoard(WiringBoard):
    """The office under construction. Drag a thing by its middle to place it; drag a way from its knob to what
    it should be tied to; press the cross on a way to cut it. Enter picks, arrows move what is picked, W goes
    to its ways in the panel, Delete takes it away."""

    def __init__(self, building: Building) -> None:
        super().__init__(Cast(()), Reel(()))
        self.building = building
        self.arrangement = PLAIN
        self.joins = self._whatever
        self.on_list = building.show_ways
        self._pointed: Key | None = None
        self._way: Link | None = None

    def _whatever(self, key: Key) -> Iterable[Key]:
        """A clerk may be given any channel, once more too."""
        return [other for other in self._keys if other[0] != key[0]]

    def take(self, cast: Cast, reel: Reel) -> None:
        """Another office, in the same place."""
        if cast != self.cast:
            self._plan = None
        self.cast, self.reel = cast, reel
        self._staging = self._way = None
        self.position = 0.0

    def share(self, point: tuple[int, int]) -> Point:
        """A point of the window, as shares of the board."""
        x, y = self._here(point)
        wide, high = self._view
        return min(max(x / wide, 0.0), 1.0), min(max(y / high, 0.0), 1.0)

    # -- knobs --

    def _knobbed(self) -> Iterable[Key]:
        if self._wire is not None:
            return (self._wire[0],)
        return [key for key in dict.fromkeys((self.picked, self._pointed)) if key is not None]

    def knobs_of(self, key: Key) -> list[tuple[str, Point]]:
        box = self._box(key)
        plan = self._staging.plan if self._staging is not None else None
        if box is None or plan is None:
            return []
        if key[0] == "clerk":
            card = plan.cards[key[1]]
            return [("", (card.right, card.y))]
        ends = self.building.ends(key[1])
        if len(ends) == 2:
            sides = [(box.x, box.y + box.h * 0.5), (box.right, box.y + box.h * 0.5)]
            if plan.facing.get(key[1], 1) < 0:
                sides.reverse()
            return list(zip(ends, sides, strict=True))
        shape = next(thing.shape for thing in self.cast.things if thing.name == key[1])
        if shape in ("belt", "chute"):  # in the middle one takes hold of it
            top = box.y + box.h * end_height(shape, NEAR) - 14 * plan.factor
            return [(ends[0], (box.x + box.w * 0.84, top))]
        return [(end, (box.center[0] + 22.0 * at, box.y)) for at, end in enumerate(ends)]

    # -- events --

    def handle(self, event: Event) -> bool:
        if event.type == pygame.MOUSEMOTION:
            self._point(event.pos)
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self.rect.collidepoint(event.pos):
            self._point(event.pos)
            if self._way is not None and self._near_knife(event.pos):
                self._cut(self._way)
                return True
        before = self.picked
        taken = super().handle(event)
        if self.picked != before:
            self.building.pick(self.picked)
        return taken

    def _point(self, pos: tuple[int, int]) -> None:
        inside = self.rect.collidepoint(pos)
        if inside and self._pointed is not None and self.knob_at(pos) is not None:
            return  # a knob stands out over its thing
        self._pointed = self.thing_at(pos) if inside else None
        self._way = self._way_at(pos) if inside and self._pointed is None else None

    # -- ways --

    def _way_at(self, pos: tuple[int, int]) -> Link | None:
        """The way at a point of the window."""
        if self._staging is None:
            return None
        here = self._here(pos)
        near = {
            link: min(math.dist(here, point) for point in points)
            for link, points in self._staging.paths.items()
        }
        found = min(near, key=lambda link: near[link], default=None)
        return found if found is not None and near[found] <= KNOB + 3 else None

    def knife(self, way: Link) -> tuple[int, int]:
        """The pixel where a way is cut: its middle."""
        assert self._staging is not None
        points = self._staging.paths[way]
        return self._pixel(points[len(points) // 2])

    def _near_knife(self, pos: tuple[int, int]) -> bool:
        if self._way is None or self._staging is None:
            return False
        return math.dist(pos, self.knife(self._way)) <= (KNOB + 3) * self._scale

    def _cut(self, way: Link) -> None:
        """Take from a clerk what this way gives it."""
        ends = [end for end in self.building.ends(way.channel) if self.building.is_given(way.clerk, end)]
        if ends:
            self.building.disconnect(way.clerk, ends[0] if way.port == NEAR else ends[-1])

    def _join(self, clerk: str, channel: str, end: str, point: tuple[int, int]) -> None:
        self.building.connect(clerk, end or self._end_near(channel, point))

    def _join_nothing(self, key: Key, point: tuple[int, int]) -> None:
        if self.thing_at(point) not in (None, key):
            self.building.on_trouble(say("A way goes from a clerk to a part."))

    def _end_near(self, channel: str, pos: tuple[int, int]) -> str:
        here = self._here(pos)
        return min(self.knobs_of(("channel", channel)), key=lambda knob: math.dist(knob[1], here))[0]

    def put_back(self) -> None:
        """Delete takes away what is picked; without a pick, everything goes back to its place."""
        if self.picked is not None and self.focused:
            self.building.remove()
        else:
            super().put_back()

    def tip_at(self, point: tuple[int, int]) -> str:
        if point[0] >= 0 and self._near_knife(point):
            return say("Cut this way")
        return super().tip_at(point) if point[0] >= 0 and self.knob_at(point) is not None else ""

    # -- drawing --

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        if not self.cast.clerks and not self.cast.things:
            self._draw_empty(surface, theme)
            return
        super().draw(surface, theme)
        if self._wire is None and self._way is not None and self._staging is not None:
            at, palette = self.knife(self._way), theme.palette
            draw.disc(surface, theme.drawn, at, KNOB, palette.card, outline=palette.post, width=1.6)
            icons.put_icon(surface, theme.drawn, "cross", at, 11, palette.post)

    def _draw_empty(self, surface: pygame.Surface, theme: Theme) -> None:
        self.staging(theme.drawn)
        palette = theme.palette
        draw.panel(surface, theme, self.rect, palette.desk, radius=10, outline=palette.line)
        inner = self.rect.inflate(-theme.px(60), 0)
        inner.height = theme.px(70)
        inner.centery = self.rect.centery
        words.label(
            surface, theme, say("An empty office."), inner.move(0, -theme.px(22)), palette.ink, role="voice",
            size="title", weight="bold", align="centre",
        )  # fmt: skip
        hint = say("Drag clerks and parts here, or press them in the tray.")
        words.label(surface, theme, hint, inner.move(0, theme.px(14)), palette.muted, align="centre")
