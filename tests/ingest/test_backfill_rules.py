"""Every rule about a cell or a row has its code; the rest of the file is taken all the same."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from ingest.backfill.cells import to_utc
from ingest.backfill.check import Checked, Checker, Context
from ingest.backfill.detect import columns_of, detect
from ingest.backfill.errors import ERRORS, WARNINGS, Reject, UnknownFormat, UnreadableFile
from ingest.backfill.formats import FORMATS
from ingest.backfill.scan import scan
from ingest.backfill.source import open_source
from tests.ingest.backfill_files import LANGUAGE, LanguageFile

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def language(tmp_path: Path) -> LanguageFile:
    return LanguageFile(tmp_path / "export.csv")


def judge(path: Path, *, chunk_rows: int = 1000, format_name: str | None = None) -> list[Checked]:
    source = open_source(path)
    format_ = detect(source, format_name)
    columns = columns_of(format_, source)
    overview = scan(source, format_, columns, chunk_rows=chunk_rows)
    checker = Checker(format_, columns, overview, Context(NOW, overview.scales))
    return [checker.check(chunk) for chunk in source.chunks(chunk_rows)]


def rejects(path: Path, **options: int) -> list[Reject]:
    return [reject for checked in judge(path, **options) for reject in checked.rejects]


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("E001", {"participant_email": "oksana.example.org"}),
        ("E001", {"volunteer_email": "a b@example.org"}),
        ("E001", {"volunteer_email": "@"}),
        ("E002", {"session_id": ""}),
        ("E002", {"participant_email": "   "}),
        ("E002", {"scheduled_at": ""}),
        ("E003", {"scheduled_at": "31.02. kl. 10"}),
        ("E003", {"scheduled_at": "2025-02-30T10:00:00Z"}),
        ("E003", {"scheduled_at": "2015-12-31T10:00:00Z"}),
        ("E003", {"completed_at": "2026-01-15T12:10:00Z"}),
        ("E004", {"duration_minutes": "481"}),
        ("E004", {"duration_minutes": "0"}),
        ("E004", {"duration_minutes": "47.5"}),
        ("E004", {"duration_minutes": "an hour"}),
        ("E004", {"duration_minutes": "", "completed_at": "2025-10-03T16:00:00Z"}),
        ("E005", {"language_level": "D7"}),
        ("E006", {"rating": "5.5"}),
        ("E006", {"rating": "0.9"}),
        ("E006", {"rating": "good"}),
        ("E007", {"completed_at": "2025-10-02T15:59:59Z"}),
        ("E007", {"completed_at": "2001-01-01T10:00:00Z"}),
        ("E008", {"metadata": "room 17"}),
        ("E008", {"metadata": "[1]"}),
        ("E009", {"feedback_text": "x" * 5001}),
        ("E009", {"session_id": "x" * 256}),
        ("E009", {"topics": '"' + "work," * 201 + '"'}),
        ("E011", {"feedback_text": "Snakket om jobb, veldig nyttig"}),
    ],
)
def test_a_wrong_cell_has_its_code(language: LanguageFile, code: str, changed: dict[str, str]) -> None:
    language.row(1).row(2, **changed).row(3)
    [reject] = rejects(language.write())
    assert (reject.row, reject.code) == (2, code)
    assert reject.code in ERRORS
    for value in changed.values():
        assert len(value.strip()) < 3 or value not in reject.message


@pytest.mark.parametrize(
    "changed",
    [
        {"participant_email": '"  Oksana.K@Example.ORG "'},
        {"session_id": '"""LS-1"""'},
        {"language_level": "b2"},
        {"rating": ""},
        {"rating": "1"},
        {"rating": '"4,5"'},
        {"completed_at": "", "duration_minutes": "", "rating": ""},
        {"completed_at": "", "scheduled_at": "2026-05-01T10:00:00Z"},
        {"duration_minutes": ""},
        {"duration_minutes": "480"},
        {"scheduled_at": "2025-10-02T18:00:00+02:00"},
        {"feedback_text": '"line one\nline two, ""quoted"""'},
        {"feedback_text": "", "topics": "", "metadata": "", "language_level": ""},
    ],
)
def test_an_unusual_cell_is_taken(language: LanguageFile, changed: dict[str, str]) -> None:
    language.row(1).row(2, **changed).row(3)
    [checked] = judge(language.write())
    assert checked.rejects == []
    assert checked.good.height == 3


def test_a_row_with_several_problems_is_rejected_once_with_all_of_them(language: LanguageFile) -> None:
    [reject] = rejects(language.row(1, rating="9", participant_email="", language_level="Z").row(2).write())
    assert reject.code == "E002"
    assert reject.message.split("; ") == [
        "participant_email is empty",
        "rating is not a number from 1 to 5, the scale of this file",
        "language_level is not one of A1, A2, B1, B2, C1, C2",
    ]


def test_cells_are_cleaned_and_typed(language: LanguageFile) -> None:
    language.row(
        1, participant_email=" Oksana@Example.org ", language_level="b1", rating='"4,5"', duration_minutes=""
    )
    [checked] = judge(language.write())
    row = checked.good.row(0, named=True)
    assert row["participant_email"] == "oksana@example.org"
    assert (row["language_level"], row["rating"], row["rating_share"]) == ("B1", 4.5, 0.875)
    assert row["duration_minutes"] == 47
    assert row["topics"] == ["work", "daily life"]
    assert row["feedback_text"] == "Snakket om jobb, veldig nyttig"


@pytest.mark.parametrize(
    ("ratings", "shares"),
    [
        (["1", "4", "4.5", "5"], [0.0, 0.75, 0.875, 1.0]),
        (["1", "0.5", "0"], [1.0, 0.5, 0.0]),
        (["1", "1", "1"], [1.0, 1.0, 1.0]),
        (["1", "3"], [0.0, 0.5]),
    ],
)
def test_the_scale_of_a_rating_is_the_columns(
    language: LanguageFile, ratings: list[str], shares: list[float]
) -> None:
    for number, rating in enumerate(ratings):
        language.row(number, rating=rating)
    path = language.write()
    # One row a chunk: a row alone would not know its scale.
    found = [
        share for checked in judge(path, chunk_rows=1) for share in checked.good["rating_share"].to_list()
    ]
    assert found == shares


def test_one_absurd_rating_does_not_change_the_scale_of_the_others(language: LanguageFile) -> None:
    [reject] = rejects(language.row(1, rating="0.5").row(2, rating="11").row(3, rating="1").write())
    assert (reject.row, reject.code) == (2, "E006")


@pytest.mark.parametrize("chunk_rows", [2, 1000])
def test_a_repeated_row_is_passed_over_and_a_contradicting_one_rejected(
    language: LanguageFile, chunk_rows: int
) -> None:
    language.row(1).row(2).row(1).row(1, duration_minutes="30").row(3).row(2)
    found = judge(language.write(), chunk_rows=chunk_rows)
    assert sum(checked.good.height for checked in found) == 3
    assert sum(checked.repeated_count for checked in found) == 2
    [reject] = [reject for checked in found for reject in checked.rejects]
    assert reject == Reject(4, "E010", "session_id as in row 1, with other content")


def test_a_wrong_row_does_not_stand_in_the_way_of_its_correction(language: LanguageFile) -> None:
    [checked] = judge(language.row(1, rating="9").row(1).write())
    assert [reject.code for reject in checked.rejects] == ["E006"]
    assert checked.good["_row"].to_list() == [2]


def test_blank_lines_are_no_rows_but_count_as_lines(language: LanguageFile) -> None:
    language.row(1)
    language.rows += ["", ",,,,,,,,,,"]
    language.row(2, rating="9")
    language.rows += ["", ""]
    [checked] = judge(language.write())
    assert (checked.row_count, checked.good.height, checked.last_row) == (2, 1, 6)
    assert [reject.row for reject in checked.rejects] == [4]


def test_a_short_row_lacks_only_what_is_missing(language: LanguageFile) -> None:
    language.row(1)
    language.rows.append(f"LS-{language.tag}-2,a@example.org,b@example.org,2025-10-02T16:00:00Z")
    [checked] = judge(language.write())
    assert checked.good["completed_at"].null_count() == 1


@pytest.mark.parametrize(
    ("delimiter", "newline", "before"),
    [
        (",", "\n", b""),
        (";", "\r\n", b"\xef\xbb\xbf"),
        ("\t", "\n", b""),
        (",", "\r\n", b"# Export ID: 7\n\n"),
    ],
)
def test_dialects_of_csv_read_alike(tmp_path: Path, delimiter: str, newline: str, before: bytes) -> None:
    language = LanguageFile(tmp_path / "x.csv", tag="t", delimiter=delimiter).row(1).row(2, rating='"4,5"')
    [checked] = judge(language.write(newline=newline, before=before))
    assert checked.rejects == []
    assert checked.good["metadata"].to_list() == ['{"room":"k-17"}'] * 2
    assert checked.good["rating_share"].to_list() == [0.875, 0.875]


def test_headers_are_found_in_any_order_case_and_spelling(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        'Scheduled At,TUTOR-EMAIL,Session_ID,Learner Email,"Level",topics\n'
        "2025-10-02,a@example.com,LS-1,b@example.org,b1,work\n"
    )
    [checked] = judge(path)
    row = checked.good.row(0, named=True)
    assert (row["session_id"], row["volunteer_email"], row["participant_email"], row["language_level"]) == (
        "LS-1", "a@example.com", "b@example.org", "B1",
    )  # fmt: skip


def test_chunks_are_cut_at_the_same_places_whatever_the_reader_does(language: LanguageFile) -> None:
    source = open_source(language.good(250).write())
    assert [chunk.height for chunk in source.chunks(40)] == [40] * 6 + [10]
    assert [chunk.item(0, "_row") for chunk in source.chunks(40)] == list(range(1, 251, 40))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-10-02T16:00:00Z", "2025-10-02T16:00:00"),
        ("2025-10-02T16:00:00.25z", "2025-10-02T16:00:00.250000"),
        ("2025-09-11T09:30:00+02:00", "2025-09-11T07:30:00"),
        ("2025-09-11T09:30:00+0200", "2025-09-11T07:30:00"),
        ("2025-09-11 09:30", "2025-09-11T09:30:00"),
        ("2025-09-11 09:30+02:00", "2025-09-11T07:30:00"),
        ("2025-09-11T09:30:00", "2025-09-11T09:30:00"),
        ("2025-09-11", "2025-09-11T00:00:00"),
        ("11.09.2025", None),
        ("2025-13-01", None),
        ("", None),
    ],
)
def test_moments_are_read_as_utc(text: str, moment: str | None) -> None:
    [found] = to_utc(pl.Series([text])).to_list()
    assert found == (datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None)


def test_a_moment_a_little_ahead_is_a_clock_not_an_error(language: LanguageFile) -> None:
    ahead = (NOW + timedelta(minutes=4)).isoformat()
    assert rejects(language.row(1, completed_at=ahead, scheduled_at="2026-01-15T11:00:00Z").write()) == []


MENTORS = LANGUAGE.replace("volunteer_email", "mentor_email").replace(
    "language_level,topics,metadata", "focus_area,goals_discussed"
)
BASE = LANGUAGE.removesuffix(",language_level,topics,metadata")


@pytest.mark.parametrize(
    ("header", "name", "first_id", "format_name"),
    [
        (LANGUAGE, "export.csv", "1", "kintell-language-v1.1"),
        (MENTORS, "export.csv", "1", "kintell-mentors-v1.0"),
        (BASE, "mentors-for-ukraine-2024-Q4.csv", "1", "kintell-mentors-v1.0"),
        (BASE, "language_ukraine_2024_11.csv", "1", "kintell-language-v1.0"),
        (BASE.replace("volunteer_email", "mentor_email"), "export.csv", "1", "kintell-mentors-v1.0"),
        ("participant_email,program_slug,enrolled_at,status", "x.csv", "1", "enrollments-v1"),
        ("user_email,provider,course_id,course_name,completed_at", "x.csv", "1", "upskilling-completions"),
        ("match_id,participant_id,buddy_id,matched_at,status", "x.csv", "1", "buddy-matches"),
        ("match_id,participant_email,buddy_email,matched_at,status", "x.csv", "1", "buddy-matches"),
        ("event_id,match_id,event_type,event_date", "x.csv", "1", "buddy-events"),
        ("checkin_id,match_id,checkin_date,mood", "x.csv", "1", "buddy-checkins"),
        ("feedback_id,match_id,from_role,rating,submitted_at", "x.csv", "1", "buddy-feedback"),
    ],
)
def test_the_format_is_found(tmp_path: Path, header: str, name: str, first_id: str, format_name: str) -> None:
    path = tmp_path / name
    path.write_text(f"{header}\n{first_id}\n")
    assert detect(open_source(path)).name == format_name


def test_a_file_of_no_format_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("checkin_id,mood\n1,good\n")
    with pytest.raises(
        UnknownFormat, match="buddy-checkins, which also needs the column checkin_date, match_id"
    ):
        detect(open_source(path))
    with pytest.raises(UnknownFormat, match="choose one of kintell-language"):
        detect(open_source(path), "checkins")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n\n# only: notes\n", "no header line"),
        (b"session_id,Session ID\n1,2\n", "session_id occurs twice"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says):
        open_source(path)


DOCS = Path(__file__).parents[2] / "docs"


def test_the_table_of_errors_is_the_code() -> None:
    lines = (DOCS / "import-errors.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if re.match(r"\| [EW]\d", line)]
    assert rows == [
        *(f"| {code} | {kind.meaning} | {kind.category} |" for code, kind in ERRORS.items()),
        *(f"| {code} | {meaning} |" for code, meaning in WARNINGS.items()),
    ]


def test_every_format_is_documented_with_its_columns() -> None:
    page = (DOCS / "backfill.md").read_text("utf-8").splitlines()
    for format_ in FORMATS.values():
        [row] = [line for line in page if line.startswith(f"| `{format_.name}` |")]
        columns = (f"{column.name}{'' if column.required else '?'}" for column in format_.columns)
        assert row.split(" | ")[1] == ", ".join(columns)


def test_the_fixture_writes_what_a_csv_reader_reads(language: LanguageFile) -> None:
    with language.row(1).write().open(newline="") as file:
        [row] = csv.DictReader(file)
    assert row["metadata"] == '{"room":"k-17"}'
