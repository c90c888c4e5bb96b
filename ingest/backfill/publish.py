"""Moves a landed batch into `raw.events`, each event once, whatever interrupts it.

Group by group of the file's rows, in one Postgres transaction around the ClickHouse insert:

1. claim the event ids (`ingest.event_ids`), so that an event a webhook brought before is left out;
2. copy the landed rows into `raw.events` with the token `<batch>:<rows>`;
3. settle the counts, and what Postgres keeps of enrolments and matches;
4. commit.

Killed before 2, nothing happened. Killed between 2 and 4, the claims are gone and the events are there: the
next attempt claims the same ids again and inserts with the same token, which ClickHouse then ignores.
Committing first would leave claimed events that exist nowhere, should the import never be resumed.

While ClickHouse copies two groups, a core each, Postgres claims the next, and the claims of the one after
it are made ready: each group in its own transaction, settled in order. Two groups are never claimed at once:
they may hold the same id, and the later one would then wait for a commit that waits for itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import cycle

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest import leases
from ingest.backfill.ahead import ahead
from ingest.backfill.batches import Batch, save_published
from ingest.backfill.beside import keep_beside, publish_people
from ingest.backfill.claims import Claim, claim_group, claims_of
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection

_COPYING = 2  # groups at once
_GROUP = "batch_id = {batch:UUID} and file_row > {after:UInt64} and file_row <= {through:UInt64}"
_KNOWN = "event_id in (select event_id from raw.landed_known_events where batch_id = {batch:UUID})"

_COPY = """
insert into raw.events (
    event_id, event_type, source, subject, company_id, person_id, event_time, source_time, correlation_id,
    data, stream_seq, origin
)
select
    event_id, event_type, source, subject, company_id, person_id, event_time, source_time, '',
    if(sealed = '', data, sealed), 0, {origin:String}
from raw.landed_events
where """

# One thread and one block: what a token stands for must be the same rows each time.
_AS_ONE_BLOCK = {
    "max_threads": 1,
    "max_insert_threads": 1,
    "min_insert_block_size_rows": 1_000_000_000,
    "min_insert_block_size_bytes": 0,
    "insert_deduplicate": 1,
    # The ids of a group are distinct: to look for copies costs a fifth of the insert, for nothing.
    "optimize_on_insert": 0,
    # A group with more than 100 months of history is rare but right; the default would refuse it.
    "max_partitions_per_insert_block": 0,
}

# Rows of a group all of whose events were there before.
_ROWS_WITHOUT_NEWS = (
    "select count() from (select file_row from raw.landed_events"  # noqa: S608 - no value is in it
    f" where {_GROUP} group by file_row having min({_KNOWN}))"
)


@dataclass(frozen=True)
class Group:
    """Rows of the file that are published together."""

    after_row: int
    through_row: int


OnPublished = Callable[[int], None]


def publish_batch(
    settings: StoreSettings,
    connection: psycopg.Connection,
    batch: Batch,
    *,
    on_published: OnPublished | None = None,
) -> None:
    """Publish what is still landed of a batch. The caller holds the batch's lock and closes the batch."""
    groups = list(_groups(batch))
    # A group that was published by an earlier attempt may have left events here that were known.
    may_have_known = batch.published_through_row > 0
    with ExitStack() as stack:
        reader = stack.enter_context(closing(clickhouse_client(settings, compress=False)))
        # Most files are one group: nothing goes on beside it, and each client costs a small file some 20 ms.
        copying = min(len(groups), _COPYING)
        copiers = cycle(
            [stack.enter_context(closing(clickhouse_client(settings))) for _ in range(copying)]
            if copying > 1
            else [reader]
        )
        claimers = cycle(
            [
                stack.enter_context(closing(postgres_connection(settings, autocommit=True)))
                for _ in range(min(len(groups), copying + 1))
            ]
        )
        inserters = stack.enter_context(ThreadPoolExecutor(copying, thread_name_prefix="publish"))
        begun: deque[Future[None]] = deque()
        claims = stack.enter_context(closing(ahead(_claims(settings, batch, groups), depth=1)))
        try:
            for group, group_claims in zip(groups, claims, strict=True):
                claimer = next(claimers)
                claimer.execute("begin")
                leases.write(claimer)
                claimed = claim_group(
                    claimer, group_claims, reader, _GROUP, _parameters(batch, group), _origin(batch, group)
                )
                may_have_known = may_have_known or bool(claimed.known)
                if len(begun) == copying:
                    _settle(begun.popleft(), on_published, batch)
                before = begun[-1] if begun else None
                begun.append(
                    inserters.submit(_publish_group, claimer, next(copiers), batch, group, claimed, before)
                )
        finally:
            for one in begun:
                _settle(one, on_published, batch)
        with connection.transaction():
            leases.write(connection)
            publish_people(connection, batch)
        drop_landed(reader, batch, with_known=may_have_known)


def _claims(settings: StoreSettings, batch: Batch, groups: list[Group]) -> Iterator[bytes]:
    with closing(clickhouse_client(settings, compress=False)) as clickhouse:
        for group in groups:
            yield claims_of(clickhouse, _GROUP, _parameters(batch, group), _origin(batch, group))


def drop_landed(clickhouse: ClickHouseClient, batch: Batch, *, with_known: bool = True) -> None:
    """Drop what is left of a batch in the landing tables."""
    for table in ("landed_events", *(["landed_known_events"] if with_known else [])):
        clickhouse.command(
            f"alter table raw.{table} drop partition {{batch:UUID}}", {"batch": str(batch.batch_id)}
        )


def _settle(settled: Future[None], on_published: OnPublished | None, batch: Batch) -> None:
    settled.result()
    if on_published:
        on_published(batch.published_through_row)


def _publish_group(
    connection: psycopg.Connection,
    clickhouse: ClickHouseClient,
    batch: Batch,
    group: Group,
    claimed: Claim,
    before: Future[None] | None,
) -> None:
    """Everything after the claim, up to the commit, which waits for the one of the group before."""
    parameters = _parameters(batch, group)
    rows_without_news = 0
    if claimed.known:
        clickhouse.insert(
            "raw.landed_known_events", [[batch.batch_id, event_id] for event_id in claimed.known],
            column_names=["batch_id", "event_id"],
        )  # fmt: skip
        rows_without_news = int(clickhouse.query(_ROWS_WITHOUT_NEWS, parameters).result_rows[0][0])
    copy_group(clickhouse, batch, group, claimed)
    if before is not None:
        before.result()  # what an import goes on from after a crash is one row of the file
    keep_beside(connection, clickhouse, batch, f"{_GROUP}", parameters)
    left_out = len(claimed.known) + claimed.repeated_count
    save_published(connection, batch, group.through_row, left_out, rows_without_news)
    connection.execute("commit")
    batch.published_through_row = group.through_row
    batch.event_count -= left_out
    batch.success_rows -= rows_without_news
    batch.skipped_rows += rows_without_news


def copy_group(clickhouse: ClickHouseClient, batch: Batch, group: Group, claimed: Claim) -> None:
    """Copy a group into `raw.events`, once per token, without what is known and what the group says twice."""
    where = _GROUP + (f" and not {_KNOWN}" if claimed.known else "")
    once = " limit 1 by event_id" if claimed.repeated_count else ""
    clickhouse.command(
        _COPY + where + once,
        {**_parameters(batch, group), "origin": _origin(batch, group)},
        settings={**_AS_ONE_BLOCK, "insert_deduplication_token": _origin(batch, group)},
    )


def _groups(batch: Batch) -> Iterator[Group]:
    after = batch.published_through_row
    while after < batch.last_processed_row:
        through = min(after + batch.group_rows, batch.last_processed_row)
        yield Group(after, through)
        after = through


def _origin(batch: Batch, group: Group) -> str:
    return f"batch:{batch.batch_id}:{group.after_row + 1}-{group.through_row}"


def _parameters(batch: Batch, group: Group) -> dict[str, object]:
    return {"batch": str(batch.batch_id), "after": group.after_row, "through": group.through_row}
