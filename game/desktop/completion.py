"""What could be written where the cursor stands, what a word of a script means, and what a call wants.

Only what would compile there is offered: whatever a place cannot take (a method that is not unlocked, a name
in a string, `break` outside a loop) is left out. Works on scripts that are half written. No drawing in here.
"""

from __future__ import annotations

import ast
import keyword
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from game.channels.kind import Kind
from game.desktop.brackets import PARTS
from game.desktop.text import Spot
from game.language import say
from game.level.model import Clerk, Level
from game.request import PROCESS_FACES, Face, Handle, Operation
from game.script.errors import BASES
from game.script.reach import Reach
from game.script.values import BUILTINS, LIST_METHODS

Sort = Literal["call", "value", "name", "thing", "word", "error"]

FUNCTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "deliver": ("thing", say("Puts a finished thing on the public counter. Never waits.")),
    "work": ("ticks", say("Keeps the clerk busy for so many ticks. Nobody but the clock notices.")),
    "wait": ("things, timeout=None", say("Waits until one of these is ready; gives those that are.")),
    "len": ("things", say("How many things are in a list, a tuple or a text.")),
    "range": ("start, stop, step", say("Numbers to count with: range(3) counts 0, 1, 2.")),
    "min": ("things", say("The smallest of them.")),
    "max": ("things", say("The largest of them.")),
    "sorted": ("things", say("The same things as a list, in order.")),
    "sum": ("numbers", say("All of them added up.")),
    "abs": ("number", say("The number without its sign.")),
    "list": ("things", say("The same things as a list of their own.")),
    "tuple": ("things", say("The same things as a tuple, which cannot be changed.")),
    "enumerate": ("things", say("In a for: each thing with its number, from 0.")),
}  # fmt: skip
"""The functions of a script: what they take, and one sentence."""
LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "append": ("thing", say("Puts a thing at the end of the list.")),
    "insert": ("at, thing", say("Puts a thing into the list before this place.")),
    "pop": ("at=-1", say("Takes a thing out of the list: the last, if nothing is said.")),
    "remove": ("thing", say("Takes the first thing out that equals this one.")),
}
LOCKED_AT_FIRST: Final = frozenset({"deliver", "work", "wait"})
"""Functions of the game's own, offered once a level has unlocked or used them."""
ALWAYS: Final = (*BUILTINS, "deliver", "work", "wait")

_STARTS: Final = ("for", "if", "while", "return", "pass", "try", "raise")
_OPERATORS: Final = ("and", "or", "in", "not in")
_BEGINS: Final = re.compile(
    r" *(def|for|while|with|if|elif|else|return|try|except|finally|pass|break|continue)\b"
)
_CHAIN: Final = re.compile(r"(?<![\w.)\]\"'])([^\W\d]\w*(?:\.[^\W\d]\w*(?:\(\))?)*)\.$")
_PREFIX: Final = re.compile(r"[^\W\d]\w*$")
_STORES: Final = re.compile(
    r"^\s*([^\W\d]\w*)\s*(?:[-+*/%]|//)?=[^=]|\bfor\s+([^\W\d]\w*)|\bas\s+([^\W\d]\w*)"
)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What a script may speak of.

    parameters  the handles each parameter of the entry is given; none for a plain value
    unlocked    the names after a dot, and of functions, the player has met; None: all there are
    kinds       for each channel its kind, for what is said about it
    """

    entry: str
    parameters: Mapping[str, frozenset[Handle]]
    faces: Mapping[Handle, Face]
    unlocked: frozenset[str] | None
    kinds: Mapping[str, Kind]
    lists: frozenset[str] = frozenset()

    def knows(self, face: Face, name: str) -> bool:
        """Whether this name of a face was unlocked. Of a face nobody has told about, everything is."""
        if self.unlocked is None or not self.unlocked.intersection(face.names()):
            return True
        return name in self.unlocked


class Offer(NamedTuple):
    """Something to write.

    name     what the typed letters are compared with
    text     what is written instead of them
    back     how many letters before its end the cursor then stands
    detail   what a call takes, or what a name stands for
    example  a text that compiles in this place and begins as `text` does, for who wants to make sure
    """

    name: str
    text: str
    sort: Sort
    detail: str = ""
    help: str = ""
    back: int = 0
    example: str = ""


class Offers(NamedTuple):
    """What can be written from `start` on; `typed` letters of it stand there already."""

    start: Spot
    typed: str
    offers: tuple[Offer, ...]


class Call(NamedTuple):
    """A call the cursor is inside of: what it takes, which of it is being written, and one sentence."""

    name: str
    parameters: tuple[str, ...]
    at: int
    help: str
    start: Spot


def vocabulary_of(level: Level, script: str, unlocked: frozenset[str] | None) -> Vocabulary:
    """Of a script in a level, as it is set up."""
    if unlocked is not None:
        unlocked = unlocked | unlocked_by([*level.unlocks, *(one.text for one in level.scripts)])
    kinds = {channel.name: channel.kind for channel in level.channels}
    return vocabulary_in(kinds, level.clerks, script, unlocked)


def vocabulary_in(
    kinds: Mapping[str, Kind], clerks: Sequence[Clerk], script: str, unlocked: frozenset[str] | None
) -> Vocabulary:
    """Of a script among these channels and clerks."""
    given: dict[str, set[Handle]] = {}
    lists = set()
    faces: dict[Handle, Face] = {}
    for channel, kind in kinds.items():
        for name, face in kind.open_faces().items():
            faces[Handle(channel, name)] = face
    for clerk in clerks:
        for name, face in PROCESS_FACES.items():
            faces[Handle(f"@{clerk.name}", name)] = face
        if clerk.script == script:
            for parameter, thing in clerk.gets:
                handles = given.setdefault(parameter, set())
                if isinstance(thing, Handle):
                    handles.add(thing)
                elif type(thing).__name__ == "ListValue":
                    lists.add(parameter)
    parameters = {name: frozenset(handles) for name, handles in given.items()}
    return Vocabulary(script, parameters, faces, unlocked, kinds, frozenset(lists))


def unlocked_by(texts: Iterable[str]) -> frozenset[str]:
    """The names in pieces of code: what is written after a dot, and what is called."""
    found: set[str] = set()
    for text in texts:
        code = re.sub(r"#[^\n]*", "", text)
        found.update(re.findall(r"\.([^\W\d]\w*)", code))
        found.update(re.findall(r"([^\W\d]\w*)\(", code))
    return frozenset(found)


# -- where the cursor stands --


class _Place(NamedTuple):
    """Before the cursor: the logical line so far without the word being typed, that word, and the brackets
    that are open, each with the offset behind it."""

    said: str
    typed: str
    open: tuple[tuple[str, int], ...]
    offset: int
    line_start: int


def _place(text: str, spot: Spot) -> _Place | None:
    """None in a string, in a comment, in the middle of a word."""
    lines = text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: spot.line]) + spot.column
    tail = lines[spot.line][spot.column :]
    if tail[:1].isalnum() or tail[:1] == "_":
        return None
    brackets: list[tuple[str, int]] = []
    logical = 0
    for found in PARTS.finditer(text):
        if found.start() >= offset:
            break
        part = found.group()
        if found.end() > offset or (found.end() == offset and part[0] == "#"):
            return None
        if found.end() == offset and part[0] in "\"'" and not _is_closed(part):
            return None
        if part in "([{":
            brackets.append((part, found.end()))
        elif part in ")]}":
            if brackets:
                brackets.pop()
        elif part == "\n" and (not brackets or _begins_anew(text, found.end())):
            brackets, logical = [], found.end()
    said = text[logical:offset]
    typed = _PREFIX.search(said)
    word = typed.group() if typed else ""
    if not word and said[-1:].isalnum():
        return None  # in a number
    return _Place(said[: len(said) - len(word)], word, tuple(brackets), offset - len(word), logical)


def _is_closed(part: str) -> bool:
    mark = part[:3] if part[:3] in ('"""', "'''") else part[0]
    return len(part) >= 2 * len(mark) and part.endswith(mark)


def _begins_anew(text: str, at: int) -> bool:
    """Whether a statement surely begins here, though a bracket above is still open: it is being written."""
    return _BEGINS.match(text, at) is not None


# -- what is known of the script around the cursor --


class _Scope(NamedTuple):
    function: str
    locals: tuple[str, ...]
    helpers: Mapping[str, int]
    reach: Reach | None
    vocabulary: Vocabulary
    lists: frozenset[str]

    def things(self, chain: str) -> frozenset[Handle]:
        """The handles an expression such as `tally.get_lock()` may be."""
        if self.reach is not None and self.function in self.reach.functions:
            try:
                node = ast.parse(chain, mode="eval").body
            except SyntaxError:
                return frozenset()
            return frozenset(handle for _, handle in self.reach.things(self.function, node))
        name, *rest = chain.split(".")
        handles = self.vocabulary.parameters.get(name, frozenset())
        for part in rest:
            called = part.removesuffix("()")
            faces = self.vocabulary.faces
            handles = frozenset(
                Handle(one.channel, behind)
                for one in handles
                for known, behind in (faces[one].views if part != called else faces[one].parts)
                if known == called
            )
        return handles


def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _scope(vocabulary: Vocabulary, text: str, line: int, first: int) -> _Scope:
    """Of the def around a line; the statement from line `first` to `line` counts as not written."""
    lines = text.split("\n")
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip(" "))]
    below = next((one for one in lines[line + 1 :] if one.strip()), "")
    deeper = len(below) - len(below.lstrip(" ")) > len(indent)
    head = lines[first].strip()
    if not head.startswith("def "):
        stand_in = "pass" if not deeper else "for _ in ():" if head.startswith(("for", "while")) else "if 1:"
        lines[first : line + 1] = [indent + stand_in, *([""] * (line - first))]
    return _around(vocabulary, "\n".join(lines), line)


@lru_cache(maxsize=4)
def _around(vocabulary: Vocabulary, text: str, line: int) -> _Scope:
    """What is known at a line of a script in which nothing is half written. Kept, because it stays the same
    while one writes on one line."""
    lines = text.split("\n")
    start = next((n for n in range(line, -1, -1) if re.match(r"def\s+\w+", lines[n])), -1)
    found = re.match(r"def\s+(\w+)\s*\(([^)]*)", lines[start]) if start >= 0 else None
    function = found[1] if found else ""
    tree = _tree(text)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)} if tree else {}
    end = next((n for n in range(line + 1, len(lines)) if lines[n][:1].strip()), len(lines))
    stored: dict[str, None] = dict.fromkeys(re.findall(r"[^\W\d]\w*", found[2]) if found else ())
    for number in range(max(0, start + 1), end):
        for store in _STORES.finditer(lines[number].split("#")[0]):
            stored[next(filter(None, store.groups()))] = None
    stored.pop("_", None)
    reach = None
    if function in functions and vocabulary.entry in functions:
        reach = Reach(functions, vocabulary.entry, vocabulary.parameters, vocabulary.faces)
        stored |= dict.fromkeys(reach.locals[function])
        stored.pop("_", None)
    helpers = {
        match[1]: len([one for one in match[2].split(",") if one.strip()])
        for match in re.finditer(r"^def\s+(\w+)\s*\(([^)]*)\)", text, re.MULTILINE)
        if match[1] not in (vocabulary.entry, function)
    }
    lists = {
        named[1]
        for one in lines[start + 1 : end]
        if (named := re.match(r"\s*(\w+)\s*=\s*(?:\[|list\(|sorted\()", one))
    }
    if function == vocabulary.entry:
        lists |= vocabulary.lists
    names = tuple(name for name in stored if not keyword.iskeyword(name))
    return _Scope(function, names, helpers, reach, vocabulary, frozenset(lists))


# -- offers --


def offers_at(vocabulary: Vocabulary, text: str, spot: Spot) -> Offers | None:
    """What could be written at a place; None where nothing could."""
    place = _place(text, spot)
    if place is None:
        return None
    first = text.count("\n", 0, place.line_start)
    scope = _scope(vocabulary, text, spot.line, first)
    called = text[spot_offset(text, spot) :][:1] == "("
    found = [
        one._replace(text=one.name, back=0) if called and one.text.startswith(f"{one.name}(") else one
        for one in _offers(place, scope, text, first)
        if one.name.lower().startswith(place.typed.lower())
    ]
    found.sort(key=lambda one: (one.name != place.typed, not one.name.startswith(place.typed)))
    return (
        Offers(Spot(spot.line, spot.column - len(place.typed)), place.typed, tuple(found)) if found else None
    )


def get_ready(vocabulary: Vocabulary, text: str, line: int) -> None:
    """Find out beforehand what is known at a line (from 0), so that the first letter there need not wait."""
    _scope(vocabulary, text, line, line)


def spot_offset(text: str, spot: Spot) -> int:
    """Where a spot is in the whole text."""
    offset = 0
    for _ in range(spot.line):
        offset = text.index("\n", offset) + 1
    return offset + spot.column


def _offers(place: _Place, scope: _Scope, text: str, first: int) -> Iterator[Offer]:
    said = place.said.strip()
    head = said.split(" ")[0]
    if said.endswith("."):
        yield from _after_dot(place, scope)
        return
    if re.match(r"def\b", said) or re.search(r"\b(as|import|from|class|lambda|global|del)$", said):
        return
    if not said:
        yield from _statements(place, scope, text, first)
        return
    if not scope.function:
        return
    if head == "for" and not re.search(r"\bin\b", said):
        if re.fullmatch(r"for\s+[\w\s,()]*\w\)?", said):
            yield _word("in", "in ()")
        return
    if head == "except" or re.fullmatch(r"raise", said):
        if re.fullmatch(r"except|raise|except\s*\(([\w\s]+,)*", said):
            for name in BASES:
                yield Offer(name, name, "error", example=name)
        elif re.fullmatch(r"except\s+\w+", said):
            yield _word("as", "as problem")
        return
    if re.fullmatch(r"(pass|break|continue|try:?|else:?|finally:?|raise\s+\w+.*)", said):
        return
    if head == "with":
        if said == "with":
            yield from _with(scope)
        return
    if re.search(r"[\w)\]\"']$", said) and not re.search(
        r"\b(and|or|not|in|is|if|else|return|elif|while)$", said
    ):
        yield from _operators(said, place)
        return
    yield from _expressions(place, scope, said)


def _word(word: str, example: str = "") -> Offer:
    return Offer(word, word, "word", example=example or word)


def _statements(place: _Place, scope: _Scope, text: str, first: int) -> Iterator[Offer]:
    """At the beginning of a statement."""
    depth = len(place.said)
    if not depth:
        yield Offer("def", "def ", "word", example="def another():\n    pass\n#")
        return
    if not scope.function:
        return
    for name, handles in _handles(scope):
        yield from _thing(scope, name, handles)
    for name in scope.locals:
        if not scope.things(name):
            yield Offer(name, name, "name", example=name)
    yield from _calls(scope, ("deliver", "work", "wait"))
    for word in _STARTS:
        written = {"pass": word, "return": word, "try": "try:"}.get(word, f"{word} ")
        yield Offer(word, written, "word", example=_EXAMPLES.get(word, word))
    if opening := next(_with(scope), None):
        yield Offer("with", "with ", "word", example=f"with {opening.example}")
    above = text.split("\n")[:first]
    around, chain = _blocks(above, depth)
    if any(re.match(r"(for|while)\b", one) for one in around):
        yield _word("break")
        yield _word("continue")
    yield from (_FOLLOW[word] for word in _following(chain))


def _following(chain: list[str]) -> tuple[str, ...]:
    """What may go on a statement of several blocks: `chain` has their first lines, the last one first."""
    words = [re.split(r"\W", one)[0] for one in chain] or [""]
    match words[-1], words[0]:
        case "if", "if" | "elif":
            return ("elif", "else")
        case ("for", "for") | ("while", "while"):
            return ("else",)
        case "try", "try":
            return ("except", "finally")
        case "try", "except":
            return ("except", "else", "finally") if chain[0] != "except:" else ("else", "finally")
        case "try", "else":
            return ("finally",)
    return ()


_FOLLOW: Final[Mapping[str, Offer]] = {
    "elif": Offer("elif", "elif ", "word", example="elif 1: pass"),
    "else": Offer("else", "else:", "word", example="else: pass"),
    "except": Offer("except", "except ", "word", example="except Empty: pass"),
    "finally": Offer("finally", "finally:", "word", example="finally: pass"),
}
_EXAMPLES: Final[Mapping[str, str]] = {
    "for": "for n in (): pass",
    "if": "if 1: pass",
    "while": "while 0: pass",
    "try": "try: pass\nfinally: pass",
    "raise": "raise ValueError",
}


def _blocks(above: list[str], depth: int) -> tuple[list[str], list[str]]:
    """The first lines of the blocks a line at this depth is inside of, from within; and those of the
    statement just before it, if it has blocks, the last one first."""
    around: list[str] = []
    chain: list[str] = []
    level, open_ = depth, True
    for line in reversed(above):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if indent == depth and level == depth and open_:
            chain.append(bare)
            open_ = re.match(r"(elif|else|except|finally)\b", bare) is not None
        elif indent < level:
            around.append(bare)
            level = indent
        if not indent:
            break
    return around, chain


def _handles(scope: _Scope) -> Iterator[tuple[str, frozenset[Handle]]]:
    for name in scope.locals:
        handles = scope.things(name)
        if handles:
            yield name, handles


def _thing(scope: _Scope, name: str, handles: frozenset[Handle]) -> Iterator[Offer]:
    """A channel or clerk by name, where something can be done with it."""
    faces = [scope.vocabulary.faces[one] for one in sorted(handles)]
    example = next((f"{name}.{_sample(way, operation)}" for way, operation in faces[0].methods), "")
    if not example:
        example = next((f"{name}.{attribute}" for attribute, _, _ in faces[0].attributes), "")
    if not example and faces[0].index:
        example = f"{name}[0]"
    if example and all(face.python == faces[0].python for face in faces):
        yield Offer(name, name, "thing", faces[0].python.rpartition(".")[2],
                    about(scope.vocabulary, handles), example=example)  # fmt: skip


def _sample(name: str, operation: Operation) -> str:
    needed = len(operation.parameters) - len(operation.defaults)
    return f"{name}({', '.join('1' * needed)})"


def _calls(scope: _Scope, names: Iterable[str]) -> Iterator[Offer]:
    unlocked = scope.vocabulary.unlocked
    for name in names:
        if name in scope.locals or (
            name in LOCKED_AT_FIRST and unlocked is not None and name not in unlocked
        ):
            continue
        takes, sentence = FUNCTIONS[name]
        example = {"wait": "wait([])", "range": "range(1)"}.get(
            name, f"{name}({'()' if name != 'abs' else '1'})"
        )
        yield Offer(name, f"{name}()", "call", f"({takes})", sentence, 1, example)
    for name, count in scope.helpers.items():
        if name not in scope.locals:
            back = 1 if count else 0
            yield Offer(name, f"{name}()", "call", "", "", back, f"{name}({', '.join('1' * count)})")


def _with(scope: _Scope) -> Iterator[Offer]:
    faces = scope.vocabulary.faces
    for name, handles in _handles(scope):
        # `with tally:` would do too; what is taught, and says more, is the lock that a board has.
        if all(faces[one].context and not faces[one].views for one in handles):
            first = faces[min(handles)]
            yield Offer(name, f"{name}:", "thing", first.python.rpartition(".")[2],
                        about(scope.vocabulary, handles), example=f"{name}: pass")  # fmt: skip
        for view, behind in faces[min(handles)].views:
            others = [Handle(one.channel, behind) for one in handles]
            if scope.vocabulary.knows(faces[min(handles)], view) and all(
                one in faces and faces[one].context for one in others
            ):
                text = f"{name}.{view}()"
                yield Offer(
                    text, f"{text}:", "call", "", _view_help(faces[others[0]]), example=f"{text}: pass"
                )


def _view_help(face: Face) -> str:
    return say("Its own key, a {kind}. `with` takes it and gives it back.", kind=face.python)


def _operators(said: str, place: _Place) -> Iterator[Offer]:
    if re.fullmatch(r"[^\W\d]\w*", said) and not place.open:
        return  # a statement that is only a name so far
    if not place.open and not re.match(r"(if|elif|while|return|for)\b|.*[^=!<>]=[^=]", said):
        return
    if re.search(r"[^=!<>]=\s*$", said):
        return
    for word in _OPERATORS:
        yield Offer(word, f"{word} ", "word", example=f"{word} {'()' if word.endswith('in') else 1}")
    yield _word("is None")
    yield _word("is not None")


def _expressions(place: _Place, scope: _Scope, said: str) -> Iterator[Offer]:
    for name, handles in _handles(scope):
        yield from _thing(scope, name, handles)
    for name in scope.locals:
        if not scope.things(name):
            yield Offer(name, name, "name", example=name)
    names = [name for name in FUNCTIONS if name != "enumerate"]
    if re.fullmatch(r"for\b.*\bin", said):
        names.append("enumerate")
    yield from _calls(scope, [name for name in names if name not in ("deliver", "work")])
    if re.search(r"(\b(and|or|not|if|elif|while|return)|[(\[,]|[^-+*/%=!<>]=)\s*$", said):
        yield Offer("not", "not ", "word", example="not 1")
    for word in ("True", "False", "None"):
        yield _word(word)


def _after_dot(place: _Place, scope: _Scope) -> Iterator[Offer]:
    chain = _CHAIN.search(place.said.rstrip(" ") if place.said.endswith(".") else "")
    if chain is None or keyword.iskeyword(chain[1].split(".")[0]):
        return
    handles = scope.things(chain[1])
    if not handles:
        if chain[1] in scope.lists:
            for name in LIST_METHODS:
                takes, sentence = LISTS[name]
                yield Offer(name, f"{name}()", "call", f"({takes})", sentence, 1 if name != "pop" else 0,
                            f"{name}({ {'insert': '1, 1', 'pop': ''}.get(name, '1') })")  # fmt: skip
        return
    faces = [scope.vocabulary.faces[one] for one in sorted(handles)]
    face = faces[0]
    names = [name for name in face.names() if all(name in other.names() for other in faces)]
    before = place.said.strip()[: -len(chain[0])].strip()
    alone = not before or re.fullmatch(r"[^\W\d]\w*\s*=", before) is not None
    operations = face.calls
    writable = {name: bool(writes) for name, _, writes in face.attributes}
    for name in names:
        if not scope.vocabulary.knows(face, name):
            continue
        if name in operations and before != "with":
            operation = operations[name]
            needs = len(operation.parameters) > len(operation.defaults)
            yield Offer(name, f"{name}()", "call", f"({', '.join(_written(operation))})", say(operation.help),
                        1 if needs else 0, _sample(name, operation))  # fmt: skip
        elif name in writable and before != "with":
            yield Offer(name, name, "value", "", _attribute_help(name, writable[name]), example=name)
        elif name in dict(face.views):
            behind = [Handle(one.channel, dict(face.views)[name]) for one in handles]
            if alone or (before == "with" and all(scope.vocabulary.faces[one].context for one in behind)):
                colon = ":" if before == "with" else ""
                said = _view_help(scope.vocabulary.faces[behind[0]])
                example = f"{name}(){': pass' if colon else ''}"
                yield Offer(name, f"{name}(){colon}", "call", "()", said, example=example)
        elif name in dict(face.parts) and (alone or re.search(r"\bwait\(\[[^]]*$", before)):
            yield Offer(name, name, "value", "", say("What `wait([…])` can wait for."), example=name)


def _attribute_help(name: str, writes: bool) -> str:
    if name == "value":
        return say("The number on the board. Reading is one step and writing another: `+=` is both.")
    if name == "exitcode":
        return say("None while the process lives; 0 after a good end, 1 after an exception.")
    return say("Can be read and written.") if writes else say("Can be read.")


def _written(operation: Operation) -> tuple[str, ...]:
    """The parameters as Python writes them: item, block=True."""
    plain = len(operation.parameters) - len(operation.defaults)
    return tuple(
        name if at < plain else f"{name}={operation.defaults[at - plain]!r}"
        for at, name in enumerate(operation.parameters)
    )


# -- what it means --


def about(vocabulary: Vocabulary, handles: frozenset[Handle]) -> str:
    """One sentence about what these handles are, or ""."""
    one = min(handles)
    if one.channel.startswith("@"):
        return say("The process of {clerk}.", clerk=one.channel[1:])
    kind = vocabulary.kinds.get(one.channel)
    return say(kind.help) if kind is not None else ""


def help_at(vocabulary: Vocabulary, text: str, word: str, line: int, column: int) -> str:
    """What the word at a line and column (both from 1) means: its signature and a sentence, or ""."""
    lines = text.split("\n")
    before = lines[line - 1][: column - 1]
    scope = _scope(vocabulary, text, line - 1, line - 1)
    if before.endswith("."):
        chain = _CHAIN.search(before)
        handles = scope.things(chain[1]) if chain else frozenset()
        if not handles:
            if word in LISTS and chain and chain[1] in scope.lists:
                return _said(f"{word}({LISTS[word][0]})", LISTS[word][1])
            return ""
        face = vocabulary.faces[min(handles)]
        operation = face.calls.get(word)
        if operation is not None:
            return _said(f"{word}({', '.join(_written(operation))})", say(operation.help))
        for name, _, writes in face.attributes:
            if name == word:
                return _said(word, _attribute_help(word, bool(writes)))
        if word in dict(face.views):
            return _said(
                f"{word}()",
                _view_help(vocabulary.faces[Handle(min(handles).channel, dict(face.views)[word])]),
            )
        return _said(word, say("What `wait([…])` can wait for.")) if word in dict(face.parts) else ""
    handles = scope.things(word) if word in scope.locals else frozenset()
    if handles:
        face = vocabulary.faces[min(handles)]
        return _said(f"{word}: {face.python}", about(vocabulary, handles))
    if word in FUNCTIONS and word not in scope.locals:
        return _said(f"{word}({FUNCTIONS[word][0]})", FUNCTIONS[word][1])
    return ""


def python_at(vocabulary: Vocabulary, text: str, word: str, line: int, column: int) -> str:
    """The real class a word stands for, or is a method or attribute of; "" when it is neither."""
    before = text.split("\n")[line - 1][: column - 1]
    scope = _scope(vocabulary, text, line - 1, line - 1)
    chain = _CHAIN.search(before) if before.endswith(".") else None
    handles = scope.things(chain[1] if chain else word) if chain or word in scope.locals else frozenset()
    return vocabulary.faces[min(handles)].python if handles else ""


def _said(signature: str, sentence: str) -> str:
    return say("`{signature}`  {sentence}", signature=signature, sentence=sentence)


def call_at(vocabulary: Vocabulary, text: str, spot: Spot) -> Call | None:
    """The innermost call around a place whose parameters are known."""
    place = _place(text, spot)
    if place is None or not place.open or place.open[-1][0] != "(":
        return None
    start = place.open[-1][1]
    before = text[place.line_start : start - 1]
    name = _PREFIX.search(before)
    if name is None:
        return None
    first = text.count("\n", 0, place.line_start)
    scope = _scope(vocabulary, text, spot.line, first)
    inside = text[start : spot_offset(text, spot)]
    at = _commas(inside)
    named = re.search(r"(\w+)\s*=[^=,]*$", inside)
    line = text.count("\n", 0, start)
    begins = Spot(line, start - 1 - len(name.group()) - (text.rfind("\n", 0, start) + 1))
    ahead = before[: name.start()]
    operation: Operation | None = None
    sentence: str
    if ahead.endswith("."):
        chain = _CHAIN.search(ahead)
        handles = scope.things(chain[1]) if chain else frozenset()
        if handles:
            operation = vocabulary.faces[min(handles)].calls.get(name.group())
        if operation is None:
            return None
        takes, sentence = _written(operation), say(operation.help)
    elif name.group() in FUNCTIONS and name.group() not in scope.locals:
        written, sentence = FUNCTIONS[name.group()]
        takes = tuple(written.split(", "))
    else:
        return None
    if named:
        at = next((n for n, one in enumerate(takes) if one.split("=")[0] == named[1]), at)
    return Call(name.group(), takes, at, sentence, begins)


def _commas(inside: str) -> int:
    depth = count = 0
    for letter in re.sub(r"\"[^\"]*\"|'[^']*'", "", inside):
        depth += (letter in "([{") - (letter in ")]}")
        count += letter == "," and not depth
    return count


def short(sentence: str, width: int = 60) -> str:
    """The first sentence of a help, for a place with one line."""
    return textwrap.shorten(re.split(r"(?<=[.!?])\s", sentence)[0], width, placeholder="…")
