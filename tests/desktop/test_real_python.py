"""The answer as plain Python, beside the game."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.desktop.real_python import line_in, program_of
from game.level.reader import read_level
from game.plugins import load_registry

LEVELS = sorted((Path(__file__).resolve().parents[2] / "levels/post_office").glob("[0-9]*.yaml"))
REGISTRY = load_registry(entry_points=False)


@pytest.mark.parametrize("path", LEVELS, ids=lambda path: path.stem)
def test_every_line_of_every_script_is_found_in_the_program(path):
    level = read_level(path, REGISTRY)
    program = program_of(level, level.reference)
    compile(program, "program", "exec")
    for script in level.scripts:
        text = level.reference.scripts.get(script.name, script.text)
        for number, line in enumerate(text.rstrip("\n").split("\n"), 1):
            assert program.split("\n")[line_in(program, text, number) - 1].rstrip() == line.rstrip()


@given(st.lists(st.sampled_from(["a", "  b", ""]), min_size=1, max_size=6), st.integers(1, 6))
def test_what_is_not_in_it_is_at_no_line(lines, line):
    assert line_in("x\ny", "\n".join(["def f():", *lines]), line) == 0
