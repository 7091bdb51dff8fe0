"""The panel beside a board under construction: the name, the options and the wires of what is picked, or,
with nothing picked, the office's own name and its goal.

Options are made out of the kind's own fields and goals out of the registry, so that those of a plugin are
here too. What cannot be done is said below the field it was written in.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pygame

from game.authoring.blueprint import OBJECTIVE, STORY
from game.desktop import draw, icons, words
from game.desktop.fields import TextField
from game.desktop.layout import Key
from game.desktop.part_names import part_name
from game.desktop.theme import Theme
from game.desktop.widgets import Button, Event, ScrollArea, Toggle, Widget
from game.goals import Fails
from game.language import Said, say
from game.problems import ProblemsFound

if TYPE_CHECKING:
    from game.desktop.building import Building

GOALS: Final[Mapping[str, Said]] = {
    "log": say("Delivered, in this order"),
    "bag": say("Delivered, in any order"),
    "either": say("Delivered, one or another"),
    "value": say("What boards read at the end"),
    "within": say("Boards read, at any moment"),
    "left_over": say("May be left behind on"),
    "may_fail": say("May stop with an exception"),
    "no_starvation": say("Always get their turn"),
    "peak_at_most": say("Never more tokens on"),
    "soon": say("One soon after another"),
}
OPTIONS: Final[Mapping[str, Said]] = {
    "maxsize": say("How many fit (0: no limit)"),
    "wire": say("Fit on the belt (0: no end)"),
    "capacity": say("How many fit"),
    "initial": say("Reads at first"),
    "lock": say("With a lock of its own"),
    "duplex": say("Both ways"),
    "value": say("Tags at first"),
    "parties": say("How many go aboard"),
}
SAMPLES: Final[Mapping[str, Said]] = {
    "log": say("tea, cake"),
    "bag": say("tea, cake"),
    "either": say("[tea], [cake, cake]"),
    "value": say("tally: 6"),
    "within": say("tally: [0, 6]"),
    "left_over": say("nothing"),
    "peak_at_most": say("belt: 3"),
    "soon": say("after: tea, comes: cake, behind: 1"),
}


TOLD: Final = say("n: 3, fruit: tea")


class Entry(TextField):
    """A line that takes effect with Enter, or when one goes elsewhere. `commit` says what is wrong, or ""."""

    def __init__(self, text: str, commit: Callable[[str], str], *, hint: str = "") -> None:
        super().__init__(text, hint=hint)
        self._commit = commit
        self._value = text
        self._had_focus = False
        self.trouble = ""

    @property
    def dirty(self) -> bool:
        return self.text != self._value

    def offer(self, value: str) -> None:
        """What holds now; what is being written stays."""
        if value != self._value:
            self._value = value
            self._write(value)

    def _write(self, text: str) -> None:
        self.trouble = ""
        if self.text != text:
            self.buffer.replace_all(text)
            self.buffer.go(self.buffer.end)

    def commit(self) -> None:
        """Have what is written hold, if it can."""
        if self.dirty:
            text = self.text
            self.trouble = self._commit(text.strip())
            if not self.trouble:
                self._value = text

    def update(self, dt: float) -> bool:
        if self._had_focus and not self.focused:
            self.commit()
        self._had_focus = self.focused
        return super().update(dt)

    def handle(self, event: Event) -> bool:
        if event.type == pygame.KEYDOWN and self.focused:
            if event.key in (pygame.K_RETURN, pygame.K_KP_ENTER) and not event.mod & pygame.KMOD_CTRL:
                self.commit()
                return True
            if event.key == pygame.K_ESCAPE and (self.dirty or self.trouble):
                self._write(self._value)
                return True
        return super().handle(event)


class Line(NamedTuple):
    """One line of the panel: an id that stays while the thing does, words above, what is pressed."""

    id: str
    label: str
    widget: Widget | None
    note: str = ""


class PartPanel(ScrollArea):
    """What is picked, to be changed."""

    def __init__(self, building: Building) -> None:
        super().__init__(self._paint, lambda: self._widgets)
        self.building = building
        self.focusable = False
        self._kept: dict[tuple[Key | None, str], Widget] = {}
        self._lines: tuple[Line, ...] = ()
        self._widgets: list[Widget] = []

    def refresh(self) -> None:
        """Tell what holds now. A field keeps the keyboard, whatever the thing is called by now."""
        focused = next(
            (line for line in self._lines if line.widget is not None and line.widget.focused), None
        )
        self._lines = tuple(self._made())
        self._widgets = [line.widget for line in self._lines if line.widget is not None]
        if focused is not None and focused.widget not in self._widgets:
            after = next((line.widget for line in self._lines if line.id == focused.id), None)
            if after is not None:
                self.building.give_focus(after)

    def commit(self) -> None:
        """Have what stands in the fields hold before something else is picked."""
        for widget in list(self._widgets):
            if isinstance(widget, Entry):
                widget.commit()

    @property
    def entries(self) -> dict[str, Entry]:
        """The fields by the ids of their lines."""
        return {line.id: line.widget for line in self._lines if isinstance(line.widget, Entry)}

    @property
    def toggles(self) -> dict[str, Toggle]:
        return {line.id: line.widget for line in self._lines if isinstance(line.widget, Toggle)}

    # -- the lines --

    def _made(self) -> Sequence[Line]:
        picked = self.building.picked
        if picked is None:
            return [*self._office()]
        return [*(self._clerk(picked[1]) if picked[0] == "clerk" else self._channel(picked[1]))]

    def _entry(self, id: str, value: str, commit: Callable[[str], str], *, hint: str = "") -> Entry:
        key = self.building.picked, id
        kept = self._kept.get(key)
        if not isinstance(kept, Entry):
            self._kept[key] = kept = Entry(value, commit, hint=hint)
        kept.offer(value)
        return kept

    def _toggle(
        self, id: str, text: str, on: bool, change: Callable[[bool], object], tip: str = ""
    ) -> Toggle:
        key = self.building.picked, id
        kept = self._kept.get(key)
        if not isinstance(kept, Toggle):

            def flip(on: bool) -> None:
                change(on)
                self.refresh()

            self._kept[key] = kept = Toggle(text, on, flip, tip=tip)
        kept.on, kept.words = on, text
        return kept

    def _name(self, name: str) -> Line:
        entry = self._entry("name", name, lambda wish: self.building.rename(name, wish))
        entry.enabled = name not in self.building.stock.given
        return Line("name", say("Name"), entry)

    def _remove(self, name: str) -> Line:
        key = self.building.picked, "remove"
        button = self._kept.get(key)
        if button is None:
            button = Button(say("Take it away"), lambda: self.building.remove(), icon="cross", style="ghost",
                            tip=say("Delete, on the board"))  # fmt: skip
            self._kept[key] = button
        return Line("remove", "", button)

    def _clerk(self, name: str) -> Sequence[Line]:
        building = self.building
        lines = [self._name(name), Line("given", say("Is given"), None)]
        ends = [end for part in building.now.channels for end in building.ends(part.name)]
        if not ends:
            lines.append(Line("no parts", "", None, say("There are no parts to be given yet.")))
        for end in ends:
            lines.append(Line(f"wire {end}", "", self._wire(f"wire {end}", end, name, end)))
        if building.stock.tokens:
            lines.append(Line("told", say("Is told"), self._told(name)))
        if building.stock.cat:
            lines.append(Line("cat", "", self._cat(name)))
        if name not in building.stock.given:
            lines.append(self._remove(name))
        return lines

    def _wire(self, id: str, text: str, clerk: str, end: str) -> Toggle:
        building = self.building

        def change(on: bool) -> None:
            (building.connect if on else building.disconnect)(clerk, end)

        toggle = self._toggle(id, text, building.is_given(clerk, end), change)
        toggle.role = "interface" if isinstance(text, Said) else "code"
        return toggle

    def _told(self, clerk: str) -> Entry:
        """The numbers and texts a clerk is given."""
        building = self.building

        def commit(text: str) -> str:
            raw, trouble = _raw(text, "object")
            plain = {key: {"text": one} if isinstance(one, str) else one for key, one in (raw or {}).items()}
            return trouble or building.tell(clerk, plain)

        told = {
            key: one["text"] if isinstance(one, dict) else one for key, one in building.now.clerk(clerk).told
        }
        entry = self._entry("told", _line(told, "object") if told else "", commit, hint=TOLD)
        entry.tip = say("Numbers, texts and lists: each is a parameter of the script")
        return entry

    def _cat(self, clerk: str) -> Toggle:
        building = self.building
        tip = say("Nine naps wherever she likes, at any moment: `kill -9`")

        def change(on: bool) -> None:
            building.let_the_cat(clerk, on)

        return self._toggle("cat", say("The cat may nap here"), clerk in building.now.cat, change, tip)

    def _channel(self, name: str) -> Sequence[Line]:
        building = self.building
        part = building.now.channel(name)
        lines = [self._name(name)]
        if building.stock.options:
            lines += self._options(name, part.kind, part.options)
        lines.append(Line("given", say("Who is given it"), None))
        ends = building.ends(name)
        if not building.now.clerks:
            lines.append(Line("no clerks", "", None, say("There are no clerks yet.")))
        for hand in building.now.clerks:
            for end in ends:
                face = end.partition(".")[2]
                text = say("{clerk}: end {end}", clerk=hand.name, end=face) if face else hand.name
                id = f"wire {hand.name} {face}"
                lines.append(Line(id, "", self._wire(id, text, hand.name, end)))
        if name not in building.stock.given:
            lines.append(self._remove(name))
        return lines

    def _options(self, channel: str, kind: str, options: Mapping[str, Any]) -> Sequence[Line]:
        building = self.building
        lines = []
        for option in dataclasses.fields(building.registry.kinds[kind]):  # type: ignore[arg-type]
            usual = option.default
            if usual is dataclasses.MISSING and option.default_factory is not dataclasses.MISSING:
                usual = option.default_factory()
            now = options.get(option.name, usual)
            label = OPTIONS.get(option.name) or option.name
            help = "" if option.name in OPTIONS else str(option.metadata.get("help", ""))
            id = f"option {option.name}"
            if isinstance(usual, bool):

                def change(on: bool, name: str = option.name) -> None:
                    building.set_option(channel, name, on)

                lines.append(Line(id, "", self._toggle(id, label, bool(now), change, say(help))))
                continue

            def commit(text: str, option: dataclasses.Field[Any] = option, usual: Any = usual) -> str:
                value, trouble = _read(text, usual, option.metadata)
                return trouble or building.set_option(channel, option.name, value)

            entry = self._entry(id, _written(now), commit)
            entry.tip = say(help)
            lines.append(Line(id, label, entry))
        return lines

    def _office(self) -> Sequence[Line]:
        building = self.building
        now = building.now
        title = self._entry("title", now.title, building.call_it)
        lines = [Line("title", say("What the office is called"), title)]
        if building.stock.words:
            usual = now.objective in ("", OBJECTIVE)
            told = str(now.rest.get("story", "")).strip().replace("\n", " ")
            job = self._entry(
                "objective", "" if usual else now.objective, building.describe, hint=say(OBJECTIVE)
            )
            story = self._entry("story", told, building.tell_story, hint=say(STORY))
            for entry in (title, job, story):
                entry.role = "interface"
            lines += [Line("objective", say("What has to be done"), job)]
            lines += [Line("story", say("What Joyn says"), story)]
        if not building.stock.goal:
            return lines
        lines.append(Line("goals", say("What it is for"), None))
        for name in building.registry.goals:
            if name != Fails.name:  # what is built here is no wind to be chosen
                lines += self._goal(name, now.win)
        if now.cat:
            lines.append(Line("naps", say("Clerks the cat naps on in a run"), self._naps(now.naps)))
        return lines

    def _naps(self, now: int) -> Entry:
        def commit(text: str) -> str:
            count, trouble = _read(text, 1, {"minimum": 1, "maximum": 8})
            return trouble or self.building.set_naps(count)

        return self._entry("naps", str(now), commit)

    def _goal(self, name: str, win: Mapping[str, Any]) -> Sequence[Line]:
        building = self.building
        label = GOALS.get(name) or name
        goal = building.registry.goals[name]
        tip = "" if name in GOALS else say(goal.help)
        lines = []
        id = f"goal {name}"
        always = name == "left_over"
        if not always:

            def change(on: bool) -> None:
                others = {key: raw for key, raw in building.now.win.items() if key != name}
                trouble = building.set_goal({**others, name: self._fresh(name)} if on else _some(others))
                if trouble:
                    building.on_trouble(trouble)

            lines.append(Line(id, "", self._toggle(id, label, name in win, change, tip)))
        if name in win or always:
            kind = goal.schema.get("type", "")

            def commit(text: str) -> str:
                raw, trouble = _raw(text, kind)
                others = {key: one for key, one in building.now.win.items() if key != name}
                empty = always and not raw and others
                return trouble or building.set_goal(others if empty else {**others, name: raw})

            value = _line(win.get(name, []), kind)
            entry = self._entry(f"{id} value", value, commit, hint=SAMPLES.get(name, say("")))
            entry.tip = tip
            lines.append(Line(f"{id} value", label if always else "", entry))
        return lines

    def _fresh(self, name: str) -> Any:
        """What a goal says when it is taken up: something that can be true of this office."""
        now = self.building.now
        if name == "value":
            boards = [one for one in now.channels if one.kind in ("value", "array", "shared_memory")]
            return {one.name: 0 if one.kind == "value" else [0] for one in boards[:1]}
        if name == "within":
            return {one.name: [0, 9] for one in now.channels if one.kind == "value"}
        if name == "either":
            return [["tea"], ["cake"]]
        if name == "no_starvation":
            return [one.name for one in now.clerks]
        if name == "soon":
            return {"after": "tea", "comes": "cake", "behind": 0}
        return _FRESH.get(str(self.building.registry.goals[name].schema.get("type")), "")

    # -- drawing --

    def _paint(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        palette = theme.palette
        y = rect.y + self._paint_head(surface, theme, rect)
        for line in self._lines:
            if line.label:
                heading = line.widget is None
                place = pygame.Rect(rect.x, y + theme.px(6 if heading else 0), rect.width, theme.px(22))
                ink = palette.post if heading else palette.muted
                words.label(
                    surface,
                    theme,
                    line.label,
                    place,
                    ink,
                    size="small",
                    weight="bold" if heading else "regular",
                )
                y = place.bottom + theme.px(2 if heading else 0)
            if line.note:
                y += words.write(
                    surface,
                    theme,
                    line.note,
                    pygame.Rect(rect.x, y, rect.width, 0),
                    palette.muted,
                    size="small",
                ) + theme.px(6)
            if line.widget is not None:
                y = self._paint_widget(surface, theme, line.widget, rect, y)
        return y - rect.y + theme.px(8)

    def _paint_widget(
        self, surface: pygame.Surface, theme: Theme, widget: Widget, rect: pygame.Rect, y: int
    ) -> int:
        wide, high = widget.size(theme)
        if isinstance(widget, Entry):
            wide = rect.width - theme.px(4)
        widget.rect = pygame.Rect(rect.x + theme.px(2), y, min(wide, rect.width - theme.px(4)), high)
        widget.draw(surface, theme)
        y = widget.rect.bottom + theme.px(6)
        if isinstance(widget, Entry) and widget.trouble:
            icons.put_icon(
                surface, theme, "warning", (rect.x + theme.px(10), y + theme.px(9)), 15, theme.palette.post
            )
            place = pygame.Rect(rect.x + theme.px(24), y, rect.width - theme.px(26), 0)
            y += words.write(surface, theme, widget.trouble, place, theme.palette.post_deep, size="small")
            y += theme.px(6)
        return y

    def _paint_head(self, surface: pygame.Surface, theme: Theme, rect: pygame.Rect) -> int:
        """What is picked, by its drawing and in words."""
        from game.desktop.building import part_picture, python_name

        palette, building = theme.palette, self.building
        picked = building.picked
        head: str
        below: str
        if picked is None:
            head, below, kind = say("The office"), say("Pick a clerk or a part to change it."), None
        elif picked[0] == "clerk":
            head, below, kind = say("A clerk"), "Process", ""
        else:
            kind = building.now.channel(picked[1]).kind
            head, below = part_name(kind), python_name(kind, building.registry)
        left = rect.x
        if picked is not None and picked[0] == "clerk":
            number = [hand.name for hand in building.now.clerks].index(picked[1])
            spot = (rect.x + theme.px(16), rect.y + theme.px(22))
            draw.disc(surface, theme, spot, 15, palette.paper, outline=palette.line)
            icons.clerk_mark(surface, theme, spot, theme.clerk(number), 18)
            left += theme.px(42)
        elif kind:
            picture = part_picture(theme, kind, building.registry, (theme.px(52), theme.px(42)))
            surface.blit(picture, picture.get_rect(center=(rect.x + theme.px(26), rect.y + theme.px(22))))
            left += theme.px(62)
        place = pygame.Rect(left, rect.y, rect.right - left, theme.px(26))
        words.label(surface, theme, head, place, palette.ink, role="voice", size="lead", weight="bold")
        code = picked is not None
        place = pygame.Rect(left, place.bottom - theme.px(2), rect.right - left, theme.px(18))
        words.label(
            surface, theme, below, place, palette.muted, role="code" if code else "interface", size="caption"
        )
        return theme.px(54)


_FRESH: Final[Mapping[str, Any]] = {"array": [], "object": {}, "integer": 1}


def _read(text: str, usual: Any, bounds: Mapping[str, Any]) -> tuple[Any, str]:
    """The value of an option as it was written, or what is wrong with it."""
    if isinstance(usual, int):
        try:
            value: Any = int(text)
        except ValueError:
            return None, say("It must be a whole number.")
        return value, _beyond([value], bounds)
    if isinstance(usual, tuple):
        try:
            numbers = [int(one) for one in text.replace(",", " ").split()]
        except ValueError:
            return None, say("Whole numbers, with commas between them.")
        return numbers, _beyond(numbers, bounds)
    value, trouble = _raw(text, "")
    return value, trouble


def _beyond(numbers: Sequence[int], bounds: Mapping[str, Any]) -> str:
    low, high = bounds.get("minimum"), bounds.get("maximum")
    for number in numbers:
        if (low is not None and number < low) or (high is not None and number > high):
            if low is not None and high is not None:
                return say("It must be from {low} to {high}.", low=low, high=high)
            if low is not None:
                return say("It must be {low} or more.", low=low)
            return say("It must be {high} or less.", high=high)
    return ""


def _written(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value) if isinstance(value, int) else _line(value, "")


def _raw(text: str, kind: str) -> tuple[Any, str]:
    """What a level file would have for it: a list's items, or a mapping's pairs, without their brackets."""
    from game.level.marked import load_marked

    if not text and not kind:
        return "", ""
    opened, closed = {"array": ("[", "]"), "object": ("{", "}")}.get(kind, ("", ""))
    try:
        marked = load_marked(f"{opened}{text}{closed}\n", "")
    except ProblemsFound:
        return None, say("This cannot be read: commas between things, : after a name.")
    if marked.problems:  # a name twice, a number too long
        return None, marked.problems[0].message
    raw = marked.data
    if kind == "object" and isinstance(raw, dict) and any(one is None for one in raw.values()):
        return None, say("A name, a : and a number, such as {sample}.", sample="tally: 6")
    return raw, ""


def _line(raw: Any, kind: str) -> str:
    import yaml

    text = yaml.safe_dump(raw, default_flow_style=True, allow_unicode=True, width=100_000, sort_keys=False)
    text = text.removesuffix("...\n").strip()
    return text[1:-1] if kind in ("array", "object") and text[:1] in "[{" else text


def _some(win: Mapping[str, Any]) -> Mapping[str, Any]:
    """These goals, or, where there is none left, that nothing may be left behind."""
    return win or {"left_over": []}
