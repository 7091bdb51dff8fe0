"""How an office looks that is still being built: its cast and one frame, whether or not it could be opened.

What each clerk does with a channel is guessed from how its script names it: a script under way need not
compile, and the board must not wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from game.authoring.blueprint import Blueprint, Hand, Part
from game.channels.kind import Kind
from game.desktop.layout import NEAR, Cast, Link, Thing, links_of
from game.desktop.staging import Reel
from game.plugins import Registry
from game.story import Frame
from game.world import ClerkView, Snapshot

_MOVES: Final = ("put", "get", "send", "recv")
_HIDDEN: Final = ("buf", "lock")
"""Faces a script reaches through another one."""


def configured(kind: type[Kind], options: Mapping[str, Any]) -> Kind:
    """A kind with options as in a level file. Raises ValueError or TypeError where they do not fit."""
    return kind(**{key: tuple(one) if isinstance(one, list) else one for key, one in options.items()})


def kind_of(part: Part, registry: Registry) -> Kind:
    """The configured kind of a part of a blueprint."""
    return configured(registry.kinds[part.kind], part.options)


def ends_of(part: Part, registry: Registry) -> tuple[str, ...]:
    """What a clerk can be given of a channel: ("belt",), or ("tube.a", "tube.b")."""
    faces = kind_of(part, registry).open_faces()
    if "" in faces:
        return (part.name,)
    return tuple(f"{part.name}.{face}" for face in faces if face not in _HIDDEN)


def drafted(blueprint: Blueprint, registry: Registry) -> tuple[Cast, Reel]:
    """Who and what stands on the board, and what it shows."""
    able = {hand.name: _abilities(hand) for hand in blueprint.clerks}
    things: list[Thing] = []
    links: list[Link] = []
    trays: list[tuple[str, str]] = []
    pictures = []
    for part in blueprint.channels:
        kind = kind_of(part, registry)
        holders = _holders(blueprint, part.name)
        picture = kind.show(kind.start(holders))
        keepers = {clerk for clerk, _ in picture.trays}
        found = links_of(part.name, picture.shape, holders, able)
        links += found
        trays += [(link.clerk, part.name) for link in found if link.port == NEAR and link.clerk in keepers]
        things.append(Thing(part.name, picture.shape, len(picture.cells)))
        pictures.append((part.name, part.kind, picture))
    clerks = tuple(hand.name for hand in blueprint.clerks)
    delivers = any("deliver" in hand.script for hand in blueprint.clerks)
    counter = bool(clerks) and (delivers or bool(blueprint.win.keys() & {"log", "bag"}))
    cast = Cast(clerks, tuple(things), tuple(links), tuple(trays), notes=False, counter=counter)
    views = tuple(ClerkView(name, "up", 1, "", (), None, None, False) for name in clerks)
    snapshot = Snapshot(views, tuple(pictures), ())
    frame = Frame(0, snapshot, None, "", "", (), (), (), (), None, (), False, (), (), "running")
    return cast, Reel((frame,))


def _holders(blueprint: Blueprint, channel: str) -> tuple[tuple[str, str], ...]:
    found: dict[tuple[str, str], None] = {}
    for hand in blueprint.clerks:
        for _, target in hand.gets:
            name, _, face = target.partition(".")
            if name == channel:
                found[face, hand.name] = None
    return tuple(found)


def _abilities(hand: Hand) -> frozenset[tuple[str, str]]:
    return frozenset(
        (target.partition(".")[0], word)
        for parameter, target in hand.gets
        for word in _MOVES
        if re.search(rf"\b{re.escape(parameter)}\s*\.\s*{word}\b", hand.script)
    )
