"""What a player's hands do, as the events pygame makes of it."""

from __future__ import annotations

from collections.abc import Iterator

import pygame

from game.desktop.widgets import Widget

Event = pygame.event.Event

_NAMED = {
    "ctrl": pygame.KMOD_LCTRL,
    "shift": pygame.KMOD_LSHIFT,
    "alt": pygame.KMOD_LALT,
}


def key(stroke: str) -> Event:
    """`key("ctrl+shift+z")`, `key("return")`, `key("page up")`: one key going down."""
    *held, name = stroke.split("+")
    code = getattr(pygame, f"K_{name if len(name) == 1 else name.replace(' ', '').upper()}")
    letter = name if len(name) == 1 and not held else " " if name == "space" else ""
    modifiers = sum(_NAMED[part] for part in held)
    return Event(pygame.KEYDOWN, key=code, mod=modifiers, unicode=letter, scancode=0)


def typed(text: str) -> Iterator[Event]:
    for letter in text:
        yield Event(pygame.KEYDOWN, key=ord(letter.lower()), mod=0, unicode=letter, scancode=0)
        yield Event(pygame.TEXTINPUT, text=letter)


def point(at: tuple[int, int]) -> Event:
    return Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0))


def down(at: tuple[int, int]) -> Event:
    return Event(pygame.MOUSEBUTTONDOWN, pos=at, button=1)


def up(at: tuple[int, int]) -> Event:
    return Event(pygame.MOUSEBUTTONUP, pos=at, button=1)


def click(at: tuple[int, int]) -> tuple[Event, Event, Event]:
    return point(at), down(at), up(at)


def wheel(by: float) -> Event:
    return Event(pygame.MOUSEWHEEL, x=0, y=by, precise_x=0.0, precise_y=float(by), flipped=False)


def give(target: Widget, *events: Event) -> None:
    for event in events:
        target.handle(event)
