"""An office as a Promela model, for SPIN to judge it independently of our own inspector.

Every step of the rules is one d_step of one process, so that SPIN's states are our worlds and its transitions
our steps (the model's head has the exact count). The clerks are control automata (`game.export.control`), the
channels are written in Promela by `game.export.promela_rules`; nothing is taken from explored worlds.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from game.export.control import MOST_TASKS, Control, Edge, Way, Ways, same, unfold
from game.export.promela_benches import BarrierRule, ConditionRule, EventRule, JoinableQueueRule
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
from game.goals import Bag, Goal, LeftOver, Log, MayFail, NoStarvation, PeakAtMost, Reads, say
from game.level.model import Answer, Level
from game.problems import Place, Problem, ProblemsFound
from game.request import DESK, WAIT, Handle, ListValue, Request, Value
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

_LIVES: Final = (
    "NEW", "UP", "LEAVING", "FAILING", "HOME", "CRASHED", "TERMINATED", "KILLED", "NAPPED",
)  # fmt: skip
"""The lives of a clerk by number: what is at least HOME has ended, and going home adds two."""

_ROOM_GUESS: Final = 16
"""Tokens there is room for in a channel into which clerks could put tokens for ever."""

NO_FAULT: Final = (Log, Bag, Reads, LeftOver, MayFail, NoStarvation, PeakAtMost)


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
        paper = Paper(self.code, self.equal, self.number.__getitem__, self._room, self._sure)
        self.rules = self._rules(paper)
        self.noticed = [self._is_noticed(clerk) for clerk in system.clerks]
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

    def _is_noticed(self, clerk: str) -> bool:
        """Whether this clerk's going home is a step of its own: somebody can tell that it has gone."""
        looked_at = any(
            channel == f"@{clerk}" and operation in ("is_alive", "exitcode", WAIT)
            for able in self.system.abilities.values()
            for channel, operation in able
        )
        return looked_at or any(
            kind.exits_are_noticed and any(who == clerk for _, who in holders)
            for (_, kind), holders in zip(self.system.channels, self.system.holders, strict=True)
        )

    # -- what may come of a request --

    def ways(self, clerk: str, request: Request) -> Ways:
        if request.channel == WAIT:
            handles, timeout = cast("tuple[tuple[Handle, ...], Value]", request.argument)
            return list(self._wait_ways(clerk, tuple(dict.fromkeys(handles)), timeout))
        if request.channel.startswith("@"):
            return list(self._process_ways(request.channel[1:], request.operation, request.argument))
        return self.rules[request.channel].ways(clerk, request.operation, request.argument)

    def _process_ways(self, other: str, operation: str, argument: tuple[Value, ...]) -> Iterable[Way]:
        life, doom = f"life_{self.number[other]}", f"doom_{self.number[other]}"
        match operation:
            case "start":
                yield Way(f"{life} == NEW", (f"START_{self.number[other]}()",), Returned(None))
                yield Way(f"{life} != NEW", (), Raised("AssertionError", "cannot start a process twice"))
            case "join":
                refused = Raised("AssertionError", "can only join a started process")
                yield Way(f"{life} == NEW", (), refused)
                over = f"{life} >= HOME" if argument[0] is None else f"{life} != NEW"
                yield Way(over, (), Returned(None))
            case "is_alive":
                yield Way(f"{life} != NEW && {life} < HOME", (), Returned(True))
                yield Way(f"{life} == NEW || {life} >= HOME", (), Returned(False))
            case "exitcode":
                yield Way(f"{life} < HOME", (), Returned(None))
                yield Way(f"{life} == HOME", (), Returned(0))
                yield Way(f"{life} == CRASHED", (), Returned(1))
                yield Way(f"{life} == TERMINATED", (), Returned(-15))
                yield Way(f"{life} == KILLED || {life} == NAPPED", (), Returned(-9))
            case "terminate" | "kill":
                message = f"'NoneType' object has no attribute '{operation}'"
                signal = "1" if operation == "terminate" else "2"
                yield Way(f"{life} == NEW", (), Raised("AttributeError", message))
                sent = f"if :: {life} < HOME && {doom} != 2 -> {doom} = {signal} :: else fi"
                yield Way(f"{life} != NEW", (sent,), Returned(None))
            case _:
                raise CannotExport(f"@{other}: there is no Promela for {operation!r} of a process")

    def _wait_ways(self, clerk: str, handles: tuple[Handle, ...], timeout: Value) -> Iterable[Way]:
        """wait([...]) returns whatever is ready, in the order of the list, or raises at the first thing it
        cannot wait for."""
        conditions: list[str] = []
        fine: list[str] = []
        for handle in handles:
            if handle.channel.startswith("@"):
                if handle.face != "sentinel":
                    message = f"Invalid file object: {handle.channel[1:]}"
                    yield Way(all_of(*fine), (), Raised("ValueError", message))
                    return
                conditions.append(f"life_{self.number[handle.channel[1:]]} >= HOME")
                continue
            ready = self.rules[handle.channel].ready(clerk, handle.face)
            conditions.append(ready.condition)
            if ready.refusal:
                bad, raised = ready.refusal
                yield Way(all_of(*fine, f"({bad})"), (), raised)
                fine.append(f"!({bad})")
        for chosen in itertools.product((True, False), repeat=len(handles)):
            if not any(chosen) and timeout is None:
                continue
            held = [f"({one})" if yes else f"!({one})" for one, yes in zip(conditions, chosen, strict=True)]
            result = ListValue(tuple(handle for handle, yes in zip(handles, chosen, strict=True) if yes))
            yield Way(all_of(*fine, *held), (), Returned(result))

    # -- the text --

    def text(self) -> str:
        clerks = [self._clerk(control) for control in self.office.clerks]
        porters = [porter for name in self.rules for porter in self._porters(name)]
        channels = [self._channel(name) for name in self.rules]
        verdict = self._verdict()  # last: it compares with every value there is
        return "\n".join(
            [
                self._head(),
                *channels,
                *[self._life(index) for index in range(len(self.system.clerks))],
                *clerks,
                *porters,
                verdict,
            ]
        )

    def _head(self) -> str:
        level = self.system.level
        lives = "\n".join(f"#define {life} {number}" for number, life in enumerate(_LIVES))
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
        )

    def _channel(self, name: str) -> str:
        rule = self.rules[name]
        kind = "the counter" if name == DESK else f"a {rule.kind.name}"
        return "\n".join([f"/* {_remark(name)}: {kind} */", *rule.declare(), ""])

    def _life(self, index: int) -> str:
        """A clerk's life as the others can tell it, how it starts and how it goes home."""
        clerk, number = self.system.level.clerks[index], index + 1
        begins = _life_after(self.system.start.tasks[index])
        life = begins if clerk.started else "NEW"
        noticed = self.noticed[index]
        if life in ("LEAVING", "FAILING") and not noticed:
            if self._leave(clerk.name):
                raise CannotExport(f"{clerk.name} is gone before the first step, and something notices")
            life = _LIVES[_LIVES.index(life) + 2]
        lines = [
            f"/* {_remark(clerk.name)} */",
            f"byte life_{number} = {life};",
            f"byte doom_{number}; /* a signal on its way: 1 term, 2 kill */",
        ]
        if clerk.name in self.excused:
            crash = self.system.start.tasks[index].crash
            limit = f" = {int(crash.error == 'Limit')}" if crash else ""
            lines.append(f"bit limit_{number}{limit}; /* a bound of the game was passed */")
        if not noticed:
            leave = "; ".join((*self._leave(clerk.name), f"life_{number} = life_{number} + 2"))
            lines.append(
                f"inline GO_HOME_{number}() {{\n  if\n  :: {self._may_leave(index)} -> "
                f"{leave}; doom_{number} = 0\n  :: else\n  fi\n}}"
            )
        home = "" if noticed or begins == "UP" else f"; GO_HOME_{number}()"
        if not clerk.started:
            lines.append(f"inline START_{number}() {{\n  life_{number} = {begins}{home}\n}}")
        else:
            lines.append(f"#define START_{number}() assert(false)")
        return "\n".join([*lines, ""])

    def _may_leave(self, index: int) -> str:
        number, clerk = index + 1, self.system.clerks[index]
        return all_of(
            f"(life_{number} == LEAVING || life_{number} == FAILING)",
            *(rule.may_leave(clerk) for rule in self._held(clerk)),
        )

    def _leave(self, clerk: str) -> tuple[str, ...]:
        return tuple(effect for rule in self._held(clerk) for effect in rule.leave(clerk))

    def _held(self, clerk: str) -> list[Rule]:
        return [rule for rule in self.rules.values() if clerk in rule.clerks]

    def _clerk(self, control: Control) -> str:
        index = self.system.clerks.index(control.clerk)
        name = self.names[control.clerk]
        fates = self._fates(index)
        lines = [f"active proctype {name}() {{"]
        for at, task in enumerate(control.tasks):
            lines.append(f"{name}_{at}: /* {_story(task)} */")
            options = [] if at in control.cut else self._options(index, control, at)
            if at in control.cut:
                lines.append("  assert(false); /* beyond */")
            options += [f"  :: {fate}" for fate in fates]
            lines.append("\n".join(["  if", *options, "  fi;"]) if options else "  false;")
        if fates:
            lines.append(f"{name}_dead:\n  false;")
        return "\n".join([*lines, f"{name}_beyond:\n  assert(false); false", "}", ""])

    def _fates(self, index: int) -> list[str]:
        """How this clerk's process may be ended from outside, at any moment."""
        system, clerk, number = self.system, self.system.clerks[index], index + 1
        die = [effect for rule in self._held(clerk) for effect in rule.die(clerk)]
        if clerk in self.excused:
            die.append(f"limit_{number} = 0")
        dead = f"goto {self.names[clerk]}_dead"
        found = []
        if any(
            (f"@{clerk}", signal) in able
            for able in system.abilities.values()
            for signal in ("terminate", "kill")
        ):
            end = (
                f"if :: doom_{number} == 1 -> life_{number} = TERMINATED :: else -> life_{number} = KILLED fi"
            )
            effect = "; ".join([*die, end, f"doom_{number} = 0"])
            found.append(f"d_step {{ doom_{number} != 0 -> {effect} }} {dead}")
        if clerk in system.level.cat.may_nap_on:
            napped = " + ".join(
                f"(life_{self.number[name]} == NAPPED)" for name in dict.fromkeys(system.level.cat.may_nap_on)
            )
            guard = f"life_{number} > NEW && life_{number} < HOME && {napped} < {system.level.cat.naps}"
            effect = "; ".join([*die, f"life_{number} = NAPPED", f"doom_{number} = 0"])
            found.append(f"d_step {{ {guard} -> {effect} }} {dead}")
        return found

    def _options(self, index: int, control: Control, at: int) -> list[str]:
        number, task = index + 1, control.tasks[at]
        if task.over:
            if not self.noticed[index]:
                return []
            effect = "; ".join(
                (*self._leave(control.clerk), f"life_{number} = life_{number} + 2", f"doom_{number} = 0")
            )
            stay = f"goto {self.names[control.clerk]}_{at}"
            return [f"  :: d_step {{ {self._may_leave(index)} -> {effect} }} {stay} /* goes home */"]
        started = self.system.level.clerks[index].started
        up = f"life_{number} == UP" if at == 0 and not started else ""
        return [self._option(index, control, edge, up) for edge in control.edges[at]]

    def _option(self, index: int, control: Control, edge: Edge, up: str) -> str:
        way, target = edge
        number, after = index + 1, control.tasks[target]
        effect = list(way.effect)
        if after.over:
            effect.append(f"life_{number} = {_life_after(after)}")
            if after.crash and after.crash.error == "Limit" and control.clerk in self.excused:
                effect.append(f"limit_{number} = 1")
            if not self.noticed[index]:
                effect.append(f"GO_HOME_{number}()")
        name = self.names[control.clerk]
        goto = f"{name}_{target}" if self.office.knows(way) else f"{name}_beyond"
        guard = all_of(up, f"({way.guard})" if up and way.guard else way.guard) or "true"
        return f"  :: d_step {{ {guard} -> {'; '.join(effect) or 'skip'} }} goto {goto}"

    def _porters(self, channel: str) -> Iterable[str]:
        moves: dict[str, list[str]] = {}
        for clerk, guard, effect in self.rules[channel].porters():
            number = self.number[clerk]
            home = () if self.noticed[number - 1] else (f"GO_HOME_{number}()",)
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
        return (
            "/* Once nothing moves: is everybody home, and every goal reached? */\n"
            f"init {{\n  timeout;\n  d_step {{\n    {inside}\n  }};\n  false\n}}\n"
        )

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
                yield _unless_bad(f"{desk}_len == {len(goal.things)}")
                for one in dict.fromkeys(goal.things):
                    yield (
                        f"n = 0; count = 0; do :: n < {desk}_len -> "
                        f"if :: {self.equal(f'{desk}_what[n]', one)} -> count++ :: else fi; n++ "
                        ":: else -> break od"
                    )
                    yield _unless_bad(f"count == {goal.things.count(one)}")
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


def _unless_bad(condition: str) -> str:
    return f"if :: {condition} :: else -> good = 0 fi"


def _adding(name: str) -> Any:
    return lambda way: way.adds.count(name)


def _life_after(task: Task) -> str:
    if not task.over:
        return "UP"
    return "FAILING" if task.crash else "LEAVING"


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
