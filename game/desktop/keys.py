"""Every shortcut there is, by the name of what it does, and the keys a player gave it instead.

All the code asks for the keys an action has from the start. Where the player chose others, the window turns
them into those at its edge (`Bindings.meant`), so that nobody else needs to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

import pygame

from game.language import Said, joined, say

Event = pygame.event.Event

CTRL, ALT, SHIFT = pygame.KMOD_CTRL, pygame.KMOD_ALT, pygame.KMOD_SHIFT
_MODIFIERS: Final = ((CTRL, "Ctrl", say("Ctrl")), (ALT, "Alt", say("Alt")), (SHIFT, "Shift", say("Shift")))
_NAMED: Final[Mapping[str, str]] = {
    "return": say("Enter"),
    "space": say("Space"),
    "backspace": say("Backspace"),
    "delete": say("Delete"),
    "escape": say("Esc"),
    "home": say("Home"),
    "end": say("End"),
    "page up": say("Page up"),
    "page down": say("Page down"),
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "-": "−",
}
MODIFIER_KEYS: Final = frozenset(
    getattr(pygame, f"K_{name}")
    for name in (
        "LCTRL",
        "RCTRL",
        "LSHIFT",
        "RSHIFT",
        "LALT",
        "RALT",
        "LMETA",
        "RMETA",
        "CAPSLOCK",
        "NUMLOCK",
        "MODE",
    )
)


class Key(NamedTuple):
    """A key with its modifiers, as a shortcut."""

    code: int
    modifiers: int = 0

    def fits(self, event: Event) -> bool:
        if event.type != pygame.KEYDOWN or event.key != self.code:
            return False
        held = event.mod | (CTRL if event.mod & pygame.KMOD_META else 0)  # Cmd is Ctrl on a Mac
        return all(bool(held & mask) == bool(self.modifiers & mask) for mask, _, _ in _MODIFIERS)

    def __str__(self) -> str:
        """As it is kept: "Ctrl+Shift+k"."""
        names = [name for mask, name, _ in _MODIFIERS if self.modifiers & mask]
        return "+".join([*names, pygame.key.name(self.code)])

    @property
    def said(self) -> Said:
        """As a player reads it: "Ctrl+Shift+K"."""
        names: list[str] = [said for mask, _, said in _MODIFIERS if self.modifiers & mask]
        name = pygame.key.name(self.code)
        return joined("+", [*names, _NAMED.get(name, name.upper() if len(name) < 4 else name.capitalize())])


def key_of(event: Event) -> Key | None:
    """The key of an event with what was held besides; None for a modifier alone."""
    if event.type != pygame.KEYDOWN or event.key in MODIFIER_KEYS:
        return None
    held = event.mod | (CTRL if event.mod & pygame.KMOD_META else 0)
    return Key(event.key, sum(mask for mask, _, _ in _MODIFIERS if held & mask))


def read_key(text: str) -> Key | None:
    """The key written so, as `str` of one gives it; None for what is none."""
    held = 0
    for mask, word, _ in _MODIFIERS:
        if text.startswith(f"{word}+"):
            held, text = held | mask, text.removeprefix(f"{word}+")
    code = _codes().get(text)
    return None if code is None else Key(code, held)


@cache
def _codes() -> dict[str, int]:
    codes = [code for name, code in vars(pygame).items() if name.startswith("K_") and isinstance(code, int)]
    return {pygame.key.name(code): code for code in codes if pygame.key.name(code)}


class Action(NamedTuple):
    """Something with a shortcut. All of its keys do it; the player can choose another for the first."""

    name: str
    place: str
    does: str
    keys: tuple[Key, ...]


_OFFICE, _SCRIPT, _FILM, _EVERYWHERE = "office", "script", "film", "everywhere"
PLACES: Final[Mapping[str, str]] = {
    _OFFICE: say("The office"),
    _SCRIPT: say("The script"),
    _FILM: say("The film"),
    _EVERYWHERE: say("Everywhere"),
}


def _one(name: str, place: str, does: str, *keys: Key) -> Action:
    return Action(name, place, does, keys)


ACTIONS: Final = (
    _one("run", _OFFICE, say("open the office, then the verdict"), Key(pygame.K_F5),
         Key(pygame.K_RETURN, CTRL), Key(pygame.K_KP_ENTER, CTRL)),
    _one("check", _OFFICE, say("only the inspector's verdict"), Key(pygame.K_F6)),
    _one("show", _OFFICE, say("the failing wind on real clerks"), Key(pygame.K_F7)),
    _one("hint", _OFFICE, say("a hint"), Key(pygame.K_F4)),
    _one("saves", _OFFICE, say("what is kept of the level"), Key(pygame.K_s, CTRL)),
    _one("next level", _OFFICE, say("next level, once solved"), Key(pygame.K_F9)),
    _one("guide on", _OFFICE, say("the guide goes on"), Key(pygame.K_F10)),
    _one("guide off", _OFFICE, say("no more guide"), Key(pygame.K_F10, SHIFT)),
    _one("offer", _SCRIPT, say("what could be written here"), Key(pygame.K_SPACE, CTRL)),
    _one("call", _SCRIPT, say("what the call around the caret takes"), Key(pygame.K_SPACE, CTRL | SHIFT)),
    _one("undo", _SCRIPT, say("undo"), Key(pygame.K_z, CTRL)),
    _one("redo", _SCRIPT, say("do again"), Key(pygame.K_y, CTRL), Key(pygame.K_z, CTRL | SHIFT)),
    _one("find", _SCRIPT, say("find"), Key(pygame.K_f, CTRL)),
    _one("find again", _SCRIPT, say("find again"), Key(pygame.K_F3)),
    _one("replace", _SCRIPT, say("find and replace"), Key(pygame.K_h, CTRL)),
    _one("line", _SCRIPT, say("go to a line"), Key(pygame.K_g, CTRL)),
    _one("problem", _SCRIPT, say("to the next problem"), Key(pygame.K_F8)),
    _one("problems", _SCRIPT, say("all problems"), Key(pygame.K_F8, SHIFT)),
    _one("comment", _SCRIPT, say("make lines a comment, or code again"), Key(pygame.K_SLASH, CTRL)),
    _one("double", _SCRIPT, say("the line, or what is selected, once more"), Key(pygame.K_d, CTRL)),
    _one("delete lines", _SCRIPT, say("delete lines"), Key(pygame.K_k, CTRL | SHIFT)),
    _one("plain python", _SCRIPT, say("all as plain Python"), Key(pygame.K_e, CTRL)),
    _one("line up", _SCRIPT, say("the line or card up"), Key(pygame.K_UP, ALT)),
    _one("line down", _SCRIPT, say("the line or card down"), Key(pygame.K_DOWN, ALT)),
    _one("pause here", _SCRIPT, say("pause at this line, or no longer"), Key(pygame.K_b, CTRL)),
    _one("play", _FILM, say("play, pause"), Key(pygame.K_p, CTRL)),
    _one("step back", _FILM, say("a step back"), Key(pygame.K_LEFT, ALT)),
    _one("step on", _FILM, say("a step on"), Key(pygame.K_RIGHT, ALT)),
    _one("own step back", _FILM, say("the chosen clerk's step back"), Key(pygame.K_LEFT, ALT | SHIFT)),
    _one("own step on", _FILM, say("the chosen clerk's step on"), Key(pygame.K_RIGHT, ALT | SHIFT)),
    _one("to start", _FILM, say("to the start"), Key(pygame.K_HOME, ALT)),
    _one("to end", _FILM, say("to the end"), Key(pygame.K_END, ALT)),
    _one("slower", _FILM, say("slower"), Key(pygame.K_COMMA, CTRL)),
    _one("faster", _FILM, say("faster"), Key(pygame.K_PERIOD, CTRL)),
    _one("pauses", _FILM, say("where to pause"), Key(pygame.K_b, ALT)),
    _one("help", _EVERYWHERE, say("this sheet"), Key(pygame.K_F1)),
    _one("glossary", _EVERYWHERE, say("the glossary"), Key(pygame.K_F2)),
    _one("full screen", _EVERYWHERE, say("full screen"), Key(pygame.K_F11)),
    _one("larger", _EVERYWHERE, say("larger"), Key(pygame.K_PLUS, CTRL), Key(pygame.K_PLUS, CTRL | SHIFT),
         Key(pygame.K_EQUALS, CTRL), Key(pygame.K_EQUALS, CTRL | SHIFT),  # where + is Shift+=
         Key(pygame.K_KP_PLUS, CTRL)),
    _one("smaller", _EVERYWHERE, say("smaller"), Key(pygame.K_MINUS, CTRL), Key(pygame.K_KP_MINUS, CTRL)),
    _one("original size", _EVERYWHERE, say("original size"), Key(pygame.K_0, CTRL), Key(pygame.K_KP0, CTRL)),
    _one("mute", _EVERYWHERE, say("sounds off, on"), Key(pygame.K_m, CTRL)),
)  # fmt: skip
BY_NAME: Final = {action.name: action for action in ACTIONS}

FIXED: Final[Mapping[Key, str]] = {
    Key(pygame.K_a, CTRL): say("select all"),
    Key(pygame.K_c, CTRL): say("copy"),
    Key(pygame.K_x, CTRL): say("cut"),
    Key(pygame.K_v, CTRL): say("paste"),
    Key(pygame.K_TAB, CTRL): say("leave the script"),
    Key(pygame.K_TAB, ALT): say("another window"),
    Key(pygame.K_F4, ALT): say("close the window"),
}
"""Keys that every window or every text needs as they are."""


class Bindings:
    """What each key does now. `chosen` are keys as text by the action's name, as the settings keep them; what
    is damaged in it, or clashes, is as if it had never been chosen."""

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        read = {name: read_key(text) for name, text in (chosen or {}).items() if name in BY_NAME}
        self._chosen = {name: key for name, key in read.items() if key is not None}
        while bad := [name for name, key in self._chosen.items() if self.clash(name, key)]:
            del self._chosen[bad[-1]]

    @property
    def chosen(self) -> dict[str, str]:
        """What differs from the start, for the settings."""
        return {name: str(key) for name, key in self._chosen.items()}

    def keys(self, action: Action) -> tuple[Key, ...]:
        """The keys that do this now, the first to be shown."""
        mine = self._chosen.get(action.name)
        return (mine, *action.keys[1:]) if mine else action.keys

    def key(self, name: str) -> Key:
        """The key to show for an action."""
        return self.keys(BY_NAME[name])[0]

    def shown(self, keys: Iterable[Key]) -> Key | None:
        """Of a widget's own keys the one to show now."""
        first = next(iter(keys), None)
        owner = next((action for action in ACTIONS if first in action.keys[:1]), None)
        return self.key(owner.name) if owner else first

    def clash(self, name: str, key: Key) -> str:
        """Why an action cannot have this key, "" when it can."""
        if not key.modifiers & (CTRL | ALT) and not pygame.K_F1 <= key.code <= pygame.K_F15:
            return say("Letters and arrows are for writing. Take one with Ctrl or Alt, or F1 to F12.")
        if key in FIXED:
            return say("{key} is always: {does}.", key=key.said, does=FIXED[key])
        for action in ACTIONS:
            if action.name != name and key in self.keys(action):
                return say("{key} is already: {does}.", key=key.said, does=action.does)
        return ""

    def rebound(self, name: str, key: Key | None) -> Bindings:
        """With another key for an action; None gives back the one it had from the start."""
        chosen = {one: kept for one, kept in self._chosen.items() if one != name}
        if key is not None and key != BY_NAME[name].keys[0]:
            chosen[name] = key
        return Bindings({one: str(kept) for one, kept in chosen.items()})

    def meant(self, event: Event) -> Event | None:
        """The event as the rest of the game knows it; None for a key that has given its meaning away."""
        key = key_of(event) if self._chosen else None
        if key is None:
            return event
        for name, chosen in self._chosen.items():
            if key == chosen:
                meant = BY_NAME[name].keys[0]
                return pygame.event.Event(
                    pygame.KEYDOWN,
                    {**event.dict, "key": meant.code, "mod": meant.modifiers, "unicode": "", "scancode": 0},
                )
        gave = any(key == BY_NAME[name].keys[0] for name in self._chosen)
        return None if gave else event
