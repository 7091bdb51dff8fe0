# ruff: noqa: E501 (tables are easier to read with one case in a line)
"""Every construct that is not taught is refused at its place, in a sentence, with a way out."""

import pytest
from scripting import compiled, entry, problems

from game.problems import Place, ProblemsFound
from game.request import Handle

LISTS = "lists have append, insert, pop, remove, and other values have no methods"
HANDED_OVER = "clerks are handed what they use at the start"

REFUSED = [
    # statements
    ("import os", "2:5 nothing can be imported here: everything a clerk may use is handed to it as a parameter"),
    ("from os import path", "2:5 nothing can be imported here: everything a clerk may use is handed to it as a "
     "parameter"),
    ("class A: pass", "2:5 'class' is not used here; tuples and lists hold what belongs together"),
    ("def g(): pass", "2:5 a def inside a def is not used here; put it beside this one"),
    ("async def g(): pass", "2:5 'async' is not used here: clerks are processes, and blocking calls really block"),
    ("async with key: pass", "2:5 'async' is not used here: clerks are processes, and blocking calls really block"),
    ("global n", "2:5 'global' is not used here: processes share no variables; send values over a channel"),
    ("nonlocal n", "2:5 'nonlocal' is not used here; pass values as arguments and return them"),
    ("del n", "2:5 'del' is not used here; use pop(), or simply leave the variable"),
    ("n: int = 3", "2:5 annotations are not used here; write a plain assignment"),
    ("match n:\n    case 1: pass", "2:5 'match' is not used here; use if and elif"),
    ("try:\n    pass\nexcept* ValueError:\n    pass", "2:5 'except*' is not used here; write except"),
    ("with key as k: pass", "2:17 'as' is not used here; 'with key:' is all it takes"),
    ("try:\n    pass\nexcept ValueError as e:\n    pass", "4:5 'as' is not used here; the exception's name says "
     "enough"),
    ("try:\n    pass\nexcept Ful:\n    pass", "4:12 there is no exception 'Ful' here; did you mean 'Full'?"),
    ("try:\n    pass\nexcept n.Empty:\n    pass", "4:12 name the exceptions: except Empty:"),
    ("try:\n    pass\nexcept n:\n    pass", "4:12 'n' is something else in this script; give that another name"),
    ("try:\n    pass\nexcept:\n    pass\nexcept Full:\n    pass", "4:5 Python cannot read this: default 'except:' "
     "must be last"),
    ("break", "2:5 'break' stands outside a loop"),
    ("continue", "2:5 'continue' stands outside a loop"),
    ("raise", "2:5 a bare 'raise' stands inside an except; name what to raise"),
    ("try:\n    pass\nfinally:\n    raise", "5:9 a bare 'raise' stands inside an except; name what to raise"),
    ("raise Foo", "2:11 there is no exception 'Foo' here"),
    ("raise ValueError(1, 2)", '2:11 raise an exception by its name: raise RuntimeError("why")'),
    ('raise "no"', '2:11 raise an exception by its name: raise RuntimeError("why")'),
    ("raise ValueError from n", "2:27 'raise … from' is not used here; raise alone is enough"),
    ("n /= 2", "2:5 '/' makes fractions, and only whole numbers are used here; '//' divides them"),
    ("a, *b = things", "2:8 '*' is not used here; name every item"),
    ("things[0:1] = [2]", "2:5 several items are not assigned at once here; assign item by item"),
    ("things[0:1] += [2]", "2:5 several items are not assigned at once here; assign item by item"),
    ("for i in enumerate(): pass", "2:14 enumerate takes what to number, and perhaps the first number"),
    ("__n = 3", "2:5 names that begin with '__' are not used here"),
    # expressions
    ("lambda: 1", "2:5 'lambda' is not used here; write a def beside this one instead"),
    ("yield 1", "2:5 'yield' is not used here; collect in a list, or send over a channel"),
    ("yield from n", "2:5 'yield' is not used here; collect in a list, or send over a channel"),
    ("await n", "2:5 'await' is not used here: blocking calls simply block"),
    ("n = [a for a in n]", "2:9 comprehensions are not used here; write a for loop that appends"),
    ("n = {a for a in n}", "2:9 comprehensions are not used here; write a for loop that appends"),
    ("n = {a: 1 for a in n}", "2:9 comprehensions are not used here; write a for loop that appends"),
    ("n = sum(a for a in n)", "2:12 comprehensions are not used here; write a for loop that appends"),
    ("n = {1: 2}", "2:9 dictionaries are not used here; use a list of tuples"),
    ("n = {1}", "2:9 sets are not used here; use a list"),
    ('n = f"{n}"', "2:9 f-strings are not used here; send or deliver a tuple of the parts instead"),
    ("n = 1.5", "2:9 1.5 is a fraction; only whole numbers are used here"),
    ("n = b'a'", "2:9 b'a' is not used here: whole numbers, text, True, False and None are"),
    ("n = 1j", "2:9 1j is not used here: whole numbers, text, True, False and None are"),
    ("n = ...", "2:9 ... is not used here: whole numbers, text, True, False and None are"),
    ("n = 9223372036854775808", "2:9 this number does not fit in 64 bits"),
    ("n = -9223372036854775809", "2:10 this number does not fit in 64 bits"),
    (f"n = '{'x' * 1001}'", "2:9 this text has more than 1,000 characters"),
    (f"n = [{'1,' * 1001}]", "2:9 there is room for 1,000 things"),
    (f"n = ({'1,' * 1001})", "2:9 there is room for 1,000 things"),
    ("n = '\\ud800'", "2:9 there is a character in this text that cannot be written"),
    ("n = n / 2", "2:9 '/' makes fractions, and only whole numbers are used here; '//' divides them"),
    ("n = n ** 2", "2:9 '**' is not used here; multiply with '*'"),
    ("n = n << 2", "2:9 '<<' is not used here; multiply with '*'"),
    ("n = n | 2", "2:9 '|' is not used here; write 'or' between conditions"),
    ("n = n & 2", "2:9 '&' is not used here; write 'and' between conditions"),
    ("n = n ^ 2", "2:9 '^' is not used here; compare with '!='"),
    ("n = n @ 2", "2:9 '@' is not used here; multiply with '*'"),
    ("n = ~n", "2:9 '~' is not used here; write 'not' before a condition, '-' before a number"),
    ("n = '%d' % n", "2:9 '%' fills nothing into text here; send or deliver a tuple of the parts"),
    ("n = n is True", "2:14 'is' is asked of None only; compare with '=='"),
    ("n = n is not things", "2:18 'is' is asked of None only; compare with '!='"),
    # names and calls
    ("n = bell", "2:9 nothing here is called 'bell'; did you mean 'belt'?"),
    ("n = true", "2:9 nothing here is called 'true'; did you mean 'True'?"),
    ("n = len", "2:9 len must be called: len(…)"),
    ("n = f", "2:9 f must be called: f(…)"),
    ("n = Empty", "2:9 Empty is an exception: it stands after raise and except"),
    ("n = Empty()", "2:9 Empty is an exception: it stands after raise and except"),
    ("n = __name__", "2:9 names that begin with '__' are not used here"),
    ("delivr(n)", "2:5 nothing here is called 'delivr'; did you mean 'deliver'?"),
    ("print(n)", "2:5 print() is not used here; deliver(x) hands something over the counter"),
    ("eval('1')", "2:5 eval() is not used here"),
    ("n = str(n)", "2:9 str() is not used here"),
    ("n = enumerate(things)", "2:9 enumerate() is not used here; it stands in a for: for number, thing in "
     "enumerate(things):"),
    ("belt = Queue()", "2:12 Queue is not made here: clerks are handed what they share as parameters"),
    ("n(1)", "2:5 'n' is a variable here and cannot be called"),
    ("belt.get()()", "2:5 only a name or a method can be called here"),
    ("deliver()", "2:5 deliver() takes one thing: deliver(thing)"),
    ("deliver(thing=1)", "2:5 deliver() takes one thing: deliver(thing)"),
    ("work(1, 2)", "2:5 work() takes one thing: work(3)"),
    ("n = sorted(things, reverse=True)", "2:24 sorted() takes no named arguments here"),
    ("belt.put(*things)", "2:14 '*' is not used here; name every argument"),
    ("belt.put(**n)", "2:14 '*' is not used here; name every argument"),
    ("wait()", "2:5 wait takes a list of what to wait for: wait([first, second])"),
    ("wait([r], 1, 2)", "2:5 wait takes a list of what to wait for: wait([first, second])"),
    ("wait([r], time=1)", "2:5 wait takes a list of what to wait for: wait([first, second])"),
    ("wait(bob)", "2:10 wait takes a list of what to wait for: wait([bob.sentinel])"),
    # handles
    ("belt.putt(1)", "2:5 belt is a multiprocessing.Queue; it has no 'putt'; did you mean 'put'?"),
    ("belt.frobnicate()", "2:5 belt is a multiprocessing.Queue; it has no 'frobnicate'; it has put, get, put_nowait, "
     "get_nowait, empty, full, qsize"),
    ("belt.put()", "2:5 put() needs item: put(item, block, timeout)"),
    ("belt.put(1, 2, 3, 4)", "2:23 put() takes 3 arguments, not 4"),
    ("belt.empty(1)", "2:16 empty() takes no arguments, not 1"),
    ("belt.put(1, blok=True)", "2:17 put() has no argument 'blok'; did you mean 'block'?"),
    ("belt.put(1, when=True)", "2:17 put() has no argument 'when'; it is put(item, block, timeout)"),
    ("belt.put(1, item=2)", "2:17 put() is given 'item' twice"),
    ("belt.get", "2:5 get must be called: belt.get()"),
    ("belt._buffer", "2:5 names that begin with '_' are not used here"),
    ("belt.__init__()", "2:5 names that begin with '_' are not used here"),
    ("tally.valu += 1", "2:5 tally is a multiprocessing.Value; it has no 'valu'; did you mean 'value'?"),
    ("tally.value()", "2:5 value is not called: tally.value"),
    ("tally.get_lock(1)", "2:20 get_lock() takes no arguments, not 1"),
    ("tally.get_lock().acquir()", "2:5 tally.get_lock() is a multiprocessing.RLock; it has no 'acquir'; did you "
     "mean 'acquire'?"),
    ("lock = tally.get_lock()\nlock.aquire()", "3:5 lock is a multiprocessing.RLock; it has no 'aquire'; did you "
     "mean 'acquire'?"),
    ("bob.exitcode = 3", "2:5 bob.exitcode can only be read"),
    ("bob.sentinel.close()", "2:5 bob.sentinel is a process sentinel; it has no 'close'"),
    ("cards[0:2]", "2:5 cards is a multiprocessing.Array; it is read and written cell by cell here: cards[0]"),
    ("belt[0]", "2:5 belt is a multiprocessing.Queue; it has no cells"),
    ("with tally: pass", "2:10 tally is a multiprocessing.Value; 'with' needs a lock, or something that has one; "
     "write: with tally.get_lock():"),
    ("with belt: pass", "2:10 belt is a multiprocessing.Queue; 'with' needs a lock, or something that has one"),
    ("with n: pass", "2:10 'with' needs a lock, or something that has one"),
    ("with tally.get_lok(): pass", "2:10 tally is a multiprocessing.Value; it has no 'get_lok'; did you mean "
     "'get_lock'?"),
    # handles where values belong
    ("tally += 1", "2:5 tally is a multiprocessing.Value, not a value; its number is tally.value"),
    ("n += tally", "2:10 tally is a multiprocessing.Value, not a value; its number is tally.value"),
    ("n = 1 + tally", "2:13 tally is a multiprocessing.Value, not a value; its number is tally.value"),
    ("n = -tally", "2:10 tally is a multiprocessing.Value, not a value; its number is tally.value"),
    ("n = tally > 1", "2:9 tally is a multiprocessing.Value, not a value; its number is tally.value"),
    ("n = 3 in belt", "2:14 belt is a multiprocessing.Queue, not a value; belt.get() takes one thing from it"),
    ("for n in belt: pass", "2:14 belt is a multiprocessing.Queue, not a value; belt.get() takes one thing from it"),
    ("for n, m in enumerate(cards): pass", "2:27 cards is a multiprocessing.Array, not a value; read it cell by "
     "cell: cards[0]"),
    ("n, m = r", "2:12 r is a multiprocessing.connection.Connection, not a value; r.recv() takes one thing from it"),
    ("n = len(cards)", "2:13 cards is a multiprocessing.Array, not a value; read it cell by cell: cards[0]"),
    ("deliver(bob)", f"2:13 bob is a multiprocessing.Process and cannot travel in a message: {HANDED_OVER}"),
    ("belt.put(key)", f"2:14 key is a multiprocessing.Lock and cannot travel in a message: {HANDED_OVER}"),
    ("belt.put(tally)", f"2:14 tally is a multiprocessing.Value and cannot travel in a message: {HANDED_OVER}; "
     "its number is tally.value"),
    # methods of plain values
    ("n.foo()", f"2:5 n has no 'foo' here; {LISTS}"),
    ("belt.get().foo()", f"2:5 belt.get() has no 'foo' here; {LISTS}"),
    ("'a'.upper()", f"2:5 'a' has no 'upper' here; {LISTS}"),
    ("things.sort()", "2:5 things has no 'sort' here; write: things = sorted(things)"),
    ("things.apend(1)", "2:5 things has no 'apend' here; did you mean 'append'?"),
    ("things.append", "2:5 append must be called: things.append(…)"),
    ("things.append(object=1)", "2:19 append() takes no named arguments"),
    ("n = things.real", f"2:9 things has no 'real' here; {LISTS}"),
    # what only Python can say
    ("if n", "2:9 Python cannot read this: expected ':'"),
    ("n = (1", "2:9 Python cannot read this: '(' was never closed"),
    ("if n:\nn = 1", "3:5 Python cannot read this: expected an indented block after 'if' statement"),
    ("n = 'abc", "2:9 Python cannot read this: unterminated string literal"),
    ("n = (yield)", "2:10 'yield' is not used here; collect in a list, or send over a channel"),
    ("belt.put(1, block=1, block=2)", "2:26 put() is given 'block' twice"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "told"), REFUSED, ids=[body[:40] for body, _ in REFUSED])
def test_what_is_not_taught_is_refused_in_a_sentence(body, told):
    assert problems(entry(body)) == [told]


ALLOWED = """\
pass
...
'a remark'
n = -9223372036854775808
n, (things, m) = 1, ([2], 3)
things[0], things[-1] = 2, 3
n += 1; n -= 1; n *= 2; n //= 2; n %= 2
tally.value += cards[n] % 2
cards[0] -= things[0]
things[n] *= n
belt.put(item=n, timeout=1)
if n is None or things is not None and not n == 1 < 2 <= 3 > 2 >= 1 != 0: pass
elif n in things or n not in (1, 2): pass
else: pass
while n: break
else: n = 1
for a, b in [(1, 2)]: continue
else: pass
for i in range(1, 10, 2): pass
for number, thing in enumerate(things, start=1): pass
for cards[0] in things: pass
with key, tally.get_lock(): pass
try: raise ValueError("no")
except (Empty, Full): raise
except ValueError: pass
except: raise RuntimeError
else: pass
finally: pass
assert n, "so"
n = m if n else (k := 3)
n = things[1:n:-1] + [min(1, 2), max(things), abs(-n), sum(things), len("abc")] + sorted(things)
things.append(1); things.insert(0, 1); things.remove(1); n = things.pop() + things.pop(0)
lock = tally.get_lock()
lock.acquire(block=False); lock.release()
bob.start(); bob.join(timeout=1); n = bob.exitcode; n = wait([bob.sentinel, r], timeout=None)
work(3); deliver(list(range(3))); deliver(tuple(things)); n = r.recv()
return n, m"""


def test_the_whole_language_is_let_through():
    assert problems(entry(ALLOWED)) == []


def test_all_problems_are_told_at_once_in_order():
    source = "import os\n" + entry("n = lambda: 1\nbelt.putt(1)\nfoo()") + "x = 1\n"
    assert [line.split()[0] for line in problems(source)] == ["1:1", "3:9", "4:5", "5:5", "6:1"]


def test_a_problem_stands_where_its_character_stands_in_the_file():
    with pytest.raises(ProblemsFound) as found:
        compiled(entry('n = "ä€😀" + foo'), place=Place("levels/x.yaml", 40, 7))
    (problem,) = found.value.problems
    assert problem == (
        Place("levels/x.yaml", 41, 7 + 4 + len('n = "ä€😀" + ')),
        "scripts.f",
        "nothing here is called 'foo'",
    )


def test_a_script_without_a_place_in_its_file_counts_from_its_first_line():
    with pytest.raises(ProblemsFound) as found:
        compiled(entry("foo()"), place=Place("f.py"))
    assert found.value.problems[0].place == Place("f.py", 2, 5)


HEADS = [
    ("def g(belt): pass", "1:1 this script needs a def f(belt, n): there the clerk begins"),
    ("def ff(belt, n): pass", "1:1 this script needs a def f(belt, n): there the clerk begins; did you mean 'ff'?"),
    ("", "1:1 this script needs a def f(belt, n): there the clerk begins"),
    ("def f(belt): pass", "1:1 write def f(belt, n): it is handed 'n' too"),
    ("def f(belt, n, m): pass", "1:1 write def f(belt, n): nobody hands it 'm'"),
    ("def f(belts, n): belts.foo()", "1:1 write def f(belt, n): nobody hands it 'belts'; did you mean 'belt'?"),
    ("def f(x): pass", "1:1 write def f(belt, n): nobody hands it 'x', and it is handed 'belt' too, and it is "
     "handed 'n' too"),
    ("def f(belt, n, *m): pass", "1:17 a def takes plain parameters here: no defaults, no '*' and no '/'"),
    ("def f(belt, n=3): pass", "1:15 a def takes plain parameters here: no defaults, no '*' and no '/'"),
    ("@n\ndef f(belt, n): pass", "1:2 decorators are not used here"),
    ("def f(belt, n: int): pass", "1:16 annotations are not used here"),
    ("def f(belt, n) -> int: pass", "1:19 annotations are not used here"),
    ("def f(belt, n): pass\ndef f(belt, n): pass", "2:1 there are two defs named 'f'; give one another name"),
    ("def f(belt, n): pass\nf(1, 2)", "2:1 only defs stand at the top of a script; move this into one"),
    ("def f(belt, n): f(belt, n)", "1:1 f calls itself; use a loop instead"),
    ("def f(belt, n): pass\ndef g(x): h(x)\ndef h(x): g(x)", "2:1 g calls itself through h; use a loop instead"),
    ("def f(belt, n): g()\ndef g(x): pass", "1:17 g() takes 1 argument, not 0"),
    ("def f(belt, n): g(x=1)\ndef g(x): pass", "1:19 g() is called without names here: g(1, 2)"),
    ("def f(belt, n): pass\ndef g(x, x): pass", "2:10 Python cannot read this: duplicate argument 'x' in function "
     "definition"),
    ("def f(belt, n): pass\ndef Empty(): pass", "2:1 a def cannot be named 'Empty' here; give it another name"),
    ("def f(belt, n): pass\ndef g(__x): pass", "2:7 names that begin with '__' are not used here"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "told"), HEADS, ids=[source[:40] for source, _ in HEADS])
def test_the_defs_of_a_script_fit_together(source, told):
    assert problems(source, belt=Handle("belt"), n=None)[0] == told


def test_both_defs_of_a_circle_are_told():
    circle = "def f(): pass\ndef g(): h()\ndef h(): g()\n"
    assert problems(circle, n=())[1:] == [
        "2:1 g calls itself through h; use a loop instead",
        "3:1 h calls itself through g; use a loop instead",
    ]


def test_parameters_may_stand_in_any_order():
    program = compiled("def f(n, belt): belt.put(n)", belt=Handle("belt"), n=None)
    assert program.parameters == ("n", "belt")


# -- handles that take a way --


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def f(belt): g(belt)\ndef g(b): b.putt(1)", "2:11 b is a multiprocessing.Queue; it has no 'putt'; did you "
         "mean 'put'?"),
        ("def f(belt):\n    b = c = belt\n    c.put()", "3:5 put() needs item: put(item, block, timeout)"),
        ("def f(belt): g(belt).putt(1)\ndef g(b): return b", "1:14 g(belt) is a multiprocessing.Queue; it has no "
         "'putt'; did you mean 'put'?"),
        ("def f(belt):\n    for b in [belt]: b.putt(1)", "2:22 b is a multiprocessing.Queue; it has no 'putt'; did "
         "you mean 'put'?"),
        ("def f(belt):\n    b, n = belt, 1\n    b.putt(n)", "3:5 b is a multiprocessing.Queue; it has no 'putt'; did "
         "you mean 'put'?"),
        ("def f(belt):\n    (b := belt).putt(1)", "2:5 (b := belt) is a multiprocessing.Queue"),
    ],
)  # fmt: skip
def test_a_handle_is_known_wherever_it_goes(source, told):
    (line,) = problems(source, belt=Handle("belt"))
    assert line.startswith(told[:60])


def test_a_method_that_only_some_of_the_possible_handles_have_is_left_to_the_run():
    source = (
        "def f(belt, tally, n):\n    x = belt\n    if n: x = tally.get_lock()\n    x.acquire()\n    x.put(1)"
    )
    assert problems(source, belt=Handle("belt"), tally=Handle("tally"), n=None) == []


def test_a_script_shared_by_clerks_must_fit_all_of_them():
    told = problems("def f(x): x.put(1)", x=[Handle("belt"), Handle("tally")])
    assert told == ["1:11 x is a multiprocessing.Value; it has no 'put'; it has value, get_lock"]


@pytest.mark.parametrize(
    ("body", "touches"),
    [
        ("belt.put(1)", {("belt", "put")}),
        ("belt.put(1, False)", {("belt", "put"), ("belt", "put?")}),
        ("belt.put_nowait(1)", {("belt", "put"), ("belt", "put?")}),
        ("tally.value = 1", {("tally", "write")}),
        ("n = tally.value", {("tally", "read")}),
        ("tally.value += 1", {("tally", "read"), ("tally", "write")}),
        ("cards[0] += 1", {("cards", "read"), ("cards", "write")}),
        ("with tally.get_lock(): pass", {("tally", "lock.acquire"), ("tally", "lock.release")}),
        ("key.release()", {("key", "release"), ("key", "release?")}),
        ("key.acquire()", {("key", "acquire")}),
        ("lock = tally.get_lock()\nlock.acquire(False)", {("tally", "lock.acquire"), ("tally", "lock.acquire?")}),
        ("deliver(1)", {("", "deliver")}),
        ("bob.start()\nn = bob.exitcode", {("bob", "start"), ("bob", "exitcode")}),
        ("wait([r, bob.sentinel])", {("r", "wait"), ("bob", "wait")}),
        ("xs = [r]\nwait(xs)", {("r", "wait")}),
        ("xs = [belt, key]\nxs[0].get()", {("belt", "get")}),
        ("xs = []\nxs.append(belt)\nxs.pop().get()", {("belt", "get")}),
        ("xs = [1]\nxs[0] = belt\nfor x in xs: x.get()", {("belt", "get")}),
        ("x = belt if n else key\nx.get()", {("belt", "get")}),
        ("x = key\nx = belt\nx.get()\nx.acquire()", {("belt", "get"), ("key", "acquire")}),
        ("x, y = belt, key\nx.get()", {("belt", "get")}),
        ("xs = (belt, 1)\nx, y = xs\nx.get()", {("belt", "get")}),
    ],
)  # fmt: skip
def test_it_is_known_what_a_script_may_touch(body, touches):
    assert compiled(entry(body)).touches == touches


def test_helpers_touch_what_they_are_handed_and_idle_ones_touch_nothing():
    source = (
        entry("g(belt)")
        + "def g(b):\n    h(b)\ndef h(c):\n    c.get()\ndef idle(b):\n    b.put(1)\n    deliver(b)\n"
    )
    assert compiled(source).touches == {("belt", "get")}


# -- what is counted --


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("'what it does'\nletter = belt.get()\ndeliver(letter)", 2),
        ("pass\n...", 0),
        ("for i in range(3):\n    belt.put(i)", 2),
        ("if n: pass\nelif n: n = 1\nelse: n = 2", 4),
        ("while n:\n    break\nelse:\n    n = 1", 3),
        ("try:\n    n = 1\nexcept Empty:\n    n = 2\nelse:\n    n = 3\nfinally:\n    n = 4", 5),
        ("for i in range(2):\n    try:\n        return\n    finally:\n        n = 4", 4),
        ("with key, tally.get_lock():\n    n = 1", 2),
        ("n = 1; n = 2", 2),
    ],
)
def test_statements_are_counted_once_each(body, count):
    assert compiled(entry(body)).statements == count


def test_statements_of_helpers_count_too():
    assert compiled(entry("g()") + "def g():\n    return 1\n").statements == 2


# -- text that nobody should hand in --

NASTY = {
    "too long": "#" * 20_001,
    "nul": "def f():\n    \0",
    "surrogate": "def f():\n    '\ud800'",
    "byte order mark": "\ufeffdef f(): pass",
    "brackets": "def f():\n    n = " + "(" * 5_000,
    "closed brackets": "def f():\n    n = " + "(" * 190 + ")" * 190,
    "lists": "def f():\n    n = " + "[" * 150 + "]" * 150,
    "minuses": "def f():\n    n = " + "-" * 15_000 + "1",
    "nots": "def f():\n    n = " + "not " * 4_000 + "1",
    "sums": "def f():\n    n = " + "1+" * 9_000 + "1",
    "calls": "def f():\n    n" + "()" * 9_000,
    "attributes": "def f():\n    n" + ".n" * 9_000,
    "tabs": "def f():\n\tpass",
    "mixed tabs": "def f():\n    if 1:\n\treturn",
    "twenty-one blocks": "def f():\n" + "".join(f"{'  ' * (i + 1)}while 1:\n" for i in range(21)) + "  " * 22 + "pass",
    "hundred blocks": "def f():\n" + "".join(f"{' ' * (i + 1)}if 1:\n" for i in range(99)) + " " * 100 + "pass",
    "finallies": "def f():\n"
    + "".join(f"{' ' * (2 * i + 1)}try: f()\n{' ' * (2 * i + 1)}finally:\n" for i in range(18))
    + " " * 40 + "return",
    "elifs": "def f():\n    if 1: pass\n" + "    elif 1: pass\n" * 1_000,
    "backslash": "def f():\n    \\",
    "odd line ends": "def f():\r    foo\x0c\r\n    bar\u2028",
    "deep string": "def f():\n    n = f'" + "{f\"" * 30,
    "huge number": "def f():\n    n = " + "9" * 15_000,
    "nested helpers": "".join(f"def f{i}(): f{i + 1}(); f{i + 1}()\n" for i in range(400)),
    "star": "def f():\n    *n",
    "nothing": "",
    "spaces": "   ",
}  # fmt: skip


@pytest.mark.parametrize("source", NASTY.values(), ids=NASTY.keys())
@pytest.mark.timeout(20)
def test_whatever_is_handed_in_only_problems_come_out(source):
    with pytest.raises(ProblemsFound) as found:
        compiled(source)
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place, path, message in found.value.problems:
        assert path == "scripts.f"
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        assert len(message) < 300


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("too long", "1:1 this script has 20,001 characters; 20,000 are the most"),
        ("nul", "2:5 there is an invisible character here: U+0000"),
        ("byte order mark", "1:1 there is an invisible character here: U+FEFF"),
        ("tabs", "2:1 there is a tab in front of this line; use spaces"),
        ("minuses", "1:1 this is nested too deep for Python to read; take it apart"),
        ("elifs", "1:1 this is nested too deep for Python to read; take it apart"),
        ("finallies", "1:1 f is too much for one def; take it apart"),
    ],
)
def test_bad_text_is_told_apart(name, told):
    text = told.split(" ", 1)[1]
    said = [line.split(" ", 1) for line in problems(NASTY[name])]
    if "nested too deep" in text:
        assert said[0][1] in (text, "this lies more than 100 deep in other things; take it apart")
    else:
        assert [told.split(" ")[0], text] in said


def test_a_script_as_deep_as_allowed_is_read_even_with_little_stack_left():
    source = "def f(n):\n    n = " + "-(" * 40 + "n" + ")" * 40 + "\n"

    def far_down(deep):
        return far_down(deep - 1) if deep else problems(source, n=None)

    assert far_down(400) == []
