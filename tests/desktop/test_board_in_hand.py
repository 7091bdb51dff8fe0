"""The workshop's board in somebody's hands: dragged, zoomed and panned by mouse and by keys."""

from pathlib import Path

import pytest
from player import Player

import pygame  # isort: skip

from game.desktop.arrangements import PLAIN
from game.desktop.house import House
from game.desktop.scenes.workshop import WorkshopScene

LEVELS = Path(__file__).resolve().parents[2] / "levels/post_office"
COACH = LEVELS / "24-last-seat-on-the-coach.yaml"
SHIFT = pygame.KMOD_LSHIFT


@pytest.fixture
def player(tmp_path):
    one = Player(tmp_path)
    yield one
    one.close()


@pytest.fixture
def scene(player):
    return player.open(COACH)


def middle(scene, kind, name):
    """Where a thing's middle is in the window."""
    board = scene._office.board
    plan = board.staging(scene.theme).plan
    x, y = (plan.clerks if kind == "clerk" else plan.channels)[name].center
    camera, s = board.camera, scene.theme.scale
    return (
        round(board.rect.x + (x - camera.x) * camera.zoom * s),
        round(board.rect.y + (y - camera.y) * camera.zoom * s),
    )


def test_a_clerk_is_dragged_elsewhere_and_its_ways_go_along(player, scene):
    board = scene._office.board
    start = middle(scene, "clerk", "ada")
    before = board.staging(scene.theme).plan
    player.drag(start, (start[0] + 20, start[1] - 70))
    there = middle(scene, "clerk", "ada")
    assert abs(there[0] - start[0] - 20) <= 6 and abs(there[1] - start[1] + 70) <= 6
    after = board.staging(scene.theme).plan
    link = next(link for link in after.routes if link.clerk == "ada")
    assert after.routes[link] != before.routes[link]
    assert board.picked == ("clerk", "ada") and scene.focus.current is board


def test_a_press_that_hardly_moves_moves_nothing(player, scene):
    start = middle(scene, "clerk", "ada")
    player.drag(start, (start[0] + 2, start[1]), steps=1)
    assert scene._office.board.arrangement.places == {}


def test_what_was_put_elsewhere_is_taken_back_and_done_again(player, scene):
    board, start = scene._office.board, middle(scene, "clerk", "ada")
    player.drag(start, (start[0] + 60, start[1] - 70))
    dragged = board.arrangement
    player.key(pygame.K_RIGHT)
    player.key(pygame.K_RIGHT)
    player.key(pygame.K_o, letter="o")
    steps = [board.arrangement]
    for _ in range(4):
        player.key(pygame.K_z, pygame.KMOD_LCTRL)
        steps.append(board.arrangement)
    assert steps[0].square and not steps[1].square and steps[2:] == [dragged, PLAIN, PLAIN]
    assert player.house.arrangement(scene.key) == PLAIN
    for _ in range(3):
        player.key(pygame.K_y, pygame.KMOD_LCTRL)
    assert board.arrangement == steps[0]
    board.arrange(PLAIN)  # by somebody else: what was before belongs to another order of things
    player.key(pygame.K_z, pygame.KMOD_LCTRL)
    assert board.arrangement == PLAIN


def test_what_was_arranged_is_kept_for_the_level_and_put_back(player, scene):
    start = middle(scene, "channel", "seats")
    player.drag(start, (start[0] - 90, start[1] + 20))
    places = scene._office.board.arrangement.places
    assert set(places) == {("channel", "seats")}
    again = WorkshopScene(player.house, COACH, scene.level)
    assert again._office.board.arrangement.places == places
    player.house.close()
    assert House(player.house.folder, helpers=False).arrangement(scene.key).places.keys() == places.keys()
    player.key(pygame.K_ESCAPE)
    player.key(pygame.K_DELETE)
    assert scene._office.board.arrangement.places == {}
    assert middle(scene, "channel", "seats") == start


def test_nothing_is_dragged_off_the_board_or_onto_the_counter(player, scene):
    start = middle(scene, "clerk", "bob")
    player.drag(start, (start[0] - 2000, start[1] + 2000))
    plan = scene._office.board.staging(scene.theme).plan
    assert plan.clerks["bob"].x >= 0 and plan.clerks["bob"].bottom <= plan.counter.y


def test_by_keys_a_thing_is_picked_moved_and_put_back(player, scene):
    board = scene._office.board
    scene.focus.give(board, ring=True)
    while board.picked != ("clerk", "cleo"):
        player.key(pygame.K_RETURN)
    start = middle(scene, "clerk", "cleo")
    for _ in range(3):
        player.key(pygame.K_UP)
    player.key(pygame.K_LEFT, SHIFT)
    there = middle(scene, "clerk", "cleo")
    assert (there[0] - start[0], there[1] - start[1]) == (-24, -24)
    player.key(pygame.K_DELETE)
    assert middle(scene, "clerk", "cleo") == start
    player.key(pygame.K_ESCAPE)
    assert board.picked is None and player.app.scene is scene


def test_the_wheel_zooms_to_the_pointer(player, scene):
    at = middle(scene, "clerk", "ada")
    player.wheel(at, 1)
    player.wheel(at, 1)
    assert scene._office.board.camera.zoom == 1.6
    there = middle(scene, "clerk", "ada")
    assert abs(there[0] - at[0]) < 60 and abs(there[1] - at[1]) < 60
    player.wheel(at, -1)
    player.wheel(at, -1)
    assert scene._office.board.camera.fits


def test_keys_zoom_pan_and_fit(player, scene):
    board = scene._office.board
    scene.focus.give(board)
    player.key(pygame.K_PLUS)
    player.key(pygame.K_EQUALS, SHIFT)
    x = board.camera.x
    player.key(pygame.K_RIGHT)
    assert board.camera.zoom == 1.6 and board.camera.x > x
    player.key(pygame.K_0)
    assert board.camera.fits


@pytest.mark.parametrize("how", ["middle", "space", "floor"])
def test_a_drag_moves_what_is_seen(player, scene, how):
    board = scene._office.board
    scene.focus.give(board)
    for _ in range(3):
        player.key(pygame.K_PLUS)
    x = board.camera.x
    start = middle(scene, "channel", "seats") if how != "floor" else None
    if start is None or not board.rect.collidepoint(start):
        start = next(
            (px, py)
            for px in range(board.rect.x + 120, board.rect.right, 9)
            for py in range(board.rect.y + 60, board.rect.bottom, 9)
            if board.thing_at((px, py)) is None
        )
    if how == "space":
        player.frame(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_SPACE, mod=0, unicode=" "))
    player.drag(start, (start[0] - 60, start[1]), button=2 if how == "middle" else 1)
    if how == "space":
        player.frame(pygame.event.Event(pygame.KEYUP, key=pygame.K_SPACE, mod=0))
    assert board.camera.x == pytest.approx(x + 60 / board.camera.zoom)
    assert board.arrangement.places == {}


def test_a_thing_dragged_close_up_follows_the_pointer(player, scene):
    at = middle(scene, "clerk", "ada")
    player.wheel(at, 1)
    player.wheel(at, 1)
    start = middle(scene, "clerk", "ada")
    player.drag(start, (start[0] + 40, start[1] - 100))
    there = middle(scene, "clerk", "ada")
    assert abs(there[0] - start[0] - 40) <= 8 and abs(there[1] - start[1] + 100) <= 8


def test_ways_turn_corners_by_key_and_by_button(player, scene):
    board = scene._office.board
    scene.focus.give(board)
    player.key(pygame.K_o)
    assert board.arrangement.square
    paths = board.staging(scene.theme).paths
    assert paths != board.staging(scene.theme).plan.routes
    player.click(board.rect.center)
    tool = next(tool for tool in scene._office.tools if tool.icon == "corners")
    player.click(tool.rect.center)
    assert not board.arrangement.square


def test_the_tools_come_with_the_pointer(player, scene):
    assert not any(tool.visible for tool in scene._office.tools)
    player.frame(
        pygame.event.Event(
            pygame.MOUSEMOTION, pos=scene._office.board.rect.center, rel=(0, 0), buttons=(0, 0, 0)
        )
    )
    assert all(tool.visible for tool in scene._office.tools)
    player.click(scene._office.tools[1].rect.center)
    assert scene._office.board.camera.zoom == 1.25


def test_what_a_film_does_does_not_disturb_the_arrangement(player, scene):
    start = middle(scene, "clerk", "ada")
    player.drag(start, (start[0] + 12, start[1] - 60))
    there = middle(scene, "clerk", "ada")
    scene._compile()
    player.frame()
    assert middle(scene, "clerk", "ada") == there
