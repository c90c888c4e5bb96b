"""Whatever a spreadsheet makes of a file, its cells read alike; what is not certain is not guessed."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ingest.backfill.detect import columns_of, detect
from ingest.backfill.encoding import CYRILLIC, WESTERN, decide
from ingest.backfill.errors import UnknownFormat, UnreadableFile
from ingest.backfill.formats import FORMATS
from ingest.backfill.repeats import Repeats
from ingest.backfill.scan import scan
from ingest.backfill.source import Source, open_source
from tests.ingest.backfill_files import LANGUAGE, LanguageFile

NORWEGIAN = "Vi øvde på språk, så gikk vi på kafé. Været var dårlig"
UKRAINIAN = "Ми говорили про роботу, і ще про їжу та ґрунт. Чудово!"


def texts(source: Source) -> list[str | None]:
    position = str(source.header.index("feedback_text"))
    return [text for chunk in source.chunks(100) for text in chunk[position].to_list()]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (NORWEGIAN, "utf-8"),
        (NORWEGIAN, "utf-8-sig"),
        (NORWEGIAN, "utf-16"),
        (NORWEGIAN, "windows-1252"),
        (UKRAINIAN, "utf-8"),
        (UKRAINIAN, "utf-16"),
        (UKRAINIAN, "windows-1251"),
    ],
)
@pytest.mark.parametrize("compress", [False, True])
def test_every_encoding_reads_alike(tmp_path: Path, text: str, encoding: str, compress: bool) -> None:
    language = LanguageFile(tmp_path / "x.csv", delimiter=";").row(1, feedback_text=f'"{text}"').row(2)
    written = language.write(newline="\r\n").read_bytes().decode().encode(encoding)
    path = tmp_path / "export.csv"
    path.write_bytes(gzip.compress(written) if compress else written)
    source = open_source(path)
    assert texts(source) == [text, "Snakket om jobb, veldig nyttig"]
    assert source.encoding.is_certain
    assert source.header[0] == "session_id"
    overview = scan(
        source, FORMATS["kintell-language-v1.1"], columns_of(detect(source), source), chunk_rows=9
    )
    assert overview.row_count == 2


def test_blank_rows_are_told_from_rows_that_only_lack_id_and_rating(tmp_path: Path) -> None:
    path = LanguageFile(tmp_path / "x.csv").row(1).row(2, session_id="", rating="").row(3).write()
    assert _row_count(path) == 3
    header = path.read_text().partition("\n")[0]
    path.write_text(path.read_text() + "," * header.count(",") + "\n\n")
    assert _row_count(path) == 3


def _row_count(path: Path) -> int:
    source = open_source(path)
    format_ = FORMATS["kintell-language-v1.1"]
    return scan(source, format_, columns_of(format_, source), chunk_rows=2).row_count


def test_what_was_written_down_on_the_way_goes_with_the_source(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(
        LanguageFile(path).row(1, feedback_text=NORWEGIAN).write().read_bytes().decode().encode("cp1252")
    )
    source = open_source(path)
    table = source.table
    assert table.exists()
    assert table.parent.stat().st_mode & 0o777 == 0o700
    del source
    assert not table.exists()


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("å", "cp1252", None),  # one letter alone may be е
        ("е", "cp1251", None),
        ("blåbær", "cp1252", WESTERN),
        ("ягода", "cp1251", CYRILLIC),
        ("Їжа", "cp1251", CYRILLIC),
        ("café\x9d", "latin-1", CYRILLIC),  # a byte that Windows-1252 does not have
    ],
)
def test_the_words_decide_between_code_pages(text: str, encoding: str, name: str | None) -> None:
    found = decide([text.encode(encoding)])
    assert found.name == name if name else not found.is_certain


def test_words_of_both_code_pages_decide_nothing() -> None:
    assert not decide(["blåbær ".encode("cp1252") + "ягода".encode("cp1251")]).is_certain


def test_an_uncertain_encoding_is_refused_only_where_it_matters(tmp_path: Path) -> None:
    path = LanguageFile(tmp_path / "x.csv").row(1, feedback_text="det er å").write()
    path.write_bytes(path.read_bytes().decode().replace("det er å", "A å B").encode("cp1252"))
    source = open_source(path)
    assert not source.encoding.is_certain
    format_ = FORMATS["kintell-language-v1.1"]
    with pytest.raises(
        UnreadableFile, match="may be Windows-1252 or Windows-1251; say which with --encoding"
    ):
        scan(source, format_, columns_of(format_, source), chunk_rows=9)
    told = open_source(path, encoding=WESTERN)
    scan(told, format_, columns_of(format_, told), chunk_rows=9)
    assert texts(told) == ["A å B"]
    text = (
        path.read_bytes()
        .replace(b"A \xe5 B", b"A B")
        .replace(b"\n", b",note\n", 1)
        .replace(b'17""}"\n', b'17""}",\xe5\n')
    )
    path.write_bytes(text)
    unread = open_source(path)
    assert not unread.encoding.is_certain
    assert scan(unread, format_, columns_of(format_, unread), chunk_rows=9).row_count == 1


def test_a_wrong_encoding_on_the_command_line_is_refused(tmp_path: Path) -> None:
    path = LanguageFile(tmp_path / "x.csv").row(1).write()
    path.write_bytes(path.read_bytes().replace(b"jobb", b"\x98\xff"))
    with pytest.raises(UnreadableFile, match="is not utf-8"):
        open_source(path, encoding="utf-8")
    with pytest.raises(UnreadableFile, match="is not windows-1251"):
        open_source(path, encoding=CYRILLIC)


def test_a_gzip_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    whole = gzip.compress(LanguageFile(tmp_path / "x.csv").good(500).write().read_bytes())
    path.write_bytes(whole[:-100])
    with pytest.raises(UnreadableFile, match="is not a whole gzip file"):
        open_source(path)


def test_many_hashes_are_compared_on_disk_as_in_memory() -> None:
    hashes = np.random.default_rng(7).integers(0, 2**63, 5_000, dtype=np.uint64) * 2
    given = np.concatenate([hashes, hashes[:40], hashes[:10]])
    found = []
    for in_memory in (100_000, 700):
        with Repeats(in_memory) as repeats:
            for start in range(0, len(given), 300):
                repeats.add(pl.Series(given[start : start + 300]))
            found.append(sorted(repeats.found().to_list()))
    assert found[0] == found[1] == sorted(set(hashes[:40].tolist()))


BASE = LANGUAGE.removesuffix(",language_level,topics,metadata")
ROW = "{id},p@example.org,v@example.com,{at},,,,"


def ladder(
    tmp_path: Path, *, name: str = "export.csv", first_id: str = "1", more: tuple[str, str] = ("", "")
) -> Source:
    path = tmp_path / name
    path.write_text(f"{BASE}{more[0]}\n{ROW.format(id=first_id, at='2025-10-02T16:00:00Z')}{more[1]}\n")
    return open_source(path)


# Each case: what speaks for one programme, and weaker things that speak for the other.
@pytest.mark.parametrize(
    ("options", "found"),
    [
        (
            {
                "more": (",program_ref", ",mentors-for-ukraine"),
                "name": "language_2025.csv",
                "first_id": "LS-1",
            },
            "mentors",
        ),
        ({"more": (",program_ref", ",LFU"), "name": "mentors.csv"}, "language"),
        ({"name": "mentors-for-ukraine-2024-Q4.csv", "more": (",language_level", ",B1")}, "mentors"),
        ({"more": (",focus_area", ",career"), "first_id": "LS-1"}, "mentors"),
        ({"more": (",language_level", ",B1"), "first_id": "MS-1"}, "language"),
        ({"first_id": "MENTOR-7"}, "mentors"),
        ({"first_id": "ls-7"}, "language"),
    ],
)
def test_the_first_rung_that_tells_decides(tmp_path: Path, options: dict[str, str], found: str) -> None:
    source = ladder(tmp_path, **options)  # type: ignore[arg-type]
    assert detect(source).name.startswith(f"kintell-{found}")


def test_the_last_rung_is_the_programme_at_work_on_the_files_days(tmp_path: Path) -> None:
    source = ladder(tmp_path)
    asked: list[tuple[date, date]] = []

    def at_work(first: date, last: date) -> set[str]:
        asked.append((first, last))
        return {"mentors_ukraine", "buddy"}

    assert detect(source, programs_between=at_work).name == "kintell-mentors-v1.0"  # type: ignore[arg-type]
    assert asked == [(date(2025, 10, 2), date(2025, 10, 2))]
    for nobody in (set(), {"mentors_ukraine", "language_ukraine"}):
        with pytest.raises(UnknownFormat, match="say which with --format"):
            detect(source, programs_between=lambda *_, nobody=nobody: nobody)  # type: ignore[misc]
