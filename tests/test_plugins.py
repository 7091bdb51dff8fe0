"""Plugins: found, loaded, verified, and switched off whole when they do not fit."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from game import builtin
from game.channels.conformance import check_kind
from game.channels.lock import Lock
from game.goals import Goal, Log
from game.plugins import GROUP, SWITCH, PluginInfo, Unfit, load_registry, verify_goal, verify_kind

SAMPLES = Path(__file__).parent / "plugins"
ROOT = Path(__file__).parent.parent
STAMP = SAMPLES / "draughty-stamp" / "draughty_stamp.py"
BROKEN = SAMPLES / "draughty-broken" / "draughty_broken.py"

SHIPPED_KINDS = {kind.name for kind in builtin.draughty_kinds()}


@pytest.fixture(autouse=True)
def a_clean_interpreter(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Plugins by path join sys.path and sys.modules; here they leave again."""
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        if getattr(sys.modules[name], "hookimpl", None) is not None or name.startswith("plug_"):
            del sys.modules[name]


def a_plugin(folder: Path, text: str, name: str = "plug_one") -> Path:
    path = folder / f"{name}.py"
    path.write_text("from game.plugins import hookimpl\n" + text, encoding="utf-8")
    return path


def the_problem_with(path: Path) -> str:
    registry = load_registry(entry_points=False, paths=[path])
    assert set(registry.kinds) == SHIPPED_KINDS
    assert registry.plugins[-1].adds == ()
    return registry.plugins[-1].problem


def test_what_ships_with_the_game_passes_the_strangers_test():
    registry = load_registry(entry_points=False)
    for kind in registry.kinds.values():
        verify_kind(kind)
    for goal in registry.goals.values():
        verify_goal(goal)
    assert registry.plugins[0].adds[:2] == ("kind queue", "kind simple_queue")
    assert registry.plugins[0].problem == ""


def test_the_registry_pickles():
    registry = load_registry(entry_points=False, paths=[STAMP])
    assert pickle.loads(pickle.dumps(registry)) == registry


def test_a_stranger_adds_its_kind():
    registry = load_registry(entry_points=False, paths=[STAMP])
    assert set(registry.kinds) == SHIPPED_KINDS | {"pigeonhole"}
    assert registry.plugins[1] == PluginInfo("draughty_stamp", "", str(STAMP), ("kind pigeonhole",))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_the_strangers_kind_is_as_real_as_ours(method: str):
    kind = load_registry(entry_points=False, paths=[STAMP]).kinds["pigeonhole"]
    tried = check_kind(kind(), (("", "ada"), ("", "bob"), ("", "cy")), method=method, sequences=2)
    assert tried.blocked and tried.released


def test_a_broken_plugin_is_named_and_nothing_of_it_stays():
    registry = load_registry(entry_points=False, paths=[BROKEN, STAMP])
    assert set(registry.kinds) == SHIPPED_KINDS | {"pigeonhole"}
    assert [info.problem for info in registry.plugins] == [
        "",
        "the kind 'cracked_bell': step() is called with (self, state, clerk, operation, argument) and does "
        "not take that: too many positional arguments",
        "",
    ]


def test_the_switch_keeps_strangers_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(SWITCH, "0")
    assert len(load_registry(paths=[STAMP]).plugins) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(2)\n", "SystemExit: 2"),
        ("def def\n", "SyntaxError: invalid syntax (plug_one.py, line 2)"),
        (
            "def draughty_kinds(): return []\n",
            "it offers nothing: its hooks must be marked with @hookimpl from game.plugins",
        ),
        (
            "@hookimpl\ndef draughty_kinds(): return [1 / 0]\n",
            "draughty_kinds() failed with ZeroDivisionError: division by zero",
        ),
        ("@hookimpl\ndef draughty_kinds(): return 3\n", "draughty_kinds() must return a list, not 3"),
        (
            "@hookimpl\ndef draughty_kinds(): return [int]\n",
            "<class 'int'> is not a subclass of game.channels.kind.Kind",
        ),
        (
            "from game.channels.lock import Lock\n@hookimpl\ndef draughty_kinds(): return [Lock]\n",
            "a kind called 'lock' is already there",
        ),
        (
            "from game.channels.desk import Desk\n@hookimpl\ndef draughty_kinds(): return [Desk]\n",
            "a kind called 'desk' is already there",
        ),
        (
            "from game.goals import Log\n@hookimpl\ndef draughty_goals(): return [Log]\n",
            "a goal called 'log' is already there",
        ),
        (
            "from pathlib import Path\n@hookimpl\ndef draughty_level_packs(): return [Path('nowhere')]\n",
            "nowhere is no level pack: a pack is a folder that holds a pack.yaml",
        ),
    ],
)
def test_every_way_to_be_broken_is_told_apart(tmp_path: Path, text: str, reason: str):
    assert the_problem_with(a_plugin(tmp_path, text)) == reason


def test_hooks_that_do_not_exist_or_take_too_much_are_named(tmp_path: Path):
    unknown = a_plugin(tmp_path, "@hookimpl\ndef draughty_kind(): return []\n")
    assert "draughty_kind'" in the_problem_with(unknown)
    del sys.modules["plug_one"]
    greedy = a_plugin(tmp_path, "@hookimpl\ndef draughty_kinds(office): return []\n", "plug_two")
    assert "office" in the_problem_with(greedy)


def test_a_path_must_lead_to_a_module(tmp_path: Path):
    assert the_problem_with(tmp_path / "gone.py") == f"there is no file {tmp_path / 'gone.py'}"
    assert "neither a Python file nor a package folder" in the_problem_with(tmp_path)
    path = a_plugin(tmp_path, "", "my-plugin")
    assert "cannot be imported" in the_problem_with(path)
    path = a_plugin(tmp_path, "", "json")
    assert "another module is already called 'json'" in the_problem_with(path)


def test_a_package_folder_is_a_plugin_too(tmp_path: Path):
    package = tmp_path / "plug_package"
    package.mkdir()
    (package / "__init__.py").write_text(STAMP.read_text(encoding="utf-8"), encoding="utf-8")
    assert "pigeonhole" in load_registry(entry_points=False, paths=[package]).kinds


def test_of_two_that_want_one_name_the_first_has_it(tmp_path: Path):
    first = tmp_path / "plug_a.py"
    second = tmp_path / "plug_b.py"
    for path in (first, second):
        path.write_text(STAMP.read_text(encoding="utf-8"), encoding="utf-8")
    infos = load_registry(entry_points=False, paths=[second, first]).plugins
    assert [(info.name, info.problem) for info in infos[1:]] == [
        ("plug_a", ""),
        ("plug_b", "a kind called 'pigeonhole' is already there"),
    ]


def test_a_level_pack_is_a_folder_with_a_pack_file(tmp_path: Path):
    pack = tmp_path / "night_shift"
    pack.mkdir()
    (pack / "pack.yaml").write_text("title: Night shift\n", encoding="utf-8")
    text = f"from pathlib import Path\n@hookimpl\ndef draughty_level_packs(): return [Path({str(pack)!r})]\n"
    registry = load_registry(entry_points=False, paths=[a_plugin(tmp_path, text)])
    assert registry.packs[-1] == pack
    assert registry.plugins[-1].adds == ("levels night_shift",)


# -- verifying kinds and goals, one mistake each --


@dataclass(frozen=True)
class NeedsOption(Lock):
    size: int  # type: ignore[misc]
    name: ClassVar[str] = "needs_option"


@dataclass
class Thawed(Goal):
    name: ClassVar[str] = "thawed"


class Anonymous(Lock):
    name: ClassVar[str] = "not a word"


@dataclass(frozen=True)
class Fickle(Lock):
    name: ClassVar[str] = "fickle"

    def start(self, holders: object) -> object:  # type: ignore[override]
        return object()


@dataclass(frozen=True)
class Listed(Lock):
    name: ClassVar[str] = "listed"

    def start(self, holders: object) -> list[int]:  # type: ignore[override]
        return []


@dataclass(frozen=True)
class Porters(Lock):
    name: ClassVar[str] = "porters"

    def porters(self, state: object) -> tuple[str, ...]:
        return ("ada",)


@dataclass(frozen=True)
class Blind(Lock):
    name: ClassVar[str] = "blind"

    def show(self, state: object) -> None:  # type: ignore[override]
        return None


@dataclass(frozen=True)
class Watcher(Log):
    name: ClassVar[str] = "watcher"
    watches: ClassVar[bool] = True


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (NeedsOption, "the option 'size' needs a default"),
        (Anonymous, "the kind Anonymous is called 'not a word'; write letters, digits and _"),
        (Fickle, "equal states must be equal"),
        (Listed, "the kind 'listed' cannot start: TypeError: unhashable type: 'list'"),
        (Porters, "has porters but no carry"),
        (Blind, "show() must return a Picture, not None"),
    ],
)
def test_kinds_are_verified(kind: type, reason: str):
    with pytest.raises(Unfit) as found:
        verify_kind(kind)
    assert reason in str(found.value)


def test_a_kind_inside_a_function_cannot_reach_a_child():
    @dataclass(frozen=True)
    class Hidden(Lock):
        name: ClassVar[str] = "hidden"

    with pytest.raises(Unfit, match="so it cannot pickle"):
        verify_kind(Hidden)


@pytest.mark.parametrize(
    ("goal", "reason"),
    [
        (Thawed, "the goal 'thawed' must be a frozen dataclass"),
        (Watcher, "the goal 'watcher' watches every moment but has no always()"),
    ],
)
def test_goals_are_verified(goal: type, reason: str):
    with pytest.raises(Unfit) as found:
        verify_goal(goal)
    assert str(found.value) == reason


# -- entry points, as really installed --

LIST_PLUGINS = """
import json
from game.plugins import load_registry
registry = load_registry()
infos = [[i.name, i.version, i.source, i.adds, i.problem] for i in registry.plugins]
print(json.dumps([sorted(registry.kinds), infos]))
"""


def test_installed_plugins_come_in_by_their_entry_points(tmp_path: Path):
    packages = [str(SAMPLES / "draughty-stamp"), str(SAMPLES / "draughty-broken")]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    pip += ["--no-index", "--disable-pip-version-check", "--target", str(tmp_path)]
    subprocess.run([*pip, *packages], check=True, timeout=60, capture_output=True)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])}
    listed = subprocess.run(
        [sys.executable, "-c", LIST_PLUGINS], env=environment, check=True, timeout=60, capture_output=True
    )
    kinds, plugins = json.loads(listed.stdout)
    assert set(kinds) == SHIPPED_KINDS | {"pigeonhole"}
    strangers = {
        name: rest for name, *rest in plugins if name.startswith("draughty-") and name != "draughty-post"
    }
    assert strangers["draughty-stamp"] == [
        "0.3.1",
        "entry point stamp = draughty_stamp",
        ["kind pigeonhole"],
        "",
    ]
    version, source, adds, problem = strangers["draughty-broken"]
    assert (version, source, adds) == ("0.0.1", "entry point broken = draughty_broken", [])
    assert problem.startswith("the kind 'cracked_bell': step()")


def test_the_entry_point_group_is_the_documented_one():
    assert GROUP == "draughty.plugins"


def test_importing_the_shipped_kinds_stays_cheap():
    """A child process pays for it: nothing but the standard library and pluggy."""
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, game.builtin; print(*{name.split('.')[0] for name in sys.modules})",
        ],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    installed = {name for name in importlib.metadata.packages_distributions() if not name.startswith("_")}
    assert set(seen) & installed <= {"game", "pluggy"}
