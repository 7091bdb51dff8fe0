"""What the benchmarks are held to: each figure, what it stands beside, what is wanted, and why it is missed.

Every figure is measured in the same run as its peer, so that the ratio means something on any machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple


class Target(NamedTuple):
    """One row of the table.

    figure   the name under which a benchmark tells it (`benchmarks/figures.py`), and `measured_by` which
    what     what is measured, and `beside` against what
    wanted   the least that is enough, or the most if `at_most`; in `unit`
    reason   why it is missed where it is
    """

    figure: str
    measured_by: str
    what: str
    beside: str
    wanted: float
    unit: str
    at_most: bool = False
    reason: str = ""

    def met(self, value: float) -> bool:
        return value <= self.wanted if self.at_most else value >= self.wanted

    def outcome(self, value: float) -> str:
        """Met, or missed and by how much."""
        if self.met(value):
            return "met"
        if self.at_most:
            return f"missed: {value / self.wanted:.1f} times as much" if self.wanted else "missed"
        return f"missed: {100 * (1 - value / self.wanted):.0f} % short"

    def said(self, value: float) -> str:
        """A value of this row with its unit."""
        return f"{number(value)}{self.unit}"


def number(value: float) -> str:
    """Three digits that say something, and all those before the point."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


_NEW: Final = (
    "Each step is one that nobody asked the rules about before, and these are Python: a clerk's script is "
    "moved on, what comes of it is numbered and kept. A second core does that while the clerks are busy; "
    "with one it adds up."
)
_QUEUE: Final = (
    "A token takes three steps, and CPython's own put, pickling feeder thread and get are a switch of "
    "threads or processes and several system calls each. What they take bare stands in the details."
)
_ROUND: Final = "bare round trips through a pipe on one core"

TARGETS: Final = (
    Target(
        "verdict_chain",
        "verdicts_against_spin",
        "verdict on a shipped level, end to end: the level that gains least",
        "SPIN's own tool chain (`spin -a`, compiler, `pan`) on our export",
        5,
        " times faster",
    ),
    Target(
        "verdict_p95",
        "verdicts",
        "verdict on an answer of a shipped level: 95 of 100 within",
        "",
        50,
        " ms",
        at_most=True,
    ),
    Target(
        "states_python",
        "against_spin",
        "states a second, pure Python, one core (geometric mean)",
        "SPIN `-DBFS` on the same spaces",
        0.6,
        " times",
    ),
    Target("states_numpy", "against_spin", "the same with numpy", "the same", 3, " times"),
    Target(
        "states_stored",
        "states_against_spin",
        "states stored for a verdict with locks and queues (geometric mean)",
        "SPIN with its default reduction",
        0.01,
        " times",
        at_most=True,
    ),
    Target(
        "states_stored_most",
        "states_against_spin",
        "the same, where least is saved",
        "the same",
        0.01,
        " times",
        at_most=True,
        reason="A small office has few worlds; what is left of them is hardly more than one way through.",
    ),
    Target(
        "lost_update_frontrun",
        "against_frontrun",
        "every order of four clerks who add one",
        "frontrun",
        1000,
        " times faster",
    ),
    Target(
        "philosophers",
        "against_frontrun",
        "deadlock of six naive philosophers found",
        "",
        20,
        " ms",
        at_most=True,
        reason="Three searches follow each other: a plain look, the endings, and the wind with the fewest "
        "interruptions, which takes half of the time.",
    ),
    Target(
        "tally_raw",
        "controlled_run",
        "controlled run on a tally, met before (the slowest way)",
        _ROUND,
        0.5,
        " times",
    ),
    Target("tally_steps", "controlled_run", "the same", "", 60_000, " steps/s"),
    Target(
        "tally_first_raw",
        "controlled_run",
        "controlled run on a tally, for the first time",
        _ROUND,
        0.5,
        " times",
        reason=_NEW,
    ),
    Target("tally_first_steps", "controlled_run", "the same", "", 60_000, " steps/s", reason=_NEW),
    Target(
        "queue_raw",
        "controlled_run",
        "controlled run on a queue, met before (the slower way)",
        _ROUND,
        0.5,
        " times",
        reason=_QUEUE,
    ),
    Target("queue_steps", "controlled_run", "the same", "", 60_000, " steps/s", reason=_QUEUE),
    Target(
        "queue_first_raw",
        "controlled_run",
        "controlled run on a queue, for the first time",
        _ROUND,
        0.5,
        " times",
        reason=f"{_QUEUE} {_NEW}",
    ),
    Target(
        "queue_first_steps",
        "controlled_run",
        "the same",
        "",
        60_000,
        " steps/s",
        reason=f"{_QUEUE} {_NEW}",
    ),
    Target(
        "free_run",
        "free_run",
        "free run, tokens a second with full tracing (geometric mean)",
        "the same programs by hand with `multiprocessing`",
        0.7,
        " times",
        reason="Each operation looks at a clock, writes a word or two of shared memory and checks its types.",
    ),
    Target(
        "runs_per_second",
        "runs_per_second",
        "whole controlled runs (4 clerks, 6 steps each, warm)",
        "",
        1000,
        " runs/s",
    ),
    Target(
        "runs_frontrun",
        "against_frontrun",
        "controlled runs a second (4 clerks, 6 steps each, warm)",
        "frontrun's warm process mode, two steps each",
        30,
        " times faster",
        reason="The peer's processes take two steps, each a statement to a database, ours six, and every one "
        "of them is asked for and told.",
    ),
    Target(
        "first_frame",
        "first_frame",
        "from the command to the first picture",
        "",
        800,
        " ms",
        at_most=True,
        reason="Most of it is Python and SDL loading, which a cold disk or a busy machine makes longer.",
    ),
    Target(
        "first_level",
        "first_frame",
        "the same, straight into a level",
        "",
        800,
        " ms",
        at_most=True,
        reason="Besides, the level's file is read and its scripts are compiled.",
    ),
    Target(
        "scene_change",
        "scenes",
        "from one scene to another, the slowest, the first time",
        "",
        100,
        " ms",
        at_most=True,
        reason="The first time a scene's module is imported and its pictures are drawn.",
    ),
    Target(
        "frames_p99",
        "frames",
        "a frame with 16 clerks and 1,000 tokens at 1920 × 1080, beside a check and real runs, "
        "99 of 100 within",
        "",
        16,
        " ms",
        at_most=True,
        reason="A frame of the fastest film takes less of the processor's own time; the rest is waiting "
        "for a core that the inspector, the office and its clerks have as well.",
    ),
    Target(
        "long_film_p99",
        "frames",
        "the same while a film of 9,600 steps is made, and played in five seconds",
        "",
        16,
        " ms",
        at_most=True,
        reason="Each frame is some thirty steps on, so that nearly everything on the board and the timeline "
        "is drawn anew; the rest is waiting for a core that others have as well.",
    ),
    Target(
        "keys_p99",
        "keys",
        "a key in a script of 300 lines, 99 of 100 shown within",
        "",
        16,
        " ms",
        at_most=True,
        reason="The slowest key decides, and a busy machine with it: see the processor's own time.",
    ),
)
"""In the order of the table."""


class Row(NamedTuple):
    """A target and what came of it: the measured value with its unit, and met or missed, or neither."""

    target: Target
    measured: str
    outcome: str


def rows(figures: Mapping[str, float], excuses: Mapping[str, str], names: Iterable[str]) -> list[Row]:
    """The table of the benchmarks that were run. `excuses` say why one of them measured nothing."""
    chosen, found = set(names), list[Row]()
    for target in TARGETS:
        if target.measured_by not in chosen:
            continue
        value = figures.get(target.figure)
        if value is None:
            found.append(Row(target, "–", f"not measured: {excuses.get(target.measured_by, 'it told none')}"))
        else:
            found.append(Row(target, target.said(value), target.outcome(value)))
    return found


def missed(table: Iterable[Row]) -> list[tuple[str, str]]:
    """(what, reason) of every target missed; rows with the same reason once."""
    found: dict[str, str] = {}
    last = ""
    for row in table:
        last = row.target.what if row.target.what != "the same" else last
        if row.outcome.startswith("missed"):
            reason = row.target.reason or "No reason is known: look into it."
            found.setdefault(reason, last)
    return [(what, reason) for reason, what in found.items()]


def as_markdown(table: Iterable[Row]) -> str:
    """The table, and the reasons below it, for a page."""
    listed = list(table)
    lines = ["| what | beside | measured | wanted | |", "|---|---|---|---|---|"]
    for row in listed:
        wanted = f"{'≤' if row.target.at_most else '≥'} {row.target.said(row.target.wanted)}"
        cells = (row.target.what, row.target.beside, row.measured, wanted, row.outcome)
        lines.append("| " + " | ".join(cells) + " |")
    reasons = [f"- {what}: {reason}" for what, reason in missed(listed)]
    if reasons:
        lines += ["", "Why a target is missed:", "", *reasons]
    return "\n".join(lines) + "\n"
