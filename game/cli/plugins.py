"""`draughty plugins`: what is plugged in, what it adds, and what was switched off and why."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.pass_obj
def command(plugins: tuple[str, ...]) -> int:
    """List the plugins, and what each adds.

    One that does not fit is switched off as a whole, and it says why. Exit code 1 when one is switched off.
    """
    from rich.table import Table
    from rich.text import Text

    from game.cli.main import FAILED, PASSED
    from game.cli.say import paper
    from game.plugins import load_registry

    registry = load_registry(paths=[Path(plugin) for plugin in plugins])
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("plugin", no_wrap=True, style="bold")
    table.add_column("version", no_wrap=True)
    table.add_column("from", overflow="fold")
    table.add_column("adds", overflow="fold")
    for info in registry.plugins:
        said = Text(f"switched off: {info.problem}", "red") if info.problem else Text(", ".join(info.adds))
        table.add_row(info.name, info.version or "-", info.source, said)
    paper().print(table)
    return FAILED if any(info.problem for info in registry.plugins) else PASSED
