"""`draughty play`: the window."""

from __future__ import annotations

import click


@click.command()
@click.argument("level", default="")
@click.option("--watch", is_flag=True, help="Read the level again whenever its file changes (for authors).")
@click.pass_obj
def command(plugins: tuple[str, ...], level: str = "", watch: bool = False) -> int:
    """Open the window, at a level if one is named. This is also what happens without a command."""
    from pathlib import Path

    if watch and not level:
        raise click.UsageError("--watch needs the level to watch")
    path = None
    if level:
        from game.cli.find import level_path, registry_with
        from game.level.marked import read_bytes

        path = level_path(level, registry_with(plugins))
        read_bytes(path)  # said here, before a window opens, when there is nothing to read
    from game.desktop.play import play

    return play(path, watch=watch, plugins=tuple(Path(plugin) for plugin in plugins))
