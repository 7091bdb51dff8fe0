"""The parts of a plain Python program that plays a level with real processes and nothing of this game.

Its reader has just solved the level and wants to see the same thing in a program of their own. So it has
what this level needs and no more, and the player's scripts stand in it word for word.
"""

from __future__ import annotations

import ast
import builtins
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from game.channels.kind import Recipe
from game.language import say
from game.level.model import Answer, Clerk, Level
from game.problems import Place, Problem, ProblemsFound
from game.request import Handle, ListValue, Value
from game.world import System, build

WIDTH: Final = 88

_WHERE: Final[Mapping[str, str]] = {
    "wait": "multiprocessing.connection",
    "Empty": "queue",
    "Full": "queue",
    "BrokenBarrierError": "threading",
    "PickleError": "pickle",
    "UnpicklingError": "pickle",
}
"""Where a plain program finds what scripts may name without more ado."""

_OURS: Final = (
    *("deliver", "work", "at_work", "open_office", "main", "Counter", "counter", "TICK", "Colleague"),
    *("argparse", "time", "processes", "process", "delivered", "boards", "left", "drained", "ends", "end"),
    *("Process", "Lock", "Pipe", "current_process", "set_start_method", "get_all_start_methods"),
    *("one_run", "same_things", "RUNS", "SECONDS", "START_METHODS", "pytest", "subprocess", "sys", "os"),
    *("signal", "its_counter", "script", "gets", "keep_only", "kept", "ast", "dismiss", "Thread"),
)
"""Names of the program's own, which no script's def and no channel may have in it."""

COUNTER: Final = '''\
class Counter:
    """Where finished things are handed over. The clerks send, the office receives."""

    def __init__(self):
        self.inside, self.outside = Pipe(duplex=False)
        self.lock = Lock()  # two clerks must not write into one pipe at a time

    def hand_over(self, thing):
        with self.lock:
            self.outside.send((current_process().name, thing))

    def collect(self):
        """Everything that is handed over until the last clerk has gone home."""
        # Our copy of the clerks' end. While it is open the pipe cannot come to its end.
        self.outside.close()
        while True:
            try:
                yield self.inside.recv()
            except EOFError:
                return


def deliver(thing):
    counter.hand_over(thing)
'''

WORK: Final = '''\
TICK = 0.01


def work(ticks):
    """Work that concerns nobody else. It only takes its time."""
    time.sleep(max(0, ticks) * TICK)
'''

DRAINED: Final = '''\
def drained(belt):
    """What was put and never taken. Only sure once everybody has gone home."""
    things = []
    while not belt.empty():
        things.append(belt.get())
    return things
'''

DISMISS: Final = '''\
def dismiss(processes):
    """End the daemons once nobody else is left. multiprocessing would do it when this
    program ends, but before that we want to see all that was delivered."""
    for process in processes:
        if not process.daemon:
            process.join()
    for process in processes:
        if process.daemon:
            process.terminate()
'''

ENDS: Final = '''\
# The ends of all tubes. A forked process has a copy of each, and of this list. A
# spawned one begins with an empty list and only the ends that it is handed.
ends = []


def keep_only(*mine):
    """Close the other ends. As long as any copy of an end is open, nobody on the other
    side of the tube can see that nothing will come any more."""
    for end in ends:
        if end not in mine:
            end.close()
'''

COLLEAGUE: Final = """\
kept = []  # (name, end): what is only kept until the process of this name has started


class Colleague(Process):
    def start(self):
        super().start()
        handed_over = [end for name, end in kept if name == self.name]
        kept[:] = [(name, end) for name, end in kept if name != self.name]
        for end in handed_over:
            if end not in [other for _, other in kept]:
                end.close()
"""


@dataclass(frozen=True)
class _Channel:
    """One channel of the program: how it is made, and the variables that are bound by it."""

    name: str
    recipe: Recipe
    variables: tuple[str, ...]


@dataclass
class Standalone:
    """A level played with an answer, ready to be written down. Raises ProblemsFound when the scripts do not
    compile, or the office cannot be built from multiprocessing alone."""

    level: Level
    answer: Answer
    imports: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.system: System = build(self.level, self.answer)
        self.level = self.system.level
        self.clerks = {clerk.name: clerk for clerk in self.level.clerks}
        self.bosses = self._find_bosses()
        recipes = [channel.kind.recipe(channel.name) for channel in self.level.channels]
        self.made_of = {name for recipe in recipes if recipe for name in recipe.imports}
        self.texts, self.defs = self._scripts()
        self.process_names = {
            name: f"{name}_process" if name in self.defs.values() else name for name in self.clerks
        }
        self.channels = self._channels()
        self.ends = tuple(end for channel in self.channels for end in channel.recipe.ends)
        self.words = _names_in(self.texts.values())
        self.delivers = self._says("deliver")
        self.at_work = self.delivers or bool(self.ends)

    # -- what stands in the way --

    def _find_bosses(self) -> dict[str, str]:
        """Who makes the process of a clerk that others hold. In multiprocessing only its maker may start it,
        join it or ask how it is."""
        bosses: dict[str, str] = {}
        problems = []
        for clerk in self.level.clerks:
            for other in _colleagues(clerk):
                if other in bosses and bosses[other] != clerk.name:
                    problems.append(
                        _problem(
                            clerk.place,
                            f"clerks.{clerk.name}",
                            say(
                                "{bosses} and {name} both hold the process of {other}; in a plain "
                                "program only the process that made another can start it or wait for it",
                                bosses=bosses[other],
                                name=clerk.name,
                                other=other,
                            ),
                        )
                    )
                bosses[other] = clerk.name
        for name in bosses:
            seen = [name]
            while (boss := bosses.get(seen[-1])) is not None:
                if boss == name:
                    problems.append(
                        _problem(
                            self.clerks[name].place,
                            f"clerks.{name}",
                            say("{name} is held by a clerk that it would have to make itself", name=name),
                        )
                    )
                if boss in seen:
                    break
                seen.append(boss)
        if problems:
            raise ProblemsFound(problems)
        return bosses

    def _channels(self) -> tuple[_Channel, ...]:
        taken = {*_OURS, *self.made_of, *dir(builtins), *self.defs.values(), *self.process_names.values()}
        taken |= {f"{name}_at_work" for name in self.clerks}
        found, problems = [], []
        for channel in self.level.channels:
            name = channel.name
            while (recipe := channel.kind.recipe(name)) and not taken.isdisjoint(_bound(recipe)):
                name += "_"
            if recipe is None:
                problems.append(
                    _problem(
                        channel.place,
                        f"channels.{channel.name}",
                        say(
                            "nothing in multiprocessing is a {name}, so this office cannot be a "
                            "program of its own",
                            name=channel.kind.name,
                        ),
                    )
                )
                continue
            taken |= _bound(recipe)
            self.needs("multiprocessing", *recipe.imports)
            found.append(_Channel(channel.name, recipe, tuple(_bound(recipe, in_order=True))))
        if problems:
            raise ProblemsFound(problems)
        return tuple(found)

    # -- scripts --

    def _scripts(self) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
        """The scripts in play, and what each of their defs is called in the program: (script, def) → name.
        Defs keep their names unless two scripts use one, or it is a word of the program's own."""
        used = dict.fromkeys(clerk.script for clerk in self.level.clerks)
        texts = {
            name: _lines(self.answer.scripts.get(name, self.level.script(name).text)).strip("\n") + "\n"
            for name in used
        }
        taken = {*_OURS, *_WHERE, *self.made_of, *dir(builtins)}
        taken |= {f"{name}_at_work" for name in self.clerks}
        names: dict[tuple[str, str], str] = {}
        for script, text in texts.items():
            defs = _defs(text)
            new: dict[str, str] = {}
            for name in defs:
                fresh = name if name not in taken else f"{name}_of_{script}"
                while fresh in taken or fresh in new.values():
                    fresh += "_"
                new[name] = names[script, name] = fresh
            taken |= set(new.values())
            texts[script] = _renamed(text, {old: fresh for old, fresh in new.items() if old != fresh})
        return texts, names

    def _says(self, word: str) -> bool:
        return word in self.words

    # -- writing --

    def needs(self, module: str, *names: str) -> None:
        """The program imports these names of a module; the module itself when there are none."""
        self.imports.setdefault(module, set()).update(names)

    def scripts(self) -> str:
        """What the clerks do, as the player wrote it."""
        for word, module in _WHERE.items():
            if self._says(word):
                self.needs(module, word)
        return "\n\n".join(self.texts.values())

    def words_of_the_game(self) -> list[str]:
        """What scripts find in the game and would have to write themselves elsewhere."""
        parts = []
        if self.delivers:
            self.needs("multiprocessing", "Lock", "Pipe", "current_process")
            parts.append(COUNTER)
        if self._says("work"):
            self.needs("time")
            parts.append(WORK)
        return parts

    def workers(self) -> list[str]:
        """What the processes run around the scripts, and the office that starts them."""
        self.needs("multiprocessing", "Process")
        parts = []
        if self.ends:
            parts.append(ENDS)
        if self.at_work:
            parts.append(self._at_work())
        bosses = [name for name in self.clerks if name in self.bosses.values()]
        if bosses and self.ends:
            parts.append(COLLEAGUE)
        parts += [self._boss_at_work(self.clerks[name]) for name in bosses]
        if any(channel.recipe.drains for channel in self.channels):
            parts.append(DRAINED)
        if any(clerk.daemon and clerk.name not in self.bosses for clerk in self.level.clerks):
            parts.append(DISMISS)
        parts.append(self._open_office())
        return parts

    def _at_work(self) -> str:
        lines = [
            f"def at_work({'its_counter, ' * self.delivers}script, *gets):",
            '    """What a clerk\'s process runs. It shares no variable with the others: all that it',
            '    knows of them it is handed here."""',
            *self._arrival("*gets"),
            "    script(*gets)",
        ]
        return "\n".join([*lines, ""])

    def _arrival(self, mine: str) -> list[str]:
        """What a clerk's process does first."""
        lines = ["    global counter", "    counter = its_counter"] * self.delivers
        return lines + [f"    keep_only({mine})"] * bool(self.ends)

    def _boss_at_work(self, clerk: Clerk) -> str:
        """The process of a clerk that makes other processes."""
        team = [name for name, boss in self.bosses.items() if boss == clerk.name]
        why = (
            f'"""The process of {clerk.name}. It makes {_and(team)} itself, because only the process that '
            'made another can start it and wait for it."""'
        )
        handed = ["its_counter"] * self.delivers + self._needed(clerk)
        lines = [
            f"def {clerk.name}_at_work({', '.join(handed)}):",
            *textwrap.wrap(why, WIDTH, initial_indent="    ", subsequent_indent="    "),
            *self._arrival(", ".join(self._held(clerk.name))),
        ]
        kept = [(name, end) for name in team for end in self._held(name) if end not in self._own(clerk)]
        if kept:
            lines += statement("kept.extend", [_row([f'("{name}", {end})' for name, end in kept])])
        maker = "Colleague" if kept else "Process"
        for name in team:
            lines += statement(
                f"{self.process_names[name]} = {maker}", self._process(self.clerks[name], "its_counter")
            )
        lines += [f"    {self.process_names[name]}.start()" for name in team if self.clerks[name].started]
        script, *gets = self._script_and_gets(clerk)
        return "\n".join([*lines, *statement(script, gets), ""])

    def _open_office(self) -> str:
        lines = [
            "def open_office():",
            '    """Let every clerk work through its script. Returns what there is to see then."""',
        ]
        for channel in self.channels:
            if channel.recipe.remark:
                lines += [f"    # {line}" for line in textwrap.wrap(channel.recipe.remark, WIDTH - 6)]
            lines += [f"    {line}" for line in channel.recipe.makes.splitlines()]
        if self.ends:
            lines += statement("ends.extend", [_row(self.ends)])
        if self.delivers:
            lines.append("    counter = Counter()")
        starting = [clerk for clerk in self.level.clerks if clerk.started and clerk.name not in self.bosses]
        lines.append("    processes = [")
        for clerk in starting:
            lines += statement("Process", self._process(clerk, "counter"), indent=8, after=",")
        lines += ["    ]", "    for process in processes:", "        process.start()"]
        if any(clerk.daemon for clerk in starting):
            self.needs("threading", "Thread")
            lines.append("    Thread(target=dismiss, args=(processes,)).start()")
        if self.ends:
            lines.append("    keep_only()  # the office itself needs none")
        if self.delivers:
            lines.append("    delivered = list(counter.collect())")
        lines += ["    for process in processes:", "        process.join()"]
        if any(".get_obj()" in channel.recipe.reads for channel in self.channels):
            lines.append("    # get_obj(): an onlooker reads without asking for the lock.")
        seen = ['"delivered": delivered'] * self.delivers
        for key, pairs in (
            ("boards", [(one.name, one.recipe.reads) for one in self.channels if one.recipe.reads]),
            (
                "left",
                [(one.name, f"drained({one.variables[0]})") for one in self.channels if one.recipe.drains],
            ),
        ):
            if pairs:
                made = statement(f"{key} = ", [f'"{name}": {expression}' for name, expression in pairs], "{}")
                lines += made
                seen.append(f'"{key}": {key}')
        seen.append('"exit codes": {process.name: process.exitcode for process in processes}')
        return "\n".join([*lines, *statement("return ", seen, "{}", explode=True), ""])

    # -- what processes are handed --

    def _process(self, clerk: Clerk, counter: str) -> list[str]:
        """The arguments of Process(…) for a clerk, where everything it needs is at hand."""
        head = [counter] * self.delivers
        script, *gets = self._script_and_gets(clerk)
        if clerk.name in self.bosses.values():
            target, gets = f"{clerk.name}_at_work", [*head, *self._needed(clerk)]
        elif self.at_work:
            target, gets = "at_work", [*head, script, *gets]
        else:
            target = script
        made = [f'name="{clerk.name}"', f"target={target}", f"args={_row(gets)}"]
        return [*made, "daemon=True"] if clerk.daemon else made

    def _script_and_gets(self, clerk: Clerk) -> list[str]:
        program = self.system.programs[list(self.clerks).index(clerk.name)]
        gets = dict(clerk.gets)
        given = [self._expression(gets[parameter]) for parameter in program.parameters]
        return [self.defs[clerk.script, clerk.script], *given]

    def _needed(self, clerk: Clerk) -> list[str]:
        """The variables that a clerk and everybody it makes use, in the program's order."""
        used = self._own(clerk) | {
            variable
            for name, boss in self.bosses.items()
            if boss == clerk.name
            for variable in self._needed(self.clerks[name])
        }
        return [variable for channel in self.channels for variable in channel.variables if variable in used]

    def _own(self, clerk: Clerk) -> set[str]:
        """The variables that a clerk itself uses."""
        return {
            inner.id
            for _, thing in clerk.gets
            if isinstance(thing, Handle) and not thing.channel.startswith("@")
            for inner in ast.walk(ast.parse(self._expression(thing)))
            if isinstance(inner, ast.Name)
        }

    def _held(self, name: str) -> list[str]:
        """The ends of tubes that a clerk and everybody it makes hold."""
        needed = self._needed(self.clerks[name])
        return [end for end in self.ends if end in needed]

    def _expression(self, thing: Handle | Value) -> str:
        if not isinstance(thing, Handle):
            return literal(thing)
        if thing.channel.startswith("@"):
            return self.process_names[thing.channel[1:]] + (f".{thing.face}" if thing.face else "")
        channel = next(one for one in self.channels if one.name == thing.channel)
        return channel.recipe.faces[thing.face]

    # -- the whole file --

    def written_imports(self, third_party: Iterable[str] = ()) -> str:
        """What stands at the top: whole modules first, then names out of modules, as isort has it."""
        whole = sorted(module for module, names in self.imports.items() if not names)
        lines = [f"import {module}" for module in whole]
        for module, names in sorted(self.imports.items()):
            if names:
                ordered = sorted(names, key=lambda name: (name[0].islower(), name))
                lines += statement(f"from {module} import ", ordered, "", indent=0)
        if third_party := list(third_party):
            lines += ["", *(f"import {module}" for module in third_party)]
        return "\n".join([*lines, ""])


def literal(value: Value) -> str:
    """A value as a plain program writes it."""
    match value:
        case ListValue(items):
            return f"[{', '.join(map(literal, items))}]"
        case tuple():
            return _row(map(literal, value))
        case str():
            # With the quotes most people use.
            return f'"{value}"' if re.fullmatch(r"[^\"'\\\x00-\x1f\x7f-\x9f]*", value) else repr(value)
        case _:
            return repr(value)


def docstring(*paragraphs: str) -> str:
    """A docstring of these paragraphs; a paragraph that begins with spaces stays as it is."""
    parts = []
    for paragraph in paragraphs:
        safe = paragraph.replace("\\", "\\\\").replace('"""', "'''")
        parts.append(safe if safe.startswith(" ") else "\n".join(textwrap.wrap(safe, WIDTH - 3)))
    return '"""' + "\n\n".join(parts) + '\n"""\n'


def remark(text: str, indent: int = 0) -> str:
    """A comment that fits where it is indented by so much."""
    return "\n".join(f"# {line}" for line in textwrap.wrap(text, WIDTH - 2 - indent)) + "\n"


def file_name(level: Level) -> str:
    """What a program of this level may be called: "mind_the_chalk.py"."""
    slug = re.sub(r"[^a-z0-9]+", "_", level.title.lower()).strip("_") or "office"
    return f"level_{slug}.py" if slug[0].isdigit() else f"{slug}.py"


def statement(
    start: str,
    parts: list[str],
    brackets: str = "()",
    indent: int = 4,
    explode: bool = False,
    after: str = "",
) -> list[str]:
    """`start(parts)` in one line, or one line for each part, as ruff formats it; `after` ends it."""
    left, right = (brackets[0], brackets[1]) if brackets else (" ", " ")
    room = " " * indent
    one = f"{room}{start}{left.strip()}{', '.join(parts)}{right.strip()}{after}"
    if len(one) <= WIDTH and not explode:
        return [one]
    return [f"{room}{start}{left if brackets else '('}", *(f"{room}    {part}," for part in parts),
            f"{room}{right if brackets else ')'}{after}"]  # fmt: skip


def _row(items: Iterable[str]) -> str:
    """A tuple."""
    items = list(items)
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _colleagues(clerk: Clerk) -> list[str]:
    """The clerks whose processes this one is handed."""
    found = [
        thing.channel[1:]
        for _, thing in clerk.gets
        if isinstance(thing, Handle) and thing.channel.startswith("@")
    ]
    return list(dict.fromkeys(found))


def _problem(place: Place, path: str, message: str) -> Problem:
    return Problem(place, path, message)


def _bound(recipe: Recipe, in_order: bool = False) -> Any:
    """The variables that a recipe's statement binds."""
    names = [
        inner.id
        for inner in ast.walk(ast.parse(recipe.makes))
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    ]
    return names if in_order else set(names)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _defs(text: str) -> list[str]:
    return [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


def _names_in(texts: Iterable[str]) -> set[str]:
    """Every name that is looked up somewhere and is no variable there."""
    found = set()
    for text in texts:
        for node in ast.parse(text).body:
            inner = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
            stored = {one.id for one in inner if isinstance(one.ctx, ast.Store)}
            stored |= {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
            found |= {one.id for one in inner} - stored
        found -= set(_defs(text))
    return found


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """The script with some of its defs called otherwise."""
    if not names:
        return text
    tree = ast.parse(text)
    lines = [line.encode() for line in text.split("\n")]
    for line, column, name in sorted(_mentions(tree, names), reverse=True):
        row = lines[line - 1]
        lines[line - 1] = row[:column] + names[name].encode() + row[column + len(name.encode()) :]
    return b"\n".join(lines).decode()


def _mentions(tree: ast.Module, names: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Where defs of these names are defined and called: line, column in bytes, name. A def begins with "def "
    and its name; a call of a name is never a variable's, the compiler sees to that."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) if name in names:
                yield node.lineno, node.col_offset + len("def "), name
            case ast.Call(func=ast.Name(id=name) as called) if name in names:
                yield called.lineno, called.col_offset, name
