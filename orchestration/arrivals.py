"""What has arrived so far, as one short token: equal tokens mean that a refresh would find nothing new."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.dbt import project_fingerprint
from orchestration.publication.tables import SERVED_TABLES
from orchestration.reference_copy import reference_version

RUN_TAG = "impact/arrivals"  # on a run: the arrivals it covers


@dataclass(frozen=True)
class Arrivals:
    """Counters that move with events, withdrawn texts and reference data, and the dbt project.

    A new version of the platform brings new SQL: until its first refresh, the API would miss columns that the
    old version's views do not have. So new SQL is an arrival like others.
    """

    event_blocks: int
    withdrawal: int  # when a text was last withdrawn, in seconds since the epoch; its scores count no more
    reference_version: int
    project: str  # fingerprint of the dbt project

    @property
    def token(self) -> str:
        return f"{self.event_blocks}.{self.withdrawal}.{self.reference_version}.{self.project[:12]}"


def read_arrivals(postgres: psycopg.Connection, clickhouse: ClickHouseClient) -> Arrivals:
    """Read the counters: metadata, and one narrow column; and the project's files."""
    blocks = event_blocks(clickhouse)
    withdrawal = clickhouse.query(
        "select toUnixTimestamp(max(cleared_at)) from nlp.cleared_texts where is_withdrawn"
    ).result_rows[0][0]
    return Arrivals(blocks, int(withdrawal), reference_version(postgres), project_fingerprint())


def event_blocks(clickhouse: ClickHouseClient) -> int:
    """How many blocks of events have been inserted: a number that grows with each."""
    # Every committed insert gets the next block number of its partition and merges keep the highest. The
    # newest `loaded_at` would miss the slower of two inserts that began in one order and ended in the other.
    blocks = clickhouse.query(
        "select sum(newest_block) from (select max(max_block_number) as newest_block from system.parts"
        " where database = 'raw' and table = 'events' and active group by partition_id)"
    ).result_rows[0][0]
    return int(blocks)


def pending_updates(postgres: psycopg.Connection) -> bool:
    """Whether changed numbers have waited for a minute to be announced: then nothing seems to send them."""
    return bool(
        postgres.execute(
            "select exists (select from serving.announcements where name = any(%s)"
            " and announced_at < now() - interval '1 minute')",
            ([table.announced.name for table in SERVED_TABLES if table.announced],),
        ).fetchall()[0][0]
    )
