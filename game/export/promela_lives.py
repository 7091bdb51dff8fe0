"""The lives of the processes once more, written in Promela: how they start, are seen, signalled, and end.

From Lib/multiprocessing/process.py, popen_fork.py and util.py, as docs/semantics.md has it ("Processes").
What happens to channels when a process ends is theirs to say (`game.export.promela_rules`). A process whose
ends close one after the other, `shut_N` says how it will have ended: until then it counts as it did before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from game.export.control import Way
from game.export.promela_rules import CannotExport, Rule, all_of
from game.request import WAIT, Value
from game.script.instructions import Raised, Returned, Task
from game.world import System

LIVES: Final = (
    "NEW", "UP", "LEAVING", "FAILING", "HOME", "CRASHED", "TERMINATED", "KILLED", "NAPPED",
)  # fmt: skip
"""The lives of a clerk by number: what is at least HOME has ended, and going home adds two."""

_GLANCES: Final = ("is_alive", "exitcode")
_SHUTS_HOME: Final = 1
"""Of `shut_N`, where the script is over: how, its life says. Else it is the life to come."""


class Lives:
    """What is written about processes. Clerks are numbered from 1; `rules` are those of the channels."""

    def __init__(self, system: System, rules: Mapping[str, Rule]) -> None:
        self.system, self.rules = system, rules
        self.number = {clerk: number for number, clerk in enumerate(system.clerks, 1)}
        self.asked = {one for able in system.abilities.values() for one in able}
        self.daemons = {clerk.name for clerk in system.level.clerks if clerk.daemon}

    # -- who has to do with whom --

    def is_noticed(self, clerk: str) -> bool:
        """Whether this clerk's going home is a step of its own: somebody can tell that it has gone."""
        looked_at = any((f"@{clerk}", look) in self.asked for look in (*_GLANCES, WAIT))
        return looked_at or self._ends_are_noticed(clerk)

    def _ends_are_noticed(self, clerk: str) -> bool:
        return any(rule.kind.exits_are_noticed for rule in self.held(clerk))

    def fades(self, clerk: str) -> bool:
        """Whether somebody may know of its end before the system tells so: from its sentinel or an end that
        it held."""
        glanced_at = any((f"@{clerk}", glance) in self.asked for glance in _GLANCES)
        return glanced_at and ((f"@{clerk}", WAIT) in self.asked or self._ends_are_noticed(clerk))

    def closes(self, clerk: str) -> bool:
        """Whether somebody may see an end closed that it held before its sentinel is ready."""
        return (f"@{clerk}", WAIT) in self.asked and self._ends_are_noticed(clerk)

    def unseen(self, clerk: str) -> bool:
        """Whether its end may be known to some and not to others."""
        return self.fades(clerk) or self.closes(clerk)

    def slow(self, clerk: str) -> list[str]:
        """The channels whose ends close one after the other when this process ends; none where nobody could
        tell."""
        return [self.system.channels[at][0] for at in self.system.ends[self.system.clerks.index(clerk)]]

    def whole(self, clerk: str) -> str:
        """None of its ends have closed."""
        return f"shut_{self.number[clerk]} == 0" if self.slow(clerk) else ""

    def let_goes(self, clerk: str) -> list[tuple[str, tuple[str, ...]]]:
        """(when, effect) of its ends of one channel closing by themselves: somebody has to be able to tell at
        once, and to tell by something else than waiting that others are open still."""
        shut = f"shut_{self.number[clerk]}"
        index = self.system.clerks.index(clerk)
        rules = [rule for name, rule in self.rules.items() if name in self.slow(clerk)]
        late = [rule for rule in rules if self.system.is_late(index, rule.name)]
        first = [effect for rule in self.held(clerk) if rule not in rules for effect in rule.leave(clerk)]
        decided = (*first, f"{shut} = {_SHUTS_HOME}", f"doom_{self.number[clerk]} = 0")
        begin = f"if :: {shut} == 0 -> {'; '.join(decided)} :: else fi"
        found = []
        for rule in rules:
            others = [other.watched(clerk, alone=False) for other in late if other is not rule]
            if others:
                when = all_of(f"({' || '.join(others)})", rule.watched(clerk, alone=True))
                found.append((when, (begin, *rule.die(clerk))))
        return found

    @cached_property
    def parent(self) -> dict[str, str]:
        """Who made whom, where it was not the office: who alone can start somebody who is not started from
        the beginning. Those who could only start each other never start, and have none."""
        found = {}
        for clerk in self.system.level.clerks:
            makers = [
                who for who, able in self.system.abilities.items() if (f"@{clerk.name}", "start") in able
            ]
            if len(makers) == 1 and makers != [clerk.name] and not clerk.started:
                found[clerk.name] = makers[0]
        return {clerk: maker for clerk, maker in found.items() if not _goes_round(found, clerk)}

    def held(self, clerk: str) -> list[Rule]:
        return [rule for rule in self.rules.values() if clerk in rule.clerks]

    # -- what one clerk asks of another --

    def ways(self, clerk: str, other: str, operation: str, argument: tuple[Value, ...]) -> Iterable[Way]:
        number = self.number[other]
        life, doom, fade = f"life_{number}", f"doom_{number}", f"fade_{number}"
        match operation:
            case "start":
                if clerk in self.daemons:
                    refused = Raised("AssertionError", "daemonic processes are not allowed to have children")
                    yield Way(f"{life} == NEW", (), refused)
                else:
                    yield Way(f"{life} == NEW", (f"START_{number}()",), Returned(None))
                yield Way(f"{life} != NEW", (), Raised("AssertionError", "cannot start a process twice"))
            case "join":
                refused = Raised("AssertionError", "can only join a started process")
                yield Way(f"{life} == NEW", (), refused)
                if argument[0] is None:
                    seen = (f"{fade} = 0",) if self.unseen(other) else ()
                    yield Way(f"{life} >= HOME", seen, Returned(None))
                else:
                    yield Way(f"{life} != NEW", (), Returned(None))
            case "is_alive":
                yield Way(f"{life} != NEW && {life} < HOME", (), Returned(True))
                yield Way(f"{life} == NEW", (), Returned(False))
                yield from self._look(other, "HOME", Returned(False), ">=")
                if self.fades(other):
                    yield Way(fade, (), Returned(True))
            case "exitcode":
                yield Way(f"{life} < HOME", (), Returned(None))
                for ended, code in zip(LIVES[4:], (0, 1, -15, -9, -9), strict=True):
                    yield from self._look(other, ended, Returned(code))
                if self.fades(other):
                    yield Way(fade, (), Returned(None))
            case "terminate" | "kill":
                message = f"'NoneType' object has no attribute '{operation}'"
                signal = "1" if operation == "terminate" else "2"
                yield Way(f"{life} == NEW", (), Raised("AttributeError", message))
                lives = all_of(f"{life} < HOME", f"{doom} == 0", self.whole(other))
                sent = f"if :: {lives} -> {doom} = {signal} :: else fi"
                yield Way(f"{life} != NEW", (sent,), Returned(None))
            case _:
                raise CannotExport(f"@{other}: there is no Promela for {operation!r} of a process")

    def _look(self, other: str, ended: str, told: Returned, how: str = "==") -> Iterable[Way]:
        """Somebody sees that a process has ended so; from then on everybody does."""
        seen = (f"fade_{self.number[other]} = 0",) if self.unseen(other) else ()
        yield Way(f"life_{self.number[other]} {how} {ended}", seen, told)

    def sentinel(self, other: str) -> tuple[str, str, tuple[str, ...]]:
        """When a sentinel may be found ready, when not, and what comes of its being found so."""
        number = self.number[other]
        ended, fade = f"life_{number} >= HOME", f"fade_{number}"
        if not self.closes(other):
            return f"({ended})", f"!({ended})", ()
        after = f"if :: {fade} == 2 -> {fade} = {int(self.fades(other))} :: else fi"
        return f"({ended})", f"!({ended} && {fade} != 2)", (after,)

    # -- starting and ending --

    def declare(self) -> list[str]:
        """The variables of all lives, and the inlines that start and end them: parents first, because their
        children's ends may be theirs."""
        clerks = self.system.clerks
        first = {clerk: self._first_life(index) for index, clerk in enumerate(clerks)}
        dismissed = self._dismissed_at_first(first)
        lines = []
        for clerk in clerks:
            number = self.number[clerk]
            doom = " = 1" if clerk in dismissed else ""
            lines += [
                f"/* {number}: {clerk if clerk.isascii() else ascii(clerk)} */",
                f"byte life_{number} = {first[clerk]};",
                f"byte doom_{number}{doom}; /* a signal on its way: 1 term, 2 kill */",
            ]
            if self.slow(clerk):
                lines.append(f"byte shut_{number}; /* its ends are closing, and then it has ended so */")
            if self.unseen(clerk):
                lines.append(
                    f"byte fade_{number}; /* it has ended, and not everybody sees it: 2 nor its sentinel */"
                )
        for clerk in sorted(clerks, key=self._depth):
            lines += self._inlines(clerk)
        return [*lines, ""]

    def _first_life(self, index: int) -> str:
        clerk = self.system.level.clerks[index]
        life = life_after(self.system.start.tasks[index]) if clerk.started else "NEW"
        if life in ("NEW", "UP") or self.is_noticed(clerk.name):
            return life
        if any(rule.leave(clerk.name) for rule in self.held(clerk.name)):
            raise CannotExport(f"{clerk.name} is gone before the first step, and something notices")
        return LIVES[LIVES.index(life) + 2]

    def _own(self) -> tuple[list[str], list[str]]:
        """The office's own daemons, and its own others."""
        own = [clerk for clerk in self.system.clerks if clerk not in self.parent]
        return [one for one in own if one in self.daemons], [one for one in own if one not in self.daemons]

    def _dismissed_at_first(self, first: Mapping[str, str]) -> list[str]:
        daemons, others = self._own()
        ended = [clerk for clerk, life in first.items() if life in LIVES[4:]]
        if not ended or any(first[clerk] in ("UP", "LEAVING", "FAILING") for clerk in others):
            return []
        return [clerk for clerk in daemons if first[clerk] in ("UP", "LEAVING", "FAILING")]

    def _depth(self, clerk: str) -> int:
        return 1 + self._depth(self.parent[clerk]) if clerk in self.parent else 0

    def _inlines(self, clerk: str) -> list[str]:
        number, index = self.number[clerk], self.system.clerks.index(clerk)
        found = []
        if ended := self._ended(clerk):
            found.append(f"inline ENDED_{number}() {{\n  {'; '.join(ended)}\n}}")
        if not self.is_noticed(clerk):
            when, leave = self.may_leave(clerk), "; ".join(self.leave(clerk))
            found.append(f"inline GO_HOME_{number}() {{\n  if\n  :: {when} -> {leave}\n  :: else\n  fi\n}}")
        if self.system.level.clerks[index].started:
            return [*found, f"#define START_{number}() assert(false)"]
        begins = life_after(self.system.start.tasks[index])
        home = self.over(clerk) if begins != "UP" else ()
        starts = "; ".join((f"life_{number} = {begins}", *home))
        return [*found, f"inline START_{number}() {{\n  {starts}\n}}"]

    def _ended(self, clerk: str) -> tuple[str, ...]:
        """What follows from the end of a process: its parent may have waited for nothing else; the office's
        own daemons are sent their signal once everybody else of its own has ended."""
        found = []
        parent = self.parent.get(clerk)
        if parent is not None and not self.is_noticed(parent):
            found.append(f"GO_HOME_{self.number[parent]}()")
        daemons, others = self._own()
        if daemons:
            away = [f"(life_{self.number[one]} == NEW || life_{self.number[one]} >= HOME)" for one in others]
            signals = "; ".join(self._dismiss(daemons))
            found.append(f"if :: {all_of(*away) or 'true'} -> {signals} :: else fi" if away else signals)
        return tuple(found)

    def _dismiss(self, daemons: Iterable[str]) -> Iterable[str]:
        for daemon in daemons:
            life, doom = f"life_{self.number[daemon]}", f"doom_{self.number[daemon]}"
            lives = all_of(f"{life} > NEW", f"{life} < HOME", f"{doom} == 0", self.whole(daemon))
            yield f"if :: {lives} -> {doom} = 1 :: else fi"

    def over(self, clerk: str) -> tuple[str, ...]:
        """What follows once its script is over: its daemons are sent their signal; where nobody can tell, it
        goes home at once."""
        mine = [child for child, parent in self.parent.items() if parent == clerk and child in self.daemons]
        home = () if self.is_noticed(clerk) else (f"GO_HOME_{self.number[clerk]}()",)
        return (*self._dismiss(mine), *home)

    def may_leave(self, clerk: str) -> str:
        """Its script is over, its children have ended, and no channel holds it back."""
        number = self.number[clerk]
        children = [self.number[child] for child, parent in self.parent.items() if parent == clerk]
        return all_of(
            f"(life_{number} == LEAVING || life_{number} == FAILING)",
            *(f"(life_{child} == NEW || life_{child} >= HOME)" for child in children),
            *(rule.may_leave(clerk) for rule in self.held(clerk)),
        )

    def leave(self, clerk: str) -> tuple[str, ...]:
        number = self.number[clerk]
        channels = [effect for rule in self.held(clerk) for effect in rule.leave(clerk)]
        slow = (f"shut_{number} = 0",) if self.slow(clerk) else ()
        return (*channels, *slow, *self._ends(clerk, f"life_{number} = life_{number} + 2"))

    def fates(self, clerk: str) -> list[tuple[str, tuple[str, ...], bool]]:
        """(when, effect, whether it is the cat) of what may end this clerk's process from outside, at any
        moment."""
        system, number = self.system, self.number[clerk]
        life, doom = f"life_{number}", f"doom_{number}"
        found = []
        if clerk in self.daemons or {(f"@{clerk}", "terminate"), (f"@{clerk}", "kill")} & self.asked:
            ended = f"({doom} == 1 -> TERMINATED : KILLED)"
            deaths = self._deaths(clerk, all_of(f"{doom} != 0", self.whole(clerk)), ended)
            found += [(when, effect, False) for when, effect in deaths]
        if clerk in system.level.cat.may_nap_on:
            napped = " + ".join(self._napped(name) for name in dict.fromkeys(system.level.cat.may_nap_on))
            guard = f"{life} > NEW && {life} < HOME && {napped} < {system.level.cat.naps}"
            deaths = self._deaths(clerk, all_of(guard, self.whole(clerk)), "NAPPED")
            found += [(when, effect, True) for when, effect in deaths]
        return found

    def _napped(self, clerk: str) -> str:
        """Whether the cat has come to this one."""
        shut = f" || shut_{self.number[clerk]} == NAPPED" if self.slow(clerk) else ""
        return f"(life_{self.number[clerk]} == NAPPED{shut})"

    def _deaths(self, clerk: str, when: str, ended: str) -> list[tuple[str, tuple[str, ...]]]:
        """At once, or so that its ends close one after the other."""
        number, slow = self.number[clerk], self.slow(clerk)
        die = [effect for rule in self.held(clerk) for effect in rule.die(clerk)]
        found = [(when, (*die, *self._ends(clerk, f"life_{number} = {ended}")))]
        if slow:
            die = [
                effect
                for rule in self.held(clerk)
                for effect in (rule.forget(clerk) if rule.name in slow else rule.die(clerk))
            ]
            begin = (f"shut_{number} = {ended}", f"life_{number} = UP", f"doom_{number} = 0")
            may = " || ".join(f"({may})" for may, _ in self.let_goes(clerk)) or "false"
            found.append((f"{when} && ({may})", (*die, *begin)))
        return found

    def last(self, clerk: str) -> tuple[str, tuple[str, ...]]:
        """(when, effect) of all that is left of a process that was ended from outside."""
        number = self.number[clerk]
        channels = [effect for rule in self.held(clerk) for effect in rule.die(clerk)]
        ended = (f"life_{number} = shut_{number}", f"shut_{number} = 0")
        return f"shut_{number} != 0", (*channels, *self._ends(clerk, "; ".join(ended)))

    def _ends(self, clerk: str, how: str) -> tuple[str, ...]:
        number = self.number[clerk]
        stage = 2 if self.closes(clerk) else 1
        fade = (f"fade_{number} = {stage}",) if self.unseen(clerk) else ()
        after = (f"ENDED_{number}()",) if self._ended(clerk) else ()
        return (how, f"doom_{number} = 0", *fade, *after)


def life_after(task: Task) -> str:
    if not task.over:
        return "UP"
    return "FAILING" if task.crash else "LEAVING"


def _goes_round(makers: Mapping[str, str], clerk: str) -> bool:
    seen = [clerk]
    while seen[-1] in makers:
        if makers[seen[-1]] in seen:
            return True
        seen.append(makers[seen[-1]])
    return False
