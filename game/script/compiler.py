"""A script in, a Program out, or every problem in it.

Scripts are real Python, read with `ast` and let through construct by construct. Whatever is not known here
is refused with its place, a sentence, and what to write instead; Python itself is never handed any of it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from game.language import listed, say
from game.problems import Place, ProblemsFound, near_miss
from game.request import Face, Handle
from game.script.body import Body, TooMuchCode
from game.script.errors import BASES
from game.script.instructions import Code, Program
from game.script.predicates import spell_out
from game.script.reach import Reach
from game.script.reading import Notes, finish, read
from game.script.refusals import REFUSED
from game.script.touching import Touching


def compile_script(
    text: str,
    *,
    entry: str,
    parameters: Mapping[str, frozenset[Handle]],
    faces: Mapping[Handle, Face],
    place: Place,
) -> Program:
    """Compile the script whose entry is the def named `entry`.

    parameters  for each parameter of the entry, every handle any clerk that runs this script is given
                for it (none for a plain value)
    faces       of every handle there is, those behind others (`tally.get_lock()`) too
    place       where the script's first character stands in its file

    Raises ProblemsFound with everything wrong; no text makes it raise anything else.
    """
    notes = Notes(text, entry, place)
    tree = read(text, notes)
    functions = _functions(tree, notes)
    spell_out(tree, functions)
    if entry not in functions:
        hint = near_miss(entry, functions)
        wanted = f"def {entry}({', '.join(parameters)})"
        notes.on(
            1, 1, say("this script needs a {wanted}: there the clerk begins{hint}", wanted=wanted, hint=hint)
        )
        notes.raise_any()
    _check_parameters(functions[entry], parameters, notes)
    _check_cycles(functions, notes)

    reach = Reach(functions, entry, parameters, faces)
    touching = Touching(reach, notes)
    ordered = [entry, *(name for name in functions if name != entry)]
    numbers = {name: number for number, name in enumerate(ordered)}
    widths = {name: len(node.args.args) for name, node in functions.items()}
    compiled, statements = [], 0
    for name in ordered:
        body = Body(functions[name], numbers, widths, notes, touching)
        try:
            compiled.append(body.write())
        except TooMuchCode:
            notes.at(functions[name], say("{name} is too much for one def; take it apart", name=name))
        statements += body.statements
    notes.raise_any()
    finish(tree, notes)

    within_reach = sorted({handle for _, handle in reach.everything})
    known = tuple((handle, faces[handle]) for handle in within_reach)
    code = Code(tuple(compiled), known)
    return Program(
        name=entry,
        parameters=tuple(argument.arg for argument in functions[entry].args.args),
        code=code,
        faces=known,
        statements=statements,
        touches=frozenset(touching.touches | (touching.posts if code.changes_lists else set())),
    )


def _functions(tree: ast.Module, notes: Notes) -> dict[str, ast.FunctionDef]:
    """The defs of a script, each with plain parameters."""
    functions: dict[str, ast.FunctionDef] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name):
                if name in functions:
                    notes.at(node, say("there are two defs named {name!r}; give one another name", name=name))
                elif name in BASES or name.startswith("__"):
                    notes.at(
                        node, say("a def cannot be named {name!r} here; give it another name", name=name)
                    )
                functions[name] = node
                _check_head(node, notes)
            case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
                pass
            case _:
                said = REFUSED.get(type(node).__name__)
                notes.at(node, said or say("only defs stand at the top of a script; move this into one"))
    return functions


def _check_head(node: ast.FunctionDef, notes: Notes) -> None:
    head = node.args
    odd = [*head.posonlyargs, *head.kwonlyargs, head.vararg, head.kwarg, *head.defaults, *head.kw_defaults]
    for one in odd:
        if one is not None:
            notes.at(one, say("a def takes plain parameters here: no defaults, no '*' and no '/'"))
            break
    for decorator in node.decorator_list:
        notes.at(decorator, say("decorators are not used here"))
    for annotation in (node.returns, *(argument.annotation for argument in head.args)):
        if annotation is not None:
            notes.at(annotation, say("annotations are not used here"))
    if getattr(node, "type_params", None):
        notes.at(node, say("annotations are not used here"))


def _check_parameters(
    node: ast.FunctionDef, parameters: Mapping[str, frozenset[Handle]], notes: Notes
) -> None:
    """The entry's parameters are what the clerks are handed: all of it, in any order."""
    named = [argument.arg for argument in node.args.args]
    missing = [name for name in parameters if name not in named]
    extra = [name for name in named if name not in parameters]
    if not missing and not extra:
        return
    said: list[str] = [
        say("nobody hands it {name!r}{hint}", name=name, hint=near_miss(name, missing)) for name in extra
    ]
    said += [
        say("it is handed {name!r} too", name=name)
        for name in missing
        if not extra or len(missing) > len(extra)
    ]
    told = said[0]
    for more in said[1:]:
        told = say("{these}, and {more}", these=told, more=more)
    head = ", ".join(parameters)
    notes.at(node, say("write def {name}({parameters}): {said}", name=node.name, parameters=head, said=told))


def _check_cycles(functions: Mapping[str, ast.FunctionDef], notes: Notes) -> None:
    """No def may call itself, by whatever way round: a task must stay small."""
    calls = {
        name: list(
            dict.fromkeys(
                inner.func.id
                for inner in ast.walk(node)
                if isinstance(inner, ast.Call)
                and isinstance(inner.func, ast.Name)
                and inner.func.id in functions
            )
        )
        for name, node in functions.items()
    }
    for name, node in functions.items():
        seen: set[str] = set()
        todo = [(other, [other]) for other in calls[name]]
        while todo:
            other, way = todo.pop(0)
            if other == name:
                if len(way) == 1:
                    said = say("{name} calls itself; use a loop instead", name=name)
                else:
                    said = say(
                        "{name} calls itself through {way}; use a loop instead",
                        name=name,
                        way=listed(way[:-1]),
                    )
                notes.at(node, said)
                break
            if other not in seen:
                seen.add(other)
                todo += [(next_one, [*way, next_one]) for next_one in calls[other]]


__all__ = ["ProblemsFound", "compile_script"]
