"""`draughty run`: the scripts on real processes, free, by a seed, or forced along a wind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from rich.text import Text

    from game.checker.diagnose import Fault
    from game.run import Office, RunResult
    from game.trace import Wind
    from game.world import System

ROWS: Final = 30
"""More runs than this are only counted, not listed."""


@click.command()
@click.argument("level")
@click.argument("answer", default="")
@click.option("--free", is_flag=True, help="Nobody decides who moves but the system (the default).")
@click.option("--seed", type=int, help="The Draught decides, by this seed: the same seed, the same run.")
@click.option("--wind", metavar='"ADA BOB …"', help="Force this wind on the real processes.")
@click.option("--case", "case", metavar="NAME", help="With the constants of this case of the level.")
@click.option("--repeat", type=click.IntRange(1, 100_000), default=1, help="This many runs; seeds count up.")
@click.option(
    "--trace", metavar="FILE", help="Keep the trace (the first bad run's, if any; else the last's)."
)
@click.option("--json", "as_json", is_flag=True, help="The runs as JSON.")
@click.pass_obj
def command(
    plugins: tuple[str, ...],
    level: str,
    answer: str,
    free: bool,
    seed: int | None,
    wind: str | None,
    case: str | None,
    repeat: int,
    trace: str | None,
    as_json: bool,
) -> int:
    """Run an answer on real processes, and say how it went.

    Exit code 0: every run reached the goals. 1: one did not. 3: a wind ended before everybody was done.
    """
    if free + (seed is not None) + (wind is not None) > 1:
        raise click.UsageError("only one of --free, --seed and --wind can decide who moves")
    from game.cli.find import answer_named, case_named, level_named, placed_in, registry_with, wind_named
    from game.cli.say import progress, say_json
    from game.evidence import fault_of
    from game.files import write_whole
    from game.plain import plain_run
    from game.run import Along, Driver, Free, Office, Seeded
    from game.trace import dump_trace
    from game.world import build

    found = level_named(level, registry_with(plugins))
    chosen = answer_named(answer, found)
    with placed_in(answer):
        system = build(case_named(case, found) if case else found, chosen)
    gusts = None if wind is None else wind_named(wind, system)

    def driver(number: int) -> Driver:
        return Along(gusts) if gusts is not None else Free() if seed is None else Seeded(seed + number)

    results: list[tuple[RunResult, Fault | None]] = []
    with Office() as office, progress("Real clerks at work … run {}") as told:
        for number in range(repeat):
            told(number + 1)
            result = _one_run(office, system, driver(number))
            results.append((result, fault_of(system, result)))
    if trace:
        kept = next((result for result, fault in results if fault), results[-1][0])
        write_whole(Path(trace), dump_trace(kept.trace))
    if as_json:
        plain: dict[str, Any] = {
            "level": found.id,
            "answer": answer or "starter",
            "runs": [plain_run(result, fault) for result, fault in results],
            "failed": sum(fault is not None for _, fault in results),
        }
        if gusts is not None:
            plain["as_foretold"] = all(_as_foretold(system, gusts, result) for result, _ in results)
        say_json(plain)
    else:
        _say(system, answer or "starter", results, gusts)
    return _exit_code(results)


def _one_run(office: Office, system: System, driver: Any) -> RunResult:
    from game.cli.main import Broken
    from game.run import OfficeLost

    try:
        return office.run(system, driver)
    except OfficeLost as error:
        raise Broken(f"the office was lost: {error}") from error


def _as_foretold(system: System, gusts: Wind, result: RunResult) -> bool:
    """Whether the real processes did, step for step, what the rules say of this wind."""
    return result.trace.events == system.follow(gusts)[0].events


def _exit_code(results: list[tuple[RunResult, Fault | None]]) -> int:
    from game.cli.main import FAILED, PASSED, UNDETERMINED

    if any(fault for _, fault in results):
        return FAILED
    return UNDETERMINED if any(result.ending == "stopped" for result, _ in results) else PASSED


def _say(
    system: System, answer: str, results: list[tuple[RunResult, Fault | None]], gusts: Wind | None
) -> None:
    from rich.text import Text

    from game.cli.check import heading
    from game.cli.say import paper
    from game.cli.steps import steps_table

    page = paper()
    page.print(heading(system.level, answer))
    page.print()
    if len(results) == 1:
        result, fault = results[0]
        if result.trace.events:
            page.print(steps_table(system, result.trace))
            page.print()
        if result.trace.pids:
            clerks = ", ".join(f"{clerk} {pid}" for clerk, pid in result.trace.pids.items())
            page.print(Text(f"processes: {clerks}", "dim"))
        page.print(_went(result, fault))
    else:
        if len(results) <= ROWS:
            page.print(_table(results))
            page.print()
        _say_summary(page, results)
    if gusts is not None:
        same = sum(_as_foretold(system, gusts, result) for result, _ in results)
        if same == len(results):
            page.print("The real processes did step for step what the inspector says of this wind.")
        else:
            page.print(
                Text(
                    f"{len(results) - same} of {len(results)} runs went another way than the inspector says: "
                    "that is a mistake in the game, please report it.",
                    "bold red",
                )
            )


def _went(result: RunResult, fault: Fault | None) -> Text:
    from rich.text import Text

    if fault:
        return Text.assemble(("FAILED", "bold red"), "  ", (fault.kind, "bold"), ": ", fault.message)
    if result.ending == "stopped":
        return Text.assemble(
            ("STOPPED", "bold yellow"), "  the wind drops here, and somebody could still move"
        )
    return Text.assemble(("REACHED", "bold green"), "  every goal is kept. Another wind may end otherwise.")


def _table(results: list[tuple[RunResult, Fault | None]]) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("run", justify="right")
    table.add_column("who decided", no_wrap=True)
    table.add_column("ended", no_wrap=True)
    table.add_column("steps", justify="right")
    table.add_column("what was seen")
    for number, (result, fault) in enumerate(results, 1):
        seen = Text(f"{fault.kind}: {fault.message}", "red") if fault else Text("goals kept", "green")
        table.add_row(str(number), result.trace.source, result.ending, str(result.steps), seen)
    return table


def _say_summary(page: Any, results: list[tuple[RunResult, Fault | None]]) -> None:
    from rich.text import Text

    failed = [fault for _, fault in results if fault]
    for (kind, message), times in Counter((fault.kind, fault.message) for fault in failed).most_common(8):
        page.print(Text(f"{times:>5} × {kind}: {message}", "red"))
    kept = len(results) - len(failed)
    page.print(Text.assemble((f"{kept:,} of {len(results):,} runs kept every goal.", "bold")))
    if not failed:
        page.print("Runs are samples, not a proof: `draughty check` looks at every wind.")
