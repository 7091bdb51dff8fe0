from __future__ import annotations

import pygame
from hands import down, point, up

from game.desktop.carrying import Carrying
from game.desktop.widgets import Button


def test_a_card_is_carried_once_the_hand_moves_and_dropped_where_it_lets_go_or_pressed_on_itself():
    pressed, dropped = [], []
    card = Button("belt", lambda: pressed.append("belt"))
    card.rect = pygame.Rect(0, 0, 100, 30)
    carrying = Carrying(lambda: [card], lambda one, at: dropped.append((one, at)))
    for event in (down((10, 10)), point((14, 10))):
        assert not carrying.handle(event), "the card's own"
    assert carrying.carried is None
    assert not carrying.handle(up((14, 10)))
    for end in ((300, 200), (80, 20)):
        assert not carrying.handle(down((10, 10)))
        card.pressed = True
        assert carrying.handle(point((30, 10))) and carrying.carried is card and not card.pressed
        assert carrying.handle(point(end)) and carrying.pointer == end
        assert carrying.handle(up(end)) and carrying.carried is None
    assert (dropped, pressed) == ([(card, (300, 200))], ["belt"])
    card.enabled = False
    assert not carrying.handle(down((10, 10))) and not carrying.handle(point((90, 90)))
    assert not carrying.handle(down((500, 10))) and not carrying.handle(point((90, 90)))
