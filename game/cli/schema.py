"""`draughty schema`: the JSON Schema of level files, for editors."""

from __future__ import annotations

import click


@click.command()
@click.pass_obj
def command(plugins: tuple[str, ...]) -> None:
    """Print the JSON Schema of level files.

    It knows every kind and goal that is installed.
    """
    from game.authoring.schema import level_schema
    from game.cli.find import registry_with
    from game.cli.say import say_json

    say_json(level_schema(registry_with(plugins)))
