"""Attempts and runs as plain data for JSON: the command line's `--json`, the grader's results."""

from __future__ import annotations

from typing import Any

from game.attempt import Attempt
from game.checker.diagnose import Fault
from game.checker.verdict import Failure, Outcome
from game.office.orders import RunResult
from game.trace import format_wind, to_plain


def plain_attempt(attempt: Attempt, answer: str) -> dict[str, Any]:
    """`answer` is what to call the answer."""
    verdict = attempt.verdict
    return {
        "level": attempt.system.level.id,
        "answer": answer,
        "verdict": verdict.word,
        "case": attempt.case,
        "covered": verdict.covered,
        "failure": verdict.failure and plain_failure(verdict.failure),
        "states": verdict.states,
        "transitions": verdict.transitions,
        "terminals": verdict.terminals,
        "bad_terminals": verdict.bad_terminals,
        "outcomes": [_plain_outcome(outcome) for outcome in verdict.outcomes],
        "winds": verdict.winds,
        "seconds": round(verdict.seconds, 6),
        "stars": attempt.stars,
        "metrics": dict(attempt.metrics),
    }


def plain_failure(failure: Failure) -> dict[str, Any]:
    return {
        "kind": failure.kind,
        "message": failure.message,
        "wind": format_wind(failure.wind),
        "clerks": list(failure.clerks),
        "preemptions": failure.preemptions,
        "switches": failure.switches,
        "least": failure.least,
    }


def plain_run(result: RunResult, fault: Fault | None) -> dict[str, Any]:
    """A run on real processes, and what was wrong with it."""
    return {
        "how": result.trace.source,
        "ending": result.ending,
        "message": result.message,
        "fault": fault and {"kind": fault.kind, "message": fault.message, "clerks": list(fault.clerks)},
        "steps": result.steps,
        "wind": format_wind(result.trace.wind),
        "pids": dict(result.trace.pids),
        "seconds": round(result.seconds, 6),
    }


def _plain_outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "ending": outcome.ending,
        "delivered": [[clerk, to_plain(thing)] for clerk, thing in outcome.delivered],
        "readings": {name: to_plain(reading) for name, reading in outcome.readings},
        "rest": {name: to_plain(tokens) for name, tokens in outcome.rest},
        "waiting": list(outcome.waiting),
        "crashed": dict(outcome.crashed),
    }
