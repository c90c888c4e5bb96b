"""A file is taken once it has stopped growing, under a name of its own that is safe everywhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestration.landing_folder import LandedFile, Settled, key_of, landed_files, ranges


def keys(files: list[LandedFile]) -> list[str]:
    return [file.key for file in files]


def test_files_of_every_kind_are_found_in_sub_folders_too(tmp_path: Path) -> None:
    wanted = ["a.csv", "b.CSV", "c.csv.gz", "d.json", "e.xlsx", "kintell/2026/f.csv", "kintell/errors/g.csv"]
    others = [
        "a.csv.part", "b.tmp", ".hidden.csv", "~$e.xlsx", "notes.md", ".git/x.csv", "errors/a.csv",
        "quarantine/a.csv",
    ]  # fmt: skip
    for name in wanted + others:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert keys(landed_files(tmp_path)) == sorted(wanted)
    assert landed_files(tmp_path / "absent") == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "landing"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.csv").write_text("x")
    (folder / "file.csv").symlink_to(outside / "secret.csv")
    (folder / "folder").symlink_to(outside)
    assert landed_files(folder) == []


@pytest.mark.parametrize(
    "name",
    [
        "språk.csv",
        "a b.csv",
        "a...csv",
        "x\ny.csv",
        "a,b.csv",
        "æ" * 120 + ".csv",
        "n" * 250 + ".csv",
        "\udcff.csv",
    ],
    ids=lambda name: name[:5].encode("ascii", "replace").decode(),
)
def test_a_name_is_made_safe_and_stays_its_own(name: str) -> None:
    key = key_of(name)
    assert key.isascii()
    assert key.isprintable()
    assert not {" ", ","} & set(key)
    assert "..." not in key
    assert len(key) < 200
    assert key != key_of(name.replace(name[0], "_", 1))


def test_a_plain_name_is_its_own_key() -> None:
    assert key_of("kintell/language-2026_Q3.csv") == "kintell/language-2026_Q3.csv"
    assert key_of("a~1.csv") != "a~1.csv"  # the sign of a name that was changed


def test_a_growing_file_waits_until_two_looks_agree(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    known = Settled.decode(None)
    for content in ("1", "12", "123"):
        file.write_text(content)
        ready, known = known.look(landed_files(tmp_path))
        assert ready == []
    ready, known = known.look(landed_files(tmp_path))
    assert keys(ready) == ["a.csv"]
    # It stays ready until somebody takes it, across restarts.
    ready, known = Settled.decode(known.encode()).look(landed_files(tmp_path))
    assert keys(ready) == ["a.csv"]
    ready, known = known.take(ready).look(landed_files(tmp_path))
    assert (ready, known.seen) == ([], {})


def test_a_file_that_was_written_again_is_taken_again(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    known = Settled.decode(None).take(landed_files(tmp_path))
    assert known.look(landed_files(tmp_path))[0] == []
    file.write_text("2")
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))  # the clock of the file system may be coarse
    ready, known = known.look(landed_files(tmp_path))
    assert ready == []
    ready, known = known.look(landed_files(tmp_path))
    assert keys(ready) == ["a.csv"]


def test_a_file_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    known = Settled.decode(None).take(landed_files(tmp_path))
    file.unlink()
    assert known.look(landed_files(tmp_path)) == ([], Settled({}, {}))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("abc", [("a", "c")]),
        ("ad", [("a", "a"), ("d", "d")]),
        ("bcef", [("b", "c"), ("e", "f")]),
        ("f", [("f", "f")]),
        ("", []),
    ],
)
def test_one_run_takes_each_stretch_without_a_gap(wanted: str, expected: list[tuple[str, str]]) -> None:
    assert ranges(wanted, "abcdef") == expected
