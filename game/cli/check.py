"""`draughty check`: the inspector's verdict over every wind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from game.attempt import Attempt
    from game.checker.budget import Progress
    from game.checker.verdict import Failure, Verdict
    from game.level.model import Level

STEPS_SHOWN: Final = 60
"""A longer failing wind is told from its end: that is where it fails."""

SENTENCES: Final = {
    "PROVED": "It holds in every wind.",
    "REFUTED": "It does not hold in every wind.",
    "UNDETERMINED": "No failure found, but not every wind was looked at.",
}
OWN_WIND: Final = {
    "PROVED": "The wind you chose is complete and gets there.",
    "REFUTED": "The wind you chose does not get there.",
}


@click.command()
@click.argument("level")
@click.argument("answer", default="")
@click.option(
    "--states", type=click.IntRange(1), help="Give up after this many states (default: the level's)."
)
@click.option("--seconds", type=click.FloatRange(0), help="Give up after this long (default: the level's).")
@click.option("--json", "as_json", is_flag=True, help="The verdict as JSON.")
@click.pass_obj
def command(
    plugins: tuple[str, ...],
    level: str,
    answer: str,
    states: int | None,
    seconds: float | None,
    as_json: bool,
) -> int:
    """Judge an answer in every wind.

    Where it fails, the wind that shows it best is told step by step.

    Exit code 0: proved. 1: refuted. 3: not determined. 130: called off with Ctrl+C.
    """
    from dataclasses import replace

    from game.attempt import check_answer
    from game.checker.budget import Progress
    from game.cli.find import answer_named, level_named, placed_in, registry_with
    from game.cli.main import INTERRUPTED
    from game.cli.say import progress, say_json
    from game.plain import plain_attempt

    found = level_named(level, registry_with(plugins))
    chosen = answer_named(answer, found)
    limits = found.limits
    if states is not None:
        limits = replace(limits, states=states)
    if seconds is not None:
        limits = replace(limits, seconds=seconds)
    far = [Progress(0, 0.0)]

    def tell(now: Progress) -> None:
        far[0] = now
        told(now.said)

    try:
        with progress("The inspector stands in every wind … {}", "") as told, placed_in(answer):
            attempt = check_answer(found, chosen, limits, progress=tell)
    except KeyboardInterrupt:
        if as_json:
            raise
        _say_called_off(found, answer or "starter", far[0])
        return INTERRUPTED
    if as_json:
        say_json(plain_attempt(attempt, answer or "starter"))
    else:
        _say(found, answer or "starter", attempt)
    return exit_code(attempt.verdict)


def exit_code(verdict: Verdict) -> int:
    from game.cli.main import FAILED, PASSED, UNDETERMINED

    return {"PROVED": PASSED, "REFUTED": FAILED, "UNDETERMINED": UNDETERMINED}[verdict.word]


def _say(level: Level, answer: str, attempt: Attempt) -> None:
    from rich.text import Text

    from game.cli.say import paper

    verdict, failure = attempt.verdict, attempt.verdict.failure
    page = paper()
    page.print(heading(level, answer))
    page.print()
    sentence = (OWN_WIND if level.mode == "wind" else SENTENCES)[verdict.word]
    colour = {"PROVED": "bold green", "REFUTED": "bold red", "UNDETERMINED": "bold yellow"}[verdict.word]
    page.print(Text.assemble((verdict.word, colour), "  ", sentence))
    if failure:
        page.print(Text.assemble((failure.kind, "bold"), ": ", failure.message))
        if attempt.case:
            page.print(Text.assemble("In the case ", (attempt.case, "bold"), "."))
        say_failing_wind(page, attempt, failure)
    page.print()
    _say_counts(page, attempt)


def _say_called_off(level: Level, answer: str, far: Progress) -> None:
    from rich.text import Text

    from game.cli.say import paper

    page = paper()
    page.print(heading(level, answer))
    page.print()
    page.print(
        Text.assemble(("UNDETERMINED", "bold yellow"), "  Called off before every wind was looked at.")
    )
    page.print(f"{far.said}, and no verdict" if far.states else "no verdict")


def heading(level: Level, answer: str) -> Text:
    """ "2.2 Mind the Chalk · reference" """
    from rich.text import Text

    return Text.assemble((f"{level.id} {level.title}", "bold"), f" · {answer}")


def say_failing_wind(page: Console, attempt: Attempt, failure: Failure) -> None:
    """The wind as a line to paste, then step by step."""
    from rich.text import Text

    from game.cli.steps import steps_table
    from game.trace import format_wind

    page.print()
    chosen = attempt.system.level.mode == "wind"
    if not failure.wind:
        page.print("No wind was chosen." if chosen else "It fails before anybody moves.")
        return
    case = f' of the case "{attempt.case}"' if attempt.case else ""
    shows = f"The wind{case} that shows it, to paste behind --wind or into the window:"
    page.print("The wind you chose:" if chosen else shows)
    # Never folded: half a wind is another wind.
    page.print(Text(f"  {format_wind(failure.wind)}", "bold"), soft_wrap=True)
    page.print()
    first = max(0, len(failure.wind) - STEPS_SHOWN)
    if first:
        page.print(f"The last {STEPS_SHOWN} of its {len(failure.wind):,} steps:")
    page.print(steps_table(attempt.system, failure.trace, first=first, loop=failure.loop))


def _say_counts(page: Console, attempt: Attempt) -> None:
    from rich.table import Table

    from game.checker.check import say_outcome
    from game.cli.say import count

    verdict = attempt.verdict
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    looked = [verdict.covered]
    if attempt.system.level.mode != "wind":
        looked.append(count(verdict.transitions, "step"))
        if verdict.winds is not None:
            looked.append(count(verdict.winds, "wind"))
    table.add_row("looked at", ", ".join(looked))
    if verdict.terminals:
        bad = f", {verdict.bad_terminals:,} of them bad" if verdict.bad_terminals else ""
        table.add_row("endings", f"{verdict.terminals:,}{bad}")
    for number, outcome in enumerate(verdict.outcomes[:8]):
        table.add_row("" if number else "it can end", say_outcome(outcome))
    if len(verdict.outcomes) > 8:
        table.add_row("", f"and {len(verdict.outcomes) - 8} other ways")
    if verdict.word == "PROVED":
        table.add_row("stars", "★" * attempt.stars + "☆" * (3 - attempt.stars))
        table.add_row("metrics", ", ".join(f"{name} {number:,}" for name, number in attempt.metrics.items()))
    page.print(table)
