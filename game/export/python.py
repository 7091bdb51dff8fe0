"""A level and an answer as a Python program that needs only `multiprocessing`: the learner's way from
here to programs of their own."""

from __future__ import annotations

from game.export.standalone import Standalone, docstring, file_name, remark
from game.level.model import Answer, Level

MAIN = """\
def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--start-method",
        choices=get_all_start_methods(),
        default="spawn",
        help="how a process begins: as a copy of this one (fork) or afresh (spawn)",
    )
    set_start_method(options.parse_args().start_method)
    outcome = open_office()
"""

FINISH = """\
    for name, code in outcome["exit codes"].items():
        if code:
            print(f"{name} ended with exit code {code}")


if __name__ == "__main__":
    # A spawned process reads this file again, under another name. Without the line
    # above it would open an office of its own.
    main()
"""


def export_python(level: Level, answer: Answer) -> str:
    """The program's text. Raises ProblemsFound when the answer's scripts do not compile, or when this level
    asks for something that plain multiprocessing does not have."""
    office = Standalone(level, answer)
    office.needs("argparse")
    office.needs("multiprocessing", "get_all_start_methods", "set_start_method")
    scripts, game = office.scripts(), office.words_of_the_game()
    parts = [
        remark("The clerks' scripts, word for word."),
        scripts,
        *([remark("Words that the game has and Python has not.")] if game else []),
        *game,
        remark("The office."),
        *office.workers(),
        _main(office),
    ]
    body = "\n\n".join(parts)
    return f"{_head(office)}\n{office.written_imports()}\n{body}"


def _head(office: Standalone) -> str:
    level = office.level
    name = file_name(level)
    return docstring(
        f"{level.title}: level {level.id} of The Draughty Post Office as a program of its own.",
        " ".join(level.objective.split()),
        "Every clerk is a real process. Run it a few times: nobody can say who moves next.",
        f"    python {name}\n    python {name} --start-method fork",
        *_winds(office),
    )


def _winds(office: Standalone) -> list[str]:
    if not office.answer.winds:
        return []
    return [
        "In the game you chose who moves. Here nobody does, and what you made happen there will happen "
        "once in a long while: " + ", ".join(office.answer.winds) + "."
    ]


def _main(office: Standalone) -> str:
    lines = [MAIN]
    if office.delivers:
        lines.append(
            '    for name, thing in outcome["delivered"]:\n        print(f"{name} delivers {thing!r}")\n'
        )
    if any(channel.recipe.reads for channel in office.channels):
        lines.append(
            '    for name, number in outcome["boards"].items():\n        print(f"{name} reads {number}")\n'
        )
    if any(channel.recipe.drains for channel in office.channels):
        lines.append(
            '    for name, things in outcome["left"].items():\n'
            "        if things:\n"
            '            print(f"left on {name}: {things}")\n'
        )
    return "".join([*lines, FINISH])
