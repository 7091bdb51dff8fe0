"""What the game can be extended with, and the door it comes in by: find, load, verify, use.

Shipped kinds, goals and levels come in through the same hooks as a stranger's package. A stranger that
does not fit is named with the reason and switched off as a whole; the game goes on without it.

A plugin is a module (an entry point of the group `draughty.plugins`, or a file or package folder given
by path) with some of the functions of `Hooks`, each marked `@hookimpl`:

    from game.plugins import hookimpl

    @hookimpl
    def draughty_kinds():
        return [StampPad]
"""

from __future__ import annotations

import importlib
import inspect
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pluggy

from game import goals
from game.channels.kind import Kind, Picture
from game.request import DESK, Face, Operation

GROUP: Final = "draughty.plugins"
SWITCH: Final = "DRAUGHTY_PLUGINS"
"""The environment variable that, set to 0, keeps every stranger out."""

PROJECT: Final = "draughty"
hookspec: Final = pluggy.HookspecMarker(PROJECT)
hookimpl: Final = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """Everything a plugin may offer. Each hook is called once, when the game starts."""

    @hookspec
    def draughty_kinds(self) -> list[type[Kind]]:  # type: ignore[empty-body]
        """Channel kinds: subclasses of `game.channels.kind.Kind`."""

    @hookspec
    def draughty_goals(self) -> list[type[goals.Goal]]:  # type: ignore[empty-body]
        """Goals: subclasses of `game.goals.Goal`."""

    @hookspec
    def draughty_level_packs(self) -> list[Path]:  # type: ignore[empty-body]
        """Level packs: folders that hold a pack.yaml."""


@dataclass(frozen=True)
class PluginInfo:
    """One plugin that was found. `adds` are lines such as "kind stamp_pad"; `problem` says why it is
    switched off, or is empty."""

    name: str
    version: str
    source: str
    adds: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Registry:
    """Everything that verified, by the word used in level files. It pickles, by reference to the
    plugins' modules, so that spawned processes can have it."""

    kinds: Mapping[str, type[Kind]]
    goals: Mapping[str, type[goals.Goal]]
    plugins: tuple[PluginInfo, ...] = ()
    packs: tuple[Path, ...] = ()


class Unfit(Exception):
    """Why a plugin cannot be used, in one sentence."""


@dataclass(frozen=True)
class _Found:
    name: str
    version: str
    source: str
    load: Callable[[], object]


@dataclass(frozen=True)
class _Offer:
    kinds: tuple[type[Kind], ...]
    goals: tuple[type[goals.Goal], ...]
    packs: tuple[Path, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return (
            *(f"kind {kind.name}" for kind in self.kinds),
            *(f"goal {goal.name}" for goal in self.goals),
            *(f"levels {pack.name}" for pack in self.packs),
        )


def load_registry(*, entry_points: bool = True, paths: Sequence[Path] = ()) -> Registry:
    """What ships with the game and, unless DRAUGHTY_PLUGINS=0, every stranger that verifies.

    Strangers come after the shipped ones, entry points before paths, each in the order of their names;
    of two that want the same word the first has it.
    """
    from game import builtin  # here: builtin comes in by this module's hooks

    shipped = _take(builtin)
    kinds = {kind.name: kind for kind in shipped.kinds}
    goals_by_name = {goal.name: goal for goal in shipped.goals}
    packs = list(shipped.packs)
    infos = [PluginInfo("draughty-post", _own_version(), "ships with the game", shipped.lines)]

    for found in _strangers(entry_points, paths):
        try:
            offer = _take(found.load())
            _verify(offer, kinds, goals_by_name, packs)
        # SystemExit: a module that is really a script must not take the game down with it.
        except (Exception, SystemExit) as error:
            reason = str(error) if isinstance(error, Unfit) else f"{type(error).__name__}: {error}"
            infos.append(PluginInfo(found.name, found.version, found.source, problem=reason))
            continue
        kinds |= {kind.name: kind for kind in offer.kinds}
        goals_by_name |= {goal.name: goal for goal in offer.goals}
        packs += offer.packs
        infos.append(PluginInfo(found.name, found.version, found.source, offer.lines))
    return Registry(kinds, goals_by_name, tuple(infos), tuple(packs))


# -- find --


def _strangers(entry_points: bool, paths: Sequence[Path]) -> Iterator[_Found]:
    if os.environ.get(SWITCH) == "0":
        return
    if entry_points:
        import importlib.metadata  # here: every child process imports this module, and it is slow

        points = importlib.metadata.entry_points(group=GROUP)
        for point in sorted(points, key=lambda point: (point.dist.name if point.dist else "", point.name)):
            yield _Found(
                point.dist.name if point.dist else point.name,
                point.dist.version if point.dist else "",
                f"entry point {point.name} = {point.value}",
                point.load,
            )
    for path in sorted(paths):
        yield _Found(path.stem, "", str(path), lambda path=path: _import_path(path))  # type: ignore[misc]


def _import_path(path: Path) -> ModuleType:
    """The module in this file or package folder, imported by its plain name from a folder that joins
    `sys.path`: spawned processes inherit that path and find the module again."""
    path = path.resolve()
    if path.suffix != ".py" and not (path / "__init__.py").is_file():
        raise Unfit(f"{path} is neither a Python file nor a package folder")
    if not path.exists():
        raise Unfit(f"there is no file {path}")
    if not path.stem.isidentifier():
        raise Unfit(f"{path.stem!r} cannot be imported: a module's name is letters, digits and _")
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    module = importlib.import_module(path.stem)
    origin = path if path.suffix == ".py" else path / "__init__.py"
    if module.__file__ is None or Path(module.__file__).resolve() != origin:
        raise Unfit(f"another module is already called {path.stem!r}; rename this one")
    return module


def _own_version() -> str:
    import importlib.metadata

    try:
        return importlib.metadata.version("draughty-post")
    except importlib.metadata.PackageNotFoundError:
        return ""


# -- load --


def _take(plugin: object) -> _Offer:
    """Everything one plugin offers. In a manager of its own, so that no plugin's mistake is another's."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    try:
        manager.register(plugin, name="plugin")
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        # pluggy says the plugin's own name first, on a line of its own, which says nothing here.
        reason = " ".join(line.strip() for line in str(error).splitlines())
        raise Unfit(f"a hook does not fit: {reason.replace(repr('plugin'), 'it')}") from error
    if not manager.get_hookcallers(plugin):
        raise Unfit("it offers nothing: its hooks must be marked with @hookimpl from game.plugins")
    return _Offer(
        tuple(_answer(manager, "draughty_kinds")),
        tuple(_answer(manager, "draughty_goals")),
        tuple(_answer(manager, "draughty_level_packs")),
    )


def _answer(manager: pluggy.PluginManager, hook: str) -> list[Any]:
    try:
        answers = getattr(manager.hook, hook)()
    except Exception as error:
        raise Unfit(f"{hook}() failed with {type(error).__name__}: {error}") from error
    things: list[Any] = []
    for answer in answers:
        if not isinstance(answer, list | tuple):
            raise Unfit(f"{hook}() must return a list, not {answer!r}")
        things += answer
    return things


# -- verify --


def _verify(
    offer: _Offer,
    kinds: Mapping[str, type[Kind]],
    goals_by_name: Mapping[str, type[goals.Goal]],
    packs: Sequence[Path],
) -> None:
    seen_kinds, seen_goals = {*kinds, DESK}, set(goals_by_name)
    for kind in offer.kinds:
        verify_kind(kind)
        _free("kind", kind.name, seen_kinds)
    for goal in offer.goals:
        verify_goal(goal)
        _free("goal", goal.name, seen_goals)
    for pack in offer.packs:
        if not isinstance(pack, Path) or not (pack / "pack.yaml").is_file():
            raise Unfit(f"{pack} is no level pack: a pack is a folder that holds a pack.yaml")
        if pack.name in {known.name for known in packs}:
            raise Unfit(f"a level pack called {pack.name!r} is already there")


def _free(what: str, name: str, seen: set[str]) -> None:
    if name in seen:
        raise Unfit(f"a {what} called {name!r} is already there")
    seen.add(name)


def verify_kind(kind: object) -> None:
    """Raises Unfit when the game could not use this channel kind, in the game or in a child process."""
    what = _verify_class("kind", kind, Kind, ("start", "step", "open", "perform"))
    assert isinstance(kind, type) and issubclass(kind, Kind)
    if kind.porters is not Kind.porters and kind.carry is Kind.carry:
        raise Unfit(f"{what} has porters but no carry()")
    options = _verify_options(what, kind)
    try:
        copy = pickle.loads(pickle.dumps(options))
    except Exception as error:
        raise Unfit(f"{what} does not survive pickling, and children are sent it: {error}") from error
    if copy != options or type(copy) is not kind:
        raise Unfit(f"{what} comes back different from pickling")
    faces = options.open_faces()
    if not faces:
        raise Unfit(f"{what} has no faces: scripts could not touch it")
    for face_name in [*kind.faces, *faces]:
        if face_name and not face_name.isidentifier():
            raise Unfit(f"{what} has a face {face_name!r}; write letters, digits and _")
    _verify_faces(what, kind.faces)
    _verify_faces(what, faces)
    try:
        for holders in ((), tuple((face, "ada") for face in faces)):
            state = options.start(holders)
            hash(state)
            picture, rest = options.show(state), options.rest(state)
            options.porters(state), options.leave(state, "ada"), options.reading(state)
            again = pickle.loads(pickle.dumps(state))
            if again != state or options.start(holders) != state:
                raise Unfit(f"{what}: equal states must be equal, before and after pickling, not {state!r}")
    except Unfit:
        raise
    except Exception as error:
        raise Unfit(f"{what} cannot start: {type(error).__name__}: {error}") from error
    if not isinstance(picture, Picture):
        raise Unfit(f"{what}: show() must return a Picture, not {picture!r}")
    if not isinstance(rest, tuple):
        raise Unfit(f"{what}: rest() must return a tuple, not {rest!r}")


def verify_goal(goal: object) -> None:
    """Raises Unfit when levels could not use this goal."""
    what = _verify_class("goal", goal, goals.Goal, ("read", "words"))
    assert isinstance(goal, type) and issubclass(goal, goals.Goal)
    if goal.watches and goal.always is goals.Goal.always:
        raise Unfit(f"{what} watches every moment but has no always()")
    if not isinstance(goal.schema, Mapping):
        raise Unfit(f"{what}: schema must be a mapping, not {goal.schema!r}")


def _verify_class(what: str, found: object, base: type, required: tuple[str, ...]) -> str:
    """Checks what kinds and goals have in common and returns how to call this one in a message."""
    if not (isinstance(found, type) and issubclass(found, base)) or found is base:
        raise Unfit(f"{found!r} is not a subclass of {base.__module__}.{base.__qualname__}")
    name = getattr(found, "name", "")
    if not isinstance(name, str) or not name.isidentifier():
        raise Unfit(f"the {what} {found.__qualname__} is called {name!r}; write letters, digits and _")
    label = f"the {what} {name!r}"
    if not is_dataclass(found) or not found.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise Unfit(f"{label} must be a frozen dataclass")
    if found.__module__ == "__main__":
        raise Unfit(f"{label} lives in __main__, where child processes cannot find it")
    home: Any = sys.modules.get(found.__module__)
    for part in found.__qualname__.split("."):
        home = getattr(home, part, None)
    if home is not found:
        raise Unfit(f"{label} is not found as {found.__module__}.{found.__qualname__}, so it cannot pickle")
    for method in required:
        if getattr(found, method) == getattr(base, method) or _same(found, base, method):
            raise Unfit(f"{label} has no {method}() of its own")
    for method, wanted in vars(base).items():
        if not method.startswith("_") and callable(getattr(base, method)):
            _verify_signature(label, found, base, method, wanted)
    return label


def _same(found: type, base: type, method: str) -> bool:
    """Class methods are bound anew at each look, so compare what they are bound from."""
    ours, theirs = getattr(found, method), getattr(base, method)
    return getattr(ours, "__func__", ours) is getattr(theirs, "__func__", theirs)


def _verify_signature(label: str, found: type, base: type, method: str, wanted: object) -> None:
    ours = inspect.getattr_static(found, method)
    if isinstance(ours, classmethod) is not isinstance(wanted, classmethod):
        raise Unfit(
            f"{label}: {method}() must be a {'class' if isinstance(wanted, classmethod) else 'plain'} method"
        )
    asked = inspect.signature(getattr(base, method))
    try:
        signature = inspect.signature(getattr(found, method))
        signature.bind(*asked.parameters)
    except (TypeError, ValueError) as error:
        names = ", ".join(asked.parameters)
        raise Unfit(
            f"{label}: {method}() is called with ({names}) and does not take that: {error}"
        ) from error


def _verify_options(what: str, kind: type[Kind]) -> Kind:
    for option in fields(kind):  # type: ignore[arg-type]
        if option.default is MISSING and option.default_factory is MISSING:
            raise Unfit(f"{what}: the option {option.name!r} needs a default")
        if option.name == "kind":
            raise Unfit(f"{what}: no option can be called 'kind', which says what the channel is")
    try:
        options = kind()
        hash(options)
    except Exception as error:
        raise Unfit(f"{what} cannot be made with its defaults: {type(error).__name__}: {error}") from error
    return options


def _verify_faces(what: str, faces: object) -> None:
    if not isinstance(faces, Mapping):
        raise Unfit(f"{what}: faces must be a mapping from names to Face")
    sizes: dict[str, int] = {}
    for face_name, face in faces.items():
        where = f"{what}, face {face_name!r}"
        if not isinstance(face_name, str) or not isinstance(face, Face):
            raise Unfit(f"{where}: faces must be a mapping from names to Face")
        names = face.names()
        for name in names:
            if not name.isidentifier() or name.startswith("_"):
                raise Unfit(f"{where}: a script cannot write {name!r} after a dot")
        if len(set(names)) < len(names):
            raise Unfit(f"{where}: a name is there twice in {', '.join(names)}")
        for name, operation in face.methods:
            if not isinstance(operation, Operation) or not operation.name:
                raise Unfit(f"{where}: {name} must be an Operation with a name, not {operation!r}")
            if len(operation.defaults) > len(operation.parameters):
                raise Unfit(f"{where}: {name}() has more defaults than parameters")
            size = len(operation.parameters) + len(operation.fixed)
            if sizes.setdefault(operation.name, size) != size:
                raise Unfit(
                    f"{where}: the operation {operation.name!r} is asked with different numbers of arguments"
                )
        known = {operation.name for _, operation in face.methods}
        for entering_or_leaving in face.context or ():
            if entering_or_leaving not in known:
                raise Unfit(
                    f"{where}: `with` uses {entering_or_leaving!r}, which is no operation of this face"
                )
        for name, view in face.views:
            if view not in faces:
                raise Unfit(f"{where}: {name}() shows the face {view!r}, which is not there")
