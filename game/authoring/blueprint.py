"""An office somebody builds from nothing: channels, clerks, who is given what, scripts, a goal.

A Blueprint is a value, and may be unfinished; every change makes a new one, so that a Drafting can take any
of them back. As a level file it is a level like every other: to play it is to write its scripts again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from game.language import say
from game.level.marked import load_marked
from game.level.reader import read_level_text
from game.plugins import Registry
from game.problems import Place, Problem, ProblemsFound
from game.undoing import Undoing

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,19}")
OBJECTIVE: Final = "Make it work in every wind."
STORY: Final = "An office built by hand."
"""What is to be done in an office nobody has told about, and what Joyn says of it."""
_THINGS: Final = ("log", "bag")
"""The goals that list things, not names."""
_BUILT: Final = {"id", "title", "objective", "mode", "channels", "clerks", "scripts", "win", "answers"}
"""What a blueprint says by itself."""
_MORE: Final = {"slots", "cases"}
"""What a level may have and a blueprint may not."""
_HEAD: Final = re.compile(r"^def\s+\w+\s*\([^)]*\)\s*:", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """A channel: its kind by name, and the options that are not as usual."""

    name: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Hand:
    """A clerk with a script of its own name. `gets` says for each parameter which channel, or which face of
    one (`tube.a`), it is given; `told` what the parameters after these are: a number, a list, {text: tea},
    as a level file has it."""

    name: str
    script: str
    gets: tuple[tuple[str, str], ...] = ()
    told: tuple[tuple[str, Any], ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(name for name, _ in (*self.gets, *self.told))


@dataclass(frozen=True)
class Blueprint:
    """An office. `rest` is what else its level file says (a story, hints, stars), as it stands there."""

    title: str = "An office of my own"
    objective: str = OBJECTIVE
    channels: tuple[Part, ...] = ()
    clerks: tuple[Hand, ...] = ()
    win: Mapping[str, Any] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)

    def channel(self, name: str) -> Part:
        return next(part for part in self.channels if part.name == name)

    def clerk(self, name: str) -> Hand:
        return next(hand for hand in self.clerks if hand.name == name)

    def free_name(self, wish: str) -> str:
        """The name wished for, or the next like it that nothing else has."""
        taken = {part.name for part in self.channels} | {hand.name for hand in self.clerks}
        names = (f"{wish}{number or ''}" for number in (0, *range(2, 1_000)))
        return next(name for name in names if name not in taken)

    def with_channel(self, name: str, kind: str, options: Mapping[str, Any] | None = None) -> Blueprint:
        """One more channel. Raises ValueError for a name that is taken, or none."""
        self._must_be_free(name)
        return replace(self, channels=(*self.channels, Part(name, kind, dict(options or {}))))

    def with_options(self, name: str, options: Mapping[str, Any]) -> Blueprint:
        """The channel with other options."""
        changed = replace(self.channel(name), options=dict(options))
        return replace(self, channels=tuple(changed if one.name == name else one for one in self.channels))

    def without_channel(self, name: str) -> Blueprint:
        """Without a channel, and with nobody who is given it."""
        left = self
        for hand in self.clerks:
            for parameter, target in hand.gets:
                if target.partition(".")[0] == name:
                    left = left.unwired(hand.name, parameter)
        channels = tuple(one for one in self.channels if one.name != name)
        return replace(left, channels=channels, win=_goals_with(self.win, name, None))

    @property
    def cat(self) -> tuple[str, ...]:
        """The clerks on whom the cat may nap."""
        return tuple(self.rest.get("cat", {}).get("may_nap_on", ()))

    @property
    def naps(self) -> int:
        """How many clerks the cat may nap on in one run."""
        return int(self.rest.get("cat", {}).get("naps", 1))

    def with_cat(self, clerks: Iterable[str], naps: int = 1) -> Blueprint:
        """With the cat in the office, who may nap on these; with none, without her."""
        names = [one.name for one in self.clerks if one.name in set(clerks)]
        return self.saying("cat", {"naps": min(naps, 8), "may_nap_on": names} if names else None)

    def saying(self, key: str, said: Any) -> Blueprint:
        """With something else under a key of its level file that is nothing built, such as `story`; None to
        have it as usual."""
        rest = {one: other for one, other in self.rest.items() if one != key}
        return replace(self, rest=rest if said is None else {**rest, key: said})

    def with_clerk(self, name: str) -> Blueprint:
        """One more clerk, with a script that does nothing yet. Raises ValueError as `with_channel`."""
        self._must_be_free(name)
        return replace(self, clerks=(*self.clerks, Hand(name, f"def {name}():\n    pass\n")))

    def without_clerk(self, name: str) -> Blueprint:
        clerks = tuple(one for one in self.clerks if one.name != name)
        left = replace(self, clerks=clerks, win=_goals_with(self.win, name, None))
        return left.with_cat(self.cat, self.naps) if self.cat else left

    def renamed(self, name: str, wish: str) -> Blueprint:
        """A channel or a clerk under another name, in the goal, in every wire and in the scripts too: there a
        parameter that was named after a channel follows it. Raises ValueError as `with_channel`."""
        if name == wish:
            return self
        self._must_be_free(wish)
        channels = tuple(replace(one, name=wish) if one.name == name else one for one in self.channels)
        clerks = tuple(_rewired(one, name, wish) for one in self.clerks)
        other = replace(self, channels=channels, clerks=clerks, win=_goals_with(self.win, name, wish))
        if "wrong" in self.rest:
            other = other.saying(
                "wrong", [_wrong_with(one, self.clerks, name, wish) for one in self.rest["wrong"]]
            )
        napped = [wish if one == name else one for one in self.cat]
        return other.with_cat(napped, self.naps) if napped else other

    def wired(self, clerk: str, target: str) -> Blueprint:
        """The clerk is given a channel, or a face of one: as a parameter named after it, which its script's
        first line names too. Given once already, nothing changes."""
        hand = self.clerk(clerk)
        if any(one == target for _, one in hand.gets):
            return self
        wish = target.replace(".", "_")
        taken = set(hand.parameters)
        parameter = next(name for name in (wish, *(f"{wish}{n}" for n in range(2, 99))) if name not in taken)
        return self._given(replace(hand, gets=(*hand.gets, (parameter, target))))

    def unwired(self, clerk: str, parameter: str) -> Blueprint:
        hand = self.clerk(clerk)
        return self._given(replace(hand, gets=tuple(pair for pair in hand.gets if pair[0] != parameter)))

    def telling(self, clerk: str, told: Mapping[str, Any]) -> Blueprint:
        """The clerk is told these besides, by parameter, as a level file has them."""
        return self._given(replace(self.clerk(clerk), told=tuple(told.items())))

    def written(self, clerk: str, script: str) -> Blueprint:
        """With another script for a clerk."""
        return self._with_hand(replace(self.clerk(clerk), script=script))

    def aiming(self, win: Mapping[str, Any]) -> Blueprint:
        """With another goal, as a level file writes it: {"log": ["tea"]}."""
        return replace(self, win=dict(win))

    def _must_be_free(self, name: str) -> None:
        if not NAME.fullmatch(name):
            raise ValueError(
                say("{name!r} is no name: small letters, digits and _, a letter first", name=name)
            )
        if self.free_name(name) != name:
            raise ValueError(say("{name!r} is there already", name=name))

    def _given(self, hand: Hand) -> Blueprint:
        """With the clerk, its script's first line naming what it is given."""
        head = f"def {hand.name}({', '.join(hand.parameters)}):"
        own = re.compile(rf"^def\s+{hand.name}\s*\([^)]*\)\s*:", re.MULTILINE)
        return self._with_hand(replace(hand, script=own.sub(head, hand.script, count=1)))

    def _with_hand(self, hand: Hand) -> Blueprint:
        return replace(self, clerks=tuple(hand if one.name == hand.name else one for one in self.clerks))


def _rewired(hand: Hand, name: str, wish: str) -> Hand:
    """A clerk's part in a renaming."""
    old, gets, words = hand, [], {}
    if hand.name == name:
        words[name] = wish
    for parameter, target in hand.gets:
        channel, dot, face = target.partition(".")
        if channel == name:
            new = f"{wish}{dot}{face}"
            if parameter == target.replace(".", "_") and not _says(hand.script, new.replace(".", "_")):
                words[parameter] = parameter = new.replace(".", "_")
            target = new
        gets.append((parameter, target))
    script = hand.script
    for word, other in words.items():
        script = re.sub(rf"(?<![\w.]){word}(?!\w)", other, script)
    return Hand(wish if old.name == name else old.name, script, tuple(gets), old.told)


def _wrong_with(wrong: Mapping[str, Any], clerks: tuple[Hand, ...], name: str, wish: str) -> dict[str, Any]:
    """A wrong answer its author wrote, in a renaming."""
    scripts = dict(wrong.get("scripts", {}))
    now = [_rewired(replace(one, script=scripts.get(one.name, "")), name, wish) for one in clerks]
    old = [one.name for one in clerks]
    return {**wrong, "scripts": {
        hand.name: hand.script for was, hand in zip(old, now, strict=True) if was in scripts
    }}  # fmt: skip


def _says(script: str, word: str) -> bool:
    return re.search(rf"(?<![\w.]){word}(?!\w)", script) is not None


def _goals_with(win: Mapping[str, Any], name: str, wish: str | None) -> Mapping[str, Any]:
    """The goals with another name for a channel or a clerk, or without it; a goal that spoke of nothing else
    goes. What is to be delivered is no name."""
    found: dict[str, Any] = {}
    for goal, raw in win.items():
        changed = raw
        if goal not in _THINGS and isinstance(raw, dict):
            changed = {wish if key == name else key: one for key, one in raw.items() if wish or key != name}
        elif goal not in _THINGS and isinstance(raw, list):
            changed = [wish if one == name else one for one in raw if wish or one != name]
        if changed or not raw or goal == "left_over":
            found[goal] = changed
    return found or ({"left_over": []} if win else {})


Places = Mapping[tuple[str, str], tuple[float, float]]
"""Where things were put, as shares of a board, by ("clerk", name) or ("channel", name)."""


class Drafting:
    """A blueprint under way, and where its things were put; both can be taken back. No file says where things
    stand, but to take back a change is to put them back too."""

    def __init__(self, blueprint: Blueprint, places: Places | None = None) -> None:
        self._steps: Undoing[tuple[Blueprint, Places]] = Undoing((blueprint, dict(places or {})))

    @property
    def now(self) -> Blueprint:
        return self._steps.value[0]

    @property
    def places(self) -> Places:
        return self._steps.value[1]

    @property
    def can_undo(self) -> bool:
        return self._steps.can_undo

    @property
    def can_redo(self) -> bool:
        return self._steps.can_redo

    def change(self, blueprint: Blueprint, merging: str = "", places: Places | None = None) -> bool:
        """Have it so, its things put there or where they are; False when it is so already. `merging` as in
        Undoing."""
        blueprint = self.now if blueprint == self.now else blueprint  # the same one, for who looks by `is`
        return self._steps.change((blueprint, self.places if places is None else dict(places)), merging)

    def undo(self) -> bool:
        """One change back; False at the first."""
        return self._steps.undo()

    def redo(self) -> bool:
        return self._steps.redo()


def level_text(blueprint: Blueprint, id: str, *, lazy: str = "", expect: str = "wrong result") -> str:
    """The blueprint as a level file: its scripts are the reference, and what the player is given are their
    first lines. What is not finished yet is what `read_level_text` complains of. In the wrong answer one
    clerk, the first unless another is named, goes straight home, and the office fails as it is expected."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Texts of several lines stand as they are."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    done = {one.name: one.script for one in blueprint.clerks if one.script != _stub(one.script)}
    lazy = lazy or next((one.name for one in blueprint.clerks), "nobody")
    idle = {one.name: lazy_script(one.script) for one in blueprint.clerks if one.name == lazy}
    plain: dict[str, Any] = {
        "id": id,
        "title": blueprint.title,
        "mode": "code",
        "story": STORY,
        "objective": blueprint.objective,
        "teaches": ["building"],
        "channels": {one.name: {"kind": one.kind, **one.options} for one in blueprint.channels},
        "clerks": {
            one.name: {"script": one.name, "gets": {**dict(one.gets), **dict(one.told)}}
            for one in blueprint.clerks
        },
        "scripts": {one.name: _stub(one.script) for one in blueprint.clerks},
        "win": dict(blueprint.win),
        "hints": ["Look at what each clerk is given."],
        "answers": {
            "reference": {"scripts": done},
            "wrong": [
                {"name": f"{lazy}-goes-home".replace("_", "-"), "expect": expect, "scripts": {**done, **idle}}
            ],
        },
    }
    plain |= {key: one for key, one in blueprint.rest.items() if key != "wrong"}
    if "wrong" in blueprint.rest:
        plain["answers"]["wrong"] = blueprint.rest["wrong"]
    return yaml.dump(plain, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)


def _stub(script: str) -> str:
    """What the player is given of a script: its first line, and nothing done."""
    return _only(script, "pass")


def lazy_script(script: str) -> str:
    """The script of a clerk who goes straight home."""
    return _only(script, "return")


def _only(script: str, deed: str) -> str:
    heads = list(_HEAD.finditer(script))
    return f"{heads[-1].group()}\n    {deed}\n" if heads else script


def read_blueprint(text: str, file: str, registry: Registry, *, unfinished: bool = False) -> Blueprint:
    """The office a level file describes, with its reference's scripts. Raises ProblemsFound for a file that
    is no level, or one that says more than a blueprint can. `unfinished` takes one that `level_text` wrote of
    an office still without clerks, scripts or a goal."""
    try:
        read_level_text(text, file, registry)
    except ProblemsFound as found:
        whats = {problem.path.partition(".")[0] for problem in found.problems}
        if not unfinished or not whats <= {"clerks", "scripts", "win", "answers"}:
            raise
    try:
        return _blueprint(load_marked(text, file).data, file)
    except (KeyError, TypeError, AttributeError) as error:
        raise ProblemsFound(
            [Problem(Place(file), "", say("this is no office that was built here"))]
        ) from error


def _blueprint(data: dict[str, Any], file: str) -> Blueprint:
    clerks = []
    reference = data["answers"]["reference"].get("scripts", {})
    for name, entry in data["clerks"].items():
        plain = entry.keys() <= {"script", "gets"} and entry["script"] == name
        gets = entry.get("gets", {})
        if not plain or any(isinstance(one, str) and one.startswith("@") for one in gets.values()):
            what = "here each clerk has a script of its own name, and is given no other clerk"
            raise ProblemsFound([Problem(Place(file), f"clerks.{name}", what)])
        given = data["scripts"][name]
        script = reference.get(name, given if isinstance(given, str) else given["text"])
        wires = tuple((key, one) for key, one in gets.items() if isinstance(one, str))
        told = tuple((key, one) for key, one in gets.items() if not isinstance(one, str))
        clerks.append(Hand(name, script, wires, told))
    if data["mode"] != "code":
        raise ProblemsFound(
            [Problem(Place(file), "mode", say("only levels of the mode code are built here"))]
        )
    for key in _MORE & data.keys():
        raise ProblemsFound([Problem(Place(file), key, say("{key!r} is more than is built here", key=key))])
    channels = tuple(
        Part(name, entry["kind"], {key: value for key, value in entry.items() if key != "kind"})
        for name, entry in data.get("channels", {}).items()
    )
    found = Blueprint(data["title"], data["objective"], channels, tuple(clerks), data["win"])
    return replace(found, rest=_rest(found, data, file))


def _rest(blueprint: Blueprint, data: dict[str, Any], file: str) -> dict[str, Any]:
    """What a file says besides what the blueprint would."""
    usual = load_marked(level_text(blueprint, data["id"]), "").data
    rest = {key: one for key, one in data.items() if key not in _BUILT and usual.get(key) != one}
    wrong = data["answers"].get("wrong", [])
    if [one["name"] for one in wrong] != [one["name"] for one in usual["answers"]["wrong"]] and not (
        len(wrong) == 1 and str(wrong[0]["name"]).endswith("-goes-home")
    ):
        rest["wrong"] = wrong
    if data["id"] != Path(file).stem:
        rest["id"] = data["id"]
    return rest
