"""A trace as a table: who moves, what happens, and who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from game.trace import Trace
    from game.world import System


def steps_table(system: System, trace: Trace, first: int = 0, loop: int | None = None) -> Table:
    """The steps from `first` on. `loop` is where the steps begin that repeat for ever."""
    from rich.text import Text

    from game.story import Film

    table = blank_table()
    for frame in Film(system, trace).frames[1:]:
        if frame.number <= first or frame.event is None:
            continue
        if loop is not None and frame.number == loop + 1:
            table.add_row("", "", "from here on, round and round:", style="dim")
        caption = frame.caption.removeprefix(f"{frame.event.agent} ")
        style = "red" if frame.lost or frame.crashed or frame.event.error else ""
        table.add_row(str(frame.number), frame.event.agent, Text(caption, style), str(frame.event.line or ""))
    ending = Film(system, trace).frames[-1]
    waits = [f"{view.name} {view.blocked}" for view in ending.snapshot.clerks if view.blocked]
    if waits and ending.ending in ("stuck", "crashed"):
        table.add_row("", "", Text("; ".join(waits), "dim"))
    return table


def plain_steps(trace: Trace) -> Table:
    """The steps of a trace whose level is not at hand, as bare operations."""
    from game.world import describe

    table = blank_table()
    for number, event in enumerate(trace.events, 1):
        what = describe(event).removeprefix(f"{event.agent}: ")
        table.add_row(str(number), event.agent, what, str(event.line or ""))
    return table


def blank_table() -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("step", justify="right", no_wrap=True)
    table.add_column("who", no_wrap=True, style="bold")
    table.add_column("what happens")
    table.add_column("line", justify="right", no_wrap=True, style="dim")
    return table
