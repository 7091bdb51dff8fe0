"""The shelves of levels: packs, the player's own, and those opened from anywhere."""

from __future__ import annotations

from pathlib import Path

from game.campaign import read_campaign
from game.library import note_opened, opened_files, own_entry, own_files, own_packs, own_shelves, pack_entries
from game.places import shipped_packs
from game.plugins import load_registry

PACKS = [read_campaign(folder) for folder in shipped_packs()]
FIRST = PACKS[0].levels[0].path
REGISTRY = load_registry(entry_points=False)


def an_own_level(path: Path, title: str = "Trams at Night") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = FIRST.read_text().replace("title: First Post", f"title: {title}").replace('id: "1.1"', 'id: "N1"')
    path.write_text(text)
    return path


def test_a_pack_s_levels_are_found_by_every_word_of_a_search_and_by_mode():
    entries = pack_entries(PACKS)
    assert [one.id for one in entries if one.fits("CHALK mind")] == ["2.2"]
    assert [one.id for one in entries if one.fits("deadlock", "parsons")] == ["1.4"]
    assert {one.glance.mode for one in entries if one.fits("", "wind")} == {"wind"}
    assert not any(one.fits("no such words at all") for one in entries)


def test_own_levels_stand_by_folder_and_a_pack_file_is_none(tmp_path):
    loose, deep = an_own_level(tmp_path / "levels/z.yaml"), an_own_level(tmp_path / "levels/a/deep.yml")
    (tmp_path / "levels/a/pack.yaml").write_text("title: A\n")
    (tmp_path / "levels/note.txt").write_text("no level")
    assert own_files(tmp_path) == [loose, deep]
    assert list(own_shelves(tmp_path)) == [(loose, "levels"), (deep, "levels/a")]
    assert list(own_shelves(tmp_path / "nowhere")) == []


def test_an_own_level_is_read_whole_and_a_broken_one_tells_where(tmp_path):
    entry = own_entry(an_own_level(tmp_path / "levels/z.yaml"), "levels", REGISTRY, PACKS)
    assert (entry.id, entry.title, entry.key, entry.problems) == ("N1", "Trams at Night", "own/levels/N1", ())
    (tmp_path / "b.yaml").write_text('id: "x"\ntitle: T\nmode: fixx\n')
    broken = own_entry(tmp_path / "b.yaml", "", REGISTRY)
    assert broken.title == "b.yaml"
    assert any((one.place.line, one.path) == (3, "mode") for one in broken.problems)


def test_files_opened_from_elsewhere_are_remembered_the_last_first_while_they_exist(tmp_path):
    home = tmp_path / "home"
    one, other = an_own_level(tmp_path / "one.yaml"), an_own_level(tmp_path / "two.yaml")
    for path in (one, other, one, an_own_level(home / "levels/mine.yaml")):
        note_opened(home, path)
    assert opened_files(home) == [one, other]
    other.unlink()
    assert opened_files(home) == [one]
    assert [shelf for _, shelf in own_shelves(home)] == ["levels", ""]


def test_a_damaged_list_of_opened_files_is_as_none(tmp_path):
    for text in ("[1, null", '{"a": 1}', '["\\u0000", 3]'):
        (tmp_path / "opened.json").write_text(text)
        assert opened_files(tmp_path) == []


def test_folders_with_a_pack_file_are_packs(tmp_path):
    for name in ("levels/b", "levels/a", "levels/plain", "levels/a/deeper"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    for name in ("levels/b", "levels/a", "levels/a/deeper", "levels"):
        (tmp_path / name / "pack.yaml").write_text("title: x")
    (tmp_path / "levels/plain/pack.yaml").mkdir()
    assert own_packs(tmp_path) == [tmp_path / "levels/a", tmp_path / "levels/b"]
