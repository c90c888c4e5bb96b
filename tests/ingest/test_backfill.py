"""A file's rows become events once, whatever interrupts the import; what is not taken can be corrected."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from typer import Typer
from typer.testing import CliRunner

from ingest.backfill import (
    BatchResult,
    FileAlreadyImported,
    ImportRunning,
    import_file,
    importer,
    publish,
    writer,
)
from ingest.backfill.batches import Cut
from ingest.backfill.command import backfill
from ingest.contracts import CONTRACTS
from ingest.contracts.kintell import KintellSessionCompleted
from ingest.events import canonical_json, decode_data, entity_id, event_id, new_event
from ingest.people import resolve_people_blocking
from ingest.stores import StoreSettings, postgres_connection
from tests.ingest.backfill_files import LanguageFile

TENS = Cut(10, 10)


@pytest.fixture
def language(tmp_path: Path) -> LanguageFile:
    return LanguageFile(tmp_path / "language.csv")


@pytest.fixture
def run(store_settings: StoreSettings, tmp_path: Path) -> Callable[..., BatchResult]:
    def run_import(path: Path, **options: Any) -> BatchResult:
        return import_file(path, store_settings, error_folder=tmp_path / "errors", **options)

    return run_import


def written(clickhouse: ClickHouseClient, batch_id: UUID | None) -> list[dict[str, Any]]:
    """The batch's rows as they are on disk: no duplicate is hidden by a merge in the query."""
    result = clickhouse.query(
        "select * from raw.events where startsWith(origin, {origin:String}) order by subject, event_type",
        parameters={"origin": f"batch:{batch_id}:"},
    )
    return [dict(row) for row in result.named_results()]


def counts(result: BatchResult) -> tuple[int, int, int, int, int]:
    return (
        result.total_rows,
        result.success_rows,
        result.skipped_rows,
        result.error_rows,
        result.event_count,
    )


def stored_counts(postgres: psycopg.Connection, batch_id: UUID | None) -> tuple[Any, ...] | None:
    return postgres.execute(
        "select total_rows, success_rows, skipped_rows, error_rows, event_count, status"
        " from ingest.batches where batch_id = %s", (batch_id,),
    ).fetchone()  # fmt: skip


def test_a_row_becomes_its_session_and_its_rating(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
) -> None:
    result = run(language.row(1).write())
    assert counts(result) == (1, 1, 0, 0, 2)
    rating, session = written(clickhouse, result.batch_id)
    people = resolve_people_blocking(
        postgres, "email", [f"oksana1.{language.tag}@example.org", f"ingrid1.{language.tag}@example.com"]
    )
    participant, volunteer = people.values()
    assert (session["subject"], rating["subject"]) == (
        f"session/{language.id_of(1)}",
        f"rating/{language.id_of(1)}/participant",
    )
    assert session["person_id"] == rating["person_id"] == participant
    assert session["source"] == "/backfill/kintell"
    assert session["event_time"] == rating["event_time"] == datetime(2025, 10, 2, 16, 47)  # noqa: DTZ001
    session_id = str(entity_id("kintell", "session", language.id_of(1)))
    assert json.loads(session["data"]) == {
        "sessionId": session_id,
        "externalSessionId": language.id_of(1),
        "sessionType": "language",
        "participantId": str(participant),
        "volunteerId": str(volunteer),
        "scheduledAt": "2025-10-02T16:00:00Z",
        "completedAt": "2025-10-02T16:47:00Z",
        "durationMinutes": 47,
        "languageLevel": "B1",
        "topics": ["work", "daily life"],
        "metadata": {"room": "k-17"},
    }
    said = json.loads(rating["data"])
    assert (said["rating"], said["ratingRaw"], said["fromRole"]) == (0.875, 4.5, "participant")
    assert (said["sessionId"], said["feedbackText"]) == (session_id, "Snakket om jobb, veldig nyttig")


def test_what_is_written_is_what_the_contracts_say(
    run: Callable[..., BatchResult], language: LanguageFile, clickhouse: ClickHouseClient
) -> None:
    result = run(language.good(20).row(21, completed_at="", rating="", feedback_text="").write())
    rows = written(clickhouse, result.batch_id)
    assert {row["event_type"] for row in rows} == {
        "kintell.session.completed", "kintell.session.scheduled", "kintell.rating.created",
    }  # fmt: skip
    for row in rows:
        data = decode_data(CONTRACTS[row["event_type"]], row["data"].encode())
        assert canonical_json(data).decode() == row["data"]
        assert row["event_id"] == event_id(row["event_type"], row["subject"], row["data"].encode())


def test_the_same_session_by_webhook_and_by_file_is_one_event(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
) -> None:
    participant, volunteer = resolve_people_blocking(
        postgres, "email", [f"oksana1.{language.tag}@example.org", f"ingrid1.{language.tag}@example.com"]
    ).values()
    by_webhook = new_event(
        KintellSessionCompleted(
            session_id=entity_id("kintell", "session", language.id_of(1)),
            external_session_id=language.id_of(1),
            session_type="language",
            participant_id=participant,
            volunteer_id=volunteer,
            scheduled_at=datetime(2025, 10, 2, 16, 0, tzinfo=UTC),
            completed_at=datetime(2025, 10, 2, 16, 47, tzinfo=UTC),
            duration_minutes=47,
            topics=["work", "daily life"],
            language_level="B1",
        ),
        subject=f"session/{language.id_of(1)}",
        company_id=None,
        source="/webhooks/kintell",
        source_time=datetime(2025, 10, 2, 16, 50, tzinfo=UTC),
        origin=f"kintell:{uuid4()}",
    )
    postgres.execute(
        "insert into ingest.event_ids (event_id, event_type, origin) values (%s, %s, %s)",
        (by_webhook.id, by_webhook.type, by_webhook.origin),
    )
    result = run(language.row(1, metadata="", rating="", feedback_text="").row(2).write())
    assert counts(result) == (2, 1, 1, 0, 2)
    assert by_webhook.id not in {row["event_id"] for row in written(clickhouse, result.batch_id)}


def test_the_same_bytes_again_are_refused_with_the_first_batch(
    run: Callable[..., BatchResult], language: LanguageFile, tmp_path: Path
) -> None:
    first = run(language.good(3).write())
    copy = tmp_path / "renamed.csv"
    copy.write_bytes(language.path.read_bytes())
    with pytest.raises(
        FileAlreadyImported, match=r"renamed\.csv was imported before under the name"
    ) as refused:
        run(copy)
    assert refused.value.batch_id == first.batch_id
    with pytest.raises(FileAlreadyImported):
        run(copy, dry_run=True)


def test_rejected_rows_can_be_corrected_and_fed_again(
    run: Callable[..., BatchResult], language: LanguageFile, tmp_path: Path
) -> None:
    language.row(1).row(2, rating="9", feedback_text='"æ, ""ø"", å\nлінія"').row(
        3, participant_email="nobody"
    ).row(4)
    result = run(language.write())
    assert counts(result) == (4, 2, 0, 2, 4)
    assert result.errors == {"E001": 1, "E006": 1}
    assert result.error_file is not None
    assert result.error_file.stat().st_mode & 0o777 == 0o600
    with result.error_file.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["_error_row"], row["_error_code"]) for row in rows] == [("2", "E006"), ("3", "E001")]
    assert rows[0]["feedback_text"] == 'æ, "ø", å\nлінія'
    text = result.error_file.read_text("utf-8").replace(",9,", ",5,").replace("nobody", "petro@example.org")
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(text, "utf-8")
    again = run(corrected, format_name=result.file_format)
    assert counts(again) == (2, 2, 0, 0, 4)


def test_a_dry_run_judges_and_writes_nothing(
    run: Callable[..., BatchResult], language: LanguageFile, postgres: psycopg.Connection, tmp_path: Path
) -> None:
    path = language.row(1).row(2, rating="9").row(1).write()
    result = run(path, dry_run=True)
    assert (result.batch_id, counts(result), result.errors) == (None, (3, 1, 1, 1, 2), {"E006": 1})
    assert not (tmp_path / "errors").exists()
    assert postgres.execute(
        "select count(*) from ingest.person_identities where external_id like %s", (f"%{language.tag}%",)
    ).fetchone() == (0,)
    assert counts(run(path)) == (3, 1, 1, 1, 2)


STEPS = [
    (writer, "insert_landed"),
    (writer, "save_checkpoint"),
    (publish, "claim"),
    (publish, "copy_group"),
    (publish, "save_published"),
]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("module", "step"), STEPS, ids=[step for _, step in STEPS])
def test_a_failure_at_any_step_is_mended_by_repeating(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    step: str,
    moment: str,
) -> None:
    for number in range(1, 26):
        language.row(number, **({"rating": "9"} if number % 10 == 0 else {}))
    path = language.row(3).row(4, duration_minutes="30").write()
    real, calls = getattr(module, step), []

    def fails_in_the_second_chunk(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == 2 and moment == "before":
            raise ConnectionError("injected")
        answer = real(*arguments, **options)
        if len(calls) == 2:
            raise ConnectionError("injected")
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(module, step, fails_in_the_second_chunk)
        with pytest.raises(ConnectionError):
            run(path, cut=TENS)
    [(batch_id, landed, published)] = postgres.execute(
        "select batch_id, last_processed_row, published_through_row from ingest.batches"
        " where status = 'failed'"
    ).fetchall()
    assert (landed, published) == ((10, 0) if module is writer else (27, 10))
    result = run(path, cut=TENS)
    assert (result.batch_id, result.resumed_after_row) == (batch_id, landed)
    assert_exact(result, clickhouse, postgres)


def assert_exact(result: BatchResult, clickhouse: ClickHouseClient, postgres: psycopg.Connection) -> None:
    """27 rows: 23 good of two events each, one repeated, one contradicting, two with a wrong rating."""
    assert counts(result) == (27, 23, 1, 3, 46)
    assert stored_counts(postgres, result.batch_id) == (27, 23, 1, 3, 46, "completed")
    assert result.errors == {"E006": 2, "E010": 1}
    rows = written(clickhouse, result.batch_id)
    assert len(rows) == len({row["event_id"] for row in rows}) == 46
    claims = postgres.execute(
        "select count(*) from ingest.event_ids where origin like %s", (f"batch:{result.batch_id}:%",)
    ).fetchone()
    assert claims == (46,)
    assert result.error_file is not None
    with result.error_file.open(newline="", encoding="utf-8") as file:
        assert [row["_error_row"] for row in csv.DictReader(file)] == ["10", "20", "27"]


KILLED_AT = """
import os, signal, sys
from pathlib import Path
from ingest.backfill import import_file, publish, writer
from ingest.backfill.batches import Cut
from ingest.stores import StoreSettings

module, step, moment, path, errors = sys.argv[1:]
module = {"writer": writer, "publish": publish}[module]
real, calls = getattr(module, step), []

def dies_in_the_second_chunk(*arguments, **options):
    calls.append(1)
    if len(calls) == 2 and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    answer = real(*arguments, **options)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

setattr(module, step, dies_in_the_second_chunk)
import_file(Path(path), StoreSettings(_env_file=None), error_folder=Path(errors), cut=Cut(10, 10))
"""


@pytest.mark.parametrize(
    ("module", "step"),
    [
        ("writer", "insert_landed"),
        ("writer", "save_checkpoint"),
        ("publish", "copy_group"),
        ("publish", "save_published"),
    ],
)
def test_kill_9_is_mended_by_repeating(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    store_settings: StoreSettings,
    tmp_path: Path,
    module: str,
    step: str,
) -> None:
    for number in range(1, 26):
        language.row(number, **({"rating": "9"} if number % 10 == 0 else {}))
    path = language.row(3).row(4, duration_minutes="30").write()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT, module, step, "after", str(path), str(tmp_path / "errors")],
        env={**os.environ, **environment(store_settings)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    result = run(path)  # cut as it was begun, whatever the default is now
    assert result.resumed_after_row == (10 if module == "writer" else 27)
    assert_exact(result, clickhouse, postgres)


def environment(settings: StoreSettings) -> dict[str, str]:
    return {name.upper(): getattr(settings, name).get_secret_value() for name in StoreSettings.model_fields}


def test_an_interrupted_import_is_paused_and_goes_on(
    run: Callable[..., BatchResult], language: LanguageFile, postgres: psycopg.Connection
) -> None:
    path = language.good(30).write()
    seen: list[int] = []

    def interrupt(progress: importer.Progress) -> None:
        seen.append(progress.rows_done)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(path, cut=TENS, on_progress=interrupt)
    assert postgres.execute(
        "select last_processed_row from ingest.batches where status = 'paused'"
    ).fetchall() == [(20,)]
    result = run(path, cut=TENS, on_progress=lambda progress: seen.append(progress.rows_done))
    assert seen == [10, 20, 30, 10, 20, 30]  # landed, then published
    assert counts(result) == (30, 30, 0, 0, 60)


def test_two_processes_do_not_import_one_file_at_once(
    run: Callable[..., BatchResult], language: LanguageFile, store_settings: StoreSettings
) -> None:
    path = language.good(20).write()
    rivals: list[type[Exception]] = []

    def rival(progress: importer.Progress) -> None:
        with pytest.raises(ImportRunning, match="is being imported by another process") as refused:
            run(path, cut=TENS)
        rivals.append(refused.type)

    assert run(path, cut=TENS, on_progress=rival).success_rows == 20
    assert rivals == [ImportRunning] * 4  # two chunks landed, two groups published


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


class Programme:
    """A company with an instance of a programme, known before the files come."""

    def __init__(self, postgres: psycopg.Connection, program_type: str) -> None:
        self.company, self.instance, self.slug = uuid4(), uuid4(), str(uuid4())
        postgres.execute(
            "insert into ingest.companies (company_id, name) values (%s, %s)", (self.company, self.slug)
        )
        postgres.execute(
            "insert into ingest.program_instances (program_instance_id, company_id, program_type,"
            " program_name, program_slug, start_date) values (%s, %s, %s, 'Autumn', %s, '2025-01-01')",
            (self.instance, self.company, program_type, self.slug),
        )


def test_enrolments_decide_the_company_of_what_comes_after(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    tmp_path: Path,
) -> None:
    programme = Programme(postgres, "language_ukraine")
    emails = [f"oksana{number}.{language.tag}@example.org" for number in (1, 2)]
    result = run(
        write(
            tmp_path / "enrollments.csv",
            "participant_email,program_slug,enrolled_at,status,completed_at",
            f"{emails[0]},{programme.slug},2025-09-01T08:00:00Z,active,",
            f"{emails[1]},{programme.slug},2025-03-01T08:00:00Z,completed,2025-06-30T15:00:00Z",
            f"{emails[0]},no-such-programme,2025-09-01T08:00:00Z,dropped,",
        )
    )
    assert counts(result) == (3, 2, 0, 1, 2)
    assert result.errors == {"E012": 1}
    rows = written(clickhouse, result.batch_id)
    assert {row["company_id"] for row in rows} == {programme.company}
    assert {row["subject"] for row in rows} == {
        f"enrollment/{row['person_id']}/{programme.instance}" for row in rows
    }
    assert {json.loads(row["data"])["status"] for row in rows} == {"enrolled", "completed"}
    assert postgres.execute(
        "select status, enrolled_on::text, completed_on::text from ingest.program_enrollments"
        " where program_instance_id = %s order by enrolled_on", (programme.instance,),
    ).fetchall() == [("completed", "2025-03-01", "2025-06-30"), ("enrolled", "2025-09-01", None)]  # fmt: skip
    sessions = run(language.row(1).row(2).write())
    companies = {
        row["subject"].split("-")[-1]: row["company_id"]
        for row in written(clickhouse, sessions.batch_id)
        if row["event_type"] == "kintell.session.completed"
    }
    assert companies == {"1": programme.company, "2": UUID(int=0)}


def test_matches_give_check_ins_events_and_feedback_their_person(
    run: Callable[..., BatchResult],
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    tmp_path: Path,
) -> None:
    tag = uuid4().hex[:12]
    programme = Programme(postgres, "buddy")
    participant, buddy = resolve_people_blocking(
        postgres, "email", [f"p.{tag}@example.org", f"b.{tag}@example.com"]
    ).values()
    postgres.execute(
        "insert into ingest.company_members values (%s, %s, '2024-01-01', null, true)",
        (programme.company, buddy),
    )
    matches = run(
        write(
            tmp_path / "matches.csv",
            "match_id,participant_id,buddy_id,matched_at,status,ended_at,end_reason,duration_days",
            f"M-{tag},p.{tag}@example.org,B.{tag}@example.com,2024-01-20T10:00:00Z,ended,2024-06-20T09:00:00Z,completed,150",
            f"N-{tag},p.{tag}@example.org,b.{tag}@example.com,2024-01-21T10:00:00Z,active,,,",
            f"O-{tag},p.{tag}@example.org,b.{tag}@example.com,2024-01-20T10:00:00Z,ended,,,",
        )
    )
    assert (counts(matches), matches.errors) == ((3, 2, 0, 1, 3), {"E002": 1})
    rows = written(clickhouse, matches.batch_id)
    assert [row["subject"].split("/")[0] for row in rows] == ["match-end", "match", "match"]
    assert {row["company_id"] for row in rows} == {programme.company}
    assert json.loads(rows[0]["data"])["duration"] == 152
    match_id = str(entity_id("buddy", "match", f"M-{tag}"))
    files = {
        "checkins": ("checkin_id,match_id,checkin_date,mood,notes", "2024-02-01,good,Vi lagde mat"),
        "events": ("event_id,match_id,event_type,event_date,description", "hangout,2024-02-01T18:00:00Z,Tur"),
        "feedback": ("feedback_id,match_id,from_role,rating,submitted_at", "participant,0.9,2024-02-01"),
    }
    for name, (header, rest) in files.items():
        result = run(
            write(
                tmp_path / f"{name}.csv", header, f"X-{tag},M-{tag},{rest}", f"Y-{tag},unknown-{tag},{rest}"
            )
        )
        assert (counts(result), result.warnings) == ((2, 2, 0, 0, 2), {"W001": 1}), name
        known, orphan = written(clickhouse, result.batch_id)
        assert (known["person_id"], known["company_id"]) == (participant, programme.company), name
        assert (orphan["person_id"], orphan["company_id"]) == (UUID(int=0), UUID(int=0)), name
        assert json.loads(known["data"])["matchId"] == match_id, name


def test_completed_courses_are_one_per_person_course_and_day(
    run: Callable[..., BatchResult], clickhouse: ClickHouseClient, tmp_path: Path
) -> None:
    email = f"{uuid4()}@example.org"
    result = run(
        write(
            tmp_path / "completions.csv",
            "user_email,provider,course_id,course_name,completed_at,final_score,credential_ref",
            f'{email},ecornell,C-1,"Leadership, part 1",2025-05-01,"87,5",CR-1',
            f"{email},itslearning,C-1,Norsk A2,2025-06-01,,",
            f"{email},itslearning,C-1,Norsk A2,2026-06-01,,",
            f"{email},itslearning,C-2,Norsk B1,2025-07-01,101,",
        )
    )
    assert (counts(result), result.errors) == ((4, 3, 0, 1, 3), {"E008": 1})
    rows = written(clickhouse, result.batch_id)
    assert all(row["subject"] == f"course/{json.loads(row['data'])['progressId']}" for row in rows)
    assert {json.loads(row["data"]).get("finalScore") for row in rows} == {87.5, None}


def test_mentoring_sessions_keep_their_focus(
    run: Callable[..., BatchResult], clickhouse: ClickHouseClient, tmp_path: Path
) -> None:
    tag = uuid4().hex[:12]
    result = run(
        write(
            tmp_path / "mentors.csv",
            "session_id;participant_email;mentor_email;scheduled_at;completed_at;duration_minutes;rating;"
            "feedback_text;focus_area;goals_discussed",
            f"MS-{tag};t.{tag}@example.org;j.{tag}@example.com;2025-09-11T09:30:00+02:00;"
            "2025-09-11T10:15:00+02:00;45;4,5;;career;cv,linkedin",
        )
    )
    assert result.file_format == "kintell-mentors-v1.0"
    rating, session = written(clickhouse, result.batch_id)
    said = json.loads(session["data"])
    assert (said["sessionType"], said["focusArea"], said["goalsDiscussed"]) == (
        "mentorship",
        "career",
        ["cv", "linkedin"],
    )
    assert said["scheduledAt"] == "2025-09-11T07:30:00Z"
    assert json.loads(rating["data"])["rating"] == 0.875


@pytest.mark.parametrize(
    ("metadata", "option", "expected"),
    [
        (b"", None, datetime(2025, 10, 2, 16, 47)),  # noqa: DTZ001
        (b"# Export Date: 2025-11-01T06:00:00Z\n", None, datetime(2025, 11, 1, 6, 0)),  # noqa: DTZ001
        (b"", datetime(2025, 12, 1, tzinfo=UTC), datetime(2025, 12, 1)),  # noqa: DTZ001
        (b"", datetime(2999, 1, 1, tzinfo=UTC), "the import"),
    ],
)
def test_the_newer_of_two_versions_is_told_by_the_export(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    metadata: bytes,
    option: datetime | None,
    expected: object,
) -> None:
    result = run(language.row(1).write(before=metadata), exported_at=option)
    [source_time] = {row["source_time"] for row in written(clickhouse, result.batch_id)}
    if expected == "the import":
        assert source_time <= datetime.now(UTC).replace(tzinfo=None)
    else:
        assert source_time == expected


def test_the_command_reports_refuses_and_explains(
    language: LanguageFile, store_settings: StoreSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**environment(store_settings), "IMPACT_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    app = Typer()
    app.command()(backfill)
    path = language.row(1).row(2, rating="9").write()
    tried = CliRunner().invoke(app, [str(path), "--dry-run"])
    assert tried.exit_code == 0, tried.output
    assert "dry run, nothing written" in tried.output
    done = CliRunner().invoke(app, [str(path)])
    assert done.exit_code == 0, done.output
    assert "kintell-language-v1.1, batch" in done.output
    assert "rating outside the column's scale" in done.output
    assert str(tmp_path / "landing" / "errors") in done.output
    refused = CliRunner().invoke(app, [str(path)])
    assert refused.exit_code == 1
    assert "was imported before" in refused.output


def test_an_unreachable_store_leaves_the_batch_as_it_was(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    postgres: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = language.good(3).write()

    def unreachable(settings: StoreSettings) -> ClickHouseClient:
        raise ConnectionError("no ClickHouse")

    with monkeypatch.context() as patched:
        patched.setattr(importer, "clickhouse_client", unreachable)
        with pytest.raises(ConnectionError):
            run(path)
    assert counts(run(path)) == (3, 3, 0, 0, 6)


def test_the_lock_of_a_batch_ends_with_its_process(
    run: Callable[..., BatchResult], language: LanguageFile, store_settings: StoreSettings
) -> None:
    path = language.good(20).write()
    with pytest.raises(KeyboardInterrupt):
        run(path, cut=TENS, on_progress=_interrupt)
    with closing(postgres_connection(store_settings)) as other:
        assert other.execute("select count(*) from pg_locks where locktype = 'advisory'").fetchone() == (0,)
    assert run(path, cut=TENS).success_rows == 20


def _interrupt(progress: importer.Progress) -> None:
    raise KeyboardInterrupt
