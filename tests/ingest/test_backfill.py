"""A file's rows become events once; what is not taken can be corrected and fed again."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from typer import Typer
from typer.testing import CliRunner

from ingest.backfill import BatchResult, FileAlreadyImported
from ingest.backfill.command import backfill
from ingest.contracts import CONTRACTS
from ingest.contracts.kintell import KintellSessionCompleted
from ingest.events import canonical_json, decode_data, entity_id, event_id, new_event
from ingest.people import resolve_people_blocking
from ingest.stores import StoreSettings
from tests.embedded import know_the_erased
from tests.ingest.backfill_files import (
    LanguageFile,
    counts,
    environment,
    written,
)


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


@pytest.mark.parametrize(
    "exported_at", [datetime(2025, 10, 3, 7, 30, 0, 250_000, UTC), datetime(1999, 12, 31, tzinfo=UTC)]
)
def test_a_claim_knows_when_the_file_was_written(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    postgres: psycopg.Connection,
    exported_at: datetime,
) -> None:
    """So that a webhook with the same content publishes nothing, unless it was sent later."""
    result = run(language.row(1).write(), exported_at=exported_at)
    rows = postgres.execute(
        "select source_time, event_type from ingest.event_ids where origin like %s order by event_type",
        (f"batch:{result.batch_id}:%",),
    ).fetchall()
    assert rows == [(exported_at, "kintell.rating.created"), (exported_at, "kintell.session.completed")]


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
    know_the_erased(tmp_path)
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
