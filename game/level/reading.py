"""A file being read: its data, its shape, and the problems found in it so far."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from game.goals import as_value
from game.level.marked import Marked, Path_, format_path, show
from game.problems import Problem, ProblemsFound, near_miss
from game.request import Value

if TYPE_CHECKING:  # pydantic costs a third of a second; it is imported when the first file is read
    from game.level.document import Part

_P = TypeVar("_P", bound="Part")


class Reading:
    """One file being read: its data, and the problems found so far."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.problems: list[Problem] = list(marked.problems)
        self._broken: list[Path_] = []

    def say(self, path: Path_, message: str, part: str = "value") -> None:
        """Notes a problem with the `key`, `value` or `text` at this path."""
        self.problems.append(Problem(self.marked.place(path, part), format_path(path), message))

    def stop_if_wrong(self) -> None:
        if self.problems:
            raise ProblemsFound(self.problems)

    def at(self, path: Path_) -> Any:
        """The raw value at a path; None when there is none."""
        here = self.marked.data
        for step in path:
            if isinstance(here, dict):
                here = here.get(str(step))
            elif isinstance(here, list) and isinstance(step, int) and step < len(here):
                here = here[step]
            else:
                return None
        return here

    def mapping(self, *path: str | int) -> dict[str, Any]:
        """The raw mapping at a path; {} when something else, or nothing, is there."""
        found = self.at(path)
        return found if isinstance(found, dict) else {}

    def sound(self, *path: str | int) -> bool:
        """Whether the shape of what is at this path is right."""
        return not any(
            path == broken[: len(path)] or broken == path[: len(broken)] for broken in self._broken
        )

    def shape(self, model: type[_P], path: Path_ = (), data: Any = None) -> _P | None:
        """The data at a path as a document, or None with what is wrong noted. `data` stands in for it
        when it had to be prepared."""
        from pydantic import ValidationError

        data = self.at(path) if data is None else data
        if not isinstance(data, dict):
            self._broken.append(path)
            self.say(path, f"keys and values are wanted here, not {show(data)}")
            return None
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self._note(detail, model, path)
            return None

    def part(self, model: type[_P], *path: str | int) -> _P | None:
        """The document at a path whose shape was found sound; None otherwise."""
        found = self.at(path)
        return model.model_validate(found) if self.sound(*path) and isinstance(found, dict) else None

    def _note(self, detail: Any, model: type[Part], base: Path_) -> None:
        from game.level.document import UNION_TAGS, keys_at

        loc = [step for step in detail["loc"] if step not in UNION_TAGS]
        kind = detail["type"]
        part = "value"
        if loc and loc[-1] == "[key]":
            loc, part = loc[:-1], "key"
        path = (*base, *loc)
        self._broken.append(path)
        if kind == "missing":
            self.say(path[:-1], f"the key {loc[-1]!r} is missing")
        elif kind == "extra_forbidden":
            known = keys_at(model, tuple(loc[:-1]))
            miss = near_miss(str(loc[-1]), known) or f"; there are {', '.join(known)}"
            self.say(path, f"there is no key {show(loc[-1])} here{miss}", "key")
        else:
            self.say(path, sentence_of(kind, detail), part)

    def value(self, path: Path_, raw: Any) -> Value:
        """A literal value, text included."""
        try:
            return as_value(raw)
        except ValueError as error:
            self.say(path, str(error))
            return None


_PATTERNS: Final = {
    r"\S": "there must be some text here",
    r"^[a-z][a-z0-9_]*$": "is no name; write small letters, digits and _, a letter first",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "is no name for an answer; write small letters, digits and -",
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": 'is no id; write letters, digits, dots and -, like "2.2"',
}


def sentence_of(kind: str, detail: Any) -> str:
    """What pydantic found, in our words."""
    value, context = detail["input"], detail.get("ctx", {})
    got = show(value)
    match kind:
        case "string_type":
            quote = f'; put it in quotes: "{value}"' if type(value) in (int, float) else ""
            return f"text is wanted here, not {got}{quote}"
        case "string_pattern_mismatch":
            rule = _PATTERNS[context["pattern"]]
            return rule if context["pattern"] == r"\S" else f"{got} {rule}"
        case "string_too_long":
            return f"this is longer than {context['max_length']} characters"
        case "bool_type":
            return f"true or false is wanted here, not {got}"
        case "int_type" | "int_from_float":
            return f"a whole number is wanted here, not {got}"
        case "float_type" | "finite_number":
            return f"a number is wanted here, not {got}"
        case "greater_than_equal":
            return f"{got} is too small; at least {context['ge']:g}"
        case "greater_than":
            return f"{got} is too small; more than {context['gt']:g}"
        case "less_than_equal":
            return f"{got} is too large; at most {context['le']:g}"
        case "literal_error":
            options = re.findall(r"'([^']*)'", context["expected"])
            miss = near_miss(value, options) if isinstance(value, str) else ""
            return f"{got} is none of {', '.join(options)}{miss}"
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"keys and values are wanted here, not {got}"
        case "list_type" | "tuple_type":
            return f"a list is wanted here, not {got}"
        case "too_short":
            least = context["min_length"]
            return "there must be something here" if least == 1 else f"at least {least} are wanted here"
        case "too_long":
            return f"at most {context['max_length']} are possible, not {context['actual_length']}"
        case _:
            message: str = detail["msg"]
            return message


def tuples(raw: Any) -> Any:
    """Lists as the options of channels hold them."""
    return tuple(map(tuples, raw)) if isinstance(raw, list) else raw
