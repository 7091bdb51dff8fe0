"""A script in, a Program out, or every problem in it.

Scripts are real Python, read with `ast` and let through construct by construct. Whatever is not listed
here is refused with its place, a sentence, and what to write instead; nothing is ever executed by Python.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from game.problems import Place, Problem, ProblemsFound, near_miss
from game.request import WAIT, Face, Handle
from game.script import vm
from game.script.instructions import Program
from game.script.vm import Code, Function, Instruction

LONGEST: Final = 20_000

_BINARY: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%"}
_COMPARE: Final = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_UNARY: Final = {ast.USub: "-", ast.UAdd: "+", ast.Not: "not"}
_CALLS: Final = (*vm.BUILTINS, "enumerate", "deliver", "work", "wait")

_REFUSED: Final[Mapping[type[ast.AST], str]] = {
    ast.Import: "nothing can be imported here: everything a clerk may use is handed to it as a parameter",
    ast.ImportFrom: "nothing can be imported here: everything a clerk may use is handed to it as a parameter",
    ast.ClassDef: "clerks do not write classes; use tuples and lists",
    ast.AsyncFunctionDef: "'async' is not used here: clerks are processes, and blocking calls really block",
    ast.Lambda: "'lambda' is not used here; write a def beside this one instead",
    ast.Global: "'global' is not used here: processes do not share variables; send values over a channel",
    ast.Nonlocal: "'nonlocal' is not used here; pass values as arguments",
    ast.Yield: "'yield' is not used here; use a list, or send values over a channel",
    ast.YieldFrom: "'yield' is not used here; use a list, or send values over a channel",
    ast.Await: "'await' is not used here: blocking calls simply block",
    ast.ListComp: "comprehensions are not used here; write a for loop that appends",
    ast.SetComp: "comprehensions are not used here; write a for loop that appends",
    ast.DictComp: "comprehensions are not used here; write a for loop",
    ast.GeneratorExp: "comprehensions are not used here; write a for loop",
    ast.Dict: "dictionaries are not used here; use a list or tuples",
    ast.Set: "sets are not used here; use a list",
    ast.JoinedStr: "f-strings are not used here; deliver a tuple of the parts instead",
    ast.Delete: "'del' is not used here; use pop() or simply leave the variable",
    ast.AnnAssign: "annotations are not used here; write a plain assignment",
    ast.Match: "'match' is not used here; use if and elif",
    ast.Starred: "'*' is not used here; name every item",
    ast.FunctionDef: "a def inside a def is not used here; put it beside this one",
    ast.Assert: "'assert' is not used here; use if and raise",
}


def compile_script(
    text: str,
    *,
    entry: str,
    parameters: Mapping[str, frozenset[Handle]],
    faces: Mapping[Handle, Face],
    place: Place,
) -> Program:
    """Compile the script whose entry is the def named `entry`.

    `parameters` has, for each parameter of the entry, every handle any clerk that runs this script is
    given for it (none for a plain value). Raises ProblemsFound with everything wrong.
    """
    tree = _parse(text, entry, place)
    script = _Script(text, entry, dict(parameters), faces, place)
    script.compile(tree)
    if script.problems:
        raise ProblemsFound(script.problems)
    assert script.code is not None
    return Program(
        name=entry,
        parameters=script.order,
        code=script.code,
        faces=tuple(sorted(faces.items(), key=lambda item: item[0])),
        statements=script.statements,
        touches=frozenset(script.touches),
    )


def _parse(text: str, entry: str, place: Place) -> ast.Module:
    def stop(line: int, column: int, message: str) -> ProblemsFound:
        where = Place(place.file, place.line + max(line, 1) - 1, place.column + max(column, 1) - 1)
        return ProblemsFound([Problem(where, f"scripts.{entry}", message)])

    if len(text) > LONGEST:
        raise stop(1, 1, f"this script has {len(text):,} characters; {LONGEST:,} are the most")
    if "\0" in text:
        raise stop(text[: text.index("\0")].count("\n") + 1, 1, "there is a NUL character in this line")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise stop(error.lineno or 1, error.offset or 1, f"Python cannot read this: {error.msg}") from error
    except (RecursionError, MemoryError, ValueError) as error:
        raise stop(1, 1, "this is nested too deep for Python to read; take it apart") from error


@dataclass
class _Label:
    at: int = -1


@dataclass
class _Region:
    """A stretch of code whose exceptions go to one handler; in several pieces where finalizers lie between."""

    target: _Label
    depth: int
    pieces: list[tuple[int, int]] = field(default_factory=list)
    open_at: int | None = None


@dataclass
class _Unwind:
    """What must be done when a block is left early: its region to suspend, and the code to emit."""

    region: _Region
    emit: Any


@dataclass
class _Loop:
    again: _Label
    out: _Label
    unwinds: int
    walks: bool


class _Script:
    def __init__(
        self,
        text: str,
        entry: str,
        parameters: dict[str, frozenset[Handle]],
        faces: Mapping[Handle, Face],
        place: Place,
    ) -> None:
        self.lines = text.splitlines() or [""]
        self.entry, self.parameters, self.faces, self.place = entry, parameters, faces, place
        self.problems: list[Problem] = []
        self.functions: dict[str, ast.FunctionDef] = {}
        self.order: tuple[str, ...] = ()
        self.code: Code | None = None
        self.statements = 0
        self.touches: set[tuple[str, str]] = set()
        self.calls: dict[str, set[str]] = {}

    def problem(self, node: Any, message: str) -> None:
        line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        column = len(text.encode()[:offset].decode(errors="ignore"))
        where = Place(self.place.file, self.place.line + line - 1, self.place.column + column)
        self.problems.append(Problem(where, f"scripts.{self.entry}", message))

    def compile(self, tree: ast.Module) -> None:
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                if node.name in self.functions:
                    self.problem(node, f"there are two defs named {node.name!r}; give one another name")
                self.functions[node.name] = node
            elif not _is_docstring(node):
                self.problem(
                    node, f"only defs stand at the top of a script; put this inside def {self.entry}(…)"
                )
        if self.entry not in self.functions:
            names = near_miss(self.entry, self.functions)
            self.problem(
                None,
                f"this script needs a def {self.entry}({', '.join(self.parameters)}): that is where the clerk begins{names}",
            )
            return
        compiled = []
        ordered = [self.entry, *(name for name in self.functions if name != self.entry)]
        self.numbers = {name: number for number, name in enumerate(ordered)}
        for name in ordered:
            compiled.append(_Def(self, self.functions[name]).compile())
        entry = self.functions[self.entry]
        self.order = tuple(argument.arg for argument in entry.args.args)
        if set(self.order) != set(self.parameters):
            missing = [name for name in self.parameters if name not in self.order]
            extra = [name for name in self.order if name not in self.parameters]
            wants = f"def {self.entry}({', '.join(self.parameters)})"
            said = [f"nobody hands it {name!r}{near_miss(name, missing)}" for name in extra]
            said += [f"it is handed {name!r} too" for name in missing if not extra]
            self.problem(entry, f"write {wants}: {'; '.join(said)}")
        self._no_recursion()
        if not self.problems:
            self.code = Code(tuple(compiled))

    def _no_recursion(self) -> None:
        for name in self.calls:
            seen, todo = set(), list(self.calls[name])
            while todo:
                other = todo.pop()
                if other == name:
                    self.problem(self.functions[name], f"{name} calls itself; use a loop instead")
                    break
                if other not in seen:
                    seen.add(other)
                    todo += self.calls.get(other, ())


class _Def:
    """One def on its way to a Function."""

    def __init__(self, script: _Script, node: ast.FunctionDef) -> None:
        self.script, self.node = script, node
        self.code: list[list[Any]] = []
        self.depth = 0
        self.loops: list[_Loop] = []
        self.unwinds: list[_Unwind] = []
        self.regions: list[_Region] = []
        self.active: list[_Region] = []
        self.caught: list[int] = []
        self.hidden = 0
        self.line = node.lineno
        arguments = node.args
        names = [argument.arg for argument in arguments.args]
        if (
            arguments.vararg
            or arguments.kwarg
            or arguments.kwonlyargs
            or arguments.posonlyargs
            or arguments.defaults
        ):
            script.problem(node, "a def takes plain parameters here: no defaults, no '*'")
        if node.decorator_list:
            script.problem(node.decorator_list[0], "decorators are not used here")
        if node.returns or any(argument.annotation for argument in arguments.args):
            script.problem(node, "annotations are not used here")
        self.parameters = len(names)
        self.slots = list(dict.fromkeys([*names, *_stored(node)]))
        self.fixed = {name for name in names if name not in _stored(node)}

    def compile(self) -> Function:
        self.script.calls.setdefault(self.node.name, set())
        self.block(self.node.body, docstring=True)
        self.emit(vm.CONST, None)
        self.emit(vm.RETURN)
        for row in self.code:
            row[1] = row[1].at if isinstance(row[1], _Label) else row[1]
        handlers = tuple(
            (first, end, region.target.at, region.depth)
            for region in self.regions
            for first, end in region.pieces
            if first < end
        )
        code = tuple(Instruction(*row) for row in self.code)
        return Function(
            self.node.name, self.parameters, tuple(self.slots), code, handlers, _liveness(code, handlers)
        )

    # -- emitting --

    def emit(self, op: int, a: Any = None, b: Any = None, grows: int = 0) -> None:
        self.code.append([op, a, b, self.line])
        self.depth += grows

    def put(self, label: _Label) -> None:
        label.at = len(self.code)

    def slot(self, name: str) -> int:
        if name not in self.slots:
            self.slots.append(name)
        return self.slots.index(name)

    def fresh(self, what: str) -> int:
        self.hidden += 1
        return self.slot(f".{what}{self.hidden}")

    def open(self, region: _Region) -> None:
        region.open_at = len(self.code)
        self.active.append(region)

    def close(self, region: _Region) -> None:
        assert region.open_at is not None
        region.pieces.append((region.open_at, len(self.code)))
        region.open_at = None
        self.active.remove(region)

    def leave_blocks(self, down_to: int) -> None:
        """Emit what must be done on leaving every block above `down_to`, outside their own handlers."""
        kept = list(self.unwinds)
        suspended = []
        while len(self.unwinds) > down_to:
            unwind = self.unwinds.pop()
            for region in [region for region in reversed(self.active)]:
                if region is unwind.region or region not in [other.region for other in self.unwinds]:
                    if self.regions_inside(region, unwind.region):
                        self.close(region)
                        suspended.append(region)
            unwind.emit()
        self.unwinds = kept
        for region in reversed(suspended):
            self.open(region)

    def regions_inside(self, region: _Region, outer: _Region) -> bool:
        return region in self.active and self.active.index(region) >= (
            self.active.index(outer) if outer in self.active else len(self.active)
        )

    # -- statements --

    def block(self, body: Iterable[ast.stmt], docstring: bool = False) -> None:
        for number, statement in enumerate(body):
            if _is_docstring(statement) and docstring and number == 0:
                continue
            if not isinstance(statement, ast.Pass):
                self.script.statements += 1
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        self.line = node.lineno
        name = f"do_{type(node).__name__}"
        method = getattr(self, name, None)
        if method is None:
            self.refuse(node)
        else:
            method(node)

    def refuse(self, node: ast.AST) -> None:
        sentence = _REFUSED.get(type(node), f"'{type(node).__name__.lower()}' is not used here")
        self.script.problem(node, sentence)

    def do_Pass(self, node: ast.Pass) -> None:
        pass

    def do_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            return
        self.value(node.value)
        self.emit(vm.POP, grows=-1)

    def do_Assign(self, node: ast.Assign) -> None:
        self.value(node.value)
        for target in node.targets[:-1]:
            self.emit(vm.DUP, grows=1)
            self.assign(target)
        self.assign(node.targets[-1])

    def assign(self, target: ast.expr) -> None:
        match target:
            case ast.Name():
                self.check_name(target)
                self.emit(vm.STORE, self.slot(target.id), grows=-1)
            case ast.Tuple() | ast.List():
                self.emit(vm.UNPACK, len(target.elts), grows=len(target.elts) - 1)
                for item in target.elts:
                    self.assign(item)
            case ast.Attribute():
                self.check_attribute(target, writes=True)
                self.value(target.value)
                self.emit(vm.SET_ATTRIBUTE, target.attr, grows=-1)
                self.emit(vm.POP, grows=-1)
            case ast.Subscript():
                if isinstance(target.slice, ast.Slice):
                    self.script.problem(target, "assigning to a slice is not used here; assign item by item")
                    return
                self.check_index(target, writes=True)
                self.value(target.value)
                self.value(target.slice)
                self.emit(vm.SET_INDEX, grows=-2)
                self.emit(vm.POP, grows=-1)
            case _:
                self.refuse(target)

    def do_AugAssign(self, node: ast.AugAssign) -> None:
        sign = _BINARY.get(type(node.op))
        if sign is None:
            self.script.problem(node, "only += -= *= //= and %= are used here")
            return
        sign += "="
        target = node.target
        match target:
            case ast.Name():
                self.check_name(target)
                self.emit(vm.LOAD, self.slot(target.id), grows=1)
                self.value(node.value)
                self.emit(vm.BINARY, sign, grows=-1)
                self.emit(vm.STORE, self.slot(target.id), grows=-1)
            case ast.Attribute():
                self.check_attribute(target, writes=False)
                self.check_attribute(target, writes=True)
                self.value(target.value)
                self.emit(vm.DUP, grows=1)
                self.emit(vm.ATTRIBUTE, target.attr)
                self.value(node.value)
                self.line = node.lineno
                self.emit(vm.BINARY, sign, grows=-1)
                self.emit(vm.ROT_TWO)
                self.emit(vm.SET_ATTRIBUTE, target.attr, grows=-1)
                self.emit(vm.POP, grows=-1)
            case ast.Subscript() if not isinstance(target.slice, ast.Slice):
                self.check_index(target, writes=False)
                self.check_index(target, writes=True)
                self.value(target.value)
                self.value(target.slice)
                self.emit(vm.DUP_TWO, grows=2)
                self.emit(vm.INDEX, grows=-1)
                self.value(node.value)
                self.line = node.lineno
                self.emit(vm.BINARY, sign, grows=-1)
                self.emit(vm.ROT_THREE)
                self.emit(vm.SET_INDEX, grows=-2)
                self.emit(vm.POP, grows=-1)
            case _:
                self.refuse(target)

    def do_If(self, node: ast.If) -> None:
        other, end = _Label(), _Label()
        self.value(node.test)
        self.emit(vm.JUMP_IF_NOT, other, grows=-1)
        self.block(node.body)
        if node.orelse:
            self.emit(vm.JUMP, end)
        self.put(other)
        self.block(node.orelse)
        self.put(end)

    def do_While(self, node: ast.While) -> None:
        again, other, out = _Label(), _Label(), _Label()
        self.put(again)
        self.value(node.test)
        self.emit(vm.JUMP_IF_NOT, other, grows=-1)
        self.loops.append(_Loop(again, out, len(self.unwinds), False))
        self.block(node.body)
        self.loops.pop()
        self.emit(vm.JUMP, again)
        self.put(other)
        self.block(node.orelse)
        self.put(out)

    def do_For(self, node: ast.For) -> None:
        again, other, out = _Label(), _Label(), _Label()
        walked, start = node.iter, False
        if (
            isinstance(walked, ast.Call)
            and isinstance(walked.func, ast.Name)
            and walked.func.id == "enumerate"
        ):
            if not 1 <= len(walked.args) <= 2 or walked.keywords:
                self.script.problem(walked, "enumerate takes what to count, and perhaps the first number")
                return
            self.value(walked.args[0])
            if len(walked.args) == 2:
                self.value(walked.args[1])
            else:
                self.emit(vm.CONST, 0, grows=1)
            start = True
        else:
            self.value(walked)
        self.emit(vm.WALK, start, grows=-1 if start else 0)
        self.put(again)
        self.emit(vm.NEXT, other, grows=1)
        self.assign(node.target)
        self.loops.append(_Loop(again, out, len(self.unwinds), True))
        self.block(node.body)
        self.loops.pop()
        self.emit(vm.JUMP, again)
        self.depth -= 1
        self.put(other)
        self.block(node.orelse)
        self.put(out)

    def do_Break(self, node: ast.Break) -> None:
        if not self.loops:
            self.script.problem(node, "'break' stands outside a loop")
            return
        loop = self.loops[-1]
        self.leave_blocks(loop.unwinds)
        if loop.walks:
            self.emit(vm.POP)
        self.emit(vm.JUMP, loop.out)

    def do_Continue(self, node: ast.Continue) -> None:
        if not self.loops:
            self.script.problem(node, "'continue' stands outside a loop")
            return
        self.leave_blocks(self.loops[-1].unwinds)
        self.emit(vm.JUMP, self.loops[-1].again)

    def do_Return(self, node: ast.Return) -> None:
        if node.value is None:
            self.emit(vm.CONST, None, grows=1)
        else:
            self.value(node.value)
        if self.unwinds:
            kept = self.fresh("return")
            self.emit(vm.STORE, kept, grows=-1)
            loops, self.loops = self.loops, []
            self.leave_blocks(0)
            self.loops = loops
            self.emit(vm.LOAD, kept, grows=1)
        self.emit(vm.RETURN, grows=-1)

    def do_With(self, node: ast.With) -> None:
        self.with_items(node.items, node.body, node)

    def with_items(self, items: list[ast.withitem], body: list[ast.stmt], node: ast.With) -> None:
        if not items:
            self.block(body)
            return
        item = items[0]
        if item.optional_vars is not None:
            self.script.problem(item.optional_vars, "'as' is not used here; 'with key:' is all it takes")
        self.check_context(item.context_expr)
        self.value(item.context_expr)
        held = self.fresh("with")
        self.emit(vm.DUP, grows=1)
        self.emit(vm.STORE, held, grows=-1)
        self.emit(vm.ENTER)
        self.emit(vm.POP, grows=-1)
        line = self.line

        def give_back() -> None:
            self.line, kept = line, self.line
            self.emit(vm.LOAD, held, grows=1)
            self.emit(vm.EXIT)
            self.emit(vm.POP, grows=-1)
            self.line = kept

        region = _Region(_Label(), self.depth)
        self.guarded(region, give_back, lambda: self.with_items(items[1:], body, node))
        end = _Label()
        give_back()
        self.emit(vm.JUMP, end)
        self.put(region.target)
        self.depth += 1
        give_back()
        self.emit(vm.RERAISE, grows=-1)
        self.put(end)

    def guarded(self, region: _Region, leave: Any, body: Any) -> None:
        """Emit `body` with its exceptions going to the region's target, and `leave` on early ways out."""
        self.open(region)
        self.unwinds.append(_Unwind(region, leave))
        body()
        self.unwinds.pop()
        self.close(region)
        self.regions.append(region)

    def do_Try(self, node: ast.Try) -> None:
        if node.finalbody:
            region = _Region(_Label(), self.depth)

            def finally_() -> None:
                self.repeated(node.finalbody)

            self.guarded(region, finally_, lambda: self.try_except(node))
            end = _Label()
            self.block(node.finalbody)
            self.emit(vm.JUMP, end)
            self.put(region.target)
            self.depth += 1
            kept = self.fresh("error")
            self.emit(vm.STORE, kept, grows=-1)
            self.caught.append(kept)
            self.repeated(node.finalbody)
            self.caught.pop()
            self.emit(vm.LOAD, kept, grows=1)
            self.emit(vm.RERAISE, grows=-1)
            self.put(end)
        else:
            self.try_except(node)

    def repeated(self, body: list[ast.stmt]) -> None:
        """The same statements once more: not counted, and their problems not told, again."""
        statements, problems = self.script.statements, len(self.script.problems)
        line = self.line
        self.block(body)
        self.line = line
        self.script.statements = statements
        del self.script.problems[problems:]

    def try_except(self, node: ast.Try) -> None:
        if not node.handlers:
            self.block(node.body)
            self.block(node.orelse)
            return
        region, end = _Region(_Label(), self.depth), _Label()
        self.guarded(region, lambda: None, lambda: self.block(node.body))
        self.block(node.orelse)
        self.emit(vm.JUMP, end)
        self.put(region.target)
        self.depth += 1
        kept = self.fresh("error")
        for number, handler in enumerate(node.handlers):
            self.line = handler.lineno
            following = _Label()
            if handler.name:
                self.script.problem(handler, "'as' is not used here; the exception's name says enough")
            if handler.type is not None:
                names = self.exception_names(handler.type)
                self.emit(vm.MATCH, names, grows=1)
                self.emit(vm.JUMP_IF_NOT, following, grows=-1)
            elif number < len(node.handlers) - 1:
                self.script.problem(handler, "a bare 'except:' must be the last one")
            self.emit(vm.STORE, kept, grows=-1)
            self.caught.append(kept)
            self.block(handler.body)
            self.caught.pop()
            self.emit(vm.JUMP, end)
            self.depth += 1
            self.put(following)
        self.emit(vm.RERAISE, grows=-1)
        self.put(end)

    def exception_names(self, node: ast.expr) -> tuple[str, ...]:
        names = []
        for one in node.elts if isinstance(node, ast.Tuple) else [node]:
            if not isinstance(one, ast.Name):
                self.script.problem(one, "name the exceptions to catch: except Empty:")
            elif one.id not in vm.BASES:
                self.script.problem(
                    one, f"there is no exception {one.id!r} here{near_miss(one.id, vm.BASES)}"
                )
            else:
                names.append(one.id)
        return tuple(names)

    def do_Raise(self, node: ast.Raise) -> None:
        if node.cause:
            self.script.problem(node.cause, "'raise … from' is not used here; raise alone is enough")
        match node.exc:
            case None:
                if not self.caught:
                    self.script.problem(node, "a bare 'raise' stands inside an except; name what to raise")
                    return
                self.emit(vm.LOAD, self.caught[-1], grows=1)
                self.emit(vm.RERAISE, grows=-1)
            case ast.Name(id=name) | ast.Call(func=ast.Name(id=name), args=[]):
                self.exception_names(ast.copy_location(ast.Name(name), node.exc))
                self.emit(vm.RAISE, name, False)
            case ast.Call(func=ast.Name(id=name), args=[message], keywords=[]):
                self.exception_names(ast.copy_location(ast.Name(name), node.exc))
                self.value(message)
                self.emit(vm.RAISE, name, True, grows=-1)
            case _:
                self.script.problem(node, 'raise an exception by name: raise RuntimeError("why")')

    # -- expressions --

    def value(self, node: ast.expr) -> None:
        line, self.line = self.line, node.lineno
        method = getattr(self, f"value_{type(node).__name__}", None)
        if method is None:
            self.refuse(node)
            self.emit(vm.CONST, None, grows=1)
        else:
            method(node)
        self.line = line

    def value_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if value is None or isinstance(value, bool | int | str):
            if isinstance(value, int) and not vm.SMALLEST <= value <= vm.LARGEST:
                self.script.problem(node, "this number does not fit in 64 bits")
            if isinstance(value, str) and len(value) > vm.MOST_TEXT:
                self.script.problem(node, f"this text is longer than {vm.MOST_TEXT:,} characters")
        elif isinstance(value, float):
            self.script.problem(node, f"{value!r} is not a whole number; only whole numbers are used here")
        else:
            self.script.problem(
                node, f"{value!r} is not used here: whole numbers, text, True, False and None are"
            )
        self.emit(vm.CONST, value, grows=1)

    def value_Name(self, node: ast.Name) -> None:
        if self.check_name(node):
            self.emit(vm.LOAD, self.slot(node.id), grows=1)
        else:
            self.emit(vm.CONST, None, grows=1)

    def check_name(self, node: ast.Name) -> bool:
        if node.id in self.slots:
            if node.id.startswith("__"):
                self.script.problem(node, "names that begin with '__' are not used here")
            return True
        known = [*self.slots, *_CALLS, *self.script.functions]
        if node.id in _CALLS or node.id in self.script.functions:
            self.script.problem(node, f"{node.id} must be called: {node.id}(…)")
        else:
            hint = near_miss(node.id, [name for name in known if not name.startswith(".")])
            self.script.problem(node, f"nothing here is called {node.id!r}{hint}")
        return False

    def value_Tuple(self, node: ast.Tuple) -> None:
        for item in node.elts:
            self.value(item)
        self.emit(vm.TUPLE, len(node.elts), grows=1 - len(node.elts))

    def value_List(self, node: ast.List) -> None:
        for item in node.elts:
            self.value(item)
        self.emit(vm.LIST, len(node.elts), grows=1 - len(node.elts))

    def value_BinOp(self, node: ast.BinOp) -> None:
        sign = _BINARY.get(type(node.op))
        if sign is None:
            extra = "; '//' divides whole numbers" if isinstance(node.op, ast.Div) else ""
            self.script.problem(node, f"only + - * // and % are used here{extra}")
            sign = "+"
        self.value(node.left)
        self.value(node.right)
        self.emit(vm.BINARY, sign, grows=-1)

    def value_UnaryOp(self, node: ast.UnaryOp) -> None:
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))) if (
                number == vm.LARGEST + 1
            ):
                self.emit(vm.CONST, vm.SMALLEST, grows=1)
                return
        sign = _UNARY.get(type(node.op))
        if sign is None:
            self.script.problem(node, "'~' is not used here")
            sign = "-"
        self.value(node.operand)
        self.emit(vm.UNARY, sign)

    def value_BoolOp(self, node: ast.BoolOp) -> None:
        end = _Label()
        keep = vm.KEEP_IF_NOT if isinstance(node.op, ast.And) else vm.KEEP_IF
        for item in node.values[:-1]:
            self.value(item)
            self.emit(keep, end, grows=-1)
        self.value(node.values[-1])
        self.put(end)

    def value_Compare(self, node: ast.Compare) -> None:
        cleanup, end = _Label(), _Label()
        self.value(node.left)
        for operation, right in zip(node.ops[:-1], node.comparators[:-1], strict=True):
            self.value(right)
            self.emit(vm.DUP, grows=1)
            self.emit(vm.ROT_THREE)
            self.emit(vm.COMPARE, _COMPARE[type(operation)], grows=-1)
            self.emit(vm.KEEP_IF_NOT, cleanup, grows=-1)
        self.value(node.comparators[-1])
        self.emit(vm.COMPARE, _COMPARE[type(node.ops[-1])], grows=-1)
        if len(node.ops) > 1:
            self.emit(vm.JUMP, end)
            self.put(cleanup)
            self.emit(vm.ROT_TWO)
            self.emit(vm.POP)
            self.put(end)

    def value_IfExp(self, node: ast.IfExp) -> None:
        other, end = _Label(), _Label()
        self.value(node.test)
        self.emit(vm.JUMP_IF_NOT, other, grows=-1)
        self.value(node.body)
        self.emit(vm.JUMP, end)
        self.put(other)
        self.depth -= 1
        self.value(node.orelse)
        self.put(end)

    def value_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.value(node.value)
        self.emit(vm.DUP, grows=1)
        self.emit(vm.STORE, self.slot(node.target.id), grows=-1)

    def value_Subscript(self, node: ast.Subscript) -> None:
        self.check_index(node, writes=False)
        self.value(node.value)
        if isinstance(node.slice, ast.Slice):
            for part in (node.slice.lower, node.slice.upper, node.slice.step):
                if part is None:
                    self.emit(vm.CONST, None, grows=1)
                else:
                    self.value(part)
            self.emit(vm.SLICE, grows=-3)
        else:
            self.value(node.slice)
            self.emit(vm.INDEX, grows=-1)

    def value_Attribute(self, node: ast.Attribute) -> None:
        self.check_attribute(node, writes=False)
        self.value(node.value)
        self.emit(vm.ATTRIBUTE, node.attr)

    def value_Call(self, node: ast.Call) -> None:
        function = node.func
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                self.refuse(argument)
                self.emit(vm.CONST, None, grows=1)
                return
        if isinstance(function, ast.Attribute):
            self.method_call(node, function)
        elif isinstance(function, ast.Name):
            self.plain_call(node, function.id)
        else:
            self.script.problem(node, "only a name or a method can be called here")
            self.emit(vm.CONST, None, grows=1)

    def method_call(self, node: ast.Call, function: ast.Attribute) -> None:
        self.check_method(node, function)
        self.value(function.value)
        for argument in node.args:
            self.value(argument)
        keywords = []
        for keyword in node.keywords:
            if keyword.arg is None:
                self.script.problem(node, "'**' is not used here")
            else:
                keywords.append(keyword.arg)
                self.value(keyword.value)
        count = len(node.args) + len(keywords)
        self.line = node.lineno
        self.emit(vm.METHOD, function.attr, (count, tuple(keywords)), grows=-count)

    def plain_call(self, node: ast.Call, name: str) -> None:
        count = len(node.args)
        if name == "wait" and name not in self.slots and name not in self.script.functions:
            self.wait_call(node)
            return
        if name in self.slots:
            self.script.problem(node, f"{name!r} is a variable here and cannot be called")
        elif node.keywords:
            self.script.problem(node, f"{name}() takes no named arguments here")
        elif name in self.script.functions:
            wanted = len(self.script.functions[name].args.args)
            if count != wanted:
                self.script.problem(
                    node, f"{name}() takes {wanted} argument{'s' * (wanted != 1)}, not {count}"
                )
            self.script.calls.setdefault(self.node.name, set()).add(name)
            for argument in node.args:
                self.value(argument)
            self.emit(vm.CALL, self.script.numbers[name], count, grows=1 - count)
            return
        elif name in ("deliver", "work"):
            if count != 1:
                self.script.problem(node, f"{name}() takes one argument, not {count}")
            elif name == "deliver":
                self.script.touches.add(("", "deliver"))
            for argument in node.args[:1]:
                self.value(argument)
            self.emit(vm.DELIVER if name == "deliver" else vm.WORK, grows=1 - min(count, 1))
            return
        elif name in vm.BUILTINS:
            for argument in node.args:
                self.value(argument)
            self.emit(vm.BUILTIN, name, count, grows=1 - count)
            return
        elif name == "enumerate":
            self.script.problem(node, "enumerate is used in a for: for number, thing in enumerate(things):")
        elif name in ("print", "input", "open", "eval", "exec", "getattr"):
            other = "; use deliver(x) to hand something out" if name == "print" else ""
            self.script.problem(node, f"{name}() is not used here{other}")
        else:
            known = [*_CALLS, *self.script.functions]
            self.script.problem(node, f"nothing here is called {name!r}{near_miss(name, known)}")
        self.emit(vm.CONST, None, grows=1)

    def wait_call(self, node: ast.Call) -> None:
        """wait(object_list, timeout=None), as in multiprocessing.connection."""
        timeouts = [keyword.value for keyword in node.keywords if keyword.arg == "timeout"] or node.args[1:]
        if (
            not node.args
            or len(node.args) + len(node.keywords) > 2
            or len(timeouts) != len(node.keywords or node.args[1:])
        ):
            self.script.problem(node, "wait takes a list of what to wait for: wait([first, second])")
        for argument in node.args[:1]:
            self.value(argument)
        if timeouts:
            self.value(timeouts[0])
        else:
            self.emit(vm.CONST, None, grows=1)
        self.emit(vm.WAIT_FOR, grows=-1)
        for parameter, handles in self.script.parameters.items():
            if handles:
                self.script.touches.add((parameter, WAIT))

    # -- what the handles can do --

    def handles(self, node: ast.expr) -> tuple[str, frozenset[Handle]] | None:
        """The parameter and the handles an expression surely is; None when that is not known."""
        if self.node.name != self.script.entry:
            return None
        match node:
            case ast.Name(id=name) if name in self.fixed and self.script.parameters.get(name):
                return name, self.script.parameters[name]
            case ast.Call(func=ast.Attribute(value=inner, attr=view)):
                if (known := self.handles(inner)) is None:
                    return None
                name, handles = known
                found = frozenset(
                    Handle(handle.channel, face)
                    for handle in handles
                    for method, face in self.face(handle).views
                    if method == view
                )
                return (name, found) if found else None
            case _:
                return None

    def face(self, handle: Handle) -> Face:
        return self.script.faces[handle]

    def check_method(self, node: ast.Call, function: ast.Attribute) -> None:
        known = self.handles(function.value)
        if known is None:
            self.touch_anything(lambda face: [op.name for name, op in face.methods if name == function.attr])
            if function.attr.startswith("_"):
                self.script.problem(function, "names that begin with '_' are not used here")
            elif (
                isinstance(function.value, ast.Name)
                and function.value.id in self.slots
                and function.attr not in vm.LIST_METHODS
                and not any(function.attr in face.names() for face in self.script.faces.values())
            ):
                names = [
                    *vm.LIST_METHODS,
                    *(name for face in self.script.faces.values() for name in face.names()),
                ]
                self.script.problem(
                    function, f"nothing here has a method {function.attr!r}{near_miss(function.attr, names)}"
                )
            return
        parameter, handles = known
        for handle in sorted(handles):
            face = self.face(handle)
            if any(name == function.attr for name, _ in face.views):
                if node.args or node.keywords:
                    self.script.problem(node, f"{function.attr}() takes no arguments")
                continue
            operation = next((op for name, op in face.methods if name == function.attr), None)
            if operation is None:
                self.no_such(function, parameter, face)
                return
            self.script.touches.add((parameter, operation.name))
            plain = len(operation.parameters) - len(operation.defaults)
            if (
                len(node.args) + len(node.keywords) > plain
                or operation.fixed
                or operation.name in (face.context or ())[1:]
            ):
                self.script.touches.add((parameter, f"{operation.name}?"))
            self.check_arguments(node, function.attr, operation.parameters, len(operation.defaults))

    def check_arguments(self, node: ast.Call, name: str, parameters: tuple[str, ...], optional: int) -> None:
        if len(node.args) > len(parameters):
            takes = (
                f"{len(parameters)} argument{'s' * (len(parameters) != 1)}" if parameters else "no arguments"
            )
            self.script.problem(node, f"{name}() takes {takes}, not {len(node.args)}")
            return
        given = set(parameters[: len(node.args)])
        for keyword in node.keywords:
            if keyword.arg not in parameters:
                self.script.problem(
                    node,
                    f"{name}() has no argument {keyword.arg!r}{near_miss(keyword.arg or '', parameters)}",
                )
            elif keyword.arg in given:
                self.script.problem(node, f"{name}() is given {keyword.arg!r} twice")
            given.add(keyword.arg or "")
        missing = [wanted for wanted in parameters[: len(parameters) - optional] if wanted not in given]
        if missing:
            self.script.problem(
                node, f"{name}() needs what to {name.split('_')[0]}: {name}({', '.join(missing)})"
            )

    def check_attribute(self, node: ast.Attribute, writes: bool) -> None:
        known = self.handles(node.value)
        if known is None:
            self.touch_anything(
                lambda face: [
                    write if writes else read for name, read, write in face.attributes if name == node.attr
                ]
            )
            if node.attr.startswith("_"):
                self.script.problem(node, "names that begin with '_' are not used here")
            return
        parameter, handles = known
        for handle in sorted(handles):
            face = self.face(handle)
            found = next(((read, write) for name, read, write in face.attributes if name == node.attr), None)
            if found is None:
                if any(name == node.attr for name, _ in face.parts) and not writes:
                    continue
                if node.attr in face.names():
                    self.script.problem(node, f"{node.attr} must be called: {parameter}.{node.attr}()")
                else:
                    self.no_such(node, parameter, face)
                return
            if writes and not found[1]:
                self.script.problem(node, f"{parameter}.{node.attr} can only be read")
                return
            self.script.touches.add((parameter, found[1] if writes else found[0]))

    def check_index(self, node: ast.Subscript, writes: bool) -> None:
        known = self.handles(node.value)
        if known is None:
            self.touch_anything(lambda face: [face.index[writes]] if face.index else [])
            return
        parameter, handles = known
        for handle in sorted(handles):
            face = self.face(handle)
            if face.index is None or isinstance(node.slice, ast.Slice):
                self.script.problem(node, f"{parameter} is a {face.python}; it has no [{'…'}] like this")
                return
            self.script.touches.add((parameter, face.index[writes]))

    def check_context(self, node: ast.expr) -> None:
        known = self.handles(node)
        if known is None:
            self.touch_anything(lambda face: list(face.context or ()))
            return
        parameter, handles = known
        for handle in sorted(handles):
            face = self.face(handle)
            if face.context is None:
                views = [name for name, _ in face.views]
                way = f"; did you mean 'with {parameter}.{views[0]}():'?" if views else ""
                self.script.problem(node, f"{parameter} is a {face.python}; 'with' needs a lock{way}")
                return
            self.script.touches |= {(parameter, operation) for operation in face.context}

    def touch_anything(self, operations: Any) -> None:
        """A handle of unknown origin is used: any parameter that could do this might be meant."""
        for parameter, handles in self.script.parameters.items():
            for handle in handles:
                reachable = [self.face(handle)]
                reachable += [self.face(Handle(handle.channel, view)) for _, view in self.face(handle).views]
                for face in reachable:
                    for operation in operations(face):
                        if operation:
                            self.script.touches |= {(parameter, operation), (parameter, f"{operation}?")}

    def no_such(self, node: ast.Attribute, parameter: str, face: Face) -> None:
        names = face.names()
        hint = near_miss(node.attr, names) or f"; it has {', '.join(names)}"
        self.script.problem(node, f"{parameter} is a {face.python}; it has no {node.attr!r}{hint}")


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _stored(node: ast.FunctionDef) -> list[str]:
    names = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            names.append(inner.id)
    return names


def _liveness(
    code: tuple[Instruction, ...], handlers: tuple[tuple[int, int, int, int], ...]
) -> tuple[frozenset[int] | None, ...]:
    """For each instruction, the slots that may still be read after it (backward data flow)."""
    jumps = {vm.JUMP, vm.JUMP_IF, vm.JUMP_IF_NOT, vm.KEEP_IF, vm.KEEP_IF_NOT, vm.NEXT}
    after: list[frozenset[int]] = [frozenset()] * len(code)
    before: list[frozenset[int]] = [frozenset()] * (len(code) + 1)
    changed = True
    while changed:
        changed = False
        for at in range(len(code) - 1, -1, -1):
            op, a, _, _ = code[at]
            out: frozenset[int] = frozenset()
            if op not in (vm.JUMP, vm.RETURN, vm.RERAISE, vm.RAISE):
                out |= before[at + 1]
            if op in jumps:
                out |= before[a]
            caught: frozenset[int] = frozenset()
            for first, end, target, _ in handlers:
                if first <= at < end:
                    caught |= before[target]
            out |= caught
            into = out
            if op == vm.STORE:
                into = (out - {a}) | caught
            elif op == vm.LOAD:
                into = out | {a}
            if into != before[at] or out != after[at]:
                before[at], after[at] = into, out
                changed = True
    return tuple(after)
