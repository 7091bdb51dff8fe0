"""A level's hints, taken one after the other."""

from pathlib import Path

import pygame  # isort: skip

from game.attempt import check_answer
from game.desktop.hints import Hints, Host
from game.desktop.theme import Theme
from game.desktop.work import Trial, Work
from game.level.reader import read_level
from game.plugins import load_registry

LEVEL = Path(__file__).resolve().parents[2] / "levels/post_office"


def some_hints(number):
    pygame.font.init()
    theme, dialogs, told = Theme(), [], []
    work = Work(read_level(next(LEVEL.glob(f"{number}-*.yaml")), load_registry(entry_points=False)), None)
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
    return work, hints, dialogs, told


def refused(work):
    work.compile()
    attempt = check_answer(work.level, work.answer)
    assert work.system is not None
    work.trial = Trial(work.system, wants_real=False, wants_verdict=True, attempt=attempt)
    work.reveal()


def test_what_the_failing_wind_says_comes_first_and_a_new_wind_is_new():
    work, hints, dialogs, _ = some_hints("11")
    own = hints.all
    hints.open()
    assert dialogs[-1].title == "Hint 1 of 3"
    refused(work)
    assert hints.all == (*work.clue.tiers, *own) and len(work.clue.tiers) >= 2
    hints.open()
    many = len(hints.all)
    assert dialogs[-1].title == f"Hint 1 of {many}, from the failing wind"
    for at in range(2, many - 1):
        dialogs[-1].buttons[0].press()
        drawn = ", from the failing wind" if at <= many - 3 else ""
        assert dialogs[-1].title == f"Hint {at} of {many}{drawn}"
    work.write("bob", "def bob(belt):\n    deliver(belt.get_nowait())\n")
    refused(work)
    hints.open()
    assert dialogs[-1].title.startswith("Hint 1 of ") and "Empty" in work.clue.tiers[0]


def test_hints_are_taken_in_order_and_those_taken_can_be_leafed_through():
    work, hints, dialogs, told = some_hints("11")
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
