"""The catalogues of the game's sentences: what is to be translated, found; what has been, kept and compiled.

    python -m game.authoring.catalogue          extract, update every language, compile
    python -m game.authoring.catalogue pt       the same, with a new language

Sentences are found in the code by the names `say` and `say_many`, in kinds and goals as their `help`, and in
level packs by what a player reads there. Babel does the finding and the writing, so this needs the extra
`dev`; the game itself does not.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from game.catalogues import DOMAIN, languages, languages_folder
from game.places import shipped_packs

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

GAME: Final = Path(__file__).resolve().parents[1]
TEXTS: Final = ("title", "story", "objective", "after")
"""What a player reads in a level, besides its hints and the names of its cases and clerks' titles."""


DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)
HEADER: Final = (
    "# The Draughty Post Office, in another language. Brought up to date by game.authoring.catalogue."
)


class Found(NamedTuple):
    """A sentence, or a pair of one and many, and where it stands."""

    message: str | tuple[str, str]
    file: str
    line: int


def in_code(path: Path) -> Iterator[Found]:
    """The templates given to `say` and `say_many` in a module."""
    name = path.relative_to(GAME.parent).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("game.language", "game.channels.kind")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = _called(node.func, names)
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and type(arg.value) is str]
        if called in ("say", "Wait") and texts and texts[0]:
            yield Found(texts[0], name, node.lineno)
        elif called == "say_many" and len(texts) > 1:
            yield Found((texts[0], texts[1]), name, node.lineno)


def in_kind(path: Path) -> Iterator[Found]:
    """What a kind says of itself, its settings and its operations, or a goal of itself: all that it calls
    its `help`, and where that is a name, what the module sets it to."""
    name = path.relative_to(GAME.parent).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        node.target.id: node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    for node in ast.walk(tree):
        for said in _helps(node):
            value = constants.get(said.id) if isinstance(said, ast.Name) else said
            if isinstance(value, ast.Constant) and type(value.value) is str:
                yield Found(value.value, name, value.lineno)


def _helps(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.keyword(arg="help", value=value):
            yield value
        case ast.AnnAssign(target=ast.Name("help"), value=ast.expr() as value):
            yield value
        case ast.Dict(keys, values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "help":
                    yield value


def _called(function: ast.expr, names: dict[str, str]) -> str:
    """What a call is of: a name of `game.language`, imported or as `language.say`; else ""."""
    match function:
        case ast.Name(id):
            return names.get(id, "")
        case ast.Attribute(ast.Name("language"), attr):
            return attr
    return ""


def in_pack(folder: Path) -> Iterator[Found]:
    """What a player reads in a pack: the names of its chapters, and its levels' texts."""
    import yaml

    pack = yaml.safe_load((folder / "pack.yaml").read_bytes())
    for path, data in (
        (folder / "pack.yaml", pack),
        *((path, yaml.safe_load(path.read_bytes())) for path in sorted(folder.glob("[0-9]*.yaml"))),
    ):
        for text in _read_in(data):
            yield Found(text, f"{folder.parent.name}/{folder.name}/{path.name}", 0)


def _read_in(data: dict[str, Any]) -> Iterator[str]:
    for key in TEXTS:
        yield data.get(key) or ""
    yield from data.get("hints") or ()
    yield from data.get("teaches") or ()
    for callout in data.get("guide") or ():
        yield callout.get("say") or ""
    for chapter in data.get("chapters") or ():
        yield from (chapter.get(key) or "" for key in TEXTS)
    for case in data.get("cases") or ():
        yield case.get("name") or ""
    for slot in (data.get("slots") or {}).values():
        yield slot.get("label") or ""


def sentences() -> list[Found]:
    """Everything there is to translate, in the order in which it stands in the files."""
    found = [one for path in sorted(GAME.rglob("*.py")) for one in in_code(path)]
    speakers = [*sorted((GAME / "channels").glob("*.py")), GAME / "goals.py"]
    found += [one for path in speakers for one in in_kind(path)]
    found += [one for folder in shipped_packs() for one in in_pack(folder)]
    return [one for one in found if one.message]


def template() -> Catalog:
    """All sentences as a catalogue without translations. Lines and dates would change every day: no lines,
    and always the same date."""
    from babel.messages.catalog import Catalog

    made = Catalog(creation_date=DATE, revision_date=DATE)
    for one in sentences():
        made.add(one.message, locations=[(one.file, 0)], flags=())
    return made


def po_path(code: str) -> Path:
    return languages_folder() / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_po(path: Path, code: str) -> Catalog:
    from babel.messages.pofile import read_po as read

    with open(path, "rb") as file:
        return read(file, locale=code)


def update(code: str) -> Catalog:
    """A language's catalogue with what is new (untranslated) and without what is gone."""
    from babel.messages.catalog import Catalog

    path = po_path(code)
    kept = read_po(path, code) if path.exists() else Catalog(locale=code)
    kept.update(template(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    kept.project, kept.version, kept.header_comment, kept.fuzzy = "draughty-post", "1", HEADER, False
    kept.revision_date = DATE
    kept.last_translator = kept.msgid_bugs_address = kept.language_team = ""
    return kept


def write_po(path: Path, kept: Catalog) -> None:
    from babel.messages.pofile import write_po as write

    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        write(file, kept, width=100, include_lineno=False, sort_by_file=True, omit_header=False)


def compiled(kept: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    import io

    from babel.messages.mofile import write_mo

    file = io.BytesIO()
    write_mo(file, kept)
    return file.getvalue()


def main(codes: Sequence[str]) -> int:
    """Bring every catalogue up to date; the exit code is 1 while something is not translated."""
    missing = 0
    for code in sorted({*languages()[1:], *codes}):
        kept = update(code)
        write_po(po_path(code), kept)
        po_path(code).with_suffix(".mo").write_bytes(compiled(kept))
        open_ones = [one for one in kept if one.id and not _done(one.string)]
        missing += len(open_ones)
        sys.stdout.write(f"{code}: {len(kept)} sentences, {len(open_ones)} not translated\n")
    return min(1, missing)


def _done(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
