"""The map: a pack's chapters as places on the coast, its levels as the stops of a post round."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pygame

from game.campaign import AHEAD, Campaign, Card, Glance, Standing, glance, next_level, standing, summary
from game.desktop import draw, icons, words
from game.desktop.app import Event
from game.desktop.coast import Lie, lie_of, paint_far, paint_walker, paint_way, piece
from game.desktop.house import MODES, House
from game.desktop.route import Route, lay_route
from game.desktop.scenes.room import Room, Shortcut
from game.desktop.theme import Theme, mix
from game.desktop.widgets import Button, IconButton, Key, Pressable, Widget
from game.language import Said, joined, say, say_many
from game.saves import LevelProgress

HEADER: Final = 56
SHEET: Final = 122
BOARD: Final = 270
"""The widest board below a stop: the next at its height stands 300 farther on."""
LOW: Final = 680
"""Below this height of the window, a length of the design, larger letters find no room."""
STILL_FRAME: Final = 1 / 30
"""How often the wind is drawn anew."""
STRIDE: Final = 5.0
"""Stops a second the walker makes at most; a longer way is gone in half a second."""

METRICS: Final = {
    "ticks": lambda count: say_many("{count} tick", "{count} ticks", count),
    "statements": lambda count: say_many("{count} statement", "{count} statements", count),
    "clerks": lambda count: say_many("{count} clerk", "{count} clerks", count),
    "peak": lambda count: say("at most {count} in a channel", count=count),
    "parts": lambda count: say_many("{count} part built", "{count} parts built", count),
}


class LevelStop(Pressable):
    """One level on the way: its number on a seal, its title and what one does there on a board below."""

    def __init__(self, scene: LevelsScene, card: Card) -> None:
        super().__init__(lambda: scene.open(card))
        self.card = card
        self.glance: Glance = glance(card.path)
        self.standing: Standing = "open"
        self.stars = 0
        self.is_next = False
        self.seal = pygame.Rect(0, 0, 1, 1)
        self.board = pygame.Rect(0, 0, 1, 1)
        self.radius = 30

    @property
    def title(self) -> Said:
        return say(self.card.title)

    @property
    def mode(self) -> Said:
        return MODES.get(self.glance.mode, say(""))

    def focus_rect(self) -> pygame.Rect:
        return self.seal

    def stand(self, theme: Theme, centre: tuple[int, int]) -> None:
        """Lay it out about the middle of its seal."""
        self.seal = pygame.Rect(0, 0, theme.px(46), theme.px(46))
        self.seal.center = centre
        longest = max(
            theme.width(self.title, size="small", weight="bold"), theme.width(self.mode, size="caption")
        )
        wide = min(theme.px(BOARD), longest + theme.px(24))
        self.board = pygame.Rect(0, 0, wide, theme.line_height(size="small") * 2 + theme.px(6))
        self.board.midtop = (centre[0], self.seal.bottom + theme.px(5))
        self.rect = self.seal.union(self.board)

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        self._draw_board(surface, theme)
        self._draw_seal(surface, theme)
        self._draw_sign(surface, theme)
        if self.stars:
            self._draw_stars(surface, theme)

    def _draw_board(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, locked = theme.palette, self.standing == "locked"
        lit = self.hovered or self.focused
        ground = mix(palette.paper, palette.teal, 0.16) if locked else palette.card
        draw.panel(
            surface, theme, self.board, ground, radius=7, width=2 if lit or self.is_next else 1,
            outline=palette.post if self.is_next else palette.ink if lit else palette.line,
            shadow=0 if locked else 2,
        )  # fmt: skip
        line = theme.line_height(size="small")
        place = pygame.Rect(self.board.x + theme.px(8), self.board.y + theme.px(2), 0, line)
        place.width = self.board.width - theme.px(16)
        ink = palette.muted if locked else palette.ink
        words.label(surface, theme, self.title, place, ink, size="small", weight="bold", align="centre")
        words.label(
            surface, theme, self.mode, place.move(0, line), palette.muted, size="caption", align="centre"
        )

    def _draw_seal(self, surface: pygame.Surface, theme: Theme) -> None:
        palette, centre = theme.palette, self.seal.center
        number = self.card.id
        if self.standing == "solved":
            draw.disc(surface, theme, centre, 23, palette.teal, outline=palette.card, width=2.5)
            ink = palette.card
        elif self.is_next:
            draw.disc(surface, theme, centre, 29, None, outline=palette.brass_light, width=2.5)
            draw.disc(surface, theme, centre, 23, palette.post, outline=palette.card, width=2.5)
            ink = palette.card
        elif self.standing == "locked":
            ground = mix(palette.paper, palette.teal, 0.3)
            draw.dashed_panel(surface, theme, self.seal, ground, palette.muted, radius=23, width=2)
            ink = palette.muted
        else:
            draw.disc(surface, theme, centre, 23, palette.card, outline=palette.ink, width=2.5)
            ink = palette.ink
        made = theme.text(number, ink, "voice", "head" if len(number) < 4 else "lead", "bold")
        surface.blit(made, made.get_rect(center=(centre[0], centre[1] - theme.px(1))))

    def _draw_sign(self, surface: pygame.Surface, theme: Theme) -> None:
        """What the colour of the seal says, as a sign at its foot: ticked off, shut, passed by."""
        palette = theme.palette
        sign = {"solved": "check", "locked": "lock", "skipped": "to end"}.get(self.standing, "")
        if not sign:
            return
        spot = (self.seal.right - theme.px(5), self.seal.bottom - theme.px(7))
        ink = {"solved": palette.teal, "skipped": palette.brass_ink}.get(self.standing, palette.muted)
        draw.disc(surface, theme, spot, 10, palette.card, outline=ink, width=1.5)
        icons.put_icon(surface, theme, sign, spot, 12, ink)

    def _draw_stars(self, surface: pygame.Surface, theme: Theme) -> None:
        for at in range(3):
            x = self.seal.centerx + theme.px(18 * (at - 1))
            y = self.seal.top - theme.px(9 if at == 1 else 4)
            draw_star(surface, theme, (x, y), 19, got=at < self.stars)


def draw_star(
    surface: pygame.Surface,
    theme: Theme,
    centre: tuple[int, int],
    size: float,
    *,
    got: bool,
    paper: bool = False,
) -> None:
    """A star that was earned, or the place of one: a dark one on the meadow, an empty one on paper, where a
    dark one would stand out more than those that were earned."""
    if paper and not got:
        icons.put_icon(surface, theme, "star outline", centre, size, theme.palette.muted)
        return
    icons.put_icon(surface, theme, "star", centre, size, theme.palette.slate_deep)
    inner = theme.palette.brass_light if got else theme.palette.slate_line
    icons.put_icon(surface, theme, "star", centre, size - 5, inner)


class RouteMap(Widget):
    """The coast with its stops, as much of it as fits: drag it, or turn the wheel, to look further."""

    focusable = False

    def __init__(self, scene: LevelsScene, campaign: Campaign) -> None:
        super().__init__()
        self.scene = scene
        self.campaign = campaign
        self.route: Route = lay_route([len(chapter.levels) for chapter in campaign.chapters])
        self.stops = [LevelStop(scene, card) for card in campaign.levels]
        self.camera = 0.0  # pixels of the coast that lie to the left
        self.walked = 0.0  # stops behind the walker
        self.seconds = 1.7
        self._target: float | None = None
        self._grabbed: tuple[int, float] | None = None
        self._lie: Lie | None = None

    def children(self) -> Sequence[Widget]:
        return self.stops

    def place(self, theme: Theme, rect: pygame.Rect) -> None:
        self.rect = rect
        self._lie = lie_of(theme, rect.size, self.route.length)
        self.camera = self._held(self.camera)
        self._stand(theme)

    @property
    def lie(self) -> Lie:
        assert self._lie is not None, "placed before it is used"
        return self._lie

    def _held(self, camera: float) -> float:
        return max(0.0, min(self.route.length * self.lie.along - self.rect.width, camera))

    def _stand(self, theme: Theme) -> None:
        for stop, (x, part) in zip(self.stops, self.route.stops, strict=True):
            stop.stand(theme, self.on_screen(x, part))

    def on_screen(self, x: float, part: float) -> tuple[int, int]:
        lie = self.lie
        return self.rect.x + round(x * lie.along - self.camera), self.rect.y + lie.depth(part)

    def look_at(self, stop: int, *, at_once: bool) -> None:
        """Bring a stop into the middle, or as near to it as the coast goes."""
        self._target = self._held(self.route.stops[stop][0] * self.lie.along - self.rect.width / 2)
        if at_once:
            self.camera, self._target = self._target, None

    def pan(self, by: float) -> None:
        self._target = None
        self.camera = self._held(self.camera + by)

    def reveal(self, child: Widget) -> None:
        if isinstance(child, LevelStop):
            self.look_at(self.stops.index(child), at_once=self.scene.theme.reduced_motion)

    def handle(self, event: Event) -> bool:
        inside = self.rect.collidepoint(getattr(event, "pos", (-1, -1)))
        if event.type == pygame.MOUSEWHEEL and self.hovered:
            self.pan(-round((event.precise_y - getattr(event, "precise_x", 0.0)) * self.scene.theme.px(90)))
            self._stand(self.scene.theme)
            return True
        if event.type == pygame.MOUSEMOTION:
            self.hovered = inside
            if self._grabbed is not None:
                start, camera = self._grabbed
                self._target, self.camera = None, self._held(camera + start - event.pos[0])
                self._stand(self.scene.theme)
                return True
            if not inside:
                for stop in self.stops:
                    stop.hovered = False
                return False
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._grabbed is not None:
            self._grabbed = None
            return True
        if event.type == pygame.MOUSEBUTTONDOWN and not inside:
            return False
        taken = any([stop.handle(event) for stop in self.stops])
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and not taken:
            self._grabbed = (event.pos[0], self.camera)
            return True
        return taken

    def update(self, dt: float) -> bool:
        theme = self.scene.theme
        changed = False
        goal = self.scene.shown_number
        if self.walked != goal:
            changed = True
            way = max(STRIDE, abs(goal - self.walked) * 2) * dt
            still = theme.reduced_motion or abs(goal - self.walked) <= way
            self.walked = float(goal) if still else self.walked + (way if goal > self.walked else -way)
        if self._target is not None:
            changed = True
            gap = self._target - self.camera
            if abs(gap) < 1 or theme.reduced_motion:
                self.camera, self._target = self._target, None
            else:
                self.camera += gap * min(1.0, dt * 8)
            self._stand(theme)
        return changed

    def draw(self, surface: pygame.Surface, theme: Theme) -> None:
        self._stand(theme)
        view = surface.subsurface(self.rect)
        moment = 1.7 if theme.reduced_motion else self.seconds
        paint_far(view, theme, self.lie, self.camera, moment)
        for number, chapter in enumerate(self.campaign.chapters):
            site = self.route.sites[number]
            left = round(site.left * self.lie.along - self.camera)
            if left < self.rect.width and left + site.wide * self.lie.along > 0:
                shut = not chapter.levels
                made = piece(theme, self.lie, site.left, site.wide, site.house, chapter.place, shut)
                view.blit(made, (left, 0))
        clip = surface.get_clip()
        surface.set_clip(clip.clip(self.rect))
        self._draw_way(surface, theme)
        for number in range(len(self.campaign.chapters)):
            self._draw_sign(surface, theme, number)
        for stop in self.stops:
            if stop.rect.right > self.rect.left and stop.rect.left < self.rect.right:
                stop.draw(surface, theme)
        if self.stops:
            x, y = self.on_screen(*self.route.at(self.walked))
            step = 0.0 if theme.reduced_motion else self.walked * 6
            paint_walker(surface, theme, (x - theme.px(38), y + theme.px(16)), theme.scale * 1.05, step)
        self._draw_bar(surface, theme)
        surface.set_clip(clip)

    def _draw_way(self, surface: pygame.Surface, theme: Theme) -> None:
        wide = theme.px(15)
        for number in range(len(self.stops) - 1):
            points = [self.on_screen(x, part) for x, part in self.route.between(number)]
            if points[-1][0] > self.rect.left - wide and points[0][0] < self.rect.right + wide:
                open_ = self.stops[number + 1].standing != "locked"
                paint_way(surface, theme, points, open_=open_)
        further = self.route.beyond(round(self.route.length / 12))
        paint_way(surface, theme, [self.on_screen(x, part) for x, part in further], open_=False)

    def _draw_sign(self, surface: pygame.Surface, theme: Theme, number: int) -> None:
        """A board on two posts by the house: what the chapter is called, and how far one has come in it."""
        chapter, site, palette = self.campaign.chapters[number], self.route.sites[number], theme.palette
        shut = not chapter.levels
        stops = self.stops[site.first : site.first + site.levels]
        solved, stars = sum(stop.standing == "solved" for stop in stops), sum(stop.stars for stop in stops)
        told = say("opens later") if shut else say(
            "{solved} of {count} solved, {stars} stars", solved=solved, count=len(stops), stars=stars
        )  # fmt: skip
        title = say("{number}  {title}", number=number + 1, title=say(chapter.title))
        wide = max(theme.width(title, "voice", "head", "bold"), theme.width(told, size="small")) + theme.px(
            32
        )
        high = theme.line_height("voice", "head") + theme.line_height(size="small") + theme.px(10)
        foot = self.on_screen(site.house, 0.0)
        board = pygame.Rect(0, 0, wide, high)
        board.bottomleft = (foot[0] + round(148 * self.lie.factor), foot[1] - theme.px(16))
        if board.right < self.rect.left or board.left > self.rect.right:
            return
        post = mix(palette.board_wood, palette.slate, 0.2)
        for x in (board.left + theme.px(26), board.right - theme.px(32)):
            surface.fill(post, (x, board.centery, theme.px(6), foot[1] + theme.px(4) - board.centery))
        ground = mix(palette.paper, palette.teal, 0.14) if shut else palette.card
        draw.panel(surface, theme, board, ground, radius=8, outline=post, width=2, shadow=2)
        place = pygame.Rect(board.x, board.y + theme.px(4), wide, theme.line_height("voice", "head"))
        words.label(
            surface, theme, title, place, palette.muted if shut else palette.ink,
            role="voice", size="head", weight="bold", align="centre",
        )  # fmt: skip
        place = pygame.Rect(board.x, place.bottom, wide, theme.line_height(size="small"))
        words.label(surface, theme, told, place, palette.muted, size="small", align="centre")

    def _draw_bar(self, surface: pygame.Surface, theme: Theme) -> None:
        whole = self.route.length * self.lie.along
        if whole <= self.rect.width + 1:
            return
        wide = round(self.rect.width * self.rect.width / whole)
        left = self.rect.x + round(self.rect.width * self.camera / whole)
        bar = pygame.Rect(left, self.rect.bottom - theme.px(6), wide, theme.px(4))
        draw.pill(surface, theme, bar, theme.palette.chalk_faint)


class LevelsScene(Room):
    """The map of one pack: the one that was last played in, unless another is named. From there one turns to
    the others."""

    shortcuts = (
        (
            say("On the map"),
            (
                Shortcut("← →", say("along the round")),
                Shortcut("↑ ↓", say("to the chapter before, after")),
                Shortcut(say("Enter"), say("into the level")),
                Shortcut("S", say("skip a level, or take it up")),
                Shortcut("H", say("its answers and attempts")),
                Shortcut(say("Ctrl+F"), say("all levels, to search")),
                Shortcut(say("Ctrl+Page ↑ ↓"), say("the pack before, after")),
            ),
        ),
    )

    def __init__(self, house: House, campaign: Campaign | None = None) -> None:
        super().__init__(house)
        self._back = IconButton("back", self.back, tip=say("Back"), style="bar")
        self._help = IconButton("help", self.show_help, tip=say("Keys"), style="bar")
        self._settings = IconButton("gear", self.show_settings, tip=say("Settings"), style="bar")
        self._all = Button(
            say("All levels"),
            self._browse,
            style="bar",
            icon="search",
            keys=(Key(pygame.K_f, pygame.KMOD_CTRL),),
        )
        self._open = Button(say("Open"), self._open_shown, style="primary", icon="play")
        self._saves = Button(
            say("Saves"), self._show_saves, style="ghost", icon="envelope", keys=(Key(pygame.K_h),),
            tip=say("Its answers and attempts"),
        )  # fmt: skip
        self._skip = Button(say("Skip"), self._skip_shown, icon="to end", keys=(Key(pygame.K_s),))
        self._before = IconButton(
            "back", lambda: self._turn(-1), tip=say("The pack before"), style="bar", across=30,
            keys=(Key(pygame.K_PAGEUP, pygame.KMOD_CTRL),),
        )  # fmt: skip
        self._after = IconButton(
            "forward", lambda: self._turn(1), tip=say("The pack after"), style="bar", across=30,
            keys=(Key(pygame.K_PAGEDOWN, pygame.KMOD_CTRL),),
        )  # fmt: skip
        self._since_drawn = 0.0
        self._sheet = pygame.Rect(0, 0, 1, 1)
        self._take_pack(campaign or house.campaign)

    # -- which pack --

    def _take_pack(self, campaign: Campaign | None) -> None:
        """Lay out the round of a pack; nobody stands anywhere on it yet."""
        self.campaign = campaign
        self._map = RouteMap(self, campaign or Campaign("", "", (), Path()))
        self._cards = {stop.card.key: stop for stop in self._map.stops}
        self._shown: LevelStop | None = None
        self.focus.set(
            [
                self._back,
                self._before,
                self._after,
                self._all,
                self._settings,
                self._help,
                self._map,
                self._open,
                self._skip,
                self._saves,
            ]
        )

    def show(self, campaign: Campaign, key: str = "") -> None:
        """Turn to the map of a pack, at the level with this key or, without, at the one to play next."""
        if campaign != self.campaign:
            self._take_pack(campaign)
            self.house.pack = campaign.name
        if key in self._cards:
            self._shown = stop = self._cards[key]
            self._map.walked = float(self._map.stops.index(stop))
            self.focus.give(stop)
        if self._app is not None and self.app.scene is self:
            self.enter()
            self.layout(self._size)
            self.app.invalidate()

    @property
    def _number(self) -> int:
        """Which of the packs this is, from 0."""
        return self.house.campaigns.index(self.campaign) if self.campaign in self.house.campaigns else 0

    def _turn(self, by: int) -> None:
        """To the next pack, or the one before; round and round."""
        packs = self.house.campaigns
        ring, current = self.focus.ring, self.focus.current
        self.show(packs[(self._number + by) % len(packs)])
        if current in (self._before, self._after):
            self.focus.give(current, ring=ring)

    # -- which stop --

    @property
    def shown(self) -> LevelStop | None:
        """The stop the sheet tells of: the one pointed at, else the one the keyboard is at."""
        pointed = next((stop for stop in self._map.stops if stop.hovered), None)
        return pointed or self._at

    @property
    def _at(self) -> LevelStop | None:
        current = self.focus.current
        if isinstance(current, LevelStop):
            self._shown = current
        return self._shown

    @property
    def shown_number(self) -> int:
        """Where the walker should be."""
        return self._map.stops.index(self._at) if self._at is not None else 0

    def enter(self) -> None:
        if self.campaign is None:
            return
        standings = standing(self.campaign, self.house.progress)
        coming = next_level(self.campaign, self.house.progress)
        for key, stop in self._cards.items():
            stop.standing = standings[key]
            stop.stars = self.house.progress.of(key).stars
            stop.is_next = coming is not None and coming.key == key and stop.standing != "skipped"
            stop.enabled = True
        if self._shown is None and self._map.stops:
            first = self._cards[coming.key] if coming else self._map.stops[0]
            self.focus.give(first)
            self._shown = first
            self._map.walked = float(self._map.stops.index(first))

    def open(self, card: Card) -> None:
        """Into a level, unless it is still locked."""
        stop = self._cards[card.key]
        if stop.standing == "locked":
            self.app.toast(
                say(
                    "{level} opens once fewer than {count} levels before it are unsolved. A level that will "
                    "not give can be skipped.",
                    level=card.id,
                    count=AHEAD + 1,
                ),
                sign="lock",
            )
            return
        self._shown = stop
        from game.desktop.scenes.workshop import open_level

        open_level(self.app, self.house, card.path)

    def _browse(self) -> None:
        from game.desktop.scenes.browser import BrowserScene

        self.app.push(BrowserScene(self.house, at=self._at.card.path if self._at is not None else None))

    def _open_shown(self) -> None:
        if self.shown is not None:
            self.open(self.shown.card)

    def _skip_shown(self) -> None:
        """Leave the level for later, so that those behind it open; or take it up again."""
        stop = self.shown
        if stop is not None and stop.standing in ("open", "skipped"):
            self.house.skip(stop.card.key, stop.standing == "open")
            self.enter()

    def _show_saves(self) -> None:
        """The answers and attempts of the level shown."""
        stop = self.shown
        if stop is not None:
            from game.desktop.scenes.saves import SavesScene, Subject

            self._shown = stop
            self.app.push(
                SavesScene(self.house, Subject(stop.card.key, stop.card.id, stop.card.title, stop.card.path))
            )

    # -- keys --

    def handle(self, event: Event) -> None:
        moves = {
            pygame.K_LEFT: lambda: self._walk(-1),
            pygame.K_RIGHT: lambda: self._walk(1),
            pygame.K_UP: lambda: self._leap(-1),
            pygame.K_DOWN: lambda: self._leap(1),
            pygame.K_PAGEUP: lambda: self._leap(-1),
            pygame.K_PAGEDOWN: lambda: self._leap(1),
            pygame.K_HOME: lambda: self._go(0),
            pygame.K_END: lambda: self._go(len(self._map.stops) - 1),
        }
        plain = event.type == pygame.KEYDOWN and not event.mod & pygame.KMOD_CTRL
        if self.focus.dialog is None and plain and event.key in moves and self._map.stops:
            moves[event.key]()
            return
        super().handle(event)

    def _walk(self, by: int) -> None:
        """To the next stop of the round, or the one before."""
        self._go(self.shown_number + by)

    def _leap(self, by: int) -> None:
        """To the first stop of the chapter after, or before."""
        route = self._map.route
        here = route.site_of(self.shown_number)
        others = [site.first for site in route.sites if site.levels]
        at = others.index(route.sites[here].first)
        if by < 0 and self.shown_number != others[at]:
            by = 0
        self._go(others[max(0, min(len(others) - 1, at + by))])

    def _go(self, number: int) -> None:
        stop = self._map.stops[max(0, min(len(self._map.stops) - 1, number))]
        self.focus.give(stop, ring=True)
        self._shown = stop
        self._map.reveal(stop)

    # -- time and place --

    @property
    def theme(self) -> Theme:
        """With letters no larger than usual where the coast is low: its boards would run out of it."""
        theme = super().theme
        return theme.drawn if self._size[1] < LOW * theme.scale else theme

    def place(self, theme: Theme, window: pygame.Rect) -> None:
        header = theme.px(HEADER)
        self._back.put(theme, left=theme.px(14), centery=header // 2)
        self._help.put(theme, right=window.right - theme.px(14), centery=header // 2)
        self._settings.put(theme, right=self._help.rect.left - theme.px(4), centery=header // 2)
        self._all.put(theme, right=self._settings.rect.left - theme.px(4), centery=header // 2)
        self._place_packs(theme)
        sheet = theme.px(SHEET)
        self._sheet = pygame.Rect(0, window.bottom - sheet, window.width, sheet)
        self._map.place(theme, pygame.Rect(0, header, window.width, self._sheet.top - header))
        self._place_buttons(theme)
        if self._map.stops:
            self._map.look_at(self.shown_number, at_once=True)

    def _place_packs(self, theme: Theme) -> None:
        """What turns to another pack, behind the name of this one."""
        self._before.visible = self._after.visible = len(self.house.campaigns) > 1
        self._title = pygame.Rect(self._back.rect.right + theme.px(10), 0, 0, theme.px(HEADER))
        self._title.width = theme.width(self._name, "voice", "head", "bold") + theme.px(2)
        room = self._all.rect.left - theme.px(16) - self._title.x
        self._counted = pygame.Rect(0, 0, theme.width(self._which, size="small"), theme.px(HEADER))
        wide = self._counted.width + 2 * theme.px(30) + theme.px(26)
        self._title.width = min(self._title.width, room - (wide if self._before.visible else 0))
        self._before.put(theme, left=self._title.right + theme.px(12), centery=self._title.centery)
        self._counted.left = self._before.rect.right + theme.px(4)
        self._after.put(theme, left=self._counted.right + theme.px(4), centery=self._title.centery)

    def _place_buttons(self, theme: Theme) -> None:
        stop = self.shown
        self._open.visible = self._skip.visible = self._saves.visible = stop is not None
        if stop is None:
            return
        skipped = stop.standing == "skipped"
        self._open.enabled = stop.standing != "locked"
        self._skip.enabled = stop.standing in ("open", "skipped")
        self._skip.words = say("Take it up") if skipped else say("Skip")
        self._skip.icon = "undo" if skipped else "to end"
        self._skip.tip = (
            say("No longer skipped") if skipped else say("Leave it for later; the levels behind it open")
        )
        right = self._sheet.right - theme.px(24)
        wide = max(self._open.size(theme)[0], self._skip.size(theme)[0], theme.px(132))
        for button, part in ((self._open, 0.34), (self._skip, 0.7)):
            button.rect = pygame.Rect(0, 0, wide, button.size(theme)[1])
            button.rect.right = right
            button.rect.centery = self._sheet.y + round(self._sheet.height * part)
        self._saves.put(theme, right=self._open.rect.left - theme.px(10), centery=self._open.rect.centery)

    def update(self, dt: float) -> bool:
        changed = super().update(dt)
        if not self.theme.reduced_motion:
            self._map.seconds += dt
            self._since_drawn += dt
            if self._since_drawn >= STILL_FRAME:
                self._since_drawn = 0.0
                changed = True
        return changed

    # -- drawing --

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        palette = theme.palette
        surface.fill(palette.paper)
        bar = pygame.Rect(0, 0, surface.get_width(), theme.px(HEADER))
        surface.fill(palette.ink, bar)
        self._place_packs(theme)  # plugins' packs come when plugins are known
        words.label(
            surface, theme, self._name, self._title, palette.on_ink, role="voice", size="head", weight="bold"
        )
        left = self._title.right
        if self._before.visible:
            words.label(surface, theme, self._which, self._counted, palette.on_ink_muted, size="small")
            left = self._after.rect.right
        if self.campaign is not None:
            found = summary(self.campaign, self.house.progress)
            told = say(
                "{solved} of {levels} solved   ·   {stars} of {all} stars",
                solved=found.solved, levels=found.levels, stars=found.stars, all=found.stars_of,
            )  # fmt: skip
            place = pygame.Rect(left + theme.px(16), 0, 0, bar.height)
            place.width = self._all.rect.left - theme.px(16) - place.x
            if theme.width(told, size="small") > place.width:
                told = say("{solved} of {levels}", solved=found.solved, levels=found.levels)
            words.label(surface, theme, told, place, palette.on_ink_muted, size="small", align="right")
        self._place_buttons(theme)
        self._paint_sheet(surface, theme)

    @property
    def _name(self) -> Said:
        return say(self.campaign.title) if self.campaign else say("No level packs are installed")

    @property
    def _which(self) -> Said:
        return say("{number} of {count}", number=self._number + 1, count=len(self.house.campaigns))

    def _paint_sheet(self, surface: pygame.Surface, theme: Theme) -> None:
        """What the level shown is about, and how one has done in it."""
        palette, sheet, stop = theme.palette, self._sheet, self.shown
        surface.fill(palette.paper, sheet)
        surface.fill(palette.line, (sheet.x, sheet.y, sheet.width, theme.px(2)))
        if stop is None:
            return
        stamp = pygame.Rect(sheet.x + theme.px(24), 0, theme.px(76), theme.px(90))
        stamp.centery = sheet.centery
        self._paint_stamp(surface, theme, stamp, stop)
        column = pygame.Rect(stamp.right + theme.px(20), sheet.y + theme.px(13), 0, theme.px(26))
        column.width = self._saves.rect.left - theme.px(12) - column.x
        title = words.label(
            surface, theme, stop.title, column, palette.ink, role="voice", size="title", weight="bold"
        )
        beside = column.move(title.width + theme.px(16), 0)
        beside.width = column.right - beside.x
        about = (self._standing_of(stop), stop.mode)
        short = next((line for line in about if theme.width(line, size="small") <= beside.width), "")
        words.label(surface, theme, short, beside, palette.muted, size="small")
        text = column.move(0, theme.px(30))
        objective = words.prose(theme, say(stop.glance.objective), column.width, palette.ink)
        room = 2 * theme.line_height()
        if objective.height > room:
            objective = words.fitted(theme, say(stop.glance.objective), column.width, room, palette.ink)
        objective.draw(surface, text.topleft)
        last = pygame.Rect(column.x, sheet.bottom - theme.px(30), column.width, theme.px(20))
        told = next((line for line in self._about(stop) if theme.width(line, size="small") <= last.width), "")
        words.label(surface, theme, told, last, palette.brass_ink, size="small")

    def _paint_stamp(
        self, surface: pygame.Surface, theme: Theme, stamp: pygame.Rect, stop: LevelStop
    ) -> None:
        palette = theme.palette
        ground = {"solved": palette.teal, "locked": palette.muted, "skipped": palette.brass_ink}.get(
            stop.standing, palette.post
        )
        draw.panel(surface, theme, stamp, palette.card, radius=2, shadow=2)
        for edge, count in ((stamp.width, 6), (stamp.height, 7)):
            for at in range(count):
                along = round(edge * (at + 0.5) / count)
                for spot in (
                    ((stamp.x + along, stamp.top), (stamp.x + along, stamp.bottom))
                    if edge == stamp.width
                    else ((stamp.left, stamp.y + along), (stamp.right, stamp.y + along))
                ):
                    draw.disc(surface, theme, spot, 3, palette.paper)
        inner = stamp.inflate(-theme.px(14), -theme.px(14))
        surface.fill(ground, inner)
        number = theme.text(stop.card.id, palette.card, "voice", "title", "bold")
        surface.blit(number, number.get_rect(center=(inner.centerx, inner.y + theme.px(27))))
        for at in range(3):
            spot = (inner.centerx + theme.px(18 * (at - 1)), inner.bottom - theme.px(17))
            draw_star(surface, theme, spot, 18, got=at < stop.stars)

    def _standing_of(self, stop: LevelStop) -> Said:
        level = self.house.progress.of(stop.card.key)
        how = {
            "solved": say("solved"),
            "locked": say("locked"),
            "skipped": say("skipped"),
            "open": say("next") if stop.is_next else say("open"),
        }[stop.standing]
        if not level.attempts:
            return say("{mode}   ·   {standing}", mode=stop.mode, standing=how)
        tries = say_many("{count} attempt", "{count} attempts", level.attempts)
        return say("{mode}   ·   {standing}   ·   {attempts}", mode=stop.mode, standing=how, attempts=tries)

    def _about(self, stop: LevelStop) -> list[Said]:
        """The player's best or what the level teaches, then less and less of it."""
        best = best_of(self.house.progress.of(stop.card.key))
        if best is not None:
            return [say("Your best:  {best}", best=best), best]
        taught = [say(subject) for subject in stop.glance.teaches]
        return [
            say("Teaches:  {subjects}", subjects=joined(", ", taught[:count]))
            for count in range(len(taught), 0, -1)
        ]


def best_of(level: LevelProgress) -> Said | None:
    """The lowest of each metric so far, in one line; None before it was solved."""
    told = [METRICS[name](count) for name, count in level.best.items() if name in METRICS]
    if not told:
        return None
    line = told[0]
    for one in told[1:]:
        line = say("{these}, {one}", these=line, one=one)
    return line
