"""Scripts drawn from a grammar, and replies to what they ask for; for whoever runs a script in two ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import scripting
from hypothesis import strategies as st

from game.request import Handle, ListValue

HANDED = {name: scripting.HANDED[name] for name in ("belt", "tally", "cards", "key", "n", "things")}
HANDLES = {name: thing if isinstance(thing, Handle) else None for name, thing in HANDED.items()}


def reply_to(replies: tuple[Any, ...], number: int) -> Any:
    return replies[number % len(replies)] if replies else ("returned", None)


GRAMMAR = {
    "INT": ["i", "j", "n"],
    "LIST": ["xs", "ys", "things"],
    "SIGN": ["+", "-", "*", "//", "%"],
    "THAN": ["<", "<=", "==", "!=", ">", ">="],
    "ERROR": ["Exception", "Empty", "ValueError", "(Empty, TypeError)", "(IndexError, ValueError)", "OSError",
              "LookupError", "ArithmeticError", "TypeError", "RuntimeError", "UnboundLocalError"],
    "RAISED": ["ValueError('no')", "RuntimeError", "Empty", "KeyError('k')", "BrokenPipeError()",
               "TypeError(i)"],
    "LOCK": ["key", "tally.get_lock()", "lock", "cards.get_lock()"],
    "int": ["0", "1", "2", "-1", "7", "<INT>", "<INT>", "<INT>", "<int> + <int>", "<int> - <int>",
            "(<int>) <SIGN> (<int>)", "-(<int>)", "(<int> if <bool> else <int>)", "min(<int>, <int>)",
            "max(<int>, <int>)", "len(<list>)", "sum(<list>)", "abs(<int>)", "(j := <int>)", "<LIST>[<int>]",
            "<LIST>[<int>]", "t[<int>]", "(<int> or <int>)", "(<int> and <int>)"],
    "bool": ["True", "False", "i > 1", "j", "(<int> <THAN> <int>)", "(<int> <THAN> <int> <THAN> <int>)",
             "(not <int>)", "(<int> in <list>)", "(<any> not in <tuple>)", "(<LIST> is not None)",
             "(i is None)", "(<list> <THAN> <list>)", "(<int> < 2 and <int>)", "(<int> or <int> > 1)",
             "(<text> in <text>)", "(<any> <THAN> <any>)", "(<int> in range(<int>))"],
    "list": ["<LIST>", "<LIST>", "[]", "[1]", "[2, 1]", "[[1], 2]", "[<int>, <any>]", "<LIST> + <list>",
             "<LIST> * 2", "<LIST>[<int>:]", "<LIST>[:<int>]", "<LIST>[::<int>]", "sorted(<list>)",
             "list(<tuple>)", "list(range(3))", "(<list> or ys)"],
    "tuple": ["t", "()", "(1,)", "(1, 2)", "('a', xs)", "(<any>, <any>)", "t + <tuple>", "tuple(<list>)",
              "t[<int>:]"],
    "text": ["s", "s", "''", "'ab'", "'b'", "s + 'c'", "s * 2", "s[0]", "s[1:]", "'x' * i"],
    "any": ["<int>", "<int>", "<bool>", "<list>", "<tuple>", "<text>", "None"],
    "walked": ["range(2)", "range(i)", "range(3, 0, -1)", "range(i, j)", "range(j % 4)", "<list>", "<LIST>",
               "<tuple>", "s", "'xyz'", "[<int>, 2]"],
    "plain statement": [
        "<INT> = <int>", "<INT> = <int>", "<LIST> = <list>", "<LIST> = <list>", "t = <tuple>", "s = <text>",
        "<INT> = <any>", "<INT> <SIGN>= <int>", "<INT> <SIGN>= <int>", "<LIST> += <list>", "<LIST> += t",
        "<LIST>[<int>] <SIGN>= <int>", "s += <text>", "t += <tuple>", "t[0] <SIGN>= 1", "t[0] += [1]",
        "xs *= 2", "<LIST>.append(<any>)", "<LIST>.append(<LIST>)", "<LIST>.pop()",
        "<INT> = <LIST>.pop(<int>)", "<LIST>.remove(<any>)", "<LIST>.insert(<int>, <int>)",
        "<LIST>[<int>] = <any>", "deliver(<any>)", "deliver(<any>)", "i, j = <int>, <int>", "i, j = <LIST>",
        "i, j = t", "i, j = s", "(i, j), s = <tuple>, <text>", "xs, ys = ys, xs", "i = j = <int>",
        "xs = ys = <list>", "i, = t", "xs[0], i = i, <any>", "assert <bool>", "assert <bool>, 'so'",
        "work(<int>)", "<int>",
    ],
    "asking statement": [
        "belt.put(<any>)", "belt.put(<int>, timeout=<int>, block=<bool>)", "belt.put_nowait(<any>)",
        "<INT> = belt.get()", "<LIST> = belt.get()", "t = belt.get()", "s = belt.get_nowait()",
        "tally.value = <int>", "tally.value <SIGN>= <int>", "tally.value <SIGN>= tally.value",
        "cards[<int>] = <int>", "cards[<int>] <SIGN>= <int>", "cards[belt.get()] += tally.value",
        "tally.value, cards[i] = cards[j], tally.value", "key.acquire()", "key.release()",
        "deliver(<int> if key.acquire(False) else <int>)", "lock = tally.get_lock()",
        "lock.acquire(timeout=1)", "chute = belt", "chute.put(<int>)", "xs.append(belt.get())",
        "xs = [belt.get(), tally.value, cards[<int>]]", "i = max(belt.get(), tally.value)",
        "xs[belt.get()] = tally.value", "i = j < belt.get() < tally.value", "ys = [lock, xs]",
        "xs.insert(belt.get(), tally.value)", "ys[0].acquire()", "deliver(lock == tally.get_lock())",
        "j = (<int>, belt.get(), <any>)", "deliver((belt.get() or tally.value) + <int>)",
    ],
}  # fmt: skip
"""Where <word> stands, one of the word's own follows."""


class Writer:
    """Writes a script. `pick` chooses one of several; everything else follows from that."""

    grammar: ClassVar[dict[str, list[str]]] = GRAMMAR
    names_everywhere: ClassVar[str] = (
        "if tick < 0:\n        i = j = n = 0\n        xs = ys = things = []\n        t, s = (), ''\n"
    )
    starts: ClassVar[list[list[str]]] = [
        ["xs = [3, 1]"],
        ["xs = [1, 2, 3]", "ys = xs"],
        ["xs = []", "ys = [xs, 1]"],
        ["ys, xs = [1], [2]"],
    ]
    cell: ClassVar[str] = "xs[0]"
    made: ClassVar[str] = "[i]"

    def __init__(self, pick: Callable[[Sequence[Any]], Any]) -> None:
        self.pick = pick
        self.left = 40
        self.helpers: list[tuple[str, str]] = []

    def fill(self, template: str, deep: int = 0) -> str:
        def one(found: re.Match[str]) -> str:
            options = self.grammar[found[1]]
            if deep > 3:
                options = [option for option in options if "<" not in option or option[1:-1].isupper()]
            return self.fill(self.pick(options), deep + 1)

        return re.sub("<([a-zA-Z ]+)>", one, template)

    def chance(self, one_in: int) -> bool:
        return bool(self.pick([False] * (one_in - 1) + [True]))

    def script(self) -> str:
        defs = []
        for name, kind in [("g", "plain"), ("h", "lock"), ("k", "queue")]:
            if self.chance(2):
                defs.append(self.helper(name, kind))
                self.helpers.append((name, kind))
        body = ["tick = 0", "i = 1"]
        body += self.pick(self.starts)
        body += self.pick(
            [["t = (1, 2)", "s = 'ab'", "j = 1"], ["j, s, t = 2, '', (3, 1)"], ["j = 2", "t = ()"]]
        )
        body += self.pick([["lock = cards.get_lock()", "chute = belt"], ["lock = tally.get_lock()"], []])
        body += self.block(0, "")
        names = self.names_everywhere.replace("n =", "m =").replace("= things", "")
        body += [names + "        lock, chute = tally.get_lock(), belt"]
        text = f"def f({', '.join(self.pick([list(HANDED), sorted(HANDED)]))}):\n" + indented(body)
        return "".join(self.pick([[text, *defs], [*defs, text]]))

    def helper(self, name: str, kind: str) -> str:
        body = [
            "tick = 0",
            *self.pick([[f"j, n, s, t, ys, things = i, 2, 'b', (i, xs), xs, {self.made}"], []]),
        ]
        if kind == "plain":
            body += self.block(1, "local")
        elif kind == "lock":
            body += ["with thing:", *tabbed(self.block(2, "local"))]
        else:
            body += [self.pick(["thing.put(i)", "i = thing.get()", "thing.put(xs)"]), *self.block(2, "local")]
        body += [self.names_everywhere, self.fill(f"return {self.pick(['<int>', '<list>', 'None', 'xs'])}")]
        return f"def {name}(thing, i, xs):\n" + indented(body)

    # -- statements; `where` has "local" in a helper, "loop" and "except" inside those --

    def block(self, deep: int, where: str) -> list[str]:
        lines: list[str] = []
        for _ in range(self.pick([1, 1, 2, 3] if deep else [2, 3, 4, 5])):
            if self.left <= 0:
                break
            self.left -= 1
            lines += self.statement(deep, where)
        return lines or ["pass"]

    def statement(self, deep: int, where: str) -> list[str]:
        if "loop" in where and self.chance(5):
            return [self.pick(["break", "continue"])]
        if "except" in where and self.chance(5):
            return ["raise"]
        if self.chance(12):
            return [self.fill(self.pick(["return", "return <any>", "raise <RAISED>", "return <int>"]))]
        if deep < 4 and self.chance(2):
            big = [self.an_if, self.a_while, self.a_for, self.a_for, self.a_try, self.a_try, self.a_try]
            if "local" not in where:
                big += [self.a_with, self.a_with]
            made: list[str] = self.pick(big)(deep + 1, where)
            return made
        if "local" not in where and self.helpers and self.chance(6):
            return [self.call()]
        plain = "local" in where or self.chance(2)
        return [self.fill("<plain statement>" if plain else "<asking statement>")]

    def call(self) -> str:
        name, kind = self.pick(self.helpers)
        thing = {"plain": ["belt", "1", "xs", "key"], "lock": ["<LOCK>"], "queue": ["belt", "chute"]}[kind]
        target = self.pick(["", "i = ", "j = ", "xs = ", "t = "])
        return self.fill(f"{target}{name}({self.pick(thing)}, <int>, <list>)")

    def an_if(self, deep: int, where: str) -> list[str]:
        lines = [self.fill("if <bool>:"), *tabbed(self.block(deep, where))]
        if self.chance(3):
            lines += [self.fill("elif <bool>:"), *tabbed(self.block(deep, where))]
        return [*lines, *self.an_else(deep, where)]

    def a_while(self, deep: int, where: str) -> list[str]:
        # The loop's own count keeps both sides from working for ever.
        inside = ["tick += 1", "if tick > 9:", "    break", *self.block(deep, where + " loop")]
        return [self.fill("while <bool>:"), *tabbed(inside), *self.an_else(deep, where)]

    def a_for(self, deep: int, where: str) -> list[str]:
        walked, names = self.fill("<walked>"), self.pick(["i", "i", "j", self.cell, "ys", "i, j"])
        if "local" not in where and self.chance(5):
            names = self.pick(["tally.value", "cards[i]"])
        elif self.chance(3):
            walked = f"enumerate({walked}{self.fill(self.pick(['', ', 1', ', start=i', ', <any>']))})"
            names = self.pick(["i, j", "j, xs", "t", "i, ys"])
        inside = ["tick += 1", "if tick > 9:", "    break", *self.block(deep, where + " loop")]
        return [f"for {names} in {walked}:", *tabbed(inside), *self.an_else(deep, where)]

    def an_else(self, deep: int, where: str) -> list[str]:
        return ["else:", *tabbed(self.block(deep, where))] if self.chance(3) else []

    def a_try(self, deep: int, where: str) -> list[str]:
        lines = ["try:", *tabbed(self.block(deep, where))]
        handlers = self.pick([0, 1, 1, 2])
        for _ in range(handlers):
            lines += [self.fill("except <ERROR>:"), *tabbed(self.block(deep, where + " except"))]
        if handlers and self.chance(3):
            lines += ["except:", *tabbed(self.block(deep, where + " except"))]
        if handlers:
            lines += self.an_else(deep, where)
        if not handlers or self.chance(3):
            lines += ["finally:", *tabbed(self.block(deep, where))]
        return lines

    def a_with(self, deep: int, where: str) -> list[str]:
        locks = self.fill(self.pick(["<LOCK>", "<LOCK>", "<LOCK>, <LOCK>"]))
        return [f"with {locks}:", *tabbed(self.block(deep, where))]


def tabbed(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def indented(lines: list[str]) -> str:
    return "".join(f"    {line}\n" for line in lines)


def _flat(options: list[str]) -> list[str]:
    """Those that need no list."""
    lists = (
        r"\[\]|\[1\]|\[2, 1\]|\[\[|\[<int>, <any>|= \[|\+= \[|(list|sorted|sum|tuple)\("
        r"|LIST>\[<int>\]( =| <)|\.(append|pop|remove|insert)|xs\[|ys\["
    )
    return [option for option in options if not re.search(lists, option)]


class FlatWriter(Writer):
    """The same without lists, which change: tuples take their places."""

    grammar: ClassVar[dict[str, list[str]]] = {word: _flat(options) for word, options in GRAMMAR.items()} | {
        "list": ["<LIST>", "<LIST>", "()", "(2, 1)", "((1,), 2)", "(<int>, <any>)", "<LIST> + <list>",
                 "<LIST> * 2", "<LIST>[<int>:]", "<LIST>[:<int>]", "(<list> or ys)"],
    }  # fmt: skip
    names_everywhere: ClassVar[str] = Writer.names_everywhere.replace("[]", "()")
    starts: ClassVar[list[list[str]]] = [
        ["xs = (3, 1)"],
        ["xs = (1, 2, 3)", "ys = xs"],
        ["xs = ()", "ys = (xs, 1)"],
        ["ys, xs = (1,), (2,)"],
    ]
    cell: ClassVar[str] = "j"
    made: ClassVar[str] = "(i,)"


FLAT_HANDED = HANDED | {"things": (2, 1)}


@st.composite
def flat_scripts(draw: Any) -> str:
    return FlatWriter(lambda some: draw(st.sampled_from(some))).script()


PLAIN = st.one_of(st.integers(-3, 9), st.booleans(), st.none(), st.sampled_from(["", "ab"]))
MESSAGES = st.one_of(
    PLAIN,
    st.integers(-3, 9),
    st.lists(st.integers(0, 5), max_size=3).map(lambda items: ListValue(tuple(items))),
    st.tuples(PLAIN, PLAIN),
    st.just(ListValue((ListValue((1,)), (2, ListValue(()))))),
)
FLAT_MESSAGES = st.one_of(PLAIN, st.integers(-3, 9), st.tuples(PLAIN, PLAIN))


def _replies(messages: Any) -> Any:
    return st.lists(
        st.one_of(
            messages.map(lambda value: ("returned", value)),
            messages.map(lambda value: ("returned", value)),
            st.sampled_from(["Empty", "Full", "ValueError", "EOFError", "BrokenPipeError"]).map(
                lambda name: ("raised", name)
            ),
        ),
        max_size=6,
    ).map(tuple)


REPLIES, FLAT_REPLIES = _replies(MESSAGES), _replies(FLAT_MESSAGES)


@st.composite
def scripts(draw: Any) -> str:
    return Writer(lambda some: draw(st.sampled_from(some))).script()


TANGLED = """\
for i in (1, 2):
    try:
        with key:
            for j in (1, 2):
                with tally.get_lock():
                    return
    except Empty:
        deliver(i)
deliver(9)
---
for i in (1, 2):
    try:
        return
    finally:
        continue
deliver(9)
---
for i in (1, 2):
    for j in (3, 4):
        try:
            return
        finally:
            break
    deliver((i, j))
---
for i in (1, 2):
    for j in (3, 4):
        try:
            with key:
                break
        finally:
            for k in (5, 6):
                with key:
                    deliver(k)
---
for i in (1, 2):
    for j in (3, 4):
        try:
            return 5
        finally:
            return deliver(6)
---
for i in enumerate(things):
    while True:
        try:
            with key:
                try:
                    break
                except Full:
                    deliver(1)
                finally:
                    with cards.get_lock():
                        if n:
                            return
        except Empty:
            continue
        finally:
            deliver(2)
---
try:
    try:
        belt.get()
    except Empty:
        for i in (1, 2):
            try:
                with key:
                    raise
            finally:
                try:
                    raise ValueError
                except ValueError:
                    if i == 1:
                        continue
                    raise
except (Empty, ValueError):
    deliver(i)
    raise
---
while n:
    n -= 1
    try:
        try:
            for x in [belt.get()]:
                deliver(x)
                with key, tally.get_lock():
                    for y in (1, 2):
                        if y == n:
                            break
                        elif x:
                            continue
                        raise RuntimeError
                    else:
                        deliver("else")
        except Full:
            break
        else:
            deliver("fine")
    finally:
        deliver(n)
else:
    deliver("out")
---
try:
    with key:
        try:
            raise KeyError("outer")
        except KeyError:
            try:
                try:
                    raise IndexError("inner")
                except IndexError:
                    return
            finally:
                raise
finally:
    deliver(0)"""

WAYS_OUT = [
    f"def f({', '.join(HANDED)}):\n" + indented(body.split("\n")) for body in TANGLED.split("\n---\n")
]
