"""Every format there is, and the buddy system's export as CSV files, as JSON and as XLSX, say the same."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.backfill import FORMATS, BatchResult, UnreadableFile, import_tables
from ingest.backfill.formats_buddy import ENTITIES
from ingest.backfill.tables import open_tables
from ingest.contracts import CONTRACTS
from ingest.events import canonical_json, decode_data, event_id
from ingest.stores import StoreSettings
from tests.ingest.backfill_examples import FILE_NAMES, TABLES, Examples
from tests.ingest.backfill_files import Programme, counts, written


def as_csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(
        {
            name: "" if cell is None else cell if isinstance(cell, str) else json.dumps(cell)
            for name, cell in row.items()
        }
        for row in rows
    )
    return out.getvalue()


def as_xlsx(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """The least that is a workbook, with inline strings: no library here writes one."""

    def sheet(rows: list[list[str]]) -> str:
        cells = "".join(
            "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
            + "</row>" for row in rows
        )  # fmt: skip
        return f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    names = list(sheets)
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
            '.spreadsheetml.sheet.main+xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>' for i, name in enumerate(names, start=1)
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{rels}"><sheets>{listed}</sheets></workbook>',
        )
        targets = "".join(
            f'<Relationship Id="r{i}" Type="{rels}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(names) + 1)
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{targets}'
            "</Relationships>",
        )
        for i, name in enumerate(names, start=1):
            book.writestr(f"xl/worksheets/sheet{i}.xml", sheet(sheets[name]))
    return path


def said_by(clickhouse: ClickHouseClient, results: list[BatchResult], tag: str) -> list[tuple[Any, ...]]:
    """The events as they are, whatever batch brought them."""
    return sorted(
        (row["event_type"], row["subject"].replace(tag, ""), row["company_id"], row["event_time"])
        for result in results
        for row in written(clickhouse, result.batch_id)
    )


@pytest.fixture
def examples(postgres: psycopg.Connection) -> Examples:
    return Examples.of(Programme(postgres, "language_ukraine").slug)


@pytest.fixture
def run_all(store_settings: StoreSettings, tmp_path: Path) -> Callable[[Path], list[BatchResult]]:
    def run(path: Path) -> list[BatchResult]:
        return list(import_tables(path, store_settings, error_folder=tmp_path / "landing" / "errors"))

    return run


def buddy_files(folder: Path, export: dict[str, list[dict[str, Any]]]) -> list[Path]:
    paths = []
    for entity, rows in export.items():
        path = folder / f"buddy_{entity}_2024-07-01.csv"
        path.write_text(
            "# Export ID: 7\n# Export Date: 2024-07-01T06:00:00Z\n"
            f"# Total Records: {len(rows)}\n{as_csv(rows)}"
        )
        paths.append(path)
    return paths


def test_every_format_is_taken_and_written_as_the_contracts_say(
    run: Callable[..., BatchResult], examples: Examples, clickhouse: ClickHouseClient, tmp_path: Path
) -> None:
    paths = buddy_files(tmp_path, examples.buddy_export())
    for name in TABLES:
        path = tmp_path / FILE_NAMES.get(name, f"{name}.csv")
        path.write_text(examples.csv(name))
        paths.append(path)
    results = [run(path) for path in paths]
    assert {result.file_format for result in results} == FORMATS.keys()
    for result in results:
        assert (result.error_rows, result.success_rows) == (0, result.total_rows), result
        rows = written(clickhouse, result.batch_id)
        assert rows or "users" in result.file_format, result
        for row in rows:
            data = decode_data(CONTRACTS[row["event_type"]], row["data"].encode())
            assert canonical_json(data).decode() == row["data"]
            assert row["event_id"] == event_id(row["event_type"], row["subject"], row["data"].encode())


def test_the_buddy_export_says_the_same_as_csv_as_json_and_as_xlsx(
    run: Callable[..., BatchResult],
    run_all: Callable[[Path], list[BatchResult]],
    clickhouse: ClickHouseClient,
    tmp_path: Path,
) -> None:
    said = []
    for kind in ("csv", "json", "xlsx"):
        examples = Examples("", uuid4().hex[:12])
        export = examples.buddy_export()
        path = tmp_path / f"buddy-export.{kind}"
        if kind == "csv":
            results = [run(path) for path in buddy_files(tmp_path, export)]
        elif kind == "json":
            backwards = dict(reversed(export.items()))  # the order in the file does not matter
            path.write_text(
                json.dumps({"export_id": "7", "export_date": "2024-07-01T06:00:00Z", **backwards})
            )
            results = run_all(path)
        else:
            tables = {name: list(csv.reader(io.StringIO(as_csv(rows)))) for name, rows in export.items()}
            results = run_all(as_xlsx(path, {"Read me": [["hello"]], **tables}))
        assert [result.file_format for result in results] == [one.name for one in ENTITIES.values()]
        assert all(result.error_rows == 0 for result in results), results
        if kind != "csv":
            assert [result.part for result in results] == list(ENTITIES)
        said.append(said_by(clickhouse, results, examples.tag))
    assert len(said[0]) == 8
    assert said[0] == said[1] == said[2]


def test_durations_are_recomputed(
    run: Callable[..., BatchResult], clickhouse: ClickHouseClient, tmp_path: Path
) -> None:
    examples = Examples("", uuid4().hex[:12])
    results = {path.name: run(path) for path in buddy_files(tmp_path, examples.buddy_export())}
    _, match_end = sorted(
        written(clickhouse, results["buddy_matches_2024-07-01.csv"].batch_id),
        key=lambda row: row["event_type"],
    )
    assert json.loads(match_end["data"])["duration"] == 152  # the export said 150
    skill = results["buddy_skill_sessions_2024-07-01.csv"]
    [session] = written(clickhouse, skill.batch_id)
    assert json.loads(session["data"])["durationMinutes"] == 60  # the export said 75
    assert skill.warnings == {"W002": 1}


def test_a_user_that_no_list_introduced_is_rejected_and_a_match_that_is_unknown_is_not(
    run: Callable[..., BatchResult], tmp_path: Path
) -> None:
    export = Examples("", uuid4().hex[:12]).buddy_export()
    del export["users"]
    found = {path.name.split("_2024")[0]: run(path) for path in buddy_files(tmp_path, export)}
    strangers = {
        "buddy_matches",
        "buddy_events",
        "buddy_event_attendance",
        "buddy_skill_sessions",
        "buddy_milestones",
    }
    for name, result in found.items():
        if name in strangers:
            assert (result.success_rows, result.errors) == (0, {"E013": 1}), name
        else:
            assert (result.success_rows, result.warnings) == (1, {"W001": 1}), name


def test_user_exports_introduce_people_and_say_their_side(
    run: Callable[..., BatchResult], examples: Examples, postgres: psycopg.Connection, tmp_path: Path
) -> None:
    for name, file_name in FILE_NAMES.items():
        path = tmp_path / file_name
        path.write_text(examples.csv(name))
        result = run(path)
        assert (result.file_format, counts(result)) == (name, (1, 1, 0, 0, 0))
    found = postgres.execute(
        "select first_name, last_name, status, program_type, role, joined_on::text"
        " from ingest.person_identities inner join ingest.people using (person_id)"
        " inner join ingest.person_roles using (person_id) where external_id like %s order by role",
        (f"%.{examples.tag}@%",),
    ).fetchall()
    assert found == [
        ("Petro", "M.", "known", "language_ukraine", "participant", "2024-12-14"),
        ("Kari", None, "known", "mentors_ukraine", "volunteer", "2025-01-04"),
    ]


def test_the_rating_of_a_legacy_export_is_on_its_scale_even_where_all_are_one(
    run: Callable[..., BatchResult], examples: Examples, clickhouse: ClickHouseClient, tmp_path: Path
) -> None:
    path = tmp_path / "legacy.csv"
    path.write_text(examples.csv("kintell-legacy"))
    rating, session = written(clickhouse, run(path).batch_id)
    assert json.loads(rating["data"])["rating"] == 0.0
    said = json.loads(session["data"])
    assert (said["sessionType"], said["scheduledAt"]) == ("mentorship", said["completedAt"])


def test_an_ended_match_of_the_simple_list_is_kept_as_begun(
    run: Callable[..., BatchResult], examples: Examples, clickhouse: ClickHouseClient, tmp_path: Path
) -> None:
    path = tmp_path / "simple.csv"
    path.write_text(examples.csv("buddy-simple"))
    result = run(path)
    assert result.warnings == {"W004": 1}
    [match] = written(clickhouse, result.batch_id)
    assert json.loads(match["data"])["matchingCriteria"] == {
        "interests": ["cooking", "hiking"], "language": "uk", "location": "Bergen"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.json", b'{"users": 7}', "no rows under any of the names"),
        ("x.json", b'{"users": [7]}', "users is no list of objects"),
        ("x.json", b"[1]", "no JSON object with a list of rows"),
        ("x.json", b'{"users": [{]}', "no JSON object with a list of rows"),
        ("x.xlsx", b"PK\x03\x04 nothing", "no XLSX workbook"),
    ],
)
def test_a_document_without_tables_is_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says):
        open_tables(path)


def test_a_file_of_several_tables_is_no_single_batch(run: Callable[..., BatchResult], tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(Examples("", uuid4().hex[:12]).buddy_export()))
    with pytest.raises(UnreadableFile, match="holds 8 tables"):
        run(path)
