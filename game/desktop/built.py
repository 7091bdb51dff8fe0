"""What the player of a build level has built so far, and how that changes: parts, and who is given them.

Values without drawing; every change makes a new one. A change the level does not allow raises `Cannot` with a
sentence. What the first lines of scripts then say is worked out here too, so that a clerk who is given
something can name it at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from game.channels.kind import Kind
from game.desktop.part_names import usual_name
from game.language import capital, say, say_many
from game.level.building import as_far_as_built, ends, handle_of, may_hold, new_part, not_allowed
from game.level.model import Answer, Building, Clerk, Level, Supply
from game.level.slots import KIND, with_choices
from game.problems import ProblemsFound
from game.request import Handle, Value
from game.world import System, build


class Cannot(Exception):
    """Why something cannot be built, in a sentence."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Built:
    """The parts and ways of an answer: see there."""

    parts: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    gets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.parts or self.gets)

    def part_of(self, clerk: str) -> Mapping[str, str]:
        """What a clerk is given besides what the level gives, by parameter."""
        return self.gets.get(clerk, {})


def answer_with(level: Level, built: Built) -> Answer:
    """An answer that does nothing but build."""
    return Answer(level.id, parts=built.parts, gets=built.gets)


def sound(level: Level, answer: Answer) -> Built:
    """What of an answer can stand in this level, part by part and way by way: the level may have changed
    since it was kept."""
    kept = Built()
    for name, part in answer.parts.items():
        tried = replace(kept, parts={**kept.parts, name: part})
        kept = kept if not_allowed(level, answer_with(level, tried)) else tried
    for clerk, gets in answer.gets.items():
        for parameter, target in gets.items():
            tried = _with_way(kept, clerk, parameter, target)
            kept = kept if not_allowed(level, answer_with(level, tried)) else tried
    return kept


def _with_way(built: Built, clerk: str, parameter: str, target: str) -> Built:
    return replace(built, gets={**built.gets, clerk: {**built.part_of(clerk), parameter: target}})


def _without_ways(built: Built, clerk: str, parameters: Sequence[str]) -> Built:
    left = {name: target for name, target in built.part_of(clerk).items() if name not in parameters}
    gets = {name: given for name, given in {**built.gets, clerk: left}.items() if given}
    return replace(built, gets=gets)


# -- parts --


def left_in_tray(building: Building, built: Built, supply: Supply) -> int:
    """How many more of this kind can be taken now."""
    taken = sum(part.get(KIND) == supply.kind.name for part in built.parts.values())
    return max(0, min(supply.most - taken, building.parts - len(built.parts)))


def with_part(level: Level, built: Built, supply: Supply) -> tuple[Built, str]:
    """With one more part out of the tray, and its name. Raises Cannot."""
    building = _building(level)
    if len(built.parts) >= building.parts:
        raise Cannot(
            say_many(
                "{count} part can be built here, not more.",
                "{count} parts can be built here, not more.",
                building.parts,
            )
        )
    if not left_in_tray(building, built, supply):
        raise Cannot(say("There is no {kind} left in the tray.", kind=supply.kind.name))
    name = _free_name(level, built, usual_name(supply.kind.name))
    part: dict[str, Value] = {KIND: supply.kind.name}
    part |= {key: values[0] for key, values in supply.options}
    return replace(built, parts={**built.parts, name: part}), name


def _free_name(level: Level, built: Built, wish: str) -> str:
    there = {channel.name for channel in level.channels} | {clerk.name for clerk in level.clerks}
    taken = there | {script.name for script in level.scripts} | set(built.parts)
    names = (f"{wish}{number or ''}" for number in (0, *range(2, 99)))
    return next(name for name in names if name not in taken)


def without_part(built: Built, name: str) -> Built:
    """Without a part, and with nobody who is given it."""
    left = replace(built, parts={one: part for one, part in built.parts.items() if one != name})
    for clerk, gets in built.gets.items():
        left = _without_ways(left, clerk, [one for one, to in gets.items() if handle_of(to).channel == name])
    return left


def with_option(level: Level, built: Built, name: str, option: str, value: Value) -> Built:
    """With a part set otherwise. Where it has other ends then, clerks hold the one at the same place."""
    before = ends(kind_of(level, built, name))
    changed = replace(built, parts={**built.parts, name: {**built.parts[name], option: value}})
    if wrong := not_allowed(level, answer_with(level, replace(changed, gets={}))):
        raise Cannot(say("{why}.", why=capital(wrong[0].message)))
    after = ends(kind_of(level, changed, name))
    if before == after:
        return changed
    gets: dict[str, Mapping[str, str]] = {}
    for clerk, given in changed.gets.items():
        gets[clerk] = {
            parameter: _moved(target, before, after) if handle_of(target).channel == name else target
            for parameter, target in given.items()
        }
    return replace(changed, gets=gets)


def _moved(target: str, before: Sequence[str], after: Sequence[str]) -> str:
    name, face = handle_of(target)
    end = after[min(before.index(face), len(after) - 1)] if face in before else after[0]
    return f"{name}.{end}" if end else name


def kind_of(level: Level, built: Built, name: str) -> Kind:
    """What a part is, set as it is."""
    part = built.parts[name]
    supply = _building(level).supply(str(part[KIND]))
    assert supply is not None, "a part comes out of the tray"
    return new_part(supply, {key: value for key, value in part.items() if key != KIND})


def _building(level: Level) -> Building:
    assert level.building is not None, "only in a build level is anything built"
    return level.building


def renamed(level: Level, built: Built, old: str, new: str) -> Built:
    """With a part called otherwise, by those clerks too who call it by its name. Raises Cannot."""
    if old == new:
        return built
    parts = {new if name == old else name: part for name, part in built.parts.items()}
    if len(parts) != len(built.parts):
        raise Cannot(say("There is a {name} already.", name=new))
    gets = {
        clerk: {_called(name, target, old, new): _led(target, old, new) for name, target in given.items()}
        for clerk, given in built.gets.items()
    }
    tried = Built(parts, gets)
    lost = any(len(gets[clerk]) != len(given) for clerk, given in built.gets.items())
    if lost or (wrong := not_allowed(level, answer_with(level, tried))):
        told = say("a clerk calls something else {name} already", name=new) if lost else wrong[0].message
        raise Cannot(say("{why}.", why=capital(told)))
    return tried


def _called(name: str, target: str, old: str, new: str) -> str:
    about = handle_of(target).channel == old and re.fullmatch(rf"{old}(_[a-z]+)?", name)
    return new + name[len(old) :] if about else name


def _led(target: str, old: str, new: str) -> str:
    name, face = handle_of(target)
    return target if name != old else f"{new}.{face}" if face else new


def new_names(before: Built, after: Built, clerk: str) -> dict[str, str]:
    """What a clerk's parameters are called now that were called otherwise; {} where more has changed than
    the name of a part."""
    was, now = before.part_of(clerk), after.part_of(clerk)
    only_names = list(before.parts.values()) == list(after.parts.values()) and len(was) == len(now)
    if not only_names or list(before.parts) == list(after.parts):
        return {}
    parts = dict(zip(before.parts, after.parts, strict=True))
    same = all(
        handle_of(one).face == handle_of(other).face
        and handle_of(other).channel == parts.get(handle_of(one).channel, handle_of(one).channel)
        for one, other in zip(was.values(), now.values(), strict=True)
    )
    if not same:
        return {}
    return {one: other for one, other in zip(was, now, strict=True) if one != other}


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A script in which these names are others, but for what stands in quotes and in comments."""
    if not names:
        return text
    known = "|".join(map(re.escape, names))
    spots = re.compile(rf"""("[^"\n]*"|'[^'\n]*'|\#[^\n]*)|(?<![\w.])({known})(?!\w)""")
    return spots.sub(lambda found: found[1] or names[found[2]], text)


# -- ways --


def targets_for(level: Level, built: Built, clerk: str) -> tuple[str, ...]:
    """Everything this clerk may be given, or is given already besides what the level gives: `tube.r`."""
    building = _building(level)
    who = next(one for one in level.clerks if one.name == clerk)
    if not level.script(who.script).editable:
        return ()
    held = {thing for _, thing in who.gets if isinstance(thing, Handle)}
    channels = [(channel.name, channel.kind, False) for channel in level.channels]
    channels += [(name, kind_of(level, built, name), True) for name in built.parts]
    return tuple(
        f"{name}.{face}" if face else name
        for name, kind, is_built in channels
        for face in ends(kind)
        if may_hold(building, clerk, name, kind, face, built=is_built) and Handle(name, face) not in held
    )


def parameter_for(built: Built, clerk: str, target: str) -> str:
    """The parameter by which a clerk is given this; "" when it is not."""
    return next((name for name, held in built.part_of(clerk).items() if held == target), "")


def with_way(level: Level, built: Built, clerk: str, target: str, parameter: str = "") -> Built:
    """With something given to a clerk. Raises Cannot. Where no parameter is said, it is named after the
    channel, or as others with the same script call the like of it. What this clerk had under that name gets
    the name that becomes free, or is taken from it."""
    before = parameter_for(built, clerk, target)
    if before and parameter in ("", before):
        return built
    parameter = parameter or _parameter(level, built, clerk, target)
    gets = dict(built.part_of(clerk))
    displaced = gets.pop(parameter, "")
    gets.pop(before, "")
    if before and displaced:
        gets[before] = displaced
    tried = replace(built, gets={**built.gets, clerk: {**gets, parameter: target}})
    if wrong := not_allowed(level, answer_with(level, tried)):
        raise Cannot(say("{why}.", why=capital(wrong[0].message)))
    return tried


def without_way(built: Built, clerk: str, target: str) -> Built:
    """With something taken from a clerk again."""
    return _without_ways(built, clerk, [parameter_for(built, clerk, target)])


def _parameter(level: Level, built: Built, clerk: str, target: str) -> str:
    own = next(one for one in level.clerks if one.name == clerk)
    fellows = [one for one in level.clerks if one.script == own.script and one.name != clerk]
    has = built.part_of(clerk)
    lacking = [
        (name, held)
        for fellow in fellows
        for name, held in built.part_of(fellow.name).items()
        if name not in has
    ]
    for name, held in lacking:
        if held == target:
            return name
    for name, held in lacking:
        if _sort(level, built, held) == _sort(level, built, target):
            return name
    channel, face = handle_of(target)
    taken = {name for name, _ in own.gets} | set(has)
    taken |= {name for fellow in fellows for name in built.part_of(fellow.name)}
    wishes = (channel, f"{channel}_{face}" if face else channel, *(f"{channel}{n}" for n in range(2, 99)))
    return next(name for name in wishes if name not in taken)


def has_fellows(level: Level, clerk: str) -> bool:
    """Whether others work by the same script."""
    script = next(one.script for one in level.clerks if one.name == clerk)
    return sum(one.script == script for one in level.clerks) > 1


def names_for(level: Level, built: Built, clerk: str, target: str) -> tuple[str, ...]:
    """The names by which a clerk could be given this: those its fellows are given things of the kind by,
    and one that nobody has yet."""
    own = next(one for one in level.clerks if one.name == clerk)
    sort = _sort(level, built, target)
    known = [
        name
        for fellow in level.clerks
        if fellow.script == own.script
        for name, held in built.part_of(fellow.name).items()
        if _sort(level, built, held) == sort
    ]
    taken = set(parameters(level, built, own.script))
    wish = handle_of(target).channel.rstrip("0123456789")
    fresh = next(name for n in (0, *range(2, 99)) if (name := f"{wish}{n or ''}") not in taken)
    return tuple(dict.fromkeys((*known, fresh)))


def _sort(level: Level, built: Built, target: str) -> tuple[str, str]:
    """What kind of channel this is, and which end of it."""
    name, face = handle_of(target)
    if name in built.parts:
        return str(built.parts[name][KIND]), face
    kind = next((channel.kind.name for channel in level.channels if channel.name == name), "")
    return kind, face


# -- what scripts say first --


def parameters(level: Level, built: Built, script: str) -> tuple[str, ...]:
    """What a script's first line names: what the level gives, then what anybody who works by it is given."""
    users = [clerk for clerk in level.clerks if clerk.script == script]
    given = [name for clerk in users for name, _ in clerk.gets]
    more = [name for clerk in users for name in built.part_of(clerk.name)]
    return tuple(dict.fromkeys((*given, *more)))


def headed(text: str, script: str, before: Sequence[str], after: Sequence[str]) -> str:
    """A script's text with what is new in its first line, and without what is gone. What its author wrote
    there besides stays; a text without that line stays as it is."""
    head = re.compile(rf"^(def\s+{re.escape(script)}\s*)\(([^)]*)\)", re.MULTILINE)
    found = head.search(text)
    if found is None or tuple(before) == tuple(after):
        return text
    names = [name for one in found[2].split(",") if (name := one.strip())]
    strange = [name for name in names if name not in before and name not in after]
    if [name for name in names if name in before] == list(before):
        names = [*after, *strange]
    else:  # somebody has put them otherwise, and means it
        names = [name for name in names if name in after or name in strange]
        names += [name for name in after if name not in names and name not in before]
    return f"{text[: found.start()]}{found[1]}({', '.join(names)}){text[found.end() :]}"


# -- an office that is not finished --


def sketch(level: Level, answer: Answer) -> System | None:
    """The office as far as it is built, its scripts left out: to look at while they cannot be read."""
    try:
        shown = as_far_as_built(with_choices(level, answer.choices), answer)
        shown = replace(shown, clerks=_alike(shown.clerks))
        idle = tuple(
            replace(
                script, text=f"def {script.name}({', '.join(_names(shown.clerks, script.name))}):\n    pass\n"
            )
            for script in shown.scripts
        )
        return build(replace(shown, scripts=idle), Answer(level.id))
    except ProblemsFound:
        return None


def _names(clerks: Sequence[Clerk], script: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for clerk in clerks if clerk.script == script for name, _ in clerk.gets))


def _alike(clerks: Sequence[Clerk]) -> tuple[Clerk, ...]:
    """Who is not given yet what others with the same script are has nothing in its place."""
    return tuple(
        replace(
            clerk,
            gets=(
                *clerk.gets,
                *((name, None) for name in _names(clerks, clerk.script) if name not in dict(clerk.gets)),
            ),
        )
        for clerk in clerks
    )
