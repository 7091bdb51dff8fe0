"""`draughty progress`: take all progress along in one file, bring it back, or start over."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click


@click.group()
def command() -> None:
    """Export, import or reset what you have solved, tried and written."""


@command.command("export")
@click.argument("file", default="-")
def export(file: str) -> int:
    """Write all progress into one FILE, or on the standard output."""
    from game.bundle import bundle_of, dump_bundle
    from game.files import write_whole
    from game.places import home

    text = dump_bundle(bundle_of(home()))
    if file == "-":
        click.echo(text, nl=False)
    else:
        write_whole(Path(file), text)
        click.echo(file)
    return 0


@command.command("import")
@click.argument("file")
def import_(file: str) -> int:
    """Join the progress in FILE (or `-`) with what is here: nothing of either is lost."""
    from game.bundle import read_bundle, take_in
    from game.places import home
    from game.problems import Place, Problem, ProblemsFound

    raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        bundle = read_bundle(raw)
    except ValueError as error:
        raise ProblemsFound(
            [Problem(Place(file), "", f"this is no progress of the game: {error}")]
        ) from error
    done = take_in(home(), bundle, datetime.now(UTC))
    click.echo(
        f"{done.levels} levels and {done.tries} attempts taken in; what was before is in {done.backup}"
    )
    return 0


@command.command("reset")
@click.argument("level", default="")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def reset(plugins: tuple[str, ...], level: str, yes: bool) -> int:
    """Forget one LEVEL, or everything. A backup is kept, and `import` brings it back."""
    from game.bundle import reset
    from game.campaign import key_of
    from game.cli.find import campaigns_of, level_named, registry_with
    from game.places import home

    key = ""
    if level:
        registry = registry_with(plugins)
        found = level_named(level, registry)
        key = key_of(Path(found.place.file), found.id, campaigns_of(registry))
    if not yes:
        click.confirm(
            f"Forget {f'level {level}' if level else 'all progress'}? A backup is kept.", abort=True
        )
    click.echo(f"forgotten; what was before is in {reset(home(), key, datetime.now(UTC))}")
    return 0
