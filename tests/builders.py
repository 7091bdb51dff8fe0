"""Small builders for tests: a level, a system, from as few words as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from game.channels.kind import Kind
from game.goals import Goal
from game.level.model import Answer, Cat, Channel, Clerk, Level, Limits, RealRun, Script
from game.problems import Place
from game.request import Handle, Value
from game.world import System, build


def a_level(
    scripts: Mapping[str, str],
    channels: Mapping[str, Kind] | None = None,
    clerks: Mapping[str, Mapping[str, Any]] | None = None,
    win: Sequence[Goal] = (),
    later: Sequence[str] = (),
    mode: Any = "code",
    **more: Any,
) -> Level:
    """A level whose clerks are named after their scripts unless `clerks` says otherwise.

    `clerks` maps a clerk to its `gets`: a channel's name, `name.face`, `@clerk`, or a literal that
    names no channel; `script` among them names another clerk's script. Clerks in `later` are not started.
    """
    channels = channels or {}
    clerks = clerks if clerks is not None else {name: {} for name in scripts}
    people = []
    for name, gets in clerks.items():
        script = str(gets.get("script", name))
        given = tuple((key, _thing(value, channels)) for key, value in gets.items() if key != "script")
        daemon = name in more.get("daemons", ())
        people.append(Clerk(name, script, given, name not in later, Place("test"), daemon))
    return Level(
        id="test",
        title="A test",
        mode=mode,
        story="",
        objective="",
        teaches=(),
        channels=tuple(Channel(name, kind, Place("test")) for name, kind in channels.items()),
        clerks=tuple(people),
        scripts=tuple(Script(name, text, True, Place(f"{name}.py", 1, 1)) for name, text in scripts.items()),
        win=tuple(win),
        limits=more.get("limits", Limits()),
        stars=more.get("stars", {}),
        hints=(),
        real=more.get("real", RealRun()),
        reference=Answer("test"),
        wrong=(),
        cat=more.get("cat", Cat()),
    )


def a_system(*arguments: Any, **more: Any) -> System:
    """The system of `a_level(...)`, played as it stands."""
    level = a_level(*arguments, **more)
    return build(level, level.starter)


def _thing(value: Any, channels: Mapping[str, Kind]) -> Handle | Value:
    if isinstance(value, str):
        name, _, face = value.partition(".")
        if name in channels:
            return Handle(name, face)
        if value.startswith("@"):
            return Handle(value)
    return value  # type: ignore[no-any-return]
