"""`draughty replay`: a kept trace, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from game.trace import Trace


@click.command()
@click.argument("trace")
@click.option(
    "--level", metavar="LEVEL", help="The level it is from (default: looked up by the trace's own word)."
)
@click.pass_obj
def command(plugins: tuple[str, ...], trace: str, level: str | None) -> None:
    """Tell a trace as text, step by step."""
    from rich.text import Text

    from game.cli.find import trace_in
    from game.cli.say import count, paper
    from game.trace import format_wind

    told = trace_in(Path(trace))
    page = paper()
    page.print(
        Text.assemble(
            (f"level {told.level}", "bold"),
            f" · {told.source} · {count(len(told.events), 'step')} · {told.ending or 'no ending'}",
        )
    )
    if told.pids:
        clerks = ", ".join(f"{clerk} {pid}" for clerk, pid in told.pids.items())
        page.print(Text(f"processes: {clerks}", "dim"))
    if told.events:
        page.print(Text(format_wind(told.wind), "dim"), soft_wrap=True)
        page.print()
        page.print(_table(told, level, plugins))


def _table(trace: Trace, word: str | None, plugins: tuple[str, ...]) -> Table:
    """The steps in a beginner's words where the level is at hand, else as bare operations."""
    from game.cli.find import level_named, registry_with
    from game.cli.steps import plain_steps, steps_table
    from game.export.telling import trace_told
    from game.level.model import Answer
    from game.problems import ProblemsFound
    from game.world import CannotMove

    registry = registry_with(plugins)
    try:
        level = level_named(word or trace.level, registry)
        return steps_table(trace_told(level, Answer(level.id), trace).system, trace)
    except (ProblemsFound, CannotMove) as error:
        if word is not None:
            if isinstance(error, ProblemsFound):
                raise
            raise click.UsageError(f"this trace is no run of level {word}: {error}") from error
        return plain_steps(trace)
