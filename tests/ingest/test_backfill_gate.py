"""A batch is judged before it is published; one that fails stays out until somebody decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.backfill import BatchResult, FileAlreadyImported, FileWithheld, LandedBatch, Quarantined, Verdict
from ingest.backfill import publish as publishing
from ingest.backfill.decide import discard_batch, discard_quarantined, release_batch, waiting
from ingest.backfill.errors import UnknownBatch
from ingest.events import entity_id
from ingest.stores import StoreSettings
from tests.ingest.backfill_files import TENS, LanguageFile, Programme, counts, stored_counts, write, written

FAILED = Verdict(False, critical=("ratings_are_plausible",), warnings=("few_rows",), report={"share": 0.5})


@dataclass
class Says:
    """A gate with one answer, which looks at what is landed as a gate would."""

    verdict: Verdict
    asked: list[tuple[LandedBatch, int]] = field(default_factory=list)

    def prepare(self) -> None:
        pass

    def judge(self, batch: LandedBatch) -> Verdict:
        self.asked.append((batch, landed(batch.clickhouse, batch.batch_id)))
        return self.verdict


def landed(clickhouse: ClickHouseClient, batch_id: UUID | None) -> int:
    found = clickhouse.query(
        "select count() from raw.landed_events where batch_id = {batch:UUID}", {"batch": str(batch_id)}
    )
    return int(found.result_rows[0][0])


def claims(postgres: psycopg.Connection, batch_id: UUID | None) -> int:
    row = postgres.execute(
        "select count(*) from ingest.event_ids where origin like %s", (f"batch:{batch_id}:%",)
    ).fetchone()
    return int(row[0]) if row else 0


def test_a_gate_sees_the_landed_batch_and_lets_it_pass(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
) -> None:
    gate = Says(Verdict(True, warnings=("few_rows",)))
    result = run(language.good(3).row(4, rating="9").write(), gate=gate)
    [(batch, events)] = gate.asked
    assert (batch.total_rows, batch.success_rows, batch.error_rows, batch.event_count) == (4, 3, 1, 6)
    assert (batch.errors, events) == ({"E006": 1}, 6)
    assert (result.status, len(written(clickhouse, result.batch_id))) == ("completed", 6)
    assert landed(clickhouse, result.batch_id) == 0
    assert postgres.execute(
        "select verdict -> 'warnings' from ingest.batches where batch_id = %s", (result.batch_id,)
    ).fetchone() == (["few_rows"],)


def test_a_failed_gate_keeps_the_batch_out_and_claims_nothing(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    store_settings: StoreSettings,
) -> None:
    path = language.good(3).write()
    result = run(path, gate=Says(FAILED))
    assert result.status == "withheld"
    assert result.verdict is not None
    assert result.verdict["critical"] == ("ratings_are_plausible",)
    assert (written(clickhouse, result.batch_id), claims(postgres, result.batch_id)) == ([], 0)
    assert landed(clickhouse, result.batch_id) == 6
    [listed] = [one for one in waiting(store_settings, "withheld") if one.batch_id == result.batch_id]
    assert (listed.why, listed.event_count) == ("ratings_are_plausible", 6)
    with pytest.raises(FileWithheld, match=f"impact backfill release {result.batch_id}"):
        run(path)


def test_a_withheld_batch_can_be_released(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    store_settings: StoreSettings,
) -> None:
    path = language.good(3).write()
    result = run(path, gate=Says(FAILED))
    assert result.batch_id is not None
    batch = release_batch(store_settings, result.batch_id, by="cli:kari")
    assert (batch.status, batch.event_count) == ("completed", 6)
    assert len(written(clickhouse, result.batch_id)) == claims(postgres, result.batch_id) == 6
    assert landed(clickhouse, result.batch_id) == 0
    decided = postgres.execute(
        "select decided_by, decided_at is not null from ingest.batches where batch_id = %s",
        (result.batch_id,),
    ).fetchone()
    assert decided == ("cli:kari", True)
    with pytest.raises(FileAlreadyImported, match="was imported before"):
        run(path)
    with pytest.raises(UnknownBatch, match="is completed, not withheld"):
        release_batch(store_settings, result.batch_id, by="cli:kari")


def test_a_release_that_was_interrupted_is_mended_by_repeating(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    store_settings: StoreSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = run(language.good(30).write(), gate=Says(FAILED), cut=TENS)
    assert result.batch_id is not None
    real = publishing.save_published

    def fails_at_the_second_group(connection: Any, batch: Any, through_row: int, *rest: Any) -> None:
        if through_row == 20:
            raise ConnectionError("injected")
        real(connection, batch, through_row, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "save_published", fails_at_the_second_group)
        with pytest.raises(ConnectionError):
            release_batch(store_settings, result.batch_id, by="cli:kari")
    with pytest.raises(UnknownBatch, match="partly published"):
        discard_batch(store_settings, result.batch_id, by="cli:kari")
    assert release_batch(store_settings, result.batch_id, by="cli:kari").status == "completed"
    assert stored_counts(postgres, result.batch_id) == (30, 30, 0, 0, 60, "completed")
    assert len(written(clickhouse, result.batch_id)) == claims(postgres, result.batch_id) == 60


def test_a_discarded_batch_leaves_nothing_and_its_file_can_come_again(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    store_settings: StoreSettings,
) -> None:
    path = language.good(3).write()
    result = run(path, gate=Says(FAILED))
    assert result.batch_id is not None
    assert discard_batch(store_settings, result.batch_id, by="cli:kari").status == "discarded"
    assert landed(clickhouse, result.batch_id) == claims(postgres, result.batch_id) == 0
    again = run(path)
    assert again.batch_id != result.batch_id
    assert (counts(again), len(written(clickhouse, again.batch_id))) == ((3, 3, 0, 0, 6), 6)


def test_what_a_webhook_brought_meanwhile_is_left_out_of_a_release(
    run: Callable[..., BatchResult],
    language: LanguageFile,
    clickhouse: ClickHouseClient,
    postgres: psycopg.Connection,
    store_settings: StoreSettings,
) -> None:
    result = run(language.good(3).write(), gate=Says(FAILED))
    assert result.batch_id is not None
    rows = clickhouse.query(
        "select event_id, event_type from raw.landed_events where batch_id = {batch:UUID} and file_row <= 2"
        " and (file_row = 1 or event_type = 'kintell.rating.created')",
        {"batch": str(result.batch_id)},
    ).result_rows
    for event_id, event_type in rows:  # both events of the first row, the rating of the second
        postgres.execute(
            "insert into ingest.event_ids (event_id, event_type, origin) values (%s, %s, 'kintell:other')",
            (event_id, event_type),
        )
    batch = release_batch(store_settings, result.batch_id, by="cli:kari")
    assert (batch.success_rows, batch.skipped_rows, batch.event_count) == (2, 1, 3)
    found = {row["event_id"] for row in written(clickhouse, result.batch_id)}
    assert len(found) == 3
    assert not found & {row[0] for row in rows}


def test_a_withheld_batch_changes_nothing_that_postgres_keeps_beside_events(
    run: Callable[..., BatchResult],
    postgres: psycopg.Connection,
    store_settings: StoreSettings,
    tmp_path: Path,
) -> None:
    tag = uuid4().hex[:12]
    programme = Programme(postgres, "language_ukraine")
    matches = write(
        tmp_path / "matches.csv",
        "match_id,participant_id,buddy_id,matched_at,status",
        f"M-{tag},p.{tag}@example.org,b.{tag}@example.com,2024-01-20T10:00:00Z,active",
    )
    enrolments = write(
        tmp_path / "enrollments.csv",
        "participant_email,program_slug,enrolled_at,status",
        f"p.{tag}@example.org,{programme.slug},2025-09-01T08:00:00Z,active",
    )
    users = write(
        tmp_path / "buddy_users_2025-01-01.csv",
        "id,email,first_name,last_name,role,joined_at",
        f"U-{tag},p.{tag}@example.org,Petro,M.,participant,2025-09-01T08:00:00Z",
    )

    def kept() -> tuple[Any, ...]:
        match_id = entity_id("buddy", "match", f"M-{tag}")
        return tuple(
            (postgres.execute(query, (value,)).fetchone() or (0,))[0]
            for query, value in (
                ("select count(*) from ingest.buddy_matches where match_id = %s", match_id),
                (
                    "select count(*) from ingest.program_enrollments where program_instance_id = %s",
                    programme.instance,
                ),
                ("select count(*) from ingest.person_identities where external_id = %s", f"U-{tag}"),
                (
                    "select count(*) from ingest.person_identities inner join ingest.people using (person_id)"
                    " inner join ingest.person_roles using (person_id)"
                    " where external_id = %s and status = 'known' and first_name = 'Petro'"
                    " and role = 'participant'",
                    f"p.{tag}@example.org",
                ),
            )
        )

    results = [run(path, gate=Says(FAILED)) for path in (matches, enrolments, users)]
    assert kept() == (0, 0, 0, 0)
    for result in results:
        assert result.batch_id is not None
        release_batch(store_settings, result.batch_id, by="cli:kari")
    assert kept() == (1, 1, 1, 1)
    assert postgres.execute("select count(*) from ingest.landed_people").fetchone() == (0,)


def test_a_file_that_no_programme_claims_waits_in_quarantine(
    run: Callable[..., BatchResult], language: LanguageFile, store_settings: StoreSettings, tmp_path: Path
) -> None:
    # Older than any programme of these tests: the last rung of the ladder finds nothing either.
    path = write(
        tmp_path / "export.csv",
        "session_id,participant_email,volunteer_email,scheduled_at,completed_at",
        f"X-{language.tag},p@example.org,v@example.com,2018-10-02T16:00:00Z,2018-10-02T16:47:00Z",
    )
    with pytest.raises(
        Quarantined, match=r"may be kintell-language-v1\.0 or kintell-mentors-v1\.0"
    ) as refused:
        run(path)
    with pytest.raises(Quarantined) as again:
        run(path)
    assert refused.value.batch_id == again.value.batch_id
    [listed] = [
        one for one in waiting(store_settings, "quarantined") if one.batch_id == refused.value.batch_id
    ]
    assert listed.kept_path is not None
    kept = Path(listed.kept_path)
    assert "may be kintell-language-v1.0 or kintell-mentors-v1.0" in listed.why
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (path.read_bytes(), 0o600)
    result = run(kept, format_name="kintell-mentors-v1.0")
    assert (result.batch_id, result.status, result.success_rows) == (refused.value.batch_id, "completed", 1)
    assert not [one for one in waiting(store_settings, "quarantined") if one.batch_id == result.batch_id]


def test_a_file_in_quarantine_can_be_forgotten(
    run: Callable[..., BatchResult], store_settings: StoreSettings, tmp_path: Path
) -> None:
    path = write(tmp_path / "notes.csv", "colour,shape", f"red,{uuid4()}")
    with pytest.raises(Quarantined, match="fits no format") as refused:
        run(path)
    [listed] = [
        one for one in waiting(store_settings, "quarantined") if one.batch_id == refused.value.batch_id
    ]
    discard_quarantined(store_settings, refused.value.batch_id, by="cli:kari")
    assert not Path(listed.kept_path or "").exists()
    with pytest.raises(UnknownBatch, match="is discarded, not quarantined"):
        discard_quarantined(store_settings, refused.value.batch_id, by="cli:kari")
