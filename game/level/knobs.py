"""The knobs of a level file, read: what its slots leave to the player, and what its cases set instead.

Both say what they set in the same way: `belt.maxsize` for an option of a channel, `belt.kind` for its kind,
`ada.n` for what a clerk's parameter is given, `ada.in` for whether she has come to work at all, `cat.naps`
for how many clerks the cat may nap on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from game.channels.kind import Kind
from game.goals import Goal, as_value
from game.language import joined, say, say_many
from game.level.marked import Path_, show
from game.level.model import Case, Channel, Clerk, Mode, Option, Setting, Slot
from game.level.reading import Reading, sentence_of, tuples
from game.level.slots import CAT, IN, KIND, NAPS, option_names, turned_into, with_options, written
from game.problems import near_miss
from game.request import Handle, Value

if TYPE_CHECKING:
    from game.level.document import CaseDocument, SlotDocument

Spot = tuple[str, str]
"""A channel and its option, or a clerk and its parameter."""

MOST_NAPS: Final = 8
"""In one run, as under `cat`."""


class Knobs:
    """Reads the slots and cases of a level whose channels and clerks are known.

    `given` reads what a clerk's parameter is given, `goals` what stands under a `win`; both note what is
    wrong with it in the reading.
    """

    def __init__(
        self,
        reading: Reading,
        kinds: Mapping[str, type[Kind]],
        channels: list[Channel],
        clerks: list[Clerk],
        given: Callable[[str, Path_, Any], Handle | Value],
        goals: Callable[[Path_], list[Goal]],
    ) -> None:
        self._reading, self._kinds = reading, kinds
        self._channels = {channel.name: channel for channel in channels}
        self._clerks = {clerk.name: clerk for clerk in clerks}
        self._given, self._goals = given, goals
        self._setters: dict[Spot, str] = {}

    # -- slots --

    def slots(self, mode: Mode | None) -> list[Slot]:
        """The slots that could be read."""
        from game.level.document import SlotDocument

        reading = self._reading
        names = reading.mapping("slots")
        if mode == "config" and reading.sound("slots") and not names:
            reading.say(("mode",), say("in mode config the player sets slots, and there are none"))
        if mode == "wind" and names:
            reading.say(("slots",), say("in mode wind the player sets nothing"), "key")
        found = []
        for name in names:
            document = reading.part(SlotDocument, "slots", name)
            if document is not None and (slot := self._slot(name, document)):
                found.append(slot)
        return found

    def _slot(self, name: str, document: SlotDocument) -> Slot | None:
        path: Path_ = ("slots", name)
        note = self._reading.say
        spots = self._spots(name, document.sets)
        words = document.words
        if words is not None and len(words) != len(document.options):
            note(
                (*path, "words"),
                say(
                    "there are {options} options, and words for {words}",
                    options=len(document.options),
                    words=len(words),
                ),
                "key",
            )
            return None
        options: list[Option] = []
        for number, raw in enumerate(document.options) if spots else ():
            here: Path_ = (*path, "options", number)
            settings = self._settings(here, spots, raw, isinstance(document.sets, list))
            if settings is None:
                continue
            option = Option(_choice(raw), words[number] if words else _words(raw), settings)
            if any(repr(option.choice) == repr(other.choice) for other in options):
                note(here, say("{value} is an option already", value=written(option.choice)))
            options.append(option)
        if len(options) != len(document.options):
            return None
        now = [self._declared(spot) for spot in spots]
        for option in options:
            if repr([setting.thing for setting in option.settings]) == repr(now):
                place = self._reading.marked.place(path, "key")
                return Slot(name, document.label, tuple(options), option.choice, place)
        said = ", ".join(map(_shown, now))
        note(
            (*path, "options"),
            say("the level as it is written has {values} there, which is no option", values=said),
            "key",
        )
        return None

    def _spots(self, name: str, raw: Any) -> list[Spot]:
        """What a slot sets; [] when something is wrong with that."""
        texts = raw if isinstance(raw, list) else [raw]
        found: list[Spot] = []
        for number, text in enumerate(texts):
            path: Path_ = ("slots", name, "sets", *([number] if isinstance(raw, list) else []))
            spot = self._spot(path, text)
            if spot is None:
                continue
            if spot in self._setters:
                self._reading.say(
                    path,
                    say("the slot {slot!r} sets {text} already", slot=self._setters[spot], text=text),
                )
            self._setters.setdefault(spot, name)
            found.append(spot)
        if not texts:
            self._reading.say(("slots", name, "sets"), say("there must be something here"))
        return found if len(found) == len(texts) else []

    def _settings(
        self, path: Path_, spots: list[Spot], raw: Any, several: bool
    ) -> tuple[Setting, ...] | None:
        """What an option puts in place; None when something is wrong with it."""
        if not several:
            one = self._setting(path, spots[0], raw)
            return (one,) if one else None
        if not (isinstance(raw, list) and len(raw) == len(spots)):
            many = len(spots)
            self._reading.say(
                path, say("a list of {many} is wanted here, one for each thing that is set", many=many)
            )
            return None
        found = [
            self._setting((*path, at), spot, one)
            for at, (spot, one) in enumerate(zip(spots, raw, strict=True))
        ]
        settings = tuple(setting for setting in found if setting)
        return settings if len(settings) == len(spots) else None

    def _declared(self, spot: Spot) -> Any:
        """What the level as it is written has there."""
        owner, key = spot
        if self._is_cat(owner):
            return self._reading.mapping(CAT).get(NAPS, 1)
        if owner in self._clerks:
            return True if key == IN else dict(self._clerks[owner].gets)[key]
        kind = self._channels[owner].kind
        return type(kind) if key == KIND else getattr(kind, key)

    # -- cases --

    def cases(self, mode: Mode | None) -> list[Case]:
        """The cases that could be read. The slots are read first."""
        from game.level.document import CaseDocument

        reading = self._reading
        raw = reading.at(("cases",))
        if mode == "wind" and raw:
            reading.say(("cases",), say("in mode wind there is one wind, and no other case"), "key")
        found: list[Case] = []
        for at in range(len(raw) if isinstance(raw, list) else 0):
            document = reading.part(CaseDocument, "cases", at)
            if document is None:
                continue
            if any(case.name == document.name for case in found):
                reading.say(("cases", at, "name"), say("another case is called {name!r}", name=document.name))
            found.append(self._case(("cases", at), document))
        return found

    def _case(self, path: Path_, document: CaseDocument) -> Case:
        settings = []
        for text, raw in document.sets.items():
            here: Path_ = (*path, "sets", text)
            spot = self._spot(here, text, "key")
            if spot in self._setters:
                by = self._setters[spot]
                self._reading.say(
                    here, say("{text} is the player's to set, in the slot {by!r}", text=text, by=by), "key"
                )
            elif spot and (setting := self._setting(here, spot, raw)):
                settings.append(setting)
        goals = tuple(self._goals((*path, "win")))
        return Case(document.name, tuple(settings), goals, self._reading.marked.place((*path, "name")))

    # -- what is set, and to what --

    def _spot(self, path: Path_, text: Any, part: str = "value") -> Spot | None:
        """What `belt.maxsize`, `belt.kind` or `ada.n` stands for."""
        note = self._reading.say
        owner, dot, key = text.partition(".") if isinstance(text, str) else ("", "", "")
        if not (owner and dot and key):
            note(
                path,
                say("what is set is written as belt.maxsize or ada.n, not as {text}", text=show(text)),
                part,
            )
            return None
        if owner in self._channels:
            kind = self._channels[owner].kind
            known: tuple[str, ...] = (KIND, *option_names(kind))
            refused = say("the {kind} {name} has no option {key!r}", kind=kind.name, name=owner, key=key)
        elif owner in self._clerks:
            known = (*dict(self._clerks[owner].gets), IN)
            refused = say("{name} gets no {key!r}", name=owner, key=key)
        elif self._is_cat(owner):
            known = (NAPS,)
            refused = say("of the cat there is no {key!r} to set", key=key)
        else:
            declared = {*self._reading.mapping("channels"), *self._reading.mapping("clerks")}
            if owner not in declared:  # else its own problem has been noted
                note(
                    path,
                    say(
                        "there is no channel or clerk {name!r}{hint}",
                        name=owner,
                        hint=near_miss(owner, declared),
                    ),
                    part,
                )
            return None
        if key in known:
            return owner, key
        there_are = (
            say_many("; there is {names}", "; there are {names}", len(known), names=", ".join(known))
            if known
            else ""
        )
        note(path, joined("", [refused, near_miss(key, known) or there_are]), part)
        return None

    def _setting(self, path: Path_, spot: Spot, raw: Any) -> Setting | None:
        """What it means to put this there; None when it cannot be."""
        owner, key = spot
        problems = self._reading.problems
        before = len(problems)
        channel = self._channels.get(owner)
        thing: Any
        if self._is_cat(owner):
            thing = self._naps(path, raw)
        elif channel is None and key == IN:
            thing = self._comes(path, owner, raw)
        elif channel is None:
            thing = self._given(owner, path, raw)
        elif key == KIND:
            thing = self._kind(path, channel, raw)
        else:
            thing = self._option(path, channel, key, raw)
        return Setting(owner, key, thing) if len(problems) == before else None

    def _is_cat(self, owner: str) -> bool:
        """Whether this is the cat, who is let in: a channel or a clerk of that name goes before her."""
        if owner in self._channels or owner in self._clerks:
            return False
        return owner == CAT and bool(self._reading.mapping(CAT))

    def _naps(self, path: Path_, raw: Any) -> int:
        if type(raw) is not int or not 0 <= raw <= MOST_NAPS:
            told = say("a number from 0 to {most} is wanted here, not {got}", most=MOST_NAPS, got=show(raw))
            self._reading.say(path, told)
            return 0
        return raw

    def _comes(self, path: Path_, clerk: str, raw: Any) -> bool:
        """Whether a clerk has come to work. Who is handed to somebody else, or named in a goal, must."""
        if not isinstance(raw, bool):
            self._reading.say(path, say("true or false is wanted here, not {got}", got=show(raw)))
        elif not raw:
            holder = next(
                (
                    other.name
                    for other in self._clerks.values()
                    if any(
                        isinstance(thing, Handle) and thing.channel == f"@{clerk}" for _, thing in other.gets
                    )
                ),
                None,
            )
            if holder is not None:
                self._reading.say(
                    path, say("{holder} gets @{clerk}, who must be there", holder=holder, clerk=clerk)
                )
            elif any(clerk in goal.clerks() for goal in self._goals(("win",))):
                self._reading.say(path, say("the goals speak of {clerk}, who must be there", clerk=clerk))
        return bool(raw)

    def _kind(self, path: Path_, channel: Channel, raw: Any) -> type[Kind] | None:
        kinds = self._kinds
        if not isinstance(raw, str) or raw not in kinds:
            miss = near_miss(str(raw), kinds) or say("; there are {names}", names=", ".join(sorted(kinds)))
            self._reading.say(path, say("no such kind {kind}{miss}", kind=show(raw), miss=miss))
            return None
        self._try(path, channel, lambda: turned_into(channel.kind, kinds[raw]))
        return kinds[raw]

    def _option(self, path: Path_, channel: Channel, key: str, raw: Any) -> Any:
        """A channel's option, checked as it is where the channel is declared."""
        from pydantic import ValidationError

        from game.level.document import options_document

        try:
            document = options_document(type(channel.kind)).model_validate(
                {KIND: channel.kind.name, key: tuples(raw)}
            )
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                if detail["loc"][:1] == (key,):
                    self._reading.say((*path, *detail["loc"][1:]), sentence_of(detail["type"], detail))
            return None
        thing = getattr(document, key)
        self._try(path, channel, lambda: with_options(channel.kind, {key: thing}))
        return thing

    def _try(self, path: Path_, channel: Channel, made: Callable[[], Kind]) -> None:
        """Sees to it that a channel set so is one, and still has the ends its clerks are given."""
        try:
            ends = made().open_faces()
        except (TypeError, ValueError) as error:
            self._reading.say(path, str(error))
            return
        for clerk in self._clerks.values():
            for _, held in clerk.gets:
                if isinstance(held, Handle) and held.channel == channel.name and held.face not in ends:
                    self._reading.say(
                        path,
                        say(
                            "{name} gets {shown}, and set so there is none",
                            name=clerk.name,
                            shown=_shown(held),
                        ),
                    )
                    return


def _shown(thing: Any) -> str:
    if isinstance(thing, Handle):
        return ".".join(part for part in thing if part)
    if isinstance(thing, type) and issubclass(thing, Kind):
        return thing.name
    return written(thing)


def _choice(raw: Any) -> Value:
    """How an answer names an option: as the level writes it, with a text written plainly."""
    match raw:
        case {"text": text}:
            return as_value(text)
        case list():
            return tuple(map(_choice, raw))
        case _:
            return as_value(raw)


def _words(raw: Any) -> str:
    match raw:
        case None:
            return say("nothing")
        case bool():
            return say("yes") if raw else say("no")
        case list():
            return joined(", ", list(map(_words, raw)))
        case _:
            return written(_choice(raw))
