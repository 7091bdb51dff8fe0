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

    from game.cli.say import count, paper
    from game.trace import format_wind

    told = _read(Path(trace))
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


def _read(path: Path) -> Trace:
    from game.problems import Place, Problem, ProblemsFound
    from game.trace import load_trace

    try:
        return load_trace(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ProblemsFound([Problem(Place(str(path)), "", "this is no trace: it is not text")]) from error
    except ValueError as error:
        raise ProblemsFound([Problem(Place(str(path)), "", str(error))]) from error


def _table(trace: Trace, word: str | None, plugins: tuple[str, ...]) -> Table:
    """The steps in a beginner's words where the level is at hand, else as bare operations."""
    from game.cli.find import case_named, level_named, registry_with
    from game.cli.steps import plain_steps, steps_table
    from game.level.model import Answer
    from game.problems import ProblemsFound
    from game.world import CannotMove, build

    registry = registry_with(plugins)
    try:
        level = level_named(word or trace.level, registry)
        texts = {script.name: script for script in level.scripts}
        own = {
            name: text
            for name, text in trace.scripts.items()
            if name in texts and texts[name].editable and text != texts[name].text
        }
        if trace.case:
            level = case_named(trace.case, level)
        system = build(level, Answer(level.id, own, trace.choices))
        return steps_table(system, trace)
    except (ProblemsFound, CannotMove) as error:
        if word is not None:
            if isinstance(error, ProblemsFound):
                raise
            raise click.UsageError(f"this trace is no run of level {word}: {error}") from error
        return plain_steps(trace)
