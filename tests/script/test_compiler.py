# ruff: noqa: E501 (tables are easier to read with one case in a line)
"""Every construct that is not taught is refused at its place, in a sentence, with a way out."""

import pytest
from scripting import compiled, entry, problems

from game.request import Handle

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
    ("raise Foo", "2:11 there is no exception 'Foo' here; Exception stands for all of them"),
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
    ("lambda: 1", "2:5 'lambda' is only used in wait_for here; write a def beside this one instead"),
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
    ("n = __nam__", "2:9 names that begin with '__' are not used here"),
    ("delivr(n)", "2:5 nothing here is called 'delivr'; did you mean 'deliver'?"),
    ("print(n)", "2:5 print() is not used here; deliver(x) hands something over the counter"),
    ("eval('1')", "2:5 eval() is not used here; write the lines into the script"),
    ("n = str(n)", "2:9 str() is not used here; send or deliver a tuple of the parts instead"),
    ("sleep(1)", "2:5 sleep() is not used here; work(n) keeps a clerk busy, and waiting is what channels are for"),
    ("time.sleep(1)", "2:5 there is no module 'time' here; work(n) keeps a clerk busy, and waiting is what "
     "channels are for"),
    ("n = os.pid", "2:9 there is no module 'os' here; a clerk has only what it is handed as parameters"),
    ("n = multiprocessing.Queue()", "2:9 there is no module 'multiprocessing' here; clerks are handed what they "
     "share as parameters"),
    ("bell.put(1)", "2:5 nothing here is called 'bell'; did you mean 'belt'?"),
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
    # what only Python can say
    ("if n", "2:9 Python cannot read this: expected ':'"),
    ("n = (1", "2:9 Python cannot read this: '(' was never closed"),
    ("if n:\nn = 1", "3:5 Python cannot read this: expected an indented block after 'if' statement"),
    ("n = 'abc", "2:9 Python cannot read this: unterminated string literal"),
    ("n = (yield)", "2:10 'yield' is not used here; collect in a list, or send over a channel"),
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
