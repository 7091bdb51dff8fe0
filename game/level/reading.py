"""A file being read: its data, its shape, and the problems found in it so far."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from game.goals import as_value
from game.language import fill, say
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
            self.say(path, say("keys and values are wanted here, not {got}", got=show(data)))
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
            self.say(path[:-1], say("the key {key!r} is missing", key=loc[-1]))
        elif kind == "extra_forbidden":
            known = keys_at(model, tuple(loc[:-1]))
            miss = near_miss(str(loc[-1]), known) or say("; there are {names}", names=", ".join(known))
            self.say(path, say("there is no key {key} here{miss}", key=show(loc[-1]), miss=miss), "key")
        else:
            self.say(path, sentence_of(kind, detail), part)

    def value(self, path: Path_, raw: Any) -> Value:
        """A literal value, text included."""
        try:
            return as_value(raw)
        except ValueError as error:
            self.say(path, str(error))
            return None


GOT: Final = "{got}"
"""Stands for what was given in a sentence."""

_PATTERNS: Final = {
    r"\S": say("there must be some text here"),
    r"^[a-z][a-z0-9_]*$": say("{got} is no name; write small letters, digits and _, a letter first", got=GOT),
    r"^[a-z0-9]+(-[a-z0-9]+)*$": say(
        "{got} is no name for an answer; write small letters, digits and -", got=GOT
    ),
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": say(
        '{got} is no id; write letters, digits, dots and -, like "2.2"', got=GOT
    ),
}


def sentence_of(kind: str, detail: Any) -> str:
    """What pydantic found, in our words."""
    value, context = detail["input"], detail.get("ctx", {})
    got = show(value)
    match kind:
        case "string_type":
            quote = say('; put it in quotes: "{value}"', value=value) if type(value) in (int, float) else ""
            return say("text is wanted here, not {got}{quote}", got=got, quote=quote)
        case "string_pattern_mismatch":
            return fill(_PATTERNS[context["pattern"]], got=got)
        case "string_too_long":
            return say("this is longer than {most} characters", most=context["max_length"])
        case "bool_type":
            return say("true or false is wanted here, not {got}", got=got)
        case "int_type" | "int_from_float":
            return say("a whole number is wanted here, not {got}", got=got)
        case "float_type" | "finite_number":
            return say("a number is wanted here, not {got}", got=got)
        case "greater_than_equal":
            return say("{got} is too small; at least {least:g}", got=got, least=context["ge"])
        case "greater_than":
            return say("{got} is too small; more than {least:g}", got=got, least=context["gt"])
        case "less_than_equal":
            return say("{got} is too large; at most {most:g}", got=got, most=context["le"])
        case "literal_error":
            options = re.findall(r"'([^']*)'", context["expected"])
            miss = near_miss(value, options) if isinstance(value, str) else ""
            return say("{got} is none of {names}{miss}", got=got, names=", ".join(options), miss=miss)
        case "dict_type" | "model_type" | "model_attributes_type":
            return say("keys and values are wanted here, not {got}", got=got)
        case "list_type" | "tuple_type":
            return say("a list is wanted here, not {got}", got=got)
        case "too_short":
            least = context["min_length"]
            return (
                say("there must be something here")
                if least == 1
                else say("at least {least} are wanted here", least=least)
            )
        case "too_long":
            return say(
                "at most {most} are possible, not {given}",
                most=context["max_length"],
                given=context["actual_length"],
            )
        case _:
            message: str = detail["msg"]
            return message


def tuples(raw: Any) -> Any:
    """Lists as the options of channels hold them."""
    return tuple(map(tuples, raw)) if isinstance(raw, list) else raw
