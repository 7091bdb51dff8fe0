"""Who knows a script by heart does what the machine does, and hands over where that is better done there."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from random_scripts import (
    FLAT_HANDED,
    FLAT_REPLIES,
    HANDLES,
    REPLIES,
    WAYS_OUT,
    flat_scripts,
    reply_to,
    scripts,
)
from scripting import compiled

from game.channels.wire import to_real, to_value
from game.office.shared import LogFull, Notes
from game.request import DESK, ListValue
from game.script import by_heart
from game.script.by_heart import HandedOver, learn
from game.script.vm import FUEL, Live

MOST_ASKED = 60
MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def script(body):
    return f"def f({', '.join(HANDLES)}):\n" + "".join(f"    {line}\n" for line in body.split("\n"))


class Enough(BaseException):
    pass


class Wrong(Exception):
    """Stands for any exception of a real object."""


class Outside:
    """Real channels that write down what is asked of them, and give the replies in turn."""

    def __init__(self, replies, short, words=4000):
        self.replies, self.short, self.asked = replies, short, []
        self.notes = Notes(memoryview(bytearray(8 * words)).cast("q"))

    def bare(self, channel, operation, given, rest):
        if not self.short:
            return None
        return lambda *first: to_real(self.perform(channel, operation, (*map(to_value, first), *rest)))

    def perform(self, channel, operation, argument):
        if channel == DESK:  # who knows it by heart does not come here for that: the notes have it
            return None
        if len(self.asked) == MOST_ASKED:
            raise Enough
        self.asked.append((channel, operation, argument))
        kind, value = reply_to(self.replies, len(self.asked) - 1)
        if kind == "raised":
            raise Wrong(value)
        return value

    def named(self, error):
        if not isinstance(error, Wrong):
            raise error
        return error.args[0], "it went wrong"

    def value(self, real):
        return to_value(real)


def by_machine(script, outside):
    """As a clerk's process does what it was not taught."""
    while (request := script.request) is not None:
        try:
            result = outside.perform(request.channel, request.operation, request.argument)
        except Wrong as error:
            outside.notes.raised(*outside.named(error))
            script.throw(*outside.named(error))
        else:
            outside.notes.gave(result)
            script.give(result)
    return script.crash


def lived(program, handed, replies):
    """What the machine does: how it ends, what it asked the channels, and what its notes say."""
    outside = Outside(replies, short=False)
    outside.notes.begin()
    try:
        end = by_machine(Live(program, handed), outside)
    except Enough:
        end = "enough"
    return end, outside.asked, told_again(program, handed, outside.notes)


def learnt(program, handed, replies, short=True, words=4000):
    """The same of who knows it by heart; and where it was handed over, if it was."""
    outside = Outside(replies, short, words)
    outside.notes.begin()
    work, over = learn(program, handed, outside, outside.notes), None
    try:
        try:
            work()
            end = None
        except HandedOver as error:
            over = error
            script = Live.taken_over(program, over.frames, over.reply, over.thrown, over.fuel)
            end = by_machine(script, outside)
    except Enough:
        end = "enough"
    return (end, outside.asked, told_again(program, handed, outside.notes)), over


def told_again(program, handed, notes):
    """What the notes say was asked for, which follows from the script, and what came."""
    script, told, request = Live(program, handed), [], None
    for number, (_, came) in enumerate(notes.read()):
        if number:
            told.append((request, came))
            match came:
                case "went", operation, argument:
                    request = request._replace(operation=operation, argument=argument)
                    continue
                case "raised", error, message:
                    script.throw(error, message)
                case _, value:
                    script.give(value)
        request = script.request
    return [*told, request]


def check(source, handed, replies, short=True):
    program = compiled(source, **HANDLES)
    mine, over = learnt(program, handed, replies, short)
    theirs = lived(program, handed, replies)
    assert (mine, repr(mine)) == (theirs, repr(theirs))  # by their looks too, because 1 == True
    return over


@pytest.mark.parametrize("short", [True, False])
@MANY
@given(scripts(), REPLIES)
def test_generated_scripts_are_the_same_by_heart(short, source, replies):
    check(source, FLAT_HANDED, replies, short)


@pytest.mark.parametrize("short", [True, False])
@MANY
@given(flat_scripts(), FLAT_REPLIES)
def test_generated_scripts_without_lists_are_the_same_by_heart(short, source, replies):
    check(source, FLAT_HANDED, replies, short)


@pytest.mark.parametrize("source", WAYS_OUT)
@pytest.mark.parametrize("raised", ["Empty", "Full", "ValueError"])
def test_ways_out_of_loops_and_locks_are_the_same_by_heart(source, raised):
    fine, bad = ("returned", None), ("raised", raised)
    for pattern in range(2**6):
        replies = tuple(bad if pattern >> at & 1 else fine for at in range(6))
        check(source, FLAT_HANDED, replies, short=bool(pattern % 2))


ALONE = [
    "for m in range(5):\n    belt.put(m)",
    "for m in range(2):\n    got = belt.get()\n    with tally.get_lock():\n        tally.value += got",
    "while belt.get() < 3:\n    cards[1] = cards[0] + 1\n    if n > 2 and not n > 5: deliver((n, 'x'))",
    "while n < 9:\n    n += 1\ng(belt, n)\ng(belt, 4)",
    "while True:\n    try:\n        belt.get(timeout=1)\n    except Empty:\n        key.acquire(timeout=1)",
    "mine = tally.get_lock()\nmine.acquire()\nmine.release()\nfor a, b in ((1, 2), (3, 4)):\n    belt.put(a)",
]
HELPER = "def g(b, m):\n    b.put(m)\n    return m\n"


@pytest.mark.parametrize("body", ALONE)
def test_ordinary_scripts_are_known_to_their_end(body):
    source = script(body) + (HELPER if "g(" in body else "")
    fine = tuple(("returned", value) for value in (1, 0, 2, 1, 5))
    assert check(source, FLAT_HANDED, fine) is None
    over = check(source, FLAT_HANDED, (*fine, ("raised", "Empty")))
    assert over is None or over.thrown is not None  # nobody caught it


HANDED_OVER = {
    "xs = [1]\nbelt.put(xs)": "a list",
    "m = n // 0": "a private exception",
    "for thing in (key, belt): thing.get()": "a channel only known when it is met",
    "belt.put((1, 'a' * 900, 'b' * 900, 'c' * 900, 'd' * 900))": "a letter too heavy",
}


@pytest.mark.parametrize("body", HANDED_OVER)
def test_what_is_rare_is_left_to_the_machine(body):
    assert check(script(body), FLAT_HANDED, ()) is not None


def test_a_reply_with_a_list_is_left_to_the_machine():
    source = script("things = belt.get()\nthings.append(1)\ndeliver(things)")
    over = check(source, FLAT_HANDED, (("returned", (1, ListValue((2,)))), ("returned", ListValue(()))))
    assert over.reply == ((1, ListValue((2,))),)


@pytest.mark.parametrize("spare", range(12))
def test_private_work_ends_at_the_same_instruction(spare):
    """Where the fuel runs out the machine says so, having been handed exactly what is left."""
    body = (
        f"m = {'n + ' * spare}0\nbelt.put(m)\nm = {'n + ' * spare}0\n"
        "while True:\n    m += 1\n    m -= 1\n    if m > 5:\n        m = g(m)"
    )
    source = script(body) + "def g(m):\n    return m + 1\n"
    check(source, FLAT_HANDED, ())
    with_end = source.replace("while True", f"while m < {FUEL // 17}")
    check(with_end, FLAT_HANDED, ())


@pytest.mark.parametrize(
    "body", ["while True: pass", "m = sum(range(99990))\nm = 1\nm = 2\nm = 3\nbelt.put(m)"]
)
def test_bounds_of_private_work_hold(body):
    check(script(body), FLAT_HANDED, ())


def test_who_has_written_much_goes_on_more_slowly(monkeypatch):
    monkeypatch.setattr(by_heart, "FAST_WORDS", 20)
    for body in ("for m in range(40): tally.value += m", "for m in range(40): deliver(m)"):
        program = compiled(script(body), **HANDLES)
        mine, over = learnt(program, FLAT_HANDED, (("returned", 1), ("returned", None)))
        assert over is not None
        assert mine == lived(program, FLAT_HANDED, (("returned", 1), ("returned", None)))


def test_full_notes_end_it_and_what_is_there_can_be_read():
    program = compiled(script("for m in range(40): tally.value += m"), **HANDLES)
    outside = Outside((("returned", 1), ("returned", None)), short=True, words=20)
    outside.notes.begin()
    with pytest.raises(LogFull):
        try:
            learn(program, FLAT_HANDED, outside, outside.notes)()
        except HandedOver as over:
            by_machine(Live.taken_over(program, over.frames, over.reply, over.thrown, over.fuel), outside)
    assert len(list(outside.notes.read())) > 10


def test_no_word_of_a_script_stands_in_what_python_runs(monkeypatch):
    texts = []
    monkeypatch.setattr(
        by_heart, "compile", lambda text, *_: (texts.append(text), compile(text, *_))[1], False
    )
    source = script("secret = 'hush'\nbelt.put((secret, n))\ng(belt)")
    program = compiled(source + "def g(quiet):\n    quiet.put('hush')\n", **HANDLES)
    learnt(program, FLAT_HANDED, ())
    assert len(texts) == 2
    assert not any(word in text for text in texts for word in ("secret", "hush", "belt", "quiet", "put"))


POLLING = {
    "while tally.value < 3: pass": True,
    "while not belt.empty():\n    n = cards[0]": True,
    "while True:\n    try:\n        belt.get_nowait()\n        break\n    except Empty: pass": True,
    "while not key.acquire(False): n = 1": True,
    "while h(tally): n = 1": True,
    "while belt.get() < 3: n = tally.value": False,
    "for m in range(5): tally.value += 1": False,
    "while n < 9: n += 1": False,
    "while n < 9:\n    n += 1\n    g(belt, n)": False,
    "if tally.value: deliver(belt.empty())": False,
}


@pytest.mark.parametrize("body", POLLING)
def test_who_may_only_look_for_ever_is_left_to_the_machine(body):
    source = script(body) + HELPER + "def h(tally):\n    return tally.value == 0\n"
    over = check(source, FLAT_HANDED, (("returned", 1), ("raised", "Empty"), ("returned", 5)))
    assert bool(over and over.polls) is POLLING[body]


def test_a_very_long_script_is_left_to_the_machine():
    for many in (200, 300):
        source = script("\n".join(f"if n > {number}: belt.put({number})" for number in range(many)))
        assert bool(check(source, FLAT_HANDED | {"n": 150}, ())) is (many == 300)
