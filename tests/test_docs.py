"""What the documents say exists, exists; what they show, happens."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from game.campaign import read_campaign
from game.classroom.challenge import read_challenge
from game.classroom.grade import NEEDS_A_LOOK, WORDS
from game.cli.main import COMMANDS, draughty, main
from game.goals import FAILURES
from game.level.document import LevelDocument
from game.level.reader import read_answer_text, read_level
from game.places import shipped_packs
from game.plugins import Hooks, load_registry

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("assets/*.md")])
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "game").rglob("*.py"))
REGISTRY = load_registry(entry_points=False)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str = "") -> list[str]:
    return [body for kind, body in re.findall(r"(?ms)^ *```(\w*)\n(.*?)^ *```", text) if kind == language]


def table(text: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, cells without their backticks."""
    below = text.split(heading, 1)[1]
    rows = re.search(r"(?m)(^\|.*\n)+", below)
    assert rows, heading
    cells = [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows[0].splitlines()]
    return cells[2:]


@pytest.mark.parametrize("page", PAGES, ids=[path.name for path in PAGES])
def test_links_lead_somewhere(page: Path):
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    gone = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=[path.name for path in PAGES])
def test_files_and_modules_that_are_named_are_there(page: Path):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:game|tests|levels|docs|assets|benchmarks)/[\w./-]+)`", text)
    gone = [name for name in named if not (ROOT / name).exists()]
    modules = re.findall(r"`game\.([\w.]+)`", text)
    gone += [
        name
        for name in modules
        if not any(
            path.exists()
            for stem in (name, name.rpartition(".")[0])
            if stem
            for path in (
                ROOT / "game" / stem.replace(".", "/"),
                ROOT / "game" / f"{stem.replace('.', '/')}.py",
            )
        )
    ]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=[path.name for path in PAGES])
def test_names_from_the_code_are_in_the_code(page: Path):
    prose = re.sub(r"(?ms)^ *```.*?^ *```", "", page.read_text(encoding="utf-8"))
    words = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)*|[a-z]+_[a-z_]+|draughty_\w+)(?:\(.*?\))?`", prose))
    assert sorted(word for word in words if not re.search(rf"\b{word}\b", SOURCE)) == []


@pytest.mark.parametrize("page", PAGES, ids=[path.name for path in PAGES])
def test_commands_and_options_that_are_shown_exist(page: Path):
    lines = re.findall(
        r"(?m)^ *(?:\$ )?draughty (.+?)(?: +#.*)?$|`draughty ([^`]+)`", page.read_text(encoding="utf-8")
    )
    for line in filter(None, (one or other for one, other in lines)):
        words = [word for word in shlex.split(line.replace("…", "")) if word not in (">", "COMMAND")]
        while words and words[0] == "--plugin":
            del words[:2]
        if not words or words[0] in ("--version", "level.schema.json"):
            continue
        assert words[0] in COMMANDS, line
        command = draughty.get_command(draughty.make_context("draughty", ["plugins"]), words[0])
        assert command is not None
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if re.match(r"--?[a-z]", word)} <= known | {"--help"}, line


def transcripts() -> list[tuple[str, str, str]]:
    found = []
    for page in PAGES:
        for block in blocks(page.read_text(encoding="utf-8")):
            if block.startswith("$ draughty "):
                line, _, out = block.partition("\n")
                found.append((page.name, line.removeprefix("$ draughty "), out))
    return found


@pytest.mark.parametrize(("page", "line", "out"), transcripts(), ids=[line for _, line, _ in transcripts()])
def test_what_a_command_is_shown_to_print_is_what_it_prints(
    page: str, line: str, out: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DRAUGHTY_PLUGINS", "0")
    main(shlex.split(line))
    assert capsys.readouterr().out == out


def test_the_readme_lists_every_command():
    listed = " ".join(row[0] for row in table(text_of("README.md"), "## From the command line"))
    assert [name for name in COMMANDS if name != "grade-one" and name not in listed] == []


def test_the_first_level_of_the_readme_is_solved_by_what_it_says(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    (script,) = blocks(text_of("README.md"), "python")
    lines = "".join(f"    {line}\n" for line in script.removesuffix("\n").split("\n"))
    answer = tmp_path / "mine.yaml"
    answer.write_text(f'level: "1.1"\nscripts:\n  bob: |-\n{lines}')
    assert main(["check", "1.1", str(answer)]) == 0
    answer.write_text(answer.read_text().replace("belt.get()", "belt.get_nowait()"))
    assert main(["check", "1.1", str(answer)]) == 1


def test_the_words_for_failures_are_those_of_the_checker():
    assert {word: means for word, means in table(text_of("docs/words.md"), "## Failures")} == dict(FAILURES)


def test_the_verdicts_of_the_classroom_are_those_of_the_grader():
    rows = table(text_of("docs/classroom.md"), "Its verdict is one of")
    assert {row[0] for row in rows} == set(WORDS)
    assert {row[0] for row in rows if "look at it" in row[2]} == set(NEEDS_A_LOOK)


def test_the_options_of_grading_are_those_there_are():
    rows = table(text_of("docs/classroom.md"), "## Grade\n")
    command = draughty.get_command(draughty.make_context("draughty", ["plugins"]), "grade")
    assert command is not None
    known = {name for parameter in command.params for name in parameter.opts}
    assert {row[0].split()[0] for row in rows} <= known


def test_the_fields_of_a_level_are_those_that_are_read():
    named = " ".join(row[0] for row in table(text_of("docs/levels.md"), "# Write a level"))
    assert set(re.findall(r"\w+", named)) == set(LevelDocument.model_fields)


def test_the_goals_and_hooks_that_are_listed_are_those_there_are():
    goals = table(text_of("docs/levels.md"), "## Goals")
    assert {row[0].partition(":")[0] for row in goals} == set(REGISTRY.goals)
    hooks = table(text_of("docs/plugins.md"), "# Plugins")
    assert {row[0].removesuffix("()") for row in hooks} == {
        name for name in vars(Hooks) if name.startswith("draughty_")
    }


def test_the_kinds_and_options_that_are_listed_are_those_there_are():
    for name, options, handed in table(text_of("docs/levels.md"), "## Channels"):
        kind = REGISTRY.kinds.get(name)
        assert kind is not None, name
        listed = {
            word: yaml.safe_load(value) for word, value in re.findall(r"(\w+): ([^`]+)(?:`|$)", options)
        }
        there = {one.name: one.default for one in fields(kind)}
        assert listed == {key: list(it) if isinstance(it, tuple) else it for key, it in there.items()}, name
        assert set(re.findall(r"\.(\w)", handed)) <= set(kind.faces), name
    assert len(table(text_of("docs/levels.md"), "## Channels")) == len(REGISTRY.kinds)


def test_the_kinds_that_are_explained_are_those_there_are():
    headings = " ".join(re.findall(r"(?m)^## (.*):", text_of("docs/semantics.md")))
    assert set(re.findall(r"`(\w+)`", headings)) == set(REGISTRY.kinds)


def test_the_examples_of_the_classroom_can_be_read(tmp_path: Path):
    answer, challenge = blocks(text_of("docs/classroom.md"), "yaml")
    campaigns = [read_campaign(folder) for folder in shipped_packs()]
    levels = {card.id: card.path for campaign in campaigns for card in campaign.levels}
    read_answer_text(answer, "answer", read_level(levels["2.2"], REGISTRY))
    (tmp_path / "own").mkdir()
    own = levels["1.2"].read_text()
    (tmp_path / "own" / "31-mind-the-gap.yaml").write_text(own)
    (tmp_path / "weeks").mkdir()
    (tmp_path / "weeks" / "3.yaml").write_text(challenge)
    assert read_challenge(tmp_path / "weeks" / "3.yaml", REGISTRY, campaigns).points == 25


def test_the_build_runs_the_line_of_the_readme():
    (line,) = (block.strip() for block in blocks(text_of("README.md")) if "pytest" in block)
    assert line in text_of(".ci/run") and line in text_of("CONTRIBUTING.md")
