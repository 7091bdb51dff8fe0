"""Sentences that know how they were made, so that a face can say them in another language.

The engine speaks English and knows no languages: `say` gives ordinary text, in English, that remembers its
template and its parts. Only where something is shown does `translate` look the template up in a catalogue of
the standard library's `gettext`. Templates are found for the catalogues by the names `say` and `say_many`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from gettext import NullTranslations
from typing import Any, Final

NUMBER: Final = "1,234.5"
"""How a language writes a number: the signs in its translation of this."""

ENGLISH: Final = NullTranslations()
"""The catalogue that says everything as it was written."""


class Said(str):
    """English text that remembers its template and parts. It is equal to, and hashes as, its text.

    template  the text with {names} for its parts; without parts the text itself, braces and all
    many      the template for a number other than one, "" where there is no number
    number    what decides between the two
    parts     what stands for the names; texts among them may be Said as well
    """

    template: str
    many: str
    number: int
    parts: Mapping[str, object]

    def __new__(cls, template: str, many: str, number: int, parts: Mapping[str, object]) -> Said:
        english = _filled(many if many and number != 1 else template, parts)
        said = super().__new__(cls, _upper_first(english) if cls is _Capital else english)
        said.template = template
        said.many = many
        said.number = number
        said.parts = parts
        return said

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.template, self.many, self.number, self.parts)

    def __str__(self) -> str:
        """Itself, so that `str` of an exception with such a message remembers it too."""
        return self


def say(template: str, /, **parts: object) -> Said:
    """A sentence with parts: say("{clerk} reads {value}", clerk="ada", value=3).

    Raises KeyError for a name in the template that no part has.
    """
    return Said(template, "", 1, parts)


def say_many(one: str, many: str, count: int, /, **parts: object) -> Said:
    """A sentence about a number of things: say_many("{count} star", "{count} stars", 3)."""
    return Said(one, many, count, {"count": count, **parts})


class _Capital(Said):
    """One part alone, its first letter a capital: which letter that is depends on the language."""


def capital(text: str) -> Said:
    """The text as the beginning of a sentence."""
    return _Capital("{text}", "", 1, {"text": text})


def joined(glue: str, texts: Iterable[str]) -> Said:
    """Texts one after the other, as `glue.join` has them. The glue is not translated."""
    parts = {f"t{number}": text for number, text in enumerate(texts)}
    return Said(glue.join(f"{{{name}}}" for name in parts), "", 1, parts)


def fill(text: str, **parts: object) -> str:
    """The text with these parts, some of which it had to leave open when it was said, or all of them."""
    if isinstance(text, Said) and text.parts:
        filled = {
            name: parts.get(name, fill(part, **parts) if isinstance(part, Said) else part)
            for name, part in text.parts.items()
        }
        return type(text)(text.template, text.many, text.number, filled)
    return say(str(text), **parts)


def listed(names: Sequence[str]) -> Said:
    """Things as people list them: "a, b and c"."""
    if len(names) < 2:
        return joined("", names)
    return say("{first} and {last}", first=joined(", ", names[:-1]), last=names[-1])


def translate(text: str, catalogue: NullTranslations) -> str:
    """The text in the catalogue's language. What is not Said stays as it is; what it lacks stays English."""
    if not isinstance(text, Said):
        return text
    if text.many:
        template = catalogue.ngettext(text.template, text.many, text.number)
    else:
        template = catalogue.gettext(text.template) if text.template else ""
    signs = str.maketrans(dict(zip(",.", _signs(catalogue), strict=True)))
    parts = {
        name: translate(part, catalogue)
        if isinstance(part, str)
        else _Number(part, signs)
        if type(part) in (int, float)
        else part
        for name, part in text.parts.items()
    }
    filled = _filled(template, parts)
    return _upper_first(filled) if isinstance(text, _Capital) else filled


def _signs(catalogue: NullTranslations) -> str:
    """What stands between thousands and before decimals."""
    written = catalogue.gettext(NUMBER)
    return written[1] + written[5] if len(written) == len(NUMBER) else ",."


class _Number:
    """A number that is written with the signs of a language."""

    __slots__ = ("_number", "_signs")

    def __init__(self, number: object, signs: Mapping[int, str | int | None]) -> None:
        self._number, self._signs = number, signs

    def __format__(self, how: str) -> str:
        return format(self._number, how).translate(self._signs)

    def __repr__(self) -> str:
        return repr(self._number)


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _filled(template: str, parts: Mapping[str, object]) -> str:
    return template.format_map(parts) if parts else template
