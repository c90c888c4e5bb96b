"""Stores one chunk exactly once: its events in ClickHouse, their claims and the checkpoint in Postgres.

One Postgres transaction around the ClickHouse insert:

1. claim the event ids (`ingest.event_ids`), so that an event a webhook brought before is left out;
2. insert the events with the token `<batch>:<rows>`;
3. write the rejected rows to the error file and settle the counts (`ingest.batches`);
4. commit.

Killed before 2, nothing happened. Killed between 2 and 4, the claims are gone and the events are there: the
next attempt claims the same ids again and inserts with the same token, which ClickHouse then ignores.
Committing first would leave claimed events that exist nowhere, should the import never be resumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.backfill.batches import Batch, save_checkpoint
from ingest.backfill.check import Checked
from ingest.backfill.drafts import Draft, Drafts
from ingest.backfill.error_file import ErrorFile
from ingest.backfill.lookup import upsert_enrollments, upsert_matches
from ingest.contracts import contract_of
from ingest.events import NIL, canonical_json, event_id_text
from ingest.raw_events import EventRow, insert_events

# Sorted, as every claimer sorts: two that meet the same ids wait for each other in one order. Ids travel as
# one text, which costs a tenth of an array of 100,000. Published at once: a file's events pass no broker.
CLAIM = """
insert into ingest.event_ids (event_id, event_type, origin, published_at)
select event_id::uuid, event_type, $3, now()
from rows from (string_to_table($1, ','), string_to_table($2, ',')) as claim (event_id, event_type)
order by 1
on conflict (event_id) do nothing
"""

CLAIMED_ELSEWHERE = """
select event_id::text from ingest.event_ids
where event_id in (select string_to_table($1, ',')::uuid) and origin <> $2
"""


class Chunk(NamedTuple):
    """A chunk ready to be stored."""

    cells: pl.DataFrame
    first_row: int
    checked: Checked
    drafts: Drafts


def store_chunk(
    connection: psycopg.Connection,
    clickhouse: ClickHouseClient,
    batch: Batch,
    error_file: ErrorFile,
    chunk: Chunk,
) -> None:
    """Store a chunk and move the batch on, in memory too."""
    label = f"{batch.batch_id}:{chunk.first_row}-{chunk.checked.last_row}"
    events = event_rows(chunk.drafts.events, f"/backfill/{batch.file_format.split('-')[0]}", f"batch:{label}")
    with connection.transaction():
        upsert_enrollments(connection, chunk.drafts.enrollments)
        upsert_matches(connection, chunk.drafts.matches)
        known = claim(connection, events, f"batch:{label}")
        new = [event for event in events if event.event_id not in known] if known else events
        insert_events(clickhouse, new, token=label)
        rejects = sorted(chunk.checked.rejects + chunk.drafts.rejects)
        size = error_file.append(chunk.cells, rejects)
        settled = _settled(batch, chunk, events, known, len(rejects))
        settled.errors.update(reject.code for reject in rejects)
        settled.error_file_path = str(error_file.path) if size else None
        save_checkpoint(connection, settled, size)
    # Only now: a chunk that failed is tried again from the counts before it.
    error_file.size = size
    vars(batch).update(vars(settled))


def event_rows(drafts: Sequence[Draft], source: str, origin: str) -> list[EventRow]:
    """Drafts as rows of `raw.events`, with the ids their content gives them."""
    rows = []
    for draft in drafts:
        contract = contract_of(draft.data)
        data = canonical_json(draft.data)
        rows.append(
            EventRow(
                event_id_text(contract.event_type, draft.subject, data),
                contract.event_type,
                source,
                draft.subject,
                str(draft.company_id or NIL),
                str(contract.person_of(draft.data) or NIL),
                contract.time_of(draft.data),
                draft.source_time,
                "",
                data.decode(),
                0,
                origin,
            )
        )
    return rows


def claim(connection: psycopg.Connection, events: Sequence[EventRow], origin: str) -> set[str]:
    """Claim the events' ids; returns those that another delivery or batch had claimed before."""
    if not events:
        return set()
    ids = ",".join(event.event_id for event in events)
    with psycopg.RawCursor(connection) as cursor:
        cursor.execute(CLAIM, (ids, ",".join(event.event_type for event in events), origin))
        if cursor.rowcount == len(events):
            return set()
        return {row[0] for row in cursor.execute(CLAIMED_ELSEWHERE, (ids, origin))}


def _settled(
    batch: Batch, chunk: Chunk, events: Sequence[EventRow], known: set[str], reject_count: int
) -> Batch:
    checked, drafts = chunk.checked, chunk.drafts
    rows_with_news = {
        draft.row for draft, event in zip(drafts.events, events, strict=True) if event.event_id not in known
    }
    settled = Batch(**{name: getattr(batch, name) for name in _STORED})
    settled.last_processed_row = checked.last_row
    settled.success_rows += len(rows_with_news)
    settled.error_rows += reject_count
    settled.skipped_rows += checked.row_count - reject_count - len(rows_with_news)
    settled.event_count += len(events) - len(known)
    settled.warnings.update(drafts.warnings)
    return settled


_STORED = (
    "batch_id", "file_name", "file_format", "status", "started_at", "last_processed_row", "success_rows",
    "error_rows", "skipped_rows", "event_count", "error_file_path", "error_summary",
)  # fmt: skip
