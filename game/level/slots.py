"""What players and cases set, put in place: another level comes of it, and nobody downstream has to know."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from game.channels.kind import Kind
from game.language import say
from game.level.model import Case, Cat, Channel, Clerk, Level, Setting, Slot
from game.problems import Place, Problem, ProblemsFound, near_miss
from game.request import Handle, Value

KIND: Final = "kind"
"""The key under which a channel says what it is; the others are options of that kind."""

IN: Final = "in"
"""The key for whether a clerk has come to work. No parameter is called so: it means something in Python."""


CAT: Final = "cat"
NAPS: Final = "naps"
"""What is set of the cat: how many clerks she may nap on. With 0 she is out."""


def option_names(kind: Kind | type[Kind]) -> tuple[str, ...]:
    """What can be said of a channel of this kind, besides its kind."""
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]  # kinds are dataclasses; Kind is not
    return tuple(field.name for field in fields if field.init)


def turned_into(kind: Kind, wanted: type[Kind]) -> Kind:
    """A channel of another kind, with the options that both have. Raises ValueError."""
    shared = [name for name in option_names(kind) if name in option_names(wanted)]
    return wanted(**{name: getattr(kind, name) for name in shared})


def with_choices(level: Level, choices: Mapping[str, Value]) -> Level:
    """The level with its slots set so. Raises ProblemsFound for choices it does not offer."""
    problems, settings = [], list[Setting]()
    for name, choice in choices.items():
        slot = level.slot(name)
        option = slot.option(choice) if slot else None
        if option is None:
            problems.append(Problem(Place("answer"), f"choices.{name}", refusal(level.slots, name, choice)))
        else:
            settings += option.settings
    if problems:
        raise ProblemsFound(problems)
    try:
        return put_in_place(level, settings)
    except ValueError as error:
        raise ProblemsFound([Problem(Place("answer"), "choices", str(error))]) from error


def refusal(slots: Iterable[Slot], name: str, choice: Value) -> str:
    """Why this choice cannot be made, in a sentence."""
    known = {slot.name: slot for slot in slots}
    if name not in known:
        if not known:
            return say("this level has no slots")
        there_are = say("; there are {names}", names=", ".join(known))
        return say("there is no slot {name!r}{hint}", name=name, hint=near_miss(name, known) or there_are)
    offered = [written(option.choice) for option in known[name].options]
    return say(
        "{choice} is none of {names}{hint}",
        choice=written(choice),
        names=", ".join(offered),
        hint=near_miss(written(choice), offered),
    )


def written(choice: Value) -> str:
    """A choice as it stands in a file."""
    match choice:
        case None:
            return "null"
        case bool():
            return str(choice).lower()
        case tuple():
            return f"[{', '.join(map(written, choice))}]"
        case _:
            return str(choice)


def in_every_case(level: Level) -> Iterator[Level]:
    """The level as it is written, then with the constants of each of its cases."""
    yield level
    for case in level.cases:
        yield in_case(level, case)


def in_case(level: Level, case: Case) -> Level:
    """The level with the constants of a case."""
    derived = put_in_place(level, case.settings)
    return dataclasses.replace(derived, case=case.name, win=case.win or level.win)


def put_in_place(level: Level, settings: Iterable[Setting]) -> Level:
    """The level with these things set. An option that the channel's kind does not have is let be: a slot may
    have changed the kind. Raises ValueError for options that do not go together."""
    wanted = {(setting.owner, setting.key): setting.thing for setting in settings}
    if not wanted:
        return level
    clerks = tuple(_clerk(clerk, wanted) for clerk in level.clerks if wanted.get((clerk.name, IN), True))
    if not any(clerk.started for clerk in clerks):
        raise ValueError(say("set so, nobody is started, and nothing will ever happen"))
    return dataclasses.replace(
        level,
        channels=tuple(_channel(channel, wanted) for channel in level.channels),
        clerks=clerks,
        cat=_cat(level, clerks, wanted),
    )


def _cat(level: Level, clerks: Iterable[Clerk], wanted: Mapping[tuple[str, str], Any]) -> Cat:
    names = {clerk.name for clerk in clerks}
    called_so = {channel.name for channel in level.channels} | {clerk.name for clerk in level.clerks}
    naps = level.cat.naps if CAT in called_so else wanted.get((CAT, NAPS), level.cat.naps)
    if not naps:
        return Cat()
    return Cat(naps, tuple(name for name in level.cat.may_nap_on if name in names))


def _channel(channel: Channel, wanted: Mapping[tuple[str, str], Any]) -> Channel:
    kind = channel.kind
    if (other := wanted.get((channel.name, KIND))) is not None and other is not type(kind):
        kind = turned_into(kind, other)
    changed = {
        name: wanted[channel.name, name] for name in option_names(kind) if (channel.name, name) in wanted
    }
    return dataclasses.replace(channel, kind=with_options(kind, changed))


def with_options(kind: Kind, changed: Mapping[str, Any]) -> Kind:
    """The kind with these options. Raises ValueError."""
    return dataclasses.replace(kind, **changed) if changed else kind  # type: ignore[type-var]


def _clerk(clerk: Clerk, wanted: Mapping[tuple[str, str], Any]) -> Clerk:
    gets: tuple[tuple[str, Handle | Value], ...] = tuple(
        (parameter, wanted.get((clerk.name, parameter), thing)) for parameter, thing in clerk.gets
    )
    return dataclasses.replace(clerk, gets=gets)
