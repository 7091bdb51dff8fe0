# ruff: noqa: E501 (tables are easier to read with one case in a line)
"""What handles can do is checked before anything runs, wherever they go; and what is touched is known."""

import pytest
from scripting import compiled, entry, problems

from game.request import Handle

LISTS = "lists have append, insert, pop, remove, and other values have no methods"
HANDED_OVER = "clerks are handed what they use at the start"

MISUSED = [
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
    ("deliver(tally)", f"2:13 tally is a multiprocessing.Value and cannot travel in a message: {HANDED_OVER}; "
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
    ("belt.put(1, block=1, block=2)", "2:26 put() is given 'block' twice"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "told"), MISUSED, ids=[body[:40] for body, _ in MISUSED])
def test_what_a_thing_cannot_do_is_told_with_what_it_can(body, told):
    assert problems(entry(body)) == [told]


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
    assert told == ["1:11 x is a multiprocessing.Value; it has no 'put'; did you mean 'value'?"]


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
        ("with tally: pass", {("tally", "lock.acquire"), ("tally", "lock.release")}),
        ("cards.acquire()", {("cards", "lock.acquire")}),
        ("tally.release()", {("tally", "lock.release"), ("tally", "lock.release?")}),
        ("n = r.closed", {("r", "r.closed")}),
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
        ("n = (x := belt)\nx.get()", {("belt", "get")}),
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


def test_a_variable_that_is_only_sometimes_a_handle_may_stand_for_a_value():
    assert problems(entry("x = tally\nif n: x = 3\ndeliver(x + 1)")) == []
    assert problems(entry("x = tally\ny = x\ny = 3\nx = y\ndeliver(x + 1)")) == []
