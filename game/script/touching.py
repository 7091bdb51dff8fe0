"""What a script does with its handles, checked before it runs: is there such a method, attribute, lock?

Where several handles may be meant, a problem is told only when it is one for all of them; but what a
parameter of the entry is handed is meant by some clerk, each of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from game.language import listed, say, say_many
from game.problems import near_miss
from game.request import CHANGE, WAIT, Face, Handle, Operation
from game.script.elsewhere import LACKS, ONE_WAY, REAL, known_as
from game.script.reach import Reach, Thing
from game.script.reading import Notes
from game.script.refusals import METHODS
from game.script.values import BUILTINS, LIST_METHODS

_QUESTIONS: Final = (
    ("empty", "empty()"),
    ("is_set", "is_set()"),
    ("is_alive", "is_alive()"),
    ("poll", "poll()"),
    ("acquire", "acquire(block=False)"),
)
"""What one may want to know of a thing, by a method it has."""


class Touching:
    """The checks of one script; gathers what it may touch."""

    def __init__(self, reach: Reach, notes: Notes) -> None:
        self.reach, self.notes = reach, notes
        self.touches: set[tuple[str, str]] = set()
        self.posts: set[tuple[str, str]] = set()
        """What it may ask for besides if it changes lists: those it has put."""

    def method(self, function: str, node: ast.Call, attribute: ast.Attribute) -> None:
        """`x.name(…)`"""
        name, thing = attribute.attr, attribute.value
        if self._hidden(attribute):
            return
        things, exactly = self._things(function, thing)
        able = [one for one in things if _operation(self._face(one), name) or _view(self._face(one), name)]
        unable = [one for one in things if one not in able]
        if unable if exactly else not able and name not in LIST_METHODS:
            self._no_such(function, attribute, unable)
            return
        if name in LIST_METHODS and not exactly:
            if node.keywords and not able:
                self.notes.at(node.keywords[0], say("{name}() takes no named arguments", name=name))
            for one in able:
                self._call(function, node, one, _operation(self._face(one), name))
            return
        complaints = []
        for one in able:
            operation = _operation(self._face(one), name)
            complaints.append(_misfit(node, name, operation or Operation(name)))
            self._call(function, node, one, operation)
        wrong = list(filter(None, complaints))
        if wrong if exactly else len(wrong) == len(complaints):
            self.notes.at(*wrong[0])

    def attribute(self, function: str, node: ast.Attribute, reads: bool, writes: bool) -> None:
        """`x.name` read, written, or both"""
        if self._hidden(node):
            return
        things, exactly = self._things(function, node.value)
        able = []
        for one in things:
            found = next((known for known in self._face(one).attributes if known[0] == node.attr), None)
            if found is not None and (found[2] or not writes):
                able.append(one)
                self._touch(function, [(one, found[1])] if reads else [])
                self._touch(function, [(one, found[2])] if writes else [])
            elif not writes and any(known == node.attr for known, _ in self._face(one).parts):
                able.append(one)
        unable = [one for one in things if one not in able]
        if not (unable if exactly else not able):
            return
        if not unable and node.attr in LIST_METHODS:
            self.notes.at(node, say("{name} must be called: {node}(…)", name=node.attr, node=_text(node)))
        elif unable and any(known == node.attr for known, _, _ in self._face(unable[0]).attributes):
            self.notes.at(node, say("{node} can only be read", node=_text(node)))
        else:
            self._no_such(function, node, unable)

    def index(self, function: str, node: ast.Subscript, reads: bool, writes: bool) -> None:
        """`x[…]` read, written, or both"""
        things, exactly = self._things(function, node.value)
        cut = isinstance(node.slice, ast.Slice)
        able = [one for one in things if self._face(one).index is not None and not cut]
        unable = [one for one in things if one not in able]
        if unable if exactly else things and not able and self.reach.surely(function, node.value):
            face = self._face(unable[0])
            way = f": {_text(node.value)}[0]" if face.index else ""
            what = say("is read and written cell by cell here") if face.index else say("has no cells")
            self.notes.at(
                node,
                say(
                    "{value} is {face}; it {what}{way}",
                    value=_text(node.value),
                    face=_a(face),
                    what=what,
                    way=way,
                ),
            )
            return
        for one in able:
            read, write = self._face(one).index or ("", "")
            self._touch(function, [(one, read)] if reads else [])
            self._touch(function, [(one, write)] if writes else [])

    def context(self, function: str, node: ast.expr) -> None:
        """`with x:`, when nothing else is wrong with x"""
        things, exactly = self._things(function, node)
        able = [one for one in things if self._face(one).context is not None]
        unable = [one for one in things if one not in able]
        if unable if exactly else not able:
            face = self._face(unable[0]) if unable else None
            views = [
                name
                for name, behind in (face.views if face else ())
                if self.reach.faces[Handle(unable[0][1].channel, behind)].context
            ]
            what = say("{node} is {face}; ", node=_text(node), face=_a(face)) if face else ""
            way = say("; write: {way}", way=f"with {_text(node)}.{views[0]}():") if views else ""
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                locks = self.reach.things(function, node.func.value)
                if locks and all(self._face(one).context for one in locks):
                    way = say("; write: {way}", way=f"with {_text(node.func.value)}:")
            self.notes.at(
                node, say("{what}'with' needs a lock, or something that has one{way}", what=what, way=way)
            )
            return
        for one in able:
            self._touch(function, [(one, operation) for operation in self._face(one).context or ()])

    def waited_for(self, function: str, node: ast.expr) -> None:
        """`wait(things)`"""
        if self.reach.surely(function, node):
            face = self._face(min(self.reach.things(function, node)))
            what = next((f"{_text(node)}.{name}" for name, _ in face.parts), _text(node))
            self.notes.at(node, say("wait takes a list of what to wait for: wait([{what}])", what=what))
        for one in self.reach.inside(function, node):
            self._touch(function, [(one, WAIT)])

    def plain(self, function: str, node: ast.expr) -> None:
        """A place where only a plain value makes sense."""
        if self.reach.surely(function, node):
            face = self._face(min(self.reach.things(function, node)))
            self.notes.at(
                node,
                say(
                    "{node} is {face}, not a value{hint}",
                    node=_text(node),
                    face=_a(face),
                    hint=_way(_text(node), face),
                ),
            )

    def asked(self, function: str, node: ast.expr) -> None:
        """A place where something is asked whether it is true."""
        if self.reach.surely(function, node):
            face = self._face(min(self.reach.things(function, node)))
            asks = [question for name, question in _QUESTIONS if name in face.calls]
            way = (
                say("; ask: {question}", question=f"{_text(node)}.{asks[0]}")
                if asks
                else _way(_text(node), face)
            )
            self.notes.at(
                node, say("{node} is {face}, and always true{way}", node=_text(node), face=_a(face), way=way)
            )

    def compared(self, function: str, left: ast.expr, right: ast.expr) -> None:
        """Two things asked whether they are the same: what is shared is never the same as a plain value."""
        for one, other in ((left, right), (right, left)):
            if not self.reach.things(function, other) and _is_plain(other):
                self.plain(function, one)

    def renamed(self, function: str, target: ast.Name, value: ast.expr) -> None:
        """`tally = 3`, which changes no board but only what the name stands for."""
        things = self.reach.handed(function, target.id)
        ways = [
            next((name for name, _, writes in self._face(one).attributes if writes), "") for one in things
        ]
        if things and all(ways) and not self.reach.things(function, value):
            self.notes.at(
                target,
                say(
                    "{name} is {face}, and this would only call something else {name}; write: {way} = …",
                    name=target.id,
                    face=_a(self._face(min(things))),
                    way=f"{target.id}.{ways[0]}",
                ),
            )

    def pickles(self, function: str, attribute: ast.Attribute) -> bool:
        """Whether a method pickles what it is given first."""
        things = self.reach.things(function, attribute.value)
        operations = [_operation(self._face(one), attribute.attr) for one in things]
        return bool(operations) and all(one is not None and one.pickles for one in operations)

    def sent(self, function: str, node: ast.expr, pickled: bool = False) -> None:
        """An argument that leaves the clerk. Where it is `pickled`, who runs it learns what comes of that."""
        if self.reach.surely(function, node):
            things = self.reach.things(function, node)
            if pickled and all(self._face(one).inherited for one in things):
                return
            face = self._face(min(things))
            self.notes.at(
                node,
                say(
                    "{node} is {face} and cannot travel in a message: "
                    "clerks are handed what they use at the start{hint}",
                    node=_text(node),
                    face=_a(face),
                    hint=_way(_text(node), face),
                ),
            )

    # -- --

    def _things(self, function: str, node: ast.expr) -> tuple[list[Thing], bool]:
        return sorted(self.reach.things(function, node)), self.reach.exactly(function, node)

    def _face(self, thing: Thing) -> Face:
        return self.reach.faces[thing[1]]

    def _touch(self, function: str, pairs: Iterable[tuple[Thing, str]]) -> None:
        if function in self.reach.called:
            self.touches |= {(parameter, operation) for (parameter, _), operation in pairs if operation}

    def _call(self, function: str, node: ast.Call, thing: Thing, operation: Operation | None) -> None:
        """A method that touches something shared, in its plain form or another (see `Program.touches`)."""
        if operation is None:
            return
        self._touch(function, [(thing, operation.name)])
        if operation.later and function in self.reach.called:
            self.posts.add((thing[0], CHANGE))
        needed = len(operation.parameters) - len(operation.defaults)
        if (
            len(node.args) + len(node.keywords) > needed
            or operation.fixed
            or operation.name in (self._face(thing).context or ())[1:]
        ):
            self._touch(function, [(thing, f"{operation.name}?")])

    def _of_nobody(self, function: str, node: ast.expr) -> bool:
        """Whether it comes from a name there is no variable for: that is told elsewhere, and enough."""
        while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
            node = node.func if isinstance(node, ast.Call) else node.value
        known = {*self.reach.locals[function], *self.reach.functions, *BUILTINS, "wait"}
        return isinstance(node, ast.Name) and node.id not in known

    def _hidden(self, node: ast.Attribute) -> bool:
        if node.attr.startswith("_"):
            self.notes.at(node, say("names that begin with '_' are not used here"))
        return node.attr.startswith("_")

    def _no_such(self, function: str, node: ast.Attribute, things: list[Thing]) -> None:
        """There is nothing of this name on any of these; or, without any, on plain values."""
        name, subject = node.attr, _text(node.value)
        if self._of_nobody(function, node.value):
            return
        if not things:
            lists = ", ".join(LIST_METHODS)
            able = sorted(
                {
                    parameter
                    for parameter, handle in self.reach.everything
                    if name in self.reach.faces[handle].names()
                }
            )
            hint: str = METHODS.get(name) or (
                say_many("; {things} has it", "; {things} have it", len(able), things=listed(able))
                if able
                else ""
            )
            hint = hint or known_as(name, LIST_METHODS)
            hint = hint or say("; lists have {lists}, and other values have no methods", lists=lists)
            self.notes.at(
                node, say("{subject} has no {name!r} here{hint}", subject=subject, name=name, hint=hint)
            )
            return
        face = self._face(things[0])
        if name in face.names():
            called = name in face.calls or _view(face, name)
            way = (
                say("must be called: {subject}.{name}()", subject=subject, name=name)
                if called
                else say("is not called: {subject}.{name}", subject=subject, name=name)
            )
            self.notes.at(node, say("{name} {way}", name=name, way=way))
            return
        if (instead := REAL.get(face.python.rpartition(".")[2], {}).get(name)) is not None:
            self.notes.at(
                node,
                say(
                    "{subject} is {face}, but its {name!r} is not used here{way}",
                    subject=subject,
                    face=_a(face),
                    name=name,
                    way=instead,
                ),
            )
            return
        names = face.names()
        hint = ONE_WAY.get(name, "") if "close" in names and "closed" in names else ""
        hint = hint or LACKS.get(face.python.rpartition(".")[2], {}).get(name, "")
        hint = hint or known_as(name, names)
        hint = hint or (say("; it has {names}", names=", ".join(names)) if names else "")
        self.notes.at(
            node,
            say(
                "{subject} is {face}; it has no {name!r}{hint}",
                subject=subject,
                face=_a(face),
                name=name,
                hint=hint,
            ),
        )


def _operation(face: Face, name: str) -> Operation | None:
    return face.calls.get(name)


def _view(face: Face, name: str) -> bool:
    return any(known == name for known, _ in face.views)


def _misfit(node: ast.Call, name: str, operation: Operation) -> tuple[ast.AST, str] | None:
    """What is wrong with the arguments of a call, and where."""
    parameters = operation.parameters
    takes = f"{name}({', '.join(parameters)})"
    if len(node.args) > len(parameters):
        many = (
            say_many("{count} argument", "{count} arguments", len(parameters))
            if parameters
            else say("no arguments")
        )
        return node.args[len(parameters)], say(
            "{name}() takes {many}, not {given}", name=name, many=many, given=len(node.args)
        )
    given = set(parameters[: len(node.args)])
    for keyword in node.keywords:
        if keyword.arg is None:
            return None  # told elsewhere
        if keyword.arg not in parameters:
            hint = near_miss(keyword.arg, parameters) or say("; it is {takes}", takes=takes)
            return keyword, say(
                "{name}() has no argument {argument!r}{hint}", name=name, argument=keyword.arg, hint=hint
            )
        if keyword.arg in given:
            return keyword, say("{name}() is given {argument!r} twice", name=name, argument=keyword.arg)
        given.add(keyword.arg)
    needed = parameters[: len(parameters) - len(operation.defaults)]
    missing = [parameter for parameter in needed if parameter not in given]
    if missing:
        return node, say("{name}() needs {missing}: {takes}", name=name, missing=listed(missing), takes=takes)
    return None


def _is_plain(node: ast.expr) -> bool:
    """Whether it is surely no handle: a constant, or something reckoned out."""
    return isinstance(node, ast.Tuple | ast.List | ast.BinOp | ast.UnaryOp | ast.Compare) or (
        isinstance(node, ast.Constant) and node.value is not None
    )


def _a(face: Face) -> str:
    return face.python if face.python.startswith("a ") else f"a {face.python}"


def _way(subject: str, face: Face) -> str:
    """What was probably meant where a handle stands for a value."""
    for attribute, _, writes in face.attributes:
        if writes:
            return say("; its number is {subject}.{attribute}", subject=subject, attribute=attribute)
    for name, operation in face.methods:
        if name in ("get", "recv") and len(operation.parameters) == len(operation.defaults):
            return say("; {subject}.{name}() takes one thing from it", subject=subject, name=name)
    return say("; read it cell by cell: {subject}[0]", subject=subject) if face.index else ""


def _text(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 40 else text[:39] + "…"
