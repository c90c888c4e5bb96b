"""All of retention in one pass: words, rows, files; streams are looked at. Each part is recorded when done.

Killed at any moment, it is run again: what is gone is not found. A relation that cannot be counted is
reported as such, and not as empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.js import JetStreamContext
from pydantic import Field, SecretStr

from ingest.sealing.keys import BlockingTextKeys, Rotation, forget_old, rotate, rotation_is_due
from ingest.sealing.master import MasterKeys
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.privacy.declarations.reading import declared
from orchestration.privacy.retention.elsewhere import end_files, look_at_streams
from orchestration.privacy.retention.outcome import Outcome
from orchestration.privacy.retention.periods import cutoffs
from orchestration.privacy.retention.tables import RULES, TableRule, enforce_table
from orchestration.privacy.retention.texts import PERIOD, end_texts

# What ends with something else, and with what.
FOLLOWS = {
    "clickhouse:journey.person_arrivals": "journey.events, of which it counts what has arrived",
    "clickhouse:raw.company_members": "ingest.company_members, of which it is a copy",
    "clickhouse:intermediate.touched_people": "its TTL of dbt's own: people touched in the last days",
    "clickhouse:raw.text_rewrites": "every rewrite of texts, which empties it before and after",
    "postgres:ingest.person_roles": "ingest.people; kept with its programme, which an end is told by",
    "postgres:ingest.landed_people": "its batch, which is published or discarded",
    "postgres:ingest.inbox": "the relay, which takes every row within seconds",
    "postgres:ingest.event_outbox": "the sender, which takes every row within seconds",
    "postgres:ai.batch_calls": "its batch, which is collected within a day",
    "postgres:ai.kept_answers": "the hourly job settle_expired_calls",
    "folder:privacy/exports": "the hourly job keep_privacy_records, when a link has ended",
    "postgres:privacy.erasure_subjects": "its erasure, which empties it before the certificate",
    "postgres:journey.people": "the engine, when the person's last activity is over",
    "postgres:journey.flags": "the engine, when the activities it follows from are over",
}

_RECORD = """
insert into privacy.retention_proofs (relation, period, kept_since, removed_count, left_count, proof_query)
values (%s, %s, %s, %s, %s, %s)
"""


class RetentionSettings(StoreSettings):
    """The stores, the data folder and the key of the hashes that stay."""

    impact_home: Path = Field(Path(".impact"), description="Data folder, with the landing folder in it")
    impact_text_hash_key: SecretStr = Field(min_length=32, description="Keys the hashes of texts")


def of_declared(rules: Sequence[TableRule]) -> list[TableRule]:
    """The rules of relations that this platform has: what is not declared is not there."""
    return [rule for rule in rules if rule.relation in declared()]


async def enforce(
    settings: RetentionSettings,
    js: JetStreamContext,
    now: datetime,
    *,
    report: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """End what is over everywhere; returns what was done and what is proven, relation by relation."""
    stored = list(_stored(settings, now, report))
    streams = await look_at_streams(js, declared(), now)
    with closing(postgres_connection(settings, autocommit=True)) as postgres:
        for outcome in streams:
            record(postgres, outcome)
            report(outcome)
    return [*stored, *streams]


def _stored(
    settings: RetentionSettings, now: datetime, report: Callable[[Outcome], None]
) -> Iterator[Outcome]:
    with (
        closing(postgres_connection(settings, autocommit=True)) as postgres,
        closing(postgres_connection(settings, autocommit=True)) as for_keys,
        closing(clickhouse_client(settings, send_receive_timeout=3600)) as clickhouse,
    ):
        for outcome in _parts(settings, now, postgres, for_keys, clickhouse):
            record(postgres, outcome)
            report(outcome)
            yield outcome


def _parts(
    settings: RetentionSettings,
    now: datetime,
    postgres: psycopg.Connection,
    for_keys: psycopg.Connection,
    clickhouse: ClickHouseClient,
) -> Iterator[Outcome]:
    keys = BlockingTextKeys(for_keys, MasterKeys.of(settings))
    hash_key = settings.impact_text_hash_key.get_secret_value().encode()
    yield from end_texts(postgres, clickhouse, keys, cutoffs(postgres, PERIOD, now), hash_key=hash_key)
    for rule in of_declared(RULES):
        yield enforce_table(rule, cutoffs(postgres, rule.period, now), postgres, clickhouse)
    yield from end_files(settings.impact_home, postgres, cutoffs(postgres, "landing", now))


def record(postgres: psycopg.Connection, outcome: Outcome) -> None:
    """Keep the proof; what is proven may be asked for any day."""
    postgres.execute(
        _RECORD,
        (outcome.relation, outcome.period, outcome.kept_since, outcome.removed_count, outcome.left_count,
         outcome.proof_query),
    )  # fmt: skip


def renew_master_key(settings: StoreSettings, now: datetime) -> Rotation | None:
    """Replace the master key if keys were shredded since it was made, and forget those that are over.

    None where nothing was shredded, or where the environment holds the key: only who sets it can replace it.
    """
    master = MasterKeys.of(settings)
    with closing(postgres_connection(settings, autocommit=True)) as postgres:
        if master.file is not None and rotation_is_due(postgres):
            return rotate(postgres, master, now=now)
        forget_old(postgres, master, now=now)
    return None
