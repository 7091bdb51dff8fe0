from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from game.campaign import Summary, find_level, glance, key_of, next_level, read_campaign, standing, summary
from game.places import shipped_packs
from game.problems import ProblemsFound
from game.saves import Progress

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def a_pack(folder: Path, count: int = 6):
    folder.mkdir(exist_ok=True)
    files = [f"1{number}-level-{'abcdefgh'[number]}.yaml" for number in range(count)]
    for number, file in enumerate(files):
        (folder / file).write_text(
            f'# a level\nid: "1.{number}"\ntitle: Level {number}\nstory: |-\n  id: no\n'
        )
    listed = "".join(f"      - {file}\n" for file in files)
    (folder / "pack.yaml").write_text(f"title: A pack\nchapters:\n  - title: One\n    levels:\n{listed}")
    return read_campaign(folder)


def solved(*keys: str) -> Progress:
    progress = Progress()
    for key in keys:
        progress = progress.after_attempt(key, 2, {}, NOON)
    return progress


def test_a_pack_lists_its_levels_in_the_order_they_are_played(tmp_path: Path):
    pack = a_pack(tmp_path / "mine", 2)
    assert (pack.name, pack.title, [chapter.title for chapter in pack.chapters]) == (
        "mine",
        "A pack",
        ["One"],
    )
    assert [(card.key, card.id, card.title, card.slug) for card in pack.levels] == [
        ("mine/1.0", "1.0", "Level 0", "level-a"),
        ("mine/1.1", "1.1", "Level 1", "level-b"),
    ]


def test_every_level_file_of_the_shipped_packs_is_in_its_pack():
    for folder in shipped_packs():
        listed = {card.path.name for card in read_campaign(folder).levels}
        assert listed == {path.name for path in folder.glob("*.yaml")} - {"pack.yaml"}


def test_two_levels_that_will_not_give_can_be_left_behind(tmp_path: Path):
    pack = a_pack(tmp_path / "p")
    assert list(standing(pack, solved("p/1.0")).values()) == [
        "solved",
        "open",
        "open",
        "open",
        "locked",
        "locked",
    ]
    assert list(standing(pack, solved("p/1.3")).values()) == [
        "open",
        "open",
        "open",
        "solved",
        "locked",
        "locked",
    ]
    assert list(standing(pack, Progress(), ahead=0).values()) == ["open"] + ["locked"] * 5


def test_the_next_level_is_the_first_unsolved_one_from_here_on(tmp_path: Path):
    pack = a_pack(tmp_path / "p", 3)

    def following(progress: Progress, after: str = "") -> str | None:
        card = next_level(pack, progress, after)
        return card and card.key

    assert following(Progress()) == "p/1.0"
    assert following(solved("p/1.1"), after="p/1.1") == "p/1.2"
    assert following(solved("p/1.2"), after="p/1.2") == "p/1.0"
    assert following(solved("p/1.0", "p/1.1", "p/1.2")) is None


def test_a_summary_counts_levels_and_stars(tmp_path: Path):
    pack = a_pack(tmp_path / "p", 3)
    assert summary(pack, solved("p/1.0", "elsewhere/1.1")) == Summary(solved=1, levels=3, stars=2, stars_of=9)


def test_a_level_outside_every_pack_has_a_key_of_its_own(tmp_path: Path):
    pack = a_pack(tmp_path / "p", 2)
    assert key_of(pack.levels[1].path, "1.1", [pack]) == "p/1.1"
    assert key_of(tmp_path / "work" / "draft.yaml", "1.1", [pack]) == "own/work/1.1"


def test_a_level_is_found_by_id_by_name_and_by_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pack = a_pack(tmp_path / "p", 2)
    wanted = pack.levels[1].path
    for word in ("1.1", "level-b", "11-level-b", str(wanted)):
        assert find_level(word, [pack]) == wanted
    assert find_level("draft.yaml", [pack]) == Path("draft.yaml")


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("level-bb", "level-bb: no such file, level number or level name; did you mean 'level-b'?"),
        ("9.9", "9.9: no such file, level number or level name; levels are 1.0, 1.1"),
    ],
)
def test_a_level_nobody_knows_is_answered_with_what_there_is(tmp_path: Path, word: str, sentence: str):
    with pytest.raises(ProblemsFound) as found:
        find_level(word, [a_pack(tmp_path / "p", 2)])
    assert str(found.value) == sentence


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[]", [
            ":1:1: a pack is a mapping with title and chapters, not a list",
            ":1:1: the key 'chapters' is missing",
            ":1:1: the key 'title' is missing"]),
        ("title: x\nauthor: [me]\nchapters: []", [":2:9: author: author must be text"]),
        ("titel: x\nchapters: 3", [
            ":1:1: the key 'title' is missing",
            ":1:1: titel: unknown key; did you mean 'title'?",
            ":2:11: chapters: chapters must be a list"]),
        ("title: x\nchapters:\n  - title: y\n    levels: [absent-for-good.yaml, ../b.yaml, 3, one.yml]",
         [":4:14: chapters[0].levels[0]: there is no such file beside pack.yaml",
          ":4:36: chapters[0].levels[1]: expected the name of a level file beside pack.yaml, not '../b.yaml'",
          ":4:47: chapters[0].levels[2]: expected the name of a level file beside pack.yaml, not 3",
          ":4:50: chapters[0].levels[3]: there is no such file beside pack.yaml; did you mean 'one.yaml'?"]),
        ("title: x\nchapters:\n  - {title: y, levels: [one.yaml, two.yaml]}",
         [":3:3: chapters: two.yaml has the id '1', and so has one.yaml"]),
    ],
)  # fmt: skip
def test_everything_wrong_with_a_pack_is_said_at_once(tmp_path: Path, text: str, problems: list[str]):
    for file in ("one.yaml", "two.yaml"):
        (tmp_path / file).write_text('id: "1"\ntitle: One\n')
    (tmp_path / "pack.yaml").write_text(text)
    with pytest.raises(ProblemsFound) as found:
        read_campaign(tmp_path)
    assert [
        str(problem).removeprefix(str(tmp_path / "pack.yaml")) for problem in found.value.problems
    ] == problems


def a_pack_file(folder: Path, chapters: str):
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(f"title: A pack\nchapters:\n{chapters}")
    return read_campaign(folder)


def test_a_chapter_without_levels_is_told_only_where_the_pack_says_that_it_opens_later(tmp_path: Path):
    pack = a_pack_file(tmp_path / "p", "  - {title: One, place: ferry, opens: later}\n")
    assert [(one.title, one.place, one.opens_later) for one in pack.chapters] == [("One", "ferry", True)]
    with pytest.raises(ProblemsFound, match="the key 'levels' is missing"):
        a_pack_file(tmp_path / "p", "  - {title: One}\n")


@pytest.mark.parametrize(
    ("chapter", "said"),
    [
        ("{title: One, place: ferri, opens: later}", "ferry"),
        ("{title: One, opens: soon}", "'later'"),
        ("{title: One, opens: later, levels: [a.yaml]}", "a chapter with levels is open"),
        ("{title: One, place: [], opens: later}", "no such place"),
    ],
)
def test_a_chapter_that_says_something_else_is_told_what_there_is(tmp_path: Path, chapter: str, said: str):
    with pytest.raises(ProblemsFound, match=said):
        a_pack_file(tmp_path / "p", f"  - {chapter}\n")


def test_a_skipped_level_keeps_none_shut_and_comes_last(tmp_path: Path):
    pack = a_pack(tmp_path / "p")
    progress = Progress().skipping("p/1.0").skipping("p/1.1")
    assert list(standing(pack, progress).values()) == [
        "skipped", "skipped", "open", "open", "open", "locked",
    ]  # fmt: skip
    assert next_level(pack, progress).id == "1.2"
    for card in pack.levels[2:]:
        progress = progress.after_attempt(card.key, 1, {}, NOON)
    assert next_level(pack, progress).id == "1.0"
    assert not progress.after_attempt("p/1.0", 1, {}, NOON).of("p/1.0").skipped
    assert progress.skipping("p/1.4") == progress


def test_a_glance_at_a_level_tells_what_a_map_needs(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_text(
        "id: x\nmode: fix\nstory: |-\n  objective: none\nobjective: >-\n  Two\n  lines.\nteaches:\n  [a, b]\n"
    )
    assert glance(path) == ("fix", "Two lines.", ("a", "b"))
    path.write_text("mode: [\n")
    assert glance(path) == glance(tmp_path / "none.yaml") == ("", "", ())
