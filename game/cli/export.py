"""`draughty export`: an answer in a form for other programs, and a run in a form for other people."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from game.desktop.forms import FORMS

if TYPE_CHECKING:
    from game.export.telling import Telling
    from game.level.model import Answer, Level


@click.command(
    help=f"""Write an answer in another form.

    FORMAT is {"; ".join(f"{form.name}: {form.what}" for form in FORMS)}.

    What shows a run shows the failing wind the inspector finds, or, where there is none, a calm one; or the
    run named by --wind or --trace.
    """
)
@click.argument("form", metavar="FORMAT", type=click.Choice([form.name for form in FORMS]))
@click.argument("level")
@click.argument("answer", default="")
@click.option("-o", "--output", metavar="FILE", help="Write it there (default: to the terminal).")
@click.option("--wind", metavar="WIND", help="Show the run along this wind.")
@click.option("--trace", metavar="FILE", help="Show the run kept with `run --trace`.")
@click.pass_obj
def command(
    plugins: tuple[str, ...],
    form: str,
    level: str,
    answer: str,
    output: str | None,
    wind: str | None,
    trace: str | None,
) -> None:
    from game.cli.find import answer_named, level_named, placed_in, registry_with
    from game.desktop.forms import write_form
    from game.files import write_whole
    from game.world import build

    chosen = next(one for one in FORMS if one.name == form)
    if chosen.given != "run" and (wind or trace):
        shows = ", ".join(one.name for one in FORMS if one.given == "run")
        raise click.UsageError(f"{form} shows no run: --wind and --trace go with {shows}")
    if wind and trace:
        raise click.UsageError("only one of --wind and --trace can say which run")
    found = level_named(level, registry_with(plugins))
    handed = answer_named(answer, found)
    with placed_in(answer):
        build(found, handed)
        telling = _run(found, handed, wind, trace) if chosen.given == "run" else None
        made = write_form(chosen, found, handed, telling)
    if output is not None:
        write_whole(Path(output), made)
        click.echo(output)
    elif isinstance(made, str):
        click.echo(made, nl=not made.endswith("\n"))
    elif sys.stdout.isatty():
        raise click.UsageError(f"{form} is not for reading: say where it goes with -o FILE")
    else:
        sys.stdout.buffer.write(made)


def _run(level: Level, answer: Answer, wind: str | None, trace: str | None) -> Telling:
    from game.cli.find import trace_in, wind_named
    from game.export.telling import trace_told, verdict_told, wind_told
    from game.world import CannotMove, build

    if wind is not None:
        return wind_told(level, answer, wind_named(wind, build(level, answer)))
    if trace is None:
        return verdict_told(level, answer)
    try:
        return trace_told(level, answer, trace_in(Path(trace)))
    except CannotMove as error:
        raise click.UsageError(f"this trace is no run of level {level.id}: {error}") from error
