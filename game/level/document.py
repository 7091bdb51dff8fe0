"""The shape of the files people write, levels and answers, as pydantic models.

Shapes only: which keys there are, which are needed, and what type each value has. What the keys mean to each
other is the reader's business. The JSON Schema that editors use is made from these models. pydantic costs a
third of a second to import, so this module is imported only where a file is read.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, create_model

from game.channels.kind import Kind
from game.level.model import PLACES, Done

Text = Annotated[str, Field(pattern=r"\S")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)]
"""A clerk, a channel, a script, a parameter: a Python identifier in lower case."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
LevelId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]

MOST_CLERKS: Final = 16
MOST_OPTIONS: Final = 8
"""Of one slot: they stand side by side in the window."""

MOST_CASES: Final = 8
MOST_PARTS: Final = 8
"""Channels a player can add to one office."""

MOST_WAYS: Final = 32
MOST_CALLOUTS: Final = 8
LONGEST_CALLOUT: Final = 220
LONGEST_AUTHOR: Final = 80
"""Letters: a callout is read in passing."""


class Part(BaseModel):
    """What all of them have in common: no unknown keys, and no `3` where "3" is meant."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ClerkDocument(Part):
    """A process: which script it runs, and what the script's parameters are given."""

    script: Name = Field(description="The script this clerk runs.")
    gets: dict[Name, Any] = Field(
        default={},
        description="What each parameter of the script is given: a channel (belt), one end of it (tube.a), "
        'another clerk ("@bob"), a number, true, false, null, a list, or a text written as {text: apple}.',
    )
    started: bool = Field(default=True, description="false: another clerk must start this one.")
    daemon: bool = Field(
        default=False,
        description="true: a daemon, which is sent SIGTERM when the process that made it ends: the clerk who "
        "starts it, or the office, which ends after everybody else it made.",
    )


class ScriptDocument(Part):
    text: Text = Field(description="Python: one function named like the script, helpers beside it.")
    editable: bool | None = Field(default=None, description="Whether the player may change it.")


SHORT_SCRIPT, LONG_SCRIPT = "a script's text", "a script with keys"
ScriptEntry = Annotated[
    Annotated[Text, Tag(SHORT_SCRIPT)] | Annotated[ScriptDocument, Tag(LONG_SCRIPT)],
    Discriminator(lambda value: LONG_SCRIPT if isinstance(value, dict | ScriptDocument) else SHORT_SCRIPT),
]
UNION_TAGS: Final = frozenset({SHORT_SCRIPT, LONG_SCRIPT})
"""Steps that pydantic puts into the place of an error though they stand in no file."""


Spots = Annotated[
    Any,
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]
"""belt.maxsize, or a list of such. The reader says what is wrong with it."""


class SlotDocument(Part):
    """A knob the player sets. It starts as the level is written."""

    label: Text = Field(description="What it is, in a few words.")
    sets: Spots = Field(
        description="What it sets: an option of a channel (belt.maxsize), its kind (belt.kind), what a "
        "clerk's parameter is given (ada.key), or whether a clerk has come to work (ada.in). A list sets "
        "several at once: [ada.first, ada.second]."
    )
    options: Annotated[list[Any], Field(min_length=2, max_length=MOST_OPTIONS)] = Field(
        description="What it can be set to, written as it would be in its place; where it sets several, a "
        "list for each option."
    )
    words: list[Text] | None = Field(
        default=None, description="How the window calls each option, where that is not clear."
    )


class CaseDocument(Part):
    """The same level with other constants. An answer must hold in it as well."""

    name: Text = Field(description="What is different: four parcels.")
    sets: Annotated[dict[str, Any], Field(min_length=1)] = Field(
        description="What it sets, and to what: {ada.n: 4, belt.maxsize: 1}."
    )
    win: Annotated[dict[str, Any], Field(min_length=1)] | None = Field(
        default=None, description="What must hold in it, where that is not what must hold in the level."
    )


class SupplyDocument(Part):
    """A kind of part in the tray."""

    most: int | None = Field(
        default=None, ge=1, le=MOST_PARTS, description="How many of it; left out, as many as may be built."
    )
    options: dict[Name, Annotated[list[Any], Field(min_length=1, max_length=MOST_OPTIONS)]] = Field(
        default={},
        description="What the player may set, and to what: {maxsize: [1, 2]}. A new part has the first of "
        "each; what is not named here is as usual.",
    )


Wires = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"const": "free"},
                {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
                },
            ]
        }
    ),
]
"""free, or for each clerk a list. The reader says what is wrong with it."""


class BuildDocument(Part):
    """What the player may add to the office, in mode build."""

    tray: Annotated[dict[str, SupplyDocument], Field(min_length=1)] = Field(
        description="The kinds of parts to take: {pipe: {most: 2}, lock: {}}."
    )
    parts: int = Field(
        default=MOST_PARTS, ge=1, le=MOST_PARTS, description="How many parts may be added in all."
    )
    ways: int | None = Field(
        default=None, ge=1, le=MOST_WAYS, description="How many things clerks may be given in all, besides."
    )
    wires: Wires = Field(
        default="free",
        description="Which clerk may be given what: {ada: [pipe.r, lock], bob: [letters]}, by the kind of a "
        "part or the name of a channel, and either with one end of it. free: whatever is built, to everybody "
        "whose script may be changed.",
    )


class LimitsDocument(Part):
    states: int = Field(
        default=2_000_000, ge=1, le=50_000_000, description="How many states the checker may store."
    )
    seconds: float = Field(
        default=10.0, gt=0, le=3600, allow_inf_nan=False, description="How long the checker may look."
    )


class RealDocument(Part):
    runs: int = Field(default=20, ge=1, le=1000, description="How often the answer is run on real processes.")
    timeout: float = Field(
        default=2.0,
        gt=0,
        le=60,
        allow_inf_nan=False,
        description="Seconds after which a real run counts as hung.",
    )


class CatDocument(Part):
    """Nine, the office cat: whoever she naps on never moves again (kill -9)."""

    naps: int = Field(default=1, ge=1, le=8, description="How many clerks she may nap on in one run.")
    may_nap_on: Annotated[list[Name], Field(min_length=1)] = Field(description="The clerks she likes.")


class Bounds(Part):
    """At most so much of each metric."""

    ticks: int | None = Field(default=None, ge=1, description="Steps when everybody moves at once.")
    statements: int | None = Field(
        default=None, ge=1, description="Statements in the scripts the player may edit."
    )
    clerks: int | None = Field(default=None, ge=1, description="Processes.")
    peak: int | None = Field(
        default=None, ge=0, description="Most things in flight at any moment, in any wind."
    )
    parts: int | None = Field(default=None, ge=0, description="Parts built. Only in mode build.")


class StarsDocument(Part):
    two: Bounds | None = Field(default=None, description="What the second star takes: {statements: 3}.")
    three: Bounds | None = Field(default=None, description="What the third star takes.")


class ReferenceDocument(Part):
    scripts: dict[Name, Text] = Field(default={}, description="The scripts it changes.")
    choices: dict[Name, Any] = Field(default={}, description="The slots it fills.")
    winds: list[Text] = Field(
        default=[], description="The wind it chooses: ada bob ada bob. Only in mode wind."
    )
    parts: dict[str, dict[str, Any]] = Field(
        default={}, description="The parts it builds: {stamps: {kind: pipe}}. Only in mode build."
    )
    gets: dict[str, dict[str, str]] = Field(
        default={}, description="What it gives to which clerk: {ada: {stamps: stamps.r}}. Only in mode build."
    )


class WrongDocument(ReferenceDocument):
    name: Slug = Field(description="Its name on the command line: trusts-the-builtin-lock.")
    expect: Text = Field(description="The kind of failure the checker must find.")


class CalloutDocument(Part):
    """One step of the guide: a small card beside what it is about."""

    point: Text = Field(
        description="What it points at: a clerk, a channel, or one of " + ", ".join(PLACES) + "."
    )
    say: Annotated[Text, Field(max_length=LONGEST_CALLOUT)] = Field(
        description="What it says, in a sentence or two."
    )
    until: Done = Field(
        default="next",
        description="What the player does to get on: reads (next), writes, moves, sets, runs, is told the "
        "verdict, scrubs through the film, opens a hint, or has solved it.",
    )


class AnswersDocument(Part):
    reference: ReferenceDocument = Field(description="An answer that holds in every wind.")
    wrong: Annotated[list[WrongDocument], Field(min_length=1)] = Field(
        description="Tempting answers that must fail, and how."
    )


class LevelDocument(Part):
    """A level of The Draughty Post Office."""

    model_config = ConfigDict(title="Level")

    id: LevelId = Field(description='The level\'s number, in quotes: "2.2".')
    title: Text
    author: Annotated[str, Field(max_length=LONGEST_AUTHOR)] = Field(
        default="", description="Who wrote it, as the list of all levels names them."
    )
    mode: Literal["code", "fix", "config", "parsons", "wind", "build"] = Field(
        description="The player writes code, fixes it, sets knobs, orders lines, chooses the wind, or builds."
    )
    story: Text = Field(description="What Postmistress Joyn says, in a few short sentences.")
    objective: Text = Field(description="One sentence: what exactly has to be done.")
    teaches: Annotated[list[Text], Field(min_length=1)] = Field(description="The ideas it is about.")
    unlocks: list[Text] = Field(default=[], description="What the player may write from here on.")
    channels: dict[Name, Any] = Field(default={}, description="What the clerks share.")
    clerks: Annotated[dict[Name, ClerkDocument], Field(min_length=1, max_length=MOST_CLERKS)] = Field(
        description="The processes, in the order they stand in the office."
    )
    scripts: Annotated[dict[Name, ScriptEntry], Field(min_length=1)] = Field(
        description="What the clerks do. A plain text is editable in the modes code, fix, parsons and build."
    )
    win: Annotated[dict[str, Any], Field(min_length=1)] = Field(
        description="What must hold in every wind. Besides, nothing may be left in any channel."
    )
    slots: dict[Name, SlotDocument] = Field(default={}, description="The knobs the player sets.")
    cases: Annotated[list[CaseDocument], Field(max_length=MOST_CASES)] = Field(
        default=[], description="Other constants with which an answer must hold as well."
    )
    cat: CatDocument | None = Field(default=None, description="Which processes may be killed at any moment.")
    build: BuildDocument | None = Field(
        default=None, description="What the player may add to the office, in mode build."
    )
    limits: LimitsDocument = LimitsDocument()
    stars: StarsDocument = StarsDocument()
    hints: Annotated[list[Text], Field(min_length=1)] = Field(
        description="From mild to plain: where to look, why it goes wrong, what to write."
    )
    real: RealDocument = RealDocument()
    guide: Annotated[list[CalloutDocument], Field(max_length=MOST_CALLOUTS)] = Field(
        default=[], description="What the window points at the first time the level is played, one by one."
    )
    after: str = Field(default="", description="What Joyn says once it is solved.")
    answers: AnswersDocument


class AnswerDocument(Part):
    """What a player saves, shares and hands in."""

    level: LevelId
    scripts: dict[Name, str] = {}
    choices: dict[Name, Any] = {}
    winds: list[str] = []
    parts: dict[str, dict[str, Any]] = {}
    gets: dict[str, dict[str, str]] = {}


def options_document(kind: type[Kind]) -> type[Part]:
    """The model of what may stand under a channel of this kind, `kind:` included."""
    return _options_document(kind)  # type: ignore[arg-type]  # mypy doubts that classes are hashable


@cache
def _options_document(kind: type[Kind]) -> type[Part]:
    hints = typing.get_type_hints(kind)
    fields: dict[str, Any] = {"kind": (Literal[kind.name], Field(description=kind.help))}
    for option in dataclasses.fields(kind):  # type: ignore[arg-type]  # kinds are dataclasses; Kind is not
        if option.init:
            fields[option.name] = _option(hints[option.name], option)
    return create_model(f"{kind.__name__}Channel", __base__=Part, __doc__=kind.help, **fields)


def _option(wanted: Any, option: dataclasses.Field[Any]) -> tuple[Any, Any]:
    """An option's type and field. `minimum` and `maximum` of a tuple are meant for each of its items."""
    meta: Mapping[str, Any] = option.metadata
    bounds = {short: meta[long] for short, long in (("ge", "minimum"), ("le", "maximum")) if long in meta}
    if typing.get_origin(wanted) is tuple and bounds:
        item: Any = Annotated[typing.get_args(wanted)[0], Field(**bounds)]
        wanted, bounds = types.GenericAlias(tuple, (item, ...)), {}
    told = {"description": meta.get("help"), **bounds}
    if option.default_factory is not dataclasses.MISSING:
        return wanted, Field(default_factory=option.default_factory, **told)
    if option.default is not dataclasses.MISSING:
        return wanted, Field(option.default, **told)
    return wanted, Field(**told)


def keys_at(model: type[BaseModel], path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys a model knows at a place inside it: what an unknown key there may have been meant to be."""
    here: Any = model
    for step in path:
        here = _below(here, step)
    found = next((one for one in _alternatives(here) if _is_model(one)), None)
    return tuple(found.model_fields) if found else ()


def _below(here: Any, step: str | int) -> Any:
    for one in _alternatives(here):
        if _is_model(one) and step in one.model_fields:
            return one.model_fields[str(step)].annotation
        if typing.get_origin(one) in (dict, list):
            return typing.get_args(one)[-1]
    return None


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, with Annotated taken off."""
    if typing.get_origin(annotation) is Annotated:
        return _alternatives(typing.get_args(annotation)[0])
    members = typing.get_args(annotation) if _is_union(annotation) else (annotation,)
    return tuple(
        one
        for member in members
        for one in (_alternatives(member) if member is not annotation else (member,))
    )


def _is_union(annotation: Any) -> bool:
    origin = typing.get_origin(annotation)
    return origin is typing.Union or getattr(origin, "__name__", "") == "UnionType"


def _is_model(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, BaseModel)
