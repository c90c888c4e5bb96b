"""A person is found in files of any size and writing, and only their rows go."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from orchestration.privacy.declarations import Declarations, Relation
from orchestration.privacy.erasure import folders
from orchestration.privacy.erasure.folders import Folders, contents, pieces
from orchestration.privacy.erasure.subjects import Subject, Words

EMAIL = "oksana@example.org"
HEAD, HERS = "email,said\r\n", f'{EMAIL},"one,\r\ntwo"\r\n'
OTHERS = 'bjørn@example.org,"blåbær\nog mer"\r\n'
RELATION = Relation.model_validate(
    {
        "store": "folder", "name": "landing", "kind": "folder", "reach": "scan", "erase": "redact",
        "columns": {"content": {"pii": "free_text", "mentions": True}},
    }
)  # fmt: skip


@pytest.fixture
def words() -> Words:
    return Words([Subject(uuid4(), None, (EMAIL, "oksana of kyiv"))])


@pytest.mark.parametrize("size", [7, 64, 1 << 20])
def test_no_piece_cuts_a_word(words: Words, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(folders, "_PIECE_BYTES", size)
    said = ("x" * 100 + f"\nsomebody wrote to {EMAIL}\n" + "y" * 100).encode()
    assert any(words.found_in(piece) for piece in pieces(io.BytesIO(said)))
    assert b"".join(pieces(io.BytesIO(said))) == said
    # Where no line ends, pieces overlap.
    monkeypatch.setattr(folders, "_LONGEST_CELL", 40)
    monkeypatch.setattr(folders, "_OVERLAP_BYTES", 30)
    for before in range(40, 80):
        said = ("x " * before + "Oksana of Kyiv" + " y" * 100).encode()
        assert any(words.found_in(piece) for piece in pieces(io.BytesIO(said))), before


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("a.csv", "utf-8"), ("a.csv", "utf-8-sig"), ("a.tsv", "cp1252"), ("a.csv", "utf-16"),
     ("a.csv.gz", "utf-8"), ("a.csv.gz", "utf-16")],
)  # fmt: skip
def test_a_table_loses_the_person_s_rows_and_no_other(
    tmp_path: Path, postgres: psycopg.Connection, words: Words, name: str, encoding: str
) -> None:
    (tmp_path / "landing").mkdir()
    path = tmp_path / "landing" / name
    content = (HEAD + OTHERS + HERS + OTHERS).encode(encoding)
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    (tmp_path / "landing" / ".b.csv.erasing").write_text("half of another attempt")
    assert any(words.found_in(piece) for piece in contents(path))
    swept = Folders(tmp_path, Declarations([RELATION]), words, postgres).sweep(RELATION)
    assert (swept.before, swept.detail["lines"], swept.detail["rewritten"]) == (1, 1, 1)
    assert [one.name for one in path.parent.iterdir()] == [name]
    left = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    assert left.decode().lstrip("\ufeff") == HEAD + OTHERS * 2
    assert path.stat().st_mode & 0o777 == 0o600
