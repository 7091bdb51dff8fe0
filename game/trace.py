"""What happened, in a legal order: events, traces, and winds (schedules as a line to paste).

Everything the player sees is a Trace folded to a moment; nothing here knows how to fold it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from game.language import say
from game.request import Doomed, Handle, ListValue, Value

FORMAT = "draughty-trace"
VERSION = 1

Wind = tuple[str, ...]
"""Who moves, one name a step: `ada`; the porter `~belt/ada`; `signal:ada`, a signal reaching ada's process;
`cat:ada`, the cat settling on ada. `ada#1` is the second of several things that may happen (counted from 0;
`#0` is not written)."""

MOST_GUSTS = 100_000
"""The longest wind that is read: `ada*9999` is short to paste, and winds come from strangers."""


class Event(NamedTuple):
    """One finished step of one agent.

    `agent` is a clerk or a porter (`~belt/ada`). `error` is the name of the exception the step
    raised, or "". `line` is the script's line, 0 for a porter. `choice` is which of several
    possible outcomes happened.
    """

    agent: str
    channel: str
    operation: str
    argument: tuple[Value, ...] = ()
    result: Value = None
    error: str = ""
    line: int = 0
    choice: int = 0

    @property
    def gust(self) -> str:
        """This step as one word of a wind."""
        return f"{self.agent}#{self.choice}" if self.choice else self.agent


@dataclass(frozen=True)
class Trace:
    """The steps of one run of one level, enough to show and judge it anywhere.

    source      "model", "wind", "seed 7", "free": how the run was driven
    ending      one word from `game.world`: "finished", "stuck", "stopped", …
    scripts     the scripts that ran, by name (so a trace file explains itself)
    pids        the process number of each clerk, where real processes ran
    choices     how the level's slots were set, where not as they start
    case        which of the level's cases was played; "" for the level as it is written
    parts       the channels that were built, each as a level file writes it
    gets        what was given to which clerk besides what the level gives
    """

    level: str
    source: str
    events: tuple[Event, ...]
    ending: str = ""
    scripts: Mapping[str, str] = field(default_factory=dict)
    pids: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, Value] = field(default_factory=dict)
    case: str = ""
    parts: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    gets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def wind(self) -> Wind:
        return tuple(event.gust for event in self.events)


def parse_wind(text: str) -> Wind:
    """A pasted wind as names. `ada*3` is three steps of ada.

    Raises ValueError with a sentence that names the bad word.
    """
    gusts: list[str] = []
    for word in text.replace(",", " ").split():
        found = re.fullmatch(r"((?:~[\w-]+/|cat:|signal:)?[\w-]+(?:#\d+)?)(?:\*(\d{1,4}))?", word)
        if not found:
            raise ValueError(
                say("{word!r} is no gust: write a clerk's name, a porter as ~belt/ada, or ada*3", word=word)
            )
        gusts += [found[1].removesuffix("#0")] * int(found[2] or 1)
        if len(gusts) > MOST_GUSTS:
            raise ValueError(say("a wind has at most {most:,} gusts", most=MOST_GUSTS))
    return tuple(gusts)


def format_wind(wind: Iterable[str]) -> str:
    """The shortest line that `parse_wind` reads back as the same wind."""
    runs: list[tuple[str, int]] = []
    for gust in wind:
        if runs and runs[-1][0] == gust:
            runs[-1] = (gust, runs[-1][1] + 1)
        else:
            runs.append((gust, 1))
    return " ".join(gust if times == 1 else f"{gust}*{times}" for gust, times in runs)


def to_plain(value: Value) -> Any:
    """A value as JSON can hold it: tuples as lists, lists and handles in a marked object."""
    match value:
        case Doomed():
            return {"doomed": list(value)}
        case Handle():
            return {"handle": [value.channel, value.face]}
        case tuple():
            return [to_plain(item) for item in value]
        case ListValue():
            return {"list": [to_plain(item) for item in value.items]}
        case _:
            return value


def from_plain(plain: Any) -> Value:
    """The value `to_plain` wrote. Raises ValueError on anything else."""
    match plain:
        case None | bool() | int() | str():
            return plain
        case list():
            return tuple(from_plain(item) for item in plain)
        case {"handle": [str(channel), str(face)]}:
            return Handle(channel, face)
        case {"doomed": [str(what), str(error), str(message)]}:
            return Doomed(what, error, message)
        case {"list": list(items)}:
            return ListValue(tuple(from_plain(item) for item in items))
        case _:
            raise ValueError(f"{plain!r} is not a value a clerk can hold")


def dump_trace(trace: Trace) -> str:
    """A trace as JSON Lines: a header with format and version, then an event a line."""
    header = {
        "format": FORMAT,
        "version": VERSION,
        "level": trace.level,
        "source": trace.source,
        "ending": trace.ending,
        "scripts": dict(trace.scripts),
        "pids": dict(trace.pids),
        "steps": len(trace.events),
    }
    if trace.choices:
        header["choices"] = {name: to_plain(choice) for name, choice in trace.choices.items()}
    if trace.case:
        header["case"] = trace.case
    header |= plain_built(trace.parts, trace.gets)
    lines = [json.dumps(header, ensure_ascii=False)]
    for event in trace.events:
        plain = event._asdict() | {"argument": to_plain(event.argument), "result": to_plain(event.result)}
        lines.append(json.dumps(plain, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def load_trace(text: str) -> Trace:
    """The trace in a JSON Lines text. Raises ValueError naming the line and what is wrong with it."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise ValueError("line 1: the file is empty; a trace begins with a header line")
    header = _json_object(*lines[0])
    if header.get("format") != FORMAT:
        raise ValueError(
            f"line 1: this is no trace; its header says format {header.get('format')!r}, not {FORMAT!r}"
        )
    if header.get("version") != VERSION:
        raise ValueError(
            f"line 1: trace version {header.get('version')!r}; this game reads version {VERSION}"
        )
    events = tuple(_event(number, _json_object(number, line)) for number, line in lines[1:])
    if header.get("steps") != len(events):
        raise ValueError(
            f"line {lines[-1][0]}: {len(events)} steps where the header promises {header.get('steps')!r}"
        )
    words = {key: header.get(key) for key in ("level", "source", "ending")}
    for key, word in words.items():
        if not isinstance(word, str):
            raise ValueError(f"line 1: {key} must be text, not {word!r}")
    scripts, pids = header.get("scripts", {}), header.get("pids", {})
    if not isinstance(scripts, dict) or not all(isinstance(text, str) for text in scripts.values()):
        raise ValueError("line 1: scripts must map names to texts")
    if not isinstance(pids, dict) or not all(isinstance(pid, int) for pid in pids.values()):
        raise ValueError("line 1: pids must map clerks to numbers")
    choices, case = header.get("choices", {}), header.get("case", "")
    if not isinstance(choices, dict):
        raise ValueError("line 1: choices must map slots to what they are set to")
    if not isinstance(case, str):
        raise ValueError(f"line 1: case must be text, not {case!r}")
    return Trace(
        str(words["level"]),
        str(words["source"]),
        events,
        str(words["ending"]),
        scripts,
        pids,
        {name: from_plain(choice) for name, choice in choices.items()},
        case,
        *_built(header),
    )


def plain_built(parts: Mapping[str, Mapping[str, Value]], gets: Mapping[str, Mapping[str, str]]) -> Any:
    """What was built, as JSON can hold it: an object with the keys `parts` and `gets` where there are any."""
    plain: dict[str, Any] = {}
    if parts:
        plain["parts"] = {
            name: {key: to_plain(value) for key, value in part.items()} for name, part in parts.items()
        }
    if any(gets.values()):
        plain["gets"] = {clerk: dict(given) for clerk, given in gets.items() if given}
    return plain


def read_built(
    plain: Mapping[str, Any],
) -> tuple[dict[str, dict[str, Value]], dict[str, dict[str, str]]]:
    """The parts and ways that `plain_built` wrote into an object. Raises ValueError."""
    parts, gets = plain.get("parts", {}), plain.get("gets", {})
    if not isinstance(parts, dict) or not all(isinstance(part, dict) for part in parts.values()):
        raise ValueError("parts must map names to what they are")
    if not isinstance(gets, dict) or not all(
        isinstance(given, dict) and all(isinstance(target, str) for target in given.values())
        for given in gets.values()
    ):
        raise ValueError("gets must map clerks to what they are given")
    return (
        {name: {key: from_plain(value) for key, value in part.items()} for name, part in parts.items()},
        gets,
    )


def _built(header: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    try:
        return read_built(header)
    except ValueError as error:
        raise ValueError(f"line 1: {error}") from error


def _json_object(number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {number}, column {error.colno}: this is not JSON") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"line {number}: not JSON ({error})") from error
    if not isinstance(found, dict):
        raise ValueError(f"line {number}: expected an object, found {type(found).__name__}")
    return found


def _event(number: int, plain: dict[str, Any]) -> Event:
    wanted: dict[str, type] = {
        "agent": str,
        "channel": str,
        "operation": str,
        "error": str,
        "line": int,
        "choice": int,
    }
    if missing := set(Event._fields) - set(plain):
        raise ValueError(f"line {number}: an event needs {', '.join(sorted(missing))}")
    if strange := set(plain) - set(Event._fields):
        raise ValueError(f"line {number}: an event has no {', '.join(sorted(strange))}")
    for key, kind in wanted.items():
        if not isinstance(plain[key], kind):
            raise ValueError(f"line {number}: {key} must be {kind.__name__}, not {plain[key]!r}")
    try:
        argument, result = from_plain(plain["argument"]), from_plain(plain["result"])
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from error
    if not isinstance(argument, tuple):
        raise ValueError(f"line {number}: argument must be a list")
    return Event(**(plain | {"argument": argument, "result": result}))
