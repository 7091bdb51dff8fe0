"""The kept counts: what SPIN counted for drawn programs and for every answer of every shipped level.

`golden.json` has a row for each program (seed, mark of the program, states, transitions, terminals, bad
terminals) and for each answer (name, mark, the same four). `derive.py` writes it. Marks say what was judged:
an answer whose mark is no longer the kept one was edited, or its level was, and has to be judged again with
`python tests/oracle/derive.py --changed`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from oracle.programs import level_of
from oracle.spin import Counts, ours

from game.campaign import read_campaign
from game.level.model import Answer, Level
from game.level.reader import read_level
from game.level.slots import in_every_case
from game.places import shipped_packs
from game.plugins import load_registry
from game.world import System, build

FILE = Path(__file__).with_name("golden.json")

FEWEST, MOST = 10, 2_000
"""Worlds a drawn program has, so that it is worth judging and quickly judged."""


class Kept(NamedTuple):
    """One program or answer and its counts. The mark of a program changes when its seed draws another one."""

    key: int | str
    mark: str
    counts: Counts


def mark_of(system: System) -> str:
    """A few letters that stand for all that makes an office what it is. Options left as they are by default
    do not count, so that a kind may get new ones."""
    level = system.level
    whole = (
        system.texts,
        [(channel.name, channel.kind.name, _options(channel.kind)) for channel in level.channels],
        [(one.name, one.script, one.gets, one.started, one.daemon) for one in level.clerks],
        [(goal.name, _options(goal)) for goal in level.win],
        (level.cat.naps, level.cat.may_nap_on),
    )
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:8]


def _options(thing: Any) -> list[tuple[str, object]]:
    return [
        (one.name, getattr(thing, one.name))
        for one in fields(thing)
        if getattr(thing, one.name) != one.default
    ]


def worth_judging(seed: int) -> tuple[System, Counts] | None:
    """The program of a seed with our own counts, None when it is too small or too large."""
    level = level_of(seed)
    system = build(level, level.starter)
    counts = ours(system, MOST)
    if counts is None or counts.states < FEWEST:
        return None
    return system, counts


def shipped_answers() -> Iterator[tuple[Level, str, Answer]]:
    """The reference, starter and every wrong answer of every shipped level, by name."""
    registry = load_registry(entry_points=False)
    for pack in shipped_packs():
        for card in read_campaign(pack).levels:
            level = read_level(card.path, registry)
            yield level, "reference", level.reference
            yield level, "starter", level.starter
            for wrong in level.wrong:
                yield level, wrong.name, wrong.answer


def answers() -> Iterator[tuple[str, System]]:
    """All of them in every case."""
    for level, name, answer in shipped_answers():
        for case in in_every_case(level):
            yield f"{level.id} {name}{f' in case {case.case}' if case.case else ''}", build(case, answer)


def read_golden() -> tuple[list[Kept], dict[str, Kept]]:
    plain = json.loads(FILE.read_text(encoding="utf-8"))
    programs, levels = (
        [Kept(key, mark, Counts(*counts)) for key, mark, *counts in plain[part]]
        for part in ("programs", "answers")
    )
    return programs, {str(one.key): one for one in levels}


def write_golden(programs: Iterable[Kept], levels: Iterable[Kept]) -> None:
    """One row a line, so that a change shows what changed."""

    def rows(things: Iterable[Kept]) -> str:
        return ",\n".join(f"  {json.dumps([one.key, one.mark, *one.counts])}" for one in things)

    text = f'{{"programs": [\n{rows(programs)}\n],\n"answers": [\n{rows(levels)}\n]}}\n'
    FILE.write_text(text, encoding="utf-8")
