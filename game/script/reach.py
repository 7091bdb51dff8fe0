"""Which handles an expression of a script may be, whatever way they got there.

Handles only ever come in as parameters of the entry. From there they go through variables, helpers'
parameters and results, and lists and tuples (all of them one bag here). What is found is never too little:
order and conditions are not looked at. From it the compiler checks methods and knows what a clerk may touch.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from game.request import Face, Handle

Thing: TypeAlias = "tuple[str, Handle]"
"""A handle, and the parameter of the entry it came from."""

_Place: TypeAlias = "tuple[str, str]"  # (function, variable); (function, "") is what it returns
_BAG: _Place = ("", "")
_NOTHING: frozenset[Thing] = frozenset()


class Reach:
    """`handles` are those of the entry's parameters. Parameters nobody knows may be anything."""

    def __init__(
        self,
        functions: Mapping[str, ast.FunctionDef],
        entry: str,
        handles: Mapping[str, frozenset[Handle]],
        faces: Mapping[Handle, Face],
    ) -> None:
        self.functions, self.faces, self.entry, self._handed = functions, faces, entry, handles
        self.everything = frozenset(self._with_faces_behind(handles))
        self.called = {entry}
        self.locals = {name: local_names(node) for name, node in functions.items()}
        self._may: dict[_Place, frozenset[Thing]] = {}
        self._flows: list[tuple[_Place, str, ast.expr]] = []
        self._unsure: set[_Place] = set()
        for name, node in functions.items():
            self._read(name, node)
        self._find_called()
        for name, node in functions.items():
            for parameter in (argument.arg for argument in node.args.args):
                if name == entry and parameter in handles:
                    found = frozenset((parameter, handle) for handle in handles[parameter])
                    self._may[name, parameter] = found
                    if not found:
                        self._unsure.add((name, parameter))
                elif name == entry or name not in self.called:
                    self._may[name, parameter] = self.everything
                    self._unsure.add((name, parameter))
        self._written = {place for place, _, _ in self._flows}
        self._settle()

    def things(self, function: str, node: ast.expr) -> frozenset[Thing]:
        """Every handle this expression may be; none when it can only be a plain value."""
        match node:
            case ast.Name(id=name):
                return self._may.get((function, name), _NOTHING)
            case ast.NamedExpr(value=value):
                return self.things(function, value)
            case ast.IfExp(body=body, orelse=orelse):
                return self.things(function, body) | self.things(function, orelse)
            case ast.BoolOp(values=values):
                return _NOTHING.union(*(self.things(function, value) for value in values))
            case ast.Attribute(value=value, attr=name):
                return self._behind(self.things(function, value), name, "parts")
            case ast.Subscript(slice=ast.Slice()):
                return _NOTHING
            case ast.Subscript():
                return self._may.get(_BAG, _NOTHING)
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                return self._may.get((name, ""), _NOTHING)
            case ast.Call(func=ast.Name(id="min" | "max")):
                return self._may.get(_BAG, _NOTHING)
            case ast.Call(func=ast.Attribute(value=value, attr=name)):
                found = self._behind(self.things(function, value), name, "views")
                return found | self._may.get(_BAG, _NOTHING) if name == "pop" else found
            case _:
                return _NOTHING

    def surely(self, function: str, node: ast.expr) -> bool:
        """Whether it can be nothing but one of these handles."""
        match node:
            case ast.Name(id=name):
                place = (function, name)
                return bool(self._may.get(place)) and place not in self._unsure
            case ast.NamedExpr(value=value):
                return self.surely(function, value)
            case ast.IfExp(body=body, orelse=orelse):
                return self.surely(function, body) and self.surely(function, orelse)
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=[], keywords=[]):
                return self._always(function, value, name, "views")
            case ast.Attribute(value=value, attr=name):
                return self._always(function, value, name, "parts")
            case _:
                return False

    def exactly(self, function: str, node: ast.expr) -> bool:
        """Whether it is what a parameter of the entry was handed: each of the handles, in some clerk."""
        match node:
            case ast.Name(id=name):
                place = (function, name)
                return function == self.entry and place not in self._written and self.surely(function, node)
            case ast.Call(func=ast.Attribute(value=value)) | ast.Attribute(value=value):
                return self.exactly(function, value) and self.surely(function, node)
            case _:
                return False

    def handed(self, function: str, name: str) -> frozenset[Thing]:
        """What a parameter of the entry is handed at the start; none for other variables."""
        if function != self.entry:
            return _NOTHING
        return frozenset((name, handle) for handle in self._handed.get(name, ()))

    def inside(self, function: str, node: ast.expr) -> frozenset[Thing]:
        """Every handle that may lie in this list or tuple."""
        if isinstance(node, ast.List | ast.Tuple):
            return _NOTHING.union(*(self.things(function, item) for item in node.elts))
        return self._may.get(_BAG, _NOTHING)

    # -- how handles flow --

    def _read(self, function: str, node: ast.FunctionDef) -> None:
        def flow(place: _Place, value: ast.expr) -> None:
            self._flows.append((place, function, value))

        for inner in ast.walk(node):
            match inner:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._bind(function, target, value)
                case ast.NamedExpr(target=ast.Name(id=name), value=value):
                    flow((function, name), value)
                case ast.For(target=target, iter=ast.List(elts=items) | ast.Tuple(elts=items)):
                    for item in items:
                        self._bind(function, target, item)
                case ast.For(target=target):
                    self._from_bag(function, target)
                case ast.Return(value=ast.expr() as value):
                    flow((function, ""), value)
                case ast.Call(func=ast.Name(id=name), args=arguments) if name in self.functions:
                    for parameter, argument in zip(self.functions[name].args.args, arguments, strict=False):
                        flow((name, parameter.arg), argument)
                case ast.Call(func=ast.Attribute(), args=arguments):
                    for argument in arguments:
                        flow(_BAG, argument)
                case ast.List(elts=items, ctx=ast.Load()) | ast.Tuple(elts=items, ctx=ast.Load()):
                    for item in items:
                        flow(_BAG, item)

    def _bind(self, function: str, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Name(id=name), _:
                self._flows.append(((function, name), function, value))
            case (
                (ast.Tuple(elts=targets) | ast.List(elts=targets)),
                (ast.Tuple(elts=values) | ast.List(elts=values)),
            ) if len(targets) == len(values):
                for one, other in zip(targets, values, strict=True):
                    self._bind(function, one, other)
            case ast.Subscript(), _:
                self._flows.append((_BAG, function, value))
            case _:
                self._from_bag(function, target)

    def _from_bag(self, function: str, target: ast.expr) -> None:
        """The names in a target get what some list or tuple held."""
        for inner in ast.walk(target):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                out = ast.Subscript(ast.Constant(None), ast.Constant(0), ast.Load())
                self._flows.append(((function, inner.id), function, out))

    def _find_called(self) -> None:
        todo = list(self.called & self.functions.keys())
        while todo:
            for inner in ast.walk(self.functions[todo.pop()]):
                match inner:
                    case ast.Call(func=ast.Name(id=name)) if (
                        name in self.functions and name not in self.called
                    ):
                        self.called.add(name)
                        todo.append(name)

    def _settle(self) -> None:
        changed = True
        while changed:
            changed = False
            for place, function, value in self._flows:
                before = self._may.get(place, _NOTHING)
                after = before | self.things(function, value)
                if after != before:
                    self._may[place] = after
                    changed = True
        changed = True
        while changed:
            changed = False
            for place, function, value in self._flows:
                if place not in self._unsure and not self.surely(function, value):
                    self._unsure.add(place)
                    changed = True

    # -- handles behind handles --

    def _behind(self, things: frozenset[Thing], name: str, how: str) -> frozenset[Thing]:
        return frozenset(
            (parameter, Handle(handle.channel, face))
            for parameter, handle in things
            for known, face in self._ways(handle, how)
            if known == name
        )

    def _always(self, function: str, value: ast.expr, name: str, how: str) -> bool:
        return self.surely(function, value) and all(
            any(known == name for known, _ in self._ways(handle, how))
            for _, handle in self.things(function, value)
        )

    def _ways(self, handle: Handle, how: str) -> tuple[tuple[str, str], ...]:
        face = self.faces[handle]
        return face.views if how == "views" else face.parts

    def _with_faces_behind(self, handles: Mapping[str, frozenset[Handle]]) -> Iterator[Thing]:
        for parameter, some in handles.items():
            todo, seen = list(some), set(some)
            while todo:
                handle = todo.pop()
                yield parameter, handle
                for _, face in (*self.faces[handle].views, *self.faces[handle].parts):
                    other = Handle(handle.channel, face)
                    if other not in seen:
                        seen.add(other)
                        todo.append(other)


def local_names(node: ast.FunctionDef) -> tuple[str, ...]:
    """The local variables of a def, as Python sees them: parameters first, then what is assigned anywhere."""
    names = [argument.arg for argument in node.args.args]
    names += [
        inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    ]
    return tuple(dict.fromkeys(names))
