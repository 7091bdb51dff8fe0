"""`draughty doctor`: what the game finds on this machine, and whether it can work with it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

NEEDS: Final = (
    "pygame-ce",
    "pygments",
    "pyyaml",
    "pydantic",
    "pluggy",
    "click",
    "rich",
    "platformdirs",
    "pillow",
)


class Finding(NamedTuple):
    """One thing looked at. `trouble` says what to do about it, or is empty."""

    what: str
    found: str
    trouble: str = ""


@click.command()
@click.pass_obj
def command(plugins: tuple[str, ...]) -> int:
    """Look whether the game has all it needs here.

    Two real clerks meet, too.

    Exit code 1: something is in the way.
    """
    from rich.table import Table
    from rich.text import Text

    from game.cli.main import FAILED, PASSED
    from game.cli.say import paper

    findings = list(_findings(plugins))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for finding in findings:
        mark = Text("✗", "bold red") if finding.trouble else Text("✓", "green")
        said = Text(finding.found)
        if finding.trouble:
            said.append(f"{'; ' if finding.found else ''}{finding.trouble}", "red")
        table.add_row(mark, finding.what, said)
    paper().print(table)
    return FAILED if any(finding.trouble for finding in findings) else PASSED


def _findings(plugins: tuple[str, ...]) -> Iterator[Finding]:
    yield Finding("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield _packages()
    yield _pygame()
    yield _display()
    yield _yaml()
    yield from (_look("fonts", _fonts), _look("saves", _saves))
    yield _look("levels", lambda: _levels(plugins))
    yield _look("real clerks", _real_run)
    yield _look("left behind", _left_behind)


def _look(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    # Whatever it is, the doctor must be able to say it.
    except Exception as error:
        return Finding(what, "", f"{type(error).__name__}: {error}")


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _packages() -> Finding:
    versions = {name: _version(name) for name in ("draughty-post", *NEEDS)}
    missing = [name for name, found in versions.items() if not found]
    told = ", ".join(f"{name} {found}" for name, found in versions.items() if found)
    trouble = f"not installed: {', '.join(missing)}; run pip install draughty-post" if missing else ""
    return Finding("packages", told, trouble)


def _pygame() -> Finding:
    old, new = _version("pygame"), _version("pygame-ce")
    if not old:
        return Finding("pygame", f"pygame-ce {new}" if new else "", "" if new else "pip install pygame-ce")
    # The two overwrite each other's files; taking one away leaves the other in pieces.
    advice = "pip uninstall pygame pygame-ce && pip install pygame-ce"
    return Finding(
        "pygame", f"pygame {old} and pygame-ce {new or '-'}", f"only pygame-ce may be there: {advice}"
    )


def _display() -> Finding:
    # In a process of its own: SDL writes complaints straight to stderr, and a broken driver may take
    # its process down.
    look = "import pygame; pygame.display.init(); print(pygame.display.get_driver())"
    quiet = os.environ | {"PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    try:
        seen = subprocess.run(
            [sys.executable, "-P", "-c", look], env=quiet, capture_output=True, text=True, timeout=30
        )
    except subprocess.TimeoutExpired:
        return Finding("display", "", "asking for a display took more than 30 seconds")
    if seen.returncode:
        lines = seen.stderr.strip().splitlines()
        return Finding("display", "", f"no window can open here: {lines[-1] if lines else seen.returncode}")
    driver = seen.stdout.strip()
    if driver in ("offscreen", "dummy"):
        # Not a trouble: a grading machine has none, and needs none.
        return Finding("display", f"none ({driver}): play needs one, everything else works")
    return Finding("display", driver)


def _yaml() -> Finding:
    try:
        import yaml
    except ImportError as error:
        return Finding("yaml", "", str(error))
    quick = hasattr(yaml, "CSafeLoader")
    return Finding("yaml", f"PyYAML {yaml.__version__}, {'C' if quick else 'Python'} loader")


def _fonts() -> Finding:
    from game.places import shipped

    fonts = sorted(
        path.name for path in (shipped("assets") / "fonts").iterdir() if path.suffix in (".ttf", ".otf")
    )
    return Finding("fonts", ", ".join(fonts), "" if fonts else "none found; reinstall the game")


def _saves() -> Finding:
    from game.places import home

    folder = home()
    if folder.is_dir():
        with tempfile.TemporaryFile(dir=folder):
            return Finding("saves", str(folder))
    above = next(parent for parent in folder.parents if parent.exists())
    trouble = "" if above.is_dir() and os.access(above, os.W_OK) else f"{above} cannot be written to"
    return Finding("saves", f"{folder}, not there yet", trouble)


def _levels(plugins: tuple[str, ...]) -> Finding:
    from game.campaign import read_campaign
    from game.plugins import load_registry

    registry = load_registry(paths=[Path(plugin) for plugin in plugins])
    told = [f"{len(read_campaign(pack).levels)} in {pack}" for pack in registry.packs]
    return Finding("levels", ", ".join(told), "" if told else "no packs found; reinstall the game")


def _real_run() -> Finding:
    import multiprocessing

    from game.run import Along, Free, Office

    system = _two_clerks()
    with Office() as office:
        results = [
            office.run(system, driver) for driver in (Free(), Along(("ada", "~belt/ada", "bob", "bob")))
        ]
    methods = "/".join(multiprocessing.get_all_start_methods())
    pinned = "pinned to one core where it helps" if hasattr(os, "sched_setaffinity") else "not pinned"
    seconds = max(result.seconds for result in results)
    told = f"two met in {seconds * 1000:.0f} ms at most; start methods {methods}; {pinned}"
    wrong = [result.message or result.ending for result in results if result.ending != "finished"]
    return Finding("real clerks", told, "; ".join(wrong))


def _two_clerks() -> Any:
    """The smallest office: ada sends bob a letter."""
    from game.channels.queue import Queue
    from game.goals import Log
    from game.level.model import Answer, Channel, Clerk, Level, Limits, RealRun, Script
    from game.problems import Place
    from game.request import Handle
    from game.world import build

    here = Place("doctor")
    texts = {
        "ada": 'def ada(belt):\n    belt.put("letter")\n',
        "bob": "def bob(belt):\n    deliver(belt.get())\n",
    }
    level = Level(
        id="doctor",
        title="Two clerks",
        mode="code",
        story="",
        objective="",
        teaches=(),
        channels=(Channel("belt", Queue(), here),),
        clerks=tuple(Clerk(name, name, (("belt", Handle("belt")),), True, here) for name in texts),
        scripts=tuple(Script(name, text, False, here) for name, text in texts.items()),
        win=(Log(("letter",)),),
        limits=Limits(),
        stars={},
        hints=(),
        real=RealRun(),
        reference=Answer("doctor"),
        wrong=(),
    )
    return build(level, level.starter)


def _left_behind() -> Finding:
    shared = Path("/dev/shm")
    if sys.platform != "linux" or not shared.is_dir():
        return Finding("left behind", "not looked at: this system does not show its shared memory")
    ours = [
        path.name
        for path in shared.iterdir()
        if path.name.startswith(("sem.mp-", "psm_", "draughty")) and path.stat().st_uid == os.getuid()
    ]
    # Any Python program may have made them, so this is told, not held against anybody.
    return Finding(
        "left behind", f"in /dev/shm: {', '.join(sorted(ours))}" if ours else "nothing in /dev/shm"
    )
