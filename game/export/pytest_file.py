"""A level and an answer as a pytest file: the standalone program, run many times and held to the goals.

One run proves nothing, and neither do twenty; that is what the inspector is for. But it is how the learner
will test programs of their own from now on: again and again, with a bound on the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from game.export.standalone import Standalone, docstring, file_name, literal, remark, statement
from game.goals import Bag, Either, Fails, LeftOver, Log, MayFail, Reads, Soon
from game.language import say
from game.level.model import Answer, Level
from game.problems import Place, Problem, ProblemsFound

SECONDS: Final = 20
"""A run takes well under one. What takes this long, on however slow a machine, will not end."""

ONE_RUN: Final = '''\
def one_run(start_method):
    """What comes of one run, and what the clerks complained of. The office is a process
    in a group of its own: should somebody wait for ever, all of it can be ended."""
    office = subprocess.Popen(
        [sys.executable, __file__, start_method],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        outcome, complaints = office.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        pytest.fail(f"after {SECONDS} seconds somebody still waits")
    finally:
        if office.returncode is None:
            end(office)
    assert office.returncode == 0, complaints
    return ast.literal_eval(outcome), complaints
'''

END: Final = '''\
def end(office):
    """End the office and everybody in it. A SIGTERM first: the resource tracker of
    multiprocessing does not heed it, and clears away what the others leave behind."""
    if hasattr(os, "killpg"):
        for number in (signal.SIGTERM, signal.SIGKILL):
            os.killpg(office.pid, number)
            try:
                office.communicate(timeout=5)
                return
            except subprocess.TimeoutExpired:
                pass
    office.kill()
    office.communicate()
'''

SAME_THINGS: Final = '''\
def same_things(some, others):
    """Whether these are the same things, in whatever order."""
    left = list(others)
    for thing in some:
        if thing not in left:
            return False
        left.remove(thing)
    return not left
'''

FINISH: Final = """\
if __name__ == "__main__":  # this is how one_run() calls it
    set_start_method(sys.argv[1])
    print(open_office())
"""


def export_pytest(level: Level, answer: Answer, *, runs: int | None = None) -> str:
    """The file's text; without `runs` as many as the level has real runs. Raises ProblemsFound as
    `export_python` does, and for a level in which a failure is what is wanted."""
    if any(isinstance(goal, Fails) for goal in level.win):
        told = say("here a chosen wind has to lead to a failure, and no test can choose a wind")
        raise ProblemsFound([Problem(Place(f"level {level.id}"), "", told)])
    office = Standalone(level, answer)
    for module in ("ast", "os", "signal", "subprocess", "sys"):
        office.needs(module)
    office.needs("multiprocessing", "get_all_start_methods", "set_start_method")
    scripts, game = office.scripts(), office.words_of_the_game()
    checks = list(_checks(office))
    parts = [
        remark("The clerks' scripts, word for word."),
        scripts,
        *([remark("Words that the game has and Python has not.")] if game else []),
        *game,
        remark("The office."),
        *office.workers(),
        remark("The tests."),
        _numbers(runs or level.real.runs),
        ONE_RUN,
        END,
        *([SAME_THINGS] if any("same_things(" in check for check in checks) else []),
        _test(checks),
        FINISH,
    ]
    return f"{_head(office)}\n{office.written_imports(['pytest'])}\n" + "\n\n".join(parts)


def _head(office: Standalone) -> str:
    level = office.level
    return docstring(
        f"{level.title}: level {level.id} of The Draughty Post Office, tested.",
        " ".join(level.objective.split()),
        "Every run is an office of its own, with a real process for each clerk.",
        f"    pytest test_{file_name(level)}",
    )


def _numbers(runs: int) -> str:
    return (
        f"RUNS = {runs}\n"
        f"SECONDS = {SECONDS}\n"
        'START_METHODS = sorted({"fork", "spawn"} & set(get_all_start_methods()))\n'
    )


def _test(checks: list[str]) -> str:
    lines = "".join(f"    {line}\n" for check in checks for line in check.splitlines())
    outcome = "outcome" if "outcome[" in lines else "_"
    return (
        '@pytest.mark.parametrize("run", range(RUNS))\n'
        "def test_it_works_on_real_processes(run):\n"
        f"    {outcome}, complaints = one_run(START_METHODS[run % len(START_METHODS)])\n{lines}"
    )


def _checks(office: Standalone) -> Iterator[str]:
    """The goals as assertions. What a single run cannot show is said in a comment."""
    goals = office.level.win
    excused = [name for goal in goals if isinstance(goal, MayFail) for name in goal.excused]
    if excused:
        names = ", ".join(map(literal, sorted(excused)))
        yield (
            'failed = [line for line in complaints.splitlines() if line.startswith("Process ")]\n'
            f"assert [line for line in failed if line[8:-1] not in [{names}]] == []"
        )
    else:
        yield 'assert "Traceback" not in complaints, complaints'
    if office.answer.winds:
        yield remark(
            f"In the game the wind was chosen: {', '.join(office.answer.winds)}. Here nobody chooses, so "
            "this says only that every clerk gets home.",
            indent=4,
        ).rstrip()
        return
    for goal in goals:
        match goal:
            case Log(things) | Bag(things):
                got = '[thing for _, thing in outcome["delivered"]]' if office.delivers else "[]"
                wanted = "\n".join(statement("wanted = ", list(map(literal, things)), "[]", indent=0))
                check = "things == wanted" if isinstance(goal, Log) else "same_things(things, wanted)"
                yield f"things = {got}\n{wanted}\nassert {check}, things"
            case Either(bags):
                got = '[thing for _, thing in outcome["delivered"]]' if office.delivers else "[]"
                ways = [f"[{', '.join(map(literal, bag))}]" for bag in bags]
                wanted = "\n".join(statement("ways = ", ways, "[]", indent=0))
                yield (
                    f"things = {got}\n{wanted}\n"
                    "assert any(same_things(things, wanted) for wanted in ways), things"
                )
            case Reads(readings):
                for channel, reading in readings:
                    yield f'assert outcome["boards"]["{channel}"] == {literal(reading)}'
            case Soon(after, comes, behind):
                got = '[thing for _, thing in outcome["delivered"]]' if office.delivers else "[]"
                first = f"things.index({literal(after)})"
                yield (
                    f"things = {got}\nif {literal(after)} in things:\n"
                    f"    assert {literal(comes)} in things[: {first} + {behind + 2}], things"
                )
            case LeftOver() | MayFail():
                pass
            case _:
                words = f"No single run can show it, but the game did: {goal.words()}."
                yield remark(words, indent=4).rstrip()
    allowed = {name for goal in goals if isinstance(goal, LeftOver) for name in goal.allowed}
    for belt in office.channels:
        if belt.recipe.drains and belt.name not in allowed:
            yield f'assert outcome["left"]["{belt.name}"] == []'
