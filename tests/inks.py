"""Every text a scene writes: where it stands, how much of it can be seen, and whether it was cut short."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pygame

from game.desktop import painter, theme, widgets, words
from game.desktop.editor import CodeEditor
from game.desktop.parsons import CardSorter


class Ink(NamedTuple):
    """A text on the finished picture; `seen` is the share of its solid pixels that can be seen, and `front`
    whether it belongs to a dialog."""

    words: str
    rect: pygame.Rect
    seen: float
    front: bool = False


class Inks(NamedTuple):
    texts: tuple[Ink, ...]
    shortened: tuple[str, ...]
    outside: tuple[Ink, ...] = ()
    """Texts of a dialog that reach out of the picture."""

    @property
    def covered(self) -> tuple[Ink, ...]:
        """Texts of which some can be seen, and some cannot."""
        return tuple(ink for ink in self.texts if 0.04 < ink.seen < 0.75)


def inks_of(make: Callable[[], pygame.Surface]) -> Inks:
    """Draw a picture with `make` and measure the texts on it."""
    written: dict[int, tuple[str, tuple[int, int, int], pygame.Surface]] = {}
    notes: dict[int, tuple[pygame.Surface, list[tuple[int, pygame.Rect]]]] = {}
    shortened: list[str] = []
    plain, render, clip, fit = pygame.Surface, theme.render, words.clip_words, painter._fit
    scrolling: list[widgets.Widget] = []
    draw, draw_code, draw_dialog = widgets.ScrollArea.draw, CodeEditor.draw, widgets.Dialog.draw
    draw_cards = CardSorter.draw
    asking: list[widgets.Dialog] = []
    in_front: set[tuple[int, tuple[int, ...]]] = set()

    class Paper(plain):  # type: ignore[misc, valid-type]
        """A surface that remembers the texts put on it, also those on a surface put on it."""

        def blit(self, source, dest=(0, 0), *rest, **more):
            place = super().blit(source, dest, *rest, **more)
            x, y = dest.topleft if isinstance(dest, pygame.Rect) else (int(dest[0]), int(dest[1]))
            mine = notes.setdefault(id(self), (self, []))[1]
            if id(source) in written:
                rect, clip = source.get_rect(topleft=(x, y)), self.get_clip()
                if not scrolling or (clip.top <= rect.top and rect.bottom <= clip.bottom):
                    mine.append((id(source), rect))
                    if asking:
                        in_front.add((id(source), tuple(rect)))
            elif id(source) in notes and rest:  # a part of it
                part = pygame.Rect(rest[0])
                there = [(text, rect) for text, rect in notes[id(source)][1] if part.contains(rect)]
                mine += [(text, rect.move(x - part.x, y - part.y)) for text, rect in there]
            elif id(source) in notes and source.get_size() != self.get_size():
                mine += [(text, rect.move(x, y)) for text, rect in notes[id(source)][1]]
            return place

        def fill(self, *arguments, **more):
            if id(self) in notes:
                mine = notes[id(self)][1]
                if len(arguments) == 1:
                    mine.clear()
                elif arguments[0] == (0, 0, 0, 0):  # this part is drawn anew
                    mine[:] = [one for one in mine if not pygame.Rect(arguments[1]).contains(one[1])]
            return super().fill(*arguments, **more)

    def scrolled(draw_area):
        """What is half scrolled in is no text that was cut."""

        def drawing(area, *rest):
            scrolling.append(area)
            try:
                draw_area(area, *rest)
            finally:
                scrolling.pop()

        return drawing

    def asked(dialog, *rest):
        asking.append(dialog)
        try:
            draw_dialog(dialog, *rest)
        finally:
            asking.pop()

    def rendered(font, text, colour, role):
        made = render(font, text, colour, role)
        written[id(made)] = text, tuple(colour[:3]), made
        return made

    def clipped(look, text, *rest):
        found = clip(look, text, *rest)
        if found != look.said(text):
            shortened.append(look.said(text))
        return found

    def fitted(look, text, *rest):
        found = fit(look, text, *rest)
        if found != look.said(text):
            shortened.append(look.said(text))
        return found

    pygame.Surface, words.clip_words, painter._fit = Paper, clipped, fitted
    theme.render = words.render = rendered
    widgets.ScrollArea.draw, CodeEditor.draw, widgets.Dialog.draw = scrolled(draw), scrolled(draw_code), asked
    CardSorter.draw = scrolled(draw_cards)
    try:
        picture = make()
    finally:
        pygame.Surface, words.clip_words, painter._fit = plain, clip, fit
        theme.render = words.render = render
        widgets.ScrollArea.draw, CodeEditor.draw, widgets.Dialog.draw = draw, draw_code, draw_dialog
        CardSorter.draw = draw_cards
    found = []
    last = {(text, tuple(rect)) for text, rect in notes[id(picture)][1]}
    for text, box in sorted(last, key=lambda one: one[1]):
        said, colour, made = written[text]
        seen = _seen(picture, made, pygame.Rect(box), colour)
        found.append(Ink(said, pygame.Rect(box), seen, (text, box) in in_front))
    # Or all these surfaces would wait for a collection of the cycles they are in, which comes late.
    notes.clear()
    written.clear()
    outside = tuple(ink for ink in found if ink.front and not picture.get_rect().contains(ink.rect))
    return Inks(tuple(found), tuple(dict.fromkeys(shortened)), outside)


def _seen(
    picture: pygame.Surface, made: pygame.Surface, rect: pygame.Rect, colour: tuple[int, int, int]
) -> float:
    solid = pygame.mask.from_surface(made, 250)
    if not solid.count():
        return 1.0
    here = rect.clip(picture.get_rect())
    if not here.width or not here.height:
        return 0.0
    shown = pygame.mask.from_threshold(picture.subsurface(here), colour, (26, 26, 26, 255))
    return solid.overlap_area(shown, (here.x - rect.x, here.y - rect.y)) / solid.count()
