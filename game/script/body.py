"""One def of a script becomes a Function: statement by statement, in the order CPython evaluates.

Blocks that must be left properly (`with`, `finally`) are laid out as CPython does it: what is done on
leaving stands in the code once for the ordinary way out, once for exceptions, and once more at every
`return`, `break` and `continue` inside. Their handlers do not reach over those copies.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from game.language import say, say_many
from game.problems import near_miss
from game.script import instructions as do
from game.script import predicates
from game.script.errors import BASES
from game.script.instructions import Function, Instruction
from game.script.liveness import dead_slots
from game.script.predicates import LOOPS
from game.script.reach import local_names
from game.script.reading import Notes
from game.script.refusals import CALLS, EXCEPTIONS, MODULES, OPERATORS, SHARED, refusal
from game.script.touching import Touching
from game.script.values import BINARY, BUILTINS, COMPARE, LARGEST, MOST_ITEMS, MOST_TEXT, SMALLEST, UNARY

MOST_CODE: Final = 20_000
"""The most instructions of one def."""

_SIGNS: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%"}
_COMPARISONS: Final = {
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

ALWAYS_THERE: Final = (*BUILTINS, "deliver", "wait", "work")
"""What can be called in every script."""


WAITING: Final = frozenset(["acquire", "get", "join", "poll", "put", "wait", "wait_for"])
"""Methods whose last argument may be a timeout."""


class TooMuchCode(Exception):
    """A def whose copies of finally blocks, or whose text, makes more instructions than there is room for."""


@dataclass
class _Label:
    at: int = -1


@dataclass
class _Loop:
    """A loop around the code being written. `height` is the stack's without what the loop keeps on it."""

    again: _Label
    out: _Label
    height: int
    width: int
    caught: int


@dataclass
class _Guard:
    """Code whose exceptions go to `target`; `leave` writes what is done on every early way out. `straight`:
    that never jumps to a loop around."""

    target: _Label
    leave: Callable[[], None]
    height: int
    caught: int
    straight: bool = True
    pieces: list[tuple[int, int]] = field(default_factory=list)
    open_at: int = 0


class Body:
    """The writer of one def. `numbers` are the places of all defs, `widths` how many parameters they have."""

    def __init__(
        self,
        node: ast.FunctionDef,
        numbers: Mapping[str, int],
        widths: Mapping[str, int],
        notes: Notes,
        touching: Touching,
    ) -> None:
        self.node, self.numbers, self.widths = node, numbers, widths
        self.notes, self.touching = notes, touching
        self.statements = 0
        self.code: list[list[Any]] = []
        self.slots = list(local_names(node))
        self.named = frozenset(self.slots)
        self.line = node.lineno
        self.height = 0
        self.blocks: list[_Loop | _Guard] = []
        self.guards: list[_Guard] = []
        self.caught: tuple[int, ...] = ()
        self.timeouts: list[ast.expr] = []

    def write(self) -> Function:
        """The finished function. Raises TooMuchCode; other problems go to the notes."""
        for argument in self.node.args.args:
            self.check_new_name(argument, argument.arg)
        self.block(self.node.body)
        self.emit(do.CONST, None)
        self.emit(do.RETURN)
        handlers = tuple(
            (first, end, guard.target.at, guard.height)
            for guard in self.guards
            for first, end in guard.pieces
            if first < end
        )
        code = tuple(
            Instruction(op, a.at if isinstance(a, _Label) else a, b, line) for op, a, b, line in self.code
        )
        slots = tuple(self.slots)
        return Function(
            self.node.name,
            len(self.node.args.args),
            slots,
            code,
            handlers,
            dead_slots(code, handlers, len(slots)),
        )

    # -- writing --

    def emit(self, op: int, a: Any = None, b: Any = None) -> None:
        if len(self.code) >= MOST_CODE:
            raise TooMuchCode
        self.code.append([op, a, b, self.line])

    def put(self, label: _Label) -> None:
        label.at = len(self.code)

    def own_slot(self, what: str) -> int:
        """A local variable that no script can name."""
        self.slots.append(f".{what}{len(self.slots)}")
        return len(self.slots) - 1

    def problem(self, node: ast.AST | None, message: str) -> None:
        self.notes.at(node, message)

    def guarded(self, guard: _Guard, body: Callable[[], None]) -> None:
        guard.open_at = len(self.code)
        self.blocks.append(guard)
        body()
        self.blocks.pop()
        guard.pieces.append((guard.open_at, len(self.code)))
        self.guards.append(guard)

    def leave_blocks(self, down_to: int) -> None:
        """Write what is done on leaving all blocks but the outer `down_to`, each outside its own guard."""
        blocks, height, caught = self.blocks, self.height, self.caught
        closed = []
        left = list(blocks)
        while len(left) > down_to:
            block = left.pop()
            self.blocks = left
            if isinstance(block, _Loop):
                self.drop(block)
                continue
            block.pieces.append((block.open_at, len(self.code)))
            closed.append(block)
            self.height, self.caught = block.height, caught[: block.caught]
            if block.straight:
                # Nobody goes on in the loops around, up to the next guard: what they keep can go.
                for number in range(len(left) - 1, down_to - 1, -1):
                    loop = left[number]
                    if isinstance(loop, _Guard):
                        break
                    self.drop(loop)
                    left[number] = replace(loop, width=0)
            block.leave()
        self.blocks, self.height, self.caught = blocks, height, caught
        for guard in closed:
            guard.open_at = len(self.code)

    def drop(self, loop: _Loop) -> None:
        if loop.width:
            self.emit(do.DROP, loop.width)
        self.height = loop.height

    @contextmanager
    def once_more(self) -> Iterator[None]:
        """Code that stands elsewhere already, where its statements are counted."""
        statements, line = self.statements, self.line
        yield
        self.statements, self.line = statements, line

    # -- statements --

    def block(self, body: Iterable[ast.stmt]) -> None:
        for node in body:
            if _is_remark(node):
                continue
            self.statements += 1
            self.line = node.lineno
            method = getattr(self, f"do_{type(node).__name__}", None)
            if method is None:
                self.problem(node, refusal(node))
            else:
                method(node)

    def do_Expr(self, node: ast.Expr) -> None:
        self.value(node.value)
        self.emit(do.POP)

    def do_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.touching.renamed(self.node.name, target, node.value)
        self.value(node.value)
        if any(isinstance(target, ast.Tuple | ast.List) for target in node.targets):
            self.touching.plain(self.node.name, node.value)
        for target in node.targets[:-1]:
            self.emit(do.DUP)
            self.assign(target)
        self.assign(node.targets[-1])

    def assign(self, target: ast.expr) -> None:
        """Take the top of the stack into a target."""
        match target:
            case ast.Name(id=name):
                self.check_new_name(target, name)
                self.emit(do.STORE, self.slots.index(name))
            case ast.Tuple(elts=items) | ast.List(elts=items):
                self.emit(do.UNPACK, len(items))
                for item in items:
                    self.assign(item)
            case ast.Attribute():
                self.touching.attribute(self.node.name, target, reads=False, writes=True)
                self.value(target.value)
                self.emit(do.SET_ATTRIBUTE, target.attr)
                self.emit(do.POP)
            case ast.Subscript(slice=ast.Slice()):
                self.problem(target, say("several items are not assigned at once here; assign item by item"))
            case ast.Subscript():
                self.touching.index(self.node.name, target, reads=False, writes=True)
                self.value(target.value)
                self.value(target.slice)
                self.emit(do.SET_INDEX)
                self.emit(do.POP)
            case _:
                self.problem(target, refusal(target))

    def do_AugAssign(self, node: ast.AugAssign) -> None:
        sign = _SIGNS.get(type(node.op))
        if sign is None:
            self.problem(node, OPERATORS.get(type(node.op).__name__, say("this sign is not used here")))
            return
        function = BINARY[sign + "="]
        target = node.target
        self.touching.plain(self.node.name, node.value)
        match target:
            case ast.Name(id=name):
                self.check_new_name(target, name)
                self.touching.plain(self.node.name, target)
                slot = self.slots.index(name)
                self.emit(do.LOAD, slot)
                self.value(node.value)
                self.emit(do.BINARY, function)
                self.emit(do.STORE, slot)
            case ast.Attribute():
                self.touching.attribute(self.node.name, target, reads=True, writes=True)
                self.value(target.value)
                self.emit(do.DUP)
                self.emit(do.ATTRIBUTE, target.attr)
                self.value(node.value)
                self.emit(do.BINARY, function)
                self.emit(do.ROT_TWO)
                self.emit(do.SET_ATTRIBUTE, target.attr)
                self.emit(do.POP)
            case ast.Subscript(slice=ast.Slice()):
                self.problem(target, say("several items are not assigned at once here; assign item by item"))
            case ast.Subscript():
                self.touching.index(self.node.name, target, reads=True, writes=True)
                self.value(target.value)
                self.value(target.slice)
                self.emit(do.DUP_TWO)
                self.emit(do.INDEX)
                self.value(node.value)
                self.emit(do.BINARY, function)
                self.emit(do.ROT_THREE)
                self.emit(do.SET_INDEX)
                self.emit(do.POP)

    def do_If(self, node: ast.If) -> None:
        other, end = _Label(), _Label()
        self.question(node.test)
        self.emit(do.JUMP_IF_NOT, other)
        self.block(node.body)
        if node.orelse:
            self.emit(do.JUMP, end)
        self.put(other)
        self.block(node.orelse)
        self.put(end)

    def do_While(self, node: ast.While) -> None:
        loop, other = _Loop(_Label(), _Label(), self.height, 0, len(self.caught)), _Label()
        self.put(loop.again)
        self.question(node.test)
        self.emit(do.JUMP_IF_NOT, other)
        self.loop(loop, node.body)
        self.put(other)
        self.block(node.orelse)
        self.put(loop.out)

    def loop(self, loop: _Loop, body: list[ast.stmt]) -> None:
        self.blocks.append(loop)
        self.height = loop.height + loop.width
        self.block(body)
        self.height = loop.height
        self.blocks.pop()
        self.emit(do.JUMP, loop.again)

    def do_For(self, node: ast.For) -> None:
        walked, numbered = node.iter, False
        match walked:
            case ast.Call(func=ast.Name(id="enumerate")) if self.is_python("enumerate"):
                numbered = True
                walked = self.enumerated(walked)
            case ast.List(elts=items):
                # Nobody else will ever see this list. As a tuple it need not go to the heap.
                walked = ast.copy_location(ast.Tuple(items, ast.Load()), walked)
        if not numbered:
            self.value(walked)
            self.emit(do.WALK)
        self.touching.plain(self.node.name, walked)
        width = 3 if numbered else 2
        loop, other = _Loop(_Label(), _Label(), self.height, width, len(self.caught)), _Label()
        self.put(loop.again)
        self.emit(do.NEXT_NUMBERED if numbered else do.NEXT, other)
        self.assign(node.target)
        self.loop(loop, node.body)
        self.put(other)
        self.block(node.orelse)
        self.put(loop.out)

    def enumerated(self, node: ast.Call) -> ast.expr:
        """enumerate(things, start=0), begun."""
        starts = [keyword.value for keyword in node.keywords if keyword.arg == "start"] or node.args[1:]
        if (
            not node.args
            or len(node.args) + len(node.keywords) > 2
            or len(starts) != len(node.keywords or node.args[1:])
        ):
            self.problem(node, say("enumerate takes what to number, and perhaps the first number"))
            return ast.copy_location(ast.Tuple([], ast.Load()), node)
        self.value(node.args[0])
        if starts:
            self.value(starts[0])
        else:
            self.emit(do.CONST, 0)
        self.emit(do.NUMBER)
        return node.args[0]

    def do_Break(self, node: ast.Break) -> None:
        if (number := self.innermost_loop()) is None:
            self.problem(node, say("'break' stands outside a loop"))
            return
        loop = self.blocks[number]
        self.leave_blocks(number)
        assert isinstance(loop, _Loop)
        self.emit(do.JUMP, loop.out)

    def do_Continue(self, node: ast.Continue) -> None:
        if (number := self.innermost_loop()) is None:
            self.problem(node, say("'continue' stands outside a loop"))
            return
        loop = self.blocks[number]
        self.leave_blocks(number + 1)
        assert isinstance(loop, _Loop)
        self.emit(do.JUMP, loop.again)

    def innermost_loop(self) -> int | None:
        return next(
            (
                number
                for number in range(len(self.blocks) - 1, -1, -1)
                if isinstance(self.blocks[number], _Loop)
            ),
            None,
        )

    def do_Return(self, node: ast.Return) -> None:
        value = node.value or ast.copy_location(ast.Constant(None), node)
        if not self.blocks or isinstance(value, ast.Constant):
            self.leave_blocks(0)
            self.value(value)
        else:
            self.value(value)
            kept = self.own_slot("result")
            self.emit(do.STORE, kept)
            self.leave_blocks(0)
            self.emit(do.LOAD, kept)
        self.emit(do.RETURN)

    def do_With(self, node: ast.With) -> None:
        self.with_items(node.items, node)

    def with_items(self, items: list[ast.withitem], node: ast.With) -> None:
        if not items:
            self.block(node.body)
            return
        thing = items[0].context_expr
        if items[0].optional_vars is not None:
            self.problem(items[0].optional_vars, say("'as' is not used here; 'with key:' is all it takes"))
        problems = len(self.notes.problems)
        self.value(thing)
        if len(self.notes.problems) == problems:
            self.touching.context(self.node.name, thing)
        held = self.own_slot("with")
        self.emit(do.DUP)
        self.emit(do.STORE, held)
        self.emit(do.ENTER)
        self.emit(do.POP)
        line = self.line

        def give_back() -> None:
            here, self.line = self.line, line
            self.emit(do.LOAD, held)
            self.emit(do.EXIT)
            self.emit(do.POP)
            self.line = here

        guard, end = _Guard(_Label(), give_back, self.height, len(self.caught)), _Label()
        self.guarded(guard, lambda: self.with_items(items[1:], node))
        give_back()
        self.emit(do.JUMP, end)
        self.put(guard.target)
        give_back()
        self.emit(do.RERAISE)
        self.put(end)

    def do_Try(self, node: ast.Try) -> None:
        if not node.finalbody:
            self.try_except(node)
            return

        def finally_once_more() -> None:
            with self.once_more():
                self.block(node.finalbody)

        straight = not any(
            isinstance(inner, ast.Break | ast.Continue) for part in node.finalbody for inner in ast.walk(part)
        )
        guard = _Guard(_Label(), finally_once_more, self.height, len(self.caught), straight)
        end = _Label()
        self.guarded(guard, lambda: self.try_except(node))
        self.block(node.finalbody)
        self.emit(do.JUMP, end)
        self.put(guard.target)
        kept = self.own_slot("error")
        self.emit(do.STORE, kept)
        outside, self.caught = self.caught, (*self.caught, kept)
        finally_once_more()
        self.caught = outside
        self.emit(do.LOAD, kept)
        self.emit(do.RERAISE)
        self.put(end)

    def try_except(self, node: ast.Try) -> None:
        if not node.handlers:
            self.block(node.body)
            return
        guard, end = _Guard(_Label(), lambda: None, self.height, len(self.caught)), _Label()
        self.guarded(guard, lambda: self.block(node.body))
        self.block(node.orelse)
        self.emit(do.JUMP, end)
        self.put(guard.target)
        kept = self.own_slot("error")
        outside, self.caught = self.caught, (*self.caught, kept)
        for handler in node.handlers:
            self.line = handler.lineno
            following = _Label()
            if handler.name:
                self.problem(handler, say("'as' is not used here; the exception's name says enough"))
            if handler.type is not None:
                self.emit(do.MATCH, self.exception_names(handler.type))
                self.emit(do.JUMP_IF_NOT, following)
            self.emit(do.STORE, kept)
            self.block(handler.body)
            self.emit(do.JUMP, end)
            self.put(following)
        self.caught = outside
        self.emit(do.RERAISE)
        self.put(end)

    def exception_names(self, node: ast.expr) -> tuple[str, ...]:
        names = []
        for one in node.elts if isinstance(node, ast.Tuple) else [node]:
            if not isinstance(one, ast.Name):
                name = one.attr if isinstance(one, ast.Attribute) and one.attr in BASES else "Empty"
                self.problem(one, say("name the exceptions: except {name}:", name=name))
            elif one.id in self.named or one.id in self.numbers:
                self.problem(
                    one, say("{name!r} is something else in this script; give that another name", name=one.id)
                )
            elif one.id not in BASES:
                self.problem(
                    one,
                    say(
                        "there is no exception {name!r} here{hint}",
                        name=one.id,
                        hint=EXCEPTIONS.get(one.id)
                        or near_miss(one.id, BASES)
                        or say("; Exception stands for all of them"),
                    ),
                )
            else:
                names.append(one.id)
        return tuple(names)

    def do_Raise(self, node: ast.Raise) -> None:
        if node.cause:
            self.problem(node.cause, say("'raise … from' is not used here; raise alone is enough"))
        match node.exc:
            case None if self.caught:
                self.emit(do.LOAD, self.caught[-1])
                self.emit(do.RERAISE)
            case None:
                self.problem(node, say("a bare 'raise' stands inside an except; name what to raise"))
            case (ast.Name() as name) | ast.Call(func=ast.Name() as name, args=[], keywords=[]):
                self.exception_names(name)
                self.emit(do.RAISE, name.id, False)
            case ast.Call(func=ast.Name() as name, args=[message], keywords=[]):
                self.exception_names(name)
                self.touching.plain(self.node.name, message)
                self.value(message)
                self.emit(do.RAISE, name.id, True)
            case _:
                self.problem(node.exc, say('raise an exception by its name: raise RuntimeError("why")'))

    def do_Assert(self, node: ast.Assert) -> None:
        end = _Label()
        self.value(ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test))
        self.emit(do.JUMP_IF_NOT, end)
        if node.msg:
            self.value(node.msg)
        self.emit(do.RAISE, "AssertionError", node.msg is not None)
        self.put(end)

    # -- expressions: each pushes one value --

    def value(self, node: ast.expr) -> None:
        line, self.line = self.line, node.lineno
        method = getattr(self, f"value_{type(node).__name__}", None)
        if method is None:
            self.problem(node, refusal(node))
        else:
            method(node)
        self.line = line

    def question(self, node: ast.expr) -> None:
        """A value that is asked whether it is true."""
        self.touching.asked(self.node.name, node)
        self.value(node)

    def plain(self, node: ast.expr) -> None:
        """A value that had better be no handle."""
        self.touching.plain(self.node.name, node)
        self.value(node)

    def value_Constant(self, node: ast.Constant) -> None:
        value = node.value
        match value:
            case None | bool():
                pass
            case int():
                if value > LARGEST:
                    self.problem(node, say("this number does not fit in 64 bits"))
            case str():
                if len(value) > MOST_TEXT:
                    self.problem(node, say("this text has more than {most:,} characters", most=MOST_TEXT))
                elif any("\ud800" <= letter <= "\udfff" for letter in value):
                    self.problem(node, say("there is a character in this text that cannot be written"))
            case float():
                hint = (
                    say("; 1 is as good: a timeout may run out whenever one has to wait")
                    if any(node is one for one in self.timeouts)
                    else ""
                )
                self.problem(
                    node,
                    say(
                        "{value!r} is a fraction; only whole numbers are used here{hint}",
                        value=value,
                        hint=hint,
                    ),
                )
            case _:
                text = ast.unparse(node)[:40]
                self.problem(
                    node,
                    say("{text} is not used here: whole numbers, text, True, False and None are", text=text),
                )
        self.emit(do.CONST, value)

    def value_Name(self, node: ast.Name) -> None:
        if self.knows(node):
            self.emit(do.LOAD, self.slots.index(node.id))

    def knows(self, node: ast.Name) -> bool:
        """Whether this is a variable here; a problem otherwise."""
        name = node.id
        if name in self.named:
            return True
        if name in self.numbers or name in ALWAYS_THERE:
            self.problem(node, say("{name} must be called: {name}(…)", name=name))
        elif name in BASES:
            self.problem(node, say("{name} is an exception: it stands after raise and except", name=name))
        else:
            self.unknown(node, name, [*self.named, *ALWAYS_THERE, *self.numbers, "None", "True", "False"])
        return False

    def unknown(self, node: ast.AST, name: str, known: Iterable[str]) -> None:
        hint = near_miss(name, known)
        if name == "__name__":
            self.problem(
                node, say("'__name__' is not used here: nothing imports a script, the clerk just begins")
            )
        elif name.startswith("__"):
            self.problem(node, say("names that begin with '__' are not used here"))
        elif name in SHARED:
            self.problem(
                node,
                say("{name} is not made here: clerks are handed what they share as parameters", name=name),
            )
        elif name in MODULES:
            self.problem(node, say("there is no module {name!r} here{hint}", name=name, hint=MODULES[name]))
        elif name in CALLS:
            self.problem(node, say("{name}() is not used here{hint}", name=name, hint=CALLS[name]))
        else:
            self.problem(node, say("nothing here is called {name!r}{hint}", name=name, hint=hint))

    def check_new_name(self, node: ast.AST, name: str) -> None:
        if name.startswith("__"):
            self.problem(node, say("names that begin with '__' are not used here"))

    def is_python(self, name: str) -> bool:
        """Whether this name means here what it means in Python, or in every script."""
        return name not in self.named and name not in self.numbers

    def value_Tuple(self, node: ast.Tuple) -> None:
        items = node.elts
        if len(items) > MOST_ITEMS:
            self.problem(node, say("there is room for {most:,} things", most=MOST_ITEMS))
        code = len(self.code)
        for item in items:
            self.value(item)
        written = self.code[code:]
        if len(written) == len(items) and all(op == do.CONST for op, *_ in written) and self.flat(written):
            del self.code[code:]
            self.emit(do.CONST, tuple(a for _, a, *_ in written))
        else:
            self.emit(do.TUPLE, len(items))

    def flat(self, written: list[list[Any]]) -> bool:
        return not any(isinstance(a, tuple) for _, a, *_ in written)

    def value_List(self, node: ast.List) -> None:
        if len(node.elts) > MOST_ITEMS:
            self.problem(node, say("there is room for {most:,} things", most=MOST_ITEMS))
        for item in node.elts:
            self.value(item)
        self.emit(do.LIST, len(node.elts))

    def value_BinOp(self, node: ast.BinOp) -> None:
        sign = _SIGNS.get(type(node.op))
        if sign is None:
            self.problem(node, OPERATORS.get(type(node.op).__name__, say("this sign is not used here")))
            sign = "+"
        elif sign == "%" and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            self.problem(node, say("'%' fills nothing into text here; send or deliver a tuple of the parts"))
        self.plain(node.left)
        self.plain(node.right)
        self.emit(do.BINARY, BINARY[sign])

    def value_UnaryOp(self, node: ast.UnaryOp) -> None:
        sign = _UNARY.get(type(node.op))
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))) if (
                not isinstance(number, bool) and number <= -SMALLEST
            ):
                self.emit(do.CONST, -number)
                return
        if sign is None:
            self.problem(node, OPERATORS["Invert"])
            return
        if sign != "not":
            self.touching.plain(self.node.name, node.operand)
            self.value(node.operand)
        else:
            self.question(node.operand)
        self.emit(do.UNARY, UNARY[sign])

    def value_BoolOp(self, node: ast.BoolOp) -> None:
        end = _Label()
        for item in node.values[:-1]:
            self.value(item)
            self.emit(do.KEEP_IF_NOT if isinstance(node.op, ast.And) else do.KEEP_IF, end)
        self.value(node.values[-1])
        self.put(end)

    def value_Compare(self, node: ast.Compare) -> None:
        cleanup, end = _Label(), _Label()
        self.value(node.left)
        sides = [node.left, *node.comparators]
        for number, operation in enumerate(node.ops):
            left, right = sides[number], sides[number + 1]
            self.check_comparison(operation, left, right)
            self.value(right)
            sign = _COMPARISONS[type(operation)]
            last = number == len(node.ops) - 1
            if not last:
                self.emit(do.DUP)
                self.emit(do.ROT_THREE)
            self.emit(do.COMPARE, COMPARE[sign], not sign.startswith("is"))
            if not last:
                self.emit(do.KEEP_IF_NOT, cleanup)
        if len(node.ops) > 1:
            self.emit(do.JUMP, end)
            self.put(cleanup)
            self.emit(do.ROT_TWO)
            self.emit(do.POP)
            self.put(end)

    def check_comparison(self, operation: ast.cmpop, left: ast.expr, right: ast.expr) -> None:
        match operation:
            case ast.Is() | ast.IsNot():
                # 1 and True, or two equal tuples, are one thing in a task: 'is' must not tell them apart.
                if not any(isinstance(side, ast.Constant) and side.value is None for side in (left, right)):
                    sign = "==" if isinstance(operation, ast.Is) else "!="
                    self.problem(right, say("'is' is asked of None only; compare with '{sign}'", sign=sign))
            case ast.In() | ast.NotIn():
                self.touching.plain(self.node.name, right)
            case ast.Eq() | ast.NotEq():
                self.touching.compared(self.node.name, left, right)
            case ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE():
                self.touching.plain(self.node.name, left)
                self.touching.plain(self.node.name, right)

    def value_IfExp(self, node: ast.IfExp) -> None:
        other, end = _Label(), _Label()
        self.question(node.test)
        self.emit(do.JUMP_IF_NOT, other)
        self.value(node.body)
        self.emit(do.JUMP, end)
        self.put(other)
        self.value(node.orelse)
        self.put(end)

    def value_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.check_new_name(node.target, node.target.id)
        self.value(node.value)
        self.emit(do.DUP)
        self.emit(do.STORE, self.slots.index(node.target.id))

    def value_Subscript(self, node: ast.Subscript) -> None:
        self.touching.index(self.node.name, node, reads=True, writes=False)
        self.value(node.value)
        if isinstance(node.slice, ast.Slice):
            for part in (node.slice.lower, node.slice.upper, node.slice.step):
                if part is None:
                    self.emit(do.CONST, None)
                else:
                    self.value(part)
            self.emit(do.SLICE)
        else:
            self.value(node.slice)
            self.emit(do.INDEX)

    def value_Attribute(self, node: ast.Attribute) -> None:
        self.touching.attribute(self.node.name, node, reads=True, writes=False)
        self.value(node.value)
        self.emit(do.ATTRIBUTE, node.attr)

    def value_Call(self, node: ast.Call) -> None:
        for part in (*node.args, *node.keywords):
            if isinstance(part, ast.Starred) or (isinstance(part, ast.keyword) and part.arg is None):
                self.problem(part, say("'*' is not used here; name every argument"))
                return
        match node.func:
            case ast.Attribute() as attribute:
                self.method_call(node, attribute)
            case ast.Name(id=name):
                self.plain_call(node, name)
            case _:
                self.problem(node.func, say("only a name or a method can be called here"))

    def method_call(self, node: ast.Call, attribute: ast.Attribute) -> None:
        function = self.node.name
        self.touching.method(function, node, attribute)
        self.timeouts += [one.value for one in node.keywords if one.arg == "timeout"]
        if attribute.attr in WAITING:
            self.timeouts += node.args[-1:]
        if attribute.attr in LOOPS and node.args + node.keywords:
            self.wait_in_a_loop(node, attribute)
            return
        self.value(attribute.value)
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        reach = self.touching.reach
        if arguments and not reach.exactly(function, attribute.value):
            self.emit(do.LOOK, attribute.attr)
        pickles = self.touching.pickles(function, attribute)
        for argument in arguments:
            if reach.surely(function, attribute.value):
                self.touching.sent(function, argument, pickles and argument is arguments[0])
            self.value(argument)
        names = tuple(keyword.arg for keyword in node.keywords)
        self.emit(do.METHOD, attribute.attr, (len(arguments), names))

    def wait_in_a_loop(self, node: ast.Call, attribute: ast.Attribute) -> None:
        """thing.wait_for(predicate, timeout=None), as synchronize.py has it: Condition.wait_for."""
        self.value(attribute.value)
        self.emit(do.LOOK, attribute.attr)
        thing, found, woken, limit = map(self.own_slot, ("thing", "found", "woken", "timeout"))
        self.emit(do.STORE, thing)
        predicate, timeout = predicates.given(node)
        if timeout is not None:
            self.value(timeout)
            self.emit(do.STORE, limit)
        if (why := predicates.complaint(predicate)) is not None:
            self.problem(*why)
            return
        assert isinstance(predicate, ast.Lambda)
        end, again = _Label(), _Label()
        problems = len(self.notes.problems)
        self.look_whether(predicate.body, found, end)
        if timeout is not None:
            self.emit(do.LOAD, limit)
            self.emit(do.BUILTIN, predicates.time_left, 1)
            self.emit(do.JUMP_IF_NOT, end)
        self.put(again)
        self.emit(do.LOAD, thing)
        if timeout is not None:
            self.emit(do.LOAD, limit)
        self.emit(do.METHOD, "wait", (int(timeout is not None), ()))
        self.emit(do.STORE, woken)
        if problems == len(self.notes.problems):
            with self.once_more():
                self.look_whether(predicate.body, found, end)
        self.emit(do.LOAD, woken)
        self.emit(do.JUMP_IF_NOT, end)
        self.emit(do.JUMP, again)
        self.put(end)
        self.emit(do.LOAD, found)

    def look_whether(self, node: ast.expr, found: int, end: _Label) -> None:
        """Keep what an expression gives; to the end if it is true."""
        self.value(node)
        self.emit(do.STORE, found)
        self.emit(do.LOAD, found)
        self.emit(do.UNARY, UNARY["not"])
        self.emit(do.JUMP_IF_NOT, end)

    def plain_call(self, node: ast.Call, name: str) -> None:
        count = len(node.args)
        if name in self.named:
            self.problem(node, say("{name!r} is a variable here and cannot be called", name=name))
        elif name in self.numbers:
            wanted = self.widths[name]
            if node.keywords:
                self.problem(
                    node.keywords[0], say("{name}() is called without names here: {name}(1, 2)", name=name)
                )
            elif count != wanted:
                self.problem(
                    node,
                    say_many(
                        "{name}() takes {count} argument, not {given}",
                        "{name}() takes {count} arguments, not {given}",
                        wanted,
                        name=name,
                        given=count,
                    ),
                )
            for argument in node.args:
                self.value(argument)
            self.emit(do.CALL, self.numbers[name], count)
        elif name == "wait":
            self.wait_call(node)
        elif name in ("deliver", "work"):
            if node.keywords or count != 1:
                self.problem(
                    node,
                    say(
                        "{name}() takes one thing: {name}({example})",
                        name=name,
                        example="thing" if name == "deliver" else 3,
                    ),
                )
            for argument in node.args:
                if name == "deliver":
                    self.touching.sent(self.node.name, argument)
                self.value(argument)
            if name == "deliver" and self.node.name in self.touching.reach.called:
                self.touching.touches.add(("", "deliver"))
            self.emit(do.DELIVER if name == "deliver" else do.WORK)
        elif name in BUILTINS:
            if node.keywords:
                self.problem(node.keywords[0], say("{name}() takes no named arguments here", name=name))
            for argument in node.args:
                self.plain(argument)
            self.emit(do.BUILTIN, BUILTINS[name], count)
        elif name in BASES:
            self.problem(node, say("{name} is an exception: it stands after raise and except", name=name))
        else:
            self.unknown(node, name, [*ALWAYS_THERE, *self.numbers])

    def wait_call(self, node: ast.Call) -> None:
        """wait(object_list, timeout=None), as in multiprocessing.connection."""
        timeouts = [keyword.value for keyword in node.keywords if keyword.arg == "timeout"] or node.args[1:]
        if (
            not node.args
            or len(node.args) + len(node.keywords) > 2
            or len(timeouts) != len(node.keywords or node.args[1:])
        ):
            self.problem(node, say("wait takes a list of what to wait for: wait([first, second])"))
            return
        self.touching.waited_for(self.node.name, node.args[0])
        self.timeouts += timeouts
        self.value(node.args[0])
        if timeouts:
            self.value(timeouts[0])
        else:
            self.emit(do.CONST, None)
        self.emit(do.WAIT_FOR)


def _is_remark(node: ast.stmt) -> bool:
    """Docstrings, `...` and `pass`: nothing happens, and nothing is counted."""
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant(value=str() | builtins.Ellipsis)):
            return True
        case _:
            return False
