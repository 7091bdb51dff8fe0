"""`draughty new`: a level to start from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click


@click.command()
@click.argument("path")
@click.option(
    "--mode",
    type=click.Choice(["fix", "build"]),
    default="fix",
    show_default=True,
    help="What its player does: mend a script, or add parts and wires too.",
)
def command(path: str, mode: str) -> None:
    """Write a small level that works, to change piece by piece. An existing file is left alone."""
    from game.authoring.template import write_template

    write_template(Path(path), mode)
    word = shlex.quote(path)
    click.echo(f"{path} is written. It works already; see it with\n")
    click.echo(f"  draughty play --watch {word}\n")
    click.echo("change it piece by piece, and prove that it keeps what it promises with\n")
    click.echo(f"  draughty lint --deep {word}")
