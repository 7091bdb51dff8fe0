"""What everything in the window looks like: colours, type, spacing, and the fonts and text made of them.

A Theme is handed to whoever draws; there is no current one. Another scale is another Theme. Shapes and
icons are drawn by `game.desktop.draw`.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from gettext import NullTranslations
from pathlib import Path
from typing import Generic, Literal, NamedTuple, TypeVar

import pygame

from game.desktop.keys import Bindings
from game.language import ENGLISH, translate
from game.places import shipped

Colour = tuple[int, int, int]
Role = Literal["interface", "voice", "code"]
Weight = Literal["regular", "bold", "italic"]
V = TypeVar("V")

SMALLEST, LARGEST = 0.75, 2.5
SMALLEST_TEXT, LARGEST_TEXT = 0.85, 1.4

# Two sizes apart must look two sizes apart; nothing a player has to read is below 12.
SIZES = {
    "caption": 12,
    "small": 13,
    "body": 14,
    "lead": 17,
    "head": 20,
    "title": 26,
    "display": 40,
    "number": 60,
}
# The gaps things keep from each other: in a chip, between words and icon, between rows, inside a card, ...
SPACES = {"hair": 2, "tight": 4, "snug": 8, "row": 12, "card": 16, "block": 24, "page": 40}

_SIGNS = re.compile(r"[^\w\s]{2}")
_PIECES = re.compile(r"[^\w\s]|[\w\s]+")

_FONT_FILES: dict[tuple[str, str], str] = {
    ("interface", "regular"): "Inter-Regular.otf",
    ("interface", "bold"): "Inter-SemiBold.otf",
    ("interface", "italic"): "Inter-Regular.otf",  # slanted by SDL: the interface hardly ever needs it
    ("voice", "regular"): "EBGaramond-Regular.ttf",
    ("voice", "bold"): "EBGaramond-SemiBold.ttf",
    ("voice", "italic"): "EBGaramond-Italic.ttf",
    ("code", "regular"): "JetBrainsMono-Regular.ttf",
    ("code", "bold"): "JetBrainsMono-SemiBold.ttf",
    ("code", "italic"): "JetBrainsMono-Regular.ttf",
}


def rgb(text: str) -> Colour:
    """`"#BF3B2B"` as three numbers."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """`one` with this part (0..1) of `other` stirred in."""
    return (
        round(one[0] + (other[0] - one[0]) * part),
        round(one[1] + (other[1] - one[1]) * part),
        round(one[2] + (other[2] - one[2]) * part),
    )


def luminance(colour: Colour) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [channel / 255 for channel in colour]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2 contrast, 1 to 21; running text wants 4.5."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


class Palette(NamedTuple):
    """Colours by what they are for. Names ending in `_ink` are for text where the plain one is too pale."""

    paper: Colour = rgb("#F6EEDF")
    desk: Colour = rgb("#E9DCC3")
    desk_line: Colour = rgb("#DDCDAE")
    card: Colour = rgb("#FFFDF8")
    hover: Colour = rgb("#EFE4CF")
    line: Colour = rgb("#CDBE9F")
    ink: Colour = rgb("#2A2B33")
    ink_soft: Colour = rgb("#3A3B45")
    muted: Colour = rgb("#655F54")
    faint: Colour = rgb("#A79C87")
    on_ink: Colour = rgb("#FFFDF8")
    on_ink_muted: Colour = rgb("#CDBE9F")

    post: Colour = rgb("#BF3B2B")
    post_deep: Colour = rgb("#9E2E20")
    post_tint: Colour = rgb("#F6DFD8")
    teal: Colour = rgb("#24756F")
    teal_tint: Colour = rgb("#E2F0EA")
    teal_light: Colour = rgb("#8FD3C8")
    brass: Colour = rgb("#B9862F")
    brass_ink: Colour = rgb("#80590F")
    brass_tint: Colour = rgb("#F5E6C6")
    brass_light: Colour = rgb("#E8C27A")
    parcel: Colour = rgb("#D6A55C")
    parcel_deep: Colour = rgb("#A97A35")

    slate: Colour = rgb("#26313A")
    slate_deep: Colour = rgb("#1D262E")
    slate_light: Colour = rgb("#303C46")
    slate_line: Colour = rgb("#42505B")
    board: Colour = rgb("#2F4A44")
    board_wood: Colour = rgb("#8B6B3A")
    chalk: Colour = rgb("#F2F5EE")
    chalk_faint: Colour = rgb("#A9C2B9")

    focus: Colour = rgb("#1E5FA8")
    focus_halo: Colour = rgb("#BFE0FF")
    shadow: Colour = rgb("#241B0C")  # near black: a paler one glows on slate

    code: Colour = rgb("#E6E9E2")
    code_keyword: Colour = rgb("#F0A27F")
    code_name: Colour = rgb("#8FD3C8")
    code_number: Colour = rgb("#E8C27A")
    code_text: Colour = rgb("#B9D68C")
    code_comment: Colour = rgb("#93A1AC")
    code_number_line: Colour = rgb("#7C8B97")
    code_current: Colour = rgb("#2D3943")
    code_selected: Colour = rgb("#3F5A70")
    code_wrong: Colour = rgb("#4A3032")
    code_wrong_ink: Colour = rgb("#FF9C8A")


@dataclass(frozen=True)
class ClerkLook:
    """How one clerk is told from the others: by colour, and, for those who see colours otherwise, by
    pattern and shape. `ink` is for text on `fill`; `tint` is a pale ground; `deep` is text on paper."""

    fill: Colour
    ink: Colour
    tint: Colour
    deep: Colour
    pattern: str
    shape: str


def clerk_look(fill: str, pattern: str, shape: str) -> ClerkLook:
    """A look from its colour: black or white on it, and pale and dark shades of it."""
    colour, palette = rgb(fill), Palette()
    on_white = contrast(colour, palette.card)
    ink = palette.card if on_white >= 4.5 else palette.ink
    deep = colour if on_white >= 4.5 else mix(colour, (24, 18, 8), 0.52)
    return ClerkLook(colour, ink, mix(palette.card, colour, 0.16), deep, pattern, shape)


# Chosen so that every two stay apart (CIELAB) under normal sight and simulated protanopia, deuteranopia
# and tritanopia: 30 for the first two, 15 for the first six, 9 for all sixteen. So do patterns and shapes.
CLERK_LOOKS = (
    clerk_look("#BF3B2B", "plain", "circle"),
    clerk_look("#24756F", "slant", "square"),
    clerk_look("#DDA63A", "dots", "triangle"),
    clerk_look("#35509C", "bars", "diamond"),
    clerk_look("#59234E", "checks", "hexagon"),
    clerk_look("#93B7DA", "waves", "star"),
    clerk_look("#D98C84", "hatch", "pentagon"),
    clerk_look("#4B4F3A", "rungs", "cross"),
    clerk_look("#B38DFF", "backslant", "ring"),
    clerk_look("#080854", "rings", "heart"),
    clerk_look("#672EC6", "zigzag", "drop"),
    clerk_look("#ECD98D", "bricks", "hourglass"),
    clerk_look("#1B0808", "grid", "arrow"),
    clerk_look("#67D9C6", "gems", "moon"),
    clerk_look("#8D67A0", "pluses", "bolt"),
    clerk_look("#670808", "rain", "bar"),
)


class Keep(Generic[V]):
    """A cache that forgets what was not used for longest once it holds more than `room`."""

    def __init__(self, room: int, weigh: Callable[[V], int]) -> None:
        self.room = room
        self.weight = 0
        self._weigh = weigh
        self._kept: OrderedDict[Hashable, V] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        made = make()
        self._kept[key] = made
        self.weight += self._weigh(made)
        while self.weight > self.room and len(self._kept) > 1:
            self.weight -= self._weigh(self._kept.popitem(last=False)[1])
        return made

    def kept(self, key: Hashable) -> V | None:
        """What is kept under a key, if anything is."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def __len__(self) -> int:
        return len(self._kept)


def _pixels(surface: pygame.Surface) -> int:
    return surface.get_width() * surface.get_height() + 64


def asset_path(name: str) -> Path:
    """A file under `assets/`. Raises FileNotFoundError where the game was copied without it."""
    place = shipped("assets") / name
    if not place.exists():
        raise FileNotFoundError(f"asset {name!r} is not at {place}; reinstall the game")
    return place


class Theme:
    """The look at one scale. `scale` multiplies every length and every letter (0.75 to 2.5), `text_scale`
    the letters once more. What is said is drawn and measured in the `catalogue`'s language."""

    def __init__(
        self,
        scale: float = 1.0,
        *,
        palette: Palette | None = None,
        reduced_motion: bool = False,
        catalogue: NullTranslations = ENGLISH,
        text_scale: float = 1.0,
        looks: tuple[ClerkLook, ...] = CLERK_LOOKS,
        bindings: Bindings | None = None,
    ) -> None:
        self.scale = min(LARGEST, max(SMALLEST, scale))
        self.palette = palette or Palette()
        self.reduced_motion = reduced_motion
        self.catalogue = catalogue
        self.looks = looks
        self.bindings = bindings or Bindings()
        self.text_scale = min(LARGEST_TEXT, max(SMALLEST_TEXT, text_scale))
        self._drawn: Theme | None = None
        self.surfaces: Keep[pygame.Surface] = Keep(10_000_000, _pixels)
        self.layouts: Keep[object] = Keep(4_000, lambda _: 1)
        self.widths: Keep[int] = Keep(8_000, lambda _: 1)
        self._fonts: dict[tuple[Role, int, Weight], pygame.font.Font] = {}

    def scaled(self, scale: float) -> Theme:
        """The same look at another scale."""
        return self.but(scale=scale)

    def but(
        self,
        *,
        scale: float | None = None,
        palette: Palette | None = None,
        reduced_motion: bool | None = None,
        catalogue: NullTranslations | None = None,
        text_scale: float | None = None,
    ) -> Theme:
        """The same look with something else about it."""
        return Theme(
            self.scale if scale is None else scale,
            palette=palette or self.palette,
            reduced_motion=self.reduced_motion if reduced_motion is None else reduced_motion,
            catalogue=catalogue or self.catalogue,
            text_scale=self.text_scale if text_scale is None else text_scale,
            looks=self.looks,
            bindings=self.bindings,
        )

    def said(self, text: str) -> str:
        """The text in the player's language: what is measured and drawn. Plain text stays as it is."""
        return translate(text, self.catalogue)

    @property
    def drawn(self) -> Theme:
        """The same look with letters no larger than the drawings they stand in."""
        if self.text_scale == 1.0:
            return self
        if self._drawn is None:
            self._drawn = self.but(text_scale=1.0)
        return self._drawn

    def px(self, length: float) -> int:
        """A length of the design (at scale 1) in pixels; never rounded down to nothing."""
        scaled = round(length * self.scale)
        return scaled if scaled or not length else (1 if length > 0 else -1)

    def gap(self, name: str) -> int:
        """One of `SPACES`, in pixels."""
        return self.px(SPACES[name])

    def clerk(self, index: int) -> ClerkLook:
        """The look of the clerk at this place in the level's order."""
        return self.looks[index % len(self.looks)]

    def font(self, role: Role, size: str | float = "body", weight: Weight = "regular") -> pygame.font.Font:
        """A font; `size` is a name from `SIZES` or a size of the design. Loaded when first asked for."""
        points = max(
            6, round((SIZES[size] if isinstance(size, str) else size) * self.scale * self.text_scale)
        )
        key = (role, points, weight)
        font = self._fonts.get(key)
        if font is None:
            pygame.font.init()
            font = pygame.font.Font(asset_path(f"fonts/{_FONT_FILES[role, weight]}"), points)
            if weight == "italic" and role != "voice":
                font.set_italic(True)
            self._fonts[key] = font
        return font

    def text(
        self,
        words: str,
        colour: Colour,
        role: Role = "interface",
        size: str | float = "body",
        weight: Weight = "regular",
    ) -> pygame.Surface:
        """One line of text, kept for the next time. Do not draw on it."""
        words = self.said(words)
        key = ("text", words, colour, role, size, weight)
        return self.surfaces.get(key, lambda: render(self.font(role, size, weight), words, colour, role))

    def width(
        self, words: str, role: Role = "interface", size: str | float = "body", weight: Weight = "regular"
    ) -> int:
        """How wide one line of text will be."""
        words = self.said(words)
        key = (words, role, size, weight)
        return self.widths.get(key, lambda: self.font(role, size, weight).size(words)[0])

    def line_height(self, role: Role = "interface", size: str | float = "body") -> int:
        """The distance between the tops of two lines of running text."""
        points = (SIZES[size] if isinstance(size, str) else size) * self.scale * self.text_scale
        return round(points * {"interface": 1.5, "voice": 1.36, "code": 1.55}[role])


def render(font: pygame.font.Font, words: str, colour: Colour, role: Role) -> pygame.Surface:
    """A line of text as a picture. In code, signs are set one by one: the font would join `->` into an
    arrow, and a learner must see the two signs to type."""
    if role != "code" or not _SIGNS.search(words):
        return font.render(words, True, colour)
    pieces = [font.render(piece, True, colour) for piece in _PIECES.findall(words)]
    whole = pygame.Surface((sum(piece.get_width() for piece in pieces), font.get_height()), pygame.SRCALPHA)
    whole.fill((*colour, 0))
    x = 0
    for piece in pieces:
        whole.blit(piece, (x, 0))
        x += piece.get_width()
    return whole
