"""The workshop, driven by events as the window would, without a display."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame
from player import Player

from game.attempt import check_answer
from game.catalogues import catalogue
from game.desktop import words
from game.desktop.house import House
from game.desktop.office_card import STRIP
from game.desktop.scenes.broken_level import BrokenLevelScene
from game.desktop.scenes.levels import LevelsScene
from game.desktop.scenes.saves import SavesScene
from game.desktop.scenes.title import TitleScene
from game.desktop.scenes.verdict import VerdictScene
from game.desktop.scenes.workshop import WorkshopScene
from game.desktop.theme import Theme
from game.desktop.work import Trial

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"
FIRST = LEVELS / "11-first-post.yaml"
WIND = LEVELS / "21-be-the-draught.yaml"
CHALK = LEVELS / "22-mind-the-chalk.yaml"


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


def test_the_caret_marks_the_pass_that_is_to_be_replaced(player):
    scene = player.open(FIRST)
    assert scene.focus.current is scene.desk.sheets["bob"]
    player.type("letter = belt.get()\ndeliver(letter)")
    assert scene.work.texts["bob"].endswith("    letter = belt.get()\n    deliver(letter)")


def test_the_saves_are_opened_and_the_answer_chosen_there_stands_in_the_script(player):
    scene = player.open(FIRST)
    player.type("deliver(1)")
    player.key(pygame.K_s, pygame.KMOD_LCTRL)
    assert isinstance(player.app.scene, SavesScene)
    player.key(pygame.K_ESCAPE)
    assert player.app.scene is scene  # nothing else was chosen: the same, with all that can be undone
    player.key(pygame.K_s, pygame.KMOD_LCTRL)
    player.key(pygame.K_2)
    player.key(pygame.K_ESCAPE)
    player.frame()
    assert "deliver(1)" not in player.app.scene.work.texts["bob"]
    player.type("deliver(2)")
    player.house.wait_for_writing()
    one, two, _ = player.house.progress.of("post_office/1.1").answers
    assert "deliver(1)" in one.scripts["bob"] and "deliver(2)" in two.scripts["bob"]
    assert len(player.app.scenes) == 1


def test_a_script_is_kept_and_is_there_again(player):
    scene = player.open(FIRST)
    player.type("deliver(1)")
    player.app.pop()
    again = WorkshopScene(player.house, FIRST, scene.level)
    assert "deliver(1)" in again.work.texts["bob"]
    player.house.close()
    assert (
        "deliver(1)"
        in House(player.house.folder, helpers=False).progress.of("post_office/1.1").answer.scripts["bob"]
    )


def test_a_problem_shows_in_the_gutter_and_running_goes_to_its_line(player):
    scene = player.open(FIRST)
    player.type("letter = belt.gte()")
    player.frame(dt=0.1)
    player.frame(dt=1.1)
    sheet = scene.desk.sheets["bob"]
    assert [trouble.line for trouble in sheet.troubles] == [6]
    assert scene._slip.notice.actions[0] == "fix"
    scene.desk.show("ada")
    player.key(pygame.K_F5)
    assert scene.desk.current == "bob" and sheet.buffer.cursor.line == 5 and scene.work.trial is None


def test_a_line_half_written_is_not_told_to_be_wrong_until_one_stays_there(player):
    scene = player.open(FIRST)
    player.type("letter = belt.g")
    player.frame(dt=0.6)
    assert not scene.desk.sheet.troubles and scene._slip.notice.actions[0] == "open"
    player.frame(dt=0.6)
    assert scene.desk.sheet.troubles and scene._slip.notice.actions[0] == "fix"


def test_a_line_that_was_left_is_told_to_be_wrong_soon(player):
    scene = player.open(FIRST)
    player.type("letter = belt.g")
    player.key(pygame.K_ESCAPE)
    player.key(pygame.K_RETURN)
    player.frame(dt=0.4)
    assert scene.desk.sheet.troubles


def test_all_problems_stand_in_a_list_that_leads_to_them(player):
    scene = player.open(FIRST)
    player.type("letter = belt.gte()\nprnt(letter)")
    player.frame(dt=1.1)
    player.key(pygame.K_F8)
    assert scene.desk.sheets["bob"].buffer.cursor.line == 5
    player.key(pygame.K_F8)
    assert scene.desk.sheets["bob"].buffer.cursor.line == 6
    player.key(pygame.K_F8, pygame.KMOD_SHIFT)
    rows = scene.focus.dialog.body.rows
    assert [row.words.split(":")[0] for row in rows] == ["bob, line 6", "bob, line 7"]
    player.key(pygame.K_DOWN)
    player.key(pygame.K_RETURN)
    assert scene.focus.dialog is None and scene.desk.sheets["bob"].buffer.cursor.line == 6


def test_only_what_the_levels_so_far_have_unlocked_is_offered(player):
    scene = player.open(FIRST)
    player.type("belt.")
    offers = scene.desk.sheets["bob"]._list.offers.offers
    assert [one.name for one in offers] == ["put", "get"]
    own = player.house.unlocked_at(FIRST.with_name("my-own.yaml"))
    assert own is None and "get_lock" in player.house.unlocked_at(CHALK)


def test_a_line_marked_in_the_margin_stops_the_film(working):
    scene = working.open(CHALK)
    working.key(pygame.K_b, pygame.KMOD_CTRL)
    line = scene.desk.sheet.buffer.cursor.line + 1
    assert scene.work.breakpoints.lines(scene.desk.current) == {line}
    working.key(pygame.K_F6)
    working.wait(lambda: scene.work.attempt is not None)
    assert scene.work.playback.stops


def test_another_clerks_script_cannot_be_written(player):
    scene = player.open(FIRST)
    player.key(pygame.K_1, pygame.KMOD_CTRL)
    assert scene.desk.current == "ada"
    player.type("x")
    assert scene.work.answer.scripts == {}


def test_the_first_level_is_refused_shown_for_real_mended_and_passed(working):
    scene = working.open(FIRST)
    working.key(pygame.K_F5)
    working.wait(lambda: scene.work.attempt is not None)
    assert scene._slip.notice.stamp == "REFUSED" and scene.work.shown == "failing"
    assert scene._slip.notice.actions[0] == "show"
    working.key(pygame.K_F7)
    working.wait(lambda: scene.work.forced is not None and scene.work.forced.result is not None)
    assert scene.work.shown == "forced" and set(scene.work.film.trace.pids) == {"ada", "bob"}
    assert "on real processes" in scene._slip.notice.text
    working.type("letter = belt.get()\ndeliver(letter)")
    working.key(pygame.K_RETURN, pygame.KMOD_CTRL)
    working.wait(lambda: isinstance(working.app.scene, VerdictScene))
    assert working.house.progress.of("post_office/1.1").stars == 3
    working.key(pygame.K_RETURN)
    working.frame()
    assert isinstance(working.app.scene, WorkshopScene) and working.app.scene.level.id == "1.2"


def see_the_verdict_by_f5(player, scene):
    player.key(pygame.K_F5)


def see_the_verdict_by_mouse(player, scene):
    player.click(scene._actions["reveal"].rect.center)


@pytest.mark.parametrize("see", [see_the_verdict_by_f5, see_the_verdict_by_mouse])
def test_who_sees_the_verdict_before_the_film_is_over_is_told_and_counted_all_the_same(working, see):
    scene = working.open(FIRST)
    working.type("letter = belt.get()\ndeliver(letter)")
    working.key(pygame.K_F5)
    working.wait(lambda: "reveal" in scene._slip.notice.actions)
    working.frame()
    seen = scene.work.trial.real
    see(working, scene)
    assert scene.work.attempt is not None and scene.work.trial.real is seen
    assert isinstance(working.app.scene, VerdictScene)
    assert working.house.progress.of("post_office/1.1").attempts == 1
    assert working.house.progress.of("post_office/1.1").stars == 3


def test_the_failing_wind_can_be_walked_there_and_back(working):
    scene = working.open(CHALK)
    working.key(pygame.K_F6)
    working.wait(lambda: scene.work.attempt is not None)
    working.key(pygame.K_END, pygame.KMOD_ALT)
    assert scene.work.playback.at_end and scene.work.frame.lost is not None
    working.key(pygame.K_LEFT, pygame.KMOD_ALT)
    for _ in range(40):
        working.frame(dt=0.05)
    assert scene.work.playback.position == len(scene.work.film) - 1
    working.key(pygame.K_HOME, pygame.KMOD_ALT)
    assert scene.work.playback.position == 0


def test_nothing_changes_its_size_once_the_porters_have_moved(working):
    scene = working.open(FIRST)
    before = scene._run_bar.timeline.rect, scene._office.board.rect, scene.desk.sheet.rect
    working.key(pygame.K_F6)
    working.wait(lambda: scene.work.attempt is not None and scene.work.shown == "failing")
    assert "~belt/ada" in scene.work.film.agents
    scene._place_again()
    assert (scene._run_bar.timeline.rect, scene._office.board.rect, scene.desk.sheet.rect) == before


def test_editing_during_a_check_calls_it_off(working):
    scene = working.open(CHALK)
    working.key(pygame.K_F6)
    working.type("1")
    assert scene.work.trial is None
    for _ in range(30):
        working.frame(dt=0.05)
        time.sleep(0.01)
    assert scene.work.attempt is None


def test_the_player_is_the_wind_by_number_keys(working):
    scene = working.open(WIND)
    for number in (1, 2, 1, 2):
        working.key(pygame.K_0 + number, letter=str(number))
    assert scene.work.wind == ("ada", "bob", "ada", "bob")
    working.key(pygame.K_BACKSPACE)
    assert scene.work.wind == ("ada", "bob", "ada")
    working.key(pygame.K_2, letter="2")
    working.key(pygame.K_F5)
    working.wait(lambda: isinstance(working.app.scene, VerdictScene))
    slip = working.app.scene
    assert [what for _, what, _ in slip._conditions()] == ["The wind that was asked for", "At most 4 gusts"]
    assert slip._stay.words == "Back to the office"


def test_a_gust_can_be_clicked(player):
    scene = player.open(WIND)
    player.frame()
    player.click(scene._gusts.children()[1].rect.center)
    assert scene.work.wind == ("bob",)


def test_hints_come_one_after_the_other(player):
    scene = player.open(FIRST)
    player.key(pygame.K_F4)
    assert "Hint 1 of 3" in scene.focus.dialog.title
    scene.hints.open_at(1)
    assert "Hint 2 of 3" in scene.focus.dialog.title
    player.key(pygame.K_ESCAPE)
    assert scene.focus.dialog is None


@pytest.mark.parametrize("language", ["en", "de"])
def test_where_lines_are_left_aside_is_seen_below_the_last_of_them(player, language):
    player.app.theme = Theme(1.0, reduced_motion=True, catalogue=catalogue(language))
    sheet = player.open(LEVELS / "24-last-seat-on-the-coach.yaml").desk.sheet
    player.frame()
    high = sheet._cell[1]
    assert (sheet._order.used + 1) * high + high // 2 < sheet._body.height


def test_a_verdict_holds_again_once_the_script_is_what_it_was(working):
    scene = working.open(CHALK)
    working.key(pygame.K_F6)
    working.wait(lambda: scene.work.attempt is not None)
    told = scene._slip.notice
    tries = len(working.house.tries(scene.key))
    working.type("x")
    assert scene.work.attempt is None and scene._slip.notice != told
    working.key(pygame.K_BACKSPACE)
    working.frame(dt=1.1)
    assert scene._slip.notice == told and len(working.house.tries(scene.key)) == tries


def test_who_presses_a_tab_writes_in_that_script(player):
    scene = player.open(LEVELS / "13-nobody-told-the-boss.yaml")
    player.app._dirty = True
    player.frame()
    player.click(scene.desk.tabs._places[1].center)
    assert scene.desk.current == "pip" and scene.focus.current is scene.desk.sheets["pip"]
    player.type("x")
    assert "x" in scene.work.texts["pip"].splitlines()[0]


def test_a_tab_shows_whose_script_it_is(player):
    scene = player.open(CHALK)
    player.app._dirty = True
    player.frame()
    (tab,) = scene.desk.tabs.tabs
    assert [look.fill for look in tab.looks] == [scene.theme.clerk(number).fill for number in range(3)]
    assert scene.desk.tabs.tip_at(scene.desk.tabs._places[0].center) == "What they all do: ada, bob, cleo"


@pytest.mark.parametrize("path", sorted(LEVELS.glob("[0-9]*.yaml")), ids=lambda path: path.stem)
def test_what_joyn_says_stands_above_the_buttons_also_where_everything_is_large(player, path):
    player.app.theme = Theme(2.5, reduced_motion=True)
    player.house.set(replace(player.house.settings, scale=2.5))
    scene = player.open(path)
    verdict = VerdictScene(player.house, scene, check_answer(scene.level, scene.level.reference))
    player.app.push(verdict)
    player.frame()
    theme, wide = verdict.theme, verdict._text.width
    assert verdict._height(theme, wide) <= verdict._card.height <= 720 - 2 * theme.px(8)


def test_the_slip_leads_to_the_map_also_for_who_came_from_the_title(player):
    player.app.push(TitleScene(player.house))
    scene = player.open(FIRST)
    attempt = check_answer(scene.level, scene.level.reference)
    player.app.push(VerdictScene(player.house, scene, attempt))
    player.frame()
    player.app.scene._levels.press()
    assert isinstance(player.app.scene, LevelsScene) and len(player.app.scenes) == 2


def test_escape_leaves_the_script_first_and_then_the_level(player):
    player.app.push(LevelsScene(player.house))
    player.open(FIRST)
    player.key(pygame.K_ESCAPE)
    assert isinstance(player.app.scene, WorkshopScene)
    player.key(pygame.K_ESCAPE)
    assert isinstance(player.app.scene, LevelsScene)


def test_tab_goes_through_everything_and_comes_round(player):
    scene = player.open(FIRST)
    player.key(pygame.K_ESCAPE)
    seen = []
    for _ in range(40):
        player.key(pygame.K_TAB, pygame.KMOD_CTRL)
        seen.append(scene.focus.current)
    for button in (
        scene._actions["open"],
        scene._run_bar.timeline,
        scene._bar.back,
        scene._bar.help,
        scene.desk.sheets["bob"],
    ):
        assert button in seen


def test_a_watched_level_is_read_again_and_keeps_the_script(player, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(FIRST.read_text())
    scene = player.open(path, watch=True)
    player.type("deliver(2)")
    path.write_text(FIRST.read_text().replace("title: First Post", "title: Second Post"))
    player.wait(lambda: player.app.scene is not scene)
    assert player.app.scene.level.title == "Second Post"
    assert "deliver(2)" in player.app.scene.work.texts["bob"]


def test_a_watched_level_that_breaks_says_so_in_the_window(player, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(FIRST.read_text())
    scene = player.open(path, watch=True)
    path.write_text("title: [\n")
    player.wait(lambda: scene._broken)
    player.frame()
    path.write_text(FIRST.read_text())
    player.wait(lambda: player.app.scene is not scene)


def test_a_level_that_cannot_be_read_shows_its_problems_until_it_is_mended(player, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("id: 3\n")
    scene = player.open(path, watch=True)
    assert isinstance(scene, BrokenLevelScene) and scene.problems
    path.write_text(FIRST.read_text())
    player.wait(lambda: isinstance(player.app.scene, WorkshopScene))


def test_the_title_goes_on_where_one_was(player):
    player.app.push(TitleScene(player.house))
    player.frame()
    player.key(pygame.K_RETURN)
    assert player.app.scene.level.id == "1.1"
    player.house.count_attempt("post_office/1.1", 2, {})
    player.app.pop()
    assert "1.2" in player.app.scene._play.words


@pytest.mark.parametrize("size", [(1024, 640), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("scale", [0.75, 1.0, 2.5])
def test_nothing_leaves_the_window_at_any_size_and_scale(player, size, scale):
    player.app.surface = pygame.display.set_mode(size)
    player.house.set(player.house.settings.__class__(scale=scale))
    player.app.theme = player.app.theme.scaled(scale)
    window = pygame.Rect((0, 0), size)
    for path in (FIRST, WIND, CHALK, LEVELS / "23-the-wrong-key.yaml"):
        scene = player.open(path)
        player.frame()
        for widget in scene.focus._all():
            if widget.visible:
                assert window.contains(widget.rect), (path.name, type(widget).__name__, widget.rect)
        assert scene._office.board.rect.height >= 90 and scene._office.board.rect.width >= 200
        player.app.pop()


def test_speed_is_kept_for_the_next_game(player):
    scene = player.open(FIRST)
    scene._run_bar.change_speed(1)
    assert scene.work.playback.speed == 2.0
    player.house.close()
    assert House(player.house.folder, helpers=False).settings.speed == 2.0


def test_another_speed_in_the_settings_is_the_films_at_once(player):
    scene = player.open(FIRST)
    scene.show_settings()
    player.frame()
    player.house.set(replace(player.house.settings, speed=4.0))
    player.key(pygame.K_ESCAPE)
    assert player.app.scene is scene and scene.work.playback.speed == 4.0


@pytest.mark.parametrize("width", [420, 300, 240])
def test_a_long_caption_is_told_whole_in_two_lines(width):
    theme = Theme()
    text = "clerk7's porter carries “a rather long letter” onto outgoing; nobody catches the BrokenPipeError"
    laid = words.fitted(theme, text[: width // 4], width, theme.px(STRIP), (255, 255, 255))
    assert laid.height <= theme.px(STRIP)
    assert laid.width <= width


KEYS = LEVELS / "23-the-wrong-key.yaml"


def test_the_office_is_set_up_by_keys_undone_kept_and_passes(working):
    scene = working.open(KEYS)
    rows = scene._slots.rows
    assert scene.focus.current is rows[0]
    before = scene._office.board.cast
    working.key(pygame.K_DOWN)
    working.key(pygame.K_DOWN)
    assert scene.focus.current is rows[2]
    working.key(pygame.K_RIGHT)
    assert scene.work.answer.choices == {"cleos_key": "iron"}
    assert scene._office.board.cast != before
    working.key(pygame.K_z, pygame.KMOD_CTRL)
    assert scene.work.answer.choices == {} and scene._office.board.cast == before
    working.key(pygame.K_y, pygame.KMOD_CTRL)
    working.frame(dt=1.1)
    assert working.house.progress.of("post_office/2.3").answer.choices == {"cleos_key": "iron"}
    working.key(pygame.K_F6)
    working.wait(lambda: isinstance(working.app.scene, VerdictScene))
    assert scene.work.attempt.stars == 3


def test_a_wrong_setup_is_refused_and_set_up_again_with_the_mouse(working):
    scene = working.open(KEYS)
    working.key(pygame.K_F6)
    working.wait(lambda: scene.work.attempt is not None)
    assert scene._slip.notice.stamp == "REFUSED"
    row = scene._slots.rows[3]
    working.click(row._places(scene.theme)[0].center)
    assert scene.work.answer.choices == {"dans_key": "brass"}
    assert scene.work.trial is None and scene.work.shown == "start"


def test_the_goals_shown_are_those_of_the_case_on_the_board(working):
    scene = working.open(LEVELS / "13-nobody-told-the-boss.yaml")
    scene._edit("boss", "def boss(pip, belt, tally):\n    pip.start()\n    deliver(3)\n")
    working.key(pygame.K_F6)
    working.wait(lambda: scene.work.attempt is not None)
    working.frame()
    assert [chip.text for chip in scene._bar.goals] == ["delivered: 5"]
    scene.work.rewind()
    scene._sync_film()
    assert [chip.text for chip in scene._bar.goals] == ["delivered: 3"]


def test_after_the_levels_own_hints_comes_what_the_failing_wind_says(player):
    from game.desktop.shot import _judge

    scene = player.open(CHALK)
    own = len(scene.level.hints)
    scene.hint()
    scene.hints.open_at(own - 1)
    assert not [button for button in scene.focus.dialog.buttons if "hint" in button.words.lower()]
    scene._close_dialog()
    _judge(scene, None)
    scene.hint()
    dialog = scene.focus.dialog
    assert any("need another hint" in button.words for button in dialog.buttons)
    assert dialog.title == f"Hint 1 of {own + 3}, from the failing wind"
    assert "line 3 of `clerk`" in dialog.text


def gust_by_gust(working):
    scene = working.open(WIND)
    office = working.house.office
    working.wait(lambda: office.ready)
    return scene, office


def test_as_the_wind_one_moves_real_clerks_gust_by_gust(working):
    scene, office = gust_by_gust(working)
    working.key(pygame.K_1)
    working.wait(lambda: scene.work.live is not None and scene.work.live.confirmed == 1)
    pids = dict(scene.work.live.pids)
    assert set(pids) == {"ada", "bob"}
    assert all(os.path.exists(f"/proc/{pid}") for pid in pids.values()) or not os.path.exists("/proc")
    assert scene._office.board.reel.pids == pids, "they stand on the badges"
    assert str(pids["ada"]) in scene._slip.notice.detail
    for code in (pygame.K_2, pygame.K_1, pygame.K_2):
        working.key(code)
    working.wait(lambda: scene.work.live.over)
    assert (scene.work.live.confirmed, scene.work.live.trouble) == (4, "")
    assert scene.work.live.pids == pids, "the same clerks all the way"
    working.wait(lambda: not office.busy)


def test_a_gust_taken_back_begins_anew_with_other_clerks(working):
    scene, office = gust_by_gust(working)
    working.key(pygame.K_1)
    working.key(pygame.K_2)
    working.wait(lambda: scene.work.live is not None and scene.work.live.confirmed == 2)
    first = dict(scene.work.live.pids)
    working.key(pygame.K_BACKSPACE)
    assert scene.work.live is None and scene.work.wind == ("ada",)
    working.wait(lambda: office.ready and not office.busy)
    working.key(pygame.K_1)
    working.wait(lambda: scene.work.live is not None and scene.work.live.confirmed == 2)
    assert not set(scene.work.live.pids.values()) & set(first.values())


def test_without_real_clerks_the_wind_blows_all_the_same(player):
    scene = player.open(WIND)
    player.key(pygame.K_1)
    player.key(pygame.K_1)
    assert scene.work.wind == ("ada", "ada") and scene.work.live is None


def test_who_leaves_the_level_leaves_no_clerk_waiting(working):
    scene, office = gust_by_gust(working)
    working.key(pygame.K_1)
    working.wait(lambda: scene.work.live is not None and scene.work.live.confirmed == 1)
    scene.leave()
    assert scene.work.live is None and not office.busy


def test_an_underlined_word_of_the_story_opens_the_glossary(player, monkeypatch):
    import webbrowser

    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    scene = player.open(FIRST)
    rect, key = next(link for link in scene._story.scroll.links if link[1] == "queue")
    player.click(rect.center)
    assert key == "queue" and scene.focus.dialog.body.entry.key == "queue"
    player.type("deadl")
    assert scene.focus.dialog.body.entry.key == "deadlock"
    scene.focus.dialog.buttons[0].press()
    assert opened == []  # never without a window
    player.key(pygame.K_ESCAPE)
    assert scene.focus.dialog is None


def test_the_glossary_opens_at_the_word_in_hand(player):
    scene = player.open(FIRST)
    player.type("letter = belt.get")
    player.key(pygame.K_F2)
    assert scene.focus.dialog.body.entry.key == "queue"
    player.key(pygame.K_DOWN)
    assert scene.focus.dialog.body.entry.key == "porter"
    player.key(pygame.K_ESCAPE)
    sheet = scene.desk.sheets["bob"]
    player.frame()
    spot = sheet._left_of(sheet.buffer.end) - 3, sheet._top_of(5) + 5
    player.frame(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=spot, button=3))
    assert scene.focus.dialog.body.entry.key == "queue"


def test_a_hint_leads_to_the_glossary_and_back(player):
    scene = player.open(CHALK)
    player.key(pygame.K_F4)
    player.frame()
    laid, (x, y) = scene.focus.dialog._laid
    player.click(laid.links[0][0].move(x, y).center)
    assert scene.focus.dialog.body.entry.key == "value"
    player.key(pygame.K_ESCAPE)
    assert "Hint 1" in scene.focus.dialog.title


def test_the_first_level_shows_the_player_around_once(working):
    scene = working.open(FIRST)
    assert scene._guide.callout.point == "bob"
    working.key(pygame.K_F10)
    assert scene._guide.callout.point == "script"
    working.type("letter = belt.get()")
    working.frame(dt=1.1)
    assert scene._guide.callout.point == "run"
    working.key(pygame.K_F5)
    working.wait(lambda: scene.work.attempt is not None)
    assert scene._guide.callout.point == "timeline"
    working.key(pygame.K_RIGHT, pygame.KMOD_ALT)
    assert scene._guide.callout.point == "verdict"
    working.type("\ndeliver(letter)")
    working.key(pygame.K_F5)
    working.wait(lambda: isinstance(working.app.scene, VerdictScene))
    assert scene._guide.callout is None
    assert "post_office/1.1" in working.house.settings.guided


def test_the_guide_covers_nothing_while_clerks_work_and_mends_nothing_that_is_solved(working):
    scene = working.open(FIRST)
    working.key(pygame.K_F10)
    working.type("letter = belt.get()\ndeliver(letter)")
    working.frame(dt=1.1)
    assert scene._guide.callout.point == "run" and scene._guide.rect.width
    working.key(pygame.K_F5)
    working.wait(lambda: scene.work.playback.playing)
    working.frame()
    assert scene._guide.callout.point == "run" and not scene._guide.rect.width
    working.wait(lambda: isinstance(working.app.scene, VerdictScene))
    working.key(pygame.K_ESCAPE)
    assert scene._guide.callout.point == "timeline"
    working.key(pygame.K_LEFT, pygame.KMOD_ALT)
    assert scene._guide.callout is None


def test_leaving_the_sheet_of_keys_leaves_the_guide_alone(player):
    scene = player.open(FIRST)
    player.key(pygame.K_F10)
    player.key(pygame.K_F1)
    player.key(pygame.K_ESCAPE)
    assert scene.focus.dialog is None and scene._guide.callout.point == "script"


def test_what_the_clerks_have_in_mind_is_seen_beside_the_callout_about_the_board(player):
    scene = player.open(WIND)
    scene.show_guide(1)
    player.app._dirty = True
    player.frame()
    assert scene._guide.callout.point == "tally" and scene._guide.rect.width
    cards = [scene._office.board.place_of(name, player.app.theme) for name in ("ada", "bob")]
    assert scene._guide.rect.collidelist(cards) < 0


def test_the_guide_can_be_sent_away_and_called_again(player):
    scene = player.open(FIRST)
    player.click(scene._guide._next.rect.center)
    assert scene._guide.at == 1 and scene.focus.current is scene.desk.sheets["bob"]
    player.key(pygame.K_F10, pygame.KMOD_SHIFT)
    assert scene._guide.callout is None
    player.app.pop()
    scene = player.open(FIRST)
    assert scene._guide.callout is None
    player.key(pygame.K_F1)
    scene.focus.dialog.buttons[1].press()
    player.frame()
    assert scene.focus.dialog is None and scene._guide.callout.point == "bob"


@pytest.mark.parametrize("path", sorted(LEVELS.glob("[0-9]*.yaml")), ids=lambda path: path.stem)
def test_every_callout_points_at_something(player, path):
    scene = player.open(path)
    for at in range(len(scene.level.guide)):
        scene.show_guide(at)
        player.frame(dt=0.1)
        player.app._dirty = True
        player.frame()
        assert scene._guide.rect.width, scene._guide.callout


def test_the_answer_is_shown_as_plain_python_and_copied(player):
    scene = player.open(FIRST)
    player.type("letter = belt.get()\ndeliver(letter)")
    player.key(pygame.K_e, pygame.KMOD_CTRL)
    sheet = scene.focus.dialog.body.sheet
    assert "deliver(letter)" in sheet.buffer.line(sheet.here[0].line - 1)
    player.type("x")
    assert "if __name__" in sheet.text and sheet.read_only
    scene.focus.dialog.buttons[0].press()
    assert player.app._toasts
    player.key(pygame.K_ESCAPE)
    assert scene.focus.dialog is None
    player.type("\nnonsense(")
    player.key(pygame.K_e, pygame.KMOD_CTRL)
    assert scene.focus.dialog is None


def test_what_joyn_says_afterwards_leads_to_the_glossary(working):
    scene = working.open(FIRST)
    working.type("letter = belt.get()\ndeliver(letter)")
    working.key(pygame.K_F5)
    working.wait(lambda: isinstance(working.app.scene, VerdictScene))
    verdict = working.app.scene
    working.frame(dt=1.1)
    rect, key = next(link for link in verdict._links if link[1] == "queue")
    working.click(rect.center)
    assert verdict.focus.dialog.body.entry.key == key
    working.key(pygame.K_ESCAPE)
    assert verdict.focus.dialog is None and scene.work.attempt.passed


def test_what_stands_in_the_office_leads_to_the_glossary(player):
    scene = player.open(CHALK)
    for name, key in (("ada", "process"), ("tally", "value")):
        place = scene._office.board.place_of(name, scene.theme)
        player.frame(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=place.center, button=3))
        assert scene.focus.dialog.body.entry.key == key
        player.key(pygame.K_ESCAPE)
    player.frame()
    rect = next(rect for rect, key in scene._story.scroll.links if key == "value" and rect.right > 240)
    player.click(rect.center)
    assert scene.focus.dialog.body.entry.key == "value"


def test_escape_calls_a_verdict_off_and_only_then_leads_back(player):
    scene = player.open(FIRST)
    scene.focus.give(None)
    scene.work.trial = Trial(scene.work.system, wants_real=False, wants_verdict=True)
    player.key(pygame.K_ESCAPE)
    assert scene.work.trial is None and player.app.scene is scene
    player.key(pygame.K_ESCAPE)
    assert player.app.scene is not scene


def test_f9_goes_on_from_a_solved_level_whatever_stands_in_its_script(player):
    scene = player.open(FIRST)
    player.key(pygame.K_F9)
    assert player.app.scene is scene  # not solved yet
    player.house.count_attempt(scene.key, 3, {"ticks": 3, "statements": 2})
    player.type("# another try")
    player.key(pygame.K_F9)
    assert player.app.scene.level.id == "1.2"


def test_after_the_last_level_joyn_says_so(player):
    for campaign in player.house.campaigns:
        for card in campaign.levels:
            player.house.count_attempt(card.key, 1, {"ticks": 3, "statements": 2})
    player.app.push(LevelsScene(player.house))
    scene = player.open(FIRST)
    player.key(pygame.K_F9)
    assert isinstance(player.app.scene, LevelsScene) and player.app.scene is not scene
    assert [toast.text for toast in player.app._toasts] == ["Every level is solved. Joyn puts the kettle on."]


def test_a_tip_is_not_left_standing_below_the_card_of_a_verdict(player):
    scene = player.open(FIRST)
    player.point(scene._bar.help.rect.center)
    for _ in range(60):
        player.frame(dt=0.02)
    assert scene.focus._still >= scene.focus.TIP_AFTER
    scene.focus.hide_tip()
    for _ in range(60):
        player.frame(dt=0.02)
    assert scene.focus._still < scene.focus.TIP_AFTER
    player.point((scene._bar.help.rect.centerx + 1, scene._bar.help.rect.centery))
    for _ in range(60):
        player.frame(dt=0.02)
    assert scene.focus._still >= scene.focus.TIP_AFTER
