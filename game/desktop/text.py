"""The text of a script being written: where the cursor is, what is selected, every edit, undone and redone.

No drawing and no keys in here; the editor maps those. Every edit is one replacement of a stretch of text, so
that undoing is replacing back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

INDENT = 4
LIMIT = 20_000

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f\ufeff\ud800-\udfff]")
_WORD = re.compile(r"\w+|[^\w\s]+|\s+")
# After these, Python has nothing more to do at this depth.
_LEAVES = re.compile(r"\s*(return|break|continue|pass|raise)\b")
_PAIRS = {"(": ")", "[": "]"}
_EMPTY = ("()", "[]")
_OPENS = re.compile(r":\s*(#.*)?$")


class Spot(NamedTuple):
    """Between two characters; lines and columns count from 0."""

    line: int
    column: int


@dataclass
class _Step:
    """One entry of the undo list: replacements done together, with the cursor before and after."""

    kind: str
    changes: list[tuple[Spot, str, str]]  # where, what was there, what came
    before: tuple[Spot, Spot]
    after: tuple[Spot, Spot]


def clean(text: str) -> str:
    """Text as the buffer keeps it: `\\n` ends lines, tabs are spaces, nothing unprintable."""
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text).expandtabs(INDENT))


class Buffer:
    """The text and its cursor. `anchor` is the other end of the selection, the cursor itself if none.

    Edits return whether they changed anything; one that would pass `limit` characters changes nothing.
    `single_line` is for fields: line ends become spaces."""

    def __init__(self, text: str = "", *, limit: int = LIMIT, single_line: bool = False) -> None:
        self.limit = limit
        self.single_line = single_line
        self.version = 0  # one more with every change
        self.cursor = self.anchor = Spot(0, 0)
        self._lines = self._cleaned(text).split("\n")
        self._length = sum(len(line) + 1 for line in self._lines) - 1
        self._goal: int | None = None  # the column Up and Down try to keep
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._joins = False  # whether the next edit of the same kind belongs to the last step

    # What is there

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self._lines)

    def __len__(self) -> int:
        return self._length

    @property
    def height(self) -> int:
        """How many lines there are: at least one."""
        return len(self._lines)

    def line(self, index: int) -> str:
        return self._lines[index]

    @property
    def end(self) -> Spot:
        return Spot(len(self._lines) - 1, len(self._lines[-1]))

    @property
    def selection(self) -> tuple[Spot, Spot]:
        """The selected stretch, its earlier end first."""
        return min(self.cursor, self.anchor), max(self.cursor, self.anchor)

    @property
    def selected(self) -> str:
        return self.between(*self.selection)

    def between(self, start: Spot, end: Spot) -> str:
        if start.line == end.line:
            return self._lines[start.line][start.column : end.column]
        middle = self._lines[start.line + 1 : end.line]
        return "\n".join(
            [self._lines[start.line][start.column :], *middle, self._lines[end.line][: end.column]]
        )

    def clamp(self, spot: Spot) -> Spot:
        """The nearest spot that exists."""
        line = max(0, min(len(self._lines) - 1, spot.line))
        return Spot(line, max(0, min(len(self._lines[line]), spot.column)))

    def word_at(self, spot: Spot) -> tuple[Spot, Spot]:
        """The ends of the word, blank or run of signs at a spot."""
        spot = self.clamp(spot)
        for found in _WORD.finditer(self._lines[spot.line]):
            if found.start() <= spot.column < found.end():
                return Spot(spot.line, found.start()), Spot(spot.line, found.end())
        line_end = len(self._lines[spot.line])
        if spot.column and spot.column == line_end:
            return self.word_at(Spot(spot.line, spot.column - 1))
        return spot, spot

    # Going about

    def go(self, spot: Spot, *, select: bool = False) -> None:
        """Put the cursor somewhere; `select` leaves the other end of the selection where it is."""
        self._place(self.clamp(spot), select)
        self._goal = None

    def _place(self, spot: Spot, select: bool) -> None:
        self.cursor = spot
        if not select:
            self.anchor = spot
        self._joins = False

    def left(self, *, select: bool = False, word: bool = False) -> None:
        if not select and not word and self.cursor != self.anchor:
            self.go(self.selection[0])
        else:
            self.go(self._word_before() if word else self._before(self.cursor), select=select)

    def right(self, *, select: bool = False, word: bool = False) -> None:
        if not select and not word and self.cursor != self.anchor:
            self.go(self.selection[1])
        else:
            self.go(self._word_after() if word else self._after(self.cursor), select=select)

    def vertical(self, by: int, *, select: bool = False) -> None:
        """Up (negative) or down; past the ends, to the very start or end."""
        line, column = self.cursor
        last = len(self._lines) - 1
        goal = column if self._goal is None else self._goal
        if (line, by < 0) in ((0, True), (last, False)):
            self.go(Spot(0, 0) if by < 0 else self.end, select=select)
            return
        self._place(self.clamp(Spot(line + by, goal)), select)
        self._goal = goal

    def home(self, *, select: bool = False) -> None:
        """To the first letter of the line, or, from there, to the margin."""
        line, column = self.cursor
        first = self._leading(line)
        self.go(Spot(line, 0 if column == first else first), select=select)

    def line_end(self, *, select: bool = False) -> None:
        self.go(Spot(self.cursor.line, len(self._lines[self.cursor.line])), select=select)

    def select_all(self) -> None:
        self.select(Spot(0, 0), self.end)

    def select(self, start: Spot, end: Spot) -> None:
        self.anchor = self.clamp(start)
        self.go(end, select=True)

    def _before(self, spot: Spot) -> Spot:
        if spot.column:
            return Spot(spot.line, spot.column - 1)
        return Spot(spot.line - 1, len(self._lines[spot.line - 1])) if spot.line else spot

    def _after(self, spot: Spot) -> Spot:
        if spot.column < len(self._lines[spot.line]):
            return Spot(spot.line, spot.column + 1)
        return Spot(spot.line + 1, 0) if spot.line + 1 < len(self._lines) else spot

    def _word_before(self) -> Spot:
        line, column = self.cursor
        if not column:
            return self._before(self.cursor)
        before = self._lines[line][:column]
        runs = [found for found in _WORD.finditer(before) if not found.group().isspace()]
        return Spot(line, runs[-1].start() if runs else 0)

    def _word_after(self) -> Spot:
        line, column = self.cursor
        if column == len(self._lines[line]):
            return self._after(self.cursor)
        for found in _WORD.finditer(self._lines[line], column):
            if not found.group().isspace():
                return Spot(line, found.end())
        return Spot(line, len(self._lines[line]))

    def _leading(self, line: int) -> int:
        return len(self._lines[line]) - len(self._lines[line].lstrip(" "))

    # Edits

    def _cleaned(self, text: str) -> str:
        text = clean(text)
        return text.replace("\n", " ") if self.single_line else text

    def _swap(self, start: Spot, end: Spot, text: str) -> Spot:
        """Replace a stretch, without remembering it. Where the new text ends."""
        head = self._lines[start.line][: start.column]
        tail = self._lines[end.line][end.column :]
        self._length += len(text) - len(self.between(start, end))
        fresh = (head + text + tail).split("\n")
        self._lines[start.line : end.line + 1] = fresh
        self.version += 1
        return Spot(start.line + len(fresh) - 1, len(fresh[-1]) - len(tail))

    def _edit(
        self,
        start: Spot,
        end: Spot,
        text: str,
        kind: str = "",
        selection: tuple[Spot, Spot] | None = None,
    ) -> bool:
        """Replace a stretch, remembering it. `selection`: anchor and cursor afterwards, if not the new end.

        Steps of one `kind` grow together as long as nothing else happens between them."""
        removed = self.between(start, end)
        if removed == text:
            if selection is not None:
                self.anchor, self.cursor = selection
            return False
        if self._length - len(removed) + len(text) > max(self.limit, self._length):
            return False
        before = (self.anchor, self.cursor)
        finish = self._swap(start, end, text)
        self.anchor, self.cursor = selection or (finish, finish)
        self._goal = None
        after = (self.anchor, self.cursor)
        last = self._done[-1] if self._done else None
        if kind and self._joins and last is not None and last.kind == kind:
            last.changes.append((start, removed, text))
            last.after = after
        else:
            self._done.append(_Step(kind, [(start, removed, text)], before, after))
        self._undone.clear()
        self._joins = bool(kind)
        return True

    def insert(self, text: str) -> bool:
        """Type or paste over the selection. Letters typed one by one are undone by the word."""
        text = self._cleaned(text)
        start, end = self.selection
        kind = "type" if len(text) == 1 and text != "\n" and start == end else ""
        before = self._lines[start.line][: start.column]
        if kind and not text.isspace() and (not before or before[-1].isspace()):
            self._joins = False  # a new word begins
        return bool(text or start != end) and self._edit(start, end, text, kind)

    def complete(self, start: Spot, text: str, back: int = 0) -> bool:
        """Put a whole word in place of what was typed of it, from `start` on; the cursor then stands `back`
        letters before its end. Undone, it stands where it stood: nothing is selected to be typed over."""
        line, column = _end_of(start, self._cleaned(text))
        there = Spot(line, column - back)
        return self._edit(start, self.cursor, self._cleaned(text), selection=(there, there))

    def bracket(self, letter: str) -> bool:
        """Type a bracket as it is meant: an opening one brings its partner along where nothing stands in the
        way, a closing one steps over its like where the line has enough of them. False when it is to be
        typed like any letter."""
        start, end = self.selection
        line = self._lines[start.line]
        ahead = line[start.column : start.column + 1]
        if start != end or self.single_line or "#" in line[: start.column]:
            return False
        if letter in _PAIRS and (not ahead or ahead in " )],:"):
            spot = Spot(start.line, start.column + 1)
            return self._edit(start, end, letter + _PAIRS[letter], selection=(spot, spot))
        opening = next((one for one, other in _PAIRS.items() if other == letter), "")
        if opening and ahead == letter and line.count(opening) <= line.count(letter):
            self.right()
            return True
        return False

    def newline(self) -> bool:
        """A new line, as deep as this one; deeper after a colon, less deep after return and its like."""
        if self.single_line:
            return False
        start, end = self.selection
        head = self._lines[start.line][: start.column]
        depth = min(self._leading(start.line), start.column)
        if _OPENS.search(head) and head.strip() and not head.lstrip().startswith("#"):
            depth += INDENT
        elif _LEAVES.match(head):
            depth = max(0, depth - INDENT)
        tail = self._lines[end.line][end.column :]
        spare = len(tail) - len(tail.lstrip(" "))
        return self._edit(start, Spot(end.line, end.column + spare), "\n" + " " * depth)

    def backspace(self, *, word: bool = False) -> bool:
        """Erase before the cursor; in the margin, back to the depth before; between brackets, both."""
        start, end = self.selection
        if start == end:
            if word:
                start = self._word_before()
            elif self._lines[start.line][max(0, start.column - 1) : start.column + 1] in _EMPTY:
                start, end = self._before(start), self._after(end)
            elif start.column and start.column <= self._leading(start.line):
                start = Spot(start.line, (start.column - 1) // INDENT * INDENT)
            else:
                start = self._before(start)
            return self._edit(start, end, "", "" if word else "erase")
        return self._edit(start, end, "")

    def delete(self, *, word: bool = False) -> bool:
        """Erase behind the cursor."""
        start, end = self.selection
        if start == end:
            end = self._word_after() if word else self._after(end)
            return self._edit(start, end, "", "" if word else "delete")
        return self._edit(start, end, "")

    def replace_all(self, text: str) -> bool:
        """Another text altogether, undone in one step."""
        text = self._cleaned(text)
        lines = text.split("\n")
        line = min(self.cursor.line, len(lines) - 1)
        spot = Spot(line, min(self.cursor.column, len(lines[line])))
        return self._edit(Spot(0, 0), self.end, text, selection=(spot, spot))

    def _touched(self) -> tuple[int, int]:
        """The first and last line of the selection; one it only reaches the margin of does not count."""
        start, end = self.selection
        last = end.line - 1 if end.line > start.line and end.column == 0 else end.line
        return start.line, last

    def _edit_lines(self, first: int, last: int, fresh: list[str], shift: dict[int, int]) -> bool:
        """Replace whole lines by as many; `shift` says by how much each line's columns moved."""

        def moved(spot: Spot) -> Spot:
            if not first <= spot.line <= last or (spot.line != first and spot.column == 0):
                return spot
            column = spot.column + shift.get(spot.line, 0)
            return Spot(spot.line, max(0, min(len(fresh[spot.line - first]), column)))

        end = Spot(last, len(self._lines[last]))
        return self._edit(
            Spot(first, 0), end, "\n".join(fresh), selection=(moved(self.anchor), moved(self.cursor))
        )

    def indent(self) -> bool:
        """With lines selected, all of them one deeper; else spaces up to the next stop."""
        start, end = self.selection
        if start.line == end.line:
            return self._edit(start, end, " " * (INDENT - start.column % INDENT))
        first, last = self._touched()
        fresh = [" " * INDENT + line if line.strip() else line for line in self._lines[first : last + 1]]
        return self._edit_lines(first, last, fresh, {n: INDENT for n in range(first, last + 1)})

    def dedent(self) -> bool:
        """The selected lines, or this one, one less deep."""
        first, last = self._touched()
        cut = {n: min(self._leading(n), (self._leading(n) - 1) % INDENT + 1) for n in range(first, last + 1)}
        fresh = [self._lines[n][cut[n] :] for n in range(first, last + 1)]
        return self._edit_lines(first, last, fresh, {n: -spaces for n, spaces in cut.items()})

    def toggle_comment(self) -> bool:
        """Put `# ` before the selected lines, or take it away if all have it."""
        first, last = self._touched()
        lines = self._lines[first : last + 1]
        full = [line for line in lines if line.strip()]
        if not full:
            return False
        shift: dict[int, int] = {}
        fresh = []
        off = all(line.lstrip().startswith("#") for line in full)
        depth = min(len(line) - len(line.lstrip(" ")) for line in full)
        for n, line in enumerate(lines, first):
            if not line.strip():
                fresh.append(line)
            elif off:
                at = line.index("#")
                bare = line[:at] + line[at + 1 :].removeprefix(" ")
                shift[n] = len(bare) - len(line)
                fresh.append(bare)
            else:
                shift[n] = 2
                fresh.append(f"{line[:depth]}# {line[depth:]}")
        return self._edit_lines(first, last, fresh, shift)

    def duplicate(self) -> bool:
        """The selection, or this line, once more behind itself."""
        start, end = self.selection
        if start != end:
            text = self.selected
            finish_line = end.line + text.count("\n")
            last = len(text) - text.rfind("\n") - 1
            finish = Spot(finish_line, last if "\n" in text else end.column + last)
            return self._edit(end, end, text, selection=(end, finish))
        line, column = self.cursor
        at = Spot(line, len(self._lines[line]))
        spot = Spot(line + 1, column)
        return self._edit(at, at, "\n" + self._lines[line], selection=(spot, spot))

    def move_lines(self, by: int) -> bool:
        """The selected lines, or this one, one place up (-1) or down (1)."""
        first, last = self._touched()
        if first + by < 0 or last + by >= len(self._lines):
            return False
        block = self._lines[first : last + 1]
        if by < 0:
            top, bottom, fresh = first - 1, last, [*block, self._lines[first - 1]]
        else:
            top, bottom, fresh = first, last + 1, [self._lines[last + 1], *block]
        end = Spot(bottom, len(self._lines[bottom]))

        def moved(spot: Spot) -> Spot:
            if spot.line > last:  # the selection ends at the margin of the line below
                return Spot(last + by, len(block[-1]))
            return Spot(spot.line + by, spot.column)

        return self._edit(
            Spot(top, 0), end, "\n".join(fresh), selection=(moved(self.anchor), moved(self.cursor))
        )

    def delete_lines(self) -> bool:
        """The selected lines, or this one, gone."""
        first, last = self._touched()
        if last + 1 < len(self._lines):
            return self._edit(Spot(first, 0), Spot(last + 1, 0), "")
        if first:
            end_before = Spot(first - 1, len(self._lines[first - 1]))
            return self._edit(end_before, self.end, "")
        return self._edit(Spot(0, 0), self.end, "")

    # Undo, find

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def undo(self) -> bool:
        """Take the last step back; False when there is none."""
        if not self._done:
            return False
        step = self._done.pop()
        for start, removed, text in reversed(step.changes):
            self._swap(start, _end_of(start, text), removed)
        self.anchor, self.cursor = step.before
        self._undone.append(step)
        self._joins, self._goal = False, None
        return True

    def redo(self) -> bool:
        """Do again what was undone; False when there is nothing."""
        if not self._undone:
            return False
        step = self._undone.pop()
        for start, removed, text in step.changes:
            self._swap(start, _end_of(start, removed), text)
        self.anchor, self.cursor = step.after
        self._done.append(step)
        self._joins, self._goal = False, None
        return True

    def finds(self, what: str) -> list[Spot]:
        """Every place where this stands, in order; capitals do not matter."""
        if not what:
            return []
        places = re.compile(re.escape(what), re.IGNORECASE)
        return [Spot(n, m.start()) for n, line in enumerate(self._lines) for m in places.finditer(line)]

    def find(self, what: str, *, backwards: bool = False) -> bool:
        """Select the next place (or the previous) where this stands, round the end if need be."""
        places = self.finds(what)
        if not places:
            return False
        start, end = self.selection
        if backwards:
            spot = next((place for place in reversed(places) if place < start), places[-1])
        else:
            after = end if start != end else start
            spot = next((place for place in places if place >= after), places[0])
        self.select(spot, Spot(spot.line, spot.column + len(what)))
        return True

    def replace(self, what: str, by: str) -> bool:
        """What is selected, if it is what was looked for, by something else; then on to the next place."""
        if what and self.selected.lower() == what.lower():
            self.insert(by)
            self.find(what)
            return True
        self.find(what)
        return False

    def replace_every(self, what: str, by: str) -> int:
        """Every place where this stands by something else, undone in one step. How many there were; 0 too
        where the text would become too long."""
        count = len(self.finds(what))
        if not count:
            return 0
        places, by = re.compile(re.escape(what), re.IGNORECASE), self._cleaned(by).replace("\n", " ")
        fresh = "\n".join(places.sub(lambda _: by, line) for line in self._lines)
        line = self.cursor.line
        column = min(self.cursor.column, len(fresh.split("\n")[line]))
        spot = Spot(line, column)
        return count if self._edit(Spot(0, 0), self.end, fresh, selection=(spot, spot)) else 0


def _end_of(start: Spot, text: str) -> Spot:
    lines = text.split("\n")
    return Spot(start.line + len(lines) - 1, len(lines[-1]) + (start.column if len(lines) == 1 else 0))
