"""An office as a Promela model, for SPIN to judge it independently of our own inspector.

Every step of the rules is one d_step of one process, so that SPIN's states are our worlds and its transitions
our steps (the model's head has the exact count). The clerks are control automata (`game.export.control`), the
channels are written in Promela by `game.export.promela_rules`; nothing is taken from explored worlds.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from game.export.control import MOST_TASKS, Control, Edge, Way, Ways, same, unfold
from game.export.promela_benches import BarrierRule, ConditionRule, EventRule, JoinableQueueRule
from game.export.promela_lives import LIVES, Lives, life_after
from game.export.promela_numbers import (
    ArrayRule,
    LockRule,
    RLockRule,
    SemaphoreRule,
    SharedMemoryRule,
    ValueRule,
)
from game.export.promela_rules import (
    CannotExport,
    DeskRule,
    Paper,
    PipeRule,
    QueueRule,
    Rule,
    SimpleQueueRule,
    all_of,
)
from game.goals import (
    Bag,
    Either,
    Fails,
    Goal,
    LeftOver,
    Log,
    MayFail,
    NoStarvation,
    PeakAtMost,
    Reads,
    Soon,
    Within,
    say,
)
from game.level.model import Answer, Level
from game.problems import Place, Problem, ProblemsFound
from game.request import CHANGE, DESK, WAIT, Doomed, Handle, ListValue, Request, Value
from game.script.instructions import Raised, Returned, Task
from game.world import System, build

__all__ = ["CannotExport", "export_promela", "promela_of"]

RULES: Final[Mapping[str, type[Rule]]] = {
    DESK: DeskRule,
    "queue": QueueRule,
    "joinable_queue": JoinableQueueRule,
    "simple_queue": SimpleQueueRule,
    "pipe": PipeRule,
    "value": ValueRule,
    "array": ArrayRule,
    "shared_memory": SharedMemoryRule,
    "lock": LockRule,
    "rlock": RLockRule,
    "semaphore": SemaphoreRule,
    "bounded_semaphore": SemaphoreRule,
    "event": EventRule,
    "condition": ConditionRule,
    "barrier": BarrierRule,
}
"""Which class writes which kind."""

_ROOM_GUESS: Final = 16
"""Tokens there is room for in a channel into which clerks could put tokens for ever."""

NO_FAULT: Final = (Log, Bag, Either, Reads, LeftOver, MayFail, Fails, NoStarvation, PeakAtMost, Within, Soon)


def export_promela(level: Level, answer: Answer) -> str:
    """A level played with an answer as a Promela model. Raises ProblemsFound, also for a kind or a goal that
    has no Promela here."""
    system = build(level, answer)
    try:
        return promela_of(system)
    except CannotExport as error:
        raise ProblemsFound([Problem(Place(f"level {level.id}"), "", str(error))]) from error


def promela_of(system: System, most_tasks: int = MOST_TASKS) -> str:
    """The office as a Promela model. Translate it with `spin -o1 -o2 -o3 -a` and compile pan.c with
    `-DSAFETY -DNOREDUCE`; then the errors of `./pan -c0 -E` are the endings that break a goal.

    Where it cannot be foreseen how far a clerk or a channel gets, the model has assertions, marked "beyond",
    that fail should it get further than was written down. Raises CannotExport for a kind or a goal that has
    no Promela here.
    """
    return _Sheet(system, most_tasks).text()


class _Option(NamedTuple):
    """Something a process may do where it stands: when, what, where it stands then ("3", "dead", "beyond"),
    and whether it is the cat who does it."""

    when: str
    effect: tuple[str, ...]
    target: str
    remark: str = ""
    cats: bool = False


class _Sheet:
    """One model while it is being written."""

    def __init__(self, system: System, most_tasks: int) -> None:
        self.system = system
        self.codes: dict[str, int] = {}
        self.values: list[Value] = []
        self.names = _identifiers(("clerk", system.clerks), ("c", [name for name, _ in system.channels]))
        self.number = {clerk: number for number, clerk in enumerate(system.clerks, 1)}
        self.rooms: dict[str, int | None] = dict.fromkeys((name for name, _ in system.channels), None)
        self.asked: dict[str, int] = {}
        self.cat = any(agent.startswith("cat:") for agent in system.fates())
        self.driven: list[str] = []
        """When each process can take a step that is not the cat's."""
        paper = Paper(self.code, self.equal, self.number.__getitem__, self._room, self._sure)
        self.rules = self._rules(paper)
        self.lives = Lives(system, self.rules)
        self.excused = {
            name for goal in system.level.win if isinstance(goal, MayFail) for name in goal.excused
        }
        for goal in system.level.win:
            if type(goal) not in NO_FAULT:
                raise CannotExport(f"there is no Promela for the goal {goal.name!r}")
        first = [given for rule in self.rules.values() for given in rule.first()]
        while True:
            self.asked.clear()
            self.office = unfold(system, self.ways, first, most_tasks)
            self.rooms = {name: self.office.most(_adding(name)) for name in self.rooms}
            if all(self._room(name) == room for name, room in tuple(self.asked.items())):
                break

    def _rules(self, paper: Paper) -> dict[str, Rule]:
        """The rule of every channel, by its name."""
        found: dict[str, Rule] = {}
        for (name, kind), holders in zip(self.system.channels, self.system.holders, strict=True):
            writer = RULES.get(kind.name)
            if writer is None:
                raise CannotExport(f"{name}: there is no Promela for the kind {kind.name!r}")
            found[name] = writer(name, self.names[name], kind, holders, paper)
        return found

    def code(self, value: Value) -> str:
        found = self.codes.setdefault(same(value), len(self.codes))
        if found == len(self.values):
            self.values.append(value)
        return str(found)

    def equal(self, expression: str, value: Value) -> str:
        """Only to be asked when every value has its number."""
        codes = [code for code, known in enumerate(self.values) if known == value]
        found = " || ".join(f"{expression} == {code}" for code in codes) or "false"
        return f"({found})" if len(codes) > 1 else found

    def _room(self, name: str) -> int:
        known = self.rooms[name]
        return self.asked.setdefault(name, _ROOM_GUESS if known is None else min(known, 255))

    def _sure(self, name: str) -> bool:
        known = self.rooms[name]
        return known is not None and known <= 255

    # -- what may come of a request --

    def ways(self, clerk: str, request: Request) -> Ways:
        if request.channel == WAIT:
            handles, timeout = cast("tuple[tuple[Handle, ...], Value]", request.argument)
            return list(self._wait_ways(clerk, tuple(dict.fromkeys(handles)), timeout))
        if request.channel.startswith("@"):
            channel, operation, argument, _ = request
            return list(self.lives.ways(clerk, channel[1:], operation, argument))
        for value in request.argument:
            if isinstance(value, Doomed):
                raise CannotExport(
                    f"{clerk} sends {value.what}, which cannot be pickled; nor can Promela say that"
                )
        if request.operation == CHANGE or (request.operation == "put" and len(request.argument) > 3):
            raise CannotExport(f"{clerk} changes a list that lies in its out-tray for {request.channel}")
        return self.rules[request.channel].ways(clerk, request.operation, request.argument)

    def _wait_ways(self, clerk: str, handles: tuple[Handle, ...], timeout: Value) -> Iterable[Way]:
        """wait([...]) returns whatever is ready, in the order of the list, or raises at the first thing it
        cannot wait for."""
        looks: list[tuple[str, str, tuple[str, ...]]] = []
        fine: list[str] = []
        for handle in handles:
            if handle.channel.startswith("@"):
                if handle.face != "sentinel":
                    message = f"Invalid file object: {handle.channel[1:]}"
                    yield Way(all_of(*fine), (), Raised("ValueError", message))
                    return
                looks.append(self.lives.sentinel(handle.channel[1:]))
                continue
            ready = self.rules[handle.channel].ready(clerk, handle.face)
            looks.append((f"({ready.condition})", f"!({ready.condition})", ()))
            if ready.refusal:
                bad, raised = ready.refusal
                yield Way(all_of(*fine, f"({bad})"), (), raised)
                fine.append(f"!({bad})")
        for chosen in itertools.product((True, False), repeat=len(handles)):
            if not any(chosen) and timeout is None:
                continue
            held = [
                there if yes else not_there for (there, not_there, _), yes in zip(looks, chosen, strict=True)
            ]
            done = tuple(
                step for (_, _, after), yes in zip(looks, chosen, strict=True) if yes for step in after
            )
            result = ListValue(tuple(handle for handle, yes in zip(handles, chosen, strict=True) if yes))
            yield Way(all_of(*fine, *held), done, Returned(result))

    # -- the text --

    def text(self) -> str:
        self.driven.clear()
        clerks = [self._clerk(control) for control in self.office.clerks]
        porters = [porter for name in self.rules for porter in self._porters(name)]
        channels = [self._channel(name) for name in self.rules]
        verdict = self._verdict()  # last: it compares with every value there is
        return "\n".join(
            [
                self._head(),
                *channels,
                *self._limits(),
                *self.lives.declare(),
                *clerks,
                *porters,
                verdict,
            ]
        )

    def _head(self) -> str:
        level = self.system.level
        lives = "\n".join(f"#define {life} {number}" for number, life in enumerate(LIVES))
        values = "\n".join(f"   {number} {_remark(say(value))}" for number, value in enumerate(self.values))
        return (
            f"/* {_remark(level.id)} {_remark(level.title)}\n\n"
            "   One d_step is one step of the office. Translate with spin -o1 -o2 -o3 -a, compile pan.c\n"
            "   with -DSAFETY -DNOREDUCE -DVECTORSZ=16384, run ./pan -c0 -E: its errors are the endings\n"
            "   that break a goal.\n"
            "   With S worlds, E steps and T endings pan stores S + 2T states and takes E + 2T + 1\n"
            "   transitions; an assertion other than 'good' means that the model was left.\n\n"
            f"   Values are numbers here:\n{values}\n*/\n"
            f"#define TOKEN {'byte' if len(self.codes) <= 256 else 'short'}\n{lives}\n\n"
            "hidden TOKEN item;\nhidden byte good;\nhidden int n;\nhidden int count;\n"
            "hidden byte some;\nhidden byte fits;\n"
        )

    def _channel(self, name: str) -> str:
        rule = self.rules[name]
        kind = "the counter" if name == DESK else f"a {rule.kind.name}"
        return "\n".join([f"/* {_remark(name)}: {kind} */", *rule.declare(), ""])

    def _limits(self) -> list[str]:
        """For clerks whose exceptions are excused, but for those of the game itself; and who stands where, if
        the cat may come."""
        found = []
        if self.cat:
            found.append("bit over; /* nothing but the cat could move, and it stays away */")
        for index, clerk in enumerate(self.system.clerks):
            if self.cat:
                wide = "byte" if len(self.office.clerks[index].tasks) < 255 else "short"
                found.append(f"{wide} at_{index + 1}; /* where it stands in its script */")
            if clerk in self.excused:
                crash = self.system.start.tasks[index].crash
                passed = int(crash is not None and crash.error == "Limit")
                found.append(f"bit limit_{index + 1} = {passed}; /* a bound of the game was passed */")
        return found

    def _clerk(self, control: Control) -> str:
        index = self.system.clerks.index(control.clerk)
        name = self.names[control.clerk]
        fates = self._fates(index)
        lines = [f"active proctype {name}() {{"]
        places = []
        for at, task in enumerate(control.tasks):
            lines.append(f"{name}_{at}: /* {_story(task)} */")
            options = [] if at in control.cut else self._options(index, control, at)
            if at in control.cut:
                lines.append("  assert(false); /* beyond */")
            places.append(["true"] if at in control.cut else [one.when for one in options])
            options += fates
            lines += self._written(index, options)
        if fates:
            dying = self._dying(control.clerk)
            places.append([one.when for one in dying])
            lines += [f"{name}_dead:", *self._written(index, dying)]
        self.driven.append(self._driven(index, places, [one.when for one in fates if not one.cats]))
        return "\n".join([*lines, f"{name}_beyond:\n  assert(false); false", "}", ""])

    def _written(self, index: int, options: Iterable[_Option]) -> list[str]:
        """A place in a clerk's script: what may be done there."""
        name = self.names[self.system.clerks[index]]
        lines = []
        for when, effect, target, remark, _ in options:
            place = target
            if self.cat and target.isdigit():
                effect = (*effect, f"at_{index + 1} = {target}")
            elif self.cat and target == "dead":
                effect = (*effect, f"at_{index + 1} = {len(self.office.clerks[index].tasks)}")
            steps = "; ".join(effect) or "skip"
            lines.append(f"  :: d_step {{ {when} -> {steps} }} goto {name}_{place}{remark}")
        return ["  if", *lines, "  fi;"] if lines else ["  false;"]

    def _driven(self, index: int, places: Sequence[Sequence[str]], signals: Sequence[str]) -> str:
        """That this clerk can take a step, or a signal can reach it: its place, and what is asked there."""
        number = index + 1
        found = [
            f"(at_{number} == {at} && ({_any_of(guards)}))" for at, guards in enumerate(places) if guards
        ]
        return _any_of([*found, *(f"(at_{number} < {len(places) - 1} && {guard})" for guard in signals)])

    def _fates(self, index: int) -> list[_Option]:
        """How this clerk's process may be ended from outside, at any moment."""
        clerk = self.system.clerks[index]
        forget = (f"limit_{index + 1} = 0",) if clerk in self.excused else ()
        return [
            _Option(f"!over && {when}" if cats else when, (*forget, *effect), "dead", cats=cats)
            for when, effect, cats in self.lives.fates(clerk)
        ]

    def _dying(self, clerk: str) -> list[_Option]:
        """A process that was ended from outside, while its ends close."""
        if not self.lives.slow(clerk):
            return []
        when, effect = self.lives.last(clerk)
        steps = [(when, effect), *((f"{when} && {may}", one) for may, one in self.lives.let_goes(clerk))]
        return [_Option(may, one, "dead") for may, one in steps]

    def _options(self, index: int, control: Control, at: int) -> list[_Option]:
        number, task, clerk = index + 1, control.tasks[at], control.clerk
        if task.over:
            if not self.lives.is_noticed(clerk):
                return []
            when = self.lives.may_leave(clerk)
            return [
                _Option(when, self.lives.leave(clerk), str(at), " /* goes home */"),
                *(_Option(all_of(when, may), one, str(at)) for may, one in self.lives.let_goes(clerk)),
            ]
        started = self.system.level.clerks[index].started
        up = f"life_{number} == UP" if at == 0 and not started else ""
        return [self._option(index, control, edge, up) for edge in control.edges[at]]

    def _option(self, index: int, control: Control, edge: Edge, up: str) -> _Option:
        way, target = edge
        number, after = index + 1, control.tasks[target]
        effect = list(way.effect)
        if after.over:
            effect.append(f"life_{number} = {life_after(after)}")
            if after.crash and after.crash.error == "Limit" and control.clerk in self.excused:
                effect.append(f"limit_{number} = 1")
            effect += self.lives.over(control.clerk)
        guard = all_of(up, f"({way.guard})" if up and way.guard else way.guard) or "true"
        return _Option(guard, tuple(effect), str(target) if self.office.knows(way) else "beyond")

    def _porters(self, channel: str) -> Iterable[str]:
        moves: dict[str, list[str]] = {}
        for clerk, guard, effect in self.rules[channel].porters():
            number = self.number[clerk]
            # The skip: SPIN takes a nested if at the very end of a d_step in a loop for a jump out of it.
            home = () if self.lives.is_noticed(clerk) else (f"GO_HOME_{number}()", "skip")
            self.driven.append(f"({guard})")
            moves.setdefault(clerk, []).append(f"  :: d_step {{ {guard} -> {'; '.join((*effect, *home))} }}")
        for clerk, options in moves.items():
            yield "\n".join(
                [
                    f"active proctype porter_{self.names[channel]}_{self.number[clerk]}() {{ "
                    f"/* {_remark(clerk)}'s porter at {_remark(channel)} */",
                    "  do",
                    *options,
                    "  od",
                    "}",
                    "",
                ]
            )

    # -- what is good --

    def _verdict(self) -> str:
        checks = list(self._checks())
        steps = ["good = 1", *checks, "assert(good)"]
        inside = ";\n    ".join(steps)
        told = "/* Once nothing moves: is everybody home, and every goal reached? */\n"
        when = "timeout"
        if self.cat:  # which may come, and need not
            told = told.replace("nothing moves", "nothing but the cat moves") + "".join(
                f"#define DRIVEN_{number} ({driven or 'false'})\n"
                for number, driven in enumerate(self.driven)
            )
            quiet = " && ".join(f"!DRIVEN_{number}" for number in range(len(self.driven)))
            when = f"d_step {{ {quiet} -> over = 1 }}"
        return f"{told}init {{\n  {when};\n  d_step {{\n    {inside}\n  }};\n  false\n}}\n"

    def _checks(self) -> Iterable[str]:
        for clerk, number in self.number.items():
            fine = f"life_{number} >= HOME"
            if clerk not in self.excused:
                fine += f" && life_{number} != CRASHED"
            else:
                fine += f" && !limit_{number}"
            yield _unless_bad(fine)
        goals: list[Goal] = list(self.system.level.win)
        if not any(isinstance(goal, LeftOver) for goal in goals):
            goals.append(LeftOver())
        for goal in goals:
            yield from self._goal(goal)

    def _goal(self, goal: Any) -> Iterable[str]:
        desk = self.names[DESK]
        match goal:
            case Log():
                room = max(1, self._room(DESK))
                if len(goal.things) > room:
                    yield "good = 0"
                    return
                yield _unless_bad(
                    all_of(
                        f"{desk}_len == {len(goal.things)}",
                        *(self.equal(f"{desk}_what[{at}]", one) for at, one in enumerate(goal.things)),
                    )
                )
            case Bag():
                yield from self._unless_delivered(goal.things, "good")
            case Either():
                yield "some = 0"
                for bag in goal.bags:
                    yield "fits = 1"
                    yield from self._unless_delivered(bag, "fits")
                    yield "some = some || fits"
                yield _unless_bad("some")
            case Within():
                for channel, least, most in goal.bounds:
                    wrong = [one for one in self.values if isinstance(one, int) and not least <= one <= most]
                    for cell in self.rules[channel].cells():
                        yield from (_unless_bad(f"!({self.equal(cell, one)})") for one in wrong)
            case Soon():
                yield self._first(goal.after)
                yield "count = n"
                yield self._first(goal.comes)
                yield _unless_bad(
                    f"count == {desk}_len || (n < {desk}_len && n <= count + {goal.behind + 1})"
                )
            case Reads():
                for channel, value in goal.readings:
                    yield _unless_bad(self.rules[channel].reads(value))
            case LeftOver():
                for name, rule in self.rules.items():
                    if name not in goal.allowed and name != DESK:
                        yield _unless_bad(all_of(f"{rule.inside()} == 0", rule.clean()))
            case PeakAtMost():
                for channel, bound in goal.bounds:
                    yield _unless_bad(f"{self.rules[channel].inside()} <= {bound}")
            case _:
                return

    def _unless_delivered(self, things: Sequence[Value], flag: str) -> Iterable[str]:
        """Lower a flag unless just these things were delivered, in any order."""
        desk = self.names[DESK]
        yield _unless(f"{desk}_len == {len(things)}", flag)
        for one in dict.fromkeys(things):
            yield (
                f"n = 0; count = 0; do :: n < {desk}_len -> "
                f"if :: {self.equal(f'{desk}_what[n]', one)} -> count++ :: else fi; n++ "
                ":: else -> break od"
            )
            yield _unless(f"count == {list(things).count(one)}", flag)

    def _first(self, thing: Value) -> str:
        """Set n to where a thing was delivered first, or to how many were delivered."""
        desk = self.names[DESK]
        found = self.equal(f"{desk}_what[n]", thing)
        return f"n = 0; do :: n < {desk}_len -> if :: {found} -> break :: else -> n++ fi :: else -> break od"


def _any_of(conditions: Iterable[str]) -> str:
    return " || ".join(f"({one})" for one in conditions)


def _unless_bad(condition: str) -> str:
    return _unless(condition, "good")


def _unless(condition: str, flag: str) -> str:
    return f"if :: {condition} :: else -> {flag} = 0 fi"


def _adding(name: str) -> Any:
    return lambda way: way.adds.count(name)


def _identifiers(*groups: tuple[str, Iterable[str]]) -> dict[str, str]:
    """Names that Promela can read, and C too, each of its own."""
    found: dict[str, str] = {}
    for prefix, names in groups:
        for name in names:
            plain = f"{prefix}_{re.sub(r'[^A-Za-z0-9]', '_', name)}"
            while plain in found.values():
                plain += "x"
            found[name] = plain
    return found


def _remark(text: str) -> str:
    """Text as it may stand in a comment."""
    return ascii(text)[1:-1].replace("*/", "* /").replace("/*", "/ *").replace("\\", "|")


def _story(task: Task) -> str:
    if task.request is None:
        how = f"stops with {task.crash.error}" if task.crash else "is over"
        return f"line {task.line}: {how}"
    channel, operation, argument, line = task.request
    return _remark(f"line {line}: {channel}.{operation}({', '.join(map(say, argument))})")[:200]
