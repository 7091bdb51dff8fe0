"""Free play, from an empty office to a verdict, driven by events as the window would."""

from __future__ import annotations

import pygame
import pytest
from player import Player

from game.authoring.blueprint import Blueprint
from game.authoring.lint import lint_level
from game.authoring.offices import BEFORE, keep_office, office_text, read_office
from game.desktop.scenes.free_play import BlowingScene, FreePlayScene, TryingScene, build_on, open_free_play
from game.desktop.scenes.title import TitleScene
from game.desktop.scenes.workshop import WorkshopScene
from game.places import shipped
from game.run import Office

CTRL, SHIFT, ALT = pygame.KMOD_LCTRL, pygame.KMOD_LSHIFT, pygame.KMOD_LALT


@pytest.fixture
def player(tmp_path):
    one = Player(tmp_path)
    yield one
    one.close()


@pytest.fixture
def working(tmp_path):
    one = Player(tmp_path, helpers=True)
    yield one
    one.close()


def opened(player: Player, path=None) -> FreePlayScene:
    player.app.push(TitleScene(player.house))
    if path is None:
        open_free_play(player.app, player.house)
    else:
        build_on(player.app, player.house, path)
    player.frame()
    player.frame()
    return player.app.scene


def tray(player: Player, kind: str) -> tuple[int, int]:
    building = player.app.scene.building
    card = next(card for card in building.tray.cards if card.kind == kind)
    building.tray.reveal(card)
    player.app.invalidate()
    player.frame()
    return card.rect.center


def middle(player: Player, name: str) -> tuple[int, int]:
    scene = player.app.scene
    return scene.building.board.place_of(name, scene.theme).center


def wire(player: Player, start: tuple[str, str], end: str) -> None:
    player.point(middle(player, start[1]))
    player.drag(player.app.scene.building.board.knob_place(start), middle(player, end))


def write(player: Player, clerk: str, script: str) -> None:
    scene = player.app.scene
    player.click(middle(player, clerk))
    player.click(scene._sheet.rect.move(120, 60).center)
    player.key(pygame.K_a, CTRL)
    player.type(script)


def built(tmp_path, name="mine.yaml", **more):
    office = Blueprint("Mine", win={"left_over": []}).with_clerk("ada").with_channel("belt", "queue")
    office = office.wired("ada", "belt")
    path = tmp_path / "levels" / name
    keep_office(path, office_text(path, office), None)
    return path, office


def test_sender_belt_and_taker_are_built_by_mouse_opened_on_real_clerks_and_judged(working):
    player = working
    scene = opened(player)
    player.drag(tray(player, ""), (380, 300))
    player.drag(tray(player, ""), (820, 300))
    player.drag(tray(player, "queue"), (590, 420))
    wire(player, ("clerk", "ada"), "belt")
    wire(player, ("clerk", "bob"), "belt")
    write(player, "ada", 'def ada(belt):\nbelt.put("tea")')
    write(player, "bob", "def bob(belt):\ndeliver(belt.get())")
    player.click(scene._office.rect.center)
    player.frame()
    player.click(scene.building.panel.toggles["goal log"].rect.center)
    player.frame()
    player.click(scene.building.panel.entries["goal log value"].rect.center)
    player.type("tea")
    player.click(scene._run.rect.center)
    trying = player.app.scene
    assert isinstance(trying, TryingScene)
    assert scene.draft.now.win == {"left_over": [], "log": ["tea"]}
    player.wait(lambda: trying.work.attempt is not None)
    assert trying.work.attempt.passed and trying.work.trial.real.ending == "finished"
    player.frame()
    assert not {"next", "hint", "praise"} & set(trying._slip.notice.actions)
    player.app.scene.back()
    player.frame()
    assert player.app.scene is scene
    player.house.wait_for_writing()
    with Office() as office:
        assert lint_level(scene.path, player.house.registry, deep=True, office=office) == []
    assert read_office(scene.path, player.house.registry) == scene.draft.now


def test_the_same_by_keyboard_alone(working):
    player = working
    scene = opened(player)
    player.key(pygame.K_1, ALT)
    for code in (pygame.K_RETURN, pygame.K_RETURN, pygame.K_DOWN, pygame.K_RETURN):
        player.key(code)
    assert [hand.name for hand in scene.draft.now.clerks] == ["ada", "bob"]
    player.key(pygame.K_2, ALT)
    for name, deed in (("bob", "deliver(belt.get())"), ("ada", 'belt.put("tea")')):
        player.key(pygame.K_2, ALT)
        for _ in range(5):
            if scene.building.picked == ("clerk", name):
                break
            player.key(pygame.K_RETURN)
        player.key(pygame.K_3, ALT)
        player.key(pygame.K_TAB)
        player.key(pygame.K_SPACE)
        player.key(pygame.K_4, ALT)
        player.key(pygame.K_HOME, CTRL)
        player.key(pygame.K_DOWN)
        player.key(pygame.K_END)
        player.key(pygame.K_HOME, SHIFT)
        player.type(deed)
        assert scene.draft.now.clerk(name).script == f"def {name}(belt):\n    {deed}\n"
    player.key(pygame.K_5, ALT)
    for _ in ("objective", "story", "goals"):
        player.key(pygame.K_TAB)
    assert scene.focus.ring and scene.focus.current is scene.building.panel.toggles["goal log"]
    player.key(pygame.K_SPACE)
    player.key(pygame.K_TAB)
    player.type("cake")
    player.key(pygame.K_RETURN)
    player.key(pygame.K_F5)
    trying = player.app.scene
    player.wait(lambda: trying.work.attempt is not None)
    assert trying.work.attempt.verdict.word == "REFUTED", "tea came, cake was wanted"
    player.key(pygame.K_ESCAPE)
    player.key(pygame.K_ESCAPE)
    for _ in range(3):
        if player.app.scene is scene:
            break
        player.key(pygame.K_ESCAPE)
    player.key(pygame.K_5, ALT)
    for _ in range(40):
        player.key(pygame.K_z, CTRL)
    assert scene.draft.now.clerks == () and scene.draft.now.channels == ()
    for _ in range(40):
        player.key(pygame.K_y, CTRL)
    assert scene.draft.now.clerk("ada").script == 'def ada(belt):\n    belt.put("tea")\n'


def test_what_is_written_in_the_workshop_is_written_in_the_office(player):
    scene = opened(player)
    scene.building.add_clerk()
    scene.building.write("ada", "def ada():\n    deliver(1)\n")
    scene.run()
    trying = player.app.scene
    player.frame()
    player.key(pygame.K_1, CTRL)
    player.key(pygame.K_a, CTRL)
    player.type("def ada():\ndeliver(2)")
    trying.back()
    assert "deliver(2)" in scene.draft.now.clerk("ada").script


def test_as_the_wind_one_picks_who_moves_next_on_real_clerks_and_that_wind_is_judged(working):
    player = working
    office = Blueprint("Strokes", win={"value": {"tally": 2}}).with_channel("tally", "value")
    for name in ("ada", "bob"):
        office = office.with_clerk(name).wired(name, "tally")
        office = office.written(name, f"def {name}(tally):\n    tally.value += 1\n")
    player.app.push(FreePlayScene(player.house, None, office))
    player.frame()
    player.frame()
    scene = player.app.scene
    for wind, word in (("1122", "PROVED"), ("1212", "REFUTED")):
        player.key(pygame.K_F7)
        blowing = player.app.scene
        assert isinstance(blowing, BlowingScene)
        player.wait(lambda: player.house.office.ready)
        for digit in wind:
            player.key(getattr(pygame, f"K_{digit}"), letter=digit)
        assert blowing.work.wind == tuple({"1": "ada", "2": "bob"}[digit] for digit in wind)
        player.wait(
            lambda blowing=blowing: blowing.work.live is not None and blowing.work.live.confirmed == 4
        )
        assert not blowing.work.live.trouble
        player.key(pygame.K_F5)
        player.wait(lambda blowing=blowing: blowing.work.attempt is not None)
        assert blowing.work.attempt.verdict.word == word
        blowing.back()
        player.frame()
        assert player.app.scene is scene and scene.draft.now == office


def test_an_unfinished_office_says_what_it_lacks_and_does_not_open(player):
    scene = opened(player)
    assert scene.missing == "Nobody works here yet: add a clerk."
    player.key(pygame.K_F5)
    assert player.app.scene is scene
    scene.building.add_clerk()
    assert "No script does anything yet" in scene.missing
    scene.building.write("ada", "def ada():\n    deliver(1)\n")
    assert scene.missing is None


def test_every_change_is_kept_and_the_last_office_comes_again(player, tmp_path):
    scene = opened(player)
    assert not (tmp_path / "levels").exists(), "nothing is written before there is anything"
    scene.building.add_clerk()
    player.frame()
    player.house.wait_for_writing()
    assert [path.name for path in (tmp_path / "levels").iterdir()] == ["an-office-of-my-own.yaml"]
    player.app.pop()
    again = opened(player)
    assert again.path == scene.path and again.draft.now == scene.draft.now
    again.begin()
    player.frame()
    other = player.app.scene
    other.building.add("lock")
    player.frame()
    assert other.path.name == "an-office-of-my-own-2.yaml"


def test_offices_are_listed_opened_copied_and_deleted_when_one_is_sure(player, tmp_path):
    path, office = built(tmp_path)
    scene = opened(player, path)
    player.key(pygame.K_o, CTRL)
    dialog = scene.focus.dialog
    assert [row.words for row in dialog.body.rows] == ["Mine"]
    dialog.buttons[1].press()
    player.frame()
    copy = player.app.scene
    assert copy.path.name == "mine-a-copy.yaml" and copy.draft.now.clerks == office.clerks
    player.key(pygame.K_o, CTRL)
    copy.focus.dialog.buttons[2].press()
    assert copy.focus.dialog.focus.current is copy.focus.dialog.buttons[-1], "the harmless answer"
    player.key(pygame.K_ESCAPE)
    assert copy.path.exists()
    player.key(pygame.K_o, CTRL)
    copy.focus.dialog.buttons[3].press()
    assert str(copy.path) in copy.focus.dialog.text
    player.key(pygame.K_ESCAPE)
    player.key(pygame.K_o, CTRL)
    copy.focus.dialog.buttons[2].press()
    copy.focus.dialog.buttons[0].press()
    player.frame()
    assert not copy.path.exists() and path.exists()


def test_what_an_office_lacks_as_a_level_is_listed_and_mended_until_lint_deep_accepts_it(working, tmp_path):
    player = working
    path, _ = built(tmp_path)
    scene = opened(player, path)

    def states():
        player.key(pygame.K_F8)
        player.wait(lambda: scene._promises.question is None)
        dialog = scene.focus.dialog
        player.key(pygame.K_ESCAPE)
        assert scene.focus.dialog is None
        return dialog.text, [one.state for one in scene._promises.found]

    assert states() == (
        "This is no level yet: `draughty lint` would complain.",
        ["broken", "open", "open", "open", "open"],
    )
    scene.building.write("ada", 'def ada(belt):\n    belt.put("tea")\n')
    scene.building.add("lock")
    assert states()[1] == ["kept", "broken", "open", "open", "open"]
    scene.building.remove()
    text, found = states()
    assert "`draughty lint --deep` does not yet" in text and found[:3] == ["kept", "kept", "broken"]
    scene.building.add_clerk()
    scene.building.connect("bob", "belt")
    scene.building.write("bob", "def bob(belt):\n    deliver(belt.get())\n")
    scene.building.set_goal({"log": ["tea"]})
    text, found = states()
    assert text == "This is a whole level: `draughty lint --deep` accepts its file." and set(found) == {
        "kept"
    }
    player.house.wait_for_writing()
    assert lint_level(path, player.house.registry, deep=True) == []
    player.key(pygame.K_F8)
    assert player.house.inspector.busy
    player.key(pygame.K_ESCAPE)
    player.frame()
    assert not player.house.inspector.busy, "nobody wants to know any more"


def test_a_file_written_by_hand_is_put_aside_before_it_is_written_over(player, tmp_path):
    path, _ = built(tmp_path)
    text = path.read_text().replace("An office built by hand.", "Once upon a time.") + "# mine\n"
    path.write_text(text)
    scene = opened(player, path)
    player.frame()
    player.house.wait_for_writing()
    assert path.read_text() == text, "to look is not to write"
    scene.building.add_clerk()
    player.frame()
    player.house.wait_for_writing()
    assert path.with_name(path.name + BEFORE).read_text() == text
    assert "Once upon a time." in path.read_text()


def test_to_move_things_writes_no_file_and_they_stand_so_in_the_workshop_and_back(player, tmp_path):
    path, _ = built(tmp_path)
    text = path.read_text() + "# mine\n"
    path.write_text(text)
    scene = opened(player, path)
    player.drag(middle(player, "ada"), (400, 500))
    player.frame()
    player.house.wait_for_writing()
    assert path.read_text() == text and not list(path.parent.glob(f"*{BEFORE}*"))
    placed = scene.building.board.arrangement
    assert ("clerk", "ada") in placed.places
    scene.building.write("ada", "def ada(belt):\n    belt.put(1)\n")
    scene.run()
    player.frame()
    board = player.app.scene._office.board
    assert board.arrangement == placed
    board.arrange(placed.put(("clerk", "ada"), (0.2, 0.2)))
    player.app.scene.back()
    player.frame()
    assert scene.building.board.arrangement.places == {("clerk", "ada"): (0.2, 0.2)}
    player.app.pop()
    assert opened(player, path).building.board.arrangement.places == {("clerk", "ada"): (0.2, 0.2)}


def test_a_level_that_says_more_is_offered_to_be_played(player, tmp_path):
    text = (shipped("levels") / "post_office/22-mind-the-chalk.yaml").read_text()
    path = tmp_path / "levels/chalk.yaml"
    path.parent.mkdir()
    path.write_text(text)
    scene = opened(player, path)
    assert isinstance(scene, TitleScene) and "more in `chalk.yaml`" in scene.focus.dialog.text
    player.key(pygame.K_RETURN)
    player.frame()
    assert isinstance(player.app.scene, WorkshopScene) and player.app.scene.level.id == "2.2"


def test_what_somebody_else_writes_meanwhile_is_put_aside_not_lost(player, tmp_path):
    path, _ = built(tmp_path)
    scene = opened(player, path)
    scene.building.add("lock")
    player.frame()
    player.house.wait_for_writing()
    path.write_text("theirs\n")
    scene.building.add("lock")
    player.frame()
    player.house.wait_for_writing()
    assert [one.read_text() for one in path.parent.glob(f"*{BEFORE}*")] == ["theirs\n"]
    assert len(read_office(path, player.house.registry).channels) == 3


def test_two_windows_on_one_office_see_what_the_other_builds_and_nothing_is_lost(player, tmp_path):
    path, _ = built(tmp_path)
    scene = opened(player, path)
    other = Player(tmp_path)
    theirs = opened(other, path)
    for mine, hers in ((scene, theirs), (theirs, scene), (scene, theirs)):
        one, two = (player, other) if mine is scene else (other, player)
        mine.building.add("lock")
        one.frame()
        one.house.wait_for_writing()
        two.frame(dt=1.0)
        two.frame(dt=1.0)
        assert hers.draft.now == mine.draft.now and hers.draft.can_undo
    assert len(theirs.draft.now.channels) == 4 and not list(path.parent.glob(f"*{BEFORE}*"))
    theirs.building.undo()  # at the same moment as
    scene.building.add("value")
    other.frame()
    other.house.wait_for_writing()
    player.frame()
    player.house.wait_for_writing()
    assert read_office(path, player.house.registry) == scene.draft.now
    assert len(list(path.parent.glob(f"*{BEFORE}*"))) == 1, "what the other made is put aside"
    other.close()


def test_a_disk_that_refuses_is_told_of_and_the_office_is_written_once_it_takes_it(player, tmp_path):
    path, _ = built(tmp_path)
    scene = opened(player, path)
    text = path.read_text()
    path.unlink()
    path.mkdir()
    scene.building.add("lock")
    player.frame()
    player.house.wait_for_writing()
    assert scene._file.refused and player.house.notices
    player.frame()
    path.rmdir()
    path.write_text(text)
    scene.save()
    player.house.wait_for_writing()
    assert not scene._file.refused and read_office(path, player.house.registry) == scene.draft.now


def test_an_office_that_cannot_be_copied_or_deleted_is_still_there(player, tmp_path, monkeypatch):
    path, _ = built(tmp_path)
    scene = opened(player, path)

    def refuse(*arguments, **how):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("game.desktop.scenes.free_play.keep_office", refuse)
    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    player.key(pygame.K_o, CTRL)
    scene.focus.dialog.buttons[1].press()
    assert player.app.scene is scene
    player.key(pygame.K_o, CTRL)
    scene.focus.dialog.buttons[2].press()
    scene.focus.dialog.buttons[0].press()
    assert player.app.scene is scene and path.exists()


def test_what_is_wrong_with_a_script_stands_at_its_line_and_below_the_board(player, tmp_path):
    path, _ = built(tmp_path)
    scene = opened(player, path)
    write(player, "ada", "def ada(belt):\nbelt.putt(1)")
    player.frame(dt=0.5)
    assert [trouble.line for trouble in scene._sheet.troubles] == [2]
    assert scene.missing.startswith("ada, line 2: ")
    player.key(pygame.K_F6)
    assert player.app.scene is scene


def test_in_the_script_letters_are_taken_back_first_and_then_the_building(player, tmp_path):
    path, office = built(tmp_path)
    scene = opened(player, path)
    write(player, "ada", "def ada(belt):\nbelt.put(1)")
    scene.building.disconnect("ada", "belt")
    assert scene._sheet.text.startswith("def ada():")
    player.click(scene._sheet.rect.move(120, 60).center)
    player.key(pygame.K_z, CTRL)
    assert scene._sheet.text.startswith("def ada(belt):") and scene.building.is_given("ada", "belt")
    for _ in range(30):
        player.key(pygame.K_z, CTRL)
    assert scene.draft.now == office


def test_the_editor_offers_what_the_clerk_is_given(player, tmp_path):
    path, _ = built(tmp_path)
    scene = opened(player, path)
    scene.building.pick(("clerk", "ada"))
    vocabulary = scene._speak()
    assert set(vocabulary.parameters) == {"belt"}
    scene.building.disconnect("ada", "belt")
    assert set(scene._speak().parameters) == set()
