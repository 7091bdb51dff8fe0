"""`draughty bench`: how fast everything is on this machine, measured beside its peers.

The benchmarks are the scripts in the folder benchmarks/ of a checkout; no installed package has them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

BENCHMARKS: Final = {
    "verdicts": "a verdict on every answer of every shipped level",
    "verdicts_against_spin": "the same beside SPIN's tool chain",
    "states_against_spin": "states stored for a verdict, beside SPIN with its default reduction",
    "against_spin": "states a second beside SPIN's breadth-first search",
    "controlled_run": "granted steps a second beside raw pipe round trips",
    "runs_per_second": "whole controlled runs a second, with warm clerks",
    "free_run": "tokens a second, fully traced, beside the same program by hand",
    "first_step": "from Run to the first real step",
    "first_frame": "from the command to the first picture",
    "frames": "frames of a busy office, under a virtual display where there is one",
}
"""Each script, and what it measures, in the order they are run."""

WINDOWS: Final = ("first_frame", "frames")
"""Those that open the window."""


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also write the figures to this file.")
def command(names: tuple[str, ...], output: Path | None) -> None:
    """Measure how fast the game is here, beside its peers.

    NAME is one of the benchmarks; without one, all are run, one after the other. Let nothing else run
    meanwhile: quote medians and ratios, not single figures.
    """
    from game.cli.main import MISUSED
    from game.problems import near_miss

    folder = Path(__file__).resolve().parents[2] / "benchmarks"
    if not folder.is_dir():
        click.echo(
            "the benchmarks are not installed; they are in the game's source, in benchmarks/", err=True
        )
        raise SystemExit(MISUSED)
    for name in names:
        if name not in BENCHMARKS:
            raise click.UsageError(f"there is no benchmark {name!r}{near_miss(name, BENCHMARKS)}")
    chosen = [name for name in names or BENCHMARKS if (folder / f"{name}.py").is_file()]
    report = [f"# Benchmarks\n\n{machine()}\n"]
    worst = 0
    for name in chosen:
        heading = f"## {name}: {BENCHMARKS[name]}"
        click.echo(f"\n{heading}\n")
        code, said = _run(folder / f"{name}.py")
        worst = worst or code
        report.append(f"{heading}\n\n```\n{said.rstrip()}\n```\n")
    if output is not None:
        from game.files import write_whole

        write_whole(output, "\n".join(report))
    raise SystemExit(worst)


def machine() -> str:
    """One sentence about where this was measured."""
    import datetime
    import os
    import platform
    from importlib.metadata import version

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return (
        f"Measured on {today}: Python {platform.python_version()}, {platform.system()} {platform.release()}, "
        f"{platform.machine()}, {cores} cores, pygame-ce {version('pygame-ce')}. Medians."
    )


def _run(script: Path) -> tuple[int, str]:
    """Run a benchmark, passing on what it prints as it comes: its exit code, and all it printed."""
    import os
    import shutil
    import subprocess
    import sys

    command = [sys.executable, str(script)]
    if script.stem in WINDOWS and "DISPLAY" not in os.environ and shutil.which("xvfb-run"):
        command = ["xvfb-run", "-a", "-s", "-screen 0 1280x720x24", *command]
    said = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            click.echo(line, nl=False)
            said.append(line)
    return process.returncode, "".join(said)
