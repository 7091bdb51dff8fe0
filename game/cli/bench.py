"""`draughty bench`: how fast everything is on this machine, measured beside its peers.

The benchmarks are the scripts in the folder benchmarks/ of a checkout; no installed package has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

if TYPE_CHECKING:
    from game.cli.targets import Row

BENCHMARKS: Final = {
    "verdicts": "a verdict on every answer of every shipped level",
    "verdicts_against_spin": "the same beside SPIN's tool chain",
    "states_against_spin": "states stored for a verdict, beside SPIN with its default reduction",
    "against_spin": "states a second beside SPIN's breadth-first search",
    "against_frontrun": "the same searches and runs by frontrun",
    "controlled_run": "granted steps a second beside raw pipe round trips",
    "runs_per_second": "whole controlled runs a second, with warm clerks",
    "free_run": "tokens a second, fully traced, beside the same program by hand",
    "first_step": "from Run to the first real step",
    "first_frame": "from the command to the first picture",
    "scenes": "from one scene to another and back, every level's among them",
    "frames": "frames of a busy office, under a virtual display where there is one",
    "keys": "how long a key takes to show in a long script",
}
"""Each script, and what it measures, in the order they are run."""

FOLDER: Final = Path(__file__).resolve().parents[2] / "benchmarks"

WINDOWS: Final = ("first_frame", "scenes", "frames", "keys")
"""Those that open the window."""

SECONDS: Final = 180
"""How long one benchmark may take."""
ALL_SECONDS: Final = 600
"""How long all of them may take together."""
NO_PEER: Final = 2
"""What a benchmark exits with where its peer is not installed; the last line it prints says which."""


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also write the figures to this file.")
def command(names: tuple[str, ...], output: Path | None) -> None:
    """Measure how fast the game is here, beside its peers, and hold it against its targets.

    NAME is one of the benchmarks; without one, all are run, one after the other, which takes some ten
    minutes. Let nothing else run meanwhile: quote medians and ratios, not single figures.
    """
    import time

    from game.cli.main import MISUSED
    from game.cli.targets import rows
    from game.problems import near_miss

    if not FOLDER.is_dir():
        click.echo(
            "the benchmarks are not installed; they are in the game's source, in benchmarks/", err=True
        )
        raise SystemExit(MISUSED)
    for name in names:
        if name not in BENCHMARKS:
            raise click.UsageError(f"there is no benchmark {name!r}{near_miss(name, BENCHMARKS)}")
    chosen = [name for name in names or BENCHMARKS if (FOLDER / f"{name}.py").is_file()]
    until = time.monotonic() + ALL_SECONDS
    done: dict[str, Measured] = {}
    for name in chosen:
        click.echo(f"\n## {name}: {BENCHMARKS[name]}\n")
        done[name] = measure(FOLDER / f"{name}.py", min(SECONDS, until - time.monotonic()))
        if done[name].excuse:
            click.echo(f"not measured: {done[name].excuse}", err=True)
    figures = {name: value for one in done.values() for name, value in one.figures.items()}
    table = rows(figures, {name: one.excuse for name, one in done.items()}, chosen)
    _say(table)
    if output is not None:
        from game.files import write_whole

        write_whole(output, page(table, {name: one.said for name, one in done.items()}))
    raise SystemExit(any(one.code not in (0, NO_PEER) for one in done.values()))


class Measured(NamedTuple):
    """What one benchmark said. `excuse` is why it measured nothing, "" where it did."""

    code: int
    said: str
    figures: Mapping[str, float]
    excuse: str = ""


def page(table: list[Row], said: Mapping[str, str]) -> str:
    """Everything measured, as a page: the machine, the table, and what each benchmark printed."""
    from game.cli.targets import as_markdown

    parts = [
        "# Benchmarks",
        "Written by `draughty bench -o docs/benchmarks.md` (in a checkout): every figure is measured beside "
        "its peer in the same run, and each is a median. Quote ratios, not single figures.",
        machine(),
        as_markdown(table).rstrip(),
    ]
    for name, text in said.items():
        parts += [f"## {name}: {BENCHMARKS[name]}", f"```\n{text.strip() or 'nothing'}\n```"]
    return "\n\n".join(parts) + "\n"


def _say(table: list[Row]) -> None:
    from rich.table import Table
    from rich.text import Text

    from game.cli.say import paper
    from game.cli.targets import missed

    if not table:
        return
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("what", "beside"):
        shown.add_column(heading)
    for heading in ("measured", "wanted"):
        shown.add_column(heading, justify="right", no_wrap=True)
    shown.add_column("")
    for target, measured, outcome in table:
        wanted = f"{'≤' if target.at_most else '≥'} {target.said(target.wanted)}"
        tone = "green" if outcome == "met" else "red" if outcome.startswith("missed") else "yellow"
        shown.add_row(target.what, target.beside, measured, wanted, Text(outcome, tone))
    console = paper()
    console.print()
    console.print(shown)
    for what, reason in missed(table):
        console.print(f"\n{what}: {reason}")


def machine() -> str:
    """One sentence about where this was measured."""
    import datetime
    import os
    import platform
    from importlib.metadata import version

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return (
        f"Measured on {today}: {_processor()}, {cores} cores, {platform.system()} {platform.release()} "
        f"({platform.machine()}), Python {platform.python_version()}, pygame-ce {version('pygame-ce')}."
    )


def _processor() -> str:
    import platform

    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def measure(script: Path, seconds: float) -> Measured:
    """Run a benchmark for so long at most, passing on what it prints as it comes."""
    import json
    import os
    import shutil
    import sys
    import tempfile

    if seconds <= 1:
        return Measured(0, "", {}, "the time for all benchmarks was over")
    command = [sys.executable, str(script)]
    if script.stem in WINDOWS and "DISPLAY" not in os.environ and shutil.which("xvfb-run"):
        command = ["xvfb-run", "-a", "-s", "-screen 0 1920x1080x24", *command]
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "figures")
        here = os.pathsep.join(filter(None, [str(FOLDER.parent), os.environ.get("PYTHONPATH")]))
        more = {"DRAUGHTY_FIGURES": str(told), "PYTHONUNBUFFERED": "1", "PYTHONPATH": here}
        code, said = _print_on(command, os.environ | more, seconds)
        lines = told.read_text(encoding="utf-8").splitlines() if told.is_file() else []
    excuse = ""
    if code is None:
        excuse = f"it was not done after {seconds:.0f} seconds"
    elif code == NO_PEER:
        excuse = next((line.strip() for line in reversed(said) if line.strip()), "its peer is missing")
    elif code and not lines:
        excuse = f"it failed with exit code {code}"
    if lines and code != NO_PEER:
        code = 0  # it missed a bound of its own, which the table says
    return Measured(code or 0, "".join(said), dict(map(json.loads, lines)), excuse)


def _print_on(
    command: list[str], environment: Mapping[str, str], seconds: float
) -> tuple[int | None, list[str]]:
    """The exit code of a command, None when it was ended because it took too long, and the lines it printed.
    Whatever it has started in its own process group ends with it."""
    import os
    import signal
    import subprocess
    import threading

    posix = os.name == "posix"
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=posix
    )
    assert process.stdout is not None

    def end() -> None:
        if not posix:
            process.kill()
        elif process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)

    over = threading.Event()

    def give_up() -> None:
        over.set()
        end()

    said, clock = list[str](), threading.Timer(seconds, give_up)
    clock.start()
    try:
        for line in process.stdout:
            click.echo(line, nl=False)
            said.append(line)
        process.wait()
    finally:
        clock.cancel()
        end()
        process.wait()
    return None if over.is_set() else process.returncode, said
