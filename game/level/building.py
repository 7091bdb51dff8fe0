"""What a player builds, put in place: channels out of the level's tray, and who is given them.

Another level comes of it, in which what was built is like everything else; nobody downstream has to know.
What the level does not allow is refused with a sentence and the place in the answer.
"""

from __future__ import annotations

import dataclasses
import keyword
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from game.channels.kind import Kind
from game.language import joined, listed, say, say_many
from game.level.model import Answer, Building, Channel, Clerk, Level, Supply
from game.level.slots import KIND, written
from game.problems import Place, Problem, ProblemsFound, near_miss
from game.request import DESK, Handle, Value

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,29}")
ANSWER: Final = Place("answer")


class Fault(NamedTuple):
    """Something in an answer that the level does not allow: where in it (at the `key` or the `value`), and
    why not."""

    path: tuple[str, ...]
    message: str
    at: str = "value"


def ends(kind: Kind) -> tuple[str, ...]:
    """The faces a clerk can be given of such a channel, "" for the channel itself. Those that a script gets
    by asking (`tally.get_lock()`) are not handed over by themselves."""
    faces = kind.open_faces()
    views = {view for face in faces.values() for _, view in face.views}
    return tuple(face for face in faces if face not in views)


def handle_of(target: str) -> Handle:
    """What `tube.a` or `belt` stands for."""
    name, _, face = target.partition(".")
    return Handle(name, face)


def is_name(word: str) -> bool:
    """Whether a channel or a parameter can be called so."""
    return bool(NAME.fullmatch(word)) and not keyword.iskeyword(word) and word not in (DESK, "deliver")


def with_parts(level: Level, answer: Answer) -> Level:
    """The level with what the answer builds in it. Raises ProblemsFound for what the level does not allow."""
    if not answer.parts and not answer.gets:
        return level
    problems = [Problem(ANSWER, ".".join(path), message) for path, message, _ in faults(level, answer)]
    if problems:
        raise ProblemsFound(problems)
    return as_far_as_built(level, answer)


def as_far_as_built(level: Level, answer: Answer) -> Level:
    """The level with whatever of the answer can be put in place: what to draw of an office that is not
    finished."""
    if level.building is None:
        return level
    channels = [*level.channels]
    for name, plain in answer.parts.items():
        kind, _ = _made(level.building, name, plain)
        if kind is not None and all(channel.name != name for channel in channels):
            channels.append(Channel(name, kind, ANSWER))
    faces = {(channel.name, face) for channel in channels for face in ends(channel.kind)}
    return dataclasses.replace(
        level,
        channels=tuple(channels),
        clerks=tuple(_given(clerk, answer.gets.get(clerk.name, {}), faces) for clerk in level.clerks),
    )


def _given(clerk: Clerk, gets: Mapping[str, str], faces: set[tuple[str, str]]) -> Clerk:
    known = {parameter for parameter, _ in clerk.gets}
    more = tuple(
        (parameter, handle_of(target))
        for parameter, target in gets.items()
        if parameter not in known and tuple(handle_of(target)) in faces
    )
    return dataclasses.replace(clerk, gets=(*clerk.gets, *more)) if more else clerk


def faults(level: Level, answer: Answer) -> list[Fault]:
    """Everything wrong with what an answer builds."""
    return [*not_allowed(level, answer), *unlike(level, answer)]


def not_allowed(level: Level, answer: Answer) -> list[Fault]:
    """What the level does not allow, finished or not."""
    building = level.building
    if building is None:
        return [
            Fault((key,), say("nothing can be built in this level"), "key")
            for key, built in (("parts", answer.parts), ("gets", answer.gets))
            if built
        ]
    found = list(_part_faults(level, building, answer.parts))
    for clerk, gets in answer.gets.items():
        found += _way_faults(level, building, answer, clerk, gets)
    ways = sum(map(len, answer.gets.values()))
    if building.ways is not None and ways > building.ways:
        many = say_many(
            "clerks can be given {count} thing besides here, and these are {ways}",
            "clerks can be given {count} things besides here, and these are {ways}",
            building.ways,
            ways=ways,
        )
        found.append(Fault(("gets",), many, "key"))
    return found


def _part_faults(
    level: Level, building: Building, parts: Mapping[str, Mapping[str, Value]]
) -> Iterator[Fault]:
    taken = {channel.name for channel in level.channels} | {clerk.name for clerk in level.clerks}
    for name, plain in parts.items():
        if not is_name(name):
            no = say("{name!r} is no name; write small letters, digits and _, a letter first", name=name)
            yield Fault(("parts", name), no, "key")
        elif name in taken:
            yield Fault(
                ("parts", name), say("{name!r} is there already; take another name", name=name), "key"
            )
        _, wrong = _made(building, name, plain)
        yield from wrong
    if len(parts) > building.parts:
        many = say_many(
            "{count} part can be built here, and these are {parts}",
            "{count} parts can be built here, and these are {parts}",
            building.parts,
            parts=len(parts),
        )
        yield Fault(("parts",), many, "key")
    for kind, number in Counter(str(plain.get(KIND)) for plain in parts.values()).items():
        supply = building.supply(kind)
        if supply is not None and supply.most < building.parts and number > supply.most:
            many = say_many(
                "there is {count} {kind} in the tray, and these are {number}",
                "there are {count} of the kind {kind} in the tray, and these are {number}",
                supply.most,
                kind=kind,
                number=number,
            )
            yield Fault(("parts",), many, "key")


def _made(building: Building, name: str, plain: Mapping[str, Value]) -> tuple[Kind | None, list[Fault]]:
    """The kind of a part, its options set; None, with what is wrong, when that cannot be."""
    word = plain.get(KIND)
    path = ("parts", name)
    supply = building.supply(word) if isinstance(word, str) else None
    if supply is None:
        offered = [one.kind.name for one in building.tray]
        if KIND not in plain:
            return None, [Fault(path, say("the key {key!r} is missing", key=KIND))]
        hint = near_miss(str(word), offered) or say("; there are {names}", names=", ".join(offered))
        none = say("there is no {kind} in the tray{hint}", kind=written(word), hint=hint)
        return None, [Fault((*path, KIND), none)]
    wrong = []
    for key, value in plain.items():
        if key != KIND and (no := _no_option(supply, key, value)):
            wrong.append(Fault((*path, key), no, "value" if key in dict(supply.options) else "key"))
    if wrong:
        return None, wrong
    try:
        return new_part(supply, {key: value for key, value in plain.items() if key != KIND}), []
    except (TypeError, ValueError) as error:
        return None, [Fault(path, str(error))]


def new_part(supply: Supply, options: Mapping[str, Value]) -> Kind:
    """A part out of the tray with these options, the others as they come. Raises ValueError."""
    first: dict[str, Any] = {key: values[0] for key, values in supply.options}
    return supply.kind(**{**first, **options})


def _no_option(supply: Supply, key: str, value: Value) -> str:
    """Why a part cannot be set so; "" when it can."""
    known = dict(supply.options)
    if key not in known:
        there = say_many("; there is {names}", "; there are {names}", len(known), names=listed([*known]))
        hint = near_miss(key, known) or (there if known else "")
        return say("{key} of a {kind} cannot be set here{hint}", key=key, kind=supply.kind.name, hint=hint)
    if repr(value) in map(repr, known[key]):
        return ""
    offered = ", ".join(map(written, known[key]))
    return say("{value} is none of {offered}", value=written(value), offered=offered)


def _way_faults(
    level: Level, building: Building, answer: Answer, name: str, gets: Mapping[str, str]
) -> Iterator[Fault]:
    clerk = next((one for one in level.clerks if one.name == name), None)
    path = ("gets", name)
    if clerk is None:
        there = near_miss(name, [one.name for one in level.clerks])
        yield Fault(path, say("there is no clerk {name!r}{hint}", name=name, hint=there), "key")
        return
    if not level.script(clerk.script).editable:
        why = say("{clerk} works by a script that is not yours, and is given nothing more", clerk=name)
        yield Fault(path, why, "key")
        return
    given = dict(clerk.gets)
    held: set[Handle | Value] = {thing for thing in given.values() if isinstance(thing, Handle)}
    for parameter, target in gets.items():
        here = (*path, parameter)
        if not is_name(parameter):
            no = say("{name!r} is no name; write small letters, digits and _, a letter first", name=parameter)
            yield Fault(here, no, "key")
        elif parameter in given:
            no = say("{clerk} gets {name!r} from the level; take another name", clerk=name, name=parameter)
            yield Fault(here, no, "key")
        if refused := _no_way(level, building, answer, name, target):
            yield Fault(here, refused)
        elif handle_of(target) in held:
            yield Fault(here, say("{clerk} has {target} already", clerk=name, target=target))
        held.add(handle_of(target))


def _no_way(level: Level, building: Building, answer: Answer, clerk: str, target: str) -> str:
    """Why a clerk cannot be given this; "" when it can."""
    name, face = handle_of(target)
    channels = {channel.name: channel.kind for channel in level.channels}
    built = name in answer.parts and name not in channels
    kind = _made(building, name, answer.parts[name])[0] if built else channels.get(name)
    if kind is None:
        if built:
            return ""  # what is wrong with the part is told there
        miss = near_miss(name, [*channels, *answer.parts])
        return say("there is no channel {name!r}{hint}", name=name, hint=miss)
    known = ends(kind)
    if face not in known:
        faces = listed([f"{name}.{end}" if end else name for end in known])
        return say(
            "{target} is no end of the {kind} {name}; there is {ends}",
            target=target,
            kind=kind.name,
            name=name,
            ends=faces,
        )
    if not may_hold(building, clerk, name, kind, face, built=built):
        mine = None if building.wires is None else building.wires.get(clerk, ())
        if mine is None:
            return say("the level gives {name} to those who need it", name=name)
        if not mine:
            return say("{clerk} can be given nothing more", clerk=clerk)
        what = joined(", ", mine)
        return say("{clerk} can be given {what}, not {target}", clerk=clerk, what=what, target=target)
    return ""


def may_hold(building: Building, clerk: str, channel: str, kind: Kind, face: str, *, built: bool) -> bool:
    """Whether the level lets this clerk be given this face of a channel, which is `built` or the level's."""
    if building.wires is None:
        return built
    of = kind.name if built else channel
    return any(wire in (of, f"{of}.{face}") for wire in building.wires.get(clerk, ()))


def unlike(level: Level, answer: Answer) -> Iterator[Fault]:
    """Clerks who are not given yet what others with their script are."""
    for script in dict.fromkeys(clerk.script for clerk in level.clerks):
        users = [clerk.name for clerk in level.clerks if clerk.script == script]
        for parameter, holder in _first_holders(answer, users).items():
            for name in users:
                if parameter not in answer.gets.get(name, {}):
                    why = say(
                        "{clerk} works by the script {script} too, and is not given {parameter!r} "
                        "as {other} is",
                        clerk=name,
                        script=script,
                        parameter=parameter,
                        other=holder,
                    )
                    yield Fault(("gets", name), why, "key")


def _first_holders(answer: Answer, users: Sequence[str]) -> dict[str, str]:
    """For each parameter that any of these clerks is given, the first of them."""
    found: dict[str, str] = {}
    for name in users:
        for parameter in answer.gets.get(name, {}):
            found.setdefault(parameter, name)
    return found
