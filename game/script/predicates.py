"""What `wait_for` waits for. A predicate is a def without parameters, a lambda, or a method that needs
nothing said; it is worked out where it stands, as often as the loop around `wait` asks for it."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Any, Final

from game.language import say
from game.script.values import type_name

LOOPS: Final = frozenset(["wait_for"])
"""Methods that are written out as loops (see `Face.loops`)."""


def spell_out(tree: ast.Module, functions: Collection[str]) -> None:
    """Write `wait_for(ready)` and `wait_for(flag.is_set)` as `wait_for(lambda: ready())` would be read."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in LOOPS:
            continue
        node.args[:1] = [_spelt(one, functions) for one in node.args[:1]]
        for keyword in node.keywords:
            if keyword.arg == "predicate":
                keyword.value = _spelt(keyword.value, functions)


def _spelt(node: ast.expr, functions: Collection[str]) -> ast.expr:
    if not (isinstance(node, ast.Attribute) or (isinstance(node, ast.Name) and node.id in functions)):
        return node
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    call = ast.copy_location(ast.Call(func=node, args=[], keywords=[]), node)
    return ast.copy_location(ast.Lambda(args=nothing, body=call), node)


def given(node: ast.Call) -> tuple[ast.expr | None, ast.expr | None]:
    """The predicate and the timeout of a call, None where it has none."""
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    predicate = node.args[0] if node.args else named.get("predicate")
    timeout = node.args[1] if len(node.args) > 1 else named.get("timeout")
    return predicate, timeout


def complaint(predicate: ast.expr | None) -> tuple[ast.AST | None, str] | None:
    """What is wrong with a predicate, and where; None when it can be used."""
    if not isinstance(predicate, ast.Lambda):
        return predicate, say("wait_for takes a def of yours without parameters, or: lambda: tally.value > 0")
    takes = predicate.args
    if [*takes.posonlyargs, *takes.args, *takes.kwonlyargs, *filter(None, (takes.vararg, takes.kwarg))]:
        return predicate, say("wait_for hands its lambda nothing; write: lambda: tally.value > 0")
    for inner in ast.walk(predicate.body):
        if isinstance(inner, ast.NamedExpr):
            return inner, say("':=' does not reach out of a lambda; work it out before the call")
    return None


def time_left(timeout: Any) -> bool:
    """Whether there is time to wait at all. Raises TypeError as `time.monotonic() + timeout` does."""
    if timeout is None:
        return True
    if not isinstance(timeout, int):
        raise TypeError(f"unsupported operand type(s) for +: 'float' and '{type_name(timeout)}'")
    return timeout > 0
