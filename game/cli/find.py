"""The level and the answer somebody named on the command line."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from game.problems import Place, Problem, ProblemsFound, near_miss

if TYPE_CHECKING:
    from game.campaign import Campaign
    from game.level.model import Answer, Level
    from game.plugins import Registry
    from game.trace import Trace, Wind
    from game.world import System


def registry_with(plugins: Sequence[str]) -> Registry:
    """What the game can do, with the plugins named by `--plugin`. One of these that does not fit is an
    error: somebody asked for it. Raises ProblemsFound."""
    from game.plugins import load_registry

    paths = [Path(plugin) for plugin in plugins]
    registry = load_registry(paths=paths)
    asked = {str(path) for path in paths} | {str(path.resolve()) for path in paths}
    broken = [info for info in registry.plugins if info.problem and info.source in asked]
    if broken:
        raise ProblemsFound([Problem(Place(info.source), "", info.problem) for info in broken])
    return registry


def campaigns_of(registry: Registry) -> list[Campaign]:
    """The campaigns of every pack that reads: a broken one must not keep the others from being found."""
    from game.campaign import read_campaign

    found = []
    for folder in registry.packs:
        try:
            found.append(read_campaign(folder))
        except ProblemsFound:
            continue
    return found


def level_path(word: str, registry: Registry) -> Path:
    """The file of the level named by path, number or name. Raises ProblemsFound."""
    path = Path(word)
    if path.is_file():
        return path
    from game.campaign import find_level

    return find_level(word, campaigns_of(registry))


def level_named(word: str, registry: Registry) -> Level:
    """The level named by path, number or name. Raises ProblemsFound."""
    from game.level.reader import read_level

    return read_level(level_path(word, registry), registry)


def answer_named(word: str, level: Level) -> Answer:
    """`reference`, `starter`, `wrong:NAME`, or an answer file. Raises ProblemsFound."""
    from game.level.reader import read_answer

    if not word:
        return level.starter
    if _is_file(word):
        return read_answer(Path(word), level)
    found = level.answer(word)
    if found is not None:
        return found
    known = ["reference", "starter", *(f"wrong:{wrong.name}" for wrong in level.wrong)]
    hint = near_miss(word, known) or f"; it has {', '.join(known)}"
    raise ProblemsFound(
        [Problem(Place(word), "", f"no such file, and level {level.id} has no answer of this name{hint}")]
    )


def case_named(word: str, level: Level) -> Level:
    """The level with the constants of its case of this name, or number from 1. Raises ProblemsFound."""
    from game.level.slots import in_case

    for number, case in enumerate(level.cases, 1):
        if word in (case.name, str(number)):
            return in_case(level, case)
    known = [case.name for case in level.cases]
    there_are = f"; it has {', '.join(known)}" if known else ""
    hint = near_miss(word, known) or there_are
    raise ProblemsFound([Problem(Place(word), "", f"level {level.id} has no case of this name{hint}")])


def wind_named(word: str, system: System) -> Wind:
    """The wind in a line somebody pasted behind --wind. Raises click.BadParameter when it is none, and names
    the gust at which this office could not follow it."""
    import click

    from game.trace import parse_wind
    from game.world import CannotMove

    try:
        wind = parse_wind(word)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--wind") from error
    world = system.start
    for number, gust in enumerate(wind, 1):
        try:
            world = system.do(world, gust).world
        except CannotMove as problem:
            raise click.BadParameter(f"gust {number}: {problem}", param_hint="--wind") from problem
    return wind


def trace_in(path: Path) -> Trace:
    """The trace kept in a file. Raises ProblemsFound, and OSError."""
    from game.trace import load_trace

    try:
        return load_trace(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ProblemsFound([Problem(Place(str(path)), "", "this is no trace: it is not text")]) from error
    except ValueError as error:
        spot = re.match(r"line (\d+)(?:, column (\d+))?: ", str(error))
        spots = spot.groups() if spot else ()
        place = Place(str(path), *(int(number or 0) for number in spots))
        message = str(error)[spot.end() :] if spot else str(error)
        hint = "; `draughty run LEVEL --trace FILE` writes a trace" if "JSON" in message else ""
        raise ProblemsFound([Problem(place, "", message + hint)]) from error


@contextlib.contextmanager
def placed_in(word: str) -> Iterator[None]:
    """Problems found in the scripts of an answer file are told at their lines in that file."""
    try:
        yield
    except ProblemsFound as found:
        if not _is_file(word):
            raise
        from game.level.marked import load_marked, read_bytes
        from game.level.origin import in_answer

        marked = load_marked(read_bytes(Path(word)), word)
        raise ProblemsFound(in_answer(found.problems, marked)) from found


def _is_file(word: str) -> bool:
    path = Path(word)
    return bool(word) and (path.exists() or path.suffix in (".yaml", ".yml"))
