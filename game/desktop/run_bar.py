"""The run bar: play and pause, a step on or back, jumps to the next step of a sort, speed, the timeline.

It moves the film that `game.desktop.work` shows and decides nothing about it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import pygame

from game.desktop import words
from game.desktop.app import Event
from game.desktop.breakpoints import kinds_of_step
from game.desktop.moments import SORTS, Sort, next_step
from game.desktop.settings import SPEEDS, next_of
from game.desktop.stop_sheet import StopSheet
from game.desktop.theme import Theme
from game.desktop.timeline import SIGNS, Timeline
from game.desktop.widgets import Button, Dialog, IconButton, Key, Widget, held_modifiers
from game.desktop.work import Work
from game.language import say

ALT = pygame.KMOD_ALT
_JUMP_TIPS: Final = (
    (say("Next token that moves"), pygame.K_t),
    (say("Next key or tag that changes hands"), pygame.K_l),
    (say("Next clerk who has to wait"), pygame.K_w),
    (say("Next step of a race"), pygame.K_r),
    (say("Next process that is ended"), pygame.K_d),
)
"""What the buttons do that jump to a sort of step, in the order of `SORTS`, and their letters."""


class Host(NamedTuple):
    """What the bar asks of the scene it is in."""

    scrubbed: Callable[[], object]
    """The player moved in time."""
    tell: Callable[[str], object]
    """A sentence that goes away by itself."""
    open: Callable[[Dialog], object]
    close: Callable[[], object]
    sped: Callable[[float], object]
    """Another speed was chosen."""


class RunBar:
    """The widgets of the bar. `place` puts the buttons into the upper right corner of a card; where the
    timeline lies is the scene's to say."""

    def __init__(self, work: Work, host: Host) -> None:
        self._work, self._host = work, host
        self.timeline = Timeline(self.seek)
        self.to_start = IconButton("to start", lambda: self.seek(0.0), tip=say("To the start"), across=32,
                                   keys=(Key(pygame.K_HOME, ALT),))  # fmt: skip
        self.step_back = IconButton("step back", lambda: self.step(-1), tip=say("A step back"), across=32,
                                    keys=(Key(pygame.K_LEFT, ALT),))  # fmt: skip
        self.play = IconButton("play", self.toggle, tip=say("Play, pause"), across=40,
                               keys=(Key(pygame.K_p, pygame.KMOD_CTRL),))  # fmt: skip
        self.step_on = IconButton("step", lambda: self.step(1), tip=say("A step on"), across=32,
                                  keys=(Key(pygame.K_RIGHT, ALT),))  # fmt: skip
        self.to_end = IconButton("to end", lambda: self.seek(math.inf), tip=say("To the end"), across=32,
                                 keys=(Key(pygame.K_END, ALT),))  # fmt: skip
        self.slower = IconButton("minus", lambda: self.change_speed(-1), tip=say("Slower"), style="ghost",
                                 across=26, keys=(Key(pygame.K_COMMA, pygame.KMOD_CTRL),))  # fmt: skip
        self.faster = IconButton("plus", lambda: self.change_speed(1), tip=say("Faster"), style="ghost",
                                 across=26, keys=(Key(pygame.K_PERIOD, pygame.KMOD_CTRL),))  # fmt: skip
        self.transport = (
            self.to_start, self.step_back, self.play, self.step_on, self.to_end, self.slower, self.faster,
        )  # fmt: skip
        self.jumps = {
            sort: IconButton(
                SIGNS[sort],
                lambda sort=sort: self.jump_to(sort),  # type: ignore[misc]
                tip=tip,
                style="ghost",
                across=27,
                keys=(Key(code, ALT), Key(code, ALT | pygame.KMOD_SHIFT)),
            )
            for sort, (tip, code) in zip(SORTS, _JUMP_TIPS, strict=True)
        }
        self.stops = IconButton(
            "flag",
            self.ask_stops,
            tip=say("Where to pause"),
            style="ghost",
            across=27,
            keys=(Key(pygame.K_b, ALT),),
        )

    @property
    def widgets(self) -> Sequence[Widget]:
        """All of them, in the order of the Tab key."""
        return (*self.transport, *self.jumps.values(), self.stops, self.timeline)

    # -- what the player does --

    def seek(self, position: float) -> None:
        """To a moment of the film; `math.inf` is its end."""
        self._host.scrubbed()
        self._work.playback.seek(position)

    def step(self, by: int) -> None:
        """One step, or with Shift the chosen clerk's next own one."""
        self._host.scrubbed()
        chosen, film, playback = self.timeline.chosen, self._work.film, self._work.playback
        if not (chosen and film is not None and held_modifiers() & pygame.KMOD_SHIFT):
            playback.step(by)
        elif (moment := next_step(film, playback.position, chosen, back=by < 0)) is not None:
            self.seek(float(moment))

    def toggle(self) -> None:
        """Play or pause."""
        self._work.playback.toggle()

    def change_speed(self, by: int) -> None:
        """The next faster speed, or the next slower one."""
        speed = next_of(SPEEDS, self._work.playback.speed, by)
        self._work.playback.speed = speed
        self._host.sped(speed)

    def jump_to(self, sort: Sort) -> None:
        """To the next step of a sort, with Shift to the one before; said where there is none."""
        if self.timeline.jump(sort, back=bool(held_modifiers() & pygame.KMOD_SHIFT)):
            return
        who = self.timeline.chosen
        self._host.tell(
            say("{clerk} has none there.", clerk=who.capitalize()) if who else say("There is none that way.")
        )

    def ask_stops(self) -> None:
        """The dialog in which one says where playing pauses."""
        film = self._work.film
        if film is None:
            return

        def clear() -> None:
            sheet.clear()
            dialog.focus.give(sheet.columns[0], ring=True)

        sheet = StopSheet(kinds_of_step(film), self._work.breakpoints, self._work.break_at)
        buttons = [
            Button(say("Pause there"), sheet.add, style="primary", icon="flag"),
            Button(say("Nowhere"), clear),
            Button(say("Done"), self._host.close),
        ]
        text = say("Playing pauses after every such step. Arrows choose, Enter takes it.")
        dialog = Dialog(say("Where to pause"), text, buttons, body=sheet)
        dialog.focus.give(sheet.columns[0], ring=True)
        self._host.open(dialog)

    def key(self, event: Event) -> bool:
        """Keys that mean the same wherever the focus is. True when this was one."""
        if event.key in (pygame.K_LEFT, pygame.K_RIGHT) and event.mod & ALT and event.mod & pygame.KMOD_SHIFT:
            self.step(1 if event.key == pygame.K_RIGHT else -1)
            return True
        for button in self.transport:
            if any(key.fits(event) for key in button.keys):
                button.press()
                return True
        return False

    # -- how it looks --

    def sync(self) -> None:
        """As things are at the moment shown."""
        film, playback = self._work.film, self._work.playback
        if film is None:
            return
        self.timeline.no_return = self._work.no_return
        self.timeline.stops = playback.stops
        self.timeline.playing = playback.playing
        self.timeline.show(film, playback.position)
        for button in (self.to_start, self.step_back):
            button.enabled = playback.position > 0
        for button in (self.step_on, self.to_end):
            button.enabled = not playback.at_end
        for button in (self.play, *self.jumps.values()):
            button.enabled = len(film) > 0
        self.play.icon = "pause" if playback.playing else "play"

    def timeline_height(self, theme: Theme) -> int:
        """What the lanes would like to have."""
        if self._work.film is not None:
            self.timeline.show(self._work.film, self.timeline.position)
        return self.timeline.height(theme)

    def place(self, theme: Theme, right: int, top: int, *, low: bool, narrow: bool) -> int:
        """The buttons, with their upper right corner there; the left edge they reach. `low` and `narrow`
        say that the window is."""
        middle = top + theme.px(20 if low else 22)
        x = right
        for button in reversed(self.transport[:5]):
            button.put(theme, right=x, centery=middle)
            x = button.rect.left - theme.px(6)
        row = middle + theme.px(35 if low else 37)
        self.faster.put(theme, right=right, centery=row)
        self.slower.put(theme, right=right - theme.px(26 + 44), centery=row)
        x = right
        for icon in (self.stops, *reversed(self.jumps.values())):
            icon.put(theme, right=x, centery=row + theme.px(27 if low else 32))
            x = icon.rect.left - theme.px(1 if narrow else 5)
        return self.to_start.rect.left

    def paint(self, surface: pygame.Surface, theme: Theme) -> None:
        """The gust and the speed beside the buttons."""
        palette, playback = theme.palette, self._work.playback
        between = pygame.Rect(
            self.slower.rect.right, self.slower.rect.y,
            self.faster.rect.left - self.slower.rect.right, self.slower.rect.height,
        )  # fmt: skip
        words.label(
            surface, theme, f"{playback.speed:g}×", between, palette.ink,
            size="small", weight="bold", align="centre",
        )  # fmt: skip
        left = self.to_start.rect.left
        place = pygame.Rect(left, between.y, self.slower.rect.left - left, between.height)
        if playback.length:
            text = say("gust {frame} / {length}", frame=playback.frame, length=playback.length)
            words.label(surface, theme, text, place, palette.muted, size="small")
