"""A YAML file as plain data that remembers where everything stands.

Files come from strangers: they may be huge, hostile or not text at all. What cannot be read is a
Problem with its place, never a traceback and never a crash of the interpreter. What the data means
is the reader's business.
"""

from __future__ import annotations

import math
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from game.language import joined, say
from game.problems import Place, Problem, ProblemsFound, near_miss

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 32
MAX_VALUES: Final = 20_000

Step = str | int
Path_ = tuple[Step, ...]
"""Where a value sits in the data: ("clerks", "ada", "gets", "belt")."""

Spot = tuple[int, int]
"""Line and column, from 1."""


class Mark(NamedTuple):
    """Where a value stands: its key (itself, in a list), its first character, and line 1 of its text
    (for a block scalar that is the line below the `|`)."""

    key: Spot
    value: Spot
    text: Spot


@dataclass(frozen=True)
class Marked:
    """The data of one file. `problems` did not keep it from being read: doubled keys, tags."""

    file: str
    data: Any
    marks: dict[Path_, Mark] = field(repr=False)
    problems: tuple[Problem, ...] = ()

    def place(self, path: Path_, part: str = "value") -> Place:
        """Where the `key`, `value` or `text` at this path stands, or the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if mark := self.marks.get(path[:length]):
                spot: Spot = getattr(mark, part if length == len(path) else "value")
                return Place(self.file, *spot)
        return Place(self.file)


def format_path(path: Path_) -> str:
    """`clerks.ada.gets` and `hints[1]`, as problems name places inside a file."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = step if re.fullmatch(r"[\w@~-]{1,60}", step) else show(step)
            text += f".{name}" if text else name
    return text


def show(value: Any) -> str:
    """A value of somebody's file, short enough to stand in a sentence."""
    match value:
        case None:
            return say("nothing")
        case bool():
            return str(value).lower()
        case dict():
            return say("a mapping")
        case list():
            return say("a list")
        case _:
            text = repr(value)
            return text if len(text) <= 60 else f"{text[:57]}…"


def read_bytes(path: Path) -> bytes:
    """The content of a file of bearable size. Raises ProblemsFound, whatever the path leads to."""

    def no(message: str) -> ProblemsFound:
        return ProblemsFound([Problem(Place(str(path)), "", message)])

    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise no(say("this is a folder, not a file"))
        if not stat.S_ISREG(mode):
            raise no(say("this is not a regular file"))
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        lost = say("there is no such file{hint}", hint=_neighbour(path))
        raise no(say("this link leads nowhere") if path.is_symlink() else lost) from error
    except OSError as error:
        raise no(say("cannot be read: {reason}", reason=error.strerror or str(error))) from error
    except ValueError as error:
        raise no(say("no file has a null byte in its name")) from error
    return content


def _neighbour(path: Path) -> str:
    try:
        return near_miss(path.name, [other.name for other in path.parent.iterdir()])
    except OSError:
        return ""


def load_marked(content: bytes | str, file: str) -> Marked:
    """The data in a YAML text, read as YAML 1.2 reads plain scalars: `yes`, `1:30` and dates stay text.

    Raises ProblemsFound for a text that cannot be read at all.
    """
    text = _decode(content, file)
    problems: list[Problem] = []
    try:
        if not _holds_a_value(text, file, problems):
            raise ProblemsFound([Problem(Place(file), "", say("the file is empty"))])
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ProblemsFound([*problems, _not_yaml(error, text, file)]) from error
    assert node is not None, "some event made a value"
    walk = _Walk(file, _LINE_BREAK.split(text), problems)
    data = walk.plain(node, (), None)
    return Marked(file, data, walk.marks, tuple(walk.problems))


_LINE_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_NOT_TEXT: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def _decode(content: bytes | str, file: str) -> str:
    size = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise ProblemsFound(
            [Problem(Place(file), "", say("the file is larger than {most} KiB", most=MAX_BYTES // 1024))]
        )
    if isinstance(content, bytes):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            before = content[: error.start].decode("utf-8")
            what = say("byte {byte:#04x} is not UTF-8; save the file as UTF-8", byte=content[error.start])
            raise ProblemsFound([Problem(_place_after(before, file), "", what)]) from error
    else:
        text = content
    text = text.removeprefix("\ufeff")
    if found := _NOT_TEXT.search(text):
        what = say("character U+{code:04X} does not belong in a text file", code=ord(found[0]))
        raise ProblemsFound([Problem(_place_after(text[: found.start()], file), "", what)])
    return text


def _place_after(before: str, file: str) -> Place:
    lines = _LINE_BREAK.split(before)
    return Place(file, len(lines), len(lines[-1]) + 1)


def _holds_a_value(text: str, file: str, problems: list[Problem]) -> bool:
    """Walks all events, which needs no recursion, and refuses what would be dangerous to compose: libyaml's
    composer overruns the C stack on deep nesting. Tags become problems: only events tell them from none."""
    depth = values = documents = 0
    found = False
    for event in yaml.parse(text, Loader=_Loader):
        place = Place(file, *_spot(event))
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise ProblemsFound(
                    [Problem(place, "", say("a second document begins here; one file holds one"))]
                )
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise ProblemsFound([Problem(place, "", say("nested deeper than {most}", most=MAX_DEPTH))])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.NodeEvent):
            values += 1
            if values > MAX_VALUES:
                raise ProblemsFound([Problem(place, "", say("more than {most:,} values", most=MAX_VALUES))])
            if tag := getattr(event, "tag", None):
                name = show(tag.replace("tag:yaml.org,2002:", "!!"))
                problems.append(
                    Problem(place, "", say("the tag {name} is not allowed; write plain YAML", name=name))
                )
            found |= not (isinstance(event, yaml.ScalarEvent) and event.value == "" and event.implicit[0])
    return found


_ADVICE: Final = (
    ("mapping values are not allowed", say("; text with a colon in it needs quotes")),
    ("did not find expected key", say("; look at the indentation, and for quotes left open above")),
    ("undefined alias", say("; text that begins with * needs quotes")),
)


def _not_yaml(error: yaml.YAMLError, text: str, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    what = str(getattr(error, "problem", None) or getattr(error, "context", None) or error)
    what = re.sub(r"\s+", " ", what).strip()
    if "cannot start any token" in what and mark:
        line = [*_LINE_BREAK.split(text), ""][mark.line]
        if (odd := line[mark.column : mark.column + 1]) == "\t":
            what = say("a tab; indent with spaces")
        elif odd:
            what = say("text that begins with {odd} needs quotes", odd=odd)
    else:
        what = joined("", [what, next((advice for words, advice in _ADVICE if words in what), "")])
    return Problem(place, "", say("not YAML: {what}", what=what))


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """No implicit types: `_scalar` decides what a plain scalar is."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (PyYAML's own name)


_SCALARS: Final[tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...]] = (
    (re.compile(r"~|null|Null|NULL|"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda text: int(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text[2:], 16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (
        re.compile(r"[-+]?\.(inf|Inf|INF)"),
        lambda text: -math.inf if text.startswith("-") else math.inf,
    ),
    (re.compile(r"\.(nan|NaN|NAN)"), lambda _: math.nan),
)


def _scalar(text: str) -> Any:
    """What a plain scalar is, by YAML 1.2's core schema. Raises ValueError for a number beyond 64 bits."""
    for pattern, make in _SCALARS:
        if pattern.fullmatch(text):
            if len(text) > 400:
                raise ValueError(say("this number has too many digits"))
            value = make(text)
            if isinstance(value, int) and not -(2**63) <= value < 2**63:
                raise ValueError(say("this number does not fit in 64 bits"))
            return value
    return text


class _Walk:
    """Nodes → plain data, with marks and problems on the side."""

    def __init__(self, file: str, lines: list[str], problems: list[Problem]) -> None:
        self.file, self.lines, self.problems = file, lines, problems
        self.marks: dict[Path_, Mark] = {}
        self._values = 0
        self._inside: list[int] = []

    def plain(self, node: yaml.Node, path: Path_, key: Spot | None) -> Any:
        """The value of a node. Raises ProblemsFound where going on would never end."""
        here = _spot(node)
        self.marks[path] = Mark(key or here, here, self._text_spot(node))
        self._values += 1
        if self._values > MAX_VALUES:
            raise self._stop(
                node, path, say("aliases blow this up to more than {most:,} values", most=MAX_VALUES)
            )
        if id(node) in self._inside:
            raise self._stop(node, path, say("an alias stands inside what it repeats"))
        if len(path) > MAX_DEPTH:
            raise self._stop(node, path, say("aliases nest this deeper than {most}", most=MAX_DEPTH))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        self._inside.append(id(node))
        value = self._mapping(node, path) if isinstance(node, yaml.MappingNode) else self._list(node, path)
        self._inside.pop()
        return value

    def _list(self, node: yaml.Node, path: Path_) -> list[Any]:
        return [self.plain(item, (*path, number), None) for number, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        data: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(key_node, path, say("a key must be a word, not a list or a mapping"))
                continue
            key, spot = key_node.value, _spot(key_node)
            if key in data:
                self._problem(
                    key_node,
                    (*path, key),
                    say("this key is here twice; first in line {first}", first=first[key]),
                )
                continue
            first[key] = spot[0]
            data[key] = self.plain(value_node, (*path, key), spot)
        return data

    def _scalar(self, node: yaml.ScalarNode, path: Path_) -> Any:
        text: str = node.value
        if found := _NOT_TEXT.search(text):  # by way of an escape like "\0"
            self._problem(
                node, path, say("character U+{code:04X} does not belong in a text file", code=ord(found[0]))
            )
        if node.style:  # quoted, or a block: text
            return text
        try:
            return _scalar(text)
        except ValueError as error:
            self._problem(node, path, str(error))
            return 0

    def _text_spot(self, node: yaml.Node) -> Spot:
        """Where line 1 of a scalar's text stands."""
        line, column = node.start_mark.line, node.start_mark.column
        if not isinstance(node, yaml.ScalarNode) or not node.style:
            return line + 1, column + 1
        if node.style in "'\"":
            return line + 1, column + 2
        while line < node.end_mark.line and not _BLOCK_HEADER.search(self.lines[line]):
            line += 1  # an anchor may stand on a line of its own
        below = next((text for text in self.lines[line + 1 :] if text.strip(" ")), "")
        value = next((text for text in node.value.split("\n") if text.strip(" ")), "")
        return line + 2, max(_indent(below) - _indent(value), 0) + 1

    def _problem(self, node: yaml.Node, path: Path_, message: str) -> None:
        self.problems.append(Problem(Place(self.file, *_spot(node)), format_path(path), message))

    def _stop(self, node: yaml.Node, path: Path_, message: str) -> ProblemsFound:
        self._problem(node, path, message)
        return ProblemsFound(self.problems)


_BLOCK_HEADER: Final = re.compile(r"[|>][-+0-9]*\s*(#.*)?$")


def _spot(node: Any) -> Spot:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
