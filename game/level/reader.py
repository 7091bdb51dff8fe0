"""Files people write → a Level or an Answer, with everything in them checked.

The shape is checked by the models in `document`, what the parts mean to each other here. Whatever is wrong
is found in one reading and raised as ProblemsFound, each problem at its line and column.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from game.channels.kind import Kind
from game.goals import FAILURES, Fails, Goal, as_value
from game.language import say, say_many
from game.level.building import ends, faults
from game.level.knobs import Knobs
from game.level.marked import Marked, Path_, load_marked, read_bytes, show
from game.level.model import (
    PLACES,
    Answer,
    Building,
    Callout,
    Cat,
    Channel,
    Clerk,
    Level,
    Limits,
    Mode,
    RealRun,
    Script,
    Slot,
    Supply,
    WrongAnswer,
)
from game.level.reading import Reading, sentence_of, tuples
from game.level.slots import option_names, refusal
from game.problems import Place, near_miss
from game.request import DESK, Handle, Value
from game.trace import parse_wind

if TYPE_CHECKING:  # pydantic costs a third of a second; it is imported when the first file is read
    from game.level.document import (
        AnswerDocument,
        ClerkDocument,
        LevelDocument,
        ReferenceDocument,
    )
    from game.plugins import Registry

EDITABLE_MODES: Final = ("code", "fix", "parsons", "build")
"""Modes in which a script written as plain text is the player's to change."""


def read_level(path: Path, registry: Registry) -> Level:
    """The level in a file. Raises ProblemsFound with everything that is wrong with it."""
    return read_level_text(read_bytes(path), str(path), registry)


def read_level_text(text: bytes | str, file: str, registry: Registry) -> Level:
    """The level in a text; `file` is what problems call it. Raises ProblemsFound."""
    return _LevelReading(load_marked(text, file), registry).level()


def read_answer(path: Path, level: Level | None) -> Answer:
    """The answer in a file, checked against its level when that is given. Raises ProblemsFound."""
    return read_answer_text(read_bytes(path), str(path), level)


def read_answer_text(text: bytes | str, file: str, level: Level | None) -> Answer:
    """The answer in a text; `file` is what problems call it. Raises ProblemsFound."""
    from game.level.document import AnswerDocument

    reading = Reading(load_marked(text, file))
    document = reading.shape(AnswerDocument)
    if level is not None and document is not None:
        _fit_answer(reading, document, level)
    for slot, raw in reading.mapping("choices").items():
        reading.value(("choices", slot), raw)
    _part_values(reading, ())
    reading.stop_if_wrong()
    assert document is not None
    answer = _answer(document.level, document)
    if level is not None:
        _fit_built(reading, (), level, answer)
        reading.stop_if_wrong()
    return answer


def write_answer(answer: Answer) -> str:
    """The answer as YAML that reads back as the same answer, and that a person likes to read."""
    lines = [f"level: {_quoted(answer.level)}"]
    if answer.scripts:
        lines.append("scripts:")
        for name, text in answer.scripts.items():
            lines += _block(f"  {name}:", text)
    if answer.choices:
        lines.append("choices:")
        lines += [f"  {slot}: {_flow(choice)}" for slot, choice in answer.choices.items()]
    if answer.winds:
        lines.append("winds:")
        lines += [f"  - {_quoted(wind)}" for wind in answer.winds]
    if answer.parts:
        lines.append("parts:")
        lines += [f"  {name}: {_flow_of(part)}" for name, part in answer.parts.items()]
    if any(answer.gets.values()):
        lines.append("gets:")
        lines += [f"  {clerk}: {_flow_of(gets)}" for clerk, gets in answer.gets.items() if gets]
    return "\n".join(lines) + "\n"


def _block(head: str, text: str) -> list[str]:
    """A text as a block scalar where YAML has one for it, else in quotes."""
    if not text.strip() or not all(character in "\t\n" or _plain(character) for character in text):
        return [f"{head} {_quoted(text)}"]
    indent = "2" if text[0] in " \t\n" else ""
    body = text.rstrip("\n")
    end = {0: "-", 1: ""}.get(len(text) - len(body), "+")
    body = text.removesuffix("\n")
    return [f"{head} |{indent}{end}", *(f"    {line}" if line else "" for line in body.split("\n"))]


def _plain(character: str) -> bool:
    return character.isprintable() and not 0xD800 <= ord(character) <= 0xDFFF and character != "\ufeff"


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character == "\n":
        return "\\n"
    if character == "\t":
        return "\\t"
    if _plain(character):
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"  # half a character: no file can hold it
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _flow_of(mapping: Mapping[str, Value]) -> str:
    """{kind: pipe, duplex: false}"""
    return "{" + ", ".join(f"{key}: {_bare(value)}" for key, value in mapping.items()) + "}"


def _bare(value: Value) -> str:
    """A value in braces: the names of kinds and ends stand without quotes."""
    plain = isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z]+)?", value)
    return value if plain and value not in ("true", "false", "null") else _flow(value)  # type: ignore[return-value]


def _flow(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return _quoted(value)
        case tuple():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case _:
            return str(value)


class _LevelReading(Reading):
    """A level file being read."""

    def __init__(self, marked: Marked, registry: Registry) -> None:
        super().__init__(marked)
        self.registry = registry

    def level(self) -> Level:
        from game.level.document import LevelDocument

        document = self.shape(LevelDocument)
        self._names()
        channels = self._channels()
        clerks = self._clerks({channel.name: channel.kind for channel in channels})
        scripts = self._scripts()
        goals = self._goals(("win",), {channel.name: channel.kind for channel in channels})
        self._cat()
        self._guide()
        knobs = self._knobs(channels, clerks)
        slots, cases = knobs.slots(self.mode), knobs.cases(self.mode)
        building = self._building(channels)
        self._answers(scripts, slots)
        self.stop_if_wrong()
        assert document is not None
        answers = document.answers
        wrong = tuple(
            WrongAnswer(
                one.name,
                _answer(document.id, one),
                one.expect,
                self.marked.place(("answers", "wrong", at, "name")),
            )
            for at, one in enumerate(answers.wrong)
        )
        level = Level(
            id=document.id,
            title=document.title,
            mode=document.mode,
            story=document.story,
            objective=document.objective,
            teaches=tuple(document.teaches),
            channels=tuple(channels),
            clerks=tuple(clerks),
            scripts=tuple(scripts),
            win=tuple(goals),
            limits=Limits(document.limits.states, float(document.limits.seconds)),
            stars=_stars(document),
            hints=tuple(document.hints),
            slots=tuple(slots),
            cases=tuple(cases),
            cat=Cat(document.cat.naps, tuple(document.cat.may_nap_on)) if document.cat else Cat(),
            real=RealRun(document.real.runs, float(document.real.timeout)),
            reference=_answer(document.id, answers.reference),
            wrong=wrong,
            unlocks=tuple(document.unlocks),
            guide=tuple(Callout(one.point, one.say, one.until) for one in document.guide),
            after=document.after,
            author=document.author,
            building=building,
            place=Place(self.marked.file),
        )
        self._fit_all_built(level)
        self.stop_if_wrong()
        return level

    def _fit_all_built(self, level: Level) -> None:
        """What its own answers build must be what the level allows."""
        _fit_built(self, ("answers", "reference"), level, level.reference)
        for at, wrong in enumerate(level.wrong):
            _fit_built(self, ("answers", "wrong", at), level, wrong.answer)

    @property
    def mode(self) -> Mode | None:
        """The mode, when it is one."""
        found: Mode | None = self.at(("mode",)) if self.sound("mode") else None
        return found

    def _names(self) -> None:
        channels, clerks = self.mapping("channels"), self.mapping("clerks")
        for section in ("channels", "clerks", "scripts", "slots"):
            for name in self.mapping(section):
                self._name((section, name), name)
        for name in clerks:
            for parameter in self.mapping("clerks", name, "gets"):
                self._name(("clerks", name, "gets", parameter), parameter)
            if name in channels:
                self.say(
                    ("clerks", name),
                    say("a channel is called {name!r} already; winds need different names", name=name),
                    "key",
                )

    def _name(self, path: Path_, name: str) -> None:
        if keyword.iskeyword(name):
            self.say(path, say("{name!r} means something in Python; take another name", name=name), "key")
        elif name in (DESK, "deliver"):
            self.say(path, say("{name!r} is the public counter's; take another name", name=name), "key")

    # -- channels --

    def _channels(self) -> list[Channel]:
        found = (self._channel(name, raw) for name, raw in self.mapping("channels").items())
        return [channel for channel in found if channel]

    def _channel(self, name: str, raw: Any) -> Channel | None:
        from game.level.document import options_document

        path: Path_ = ("channels", name)
        if not isinstance(raw, dict):
            self.say(path, say("a channel is written as {{kind: queue}}, not as {raw}", raw=show(raw)))
            return None
        word, kinds = raw.get("kind"), self.registry.kinds
        if "kind" not in raw:
            self.say(path, say("the key 'kind' is missing"))
            return None
        if not isinstance(word, str) or word not in kinds:
            miss = near_miss(str(word), kinds) or say("; there are {names}", names=", ".join(sorted(kinds)))
            self.say((*path, "kind"), say("no such kind {kind}{miss}", kind=show(word), miss=miss))
            return None
        options = self.shape(
            options_document(kinds[word]), path, {key: tuples(value) for key, value in raw.items()}
        )
        if options is None:
            return None
        try:
            kind = kinds[word](**{key: getattr(options, key) for key in raw if key != "kind"})
        except ValueError as error:
            self.say(path, str(error))
            return None
        return Channel(name, kind, self.marked.place(path, "key"))

    # -- clerks --

    def _clerks(self, kinds: Mapping[str, Kind]) -> list[Clerk]:
        from game.level.document import ClerkDocument

        clerks: list[Clerk] = []
        users: dict[str, Clerk] = {}
        for name in self.mapping("clerks"):
            document = self.part(ClerkDocument, "clerks", name)
            if document is None:
                continue
            clerk = self._clerk(name, document, kinds)
            clerks.append(clerk)
            first = users.setdefault(clerk.script, clerk)
            self._same_parameters(first, clerk)
        if self.sound("clerks"):
            self._started(clerks)
        return clerks

    def _clerk(self, name: str, document: ClerkDocument, kinds: Mapping[str, Kind]) -> Clerk:
        path: Path_ = ("clerks", name)
        scripts = self.mapping("scripts")
        if document.script not in scripts:
            miss = near_miss(document.script, scripts)
            self.say(
                (*path, "script"),
                say("there is no script {script!r}{miss}", script=document.script, miss=miss),
            )
        gets = tuple(
            (parameter, self._given(name, (*path, "gets", parameter), raw, kinds))
            for parameter, raw in document.gets.items()
        )
        place = self.marked.place(path, "key")
        return Clerk(name, document.script, gets, document.started, place, document.daemon)

    def _given(self, clerk: str, path: Path_, raw: Any, kinds: Mapping[str, Kind]) -> Handle | Value:
        """What a parameter is given: a handle for `belt`, `tube.a` and `@bob`, else the value itself."""
        match raw:
            case str() if raw.startswith("@"):
                return self._given_clerk(clerk, path, raw)
            case str():
                return self._given_channel(path, raw, kinds)
            case {"text": str(text)} if len(raw) == 1:
                return text
            case dict():
                self.say(path, say("write a text as {text: apple}; other mappings cannot be given"))
            case list():
                for number, item in enumerate(raw):
                    if isinstance(item, str) and (item.startswith("@") or item.split(".")[0] in kinds):
                        self.say(
                            (*path, number),
                            say("{item} cannot be given in a list; give it a name of its own", item=item),
                        )
                return self.value(path, raw)
            case _:
                return self.value(path, raw)
        return None

    def _given_clerk(self, clerk: str, path: Path_, raw: str) -> Handle:
        clerks = self.mapping("clerks")
        if raw[1:] not in clerks:
            miss = near_miss(raw[1:], clerks).replace("'", "'@", 1)
            self.say(path, say("there is no clerk {name}{hint}", name=raw, hint=miss))
        elif raw[1:] == clerk:
            self.say(path, say("{clerk} cannot be given itself", clerk=clerk))
        return Handle(raw)

    def _given_channel(self, path: Path_, raw: str, kinds: Mapping[str, Kind]) -> Handle:
        name, dot, face = raw.partition(".")
        declared = self.mapping("channels")
        if name not in declared:
            if miss := near_miss(name, declared):
                self.say(path, say("there is no channel {name!r}{miss}", name=name, miss=miss))
            elif name in self.mapping("clerks"):
                self.say(path, say('there is no channel {name!r}; the clerk is written "@{name}"', name=name))
            else:
                self.say(
                    path,
                    say(
                        "there is no channel {name!r}; a text is written {{text: {raw}}}", name=name, raw=raw
                    ),
                )
        elif name in kinds:  # else its own problem has been noted
            kind = kinds[name]
            faces = kind.open_faces()
            own = [known for known in ends(kind) if known]
            there = " or ".join(f"{name}.{known}" for known in own)
            if not dot and "" not in faces:
                self.say(
                    path,
                    say("{name} is a {kind}: say which end, {there}", name=name, kind=kind.name, there=there),
                )
            elif dot and face not in own:
                miss = near_miss(face, own) or (
                    say("; there is {there}", there=there) if own else say("; write just {name}", name=name)
                )
                self.say(
                    path,
                    say(
                        "the {kind} {name} has no end {face!r}{miss}",
                        kind=kind.name,
                        name=name,
                        face=face,
                        miss=miss,
                    ),
                )
        return Handle(name, face)

    def _same_parameters(self, first: Clerk, clerk: Clerk) -> None:
        """Clerks with one script must give it the same parameters."""
        wanted, given = dict(first.gets), dict(clerk.gets)
        for parameter in given:
            if parameter not in wanted:
                path: Path_ = ("clerks", clerk.name, "gets", parameter)
                miss = near_miss(parameter, set(wanted) - set(given))
                self.say(
                    path,
                    say(
                        "{name} runs {script!r} too and does not get {parameter!r}{miss}",
                        name=first.name,
                        script=clerk.script,
                        parameter=parameter,
                        miss=miss,
                    ),
                    "key",
                )
        for parameter in wanted:
            if parameter not in given:
                path = ("clerks", clerk.name)
                self.say(
                    path,
                    say(
                        "{name} runs {script!r} too and gets {parameter!r}; so must this one",
                        name=first.name,
                        script=clerk.script,
                        parameter=parameter,
                    ),
                    "key",
                )

    def _started(self, clerks: list[Clerk]) -> None:
        held = {thing.channel for clerk in clerks for _, thing in clerk.gets if isinstance(thing, Handle)}
        for clerk in clerks:
            if not clerk.started and f"@{clerk.name}" not in held:
                path = ("clerks", clerk.name, "started")
                self.say(path, say('nobody can start {name}: give somebody "@{name}"', name=clerk.name))
        if clerks and not any(clerk.started for clerk in clerks):
            self.say(("clerks",), say("nobody is started, so nothing will ever happen"), "key")

    # -- scripts --

    def _scripts(self) -> list[Script]:
        scripts: list[Script] = []
        default = self.mode is None or self.mode in EDITABLE_MODES
        for name, raw in self.mapping("scripts").items():
            if not self.sound("scripts", name):
                continue
            where: Path_ = ("scripts", name, "text") if isinstance(raw, dict) else ("scripts", name)
            editable = raw.get("editable") if isinstance(raw, dict) else None
            text: str = self.at(where)
            scripts.append(
                Script(
                    name, text, default if editable is None else editable, self.marked.place(where, "text")
                )
            )
        if self.mode is None or not self.sound("scripts") or not scripts:
            return scripts
        for script in scripts:
            if self.mode == "wind" and script.editable:
                self.say(
                    ("scripts", script.name, "editable"), say("in mode wind the player changes no scripts")
                )
        if self.mode not in ("wind", "config") and not any(script.editable for script in scripts):
            self.say(("scripts",), say("in mode {mode} some script must be editable", mode=self.mode), "key")
        return scripts

    def _knobs(self, channels: list[Channel], clerks: list[Clerk]) -> Knobs:
        kinds = {channel.name: channel.kind for channel in channels}
        return Knobs(
            self,
            self.registry.kinds,
            channels,
            clerks,
            lambda clerk, path, raw: self._given(clerk, path, raw, kinds),
            lambda path: self._goals(path, kinds),
        )

    # -- what the player may build --

    def _building(self, channels: list[Channel]) -> Building | None:
        from game.level.document import BuildDocument

        here = "build" in self.marked.data if isinstance(self.marked.data, dict) else False
        if self.mode == "build" and not here:
            self.say(("mode",), say("in mode build the player adds parts: say which, under build"))
        if self.mode not in (None, "build") and here:
            self.say(("build",), say("in mode {mode} the player builds nothing", mode=self.mode), "key")
        document = self.part(BuildDocument, "build") if here else None
        if document is None:
            return None
        tray = []
        for name, entry in document.tray.items():
            if supply := self._supply(name, entry.options, entry.most or document.parts):
                tray.append(supply)
        wires = self._wires(document.wires, tray, channels)
        return Building(tuple(tray), document.parts, document.ways, wires)

    def _supply(self, name: str, options: Mapping[str, list[Any]], most: int) -> Supply | None:
        path: Path_ = ("build", "tray", name)
        kinds = self.registry.kinds
        if name not in kinds:
            miss = near_miss(name, kinds) or say("; there are {names}", names=", ".join(sorted(kinds)))
            self.say(path, say("no such kind {kind}{miss}", kind=show(name), miss=miss), "key")
            return None
        before = len(self.problems)
        read = [(key, self._settings_of(kinds[name], path, key, raw)) for key, raw in options.items()]
        first: dict[str, Any] = {key: values[0] for key, values in read if values}
        for key, values in read:
            for at, value in enumerate(values):
                try:
                    kinds[name](**{**first, key: value})
                except (TypeError, ValueError) as error:
                    self.say((*path, "options", key, at), str(error))
        return Supply(kinds[name], tuple(read), most) if len(self.problems) == before else None

    def _settings_of(self, kind: type[Kind], path: Path_, key: str, raw: list[Any]) -> tuple[Value, ...]:
        """What an option of a part may be set to; () with what is wrong noted."""
        from pydantic import ValidationError

        from game.level.document import options_document

        found: list[Value] = []
        here: Path_ = (*path, "options", key)
        known = option_names(kind)
        if key not in known:
            there_are = (
                say_many("; there is {names}", "; there are {names}", len(known), names=", ".join(known))
                if known
                else ""
            )
            no = say(
                "a {kind} has no option {key!r}{hint}",
                kind=kind.name,
                key=key,
                hint=near_miss(key, known) or there_are,
            )
            self.say(here, no, "key")
            return ()
        for at, one in enumerate(raw):
            try:
                options = options_document(kind).model_validate({"kind": kind.name, key: tuples(one)})
            except ValidationError as error:
                for detail in error.errors(include_url=False):
                    self.say((*here, at), sentence_of(detail["type"], detail))
                continue
            value = getattr(options, key)
            if repr(value) in map(repr, found):
                self.say((*here, at), say("{one} is there already", one=show(one)))
            found.append(value)
        return tuple(found)

    def _wires(
        self, raw: Any, tray: list[Supply], channels: list[Channel]
    ) -> Mapping[str, tuple[str, ...]] | None:
        path: Path_ = ("build", "wires")
        if raw == "free":
            return None
        if not isinstance(raw, dict):
            self.say(path, say("free is wanted here, or a list for each clerk, not {raw}", raw=show(raw)))
            return None
        clerks = self.mapping("clerks")
        known = {channel.name: ends(channel.kind) for channel in channels}
        for supply in tray:
            known.setdefault(supply.kind.name, tuple(supply.kind.faces))
        for clerk, wires in raw.items():
            if clerk not in clerks:
                miss = near_miss(clerk, clerks)
                self.say(
                    (*path, clerk), say("there is no clerk {clerk!r}{hint}", clerk=clerk, hint=miss), "key"
                )
            if not isinstance(wires, list):
                self.say((*path, clerk), say("a list is wanted here, not {got}", got=show(wires)))
                return None
            for at, wire in enumerate(wires):
                self._wire((*path, clerk, at), wire, known)
        return {clerk: tuple(map(str, wires)) for clerk, wires in raw.items()}

    def _wire(self, path: Path_, wire: Any, known: Mapping[str, tuple[str, ...]]) -> None:
        name, dot, face = wire.partition(".") if isinstance(wire, str) else (show(wire), "", "")
        if name not in known:
            miss = near_miss(name, known) or say_many(
                "; there is {names}", "; there are {names}", len(known), names=", ".join(known)
            )
            self.say(
                path, say("{name} is neither a kind in the tray nor a channel{miss}", name=name, miss=miss)
            )
        elif dot and face not in known[name]:
            self.say(
                path,
                say(
                    "{name} has no end {face!r}{hint}",
                    name=name,
                    face=face,
                    hint=near_miss(face, known[name]),
                ),
            )

    # -- goals --

    def _goals(self, where: Path_, kinds: Mapping[str, Kind]) -> list[Goal]:
        found: list[Goal] = []
        for name, raw in self.mapping(*where).items():
            path: Path_ = (*where, name)
            if name not in self.registry.goals:
                miss = near_miss(name, self.registry.goals) or say(
                    "; there are {names}", names=", ".join(sorted(self.registry.goals))
                )
                self.say(path, say("no such goal {name}{miss}", name=show(name), miss=miss), "key")
                continue
            try:
                goal = self.registry.goals[name].read(raw)
            except ValueError as error:
                self.say(path, str(error))
                continue
            if isinstance(goal, Fails) and self.mode != "wind":
                self.say(path, say("only in mode wind can a failure be what is wanted"), "key")
            self._goal_channels(path, raw, goal, kinds)
            self._goal_clerks(path, raw, goal)
            found.append(goal)
        return found

    def _cat(self) -> None:
        clerks = self.mapping("clerks")
        nap_on = self.at(("cat", "may_nap_on"))
        for at, name in enumerate(nap_on if isinstance(nap_on, list) else ()):
            if isinstance(name, str) and name not in clerks:
                self.say(
                    ("cat", "may_nap_on", at),
                    say("there is no clerk {name}{hint}", name=show(name), hint=near_miss(name, clerks)),
                )

    def _guide(self) -> None:
        callouts = self.at(("guide",))
        known = (*PLACES, *self.mapping("channels"), *self.mapping("clerks"))
        for at, callout in enumerate(callouts if isinstance(callouts, list) else ()):
            point = callout.get("point") if isinstance(callout, dict) else None
            if isinstance(point, str) and point not in known:
                miss = near_miss(point, known) or say("; there are {names}", names=", ".join(known))
                self.say(
                    ("guide", at, "point"),
                    say("there is nothing called {point} to point at{miss}", point=show(point), miss=miss),
                )

    def _goal_clerks(self, path: Path_, raw: Any, goal: Goal) -> None:
        clerks = self.mapping("clerks")
        for name in goal.clerks():
            here = (*path, raw.index(name)) if isinstance(raw, list) and name in raw else path
            if name not in clerks:
                self.say(
                    here, say("there is no clerk {name}{hint}", name=show(name), hint=near_miss(name, clerks))
                )

    def _goal_channels(self, path: Path_, raw: Any, goal: Goal, kinds: Mapping[str, Kind]) -> None:
        declared = self.mapping("channels")
        for channel in goal.channels():
            here, part = path, "value"
            if isinstance(raw, dict) and channel in raw:
                here, part = (*path, channel), "key"
            elif isinstance(raw, list) and channel in raw:
                here = (*path, raw.index(channel))
            if channel not in declared:
                self.say(
                    here,
                    say(
                        "there is no channel {channel}{hint}",
                        channel=show(channel),
                        hint=near_miss(channel, declared),
                    ),
                    part,
                )
            elif goal.name == "value" and channel in kinds:
                kind = kinds[channel]
                if kind.reading(kind.start(())) is None:
                    self.say(
                        here,
                        say("{channel} is a {name}, which shows no number", channel=channel, name=kind.name),
                        part,
                    )

    # -- answers --

    def _answers(self, scripts: list[Script], slots: list[Slot]) -> None:
        from game.level.document import ReferenceDocument, WrongDocument

        reference = self.part(ReferenceDocument, "answers", "reference")
        if reference:
            self._answer(("answers", "reference"), reference, scripts, slots)
        raw = self.at(("answers", "wrong"))
        lines: dict[str, int] = {}
        for at in range(len(raw) if isinstance(raw, list) else 0):
            path: Path_ = ("answers", "wrong", at)
            wrong = self.part(WrongDocument, *path)
            if wrong is None:
                continue
            self._answer(path, wrong, scripts, slots)
            if wrong.expect not in FAILURES:
                miss = near_miss(wrong.expect, FAILURES) or say(
                    "; there are {names}", names=", ".join(FAILURES)
                )
                self.say(
                    (*path, "expect"),
                    say("no such failure {expect}{miss}", expect=show(wrong.expect), miss=miss),
                )
            if wrong.name in lines:
                message = say(
                    "another wrong answer is called {name!r}, in line {line}",
                    name=wrong.name,
                    line=lines[wrong.name],
                )
                self.say((*path, "name"), message)
            lines.setdefault(wrong.name, self.marked.place((*path, "name")).line)

    def _answer(
        self, path: Path_, document: ReferenceDocument, scripts: list[Script], slots: list[Slot]
    ) -> None:
        _fit_choices(self, path, document.choices, slots, self.mapping("slots"))
        _fit_scripts(
            self, path, document.scripts, {one.name: one for one in scripts}, self.mapping("scripts")
        )
        _part_values(self, path)
        if self.mode == "wind":
            _fit_winds(self, path, document.winds, self.mapping("clerks"), self.mapping("channels"))
            if not document.winds:
                self.say(path, say("in mode wind an answer needs winds: [ada bob ada bob]"))
        elif self.mode is not None:
            if document.winds:
                self.say(
                    (*path, "winds"), say("in mode {mode} an answer chooses no winds", mode=self.mode), "key"
                )
            changed = document.scripts or document.choices or document.parts or document.gets
            if not changed and self.sound("scripts"):
                changes = (
                    say("this answer changes no script and sets no slot")
                    if slots
                    else say("this answer changes no script")
                )
                self.say(path, changes)


def _answer(level: str, document: ReferenceDocument | AnswerDocument) -> Answer:
    return Answer(
        level,
        dict(document.scripts),
        {slot: as_value(raw) for slot, raw in document.choices.items()},
        tuple(document.winds),
        {
            name: {key: as_value(value) for key, value in part.items()}
            for name, part in document.parts.items()
        },
        {clerk: dict(gets) for clerk, gets in document.gets.items() if gets},
    )


def _part_values(reading: Reading, path: Path_) -> None:
    """Notes what in the parts of an answer is nothing an option could be."""
    for name in reading.mapping(*path, "parts"):
        for key, raw in reading.mapping(*path, "parts", name).items():
            reading.value((*path, "parts", name, key), raw)


def _fit_built(reading: Reading, path: Path_, level: Level, answer: Answer) -> None:
    for where, message, at in faults(level, answer):
        reading.say((*path, *where), message, at)


def _stars(document: LevelDocument) -> dict[str, dict[str, int]]:
    stars: dict[str, dict[str, int]] = document.stars.model_dump(exclude_none=True)
    return stars


def _fit_answer(reading: Reading, document: AnswerDocument, level: Level) -> None:
    """What an answer must keep to, once its level is known."""
    if document.level != level.id:
        reading.say(
            ("level",),
            say(
                "this answer is for level {level}, not for {id}",
                level=show(document.level),
                id=show(level.id),
            ),
        )
        return
    scripts = {script.name: script for script in level.scripts}
    _fit_scripts(reading, (), document.scripts, scripts, scripts)
    if all(name in scripts for name in document.scripts):
        answer = Answer(document.level, document.scripts)
        for name, number, line in level.lines_not_given(answer):
            reading.say(
                ("scripts", name),
                say("line {number} is none of the lines given: {line}", number=number, line=show(line)),
            )
    _fit_choices(reading, (), document.choices, level.slots, [slot.name for slot in level.slots])
    if level.mode == "wind":
        clerks, channels = [one.name for one in level.clerks], [one.name for one in level.channels]
        _fit_winds(reading, (), document.winds, clerks, channels)
    elif document.winds:
        reading.say(("winds",), say("level {id} chooses no winds", id=level.id), "key")


def _fit_scripts(
    reading: Reading,
    path: Path_,
    texts: Mapping[str, str],
    scripts: Mapping[str, Script],
    names: Iterable[str],
) -> None:
    known = set(names)
    for name, text in texts.items():
        here = (*path, "scripts", name)
        if name not in known:
            miss = near_miss(name, known) or say("; there are {names}", names=", ".join(sorted(known)))
            reading.say(here, say("the level has no script {name!r}{miss}", name=name, miss=miss), "key")
        elif name in scripts and not scripts[name].editable and text != scripts[name].text:
            reading.say(here, say("the script {name!r} is not the player's to change", name=name), "key")


def _fit_choices(
    reading: Reading,
    path: Path_,
    choices: Mapping[str, Any],
    slots: Iterable[Slot],
    names: Iterable[str],
) -> None:
    known = {slot.name: slot for slot in slots}
    for name, raw in choices.items():
        here = (*path, "choices", name)
        before = len(reading.problems)
        choice = reading.value(here, raw)
        if name not in known:
            if name not in names:  # else its own problem has been noted
                reading.say(here, refusal(known.values(), name, choice), "key")
        elif len(reading.problems) == before and known[name].option(choice) is None:
            reading.say(here, refusal(known.values(), name, choice))


def _fit_winds(
    reading: Reading, path: Path_, winds: list[str], clerks: Iterable[str], channels: Iterable[str]
) -> None:
    clerks, channels = set(clerks), set(channels)
    for at, text in enumerate(winds):
        here = (*path, "winds", at)
        try:
            agents = {gust.partition("#")[0] for gust in parse_wind(text)}
        except ValueError as error:
            reading.say(here, str(error))
            continue
        for agent in sorted(agents):
            channel, slash, clerk = agent.removeprefix("~").rpartition("/")
            if slash and channel not in channels:
                reading.say(
                    here,
                    say(
                        "{agent}: there is no channel {channel!r}{hint}",
                        agent=agent,
                        channel=channel,
                        hint=near_miss(channel, channels),
                    ),
                )
            elif clerk not in clerks:
                told = say("there is no clerk {clerk!r}{hint}", clerk=clerk, hint=near_miss(clerk, clerks))
                reading.say(here, say("{agent}: {told}", agent=agent, told=told) if slash else told)
