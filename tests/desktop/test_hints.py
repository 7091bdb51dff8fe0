"""A level's hints, taken one after the other."""

from pathlib import Path

import pygame  # isort: skip

from game.desktop.hints import Hints, Host
from game.desktop.theme import Theme
from game.desktop.work import Work
from game.level.reader import read_level
from game.plugins import load_registry

LEVEL = Path(__file__).resolve().parents[2] / "levels/post_office"


def test_hints_are_taken_in_order_and_those_taken_can_be_leafed_through():
    pygame.font.init()
    theme, dialogs, told = Theme(), [], []
    work = Work(read_level(next(LEVEL.glob("11-*.yaml")), load_registry(entry_points=False)), None)
    hints = Hints(
        work,
        Host(
            lambda: theme,
            dialogs.append,
            lambda: told.append("closed"),
            lambda key, then: then(),
            lambda: told.append("taken"),
        ),
    )
    many = len(hints.all)
    assert many == len(work.level.hints) >= 2
    hints.open()
    assert (hints.seen, dialogs[-1].title) == (1, f"Hint 1 of {many}")
    assert [button.words for button in dialogs[-1].buttons] == ["I need another hint", "Try with this"]
    dialogs[-1].buttons[0].press()
    assert hints.seen == 2 and dialogs[-1].title == f"Hint 2 of {many}"
    dialogs[-1].buttons[-2].press()  # the one before
    assert hints.seen == 2 and dialogs[-1].buttons[0].words == "Next hint"
    hints.open()
    assert dialogs[-1].title == f"Hint 2 of {many}"
    hints.open_at(99)
    assert hints.seen == many and dialogs[-1].buttons[-1].words == "Try with this"
    dialogs[-1].buttons[-1].press()
    assert told == ["taken"] * 5 + ["closed"]
