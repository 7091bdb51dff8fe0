"""The command line's front door: which commands there are, and what becomes of errors.

Spawned processes import this module again when the console script was used, and `--version` must be
instant: so nothing but click and the standard library here, or at the top of any command's module.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import click

from game.problems import ProblemsFound, near_miss

PASSED, FAILED, MISUSED, UNDETERMINED, NO_DISPLAY = 0, 1, 2, 3, 69
"""Exit codes: passed; failed or refuted; wrong usage or a bad file; not determined; no display."""
BROKEN, INTERRUPTED, PIPE_CLOSED = 70, 130, 141


class Broken(click.ClickException):
    """Not the user's mistake, and yet there is a sentence to say."""

    exit_code = BROKEN


COMMANDS: Final = {
    "play": "play",
    "check": "check",
    "run": "run",
    "replay": "replay",
    "new": "new",
    "lint": "lint",
    "schema": "schema",
    "shot": "shot",
    "export": "export",
    "progress": "progress",
    "grade": "grade",
    "grade-one": "grade_one",
    "plugins": "plugins",
    "doctor": "doctor",
    "bench": "bench",
}
"""Each command and the module under `game.cli` that holds it as `command`, in the order of the help."""


class Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"game.cli.{COMMANDS[cmd_name]}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if word not in COMMANDS and not word.startswith("-"):
            known = [name for name in COMMANDS if not self._hidden(name)]
            hint = near_miss(word, known) or f"; to open a level, write: draughty play {word}"
            raise click.UsageError(f"there is no command {word!r}{hint}", ctx)
        return super().resolve_command(ctx, args)

    def _hidden(self, name: str) -> bool:
        return name == "grade-one"


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    try:
        click.echo(f"draughty {version('draughty-post')}")
    except PackageNotFoundError:
        click.echo("draughty, not installed")
    ctx.exit()


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="LEVEL is a file, a number such as 2.2, or a name such as mind-the-chalk. "
    "ANSWER is an answer file, `reference`, `starter` or `wrong:NAME`; left out, the level's starter.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="The version, and out.",
)
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    type=click.Path(),
    metavar="PATH",
    help="Also load this plugin, a Python file or package folder. Plugins run with your rights.",
)
@click.pass_context
def draughty(ctx: click.Context, plugins: tuple[str, ...]) -> Any:
    """The Draughty Post Office: a puzzle game about inter-process communication.

    Without a command, the window opens.
    """
    if plugins and os.environ.get("DRAUGHTY_PLUGINS") == "0":
        raise click.UsageError("DRAUGHTY_PLUGINS=0 keeps every plugin out, those named by --plugin too")
    ctx.obj = plugins
    if ctx.invoked_subcommand is None:
        return ctx.invoke(import_module("game.cli.play").command)
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and the exit code. Nothing a user can do makes a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may know fewer letters than a level has
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read our output has left (`| head`). Python would complain once more when it shuts
        # down, unless what is still buffered has somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED


def _run(arguments: Sequence[str] | None) -> int:
    try:
        if "_DRAUGHTY_COMPLETE" in os.environ:
            draughty.main(prog_name="draughty")  # a shell asks how to go on
        given = list(sys.argv[1:] if arguments is None else arguments)
        # Not draughty.main(), which has its own ideas about pipes, Ctrl-C and exit codes.
        with draughty.make_context("draughty", given) as context:
            result = draughty.invoke(context)
        return result if isinstance(result, int) else PASSED
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as error:
        error.show()
        return BROKEN if isinstance(error, Broken) else MISUSED
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except ProblemsFound as found:
        for problem in found.problems:
            click.echo(problem, err=True)
        return MISUSED
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.filename is None:
            raise  # no file of the user's: ours to mend
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        return MISUSED
