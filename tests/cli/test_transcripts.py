"""Every page the command line prints has a kept copy in `transcripts/`.

After a change that is meant to be seen, run DRAUGHTY_KEEP=1 python -m pytest tests/cli, and look at what git
says has changed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

KEPT = Path(__file__).parent / "transcripts"

PAGES = {
    "help": "--help",
    "help-check": "check --help",
    "help-run": "run --help",
    "help-grade": "grade --help",
    "help-lint": "lint --help",
    "check-refuted": "check 2.2",
    "check-proved": "check mind-the-chalk reference",
    "check-json": "check 2.2 wrong:locks-only-the-read --json",
    "check-exception": "check 1.1 wrong:looks-once-and-gives-up",
    "check-deadlock": "check 1.4 wrong:both-listen-first",
    "check-stopped": "check 2.2 reference --states 3",
    "check-no-wind": "check 2.1",
    "check-own-wind": "check 2.1 reference",
    "run-wind": 'run 2.2 --wind "ada*4 bob*3 cleo*4 bob"',
    "run-wind-too-short": 'run 2.2 --wind "ada bob"',
    "run-seed": "run 1.1 reference --seed 3",
    "run-seeds": "run 2.2 --seed 3 --repeat 4",
    "run-json": "run 1.1 reference --seed 3 --json",
}


def steady(text: str) -> str:
    """Without what differs from run to run: times and process numbers."""
    text = re.sub(r'("seconds"): [\d.e-]+', r"\1: 0.0", text)
    text = re.sub(r'("pids": \{)[^}]*\}', r"\1}", text)
    return re.sub(r"^processes: .*$", "processes: …", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_it_was_kept(draughty, name: str):
    line = PAGES[name]
    code, out, err = draughty(line)
    said = f"$ draughty {line}\n{out}{''.join(f'2> {text}' for text in err.splitlines(True))}[exit {code}]\n"
    path = KEPT / f"{name}.txt"
    if os.environ.get("DRAUGHTY_KEEP"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(steady(said), encoding="utf-8")
    assert steady(said) == path.read_text(encoding="utf-8")


def test_no_kept_page_is_left_over():
    assert {path.stem for path in KEPT.glob("*.txt")} == set(PAGES)
