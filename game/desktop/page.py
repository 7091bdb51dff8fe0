"""A run as one web page that needs nothing else: the board as SVG, the scripts, the lanes, and a player.

The board stands as in the window: same plan, same ways. Everything a level or a player wrote reaches the
page as data or escaped, and the page asks no server for anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any, Final

from game.desktop.layout import Cast, Plan, Point, arrange, cast_of
from game.desktop.staging import Staging, token_size, words_on
from game.desktop.theme import CLERK_LOOKS, Palette, asset_path
from game.desktop.vector import Vectors, peg_path, written
from game.export.telling import Telling
from game.language import say
from game.story import Film, Flight, Frame, is_fate, label_of, owner, who
from game.trace import format_wind
from game.world import ENDED

SIZE: Final = (820.0, 470.0)
"""The board on the page, in lengths of the design."""

WORDS: Final[Mapping[str, str]] = {
    "board": say("The office, drawn"),
    "transcript": say("Every step in words"),
    "start": say("To the start"),
    "back": say("One step back"),
    "step": say("One step on"),
    "end": say("To the end"),
    "play": say("Play"),
    "pause": say("Pause"),
    "moment": say("gust"),
    "speed": say("Speed"),
    "keys": say("Keys:"),
    "wind": say("The wind:"),
}
STAMPS: Final[Mapping[str, str]] = {
    "PROVED": say("PROVED"),
    "REFUTED": say("REFUSED"),
    "UNDETERMINED": say("NOT DECIDED"),
}

SOURCES: Final[Mapping[str, str]] = {
    "calm": say("a calm wind"),
    "wind": say("a chosen wind"),
    "model": say("the inspector's wind"),
    "free": say("a free run on real processes"),
}

Shown = dict[str, Any]
"""What the page's script reads, as JSON."""


def export_page(telling: Telling, words: Callable[[str], str] = str, language: str = "en") -> str:
    """The page's text. `words` turns a sentence into the reader's language.

    Raises CannotMove when the trace is no run of the telling's system.
    """
    film = Film(telling.system, telling.trace)
    level = telling.system.level
    title = f"{level.id} {words(say(level.title))}"
    captions = "".join(f"<li>{escape(words(frame.caption))}</li>" for frame in film.frames[1:])
    data = json.dumps(_told(telling, film, words), ensure_ascii=False, separators=(",", ":"))
    filled = {
        "LANG": escape(language, quote=True),
        "TITLE": escape(title),
        "COLOURS": " ".join(f"--{name}: {written(colour)};" for name, colour in Palette()._asdict().items()),
        "TRANSCRIPT": f"<h1>{escape(title)}</h1><ol>{captions}</ol>",
        # A script's own "</script>" must not end the page's.
        "DATA": data.replace("<", "\\u003c"),
    }
    page = asset_path("page/player.html").read_text(encoding="utf-8")
    # In one go: what is filled in is never looked at again.
    return re.sub(f"@({'|'.join(filled)})@", lambda found: filled[found[1]], page)


def _told(telling: Telling, film: Film, words: Callable[[str], str]) -> Shown:
    level, trace = telling.system.level, telling.trace
    looks = {clerk: CLERK_LOOKS[at % len(CLERK_LOOKS)] for at, clerk in enumerate(film.system.clerks)}
    cast = cast_of(telling.system)
    plan = arrange(cast, *SIZE)
    return {
        "id": level.id,
        "title": words(say(level.title)),
        "source": " · ".join(
            word for word in (level.case, words(SOURCES.get(trace.source, trace.source))) if word
        ),
        "verdict": telling.word,
        "stamp": words(STAMPS[telling.word]) if telling.word else "",
        "message": _opened(words(telling.message or say(level.objective))),
        "wind": format_wind(trace.wind),
        "words": {name: words(text) for name, text in WORDS.items()},
        "size": SIZE,
        "scripts": {clerk.script: trace.scripts[clerk.script] for clerk in level.clerks},
        "looks": {
            clerk: {
                "fill": written(look.fill),
                "ink": written(look.ink),
                "deep": written(look.deep),
                "path": peg_path(look.shape),
            }
            for clerk, look in looks.items()
        },
        "lanes": list(_lanes(film, words)),
        **_Drawn(film, cast, plan, Vectors(plan, looks, words)).told(),
    }


def _opened(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _lanes(film: Film, words: Callable[[str], str]) -> Iterator[Shown]:
    """For each agent its steps (number, label, whether it goes wrong) and waits (first, last, for what)."""
    fates = dict.fromkeys(event.agent for event in film.trace.events if is_fate(event.agent))
    for agent in (*film.agents, *fates):
        steps = [
            (frame.number, words(label_of(frame.event)), _is_bad(frame))
            for frame in film.frames[1:]
            if frame.event is not None and frame.event.agent == agent
        ]
        waits = [
            (span.first, min(span.last + 1, len(film)), words(span.text))
            for span in film.waits
            if span.clerk == agent and span.first < len(film)
        ]
        yield {"clerk": owner(agent), "name": words(who(agent)), "steps": steps, "waits": waits}


def _is_bad(frame: Frame) -> bool:
    return bool(frame.lost or frame.crashed or frame.ending in ("stuck", "crashed"))


class _Drawn:
    """The film on its plan: every picture shown at some moment, once, and the moments that show them."""

    def __init__(self, film: Film, cast: Cast, plan: Plan, vectors: Vectors) -> None:
        self.film, self.plan, self.vectors = film, plan, vectors
        self.staging = Staging(plan, {thing.name: thing.shape for thing in cast.things})
        self.scripts = {clerk.name: clerk.script for clerk in film.system.level.clerks}
        self.pictures: dict[str, int] = {}

    def told(self) -> Shown:
        moments = [self._moment(frame) for frame in self.film.frames]
        return {"ground": self.vectors.ground(), "frames": moments, "pictures": list(self.pictures)}

    def _moment(self, frame: Frame) -> Shown:
        vectors = self.vectors
        drawn = [
            *(vectors.channel(*one) for one in frame.snapshot.channels if one[0] in self.plan.channels),
            *(vectors.clerk(view, frame) for view in frame.snapshot.clerks),
            vectors.cry(frame),
        ]
        stays = self.staging.stays(frame)
        return {
            "caption": vectors.words(frame.caption),
            "clerk": owner(frame.event.agent) if frame.event else "",
            "bad": _is_bad(frame),
            "cuts": frame.preempts,
            "things": [self.pictures.setdefault(picture, len(self.pictures)) for picture in drawn],
            "tokens": [
                (str(token.number), words_on(token.value), *_rounded(stay.at), *_rounded(stay.size))
                for token in frame.tokens
                if (stay := stays.get(token.number)) and stay.shown
            ],
            "flights": [self._flight(at, flight, frame) for at, flight in enumerate(frame.flights)],
            "lines": [
                (view.name, self.scripts[view.name], view.line)
                for view in frame.snapshot.clerks
                if view.line and view.life not in ENDED
            ],
        }

    def _flight(self, at: int, flight: Flight, frame: Frame) -> tuple[object, ...]:
        """What flies, what is on it, its size, and the way it takes."""
        way = self.staging.way(flight, self.film.frames[frame.number - 1], frame)
        name = str(flight.token) if flight.what == "token" else f"{flight.what} {frame.number} {at}"
        text = "⚷" if flight.what == "key" else words_on(flight.value)
        size = token_size(text, self.plan.factor)
        return name, text, *_rounded(size), [_rounded(point) for point in way.points]


def _rounded(numbers: Point) -> tuple[float, ...]:
    return tuple(round(number, 1) for number in numbers)
