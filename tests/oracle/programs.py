"""Programs drawn from a seed, for two judges to disagree about: clerks that loop, branch on what they are
told, catch what is raised, start, end and wait for each other, over every kind of channel.

Only `random()` of a seeded generator is used, which gives the same numbers in every version of Python.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from builders import a_level

from game.channels.array import SharedArray
from game.channels.barrier import Barrier
from game.channels.condition import Condition
from game.channels.event import Event
from game.channels.joinable_queue import JoinableQueue
from game.channels.kind import Kind
from game.channels.lock import Lock
from game.channels.pipe import Pipe
from game.channels.queue import Queue
from game.channels.rlock import RLock
from game.channels.semaphore import BoundedSemaphore, Semaphore
from game.channels.shared_memory import SharedMemory
from game.channels.simple_queue import SimpleQueue
from game.channels.value import SharedValue
from game.goals import Bag, Goal, LeftOver, Log, MayFail, PeakAtMost, Reads
from game.level.model import Cat, Level
from game.world import build

T = TypeVar("T")
Block = list[str]

STEPS = 6
"""Statements a clerk has, more or less: offices must stay small enough to be walked in milliseconds."""


class Draw:
    """Choices made by a seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def below(self, bound: int) -> int:
        return int(self._chance.random() * bound)

    def one(self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]

    def often(self, part: float) -> bool:
        return self._chance.random() < part

    def some(self, things: Sequence[T], least: int, most: int) -> list[T]:
        left, chosen = list(things), []
        for _ in range(least + self.below(most - least + 1)):
            if left:
                chosen.append(left.pop(self.below(len(left))))
        return chosen


def level_of(seed: int) -> Level:
    """The level that this seed draws: every other one has those kinds only that need no bench to sit on.
    Most of its goals are taken from one of its runs, so that they are reached in some endings."""
    draw = Draw(seed)
    level = _Writer(draw, wide=seed % 2 == 1).level()
    system = build(level, level.starter)
    world = system.start
    for _ in range(300):
        moves = system.moves(world)
        if not moves:
            break
        world = draw.one(moves).world
    if draw.often(0.25) or system.ending(world) not in ("finished", "crashed"):
        return level
    view = system.view(world.channels)
    goals: list[Goal] = [goal for goal in level.win if isinstance(goal, PeakAtMost)]
    things = tuple(thing for _, thing in view.delivered)
    goals.append(Log(things) if draw.often(0.6) else Bag(tuple(sorted(things, key=repr))))
    if view.readings and draw.often(0.8):
        goals.append(Reads(view.readings))
    if left := tuple(name for name, _ in view.rest + view.leaks):
        goals.append(LeftOver(left))
    if failed := tuple(
        name for name, life in zip(system.clerks, world.lives, strict=True) if life == "crashed"
    ):
        goals.append(MayFail(failed))
    return replace(level, win=tuple(goals))


def twins(level: Level) -> Level:
    """The same level, in which everybody does what the first does."""
    first = level.clerks[0]
    everybody = (replace(one, script=first.script, gets=first.gets) for one in level.clerks)
    return replace(level, clerks=tuple(everybody))


class _Writer:
    def __init__(self, draw: Draw, wide: bool) -> None:
        self.draw, self.wide = draw, wide
        self.channels: dict[str, Kind] = {}
        self.faces: dict[str, dict[str, str]] = {}
        self.left = 0

    def level(self) -> Level:
        draw = self.draw
        clerks = ["ada", "bob", "cyd"][: 2 + draw.often(0.55)]
        kinds = (_KINDS | _MORE_KINDS) if self.wide else _KINDS
        for name in draw.some(sorted(kinds), 1, 3 if len(clerks) == 2 else 2):
            self.channels[name] = kinds[name](draw)
        for number, clerk in enumerate(clerks):
            self.faces[clerk] = {name: self._face(name, number) for name in self.channels}
        later = []
        if draw.often(0.3):
            boss = clerks[0]
            for other in clerks[1:]:
                self.faces[boss][other] = f"@{other}"
                if draw.often(0.6):
                    later.append(other)
        scripts = {clerk: self._script(clerk, clerks, later) for clerk in clerks}
        cat = Cat(1, tuple(draw.some(clerks, 1, 2))) if draw.often(0.12 if self.wide else 0.06) else Cat()
        daemons = draw.some(clerks, 1, 1) if self.wide and draw.often(0.15) else []
        goals = self._goals(clerks)
        return a_level(scripts, self.channels, self.faces, goals, later, "code", cat=cat, daemons=daemons)

    def _face(self, name: str, number: int) -> str:
        kind = self.channels[name]
        if not isinstance(kind, Pipe):
            return name
        near, far = ("a", "b") if kind.duplex else ("w", "r")
        if self.draw.often(0.15):
            number = self.draw.below(2)
        return f"{name}.{(near, far)[number % 2]}"

    def _goals(self, clerks: Sequence[str]) -> list[Goal]:
        draw = self.draw
        goals: list[Goal] = []
        if draw.often(0.5):
            things = tuple(draw.below(3) for _ in range(draw.below(4)))
            goals.append(Log(things) if draw.often(0.5) else Bag(things))
        boards = [name for name in self.channels if name == "v"]
        if boards and draw.often(0.6):
            goals.append(Reads((("v", draw.below(4)),)))
        if "c" in self.channels and draw.often(0.5):
            goals.append(Reads((("c", (draw.below(3), draw.below(2))),)))
        if "w" in self.channels and draw.often(0.5):
            goals.append(Reads((("w", (draw.below(3), 7)),)))
        rows = [name for name in self.channels if name in "qspoj"]
        if rows and draw.often(0.4):
            goals.append(LeftOver(tuple(draw.some(rows, 1, 2))))
        if rows and draw.often(0.2):
            goals.append(PeakAtMost(((draw.one(rows), draw.below(3)),)))
        if draw.often(0.3):
            goals.append(MayFail(tuple(draw.some(clerks, 1, 2))))
        return goals

    # -- scripts --

    def _script(self, clerk: str, clerks: Sequence[str], later: Sequence[str]) -> str:
        self.left = STEPS - (len(clerks) == 3)
        lines = ["x = 0"]
        held = [other for other in clerks if self.faces[clerk].get(other)]
        for other in held:
            if other in later and self.draw.often(0.9):
                lines.append(f"{other}.start()")
        lines += self._block(clerk, 0)
        for other in held:
            if self.draw.often(0.6):
                lines.append(f"{other}.join()")
        if held and self.draw.often(0.5):
            lines += self._block(clerk, 1)
        body = "".join(f"    {line}\n" for line in lines)
        return f"def {clerk}({', '.join(self.faces[clerk])}):\n{body}"

    def _block(self, clerk: str, depth: int) -> Block:
        lines: Block = []
        while True:
            lines += self._statement(clerk, depth)
            if self.left <= 0 or self.draw.often(0.25 + 0.2 * depth):
                return lines

    def _statement(self, clerk: str, depth: int) -> Block:
        draw = self.draw
        self.left -= 1
        if depth < 2 and self.left > 0:
            chance = draw.below(100)
            if chance < 14:
                return [f"for turn in range({2 + draw.below(2)}):", *_in(self._block(clerk, depth + 1))]
            if chance < 26:
                lines = [f"if {self._test(clerk)}:", *_in(self._block(clerk, depth + 1))]
                if draw.often(0.4):
                    lines += ["else:", *_in(self._block(clerk, depth + 1))]
                return lines
            if chance < 40:
                errors = draw.one(_ERRORS + (_MORE_ERRORS if self.wide else []))
                lines = ["try:", *_in(self._block(clerk, depth + 1)), f"except {errors}:"]
                lines += _in(self._block(clerk, depth + 1) if draw.often(0.5) else ["x = x + 1"])
                if draw.often(0.2):
                    lines += ["finally:", *_in(self._simple(clerk))]
                return lines
            if chance < 45 and (test := self._test(clerk, shared=True)):
                return [f"while {test}:", *_in(self._loop_body(clerk))]
            if chance < 60 and (key := self._key()):
                return [f"with {key}:", *_in(self._block(clerk, depth + 1))]
        return self._simple(clerk)

    def _loop_body(self, clerk: str) -> Block:
        """What may be done for ever without growing for ever."""
        calm = [name for name in self.channels if name in _CALM]
        if not calm or self.draw.often(0.5):
            return [self.draw.one(["pass", "break", "x = 1"])]
        return _CALM[self.draw.one(calm)]

    def _key(self) -> str:
        keys = [name for name in self.channels if name in "krtn"]
        keys += [
            f"{name}.get_lock()"
            for name in self.channels
            if name in "vc" and self.channels[name].lock  # type: ignore[attr-defined]
        ]
        return self.draw.one(keys) if keys else ""

    def _simple(self, clerk: str) -> Block:
        draw = self.draw
        if draw.often(0.1):
            return [draw.one(["deliver(x)", "x = x + 1", "x = (x, 1)", "x = 1 // x", "raise ValueError"])]
        others = [name for name, face in self.faces[clerk].items() if face.startswith("@")]
        if others and draw.often(0.2):
            other = draw.one(others)
            return [draw.one(_TO_PROCESS).format(c=other)]
        name = draw.one(list(self.channels))
        words = draw.one(self._vocabulary(clerk, name))
        return words.format(c=name, n=draw.below(3), s=draw.below(3) - 1).split("\n")

    def _test(self, clerk: str, shared: bool = False) -> str:
        """Something to branch on; a loop that asks nobody would go round for ever by itself."""
        others = [name for name, face in self.faces[clerk].items() if face.startswith("@")]
        if others and self.draw.often(0.25):
            return self.draw.one(["{c}.is_alive()", "{c}.exitcode is None", "{c}.exitcode"]).format(
                c=self.draw.one(others)
            )
        name = self.draw.one(list(self.channels))
        tests = self._vocabulary(clerk, name, tests=True)
        if not tests or (not shared and self.draw.often(0.15)):
            if shared:
                return ""
            return self.draw.one(["x", "x == 1", "not x"])
        return self.draw.one(tests).format(c=name, n=self.draw.below(3))

    def _vocabulary(self, clerk: str, name: str, tests: bool = False) -> Sequence[str]:
        kind = self.channels[name]
        if isinstance(kind, Pipe):
            end = self.faces[clerk][name].partition(".")[2]
            words = {"w": "send", "r": "recv"}.get(end, "both")
            return (_PIPE_TESTS if tests else _PIPE)[words]
        if tests:
            return _TESTS.get(name, ())
        words_ = _WORDS[name]
        if name in "vc" and not kind.lock:  # type: ignore[attr-defined]
            return [word for word in words_ if "lock" not in word]
        return words_


def _in(lines: Block) -> Block:
    return [f"    {line}" for line in lines]


_KINDS: dict[str, Callable[[Draw], Kind]] = {
    "q": lambda draw: Queue(maxsize=draw.one([0, 0, 1, 2])),
    "s": lambda draw: SimpleQueue(capacity=draw.one([1, 2, 16])),
    "p": lambda draw: Pipe(duplex=True, capacity=draw.one([1, 2, 16])),
    "o": lambda draw: Pipe(duplex=False, capacity=draw.one([1, 2, 16])),
    "v": lambda draw: SharedValue(initial=draw.below(2), lock=draw.often(0.85)),
    "c": lambda draw: SharedArray(initial=(draw.below(2), 0), lock=draw.often(0.85)),
    "k": lambda draw: Lock(),
}

_MORE_KINDS: dict[str, Callable[[Draw], Kind]] = {
    "j": lambda draw: JoinableQueue(maxsize=draw.one([0, 0, 1, 2])),
    "e": lambda draw: Event(),
    "n": lambda draw: Condition(),
    "b": lambda draw: Barrier(parties=draw.one([1, 2, 2, 3])),
    "r": lambda draw: RLock(),
    "t": lambda draw: BoundedSemaphore(draw.one([1, 2])) if draw.often(0.5) else Semaphore(draw.below(3)),
    "w": lambda draw: SharedMemory((draw.below(2), 7)),
}

_CALM: dict[str, Block] = {
    "v": ["v.value = 1"],
    "c": ["c[0] = c[1]"],
    "k": ["with k:", "    pass"],
    "e": ["e.clear()"],
    "n": ["with n:", "    n.notify()"],
    "r": ["with r:", "    pass"],
    "w": ["w.buf[0] = 1"],
}

_ERRORS: list[str] = ["(Empty, Full)", "(EOFError, OSError)", "Exception", "Empty", "BrokenPipeError"]
_MORE_ERRORS: list[str] = ["BrokenBarrierError", "(ValueError, AssertionError)", "TypeError"]

_WORDS: dict[str, list[str]] = {
    "q": [
        *["{c}.put({n})"] * 4,
        *["{c}.put(x)", "x = {c}.get()", "deliver({c}.get())", "x = {c}.get()"],
        *["{c}.put_nowait({n})", "x = {c}.get_nowait()", "x = {c}.get(True, 1)", "{c}.put(1, timeout=1)"],
        *["deliver({c}.qsize())", "x = {c}.full()", "x = {c}.empty()", "x = {c}.get(False)", "{c}.put(1, x)"],
    ],
    "s": [
        *["{c}.put({n})"] * 3,
        *["{c}.put(x)", "x = {c}.get()", "deliver({c}.get())", "deliver({c}.empty())", "x = {c}.get()"],
    ],
    "v": [
        *["{c}.value += 1"] * 3,
        *["{c}.value = {n}", "x = {c}.value", "{c}.value = x", "deliver({c}.value)"],
        *["x = {c}.get_lock().acquire(False)", "{c}.get_lock().acquire()", "{c}.get_lock().release()"],
        "x = {c}.get_lock().acquire(timeout=1)",
    ],
    "c": [
        *["{c}[0] += 1", "{c}[{s}] = {n}", "x = {c}[{s}]", "{c}[1] = x", "deliver({c}[{n}])"],
        *["{c}[0] = {c}[1]", "{c}.get_lock().acquire()", "{c}.get_lock().release()", "{c}[x] = 1"],
        "x = {c}.get_lock().acquire(block=False)",
    ],
    "k": [
        *["{c}.acquire()", "{c}.release()", "x = {c}.acquire(False)", "x = {c}.acquire(timeout=1)"],
        *["{c}.acquire(x)", "{c}.acquire(False, x)"],
    ],
    "j": [
        *["{c}.put({n})"] * 3,
        *["{c}.put(x)", "x = {c}.get()", "deliver({c}.get())", "x = {c}.get(True, 1)", "{c}.put_nowait(1)"],
        *["{c}.task_done()"] * 3,
        *["{c}.join()"] * 3,
        *["x = {c}.empty()", "x = {c}.qsize()", "x = {c}.get_nowait()", "x = {c}.get()\n{c}.task_done()"],
    ],
    "e": [
        *["{c}.set()"] * 3,
        *["{c}.clear()", "x = {c}.wait()", "deliver({c}.wait(1))", "x = {c}.is_set()", "{c}.wait()"],
        *["deliver({c}.is_set())", "x = {c}.wait(x)"],
    ],
    "n": [
        *["with {c}:\n    {c}.notify()", "with {c}:\n    x = {c}.wait()", "with {c}:\n    {c}.notify_all()"]
        * 2,
        *["with {c}:\n    deliver({c}.wait(1))", "with {c}:\n    {c}.notify({n})", "{c}.notify()"],
        *[
            "with {c}:\n    with {c}:\n        x = {c}.wait()",
            "{c}.acquire()",
            "{c}.release()",
            "x = {c}.wait(1)",
        ],
        *["x = {c}.acquire(False)", "with {c}:\n    {c}.notify(x)", "with {c}:\n    x = {c}.wait(x)"],
    ],
    "b": [
        *["x = {c}.wait()", "deliver({c}.wait())"] * 3,
        *["x = {c}.wait(1)", "{c}.wait(0)", "{c}.wait(x)", "{c}.abort()", "{c}.reset()", "x = {c}.broken"],
        *["deliver({c}.n_waiting)", "x = {c}.parties"],
    ],
    "r": [
        *[
            "{c}.acquire()",
            "{c}.release()",
            "x = {c}.acquire(False)",
            "with {c}:\n    x = {c}.acquire(timeout=1)",
        ],
        *["{c}.acquire(x)", "{c}.acquire(True, x)", "with {c}:\n    {c}.release()"],
    ],
    "t": [
        *["{c}.acquire()", "{c}.release()"] * 2,
        *[
            "x = {c}.acquire(False)",
            "deliver({c}.acquire(timeout=1))",
            "{c}.acquire(x)",
            "{c}.acquire(False, x)",
        ],
    ],
    "w": [
        *["{c}.buf[{s}] = {n}", "x = {c}.buf[{s}]", "{c}.buf[0] += 1", "deliver({c}.buf[1])", "{c}.unlink()"]
        * 2,
        *["{c}.buf[0] = x", "{c}.buf[x] = 1", "{c}.close()", "{c}.buf[0] = {s}", "deliver({c}.buf[{n}])"],
    ],
}

_PIPE: dict[str, list[str]] = {
    "send": [*["{c}.send({n})"] * 3, "{c}.send(x)", "{c}.close()"],
    "recv": [
        *["x = {c}.recv()", "deliver({c}.recv())", "x = {c}.recv()", "x = {c}.poll()", "{c}.close()"],
        *["x = {c}.poll(1)", "x = {c}.poll(None)", "x = len(wait([{c}], 1))", "wait([{c}])"],
    ],
    "both": [
        *["{c}.send({n})"] * 2,
        *["{c}.send(x)", "x = {c}.recv()", "deliver({c}.recv())", "x = {c}.recv()", "x = {c}.poll()"],
        *["{c}.close()", "x = {c}.poll(None)", "deliver({c}.poll(x))", "x = len(wait([{c}], 1))"],
    ],
}

_PIPE_TESTS: dict[str, list[str]] = {
    "send": [],
    "recv": ["{c}.poll()", "{c}.recv() == {n}", "not {c}.poll(1)"],
    "both": ["{c}.poll()", "{c}.recv() == {n}"],
}

_TESTS: dict[str, list[str]] = {
    "q": ["{c}.empty()", "{c}.full()", "{c}.qsize() > {n}", "{c}.get() == {n}", "not {c}.empty()"],
    "s": ["{c}.empty()", "not {c}.empty()", "{c}.get() == {n}"],
    "v": ["{c}.value == {n}", "{c}.value", "{c}.value < {n}"],
    "c": ["{c}[0] == {n}", "{c}[1]", "{c}[0] < {c}[1]"],
    "k": ["{c}.acquire(False)", "not {c}.acquire(timeout=1)"],
    "j": ["{c}.empty()", "{c}.qsize() > {n}", "{c}.get() == {n}"],
    "e": ["{c}.is_set()", "not {c}.is_set()", "{c}.wait(1)"],
    "n": ["{c}.acquire(False)"],
    "b": ["{c}.wait() == {n}", "{c}.broken", "{c}.n_waiting == {n}"],
    "r": ["{c}.acquire(False)", "not {c}.acquire(timeout=1)"],
    "t": ["{c}.acquire(False)", "not {c}.acquire(timeout=1)"],
    "w": ["{c}.buf[0] == {n}", "{c}.buf[1]", "{c}.buf[0] < {c}.buf[1]"],
}

_TO_PROCESS: list[str] = [
    "{c}.start()",
    "{c}.join()",
    "{c}.join(1)",
    "deliver({c}.is_alive())",
    "deliver({c}.exitcode)",
    "x = {c}.exitcode",
    "{c}.terminate()",
    "{c}.kill()",
    "wait([{c}.sentinel])",
    "deliver(len(wait([{c}.sentinel], 1)))",
]
