"""`draughty lint`: everything wrong with level files, and with `--deep` whether they keep their promises."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--deep", is_flag=True, help="Also prove what the levels promise, in every wind and for real.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How problems are written."
)
@click.pass_obj
def command(plugins: tuple[str, ...], paths: tuple[str, ...], deep: bool, form: str) -> int:
    """Find everything wrong with level files.

    PATHS are files and folders; left out, every installed pack. One problem a line, as editors read them:
    file:line:col: path: message. Exit code 1: problems were found.
    """
    from game.authoring.lint import lint
    from game.cli.find import registry_with
    from game.cli.main import FAILED, PASSED
    from game.cli.say import count, progress, say_json, say_problems

    registry = registry_with(plugins)
    chosen = [Path(path) for path in paths] or list(registry.packs)
    if not chosen:
        raise click.UsageError("no level packs are installed; name the files or folders to look at")
    with progress("Reading and proving levels …" if deep else "Reading levels …"):
        problems = lint(chosen, registry, deep=deep)
    if form == "json":
        say_json(
            [
                {
                    "file": problem.place.file,
                    "line": problem.place.line,
                    "column": problem.place.column,
                    "path": problem.path,
                    "message": problem.message,
                }
                for problem in problems
            ]
        )
    else:
        say_problems(problems, stderr=False)
        said = count(len(problems), "problem") if problems else "no problems"
        click.echo(f"{said} found", err=True)
    return FAILED if problems else PASSED
