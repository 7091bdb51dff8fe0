# ruff: noqa: E501 (tables are easier to read with one case in a line)
"""The machine goes from one shared operation to the next, and between them leaves only what still matters."""

import builtins
import copy
import pickle
import queue
import subprocess
import sys
import threading
import time

import pytest
from scripting import HANDED, compiled, delivered, entry, run

from game.request import DESK, Handle, ListValue, Request
from game.script.errors import BASES, is_a
from game.script.instructions import Crash, Raised, Returned, Task
from game.script.vm import FUEL, begin, resume, shown_locals


def asked(body, *replies, helpers=""):
    """(channel, operation, argument) of everything a script asks for."""
    return [(where, what, how) for where, what, how, _ in run(body, *replies, helpers=helpers)[0]]


def crash(body, *replies, helpers=""):
    """How a script ends badly."""
    task = run(body, *replies, helpers=helpers)[1]
    assert task.request is None
    return task.crash


# -- requests --


@pytest.mark.parametrize(
    ("body", "request_"),
    [
        ("belt.put(1)", ("belt", "put", (1, True, None))),
        ("belt.put('a', False)", ("belt", "put", ("a", False, None))),
        ("belt.put(timeout=2, item=None)", ("belt", "put", (None, True, 2))),
        ("belt.put_nowait((1, [2]))", ("belt", "put", ((1, ListValue((2,))), False, None))),
        ("belt.get()", ("belt", "get", (True, None))),
        ("n = tally.value", ("tally", "read", ())),
        ("tally.value = 4", ("tally", "write", (4,))),
        ("n = cards[1]", ("cards", "read", (1,))),
        ("cards[-1] = 5", ("cards", "write", (-1, 5))),
        ("with key: pass", ("key", "acquire", (True, None))),
        ("tally.get_lock().acquire(False)", ("tally", "lock.acquire", (False, None))),
        ("n = r.recv()", ("tube", "r.recv", ())),
        ("bob.start()", ("@bob", "start", ())),
        ("bob.join()", ("@bob", "join", (None,))),
        ("n = bob.exitcode", ("@bob", "exitcode", ())),
        ("deliver([1])", ("desk", "deliver", (ListValue((1,)),))),
        ("wait([bob.sentinel, r])", ("wait", "wait", ((Handle("@bob", "sentinel"), Handle("tube", "r")), None))),
        ("wait((r,), timeout=1)", ("wait", "wait", ((Handle("tube", "r"),), 1))),
    ],
)  # fmt: skip
def test_every_touch_is_a_request_with_everything_filled_in(body, request_):
    assert asked(body)[0] == request_


def test_adding_to_a_shared_value_reads_and_then_writes():
    assert asked("tally.value += 2", 5) == [("tally", "read", ()), ("tally", "write", (7,))]
    assert asked("cards[n - 1] *= 2", 5) == [("cards", "read", (2,)), ("cards", "write", (2, 10))]


def test_a_request_has_the_line_that_asks():
    requests, _ = run(
        "n = 1\nbelt.put(\n    n,\n)\nwith key:\n\n    deliver(1)\ng(belt)",
        helpers="def g(b):\n    b.get()\n",
    )
    assert [(request.operation, request.line) for request in requests] == [
        ("put", 3), ("acquire", 6), ("deliver", 8), ("release", 6), ("get", 11),
    ]  # fmt: skip


def test_a_program_that_asks_nothing_is_over_at_once():
    assert begin(compiled("def f(n): n = n + 1", n=None), {"n": 1}) == Task(None, None, 0)


def test_work_takes_no_step():
    assert asked("work(1000)\ndeliver(1)") == [("desk", "deliver", (1,))]


def test_arguments_are_handed_over_by_name_and_lists_are_each_clerks_own():
    program = compiled("def f(xs, n):\n    xs.append(n)\n    deliver(xs)\n", n=None, xs=None)
    for _ in range(2):
        task = begin(program, {"n": (1, ListValue(())), "xs": ListValue((2,))})
        assert task.request == Request(DESK, "deliver", (ListValue((2, (1, ListValue(())))),), 3)


# -- with, on every way out --

LOCKED = [
    ("with key: n = 1", "acquire release"),
    ("with key: return", "acquire release"),
    ("for i in (1, 2):\n    with key: break", "acquire release"),
    ("for i in (1, 2):\n    with key: continue", "acquire release acquire release"),
    ("with key:\n    raise ValueError", "acquire release ValueError"),
    ("with key:\n    n = 1 // 0", "acquire release ZeroDivisionError"),
    ("with key, tally.get_lock(): n = 1", "acquire lock.acquire lock.release release"),
    ("with key, tally.get_lock(): return", "acquire lock.acquire lock.release release"),
    ("with key:\n    with tally.get_lock(): raise Empty", "acquire lock.acquire lock.release release Empty"),
    ("try:\n    with key: return\nfinally:\n    deliver(1)", "acquire release deliver"),
    ("with key:\n    try:\n        return\n    finally:\n        deliver(1)", "acquire deliver release"),
    ("while True:\n    with key:\n        try: break\n        finally: deliver(1)", "acquire deliver release"),
    ("try:\n    return deliver(1)\nfinally:\n    with key: n = 1 // 0", "deliver acquire release ZeroDivisionError"),
    ("for i in (1, 2):\n    try: return\n    finally: break\ndeliver(1)", "deliver"),
    ("try:\n    n = 1 // 0\nfinally:\n    return", ""),
    ("try:\n    n = 1 // 0\nexcept ZeroDivisionError:\n    with key: raise", "acquire release ZeroDivisionError"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "way"), LOCKED)
def test_locks_are_given_back_on_every_way_out(body, way):
    requests, task = run(body)
    ends = [task.crash.error] if task.crash else []
    assert " ".join([request.operation for request in requests] + ends) == way


def test_a_lock_that_was_not_got_is_not_given_back():
    assert asked("with key: pass", Raised("ValueError")) == [("key", "acquire", (True, None))]


def test_an_exception_while_giving_back_takes_the_place_of_the_first():
    body = "with key:\n    raise Empty"
    assert crash(body, None, Raised("AssertionError", "not yours")) == Crash("AssertionError", "not yours", 2)


def test_a_bare_raise_in_a_finally_raises_what_was_caught_outside_it():
    body = """\
try:
    raise KeyError("outer")
except KeyError:
    try:
        try:
            raise IndexError("inner")
        except IndexError:
            return
    finally:
        raise"""
    assert crash(body) == Crash("KeyError", "outer", 3)


# -- exceptions --


def test_a_reply_that_is_an_exception_is_raised_at_the_line_that_asked():
    assert crash("n = 1\nbelt.get()", Raised("Empty", "none there")) == Crash("Empty", "none there", 3)


@pytest.mark.parametrize(
    ("raised", "caught"),
    [
        ("BrokenPipeError", "BrokenPipeError ConnectionError OSError Exception"),
        ("ConnectionResetError", "ConnectionError"),
        ("FileNotFoundError", "OSError"),
        ("TimeoutError", "OSError"),
        ("BrokenBarrierError", "RuntimeError"),
        ("IndexError", "LookupError"),
        ("KeyError", "LookupError"),
        ("ZeroDivisionError", "ArithmeticError"),
        ("UnboundLocalError", "NameError"),
        ("UnpicklingError", "PickleError"),
        ("EOFError", "Exception"),
        ("StrangersError", "Exception"),
    ],
)
def test_an_exception_is_caught_by_its_class_and_those_above(raised, caught):
    for name in caught.split():
        assert delivered(f"try: belt.get()\nexcept {name}: deliver(1)", Raised(raised)) == [1]
    assert crash("try: belt.get()\nexcept (Full, TypeError): pass", Raised(raised)).error == raised


def test_the_bases_of_exceptions_are_those_of_python():
    def real(name):
        return next(
            getattr(home, name) for home in (builtins, queue, threading, pickle) if hasattr(home, name)
        )

    for one in BASES:
        for other in BASES:
            assert is_a(one, other) == issubclass(real(one), real(other)), (one, other)


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        ("m = n // 0", "ZeroDivisionError", "integer division or modulo by zero"),
        ("m = things[2]", "IndexError", "list index out of range"),
        ("m = n + 'a'", "TypeError", "unsupported operand type(s) for +: 'int' and 'str'"),
        ("things.remove(9)", "ValueError", "list.remove(x): x not in list"),
        ("a, b, c = things", "ValueError", "not enough values to unpack (expected 3, got 2)"),
        ("a, = things", "ValueError", "too many values to unpack (expected 1)"),
        ("a, b = n", "TypeError", "cannot unpack non-iterable int object"),
        ("for m in n: pass", "TypeError", "'int' object is not iterable"),
        ("for m in enumerate(n, 'a'): pass", "TypeError", "'str' object cannot be interpreted as an integer"),
        ("if n > 5: m = 1\nn = m", "UnboundLocalError",
         "cannot access local variable 'm' where it is not associated with a value"),
        ("n.append(1)", "AttributeError", "'int' object has no attribute 'append'"),
        ("n = (1, key)[1] + 1", "TypeError", "unsupported operand type(s) for +: 'channel' and 'int'"),
        ("xs = [key, 1]\nxs[1].acquire()", "AttributeError", "'int' object has no attribute 'acquire'"),
        ("xs = [key, 1]\nwith xs[1]: pass", "TypeError",
         "'int' object does not support the context manager protocol"),
        ("xs = [key, belt]\nxs[1].acquire()", "AttributeError",
         "'Queue' object has no attribute 'acquire'"),
        ("xs = [tally, 1]\nxs[1].value = 1", "AttributeError", "'int' object has no attribute 'value'"),
        ("raise ValueError((1, 'a'))", "ValueError", "(1, 'a')"),
        ("assert n > 5, 'small'", "AssertionError", "small"),
        ("assert n > 5", "AssertionError", ""),
        ("wait(5)", "TypeError", "'int' object is not iterable"),
        ("wait([5])", "ValueError", "Invalid file object: a int"),
        ("wait([r], 'soon')", "TypeError", "unsupported operand type(s) for +: 'float' and 'str'"),
    ],
)  # fmt: skip
def test_private_mistakes_are_pythons_own_exceptions(body, error, message):
    line = 2 + body.count("\n")
    assert crash(body) == Crash(error, message, line)
    caught = f"try:\n{chr(10).join('    ' + one for one in body.splitlines())}\nexcept {error}: deliver(7)"
    assert delivered(caught) == [7]


def test_a_method_that_is_not_there_is_missed_before_its_arguments_ask_for_anything():
    assert asked("xs = [key, 1]\nxs[1].acquire(belt.get())") == []


def test_an_exception_nobody_catches_in_a_helper_is_caught_by_who_called_it():
    helpers = "def g(b):\n    h(b)\ndef h(b):\n    b.get()\n"
    assert delivered("try: g(belt)\nexcept Empty: deliver(1)", Raised("Empty"), helpers=helpers) == [1]
    assert crash("g(belt)", Raised("Empty", "none"), helpers=helpers) == Crash("Empty", "none", 6)


# -- bounds --


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("n = 9223372036854775807 + 1", "9,223,372,036,854,775,808 does not fit in 64 bits"),
        ("n = -9223372036854775808 - 1", "-9,223,372,036,854,775,809 does not fit in 64 bits"),
        ("n = -(-9223372036854775807 - 1)", "9,223,372,036,854,775,808 does not fit in 64 bits"),
        ("n = abs(-9223372036854775808)", "9,223,372,036,854,775,808 does not fit in 64 bits"),
        ("n = sum((9223372036854775807, 1))", "9,223,372,036,854,775,808 does not fit in 64 bits"),
        ("for n in enumerate([1, 2], 9223372036854775807): pass",
         "9,223,372,036,854,775,808 does not fit in 64 bits"),
        ("while True: n += 1", f"works {FUEL:,} small steps without touching anything shared: "
         "does this loop ever end?"),
        ("while True: g()", f"works {FUEL:,} small steps without touching anything shared: "
         "does this loop ever end?"),
        ("n = 'x' * 1001", "1,001 characters are too many for one variable: 1,000 are the most"),
        ("n = 1001 * 'x'", "1,001 characters are too many for one variable: 1,000 are the most"),
        ("n = 'x' * 9223372036854775807",
         "9,223,372,036,854,775,807 characters are too many for one variable: 1,000 are the most"),
        ("s = 'x' * 600\ns += s", "1,200 characters are too many for one variable: 1,000 are the most"),
        ("n = [0] * 1001", "1,001 things are too many for one variable: 1,000 are the most"),
        ("n = (0,) * 1001", "1,001 things are too many for one variable: 1,000 are the most"),
        ("xs = [0] * 1000\nxs.append(1)", "1,001 things are too many for one variable: 1,000 are the most"),
        ("xs = [0] * 1000\nxs.insert(0, 1)", "1,001 things are too many for one variable: 1,000 are the most"),
        ("xs = [0] * 600\nxs += xs", "1,200 things are too many for one variable: 1,000 are the most"),
        ("xs = [0] * 600\nxs *= 2", "1,200 things are too many for one variable: 1,000 are the most"),
        ("xs = []\nxs += range(9223372036854775807)",
         "9,223,372,036,854,775,807 things are too many for one variable: 1,000 are the most"),
        ("n = list(range(1001))", "1,001 things are too many for one variable: 1,000 are the most"),
        ("n = tuple(range(1001))", "1,001 things are too many for one variable: 1,000 are the most"),
        ("n = sorted(range(-9223372036854775808, 9223372036854775807))",
         "18,446,744,073,709,551,615 things are too many for one variable: 1,000 are the most"),
        ("n = sum(range(9223372036854775807))", f"works {FUEL:,} small steps without touching anything shared: "
         "does this loop ever end?"),
        ("n = max(range(9223372036854775807))", f"works {FUEL:,} small steps without touching anything shared: "
         "does this loop ever end?"),
        ("t = ()\nwhile True: t = (t, t)", "there are more than 1,000 things in these lists and tuples"),
        ("t = ()\nwhile True: t = (t,)", "these lists and tuples lie more than 50 deep in one another"),
        ("xs = [0]\nwhile True:\n    for p in enumerate(xs): xs = [p]",
         "these lists and tuples lie more than 50 deep in one another"),
        ("xs, ys = [1], [1]\nfor i in range(40): xs, ys = [xs, xs], [ys, ys]\nn = xs == ys",
         "there are more than 10,000 things in these lists and tuples"),
        ("xs = [1]\nfor i in range(60): xs = [xs]\nn = xs in [xs, 1]",
         "these lists and tuples lie more than 50 deep in one another"),
        ("xs = []\nxs.append(xs)\nn = xs < [xs]", "these lists and tuples lie more than 50 deep in one another"),
        ("xs = []\nxs.append(xs)\nxs.remove(xs)\nxs.append(xs)\nxs.append(1)\nn = max([xs, [1]])",
         "these lists and tuples lie more than 50 deep in one another"),
        ("xs = []\nxs.append(xs)\nbelt.put(xs)", "these lists and tuples lie more than 50 deep in one another"),
        ("xs = []\nxs.append(xs)\nraise ValueError(xs)",
         "these lists and tuples lie more than 50 deep in one another"),
        ("xs = [1]\nfor i in range(20): xs = [xs, xs]\nbelt.put(xs)",
         "there are more than 3,500 things in these lists and tuples"),
        ("belt.put('x' * 999 + '€')", None),
        ("belt.put(['x' * 900] * 4)", "a letter of 3,638 bytes is too heavy: 3,500 can be carried"),
        ("belt.put(range(3))", "a range cannot travel in a message: send list(range(…)), or a tuple"),
        ("deliver((1, [key]))", "key cannot travel in a message: clerks are handed what they use at the start"),
        ("xs = []\nfor i in range(11): xs.append([0] * 1000)\nbelt.get()\ndeliver(len(xs))",
         "all lists of one clerk together have room for 10,000 things"),
        ("n = 'a%9d' + ''\nn = n % 3", "'%' fills nothing into text here: it gives the rest of a division"),
        ("n = sum([[1], [2]], [])", "sum() adds up numbers here; put lists together with +"),
        ("x = bob if n > 5 else things\nx.join(n)", None),
        ("x = belt.get() if n else key\nx = belt\nx = 'a' if n else x\nx.get()", None),
        ("xs = [cards]\nn = len(xs[0])", "cards is read and written cell by cell here: cards[0]"),
        ("xs = [cards]\nfor n in xs[0]: pass", "cards is read and written cell by cell here: cards[0]"),
        ("xs = [cards]\nn, m = xs[0]", "cards is read and written cell by cell here: cards[0]"),
        ("xs = [cards]\nn = 3 in xs[0]", "cards is read and written cell by cell here: cards[0]"),
        ("xs = [cards]\nn = xs[0][1:]", "cards is read and written cell by cell here: cards[0]"),
        ("xs = [cards]\nn = sorted(xs[0])", "cards is read and written cell by cell here: cards[0]"),
        ("xs = [bob]\nn = [tally, bob][1].value", None),
        ("xs = ['a', bob]\nxs[0].join(things)", "'join' is not used like this here"),
        ("xs = [bob, tally]\nxs[0].value = 3", "'value' is not used like this here"),
    ],
)  # fmt: skip
@pytest.mark.timeout(30)
def test_what_would_grow_or_last_for_ever_ends_in_a_sentence(body, message):
    ended = run(f"try:\n{chr(10).join('    ' + line for line in body.splitlines())}\nexcept: deliver('caught')",
                helpers="def g(): pass\n")[1].crash  # fmt: skip
    if message is None:
        assert ended is None or ended.error != "Limit"
    else:
        assert (ended.error, ended.message) == ("Limit", message)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("deliver(sum(range(1000)))", 499500),
        ("n = 0\nfor i in range(5000000000, 9000000000, 1000000000): n += 1\ndeliver(n)", 4),
        ("for i in range(-9223372036854775808, 9223372036854775807): break\ndeliver(i)", -(2**63)),
        ("deliver('a' in range(9223372036854775807))", False),
        ("deliver(9223372036854775806 in range(9223372036854775807))", True),
        ("deliver([1] == [1] != (1,))", True),
        ("deliver(1 if [[1], [[2]]] == [[1], [[2]]] else 0)", 1),
        ("deliver(key == key)", True),
        ("deliver([key] == [('key', '')])", False),
        ("deliver(('key', '') == (key if n else n))", False),
        ("deliver(tally.get_lock() == tally.get_lock())", True),
        ("deliver(not (cards if n else n))", False),
        ("deliver(key in [belt, key])", True),
        ("xs = [1]\nfor x in xs:\n    if x < 3: xs.append(x + 1)\ndeliver(xs)", ListValue((1, 2, 3))),
        ("xs = ys = [1]\nxs += [2]\ndeliver(ys)", ListValue((1, 2))),
        ("xs = ys = [1]\nxs = xs + [2]\ndeliver(ys)", ListValue((1,))),
        ("xs = [[]] * 2\nxs[0].append(1)\ndeliver(xs)", ListValue((ListValue((1,)), ListValue((1,))))),
        ("len = 3\ndeliver(len)", 3),
        ("Empty = 3\ndeliver(Empty)", 3),
        ("deliver(max(things, [1, 9]))", ListValue((2, 1))),
        ("for i, in [(1,)]: deliver(i)", 1),
        ("for i in enumerate(things, True): break\ndeliver(i)", (1, 2)),
    ],
)
@pytest.mark.timeout(30)
def test_odd_but_fine(body, value):
    assert delivered(body) == [value]


def test_a_def_of_the_script_goes_before_pythons_function_of_that_name():
    assert delivered("deliver(len(4))", helpers="def len(n): return n + 1\n") == [5]


def test_each_request_brings_new_fuel():
    body = f"for turn in range(5):\n    for i in range({FUEL // 8}): pass\n    belt.get()"
    assert len(asked(body)) == 5


def test_helpers_return_none_when_they_end_without_return():
    assert delivered("deliver(g())", helpers="def g():\n    pass\n") == [None]


# -- tasks --


def standing(body, *replies, helpers=""):
    """The task after these replies."""
    program = compiled(entry(body) + helpers)
    task = begin(program, HANDED)
    for reply in replies:
        task = resume(program, task, Returned(reply))
    assert task.request is not None
    return task


def test_what_nobody_reads_again_is_forgotten():
    body = "x = belt.get()\ndeliver(x + 1)\ndeliver(0)"
    assert standing(body, 1, None) == standing(body, 2, None)
    assert standing(body, 1) != standing(body, 2)


def test_what_is_read_again_is_kept():
    body = "x = belt.get()\ndeliver(0)\ndeliver(x)"
    assert standing(body, 1) != standing(body, 2)


def test_what_only_a_handler_reads_is_kept():
    body = "x = belt.get()\ntry:\n    deliver(0)\n    x = 1\nexcept Empty:\n    pass\ndeliver(x)"
    assert standing(body, 1) != standing(body, 2)
    finally_ = "x = belt.get()\ntry:\n    deliver(0)\nfinally:\n    belt.put(x)"
    assert standing(finally_, 1) != standing(finally_, 2)


def test_what_is_written_before_it_is_read_is_forgotten():
    body = "while True:\n    x = belt.get()\n    deliver(x)"
    assert standing(body, 1, None) == standing(body, 2, None) == standing(body)


def test_a_callers_variables_are_forgotten_too():
    helpers = "def g(b):\n    b.put(0)\n"
    body = "x = belt.get()\ny = belt.get()\ng(belt)\ndeliver(x)"
    assert standing(body, 1, 2, helpers=helpers) == standing(body, 1, 3, helpers=helpers)
    assert standing(body, 1, 2, helpers=helpers) != standing(body, 2, 2, helpers=helpers)


def test_a_loop_that_was_left_leaves_nothing_behind():
    body = "for i in range(3):\n    with key:\n        if belt.get(): return\n"
    assert standing(body, None, 1) == standing(body, None, 0, None, None, 1)
    body = "for i in range(3):\n    try:\n        if belt.get(): break\n    finally:\n        deliver(0)\n"
    assert standing(body, 1) == standing(body, 0, None, 1)
    assert standing(body, 0) != standing(body, 0, None, 0)
    body = "for i in range(2):\n    for j in range(2):\n        with key:\n            if belt.get(): break\n"
    assert standing(body, None, 1) == standing(body, None, 0, None, None, 1)
    assert standing(body, None, 1) != standing(body, None, 1, None, None, 1)


def test_equal_lists_made_in_another_order_make_equal_tasks():
    one = standing("n = belt.get()\na = [1]\nb = [2]\ndeliver(0)\ndeliver((a, b))", 0)
    lines = "if n:\n    a = [1]\n    b = [2]\nelse:\n    b = [2]\n    c = [3]\n    a = [1]"
    body = f"n = belt.get()\n{lines}\ndeliver(0)\ndeliver((a, b))"
    assert standing(body, 0) == standing(body, 1)
    assert one.heap == standing(body, 1).heap == ((1,), (2,))


def test_lists_nobody_reaches_are_gone():
    assert standing("a = [1, [2]]\nb = a[1]\ndeliver(0)\ndeliver(b)").heap == ((2,),)


def test_two_lists_and_one_list_twice_are_told_apart():
    body = "n = belt.get()\na = [1]\nb = a if n else [1]\ndeliver(0)\na.append(2)\ndeliver(b)"
    assert standing(body, 0) != standing(body, 1)


def test_a_list_and_a_tuple_are_told_apart():
    body = "n = belt.get()\na = [1] if n else (1,)\ndeliver(0)\ndeliver(a)"
    assert standing(body, 0) != standing(body, 1)


def test_a_handle_and_a_tuple_that_looks_like_it_are_told_apart():
    body = "n = belt.get()\na = key if n else ('key', '')\ndeliver(0)\nif a == key: deliver(1)"
    assert standing(body, 0) != standing(body, 1)


def test_lists_may_lie_in_themselves():
    body = "xs = [1]\nxs.append(xs)\ndeliver(0)\ndeliver(xs[1][1][0])"
    assert delivered(body) == [0, 1]


def test_tasks_are_small_values_that_pack_well():
    for body in ("tally.value += 1", "xs = [1, [2]]\nbelt.get()\ndeliver(xs)", "with key: belt.get()"):
        task = standing(body)
        packed = pickle.dumps(task)
        assert pickle.loads(packed) == task == copy.deepcopy(task)
        assert hash(pickle.loads(packed)) == hash(task)
        assert len(packed) < 400


def test_programs_are_values_that_pack_well():
    program = compiled(entry("with tally.get_lock():\n    tally.value += 1"))
    again = pickle.loads(pickle.dumps(program))
    assert again == program
    assert hash(again) == hash(program)
    assert program != compiled(entry("with tally.get_lock():\n    tally.value += 2"))
    assert len(pickle.dumps(program)) < 6_000


def test_a_spawned_process_goes_on_where_another_stopped():
    program = compiled(entry("xs = [key]\nn = belt.get()\nwith xs[0]:\n    deliver((n, [n]))"))
    task = begin(program, HANDED)
    code = (
        "import pickle, sys; from game.script.vm import resume; from game.script.instructions import Returned\n"
        "program, task = pickle.load(sys.stdin.buffer)\n"
        "for reply in (5, True, None): task = resume(program, task, Returned(reply))\n"
        "sys.stdout.buffer.write(pickle.dumps(task))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps((program, task)), capture_output=True, check=True
    )
    for reply in (5, True, None):
        task = resume(program, task, Returned(reply))
    assert pickle.loads(done.stdout) == task
    assert task.request.operation == "release"


# -- what people see --


def test_the_shown_variables_are_those_of_the_innermost_function_that_still_matter():
    source = entry("a, b, c = 1, [2, (3,)], 4\nlock = key\ng(b)\ndeliver((a, b, lock == key))") + (
        "def g(xs):\n    d = 5\n    e = range(3)\n    for i in e:\n        deliver(i)\n        d += len(xs) + i\n"
    )
    program = compiled(source)
    task = begin(program, HANDED)
    assert shown_locals(program, task) == {"xs": ListValue((2, (3,))), "i": 0, "d": 5}
    for _ in range(3):
        task = resume(program, task, Returned())
    assert shown_locals(program, task) == {}
    assert shown_locals(program, Task(None, None, 0)) == {}


def test_variables_too_odd_to_show_in_full_are_shown_all_the_same():
    program = compiled(
        entry(
            "xs = []\nxs.append(xs)\nr2 = range(5)\nks = [key, bob]\ndeliver(0)\ndeliver(len(xs) + len(r2) + len(ks))"
        )
    )
    assert shown_locals(program, begin(program, HANDED)) == {
        "xs": "list of 1",
        "r2": "range(0, 5)",
        "ks": "list of 2",
    }


# -- speed --


def test_a_clerk_decides_fast():
    program = compiled(entry("while True:\n    with tally.get_lock():\n        tally.value += 1"))
    task = begin(program, HANDED)
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(1_000):
            task = resume(program, task, Returned(5))
        best = min(best, time.perf_counter() - start)
    # 3 ms on the machine this was written on; the promise is 60,000 requests a second.
    assert best < 1_000 / 60_000
