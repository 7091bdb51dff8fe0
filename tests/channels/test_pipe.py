"""The rule of `pipe`: copies of ends, what closing them does, and what is left to read."""

from __future__ import annotations

from game.channels.kind import BLOCKED, Done, Picture, Refused, Wait
from game.channels.pipe import Pipe, Tube

TWO_WAY = (("a", "ada"), ("b", "bob"))
ONE_WAY = Pipe(duplex=False)


def tube(forth: tuple = (), back: tuple = (), near: str = "ada", far: str = "bob", reset: str = "") -> Tube:
    return Tube(forth, back, tuple(near.split()), tuple(far.split()), reset)


def test_the_ends_depend_on_duplex():
    assert set(Pipe().open_faces()) == {"a", "b"}
    assert set(ONE_WAY.open_faces()) == {"r", "w"}
    assert ONE_WAY.open_faces()["r"].names() == ("recv", "poll", "close", "closed")
    assert ONE_WAY.open_faces()["w"].names() == ("send", "close", "closed")


def test_every_holder_has_one_open_copy():
    assert Pipe().start((*TWO_WAY, ("b", "ada"), ("a", "ada"))) == tube(far="bob ada")
    assert ONE_WAY.start((("r", "bob"), ("w", "ada"))) == tube()


def test_a_two_way_tube_carries_both_ways():
    pipe = Pipe()
    assert pipe.step(tube(), "ada", "a.send", ("tea",)) == Done(tube(("tea",)))
    assert pipe.step(tube(("tea",)), "bob", "b.send", ("bun",)) == Done(tube(("tea",), ("bun",)))
    assert pipe.step(tube(("tea",), ("bun",)), "bob", "b.recv", ()) == Done(tube((), ("bun",)), "tea")
    assert pipe.step(tube((), ("bun", "x")), "ada", "a.recv", ()) == Done(tube((), ("x",)), "bun")


def test_a_full_tube_blocks_one_direction_only():
    pipe, state = Pipe(capacity=1), tube(("tea",))
    assert pipe.step(state, "ada", "a.send", ("bun",)) is BLOCKED
    assert pipe.step(state, "bob", "b.send", ("bun",)) == Done(tube(("tea",), ("bun",)))


def test_the_end_comes_when_every_copy_of_the_other_end_is_closed():
    pipe, state = ONE_WAY, tube(near="ada bob")
    closed = pipe.step(state, "ada", "w.close", ())
    assert closed == Done(tube(near="bob"))
    assert pipe.step(closed.state, "bob", "r.recv", ()) is BLOCKED
    closed = pipe.step(closed.state, "bob", "w.close", ())
    assert closed == Done(tube(near=""))
    assert pipe.step(closed.state, "bob", "r.recv", ()) == Refused(tube(near=""), "EOFError")


def test_what_was_sent_can_be_read_before_the_end():
    assert ONE_WAY.step(tube(("tea",), near=""), "bob", "r.recv", ()) == Done(tube(near=""), "tea")


def test_sending_where_nobody_reads_breaks_the_pipe():
    assert ONE_WAY.step(tube(far=""), "ada", "w.send", ("tea",)) == Refused(
        tube(far=""), "BrokenPipeError", "[Errno 32] Broken pipe"
    )


def test_your_own_closed_end_is_of_no_use_but_may_be_closed_again():
    state = tube(near="")
    for operation, argument in (("a.send", ("tea",)), ("a.recv", ()), ("a.poll", (0,))):
        assert Pipe().step(state, "ada", operation, argument) == Refused(state, "OSError", "handle is closed")
    assert Pipe().step(state, "ada", "a.close", ()) == Done(state)


def test_only_your_own_copy_decides_whether_an_end_is_closed_for_you():
    state = tube(near="ada", far="")
    assert Pipe().step(state, "ada", "a.closed", ()) == Done(state, False)
    assert Pipe().step(state, "cy", "a.closed", ()) == Done(state, True)
    assert Pipe().step(state, "bob", "b.closed", ()) == Done(state, True)
    assert Pipe().alone(state, "ada", "a.closed", (), frozenset(["a.close", "b.recv"]))


def test_going_home_closes_every_copy():
    assert Pipe().leave(tube(near="ada cy", far="ada bob"), "ada") == Done(tube(near="cy", far="bob"))


def test_leaving_letters_unread_resets_the_other_side_of_a_two_way_tube_once():
    left = Pipe().leave(tube(("tea",), ("bun",)), "bob")
    assert left == Done(tube(("tea",), ("bun",), far="", reset="a"))
    read = Pipe().step(left.state, "ada", "a.recv", ())
    assert read == Done(tube(("tea",), far="", reset="a"), "bun")
    reset = Pipe().step(read.state, "ada", "a.recv", ())
    assert reset == Refused(
        tube(("tea",), far=""), "ConnectionResetError", "[Errno 104] Connection reset by peer"
    )
    assert Pipe().step(reset.state, "ada", "a.recv", ()) == Refused(reset.state, "EOFError")


def test_a_one_way_tube_just_breaks():
    assert ONE_WAY.leave(tube(("tea",)), "bob") == Done(tube(("tea",), far=""))


def test_closed_tubes_that_differ_only_in_an_unseen_reset_are_equal():
    state = Pipe().leave(tube(("tea",)), "bob").state
    assert Pipe().leave(state, "ada") == Done(tube(("tea",), near="", far=""))


def test_poll_sees_letters_and_the_end():
    pipe = Pipe()
    for timeout in (0, 5, -1):
        assert pipe.step(tube(), "ada", "a.poll", (timeout,)) == Done(tube(), False)
    assert pipe.step(tube(), "ada", "a.poll", (None,)) is BLOCKED
    for state in (tube((), ("tea",)), tube(far="")):
        assert pipe.step(state, "ada", "a.poll", (None,)) == Done(state, True)


def test_a_waiting_clerk_is_told_who_could_help():
    assert Pipe().wait(tube(far="bob cy"), "ada", "a.recv", ()) == Wait(
        "waits for a letter in {channel}", ("bob", "cy"), ("b.send", "b.close")
    )
    assert Pipe(capacity=1).wait(tube(("tea",)), "ada", "a.send", ("x",)) == Wait(
        "waits for room in {channel}", ("bob",), ("b.recv",)
    )
    assert "only its own copy" in ONE_WAY.wait(tube(near="bob"), "bob", "r.recv", ()).text


def test_the_board_shows_both_ways_and_the_copies():
    assert Pipe(capacity=4).show(tube(("x",), ("y",), near="ada cy", far="")) == Picture(
        "tube",
        items=("x",),
        back=("y",),
        capacity=4,
        mouths=(("a", ("ada", "cy")), ("b", ())),
        text="a open: ada, cy · b closed",
    )
    assert Pipe().rest(tube(("x",), ("y",))) == ("x", "y")
