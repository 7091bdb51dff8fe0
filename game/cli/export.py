"""`draughty export`: an answer as a program of its own, or as a test of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

FORMATS: Final = {
    "python": "a program of its own that needs nothing but multiprocessing",
    "pytest": "the same with a test that runs it many times",
}
"""What can be written, and what it is."""


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(tuple(FORMATS)))
@click.argument("level")
@click.argument("answer", default="")
@click.option("-o", "--output", metavar="FILE", help="Write it there (default: to the terminal).")
@click.pass_obj
def command(plugins: tuple[str, ...], form: str, level: str, answer: str, output: str | None) -> None:
    """Write an answer in another form.

    FORMAT is python (a program that needs nothing but multiprocessing) or pytest (the same with a test
    that runs it many times).
    """
    from game.cli.find import answer_named, level_named, placed_in, registry_with
    from game.world import build

    found = level_named(level, registry_with(plugins))
    chosen = answer_named(answer, found)
    with placed_in(answer):
        build(found, chosen)
    if form == "python":
        from game.export.python import export_python

        text = export_python(found, chosen)
    else:
        from game.export.pytest_file import export_pytest

        text = export_pytest(found, chosen)
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    from game.files import write_whole

    write_whole(Path(output), text)
    click.echo(output)
