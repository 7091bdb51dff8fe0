"""`draughty new`: a level to start from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click


@click.command()
@click.argument("path")
def command(path: str) -> None:
    """Write a small level that works, to change piece by piece. An existing file is left alone."""
    from game.authoring.template import write_template

    write_template(Path(path))
    word = shlex.quote(path)
    click.echo(f"{path} is written. It works already; see it with\n")
    click.echo(f"  draughty play --watch {word}\n")
    click.echo("change it piece by piece, and prove that it keeps what it promises with\n")
    click.echo(f"  draughty lint --deep {word}")
