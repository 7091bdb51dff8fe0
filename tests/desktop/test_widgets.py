"""Widgets pressed, dragged and tabbed through as a player does."""

from __future__ import annotations

import pygame
import pytest
from hands import click, down, give, key, point, typed, up, wheel

from game.desktop import words
from game.desktop.fields import Clipboard, TextField
from game.desktop.theme import Theme
from game.desktop.widgets import (
    Button,
    Chip,
    Dialog,
    Focus,
    IconButton,
    Key,
    Label,
    ListBox,
    Row,
    ScrollArea,
    Slider,
    Tab,
    Tabs,
    Toast,
    Toggle,
    Widget,
)

PAGE = (900, 600)


def a_page() -> pygame.Surface:
    return pygame.Surface(PAGE)


def a_button(words: str = "Run", at: tuple[int, int] = (10, 10), **more: object) -> tuple[Button, list[str]]:
    pressed: list[str] = []
    button = Button(words, lambda: pressed.append(words), **more)
    button.put(Theme(), topleft=at)
    return button, pressed


def test_a_button_presses_when_the_mouse_is_let_go_inside():
    button, pressed = a_button()
    give(button, *click(button.rect.center))
    give(button, down(button.rect.center), up((500, 500)))
    give(button, down((500, 500)), up(button.rect.center))
    assert pressed == ["Run"]


@pytest.mark.parametrize("stroke", ["return", "space"])
def test_a_button_presses_by_key_only_where_the_focus_is(stroke):
    button, pressed = a_button()
    focus = Focus([button])
    assert not focus.handle(key(stroke))
    focus.handle(key("tab"))
    assert focus.handle(key(stroke))
    assert pressed == ["Run"]


def test_a_disabled_button_takes_no_press_of_any_kind():
    button, pressed = a_button(enabled=False, keys=[Key(pygame.K_F5)])
    focus = Focus([button])
    for event in (*click(button.rect.center), key("tab"), key("return"), key("f5")):
        focus.handle(event)
    button.press()
    assert (pressed, focus.current) == ([], None)


def test_tab_goes_round_over_what_can_be_used_and_back():
    buttons = [a_button(name, (10, 10 + 50 * n))[0] for n, name in enumerate("abcd")]
    buttons[1].enabled = False
    buttons[2].visible = False
    focus = Focus(buttons)
    seen = []
    for stroke in ("tab", "tab", "tab", "shift+tab"):
        focus.handle(key(stroke))
        seen.append(buttons.index(focus.current))
    assert seen == [0, 3, 0, 3]
    assert [button.focused for button in buttons] == [False, False, False, True]


def test_a_shortcut_works_from_anywhere_but_not_from_under_typing():
    button, pressed = a_button(keys=[Key(pygame.K_SPACE), Key(pygame.K_RETURN, pygame.KMOD_CTRL)])
    field = TextField()
    field.put(Theme(), topleft=(10, 100))
    focus = Focus([button, field])
    focus.handle(key("space"))
    focus.handle(key("ctrl+return"))
    assert pressed == ["Run", "Run"]
    focus.give(field)
    for event in typed("a b"):
        focus.handle(event)
    assert (pressed, field.text) == (["Run", "Run"], "a b")
    focus.handle(key("ctrl+return"))
    assert pressed == ["Run"] * 3


def test_a_shortcut_wants_its_modifiers_and_no_others():
    undo = Key(pygame.K_z, pygame.KMOD_CTRL)
    assert undo.fits(key("ctrl+z"))
    assert not undo.fits(key("ctrl+shift+z"))
    assert not undo.fits(key("z"))
    assert Key(pygame.K_z, pygame.KMOD_CTRL | pygame.KMOD_SHIFT).said == "Ctrl+Shift+Z"


ALL_BUTTONS = [
    Button("Run", print),
    Button("Show it on real clerks", print, style="primary", icon="play"),
    Button("Überspringen — später", print, style="ghost"),
    Button("W" * 40, print, style="bar", icon="back"),
]


@pytest.mark.parametrize("scale", [0.75, 1.0, 1.15, 1.5, 2.0, 2.5])
@pytest.mark.parametrize("button", ALL_BUTTONS, ids=lambda button: button.words)
def test_no_words_of_a_button_are_cut_off(button, scale):
    theme = Theme(scale)
    rect = button.put(theme, topleft=(20, 20))
    text = theme.text(button.words, (0, 0, 0), size="small", weight="bold")
    icon = theme.px(22) if button.icon else 0
    assert rect.width >= text.get_width() + icon + 2 * theme.px(10)
    assert rect.height >= text.get_height() + theme.px(4)
    # and what is drawn stays inside: paint it on a marked page and look around it
    page = pygame.Surface((rect.right + 40, rect.bottom + 40))
    page.fill((1, 2, 3))
    button.draw(page, theme)
    outside = pygame.mask.from_threshold(page, (1, 2, 3), (1, 1, 1))
    inside = pygame.Mask(rect.size, fill=True)
    outside.draw(inside, rect.topleft)
    assert outside.count() == page.get_width() * page.get_height()


@pytest.mark.parametrize("scale", [0.75, 1.0, 2.5])
def test_tabs_chips_and_toggles_have_room_for_their_words(scale, monkeypatch):
    theme = Theme(scale)
    monkeypatch.setattr(
        words, "clip_words", lambda theme, text, width, *type_: _fits(theme, text, width, *type_)
    )
    for widget in (
        Chip("every parcel counted", dark=True),
        Chip("a stroke is lost", state="bad"),
        Toggle("Reduced motion", True, print),
        Slider(0.75, 2.5, 1.0, print, step=0.05, say=lambda value: f"{value:.0%}"),
        ListBox([Row("Mind the Chalk", "new", "envelope"), Row("First Post", "★ ★ ★")], print),
        Label("left aside"),
    ):
        widget.put(theme, topleft=(10, 10))
        widget.draw(pygame.Surface((1600, 900)), theme)


def _fits(theme: Theme, text: str, width: int, *type_: object) -> str:
    assert theme.width(text, *type_) <= width, text
    return text


def test_a_toggle_flips_by_mouse_and_by_key():
    states = []
    toggle = Toggle("Sound", False, states.append)
    toggle.put(Theme(), topleft=(10, 10))
    give(toggle, *click(toggle.rect.center))
    toggle.focused = True
    give(toggle, key("space"))
    assert states == [True, False]


def test_a_slider_is_dragged_in_steps_and_stays_between_its_ends():
    values = []
    slider = Slider(0, 10, 5, values.append, step=2.5)
    slider.put(Theme(), topleft=(10, 10))
    slider.draw(a_page(), Theme())
    give(
        slider,
        down((slider.rect.left + 1, slider.rect.centery)),
        point((9_999, 0)),
        up((9_999, 0)),
        point((0, 0)),
    )
    assert values == [0, 10]
    slider.focused = True
    give(slider, key("left"), key("home"), key("left"), key("up"), key("end"))
    assert values[2:] == [7.5, 0, 2.5, 10]


def test_tabs_are_chosen_by_mouse_and_arrows_and_tell_only_changes():
    chosen = []
    tabs = Tabs([Tab("ada"), "bob", "eve"], chosen.append, dark=True)
    tabs.put(Theme(), topleft=(10, 10))
    tabs.draw(a_page(), Theme())
    give(
        tabs,
        *click((tabs.rect.right - 5, tabs.rect.centery)),
        *click((tabs.rect.right - 5, tabs.rect.centery)),
    )
    tabs.focused = True
    give(tabs, key("right"), key("left"), key("home"), key("left"))
    assert chosen == [2, 1, 0]


def test_a_list_is_walked_and_chosen_from_but_not_what_is_locked():
    chosen, marked = [], []
    rows = ListBox([Row(f"level {n}", enabled=n != 3) for n in range(20)], chosen.append, marked.append)
    rows.put(Theme(), topleft=(10, 10))
    rows.draw(a_page(), Theme())
    rows.focused = True
    give(rows, key("down"), key("return"), key("down"), key("down"), key("return"), key("end"), key("down"))
    assert (chosen, marked) == ([1], [1, 2, 3, 19])
    rows.draw(a_page(), Theme())
    at = (rows.rect.centerx, rows.rect.bottom - 5)
    give(rows, *click(at), *click(at))
    assert chosen == [1, 19]
    give(rows, key("home"))
    rows.draw(a_page(), Theme())
    give(rows, *click((rows.rect.centerx, rows.rect.top + 5)))
    assert marked[-1] == 0


def a_scroll_area(count: int = 30) -> tuple[ScrollArea, list[Button], list[str]]:
    pressed: list[str] = []
    buttons = [Button(f"b{n}", lambda n=n: pressed.append(f"b{n}")) for n in range(count)]

    def paint(surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        for n, button in enumerate(buttons):
            button.put(theme, left=rect.x, top=rect.y + n * 40)
            button.draw(surface, theme)
        return count * 40

    area = ScrollArea(paint, lambda: buttons)
    area.rect = pygame.Rect(20, 20, 200, 200)
    area.draw(a_page(), Theme())
    return area, buttons, pressed


def test_the_wheel_scrolls_and_stops_at_the_ends():
    area, _, _ = a_scroll_area()
    assert not area.handle(wheel(-1))  # the pointer is elsewhere
    give(area, point((50, 50)), wheel(-2))
    assert area.offset == 96
    give(area, wheel(-1000))
    assert area.offset == area.furthest == 1000
    give(area, wheel(1000))
    assert area.offset == 0


def test_what_is_scrolled_away_cannot_be_pressed():
    area, buttons, pressed = a_scroll_area()
    give(area, *click((buttons[10].rect.centerx, buttons[10].rect.centery)))
    give(area, *click(buttons[1].rect.center))
    assert pressed == ["b1"]


def test_tabbing_into_a_scroll_area_brings_the_button_into_view():
    area, buttons, _ = a_scroll_area()
    focus = Focus([area])
    for _ in range(14):
        focus.handle(key("tab"))
        focus.draw(a_page(), Theme())
    assert focus.current is buttons[12]
    assert area.rect.contains(buttons[12].rect)


def test_a_shorter_content_does_not_stay_scrolled_away():
    area, buttons, _ = a_scroll_area()
    give(area, point((50, 50)), wheel(-1000))
    area.paint = lambda surface, theme, rect: 100
    area.draw(a_page(), Theme())
    assert area.offset == 0
    assert len(buttons) == 30


def a_dialog() -> tuple[Focus, Dialog, list[str]]:
    said: list[str] = []
    focus = Focus([a_button("below", (0, 0))[0]])
    dialog = Dialog(
        "Leave?",
        "The script is saved.",
        [
            Button("Leave", lambda: said.append("leave"), style="primary"),
            Button("Stay", lambda: said.append("stay")),
        ],
    )
    focus.open(dialog)
    focus.draw(a_page(), Theme())
    return focus, dialog, said


def test_a_dialog_keeps_everything_to_itself_and_escape_is_its_harmless_answer():
    focus, dialog, said = a_dialog()
    for event in (*click((20, 20)), key("tab"), key("escape")):
        assert focus.handle(event)
    assert said == ["stay"]
    assert dialog.focus.current is dialog.buttons[1]


def test_a_dialog_begins_at_its_first_button_and_arrows_walk_it():
    focus, _, said = a_dialog()
    for stroke in ("return", "right", "return", "right", "return"):
        focus.handle(key(stroke))
    assert said == ["leave", "stay", "leave"]


def test_a_dialog_fits_its_words_at_every_scale():
    for scale in (0.75, 1.0, 2.0):
        _, dialog, _ = a_dialog()
        page = pygame.Surface((round(1024 * scale), round(640 * scale)))
        dialog.draw(page, Theme(scale))
        assert page.get_rect().contains(dialog.rect)
        for button in dialog.buttons:
            assert dialog.rect.contains(button.rect)


def test_the_ring_is_seen_after_tab_and_not_after_a_click():
    button, _ = a_button(at=(50, 50))
    focus = Focus([button])
    focus.handle(key("tab"))
    ringed = a_page()
    focus.draw(ringed, Theme())
    for event in click(button.rect.center):
        focus.handle(event)
    button.hovered = False
    plain = a_page()
    focus.draw(plain, Theme())
    beside = (button.rect.centerx, button.rect.top - 2)
    assert ringed.get_at(beside)[:3] == Theme().palette.focus
    assert plain.get_at(beside)[:3] == (0, 0, 0)
    assert focus.current is button


def test_a_tip_comes_after_a_while_and_names_the_shortcut():
    button = IconButton("play", print, tip="Run", keys=[Key(pygame.K_F5)])
    button.put(Theme(), topleft=(100, 100))
    focus = Focus([button])
    focus.handle(point(button.rect.center))
    before, after = a_page(), a_page()
    focus.draw(before, Theme())
    assert [focus.update(0.3), focus.update(0.3), focus.update(0.3)] == [False, True, False]
    focus.draw(after, Theme())
    assert pygame.image.tobytes(before, "RGB") != pygame.image.tobytes(after, "RGB")
    assert focus._tip() == ("Run", (Key(pygame.K_F5),), button.rect)


def test_a_toast_goes_by_itself():
    toast = Toast("Saved.", seconds=1.0)
    toast.draw(a_page(), Theme())
    assert [toast.update(0.6), toast.update(0.6)] == [False, True]


def test_the_topmost_of_two_gets_the_click():
    below, pressed_below = a_button("below")
    above, pressed_above = a_button("above")
    focus = Focus([below, above])
    for event in click(above.rect.center):
        focus.handle(event)
    assert (pressed_below, pressed_above) == ([], ["above"])
    assert focus.current is above


def test_other_widgets_leave_the_focus_where_it_still_is():
    one, two = a_button("one")[0], a_button("two", (10, 60))[0]
    focus = Focus([one, two])
    focus.give(two)
    focus.set([two])
    assert focus.current is two
    focus.set([one])
    assert (focus.current, two.focused) == (None, False)


# A line to type in


def a_field(text: str = "", **more: object) -> TextField:
    field = TextField(text, **more)
    field.put(Theme(), topleft=(10, 10))
    field.focused = True
    field.draw(a_page(), Theme())
    return field


def test_a_field_takes_typing_enter_and_the_clipboard():
    clipboard, entered, changed = Clipboard(), [], []
    field = a_field(on_enter=entered.append, on_change=changed.append, clipboard=clipboard)
    give(field, *typed("ada bob"), key("return"), key("ctrl+a"), key("ctrl+c"), key("end"), key("ctrl+v"))
    assert field.text == "ada bobada bob"
    assert (entered, changed[0], changed[-1]) == (["ada bob"], "a", "ada bobada bob")
    give(field, key("ctrl+z"), key("ctrl+z"), key("ctrl+y"))
    assert field.text == "ada bob"


def test_a_field_shows_the_cursor_however_long_its_text():
    field = a_field("wind " * 60)
    page = a_page()
    field.draw(page, Theme())
    inner = field.rect.inflate(-20, -12)
    ink = Theme().palette.ink
    assert any(page.get_at((x, inner.centery))[:3] == ink for x in range(inner.right - 6, inner.right))
    give(field, *click((field.rect.left + 11, field.rect.centery)))
    assert field.buffer.cursor.column > 200


def test_altgr_types_letters_and_does_not_command():
    field = a_field()
    give(
        field,
        pygame.event.Event(
            pygame.KEYDOWN, key=pygame.K_z, mod=pygame.KMOD_LCTRL | pygame.KMOD_RALT, unicode="@"
        ),
    )
    give(field, pygame.event.Event(pygame.TEXTINPUT, text="@"))
    assert field.text == "@"


def test_every_widget_draws_before_it_was_ever_placed():
    for widget in (Button("x", print), Toggle("x", True, print), Tabs(["a"], print), ListBox([], print),
                   Slider(0, 1, 0, print), Chip("x"), Label("x"), TextField(), Widget()):  # fmt: skip
        widget.draw(a_page(), Theme())
        give(widget, point((0, 0)), key("return"), key("down"))


def test_a_list_longer_than_its_place_shows_how_far_down_one_is():
    theme = Theme()
    box = ListBox([Row(str(number)) for number in range(30)], lambda number: None)
    box.rect = pygame.Rect(0, 0, 120, 144)

    def rail() -> list[int]:
        page = pygame.Surface((120, 144))
        page.fill(theme.palette.card)
        box.draw(page, theme)
        return [y for y in range(144) if page.get_at((117, y))[:3] == tuple(theme.palette.line)[:3]]

    first = rail()
    box.mark(29)
    assert first and min(rail()) > max(first)
    box.rows = box.rows[:3]
    box.mark(0)
    assert rail() == []
