"""`draughty grade-one`: what `grade` starts for each submission. Not for people."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(hidden=True)
@click.argument("answer")
@click.argument("label")
@click.option("--challenge", required=True)
@click.option("--seconds", type=float, required=True)
@click.option("--runs", type=click.IntRange(0), default=None)
@click.pass_obj
def command(
    plugins: tuple[str, ...], answer: str, label: str, challenge: str, seconds: float, runs: int | None
) -> None:
    """Judge one answer and print the judgement as JSON."""
    import os

    from game.worker import die_with

    die_with(os.getppid())
    from game.classroom.judge import bind, judge

    bind(seconds)
    from game.classroom.challenge import read_challenge
    from game.cli.find import campaigns_of, registry_with
    from game.cli.say import say_json

    registry = registry_with(plugins)
    asked = read_challenge(Path(challenge), registry, campaigns_of(registry))
    say_json(judge(Path(answer), label, asked, runs))
