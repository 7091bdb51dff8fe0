"""Building in the workshop, by mouse and by keyboard alone, with the events pygame sends."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame
from player import Player

from game.desktop.scenes.verdict import VerdictScene
from game.desktop.text import Spot
from game.desktop.theme import Theme
from game.language import Said
from game.level.reader import read_level
from game.plugins import load_registry

LEVEL = Path(__file__).resolve().parents[2] / "levels/post_office/46-two-stamps-of-credit.yaml"
CTRL = pygame.KMOD_CTRL


@pytest.fixture
def player(tmp_path):
    one = Player(tmp_path)
    yield one
    one.close()


@pytest.fixture
def working(tmp_path):
    """With the inspector and the office."""
    one = Player(tmp_path, helpers=True)
    yield one
    one.close()


def opened(player):
    scene = player.open(LEVEL)
    scene._guide.end()
    player.frame()
    return scene


def knob(scene, *key):
    place = scene._office.board.knob_place(key)
    assert place is not None, f"{key} has no knob"
    return place


def press_button(player, scene, words):
    dialog = scene.focus.dialog
    button = next(one for one in dialog.buttons if one.words == words)
    player.click(button.rect.center)


def the_reference():
    return read_level(LEVEL, load_registry(entry_points=False)).reference


def write(player, scene, text):
    """Type over everything in the script that has the keyboard."""
    sheet = scene.desk.sheet
    scene.focus.give(sheet)
    player.key(pygame.K_a, CTRL)
    sheet.buffer.insert(text)
    scene._edit(scene.desk.current, sheet.text)
    player.frame()


def test_an_office_is_built_with_the_mouse_and_holds(working):
    scene = opened(working)
    tray = scene._office.tray
    assert [(button.words, button.left) for button in tray.takes] == [("pipe", 2), ("value", 1)]
    assert scene._office.board.knobs() == {}
    working.click(tray.takes[0].rect.center)
    assert scene.work.answer.parts == {"tube": {"kind": "pipe", "duplex": False}}
    assert [(button.words, button.left) for button in tray.takes] == [("pipe", 1), ("value", 1)]
    assert [button.words for button in tray.parts] == ["tube"]
    working.drag(knob(scene, "clerk", "bob"), knob(scene, "channel", "tube"))
    assert [button.words for button in scene.focus.dialog.buttons] == [
        "tube.w: send",
        "tube.r: recv",
        "Neither",
    ]
    press_button(working, scene, "tube.w: send")
    working.drag(knob(scene, "channel", "tube"), knob(scene, "clerk", "ada"))
    # The end that nobody has yet is offered first.
    assert scene.focus.dialog.buttons[0].words == "tube.r: recv"
    press_button(working, scene, "tube.r: recv")
    assert scene.work.answer.gets == {"ada": {"tube": "tube.r"}, "bob": {"tube": "tube.w"}}
    assert scene.desk.sheets["ada"].text.startswith("def ada(letters, many, tube):")
    for name, text in the_reference().scripts.items():
        scene.desk.show(name)
        write(working, scene, text.replace("stamps", "tube"))
    working.click(scene._actions["open"].rect.center)
    working.wait(lambda: isinstance(working.app.scene, VerdictScene))
    assert scene.work.attempt.stars == 3 and scene.work.attempt.metrics["parts"] == 1


def test_an_office_is_built_by_keys_alone_refused_as_it_should_be_mended_and_holds(working):
    scene = opened(working)
    tray = scene._office.tray
    scene.focus.give(None)

    def tab_to(widget):
        for _ in range(40):
            if scene.focus.current is widget:
                return
            working.key(pygame.K_TAB)
        raise AssertionError("Tab does not come by there")

    tab_to(tray.takes[0])
    working.key(pygame.K_RETURN)
    tab_to(tray.parts[0])
    working.key(pygame.K_RETURN)
    sheet = scene.focus.dialog.body
    assert [(row.chosen, [option.words for option in row.options]) for row in sheet.rows] == [
        (0, ["no", "yes"]),
        (0, ["no", "r", "w", "r + w"]),
        (0, ["no", "r", "w", "r + w"]),
    ]
    working.key(pygame.K_DOWN)
    working.key(pygame.K_RIGHT)
    working.key(pygame.K_DOWN)
    for _ in range(2):
        working.key(pygame.K_RIGHT)
    working.key(pygame.K_ESCAPE)
    assert scene.focus.dialog is None
    assert scene.work.answer.gets == {"ada": {"tube": "tube.r"}, "bob": {"tube": "tube.w"}}
    working.key(pygame.K_1, CTRL)
    working.key(pygame.K_END, CTRL)
    working.key(pygame.K_F6)
    working.wait(lambda: scene.work.attempt is not None)
    assert scene._slip.notice.stamp == "REFUSED" and scene.work.failure.kind == "overflow"
    assert scene._office.board.knobs() == {}  # a film is shown
    assert scene._actions["edit"].words == "Back to building"
    working.key(pygame.K_ESCAPE)
    tab_to(scene._actions["edit"])
    working.key(pygame.K_RETURN)
    assert ("clerk", "ada") in scene._office.board.knobs() and scene._slip.notice.stamp == "REFUSED"
    for number, text in enumerate(the_reference().scripts.values()):
        working.key(pygame.K_1 + number, CTRL)
        scene.desk.sheet.clipboard.put(text.replace("stamps", "tube"))
        working.key(pygame.K_a, CTRL)
        working.key(pygame.K_v, CTRL)
    working.key(pygame.K_F5)
    working.wait(lambda: isinstance(working.app.scene, VerdictScene))
    assert scene.work.attempt.stars == 3


def test_on_the_board_w_lists_what_the_picked_thing_is_given(player):
    scene = opened(player)
    player.click(scene._office.tray.takes[1].rect.center)
    scene.focus.give(scene._office.board)
    player.key(pygame.K_w)
    assert scene.focus.dialog.title == "What ada is given"
    assert [[option.words for option in row.options] for row in scene.focus.dialog.body.rows] == [
        ["no", "yes"]
    ]
    player.key(pygame.K_RIGHT)
    player.key(pygame.K_ESCAPE)
    assert scene.work.answer.gets == {"ada": {"tally": "tally"}}
    assert scene._office.board.picked == ("clerk", "ada")
    assert set(scene._office.board.knobs()) == {("clerk", "bob"), ("channel", "tally")}


def test_a_way_let_go_over_nothing_is_no_way_and_a_press_asks_for_the_list(player):
    scene = opened(player)
    player.click(scene._office.tray.takes[1].rect.center)
    start = knob(scene, "clerk", "ada")
    player.drag(start, (start[0], start[1] + 90))
    player.drag(start, knob(scene, "clerk", "bob"))
    board = scene._office.board
    assert board._other(("clerk", "ada"), knob(scene, "clerk", "bob")) is None
    assert board._other(("clerk", "ada"), knob(scene, "channel", "tally")) == ("channel", "tally")
    assert scene.work.answer.gets == {} and scene.focus.dialog is None
    player.click(start)
    assert scene.focus.dialog.title == "What ada is given"


def test_ways_are_drawn_to_things_as_well_as_to_their_knobs(player):
    scene = opened(player)
    player.click(scene._office.tray.takes[1].rect.center)
    board = scene._office.board
    place = board.place_of("tally", scene.theme)
    player.drag(knob(scene, "clerk", "bob"), place.center)
    assert scene.work.answer.gets == {"bob": {"tally": "tally"}}


def test_what_was_built_is_taken_back_set_otherwise_and_taken_away(player):
    scene = opened(player)
    tray = scene._office.tray
    player.click(tray.takes[0].rect.center)
    player.click(tray.parts[0].rect.center)
    row = scene.focus.dialog.body.rows[0]
    player.click(row._places(scene.theme)[1].center)
    assert scene.work.answer.parts == {"tube": {"kind": "pipe", "duplex": True}}
    assert [option.words for option in scene.focus.dialog.body.rows[1].options] == ["no", "a", "b", "a + b"]
    press_button(player, scene, "Take it away")
    assert scene.work.answer.parts == {} and tray.parts == ()
    scene.focus.give(tray.takes[0])
    player.key(pygame.K_z, CTRL)
    assert scene.work.answer.parts == {"tube": {"kind": "pipe", "duplex": True}}
    player.click(tray.undo.rect.center)
    player.key(pygame.K_y, CTRL)
    assert scene.work.answer.parts["tube"]["duplex"] is True
    assert not tray.redo.rect.collidepoint((0, 0)) and tray.undo.enabled


def test_what_is_built_is_kept_at_once_and_there_again(player):
    scene = opened(player)
    player.click(scene._office.tray.takes[1].rect.center)
    player.frame()
    kept = player.house.progress.of("post_office/4.6").answer
    assert kept.parts == {"tally": {"kind": "value", "initial": 0, "lock": True}}
    again = opened(player)
    assert again.work.answer == kept
    assert [button.words for button in again._office.tray.parts] == ["tally"]


def test_a_broken_script_does_not_keep_anybody_from_building(player):
    scene = opened(player)
    write(player, scene, "def ada(letters, many):\n    nonsense(\n")
    player.frame(dt=0.5)
    player.click(scene._office.tray.takes[1].rect.center)
    assert [thing.name for thing in scene._office.board.cast.things] == ["letters", "tally"]
    player.drag(knob(scene, "clerk", "ada"), knob(scene, "channel", "tally"))
    assert scene.desk.sheets["ada"].text.startswith("def ada(letters, many, tally):\n    nonsense(")
    assert scene._slip.notice.tone == "bad"


def test_the_first_line_of_a_script_can_be_written_on_after_building(player):
    scene = opened(player)
    sheet = scene.desk.sheets["ada"]
    sheet.buffer.go(Spot(2, 4))
    player.click(scene._office.tray.takes[1].rect.center)
    player.drag(knob(scene, "clerk", "ada"), knob(scene, "channel", "tally"))
    assert sheet.buffer.cursor == Spot(2, 4)
    assert scene.work.texts["ada"] == sheet.text


ROUND_TABLE = """\
id: "8.1"
title: Two Keys Each
mode: build
story: A round table.
objective: Seal.
teaches: [deadlock]
clerks: {ada: {script: seal}, bob: {script: seal}}
scripts:
  seal: "def seal(): pass"
build: {tray: {lock: {most: 2}}, ways: 4}
win: {log: []}
hints: [Seal.]
answers:
  reference: {parts: {key: {kind: lock}}}
  wrong: [{name: x, expect: deadlock, parts: {key: {kind: lock}}}]
"""


def test_clerks_with_one_script_are_told_what_they_lack_and_given_it_by_name(player, tmp_path):
    path = tmp_path / "81-two-keys-each.yaml"
    path.write_text(ROUND_TABLE)
    scene = player.open(path)
    for _ in range(2):
        player.click(scene._office.tray.takes[0].rect.center)
    for key in ("key", "key2"):
        player.drag(knob(scene, "clerk", "ada"), knob(scene, "channel", key))
    assert scene._office.tray.label == "Tray, 2 ways left"
    assert scene._actions["fix"].words == "See what is given"
    player.click(scene._actions["fix"].rect.center)
    assert scene.focus.dialog.title == "What bob is given, and as what"
    rows = scene.focus.dialog.body.rows
    assert [[option.words for option in row.options] for row in rows] == [["no", "key", "key2", "key3"]] * 2
    player.key(pygame.K_RIGHT)
    player.key(pygame.K_RIGHT)
    player.key(pygame.K_DOWN)
    player.key(pygame.K_RIGHT)
    player.key(pygame.K_ESCAPE)
    assert scene.work.answer.gets["bob"] == {"key2": "key", "key": "key2"}
    assert scene.work.problems == () and scene._slip.notice.tone != "bad"
    assert scene.desk.sheets["seal"].text == "def seal(key, key2): pass"


def test_the_level_s_own_script_comes_back_with_what_its_clerk_is_given(player):
    scene = opened(player)
    player.click(scene._office.tray.takes[1].rect.center)
    player.drag(knob(scene, "clerk", "ada"), knob(scene, "channel", "tally"))
    write(player, scene, "def ada(letters, many, tally):\n    pass\n")
    player.click(scene.desk.reset.rect.center)
    press_button(player, scene, "Put it back")
    assert scene.desk.sheets["ada"].text.splitlines()[:2] == [
        "def ada(letters, many, tally):",
        "    for number in range(many):",
    ]


def test_a_part_is_given_a_name_of_ones_own_and_back(player):
    scene = opened(player)
    player.click(scene._office.tray.takes[1].rect.center)
    player.drag(knob(scene, "clerk", "ada"), knob(scene, "channel", "tally"))
    write(player, scene, "def ada(letters, many, tally):\n    tally.value += many\n")
    player.click(scene._office.tray.parts[0].rect.center)
    press_button(player, scene, "Call it…")
    player.type("many")
    player.key(pygame.K_RETURN)
    assert scene.focus.dialog.title == "What is tally to be called?"  # ada calls something else so
    player.key(pygame.K_a, CTRL)
    player.type("room")
    player.key(pygame.K_RETURN)
    assert scene.focus.dialog.title == "room: a value"
    player.key(pygame.K_ESCAPE)
    assert scene.desk.sheets["ada"].text == "def ada(letters, many, room):\n    room.value += many\n"
    assert scene.work.answer.gets == {"ada": {"room": "room"}}
    player.click(scene._office.tray.undo.rect.center)
    assert scene.desk.sheets["ada"].text == "def ada(letters, many, tally):\n    tally.value += many\n"
    assert scene.work.problems == ()


def test_a_way_too_many_is_refused_in_a_sentence_that_can_be_translated(player, tmp_path):
    path = tmp_path / "81-two-keys-each.yaml"
    path.write_text(ROUND_TABLE.replace("ways: 4", "ways: 1"))
    scene = player.open(path)
    player.click(scene._office.tray.takes[0].rect.center)
    for clerk in ("ada", "bob"):
        player.drag(knob(scene, "clerk", clerk), knob(scene, "channel", "key"))
    assert scene.work.answer.gets == {"ada": {"key": "key"}}
    (told,) = [toast.text for toast in player.app._toasts if "1 thing" in toast.text]
    assert isinstance(told, Said)
    assert told == "Clerks can be given 1 thing besides here, and these are 2."


@pytest.mark.parametrize("scale", [1.0, 0.75])
def test_a_part_carried_out_of_the_tray_stands_where_it_was_let_go(player, scale):
    player.app.theme = Theme(scale, reduced_motion=True)
    scene = opened(player)
    office = scene._office
    office.board.zoom(1)
    player.frame()
    start = office.tray.takes[1].rect.center
    there = (office.board.rect.centerx + 60, office.board.rect.y + 70)
    player.drag(start, there)
    assert list(scene.work.answer.parts) == ["tally"]
    place = office.board.place_of("tally", scene.theme)
    assert abs(place.centerx - there[0]) <= 2 and abs(place.centery - there[1]) <= 2
    player.drag(office.tray.takes[0].rect.center, (30, 300))  # onto the story: back it goes
    player.drag(office.tray.takes[0].rect.center, office.tray.takes[0].rect.move(6, 2).center)
    assert list(scene.work.answer.parts) == ["tally", "tube"]
    assert not office.tray.takes[0].pressed


def test_ctrl_z_takes_back_what_was_moved_since_before_what_was_built(player):
    scene = opened(player)
    player.click(scene._office.tray.takes[0].rect.center)
    place = scene._office.board.place_of("bob", scene.theme)
    player.drag(place.center, (place.centerx - 150, place.centery + 40))
    moved = scene._office.board.arrangement
    assert set(moved.places) == {("clerk", "bob")} and list(scene.work.answer.parts) == ["tube"]
    player.key(pygame.K_z, CTRL)
    assert not scene._office.board.arrangement.places and list(scene.work.answer.parts) == ["tube"]
    player.key(pygame.K_y, CTRL)
    assert scene._office.board.arrangement == moved
    player.click(scene._office.tray.takes[1].rect.center)
    scene.focus.give(scene._office.board)
    player.key(pygame.K_z, CTRL)
    assert list(scene.work.answer.parts) == ["tube"] and scene._office.board.arrangement == moved
    player.key(pygame.K_z, CTRL)
    assert not scene.work.answer.parts


def test_the_keyboard_stays_on_the_board_when_something_was_given_there(player):
    scene = opened(player)
    player.click(scene._office.tray.takes[0].rect.center)
    scene.focus.give(scene._office.board, ring=True)
    player.key(pygame.K_w, letter="w")
    assert scene.focus.dialog.title == "What ada is given"
    before = scene._office.board
    player.key(pygame.K_RIGHT)
    assert scene._office.board is not before and scene.work.answer.gets
    player.key(pygame.K_ESCAPE)
    assert scene.focus.dialog is None
    assert scene.focus.current is scene._office.board and scene.focus.ring
    player.key(pygame.K_w, letter="w")
    assert scene.focus.dialog is not None
