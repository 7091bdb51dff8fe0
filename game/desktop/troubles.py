"""Everything wrong with the scripts, as a list to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from game.desktop.theme import Theme
from game.desktop.widgets import Button, Dialog, ListBox, Row
from game.language import say, say_many
from game.problems import Problem


class ProblemList(ListBox):
    """The problems, one a row: where, and as much of the message as fits. The whole of it stands above."""

    def __init__(
        self,
        problems: Sequence[Problem],
        on_choose: Callable[[int], object],
        on_mark: Callable[[int], object],
    ) -> None:
        self.problems = problems
        super().__init__([Row(where(one)) for one in problems], on_choose, on_mark)

    def size(self, theme: Theme) -> tuple[int, int]:
        return theme.px(560), super().size(theme)[1]


def where(problem: Problem) -> str:
    """The script and the line, and the message, of which a list shows as much as fits."""
    script = problem.place.file.removesuffix(".py")
    return say(
        "{script}, line {line}: {message}", script=script, line=problem.place.line, message=problem.message
    )


def problem_list(
    problems: Sequence[Problem], choose: Callable[[int], object], close: Callable[[], object]
) -> Dialog:
    """The dialog with all problems; `choose` gets the number of the one to go to."""

    def tell(number: int) -> None:
        dialog.text = problems[number].message

    rows = ProblemList(problems, choose, tell)
    buttons = [
        Button(say("Go there"), lambda: choose(rows.marked), style="primary"),
        Button(say("Close"), close),
    ]
    title = say_many("{count} problem", "{count} problems", len(problems))
    dialog = Dialog(title, problems[0].message, buttons, body=rows)
    dialog.focus.give(rows, ring=True)
    return dialog
